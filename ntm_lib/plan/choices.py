"""From the commune's tables to the optimiser's question, and from its answer back to tables and words."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from ntm_lib.judge.amounts import AT_MOST, unit_key
from ntm_lib.language import number, translator
from ntm_lib.model import Row, sure
from ntm_lib.plan.needs import is_counted, need
from ntm_lib.plan.optimise import Gain, Goal, Limit, Limits, Option, Plan, binding_limits, cheapest_plan
from ntm_lib.plan.relax import Relaxation, what_must_give
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.plan.works import Below, Work, is_complete, known_money, served, tree, works_of
from ntm_lib.tables import fraction, frame, records

HOUSEHOLD = "hộ"
_OPEN = ("planned", "requested", "under-way", "")  # what is built already is in the results

CHOSEN = {
    "work": "id of the work, or the indicator of an addition",
    "item": "the work, in the words of the plan; empty for an addition",
    "village": "village",
    "source": "sources of funds, joined by ;",
    "indicator": "indicators it serves, with part, joined by ;",
    "steps": "steps taken",
    "of": "steps there are",
    "cost": "million đồng of the steps taken",
}


class Best(NamedTuple):
    """The cheapest plan, or, without one, what must give. ``chosen``: columns ``CHOSEN``; ``sentences`` say the rest."""

    plan: Plan | None
    chosen: pd.DataFrame
    sentences: list[str]


class Offer(NamedTuple):
    """What can be chosen from, and the ids of what cannot: without a cost, without a countable effect."""

    options: tuple[Option, ...]
    without_cost: tuple[str, ...]
    without_effect: tuple[str, ...]


def best_plan(
    offer: Offer,
    goals: Sequence[Goal],
    limits: Limits,
    wanted: Sequence[str],
    works: pd.DataFrame,
    language: str = "vi",
) -> Best:
    """The cheapest plan in tables and words: what is chosen, which limits bind, what must give, what was left out."""
    t = translator(language)
    plan = cheapest_plan(offer.options, goals, limits, wanted)
    if plan:
        sentences = in_words(binding_limits(offer.options, goals, limits, wanted), language)
    else:
        relaxation = what_must_give(offer.options, goals, limits, wanted)
        sentences = [t("Không có phương án nào đạt hết các tiêu chí {criteria}.").format(criteria=", ".join(wanted))]
        sentences += relaxed_in_words(relaxation, language)
    if offer.without_cost:
        sentences.append(t("Không cân nhắc vì chưa ghi chi phí: {works}.").format(works=", ".join(offer.without_cost)))
    if offer.without_effect:
        text = t("Không cân nhắc vì không tính được đóng góp vào chỉ tiêu: {works}.")
        sentences.append(text.format(works=", ".join(offer.without_effect)))
    return Best(plan, chosen(plan, offer.options, works) if plan else frame(CHOSEN, []), sentences)


def together(*offers: Offer) -> Offer:
    """Several offers as one."""
    return Offer(
        tuple(x for offer in offers for x in offer.options),
        tuple(x for offer in offers for x in offer.without_cost),
        tuple(x for offer in offers for x in offer.without_effect),
    )


def goals_of(
    indicators: pd.DataFrame, thresholds: pd.DataFrame, criteria: pd.DataFrame, wholes: Mapping[str, int] | None = None
) -> list[Goal]:
    """What each applicable indicator still lacks, from the tables of one year.

    Where an indicator has parts, each part is a goal. An indicator without figures counts as kept
    where the commune declares its criterion met, even if a figure contradicts the declaration in
    another indicator; otherwise no number of works can be said to meet it.
    """
    rules = {(r["indicator"], r["part"]): r for r in records(thresholds)}
    declared = {r["criterion"] for r in records(criteria) if "met" in (r["verdict"], r["declared"])}
    rows = records(indicators)
    goals = []
    for row in rows:
        rule = rules[row["indicator"], row["part"]]
        if row["verdict"] == "not-applicable" or rule["join"]:  # what has parts is met through them
            continue
        whole = row["indicator"], row["part"].rpartition(".")[0]
        any_of = "".join(whole) if row["part"] and rules[whole]["join"] == "any" else ""
        goals.append(
            Goal(row["criterion"], row["indicator"], row["part"], _lack(row, rule, declared, wholes or {}), any_of)
        )
    return goals


def offer_of_works(works: pd.DataFrame, thresholds: pd.DataFrame) -> Offer:
    """The open works of the table as options; a work for households can be done for some of them.

    Of a whole with parts the parts are offered, where each has its cost; else the whole.
    """
    rules = {(r["indicator"], r["part"]): r for r in records(thresholds)}
    options, without_cost, without_effect = [], [], []
    top, below = tree(work for work in works_of(works) if work.state in _OPEN)
    for work in (leaf for whole in top for leaf in _leaves(whole, below)):
        effects = _effects([work, *served(work, below)], rules)
        cost = known_money(work, below, "cost")
        if not effects:
            without_effect.append(work.name)
        elif cost is None:
            without_cost.append(work.name)
        else:
            options.append(_option(work, cost, effects))
    return Offer(tuple(options), tuple(without_cost), tuple(without_effect))


def offer_of_scenario(scenario: Scenario, thresholds: pd.DataFrame) -> Offer:
    """The additions of a scenario that state a cost, as options that can be done in part, by village."""
    rules = {(r["indicator"], r["part"]): r for r in records(thresholds)}
    options, without_cost = [], []
    for place, change in enumerate(scenario.changes, start=1):
        if change.op != "add":
            continue
        if change.cost is None:
            without_cost.append(change.target)
            continue
        rule = rules[change.key]
        sign = -1 if rule["operator"] in AT_MOST else 1
        for village, amount in change.villages or (("", change.amount),):
            units = sign * amount
            if units > 0:
                share = change.cost * amount / change.amount
                options.append(
                    _addition(
                        f"{change.target}#{place}{'@' + village if village else ''}",
                        change.key,
                        village,
                        units,
                        share,
                        rule,
                    )
                )
    return Offer(tuple(options), tuple(without_cost), ())


def limits_of_funding(funding: pd.DataFrame, year: int) -> Limits:
    """The planned amount of each source of the year as its budget."""
    rows = [r for r in records(funding) if r["year"] == year and r["source"] != "total" and r["planned"]]
    return Limits(budgets={r["source"]: sure(fraction(r["planned"])) for r in rows})


def chosen(plan: Plan, options: Iterable[Option], works: pd.DataFrame) -> pd.DataFrame:
    """The works of a plan, columns ``CHOSEN``, in the order offered."""
    items = {w["observation"]: w["item"] for w in records(works)}
    rows = (
        {
            "work": o.work,
            "item": items.get(o.work, ""),
            "village": o.village,
            "source": ";".join(s for s in o.cost if s),
            "indicator": ";".join("".join(key) for key in o.effects),
            "steps": str(plan.chosen[o.work]),
            "of": str(o.steps),
            "cost": sum(o.cost.values(), Fraction(0)) * plan.chosen[o.work] / o.steps,
        }
        for o in options
        if o.work in plan.chosen
    )
    return frame(CHOSEN, rows)


def in_words(gains: Iterable[Gain], language: str = "vi") -> list[str]:
    """A sentence for each limit that binds."""
    t = translator(language)
    sentences = []
    for gain in gains:
        name = limit_name(gain.limit, language)
        bound = number(gain.bound, language)
        if gain.more_criteria:
            text = t("{limit} (mức {bound}) là giới hạn: nới ra thì đạt thêm tiêu chí {criteria}.")
            sentences.append(text.format(limit=name, bound=bound, criteria=", ".join(gain.more_criteria)))
        else:
            text = t("{limit} (mức {bound}) là giới hạn: nới ra thì giảm được {cost} triệu đồng.")
            sentences.append(text.format(limit=name, bound=bound, cost=number(gain.less_cost, language)))
    return sentences


def relaxed_in_words(relaxation: Relaxation, language: str = "vi") -> list[str]:
    """What must give, one sentence for each thing; empty where nothing has to."""
    t = translator(language)
    sentences = [
        t("Tiêu chí {criterion}: không có công trình nào tính được là làm cho đạt.").format(criterion=c)
        for c in relaxation.blocked
    ]
    for (indicator, part), units in relaxation.missing.items():
        text = t("Chỉ tiêu {indicator}: làm hết các công trình vẫn thiếu {units}.")
        sentences.append(text.format(indicator=indicator + part, units=number(units, language)))
    for limit, over in relaxation.exceeded.items():
        unit = t("hộ") if limit[0] == "households" else t("triệu đồng")
        text = t("{limit}: phải tăng thêm {over} {unit}.")
        sentences.append(text.format(limit=limit_name(limit, language), over=number(over, language), unit=unit))
    return sentences


def limit_name(limit: Limit, language: str = "vi") -> str:
    """``("budget", "dtts")`` → words; the source stays a code where it is none of the usual nine."""
    t = translator(language)
    kind, name = limit
    if kind == "total":
        return t("Tổng kinh phí")
    if kind == "households":
        return t("Số hộ vận động ở thôn {village}").format(village=name)
    return t("Nguồn vốn {source}").format(source=source_name(name, language))


def source_name(source: str, language: str = "vi") -> str:
    """Usual name of a source of funds by its code; the code itself where it is another."""
    t = translator(language)
    names = {
        "central": t("ngân sách trung ương"),
        "ntm": t("CTMTQG xây dựng nông thôn mới"),
        "dtts": t("CTMTQG vùng dân tộc thiểu số và miền núi"),
        "poverty": t("CTMTQG giảm nghèo bền vững"),
        "province": t("ngân sách tỉnh"),
        "district": t("ngân sách huyện"),
        "credit": t("tín dụng"),
        "enterprises": t("doanh nghiệp"),
        "people": t("nhân dân đóng góp"),
        "other": t("xã hội hóa khác"),
        "": t("chưa ghi nguồn"),
    }
    return names.get(source, source)


def _lack(row: Row, rule: Row, declared: set[str], wholes: Mapping[str, int]) -> Fraction | None:
    if row["verdict"] == "met":
        return Fraction(0)
    if row["verdict"] == "no-data":
        return Fraction(0) if row["criterion"] in declared else None
    countable = rule["kind"] in ("number", "none") or (rule["kind"] == "share" and row["denominator"])
    return need(row, rule, wholes).missing if countable else None


def _leaves(work: Work, below: Below) -> list[Work]:
    """What can be chosen of a work: its parts, where each has its cost and they are all of it, else the work as one."""
    parts = below.get(work.name, [])
    if parts and all(p.cost is not None for p in parts) and is_complete(work, parts):
        return [leaf for part in parts for leaf in _leaves(part, below)]
    return [work]


def _effects(works: Iterable[Work], rules: Mapping[tuple[str, str], Row]) -> dict[tuple[str, str], Fraction]:
    """Units brought by (indicator, part)."""
    effects: dict[tuple[str, str], Fraction] = {}
    for work in works:
        if _brings(work, rules.get(work.key)):
            effects[work.key] = effects.get(work.key, Fraction(0)) + sure(work.quantity)
    return effects


def _brings(work: Work, rule: Row | None) -> bool:
    """Whether the quantity of a work is in the unit that its indicator is counted in."""
    if rule is None or rule["join"] or work.quantity is None:
        return False
    return unit_key(rule["count_unit"]) == unit_key(work.unit)


def _option(work: Work, cost: Fraction, effects: Mapping[tuple[str, str], Fraction]) -> Option:
    quantity = work.quantity
    for_households = unit_key(work.unit) == HOUSEHOLD and quantity is not None and quantity.denominator == 1
    return Option(
        work=work.name,
        cost={work.source: cost},
        effects=effects,
        village=work.village if ";" not in work.village else "",
        households=sure(quantity) if for_households else Fraction(0),
        steps=int(sure(quantity)) if for_households else 1,
    )


def _addition(name: str, key: tuple[str, str], village: str, units: Fraction, cost: Fraction, rule: Row) -> Option:
    whole = is_counted(rule["count_unit"]) and units.denominator == 1
    households = units if unit_key(rule["count_unit"]) == HOUSEHOLD else Fraction(0)
    return Option(name, {"": cost}, {key: units}, village, households, int(units) if whole else 1)
