"""The rows of a form of the template: those for data, the fixed ones (sums, headings), and what stands below the signatures."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction

from ntm_lib.intake.files.readers import Row
from ntm_lib.intake.filled.template_find import Page
from ntm_lib.intake.filled.template_layout import FIXED, FREE, LISTED, TOTALS, Layout, Sheet
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


def letters(index: int) -> str:
    """Letters of a column counted from 0: 0 → A, 26 → AA."""
    return letters(index // 26 - 1) + chr(ord("A") + index % 26) if index >= 26 else chr(ord("A") + index)
