"""What two runs of one notebook differ in, and what stays."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from ntm_lib.pipeline.notebooks import normalise


def executed(*outputs, **metadata):
    cell = new_code_cell("x", outputs=list(outputs), metadata={"papermill": {"duration": 1.5}, "tags": [], **metadata})
    notebook = new_notebook(cells=[cell])
    notebook.metadata.papermill = {"parameters": {"year": 2024}, "output_path": "/tmp/x", "duration": 3}
    return notebook


def shown(*outputs):
    return normalise(executed(*outputs)).cells[0].outputs


def test_times_and_paths_go_and_parameters_stay():
    notebook = normalise(executed())
    assert notebook.metadata.papermill == {"parameters": {"year": 2024}}
    assert notebook.cells[0].metadata == {}


def test_the_injected_cell_has_a_fixed_id():
    notebook = normalise(executed(tags=["injected-parameters"]))
    assert notebook.cells[0].id == "injected-parameters"
    nbformat.validate(notebook)


def test_printed_pieces_are_joined_whatever_the_buffers_did():
    pieces = [("stdout", "a"), ("stderr", "!"), ("stdout", "b")]
    outputs = shown(*(new_output("stream", name=name, text=text) for name, text in pieces))
    assert [(output.name, output.text) for output in outputs] == [("stdout", "ab"), ("stderr", "!")]


def test_what_is_shown_between_keeps_its_place():
    one, other = new_output("stream", text="a"), new_output("stream", text="b")
    outputs = shown(one, new_output("display_data", data={"text/plain": "f"}), other)
    assert [output.output_type for output in outputs] == ["stream", "display_data", "stream"]


def test_addresses_and_process_ids_go():
    warning = new_output("stream", name="stderr", text="/tmp/ipykernel_47/12345.py:3: UserWarning: x\n")
    value = new_output("execute_result", data={"text/plain": "<Axes at 0x7f00aa11bb22>"})
    outputs = shown(warning, value)
    assert outputs[0].text == "<cell>:3: UserWarning: x\n"
    assert outputs[1].data["text/plain"] == "<Axes>"


def test_versions_of_python_and_kernel_stay_out():
    notebook = executed()
    notebook.metadata.language_info = {"name": "python", "version": "3.11.7"}
    notebook.metadata.kernelspec = {"name": "conda-env-xyz", "display_name": "mine"}
    assert "version" not in normalise(notebook).metadata.language_info
    assert notebook.metadata.kernelspec["name"] == "python3"
