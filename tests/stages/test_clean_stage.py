"""The first notebook's work, and that it is the last to open a raw file."""

import collections
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ntm_lib import intake, tables
from ntm_lib.parameters import Parameters
from ntm_lib.stages.clean_stage import check_run, save

ROOT = Path(__file__).resolve().parents[2]
PROGRESS = """\
id,year,month,village,indicator,part,work,done,measure,reported_by,reported_on,document,section,quote,note
P1,2024,9,Rôm,17.8,a,,6,to-date,,2024-09-19,,,,
"""
# Makes one report in this very process and prints which raw file was opened how often, the digests aside.
COUNTING = """\
import collections, json, sys
from pathlib import Path

root, opened = Path(sys.argv[1]), collections.Counter()


def names():
    frame = sys._getframe(2)
    while frame:
        yield frame.f_globals.get("__name__", "")
        frame = frame.f_back


def note(event, args):
    if event == "open" and isinstance(args[0], str) and args[0].startswith(str(root / "data/raw")):
        if "ntm_lib.pipeline.inputs" not in names():
            opened[str(Path(args[0]).relative_to(root / "data/raw"))] += 1


from ntm_lib.parameters import check
from ntm_lib.pipeline.job import Job, exports_of
from ntm_lib.pipeline.make import make

run = check(json.loads(sys.argv[2]))
sys.addaudithook(note)
make(Job(run, root, exports=exports_of(run)))
print(json.dumps(opened))
"""


@pytest.fixture
def saved(tmp_path, checkout):
    """The folder of tables of Hùng Mỹ, with one row of progress."""
    (checkout / "data/raw/communes/hung-my/progress.csv").write_text(PROGRESS, encoding="utf-8")
    run = Parameters("hung-my", 2024, "ntm-2021-2025")
    cleaned = intake.clean(intake.read_commune("hung-my"))
    save(cleaned, check_run(cleaned, run), tmp_path / "tables", run)
    return tmp_path / "tables"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with the rules and Hùng Mỹ alone."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "data/raw/rules", root / "data/raw/rules")
    shutil.copytree(ROOT / "data/raw/communes/hung-my", root / "data/raw/communes/hung-my")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    monkeypatch.setenv("NTM_ROOT", str(root))
    return root


@pytest.mark.parametrize("name", ["documents", "notes", "evidence", "schedule", "villages"])
def test_what_the_raw_tables_say_of_the_others_is_kept_in_its_order(saved, hung_my, name):
    """Every cell of a column that the table holds, as the raw row has it, or as a correction of that cell says."""
    whole = intake.read_commune("hung-my")
    told = [row.cells for row in whole.tables["corrections"]]
    raw, fixed = whole.tables[name], {(c["row_id"], c["column"]): c["value"] for c in told}
    table = tables.read_table(name, saved).to_dict("records")
    assert [row["entry"] for row in table] == [str(i) for i in range(1, len(raw) + 1)]
    for row, source in zip(table, raw, strict=True):
        assert {c: v for c, v in row.items() if c not in ("entry", "of_year")} == {
            c: fixed.get((source.cells.get("id", ""), c), source.cells.get(c, ""))
            for c in row
            if c not in ("entry", "of_year")
        }
        assert row.get("of_year", "") == (source.cells.get("year", "") if name == "evidence" else "")


def test_progress_is_read_once_with_the_names_of_the_register(saved):
    (row,) = tables.read_table("progress", saved).to_dict("records")
    assert (row["village"], row["indicator"], row["done"], row["year"], row["row"]) == (
        "Rõm", "17.8", "6", 2024, "progress.csv:2",
    )  # fmt: skip


def test_a_commune_without_progress_has_no_figures_yet(hung_my, tmp_path):
    run = Parameters("hung-my", 2024, "ntm-2021-2025")
    save(hung_my.cleaned, check_run(hung_my.cleaned, run), tmp_path, run)
    assert tables.read_table("progress", tmp_path).empty


@pytest.mark.parametrize("asked", [{"YEAR": "2024"}, {"YEAR": "2024", "MONTH": "9"}], ids=["report", "month"])
def test_a_report_opens_each_raw_file_once_besides_its_digest(checkout, asked):
    (checkout / "data/raw/communes/hung-my/progress.csv").write_text(PROGRESS, encoding="utf-8")
    words = [sys.executable, "-c", COUNTING, str(checkout), json.dumps({"COMMUNE": "hung-my", **asked})]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    opened = collections.Counter(json.loads(done.stdout.splitlines()[-1]))
    read = {f"communes/hung-my/{name}.csv" for name in ("results", "plan", "works", "documents", "notes", "progress")}
    assert read <= opened.keys()
    assert {name: count for name, count in opened.items() if count > 1} == {}
