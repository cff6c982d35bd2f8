"""Why no plan exists, and the least that must give for one to exist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ntm_lib.model import sure
from ntm_lib.plan.optimise import (
    Goal,
    Limit,
    Limits,
    Option,
    Plan,
    Row,
    brought,
    cost_terms,
    criteria_of,
    criterion_rows,
    goal_rows,
    grid,
    groups,
    in_order,
    limit_rows,
    out_of_reach,
    plan_of,
    solve,
    tie_break,
    value_of,
    variables,
    work_variable,
)


@dataclass(frozen=True)
class Relaxation:
    """What must give.

    ``blocked``: criteria that works cannot meet at all. ``missing``: by (indicator, part), the
    units that even all works together do not bring. ``exceeded``: by limit, how far it must be
    exceeded (million đồng or households). ``plan``: the plan that meets the rest under these.
    """

    blocked: tuple[str, ...]
    missing: Mapping[tuple[str, str], Fraction]
    exceeded: Mapping[Limit, Fraction]
    plan: Plan


def what_must_give(
    options: Sequence[Option], goals: Sequence[Goal], limits: Limits, wanted: Iterable[str]
) -> Relaxation:
    """The least that must change for ``wanted`` to be met.

    First what no limit can help with: ``blocked`` and ``missing``. Then the fewest limits are
    exceeded, by the least money, then by the fewest households, and under these the plan is the
    cheapest. Nothing to give: everything empty, and the plan is that of ``cheapest_plan``.
    """
    wanted = in_order(wanted)
    known = criteria_of(goals)
    blocked = tuple(c for c in wanted if c not in known or c in out_of_reach(goals))
    asked = [g for g in goals if g.criterion in wanted and g.criterion not in blocked]
    missing = _missing(options, asked)
    reachable = [_lowered(g, missing) for g in asked]
    rows = limit_rows(options, limits)
    all_rows = [*goal_rows(options, reachable), *criterion_rows(criteria_of(reachable)), *_elastic(options, rows)]
    bounds = variables(options, reachable) | _elastic_bounds(options, rows)
    values = sure(solve(bounds, all_rows, [*_least_excess(rows), cost_terms(options), tie_break(options)]))
    excess = {limit: value_of(row.terms, values) - sure(row.upper) for limit, row in rows.items()}
    return Relaxation(blocked, missing, {k: v for k, v in excess.items() if v > 0}, plan_of(options, asked, values))


def _missing(options: Sequence[Option], goals: Sequence[Goal]) -> dict[tuple[str, str], Fraction]:
    """What all works together leave lacking; of alternatives, the one that lacks least."""
    everything = {o.work: o.steps for o in options}
    lacks = {}
    for criterion in criteria_of(goals):
        for group in groups(goals, criterion):
            gaps = [
                (g.need - brought(options, g, everything), g.indicator, g.part) for g in group if g.need is not None
            ]
            least, indicator, part = min(gaps)
            if least > 0:
                lacks[indicator, part] = least
    return lacks


def _lowered(goal: Goal, missing: Mapping[tuple[str, str], Fraction]) -> Goal:
    """The goal as far as works can reach it."""
    lack = missing.get((goal.indicator, goal.part), Fraction(0))
    return goal if goal.need is None else replace(goal, need=goal.need - lack)


def _elastic(options: Sequence[Option], rows: Mapping[Limit, Row]) -> list[Row]:
    """The limits, each of which may be exceeded by steps of its grid once it is counted as broken."""
    elastic = []
    for limit, row in rows.items():
        elastic.append(Row({**row.terms, _over(limit): -grid(row.terms)}, upper=row.upper))
        elastic.append(
            Row({_over(limit): Fraction(1), _broken(limit): -Fraction(_most_over(options, row))}, upper=Fraction(0))
        )
    return elastic


def _elastic_bounds(options: Sequence[Option], rows: Mapping[Limit, Row]) -> dict[str, int]:
    return {_over(k): _most_over(options, row) for k, row in rows.items()} | {_broken(k): 1 for k in rows}


def _most_over(options: Sequence[Option], row: Row) -> int:
    """Grid steps by which all works together exceed the limit."""
    everything = value_of(row.terms, {work_variable(o): o.steps for o in options})
    return max(0, -(-(everything - sure(row.upper)) // grid(row.terms)))


def _least_excess(rows: Mapping[Limit, Row]) -> list[dict[str, Fraction]]:
    money = {_over(k): grid(row.terms) for k, row in rows.items() if k[0] != "households"}
    people = {_over(k): grid(row.terms) for k, row in rows.items() if k[0] == "households"}
    return [{_broken(k): Fraction(1) for k in rows}, money, people]


def _over(limit: Limit) -> str:
    return f"over {limit[0]} {limit[1]}"


def _broken(limit: Limit) -> str:
    return f"broken {limit[0]} {limit[1]}"
