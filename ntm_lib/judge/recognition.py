"""Recognition and its withdrawal (Decision 18/2022/QĐ-TTg), as the rule set's ``set.yml`` gives them; and all else that is
concluded of a commune beyond its verdicts.

Shares are compared as exact fractions; the decision's own rounding was not seen in any source.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from ntm_lib import tables
from ntm_lib.dictionary import TABLES
from ntm_lib.judge.criteria import CommuneVerdict, Count, agreed, commune_verdict, published_counts
from ntm_lib.judge.history import History
from ntm_lib.judge.one_rule import basis_of, judge_one
from ntm_lib.judge.risk import at_risk
from ntm_lib.model import CONCLUSIVE, MEANT, Observation, Row
from ntm_lib.rules import valid_entries
from ntm_lib.tables import as_table, fraction, records

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
    that holds, or empty; ``until``: rule → how many more criteria must fall before it holds. ``known`` is False where the
    set gives no rule for the year: then only ``count`` says something.
    """

    known: bool
    unmet: tuple[str, ...]
    count: int
    key_unmet: tuple[str, ...]
    hit: str
    until: Mapping[str, int]

    @property
    def nearest(self) -> int:
        """How many more criteria must fall before any rule holds; 0 where one does."""
        return 0 if self.hit else min(self.until.values(), default=0)


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
    province: str = "",
    each: Iterable[Row] = (),
) -> list[Condition]:
    """The conditions in force at the end of the year of ``criteria`` (the table of one year), each judged.

    ``meta`` is the rule set's set.yml; ``facts`` gives, by id of the condition (``satisfaction``,
    ``no-debt``, ``security``), a ``value`` (a canonical decimal, or met, unmet), its ``basis`` and, as in the
    table ``observations``, ``unit``, ``numerator``, ``denominator``, ``operator`` (see ``stated_facts``). Debt is
    in million đồng. ``strict``: no verdict by a level that is unverified. Empty where the set gives no conditions.
    An entry with ``province`` (slug) is of that province alone, where it stands for the nation's entry of the same id. One
    with ``each`` (satisfaction) is a floor: every content and village of which ``each``, observations of the year, has a
    figure of that condition must reach it; the lowest is judged.
    """
    day = f"{int(criteria['year'].iloc[0])}-12-31"
    entries = [e for e in valid_entries(meta.get("recognition") or [], day) if e.get("province", province) == province]
    own = {entry["id"] for entry in entries if entry.get("province")}
    floors = {e["id"]: _lowest(e, each, strict) for e in entries if e.get("each")}
    facts = {**facts, **floors}
    return [
        _condition(entry, criteria, facts.get(entry["id"], {}), strict)
        for entry in entries
        if entry.get("province") or entry["id"] not in own
    ]


def _lowest(entry: Row, rows: Iterable[Row], strict: bool) -> Mapping[str, str]:
    """What the content or village states that decides a floor: one below it, else one that cannot be judged, else the lowest."""
    told = [
        stated_facts([r | {"village": "", "part": ""}])[r["criterion"]] for r in rows if _is_inside(r, entry["each"])
    ]
    order = {"unmet": 0, "no-data": 1, "met": 2}
    return min(told, key=lambda f: (order[_judged(entry, f, strict)[0]], fraction(f["value"]) or 0), default={})


def _is_inside(row: Row, condition: str) -> bool:
    """Whether a row speaks of one content or village of a condition, so not of the commune."""
    return row["criterion"] == condition and bool(row["village"] or row["part"])


def stated_facts(rows: Iterable[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """``facts`` for ``recognition`` out of observations of one year, by their criterion: what they say of the commune as a
    whole, not of one village or content. Sources that differ state nothing.
    """
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.get("village") or row.get("part"):
            continue
        fact = {c: row[c] for c in _FACT} | {"basis": basis_of(Observation.of(row))}
        same = found.setdefault(row["criterion"], fact) == fact
        found[row["criterion"]] = fact if same else {"value": "", "reason": "conflict"}
    return found


def _condition(entry: Row, criteria: pd.DataFrame, fact: Mapping[str, str], strict: bool) -> Condition:
    if entry["id"] == "criteria":
        verdict, basis, value = _all_criteria(criteria)
        reason = "no-value" if verdict == "no-data" else ""
    else:
        value = fact.get("value", "")
        verdict, reason = _judged(entry, fact, strict)
        told = fact.get("basis", "measured" if fraction(value) is not None else "declared")
        basis = told if verdict in CONCLUSIVE else ""
    return Condition(
        id=entry["id"],
        name=entry["name"],
        verdict=verdict,
        basis=basis,
        reason=reason,
        value=value,
        **{c: entry.get(c) or "" for c in ("operator", "threshold", "unit", "document", "article", "confidence")},
    )


def _all_criteria(criteria: pd.DataFrame) -> tuple[str, str, str]:
    """Verdict, basis and count of the condition that all criteria are met. Where there are results, what a plan only means
    to reach is not one of them; a year of plans alone is judged by the plan.
    """
    commune, bases = commune_verdict(criteria), [r["basis"] for r in records(criteria) if r["basis"]]
    if all(basis in MEANT for basis in bases):
        return commune.verdict, commune.basis, f"{commune.met}/{commune.total}"
    value = f"{commune.measured + commune.declared}/{commune.total}"
    if commune.verdict == "met" and commune.planned + commune.aimed:
        return "no-data", "", value
    return commune.verdict, commune.basis, value


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
    told = Observation.of({"table": "results", "kind": "measured", "unit": unit, **fact})
    verdict = judge_one(told, rule, [])[0]
    return verdict.verdict, verdict.reason


def withdrawal(criteria: pd.DataFrame, meta: Row, unmet_in_all: int = 0) -> Exposure:
    """How far the commune is from losing its recognition, from the table ``criteria`` of one year. ``unmet_in_all``:
    criteria unmet by a published count, where that is more than those named.
    """
    rows, rule = records(criteria), meta.get("withdrawal") or {}
    known = bool(rule.get("rules")) and bool(valid_entries([rule], f"{rows[0]['year']}-12-31"))
    unmet = tuple(r["criterion"] for r in rows if r["verdict"] == "unmet")
    key_unmet = tuple(c["id"] for c in meta["criteria"] if c["key"] and c["id"] in unmet)
    count, until, hit = max(len(unmet), unmet_in_all), {}, ""
    for entry in rule["rules"] if known else []:
        first, last, needs_key = _range(entry, len(rows))
        missing = max(first - count, 0)
        if needs_key and not key_unmet:
            missing = max(missing, 1)  # the one that falls is a key one
        if count + missing <= last:
            until[entry["id"]] = missing
        if first <= count <= last and (key_unmet or not needs_key):
            hit = entry["id"]
    return Exposure(known, unmet, count, key_unmet, hit, until)


def _range(rule: Row, total: int) -> tuple[int, int, bool]:
    """Numbers of unmet criteria from ``from_share`` to under ``below_share`` percent of ``total``."""
    first = math.ceil(Fraction(str(rule["from_share"])) * total / 100)
    below = rule.get("below_share")
    last = total if below is None else math.ceil(Fraction(str(below)) * total / 100) - 1
    return first, last, bool(rule["needs_key"])


# ---------------------------------------------------------------- What is concluded of a commune beyond its verdicts: the tables ``counts``, ``summary``, ``conditions`` and ``risks``

CONDITIONS = ("satisfaction", "no-debt", "security")  # ids in the rule set's ``recognition``, criteria in results.csv
Facts = dict[str, dict[str, str]]


def conclude(
    history: History,
    observations: pd.DataFrame,
    meta: Row,
    rule_set: str,
    owed: Callable[[int], Facts],
    known: pd.DataFrame,
    strict: bool = False,
    province: str = "",
) -> dict[str, pd.DataFrame]:
    """Tables by name, over all years judged. ``observations`` as entered; ``meta`` is set.yml; ``owed``: what the works
    say of debt at the end of a year (``plan.works.debt_facts``); ``known``: table ``recognitions``; ``province``: slug.
    """
    entered = records(observations)
    criteria = {int(y): of_year for y, of_year in history.criteria.groupby("year")}
    counts = published_counts(entered, rule_set, len(meta["criteria"]))
    indicators = records(history.indicators)
    thresholds = records(history.thresholds)
    summary, conditions, risks = [], [], []
    decided = records(known)
    for y, found in criteria.items():
        told = [r for r in entered if r["year"] == y and r["table"] == "results" and r["criterion"] in CONDITIONS]
        judged = recognition(
            found, meta, _facts(told, owed(y)) | _prerequisites(meta, decided, y), strict, province, told
        )
        conditions += [_condition_row(y, c._asdict()) for c in judged]
        summary.append(
            _summary(y, found, meta, agreed(counts, y), [r for r in indicators if r["year"] == y])
            | _recognised(held(decided, y), rule_set, found, meta, agreed(counts, y))
            | {"failed": ";".join(c.id for c in judged if c.verdict == "unmet" and c.id != "criteria")}
        )
        risks += at_risk(indicators, thresholds, y, meta)
    rows = {"counts": map(_count, counts), "summary": summary, "conditions": conditions, "risks": risks}
    return {name: as_table(name, found) for name, found in rows.items()}


def _count(count: Count) -> Row:
    return {
        "observation": count.observation, "year": count.year, "met": str(count.met), "rule_set": count.rule_set,
        "total": "" if count.total is None else str(count.total), "own": "yes" if count.own else "",
    }  # fmt: skip


def _summary(year: int, criteria: pd.DataFrame, meta: Row, published: Count | None, indicators: Iterable[Row]) -> Row:
    verdict, lost = commune_verdict(criteria), _lost(criteria, meta, published)
    return {
        "year": year,
        **{field: str(getattr(verdict, field)) for field in CommuneVerdict._fields},
        "in_doubt": str(sum(bool(row["doubt"]) and not row["part"] for row in indicators)),
        "published": published.observation if published else "",
        "published_met": str(published.met) if published else "",
        "unmet_in_all": str(lost.count),
    }


def _lost(criteria: pd.DataFrame, meta: Row, published: Count | None) -> Exposure:
    return withdrawal(criteria, meta, (published and published.unmet) or 0)


def _recognised(
    now: Mapping[str, Mapping[str, str]], rule_set: str, criteria: pd.DataFrame, meta: Row, published: Count | None
) -> Row:
    """What is recognised at the end of the year (``now``: level → row); only that can be withdrawn."""
    highest = max(now, key=LEVELS.index, default="")
    lost = _lost(criteria, meta, published)
    concerned = lost.known and any(LEVELS.index(level) >= LEVELS.index(level_of(rule_set)) for level in now)
    return {
        "recognised": highest,
        "recognition": now[highest]["observation"] if highest else "",
        "withdrawal": (lost.hit or "none") if concerned else "",
        "until_withdrawal": str(lost.nearest) if concerned else "",
    }


def _prerequisites(meta: Row, decided: list[Row], year: int) -> Facts:
    entries = [e for e in meta.get("recognition") or [] if "requires" in e]
    return {e["id"]: fact for e in entries if (fact := resting_on(e, decided, year))}


def _condition_row(year: int, condition: Row) -> Row:
    return {
        "year": year,
        "condition": condition["id"],
        **{c: condition[c] for c in TABLES["conditions"][1] if c in condition},
    }


def _facts(rows: Iterable[Row], owed: Facts) -> Facts:
    """What the raw data say of satisfaction, debt and security: rows of results with that word as criterion, and the works' debt.

    A debt of the works that the results deny is neither there nor not: the sources contradict each other.
    """
    told = stated_facts(rows)
    if told.keys() & owed.keys() and (told["no-debt"]["value"] in ("0", "met")) != (owed["no-debt"]["value"] == "0"):
        return told | {"no-debt": {"value": "", "reason": "conflict"}}
    return owed | told
