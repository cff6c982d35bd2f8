"""What Windows does differently, simulated: code pages, open files, names of devices, LibreOffice off the path, locks."""

import io
import os
import sys
import types
from pathlib import Path

import pytest

from ntm_lib import bootstrap
from ntm_lib.__main__ import speak_utf8
from ntm_lib.cli import main
from ntm_lib.office import approval, opening
from ntm_lib.text.names import file_slug


@pytest.mark.parametrize("code_page", ["cp1258", "cp1252", "cp437"])
def test_messages_go_into_a_file_whatever_the_code_page(monkeypatch, code_page):
    """``ntm help > file`` on Windows: the code page has no «ắ», and printing would end the program."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=code_page, errors="strict"))
    speak_utf8()
    print("Đã lập báo cáo, ắ ₫ ≥")
    sys.stdout.flush()
    assert written.getvalue().decode("utf-8") == f"Đã lập báo cáo, ắ ₫ ≥{os.linesep}"


def test_a_table_that_excel_holds_open_is_named_and_stays_whole(tmp_path, monkeypatch, capsys):
    table = tmp_path / "results.csv"
    table.write_text("id\n1\n", "utf-8")

    def refused(source, target):
        raise PermissionError(13, "The process cannot access the file", str(source), 32, str(target))

    monkeypatch.setattr(approval.os, "replace", refused)
    with pytest.raises(OSError) as raised:
        approval.put(table, "id\n2\n")
    assert (Path(raised.value.filename), table.read_text("utf-8"), os.listdir(tmp_path)) == (
        table, "id\n1\n", ["results.csv"]
    )  # fmt: skip
    monkeypatch.setattr("ntm_lib.reading.taking.take", lambda *_: (_ for _ in ()).throw(raised.value))
    assert main(["read", f"ACCEPT={table}", "BY=A"]) == 1
    assert "results.csv" in (said := capsys.readouterr().err) and "đóng tệp ấy nếu đang mở" in said


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Con", (), "con-"), ("Nà Con", (), "na-con"), ("COM1", (), "com1-"), ("Ấn", ("an",), "an-2"), ("A: b/c?", (), "a-b-c"),
        ("Kế hoạch " * 30, (), "ke-hoach-ke-hoach-ke-hoach-ke-hoach-ke-hoach-ke-hoach-ke-hoa"),
    ],
)  # fmt: skip
def test_names_of_files_are_such_as_any_system_takes(name, taken, expected):
    assert file_slug(name, taken) == expected


def test_libreoffice_is_found_where_windows_puts_it(tmp_path, monkeypatch):
    program = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setattr(opening.shutil, "which", lambda name: None)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert opening.office_program() == str(program)


def test_a_second_run_waits_for_the_first_however_long_it_builds(tmp_path, monkeypatch, capsys):
    """The lock of Windows gives up after ten seconds."""
    tries = iter([OSError, OSError, None])

    def locking(handle, mode, length):
        if fault := next(tries):
            raise fault

    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_LOCK=1))
    monkeypatch.setattr(bootstrap.sys, "platform", "win32")
    with bootstrap.alone(tmp_path / "lock"):
        pass
    assert next(tries, "all used") == "all used" and "đang chờ" in capsys.readouterr().err
