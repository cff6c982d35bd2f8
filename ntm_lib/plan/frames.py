"""Frames of the package ``plan``: all cells text, as in ``ntm_lib.tables``; a missing value is empty."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from ntm_lib.tables import decimal_text, fraction, records

__all__ = ["amount", "frame", "records", "total"]

Columns = Mapping[str, str]  # name → meaning


def frame(columns: Columns, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a text frame with exactly these columns, in the order of the rows.

    Fractions become canonical decimals, None and absent cells the empty string. Raises ValueError
    for a column that is not declared.
    """
    rows = [dict(row) for row in rows]
    unknown = sorted({name for row in rows for name in row} - set(columns))
    if unknown:
        raise ValueError(f"columns not declared: {unknown}")
    data = {name: [_text(row.get(name)) for row in rows] for name in columns}
    return pd.DataFrame(data, columns=list(columns), dtype="str")


def amount(text: str) -> Fraction:
    """Exact value of a canonical decimal; a missing one counts as nothing."""
    return fraction(text) or Fraction(0)


def total(texts: Iterable[str]) -> Fraction:
    """Sum of the values that are known."""
    return sum((amount(text) for text in texts), Fraction(0))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return value if isinstance(value, str) else decimal_text(Fraction(value))
