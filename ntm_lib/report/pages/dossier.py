"""The dossier: which decisions, photos and lists the commune names as evidence, and whether they are there.

What ``evidence.csv`` of the commune's folder lists, indicator by indicator. The check is that the file
exists; what it says is for the reviewer to read. Which papers a dossier must hold is the decision's
matter (Decision 18/2022/QĐ-TTg), not known here.
"""

from pathlib import Path

from ntm_lib import paths, tables
from ntm_lib.report.blocks import Block, Column, group, link, paragraph, stack, strong, table
from ntm_lib.report.context import Report

WEB = ("https://", "http://")


def dossier(report: Report) -> Block:
    """Table of evidence, those missing marked, and the indicators that are said to be met without any."""
    t = report.t
    if not report.evidence:
        return paragraph(t("Xã chưa lập danh mục tài liệu minh chứng (evidence.csv), nên chưa đối chiếu được hồ sơ theo Quyết định 18/2022/QĐ-TTg."))
    columns = [
        Column(t("Tài liệu minh chứng"), row_header=True, width="34%"),
        Column(t("Loại"), width="16%"),
        Column(t("Năm"), align="right", width="8%"),
        Column(t("Trong thư mục của xã"), width="18%"),
        Column(t("Ghi chú"), width="24%"),
    ]
    lines: list = []
    for indicator in sorted({_target(row) for row in report.evidence}, key=tables.natural_key):
        lines.append(group(t("Chỉ tiêu {n}").format(n=indicator)))
        lines += [_line(report, row) for row in report.evidence if _target(row) == indicator]
    missing = sum(state_of(report, row) in ("missing", "outside") for row in report.evidence)
    text = t("{count} tài liệu được nêu, {missing} tài liệu chưa có trong thư mục của xã.").format(count=len(report.evidence), missing=missing)
    caption = t("Tài liệu minh chứng theo từng chỉ tiêu")
    return stack(paragraph(text), table(columns, lines, caption=caption, anchor="dossier"), _bare(report))


def _target(row: dict) -> str:
    return row["indicator"] + row.get("part", "")


def _line(report: Report, row: dict) -> list:
    t, file = report.t, row["file"]
    words = {"present": t("có"), "missing": t("thiếu"), "outside": t("ngoài thư mục của xã"), "web": t("trên mạng, chưa kiểm tra")}
    state = state_of(report, row)
    shown = strong(f"✗ {words[state]}") if state in ("missing", "outside") else f"✓ {words[state]}" if state == "present" else words[state]
    name = link(file, file) if state == "web" else file
    return [name, row.get("kind", ""), row.get("year", ""), shown, row.get("note", "")]


def state_of(report: Report, row: dict) -> str:
    """present, missing, outside (the name leads out of the commune's folder), or web."""
    if row["file"].startswith(WEB):
        return "web"
    folder = (paths.communes_folder() / report.parameters.commune).resolve()
    try:
        place = (folder / Path(row["file"])).resolve()
        inside, there = place.is_relative_to(folder), place.is_file()
    except (OSError, ValueError):  # too long, or characters that no file name has
        return "missing"
    return "outside" if not inside else "present" if there else "missing"


def _bare(report: Report) -> Block:
    """Indicators said to be met for which no evidence of the year is there."""
    t = report.t
    proven = {row["indicator"] for row in report.evidence if state_of(report, row) in ("present", "web") and row.get("year", "") in ("", str(report.year))}
    met = [row["indicator"] for row in report.rows("indicators", year=report.year, part="", verdict="met")]
    bare = [indicator for indicator in met if indicator not in proven]
    if not bare:
        return paragraph(t("Mọi chỉ tiêu đạt đều có ít nhất một tài liệu minh chứng."))
    return paragraph(t("Chỉ tiêu đạt mà chưa có tài liệu minh chứng: {list}.").format(list=", ".join(bare)))
