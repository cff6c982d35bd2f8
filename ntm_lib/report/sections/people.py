"""Who answers for what, where nobody does, and which villages have reported before the committee met."""

import pandas as pd

from ntm_lib.doc.blocks import Block, Column, callout, group, inline, paragraph, stack, strong, table
from ntm_lib.plan.calendar import meeting_date
from ntm_lib.plan.villages import coverage, reports
from ntm_lib.report.context import Report
from ntm_lib.report.facts import criteria, criterion_label
from ntm_lib.report.month.monthly import Month, month_of
from ntm_lib.report.sections.evidence import sources
from ntm_lib.tables import records

STATES = ("on-time", "late", "undated", "missing")


def people_section(report: Report) -> Block:
    """The criteria that nobody answers for, every duty with whoever has it, and the monthly reports of the villages."""
    t = report.t
    assigned = _assignments(report)
    if assigned.empty:
        none = t("Chưa nhập phân công nào: chưa xác định được ai chịu trách nhiệm từng tiêu chí.")
        return stack(callout("warning", none), _reported(report))
    return stack(_uncovered(report, assigned), _duties(report, assigned), _reported(report))


def _assignments(report: Report) -> pd.DataFrame:
    """Rows of assignments.csv as ``plan.reporting`` takes them."""
    found = report.observations[report.observations["table"] == "assignments"]
    return found.rename(columns={"observation": "id", "item": "who", "text": "duty"})


def _uncovered(report: Report, assigned: pd.DataFrame) -> Block:
    """The criteria for which the documents name nobody: a gap that the committee has to close."""
    t = report.t
    known = criteria(report)
    found = coverage(assigned, known)
    missing = list(found.loc[found["assigned"] == "", "criterion"])
    if not missing:
        return paragraph(t("Mỗi tiêu chí đều có người hoặc tổ chức phụ trách."))
    text = t("Tài liệu không nêu ai chịu trách nhiệm tiêu chí {list}. Ban Chỉ đạo cần phân công.")
    head = t("{n}/{total} tiêu chí chưa có người phụ trách. ").format(n=len(missing), total=len(known))
    return callout("warning", strong(head), text.format(list=", ".join(missing)))


def _duties(report: Report, assigned: pd.DataFrame) -> Block:
    """Every duty under its criterion, then those that name none; a column of villages where any is named."""
    t = report.t
    rows = records(assigned)
    villages = any(row["village"] for row in rows)
    columns = [
        Column(t("Người, tổ chức"), row_header=True, width="34%"),
        Column(t("Việc được giao"), width="48%" if villages else "66%"),
        *([Column(t("Thôn"), width="18%")] if villages else []),
    ]
    known, lines = criteria(report), []
    for criterion in [*known, ""]:
        mine = [row for row in rows if (row["criterion"] if row["criterion"] in known else "") == criterion]
        if mine:
            lines.append(
                group(criterion_label(report, criterion) if criterion else t("Việc chung, không nêu tiêu chí"))
            )
            lines += [_duty(row, villages) for row in mine]
    note = "" if villages else t("Không việc nào được giao theo từng thôn.")
    return table(columns, lines, caption=t("Ai chịu trách nhiệm việc gì"), anchor="duties", note=note)


def _duty(row: dict, villages: bool) -> list:
    place = [row["village"].replace("; ", ", ") or "–"] if villages else []
    return [row["who"], inline(row["duty"], sources({"observation": row["id"]})), *place]


def _reported(report: Report) -> Block:
    """Which villages reported in which month, by the day of the meeting, up to the last month that anybody reported on."""
    t = report.t
    if report.progress.empty:
        return paragraph(t("Chưa thôn nào có báo cáo tiến độ tháng được nhập."))
    month = month_of(report, 12)
    told = [int(row["month"]) for row in records(month.progress) if int(row["year"]) == report.year]
    if not told or not month.villages:
        return paragraph(t("Chưa có báo cáo tiến độ tháng nào của các thôn trong năm {year}.").format(year=report.year))
    found = {m: _states(month, m) for m in range(1, max(told) + 1)}
    words = {"on-time": t("Đúng hạn"), "late": t("Muộn"), "undated": t("Không ghi ngày"), "missing": t("Chưa báo cáo")}
    shown = [state for state in STATES if any(state in states.values() for states in found.values())]
    columns = [Column(t("Thôn"), row_header=True), *(Column(words[state]) for state in shown)]
    cells = [
        [who, *(", ".join(str(m) for m, states in found.items() if states[who] == state) or "–" for state in shown)]
        for who in month.villages
    ]
    caption = t("Thôn nào đã báo cáo tháng nào, từ tháng 1 đến tháng {month} năm {year}").format(
        month=max(told), year=report.year
    )
    note = t("Số là tháng. Đúng hạn: không sau ngày Ban Chỉ đạo họp hằng tháng.")
    return table(columns, cells, caption=caption, anchor="reports", note=note)


def _states(month: Month, number: int) -> dict[str, str]:
    """State of each village's report for one month."""
    due = meeting_date(month.schedule, month.report.year, number, month.rule)
    found = reports(month.progress, month.villages, month.report.year, number, due)
    return dict(zip(found["who"], found["state"], strict=True))
