"""Word files (.docx), LibreOffice texts (.odt) and saved web pages as paragraphs and tables.

Each is walked block by block: what was struck out or deleted under tracked changes is left out, a text box and a table inside
a cell follow the block that holds them, and foot- and endnotes follow theirs as notes.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from ntm_lib.office.pieces import Paragraph, Piece, Placed, Table, clean_lines, grid_of, merged_down, raised_text

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LARGEST = 50_000_000  # bytes of the text of an .odt, unpacked
Block: TypeAlias = tuple[str, Any]  # p, tbl or note, and what holds its text


def _pieces(blocks: Iterable[Block], paragraph: Any, cells: Any) -> list[Piece]:
    """The pieces of blocks. ``paragraph``: element → text and level; ``cells``: table → its placed cells and the blocks inside them."""
    pieces: list[Piece] = []
    number = tables = 0

    def add(blocks: Iterable[Block]) -> None:
        nonlocal number, tables
        for kind, element in blocks:
            if kind == "tbl":
                tables += 1
                placed, inside = cells(element)
                pieces.append(Table(0, tables, grid_of(0, tables, placed)))
                add(inside)
                continue
            number += kind == "p"
            text, level = paragraph(element)
            lines = clean_lines(text).splitlines()
            pieces.extend(Paragraph(line, number, level, note=kind == "note") for line in lines)

    add(blocks)
    return pieces


def _local(element: Any) -> str:
    """The name of an element without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


# --- Word ----------------------------------------------------------------------------------------


def read_docx(path: Path) -> list[Piece]:
    """Paragraphs with the numbers that Word sets itself; gridSpan and vMerge become cells that cover several places."""
    from docx import Document

    document = Document(str(path))
    numbering, notes = _Numbering(document), _docx_notes(document)

    def paragraph(element: Any) -> tuple[str, int]:
        if _local(element) != "p":
            return "\n".join(map(_docx_text, element.iterfind("{*}p"))), 0
        return f"{numbering.of(element)} {_docx_text(element)}", numbering.level(element)

    def cells(table: Any) -> tuple[list[Placed], list[Block]]:
        placed, inside = [], list[Block]()
        for row, column, cell, span, goes_on in _docx_cells(table):
            blocks = list(_docx_blocks(cell, notes))
            text = "\n".join(paragraph(element)[0] for kind, element in blocks if kind == "p")
            inside += [block for block in blocks if block[0] != "p"]
            placed.append((row, column, text, 1, span, goes_on))
        return merged_down(placed), inside

    return _pieces(_docx_blocks(document.element.body, notes), paragraph, cells)


def _docx_notes(document: Any) -> dict[tuple[str, str], Any]:
    """Foot- and endnotes by their kind and number."""
    from lxml import etree

    notes: dict[tuple[str, str], Any] = {}
    for part in (r.target_part for r in document.part.rels.values() if r.reltype.endswith(("/footnotes", "/endnotes"))):
        for note in etree.fromstring(part.blob):
            notes[_local(note), next((v for k, v in note.attrib.items() if k.endswith("}id")), "")] = note
    return notes


def _docx_blocks(container: Any, notes: dict[tuple[str, str], Any]) -> Iterator[Block]:
    """Paragraphs and tables in their order, behind each paragraph its text boxes and notes."""
    for child in container.iterchildren():
        name = _local(child)
        if name == "tbl":
            yield "tbl", child
        elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _docx_blocks(child, notes)
        elif name == "p" and not (child.find("{*}pPr/{*}rPr/{*}del") is not None and not _docx_text(child)):
            yield "p", child
            for inner in child.iterdescendants("{*}txbxContent", "{*}footnoteReference", "{*}endnoteReference"):
                above = {_local(e) for e in inner.iterancestors() if e not in (container, *container.iterancestors())}
                if above & {"txbxContent", "Fallback", "del", "moveFrom"}:
                    continue
                if _local(inner) == "txbxContent":
                    yield from _docx_blocks(inner, notes)
                    continue
                number = next((v for k, v in inner.attrib.items() if k.endswith("}id")), "")
                if (note := notes.get((_local(inner).removesuffix("Reference"), number))) is not None:
                    yield "note", note


class _Numbering:
    """The numbers that Word itself sets before the paragraphs of a file; asked for each paragraph in order."""

    def __init__(self, document: Any) -> None:
        from docx.oxml.ns import qn

        self.qn, self.counts = qn, dict[tuple[str, int], int]()
        self.forms: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.styles: dict[str, tuple[Any, int]] = {}
        for style in document.styles.element.iterchildren(qn("w:style")):
            outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            level = int(outline.get(qn("w:val"))) + 1 if outline is not None else 0
            self.styles[style.get(qn("w:styleId"))] = (style.find(f"{qn('w:pPr')}/{qn('w:numPr')}"), level)
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        if part is not None:
            self._read(part.element)

    def _read(self, root: Any) -> None:
        qn = self.qn
        abstract = {e.get(qn("w:abstractNumId")): e for e in root.iterchildren(qn("w:abstractNum"))}
        for num in root.iterchildren(qn("w:num")):
            base = abstract.get(num.find(qn("w:abstractNumId")).get(qn("w:val")))
            for level in base.iterchildren(qn("w:lvl")) if base is not None else ():
                form, text, start = (level.find(qn(f"w:{name}")) for name in ("numFmt", "lvlText", "start"))
                self.forms[num.get(qn("w:numId")), int(level.get(qn("w:ilvl")))] = (
                    form.get(qn("w:val")) if form is not None else "decimal",
                    text.get(qn("w:val")) if text is not None else "",
                    int(start.get(qn("w:val"))) if start is not None else 1,
                )

    def _style(self, paragraph: Any) -> tuple[Any, int]:
        style = paragraph.find(f"{self.qn('w:pPr')}/{self.qn('w:pStyle')}")
        return self.styles.get(style.get(self.qn("w:val")) if style is not None else "", (None, 0))

    def level(self, paragraph: Any) -> int:
        """Level of the heading style, 0 for running text."""
        return self._style(paragraph)[1]

    def of(self, paragraph: Any) -> str:
        """``2.1.``, ``-`` or "" before the paragraph."""
        qn = self.qn
        about = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        about = about if about is not None else self._style(paragraph)[0]
        if about is None or about.find(qn("w:numId")) is None:
            return ""
        held = about.find(qn("w:ilvl"))
        key = about.find(qn("w:numId")).get(qn("w:val")), int(held.get(qn("w:val"))) if held is not None else 0
        if key not in self.forms:
            return ""
        number, level = key
        self.counts[key] = self.counts.get(key, self.forms[key][2] - 1) + 1
        for deeper in [k for k in self.counts if k[0] == number and k[1] > level]:
            del self.counts[deeper]
        if self.forms[key][0] == "bullet":
            return "-"
        return re.sub(r"%(\d)", lambda found: self._written((number, int(found[1]) - 1)), self.forms[key][1])

    def _written(self, key: tuple[str, int]) -> str:
        form, _, start = self.forms.get(key, ("decimal", "", 1))
        count = self.counts.get(key, start)
        if form.endswith("Letter"):
            letter = _LETTERS[(count - 1) % 26]
            return letter.upper() if form == "upperLetter" else letter
        if form.endswith("Roman"):
            return roman(count) if form == "upperRoman" else roman(count).lower()
        return str(count)


def roman(number: int) -> str:
    """``4`` → ``IV``."""
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def _docx_cells(table: Any) -> Iterator[tuple[int, int, Any, int, bool]]:
    """Row, column, cell, columns covered, and whether the cell goes on with the one above."""
    from docx.oxml.ns import qn

    rows = [row for row in table.iterdescendants("{*}tr") if next(row.iterancestors("{*}tbl")) is table]
    kept = (row for row in rows if row.find("{*}trPr/{*}del") is None)
    for number, row in enumerate(kept):
        skipped = row.find("{*}trPr/{*}gridBefore")
        column = int(skipped.get(qn("w:val"))) if skipped is not None else 0
        for cell in (c for c in row.iterdescendants("{*}tc") if next(c.iterancestors("{*}tr")) is row):
            span, merge = cell.find("{*}tcPr/{*}gridSpan"), cell.find("{*}tcPr/{*}vMerge")
            width = int(span.get(qn("w:val"))) if span is not None else 1
            yield number, column, cell, width, merge is not None and merge.get(qn("w:val")) != "restart"
            column += width


_UNSEEN = ("strike", "dstrike", "vanish")  # crossed out, hidden
_NO_TEXT = ("del", "moveFrom", "txbxContent", "Fallback", "rPr", "pPr", "instrText", "delText")
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def _docx_text(element: Any, before: str = "") -> str:
    """The words of a paragraph as it is printed when all tracked changes are taken over."""
    from docx.oxml.ns import qn

    text = before
    for node in element.iterchildren():
        name = _local(node)
        if name == "r":
            about = {_local(p): p.get(qn("w:val"), "") for p in node.iterfind("{*}rPr/*")}
            if any(about.get(mark, "0") not in ("0", "false") for mark in _UNSEEN):
                continue
            words = _docx_text(node)
            text += raised_text(text, words) if about.get("vertAlign") == "superscript" else words
        elif name == "t":
            text += node.text or ""
        elif name not in _NO_TEXT:
            text = _docx_text(node, text) + _SIGNS.get(name, "")
    return text


# --- LibreOffice ---------------------------------------------------------------------------------


def read_odt(path: Path) -> list[Piece]:
    """A text of LibreOffice. Raises ValueError where it unpacks to far more than a plan is."""
    from lxml import etree

    with zipfile.ZipFile(path) as package:
        if package.getinfo("content.xml").file_size > _LARGEST:
            raise ValueError("content.xml")
        root = etree.fromstring(package.read("content.xml"), etree.XMLParser(resolve_entities=False, no_network=True))
    struck = {
        next(v for k, v in style.attrib.items() if k.endswith("}name"))
        for style in root.iterfind("{*}automatic-styles/{*}style")
        for about in style.iterfind("{*}text-properties")
        if any(k.endswith("}text-line-through-style") and v != "none" for k, v in about.attrib.items())
    }

    def paragraph(element: Any) -> tuple[str, int]:
        level = next((int(v) for k, v in element.attrib.items() if k.endswith("}outline-level")), 0)
        text = _odt_text(element, struck)
        listed = element.getparent().tag.endswith("}list-item") and not re.match(r"\s*(?:[-+•*]|\d)", text)
        return f"- {text}" if listed and text.strip() else text, level

    def cells(table: Any) -> tuple[list[Placed], list[Block]]:
        placed, inside = list[Placed](), list[Block]()
        for row, column, cell, rows, columns in _odt_cells(table):
            blocks = list(_odt_blocks(cell))
            text = "\n".join(_odt_text(element, struck) for kind, element in blocks if kind == "p")
            inside += [block for block in blocks if block[0] != "p"]
            placed.append((row, column, text, rows, columns))
        return placed, inside

    return _pieces(_odt_blocks(root.find("{*}body/{*}text")), paragraph, cells)


def _odt_blocks(parent: Any) -> Iterator[Block]:
    """Paragraphs and tables in their order, behind each paragraph its text boxes and notes; deleted text lies elsewhere."""
    for element in parent.iterchildren():
        name = _local(element)
        if name == "table":
            yield "tbl", element
        elif name in ("list", "list-item", "list-header", "section", "frame", "text-box"):
            yield from _odt_blocks(element)
        elif name in ("p", "h"):
            yield "p", element
            for inner in element.iterdescendants("{*}text-box", "{*}note-body"):
                if not any(_local(e) in ("text-box", "note-body") for e in _between(inner, element)):
                    yield from [("note", inner)] if _local(inner) == "note-body" else _odt_blocks(inner)


def _between(inner: Any, outer: Any) -> Iterator[Any]:
    for element in inner.iterancestors():
        if element is outer:
            return
        yield element


def _odt_cells(table: Any) -> Iterator[tuple[int, int, Any, int, int]]:
    rows = (row for row in table.iterdescendants("{*}table-row") if next(row.iterancestors("{*}table")) is table)
    for number, row in enumerate(rows):
        column = 0
        for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
            about = {str(key).rpartition("}")[2]: value for key, value in cell.attrib.items()}
            if cell.tag.endswith("}table-cell"):
                yield (
                    number,
                    column,
                    cell,
                    *(int(about.get(f"number-{side}-spanned", "1")) for side in ("rows", "columns")),
                )
            column += min(int(about.get("number-columns-repeated", "1")), 64)


def _odt_text(element: Any, struck: set[str]) -> str:
    text = element.text or ""
    for child in element.iterchildren():
        name = _local(child)
        inner = {"s": " ", "tab": " ", "line-break": "\n", "note": "", "annotation": "", "text-box": "", "": ""}.get(
            name
        )
        if any(k.endswith("}style-name") and v in struck for k, v in child.attrib.items()):
            inner = ""
        text += (_odt_text(child, struck) if inner is None else inner) + (child.tail or "")
    return text


# --- web pages -----------------------------------------------------------------------------------

_BLOCKS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "center", "li", "ul", "ol", "dl", "dt", "dd", "table", "tbody", "thead", "tr", "td", "th",
    "section", "article", "header", "footer", "main", "aside", "blockquote", "pre", "form", "figure", "figcaption", "caption", "body",
))  # fmt: skip
_NOT_SHOWN = ("head", "script", "style", "template", "noscript", "del", "s", "strike", "select", "button")
_LONG_CELL = 300  # letters: a table of one row that holds more only lays out the page


def read_html(content: bytes) -> list[Piece]:
    """A saved page; a table that only lays out the page is text, rowspan and colspan are cells that cover several places."""
    from lxml import html

    declared = re.search(rb"charset=[\"']?([\w-]+)", content[:4096])
    parser = html.HTMLParser(encoding=declared[1].decode() if declared else "utf-8")
    root = html.document_fromstring(content, parser=parser)
    return _pieces(_html_blocks(root), lambda found: found, lambda table: (_html_cells(table), []))


def _html_blocks(root: Any) -> Iterator[Block]:
    """Paragraphs (text and level of heading) and tables, whatever holds the text; each ends where the page breaks it."""
    text, level = "", 0
    for kind, what in [*_html_parts(root), ("end", 0)]:
        if kind == "text":
            text += what
        elif kind == "raised":
            text += raised_text(text, what)
        elif kind == "block" and text.strip() == "-":  # the words of the item stand in a block of their own
            continue
        else:
            if text.strip():
                yield "p", (text, level)
            text, level = "", what if kind == "block" else 0
            if kind == "tbl":
                yield "tbl", what


def _html_parts(element: Any) -> Iterator[tuple[str, Any]]:
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _NOT_SHOWN or re.search(r"display\s*:\s*none", element.get("style", "")):
        return
    if tag == "table" and _is_data(element):
        yield "tbl", element
        return
    if tag in ("sup", "br"):
        yield ("text", "\n") if tag == "br" else ("raised", element.text_content())
        return
    if tag in _BLOCKS:
        yield "block", int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else 0
    if tag == "li" and not re.match(r"\s*(?:[-+•*]|\d)", element.text_content()):
        yield "text", "- "
    yield "text", re.sub(r"\s+", " ", element.text or "")
    for child in element.iterchildren():
        yield from _html_parts(child)
        yield "text", re.sub(r"\s+", " ", child.tail or "")
    if tag in _BLOCKS:
        yield "block", 0


def _is_data(table: Any) -> bool:
    rows = [row.xpath("./td | ./th") for row in table.iter("tr")]
    layout = len(rows) == 1 and any(len(cell.text_content()) > _LONG_CELL for cell in rows[0])
    return not layout and not table.xpath(".//table") and max(map(len, rows), default=0) > 1


def _html_cells(table: Any) -> list[Placed]:
    taken: set[tuple[int, int]] = set()
    placed: list[Placed] = []
    for number, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in taken:
                column += 1
            rows, columns = (max(1, int(cell.get(name, "1") or "1")) for name in ("rowspan", "colspan"))
            taken |= {(number + r, column + c) for r in range(rows) for c in range(columns)}
            text = "\n".join(text for kind, (text, _) in _html_blocks(cell) if kind == "p")
            placed.append((number, column, text, rows, columns))
    return placed
