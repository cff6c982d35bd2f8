"""Observations brought to the numbers of the rule set that judges them.

A commune enters its figures by the set of their year; judged by another set, 17.8 is another thing.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ntm_lib import tables
from ntm_lib.language import translator
from ntm_lib.rules import rule_sets
from ntm_lib.rules.crosswalk import OTHER, STATUSES, mapping, translate
from ntm_lib.rules.home_sets import home_sets, numbered_by


def in_numbers_of(observations: pd.DataFrame, rule_set: str, language: str = "vi") -> pd.DataFrame:
    """``observations`` with the indicators of ``rule_set``; every row stays.

    By which set a row is numbered says ``rules.home_sets``. What has no place in ``rule_set``, such as a
    declaration under another set, gets criterion ``other``: it is no declaration under this one. A status that
    an older set of the same numbers gave to an indicator has no place either; a criterion keeps it, to be told.
    """
    observations = _without_foreign_statuses(observations, rule_set, language)
    known = rule_sets()
    homes = home_sets(observations["year"].unique())
    pairs = zip(observations["rule_set"], observations["year"], strict=True)
    numbered = pd.Series([numbered_by(given, year, known, homes) for given, year in pairs], index=observations.index)
    foreign = sorted(set(numbered) - {rule_set})
    if not foreign:
        return observations
    moved = [translate(observations[numbered == name], name, rule_set, language) for name in foreign]
    return tables.as_table("observations", pd.concat([observations[numbered == rule_set], *moved], ignore_index=True))


def _without_foreign_statuses(observations: pd.DataFrame, rule_set: str, language: str) -> pd.DataFrame:
    foreign = (
        ~observations["rule_set"].isin(["", *rule_sets()])
        & observations["value"].isin(STATUSES)
        & (observations["indicator"] != "")
    )
    if not foreign.any():
        return observations
    note = translator(language)("Kết luận theo bộ tiêu chí khác ({name}): không xét ở đây.")
    moved = observations.copy()
    moved.loc[foreign, "note"] = [
        "; ".join(filter(None, [old, note.format(name=name)]))
        for old, name in zip(moved.loc[foreign, "note"], moved.loc[foreign, "rule_set"], strict=True)
    ]
    moved.loc[foreign, "criterion"] = OTHER
    moved.loc[foreign, ["indicator", "part"]] = ""
    return moved


def before_break(years: Iterable[int], meta: dict[str, Any]) -> dict[int, frozenset[tuple[str, str]]]:
    """Year → indicators whose concept changed after it (``breaks`` of set.yml): no figure is compared across that day."""
    return {
        y: frozenset((e["indicator"], "") for e in meta.get("breaks") or [] if f"{y}-12-31" < str(e["from"]))
        for y in years
    }


def similar_only(years: Iterable[int], rule_set: str) -> dict[int, frozenset[tuple[str, str]]]:
    """Year → indicators and parts of ``rule_set`` whose figures were counted by something that only resembles them."""
    return {
        year: frozenset(
            (e["indicator"], e["part"]) for e in mapping(home, rule_set).values() if e["relation"] == "similar"
        )
        if home != rule_set
        else frozenset()
        for year, home in home_sets(years).items()
    }
