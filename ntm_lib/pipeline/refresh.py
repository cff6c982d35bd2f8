"""Keeps the committed notebooks executed: for readers on the web, and for nbval to compare."""

import json
from collections.abc import Iterable

from ntm_lib import paths
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline.manifest import outputs_folder


def refresh(parameters: Parameters, names: Iterable[str]) -> list[str]:
    """Puts the outputs of published notebooks of a run into ``notebooks/``; returns the files that changed.

    What papermill added (the injected parameters, its metadata) stays out, so that only outputs differ.
    """
    changed = []
    for name in names:
        notebook = json.loads((outputs_folder(parameters) / f"{name}.ipynb").read_text("utf-8"))
        notebook["metadata"].pop("papermill", None)
        notebook["cells"] = [
            cell for cell in notebook["cells"] if "injected-parameters" not in cell["metadata"].get("tags", [])
        ]
        for count, cell in enumerate((cell for cell in notebook["cells"] if cell["cell_type"] == "code"), 1):
            cell["execution_count"] = count
            for output in cell["outputs"]:
                if "execution_count" in output:
                    output["execution_count"] = count
        target = paths.root() / "notebooks" / f"{name}.ipynb"
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        if target.read_text("utf-8") != text:
            target.write_text(text, encoding="utf-8", newline="")
            changed.append(paths.shown(target))
    return changed
