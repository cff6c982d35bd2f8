"""The Word files: Decree 30's page and styles, headings, tables with heading rows, the same bytes, text as text."""

import io
import re
import time
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm

from ntm_lib.doc.markup import clean
from ntm_lib.doc.paper import Item, OfficialDocument, table
from ntm_lib.doc.tree import Column, Heading, Paragraph, Signature
from ntm_lib.doc.write.word import document_docx
from ntm_lib.report.papers import official
from tests.doc.test_blocks import HOSTILE
from tests.report.reports import LONG, converted, folder, hostile, made


@pytest.fixture(scope="module")
def data() -> bytes:
    return document_docx(official.plan_document(made()))


@pytest.fixture(scope="module")
def word(data):
    return docx.Document(io.BytesIO(data))


def _opened(*parts, scenario: str = "", language: str = "vi"):
    return docx.Document(io.BytesIO(document_docx(OfficialDocument("t", language, "2023-12-31", scenario, parts))))


def _texts(word) -> list[str]:
    """Words of paragraphs, then of cells."""
    return [p.text for p in word.paragraphs] + [c.text for t in word.tables for r in t.rows for c in r.cells]


def test_the_page_is_that_of_the_decree(word):
    section = word.sections[0]
    names = ("page_width", "page_height", "top_margin", "bottom_margin", "left_margin", "right_margin")
    sizes = {name: round(getattr(section, name) / Cm(1), 1) for name in names}
    assert (sizes["page_width"], sizes["page_height"]) == (21.0, 29.7)
    assert 2.0 <= sizes["top_margin"] <= 2.5 and 2.0 <= sizes["bottom_margin"] <= 2.5
    assert 3.0 <= sizes["left_margin"] <= 3.5 and 1.5 <= sizes["right_margin"] <= 2.0


def test_the_page_number_stands_in_the_top_margin_but_not_on_the_first_page(word):
    section = word.sections[0]
    codes = [code.text for code in section.header._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE"] and section.different_first_page_header_footer
    assert not list(section.first_page_header._element.iter(qn("w:instrText")))


def test_the_font_is_that_of_the_decree_in_every_style_used(word):
    used = {paragraph.style.name for paragraph in word.paragraphs} | {"Normal"}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "List", "Body Text"} <= used
    for name in used:
        fonts = word.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:ascii")) == "Times New Roman" and fonts.get(qn("w:asciiTheme")) is None


def test_headings_are_headings_with_their_numbers(word):
    found = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Heading 1"]
    assert found[0] == "I. MỤC ĐÍCH, YÊU CẦU." and found[-1] == "IV. Tổ chức thực hiện"


def test_tables_repeat_their_heading_row_and_keep_rows_whole(word):
    report = _opened(*official.assessment_document(made(year=2023)).parts)
    money = next(t for t in report.tables if "Tiêu chí" in t.rows[0].cells[1].text)
    assert money.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in money.rows)
    assert len(money.rows) == 20


def test_the_signature_is_whole_and_has_the_last_words_above_it(word):
    grid = word.tables[-1]
    assert "Nơi nhận:" in grid.rows[0].cells[0].text and grid.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None
    *_, closing, gap = list(word.paragraphs)
    assert closing.text.startswith("Trên đây là kế hoạch")
    assert closing.paragraph_format.keep_with_next and gap.paragraph_format.keep_with_next


def test_the_same_document_gives_the_same_bytes_whenever_it_is_made(data):
    time.sleep(2.1)  # what an archive can tell apart
    assert document_docx(official.plan_document(made())) == data


def test_the_archive_carries_no_time_no_author_and_no_picture(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert not [name for name in archive.namelist() if "thumbnail" in name]
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert properties.author == "" and properties.created.year == properties.modified.year == 2023


def test_the_language_is_set_for_the_spelling_check():
    english = _opened(Paragraph("x"), language="en")
    assert english.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "en-GB"


def test_every_part_has_its_words():
    parts = [Paragraph("căn cứ;", italic=True), Heading(2, "đề mục", number="I."), Paragraph("lời", italic=True)]
    signed = Signature("Nơi nhận:", ("- a.",), ("TM. B",), "ký")
    text = "\n".join(_texts(_opened(*parts, Item("một"), Item("hai", 2), signed)))
    words = ("căn cứ;", "I. đề mục", "lời", "- một", "+ hai", "Nơi nhận:", "- a.", "TM. B", "ký")
    assert all(shown in text for shown in words)


def test_a_cell_to_be_filled_in_is_shaded_and_a_group_spans_the_table():
    word = _opened(table("bảng", [Column("a"), Column("b")], [["nhóm", ""], ["1", None]], ["group", ""]))
    grid = word.tables[0]
    assert grid.rows[1].cells[0]._tc is grid.rows[1].cells[1]._tc
    filled, empty = (grid.rows[2].cells[i]._tc.tcPr.find(qn("w:shd")) for i in (1, 0))
    assert filled is not None and filled.get(qn("w:fill")) == "FDF0C4" and empty is None


def test_an_empty_cell_is_no_higher_than_its_letters_would_be():
    cell = _opened(table("bảng", [Column("a"), Column("b")], [["1", ""]])).tables[0].rows[1].cells[1]
    assert cell.paragraphs[0]._p.pPr.find(qn("w:rPr")).find(qn("w:sz")) is not None


def test_a_scenario_stands_on_every_page():
    section = _opened(Paragraph("x"), scenario="KỊCH BẢN").sections[0]
    heads = [[p.text for p in head.paragraphs] for head in (section.header, section.first_page_header)]
    assert all("KỊCH BẢN" in " ".join(texts) for texts in heads)


# ---------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("text", [*HOSTILE, "{ PAGE }", "&lt;w:br/&gt;", "]]>", LONG])
def test_hostile_text_stays_text(text):
    word = _opened(Paragraph(text), Item(text), Heading(2, text, number="I."), table(text, [Column(text)], [[text]]))
    assert word.paragraphs[0].text == clean(text) and word.tables[0].rows[1].cells[0].text == clean(text)
    assert not list(word.element.iter(qn("w:instrText"), qn("w:fldSimple"), qn("w:hyperlink"), qn("w:object")))


def test_the_file_of_a_hostile_commune_reaches_for_nothing():
    data = document_docx(official.plan_document(hostile()))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rels = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
        body = archive.read("word/document.xml")
    assert b'TargetMode="External"' not in rels and b"instrText" not in body
    assert clean(HOSTILE[0]) in "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


# ---------------------------------------------------------------- LibreOffice


@pytest.mark.parametrize("name", ["bao-cao", "ke-hoach"])
def test_nothing_is_lost_in_libreoffice(name, tmp_path: Path):
    """Every word of the paper and of its annexes, as LibreOffice reads the file: as text, so that no font decides."""
    file = folder() / f"{name}.docx"
    read = "".join(converted(file, "txt:Text (encoded):UTF8", tmp_path).read_text("utf-8-sig").split())
    assert [text for text in _texts(docx.Document(file)) if "".join(text.split()) not in read] == []


def test_headings_over_several_columns_span_them_on_two_rows():
    columns = [Column("a"), Column("b", above="chung"), Column("c", above="chung")]
    grid = _opened(table("bảng", columns, [["1", "2", "3"]])).tables[0]
    first, second = (grid.rows[i].cells for i in (0, 1))
    assert ([c.text for c in first], [c.text for c in second]) == (["a", "chung", "chung"], ["a", "b", "c"])
    assert first[0]._tc is second[0]._tc and first[1]._tc is first[2]._tc
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in grid.rows[:2])


def test_annexes_stand_behind_the_paper_on_turned_pages():
    word = docx.Document(folder() / "ke-hoach.docx")
    labels = [p.text for p in word.paragraphs if re.fullmatch(r"Biểu \d\d", p.text)]
    assert labels == [f"Biểu {i:02}" for i in range(1, 8)]
    assert [s.orientation for s in word.sections] == [WD_ORIENT.PORTRAIT, *[WD_ORIENT.LANDSCAPE] * 7]
    assert "17.8a" in _texts(word)


@pytest.mark.parametrize("now", [0, 5_000_000_000])
def test_a_clock_out_of_order_changes_nothing(monkeypatch, now):
    """A dead battery puts it to 1970, which a ZIP archive cannot hold."""
    from docx import Document

    from ntm_lib.doc.write.word import _same_every_time

    monkeypatch.setattr("time.time", lambda: now)
    made = _same_every_time(Document())
    monkeypatch.undo()
    assert made == _same_every_time(Document())
