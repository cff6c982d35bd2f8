"""Month by month: done against planned, what the year's end looks like at this pace, what to decide.

A forecast goes on at the pace so far; it is no verdict. Where nobody has reported, nothing is
forecast: no report is not the same as nothing done.
"""

import datetime
import math
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from ntm_lib.judge.amounts import AT_MOST, satisfies, unit_key
from ntm_lib.language import number, term, translator
from ntm_lib.model import Key, Row, sure
from ntm_lib.plan.needs import HUNDREDTH, is_counted
from ntm_lib.plan.simulate import level_rows, plan_rows
from ntm_lib.plan.works import Work, tree, works_of
from ntm_lib.tables import amount, as_table, fraction, frame, natural_key, records

Done = Mapping[str, Mapping[str, Fraction]]  # target → village ("": the whole commune) → units done since 1 January
Bases = Mapping[tuple[int, str, str], tuple[Fraction, Fraction]]  # (year, indicator, part) → numerator and denominator

STATES = ("done", "on-pace", "behind", "open", "no-data")
MONTHS = 12

ITEMS = {
    "target": "indicator with part, or id of the work",
    "criterion": "criterion",
    "indicator": "indicator",
    "part": "part",
    "work": "id of the work; empty: an addition to an indicator",
    "item": "what is to be done, in the words of the plan",
    "village": "village of the work",
    "planned": "units planned for the year (always positive); empty: the plan gives no number",
    "unit": "unit",
    "done": "units done since 1 January; empty: nobody has reported",
    "share": "done in percent of planned",
    "expected": "units that an even pace would have finished by the end of the month: whole ones, of what is counted",
    "remaining": "units still to do",
    "per_month": "units to do in each remaining month; empty: none remain",
    "review": "yearly: the figure is found out once a year, so no pace is asked of it and nothing forecast; else empty",
    "forecast": "units at the year's end if the pace so far goes on; empty: nothing reported",
    "state": "done, on-pace, behind, open (not finished, and no pace to measure it by), no-data",
    "year_end": "numerator at the year's end by the forecast",
    "whole": "denominator",
    "threshold": "operator and threshold; empty: not known",
    "forecast_meets": "yes, no: whether year_end satisfies the threshold; empty: it cannot be said",
}

HISTORY = {
    "target": "indicator with part, or id of the work",
    "month": "1 to 12",
    "done": "units done since 1 January",
}


WEEKS = {
    "week": "ISO week: 2024-W37",
    "until": "ISO date of the last report in it",
    "target": "indicator with part, or id of the work",
    "done": "units done since 1 January",
    "heard": "villages and members that have reported for the month by then",
}


def items(
    observations: pd.DataFrame,
    works: pd.DataFrame,
    progress: pd.DataFrame,
    thresholds: pd.DataFrame,
    year: int,
    month: int,
    yearly: Collection[str] = (),
) -> pd.DataFrame:
    """Everything the plan of ``year`` wants done, as it stands at the end of ``month``; columns ``ITEMS``.

    Additions to indicators and levels to reach first, then works, each in the order of their
    criteria. ``thresholds`` are those of ``year``; ``yearly`` names the indicators that are reviewed once a year (``set.yml``). What is reported of a work itself holds; where
    nothing is, the reports of its parts add up to it.
    """
    done = done_to_date(progress, year, month)
    rules = {(r["indicator"], r["part"]): r for r in records(thresholds)}
    bases = _bases(observations)
    additions = [
        _addition(row, done, rules, bases, month, row["indicator"] in yearly) for row in plan_rows(observations, year)
    ]
    additions += [_level(row, done, rules) for row in level_rows(observations, year)]
    mine, planned = [work for work in works_of(works) if work.year == year], quantities(works)
    built = [_work(work, planned[work.name], done, mine, month) for work in tree(mine)[0]]
    return frame(ITEMS, [*sorted(additions, key=_order), *sorted(built, key=_order)])


def done_to_date(progress: pd.DataFrame, year: int, month: int) -> dict[str, dict[str, Fraction]]:
    """Units done since 1 January by target (``17.8a`` or a work) and village ("": the whole commune).

    A row measured to date replaces what was reported before it; later months are added to it.
    """
    rows = [r for r in records(progress) if r["done"] and int(r["year"]) == year and int(r["month"]) <= month]
    done: dict[str, dict[str, Fraction]] = {}
    for row in sorted(
        rows, key=lambda r: (int(r["month"]), r["measure"] == "month", r["reported_on"], natural_key(r["id"]))
    ):
        villages = done.setdefault(row["work"] or row["indicator"] + row["part"], {})
        before = Fraction(0) if row["measure"] == "to-date" else villages.get(row["village"], Fraction(0))
        villages[row["village"]] = before + amount(row["done"])
    return done


def quantities(works: pd.DataFrame) -> dict[str, Fraction | None]:
    """Quantity of each work by its id: its own, else the sum of its parts, where all state one in one unit; else None."""
    found = works_of(works)
    parts: dict[str, list[Work]] = {}
    for work in found:
        parts.setdefault(work.part_of, []).append(work)
    return {work.name: work.quantity or _sum_of_parts(parts.get(work.name, [])) for work in found}


def _sum_of_parts(parts: list[Work]) -> Fraction | None:
    known = [part.quantity for part in parts if part.quantity is not None]
    alike = len({unit_key(part.unit) for part in parts}) == 1
    return sum(known, Fraction(0)) if alike and len(known) == len(parts) else None


def history(progress: pd.DataFrame, year: int, month: int) -> pd.DataFrame:
    """Units done since 1 January, month by month to ``month``, of everything reported; columns ``HISTORY``."""
    rows = [
        {"target": target, "month": str(m), "done": total(villages)}
        for m in range(1, month + 1)
        for target, villages in done_to_date(progress, year, m).items()
    ]
    return frame(HISTORY, sorted(rows, key=lambda r: (natural_key(r["target"]), int(r["month"]))))


def silent_months(progress: pd.DataFrame, year: int, month: int) -> list[int]:
    """Months up to ``month`` that nobody reported on and that no later report counts in: one to date covers those before it."""
    rows = [r for r in records(progress) if int(r["year"]) == year and int(r["month"]) <= month]
    added = {int(r["month"]) for r in rows if r["measure"] == "month"}
    since = max((int(r["month"]) for r in rows if int(r["month"]) not in added), default=0)
    return [m for m in range(since + 1, month + 1) if m not in added]


def weekly(progress: pd.DataFrame, year: int, month: int) -> pd.DataFrame:
    """Units done since 1 January at the end of each week of ``month`` in which somebody reported; columns ``WEEKS``.

    A week is the ISO week of the day of the report; what bears no day belongs to none.
    """
    rows = [r for r in records(progress) if int(r["year"]) == year]
    days = sorted({r["reported_on"] for r in rows if int(r["month"]) == month and r["reported_on"]})
    ends: dict[str, str] = {}
    for day in days:
        iso = datetime.date.fromisoformat(day).isocalendar()
        ends[f"{iso.year}-W{iso.week:02}"] = day
    table = []
    for week, until in ends.items():
        known = [r for r in rows if int(r["month"]) < month or "" < r["reported_on"] <= until]
        heard = {r["reported_by"] or r["village"] for r in known if int(r["month"]) == month}
        for target, villages in done_to_date(as_table("progress", known), year, month).items():
            table.append({"week": week, "until": until, "target": target, "done": total(villages), "heard": len(heard)})
    return frame(WEEKS, table)


def total(villages: Mapping[str, Fraction] | None) -> Fraction | None:
    """Units done in the whole commune: as the commune reports it, else the sum of its villages; None: no report."""
    if not villages:
        return None
    return villages[""] if "" in villages else sum(villages.values(), Fraction(0))


def decisions(table: pd.DataFrame, month: int, missing: Iterable[str] = (), language: str = "vi") -> list[str]:
    """What the meeting has to decide on, most pressing first: sentences.

    ``table``: ``items`` of the month; ``missing``: names of those who have not reported.
    """
    t = translator(language)
    rows = records(table)
    if rows and all(r["state"] == "no-data" for r in rows):
        return [
            t("Chưa có số liệu tiến độ: đề nghị các thôn, các thành viên gửi báo cáo tháng {month}.").format(
                month=month
            )
        ]
    sentences = []
    if names := list(missing):
        sentences.append(t("Chưa báo cáo: {names}.").format(names=", ".join(names)))
    threatened = [r for r in rows if r["forecast_meets"] == "no"]
    behind = [r for r in rows if r["state"] == "behind" and r not in threatened]
    sentences += [_behind(r, True, language) for r in threatened] + [_behind(r, False, language) for r in behind]
    return [*sentences, *_silent([r for r in rows if r["state"] == "no-data"], language)]


def _addition(row: Row, done: Done, rules: Mapping[Key, Row], bases: Bases, month: int, yearly: bool) -> Row:
    key = row["indicator"], row["part"]
    planned = sure(fraction(row["numerator"] or row["value"]))
    so_far = total(done.get("".join(key)))
    figures = _reviewed(abs(planned), so_far) if yearly else _figures(abs(planned), row["unit"], so_far, month)
    facts = {c: row[c] for c in ("criterion", "indicator", "part", "item", "unit", "village")}
    return {"target": "".join(key), **facts, **figures, **_year_end(row, planned, figures, rules.get(key), bases)}


def _level(row: Row, done: Done, rules: Mapping[Key, Row]) -> Row:
    """A level to reach, such as an income: where it stands is what was reported last."""
    key = row["indicator"], row["part"]
    rule, planned, now = rules.get(key), sure(fraction(row["value"])), total(done.get("".join(key)))
    facts = {c: row[c] for c in ("criterion", "indicator", "part", "item", "unit", "village")}
    facts |= {"target": "".join(key), "planned": planned, "done": now, "state": "no-data"}
    if now is not None:
        reached = now <= planned if rule and rule["operator"] in AT_MOST else now >= planned
        facts |= {"share": now * 100 / planned if planned else None, "state": "done" if reached else "open"}
    return facts | {"threshold": f"{rule['operator']} {rule['threshold']}" if rule and rule["threshold"] else ""}


def _work(work: Work, planned: Fraction | None, done: Done, works: list[Work], month: int) -> Row:
    parts = [part for part in works if part.part_of == work.name and not part.serves(work)]
    reported = [n for part in parts if (n := total(done.get(part.name))) is not None]
    so_far = total(done.get(work.name))
    if so_far is None and reported:
        so_far = sum(reported, Fraction(0))
    if work.state in ("accepted", "settled", "paid"):
        so_far = planned or Fraction(1)
    unit = work.unit or next((part.unit for part in parts), "")
    facts = {"target": work.name, "work": work.name, "unit": unit}
    facts |= {c: getattr(work, c) for c in ("criterion", "indicator", "part", "item", "village")}
    if planned is None:  # one thing, finished or not
        state = "no-data" if so_far is None else "done" if so_far >= 1 else "open"
        return {**facts, "done": so_far, "state": state}
    return {**facts, **_figures(planned, unit, so_far, month)}


def _figures(planned: Fraction, unit: str, done: Fraction | None, month: int) -> Row:
    step = Fraction(1) if is_counted(unit) else HUNDREDTH
    expected = math.floor(planned * month / MONTHS / step) * step  # a gate that is begun is not a gate
    if done is None:
        return {"planned": planned, "expected": expected, "state": "no-data"}
    remaining, left = max(planned - done, Fraction(0)), MONTHS - month
    return {
        "planned": planned,
        "done": done,
        "share": done * 100 / planned if planned else None,
        "expected": expected,
        "remaining": remaining,
        "per_month": math.ceil(remaining / left / step) * step if left and remaining else None,
        "forecast": max(math.floor(done * MONTHS / month / step) * step, done),
        "state": "done" if remaining == 0 else "on-pace" if done >= expected else "behind",
    }


def _reviewed(planned: Fraction, done: Fraction | None) -> Row:
    """What is found out once a year, such as who is poor: done or not, with no pace between."""
    facts: Row = {"planned": planned, "review": "yearly"}
    if done is None:
        return {**facts, "state": "no-data"}
    remaining = max(planned - done, Fraction(0))
    facts |= {"done": done, "share": done * 100 / planned if planned else None, "remaining": remaining}
    return {**facts, "state": "done" if remaining == 0 else "open"}


def _year_end(row: Row, planned: Fraction, figures: Row, rule: Row | None, bases: Bases) -> Row:
    """Numerator at the year's end by the forecast, and whether it is enough."""
    base = bases.get((int(row["base_year"] or row["year"] - 1), row["indicator"], row["part"]))
    facts: Row = {"threshold": f"{rule['operator']} {rule['threshold']}" if rule and rule["threshold"] else ""}
    if base is None or "forecast" not in figures:
        return facts
    numerator, whole = base
    end = numerator + (figures["forecast"] if planned > 0 else -figures["forecast"])
    facts |= {"year_end": end, "whole": whole}
    if rule and (asked := fraction(rule["threshold"])) is not None:
        met = satisfies(100 * end / whole, rule["operator"], asked)
        facts["forecast_meets"] = "yes" if met else "no"
    return facts


def _bases(observations: pd.DataFrame) -> Bases:
    """Measured shares of the commune by (year, indicator, part); those that sources contradict are left out."""
    found: dict[tuple[int, str, str], set[tuple[Fraction, Fraction]]] = {}
    for r in records(observations[(observations["kind"] == "measured") & (observations["village"] == "")]):
        numerator, whole = fraction(r["numerator"]), fraction(r["denominator"])
        if r["indicator"] and numerator is not None and whole:
            found.setdefault((r["year"], r["indicator"], r["part"]), set()).add((numerator, whole))
    return {key: pairs.pop() for key, pairs in found.items() if len(pairs) == 1}


def _order(row: Row) -> list[Any]:
    return [natural_key(row["criterion"]), natural_key(row.get("indicator", "")), natural_key(row["target"])]


def _silent(rows: list[Row], language: str) -> list[str]:
    """One sentence on what nobody has reported: indicators by number, works only counted."""
    t = translator(language)
    targets, works = [r["target"] for r in rows if not r["work"]], [r for r in rows if r["work"]]
    pieces = [t("chỉ tiêu {targets}").format(targets=", ".join(targets))] if targets else []
    pieces += [t("{count} công trình, công việc").format(count=len(works))] if works else []
    return [t("Chưa có số liệu: {items}.").format(items="; ".join(pieces))] if pieces else []


def _behind(row: Row, threatened: bool, language: str) -> str:
    t = translator(language)
    shown = {k: number(row[k], language) for k in ("done", "planned", "remaining", "per_month") if row[k]}
    text = (
        t("{item}: mới làm {done}/{planned} {unit}; giữ nhịp này thì cuối năm không đạt ngưỡng")
        if threatened
        else t("{item}: mới làm {done}/{planned} {unit}, chậm")
    )
    ahead = t("; cần {per_month} mỗi tháng.") if row["per_month"] else t("; còn thiếu {remaining}.")
    return (text + ahead).format(item=row["item"], unit=term(row["unit"], language), **shown)
