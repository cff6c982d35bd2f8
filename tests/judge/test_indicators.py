"""Every shape of indicator, by example."""

import pytest

from ntm_lib import tables
from tests.judge.status_rows import (
    SCALE,
    YEAR,
    facts,
    judge,
    judge_indicators,
    observation,
    observations,
    rows_of,
    share,
    threshold,
    thresholds,
)


@pytest.mark.parametrize(
    ("operator", "value", "verdict", "margin", "margin_count"),
    [
        (">=", "70", "met", "20.304317", "286"),
        (">=", "90.4", "unmet", "-0.095683", "-2"),
        (">", "90", "met", "0.304317", "4"),
        ("<=", "13", "unmet", "-77.304317", "-1093"),
        ("<", "95", "met", "4.695683", "66"),
    ],
)
def test_a_share_is_compared_as_an_exact_fraction_with_its_margin_in_points_and_households(
    operator, value, verdict, margin, margin_count
):
    row = judge([share(1276, 1413)], threshold(operator, value))
    assert facts(row, "verdict", "basis", "margin", "margin_count") == (verdict, "measured", margin, margin_count)
    assert facts(row, "value", "numerator", "denominator", "unit") == ("90.304317", "1276", "1413", "%")


def test_equal_to_the_threshold_is_met_for_at_least_and_unmet_for_more_than():
    equal = share(7, 10)
    assert judge([equal], threshold(">=", "70"))["verdict"] == "met"
    assert facts(judge([equal], threshold(">", "70")), "verdict", "margin", "margin_count") == ("unmet", "0", "-1")


def test_more_than_90_percent_of_12_villages_is_11_villages():
    rule = threshold(">", "90", count_unit="thôn")
    assert facts(judge([share(11, 12)], rule), "verdict", "margin_count") == ("met", "0")
    assert facts(judge([share(10, 12)], rule), "verdict", "margin_count") == ("unmet", "-1")


def test_kilometres_are_missing_in_decimals():
    row = judge(
        [observation(numerator="114.17", denominator="141.37", value="80.76", unit="%")],
        threshold(">=", "85", count_unit="km"),
    )
    assert facts(row, "verdict", "margin_count") == ("unmet", "-5.9945")


@pytest.mark.parametrize(("operator", "value", "asked", "verdict", "reason"), [
    (">", "90", "90", "met", ""), (">", "90", "70", "met", ""), (">", "90", "95", "no-data", "bound"), (">=", "83", "80", "met", ""),
    ("<", "60", "70", "unmet", ""), ("<=", "70", "70", "no-data", "bound"),
])  # fmt: skip
def test_a_bound_in_the_text_decides_only_where_it_can(operator, value, asked, verdict, reason):
    row = judge([observation(value=value, unit="%", operator=operator)], threshold(">=", asked))
    assert facts(row, "verdict", "reason", "bound", "margin_count") == (verdict, reason, operator, "")


def test_a_target_is_planned_and_shown_as_the_commune_s_own():
    row = judge([observation(value="83", unit="%", operator=">=", kind="target")], threshold(">=", "80"))
    assert facts(row, "verdict", "basis", "local_target") == ("met", "planned", ">= 83")


def test_a_result_outweighs_the_target_of_the_same_year_which_stays_to_be_seen():
    rows = [share(60, 100), observation("B1", value="83", unit="%", operator=">=", kind="target")]
    assert facts(judge(rows, threshold()), "verdict", "basis", "local_target", "observation") == (
        "unmet",
        "measured",
        ">= 83",
        "A1",
    )


def test_a_result_that_cannot_be_read_is_not_replaced_by_the_plan():
    rows = [observation(value="1276", unit="hộ"), observation("B1", value="83", unit="%", kind="target")]
    assert facts(judge(rows, threshold()), "verdict", "reason", "value") == ("no-data", "unit", "1276")


def test_a_bare_status_is_declared():
    row = judge([observation(value="met", unit="status", kind="declared")], threshold())
    assert facts(row, "verdict", "basis", "value", "margin") == ("met", "declared", "met", "")


def test_a_declared_status_stands_where_the_threshold_is_not_known():
    row = judge([observation(value="met", unit="status", kind="declared")], threshold(">=", "", confidence="unknown"))
    assert facts(row, "verdict", "basis") == ("met", "declared")


def test_a_value_outweighs_a_status_and_the_difference_is_said():
    rows = [share(60, 100), observation("B1", value="met", unit="status", kind="declared")]
    row = judge(rows, threshold())
    assert facts(row, "verdict", "basis") == ("unmet", "measured")
    assert row["note"] == "Công bố của xã khác với kết luận theo số liệu."


def test_a_status_stands_beside_a_value_that_cannot_be_judged():
    rows = [share(767, 878), observation("B1", value="met", unit="status", kind="declared")]
    row = judge(rows, threshold(">=", "", confidence="unknown"))
    assert facts(row, "verdict", "basis", "reason", "value", "observation") == (
        "met",
        "declared",
        "",
        "87.357631",
        "A1;B1",
    )


def test_nothing_known_is_no_value_and_an_unknown_threshold_keeps_the_value():
    assert facts(judge([], threshold()), "verdict", "reason", "basis") == ("no-data", "no-value", "")
    row = judge([share(767, 878)], threshold(">=", "", confidence="unknown"))
    assert facts(row, "verdict", "reason", "numerator", "denominator") == ("no-data", "no-threshold", "767", "878")


def test_a_threshold_held_back_as_unverified_is_named_so():
    assert judge([share(1, 2)], threshold("", "", confidence="unverified"))["reason"] == "unverified"


def test_a_planned_status_needs_a_known_requirement():
    target = observation(value="met", unit="status", kind="target")
    assert facts(judge([target], threshold("=", "met", kind="status", unit="")), "verdict", "basis") == (
        "met",
        "aimed",
    )
    assert judge([target], threshold("", "", kind="status", unit="", confidence="unknown"))["reason"] == "no-threshold"


def test_a_change_without_its_base_year_says_so():
    assert judge([observation(value="56", unit="hộ", kind="change")], threshold())["reason"] == "no-base"


@pytest.mark.parametrize(("numerator", "denominator"), [(15, 10), (1, 0)])
def test_a_share_outside_its_range_gives_no_verdict(numerator, denominator):
    assert judge([share(numerator, denominator)], threshold())["reason"] == "out-of-range"


@pytest.mark.parametrize(("unit", "verdict", "note"), [
    ("triệu đồng/người/năm", "met", ""),
    ("Triệu đồng / người / năm", "met", ""),
    ("triệu đồng", "met", "Nguồn ghi đơn vị “triệu đồng”; hiểu là triệu đồng/người/năm."),
    ("", "met", "Nguồn không ghi đơn vị; hiểu là triệu đồng/người/năm."),
    ("nghìn đồng", "no-data", ""),
])  # fmt: skip
def test_money_needs_the_unit_of_the_threshold(unit, verdict, note):
    rule = threshold(">=", "42", kind="number", unit="triệu đồng/người/năm", count_unit="triệu đồng")
    row = judge([observation(value="43", unit=unit)], rule)
    assert facts(row, "verdict", "note") == (verdict, note)
    assert row["margin"] == ("1" if verdict == "met" else "")


def test_43_million_is_met_at_42_and_unmet_at_45():
    row = observation(value="43", unit="triệu đồng/người/năm")
    rule = threshold(">=", "42", kind="number", unit="triệu đồng/người/năm")
    assert judge([row], rule)["verdict"] == "met"
    assert facts(judge([row], rule | {"threshold": "45"}), "verdict", "margin") == ("unmet", "-2")


def test_a_level_and_a_rating_are_compared_in_their_order():
    level = threshold(">=", "2", kind="level", unit="mức độ", count_unit="")
    assert facts(judge([observation(value="3", unit="mức độ")], level), "verdict", "margin") == ("met", "1")
    rating = threshold(">=", "khá", kind="rating", unit="", scale=SCALE, count_unit="")
    verdicts = [judge([observation(value=w, unit="rating")], rating) for w in ("trung bình", "Khá", "tốt", "xuất sắc")]
    assert [facts(v, "verdict", "margin") for v in verdicts] == [
        ("unmet", "-1"),
        ("met", "0"),
        ("met", "1"),
        ("no-data", ""),
    ]


@pytest.mark.parametrize("operator", ["<=", "=", ""])
def test_a_count_that_must_be_none(operator):
    rule = threshold(operator, "0", kind="none", unit="nhà", count_unit="nhà")
    assert judge([observation(value="0", unit="")], rule)["verdict"] == "met"
    assert facts(judge([observation(value="3", unit="hộ")], rule), "verdict", "margin") == ("unmet", "-3")
    assert judge([share(5, 1413)], rule)["verdict"] == "unmet"


def test_growth_needs_last_year_s_value():
    rule = threshold(">=", "9.5", kind="growth", unit="%/năm", count_unit="")
    now = observation(value="49", unit="triệu đồng")
    assert judge([now], rule)["reason"] == "no-last-year"
    row = judge([now, observation("A0", value="43", unit="triệu đồng", year=YEAR - 1)], rule)
    assert facts(row, "verdict", "value", "unit", "observation") == ("met", "13.953488", "%/năm", "A0;A1")
    assert row["note"] == "Từ 43 triệu đồng (năm 2022) lên 49 triệu đồng."
    assert judge([observation(value="9", unit="%/năm")], rule)["verdict"] == "unmet"


def test_two_values_of_last_year_that_decide_differently_are_a_conflict():
    rule = threshold(">=", "9.5", kind="growth", unit="%/năm", count_unit="")
    rows = [observation(value="49", unit="triệu đồng")]
    rows += [observation(f"B{v}", value=v, unit="triệu đồng", year=YEAR - 1) for v in ("43", "48")]
    assert judge(rows, rule)["reason"] == "conflict"


def test_growth_is_over_last_year_s_result_not_over_its_plan_or_a_planned_change():
    rule = threshold(">=", "9.5", kind="growth", unit="%/năm", count_unit="")
    now = observation(value="49", unit="triệu đồng")
    plan = observation("B1", value="48", unit="triệu đồng", year=YEAR - 1, kind="target")
    change = observation("B2", value="3", unit="triệu đồng", year=YEAR - 1, kind="change")
    result = observation("B3", value="43", unit="triệu đồng", year=YEAR - 1)
    assert facts(judge([now, plan, change, result], rule), "verdict", "basis", "observation") == (
        "met",
        "measured",
        "A1;B3",
    )
    assert facts(judge([now, plan, change], rule), "verdict", "basis", "observation") == ("unmet", "planned", "A1;B1")


def test_two_years_running():
    rule = threshold(years_running="2")
    now, met, unmet = share(80, 100), share(75, 100, "A0", year=YEAR - 1), share(60, 100, "A0", year=YEAR - 1)
    assert facts(judge([now], rule), "verdict", "reason") == ("no-data", "years-running")
    assert facts(judge([now, met], rule), "verdict", "observation") == ("met", "A0;A1")
    assert facts(judge([now, unmet], rule), "verdict", "margin", "note") == (
        "unmet",
        "",
        "Phải giữ 2 năm liên tục; chưa đạt năm 2022.",
    )
    assert judge([share(60, 100), met], rule)["verdict"] == "unmet"
    declared = observation(value="met", unit="status", kind="declared")
    assert facts(judge([declared], rule), "verdict", "basis") == ("met", "declared")


def test_sources_that_differ_but_decide_alike_keep_the_verdict_and_both_are_named():
    row = judge([share(90, 100), observation("B1", value="91", unit="%")], threshold())
    assert facts(row, "verdict", "value", "observation") == ("met", "90", "A1;B1")
    assert row["note"] == "Các nguồn ghi khác nhau (90,00%; 91,00%); kết luận như nhau."


def test_sources_that_decide_differently_give_no_verdict():
    row = judge([share(90, 100), observation("B1", value="60", unit="%")], threshold())
    assert facts(row, "verdict", "reason", "basis", "margin", "observation") == ("no-data", "conflict", "", "", "A1;B1")


def test_a_numerator_repeated_on_its_own_is_no_second_source():
    row = judge([share(172, 1413), observation("B1", value="172", unit="hộ")], threshold("<=", "13"))
    assert facts(row, "verdict", "observation", "note") == ("met", "A1", "")


def test_a_bound_does_not_contradict_a_value():
    row = judge([share(96, 100), observation("B1", value="90", unit="%", operator=">")], threshold(">=", "95"))
    assert facts(row, "verdict", "observation") == ("met", "A1")


def test_a_sex_may_stand_as_part_and_shows_the_lower_value():
    rows = [share(80, 100, "A1", part="nam"), share(75, 100, "A2", part="nữ")]
    row = judge(rows, threshold(both_sexes="yes"))
    assert facts(row, "verdict", "value", "observation", "note") == ("met", "75", "A1;A2", "Nam: 80,00%; nữ: 75,00%.")


def test_a_value_of_one_sex_says_nothing_where_the_rule_does_not_ask():
    assert judge([share(80, 100, item="nam")], threshold())["reason"] == "no-value"


def test_what_does_not_apply_is_neither_met_nor_unmet():
    row = judge([share(10, 100)], threshold(applies="no", applies_reason="xã không có làng nghề"))
    assert facts(row, "verdict", "reason", "note") == ("not-applicable", "trait", "Xã không có làng nghề.")


def test_not_applicable_is_believed_only_where_the_rule_leaves_it_open():
    row = observation(value="not-applicable", unit="status", kind="declared")
    rule = threshold("=", "met", kind="status", unit="")
    assert judge([row], rule)["reason"] == "conflict"
    assert facts(judge([row], rule | {"applies": "unknown"}), "verdict", "reason") == ("not-applicable", "if-any")


def test_where_nobody_knows_whether_it_applies():
    rule = threshold(applies="unknown", applies_reason="chưa biết số trường học")
    assert facts(judge([], rule), "verdict", "reason", "note") == ("no-data", "trait", "Chưa biết số trường học.")
    assert judge([share(80, 100)], rule)["verdict"] == "met"  # a value shows that there is one
    part = rule | {"part": "b"}
    assert judge([share(80, 100, part="b")], [part])["reason"] == "trait"  # which part applies it does not show


def test_rows_of_villages_works_and_parts_of_other_rows_are_no_results():
    rows = [
        share(1, 2, "A1", village="Đình"),
        share(1, 2, "A2", kind="split"),
        share(1, 2, "A3", table="works"),
        share(1, 2, "A4", kind="other"),
    ]
    assert judge(rows, threshold())["reason"] == "no-value"


def test_every_row_of_the_thresholds_gets_a_row_and_says_where_its_threshold_comes_from():
    rules = [threshold(), threshold("=", "met", indicator="1.2", kind="status", unit="", confidence="one-source")]
    table = judge_indicators(observations(share(1276, 1413)), thresholds(*rules), YEAR)
    assert [facts(r, "indicator", "set_by", "document", "article", "confidence", "column") for r in rows_of(table)] == [
        ("1.1", "nation", "318/QĐ-TTg", "Phụ lục I", "unverified", "tdmnpb"),
        ("1.2", "nation", "318/QĐ-TTg", "Phụ lục I", "one-source", "tdmnpb"),
    ]


def test_last_year_s_result_can_be_judged_by_this_year_s_rule():
    table = judge_indicators(observations(share(1276, 1413)), thresholds(threshold(year=2024)), YEAR)
    assert facts(rows_of(table)[0], "year", "verdict") == (YEAR, "met")


def test_neither_table_is_changed():
    rows, rules = observations(share(1276, 1413), share(1, 2, "A2", item="nam")), thresholds(threshold())
    before = rows.copy(), rules.copy()
    judge_indicators(rows, rules, YEAR)
    assert rows.equals(before[0]) and rules.equals(before[1])


def test_notes_are_in_the_language_of_the_run():
    row = judge([share(78, 100)], threshold(both_sexes="yes"), language="en")
    assert row["note"] == "Figures for men and for women are needed."


def test_the_verdict_is_a_valid_table():
    table = judge_indicators(observations(share(1276, 1413)), thresholds(threshold()), YEAR)
    assert tables.faults("indicators", tables.records(table)) == []


@pytest.mark.parametrize("row", [
    observation(value="100", unit="%"), share(1413, 1413), observation(value="met", unit="status", kind="declared", text="Có"),
])  # fmt: skip
def test_all_of_them_or_yes_under_a_count_of_none_may_mean_either(row):
    """«Nhà tạm, dột nát: 100%» or «có»: all have none of it, or there are some?"""
    found = judge([row], threshold("<=", "0", kind="none", unit="nhà", count_unit="nhà"))
    assert (found["verdict"], found["reason"]) == ("no-data", "unit")


@pytest.mark.parametrize(("item", "value", "verdict"), [
    ("Tỷ lệ lao động nữ qua đào tạo", "80", "no-data"), ("Tỷ lệ lao động nữ qua đào tạo", "50", "unmet"), ("Lao động nam", "80", "no-data"),
    ("Tỷ lệ lao động (cả nam và nữ)", "50", "unmet"), ("Học sinh Việt Nam", "100", "met"),
])  # fmt: skip
def test_a_figure_of_women_alone_is_not_that_of_all(item, value, verdict):
    assert judge([observation(value=value, unit="%", item=item)], threshold(both_sexes="yes"))["verdict"] == verdict


def test_words_on_women_set_no_figure_aside_where_both_sexes_are_not_asked():
    assert judge([observation(value="80", unit="%", item="Hội Liên hiệp Phụ nữ")], threshold())["verdict"] == "met"


def test_a_printed_share_that_rounding_lifts_over_the_threshold_is_told():
    row = judge([share(479, 600) | {"value": "80"}], threshold(">=", "80"))
    assert row["verdict"] == "unmet" and "80%" in row["note"]
    assert judge([share(481, 600) | {"value": "80"}], threshold(">=", "80"))["note"] == ""


def test_not_applicable_comes_with_its_reason_or_says_that_there_is_none():
    said = observation(value="not-applicable", unit="status", kind="declared")
    assert judge([said], threshold(applies="unknown"))["note"] == "Nguồn không nêu lý do không áp dụng."
    assert (
        judge([said | {"note": "Xã không có làng nghề."}], threshold(applies="unknown"))["note"]
        == "Xã không có làng nghề."
    )
