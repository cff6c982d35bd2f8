"""What of a template's workbook is not read, so that nothing of it is lost silently; and of several workbooks in one folder, what two say
alike is read once, what they say differently is refused."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction

from ntm_lib.errors import NtmError
from ntm_lib.intake.files.readers import Row
from ntm_lib.intake.filled.template_body import UNKNOWN, Body, Cell, SheetRow, letters, number_of
from ntm_lib.intake.filled.template_find import Pages
from ntm_lib.intake.filled.template_layout import LISTED, OF_COMMUNE, SEXES, Layout, Sheet, sealed, sealed_keys
from ntm_lib.intake.raw_grid import unseen_of
from ntm_lib.intake.schema import RawRow, Remark
from ntm_lib.language import translator
from ntm_lib.text.names import clean_text

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
