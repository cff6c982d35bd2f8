"""From one observation to an exact amount in the unit of the threshold, or the reason why not; and exact comparison.

Amounts are ``Fraction``; a share is in percent (``Fraction(100 * 1276, 1413)``), so that no rounding ever stands between
a result and its verdict. Units were converted when the data was cleaned; what still differs here cannot be compared,
and is said so, never guessed.
"""

import math
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction

from ntm_lib.model import Note, Observation, Row, note
from ntm_lib.tables import EXACT, decimal_text

AT_LEAST = (">=", ">")
AT_MOST = ("<=", "<")

# Things that are measured, not counted: their missing part is a decimal, never "11 of 12 km".
CONTINUOUS_UNITS = frozenset(
    {"km", "m", "m2", "m²", "m3", "m³", "ha", "tấn", "kg", "lít", "đồng", "triệu đồng", "tỷ đồng"}
)

# Kinds of which a margin is a matter of degree. Level, rating and count of none stand at their threshold or do not.
GRADUAL = ("share", "number", "growth")
# A margin at or under these is called thin: points of a share or growth, million đồng, else percent of the threshold.
NEAR_POINTS, NEAR_MILLION, NEAR_PERCENT = Fraction(3), Fraction(3), Fraction(5)

MIRRORED = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "=": "="}


def satisfies(amount: Fraction, operator: str, threshold: Fraction) -> bool:
    """Whether ``amount operator threshold`` holds. Raises ValueError for an operator that is none."""
    if operator == ">=":
        return amount >= threshold
    if operator == ">":
        return amount > threshold
    if operator == "<=":
        return amount <= threshold
    if operator == "<":
        return amount < threshold
    if operator == "=":
        return amount == threshold
    raise ValueError(f"not an operator: {operator!r}")


def bound_satisfies(amount: Fraction, bound: str, operator: str, threshold: Fraction) -> bool | None:
    """Verdict where the source states only ``x bound amount`` (``>90%``): True or False where every
    such x has it, None where the bound does not decide. An empty bound is an exact amount.
    """
    if bound in ("", "="):
        return satisfies(amount, operator, threshold)
    if bound in AT_MOST:
        return bound_satisfies(-amount, MIRRORED[bound], MIRRORED[operator], -threshold)
    if operator == "=":
        return None if satisfies(threshold, bound, amount) else False
    # The x run from the amount upwards without end: the verdict is the same for all of them when it
    # is the same at both ends, because it can change only once on the way.
    far = operator in AT_LEAST
    if bound == ">=":
        near = satisfies(amount, operator, threshold)
    else:
        near = amount >= threshold if far else amount < threshold
    return far if near == far else None


def distance(amount: Fraction, operator: str, threshold: Fraction) -> Fraction:
    """Signed distance to the threshold in its own unit; positive is the good side."""
    if operator in AT_LEAST:
        return amount - threshold
    if operator in AT_MOST:
        return threshold - amount
    return -abs(amount - threshold)


def nearness(margin: Fraction, threshold: Fraction, unit: str) -> Fraction:
    """How near a margin is to its threshold: 0 on it, 1 at the edge of what is called thin; ``unit`` is the threshold's."""
    if is_percent(unit) or not threshold:
        return abs(margin) / NEAR_POINTS
    return abs(margin) / NEAR_MILLION if unit.startswith("triệu đồng") else 100 * abs(margin / threshold) / NEAR_PERCENT


def units_needed(threshold: Fraction | int | str, operator: str, denominator: int) -> int | None:
    """Whole units (households, villages) out of ``denominator`` at which a share of ``threshold`` percent holds.

    The smallest number for ``>=`` and ``>`` (more than 90 % of 12 villages: 11), the largest that
    is still allowed for ``<=`` and ``<`` (at most 13 % of 1413 households: 183). None where no
    number from 0 to ``denominator`` will do. Integer arithmetic on the exact threshold.
    """
    if denominator <= 0:
        return None
    border = Fraction(threshold) * denominator / 100
    if operator == ">=":
        needed = max(math.ceil(border), 0)
    elif operator == ">":
        needed = max(math.floor(border) + 1, 0)
    elif operator == "<=":
        needed = min(math.floor(border), denominator)
    elif operator == "<":
        needed = min(math.ceil(border) - 1, denominator)
    else:
        raise ValueError(f"not an operator of a share: {operator!r}")
    return needed if 0 <= needed <= denominator else None


def count_margin(
    numerator: Fraction, denominator: Fraction, operator: str, threshold: Fraction, count_unit: str
) -> Fraction | None:
    """Units that may still be lost (positive) or that are missing (negative); None where it cannot be said.

    Whole units for things that are counted, a decimal for things that are measured (km, ha).
    """
    if operator not in (*AT_LEAST, *AT_MOST):
        return None
    if count_unit in CONTINUOUS_UNITS:
        return distance(numerator, operator, threshold * denominator / 100)
    if numerator.denominator != 1 or denominator.denominator != 1:
        return None
    needed = units_needed(threshold, operator, int(denominator))
    if needed is None:
        return None
    return numerator - needed if operator in AT_LEAST else needed - numerator


@dataclass(frozen=True)
class Reading:
    """``amount`` in the unit of the threshold (share: percent; rating: place on the scale), or None with
    the ``problem``: a code of ``indicators.reason``. ``shown`` is the text for ``indicators.value``.
    """

    amount: Fraction | None
    shown: str
    unit: str
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    problem: str = ""
    note: Note | None = None


def read(row: Observation, rule: Row) -> Reading:
    """The amount that ``row`` gives for ``rule``, a row of the table ``thresholds``."""
    kind = rule["kind"]
    if kind == "share":
        return _share(row)
    if kind == "rating":
        return _rating(row, rule)
    if kind == "none":
        return _count(row)
    if kind == "status":
        return _unusable(row, "unit")
    return _number(row, rule)


def is_percent(unit: str) -> bool:
    return unit_key(unit).split("/")[0] == "%"


def unit_key(unit: str) -> str:
    """Spelling-free form of a unit: ``Triệu đồng / người`` and ``triệu đồng/người`` are one."""
    return "".join(unicodedata.normalize("NFKC", unit).casefold().split())


def place(word: str, scale: str) -> Fraction | None:
    """Place of a word on a scale written from lowest to highest, ``yếu|trung bình|khá|tốt``."""
    words = [unit_key(w) for w in scale.split("|")]
    key = unit_key(word)
    return Fraction(words.index(key)) if key and key in words else None


def _share(row: Observation) -> Reading:
    if row.numerator is None or row.denominator is None:
        if row.amount is None or not is_percent(row.unit):
            return _unusable(row, "unit")
        return _in_range(Reading(row.amount, row.value, "%"))
    if row.denominator <= 0:
        return _unusable(row, "out-of-range")
    amount = 100 * row.numerator / row.denominator
    return _in_range(Reading(amount, decimal_text(amount), "%", row.numerator, row.denominator))


def _in_range(reading: Reading) -> Reading:
    if reading.amount is not None and 0 <= reading.amount <= 100:
        return reading
    return replace(reading, amount=None, problem="out-of-range")


def _count(row: Observation) -> Reading:
    """Of things that must not be there at all: none is none in any unit, and so is one too many."""
    amount, counts = row.counted, row.numerator is not None
    if amount is None:
        return _unusable(row, "unit")
    if amount < 0:
        return _unusable(row, "out-of-range")
    if amount and ((counts and amount == row.denominator) or (is_percent(row.unit) and row.amount == 100)):
        return _unusable(row, "unit")  # «100 %»: all have none of it, or all have it
    return Reading(amount, decimal_text(amount, EXACT) if counts else row.value, "" if counts else row.unit)


def _rating(row: Observation, rule: Row) -> Reading:
    amount = place(row.value, rule["scale"])
    return _unusable(row, "unit") if amount is None else Reading(amount, row.value, row.unit)


def _number(row: Observation, rule: Row) -> Reading:
    if row.amount is None:
        return _unusable(row, "unit")
    observed, wanted = unit_key(row.unit), unit_key(rule["unit"])
    if observed == wanted or not wanted:
        return Reading(row.amount, row.value, row.unit)
    if not observed:
        return Reading(row.amount, row.value, rule["unit"], note=note("unit-not-written", unit=rule["unit"]))
    if _shortened(observed, wanted):
        told = note("unit-shortened", written=row.unit, unit=rule["unit"])
        return Reading(row.amount, row.value, rule["unit"], note=told)
    return _unusable(row, "unit")


def _shortened(observed: str, wanted: str) -> bool:
    """Whether ``observed`` leaves out only what ``wanted`` is reckoned by: triệu đồng, triệu đồng/năm for triệu đồng/người/năm.

    Not a head of an area or of things: 20.000 m² of a commune are no m² a head.
    """
    (thing, *by), (asked, *all_by) = observed.split("/"), wanted.split("/")
    a_head = asked.endswith("đồng") or "người" in by or "người" not in all_by
    return thing == asked and a_head and by == [part for part in all_by if part in by]


def _unusable(row: Observation, problem: str) -> Reading:
    return Reading(None, row.value, row.unit, row.numerator, row.denominator, problem=problem)
