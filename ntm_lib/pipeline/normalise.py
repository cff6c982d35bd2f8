"""Takes out of an executed notebook what differs from run to run though nothing it says has changed.

Time stamps, paths, random cell ids, object addresses, the file names that a process gives its
cells, and how a kernel happened to cut the printed text into pieces.
"""

import re
from collections.abc import Iterator

from nbformat import NotebookNode

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


def normalise(notebook: NotebookNode) -> NotebookNode:
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
    for index, cell in enumerate(notebook.cells):
        _normalise_cell(cell, index)
    return notebook


def _normalise_cell(cell: NotebookNode, index: int) -> None:
    for name in RUN_METADATA:
        cell.metadata.pop(name, None)
    if not cell.metadata.get("tags", True):
        del cell.metadata["tags"]
    if "injected-parameters" in cell.get("metadata", {}).get("tags", []):
        cell["id"] = "injected-parameters"
    if cell.cell_type == "code":
        cell.outputs = [_normalise_output(output) for output in _joined_streams(cell.outputs)]


def _joined_streams(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
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


def _streams(texts: dict[str, str]) -> Iterator[NotebookNode]:
    for name in ("stdout", "stderr"):
        if texts.get(name):
            yield NotebookNode(output_type="stream", name=name, text=texts[name])


def _normalise_output(output: NotebookNode) -> NotebookNode:
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
