"""Any number of scenarios beside the present: which verdicts turn, by how much, and at what cost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from ntm_lib import rules
from ntm_lib.judge import commune_verdict
from ntm_lib.judge.history import Columns, Judged, columns_of, judge_year
from ntm_lib.model import Row
from ntm_lib.plan.money import funded
from ntm_lib.plan.scenario import apply_scenario, judged_by
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.tables import amount, as_table, frame, records

PRESENT = ""  # scenario name of the present

_JUDGED = (
    "criterion", "indicator", "part", "verdict", "basis", "reason", "value", "unit", "numerator", "denominator", "bound", "operator", "threshold",
    "margin", "margin_count", "count_unit", "confidence", "doubt", "observation",
)  # fmt: skip

INDICATORS = {
    "scenario": "name of the scenario; empty: the present",
    **dict.fromkeys(_JUDGED, "as in the table indicators"),
    "present": "verdict of the present, by the rules that judge this scenario",
    "turned": "yes: the scenario's verdict is another",
}

CRITERIA = {
    "scenario": "name of the scenario; empty: the present",
    "criterion": "criterion",
    "verdict": "verdict",
    "basis": "basis",
    "present": "verdict of the present, by the rules that judge this scenario",
    "turned": "yes: the scenario's verdict is another",
}

SUMMARY = {
    "scenario": "name of the scenario; empty: the present",
    "title": "title",
    "author": "author",
    "date": "ISO date",
    "reason": "reason",
    "rule_set": "rule set that judges",
    "region": "region that judges; empty: by the commune's traits",
    "year": "year judged",
    "of_year": "year whose figures are judged",
    "met": "criteria met, on whatever basis",
    "declared": "of these, by declaration or aim alone",
    "unmet": "criteria unmet",
    "no_data": "criteria of which nothing can be said",
    "total": "criteria",
    "gained": "criteria that turn to met, joined by ;",
    "lost": "criteria that turn from met to unmet, joined by ;",
    "unknown": "criteria that turn from met or unmet to no-data, joined by ;",
    "cost": "million đồng of the works funded and of the additions, where known; empty: none known",
    "cost_unknown": "number of works funded and additions without a cost",
}


@dataclass(frozen=True)
class Comparison:
    """Frames with columns SUMMARY, CRITERIA, INDICATORS: first the present, then the scenarios in their order."""

    summary: pd.DataFrame
    criteria: pd.DataFrame
    indicators: pd.DataFrame


class Setting(NamedTuple):
    """What a run is judged by without a scenario."""

    commune: Row
    rule_set: str
    region: str
    year: int
    language: str = "vi"
    strict: bool = False


def compare(
    observations: pd.DataFrame, works: pd.DataFrame, scenarios: Sequence[Scenario], setting: Setting
) -> Comparison:
    """The present and each scenario, judged.

    The present is the last year with results, by the rules of the year judged, so that what turns
    is due to the scenario and not to a rule that rose. A scenario with rules of its own is set
    against the present by those rules.
    """
    summary, criteria, indicators = [], [], []
    now = present_year(observations, setting.year)
    for scenario in (None, *scenarios):
        judged, present, ruled = _judge(observations, works, scenario, setting, now)
        name = scenario.name if scenario else PRESENT
        before = {(r["indicator"], r["part"]): r["verdict"] for r in records(present.indicators)}
        before_criteria = {r["criterion"]: r["verdict"] for r in records(present.criteria)}
        indicators += [_indicator(name, r, before[r["indicator"], r["part"]]) for r in records(judged.indicators)]
        turns = [_criterion(name, r, before_criteria[r["criterion"]]) for r in records(judged.criteria)]
        criteria += turns
        summary.append(_summary(scenario, ruled, now, judged, turns, works))
    return Comparison(frame(SUMMARY, summary), frame(CRITERIA, criteria), frame(INDICATORS, indicators))


def present_year(observations: pd.DataFrame, year: int) -> int:
    """Last year, not after ``year``, of which results are known; ``year`` where there is none."""
    results = observations[observations["kind"].isin(["measured", "declared"]) & observations["year"].between(1, year)]
    return int(results["year"].max()) if len(results) else year


def cost_of(scenario: Scenario | None, works: pd.DataFrame, thresholds: pd.DataFrame) -> tuple[Fraction | None, int]:
    """(million đồng known, number of works and additions without a cost) that a scenario asks for.

    A level that is only assumed (set, grow) is no work: it costs what the scenario says, if it says so.
    """
    changes = scenario.changes if scenario else ()
    additions = [c.cost for c in changes if c.op == "add" or (c.op in ("set", "grow") and c.cost is not None)]
    paid = [amount(c) if c else None for c in funded(scenario, works, thresholds)["cost"]]
    known = [c for c in (*additions, *paid) if c is not None]
    return (sum(known, Fraction(0)) if known else None), len(additions) + len(paid) - len(known)


def _judge(
    observations: pd.DataFrame, works: pd.DataFrame, scenario: Scenario | None, setting: Setting, now: int
) -> tuple[Judged, Judged, Setting]:
    """(the scenario judged, the present by the same rules, what they are judged by)."""
    rule_set, region, year = judged_by(scenario, setting.rule_set, setting.region, setting.year)
    ruled = setting._replace(rule_set=rule_set, region=region, year=year)
    loaded, columns = rules.load_set(rule_set), _columns(ruled)
    present = judge_year(observations, loaded, columns, now, setting.language)
    if scenario is None:
        return present, present, ruled
    assumed = apply_scenario(observations, works, scenario, year, rule_set, _thresholds(ruled), setting.language)
    return judge_year(assumed, loaded, columns, year, setting.language), present, ruled


def _columns(ruled: Setting) -> Columns:
    loaded = rules.load_set(ruled.rule_set)
    return columns_of(loaded, ruled.commune, ruled.year, ruled.region, ruled.language, ruled.strict)


def _thresholds(ruled: Setting) -> pd.DataFrame:
    return as_table("thresholds", _columns(ruled)[0])


def _indicator(name: str, row: Row, present: str) -> Row:
    return {"scenario": name, **{c: row[c] for c in _JUDGED}, "present": present, "turned": row["verdict"] != present}


def _criterion(name: str, row: Row, present: str) -> Row:
    return {
        "scenario": name,
        **{c: row[c] for c in ("criterion", "verdict", "basis")},
        "present": present,
        "turned": row["verdict"] != present,
    }


def _summary(
    scenario: Scenario | None, ruled: Setting, now: int, judged: Judged, turns: list[Row], works: pd.DataFrame
) -> Row:
    commune = commune_verdict(judged.criteria)
    cost, unknown = cost_of(scenario, works, _thresholds(ruled))
    facts = {c: getattr(scenario, c) for c in ("title", "author", "date", "reason")} if scenario else {}
    return {
        "scenario": scenario.name if scenario else PRESENT,
        **facts,
        "rule_set": ruled.rule_set,
        "region": ruled.region,
        "year": str(ruled.year),
        "of_year": str(ruled.year if scenario else now),
        "met": str(commune.met),
        "declared": str(commune.declared + commune.aimed),
        "unmet": str(commune.unmet),
        "no_data": str(commune.no_data),
        "total": str(commune.total),
        "gained": _named(turns, lambda turn: turn["verdict"] == "met"),
        "lost": _named(turns, lambda turn: (turn["present"], turn["verdict"]) == ("met", "unmet")),
        "unknown": _named(turns, lambda turn: turn["present"] in ("met", "unmet") and turn["verdict"] == "no-data"),
        "cost": cost,
        "cost_unknown": str(unknown),
    }


def _named(turns: Iterable[Row], wanted: Callable[[Row], bool]) -> str:
    return ";".join(turn["criterion"] for turn in turns if turn["turned"] and wanted(turn))
