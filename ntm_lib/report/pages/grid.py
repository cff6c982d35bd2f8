"""The grid of criteria × years, readable without colour."""

from ntm_lib import rules, tables
from ntm_lib.report.blocks import Block, Column, link, paragraph, stack, table
from ntm_lib.report.context import Report
from ntm_lib.report.style import badge, legend
from ntm_lib.report.words import change_word


def criteria_grid(report: Report) -> Block:
    """One row a criterion, one column a year; the last column says what changed since the year before."""
    t = report.t
    columns = [
        Column(t("TC"), align="right", width="6%"),
        Column(t("Tên tiêu chí"), row_header=True),
        *(Column(report.year_label(year), align="center") for year in report.years),
        Column(t("Thay đổi")),
        Column(t("Chỉ tiêu có số liệu"), align="right"),
    ]
    rows = [_row(report, criterion) for criterion in criteria_order(report)]
    caption = t("{count} tiêu chí qua các năm").format(count=len(rows))
    return stack(table(columns, rows, caption=caption, anchor="grid", note=_gap(report)), paragraph(legend(report.language)))


def criteria_order(report: Report) -> list[str]:
    return sorted(report.of_year("criteria", report.year)["criterion"], key=tables.natural_key)


def criterion_anchor(criterion: str) -> str:
    return f"criterion-{criterion}"


def _row(report: Report, criterion: str) -> list:
    by_year = {
        row["year"]: row for row in report.criteria.query("criterion == @criterion").to_dict("records")
    }
    verdicts = [
        badge(by_year[year]["verdict"], by_year[year]["basis"], report.language) if year in by_year else ""
        for year in report.years
    ]
    change = report.changes.query("criterion == @criterion and indicator == '' and to_year == @report.year")
    word = change_word(change.iloc[0]["change"], report.language) if len(change) else ""
    now = by_year[report.year]
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    return [
        criterion,
        link(name, criterion_anchor(criterion)),
        *verdicts,
        word,
        f"{now['with_value']}/{now['indicators']}",
    ]


def _gap(report: Report) -> str:
    """Says which years between the first and the last have no data: a gap is shown, not closed."""
    gap = [year for year in range(report.years[0], report.year) if year not in report.years]
    if not gap:
        return ""
    return report.t("Không có số liệu của năm {years}.").format(years=", ".join(map(str, gap)))
