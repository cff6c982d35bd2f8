"""A sheet for each village: what it has to do, room to write what was done, and to sign."""

from collections.abc import Sequence

from ntm_lib.doc import tree
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    facts,
    group,
    heading,
    inline,
    line_break,
    page_break,
    paragraph,
    stack,
    table,
)
from ntm_lib.doc.paper import BLANK
from ntm_lib.language import term
from ntm_lib.plan.scenario_file import read_scenario
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.plan.villages import sheet_title, village_sheet
from ntm_lib.report.context import Row
from ntm_lib.report.month.monthly import Month
from ntm_lib.report.papers.form import next_year
from ntm_lib.tables import records
from ntm_lib.wording.words import day, exact_phrase


def village_sheets(month: Month) -> Block:
    """The sheets of all villages that the data name, each on a page of its own."""
    t, run = month.report.t, month.report.parameters
    if not month.villages:
        return stack()
    scenario = read_scenario(run.commune, run.scenario, run.rule_set, run.language)
    sheets = [block for village in month.villages for block in (page_break(), sheet(month, village, scenario))]
    return stack(page_break(), heading(t("4. Phiếu việc của từng thôn"), 2), *sheets[1:])


def sheet(month: Month, village: str, scenario: Scenario | None = None) -> Block:
    """Table of what one village must do: households and the like, works, then what comes back."""
    report, t = month.report, month.report.t
    made_of = report.observations, report.works, month.schedule, month.progress
    found = village_sheet(village, *made_of, report.year, month.month, scenario, report.village_needs)
    rows = records(found)
    head = heading(sheet_title(village, report.year, month.month, report.language), 3)
    if not rows:
        return stack(head, paragraph(t("Kế hoạch không ghi việc nào của thôn.")))
    columns = [
        Column(t("Việc phải làm"), row_header=True, width="40%"),
        Column(t("Kế hoạch năm"), align="right"),
        Column(t("Đã báo cáo"), align="right"),
        Column(t("Làm thêm trong tháng"), align="center"),
        Column(t("Khó khăn, kiến nghị"), align="center", width="22%"),
    ]
    names = {
        "need": t("Để xã đạt chuẩn: phần của thôn, chia theo số còn thiếu của từng thôn"),
        "addition": t("Vận động hộ, số lượng được giao"),
        "work": t("Công trình, công việc của thôn"),
        "task": t("Việc thường xuyên"),
    }
    lines: list[Sequence[Inline | str] | tree.Row] = []
    for kind in names:
        mine = [row for row in rows if row["kind"] == kind]
        lines += [group(names[kind]), *(_line(month, row) for row in mine)] if mine else []
    caption = t("Thôn {village}: {count} việc").format(village=village, count=len(rows))
    signed = [t("Nộp về xã ngày"), t("Số điện thoại"), t("Trưởng thôn (ký, ghi rõ họ tên)")]
    return stack(
        head,
        table(columns, lines, caption=caption, anchor=f"village-{village}", phone="table"),
        paragraph(t("Ghi số làm được trong tháng, cả khi là 0; số đã báo cáo có sai thì sửa ngay trên phiếu.")),
        *([paragraph(coming)] if (coming := next_year(report, report.year)) else []),
        facts([(line, BLANK * 8) for line in signed]),
    )


def _line(month: Month, row: Row) -> list[Inline | str]:
    """A task of the village: planned, reported so far, and room to write."""
    language = month.report.language
    planned, done = (exact_phrase(row[c], row["unit"], language) if row[c] else "" for c in ("planned", "done"))
    when = day(term(row["when"], language), language)
    name = ", ".join(filter(None, [row["item"] or row["target"], row["place"]])) + (f" ({when})" if when else "")
    room = inline(line_break(), BLANK)  # a hand needs more height than print
    return [name, planned, done, room, room]
