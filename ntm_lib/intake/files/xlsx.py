"""XLSX into grids. A reader of our own, because openpyxl is too slow for large sheets (450,000 cells:
20 s) and hides, in its fast mode, the rows that are hidden, merged cells and formulas without result.

Numbers become text as a Vietnamese official would write them: 0.903 shown as a percentage is
``90,3%``, a date is ``22/02/2024``. A cell without usable content is marked, never guessed. Tags are
compared without their namespace: «Strict Open XML» has other ones.
"""

import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from ntm_lib.errors import NtmError
from ntm_lib.intake.files.number_formats import BUILT_IN, EPOCH, EPOCH_1904, GENERAL, show
from ntm_lib.intake.files.packages import MAX_SHEETS, NOUGHT, VOLATILE, Package, settled
from ntm_lib.intake.files.readers import (
    MAX_COLUMNS,
    MAX_ROWS,
    Grid,
    Row,
    is_sound,
    letters,
    merged_areas,
    plain,
    too_many_rows,
    whole,
)
from ntm_lib.language import translator

_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384  # of any spreadsheet
_LETTERS = re.compile(r"[A-Za-z]{1,3}(?=\d*$)")
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true")
_OTHER_FILE = re.compile(
    r"'\[\d+\][^']*'!|(?<![\w.\[])\[\d+\][\w.]*!"
)  # [1]Sheet1!A1, '[1]Sheet 1'!A1; not Table1[2024]
# Programs that calculate before they save. Libraries may name one of these too, but then ask in calcPr for a calculation.
_CALCULATES = re.compile(rb"Microsoft|WPS|Kingsoft|ONLYOFFICE|Numbers")


class Book(NamedTuple):
    """What the sheets of a workbook share. ``formats``: number format by style of cell.

    ``calculated``: whether the stored results of formulas are results of a calculation: yes, no, only those that are not nought, or
    (if any) noughts too where the workbook has other results.
    ``linked_names``: names that stand for cells of other files. ``struck``: styles of cells whose text is struck through;
    ``struck_strings``: places of strings of which a part is.
    """

    package: Package
    strings: list[str]
    formats: list[str]
    epoch: datetime.datetime
    calculated: str
    linked_names: frozenset[str]
    struck: frozenset[int]
    struck_strings: frozenset[int]


class Cell(NamedTuple):
    column: int
    text: str
    kind: str = ""
    fault: str = ""


class Formulas:
    """Which cells of a sheet hold results of formulas: beside their own formula, or in the area of an array; which take them from another file."""

    def __init__(self, book: Book):
        self.book, self.areas, self.linked_groups = book, [], set()

    def fault(self, row: int, column: int, formula: etree._Element | None, value: str) -> str:
        """Why the stored result cannot be trusted; empty where it can, or where there is no formula."""
        if formula is not None:
            if formula.get("t") in ("array", "dataTable") and (area := _area(formula.get("ref", ""))):
                self.areas.append(area)
            if self._is_linked(formula):
                return "linked-formula"
        elif not any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in self.areas):
            return ""
        if value not in ("0", "0.0", "-0"):
            is_constant = formula is not None and VOLATILE.search(formula.text or "")
            self.book.package.has_result |= bool(value) and self.book.calculated != "no" and not is_constant
            return "not-calculated" if self.book.calculated == "no" else ""
        return {"yes": "", "if any": NOUGHT}.get(self.book.calculated, "not-calculated")

    def _is_linked(self, formula: etree._Element) -> bool:
        text, group = formula.text or "", formula.get("si") if formula.get("t") == "shared" else None
        linked = (
            bool(_OTHER_FILE.search(text))
            or any(word in self.book.linked_names for word in re.findall(r"[\w.\\]+", text))
            if text
            else group in self.linked_groups
        )
        if linked and group:
            self.linked_groups.add(group)
        return linked


def read_xlsx(path: Path, language: str = "vi") -> list[Grid]:
    """The visible sheets of a workbook, in order. Raises NtmError where it cannot or must not be read."""
    return [grid for grid in read_sheets(Package(path, language), language) if not grid.hidden]


def read_sheets(package: Package, language: str = "vi") -> list[Grid]:
    """All sheets of a workbook, the hidden ones marked. Raises NtmError where none is visible."""
    part = next((r.part for r in package.related("", "officeDocument").values()), "xl/workbook.xml")
    root = package.xml(part)
    sheets, t = list(root.iterfind("{*}sheets/{*}sheet")), translator(language)
    if _tag(root) != "workbook":
        raise package.damaged(part)
    if not any(s.get("state", "visible") == "visible" for s in sheets):
        raise package.error(
            t("không có trang nào hiện ra. Hãy mở bằng Excel hoặc LibreOffice, cho hiện trang có số liệu rồi lưu lại")
        )
    if len(sheets) > MAX_SHEETS:
        raise package.error(t("có hơn {limit} trang. Hãy tách thành nhiều tệp").format(limit=MAX_SHEETS))
    book, parts = _book(package, part, root), package.related(part)
    return settled(package, [_any_sheet(book, sheet, parts, language) for sheet in sheets])


def _any_sheet(book: Book, sheet: etree._Element, parts: dict, language: str) -> Grid:
    name, hidden = sheet.get("name", "")[:60], sheet.get("state", "visible") != "visible"
    found = parts.get(next((value for key, value in sheet.attrib.items() if key.endswith("}id")), ""))
    if found is None:
        raise book.package.damaged(name)
    if found.kind in ("chartsheet", "dialogsheet"):
        return Grid(book.package.file, name, (), hidden=hidden, kind="chart")
    return _sheet(book, name, found.part, language)._replace(hidden=hidden)


def _book(package: Package, part: str, root: etree._Element) -> Book:
    properties, named = root.find("{*}workbookPr"), root.iterfind("{*}definedNames/{*}definedName")
    since_1904 = properties is not None and properties.get("date1904") in _TRUE
    linked = frozenset(name.get("name", "") for name in named if _OTHER_FILE.search(name.text or ""))
    strings, styles = (
        [package.xml(relation.part) for relation in package.related(part, kind).values()]
        for kind in ("sharedStrings", "styles")
    )
    items = [item for root in strings for item in root.iterfind("{*}si")]
    return Book(
        package,
        [_text(item) for item in items],
        [code for root in styles for code in _formats(root)],
        EPOCH_1904 if since_1904 else EPOCH,
        _calculated(package, root),
        linked,
        frozenset(style for root in styles for style in _struck_styles(root)),
        frozenset(i for i, item in enumerate(items) if _is_struck(item)),
    )


def _calculated(package: Package, root: etree._Element) -> str:
    """Whether somebody calculated the workbook: it may say itself that its results are to be made when it is opened."""
    settings = root.find("{*}calcPr")
    if settings is not None and (
        settings.get("fullCalcOnLoad") in _TRUE or settings.get("calcCompleted") in ("0", "false")
    ):
        return "no"
    program = package.read("docProps/app.xml") if "docprops/app.xml" in package.names else b""
    # LibreOffice saves the noughts that a library wrote as it found them, unless it is told to calculate anew.
    return "if any" if b"LibreOffice" in program else "yes" if _CALCULATES.search(program) else "unless nought"


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _text(item: etree._Element) -> str:
    """A string; the runs of a rich text are joined, reading aids (rPh) left out. Raised digits stay raised: 90,3¹ is not 90,31."""
    parts = [
        (part.text or "").translate(_RAISED if _is_raised(child) else {})
        for child in item
        for part in ([child] if _tag(child) == "t" else child if _tag(child) == "r" else ())
        if _tag(part) == "t"
    ]
    return _unescaped("".join(parts))


def _is_raised(run: etree._Element) -> bool:
    return any(look.get("val") == "superscript" for look in run.iterfind("{*}rPr/{*}vertAlign"))


def _unescaped(text: str) -> str:
    return plain(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text)


def _formats(root: etree._Element) -> Iterator[str]:
    """The number format of each style of cell."""
    codes = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iter("{*}numFmt")}
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        number = style.get("numFmtId", "0")
        yield codes.get(number) or BUILT_IN.get(whole(number, 0), GENERAL)


def _struck_styles(root: etree._Element) -> Iterator[int]:
    fonts = [_strikes(font) for font in root.iterfind("{*}fonts/{*}font")]
    for style, xf in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        font = whole(xf.get("fontId"), 0)
        if font < len(fonts) and fonts[font]:
            yield style


def _is_struck(item: etree._Element) -> bool:
    """Whether some of the text of a string is struck through."""
    runs = ((run.find("{*}rPr"), run.find("{*}t")) for run in item.iterfind("{*}r"))
    return any(
        look is not None and _strikes(look) and text is not None and (text.text or "").strip() for look, text in runs
    )


def _strikes(font: etree._Element) -> bool:
    strike = font.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in ("0", "false", "off")


def _sheet(book: Book, name: str, part: str, language: str) -> Grid:
    rows, merged, far, hidden, number, formulas = [], [], [], set(), 0, Formulas(book)
    for element in book.package.elements(part, "{*}row", "{*}mergeCell", "{*}col"):
        tag, within = _tag(element), _tag(element.getparent())
        if tag == "mergeCell":
            merged += [area] if (area := _area(element.get("ref", ""))) else []
        elif tag == "col" and within == "cols":
            hidden |= _hidden_columns(element)
        elif tag == "row" and within == "sheetData":
            number, above = whole(element.get("r"), number + 1), number
            if not above < number <= _MAX_ROW:
                raise book.package.damaged(part)
            cells = list(_cells(book, element, number, formulas))
            far += [
                (number, f"{letters(c.column)}{number} «{c.text[:20]}»")
                for c in cells
                if c.column >= MAX_COLUMNS and (c.text.strip() or c.fault)
            ][:1]
            if row := _row(element, number, [c for c in cells if c.column < MAX_COLUMNS]):
                rows.append(row)
            if len(rows) > MAX_ROWS:
                raise NtmError(too_many_rows(book.package.file, name, language))
    areas = merged_areas(merged, rows[-1].number if rows else 0)
    return Grid(book.package.file, name, tuple(rows), areas, hidden_columns=frozenset(hidden), far=tuple(far))


def _hidden_columns(element: etree._Element) -> range | set[int]:
    if element.get("hidden") not in _TRUE and element.get("width") != "0":
        return set()
    return {*range(whole(element.get("min"), 1) - 1, min(whole(element.get("max"), 1), MAX_COLUMNS))}


def _row(element: etree._Element, number: int, cells: list[Cell]) -> Row | None:
    if not any(c.text.strip() or c.fault for c in cells):
        return None
    texts = [""] * (max(c.column for c in cells) + 1)
    faults = {c.column: c.fault for c in cells if c.fault}
    for cell in cells:
        if texts[cell.column] and cell.text:  # two cells claim the same place
            faults[cell.column] = "bad-cell"
        texts[cell.column] = cell.text or texts[cell.column]
    kinds = {c.column: c.kind for c in cells if c.kind}
    numbers = frozenset(i for i, kind in kinds.items() if kind != "boolean")
    hidden = element.get("hidden") in _TRUE or (element.get("ht") == "0" and element.get("customHeight") in _TRUE)
    return Row(number, tuple(texts), faults, numbers, hidden, kinds)


def _cells(book: Book, row: etree._Element, number: int, formulas: Formulas) -> Iterator[Cell]:
    column = -1
    book.package.spend(len(row) + 1)
    for element in row:
        if _tag(element) != "c":
            continue
        if reference := element.get("r"):
            found = _LETTERS.match(reference)
            column = _column(found[0].upper()) if found else _MAX_COLUMN
        else:
            column += 1
        if column >= _MAX_COLUMN:
            raise book.package.damaged(reference or "?")
        children = {_tag(child): child for child in element}
        value, formula = children["v"].text if "v" in children else None, children.get("f")
        fault = formulas.fault(number, column, formula, value or "")
        cell = _cell(book, column, element, value, children)
        if formula is not None and not value:
            # Of kind str an empty result is a result, where somebody calculated.
            fault = "formula" if element.get("t", "n") == "n" or fault else ""
        if cell.text and not fault and _is_withdrawn(book, element, value, children):
            fault = "struck-cell"
        if cell.text or cell.fault or fault:
            yield cell._replace(fault=cell.fault or fault) if fault else cell


def _is_withdrawn(book: Book, element: etree._Element, value: str | None, children: dict) -> bool:
    """Whether the cell, or a part of its text, is struck through."""
    kind = element.get("t", "n")
    return (
        whole(element.get("s"), 0) in book.struck
        or (kind == "s" and whole(value, -1) in book.struck_strings)
        or (kind == "inlineStr" and "is" in children and _is_struck(children["is"]))
    )


def _cell(book: Book, column: int, element: etree._Element, value: str | None, children: dict) -> Cell:
    """The cell as it is stored, whoever calculated it."""
    kind = element.get("t", "n")
    if kind == "inlineStr":
        return _checked(column, _text(children["is"]) if "is" in children else "")
    if not value:
        return Cell(column, "")
    if kind == "e":
        return Cell(column, value, fault="error-value")
    if kind == "s":
        place = whole(value, -1)
        return (
            _checked(column, book.strings[place])
            if 0 <= place < len(book.strings)
            else Cell(column, value, fault="bad-cell")
        )
    if kind == "b":
        return Cell(column, "TRUE" if value in _TRUE else "FALSE", "boolean")
    if kind == "d":
        return _day(column, value)
    return (
        _number(book, column, value, whole(element.get("s"), 0)) if kind == "n" else _checked(column, _unescaped(value))
    )


def _checked(column: int, text: str) -> Cell:
    return Cell(column, text, fault="" if is_sound(text) else "bad-cell")


def _day(column: int, value: str) -> Cell:
    try:
        return Cell(column, f"{datetime.datetime.fromisoformat(value.rstrip('Z')):%d/%m/%Y}", "date")
    except ValueError:
        return Cell(column, value, fault="bad-cell")


def _number(book: Book, column: int, value: str, style: int) -> Cell:
    try:
        shown = show(float(value), book.formats[style] if 0 <= style < len(book.formats) else GENERAL, book.epoch)
    except (ValueError, OverflowError):
        return Cell(column, value, fault="bad-cell")
    return Cell(column, shown.text, shown.kind) if shown else Cell(column, value, "number", "number-format")


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """``A1:C2`` → first row, first column, last row, last column (rows from 1, columns from 0)."""
    found = _AREA.fullmatch(reference)
    if not found:
        return None
    return int(found[2]), _column(found[1]), int(found[4] or found[2]), _column(found[3] or found[1])


@cache
def _column(letters: str) -> int:
    """``A`` → 0, ``AA`` → 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _tag(element: etree._Element | None) -> str:
    """The name of an element without its namespace; empty for an entity."""
    return element.tag.rpartition("}")[2] if element is not None and isinstance(element.tag, str) else ""
