"""The optimiser against trying every choice: slow, obvious, and independent of the solver."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from ntm_lib.plan.optimise import Goal, Limits, Option, binding_limits, cheapest_plan
from ntm_lib.plan.relax import what_must_give

SCALE = 60


def choices(options):
    """Every way to take 0…steps of each work."""
    for steps in product(*(range(o.steps + 1) for o in options)):
        yield dict(zip((o.work for o in options), steps, strict=True))


def outcomes(options, goals, limits):
    """(choice, how far each limit is exceeded, criteria met, cost) of every choice, in sixtieths.

    Whole sixtieths hold every number that ``case`` makes, and whole numbers are quick to add.
    """
    whole = [
        (
            o,
            {s: int(c * SCALE / o.steps) for s, c in o.cost.items()},
            {e: int(q * SCALE / o.steps) for e, q in o.effects.items()},
        )
        for o in options
    ]
    budgets = {s: int(b * SCALE) for s, b in limits.budgets.items()}
    villages = {o.village: limits.households.get(o.village, limits.households_each) for o in options if o.village}
    for chosen in choices(options):
        spent, got, asked = {}, {}, {}
        for o, cost, effects in whole:
            n = chosen[o.work]
            for source, amount in cost.items():
                spent[source] = spent.get(source, 0) + amount * n
            for effect, quantity in effects.items():
                got[effect] = got.get(effect, 0) + quantity * n
            asked[o.village] = asked.get(o.village, 0) + int(o.households * SCALE / o.steps) * n
        total = sum(spent.values())
        over = {("budget", s): spent.get(s, 0) - b for s, b in budgets.items()}
        over |= {("total", ""): total - int(limits.total * SCALE)} if limits.total is not None else {}
        over |= {("households", v): asked[v] - most * SCALE for v, most in villages.items() if most is not None}
        yield chosen, {k: Fraction(v, SCALE) for k, v in over.items() if v > 0}, met(goals, got), Fraction(total, SCALE)


def met(goals, got):
    """Criteria met by what the works bring (sixtieths)."""

    def goal_met(g):
        return g.need is not None and got.get((g.indicator, g.part), 0) >= g.need * SCALE

    def criterion_met(c):
        mine = [g for g in goals if g.criterion == c]
        labels = {g.any_of for g in mine if g.any_of}
        return all(goal_met(g) for g in mine if not g.any_of) and all(
            any(goal_met(g) for g in mine if g.any_of == x) for x in labels
        )

    return {c for c in {g.criterion for g in goals} if criterion_met(c)}


def best(found, wanted=()):
    """(number of criteria met, least cost), or None where no choice is allowed."""
    allowed = [(m, cost) for _, over, m, cost in found if not over and set(wanted) <= m]
    if not allowed:
        return None
    most = len(set(wanted)) if wanted else max(len(m) for m, _ in allowed)
    return most, min(cost for m, cost in allowed if wanted or len(m) == most)


def least_excess(found, wanted):
    """(limits exceeded, money over, households over, cost) of the least that must give, or None."""
    return min(((len(over), *amounts(over), cost) for _, over, m, cost in found if set(wanted) <= m), default=None)


def amounts(over):
    """(money, households) by which limits are exceeded."""
    return tuple(
        sum((v for k, v in over.items() if (k[0] == "households") == people), Fraction(0)) for people in (False, True)
    )


def case(random):
    """A small case: up to 5 works (at most 1024 choices), 5 goals, budgets and household limits."""
    indicators = [("2", "2.2", ""), ("2", "2.4", ""), ("9", "9.2", ""), ("17", "17.8", "a"), ("17", "17.8", "b")]
    goals = [
        Goal(
            c,
            i,
            p,
            None if random.random() < 0.05 else Fraction(random.randint(-2, 9), random.choice((1, 1, 2))),
            "8" if p and random.random() < 0.3 else "",
        )
        for c, i, p in random.sample(indicators, random.randint(1, 5))
    ]
    options = [
        Option(
            work=f"w{k}",
            cost={
                s: Fraction(random.randint(0, 60), 10)
                for s in random.sample(("ntm", "district", "people"), random.randint(0, 2))
            },
            effects={
                i[1:]: Fraction(random.randint(0, 12), 2) for i in random.sample(indicators, random.randint(1, 2))
            },
            village=random.choice(("", "Bàu", "Đình")),
            households=Fraction(random.randint(0, 4)),
            steps=random.choice((1, 1, 1, 2, 3)),
        )
        for k in range(random.randint(1, 5))
    ]
    limits = Limits(
        budgets={
            s: Fraction(random.randint(0, 90), 10)
            for s in random.sample(("ntm", "district", "people"), random.randint(0, 3))
        },
        total=random.choice((None, Fraction(random.randint(0, 150), 10))),
        households={"Bàu": random.randint(0, 5)} if random.random() < 0.4 else {},
        households_each=random.choice((None, None, random.randint(0, 6))),
    )
    return options, goals, limits


@pytest.mark.parametrize("block", range(20))
def test_agrees_with_brute_force_on_a_thousand_cases(block):
    for seed in range(block * 50, block * 50 + 50):
        options, goals, limits = case(random.Random(seed))
        plan, found = cheapest_plan(options, goals, limits), list(outcomes(options, goals, limits))
        most, cost = best(found)
        assert (len(plan.met), plan.cost) == (most, cost), seed
        chosen = {o.work: plan.chosen.get(o.work, 0) for o in options}
        assert (chosen, {}, set(plan.met), plan.cost) in found, seed


@pytest.mark.parametrize("block", range(4))
def test_named_criteria_and_what_must_give_agree_with_brute_force(block):
    for seed in range(5000 + block * 30, 5030 + block * 30):
        options, goals, limits = case(random.Random(seed))
        wanted = {g.criterion for g in goals if random.Random(seed).random() < 0.7} or {goals[0].criterion}
        found = list(outcomes(options, goals, limits))
        expected, plan = best(found, wanted), cheapest_plan(options, goals, limits, wanted)
        assert (plan is None) == (expected is None), seed
        if plan:
            assert plan.cost == expected[1] and wanted <= set(plan.met), seed
        relaxed, least = what_must_give(options, goals, limits, wanted), least_excess(found, wanted)
        assert bool(relaxed.blocked or relaxed.missing) == (least is None), seed
        if least:
            assert (len(relaxed.exceeded), *amounts(relaxed.exceeded), relaxed.plan.cost) == least, seed


def freed_limits(options, limits):
    """Each limit, and the limits without it."""
    for source in limits.budgets:
        yield ("budget", source), replace(limits, budgets={s: b for s, b in limits.budgets.items() if s != source})
    if limits.total is not None:
        yield ("total", ""), replace(limits, total=None)
    for village in {o.village for o in options} - {""}:
        if limits.households.get(village, limits.households_each) is not None:
            yield ("households", village), replace(limits, households={**limits.households, village: None})


@pytest.mark.parametrize("seed", range(9000, 9040))
def test_binding_limits_are_those_whose_removal_helps(seed):
    options, goals, limits = case(random.Random(seed))
    most, cost = best(outcomes(options, goals, limits))
    gains = {gain.limit: gain for gain in binding_limits(options, goals, limits)}
    for limit, freed in freed_limits(options, limits):
        more, less = best(outcomes(options, goals, freed))
        assert (limit in gains) == (more > most or less < cost)
        if more > most:
            assert gains[limit].more_criteria
        elif less < cost:
            assert (gains[limit].more_criteria, gains[limit].less_cost) == ((), cost - less)


def test_the_order_of_works_and_goals_does_not_change_cost_or_criteria():
    options, goals, limits = case(random.Random(77))
    one, other = cheapest_plan(options, goals, limits), cheapest_plan(options[::-1], goals[::-1], limits)
    assert (one.met, one.cost) == (other.met, other.cost)
