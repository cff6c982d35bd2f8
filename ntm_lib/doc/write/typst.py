"""The tree as Typst, which makes the PDF: calls of functions named ``ntm-…`` and ``official-…``.

``templates/report.typ`` defines them; ``templates/official.typ`` lays out the same calls as Decree 30 asks.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from math import ceil
from typing import Any

from ntm_lib.doc import tree
from ntm_lib.doc.markup import anchor_name, typst_literal, typst_markup, typst_text
from ntm_lib.doc.write.html import heading_anchor
from ntm_lib.doc.write.text import full_heading, heading_text, shown, text

_FUNCTIONS = {"strong": "strong", "em": "emph", "muted": "ntm-muted", "code": "ntm-code"}

_LINE = 100  # letters of table text that fit on a line of the PDF
KEPT_WHOLE = 10  # lines of text up to which a table is not broken over pages
ROW_KEPT_WHOLE = 30  # and up to which a row is not: a longer one may not find room on any page

_PADDING = 2.3  # what the gaps of a column take, in letters
_FIGURE, _LABEL = 12, 9  # letters that stay on one line: of a figure with its unit or a verdict, of other text
_SMALLEST = 0.72  # of the usual size of table text: below, nobody can read it on paper


def typst(content: tree.Content) -> str:
    """Typst markup of ``content``, with every text as a string literal."""
    if isinstance(content, str):
        return typst_markup(content)
    if isinstance(content, tuple):
        return "".join(map(typst, content))
    return _WRITERS[type(content)](content)


def _list(contents: Iterable[tree.Content]) -> str:
    """An array of content."""
    return "".join(f"[{typst(content)}]," for content in contents)


def _pairs(pairs: Iterable[tuple[tree.Content, ...]]) -> str:
    """An array of arrays of content."""
    return "".join(f"({', '.join(f'[{typst(part)}]' for part in pair)})," for pair in pairs)


def _strings(texts: Iterable[str]) -> str:
    return "".join(f"{typst_text(line)}," for line in texts)


# ---------------------------------------------------------------- running text


def _link(part: tree.Link) -> str:
    if part.outside:
        return f"#link({typst_text(part.target)})[{typst(part.words)}];"
    return f'#ntm-link("{part.target}")[{typst(part.words)}];'


def _badge(part: tree.Badge) -> str:
    texts = ", ".join(map(typst_text, (part.mark, part.word, part.remark)))
    return f'#ntm-verdict("{part.verdict}", "{part.basis}", {texts});'


# ---------------------------------------------------------------- blocks


def _anchor(name: str) -> str:
    return f'#ntm-anchor("{anchor_name(name)}");' if name else ""


def _name(anchor: str) -> str:
    return anchor_name(anchor) if anchor else ""


def _paragraph(part: tree.Paragraph) -> str:
    body = f"#emph[{typst(part.text)}];" if part.italic else typst(part.text)
    block = f"{_anchor(part.anchor)}{'#ntm-lead' if part.lead else '#par'}[{body}]\n\n"
    return f"#block(sticky: true)[{block}]\n\n" if part.closing else block


def _items(part: tree.Items) -> str:
    items = "".join(f"[{typst(item).strip()}]," for item in part.items)
    return f"#{'enum' if part.ordered else 'list'}({items})\n\n"


def _callout(part: tree.Callout) -> str:
    head = f'"{part.kind}", anchor: "{_name(part.anchor)}", title: [{typst(part.title)}]'
    return f"#ntm-callout({head})[{typst(part.body)}]\n\n"


def _stack(part: tree.Stack) -> str:
    if not part.beside:
        return "".join(map(typst, part.blocks))
    widths = [block.width for block in part.blocks if isinstance(block, tree.Figure)]
    return f"#ntm-beside(({''.join(f'{width:g}fr,' for width in widths)}), {_list(part.blocks)})\n\n"


def _figure(part: tree.Figure) -> str:
    told = "; ".join(", ".join(filter(None, row)) for row in part.data[1:])
    alt = f"{part.alt} {told}.".strip() if told else part.alt
    return (
        f'#ntm-figure("{part.anchor}", svg: {typst_literal(part.svg)}, width: {part.width:g}pt, alt: {typst_text(alt)}, '
        f"caption: [{typst(part.caption)}], note: [{typst(part.note)}])\n\n"
    )


# ---------------------------------------------------------------- tables


def _table(part: tree.Table) -> str:
    lines = [_texts(part, row) for row in part.rows]
    widths, size = widths_of(part, lines)
    heights = _heights(widths, lines)
    whole = not part.is_fixed and sum(heights) <= KEPT_WHOLE
    columns = [f"{share:.4g}%" for share in part.percents()] if part.is_fixed else [f"{w:.4g}fr" for w in widths]
    rows = "".join(
        _row(part, row, part.is_fixed or height <= ROW_KEPT_WHOLE)
        for row, height in zip(part.rows, heights, strict=True)
    )
    return (
        f'#ntm-table("{anchor_name(part.anchor or text(part.caption))}", columns: ({"".join(f"{c}," for c in columns)}), '
        f"size: {size:.3g}, breakable: {'false' if whole else 'true'}, align: ({''.join(f'{c.align},' for c in part.columns)}), "
        f"caption: [{typst(part.caption)}], note: [{typst(part.note)}], header: ({_header(part)}),\n{rows})\n\n"
    )


def _texts(part: tree.Table, row: tree.Row) -> list[str]:
    return [text(shown(cell, part.language) or "") for cell in row.under(part.columns)]


def _header(part: tree.Table) -> str:
    """Headings; where some stand under a common one in two rows, each with the columns or rows that it spans."""
    if not any(column.above for column in part.columns):
        return _list(column.heading for column in part.columns)
    upper: list[tuple[str, tree.Content]] = []
    lower: list[tuple[str, tree.Content]] = []
    for above, group in groupby(part.columns, key=lambda column: column.above):
        columns = list(group)
        own, span = (lower, "colspan: 1") if above else (upper, "rowspan: 2")
        own += [(span, column.heading) for column in columns]
        upper += [(f"colspan: {len(columns)}", above)] if above else []
    return "".join(f"(({span}), [{typst(heading)}])," for span, heading in (*upper, *lower))


def _row(part: tree.Table, row: tree.Row, whole: bool) -> str:
    cells = [shown(cell, part.language) for cell in row.under(part.columns)]
    if row.kind == "group":
        return f"..ntm-group({len(part.columns)}, [{_anchor(row.name)}{typst(cells[0] or '')}]),\n"
    body = [_cell(column, cell) for column, cell in zip(part.columns, cells, strict=True)]
    if row.name and not part.columns[0].key:
        body[0] = f"[{_anchor(row.name)}{body[0][1:]}"
    return f'..ntm-row("{row.kind}", {"" if whole else "whole: false, "}{", ".join(body)}),\n'


def _cell(column: tree.Column, cell: tree.Content | None) -> str:
    if cell is None:
        return "none"
    return f"[#ntm-row-header[{typst(cell)}];]" if column.row_header else f"[{typst(cell)}]"


def widths_of(part: tree.Table, lines: list[list[str]]) -> tuple[list[float], float]:
    """Share of each column in the width of the page, and the size of the text relative to the usual.

    As a browser does it: every column gets its longest word; of what is left, those with a ``%``
    width get what they ask for, then the others what they would like. ``lines``: the words of the cells.
    """
    if part.is_fixed:
        return part.percents(), 1.0
    least, wished = zip(*(_needs(i, part, lines) for i in range(len(part.columns))), strict=True)
    size = max(_SMALLEST, min(1.0, _LINE / sum(least)))
    room = _LINE / size
    asking = [str(column.width).endswith("%") for column in part.columns]
    shares = [
        float(str(column.width)[:-1]) / 100 * room if asks else wish
        for column, asks, wish in zip(part.columns, asking, wished, strict=True)
    ]
    extra = [max(0.0, share - low) for share, low in zip(shares, least, strict=True)]
    spare = max(0.0, room - sum(least))
    asked = sum(more for more, asks in zip(extra, asking, strict=True) if asks)
    liked = sum(extra) - asked
    first = min(1.0, spare / asked) if asked else 0.0
    then = (spare - first * asked) / liked if liked else 0.0
    return [low + more * (first if asks else then) for low, more, asks in zip(least, extra, asking, strict=True)], size


def _heights(widths: list[float], lines: list[list[str]]) -> list[int]:
    """Lines of text that each row takes, about."""
    return [
        max(
            (ceil(len(cell) / max(1.0, width - _PADDING)) for cell, width in zip(line, widths, strict=False)), default=1
        )
        or 1
        for line in lines
    ]


def _needs(index: int, part: tree.Table, lines: list[list[str]]) -> tuple[float, float]:
    """Letters that the column must have (its longest word, a whole short figure) and would like to have (its longest line)."""
    column = part.columns[index]
    cells = [line[index] for line, row in zip(lines, part.rows, strict=True) if row.kind != "group"]
    texts = [text(full_heading(column)), *cells]
    word = max((min(len(word), 17) for cell in texts for word in cell.replace("\n", " ").split(" ")), default=1)
    longest = max(len(piece) for cell in texts for piece in cell.split("\n"))
    least = max(word, min(longest, _LABEL if column.align == "left" else _FIGURE))
    return least + _PADDING, max(least, min(longest, 70)) + _PADDING


# ---------------------------------------------------------------- official papers


def _letterhead(part: tree.Letterhead) -> str:
    names = ("nation", "motto", "number", "place", "kind", "subject")
    arguments = ", ".join(f"{name}: {typst_text(getattr(part, name))}" for name in names)
    return f"#official-letterhead(agencies: ({_strings(part.agencies)}), {arguments})\n\n"


def _signature(part: tree.Signature) -> str:
    lists = {"recipients": part.recipients, "signer": part.signer, "below": part.below}
    arguments = ", ".join(f"{name}: ({_strings(lines)})" for name, lines in lists.items())
    return f"#official-signature(heading: {typst_text(part.heading)}, {arguments}, hint: {typst_text(part.hint)})\n\n"


def _leaf(part: tree.Leaf) -> str:
    head = ", ".join(f"{name}: [{typst(getattr(part, name))}]" for name in ("title", "hint", "heading"))
    lists = f"lines: ({_pairs(part.lines)}), points: ({_list(cell for point in part.points for cell in point)}), columns: ({_list(part.columns)})"
    return f"#official-leaf({head}, {lists})\n\n"


def _annex(part: tree.Annex) -> str:
    head = ", ".join(f"[{typst(words)}]" for words in (part.label, part.title, part.reference, part.unit))
    below = f"[{typst(part.table.note)}], ({_list(part.signers)})"
    return (
        f'#official-annex("{anchor_name(part.label)}", {head}, {below})[\n{_table(replace(part.table, note=""))}]\n\n'
    )


_WRITERS: dict[type, Callable[[Any], str]] = {
    tree.Styled: lambda part: f"#{_FUNCTIONS[part.look]}[{typst(part.words)}];",
    tree.Break: lambda part: "#linebreak();",
    tree.Link: _link,
    tree.Badge: _badge,
    tree.Legend: lambda part: f"#ntm-legend[{'#linebreak();'.join(map(typst, part.items))}];",
    tree.Rendered: lambda part: part.typst,
    tree.Stack: _stack,
    tree.Title: lambda part: f"#ntm-title({typst_text(part.kind)}, {typst_text(part.subject)})\n\n",
    tree.Heading: lambda part: f'#ntm-heading({part.level}, "{heading_anchor(part)}")[{typst(heading_text(part))}]\n\n',
    tree.Paragraph: _paragraph,
    tree.Items: _items,
    tree.Callout: _callout,
    tree.Facts: lambda part: f"#ntm-facts({_pairs(part.pairs)})\n\n",
    tree.Cards: lambda part: f"#ntm-cards({_pairs(part.items)})\n\n",
    tree.Figure: _figure,
    tree.Preformatted: lambda part: f"#ntm-pre[{'#linebreak();'.join(map(typst_markup, part.lines))}]\n\n",
    tree.Details: lambda part: f'#ntm-details("{_name(part.anchor)}", [{typst(part.summary)}])[{typst(part.body)}]\n\n',
    tree.Only: lambda part: typst(part.body) if part.medium == "paper" else "",
    tree.PageBreak: lambda part: "#pagebreak(weak: true)\n\n",
    tree.Rule: lambda part: "#line(length: 100%, stroke: 0.5pt);\n\n",
    tree.Table: _table,
    tree.Letterhead: _letterhead,
    tree.Signature: _signature,
    tree.Leaf: _leaf,
    tree.Annex: _annex,
}
