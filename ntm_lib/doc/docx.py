"""An official document as a Word file that officials edit: styles, headings, tables with heading rows, Decree 30's page.

The same document gives the same bytes: no clock, no name of who made it, parts of the archive in
a fixed order. Texts are texts; nothing in them is read as a field or a style.
"""

import datetime
import io
import zipfile
from collections.abc import Callable

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from ntm_lib.doc.docx_style import BODY, SMALL, TEXT_WIDTH, lay_out, rule, set_styles
from ntm_lib.doc.docx_table import add_grid, add_table, keep_whole
from ntm_lib.doc.markup import clean
from ntm_lib.doc.paper import Bases, Heading, Item, Letterhead, OfficialDocument, Paragraph, Signature, Table

EPOCH = (1980, 1, 1, 0, 0, 0)  # what a ZIP archive can hold as its earliest date
_FIRST = "[Content_Types].xml"  # Word looks for it first


def document_docx(document: OfficialDocument) -> bytes:
    """The document as DOCX. Annex pages are left out, they are the workbook; so is the leaf for the signer, which the PDF has."""
    word = Document()
    _describe(word, document)
    set_styles(word, document.language)
    lay_out(word.sections[0], document.scenario)
    for part in document.parts:
        if render := _RENDERERS.get(type(part)):
            render(word, part)
    return _same_every_time(word)


def _describe(word, document: OfficialDocument) -> None:
    """Properties of the file; python-docx would leave its own name and the year of its template."""
    noon = datetime.datetime.fromisoformat(document.date).replace(hour=12)
    properties = word.core_properties
    properties.title, properties.language = (
        clean(document.title)[:255],
        {"vi": "vi-VN", "en": "en-GB"}[document.language],
    )
    properties.author = properties.comments = properties.last_modified_by = properties.keywords = properties.subject = (
        ""
    )
    properties.created = properties.modified = noon
    properties.revision = 1
    package = word.part.package
    for name in [name for name, relation in package.rels.items() if relation.reltype.endswith("/thumbnail")]:
        del package.rels[name]  # a picture of the template's empty page


def _same_every_time(word) -> bytes:
    """The archive with its parts in order and without the time at which it was made."""
    written, sorted_ = io.BytesIO(), io.BytesIO()
    word.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(sorted_, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST, name)):
            target.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return sorted_.getvalue()


# ---------------------------------------------------------------- parts


def _letterhead(word, part: Letterhead) -> None:
    """Agencies left, national title right, number and date under them, without lines around; then kind and subject."""
    grid = add_grid(word, 2, (TEXT_WIDTH * 0.42, TEXT_WIDTH * 0.58))
    left, right = grid.rows[0].cells
    for place, name in enumerate(part.agencies):
        _centred(left, name, 12, bold=place == len(part.agencies) - 1, first=place == 0)
    rule(_centred(left, "", 4), 0.4, TEXT_WIDTH * 0.42)
    _centred(right, part.nation, 12, bold=True, first=True)
    _centred(right, part.motto, 13, bold=True)
    rule(_centred(right, "", 4), 0.56, TEXT_WIDTH * 0.58)
    _centred(grid.rows[1].cells[0], part.number, 13, first=True)
    _centred(grid.rows[1].cells[1], part.place, 13, italic=True, first=True)
    word.add_paragraph()
    _add(word, part.kind, "Subtitle")
    _add(word, part.subject, "Title")
    rule(_add(word, "", "Subtitle"), 0.33, TEXT_WIDTH)


def _add(word, text: str, style: str, italic: bool = False) -> WordParagraph:
    """A paragraph at the end. ``style`` by its id: looking up a name takes longer than all the rest."""
    paragraph = word.add_paragraph()
    paragraph._p.style = style
    paragraph.add_run(clean(text)).italic = italic or None
    return paragraph


def _centred(
    cell, text: str, size: float, bold: bool = False, italic: bool = False, first: bool = False
) -> WordParagraph:
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def _bases(word, part: Bases) -> None:
    for line in part.lines:
        _add(word, line, "BodyText", italic=True)


def _heading(word, part: Heading) -> None:
    _add(word, f"{part.number} {part.text}".strip(), f"Heading{part.level}")


def _paragraph(word, part: Paragraph) -> None:
    _add(word, part.text, "BodyText", part.italic).paragraph_format.keep_with_next = part.closing or None


def _item(word, part: Item) -> None:
    _add(word, f"{'-' if part.level == 1 else '+'} {part.text}", "List" if part.level == 1 else "List2")


def _table(word, part: Table) -> None:
    add_table(word, part)


def _signature(word, part: Signature) -> None:
    word.add_paragraph().paragraph_format.keep_with_next = True
    grid = add_grid(word, 1, (TEXT_WIDTH * 0.5, TEXT_WIDTH * 0.5))
    keep_whole(grid.rows[0])
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


_RENDERERS: dict[type, Callable] = {
    Letterhead: _letterhead,
    Bases: _bases,
    Heading: _heading,
    Paragraph: _paragraph,
    Item: _item,
    Table: _table,
    Signature: _signature,
}
