"""notes.csv: what reviewers say of criteria, indicators and findings, and how a finding was answered."""

from collections.abc import Sequence

from ntm_lib.errors import NtmError
from ntm_lib.intake.privacy import without_personal
from ntm_lib.intake.raw_rows import RawRow
from ntm_lib.language import translator
from ntm_lib.problems import where as place
from ntm_lib.text.dates import read_date

ALLOWED = {"state": ("open", "settled"), "answer": ("", "accepted", "corrected", "explained")}


def read_notes(rows: Sequence[RawRow], language: str = "vi") -> tuple[RawRow, ...]:
    """The rows with their dates as ISO dates. Raises one NtmError that names every cell which is not allowed."""
    t = translator(language)
    faults = []
    for row in rows:
        for column, what in _faults(row, language):
            where = place(row.file, row.sheet, row.row, column, language)
            faults.append(f"{where}: «{without_personal(row.cells.get(column, ''))[:60]}» {what}")
    if faults:
        raise NtmError("\n    ".join([t("Ý kiến thẩm tra không đọc được:"), *faults]))
    return tuple(row._replace(cells={**row.cells, "date": read_date(row.cells["date"]).value}) for row in rows)


def _faults(row: RawRow, language: str) -> list[tuple[str, str]]:
    """Column and what is wrong with it."""
    t = translator(language)
    faults = [
        (column, t("không hợp lệ; được phép: {allowed}.").format(allowed=", ".join(filter(None, allowed))))
        for column, allowed in ALLOWED.items()
        if row.cells.get(column, "") not in allowed
    ]
    date = read_date(row.cells["date"])
    if date is None or date.form != "date":
        faults.append(("date", t("không phải là một ngày; viết 15/3/2024 hoặc 2024-03-15.")))
    return faults
