"""Every paper of one run, made in this process from the raw data and the cells of the third notebook."""

import ast
import re
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import nbformat

from ntm_lib.doc.blocks import Block, stack
from ntm_lib.doc.notebook import Document, markdown_block
from ntm_lib.doc.pdf import document_pdf, render_pdf
from ntm_lib.doc.render import render_page
from ntm_lib.language import translator
from ntm_lib.pipeline.notebooks import translate_prose
from ntm_lib.report.context import Report
from ntm_lib.report.papers import official, public
from tests.report.reports import made

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks/3_report.ipynb"
# Communes and years from the richest to one with nothing to judge, one that has merged, and two in English.
RUNS = (
    ("hung-my", 2024, "vi"), ("hung-my", 2024, "en"), ("hung-my", 2023, "vi"), ("my-bang", 2024, "vi"), ("my-bang", 2024, "en"),
    ("long-dien-b", 2022, "vi"), ("an-thoi-dong", 2015, "vi"),
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A published paper: its page, the Typst of its blocks, its PDF."""

    html: str
    typst: str
    pdf: bytes

    @cached_property
    def pages(self) -> list[str]:
        """Words of the PDF, a text a page."""
        done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=self.pdf, capture_output=True, check=True)
        return done.stdout.decode().split("\f")[:-1]

    @cached_property
    def words(self) -> str:
        """Words of the PDF in the order of reading, on one line."""
        done = subprocess.run(["pdftotext", "-", "-"], input=self.pdf, capture_output=True, check=True)
        return " ".join(done.stdout.decode().split())

    @property
    def links(self) -> list[str]:
        """Targets of the links in the Typst."""
        return re.findall(r'#ntm-link\("([^"]+)"', self.typst)

    @property
    def anchors(self) -> set[str]:
        """Names that the Typst gives to its places."""
        return set(re.findall(r'#ntm-(?:anchor\(|heading\(\d, |table\(|figure\()"([^"]+)"', self.typst))


@cache
def papers(commune: str, year: int, language: str = "vi") -> dict[str, Paper]:
    """Name → paper: the yearly report, and the papers made from it."""
    report = made(commune, year, language=language)
    found = {"report": _yearly(report)}
    for name, document in official.whole_papers(report).items():
        block, properties = document.block, document.properties
        found[name] = Paper(render_page(block.html, properties), block.typst, document_pdf(block.typst, properties))
    return found | {"thong-tin-cong-khai": _public(report)}


def _public(report: Report) -> Paper:
    block, properties = public.page(report), Document(public.title(report), report.language, "", "2024-12-31", "", "")
    return Paper(render_page(block.html, properties), block.typst, document_pdf(block.typst, properties, "public"))


def _yearly(report: Report) -> Paper:
    """The report that the third notebook shows for these tables."""
    body = stack(*_shown(report))
    properties = Document("Báo cáo", report.language, "", f"{report.year}-12-31", "", "")
    return Paper(render_page(body.html, properties), body.typst, render_pdf(body.typst, properties))


def _shown(report: Report):
    """What each cell shows, in order; ``report`` stands in for the one that the notebook loads."""
    names = {"report": report}
    notebook = nbformat.read(NOTEBOOK, 4)
    translate_prose(notebook, translator(report.language))
    for cell in notebook.cells:
        source = cell.source
        if "notebook-only" in cell.metadata.get("tags", []) or "parameters" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            yield markdown_block(source)
            continue
        *steps, last = ast.parse(source).body
        if any(isinstance(step, ast.ImportFrom) for step in steps):  # the cell that loads the report
            steps, last = [step for step in steps if isinstance(step, ast.ImportFrom)], ast.parse("None").body[0]
        exec(compile(ast.Module(steps, []), "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
        if isinstance(value, Block):
            yield value
