"""What was done in which month, as villages and members report it: rows of ``progress.csv`` and of the villages' forms.

One row for one thing: units of an indicator (``indicator``, ``part``), or a work (``work``), of one village or, with an
empty ``village``, of the whole commune. A row with neither says only that its reporter has reported.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from ntm_lib.intake.row_reading import Rejected, observation_id
from ntm_lib.intake.schema import RawRow
from ntm_lib.tables import decimal_text
from ntm_lib.text.dates import whole_day
from ntm_lib.text.names import Match
from ntm_lib.text.tokens import read_figure

MEASURES = ("month", "to-date")
FINISHED = "finished"  # measure of a work that is said to be done, whatever its quantity
DONE = ("xong", "hoàn thành", "đã hoàn thành", "đã xong")
_AMOUNT = re.compile(r"(?P<n>[-−]?\d[\d.,]*)\s*(?P<unit>[^\d]{0,20})")  # 7 hộ


class Known(NamedTuple):
    """What a row may name: ids of works, the register of villages, and whether the rules of a year have an indicator."""

    works: Collection[str]
    village: Callable[[str], Match]
    villages: Collection[str]
    has_indicator: Callable[[Mapping[str, str]], bool]


def read_progress(rows: Iterable[RawRow], known: Known) -> tuple[list[dict[str, str]], list[Rejected]]:
    """Rows of table ``progress``, and those that cannot be used. ``done`` of a finished work is left to who knows its quantity."""
    found: list[dict[str, str]] = []
    rejects: list[Rejected] = []
    seen: dict[str, RawRow] = {}
    for row in rows:
        first = seen.setdefault(observation_id(row), row)
        if first is not row:  # the same row pasted twice would count twice
            fault: Rejected | None = Rejected(row, "id", "duplicate", {"place": f"{first.file}:{first.row}"})
        else:
            fault = Rejected(row, *row.fault, fields=row.about) if row.fault else _fault(row, known)
        if fault:
            rejects.append(fault)
        else:
            found.append(_read(row, known))
    return found, rejects


def amount(text: str) -> tuple[str, str] | None:
    """(canonical decimal, unit as written) of ``7``, ``7 hộ``, ``0,35km``; None where it is no number or a doubtful one."""
    found = _AMOUNT.fullmatch(text.strip())
    value = read_figure(found["n"]) if found else None
    return None if found is None or value is None else (decimal_text(value), found["unit"].strip())


def _read(row: RawRow, known: Known) -> dict[str, str]:
    cells = {column: text.strip() for column, text in row.cells.items()}
    village = known.village(cells["village"]).name if cells.get("village") else ""
    finished = cells.get("done", "").casefold() in DONE
    done = amount(cells.get("done", ""))
    return cells | {
        "row": f"{row.file.rpartition('/')[2]}:{row.row}",
        "id": observation_id(row),
        "village": village,
        "reported_by": _reporter(cells.get("reported_by", ""), village, known),
        "reported_on": whole_day(cells.get("reported_on", "")),
        "done": "" if finished or done is None else done[0],
        "measure": FINISHED if finished else cells.get("measure") or "month",
    }


def _reporter(said: str, village: str, known: Known) -> str:
    """Empty for a village that reports itself, also as «thôn Đình»."""
    name = re.sub(r"^(thôn|bản|xóm|ấp|làng)\s+", "", said, flags=re.IGNORECASE)
    found = known.village(name) if name else None
    if found is None or found.doubtful:
        return said
    return "" if found.name == village else found.name


def _fault(row: RawRow, known: Known) -> Rejected | None:
    """Why a row cannot be used: the first thing that is wrong with it."""
    cells = {column: text.strip() for column, text in row.cells.items()}
    target = cells.get("indicator", "") + cells.get("part", "")
    for column, code in _faults(cells, known):
        allowed = ", ".join({"measure": MEASURES, "village": sorted(known.villages)}.get(column, ()))
        return Rejected(row, column, code, {"allowed": allowed, "target": target})
    return None


def _faults(cells: Mapping[str, str], known: Known) -> Iterable[tuple[str, str]]:
    said = {c: cells.get(c, "") for c in ("village", "indicator", "work", "done", "measure", "reported_on")}
    if not re.fullmatch(r"20[0-9]{2}", cells.get("year", "")):
        yield "year", "bad-year"
    if not re.fullmatch(r"0?[1-9]|1[0-2]", cells.get("month", "")):
        yield "month", "progress-month"
    if said["village"] and known.village(said["village"]).doubtful:
        yield "village", "progress-village"
    if said["indicator"] and not known.has_indicator(cells):
        yield "indicator", "progress-indicator"
    if said["work"] and said["indicator"]:
        yield "work", "progress-both"
    if said["work"] and said["work"] not in known.works:
        yield "work", "progress-work"
    if said["measure"] not in ("", *MEASURES):
        yield "measure", "progress-measure"
    if said["reported_on"] and not whole_day(said["reported_on"]):
        yield "reported_on", "bad-day"
    if code := _fault_of_done(said["done"], bool(said["indicator"]), bool(said["work"])):
        yield "done", code


def _fault_of_done(text: str, counts: bool, is_work: bool) -> str:
    if not text:
        return "progress-nothing" if counts or is_work else ""
    if not (counts or is_work):
        return "progress-of-nothing"
    if text.casefold() in DONE:
        return "" if is_work else "progress-finished"
    found = amount(text)
    if found is None:
        return "progress-number"
    return "negative-count" if found[0].startswith("-") else ""
