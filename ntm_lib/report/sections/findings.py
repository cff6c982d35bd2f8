"""What was read and what is doubtful: rows kept and set aside, corrections, and the findings of the checks by what is to be done."""

from collections.abc import Mapping
from itertools import groupby

import pandas as pd

from ntm_lib.doc.blocks import (
    Block,
    Column,
    Line,
    bullets,
    group,
    paper,
    paragraph,
    screen,
    stack,
    strong,
    table,
    table_of,
)
from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.language import amount, number, term, translator
from ntm_lib.report.context import Report, Row
from ntm_lib.report.sections.evidence import place_text, places_text
from ntm_lib.tables import NUMBER, records
from ntm_lib.wording.problem_words import worded
from ntm_lib.wording.words import OPERATORS, counted_unit, day, severity_word

ORDER = {"error": 0, "warning": 1, "info": 2}


def findings_section(report: Report) -> Block:
    """Every finding; errors first, those with the same remedy together."""
    t = report.t
    rows = report.rows("findings")
    if not rows:
        return paragraph(t("Không có kiến nghị nào về số liệu."))
    counts = {severity: sum(row["severity"] == severity and not row["answer"] for row in rows) for severity in ORDER}
    text = t("Chưa trả lời: {points}. Không số liệu nào bị sửa ngầm.").format(points=open_points(report, counts))
    if not any(counts.values()):
        text = t("Mọi kiến nghị đã được trả lời. Không số liệu nào bị sửa ngầm.")
    columns = [Column(t("Nơi"), width="30%"), Column(t("Vấn đề"), row_header=True, width="70%")]
    lines: list[Line] = []
    for (_, action), same in groupby(sorted(rows, key=_order), key=_remedy):
        found = list(same)
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


def _in_short(report: Report, rows: list[Row], counts: dict[str, int]) -> Block:
    """For the PDF: how many points are open, and the errors. How the source is spelled is for the screen."""
    t = report.t
    if not (counts["error"] or counts["warning"]):
        return paragraph(t("Không còn lỗi, cảnh báo nào về số liệu chưa trả lời."), anchor="findings")
    errors = list(dict.fromkeys(row["message"] for row in rows if row["severity"] == "error" and not row["answer"]))
    text = t(
        "Còn {points} về số liệu chưa trả lời; từng điểm và cách xử lý ở bản trên màn hình của báo cáo này."
    ).format(points=open_points(report, {kind: counts[kind] for kind in ("error", "warning")}))
    return stack(paragraph(text, anchor="findings"), *([bullets(errors)] if errors else []))


def open_points(report: Report, counts: Mapping[str, int]) -> str:
    """``1 lỗi, 16 cảnh báo``: by severity; what there is none of is not mentioned."""
    units = {"error": "lỗi", "warning": "cảnh báo", "info": "lưu ý"}
    return ", ".join(amount(n, units[kind], report.language) for kind, n in counts.items() if n)


def _told_once(report: Report, rows: list[Row]) -> dict[str, str]:
    """Message with its answer → the places where it holds, in the order of ``rows``."""
    told: dict[str, list[Row]] = {}
    for row in rows:
        year = (
            report.t("Năm {year}: ").format(year=row["year"])
            if row["year"] not in (0, report.year) and str(row["year"]) not in row["message"]
            else ""
        )
        told.setdefault(" ".join(filter(None, [year + row["message"], answer_text(report, row)])), []).append(row)
    return {text: places_text(same, report.language, report.parameters.commune) for text, same in told.items()}


def _order(row: Row) -> tuple[int, str, str]:
    """Errors first, what has been answered last."""
    return (len(ORDER), "", "") if row["answer"] else (ORDER[row["severity"]], row["code"], row["action"])


def _remedy(row: Row) -> tuple[int, str]:
    """What is to be done, whichever check asks for it."""
    return (len(ORDER), "") if row["answer"] else (ORDER[row["severity"]], row["action"])


def answer_text(report: Report, row: Row) -> str:
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


# ---------------------------------------------------------------- what the first notebook shows


def conservation(cleaned: Cleaned, language: str) -> Block:
    """Rows in = observations + rejects, file by file."""
    t = translator(language)
    files = sorted({*cleaned.observations["file"], *cleaned.rejects["file"]})
    kept = cleaned.observations["file"].value_counts()
    aside = cleaned.rejects["file"].value_counts()
    listed = table_of(
        files,
        t("Không dòng nào bị bỏ"),
        "conservation",
        (Column(t("Tệp"), row_header=True), str),
        (Column(t("Số dòng đọc"), align="right"), lambda file: str(kept.get(file, 0) + aside.get(file, 0))),
        (Column(t("Thành số liệu"), align="right"), lambda file: str(kept.get(file, 0))),
        (Column(t("Để riêng"), align="right"), lambda file: str(aside.get(file, 0))),
    )
    total = t("Tổng cộng {all} dòng: {kept} thành số liệu, {aside} để riêng kèm lý do.").format(
        all=len(cleaned.observations) + len(cleaned.rejects), kept=len(cleaned.observations), aside=len(cleaned.rejects)
    )
    return stack(listed, paragraph(total))


def corrections(cleaned: Cleaned, language: str) -> Block:
    """Corrections made as data: what was changed, why, by whom."""
    t = translator(language)
    if not cleaned.corrections:
        return paragraph(t("Không có đính chính nào."))
    return table_of(
        cleaned.corrections,
        t("Đính chính đã áp dụng"),
        "corrections",
        (Column(t("Mã"), row_header=True), lambda made: f"{made.row.cells['id']}"),
        (Column(t("Cột")), lambda made: made.column),
        (Column(t("Từ")), lambda made: made.before),
        (Column(t("Thành")), lambda made: made.after),
        (Column(t("Lý do"), width="45%"), lambda made: made.reason),
        (Column(t("Người quyết định")), lambda made: f"{made.decided_by}, {day(made.decided_on, language)}"),
    )


def measured_values(cleaned: Cleaned, language: str) -> Block:
    """How each written figure was read: the text beside the number, so that a reader can compare."""
    t = translator(language)
    rows = [
        r for r in records(cleaned.observations) if r["indicator"] and r["kind"] in ("measured", "target", "change")
    ]
    return table_of(
        rows,
        t("Số liệu đã đọc, bên cạnh cách ghi gốc"),
        "values",
        (Column(t("Mã"), row_header=True), lambda row: row["observation"]),
        (Column(t("Chỉ tiêu")), lambda row: row["indicator"] + row["part"]),
        (Column(t("Năm"), align="right"), lambda row: str(row["year"])),
        (Column(t("Ghi trong tài liệu")), lambda row: row["text"]),
        (Column(t("Đọc thành"), align="right"), lambda row: _read(row, language)),
        (Column(t("Đơn vị")), lambda row: _unit(row, language)),
    )


def _read(row: Row, language: str) -> str:
    """``1.276/1.413``, ``≥ 83``, ``−30``, ``đạt``: as a reader would write what was read."""
    t = translator(language)
    numbers = [row["numerator"], row["denominator"]] if row["numerator"] and row["denominator"] else [row["value"]]
    if row["value"] in ("met", "unmet", "not-applicable"):
        return {"met": t("đạt"), "unmet": t("chưa đạt"), "not-applicable": t("không áp dụng")}[row["value"]]
    shown = "/".join(number(text, language) if NUMBER.fullmatch(text) else term(text, language) for text in numbers)
    return " ".join(filter(None, [OPERATORS[row["operator"]], shown]))


def _unit(row: Row, language: str) -> str:
    """The unit; of a fraction what it counts; nothing for a status or a rating, whose value says all."""
    if row["numerator"] and row["denominator"]:
        return term(counted_unit(row["text"]) or row["unit"], language)
    return "" if row["unit"] in ("status", "rating") else term(row["unit"], language)


def findings_list(findings: pd.DataFrame, language: str) -> Block:
    """The findings as the analyst meets them first."""
    t = translator(language)
    if not len(findings):
        return paragraph(t("Không có kiến nghị nào về số liệu."))
    return table_of(
        records(worded(findings, language)),
        t("Kiến nghị về số liệu"),
        "findings",
        (Column(t("Mức")), lambda row: severity_word(row["severity"], language)),
        (Column(t("Nơi"), width="24%"), lambda row: place_text(row, language)),
        (Column(t("Vấn đề"), row_header=True, width="60%"), lambda row: row["message"]),
    )
