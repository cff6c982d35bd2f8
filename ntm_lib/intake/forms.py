"""Forms that officials already have, read by a layout (``data/raw/layouts/forms.yml``), not re-typed.

A layout says by which headings a form is known and what its columns are. Merged and stacked
headings, units in headings, group rows (``A``, ``I``, ``-``), totals and footnotes are understood;
what is no value is noted, never lost.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

import yaml

from ntm_lib import paths
from ntm_lib.intake.names import clean_text, slug
from ntm_lib.intake.raw import RawRow, Remark
from ntm_lib.intake.readers import Grid, Row
from ntm_lib.intake.units import read_unit

_HEADING_ROWS = 4  # of a stacked heading
_SEARCHED = 40  # rows in which a heading may begin
_PERSONAL = re.compile(r"họ (?:và )?tên|chủ hộ|cccd|cmnd|căn cước|số điện thoại|ngày sinh|năm sinh", re.IGNORECASE)
_COLUMN_NUMBERS = re.compile(r"\(?(?:\d{1,2}|[A-Z])\)?(?:\s*=.*)?")
_UNIT_LINE = re.compile(r"(?:đơn vị(?: tính)?|đvt)\s*[:：]\s*(?P<unit>[^()\n]+)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\((?P<unit>[^()]+)\)")
_YEAR = re.compile(r"năm\s+(?P<year>20\d\d)", re.IGNORECASE)
_NOT_THE_YEAR = re.compile(r"năm trước|cùng kỳ|\b\d{1,2} tháng|\bquý\b", re.IGNORECASE)
_END = re.compile(r"^(?:người lập|tm\.|ghi chú|nơi nhận|\*|\(\*\)|chú thích)", re.IGNORECASE)
_BARE = re.compile(r"[-−]?[\d.,]+")
_CODE = re.compile(r"(?P<criterion>\d{1,2})(?:\.(?P<second>\d{1,2}))?\.?")


class Emit(NamedTuple):
    """A raw row that a row of the form gives where the role ``value`` is filled. ``cells``: raw column → role, $name or 'literal'."""

    table: str
    value: str
    cells: Mapping[str, str]


class Form(NamedTuple):
    """One layout. ``headings``: role → patterns of its heading; ``needs``: roles without which it is another form."""

    name: str
    headings: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    totals: str
    emits: tuple[Emit, ...]


class Table(NamedTuple):
    """Where the form's table lies in a sheet: role → column, role → unit from its heading, year, first row of data."""

    columns: Mapping[str, int]
    units: Mapping[str, str]
    years: Mapping[str, str]
    first: int


def forms() -> tuple[Form, ...]:
    """The layouts, in the order in which they are tried."""
    return _forms(paths.raw() / "layouts" / "forms.yml")


@cache
def _forms(path) -> tuple[Form, ...]:
    if not path.is_file():
        return ()
    return tuple(
        Form(
            entry["name"], {role: tuple(patterns) for role, patterns in entry["headings"].items()}, tuple(entry["needs"]),
            entry.get("totals", r"^(?:tổng cộng|tổng số|cộng)\b"), tuple(Emit(e["table"], e["value"], e["cells"]) for e in entry["emits"]),
        )
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["forms"]
    )  # fmt: skip


def is_household_list(grid: Grid) -> bool:
    """Whether a sheet lists people: such a sheet is counted, never read."""
    return any(_PERSONAL.search(clean_text(cell)) and len(cell) < 40 for row in grid.rows[:15] for cell in row.cells)


def read_form(grid: Grid, form: Form) -> tuple[dict[str, list[RawRow]], list[Remark]] | None:
    """Raw rows by table, and remarks; None where the sheet is not this form."""
    table = _find_table(grid, form)
    if table is None:
        return None
    tables: dict[str, list[RawRow]] = {}
    remarks = [_remark(grid, row, "note-row") for row in grid.rows[: table.first]]
    place: dict[str, str] = {}
    for row in grid.rows[table.first :]:
        kind = _kind(row, table, form)
        if kind != "value":
            place = _context(row, table, place) if kind == "group-row" else place
            remarks.append(_remark(grid, row, kind))
            continue
        here = _context(row, table, place)
        for emit in form.emits:
            if _text(row, table, emit.value):
                tables.setdefault(emit.table, []).append(_raw_row(grid, row, table, emit, here))
        place = here if here.get("indicator") else place
    return tables, remarks


def _find_table(grid: Grid, form: Form) -> Table | None:
    """The heading is the lowest run of rows in which every needed role has a column, so that it takes in no title."""
    for height in range(1, _HEADING_ROWS + 1):
        for start in range(min(len(grid.rows), _SEARCHED)):
            block = grid.rows[start : start + height]
            headings = _headings(grid, block)
            columns = _columns(headings, form)
            if len(block) == height and set(form.needs) <= set(columns):
                return _table(grid, form, start, height, headings, columns)
    return None


def _table(grid: Grid, form: Form, start: int, height: int, headings: Mapping[int, str], columns: Mapping[str, int]) -> Table:
    # A heading stacked higher than it had to be to be known: take the rows that only go on naming columns.
    taller = _headings(grid, grid.rows[start : start + height + 1])
    while height < _HEADING_ROWS and start + height < len(grid.rows) and _goes_on(grid, start + height, columns) and len(_columns(taller, form)) >= len(columns):
        height, headings, columns = height + 1, taller, _columns(taller, form)
        taller = _headings(grid, grid.rows[start : start + height + 1])
    first = start + height
    while first < len(grid.rows) and _is_numbering(grid.rows[first]):
        first += 1
    above = " ".join(c for row in grid.rows[:first] for c in row.cells)
    general = _UNIT_LINE.search(above)
    units = {role: _unit_of(headings[i]) or (general["unit"].strip() if general else "") for role, i in columns.items()}
    title = _YEAR.search(above)
    years = {role: _year_of(headings[i], title["year"] if title else "") for role, i in columns.items()}
    return Table(columns, units, years, first)


def _headings(grid: Grid, block: Iterable[Row]) -> dict[int, str]:
    """Column → its heading: the texts above it, joined, with those of merged cells repeated."""
    texts: dict[int, list[str]] = {}
    for row in block:
        cells = {i: clean_text(c) for i, c in enumerate(row.cells) if c.strip()}
        for top, left, bottom, right in grid.merged:
            if top <= row.number <= bottom and left in cells and top == row.number:
                cells |= {i: cells[left] for i in range(left, right + 1)}
        for i, text in cells.items():
            if text not in texts.setdefault(i, []):
                texts[i].append(text)
    return {i: " ".join(parts) for i, parts in texts.items()}


def _columns(headings: Mapping[int, str], form: Form) -> dict[str, int]:
    columns: dict[str, int] = {}
    for role, patterns in form.headings.items():
        found = [i for i, text in headings.items() if any(re.search(p, text.lower()) for p in patterns) and i not in columns.values()]
        if found:
            columns[role] = found[0]
    return columns


def _goes_on(grid: Grid, index: int, columns: Mapping[str, int]) -> bool:
    """Whether the row still belongs to the heading: a cell merged from above covers it."""
    number = grid.rows[index].number
    return any(top < number <= bottom and left in columns.values() for top, left, bottom, _ in grid.merged)


def _is_numbering(row: Row) -> bool:
    """The row under the heading that numbers the columns: A, B, 1, 2, 3=2/1."""
    cells = [c.strip() for c in row.cells if c.strip()]
    return len(cells) > 2 and all(_COLUMN_NUMBERS.fullmatch(c) for c in cells)


def _year_of(heading: str, general: str) -> str:
    """The year that a column speaks of; none where it is the year before, or only a part of one."""
    if _NOT_THE_YEAR.search(heading):
        return ""
    found = _YEAR.search(heading)
    return found["year"] if found else general


def _unit_of(heading: str) -> str:
    for found in _IN_BRACKETS.finditer(heading):
        if read_unit(found["unit"]).kind in ("measure", "count"):
            return found["unit"]
    return ""


def _kind(row: Row, table: Table, form: Form) -> str:
    """value, or why the row is none: group-row, total-row, note-row."""
    name, first = _text(row, table, "name"), next((c.strip() for c in row.cells if c.strip()), "")
    if re.search(form.totals, (name or first).lower()):
        return "total-row"
    if _END.search(first) or _END.search(name):
        return "note-row"
    if not any(_text(row, table, emit.value) or _column(table, emit.value) in row.faults for emit in form.emits):
        return "group-row" if name else "note-row"
    return "value"


def _context(row: Row, table: Table, before: Mapping[str, str]) -> dict[str, str]:
    """Criterion, indicator and group that a row stands under, from its number and name."""
    code, name = _text(row, table, "code"), _text(row, table, "name")
    found = _CODE.fullmatch(_as_code(code, before, _column(table, "code") in row.numbers))
    if found and found["second"]:
        return {"criterion": found["criterion"], "indicator": f"{found['criterion']}.{found['second']}", "group": name}
    if found:
        return {"criterion": found["criterion"], "group": name}
    if re.fullmatch(r"[a-zđ]\)?", code) and before.get("indicator"):
        return {**before, "part": code[0]}
    return {**before, "group": before.get("group", "")} if code.startswith(("-", "+")) or name.startswith(("-", "+")) else {"group": name}


def _as_code(code: str, before: Mapping[str, str], is_number: bool) -> str:
    """``17.10`` stored as the number 17,1 comes after 17.9."""
    code = code.replace(",", ".")
    if is_number and code.endswith(".1") and before.get("indicator") == code[:-1] + "9":
        return code + "0"
    return code


def _raw_row(grid: Grid, row: Row, table: Table, emit: Emit, place: Mapping[str, str]) -> RawRow:
    cells = {column: _cell(term, row, table, emit, place) for column, term in emit.cells.items()}
    # A row of the form may give several raw rows: the role tells their ids apart.
    cells["id"] = f"{slug(grid.file.rpartition('/')[2])}-{slug(grid.sheet)}-{row.number}-{emit.value}"
    fault = row.faults.get(_column(table, emit.value))
    column = next(c for c, term in emit.cells.items() if term == emit.value)
    return RawRow(grid.file, grid.sheet, row.number, cells, (column, fault) if fault else None)


def _cell(term: str, row: Row, table: Table, emit: Emit, place: Mapping[str, str]) -> str:
    if term.startswith("'"):
        return term.strip("'")
    if term == "$year":
        return table.years.get(emit.value, "")
    if term.startswith("$"):
        return place.get(term[1:], "")
    text = _text(row, table, term).lstrip("-+ ") if term == "name" else _text(row, table, term)
    if term != emit.value:
        return text
    unit = _text(row, table, "unit") or table.units.get(term, "")
    return f"{text} {unit}" if unit and _BARE.fullmatch(text) else text


def _text(row: Row, table: Table, role: str) -> str:
    index = _column(table, role)
    return clean_text(row.cells[index]) if 0 <= index < len(row.cells) else ""


def _column(table: Table, role: str) -> int:
    return table.columns.get(role, -1)


def _remark(grid: Grid, row: Row, code: str) -> Remark:
    return Remark(grid.file, grid.sheet, row.number, code, next((c for c in row.cells if c.strip()), "")[:60])


