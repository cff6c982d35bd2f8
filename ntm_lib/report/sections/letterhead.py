"""The head of the working papers (yearly report, month, scenarios): what the paper is, and of which commune.

They are read and filed, never signed, so they wear neither the national title nor a signature: the
paper that is signed is ``official_assessment``.
"""

from html import escape

from ntm_lib.doc.blocks import Block, typst_text
from ntm_lib.report.context import Report
from ntm_lib.report.papers import form


def letterhead(report: Report) -> Block:
    """That this is a working paper, and its title."""
    kind, subject = report.t("TÀI LIỆU PHỤC VỤ THẨM TRA"), report_subject(report)
    html = f'<h1 id="top"><span class="kind">{escape(kind)}</span> {escape(subject)}</h1>\n'
    return Block(html, f"#ntm-title({typst_text(kind)}, {typst_text(subject)})\n\n", f"{kind}\n{subject}")


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
