"""A Biểu as data: columns, rows and cells, before it is a sheet of a workbook or a page of a PDF. Knows no commune.

A cell is text, a number, a formula with the value it comes to, or one of two empty cells: MISSING
(the Biểu needs it, the data lacks it: marked) and TO_FILL (for whoever checks the Biểu: not marked).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

# Form of a number → number format of the workbook. Points and commas come from the reader's machine.
FORMS = {"count": "#,##0", "quantity": "#,##0.##", "money": "#,##0.0", "share": "0.00%", "change": "+#,##0;-#,##0;0"}
ROW_KINDS = ("", "head", "group", "total")

_REFERENCE = re.compile(r"\{(\w+)(?:@([\w-]+))?\}")


class Empty(Enum):
    MISSING = "missing"
    TO_FILL = "to fill"


MISSING, TO_FILL = Empty.MISSING, Empty.TO_FILL


@dataclass(frozen=True)
class Number:
    """An exact number; a share is given as such (``Fraction(9, 10)``), not in percent."""

    value: Fraction
    form: str = "count"


@dataclass(frozen=True)
class Formula:
    """A formula with the value it comes to (None: nothing yet, an empty cell).

    ``text`` names cells by column and row: ``{met}/{total}`` in its own row, ``SUM({cost@first}:{cost@last})``
    in rows by their name; ``first`` and ``last`` are the first and last row that is no total.
    """

    text: str
    value: Fraction | None
    form: str = "count"


Cell = str | Number | Formula | Empty


@dataclass(frozen=True)
class Column:
    """``width`` in letters; ``above``: a heading over this and its neighbours with the same one."""

    key: str
    heading: str
    width: float
    align: str = "left"
    above: str = ""


@dataclass(frozen=True)
class Row:
    """Cells by column; what is not given is empty and not needed. A group's only cell spans the table."""

    cells: Mapping[str, Cell]
    kind: str = ""
    name: str = ""

    def __post_init__(self):
        if self.kind not in ROW_KINDS:
            raise ValueError(f"kind of a row is one of {ROW_KINDS}, not {self.kind!r}")


@dataclass(frozen=True)
class Annex:
    """``names``: name in the workbook → column, of which it means the rows that are no totals, or column@row."""

    number: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    subtitle: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        keys = {column.key for column in self.columns}
        unknown = sorted({key for row in self.rows for key in row.cells} - keys)
        if unknown:
            raise ValueError(f"Biểu {self.number} has no column {unknown}")

    @property
    def label(self) -> str:
        return f"Biểu {self.number}"

    def row_numbers(self) -> dict[str, int]:
        """Named rows, counted from 0 among the rows; ``first`` and ``last`` besides."""
        plain = [i for i, row in enumerate(self.rows) if row.kind != "total"] or [0]
        return {row.name: i for i, row in enumerate(self.rows) if row.name} | {"first": plain[0], "last": plain[-1]}


def references(formula: Formula) -> list[tuple[str, str]]:
    """Columns and row names (empty: its own row) that a formula speaks of."""
    return [(found[1], found[2] or "") for found in _REFERENCE.finditer(formula.text)]


def placed(formula: Formula, cell_of) -> str:
    """The formula with ``cell_of(column, row name)`` in place of each reference, behind an equals sign."""
    return "=" + _REFERENCE.sub(lambda found: cell_of(found[1], found[2] or ""), formula.text)
