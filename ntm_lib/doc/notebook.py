"""What a notebook says about itself (title, language, scenario, date), and its cells as blocks.

Of Markdown: headings, paragraphs, lists, quotes, code, bold, italics, links, tables. HTML inside it is shown as text; pictures are not
supported: figures are blocks of their own.
"""

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

from ntm_lib.doc import blocks, tree
from ntm_lib.doc.blocks import Block, Inline, Rendered, inline
from ntm_lib.doc.markup import clean
from ntm_lib.language import LANGUAGES, translator


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


# ---------------------------------------------------------------- the notebook and its cells


TYPST = "text/vnd.typst"
CALENDAR = "text/calendar"  # what a block that holds one is stored as, beside its other forms
NOTEBOOK_ONLY = {"notebook-only", "remove_cell"}
LONGEST_LINE = 160  # letters of the scenario's name on every page

_FIRST_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Document:
    """Properties of the published file. ``scenario`` is the line every page carries; empty: the real figures."""

    title: str
    language: str
    scenario: str
    date: str
    author: str
    description: str


def describe(notebook: Any, body_html: str) -> Document:
    """Properties from the notebook's metadata: ``title``, ``ntm`` (title, language, scenario_title,
    date, author, description) and the parameters that papermill recorded.

    The title is else the first heading of the page, the date the last day of the year judged: a
    published file never carries the clock of the machine that made it.
    """
    own = dict(notebook.metadata.get("ntm", {}))
    parameters = {**notebook.metadata.get("papermill", {}).get("parameters", {}), **own.get("parameters", {})}
    language = own.get("language") or parameters.get("language") or "vi"
    language = language if language in LANGUAGES else "vi"
    t = translator(language)
    title = notebook.metadata.get("title") or own.get("title") or first_heading(body_html) or t("Báo cáo nông thôn mới")
    year = str(parameters.get("year", ""))
    scenario = (
        own.get("scenario_title") or parameters.get("scenario") or parameters.get("compared", "").replace(",", ", ")
    )
    date = own.get("date") or (f"{year}-12-31" if re.fullmatch(r"\d{4}", year) else "2000-01-01")
    return Document(
        clean(title),
        language,
        scenario_line(scenario, language),
        date,
        clean(own.get("author", "")),
        clean(own.get("description", "")),
    )


def scenario_line(name: str, language: str) -> str:
    """What every page of a document made under the scenario ``name`` carries, as long as the head of a page can take; empty without."""
    name = clean(name)
    name = name if len(name) <= LONGEST_LINE else name[: LONGEST_LINE - 1] + "…"
    form = translator(language)("KỊCH BẢN, không phải số liệu chính thức: {name}")
    return form.format(name=name) if name else ""


def first_heading(html: str) -> str:
    """Plain text of the first ``<h1>``; empty where there is none."""
    found = _FIRST_HEADING.search(html)
    return plain(found[1]) if found else ""


def plain(html: str) -> str:
    """Text of a piece of our own HTML."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def blocks_of(cell: Any) -> list[Block]:
    """What a cell shows in a report: its prose, or the blocks among its outputs. Code, printed lines
    outputs that are not blocks, and cells with a tag of NOTEBOOK_ONLY belong to the notebook alone.
    """
    if NOTEBOOK_ONLY & set(cell.metadata.get("tags", [])):
        return []
    if cell.cell_type == "markdown":
        return [markdown_block(cell.source)]
    if cell.cell_type != "code":
        return []
    return [block for output in cell.outputs if (block := block_of(output))]


def block_of(output: Any) -> Block | None:
    """The block that an output shows; None where it shows something else."""
    data = output.get("data", {})
    if TYPST not in data or "text/html" not in data:
        return None
    return Block(Rendered(_joined(data["text/html"]), _joined(data[TYPST]), _joined(data.get("text/plain", ""))))


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
