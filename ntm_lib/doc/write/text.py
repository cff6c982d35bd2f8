"""The tree as plain text: what a terminal shows, what is compared, what a column needs to be as wide as its words."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ntm_lib.doc import tree
from ntm_lib.doc.cells import MISSING, Empty, Formula, Number
from ntm_lib.doc.markup import clean
from ntm_lib.language import number, percent

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text(content: tree.Content) -> str:
    """The words of ``content``; a block ends with a line break."""
    if isinstance(content, str):
        return clean(content)
    if isinstance(content, tuple):
        return "".join(map(text, content))
    return _WRITERS[type(content)](content)


def shown(cell: tree.Cell, language: str) -> tree.Content | None:
    """A cell as the language writes it; None for one that the data lack."""
    if cell is MISSING:
        return None
    if isinstance(cell, Empty):
        return ""
    if isinstance(cell, Number | Formula):
        return "" if cell.value is None else _figure(cell.value, cell.form, language)
    return cell


def _figure(value: Fraction, form: str, language: str) -> str:
    if form == "share":
        return percent(100 * value, language)
    if form == "change":
        return ("+" if value > 0 else "") + number(value, language)
    return number(value, language, {"money": 1, "count": None}.get(form))


def heading_text(part: tree.Heading) -> tree.Content:
    """The words of a heading behind its number."""
    return f"{part.number} {text(part.text)}" if part.number else part.text


def full_heading(column: tree.Column) -> tree.Content:
    """The heading of a column behind the one that stands over several, for a form with one row of headings."""
    return ": ".join(filter(None, [column.above, text(column.heading)])) if column.above else column.heading


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _cards(part: tree.Cards) -> str:
    rows = [[text(piece) for piece in item] for item in part.items]
    return "".join(f"{label}: {big}{f' ({note})' if note else ''}\n" for big, label, note in rows)


def _table(part: tree.Table) -> str:
    rows = [
        " | ".join(text(shown(cell, part.language) or "").strip() for cell in row.under(part.columns))
        for row in part.rows
    ]
    return _lines(text(part.caption), " | ".join(text(full_heading(column)) for column in part.columns), *rows)


def _leaf(part: tree.Leaf) -> str:
    return _lines(
        part.title,
        part.hint,
        *(f"{word}: {line}" for word, line in part.lines),
        part.heading,
        *(" | ".join(filter(None, p)) for p in part.points),
    )


def _drawing(part: tree.Figure) -> str:
    """Caption, what is to be seen, and the figures behind it, a row a line."""
    return "".join(
        f"{line}\n" for line in (text(part.caption), clean(part.alt), *(" | ".join(row) for row in part.data))
    )


_WRITERS: dict[type, Callable[[Any], str]] = {
    tree.Styled: lambda part: text(part.words),
    tree.Break: lambda part: "\n",
    tree.Link: lambda part: text(part.words),
    tree.Badge: lambda part: f"{part.mark}\N{NO-BREAK SPACE}{part.word}" + (f" ({part.remark})" if part.remark else ""),
    tree.Legend: lambda part: "; ".join(map(text, part.items)) + ". ",
    tree.Rendered: lambda part: part.text,
    tree.Stack: lambda part: "\n".join(filter(None, map(text, part.blocks))),
    tree.Title: lambda part: f"{part.kind}\n{part.subject}",
    tree.Heading: lambda part: text(heading_text(part)) + "\n",
    tree.Paragraph: lambda part: text(part.text) + "\n",
    tree.Items: lambda part: "".join(f"- {text(item).rstrip()}\n" for item in part.items),
    tree.Callout: lambda part: f"[{part.kind}] {text(part.title)}\n{text(part.body)}".strip() + "\n",
    tree.Facts: lambda part: "".join(f"{text(term)}: {text(body).rstrip()}\n" for term, body in part.pairs),
    tree.Cards: _cards,
    tree.Figure: _drawing,
    tree.Preformatted: lambda part: _lines(*part.lines),
    tree.Details: lambda part: f"{text(part.summary)}\n{text(part.body)}",
    tree.Only: lambda part: text(part.body) if part.medium == "screen" else "",
    tree.PageBreak: lambda part: "",
    tree.Rule: lambda part: "",
    tree.Table: _table,
    tree.Letterhead: lambda part: _lines(
        *part.agencies, part.nation, part.motto, part.number, part.place, part.kind, part.subject
    ),
    tree.Signature: lambda part: _lines(part.heading, *part.recipients, *part.signer, part.hint, *part.below),
    tree.Leaf: _leaf,
    tree.Annex: lambda part: f"{part.label}. {part.title}\n",
}


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """A table for a spreadsheet, in NFC, its rows under ``columns``; a text that begins like a formula gets an apostrophe in front."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _safe(value) for column, value in row.items()} for row in rows)
    return unicodedata.normalize("NFC", file.getvalue())


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
