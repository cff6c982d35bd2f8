"""Imports once what every worker needs. The fork server imports this module; workers then start with all of it.

Only code is loaded, no data: a worker must see the rules and figures as they are when it starts.
"""

import ast
import gc
import importlib
import json
import sys

from ntm_lib import paths

# jsonschema tries this package when it is imported, only to check the form of addresses, which no notebook needs;
# it builds a grammar for most of a second.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

MODULES = (
    "matplotlib.pyplot",
    "pandas",
    "papermill",
    "nbconvert.exporters",
    "ntm_lib.pipeline.make",
    "ntm_lib.pipeline.normalise",
    "ntm_lib.pipeline.shell",
    "matplotlib_inline.backend_inline",
)


def modules_of_notebooks() -> set[str]:
    """Modules that the notebooks import: the pipeline itself knows nothing of what they do."""
    found = set()
    for path in sorted((paths.root() / "notebooks").glob("[0-9]_*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "code":
                found |= _imported("".join(cell["source"]))
    return found


def _imported(code: str) -> set[str]:
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:  # a magic, or a fault that running the cell will tell
        return set()
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def load() -> None:
    for name in (*MODULES, *sorted(modules_of_notebooks())):
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112: an attribute rather than a module, or a fault that the worker will meet and tell
            continue
    # What is loaded now stays shared with the workers: their collector need not look at it, nor copy it by doing so.
    gc.collect()
    gc.freeze()


load()
