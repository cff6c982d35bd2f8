"""Integer programmes with exact data: a thin layer over HiGHS (``scipy.optimize.milp``).

HiGHS computes in floating point. Here every row is scaled to whole numbers before it goes in, and
the answer is rounded and checked exactly when it comes out, so that "within the budget" means
within the budget to the đồng. Nothing of the domain belongs here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

Terms = Mapping[str, Fraction]


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


def _constraints(names: Sequence[str], rows: Sequence[Row]):
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
