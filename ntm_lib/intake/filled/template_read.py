"""A filled workbook of ``make template``, back into raw rows: the same rows that CSV files would give.

Which cell is which column of which table stands in ``layouts/template.yml``; which sheet is which form is
found by ``template_find``, what is not read is named by ``template_body``. How a file becomes grids of text is
``xlsx`` and ``ods``; what the rows mean is not decided here. Nothing is left out: a cell that cannot be used
gives its row a fault.
"""

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ntm_lib.intake.files.readers import Grid
from ntm_lib.intake.filled import template_find
from ntm_lib.intake.filled.template_body import UNKNOWN, Body, Cell, SheetRow, body_of, remarks
from ntm_lib.intake.filled.template_find import Page, find_pages
from ntm_lib.intake.filled.template_layout import LISTED, Column, Emit, Group, Layout, Sheet, Term, layout, layout_file
from ntm_lib.intake.schema import RawRow, Remark
from ntm_lib.text.lexicon import MISSING
from ntm_lib.text.names import clean_text, match_village

SOURCE_KEYS = ("note", "quote", "document", "section")  # filled alone they still make a row: a remark without a value
CODES = ("criterion", "indicator", "year", "base_year")
WORD_FAULTS = {"states": "state-word", "sources": "source-word", "result_kinds": "kind-word", "plan_kinds": "kind-word"}
BARE_NUMBER = re.compile(r"[-−+]?\d[\d.,]*")
PERCENT = re.compile(r"\d[\d.,]*\s*%")
_REFERENCE = re.compile(r"!\$?[A-Z]+\$?(\d+)")

Read = tuple[dict[str, tuple[RawRow, ...]], list[Remark], list[Grid]]


@dataclass(frozen=True)
class Book:
    """What rows of any sheet may need: constants of the sheet, and the villages with their rows by name and by row number."""

    file: str
    constants: Mapping[str, str]
    layout: Layout
    villages: Mapping[str, SheetRow] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)
    references: Mapping[int, int] = field(default_factory=dict)


def is_template(grids: Sequence[Grid]) -> bool:
    """Whether the sheets are those of a workbook of ``make template`` (whatever the names of file and sheets)."""
    return template_find.is_marked(grids) or (layout_file().is_file() and template_find.is_template(grids, layout()))


def read_book(grids: Sequence[Grid], language: str = "vi", slug: str = "", path: Path | None = None) -> Read:
    """Raw rows by table, what is to be told, and the sheets that are no forms of the template.

    ``row`` of a raw row is the address of its cell (``M12``), since one line of a sheet may give several
    rows. ``slug``: folder in which the file lies; ``path``: the file, for the names of villages that no
    program has calculated yet. Raises NtmError as ``find_pages`` does.
    """
    form = layout()
    pages = find_pages(grids, form, slug, language)
    bodies = [body_of(page, form) for page in pages.forms]
    listed = [row for body in bodies if body.page.sheet.rows == "villages" for row in body.rows if row.text("village")]
    villages, numbers = (
        {clean_text(row.text("village")): row for row in listed},
        {row.number: clean_text(row.text("village")) for row in listed},
    )
    tables: dict[str, list[RawRow]] = {}
    for body in bodies:
        references = _references(body, path) if body.page.sheet.groups else {}
        book = Book(pages.file, _constants(body.page, pages.facts), form, villages, numbers, references)
        for row in body.rows:
            for table, raw in _raw_rows(body.page, row, book):
                tables.setdefault(table, []).append(raw)
    told = remarks(pages, bodies, tables, form)
    return {table: tuple(found) for table, found in tables.items()}, told, list(pages.others)


def _constants(page: Page, facts: template_find.Facts) -> dict[str, str]:
    return {"year": facts.year, "next": str(int(facts.year) + 1), "rule_set": page.facts.rule_set or facts.rule_set}


def _references(body: Body, path: Path | None) -> dict[int, int]:
    """Row of the sheet → row of the sheet of villages that its formula names, where the name itself was never calculated."""
    groups = [g.key for g in body.page.sheet.groups]
    waiting = any(not row.text("village") and any(row.text(k) for k in groups) for row in body.rows)
    if not waiting or path is None or path.suffix.lower() == ".ods":
        return {}
    import openpyxl  # slow to load, and needed for few workbooks

    try:
        with warnings.catch_warnings(action="ignore"):  # a note in a merged cell is no reason to read no formula
            sheets = openpyxl.load_workbook(path).worksheets
        sheet = next(s for s in sheets if s.title[:60] == body.page.grid.sheet)
    except Exception:  # noqa: BLE001  whatever openpyxl dislikes in a file that was read: the villages are then asked for
        return {}
    formulas = {row.number: str(sheet.cell(row.number, body.page.places["village"] + 1).value) for row in body.rows}
    return {number: int(found[1]) for number, text in formulas.items() if (found := _REFERENCE.search(text))}


# --- rows ----------------------------------------------------------------------------------------


def _raw_rows(page: Page, row: SheetRow, book: Book) -> Iterator[tuple[str, RawRow]]:
    """(table, raw row) for each that the row of the sheet gives."""
    sheet, name = page.sheet, clean_text(page.grid.sheet)
    emits = [(e, filled) for e in sheet.emits if (filled := _filled(sheet, row, e.when))]
    if not emits and (filled := _filled(sheet, row, _remarks(sheet, row))):
        emits = [(sheet.emits[0], filled)]
    for index, (emit, filled) in enumerate(emits):
        address = _address(row, filled)
        cells = {column: _value(terms, sheet, row, book) for column, terms in emit.cells.items()}
        if emit.table != "documents":
            cells["id"] = _id(sheet, row, emit, index, address, book)
        places = {column: _place(terms, row, address) for column, terms in emit.cells.items()}
        fault = (
            ("village", "required") if sheet.groups and not cells["village"] else _fault(emit, sheet, row, book.layout)
        )
        if fault:  # a row that cannot be used is named by the cell that is at fault
            column, code, key = (*fault, "")[:3]
            yield (
                emit.table,
                RawRow(
                    book.file,
                    name,
                    row.address(key) if key else places.get(column, address),
                    cells,
                    (column, code),
                    places=places,
                ),
            )
        else:
            yield emit.table, RawRow(book.file, name, address, _placed(cells, emit.table), places=places)


def _placed(cells: dict[str, str], table: str) -> dict[str, str]:
    """The cells with the criterion that the indicator says; a result of no criterion at all is further information, no measure."""
    if table not in ("results", "plan") or cells.get("criterion"):
        return cells
    if indicator := cells.get("indicator"):
        return cells | {"criterion": indicator.partition(".")[0]}
    return cells | {"kind": "other"} if cells.get("value") else cells


def _place(terms: tuple[Term, ...], row: SheetRow, address: str) -> str:
    """Address of the cell that gives a raw column: the filled one, else the first; that of the row for what is computed."""
    keys = [t.key for t in terms if t.key in row.cells]
    return row.address(next((k for k in keys if row.text(k)), keys[0])) if keys else address


def _remarks(sheet: Sheet, row: SheetRow) -> tuple[str, ...]:
    return (
        SOURCE_KEYS
        if row.kind in (LISTED, UNKNOWN) or sheet.groups
        else tuple(c.key for c in sheet.columns if c.fill != "locked")
    )


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


def _fault(emit: Emit, sheet: Sheet, row: SheetRow, form: Layout) -> tuple[str, str, str] | None:
    """(raw column, code, key of the cell) of the first cell that cannot be used; a locked cell only repeats what is read elsewhere."""
    if emit.table == "results" and "numerator" in emit.when and (fault := _count_fault(row)):
        return "value", *fault
    if sheet.groups and not _is_one_count(row.text(emit.when[0])):
        return "value", "one-count", emit.when[0]
    columns = {c.key: c for c in sheet.columns}
    for column, terms in emit.cells.items():
        for key in (_own_key(term.key, emit) for term in terms):
            cell = row.cells.get(key)
            if cell is None or columns[key].fill == "locked":
                continue
            if code := cell.fault or _word_fault(columns[key], cell.text, form):
                return column, code, key
            if column in CODES and cell.is_number and "," in cell.text:
                return column, "number-as-code", key
            if column == "quantity" and BARE_NUMBER.fullmatch(cell.text):
                return column, "no-unit", key
    broken = next((k for k in emit.when if (c := row.cells.get(k)) and c.fault), "")
    return ("value", row.cells[broken].fault, broken) if broken else None


def _count_fault(row: SheetRow) -> tuple[str, str] | None:
    """(code, key of the cell) where the two cells of a share do not hold a count and its total."""
    numerator, denominator = row.text("numerator"), row.text("denominator")
    if denominator and not numerator:
        return "required", "numerator"
    if re.fullmatch(r"0+", numerator) and re.fullmatch(r"0+", denominator):
        return "zero-of-zero", "denominator"
    return next(
        (
            ("bare-count", k)
            for k, text in (("numerator", numerator), ("denominator", denominator))
            if denominator and re.search(r"[%/]", text)
        ),
        None,
    )


def _is_one_count(text: str) -> bool:
    """Whether a cell of a sheet by villages may hold one count: its total stands elsewhere, and a cross counts nothing."""
    return text.casefold() in MISSING or (re.search(r"\d", text) is not None and not re.search(r"[%/]", text))


def _word_fault(column: Column, text: str, form: Layout) -> str:
    """Code of a word that is not in the list of its column; the words of other lists are only proposals."""
    known = (
        not text
        or column.list not in WORD_FAULTS
        or form.code(column.list, clean_text(text)) in form.words[column.list]
    )
    return "" if known else WORD_FAULTS[column.list]


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
        return _village(row, book)
    text = row.text(term.key)
    if text and term.unit and BARE_NUMBER.fullmatch(text):
        return f"{text} {term.unit}"
    column = next((c for c in sheet.columns if c.key == term.key), None)
    return text if term.as_written or not column else _decoded(column, text, book.layout)


def _decoded(column: Column, text: str, form: Layout) -> str:
    return form.code(column.list, clean_text(text)) if column.list in form.words else text


def _group(sheet: Sheet, key: str) -> Group:
    return next(g for g in sheet.groups if g.key == key)


def _village(row: SheetRow, book: Book) -> str:
    """The village that the row names, or that its formula points to."""
    cell = row.cells.get("village", Cell())
    return (
        ""
        if cell.fault == "error-value"
        else clean_text(cell.text) or book.numbers.get(book.references.get(row.number, 0), "")
    )


def _share(group: Group, row: SheetRow, book: Book) -> str:
    """``120/150 hộ`` where the total is known; else nothing, and the bare count is taken."""
    total = row.text(group.of) if group.of != "households" else _households(row, book)
    counts = (re.sub(rf"\s*{group.unit}$", "", text.strip()) for text in (row.text(group.key), total))
    return f"{'/'.join(counts)} {group.unit}" if group.of and total else ""


def _households(row: SheetRow, book: Book) -> str:
    """Households of the row's village, by its name."""
    found = match_village(
        _village(row, book),
        {name: [v.strip() for v in r.text("variants").split(";")] for name, r in book.villages.items()},
    )
    return row.text("households") if found.doubtful else book.villages[found.name].text("households")


def _result(row: SheetRow) -> str:
    """What the cells of a result say together, in the words of a report: ``1276/1413 hộ đạt 90,3%``."""
    numerator, denominator, text, unit = (row.text(k) for k in ("numerator", "denominator", "text", "unit"))
    if unit == "mức độ" and re.fullmatch(r"\d", text):
        text = f"mức độ {text}"
    unit = "" if unit == "%" else unit
    counted = (
        f"{numerator}/{denominator} {unit}".strip()
        if denominator
        else f"{numerator} {unit}".strip()
        if numerator
        else ""
    )
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
