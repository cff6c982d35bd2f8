"""Formulas of the locked cells of a template: shares, what another sheet says already, sums that check what was typed.

Intake reads none of them; they are there for the person who fills in the workbook.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from ntm_lib.intake.filled.template_layout import FOLLOWING, FREE, LISTED, Column, Sheet


@dataclass(frozen=True)
class Places:
    """Where the columns of the sheets lie, and the first row for data (counted from 0)."""

    sheets: tuple[Sheet, ...]
    first_row: int

    def column(self, sheet: str, key: str) -> int:
        return [c.key for c in self._sheet(sheet).columns].index(key)

    def cell(self, sheet: str, key: str, row: int, absolute: bool = False) -> str:
        return xl_rowcol_to_cell(row, self.column(sheet, key), absolute, absolute)

    def area(self, sheet: str, key: str, first: int, last: int, absolute: bool = False) -> str:
        return f"{self.cell(sheet, key, first, absolute)}:{self.cell(sheet, key, last, absolute)}"

    def named(self, rows: str) -> str:
        """Name of the first sheet whose rows are of this sort: results stand before the plan."""
        return next(s.name for s in self.sheets if s.rows == rows)

    def _sheet(self, name: str) -> Sheet:
        return next(s for s in self.sheets if s.name == name)


def formula(sheet: Sheet, column: Column, row: int, kind: str, places: Places) -> str:
    """Formula of the cell, if what stands in it follows from other cells; else the empty string."""
    if column.key not in FOLLOWING or column.fill != "locked" or kind not in (LISTED, FREE):
        return ""
    if column.key == "percent":
        return _percent(sheet, row, places)
    if column.key == "now":
        return f"={_result(row, places)}" if kind == LISTED else ""
    # Absolute, so that a row that is sorted keeps its village.
    cell = f"'{places.named('villages')}'!{places.cell(places.named('villages'), column.key, row, absolute=True)}"
    return f'=IF({cell}="","",{cell})'


def total(area: str) -> str:
    """Sum of an area that stays blank while nothing is typed."""
    return f'=IF(SUM({area})=0,"",SUM({area}))'


def repeated(cell: str) -> str:
    return f'=IF({cell}="","",{cell})'


def _percent(sheet: Sheet, row: int, places: Places) -> str:
    keys = [c.key for c in sheet.columns]
    if "numerator" in keys:
        part, whole = (places.cell(sheet.name, key, row) for key in ("numerator", "denominator"))
    else:  # share of a source in all funds, which stand in the first row
        part, whole = (
            places.cell(sheet.name, "amount", row),
            places.cell(sheet.name, "amount", places.first_row, absolute=True),
        )
    return f'=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}>0,100*{part}/{whole},""),"")'


def _result(row: int, places: Places) -> str:
    """This year's result in the same row of the sheet of results: its words, else the share, else the assessment."""
    results = places.named("indicators")
    text, numerator, denominator, assessed = _cells(results, ("text", "numerator", "denominator", "self"), row, places)
    share = f'{numerator}&"/"&{denominator}&" ("&TEXT(100*{numerator}/{denominator},"0.0")&"%)"'
    counted = f'IF({denominator}>0,{share},"")'
    return f'IF({text}<>"",{text},IF(AND(ISNUMBER({numerator}),ISNUMBER({denominator})),{counted},IF({assessed}="","",{assessed})))'


def _cells(sheet: str, keys: Sequence[str], row: int, places: Places) -> list[str]:
    return [f"'{sheet}'!{places.cell(sheet, key, row)}" for key in keys]
