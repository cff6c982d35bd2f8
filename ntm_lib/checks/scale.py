"""Is a figure a thousand times too large or too small? Đồng typed under triệu đồng; 1.714 that a spreadsheet took for 1,714."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ntm_lib import language
from ntm_lib.checks.common import Context, amount, is_judged, problem
from ntm_lib.judge.amounts import read
from ntm_lib.problems import Finding, listed, number
from ntm_lib.tables import fraction, tuples
from ntm_lib.text.tokens import tidy
from ntm_lib.text.units import read_unit

MOST_MONEY = Fraction(1_000_000)  # million đồng: no commune has a thousand billion for one thing
FEWEST_HOUSEHOLDS = 10  # of a village
STEPS = (Fraction(1000), Fraction(1_000_000))
LEAST_NEIGHBOURS = 3
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
        value = read(row._asdict(), rule._asdict(), context.language).amount
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
