"""All years of a commune, judged by one rule set: the steps of the second notebook in their order."""

from dataclasses import dataclass

import pandas as pd

from ntm_lib import rules, tables
from ntm_lib.status.changes import changes
from ntm_lib.status.criteria import judge_criteria
from ntm_lib.status.indicators import judge_indicators
from ntm_lib.status.numbering import in_numbers_of, similar_only
from ntm_lib.status.project import project

RESULTS = ("measured", "declared", "target", "change")


@dataclass(frozen=True)
class History:
    """Tables over all years judged; ``thresholds`` also holds the year after the last, where rules exist."""

    thresholds: pd.DataFrame
    indicators: pd.DataFrame
    criteria: pd.DataFrame
    changes: pd.DataFrame


def years_known(observations: pd.DataFrame, until: int) -> list[int]:
    """Years of which results or targets are known, oldest first, none after ``until``; ``until`` is always one."""
    known = observations[observations["kind"].isin(RESULTS) & observations["year"].between(1, until)]
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
    """Every year known up to ``year``, each by the thresholds of that year."""
    years = years_known(observations, year)
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


def turned(real: History, assumed: History, year: int) -> pd.DataFrame:
    """Table ``turned``: verdicts of ``year`` that differ under the scenario, criteria and indicators."""
    rows = []
    for name in ("criteria", "indicators"):
        before = {_key(row): row for row in getattr(real, name).to_dict("records") if row["year"] == year}
        for row in getattr(assumed, name).to_dict("records"):
            was = before.get(_key(row))
            if row["year"] == year and was and was["verdict"] != row["verdict"]:
                rows.append(_turn(was, row))
    return tables.as_table("turned", rows)


def _key(row: dict) -> tuple[int, str, str, str]:
    return row["year"], row["criterion"], row.get("indicator", ""), row.get("part", "")


def _turn(was: dict, row: dict) -> dict:
    year, criterion, indicator, part = _key(row)
    return {
        "criterion": criterion, "indicator": indicator, "part": part, "year": year,
        "before": was["verdict"], "after": row["verdict"],
        "value_before": was.get("value", ""), "value_after": row.get("value", ""),
    }


def _all(name: str, frames) -> pd.DataFrame:
    return tables.as_table(name, pd.concat(list(frames), ignore_index=True))
