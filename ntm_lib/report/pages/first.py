"""The first page: the verdict, what changed and why, what is at risk, and how much of it is measured."""

from ntm_lib import rules, status, tables
from ntm_lib.report.blocks import Block, Column, bullets, callout, cards, figure, heading, link, paragraph, stack, strong, table
from ntm_lib.report.context import Report
from ntm_lib.report.figures import Reading, threshold_chart
from ntm_lib.report.pages.criterion import row_of, value_text
from ntm_lib.report.pages.grid import criterion_anchor
from ntm_lib.report.pages.judging import label, risks, withdrawal_text
from ntm_lib.report.sentences import change_sentence
from ntm_lib.report.style import badge
from ntm_lib.report.words import verdict_word


def conclusion(report: Report) -> Block:
    """Section 1 of the report; fits the first page of the PDF."""
    t = report.t
    return stack(
        scenario_banner(report),
        _verdict(report),
        _cards(report),
        heading(t("Thay đổi so với lần đánh giá trước"), 3),
        _changes(report),
        heading(t("Nguy cơ"), 3),
        bullets([*risks(report), withdrawal_text(report)]),
        heading(t("Mức độ kiểm chứng"), 3),
        _checked(report),
    )


def scenario_banner(report: Report) -> Block:
    """What the scenario changes and which verdicts turn by it; nothing for the real report."""
    t = report.t
    if not report.parameters.scenario:
        return stack()
    rows = report.turned.to_dict("records")
    head = callout("scenario", strong(t("Giả định, không phải kết quả: ")), report.parameters.scenario_title(report.language))
    if not rows:
        return stack(head, paragraph(t("Không kết luận nào thay đổi so với báo cáo thật.")))
    columns = [Column(t("Chỉ tiêu, tiêu chí"), row_header=True), Column(t("Báo cáo thật")), Column(t("Theo giả định"))]
    cells = [
        [
            label(report, row),
            f"{row['value_before']} {verdict_word(row['before'], report.language)}".strip(),
            f"{row['value_after']} {verdict_word(row['after'], report.language)}".strip(),
        ]
        for row in rows
    ]
    return stack(head, table(columns, cells, caption=t("Kết luận thay đổi theo giả định"), anchor="turned"))


def _verdict(report: Report) -> Block:
    t, total = report.t, _counts(report)
    place = {"name": report.commune["name"], "year": report.year, "met": total.met, "total": total.total}
    if report.is_plan(report.year):
        text = t("Theo kế hoạch, hết năm {year} xã {name} đạt {met}/{total} tiêu chí nông thôn mới.").format(**place)
    else:
        text = t("Hết năm {year} xã {name} đạt {met}/{total} tiêu chí nông thôn mới.").format(**place)
    detail = t("Trong đó {by_value} tiêu chí kết luận bằng số liệu, {declared} tiêu chí theo công bố của xã; {unmet} chưa đạt, {no_data} chưa có số liệu.").format(
        by_value=total.measured + total.planned, declared=total.declared, unmet=total.unmet, no_data=total.no_data
    )
    return callout("info", strong(text), " ", detail)


def _counts(report: Report):
    return status.commune_verdict(report.of_year("criteria", report.year))


def _cards(report: Report) -> Block:
    t, total = report.t, _counts(report)
    indicators = report.of_year("indicators", report.year).query("part == ''")
    with_value = int((indicators["basis"].isin(["measured", "planned"])).sum())
    unverified = int((report.of_year("thresholds", report.year)["confidence"].isin(["unverified", "unknown"])).sum())
    return cards(
        [
            (f"{total.met}/{total.total}", t("tiêu chí đạt"), t("theo kế hoạch") if report.is_plan(report.year) else t("kể cả theo công bố")),
            (f"{with_value}/{len(indicators)}", t("chỉ tiêu có số liệu"), t("so được với ngưỡng")),
            (str(total.unmet), t("tiêu chí chưa đạt"), ""),
            (str(unverified), t("ngưỡng chưa đối chiếu"), t("với văn bản gốc")),
        ]
    )


def _changes(report: Report) -> Block:
    """Criteria first; then indicators whose verdict moved. Twelve lines at most: the rest is in the grid."""
    t = report.t
    rows = report.changes.query("to_year == @report.year").to_dict("records")
    if not report.last_year:
        return paragraph(t("Chưa có năm nào trước đó để so sánh."))
    moved = [r for r in rows if r["change"] in ("gained", "lost", "still-unmet")]
    first = [r for r in rows if r["change"] == "first-measured" and r["indicator"]]
    kept = sum(1 for r in rows if r["change"] == "kept" and not r["indicator"])
    lines = [f"{label(report, row)}: {change_sentence(row, report.language)}" for row in moved[:8]]
    lines.append(t("{n} tiêu chí giữ nguyên kết luận của năm {year}.").format(n=kept, year=report.last_year))
    better = _moved_values(report)
    if better:
        lines.append(t("Giá trị thay đổi: {list}.").format(list="; ".join(better)))
    if first:
        names = ", ".join(row["indicator"] + row["part"] for row in first)
        lines.append(t("Lần đầu có số liệu hoặc chỉ tiêu: {list}.").format(list=names))
    return bullets(lines)


def _moved_values(report: Report) -> list[str]:
    """``17.8a 90,30 % → 94,27 %`` for values that differ from the year before."""
    found = []
    for row in report.of_year("indicators", report.year).to_dict("records"):
        before = row_of(report, report.last_year, row["indicator"], row["part"])
        if before and before["value"] and row["value"] and before["value"] != row["value"] and tables.NUMBER.fullmatch(row["value"]):
            short = [value_text(report, r).split(" = ")[-1] for r in (before, row)]
            found.append(f"{row['indicator']}{row['part']} {short[0]} → {short[1]}")
    return found


def _checked(report: Report) -> Block:
    t = report.t
    findings = report.findings
    counts = {s: int((findings["severity"] == s).sum()) for s in ("error", "warning")}
    return bullets(
        [
            t("Kết luận “theo công bố” là lời của xã, chưa có số liệu trong tài liệu đã nhập; không được coi là đã kiểm chứng."),
            t("Kiểm tra số liệu: {error} lỗi, {warning} cảnh báo (mục 7).").format(**counts),
        ]
    )


def charts(report: Report) -> Block:
    """Small multiples: every indicator with a number and a threshold, last year, this year and target."""
    t = report.t
    rows = [_chart_row(report, row) for row in report.of_year("indicators", report.year).to_dict("records") if _charted(report, row)]
    if not rows:
        return paragraph(t("Chưa có chỉ tiêu nào có số liệu để vẽ."))
    last = report.year_label(report.last_year) if report.last_year else ""
    fig, alt = threshold_chart(rows, report.year_label(report.year), last, report.language)
    return figure(fig, caption=t("Số liệu so với ngưỡng năm {year}").format(year=report.year), alt=alt, anchor="chart-thresholds")


def _charted(report: Report, row: dict) -> bool:
    return bool(tables.NUMBER.fullmatch(row["value"]) and tables.NUMBER.fullmatch(row["threshold"] or "-")) and row["unit"] != "mức độ"


def _chart_row(report: Report, row: dict) -> Reading:
    before = row_of(report, report.last_year, row["indicator"], row["part"]) if report.last_year else None
    planned = row["basis"] == "planned"
    name = rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)
    return Reading(
        label=f"{row['indicator']}{row['part']} {name}",
        unit=row["unit"],
        value=None if planned else tables.fraction(row["value"]),
        target=tables.fraction(row["value"]) if planned else None,
        before=tables.fraction(before["value"]) if before else None,
        threshold=tables.fraction(row["threshold"]),
        operator=row["operator"],
        verdict=row["verdict"],
    )
