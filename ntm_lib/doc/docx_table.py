"""Tables of the Word file: with lines and a heading repeated on every page, or without lines to place things side by side."""

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from ntm_lib.doc.docx_style import TABLE, TEXT_WIDTH
from ntm_lib.doc.markup import clean
from ntm_lib.doc.paper import Table

ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
MARKED, HEADED = "FDF0C4", "F2F2F2"  # grounds: a cell to be filled in, a row that heads others


def add_table(word, part: Table) -> None:
    """A table of the document with its caption above and its note below."""
    if part.caption:
        word.add_paragraph(clean(part.caption), style="Caption")
    whole = sum(column.width for column in part.columns)
    widths = [TEXT_WIDTH * column.width / whole for column in part.columns]
    table = _new(word, 1 + len(part.rows), widths, "Table Grid")
    # Cells are looked up once a row: python-docx takes longer for each the more rows there are.
    rows = list(table.rows)
    for cell, column in zip(rows[0].cells, part.columns, strict=True):
        _write(cell, column.full_heading, "center", bold=True)
    _repeat(rows[0])
    for row, kind, texts in zip(rows[1:], part.kinds, part.rows, strict=True):
        keep_whole(row)
        _fill(row, kind, texts, part)
    if part.note:
        word.add_paragraph(style="Body Text").add_run(clean(part.note)).italic = True
    word.add_paragraph()


def add_grid(word, rows: int, widths: tuple[float, ...]):
    """A table without lines. ``widths`` in centimetres."""
    return _new(word, rows, list(widths), None)


def _new(word, rows: int, widths: list[float], style: str | None):
    table = word.add_table(rows, len(widths))
    table.style = style
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    return table


def _fill(row, kind: str, texts: tuple[str | None, ...], part: Table) -> None:
    cells = row.cells
    if kind == "group":
        whole = cells[0].merge(cells[-1])
        _write(whole, texts[0] or "", "left", bold=True)
        _shade(whole, HEADED)
        return
    for cell, text, column in zip(cells, texts, part.columns, strict=True):
        _write(cell, text or "", column.align, bold=kind in ("head", "total"))
        if text is None:
            _shade(cell, MARKED)


def _write(cell, text: str, align: str, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = ALIGN[align]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = Pt(TABLE), bold or None


def _shade(cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row) -> None:
    """The row heads the table on every page, and programmes that read aloud know it as the heading."""
    _mark(row, "tblHeader")
    keep_whole(row)


def keep_whole(row) -> None:
    """The row is not parted by the end of a page."""
    _mark(row, "cantSplit")


def _mark(row, name: str) -> None:
    properties = row._tr.get_or_add_trPr()
    mark = OxmlElement(f"w:{name}")
    first = name == "cantSplit" and len(properties)  # the schema wants cantSplit before tblHeader
    properties.insert(0, mark) if first else properties.append(mark)
