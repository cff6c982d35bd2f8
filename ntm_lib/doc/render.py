"""An executed notebook as a published file: HTML, PDF, or HTML for review.

What the nbconvert exporters and the batch runner share; it does not import nbconvert, which takes
longer to load than a report takes to make.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from ntm_lib.doc.blocks import Block, stack
from ntm_lib.doc.markdown import markdown_block
from ntm_lib.doc.markup import clean
from ntm_lib.doc.notebook import block_of, blocks_of, describe
from ntm_lib.doc.page import render_page
from ntm_lib.doc.pdf import Attachment, render_pdf
from ntm_lib.language import translator

# Tables that pandas shows are HTML of others: only what lays out a table passes.
_TABLE_TAGS = {
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "div",
    "p",
    "b",
    "strong",
    "em",
    "code",
    "br",
    "caption",
}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def report_html(notebook: Any) -> str:
    """The report as one HTML file that needs neither script nor network."""
    body = _body(notebook)
    return render_page(body.html, describe(notebook, body.html))


def report_pdf(notebook: Any, attachments: Iterable[Attachment | Mapping[str, Any]] = ()) -> bytes:
    """The report as PDF/UA-1 and PDF/A-3a, with ``attachments`` (or mappings of their fields) inside. See
    ``pdf.render_pdf`` for processes that fork.
    """
    body = _body(notebook)
    has_title = re.search("<h1[ >]", body.html) is not None
    files = tuple(file if isinstance(file, Attachment) else Attachment(**file) for file in attachments)
    return render_pdf(body.typst, describe(notebook, body.html), has_title, files)


def notebook_html(notebook: Any) -> str:
    """The notebook for reviewers: prose, folded code, every output, table of contents."""
    body = _review(notebook, describe(notebook, "").language)
    return render_page(body, describe(notebook, body), kind="notebook")


# What the exporters of these names publish, for a program that need not ask nbconvert which exporters there are.
WRITERS: dict[str, Callable[[Any], str] | Callable[..., bytes]] = {
    "ntm-html": report_html,
    "ntm-notebook": notebook_html,
    "ntm-pdf": report_pdf,
}


def _body(notebook: Any) -> Block:
    cells = [
        cell for cell in notebook.cells if "review" not in cell.metadata.get("tags", [])
    ]  # words about the notebook, not of the report
    return stack(*(block for cell in cells for block in blocks_of(cell)))


# ---------------------------------------------------------------- as reviewers read it: code folded away, every output


def _review(notebook: Any, language: str) -> str:
    """Body of the page: one section a cell."""
    return "".join(_cell(cell, language) for cell in notebook.cells)


def _cell(cell: Any, language: str) -> str:
    if cell.cell_type == "markdown":
        return markdown_block(cell.source).html
    if cell.cell_type != "code" or not (cell.source.strip() or cell.outputs):
        return ""
    shown = "".join(_output(output) for output in cell.outputs)
    return f'<section class="cell">{_code(cell, language)}{shown}</section>\n'


def _code(cell: Any, language: str) -> str:
    t = translator(language)
    count = f" [{cell.execution_count}]" if cell.get("execution_count") else ""
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    return (
        f'<details class="code"><summary>{t("Mã lệnh")}{count} <code>{escape(clean(first)[:80])}</code></summary>'
        f'<pre tabindex="0">{_highlighted(cell.source)}</pre></details>\n'
    )


@lru_cache(maxsize=256)  # every run shows the same cells
def _highlighted(source: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return str(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))


def _output(output: Any) -> str:
    block = block_of(output)
    if block:
        return block.html
    if output.output_type == "stream":
        return _preformatted(output.text)
    if output.output_type == "error":
        return f'<div class="callout error" role="note">{_preformatted(chr(10).join(output.traceback))}</div>'
    data = output.get("data", {})
    if "text/html" in data:
        return f'<div class="foreign" tabindex="0">{_sanitised("".join(data["text/html"]))}</div>\n'
    if "image/png" in data:
        description = escape(clean("".join(data.get("text/plain", ""))))
        return f'<img src="data:image/png;base64,{"".join(data["image/png"].split())}" alt="{description}">\n'
    return _preformatted("".join(data.get("text/plain", "")))


def _preformatted(text: str) -> str:
    lines = [escape(clean(line)) for line in _ANSI.sub("", text).splitlines()]
    return f'<pre class="output" tabindex="0">{chr(10).join(lines)}</pre>\n' if any(lines) else ""


def _sanitised(html: str) -> str:
    from bleach import Cleaner

    without_style = re.sub(r"<(style|script)\b.*?</\1\s*>", "", html, flags=re.DOTALL | re.IGNORECASE)
    allowed = {"th": ["scope", "colspan", "rowspan"], "td": ["colspan", "rowspan"]}
    return str(Cleaner(tags=_TABLE_TAGS, attributes=allowed, strip=True).clean(without_style))
