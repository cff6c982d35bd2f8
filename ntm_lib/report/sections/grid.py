"""The grid of criteria × years, readable without colour."""

from ntm_lib import rules
from ntm_lib.doc.blocks import Block, Column, inline, link, paper, paragraph, screen, stack, table
from ntm_lib.doc.style import legend
from ntm_lib.report.context import Report, criteria_order
from ntm_lib.report.sections.standing import told_by, verdict_badge
from ntm_lib.wording.words import change_word


def criteria_grid(report: Report) -> Block:
    """One row a criterion, one column a year; the last column says what changed since the year before. The PDF names
    those of which nothing is known in one line.
    """
    t = report.t
    columns = [
        Column(t("TC"), align="right", width="5%"),
        Column(t("Tên tiêu chí"), row_header=True, width="29%"),
        *(
            Column(report.year_label(year), align="center", width=f"{39 // len(report.years)}%")
            for year in report.years
        ),
        Column(t("So với {year}").format(year=report.last_year) if report.last_year else t("Thay đổi")),
        Column(t("Chỉ tiêu có\N{NO-BREAK SPACE}số\N{NO-BREAK SPACE}liệu"), align="right"),
    ]
    order = criteria_order(report)
    caption, note = (
        t("{count} tiêu chí qua các năm").format(count=len(order)),
        inline(legend(report.language, _shown(report)), _remarks(report)),
    )
    page = table(
        columns,
        [_row(report, criterion) for criterion in order],
        caption=caption,
        anchor="grid",
        note=note,
        phone="marks",
    )
    known = [
        criterion
        for criterion in order
        if any(row["verdict"] != "no-data" for row in report.rows("criteria", criterion=criterion))
    ]
    silent = [criterion for criterion in order if criterion not in known]
    if not silent:
        return page
    shown = (
        [table(columns, [_row(report, criterion) for criterion in known], caption=caption, anchor="grid", note=note)]
        if known
        else []
    )
    said = paragraph(
        t("Chưa năm nào có kết luận: tiêu chí {list}.").format(list=", ".join(silent)), anchor="" if known else "grid"
    )
    return stack(screen(page), *map(paper, [*shown, said]))


def _shown(report: Report) -> set[str]:
    return {row["basis"] or row["verdict"] for row in report.rows("criteria")}


def criterion_anchor(criterion: str) -> str:
    return f"criterion-{criterion}"


def _row(report: Report, criterion: str) -> list:
    by_year = {row["year"]: row for row in report.rows("criteria", criterion=criterion)}
    verdicts = [verdict_badge(report, by_year[year]) if year in by_year else "" for year in report.years]
    change = report.row("changes", criterion=criterion, indicator="", to_year=report.year)
    word = change_word(change["change"], report.language) if change else ""
    now = by_year[report.year]
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    return [
        criterion,
        link(name, criterion_anchor(criterion)),
        *verdicts,
        word,
        f"{now['with_value']}/{now['indicators']}",
    ]


def _remarks(report: Report) -> str:
    """What the cells cannot say: counts announced without names, and years without data."""
    t = report.t
    counted = report.rows("observations", criterion="all", kind="declared")
    who = {"press": t("báo chí"), "site": t("trang tin"), "commune": t("xã {name}").format(name=report.commune["name"])}
    notes = [
        t("Năm {year}: {who} nêu “{text}”, không nêu tên từng tiêu chí đạt.").format(
            year=row["year"], who=who[told_by(report, row)], text=row["text"]
        )
        for row in counted
        if row["denominator"] and row["numerator"] != row["denominator"] and row["year"] in report.years
    ]
    notes += [
        t("Kết quả năm {year} là theo bộ tiêu chí trước.").format(year=year)
        for year in report.years
        if (of := {row["declared_rule_set"] for row in report.rows("criteria", year=year)} - {""})
        and report.rule_set.id not in of
    ]
    if any(row["basis"] == "declared" and told_by(report, row) != "commune" for row in report.rows("criteria")):
        notes.append(t("“Theo báo chí”, “theo trang tin”: chỉ đọc được ở đó, chưa có văn bản của xã."))
    gap = [year for year in range(report.years[0], report.year) if year not in report.years]
    if gap:
        notes.append(t("Không có số liệu của năm {years}.").format(years=", ".join(map(str, gap))))
    return " ".join(notes)
