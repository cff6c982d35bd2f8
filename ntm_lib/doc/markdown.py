"""The Markdown of notebook cells as blocks: headings, paragraphs, lists, quotes, code, bold, italics, links, tables.

HTML inside Markdown is shown as text. Pictures are not supported: figures are blocks of their own.
"""

from functools import cache
from typing import Any

from ntm_lib.doc import blocks, tree
from ntm_lib.doc.blocks import Block, Inline, inline


def markdown_block(source: str) -> Block:
    """Markdown as one block."""
    return blocks.stack(*(_block(token) for token in _parser()(source) if token["type"] != "blank_line"))


@cache
def _parser() -> Any:
    from mistune import create_markdown

    return create_markdown(renderer="ast", plugins=["table"])


def _block(token: dict[str, Any]) -> Block:
    kind = token["type"]
    if kind == "heading":
        return blocks.heading(_inline(token), token["attrs"]["level"])
    if kind in ("paragraph", "block_text"):
        return blocks.paragraph(_inline(token))
    if kind == "list":
        items = [_item(item) for item in token["children"]]
        return blocks.bullets(items, ordered=token["attrs"]["ordered"])
    if kind == "block_quote":
        return blocks.callout("info", *(_block(child) for child in token["children"] if child["type"] != "blank_line"))
    if kind == "table":
        return _table(token)
    if kind == "thematic_break":
        return Block(tree.Rule())
    if kind == "block_code":
        return blocks.preformatted(token["raw"])
    return blocks.paragraph(token.get("raw", ""))


def _item(token: dict[str, Any]) -> Block:
    parts = [child for child in token["children"] if child["type"] != "blank_line"]
    return blocks.stack(*(blocks.as_block(_inline(p)) if p["type"] == "block_text" else _block(p) for p in parts))


def _table(token: dict[str, Any]) -> Block:
    head, *body = token["children"]
    heads = [_inline(cell) for cell in head["children"]]
    sides = [cell["attrs"]["align"] or "left" for cell in head["children"]]
    rows = [[_inline(cell) for cell in row["children"]] for part in body for row in part["children"]]
    caption = blocks.join(heads, " – ")
    return blocks.table(heads, rows, caption, sides)


def _inline(token: dict[str, Any]) -> Inline:
    return inline(*(_span(child) for child in token.get("children", [])))


def _span(token: dict[str, Any]) -> Inline | str:
    kind = token["type"]
    if kind == "strong":
        return blocks.strong(_inline(token))
    if kind == "emphasis":
        return blocks.emphasis(_inline(token))
    if kind == "codespan":
        return blocks.code(token["raw"])
    if kind == "link":
        return blocks.link(_inline(token), token["attrs"]["url"])
    if kind == "linebreak":
        return blocks.line_break()
    if kind == "softbreak":
        return " "
    return _inline(token) if "children" in token else inline(token.get("raw", ""))
