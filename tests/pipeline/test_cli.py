"""The commands as an analyst meets them."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from ntm_lib.cli.batch import chosen_years
from ntm_lib.cli.catalogue import COMMANDS, VARIABLES
from ntm_lib.errors import NtmError
from tests.pipeline.helpers import ROOT, ntm, published, run, write_commune, write_notebook, write_text


def test_the_report_and_then_nothing_to_do(capsys, checkout):
    status, said, _ = run(capsys, "report", "COMMUNE=hung-my")
    assert status == 0
    assert "Đã lập báo cáo hung-my/2024 trong" in said
    assert "    outputs/hung-my/2024/report.html" in said
    status, said, _ = run(capsys, "report", "COMMUNE=hung-my")
    assert (status, said.startswith("Không có gì thay đổi: outputs/hung-my/2024")) == (0, True)
    status, said, _ = run(capsys, "report", "COMMUNE=hung-my", "LANGUAGE=en")
    assert "The report hung-my/2024-en was made in" in said


def test_a_wrong_parameter_is_one_message_and_status_1(capsys, checkout):
    status, said, complaint = run(capsys, "report", "COMMUNE=hung-mi", "YEAR=x")
    assert (status, said) == (1, "")
    assert "COMMUNE" in complaint
    assert "YEAR" in complaint
    assert "Traceback" not in complaint


def test_a_fault_in_a_notebook_shows_its_traceback_only_when_asked(capsys, checkout):
    write_notebook(checkout / "notebooks" / "1_clean.ipynb", ["1 / 0"])
    status, _, complaint = run(capsys, "report", "COMMUNE=hung-my")
    assert (status, "Traceback" in complaint) == (1, False)
    status, _, complaint = run(capsys, "report", "COMMUNE=hung-my", "DEBUG=1")
    assert (status, "Traceback" in complaint) == (1, True)


def test_an_unknown_variable_is_refused_with_the_nearest(capsys, checkout):
    status, _, complaint = run(capsys, "report", "COMUNE=hung-my")
    assert status == 1
    assert "COMUNE. Có phải ý bạn là COMMUNE" in complaint
    assert not published(checkout)


def test_a_variable_of_another_command_is_refused(capsys, checkout):
    assert "YEARS" in run(capsys, "report", "COMMUNE=hung-my", "YEARS=2021-2024")[2]


def test_an_unknown_command_is_refused_with_the_nearest(capsys):
    status, _, complaint = run(capsys, "reprot")
    assert (status, "report" in complaint) == (1, True)


@pytest.mark.parametrize(
    "words",
    [("ENGINE=fast",), ("JOBS=0",), ("JOBS=x",), ("JOBS=٣",), ("YEARS=2021-",), ("PROVINCE=x",), ("LANGUAGE=fr",)],
)
def test_wrong_options_of_the_batch_are_refused(capsys, checkout, words):
    status, said, complaint = run(capsys, "report-all", *words)
    assert (status, said) == (1, "")
    assert "Cần làm:" in complaint


def test_a_fault_of_ours_is_one_message_too(capsys, checkout, monkeypatch):
    monkeypatch.setattr("ntm_lib.parameters.check", lambda values: 1 / 0)
    status, _, complaint = run(capsys, "report", "COMMUNE=hung-my")
    assert status == 1
    assert "ZeroDivisionError" in complaint
    assert "Traceback" not in complaint


def test_ctrl_c_is_told_quietly(capsys, checkout, monkeypatch):
    def interrupt(values):
        raise KeyboardInterrupt

    monkeypatch.setattr("ntm_lib.parameters.check", interrupt)
    assert run(capsys, "report", "COMMUNE=hung-my") == (130, "", "Đã dừng theo yêu cầu.\n")


def test_help_names_every_command_with_its_variables_and_an_example(capsys):
    _, said, _ = run(capsys, "help")
    for command in COMMANDS.values():
        assert f"make {command.name} " in said
        assert command.example in said
        assert all(name in VARIABLES for name in command.variables)


def test_every_command_exists():
    assert all(callable(command.load()) for command in COMMANDS.values())


def test_all_communes_years_and_failures(capsys, checkout):
    write_commune(checkout, "bang-coc")
    write_commune(checkout, "kim-ngoc", province="ha-giang", years=(2021,))
    write_commune(checkout, "xa-cu", years=(2010,))
    (checkout / "data/raw/communes/xa-cu/plan.csv").unlink()
    source = "assert not (commune == 'bang-coc' and year == 2023), 'số liệu sai'"
    cells = ["from ntm_lib import paths", source, "_ = (paths.processed('') / 'x.csv').write_text(commune)"]
    write_notebook(checkout / "notebooks" / "1_clean.ipynb", cells)
    for name in ("2_status", "3_report"):
        write_notebook(checkout / "notebooks" / f"{name}.ipynb", ["1"])
    status, said, complaint = run(capsys, "report-all", "YEARS=2021,2023-2024", "JOBS=2")
    assert status == 1
    assert "Đã lập 7 báo cáo, 0 không đổi, 1 hỏng" in said
    assert "bang-coc/2023" in complaint
    assert "số liệu sai" in complaint
    assert (checkout / "outputs/bang-coc/failed-2023/1_clean.ipynb").exists()
    status, said, _ = run(capsys, "report-all", "PROVINCE=ha-giang")
    assert (status, "Đã lập 0 báo cáo, 1 không đổi, 0 hỏng" in said) == (0, True)
    write_notebook(checkout / "notebooks" / "1_clean.ipynb", ["1"])
    status, said, _ = run(capsys, "report-all", "YEARS=2021,2023-2024")
    assert (status, "Đã lập 8 báo cáo, 0 không đổi, 0 hỏng" in said) == (0, True)


def test_editing_one_province_runs_that_province_only(capsys, checkout):
    write_commune(checkout, "kim-ngoc", province="ha-giang")
    assert "Đã lập 2 báo cáo" in run(capsys, "report-all")[1]
    write_text(checkout / "data/raw/rules/provinces/ha-giang/ntm-2021-2025.csv", "khác\n")
    assert "Đã lập 1 báo cáo, 1 không đổi" in run(capsys, "report-all")[1]


def test_years_are_lists_and_ranges():
    assert chosen_years("2021-2023,2025", str) == {2021, 2022, 2023, 2025}
    assert chosen_years("", str) == set()
    with pytest.raises(NtmError):
        chosen_years("2021 2023", str)


def test_communes_are_listed_with_their_years(capsys, checkout):
    assert run(capsys, "communes")[1].split() == ["hung-my", "tuyen-quang", "2021", "2023", "2024"]


def test_clean_removes_what_was_generated_and_nothing_else(capsys, checkout):
    raw = {path: path.read_bytes() for path in (checkout / "data/raw").rglob("*.csv")}
    write_text(checkout / "outputs/.gitkeep", "")
    write_text(checkout / "outputs/.ntm/digests/shared.json", "{}")
    write_text(checkout / "outputs/hung-my/2024/report.html", "x")
    write_text(checkout / "data/processed/hung-my/2024/criteria.csv", "x")
    assert run(capsys, "clean")[0] == 0
    assert [path.name for path in (checkout / "outputs").iterdir()] == [".gitkeep"]
    assert list((checkout / "data/processed").iterdir()) == []
    assert {path: path.read_bytes() for path in raw} == raw


def test_the_command_line_loads_nothing_heavy():
    """Nor does asking whether a report is current: the grammar of cells and the metadata of packages took half of that."""
    heavy = ("pandas", "nbformat", "numpy", "babel", "importlib.metadata", "ntm_lib.text.units")
    asked = "from ntm_lib.pipeline.manifest import Checker; Checker().is_current(check({'COMMUNE': 'hung-my'}))"
    code = f"import ntm_lib.cli.one_commune, ntm_lib.cli.batch, sys; from ntm_lib.parameters import check; {asked}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(os.name == "nt", reason="Windows does not tell the time of a child")
@pytest.mark.parametrize("words", [("report", "COMMUNE=hung-my"), ("report", "COMMUNE=x"), ("help",)])
def test_what_needs_no_worker_is_answered_at_once(capsys, checkout, words):
    """Nothing changed, or a wrong parameter: 0.3 s, of the processor's time, since other tests run meanwhile."""
    import resource

    run(capsys, "report", "COMMUNE=hung-my")
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ntm(*words, root=checkout)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert min(times) < 0.3


@pytest.fixture
def slow(checkout):
    """Three communes whose notebooks take a while."""
    for commune in ("bang-coc", "kim-ngoc"):
        write_commune(checkout, commune)
    write_notebook(
        checkout / "notebooks" / "1_clean.ipynb",
        ["import os, time\nif not os.environ.get('X'):\n    time.sleep(3)", "1"],
    )
    for name in ("2_status", "3_report"):
        write_notebook(checkout / "notebooks" / f"{name}.ipynb", ["1"])
    return checkout


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
def test_ctrl_c_ends_the_batch_cleanly_and_the_next_run_goes_on(capsys, slow):
    """The terminal sends the signal to every process of the command, as here."""
    command = [sys.executable, "-m", "ntm_lib", "report-all", "JOBS=1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NTM_ROOT": str(slow)}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = slow / "outputs" / "bang-coc" / "2024" / "manifest.json"
    wait_until(lambda: first.exists() and list(slow.rglob("*.building")))
    os.killpg(process.pid, signal.SIGINT)
    said, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (said, complaint) == ("", "Đã dừng theo yêu cầu.\n")
    assert not list(slow.rglob("*.building"))
    done = len(list(slow.glob("outputs/*/2024/manifest.json")))
    assert done < 3
    assert f"Đã lập {3 - done} báo cáo, {done} không đổi, 0 hỏng" in run(capsys, "report-all", "JOBS=3")[1]


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal")
def test_a_terminal_sees_how_far_the_batch_is(checkout):
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    command = [sys.executable, "-m", "ntm_lib", "report-all"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NTM_ROOT": str(checkout)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # what a closed terminal says at its end
        while piece := os.read(ours, 1000):
            shown += piece
    os.close(ours)
    assert process.wait() == 0
    assert "1/1 xong 1, không đổi 0, hỏng 0" in shown.decode()


def wait_until(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
@pytest.mark.parametrize("moment", [0.1, 0.5, 1.2, 2.0])
def test_ctrl_c_is_one_line_whenever_it_strikes(slow, moment):
    """Also while the fork server loads: it is in the terminal's group like every other process of the command."""
    command = [sys.executable, "-m", "ntm_lib", "report", "COMMUNE=hung-my"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NTM_ROOT": str(slow)}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGINT)
    said, complaint = process.communicate(timeout=30)
    # Python itself has no word before it has read the first line of ours.
    assert (process.returncode, said, complaint) == (130, "", "Đã dừng theo yêu cầu.\n") or (
        moment < 0.5 and process.returncode in (130, -signal.SIGINT)
    )
