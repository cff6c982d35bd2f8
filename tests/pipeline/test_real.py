"""The project's own notebooks on Hùng Mỹ: they read what the fingerprint covers, and give the same bytes anywhere."""

import multiprocessing
import multiprocessing.forkserver
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_lib.parameters import check
from ntm_lib.pipeline.inputs import input_files
from ntm_lib.pipeline.job import Job, exports_of
from ntm_lib.pipeline.pool import run_all
from tests.pipeline.helpers import ROOT, published

VARIANTS = [
    {},
    {"YEAR": "2023", "LANGUAGE": "en"},
    {"RULES": "ntm-nang-cao-2021-2025"},
    {"SET": "10=47"},
    {"SCENARIO": "ke-hoach-2024"},
]
VARIANTS += [{"MONTH": "9"}, {"SCENARIO": "ke-hoach-2024,nang-cao"}]


def copy_of_the_project(root: Path) -> Path:
    """Raw data of Hùng Mỹ, the rules and the notebooks."""
    raw, communes = ROOT / "data" / "raw", root / "data" / "raw" / "communes"
    shutil.copytree(raw / "rules", root / "data" / "raw" / "rules")
    shutil.copytree(raw / "communes" / "hung-my", communes / "hung-my")
    for path in (raw / "communes").glob("*.csv"):
        shutil.copy(path, communes)
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return root


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    root = copy_of_the_project(tmp_path / "dự án")
    monkeypatch.setenv("NTM_ROOT", str(root))
    return root


def _watched(job: Job, answers) -> None:
    """Makes the report and sends the files below data/raw and notebooks that Python opened for reading, and the modules of the project that it imported."""
    os.environ["NTM_ROOT"] = str(job.root)
    opened, loaded = set(), set(sys.modules)

    def watch(event: str, arguments: tuple) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            opened.add(os.fsdecode(arguments[0]))

    sys.addaudithook(watch)
    from ntm_lib.pipeline.make import make

    make(job)
    root = job.root.resolve()
    inside = {Path(name).resolve() for name in opened if os.path.isabs(name) or name.startswith("..")}
    folders = (root / "data" / "raw", root / "notebooks")
    late = sorted(name for name in sys.modules.keys() - loaded if name.startswith("ntm_lib"))
    answers.send(
        (
            sorted(
                path.relative_to(root).as_posix()
                for path in inside
                if path.is_file() and any(folder in path.parents for folder in folders)
            ),
            late,
        )
    )


def run_by_hand(parameters) -> bool:
    """Whether it is made for one commune when somebody asks, not for thousands at once."""
    return bool(parameters.month or parameters.compared)


@pytest.mark.parametrize("values", VARIANTS, ids=lambda values: "-".join(values.values()) or "plain")
def test_the_notebooks_read_nothing_that_the_fingerprint_does_not_cover(project, values):
    parameters = check({"COMMUNE": "hung-my", **values}, comparing="," in values.get("SCENARIO", ""))
    answers, theirs = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("forkserver")
    # one that another test has started knows the notebooks of that test's checkout
    multiprocessing.forkserver._forkserver._stop()
    context.set_forkserver_preload(["ntm_lib.pipeline.preload"])
    process = context.Process(target=_watched, args=(Job(parameters, project, exports=exports_of(parameters)), theirs))
    process.start()
    theirs.close()
    read, late = answers.recv()
    process.join()
    assert read
    assert set(read) - set(input_files(parameters)) == set()
    assert not late or run_by_hand(parameters), "each worker would load these anew: ntm_lib/pipeline/preload.py"


def test_any_place_time_zone_and_engine_give_the_same_bytes(project, tmp_path, monkeypatch):
    job = Job(check({"COMMUNE": "hung-my"}), project)
    here, there = twice([job], [replace(job, engine="kernel")], tmp_path, monkeypatch)
    assert {"report.html", "report.pdf", "manifest.json"} < {name.rpartition("/")[2] for name in here}
    assert [name for name in here if here[name] != there.get(name)] == []
    assert there.keys() == here.keys()


def test_scenarios_and_months_give_the_same_bytes_anywhere_and_in_any_order(project, tmp_path, monkeypatch):
    runs = (
        check({"COMMUNE": "hung-my", "SCENARIO": "ke-hoach-2024,nang-cao"}, comparing=True),
        check({"COMMUNE": "hung-my", "MONTH": "9"}),
    )
    jobs = [Job(run, project, exports=exports_of(run)) for run in runs]
    here, there = twice(jobs, jobs[::-1], tmp_path, monkeypatch)
    assert {"scenario.ipynb", "month.ipynb", "lich-2024.ics", "report.pdf"} < {name.rpartition("/")[2] for name in here}
    assert [name for name in here if here[name] != there.get(name)] == []
    assert there.keys() == here.keys()


def twice(jobs: list[Job], again: list[Job], folder: Path, monkeypatch) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """What the jobs publish, and what the others publish from a copy at another place, in another time zone and locale."""
    assert [outcome.message for outcome in run_all(jobs, 1)] == [""] * len(jobs)
    elsewhere = copy_of_the_project(folder / "b")
    for name, value in (("NTM_ROOT", str(elsewhere)), ("TZ", "Asia/Tokyo"), ("LC_ALL", "C"), ("PYTHONHASHSEED", "7")):
        monkeypatch.setenv(name, value)
    assert [outcome.message for outcome in run_all([replace(job, root=elsewhere) for job in again], 1)] == [""] * len(
        again
    )
    return published(jobs[0].root), published(elsewhere)
