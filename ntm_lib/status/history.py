"""All years of a commune, judged by one rule set: the steps of the second notebook in their order."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ntm_lib import rules, tables
from ntm_lib.status.changes import changes
from ntm_lib.status.criteria import judge_criteria
from ntm_lib.status.indicators import judge_indicators
from ntm_lib.status.numbering import in_numbers_of, similar_only
from ntm_lib.status.observed import records
from ntm_lib.status.project import project

Key = tuple[str, str]  # indicator and part, or criterion and nothing

RESULTS = ("measured", "declared", "target", "change")


@dataclass(frozen=True)
class History:
    """Tables over all years judged; ``thresholds`` also holds the year after the last, where rules exist."""

    thresholds: pd.DataFrame
    indicators: pd.DataFrame
    criteria: pd.DataFrame
    changes: pd.DataFrame


def years_known(observations: pd.DataFrame, until: int, since: int = 1) -> list[int]:
    """Years of which results or targets are known, oldest first, from ``since`` to ``until``; ``until`` is always one."""
    known = observations[observations["kind"].isin(RESULTS) & observations["year"].between(since, until)]
    return sorted({*known["year"].tolist(), until})


def judge_history(
    observations: pd.DataFrame,
    rule_set: rules.RuleSet,
    commune: dict,
    year: int,
    region: str = "",
    language: str = "vi",
    strict: bool = False,
) -> History:
    """Every year known up to ``year``, each by the thresholds of that year; none before the first year of the set."""
    years = years_known(observations, year, since=rule_set.meta["years"][0])
    thresholds = {y: rules.resolve(rule_set, commune, y, region or None, language, strict) for y in [*years, year + 1]}
    known = in_numbers_of(observations, rule_set.id, language)
    for y in years:
        known = project(known, y, language)
    rules_of_all = _all("thresholds", thresholds.values())
    judged = _all("indicators", [judge_indicators(known, thresholds[y], y, language) for y in years])
    by_criterion = _all("criteria", [judge_criteria(judged, known, y, rule_set.id, [c["id"] for c in rule_set.meta["criteria"]]) for y in years])
    similar = {y: similar_only(y, rule_set.id) for y in years}
    moved = changes(judged, by_criterion, known, rules_of_all, year, rule_set.id, similar)
    return History(rules_of_all, judged, by_criterion, moved)


def turned(real: History, assumed: History, year: int, numbers: Mapping[Key, Key] | None = None) -> pd.DataFrame:
    """Table ``turned``: verdicts of ``year`` that differ under the scenario, criteria and indicators.

    ``numbers``: where the scenario judges by another rule set, the indicators that are the same thing
    in both, by their numbers there and here; criteria then have no counterpart and are left out.
    """
    rows = []
    for name in ("criteria", "indicators") if numbers is None else ("indicators",):
        before = {_key(row): row for row in records(getattr(real, name)) if row["year"] == year}
        for row in records(getattr(assumed, name)):
            key = _key(row) if numbers is None else numbers.get(_key(row), ("", ""))
            was = before.get(key)
            if row["year"] == year and was and was["verdict"] != row["verdict"]:
                rows.append(_turn(was, row))
    return tables.as_table("turned", rows)


def _key(row: dict) -> Key:
    return (row["indicator"], row["part"]) if "indicator" in row else (row["criterion"], "")


def _turn(was: dict, row: dict) -> dict:
    return {
        "criterion": row["criterion"], "indicator": row.get("indicator", ""), "part": row.get("part", ""), "year": row["year"],
        "before": was["verdict"], "after": row["verdict"],
        "value_before": was.get("value", ""), "value_after": row.get("value", ""),
    }


def _all(name: str, frames) -> pd.DataFrame:
    return tables.as_table(name, pd.concat(list(frames), ignore_index=True))
