"""Does a list hold as many things as the text says? Criteria met and unmet, villages, annexes."""

import re
from collections.abc import Iterable
from fractions import Fraction

from ntm_lib.checks.common import Context, Finding, finding, listed, not_checked
from ntm_lib.tables import fraction

_UNMET = re.compile(r"chưa (?:đạt|hoàn thành)|không đạt", re.IGNORECASE)
_ANNEX = re.compile(r"\b(?P<name>(?:biểu|phụ biểu|phụ lục)(?:\s+số)?)\s*(?P<number>\d{1,2})\b", re.IGNORECASE)


def check_criteria_listed(context: Context) -> Iterable[Finding]:
    """«8 tiêu chí chưa đạt» names eight criteria; «19/19» lists nineteen."""
    for row in context.written_rows:
        stated = fraction(row.value)
        if row.table != "results" or row.criterion != "all" or stated is None or row.kind not in ("declared", "other"):
            continue
        if row.unit not in ("tiêu chí", ""):
            continue
        wanted = "unmet" if _UNMET.search(row.item) or (_UNMET.search(row.quote) and not row.denominator) else "met"
        unmet = _unmet_beside(context, row) if wanted == "met" and row.denominator and row.kind == "declared" else []
        if wanted == "met" and row.denominator and row.kind == "declared":
            yield from _against_counts(context, row, stated)
        if unmet:
            yield from _against_unmet(context, row, stated, unmet)
        named = [r for r in _named(context, row, wanted) if r.document == row.document]
        if named or not unmet:
            yield from _compare(context, row, stated, wanted, named)


def _named(context: Context, row, status: str) -> list:
    """Rows that give one criterion that status, by the same set in the same year."""
    same = [r for r in context.written_rows if (r.table, r.year, r.rule_set) == ("results", row.year, row.rule_set)]
    return [r for r in same if r.value == status and not r.indicator and r.criterion.isdigit()]


def _counted_unmet(context: Context, row) -> list:
    """Rows of the same set and year that count the criteria not met."""
    same = [
        r
        for r in context.written_rows
        if (r.table, r.year, r.rule_set, r.criterion) == ("results", row.year, row.rule_set, "all")
    ]
    return [r for r in same if _UNMET.search(r.item) and r.unit == "tiêu chí" and fraction(r.value) is not None]


def _against_counts(context: Context, row, stated: Fraction) -> Iterable[Finding]:
    """What is met and what is not make the whole, in one document."""
    for other in _counted_unmet(context, row):
        if other.document == row.document and stated + fraction(other.value) != fraction(row.denominator):
            message = context.t("Ghi đạt {text} và chưa đạt {unmet}: cộng lại không thành {all}.").format(
                text=row.text, unmet=other.text, all=context.show(row.denominator)
            )
            yield finding("list-count", "error", message, context.t("Đối chiếu hai số với bản gốc."), [row, other])


def _unmet_beside(context: Context, row) -> list:
    return list({r.criterion: r for r in _named(context, row, "unmet")}.values())


def _against_unmet(context: Context, row, stated: Fraction, unmet: list) -> Iterable[Finding]:
    """«19/19» leaves no criterion unmet, «17/19» two: as many as are named, or fewer where the list is not whole."""
    t, left = context.t, fraction(row.denominator) - stated
    fields = {
        "text": row.text,
        "n": len(unmet),
        "numbers": listed((r.criterion for r in unmet), 19),
        "left": context.show(left),
    }
    if left == 0:
        message = t("Ghi đạt {text} nhưng tiêu chí {numbers} ghi chưa đạt.").format(**fields)
        yield finding(
            "list-count",
            "error",
            message,
            t("Xác minh kết luận nào đúng; khi chưa rõ, tiêu chí đó không có kết luận."),
            [row, *unmet],
        )
    elif len(unmet) > left:
        message = t("Ghi đạt {text}, tức {left} tiêu chí chưa đạt, nhưng nêu tên {n}: {numbers}.").format(**fields)
        yield finding("list-count", "error", message, t("Hỏi lại nguồn: số đếm sai hay danh sách sai."), [row, *unmet])
    elif len(unmet) < left and not _counted_unmet(context, row):  # else said beside that count
        message = t("Ghi đạt {text}, tức {left} tiêu chí chưa đạt, nhưng chỉ nêu tên {n}: {numbers}.").format(**fields)
        yield finding(
            "list-count",
            "warning",
            message,
            t("Tìm đủ danh sách tiêu chí chưa đạt và nhập từng tiêu chí."),
            [row, *unmet],
        )
    elif len(unmet) == left:
        message = t("Số đếm {text} khớp với {n} tiêu chí chưa đạt đã nêu tên ({numbers}).").format(**fields)
        yield finding(
            "list-rest",
            "info",
            message,
            t("Nếu danh sách chưa đạt là đủ, có thể ghi từng tiêu chí còn lại là đạt theo công bố."),
            [row, *unmet],
        )


def _compare(context: Context, row, stated, wanted: str, named: list) -> Iterable[Finding]:
    t, numbers = context.t, [r.criterion for r in named]
    status = t("chưa đạt") if wanted == "unmet" else t("đạt")
    twice = sorted({n for n in numbers if numbers.count(n) > 1})
    if twice:
        message = t("Tiêu chí {numbers} được kê {status} hai lần.").format(numbers=listed(twice), status=status)
        yield finding("list-count", "error", message, t("Bỏ dòng thừa."), [r for r in named if r.criterion in twice])
    if not named and stated:
        why = t("văn bản ghi {n} tiêu chí {status} nhưng không nêu tên tiêu chí nào").format(
            n=context.show(stated), status=status
        )
        yield not_checked(context, "list-count", why, t("Tìm danh sách kèm theo và nhập từng tiêu chí."), [row])
    elif len(set(numbers)) != stated:
        message = (
            t("Ghi {stated} tiêu chí {status} nhưng chỉ nêu tên {n}: {numbers}.")
            if len(set(numbers)) < stated
            else t("Ghi {stated} tiêu chí {status} nhưng nêu tên {n}: {numbers}.")
        )
        message = message.format(
            stated=context.show(stated), status=status, n=len(set(numbers)), numbers=listed(numbers, 19)
        )
        yield finding(
            "list-count", "error", message, t("Hỏi lại nguồn: số đếm sai hay danh sách thiếu."), [row, *named]
        )


def check_villages_listed(context: Context) -> Iterable[Finding]:
    """The village register holds as many villages as the documents count."""
    t = context.t
    named = context.cleaned.villages["village"].tolist()
    stated = [
        r for r in context.rows if re.fullmatch(r"\d+ thôn", r.text.strip()) and fraction(r.value) and not r.village
    ]
    if not named or not stated:
        yield not_checked(
            context,
            "village-count",
            t("chưa có danh sách thôn hoặc số thôn"),
            t("Nhập villages.csv và số thôn của xã."),
        )
        return
    most = max(stated, key=lambda r: (fraction(r.value), r.table == "results"))
    count = int(fraction(most.value))
    if len(named) != count:
        message = t("Văn bản ghi {count} thôn, danh sách thôn có {n}: {names}.").format(
            count=count, n=len(named), names=listed(named, 30)
        )
        action = (
            t("Bổ sung tên các thôn còn thiếu vào villages.csv.")
            if len(named) < count
            else t("Kiểm tra thôn trùng tên trong villages.csv.")
        )
        yield finding("village-count", "warning", message, action, [most], criterion="", indicator="")


def check_annexes(context: Context) -> Iterable[Finding]:
    """Annexes are numbered without gaps and named in one way."""
    t = context.t
    cited = [
        (r, m)
        for r in context.rows
        if r.table == "provisions"
        for m in _ANNEX.finditer(f"{r.text}")
        if r.column == "value"
    ]
    if not cited:
        yield not_checked(
            context,
            "annex",
            t("không có phụ lục (biểu) nào được nhập"),
            t("Nhập các biểu được viện dẫn vào provisions.csv, kind = annex."),
        )
        return
    for document in dict.fromkeys(r.document for r, _ in cited):
        here = [(r, m) for r, m in cited if r.document == document]
        numbers = {int(m["number"]) for _, m in here}
        if missing := [n for n in range(1, max(numbers) + 1) if n not in numbers]:
            names = listed(f"{n:02d}" for n in missing)
            message = t("{document} viện dẫn Biểu {cited} nhưng không nhắc Biểu {missing}.").format(
                document=document, cited=listed(f"{n:02d}" for n in sorted(numbers)), missing=names
            )
            rows = list(dict.fromkeys(r for r, _ in here))
            yield finding(
                "annex-gap",
                "warning",
                message,
                t("Hỏi cơ quan ban hành: biểu bị bỏ hay quên viện dẫn."),
                rows,
                key=document,
            )
        forms = list(dict.fromkeys(m["name"] + " " + "0" * (len(m["number"]) > 1) + "N" for _, m in here))
        if len(forms) > 1:
            message = t("Tên phụ lục viết nhiều kiểu: {forms}.").format(forms=listed(m[0] for _, m in here))
            yield finding(
                "annex-spelling",
                "info",
                message,
                t("Thống nhất một cách viết, ví dụ «Biểu số 02»."),
                [r for r, _ in here],
                key=document,
            )
