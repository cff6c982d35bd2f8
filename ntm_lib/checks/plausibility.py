"""Can it be? Amounts a thousand times off, shares over 100 %, targets worse than where one stands, jumps beyond a limit."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from ntm_lib import language
from ntm_lib.checks.common import Context, amount, is_judged, not_checked, of_another_base, problem, share, sign
from ntm_lib.judge.amounts import read
from ntm_lib.judge.observations import broken_on
from ntm_lib.model import Observation
from ntm_lib.problems import Finding, Given, both, listed, number
from ntm_lib.tables import fraction, tuples
from ntm_lib.text.tokens import tidy
from ntm_lib.text.units import read_unit

MOST_MONEY = Fraction(1_000_000)  # million đồng: no commune has a thousand billion for one thing
FEWEST_HOUSEHOLDS = 10  # of a village
STEPS = (Fraction(1000), Fraction(1_000_000))
LEAST_NEIGHBOURS = 3
EXCLUDED = re.compile(r"(?:đã|sau khi|ngoại|loại) trừ [^,.;)(]{3,60}", re.IGNORECASE)
FAR = 100  # a figure this many times beyond all of its neighbours is off, if a thousandth of it is among them
BESIDE = 5  # a thousandth that is no further from its neighbours than this is among them
INCOME_RANGE = (Fraction(1, 5), Fraction(10))  # of the threshold


class Cell(NamedTuple):
    """A number of a column whose numbers are alike."""

    row: Any  # observation
    column: str
    value: Fraction
    decimals: int
    bare: bool = False  # the cell names no unit
    is_money: bool = False


def check_money_scale(context: Context) -> Iterable[Finding]:
    """Money is of a size that a commune can have, and is not cut into thousandths."""
    for cell in (cells := _money(context)):
        if cell.value >= MOST_MONEY:
            yield problem(
                "scale/money",
                [cell.row],
                at=_place(cell),
                value=number(cell.value),
                mended=number(cell.value / STEPS[1]),
            )
    columns = defaultdict(list)
    for cell in cells:
        if cell.bare and cell.decimals == 3:
            columns[cell.row.file, cell.row.sheet, cell.column].append(cell)
    for (file, sheet, column), cut in columns.items():
        yield problem(
            "scale/thousandths",
            [cell.row for cell in cut],
            at={"key": f"{file}-{sheet}-{column}", "column": column},
            values=listed(number(cell.value) for cell in cut),
            mended=listed(number(cell.value * 1000) for cell in cut),
        )


def check_excluded(context: Context) -> Iterable[Finding]:
    """Where the words say that some are left out of a figure («đã trừ hộ bảo trợ xã hội»), the rule must allow it."""
    for row in context.rows:
        said = EXCLUDED.search(tidy(f"{row.item}; {row.quote}"))
        if said and row.table == "results" and row.kind == "measured" and row.indicator:
            yield problem("excluded", [row], said=said[0].strip(), code=f"{row.indicator}{row.part}")


def check_neighbours(context: Context) -> Iterable[Finding]:
    """No figure is a thousand times larger or smaller than those beside it."""
    for cells in _columns(context):
        ordered = sorted(cell.value for cell in cells if cell.value)
        for cell in cells if len(ordered) > LEAST_NEIGHBOURS else ():
            mended = _mended(cell.value, ordered)
            if cell.is_money and not (mended and mended > cell.value and cell.decimals):
                continue  # five million beside billions is a gift, and billions beside it are the State's; 1,5 million is a slip
            if mended is not None:
                others = [other for other in ordered if other != cell.value]
                yield problem(
                    "scale/neighbours",
                    [cell.row],
                    at=_place(cell),
                    value=number(cell.value),
                    others=listed(others, 4),
                    mended=number(mended),
                )


def check_village_size(context: Context) -> Iterable[Finding]:
    """A village has more than a handful of households."""
    for row in context.rows:
        value = amount(row)
        if row.table == "villages" and value is not None and 0 < value < FEWEST_HOUSEHOLDS:
            yield problem("scale/village", [row], village=row.village, value=number(value), mended=number(value * 1000))


def check_income_scale(context: Context) -> Iterable[Finding]:
    """An income is of the size of the threshold."""
    for row in context.rows:
        rule = context.rule(row)
        threshold = fraction(rule.threshold) if rule else None
        if (
            rule is None
            or not threshold
            or not is_judged(row)
            or context.kind(row) != "number"
            or not row.unit.startswith("triệu đồng")
        ):
            continue
        value = read(Observation.of(row._asdict()), rule._asdict()).amount
        if value is not None and not INCOME_RANGE[0] <= value / threshold <= INCOME_RANGE[1]:
            yield problem(
                "scale/income",
                [row],
                text=tidy(row.text),
                indicator=row.indicator,
                threshold=number(threshold),
                unit=rule.unit,
            )


def off_by_thousands(one: Fraction, other: Fraction) -> bool:
    """Whether two sums differ by a factor of about a thousand or a million."""
    low, high = sorted((abs(one), abs(other)))
    return low > 0 and any(Fraction(9, 10) <= high / (low * step) <= Fraction(11, 10) for step in STEPS)


def _place(cell: Cell) -> dict[str, str]:
    """Column and text of the cell; its value is in the id where it is not the text of the row, so that an answer lapses with it."""
    if cell.column == cell.row.column:
        return {}
    return {
        "column": cell.column,
        "text": language.number(cell.value, "vi"),
        "key": f"{cell.row.observation}-{cell.column}-{cell.value}",
    }


def _mended(value: Fraction, ordered: Sequence[Fraction]) -> Fraction | None:
    """The value a thousand or a million times up or down, where only so it is among the other of the ``ordered``; else None."""
    low, high = ordered[value == ordered[0]], ordered[-2 if value == ordered[-1] else -1]
    if not value or low / FAR <= value <= high * FAR:
        return None
    shifted = [value / step if value > high else value * step for step in STEPS]
    return next((v for v in shifted if low / BESIDE <= v <= high * BESIDE), None)


def _columns(context: Context) -> list[list[Cell]]:
    """Columns of numbers that are alike: money by table and column, households of villages, villages under one indicator."""
    groups: dict[tuple[Any, ...], list[Cell]] = defaultdict(list)
    for cell in _money(context):
        groups[cell.row.table, cell.row.year, cell.column].append(cell)
    for row in context.rows:
        value = fraction(row.numerator) if row.numerator else amount(row)
        if value is not None and (
            row.table == "villages" or (row.village and row.table == "results" and row.indicator)
        ):
            alike = row.unit if row.unit != "%" else context.parsed(row).count_unit
            if read_unit(alike).kind == "count":
                groups[row.table, row.year, row.indicator, row.part, alike].append(Cell(row, row.column, value, 0))
    return list(groups.values())


def _money(context: Context) -> list[Cell]:
    """Every amount in million đồng, of funds and of works."""
    cells = []
    for table, columns in (
        (context.cleaned.funding, {"planned": "amount", "allocated": "allocated", "spent": "spent"}),
        (context.cleaned.works, {"cost": "cost", "debt": "debt"}),
    ):
        for entry in tuples(table):
            row = context.by_id[entry.observation]
            for name, column in columns.items():
                if (value := fraction(getattr(entry, name))) is not None:
                    bare = column != row.column or re.search(r"[^\W\d_]", row.text) is None
                    cells.append(Cell(row, column, value, len(getattr(entry, name).partition(".")[2]), bare, True))
    return cells


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
    for row in (row for row in context.rows if row.kind == "change" and row.unit != "%"):
        base, value = _base(context, row), amount(row)
        if base is None or value is None or not base.numerator or not base.denominator:
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
            fields: dict[str, Given] = {
                "before": tidy(before.text),
                "after": tidy(after.text),
                "from_year": before.year,
                "to_year": after.year,
            }
            if since := broken_on(context.meta, after.indicator, before.year, after.year):
                fields["since"] = both(language.date(since, "vi"), language.date(since, "en"))
                yield problem("jump/broken", [after, before], None, **fields)
            else:
                yield problem("jump", [after, before], None, **fields)


def _base(context: Context, row: Any) -> Any:
    """The measured result that a planned row starts from: of its base year, or the last before its year."""
    measured = context.measured.get((row.indicator, row.part), []) if row.indicator else []
    found = [r for r in measured if (str(r.year) == row.base_year if row.base_year else r.year < row.year)]
    return max(found, key=lambda r: r.year, default=None)


def _level(base: Any, row: Any) -> Fraction | None:
    """The base in the unit of the row; None where they cannot be compared."""
    if base.unit == row.unit == "%":
        return share(base) or amount(base)
    return amount(base) if base.unit == row.unit else None
