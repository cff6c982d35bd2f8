"""Does a list hold as many things as the text says? Criteria met and unmet, villages, annexes."""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ntm_lib.checks.common import Context, not_checked, problem
from ntm_lib.judge.criteria import published_counts
from ntm_lib.problems import Finding, listed, number, say
from ntm_lib.tables import fraction

_UNMET = re.compile(r"chưa (?:đạt|hoàn thành)|không đạt", re.IGNORECASE)
_CRITERIA = 19  # of a basic set
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
            yield from _compare(row, stated, wanted, named)


def check_counted_set(context: Context) -> Iterable[Finding]:
    """A published count says by which set of criteria it was made: without it nothing is concluded from it."""
    rows = {row.observation: row for row in context.written_rows if row.table == "results" and not row.rule_set}
    for count in published_counts((row._asdict() for row in rows.values()), "", _CRITERIA):
        yield problem("count-set", [rows[count.observation]], text=rows[count.observation].text)


def _named(context: Context, row: Any, status: str) -> list[Any]:
    """Rows that give one criterion that status, by the same set in the same year."""
    same = [r for r in context.written_rows if (r.table, r.year, r.rule_set) == ("results", row.year, row.rule_set)]
    return [r for r in same if r.value == status and not r.indicator and r.criterion.isdigit()]


def _counted_unmet(context: Context, row: Any) -> list[Any]:
    """Rows of the same set and year that count the criteria not met."""
    same = [
        r
        for r in context.written_rows
        if (r.table, r.year, r.rule_set, r.criterion) == ("results", row.year, row.rule_set, "all")
    ]
    return [r for r in same if _UNMET.search(r.item) and r.unit == "tiêu chí" and fraction(r.value) is not None]


def _against_counts(context: Context, row: Any, stated: Fraction) -> Iterable[Finding]:
    """What is met and what is not make the whole, in one document."""
    for other in _counted_unmet(context, row):
        if other.document == row.document and stated + Fraction(other.value) != Fraction(row.denominator):
            yield problem(
                "list-count/whole", [row, other], text=row.text, unmet=other.text, all=number(row.denominator)
            )


def _unmet_beside(context: Context, row: Any) -> list[Any]:
    return list({r.criterion: r for r in _named(context, row, "unmet")}.values())


def _against_unmet(context: Context, row: Any, stated: Fraction, unmet: list[Any]) -> Iterable[Finding]:
    """«19/19» leaves no criterion unmet, «17/19» two: as many as are named, or fewer where the list is not whole."""
    left = Fraction(row.denominator) - stated
    numbers, rows = listed((r.criterion for r in unmet), 19), [row, *unmet]
    if left == 0:
        yield problem("list-count/none-left", rows, text=row.text, numbers=numbers)
    elif len(unmet) > left:
        yield problem("list-count/more-unmet", rows, text=row.text, left=left, n=len(unmet), numbers=numbers)
    elif len(unmet) < left and not _counted_unmet(context, row):  # else said beside that count
        yield problem("list-count/fewer-unmet", rows, text=row.text, left=left, n=len(unmet), numbers=numbers)
    elif len(unmet) == left:
        yield problem("list-rest", rows, text=row.text, n=len(unmet), numbers=numbers)


def _compare(row: Any, stated: Any, wanted: str, named: list[Any]) -> Iterable[Finding]:
    numbers = [r.criterion for r in named]
    status = say(wanted)
    twice = sorted({n for n in numbers if numbers.count(n) > 1})
    if twice:
        yield problem(
            "list-count/twice", [r for r in named if r.criterion in twice], numbers=listed(twice), status=status
        )
    if not named and stated:
        yield not_checked("list-count", [row], n=stated, status=status)
    elif len(set(numbers)) != stated:
        case = "list-count/fewer" if len(set(numbers)) < stated else "list-count/more"
        shown = listed(numbers, 19)
        yield problem(case, [row, *named], stated=stated, status=status, n=len(set(numbers)), numbers=shown)


def check_villages_listed(context: Context) -> Iterable[Finding]:
    """The village register holds as many villages as the documents count."""
    named = context.cleaned.villages["village"].tolist()
    stated = [
        r for r in context.rows if re.fullmatch(r"\d+ thôn", r.text.strip()) and fraction(r.value) and not r.village
    ]
    if not named or not stated:
        yield not_checked("village-count")
        return
    most = max(stated, key=lambda r: (fraction(r.value), r.table == "results"))
    count = int(Fraction(most.value))
    if len(named) != count:
        case = "village-count/fewer" if len(named) < count else "village-count/more"
        at = {"criterion": "", "indicator": ""}
        yield problem(case, [most], at=at, count=count, n=len(named), names=listed(named, 30))


def check_annexes(context: Context) -> Iterable[Finding]:
    """Annexes are numbered without gaps and named in one way."""
    cited = [
        (r, m)
        for r in context.rows
        if r.table == "provisions"
        for m in _ANNEX.finditer(f"{r.text}")
        if r.column == "value"
    ]
    if not cited:
        yield not_checked("annex")
        return
    for document in dict.fromkeys(r.document for r, _ in cited):
        here = [(r, m) for r, m in cited if r.document == document]
        numbers = {int(m["number"]) for _, m in here}
        if missing := [n for n in range(1, max(numbers) + 1) if n not in numbers]:
            names = listed(f"{n:02d}" for n in missing)
            rows = list(dict.fromkeys(r for r, _ in here))
            yield problem(
                "annex-gap",
                rows,
                at={"key": document},
                document=document,
                cited=listed(f"{n:02d}" for n in sorted(numbers)),
                missing=names,
            )
        forms = list(dict.fromkeys(m["name"] + " " + "0" * (len(m["number"]) > 1) + "N" for _, m in here))
        if len(forms) > 1:
            yield problem(
                "annex-spelling", [r for r, _ in here], at={"key": document}, forms=listed(m[0] for _, m in here)
            )
