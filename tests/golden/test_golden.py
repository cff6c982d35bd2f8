"""Every published file of Hùng Mỹ, compared with the copy that was last looked at.

After a change that is meant: ``NTM_UPDATE_GOLDEN=1 make test TESTS=tests/golden``, then read the
difference that git shows and look at the pages.
"""

import difflib
import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ntm_lib.parameters import check
from ntm_lib.pipeline.job import MADE, Job, exports_of
from ntm_lib.pipeline.pool import run_all

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "hung-my-2024"
TABLES = (
    "observations",
    "rejects",
    "findings",
    "works",
    "funding",
    "thresholds",
    "indicators",
    "criteria",
    "changes",
    "turned",
    "counts",
    "summary",
    "recognitions",
    "conditions",
    "risks",
    "needs",
    "debts",
    "decisive",
    "documents",
    "village_needs",
    "provisions",
    "sentences",
    "notes",
    "evidence",
    "schedule",
    "villages",
    "progress",
)
SCENARIOS = "ke-hoach-2024,nua-ke-hoach,nang-cao"
UPDATE = os.environ.get("NTM_UPDATE_GOLDEN") == "1"


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A checkout with Hùng Mỹ alone: its report of 2024, its scenarios beside the present, and a month, made in it."""
    root = tmp_path_factory.mktemp("hung-my")
    shutil.copytree(ROOT / "data/raw/rules", root / "data/raw/rules")
    shutil.copytree(ROOT / "data/raw/communes/hung-my", root / "data/raw/communes/hung-my")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    before = os.environ.get("NTM_ROOT")
    os.environ["NTM_ROOT"] = str(root)
    runs = [
        check({"COMMUNE": "hung-my", "YEAR": "2024"}),
        check({"COMMUNE": "hung-my", "SCENARIO": SCENARIOS}, comparing=True),
        check({"COMMUNE": "hung-my", "MONTH": "9"}),
    ]
    try:
        outcomes = list(run_all([Job(run, root, exports=exports_of(run)) for run in runs], 1))
    finally:
        if before is None:
            del os.environ["NTM_ROOT"]
    assert [(outcome.state, outcome.message) for outcome in outcomes] == [(MADE, "")] * len(runs)
    return root


def same(made: str, golden: Path) -> None:
    """Fails with the first lines that differ; writes the golden copy instead, where asked to."""
    if UPDATE:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(made, encoding="utf-8", newline="")
        return
    kept = golden.read_text(encoding="utf-8")
    if made != kept:
        difference = difflib.unified_diff(_lines(kept), _lines(made), "golden", "made", lineterm="", n=0)
        pytest.fail("\n".join(line[:300] for line, _ in zip(difference, range(30), strict=False)))


def _lines(text: str) -> list[str]:
    return re.sub(r"(?<=>)(?=<)", "\n", text).splitlines()


@pytest.mark.parametrize("name", ["report", "1_clean", "2_status", "3_report"])
def test_pages(published, name):
    same((published / f"outputs/hung-my/2024/{name}.html").read_text("utf-8"), GOLDEN / f"{name}.html")


@pytest.mark.parametrize(
    ("folder", "name"), [(f"kich-ban-{SCENARIOS.replace(',', '+')}.2024", "scenario"), ("2024-thang-09", "month")]
)
def test_scenarios_and_months_in_words(published, folder, name):
    """The plain text of everything shown: every figure and verdict, and none of the markup that the yearly pages pin."""
    notebook = json.loads((published / f"outputs/hung-my/{folder}/{name}.ipynb").read_text("utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    same("\n".join("".join(output["data"]["text/plain"]) for output in outputs), GOLDEN / f"{name}.txt")


def test_the_calendar(published):
    """Dates and titles; tests of the planning package look at the form of the file."""
    unfolded = (
        (published / "outputs/hung-my/2024-thang-09/lich-2024.ics").read_bytes().decode("utf-8").replace("\r\n ", "")
    )
    same(
        "\n".join(re.findall(r"^(?:DTSTART|SUMMARY)\S*?:(.*)\r$", unfolded, re.MULTILINE)) + "\n",
        GOLDEN / "calendar.txt",
    )


@pytest.mark.parametrize(
    "figure",
    [
        "1.332/1.413 = 94,27%", "1.265/1.413 = 89,53%", "1.210/1.413 = 85,63%", "827/878 = 94,19%", "142/1.413 = 10,05%",
        "Cộng 9 nguồn 8.321,7 100,00%", "trên 90%, tức ít nhất 11 trong 12 thôn",
    ],
)  # fmt: skip
def test_the_plans_own_numbers_stand_in_the_report(published, figure):
    """Latrines, bathrooms, 3 sạch, pens, poor and near-poor, money, villages."""
    page = (published / "outputs/hung-my/2024/report.html").read_text("utf-8")
    words = html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ")
    assert figure in re.sub(r"\s+", " ", words)


@pytest.mark.parametrize("name", TABLES)
def test_tables(published, name):
    same((published / f"data/processed/hung-my/2024/{name}.csv").read_text("utf-8"), GOLDEN / f"{name}.csv")


@pytest.mark.parametrize("name", ["1_clean", "2_status", "3_report"])
def test_executed_notebooks_are_the_committed_ones(published, name):
    """The committed notebooks are executed for Hùng Mỹ; the published ones add nothing but the parameters."""
    made, committed = (
        json.loads((folder / f"{name}.ipynb").read_text("utf-8"))
        for folder in (published / "outputs/hung-my/2024", ROOT / "notebooks")
    )
    assert _shown(made) == _shown(committed)


def _shown(notebook: dict) -> list:
    """Cells with their outputs; the injected cell, and the counting that it shifts, left out."""
    cells = [cell for cell in notebook["cells"] if "injected-parameters" not in cell["metadata"].get("tags", [])]
    return [(cell["source"], [output | {"execution_count": 0} for output in cell.get("outputs", [])]) for cell in cells]


def test_manifest(published):
    """Which files it names, not their digests: those change with every line of the library."""
    manifest = json.loads((published / "outputs/hung-my/2024/manifest.json").read_text("utf-8"))
    assert manifest["parameters"]["commune"] == "hung-my"
    assert str(published) not in json.dumps(manifest)
    named = sorted(json.dumps(manifest, ensure_ascii=False).split('"')[1::2])
    data = sorted(
        {word for word in named if word.startswith("data/raw/") or word.endswith((".html", ".pdf", ".ipynb"))}
    )
    same("\n".join(data) + "\n", GOLDEN / "manifest.txt")


def test_pdf_text(published, tmp_path):
    """The words of the PDF, page by page: what a reader can search and copy."""
    if not shutil.which("pdftotext"):
        if os.environ.get("NTM_REQUIRE_BROWSER"):
            pytest.fail("pdftotext is missing")
        pytest.skip("pdftotext (poppler-utils) is not installed")
    text = tmp_path / "report.txt"
    subprocess.run(
        ["pdftotext", "-layout", published / "outputs/hung-my/2024/report.pdf", text], check=True, capture_output=True
    )
    same(text.read_text("utf-8"), GOLDEN / "report.pdf.txt")


def test_pdf_is_tagged_titled_and_embeds_its_fonts(published):
    import pikepdf

    with pikepdf.open(published / "outputs/hung-my/2024/report.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "vi"
        assert "Hùng" in str(pdf.docinfo.Title)
        fonts = [font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()]
        descriptors = [kid.FontDescriptor for font in fonts for kid in font.get("/DescendantFonts", [])]
        assert descriptors
        assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)
