"""What it takes, as the report says it: the plan of Hùng Mỹ, and a year without figures."""

import pytest

from ntm_lib.report.sections import money_and_needs
from tests.report.reports import report_of


@pytest.fixture(scope="module")
def section() -> str:
    return money_and_needs.needs_section(report_of(2024)).text


@pytest.mark.parametrize(
    "line",
    [
        "17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh | 1.332/1.413 hộ | ≥ 990 hộ * | dư 342 hộ | 2025: không đổi",
        "11.1 Tỷ lệ nghèo đa chiều giai đoạn 2021-2025 | 142/1.413 hộ | ≤ 183 hộ * | còn được thêm 41 hộ | 2025: không đổi",
        "2025: ≥ 48 triệu đồng/người/năm, đủ",
        "mục tiêu của xã là trên 90%, tức ít nhất 11 trong 12 thôn.",
        "mức 49 triệu đồng/người/năm của năm 2024 đã đủ cho đến năm 2025",
    ],
)
def test_the_plan_in_units_that_people_act_on(section, line):
    assert line in section.replace("\N{NO-BREAK SPACE}", " ")


def test_an_indicator_with_parts_is_told_by_its_parts(section):
    assert "17.8 " not in section


def test_parts_that_are_each_enough_do_not_make_the_whole_enough():
    text = money_and_needs.needs_section(report_of(2024, "17.8a=75% 17.8b=72% 17.8c=71% 17.8d=70%")).text
    assert "17.8 (các nội dung phải cùng có ở một hộ mà số liệu từng nội dung chưa chứng minh được)" in text
    assert "chưa tính được" in text


def test_what_is_missing_is_told_with_the_growth_it_takes():
    text = money_and_needs.needs_section(report_of(2024, "10=43 17.8a=900/1413 11=200/1413")).text
    assert "thiếu 2 triệu đồng/người/năm" in text
    assert "thiếu 90 hộ" in text
    assert "phải giảm 17 hộ" in text
    assert "phải tăng ít nhất 11,63%/năm" in text
    assert "3 còn thiếu" in text


def test_a_year_without_figures_says_so():
    assert money_and_needs.needs_section(report_of(2021)).text.startswith("Không có chỉ tiêu nào")


def test_in_english_too():
    text = money_and_needs.needs_section(report_of(2024, language="en")).text
    assert "342 households to spare" in text
