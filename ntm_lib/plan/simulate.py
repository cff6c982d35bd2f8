"""How sure a plan is: year-end values drawn from stated uncertainties, and the chance of each criterion.

A chance is no verdict and never becomes one. Draws are seeded: the same plan, uncertainties and
seed give the same chances on every machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from ntm_lib.judge.amounts import AT_LEAST, AT_MOST
from ntm_lib.judge.observations import JUDGED_TABLES
from ntm_lib.language import number, percent, translator
from ntm_lib.model import Row, sure
from ntm_lib.plan.money import added_by_works
from ntm_lib.plan.needs import HUNDREDTH, is_counted, need
from ntm_lib.plan.scenario_model import Key, Scenario, Uncertainty
from ntm_lib.tables import fraction, frame, natural_key, records

LOW, MIDDLE, HIGH = 5, 50, 95  # percent of the draws that lie below

INDICATORS = {
    "criterion": "criterion",
    "indicator": "indicator",
    "part": "part",
    "unit": "unit of now, planned, low, middle, high",
    "now": "numerator or level before the plan",
    "planned": "what the plan adds, signed; for growth the percent a year",
    "low": "numerator or level that 5 % of the draws lie below",
    "middle": "numerator or level that half of the draws lie below",
    "high": "numerator or level that 95 % of the draws lie below",
    "whole": "denominator; empty: not a share",
    "threshold": "operator and threshold; empty: not known",
    "chance": "percent of the draws that meet the threshold; empty: no threshold",
}

CRITERIA = {
    "criterion": "criterion",
    "chance": "percent of the draws in which every indicator is met; empty: it cannot be said",
    "simulated": "number of indicators and parts drawn",
    "certain": "number judged by a value that is not drawn",
    "declared": "number without figures, taken as the commune declares them",
    "unknown": "number of which nothing is known: why there is no chance",
    "text": "what the chance means, in the language of the run",
}


@dataclass(frozen=True)
class Planned:
    """What is uncertain of one indicator: ``amount`` units added (``done`` of them already), or ``growth`` a year."""

    amount: Fraction = Fraction(0)
    done: Fraction = Fraction(0)
    years: int = 0  # of growth; 0: an addition


@dataclass(frozen=True)
class Simulation:
    """Ranges by indicator and chances by criterion (columns INDICATORS, CRITERIA), and how they were drawn."""

    indicators: pd.DataFrame
    criteria: pd.DataFrame
    note: str


def simulate(
    before: pd.DataFrame,
    after: pd.DataFrame,
    criteria: pd.DataFrame,
    thresholds: pd.DataFrame,
    planned: Mapping[tuple[str, str], Planned],
    uncertainty: Uncertainty,
    language: str = "vi",
) -> Simulation:
    """Draws the year's end ``uncertainty.draws`` times.

    ``before``: indicators of the year without what is planned (its rows give numerator and level),
    ``after``: indicators with the plan, which stand for everything that is not drawn; both judged
    by ``thresholds``. ``criteria`` tells what the commune declares.
    """
    rules = {(r["indicator"], r["part"]): r for r in records(thresholds)}
    base = {(r["indicator"], r["part"]): r for r in records(before)}
    random = np.random.Generator(np.random.PCG64(uncertainty.seed))
    rows, met = [], {}
    for key in sorted(planned):  # one stream of numbers: the order decides which draw belongs to which indicator
        if key in base and (levels := _draw(base[key], rules[key], planned[key], uncertainty, random)) is not None:
            met[key] = _meets(levels, base[key], rules[key])
            rows.append(_row(base[key], rules[key], planned[key], levels, met[key]))
    chances = [_chance(c, records(after), rules, met, language) for c in records(criteria)]
    return Simulation(frame(INDICATORS, rows), frame(CRITERIA, chances), _note(uncertainty, language))


def triangular(uniform: np.ndarray, low: float, likely: float, high: float) -> np.ndarray:
    """Uniform draws as draws of the triangular distribution; a width of nothing is a fixed value."""
    if high == low:
        return np.full_like(uniform, low)
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(uniform * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - likely))
    return np.where(uniform < turn, rising, falling)


def _draw(
    row: Row, rule: Row, planned: Planned, uncertainty: Uncertainty, random: np.random.Generator
) -> np.ndarray | None:
    """Numerators or levels at the year's end, one a draw; None where there is nothing to add to or to draw from."""
    now = fraction(row["numerator"]) if rule["kind"] == "share" else fraction(row["value"])
    spread = uncertainty.growth if planned.years else uncertainty.delivery
    if now is None or spread is None:
        return None
    rate = triangular(random.random(uncertainty.draws), *map(float, spread)) / 100
    if planned.years:
        return np.asarray(float(now) * (1 + rate) ** planned.years)
    step = _step(rule)
    open_steps = float((abs(planned.amount) - planned.done) / step)
    # A household is done or not done: what is begun does not count. The tiny addition undoes binary rounding.
    delivered = np.floor(np.maximum(open_steps, 0) * rate + 1e-9) * float(step) + float(planned.done)
    return np.asarray(float(now) + np.copysign(delivered, float(planned.amount)))


def _step(rule: Row) -> Fraction:
    return Fraction(1) if rule["kind"] in ("share", "none", "level") and is_counted(rule["count_unit"]) else HUNDREDTH


def _meets(levels: np.ndarray, row: Row, rule: Row) -> np.ndarray | None:
    """Which draws meet the threshold; None where it is not known."""
    enough = fraction(need(row, rule, {}).needed)
    if enough is None:
        return None
    slack = float(_step(rule)) / 1000  # levels are on a grid far coarser than this
    if rule["operator"] in AT_LEAST:
        return levels >= float(enough) - slack
    return levels <= float(enough) + slack if rule["operator"] in AT_MOST else None


def _row(row: Row, rule: Row, planned: Planned, levels: np.ndarray, met: np.ndarray | None) -> Row:
    low, middle, high = np.percentile(levels, [LOW, MIDDLE, HIGH], method="lower")
    is_share = rule["kind"] == "share"
    return {
        **{c: row[c] for c in ("criterion", "indicator", "part")},
        "unit": rule["count_unit"] if is_share else rule["unit"],
        "now": row["numerator"] if is_share else row["value"],
        "planned": planned.amount,
        **{name: _hundredths(level) for name, level in (("low", low), ("middle", middle), ("high", high))},
        "whole": row["denominator"] if is_share else "",
        "threshold": f"{rule['operator']} {rule['threshold']}" if rule["threshold"] else "",
        "chance": None if met is None else _percent(met),
    }


def _chance(criterion: Row, after: list[Row], rules: Mapping[Key, Row], met: Mapping[Key, Any], language: str) -> Row:
    """Chance of one criterion: drawn parts by draw, judged ones as judged, declared ones as declared."""
    rows = [r for r in after if r["criterion"] == criterion["criterion"] and r["verdict"] != "not-applicable"]
    rows = [r for r in rows if not rules[r["indicator"], r["part"]]["join"]]  # what has parts is met through them
    drawn = [met[k] for r in rows if (k := (r["indicator"], r["part"])) in met and met[k] is not None]
    others = [r for r in rows if met.get((r["indicator"], r["part"])) is None]
    judged = [r for r in others if r["verdict"] in ("met", "unmet")]
    silent = len(others) - len(judged)
    declared = silent if criterion["verdict"] == "met" or criterion["declared"] == "met" else 0
    counts = {
        "simulated": str(len(drawn)),
        "certain": str(len(judged)),
        "declared": str(declared),
        "unknown": str(silent - declared),
    }
    chance = None
    if drawn and silent == declared:
        every = np.logical_and.reduce(drawn) & all(r["verdict"] == "met" for r in judged)
        chance = _percent(every)
    return {
        "criterion": criterion["criterion"],
        "chance": chance,
        **counts,
        "text": _text(chance, declared, len(drawn), language),
    }


def _percent(met: np.ndarray) -> Fraction:
    return Fraction(int(met.sum()) * 100, len(met))


def _hundredths(level: float) -> Fraction:
    return Fraction(round(level * 100), 100)


def _text(chance: Fraction | None, declared: int, drawn: int, language: str) -> str:
    t = translator(language)
    if not drawn:
        return ""
    if chance is None:
        return t("Có chỉ tiêu chưa có số liệu và chưa được công bố: không ước tính được.")
    # No number of draws makes anything certain.
    shown = t("trên 99%") if chance > 99 else t("dưới 1%") if chance < 1 else percent(chance, language, 0)
    text = t("Khả năng ước tính {chance}, không phải kết luận đạt hay chưa đạt.").format(chance=shown)
    if declared:
        text += " " + t("{count} chỉ tiêu không có số liệu được coi là giữ như công bố.").format(count=declared)
    return text


def _note(uncertainty: Uncertainty, language: str) -> str:
    t = translator(language)
    pieces = [
        t("{name} thấp nhất {low}, nhiều khả năng {likely}, cao nhất {high}").format(
            name=name, **{k: percent(v, language, 0) for k, v in zip(("low", "likely", "high"), spread, strict=True)}
        )
        for name, spread in (
            (t("mức thực hiện kế hoạch"), uncertainty.delivery),
            (t("mức tăng hằng năm"), uncertainty.growth),
        )
        if spread
    ]
    text = t("Rút ngẫu nhiên {draws} lần: {ranges}. Căn cứ: {reason}")
    return text.format(
        draws=number(uncertainty.draws, language),
        ranges="; ".join(pieces),
        reason=uncertainty.reason,
    )


def plan_rows(observations: pd.DataFrame, year: int) -> list[Row]:
    """Rows of observations that plan an addition for the whole commune in ``year``, with a number."""
    return [r for r in _planned(observations, year, "change") if _amount(r) is not None]


def level_rows(observations: pd.DataFrame, year: int) -> list[Row]:
    """Rows that plan a level for the whole commune in ``year``: an income, a share, a degree."""
    return [r for r in _planned(observations, year, "target") if fraction(r["value"]) is not None]


def _planned(observations: pd.DataFrame, year: int, kind: str) -> list[Row]:
    rows = records(observations[(observations["year"] == year) & (observations["kind"] == kind)])
    return [r for r in rows if not r["village"] and r["table"] in JUDGED_TABLES and r["indicator"]]


def left_as_planned(scenario: Scenario, observations: pd.DataFrame, year: int) -> list[str]:
    """Indicators of which the plan of ``year`` names a level or an addition and the scenario says nothing, in their order."""
    known = {(r["indicator"], r["part"]) for rows in (plan_rows, level_rows) for r in rows(observations, year)}
    assumed = {change.key for change in scenario.changes} | {(a.indicator, a.part) for a in scenario.typed}
    return sorted(("".join(key) for key in known - assumed), key=natural_key)


def planned_by_plan(observations: pd.DataFrame, year: int) -> dict[Key, Planned]:
    """Additions that the plan of ``year`` makes, by (indicator, part).

    What two documents plan differently is left out: which of them holds is not for us to choose.
    """
    by_key: dict[Key, dict[str, Fraction]] = {}
    for row in plan_rows(observations, year):
        documents = by_key.setdefault((row["indicator"], row["part"]), {})
        documents[row["document"]] = documents.get(row["document"], Fraction(0)) + sure(_amount(row))
    return {key: Planned(next(iter(plans.values()))) for key, plans in by_key.items() if len(set(plans.values())) == 1}


def planned_by_scenario(
    scenario: Scenario, year: int, works: pd.DataFrame, thresholds: pd.DataFrame
) -> dict[Key, Planned]:
    """Additions, funded works and growth that a scenario assumes, by (indicator, part); what it sets is taken as certain.

    ``thresholds`` are those that judge the scenario.
    """
    planned = {key: Planned(amount) for key, (amount, _) in added_by_works(scenario, works, thresholds).items()}
    for change in scenario.changes:
        if change.op == "add":
            before = planned.get(change.key, Planned())
            planned[change.key] = Planned(before.amount + change.amount)
        elif change.op == "grow" and year > scenario.base_year:
            planned[change.key] = Planned(change.amount, years=year - scenario.base_year)
    return planned


def _amount(row: Row) -> Fraction | None:
    return fraction(row["numerator"] or row["value"])
