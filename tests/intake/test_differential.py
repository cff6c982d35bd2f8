"""Our reader of workbooks against openpyxl and calamine, on workbooks that openpyxl and XlsxWriter wrote: the same cells, or a known difference.

Known: we give text as an official writes it; we leave out rows and cells that are empty or beyond column 200; a
formula's result is refused where nobody calculated it (the others give the stored nought).
"""

import datetime
import io
from xml.sax.saxutils import escape

import openpyxl
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from ntm_lib.intake.files import all_sheets
from ntm_lib.intake.files.looks import number_text
from tests.intake.books import ods, ods_cell, ods_row

ERRORS = ("#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?")
TEXTS = st.text("aăâđêôơư Hộ nghèo0123456789.,;/%\n\"'<>&«»=", min_size=1, max_size=12).filter(
    lambda text: text.strip() and not text.startswith("=")
)
NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**6), 10**6, places=4).map(float),
    st.sampled_from([0.1 + 0.2, 57.699999999999996, 1e-7, 1e15, 0]),
)
DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2099, 12, 31)).map(
    lambda day: datetime.datetime(day.year, day.month, day.day)
)
CELLS = st.one_of(
    st.tuples(st.just("text"), TEXTS), st.tuples(st.just("number"), NUMBERS), st.tuples(st.just("percent"), NUMBERS), st.tuples(st.just("thousands"), NUMBERS),
    st.tuples(st.just("date"), DAYS), st.tuples(st.just("boolean"), st.booleans()), st.tuples(st.just("error"), st.sampled_from(ERRORS)), st.none(),
)  # fmt: skip
FORMATS = {"percent": "0.0%", "thousands": "#,##0.0", "date": "dd/mm/yyyy"}
SHEETS = st.lists(st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=5), min_size=1, max_size=3)


def by_openpyxl(sheets, hidden) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for index, rows in enumerate(sheets):
        page = book.create_sheet(f"Trang {index}")
        for r, cells in enumerate(rows, 1):
            for c, cell in enumerate(cells, 1):
                if cell:
                    target = page.cell(r, c)
                    target.value = cell[1]
                    target.data_type = {"error": "e", "text": "s"}.get(cell[0], target.data_type)
                    target.number_format = FORMATS.get(cell[0], "General")
        page.sheet_state = "hidden" if index and hidden["sheets"] else "visible"
        for r in hidden["rows"]:
            page.row_dimensions[r].hidden = True
        for c in hidden["columns"]:
            page.column_dimensions[get_column_letter(c)].hidden = True
        if hidden["merged"]:
            page.merge_cells("H1:I3")
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(sheets, hidden) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": hidden["inline"]})
    formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
    for index, rows in enumerate(sheets):
        page = book.add_worksheet(f"Trang {index}")
        if index and hidden["sheets"]:
            page.hide()
        for c in hidden["columns"]:
            page.set_column(c - 1, c - 1, None, None, {"hidden": True})
        for r, cells in enumerate(rows):
            page.set_row(r, None, None, {"hidden": r + 1 in hidden["rows"]})
            for c, cell in enumerate(cells):
                if not cell:
                    continue
                kind, value = cell
                if kind == "text":
                    page.write_string(r, c, value)
                elif kind == "date":
                    page.write_datetime(r, c, value, formats["date"])
                elif kind == "boolean":
                    page.write_boolean(r, c, value)
                elif kind == "error":
                    page.write_formula(r, c, "=1/0", None, value)
                else:
                    page.write_number(r, c, value, formats.get(kind))
    book.close()
    return out.getvalue()


def wanted(cell) -> tuple[str, bool]:
    """The text that our reader must give for a cell, and whether it must refuse it."""
    kind, value = cell or ("", "")
    if kind in ("number", "thousands"):
        return number_text(value), False
    if kind == "percent":
        return number_text(value * 100, "%"), False
    if kind == "date":
        return f"{value:%d/%m/%Y}", False
    return {"boolean": str(value).upper()}.get(kind, value), kind == "error"


HIDDEN = st.fixed_dictionaries(
    {
        "sheets": st.booleans(),
        "rows": st.sets(st.integers(1, 5), max_size=2),
        "columns": st.sets(st.integers(1, 5), max_size=2),
        "merged": st.booleans(),
        "inline": st.booleans(),
    }
)


def same(value, other) -> bool:
    if isinstance(value, float) or isinstance(other, float):
        return isinstance(other, int | float) and abs(value - other) <= 1e-9 * max(1, abs(value))
    if isinstance(other, datetime.date) and not isinstance(other, datetime.datetime):
        other = datetime.datetime.combine(other, datetime.time())
    return value == other


@settings(max_examples=40, deadline=None)
@given(sheets=SHEETS, hidden=HIDDEN, write=st.sampled_from([by_openpyxl, by_xlsxwriter]))
def test_our_reader_openpyxl_and_calamine_agree(tmp_path_factory, sheets, hidden, write):
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    path.write_bytes(write(sheets, hidden))
    ours = all_sheets(path)
    theirs, calamine = openpyxl.load_workbook(path, data_only=True), python_calamine.load_workbook(str(path))
    shown = {
        sheet.name: sheet.visible == python_calamine.SheetVisibleEnum.Visible for sheet in calamine.sheets_metadata
    }
    assert (
        [(g.sheet, not g.hidden) for g in ours]
        == [(p.title, p.sheet_state == "visible") for p in theirs]
        == list(shown.items())
    )
    for rows, grid, page in zip(sheets, ours, theirs, strict=True):
        found = {row.number: row for row in grid.rows}
        other = calamine.get_sheet_by_name(grid.sheet).to_python(skip_empty_area=False)
        for r, cells in enumerate(rows, 1):
            for c, cell in enumerate(cells):
                row = found.get(r)
                text = row.cells[c] if row and c < len(row.cells) else ""
                assert (text, bool(row and row.faults.get(c))) == wanted(cell)
                if cell:
                    assert same(cell[1], page.cell(r, c + 1).value)
                    assert cell[0] == "error" or same(cell[1], other[r - 1][c])
                    assert row.hidden == bool(page.row_dimensions[r].hidden)
                    assert row.kinds.get(c, "text") == {"thousands": "number", "error": "text"}.get(cell[0], cell[0])
        assert grid.hidden_columns == {c - 1 for c in hidden["columns"]}
        assert len(grid.rows) == sum(any(cells) for cells in rows)
        if grid.rows and len(grid.rows[-1].cells) and write is by_openpyxl and hidden["merged"]:
            assert grid.merged == ((1, 7, min(3, grid.rows[-1].number), 8),)
            assert [str(area) for area in page.merged_cells.ranges] == ["H1:I3"]


def as_ods(cell) -> str:
    kind, value = cell or ("", "")
    attributes = {
        "number": f'office:value="{value!r}"',
        "thousands": f'office:value="{value!r}"',
        "percent": f'office:value="{value!r}"',
    }
    kinds = {"number": "float", "thousands": "float", "percent": "percentage"}
    if kind == "boolean":
        return ods_cell(str(value).upper(), "boolean", f'office:boolean-value="{str(value).lower()}"')
    if kind == "date":
        return ods_cell(f"{value:%d/%m/%y}", "date", f'office:date-value="{value:%Y-%m-%d}"')
    if kind in kinds:
        return ods_cell("", kinds[kind], attributes[kind])
    return ods_cell(escape(" ".join(value.split()))) if kind == "text" else "<table:table-cell/>"


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.lists(CELLS.filter(lambda cell: not cell or cell[0] != "error"), max_size=5), min_size=1, max_size=5
    ),
    hidden=st.booleans(),
)
def test_our_reader_and_calamine_agree_on_ods(tmp_path_factory, rows, hidden):
    path = tmp_path_factory.mktemp("book") / "a.ods"
    style = f'<style:style style:name="ta1" style:family="table"><style:table-properties table:display="{str(not hidden).lower()}"/></style:style>'
    second = f'<table:table table:name="ẩn" table:style-name="ta1">{ods_row(ods_cell("x"))}</table:table>'
    path.write_bytes(ods(*(ods_row(*map(as_ods, cells)) for cells in rows), styles=style, more=second))
    ours, calamine = all_sheets(path), python_calamine.load_workbook(str(path))
    assert [(g.sheet, g.hidden) for g in ours] == [
        (s.name, s.visible != python_calamine.SheetVisibleEnum.Visible) for s in calamine.sheets_metadata
    ]
    found, other = (
        {row.number: row for row in ours[0].rows},
        calamine.get_sheet_by_index(0).to_python(skip_empty_area=False),
    )
    for r, cells in enumerate(rows, 1):
        for c, cell in enumerate(cells):
            if cell:
                text = " ".join(cell[1].split()) if cell[0] == "text" else cell[1]
                assert found[r].cells[c] == wanted((cell[0], text))[0]
                assert same(text, other[r - 1][c])
