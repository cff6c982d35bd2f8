"""Compares the environment of this interpreter with the lock, and makes the project known in it. Knows no other environment."""

import json
import os
import re
import shutil
import sysconfig
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

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
        (group, name, value) for group, points in _entry_points(project).items() for name, value in points.items()
    }
    try:
        found = distribution(project["name"])
    except PackageNotFoundError:
        return False
    known = {(point.group, point.name, point.value) for point in found.entry_points}
    return known == wanted and (found.read_text("direct_url.json") or "").find(ROOT.as_uri()) >= 0


def register() -> None:
    """Makes this checkout importable, with its entry points and the command ``ntm``, as an editable installation would.

    Not by pip: setuptools writes the path in the code of the locale, which in C and POSIX has no Vietnamese letters, and
    Python itself would stop at it. Here it stands in ASCII, in a line that is run.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages, scripts = Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("scripts"))
    for old in (*packages.glob("ntm_lib-*.dist-info"), *packages.glob("__editable__.ntm_lib-*")):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    (packages / "ntm_lib.pth").write_text(f"import sys; sys.path.append({str(ROOT)!a})\n", "ascii")
    known = packages / f"ntm_lib-{project['version']}.dist-info"
    known.mkdir()
    points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in of.items())
        for group, of in _entry_points(project).items()
    )
    files = {
        "METADATA": f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n",
        "INSTALLER": "ntm\n",
        "RECORD": "",
        "entry_points.txt": points,
        "direct_url.json": json.dumps({"url": ROOT.as_uri(), "dir_info": {"editable": True}}),
    }
    for name, content in files.items():
        (known / name).write_text(content, "utf-8")
    for name, target in project["scripts"].items():
        _write_script(scripts, name, *target.split(":"))


def _entry_points(project: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {**project["entry-points"], "console_scripts": project["scripts"]}


def _write_script(folder: Path, name: str, module: str, function: str) -> None:
    """A command of the environment. A shell calls its Python, since a first line holds neither blanks nor a long path."""
    code = f"import sys\nfrom {module} import {function}\nsys.exit({function}())\n"
    if os.name == "nt":
        (folder / f"{name}-script.py").write_text(code, "utf-8")
        (folder / f"{name}.bat").write_text(f'@"%~dp0python.exe" "%~dp0{name}-script.py" %*\r\n', "utf-8")
        return
    start = """#!/bin/sh\n'''exec' "$(dirname "$0")/python" "$0" "$@"\n' '''\n"""
    (folder / name).write_text(start + code, "utf-8")
    (folder / name).chmod(0o755)


def main() -> None:
    """Prints the words that ``environment.lacks`` reads."""
    if any(installed(name) != wanted for name, wanted in locked().items()):
        print("packages")
    if not is_registered():
        print("project")
