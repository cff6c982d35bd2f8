"""Runs one notebook through papermill and words what went wrong in it."""

import ast
import builtins
import contextlib
import linecache
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ntm_lib import paths
from ntm_lib.errors import NtmError, disk_message
from ntm_lib.language import Translate
from ntm_lib.pipeline.inputs import LIBRARY

ENGINES = ("warm", "kernel")


class NotebookFailed(NtmError):
    """A cell failed. ``message`` is for the user, ``details`` the traceback as IPython prints it."""

    def __init__(self, message: str, details: str = ""):
        super().__init__(message)
        self.details = details

    def __reduce__(self):
        return type(self), (self.message, self.details)


def execute(source: Path, target: Path, parameters: Mapping[str, object], engine: str, t: Translate):
    """Runs ``source`` with ``parameters`` and returns the executed notebook, normalised and written to ``target``.

    Raises NotebookFailed; ``target`` is then the notebook up to the cell that failed.
    """
    import nbformat
    import papermill

    from ntm_lib.pipeline.normalise import normalise

    logging.getLogger("papermill").setLevel(logging.ERROR)
    notebook = nbformat.read(source, as_version=4)
    refuse_undeclared(notebook, source, parameters, t)
    translate_prose(notebook, t)
    try:
        with kernel_options(engine) as options:
            executed = papermill.execute_notebook(
                notebook,
                str(target).replace("{", "{{").replace("}", "}}"),  # papermill formats paths
                dict(parameters),
                cwd=str(source.parent),
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                **options,
            )
    except papermill.PapermillExecutionError as error:
        raise _failed(error, source, t) from error
    nbformat.write(normalise(executed), target)
    return executed


def run_plainly(source: Path, parameters: Mapping[str, object], t: Translate) -> None:
    """Runs the code cells of ``source`` as plain Python in this process: a ``breakpoint()`` holds, and nothing is captured."""
    import nbformat

    notebook = nbformat.read(source, as_version=4)
    refuse_undeclared(notebook, source, parameters, t)
    names: dict[str, object] = {"__name__": "__main__"}
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        file = f"<{source.stem} [{number}]>"
        linecache.cache[file] = (
            len(cell.source),
            None,
            cell.source.splitlines(keepends=True),
            file,
        )  # for the debugger
        exec(compile(cell.source, file, "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= parameters


def translate_prose(notebook, t: Translate) -> None:
    """Markdown cells in the language of the run: each whole cell is a text of the catalogue.

    What an analyst has written beside them stays as it is.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            with contextlib.suppress(KeyError):
                cell.source = t(cell.source)


def refuse_undeclared(notebook, source: Path, parameters: Mapping[str, object], t: Translate) -> None:
    """A parameter that the notebook does not know would be without effect, unseen."""
    cells = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if not cells:
        text = t("{file}: không có ô nào mang nhãn parameters.\n    Cần làm: lấy lại sổ tay gốc của dự án.")
        raise NtmError(text.format(file=paths.shown(source)))
    names = {node.id for node in ast.walk(ast.parse("\n".join(cells))) if isinstance(node, ast.Name)}
    missing = [name for name, value in parameters.items() if name not in names and value]
    if missing:
        text = t("{file}: sổ tay không có tham số {names}.\n    Cần làm: lấy lại sổ tay gốc của dự án.")
        raise NtmError(text.format(file=paths.shown(source), names=", ".join(missing)))


@contextlib.contextmanager
def kernel_options(engine: str) -> Iterator[dict]:
    """Arguments for papermill. Kernels talk over sockets in a folder of their own: ports race when many start at once."""
    if engine == "warm":
        yield {"engine_name": "warm"}
        return
    from traitlets.config import Config

    with tempfile.TemporaryDirectory(prefix="ntm") as folder, kernel_environment(folder):
        transport = {"transport": "ipc", "ip": os.path.join(folder, "k")} if os.name != "nt" else {}
        managers = Config({"KernelManager": transport, "AsyncKernelManager": transport})
        yield {"config": managers, "shutdown_kernel": "immediate"}


@contextlib.contextmanager
def kernel_environment(folder: str) -> Iterator[None]:
    """Environment that a kernel inherits: this library, and nothing of the user's own Jupyter and IPython settings."""
    before = dict(os.environ)
    library = os.pathsep.join(filter(None, (str(LIBRARY.parent), before.get("PYTHONPATH"))))
    own = dict.fromkeys(("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"), folder)
    os.environ.update({"PYTHONPATH": library, "PYDEVD_DISABLE_FILE_VALIDATION": "1", **own})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _failed(error, source: Path, t: Translate) -> NotebookFailed:
    """The message of an NtmError as it is; another error is a fault of a notebook or of the library, and called so."""
    details = "\n".join(error.traceback)
    if error.ename == NtmError.__name__:
        return NotebookFailed(error.evalue, details)
    if issubclass(getattr(builtins, error.ename, Exception), OSError):  # a full disk is no fault of the program
        reason, _, file = error.evalue.partition(": ")
        return NotebookFailed(disk_message(file.strip("'\"") or None, reason, t), details)
    text = t(
        "Sổ tay {name} dừng ở ô [{cell}]: {kind}: {fault}\n    Đây là lỗi của chương trình, không phải của số liệu; DEBUG=1 in chi tiết."
    )
    message = text.format(name=source.stem, cell=error.exec_count, kind=error.ename, fault=error.evalue)
    return NotebookFailed(message, details)
