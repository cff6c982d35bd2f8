"""Imports once what every worker needs. The fork server imports this module; workers then start with all of it.

Figures of a commune are not kept: a worker must see them as they are when it starts.
"""

import ast
import contextlib
import gc
import importlib
import json
import os
import sys
import sysconfig
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path

from ntm_lib import paths
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline import light as light  # before papermill, which loads nbformat
from ntm_lib.pipeline.inputs import LIBRARY, Digests, altered, library_files, notebooks_of

# The library as it is imported below. A worker forked later, from a server that lives on, must not call the report
# that it makes with this code one of the code that stands on the disk by then.
LOADED = Digests("shared").of_all(library_files())


def _loaded_and_altered() -> list[str]:
    """Of the environment that we build ourselves; another's may be altered as its owner likes."""
    if Path(sys.prefix).resolve() != LIBRARY.resolve().parent / ".venv":
        return []
    files = [str(module.__file__) for module in list(sys.modules.values()) if getattr(module, "__file__", None)]
    return altered(Path(sysconfig.get_path("purelib")), files)


MODULES = (
    "matplotlib.pyplot",
    "pandas",
    "papermill",
    "ntm_lib.doc.render",
    "ntm_lib.pipeline.make",
    "ntm_lib.pipeline.notebooks",
    "ntm_lib.pipeline.shell",
    "matplotlib_inline.backend_inline",
    # what these import only when first used
    "babel.messages.pofile",
    "matplotlib.backends.backend_svg",
    "ntm_lib.intake.cleaning",
    "ntm_lib.intake.filled.village_forms",
    "ntm_lib.intake.workbooks",
    "ntm_lib.doc.svg",
    "pandas.plotting._matplotlib",
    "pygments.lexers.python",
    "pygments.styles.default",
    "typst",
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
    """Imports everything, with the collector at rest: what is imported stays."""
    gc.disable()
    with _left_out():
        for name in ("papermill", "matplotlib.projections"):
            importlib.import_module(name)
    for name in (*MODULES, *sorted(modules_of_notebooks())):
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001  an attribute rather than a module, or a fault that the worker will meet and tell
            continue
    if first := os.environ.pop("NTM_FIRST", ""):
        with contextlib.suppress(Exception):  # a fault that the worker will meet and tell
            warm(Parameters(**json.loads(first)))
    # A worker's collector need not look at what is shared, nor copy it by doing so.
    gc.freeze()
    gc.enable()


@contextlib.contextmanager
def _left_out() -> Iterator[None]:
    """Leaves out what papermill and matplotlib import for notebooks on the web and for axes in space; whoever asks later gets it."""
    stubs = {name: types.ModuleType(name) for name in ("requests", "mpl_toolkits.mplot3d") if name not in sys.modules}
    for stub in stubs.values():
        stub.__dict__["Axes3D"] = None
    sys.modules.update(stubs)
    try:
        yield
    finally:
        for name in stubs:
            del sys.modules[name]


def warm(parameters: Parameters) -> None:
    """Runs the notebooks of a report and throws the result away: what is compiled, parsed or read on first use then is in
    every worker. Where many are made that saves more than it costs. What is kept of a file is kept with its time, so that
    a worker sees what has changed since.
    """
    from ntm_lib.doc.pdf import packaged_compiler
    from ntm_lib.language import translator
    from ntm_lib.pipeline.job import exports_of
    from ntm_lib.pipeline.make import export, processed_into, values_for
    from ntm_lib.pipeline.manifest import versions
    from ntm_lib.pipeline.notebooks import execute

    t, executed, exports = translator(parameters.language), {}, exports_of(parameters)
    versions()
    packaged_compiler()
    # Typst starts threads, which no forked process would have.
    pages = tuple(wanted for wanted in exports if not wanted.file.endswith(".pdf"))
    with tempfile.TemporaryDirectory() as folder, processed_into(Path(folder)):
        for name in notebooks_of(parameters):
            source = paths.root() / "notebooks" / f"{name}.ipynb"
            values = values_for(parameters, name)
            executed[name] = execute(source, Path(folder) / source.name, values, "warm", t)
        export(executed, pages, Path(folder))


load()
ALTERED = _loaded_and_altered()
