"""What the commands publish, end to end: every PDF by its structure, every page in a real Chromium, hostile texts as text.

The commands run in a root of their own (``published_files``). Pages need a browser, see ``test_browser``.
"""

import csv
import hashlib
import json
import re
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from tests.doc.test_blocks import _Reader
from tests.report.published_files import COMMANDS, publish_all
from tests.report.test_annexes import FUNCTIONS
from tests.report.test_browser import WIDTHS, browser, heard  # noqa: F401

COMPARED = "kich-ban-ke-hoach-2024+nua-ke-hoach+nang-cao.2024"
DATA = {"indicators.csv", "run.json"}  # what a report carries
SIGNED = {"indicators.csv", "manifest.json"}  # what a document made from a report carries
PDFS = {
    "hung-my/2024/report.pdf": DATA,
    "hung-my/2024-en/report.pdf": DATA,
    "hung-my/2024-thang-09/report.pdf": DATA,
    f"hung-my/{COMPARED}/report.pdf": DATA,
    "xa-thu/2024/report.pdf": DATA,
    "hung-my/diff-*/diff.pdf": {"differences.csv"},
    **{
        f"{run}-van-ban/{name}.pdf": SIGNED
        for run in ("hung-my/2024", "hung-my/2024-en", "xa-thu/2024")
        for name in ("bao-cao", "ke-hoach")
    },
    **{
        f"{run}-van-ban/thong-tin-cong-khai.pdf": {"manifest.json"}
        for run in ("hung-my/2024", "hung-my/2024-en", "xa-thu/2024")
    },
}
PAGES = (
    "hung-my/2024/report.html", "hung-my/2024/1_clean.html", "hung-my/2024/2_status.html",
    "hung-my/2024-thang-09/report.html", f"hung-my/{COMPARED}/report.html", "hung-my/diff-*/diff.html", "hung-my/2024-van-ban/thong-tin-cong-khai.html",
    "hung-my/2024-en/report.html", "overview-all/overview.html", "overview-tuyen-quang-en/overview-2023.html",
    "xa-thu/2024/report.html", "xa-thu/2024/1_clean.html", "xa-thu/2024-van-ban/thong-tin-cong-khai.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The root and what each command said."""
    root = tmp_path_factory.mktemp("published") / "xã thử"
    return root, publish_all(root)


@pytest.fixture(scope="module")
def outputs(made) -> Path:
    return made[0] / "outputs"


def found(outputs: Path, pattern: str) -> Path:
    (path,) = outputs.glob(pattern)
    return path


@pytest.mark.parametrize("words", [*COMMANDS, ("diff",)], ids=" ".join)
def test_every_command_ends_well_and_names_what_it_made(made, words):
    root, done = made
    assert (done[words].returncode, done[words].stderr) == (0, "")
    named = re.findall(r"outputs/\S+\.\w+", done[words].stdout)
    assert named and all((root / name).is_file() for name in named)
    assert str(root) not in done[words].stdout


def test_no_published_file_names_the_machine(made):
    root, _ = made
    texts = [
        path
        for path in (root / "outputs").rglob("*")
        if path.suffix in (".html", ".json", ".csv", ".ipynb", ".ics") and "/." not in path.as_posix()
    ]
    assert len(texts) > 40
    assert not [path.name for path in texts if str(root.parent) in path.read_text("utf-8")]


# ---------------------------------------------------------------- overview and difference


def test_the_overview_of_a_province_has_its_communes_and_says_what_is_missing(made):
    root, done = made
    with (root / "outputs/overview-all/overview.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["commune"] == "hung-my"]
    judged = {(row["year"], row["criterion"]): row for row in _table(root / "data/processed/hung-my/2024/criteria.csv")}
    assert {row["year"] for row in rows} == {year for year, _ in judged}
    for row in rows:
        for criterion in map(str, range(1, 20)):
            verdict = judged[row["year"], criterion]
            assert row[f"criterion_{criterion}"] == " ".join(filter(None, [verdict["verdict"], verdict["basis"]]))
    assert "2 communes with a report, 0 without" in done["overview", "PROVINCE=tuyen-quang", "LANGUAGE=en"].stdout


def _table(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_links_of_the_overview_lead_to_reports_that_exist(outputs):
    page = outputs / "overview-all/overview.html"
    links = [
        value
        for name, value in _Reader(page.read_text("utf-8")).attributes
        if name == "href" and value and not value.startswith("#")
    ]
    assert any(link.endswith("hung-my/2024/report.html") for link in links)
    assert all((page.parent / link).resolve().is_file() for link in links)


def test_what_is_new_is_told_as_it_follows(outputs):
    page = _Reader(found(outputs, "hung-my/diff-*/diff.html").read_text("utf-8")).text
    assert "plan HM088" in page and "Số liệu <b>trước</b> khi thẩm tra" in page
    with pikepdf.open(found(outputs, "hung-my/diff-*/diff.pdf")) as pdf:
        rows = list(csv.DictReader(pdf.attachments["differences.csv"].get_file().read_bytes().decode().splitlines()))
    verdicts = {
        (row["list"], row["key"]): (row["before"].split("; ")[0], row["after"].split("; ")[0])
        for row in rows
        if row["column"] == "verdict"
    }
    assert verdicts == {("criteria", "2024 10"): ("met", "unmet"), ("indicators", "2024 10.1 "): ("met", "unmet")}
    assert [row["before"] for row in rows if row["list"] == "raw"] == ["49 triệu đồng/người/năm"]


# ---------------------------------------------------------------- structure of every PDF


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_is_tagged_archivable_titled_and_in_its_language(outputs, name):
    with pikepdf.open(found(outputs, name)) as pdf:
        assert pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root and pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.Lang)[:2] == ("en" if "-en" in name else "vi")
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"].strip() and (metadata["pdfuaid:part"], metadata["pdfaid:part"]) == ("1", "3")
        sizes = {tuple(sorted(round(float(edge)) for edge in page.MediaBox[2:])) for page in pdf.pages}
        assert sizes == {(595, 842)}


@pytest.mark.parametrize("name", PDFS)
def test_every_font_is_embedded_and_every_letter_has_its_character(outputs, name):
    with pikepdf.open(found(outputs, name)) as pdf:
        entries = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
        descriptors = [o for o in entries if o.get("/Type") == "/FontDescriptor"]
        fonts = [o for o in entries if o.get("/Type") == "/Font" and o.get("/Subtype") == "/Type0"]
        assert descriptors and all("/FontFile2" in o or "/FontFile3" in o for o in descriptors)
        assert fonts and all("/ToUnicode" in o for o in fonts)


@pytest.mark.parametrize("name", PDFS)
def test_headings_begin_with_the_title_tables_have_headings_and_pictures_words(outputs, name):
    with pikepdf.open(found(outputs, name)) as pdf:
        elements = [
            o
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary)
            and "/S" in o
            and "/P" in o
            and o.get("/Type", "/StructElem") == "/StructElem"
        ]
        kinds = [str(element.S) for element in elements]
        assert "/Title" in kinds or "/H1" in kinds
        assert kinds.count("/TH") >= kinds.count("/Table")
        assert all(str(element.get("/Alt", "")).strip() for element in elements if element.S == "/Figure")


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_carries_its_data_and_nothing_that_acts(outputs, name):
    names = PDFS[name]
    with pikepdf.open(found(outputs, name)) as pdf:
        assert set(pdf.attachments) == names
        assert len(pdf.Root.AF) == len(names)
        assert all(str(pdf.attachments[name].obj.AFRelationship) == "/Data" for name in names)
        assert "/JavaScript" not in pdf.Root.Names and "/OpenAction" not in pdf.Root and "/AA" not in pdf.Root
        actions = {str(note.A.S) for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note}
        assert actions <= {"/URI", "/GoTo"}


@pytest.mark.parametrize("run", ["hung-my/2024", "hung-my/2024-en", "xa-thu/2024"])
def test_figures_and_manifest_in_a_signed_document_are_those_of_the_report(outputs, run):
    published = json.loads((outputs / run / "manifest.json").read_text("utf-8"))
    for name in ("bao-cao", "ke-hoach"):
        with pikepdf.open(outputs / f"{run}-van-ban/{name}.pdf") as pdf:
            held = {name: pdf.attachments[name].get_file().read_bytes() for name in SIGNED}
        assert hashlib.sha256(held["indicators.csv"]).hexdigest() == published["tables"]["indicators.csv"]
        assert json.loads(held["manifest.json"]) == published


# ---------------------------------------------------------------- a hostile commune


def test_hostile_texts_make_no_tag_and_no_formula(outputs):
    for path in sorted(outputs.glob("xa-thu/*/*.html")):
        page = _Reader(path.read_text("utf-8"))
        assert not {"script", "img", "iframe", "object", "form"} & set(page.tags), path
        assert not [name for name, _ in page.attributes if name.startswith("on")], path
    assert "<script>alert(1)</script>" in _Reader((outputs / "xa-thu/2024/report.html").read_text("utf-8")).text
    book = openpyxl.load_workbook(outputs / "xa-thu/2024-van-ban/annexes.xlsx")
    formulas = [cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    called = {name for text in formulas for name in re.findall(r"([A-Z]+)\(", text)}
    assert formulas and called <= FUNCTIONS and not [text for text in formulas if "|" in text or "http" in text]


# ---------------------------------------------------------------- every page in a browser


@pytest.fixture(scope="module")
def open_page(browser, outputs):
    """Opens a page once for all tests; what it asks for or complains of is kept in ``page.heard``."""
    pages = {}

    def opened(name: str):
        if name not in pages:
            pages[name] = heard(browser, found(outputs, name), WIDTHS[0])
        return pages[name]

    return opened


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_silent_and_no_wider_than_any_screen(open_page, name):
    page = open_page(name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.heard == []


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_goes_from_one_thing_to_the_next(open_page, name):
    """The first sixty that can be used, in their order, none left out, each with a mark where it is."""
    page = open_page(name)
    page.set_viewport_size({"width": WIDTHS[-1], "height": 800})
    usable = 'a[href], summary, button, input, select, [tabindex="0"]'
    wanted = page.evaluate(
        f"[...document.querySelectorAll('{usable}')].filter(e => e.checkVisibility()).slice(0, 60).length"
    )
    page.evaluate("window.scrollTo(0, 0); document.activeElement.blur()")
    for number in range(wanted):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle !== 'none'"
        ), number
    assert (
        page.evaluate(
            f"[...document.querySelectorAll('{usable}')].filter(e => e.checkVisibility()).indexOf(document.activeElement)"
        )
        >= wanted - 1
    )


@pytest.mark.parametrize("name", PAGES)
def test_paper_takes_the_page(open_page, name):
    """As wide as its sheet less the margins of its style: A4 upright 162 mm, the overview across 273 mm."""
    page, width = open_page(name), 1032 if name.startswith("overview") else 612
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": 960})
    assert not page.locator(".side").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        "[...document.querySelectorAll('pre, .table-box')].every(e => e.scrollWidth <= e.clientWidth + 1)"
    )
    page.emulate_media(media="screen")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(name)
    for width in (WIDTHS[0], WIDTHS[-1]):
        page.set_viewport_size({"width": width, "height": 800})
        violations = axe.run(page).response["violations"]
        assert [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in violations] == []
