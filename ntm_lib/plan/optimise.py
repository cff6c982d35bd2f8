"""The cheapest plan: which works, within the limits, meet the most criteria at the least cost.

A mixed-integer programme, solved to optimality: first the number of criteria (or the criteria that
are named), then the cost, then the fewest works, so that the same question always gets the same
answer. Which limit binds is found by taking each away. Where no plan exists, ``relax`` says what
must give. Nothing here judges: what is lacking comes from ``needs``.

HiGHS (``scipy.optimize.milp``) computes in floating point: every row is scaled to whole numbers before it goes in, and
the answer is rounded and checked exactly when it comes out, so that "within the budget" means within it to the đồng.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import Any

from ntm_lib.model import sure
from ntm_lib.tables import natural_key

Terms = Mapping[str, Fraction]
Limit = tuple[str, str]  # ("budget", source), ("total", ""), ("households", village)


@dataclass(frozen=True)
class Row:
    """``lower <= sum of coefficient × variable <= upper``; None is no bound on that side."""

    terms: Terms
    lower: Fraction | None = None
    upper: Fraction | None = None

    def holds(self, values: Mapping[str, int]) -> bool:
        total = value_of(self.terms, values)
        return (self.lower is None or total >= self.lower) and (self.upper is None or total <= self.upper)


class SolverError(RuntimeError):
    """HiGHS gave no answer, or one that does not satisfy the rows exactly."""


@dataclass(frozen=True)
class Option:
    """A work that may be chosen, whole, or in ``steps`` equal steps (56 households: 56 steps).

    ``cost``: million đồng by source of funds. ``effects``: what the whole work adds, in the unit
    that the need is stated in, by (indicator, part). ``households``: those it asks something of.
    """

    work: str
    cost: Mapping[str, Fraction]
    effects: Mapping[tuple[str, str], Fraction]
    village: str = ""
    households: Fraction = Fraction(0)
    steps: int = 1


@dataclass(frozen=True)
class Goal:
    """What an indicator still lacks. ``need`` 0 or less: met; None: works cannot meet it (no figures).

    Goals of one criterion with the same ``any_of`` are alternatives; otherwise all must be met.
    """

    criterion: str
    indicator: str
    part: str
    need: Fraction | None
    any_of: str = ""


@dataclass(frozen=True)
class Limits:
    """Most that may be spent (million đồng, by source and in all) and asked of villages (households)."""

    budgets: Mapping[str, Fraction] = field(default_factory=dict)
    total: Fraction | None = None
    households: Mapping[str, int | None] = field(default_factory=dict)  # None: no limit for this village
    households_each: int | None = None  # for every village that ``households`` does not name


@dataclass(frozen=True)
class Plan:
    """Steps chosen by work, criteria met by it (with those met already), exact cost in million đồng."""

    chosen: Mapping[str, int]
    met: tuple[str, ...]
    cost: Fraction
    cost_by_source: Mapping[str, Fraction]


@dataclass(frozen=True)
class Gain:
    """What the plan would gain if ``limit`` were not there."""

    limit: Limit
    bound: Fraction
    more_criteria: tuple[str, ...]
    less_cost: Fraction


def cheapest_plan(
    options: Sequence[Option], goals: Sequence[Goal], limits: Limits = Limits(), wanted: Iterable[str] = ()
) -> Plan | None:
    """The plan that meets the most criteria, or all ``wanted``, at the least cost; None: no plan exists.

    >>> road = Option("road", {"district": Fraction(300)}, {("2.2", ""): Fraction(1)})
    >>> cheapest_plan([road], [Goal("2", "2.2", "", Fraction(1))], Limits(total=Fraction(400))).chosen
    {'road': 1}
    """
    wanted = in_order(wanted)
    if not set(wanted) <= set(criteria_of(goals)) - set(out_of_reach(goals)):
        return None
    rows = [*goal_rows(options, goals), *limit_rows(options, limits).values(), *criterion_rows(wanted)]
    most = [] if wanted else [{_z(c): Fraction(-1) for c in criteria_of(goals)}]
    values = solve(variables(options, goals), rows, [*most, cost_terms(options), tie_break(options)])
    return None if values is None else plan_of(options, goals, values)


def binding_limits(
    options: Sequence[Option], goals: Sequence[Goal], limits: Limits, wanted: Iterable[str] = ()
) -> list[Gain]:
    """The limits without which the plan would be better, and by how much; empty where none binds.

    Where no plan exists for ``wanted``, ``relax.what_must_give`` answers.
    """
    best = cheapest_plan(options, goals, limits, wanted)
    if best is None:
        return []
    gains = []
    for limit, row in limit_rows(options, limits).items():
        freed = sure(cheapest_plan(options, goals, _without(limits, limit), wanted))  # more is allowed than to best
        more = tuple(c for c in freed.met if c not in best.met) if len(freed.met) > len(best.met) else ()
        cheaper = best.cost - freed.cost if not more else Fraction(0)
        if more or cheaper > 0:
            gains.append(Gain(limit, sure(row.upper), more, cheaper))
    return gains


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Numbers inside the names by size; a set has no order that two runs share."""
    return tuple(sorted(set(names), key=natural_key))


def criteria_of(goals: Iterable[Goal]) -> tuple[str, ...]:
    """Criteria that the goals belong to, each once, in order."""
    return in_order(g.criterion for g in goals)


def out_of_reach(goals: Sequence[Goal]) -> tuple[str, ...]:
    """Criteria that no choice of works can meet: a goal without figures, and no alternative to it."""
    return tuple(c for c in criteria_of(goals) if any(all(g.need is None for g in group) for group in groups(goals, c)))


def groups(goals: Sequence[Goal], criterion: str) -> list[list[Goal]]:
    """The goals of a criterion: one of each group must be met."""
    found: dict[tuple[str, ...], list[Goal]] = {}
    for g in goals:
        if g.criterion == criterion:
            key = ("any", g.any_of) if g.any_of else ("goal", g.indicator, g.part)
            found.setdefault(key, []).append(g)
    return list(found.values())


def brought(options: Sequence[Option], goal: Goal, chosen: Mapping[str, int]) -> Fraction:
    """Units that the chosen steps bring towards the goal."""
    key = (goal.indicator, goal.part)
    return sum((Fraction(o.effects.get(key, 0)) * chosen.get(o.work, 0) / o.steps for o in options), Fraction(0))


def variables(options: Sequence[Option], goals: Sequence[Goal]) -> dict[str, int]:
    """The variables with their largest values: steps of a work, goal met, criterion met."""
    never = out_of_reach(goals)
    return (
        {work_variable(o): o.steps for o in options}
        | {_y(g): 0 if g.need is None else 1 for g in goals}
        | {_z(c): 0 if c in never else 1 for c in criteria_of(goals)}
    )


def work_variable(option: Option) -> str:
    """Name of the variable that counts the steps of a work."""
    return f"x {option.work}"


def goal_rows(options: Sequence[Option], goals: Sequence[Goal]) -> list[Row]:
    """A goal counts as met only when works bring its need; a criterion only when its goals are."""
    rows = []
    for g in goals:
        if g.need is not None and g.need > 0:
            key = (g.indicator, g.part)
            steps = {work_variable(o): Fraction(o.effects[key]) / o.steps for o in options if key in o.effects}
            rows.append(Row({**steps, _y(g): -Fraction(g.need)}, lower=Fraction(0)))
    for criterion in criteria_of(goals):
        for group in groups(goals, criterion):
            rows.append(Row({**{_y(g): Fraction(1) for g in group}, _z(criterion): Fraction(-1)}, lower=Fraction(0)))  # noqa: PERF401
    return rows


def criterion_rows(wanted: Iterable[str]) -> list[Row]:
    """Each of these criteria must be met."""
    return [Row({_z(c): Fraction(1)}, lower=Fraction(1)) for c in wanted]


def limit_rows(options: Sequence[Option], limits: Limits) -> dict[Limit, Row]:
    """One row for each limit that some work touches."""
    rows = {}
    for source, most in limits.budgets.items():
        steps = {work_variable(o): Fraction(o.cost[source]) / o.steps for o in options if o.cost.get(source)}
        rows["budget", source] = Row(steps, upper=Fraction(most))
    if limits.total is not None:
        rows["total", ""] = Row(cost_terms(options), upper=Fraction(limits.total))
    for village in sorted({o.village for o in options if o.village}):
        each = limits.households.get(village, limits.households_each)
        if each is not None:
            asked = {
                work_variable(o): Fraction(o.households) / o.steps
                for o in options
                if o.village == village and o.households
            }
            rows["households", village] = Row(asked, upper=Fraction(each))
    return {limit: row for limit, row in rows.items() if row.terms}


def cost_terms(options: Sequence[Option]) -> dict[str, Fraction]:
    """Million đồng that one step of each work costs, all sources together; works that cost nothing are left out."""
    return {
        work_variable(o): sum(map(Fraction, o.cost.values()), Fraction(0)) / o.steps
        for o in options
        if any(o.cost.values())
    }


def tie_break(options: Sequence[Option]) -> dict[str, Fraction]:
    """Fewest works first, and among those the ones named first."""
    return {work_variable(o): Fraction(len(options) + i, o.steps) for i, o in enumerate(options, start=1)}


def plan_of(options: Sequence[Option], goals: Sequence[Goal], values: Mapping[str, int]) -> Plan:
    """The plan, with what it meets computed anew from the works chosen, not read from the solver."""
    chosen = {o.work: values[work_variable(o)] for o in options if values[work_variable(o)]}
    met = tuple(
        c
        for c in criteria_of(goals)
        if all(any(_is_met(g, options, chosen) for g in group) for group in groups(goals, c))
    )
    by_source: dict[str, Fraction] = {}
    for o in options:
        for source, amount in o.cost.items():
            if o.work in chosen and amount:
                by_source[source] = by_source.get(source, Fraction(0)) + Fraction(amount) * chosen[o.work] / o.steps
    return Plan(chosen, met, value_of(cost_terms(options), values), by_source)


def _is_met(goal: Goal, options: Sequence[Option], chosen: Mapping[str, int]) -> bool:
    return goal.need is not None and brought(options, goal, chosen) >= goal.need


def _without(limits: Limits, limit: Limit) -> Limits:
    kind, name = limit
    if kind == "budget":
        return replace(limits, budgets={s: b for s, b in limits.budgets.items() if s != name})
    if kind == "total":
        return replace(limits, total=None)
    return replace(limits, households={**limits.households, name: None})


def _y(goal: Goal) -> str:
    return f"y {goal.indicator} {goal.part}"


def _z(criterion: str) -> str:
    return f"z {criterion}"


def solve(bounds: Mapping[str, int], rows: Sequence[Row], objectives: Sequence[Terms]) -> dict[str, int] | None:
    """Whole values of the variables, 0 up to ``bounds``, that satisfy ``rows``; None where none do.

    ``objectives`` are minimised one after the other: each is held at its best value before the
    next is looked at. Raises SolverError where the answer is not exact.
    """
    held, values = list(rows), None
    for objective in [o for o in objectives if o] or [{}]:
        values = _solve_once(bounds, held, objective)
        if values is None:
            return None
        held.append(Row(objective, upper=value_of(objective, values)))
    return values


def value_of(terms: Terms, values: Mapping[str, int]) -> Fraction:
    """Exact value of a sum of coefficient × variable."""
    return sum((Fraction(c) * values[name] for name, c in terms.items()), Fraction(0))


def _solve_once(bounds: Mapping[str, int], rows: Sequence[Row], objective: Terms) -> dict[str, int] | None:
    from scipy.optimize import Bounds, milp

    names = list(bounds)
    if not names:
        return {} if all(row.holds({}) for row in rows) else None
    scaled = _scale(objective)
    result = milp(
        c=[float(scaled.get(name, 0)) for name in names],
        integrality=[1] * len(names),
        bounds=Bounds([0.0] * len(names), [float(bounds[name]) for name in names]),
        constraints=_constraints(names, rows),
        options={"mip_rel_gap": 0.0},
    )
    if result.status == 2:  # infeasible
        return None
    if result.status != 0:
        raise SolverError(result.message)
    values = {name: round(x) for name, x in zip(names, result.x, strict=True)}
    if not all(row.holds(values) for row in rows):
        raise SolverError("the rounded answer breaks a row: the numbers differ too much in size")
    return values


def _constraints(names: Sequence[str], rows: Sequence[Row]) -> Any:
    import numpy as np
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    if not rows:
        return ()
    position = {name: i for i, name in enumerate(names)}
    data, row_index, column_index, lower, upper = [], [], [], [], []
    for i, row in enumerate(rows):
        factor = _factor(row.terms)
        for name, coefficient in row.terms.items():
            data.append(float(coefficient * factor))
            row_index.append(i)
            column_index.append(position[name])
        # Between two whole numbers nothing lies, so a bound may be rounded towards the feasible side.
        lower.append(-np.inf if row.lower is None else float(-((-row.lower * factor) // 1)))
        upper.append(np.inf if row.upper is None else float((row.upper * factor) // 1))
    matrix = csr_array((data, (row_index, column_index)), shape=(len(rows), len(names)))
    return LinearConstraint(matrix, lower, upper)


def _scale(terms: Terms) -> dict[str, Fraction]:
    factor = _factor(terms)
    return {name: coefficient * factor for name, coefficient in terms.items()}


def grid(terms: Terms) -> Fraction:
    """The step in which the sum of the terms can change while the variables stay whole."""
    return 1 / _factor(terms)


def _factor(terms: Terms) -> Fraction:
    """The factor that makes all coefficients whole numbers without a common divisor."""
    used = [Fraction(c) for c in terms.values() if c]
    if not used:
        return Fraction(1)
    denominator = reduce(lcm, (c.denominator for c in used), 1)
    return Fraction(denominator, reduce(gcd, (abs(int(c * denominator)) for c in used)))
