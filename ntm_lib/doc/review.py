"""The executed notebook as reviewers read it: prose, code folded away, every output in its place."""

import re
from html import escape

from ntm_lib.doc.markdown import markdown_block
from ntm_lib.doc.markup import clean
from ntm_lib.doc.notebook import block_of
from ntm_lib.language import translator

# Tables that pandas shows are HTML of others: only what lays out a table passes.
_TABLE_TAGS = (
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
)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def review_html(notebook, language: str) -> str:
    """Body of the page: one section a cell."""
    return "".join(_cell(cell, language) for cell in notebook.cells)


def _cell(cell, language: str) -> str:
    if cell.cell_type == "markdown":
        return markdown_block(cell.source).html
    if cell.cell_type != "code" or not (cell.source.strip() or cell.outputs):
        return ""
    shown = "".join(_output(output) for output in cell.outputs)
    return f'<section class="cell">{_code(cell, language)}{shown}</section>\n'


def _code(cell, language: str) -> str:
    t = translator(language)
    count = f" [{cell.execution_count}]" if cell.get("execution_count") else ""
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    return (
        f'<details class="code"><summary>{t("Mã lệnh")}{count} <code>{escape(clean(first)[:80])}</code></summary>'
        f'<pre tabindex="0">{_highlighted(cell.source)}</pre></details>\n'
    )


def _highlighted(source: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))


def _output(output) -> str:
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
    return Cleaner(
        tags=_TABLE_TAGS, attributes={"th": ["scope", "colspan", "rowspan"], "td": ["colspan", "rowspan"]}, strip=True
    ).clean(without_style)
