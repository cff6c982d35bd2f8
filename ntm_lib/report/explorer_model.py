"""What is behind the sliders: the run under the values tried, and what is said of it. No widget in here: ``sliders`` shows it."""

import datetime
import os
from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from ntm_lib import paths, rules, tables
from ntm_lib.doc.blocks import Column, Inline, html_text, inline, table_of
from ntm_lib.doc.style import TEMPLATES, badge
from ntm_lib.errors import NtmError, readable
from ntm_lib.existing import SLUG
from ntm_lib.judge import in_numbers_of
from ntm_lib.judge.history import columns_of
from ntm_lib.language import number, percent, term, translator
from ntm_lib.plan.live import Answer, Lever, Live
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.plan.scenario_model import Key, Uncertainty, scenario_text
from ntm_lib.plan.side_by_side import present_year
from ntm_lib.plan.simulate import Planned, simulate
from ntm_lib.report.context import Report, Row
from ntm_lib.report.papers.form import place_name
from ntm_lib.report.sections.evidence import required_text
from ntm_lib.report.sections.standing import figure_word, margin_text, spare_text, threshold_text, value_text

FACTS = ("name", "title", "author", "date", "reason")

DRAWS = 2_000  # enough for whole percents, soon enough for a moving slider

Amounts = Mapping[Key, Fraction]


class Model:
    """One commune and year under a planner's hands. ``start``: where the plan puts the levers; ``first``: what it gives."""

    def __init__(self, report: Report):
        observations = in_numbers_of(report.observations, report.rule_set.id, report.language)
        criteria = [c["id"] for c in report.rule_set.meta["criteria"]]
        base_year = present_year(report.observations, report.year)
        run = report.parameters
        columns = columns_of(report.rule_set, report.commune, report.year, run.region, run.language, run.strict)
        self.report = report
        self.live = Live(observations, columns, report.year, base_year, report.rule_set.id, criteria, report.language)
        self.levers: list[Lever] = self.live.levers()
        self.later = self._by_next_year(observations, base_year, criteria)
        self.start = {lever.key: lever.start for lever in self.levers}
        self.first = self.live.ask(self.start)

    def ask(self, moved: Amounts, unit_costs: Amounts) -> Answer:
        """Verdicts, margins and cost with the levers where they are."""
        return self.live.ask(moved, unit_costs)

    def _by_next_year(self, observations: pd.DataFrame, base_year: int, criteria: list[str]) -> Live | None:
        """The same figures by the thresholds of the next year; None where the rules end with this one."""
        report, run = self.report, self.report.parameters
        if not report.in_set(report.year + 1):
            return None
        columns = columns_of(report.rule_set, report.commune, report.year + 1, run.region, report.language, run.strict)
        return Live(observations, columns, report.year, base_year, report.rule_set.id, criteria, report.language)

    def next_year(self, moved: Amounts) -> dict[Key, Row]:
        """Indicator → its row by the thresholds of the next year; empty where there are none."""
        found = self.later.ask(moved).indicators if self.later else []
        return {(row["indicator"], row["part"]): row for row in found}

    def chances(self, moved: Amounts, spread: tuple[Fraction, Fraction, Fraction] | None) -> dict[Key, str]:
        """Indicator → percent of the draws that meet the threshold, where it is stated how much of a plan gets done
        (lowest, likeliest, highest percent); empty without: nobody's guess is made up.
        """
        if spread is None or not 0 <= spread[0] <= spread[1] <= spread[2]:
            return {}
        shares = {lever.key: moved[lever.key] for lever in self.levers if lever.whole is not None}
        before, after = (self.live.ask(amounts) for amounts in (dict.fromkeys(shares, Fraction(0)), moved))
        then, now, criteria = (pd.DataFrame(rows) for rows in (before.indicators, after.indicators, after.criteria))
        planned = {key: Planned(amount) for key, amount in shares.items() if amount}
        uncertainty = Uncertainty("", delivery=spread, seed=self.report.year, draws=DRAWS)
        drawn = simulate(then, now, criteria, pd.DataFrame(self.live.rules), planned, uncertainty, self.report.language)
        return {(row["indicator"], row["part"]): row["chance"] for row in tables.records(drawn.indicators)}

    def save(self, moved: Amounts, unit_costs: Amounts, facts: Mapping[str, str]) -> str:
        """Writes the scenario file and returns its place, as it may be shown.

        Raises NtmError, nothing written, where a fact is missing, the name is none or is taken, or
        where the file would not be accepted.
        """
        facts = {fact: facts.get(fact, "").strip() for fact in FACTS}
        self._refuse(facts)
        folder = paths.communes_folder() / self.report.parameters.commune / "scenarios"
        path = folder / f"{facts['name']}.yml"
        folder.mkdir(exist_ok=True)
        text = scenario_text(self.live.as_scenario(moved, unit_costs, **facts))
        try:
            with path.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
        except FileExistsError as error:
            raise NtmError(
                self.report.t("Đã có kịch bản tên này: {file}. Chọn tên khác.").format(file=paths.shown(path))
            ) from error
        try:
            load_scenario(self.report.parameters.commune, facts["name"], self.report.rule_set.id, self.report.language)
        except NtmError:
            os.unlink(path)
            raise
        return paths.shown(path)

    def _refuse(self, facts: Mapping[str, str]) -> None:
        t = self.report.t
        names = {
            "name": t("tên tệp"),
            "title": t("tiêu đề"),
            "author": t("người lập"),
            "date": t("ngày"),
            "reason": t("lý do"),
        }
        empty = [names[fact] for fact in FACTS if not facts[fact]]
        if empty:
            raise NtmError(t("Chưa ghi: {names}.").format(names=", ".join(empty)))
        if not SLUG.fullmatch(facts["name"]):
            text = t(
                "Tên tệp “{name}” không dùng được: chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối, ví dụ nha-tieu-30."
            )
            raise NtmError(text.format(name=readable(facts["name"])))
        try:
            datetime.date.fromisoformat(facts["date"])
        except ValueError as error:
            raise NtmError(
                t("Ngày “{date}” không đúng; viết như 2024-03-01.").format(date=readable(facts["date"]))
            ) from error


def style() -> str:
    """The style sheet, as the page holds it."""
    return f"<style>{(TEMPLATES / 'explorer.css').read_text(encoding='utf-8')}</style>"


def heading(model: Model) -> str:
    """What is explored, and that nothing on the screen is a result."""
    report, t = model.report, model.report.t
    title = t("Năm {year}, {place}").format(year=report.year, place=place_name(report))
    text = t(
        "Kéo thanh trượt: kết luận, chênh lệch và chi phí đổi theo. Đây là giả định, không phải kết quả; số liệu thật không bị đụng tới."
    )
    return f"<h2>{html_text(title)}</h2><p>{html_text(text)}</p>"


def lever_label(model: Model, lever: Lever) -> str:
    """``17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh`` and from where to where the lever goes."""
    report, t = model.report, model.report.t
    name = rules.indicator_name(report.rule_set, *lever.key, report.language)
    unit = term(lever.unit, report.language)
    if lever.whole is None:
        hint = t("mức, {unit}; kế hoạch {start}").format(unit=unit, start=number(lever.start, report.language))
    else:
        hint = t("thêm hoặc bớt, {unit}; hiện có {now}/{whole}, kế hoạch {start}").format(
            unit=unit,
            now=number(lever.now, report.language),
            whole=number(lever.whole, report.language),
            start=signed(lever.start, report.language),
        )
    return f"<b>{html_text(''.join(lever.key))} {html_text(name)}</b><br><small>{html_text(hint)}</small>"


def chance_label(model: Model) -> str:
    """What the three fields below ask for; without them no chance is told."""
    t = model.report.t
    title, hint = (
        t("Khả năng đạt"),
        t("ghi bao nhiêu phần việc thường làm xong trong năm, ví dụ 60, 85, 100; chưa ghi thì không ước tính"),
    )
    return f"<b>{html_text(title)}</b><br><small>{html_text(hint)}</small>"


def signed(amount: Fraction, language: str) -> str:
    """``+56``, ``−30``, ``0``."""
    return ("+" if amount > 0 else "") + number(amount, language)


def headline(model: Model, answer: Answer, priced: bool) -> str:
    """What is read out when it changes: criteria met, what turned, cost; that is not known until a unit has a price."""
    report, t = model.report, model.report.t
    met = sum(row["verdict"] == "met" for row in answer.criteria)
    said = sum(row["verdict"] == "met" and row["basis"] in ("declared", "aimed") for row in answer.criteria)
    turned = [row["criterion"] for row in answer.criteria if row["verdict"] != _first(model, row)]
    parts = [
        t("Đạt {met}/{total} tiêu chí.").format(met=met, total=len(answer.criteria)),
        t("Khác với kế hoạch: tiêu chí {names}.").format(names=", ".join(turned))
        if turned
        else t("Không kết luận nào khác với kế hoạch."),
        t("{n} tiêu chí đạt chỉ theo công bố hoặc mục tiêu chung.").format(n=said) if said else "",
        t("Chi phí: {cost} triệu đồng.").format(cost=number(answer.cost, report.language))
        if priced
        else t("Chi phí: chưa ghi đơn giá."),
    ]
    return f'<p class="headline" role="status">{html_text(" ".join(filter(None, parts)))}</p>'


def grid(model: Model, answer: Answer) -> str:
    """A tile for each criterion: number, name, verdict by mark and word; what differs from the plan says so."""
    report, t = model.report, model.report.t
    tiles = []
    for row in answer.criteria:
        changed = row["verdict"] != _first(model, row)
        name = html_text(
            f"{row['criterion']}. {rules.criterion_name(report.rule_set, row['criterion'], report.language)}"
        )
        note = f"<em>{html_text(t('khác kế hoạch'))}</em>" if changed else ""
        mark = badge(row["verdict"], row["basis"], report.language).html
        tiles.append(
            f'<li data-criterion="{html_text(row["criterion"])}" class="{"changed" if changed else ""}"><span>{name}</span>{mark}{note}</li>'
        )
    return f'<h2>{html_text(t("Các tiêu chí"))}</h2><ul class="tiles">{"".join(tiles)}</ul>'


def margins(model: Model, answer: Answer, later: Mapping[Key, Row], chances: Mapping[Key, str]) -> str:
    """Value, threshold, verdict and margin of each lever's indicator; by the next year's threshold; how likely it is reached."""
    report, t = model.report, model.report.t
    rows = {(row["indicator"], row["part"]): row for row in answer.indicators}
    next_year = Column(t("Theo ngưỡng năm {year}").format(year=report.year + 1))
    shown = table_of(
        [(lever.key, rows[lever.key]) for lever in model.levers],
        t("Giá trị và chênh lệch"),
        "margins",
        (Column(t("Chỉ tiêu"), row_header=True), lambda line: "".join(line[0])),
        (Column(t("Giá trị"), align="right"), lambda line: value_text(report, line[1])),
        (Column(t("Ngưỡng và cấp quy định")), lambda line: threshold_text(report, line[1])),
        (
            Column(t("Kết luận"), align="center"),
            lambda line: badge(
                line[1]["verdict"], line[1]["basis"], report.language, word=figure_word(report, line[1])
            ),
        ),
        (Column(t("Chênh lệch"), align="right"), lambda line: margin_text(report, line[1])),
        (next_year, lambda line: _later(model, later.get(line[0]))) if later else None,
        (Column(t("Khả năng đạt"), align="right"), lambda line: likely(chances.get(line[0], ""), report.language))
        if chances
        else None,
        phone="scroll",
    )
    return shown.html


def _later(model: Model, row: Row | None) -> Inline | str:
    """``✓ Đạt, ≥ 48 triệu đồng/người/năm (dư 1 …)``; a dash where the next year asks for nothing known."""
    if row is None or not row["threshold"] or model.later is None:
        return "–"
    report, key = model.report, (row["indicator"], row["part"])
    rule = next(rule for rule in model.later.rules if (rule["indicator"], rule["part"]) == key)
    mark = badge(row["verdict"], row["basis"], report.language)
    return inline(mark, f" {required_text(report, rule)}; {spare_text(report, row)}")


def likely(chance: str, language: str) -> str:
    """``87%``; no number of draws makes anything certain; a dash where nothing was drawn."""
    t = translator(language)
    if not chance:
        return "–"
    if float(chance) > 99:
        return t("trên 99%")
    return t("dưới 1%") if float(chance) < 1 else percent(chance, language, 0)


def message(text: str, failed: bool) -> str:
    """What became of saving."""
    kind = "failed" if failed else "saved"
    return f'<p class="message {kind}" role="status">{html_text(text)}</p>'


def _first(model: Model, row: Row) -> str:
    return next(str(first["verdict"]) for first in model.first.criteria if first["criterion"] == row["criterion"])
