"""The head of the working papers (yearly report, month, scenarios): what the paper is, and of which commune.

They are read and filed, never signed, so they wear neither the national title nor a signature: the
paper that is signed is ``official_assessment``.
"""

from ntm_lib.doc.blocks import Block, title
from ntm_lib.report.context import Report
from ntm_lib.report.papers import form


def letterhead(report: Report) -> Block:
    """That this is a working paper, and its title."""
    return title(report.t("TÀI LIỆU PHỤC VỤ THẨM TRA"), report_subject(report))


def report_subject(report: Report) -> str:
    """``Đánh giá tiêu chí nông thôn mới năm 2024, xã Hùng Mỹ, huyện …, tỉnh …``; a plan is called a plan."""
    t = report.t
    if not report.in_years:
        what = t("Đối chiếu số liệu năm {year} với bộ tiêu chí {name}")
    elif report.is_plan(report.year):
        what = t("Đánh giá kế hoạch thực hiện tiêu chí nông thôn mới năm {year}")
    else:
        what = t("Kết quả thực hiện tiêu chí nông thôn mới năm {year}")
    name = report.rule_set.meta["short"][report.language]
    return f"{what.format(year=report.year, name=name)}, {place_name(report)}"


def place_name(report: Report) -> str:
    """The place as in the official papers, no name of it broken over two lines."""
    return ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in form.place_name(report).split(", "))
