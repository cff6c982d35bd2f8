"""What funding a list of works does: what it costs, and how much it adds to which indicator."""

from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from ntm_lib.judge.amounts import AT_MOST, unit_key
from ntm_lib.language import translator
from ntm_lib.plan.frames import frame, records
from ntm_lib.plan.works import known_money, served, tree
from ntm_lib.tables import fraction

if TYPE_CHECKING:
    from ntm_lib.plan.scenario_model import Scenario

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
    by_id, (_, below) = {w["observation"]: w for w in records(works)}, tree(records(works))
    named = [by_id[name] for change in (scenario.changes if scenario else ()) for name in change.works]
    costs = [(work, known_money(work, below, "debt" if work["state"] in _DONE else "cost")) for work in named]
    with_served = [
        pair for work, cost in costs for pair in ((work, cost), *((row, Fraction(0)) for row in served(work, below)))
    ]
    return frame(FUNDED, (_row(work, cost, thresholds, language) for work, cost in with_served))


def added_by_works(
    scenario: "Scenario", works: pd.DataFrame, thresholds: pd.DataFrame
) -> dict[tuple[str, str], tuple[Fraction, int]]:
    """Units that the funded works add, by (indicator, part), with the line of the file that funds them."""
    by_id, (_, below) = {w["observation"]: w for w in records(works)}, tree(records(works))
    added: dict[tuple[str, str], tuple[Fraction, int]] = {}
    for change in scenario.changes:
        for name in change.works:
            for work in (by_id[name], *served(by_id[name], below)):
                if not _obstacle(work, thresholds, "vi"):
                    key = work["indicator"], work["part"]
                    total, line = added.get(key, (Fraction(0), change.line))
                    added[key] = total + _added(work, thresholds), line
    return added


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


def _row(work: dict, cost: Fraction | None, thresholds: pd.DataFrame, language: str) -> dict:
    remark = _obstacle(work, thresholds, language)
    return {
        "work": work["observation"],
        **{c: work[c] for c in ("item", "source", "indicator", "part", "unit")},
        "cost": cost,
        "added": None if remark else _added(work, thresholds),
        "remark": remark,
    }


def _added(work: dict, thresholds: pd.DataFrame) -> Fraction:
    """Units by which the work moves its indicator: of what there should be fewer, it takes away."""
    rule = _rule(work, thresholds)
    return fraction(work["quantity"]) * (-1 if rule["operator"] in AT_MOST else 1)


def _rule(work: dict, thresholds: pd.DataFrame) -> dict | None:
    """The row of ``thresholds`` that the work counts for: that of its part alone, where it names one."""
    found = thresholds[(thresholds["indicator"] == work["indicator"]) & (thresholds["part"] == work["part"])]
    return None if found.empty else found.iloc[0].to_dict()


def _obstacle(work: dict, thresholds: pd.DataFrame, language: str) -> str:
    """Why the quantity of a work cannot be added to its indicator; empty: it can."""
    t = translator(language)
    if work["state"] in _DONE:
        return t("công trình đã xong, kết quả đã có trong số liệu")
    if fraction(work["quantity"]) is None:
        return t("không ghi khối lượng")
    rule = _rule(work, thresholds)
    if rule is None:
        return t("không gắn với chỉ tiêu nào của bộ tiêu chí")
    if rule["join"]:
        return t("chỉ tiêu gồm nhiều nội dung, công trình không ghi nội dung nào")
    if unit_key(rule["count_unit"]) != unit_key(work["unit"]):
        return t("đơn vị của công trình không phải đơn vị của chỉ tiêu")
    return ""
