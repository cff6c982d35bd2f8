"""Which environment is used, and when it is built anew. Building a whole one is what ``.ci/run`` does."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ntm_lib.pipeline import environment, installed
from tests.pipeline.helpers import ROOT, write_text


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A checkout without an environment. What would be installed is recorded instead, and called complete."""
    for name in ("requirements.lock", "pyproject.toml"):
        write_text(tmp_path / name, name)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def done(place, monkeypatch):
    """What was built or registered, in order."""
    steps: list[str] = []

    def build():
        write_text(environment.python_in(place / ".venv"), "")
        steps.append("build")

    monkeypatch.setattr(environment, "build", build)
    monkeypatch.setattr(environment, "register", lambda prefix: steps.append(f"register {prefix.name}"))
    monkeypatch.setattr(environment, "lacks", lambda prefix: set() if prefix.exists() else {"packages", "project"})
    return steps


def activate(monkeypatch, place: Path, name: str = "CONDA_PREFIX") -> Path:
    prefix = place / "active"
    write_text(environment.python_in(prefix), "")
    monkeypatch.setenv(name, str(prefix))
    return prefix


def test_the_environment_is_built_once(place, done):
    assert environment.ready_prefix() == place / ".venv"
    assert environment.ready_prefix() == place / ".venv"
    assert done == ["build"]


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_looked_at_again(place, done, monkeypatch, name):
    environment.ready_prefix()
    write_text(place / name, "khác")
    monkeypatch.setattr(environment, "lacks", lambda prefix: {"packages"})
    environment.ready_prefix()
    assert done == ["build", "build"]


def test_a_package_installed_or_removed_later_is_noticed(place, done):
    environment.ready_prefix()
    packages = place / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    assert not environment.is_stamped(place / ".venv")


def test_a_build_that_was_killed_is_begun_afresh(place):
    write_text(place / ".venv" / environment.BUILDING, "")
    assert "packages" in environment.lacks(place / ".venv")


@pytest.mark.parametrize("name", ["CONDA_PREFIX", "VIRTUAL_ENV"])
def test_an_active_environment_that_satisfies_the_lock_is_used(place, done, monkeypatch, name):
    active = activate(monkeypatch, place, name)
    assert environment.ready_prefix() == active
    assert done == []


def test_an_active_environment_that_lacks_packages_is_left_alone(place, done, monkeypatch):
    active = activate(monkeypatch, place)
    monkeypatch.setattr(environment, "lacks", lambda prefix: {"packages"} if prefix == active else {"packages", "project"})
    assert environment.ready_prefix() == place / ".venv"
    assert done == ["build"]


def test_in_an_active_environment_only_the_project_is_registered(place, done, monkeypatch):
    active = activate(monkeypatch, place)
    monkeypatch.setattr(environment, "lacks", lambda prefix: {"project"})
    assert environment.ready_prefix() == active
    assert done == ["register active"]


def test_an_active_environment_that_may_not_be_written_to_is_left_alone(place, done, monkeypatch):
    activate(monkeypatch, place)
    monkeypatch.setattr(environment, "lacks", lambda prefix: {"project"} if prefix.name == "active" else {"packages"})

    def refuse(prefix):
        raise environment.SetupError

    monkeypatch.setattr(environment, "register", refuse)
    assert environment.ready_prefix() == place / ".venv"


def test_an_active_environment_that_was_refused_is_not_looked_at_each_time(place, done, monkeypatch):
    active = activate(monkeypatch, place)
    looked = []
    monkeypatch.setattr(environment, "lacks", lambda prefix: looked.append(prefix) or {"packages"})
    for _ in range(3):
        assert environment.ready_prefix() == place / ".venv"
    assert looked == [active, place / ".venv"]
    (active / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    environment.ready_prefix()
    assert looked[2:] == [active]


def test_without_an_environment_everything_is_lacking(place):
    assert environment.lacks(place / ".venv") == {"packages", "project"}


def test_our_own_environment_counts_as_none_when_active(place, monkeypatch):
    write_text(environment.python_in(place / ".venv"), "")
    monkeypatch.setenv("VIRTUAL_ENV", str(place / ".venv"))
    assert environment.active_prefix() is None


def test_what_pip_cannot_do_is_told_plainly(place, capsys, monkeypatch):
    def fail():
        raise environment.SetupError(environment.text("pip"))

    monkeypatch.setattr(environment, "build", fail)
    monkeypatch.setattr(environment, "lacks", lambda prefix: {"packages"})
    assert environment.main(["report"]) == 1
    assert "Cần làm:" in capsys.readouterr().err
    monkeypatch.setenv("NTM_LANGUAGE", "en")
    assert "What to do:" in environment.text("pip")


def test_the_environment_of_these_tests_satisfies_the_lock():
    """Also a proof that the comparison understands every line of the lock."""
    assert {name: version for name, version in installed.locked().items() if installed.installed(name) != version} == {}


def test_a_package_of_another_version_is_missed(monkeypatch, capsys):
    monkeypatch.setattr(installed, "locked", lambda: {"pandas": "0.1"})
    installed.main()
    assert "packages" in capsys.readouterr().out


def test_the_lock_is_read_with_its_markers():
    locked = installed.locked()
    assert locked["pandas"]
    assert "appnope" not in locked or sys.platform == "darwin"


def test_messages_have_both_languages():
    assert all(len(texts) == 2 and all(texts) for texts in environment.MESSAGES.values())


def test_it_runs_on_the_bare_standard_library():
    code = "import sys; sys.path.insert(0, '.'); import ntm_lib.pipeline.environment, ntm_lib.cli; ntm_lib.cli.main(['help'])"
    done = subprocess.run([sys.executable, "-ISc", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make report" in done.stdout


def test_help_in_english_needs_no_package_either():
    code = "import sys; sys.path.insert(0, '.'); import ntm_lib.cli; ntm_lib.cli.main(['help', 'LANGUAGE=en'])"
    done = subprocess.run([sys.executable, "-ISc", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make report" in done.stdout


def test_the_stamp_is_small_and_says_what_was_found(place, done):
    environment.ready_prefix()
    stamp = json.loads((place / ".venv" / environment.STAMP).read_text())
    assert set(stamp) == {"prefix", "wanted", "packages"}


def test_entry_points_of_the_project_are_known_here():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["papermill.engine"] == {"warm": "ntm_lib.pipeline.engine:WarmEngine"}
    assert os.path.exists(ROOT / "ntm_lib" / "pipeline" / "engine.py")
