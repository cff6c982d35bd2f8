"""A raw table as it lies in a grid: where its heading is, what merged cells govern, what is hidden; its rows.

A heading may stand below a title, in any case of the letters, and in Vietnamese where a word can mean one column only.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from ntm_lib.errors import NtmError
from ntm_lib.intake import schema
from ntm_lib.intake.files.readers import Grid, Row, letters
from ntm_lib.intake.privacy import without_personal
from ntm_lib.intake.schema import RawRow, Remark
from ntm_lib.language import translator
from ntm_lib.problems import where as place
from ntm_lib.text.names import clean_text, slug

_SEARCHED = 20  # rows in which the heading may begin
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff \t\n\u00a0"  # what pasted text brings along and nobody sees
_TITLE_CELLS = 2  # a row with more filled cells is no title
_NO_FIGURE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d+\s*/\s*(?:\d{4}/)?[A-ZĐ]{2}[\w-]*"
    r"|(?:năm|tháng|ngày|quý|tiêu chí|chỉ tiêu|biểu|phụ lục|mục|điều|khoản|trang|dòng|cột)\s+(?:số\s+)?\d[\d./]*",
    re.IGNORECASE,
)  # numbers of days, documents and places in them
# A heading in Vietnamese (as a slug) → the column, where the table has it. Money is not here: its unit would be a guess.
_VIETNAMESE = {
    "ma": "id", "ma-dong": "id", "nam": "year", "tieu-chi": "criterion", "chi-tieu": "indicator", "ma-chi-tieu": "indicator", "phan": "part", "noi-dung": "item",
    "thon": "village", "thon-ban": "village", "ten-thon": "village", "gia-tri": "value", "ket-qua": "value", "loai": "kind", "loai-dong": "kind",
    "bo-tieu-chi": "rule_set", "nam-goc": "base_year", "dia-diem": "place", "khoi-luong": "quantity", "nguon-von": "source", "don-vi-thi-cong": "builder",
    "thoi-han": "deadline", "trang-thai": "state", "ten-nguon": "name", "so-ho": "households", "van-ban": "document", "muc": "section",
    "trich-dan": "quote", "ghi-chu": "note", "ten-van-ban": "title", "co-quan-ban-hanh": "issuer", "ngay": "date", "dia-chi": "address",
}  # fmt: skip


def known_columns(cells: Iterable[str], table: str) -> int:
    """How many of the cells are headings of the raw table."""
    columns = schema.TABLES[table].columns
    return len({name for cell in cells if (name := _column(cell, columns)) in columns})


def is_table(grid: Grid, table: str) -> bool:
    """Whether the sheet has a heading with every column that the raw table must have, and none that it has not."""
    row, spec = _heading_row(grid, table), schema.TABLES[table]
    names = {_column(cell, spec.columns) for i, cell in enumerate(row.cells) if i not in grid.hidden_columns} - {""}
    return set(spec.required) <= names <= set(spec.columns)


def rows_of(grid: Grid, table: str, language: str = "vi") -> Iterator[RawRow]:
    """The rows below the heading as rows of ``table``. Raises NtmError that lists what is unknown, missing or twice in the heading."""
    heading = _heading_row(grid, table)
    columns = _heading(grid, heading, table, language)
    width = len(heading.cells) if not grid.sheet else 0  # a workbook leaves out empty cells at the end
    for spread in _spread(grid, columns, table):
        row = _without_columns(spread, grid.hidden_columns)
        if row.number > heading.number and not row.hidden:
            cells = {name: _cell(row, i, name) for name, i in columns.items()}
            yield RawRow(grid.file, grid.sheet, row.number, cells, _fault(row, columns, width))


def remarks_of(grid: Grid, table: str = "") -> list[Remark]:
    """What of the grid is no row of ``table`` (of a form, where empty): titles above its heading, hidden rows and columns, cells too far right."""
    above = _heading_row(grid, table).number if table else 0
    noted = [_remark(grid, row.number, "note-row", row) for row in grid.rows if row.number < above and not row.hidden]
    noted += [_remark(grid, row.number, "hidden-row", row) for row in grid.rows if row.hidden]
    noted += [Remark(grid.file, grid.sheet, number, "unread-cell", address) for number, address in grid.far]
    noted += unseen_of(grid)
    for index in sorted(grid.hidden_columns):
        filled = next((row for row in grid.rows if index < len(row.cells) and row.cells[index].strip()), None)
        if filled:
            noted.append(
                Remark(
                    grid.file,
                    grid.sheet,
                    0,
                    "hidden-column",
                    f"{letters(index)} «{clean_text(filled.cells[index])[:40]}»",
                )
            )
    return noted


def unseen_of(grid: Grid, own: Callable[[str], bool] = lambda note: False) -> list[Remark]:
    """What a reader of the sheet does not see in its cells: text in the colour of its background, and comments, but for those of our ``own``."""
    noted = [Remark(grid.file, grid.sheet, number, "unseen-cell", text) for number, text in grid.unseen]
    for number, address, note in grid.notes:
        if not own(note):
            code = "cell-note/number" if re.search(r"\d", _NO_FIGURE.sub(" ", note)) else "cell-note"
            noted.append(Remark(grid.file, grid.sheet, number, code, f"{address} «{clean_text(note)[:80]}»"))
    for text in grid.boxes:
        code = "text-box/number" if re.search(r"\d", _NO_FIGURE.sub(" ", text)) else "text-box"
        noted.append(Remark(grid.file, grid.sheet, 0, code, f"«{clean_text(text)[:80]}»"))
    return noted


def visible(grid: Grid) -> Grid:
    """The grid without what is hidden: rows left out, cells of hidden columns empty. (A merged cell shows as long as a part of it does.)"""
    if not grid.hidden_columns and not any(row.hidden for row in grid.rows):
        return grid
    rows = (_without_columns(row, grid.hidden_columns) for row in grid.rows if not row.hidden)
    return grid._replace(rows=tuple(row for row in rows if any(c.strip() for c in row.cells) or row.faults))


def _without_columns(row: Row, hidden: frozenset[int]) -> Row:
    if not hidden:
        return row
    cells = tuple("" if i in hidden else c for i, c in enumerate(row.cells))
    return row._replace(cells=cells, faults={i: code for i, code in row.faults.items() if i not in hidden})


def _remark(grid: Grid, number: int, code: str, row: Row) -> Remark:
    return Remark(grid.file, grid.sheet, number, code, next((clean_text(c) for c in row.cells if c.strip()), "")[:60])


@lru_cache(maxsize=8192)
def _column(text: str, columns: tuple[str, ...]) -> str:
    """The column that a heading names; its own words where it names none."""
    name = clean_text(text).lower()
    translated = _VIETNAMESE.get(slug(name), "") if name not in columns else name
    return translated if translated in columns else name


def _heading_row(grid: Grid, table: str) -> Row:
    """The first row that has every required column; else the row that has most columns, whose faults are then told; else the first."""
    required = set(schema.TABLES[table].required)
    searched = [row for row in grid.rows[:_SEARCHED] if not row.hidden] or list(grid.rows[:1])
    whole = [row for row in searched if required <= {_column(c, schema.TABLES[table].columns) for c in row.cells}]
    if whole:
        return whole[0]
    best = max(searched, key=lambda row: known_columns(row.cells, table))
    return best if known_columns(best.cells, table) > 1 else searched[0]


def _heading(grid: Grid, heading: Row, table: str, language: str) -> dict[str, int]:
    """Column name → its place."""
    t, spec = translator(language), schema.TABLES[table]
    _refuse_rows_above(grid, heading, language)
    # Where the heading is missing the first row of a list of persons stands in its place.
    shown = ["" if i in grid.hidden_columns else without_personal(clean_text(c)) for i, c in enumerate(heading.cells)]
    while shown and not shown[-1]:
        shown.pop()
    names = [_column(c, spec.columns) for c in shown]
    unknown = [n or "?" for i, n in enumerate(names) if n not in spec.columns and i not in grid.hidden_columns]
    hidden = {_column(c, spec.columns) for i, c in enumerate(heading.cells) if i in grid.hidden_columns}
    missing = [c for c in spec.required if c not in names]
    twice = sorted({n for n in names if names.count(n) > 1} - set(unknown) - {""})
    faults = [
        *(t("cột lạ «{name}»{hint}").format(name=n[:40], hint=_hint(n, spec.columns, language)) for n in unknown),
        *(
            (t("cột «{name}» bị ẩn, hãy cho hiện lại") if c in hidden else t("thiếu cột «{name}»")).format(name=c)
            for c in missing
        ),
        *(t("cột «{name}» có hai lần").format(name=n) for n in twice),
    ]
    if faults:
        where = place(grid.file, grid.sheet, heading.number, "", language)
        raise NtmError(
            t("{place} (tiêu đề): {faults}. Các cột được phép: {columns}. Hãy sửa dòng tiêu đề.").format(
                place=where, faults="; ".join(faults[:20]), columns=", ".join(spec.columns)
            )
        )
    return {n: i for i, n in enumerate(names) if n}


def _refuse_rows_above(grid: Grid, heading: Row, language: str) -> None:
    """A title may stand above the heading; rows of data there (a table that was sorted with its heading) would be lost."""
    above = [
        row
        for row in grid.rows
        if row.number < heading.number and not row.hidden and sum(bool(c.strip()) for c in row.cells) > _TITLE_CELLS
    ]
    if above:
        where = place(grid.file, grid.sheet, above[0].number, "", language)
        t = translator(language)
        raise NtmError(
            t(
                "{place}: dòng này nằm trên dòng tiêu đề (dòng {row}). Hãy chuyển dòng tiêu đề lên trên các dòng số liệu."
            ).format(place=where, row=heading.number)
        )


def _hint(name: str, columns: tuple[str, ...], language: str) -> str:
    near = difflib.get_close_matches(name, columns, 1)
    return translator(language)(" (có phải «{near}»?)").format(near=near[0]) if near else ""


def _spread(grid: Grid, columns: Mapping[str, int], table: str) -> Iterator[Row]:
    """The rows; what is merged downwards stands in each row that it governs. A value that is merged, or two columns in one, is a fault."""
    spec, names = schema.TABLES[table], {i: name for name, i in columns.items()}
    values = {*spec.value, *spec.numbers, "id"}
    governing: dict[
        tuple[int, int], tuple[Row, int, bool]
    ] = {}  # (row number, column) → row and column of the merged cell, whether it may govern
    rows = {row.number: row for row in grid.rows}
    for top, left, bottom, right in grid.merged:
        wide = sum(left <= i <= right for i in names) > 1
        for number in range(top, min(bottom, grid.rows[-1].number) + 1) if top in rows else ():
            for i in names:
                if left <= i <= right and (number, i) != (top, left):
                    governing[number, i] = rows[top], left, not wide and names[i] not in values
    for row in grid.rows:
        filled = row
        for i in names:
            if (row.number, i) in governing:
                filled = _governed(filled, i, *governing[row.number, i])
        yield filled


def _governed(row: Row, index: int, above: Row, left: int, may_govern: bool) -> Row:
    """The row with its cell ``index`` as the merged cell that covers it has it."""
    text = above.cells[left] if left < len(above.cells) else ""
    if not text.strip() or (index < len(row.cells) and row.cells[index].strip()):
        return row
    if not may_govern:
        return row._replace(faults={**row.faults, index: "merged-cell"})
    cells = [*row.cells, *[""] * (index + 1 - len(row.cells))]
    cells[index] = text
    numbers = row.numbers | {index} if left in above.numbers else row.numbers
    faults = row.faults | ({index: above.faults[left]} if left in above.faults else {})
    return row._replace(cells=tuple(cells), numbers=numbers, faults=faults)


def _cell(row: Row, index: int, name: str) -> str:
    text = row.cells[index].strip().strip(_UNSEEN) if index < len(row.cells) else ""
    # A workbook stores 17.8 as the number 17,8.
    return text.replace(",", ".") if name == "indicator" and index in row.numbers else text


def _fault(row: Row, columns: Mapping[str, int], width: int) -> tuple[str, str] | None:
    places, last = {i: name for name, i in columns.items()}, max(columns.values()) + 1
    for index, code in row.faults.items():
        return places.get(index, ""), code
    for index in columns.values():
        if row.kinds.get(index) == "time":
            return places[index], "day-as-value"
    if _is_ambiguous_code(row, columns.get("indicator")):
        return "indicator", "number-as-code"
    # A comma that nobody quoted («12,5» under Excel's commas) moves all that follows: an empty cell too many tells it.
    if any(c.strip() for c in row.cells[last:]) or len(row.cells) > width > 0:
        return "", "too-many-cells"
    if len(row.cells) < min(last, width):
        return "", "too-few-cells"
    return None


def _is_ambiguous_code(row: Row, index: int | None) -> bool:
    """A workbook that stores indicators as numbers writes 17.1 and 17.10 alike, and may turn 17.8 into a day."""
    return index in row.numbers and re.search(r",1$|/|:", row.cells[index]) is not None
