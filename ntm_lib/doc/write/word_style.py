"""Styles and page of the Word file, after Decree 30/2020/NĐ-CP, Annex I. Sizes in points, lengths in centimetres."""

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from ntm_lib.doc.markup import clean

FONT = "Times New Roman"  # as the decree asks; Word and LibreOffice have it or one of the same widths
BODY, SMALL, TABLE, ANNEX = 13.5, 11, 11.5, 9
INDENT = 1.27
PAGE = {
    "page_width": 21.0,
    "page_height": 29.7,
    "top_margin": 2.2,
    "bottom_margin": 2.0,
    "left_margin": 3.0,
    "right_margin": 1.8,
    "header_distance": 1.1,
}
TURNED_WIDTH = PAGE["page_height"] - 2 * 1.8
TEXT_WIDTH = PAGE["page_width"] - PAGE["left_margin"] - PAGE["right_margin"]
HEADINGS = {1: {"bold": True, "italic": False}, 2: {"bold": True, "italic": False}, 3: {"bold": True, "italic": True}}
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}


def set_styles(word: Any, language: str) -> None:
    """The styles that the document uses, in one font, black, in the language of the document."""
    _base(word.styles["Normal"], language)
    body = word.styles["Body Text"]
    _look(body, BODY)
    _paragraphs(body, first=INDENT, after=6, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    for level, look in HEADINGS.items():
        style = word.styles[f"Heading {level}"]
        _look(style, BODY, **look)
        _paragraphs(style, first=INDENT, before=6, after=4, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
        style.paragraph_format.keep_with_next = True
    for name, left in (("List", 0.0), ("List 2", 0.6)):
        _look(word.styles[name], BODY)
        _paragraphs(word.styles[name], left=left, first=INDENT, after=6, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    for name, after in (("Title", 2), ("Subtitle", 2)):
        _look(word.styles[name], 14, bold=True)
        _paragraphs(word.styles[name], after=after, align=WD_ALIGN_PARAGRAPH.CENTER)
        _without_border(word.styles[name])
    caption = word.styles["Caption"]
    _look(caption, TABLE + 0.5, bold=True)
    _paragraphs(caption, before=6, after=4, align=WD_ALIGN_PARAGRAPH.CENTER)
    caption.paragraph_format.keep_with_next = True


def _base(style: Any, language: str) -> None:
    _look(style, BODY)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    marks = style.element.get_or_add_rPr()
    found = marks.find(qn("w:lang"))
    mark = found if found is not None else OxmlElement("w:lang")
    for kind in ("val", "eastAsia"):
        mark.set(qn(f"w:{kind}"), LANGUAGES[language])
    if found is None:
        marks.append(mark)


def _look(style: Any, size: float, bold: bool = False, italic: bool = False) -> None:
    """One font for every script; the template's own styles point to a theme's fonts and colours instead."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for spacing in style.element.get_or_add_rPr().findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)


def _paragraphs(
    style: Any,
    left: float = 0,
    first: float = 0,
    before: float = 0,
    after: float = 0,
    align: Any = WD_ALIGN_PARAGRAPH.LEFT,
) -> None:
    look = style.paragraph_format
    look.left_indent, look.first_line_indent = Cm(left), Cm(first)
    look.space_before, look.space_after, look.line_spacing = Pt(before), Pt(after), 1.1
    look.alignment = align
    for tight in style.element.get_or_add_pPr().findall(qn("w:contextualSpacing")):  # no space between lines of a list
        style.element.pPr.remove(tight)


def _without_border(style: Any) -> None:
    """The template draws a line under titles."""
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)


def lay_out(section: Any, scenario: str) -> None:
    """A4 with the decree's margins; the page number centred in the top margin, none on page 1. ``scenario`` stands on every page."""
    for name, length in PAGE.items():
        setattr(section, name, Cm(length))
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_field(number)
    for head in (section.header, section.first_page_header) if scenario else ():
        line = head.paragraphs[0] if head is section.first_page_header else head.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(clean(scenario))
        run.bold, run.font.size = True, Pt(9)


def narrow(table: Any) -> None:
    """Cells with little room at their sides, for tables of many columns."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")  # twentieths of a point
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def turn(section: Any) -> None:
    """A section of annexes: A4 on its long side, numbered on as the pages before it."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(PAGE["page_height"]), Cm(PAGE["page_width"])
    section.left_margin = section.right_margin = Cm(1.8)
    section.different_first_page_header_footer = False


def _page_field(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("result", "2"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        if kind == "result":
            run.text = text
        elif text:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def rule(paragraph: Paragraph, share: float, width: float) -> None:
    """An empty paragraph becomes a line over ``share`` of the ``width`` (cm) it stands in, centred."""
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    side = Cm(width * (1 - share) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    paragraph.paragraph_format.first_line_indent = Cm(0)
    paragraph.paragraph_format.line_spacing = Pt(5)
    properties = paragraph._p.get_or_add_pPr()
    following = next(
        (
            child
            for child in properties
            if child.tag in {qn(f"w:{tag}") for tag in ("shd", "spacing", "ind", "jc", "rPr")}
        ),
        None,
    )
    if following is not None:  # the schema wants the border before these
        following.addprevious(border)
    else:
        properties.append(border)
