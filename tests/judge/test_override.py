"""Assumptions read from text, and observations under them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib import judge
from ntm_lib.errors import NtmError
from ntm_lib.judge.override import Assumption, parse_changes, read_changes
from tests.judge.status_rows import (
    SCALE,
    judge_indicators,
    observation,
    observations,
    rows_of,
    share,
    threshold,
    thresholds,
)

RULES = thresholds(
    threshold(criterion="10", indicator="10.1", kind="number", unit="triệu đồng/người/năm"),
    threshold("<=", "13", criterion="11", indicator="11.1"),
    threshold("=", "met", criterion="13", indicator="13.1", kind="status", unit=""),
    threshold("=", "met", criterion="13", indicator="13.2", kind="status", unit=""),
    threshold("", "", criterion="14", indicator="14.1", join="all", kind="status"),
    threshold("=", "met", criterion="14", indicator="14.1", part="a", kind="status", unit=""),
    threshold(criterion="17", indicator="17.8", join="every-item"),
    threshold(criterion="17", indicator="17.8", part="a"),
    threshold(">=", "khá", criterion="18", indicator="18.2", kind="rating", unit="", scale=SCALE),
)
KNOWN = observations(
    share(1276, 1413, "HM112", criterion="17", indicator="17.8", part="a"),
    share(
        1332,
        1413,
        "HM112+HM116",
        criterion="17",
        indicator="17.8",
        part="a",
        year=2024,
        kind="target",
        table="plan",
        base_year="2023",
    ),
    share(172, 1413, "HM089", criterion="11", indicator="11.1"),
    observation(
        "HM088", criterion="10", indicator="10.1", year=2024, kind="target", value="49", unit="triệu đồng/người/năm"
    ),
    observation("Q1", criterion="10", indicator="10.1", value="43", unit="triệu đồng/người/năm"),
    share(1, 2, "V1", criterion="17", indicator="17.8", part="a", village="Đình", year=2024),
)


def under(text):
    table = judge.override(KNOWN, parse_changes(text), 2024, RULES)
    return {r["observation"]: r for r in rows_of(table)}


@pytest.mark.parametrize(("text", "expected"), [
    ("10=47", Assumption("10", "", False, "10=47", value=Fraction(47))),
    ("10=47,5", Assumption("10", "", False, "10=47,5", value=Fraction("47.5"))),
    ("10.1=47.5", Assumption("10.1", "", False, "10.1=47.5", value=Fraction("47.5"))),
    ("12.1=60%", Assumption("12.1", "", False, "12.1=60%", value=Fraction(60))),
    ("17.8a=1300/1413", Assumption("17.8", "a", False, "17.8a=1300/1413", numerator=Fraction(1300), denominator=Fraction(1413))),
    ("17.8a+=56", Assumption("17.8", "a", True, "17.8a+=56", value=Fraction(56))),
    ("17.8a=+56", Assumption("17.8", "a", True, "17.8a=+56", value=Fraction(56))),
    ("11=-30", Assumption("11", "", True, "11=-30", value=Fraction(-30))),
    ("3.6d.a=+5", Assumption("3.6", "d.a", True, "3.6d.a=+5", value=Fraction(5))),
    ("7=met", Assumption("7", "", False, "7=met", word="met")),
    ("1.1=chưa-đạt", Assumption("1.1", "", False, "1.1=chưa-đạt", word="unmet")),
    ("18.2=hoàn-thành-tốt-nhiệm-vụ", Assumption("18.2", "", False, "18.2=hoàn-thành-tốt-nhiệm-vụ", word="hoàn thành tốt nhiệm vụ")),
])  # fmt: skip
def test_a_word_is_read_as_it_is_meant(text, expected):
    assert parse_changes(text) == [expected]


@pytest.mark.parametrize(
    "text", ["10", "=3", "x=3", "10=1.413", "10=1,413", "10=5/0", "10=1/2/3", "17.8a+=x", "10=1/x", "10=+x", "10.1.1=3"]
)
def test_what_cannot_be_read_or_can_be_read_in_two_ways_is_refused(text):
    with pytest.raises(NtmError):
        parse_changes(text)


def test_the_entries_of_a_scenario_file_say_the_same():
    entries = [
        {"indicator": "17.8", "part": "a", "add": 56},
        {"indicator": "10.1", "set": "49"},
        {"indicator": "11.1", "set": "150/1413"},
    ]
    assert [(c.target, c.add, c.value, c.numerator) for c in read_changes(entries)] == [
        ("17.8a", True, 56, None),
        ("10.1", False, 49, None),
        ("11.1", False, None, 150),
    ]


@pytest.mark.parametrize("entry", [
    {"indicator": "10.1"}, {"indicator": "10.1", "set": "1", "add": 1}, {"indicator": "10.1", "to": "1"}, {"set": "1"}, "10.1", {"indicator": "10.1", "add": "x"},
])  # fmt: skip
def test_an_entry_that_is_not_one_change_is_refused(entry):
    with pytest.raises(NtmError):
        read_changes([entry])


def test_a_value_takes_the_place_of_what_is_known_and_planned_of_the_year():
    rows = under("10=47")
    assert (rows["SET:10.1"]["value"], rows["SET:10.1"]["unit"], rows["SET:10.1"]["table"]) == (
        "47",
        "triệu đồng/người/năm",
        "scenario",
    )
    assert "HM088" not in rows and "Q1" in rows  # the plan of 2024 gives way, the result of 2023 stays


def test_the_verdict_under_an_assumption_is_planned_and_marked():
    table = judge.override(KNOWN, parse_changes("10=43 11=150/1413"), 2024, RULES)
    by_key = {r["indicator"]: r for r in rows_of(judge_indicators(table, RULES, 2024)) if not r["part"]}
    assert [(by_key[i]["verdict"], by_key[i]["basis"], by_key[i]["scenario"]) for i in ("10.1", "11.1")] == [
        ("unmet", "planned", "yes"),
        ("met", "planned", "yes"),
    ]


def test_adding_is_to_the_last_result_not_to_the_plan():
    rows = under("17.8a+=28")
    assert (rows["SET:17.8a"]["numerator"], rows["SET:17.8a"]["denominator"], rows["SET:17.8a"]["base_year"]) == (
        "1304",
        "1413",
        "2023",
    )
    assert "HM112+HM116" not in rows and "V1" in rows


def test_an_assumption_about_the_whole_takes_the_place_of_its_parts():
    table = judge.override(KNOWN, parse_changes("17.8=1300/1413"), 2024, RULES)
    assert "HM112+HM116" not in set(table["observation"])
    row = next(r for r in rows_of(judge_indicators(table, RULES, 2024)) if (r["indicator"], r["part"]) == ("17.8", ""))
    assert (row["verdict"], row["numerator"], row["bound"]) == ("met", "1300", "")


def test_a_second_assumption_takes_the_place_of_the_first():
    once = judge.override(KNOWN, parse_changes("10=47"), 2024, RULES)
    twice = judge.override(once, parse_changes("10=48"), 2024, RULES)
    assert [r["value"] for r in rows_of(twice) if r["indicator"] == "10.1" and r["year"] == 2024] == ["48"]


def test_words_of_a_scale_and_statuses():
    rows = under("18.2=Khá 13.1=đạt 14.1=met")
    assert [rows[f"SET:{i}"]["value"] for i in ("18.2", "13.1", "14.1")] == ["khá", "met", "met"]


@pytest.mark.parametrize(("text", "says"), [
    ("13=met", "13.1, 13.2"), ("17.9=3", "17.8"), ("17.8z=3", "17.8a"), ("99=3", "10, 11"), ("17.8a=2000/1413", "141,54"), ("11=120", "120,00"),
    ("13.1=5", "không đo bằng số"), ("10=1/2", "không phải là tỷ lệ"), ("18.2=xuất-sắc", "xuất sắc"), ("10=$(touch", "$(touch"), ("14.1=3", "14.1a"),
    ("10=47 10.1=48", "hai lần"), ("17.8a+=200", "104,46"), ("11=-200", "-1"), ("13.1=+1", "không có kết quả"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_what_there_is(text, says):
    with pytest.raises(NtmError) as error:
        under(text)
    assert says in error.value.message.replace("−", "-")


def test_messages_come_in_english():
    with pytest.raises(NtmError, match="the rule set has no indicator 17.9"):
        judge.override(KNOWN, parse_changes("17.9=3", "en"), 2024, RULES, "en")


def test_adding_to_sources_that_differ_is_refused():
    known = observations(share(100, 200, "A1", indicator="11.1"), share(110, 200, "A2", indicator="11.1"))
    with pytest.raises(NtmError, match="nhiều số liệu khác nhau"):
        judge.override(known, parse_changes("11=+5"), 2024, RULES)


def test_points_are_added_to_the_share():
    rows = under("17.8a=+5%")
    assert (rows["SET:17.8a"]["value"], rows["SET:17.8a"]["numerator"]) == ("95.304317055909413", "")


def test_nothing_given_is_changed():
    before = KNOWN.copy(), RULES.copy()
    under("10=47 17.8a=+56")
    assert KNOWN.equals(before[0]) and RULES.equals(before[1])


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_plainly(text):
    try:
        judge.override(KNOWN, parse_changes(text), 2024, RULES) if text.strip() else None
    except NtmError as error:
        assert error.message


def test_an_assumption_just_short_of_the_threshold_stays_short():
    assert under("10=44,9999999")["SET:10.1"]["value"] == "44.9999999"
