"""Imports once what every worker needs. The fork server imports this module; workers then start with all of it.

No figures of a commune are loaded: a worker must see them as they are when it starts.
"""

import ast
import contextlib
import gc
import importlib
import json
import sys
import tempfile
from pathlib import Path

from ntm_lib import paths
from ntm_lib.pipeline.digests import Digests
from ntm_lib.pipeline.inputs import library_files

# The library as it is imported below. A worker forked later, from a server that lives on, must not call the report
# that it makes with this code one of the code that stands on the disk by then.
LOADED = Digests("shared").of_all(library_files())

# jsonschema imports it only if it is there, for what no notebook needs, and spends half a second on a grammar of web addresses.
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
    # what these import only when first used
    "babel.messages.pofile",
    "matplotlib.backends.backend_svg",
    "ntm_lib.intake.predecessors",
    "ntm_lib.intake.notes",
    "ntm_lib.intake.workbooks",
    "ntm_lib.doc.svg",
    "pandas.plotting._matplotlib",
    "pygments.lexers.python",
    "pygments.styles.default",
    "typst",
)
# A figure, checked tables and the rules, as every report has them. (Rules edited since are read anew: see rules.files.stamp.)
WARMING = """
import matplotlib.pyplot as plt
from ntm_lib import parameters, rules, tables
plt.plot([1, 2])
plt.title("Hùng Mỹ")
for name in tables.TABLES:
    tables.empty(name)
for name in parameters.national_sets():
    rules.load_set(name)
"""


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
    """Imports everything, with the collector at rest: what is imported stays."""
    gc.disable()
    for name in (*MODULES, *sorted(modules_of_notebooks())):
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001  an attribute rather than a module, or a fault that the worker will meet and tell
            continue
    with contextlib.suppress(Exception):  # a fault that the worker will meet and tell
        warm()
    # A worker's collector need not look at what is shared, nor copy it by doing so.
    gc.freeze()
    gc.enable()


def warm() -> None:
    """Has a small notebook run and exported: what is compiled or read on first use then is in every worker."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    from ntm_lib.language import translator
    from ntm_lib.pipeline.job import EXPORTS
    from ntm_lib.pipeline.make import export, exporter
    from ntm_lib.pipeline.notebooks import execute

    notebook = new_notebook(cells=[new_code_cell("x = 1", metadata={"tags": ["parameters"]}), new_code_cell(WARMING)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "warm.ipynb"
        nbformat.write(notebook, source)
        executed = execute(source, Path(folder) / "out.ipynb", {"x": 2}, "warm", translator("vi"))
        # Typst starts threads, which no forked process would have.
        pages = tuple(wanted for wanted in EXPORTS if not wanted.file.endswith(".pdf"))
        for wanted in EXPORTS:
            exporter(wanted.exporter)
        export({wanted.notebook: executed for wanted in pages}, pages, Path(folder))


load()
