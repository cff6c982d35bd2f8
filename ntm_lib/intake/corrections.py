"""What people decided: known faults of a source, corrected as data, and notes.csv, what reviewers say and how a finding was answered.

A correction whose guard fails, or that finds no row, stops the run: the source changed, and
somebody must look again.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from ntm_lib.errors import NtmError
from ntm_lib.intake.plan_text import TEXTS
from ntm_lib.intake.privacy import without_personal
from ntm_lib.intake.schema import OBSERVED, RawRow
from ntm_lib.language import translator
from ntm_lib.problems import Field, Problem
from ntm_lib.problems import where as place
from ntm_lib.text.dates import read_date
from ntm_lib.text.names import clean_text

ACTIONS = ("set", "drop", "flag")


class Correction(NamedTuple):
    """One applied entry; ``before`` and ``after`` are what the cell held and holds."""

    id: str
    table: str
    row: RawRow
    column: str
    action: str
    before: str
    after: str
    reason: str
    decided_by: str
    decided_on: str


def apply_corrections(
    tables: Mapping[str, Sequence[RawRow]], language: str = "vi"
) -> tuple[dict[str, tuple[RawRow, ...]], list[Correction]]:
    """Tables with the ``set`` entries done, and every entry with the row it found. Raises NtmError."""
    corrected = {name: list(rows) for name, rows in tables.items()}
    applied = []
    for entry in tables.get("corrections", ()):
        table, index = _find(entry, corrected, language)
        row = corrected[table][index]
        correction = _guarded(entry, table, row, language)
        if correction.action == "set":
            cells = dict(row.cells) | {correction.column: correction.after}
            corrected[table][index] = row._replace(
                cells=cells, written=row.written or row.cells, correction=correction.id
            )
        applied.append(correction)
    return {name: tuple(rows) for name, rows in corrected.items()}, applied


def _find(entry: RawRow, tables: Mapping[str, Sequence[RawRow]], language: str) -> tuple[str, int]:
    file = entry.cells["file"]
    table = PurePosixPath(file).stem
    if any(row.file.endswith(f"/{file}") for row in tables.get(TEXTS, ())):
        table = TEXTS
    elif table not in OBSERVED:
        raise _fault(
            entry, "file", translator(language)("không có bảng «{file}»").format(file=entry.cells["file"]), language
        )
    wanted = entry.cells["row_id"]
    found = [
        i
        for i, row in enumerate(tables[table])
        if wanted and row.cells.get("id") == wanted and (table != TEXTS or row.file.endswith(f"/{file}"))
    ]
    if len(found) != 1:
        t = translator(language)
        what = t("có {n} dòng mang mã «{id}» trong {file}, phải có đúng một").format(
            n=len(found), id=wanted, file=entry.cells["file"]
        )
        raise _fault(entry, "row_id", what, language)
    return table, found[0]


def _guarded(entry: RawRow, table: str, row: RawRow, language: str) -> Correction:
    t, cells = translator(language), entry.cells
    action, column = cells["action"], cells.get("column", "")
    if action not in ACTIONS:
        raise _fault(
            entry,
            "action",
            t("«{action}» không hợp lệ; được phép: {allowed}").format(action=action, allowed=", ".join(ACTIONS)),
            language,
        )
    if not column:  # without a cell there is no guard, and the entry would outlive a change of the source
        raise _fault(entry, "column", t("thiếu tên cột (column) và giá trị mà ô phải đang giữ (expect)"), language)
    if column not in row.cells:
        raise _fault(
            entry, "column", t("{file} không có cột «{column}»").format(file=row.file, column=column), language
        )
    held, expected = row.cells.get(column, ""), cells.get("expect", "")
    if clean_text(held) != clean_text(expected):
        what = t("ô ở {place} phải là «{expected}» nhưng đang là «{held}»: nguồn đã đổi").format(
            place=place(row.file, row.sheet, row.row, column, language),
            expected=without_personal(expected),
            held=without_personal(held)[:80],
        )
        raise _fault(entry, "expect", what, language)
    after = cells.get("value", "") if action == "set" else held
    return Correction(
        cells["id"], table, row, column, action, held, after, cells["reason"], cells["decided_by"], cells["decided_on"]
    )


def _fault(entry: RawRow, column: str, what: str, language: str) -> NtmError:
    t = translator(language)
    where = place(entry.file, entry.sheet, entry.row, column, language)
    return NtmError(
        t("Không áp dụng được {id} ({place}): {what}. Hãy xem lại nguồn rồi sửa hoặc xóa mục này.").format(
            id=entry.cells["id"], place=where, what=what
        )
    )


ALLOWED = {"state": ("open", "settled"), "answer": ("", "accepted", "corrected", "explained")}


def read_notes(rows: Sequence[RawRow], language: str = "vi") -> tuple[RawRow, ...]:
    """The rows with their dates as ISO dates. Raises one NtmError that names every cell which is not allowed."""
    faults = [fault for row in rows for fault in _faults(row)]
    if faults:
        title = translator(language)("Ý kiến thẩm tra không đọc được:")
        raise NtmError("\n    ".join([title, *(fault.in_words(language) for fault in faults)]))
    dated = [(row, read_date(row.cells["date"])) for row in rows]
    return tuple(row._replace(cells={**row.cells, "date": date.value}) for row, date in dated if date)


def _faults(row: RawRow) -> Iterator[Problem]:
    """What is wrong with the cells of a note."""
    for column, allowed in ALLOWED.items():
        if row.cells.get(column, "") not in allowed:
            yield _wrong(row, column, "unreadable/note-word", allowed=", ".join(filter(None, allowed)))
    date = read_date(row.cells["date"])
    if date is None or date.form != "date":
        yield _wrong(row, "date", "unreadable/note-date")


def _wrong(row: RawRow, column: str, code: str, **fields: Field) -> Problem:
    read = without_personal(row.cells.get(column, ""))[:60]
    return Problem(code, fields, row.file, row.sheet, str(row.row), column, read)
