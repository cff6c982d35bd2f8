"""The blocks that a report is made of; each carries its HTML, its Typst and its plain form.

Both exporters show the same words because both take them from here. Typst functions named
``ntm-…`` are defined in ``templates/report.typ``, CSS classes in ``templates/report.css``. A table
needs a caption and a figure a text alternative: ValueError says so. Nothing here knows the domain.
"""

from ntm_lib.doc.markup import (
    Block,
    Inline,
    anchor_name,
    clean,
    code,
    emphasis,
    html_attribute,
    html_text,
    inline,
    join,
    line_break,
    link,
    muted,
    nowrap,
    strong,
    typst_markup,
    typst_text,
)
from ntm_lib.doc.table import Column, Group, group, table

__all__ = [
    "Block",
    "Column",
    "Group",
    "Inline",
    "anchor_name",
    "bullets",
    "callout",
    "cards",
    "clean",
    "code",
    "contents",
    "details",
    "emphasis",
    "facts",
    "figure",
    "footer",
    "group",
    "heading",
    "html_attribute",
    "html_text",
    "inline",
    "join",
    "landscape",
    "line_break",
    "link",
    "muted",
    "nowrap",
    "page_break",
    "paper",
    "paragraph",
    "preformatted",
    "screen",
    "stack",
    "strong",
    "table",
    "typst_markup",
    "typst_text",
]

CALLOUTS = ("info", "warning", "error", "scenario")

Content = Inline | str | Block


def heading(text: Inline | str, level: int = 2, anchor: str = "") -> Block:
    """A heading; level 1 is the title of the document (one only), levels below follow one another
    without a gap. Without an anchor it gets one from its text.
    """
    if not 1 <= level <= 6:
        raise ValueError(f"level of a heading is 1 to 6, not {level}")
    body = inline(text)
    name = anchor_name(anchor or body.text)
    typst = f'#ntm-heading({level}, "{name}")[{body.typst}]\n\n'
    return Block(f'<h{level} id="{name}">{body.html}</h{level}>\n', typst, body.text + "\n")


def paragraph(*parts: Inline | str, anchor: str = "", lead: bool = False) -> Block:
    """Running text. ``lead``: it leads to the block below and is never parted from it by the end of a page."""
    body = inline(*parts)
    name = anchor_name(anchor) if anchor else ""
    html_id = f' id="{name}"' if name else ""
    html_class = ' class="lead"' if lead else ""
    typst = f'#ntm-anchor("{name}");' if name else ""
    typst += f"#ntm-lead[{body.typst}]\n\n" if lead else f"#par[{body.typst}]\n\n"
    return Block(f"<p{html_id}{html_class}>{body.html}</p>\n", typst, body.text + "\n")


def bullets(items, ordered: bool = False) -> Block:
    """A list; an item is text or a block (a stack of a paragraph and a further list, for instance)."""
    parts = [as_block(item) for item in items]
    if not parts:
        return Block("", "", "")
    tag, function = ("ol", "enum") if ordered else ("ul", "list")
    html = "".join(f"<li>{part.html.strip()}</li>\n" for part in parts)
    typst = "".join(f"[{part.typst.strip()}]," for part in parts)
    text = "".join(f"- {part.text.rstrip()}\n" for part in parts)
    return Block(f"<{tag}>\n{html}</{tag}>\n", f"#{function}({typst})\n\n", text)


def as_block(content: Content) -> Block:
    """Text as a block without a paragraph around it; a block as it is."""
    if isinstance(content, Block):
        return content
    body = inline(content)
    return Block(body.html, body.typst, body.text)


def callout(kind: str, *content: Content, title: Inline | str = "", anchor: str = "") -> Block:
    """A box that says by word, sign and frame what it is: info, warning, error or scenario.

    The word ("Cảnh báo", "Warning") comes with the language of the document; ``title`` stands
    beside it. Blocks among the content keep their own paragraphs.
    """
    if kind not in CALLOUTS:
        raise ValueError(f"kind of a callout is one of {CALLOUTS}, not {kind!r}")
    head, body = inline(title), _flow(content)
    name = anchor_name(anchor) if anchor else ""
    html_id = f' id="{name}"' if name else ""
    title_html = f'<span class="callout-title">{head.html}</span>' if title else ""
    html = (
        f'<div class="callout {kind}"{html_id} role="note"><p class="callout-head">{title_html}</p>{body.html}</div>\n'
    )
    typst = f'#ntm-callout("{kind}", anchor: "{name}", title: [{head.typst}])[{body.typst}]\n\n'
    return Block(html, typst, f"[{kind}] {head.text}\n{body.text}".strip() + "\n")


def _flow(content: tuple[Content, ...]) -> Block:
    """Blocks in their order; neighbouring pieces of text become one paragraph."""
    done: list[Block] = []
    run: list[Inline | str] = []
    for part in (*content, None):
        if isinstance(part, Block) or part is None:
            if run:
                done.append(paragraph(*run))
            run = []
            done += [part] if part else []
        else:
            run.append(part)
    return stack(*done)


def facts(pairs) -> Block:
    """Definitions: term and description, one pair a line."""
    rows = [(inline(term), as_block(description)) for term, description in pairs]
    html = "".join(f"<div><dt>{term.html}</dt><dd>{text.html}</dd></div>\n" for term, text in rows)
    typst = "".join(f"([{term.typst}], [{text.typst}])," for term, text in rows)
    text = "".join(f"{term.text}: {text.text.rstrip()}\n" for term, text in rows)
    return Block(f'<dl class="facts">\n{html}</dl>\n', f"#ntm-facts({typst})\n\n", text)


def cards(items) -> Block:
    """Key figures: (big number, label, note) each; the note may be empty or missing."""
    rows = [[inline(part) for part in (*item, "")[:3]] for item in items]
    html = "".join(_card_html(*row) for row in rows)
    typst = "".join(f"([{big.typst}], [{label.typst}], [{note.typst}])," for big, label, note in rows)
    text = "".join(f"{label.text}: {big.text}{f' ({note.text})' if note.text else ''}\n" for big, label, note in rows)
    return Block(f'<dl class="cards">\n{html}</dl>\n', f"#ntm-cards({typst})\n\n", text)


def _card_html(big: Inline, label: Inline, note: Inline) -> str:
    extra = f'<dd class="card-note">{note.html}</dd>' if note.text else ""
    return f'<div><dt>{label.html}</dt><dd class="card-big">{big.html}</dd>{extra}</div>\n'


def figure(fig, caption: Inline | str, alt: str, anchor: str = "", note: Inline | str = "") -> Block:
    """A matplotlib figure as SVG whose words stay words. ``alt`` gives the figures that the picture shows.

    Raises ValueError where caption or alt is missing.
    """
    from ntm_lib.doc.svg import drawing

    head, foot = inline(caption), inline(note)
    if not head.text.strip() or not alt.strip():
        raise ValueError("a figure needs a caption and a text alternative")
    name = anchor_name(anchor or head.text)
    picture = drawing(fig, name, title=head.text, description=clean(alt))
    foot_html = f'<p class="note">{foot.html}</p>' if note else ""
    html = f'<figure id="{name}">\n<div class="drawing">{picture.svg}</div>\n<figcaption>{head.html}{foot_html}</figcaption>\n</figure>\n'
    typst = (
        f'#ntm-figure("{name}", svg: {picture.typst}, width: {picture.width:g}pt, alt: {typst_text(alt)}, '
        f"caption: [{head.typst}], note: [{foot.typst}])\n\n"
    )
    return Block(html, typst, f"{head.text}\n{clean(alt)}\n")


def preformatted(text: str) -> Block:
    """Lines as they are, in letters of one width: a command, a piece of a file."""
    lines = [clean(line) for line in text.splitlines()]
    html = "\n".join(html_text(line) for line in lines)
    typst = "#linebreak();".join(typst_markup(line) for line in lines)
    return Block(f'<pre tabindex="0">{html}</pre>\n', f"#ntm-pre[{typst}]\n\n", "\n".join(lines) + "\n")


def details(summary: Inline | str, *content: Content, opened: bool = False, anchor: str = "") -> Block:
    """Content that a reader may unfold; on paper and in the PDF it is always open."""
    head, body = inline(summary), _flow(content)
    name = anchor_name(anchor) if anchor else ""
    html_id = f' id="{name}"' if name else ""
    html = f"<details{html_id}{' open' if opened else ''}><summary>{head.html}</summary>\n{body.html}</details>\n"
    typst = f'#ntm-details("{name}", [{head.typst}])[{body.typst}]\n\n'
    return Block(html, typst, f"{head.text}\n{body.text}")


def stack(*blocks: Block) -> Block:
    """Blocks one below the other."""
    wrong = [type(block).__name__ for block in blocks if not isinstance(block, Block)]
    if wrong:
        raise TypeError(f"stack takes blocks, not {wrong}")
    return Block(
        "".join(b.html for b in blocks), "".join(b.typst for b in blocks), "\n".join(b.text for b in blocks if b.text)
    )


def landscape(*blocks: Block) -> Block:
    """Blocks on pages of their own, turned for wide tables; on a screen they just follow."""
    body = stack(*blocks)
    return Block(f'<div class="landscape">{body.html}</div>\n', f"#ntm-landscape[\n{body.typst}]\n\n", body.text)


def screen(block: Block) -> Block:
    """The block on the page alone: the PDF, which is read and filed, leaves it out."""
    return Block(block.html, "", block.text)


def paper(block: Block) -> Block:
    """The block in the PDF alone, in place of one that is too long for it."""
    return Block("", block.typst, "")


def page_break() -> Block:
    """A new page, in the PDF and when the HTML is printed."""
    return Block('<div class="page-break"></div>\n', "#pagebreak(weak: true)\n\n", "")


def contents(depth: int = 2) -> Block:
    """Table of contents with page numbers in the PDF; the HTML has its navigation anyway."""
    return Block("", f"#ntm-contents({depth})\n\n", "")


def footer(*parts: Inline | str) -> Block:
    """A closing remark in small type: how the report was made, where its data lie."""
    body = inline(*parts)
    return Block(f'<p class="footer">{body.html}</p>\n', f"#ntm-footer[{body.typst}]\n\n", body.text + "\n")
