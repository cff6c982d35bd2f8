"""What is concluded of a commune beyond its verdicts: the tables ``counts``, ``summary``, ``conditions`` and ``risks``.

Written by the second notebook; every page reads them and concludes nothing.
"""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from ntm_lib.dictionary import TABLES
from ntm_lib.judge.criteria import CommuneVerdict, Count, agreed, commune_verdict, published_counts
from ntm_lib.judge.history import History
from ntm_lib.judge.recognition import (
    LEVELS,
    Withdrawal,
    held,
    level_of,
    recognition,
    resting_on,
    stated_facts,
    withdrawal,
)
from ntm_lib.judge.risk import at_risk
from ntm_lib.model import Row
from ntm_lib.tables import as_table, records

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
) -> dict[str, pd.DataFrame]:
    """Tables by name, over all years judged. ``observations`` as entered; ``meta`` is set.yml; ``owed``: what the works
    say of debt at the end of a year (``planning.works.debt_facts``); ``known``: table ``recognitions``.
    """
    entered = records(observations)
    criteria = {int(y): of_year for y, of_year in history.criteria.groupby("year")}
    counts = published_counts(entered, rule_set, len(meta["criteria"]))
    indicators = records(history.indicators)
    thresholds = records(history.thresholds)
    summary, conditions, risks = [], [], []
    decided = records(known)
    for y, found in criteria.items():
        facts = _facts([r for r in entered if r["year"] == y], owed(y)) | _prerequisites(meta, decided, y)
        judged = recognition(found, meta, facts, strict)
        conditions += [_condition(y, c._asdict()) for c in judged]
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
        "unmet_in_all": str(lost.now.count),
    }


def _lost(criteria: pd.DataFrame, meta: Row, published: Count | None) -> Withdrawal:
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
        "withdrawal": (lost.now.hit or "none") if concerned else "",
        "until_withdrawal": str(lost.now.nearest) if concerned else "",
    }


def _prerequisites(meta: Row, decided: list[Row], year: int) -> Facts:
    entries = [e for e in meta.get("recognition") or [] if "requires" in e]
    return {e["id"]: fact for e in entries if (fact := resting_on(e, decided, year))}


def _condition(year: int, condition: Row) -> Row:
    return {
        "year": year,
        "condition": condition["id"],
        **{c: condition[c] for c in TABLES["conditions"][1] if c in condition},
    }


def _facts(rows: Iterable[Row], owed: Facts) -> Facts:
    """What the raw data say of satisfaction, debt and security: rows of results with that word as criterion, and the works' debt.

    A debt of the works that the results deny is neither there nor not: the sources contradict each other.
    """
    told = stated_facts(row for row in rows if row["table"] == "results" and row["criterion"] in CONDITIONS)
    if told.keys() & owed.keys() and (told["no-debt"]["value"] in ("0", "met")) != (owed["no-debt"]["value"] == "0"):
        return told | {"no-debt": {"value": "", "reason": "conflict"}}
    return owed | told
