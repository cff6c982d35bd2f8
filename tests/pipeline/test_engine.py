"""The warm engine gives the notebook that a kernel gives, and leaves no trace in its process."""

import os
import sys
import warnings
from dataclasses import replace

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from ntm_lib.language import translator
from ntm_lib.pipeline.job import FAILED, Job, Outcome
from ntm_lib.pipeline.notebooks import ENGINES, NotebookFailed, execute, normalise
from ntm_lib.pipeline.pool import run_all
from tests.pipeline.helpers import published, write_notebook

CELLS = [
    "print('một')\nimport sys\nprint('hai', file=sys.stderr)\nprint('ba')",
    "import warnings\nwarnings.warn('cảnh báo')",
    "import pandas as pd\npd.DataFrame({'xã': ['Hùng Mỹ'], 'hộ': [1413]})",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "figure, axes = plt.subplots()\naxes.plot([3, 1])\nprint('trước')\nplt.show()\nprint('sau')\nfigure",
    "from IPython.display import HTML, clear_output, display\nhandle = display(HTML('<b>1</b>'), display_id='x')\nhandle.update(HTML('<b>2</b>'))",
    "print('xóa')\nclear_output()\nprint('giữ')",
    "class Block:\n    def _repr_mimebundle_(self, **kw):\n        return {'text/html': '<p>', 'text/vnd.typst': '#x', 'text/plain': 'p'}\nBlock()",
    "object()",
    "_ is not None, __name__, In[1][:5]",
    "!echo từ vỏ",
    "%matplotlib inline",
    "import asyncio\nawait asyncio.sleep(0, 'chờ')",
    "import time\nfor i in range(3):\n    print(i)\n    time.sleep(0.1)",
    "import decimal\ndecimal.Decimal(1) / 3",
    "year + 1;",
    "def f(x):\n    return 1 / x\ntry:\n    f(0)\nexcept ZeroDivisionError as error:\n    print(error)",
]
RAISING = ["f(0)", "this is not python", "raise ValueError('sai\\nhai dòng')", "import no_such_module"]


def notebook_of(cells: list[str]) -> nbformat.NotebookNode:
    code = [new_code_cell("year = 2023", metadata={"tags": ["parameters"]}), *map(new_code_cell, cells)]
    return new_notebook(
        cells=code, metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    )


def text_of(notebook: nbformat.NotebookNode) -> str:
    """The notebook as the warm engine fills it, in this process."""
    result = papermill.execute_notebook(notebook, None, {"year": 2024}, engine_name="warm", progress_bar=False)
    return nbformat.writes(normalise(result))


def by_worker(job: Job, engine: str) -> Outcome:
    (outcome,) = run_all([replace(job, engine=engine, force=True)], 1)
    return outcome


def test_both_engines_publish_the_same_bytes(job):
    """Printing, warning, displaying, plotting, and a failure that is caught."""
    write_notebook(job.root / "notebooks" / "3_report.ipynb", CELLS)
    files = {}
    for engine in ENGINES:
        assert by_worker(job, engine).message == ""
        files[engine] = published(job.root)
    assert files["warm"].keys() == files["kernel"].keys()
    for name, content in files["warm"].items():
        assert content.splitlines() == files["kernel"][name].splitlines()


@pytest.mark.parametrize("source", RAISING)
def test_both_engines_keep_the_same_failed_notebook(job, source):
    write_notebook(job.root / "notebooks" / "1_clean.ipynb", ["def f(x):\n    return 1 / x", source, "print('sau')"])
    kept = []
    for engine in ENGINES:
        assert by_worker(job, engine).state == FAILED
        notebook = nbformat.read(job.root / "outputs" / "hung-my" / "failed-2024" / "1_clean.ipynb", 4)
        cells = [cell for cell in notebook.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])]
        kept.append(nbformat.writes(normalise(new_notebook(cells=cells, metadata=notebook.metadata))).splitlines())
    assert kept[0] == kept[1]


@pytest.mark.parametrize("engine", ["warm", "kernel"])
def test_both_engines_stop_at_the_cell_that_fails_and_keep_the_notebook(tmp_path, engine):
    write_notebook(tmp_path / "1_clean.ipynb", ["print('trước')", "1 / 0", "print('sau')"])
    target = tmp_path / "{out}.ipynb"
    with pytest.raises(NotebookFailed) as error:
        execute(tmp_path / "1_clean.ipynb", target, {"year": 2024}, engine, translator("vi"))
    assert "Sổ tay 1_clean dừng ở ô [4]: ZeroDivisionError: division by zero" in str(error.value)
    cells = [cell for cell in nbformat.read(target, 4).cells if cell.cell_type == "code"]
    assert cells[-2].outputs[0].ename == "ZeroDivisionError"
    assert not cells[-1].outputs


@pytest.mark.parametrize("engine", ["warm", "kernel"])
def test_a_fault_of_the_data_is_told_in_its_own_words(tmp_path, engine):
    write_notebook(
        tmp_path / "1_clean.ipynb",
        ["from ntm_lib.errors import NtmError\nraise NtmError('Dòng 3: sai.\\nCần làm: sửa.')"],
    )
    with pytest.raises(NotebookFailed) as error:
        execute(tmp_path / "1_clean.ipynb", tmp_path / "out.ipynb", {"year": 2024}, engine, translator("vi"))
    assert str(error.value) == "Dòng 3: sai.\nCần làm: sửa."


def test_a_parameter_that_a_notebook_does_not_declare_is_refused(tmp_path):
    write_notebook(tmp_path / "1_clean.ipynb", ["year"], parameters="year = 2023")
    with pytest.raises(Exception, match="strict"):
        execute(
            tmp_path / "1_clean.ipynb", tmp_path / "out.ipynb", {"year": 2024, "strict": True}, "warm", translator("vi")
        )


def test_one_notebook_does_not_see_what_another_changed(tmp_path):
    changes = """
import os, sys, warnings, matplotlib.pyplot as plt, pandas as pd
os.environ['LEAK'] = '1'
os.chdir('/')
sys.path.append('/leak')
pd.set_option('display.max_rows', 3)
plt.rcParams['font.size'] = 99
warnings.simplefilter('ignore')
plt.figure()
leak = 1
"""
    before = os.getcwd(), list(sys.path), dict(os.environ), sys.stdout, sys.modules["__main__"], list(warnings.filters)
    text_of(notebook_of([changes]))
    assert before == (
        os.getcwd(),
        list(sys.path),
        dict(os.environ),
        sys.stdout,
        sys.modules["__main__"],
        list(warnings.filters),
    )
    looks = "import os, sys, matplotlib.pyplot as plt, pandas as pd\n"
    looks += "[os.environ.get('LEAK'), os.getcwd() == '/', pd.get_option('display.max_rows'), plt.rcParams['font.size'], plt.get_fignums(), 'leak' in dir()]"
    assert "[None, False, 60, 10.0, [], False]" in text_of(notebook_of([looks]))


def test_a_question_fails_at_once_instead_of_waiting():
    with pytest.raises(papermill.PapermillExecutionError, match="does not support input"):
        text_of(notebook_of(["input('?')"]))


def test_papermill_knows_the_engine_by_its_entry_point():
    from papermill.engines import papermill_engines

    assert papermill_engines.get_engine("warm").__module__ == "ntm_lib.pipeline.engine"
