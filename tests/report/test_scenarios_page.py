"""Scenarios side by side, as the pages say it; refused ones with file and line."""

import shutil

import pytest

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.report import chance_pages, scenario_pages
from ntm_lib.report.scenario_pages import Compared, load_compared
from tests.report import reports
from tests.report.reports import plain

THREE = "ke-hoach-2024,nua-ke-hoach,nang-cao"

COSTED = """name: co-chi-phi
title: Có chi phí
author: Nguyễn Thị Nhì
date: "2024-03-01"
reason: Thử.
base_year: 2023
changes:
  - {indicator: "11.1", add: -30, cost: 900}
  - {indicator: "17.8", part: a, add: 56, cost: 560}
limits: {total: 5000}
"""
LOST = (
    COSTED.replace("co-chi-phi", "mat")
    .replace("add: 56, cost: 560", "add: -400")
    .replace("limits: {total: 5000}\n", "")
)


def compared_of(names: str, monkeypatch, folder=None, language: str = "vi") -> Compared:
    """The comparison, on the shared tables of the year; scenario files from ``folder`` where it is given."""
    report = reports.report_of(2024, language=language, compared=names)
    monkeypatch.setattr(scenario_pages, "load_report", lambda run: report)
    if folder:
        monkeypatch.setattr(paths, "communes_folder", lambda: folder)
    return load_compared(report.parameters)


@pytest.fixture
def three(monkeypatch):
    return compared_of(THREE, monkeypatch)


@pytest.fixture
def own_files(tmp_path):
    """A copy of the commune's folder, and a function that writes a scenario into it."""
    shutil.copytree(paths.communes_folder() / "hung-my", tmp_path / "hung-my")

    def write(text: str) -> None:
        name = text.partition("\n")[0].removeprefix("name: ")
        (tmp_path / "hung-my" / "scenarios" / f"{name}.yml").write_text(text, "utf-8")

    write.folder = tmp_path
    return write


def test_the_summary_counts_and_says_what_turns(three):
    text = plain(scenario_pages.summary(three))
    assert "Hiện tại (kết quả năm 2023) | 19/19 | 18 | 0 | 0 | – | –" in text
    assert "Thực hiện đủ kế hoạch năm 2024 | 19/19 | 17 | 0 | 0 | không tiêu chí nào | chưa ghi: 5 việc" in text
    assert "0/19 | 0 | 1 | 18 | kết luận được là chưa đạt: 10" in text


def test_every_page_says_that_it_is_an_assumption(three):
    text = plain(scenario_pages.title(three))
    assert "Giả định, không phải kết quả." in text
    assert "kết quả năm 2023, xét theo quy định của năm 2024" in text


def test_scenarios_by_other_rules_stand_in_tables_of_their_own(three):
    assert three.own == ["", "ke-hoach-2024", "nua-ke-hoach"]
    text = plain(scenario_pages.margins_beside(three))
    assert "1.276/1.413 = 90,30%" in text
    assert "1.304/1.413 = 92,29%\n✓ +22,29 điểm (+314 hộ)" in text
    assert "Chỉ tiêu | Ngưỡng | Kế hoạch năm 2024 xét theo bộ tiêu chí nâng cao" in text
    assert (
        "10.1 Thu nhập bình quân đầu người (triệu đồng/người) | ≥ 54 triệu đồng/người/năm * | 49 triệu đồng/người/năm\n✗ Chưa đạt (theo kế hoạch) −5 triệu"
        in text
    )


def test_bounds_stay_bounds(three):
    assert "> 90%" in plain(scenario_pages.margins_beside(three))


def test_chances_are_never_called_verdicts(three):
    text = plain(chance_pages.chances(three))
    assert "Ước tính, không phải kết luận." in text
    assert "1.276/1.413 hộ | +56 | 1.313 – 1.322 – 1.328 | ≥ 70% | trên 99%" in text
    assert (
        "Không ước tính được, vì kịch bản không nêu mức dao động: Chỉ thực hiện được một nửa kế hoạch năm 2024; Kế hoạch"
        in text
    )


def test_without_costs_no_cheapest_plan_is_made_up(three):
    assert "chưa ghi chi phí nên chưa tìm được phương án rẻ nhất" in plain(chance_pages.cheapest(three))


def test_with_costs_the_cheapest_plan_takes_only_what_is_needed(own_files, monkeypatch):
    own_files(COSTED)
    compared = compared_of("co-chi-phi", monkeypatch, own_files.folder)
    assert "1.460" in plain(scenario_pages.summary(compared))
    assert "Không phải làm thêm gì" in plain(chance_pages.cheapest(compared))  # all of it is met already


def test_a_lost_criterion_is_named_and_marked(own_files, monkeypatch):
    own_files(LOST)
    compared = compared_of("mat", monkeypatch, own_files.folder)
    assert "không còn đạt: 17" in plain(scenario_pages.summary(compared))
    assert "✗ Chưa đạt (theo kế hoạch)\nthay đổi" in plain(scenario_pages.criteria_beside(compared))


def test_a_year_without_data_is_said_to_start_as_the_base_year_ended(own_files, monkeypatch):
    own_files(COSTED.replace("changes:", "judge: {year: 2025}\nchanges:"))
    compared = compared_of("co-chi-phi", monkeypatch, own_files.folder)
    assert "Năm 2025 chưa có số liệu: điều gì kịch bản không nhắc đến thì giữ như năm 2023." in plain(
        scenario_pages.assumptions(compared)
    )
    assert "Có chi phí: xét theo Bộ tiêu chí quốc gia về xã nông thôn mới giai đoạn 2021–2025, năm 2025" in plain(
        scenario_pages.criteria_beside(compared)
    )
    assert "| 19/19 | 18 | 0 | 0 | không tiêu chí nào |" in plain(scenario_pages.summary(compared))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"17.8", part: a, add: 56',
            '"17.77", add: 56',
            "co-chi-phi.yml, dòng 9: bộ tiêu chí không có chỉ tiêu “17.77”",
        ),
        ("add: 56,", "add: 500,", "co-chi-phi.yml, dòng 9: “17.8a+=500”: tỷ lệ 125,69"),
        ("add: 56,", "add: {Xa Lạ: 3},", "dòng 9: không có thôn “Xa Lạ”"),
        ('{indicator: "11.1", add: -30, cost: 900}', "{fund: [HM999]}", "dòng 8"),
        ("changes:", "chnages:", "dòng 7: không có mục “chnages”"),
    ],
)
def test_what_does_not_exist_is_refused_with_file_and_line(own_files, monkeypatch, old, new, message):
    own_files(COSTED.replace(old, new))
    with pytest.raises(NtmError) as error:
        compared_of("co-chi-phi", monkeypatch, own_files.folder)
    assert message in str(error.value)


def test_in_english_too(monkeypatch):
    compared = compared_of(THREE, monkeypatch, language="en")
    pages = [
        scenario_pages.title,
        scenario_pages.assumptions,
        scenario_pages.summary,
        scenario_pages.criteria_beside,
        scenario_pages.margins_beside,
    ]
    text = "\n".join(plain(page(compared)) for page in [*pages, chance_pages.chances, chance_pages.cheapest])
    assert "Present (results of 2023)" in text
    assert "An estimate, not a verdict." in text


def test_the_picture_has_the_marks_of_page_one_and_pages_say_titles_and_no_file_names(three):
    text = plain(scenario_pages.criteria_beside(three))
    assert "KB 1: đạt nếu làm được mục tiêu có con số: 10, 11; kế hoạch nêu sẽ đạt, không có con số: 1, 2" in text
    assert "KB 1, KB 2 không đổi kết luận của tiêu chí nào" in text, "the third has rules of its own and is not in it"
    pages = (
        scenario_pages.assumptions,
        scenario_pages.summary,
        scenario_pages.criteria_beside,
        scenario_pages.margins_beside,
        chance_pages.chances,
        chance_pages.cheapest,
    )
    said = " ".join(plain(page(three)) for page in pages)
    assert not [name for name in ("ke-hoach-2024", "nua-ke-hoach", "nang-cao", ".csv", "uncertainty") if name in said]


def test_the_cost_line_and_the_cheapest_plan_count_the_same(three):
    """Five additions of the scenario have no cost; an income that is only assumed is no work."""
    page, cheapest = plain(scenario_pages.summary(three)), plain(chance_pages.cheapest(three))
    assert "chưa ghi: 5 việc" in page and "chưa ghi: 6 việc" not in page
    assert "và 5 việc của kịch bản chưa ghi chi phí" in cheapest


def test_what_a_scenario_leaves_as_planned_is_said(three):
    text = plain(scenario_pages.assumptions(three))
    half = next(line for line in text.split("\n") if "Chỉ thực hiện được một nửa" in line)
    assert "Giữ như kế hoạch vì kịch bản không nhắc đến: " in half
    assert {"14.2", "16.1"} <= set(half.partition("không nhắc đến: ")[2].rstrip(". ").split(", "))


def test_livestock_places_are_counted_in_the_unit_of_the_source(three):
    found = three.comparison.indicators
    assert set(found.loc[(found["indicator"] == "17.9") & (found["denominator"] != ""), "count_unit"]) == {"hộ"}
