"""An official document as a block: the HTML of a notebook or page, and the Typst of its PDF (``templates/official.typ``)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from ntm_lib.doc import blocks
from ntm_lib.doc.markup import Block, anchor_name, html_text, inline, typst_markup, typst_text
from ntm_lib.doc.paper import (
    AnnexPage,
    Bases,
    Heading,
    Item,
    Leaf,
    Letterhead,
    OfficialDocument,
    Paragraph,
    Part,
    Signature,
    Table,
)


def to_block(document: OfficialDocument) -> Block:
    """The document in HTML, Typst and plain text; the same words in each."""
    return blocks.stack(*_blocks(document.parts))


def _blocks(parts: Iterable[Part]) -> Iterator[Block]:
    """Blocks of the parts; neighbouring lines of a list become one list."""
    for kind, found in groupby(parts, key=type):
        if kind is Item:
            yield _list(list(found))
        else:
            yield from map(_RENDERERS[kind], found)


def _heading(part: Heading) -> Block:
    text = f"{part.number} {part.text}".strip()
    return blocks.heading(text, part.level + 1, anchor=f"{part.number}-{part.text[:60]}")


def _paragraph(part: Paragraph) -> Block:
    block = blocks.paragraph(blocks.emphasis(part.text) if part.italic else part.text)
    return Block(block.html, f"#block(sticky: true)[{block.typst}]\n\n", block.text) if part.closing else block


def _list(items: list[Item]) -> Block:
    """A list; lines of level 2 stand inside the line above them."""
    lines: list[tuple[str, list[str]]] = []
    for item in items:
        if item.level == 1 or not lines:
            lines.append((item.text, []))
        else:
            lines[-1][1].append(item.text)
    return blocks.bullets(
        blocks.stack(blocks.as_block(text), blocks.bullets(inner)) if inner else text for text, inner in lines
    )


def _bases(part: Bases) -> Block:
    html = "".join(f"<p><em>{html_text(line)}</em></p>\n" for line in part.lines)
    typst = "".join(f"[{typst_markup(line)}]," for line in part.lines)
    return Block(html, f"#official-bases({typst})\n\n", "".join(f"{line}\n" for line in part.lines))


def _leaf(part: Leaf) -> Block:
    """On paper only: on a screen the report says all of it."""
    lines = "".join(f"([{typst_markup(word)}], [{typst_markup(text)}])," for word, text in part.lines)
    points = "".join(f"[{typst_markup(text)}]," for text in part.points)
    columns = "".join(f"[{typst_markup(text)}]," for text in part.columns)
    head = f"title: [{typst_markup(part.title)}], hint: [{typst_markup(part.hint)}], heading: [{typst_markup(part.heading)}]"
    words = [part.title, part.hint, *(f"{word}: {text}" for word, text in part.lines), part.heading, *part.points]
    return Block(
        "",
        f"#official-leaf({head}, lines: ({lines}), points: ({points}), columns: ({columns}))\n\n",
        "\n".join(words) + "\n",
    )


def _letterhead(part: Letterhead) -> Block:
    agencies = [f"<p>{html_text(name)}</p>" for name in part.agencies[:-1]] + [
        f"<p><strong>{html_text(part.agencies[-1])}</strong></p>"
    ]
    html = (
        f'<header class="letterhead"><div class="letterhead-agency">{"".join(agencies)}<p>{html_text(part.number)}</p></div>'
        f'<div class="letterhead-nation"><p><strong>{html_text(part.nation)}</strong></p><p class="motto"><strong>{html_text(part.motto)}</strong></p>'
        f"<p><em>{html_text(part.place)}</em></p></div></header>\n"
        f'<h1 id="top"><span class="kind">{html_text(part.kind)}</span> {html_text(part.subject)}</h1>\n'
    )
    texts = {
        name: typst_text(getattr(part, name)) for name in ("nation", "motto", "number", "place", "kind", "subject")
    }
    arguments = ", ".join(f"{name}: {text}" for name, text in texts.items())
    typst = f"#official-letterhead(agencies: ({''.join(typst_text(name) + ',' for name in part.agencies)}), {arguments})\n\n"
    return Block(
        html,
        typst,
        "\n".join([*part.agencies, part.nation, part.motto, part.number, part.place, part.kind, part.subject]) + "\n",
    )


def _signature(part: Signature) -> Block:
    recipients = "".join(f"<p>{html_text(line)}</p>" for line in part.recipients)
    signer, below = (
        "".join(f"<p><strong>{html_text(line)}</strong></p>" for line in lines) for lines in (part.signer, part.below)
    )
    html = (
        f'<footer class="signature"><div class="recipients"><p><strong><em>{html_text(part.heading)}</em></strong></p>{recipients}</div>'
        f'<div class="signer">{signer}<p><em>{html_text(part.hint)}</em></p>{below}</div></footer>\n'
    )
    lists = {"recipients": part.recipients, "signer": part.signer, "below": part.below}
    arguments = ", ".join(
        f"{name}: ({''.join(typst_text(line) + ',' for line in lines)})" for name, lines in lists.items()
    )
    typst = f"#official-signature(heading: {typst_text(part.heading)}, {arguments}, hint: {typst_text(part.hint)})\n\n"
    return Block(html, typst, "\n".join([part.heading, *part.recipients, *part.signer, part.hint, *part.below]) + "\n")


def _table(part: Table) -> Block:
    html = blocks.table(_columns(part), _html_rows(part), part.caption, row_classes=_row_classes(part), note=part.note)
    return Block(html.html, _typst_table(part), html.text)


def _columns(part: Table) -> list[blocks.Column]:
    whole = sum(column.width for column in part.columns)
    return [
        blocks.Column(column.full_heading, column.align, f"{100 * column.width / whole:.0f}%")
        for column in part.columns
    ]


def _html_rows(part: Table) -> Iterator:
    for kind, row in zip(part.kinds, part.rows, strict=True):
        if kind == "group":
            yield blocks.group(row[0] or "")
        else:
            yield [blocks.strong(cell) if kind == "head" and cell else cell or "" for cell in row]


def _row_classes(part: Table) -> list[str]:
    return ["total" if kind == "total" else "" for kind in part.kinds]


def _typst_table(part: Table, caption: bool = True) -> str:
    whole = sum(column.width for column in part.columns)
    widths = "".join(f"{100 * column.width / whole:.4g}%," for column in part.columns)
    rows = "".join(_typst_row(kind, row) for kind, row in zip(part.kinds, part.rows, strict=True))
    shown = typst_markup(part.caption) if caption else ""
    return (
        f"#official-table(columns: ({widths}), align: ({''.join(column.align + ',' for column in part.columns)}), caption: [{shown}], "
        f"note: [{typst_markup(part.note)}], header: ({_typst_header(part)}),\n{rows})\n\n"
    )


def _typst_header(part: Table) -> str:
    """Headings in one row, or in two where some stand under a common one: (span, body) each."""
    depth = 2 if any(column.above for column in part.columns) else 1
    upper, lower = [], []
    for above, group in groupby(part.columns, key=lambda column: column.above):
        columns = list(group)
        own, span = (lower, "colspan: 1") if above else (upper, f"rowspan: {depth}")
        own += [(span, column.heading) for column in columns]
        upper += [(f"colspan: {len(columns)}", above)] if above else []
    return "".join(f"(({span}), [{typst_markup(text)}])," for span, text in (*upper, *lower))


def _typst_row(kind: str, row: tuple[str | None, ...]) -> str:
    cells = ", ".join("none" if cell is None else f"[{typst_markup(cell)}]" for cell in row)
    return f'..official-row("{kind}", {len(row)}, {cells}),\n'


def _annex(part: AnnexPage) -> Block:
    """On paper only: on a screen the workbook is the annex."""
    typst = (
        f'#official-annex("{anchor_name(part.label)}", [{typst_markup(part.label)}], [{inline(part.title).typst}], [{typst_markup(part.reference)}])'
        f"[\n{_typst_table(part.table, caption=False)}]\n\n"
    )
    return Block("", typst, f"{part.label}. {part.title}\n")


_RENDERERS: dict[type, Callable[..., Block]] = {
    Leaf: _leaf,
    Heading: _heading,
    Paragraph: _paragraph,
    Bases: _bases,
    Letterhead: _letterhead,
    Signature: _signature,
    Table: _table,
    AnnexPage: _annex,
}
