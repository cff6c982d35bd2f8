"""What the second notebook shows: thresholds used, verdicts by year, what changed and why."""

from ntm_lib import rules
from ntm_lib.doc.blocks import Block, Column, bullets, paper, paragraph, screen, stack, table
from ntm_lib.doc.style import badge
from ntm_lib.judge.recognition import withdrawal
from ntm_lib.report.context import Report
from ntm_lib.report.sections.badges import verdict_badge
from ntm_lib.report.sections.criterion import margin_text, threshold_text, value_text
from ntm_lib.report.sections.evidence import recognised
from ntm_lib.wording.sentences import change_sentence, condition_note, risk_sentence, withdrawal_now


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
            f"{row['indicator']}{row['part']} {rules.indicator_name(report.rule_set, row['indicator'], row['part'], report.language)}",
            value_text(report, row),
            threshold_text(report, row),
            verdict_badge(report, row),
            margin_text(report, row),
        ]
        for row in rows
    ]
    return table(columns, cells, caption=t("Chỉ tiêu được kết luận bằng số liệu"), anchor="verdicts")


def changes_list(report: Report) -> Block:
    """What changed since the last year known, a sentence each."""
    t = report.t
    rows = [row for row in report.rows("changes", to_year=report.year) if row["change"] not in ("", "kept")]
    if not rows:
        return paragraph(t("Không có thay đổi so với năm trước."))
    shown = [
        f"{row['indicator'] + row['part'] or t('Tiêu chí {n}').format(n=row['criterion'])}: {change_sentence(row, report.language)}"
        for row in rows
    ]
    return stack(bullets(shown))


def label(report: Report, row: dict) -> str:
    """``Tiêu chí 10`` or ``Chỉ tiêu 17.8a``: what a row of changes or turned verdicts is about."""
    t = report.t
    if row["indicator"]:
        return t("Chỉ tiêu {n}").format(n=row["indicator"] + row["part"])
    return t("Tiêu chí {n}").format(n=row["criterion"])


def risks(report: Report) -> list[str]:
    """A sentence for each indicator that is met now and may not be for long."""
    return [risk_sentence(row, report.language) for row in report.rows("risks", year=report.year)]


def withdrawal_text(report: Report, year: int | None = None) -> list[str]:
    """How far the commune is from losing its recognition: only where a source says that it has one, and something is unmet."""
    year = year or report.year
    summary = report.row("summary", year=year)
    if summary is None or summary["unmet_in_all"] == "0" or not recognised(report, year):
        return []
    found = withdrawal(report.of_year("criteria", year), report.rule_set.meta, int(summary["unmet_in_all"]))
    return [withdrawal_now(found, report.language)]


def recognition(report: Report) -> Block:
    """The conditions of recognition, each with what is known, and the distance to withdrawal."""
    t = report.t
    conditions = report.rows("conditions", year=report.year)
    if not conditions:
        return paragraph(t("Bộ tiêu chí này chưa có quy định về điều kiện công nhận."))
    names = {
        e["id"]: e["name"][report.language]
        for e in rules.valid_entries(report.rule_set.meta["recognition"], f"{report.year}-12-31")
    }
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
