"""Workbooks of ``make template`` for the tests of writing and of reading them: fixtures and how to find a row."""

import os
from dataclasses import replace

import openpyxl
import pytest

from ntm_lib import paths
from ntm_lib.intake import clean, read_commune
from ntm_lib.intake.files import all_sheets
from ntm_lib.intake.filled.template_read import read_book
from ntm_lib.template.new_template import write_template

REAL = paths.raw()
SET = "ntm-2021-2025"


def read_template(path, slug=""):
    """Raw rows by table of a filled workbook, XLSX or saved as ODS."""
    grids = [grid for grid in all_sheets(path) if not grid.hidden]
    return read_book(grids, "vi", slug, path)[0]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A checkout with the rules, the layout and the registry, and no commune."""
    root = tmp_path_factory.mktemp("root")
    (root / "data/raw/communes").mkdir(parents=True)
    for name in ("rules", "layouts", "communes/registry.csv"):
        os.symlink(REAL / name, root / "data/raw" / name)
    before = os.environ.get("NTM_ROOT")
    os.environ["NTM_ROOT"] = str(root)
    yield root
    os.environ.pop("NTM_ROOT") if before is None else os.environ.update(NTM_ROOT=before)


@pytest.fixture(scope="module")
def hung_my(root):
    """What is known of Hùng Mỹ, without its corrections, which name cells of the CSV files."""
    os.environ.pop("NTM_ROOT")
    raw = read_commune("hung-my")
    os.environ["NTM_ROOT"] = str(root)
    return replace(raw, tables={**raw.tables, "corrections": ()})


@pytest.fixture(scope="module")
def empty_book(root):
    """Path of the template of a new commune, Hùng Mỹ, for 2023, with nothing filled in."""
    return write_template("hung-my", 2023, SET, name="02314")[-1]


@pytest.fixture(scope="module")
def known_book(root, empty_book, hung_my):
    """Path of the template of Hùng Mỹ for 2024, with what is known of it."""
    return write_template("hung-my", 2024, SET, cleaned=clean(hung_my), region="tdmnpb")[-1]


@pytest.fixture(scope="module")
def pages(empty_book):
    return openpyxl.load_workbook(empty_book)


@pytest.fixture(scope="module")
def grids(empty_book):
    return [grid for grid in all_sheets(empty_book) if not grid.hidden]


def columns_of(page) -> dict[str, int]:
    """Key → number of the column, from the hidden row of keys."""
    keys = next(row for row in page.iter_rows(max_row=12) if row[0].value == "row")
    return {cell.value: cell.column for cell in keys if cell.value}


def find_row(page, kind, **wanted) -> int:
    """First row of a kind whose cells are as wanted and which nobody has filled."""
    columns = columns_of(page)
    for row in range(5, page.max_row + 1):
        if page.cell(row, 1).value == kind and all(
            (page.cell(row, columns[k]).value or "") == v for k, v in wanted.items()
        ):
            return row
    raise LookupError(f"{page.title}: no {kind} row with {wanted}")
