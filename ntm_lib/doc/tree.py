"""The tree of a document: running text, headings, lists, tables, boxes, the parts of an official paper. Nothing is laid out here.

``write.html``, ``write.typst``, ``write.word``, ``write.excel`` and ``write.text`` each write the same tree.
``blocks`` builds pages of it, ``paper`` official papers. Text of any origin is text in every form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ntm_lib.doc.cells import Empty, Formula, Number

# The words that an attribute may have; a node refuses any other when it is made.
ALIGNS = ("left", "right", "center")
CALLOUTS = ("info", "warning", "error", "scenario")
ROW_KINDS = ("", "head", "group", "total", "muted", "alert", "good", "scenario")
PHONE = ("cards", "table", "scroll", "marks")
Look = Literal["strong", "em", "muted", "code"]

CARDS_FROM = 5  # columns from which a table becomes one card a row on a phone


@dataclass(frozen=True, slots=True)
class Styled:
    """Words that look otherwise: strong, stressed, standing back, unbroken, or of one width."""

    look: Look
    words: "Content"


@dataclass(frozen=True, slots=True)
class Break:
    """A new line inside a paragraph or cell."""


@dataclass(frozen=True, slots=True)
class Link:
    """``target``: an address where it is ``outside``, else an anchor of the document."""

    words: "Content"
    target: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """Mark and word of a verdict, framed by its basis (measured, declared, planned or none)."""

    verdict: str
    basis: str
    mark: str
    word: str
    remark: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What marks mean, one a line."""

    items: tuple["Content", ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is written already: an output that a notebook has stored, or markup that no other part can give."""

    html: str
    typst: str
    text: str


# ---------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True)
class Stack:
    """Blocks one below the other; ``beside``: pictures that share the width where there is room."""

    blocks: tuple["Content", ...]
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """The one title of a working paper, below a line that says what it is."""

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 (the title) to 6. ``number``: of an official paper, as ``paper.arranged`` gives it."""

    level: int
    text: "Content"
    anchor: str = ""
    number: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 6:
            raise ValueError(f"level of a heading is 1 to 6, not {self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``lead``: never parted from the block below; ``closing``: the last words, never parted from the signature."""

    text: "Content"
    italic: bool = False
    closing: bool = False
    lead: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list; an item may hold a further list."""

    items: tuple["Content", ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Callout:
    """A box that says by word, sign and frame what it is."""

    kind: str
    title: "Content"
    body: "Content"
    anchor: str = ""

    def __post_init__(self) -> None:
        one_of("kind of a callout", self.kind, CALLOUTS)


@dataclass(frozen=True, slots=True)
class Facts:
    """Definitions: term and description."""

    pairs: tuple[tuple["Content", "Content"], ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """Key figures: big number, label, note."""

    items: tuple[tuple["Content", "Content", "Content"], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (SVG, ``width`` in points) with ``alt``, which says what is to be seen. ``data``: its figures, the
    headings first: a table to unfold on a screen, part of the text alternative on paper.
    """

    svg: str
    width: float
    caption: "Content"
    alt: str
    anchor: str
    note: "Content" = ""
    data: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Lines as they are, in letters of one width."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """Content that a reader may unfold; on paper it is open."""

    summary: "Content"
    body: "Content"
    opened: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Only:
    """Content that one medium alone shows: the page on a screen, or the PDF."""

    medium: Literal["screen", "paper"]
    body: "Content"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page, in the PDF and when the page is printed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


# ---------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class Column:
    """``width``: a wish such as ``34%`` (empty: the content decides), or a number: a fixed share beside the other
    columns, in a sheet the letters that fit. ``above``: a heading over this and its neighbours with the same one.
    ``row_header``: its cells name their row to those who hear the table. ``key``: by which rows name its cells.
    """

    heading: "Content"
    align: str = "left"
    width: str | float = ""
    row_header: bool = False
    above: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        one_of("align", self.align, ALIGNS)


def column(key: str, heading: str, width: float, align: str = "left", above: str = "") -> Column:
    """A column of a sheet, whose rows name their cells by ``key``."""
    return Column(heading, align, width, above=above, key=key)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns, or by their keys (one that is not given is empty). ``name``: the anchor of
    the row, and its name in formulas. The first cell of a group spans the table.
    """

    cells: "Mapping[str, Cell] | tuple[Cell, ...]"
    kind: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        one_of("kind of a row", self.kind, ROW_KINDS)

    def under(self, columns: tuple[Column, ...]) -> "tuple[Cell, ...]":
        """The cells in the order of ``columns``; of a group the one that spans them."""
        if not isinstance(self.cells, Mapping):
            return self.cells
        if self.kind == "group":
            return tuple(self.cells.values())
        return tuple(self.cells.get(column.key, "") for column in columns)


@dataclass(frozen=True, slots=True)
class Table:
    """``language``: in which numbers are written. Raises ValueError where a row does not fit the columns."""

    caption: "Content"
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: "Content" = ""
    anchor: str = ""
    phone: str | None = None
    language: str = "vi"

    def __post_init__(self) -> None:
        one_of("phone", self.on_phone, PHONE)
        check_rows(self.columns, self.rows)

    @property
    def on_phone(self) -> str:
        """How a narrow screen shows it: one card a row where nothing is said and there are many columns."""
        return self.phone or ("cards" if len(self.columns) >= CARDS_FROM else "table")

    @property
    def is_fixed(self) -> bool:
        """Whether the columns have given shares of the width."""
        return all(not isinstance(column.width, str) for column in self.columns)

    def percents(self) -> list[float]:
        """Shares of the columns in the width, in percent; a column that asks for none gets as much as the others on average."""
        asked = [float(str(column.width).rstrip("%") or 0) for column in self.columns]
        usual = sum(asked) / (sum(map(bool, asked)) or 1) or 1.0
        shares = [share or usual for share in asked]
        return [100 * share / sum(shares) for share in shares]


def check_rows(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> None:
    """Raises ValueError for a row with another number of cells than there are columns, or with a cell of no column."""
    keys = {column.key for column in columns}
    for number, row in enumerate(rows, 1):
        if isinstance(row.cells, Mapping):
            if unknown := sorted(set(row.cells) - keys):
                raise ValueError(f"row {number}: the table has no column {unknown}")
        elif row.kind != "group" and len(row.cells) != len(columns):
            raise ValueError(f"row {number} has {len(row.cells)} cells, the table {len(columns)} columns")


# ---------------------------------------------------------------- official papers


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Agencies from the highest down (the last one issues), national title, number, place and date, kind and subject."""

    agencies: tuple[str, ...]
    nation: str
    motto: str
    number: str
    place: str
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Recipients on the left; on the right who signs, line by line, room for the signature, then title and name (``below``)."""

    heading: str
    recipients: tuple[str, ...]
    signer: tuple[str, ...]
    hint: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page in front of the paper for whoever signs it: ``lines`` of (word, text), then ``points`` to be settled: what and, where
    somebody is named, who; as many as ``columns``. It has no page number and does not count.
    """

    title: str
    hint: str
    lines: tuple[tuple[str, str], ...]
    heading: str
    points: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """A Biểu: a sheet of a workbook, or pages of their own in a PDF, turned for the width of the table.

    ``names``: name in the workbook → column, of which it means the rows that are no totals, or column@row.
    ``reference``: which document it belongs to. ``signers``: who signs below it on paper, left and right.
    """

    number: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: str = ""
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    reference: str = ""
    language: str = "vi"
    signers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_rows(self.columns, self.rows)

    @property
    def label(self) -> str:
        return f"Biểu {self.number}"

    @property
    def table(self) -> Table:
        """The rows as a table without caption."""
        return Table("", self.columns, self.rows, " ".join(self.notes), language=self.language)

    def row_numbers(self) -> dict[str, int]:
        """Named rows, counted from 0 among the rows; ``first`` and ``last`` besides."""
        plain = [i for i, row in enumerate(self.rows) if row.kind != "total"] or [0]
        return {row.name: i for i, row in enumerate(self.rows) if row.name} | {"first": plain[0], "last": plain[-1]}


Span: TypeAlias = Styled | Break | Link | Badge | Legend
Node: TypeAlias = (
    Stack | Title | Heading | Paragraph | Items | Callout | Facts | Cards | Figure | Preformatted | Details | Only | PageBreak | Rule | Table | Letterhead | Signature | Leaf | Annex
)  # fmt: skip
Content: TypeAlias = str | Span | Node | Rendered | tuple["Content", ...]
Cell: TypeAlias = Content | Number | Formula | Empty


def one_of(what: str, value: str, known: tuple[str, ...]) -> None:
    """Raises ValueError where ``value`` is none of the ``known`` words."""
    if value not in known:
        raise ValueError(f"{what} is one of {known}, not {value!r}")
