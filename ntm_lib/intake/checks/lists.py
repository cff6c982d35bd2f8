"""Does a list hold as many things as the text says? Criteria met and unmet, villages, annexes."""

import re
from collections.abc import Iterable

from ntm_lib.intake.checks.common import Context, Finding, finding, listed, not_checked
from ntm_lib.tables import fraction

_UNMET = re.compile(r"chưa (?:đạt|hoàn thành)|không đạt", re.IGNORECASE)
_ANNEX = re.compile(r"\b(?P<name>(?:biểu|phụ biểu|phụ lục)(?:\s+số)?)\s*(?P<number>\d{1,2})\b", re.IGNORECASE)


def check_criteria_listed(context: Context) -> Iterable[Finding]:
    """«8 tiêu chí chưa đạt» names eight criteria; «19/19» lists nineteen."""
    for row in context.rows:
        stated = fraction(row.value)
        if row.table != "results" or row.criterion != "all" or stated is None or row.kind not in ("declared", "other"):
            continue
        if row.unit not in ("tiêu chí", ""):
            continue
        yield from _against_all(context, row)
        wanted = "unmet" if _UNMET.search(f"{row.item} {row.quote}") and not row.denominator else "met"
        named = [r for r in context.rows if (r.table, r.year, r.document) == ("results", row.year, row.document) and r.value == wanted and not r.indicator]
        named = [r for r in named if r.criterion.isdigit()]
        yield from _compare(context, row, stated, wanted, named)


def _against_all(context: Context, row) -> Iterable[Finding]:
    """«19/19» and a criterion that is not met, by the same set in the same year."""
    if not row.denominator or row.numerator != row.denominator or row.kind != "declared":
        return
    same = [r for r in context.rows if (r.table, r.year, r.rule_set) == ("results", row.year, row.rule_set)]
    if against := [r for r in same if r.value == "unmet" and not r.indicator and r.criterion.isdigit()]:
        message = context.t("Ghi đạt {text} nhưng tiêu chí {numbers} ghi chưa đạt.").format(text=row.text, numbers=listed(r.criterion for r in against))
        yield finding("list-count", "error", message, context.t("Xác minh kết luận nào đúng; khi chưa rõ, tiêu chí đó không có kết luận."), [row, *against])


def _compare(context: Context, row, stated, wanted: str, named: list) -> Iterable[Finding]:
    t, numbers = context.t, [r.criterion for r in named]
    status = t("chưa đạt") if wanted == "unmet" else t("đạt")
    twice = sorted({n for n in numbers if numbers.count(n) > 1})
    if twice:
        message = t("Tiêu chí {numbers} được kê {status} hai lần.").format(numbers=listed(twice), status=status)
        yield finding("list-count", "error", message, t("Bỏ dòng thừa."), [r for r in named if r.criterion in twice])
    if not named and stated:
        why = t("văn bản ghi {n} tiêu chí {status} nhưng không nêu tên tiêu chí nào").format(n=context.show(stated), status=status)
        yield not_checked(context, "list-count", why, t("Tìm danh sách kèm theo và nhập từng tiêu chí."), [row])
    elif len(set(numbers)) != stated:
        message = t("Ghi {stated} tiêu chí {status} nhưng chỉ nêu tên {n}: {numbers}.") if len(set(numbers)) < stated else t(
            "Ghi {stated} tiêu chí {status} nhưng nêu tên {n}: {numbers}."
        )
        message = message.format(stated=context.show(stated), status=status, n=len(set(numbers)), numbers=listed(numbers, 19))
        yield finding("list-count", "error", message, t("Hỏi lại nguồn: số đếm sai hay danh sách thiếu."), [row, *named])


def check_villages_listed(context: Context) -> Iterable[Finding]:
    """The village register holds as many villages as the documents count."""
    t = context.t
    named = context.cleaned.villages["village"].tolist()
    stated = [r for r in context.rows if re.fullmatch(r"\d+ thôn", r.text.strip()) and fraction(r.value) and not r.village]
    if not named or not stated:
        yield not_checked(context, "village-count", t("chưa có danh sách thôn hoặc số thôn"), t("Nhập villages.csv và số thôn của xã."))
        return
    most = max(stated, key=lambda r: (fraction(r.value), r.table == "results"))
    count = int(fraction(most.value))
    if len(named) != count:
        message = t("Văn bản ghi {count} thôn, danh sách thôn có {n}: {names}.").format(count=count, n=len(named), names=listed(named, 30))
        action = t("Bổ sung tên các thôn còn thiếu vào villages.csv.") if len(named) < count else t("Kiểm tra thôn trùng tên trong villages.csv.")
        yield finding("village-count", "warning", message, action, [most], criterion="", indicator="")


def check_annexes(context: Context) -> Iterable[Finding]:
    """Annexes are numbered without gaps and named in one way."""
    t = context.t
    cited = [(r, m) for r in context.rows if r.table == "provisions" for m in _ANNEX.finditer(f"{r.text}") if r.column == "value"]
    if not cited:
        yield not_checked(context, "annex", t("không có phụ lục (biểu) nào được nhập"), t("Nhập các biểu được viện dẫn vào provisions.csv, kind = annex."))
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
            yield finding("annex-gap", "warning", message, t("Hỏi cơ quan ban hành: biểu bị bỏ hay quên viện dẫn."), rows, key=document)
        forms = list(dict.fromkeys(m["name"] + " " + "0" * (len(m["number"]) > 1) + "N" for _, m in here))
        if len(forms) > 1:
            message = t("Tên phụ lục viết nhiều kiểu: {forms}.").format(forms=listed(m[0] for _, m in here))
            yield finding("annex-spelling", "info", message, t("Thống nhất một cách viết, ví dụ «Biểu số 02»."), [r for r, _ in here], key=document)
