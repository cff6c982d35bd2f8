"""What the second notebook shows: thresholds used, verdicts by year, what changed and why."""

from ntm_lib import rules
from ntm_lib.report.blocks import Block, Column, bullets, paragraph, stack, table
from ntm_lib.report.context import Report
from ntm_lib.report.pages.criterion import margin_text, threshold_text, value_text
from ntm_lib.report.sentences import change_sentence, condition_note, risk_sentence, withdrawal_now, withdrawal_sentence
from ntm_lib.report.pages.badges import verdict_badge
from ntm_lib.report.style import badge
from ntm_lib.status.recognition import withdrawal




def verdicts_with_value(report: Report) -> Block:
    """Indicators and parts of every year that were judged by a value, with threshold and margin."""
    t = report.t
    rows = [row for row in report.rows("indicators") if row["basis"] in ("measured", "planned")]
    if not rows:
        return paragraph(t("Chưa có chỉ tiêu nào có số liệu so được với ngưỡng."))
    columns = [
        Column(t("Năm"), align="right"), Column(t("Chỉ tiêu"), row_header=True, width="34%"), Column(t("Giá trị"), align="right"),
        Column(t("Ngưỡng")), Column(t("Kết luận"), align="center"), Column(t("Chênh lệch"), align="right"),
    ]
    cells = [
        [
            report.year_label(row["year"]),
            f"{row['indicator']}{row['part']} {rules.indicator_name(report.rule_set, row['indicator'], row['part'], report.language)}",
            value_text(report, row), threshold_text(report, row), verdict_badge(report, row), margin_text(report, row),
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
    shown = [f"{row['indicator'] + row['part'] or t('Tiêu chí {n}').format(n=row['criterion'])}: {change_sentence(row, report.language)}" for row in rows]
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


def withdrawal_text(report: Report) -> str:
    """How far the commune is from withdrawal of its recognition, by what has been concluded."""
    return withdrawal_now(withdrawal(report.of_year("criteria", report.year), report.rule_set.meta), report.language)


def withdrawal_in_full(report: Report) -> str:
    """The same with the worst case, and that only the recognised can lose recognition, of which the data hold nothing."""
    told = withdrawal_sentence(withdrawal(report.of_year("criteria", report.year), report.rule_set.meta), report.language)
    return told + " " + report.t("Chỉ áp dụng cho xã đã được công nhận; dữ liệu đã nhập chưa có quyết định công nhận.")


def recognition(report: Report) -> Block:
    """The conditions of recognition, each with what is known, and the distance to withdrawal."""
    t = report.t
    conditions = report.rows("conditions", year=report.year)
    if not conditions:
        return paragraph(t("Bộ tiêu chí này chưa có quy định về điều kiện công nhận."))
    names = {e["id"]: e["name"][report.language] for e in rules.valid_entries(report.rule_set.meta["recognition"], f"{report.year}-12-31")}
    columns = [Column(t("Điều kiện"), row_header=True, width="36%"), Column(t("Kết luận"), align="center"), Column(t("Giải thích"), width="42%")]
    rows = [
        [names[c["condition"]], badge(c["verdict"], c["basis"], report.language), condition_note(c, report.language)] for c in conditions
    ]
    caption = t("Điều kiện công nhận, xét đến cuối năm {year}").format(year=report.year)
    return stack(table(columns, rows, caption=caption, anchor="recognition"), paragraph(withdrawal_in_full(report)))
