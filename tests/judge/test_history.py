"""Hùng Mỹ over all its years, by its own rule set and by another."""

import pytest

from ntm_lib import intake, judge, rules
from tests.judge.status_rows import rows_of


@pytest.fixture(scope="module")
def known():
    return intake.clean(
        intake.read_commune("hung-my"), "vi", rules.load_set("ntm-2021-2025").all_indicators
    ).observations


@pytest.fixture(scope="module")
def history(known):
    return judge.judge_history(known, rules.load_set("ntm-2021-2025"), rules.load_commune("hung-my"), 2024)


def commune(history, year):
    return judge.commune_verdict(history.criteria[history.criteria["year"] == year])


def indicator(history, year, name):
    [row] = [r for r in rows_of(history.indicators) if r["year"] == year and r["indicator"] + r["part"] == name]
    return row


def test_what_the_press_told_of_2021_by_the_old_set_is_shown_and_decides_nothing(history):
    rows = [r for r in rows_of(history.criteria) if r["year"] == 2021]
    assert {r["criterion"] for r in rows if r["declared"] == "unmet"} == {"2", "5", "6", "9", "10", "15", "17"}
    assert {r["verdict"] for r in rows} == {"no-data"}
    assert commune(history, 2021).verdict == "no-data"


def test_end_2023_nineteen_criteria_one_of_them_by_a_value(history):
    total = commune(history, 2023)
    assert (total.verdict, total.met, total.measured, total.declared, total.contradicted) == ("met", 19, 1, 18, 0)


@pytest.mark.parametrize(("name", "value", "margin_count", "verdict"), [
    ("11.1", "10.04954", "41", "met"), ("17.8a", "94.267516", "342", "met"), ("17.8b", "89.525832", "275", "met"),
    ("17.8d", "85.633404", "220", "met"), ("17.9", "94.191344", "", "no-data"), ("10.1", "49", "", "met"), ("17.8", "85.633404", "", "no-data"),
])  # fmt: skip
def test_the_plan_of_2024_comes_out_as_its_own_numbers(history, name, value, margin_count, verdict):
    row = indicator(history, 2024, name)
    assert (row["value"], row["margin_count"], row["verdict"]) == (value, margin_count, verdict)
    assert row["basis"] == ("planned" if verdict == "met" else "")


def test_17_8_has_no_verdict_for_want_of_the_water_containers(history):
    row = indicator(history, 2023, "17.8")
    assert (row["reason"], row["bound"], row["numerator"]) == ("part", "upper", "1137")


def test_the_criteria_of_2023_are_known_by_this_set_for_the_first_time(known):
    until_2023 = judge.judge_history(known, rules.load_set("ntm-2021-2025"), rules.load_commune("hung-my"), 2023)
    moved = {r["criterion"]: (r["change"], r["cause"]) for r in rows_of(until_2023.changes) if not r["indicator"]}
    assert {c for c, found in moved.items() if found == ("first-measured", "definition")} == {
        "2",
        "5",
        "6",
        "9",
        "10",
        "15",
        "17",
    }


def test_a_declaration_under_the_basic_set_says_nothing_of_the_advanced_one(known):
    advanced = judge.judge_history(known, rules.load_set("ntm-nang-cao-2021-2025"), rules.load_commune("hung-my"), 2023)
    total = commune(advanced, 2023)
    assert (total.met, total.no_data, total.declared) == (0, 19, 0)


def test_turned_lists_what_differs_under_a_scenario(known, history):
    rule_set, place = rules.load_set("ntm-2021-2025"), rules.load_commune("hung-my")
    thresholds = rules.resolve(rule_set, place, 2024)
    assumed = judge.override(known, judge.parse_changes("10=44"), 2024, thresholds)
    rows = rows_of(judge.turned(history, judge.judge_history(assumed, rule_set, place, 2024), 2024))
    assert [(r["criterion"], r["indicator"], r["before"], r["after"]) for r in rows] == [
        ("10", "", "met", "unmet"),
        ("10", "10.1", "met", "unmet"),
    ]


def test_figures_of_a_year_before_the_set_are_judged_by_none_of_its_rules():
    """26 million in 2017 was no failure to reach the 36 of 2021: what was asked in 2017 is not in our rules."""
    rule_set, commune = rules.load_set("ntm-2021-2025"), rules.load_commune("nong-thuong")
    observed = intake.clean(intake.read_commune("nong-thuong"), "vi", rule_set.indicators).observations
    history = judge.judge_history(observed, rule_set, commune, 2023)
    income = [r for r in rows_of(history.indicators) if r["indicator"] == "10.1" and r["year"] == 2017]
    assert [(r["verdict"], r["reason"], r["value"], r["threshold"]) for r in income] == [
        ("no-data", "no-threshold", "26", "")
    ]
    assert {r["change"] for r in rows_of(history.changes)} <= {
        "",
        "no-longer-measured",
    }  # 19/19 by the old set: declared
    alone = judge.judge_history(observed, rule_set, commune, 2017)  # asked for: old figures under newer rules
    assert [r["verdict"] for r in rows_of(alone.indicators) if r["indicator"] == "10.1"][-1] == "unmet"
