"""The mark of a verdict with the words that this row needs: an aim is no announcement, an unknown threshold no missing figure."""

from ntm_lib.doc.blocks import Inline
from ntm_lib.doc.style import badge
from ntm_lib.report.context import Report
from ntm_lib.report.sections.evidence import told_by


def verdict_badge(report: Report, row: dict) -> Inline:
    """Mark for a row of ``indicators`` or ``criteria``."""
    return badge(row["verdict"], row["basis"], report.language, word=_word(report, row), remark=_remark(report, row))


def _word(report: Report, row: dict) -> str:
    """What stands instead of "chưa có số liệu" where there is a figure that could not be judged; else empty."""
    if row["verdict"] != "no-data" or not row.get("value"):
        return ""
    return report.t("Chưa biết ngưỡng") if row["reason"] == "no-threshold" else report.t("Chưa kết luận")


def _remark(report: Report, row: dict) -> str:
    """What a newspaper says is not the commune's word."""
    return "" if row["basis"] != "declared" or told_by(report, row) == "commune" else teller_word(report, row)


def teller_word(report: Report, row: dict) -> str:
    """``theo báo chí``, ``theo trang tin``, ``theo công bố``: who says what is declared."""
    t = report.t
    return {"press": t("theo báo chí"), "site": t("theo trang tin"), "commune": t("theo công bố")}[told_by(report, row)]
