"""Money: sources and their shares, planned against allocated and spent, money by criterion.

Million đồng everywhere. Money that no work is known to use is shown as not yet assigned; it is
never spread over the criteria.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from ntm_lib.judge.amounts import AT_MOST, unit_key
from ntm_lib.language import translator
from ntm_lib.model import Row, sure
from ntm_lib.plan.works import Below, Work, by_criterion, known_money, known_sum, served, tree, works_of
from ntm_lib.tables import fraction, frame, records

if TYPE_CHECKING:
    from ntm_lib.plan.scenario_model import Scenario


TOTAL = "total"
UNASSIGNED = "unassigned"

SOURCES = {
    "source": "code of the source; total: all of them",
    "name": "name as the document writes it",
    "planned": "million đồng",
    "share": "percent of the sum of the sources planned",
    "allocated": "million đồng; empty: not known",
    "spent": "million đồng; empty: not known",
    "left": "planned less spent; empty: spending not known",
    "observation": "row in observations; empty for a total that the document does not print",
}

CHECK = {
    "printed": "total the document prints; empty: it prints none",
    "sum": "sum of the sources",
    "difference": "printed less sum",
    "sources": "number of sources",
    "unknown": "number of sources without an amount",
    "agree": "yes, no, or empty where no total is printed or an amount is missing",
}

BY_CRITERION = {
    "criterion": "criterion; unassigned: no work is known to use this money",
    "name": "words for unassigned, in the language of the run",
    "cost": "million đồng of the works of which the cost is known; empty: of none",
    "share": "percent of all the money planned",
    "works": "number of works",
    "cost_unknown": "number of works of which not all of the cost is known",
}


@dataclass(frozen=True, slots=True)
class Fund:
    """A row of the table ``funding``, in million đồng; None where the document does not say."""

    name: str
    source: str
    observation: str
    planned: Fraction | None
    allocated: Fraction | None
    spent: Fraction | None

    @property
    def left(self) -> Fraction | None:
        """Planned less spent."""
        return None if self.planned is None or self.spent is None else self.planned - self.spent


def by_source(funding: pd.DataFrame, year: int, language: str = "vi") -> pd.DataFrame:
    """Each source of ``year`` with its share, then the total; columns ``SOURCES``.

    The share is that of the sum of the sources, not of a printed total that may be wrong.
    """
    sources, printed = _split(funding, year)
    if not sources:
        return frame(SOURCES, [])
    whole = known_sum(fund.planned for fund in sources)
    last = _total(sources, printed, whole, language)
    return frame(SOURCES, [_cells(fund, whole) for fund in (*sources, last)])


def check_of_sum(funding: pd.DataFrame, year: int) -> pd.DataFrame:
    """The printed total against the sum of its sources: one row, columns ``CHECK``; none without sources."""
    sources, printed = _split(funding, year)
    if not sources:
        return frame(CHECK, [])
    added, unknown = known_sum(fund.planned for fund in sources), sum(fund.planned is None for fund in sources)
    row: Row = {"sum": added, "sources": len(sources), "unknown": unknown}
    if printed:
        stated = printed.planned or Fraction(0)
        row |= {"printed": stated, "difference": stated - added}
        row |= {} if unknown else {"agree": "yes" if stated == added else "no"}
    return frame(CHECK, [row])


def money_by_criterion(works: pd.DataFrame, funding: pd.DataFrame, year: int, language: str = "vi") -> pd.DataFrame:
    """Known cost of the works of each criterion, then what is left unassigned; columns ``BY_CRITERION``."""
    sources, _ = _split(funding, year)
    whole = known_sum(fund.planned for fund in sources)
    groups = records(by_criterion(works[works["year"] == year]))
    costs = [fraction(group["cost"]) for group in groups]
    rows: list[Row] = [
        {c: group[c] for c in ("criterion", "cost", "works", "cost_unknown")} | {"share": _share(cost, whole)}
        for group, cost in zip(groups, costs, strict=True)
    ]
    if sources:
        rest, name = whole - known_sum(costs), translator(language)("chưa phân bổ theo công trình")
        rows.append({"criterion": UNASSIGNED, "name": name, "cost": rest, "share": _share(rest, whole)})
    return frame(BY_CRITERION, rows)


def _split(funding: pd.DataFrame, year: int) -> tuple[list[Fund], Fund | None]:
    """The sources of a year, and the total that the document prints; None where it prints none."""
    funds = [
        Fund(r["name"], r["source"], r["observation"], *(fraction(r[c]) for c in ("planned", "allocated", "spent")))
        for r in records(funding[funding["year"] == year])
    ]
    return [f for f in funds if f.source != TOTAL], next((f for f in funds if f.source == TOTAL), None)


def _total(sources: list[Fund], printed: Fund | None, whole: Fraction, language: str) -> Fund:
    """The sum of the sources; allocated and spent only where every source states them."""
    named = printed or Fund(translator(language)("Tổng cộng"), TOTAL, "", None, None, None)
    allocated, spent = ([f.allocated for f in sources], [f.spent for f in sources])
    return replace(
        named,
        planned=whole,
        allocated=None if None in allocated else known_sum(allocated),
        spent=None if None in spent else known_sum(spent),
    )


def _cells(fund: Fund, whole: Fraction) -> Row:
    cells = {c: getattr(fund, c) for c in ("source", "name", "planned", "allocated", "spent", "left", "observation")}
    return cells | {"share": _share(fund.planned, whole)}


def _share(part: Fraction | None, whole: Fraction) -> Fraction | None:
    return None if part is None or not whole else part * 100 / whole


# ---------------------------------------------------------------- What funding a list of works does: what it costs, and how much it adds to which indicator

_DONE = ("accepted", "settled", "paid")  # built: what it brings is in the results already

FUNDED = {
    "work": "observation of the work",
    "item": "the work, in the words of the plan",
    "source": "source of funds; empty: not stated",
    "cost": "million đồng still to be paid: the cost, or the debt of a work that is built; 0 for those it serves; empty: not known",
    "indicator": "indicator it adds to",
    "part": "part of the indicator; empty: the indicator itself",
    "added": "units it adds to the indicator's numerator, negative where fewer are wanted; empty: none, or not known",
    "unit": "unit of quantity",
    "remark": "why it adds nothing that can be counted, in the language of the run",
}


def funded(
    scenario: "Scenario | None", works: pd.DataFrame, thresholds: pd.DataFrame, language: str = "vi"
) -> pd.DataFrame:
    """The works that a scenario funds, with cost and effect, each followed by those it serves; columns ``FUNDED``."""
    by_name, below = _by_name(works)
    named = [by_name[name] for change in (scenario.changes if scenario else ()) for name in change.works]
    costs = [(work, known_money(work, below, "debt" if work.state in _DONE else "cost")) for work in named]
    with_served = [
        pair for work, cost in costs for pair in ((work, cost), *((part, Fraction(0)) for part in served(work, below)))
    ]
    return frame(FUNDED, (_row(work, cost, thresholds, language) for work, cost in with_served))


def added_by_works(
    scenario: "Scenario", works: pd.DataFrame, thresholds: pd.DataFrame
) -> dict[tuple[str, str], tuple[Fraction, int]]:
    """Units that the funded works add, by (indicator, part), with the line of the file that funds them."""
    by_name, below = _by_name(works)
    added: dict[tuple[str, str], tuple[Fraction, int]] = {}
    for change in scenario.changes:
        for name in change.works:
            for work in (by_name[name], *served(by_name[name], below)):
                if not _obstacle(work, thresholds, "vi"):
                    total, line = added.get(work.key, (Fraction(0), change.line))
                    added[work.key] = total + _added(work, thresholds), line
    return added


def _by_name(works: pd.DataFrame) -> tuple[dict[str, Work], Below]:
    found = works_of(works)
    return {work.name: work for work in found}, tree(found)[1]


def check_works(scenario: "Scenario", works: pd.DataFrame, language: str = "vi") -> None:
    """Raises NtmError for a work that does not exist, or is funded twice: by itself, or inside its whole."""
    t = translator(language)
    whole_of = dict(zip(works["observation"], works["part_of"], strict=True))
    named: set[str] = set()
    for change in scenario.changes:
        for name in change.works:
            if name not in whole_of:
                message = t("không có công trình “{name}”. Có: {known}.").format(
                    name=name, known=", ".join(whole_of) or "–"
                )
                raise scenario.refuse(change.line, message, language)
            if name in named:
                raise scenario.refuse(change.line, t("công trình {name} được ghi hai lần.").format(name=name), language)
            named.add(name)
    for change in scenario.changes:
        for name in change.works:
            if whole := next((w for w in _wholes_of(name, whole_of) if w in named), ""):
                message = t("công trình {name} là một phần của {whole}, cũng được ghi trong kịch bản.").format(
                    name=name, whole=whole
                )
                raise scenario.refuse(change.line, message, language)


def _wholes_of(name: str, whole_of: dict[str, str]) -> list[str]:
    """The works of which a work is a part, from the nearest out."""
    chain: list[str] = []
    while (name := whole_of.get(name, "")) and name not in chain:
        chain.append(name)
    return chain


def _row(work: Work, cost: Fraction | None, thresholds: pd.DataFrame, language: str) -> Row:
    remark = _obstacle(work, thresholds, language)
    return {
        "work": work.name,
        **{c: getattr(work, c) for c in ("item", "source", "indicator", "part", "unit")},
        "cost": cost,
        "added": None if remark else _added(work, thresholds),
        "remark": remark,
    }


def _added(work: Work, thresholds: pd.DataFrame) -> Fraction:
    """Units by which the work moves its indicator: of what there should be fewer, it takes away."""
    rule = sure(_rule(work, thresholds))
    return sure(work.quantity) * (-1 if rule["operator"] in AT_MOST else 1)


def _rule(work: Work, thresholds: pd.DataFrame) -> Row | None:
    """The row of ``thresholds`` that the work counts for: that of its part alone, where it names one."""
    found = thresholds[(thresholds["indicator"] == work.indicator) & (thresholds["part"] == work.part)]
    return None if found.empty else found.iloc[0].to_dict()


def _obstacle(work: Work, thresholds: pd.DataFrame, language: str) -> str:
    """Why the quantity of a work cannot be added to its indicator; empty: it can."""
    t = translator(language)
    if work.state in _DONE:
        return t("công trình đã xong, kết quả đã có trong số liệu")
    if work.quantity is None:
        return t("không ghi khối lượng")
    rule = _rule(work, thresholds)
    if rule is None:
        return t("không gắn với chỉ tiêu nào của bộ tiêu chí")
    if rule["join"]:
        return t("chỉ tiêu gồm nhiều nội dung, công trình không ghi nội dung nào")
    if unit_key(rule["count_unit"]) != unit_key(work.unit):
        return t("đơn vị của công trình không phải đơn vị của chỉ tiêu")
    return ""
