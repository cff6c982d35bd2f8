"""Are works and documents dated, and their quantities in units of their own?"""

import re
from collections.abc import Iterable

from ntm_lib.checks.common import Context, Finding, finding
from ntm_lib.tables import NUMBER
from ntm_lib.text.dates import looks_like_date, read_date
from ntm_lib.text.numbers import tidy

_DATED = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])|-Q[1-4]|/\d{4})?|\d{1,2}")  # as tables hold what is no single day


def check_deadlines(context: Context) -> Iterable[Finding]:
    """The deadline of a work is a day, a month, a quarter or a year."""
    for work in context.cleaned.works.itertuples(index=False):
        if work.deadline and not _is_dated(work.deadline):
            message = _no_date(context, work.deadline)
            action = context.t("Ghi ngày, tháng, quý hoặc năm: 30/9/2024; tháng 10/2024; quý IV/2024; năm 2024.")
            yield finding(
                "works-deadline",
                "warning",
                message,
                action,
                [context.by_id[work.observation]],
                column="deadline",
                text=work.deadline,
            )


def check_document_dates(context: Context) -> Iterable[Finding]:
    """The date of a document is a day of the calendar."""
    for entry in context.cleaned.documents.itertuples(index=False):
        if entry.date and not _is_dated(entry.date):
            message = context.t("Văn bản {document}: ").format(document=entry.document) + _no_date(context, entry.date)
            action = context.t("Ghi ngày ký của văn bản, như 22/02/2024.")
            yield finding(
                "document-date", "warning", message, action, key=entry.document, column="date", text=entry.date
            )


def _is_dated(text: str) -> bool:
    return read_date(text) is not None or _DATED.fullmatch(text) is not None


def _no_date(context: Context, text: str) -> str:
    if looks_like_date(text):
        return context.t("«{text}» là ngày không có trong lịch.").format(text=text)
    return context.t("«{text}» không đọc được thành ngày, tháng, quý hay năm nào.").format(text=text)


def check_quantity_units(context: Context) -> Iterable[Finding]:
    """A quantity of a work says what it counts; the unit of the indicator, a share, is none."""
    t = context.t
    for row in context.rows:
        parsed = context.parsed(row)
        unitless = (
            row.unit in ("", "%") and not row.denominator and NUMBER.fullmatch(row.value)
        ) or parsed.doubt == "share-or-percent"
        if row.table == "works" and unitless:
            message = t("Khối lượng «{text}» không ghi đơn vị của công trình; không thể là phần trăm.").format(
                text=tidy(row.text)
            )
            yield finding("works-unit", "warning", message, t("Ghi kèm đơn vị: 0,51 km; 2 cầu; 1 nhà."), [row])
