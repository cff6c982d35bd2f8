"""Observations as plain records, found by year, indicator and part. Judges nothing.

Plain dictionaries, because one commune has a few hundred rows and is judged thousands of times:
a loop over them costs a fraction of what the same steps cost in pandas.
"""

import re
import unicodedata
from collections import defaultdict

import pandas as pd

from ntm_lib.tables import natural_key, records

SCENARIO = "scenario"
JUDGED_TABLES = frozenset({"results", "plan", SCENARIO})
STATUSES = ("met", "unmet", "not-applicable")
SEXES = {"nam": "nam", "nữ": "nữ"}

# Ranks: what is known of a year outweighs what was planned for it, a value outweighs a bare status.
SET, MEASURED, DECLARED, TARGET, AIM = range(5)

Index = dict[tuple[int, str, str], list[dict]]


def by_indicator(observations: pd.DataFrame) -> Index:
    """Rows that speak of the whole commune and of one indicator, by (year, indicator, part).

    Rows of one village, of works, money or other tables, and parts of another row (``split``) are
    left out: they are no result of the commune. A part named ``nam`` or ``nữ`` is a sex, not a part.
    """
    return index_rows(records(observations))


def index_rows(rows: list[dict]) -> Index:
    """The same on plain records."""
    found: Index = defaultdict(list)
    for row in rows:
        if row["table"] in JUDGED_TABLES and row["indicator"] and not row["village"]:
            part = "" if row["part"] in SEXES else row["part"]
            found[row["year"], row["indicator"], part].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: natural_key(row["observation"]))
    return found


def rank(row: dict) -> int | None:
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


def sex(row: dict) -> str:
    """``nam``, ``nữ`` or, for both together, the empty string."""
    for text in (row["part"], row["item"]):
        word = unicodedata.normalize("NFC", text).strip().casefold()
        if word in SEXES:
            return SEXES[word]
    return ""


def sex_in_words(row: dict) -> str:
    """The same where the item only speaks of one sex («lao động nữ»): for indicators that ask for both."""
    words = set(
        re.findall(r"\w+", re.sub(r"việt nam|miền nam", "", unicodedata.normalize("NFC", row["item"]).casefold()))
    )
    named = words & {*SEXES}
    return sex(row) or (named.pop() if len(named) == 1 else "")


def local_targets(rows: list[dict]) -> str:
    """Levels the commune set itself, with operator (``>= 83``), joined by ``;``. Not those that
    ``project`` worked out of a change: they carry their base year.
    """
    targets = (r for r in rows if r["kind"] == "target" and r["table"] != SCENARIO and not r["base_year"])
    texts = [f"{r['operator']} {r['value']}".strip() for r in targets if r["value"] not in (*STATUSES, "")]
    return "; ".join(dict.fromkeys(texts))
