"""Words of every paper and verdicts of communes from the richest in figures to one with none, compared with the copy
that was last looked at.

A copy holds what a reader reads, a line a cell or paragraph, and no markup: that is pinned for Hùng Mỹ 2024 alone
(``test_golden.py``). After a change that is meant: ``NTM_UPDATE_GOLDEN=1 make test TESTS=tests/golden``.
"""

import html
import re
import shutil
from pathlib import Path

import pytest

from tests.golden.test_golden import same
from tests.report.papers import RUNS, made, papers

GOLDEN = Path(__file__).parent
VERDICTS = ("criteria", "indicators", "changes", "counts", "summary", "risks", "findings")
pytestmark = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")


@pytest.fixture(scope="module", params=RUNS, ids=lambda run: "-".join(map(str, run)))
def run(request) -> tuple[str, int, str]:
    return request.param


def words(page: str) -> str:
    """What a page shows, a line a piece of text; pictures by the texts in them."""
    body = re.sub(r"<(style|script|head)\b.*?</\1>", "", page, flags=re.DOTALL)
    lines = re.sub(r"</?(?:p|h\d|li|td|th|tr|div|section|caption|figcaption|text|summary|dt|dd|br)\b[^>]*>", "\n", body)
    found = (" ".join(html.unescape(line).split()) for line in re.sub(r"<[^>]*>", "", lines).splitlines())
    return "\n".join(filter(None, found)) + "\n"


def test_papers(run):
    for name, paper in papers(*run).items():
        same(words(paper.html), GOLDEN / "-".join(map(str, run)) / f"{name}.txt")


def test_verdicts(run):
    report = made(*run[:2], language=run[2])
    for name in VERDICTS:
        table = getattr(report, name).to_csv(index=False, lineterminator="\n")
        same(table, GOLDEN / "-".join(map(str, run)) / f"{name}.csv")
