"""What page one says of the number of criteria met: the one conclusion, every count with its set, what it hangs on, which condition fails."""

import dataclasses
import re

import pytest

from ntm_lib import tables
from ntm_lib.report.context import Report
from ntm_lib.report.papers import assessment, public
from ntm_lib.report.sections import first_page, standing
from ntm_lib.wording.words import count_by_set
from tests.report.reports import made, report_of

BASIC, OLDER, ADVANCED = "ntm-2021-2025", "ntm-2016-2020", "ntm-nang-cao-2021-2025"


def counted(*counts: tuple[int, int, str, str], year: int = 2023, **summary: str) -> Report:
    """The report of Hùng Mỹ with these counts (year, met, set, observation) of nineteen, and with other fields in the summary of ``year``."""
    report = report_of(year)
    rows = [
        {
            "observation": name,
            "year": y,
            "met": str(met),
            "total": "19",
            "rule_set": of,
            "own": "yes" if of == BASIC else "",
        }
        for y, met, of, name in counts
    ]
    lines = [row | (summary if row["year"] == year else {}) for row in report.rows("summary")]
    return dataclasses.replace(
        report, counts=tables.as_table("counts", rows), summary=tables.as_table("summary", lines)
    )


def page(report: Report) -> str:
    return first_page.conclusion(report).text.replace("\N{NO-BREAK SPACE}", " ")


def headline(report: Report) -> str:
    """What stands strong at the head of the page."""
    return re.search(r"<strong>(.*?)</strong>", first_page.conclusion(report).html)[1]


@pytest.mark.parametrize(
    ("rule_set", "text"),
    [
        (BASIC, "9/19 tiêu chí (bộ 2021–2025)"), (ADVANCED, "9/19 tiêu chí nâng cao (bộ 2021–2025)"),
        ("ntm-kieu-mau-2021-2025", "9/19 tiêu chí kiểu mẫu (bộ 2021–2025)"), ("ntm-2016-2020-quang-ninh", "9/19 tiêu chí (bộ 2016–2020 của tỉnh)"),
        ("", "9/19 tiêu chí (nguồn không nói theo bộ nào)"), ("x", "9/19 tiêu chí (nguồn không nói theo bộ nào)"),
    ],
)  # fmt: skip
def test_a_count_says_by_which_set_it_was_made(rule_set, text):
    assert count_by_set("9/19", rule_set, "vi") == text


def test_a_count_of_another_set_is_told_and_never_the_headline():
    told = counted((2023, 9, ADVANCED, "HM021"))
    assert "đạt 9/19 tiêu chí nâng cao (bộ 2021–2025)." in page(told)
    assert "nâng cao" not in headline(told)


def test_counts_that_differ_are_both_told():
    told = page(counted((2023, 9, ADVANCED, "HM021"), (2023, 13, ADVANCED, "HM022")))
    assert "9/19 tiêu chí nâng cao" in told and "13/19 tiêu chí nâng cao" in told and "Các nguồn nêu khác nhau" in told
    assert "Các nguồn nêu khác nhau" not in page(counted((2023, 9, ADVANCED, "HM021"), (2023, 9, ADVANCED, "HM022")))


def test_the_one_count_of_the_set_heads_the_page_where_less_is_concluded():
    silent = {
        "published": "HM020",
        "published_met": "14",
        "declared": "0",
        "measured": "0",
        "no_data": "19",
        "unmet_in_all": "5",
    }
    report = counted((2023, 14, BASIC, "HM020"), **silent)
    assert "14/19 tiêu chí (bộ 2021–2025)" in re.sub("<[^>]*>", "", headline(report))
    assert "theo số công bố còn 5 tiêu chí chưa đạt" in page(report)


def test_a_lower_count_under_a_new_set_names_the_new_set_as_cause():
    report = counted((2011, 3, "ntm-2009-2015", "a"), (2019, 19, OLDER, "b"), (2023, 8, BASIC, "c"), no_data="11")
    line = standing.history(report)
    assert line.startswith(
        "Qua các năm: 2011: 3/19 tiêu chí (bộ 2009–2015) → 2019: 19/19 tiêu chí (bộ 2016–2020) → 2023: 8/19 tiêu chí (bộ 2021–2025)."
    )
    assert "Năm 2023 ít hơn năm 2019 vì xét theo bộ tiêu chí mới" in line and line in page(report)
    same = standing.history(counted((2022, 12, BASIC, "a"), (2023, 8, BASIC, "b"), no_data="11"))
    assert "theo cùng một bộ tiêu chí" in same and "bộ tiêu chí mới" not in same


def test_a_count_of_another_level_is_no_fall():
    assert "ít hơn" not in standing.history(counted((2022, 19, BASIC, "a"), (2023, 9, ADVANCED, "b"), no_data="19"))


def test_nothing_concluded_is_no_count_of_nought():
    report = made("an-thoi-dong", 2015)
    assert "0/19" not in headline(report) and "18/19" not in headline(report)
    assert "Trang tin nêu đến tháng 8/2015 xã đạt 18/19 tiêu chí (bộ 2009–2015)." in page(report)


def test_what_a_verdict_hangs_on_stands_beside_it_and_is_counted():
    report = report_of(2023)
    rows = [
        row | {"doubt": "threshold;trait"} if row["indicator"] == "11.1" else row for row in report.rows("indicators")
    ]
    doubtful = dataclasses.replace(report, indicators=report.indicators.__class__(rows))
    row = doubtful.row("indicators", year=2023, indicator="11.1")
    assert "còn tùy mức yêu cầu chưa đối chiếu; đặc điểm chưa biết của xã" in standing.verdict_badge(doubtful, row).text
    lines = [line | {"in_doubt": "1"} for line in report.rows("summary")]
    told = page(dataclasses.replace(doubtful, summary=tables.as_table("summary", lines)))
    assert (
        "1 chỉ tiêu còn tùy điều chưa biết: 11.1 (đặc điểm chưa biết của xã)" in told
    )  # the threshold is named by itself


def test_a_condition_of_recognition_that_fails_stands_on_page_one_whatever_the_count():
    report = report_of(2023)
    rows = [
        row | {"verdict": "unmet", "value": "300", "reason": ""} if row["condition"] == "no-debt" else row
        for row in report.rows("conditions")
    ]
    text = page(dataclasses.replace(report, conditions=tables.as_table("conditions", rows)))
    assert "Điều kiện công nhận chưa đạt" in text and "300 triệu đồng" in text
    assert "Điều kiện công nhận chưa đạt" not in page(report)


def test_an_area_that_recognition_may_have_ended_is_asked_on_page_one_until_answered():
    report = report_of(2023)
    asked = {"finding": "trait-ended:x", "code": "trait-ended", "severity": "warning"}
    for answer, shown in (("", True), ("accept", False)):
        rows = [*report.rows("findings"), dict.fromkeys(report.findings.columns, "") | asked | {"answer": answer}]
        found = report.findings.__class__(rows)
        assert ("Khu vực II, III của xã có thể đã hết" in page(dataclasses.replace(report, findings=found))) == shown


@pytest.mark.parametrize(("cells", "told"), [
    ({"number": "12/QĐ-UBND", "issuer": "UBND tỉnh", "date": "2022-05-04"}, "Xã được công nhận đạt chuẩn nông thôn mới theo Quyết định 12/QĐ-UBND ngày 04/05/2022 của UBND tỉnh."),
    ({"number": "12/QĐ-UBND", "date": "2022-05-04", "withdrawn_on": "2023-06-01"}, "ngày 04/05/2022. Công nhận này đã bị thu hồi ngày 01/06/2023."),
    ({"date": "2021", "level": "nang-cao", "rule_set": "ntm-nang-cao-2016-2020"}, "đến năm 2021 xã đã được công nhận đạt chuẩn nông thôn mới nâng cao (bộ 2016–2020); chưa có số quyết định."),
    ({"date": "2024"}, ""),
])  # fmt: skip
def test_who_recognised_the_commune_and_when_stands_on_page_one(cells, told):
    row = {"observation": "HM021", "level": "ntm", "rule_set": OLDER} | cells
    report = dataclasses.replace(report_of(2023), recognitions=tables.as_table("recognitions", [row]))
    assert told in page(report)
    assert ("công nhận" in " ".join(standing.recognition_told(report))) == bool(told)


def test_a_comparison_that_concludes_nothing_never_headlines_a_count():
    """Of a plan too: «đạt 0/10» would be read as a result."""
    report = report_of(2024)
    none = {"measured": "0", "declared": "0", "planned": "0", "aimed": "0"}
    lines = [row | none | {"no_data": row["total"]} for row in report.rows("summary")]
    empty = dataclasses.replace(report, summary=tables.as_table("summary", lines))
    assert headline(empty).startswith("Kế hoạch đã nhập của năm 2024 chưa cho phép kết luận tiêu chí nào")
    some = [row | none | {"no_data": "18", "unmet": "1"} for row in report.rows("summary")]
    assert "0/" not in headline(dataclasses.replace(report, summary=tables.as_table("summary", some)))


def test_what_a_plan_means_beside_results_is_no_result():
    """One figure and eighteen aims are one criterion met, on page one, in the history and in the papers."""
    report = counted(year=2023, measured="1", declared="0", aimed="18", no_data="0")
    bases = {"10": "measured"}
    rows = [row | {"verdict": "met", "basis": bases.get(row["criterion"], "aimed")} for row in report.rows("criteria")]
    report = dataclasses.replace(report, criteria=tables.as_table("criteria", rows))
    assert "có 1/19 tiêu chí được kết luận là đạt" in headline(report)
    assert "19/19" not in page(report) + standing.history(report) + assessment.summary(report)
    assert "18 tiêu chí mới chỉ là mục tiêu chung của kế hoạch" in page(report)
    assert "đạt 1 tiêu chí" in assessment.summary(report)
    assert "19/19" not in public.page(report).text


@pytest.mark.parametrize(("unmet", "told"), [
    ((), "Mọi chỉ tiêu có số liệu so được đều đủ mức"),
    (("11.1",), "Đã chưa đạt theo số liệu: 11.1. Các chỉ tiêu khác có số liệu so được đều đủ mức"),
    (None, "Đã chưa đạt theo số liệu: 11.1."),
])  # fmt: skip
def test_where_nothing_is_at_risk_page_one_never_says_that_all_is_well_beside_an_unmet_figure(unmet, told):
    report = report_of(2023)
    rows = [
        row | {"verdict": "unmet"} if row["indicator"] in (unmet or ("11.1",)) and unmet != () else row
        for row in report.rows("indicators")
        if unmet is not None or row["indicator"] == "11.1"
    ]
    lines = [row | {"with_value": "1" if unmet is None else "2"} for row in report.rows("summary")]
    calm = {"risks": tables.empty("risks"), "summary": tables.as_table("summary", lines)}
    found = page(dataclasses.replace(report, indicators=report.indicators.__class__(rows), **calm))
    assert (
        told in found
        and ("Mọi chỉ tiêu" in found) == (unmet == ())
        and ("khác" in told or "Các chỉ tiêu khác" not in found)
    )


def test_more_named_unmet_than_the_count_leaves_are_told_as_a_contradiction():
    report = counted((2023, 17, BASIC, "HM020"), published="HM020", published_met="17", unmet="3", unmet_in_all="3")
    rows = [
        row | ({"verdict": "unmet", "basis": "declared"} if row["criterion"] in ("3", "5", "17") else {})
        for row in report.rows("criteria")
    ]
    told = page(dataclasses.replace(report, criteria=tables.as_table("criteria", rows)))
    assert "theo số công bố chỉ còn 2, hai nguồn trái nhau" in told


def test_a_count_of_no_set_is_not_told_as_one_of_another_set():
    told = " ".join(standing.counts_told(counted((2023, 17, "", "HM021")), 2023))
    assert "không rõ theo bộ nào" in told and "bộ tiêu chí khác" not in told
