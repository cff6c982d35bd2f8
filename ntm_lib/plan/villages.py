"""A sheet for each village: what it must do this year and has done, and nothing else."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

import pandas as pd

from ntm_lib.language import translator
from ntm_lib.plan.frames import frame, records
from ntm_lib.plan.progress import done_to_date
from ntm_lib.plan.scenario import village_changes
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.plan.simulate import plan_rows
from ntm_lib.tables import fraction

_VILLAGES = re.compile(r"(?<!nông )\bthôn\b")  # "Ban Chỉ đạo nông thôn mới" is no village

SHEET = {
    "kind": "addition: households and the like; work; task: what comes back every month or quarter",
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
) -> pd.DataFrame:
    """What ``village`` must do in ``year``, and has done by the end of ``month``; columns ``SHEET``.

    Numbers of households come from rows of the plan that name the village and from the scenario.
    """
    done = {target: by_village.get(village) for target, by_village in done_to_date(progress, year, month).items()}
    return frame(
        SHEET,
        [
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


def _by_village(observations: pd.DataFrame, year: int) -> list[dict]:
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
    village: str, observations: pd.DataFrame, year: int, done: Mapping, scenario: Scenario | None
) -> Iterable[dict]:
    units = {(r["indicator"], r["part"]): (r["item"], r["unit"]) for r in plan_rows(observations, year)}
    planned: dict[tuple[str, str], Fraction] = {}
    for row in _by_village(observations, year):
        if row["village"] == village:
            key = row["indicator"], row["part"]
            planned[key] = planned.get(key, Fraction(0)) + fraction(row["numerator"] or row["value"])
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


def _works(village: str, works: pd.DataFrame, year: int, done: Mapping) -> Iterable[dict]:
    for work in records(works):
        if work["year"] == year and village in (name.strip() for name in work["village"].split(";")):
            figures = _figures(fraction(work["quantity"]), done.get(work["observation"]))
            facts = {c: work[c] for c in ("item", "place", "unit")}
            yield {"kind": "work", "target": work["observation"], **facts, **figures, "when": work["deadline"]}


def _tasks(schedule: pd.DataFrame) -> Iterable[dict]:
    """What the schedule asks of villages: its ``who`` names them."""
    for row in records(schedule):
        if _VILLAGES.search(row["who"].casefold()):
            yield {
                "kind": "task",
                "target": row["id"],
                "item": row["what"],
                "when": row["frequency"] or row["deadline"],
            }


def _figures(planned: Fraction | None, done: Fraction | None) -> dict:
    remaining = max(planned - done, Fraction(0)) if planned is not None and done is not None else None
    return {"planned": planned, "done": done, "remaining": remaining}


def sheet_title(village: str, year: int, month: int, language: str = "vi") -> str:
    """Heading of a village's sheet."""
    return translator(language)("Thôn {village}: việc phải làm năm {year}, đến hết tháng {month}").format(
        village=village, year=year, month=month
    )
