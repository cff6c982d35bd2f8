"""The workbooks in a commune's folder into raw rows: our template, raw tables as sheets, and other forms by their layout."""

from collections.abc import Sequence
from pathlib import Path

from ntm_lib.intake import schema
from ntm_lib.intake.encodings import from_old_font, old_font
from ntm_lib.intake.forms import Form, forms, is_household_list, read_form, why_unread
from ntm_lib.intake.names import clean_text, slug
from ntm_lib.intake.ods import read_ods
from ntm_lib.intake.raw import RawRow, Remark, rows_of
from ntm_lib.intake.readers import Grid, shown
from ntm_lib.intake.xlsx import hidden_sheets, read_xlsx

SUFFIXES = {".xlsx": read_xlsx, ".xlsm": read_xlsx, ".xls": read_xlsx, ".ods": read_ods}
_TEMPLATE_MARK = "ntm-template"

Found = tuple[dict[str, list[RawRow]], list[Remark]]


def read_workbooks(folder: Path, language: str = "vi") -> Found:
    """Raw rows by table, and remarks, of every workbook in the folder. Raises NtmError for one that must not be read."""
    tables: dict[str, list[RawRow]] = {}
    remarks: list[Remark] = []
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith(("~$", "."))):
        more, noted = _read(path, language)
        remarks += noted
        for table, rows in more.items():
            tables.setdefault(table, []).extend(rows)
    return tables, remarks


def read_grids(path: Path, language: str = "vi") -> list[Grid]:
    """The sheets of a workbook, old fonts as Unicode."""
    return [_unicode(grid) for grid in SUFFIXES[path.suffix.lower()](path, language)]


def _read(path: Path, language: str) -> Found:
    # Read first in any case: what must not be read is refused here, before another library opens it.
    plain = SUFFIXES[path.suffix.lower()](path, language)
    if any(grid.rows and grid.rows[0].cells[0].strip() == _TEMPLATE_MARK for grid in plain):
        from ntm_lib.intake.template_read import read_template

        return {table: list(rows) for table, rows in read_template(path, language, path.parent.name).items()}, []
    tables: dict[str, list[RawRow]] = {}
    hidden = hidden_sheets(path, language) if path.suffix.lower() != ".ods" else []
    remarks = [Remark(shown(path), name, 0, "hidden-sheet", name) for name in hidden]
    for grid, original in ((_unicode(g), g) for g in plain if g.rows):
        if grid is not original:
            remarks.append(Remark(grid.file, grid.sheet, grid.rows[0].number, "old-font", ""))
        more, noted = _read_sheet(grid, forms(), language)
        remarks += [*noted, *_hidden(grid)]
        for table, rows in more.items():
            tables.setdefault(table, []).extend(rows)
    return tables, remarks


def _read_sheet(grid: Grid, known: Sequence[Form], language: str) -> Found:
    if is_household_list(grid):
        return {}, [Remark(grid.file, grid.sheet, grid.rows[0].number, "household-list", str(len(grid.rows) - 1))]
    if table := _raw_table(grid):
        return {table: list(rows_of(grid, table, language))}, []
    if (found := read_form(grid, known)) is not None:
        return found
    return {}, [Remark(grid.file, grid.sheet, grid.rows[0].number, "unread-sheet", why_unread(grid, known))]


def _raw_table(grid: Grid) -> str:
    """The raw table that the sheet is, by its name or by a heading that has its required columns."""
    heading = {clean_text(c).lower() for c in grid.rows[0].cells}
    if (name := slug(grid.sheet)) in schema.TABLES and len(heading & set(schema.TABLES[name].columns)) > 1:
        return name
    whole = [n for n, spec in schema.TABLES.items() if len(spec.required) > 1 and heading - {""} <= set(spec.columns) and set(spec.required) <= heading]
    return whole[0] if len(whole) == 1 else ""


def _hidden(grid: Grid) -> list[Remark]:
    return [Remark(grid.file, grid.sheet, row.number, "hidden-row", next(c for c in row.cells if c)) for row in grid.rows if row.hidden and any(row.cells)]


def _unicode(grid: Grid) -> Grid:
    """The grid with text in old fonts as Unicode; the same grid where there is none."""
    read = old_font("\n".join(c for row in grid.rows[:2000] for c in row.cells if not c.isascii()))
    change = read or from_old_font
    if read is None and all(change(c) == c for row in grid.rows for c in row.cells if not c.isascii()):
        return grid
    rows = tuple(row._replace(cells=tuple(c if c.isascii() else clean_text(change(c)) for c in row.cells)) for row in grid.rows)
    return grid._replace(rows=rows)
