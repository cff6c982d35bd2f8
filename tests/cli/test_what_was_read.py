"""After a run the terminal says what was read and what was left; a file that gave nothing is no success."""

import csv

import pytest

from ntm_lib import paths
from ntm_lib.cli import main
from ntm_lib.cli.shared import reading_of, tell_reading
from ntm_lib.language import translator
from ntm_lib.parameters import Parameters

RUN = Parameters("thu", 2024, "ntm-2021-2025")
T = translator("vi")


@pytest.fixture
def thu(tmp_path, monkeypatch):
    """A commune with the tables of a run: ``write(observations, findings)`` writes them."""
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    folder = paths.communes_folder() / "thu"
    folder.mkdir(parents=True)
    set_yml = tmp_path / "data/raw/rules/ntm-2021-2025/set.yml"
    set_yml.parent.mkdir(parents=True)
    set_yml.write_text("years: [2021, 2025]\n")
    tables = tmp_path / "data/processed/thu/2024"
    tables.mkdir(parents=True)

    def write(observations, findings=()) -> None:
        for name, columns, rows in (
            ("observations", ("file", "sheet", "row"), observations),
            ("findings", ("code", "file", "sheet"), findings),
        ):
            with (tables / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([columns, *rows])

    return folder, write


def test_files_sheets_and_rows_are_counted_and_what_was_left_is_named(thu, capsys):
    folder, write = thu
    (folder / "bieu.xlsx").touch()
    write(
        [
            ("communes/thu/results.csv", "", "2"),
            ("communes/thu/bieu.xlsx", "Biểu 01", "5"),
            ("communes/thu/bieu.xlsx", "Biểu 02", "5"),
            ("communes/cu/results.csv", "", "3"),
        ],
        [
            ("unread-sheet", "communes/thu/bieu.xlsx", "Bổ sung"),
            ("unread-file", "communes/thu/ghi-chu.csv", ""),
            ("share", "communes/thu/results.csv", ""),
        ],
    )
    assert tell_reading(RUN, T) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Đã đọc 3 dòng số liệu từ 2 tệp: bieu.xlsx (2 trang), results.csv."
    assert "bieu.xlsx [Bổ sung], ghi-chu.csv" in said[1] and "make check COMMUNE=thu" in said[1] and len(said) == 2


@pytest.mark.parametrize("observations", [[], [("communes/thu/results.csv", "", "2")]])
def test_a_workbook_of_which_nothing_was_read_is_no_success(thu, capsys, observations):
    folder, write = thu
    (folder / "bieu-2024.xlsx").touch()
    (folder / "results.csv").touch()
    write(observations)
    assert tell_reading(RUN, T) == 1
    complaint = capsys.readouterr().err
    assert "KHÔNG có số liệu nào của bieu-2024.xlsx:" in complaint and "make check COMMUNE=thu" in complaint


def test_tables_of_which_no_figure_was_read_are_no_success(thu, capsys):
    folder, write = thu
    (folder / "results.csv").touch()
    write([])
    assert (tell_reading(RUN, T), "results.csv" in capsys.readouterr().err) == (1, True)


def test_tables_of_other_notebooks_say_nothing(thu, capsys):
    _, _write = thu
    (paths.root() / "data/processed/thu/2024/observations.csv").write_text("a,b\n1,2\n")
    assert reading_of(RUN) is None
    assert (tell_reading(RUN, T), capsys.readouterr().out) == (0, "")


@pytest.mark.parametrize("words", [("report", "COMMUNE=" + "x" * 10_000), ("diff", "COMMUNE=hung-my", "SINCE=" + "x" * 10_000), ("report", "COMMUNE=hung-my", "SET=10=" + "9" * 5000),
                                   ("report-all", "JOBS=" + "9" * 5000), ("fuzz", "COUNT=" + "9" * 5000), ("bench", "SIZES=" + "9" * 5000), ("template", "COMMUNE=" + "x" * 300, "YEAR=2024"),
                                   ("diff", "COMMUNE=hung-my", "SINCE=" + "x" * 1500), ("report", "COMMUNE=" + "x" * 300), ("report-all", "YEARS=" + "9" * 5000)])  # fmt: skip
def test_endless_values_give_a_short_refusal(capsys, words):
    assert main(list(words)) == 1
    complaint = capsys.readouterr().err
    assert len(complaint) < 1500 and "Lỗi của chương trình" not in complaint and "Traceback" not in complaint


@pytest.mark.parametrize(
    "address", ["abc", "../x", "http://a:1", "tcp://localhost:99999", "tcp://localhost:1", "tcp://:8786", "a b:1"]
)
def test_a_mistyped_scheduler_is_refused_at_once(capsys, address):
    assert main(["report-all", f"SCHEDULER={address}"]) == 1
    assert "SCHEDULER: không kết nối được với" in capsys.readouterr().err
