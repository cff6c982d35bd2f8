"""A filled workbook of ``make template``, back into raw rows: the same rows that CSV files would give.

Which cell is which column of which table stands in ``layouts/template.yml``. How a file becomes
grids of text is ``xlsx`` and ``ods``; what the rows mean is not decided here. Nothing is left out: a
cell that cannot be used gives its row a fault.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ntm_lib.errors import NtmError
from ntm_lib.intake.names import clean_text
from ntm_lib.intake.ods import read_ods
from ntm_lib.intake.raw import RawRow
from ntm_lib.intake.readers import Grid, Row
from ntm_lib.intake.template_layout import FIXED, FREE, LISTED, Column, Emit, Group, Layout, Sheet, Term, layout
from ntm_lib.intake.xlsx import read_xlsx
from ntm_lib.language import translator

GUIDE = "Hướng dẫn"
MARK = "ntm-template"  # first cell of the guide
KEY_ROWS = 12  # the hidden row of keys is among these
SOURCE_KEYS = ("note", "quote", "document", "section")  # filled alone they still make a row: a remark without a value
CODES = ("criterion", "indicator", "year", "base_year")
BARE_NUMBER = re.compile(r"[-−+]?\d[\d.,]*")
PERCENT = re.compile(r"\d[\d.,]*\s*%")


@dataclass(frozen=True)
class Cell:
    """Text of a cell; ``fault``: code of ``messages.REASONS`` where it cannot be used; ``column``: its letters."""

    text: str = ""
    is_number: bool = False
    fault: str = ""
    column: str = ""


@dataclass(frozen=True)
class SheetRow:
    """A row for data: its number in the sheet, its place among the rows for data, its cells by key."""

    number: int
    place: int
    kind: str
    cells: Mapping[str, Cell]

    def text(self, key: str) -> str:
        return self.cells.get(key, Cell()).text


@dataclass(frozen=True)
class Book:
    """What rows of any sheet may need: constants of the workbook and the rows of the sheet of villages."""

    file: str
    constants: Mapping[str, str]
    layout: Layout
    villages: Mapping[int, SheetRow] = field(default_factory=dict)


def read_template(path: Path, language: str = "vi", slug: str = "") -> dict[str, tuple[RawRow, ...]]:
    """Raw rows by table of a filled workbook, XLSX or saved as ODS. Raises NtmError as ``read_grids`` and the readers do."""
    grids = read_ods(path, language) if path.suffix.lower() == ".ods" else read_xlsx(path, language)
    return read_grids(grids, language, slug)


def is_template(grids: Sequence[Grid]) -> bool:
    """Whether the sheets are those of a workbook of ``make template`` (whatever its name)."""
    return any(g.sheet == GUIDE and g.rows and g.rows[0].cells[:1] == (MARK,) for g in grids)


def read_grids(grids: Sequence[Grid], language: str = "vi", slug: str = "") -> dict[str, tuple[RawRow, ...]]:
    """Raw rows by table of sheets for which ``is_template`` holds.

    ``row`` of a raw row is the address of its cell (``M12``), since one line of a sheet may give several
    rows. ``slug``: folder in which the file lies. Raises NtmError where it belongs to another commune,
    was made by another version of the template, or lacks a sheet or a column.
    """
    form, by_name = layout(), {g.sheet: g for g in grids}
    constants = _constants(by_name[GUIDE], form, slug, language)
    sheets = [s for s in form.sheets if s.for_rule_set(constants["rule_set"])]
    rows = {s.name: list(_rows(s, by_name, language)) for s in sheets}
    villages = {row.place: row for s in sheets if s.rows == "villages" for row in rows[s.name]}
    book = Book(by_name[GUIDE].file, constants, form, villages)
    tables: dict[str, list[RawRow]] = {}
    for sheet in sheets:
        for row in rows[sheet.name]:
            for table, raw in _raw_rows(sheet, row, book):
                tables.setdefault(table, []).append(raw)
    return {table: tuple(found) for table, found in tables.items()}


# --- cells ---------------------------------------------------------------------------------------


def _constants(grid: Grid, form: Layout, slug: str, language: str) -> dict[str, str]:
    t = translator(language)
    facts = {row.cells[0]: row.cells[2].strip() for row in grid.rows if len(row.cells) > 2 and row.cells[0]}
    if facts.get("version") != str(form.version):
        raise NtmError(t("{file} được làm bằng phiên bản mẫu {found}, cần phiên bản {wanted}. Hãy tạo mẫu mới bằng make template rồi chép số liệu sang.").format(
            file=grid.file, found=facts.get("version") or "?", wanted=form.version))  # fmt: skip
    if slug and facts.get("slug") != slug:
        raise NtmError(t("{file} là mẫu của xã «{found}» nhưng nằm trong thư mục của xã «{slug}». Hãy chuyển tệp về đúng thư mục.").format(
            file=grid.file, found=facts.get("slug"), slug=slug))  # fmt: skip
    if not re.fullmatch(r"20\d\d", facts.get("year", "")):
        raise NtmError(t("{file}, trang {sheet}: năm «{year}» không hợp lệ. Hãy tạo mẫu mới bằng make template.").format(
            file=grid.file, sheet=GUIDE, year=facts.get("year", "")))  # fmt: skip
    return {"year": facts["year"], "next": str(int(facts["year"]) + 1), "rule_set": facts.get("rule_set", "")}


def _rows(sheet: Sheet, grids: Mapping[str, Grid], language: str) -> Iterator[SheetRow]:
    """Rows for data, also one that somebody inserted (no kind in the hidden first column)."""
    t, file = translator(language), grids[GUIDE].file
    if sheet.name not in grids:
        raise NtmError(t("{file} thiếu trang {sheet}. Hãy giữ nguyên các trang của mẫu; tạo lại bằng make template nếu đã xóa.").format(file=file, sheet=sheet.name))
    lines = list(grids[sheet.name].rows)
    start = next((i for i, line in enumerate(lines[:KEY_ROWS]) if _places(line, sheet)), None)
    if start is None:
        raise NtmError(t("{file}, trang {sheet}: không tìm thấy đủ các cột của mẫu. Hãy giữ nguyên các cột và dòng ẩn; tạo lại bằng make template nếu đã xóa.").format(
            file=file, sheet=sheet.name))  # fmt: skip
    places, place = _places(lines[start], sheet), 0
    for line in lines[start + 1 :]:
        cells = {key: _cell(line, i) for key, i in places.items()}
        kind = cells.pop("row").text
        if kind != FIXED:
            yield SheetRow(line.number, place, kind if kind == LISTED else FREE, cells)
            place += 1


def _places(line: Row, sheet: Sheet) -> dict[str, int] | None:
    """Key → place of its column, if the line is the hidden one that holds the keys."""
    keys = {c.key for c in sheet.columns}
    found = {text: i for i, text in enumerate(line.cells) if text in keys}
    return found if {c.key for c in sheet.columns if not c.later} <= found.keys() else None


def _cell(line: Row, index: int) -> Cell:
    text = line.cells[index].strip() if index < len(line.cells) else ""
    return Cell(text, index in line.numbers, line.faults.get(index, ""), _letters(index))


def _letters(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else "A" + chr(ord("A") + index - 26)


# --- rows ----------------------------------------------------------------------------------------


def _raw_rows(sheet: Sheet, row: SheetRow, book: Book) -> Iterator[tuple[str, RawRow]]:
    """(table, raw row) for each that the row of the sheet gives."""
    emits = [(e, filled) for e in sheet.emits if (filled := _filled(sheet, row, e.when))]
    if not emits and (filled := _filled(sheet, row, _remarks(sheet, row))):
        emits = [(sheet.emits[0], filled)]
    for index, (emit, filled) in enumerate(emits):
        address = _address(row, filled)
        cells = {column: _value(terms, sheet, row, book) for column, terms in emit.cells.items()}
        if emit.table != "documents":
            cells["id"] = _id(sheet, row, emit, index, address, book)
        nowhere = sheet.groups and not cells["village"]  # a count of no village would pass for the whole commune's
        yield emit.table, RawRow(book.file, sheet.name, address, cells, ("village", "required") if nowhere else _fault(emit, sheet, row))


def _remarks(sheet: Sheet, row: SheetRow) -> tuple[str, ...]:
    return SOURCE_KEYS if row.kind == LISTED or sheet.groups else tuple(c.key for c in sheet.columns if c.fill != "locked")


def _filled(sheet: Sheet, row: SheetRow, keys: tuple[str, ...]) -> list[str]:
    """Those of the keys whose cell somebody filled; what was there from the start does not count."""
    ready = {c.key for c in sheet.columns if c.fill != "input"} if row.kind == LISTED else set()
    return [k for k in keys if k not in ready and k in row.cells and (row.cells[k].text or row.cells[k].fault)]


def _address(row: SheetRow, filled: list[str]) -> str:
    return f"{row.cells[filled[0]].column}{row.number}"


def _id(sheet: Sheet, row: SheetRow, emit: Emit, index: int, address: str, book: Book) -> str:
    """The id that was typed, or one made of year, sheet and cell: 2025-B01-M12."""
    if typed := row.text("id"):
        return typed if index == 0 else f"{typed}-{emit.second}"
    return f"{book.constants['year']}-{sheet.tag}-{address}"


def _fault(emit: Emit, sheet: Sheet, row: SheetRow) -> tuple[str, str] | None:
    """(raw column, code) of the first cell of the row that cannot be used; a locked cell only repeats what is read elsewhere."""
    if emit.table == "results" and row.text("denominator") and not row.text("numerator"):
        return "value", "required"
    locked = {c.key for c in sheet.columns if c.fill == "locked"}
    for column, terms in emit.cells.items():
        for term in terms:
            key = _own_key(term.key, emit)
            cell = row.cells.get(key) if key not in locked else None
            if cell and cell.fault:
                return column, cell.fault
            if cell and column in CODES and cell.is_number and "," in cell.text:
                return column, "number-as-code"
    broken = next((c.fault for k in emit.when if (c := row.cells.get(k)) and c.fault), "")
    return ("value", broken) if broken else None


def _own_key(key: str, emit: Emit) -> str:
    return emit.when[0] if key.startswith(("share_", "change_")) else key


def _value(terms: tuple[Term, ...], sheet: Sheet, row: SheetRow, book: Book) -> str:
    return next((text for term in terms if (text := _term(term, sheet, row, book))), "")


def _term(term: Term, sheet: Sheet, row: SheetRow, book: Book) -> str:
    if term.literal or term.constant:
        return term.literal or book.constants[term.constant]
    if term.key in _COMPUTED:
        return _COMPUTED[term.key](row)
    if term.key.startswith("share_"):
        return _share(_group(sheet, term.key[len("share_") :]), row, book)
    if term.key.startswith("change_"):
        key = term.key[len("change_") :]
        return _more(row.text(key), _group(sheet, key.removesuffix("_plan")).unit)
    if sheet.groups and term.key == "village":
        return book.villages[row.place].text("village") if row.place in book.villages else ""
    text = row.text(term.key)
    if text and term.unit and BARE_NUMBER.fullmatch(text):
        return f"{text} {term.unit}"
    column = next((c for c in sheet.columns if c.key == term.key), None)
    return text if term.as_written or not column else _decoded(column, text, book.layout)


def _decoded(column: Column, text: str, form: Layout) -> str:
    return form.code(column.list, clean_text(text)) if column.list in form.words else text


def _group(sheet: Sheet, key: str) -> Group:
    return next(g for g in sheet.groups if g.key == key)


def _share(group: Group, row: SheetRow, book: Book) -> str:
    """``120/150 hộ`` where the total is known; else nothing, and the bare count is taken."""
    village = book.villages.get(row.place)
    total = row.text(group.of) if group.of != "households" else village.text("households") if village else ""
    return f"{row.text(group.key)}/{total} {group.unit}" if group.of and total else ""


def _result(row: SheetRow) -> str:
    """What the cells of a result say together, in the words of a report: ``1276/1413 hộ đạt 90,3%``."""
    numerator, denominator, text, unit = (row.text(k) for k in ("numerator", "denominator", "text", "unit"))
    if unit == "mức độ" and re.fullmatch(r"\d", text):
        text = f"mức độ {text}"
    unit = "" if unit == "%" else unit
    counted = f"{numerator}/{denominator} {unit}".strip() if denominator else f"{numerator} {unit}".strip() if numerator else ""
    if counted and text:
        return f"{counted} đạt {text}" if PERCENT.fullmatch(text) else f"{text}; {counted}"
    return text or counted


def _increase(row: SheetRow) -> str:
    """A bare number in the column of changes is so many more, or fewer."""
    text = row.text("change")
    return _more(text, row.text("unit")) if BARE_NUMBER.fullmatch(text) else text


def _more(text: str, unit: str) -> str:
    word = "giảm" if text[:1] in ("-", "−") else "thêm"
    return f"{word} {text.lstrip('-−+')} {unit}".strip() if text else ""


_COMPUTED = {"result": _result, "increase": _increase}
