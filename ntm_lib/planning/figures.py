"""Figures in the files that planners write by hand: scenarios and monthly progress.

Stricter than the reading of source documents: what can be read in two ways is refused, because
the author is there to write it again.
"""

import re
from fractions import Fraction
from typing import NamedTuple

_GROUPED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")  # 8.321,7
_DECIMAL = re.compile(r"-?[0-9]+([.,][0-9]+)?")  # 47  10,5  10.5
_DOUBTFUL = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")  # 1.413: one thousand four hundred and thirteen, or one and a bit?


class Share(NamedTuple):
    """A count out of a count."""

    numerator: Fraction
    denominator: Fraction


def read_figure(text: str) -> Fraction | None:
    """``47``, ``10,5``, ``10.5``, ``8.321,7``, ``-30`` → exact value; None where it is no number or a doubtful one."""
    text = text.strip().replace("−", "-")
    if _DOUBTFUL.fullmatch(text):
        return None
    return _read(text)


def is_doubtful(text: str) -> bool:
    """Whether the text is a number that can be read with a thousands dot or with a decimal point."""
    return _DOUBTFUL.fullmatch(text.strip().replace("−", "-")) is not None


def read_count(text: str) -> Fraction | None:
    """As ``read_figure``, for what is counted: a dot before three digits is a thousands dot."""
    text = text.strip().replace("−", "-")
    return _read(text)


def read_share(text: str) -> Share | None:
    """``150/1413`` or ``150/1.413`` → its two counts; None where it is none, or the whole is not above zero."""
    parts = text.split("/")
    if len(parts) != 2:
        return None
    numerator, denominator = map(read_count, parts)
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return Share(numerator, denominator)


def _read(text: str) -> Fraction | None:
    if _GROUPED.fullmatch(text):
        return Fraction(text.replace(".", "").replace(",", "."))
    if _DECIMAL.fullmatch(text):
        return Fraction(text.replace(",", "."))
    return None
