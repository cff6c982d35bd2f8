"""The questions a planner asks of the optimiser."""

from fractions import Fraction

from ntm_lib.plan.optimise import Gain, Goal, Limits, Option, binding_limits, cheapest_plan
from ntm_lib.plan.relax import what_must_give

F = Fraction
ROAD = Option("road", {"dtts": F(300)}, {("2.2", ""): F(1)})
LATRINES = Option("latrines", {"people": F(560)}, {("17.8", "a"): F(56)}, village="Bàu", households=F(56), steps=56)
NEEDS_ROAD = Goal("2", "2.2", "", F(1))
NEEDS_LATRINES = Goal("17", "17.8", "a", F(40))


def test_takes_only_as_many_households_as_the_indicator_lacks():
    plan = cheapest_plan([LATRINES], [NEEDS_LATRINES])
    assert plan.chosen == {"latrines": 40}
    assert plan.cost == 400
    assert plan.cost_by_source == {"people": 400}


def test_works_that_bring_nothing_are_left_out_even_when_free():
    free = Option("free", {}, {("9.2", ""): F(5)})
    assert cheapest_plan([ROAD, free], [NEEDS_ROAD]).chosen == {"road": 1}


def test_names_the_budget_that_binds_and_what_it_costs_the_plan():
    gains = binding_limits(
        [ROAD, LATRINES], [NEEDS_ROAD, NEEDS_LATRINES], Limits(budgets={"dtts": F(299), "people": F(400)})
    )
    assert gains == [Gain(("budget", "dtts"), F(299), ("2",), F(0))]


def test_says_how_much_more_money_and_how_many_more_households_must_be_given():
    limits = Limits(budgets={"dtts": F(120)}, households={"Bàu": 30})
    assert cheapest_plan([ROAD, LATRINES], [NEEDS_ROAD, NEEDS_LATRINES], limits, wanted=("2", "17")) is None
    relaxed = what_must_give([ROAD, LATRINES], [NEEDS_ROAD, NEEDS_LATRINES], limits, ("2", "17"))
    assert relaxed.exceeded == {("budget", "dtts"): 180, ("households", "Bàu"): 10}
    assert relaxed.plan.met == ("2", "17")
    assert (relaxed.blocked, relaxed.missing) == ((), {})


def test_says_what_no_money_can_buy():
    goals = [Goal("2", "2.2", "", F(3, 2)), Goal("16", "16.1", "", None)]
    relaxed = what_must_give([ROAD], goals, Limits(), ("2", "16", "7"))
    assert relaxed.missing == {("2.2", ""): F(1, 2)}
    assert relaxed.blocked == ("7", "16")
    assert relaxed.plan.chosen == {"road": 1}


def test_a_plan_that_exists_needs_nothing_to_give():
    relaxed = what_must_give([ROAD], [NEEDS_ROAD], Limits(total=F(300)), ("2",))
    assert (relaxed.blocked, relaxed.missing, relaxed.exceeded) == ((), {}, {})
    assert relaxed.plan == cheapest_plan([ROAD], [NEEDS_ROAD], Limits(total=F(300)), ("2",))


def test_no_works_at_all_keep_what_is_met_already():
    assert cheapest_plan([], [Goal("10", "10.1", "", F(0)), NEEDS_ROAD]).met == ("10",)


def test_an_empty_question_has_an_empty_plan():
    plan = cheapest_plan([], [])
    assert (plan.chosen, plan.met, plan.cost) == ({}, (), 0)


def test_a_budget_is_kept_to_the_last_dong():
    works = [Option(f"w{i}", {"district": F(8321700001, 1000000)}, {("2.2", ""): F(1)}) for i in range(3)]
    goal = Goal("2", "2.2", "", F(3))
    assert cheapest_plan(works, [goal], Limits(total=3 * F(8321700001, 1000000)), ("2",)) is not None
    assert cheapest_plan(works, [goal], Limits(total=3 * F(8321700001, 1000000) - F(1, 1000000)), ("2",)) is None
