"""Every figure leads to its raw row; evidence files are present or missing; the PDF carries its data."""

import dataclasses
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ntm_lib.doc.exporters import PdfReportExporter
from ntm_lib.intake import privacy
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline import manifest
from ntm_lib.report.context import Report
from ntm_lib.report.sections import criterion, evidence, first_page, judging, money_and_needs, works_and_people
from ntm_lib.rules import load_set
from tests.report.reports import made
from tests.report.sample_report import sample_notebook

RUN = Parameters("hung-my", 2024, "ntm-2021-2025")
FIGURE = re.compile(r"\d+(,\d+)? (%|triệu|hộ|km|cái|nhà|thôn)|\d+/\d+")


@pytest.fixture(scope="module")
def report() -> Report:
    return made()


class Cells(HTMLParser):
    """Text of each table cell by the heading of its column, and whether it holds a link."""

    def __init__(self, html: str):
        super().__init__()
        self.cells: list[list] = []
        self.open = False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "td":
            self.cells.append([given.get("data-label", ""), "", []])
            self.open = True
        if tag == "a" and self.open:
            self.cells[-1][2].append(given["href"])

    def handle_endtag(self, tag):
        self.open = self.open and tag != "td"

    def handle_data(self, data):
        if self.open:
            self.cells[-1][1] += data


def test_every_value_of_the_criteria_links_to_its_row(report):
    rows = set(re.findall(r'id="(row-[^"]+)"', evidence.evidence_rows(report).html))
    cells = Cells(criterion.criteria_sections(report).html).cells
    values = [(text, links) for label, text, links in cells if label in ("2023", "KH 2024") and text not in ("–", "")]
    assert len(values) > 5
    assert all(links and links[0].removeprefix("#") in rows for _, links in values)


def test_every_amount_of_funding_and_works_links_to_its_row(report):
    rows = set(re.findall(r'id="(row-[^"]+)"', evidence.evidence_rows(report).html))
    cells = (
        Cells(money_and_needs.funding_section(report).html).cells
        + Cells(works_and_people.works_section(report).html).cells
    )
    amounts = [
        (text, links)
        for label, text, links in cells
        if label in ("Kế hoạch (triệu đồng)", "Khối lượng") and text not in ("", "–")
    ]
    total = [links for text, links in amounts if text == "8.321,7"]
    assert len(amounts) > 20
    assert all(links and links[0].removeprefix("#") in rows for text, links in amounts if text != "8.321,7")
    assert total == [[]]  # our own sum; the printed total that it is compared with links to its row
    assert 'href="#row-' in money_and_needs.funding_section(report).html.partition("Đối chiếu")[2]


def test_every_sentence_with_a_figure_links_to_its_rows(report):
    items = re.findall(r"<li><strong>.*?</li>", criterion.criteria_sections(report).html)
    speaking = [item for item in items if FIGURE.search(item) and "chưa có số liệu" not in item]
    assert speaking
    assert all('href="#row-' in item for item in speaking)


def test_every_figure_of_the_first_page_links_to_its_rows(report):
    page = first_page.conclusion(report).html
    told = page.partition("Dòng số liệu gốc: ")[2].partition("</p>")[0]
    for code, row in (("10.1", "HM088"), ("11.1", "HM089"), ("17.8a", "HM112")):
        assert re.search(rf'{code} <a href="#row-{row}">\[{row}\]</a>', told, re.IGNORECASE)


def test_a_figure_without_row_is_text():
    assert evidence.sourced("–", {"observation": "HM1"}) == "–"
    assert evidence.sourced("47%", {"observation": ""}) == "47%"
    assert evidence.sourced("47%", None) == "47%"
    assert "#row-hm1" in evidence.sourced("47%", {"observation": "HM1+HM2"}).html


# Dossier


def with_evidence(report: Report, *files: str, **more: str) -> Report:
    rows = tuple(
        {"id": "", "indicator": "17.8", "part": "", "of_year": "2024", "kind": "ảnh", "file": file, "note": "", **more}
        for file in files
    )
    return dataclasses.replace(report, evidence=rows)


@pytest.mark.parametrize(
    ("file", "state"),
    [
        ("sources/05-KH-BCD-2024.txt", "present"),
        ("sources/khong-co.pdf", "missing"),
        ("../my-bang/commune.yml", "outside"),
        ("/etc/passwd", "outside"),
        ("sources", "missing"),
        ("x" * 5000, "missing"),
        ("a\0b", "missing"),
        ("https://example.org/a.pdf", "web"),
    ],
)
def test_a_file_is_there_or_not_and_never_outside(report, file, state):
    assert judging.state_of(report, {"file": file}) == state


def test_the_dossier_lists_each_file_and_counts_what_is_missing(report):
    text = judging.dossier(with_evidence(report, "sources/05-KH-BCD-2024.txt", "anh.jpg")).text
    assert "2 tài liệu được nêu, 1 tài liệu chưa có" in text
    assert "Chỉ tiêu 17.8" in text
    assert "✗ thiếu" in text


def test_indicators_met_without_evidence_are_named(report):
    met = [row["indicator"] for row in report.rows("indicators", year=2024, part="", verdict="met")]
    shown = judging.dossier(with_evidence(report, "sources/05-KH-BCD-2024.txt", indicator=met[0])).text
    bare = shown.partition("chưa có tài liệu minh chứng: ")[2].partition(".\n")[0].split(", ")
    assert bare == met[1:]


def test_a_commune_without_list_is_told_so(report):
    assert "Xã chưa lập danh mục tài liệu minh chứng" in judging.dossier(dataclasses.replace(report, evidence=())).text


def test_papers_of_the_decision_are_there_missing_or_not_named(report):
    """What the decision asks for comes from the rule set, with how sure that is; no paper stands among the indicators."""
    asked = [paper["id"] for paper in report.rule_set.meta["dossier"]]
    given = (
        with_evidence(report, "sources/05-KH-BCD-2024.txt", indicator=asked[0]).evidence
        + with_evidence(report, "khong-co.pdf", indicator=asked[1]).evidence
    )
    shown = judging.dossier(dataclasses.replace(report, evidence=given))
    lines = [
        line for line in shown.text.splitlines() if "18/2022/QĐ-TTg, Khoản 1 Điều 5 của Quy định (một nguồn)" in line
    ]
    assert [line.split(" | ")[-2:] for line in lines] == [
        ["sources/05-KH-BCD-2024.txt", "✓ có"],
        ["khong-co.pdf", "✗ thiếu"],
        ["–", "chưa nêu"],
    ]
    assert "2 tài liệu được nêu, 1 tài liệu chưa có" in shown.text and "Chỉ tiêu bao-cao" not in shown.text


def test_a_year_without_such_a_rule_asks_for_no_paper(report):
    """The regulation came into force on 2 August 2022; the set of 2026–2030 names none."""
    assert (
        "Giấy tờ"
        not in judging.dossier(
            dataclasses.replace(report, parameters=dataclasses.replace(report.parameters, year=2021))
        ).text
    )
    assert not load_set("ntm-2026-2030").meta.get("dossier")
    assert [
        len(load_set(name).meta["dossier"])
        for name in ("ntm-2021-2025", "ntm-nang-cao-2021-2025", "ntm-kieu-mau-2021-2025")
    ] == [3, 3, 3]


def test_hostile_evidence_is_text(report):
    block = judging.dossier(with_evidence(report, "<script>x</script>", "#panic()", kind="<img src=x>", indicator="=1"))
    assert "<script" not in block.html
    assert "<img" not in block.html
    assert "[#panic" not in block.typst


def test_the_list_is_read_from_the_folder(tmp_path, monkeypatch):
    import shutil

    from ntm_lib import intake, paths

    for name in ("rules", "communes/hung-my"):
        shutil.copytree(paths.raw() / name, tmp_path / "data/raw" / name)
    folder = tmp_path / "data/raw/communes/hung-my"
    (folder / "evidence.csv").write_text(
        "id,indicator,part,year,kind,file,note\nE1,17.8,a,2024,ảnh,anh/nha-tieu.jpg,\n", encoding="utf-8"
    )
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    raw = intake.read_commune("hung-my")
    assert intake.clean(raw).evidence["file"].tolist() == ["anh/nha-tieu.jpg"]
    assert not [remark for remark in raw.remarks if "evidence" in remark.file]


# Pictures


def photographed(folder: Path, size: tuple[int, int] = (3000, 2000)) -> Path:
    """A photo as a telephone takes it: large, turned by its EXIF, with place and camera inside."""
    image = Image.new("RGB", size, "green")
    exif = image.getexif()
    exif[0x0110], exif[0x0112] = "Máy của Nguyễn Văn A", 6
    exif.get_ifd(0x8825)[1] = "N"
    path = folder / "anh.jpg"
    image.save(path, exif=exif)
    return path


def test_a_photo_is_shown_small_upright_and_without_what_the_camera_wrote(tmp_path):
    small = Image.open(io.BytesIO(privacy.reduced(photographed(tmp_path))))
    assert small.size == (600, 900) and not small.getexif() and "exif" not in small.info
    assert privacy.reduced(tmp_path / "anh.jpg") == privacy.reduced(tmp_path / "anh.jpg")


def test_of_a_scan_the_first_page_is_shown(tmp_path):
    with pikepdf.new() as scan:
        scan.add_blank_page(page_size=(595, 842))
        scan.save(tmp_path / "bien-ban.pdf")
    assert Image.open(io.BytesIO(privacy.reduced(tmp_path / "bien-ban.pdf"))).height == 900


@pytest.mark.parametrize(
    ("name", "content"), [("a.jpg", b"no picture"), ("a.pdf", b"%PDF-1.4 broken"), ("a.docx", b"PK"), ("a.png", b"")]
)
def test_what_is_no_picture_is_not_shown_and_stops_nothing(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert privacy.reduced(tmp_path / name) is None


@pytest.mark.parametrize(
    ("faces", "shown"), [("", True), ("không", True), ("có", False), ("yes", False), ("2 người", False)]
)
def test_a_photo_with_faces_is_not_shown(tmp_path, faces, shown):
    photographed(tmp_path)
    found = list(privacy.pictures(tmp_path, [{"file": "anh.jpg", "faces": faces}]))
    assert bool(found) == shown


def test_no_picture_is_taken_from_outside_the_folder(tmp_path):
    photographed(tmp_path)
    (tmp_path / "xa").mkdir()
    assert (
        list(
            privacy.pictures(
                tmp_path / "xa", [{"file": "../anh.jpg", "faces": ""}, {"file": str(tmp_path / "anh.jpg"), "faces": ""}]
            )
        )
        == []
    )


def test_pictures_stand_under_their_indicator_on_the_page_alone(report):
    rows = [
        {"indicator": "17.8", "part": "a", "of_year": "2024", "kind": "ảnh", "file": f"anh/{i}.jpg", "note": "nhà tiêu <b>", "date": "2024-03-15", "faces": "", "picture": "x.jpg"}
        for i in range(8)
    ]  # fmt: skip
    faces = rows[0] | {"file": "anh/nguoi.jpg", "faces": "có", "picture": ""}
    block = judging.dossier(dataclasses.replace(report, evidence=(*rows, faces), pictures={"x.jpg": b"jpeg"}))
    assert block.html.count('<img src="data:image/jpeg;base64,anBlZw=="') == judging.MOST == 6
    assert "Ảnh, bản chụp của chỉ tiêu 17.8a" in block.html and "nhà tiêu &lt;b&gt;; 15/03/2024" in block.html
    assert (
        "2 ảnh, bản chụp khác trong thư mục của xã, không in ở đây." in block.html
        and "1 ảnh có người nhận ra được mặt, không đăng." in block.html
    )
    assert "base64" not in block.typst and "Ảnh, bản chụp" not in block.typst


def test_a_named_photo_goes_from_the_folder_to_the_page(tmp_path, monkeypatch):
    """Through both tables: the raw list, the small picture beside the processed tables, the report."""
    import shutil

    from ntm_lib import paths

    for name in ("rules", "communes/hung-my"):
        shutil.copytree(paths.raw() / name, tmp_path / "data/raw" / name)
    folder = tmp_path / "data/raw/communes/hung-my"
    photographed(folder)
    (folder / "evidence.csv").write_text(
        "indicator,part,year,kind,file,date,faces\n17.8,a,2024,ảnh,anh.jpg,2024-03-15,\n", encoding="utf-8"
    )
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    found = made()
    assert found.evidence[0]["picture"] in found.pictures
    assert "data:image/jpeg;base64," in judging.dossier(found).html


# Days


def test_every_figure_says_when_it_was_measured_and_when_its_source_was_written(report):
    cells = Cells(evidence.evidence_rows(report).html).cells
    days = [text for label, text, _ in cells if label == "Ngày đo; ngày tài liệu"]
    assert "chưa ghi ngày đo; tài liệu 22/02/2024" in days and all(days)
    dated = report.observations.assign(date="2023-12-20")
    days = [
        text
        for label, text, _ in Cells(evidence.evidence_rows(dataclasses.replace(report, observations=dated)).html).cells
        if label.startswith("Ngày")
    ]
    assert "đo 20/12/2023; tài liệu 22/02/2024" in days


# Attachments


def test_the_pdf_carries_its_figures_and_what_they_were_made_from(tmp_path):
    (tmp_path / "indicators.csv").write_text("năm,chỉ tiêu\n2024,17.8\n", encoding="utf-8")
    inputs = {"data/raw/rules/traits.yml": "aa", "notebooks/1_clean.ipynb": "bb", "ntm_lib/tables.py": "cc"}
    files = manifest.attachments(RUN, inputs, tmp_path)
    content, _ = PdfReportExporter().from_notebook_node(sample_notebook(), {"attachments": files})
    again, _ = PdfReportExporter().from_notebook_node(sample_notebook(), {"attachments": files})
    with pikepdf.open(io.BytesIO(content)) as document:
        held = {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}
    assert held["indicators.csv"] == (tmp_path / "indicators.csv").read_bytes()
    run = json.loads(held["run.json"])
    assert run["parameters"]["commune"] == "hung-my"
    assert sorted(run["inputs"]) == ["data/raw/rules/traits.yml", "notebooks/1_clean.ipynb"]
    assert len(run["program"]) == 64
    assert content == again


def test_a_run_without_indicators_attaches_the_rest(tmp_path):
    assert [file["name"] for file in manifest.attachments(RUN, {}, tmp_path)] == ["run.json"]
