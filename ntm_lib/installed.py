"""Compares the environment of this interpreter with the lock. Installs nothing; knows nothing of other environments."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENT = re.compile(r"^[A-Za-z0-9][^\\\n]*==[^\\\n]*", re.MULTILINE)


def locked() -> dict[str, str]:
    """Name → version of each package that the lock asks for on this platform and Python."""
    from packaging.requirements import Requirement  # itself locked: without it the lock is not satisfied anyway

    text = (ROOT / "requirements.lock").read_text("utf-8")
    requirements = [Requirement(line.strip()) for line in REQUIREMENT.findall(text)]
    return {
        requirement.name: next(iter(requirement.specifier)).version
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate()
    }


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def is_registered() -> bool:
    """Whether the entry points of this checkout, and no older ones, are known, and lead to this checkout."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {
        (group, name, value) for group, points in project["entry-points"].items() for name, value in points.items()
    }
    try:
        found = distribution(project["name"])
    except PackageNotFoundError:
        return False
    known = {(point.group, point.name, point.value) for point in found.entry_points}
    return known == wanted and (found.read_text("direct_url.json") or "").find(ROOT.as_uri()) >= 0


def main() -> None:
    """Prints the words that ``environment.lacks`` reads."""
    if any(installed(name) != wanted for name, wanted in locked().items()):
        print("packages")
    if not is_registered():
        print("project")
