"""Scenarios side by side with the present: what each assumes, which verdicts turn, by how much, at what cost.

How sure a scenario is, and its cheapest plan, stand in ``chance_pages``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ntm_lib import rules
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    bullets,
    callout,
    figure,
    heading,
    inline,
    line_break,
    paragraph,
    screen,
    stack,
    strong,
    table,
    table_of,
)
from ntm_lib.doc.charts import dot_matrix
from ntm_lib.doc.style import MARKS, badge, legend
from ntm_lib.language import date, number
from ntm_lib.parameters import Parameters
from ntm_lib.plan.scenario import carried_text, judged_by
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.plan.side_by_side import PRESENT, Comparison, Setting, compare, present_year
from ntm_lib.plan.simulate import left_as_planned
from ntm_lib.report.context import Report, Row, load_report
from ntm_lib.report.facts import indicator_label
from ntm_lib.report.sections.evidence import required_text
from ntm_lib.report.sections.figures import mark_words, state
from ntm_lib.report.sections.first_page import place_name, printed_version
from ntm_lib.report.sections.standing import margin_text, value_text, verdict_badge
from ntm_lib.tables import natural_key, records
from ntm_lib.wording.words import counted_alike, is_unchecked


@dataclass(frozen=True)
class Compared:
    """The run without any scenario, the scenarios in the order asked for, and how they compare."""

    report: Report
    scenarios: tuple[Scenario, ...]
    comparison: Comparison

    @property
    def now(self) -> int:
        """Year of the results that are called the present."""
        return present_year(self.report.observations, self.report.year)

    @property
    def own(self) -> list[str]:
        """Names of the scenarios that the rules of the run judge, the present first."""
        return [PRESENT, *(s.name for s in self.scenarios if ruled(self.report, s) is self.report)]

    def rows(self, table: str, name: str) -> list[Row]:
        """Rows of ``criteria`` or ``indicators`` of one scenario."""
        frame = getattr(self.comparison, table)
        return records(frame[frame["scenario"] == name])


def load_compared(run: Parameters) -> Compared:
    """Reads the scenarios of ``run.compared`` and judges them.

    Raises NtmError, with file and line, for a scenario that names what does not exist.
    """
    report = load_report(run)
    scenarios = tuple(load_scenario(run.commune, name, run.rule_set, run.language) for name in run.scenario_names)
    setting = Setting(report.commune, run.rule_set, run.region, run.year, run.language, run.strict)
    found = compare(report.observations, report.works, scenarios, setting)
    alike = counted_alike(found.indicators, "count_unit", "denominator", report.indicators)
    return Compared(report, scenarios, replace(found, indicators=alike))


def ruled(report: Report, scenario: Scenario) -> Report:
    """The report with the rules, region and year by which a scenario is judged; as it is where they are the same."""
    run = report.parameters
    rule_set, region, year = judged_by(scenario, run.rule_set, run.region, run.year)
    if (rule_set, region, year) == (run.rule_set, run.region, run.year):
        return report
    loaded = rules.load_set(rule_set)
    thresholds = rules.resolve(loaded, report.commune, year, region or None, run.language, run.strict)
    return replace(
        report,
        parameters=replace(run, rule_set=rule_set, region=region, year=year),
        rule_set=loaded,
        thresholds=thresholds,
    )


def title(compared: Compared) -> Block:
    """Heading of the document, and what is compared with what."""
    report, t = compared.report, compared.report.t
    text = t("So sánh {count} kịch bản năm {year}, {place}").format(
        count=len(compared.scenarios), year=report.year, place=place_name(report)
    )
    body = t(
        "“Hiện tại” là kết quả năm {now}, xét theo quy định của năm {year}, để chỗ khác nhau là do kịch bản chứ không do ngưỡng thay đổi."
    )
    return stack(
        heading(text, 1),
        printed_version(report),
        callout(
            "scenario", strong(t("Giả định, không phải kết quả. ")), body.format(now=compared.now, year=report.year)
        ),
    )


def assumptions(compared: Compared) -> Block:
    """What each scenario assumes, who wrote it and why, and by which rules it is judged."""
    named = [(_number(compared, scenario.name), scenario) for scenario in compared.scenarios]
    return bullets([inline(f"{number_}. ", _assumption(compared.report, scenario)) for number_, scenario in named])


def _assumption(report: Report, scenario: Scenario) -> Inline:
    t, judge = report.t, ruled(report, scenario)
    who = t("{author}, ngày {date}").format(author=scenario.author, date=date(scenario.date, report.language))
    facts = [scenario.reason, t("Người lập: {who}.").format(who=who)]
    if judge is not report:
        name = judge.rule_set.meta["name"][report.language]
        facts.append(t("Xét theo: {rules}, năm {year}.").format(rules=name, year=judge.year))
    facts.append(carried_text(report.observations, scenario, judge.year, report.language))
    kept = left_as_planned(scenario, report.observations, judge.year) if scenario.changes and judge is report else []
    if kept:
        facts.append(t("Giữ như kế hoạch vì kịch bản không nhắc đến: {list}.").format(list=", ".join(kept)))
    return inline(strong(scenario.title), ": ", " ".join(filter(None, facts)))


def summary(compared: Compared) -> Block:
    """One row for the present and each scenario: criteria by verdict, what turns, cost; then in a sentence what turns."""
    report, t = compared.report, compared.report.t
    return table_of(
        records(compared.comparison.summary),
        t("{count} kịch bản bên cạnh hiện tại").format(count=len(compared.scenarios)),
        "summary",
        (Column(t("Kịch bản"), row_header=True, width="30%"), lambda row: _named(compared, row["scenario"])),
        (Column(t("Đạt"), align="right"), lambda row: f"{row['met']}/{row['total']}"),
        (Column(t("Trong đó theo công bố, mục tiêu"), align="right"), lambda row: row["declared"]),
        (Column(t("Chưa đạt"), align="right"), lambda row: row["unmet"]),
        (Column(t("Chưa kết luận"), align="right"), lambda row: row["no_data"]),
        (Column(t("Kết luận đổi"), width="20%"), lambda row: _turned(compared, row["scenario"])),
        (Column(t("Chi phí (triệu đồng)"), align="right"), lambda row: _cost(report, row)),
        note=t(
            "Chi phí: phần đã ghi của các công trình và việc trong kịch bản; “chưa ghi” không có nghĩa là không tốn kém."
        ),
    )


def _named(compared: Compared, name: str) -> str:
    if name == PRESENT:
        return compared.report.t("Hiện tại (kết quả năm {year})").format(year=compared.now)
    return f"{_number(compared, name)}. {_title(compared, name)}"


def _turned(compared: Compared, name: str) -> str:
    """Criteria whose verdict is another than that of the present by the same rules."""
    t = compared.report.t
    if name == PRESENT:
        return "–"
    turns: dict[str, list[str]] = {}
    for row in compared.rows("criteria", name):
        if row["turned"]:
            lost = row["verdict"] == "unmet" and row["present"] == "met"
            turns.setdefault("lost" if lost else row["verdict"], []).append(row["criterion"])
    words = {
        "met": t("đạt thêm: {names}"),
        "lost": t("không còn đạt: {names}"),
        "unmet": t("kết luận được là chưa đạt: {names}"),
        "no-data": t("không còn kết luận: {names}"),
        "not-applicable": t("không còn áp dụng: {names}"),
    }
    return "; ".join(words[turn].format(names=", ".join(names)) for turn, names in turns.items()) or t(
        "không tiêu chí nào"
    )


def _cost(report: Report, row: Row) -> str:
    t = report.t
    known = number(row["cost"], report.language) if row["cost"] else ""
    missing = t("chưa ghi: {count} việc").format(count=row["cost_unknown"]) if row["cost_unknown"] != "0" else ""
    return "; ".join(filter(None, [known, missing])) or "–"


def criteria_beside(compared: Compared) -> Block:
    """The criteria in rows, the present and the scenarios in columns; scenarios with rules of their own in tables of theirs."""
    names = compared.own
    blocks = [_criteria_table(compared, names)] if len(names) > 1 else []
    return stack(*blocks, *(_criteria_by_own_rules(compared, s) for s in _by_own_rules(compared)))


def _by_own_rules(compared: Compared) -> list[Scenario]:
    return [s for s in compared.scenarios if s.name not in compared.own]


def _criteria_table(compared: Compared, names: list[str]) -> Block:
    """The picture, and on a screen the same in words."""
    report, t = compared.report, compared.report.t
    columns = [
        Column(t("TC"), align="right", width="5%"),
        Column(t("Tên tiêu chí"), row_header=True),
        *(Column(_title(compared, name), align="center") for name in names),
    ]
    found = {(name, row["criterion"]): row for name in names for row in compared.rows("criteria", name)}
    order = sorted({criterion for _, criterion in found}, key=natural_key)
    cells = [
        [
            c,
            rules.criterion_name(report.rule_set, c, report.language),
            *(_criterion_cell(report, found[name, c]) for name in names),
        ]
        for c in order
    ]
    turned = ["scenario" if any(found[name, c]["turned"] for name in names) else "" for c in order]
    caption = t("Kết luận từng tiêu chí theo từng kịch bản")
    told = t("Chữ “thay đổi”: kết luận khác với hiện tại.") if any(turned) else ""
    note = inline(legend(report.language, {state(row) for row in found.values()}), told)
    page = table(columns, cells, caption=caption, anchor="criteria", row_classes=turned, note=note, phone="marks")
    return stack(_picture(compared, names, order, found), screen(page))


def _picture(compared: Compared, names: list[str], order: list[str], found: dict[tuple[str, str], Row]) -> Block:
    """Criteria × the present and the scenarios, the marks of page one; a caption that says what turns."""
    report, t = compared.report, compared.report.t
    rows = [
        (f"{c} {rules.criterion_name(report.rule_set, c, report.language)}", [state(found[name, c]) for name in names])
        for c in order
    ]
    chart = dot_matrix([_number(compared, name) for name in names], rows, mark_words(report))
    turned = [c for c in order if any(found[name, c]["turned"] for name in names)]
    caption = t("Kết luận khác với hiện tại: tiêu chí {list}").format(list=", ".join(turned))
    if not turned:
        told = ", ".join(_number(compared, name) for name in names if name != PRESENT)
        caption = t("{list} không đổi kết luận của tiêu chí nào; chỉ đổi chỗ dựa của kết luận").format(list=told)
    key = "; ".join(f"{_number(compared, name)}: {_title(compared, name)}" for name in names if name != PRESENT)
    return figure(chart.figure, caption, f"{key}. {chart.alt}", anchor="picture", note=f"{key}.")


def _criterion_cell(report: Report, row: Row) -> Inline:
    mark = badge(row["verdict"], row["basis"], report.language)
    return inline(mark, line_break(), strong(report.t("thay đổi"))) if row["turned"] else mark


def _title(compared: Compared, name: str) -> str:
    """The present, or the title of a scenario: a file's name is for those who type it."""
    found = next((scenario.title for scenario in compared.scenarios if scenario.name == name), "")
    return found or compared.report.t("Hiện tại")


def _number(compared: Compared, name: str) -> str:
    """``KB 2``: short enough for the head of a column of marks."""
    place = next((n for n, scenario in enumerate(compared.scenarios, 1) if scenario.name == name), 0)
    return compared.report.t("KB {n}").format(n=place) if place else compared.report.t("Hiện tại")


def _criteria_by_own_rules(compared: Compared, scenario: Scenario) -> Block:
    """Only a sentence for each verdict: under another rule set the same number is another criterion."""
    report, t = ruled(compared.report, scenario), compared.report.t
    rows = compared.rows("criteria", scenario.name)
    lines = []
    for verdict, text in (
        ("met", t("Đạt: {names}.")),
        ("unmet", t("Chưa đạt: {names}.")),
        ("no-data", t("Chưa kết luận được: {names}.")),
    ):
        names = [row["criterion"] for row in rows if row["verdict"] == verdict]
        if names:
            lines.append(
                text.format(
                    names=", ".join(_criterion_name(report, c) for c in names) if len(names) <= 4 else ", ".join(names)
                )
            )
    heading_text = t("{title}: xét theo {rules}, năm {year}").format(
        title=scenario.title, rules=report.rule_set.meta["name"][report.language], year=report.year
    )
    return stack(paragraph(strong(heading_text), lead=True), bullets(lines))


def _criterion_name(report: Report, criterion: str) -> str:
    return f"{criterion} ({rules.criterion_name(report.rule_set, criterion, report.language)})"


def margins_beside(compared: Compared) -> Block:
    """Every indicator with a value in some scenario: threshold, then value and margin, now and in each scenario."""
    blocks = [_margins_table(compared, compared.report, compared.own)] if len(compared.own) > 1 else []
    blocks += [_margins_table(compared, ruled(compared.report, s), [s.name]) for s in _by_own_rules(compared)]
    return stack(*blocks)


def _margins_table(compared: Compared, report: Report, names: Iterable[str]) -> Block:
    t, names = report.t, list(names)
    found = {
        (name, row["indicator"], row["part"]): row
        for name in names
        for row in compared.rows("indicators", name)
        if row["value"]
    }
    keys = [k for k in dict.fromkeys((i, p) for _, i, p in found) if not _joined(report, k)]
    if not keys:
        return paragraph(t("Không chỉ tiêu nào có số liệu để so với ngưỡng."))
    columns = [
        Column(t("Chỉ tiêu"), row_header=True, width="36%"),
        Column(t("Ngưỡng"), align="right"),
        *(Column(_title(compared, name), align="right") for name in names),
    ]
    cells = [
        [
            indicator_label(report, {"indicator": i, "part": p}),
            _threshold(report, (i, p)),
            *(_margin_cell(report, found.get((n, i, p))) for n in names),
        ]
        for i, p in sorted(keys, key=natural_key_of)
    ]
    short = report.rule_set.meta["short"][report.language]
    caption = t("Giá trị và chênh lệch so với ngưỡng năm {year} ({rules})").format(year=report.year, rules=short)
    note = t("Dấu +: vượt mức; dấu −: còn thiếu.")
    if any("*" in _threshold(report, key) for key in keys):
        note = t("* mức quy định chưa đối chiếu với văn bản gốc.") + " " + note
    return table(columns, cells, caption=caption, anchor=f"margins-{report.rule_set.id}", note=note, phone="cards")


def natural_key_of(key: tuple[str, str]) -> list[Any]:
    """Order of indicators and parts: 9 before 10, 17.8a before 17.8b."""
    return [natural_key(key[0]), natural_key(key[1])]


def _rule(report: Report, key: tuple[str, str]) -> Row:
    return report.one("thresholds", year=report.year, indicator=key[0], part=key[1])


def _joined(report: Report, key: tuple[str, str]) -> bool:
    """Whether the parts of an indicator say it all."""
    return bool(_rule(report, key)["join"])


def _threshold(report: Report, key: tuple[str, str]) -> str:
    rule = _rule(report, key)
    return required_text(report, rule) + (" *" if rule["threshold"] and is_unchecked(rule["confidence"]) else "")


def _margin_cell(report: Report, row: Row | None) -> Inline | str:
    if row is None:
        return "–"
    row = row | {"year": report.year}
    margin = margin_text(report, row)
    if row["verdict"] == "met":  # the usual case in as few words as say it
        below: Inline | str = " ".join([MARKS["met"], margin if margin != "–" else ""]).strip()
    else:
        below = inline(verdict_badge(report, row), f" {margin}" if margin != "–" else "")
    return inline(value_text(report, row), line_break(), below)
