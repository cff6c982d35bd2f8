"""The rows of a form of the template: those for data, the fixed ones (sums, headings), what stands below the signatures; and what of a
workbook is not read, so that nothing of it is lost silently. Of several workbooks in one folder, what two say alike is read once, what they say
differently is refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction

from ntm_lib.errors import NtmError
from ntm_lib.intake.files.readers import Row, letters
from ntm_lib.intake.filled.template_find import Page, Pages
from ntm_lib.intake.filled.template_layout import (
    FIXED,
    FREE,
    LISTED,
    OF_COMMUNE,
    SEXES,
    TOTALS,
    Layout,
    Sheet,
    sealed,
    sealed_keys,
)
from ntm_lib.intake.raw_grid import unseen_of
from ntm_lib.intake.schema import RawRow, Remark
from ntm_lib.language import translator
from ntm_lib.text.names import clean_text

UNKNOWN = "unknown"  # kind of every row where a program dropped the column of kinds
_NUMBER = re.compile(r"-?\d+(?:,\d+)?")
_SIGNED = re.compile(r".*, ngày .*tháng .*năm.*")


@dataclass(frozen=True)
class Cell:
    """Text of a cell; ``fault``: code of ``problems.yml`` below ``unreadable/`` where it cannot be used; ``column``: its letters."""

    text: str = ""
    is_number: bool = False
    fault: str = ""
    column: str = ""


@dataclass(frozen=True)
class SheetRow:
    """A row: its number in the sheet, its kind (listed, free, fixed, unknown), its cells by key."""

    number: int
    kind: str
    cells: Mapping[str, Cell]
    label: str = ""  # of a fixed row: the first text that it shows

    def text(self, key: str) -> str:
        return self.cells.get(key, Cell()).text

    def address(self, key: str) -> str:
        return f"{self.cells[key].column}{self.number}"


@dataclass(frozen=True)
class Body:
    """``rows``: for data, also one that somebody inserted or typed over a sum. ``hidden``: such rows, and columns of rows, that
    are not shown. ``totals``: the fixed rows with sums. ``fixed``: titles and the lines to sign. ``below``: what stands under these."""

    page: Page
    rows: tuple[SheetRow, ...]
    hidden: tuple[SheetRow, ...]
    totals: tuple[SheetRow, ...]
    fixed: tuple[Row, ...]
    below: tuple[Row, ...]


def body_of(page: Page, form: Layout) -> Body:
    """The rows below the heading of a form."""
    shut = {
        c.key
        for c in page.sheet.columns
        if c.fill == "input" and page.places.get(c.key, -1) in page.grid.hidden_columns
    }
    signatures = {clean_text(text).casefold() for text in form.texts["signatures"]}
    rows, totals, fixed = [], [], []
    for index, line in enumerate(page.rows):
        texts = {
            clean_text(c).casefold() for i, c in enumerate(line.cells) if c.strip() and i != page.places.get("row")
        }
        if texts & signatures:
            return _body(page, rows, totals, (*fixed, line), page.rows[index + 1 :], shut)
        row = _row(line, page)
        if label := next((t for t in TOTALS if t.casefold() in texts), ""):
            totals.append(SheetRow(row.number, FIXED, row.cells, label))
        elif _is_heading(row, texts, page.sheet):
            fixed.append(line)
        else:
            rows.append((row, line.hidden))
    return _body(page, rows, totals, tuple(fixed), (), shut)


def _body(
    page: Page,
    rows: list[tuple[SheetRow, bool]],
    totals: list[SheetRow],
    fixed: tuple[Row, ...],
    below: tuple[Row, ...],
    shut: set[str],
) -> Body:
    whole = [r for r, _ in rows]
    shown = [_typed(r, whole) for r, hidden in rows if not hidden]
    unseen = [r for r, hidden in rows if hidden] + [_without(r, r.cells.keys() - shut) for r in shown if shut]
    return Body(page, tuple(_without(r, shut) for r in shown), tuple(unseen), tuple(totals), fixed, below)


def _typed(row: SheetRow, rows: list[SheetRow]) -> SheetRow:
    """Of a sum that somebody typed over, what is not the sum any more."""
    if row.kind != FIXED:
        return row
    sums = {key: sum(number_of(r.text(key)) or 0 for r in rows if r.kind != FIXED) for key in row.cells}
    return _without(row, {k for k, c in row.cells.items() if c.fault or number_of(c.text) == sums[k]})


def number_of(text: str) -> Fraction | None:
    """A number as a workbook stores it: ``90,3``; None for anything else."""
    return Fraction(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _without(row: SheetRow, keys: Set[str]) -> SheetRow:
    """The row with these of its cells empty."""
    return replace(row, cells={k: Cell(column=c.column) if k in keys else c for k, c in row.cells.items()})


def _row(line: Row, page: Page) -> SheetRow:
    cells = {key: _cell(line, i) for key, i in page.places.items()}
    kind = cells.pop("row", Cell(UNKNOWN)).text
    return SheetRow(line.number, kind if kind in (LISTED, FIXED, UNKNOWN) else FREE, cells)


def _is_heading(row: SheetRow, texts: set[str], sheet: Sheet) -> bool:
    """A row that the template fixed and nobody typed a figure over: title of the free rows, place and date to sign."""
    if sheet.free_title and clean_text(sheet.free_title).casefold() in texts:
        return True
    if any(_SIGNED.fullmatch(text) for text in texts) and (row.kind == FIXED or len(texts) == 1):
        return True
    return row.kind == FIXED and not any(row.text(k) for emit in sheet.emits for k in emit.when)


def _cell(line: Row, index: int) -> Cell:
    text = line.cells[index].strip() if index < len(line.cells) else ""
    return Cell(text, index in line.numbers, line.faults.get(index, ""), letters(index))


_TOLERANCE = Fraction(1, 10)  # of a sum or a share that a program rounded


def remarks(pages: Pages, bodies: Sequence[Body], tables: Mapping[str, Sequence[RawRow]], form: Layout) -> list[Remark]:
    """What to tell of a workbook whose rows became ``tables``."""
    if not tables:
        empty = [Remark(pages.file, "", 0, "template-empty", "")]
    else:
        empty = [
            Remark(pages.file, r.sheet, r.row, "no-criterion", r.cells.get("item", ""))
            for r in tables.get("results", ())
            if _of_nothing(r)
        ]
    missing = [
        s.name for s in form.sheets if s.for_rule_set(pages.facts.rule_set) and s not in [p.sheet for p in pages.forms]
    ]
    absent = [Remark(pages.file, "", 0, "template-sheets", ", ".join(missing))] if missing and tables else []
    hidden = [Remark(pages.file, name, 0, "hidden-sheet", name) for name in pages.hidden] + [
        Remark(pages.file, name, 0, "template-twice", name) for name in pages.twice
    ]
    read = {
        (r.sheet, number) for rows in tables.values() for r in rows for number in [int(re.sub(r"\D", "", str(r.row)))]
    }
    return [*empty, *absent, *hidden, *(r for body in bodies for r in _of_sheet(body, bodies, read, form))]


def _of_nothing(raw: RawRow) -> bool:
    return (
        not raw.fault
        and raw.cells.get("kind") == "other"
        and not raw.cells.get("criterion")
        and not raw.cells.get("village")
    )


def _own_notes(form: Layout) -> tuple[str, ...]:
    """With what a comment begins that the template itself put on a cell."""
    abouts = (column.about for sheet in form.sheets for column in sheet.columns)
    return tuple(
        text for words in (*abouts, *form.texts["comment"].values()) if (text := words.partition("{")[0].strip())
    )


def _of_sheet(body: Body, bodies: Sequence[Body], read: Set[tuple[str, int]], form: Layout) -> Iterator[Remark]:
    page = body.page
    told = [
        ("template-hidden", _filled(body.hidden, page.sheet)),
        ("template-extra-cell", _outside([*page.head, *page.rows], set(page.places.values()))),
        ("template-below", _outside(body.below, {page.places.get("row", -1)}, with_figure=True)),
        ("template-locked", [*_locked(body, bodies), *_numbers([*page.head, *body.fixed], set(page.places.values()))]),
        ("template-alone", _alone(body, read)),
    ]
    yield from unseen_of(page.grid, lambda note: note.startswith(_own_notes(form)))
    for code, cells in told:
        yield from (
            Remark(page.grid.file, clean_text(page.grid.sheet), address, code, text[:60]) for address, text in cells
        )


def _alone(body: Body, read: Set[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """Cells typed into a row that has no figure to which they could belong."""
    name, inputs = clean_text(body.page.grid.sheet), [c.key for c in body.page.sheet.columns if c.fill == "input"]
    for row in body.rows:
        if (name, row.number) not in read:
            yield from ((row.address(k), row.text(k)) for k in inputs if row.text(k) and row.text(k) not in SEXES)


def _filled(rows: Iterable[SheetRow], sheet: Sheet) -> Iterator[tuple[str, str]]:
    keys = [c.key for c in sheet.columns if c.fill == "input"]
    for row in rows:
        if key := next((k for k in keys if row.text(k)), ""):
            yield row.address(key), row.text(key)


def _outside(lines: Iterable[Row], known: set[int], with_figure: bool = False) -> Iterator[tuple[str, str]]:
    """Cells that lie in no column of the form."""
    for line in lines:
        for index, text in enumerate(line.cells):
            if text.strip() and index not in known and (not with_figure or re.search(r"\d", text)):
                yield f"{letters(index)}{line.number}", text


def _numbers(lines: Iterable[Row], known: set[int]) -> Iterator[tuple[str, str]]:
    """Bare numbers where the form has words: in its title, its headings and its lines to sign."""
    for line in lines:
        for index, text in enumerate(line.cells):
            if index in known and number_of(text.strip()) is not None:
                yield f"{letters(index)}{line.number}", text


def _locked(body: Body, bodies: Sequence[Body]) -> Iterator[tuple[str, str]]:
    """Locked cells that no longer say what the template wrote there."""
    for row in body.rows:
        for key in _typed_over(row, body, bodies):
            yield row.address(key), row.text(key)
    for row in body.totals:
        for key, cell in row.cells.items():
            if number_of(cell.text) is not None and not _is_sum(row, key, cell, body, bodies):
                yield row.address(key), cell.text


def _typed_over(row: SheetRow, body: Body, bodies: Sequence[Body]) -> list[str]:
    sheet = body.page.sheet
    follows = {
        "percent": lambda: _is_share(row, body), "now": lambda: _is_result(row, bodies),
        "households": lambda: not sheet.groups or row.text("households") in _households(row, bodies),
        "village": lambda: not sheet.groups or any(row.text(g.key) for g in sheet.groups) or bool(_households(row, bodies)),
    }  # fmt: skip
    wrong = [key for key, right in follows.items() if row.text(key) and not row.cells[key].fault and not right()]
    if row.kind == UNKNOWN:
        return wrong
    if row.kind != LISTED:
        return wrong + [
            c.key
            for c in sheet.columns
            if c.fill == "locked" and (c.key == "seal" or not c.hidden) and row.text(c.key) and c.key not in follows
        ]
    seal = row.text("seal").split()
    now = sealed(sheet, {key: row.text(key) for key in sealed_keys(sheet)}).split()
    changed = (
        [b.partition(":")[0] for a, b in zip(seal, now, strict=False) if a != b]
        if len(seal) == len(now)
        else ["seal"][: len(seal)]
    )
    return wrong + [key for key in changed if key in row.cells]


def _households(row: SheetRow, bodies: Sequence[Body]) -> list[str]:
    """Households of the row's village in the sheet of villages; none where it has no such village."""
    listed = [r for body in bodies if body.page.sheet.rows == "villages" for r in body.rows]
    return [r.text("households") for r in listed if clean_text(r.text("village")) == clean_text(row.text("village"))]


def _is_share(row: SheetRow, body: Body) -> bool:
    if "numerator" in row.cells:
        part, whole = row.text("numerator"), row.text("denominator")
    else:
        part, whole = row.text("amount"), body.rows[0].text("amount") if body.rows else ""
    numbers = number_of(row.text("percent")), number_of(part), number_of(whole)
    return None not in numbers and bool(numbers[2]) and abs(numbers[0] - 100 * numbers[1] / numbers[2]) < _TOLERANCE


def _is_result(row: SheetRow, bodies: Sequence[Body]) -> bool:
    """Whether the cell repeats what the sheet of results says of the same indicator."""
    codes = [row.text(k) for k in ("criterion", "indicator", "part", "item")]
    for body in bodies:
        for other in body.rows if "self" in body.page.places else ():
            if [other.text(k) for k in ("criterion", "indicator", "part", "item")] == codes:
                said = (
                    other.text("text"),
                    f"{other.text('numerator')}/{other.text('denominator')}",
                    other.text("self"),
                )
                return any(
                    (len(text) > 1 and row.text("now").startswith(text)) or text == row.text("now") for text in said
                )
    return False


def _is_sum(row: SheetRow, key: str, cell: Cell, body: Body, bodies: Sequence[Body]) -> bool:
    """Whether a cell of a fixed row is what its formula gives."""
    if row.label == OF_COMMUNE:
        group = next((g for g in body.page.sheet.groups if g.key == key), None)
        return any(
            other.text("numerator") == cell.text
            for of in bodies if "self" in of.page.places
            for other in of.rows if group and (other.text("indicator"), other.text("part")) == (group.indicator, group.part)
        )  # fmt: skip
    first = 0 if body.page.sheet.groups else 1  # of the sources the first is the printed total
    numbers = [number_of(r.text(key)) or Fraction(0) for r in (*body.rows[first:], *body.hidden)]
    return abs(sum(numbers) - number_of(cell.text)) < _TOLERANCE


Tables = Mapping[str, Sequence[RawRow]]


def without_copies(
    earlier: Sequence[Tables], tables: Tables, language: str
) -> tuple[dict[str, list[RawRow]], list[Remark]]:
    """The rows of a workbook that none of the ``earlier`` ones has, and a remark on those that one has.

    Rows are the same by their id, year, sheet and cell. Raises one NtmError for a workbook
    with other figures in the same cells.
    """
    seen = {(table, _key(row)): row for book in earlier for table, rows in book.items() for row in rows}
    twice = [
        (seen[table, _key(row)], row) for table, rows in tables.items() for row in rows if (table, _key(row)) in seen
    ]
    unlike = [(a, b) for a, b in twice if a.cells != b.cells]
    if unlike:
        raise NtmError(_refusal(unlike, language))
    kept = {table: [row for row in rows if (table, _key(row)) not in seen] for table, rows in tables.items()}
    told = [Remark(twice[0][1].file, "", 0, "template-copy", twice[0][0].file.rpartition("/")[2])] if twice else []
    return kept, told


def _key(row: RawRow) -> tuple[str, ...]:
    return (
        (row.cells["id"], row.cells.get("year", ""), row.sheet, str(row.row))
        if "id" in row.cells
        else tuple(row.cells.values())
    )


def _refusal(unlike: Sequence[tuple[RawRow, RawRow]], language: str) -> str:
    a, b = unlike[0]
    column = next(c for c in a.cells if a.cells[c] != b.cells[c])
    t = translator(language)
    return t("Hai tệp {a} và {b} là hai bản của một mẫu, khác nhau ở {n} ô; ô đầu là {cell} trang «{sheet}»: «{first}» và «{second}». Hãy giữ một bản trong thư mục của xã, chuyển bản kia sang nơi khác.").format(
        a=a.file, b=b.file.rpartition("/")[2], n=len(unlike), cell=b.row, sheet=b.sheet, first=a.cells[column][:40], second=b.cells[column][:40])  # fmt: skip
