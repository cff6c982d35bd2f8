"""What a plan or a scenario adds to each indicator, before anybody knows how much of it gets done."""

from fractions import Fraction

import pandas as pd

from ntm_lib.judge.observations import JUDGED_TABLES
from ntm_lib.plan.frames import records
from ntm_lib.plan.funding import added_by_works
from ntm_lib.plan.scenario_model import Key, Scenario
from ntm_lib.plan.simulate import Planned
from ntm_lib.tables import fraction, natural_key


def plan_rows(observations: pd.DataFrame, year: int) -> list[dict]:
    """Rows of observations that plan an addition for the whole commune in ``year``, with a number."""
    rows = records(
        observations[
            (observations["year"] == year) & (observations["kind"] == "change") & (observations["village"] == "")
        ]
    )
    return [r for r in rows if r["table"] in JUDGED_TABLES and r["indicator"] and _amount(r) is not None]


def level_rows(observations: pd.DataFrame, year: int) -> list[dict]:
    """Rows that plan a level for the whole commune in ``year``: an income, a share, a degree."""
    rows = records(
        observations[
            (observations["year"] == year) & (observations["kind"] == "target") & (observations["village"] == "")
        ]
    )
    return [r for r in rows if r["table"] in JUDGED_TABLES and r["indicator"] and fraction(r["value"]) is not None]


def left_as_planned(scenario: Scenario, observations: pd.DataFrame, year: int) -> list[str]:
    """Indicators of which the plan of ``year`` names a level or an addition and the scenario says nothing, in their order."""
    known = {(r["indicator"], r["part"]) for rows in (plan_rows, level_rows) for r in rows(observations, year)}
    assumed = {change.key for change in scenario.changes} | {(a.indicator, a.part) for a in scenario.typed}
    return sorted(("".join(key) for key in known - assumed), key=natural_key)


def planned_by_plan(observations: pd.DataFrame, year: int) -> dict[Key, Planned]:
    """Additions that the plan of ``year`` makes, by (indicator, part).

    What two documents plan differently is left out: which of them holds is not for us to choose.
    """
    by_key: dict[Key, dict[str, Fraction]] = {}
    for row in plan_rows(observations, year):
        documents = by_key.setdefault((row["indicator"], row["part"]), {})
        documents[row["document"]] = documents.get(row["document"], Fraction(0)) + _amount(row)
    return {key: Planned(*set(plans.values())) for key, plans in by_key.items() if len(set(plans.values())) == 1}


def planned_by_scenario(
    scenario: Scenario, year: int, works: pd.DataFrame, thresholds: pd.DataFrame
) -> dict[Key, Planned]:
    """Additions, funded works and growth that a scenario assumes, by (indicator, part); what it sets is taken as certain.

    ``thresholds`` are those that judge the scenario.
    """
    planned = {key: Planned(amount) for key, (amount, _) in added_by_works(scenario, works, thresholds).items()}
    for change in scenario.changes:
        if change.op == "add":
            before = planned.get(change.key, Planned())
            planned[change.key] = Planned(before.amount + change.amount)
        elif change.op == "grow" and year > scenario.base_year:
            planned[change.key] = Planned(change.amount, years=year - scenario.base_year)
    return planned


def _amount(row: dict) -> Fraction | None:
    return fraction(row["numerator"] or row["value"])
