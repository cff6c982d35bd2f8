"""The annexes of one run, Biểu 01–07, from the same tables as the report: sheets of a workbook, and pages of the PDF."""

from dataclasses import replace
from pathlib import Path

from ntm_lib.doc.tree import Annex
from ntm_lib.doc.write.excel import Properties, write_workbook
from ntm_lib.report.context import Report
from ntm_lib.report.facts import plan_year
from ntm_lib.report.papers.annexes_criteria import plan_annex, results_annex
from ntm_lib.report.papers.annexes_money import funds_annex, works_annex
from ntm_lib.report.papers.annexes_villages import environment_annexes, village_work_annex
from ntm_lib.report.papers.form import place_name, place_to_date, signing_date


def annexes(report: Report) -> list[Annex]:
    """Biểu 01 to 07 in order."""
    made = [results_annex(report), plan_annex(report), funds_annex(report), works_annex(report)]
    made += [*environment_annexes(report), village_work_annex(report)]
    legend, of = report.t("Ô tô nền: chưa có số liệu, để bổ sung."), reference(report)
    return [replace(annex, notes=(*annex.notes, legend), reference=of, language=report.language) for annex in made]


def write_annexes(report: Report, path: Path, scenario: str = "") -> None:
    """The workbook with a sheet for each Biểu, the same bytes for the same tables. ``scenario``: line on every page."""
    t = report.t
    properties = Properties(
        title=t("Biểu 01–07, chương trình nông thôn mới năm {year}, {place}").format(
            year=plan_year(report), place=place_name(report)
        ),
        date=signing_date(report),
        scenario=scenario,
        signatures=(t("NGƯỜI LẬP BIỂU"), t("TM. BAN CHỈ ĐẠO")),
        place=place_to_date(report, report.commune["name"]),
        page=t("Trang {page}/{pages}").format(page="&P", pages="&N"),
    )
    write_workbook(path, annexes(report), properties)


def reference(report: Report) -> str:
    """Which document the annex belongs to; its number and day are filled in by hand."""
    return report.t("(Kèm theo văn bản số ……/……-BCĐ ngày …… tháng …… năm …… của Ban Chỉ đạo, {place})").format(
        place=place_name(report)
    )
