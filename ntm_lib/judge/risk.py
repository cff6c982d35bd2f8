"""What is met now and may not be for long: next year's threshold, a thin margin, a plan that may fail.

The words for it are ``wording.outlook``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ntm_lib.judge.amounts import AT_LEAST, GRADUAL, nearness
from ntm_lib.judge.observations import broken_on
from ntm_lib.judge.one_observation import judge_one
from ntm_lib.model import Row, Verdict, sure
from ntm_lib.tables import decimal_text, fraction

REASONS = ("unmet", "next-year", "next-bound", "margin", "next-margin")
Key = tuple[str, str]  # indicator and part


@dataclass(frozen=True)
class Risk:
    """One row of the table ``risks``: the value of ``value_year`` by the threshold of ``year``, and by next year's
    where that is the reason. Amounts are canonical decimals as in ``indicators``.
    """

    year: int
    criterion: str
    indicator: str
    part: str
    reason: str
    value_year: int
    basis: str
    value: str
    unit: str
    numerator: str
    denominator: str
    bound: str
    operator: str
    threshold: str
    margin: str
    margin_count: str
    count_unit: str
    next_operator: str = ""
    next_threshold: str = ""
    next_margin: str = ""
    next_margin_count: str = ""
    next_confidence: str = ""


def at_risk(
    indicators: Iterable[Row], thresholds: Iterable[Row], year: int, meta: Mapping[str, Any] = MappingProxyType({})
) -> list[Row]:
    """Rows of ``risks`` for ``year``, the nearest first. ``indicators`` and ``thresholds`` hold all years known, the
    latter also the next; ``meta`` is set.yml.

    Looked at is the value of the year and, where that is only planned or there is none, the last one measured
    before: a plan may fail, and a year without figures forgets nothing but what was counted by another concept. A share that cannot be better than it is
    (100 % where 100 % or less is asked) is no risk.
    """
    by_year: dict[int, dict[Key, Row]] = {}
    for row in indicators:
        by_year.setdefault(row["year"], {})[row["indicator"], row["part"]] = row
    rules = {(r["year"], r["indicator"], r["part"]): r for r in thresholds}
    found = []
    for key, now in by_year.get(year, {}).items():
        since = [y for y in sorted(by_year) if y < year and not broken_on(meta, key[0], y, year)]
        for row in _looked_at(now, [by_year[y][key] for y in since if key in by_year[y]]):
            found.append(_risk(row, rules.get((year, *key)), rules.get((year + 1, *key)), year))  # noqa: PERF401
    risks = sorted(filter(None, found), key=lambda found: (REASONS.index(found[1].reason), found[0]))
    return [asdict(risk) for _, risk in risks]


def _looked_at(now: Row, before: list[Row]) -> list[Row]:
    measured = [row for row in before if row["basis"] == "measured" and fraction(row["value"]) is not None]
    rows = [now] if now["verdict"] == "met" and now["margin"] else []
    silent = now["verdict"] == "no-data" and not now["value"]
    return rows + (measured[-1:] if now["basis"] in ("planned", "aimed") or silent else [])


def _risk(row: Row, rule: Row | None, following: Row | None, year: int) -> tuple[Fraction, Risk] | None:
    """The risk and how near it is (1: at the edge of what is called thin)."""
    if rule is None or rule["applies"] == "no" or row["bound"] == "upper":
        return None
    now = by_rule(row, rule)
    if now.margin is None:
        return None
    if now.verdict == "unmet":
        return _nearness(now, rule), _made(row, rule, "unmet", now, None, None, year)
    then = by_rule(row, following) if following is not None and following["applies"] != "no" else None
    if then is not None and following is not None and then.verdict == "unmet":
        return _nearness(then, following), _made(row, rule, "next-year", now, following, then, year)
    if then is not None and then.reason == "bound":
        return Fraction(0), _made(row, rule, "next-bound", now, following, then, year)
    if rule["kind"] not in GRADUAL or _cannot_be_better(now, rule):
        return None
    if (near := _nearness(now, rule)) <= 1:
        return near, _made(row, rule, "margin", now, None, None, year)
    if (
        then is not None
        and following is not None
        and then.margin is not None
        and (near := _nearness(then, following)) <= 1
    ):
        return near, _made(row, rule, "next-margin", now, following, then, year)
    return None


def by_rule(row: Row, rule: Row) -> Verdict:
    """The value of a row of ``indicators`` judged by another rule. Only the value of that year is known
    here, so what must hold several years running is judged by this one.
    """
    observed = {
        "observation": row["observation"],
        "table": "plan" if row["basis"] == "planned" else "results",
        "kind": "target" if row["basis"] == "planned" else "measured",
        "operator": row["bound"] if row["bound"] != "upper" else "",
        "text": "",
        **{c: row[c] for c in ("value", "unit", "numerator", "denominator", "year")},
    }
    return judge_one(observed, rule, [])[0]


def _nearness(verdict: Verdict, rule: Row) -> Fraction:
    return nearness(sure(verdict.margin), sure(fraction(rule["threshold"])), rule["unit"])


def _cannot_be_better(verdict: Verdict, rule: Row) -> bool:
    return rule["kind"] == "share" and verdict.amount == (100 if rule["operator"] in AT_LEAST else 0)


def _made(
    row: Row, rule: Row, reason: str, now: Verdict, following: Row | None, then: Verdict | None, year: int
) -> Risk:
    own = {
        c: row[c]
        for c in (
            "criterion",
            "indicator",
            "part",
            "basis",
            "value",
            "unit",
            "numerator",
            "denominator",
            "bound",
            "count_unit",
        )
    }
    return Risk(
        **own, year=year, reason=reason, value_year=row["year"], operator=rule["operator"], threshold=rule["threshold"],
        margin=decimal_text(now.margin), margin_count=decimal_text(now.margin_count),
        next_operator=following["operator"] if following else "", next_threshold=following["threshold"] if following else "",
        next_confidence=following["confidence"] if following else "",
        next_margin=decimal_text(then.margin) if then else "", next_margin_count=decimal_text(then.margin_count) if then else "",
    )  # fmt: skip
