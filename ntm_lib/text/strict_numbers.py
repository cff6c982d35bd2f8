"""Figures in the files that planners write by hand: scenarios and monthly progress.

Stricter than the reading of source documents: what can be read in two ways is refused, because
the author is there to write it again.
"""

import re
from fractions import Fraction

_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")  # 8.321,7
_DECIMAL = re.compile(r"-?[0-9]+([.,][0-9]+)?")  # 47  10,5  10.5
_DOUBTFUL = re.compile(
    r"-?[1-9][0-9]{0,2}\.[0-9]{3}"
)  # 1.413: one thousand four hundred and thirteen, or one and a bit?


def read_figure(text: str) -> Fraction | None:
    """``47``, ``10,5``, ``10.5``, ``8.321,7``, ``-30`` → exact value; None where it is no number or a doubtful one."""
    text = text.strip().replace("−", "-")
    if _DOUBTFUL.fullmatch(text):
        return None
    if _GROUPED.fullmatch(text):
        return Fraction(text.replace(".", "").replace(",", "."))
    if _DECIMAL.fullmatch(text):
        return Fraction(text.replace(",", "."))
    return None
