"""What keeps the library small enough to draw from memory."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "ntm_lib").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_notebooks_tell_and_call(path):
    """One title, parameters in one tagged cell, no logic of their own, at most twenty code cells."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert len(code) <= 20
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in code) == 1
    assert prose[0].startswith("# ")
    assert sum(text.startswith("# ") for text in prose) == 1
    trees = [ast.parse("".join(cell["source"])) for cell in code]
    logic = (ast.FunctionDef, ast.For, ast.While, ast.If, ast.ListComp, ast.Lambda)
    assert not [type(node).__name__ for tree in trees for node in ast.walk(tree) if isinstance(node, logic)]


def test_the_command_line_starts_light():
    import subprocess
    import sys

    code = "import sys, ntm_lib.cli; print([name for name in ('pandas', 'nbformat', 'numpy', 'matplotlib') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_nothing_names_a_place_of_one_machine():
    shared = [f"../{'shared'}", f"/{'work'}/", f"/{'root'}/"]
    files = [*MODULES, *NOTEBOOKS, ROOT / "Makefile", ROOT / "README.md", *sorted((ROOT / "tests").rglob("*.py"))]
    found = [(name_of(path), word) for path in files for word in shared if word in path.read_text("utf-8")]
    assert not found
