"""Which environment is used, and when it is built anew. Building a whole one is what ``.ci/run`` does."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ntm_lib import bootstrap, installed
from tests.pipeline.helpers import ROOT, write_text


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A checkout without an environment. What would be installed is recorded instead, and called complete."""
    for name in ("requirements.lock", "pyproject.toml"):
        write_text(tmp_path / name, name)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def done(place, monkeypatch):
    """What was built or registered, in order."""
    steps: list[str] = []

    def build():
        write_text(bootstrap.python_in(place / ".venv"), "")
        steps.append("build")

    monkeypatch.setattr(bootstrap, "build", build)
    monkeypatch.setattr(bootstrap, "register", lambda prefix: steps.append(f"register {prefix.name}"))
    monkeypatch.setattr(bootstrap, "lacks", lambda prefix: set() if prefix.exists() else {"packages", "project"})
    return steps


def activate(monkeypatch, place: Path, name: str = "CONDA_PREFIX") -> Path:
    prefix = place / "active"
    write_text(bootstrap.python_in(prefix), "")
    monkeypatch.setenv(name, str(prefix))
    return prefix


def test_the_environment_is_built_once(place, done):
    assert bootstrap.ready_prefix() == place / ".venv"
    assert bootstrap.ready_prefix() == place / ".venv"
    assert done == ["build"]


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_looked_at_again(place, done, monkeypatch, name):
    bootstrap.ready_prefix()
    write_text(place / name, "khác")
    monkeypatch.setattr(bootstrap, "lacks", lambda prefix: {"packages"})
    bootstrap.ready_prefix()
    assert done == ["build", "build"]


def test_a_package_installed_or_removed_later_is_noticed(place, done):
    bootstrap.ready_prefix()
    packages = place / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    assert not bootstrap.is_stamped(place / ".venv")


def test_a_build_that_was_killed_is_begun_afresh(place):
    write_text(place / ".venv" / bootstrap.BUILDING, "")
    assert "packages" in bootstrap.lacks(place / ".venv")


@pytest.mark.parametrize("name", ["CONDA_PREFIX", "VIRTUAL_ENV"])
def test_an_active_environment_that_satisfies_the_lock_is_used(place, done, monkeypatch, name):
    active = activate(monkeypatch, place, name)
    assert bootstrap.ready_prefix() == active
    assert done == []


def test_an_active_environment_that_lacks_packages_is_left_alone(place, done, monkeypatch):
    active = activate(monkeypatch, place)
    monkeypatch.setattr(
        bootstrap, "lacks", lambda prefix: {"packages"} if prefix == active else {"packages", "project"}
    )
    assert bootstrap.ready_prefix() == place / ".venv"
    assert done == ["build"]


def test_in_an_active_environment_only_the_project_is_registered(place, done, monkeypatch):
    active = activate(monkeypatch, place)
    monkeypatch.setattr(bootstrap, "lacks", lambda prefix: {"project"})
    assert bootstrap.ready_prefix() == active
    assert done == ["register active"]


def test_an_active_environment_that_may_not_be_written_to_is_left_alone(place, done, monkeypatch):
    activate(monkeypatch, place)
    monkeypatch.setattr(bootstrap, "lacks", lambda prefix: {"project"} if prefix.name == "active" else {"packages"})

    def refuse(prefix):
        raise bootstrap.SetupError

    monkeypatch.setattr(bootstrap, "register", refuse)
    assert bootstrap.ready_prefix() == place / ".venv"


def test_an_active_environment_that_was_refused_is_not_looked_at_each_time(place, done, monkeypatch):
    active = activate(monkeypatch, place)
    looked = []
    monkeypatch.setattr(bootstrap, "lacks", lambda prefix: looked.append(prefix) or {"packages"})
    for _ in range(3):
        assert bootstrap.ready_prefix() == place / ".venv"
    assert looked == [active, place / ".venv"]
    (active / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    bootstrap.ready_prefix()
    assert looked[2:] == [active]


def test_without_an_environment_everything_is_lacking(place):
    assert bootstrap.lacks(place / ".venv") == {"packages", "project"}


def test_our_own_environment_counts_as_none_when_active(place, monkeypatch):
    write_text(bootstrap.python_in(place / ".venv"), "")
    monkeypatch.setenv("VIRTUAL_ENV", str(place / ".venv"))
    assert bootstrap.active_prefix() is None


def test_what_pip_cannot_do_is_told_plainly(place, capsys, monkeypatch):
    def fail():
        raise bootstrap.SetupError(bootstrap.text("pip"))

    monkeypatch.setattr(bootstrap, "build", fail)
    monkeypatch.setattr(bootstrap, "lacks", lambda prefix: {"packages"})
    assert bootstrap.main(["report"]) == 1
    assert "Cần làm:" in capsys.readouterr().err
    monkeypatch.setenv("NTM_LANGUAGE", "en")
    assert "What to do:" in bootstrap.text("pip")


@pytest.mark.skipif(os.name == "nt", reason="Windows starts programs another way")
def test_a_python_that_cannot_be_run_is_told_with_what_to_do(place, capsys):
    python = bootstrap.python_in(place / ".venv")
    write_text(python, "no program")
    python.chmod(0o644)
    assert bootstrap.run(place / ".venv", ["communes"]) == 1
    said = capsys.readouterr().err
    assert str(python) in said and "Cần làm: xóa thư mục .venv" in said


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
    assert all(len(texts) == 2 and all(texts) for texts in bootstrap.MESSAGES.values())


def test_it_runs_on_the_bare_standard_library():
    code = "import sys; sys.path.insert(0, '.'); import ntm_lib.bootstrap, ntm_lib.cli; ntm_lib.cli.main(['help'])"
    done = subprocess.run([sys.executable, "-ISc", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make report" in done.stdout


def test_help_in_english_needs_no_package_either():
    code = "import sys; sys.path.insert(0, '.'); import ntm_lib.cli; ntm_lib.cli.main(['help', 'LANGUAGE=en'])"
    done = subprocess.run([sys.executable, "-ISc", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make report" in done.stdout


def test_the_stamp_is_small_and_says_what_was_found(place, done):
    bootstrap.ready_prefix()
    stamp = json.loads((place / ".venv" / bootstrap.STAMP).read_text())
    assert set(stamp) == {"prefix", "wanted", "packages"}


def test_entry_points_of_the_project_are_known_here():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["papermill.engine"] == {"warm": "ntm_lib.pipeline.engine:WarmEngine"}
    assert os.path.exists(ROOT / "ntm_lib" / "pipeline" / "engine.py")
