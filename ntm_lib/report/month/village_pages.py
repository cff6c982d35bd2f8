"""One sheet a village: what it must do this year and has done, and nothing else."""

from ntm_lib.doc.blocks import Block, Column, group, heading, page_break, paragraph, stack, table
from ntm_lib.language import term
from ntm_lib.plan.scenario_file import read_scenario
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.plan.villages import sheet_title, village_sheet
from ntm_lib.report.month.monthly import Month
from ntm_lib.wording.quantities import exact_phrase
from ntm_lib.wording.words import day

KINDS = ("addition", "work", "task")


def village_sheets(month: Month) -> Block:
    """The sheets of all villages that the data name, each on a page of its own."""
    t, run = month.report.t, month.report.parameters
    if not month.villages:
        return paragraph(t("Số liệu của xã chưa có tên thôn nào (tệp villages.csv)."))
    scenario = read_scenario(run.commune, run.scenario, run.rule_set, run.language)
    sheets = [block for village in month.villages for block in (page_break(), sheet(month, village, scenario))]
    return stack(page_break(), heading(t("5. Phiếu việc của từng thôn"), 2), *sheets[1:])


def sheet(month: Month, village: str, scenario: Scenario | None = None) -> Block:
    """Table of what one village must do: households and the like, works, then what comes back."""
    report, t = month.report, month.report.t
    found = village_sheet(
        village, report.observations, report.works, month.schedule, month.progress, report.year, month.month, scenario
    )
    rows = found.to_dict("records")
    head = heading(sheet_title(village, report.year, month.month, report.language), 3)
    if not rows:
        return stack(head, paragraph(t("Kế hoạch không ghi việc nào của thôn.")))
    columns = [
        Column(t("Việc phải làm"), row_header=True, width="46%"),
        Column(t("Kế hoạch năm"), align="right"),
        Column(t("Đã làm"), align="right"),
        Column(t("Còn lại"), align="right"),
        Column(t("Khi nào")),
    ]
    names = {
        "addition": t("Vận động hộ, số lượng được giao"),
        "work": t("Công trình, công việc của thôn"),
        "task": t("Việc thường xuyên"),
    }
    lines = []
    for kind in KINDS:
        mine = [row for row in rows if row["kind"] == kind]
        lines += [group(names[kind]), *(_line(month, row) for row in mine)] if mine else []
    caption = t("Thôn {village}: {count} việc").format(village=village, count=len(rows))
    return stack(head, table(columns, lines, caption=caption, anchor=f"village-{village}"))


def _line(month: Month, row: dict) -> list[str]:
    language = month.report.language
    figures = [exact_phrase(row[c], row["unit"], language) if row[c] else "–" for c in ("planned", "done", "remaining")]
    name = ", ".join(filter(None, [row["item"] or row["target"], row["place"]]))
    return [name, *figures, day(term(row["when"], language), language) or "–"]
