"""What it takes: the smallest number of households, villages, km or million đồng that meets an indicator, this year
and by the next threshold known, and the growth that a level such as income needs each year to stay met.

Exact: the number is the smallest that is enough, and one less is not. Only what ``judge`` concluded by a value is
computed with, and where the number alone says another thing than the verdict, it is not said.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pandas as pd

from ntm_lib.judge import units_needed
from ntm_lib.judge.amounts import AT_LEAST, AT_MOST, CONTINUOUS_UNITS, bound_satisfies, place, satisfies
from ntm_lib.model import COMPARED, CONCLUSIVE, key_of
from ntm_lib.tables import as_table, decimal_text, fraction, records

Cells = Mapping[str, Any]  # a row of a processed table

HUNDREDTH = Fraction(1, 100)
POINTS, STEPS = "điểm phần trăm", "bậc"  # units of the table ``needs`` that no threshold has
_SAME = ("year", "criterion", "indicator", "part", "verdict", "basis", "value", "bound", "operator", "threshold")


@dataclass(frozen=True, slots=True)
class Need:
    """``needed``: level or count that is enough (a word for ratings and statuses); ``missing``: None where it cannot be said."""

    needed: str = ""
    missing: Fraction | None = None
    spare: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A later threshold, ``years`` after the value."""

    years: int
    operator: str
    threshold: Fraction


@dataclass(frozen=True, slots=True)
class Growth:
    """Percent a year that meets every threshold known up to ``year``; what is ``needed`` then, and ``missing`` to it."""

    rate: Fraction
    year: int
    needed: Fraction
    missing: Fraction


def needs(
    indicators: pd.DataFrame,
    thresholds: pd.DataFrame,
    later: pd.DataFrame,
    wholes: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Makes the table ``needs``: what each indicator concluded by a value takes, now and by the next threshold known.

    ``indicators`` and ``thresholds`` are of the year judged, ``later`` the thresholds of later years
    (concatenated). ``wholes``: how many there are of what is counted, by unit (``{"thôn": 12}``),
    for shares of which the source gives no numbers. What is made of its parts is told by them. Of what was not
    concluded only the commune's own target is counted out.
    """
    rules = {key_of(r): r for r in records(thresholds)}
    coming: dict[tuple[str, str], list[Cells]] = {}
    for rule in sorted(records(later), key=lambda r: int(r["year"])):
        if rule["threshold"] and rule["applies"] != "no":
            coming.setdefault(key_of(rule), []).append(rule)
    rows = [row for row in records(indicators) if not rules[key_of(row)]["join"]]
    said = (
        _row(row, rules[key_of(row)], coming.get(key_of(row), []), wholes or {}) for row in rows if is_concluded(row)
    )
    aims = (_aim(row, rules[key_of(row)], wholes or {}) for row in rows if row["verdict"] == "no-data")
    return as_table("needs", [*said, *(aim for aim in aims if aim["local_needed"])])


def is_concluded(judged: Cells) -> bool:
    """Whether a row of ``indicators`` was concluded by a value, measured or planned; a status that is declared, or aimed at,
    takes nothing that could be counted, one declared not to be met takes to be met.
    """
    compared = judged["basis"] in COMPARED and judged["verdict"] in CONCLUSIVE
    return judged["value"] != "" and (compared or judged["verdict"] == "unmet")


def wholes_of(commune: Mapping[str, Any]) -> dict[str, int]:
    """Reads from commune.yml how many there are of what is counted, by unit: its villages, where known."""
    villages = ((commune.get("profile") or {}).get("villages") or {}).get("value")
    return {"thôn": int(villages)} if villages else {}


def first_enough(operator: str, border: Fraction, step: Fraction) -> Fraction | None:
    """The multiple of ``step`` nearest to ``border`` that satisfies it: the smallest for at least, the largest for at most."""
    if operator == ">=":
        return math.ceil(border / step) * step
    if operator == ">":
        return (math.floor(border / step) + 1) * step
    if operator == "<=":
        return math.floor(border / step) * step
    if operator == "<":
        return (math.ceil(border / step) - 1) * step
    return None


def need(judged: Cells, rule: Cells, wholes: Mapping[str, int]) -> Need:
    """What ``judged`` (row of indicators) takes under ``rule`` (row of thresholds, perhaps of a later year)."""
    if rule["kind"] == "status":
        return Need("met", Fraction(0) if judged["verdict"] == "met" else None)
    if rule["kind"] == "rating":
        return _rating(judged, rule)
    border = fraction(rule["threshold"])
    if border is None:
        return Need()
    level, whole, step = _amounts(judged, rule, wholes)
    if whole is not None:
        enough = _enough_of(rule, border, whole, step)
    else:
        enough = first_enough(rule["operator"], border, step)
    if enough is None:
        return Need()
    if not _is_exact(judged):
        met = _bound_is_enough(judged, rule["operator"], border)
        return Need(decimal_text(enough), Fraction(0) if met else None)
    return Need(decimal_text(enough)) if level is None else _gap(level, enough, rule["operator"])


def is_counted(unit: str) -> bool:
    """Whether a unit is counted in whole numbers: households, villages, people; not km, ha or đồng."""
    return unit not in CONTINUOUS_UNITS


def growth_needed(judged: Cells, coming: Iterable[Cells]) -> Growth | None:
    """What a level above zero must grow by in each year to meet the at-least thresholds of the years in ``coming``.

    ``judged`` is a row of indicators, ``coming`` rows of thresholds of later years, oldest first. None for what is
    no level with a value of its own, or has no such threshold.
    """
    value = fraction(judged["value"])
    if value is None or value <= 0 or judged["bound"]:
        return None
    steps = [(int(rule["year"]), step) for rule in coming if (step := _step_to(rule, judged)) is not None]
    if not steps:
        return None
    year, last = steps[-1]
    needed = first_enough(last.operator, last.threshold, HUNDREDTH) or last.threshold
    rate = max(yearly_growth(value, step) for _, step in steps)
    return Growth(rate, year, needed, max(needed - value, Fraction(0)))


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


def _row(judged: Cells, rule: Cells, coming: list[Cells], wholes: Mapping[str, int]) -> dict[str, Any]:
    following = _next(rule, coming)
    this_year = _agreeing(need(judged, rule, wholes), judged["verdict"] == "met")
    then = _sure(need(judged, following, wholes), following) if following else Need()
    level, whole, _ = _amounts(judged, rule, wholes)
    growth = growth_needed(judged, coming)
    return {
        **{c: judged[c] for c in (*_SAME, "local_target", "confidence")},
        "unit": _unit(judged, rule, whole),
        "now": decimal_text(level) if _is_exact(judged) else "",
        "whole": decimal_text(whole),
        "direction": _direction(rule["operator"]),
        "needed": this_year.needed,
        "missing": decimal_text(this_year.missing),
        "spare": decimal_text(this_year.spare),
        "reason": _reason(judged, rule, this_year),
        "next_year": str(following["year"]) if following else "",
        "next_operator": following["operator"] if following else "",
        "next_threshold": following["threshold"] if following else "",
        "next_needed": then.needed,
        "next_missing": decimal_text(then.missing),
        "local_needed": _local(judged["local_target"], whole, rule),
        "growth": decimal_text(growth.rate if growth else None),
        "growth_year": str(growth.year) if growth else "",
        "growth_needed": decimal_text(growth.needed if growth else None),
        "growth_missing": decimal_text(growth.missing if growth else None),
    }


def _aim(judged: Cells, rule: Cells, wholes: Mapping[str, int]) -> dict[str, Any]:
    """The units that the commune's own target means, of a figure of which nothing was concluded."""
    _, whole, _ = _amounts(judged, rule, wholes)
    return {
        **{c: judged[c] for c in ("year", "criterion", "indicator", "part", "verdict", "local_target")},
        "unit": _unit(judged, rule, whole),
        "whole": decimal_text(whole),
        "direction": _direction(judged["local_target"].partition(" ")[0]),
        "local_needed": _local(judged["local_target"], whole, rule),
    }


def _direction(operator: str) -> str:
    return "more" if operator in AT_LEAST else "fewer" if operator in AT_MOST else ""


def _agreeing(found: Need, is_met: bool) -> Need:
    """The need without what its number alone would say against the verdict: several years running, each sex for itself."""
    if found.missing is None or (found.missing == 0) == is_met:
        return found
    return Need(found.needed)


def _sure(found: Need, rule: Cells) -> Need:
    """The need of a later year: this year's number does not prove what several years, or each sex, must show."""
    more = rule["both_sexes"] == "yes" or rule["years_running"] not in ("", "1")
    return replace(found, missing=None, spare=None) if more and found.missing == 0 else found


def _amounts(
    judged: Cells, rule: Cells, wholes: Mapping[str, int]
) -> tuple[Fraction | None, Fraction | None, Fraction]:
    """(level or numerator now, denominator of a share, step in which it can change)."""
    level = fraction(judged["value"])
    if rule["kind"] != "share":
        return level, None, Fraction(1) if rule["kind"] in ("level", "none") else HUNDREDTH
    whole = fraction(judged["denominator"])
    if whole is not None:
        return fraction(judged["numerator"]), whole, Fraction(1) if is_counted(rule["count_unit"]) else HUNDREDTH
    if rule["count_unit"] in wholes:
        return None, Fraction(wholes[rule["count_unit"]]), Fraction(1)
    return level, None, HUNDREDTH


def _enough_of(rule: Cells, border: Fraction, whole: Fraction, step: Fraction) -> Fraction | None:
    """Units out of ``whole``; None where not even all of them (or none) would do."""
    if step == 1 and whole.denominator == 1:
        counted = units_needed(border, rule["operator"], int(whole))
        return None if counted is None else Fraction(counted)
    enough = first_enough(rule["operator"], border * whole / 100, step)
    return enough if enough is not None and 0 <= enough <= whole else None


def _is_exact(judged: Cells) -> bool:
    """Whether the value is a value, not a bound such as ``> 90`` or the lowest of several parts."""
    return judged["bound"] in ("", "=")


def _bound_is_enough(judged: Cells, operator: str, border: Fraction) -> bool:
    value = fraction(judged["value"])
    return (
        judged["bound"] in (*AT_LEAST, *AT_MOST)
        and value is not None
        and bool(bound_satisfies(value, judged["bound"], operator, border))
    )


def _gap(level: Fraction, enough: Fraction, operator: str) -> Need:
    short = enough - level if operator in AT_LEAST else level - enough
    return Need(decimal_text(enough), max(short, Fraction(0)), -short if short <= 0 else None)


def _rating(judged: Cells, rule: Cells) -> Need:
    """Steps on a scale of words."""
    wanted, now = place(rule["threshold"], rule["scale"]), place(judged["value"], rule["scale"])
    if wanted is None or now is None:
        return Need(rule["threshold"])
    return replace(_gap(now, wanted, rule["operator"]), needed=rule["threshold"])


def _next(rule: Cells, coming: list[Cells]) -> Cells | None:
    """The first later threshold that differs; where none does, the next one."""
    other = (r for r in coming if (r["operator"], r["threshold"]) != (rule["operator"], rule["threshold"]))
    return next(other, coming[0] if coming else None)


def _step_to(rule: Cells, judged: Cells) -> Step | None:
    threshold, years = fraction(rule["threshold"]), int(rule["year"]) - int(judged["year"])
    if (
        rule["kind"] != "number"
        or rule["operator"] not in AT_LEAST
        or threshold is None
        or threshold <= 0
        or years <= 0
    ):
        return None
    return Step(years, rule["operator"], threshold)


def _unit(judged: Cells, rule: Cells, whole: Fraction | None) -> str:
    """The unit as data has it, in Vietnamese; ``language.term`` shows it in the language of the run."""
    if rule["kind"] == "share":
        return str(judged["count_unit"] or rule["count_unit"]) if whole is not None else POINTS
    if rule["kind"] == "rating":
        return STEPS
    return "" if rule["kind"] == "status" else str(rule["unit"] or judged["unit"])


def _local(target: str, whole: Fraction | None, rule: Cells) -> str:
    """Units that the commune's own target means: ``> 90`` of 12 villages are 11."""
    operator, _, text = target.partition(" ")
    border = fraction(text)
    if border is None or whole is None or whole.denominator != 1 or not is_counted(rule["count_unit"]):
        return ""
    counted = units_needed(border, operator, int(whole)) if operator in (*AT_LEAST, *AT_MOST) else None
    return "" if counted is None else str(counted)


def _reason(judged: Cells, rule: Cells, found: Need) -> str:
    """Why what is missing cannot be said, as a code of the table ``needs``."""
    if found.missing is not None or rule["kind"] == "status":
        return ""
    if not _is_exact(judged):
        return "upper" if judged["bound"] == "upper" else "bound"
    if not found.needed:
        return "impossible"
    if rule["both_sexes"] == "yes":
        return "sexes"
    return "years-running" if rule["years_running"] not in ("", "1") else "no-numbers"
