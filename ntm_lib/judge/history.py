"""All years of a commune, judged by one rule set: the steps of the second notebook in their order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from ntm_lib import rules, tables
from ntm_lib.judge.changes import Again, change_rows
from ntm_lib.judge.criteria import criteria_rows, declaring_rows
from ntm_lib.judge.indicators import in_doubt, judge_columns
from ntm_lib.judge.observations import in_numbers_of, index_rows, projected_rows, similar_only
from ntm_lib.judge.risk import decisive_rows
from ntm_lib.language import translator
from ntm_lib.model import Row
from ntm_lib.tables import records

Key = tuple[str, str]  # indicator and part, or criterion and nothing

RESULTS = ("measured", "declared", "target", "change")


Columns = list[list[Row]]  # rows of thresholds of one year, by the column taken and by each that may be the right one


class Judged(NamedTuple):
    """Tables ``indicators`` and ``criteria`` of one year."""

    indicators: pd.DataFrame
    criteria: pd.DataFrame


@dataclass(frozen=True)
class History:
    """Tables over all years judged; ``thresholds`` also holds the year after the last, where rules exist."""

    thresholds: pd.DataFrame
    indicators: pd.DataFrame
    criteria: pd.DataFrame
    changes: pd.DataFrame
    decisive: pd.DataFrame = field(default_factory=lambda: tables.empty("decisive"))  # of the last year alone


def years_known(observations: pd.DataFrame, until: int, since: int = 1) -> list[int]:
    """Years of which results or targets are known, oldest first, from ``since`` to ``until``; ``until`` is always one.

    Where none of them is left to compare with, the last year known before ``since`` is one too.
    """
    known = sorted(
        {
            *observations.loc[
                observations["kind"].isin(RESULTS) & observations["year"].between(1, until - 1), "year"
            ].tolist()
        }
    )
    return [*([y for y in known if y >= since] or known[-1:]), until]


def judge_history(
    observations: pd.DataFrame,
    rule_set: rules.RuleSet,
    commune: Row,
    year: int,
    region: str = "",
    language: str = "vi",
    strict: bool = False,
) -> History:
    """Every year known up to ``year``, each by the thresholds of that year.

    A year before the first of the set is judged by its first thresholds where it is the year asked for
    (old figures under newer rules); only looked back on, it is judged by none: what was asked then is not known.
    """
    first = rule_set.meta["years"][0]
    years = years_known(observations, year, since=first)
    columns = {y: columns_of(rule_set, commune, y, region, language, strict) for y in [*years, year + 1]}
    columns |= {y: [_not_yet(found[0], language)] for y, found in columns.items() if y < first <= year}
    known = records(in_numbers_of(observations, rule_set.id, language))
    for y in years:
        known = projected_rows(known, y)
    return _judge(known, columns, years, rule_set)


def columns_of(
    rule_set: rules.RuleSet, commune: Row, year: int, region: str = "", language: str = "vi", strict: bool = False
) -> Columns:
    """Thresholds of the year by the column of the commune, then by each other that its unknown traits leave possible."""
    day = f"{max(year, rule_set.meta['years'][0])}-12-31"
    others = rules.choose_column(rule_set, commune, day, region or None, language).others
    return [
        records(rules.resolve(rule_set, commune, year, code, language, strict)) for code in (region or None, *others)
    ]


def judge_year(
    observations: pd.DataFrame, rule_set: rules.RuleSet, columns: Columns, of_year: int, language: str = "vi"
) -> Judged:
    """The figures of ``of_year`` by ``columns``, whatever year these are of: as a run judges its own year."""
    known = projected_rows(records(in_numbers_of(observations, rule_set.id, language)), of_year)
    indicators = judge_columns(index_rows(known), columns, of_year)
    criteria = criteria_rows(
        indicators, declaring_rows(known), of_year, rule_set.id, [c["id"] for c in rule_set.meta["criteria"]]
    )
    return Judged(tables.as_table("indicators", indicators), tables.as_table("criteria", criteria))


def _not_yet(thresholds: list[Row], language: str) -> list[Row]:
    note = translator(language)("Bộ tiêu chí này chưa áp dụng cho năm đó; mức khi ấy chưa biết.")
    blank = ("operator", "threshold", "set_by", "document", "article", "source", "valid_from", "valid_to", "layers")
    unknown = dict.fromkeys(blank, "") | {"confidence": "unknown", "note": note}
    return [row | unknown for row in thresholds]


def _judge(known: list[Row], columns: dict[int, Columns], years: list[int], rule_set: rules.RuleSet) -> History:
    """On plain records from end to end: a province has hundreds of communes, and frames cost more than verdicts."""
    index, declared = index_rows(known), declaring_rows(known)
    names = [c["id"] for c in rule_set.meta["criteria"]]
    indicators = {y: judge_columns(index, columns[y], y) for y in years}
    criteria = [row for y in years for row in criteria_rows(indicators[y], declared, y, rule_set.id, names)]
    every_rule = [row for found in columns.values() for row in found[0]]
    judged = [row for found in indicators.values() for row in found]
    again = Again(index, every_rule, declared, rule_set.id)
    moved = change_rows(judged, criteria, again, years[-1], similar_only(years, rule_set.id), rule_set.meta)
    last = [row for row in criteria if row["year"] == years[-1]]
    decisive, hang = decisive_rows(columns[years[-1]][0], indicators[years[-1]], last, index, declared, rule_set.id)
    judged = [in_doubt(row, "threshold") if row["year"] == years[-1] and _key(row) in hang else row for row in judged]
    rows = {
        "thresholds": every_rule,
        "indicators": judged,
        "criteria": criteria,
        "changes": moved,
        "decisive": decisive,
    }
    return History(**{name: tables.as_table(name, found) for name, found in rows.items()})


def turned(real: History, assumed: History, year: int, numbers: Mapping[Key, Key] | None = None) -> pd.DataFrame:
    """Table ``turned``: verdicts of ``year`` under the scenario that differ from the last of the run without it.

    ``numbers``: where the scenario judges by another rule set, the indicators that are the same thing
    in both, by their numbers there and here; criteria then have no counterpart and are left out.
    """
    rows, own = [], max(real.criteria["year"], default=year)  # a scenario may judge another year
    for name in ("criteria", "indicators") if numbers is None else ("indicators",):
        before = {_key(row): row for row in records(getattr(real, name)) if row["year"] == own}
        for row in records(getattr(assumed, name)):
            key = _key(row) if numbers is None else numbers.get(_key(row), ("", ""))
            was = before.get(key)
            if row["year"] == year and was and was["verdict"] != row["verdict"]:
                rows.append(_turn(was, row))
    return tables.as_table("turned", rows)


def _key(row: Row) -> Key:
    return (row["indicator"], row["part"]) if "indicator" in row else (row["criterion"], "")


def _turn(was: Row, row: Row) -> Row:
    return {
        "criterion": row["criterion"],
        "indicator": row.get("indicator", ""),
        "part": row.get("part", ""),
        "year": row["year"],
        "before": was["verdict"],
        "after": row["verdict"],
        "value_before": was.get("value", ""),
        "value_after": row.get("value", ""),
    }
