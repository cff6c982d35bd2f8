"""Criteria out of their indicators, of what the commune declares and of the counts that are published (``9/19``,
``14 tiêu chí``, ``còn 05 tiêu chí chưa đạt``); the commune out of its criteria.

A declaration or a count counts only under the rule set it was made by.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ntm_lib import tables
from ntm_lib.judge.amounts import unit_key
from ntm_lib.judge.observations import JUDGED_TABLES
from ntm_lib.model import COMPARED, CONCLUSIVE, Row, strongest, weakest
from ntm_lib.tables import fraction, natural_key, records

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


def published_counts(rows: Iterable[Row], rule_set: str, total: int) -> list[Count]:
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


def _count(row: Row, rule_set: str, total: int) -> Count | None:
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


class Declaration(NamedTuple):
    """What the commune says of one criterion: met, unmet, or empty where it says nothing or both."""

    status: str = ""
    rule_set: str = ""
    observations: tuple[str, ...] = ()
    basis: str = "declared"  # aimed: a plan means to keep it, nobody says that it is so


class CommuneVerdict(NamedTuple):
    """The commune's verdict, and how much of it rests on what.

    ``measured``, ``declared``, ``planned``, ``aimed``: criteria met, by basis. ``unmet`` … ``contradicted``: criteria.
    The last three count indicators: those that apply, those judged by a value, and those judged by a
    value against a threshold that nobody has compared with the published text.
    """

    verdict: str
    basis: str
    total: int
    measured: int
    declared: int
    planned: int
    aimed: int
    unmet: int
    no_data: int
    not_applicable: int
    contradicted: int
    indicators: int
    with_value: int
    unverified: int

    @property
    def met(self) -> int:
        """Criteria met, on whatever basis."""
        return self.measured + self.declared + self.planned + self.aimed


def criteria_rows(
    indicators: list[Row], declaring: list[Row], year: int, rule_set: str = "", criteria: Iterable[str] = ()
) -> list[Row]:
    """Rows of the table ``criteria`` of ``year``, out of rows of that year's ``indicators`` and of ``declaring`` (``declaring_rows``).

    Unmet when any indicator is; met when each applicable one is; else as the commune declares; else
    no-data. ``rule_set`` is the set judged by: a declaration under another set is shown, with its
    set, but decides nothing, and a value that differs does not contradict it. ``criteria`` names those of the set, so that
    one of which no indicator is known has its row too.
    """
    by_criterion: dict[str, list[Row]] = {c: [] for c in criteria}
    parts: dict[str, list[Row]] = {}
    for row in indicators:
        found = by_criterion.setdefault(row["criterion"], [])
        (parts.setdefault(row["indicator"], []) if row["part"] else found).append(row)
    # An indicator of which the source does not say the criterion may belong to any of them.
    complete = not by_criterion.pop("", [])
    declared = declarations(declaring, year, sorted(by_criterion, key=tables.natural_key), rule_set)
    return [_criterion(year, c, found, parts, declared[c], rule_set, complete) for c, found in by_criterion.items()]


def _criterion(
    year: int,
    criterion: str,
    found: list[Row],
    parts: dict[str, list[Row]],
    declared: Declaration,
    rule_set: str,
    complete: bool,
) -> Row:
    applicable = [r for r in found if r["verdict"] != "not-applicable"]
    unmet = [r for r in applicable if r["verdict"] == "unmet"]
    same_set = not rule_set or declared.rule_set in ("", rule_set)
    verdict, basis = _verdict(found, unmet, declared if same_set else Declaration(), complete)
    against = (declared.status == "met" and unmet) or (declared.status == "unmet" and verdict == "met")
    return {
        "year": year,
        "criterion": criterion,
        "verdict": verdict,
        "basis": basis,
        "declared": declared.status,
        "declared_rule_set": declared.rule_set,
        "contradicted": "yes" if against and same_set else "",
        "indicators": str(len(applicable)),
        "with_value": str(sum(_by_value(r) for r in applicable)),
        "unmet": str(len(unmet)),
        "no_data": str(sum(r["verdict"] == "no-data" for r in applicable)),
        "unverified": str(sum(_by_value(r) and _unverified([r, *parts.get(r["indicator"], [])]) for r in applicable)),
        "observation": ";".join(declared.observations),
    }


def _verdict(found: list[Row], unmet: list[Row], declared: Declaration, complete: bool) -> tuple[str, str]:
    if unmet:
        return "unmet", strongest(r["basis"] for r in unmet)
    applicable = [r for r in found if r["verdict"] != "not-applicable"]
    if found and complete and all(r["verdict"] == "met" for r in applicable):
        return ("met", weakest(r["basis"] for r in applicable)) if applicable else ("not-applicable", "")
    return (declared.status, declared.basis) if declared.status else ("no-data", "")


def _by_value(row: Row) -> bool:
    """Whether a value was compared."""
    return row["verdict"] in CONCLUSIVE and row["basis"] in COMPARED and row["value"] not in CONCLUSIVE


def _unverified(rows: list[Row]) -> bool:
    return any(_by_value(r) and r["confidence"] == "unverified" for r in rows)


def declaring_rows(rows: list[Row]) -> list[Row]:
    """Rows that speak of whole criteria, of whatever year."""
    return [r for r in rows if r["table"] in JUDGED_TABLES and not r["indicator"] and not r["village"]]


def declarations(declaring: list[Row], year: int, criteria: list[str], rule_set: str = "") -> dict[str, Declaration]:
    """What the commune declares of each of ``criteria``: results of the year, or, where there are none
    at all, the aim of its plan. "19/19 tiêu chí" declares each of nineteen; "11/19" none by name, but with
    exactly eight named unmet it declares the other eleven.
    """
    rows = [r for r in declaring if r["year"] == year and _is_declaration(r, criteria, rule_set)]
    results = [r for r in rows if r["kind"] in ("measured", "declared")]
    chosen = results or [r for r in rows if r["kind"] == "target"]
    chosen.sort(key=lambda r: tables.natural_key(r["observation"]))
    found = {c: _declared([r for r in chosen if r["criterion"] in (c, "all")], rule_set) for c in criteria}
    count = agreed(published_counts(declaring, rule_set, len(criteria)), year)
    return found if count is None else found | _the_others(found, count)


def _is_declaration(row: Row, criteria: list[str], rule_set: str) -> bool:
    if row["criterion"] != "all":
        return row["criterion"] in criteria and row["value"] in CONCLUSIVE
    # What is said of the whole commune is said of a set: which one must stand there. A plan has no such column.
    named = not rule_set or row["rule_set"] == rule_set or row["kind"] == "target"
    return named and (row["value"] in CONCLUSIVE or _is_full_count(row, len(criteria)))


def _is_full_count(row: Row, total: int) -> bool:
    """Whether a row says that all criteria of the set are met: 19/19, or "19 tiêu chí" of nineteen."""
    numerator, denominator = fraction(row["numerator"]), fraction(row["denominator"])
    if numerator is not None and denominator is not None:
        return numerator == denominator == total
    return unit_key(row["unit"]) == unit_key("tiêu chí") and fraction(row["value"]) == total


def _the_others(found: dict[str, Declaration], count: Count) -> dict[str, Declaration]:
    """Criteria that are not named, declared by the count where the named ones are all the unmet, or all the met."""
    if count.total != len(found):
        return {}
    for named, number, others in (("unmet", count.unmet, "met"), ("met", count.met, "unmet")):
        if number == sum(d.status == named for d in found.values()) and 0 < number < count.total:
            silent = (c for c, d in found.items() if not d.observations)
            return {c: Declaration(others, count.rule_set, (count.observation,)) for c in silent}
    return {}


def _declared(rows: list[Row], rule_set: str) -> Declaration:
    """Rows that agree; where one says met and another unmet nothing is declared, but both are named. What is
    said under another set is told only where nothing is said under this one.
    """
    rows = [r for r in rows if r["rule_set"] in ("", rule_set)] or rows
    statuses = {r["value"] if r["value"] in CONCLUSIVE else "met" for r in rows}
    sets = dict.fromkeys(r["rule_set"] for r in rows)
    return Declaration(
        status=statuses.pop() if len(statuses) == 1 else "",
        rule_set=next(iter(sets)) if len(sets) == 1 else ";".join(s for s in sets if s),
        observations=tuple(r["observation"] for r in rows),
        basis="aimed" if any(r["kind"] == "target" for r in rows) else "declared",
    )


def commune_verdict(criteria: pd.DataFrame) -> CommuneVerdict:
    """The whole commune from the table ``criteria`` of one year. Criteria that do not apply do not count
    against it; ``basis`` is the weakest on which any met criterion rests.
    """
    rows = records(criteria)
    met = [r["basis"] for r in rows if r["verdict"] == "met"]
    count = {verdict: sum(r["verdict"] == verdict for r in rows) for verdict in tables.VERDICTS}
    if count["unmet"]:
        verdict, basis = "unmet", strongest(r["basis"] for r in rows if r["verdict"] == "unmet")
    elif met and not count["no-data"]:
        verdict, basis = "met", weakest(met)
    else:
        verdict, basis = "no-data", ""
    return CommuneVerdict(
        verdict=verdict,
        basis=basis,
        total=len(rows),
        measured=met.count("measured"),
        declared=met.count("declared"),
        planned=met.count("planned"),
        aimed=met.count("aimed"),
        unmet=count["unmet"],
        no_data=count["no-data"],
        not_applicable=count["not-applicable"],
        contradicted=sum(r["contradicted"] == "yes" for r in rows),
        indicators=sum(int(r["indicators"]) for r in rows),
        with_value=sum(int(r["with_value"]) for r in rows),
        unverified=sum(int(r["unverified"]) for r in rows),
    )
