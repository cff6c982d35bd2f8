"""Word files (.docx), LibreOffice texts (.odt) and saved web pages as paragraphs and tables."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ntm_lib.office.pieces import Paragraph, Piece, Placed, Table, clean_lines, grid_of, merged_down, raised_text

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LARGEST = 50_000_000  # bytes of the text of an .odt, unpacked


def read_docx(path: Path) -> list[Piece]:
    """Paragraphs with the numbers that Word sets itself; gridSpan and vMerge become cells that cover several places."""
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(str(path))
    numbering = _Numbering(document)
    pieces: list[Piece] = []
    tables = 0
    for number, element in enumerate(document.element.body.iterchildren(qn("w:p"), qn("w:tbl")), start=1):
        if element.tag == qn("w:p"):
            text = f"{numbering.of(element)} {_docx_text(element)}"
            pieces += [Paragraph(line, number, numbering.level(element)) for line in clean_lines(text).splitlines()]
        else:
            tables += 1
            placed = [(r, c, text, 1, span, go) for r, c, text, span, go in _docx_cells(element)]
            pieces.append(Table(0, tables, grid_of(0, tables, merged_down(placed))))
    return pieces


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


def _docx_cells(table: Any) -> Iterator[tuple[int, int, str, int, bool]]:
    """Row, column, text, columns covered, and whether the cell goes on with the one above."""
    from docx.oxml.ns import qn

    for number, row in enumerate(table.iterchildren(qn("w:tr"))):
        skipped = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
        column = int(skipped.get(qn("w:val"))) if skipped is not None else 0
        for cell in row.iterchildren(qn("w:tc")):
            about = cell.find(qn("w:tcPr"))
            span = about.find(qn("w:gridSpan")) if about is not None else None
            merge = about.find(qn("w:vMerge")) if about is not None else None
            width = int(span.get(qn("w:val"))) if span is not None else 1
            text = "\n".join(_docx_text(p) for p in cell.iterchildren(qn("w:p")))
            yield number, column, text, width, merge is not None and merge.get(qn("w:val")) != "restart"
            column += width


def _docx_text(paragraph: Any) -> str:
    from docx.oxml.ns import qn

    text = ""
    for run in paragraph.iter(qn("w:r")):
        if run.getparent().tag == qn("w:del"):
            continue
        raised = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
        words = "".join(
            node.text or "" if node.tag == qn("w:t") else "\n" if node.tag == qn("w:br") else ""
            for node in run.iterchildren()
        )
        text += raised_text(text, words) if raised is not None and raised.get(qn("w:val")) == "superscript" else words
    return text


def read_odt(path: Path) -> list[Piece]:
    """A text of LibreOffice. Raises ValueError where it unpacks to far more than a plan is."""
    from lxml import etree

    with zipfile.ZipFile(path) as package:
        if package.getinfo("content.xml").file_size > _LARGEST:
            raise ValueError("content.xml")
        root = etree.fromstring(package.read("content.xml"), etree.XMLParser(resolve_entities=False, no_network=True))
    body = root.find("{*}body/{*}text")
    pieces: list[Piece] = []
    for number, (element, depth) in enumerate(_odt_blocks(body, 0), start=1):
        kind = etree.QName(element).localname
        if kind == "table":
            table = 1 + sum(isinstance(piece, Table) for piece in pieces)
            pieces.append(Table(0, table, grid_of(0, table, _odt_cells(element))))
            continue
        level = next((int(v) for k, v in element.attrib.items() if str(k).endswith("}outline-level")), 0)
        text = ("- " if depth and not re.match(r"[-+•*]|\d", _odt_text(element)) else "") + _odt_text(element)
        pieces += [Paragraph(line, number, level) for line in clean_lines(text).splitlines()]
    return pieces


def _odt_blocks(parent: Any, depth: int) -> Iterator[tuple[Any, int]]:
    for element in parent.iterchildren():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name in ("p", "h", "table"):
            yield element, depth
        elif name in ("list", "list-item", "section"):
            yield from _odt_blocks(element, depth + (name == "list"))


def _odt_cells(table: Any) -> list[Placed]:
    placed: list[Placed] = []
    for number, row in enumerate(table.iter("{*}table-row")):
        column = 0
        for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
            about = {str(key).rpartition("}")[2]: value for key, value in cell.attrib.items()}
            repeated = min(int(about.get("number-columns-repeated", "1")), 64)
            if cell.tag.endswith("}table-cell"):
                text = "\n".join(_odt_text(p) for p in cell.iter("{*}p", "{*}h"))
                rows, columns = (int(about.get(f"number-{side}-spanned", "1")) for side in ("rows", "columns"))
                placed.append((number, column, text, rows, columns))
            column += repeated
    return placed


def _odt_text(element: Any) -> str:
    text = element.text or ""
    for child in element.iterchildren():
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        inner = {"s": " ", "tab": " ", "line-break": "\n", "note": "", "annotation": ""}.get(name)
        text += (_odt_text(child) if inner is None and name else inner or "") + (child.tail or "")
    return text


def read_html(content: bytes) -> list[Piece]:
    """A saved page; of tables those that hold no other, rowspan and colspan as cells that cover several places."""
    from lxml import html

    declared = re.search(rb"charset=[\"']?([\w-]+)", content[:4096])
    parser = html.HTMLParser(encoding=declared[1].decode() if declared else "utf-8")
    root = html.document_fromstring(content, parser=parser)
    pieces: list[Piece] = []
    tables = 0
    for number, element in enumerate(root.iter(), start=1):
        if element.tag == "table" and not element.xpath(".//table"):
            tables += 1
            pieces.append(Table(0, tables, grid_of(0, tables, _html_cells(element))))
        elif element.tag in _BLOCKS and not element.xpath("ancestor::table | .//table | .//p | .//div | .//li"):
            level = int(element.tag[1]) if re.fullmatch(r"h[1-6]", element.tag) else 0
            text = _html_text(element)
            if "li" in (element.tag, element.getparent().tag) and not re.match(r"\s*(?:[-+•*]|\d)", text):
                text = f"- {text}"
            pieces += [Paragraph(line, number, level) for line in clean_lines(text).splitlines()]
    return pieces


_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "center", "li")


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
            placed.append((number, column, _html_text(cell), rows, columns))
    return placed


def _html_text(element: Any) -> str:
    """The words of an element; a line ends only where the page breaks it, not where its source does."""
    text = re.sub(r"\s+", " ", element.text or "")
    for child in element.iterchildren():
        inner = _html_text(child) if isinstance(child.tag, str) else ""
        inner = raised_text(text, inner) if child.tag == "sup" else inner
        text += ("\n" if child.tag in ("br", "p", "div", "li") else "") + inner + re.sub(r"\s+", " ", child.tail or "")
    return text
