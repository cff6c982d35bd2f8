"""The HTML page around the blocks: head, navigation, banner, and what blocks cannot know by themselves.

That is the language of their own words, the numbers of tables and figures, and whether a link leads anywhere.
"""

import base64
import hashlib
import re
from functools import cache
from html import escape
from itertools import count
from typing import Any

from markupsafe import Markup

from ntm_lib.doc.notebook import Document, plain
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
