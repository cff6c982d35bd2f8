"""What an attacker or bad luck does to a checkout, and what must not come of it."""

import base64
import errno
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from ntm_lib import bootstrap
from ntm_lib.cli import main
from ntm_lib.cli.explore_command import command_of, environment
from ntm_lib.errors import NtmError
from ntm_lib.intake.raw import _inside
from ntm_lib.parameters import check
from ntm_lib.pipeline import manifest
from ntm_lib.pipeline.inputs import altered, run_files
from ntm_lib.pipeline.job import MADE, UNCHANGED, settle
from ntm_lib.pipeline.make import make
from ntm_lib.pipeline.publish import publish, refuse_blocked, staged, sweep
from tests.pipeline.helpers import NOTEBOOKS, ROOT, files_of, write_notebook, write_text
from tests.pipeline.test_make import outcome_of


def run(capsys, *words: str) -> tuple[int, str, str]:
    return main(list(words)), *capsys.readouterr()


@pytest.mark.parametrize("way", ["write", "replace"])
def test_figures_that_change_and_change_back_are_not_reported(job, way):
    """A→B→A while the first notebook reads: the digests before and after are the same, the figures read are not."""
    raw, mark = job.root / "data/raw/communes/hung-my/results.csv", job.root / "mark"
    true = raw.read_bytes()
    put = {
        "write": "file.write_bytes(content)",
        "replace": "file.with_suffix('.new').write_bytes(content); file.with_suffix('.new').replace(file)",
    }[way]
    meddle = f"""
from pathlib import Path
file, mark = Path({str(raw)!r}), Path({str(mark)!r})
def put(content):
    {put}
"""
    before = f"{meddle}\nif not mark.exists():\n    put(b'id,year,value\\nR2023,2024,99\\n')"
    after = f"if not mark.exists():\n    put({true!r})\n    mark.touch()"
    write_notebook(job.root / "notebooks/1_clean.ipynb", [before, *NOTEBOOKS["1_clean"], after])
    outcome = outcome_of(job)
    assert outcome.state == MADE, outcome.details
    assert mark.exists() and raw.read_bytes() == true
    assert "99" not in (job.root / "data/processed/hung-my/2024/observations.csv").read_text()
    assert outcome_of(job).state == UNCHANGED


def test_clean_does_not_go_through_a_link(capsys, checkout, tmp_path):
    share = tmp_path / "share"
    write_text(share / "so lieu goc.txt", "x")
    write_text(checkout / "data/processed/hung-my/2024/criteria.csv", "x")
    (checkout / "outputs").symlink_to(share)
    status, _, said = run(capsys, "clean")
    assert status == 1 and said.startswith("outputs là liên kết")
    assert files_of(share) and files_of(checkout / "data/processed")


def test_clean_keeps_what_it_has_not_made_and_says_so(capsys, checkout, tmp_path):
    share = tmp_path / "share"
    write_text(share / "goc.txt", "x")
    for name in (
        "ghi chú.docx",
        "Ảnh 2024/a.jpg",
        "hung-my/của tôi.txt",
        "hung-my/2024/report.html",
        "overview-all/x.html",
    ):
        write_text(checkout / "outputs" / name, "x")
    (checkout / "outputs/hung-my/2023").symlink_to(share)
    status, said, _ = run(capsys, "clean")
    assert status == 0
    left = {path.name for path in (checkout / "outputs").rglob("*") if path.is_file()}
    assert left - {"goc.txt"} == {"của tôi.txt", "ghi chú.docx", "a.jpg"}
    assert (checkout / "outputs/hung-my/2023").is_symlink()
    assert files_of(share)
    assert all(name in said for name in ("ghi chú.docx", "Ảnh 2024", "hung-my"))


@pytest.mark.parametrize("kind", ["link", "dangling", "file"])
def test_what_blocks_a_report_folder_is_told_and_left_alone(capsys, checkout, tmp_path, kind):
    place, share = checkout / "outputs/hung-my/2024", tmp_path / "share"
    place.parent.mkdir(parents=True)
    if kind == "link":
        write_text(share / "goc.txt", "x")
    place.write_text("x") if kind == "file" else place.symlink_to(share)
    for _ in range(2):  # it does not wedge otherwise the second time
        with pytest.raises(NtmError, match="outputs/hung-my/2024 là một liên kết hoặc một tệp"), staged(place):
            pass
    assert place.read_text() == "x" if kind == "file" else place.is_symlink()
    assert kind != "link" or files_of(share)
    place.unlink()
    refuse_blocked(place, str)


@pytest.mark.parametrize("kind", ["link", "dangling", "file", "folder"])
def test_what_stands_where_a_folder_is_built_is_no_obstacle(tmp_path, kind):
    place, share = tmp_path / "2024", tmp_path / "share"
    building = place.with_name(".2024.building")
    if kind == "link":
        write_text(share / "goc.txt", "x")
    if kind == "folder":
        write_text(building / "x", "x")
    else:
        building.write_text("x") if kind == "file" else building.symlink_to(share)
    with staged(place) as (folder,):
        write_text(folder / "report.html", "mới")
        publish(place)
    assert files_of(place) == {"report.html": "mới".encode()}
    assert kind != "link" or files_of(share)


def test_a_full_disk_is_no_fault_of_the_program(capsys, job, monkeypatch):
    cell = f"raise OSError(28, 'No space left on device', '{job.root}/data/processed/x.csv')"
    write_notebook(job.root / "notebooks/1_clean.ipynb", [cell])
    said = outcome_of(job).message
    assert said.startswith("Không ghi hoặc không đọc được") and "No space left on device" in said
    assert "chỗ trống trên đĩa" in said and "Lỗi của chương trình" not in said

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ntm_lib.cli.overview_command.choose", full)
    status, _, said = run(capsys, "overview")
    assert (
        status == 1
        and "No space left on device" in said
        and "chỗ trống trên đĩa" in said
        and "Lỗi của chương trình" not in said
    )


@pytest.mark.parametrize("part", ["run", "parameters", "inputs", "versions", "fingerprint", "outputs", "tables"])
def test_a_manifest_altered_anywhere_is_no_longer_current(job, part):
    assert outcome_of(job).state == MADE
    path = manifest.outputs_folder(job.parameters) / manifest.NAME
    whole = json.loads(path.read_text("utf-8"))
    value = whole[part]
    whole[part] = {**value, next(iter(value)): "0"} if isinstance(value, dict) else value + "0"
    path.write_text(json.dumps(whole), "utf-8")
    assert outcome_of(job).state == MADE


@pytest.mark.parametrize("part", ["outputs", "tables", "inputs"])
@pytest.mark.parametrize("value", [[1, 2], None, 5, "x"], ids=str)
def test_a_manifest_of_another_form_is_not_current(job, part, value):
    assert outcome_of(job).state == MADE
    path = manifest.outputs_folder(job.parameters) / manifest.NAME
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), part: value}), "utf-8")
    assert not manifest.Checker().is_current(job.parameters)


def test_tables_are_whole_only_as_they_were_published(job):
    outcome_of(job)
    own = manifest.Digests("hung-my")
    assert manifest.tables_are_whole(job.parameters.run_name, own)
    table = manifest.tables_folder(job.parameters) / "indicators.csv"
    content = table.read_bytes()
    table.write_bytes(content + b"x")
    assert not manifest.tables_are_whole(job.parameters.run_name, own)
    table.write_bytes(content)
    assert manifest.tables_are_whole(job.parameters.run_name, own)
    (manifest.outputs_folder(job.parameters) / manifest.NAME).unlink()
    assert not manifest.tables_are_whole(job.parameters.run_name, own)


@pytest.mark.parametrize("locale", ["C", "POSIX", "vi_VN.UTF-8", "en_US.ISO-8859-1"])
def test_a_folder_with_vietnamese_letters_is_registered_in_any_locale(tmp_path, locale):
    root = tmp_path / "nông thôn mới"
    (root / "ntm_lib").mkdir(parents=True)
    for name in ("pyproject.toml", "ntm_lib/__init__.py", "ntm_lib/installed.py"):
        shutil.copy(ROOT / name, root / name)
    write_text(root / "ntm_lib/__main__.py", "def start():\n    print('chạy được')\n")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    python, environment = root / ".venv/bin/python", {"PATH": os.environ["PATH"], "LC_ALL": locale}
    code = "from ntm_lib.installed import is_registered, register; register(); print(is_registered())"
    done = subprocess.run([python, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr
    ended = subprocess.run([root / ".venv/bin/ntm"], cwd="/", env=environment, capture_output=True, check=False)
    assert ended.stdout.decode() == "chạy được\n", ended.stderr


def test_what_a_killed_build_has_started_keeps_the_lock(tmp_path):
    """pip goes on when make and python are killed; nobody clears the environment under it."""
    lock = tmp_path / "lock"
    code = (
        "import sys; from pathlib import Path; from ntm_lib import bootstrap\n"
        f"with bootstrap.alone(Path({str(lock)!r})):\n    bootstrap.started([sys.executable, '-c', 'print(1, flush=True); import time; time.sleep(3)'])"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout.readline() == "1\n"
    parent.kill()
    parent.wait()
    with lock.open("a+b") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    start = time.monotonic()
    with bootstrap.alone(lock):
        assert time.monotonic() - start > 0.5
    parent.stdout.close()


@pytest.fixture
def served(tmp_path):
    """Asks a running explorer for a path under a name of the host; ``(status, host)``. Its process is ``asked.process``."""
    write_notebook(tmp_path / "explore.ipynb", ["1"])
    command = command_of(tmp_path / "explore.ipynb", "--no-browser")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*command, f"--port={port}"], cwd=tmp_path, env=environment(tmp_path), stderr=subprocess.PIPE, text=True
    )

    def asked(path: str, host: str = "127.0.0.1") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        status = connection.getresponse().status
        connection.close()
        return status

    line = ""
    while "?token=" not in line:
        line = process.stderr.readline()
        assert line or process.poll() is None
    asked.token, asked.process = line.strip().partition("?token=")[2], process
    yield asked
    process.kill()
    process.wait()
    process.stderr.close()


def test_the_explorer_is_for_one_user_of_this_machine(served, tmp_path):
    """Token, Host, few kernels, and an end of all that was started."""
    address = f"/?token={served.token}"
    assert served("/") == served("/?token=x") == 302  # to the page that asks for the token
    assert served(address, "evil.example") == 403
    assert [served(address) for _ in range(6)] == [200] * 4 + [503] * 2
    children = psutil.Process(served.process.pid).children(recursive=True)
    assert len(children) == 4
    served.process.terminate()
    assert served.process.wait(timeout=30) == 0
    assert not psutil.wait_procs(children, timeout=10)[1]
    assert not list(tmp_path.glob("voila_*"))


def test_who_ends_the_explorer_ends_its_server(tmp_path):
    code = (
        "import sys; from pathlib import Path; from ntm_lib.cli.explore_command import served\n"
        f"served([sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)'], Path({str(tmp_path)!r}))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    server = psutil.Process(int(parent.stdout.readline()))
    parent.terminate()
    parent.wait(timeout=20)
    assert not psutil.wait_procs([server], timeout=5)[1]
    parent.stdout.close()


@pytest.mark.parametrize(
    "name", ["scenarios/x.txt", ".an/x.txt", "~$x.txt", "x.tmp", "a/b~", "__pycache__/x.txt", "scenarios/a.yml", "../x"]
)
def test_what_no_digest_covers_is_not_read_as_a_document(checkout, name):
    folder = checkout / "data/raw/communes/hung-my"
    write_text(folder / name, "x")
    write_text(folder / "sources/x.txt", "x")
    assert _inside(folder, name) is None
    assert _inside(folder, "sources/x.txt") == folder / "sources/x.txt"
    read = set(run_files(check({"COMMUNE": "hung-my"})).values())
    assert folder / "sources/x.txt" in read and folder / name not in read


def test_a_link_to_what_no_digest_covers_is_not_read_either(checkout):
    folder = checkout / "data/raw/communes/hung-my"
    write_text(folder / ".an/x.txt", "x")
    (folder / "anh").symlink_to(folder / ".an")
    assert _inside(folder, "anh/x.txt") is None


def test_what_killed_commands_left_in_the_temporary_folder_is_removed(tmp_path):
    """Of a command that is gone; not of one that works."""
    code = "from ntm_lib.pipeline.publish import temporary_folder; import time; print(temporary_folder(), flush=True); time.sleep({})"

    def started(seconds):
        command = [sys.executable, "-c", code.format(seconds)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"TMPDIR": str(tmp_path)}, stdout=subprocess.PIPE, text=True
        )
        return process, Path(process.stdout.readline().strip())

    killed, left = started(60)
    working, kept = started(60)
    killed.kill()
    killed.wait()
    for folder in (left, kept):
        (folder / "pymp-x").mkdir()
        os.utime(folder, (1, 1))
    ended, own = started(0)
    assert ended.wait(timeout=20) == 0
    assert not left.exists() and not own.exists() and (kept / "pymp-x").is_dir()
    working.terminate()
    for process in (killed, working, ended):
        process.wait()
        process.stdout.close()


def test_a_command_that_finds_nothing_to_make_removes_it_too(job, tmp_path, monkeypatch):
    """Found by make soak: documents killed after their report was made left a folder to all later runs that made none."""
    assert outcome_of(job).state == MADE
    left = tmp_path / "tmp" / "ntm-tmp-x"
    (left / "pymp-x").mkdir(parents=True)
    os.utime(left, (1, 1))
    monkeypatch.setattr(tempfile, "tempdir", str(left.parent))
    sweep.cache_clear()
    assert settle(job, manifest.Checker()).state == UNCHANGED
    assert not left.exists()


def test_a_package_edited_after_it_was_installed_is_told(tmp_path):
    files = [tmp_path / "thing" / name for name in ("a.py", "b.py", "c.py")]
    for file in files:
        write_text(file, "x = 1\n")
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"x = 1\n").digest()).decode().rstrip("=")
    record = tmp_path / "thing-1.dist-info" / "RECORD"
    write_text(record, "".join(f"thing/{file.name},sha256={digest},6\n" for file in files[:2]))
    os.utime(record, (1, 1))  # all three are younger: one edited, one only touched, one that nobody installed
    files[0].write_text("x = 2\n")
    assert altered(tmp_path, map(str, files)) == ["thing/a.py"]


def test_a_report_is_not_made_with_an_edited_package(job, monkeypatch):
    preload = SimpleNamespace(ALTERED=["thing/a.py"], LOADED={})
    monkeypatch.setitem(sys.modules, "ntm_lib.pipeline.preload", preload)
    with pytest.raises(NtmError, match=r"thing/a\.py.*\n.*xóa thư mục \.venv"):
        make(replace(job, force=True))
