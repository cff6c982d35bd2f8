"""Our own template, filled and put back into the commune's folder, is read with no further step."""

import os

import openpyxl
import pytest

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune
from ntm_lib.template.new_template import write_template

REAL = paths.raw()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Folder of Hùng Mỹ with a new, empty template and the tables that go with it."""
    root = tmp_path_factory.mktemp("root")
    (root / "data/raw/communes").mkdir(parents=True)
    for name in ("rules", "layouts", "communes/registry.csv"):
        os.symlink(REAL / name, root / "data/raw" / name)
    before = os.environ.get("NTM_ROOT")
    os.environ["NTM_ROOT"] = str(root)
    yield write_template("hung-my", 2023, "ntm-2021-2025", name="02314")[-1].parent
    os.environ.pop("NTM_ROOT") if before is None else os.environ.update(NTM_ROOT=before)


def fill(folder, indicator, value):
    path = folder / "bieu-2023.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Biểu 01"]
    keys = next(row for row in sheet.iter_rows(max_row=12) if "denominator" in [c.value for c in row])
    column = {c.value: c.column for c in keys}
    row = next(r for r in range(1, sheet.max_row) if sheet.cell(r, column["indicator"]).value == indicator)
    sheet.cell(row, column["text"]).value = value
    book.save(path)


def test_a_filled_template_is_read_where_it_lies_also_without_csv_files(folder):
    fill(folder, "10.1", "43 triệu đồng/người/năm")
    (folder / "results.csv").unlink()
    observations = clean(read_commune("hung-my")).observations
    assert observations[["indicator", "value", "year", "sheet"]].values.tolist() == [["10.1", "43", 2023, "Biểu 01"]]


def test_a_folder_without_results_in_any_form_is_refused(folder):
    (folder / "bieu-2023.xlsx").rename(folder / "bieu-2023.bak")
    (folder / "results.csv").unlink(missing_ok=True)
    with pytest.raises(NtmError, match=r"results\.csv"):
        read_commune("hung-my")
