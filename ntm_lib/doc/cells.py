"""Typed cells of a table: exact numbers, formulas with their values, and the two ways to be empty."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Literal

Form = Literal["count", "quantity", "money", "share", "change"]

_REFERENCE = re.compile(r"\{(\w+)(?:@([\w-]+))?\}")


class Empty(Enum):
    """Two cells without content: the table needs it and the data lack it (marked), or whoever checks it writes it (not marked)."""

    MISSING = "missing"
    TO_FILL = "to fill"


MISSING, TO_FILL = Empty.MISSING, Empty.TO_FILL


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number; a share is given as such (``Fraction(9, 10)``), not in percent."""

    value: Fraction
    form: Form = "count"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value it comes to (None: nothing yet, an empty cell).

    ``text`` names cells by column and row: ``{met}/{total}`` in its own row, ``SUM({cost@first}:{cost@last})``
    in rows by their name; ``first`` and ``last`` are the first and last row that is no total.
    """

    text: str
    value: Fraction | None
    form: Form = "count"

    def references(self) -> list[tuple[str, str]]:
        """Columns and row names (empty: its own row) that the formula speaks of."""
        return [(found[1], found[2] or "") for found in _REFERENCE.finditer(self.text)]

    def placed(self, cell_of: Callable[[str, str], str]) -> str:
        """The formula with ``cell_of(column, row name)`` in place of each reference, behind an equals sign."""
        return "=" + _REFERENCE.sub(lambda found: cell_of(found[1], found[2] or ""), self.text)
