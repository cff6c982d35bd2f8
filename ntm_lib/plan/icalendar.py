"""The calendar as an ``.ics`` file (RFC 5545) that any telephone or mail program reads.

Same events, same bytes: identifiers come from the content, the stamp from the data.
"""

import datetime
import hashlib
from collections.abc import Iterable

import pandas as pd

from ntm_lib.language import translator
from ntm_lib.plan.calendar import summary
from ntm_lib.plan.frames import records

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
        lines += _event(event, name, stamped, language)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines).encode("utf-8")


def _event(event: dict, name: str, stamped: str, language: str) -> list[str]:
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


def _description(event: dict, language: str) -> Iterable[str]:
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


def _identifier(event: dict, name: str) -> str:
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
