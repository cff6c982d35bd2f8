"""Scenarios side by side with the present: what turns, by how much, at what cost."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from ntm_lib.judge.override import parse_changes
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.plan.scenario_model import Change, Scenario
from ntm_lib.plan.side_by_side import Setting, compare, present_year

RULE_SET = "ntm-2021-2025"
F = Fraction


@pytest.fixture(scope="module")
def setting(hung_my):
    return Setting(hung_my.commune, RULE_SET, "", 2024)


@pytest.fixture(scope="module")
def three(hung_my, setting):
    scenarios = [load_scenario("hung-my", name, RULE_SET) for name in ("ke-hoach-2024", "nua-ke-hoach", "nang-cao")]
    return compare(hung_my.observations, hung_my.works, scenarios, setting)


def test_the_present_comes_first_and_is_the_last_year_with_results(three):
    assert list(three.summary["scenario"]) == ["", "ke-hoach-2024", "nua-ke-hoach", "nang-cao"]
    assert list(three.summary["of_year"]) == ["2023", "2024", "2024", "2024"]
    assert list(three.summary["met"]) == ["19", "19", "19", "0"]
    assert three.summary.iloc[1]["author"] == "nhóm xây dựng công cụ"


def test_margins_stand_side_by_side(three):
    judged = three.summary.loc[three.summary["rule_set"] == RULE_SET, "scenario"]
    assert list(judged) == ["", "ke-hoach-2024", "nua-ke-hoach"]  # another set's numbers are other things
    own = three.indicators[three.indicators["scenario"].isin(judged)].set_index(["indicator", "part"])
    assert list(own.loc[[("17.8", "a")], "margin_count"]) == ["286", "342", "314"]
    assert list(own.loc[[("11.1", "")], "margin_count"]) == ["11", "41", "26"]


def test_the_advanced_set_is_set_against_the_present_by_its_own_rules(three):
    advanced = three.indicators.query("scenario == 'nang-cao'").set_index(["indicator", "part"])
    assert list(advanced.loc[("10.1", ""), ["verdict", "present", "turned", "margin"]]) == [
        "unmet",
        "no-data",
        "yes",
        "-5",
    ]
    assert three.summary.iloc[3]["rule_set"] == "ntm-nang-cao-2021-2025"


def test_names_the_criteria_that_turn(hung_my, setting):
    worse = Scenario("te-hon", base_year=2023, typed=tuple(parse_changes("11=200/1413")))
    summary = compare(hung_my.observations, hung_my.works, [worse], setting).summary.set_index("scenario")
    assert list(summary.loc["te-hon", ["lost", "gained", "unmet", "met"]]) == ["11", "", "1", "18"]


def test_adds_up_what_a_scenario_costs_and_counts_what_nobody_knows(hung_my, setting):
    works = hung_my.works.assign(cost=hung_my.works["cost"].mask(hung_my.works["observation"] == "HM045", "900"))
    changes = (
        Change("add", indicator="17.8", part="a", amount=F(56), cost=F(560)),
        Change("add", indicator="17.8", part="b", amount=F(67)),
        Change("fund", works=("HM045", "HM060")),
    )
    summary = compare(hung_my.observations, works, [Scenario("x", base_year=2023, changes=changes)], setting).summary
    assert list(summary.iloc[1][["cost", "cost_unknown"]]) == ["1460", "2"]
    assert list(summary.iloc[0][["cost", "cost_unknown"]]) == ["", "0"]


def test_a_scenario_may_judge_another_year(hung_my, setting):
    later = replace(load_scenario("hung-my", "ke-hoach-2024", RULE_SET), name="2025", year=2025)
    result = compare(hung_my.observations, hung_my.works, [later], setting)
    row = result.indicators.query("scenario == '2025' and indicator == '10.1'").iloc[0]
    assert (row["threshold"], row["margin"]) == ("48", "1")
    assert result.summary.iloc[1]["year"] == "2025"


def test_without_scenarios_there_is_the_present_alone(hung_my, setting):
    result = compare(hung_my.observations, hung_my.works, [], setting)
    assert len(result.summary) == 1
    assert set(result.criteria["turned"]) == {""}


def test_the_present_of_a_year_without_results_is_that_year(hung_my):
    assert present_year(hung_my.observations, 2024) == 2023
    assert present_year(hung_my.observations, 2022) == 2021
    assert present_year(hung_my.observations.head(0), 2024) == 2024


def test_does_not_mutate_its_tables(hung_my, setting):
    before = hung_my.observations.copy(), hung_my.works.copy()
    compare(hung_my.observations, hung_my.works, [load_scenario("hung-my", "nang-cao", RULE_SET)], setting)
    pd.testing.assert_frame_equal(hung_my.observations, before[0])
    pd.testing.assert_frame_equal(hung_my.works, before[1])
