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

from ntm_lib.intake.files.looks import EPOCH, EPOCH_1904, Look, ink_of, looks_of, raised, show, strikes, theme_colours
from ntm_lib.intake.files.packages import NOUGHT, VOLATILE, Cell, Package, SheetRows, settled, without_writer
from ntm_lib.intake.files.readers import MAX_COLUMNS, Grid, is_sound, plain, whole

_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384  # of any spreadsheet
_LETTERS = re.compile(r"[A-Za-z]{1,3}(?=\d*$)")
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true")
Area = tuple[int, int, int, int]  # first row, first column, last row, last column
_OTHER_FILE = re.compile(
    r"'\[\d+\][^']*'!|(?<![\w.\[])\[\d+\][\w.]*!"
)  # [1]Sheet1!A1, '[1]Sheet 1'!A1; not Table1[2024]
# Programs that calculate before they save. Libraries may name one of these too, but then ask in calcPr for a calculation.
_CALCULATES = re.compile(rb"Microsoft|WPS|Kingsoft|ONLYOFFICE|Numbers")


class Book(NamedTuple):
    """What the sheets of a workbook share. ``looks``: by style of cell.

    ``calculated``: whether the stored results of formulas are results of a calculation: yes, no, only those that are not nought, or
    (if any) noughts too where the workbook has other results.
    ``linked_names``: names that stand for cells of other files. ``theme``: its colours.
    """

    package: Package
    strings: list["String"]
    looks: list[Look]
    epoch: datetime.datetime
    calculated: str
    linked_names: frozenset[str]
    theme: list[str]


class String(NamedTuple):
    """A string with its ``runs``, as (colour, text), where one of them has a colour; ``struck``: whether a part of it is struck through."""

    text: str
    struck: bool = False
    runs: tuple[tuple[str, str], ...] = ()


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
        elif not any(_holds(area, row, column) for area in self.areas):
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
    """All sheets of a workbook, in order, the hidden ones marked. Raises NtmError where it cannot or must not be read."""
    return read_sheets(Package(path, language), language)


def read_sheets(package: Package, language: str = "vi") -> list[Grid]:
    """All sheets of a workbook, the hidden ones marked. Raises NtmError where none is visible."""
    part = next((r.part for r in package.related("", "officeDocument").values()), "xl/workbook.xml")
    root = package.xml(part)
    sheets = list(root.iterfind("{*}sheets/{*}sheet"))
    if _tag(root) != "workbook":
        raise package.damaged(part)
    package.refuse_sheets(len(sheets), sum(s.get("state", "visible") != "visible" for s in sheets))
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
    strings, styles, themes = (
        [package.xml(relation.part) for relation in package.related(part, kind).values()]
        for kind in ("sharedStrings", "styles", "theme")
    )
    theme = [colour for found in themes[:1] for colour in theme_colours(found)]
    return Book(
        package,
        [_string(item, theme) for found in strings for item in found.iterfind("{*}si")],
        [look for found in styles for look in looks_of(found, theme)],
        EPOCH_1904 if since_1904 else EPOCH,
        _calculated(package, root),
        linked,
        theme,
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


def _string(item: etree._Element, theme: list[str]) -> String:
    """A string; the runs of a rich text are joined, reading aids (rPh) left out. Raised digits stay raised: 90,3¹ is not 90,31."""
    struck, runs = False, []
    for child in item:
        parts = [child] if _tag(child) == "t" else child if _tag(child) == "r" else ()
        text = "".join(part.text or "" for part in parts if _tag(part) == "t")
        look = child.find("{*}rPr") if text else None
        if look is not None:
            text = raised(text) if any(e.get("val") == "superscript" for e in look.iterfind("{*}vertAlign")) else text
            struck = struck or (bool(text.strip()) and strikes(look))
        runs.append((ink_of(look, theme) if look is not None else "", _unescaped(text)))
    coloured = tuple(runs) if any(ink for ink, _ in runs) else ()
    return String("".join(text for _, text in runs), struck, coloured)


def _unescaped(text: str) -> str:
    return plain(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text)


def _sheet(book: Book, name: str, part: str, language: str) -> Grid:
    merged, hidden, number, formulas, rows = [], set(), 0, Formulas(book), SheetRows(book.package, name)
    coloured = _coloured(book, part)
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
            is_hidden = element.get("hidden") in _TRUE or (
                element.get("ht") == "0" and element.get("customHeight") in _TRUE
            )
            rows.add(number, list(_cells(book, element, number, formulas, coloured)), is_hidden)
    rows.notes += _notes(book.package, part)
    for drawing in book.package.related(part, "drawing").values():
        drawn = book.package.xml(drawing.part)
        rows.has_picture = rows.has_picture or drawn.find(".//{*}pic") is not None
        boxes = ("".join(t.text or "" for t in box.iter("{*}t")).strip() for box in drawn.iter("{*}sp"))
        rows.boxes += [text for text in boxes if text]
    return rows.grid(merged, hidden)


def _coloured(book: Book, part: str) -> list[Area]:
    """Areas whose background comes from a table's style or a condition, looked for where a cell may be written in white."""
    if not any(look.hides() for look in book.looks) and not any(string.runs for string in book.strings):
        return []
    tables = (_painted(book.package.xml(table.part)) for table in book.package.related(part, "table").values())
    conditions = (e.get("sqref", "") for e in book.package.elements(part, "{*}conditionalFormatting"))
    return [area for text in (*tables, *conditions) for one in text.split()[:1000] if (area := _area(one))]


def _painted(table: etree._Element) -> str:
    """The area of a table that its style paints in a colour of its own: all of it under a dark style, else its heading."""
    style = table.find("{*}tableStyleInfo")
    area = table.get("ref", "")
    if style is not None and "Dark" in style.get("name", ""):
        return area
    first, _, last = area.partition(":")
    row = re.sub(r"\D", "", first)
    return f"{first}:{re.sub(r'[0-9]', '', last)}{row}" if last and row else area


def _notes(package: Package, part: str) -> Iterator[tuple[int, str, str]]:
    """Row, address and text of the comments on cells; without the name of who wrote them, with which Excel begins a note."""
    of_sheet = package.related(part, "comments", "threadedComment").values()
    threads = [relation.part for relation in of_sheet if relation.kind == "threadedComment"]
    for member in threads or [relation.part for relation in of_sheet]:
        for note in package.elements(member, "{*}threadedComment" if threads else "{*}comment"):
            package.spend(1)
            found = _AREA.fullmatch(note.get("ref", ""))
            text = _unescaped("".join(t.text or "" for t in note.iter("{*}text", "{*}t")))
            text = text if threads else without_writer(text)
            if found and text.strip():
                yield int(found[2]), found[1] + found[2], text.strip()


def _hidden_columns(element: etree._Element) -> range | set[int]:
    if element.get("hidden") not in _TRUE and element.get("width") != "0":
        return set()
    return {*range(whole(element.get("min"), 1) - 1, min(whole(element.get("max"), 1), MAX_COLUMNS))}


def _cells(book: Book, row: etree._Element, number: int, formulas: Formulas, coloured: list[Area]) -> Iterator[Cell]:
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
        look, string = _look(book, element), _string_of(book, element, value, children)
        cell = _cell(book, column, element, value, look, string)
        if formula is not None and not value:
            # Of kind str an empty result is a result, where somebody calculated.
            fault = "formula" if element.get("t", "n") == "n" or fault else ""
        if cell.text and not fault and (look.struck or (string and string.struck)):
            fault = "struck-cell"
        if fault and not cell.fault:
            cell = cell._replace(fault=fault)
        is_coloured = look.hides() or (string and string.runs)
        if is_coloured and cell.text and not any(_holds(area, number, column) for area in coloured):
            cell = _seen(cell, look, string)
        if cell.text or cell.fault or cell.unseen:
            yield cell


def _look(book: Book, element: etree._Element) -> Look:
    style = whole(element.get("s"), 0)
    return book.looks[style] if style < len(book.looks) else Look()


def _string_of(book: Book, element: etree._Element, value: str | None, children: dict) -> String | None:
    kind, place = element.get("t", "n"), whole(value, -1)
    if kind == "inlineStr" and "is" in children:
        return _string(children["is"], book.theme)
    return book.strings[place] if kind == "s" and 0 <= place < len(book.strings) else None


def _seen(cell: Cell, look: Look, string: String | None) -> Cell:
    """The cell without what of its text has the colour of the background."""
    if string and string.runs:
        unseen = "".join(text for ink, text in string.runs if look.hides(ink))
        text = "".join(text for ink, text in string.runs if not look.hides(ink))
    else:
        text, unseen = ("", cell.text) if look.hides() else (cell.text, "")
    return cell._replace(text=text, unseen=unseen, fault=cell.fault if text else "") if unseen.strip() else cell


def _holds(area: Area, row: int, column: int) -> bool:
    top, left, bottom, right = area
    return top <= row <= bottom and left <= column <= right


def _cell(
    book: Book, column: int, element: etree._Element, value: str | None, look: Look, string: String | None
) -> Cell:
    """The cell as it is stored, whoever calculated it."""
    kind = element.get("t", "n")
    if string is not None or kind == "inlineStr":
        return _checked(column, string.text if string else "")
    if not value:
        return Cell(column, "")
    if kind in ("e", "s"):
        return Cell(column, value, fault="error-value" if kind == "e" else "bad-cell")
    if kind == "b":
        return Cell(column, "TRUE" if value in _TRUE else "FALSE", "boolean")
    if kind == "d":
        return _day(column, value)
    return _number(book, column, value, look) if kind == "n" else _checked(column, _unescaped(value))


def _checked(column: int, text: str) -> Cell:
    return Cell(column, text, fault="" if is_sound(text) else "bad-cell")


def _day(column: int, value: str) -> Cell:
    try:
        return Cell(column, f"{datetime.datetime.fromisoformat(value.rstrip('Z')):%d/%m/%Y}", "date")
    except ValueError:
        return Cell(column, value, fault="bad-cell")


def _number(book: Book, column: int, value: str, look: Look) -> Cell:
    try:
        shown = show(float(value), look.format, book.epoch)
    except (ValueError, OverflowError):
        return Cell(column, value, fault="bad-cell")
    return Cell(column, shown.text, shown.kind) if shown else Cell(column, value, "number", "number-format")


def _area(reference: str) -> Area | None:
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
