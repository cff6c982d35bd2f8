"""Funding by source with the check of its sum, and the works of the plan."""

from fractions import Fraction

from ntm_lib import rules, tables
from ntm_lib.language import number, percent
from ntm_lib.report.blocks import Block, Column, callout, figure, group, paragraph, stack, strong, table
from ntm_lib.report.context import Report
from ntm_lib.report.figures import funding_bar
from ntm_lib.report.pages.evidence import sourced
from ntm_lib.report.pages.evidence import sources as raw_rows
from ntm_lib.report.quantities import count_phrase


def funding_section(report: Report) -> Block:
    """Table of sources with shares, the printed total against the sum, and the bar."""
    t = report.t
    rows = report.rows("funding", year=report.year)
    sources = [row for row in rows if row["source"] != "total"]
    printed = next((row for row in rows if row["source"] == "total" and tables.fraction(row["planned"]) is not None), None)
    if not sources:
        return paragraph(t("Chưa có số liệu về nguồn vốn của năm {year}.").format(year=report.year))
    total = sum((tables.fraction(row["planned"]) or Fraction(0) for row in sources), Fraction(0))
    columns = [
        Column(t("Nguồn vốn"), row_header=True),
        Column(t("Kế hoạch (triệu đồng)"), align="right"),
        Column(t("Tỷ trọng"), align="right"),
    ]
    cells = [
        [row["name"], sourced(number(row["planned"], report.language, 1), row), percent(tables.fraction(row["planned"]) * 100 / total, report.language)]
        for row in sources
    ]
    cells.append([strong(t("Cộng {n} nguồn").format(n=len(sources))), strong(number(total, report.language, 1)), strong(percent(100, report.language))])
    caption = t("Nguồn vốn kế hoạch năm {year}").format(year=report.year)
    fig, alt = funding_bar([(row["name"], tables.fraction(row["planned"])) for row in sources], report.language)
    return stack(
        table(columns, cells, caption=caption, anchor="funding"),
        _sum_check(report, total, printed),
        figure(fig, caption=t("Cơ cấu nguồn vốn năm {year}").format(year=report.year), alt=alt, anchor="funding-bar"),
    )


def _sum_check(report: Report, total: Fraction, row: dict | None) -> Block:
    """The sum against ``row``, the total that the document prints."""
    t = report.t
    if row is None:
        return callout("warning", t("Tài liệu không ghi tổng kinh phí, nên không đối chiếu được."))
    printed = tables.fraction(row["planned"])
    shown = {"sum": number(total, report.language), "printed": number(printed, report.language)}
    if total == printed:
        return paragraph(t("Đối chiếu: các nguồn cộng lại {sum} triệu đồng, đúng bằng tổng ghi trong kế hoạch.").format(**shown), raw_rows(row))
    return callout("error", t("Đối chiếu: các nguồn cộng lại {sum} triệu đồng, khác tổng ghi trong kế hoạch {printed} triệu đồng.").format(**shown), raw_rows(row))


def works_section(report: Report) -> Block:
    """Works of the plan under their criterion: what, where, how much, who pays, state."""
    t = report.t
    rows = report.rows("works", year=report.year)
    if not rows:
        return paragraph(t("Chưa có công trình, công việc nào được nhập cho năm {year}.").format(year=report.year))
    columns = [
        Column(t("Công trình, công việc"), row_header=True, width="35%"),
        Column(t("Nơi làm"), width="19%"),
        Column(t("Khối lượng"), align="right", width="15%"),
        Column(t("Nguồn vốn"), width="19%"),
        Column(t("Trạng thái"), width="12%"),
    ]
    lines = []
    for criterion in sorted({row["criterion"] for row in rows}, key=tables.natural_key):
        lines.append(group(_criterion(report, criterion)))
        lines += [_work(report, row) for row in _under_their_whole([row for row in rows if row["criterion"] == criterion])]
    note = t("– ở cột nguồn vốn: chưa phân bổ theo công trình; kế hoạch chỉ ghi kinh phí theo nguồn.")
    caption = t("Công trình, công việc kế hoạch năm {year}").format(year=report.year)
    return table(columns, lines, caption=caption, anchor="works", note=note)


def _under_their_whole(rows: list[dict]) -> list[dict]:
    """Works in their order, each followed by its parts."""
    wholes = [row for row in rows if not row["part_of"]]
    return [row for whole in wholes for row in (whole, *(part for part in rows if part["part_of"] == whole["observation"]))]


def _criterion(report: Report, criterion: str) -> str:
    t = report.t
    if not criterion.isdigit():
        return t("Ngoài các tiêu chí")
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    return t("Tiêu chí {number}. {name}").format(number=criterion, name=name)


def _work(report: Report, row: dict) -> list:
    names = {fund["source"]: fund["name"] for fund in report.rows("funding")}
    return [
        ("– " if row["part_of"] else "") + row["item"],
        ", ".join(filter(None, [row["village"], row["place"]])),
        sourced(count_phrase(row["quantity"], row["unit"], report.language) if row["quantity"] else "–", row),
        names.get(row["source"], row["source"]) or "–",
        _state(row["state"], report),
    ]


def _state(state: str, report: Report) -> str:
    t = report.t
    words = {
        "planned": t("kế hoạch"), "under-way": t("đang làm"), "accepted": t("đã nghiệm thu"),
        "settled": t("đã quyết toán"), "paid": t("đã thanh toán"), "requested": t("đề nghị"),
    }
    return words.get(state, state)
