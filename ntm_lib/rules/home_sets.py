"""By which rule set a figure is numbered: 17.8 is another thing in another set. Renumbering is ``crosswalk``."""

import re
from collections.abc import Iterable, Mapping

from ntm_lib.rules.sets import load_set, rule_sets

BASIC = re.compile(r"ntm-[0-9]{4}-[0-9]{4}")  # not the advanced or the model set


def home_sets(years: Iterable[int]) -> dict[int, str]:
    """Year → the basic national set by which its figures are numbered: that of the year, else the nearest."""
    spans = {name: load_set(name).meta["years"] for name in rule_sets() if BASIC.fullmatch(name)}
    return {y: _nearest(spans, y) for y in years} if spans else {}


def numbered_by(given: str, year: int, known: Iterable[str], homes: Mapping[int, str]) -> str:
    """The set of a row that was ``given`` by a set (or by none, ""): that set, or, where it is not among ours, the
    nearest of its sort (an older advanced set is no basic set); else the one of its year in ``homes``.
    """
    if given in known:
        return given
    alike = {name: load_set(name).meta["years"] for name in known if given and _sort(name) == _sort(given)}
    return _nearest(alike, year) if alike else homes[year]


def _sort(rule_set: str) -> str:
    """``ntm-nang-cao`` of ``ntm-nang-cao-2016-2020``."""
    return re.sub(r"-[0-9]{4}-[0-9]{4}$", "", rule_set)


def _nearest(spans: Mapping[str, list[int]], year: int) -> str:
    return min(spans, key=lambda name: (max(spans[name][0] - year, year - spans[name][1], 0), name))
