"""Runs one notebook through papermill, words what went wrong in it, takes out what differs from run to run though nothing it
says has changed (time stamps, paths, random ids, addresses, how printed text was cut), and keeps the committed ones executed.
"""

import ast
import builtins
import contextlib
import json
import linecache
import logging
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_lib import paths
from ntm_lib.errors import NtmError, disk_message
from ntm_lib.language import Translate
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline import light as light  # before nbformat
from ntm_lib.pipeline.inputs import LIBRARY
from ntm_lib.pipeline.manifest import outputs_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from traitlets.config import Config

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

    logging.getLogger("papermill").setLevel(logging.ERROR)
    notebook = nbformat.read(source, as_version=4)
    refuse_undeclared(notebook, source, parameters, t)
    translate_prose(notebook, t)
    run = _in_this_process if engine == "warm" else _in_a_kernel
    try:
        executed = run(notebook, target, dict(parameters), source.parent)
    except papermill.PapermillExecutionError as error:
        raise _failed(error, source, t) from error
    nbformat.write(normalise(executed), target)
    return executed


def _in_this_process(
    notebook: "NotebookNode", target: Path, parameters: dict[str, object], folder: Path
) -> "NotebookNode":
    """What ``papermill.execute_notebook`` does, without writing and reading the notebook three times more."""
    from papermill.engines import papermill_engines
    from papermill.execute import raise_for_execution_errors
    from papermill.parameterize import parameterize_notebook

    notebook.metadata["papermill"] = {}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", {})
    given = parameterize_notebook(notebook, parameters, engine_name="warm")
    with contextlib.chdir(folder):
        executed = papermill_engines.execute_notebook_with_engine(
            "warm", given, "python3", progress_bar=False, autosave_cell_every=0
        )
    raise_for_execution_errors(executed, str(target))
    return executed


def _in_a_kernel(notebook: "NotebookNode", target: Path, parameters: dict[str, object], folder: Path) -> "NotebookNode":
    import papermill

    with kernel_options() as options:
        return papermill.execute_notebook(
            notebook,
            str(target).replace("{", "{{").replace("}", "}}"),  # papermill formats paths
            parameters,
            cwd=str(folder),
            progress_bar=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            shutdown_kernel="immediate",
            config=options,
        )


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
def kernel_options() -> Iterator["Config"]:
    """Kernels talk over sockets in a folder of their own: ports race when many start at once."""
    from traitlets.config import Config

    with tempfile.TemporaryDirectory(prefix="ntm") as folder, kernel_environment(folder):
        transport = {"transport": "ipc", "ip": os.path.join(folder, "k")} if os.name != "nt" else {}
        yield Config({"KernelManager": transport, "AsyncKernelManager": transport})


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


KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
# A cell as file: …/ipykernel_4711/1234567890.py:3 in a warning or a traceback.
CELL_FILE = re.compile(r"[^\s'\"(]*ipykernel_[0-9]+[/\\][0-9]+\.py")
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,16}\b")
RUN_METADATA = ("papermill", "execution")


def normalise(notebook: "NotebookNode") -> "NotebookNode":
    """The same notebook, equal for every run from the same inputs. Changes ``notebook`` and returns it."""
    metadata = notebook.metadata
    parameters = metadata.get("papermill", {}).get("parameters")
    metadata.pop("papermill", None)
    if parameters:
        metadata["papermill"] = {"parameters": parameters}
    metadata["kernelspec"] = dict(KERNELSPEC)
    metadata["language_info"] = dict(LANGUAGE_INFO)
    if not metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state"):
        metadata.pop("widgets", None)
    for cell in notebook.cells:
        _normalise_cell(cell)
    return notebook


def _normalise_cell(cell: "NotebookNode") -> None:
    for name in RUN_METADATA:
        cell.metadata.pop(name, None)
    if not cell.metadata.get("tags", True):
        del cell.metadata["tags"]
    if "injected-parameters" in cell.get("metadata", {}).get("tags", []):
        cell["id"] = "injected-parameters"
    if cell.cell_type == "code":
        cell.outputs = [_normalise_output(output) for output in _joined_streams(cell.outputs)]


def _joined_streams(outputs: "list[NotebookNode]") -> "Iterator[NotebookNode]":
    """Between two outputs that are shown, what was printed comes as one piece, then the warnings as another.

    A kernel sends the two streams whenever a buffer fills or a fifth of a second has passed.
    """
    texts: dict[str, str] = {}
    for output in outputs:
        if output.output_type == "stream":
            texts[output.name] = texts.get(output.name, "") + output.text
            continue
        yield from _streams(texts)
        texts = {}
        yield output
    yield from _streams(texts)


def _streams(texts: dict[str, str]) -> "Iterator[NotebookNode]":
    from nbformat import from_dict

    for name in ("stdout", "stderr"):
        if texts.get(name):
            yield from_dict({"output_type": "stream", "name": name, "text": texts[name]})


def _normalise_output(output: "NotebookNode") -> "NotebookNode":
    if output.output_type == "stream":
        output.text = _without_traces(output.text)
    elif output.output_type == "error":
        output.evalue = _without_traces(output.evalue)
        output.traceback = [_without_traces(line) for line in output.traceback]
    elif "text/plain" in output.data:
        output.data["text/plain"] = _without_traces(output.data["text/plain"])
    return output


def _without_traces(text: str) -> str:
    """No process id, no address: ``<Axes at 0x7f…>`` becomes ``<Axes>``."""
    return ADDRESS.sub("", CELL_FILE.sub("<cell>", text))


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
