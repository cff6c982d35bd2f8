"""What a new user meets: the lock, the conda file, the texts of the commands, what the checkout holds."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def locked() -> list[str]:
    """Requirements of the lock, with their markers."""
    return [line.rstrip("\\ ") for line in re.findall(r"^[A-Za-z0-9].*==.*$", LOCK, re.MULTILINE)]


def test_conda_users_get_the_versions_of_the_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    packages = environment["dependencies"]
    assert packages[-1]["pip"] == locked()
    names = {package.partition("=")[0] for package in packages[:-1]}
    assert {"python", "make", "git", "pip"} == names


def test_the_lock_covers_what_the_project_asks_for():
    wanted = [
        *PROJECT["dependencies"],
        *(name for group in PROJECT["optional-dependencies"].values() for name in group),
    ]
    names = {re.match(r"[A-Za-z0-9.-]+", requirement).group(0) for requirement in wanted}
    assert names <= {requirement.partition("==")[0] for requirement in locked()}


def test_every_locked_package_has_a_hash_and_no_index_is_named():
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)
    assert all("--hash=sha256:" in block for block in blocks if block.strip())
    assert "://" not in LOCK


def test_the_tests_of_a_clean_checkout_are_what_ci_runs():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text("utf-8")
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_generated_files_are_not_in_git():
    listed = subprocess.run(
        ["git", "ls-files", "outputs", "data/processed"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert set(listed.stdout.split()) <= {"outputs/.gitkeep", "data/processed/.gitkeep"}
