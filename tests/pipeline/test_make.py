"""One report: made whole or not at all, the same whoever makes it, and told plainly when it cannot be."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import types
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.parameters import check
from ntm_lib.pipeline import make, worker
from ntm_lib.pipeline.job import FAILED, MADE, UNCHANGED, run
from ntm_lib.pipeline.pool import run_all
from ntm_lib.pipeline.publish import alone, alone_at_once
from tests.pipeline.helpers import EXPORTS, ROOT, published, write_notebook, write_text


def outcome_of(job):
    (outcome,) = run([job], lambda jobs: run_all(jobs, 1))
    return outcome


def fail_in(job, source="raise ValueError('hỏng')", notebook="2_status"):
    write_notebook(job.root / "notebooks" / f"{notebook}.ipynb", [source])


def test_the_report_is_made_once(job):
    assert outcome_of(job).state == MADE
    names = set(published(job.root))
    assert {
        f"outputs/hung-my/2024/{name}"
        for name in ("report.md", "1_clean.py", "manifest.json", "1_clean.ipynb", "2_status.ipynb", "3_report.ipynb")
    } < names
    assert {"data/processed/hung-my/2024/observations.csv", "data/processed/hung-my/2024/indicators.csv"} < names
    assert outcome_of(job).state == UNCHANGED


def test_force_makes_it_again(job):
    outcome_of(job)
    assert outcome_of(replace(job, force=True)).state == MADE


def test_a_failure_leaves_the_last_good_report_and_keeps_the_notebook(job):
    outcome_of(job)
    before = published(job.root)
    fail_in(job)
    outcome = outcome_of(job)
    assert outcome.state == FAILED
    assert "ValueError: hỏng" in outcome.message
    assert "outputs/hung-my/failed-2024" in outcome.message
    assert "Traceback" in outcome.details
    after = published(job.root)
    assert {name: data for name, data in after.items() if "failed" not in name} == before
    assert {Path(name).name for name in after if "failed" in name} == {"1_clean.ipynb", "2_status.ipynb"}


def test_the_next_good_run_removes_what_failed(job):
    good = (job.root / "notebooks" / "2_status.ipynb").read_bytes()
    fail_in(job)
    outcome_of(job)
    (job.root / "notebooks" / "2_status.ipynb").write_bytes(good)
    assert outcome_of(job).state == MADE
    assert not any("failed" in name for name in published(job.root))


def test_a_fault_of_the_data_is_told_without_a_traceback(job):
    fail_in(job, "from ntm_lib.errors import NtmError\nraise NtmError('results.csv, dòng 3: sai.')")
    message = outcome_of(job).message
    assert message.splitlines() == ["results.csv, dòng 3: sai.", "    Sổ tay dang dở: outputs/hung-my/failed-2024"]


@pytest.mark.parametrize(
    "source", ["import os\nos._exit(3)", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"]
)
def test_a_worker_that_dies_is_told_and_the_next_run_heals(job, source):
    outcome_of(job)
    before = published(job.root)
    good = (job.root / "notebooks" / "2_status.ipynb").read_bytes()
    fail_in(job, source)
    outcome = outcome_of(job)
    assert outcome.state == FAILED
    assert "dừng đột ngột" in outcome.message
    assert published(job.root) == before
    (job.root / "notebooks" / "2_status.ipynb").write_bytes(good)
    assert outcome_of(replace(job, force=True)).state == MADE
    assert published(job.root) == before
    assert not list(job.root.rglob("*.building"))


def test_a_kernel_that_dies_is_told_too(job):
    fail_in(job, "import os\nos._exit(3)")
    outcome = outcome_of(replace(job, engine="kernel"))
    assert outcome.state == FAILED
    assert outcome.message


def test_one_notebook_finds_the_tables_of_the_last_though_nothing_is_published(job):
    fail_in(
        job,
        "assert (paths.processed('') / 'indicators.csv').exists(), 'thiếu'\nraise ValueError('tới đây')",
        "3_report",
    )
    assert "tới đây" not in outcome_of(job).message  # paths is not imported there: notebooks share no variables
    fail_in(
        job,
        "from ntm_lib import paths\nassert (paths.processed('') / 'indicators.csv').exists()\nraise ValueError('tới đây')",
        "3_report",
    )
    assert "tới đây" in outcome_of(job).message
    assert not (job.root / "data/processed/hung-my/2024").exists()


def test_inputs_that_change_meanwhile_are_read_again(job):
    """The manifest must name what was read: an edit during the run makes a second one necessary."""
    raw = job.root / "data/raw/communes/hung-my/notes.csv"
    write_text(raw, "0")
    # The first time the notebook edits an input, the second time it does not.
    write_notebook(
        job.root / "notebooks" / "1_clean.ipynb",
        [
            f"from pathlib import Path\nraw = Path({str(raw)!r})\nif raw.read_text() == '0':\n    raw.write_text('1')",
            "from ntm_lib import paths\n_ = (paths.processed('') / 'observations.csv').write_text(raw.read_text())",
        ],
    )
    assert outcome_of(job).state == MADE
    assert (job.root / "data/processed/hung-my/2024/observations.csv").read_text() == "1"
    assert outcome_of(job).state == UNCHANGED


def test_inputs_that_never_rest_are_told(job):
    raw = job.root / "data/raw/communes/hung-my/notes.csv"
    write_notebook(
        job.root / "notebooks" / "1_clean.ipynb",
        [f"import time\nfrom pathlib import Path\n_ = Path({str(raw)!r}).write_text(str(time.time_ns()))"],
    )
    write_notebook(job.root / "notebooks" / "2_status.ipynb", ["1"])
    write_notebook(job.root / "notebooks" / "3_report.ipynb", ["1"])
    assert "liên tục thay đổi" in outcome_of(job).message
    assert not published(job.root)


def test_a_full_disk_is_told_and_leaves_the_old_report(job, monkeypatch):
    outcome_of(job)
    before = published(job.root)

    def full(*_):
        raise OSError(
            errno.ENOSPC, "No space left on device", str(job.root / "outputs/hung-my/.2024.building/report.md")
        )

    monkeypatch.setattr(make, "export", full)
    outcome = worker.run_job(replace(job, force=True), lambda: None)
    assert outcome.state == FAILED
    assert "outputs/hung-my/.2024.building/report.md: No space left on device" in outcome.message
    assert published(job.root) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(job):
    (job.root / "outputs").mkdir()
    (job.root / "outputs").chmod(0o500)
    try:
        assert "quyền ghi" in outcome_of(job).message
    finally:
        (job.root / "outputs").chmod(0o700)


def test_a_file_where_a_folder_should_be_is_told(job):
    write_text(job.root / "outputs" / "hung-my", "")
    outcome = outcome_of(job)
    assert outcome.state == FAILED
    assert "outputs/hung-my" in outcome.message


def test_two_runs_at_once_make_one_report_and_do_not_mix(job):
    outcomes = list(run_all([job, job], 2))
    assert sorted(outcome.state for outcome in outcomes) == [MADE, UNCHANGED]


def test_the_second_of_two_runs_says_that_it_waits(job):
    said = []
    list(run_all([job, job], 2, said.append))
    assert said == [job]


def test_a_lock_is_held_once(checkout):
    with alone("hung-my/2024"), alone_at_once("hung-my/2024") as mine, alone_at_once("hung-my/2023") as other:
        assert (mine, other) == (False, True)


def test_a_lock_dies_with_its_owner(checkout):
    code = "from ntm_lib.pipeline.publish import alone\nimport time\nwith alone('hung-my/2024'):\n    print('held', flush=True)\n    time.sleep(60)"
    owner = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert owner.stdout.readline() == b"held\n"
    with alone_at_once("hung-my/2024") as mine:
        assert not mine
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    with alone_at_once("hung-my/2024") as mine:
        assert mine


def test_what_a_run_left_that_was_killed_after_publishing_goes_without_a_new_run(job):
    outcome_of(job)
    write_text(job.root / "outputs/hung-my/.2024.building/report.md", "cũ")
    assert outcome_of(job).state == UNCHANGED
    assert not list((job.root / "outputs/hung-my").glob(".2024*"))


def test_a_missing_input_fails_that_job_only(job, checkout):
    shutil.copytree(checkout / "data/raw/communes/hung-my", checkout / "data/raw/communes/bang-coc")
    other = replace(job, parameters=check({"COMMUNE": "bang-coc"}))
    write_text(checkout / "data/raw/communes/bang-coc/results.csv", "id,year,value\nR,2024,x\n")
    os.unlink(checkout / "data/raw/communes/hung-my/commune.yml")
    outcomes = {outcome.run_name: outcome.state for outcome in run([job, other], lambda jobs: run_all(jobs, 2))}
    assert outcomes == {"hung-my/2024": FAILED, "bang-coc/2024": MADE}


def test_failures_do_not_stop_the_pool(job):
    fail_in(job)
    assert [outcome.state for outcome in run_all([job] * 3, 2)] == [FAILED] * 3


def test_ending_early_ends_the_workers(job):
    write_notebook(job.root / "notebooks" / "1_clean.ipynb", ["import time\ntime.sleep(60)"])
    other = replace(job, parameters=check({"COMMUNE": "hung-my", "YEAR": "2023"}), exports=EXPORTS)
    fails_at_once = replace(job, root=job.root / "none")
    outcomes = run_all([fails_at_once, job, other], 3)
    assert next(outcomes).state == FAILED
    start = time.monotonic()
    outcomes.close()
    assert time.monotonic() - start < 10
    with alone_at_once(other.parameters.run_name) as mine:
        assert mine


def test_a_failure_is_an_ntm_error_in_the_worker(job):
    fail_in(job)
    with pytest.raises(NtmError):
        make.make(job)


def test_a_worker_with_another_library_than_the_disk_makes_nothing(job, monkeypatch):
    """On a cluster a worker may live on while the checkout is brought up to date."""
    older = types.SimpleNamespace(ALTERED=[], LOADED={"ntm_lib/errors.py": "an older digest"})
    monkeypatch.setitem(sys.modules, "ntm_lib.pipeline.preload", older)
    with pytest.raises(NtmError, match="đã thay đổi sau khi tiến trình này khởi động"):
        make.make(job)
    assert not published(job.root)
