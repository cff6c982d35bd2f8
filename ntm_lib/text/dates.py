"""Dates in every form that plans use, into ISO: day, month, quarter, year, period, day of each month."""

import datetime
import re
from typing import NamedTuple

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAY = r"(?:ngày\s+)?(?P<d>\d{1,2})(?:\s+tháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})|\s?(?P<sep>[/.-])\s?(?P<m2>\d{1,2})\s?(?P=sep)\s?(?P<y2>\d{4}))"
_LEADING = r"(?:(?:trong|đến|hết|cuối|đầu|từ|tính|vào|thời điểm)\s+)*"
_FORMS = {
    "date": re.compile(_LEADING + _DAY, re.IGNORECASE),
    "iso": re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"),
    "month": re.compile(_LEADING + r"(?:tháng\s+|t)(?P<m>\d{1,2})\s*(?:/|năm|-)\s*(?P<y>\d{4})", re.IGNORECASE),
    "quarter": re.compile(_LEADING + r"quý\s+(?P<q>iv|i{1,3}|[1-4])\s*(?:/|năm|-)?\s*(?P<y>\d{4})", re.IGNORECASE),
    "year": re.compile(_LEADING + r"năm\s+(?P<y>\d{4})", re.IGNORECASE),
    "period": re.compile(r"(?:giai đoạn\s+)?(?P<y>\d{4})\s*[-–]\s*(?P<y2>\d{4})", re.IGNORECASE),
    "monthly": re.compile(r"(?:vào\s+)?ngày\s+(?P<d>\d{1,2})\s+(?:hàng|hằng|mỗi)\s+tháng", re.IGNORECASE),
}


class Date(NamedTuple):
    """``value``: 2024-02-22, 2024-02, 2024-Q4, 2024, 2021/2025, or 22 (each month); ``form`` names which."""

    value: str
    form: str  # date, month, quarter, year, period, monthly


def looks_like_date(text: str) -> bool:
    """Whether the text is written as a date, be it one of the calendar or not (31/02/2024)."""
    return any(pattern.fullmatch(text.strip()) for pattern in _FORMS.values())


def read_date(text: str) -> Date | None:
    """The date that the whole text is; None where it is none, or a day the calendar does not have."""
    for form, pattern in _FORMS.items():
        if found := pattern.fullmatch(text.strip()):
            return _build(form, found)
    return None


def date_in(text: str, at: int) -> tuple[Date | None, int] | None:
    """The longest date that stands at ``at`` of a text, and where it ends; its value None where the calendar has no such day."""
    if at and text[at - 1].isalnum():
        return None
    found = [
        (match.end(), form, match)
        for form, pattern in _FORMS.items()
        if (match := pattern.match(text, at)) and not re.match(r"[\w/]|[.,-]\d", text[match.end() :])
    ]
    if not found:
        return None
    end, form, match = max(found, key=lambda row: row[0])
    return _build(form, match), end


def whole_day(text: str) -> str:
    """ISO date of a text that is one whole day; else empty."""
    found = read_date(text)
    return found.value if found and len(found.value) == 10 else ""


def find_dates(text: str) -> list[Date]:
    """Full dates inside a text, such as «318/QĐ-TTg ngày 08/3/2022», in their order."""
    found = (_build("date", match) for match in re.finditer(r"(?<!\d)" + _DAY + r"(?!\d)", text, re.IGNORECASE))
    return [date for date in found if date]


def dates_in(text: str) -> list[Date]:
    """Every date inside a text, also a month or a quarter of a year."""
    found, at = [], 0
    while at < len(text):
        date, end = date_in(text, at) or (None, at + 1)
        found += [date] if date else []
        at = max(end, at + 1)
    return found


def _build(form: str, found: re.Match[str]) -> Date | None:
    part = found.groupdict()
    if form in ("date", "iso"):
        return _day(part["y"] or part["y2"], part["m"] or part["m2"], part["d"])
    if form == "month":
        month = int(part["m"])
        return Date(f"{part['y']}-{month:02d}", form) if 1 <= month <= 12 else None
    if form == "quarter":
        quarter = _ROMAN.get(part["q"].lower()) or int(part["q"])
        return Date(f"{part['y']}-Q{quarter}", form)
    if form == "year":
        return Date(part["y"], form)
    if form == "period":
        return Date(f"{part['y']}/{part['y2']}", form) if part["y"] < part["y2"] else None
    return Date(str(int(part["d"])), form) if 1 <= int(part["d"]) <= 31 else None


def _day(year: str, month: str, day: str) -> Date | None:
    try:
        return Date(datetime.date(int(year), int(month), int(day)).isoformat(), "date")
    except ValueError:
        return None
