"""Recognition and its withdrawal (Decision 18/2022/QĐ-TTg), as the rule set's ``set.yml`` gives them.

Shares are compared as exact fractions; the decision's own rounding was not seen in any source.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from ntm_lib import tables
from ntm_lib.judge.criteria import commune_verdict
from ntm_lib.judge.one_observation import basis_of, judge_one
from ntm_lib.model import CONCLUSIVE, Row
from ntm_lib.rules import valid_entries
from ntm_lib.tables import fraction, records

LEVELS = ("ntm", "nang-cao", "kieu-mau")  # of recognition, the lowest first: each rests on the one before
_FACT = ("value", "unit", "numerator", "denominator", "operator")


class Condition(NamedTuple):
    """One condition of recognition. ``reason`` is a code where there is no verdict: no-value, no-threshold,
    or as in ``indicators.reason``; ``basis`` as in the tables.
    """

    id: str
    name: dict[str, str]
    verdict: str
    basis: str
    reason: str
    value: str
    operator: str
    threshold: str
    unit: str
    document: str
    article: str
    confidence: str


@dataclass(frozen=True)
class Exposure:
    """How near the withdrawal a commune is. ``unmet``, ``key_unmet``: the criteria that are named; ``count``: how
    many are unmet in all, which a published count may say of criteria that nobody names; ``hit``: the rule
    that holds, or empty; ``until``: rule → how many more criteria must fall before it holds.
    """

    unmet: tuple[str, ...]
    count: int
    key_unmet: tuple[str, ...]
    hit: str
    until: Mapping[str, int]

    @property
    def nearest(self) -> int:
        """How many more criteria must fall before any rule holds; 0 where one does."""
        return 0 if self.hit else min(self.until.values(), default=0)


@dataclass(frozen=True)
class Withdrawal:
    """``known`` is False where the set gives no rule for the year: then nothing is said.

    ``ranges``: rule → smallest and largest number of unmet criteria, and whether a key one must be
    among them (for 19 criteria: 6 to 9 with a key one; 10 to 19). ``worst`` counts as unmet also what
    rests on a declaration alone and what is not known.
    """

    known: bool
    total: int
    key: tuple[str, ...]
    ranges: Mapping[str, tuple[int, int, bool]]
    now: Exposure
    worst: Exposure
    document: str
    article: str
    confidence: str


def level_of(rule_set: str) -> str:
    """The level of recognition that a rule set gives, known to us or not: ``nang-cao`` of ntm-nang-cao-2016-2020; ``ntm`` where none is named."""
    return next((level for level in LEVELS[1:] if rule_set.startswith(f"ntm-{level}")), LEVELS[0])


def recognitions(observations: pd.DataFrame, decisions: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Table ``recognitions``: decisions of recognition.csv, and the rows of results that say the commune is recognised."""
    stated = [
        {"observation": r["observation"], "level": level_of(r["rule_set"]), "rule_set": r["rule_set"], "date": str(r["year"])}
        for r in records(observations)
        if (r["table"], r["criterion"], r["kind"], r["value"]) == ("results", "all", "declared", "met") and not r["village"]
    ]  # fmt: skip
    return tables.as_table("recognitions", [*decisions, *stated])


def held(known: Iterable[Mapping[str, str]], year: int) -> dict[str, Mapping[str, str]]:
    """Level → the last row of ``recognitions`` (``known``) that holds at the end of ``year``.

    What was said before a decision was withdrawn ends with it, and so does every level above the withdrawn one.
    """
    day, rows = f"{year}-12-31", list(known)
    ended = [(LEVELS.index(r["level"]), r["withdrawn_on"]) for r in rows if r["withdrawn_on"]]

    def holds(row: Mapping[str, str]) -> bool:
        level = LEVELS.index(row["level"])
        return row["date"] <= day and not any(of <= level and row["date"] <= end <= day for of, end in ended)

    return {r["level"]: r for r in sorted(filter(holds, rows), key=lambda r: r["date"])}


def resting_on(entry: Mapping[str, str], known: Iterable[Mapping[str, str]], year: int) -> dict[str, str]:
    """What ``facts`` say of a condition that asks for a lower level (``requires``): met by it or any above, unmet once withdrawn."""
    above = LEVELS[LEVELS.index(entry["requires"]) :]
    rows = [r for r in known if r["level"] in above and r["date"] <= f"{year}-12-31"]
    now = [r for level, r in held(known, year).items() if level in above]
    if not rows:
        return {}
    return {
        "value": "met" if now else "unmet",
        "basis": "measured" if any(r["number"] for r in now or rows) else "declared",
    }


def recognition(
    criteria: pd.DataFrame,
    meta: Row,
    facts: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    strict: bool = False,
) -> list[Condition]:
    """The conditions in force at the end of the year of ``criteria`` (the table of one year), each judged.

    ``meta`` is the rule set's set.yml; ``facts`` gives, by id of the condition (``satisfaction``,
    ``no-debt``, ``security``), a ``value`` (a canonical decimal, or met, unmet), its ``basis`` and, as in the
    table ``observations``, ``unit``, ``numerator``, ``denominator``, ``operator`` (see ``stated_facts``). Debt is
    in million đồng. ``strict``: no verdict by a level that is unverified. Empty where the set gives no conditions.
    """
    day = f"{int(criteria['year'].iloc[0])}-12-31"
    entries = valid_entries(meta.get("recognition") or [], day)
    return [_condition(entry, criteria, facts.get(entry["id"], {}), strict) for entry in entries]


def stated_facts(rows: Iterable[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """``facts`` for ``recognition`` out of observations of one year, by their criterion. Sources that differ state nothing."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        fact = {c: row[c] for c in _FACT} | {"basis": basis_of(dict(row))}
        same = found.setdefault(row["criterion"], fact) == fact
        found[row["criterion"]] = fact if same else {"value": "", "reason": "conflict"}
    return found


def _condition(entry: Row, criteria: pd.DataFrame, fact: Mapping[str, str], strict: bool) -> Condition:
    if entry["id"] == "criteria":
        commune = commune_verdict(criteria)
        verdict, basis, value = commune.verdict, commune.basis, f"{commune.met}/{commune.total}"
        reason = "no-value" if verdict == "no-data" else ""
    else:
        value = fact.get("value", "")
        verdict, reason = _judged(entry, fact, strict)
        basis = (
            fact.get("basis", "measured" if fraction(value) is not None else "declared")
            if verdict in CONCLUSIVE
            else ""
        )
    return Condition(
        id=entry["id"],
        name=entry["name"],
        verdict=verdict,
        basis=basis,
        reason=reason,
        value=value,
        **{c: entry.get(c) or "" for c in ("operator", "threshold", "unit", "document", "article", "confidence")},
    )


def _judged(entry: Row, fact: Mapping[str, str], strict: bool) -> tuple[str, str]:
    """Verdict and, where there is none, the reason.

    Without an operator an amount must be 0: no debt. An entry without unit either, such as the standard of
    security, is met or unmet as declared: «không» beside it could mean both.
    """
    value = fact.get("value", "")
    if value in CONCLUSIVE or not value:
        return (value, "") if value else ("no-data", fact.get("reason", "no-value"))
    unit, operator = entry.get("unit") or "", entry.get("operator") or ""
    if fraction(value) is None or not unit:
        return "no-data", "unit"
    held_back = strict and entry.get("confidence") == "unverified"
    rule = {
        "kind": "share" if unit == "%" else "number", "unit": unit, "count_unit": "", "scale": "", "operator": operator or "=",
        "threshold": "" if held_back else str(entry.get("threshold") or ("" if operator else "0")), "confidence": "unverified" if held_back else "",
    }  # fmt: skip
    row = (
        dict.fromkeys((*_FACT, "observation", "text", "note"), "")
        | {"table": "results", "kind": "measured", "unit": unit}
        | dict(fact)
    )
    verdict = judge_one(row, rule, [])[0]
    return verdict.verdict, verdict.reason


def withdrawal(criteria: pd.DataFrame, meta: Row, unmet_in_all: int = 0) -> Withdrawal:
    """How far the commune is from losing its recognition, from the table ``criteria`` of one year. ``unmet_in_all``:
    criteria unmet by a published count, where that is more than those named.
    """
    rows = records(criteria)
    rule = meta.get("withdrawal") or {}
    year = rows[0]["year"]
    known = bool(rule.get("rules")) and bool(valid_entries([rule], f"{year}-12-31"))
    entries = rule["rules"] if known else []
    total = len(rows)
    ranges = {r["id"]: _range(r, total) for r in entries}
    key = tuple(c["id"] for c in meta["criteria"] if c["key"])
    unmet = [r["criterion"] for r in rows if r["verdict"] == "unmet"]
    doubtful = [
        r["criterion"]
        for r in rows
        if r["verdict"] == "no-data" or (r["verdict"] == "met" and r["basis"] in ("declared", "aimed"))
    ]
    return Withdrawal(
        known=known,
        total=total,
        key=key,
        ranges=ranges,
        now=_exposure(unmet, key, ranges, max(len(unmet), unmet_in_all)),
        worst=_exposure(unmet + doubtful, key, ranges, len(unmet + doubtful)),
        **{c: rule.get(c) or "" for c in ("document", "article", "confidence")},
    )


def _range(rule: Row, total: int) -> tuple[int, int, bool]:
    """Numbers of unmet criteria from ``from_share`` to under ``below_share`` percent of ``total``."""
    first = math.ceil(Fraction(str(rule["from_share"])) * total / 100)
    below = rule.get("below_share")
    last = total if below is None else math.ceil(Fraction(str(below)) * total / 100) - 1
    return first, last, bool(rule["needs_key"])


def _exposure(
    unmet: list[str], key: tuple[str, ...], ranges: Mapping[str, tuple[int, int, bool]], count: int
) -> Exposure:
    key_unmet = tuple(c for c in unmet if c in key)
    until, hit = {}, ""
    for name, (first, last, needs_key) in ranges.items():
        missing = max(first - count, 0)
        if needs_key and not key_unmet:
            missing = max(missing, 1)  # the one that falls is a key one
        if count + missing <= last:
            until[name] = missing
        if first <= count <= last and (key_unmet or not needs_key):
            hit = name
    return Exposure(tuple(unmet), count, key_unmet, hit, until)
