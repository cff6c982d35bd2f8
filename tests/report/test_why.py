"""The way of a verdict from the cell to the sentence: every step says what the tables hold, in both languages."""

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.report.why import why
from tests.report.reports import report_of


def test_every_step_of_a_plan_that_rests_on_a_result():
    text = why(report_of(2024), "17.8a").text()
    for said in (
        "[HM112] results.csv, dòng 26, cột value: “1.276/1.413 hộ đạt 90,3%”",
        "[HM116] plan.csv, dòng 16, cột value: “vận động thêm 56 hộ”",
        "đọc là: 1.276/1.413 (90,3%); kết quả của năm 2023",
        "đọc là: 56 hộ; kế hoạch năm 2024, cộng vào kết quả năm 2023",
        "cấp quy định: trung ương; bộ tiêu chí ntm-2021-2025; văn bản: Quyết định 318/QĐ-TTg, Phụ lục I",
        "độ tin cậy: chưa đối chiếu",
        "1.332/1.413 hộ (94,27%) so với ≥ 70%",
        "Đạt (kế hoạch)",
        "vượt 24,27 điểm phần trăm, tương đương 342 hộ",
        "vẫn đạt",
        "Theo kế hoạch 1.332/1.413 hộ (94,27%), đạt yêu cầu từ 70% trở lên",
    ):
        assert said in text, said


def test_a_whole_shows_its_parts_and_a_correction_its_entry():
    assert (
        "17.8c Tỷ lệ hộ có thiết bị chứa nước sinh hoạt hợp vệ sinh: Chưa có số liệu"
        in why(report_of(2024), "17.8").text()
    )
    assert "đã đính chính theo corrections.csv, mục C001" in why(report_of(2024), "17.9").text()


@pytest.mark.parametrize(("year", "scenario"), [(2023, ""), (2024, ""), (2024, "17.8c=1300/1413 10=47")])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_verdict_has_a_way_whose_sentence_is_that_of_the_report(year, scenario, language):
    report = report_of(year, scenario, language)
    for row in report.rows("indicators", year=year):
        way = why(report, row["indicator"] + row["part"])
        assert all(step.lines and all(line.strip() for line in step.lines) for step in way.steps)
        assert way.steps[-1].lines[0].replace("\n", " ") in way.block().text.replace("\n", " ")


def test_what_a_scenario_assumes_is_in_no_file():
    text = why(report_of(2024, "10=47"), "10.1").text()
    assert "theo kịch bản, không phải số liệu thật" in text
    assert "[HM088] plan.csv" in text and "không dùng để kết luận" in text


@pytest.mark.parametrize("asked", ["17.8z", "", "x", "99.1", "../17.8a", "17.8a; 17.8b"])
def test_a_number_that_there_is_none_of_is_refused_with_those_there_are(asked):
    with pytest.raises(NtmError, match=r"INDICATOR: .*\n.*\n    Cho phép: .*17\.8a"):
        why(report_of(2024), asked)
