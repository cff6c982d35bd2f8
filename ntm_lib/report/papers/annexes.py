"""The annexes of one run, Biểu 01–07, from the same tables as the report: a workbook, and pages for the PDF."""

from fractions import Fraction
from pathlib import Path

from ntm_lib.doc.paper import AnnexPage, Column, table
from ntm_lib.doc.sheet import Annex, Cell, Empty, Formula, Number, Row
from ntm_lib.doc.sheet_xlsx import Properties, write_workbook
from ntm_lib.language import number, percent
from ntm_lib.report.context import Report
from ntm_lib.report.facts import plan_year
from ntm_lib.report.papers.annexes_criteria import plan_annex, results_annex
from ntm_lib.report.papers.annexes_money import funds_annex, works_annex
from ntm_lib.report.papers.annexes_villages import environment_annexes, village_work_annex
from ntm_lib.report.papers.form import place_name, signing_date


def annexes(report: Report) -> list[Annex]:
    """Biểu 01 to 07 in order."""
    made = [results_annex(report), plan_annex(report), funds_annex(report), works_annex(report)]
    return [*made, *environment_annexes(report), village_work_annex(report)]


def write_annexes(report: Report, path: Path, scenario: str = "") -> None:
    """The workbook with a sheet for each Biểu, the same bytes for the same tables. ``scenario``: line on every page."""
    t = report.t
    properties = Properties(
        title=t("Biểu 01–07, chương trình nông thôn mới năm {year}, {place}").format(
            year=plan_year(report), place=place_name(report)
        ),
        date=signing_date(report),
        reference=reference(report),
        scenario=scenario,
        signatures=(t("NGƯỜI LẬP BIỂU"), t("TM. BAN CHỈ ĐẠO")),
        place=t("{place}, ngày …… tháng …… năm ……").format(place=report.commune["name"]),
        legend=t("Ô tô nền: chưa có số liệu, để bổ sung."),
        page=t("Trang {page}/{pages}").format(page="&P", pages="&N"),
    )
    write_workbook(path, annexes(report), properties)


def reference(report: Report) -> str:
    """Which document the annex belongs to; its number and day are filled in by hand."""
    return report.t("(Kèm theo văn bản số ……/……-BCĐ ngày …… tháng …… năm …… của Ban Chỉ đạo, {place})").format(
        place=place_name(report)
    )


def annex_pages(report: Report) -> list[AnnexPage]:
    """The annexes as pages of the PDF, with the values that the formulas of the workbook come to."""
    return [_page(annex, report) for annex in annexes(report)]


def _page(annex: Annex, report: Report) -> AnnexPage:
    columns = [Column(column.heading, column.width, column.align, column.above) for column in annex.columns]
    rows = [_row(annex, row, report.language) for row in annex.rows]
    legend = report.t("Ô tô nền: chưa có số liệu, để bổ sung.")
    note = " ".join([*annex.notes, legend])
    body = table(annex.title, columns, rows, [row.kind for row in annex.rows], note)
    return AnnexPage(annex.label, annex.title, " ".join(filter(None, [reference(report), annex.unit])), body)


def _row(annex: Annex, row: Row, language: str) -> list[str | None]:
    return [shown(row.cells.get(column.key, ""), language) for column in annex.columns]


def shown(cell: Cell, language: str) -> str | None:
    """A cell as the language writes it; None for one that the data lacks."""
    if cell is Empty.MISSING:
        return None
    if cell is Empty.TO_FILL:
        return ""
    if isinstance(cell, Number | Formula):
        return "" if cell.value is None else _figure(cell.value, cell.form, language)
    return cell


def _figure(value: Fraction, form: str, language: str) -> str:
    if form == "share":
        return percent(100 * value, language)
    if form == "change":
        return ("+" if value > 0 else "") + number(value, language)
    return number(value, language, {"money": 1, "count": None}.get(form))
