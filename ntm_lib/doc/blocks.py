"""What a report shows: running text and blocks, built as the tree of ``tree`` and written on demand.

A notebook displays a block in three forms at once (HTML, Typst, plain); each exporter takes its own, so that all
show the same words. A table needs a caption and a figure a text alternative: ValueError says so. Nothing here
knows the domain.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from ntm_lib.doc import tree
from ntm_lib.doc.markup import anchor_name as anchor_name
from ntm_lib.doc.markup import clean as clean
from ntm_lib.doc.markup import html_text as html_text
from ntm_lib.doc.tree import Column as Column
from ntm_lib.doc.tree import Look, Row
from ntm_lib.doc.tree import Rendered as Rendered
from ntm_lib.doc.write.html import html
from ntm_lib.doc.write.text import text as plain
from ntm_lib.doc.write.typst import typst

_OUTSIDE = re.compile(r"(https?://|mailto:|\.{1,2}/)[^\s<>\"]+")


@dataclass(frozen=True)
class _Shown:
    """A part of the tree with its three forms."""

    content: tree.Content

    @property
    def html(self) -> str:
        return html(self.content)

    @property
    def typst(self) -> str:
        return typst(self.content)

    @property
    def text(self) -> str:
        return plain(self.content)


@dataclass(frozen=True)
class Inline(_Shown):
    """Running text."""

    def __add__(self, other: "Inline | str") -> "Inline":
        return inline(self, other)

    def __radd__(self, other: str) -> "Inline":
        return inline(other, self)


@dataclass(frozen=True)
class Block(_Shown):
    """A piece of a page. Jupyter stores all three forms in one output."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/vnd.typst": self.typst, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text


Words: TypeAlias = Inline | str
Content: TypeAlias = Words | Block
Line: TypeAlias = Sequence[Content] | Row  # of a table
_Either = TypeVar("_Either", Inline, Block)
_Of = TypeVar("_Of")


# ---------------------------------------------------------------- running text


def inline(*parts: Words) -> Inline:
    """Parts as one run of text. Raises TypeError for what is no text."""
    return Inline(tuple(map(_words, parts)))


def _words(part: Words) -> tree.Content:
    if isinstance(part, Inline):
        return part.content
    if isinstance(part, str):
        return part
    raise TypeError(f"running text is made of str and Inline, not {type(part).__name__}")


def join(parts: Iterable[Words], separator: Words = ", ") -> Inline:
    """Parts with the separator between them."""
    joined: list[Words] = []
    for part in parts:
        joined += [separator, part] if joined else [part]
    return inline(*joined)


def _styled(look: Look, parts: tuple[Words, ...]) -> Inline:
    return Inline(tree.Styled(look, inline(*parts).content))


def strong(*parts: Words) -> Inline:
    """Text that matters."""
    return _styled("strong", parts)


def emphasis(*parts: Words) -> Inline:
    """Text that is stressed."""
    return _styled("em", parts)


def muted(*parts: Words) -> Inline:
    """Text that stands back: smaller and grey, still of full contrast."""
    return _styled("muted", parts)


def code(text: object) -> Inline:
    """A name of a file, column or command."""
    return _styled("code", (clean(text),))


def line_break() -> Inline:
    """A new line inside a paragraph or cell."""
    return Inline(tree.Break())


def link(text: Words, target: str) -> Inline:
    """A link to an anchor of the same document (``criterion-17``, with or without ``#``), to a web page
    (``https://…``, ``mailto:…``) or to a file beside the report or its folder (``./indicators.csv``, ``../../rule-book/rule-book.html#…``).

    The exporters turn a link to an anchor that the document does not hold into its bare text.
    """
    if _OUTSIDE.fullmatch(target):
        return Inline(tree.Link(_words(text), clean(target), outside=True))
    return Inline(tree.Link(_words(text), anchor_name(target.removeprefix("#"))))


# ---------------------------------------------------------------- blocks


def title(kind: str, subject: str) -> Block:
    """The title of a working paper, below a line that says what it is."""
    return Block(tree.Title(kind, subject))


def heading(text: Words, level: int = 2, anchor: str = "") -> Block:
    """A heading; level 1 is the title of the document (one only), levels below follow one another
    without a gap. Without an anchor it gets one from its text.
    """
    return Block(tree.Heading(level, _words(text), anchor))


def paragraph(*parts: Words, anchor: str = "", lead: bool = False) -> Block:
    """Running text. ``lead``: it leads to the block below and is never parted from it by the end of a page."""
    return Block(tree.Paragraph(inline(*parts).content, anchor=anchor, lead=lead))


def bullets(items: Iterable[Content], ordered: bool = False) -> Block:
    """A list; an item is text or a block (a stack of a paragraph and a further list, for instance)."""
    parts = tuple(map(_content, items))
    return Block(tree.Items(parts, ordered) if parts else tree.Stack(()))


def _content(part: Content) -> tree.Content:
    return part.content if isinstance(part, Block) else _words(part)


def as_block(content: Content) -> Block:
    """Text as a block without a paragraph around it; a block as it is."""
    return content if isinstance(content, Block) else Block(_words(content))


def callout(kind: str, *content: Content, title: Words = "", anchor: str = "") -> Block:
    """A box that says by word, sign and frame what it is: info, warning, error or scenario.

    The word ("Cảnh báo", "Warning") comes with the language of the document; ``title`` stands
    beside it. Blocks among the content keep their own paragraphs.
    """
    return Block(tree.Callout(kind, _words(title), _flow(content), anchor))


def _flow(content: tuple[Content, ...]) -> tree.Stack:
    """Blocks in their order; neighbouring pieces of text become one paragraph."""
    done: list[tree.Content] = []
    run: list[Words] = []
    for part in (*content, None):
        if isinstance(part, Block) or part is None:
            if run:
                done.append(paragraph(*run).content)
            run = []
            done += [part.content] if part else []
        else:
            run.append(part)
    return tree.Stack(tuple(done))


def facts(pairs: Iterable[tuple[Words, Content]]) -> Block:
    """Definitions: term and description, one pair a line."""
    return Block(tree.Facts(tuple((_words(term), _content(description)) for term, description in pairs)))


def cards(items: Iterable[Sequence[Words]]) -> Block:
    """Key figures: (big number, label, note) each; the note may be empty or missing."""
    rows = [[_words(part) for part in (*item, "")] for item in items]
    return Block(tree.Cards(tuple((row[0], row[1], row[2]) for row in rows)))


def figure(
    fig: Any, caption: Words, alt: str, anchor: str = "", note: Words = "", data: Iterable[Sequence[str]] = ()
) -> Block:
    """A matplotlib figure as SVG whose words stay words. ``alt`` says what is to be seen; ``data`` are its figures,
    the headings first.

    Raises ValueError where caption or alt is missing.
    """
    from ntm_lib.doc.svg import drawing

    head = inline(caption).text
    if not head.strip() or not alt.strip():
        raise ValueError("a figure needs a caption and a text alternative")
    name = anchor_name(anchor or head)
    picture = drawing(fig, name, title=head, description=clean(alt))
    table = tuple(tuple(map(clean, row)) for row in data)
    return Block(tree.Figure(picture.svg, picture.width, _words(caption), alt, name, _words(note), table))


def preformatted(text: str) -> Block:
    """Lines as they are, in letters of one width: a command, a piece of a file."""
    return Block(tree.Preformatted(tuple(clean(line) for line in text.splitlines())))


def details(summary: Words, *content: Content, opened: bool = False, anchor: str = "") -> Block:
    """Content that a reader may unfold; on paper and in the PDF it is always open."""
    return Block(tree.Details(_words(summary), _flow(content), opened, anchor))


def stack(*blocks: Block) -> Block:
    """Blocks one below the other."""
    wrong = [type(block).__name__ for block in blocks if not isinstance(block, Block)]
    if wrong:
        raise TypeError(f"stack takes blocks, not {wrong}")
    return Block(tree.Stack(tuple(block.content for block in blocks)))


def beside(*pictures: Block) -> Block:
    """Pictures that share the width where there is room, and stand below one another on a phone; one alone as it is."""
    shown = [part for picture in pictures if (part := picture.content) != tree.Stack(())]
    return Block(shown[0] if len(shown) == 1 else tree.Stack(tuple(shown), beside=len(shown) > 1))


def screen(shown: _Either) -> _Either:
    """What the page alone shows: the PDF, which is read and filed, leaves it out."""
    return type(shown)(tree.Only("screen", shown.content))


def paper(shown: _Either) -> _Either:
    """What the PDF alone shows, in place of what is too long for it."""
    return type(shown)(tree.Only("paper", shown.content))


def page_break() -> Block:
    """A new page, in the PDF and when the HTML is printed."""
    return Block(tree.PageBreak())


# ---------------------------------------------------------------- tables


def group(text: Words, anchor: str = "") -> Row:
    """A row that heads the rows below it and spans the table."""
    return Row((_words(text),), "group", anchor)


def table(
    columns: Iterable[Column | Words],
    rows: Iterable[Line],
    caption: Words,
    align: Iterable[str] | None = None,
    anchor: str = "",
    row_classes: Iterable[str] | None = None,
    row_anchors: Iterable[str] | None = None,
    note: Words = "",
    phone: str | None = None,
) -> Block:
    """A table with its caption; the heading is repeated on every page.

    ``columns``: Column or heading. ``rows``: lists of cells (str, Inline or Block), or ``group(…)``.
    ``align``: one of left, right, center for each column, instead of the columns' own.
    ``row_classes``: for each row its kind; ``row_anchors``: for each row an anchor or "".
    ``phone``: cards (one card a row), table, scroll, or marks (a table whose verdicts show their sign
    alone, the words remain for those who hear them); by itself cards from five columns on.
    Raises ValueError without caption, or where a row has another number of cells than there are columns.
    """
    if not inline(caption).text.strip():
        raise ValueError("a table needs a caption")
    heads = tuple(column if isinstance(column, Column) else Column(_words(column)) for column in columns)
    if align is not None:
        heads = tuple(replace(column, align=side) for column, side in zip(heads, align, strict=True))
    listed = list(rows)
    kinds, anchors = list(row_classes or [""] * len(listed)), list(row_anchors or [""] * len(listed))
    lines = tuple(
        row if isinstance(row, Row) else Row(tuple(map(_content, row)), kind, place)
        for row, kind, place in zip(listed, kinds, anchors, strict=True)
    )
    return Block(tree.Table(_words(caption), heads, lines, _words(note), anchor, phone))


def table_of(
    rows: Iterable[_Of],
    caption: Words,
    anchor: str,
    *columns: tuple[Column, Callable[[_Of], Content]] | None,
    **look: Any,
) -> Block:
    """A table with a line for each of ``rows``: beside each column what it shows of a row; None: a column that stays away.

    ``look`` as in ``table``.
    """
    shown = [column for column in columns if column]
    lines = [[cell(row) for _, cell in shown] for row in rows]
    return table([head for head, _ in shown], lines, caption, anchor=anchor, **look)
