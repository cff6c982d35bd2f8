"""What it takes: the smallest number of households, villages, km or million đồng that meets an indicator.

This year and under the next threshold known. Exact: the number is the smallest that is enough, and
one less is not. Verdicts come from ``judge``; nothing is judged anew here.
"""

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from ntm_lib.judge import units_needed
from ntm_lib.judge.amounts import place
from ntm_lib.judge.comparing import AT_LEAST, AT_MOST, CONTINUOUS_UNITS, bound_satisfies
from ntm_lib.language import translator
from ntm_lib.plan.frames import frame, records
from ntm_lib.tables import decimal_text, fraction

HUNDREDTH = Fraction(1, 100)
POINTS, STEPS = "điểm phần trăm", "bậc"

NEEDS = {
    "criterion": "criterion",
    "indicator": "indicator",
    "part": "part",
    "verdict": "verdict of the year judged",
    "basis": "measured, declared, planned, aimed",
    "value": "value compared, as in indicators",
    "unit": "unit of needed and missing, as data has it: hộ, thôn, km, triệu đồng/người/năm, điểm phần trăm, bậc …",
    "now": "numerator or level now; empty: not known",
    "whole": "denominator; empty: not a share, or not known",
    "direction": "more: at least so many are needed; fewer: at most so many are allowed; empty: a status",
    "threshold": "operator and threshold of the year judged; empty: not known",
    "needed": "numerator or level at which it is met; met for a status",
    "missing": "units missing; 0: met",
    "spare": "units that may still be lost; empty: it is not met",
    "next_year": "first later year with another threshold, else the next with a known one; empty: none known",
    "next_threshold": "its operator and threshold",
    "next_needed": "as needed, for that year",
    "next_missing": "as missing, for that year",
    "local_target": "the commune's own target, with operator",
    "local_needed": "units that this target means, where the whole is known",
    "confidence": "confidence of the threshold of the year judged",
    "remark": "why a number cannot be said, in the language of the run",
}


class Need(NamedTuple):
    """``needed``: level or count that is enough (a text for words); ``missing``: None where it cannot be said."""

    needed: str = ""
    missing: Fraction | None = None
    spare: Fraction | None = None


def needs(
    indicators: pd.DataFrame,
    thresholds: pd.DataFrame,
    later: pd.DataFrame,
    wholes: Mapping[str, int] | None = None,
    language: str = "vi",
) -> pd.DataFrame:
    """What each indicator with a figure takes, now and by the next threshold known.

    ``indicators`` and ``thresholds`` are of the year judged, ``later`` the thresholds of later years
    (concatenated). ``wholes``: how many there are of what is counted, by unit (``{"thôn": 12}``),
    for shares of which the source gives no numbers. Columns ``NEEDS``, in the order of ``thresholds``.
    """
    rules = {_key(r): r for r in records(thresholds)}
    coming: dict[tuple[str, str], list[dict]] = {}
    for rule in sorted(records(later), key=lambda r: r["year"]):
        coming.setdefault(_key(rule), []).append(rule)
    rows = (_row(r, rules[_key(r)], coming.get(_key(r), []), wholes or {}, language) for r in records(indicators))
    return frame(NEEDS, (row for row in rows if _is_wanted(row)))


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


def need(judged: dict, rule: dict, wholes: Mapping[str, int]) -> Need:
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


def _row(judged: dict, rule: dict, coming: list[dict], wholes: Mapping[str, int], language: str) -> dict:
    this_year = need(judged, rule, wholes)
    following = _next(rule, coming)
    then = need(judged, following, wholes) if following else Need()
    level, whole, _ = _amounts(judged, rule, wholes)
    return {
        **{
            c: judged[c]
            for c in ("criterion", "indicator", "part", "verdict", "basis", "value", "local_target", "confidence")
        },
        "unit": _unit(judged, rule, whole),
        "now": level if _is_exact(judged) else None,
        "whole": whole,
        "direction": "more" if rule["operator"] in AT_LEAST else "fewer" if rule["operator"] in AT_MOST else "",
        "threshold": _shown(rule),
        "needed": this_year.needed,
        "missing": this_year.missing,
        "spare": this_year.spare,
        "next_year": str(following["year"]) if following else "",
        "next_threshold": _shown(following) if following else "",
        "next_needed": then.needed,
        "next_missing": then.missing,
        "local_needed": _local(judged["local_target"], whole, rule),
        "remark": _remark(judged, rule, this_year, language),
    }


def _is_wanted(row: dict) -> bool:
    """Every row with a figure or a planned status; a status that is only declared takes nothing that could be counted."""
    if row["verdict"] == "not-applicable" or row["value"] == "":
        return False
    return row["basis"] != "declared" or row["verdict"] != "met" or bool(row["next_missing"])


def _key(row: dict) -> tuple[str, str]:
    return row["indicator"], row["part"]


def _amounts(judged: dict, rule: dict, wholes: Mapping[str, int]) -> tuple[Fraction | None, Fraction | None, Fraction]:
    """(level or numerator now, denominator of a share, step in which it can change)."""
    if rule["kind"] == "share":
        whole = fraction(judged["denominator"])
        if whole is None and rule["count_unit"] in wholes:
            return None, Fraction(wholes[rule["count_unit"]]), Fraction(1)
        step = Fraction(1) if whole is not None and is_counted(rule["count_unit"]) else HUNDREDTH
        return (
            (fraction(judged["numerator"]), whole, step)
            if whole is not None
            else (fraction(judged["value"]), None, HUNDREDTH)
        )
    step = Fraction(1) if rule["kind"] in ("level", "none") else HUNDREDTH
    return fraction(judged["value"]), None, step


def _enough_of(rule: dict, border: Fraction, whole: Fraction, step: Fraction) -> Fraction | None:
    """Units out of ``whole``; None where not even all of them (or none) would do."""
    if step == 1 and whole.denominator == 1:
        counted = units_needed(border, rule["operator"], int(whole))
        return None if counted is None else Fraction(counted)
    enough = first_enough(rule["operator"], border * whole / 100, step)
    return enough if enough is not None and 0 <= enough <= whole else None


def _is_exact(judged: dict) -> bool:
    """Whether the value is a value, not a bound such as ``> 90`` or the lowest of several parts."""
    return judged["bound"] in ("", "=")


def _bound_is_enough(judged: dict, operator: str, border: Fraction) -> bool:
    value = fraction(judged["value"])
    return (
        judged["bound"] in (*AT_LEAST, *AT_MOST)
        and value is not None
        and bool(bound_satisfies(value, judged["bound"], operator, border))
    )


def _gap(level: Fraction, enough: Fraction, operator: str) -> Need:
    short = enough - level if operator in AT_LEAST else level - enough
    return Need(decimal_text(enough), max(short, Fraction(0)), -short if short <= 0 else None)


def _rating(judged: dict, rule: dict) -> Need:
    """Steps on a scale of words."""
    wanted, now = place(rule["threshold"], rule["scale"]), place(judged["value"], rule["scale"])
    if wanted is None or now is None:
        return Need(rule["threshold"])
    return _gap(now, wanted, rule["operator"])._replace(needed=rule["threshold"])


def _next(rule: dict, coming: Iterable[dict]) -> dict | None:
    """The first later threshold that differs; where none does, the next one that is known."""
    known = [r for r in coming if r["threshold"] and r["applies"] != "no"]
    other = (r for r in known if (r["operator"], r["threshold"]) != (rule["operator"], rule["threshold"]))
    return next(other, known[0] if known else None)


def _shown(rule: dict) -> str:
    return f"{rule['operator']} {rule['threshold']}".strip() if rule["threshold"] else ""


def _unit(judged: dict, rule: dict, whole: Fraction | None) -> str:
    """The unit as data has it, in Vietnamese; ``language.term`` shows it in the language of the run."""
    if rule["kind"] == "share":
        return (judged["count_unit"] or rule["count_unit"]) if whole is not None else POINTS
    if rule["kind"] == "rating":
        return STEPS
    return rule["unit"] or judged["unit"] if rule["kind"] != "status" else ""


def _local(target: str, whole: Fraction | None, rule: dict) -> str:
    """Units that the commune's own target means: ``> 90`` of 12 villages are 11."""
    operator, _, text = target.partition(" ")
    border = fraction(text)
    if border is None or whole is None or whole.denominator != 1 or not is_counted(rule["count_unit"]):
        return ""
    counted = units_needed(border, operator, int(whole)) if operator in (*AT_LEAST, *AT_MOST) else None
    return "" if counted is None else str(counted)


def _remark(judged: dict, rule: dict, found: Need, language: str) -> str:
    t = translator(language)
    if not rule["threshold"]:
        return t("chưa biết ngưỡng")
    if found.missing is not None or rule["kind"] == "status":
        return ""
    if judged["bound"] == "upper":
        return t("chỉ biết mức cao nhất có thể có; xem từng nội dung")
    if not _is_exact(judged):
        return t("nguồn chỉ ghi mức trên hoặc dưới, không có số cụ thể")
    if not found.needed:
        return t("không số nào đạt được ngưỡng này")
    return t("không có tử số và mẫu số")
