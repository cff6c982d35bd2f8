"""The tree of an official paper as a Word file that officials edit: Decree 30's page and styles, headings, heading rows.

Sizes in points, lengths in centimetres (Decree 30/2020/NĐ-CP, Annex I). The same document gives the same bytes: no
clock, no name of who made it, parts of the archive in a fixed order. Texts are texts; nothing in them is read as a
field or a style.
"""

import datetime
import io
import zipfile
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from ntm_lib.doc import tree
from ntm_lib.doc.markup import clean
from ntm_lib.doc.paper import OfficialDocument
from ntm_lib.doc.write.text import heading_text, shown, text
from ntm_lib.doc.write.word_style import (
    ANNEX,
    BODY,
    LANGUAGES,
    SMALL,
    TABLE,
    TEXT_WIDTH,
    TURNED_WIDTH,
    lay_out,
    narrow,
    rule,
    set_styles,
    turn,
)

ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
MARKED, HEADED = "FDF0C4", "F2F2F2"  # grounds: a cell to be filled in, a row that heads others
EPOCH = (1980, 1, 1, 0, 0, 0)  # what a ZIP archive can hold as its earliest date
_FIRST = "[Content_Types].xml"  # Word looks for it first


def document_docx(document: OfficialDocument) -> bytes:
    """The document as DOCX, its annexes on pages turned for the width of their tables. The leaf for the signer is left out, the PDF has it."""
    word = Document()
    _describe(word, document)
    set_styles(word, document.language)
    lay_out(word.sections[0], document.scenario)
    for part in document.content.blocks:
        _WRITERS[type(part)](word, part)
    return _same_every_time(word)


def _describe(word: Any, document: OfficialDocument) -> None:
    """Properties of the file; python-docx would leave its own name and the year of its template."""
    noon = datetime.datetime.fromisoformat(document.date).replace(hour=12)
    properties = word.core_properties
    properties.title, properties.language = clean(document.title)[:255], LANGUAGES[document.language]
    properties.author = properties.comments = properties.last_modified_by = properties.keywords = properties.subject = (
        ""
    )
    properties.created = properties.modified = noon
    properties.revision = 1
    package = word.part.package
    for name in [name for name, relation in package.rels.items() if relation.reltype.endswith("/thumbnail")]:
        del package.rels[name]  # a picture of the template's empty page


class _Parts(dict[str, bytes]):
    """What python-docx would write into an archive, by name. An archive of its own would take the time from the clock."""

    def write(self, pack_uri: Any, blob: bytes) -> None:
        self[pack_uri.membername] = blob


def _same_every_time(word: Any) -> bytes:
    """The archive with its parts in order and without the time at which it was made."""
    package, archive = word.part.package, io.BytesIO()
    parts: Any = _Parts()  # in place of the one writer that python-docx knows
    for held in package.parts:
        held.before_marshal()
    writer: Any = PackageWriter
    writer._write_content_types_stream(parts, package.parts)
    writer._write_pkg_rels(parts, package.rels)
    writer._write_parts(parts, package.parts)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            target.writestr(zipfile.ZipInfo(name, EPOCH), parts[name], zipfile.ZIP_DEFLATED)
    return archive.getvalue()


# ---------------------------------------------------------------- parts


def _letterhead(word: Any, part: tree.Letterhead) -> None:
    """Agencies left, national title right, number and date under them, without lines around; then kind and subject."""
    grid = _grid(word, 2, (TEXT_WIDTH * 0.435, TEXT_WIDTH * 0.565))
    left, right = grid.rows[0].cells
    for place, name in enumerate(part.agencies):
        _centred(left, name, 12, bold=place == len(part.agencies) - 1, first=place == 0)
    rule(_centred(left, "", 4), 0.4, TEXT_WIDTH * 0.435)
    _centred(right, part.nation, 12, bold=True, first=True)
    _centred(right, part.motto, 13, bold=True)
    rule(_centred(right, "", 4), 0.6, TEXT_WIDTH * 0.565)
    _centred(grid.rows[1].cells[0], part.number, 13, first=True)
    _centred(grid.rows[1].cells[1], part.place, 13, italic=True, first=True)
    word.add_paragraph()
    _add(word, part.kind, "Subtitle")
    _add(word, part.subject, "Title")
    rule(_add(word, "", "Subtitle"), 0.33, TEXT_WIDTH)


def _add(word: Any, words: str, style: str, italic: bool = False) -> WordParagraph:
    """A paragraph at the end. ``style`` by its id: looking up a name takes longer than all the rest."""
    paragraph: WordParagraph = word.add_paragraph()
    paragraph._p.style = style
    paragraph.add_run(clean(words)).italic = italic or None
    return paragraph


def _centred(
    cell: Any, words: str, size: float, bold: bool = False, italic: bool = False, first: bool = False
) -> WordParagraph:
    paragraph: WordParagraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(clean(words))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def _paragraph(word: Any, part: tree.Paragraph) -> None:
    _add(word, text(part.text), "BodyText", part.italic).paragraph_format.keep_with_next = part.closing or None


def _items(word: Any, part: tree.Items) -> None:
    """Lines of the decree's lists: ``- …`` and below it ``+ …``."""
    for level, words in _lines(part, 1):
        _add(word, f"{'-' if level == 1 else '+'} {words}", "List" if level == 1 else "List2")


def _lines(part: tree.Items, level: int) -> Iterator[tuple[int, str]]:
    for item in part.items:
        for piece in item.blocks if isinstance(item, tree.Stack) else (item,):
            if isinstance(piece, tree.Items):
                yield from _lines(piece, level + 1)
            else:
                yield level, text(piece)


def _signature(word: Any, part: tree.Signature) -> None:
    word.add_paragraph().paragraph_format.keep_with_next = True
    grid = _grid(word, 1, (TEXT_WIDTH * 0.5, TEXT_WIDTH * 0.5))
    _keep_whole(grid.rows[0])
    left, right = grid.rows[0].cells
    head = left.paragraphs[0].add_run(clean(part.heading))
    head.bold = head.italic = True
    head.font.size = Pt(SMALL + 1)
    for line in part.recipients:
        left.add_paragraph().add_run(clean(line)).font.size = Pt(SMALL)
    for place, line in enumerate(part.signer):
        _centred(right, line, BODY, bold=True, first=place == 0)
    _centred(right, part.hint, SMALL + 1, italic=True)
    for _ in range(4):
        right.add_paragraph()
    for line in part.below:
        _centred(right, line, BODY, bold=True)


# ---------------------------------------------------------------- tables


def _table(word: Any, part: tree.Table, width: float = TEXT_WIDTH, size: float = TABLE) -> None:
    """A table with its caption above and its note below. ``width`` in centimetres, ``size`` of the letters in points."""
    if part.caption:
        word.add_paragraph(text(part.caption), style="Caption")
    heads = 2 if any(column.above for column in part.columns) else 1
    widths = [width * share / 100 for share in part.percents()]
    table = _new(word, heads + len(part.rows), widths, "Table Grid")
    if size < TABLE:
        narrow(table)
    # Cells are looked up once a row: python-docx takes longer for each the more rows there are.
    rows = list(table.rows)
    _headings([row.cells for row in rows[:heads]], part.columns, size)
    for row in rows[:heads]:
        _repeat(row)
    for line, row in zip(rows[heads:], part.rows, strict=True):
        _keep_whole(line)
        _fill(line, row, part, size)
    if part.note:
        word.add_paragraph(style="Body Text").add_run(text(part.note)).italic = True
    word.add_paragraph()


def _headings(lines: list[Any], columns: tuple[tree.Column, ...], size: float) -> None:
    """One row of headings, or two where some columns share one: it spans them, and the others go over both rows."""
    if len(lines) == 1:
        for cell, column in zip(lines[0], columns, strict=True):
            _write(cell, text(column.heading), "center", size, bold=True)
        return
    upper, lower = lines
    for above, found in groupby(range(len(columns)), key=lambda place: columns[place].above):
        places = list(found)
        if above:
            _write(upper[places[0]].merge(upper[places[-1]]), above, "center", size, bold=True)
        for place in places:
            cell = lower[place] if above else upper[place].merge(lower[place])
            _write(cell, text(columns[place].heading), "center", size, bold=True)


def _grid(word: Any, rows: int, widths: tuple[float, ...]) -> Any:
    """A table without lines. ``widths`` in centimetres."""
    return _new(word, rows, list(widths), None)


def _new(word: Any, rows: int, widths: list[float], style: str | None) -> Any:
    table = word.add_table(rows, len(widths))
    table.style = style
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    return table


def _fill(line: Any, row: tree.Row, part: tree.Table, size: float) -> None:
    cells, contents = line.cells, [shown(cell, part.language) for cell in row.under(part.columns)]
    if row.kind == "group":
        whole = cells[0].merge(cells[-1])
        _write(whole, text(contents[0] or ""), "left", size, bold=True)
        _shade(whole, HEADED)
        return
    for cell, content, column in zip(cells, contents, part.columns, strict=True):
        _write(cell, text(content or ""), column.align, size, bold=row.kind in ("head", "total"))
        if content is None:
            _shade(cell, MARKED)


def _write(cell: Any, words: str, align: str, size: float, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = ALIGN[align]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(words)
    run.font.size, run.bold = Pt(size), bold or None
    if not words:  # the height of an empty cell is that of its end mark
        mark, height = OxmlElement("w:rPr"), OxmlElement("w:sz")
        height.set(qn("w:val"), str(round(2 * size)))
        mark.append(height)
        paragraph._p.get_or_add_pPr().append(mark)


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    """The row heads the table on every page, and programmes that read aloud know it as the heading."""
    _mark(row, "tblHeader")
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    """The row is not parted by the end of a page."""
    _mark(row, "cantSplit")


def _mark(row: Any, name: str) -> None:
    properties = row._tr.get_or_add_trPr()
    mark = OxmlElement(f"w:{name}")
    first = name == "cantSplit" and len(properties)  # the schema wants cantSplit before tblHeader
    properties.insert(0, mark) if first else properties.append(mark)


def _annex(word: Any, part: tree.Annex) -> None:
    """Label, title and what it belongs to, the table, notes, and places to sign, on turned pages of its own."""
    turn(word.add_section(WD_SECTION.NEW_PAGE))
    _line(word, part.label, WD_ALIGN_PARAGRAPH.RIGHT, bold=True)
    _line(word, part.title, WD_ALIGN_PARAGRAPH.CENTER, bold=True)
    _line(word, part.reference, WD_ALIGN_PARAGRAPH.CENTER, italic=True)
    if part.unit:
        _line(word, part.unit, WD_ALIGN_PARAGRAPH.RIGHT, italic=True)
    _table(word, part.table, TURNED_WIDTH, ANNEX)
    if part.signers:
        grid = _new(word, 1, [TURNED_WIDTH / len(part.signers)] * len(part.signers), None)
        _keep_whole(grid.rows[0])
        for cell, who in zip(grid.rows[0].cells, part.signers, strict=True):
            _centred(cell, who, BODY, bold=True, first=True)


def _line(word: Any, words: str, align: Any, bold: bool = False, italic: bool = False) -> None:
    paragraph = word.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.keep_with_next = align, True
    run = paragraph.add_run(clean(words))
    run.bold, run.italic = bold or None, italic or None


def _title(word: Any, part: tree.Title) -> None:
    _line(word, part.kind, WD_ALIGN_PARAGRAPH.CENTER, bold=True)
    _line(word, part.subject, WD_ALIGN_PARAGRAPH.CENTER)


def _leave_out(word: Any, part: tree.Leaf) -> None:
    """The leaf for the signer stands in the PDF."""


_WRITERS: dict[type, Callable[[Any, Any], object]] = {
    tree.Letterhead: _letterhead,
    tree.Heading: lambda word, part: _add(word, text(heading_text(part)), f"Heading{part.level - 1}"),
    tree.Paragraph: _paragraph,
    tree.Items: _items,
    tree.Table: _table,
    tree.Signature: _signature,
    tree.Leaf: _leave_out,
    tree.Annex: _annex,
    tree.PageBreak: lambda word, part: word.add_page_break(),
    tree.Title: _title,
}
