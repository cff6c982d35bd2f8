"""Observations found by year, indicator and part, and brought to the numbers of the set that judges them. Judges nothing.

Plain dictionaries, because one commune has a few hundred rows and is judged thousands of times: a loop over them costs
a fraction of what the same steps cost in pandas. A commune enters its figures by the set of their year; judged by
another set, 17.8 is another thing.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ntm_lib import tables
from ntm_lib.language import translator
from ntm_lib.model import Row
from ntm_lib.rules import crosswalk, rule_sets
from ntm_lib.rules.crosswalk import OTHER, home_sets, mapping, numbered_by, translate
from ntm_lib.tables import natural_key

SCENARIO = "scenario"
JUDGED_TABLES = frozenset({"results", "plan", SCENARIO})
STATUSES = ("met", "unmet", "not-applicable")
SEXES = {"nam": "nam", "nữ": "nữ"}

# Ranks: what is known of a year outweighs what was planned for it, a value outweighs a bare status.
SET, MEASURED, DECLARED, TARGET, AIM = range(5)

Index = dict[tuple[int, str, str], list[Row]]


def index_rows(rows: list[Row]) -> Index:
    """Rows that speak of the whole commune and of one indicator, by (year, indicator, part).

    Rows of one village, of works, money or other tables, and parts of another row (``split``) are
    left out: they are no result of the commune. A part named ``nam`` or ``nữ`` is a sex, not a part.
    """
    found: Index = defaultdict(list)
    for row in rows:
        if row["table"] in JUDGED_TABLES and row["indicator"] and not row["village"]:
            part = "" if row["part"] in SEXES else row["part"]
            found[row["year"], row["indicator"], part].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: natural_key(row["observation"]))
    return found


def rank(row: Row) -> int | None:
    """How strongly a row speaks of its year, 0 the strongest; None for a row that is no result at all."""
    if not row["value"] and not row["numerator"]:
        return None
    if row["table"] == SCENARIO:
        return SET
    is_status = row["value"] in STATUSES
    if row["kind"] in ("measured", "declared"):
        return DECLARED if is_status else MEASURED
    if row["kind"] == "target":
        return AIM if is_status else TARGET
    return None


def sex(row: Row) -> str:
    """``nam``, ``nữ`` or, for both together, the empty string."""
    for text in (row["part"], row["item"]):
        word = unicodedata.normalize("NFC", text).strip().casefold()
        if word in SEXES:
            return SEXES[word]
    return ""


def sex_in_words(row: Row) -> str:
    """The same where the item only speaks of one sex («lao động nữ»): for indicators that ask for both."""
    words = set(
        re.findall(r"\w+", re.sub(r"việt nam|miền nam", "", unicodedata.normalize("NFC", row["item"]).casefold()))
    )
    named = words & {*SEXES}
    return sex(row) or (named.pop() if len(named) == 1 else "")


def local_targets(rows: list[Row]) -> str:
    """Levels the commune set itself, with operator (``>= 83``), joined by ``;``. Not those that
    ``project`` worked out of a change: they carry their base year.
    """
    targets = (r for r in rows if r["kind"] == "target" and r["table"] != SCENARIO and not r["base_year"])
    texts = [f"{r['operator']} {r['value']}".strip() for r in targets if r["value"] not in (*STATUSES, "")]
    return "; ".join(dict.fromkeys(texts))


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
        & observations["value"].isin(crosswalk.STATUSES)
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


def broken_on(meta: Mapping[str, Any], indicator: str, first: int, last: int) -> str:
    """The day (ISO) between the ends of two years from which ``indicator`` is another concept (``breaks`` of set.yml):
    no figure is compared across it. Empty where there is none.
    """
    days = (str(e["from"]) for e in meta.get("breaks") or [] if e["indicator"] == indicator)
    return next((day for day in days if f"{first}-12-31" < day <= f"{last}-12-31"), "")


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
