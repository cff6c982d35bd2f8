"""What was noted while the files were read: hidden rows, rows that are no values, sheets left aside."""

from collections import defaultdict
from collections.abc import Iterable

from ntm_lib.checks.common import Context, Finding, finding, listed
from ntm_lib.intake.messages import REMARK_ACTIONS, REMARKS

_WARNED = (
    "unread-sheet", "hidden-row", "hidden-column", "hidden-sheet", "unread-cell", "household-list", "unread-file", "unread-copy", "unread-spreadsheet",
    "unread-nameless", "unread-folder", "unread-link", "unread-special", "unread-text", "unread-table", "unread-column", "doubled-column",
    "part-year-column", "appraisal-differs", "two-units", "two-years", "template-empty", "template-extra-cell", "template-locked", "template-hidden",
    "template-below", "template-alone", "template-twice", "no-criterion",
)  # fmt: skip


def check_reading(context: Context) -> Iterable[Finding]:
    """One finding for each kind of remark on a sheet."""
    t = context.t
    groups = defaultdict(list)
    for remark in context.cleaned.remarks:
        groups[remark.file, remark.sheet, remark.code].append(remark)
    for (file, sheet, code), remarks in groups.items():
        first = remarks[0]
        message = t(REMARKS[code]).format(rows=listed(str(r.row) for r in remarks), text=first.text) + "."
        severity = "warning" if code in _WARNED else "info"
        place = {"file": file, "sheet": sheet, "row": str(first.row or ""), "text": first.text}
        yield finding(code, severity, message, t(REMARK_ACTIONS[code]), key=f"{file}-{sheet}", **place)
