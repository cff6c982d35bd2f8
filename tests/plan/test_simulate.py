"""Chances: seeded, exact at the edges, and never a verdict."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib import judge
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.plan.scenario_model import Change, Scenario, Uncertainty
from ntm_lib.plan.simulate import Planned, planned_by_plan, planned_by_scenario, simulate, triangular
from tests.judge.status_rows import judge_criteria, judge_indicators

F = Fraction
KEY = ("17.8", "a")


def spread(low, likely, high, **overrides):
    return Uncertainty(
        **{"reason": "thử", "delivery": (F(low), F(likely), F(high)), "seed": 1, "draws": 4000} | overrides
    )


@pytest.fixture(scope="module")
def tables(hung_my):
    """Indicators of 2023 and of the plan of 2024, criteria and thresholds, all by the rules of 2024."""
    thresholds = hung_my.thresholds(2024)
    planned = judge.project(hung_my.observations, 2024)
    after = judge_indicators(planned, thresholds, 2024)
    before = judge_indicators(hung_my.observations, thresholds, 2023)
    return before, after, judge_criteria(after, planned, 2024, "ntm-2021-2025"), thresholds


def stricter(thresholds, key, threshold):
    mine = (thresholds["indicator"] == key[0]) & (thresholds["part"] == key[1])
    return thresholds.assign(threshold=thresholds["threshold"].mask(mine, threshold))


def test_the_chance_counts_the_draws_that_bring_enough_households(tables):
    before, after, criteria, thresholds = tables
    # 93 % of 1413 are 1315 households: 39 of the 56 planned must be done, delivery at least 69.64 %.
    result = simulate(
        before, after, criteria, stricter(thresholds, KEY, "93"), {KEY: Planned(F(56))}, spread(50, 50, 100)
    ).indicators.iloc[0]
    exact = 100 * (1 - (39 / 56 - 0.5) / 0.5) ** 2
    assert abs(float(result["chance"]) - exact) < 3
    assert (result["now"], result["planned"], result["whole"], result["threshold"]) == ("1276", "56", "1413", ">= 93")
    assert 1304 <= int(result["low"]) < int(result["middle"]) < int(result["high"]) <= 1332


@pytest.mark.parametrize(("delivery", "chance"), [(100, "100"), (50, "100"), (0, "0")])
def test_a_fixed_delivery_is_no_chance_at_all(tables, delivery, chance):
    before, after, criteria, thresholds = tables
    # 92.25 % of 1413 are 1304 households: exactly 28 of the 56 planned.
    rule = stricter(thresholds, KEY, "92.25")
    result = simulate(before, after, criteria, rule, {KEY: Planned(F(56))}, spread(delivery, delivery, delivery))
    assert result.indicators.iloc[0]["chance"] == chance


def test_what_must_fall_falls(tables):
    before, after, criteria, thresholds = tables
    result = simulate(
        before, after, criteria, thresholds, {("11.1", ""): Planned(F(-30))}, spread(60, 85, 100)
    ).indicators.iloc[0]
    assert 142 <= int(result["low"]) <= int(result["middle"]) <= int(result["high"]) <= 154


def test_what_is_done_already_is_not_uncertain(tables):
    before, after, criteria, thresholds = tables
    result = simulate(
        before, after, criteria, thresholds, {KEY: Planned(F(56), done=F(50))}, spread(0, 10, 20)
    ).indicators.iloc[0]
    assert (result["low"], result["high"]) == ("1326", "1327")


def test_growth_of_a_level(hung_my, tables):
    _before, after, criteria, thresholds = tables
    income = after.query("indicator == '10.1'").assign(year=2023, value="43")
    uncertain = Uncertainty("thử", growth=(F(0), F(0), F(10)), seed=3, draws=4000)
    result = simulate(
        income, after, criteria, thresholds, {("10.1", ""): Planned(F(5), years=1)}, uncertain
    ).indicators.iloc[0]
    assert abs(float(result["chance"]) - 100 * (1 - 4.6512 / 10) ** 2) < 3  # 45/43 is 4.65% more
    assert result["unit"] == "triệu đồng/người/năm"


def test_the_same_seed_gives_the_same_chances(tables):
    before, after, criteria, thresholds = tables
    rule = stricter(thresholds, KEY, "93")
    runs = [
        simulate(before, after, criteria, rule, {KEY: Planned(F(56))}, spread(50, 80, 100, seed=s)).indicators[
            "chance"
        ][0]
        for s in (5, 5, 6)
    ]
    assert runs[0] == runs[1] != runs[2]


def test_a_criterion_needs_all_its_draws_and_says_what_it_takes_for_granted(tables):
    before, after, criteria, thresholds = tables
    rule = stricter(stricter(thresholds, KEY, "93"), ("17.8", "b"), "88")
    planned = {KEY: Planned(F(56)), ("17.8", "b"): Planned(F(67))}
    result = simulate(before, after, criteria, rule, planned, spread(50, 80, 100))
    single = [float(c) for c in result.indicators["chance"]]
    row = result.criteria.set_index("criterion").loc["17"]
    assert float(row["chance"]) < min(single)
    assert (row["simulated"], row["unknown"]) == ("2", "0")
    assert int(row["declared"]) > 0
    assert "không phải kết luận" in row["text"] and "coi là giữ như công bố" in row["text"]
    assert result.criteria.set_index("criterion").loc["1", "chance"] == ""


def test_nothing_is_said_where_something_is_neither_known_nor_declared(tables):
    before, after, criteria, thresholds = tables
    silent = criteria.assign(declared="", verdict=criteria["verdict"].mask(criteria["criterion"] == "17", "no-data"))
    row = (
        simulate(before, after, silent, thresholds, {KEY: Planned(F(56))}, spread(50, 80, 100))
        .criteria.set_index("criterion")
        .loc["17"]
    )
    assert row["chance"] == ""
    assert row["text"] == "Có chỉ tiêu chưa có số liệu và chưa được công bố: không ước tính được."


def test_no_chance_is_written_as_certain(tables):
    before, after, criteria, thresholds = tables
    row = (
        simulate(before, after, criteria, thresholds, {KEY: Planned(F(56))}, spread(50, 80, 100))
        .criteria.set_index("criterion")
        .loc["17"]
    )
    assert (row["chance"], row["text"][:29]) == ("100", "Khả năng ước tính trên 99%, k")


def test_says_how_it_was_drawn(tables):
    note = simulate(*tables, {KEY: Planned(F(56))}, spread(60, 85, 100, draws=1000)).note
    assert (
        note
        == "Rút ngẫu nhiên 1.000 lần: mức thực hiện kế hoạch thấp nhất 60%, nhiều khả năng 85%, cao nhất 100%. Căn cứ: thử".replace(
            " %", "%"
        )
    )


def test_without_a_base_or_an_uncertainty_nothing_is_drawn(tables):
    assert simulate(*tables, {("10.1", ""): Planned(F(5), years=1)}, spread(60, 85, 100)).indicators.empty
    assert simulate(*tables, {("17.8", "c"): Planned(F(5))}, spread(60, 85, 100)).indicators.empty


def test_the_plan_and_its_scenario_plan_the_same(hung_my):
    by_plan = planned_by_plan(hung_my.observations, 2024)
    assert {k: p.amount for k, p in by_plan.items()} == {
        ("11.1", ""): -30,
        KEY: 56,
        ("17.8", "b"): 67,
        ("17.8", "d"): 73,
        ("17.9", ""): 60,
    }
    assert (
        planned_by_scenario(
            load_scenario("hung-my", "ke-hoach-2024", "ntm-2021-2025"), 2024, hung_my.works, hung_my.thresholds(2024)
        )
        == by_plan
    )


def test_plans_of_two_documents_that_differ_are_left_out(hung_my):
    other = hung_my.observations.query("observation == 'HM116'").assign(observation="X", document="other", value="60")
    assert KEY not in planned_by_plan(pd.concat([hung_my.observations, other]), 2024)


def test_growth_in_a_scenario_runs_from_its_base_year(hung_my):
    scenario = Scenario(
        "x",
        base_year=2023,
        changes=(Change("grow", indicator="10.1", amount=F(5)), Change("add", indicator="17.8", part="a", amount=F(5))),
    )
    assert planned_by_scenario(scenario, 2025, hung_my.works, hung_my.thresholds(2025)) == {
        ("10.1", ""): Planned(F(5), years=2),
        KEY: Planned(F(5)),
    }


def test_a_funded_work_is_as_uncertain_as_an_addition(hung_my):
    scenario = Scenario(
        "x", changes=(Change("fund", works=("HM045", "HM071")), Change("add", indicator="9.2", amount=F(2)))
    )
    planned = planned_by_scenario(scenario, 2024, hung_my.works, hung_my.thresholds(2024))
    assert planned == {("2.2", ""): Planned(F("0.51")), ("9.2", ""): Planned(F(16))}


@given(st.floats(-50, 50), st.floats(0, 50), st.floats(0, 50), st.floats(0, 1))
def test_triangular_draws_stay_inside_their_range(low, first, second, uniform):
    drawn = triangular(np.array([uniform]), low, low + first, low + first + second)[0]
    assert low - 1e-6 <= drawn <= low + first + second + 1e-6


def test_does_not_mutate_its_tables(tables):
    before = [table.copy() for table in tables]
    simulate(*tables, {KEY: Planned(F(56))}, spread(50, 80, 100))
    for table, kept in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, kept)
