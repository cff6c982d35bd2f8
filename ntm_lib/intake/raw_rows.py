"""A row of a raw table with the address of its cells, and what a reader should know of a file."""

from collections.abc import Mapping
from typing import NamedTuple


class RawRow(NamedTuple):
    """One row: cells by column name; ``fault``: (column, code) where the row cannot be used.

    After a correction, ``written`` holds the cells as the source has them and ``correction`` its id.
    ``places``: addresses of the cells of a workbook that the columns come from, where they differ. ``about``: what fills
    the words of its fault.
    """

    file: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    fault: tuple[str, str] | None = None
    written: Mapping[str, str] | None = None
    correction: str = ""
    places: Mapping[str, str] = {}
    about: Mapping[str, str] = {}


class Remark(NamedTuple):
    """What a reader should know of how a file was read: hidden rows, group rows, files left aside. ``code`` of ``problems.yml``."""

    file: str
    sheet: str
    row: int | str
    code: str
    text: str
