"""The HTML page around the blocks (head, navigation, banner, numbers of tables and figures), and an executed notebook as a published file.

What the nbconvert exporters and the batch runner share; it does not import nbconvert, which takes longer to load than a report takes to make.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from html import escape
from itertools import count
from typing import Any

from markupsafe import Markup

from ntm_lib.doc.blocks import Block, stack
from ntm_lib.doc.markup import clean
from ntm_lib.doc.notebook import Document, block_of, blocks_of, describe, markdown_block, plain
from ntm_lib.doc.pdf import Attachment, render_pdf
from ntm_lib.doc.style import FAMILY, FONTS, SYMBOLS, TEMPLATES
from ntm_lib.language import Translate, translator

# Our own blocks write these tags; in the text of a block "<" and '"' are escaped, so that it cannot look like one.
_ID = re.compile(r' id="([^"]+)"')
_INNER_LINK = re.compile(r'<a href="#([^"]+)">(.*?)</a>', re.DOTALL)
_CALLOUT = re.compile(r'<div class="callout (\w+)"([^>]*)><p class="callout-head">(.*?)</p>', re.DOTALL)
_CAPTION = re.compile(r'<caption id="[^"]*">|<figcaption>')
_DATA = re.compile(r'(<details class="data"><summary id="[^"]*">)</summary>')
_CARDS = re.compile(r'<div class="table-box on-phone-cards">.*?</table>', re.DOTALL)
# A phone lays out these tables as cards; by their roles they remain tables for those who hear them.
_ROLES = {
    "<table": '<table role="table"',
    "<thead>": '<thead role="rowgroup">',
    "<tbody>": '<tbody role="rowgroup">',
    "<tr": '<tr role="row"',
    "<td": '<td role="cell"',
    '<th scope="col"': '<th role="columnheader" scope="col"',
    '<th scope="row': '<th role="rowheader" scope="row',
}
_SIGNS = {"info": "ℹ", "warning": "⚠", "error": "✗", "scenario": "◇"}
_HEADING = re.compile(r'<h([23]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)


def render_page(body: str, document: Document, kind: str = "report", css: str = "", script: str = "") -> str:
    """The whole file. ``kind``: report, notebook, overview or diff (class of the body). ``css`` is added to
    that of all pages. Without ``script`` the page forbids every script; with it, every other one.
    """
    t = translator(document.language)
    if "<h1" not in body:
        body = f'<h1 id="top">{escape(document.title)}</h1>\n{body}'
    page: str = _template().render(
        document=document,
        kind=kind,
        css=Markup("\n".join(filter(None, [_css(), css]))),  # noqa: S704
        script=Markup(script),  # noqa: S704
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() if script else "",
        scenario_css=Markup(_css_string(document.scenario)),  # noqa: S704
        body=Markup(_with_words(without_dangling_links(body), t)),  # noqa: S704
        entries=table_of_contents(body),
        words={"skip": t("Đến nội dung chính"), "contents": t("Mục lục"), "menu": t("Mục lục trong trình đơn")},
    )
    return page


def _with_words(html: str, t: Translate) -> str:
    """The HTML with its boxes named, its tables and figures numbered, and the tables that a phone breaks up marked as such."""
    kinds = {"info": t("Thông tin"), "warning": t("Cảnh báo"), "error": t("Lỗi"), "scenario": t("Kịch bản")}
    tables, figures = count(1), count(1)

    def named(box: re.Match[str]) -> str:
        kind, attributes, title = box.groups()
        head = f'<span aria-hidden="true">{_SIGNS[kind]}</span> {kinds[kind]}{" – " if title else ""}{title}'
        return f'<div class="callout {kind}"{attributes} aria-label="{kinds[kind]}"><p class="callout-head">{head}</p>'

    def numbered(head: re.Match[str]) -> str:
        is_table = head[0].startswith("<caption")
        form = t("Bảng {number}.") if is_table else t("Hình {number}.")
        return f'{head[0]}<span class="number">{form.format(number=next(tables if is_table else figures))}</span> '

    html = _CARDS.sub(_with_roles, _CALLOUT.sub(named, html))
    html = _DATA.sub(lambda summary: f"{summary[1]}{t('Số liệu của hình')}</summary>", html)
    return _CAPTION.sub(numbered, html)


def _with_roles(table: re.Match[str]) -> str:
    html = table[0]
    for tag, with_role in _ROLES.items():
        html = html.replace(tag, with_role)
    return html


def without_dangling_links(html: str) -> str:
    """The HTML with links to anchors that it does not hold turned into their text."""
    ids = set(_ID.findall(html))
    return _INNER_LINK.sub(lambda link: link[0] if link[1] in ids else link[2], html)


def table_of_contents(html: str) -> list[dict[str, Any]]:
    """Headings of the second level (``anchor``, ``text``), each with its ``children`` of the third."""
    entries: list[dict[str, Any]] = []
    for level, anchor, text in _HEADING.findall(html):
        entry = {"anchor": anchor, "text": plain(text), "children": []}
        if level == "3" and entries:
            entries[-1]["children"].append(entry)
        else:
            entries.append(entry)
    return entries


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")


@cache
def _css() -> str:
    faces = [
        _font_face(FAMILY, "BeVietnamPro-Regular.woff2", "400", "normal"),
        _font_face(FAMILY, "BeVietnamPro-SemiBold.woff2", "600 700", "normal"),
        _font_face(SYMBOLS, "NtmSymbols.woff2", "400 700", "normal"),
    ]
    return "\n".join([*faces, (TEMPLATES / "report.css").read_text(encoding="utf-8")])


def _font_face(family: str, file: str, weight: str, style: str) -> str:
    data = base64.b64encode((FONTS / file).read_bytes()).decode()
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};font-display:block;'
        f'src:url("data:font/woff2;base64,{data}") format("woff2")}}'
    )


def _css_string(text: str) -> str:
    """Text as a CSS string that no text can leave: all but letters, digits and spaces by number."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


# ---------------------------------------------------------------- an executed notebook as HTML, PDF, or HTML for review


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
