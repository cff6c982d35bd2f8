"""Where the money comes from and where it goes: sources with their shares, the check of their sum, the works of each criterion."""

from ntm_lib.doc.blocks import Block, Column, callout, paragraph, stack, table
from ntm_lib.language import number, percent
from ntm_lib.plan.money import UNASSIGNED, by_source, check_of_sum, money_by_criterion
from ntm_lib.report.context import Report
from ntm_lib.report.facts import criterion_label, over_years, over_years_text
from ntm_lib.report.sections.evidence import sourced
from ntm_lib.report.sections.evidence import sources as raw_rows
from ntm_lib.tables import decimal_text, fraction, records, total

USED = ("allocated", "spent", "left")  # columns of money.SOURCES that stay away as long as nothing is known


def funding_section(report: Report) -> Block:
    """Sources with shares and what is allocated and spent, the printed total against the sum, the money by criterion."""
    t = report.t
    rows = records(by_source(_of_one_year(report), report.year, report.language))
    several = [paragraph(f"{text}.") for text in over_years_text(report, report.year)]
    if not rows:
        missing = t("Chưa có số liệu về nguồn vốn của năm {year}.").format(year=report.year)
        return stack(paragraph(missing), *several, _by_criterion(report))
    return stack(
        _sources(report, rows),
        _sum_check(report, rows[-1]),
        *several,
        _by_criterion(report),
    )


def _of_one_year(report: Report):
    """The table ``funding`` without what a source gives for several years together."""
    several = {row["observation"] for row in over_years(report, report.year)}
    return report.funding[~report.funding["observation"].isin(several)]


def money_cell(report: Report, text: str) -> str:
    """Million đồng with one digit; a dash where it is not known."""
    return number(text, report.language, 1) if text else "–"


def _sources(report: Report, rows: list[dict]) -> Block:
    """``rows``: the sources, then their sum."""
    t = report.t
    names = {"allocated": t("Đã phân bổ"), "spent": t("Đã giải ngân"), "left": t("Chưa giải ngân")}
    used = [column for column in USED if any(row[column] for row in rows)]
    columns = [
        Column(t("Nguồn vốn"), row_header=True),
        Column(t("Kế hoạch (triệu đồng)"), align="right"),
        Column(t("Tỷ trọng"), align="right"),
        *(Column(names[column], align="right") for column in used),
    ]
    cells = [
        [row["name"], sourced(money_cell(report, row["planned"]), row), *_figures(report, row, used)]
        for row in rows[:-1]
    ]
    total = rows[-1]
    cells.append(
        [t("Cộng {n} nguồn").format(n=len(cells)), money_cell(report, total["planned"]), *_figures(report, total, used)]
    )
    note = "" if used else t("Chưa có số liệu đã phân bổ, đã giải ngân của nguồn nào.")
    caption = t("Nguồn vốn kế hoạch năm {year}").format(year=report.year)
    return table(
        columns, cells, caption=caption, anchor="funding", row_classes=[*[""] * (len(cells) - 1), "total"], note=note
    )


def _figures(report: Report, row: dict, used: list[str]) -> list[str]:
    return [
        percent(row["share"], report.language) if row["share"] else "–",
        *(money_cell(report, row[column]) for column in used),
    ]


def _sum_check(report: Report, total: dict) -> Block:
    """The sum against the total that the document prints; ``total``: the last row of ``by_source``."""
    t = report.t
    row = check_of_sum(_of_one_year(report), report.year).iloc[0]
    if not row["printed"]:
        return callout("warning", t("Tài liệu không ghi tổng kinh phí, nên không đối chiếu được."))
    if not row["agree"]:
        return callout(
            "warning", t("Chưa đối chiếu được tổng kinh phí: {n} nguồn chưa có số tiền.").format(n=row["unknown"])
        )
    shown = {c: number(row[c], report.language) for c in ("sum", "printed")}
    if row["agree"] == "yes":
        return paragraph(
            t("Đối chiếu: các nguồn cộng lại {sum} triệu đồng, đúng bằng tổng ghi trong kế hoạch.").format(**shown),
            raw_rows(total),
        )
    return callout(
        "error",
        t("Đối chiếu: các nguồn cộng lại {sum} triệu đồng, khác tổng ghi trong kế hoạch {printed} triệu đồng.").format(
            **shown
        ),
        raw_rows(total),
    )


def _by_criterion(report: Report) -> Block:
    """What the works of each criterion are known to cost, and the money that no work is known to use."""
    rows = money_by_criterion(report.works, _of_one_year(report), report.year, report.language).to_dict("records")
    criteria = [row for row in rows if row["criterion"] != UNASSIGNED]
    rest = [row for row in rows if row["criterion"] == UNASSIGNED]
    if not any(row["cost"] for row in criteria):
        return stack(*(paragraph(_undivided(report, row)) for row in rest if row["share"]))
    over = [row for row in rest if fraction(row["cost"]) < 0]
    text = report.t("Kinh phí đã biết của các công trình vượt tổng các nguồn vốn {amount} triệu đồng.")
    told = [callout("error", text.format(amount=number(-fraction(row["cost"]), report.language))) for row in over]
    return stack(_table_by_criterion(report, criteria, [row for row in rest if row not in over]), *told)


def _undivided(report: Report, row: dict) -> str:
    text = report.t(
        "Tài liệu không ghi kinh phí của công trình, công việc nào: {amount} triệu đồng ({share}) chưa phân bổ theo công trình."
    )
    amount, share = number(row["cost"], report.language), percent(row["share"], report.language, 0)
    return text.format(amount=amount, share=share)


def _table_by_criterion(report: Report, criteria: list[dict], rest: list[dict]) -> Block:
    t = report.t
    columns = [
        Column(t("Tiêu chí"), row_header=True, width="46%"),
        Column(t("Công trình, công việc"), align="right"),
        Column(t("Chưa ghi đủ kinh phí"), align="right"),
        Column(t("Kinh phí đã biết (triệu đồng)"), align="right"),
        Column(t("Tỷ trọng"), align="right"),
    ]
    cells = [
        [criterion_label(report, row["criterion"]), row["works"], row["cost_unknown"], *_cost(report, row)]
        for row in criteria
    ]
    cells += [[row["name"][:1].upper() + row["name"][1:], "", "", *_cost(report, row)] for row in rest]
    counts = [str(sum(int(row[c]) for row in criteria)) for c in ("works", "cost_unknown")]
    cells.append([t("Cộng"), *counts, *_sum(report, [*criteria, *rest])])
    classes = [*[""] * (len(cells) - 1), "total"]
    caption = t("Kinh phí theo tiêu chí năm {year}").format(year=report.year)
    return table(columns, cells, caption=caption, anchor="money-by-criterion", row_classes=classes)


def _sum(report: Report, rows: list[dict]) -> list[str]:
    """Cost and share of all the rows: where money is left to assign, that of all the sources."""
    return _cost(
        report,
        {
            c: decimal_text(total(row[c] for row in rows)) if any(row[c] for row in rows) else ""
            for c in ("cost", "share")
        },
    )


def _cost(report: Report, row: dict) -> list[str]:
    return [money_cell(report, row["cost"]), percent(row["share"], report.language) if row["share"] else "–"]
