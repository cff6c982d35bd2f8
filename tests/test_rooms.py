"""The rooms: each package and top-level module imports only those above it in docs/architecture.md, and none in a circle."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "ntm_lib"
# What was not in order when this test was written. It may only shrink.
HELD = json.loads((ROOT / "tests" / "held.json").read_text("utf-8"))


def rooms() -> list[str]:
    """Packages and top-level modules as the table of docs/architecture.md lists them, from the ground floor up."""
    lines = (ROOT / "docs" / "architecture.md").read_text("utf-8").splitlines()
    rows = [line.split("|")[1] for line in lines if line.startswith("| `")]
    return [name.strip("/") for row in rows for name in re.findall(r"`([\w/]+)`", row)]


def modules() -> dict[str, Path]:
    """Dotted name below ``ntm_lib`` → file; a package by its own name."""
    found = {}
    for path in sorted(LIBRARY.rglob("*.py")):
        parts = path.relative_to(LIBRARY).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    del found[""]
    return found


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Modules of the project that a module imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.removeprefix("ntm_lib.") for alias in node.names if alias.name.startswith("ntm_lib.")]
            yield from (name for name in names if name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "ntm_lib":
            package = node.module.removeprefix("ntm_lib").removeprefix(".")
            for alias in node.names:
                whole = f"{package}.{alias.name}".removeprefix(".")
                yield whole if whole in known else package


@cache
def graph() -> dict[str, set[str]]:
    known = modules()
    return {name: {other for other in imported(path, known) if other and other != name} for name, path in known.items()}


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules each of which reaches all others of the group."""
    reach: dict[str, set[str]] = {}
    for name in edges:
        seen, todo = set(), [name]
        while todo:
            for other in edges[todo.pop()] - seen:
                seen.add(other)
                todo.append(other)
        reach[name] = seen
    groups = {tuple(sorted(b for b in reach[a] if a in reach[b])) for a in edges if a in reach[a]}
    return sorted(list(group) for group in groups)


def test_the_picture_names_every_room():
    tops = {
        path.stem if path.suffix else path.name
        for path in LIBRARY.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert tops - {"__init__"} == set(rooms())


def test_a_room_imports_only_rooms_above_it():
    order = {name: number for number, name in enumerate(rooms())}
    wrong = sorted(
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if order[other.split(".")[0]] > order[name.split(".")[0]]
    )
    assert wrong == HELD["upward"]


def test_no_modules_import_in_a_circle():
    assert circles(graph()) == HELD["circles"]


def test_a_name_stands_for_one_module():
    leaves: dict[str, list[str]] = {}
    for name, path in modules().items():
        if path.name != "__init__.py" and name != "__main__":
            leaves.setdefault(name.rpartition(".")[2], []).append(name)
    assert sorted(name for name, found in leaves.items() if len(found) > 1) == HELD["names"]


@pytest.mark.parametrize("kind", ["functions", "modules"])
def test_modules_and_functions_are_short(kind):
    """A module has at most 400 lines, a function at most 40."""
    long = []
    for name, path in modules().items():
        text = path.read_text("utf-8")
        if kind == "modules" and text.count("\n") > 400:
            long.append(name)
        if kind == "functions":
            nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
            long += [f"{name}.{node.name}" for node in nodes if node.end_lineno - node.lineno >= 40]
    assert sorted(long) == HELD[f"long_{kind}"]
