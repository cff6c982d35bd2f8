"""notes.csv: what reviewers say of criteria, indicators and findings, and how a finding was answered."""

from collections.abc import Iterator, Sequence

from ntm_lib.errors import NtmError
from ntm_lib.intake.privacy import without_personal
from ntm_lib.intake.raw_rows import RawRow
from ntm_lib.language import translator
from ntm_lib.problems import Field, Problem
from ntm_lib.text.dates import read_date

ALLOWED = {"state": ("open", "settled"), "answer": ("", "accepted", "corrected", "explained")}


def read_notes(rows: Sequence[RawRow], language: str = "vi") -> tuple[RawRow, ...]:
    """The rows with their dates as ISO dates. Raises one NtmError that names every cell which is not allowed."""
    faults = [fault for row in rows for fault in _faults(row)]
    if faults:
        title = translator(language)("Ý kiến thẩm tra không đọc được:")
        raise NtmError("\n    ".join([title, *(fault.in_words(language) for fault in faults)]))
    return tuple(row._replace(cells={**row.cells, "date": read_date(row.cells["date"]).value}) for row in rows)


def _faults(row: RawRow) -> Iterator[Problem]:
    """What is wrong with the cells of a note."""
    for column, allowed in ALLOWED.items():
        if row.cells.get(column, "") not in allowed:
            yield _fault(row, column, "unreadable/note-word", allowed=", ".join(filter(None, allowed)))
    date = read_date(row.cells["date"])
    if date is None or date.form != "date":
        yield _fault(row, "date", "unreadable/note-date")


def _fault(row: RawRow, column: str, code: str, **fields: Field) -> Problem:
    read = without_personal(row.cells.get(column, ""))[:60]
    return Problem(code, fields, row.file, row.sheet, str(row.row), column, read)
