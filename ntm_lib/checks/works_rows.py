"""Are works and documents dated, and their quantities in units of their own?"""

import re
from collections.abc import Iterable

from ntm_lib.checks.common import Context, problem
from ntm_lib.problems import Finding
from ntm_lib.tables import NUMBER
from ntm_lib.text.dates import looks_like_date, read_date
from ntm_lib.text.numbers import tidy

_DATED = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])|-Q[1-4]|/\d{4})?|\d{1,2}")  # as tables hold what is no single day


def check_deadlines(context: Context) -> Iterable[Finding]:
    """The deadline of a work is a day, a month, a quarter or a year."""
    for work in context.cleaned.works.itertuples(index=False):
        if work.deadline and not _is_dated(work.deadline):
            case = "works-deadline/no-day" if looks_like_date(work.deadline) else "works-deadline"
            at = {"column": "deadline", "text": work.deadline}
            yield problem(case, [context.by_id[work.observation]], at=at, text=work.deadline)


def check_document_dates(context: Context) -> Iterable[Finding]:
    """The date of a document is a day of the calendar."""
    for entry in context.cleaned.documents.itertuples(index=False):
        if entry.date and not _is_dated(entry.date):
            case = "document-date/no-day" if looks_like_date(entry.date) else "document-date"
            at = {"key": entry.document, "column": "date", "text": entry.date}
            yield problem(case, at=at, document=entry.document, text=entry.date)


def _is_dated(text: str) -> bool:
    return read_date(text) is not None or _DATED.fullmatch(text) is not None


def check_quantity_units(context: Context) -> Iterable[Finding]:
    """A quantity of a work says what it counts; the unit of the indicator, a share, is none."""
    for row in context.rows:
        parsed = context.parsed(row)
        unitless = (
            row.unit in ("", "%") and not row.denominator and NUMBER.fullmatch(row.value)
        ) or parsed.doubt == "share-or-percent"
        if row.table == "works" and unitless:
            yield problem("works-unit", [row], text=tidy(row.text))
