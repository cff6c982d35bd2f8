"""ODS (LibreOffice) into grids, in the same form as ``xlsx`` gives them."""

import datetime
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ntm_lib.errors import NtmError
from ntm_lib.intake.packages import Package
from ntm_lib.intake.readers import MAX_COLUMNS, MAX_ROWS, Grid, Row, is_sound, too_many_rows
from ntm_lib.intake.xlsx import Cell, number_text

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_HIDDEN = ("collapse", "filter")


def read_ods(path: Path, language: str = "vi") -> list[Grid]:
    """The sheets of a workbook, in order. Raises NtmError where it cannot or must not be read."""
    package = Package(path, language)
    return [_sheet(package, table, language) for table in package.xml("content.xml").iter(f"{_TABLE}table")]


def _sheet(package: Package, table: etree._Element, language: str) -> Grid:
    name, rows, merged, number = table.get(f"{_TABLE}name", "")[:60], [], [], 0
    for element in table.iter(f"{_TABLE}table-row"):
        repeated = _count(element, "number-rows-repeated")
        cells = list(_cells(element))
        merged += [(number + 1, c, number + height, c + width - 1) for c, width, height in _spans(element)]
        if any(c.text.strip() or c.fault for c in cells):
            if len(rows) + repeated > MAX_ROWS:
                raise NtmError(too_many_rows(package.file, name, language))
            hidden = element.get(f"{_TABLE}visibility") in _HIDDEN
            rows += [_row(number + i, cells, hidden) for i in range(1, repeated + 1)]
        number += repeated
    return Grid(package.file, name, tuple(rows), tuple(merged))


def _row(number: int, cells: list[Cell], hidden: bool) -> Row:
    texts = [""] * (max(c.column for c in cells) + 1)
    for cell in cells:
        texts[cell.column] = cell.text
    faults = {c.column: c.fault for c in cells if c.fault}
    return Row(number, tuple(texts), faults, frozenset(c.column for c in cells if c.is_number), hidden)


def _cells(row: etree._Element) -> Iterator[Cell]:
    column = 0
    for element in row:
        if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeated = _count(element, "number-columns-repeated")
        cell = _cell(element)
        if cell.text or cell.fault:
            yield from (cell._replace(column=c) for c in range(column, min(column + repeated, MAX_COLUMNS)))
        column += repeated


def _cell(element: etree._Element) -> Cell:
    kind = element.get(f"{_OFFICE}value-type", "")
    text = "\n".join("".join(p.itertext()) for p in element.findall(f"{_TEXT}p"))
    try:
        if kind == "percentage":
            return Cell(0, number_text(float(element.get(f"{_OFFICE}value", "")) * 100, "%"), is_number=True)
        if kind in ("float", "currency"):
            return Cell(0, number_text(float(element.get(f"{_OFFICE}value", ""))), is_number=True)
        if kind == "date":
            day = datetime.datetime.fromisoformat(element.get(f"{_OFFICE}date-value", ""))
            return Cell(0, f"{day:%d/%m/%Y}", is_number=True)
    except ValueError:
        return Cell(0, text, fault="bad-cell")
    if element.get(f"{_TABLE}formula") and not kind:
        return Cell(0, text, fault="formula")
    if text.startswith(("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "Err:")):
        return Cell(0, text, fault="error-value")
    return Cell(0, text, fault="" if is_sound(text) else "bad-cell")


def _spans(row: etree._Element) -> Iterator[tuple[int, int, int]]:
    """(column, width, height) of each merged area that begins in the row."""
    column = 0
    for element in row:
        if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        width, height = _count(element, "number-columns-spanned"), _count(element, "number-rows-spanned")
        if width > 1 or height > 1:
            yield column, width, height
        column += _count(element, "number-columns-repeated")


def _count(element: etree._Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() else 1
