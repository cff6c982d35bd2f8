"""Workbooks of forms as officials have them, written for a test and read back by the project's layouts and rules."""

import io
import shutil
from pathlib import Path

import openpyxl

from ntm_lib.intake import clean, read_commune

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
TITLE = "BIỂU KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ NÔNG THÔN MỚI NĂM 2024"


def make_root(root: Path) -> Path:
    """A checkout with layouts, rules and the commune ``thu``; gives the commune's folder."""
    for name in ("layouts", "rules"):
        shutil.copytree(RAW / name, root / "data" / "raw" / name, dirs_exist_ok=True)
    folder = root / "data" / "raw" / "communes" / "thu"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "commune.yml").write_text('code: "02314"\nslug: thu\nname: Thử\n', encoding="utf-8")
    return folder


def read_book(folder: Path, rows, merges=(), sheet="Biểu", formats=None):
    """What intake makes of a workbook with one sheet of these rows. ``formats``: cell → number format."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for area in merges:
        page.merge_cells(area)
    for place, code in (formats or {}).items():
        page[place].number_format = code
    out = io.BytesIO()
    book.save(out)
    (folder / "bieu.xlsx").write_bytes(out.getvalue())
    return clean(read_commune("thu"))


def results(outcome, kind="measured"):
    """(year, indicator, value) of the results of a kind; a criterion's own has its number as indicator."""
    rows = outcome.observations.query("table == 'results' and kind == @kind")
    return [(r.year, (r.indicator or r.criterion) + r.part, r.value) for r in rows.itertuples()]


def told(outcome, code):
    """Texts of the remarks with a code."""
    return list(dict.fromkeys(r.text for r in outcome.remarks if r.code == code))


def refused(outcome):
    """(row, column of the form, its text) of the rejects."""
    return [(r.row, r.column, r.text) for r in outcome.rejects.itertuples()]
