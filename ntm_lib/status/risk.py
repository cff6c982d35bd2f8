"""What is met now and may not be for long: next year's threshold, or a margin too thin.

The words for it are ``report.sentences``.
"""

from dataclasses import asdict, dataclass
from fractions import Fraction

import pandas as pd

from ntm_lib.status.read import is_percent
from ntm_lib.status.single import judge_one
from ntm_lib.status.verdict import Verdict
from ntm_lib.tables import decimal_text, fraction, records

# Kinds of which a margin is a matter of degree. Level, rating and count of none stand at their threshold or do not.
_GRADUAL = ("share", "number", "growth")


@dataclass(frozen=True)
class Risk:
    """One row of ``at_risk``. ``reason``: next-year (not enough for next year's threshold) or margin;
    ``margin`` and ``margin_count`` as in ``indicators``; ``next_…``: by next year's rule, empty where the
    reason is margin.
    """

    criterion: str
    indicator: str
    part: str
    reason: str
    basis: str
    value: str
    unit: str
    numerator: str
    denominator: str
    operator: str
    threshold: str
    margin: str
    margin_count: str
    count_unit: str
    next_year: int
    next_operator: str
    next_threshold: str
    next_margin: str
    next_margin_count: str
    next_confidence: str


COLUMNS = list(Risk.__dataclass_fields__)


def at_risk(indicators: pd.DataFrame, next_thresholds: pd.DataFrame, margin_points: Fraction | int | str) -> pd.DataFrame:
    """Frame of ``Risk`` rows: indicators and parts of ``indicators`` (one year) that are met by a value, but
    not by the known rule of the next year, or by no more than ``margin_points``.

    Points for shares and growth; for other amounts percent of the threshold. Statuses, levels and
    ratings have no margin to lose. Rows in the order of ``indicators``, next year's first.
    """
    rules = {(r["indicator"], r["part"]): r for r in records(next_thresholds)}
    limit = Fraction(margin_points)
    found = [_risk(row, rules.get((row["indicator"], row["part"])), limit) for row in records(indicators)]
    risks = sorted((r for r in found if r is not None), key=lambda r: r.reason != "next-year")
    return pd.DataFrame([asdict(r) for r in risks], columns=COLUMNS)


def _risk(row: dict, rule: dict | None, limit: Fraction) -> Risk | None:
    margin = fraction(row["margin"])
    if row["verdict"] != "met" or margin is None or rule is None or rule["applies"] == "no":
        return None
    again = by_rule(row, rule)
    if again.verdict == "unmet":
        return _made(row, rule, "next-year", again)
    return _made(row, rule, "margin", None) if rule["kind"] in _GRADUAL and _share_of(margin, row) <= limit else None


def by_rule(row: dict, rule: dict) -> Verdict:
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
    return judge_one(observed, rule, [], "vi")[0]


def _share_of(margin: Fraction, row: dict) -> Fraction:
    """The margin in points, or in percent of the threshold for what is not a share."""
    threshold = fraction(row["threshold"])
    return margin if is_percent(row["unit"]) or not threshold else 100 * margin / abs(threshold)


def _made(row: dict, rule: dict, reason: str, again: Verdict | None) -> Risk:
    same = ("criterion", "indicator", "part", "basis", "value", "unit", "numerator", "denominator", "operator", "threshold",
            "margin", "margin_count", "count_unit")
    return Risk(
        reason=reason,
        next_year=row["year"] + 1,
        next_operator=rule["operator"] if again else "",
        next_threshold=rule["threshold"] if again else "",
        next_margin=decimal_text(again.margin) if again else "",
        next_margin_count=decimal_text(again.margin_count) if again else "",
        next_confidence=rule["confidence"] if again else "",
        **{c: row[c] for c in same},
    )
