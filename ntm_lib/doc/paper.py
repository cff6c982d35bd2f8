"""An official document as a list of parts, before it becomes a page, a PDF or a Word file.

All texts are plain and come out as text in every form. Knows neither communes nor criteria; the
words of a document are made in ``official_assessment`` and ``official_plan``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

BLANK = "……"  # what the office fills in by hand: the data does not say it
LEVELS = 3  # headings: I., 1., 1.1.
ROW_KINDS = ("", "head", "group", "total")


@dataclass(frozen=True)
class Letterhead:
    """Agencies from the highest down (the last one issues), national title, number, place and date, kind and subject."""

    agencies: tuple[str, ...]
    nation: str
    motto: str
    number: str
    place: str
    kind: str
    subject: str


@dataclass(frozen=True)
class Bases:
    """What the document rests on (Căn cứ), a line each."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """``level`` 1 to 3. ``number`` is given by ``numbered``, so that no number is left out or used twice."""

    level: int
    text: str
    number: str = ""

    def __post_init__(self):
        if not 1 <= self.level <= LEVELS:
            raise ValueError(f"level of a heading is 1 to {LEVELS}, not {self.level}")


@dataclass(frozen=True)
class Paragraph:
    """``closing``: the last words, which never part from the signature below them."""

    text: str
    italic: bool = False
    closing: bool = False


@dataclass(frozen=True)
class Item:
    """A line of a list: ``- …``, below it ``+ …`` (level 2)."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Column:
    """``width``: share of the table's width, relative to the other columns. ``above``: a heading over this
    and its neighbours with the same one.
    """

    heading: str
    width: float = 1.0
    align: str = "left"
    above: str = ""

    @property
    def full_heading(self) -> str:
        return ": ".join(filter(None, [self.above, self.heading]))


@dataclass(frozen=True)
class Table:
    """Rows of as many cells as there are columns; None is a cell to be filled in, shown by its ground.

    ``kinds``, one for each row: head (bold), group (its first cell spans the table), total (bold), or empty.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    kinds: tuple[str, ...]
    note: str = ""

    def __post_init__(self):
        if len(self.kinds) != len(self.rows) or not set(self.kinds) <= set(ROW_KINDS):
            raise ValueError(f"kinds of rows: one of {ROW_KINDS} for each row")
        wrong = {len(row) for row in self.rows} - {len(self.columns)}
        if wrong:
            raise ValueError(f"rows have {sorted(wrong)} cells, the table {len(self.columns)} columns")


@dataclass(frozen=True)
class Signature:
    """Recipients on the left; on the right who signs, line by line, room for the signature, then title and name (``below``)."""

    heading: str
    recipients: tuple[str, ...]
    signer: tuple[str, ...]
    hint: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnnexPage:
    """A Biểu on pages of its own, turned for the width of its table."""

    label: str
    title: str
    reference: str
    table: Table


@dataclass(frozen=True)
class Leaf:
    """A page in front of the paper for whoever signs it: ``lines`` of (word, text), then ``points`` to be settled, with
    room for who and when. It has no page number and does not count.
    """

    title: str
    hint: str
    lines: tuple[tuple[str, str], ...]
    heading: str
    points: tuple[str, ...]
    columns: tuple[str, str, str]


Part = Leaf | Letterhead | Bases | Heading | Paragraph | Item | Table | Signature | AnnexPage


@dataclass(frozen=True)
class OfficialDocument:
    """``date``: ISO date for the properties of the file, never printed. ``scenario``: line for every page; empty: real figures."""

    title: str
    language: str
    date: str
    scenario: str
    parts: tuple[Part, ...]


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str | None]],
    kinds: Iterable[str] = (),
    note: str = "",
) -> Table:
    """A table; without ``kinds`` all rows are plain."""
    rows = tuple(tuple(row) for row in rows)
    return Table(caption, tuple(columns), rows, tuple(kinds) or ("",) * len(rows), note)


def numbered(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with their headings numbered I., 1., 1.1. Raises ValueError where a level is skipped."""
    counts = [0] * LEVELS
    done: list[Part] = []
    for part in parts:
        if isinstance(part, Heading):
            if not all(counts[: part.level - 1]) and part.level > 1:
                raise ValueError(f"heading {part.text!r} of level {part.level} has none above it")
            counts[part.level - 1] += 1
            counts[part.level :] = [0] * (LEVELS - part.level)
            part = replace(part, number=_number(part.level, counts))
        done.append(part)
    return tuple(done)


def _number(level: int, counts: list[int]) -> str:
    if level == 1:
        return f"{roman(counts[0])}."
    return ".".join(str(count) for count in counts[1:level]) + "."


def roman(number: int) -> str:
    """``4`` → ``IV``."""
    digits = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letters in digits:
        text += letters * (number // value)
        number %= value
    return text
