"""What was noted while the files were read: hidden rows, rows that are no values, sheets left aside."""

from collections import defaultdict
from collections.abc import Iterable

from ntm_lib.checks.common import Context, problem
from ntm_lib.problems import Finding, listed


def check_reading(context: Context) -> Iterable[Finding]:
    """One finding for each kind of remark on a sheet."""
    groups = defaultdict(list)
    for remark in context.cleaned.remarks:
        groups[remark.file, remark.sheet, remark.code].append(remark)
    for (file, sheet, code), remarks in groups.items():
        first = remarks[0]
        place = {"file": file, "sheet": sheet, "row": first.row or "", "text": first.text}
        rows = listed(str(remark.row) for remark in remarks)
        yield problem(code, at={"key": f"{file}-{sheet}", **place}, rows=rows, text=first.text)
