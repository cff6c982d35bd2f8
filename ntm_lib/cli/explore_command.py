"""``explore``: the notebook with sliders, served by Voilà on this machine only; nothing comes from the network."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ntm_lib import paths
from ntm_lib.language import Translate
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline.inputs import LIBRARY

NOTEBOOK = "explore"
TEMPLATES = LIBRARY / "doc" / "templates" / "jupyter"


def explore(values: Mapping[str, str], t: Translate) -> int:
    """Makes the tables if they are not current, then serves the page until Ctrl-C."""
    from ntm_lib import parameters
    from ntm_lib.cli.shared import make_and_tell

    run = parameters.check(values)
    make_and_tell(run, {name: text for name, text in values.items() if name == "DEBUG"}, t)
    from ntm_lib.pipeline.publish import temporary_folder

    with tempfile.TemporaryDirectory(prefix="ntm-explore-", dir=temporary_folder()) as folder:
        notebook = write_notebook(run, Path(folder), t)
        print(t("Trang mở trong trình duyệt; địa chỉ ở dòng “Voilà is running at”. Ctrl-C để dừng."), flush=True)
        return served(command_of(notebook), Path(folder))


def served(command: list[str], folder: Path) -> int:
    """Runs the server until it ends, or until this process is told to: then both end, with all kernels."""
    server = subprocess.Popen(command, cwd=folder, env=environment(folder))
    before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return server.wait()
    except KeyboardInterrupt:  # which the server gets too
        return server.wait()
    finally:
        signal.signal(signal.SIGTERM, before)


def write_notebook(run: Parameters, folder: Path, t: Translate) -> Path:
    """The notebook with the parameters of the run, its prose in the language of the run."""
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from ntm_lib.pipeline.notebooks import translate_prose

    notebook = load_notebook_node(str(paths.root() / "notebooks" / f"{NOTEBOOK}.ipynb"))
    translate_prose(notebook, t)
    place = folder / f"{NOTEBOOK}.ipynb"
    nbformat.write(parameterize_notebook(notebook, run.for_notebooks()), place)
    return place


def command_of(notebook: Path, *more: str) -> list[str]:
    """Voilà on this machine alone (see ``explorer_server``), without the code of the notebook."""
    options = ["--Voila.ip=127.0.0.1", "--template=ntm", "--strip_sources=True", "--show_tracebacks=False"]
    return [sys.executable, "-m", "ntm_lib.cli.explorer_server", str(notebook), *options, *more]


def environment(folder: Path) -> dict[str, str]:
    """What the server and its kernel inherit: this library, this checkout, our template, nobody's own Jupyter settings."""
    library = os.pathsep.join(filter(None, (str(LIBRARY.parent), os.environ.get("PYTHONPATH"))))
    own = {name: str(folder) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    return {
        **{name: value for name, value in os.environ.items() if name != "JUPYTER_TOKEN"},
        **own,
        "PYTHONPATH": library,
        "NTM_ROOT": str(paths.root()),
        "JUPYTER_PATH": str(TEMPLATES),
        "TMPDIR": str(folder),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
