"""Exact comparison of an amount with a threshold. Knows nothing of tables, years or languages.

Amounts are ``Fraction``; a share is in percent (``Fraction(100 * 1276, 1413)``), so that no
rounding ever stands between a result and its verdict.
"""

import math
from fractions import Fraction

AT_LEAST = (">=", ">")
AT_MOST = ("<=", "<")

# Things that are measured, not counted: their missing part is a decimal, never "11 of 12 km".
CONTINUOUS_UNITS = frozenset(
    {"km", "m", "m2", "m²", "m3", "m³", "ha", "tấn", "kg", "lít", "đồng", "triệu đồng", "tỷ đồng"}
)

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
