"""ODS (LibreOffice) into grids, in the same form as ``xlsx`` gives them."""

import datetime
import re
from collections.abc import Iterator, Sequence

from lxml import etree

from ntm_lib.intake.files.looks import Look, OdsLooks, number_text, raised
from ntm_lib.intake.files.packages import NOUGHT, VOLATILE, Cell, Package, SheetRows, settled, without_writer
from ntm_lib.intake.files.readers import MAX_COLUMNS, Grid, is_sound, letters, plain, whole

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TABLE, _TEXT, _STYLE, _DRAW = (_NAMES % name for name in ("office", "table", "text", "style", "drawing"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_HIDDEN = ("collapse", "filter")
_BLANKS = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}
_LEFT_OUT = {f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text"}
_OTHER_FILE = re.compile(r"'?(?:file|https?|ftp|smb):", re.IGNORECASE)
_ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "Err:")
_SHOWN = re.compile(r"(?P<before>\D*?)(?P<sign>[-−(]?\s*)(?P<number>\d[\d.,\s]*\d|\d)(?P<after>\D*)")
_MAX_ROW = 1_048_576


def read_sheets(package: Package, language: str = "vi") -> list[Grid]:
    """All sheets of a workbook, the hidden ones marked. Raises NtmError where none is visible."""
    root = package.xml("content.xml")
    tables = root.findall(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
    if not tables:
        raise package.error("no-sheet")
    package.refuse_sheets(len(tables), 0)
    looks = OdsLooks([root, *([package.xml("styles.xml")] if "styles.xml" in package.names else [])])
    styles = root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style")
    hidden = {
        s.get(f"{_STYLE}name")
        for s in styles
        if any(p.get(f"{_TABLE}display") == "false" for p in s.iterfind(f"{_STYLE}table-properties"))
    }
    grids = [
        _sheet(package, table, looks)._replace(hidden=table.get(f"{_TABLE}style-name") in hidden) for table in tables
    ]
    package.refuse_sheets(len(grids), sum(grid.hidden for grid in grids))
    return settled(package, grids)


def _sheet(package: Package, table: etree._Element, looks: OdsLooks) -> Grid:
    number, merged, rows = 0, [], SheetRows(package, table.get(f"{_TABLE}name", "")[:60])
    styles = _column_styles(table)
    for element in table.iter(f"{_TABLE}table-row"):
        repeated = _count(element, "number-rows-repeated")
        package.spend(len(element) + 1)
        cells = list(_cells(element, styles, looks))
        merged += [(number + 1, c, number + height, c + width - 1) for c, width, height in _spans(element)]
        package.has_result = package.has_result or _has_result(element)
        rows.add(number + 1, cells, _is_hidden(element), repeated)
        rows.notes += _notes(element, number + 1)
        number += repeated
        if number > 2 * _MAX_ROW:
            raise package.damaged("content.xml")
    rows.has_picture = next(table.iter(f"{_DRAW}image"), None) is not None
    boxes = ("".join(box.itertext()).strip() for box in table.iter(f"{_DRAW}text-box", f"{_DRAW}custom-shape"))
    rows.boxes += [text for text in boxes if text]
    return rows.grid(merged, _hidden_columns(table))


def _notes(row: etree._Element, number: int) -> Iterator[tuple[int, str, str]]:
    """Row, address and text of the comments on the cells of a row."""
    column = 0
    for element in row.iterchildren(*_CELLS):
        for note in element.iterfind(f"{_OFFICE}annotation"):
            text = "\n".join("".join(p.itertext()) for p in note.iterfind(f"{_TEXT}p")).strip()
            if text:
                yield number, f"{letters(min(column, 1 << 14))}{number}", without_writer(plain(text))
        column += _count(element, "number-columns-repeated")


def _has_result(row: etree._Element) -> bool:
    """Whether a formula of the row has a result that is a number other than nought."""
    formulas = ((c.get(f"{_TABLE}formula"), c.get(f"{_OFFICE}value")) for c in row)
    return any(formula and value and value.strip("-0.") and not VOLATILE.search(formula) for formula, value in formulas)


def _is_hidden(row: etree._Element) -> bool:
    return row.get(f"{_TABLE}visibility") in _HIDDEN or any(
        group.get(f"{_TABLE}display") == "false" for group in row.iterancestors(f"{_TABLE}table-row-group")
    )


def _column_styles(table: etree._Element) -> tuple[str, ...]:
    """The style that each column gives to its cells."""
    styles: list[str] = []
    for element in table.iter(f"{_TABLE}table-column"):
        repeated = min(_count(element, "number-columns-repeated"), MAX_COLUMNS)
        styles += [element.get(f"{_TABLE}default-cell-style-name", "")] * repeated
        if len(styles) >= MAX_COLUMNS:
            break
    return tuple(styles)


def _hidden_columns(table: etree._Element) -> frozenset[int]:
    hidden, column = set(), 0
    for element in table.iter(f"{_TABLE}table-column"):
        after = column + _count(element, "number-columns-repeated")
        if element.get(f"{_TABLE}visibility") in _HIDDEN or any(
            g.get(f"{_TABLE}display") == "false" for g in element.iterancestors(f"{_TABLE}table-column-group")
        ):
            hidden |= {*range(column, min(after, MAX_COLUMNS))}
        column = after
    return frozenset(hidden)


def _cells(row: etree._Element, styles: Sequence[str], looks: OdsLooks) -> Iterator[Cell]:
    """The filled cells; of those that are repeated as many as are read, and one that is not. ``styles``: of the columns."""
    column, of_row = 0, row.get(f"{_TABLE}default-cell-style-name", "")
    for element in row.iterchildren(*_CELLS):
        repeated = _count(element, "number-columns-repeated")
        style = element.get(f"{_TABLE}style-name", "") or of_row or (styles[column] if column < len(styles) else "")
        cell = _cell(element, looks.get(style), looks)
        if cell.text or cell.fault or cell.unseen:
            yield from (
                cell._replace(column=c) for c in range(column, min(column + repeated, max(column, MAX_COLUMNS) + 1))
            )
        column += repeated


def _cell(element: etree._Element, look: Look, looks: OdsLooks) -> Cell:
    kind, formula = element.get(f"{_OFFICE}value-type", ""), element.get(f"{_TABLE}formula", "")
    pieces = [piece for p in element.iterfind(f"{_TEXT}p") for piece in (("\n", look), *_pieces(p, look, looks))][1:]
    cell = _typed(element, kind, plain("".join(text for text, _ in pieces)))
    if formula and not cell.fault:
        cell = cell._replace(fault=_fault_of(cell, formula, kind))
    shown = [(text, own) for text, own in pieces if text.strip()] or [(cell.text, look)]
    if cell.text and not cell.fault and any(own.struck for _, own in shown):
        return cell._replace(fault="struck-cell")
    if cell.text and all(own.hides() for _, own in shown):
        return Cell(0, "", unseen=cell.text)
    if not cell.kind and any(own.hides() for _, own in shown):
        seen, unseen = ("".join(text for text, own in pieces if own.hides() == hidden) for hidden in (False, True))
        return cell._replace(text=plain(seen), unseen=unseen)
    return cell


def _fault_of(cell: Cell, formula: str, kind: str) -> str:
    """Why the stored result of a formula cannot be used; ``NOUGHT`` where that depends on the other sheets."""
    if not kind:
        return "formula"
    if _OTHER_FILE.search(formula):
        return "linked-formula"
    return NOUGHT if cell.kind and cell.text.rstrip("%") == "0" else ""


def _typed(element: etree._Element, kind: str, text: str) -> Cell:
    try:
        if kind in ("float", "currency", "percentage"):
            amount = float(element.get(f"{_OFFICE}value", ""))
            if not text.strip() and element.find(f"{_TEXT}p") is not None:  # a format such as ;;; shows nothing
                return Cell(0, number_text(amount), "number", "number-format")
            return _number(amount, kind == "percentage", text)
        if kind == "date":
            day = datetime.datetime.fromisoformat(element.get(f"{_OFFICE}date-value", "").rstrip("Z"))
            return Cell(0, f"{day:%d/%m/%Y}", "date")
    except (ValueError, OverflowError):
        return Cell(0, text, fault="bad-cell")
    if kind == "time":
        return Cell(0, text, "time")
    if kind == "boolean":
        return Cell(0, "TRUE" if element.get(f"{_OFFICE}boolean-value") == "true" else "FALSE", "boolean")
    if element.get(f"{_CALC}value-type") == "error" or text.startswith(_ERRORS):
        return Cell(0, text, fault="error-value")
    text = text or plain(element.get(f"{_OFFICE}string-value", ""))
    return Cell(0, text, fault="" if is_sound(text) else "bad-cell")


def _number(amount: float, percent: bool, shown: str) -> Cell:
    """The number, and the words beside it in what the cell shows; a fault where it shows another number, or none (thousands, ``;;;``)."""
    amount *= 100 if percent else 1
    text, kind = number_text(amount, "%" if percent else ""), "percent" if percent else "number"
    if not shown.strip():
        return Cell(0, text, kind)  # libraries store no shown text
    found = _SHOWN.fullmatch(shown.strip())
    if amount == 0 and not found and shown.strip() in ("-", "–", "—"):
        return Cell(0, text, kind)
    if not found or not _rounds_to(found["number"], abs(amount)):
        return Cell(0, text, kind, "number-format")
    words = (
        re.sub(r"₫|\bVN[DĐ]\b", "đồng", found["after"].rstrip(" )"))
        if re.search(r"[^\W_]|[%‰₫]", found["after"])
        else ""
    )
    words = "" if percent else words
    return Cell(0, text + words, "percent" if words.strip() == "%" else kind)


def _rounds_to(written: str, amount: float) -> bool:
    """Whether digits with any separators can be the amount, rounded."""
    digits = re.sub(r"\s", "", written)
    pieces = re.split(r"[.,]", digits)
    readings = {
        ("".join(pieces), 0),
        ("".join(pieces[:-1]) + "." + pieces[-1], len(pieces[-1])) if len(pieces) > 1 else ("".join(pieces), 0),
    }
    return any(abs(float(text) - amount) <= 0.5000001 * 10**-decimals + amount * 1e-12 for text, decimals in readings)


def _pieces(element: etree._Element, look: Look, looks: OdsLooks) -> Iterator[tuple[str, Look]]:
    """The text of a paragraph, with its blanks, tabs and line breaks and without comments, each piece with how it looks."""
    if element.tag == f"{_TEXT}span":
        own = looks.get(element.get(f"{_TEXT}style-name", ""), "text")
        look = look._replace(
            ink=own.ink or look.ink, struck=own.struck or look.struck, raised=own.raised or look.raised
        )
    yield _raised(element.text, look), look
    for child in element:
        if child.tag in _BLANKS:
            yield _BLANKS[child.tag] * min(whole(child.get(f"{_TEXT}c"), 1), 100), look
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _pieces(child, look, looks)
        yield _raised(child.tail, look), look


def _raised(text: str | None, look: Look) -> str:
    return raised(text or "") if look.raised else text or ""


def _spans(row: etree._Element) -> Iterator[tuple[int, int, int]]:
    """(column, width, height) of each merged area that begins in the row."""
    column = 0
    for element in row.iterchildren(*_CELLS):
        width, height = _count(element, "number-columns-spanned"), _count(element, "number-rows-spanned")
        if width > 1 or height > 1:
            yield column, width, height
        column += _count(element, "number-columns-repeated")


def _count(element: etree._Element, name: str) -> int:
    return max(1, whole(element.get(f"{_TABLE}{name}"), 1))
