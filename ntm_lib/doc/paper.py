"""Official papers: the parts of one in their order, headings numbered, lines gathered into lists. Knows no commune."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from ntm_lib.doc.blocks import Block, clean
from ntm_lib.doc.cells import MISSING
from ntm_lib.doc.notebook import Document
from ntm_lib.doc.tree import Column, Content, Heading, Items, Row, Stack, Table

BLANK = "……"  # what the office fills in by hand: the data does not say it
TOP, LEVELS = 2, 3  # headings I., 1., 1.1. are of level 2 to 4: level 1 is the title


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: ``- …``, below it ``+ …`` (level 2)."""

    text: str
    level: int = 1


Part: TypeAlias = Content | Item


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """``date``: ISO date for the properties of the file, never printed. ``scenario``: line for every page; empty: real figures."""

    title: str
    language: str
    date: str
    scenario: str
    parts: tuple[Part, ...]

    @property
    def block(self) -> Block:
        """The document in HTML, Typst and plain text; the same words in each."""
        return Block(self.content)

    @property
    def properties(self) -> Document:
        """The same as properties of the file."""
        title = clean(self.title)
        return Document(title, self.language, self.scenario, self.date, "", title)

    @property
    def content(self) -> Stack:
        """The parts as a tree, neighbouring lines gathered into lists."""
        return Stack(tuple(_gathered(self.parts)))


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str | None]],
    kinds: Iterable[str] = (),
    note: str = "",
) -> Table:
    """A table; None is a cell to be filled in, shown by its ground. Without ``kinds`` all rows are plain."""
    lines = [tuple(MISSING if cell is None else cell for cell in row) for row in rows]
    listed = tuple(kinds) or ("",) * len(lines)
    return Table(
        caption, tuple(columns), tuple(Row(cells, kind) for cells, kind in zip(lines, listed, strict=True)), note
    )


def numbered(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with their headings numbered I., 1., 1.1.; a number that a heading has stays. Raises ValueError where a level is skipped."""
    counts = [0] * LEVELS
    done: list[Part] = []
    for part in parts:
        if isinstance(part, Heading) and not part.number:
            level = part.level - TOP
            if not all(counts[:level]):
                raise ValueError(f"heading {part.text!r} of level {part.level} has none above it")
            counts[level] += 1
            counts[level + 1 :] = [0] * (LEVELS - level - 1)
            part = replace(part, number=_number(level, counts))
        done.append(part)
    return tuple(done)


def _number(level: int, counts: list[int]) -> str:
    if not level:
        return f"{roman(counts[0])}."
    return ".".join(str(count) for count in counts[1 : level + 1]) + "."


def _gathered(parts: Iterable[Part]) -> Iterator[Content]:
    for is_item, found in groupby(parts, key=lambda part: isinstance(part, Item)):
        if is_item:
            yield _list([part for part in found if isinstance(part, Item)])
        else:
            yield from (part for part in found if not isinstance(part, Item))


def _list(items: list[Item]) -> Items:
    """A list; lines of level 2 stand inside the line above them."""
    lines: list[tuple[str, list[str]]] = []
    for item in items:
        if item.level == 1 or not lines:
            lines.append((item.text, []))
        else:
            lines[-1][1].append(item.text)
    return Items(tuple(Stack((text, Items(tuple(inner)))) if inner else text for text, inner in lines))


def roman(number: int) -> str:
    """``4`` → ``IV``."""
    digits = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letters in digits:
        text += letters * (number // value)
        number %= value
    return text
