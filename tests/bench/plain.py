"""The same library functions in a plain Python loop: no papermill, no shell, no processes, no publishing.

The code of the notebooks becomes one function each; what their cells show is handed to the exporters
as it stands. Prints seconds per commune as JSON.
"""

import ast
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat import from_dict

import ntm_lib.pipeline.preload  # the same imports as a worker's, before the clock starts
from ntm_lib.parameters import check
from ntm_lib.pipeline.inputs import NOTEBOOKS
from ntm_lib.pipeline.job import EXPORTS
from ntm_lib.pipeline.make import export
from ntm_lib.pipeline.worker import peak_memory


def compiled(source: str) -> tuple[object, object | None]:
    """Statements of a cell, and the expression at its end whose value it shows."""
    tree = ast.parse(source)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = compile(ast.Expression(tree.body.pop().value), "<cell>", "eval")
    return compile(tree, "<cell>", "exec"), last


def read_notebooks(root: Path) -> dict[str, list]:
    notebooks = {name: nbformat.read(root / "notebooks" / f"{name}.ipynb", 4) for name in NOTEBOOKS}
    return {
        name: [(cell, compiled(cell.source) if cell.cell_type == "code" else None) for cell in notebook.cells]
        for name, notebook in notebooks.items()
    }


def shown(cells: list, parameters: dict):
    """A notebook with what its cells show. It takes its title from its heading, as the real ones do."""
    names: dict = {}
    filled = []
    for cell, code in cells:
        kept = {"cell_type": cell.cell_type, "source": cell.source, "metadata": cell.metadata}
        if code is None:
            filled.append(kept)
            continue
        exec(code[0], names)
        value = eval(code[1], names) if code[1] else None
        if "parameters" in cell.metadata.get("tags", []):
            names.update(parameters)
        bundle = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else None
        outputs = [{"output_type": "display_data", "data": bundle, "metadata": {}}] if bundle else []
        filled.append({**kept, "outputs": outputs, "execution_count": None})
    return from_dict({"cells": filled, "metadata": {"papermill": {"parameters": parameters}}})


def main(root: Path, communes: list[str]) -> None:
    notebooks = read_notebooks(root)
    start, processor = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NTM_PROCESSED"] = folder
        for commune in communes:
            parameters = check({"COMMUNE": commune}).for_notebooks()
            executed = {name: shown(cells, parameters) for name, cells in notebooks.items()}
            export(executed, EXPORTS, Path(folder))
    seconds, processor = (time.monotonic() - start) / len(communes), (time.process_time() - processor) / len(communes)
    print(json.dumps({"seconds": seconds, "memory": peak_memory(), "processor": processor}))


if __name__ == "__main__":
    assert ntm_lib.pipeline.preload
    main(Path(os.environ["NTM_ROOT"]), sys.argv[1:])
