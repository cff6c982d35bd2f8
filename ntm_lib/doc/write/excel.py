"""Annexes as a workbook: a sheet each, ready to print on A4, formulas with their values, no text that becomes a formula.

xlsxwriter dates the files inside the archive itself, always the same; the properties carry the date
of the report. Knows no commune.
"""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell as cell_name

from ntm_lib.doc.cells import MISSING, Empty, Formula, Number
from ntm_lib.doc.markup import clean
from ntm_lib.doc.tree import Annex, Cell, Column, Row
from ntm_lib.doc.write.text import shown
from ntm_lib.doc.write.text import text as plain

# Form of a number → number format of the workbook. Points and commas come from the reader's machine.
FORMS = {"count": "#,##0", "quantity": "#,##0.##", "money": "#,##0.0", "share": "0.00%", "change": "+#,##0;-#,##0;0"}
FONT = "Times New Roman"
MARKED, HEADING, GROUP = "#FDF0C4", "#E7EFEA", "#F2F2F2"  # grounds: to be filled in, headings, rows that head others
LONGEST = 32_767  # letters a cell may hold
HIGHEST = 409  # points of a row
LINE, LETTERS = 14.5, 1.15  # points of a line; letters of the font that fit on one unit of width
FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
A4 = 9
MARGINS = {"left": 0.8, "right": 0.6, "top": 0.8, "bottom": 0.7}  # inches
TOP = 4  # rows above the headings: Biểu, title, what it belongs to, unit
SIGN_SPACE = 5  # rows for stamp and signature


@dataclass(frozen=True)
class Properties:
    """What all sheets share. ``page``: the page number in the codes of a footer; ``scenario``: empty for the real figures."""

    title: str
    date: str
    scenario: str
    signatures: tuple[str, str]
    place: str
    page: str


def write_workbook(path: Path, annexes: Sequence[Annex], properties: Properties) -> None:
    """Writes one sheet for each annex. An existing file is replaced."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": properties.title, "created": datetime.datetime.fromisoformat(properties.date)})
        styles = _Styles(book)
        for annex in annexes:
            _Sheet(book, annex, properties, styles).write()


class _Styles:
    """Formats of a workbook, each made once."""

    def __init__(self, book: Any):
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, "font_size": 11, "valign": "vcenter", **look})
        return self._made[key]


class _Sheet:
    """One annex while it is written."""

    def __init__(self, book: Any, annex: Annex, properties: Properties, styles: _Styles):
        self.book, self.annex, self.properties, self.style = book, annex, properties, styles
        self.page = book.add_worksheet(annex.label)
        self.columns = {column.key: i for i, column in enumerate(annex.columns)}
        self.last = len(annex.columns) - 1
        self.headings = 2 if any(column.above for column in annex.columns) else 1
        self.first_row = TOP + self.headings
        self.named = annex.row_numbers()

    def write(self) -> None:
        self._top()
        self._headings()
        for place, row in enumerate(self.annex.rows):
            self._row(self.first_row + place, row)
        for index, column in enumerate(self.annex.columns):
            self.page.set_column(index, index, _width(column))
        end = self._below(self.first_row + len(self.annex.rows))
        self._set_up(end)
        self._names()

    def _across(self, row: int, text: str, **look: Any) -> None:
        self.page.merge_range(row, 0, row, self.last, "", self.style(**look))
        self.page.write_string(row, 0, text, self.style(**look))

    def _top(self) -> None:
        annex = self.annex
        self._across(0, annex.label, bold=True, align="right")
        self._across(1, annex.title, bold=True, font_size=14, align="center", text_wrap=True)
        self.page.set_row(1, 24 if len(annex.title) < self._letters() / 1.4 else 42)
        self._across(2, annex.reference, italic=True, align="center", text_wrap=True)
        self.page.set_row(2, LINE * math.ceil(len(annex.reference) / self._letters()) + 4)
        self._across(3, annex.unit, italic=True, align="right")

    def _letters(self) -> float:
        """Letters that fit on a line across the sheet."""
        return sum(map(_width, self.annex.columns)) * LETTERS

    def _headings(self) -> None:
        look = {"bold": True, "text_wrap": True, "align": "center", "border": 1, "bg_color": HEADING}
        for above, group in groupby(enumerate(self.annex.columns), key=lambda pair: pair[1].above):
            found = list(group)
            if above:
                self._merge(TOP, found[0][0], TOP, found[-1][0], above, look)
            for index, column in found:
                top = TOP if not above else TOP + 1
                self._merge(top, index, TOP + self.headings - 1, index, plain(column.heading), look)
        for row in range(TOP, TOP + self.headings):
            self.page.set_row(row, self._heading_height(row))

    def _heading_height(self, row: int) -> float:
        """Room for the longest heading of the row; with two rows each has at least two lines."""
        wide = {
            above: sum(map(_width, group))
            for above, group in groupby(self.annex.columns, key=lambda c: c.above)
            if above
        }
        alone = [_lines(plain(c.heading), _width(c) * 0.9) for c in self.annex.columns if not c.above]
        upper = [_lines(above, width * 0.9) for above, width in wide.items()]
        lower = [_lines(plain(c.heading), _width(c) * 0.9) for c in self.annex.columns if c.above]
        if self.headings == 1:
            return LINE * max([*alone, 1]) + 6
        half = math.ceil(max([*alone, 1]) / 2)
        return LINE * max([half, *(upper if row == TOP else lower)]) + 6

    def _merge(self, top: int, left: int, bottom: int, right: int, text: str, look: dict[str, Any]) -> None:
        if (top, left) == (bottom, right):
            self._text(top, left, text, look)
        else:
            self.page.merge_range(top, left, bottom, right, "", self.style(**look))
            self._text(top, left, text, look)

    def _row(self, number: int, row: Row) -> None:
        cells = row.under(self.annex.columns)
        if row.kind == "group":
            text = plain(shown(cells[0], self.annex.language) or "")
            look = {"bold": True, "border": 1, "bg_color": GROUP, "text_wrap": True}
            self._merge(number, 0, number, self.last, text, look)
            self.page.set_row(number, _height([(text, self._letters() / LETTERS)]))
            return
        pairs = list(zip(self.annex.columns, cells, strict=True))
        for index, (column, cell) in enumerate(pairs):
            self._cell(number, index, cell, self._look(column, row))
        self.page.set_row(number, _height([(cell, _width(column)) for column, cell in pairs if isinstance(cell, str)]))

    def _look(self, column: Column, row: Row) -> dict[str, Any]:
        look = {"border": 1, "align": column.align, "text_wrap": True}
        bold = {"bold": True} if row.kind and column.key != "note" else {}
        return look | bold | ({"bg_color": GROUP} if row.kind == "head" else {})

    def _cell(self, row: int, column: int, cell: Cell, look: dict[str, Any]) -> None:
        if isinstance(cell, Number | Formula):
            self._figure(row, column, cell, look | {"num_format": FORMS[cell.form]})
        elif isinstance(cell, Empty) or cell == "":
            marked = {"bg_color": MARKED} if cell is MISSING else {}
            self.page.write_blank(row, column, None, self.style(**look | marked))
        else:
            self._text(row, column, plain(cell), look)

    def _text(self, row: int, column: int, text: str, look: dict[str, Any]) -> None:
        """Text as a string of the workbook; one that begins like a formula stays text when somebody edits the cell."""
        text = clean(text)
        text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        quoted = {"quote_prefix": True} if text.startswith(FORMULA_SIGNS) else {}
        self.page.write_string(row, column, text, self.style(**look | quoted))

    def _figure(self, row: int, column: int, cell: Number | Formula, look: dict[str, Any]) -> None:
        value = "" if cell.value is None else _stored(cell.value)
        if isinstance(cell, Number):
            self.page.write_number(row, column, value, self.style(**look))
        else:
            formula = cell.placed(lambda key, name: self._address(row, key, name))
            self.page.write_formula(row, column, formula, self.style(**look), value)

    def _address(self, row: int, key: str, name: str, absolute: bool = False) -> str:
        number = self.first_row + self.named[name] if name else row
        return str(cell_name(number, self.columns[key], absolute, absolute))

    # --- below the rows, and the page ------------------------------------------------------------

    def _below(self, row: int) -> int:
        """Notes and places to sign; returns the last row."""
        row += 1
        for note in self.annex.notes:
            self._across(row, note, italic=True, font_size=10, text_wrap=True)
            self.page.set_row(row, LINE * _lines(note, self._letters() / LETTERS))
            row += 1
        middle = self.last // 2
        left, right = self.properties.signatures
        bold, italic = {"bold": True, "align": "center"}, {"italic": True, "align": "center"}
        self._merge(row + 1, middle + 1, row + 1, self.last, self.properties.place, italic)
        self._merge(row + 2, 0, row + 2, middle, left, bold)
        self._merge(row + 2, middle + 1, row + 2, self.last, right, bold)
        return row + 2 + SIGN_SPACE

    def _set_up(self, end: int) -> None:
        page = self.page
        page.set_landscape()
        page.set_paper(A4)
        page.set_margins(**MARGINS)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.repeat_rows(TOP, TOP + self.headings - 1)
        page.print_area(0, 0, end, self.last)
        page.freeze_panes(self.first_row, 0)
        page.hide_gridlines(2)
        if self.properties.scenario:
            page.set_header(f'&C&"{FONT},Bold"&10{_footer_text(self.properties.scenario)}')
        page.set_footer(f'&L&"{FONT}"&9{self.annex.label}&R&"{FONT}"&9{self.properties.page}')
        page.ignore_errors({"number_stored_as_text": f"A1:{cell_name(end, self.last)}"})

    def _names(self) -> None:
        for name, place in self.annex.names.items():
            key, _, row = place.partition("@")
            first, last = (row, row) if row else ("first", "last")
            area = ":".join(dict.fromkeys(self._address(0, key, which, absolute=True) for which in (first, last)))
            self.book.define_name(name, f"='{self.annex.label}'!{area}")


def _width(column: Column) -> float:
    return float(column.width)


def _stored(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _lines(text: str, width: float) -> int:
    return max(1, math.ceil(len(text) / max(1.0, width * LETTERS)))


def _height(texts: list[tuple[str, float]]) -> float:
    """Points for the longest text; a spreadsheet programme that does not fit rows by itself would cut it."""
    lines = max((_lines(text, width) for text, width in texts), default=1)
    return min(HIGHEST, LINE * lines + 3)


def _footer_text(text: str) -> str:
    """Text for a head or foot, where ``&`` begins a code; at most what such a line may hold."""
    return clean(text)[:100].replace("&", "&&")
