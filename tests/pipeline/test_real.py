"""The project's own notebooks on Hùng Mỹ: they read what the fingerprint covers, and give the same bytes anywhere."""

import multiprocessing
import multiprocessing.forkserver
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ntm_lib.parameters import check
from ntm_lib.pipeline.inputs import input_files
from ntm_lib.pipeline.job import Job, exports_of
from tests.pipeline.helpers import ROOT, copy_of_the_project

VARIANTS = [
    {},
    {"YEAR": "2023", "LANGUAGE": "en"},
    {"RULES": "ntm-nang-cao-2021-2025"},
    {"SET": "10=47"},
    {"SCENARIO": "ke-hoach-2024"},
]
VARIANTS += [{"MONTH": "9"}, {"SCENARIO": "ke-hoach-2024,nang-cao"}]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Iterator[Path]:
    """A copy of the project, with a fork server of its own: one that another test has started knows that test's notebooks."""
    root = copy_of_the_project(tmp_path_factory.mktemp("real") / "dự án")
    multiprocessing.forkserver._forkserver._stop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_ROOT", str(root))
        yield root


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
    context.set_forkserver_preload(["ntm_lib.pipeline.preload"])
    process = context.Process(target=_watched, args=(Job(parameters, project, exports=exports_of(parameters)), theirs))
    process.start()
    theirs.close()
    read, late = answers.recv()
    process.join()
    assert read
    assert set(read) - set(input_files(parameters)) == set()
    assert not late or run_by_hand(parameters), "each worker would load these anew: ntm_lib/pipeline/preload.py"


def test_a_worker_loads_no_formats_that_no_notebook_has():
    """jsonschema takes most of a second for one of them."""
    code = "import ntm_lib.pipeline.preload, sys; print(sys.modules['rfc3987_syntax'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "None"


# Every kind of output; the notebooks of the year in one place by another engine, and with another number of workers.
COMMANDS = (
    ("report-all", "JOBS={jobs}", "ENGINE={engine}"),
    ("report", "COMMUNE=hung-my", "LANGUAGE=en"),
    ("report", "COMMUNE=hung-my", "MONTH=9"),
    ("report", "COMMUNE=hung-my", "JSON=1"),
    ("scenario", "COMMUNE=hung-my", "SCENARIO=ke-hoach-2024,nang-cao"),
    ("documents", "COMMUNE=hung-my"),
    ("overview",),
    ("template", "COMMUNE=hung-my", "YEAR=2025"),
    ("check", "COMMUNE=hung-my"),
    ("why", "COMMUNE=hung-my", "INDICATOR=17.8a"),
    ("rules", "RULES=ntm-2021-2025"),
)
HERE = ({"jobs": "1", "engine": "warm"}, {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}, 0o022)
THERE = ({"jobs": "2", "engine": "kernel"}, {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}, 0o077)


def test_any_place_time_zone_locale_umask_seed_and_engine_give_the_same_bytes(tmp_path):
    here = everything(copy_of_the_project(tmp_path / "dự án"), *HERE)
    there = everything(copy_of_the_project(tmp_path / "b"), *THERE)
    kinds = {Path(name).suffix for name in here}
    assert {".csv", ".docx", ".html", ".ics", ".ipynb", ".json", ".pdf", ".xlsx"} <= kinds
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name]] == []


def everything(root: Path, chosen: dict[str, str], environment: dict[str, str], umask: int) -> dict[str, bytes]:
    """Each file that the commands leave below ``root``, and what they print but for the seconds that it took."""
    found = {}
    for command, *words in COMMANDS:
        given = [word.format(**chosen) for word in words]
        done = subprocess.run(
            [sys.executable, "-m", "ntm_lib", command, *given], cwd=ROOT, umask=umask, check=False,
            env=os.environ | environment | {"NTM_ROOT": str(root)}, capture_output=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        found[" ".join([command, *words])] = re.sub(rb"[0-9]+[.,][0-9] (gi\xc3\xa2y|seconds)", b"", done.stdout)
    files = (path for path in root.rglob("*") if path.is_file() and ".ntm" not in path.parts)
    return found | {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
