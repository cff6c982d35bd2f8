"""What an office document is made of: paragraphs and tables, in their order, whatever the kind of file.

A merged cell stands at each place that it covers, as one and the same Cell. Small raised figures (marks of
footnotes) are left out, but for the 2 of m².
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ntm_lib.text.names import clean_text


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """Text of a cell, where it begins (counted from 1, ``page`` 0 where the file has no pages) and what it covers."""

    page: int
    table: int
    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """``rows``: each place of the table, None where the file has no cell. ``before``: the text ahead of it."""

    page: int
    number: int
    rows: tuple[tuple[Cell | None, ...], ...]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text of a paragraph, with the number that Word prints before it. ``level``: of a heading style, 0 for running text.

    ``number``: which paragraph of the file it is, counted from 1; ``page``: 0 where the file has no pages; ``note``: a foot- or endnote.
    """

    text: str
    number: int
    level: int = 0
    page: int = 0
    note: bool = False


Piece: TypeAlias = Paragraph | Table
Placed: TypeAlias = tuple[int, int, str, int, int]  # row, column, text, rows, columns


def raised_text(before: str, text: str) -> str:
    """What of raised ``text`` belongs to the words: the 2 of m², not the mark of a footnote."""
    return text if re.search(r"\bk?m$", before) and text.strip() in ("2", "3") else ""


def merged_down(placed: list[tuple[int, int, str, int, int, bool]]) -> list[Placed]:
    """Cells marked as going on joined to the cell above them."""
    kept: dict[tuple[int, int], list[Any]] = {}
    above: dict[int, list[Any]] = {}
    for row, column, text, rows, columns, goes_on in placed:
        top = above.get(column)
        if goes_on and top is not None and top[0] + top[3] == row and top[4] == columns:
            top[3] += 1
            top[2] = "\n".join(filter(str.strip, (top[2], text)))
        else:
            kept[row, column] = above[column] = [row, column, text, rows, columns]
    return [(r, c, text, rows, columns) for r, c, text, rows, columns in kept.values()]


def grid_of(page: int, table: int, placed: Iterable[Placed]) -> tuple[tuple[Cell | None, ...], ...]:
    """Each place of the table with the cell that covers it."""
    places: dict[tuple[int, int], Cell] = {}
    for row, column, text, rows, columns in placed:
        cell = Cell(page, table, row + 1, column + 1, clean_lines(text), rows, columns)
        for r in range(row, row + rows):
            for c in range(column, column + columns):
                places.setdefault((r, c), cell)
    height, width = (1 + max((place[i] for place in places), default=-1) for i in (0, 1))
    return tuple(tuple(places.get((r, c)) for c in range(width)) for r in range(height))


def clean_lines(text: str) -> str:
    """The lines of a cell, each NFC and with single spaces, empty ones left out."""
    lines = (clean_text(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def tables_of(pieces: Iterable[Piece]) -> list[Table]:
    """The tables, each with the text since the one before it."""
    tables: list[Table] = []
    before: list[str] = []
    for piece in pieces:
        if isinstance(piece, Paragraph):
            before.append(piece.text)
        else:
            tables.append(replace(piece, before=clean_lines("\n".join([*before, piece.before]))))
            before = []
    return tables
