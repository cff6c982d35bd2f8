"""``make status`` runs a stage where a debugger holds; ``ntm`` does what make does."""

import subprocess
import sys
from pathlib import Path

import pytest

from ntm_lib.cli.catalogue import COMMANDS
from tests.pipeline.helpers import NOTEBOOKS, files_of, make, ntm, write_notebook

SCRIPT = Path(sys.executable).with_name("ntm")


def test_a_breakpoint_in_a_notebook_holds(checkout):
    write_notebook(checkout / "notebooks/2_status.ipynb", ["mark = year * 2\nbreakpoint()", *NOTEBOOKS["2_status"]])
    command = [sys.executable, "-m", "ntm_lib", "status", "COMMUNE=hung-my"]
    done = subprocess.run(command, input="p mark\nlist\nc\n", capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "(Pdb) 4046" in done.stdout or "(Pdb) 4048" in done.stdout
    assert "->" in done.stdout and "Các bảng: outputs/hung-my/stage-" in done.stdout


def test_a_stage_writes_its_tables_and_no_report(checkout):
    assert ntm("status", "COMMUNE=hung-my", "YEAR=2023", "STAGE=1_clean").returncode == 0
    assert list(files_of(checkout / "outputs")) == ["hung-my/stage-2023/observations.csv"]
    assert not (checkout / "data/processed").exists()


@pytest.mark.parametrize("stage", ["x", "../1_clean", "month"])
def test_a_stage_that_the_run_does_not_have_is_refused(checkout, stage):
    done = ntm("status", "COMMUNE=hung-my", f"STAGE={stage}")
    assert done.returncode == 1
    assert "STAGE" in done.stderr and "1_clean, 2_status, 3_report" in done.stderr
    assert not files_of(checkout / "outputs")


@pytest.mark.parametrize("command", COMMANDS)
def test_ntm_takes_each_command_and_its_variables(command):
    done = subprocess.run([SCRIPT, command, "COMUNE=x"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"Lệnh {command} không có biến COMUNE." in done.stderr
    assert all(name in done.stderr for name in COMMANDS[command].variables)


@pytest.mark.parametrize(
    "words", [("report", "COMMUNE=hung-mi"), ("communes", "PROVINCE=tuyen-quang"), ("help",)], ids=" ".join
)
def test_ntm_says_what_make_says(checkout, words):
    by_script = subprocess.run([SCRIPT, *words], capture_output=True, text=True, check=False)
    by_make = make(*words, root=checkout)
    assert (by_script.stdout, bool(by_script.returncode)) == (by_make.stdout, bool(by_make.returncode))
    assert by_script.stderr.splitlines() == [
        line for line in by_make.stderr.splitlines() if not line.startswith("make:")
    ]
