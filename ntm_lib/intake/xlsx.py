"""XLSX into grids. A reader of our own, because openpyxl is too slow for large sheets (450,000 cells:
20 s) and hides, in its fast mode, the rows that are hidden, merged cells and formulas without result.

Numbers become text as a Vietnamese official would write them: 0.903 shown as a percentage is
``90,3%``, a date is ``22/02/2024``. A cell without usable content is marked, never guessed.
"""

import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from ntm_lib.errors import NtmError
from ntm_lib.intake.packages import Package
from ntm_lib.intake.readers import MAX_COLUMNS, MAX_ROWS, Grid, Row, is_sound, too_many_rows
from ntm_lib.language import translator

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW, _MERGED, _VALUE, _FORMULA, _INLINE = (f"{_MAIN}{name}" for name in ("row", "mergeCell", "v", "f", "is"))
_DATE_FORMATS = {14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)}
_PERCENT_FORMATS = {9, 10}
_DATE_CODE = re.compile(r"[dy]|mmm", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z]{1,3}")
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EPOCH = datetime.datetime(1899, 12, 30)


class Book(NamedTuple):
    """What the sheets of a workbook share. ``formats``: percent, date or empty, by style of cell."""

    package: Package
    strings: list[str]
    formats: list[str]
    epoch: datetime.datetime


class Cell(NamedTuple):
    column: int
    text: str
    is_number: bool = False
    fault: str = ""


def read_xlsx(path: Path, language: str = "vi") -> list[Grid]:
    """The visible sheets of a workbook, in order. Raises NtmError where it cannot or must not be read."""
    package = Package(path, language)
    root = package.xml("xl/workbook.xml")
    targets = {r.get("Id"): r.get("Target", "") for r in package.xml("xl/_rels/workbook.xml.rels")}
    properties = root.find(f"{_MAIN}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    epoch = datetime.datetime(1904, 1, 1) if since_1904 else _EPOCH
    book = Book(package, _strings(package), _formats(package), epoch)
    sheets = [s for s in root.iter(f"{_MAIN}sheet") if s.get("state", "visible") == "visible"]
    if not sheets:
        raise NtmError(translator(language)("Tệp {file} không có trang nào hiện ra.").format(file=package.file))
    return [_sheet(book, s.get("name", "")[:60], _member(package, targets.get(s.get(_RELATION), "")), language) for s in sheets]


def hidden_sheets(path: Path, language: str = "vi") -> list[str]:
    """Names of the sheets that ``read_xlsx`` leaves out because they are hidden."""
    root = Package(path, language).xml("xl/workbook.xml")
    return [s.get("name", "")[:60] for s in root.iter(f"{_MAIN}sheet") if s.get("state", "visible") != "visible"]


def _member(package: Package, target: str) -> str:
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if name not in package.names:
        raise package.damaged(name)
    return name


def _strings(package: Package) -> list[str]:
    """Shared strings; the runs of a rich text are joined, reading aids (rPh) left out."""
    if "xl/sharedStrings.xml" not in package.names:
        return []
    return [_text(item) for item in package.xml("xl/sharedStrings.xml").findall(f"{_MAIN}si")]


def _text(item: etree._Element) -> str:
    runs = [item, *item.findall(f"{_MAIN}r")]
    text = "".join(t.text or "" for run in runs for t in run.findall(f"{_MAIN}t"))
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _formats(package: Package) -> list[str]:
    if "xl/styles.xml" not in package.names:
        return []
    root = package.xml("xl/styles.xml")
    codes = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iter(f"{_MAIN}numFmt")}
    cells = root.find(f"{_MAIN}cellXfs")
    return [_format(xf.get("numFmtId", "0"), codes) for xf in cells] if cells is not None else []


def _format(number: str, codes: dict[str, str]) -> str:
    code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", codes.get(number, ""))
    if "%" in code or (number.isdigit() and int(number) in _PERCENT_FORMATS):
        return "percent"
    if _DATE_CODE.search(code) or (number.isdigit() and int(number) in _DATE_FORMATS):
        return "date"
    return ""


def _sheet(book: Book, name: str, member: str, language: str) -> Grid:
    rows, merged, number = [], [], 0
    for element in book.package.elements(member, _ROW, _MERGED):
        if element.tag == _MERGED:
            merged += [area] if (area := _area(element.get("ref", ""))) else []
            continue
        number = _integer(element.get("r"), number + 1)
        if row := _row(book, element, number):
            rows.append(row)
        if len(rows) > MAX_ROWS:
            raise NtmError(too_many_rows(book.package.file, name, language))
    return Grid(book.package.file, name, tuple(rows), tuple(merged))


def _row(book: Book, element: etree._Element, number: int) -> Row | None:
    cells = [c for c in _cells(book, element) if c.column < MAX_COLUMNS]
    if not any(c.text.strip() or c.fault for c in cells):
        return None
    texts = [""] * (max(c.column for c in cells) + 1)
    for cell in cells:
        texts[cell.column] = cell.text
    faults = {c.column: c.fault for c in cells if c.fault}
    numbers = frozenset(c.column for c in cells if c.is_number)
    return Row(number, tuple(texts), faults, numbers, element.get("hidden") in ("1", "true"))


def _cells(book: Book, row: etree._Element) -> Iterator[Cell]:
    column = -1
    for element in row:
        letters = _LETTERS.match(element.get("r", ""))
        column = _column(letters[0]) if letters else column + 1
        kind, children = element.get("t", "n"), {child.tag: child for child in element}
        value = children[_VALUE].text if _VALUE in children else None
        if kind == "inlineStr":
            yield _checked(column, _text(children[_INLINE]) if _INLINE in children else "")
        elif not value:
            # A formula whose result was never stored (kind str with no text is an empty result).
            yield Cell(column, "", fault="formula" if _FORMULA in children and kind == "n" else "")
        elif kind == "e":
            yield Cell(column, value, fault="error-value")
        elif kind == "s":
            place = _integer(value, -1)
            yield _checked(column, book.strings[place]) if 0 <= place < len(book.strings) else Cell(column, value, fault="bad-cell")
        elif kind in ("n", "d"):
            yield _number(book, column, value, _integer(element.get("s"), 0))
        elif kind == "b":
            yield Cell(column, "TRUE" if value == "1" else "FALSE")
        else:
            yield _checked(column, _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value))


def _checked(column: int, text: str) -> Cell:
    return Cell(column, text, fault="" if is_sound(text) else "bad-cell")


def _number(book: Book, column: int, value: str, style: int) -> Cell:
    shape = book.formats[style] if 0 <= style < len(book.formats) else ""
    try:
        amount = float(value)
        if shape == "date":
            day = book.epoch + datetime.timedelta(days=amount)
            return Cell(column, f"{day:%d/%m/%Y}", is_number=True)
        return Cell(column, number_text(amount * 100, "%") if shape == "percent" else number_text(amount), is_number=True)
    except (ValueError, OverflowError):
        return Cell(column, value, fault="bad-cell")


def number_text(amount: float, unit: str = "") -> str:
    """A stored number as written in Vietnamese, without grouping: 90.3 → ``90,3``. Raises ValueError for infinity."""
    digits = f"{amount:.15g}"
    if "e" in digits:
        digits = f"{amount:.12f}".rstrip("0").rstrip(".")
    if not _DECIMAL.fullmatch(digits):
        raise ValueError(digits)
    return digits.replace(".", ",") + unit


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """``A1:C2`` → first row, first column, last row, last column (rows from 1, columns from 0)."""
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
    if not found:
        return None
    return int(found[2]), _column(found[1]), int(found[4]), _column(found[3])


@cache
def _column(letters: str) -> int:
    """``A`` → 0, ``AA`` → 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise
