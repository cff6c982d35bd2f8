"""Observations brought to the numbers of the rule set that judges them.

A commune enters its figures by the set of their year; judged by another set, 17.8 is another thing.
"""

import re
from collections.abc import Iterable

import pandas as pd

from ntm_lib import tables
from ntm_lib.rules import load_set, rule_sets
from ntm_lib.rules.crosswalk import mapping, translate

BASIC = re.compile(r"ntm-[0-9]{4}-[0-9]{4}")  # not the advanced or the model set


def home_sets(years: Iterable[int]) -> dict[int, str]:
    """Year → the basic national set by which its figures are numbered: that of the year, else the nearest."""
    spans = {name: load_set(name).meta["years"] for name in rule_sets() if BASIC.fullmatch(name)}
    return {y: min(spans, key=lambda name: (max(spans[name][0] - y, y - spans[name][1], 0), name)) for y in years}


def in_numbers_of(observations: pd.DataFrame, rule_set: str, language: str = "vi") -> pd.DataFrame:
    """``observations`` with the indicators of ``rule_set``; every row stays.

    A row that says by which known set it was given is numbered by that one, any other by that of its
    year. What has no place in ``rule_set``, such as a declaration under another set, gets criterion
    ``other``: it is no declaration under this one.
    """
    known = rule_sets()
    homes = home_sets(observations["year"].unique())
    pairs = zip(observations["rule_set"], observations["year"], strict=True)
    numbered = pd.Series([given if given in known else homes[year] for given, year in pairs], index=observations.index)
    foreign = sorted(set(numbered) - {rule_set})
    if not foreign:
        return observations
    moved = [translate(observations[numbered == name], name, rule_set, language) for name in foreign]
    return tables.as_table("observations", pd.concat([observations[numbered == rule_set], *moved], ignore_index=True))


def similar_only(years: Iterable[int], rule_set: str) -> dict[int, frozenset[tuple[str, str]]]:
    """Year → indicators and parts of ``rule_set`` whose figures were counted by something that only resembles them."""
    return {
        year: frozenset((e["indicator"], e["part"]) for e in mapping(home, rule_set).values() if e["relation"] == "similar")
        if home != rule_set
        else frozenset()
        for year, home in home_sets(years).items()
    }
