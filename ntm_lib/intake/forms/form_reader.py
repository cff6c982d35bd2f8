"""Forms that officials already have, read by a layout (``data/raw/layouts/forms.yml``), not re-typed.

A layout says by which headings a form is known and what its columns are. Several tables in a sheet, stacked headings,
group rows, totals and footnotes are understood; what is no value is noted, never lost.
"""

import re
from collections.abc import Iterable, Sequence

from ntm_lib.intake.files.readers import Grid, Row, letters
from ntm_lib.intake.forms.form_heading import (
    Column,
    Table,
    find_blocks,
    is_heading_like,
    missing_columns,
    read_table,
    same_unit,
)
from ntm_lib.intake.forms.form_layout import Emit, Form, Names, Sheet, forms, names_of, sheet_of, text_at
from ntm_lib.intake.forms.form_rows import (
    MARKS,
    Place,
    Value,
    is_signature,
    kind_of,
    place_of,
    sums_what_follows,
    values_of,
    with_unit,
)
from ntm_lib.intake.forms.form_title import is_part_of_year
from ntm_lib.intake.schema import MONEY, OBSERVED, RawRow, Remark
from ntm_lib.text.lexicon import MISSING
from ntm_lib.text.names import slug
from ntm_lib.text.numbers import UNREADABLE, parse

__all__ = ["Form", "forms", "read_form", "why_unread"]

_AMOUNT = re.compile(r"[-−]?\d[\d.,\s]*")
_STATUSES = ("met", "unmet", "not-applicable")


def why_unread(grid: Grid, known: Sequence[Form]) -> str:
    """The first words of a sheet that no layout fits, and what it lacks of the layout that comes nearest, in the words of the forms."""
    near = missing_columns(sheet_of(grid), known)
    row, lacking = (
        (near[0], f" (gần với mẫu «{near[1].name}» nhưng không thấy cột «{'», «'.join(near[2])}»)")
        if near
        else (grid.rows[0], "")
    )
    return " | ".join(c for c in row.cells if c)[:80] + lacking


def read_form(grid: Grid, known: Sequence[Form]) -> tuple[dict[str, list[RawRow]], list[Remark]] | None:
    """Raw rows by table, and remarks; None where no table of the sheet is one of the ``known`` forms."""
    sheet = sheet_of(grid)
    blocks = find_blocks(sheet, known)
    if not blocks:
        return None
    tables: dict[str, list[RawRow]] = {}
    remarks: list[Remark] = []
    before: Table | None = None
    top = 0
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        end = following.start if following else len(sheet.rows)
        table = read_table(sheet, block, top, end, before.title if before else None)
        data, rest = _parted(table)
        title = _title_rows(rest) if following else 0
        before = table._replace(rows=_filled_down(sheet, table, data))
        remarks += [_remark(sheet, row, "note-row") for row in table.above]
        for name, rows in _read_rows(sheet, before, remarks).items():
            tables.setdefault(name, []).extend(rows)
        remarks += [*_of_columns(sheet, before if data else table), *_below(sheet, before, rest[: len(rest) - title])]
        top = end - title
    return tables, remarks


def next_form(grid: Grid, start: int, known: Sequence[Form]) -> int:
    """Where the next form begins in a sheet, with its title, from row ``start`` of the grid on; the end where there is none."""
    rows = grid.rows[start:]
    blocks = find_blocks(sheet_of(grid._replace(rows=rows)), known)
    return start + blocks[0].start - _title_rows(rows[: blocks[0].start]) if blocks else len(grid.rows)


def _filled_down(sheet: Sheet, table: Table, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with what is merged down over several of them in each: unit, place and day are said once for all."""
    columns = [c.index for c in table.columns if c.role in ("unit", "place", "deadline")]
    above: dict[int, str] = {}
    filled = []
    for row in rows:
        cells = list(row.cells) + [""] * (max(columns, default=0) + 1 - len(row.cells))
        for i in columns:
            if not cells[i].strip() and sheet.covered(row.number, i):
                cells[i] = above.get(i, "")
            above[i] = cells[i]
        filled.append(row._replace(cells=tuple(cells)))
    return tuple(filled)


def _title_rows(rows: Sequence[Row]) -> int:
    """How many rows above the next heading are its title: lines of one or two cells without a number."""
    lines = [len([c for c in row.cells if c.strip()]) < 3 and not row.numbers for row in reversed(rows)]
    return lines.index(False) if False in lines else len(lines)


def _parted(table: Table) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The rows of the table, and what stands below it: a table nobody knows, or the title of the next."""
    rows = table.rows
    for i, row in enumerate(rows):
        gap = i > 0 and row.number > rows[i - 1].number + 1
        if (
            i
            and is_heading_like(row, table.form)
            and (gap or kind_of(rows[i - 1], table) != "value" or text_at(row, table.column("code")))
        ):
            while (
                i
                and kind_of(rows[i - 1], table) in ("note-row", "group-row")
                and rows[i - 1].number + 1 == rows[i].number
                and len([c for c in rows[i - 1].cells if c.strip()]) == 1
            ):
                i -= 1
            return rows[:i], rows[i:]
    rows, signed = _unsigned(rows)
    last = max((i for i, row in enumerate(rows) if kind_of(row, table) in ("value", "total-row")), default=-1)
    return rows[: last + 1], rows[last + 1 :] + signed


def _unsigned(rows: Sequence[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The rows above those who sign, and theirs: from «Người lập biểu» on, where no figure follows."""
    for i, row in enumerate(rows):
        if is_signature(row) and not any(re.search(r"\d", cell) for later in rows[i + 1 :] for cell in later.cells):
            return tuple(rows[:i]), tuple(rows[i:])
    return tuple(rows), ()


def _read_rows(sheet: Sheet, table: Table, remarks: list[Remark]) -> dict[str, list[RawRow]]:
    found: dict[str, list[RawRow]] = {}
    place, differing = Place(), []
    year = next((c.year for c in table.columns if c.role in table.form.many and c.year), "") or next(
        iter(sorted(table.title.results or table.title.plans)), ""
    )
    rule_set, names = names_of(table.title.sort, year) if table.form.is_of_criteria else ("", Names({}, ()))
    whole = ""  # id of the work of which the rows below may be parts
    for index, row in enumerate(table.rows):
        kind = kind_of(row, table)
        if kind == "value" and not table.form.is_of_criteria and sums_what_follows(table.rows, index, table):
            kind = "total-row"
        here = place_of(row, table, place, names)
        if kind != "value":
            # A group of a table of criteria may be a criterion; what is no row of the table changes nothing.
            place, whole = here if kind == "group-row" else place, ""
            remarks.append(_remark(sheet, row, kind))
            continue
        rows: dict[str, list[RawRow]] = {}
        for emit in table.form.emits:
            count_unit = names.count_unit(here.indicator, here.part)
            values = (
                values_of(row, table, emit.value, count_unit)
                if emit.value in table.form.many
                else _single(row, table, emit.value)
            )
            rows.setdefault(emit.table, []).extend(
                _raw_row(
                    sheet,
                    row,
                    table,
                    emit,
                    value,
                    _placed(sheet, row, table, value, here, names),
                    rule_set,
                    len(values) > 1,
                )
                for value in values
            )
        if here.is_split and whole:
            rows = {name: [_of_whole(one, whole) for one in raw] for name, raw in rows.items()}
        elif not here.is_split:
            whole = next((one.cells["id"] for raw in rows.values() for one in raw), "")
        for name, raw in _once(rows, here).items():
            found.setdefault(name, []).extend(raw)
        if not any(rows.values()):  # «…», or figures only in columns that are told and not read
            remarks.append(_remark(sheet, row, "group-row"))
        differing += [row] if _differs(row, table) else []
        place = here if not here.is_split else place
    remarks += [_remark(sheet, row, "appraisal-differs") for row in differing]
    return found


def _of_whole(raw: RawRow, whole: str) -> RawRow:
    return raw._replace(cells={**raw.cells, "part_of": whole}) if "part_of" in raw.cells else raw


def _once(rows: dict[str, list[RawRow]], here: Place) -> dict[str, list[RawRow]]:
    """The raw rows of a row of the form; one that cannot be placed is refused once, not for each of its figures."""
    name = next((name for name, raw in rows.items() if raw), "")
    return {name: rows[name][:1]} if here.fault and name else rows


def _single(row: Row, table: Table, role: str) -> list[Value]:
    column = next(iter(table.of(role)), None)
    if column is None or not (text_at(row, column.index) or column.index in row.faults):
        return []
    text, fault = with_unit(row, table, column)
    return [Value(column, text, fault=row.faults.get(column.index, fault))]


def _placed(sheet: Sheet, row: Row, table: Table, value: Value, here: Place, names: Names) -> Place:
    """The place of one value of the row: a mark merged over all rows of a criterion is the criterion's; a number is an indicator's."""
    if not table.form.is_of_criteria or here.fault or value.fault:
        return here
    is_status = _is_status(value)
    if merged := sheet.merged_down(row.number, value.column.index):
        of_criterion = is_status and here.criterion and sheet.merged_down(row.number, table.column("code")) == merged
        return (
            Place(here.criterion, item=text_at(row, table.column("criterion")))
            if of_criterion
            else here._replace(fault="merged-value")
        )
    if here.indicator or is_status:
        return here
    indicator = names.only_indicator(here.criterion)
    return here._replace(indicator=indicator, fault="" if indicator or not names.entries else "no-indicator")


def _is_status(value: Value) -> bool:
    return value.column.sort in MARKS or parse(value.text).value in _STATUSES


def _raw_row(
    sheet: Sheet, row: Row, table: Table, emit: Emit, value: Value, place: Place, rule_set: str, several: bool
) -> RawRow:
    cells = {column: _cell(term, row, table, emit, value, place, rule_set) for column, term in emit.cells.items()}
    if "note" in cells and value.note:
        cells["note"] = "; ".join(filter(None, (cells["note"], value.note)))
    # A row of the form may give several raw rows: role and column tell their ids apart.
    cells["id"] = f"{slug(sheet.file.rpartition('/')[2])}-{slug(sheet.name)}-{row.number}-{emit.value}" + (
        f"-{value.column.index + 1}" if several else ""
    )
    fault = _fault(row, table, emit, value, place)
    if not fault:
        return RawRow(sheet.file, sheet.name, row.number, cells)
    column, code = fault
    cells[column.heading] = text_at(row, column.index) or value.text
    return RawRow(sheet.file, sheet.name, row.number, cells, (column.heading, code))


def _fault(row: Row, table: Table, emit: Emit, value: Value, place: Place) -> tuple[Column, str] | None:
    """The column of the form that is to blame, and the code of why the row cannot be used."""
    if value.fault:
        return value.column, value.fault
    if place.fault:
        roles = (
            ("code", "name", "criterion")
            if place.fault in ("number-as-code", "two-codes", "code-against-name")
            else ("name", "criterion", "code")
        )
        telling = (
            c for role in roles for c in table.of(role) if place.fault != "merged-value" and text_at(row, c.index)
        )
        return next(telling, value.column), place.fault
    if "$year" in emit.cells.values() and not value.column.year:
        return value.column, "two-years" if len(table.title.years(value.column.role)) > 1 else "no-year"
    if len(table.title.villages) > 1:
        return value.column, "two-villages"
    if table.title.other_place:
        return value.column, "other-commune"
    if (
        emit.table != "plan"
        and OBSERVED[emit.table].reading == "strict"
        and (doubt := parse(value.text).doubt) in UNREADABLE
    ):
        return value.column, doubt  # as the reader of rows would say, by the heading of the form
    for column in (c for term in emit.cells.values() for c in table.of(term)):
        bad = row.faults.get(column.index) or (column.role in table.form.money and _bad_money(row, table, column))
        if bad:
            return column, bad
    return None


def _bad_money(row: Row, table: Table, column: Column) -> str:
    """Why an amount cannot be used: two units, or none where the money beside it is in another unit than million đồng."""
    text, fault = with_unit(row, table, column)
    bare = not column.unit and _AMOUNT.fullmatch(text)
    return fault or ("no-money-unit" if bare and _is_beside_another_unit(table) else "")


def _is_beside_another_unit(table: Table) -> bool:
    """Whether a column of money is in another unit than million đồng, so that what a bare amount beside it is cannot be told."""
    return any(c.unit and not same_unit(c.unit, MONEY) for c in table.columns if c.role in table.form.money)


def _cell(term: str, row: Row, table: Table, emit: Emit, value: Value, place: Place, rule_set: str) -> str:
    if term.startswith("'"):
        return term.strip("'")
    if term == emit.value:
        return value.text
    if term.startswith("$"):
        kind = (
            "target"
            if emit.table == "plan"
            else "declared"
            if emit.value == "self" and _is_status(value)
            else "measured"
        )
        told = {
            "year": value.column.year, "criterion": place.criterion, "indicator": place.indicator, "part": place.part,
            "village": "; ".join(table.title.villages[:1]), "rule_set": rule_set, "kind": "split" if place.is_split else kind, "whole": "",
        }  # fmt: skip
        return told[term[1:]]
    if term == "name":
        return place.item
    column = next(iter(table.of(term)), None)
    return with_unit(row, table, column)[0] if column and term in table.form.money else text_at(row, table.column(term))


def _differs(row: Row, table: Table) -> bool:
    """Whether another office's mark or figure is not the commune's."""
    others = [text_at(row, c.index) for c in table.of("appraised")]
    own = [text_at(row, c.index).casefold() for role in ("self", "done") for c in table.of(role)]
    return any(text and text.casefold() not in MISSING and text.casefold() not in own for text in others)


def _of_columns(sheet: Sheet, table: Table) -> list[Remark]:
    """What of the table's columns was not read, or not as its title says."""

    def filled(columns: Iterable[Column]) -> list[Column]:
        return [c for c in columns if any(text_at(row, c.index) for row in table.rows)]

    valued = {emit.value for emit in table.form.emits}
    unread = {
        "derived-column": filled(c for c in table.columns if c.role in table.form.unread - {"appraised", "required"}),
        "appraisal-column": filled(table.of("appraised")),
        "part-year-column": filled(c for c in table.columns if c.role in valued and c.period == "part"),
        "doubled-column": filled(table.doubled),
        "unread-column": filled(table.odd),
        "money-assumed": [c for c in table.columns if _is_assumed(table, c)],
    }
    first = table.above[-1].number
    remarks = [
        Remark(sheet.file, sheet.name, first, code, _named(columns)) for code, columns in unread.items() if columns
    ]
    if table.units:
        remarks.append(Remark(sheet.file, sheet.name, first, "two-units", "; ".join(table.units)))
    if table.title.villages:
        remarks.append(Remark(sheet.file, sheet.name, first, "village-sheet", ", ".join(table.title.villages)))
    if len(table.title.years("done")) > 1 and any(c.role in valued and not c.year for c in table.columns):
        remarks.append(Remark(sheet.file, sheet.name, first, "two-years", ", ".join(sorted(table.title.years("done")))))
    return remarks


def _is_assumed(table: Table, column: Column) -> bool:
    """Whether amounts of the column are read as million đồng only because nothing says what they are."""
    read = {term for emit in table.form.emits for term in emit.cells.values()}
    return (
        column.role in table.form.money & read
        and not column.unit
        and not _is_beside_another_unit(table)
        and any(_AMOUNT.fullmatch(text_at(row, column.index)) for row in table.rows)
    )


def _named(columns: Iterable[Column]) -> str:
    return ", ".join(f"«{c.heading}»" if c.path else letters(c.index) for c in columns)


def _below(sheet: Sheet, table: Table, rows: Sequence[Row]) -> list[Remark]:
    """Rows below the last known table: a table of its own is named, notes and signatures are noted."""
    heading = next((i for i, row in enumerate(rows) if is_heading_like(row, table.form)), len(rows))
    remarks = [_remark(sheet, row, _kind_below(row, table)) for row in rows[:heading]]
    if heading < len(rows):
        text = " | ".join(c for c in rows[heading].cells if c.strip())[:80]
        remarks.append(Remark(sheet.file, sheet.name, rows[heading].number, "unread-table", text))
    return remarks


def _kind_below(row: Row, table: Table) -> str:
    """What a row below a table is: a note may say that the figures above are no counts of the whole year."""
    text = " ".join(cell for cell in row.cells if cell.strip()).lower()
    if re.search(r"số liệu|kết quả|các số|bảng", text) and (
        table.form.periods["estimate"].search(text) or is_part_of_year(text, table.form)
    ):
        return "note-period"
    kind = kind_of(row, table)
    return kind if kind != "value" else "note-row"


def _remark(sheet: Sheet, row: Row, code: str) -> Remark:
    return Remark(sheet.file, sheet.name, row.number, code, next((c for c in row.cells if c.strip()), "")[:60])
