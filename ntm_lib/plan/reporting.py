"""Who answers for what, and who has reported before the committee meets."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ntm_lib.language import translator
from ntm_lib.plan.frames import frame, records
from ntm_lib.tables import natural_key

DUTIES = {
    "who": "member, organisation or village",
    "duty": "duty, in the words of the plan",
    "criterion": "criterion; empty: none named",
    "village": "village; empty: none named",
    "observation": "id in assignments.csv",
}

COVERAGE = {
    "criterion": "criterion",
    "who": "those who answer for it, joined by ;",
    "villages": "villages they are assigned for it, joined by ;",
    "assigned": "yes; empty: the plan names nobody",
}

REPORTS = {
    "who": "village, or member who reports",
    "reported_on": "ISO date of the first report for the month; empty: none, or not known",
    "due": "ISO date by which it is due; empty: the schedule states none",
    "state": "on-time, late, undated (reported, day not known), missing",
}


def duties(assignments: pd.DataFrame) -> pd.DataFrame:
    """One row for each member × criterion × village of assignments.csv; columns ``DUTIES``."""
    rows = []
    for row in records(assignments):
        for criterion in _split(row["criterion"]):
            rows += [
                {
                    "who": row["who"],
                    "duty": row["duty"],
                    "criterion": criterion,
                    "village": village,
                    "observation": row["id"],
                }
                for village in _split(row["village"])
            ]
    return frame(DUTIES, rows)


def coverage(assignments: pd.DataFrame, criteria: Sequence[str]) -> pd.DataFrame:
    """For each criterion who answers for it, and where nobody does; columns ``COVERAGE``."""
    known = records(duties(assignments))
    rows = []
    for criterion in criteria:
        mine = [d for d in known if d["criterion"] == criterion]
        rows.append(
            {
                "criterion": criterion,
                "who": ";".join(dict.fromkeys(d["who"] for d in mine)),
                "villages": ";".join(sorted({d["village"] for d in mine} - {""}, key=natural_key)),
                "assigned": bool(mine),
            }
        )
    return frame(COVERAGE, rows)


def reports(
    progress: pd.DataFrame, reporters: Sequence[str], year: int, month: int, due: datetime.date | None
) -> pd.DataFrame:
    """For each of ``reporters`` (villages, members) whether it has reported for the month; columns ``REPORTS``.

    ``due`` is the day of the committee's meeting (``calendar.meeting_date``): a report of that day is in time.
    """
    rows = [r for r in records(progress) if (int(r["year"]), int(r["month"])) == (year, month)]
    result = []
    for who in reporters:
        mine = [r["reported_on"] for r in rows if (r["reported_by"] or r["village"]) == who]
        first = min((day for day in mine if day), default="")
        result.append(
            {"who": who, "reported_on": first, "due": due.isoformat() if due else "", "state": _state(mine, first, due)}
        )
    return frame(REPORTS, result)


def missing(table: pd.DataFrame) -> list[str]:
    """Names of those who have not reported, from ``reports``."""
    return list(table.loc[table["state"] == "missing", "who"])


def to_call(
    table: pd.DataFrame, progress: pd.DataFrame, duties_of: Iterable[Mapping[str, Any]], language: str
) -> list[str]:
    """Whom to telephone before the meeting: each that has not reported (``reports``), with who answers for the village by
    the assignments (rows of observations) and the month it last reported on. Nothing that the data do not say.
    """
    t = translator(language)
    members: dict[str, list[str]] = {}
    for duty in duties_of:
        for village in _split(duty["village"]):
            members.setdefault(village, []).append(duty["item"])
    last: dict[str, tuple[int, int]] = {}
    for row in records(progress):
        who = row["reported_by"] or row["village"]
        last[who] = max(last.get(who, (0, 0)), (int(row["year"]), int(row["month"])))
    lines = []
    for name in missing(table):
        said = [t("phụ trách: {who}").format(who=", ".join(dict.fromkeys(members[name])))] if members.get(name) else []
        if name in last:
            said.append(t("báo cáo gần nhất: tháng {month}/{year}").format(month=last[name][1], year=last[name][0]))
        lines.append(f"{name} ({'; '.join(said)})" if said else name)
    return lines


def _state(days: list[str], first: str, due: datetime.date | None) -> str:
    if not days:
        return "missing"
    if not first:
        return "undated"
    return "late" if due and first > due.isoformat() else "on-time"


def _split(cell: str) -> list[str]:
    return [piece.strip() for piece in cell.split(";")]
