"""A sheet as the readers of forms look at it: rows, and merged areas found at once by row and by column."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from ntm_lib.intake.files.readers import MAX_COLUMNS, Grid, Row
from ntm_lib.text.names import clean_text


@dataclass(frozen=True)
class Sheet:
    """``wide``: first row → (first column, last column, last row) of merged areas. ``tall``: column → (first row, last row) of those
    that go down, from above. Rows count from 1, columns from 0.
    """

    file: str
    name: str
    rows: tuple[Row, ...]
    wide: Mapping[int, list[tuple[int, int, int]]]
    tall: Mapping[int, list[tuple[int, int]]]

    def merged_down(self, number: int, index: int) -> tuple[int, int] | None:
        """First and last row of the merged cell, over several rows, that a cell belongs to."""
        areas = self.tall.get(index, [])
        place = bisect_right(areas, number, key=lambda area: area[0])
        return areas[place - 1] if place and number <= areas[place - 1][1] else None

    def covered(self, number: int, index: int) -> bool:
        """Whether a cell is the lower part of a merged one."""
        area = self.merged_down(number, index)
        return area is not None and area[0] < number


def sheet_of(grid: Grid) -> Sheet:
    """The grid with its merged areas in order."""
    wide: dict[int, list[tuple[int, int, int]]] = {}
    tall: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, right in sorted(grid.merged):
        right = min(right, MAX_COLUMNS - 1)
        wide.setdefault(top, []).append((left, right, bottom))
        for index in range(left, right + 1) if bottom > top else ():
            tall.setdefault(index, []).append((top, bottom))
    return Sheet(grid.file, grid.sheet, grid.rows, wide, tall)


def text_at(row: Row, index: int) -> str:
    """The clean text of a cell; empty where the row has none."""
    return clean_text(row.cells[index]) if 0 <= index < len(row.cells) else ""


def is_day(row: Row, index: int) -> bool:
    """Whether a cell is stored as a day or an hour, which Excel makes of 17.8, of 12.5 and of 12:30."""
    return index in row.numbers and re.search("[/:]", text_at(row, index)) is not None
