"""The tools of the workshop: the code is as ruff formats it, has none of its faults, and its types fit."""

import ast
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT, MYPY = PYPROJECT["project"], PYPROJECT["tool"]["mypy"]
# May only shrink: modules whose types are not yet strict (pyproject.toml names them).
NOT_STRICT = 39
# Module of an import → the package that brings it, where the two differ.
BROUGHT_BY = {
    "docx": "python-docx",
    "yaml": "pyyaml",
    "PIL": "pillow",
    "IPython": "ipython",
    "dask": "distributed",
    "python_calamine": "python-calamine",
}
# Run as programs or by entry point, or brought for people, and so imported nowhere.
PROGRAMS = {"setuptools", "ipykernel", "jupyter", "voila", "nbval", "pytest-xdist", "ruff", "mypy"}


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [("check", "--no-fix"), ("format", "--check")], ids=" ".join)
def test_ruff(words):
    done = tool("ruff", *words, "--quiet", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_fit_and_the_exceptions_are_needed(tmp_path):
    """mypy without the exceptions finds faults in the very modules that are excepted: in no other, and in each of them."""
    config = tmp_path / "mypy.ini"
    options = [f"{name} = {value}" for name, value in MYPY.items() if name not in ("overrides", "files")]
    config.write_text("[mypy]\n" + "\n".join(options) + "\n", "utf-8")
    done = tool("mypy", "--config-file", str(config), "--cache-dir", str(ROOT / ".mypy_cache" / "strict"), "ntm_lib")
    faults = [line for line in done.stdout.splitlines() if ": error:" in line]
    wrong = {line.partition(":")[0].removesuffix(".py").removesuffix("/__init__").replace("/", ".") for line in faults}
    excepted = {name for override in MYPY["overrides"] if override.get("ignore_errors") for name in override["module"]}
    new = [
        line
        for line in faults
        if line.partition(":")[0].removesuffix(".py").removesuffix("/__init__").replace("/", ".") not in excepted
    ]
    assert not new, "\n".join(new) + done.stderr
    assert not excepted - wrong, "these are strict by now: take them off the list in pyproject.toml"
    assert len(excepted) <= NOT_STRICT


@cache
def imports_of(folder: str) -> set[str]:
    """Packages that the files of a folder import, inside functions too."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            found |= {name.partition(".")[0] for name in names}
    ours = {"ntm_lib", "tests", "tools", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
    return {BROUGHT_BY.get(name, name.replace("_", "-")) for name in found - ours - sys.stdlib_module_names}


def declared(*groups: str) -> set[str]:
    extra = PROJECT["optional-dependencies"]
    lists = [PROJECT["dependencies"] if group == "run" else extra[group] for group in groups]
    return {requirement.partition("[")[0] for requirements in lists for requirement in requirements}


def test_what_is_imported_is_declared():
    assert imports_of("ntm_lib") <= declared("run", "explore", "cluster")
    assert imports_of("tests") - {"playwright"} <= declared("run", "explore", "cluster", "test")


def test_what_is_declared_is_imported():
    assert declared("run", "explore", "cluster") <= imports_of("ntm_lib") | imports_of("tools") | PROGRAMS
    assert declared("test") <= imports_of("tests") | PROGRAMS


def test_ntm_does_what_make_does():
    assert PROJECT["scripts"] == {"ntm": "ntm_lib.__main__:start"}
    from ntm_lib.__main__ import start

    assert callable(start)
