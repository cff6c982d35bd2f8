"""What the first notebook shows: files read, rows kept and set aside, corrections applied, findings."""

from ntm_lib.doc.blocks import Block, Column, paragraph, stack, table
from ntm_lib.language import number, term, translator
from ntm_lib.report.sections.evidence import place_text
from ntm_lib.tables import NUMBER, records
from ntm_lib.wording.counted import counted_unit
from ntm_lib.wording.problem_words import worded
from ntm_lib.wording.words import day, operator_word, severity_word


def conservation(cleaned, language: str) -> Block:
    """Rows in = observations + rejects, file by file."""
    t = translator(language)
    files = sorted({*cleaned.observations["file"], *cleaned.rejects["file"]})
    columns = [
        Column(t("Tệp"), row_header=True),
        Column(t("Số dòng đọc"), align="right"),
        Column(t("Thành số liệu"), align="right"),
        Column(t("Để riêng"), align="right"),
    ]
    kept = cleaned.observations["file"].value_counts()
    aside = cleaned.rejects["file"].value_counts()
    rows = [[f, str(kept.get(f, 0) + aside.get(f, 0)), str(kept.get(f, 0)), str(aside.get(f, 0))] for f in files]
    total = t("Tổng cộng {all} dòng: {kept} thành số liệu, {aside} để riêng kèm lý do.").format(
        all=len(cleaned.observations) + len(cleaned.rejects), kept=len(cleaned.observations), aside=len(cleaned.rejects)
    )
    return stack(table(columns, rows, caption=t("Không dòng nào bị bỏ"), anchor="conservation"), paragraph(total))


def corrections(cleaned, language: str) -> Block:
    """Corrections made as data: what was changed, why, by whom."""
    t = translator(language)
    if not cleaned.corrections:
        return paragraph(t("Không có đính chính nào."))
    columns = [
        Column(t("Mã"), row_header=True),
        Column(t("Cột")),
        Column(t("Từ")),
        Column(t("Thành")),
        Column(t("Lý do"), width="45%"),
        Column(t("Người quyết định")),
    ]
    rows = [
        [
            f"{c.row.cells['id']}",
            c.column,
            c.before,
            c.after,
            c.reason,
            f"{c.decided_by}, {day(c.decided_on, language)}",
        ]
        for c in cleaned.corrections
    ]
    return table(columns, rows, caption=t("Đính chính đã áp dụng"), anchor="corrections")


def measured_values(cleaned, language: str) -> Block:
    """How each written figure was read: the text beside the number, so that a reader can compare."""
    t = translator(language)
    rows = [
        r for r in records(cleaned.observations) if r["indicator"] and r["kind"] in ("measured", "target", "change")
    ]
    columns = [
        Column(t("Mã"), row_header=True),
        Column(t("Chỉ tiêu")),
        Column(t("Năm"), align="right"),
        Column(t("Ghi trong tài liệu")),
        Column(t("Đọc thành"), align="right"),
        Column(t("Đơn vị")),
    ]
    cells = [
        [
            row["observation"],
            row["indicator"] + row["part"],
            str(row["year"]),
            row["text"],
            _read(row, language),
            _unit(row, language),
        ]
        for row in rows
    ]
    return table(columns, cells, caption=t("Số liệu đã đọc, bên cạnh cách ghi gốc"), anchor="values")


def _read(row: dict, language: str) -> str:
    """``1.276/1.413``, ``≥ 83``, ``−30``, ``đạt``: as a reader would write what was read."""
    t = translator(language)
    numbers = [row["numerator"], row["denominator"]] if row["numerator"] and row["denominator"] else [row["value"]]
    if row["value"] in ("met", "unmet", "not-applicable"):
        return {"met": t("đạt"), "unmet": t("chưa đạt"), "not-applicable": t("không áp dụng")}[row["value"]]
    shown = "/".join(number(text, language) if NUMBER.fullmatch(text) else term(text, language) for text in numbers)
    return " ".join(filter(None, [operator_word(row["operator"], language), shown]))


def _unit(row: dict, language: str) -> str:
    """The unit; of a fraction what it counts; nothing for a status or a rating, whose value says all."""
    if row["numerator"] and row["denominator"]:
        return term(counted_unit(row["text"]) or row["unit"], language)
    return "" if row["unit"] in ("status", "rating") else term(row["unit"], language)


def findings_list(findings, language: str) -> Block:
    """The findings as the analyst meets them first."""
    t = translator(language)
    if not len(findings):
        return paragraph(t("Không có kiến nghị nào về số liệu."))
    columns = [
        Column(t("Mức")),
        Column(t("Nơi"), width="24%"),
        Column(t("Vấn đề"), row_header=True, width="60%"),
    ]
    rows = [
        [severity_word(row["severity"], language), place_text(row, language), row["message"]]
        for row in records(worded(findings, language))
    ]
    return table(columns, rows, caption=t("Kiến nghị về số liệu"), anchor="findings")
