"""Exporters: one HTML file without network, one tagged PDF, the same bytes every time, and no text that runs."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pikepdf
import pytest

from ntm_lib.doc import blocks as b
from ntm_lib.doc import markup, pdf
from ntm_lib.doc.exporters import Attachment, HtmlReportExporter, NotebookExporter, PdfReportExporter
from ntm_lib.doc.notebook import Document
from ntm_lib.doc.render import report_html, report_pdf, table_of_contents, without_dangling_links
from tests.doc.test_blocks import HOSTILE, _every_block, _Reader
from tests.report.sample_report import sample_notebook


@pytest.fixture(scope="module")
def html() -> str:
    return report_html(sample_notebook())


@pytest.fixture(scope="module")
def document() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(report_pdf(sample_notebook())))


def _notebook(*blocks: b.Block, **metadata) -> nbformat.NotebookNode:
    outputs = [nbformat.v4.new_output("display_data", data=block._repr_mimebundle_()) for block in blocks]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", id="x", outputs=outputs)])
    notebook.metadata.update(metadata)
    return notebook


def test_nbconvert_knows_the_exporters_by_name():
    from importlib.metadata import entry_points

    registered = {
        point.name: point.value.split(":")[1]
        for point in entry_points(group="nbconvert.exporters")
        if point.name.startswith("ntm-")
    }
    if not registered:
        pytest.skip("the project is not installed in this environment")
    assert registered["ntm-html"] == "HtmlReportExporter"
    assert registered["ntm-pdf"] == "PdfReportExporter"


def test_html_is_one_file_that_asks_for_nothing(html):
    reader = _Reader(html)
    assert "script" not in reader.tags
    assert "link" not in reader.tags
    sources = [value for key, value in reader.attributes if key in ("src", "srcset", "action", "poster", "data")]
    assert sources == []
    assert all(url.startswith("data:font/woff2;base64,") for url in re.findall(r'url\("([^"]*)"\)', html))
    assert "default-src 'none'" in html


def test_html_says_its_language_and_title(html):
    assert '<html lang="vi">' in html
    assert "<title>Kết quả thực hiện tiêu chí nông thôn mới năm 2024, xã Hùng Mỹ" in html
    english = report_html(_notebook(b.paragraph("x"), title="A & B", ntm={"language": "en"}))
    assert '<html lang="en">' in english
    assert "<title>A &amp; B</title>" in english
    assert '<h1 id="top">A &amp; B</h1>' in english


def test_html_has_one_h1_one_main_and_unique_ids(html):
    reader = _Reader(html)
    assert reader.tags.count("h1") == reader.tags.count("main") == 1
    ids = [value for key, value in reader.attributes if key == "id"]
    assert len(ids) == len(set(ids))


def test_code_and_printed_lines_are_not_part_of_a_report(html):
    assert "first_page(report)" not in html
    assert "xong" not in html


def test_a_cell_can_be_kept_for_the_notebook():
    notebook = sample_notebook()
    notebook.cells[2].metadata["tags"] = ["notebook-only"]
    assert "Cách đọc báo cáo" not in report_html(notebook)
    assert "Cách đọc báo cáo" in NotebookExporter().from_notebook_node(notebook)[0]


def test_navigation_lists_sections_and_subsections(html):
    contents = table_of_contents(html)
    assert [entry["text"] for entry in contents] == [
        "Lưới tiêu chí qua các năm",
        "Từng tiêu chí",
        "Nguồn vốn",
        "Nguồn số liệu",
        "Cách đọc báo cáo",
    ]
    assert contents[1]["children"][0]["text"] == "Tiêu chí 10. Thu nhập"


def test_no_link_of_a_page_leads_nowhere(html):
    reader = _Reader(html)
    ids = {value for key, value in reader.attributes if key == "id"}
    assert {value[1:] for key, value in reader.attributes if key == "href" and value.startswith("#")} <= ids
    assert "criterion-3" not in html
    assert "Thủy lợi và phòng, chống thiên tai" in html


def test_a_link_without_target_becomes_its_text():
    assert (
        without_dangling_links('<p id="a"><a href="#a">x</a> <a href="#b">y <b>z</b></a></p>')
        == '<p id="a"><a href="#a">x</a> y <b>z</b></p>'
    )


def test_a_scenario_stands_on_the_page_in_the_title_and_on_paper():
    page = report_html(sample_notebook(scenario='47 "triệu" </style><script>'))
    assert (
        '<p class="banner">KỊCH BẢN, không phải số liệu chính thức: 47 &#34;triệu&#34; &lt;/style&gt;&lt;script&gt;</p>'
        in page
    )
    assert "@top-center { content: " in page
    assert page.count("</style>") == 1
    assert "<script" not in page
    assert 'class="banner"' not in report_html(sample_notebook())


def test_a_scenario_stands_on_every_page_of_the_pdf():
    words = _text(report_pdf(sample_notebook(scenario="thu nhập 47")))
    pages = words.strip("\f\n").split("\f")
    assert len(pages) > 3
    assert all("KỊCH BẢN, không phải số liệu chính thức: thu nhập 47" in page for page in pages)


def test_the_pdf_is_tagged_titled_and_in_its_language(document):
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "vi"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    with document.open_metadata() as metadata:
        assert metadata["dc:title"].startswith("Kết quả thực hiện tiêu chí")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["pdfaid:part"] == "3"


def test_the_pdf_is_a4_with_the_margins_of_the_decree(document):
    for page in document.pages:
        assert [float(x) for x in page.MediaBox] == pytest.approx([0, 0, 595.28, 841.89], abs=0.1)
    source = (Path(pdf.TEMPLATES) / "report.typ").read_text(encoding="utf-8")
    margins = {side: int(mm) for side, mm in re.findall(r"(top|bottom|left|right): (\d+)mm", source)}
    assert 20 <= margins["top"] <= 25
    assert 20 <= margins["bottom"] <= 25
    assert 30 <= margins["left"] <= 35
    assert 15 <= margins["right"] <= 20


def test_every_font_of_the_pdf_is_embedded(document):
    fonts = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
    assert len(fonts) >= 4
    assert all(any(key in font for key in ("/FontFile2", "/FontFile3")) for font in fonts)


def test_the_pdf_has_bookmarks_tables_with_headings_and_pictures_with_alternatives(document):
    with document.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "Lưới tiêu chí qua các năm",
            "Từng tiêu chí",
            "Nguồn vốn",
            "Nguồn số liệu",
            "Cách đọc báo cáo",
        ]
    elements = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/StructElem"]
    kinds = [str(e.S) for e in elements]
    assert kinds.count("/Table") == 4
    assert kinds.count("/TH") == 7 + 6 + 3 + 5 + 1  # the columns of the tables, and the row that heads others
    alternatives = [str(e.Alt) for e in elements if "/Alt" in e]
    assert len([text for text in alternatives if "45 triệu đồng/người" in text and "43 triệu đồng/người" in text]) == 1


def test_the_words_of_pdf_and_charts_can_be_searched():
    words = " ".join(_text(report_pdf(sample_notebook())).split())
    assert "Kết quả thực hiện tiêu chí nông thôn mới" in words
    assert "17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh" in words
    assert "cần ≥ 45" in words


def test_the_word_that_marks_a_scenario_leaves_the_lines_whole():
    """It stands in the margin in one piece, not slanted through the lines letter by letter."""
    banner = "KỊCH BẢN, không phải số liệu chính thức: thử"
    document = Document("Thử", "vi", banner, "2024-12-31", "", "Thử")
    lines = [f"Dòng thứ {n} của một đoạn văn đủ dài để đi hết bề ngang của trang giấy" for n in range(60)]
    text = _text(pdf.render_pdf("\n\n".join(lines), document))
    read = [" ".join(line.split()) for line in text.splitlines()]
    assert [line.removeprefix("KỊCH BẢN ") for line in read if "Dòng thứ" in line] == lines
    assert sum(line.startswith("KỊCH BẢN") and "chính thức" not in line for line in read) == text.count("\f")


def _text(content: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def test_the_pdf_carries_its_data():
    file = Attachment("indicators.csv", "chỉ tiêu,giá trị\n".encode(), "text/csv", "Chỉ tiêu")
    document = pikepdf.open(io.BytesIO(report_pdf(sample_notebook(), (file,))))
    assert document.attachments["indicators.csv"].get_file().read_bytes() == file.content


def test_a_notebook_without_title_gets_one_in_the_pdf():
    content = report_pdf(_notebook(b.heading("Phần một"), b.paragraph("x")))
    assert len(pikepdf.open(io.BytesIO(content)).pages) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_runs_nowhere(text):
    notebook = _notebook(
        _every_block(text), title=text, ntm={"scenario_title": text, "author": text, "description": text}
    )
    page = report_html(notebook)
    assert "script" not in _Reader(page).tags
    assert not [key for key, _ in _Reader(page).attributes if key.startswith("on")]
    assert report_pdf(notebook).startswith(b"%PDF")


def test_a_word_longer_than_a_page_stays_on_the_paper():
    content = report_pdf(_notebook(_every_block("Hùng" * 625)))
    document = pikepdf.open(io.BytesIO(content))
    # Broken into lines it takes some hundred pages; a word that did not break would run off the paper on far fewer.
    assert 75 < len(document.pages) < 175


def test_every_letter_that_passes_for_printable_has_a_glyph():
    letters = [chr(c) for c in range(0x20, 0x2800) if markup.printable(chr(c)) == chr(c)] + ["\ufffd"]
    body = "".join(f"#par[{markup.typst_markup(' '.join(letters[i : i + 64]))}]\n" for i in range(0, len(letters), 64))
    notebook = _notebook(b.Block(b.Rendered("<p></p>", body, "")))
    assert report_pdf(notebook).startswith(b"%PDF")  # PDF/UA refuses a letter without glyph


def test_the_same_notebook_gives_the_same_bytes_in_another_process_zone_and_locale():
    code = "import hashlib, sys; from tests.report.sample_report import sample_notebook as n; from ntm_lib.doc.render import report_html, report_pdf; print(hashlib.sha256(report_html(n()).encode() + report_pdf(n())).hexdigest())"
    root = str(Path(__file__).parents[2])
    runs = []
    for zone, locale, seed in (("UTC", "C", "1"), ("Asia/Ho_Chi_Minh", "vi_VN.UTF-8", "2")):
        environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "PYTHONPATH": root}
        runs.append(
            subprocess.run(
                [sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True
            ).stdout
        )
    assert runs[0] == runs[1]


def test_exporting_does_not_change_the_notebook():
    notebook = sample_notebook()
    before = nbformat.writes(notebook)
    for exporter in (HtmlReportExporter(), PdfReportExporter(), NotebookExporter()):
        exporter.from_notebook_node(notebook)
    assert nbformat.writes(notebook) == before


def test_a_process_forked_after_a_pdf_refuses_instead_of_hanging():
    report_pdf(sample_notebook(b.paragraph("x")))
    child = os.fork()
    if child == 0:
        try:
            report_pdf(sample_notebook(b.paragraph("x")))
        except RuntimeError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_the_notebook_for_review_folds_code_and_shows_every_output():
    notebook = sample_notebook()
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            "frame",
            id="frame",
            outputs=[
                nbformat.v4.new_output(
                    "display_data",
                    data={
                        "text/html": "<style>x</style><table><tr><td onclick=x>1<script>alert(1)</script></td></tr></table>",
                        "text/plain": "1",
                    },
                ),
                nbformat.v4.new_output("error", ename="E", evalue="v", traceback=["\x1b[31mE\x1b[0m: <b>"]),
            ],
        )
    )
    page, _ = NotebookExporter().from_notebook_node(notebook)
    assert '<details class="code"><summary>Mã lệnh [1] <code>first_page(report) # trang đầu</code></summary>' in page
    assert '<pre class="output" tabindex="0">xong</pre>' in page
    assert "<table><tbody><tr><td>1</td></tr></tbody></table>" in page or "<table><tr><td>1</td></tr></table>" in page
    assert "E: &lt;b&gt;" in page
    assert "script" not in _Reader(page).tags
