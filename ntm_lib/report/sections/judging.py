"""Verdicts by year, what a scenario turns, what changed and why, risk and recognition, as sentences and tables."""

from ntm_lib import rules, tables
from ntm_lib.doc.blocks import Block, Column, bullets, callout, paper, paragraph, screen, stack, strong, table
from ntm_lib.doc.style import badge
from ntm_lib.language import date
from ntm_lib.plan.scenario import carried_text
from ntm_lib.plan.scenario_file import read_scenario
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.report.context import Report
from ntm_lib.report.facts import indicator_label
from ntm_lib.report.sections.standing import verdict_badge, withdrawal_text
from ntm_lib.report.sections.thresholds import in_book
from ntm_lib.report.sections.values import label, margin_text, quantity, threshold_text, value_text
from ntm_lib.wording.outlook import change_sentence, condition_note, risk_sentence
from ntm_lib.wording.words import verdict_word


def verdicts_with_value(report: Report) -> Block:
    """Indicators and parts of every year that were judged by a value, with threshold and margin."""
    t = report.t
    rows = [row for row in report.rows("indicators") if row["basis"] in ("measured", "planned")]
    if not rows:
        return paragraph(t("Chưa có chỉ tiêu nào có số liệu so được với ngưỡng."))
    columns = [
        Column(t("Năm"), align="right"),
        Column(t("Chỉ tiêu"), row_header=True, width="34%"),
        Column(t("Giá trị"), align="right"),
        Column(t("Ngưỡng")),
        Column(t("Kết luận"), align="center"),
        Column(t("Chênh lệch"), align="right"),
    ]
    cells = [
        [
            report.year_label(row["year"]),
            indicator_label(report, row),
            value_text(report, row),
            in_book(report, threshold_text(report, row), row),
            verdict_badge(report, row),
            margin_text(report, row),
        ]
        for row in rows
    ]
    return table(columns, cells, caption=t("Chỉ tiêu được kết luận bằng số liệu"), anchor="verdicts")


def changes_list(report: Report) -> Block:
    """What changed since the last year known, a sentence each."""
    t = report.t
    rows = [
        row for row in report.rows("changes", to_year=report.year) if row["change"] not in ("", "kept") or row["broken"]
    ]
    if not rows:
        return paragraph(t("Không có thay đổi so với năm trước."))
    shown = [
        f"{row['indicator'] + row['part'] or t('Tiêu chí {n}').format(n=row['criterion'])}: {change_sentence(row, report.language)}"
        for row in rows
    ]
    return stack(bullets(shown))


def scenario_banner(report: Report) -> Block:
    """What the scenario assumes and which verdicts turn by it; nothing for the real report."""
    t = report.t
    run = report.parameters
    scenario = read_scenario(run.commune, run.scenario, run.rule_set, run.language)
    if scenario is None:
        return stack()
    head = callout("scenario", strong(t("Giả định, không phải kết quả: ")), _assumption(report, scenario))
    rows = report.rows("turned")
    if not rows:
        return stack(head, paragraph(t("Không kết luận nào thay đổi so với báo cáo thật.")))
    columns = [
        Column(t("Chỉ tiêu, tiêu chí"), row_header=True, width="44%"),
        Column(t("Báo cáo thật"), width="28%"),
        Column(t("Theo giả định"), width="28%"),
    ]
    cells = [
        [_turned_name(report, row), *(_turned_cell(report, row, when) for when in ("before", "after"))] for row in rows
    ]
    return stack(head, table(columns, cells, caption=t("Kết luận thay đổi theo giả định"), anchor="turned"))


def _assumption(report: Report, scenario: Scenario) -> str:
    """Title, reason and author of the file, and the changes that were typed."""
    t = report.t
    typed = " ".join(word for word in report.parameters.scenario.split() if "=" in word)
    who = ", ".join(filter(None, [scenario.author, scenario.date and date(scenario.date, report.language)]))
    parts = [
        scenario.file and scenario.title,
        scenario.reason,
        who and t("Người lập: {who}").format(who=who),
        typed and t("Giá trị gõ vào: {changes}").format(changes=typed),
        carried_text(report.observations, scenario, report.year, report.language),
    ]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _turned_name(report: Report, row: dict) -> str:
    if row["indicator"]:
        return indicator_label(report, row)
    return f"{label(report, row)}. {rules.criterion_name(report.rule_set, row['criterion'], report.language)}"


def _turned_cell(report: Report, row: dict, when: str) -> str:
    """``Chưa đạt (10,05 %)``."""
    word, value = verdict_word(row[when], report.language), row[f"value_{when}"]
    now = (
        report.row("indicators", year=row["year"], indicator=row["indicator"], part=row["part"])
        if row["indicator"]
        else None
    )
    shown = quantity(report, value, now["unit"]) if now and tables.fraction(value) is not None else ""
    return f"{word} ({shown})" if shown else word


def risks(report: Report) -> list[str]:
    """A sentence for each indicator that is met now and may not be for long."""
    return [risk_sentence(row, report.language) for row in report.rows("risks", year=report.year)]


def failed_conditions(report: Report) -> list[str]:
    """A sentence for each condition of recognition, besides the criteria themselves, that is not met."""
    names = _condition_names(report)
    return [
        f"{names[row['condition']]}: {condition_note(row, report.language)}"
        for row in report.rows("conditions", year=report.year, verdict="unmet")
        if row["condition"] != "criteria"
    ]


def _condition_names(report: Report) -> dict[str, str]:
    entries = rules.valid_entries(report.rule_set.meta.get("recognition") or [], f"{report.year}-12-31")
    return {entry["id"]: entry["name"][report.language] for entry in entries}


def recognition(report: Report) -> Block:
    """The conditions of recognition, each with what is known, and the distance to withdrawal."""
    t = report.t
    conditions = report.rows("conditions", year=report.year)
    if not conditions:
        return paragraph(t("Bộ tiêu chí này chưa có quy định về điều kiện công nhận."))
    names = _condition_names(report)
    columns = [
        Column(t("Điều kiện"), row_header=True, width="36%"),
        Column(t("Kết luận"), align="center"),
        Column(t("Giải thích"), width="42%"),
    ]
    rows = [
        [names[c["condition"]], badge(c["verdict"], c["basis"], report.language), condition_note(c, report.language)]
        for c in conditions
    ]
    caption = t("Điều kiện công nhận, xét đến cuối năm {year}").format(year=report.year)
    page = table(columns, rows, caption=caption, anchor="recognition")
    unknown = [names[c["condition"]] for c in conditions if c["verdict"] == "no-data"]
    known = [row for row, c in zip(rows, conditions, strict=True) if c["verdict"] != "no-data"]
    short = [table(columns, known, caption=caption, anchor="recognition")] if known else []
    if unknown:
        short.append(paragraph(t("Chưa có số liệu để kết luận các điều kiện: {list}.").format(list="; ".join(unknown))))
    return stack(screen(page), *map(paper, short), *map(paragraph, withdrawal_text(report)))
