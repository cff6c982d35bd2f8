"""progress.csv: read row by row, refused row by row, and what «xong» stands for."""

from fractions import Fraction

import pytest

from ntm_lib import intake, paths
from ntm_lib.plan.progress import done_to_date, total
from ntm_lib.stages.clean_stage import known_progress as finished
from ntm_lib.wording.problem_words import list_rejects

RULES = paths.rules_folder()
HEADING = "id,year,month,village,indicator,part,work,done,measure,reported_by,reported_on,document,section,quote,note"
VILLAGES = "id,village,variants,households,document,section,quote,note\nV1,Bàu,,,,,,\nV2,Rõm,Rôm,,,,,\n"
WORKS = """id,year,criterion,item,quantity
HM045,2024,2,Đường thôn,"0,51 km"
HM060,2024,5,Cổng chào,
"""


@pytest.fixture
def cleaned(folder):
    """What the rows of progress.csv become."""

    def read(*rows: str):
        place = folder(
            {"villages.csv": VILLAGES, "works.csv": WORKS, "progress.csv": "\n".join([HEADING, *rows]) + "\n"}
        )
        if not (rules := place.parents[1] / "rules").exists():
            rules.symlink_to(RULES)
        return intake.clean(intake.read_commune(place.name))

    return read


def test_reads_what_was_done(cleaned):
    table = finished(
        cleaned(
            "1,2024,9,Bàu,17.8,a,,1276,,,2024-09-19,,,,",
            "2,2024,09,,,,HM045,Xong,,,,,,,",
            "3,2024,9,Bàu,,,,,,,,,,,",
            "4,2024,9,Bàu,17.8,a,,7 hộ,to-date,thôn Bàu,19/9/2024,,,,",
        )
    )
    assert list(table["done"]) == ["1276", "0.51", "", "7"]
    assert list(table["measure"]) == ["month", "to-date", "month", "to-date"]
    assert list(table["reported_on"]) == ["2024-09-19", "", "", "2024-09-19"]
    assert set(table["reported_by"]) == {""}  # «thôn Bàu» is the village Bàu


def test_finished_is_the_whole_work_whatever_was_reported_before(cleaned):
    table = finished(cleaned('1,2024,3,,,,HM045,"0,2",,,,,,,', "2,2024,9,,,,HM045,xong,,,,,,,"))
    assert total(done_to_date(table, 2024, 9)["HM045"]) == Fraction("0.51")
    assert list(finished(cleaned("1,2024,3,,,,HM060,hoàn thành,,,,,,,"))["done"]) == ["1"]


def test_another_spelling_of_a_village_is_the_village(cleaned):
    assert list(cleaned("1,2024,9,Rôm,17.8,a,,3,,,,,,,").progress["village"]) == ["Rõm"]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("2,24,9,,,,,,,,,,,,", "year", "năm phải có bốn chữ số"),
        ("2,2024,13,,,,,,,,,,,,", "month", "từ 1 đến 12"),
        ("2,2024,9,Xóm,,,,,,,,,,,", "village", "Các thôn đã biết: Bàu, Rõm"),
        ("1,2024,9,,,,,,,,,,,,", "id", "mã dòng đã có"),
        ("2,2024,9,,17.8,z,,1,,,,,,,", "indicator", "không có chỉ tiêu 17.8z"),
        ("2,2024,9,,,,HM1,1,,,,,,,", "work", "không có công trình nào"),
        ("2,2024,9,,17.8,a,HM045,1,,,,,,,", "work", "chỉ ghi một chỉ tiêu"),
        ("2,2024,9,,,,,,tuần,,,,,,", "measure", "month, to-date"),
        ("2,2024,9,,,,,,,,19/9,,,,", "reported_on", "phải là một ngày"),
        ("2,2024,9,,,,HM045,,,,,,,,", "done", "chưa ghi số đã làm"),
        ("2,2024,9,,,,,5,,,,,,,", "done", "không ghi chỉ tiêu"),
        ("2,2024,9,,17.8,a,,xong,,,,,,,", "done", "chỉ dùng cho công trình"),
        ("2,2024,9,,,,HM045,nhiều,,,,,,,", "done", "không rõ ràng"),
        ("2,2024,9,,,,HM045,1.085,,,,,,,", "done", "không rõ ràng"),
        ("2,2024,9,,,,HM045,-2,,,,,,,", "done", "không thể nhỏ hơn 0"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_with_row_and_column(cleaned, row, column, words):
    found = cleaned("1,2024,9,,,,,,,,,,,,", row)
    assert len(found.progress) == 1
    told = list_rejects(found, "vi")
    assert f"progress.csv, dòng 3, cột «{column}»" in told or f"progress.csv, dòng 3, cột {column}" in told
    assert words in told
