"""The workbooks in a commune's folder into raw rows: our template, raw tables as sheets, and other forms by their layout."""

from collections.abc import Sequence
from pathlib import Path

from ntm_lib.intake import schema
from ntm_lib.intake.files import all_sheets
from ntm_lib.intake.files.readers import Grid, contents_of
from ntm_lib.intake.filled.template_body import without_copies
from ntm_lib.intake.filled.template_read import is_template, read_book
from ntm_lib.intake.filled.village_find import form_facts
from ntm_lib.intake.forms.form_layout import Form, forms
from ntm_lib.intake.forms.form_reader import next_form, read_form, why_unread
from ntm_lib.intake.forms.form_title import whose
from ntm_lib.intake.privacy import list_of_persons
from ntm_lib.intake.raw_grid import is_table, known_columns, remarks_of, rows_of, visible
from ntm_lib.intake.schema import RawRow, Remark
from ntm_lib.text.encodings import from_old_font, old_font
from ntm_lib.text.names import clean_text, slug

Found = tuple[dict[str, list[RawRow]], list[Remark]]


def read_workbooks(folder: Path, language: str = "vi") -> Found:
    """Raw rows by table, and remarks, of every workbook in the folder. Raises NtmError for one that must not be read."""
    tables: dict[str, list[RawRow]] = {}
    remarks: list[Remark] = []
    templates: list[dict[str, list[RawRow]]] = []
    for path in contents_of(folder).workbooks:
        more, noted, ours = _read(path, language)
        remarks += noted
        if ours:
            more, noted = without_copies(templates, more, language)
            remarks += noted
            templates.append(more)
        for table, rows in more.items():
            tables.setdefault(table, []).extend(rows)
    return tables, remarks


def _read(path: Path, language: str) -> tuple[dict[str, list[RawRow]], list[Remark], bool]:
    """Raw rows and remarks of a workbook, and whether it is one of ``make template``."""
    # Read first in any case: what must not be read is refused here, before another library opens it.
    plain = all_sheets(path, language)
    tables: dict[str, list[RawRow]] = {}
    remarks: list[Remark] = []
    if ours := is_template(plain):
        found, remarks, plain = read_book(plain, language, path.parent.name, path)
        tables = {table: list(rows) for table, rows in found.items()}
    for grid in plain:
        more, noted = _read_sheet(grid, language)
        remarks += noted
        for table, rows in more.items():
            tables.setdefault(table, []).extend(rows)
    return tables, remarks, ours


def _read_sheet(stored: Grid, language: str) -> Found:
    """Rows of a sheet, and remarks that tell whatever of it is no row."""
    if (
        code := "hidden-sheet"
        if stored.hidden
        else f"{stored.kind}-sheet"
        if stored.kind
        else "empty-sheet"
        if not (stored.rows or stored.far or stored.unseen or stored.notes or stored.boxes)
        else ""
    ):
        return {}, [Remark(stored.file, stored.sheet, 0, code, stored.sheet)]
    grid, noted = _unicode(stored), []
    if grid is not stored:
        noted.append(Remark(grid.file, grid.sheet, grid.rows[0].number, "old-font", ""))
    seen = visible(grid)
    if not seen.rows:
        return {}, [*noted, *remarks_of(grid)]
    if table := _raw_table(seen):
        told = remarks_of(grid, table)
        rows, more = _of_whom(grid, told, list(rows_of(grid, table, language)))
        return {table: rows}, [*noted, *told, *more]
    if facts := form_facts(seen, ""):
        return {}, [*noted, Remark(grid.file, grid.sheet, 0, "village-place", facts.village)]
    noted += remarks_of(grid)
    known = forms()
    if (start := list_of_persons(seen)) >= 0:
        noted = [_unquoted(remark) for remark in noted]
        end = next_form(seen, start + 1, known)
        beside = seen._replace(rows=(*seen.rows[:start], *seen.rows[end:]))
        if not beside.rows or (found := read_form(beside, known)) is None:
            found, start, end = ({}, []), 0, len(seen.rows)
        counted = Remark(grid.file, grid.sheet, seen.rows[start].number, "household-list", str(end - start - 1))
        return found[0], [*noted, *found[1], counted]
    tables, more = _form(seen, known)
    return tables, [*noted, *more]


def _unquoted(remark: Remark) -> Remark:
    """The remark on a sheet that lists persons without what it quotes: only its place is told."""
    return remark._replace(text=remark.text.partition("«")[0].strip() or "…") if "«" in remark.text else remark


def _of_whom(grid: Grid, told: Sequence[Remark], rows: list[RawRow]) -> tuple[list[RawRow], list[Remark]]:
    """The rows of a raw table under a title: another commune's are refused, and those of one village are that village's."""
    titles = [remark.text for remark in told if remark.code == "note-row"]
    other, villages = whose(titles, grid.sheet, "".join(grid.file.split("/")[1:2]))
    if other:
        return [row._replace(fault=row.fault or ("", "other-commune")) for row in rows], []
    if not villages:
        return rows, []
    place = [{**row.cells, "village": row.cells.get("village") or villages[0]} for row in rows]
    named = Remark(grid.file, grid.sheet, 0, "village-sheet", ", ".join(villages))
    return [row._replace(cells=cells) for row, cells in zip(rows, place, strict=True)], [named]


def _form(grid: Grid, known: Sequence[Form]) -> Found:
    if (found := read_form(grid, known)) is not None:
        return found
    return {}, [Remark(grid.file, grid.sheet, grid.rows[0].number, "unread-sheet", why_unread(grid, known))]


def _raw_table(grid: Grid) -> str:
    """The raw table that the sheet is, by its name or by a heading that has its required columns."""
    name = slug(grid.sheet)
    if name in schema.TABLES and any(known_columns(row.cells, name) > 1 for row in grid.rows[:20]):
        return name
    whole = [n for n, spec in schema.TABLES.items() if len(spec.required) > 1 and is_table(grid, n)]
    if whole == ["results", "plan"]:  # the same columns, told apart by the kinds of their rows
        kinds = {cell.strip() for row in grid.rows for cell in row.cells}
        whole = [table for table in whole if kinds & {*schema.KINDS[table]} - {"split", "other"}]
    return whole[0] if len(whole) == 1 else ""


def _unicode(grid: Grid) -> Grid:
    """The grid with text in old fonts as Unicode; the same grid where there is none."""
    read = old_font("\n".join(c for row in grid.rows[:2000] for c in row.cells if not c.isascii()))
    change = read or from_old_font
    if read is None and all(change(c) == c for row in grid.rows for c in row.cells if not c.isascii()):
        return grid
    rows = tuple(
        row._replace(cells=tuple(c if c.isascii() else clean_text(change(c)) for c in row.cells)) for row in grid.rows
    )
    return grid._replace(rows=rows)
