"""The year of the steering committee: what is due when, moved off days on which nobody works.

The schedule is the plan's; the rule for weekends is the commune's own data (``calendar`` in
commune.yml), because plans do not state one. Where there is no rule, dates stay and say so.
"""

import datetime
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ntm_lib.errors import NtmError
from ntm_lib.language import date, translator
from ntm_lib.model import Row
from ntm_lib.tables import frame, records

RULES = ("previous-working-day", "next-working-day", "keep")
_QUARTERS = ("I", "II", "III", "IV")
_SATURDAY = 5

EVENTS = {
    "date": "ISO date on which it is due, after moving",
    "period": "what it is for: 2024-W07, 2024-09, 2024-Q3, 2024",
    "frequency": "weekly, monthly, quarterly, yearly, once",
    "what": "what is due, in the words of the plan",
    "who": "who does it",
    "addressee": "to whom; empty: the plan does not say",
    "basis": "stated: the plan gives the day; before-meeting: by the committee's monthly meeting; period-end: last day of the period",
    "due": "ISO date before moving",
    "moved": "why it was moved, or would have to be, in the language of the run; empty: it was not",
    "observation": "id in schedule.csv",
}


@dataclass(frozen=True)
class DayRule:
    """What to do with a due date on a day off. ``rule`` is one of RULES; ``holidays``: ISO dates off."""

    rule: str = "keep"
    holidays: frozenset[str] = frozenset()

    def is_off(self, day: datetime.date) -> bool:
        return day.weekday() >= _SATURDAY or day.isoformat() in self.holidays

    def move(self, day: datetime.date) -> datetime.date:
        """The working day on which something due on ``day`` is done."""
        step = datetime.timedelta(days={"previous-working-day": -1, "next-working-day": 1, "keep": 0}[self.rule])
        while step and self.is_off(day):
            day += step
        return day


def day_rule(commune: dict[str, Any], language: str = "vi") -> DayRule:
    """The rule that commune.yml states under ``calendar`` (``weekend``, ``holidays``); without it, ``keep``.

    Raises NtmError for a rule that does not exist or a holiday that is no date.
    """
    t = translator(language)
    stated = commune.get("calendar") or {}
    rule = stated.get("weekend", "keep")
    if rule not in RULES:
        message = t("commune.yml: calendar.weekend là “{rule}”. Cho phép: {allowed}.")
        raise NtmError(message.format(rule=rule, allowed=", ".join(RULES)))
    for day in stated.get("holidays") or ():
        if not _is_date(str(day)):
            raise NtmError(
                t("commune.yml: calendar.holidays có “{day}”, không phải ngày dạng 2024-04-30.").format(day=day)
            )
    return DayRule(rule, frozenset(map(str, stated.get("holidays") or ())))


def events(schedule: pd.DataFrame, year: int, rule: DayRule, language: str = "vi") -> pd.DataFrame:
    """Everything due in ``year`` by schedule.csv, in order of time; columns ``EVENTS``.

    A monthly report without a stated day is due by the meeting of the committee, where there is
    one; whatever else has no stated day is due on the last day of its period.
    """
    rows = records(schedule)
    meeting = meeting_day(schedule)
    found = [
        event for row in rows for event in _events_of(row, year, meeting if is_report(row) else None, rule, language)
    ]
    return frame(EVENTS, sorted(found, key=lambda e: (e["date"], e["observation"], e["frequency"])))


def meeting_day(schedule: pd.DataFrame) -> int | None:
    """Day of the month on which the committee meets, as the schedule states it; None: it does not."""
    days = [_stated_day(row["day"]) for row in records(schedule) if "monthly" in frequencies(row["frequency"])]
    return min((day for day in days if day), default=None)


def meeting_date(schedule: pd.DataFrame, year: int, month: int, rule: DayRule) -> datetime.date | None:
    """Date of the monthly meeting, moved off a day off; None where the schedule states none."""
    day = meeting_day(schedule)
    return None if day is None else rule.move(_day_of_month(year, month, day))


def summary(event: Row, language: str = "vi") -> str:
    """``Báo cáo tiến độ (quý III)``: what is due every month and every quarter is not the same thing."""
    period = _period(event, language)
    return f"{event['what']} ({period})" if period else event["what"]


def _period(event: Row, language: str) -> str:
    """``tuần 38``, ``tháng 9``, ``quý III``, ``năm 2024``; empty for what comes once."""
    t = translator(language)
    number = event["period"].rpartition("-")[2].lstrip("WQ0")
    if event["frequency"] == "quarterly":
        return t("quý {number}").format(number=_QUARTERS[int(number) - 1])
    texts = {"weekly": t("tuần {number}"), "monthly": t("tháng {number}"), "yearly": t("năm {number}")}
    return texts.get(event["frequency"], "").format(number=number)


def is_report(row: Row) -> bool:
    """Whether what is due is a report, and not work done in a village or a plan written."""
    return "báo cáo" in row["what"].casefold()


def frequencies(text: str) -> list[str]:
    """``hàng tuần, tháng, quý`` → ``["weekly", "monthly", "quarterly"]``; nothing for a text that says none."""
    words = {"weekly": "tuần", "monthly": "tháng", "quarterly": "quý", "yearly": "năm"}
    said = text.casefold()
    return [code for code, word in words.items() if re.search(rf"\b({word}|{code})\b", said)]


def _events_of(row: Row, year: int, meeting: int | None, rule: DayRule, language: str) -> Iterable[Row]:
    for frequency in frequencies(row["frequency"]):
        for period, due, basis in _due_dates(frequency, row["day"], year, meeting):
            yield _event(row, frequency, period, due, basis, rule, language)
    if once := _deadline(row["deadline"]):
        day, basis = once
        if day.year == year:
            yield _event(row, "once", str(year), day, basis, rule, language)


def _due_dates(frequency: str, day: str, year: int, meeting: int | None) -> Iterable[tuple[str, datetime.date, str]]:
    """(period, due date, basis) of each time in the year."""
    if frequency == "weekly":
        first = datetime.date(year, 1, 1)
        sundays = (first + datetime.timedelta(days=n) for n in range(366))
        yield from (
            (f"{d.isocalendar().year}-W{d.isocalendar().week:02}", d, "period-end")
            for d in sundays
            if d.weekday() == 6 and d.year == year
        )
    elif frequency == "monthly":
        for month in range(1, 13):
            stated = _stated_day(day)
            basis = "stated" if stated else "before-meeting" if meeting else "period-end"
            yield f"{year}-{month:02}", _day_of_month(year, month, stated or meeting or 31), basis
    elif frequency == "quarterly":
        for quarter in range(1, 5):
            yield f"{year}-Q{quarter}", _quarter_end(year, quarter), "period-end"
    else:
        yield str(year), datetime.date(year, 12, 31), "period-end"


def _event(row: Row, frequency: str, period: str, due: datetime.date, basis: str, rule: DayRule, language: str) -> Row:
    moved = rule.move(due)
    return {
        "date": moved.isoformat(),
        "period": period,
        "frequency": frequency,
        "what": row["what"],
        "who": row["who"],
        "addressee": row["addressee"],
        "basis": basis,
        "due": due.isoformat(),
        "moved": _why(due, moved, rule, language),
        "observation": row["id"],
    }


def _why(due: datetime.date, moved: datetime.date, rule: DayRule, language: str) -> str:
    if not rule.is_off(due):
        return ""
    t = translator(language)
    kind = {5: t("thứ bảy"), 6: t("chủ nhật")}.get(due.weekday(), t("ngày nghỉ lễ"))
    if moved == due:
        return t("Ngày {due} là {kind}; kế hoạch không nói chuyển sang ngày nào.").format(
            due=date(due.isoformat(), language), kind=kind
        )
    direction = t("chuyển lên ngày làm việc trước đó") if moved < due else t("chuyển sang ngày làm việc kế tiếp")
    return t("Ngày {due} là {kind}, {direction}.").format(
        due=date(due.isoformat(), language), kind=kind, direction=direction
    )


def _deadline(text: str) -> tuple[datetime.date, str] | None:
    """``quý IV năm 2024`` or ``2024-12-15`` → the day, and whether it is stated."""
    if _is_date(text):
        return datetime.date.fromisoformat(text), "stated"
    if found := re.search(r"quý (IV|III|II|I|[1-4])\b\D*([0-9]{4})", text, re.IGNORECASE):
        quarter = int(found[1]) if found[1].isdigit() else _QUARTERS.index(found[1].upper()) + 1
        return _quarter_end(int(found[2]), quarter), "period-end"
    if found := re.search(r"(?:cuối )?năm ([0-9]{4})", text, re.IGNORECASE):
        return datetime.date(int(found[1]), 12, 31), "period-end"
    return None


def _stated_day(text: str) -> int | None:
    """Day of the month, where the cell states one."""
    return int(text) if re.fullmatch(r"0?[1-9]|[12][0-9]|3[01]", text) else None


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _day_of_month(year: int, month: int, day: int) -> datetime.date:
    """The day, or the last day of a shorter month."""
    return min(_month_end(year, month), datetime.date(year, month, 1) + datetime.timedelta(days=day - 1))


def _month_end(year: int, month: int) -> datetime.date:
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def _quarter_end(year: int, quarter: int) -> datetime.date:
    return _month_end(year, quarter * 3)


_LINE = 75  # octets, RFC 5545 section 3.1


def ics(calendar: pd.DataFrame, name: str, stamp: str, language: str = "vi") -> bytes:
    """The events (columns ``calendar.EVENTS``) as one calendar of whole-day events, in UTF-8 with CRLF.

    ``name`` is shown as the title; it is also part of the identifiers, so it names the commune.
    ``stamp`` is the ISO date of the document that the schedule is taken from.
    """
    stamped = datetime.date.fromisoformat(stamp).strftime("%Y%m%dT000000Z")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//ntm-lib//planning//VI",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in records(calendar):
        lines += _vevent(event, name, stamped, language)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines).encode("utf-8")


def _vevent(event: Row, name: str, stamped: str, language: str) -> list[str]:
    day = datetime.date.fromisoformat(event["date"])
    following = day + datetime.timedelta(days=1)  # the end of a whole-day event is not part of it
    return [
        "BEGIN:VEVENT",
        f"UID:{_identifier(event, name)}",
        f"DTSTAMP:{stamped}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{following:%Y%m%d}",
        f"SUMMARY:{_escaped(summary(event, language))}",
        f"DESCRIPTION:{_escaped(chr(10).join(_description(event, language)))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _description(event: Row, language: str) -> Iterable[str]:
    t = translator(language)
    yield t("Người thực hiện: {who}").format(who=event["who"])
    if event["addressee"]:
        yield t("Nơi nhận: {addressee}").format(addressee=event["addressee"])
    if event["basis"] == "before-meeting":
        yield t("Kế hoạch không ghi ngày; cần có trước cuộc họp của Ban Chỉ đạo.")
    elif event["basis"] == "period-end":
        yield t("Kế hoạch không ghi ngày; lấy ngày cuối kỳ.")
    if event["moved"]:
        yield event["moved"]


def _identifier(event: Row, name: str) -> str:
    """Stays the same when wording or day change, so that an update replaces the old entry."""
    key = "\n".join((name, event["observation"], event["frequency"], event["period"]))
    return f"{hashlib.sha256(key.encode('utf-8')).hexdigest()[:32]}@ntm-lib"


def _escaped(text: str) -> str:
    """TEXT of RFC 5545 section 3.3.11; control characters cannot stand in it at all."""
    escaped = (
        text.replace("\\", "\\\\")
        .replace(";", "\\;")
        .replace(",", "\\,")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\n", "\\n")
    )
    return "".join(c for c in escaped if c >= " " and c != "\x7f")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which ends inside a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > _LINE:
            pieces.append(piece)
            piece, size = "", 1  # the space that marks a continuation counts
        piece += character
        size += width
    return "\r\n ".join([*pieces, piece])
