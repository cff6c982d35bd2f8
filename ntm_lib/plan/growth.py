"""The growth that a level such as income needs each year to stay met as its threshold rises."""

from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from ntm_lib.judge.comparing import AT_LEAST, satisfies
from ntm_lib.plan.frames import frame, records
from ntm_lib.plan.needs import HUNDREDTH, first_enough
from ntm_lib.tables import fraction

LEVELS = ("number",)

GROWTH = {
    "indicator": "indicator",
    "part": "part",
    "from_year": "year of the value",
    "value": "value of that year",
    "unit": "unit",
    "year": "later year",
    "threshold": "operator and threshold of that year",
    "needed": "smallest level, to the hundredth, that meets it",
    "missing": "what the value lacks to it; 0: enough as it is",
    "yearly": "percent that the value must grow by in each year to reach it; negative: it may fall",
    "steady": "percent a year that meets every threshold up to and including this year",
    "confidence": "confidence of the threshold",
}


class Step(NamedTuple):
    """A later threshold, ``years`` after the value."""

    years: int
    operator: str
    threshold: Fraction


def growth_needed(indicators: pd.DataFrame, later: pd.DataFrame, until: int) -> pd.DataFrame:
    """For each level judged by an at-least threshold, the growth it needs in every later year up to ``until``.

    ``indicators`` is the table of one year, ``later`` the thresholds of later years. Columns ``GROWTH``.
    """
    rows, later_rules = [], records(later)
    for judged in records(indicators):
        value = fraction(judged["value"])
        rules = [
            r
            for r in later_rules
            if _same(r, judged) and judged["year"] < r["year"] <= until and fraction(r["threshold"]) is not None
        ]
        if value is None or value <= 0 or judged["bound"] or not rules:
            continue
        rows += _path(judged, value, sorted(rules, key=lambda r: r["year"]))
    return frame(GROWTH, rows)


def yearly_growth(value: Fraction, step: Step) -> Fraction:
    """Smallest percent a year, to the hundredth, at which ``value`` satisfies ``step``; exact.

    ``value`` and the threshold are above zero.
    """
    ratio = float(step.threshold / value) ** (1 / step.years)
    rate = round(Fraction((ratio - 1) * 100), 2)
    while not satisfies(value * (1 + rate / 100) ** step.years, step.operator, step.threshold):
        rate += HUNDREDTH
    while satisfies(value * (1 + (rate - HUNDREDTH) / 100) ** step.years, step.operator, step.threshold):
        rate -= HUNDREDTH
    return rate


def _same(rule: dict, judged: dict) -> bool:
    return (
        (rule["indicator"], rule["part"]) == (judged["indicator"], judged["part"])
        and rule["kind"] in LEVELS
        and rule["operator"] in AT_LEAST
    )


def _path(judged: dict, value: Fraction, rules: list[dict]) -> list[dict]:
    rows, steady = [], None
    for rule in rules:
        step = Step(rule["year"] - judged["year"], rule["operator"], fraction(rule["threshold"]))
        needed = first_enough(step.operator, step.threshold, HUNDREDTH)
        yearly = yearly_growth(value, step)
        steady = yearly if steady is None else max(steady, yearly)
        rows.append(
            {
                **{c: judged[c] for c in ("indicator", "part", "value", "unit")},
                "from_year": str(judged["year"]),
                "year": str(rule["year"]),
                "threshold": f"{rule['operator']} {rule['threshold']}",
                "needed": needed,
                "missing": max(needed - value, Fraction(0)),
                "yearly": yearly,
                "steady": steady,
                "confidence": rule["confidence"],
            }
        )
    return rows
