"""Everything that make publishes, made once for the tests that look at it: a root with Hùng Mỹ and a commune full of hostile texts."""

import csv
import subprocess
from pathlib import Path

from tests.doc.test_blocks import HOSTILE
from tests.pipeline.helpers import ntm
from tests.pipeline.test_real import copy_of_the_project
from tests.report.test_difference import git, replaced

LONG = "Rất" * 3_333  # what a cell may hold, without a place to break
NASTY = [text for text in HOSTILE if "\x00" not in text] + ['=HYPERLINK("http://x")', "+1+cmd|'/c calc'!A0"]
FREE_TEXT = (
    "item",
    "quote",
    "note",
    "section",
    "place",
    "builder",
    "name",
    "title",
    "issuer",
    "address",
    "text",
    "author",
    "who",
    "what",
    "duty",
)
COMMANDS = (
    ("documents", "COMMUNE=hung-my"),
    ("documents", "COMMUNE=hung-my", "LANGUAGE=en"),
    ("documents", "COMMUNE=xa-thu"),
    ("report", "COMMUNE=hung-my", "MONTH=9"),
    ("scenario", "COMMUNE=hung-my", "SCENARIO=ke-hoach-2024,nua-ke-hoach,nang-cao"),
    ("overview",),
    ("overview", "PROVINCE=tuyen-quang", "LANGUAGE=en"),
)


def publish_all(root: Path) -> dict[tuple[str, ...], subprocess.CompletedProcess]:
    """Runs every command in a root of its own; the last one tells what is new since the first was run."""
    copy_of_the_project(root)
    _write_hostile(root / "data/raw/communes")
    git(root.parent, "init", "-q", str(root))
    git(root, "add", "data")
    git(root, "commit", "-q", "-m", "Số liệu <b>trước</b> khi thẩm tra")
    done = {words: ntm(*words, root=root) for words in COMMANDS}
    replaced(root / "data/raw/communes/hung-my/plan.csv", r"^(HM088,.*?),49 triệu", r"\1,44 triệu")
    done["diff",] = ntm("diff", "COMMUNE=hung-my", "SINCE=HEAD", root=root)
    return done


def _write_hostile(communes: Path) -> None:
    """Hùng Mỹ under another name and slug, with something hostile in every cell of free text."""
    folder = communes / "xa-thu"
    folder.mkdir()
    about = (communes / "hung-my/commune.yml").read_text("utf-8")
    about = (
        about.replace("slug: hung-my", "slug: xa-thu")
        .replace("name: Hùng Mỹ", 'name: "<script>alert(1)</script> {{ 7*7 }}"')
        .replace('"02314"', '"00001"')
    )
    (folder / "commune.yml").write_text(about, "utf-8")
    for source in sorted((communes / "hung-my").glob("*.csv")):
        with source.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows or source.name == "corrections.csv":
            continue
        with (folder / source.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(_poisoned(row, number) for number, row in enumerate(rows))


def _poisoned(row: dict[str, str], number: int) -> dict[str, str]:
    """The long word in the first row of every table only: it takes pages."""
    words = NASTY if number else [LONG]
    return {
        c: words[(number + i) % len(words)] if text and c in FREE_TEXT else text
        for i, (c, text) in enumerate(row.items())
    }
