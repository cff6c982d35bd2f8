"""How sure each scenario is, and its cheapest plan where costs are known. A chance is shown as such, never as a verdict."""

from dataclasses import dataclass

import pandas as pd

from ntm_lib import rules
from ntm_lib.doc.blocks import Block, Column, bullets, callout, paragraph, stack, strong, table_of
from ntm_lib.judge.history import columns_of, judge_year
from ntm_lib.language import number, percent, term
from ntm_lib.plan.choices import (
    Best,
    Offer,
    best_plan,
    goals_of,
    limits_of_funding,
    offer_of_scenario,
    offer_of_works,
    source_name,
    together,
)
from ntm_lib.plan.needs import wholes_of
from ntm_lib.plan.scenario import apply_scenario
from ntm_lib.plan.scenario_model import Scenario, Uncertainty
from ntm_lib.plan.simulate import planned_by_scenario, simulate
from ntm_lib.report.context import Report, Row
from ntm_lib.report.explorer_model import likely
from ntm_lib.report.facts import indicator_label
from ntm_lib.report.scenario_pages import Compared, ruled
from ntm_lib.tables import records


@dataclass(frozen=True)
class Judged:
    """Indicators and criteria of one state of affairs, by the rules of ``report``."""

    report: Report
    thresholds: pd.DataFrame
    indicators: pd.DataFrame
    criteria: pd.DataFrame


def chances(compared: Compared) -> Block:
    """For each scenario that states its uncertainty: the range of each indicator and the chance of each criterion."""
    t = compared.report.t
    silent = [s.title for s in compared.scenarios if not s.uncertainty]
    blocks = [_chance(compared, s, s.uncertainty) for s in compared.scenarios if s.uncertainty]
    if silent:
        text = t("Không ước tính được, vì kịch bản không nêu mức dao động: {names}.")
        blocks.append(paragraph(text.format(names="; ".join(silent))))
    return stack(*blocks)


def cheapest(compared: Compared) -> Block:
    """For each scenario the cheapest choice among what has a cost; what is left out is said."""
    offers = {scenario.name: _offer(compared, scenario) for scenario in compared.scenarios}
    blocks = [_cheapest(compared, s, offers[s.name]) for s in compared.scenarios if offers[s.name].options]
    titles = {scenario.name: scenario.title for scenario in compared.scenarios}
    nothing: dict[str, list[str]] = {}
    for name, offer in offers.items():
        if not offer.options:
            nothing.setdefault(_nothing_to_choose(compared.report, offer), []).append(titles[name])
    return stack(*blocks, *(paragraph(strong("; ".join(names)), ": ", text) for text, names in nothing.items()))


def judged_now(compared: Compared, scenario: Scenario) -> Judged:
    """The present, by the rules of a scenario."""
    return _judged(ruled(compared.report, scenario), compared.report.observations, compared.now)


def judged_under(compared: Compared, scenario: Scenario) -> Judged:
    """What the scenario assumes, by its rules."""
    whole = compared.report
    report = ruled(whole, scenario)
    thresholds = report.of_year("thresholds", report.year)
    assumed = apply_scenario(
        whole.observations, whole.works, scenario, report.year, report.rule_set.id, thresholds, whole.language
    )
    return _judged(report, assumed, report.year)


def _judged(report: Report, observations: pd.DataFrame, year: int) -> Judged:
    run = report.parameters
    columns = columns_of(report.rule_set, report.commune, report.year, run.region, run.language, run.strict)
    found = judge_year(observations, report.rule_set, columns, year, run.language)
    return Judged(report, report.of_year("thresholds", report.year), found.indicators, found.criteria)


def _chance(compared: Compared, scenario: Scenario, uncertainty: Uncertainty) -> Block:
    now, after = judged_now(compared, scenario), judged_under(compared, scenario)
    report, t = now.report, now.report.t
    planned = planned_by_scenario(scenario, report.year, compared.report.works, now.thresholds)
    drawn = simulate(
        now.indicators, after.indicators, after.criteria, now.thresholds, planned, uncertainty, report.language
    )
    if drawn.indicators.empty:
        return paragraph(t("{title}: không có số lượng nào để ước tính.").format(title=scenario.title))
    chances_of = [row for row in drawn.criteria.to_dict("records") if row["text"]]
    lines = [
        t("Tiêu chí {number} ({name}): {text}").format(
            number=row["criterion"],
            name=rules.criterion_name(report.rule_set, row["criterion"], report.language),
            text=row["text"],
        )
        for row in chances_of
    ]
    return stack(
        callout("info", strong(t("Ước tính, không phải kết luận. ")), drawn.note),
        _ranges(report, scenario, drawn.indicators.to_dict("records")),
        bullets(lines),
    )


def _ranges(report: Report, scenario: Scenario, rows: list[Row]) -> Block:
    t = report.t
    return table_of(
        rows,
        t("Khoảng kết quả cuối năm {year}: {title}").format(year=report.year, title=scenario.title),
        f"chance-{scenario.name}",
        (Column(t("Chỉ tiêu"), row_header=True, width="34%"), lambda row: indicator_label(report, row)),
        (Column(t("Trước kế hoạch"), align="right"), lambda row: _figure(report, row, "now")),
        (Column(t("Kế hoạch thêm"), align="right"), lambda row: _figure(report, row, "planned")),
        (
            Column(t("Cuối năm: thấp – giữa – cao"), align="right"),
            lambda row: " – ".join(_figure(report, row, level) for level in ("low", "middle", "high")),
        ),
        (Column(t("Ngưỡng"), align="right"), lambda row: _asked(report, row)),
        (Column(t("Khả năng đạt"), align="right"), lambda row: likely(row["chance"], report.language)),
        note=t("Thấp: 5% số lần rút nằm dưới mức này; giữa: 50%; cao: 95%."),
    )


def _figure(report: Report, row: Row, what: str) -> str:
    shown = number(row[what], report.language)
    if what == "now" and row["whole"]:
        return f"{shown}/{number(row['whole'], report.language)} {term(row['unit'], report.language)}"
    return ("+" if what == "planned" and not row[what].startswith("-") else "") + shown


def _asked(report: Report, row: Row) -> str:
    operator, _, border = row["threshold"].partition(" ")
    if not border:
        return report.t("chưa biết")
    sign = {">=": "≥", "<=": "≤"}.get(operator, operator)
    return f"{sign} {percent(border, report.language, None) if row['whole'] else number(border, report.language)}"


def _offer(compared: Compared, scenario: Scenario) -> Offer:
    """What can be chosen from: the open works of the year, and the additions of the scenario."""
    report = ruled(compared.report, scenario)
    thresholds = report.of_year("thresholds", report.year)
    works = compared.report.of_year("works", report.year)
    return together(offer_of_works(works, thresholds), offer_of_scenario(scenario, thresholds))


def _cheapest(compared: Compared, scenario: Scenario, offer: Offer) -> Block:
    now = judged_now(compared, scenario)
    report, works = now.report, compared.report.of_year("works", now.report.year)
    limits = scenario.limits or limits_of_funding(compared.report.funding, report.year)
    goals = goals_of(now.indicators, now.thresholds, now.criteria, wholes_of(report.commune))
    best = best_plan(offer, goals, limits, scenario.wanted, works, report.language)
    return stack(paragraph(strong(scenario.title), lead=True), _chosen(report, scenario, best), bullets(best.sentences))


def _nothing_to_choose(report: Report, offer: Offer) -> str:
    t = report.t
    if not offer.without_cost:
        return t("Không có công trình hay việc nào để chọn.")
    ids = set(report.works["observation"])
    works = sum(name in ids for name in offer.without_cost)
    text = t(
        "{works} công trình của kế hoạch và {additions} việc của kịch bản chưa ghi chi phí nên chưa tìm được phương án rẻ nhất; cần bổ sung chi phí từng việc."
    )
    return text.format(works=works, additions=len(offer.without_cost) - works)


def _chosen(report: Report, scenario: Scenario, best: Best) -> Block:
    """The table of what is chosen; a sentence where nothing has to be, nothing where no plan exists."""
    t = report.t
    if best.plan is None:
        return stack()
    if best.chosen.empty:
        return paragraph(t("Không phải làm thêm gì trong những việc đã ghi chi phí."))

    def sources(row: Row) -> str:
        return ", ".join(source_name(s, report.language) for s in row["source"].split(";") if s) or "–"

    return table_of(
        records(best.chosen),
        t("Phương án rẻ nhất: {title}").format(title=scenario.title),
        f"cheapest-{scenario.name}",
        (Column(t("Việc được chọn"), row_header=True, width="36%"), lambda row: row["item"] or row["work"]),
        (Column(t("Thôn")), lambda row: row["village"] or "–"),
        (Column(t("Nguồn vốn")), sources),
        (Column(t("Chỉ tiêu")), lambda row: row["indicator"].replace(";", ", ")),
        (Column(t("Làm"), align="right"), lambda row: f"{row['steps']}/{row['of']}"),
        (Column(t("Chi phí (triệu đồng)"), align="right"), lambda row: number(row["cost"], report.language)),
    )
