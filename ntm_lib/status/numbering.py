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
    return {y: _nearest(spans, y) for y in years}


def in_numbers_of(observations: pd.DataFrame, rule_set: str, language: str = "vi") -> pd.DataFrame:
    """``observations`` with the indicators of ``rule_set``; every row stays.

    A row that says by which set it was given is numbered by that one, or, where it is not among ours, by
    the nearest of its sort (an older advanced set is no basic set); any other by that of its year. What has no place in ``rule_set``, such as a declaration under another set, gets criterion
    ``other``: it is no declaration under this one.
    """
    known = rule_sets()
    homes = home_sets(observations["year"].unique())
    pairs = zip(observations["rule_set"], observations["year"], strict=True)
    numbered = pd.Series([_numbered_by(given, year, known, homes) for given, year in pairs], index=observations.index)
    foreign = sorted(set(numbered) - {rule_set})
    if not foreign:
        return observations
    moved = [translate(observations[numbered == name], name, rule_set, language) for name in foreign]
    return tables.as_table("observations", pd.concat([observations[numbered == rule_set], *moved], ignore_index=True))


def _numbered_by(given: str, year: int, known: list[str], homes: dict[int, str]) -> str:
    if given in known:
        return given
    alike = {name: load_set(name).meta["years"] for name in known if given and _sort(name) == _sort(given)}
    return _nearest(alike, year) if alike else homes[year]


def _sort(rule_set: str) -> str:
    """``ntm-nang-cao`` of ``ntm-nang-cao-2016-2020``."""
    return re.sub(r"-[0-9]{4}-[0-9]{4}$", "", rule_set)


def _nearest(spans: dict[str, list[int]], year: int) -> str:
    return min(spans, key=lambda name: (max(spans[name][0] - year, year - spans[name][1], 0), name))


def similar_only(years: Iterable[int], rule_set: str) -> dict[int, frozenset[tuple[str, str]]]:
    """Year → indicators and parts of ``rule_set`` whose figures were counted by something that only resembles them."""
    return {
        year: frozenset((e["indicator"], e["part"]) for e in mapping(home, rule_set).values() if e["relation"] == "similar")
        if home != rule_set
        else frozenset()
        for year, home in home_sets(years).items()
    }
