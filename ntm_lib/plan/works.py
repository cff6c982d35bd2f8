"""Works: how far each has come, what it costs, what is owed, and what a debt does to recognition.

The plan may name a work and, below it, its parts; parts are inside the whole and never counted
beside it. What the plan does not say stays unknown and is counted as unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from ntm_lib.language import translator
from ntm_lib.model import Key, Row
from ntm_lib.tables import as_table, counts_users, decimal_text, fraction, frame, natural_key, records

# In the order in which a work passes through them.
STATES = ("requested", "planned", "under-way", "accepted", "settled", "paid")
_BUILT = ("under-way", "accepted", "settled")  # may owe something; a planned work does not yet, a paid one no more

BY_STATE = {
    "state": "state of the work; empty: not stated",
    "name": "name of the state, in the language of the run",
    "works": "number of works (wholes)",
    "cost": "million đồng, where known",
    "cost_unknown": "number of these works of which not all of the cost is known",
    "debt": "million đồng owed, where known",
}

BY_CRITERION = {
    "criterion": "criterion; other: outside the criteria",
    "works": "number of works (wholes)",
    "built": "number of these under way, accepted or settled: those that may owe something",
    "cost": "million đồng, where known",
    "cost_unknown": "number of works of which not all of the cost is known",
    "debt": "million đồng owed, where known",
    "debt_unknown": "number of works of which something is built and not all of the debt is known",
}


def state_name(state: str, language: str = "vi") -> str:
    """Name of a state: ``accepted`` → ``đã nghiệm thu``; one that nobody knows stays as it is written."""
    t = translator(language)
    return {
        "": t("chưa ghi tình trạng"),
        "requested": t("đề nghị"),
        "planned": t("kế hoạch"),
        "under-way": t("đang thực hiện"),
        "accepted": t("đã nghiệm thu"),
        "settled": t("đã quyết toán"),
        "paid": t("đã thanh toán"),
    }.get(state, state)


@dataclass(frozen=True, slots=True)
class Work:
    """A row of the table ``works``, its amounts exact; made once, by ``of``. ``cost``, ``debt``: million đồng, None where
    the plan does not say.
    """

    name: str
    year: int
    criterion: str
    indicator: str
    part: str
    item: str
    village: str
    place: str
    quantity: Fraction | None
    unit: str
    cost: Fraction | None
    source: str
    deadline: str
    state: str
    debt: Fraction | None
    part_of: str

    @classmethod
    def of(cls, row: Row) -> "Work":
        exact: dict[str, Any] = {
            "quantity": fraction(row["quantity"]),
            "cost": fraction(row["cost"]),
            "debt": fraction(row["debt"]),
        }
        return cls(row["observation"], **exact, **{f.name: row[f.name] for f in fields(cls)[1:] if f.name not in exact})

    @property
    def key(self) -> Key:
        return self.indicator, self.part

    def money(self, column: str) -> Fraction | None:
        """``cost`` or ``debt``."""
        return self.cost if column == "cost" else self.debt

    def serves(self, whole: "Work") -> bool:
        """Whether it counts whom ``whole``, of which it is a part, serves."""
        return counts_users(self.unit, whole.unit)


Below = Mapping[str, list[Work]]  # the parts directly below each work, by its name


class Whole(NamedTuple):
    """A work that is no part of another, with what is known of its money, parts included.

    ``cost``, ``debt``: million đồng, None where nothing is known; ``cost_known``, ``debt_known``:
    whether that is all of it. ``states``: those of the work and its parts.
    """

    work: Work
    cost: Fraction | None
    cost_known: bool
    debt: Fraction | None
    debt_known: bool
    states: frozenset[str]


def is_built(state: str) -> bool:
    """Whether something of a work in this state stands already, be it unfinished."""
    return state in (*_BUILT, "paid")


def works_of(table: pd.DataFrame) -> list[Work]:
    """The rows of the table ``works`` as records."""
    return [Work.of(row) for row in records(table)]


def tree(works: Iterable[Work]) -> tuple[list[Work], dict[str, list[Work]]]:
    """Works that are no part of another, and the parts directly below each work, by its name.

    A part whose whole is not among the rows, and one that is a part of itself by a circle in the
    data, stand as wholes: they would be lost otherwise.
    """
    works = list(works)
    whole_of = {work.name: work.part_of for work in works}
    top: list[Work] = []
    below: dict[str, list[Work]] = {}
    for work in works:
        if work.part_of in whole_of and not _in_circle(work.name, whole_of):
            below.setdefault(work.part_of, []).append(work)
        else:
            top.append(work)
    return top, below


def wholes(works: pd.DataFrame) -> list[Whole]:
    """The works that are no part of another, each with the money of its parts."""
    top, below = tree(works_of(works))
    return [_whole(work, below) for work in top]


def counted(work: Work, below: Below, column: str) -> list[Work]:
    """The works whose ``column`` (cost, debt) adds up to what is known of a work: itself, or else its parts.

    Where the parts come to more than the work itself says, the parts count: no debt is lost.
    """
    inside = [found for part in below.get(work.name, []) for found in counted(part, below, column)]
    own = work.money(column)
    return [work] if own is not None and own >= known_sum(found.money(column) for found in inside) else inside


def known_money(work: Work, below: Below, column: str) -> Fraction | None:
    """What a work costs or owes, parts included; None where not all of it is known."""
    found = counted(work, below, column)
    return known_sum(part.money(column) for part in found) if found and _is_known(work, below, column) else None


def served(work: Work, below: Below) -> list[Work]:
    """What counts whom a work serves, in the state of the work: they are there when it is."""
    return [replace(part, state=work.state) for part in below.get(work.name, []) if part.serves(work)]


def is_complete(work: Work, parts: Iterable[Work]) -> bool:
    """Whether the parts may be all of the work: false where their quantities are known to be only some of its own (6 of 14 hộ)."""
    amounts = [part.quantity for part in parts if part.unit == work.unit]
    return work.quantity is None or not amounts or None in amounts or known_sum(amounts) >= work.quantity


def by_state(works: pd.DataFrame, language: str = "vi") -> pd.DataFrame:
    """Number, cost and debt of the works in each state; columns ``BY_STATE``."""
    found = wholes(works)
    states = dict.fromkeys((*STATES, "", *(whole.work.state for whole in found)))
    groups = ((state, [whole for whole in found if whole.work.state == state]) for state in states)
    return frame(
        BY_STATE,
        [
            {"state": s, "name": state_name(s, language), "works": len(group), **_money(group)}
            for s, group in groups
            if group
        ],
    )


def by_criterion(works: pd.DataFrame) -> pd.DataFrame:
    """Number, cost and debt of the works of each criterion; columns ``BY_CRITERION``."""
    rows = []
    for criterion, group in _by_criterion(wholes(works)):
        unknown = sum(not whole.debt_known for whole in group)
        rows.append(
            {
                "criterion": criterion,
                "works": len(group),
                "built": _built(group),
                "debt_unknown": unknown,
                **_money(group),
            }
        )
    return frame(BY_CRITERION, rows)


def debts(works: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """Makes the table ``debts``: what the works of each criterion owe at the end of each of ``years``."""
    rows = []
    for year in years:
        for criterion, group in _by_criterion(wholes(until(works, year))):
            owing = [whole.work.name for whole in group if whole.debt]
            settled = any(is_built(state) for whole in group for state in whole.states)
            rows.append(
                {
                    "year": year,
                    "criterion": criterion,
                    "works": str(len(group)),
                    "built": str(_built(group)),
                    "debt": decimal_text(_money(group)["debt"]),
                    "debt_unknown": str(sum(not whole.debt_known for whole in group)),
                    "recognition": _debt_verdict(group) if settled or owing else "",
                    "observation": ";".join(owing),
                }
            )
    return as_table("debts", rows)


def debt_facts(works: pd.DataFrame, year: int) -> dict[str, dict[str, str]]:
    """What ``judge.recognition`` asks for: the debt under ``no-debt``; nothing where it is not known."""
    found = wholes(until(works, year))
    if _debt_verdict(found) == "no-data":
        return {}
    return {
        "no-debt": {
            "value": decimal_text(known_sum(whole.debt for whole in found)),
            "unit": "triệu đồng",
            "basis": "measured",
        }
    }


def until(works: pd.DataFrame, year: int) -> pd.DataFrame:
    """Works planned for ``year`` or before: a later one owes nothing at the end of it."""
    return works[works["year"] <= year]


def _in_circle(name: str, whole_of: Mapping[str, str]) -> bool:
    seen, above = set(), whole_of.get(name, "")
    while above in whole_of and above not in seen:
        if above == name:
            return True
        seen.add(above)
        above = whole_of[above]
    return False


def _whole(work: Work, below: Below) -> Whole:
    amounts = {c: [found.money(c) for found in counted(work, below, c)] for c in ("cost", "debt")}
    known = {c: _is_known(work, below, c) for c in amounts}
    cost, debt = (known_sum(found) if found else None for found in amounts.values())
    return Whole(work, cost, known["cost"], debt, known["debt"], _states(work, below))


def _is_known(work: Work, below: Below, column: str) -> bool:
    """Whether all of the money is known. What is not built yet, or paid, owes nothing that anybody would have to state."""
    if work.money(column) is not None:
        return True
    parts = [part for part in below.get(work.name, []) if not part.serves(work)]
    silent = column == "debt" and work.state not in _BUILT
    return all(_is_known(part, below, column) for part in parts) and (
        silent or (bool(parts) and is_complete(work, parts))
    )


def _states(work: Work, below: Below) -> frozenset[str]:
    return frozenset({work.state}).union(*(_states(part, below) for part in below.get(work.name, [])))


def known_sum(amounts: Iterable[Fraction | None]) -> Fraction:
    """Sum of the amounts that are known."""
    return sum((amount for amount in amounts if amount is not None), Fraction(0))


def _money(group: list[Whole]) -> Row:
    costs, debts = (
        [amount for amount in amounts if amount is not None]
        for amounts in ((w.cost for w in group), (w.debt for w in group))
    )
    return {
        "cost": known_sum(costs) if costs else None,
        "cost_unknown": sum(not w.cost_known for w in group),
        "debt": known_sum(debts) if debts else None,
    }


def _by_criterion(found: list[Whole]) -> list[tuple[str, list[Whole]]]:
    names = sorted({whole.work.criterion for whole in found}, key=natural_key)
    return [(name, [whole for whole in found if whole.work.criterion == name]) for name in names]


def _built(group: list[Whole]) -> int:
    return sum(not whole.states.isdisjoint(_BUILT) for whole in group)


def _debt_verdict(found: list[Whole]) -> str:
    if any(whole.debt for whole in found):
        return "unmet"
    settled = any(is_built(state) for whole in found for state in whole.states)
    return "met" if settled and all(whole.debt_known for whole in found) else "no-data"
