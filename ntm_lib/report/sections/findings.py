"""Findings of the checks: grouped by what is to be done, with the place, the wording and what was answered."""

from itertools import groupby

from ntm_lib.doc.blocks import Block, Column, bullets, group, paper, paragraph, screen, stack, strong, table
from ntm_lib.report.context import Report
from ntm_lib.report.sections.evidence import places_text
from ntm_lib.wording.words import day, severity_word

ORDER = {"error": 0, "warning": 1, "info": 2}


def findings_section(report: Report) -> Block:
    """Every finding; errors first, those with the same remedy together."""
    t = report.t
    rows = report.rows("findings")
    if not rows:
        return paragraph(t("Không có kiến nghị nào về số liệu."))
    counts = {severity: sum(row["severity"] == severity and not row["answer"] for row in rows) for severity in ORDER}
    text = t("Chưa trả lời: {error} lỗi, {warning} cảnh báo, {info} lưu ý. Không số liệu nào bị sửa ngầm.").format(
        **counts
    )
    columns = [Column(t("Nơi"), width="30%"), Column(t("Vấn đề"), row_header=True, width="70%")]
    lines = []
    for (_, action), found in groupby(sorted(rows, key=_order), key=_remedy):
        found = list(found)
        lines.append(
            group(
                strong(severity_word(found[0]["severity"], report.language) + ": ") + action
                if action
                else strong(t("Đã trả lời"))
            )
        )
        lines += [[places, text] for text, places in _told_once(report, found).items()]
    listed = stack(
        paragraph(text), table(columns, lines, caption=t("Kiến nghị về số liệu, theo việc cần làm"), anchor="findings")
    )
    return stack(screen(listed), paper(_in_short(report, rows, counts)))


def _in_short(report: Report, rows: list[dict], counts: dict[str, int]) -> Block:
    """For the PDF: how many points are open, and the errors. How the source is spelled is for the screen."""
    t = report.t
    errors = list(dict.fromkeys(row["message"] for row in rows if row["severity"] == "error" and not row["answer"]))
    text = t(
        "Còn {error} lỗi, {warning} cảnh báo về số liệu chưa trả lời; từng điểm và cách xử lý ở bản trên màn hình của báo cáo này."
    ).format(**counts)
    return stack(paragraph(text, anchor="findings"), *([bullets(errors)] if errors else []))


def _told_once(report: Report, rows: list[dict]) -> dict[str, str]:
    """Message with its answer → the places where it holds, in the order of ``rows``."""
    told: dict[str, list[dict]] = {}
    for row in rows:
        year = (
            report.t("Năm {year}: ").format(year=row["year"])
            if row["year"] not in (0, report.year) and str(row["year"]) not in row["message"]
            else ""
        )
        told.setdefault(" ".join(filter(None, [year + row["message"], answer_text(report, row)])), []).append(row)
    return {text: places_text(same, report.language, report.parameters.commune) for text, same in told.items()}


def _order(row: dict) -> tuple[int, str, str]:
    """Errors first, what has been answered last."""
    return (len(ORDER), "", "") if row["answer"] else (ORDER[row["severity"]], row["code"], row["action"])


def _remedy(row: dict) -> tuple[int, str]:
    """What is to be done, whichever check asks for it."""
    return (len(ORDER), "") if row["answer"] else (ORDER[row["severity"]], row["action"])


def answer_text(report: Report, row: dict) -> str:
    """``Trả lời (đã giải trình, …): …`` for a finding that somebody answered; else empty."""
    if not row["answer"]:
        return ""
    t = report.t
    words = {"accepted": t("chấp nhận"), "corrected": t("đã sửa"), "explained": t("đã giải trình")}
    return t("Trả lời ({what}, {who}, {when}): {text}").format(
        what=words[row["answer"]],
        who=row["answered_by"],
        when=day(row["answered_on"], report.language),
        text=row["answer_text"],
    )
