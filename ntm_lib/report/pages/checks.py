"""Findings of the checks, all in one table, with what to do and what was answered."""

from ntm_lib.report.blocks import Block, Column, paragraph, stack, table
from ntm_lib.report.context import Report
from ntm_lib.report.words import severity_word


def findings_section(report: Report) -> Block:
    """Every finding with place, wording, action and answer; errors first."""
    t = report.t
    order = {"error": 0, "warning": 1, "info": 2}
    rows = sorted(report.findings.to_dict("records"), key=lambda row: order[row["severity"]])
    if not rows:
        return paragraph(t("Không có kiến nghị nào về số liệu."))
    counts = {severity: sum(row["severity"] == severity for row in rows) for severity in order}
    text = t("{error} lỗi, {warning} cảnh báo, {info} lưu ý. Không số liệu nào bị sửa ngầm.").format(**counts)
    columns = [
        Column(t("Mức"), width="11%"),
        Column(t("Nơi"), width="21%"),
        Column(t("Vấn đề"), row_header=True, width="38%"),
        Column(t("Việc cần làm"), width="30%"),
    ]
    cells = [
        [severity_word(row["severity"], report.language), _place(row, report), row["message"], row["action"] + _answer(row, report)]
        for row in rows
    ]
    return stack(paragraph(text), table(columns, cells, caption=t("Kiến nghị về số liệu"), anchor="findings"))


def _place(row: dict, report: Report) -> str:
    t = report.t
    parts = [row["file"].rsplit("/", 1)[-1]]
    if row["row"]:
        parts.append(t("dòng {row}").format(row=row["row"]))
    if row["column"]:
        parts.append(t("cột {column}").format(column=row["column"]))
    return ", ".join(filter(None, parts))


def _answer(row: dict, report: Report) -> str:
    if not row["answer"]:
        return ""
    t = report.t
    words = {"accepted": t("chấp nhận"), "corrected": t("đã sửa"), "explained": t("đã giải trình")}
    return " " + t("Trả lời ({what}, {who}, {when}): {text}").format(
        what=words[row["answer"]], who=row["answered_by"], when=row["answered_on"], text=row["answer_text"]
    )
