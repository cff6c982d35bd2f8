"""Where a form's table lies in a sheet, and what each of its columns is: role, unit, year, sort.

Headings may be stacked and merged. Nothing is decided here about a row of data.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ntm_lib.intake.files.readers import Row
from ntm_lib.intake.forms.form_layout import Form, Sheet, names_of
from ntm_lib.intake.forms.form_title import (
    YEAR,
    Title,
    is_part_of_year,
    plain_unit,
    read_title,
    said_by,
    without_documents,
)
from ntm_lib.text.names import clean_text
from ntm_lib.text.units import Unit, read_unit

_ROWS = 4  # of a stacked heading
_LONGEST = 150  # letters of a heading
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[A-Z])\)?(?:\s*=.*)?")
_UNIT_LINE = re.compile(r"\(?%\)?|\((?:[^\W\d]|[ ./²³])+\)")
_BARE_YEAR = re.compile(r"(?:năm )?20\d\d")
_BRACKETS = re.compile(r"\(([^()]+)\)")
_LABEL = re.compile(r"^(?:đvt|đơn vị(?: tính)?|tính bằng)\s*[:：]?\s*", re.IGNORECASE)
# What a lower line of a heading says where nothing is merged.
_LOWER_LINE = re.compile(
    r"^\(?(?:số\b|sl\b|(?:tỷ|tỉ) lệ|%|tổng|(?:chưa |không |đã )?đạt|không áp dụng|(?:năm )?20\d\d|kế hoạch|kh\b|thực hiện|th\b|ước|kết quả|xã\b|huyện|ghi chú|vốn|nguồn|ngân sách)",
    re.IGNORECASE,
)


class Column(NamedTuple):
    """``path``: the lines of its heading from the top. ``sort``: plain, count, share, total, or the mark it stands for.

    ``year``: empty where none can be told; ``period``: year, part (of a year) or estimate.
    """

    index: int  # type: ignore[assignment]  # of a tuple that nobody searches
    role: str
    path: tuple[str, ...]
    unit: str = ""
    year: str = ""
    sort: str = "plain"
    period: str = "year"

    @property
    def heading(self) -> str:
        return " – ".join(self.path)


class Table(NamedTuple):
    """One table of a sheet. ``rows``: of data; ``above``: title and heading; ``columns``: by role in order of the sheet.

    ``doubled``: columns left aside because another has their role, or none could be chosen; ``odd``: of no known role.
    ``units``: where the units of a column contradict one another, their words.
    """

    form: Form
    title: Title
    above: tuple[Row, ...]
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    doubled: tuple[Column, ...]
    odd: tuple[Column, ...]
    units: tuple[str, ...]

    def of(self, role: str) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role == role)

    def column(self, role: str) -> int:
        """The column of a role that only one can have; -1 where there is none."""
        return next((column.index for column in self.columns if column.role == role), -1)


class Block(NamedTuple):
    """The heading of a table: rows ``start`` to ``end`` (not included) of the sheet."""

    form: Form
    start: int
    end: int


def find_blocks(sheet: Sheet, forms: Sequence[Form]) -> list[Block]:
    """The headings of all tables of a sheet that a layout knows, from above."""
    blocks: list[Block] = []
    named = {form.name: [_needs_named(row, form) for row in sheet.rows] for form in forms}
    end = 1
    while end <= len(sheet.rows):
        lowest = blocks[-1].end if blocks else 0
        for start in range(end - 1, max(lowest, end - _ROWS) - 1, -1):
            hopeful = [
                form
                for form in forms
                if named[form.name][end - 1] and len(set().union(*named[form.name][start:end])) == len(form.needs)
            ]
            if fitting := [form for form in hopeful if _is_heading(sheet, start, end, form)]:
                blocks.append(_widened(sheet, Block(_meant(sheet, lowest, end, fitting), start, end), lowest))
                end = blocks[-1].end
                break
        end += 1
    return blocks


def _meant(sheet: Sheet, top: int, end: int, fitting: Sequence[Form]) -> Form:
    """Of several layouts that fit a heading the one of criteria, where title, heading or numbers with names say so; else the first."""
    of_criteria = next((form for form in fitting if form.is_of_criteria), None)
    if of_criteria is None or len(fitting) == 1:
        return fitting[0]
    words = " ".join(c for row in sheet.rows[top:end] for c in row.cells).lower() + sheet.name.lower()
    if "tiêu chí" in clean_text(words):
        return of_criteria
    years = sorted(YEAR.findall(without_documents(words)))
    _, names = names_of("", years[-1] if years else "")
    coded = [
        (m[1], m[2])
        for row in sheet.rows[end:]
        if (m := re.match(r"\s*(\d{1,2}[.,]\d{1,2})[.\s]+(\S.*)", clean_text(" ".join(row.cells))))
    ]
    known = [code for code, text in coded if names.names(code.replace(",", "."), text)]
    return of_criteria if len(known) * 2 > len(coded) else fitting[0]


def missing_columns(sheet: Sheet, forms: Sequence[Form]) -> tuple[Row, Form, list[str]] | None:
    """The row and the layout that come nearest to each other, and the headings that lack; None where none has half of its own."""
    best: tuple[float, Row, Form, list[str]] | None = None
    for form in forms:
        for index, row in enumerate(sheet.rows[:40]):
            columns, _ = _assigned(headings(sheet, index, index + 1), form)
            roles = {column.role for column in columns}
            lacking = [
                form.words[next(role for role in need if role in form.words)]
                for need in form.needs
                if not roles & set(need)
            ]
            share = 1 - len(lacking) / len(form.needs)
            if (
                _may_be_heading(row)
                and lacking
                and share >= 0.5
                and len(columns) > 1
                and (best is None or share > best[0])
            ):
                best = (share, row, form, lacking)
    return best[1:] if best else None


def read_table(sheet: Sheet, block: Block, top: int, end: int, before: Title | None) -> Table:
    """The table under a heading, as far as row ``end``; its title begins in row ``top``."""
    title = read_title(sheet.rows[top : block.start], sheet.name, block.form, before, sheet.file.split("/")[1:2])
    paths = headings(sheet, block.start, block.end)
    columns, doubled = _assigned(paths, block.form)
    first = block.end
    while first < end and _is_numbering(sheet.rows[first]):
        first += 1
    conflicts: list[str] = []
    described = [_of_bare_year(_described(column, columns, title, block.form, conflicts), title) for column in columns]
    unclear = [column for column in described if not column.role]
    full = _of_the_year(column for column in described if column.role)
    rows = sheet.rows[first:end]
    known = {column.index for column in (*columns, *doubled)}
    filled = sorted({i for row in rows for i, cell in enumerate(row.cells) if cell.strip() and i not in known})
    odd = (*unclear, *(Column(i, "", paths.get(i, ())) for i in filled))
    return Table(
        block.form, title, sheet.rows[top:first], rows, full, tuple(doubled), odd, tuple(dict.fromkeys(conflicts))
    )


def headings(sheet: Sheet, start: int, end: int) -> dict[int, tuple[str, ...]]:
    """Column → the lines of its heading from the top; texts of merged cells stand over all their columns."""
    block = sheet.rows[start:end]
    lines: list[dict[int, str]] = []
    for row in block:
        cells = {i: clean_text(c) for i, c in enumerate(row.cells) if c.strip()}
        for left, right, _ in sheet.wide.get(row.number, ()):
            if left in cells:
                cells |= dict.fromkeys(range(left, right + 1), cells[left])
        lines.append(cells)
    for upper, row, lower in zip(lines, block, lines[1:], strict=False):
        for i in sorted(lower):  # a heading that is not merged over its columns stands over the first of them
            if i and i not in upper and i - 1 in upper and i - 1 in lower and not sheet.covered(row.number, i):
                upper[i] = upper[i - 1]
    paths: dict[int, list[str]] = {}
    for cells in lines:
        for i, text in cells.items():
            if text not in paths.setdefault(i, []):
                paths[i].append(text)
    return {i: tuple(path) for i, path in paths.items()}


def is_heading_like(row: Row, form: Form) -> bool:
    """Whether a row inside a table is the heading of another one that no layout knows."""
    cells = [clean_text(c).lower() for c in row.cells if c.strip()]
    numbered = any(pattern.search(cell) for pattern in form.headings["code"] for cell in cells[:1])
    return len(cells) > 1 and (
        numbered
        or (
            len(cells) > 2
            and not row.numbers
            and not any(re.search(r"\d|^[-+x✓]$|đạt", c) for c in cells)
            and all(len(c) < 40 for c in cells)
        )
    )


def same_unit(one: str, other: str) -> bool:
    """Whether two written units are one, or the second only says of what («triệu đồng», «triệu đồng/người»)."""
    a, b = read_unit(one), read_unit(other)
    return a.factor == b.factor and (a.name.startswith(b.name) or b.name.startswith(a.name))


def _is_heading(sheet: Sheet, start: int, end: int, form: Form) -> bool:
    paths = headings(sheet, start, end)
    if len(paths) < 2 or any(len(line) > _LONGEST for line in paths[max(paths)]):
        return False
    columns, doubled = _assigned(paths, form)
    roles = {column.role for column in columns}
    own = [i for i, cell in enumerate(sheet.rows[start].cells) if cell.strip()]
    # A title over the table has one cell; it belongs to no heading.
    return (
        all(roles & set(need) for need in form.needs)
        and (end - start == 1 or len(own) > 1)
        and (len(columns) + len(doubled)) * 2 >= len(paths)
    )


def _needs_named(row: Row, form: Form) -> set[int]:
    """Which of the roles that a layout needs a row names: what most rows need not be looked at further for."""
    if not _may_be_heading(row):
        return set()
    cells = {clean_text(cell).lower() for cell in row.cells if cell.strip()}
    return {need for need, pattern in enumerate(form.needed) if any(pattern.search(cell) for cell in cells)}


def _may_be_heading(row: Row) -> bool:
    """Whether a row holds words and years only."""
    filled = [(i, cell.strip()) for i, cell in enumerate(row.cells) if cell.strip()]
    return bool(filled) and all(
        len(cell) <= _LONGEST and (i not in row.numbers or re.fullmatch(r"20\d\d", cell)) for i, cell in filled
    )


def _widened(sheet: Sheet, block: Block, lowest: int) -> Block:
    """The heading with the rows below that go on naming columns, and those above that stand over some of them."""
    form, start, end = block
    while end < len(sheet.rows) and end - start < _ROWS and _goes_on(sheet, start, end, form):
        end += 1
    while start > lowest and end - start < _ROWS and _stands_over(sheet, start - 1, start, form):
        start -= 1
    return Block(form, start, end)


def _goes_on(sheet: Sheet, start: int, index: int, form: Form) -> bool:
    row = sheet.rows[index]
    columns, _ = _assigned(headings(sheet, start, index), form)
    if row.number != sheet.rows[index - 1].number + 1 or not _may_be_heading(row):
        return False
    filled = {i for i, cell in enumerate(row.cells) if cell.strip()}
    names = {column.index for column in columns if column.role in ("code", "name", "criterion")}
    covered = {column.index for column in columns if sheet.covered(row.number, column.index)}
    over = [area for r in sheet.rows[start:index] for area in sheet.wide.get(r.number, ())]
    under = {
        i for left, right, bottom in over if bottom == row.number - 1 and right > left for i in range(left, right + 1)
    }
    if filled & names:
        return False
    return (
        bool(covered)
        or filled <= under
        or (bool(filled) and all(_UNIT_LINE.fullmatch(clean_text(row.cells[i])) for i in filled))
        or (len(filled) > 1 and all(_LOWER_LINE.search(clean_text(row.cells[i])) for i in filled))
    )


def _stands_over(sheet: Sheet, index: int, below: int, form: Form) -> bool:
    row, heading = sheet.rows[index], sheet.rows[below]
    filled = {i for i, cell in enumerate(row.cells) if cell.strip()}
    columns, _ = _assigned(headings(sheet, below, below + 1), form)
    names = {column.index for column in columns if column.role in ("code", "name", "criterion")}
    texts = [clean_text(row.cells[i]) for i in filled]
    wide = any(left in filled and right > left for left, right, _ in sheet.wide.get(row.number, ()))
    return (
        row.number + 1 == heading.number and bool(filled) and not filled & names and min(filled) > min(names, default=0)
        and not any(":" in text or "ngày" in text.lower() for text in texts) and (wide or all(_LOWER_LINE.search(text) for text in texts))
    )  # fmt: skip


def _is_numbering(row: Row) -> bool:
    """The row under the heading that numbers the columns: A, B, 1, 2, 3=2/1."""
    cells = [c.strip() for c in row.cells if c.strip()]
    return len(cells) > 2 and all(_NUMBERING.fullmatch(c) for c in cells)


def _assigned(paths: Mapping[int, tuple[str, ...]], form: Form) -> tuple[list[Column], list[Column]]:
    """Columns with their roles, and columns that answer to a role another column has."""
    columns: dict[int, Column] = {}
    doubled: dict[int, Column] = {}
    for role, patterns in form.headings.items():
        ranks = {
            i: rank for i, path in paths.items() if i not in columns and (rank := _rank(path, patterns)) is not None
        }
        found = [Column(i, role, paths[i]) for i in sorted(ranks)]
        chosen = found if role in form.many or role in form.unread or len(found) < 2 else _best(found, ranks, form)
        columns |= {c.index: c for c in chosen}
        doubled |= {c.index: c for c in found if c not in chosen}
    return sorted(columns.values()), [c for i, c in sorted(doubled.items()) if i not in columns]


def _best(found: Sequence[Column], ranks: Mapping[int, int], form: Form) -> list[Column]:
    """The one of several columns with a role that can have it; none where sums of money are alike and none is the total."""
    best = [c for c in found if ranks[c.index] == min(ranks.values())]
    total = [c for c in best if form.columns["total"].search(c.path[-1].lower())]
    if len(best) > 1 and best[0].role in form.money:
        return total if len(total) == 1 else []
    return best[:1]


def _rank(path: Sequence[str], patterns: Sequence[re.Pattern[str]]) -> int | None:
    """Which of the patterns the heading fits, its lowest line first, then with the lines above it."""
    for first in reversed(range(len(path))):
        text = " ".join(path[first:]).lower()
        for rank, pattern in enumerate(patterns):
            if len(text) <= _LONGEST * 2 and pattern.search(text):
                return rank
    return None


def _described(column: Column, columns: Sequence[Column], title: Title, form: Form, conflicts: list[str]) -> Column:
    """The column with its unit, year, period and sort; units that contradict one another are added to ``conflicts``."""
    path = " ".join(column.path)
    units = [
        *_units(column.path),
        *(
            unit
            for unit in title.units
            if column.role in form.many | form.money | form.units_of and _governs(unit, column.role, form)
        ),
    ]
    if any(not same_unit(units[0], other) for other in units[1:]) and column.role in form.money | form.many:
        conflicts.append(f"{column.heading}: {' / '.join(units)}")
    year, period = _time(path, column.role, title, form)
    return column._replace(unit=units[0] if units else "", year=year, period=period, sort=_sort(column, columns, form))


def _of_bare_year(column: Column, title: Title) -> Column:
    """A column whose lowest line is nothing but a year is of results or of a plan as the line above it says, else as the title does; without
    role where neither does."""
    if not _BARE_YEAR.fullmatch(column.path[-1].lower()):
        return column
    results, plans = title.periods
    says = said_by(" ".join(column.path[:-1]))
    if not says and column.year in (title.plans | plans) - title.results - results:
        says = "plans"
    elif not says and (column.year in results or (title.results and column.year <= max(title.results))):
        says = "results"
    elif not says and not (title.results or title.plans or results or plans):
        says = title.says
    return column._replace(role={"results": column.role, "plans": "planned", "": ""}[says])


def _of_the_year(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Where no title names a year and the results are of one, the commune's answers beside them are of that year too."""
    columns = tuple(columns)
    years = {column.year for column in columns if column.role == "done" and column.period != "part"}
    if len(years) != 1:
        return columns
    year = years.pop()
    return tuple(column._replace(year=column.year or year) if column.role == "self" else column for column in columns)


def _units(path: Sequence[str]) -> Iterator[str]:
    for line in reversed(path):
        bracketed = [plain_unit(_LABEL.sub("", text)) for text in _BRACKETS.findall(line)]
        words = line.split()
        last = [plain_unit(" ".join(words[-n:])) for n in (3, 2, 1) if len(words) > n] if not bracketed else []
        for text in bracketed:
            if read_unit(text).kind in ("measure", "count") and read_unit(text).name != "xã":
                yield text
        for text in last:
            unit = read_unit(text)
            if unit.kind == "measure" and unit.written == text and (unit.name in ("%",) or "đồng" in unit.name):
                yield text
                break


def _governs(unit: str, role: str, form: Form) -> bool:
    """Whether «Đơn vị tính: …» above the table is meant for the column: money for money, other units for the rest."""
    read: Unit = read_unit(unit)
    is_money = "đồng" in read.name or read.kind in ("none", "noun")
    return is_money if role in form.money else not form.money or not is_money


def _time(path: str, role: str, title: Title, form: Form) -> tuple[str, str]:
    """(year, period) of a column: its own, else those of the title."""
    text = without_documents(path)
    own, general = {m[1] for m in YEAR.finditer(text)}, title.years(role)
    period = (
        "part"
        if is_part_of_year(path, form)
        else "estimate"
        if form.periods["estimate"].search(path.lower())
        else "year"
    )
    if form.periods["last-year"].search(path.lower()) and not own:
        return (str(int(next(iter(general))) - 1) if len(general) == 1 else ""), period
    if own:
        return (own.pop() if len(own) == 1 else ""), period
    return (next(iter(general)) if len(general) == 1 else ""), "part" if title.is_part else period


def _sort(column: Column, columns: Sequence[Column], form: Form) -> str:
    leaf = column.path[-1].lower()
    if column.role not in form.many:
        return "plain"
    beside = [
        c for c in columns if c.role == column.role and c.index != column.index and c.path[:-1] == column.path[:-1]
    ]
    shared = any(form.columns["share"].search(c.path[-1].lower()) for c in beside)
    for mark in ("met", "unmet", "not-applicable"):
        if form.columns[mark].search(leaf):
            return "count" if shared and mark == "met" else mark
    if form.columns["share"].search(leaf) and (
        beside or len(column.path) > 1 or not form.headings[column.role][0].search(leaf)
    ):
        return "share"
    return next((sort for sort in ("total", "count") if form.columns[sort].search(leaf)), "plain")
