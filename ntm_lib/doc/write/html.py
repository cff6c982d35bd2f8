"""The tree as HTML: classes of ``templates/report.css``, elements that say by themselves what they are."""

from collections.abc import Callable
from html import escape
from typing import Any

from ntm_lib.doc import tree
from ntm_lib.doc.markup import anchor_name, html_attribute, html_text
from ntm_lib.doc.write.text import full_heading, heading_text, shown, text

_STYLED = {
    "strong": "<strong>{}</strong>",
    "em": "<em>{}</em>",
    "muted": '<span class="muted">{}</span>',
    "code": "<code>{}</code>",
}
_SIDES = {"left": "", "right": "r", "center": "c"}


def html(content: tree.Content) -> str:
    """HTML of ``content``, with every text escaped."""
    if isinstance(content, str):
        return html_text(content)
    if isinstance(content, tuple):
        return "".join(map(html, content))
    return _WRITERS[type(content)](content)


# ---------------------------------------------------------------- running text


def _link(part: tree.Link) -> str:
    target = escape(part.target) if part.outside else f"#{part.target}"
    return f'<a href="{target}">{html(part.words)}</a>'


def _badge(part: tree.Badge) -> str:
    small = f" <small>{escape(part.remark)}</small>" if part.remark else ""
    mark = f'<i aria-hidden="true">{part.mark}</i>'
    kind = f"{part.verdict} {part.basis or 'none'}"
    return f'<span class="verdict {kind}"><b>{mark} <span>{escape(part.word)}</span></b>{small}</span>'


# ---------------------------------------------------------------- blocks


def _id(anchor: str) -> str:
    return f' id="{anchor_name(anchor)}"' if anchor else ""


def heading_anchor(part: tree.Heading) -> str:
    """The name under which links find a heading."""
    words = text(part.text)
    return anchor_name(part.anchor or (f"{part.number}-{words[:60]}" if part.number else words))


def _title(part: tree.Title | tree.Letterhead) -> str:
    return f'<h1 id="top"><span class="kind">{html_text(part.kind)}</span> {html_text(part.subject)}</h1>\n'


def _paragraph(part: tree.Paragraph) -> str:
    body = f"<em>{html(part.text)}</em>" if part.italic else html(part.text)
    lead = ' class="lead"' if part.lead else ""
    return f"<p{_id(part.anchor)}{lead}>{body}</p>\n"


def _items(part: tree.Items) -> str:
    tag = "ol" if part.ordered else "ul"
    items = "".join(f"<li>{html(item).strip()}</li>\n" for item in part.items)
    return f"<{tag}>\n{items}</{tag}>\n"


def _callout(part: tree.Callout) -> str:
    title = f'<span class="callout-title">{html(part.title)}</span>' if part.title else ""
    head = f'<p class="callout-head">{title}</p>'
    return f'<div class="callout {part.kind}"{_id(part.anchor)} role="note">{head}{html(part.body)}</div>\n'


def _facts(part: tree.Facts) -> str:
    rows = "".join(f"<div><dt>{html(term)}</dt><dd>{html(body)}</dd></div>\n" for term, body in part.pairs)
    return f'<dl class="facts">\n{rows}</dl>\n'


def _card(big: tree.Content, label: tree.Content, note: tree.Content) -> str:
    extra = f'<dd class="card-note">{html(note)}</dd>' if text(note) else ""
    return f'<div><dt>{html(label)}</dt><dd class="card-big">{html(big)}</dd>{extra}</div>\n'


def _stack(part: tree.Stack) -> str:
    blocks = "".join(map(html, part.blocks))
    if not part.beside:
        return blocks
    return f'<div class="beside">\n{blocks}</div>\n'


def _figure(part: tree.Figure) -> str:
    note = f'<p class="note">{html(part.note)}</p>' if part.note else ""
    caption = f"<figcaption>{html(part.caption)}{note}</figcaption>"
    return f'<figure id="{part.anchor}">\n<div class="drawing">{part.svg}</div>\n{caption}\n{_data(part)}</figure>\n'


def _data(part: tree.Figure) -> str:
    """The figures of a drawing as a table that unfolds; it has no number, since paper does not show it."""
    if not part.data:
        return ""
    heads, *rows = part.data
    head = "".join(f'<th scope="col">{html_text(cell)}</th>' for cell in heads)
    body = "".join(
        f'<tr><th scope="row">{html_text(row[0])}</th>{"".join(f"<td>{html_text(cell)}</td>" for cell in row[1:])}</tr>\n'
        for row in rows
    )
    named = f'aria-labelledby="{part.anchor}-title {part.anchor}-data"'
    table = f"<table {named}><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"
    box = f'<div class="table-box" role="region" tabindex="0" {named}>{table}</div>'
    return f'<details class="data"><summary id="{part.anchor}-data"></summary>\n{box}</details>\n'


def _details(part: tree.Details) -> str:
    opened = " open" if part.opened else ""
    summary = f"<summary>{html(part.summary)}</summary>"
    return f"<details{_id(part.anchor)}{opened}>{summary}\n{html(part.body)}</details>\n"


# ---------------------------------------------------------------- tables


def _table(part: tree.Table) -> str:
    name = anchor_name(part.anchor or text(part.caption))
    may_scroll = part.on_phone in ("scroll", "table")  # those may be wider than a phone
    box = f' role="region" tabindex="0" aria-labelledby="{name}-caption"' if may_scroll else ""
    heads = "".join(f'<th scope="col"{_class(c)}>{html(full_heading(c))}</th>' for c in part.columns)
    body = "".join(_row(part, row) for row in part.rows)
    foot = f'<p class="note">{html(part.note)}</p>' if text(part.note) else ""
    caption = f'<caption id="{name}-caption">{html(part.caption)}</caption>'
    return (
        f'<div class="table-box on-phone-{part.on_phone}"{box}>\n<table id="{name}">{caption}\n'
        f"<colgroup>{''.join(map(_col, _widths(part)))}</colgroup>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{body}</tbody></table>{foot}</div>\n"
    )


def _widths(part: tree.Table) -> list[str]:
    return [f"{share:.0f}%" for share in part.percents()] if part.is_fixed else [str(c.width) for c in part.columns]


def _col(width: str) -> str:
    return f'<col style="width:{html_attribute(width)}">' if width else "<col>"


def _row(part: tree.Table, row: tree.Row) -> str:
    cells = row.under(part.columns)
    if row.kind == "group":
        first = html(shown(cells[0], part.language) or "")
        return (
            f'<tr class="group"{_id(row.name)}><th scope="rowgroup" colspan="{len(part.columns)}">{first}</th></tr>\n'
        )
    kind = f' class="{row.kind}"' if row.kind not in ("", "head") else ""
    body = "".join(
        _cell(c, shown(cell, part.language) or "", row.kind) for c, cell in zip(part.columns, cells, strict=True)
    )
    return f"<tr{kind}{_id(row.name)}>{body}</tr>\n"


def _cell(column: tree.Column, cell: tree.Content, kind: str) -> str:
    body = f"<strong>{html(cell)}</strong>" if kind == "head" and cell else html(cell)
    if column.row_header:
        return f'<th scope="row"{_class(column)}>{body}</th>'
    void = text(cell).strip() in ("", "–")
    return f'<td{_class(column, void)} data-label="{html_attribute(text(full_heading(column)))}">{body}</td>'


def _class(column: tree.Column, void: bool = False) -> str:
    """Side of the text, and whether the cell says nothing: a card on a phone leaves it out."""
    names = " ".join(filter(None, (_SIDES[column.align], "void" if void else "")))
    return f' class="{names}"' if names else ""


# ---------------------------------------------------------------- official papers


def _strong_lines(lines: tuple[str, ...]) -> str:
    return "".join(f"<p><strong>{html_text(line)}</strong></p>" for line in lines)


def _plain_lines(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{html_text(line)}</p>" for line in lines)


def _letterhead(part: tree.Letterhead) -> str:
    agencies = _plain_lines(part.agencies[:-1]) + _strong_lines(part.agencies[-1:]) + _plain_lines((part.number,))
    motto = f'<p class="motto"><strong>{html_text(part.motto)}</strong></p>'
    nation = f"{_strong_lines((part.nation,))}{motto}<p><em>{html_text(part.place)}</em></p>"
    return (
        f'<header class="letterhead"><div class="letterhead-agency">{agencies}</div>'
        f'<div class="letterhead-nation">{nation}</div></header>\n{_title(part)}'
    )


def _signature(part: tree.Signature) -> str:
    head = f"<p><strong><em>{html_text(part.heading)}</em></strong></p>"
    signer = f"{_strong_lines(part.signer)}<p><em>{html_text(part.hint)}</em></p>{_strong_lines(part.below)}"
    return (
        f'<footer class="signature"><div class="recipients">{head}{_plain_lines(part.recipients)}</div>'
        f'<div class="signer">{signer}</div></footer>\n'
    )


_WRITERS: dict[type, Callable[[Any], str]] = {
    tree.Styled: lambda part: _STYLED[part.look].format(html(part.words)),
    tree.Break: lambda part: "<br>",
    tree.Link: _link,
    tree.Badge: _badge,
    tree.Legend: lambda part: "".join(f'<span class="legend-item">{html(item)}</span>' for item in part.items),
    tree.Rendered: lambda part: part.html,
    tree.Stack: _stack,
    tree.Title: _title,
    tree.Heading: lambda part: (
        f'<h{part.level} id="{heading_anchor(part)}">{html(heading_text(part))}</h{part.level}>\n'
    ),
    tree.Paragraph: _paragraph,
    tree.Items: _items,
    tree.Callout: _callout,
    tree.Facts: _facts,
    tree.Cards: lambda part: f'<dl class="cards">\n{"".join(_card(*item) for item in part.items)}</dl>\n',
    tree.Figure: _figure,
    tree.Preformatted: lambda part: f'<pre tabindex="0">{chr(10).join(map(html_text, part.lines))}</pre>\n',
    tree.Details: _details,
    tree.Only: lambda part: html(part.body) if part.medium == "screen" else "",
    tree.PageBreak: lambda part: '<div class="page-break"></div>\n',
    tree.Rule: lambda part: "<hr>\n",
    tree.Table: _table,
    tree.Letterhead: _letterhead,
    tree.Signature: _signature,
    tree.Leaf: lambda part: "",  # on paper only: on a screen the report says all of it
    tree.Annex: lambda part: "",  # on paper only: on a screen the workbook is the annex
}
