"""Can it be? Shares over 100 %, targets worse than where one stands, jumps beyond a limit."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ntm_lib.checks.common import Context, amount, not_checked, of_another_base, problem, share, sign
from ntm_lib.problems import Finding, number
from ntm_lib.tables import fraction
from ntm_lib.text.tokens import tidy
from ntm_lib.text.units import read_unit

JUMP_POINTS = Fraction(20)  # points of a share in one year
JUMP_SMALL = (Fraction(5), Fraction(5, 2))  # points and factor: of a small share, 4,25 % to 12,17 %
JUMP_FACTOR = Fraction(1, 2)  # of any other value in one year


def check_over_100(context: Context) -> Iterable[Finding]:
    """No share is over 100 %, no part larger than its whole."""
    for row in context.rows:
        numerator, denominator, value = fraction(row.numerator), fraction(row.denominator), amount(row)
        if (
            row.kind == "change"
            or context.kind(row) == "growth"
            or (of_another_base(row) and context.kind(row) != "share")
        ):
            continue  # growth, and what was done of a plan, may be more than all of it
        if numerator is not None and denominator is not None and numerator > denominator and _is_part(context, row):
            yield problem("over-100", [row], numerator=number(numerator), denominator=number(denominator))
        elif row.unit == "%" and value == 100 and row.operator == ">":
            yield problem("over-100/bound", [row], text=tidy(row.text))
        elif row.unit == "%" and value is not None and value > 100:
            yield problem("over-100/share", [row], value=number(value))


def _is_part(context: Context, row: Any) -> bool:
    """Whether the numerator is a part of the denominator: so it is in a share and among things that are counted, not in
    «97,4/92 tỷ đồng» of a field that only compares.
    """
    return (
        context.kind(row) == "share"
        or read_unit(row.unit if row.unit != "%" else context.parsed(row).count_unit).kind == "count"
    )


def check_negative(context: Context) -> Iterable[Finding]:
    """A level is not below zero; only a change may be."""
    for row in context.rows:
        value = amount(row)
        if (
            value is not None
            and value < 0
            and row.kind in ("measured", "declared", "target")
            and "/năm" not in row.unit
        ):
            yield problem("negative", [row], value=number(value))


def check_targets(context: Context) -> Iterable[Finding]:
    """A target is no worse than the last result, and a change goes the way the rule wants, within the whole."""
    if context.thresholds is None:
        yield not_checked("target-worse")
        return
    for row in context.rows:
        rule, value = context.rule(row), amount(row)
        if row.table != "plan" or value is None or rule is None or rule.operator not in (">=", ">", "<=", "<"):
            continue
        wants_more = rule.operator in (">=", ">")
        base = _base(context, row)
        if row.kind == "change" and (value < 0) == wants_more and value:
            yield problem(
                "target-worse/direction",
                [row],
                text=tidy(row.text),
                operator=sign(rule.operator),
                threshold=rule.threshold,
            )
        elif (
            row.kind == "target"
            and base is not None
            and (level := _level(base, row)) is not None
            and (value < level if wants_more else value > level)
        ):
            yield problem(
                "target-worse/result", [row, base], target=tidy(row.text), base=tidy(base.text), year=base.year
            )


def check_changes_fit(context: Context) -> Iterable[Finding]:
    """What a plan adds to a count leaves it between nothing and the whole."""
    for row in context.rows:
        base, value = _base(context, row), amount(row)
        if (
            row.kind != "change"
            or base is None
            or value is None
            or not base.numerator
            or not base.denominator
            or row.unit == "%"
        ):
            continue
        result = Fraction(base.numerator) + value
        if not 0 <= result <= Fraction(base.denominator):
            yield problem(
                "over-100/change",
                [row, base],
                base=number(base.numerator),
                change=tidy(row.text),
                result=number(result),
                whole=number(base.denominator),
            )


def check_jumps(context: Context) -> Iterable[Finding]:
    """A result does not leap from one year to the next without a word."""
    series = defaultdict(list)
    for row in sorted(context.rows, key=lambda r: r.year):
        if (
            row.table == "results"
            and row.kind == "measured"
            and amount(row) is not None
            and row.indicator
            and not row.village
        ):
            series[row.indicator, row.part, row.unit].append(row)
    pairs = [(a, b) for rows in series.values() for a, b in pairwise(rows) if a.year < b.year]
    if not pairs:
        yield not_checked("jump")
    for before, after in pairs:
        old, new, years = Fraction(before.value), Fraction(after.value), after.year - before.year
        limit = JUMP_POINTS * years if after.unit == "%" else JUMP_FACTOR * abs(old) * years
        small = (
            after.unit == "%"
            and old > 0
            and new > 0
            and abs(new - old) >= JUMP_SMALL[0] * years
            and max(old / new, new / old) > JUMP_SMALL[1] ** years
        )
        if (abs(new - old) > limit or small) and old:
            yield problem(
                "jump",
                [after, before],
                before=tidy(before.text),
                from_year=before.year,
                after=tidy(after.text),
                to_year=after.year,
            )


def _base(context: Context, row: Any) -> Any:
    """The measured result that a planned row starts from: of its base year, or the last before its year."""
    found = [
        r for r in context.rows
        if r.table == "results" and r.kind == "measured" and not r.village and (r.indicator, r.part) == (row.indicator, row.part) and row.indicator
    ]  # fmt: skip
    found = [r for r in found if (str(r.year) == row.base_year if row.base_year else r.year < row.year)]
    return max(found, key=lambda r: r.year, default=None)


def _level(base: Any, row: Any) -> Fraction | None:
    """The base in the unit of the row; None where they cannot be compared."""
    if base.unit == row.unit == "%":
        return share(base) or amount(base)
    return amount(base) if base.unit == row.unit else None
