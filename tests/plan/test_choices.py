"""From the commune's tables to the optimiser's question and back."""

from fractions import Fraction

import pandas as pd
import pytest

from ntm_lib import tables
from ntm_lib.plan.choices import (
    best_plan,
    chosen,
    goals_of,
    in_words,
    limit_name,
    limits_of_funding,
    offer_of_scenario,
    offer_of_works,
    relaxed_in_words,
    together,
)
from ntm_lib.plan.optimise import Gain, Goal, Limits, binding_limits, cheapest_plan
from ntm_lib.plan.relax import Relaxation, what_must_give
from ntm_lib.plan.scenario_model import Change, Scenario
from tests.judge.status_rows import judge_criteria, judge_indicators

F = Fraction


@pytest.fixture(scope="module")
def judged(hung_my):
    """Indicators, thresholds and criteria when 17.8 asks for 93 % of households, and 14 houses of 9.2 lack."""
    thresholds = hung_my.thresholds(2024)
    mine = (thresholds["indicator"] == "17.8") & (thresholds["part"] != "")
    strict = thresholds.assign(threshold=thresholds["threshold"].mask(mine, "93"))
    house = hung_my.observations.query("observation == 'HM112'").assign(
        observation="X", indicator="9.2", part="", criterion="9", numerator="1050", value="74.3"
    )
    known = pd.concat([hung_my.observations, house])
    indicators = judge_indicators(known, strict, 2023)
    return indicators, strict, judge_criteria(indicators, known, 2023, "ntm-2021-2025")


def works(*rows):
    base = {
        "year": 2024,
        "criterion": "9",
        "indicator": "9.2",
        "state": "planned",
        "quantity": "14",
        "unit": "hộ",
        "cost": "700",
        "source": "dtts",
    }
    return tables.as_table("works", [{"observation": f"W{i}", **base, **row} for i, row in enumerate(rows, 1)])


def test_what_is_unmet_is_counted_in_units_and_what_is_declared_is_kept(judged):
    goals = {(g.indicator, g.part): g for g in goals_of(*judged)}
    assert goals["9.2", ""].need == 10  # 75% of 1413 are 1060 houses
    assert goals["17.8", "a"].need == 39
    assert goals["17.8", "c"].need == goals["1.1", ""].need == 0  # without figures, declared met
    assert ("17.8", "") not in goals  # met through its parts


def test_what_is_neither_known_nor_declared_cannot_be_planned_for(judged):
    indicators, thresholds, criteria = judged
    silent = criteria.assign(declared="", verdict=criteria["verdict"].mask(criteria["criterion"] == "1", "no-data"))
    goals = {(g.indicator, g.part): g for g in goals_of(indicators, thresholds, silent)}
    assert goals["1.1", ""].need is goals["17.8", "c"].need is None


def test_alternatives_share_a_label():
    rules = tables.as_table("thresholds", [
        {"year": 2024, "criterion": "3", "indicator": "3.6", "join": "any", "kind": "share", "applies": "yes"},
        *({"year": 2024, "criterion": "3", "indicator": "3.6", "part": p, "kind": "share", "applies": "yes", "operator": ">=", "threshold": "50", "count_unit": "hộ"} for p in "ab"),
    ])  # fmt: skip
    row = {
        "observation": "X",
        "table": "results",
        "year": 2024,
        "kind": "measured",
        "indicator": "3.6",
        "part": "a",
        "numerator": "4",
        "denominator": "10",
        "value": "40",
        "unit": "%",
    }
    known = tables.as_table("observations", [row])
    indicators = judge_indicators(known, rules, 2024)
    goals = goals_of(indicators, rules, judge_criteria(indicators, known, 2024))
    assert [(g.part, g.need, g.any_of) for g in goals] == [("a", 1, "3.6"), ("b", None, "3.6")]


def test_a_work_for_households_can_be_done_for_some_of_them(judged):
    (option,) = offer_of_works(works({}), judged[1]).options
    assert (option.steps, option.households, option.effects, option.cost) == (14, 14, {("9.2", ""): 14}, {"dtts": 700})


def test_what_cannot_be_weighed_is_named_and_not_offered(judged):
    table = works({"cost": ""}, {"unit": "nhà"}, {"quantity": ""}, {"state": "paid"}, {"indicator": "17.8"})
    offer = offer_of_works(table, judged[1])
    assert (offer.options, offer.without_cost, offer.without_effect) == ((), ("W1",), ("W2", "W3", "W5"))


def test_parts_are_offered_where_each_has_its_cost(judged):
    rows = [
        {"cost": "700"},
        {"cost": "300", "quantity": "6", "part_of": "W1"},
        {"cost": "400", "quantity": "8", "part_of": "W1"},
    ]
    assert [o.work for o in offer_of_works(works(*rows), judged[1]).options] == ["W2", "W3"]
    rows[1]["cost"] = ""
    assert [o.work for o in offer_of_works(works(*rows), judged[1]).options] == ["W1"]
    assert [o.work for o in offer_of_works(works(rows[0], rows[2]), judged[1]).options] == [
        "W1"
    ]  # 8 of 14: the other 6 are in the whole alone


def test_a_line_is_chosen_for_the_households_it_serves(judged):
    line = {"quantity": "3.5", "unit": "km", "indicator": "4.1", "cost": ""}
    rows = [line, {"quantity": "31", "cost": "", "part_of": "W1"}, line | {"cost": "420", "part_of": "W1"}]
    (option,) = offer_of_works(works(*rows), judged[1]).options
    assert (option.work, option.cost, option.effects, option.steps, option.households) == (
        "W1",
        {"dtts": 420},
        {("9.2", ""): 31},
        1,
        0,
    )


def test_a_work_with_a_part_counts_for_that_part_alone(judged):
    table = works(
        {"indicator": "17.8", "part": "b", "criterion": "17"},
        {"indicator": "17.8", "criterion": "17"},
        {"indicator": "17.8", "part": "z"},
    )
    offer = offer_of_works(table, judged[1])
    assert [(o.work, o.effects) for o in offer.options] == [("W1", {("17.8", "b"): 14})]
    assert offer.without_effect == ("W2", "W3")


def test_the_plan_of_hung_my_states_no_cost_so_nothing_can_be_weighed(hung_my):
    offer = offer_of_works(hung_my.works, hung_my.thresholds(2024))
    assert offer.options == ()
    assert set(offer.without_cost) == {"HM045", "HM046", "HM055", "HM071"}
    assert set(limits_of_funding(hung_my.funding, 2024).budgets) == {
        "ntm",
        "dtts",
        "poverty",
        "province",
        "district",
        "credit",
        "enterprises",
        "people",
        "other",
    }
    assert sum(limits_of_funding(hung_my.funding, 2024).budgets.values()) == F("8321.7")


def test_additions_of_a_scenario_with_a_cost_are_offered_by_village(judged):
    plan = Scenario("x", changes=(
        Change("add", indicator="17.8", part="a", amount=F(50), villages=(("Bàu", F(30)), ("Đình", F(20))), cost=F(500)),
        Change("add", indicator="11.1", amount=F(-30), cost=F(900)),
        Change("add", indicator="17.8", part="b", amount=F(67)),
    ))  # fmt: skip
    offer = offer_of_scenario(plan, judged[1])
    assert [(o.work, o.village, o.steps, o.cost[""]) for o in offer.options] == [
        ("17.8a#1@Bàu", "Bàu", 30, 300),
        ("17.8a#1@Đình", "Đình", 20, 200),
        ("11.1#2", "", 30, 900),
    ]
    assert offer.options[2].effects == {("11.1", ""): 30}  # fewer poor households are what the threshold asks for
    assert offer.without_cost == ("17.8b",)


def test_from_the_tables_to_the_cheapest_plan_and_back(judged):
    table = works({"village": "Bàu"}, {"quantity": "20", "cost": "600", "village": "Đình", "source": "people"})
    goals, options = goals_of(*judged), offer_of_works(table, judged[1]).options
    limits = Limits(budgets={"people": F(150), "dtts": F(1000)})
    plan = cheapest_plan(options, goals, limits, wanted=("9",))
    assert plan.chosen == {"W1": 5, "W2": 5}
    rows = chosen(plan, options, table)
    assert list(rows["cost"]) == ["250", "150"]
    assert list(rows["steps"] + "/" + rows["of"]) == ["5/14", "5/20"]
    assert in_words(binding_limits(options, goals, limits, ("9",))) == [
        "Nguồn vốn nhân dân đóng góp (mức 150) là giới hạn: nới ra thì giảm được 100 triệu đồng."
    ]


def test_what_must_give_is_said_in_words(judged):
    table = works({"quantity": "8", "village": "Bàu"})
    goals, options = goals_of(*judged), offer_of_works(table, judged[1]).options
    relaxed = what_must_give(options, goals, Limits(total=F(100), households_each=2), ("9", "20"))
    assert relaxed_in_words(relaxed) == [
        "Tiêu chí 20: không có công trình nào tính được là làm cho đạt.",
        "Chỉ tiêu 9.2: làm hết các công trình vẫn thiếu 2.",
        "Tổng kinh phí: phải tăng thêm 600 triệu đồng.",
        "Số hộ vận động ở thôn Bàu: phải tăng thêm 6 hộ.",
    ]
    assert relaxed_in_words(Relaxation((), {}, {}, relaxed.plan)) == []


def test_the_best_plan_in_tables_and_words(judged):
    table = works({"village": "Bàu"}, {"cost": ""}, {"unit": "nhà"})
    goals, offer = goals_of(*judged), offer_of_works(table, judged[1])
    best = best_plan(offer, goals, Limits(), ("9",), table)
    assert list(best.chosen["work"]) == ["W1"] and best.plan.cost == 500
    assert best.sentences == [
        "Không cân nhắc vì chưa ghi chi phí: W2.",
        "Không cân nhắc vì không tính được đóng góp vào chỉ tiêu: W3.",
    ]


def test_without_a_plan_it_says_what_must_give(judged):
    table = works({})
    best = best_plan(offer_of_works(table, judged[1]), goals_of(*judged), Limits(total=F(100)), ("9",), table)
    assert best.plan is None and best.chosen.empty
    assert best.sentences == [
        "Không có phương án nào đạt hết các tiêu chí 9.",
        "Tổng kinh phí: phải tăng thêm 400 triệu đồng.",
    ]


def test_offers_are_put_together(judged):
    both = together(offer_of_works(works({}, {"cost": ""}), judged[1]), offer_of_works(works({}), judged[1]))
    assert (len(both.options), both.without_cost) == (2, ("W2",))


def test_a_limit_that_costs_a_criterion_says_which():
    gain = Gain(("budget", "dtts"), F(299), ("2", "9"), F(0))
    assert in_words([gain]) == [
        "Nguồn vốn CTMTQG vùng dân tộc thiểu số và miền núi (mức 299) là giới hạn: nới ra thì đạt thêm tiêu chí 2, 9."
    ]
    assert limit_name(("budget", "nguồn khác")) == "Nguồn vốn nguồn khác"


def test_goals_are_goals(judged):
    assert all(isinstance(goal, Goal) for goal in goals_of(*judged))


def test_does_not_mutate_its_tables(judged):
    before = [table.copy() for table in judged]
    goals_of(*judged), offer_of_works(works({}), judged[1])
    for table, kept in zip(judged, before, strict=True):
        pd.testing.assert_frame_equal(table, kept)
