"""Villages and members: what each must do this year and has done, who answers for what, who has reported and whom to call."""

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from ntm_lib.language import translator
from ntm_lib.model import Row, sure
from ntm_lib.places.village_sums import NOT_APPLICABLE
from ntm_lib.plan.needs import is_counted
from ntm_lib.plan.progress import done_to_date
from ntm_lib.plan.scenario import village_changes
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.plan.simulate import plan_rows
from ntm_lib.plan.works import works_of
from ntm_lib.tables import as_table, criteria_of, decimal_text, fraction, frame, natural_key, records

Reported = Mapping[str, Fraction | None]  # target → units that the village has done; None: not reported
_VILLAGES = re.compile(r"(?<!nông )\bthôn\b")  # "Ban Chỉ đạo nông thôn mới" is no village

SHEET = {
    "kind": "need: what falls to the village for the commune to pass; addition: households and the like; work; task: what comes back every month or quarter",
    "target": "indicator with part, id of the work, or id in schedule.csv",
    "item": "what is to be done",
    "place": "place inside the village",
    "planned": "units planned; empty: no number",
    "unit": "unit",
    "done": "units done since 1 January; empty: not reported",
    "remaining": "units still to do; empty: not known",
    "when": "deadline or frequency, in the words of the plan",
}


def village_sheet(
    village: str,
    observations: pd.DataFrame,
    works: pd.DataFrame,
    schedule: pd.DataFrame,
    progress: pd.DataFrame,
    year: int,
    month: int,
    scenario: Scenario | None = None,
    needs: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What ``village`` must do in ``year``, and has done by the end of ``month``; columns ``SHEET``.

    Numbers of households come from rows of the plan that name the village, from the scenario and from table
    ``village_needs`` (``needs``).
    """
    done = {target: by_village.get(village) for target, by_village in done_to_date(progress, year, month).items()}
    return frame(
        SHEET,
        [
            *_needs(village, needs, observations),
            *_additions(village, observations, year, done, scenario),
            *_works(village, works, year, done),
            *_tasks(schedule),
        ],
    )


def not_divided(observations: pd.DataFrame, year: int, scenario: Scenario | None = None) -> list[str]:
    """What the plan gives a number for without saying how much of it falls to which village: items."""
    divided = {(i, p) for _, i, p, _ in village_changes(scenario)} | {
        (r["indicator"], r["part"]) for r in _by_village(observations, year)
    }
    return [row["item"] for row in plan_rows(observations, year) if (row["indicator"], row["part"]) not in divided]


def village_needs(needs: pd.DataFrame, observations: pd.DataFrame, register: Sequence[str]) -> pd.DataFrame:
    """Table ``village_needs``: what the commune misses (table ``needs``), split among the villages by what each lacks.

    The greatest remainders get the units that are left over, so that the shares add up to what is missing. Where a
    village of the ``register`` has not said how many it has, nothing is split: its part would fall to the others.
    """
    rows, counts = [], _counts(observations)
    for need in records(needs):
        missing = fraction(need["missing"])
        by_year = counts.get((need["indicator"], need["part"]), {})
        said = by_year.get(max((year for year in by_year if year <= int(need["year"])), default=0), {})
        if not missing or not need["whole"] or not is_counted(need["unit"]) or not register or {*register} - {*said}:
            continue
        lacking = {v: (w - n if need["direction"] == "more" else n) for v, (n, w) in said.items()}
        shares = split(math.ceil(missing), {v: math.floor(lack) for v, lack in lacking.items()})
        facts = {c: need[c] for c in ("year", "criterion", "indicator", "part", "unit", "direction", "missing")}
        for village, (now, whole) in said.items():
            figures = {"now": now, "whole": whole, "lacking": lacking[village], "share": Fraction(shares[village])}
            rows.append(facts | {"village": village} | {c: decimal_text(value) for c, value in figures.items()})
    return as_table("village_needs", rows)


def split(missing: int, lacking: Mapping[str, int]) -> dict[str, int]:
    """``missing`` units in proportion to what each lacks, by greatest remainders; nobody gets more than it lacks."""
    whole = sum(lacking.values())
    wanted = min(missing, whole)
    exact = {name: Fraction(wanted * lack, whole) if whole else Fraction(0) for name, lack in lacking.items()}
    shares = {name: math.floor(part) for name, part in exact.items()}
    left = wanted - sum(shares.values())
    for name in sorted(exact, key=lambda name: (shares[name] - exact[name], natural_key(name)))[:left]:
        shares[name] += 1
    return shares


def _counts(observations: pd.DataFrame) -> dict[tuple[str, str], dict[int, dict[str, tuple[Fraction, Fraction]]]]:
    """(indicator, part) → year → village → (count, total), of each year in which villages said it."""
    found: dict[tuple[str, str], dict[int, dict[str, tuple[Fraction, Fraction]]]] = {}
    for row in records(observations):
        if not row["village"] or row["kind"] != "measured":
            continue
        n, d = fraction(row["numerator"]), fraction(row["denominator"])
        if n is None or d is None:
            if row["value"] != NOT_APPLICABLE:
                continue
            n, d = Fraction(0), Fraction(0)
        found.setdefault((row["indicator"], row["part"]), {}).setdefault(row["year"], {})[row["village"]] = n, d
    return found


def _needs(village: str, needs: pd.DataFrame | None, observations: pd.DataFrame) -> Iterable[Row]:
    """The village's part of what the commune misses, in the words in which the village counted it."""
    mine = observations[(observations["village"] == village) & (observations["kind"] == "measured")]
    said = {(row["indicator"], row["part"]): row["item"] for row in records(mine)}
    for row in records(needs) if needs is not None else ():
        if row["village"] == village and row["share"] not in ("", "0"):
            target = row["indicator"] + row["part"]
            item = f"{target} {said.get((row['indicator'], row['part']), '')}".strip()
            yield {
                "kind": "need",
                "target": target,
                "item": item,
                "planned": row["share"],
                "unit": row["unit"],
                "remaining": row["share"],
            }


def _by_village(observations: pd.DataFrame, year: int) -> list[Row]:
    rows = observations[
        (observations["year"] == year)
        & (observations["village"] != "")
        & observations["kind"].isin(["change", "split"])
    ]
    return [
        r
        for r in records(rows)
        if r["table"] == "plan" and r["indicator"] and fraction(r["numerator"] or r["value"]) is not None
    ]


def _additions(
    village: str, observations: pd.DataFrame, year: int, done: Reported, scenario: Scenario | None
) -> Iterable[Row]:
    units = {(r["indicator"], r["part"]): (r["item"], r["unit"]) for r in plan_rows(observations, year)}
    planned: dict[tuple[str, str], Fraction] = {}
    for row in _by_village(observations, year):
        if row["village"] == village:
            key = row["indicator"], row["part"]
            planned[key] = planned.get(key, Fraction(0)) + sure(fraction(row["numerator"] or row["value"]))
            units.setdefault(key, (row["item"], row["unit"]))
    for name, indicator, part, amount in village_changes(scenario):
        if name == village:
            planned[indicator, part] = planned.get((indicator, part), Fraction(0)) + amount
    for key, amount in planned.items():
        item, unit = units.get(key, ("", ""))
        yield {
            "kind": "addition",
            "target": "".join(key),
            "item": item,
            "unit": unit,
            **_figures(abs(amount), done.get("".join(key))),
        }


def _works(village: str, works: pd.DataFrame, year: int, done: Reported) -> Iterable[Row]:
    for work in works_of(works):
        if village and work.year == year and village in (name.strip() for name in work.village.split(";")):
            figures = _figures(work.quantity, done.get(work.name))
            facts = {"kind": "work", "target": work.name, "item": work.item, "place": work.place, "unit": work.unit}
            yield {**facts, **figures, "when": work.deadline}


def _tasks(schedule: pd.DataFrame) -> Iterable[Row]:
    """What the schedule asks of villages: its ``who`` names them."""
    for row in records(schedule):
        if _VILLAGES.search(row["who"].casefold()):
            yield {
                "kind": "task",
                "target": row["id"],
                "item": row["what"],
                "when": row["frequency"] or row["deadline"],
            }


def _figures(planned: Fraction | None, done: Fraction | None) -> Row:
    remaining = max(planned - done, Fraction(0)) if planned is not None and done is not None else None
    return {"planned": planned, "done": done, "remaining": remaining}


def sheet_title(village: str, year: int, month: int, language: str = "vi") -> str:
    """Heading of a village's sheet."""
    return translator(language)("Thôn {village}: việc phải làm năm {year}, đến hết tháng {month}").format(
        village=village, year=year, month=month
    )


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
        for criterion in criteria_of(row["criterion"]):
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
