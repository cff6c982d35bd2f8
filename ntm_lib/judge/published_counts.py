"""How many criteria a commune is said to have met: ``9/19``, ``14 tiêu chí``, ``còn 05 tiêu chí chưa đạt``.

A published count is a fact like any other. It counts only under the rule set it was made by.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ntm_lib.judge.amounts import unit_key
from ntm_lib.judge.verdict import CONCLUSIVE
from ntm_lib.tables import fraction, natural_key

COUNTED = ("measured", "declared", "other")
_UNMET = re.compile(r"\b(?:chưa|không)\s+(?:đạt|hoàn thành)\b", re.IGNORECASE)
_LEFT = re.compile(r"^\s*còn\b", re.IGNORECASE)
_CRITERIA = unit_key("tiêu chí")


@dataclass(frozen=True)
class Count:
    """One published count of criteria met. ``met`` and ``total`` (None: not said) are numbers of criteria;
    ``rule_set`` is the set it was made by, empty where the source does not say; ``own``: it is the set judged by.
    """

    observation: str
    year: int
    met: int
    total: int | None
    rule_set: str
    own: bool

    @property
    def unmet(self) -> int | None:
        return None if self.total is None else self.total - self.met


def published_counts(rows: Iterable[dict], rule_set: str, total: int) -> list[Count]:
    """Counts among observations (as entered, in the numbers of no set), oldest first.

    ``total``: number of criteria of ``rule_set``, for a count of that set that does not print it.
    «còn 8 tiêu chí» says what is left to do only where the item or the text says that they are not met.
    """
    found = [count for row in rows if (count := _count(row, rule_set, total)) is not None]
    return sorted(found, key=lambda c: (c.year, natural_key(c.observation)))


def agreed(counts: Iterable[Count], year: int) -> Count | None:
    """The count of ``year`` under the set judged by; None where there is none or where sources differ."""
    own = [c for c in counts if c.own and c.year == year]
    return own[0] if own and len({(c.met, c.total) for c in own}) == 1 else None


def _count(row: dict, rule_set: str, total: int) -> Count | None:
    if row["criterion"] != "all" or row["indicator"] or row["village"] or row["kind"] not in COUNTED or row["operator"]:
        return None
    numerator, denominator = fraction(row["numerator"]), fraction(row["denominator"])
    if (
        row["value"] in CONCLUSIVE
        or (denominator is None and unit_key(row["unit"]) != _CRITERIA)
        or "chỉ tiêu" in row["unit"]
    ):
        return None
    number = numerator if numerator is not None else fraction(row["value"])
    own = row["rule_set"] == rule_set
    whole = denominator if denominator is not None else total if own else None
    if number is None or number.denominator != 1 or (whole is not None and not 0 <= number <= whole):
        return None
    if _UNMET.search(f"{row['item']} {row['text']}"):
        if whole is None:
            return None
        number = whole - number
    elif row["kind"] == "other" or (_LEFT.search(row["text"]) and not row["item"]):
        return None
    return Count(
        row["observation"], row["year"], int(number), None if whole is None else int(whole), row["rule_set"], own
    )
