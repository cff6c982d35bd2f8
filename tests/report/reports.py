"""Reports as a page sees them, made from the raw files without any notebook, and what papers are read with; made once a session."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from ntm_lib import intake
from ntm_lib.doc.paper import OfficialDocument
from ntm_lib.parameters import Parameters
from ntm_lib.report.context import Report, load_report
from ntm_lib.report.papers import official
from ntm_lib.stages.clean_stage import check_run, save
from ntm_lib.stages.judge_stage import judge_run
from tests.doc.test_blocks import HOSTILE

RULE_SET = "ntm-2021-2025"
LONG = "Rất" * 3_334  # ten thousand letters without a place to break
FREE_TEXT = {
    "observations": ("item", "village", "quote", "note", "document"),
    "sentences": ("text",),
    "works": ("item", "village", "place", "source", "builder", "deadline", "state", "unit"),
    "funding": ("name",),
    "findings": ("message", "action", "text"),
    "indicators": ("note",),
}
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


@cache
def plain(block) -> str:
    """The text of a block with common spaces."""
    return block.text.replace("\N{NO-BREAK SPACE}", " ")


def made(
    commune: str = "hung-my",
    year: int = 2024,
    rule_set: str = RULE_SET,
    language: str = "vi",
    scenario: str = "",
    **more,
) -> Report:
    """The report of a commune, cleaned and judged in a folder of its own; read-only, since tests share it."""
    run = Parameters(commune, year, rule_set, scenario=scenario, language=language, **more)
    return _processed(run) if "NTM_ROOT" in os.environ else _kept(run)  # another root may change under a test


def report_of(year: int, scenario: str = "", language: str = "vi", **more) -> Report:
    """``made`` of Hùng Mỹ."""
    return made("hung-my", year, RULE_SET, language, scenario, **more)


def _processed(run: Parameters) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NTM_PROCESSED"] = folder
        try:
            cleaned = intake.clean(intake.read_commune(run.commune, run.language), run.language)
            save(cleaned, check_run(cleaned, run), Path(folder), run)
            judge_run(run, Path(folder))
            return load_report(run)
        finally:
            del os.environ["NTM_PROCESSED"]


_kept = cache(_processed)


@cache
def hostile() -> Report:
    """Hùng Mỹ with something hostile in every cell that holds free text, and in the names of the commune."""
    report, words = made(), [*HOSTILE, '=HYPERLINK("http://x")', "+1+cmd|'/c calc'!A0", "@SUM(A1)", "-2+3", LONG]
    tables = {
        name: getattr(report, name).assign(
            **{column: _poisoned(getattr(report, name)[column], words, i) for i, column in enumerate(columns)}
        )
        for name, columns in FREE_TEXT.items()
    }
    names = {"name": HOSTILE[0] + HOSTILE[3], "district": HOSTILE[5], "province": "=1+1" + HOSTILE[7]}
    documents = {key: row | {"title": HOSTILE[1], "issuer": HOSTILE[3]} for key, row in report.documents.items()}
    return replace(report, **tables, commune={**report.commune, **names}, documents=documents)


def _poisoned(column: pd.Series, words: list[str], start: int) -> list[str]:
    return [words[(start + i) % len(words)] if text else "" for i, text in enumerate(column)]


@cache
def folder(report=made) -> Path:
    """Every paper of a report (``made`` or ``hostile``), as ``make documents`` writes it."""
    place = Path(_papers.name) / report.__name__
    place.mkdir()
    official.write_documents(report(), place)
    return place


_papers = tempfile.TemporaryDirectory(prefix="ntm-papers-")


# ---------------------------------------------------------------- how they are read


def words_of(document: OfficialDocument) -> str:
    """Plain text; a space that must not break is a space."""
    return document.block.text.replace("\N{NO-BREAK SPACE}", " ")


def pdf_words(pdf: Path | bytes, *options: str) -> str:
    """Text of a PDF as pdftotext reads it, pages apart by a form feed."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    data = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def converted(file: Path, to: str, place: Path) -> Path:
    """The file through LibreOffice with a profile of its own that computes every formula anew."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    profile = place / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE)
    home = f"-env:UserInstallation={profile.as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", to, "--outdir", str(place), str(file)]
    done = subprocess.run(command, capture_output=True, timeout=180, check=False)
    out = place / f"{file.stem}.{to.partition(':')[0]}"
    assert out.exists(), f"LibreOffice cannot convert to {to}: {done.stderr[-200:]!r}"
    return out
