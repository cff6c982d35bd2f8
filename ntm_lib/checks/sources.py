"""Do the sources agree? One total per concept and year, one value per indicator and year, counts of criteria against the criteria that are
named; both are kept where not."""

import re
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from ntm_lib.checks.common import Context, amount, not_checked, of_another_base, problem
from ntm_lib.intake.plan_text import plain
from ntm_lib.judge.criteria import published_counts
from ntm_lib.judge.observations import sex, sex_in_words
from ntm_lib.model import Observation
from ntm_lib.problems import Field, Finding, joined, listed, number, place, say
from ntm_lib.rules.communes import facts
from ntm_lib.tables import fraction
from ntm_lib.text.tokens import tidy
from ntm_lib.text.units import read_unit

CHANGE_LIMIT = Fraction(3, 100)  # households merged or split on paper show as a jump of the total
_PROFILE = {"households": "hộ", "population": "nhân khẩu", "villages": "thôn"}
# Items that say no more than what is counted: «Số hộ nghèo» is no total of the households.
_TOTAL_OF = re.compile(
    r"((tổng|toàn xã|hiện) )?((tổng )?(số|có) )?(hộ|hộ dân|hộ gia đình|(nhân )?khẩu|dân|dân số|người|thôn|bản|xóm|ấp)?"
    r"( (toàn xã|của xã|trong xã|cả xã|trên địa bàn( xã)?))?",
    re.IGNORECASE,
)
_PART = re.compile(r"\s*(?:[-–+•]|trong đó\b)", re.IGNORECASE)
_SAME_CONCEPT = {"khẩu": "nhân khẩu"}


class Total(NamedTuple):
    """How many of a concept (hộ, hộ chăn nuôi, nhân khẩu, thôn) there are in a year, by one source."""

    concept: str
    year: int
    value: Fraction
    document: str
    row: Any  # observation; None for commune.yml


def check_totals(context: Context) -> Iterable[Finding]:
    """One denominator per concept and year."""
    groups = defaultdict(list)
    for total in totals_of(context):
        groups[total.concept, total.year].append(total)
    for (concept, year), totals in sorted(groups.items()):
        values = sorted({total.value for total in totals})
        if len(values) < 2:
            continue
        rows = [total.row for total in totals if total.row is not None]
        shown = joined((say("cited", what=v, by=_cited(x for x in totals if x.value == v)) for v in values), "; ")
        yield problem(
            "denominator",
            rows,
            at={"key": f"{concept}-{year}", "year": year, "criterion": "", "indicator": "", "part": ""},
            year=year,
            concept=concept,
            values=shown,
        )


def check_totals_over_years(context: Context) -> Iterable[Finding]:
    """The total of a concept does not jump from one year to the next without a word."""
    years: dict[str, dict[int, Total]] = defaultdict(dict)
    for total in totals_of(context):
        years[total.concept].setdefault(total.year, total)
    if not any(len(by_year) > 1 for by_year in years.values()):
        yield not_checked("denominator-change")
    for concept, by_year in sorted(years.items()):
        for before, after in pairwise(sorted(by_year)):
            old, new = by_year[before], by_year[after]
            if old.value and abs(new.value - old.value) > CHANGE_LIMIT * old.value:
                rows = [x.row for x in (new, old) if x.row is not None]
                yield problem(
                    "denominator-change",
                    rows,
                    at={"key": f"{concept}-{after}", "year": after},
                    concept=concept,
                    old=number(old.value),
                    before=before,
                    new=number(new.value),
                    after=after,
                    percent=number((new.value - old.value) * 100 / old.value, 1),
                )


def check_two_values(context: Context) -> Iterable[Finding]:
    """One measured value per indicator, part and year; a declared status does not contradict another."""
    groups = defaultdict(list)
    for row in context.rows:
        if (
            row.table == "results"
            and row.kind in ("measured", "declared")
            and row.value
            and (row.indicator or row.criterion.isdigit())
            and not row.village
        ):
            both = getattr(context.names.get((row.indicator, row.part)), "both_sexes", "") == "yes"
            who = (sex_in_words if both else sex)(Observation.of(row._asdict()))
            groups[row.year, row.criterion, row.indicator, row.part, who, row.kind, row.rule_set].append(row)
    for rows in groups.values():
        held = {(row.value, row.unit, row.numerator, row.denominator) for row in rows}
        if len({(v, u) for v, u, _, _ in held}) > 1:
            values = "; ".join(f"«{row.text}» ({row.observation}, {row.document or row.file})" for row in rows)
            part = any(_PART.match(row.item) for row in rows)
            yield problem("two-values/part" if part else "two-values", rows, n=len(held), values=values)


def check_two_counts(context: Context) -> Iterable[Finding]:
    """One count of the criteria met, by one rule set in one year."""
    groups = defaultdict(list)
    for row in context.written_rows:
        if (
            (row.table, row.criterion, row.kind) == ("results", "all", "declared")
            and row.unit in ("tiêu chí", "chỉ tiêu")
            and amount(row) is not None
        ):
            groups[row.year, row.rule_set, row.unit].append(row)
    for (year, _, unit), rows in groups.items():
        if len({row.value for row in rows}) > 1:
            values = "; ".join(f"«{row.text}» ({row.document or row.file})" for row in rows)
            yield problem("two-counts", rows, year=year, unit=unit, values=values)


def check_same_row(context: Context) -> Iterable[Finding]:
    """No row stands twice, word for word."""
    groups = defaultdict(list)
    for row in context.written_rows:
        if row.text and row.table in ("results", "plan", "works", "funding", "production"):
            same = (
                row.table, row.year, row.kind, row.criterion, row.indicator, row.part, row.item, row.village,
                row.part_of, row.rule_set,
            )  # fmt: skip
            groups[same, row.text, row.document, row.section, row.quote].append(row)
    for rows in groups.values():
        if len(rows) > 1:
            places = joined((place(r.file, r.sheet, r.row) for r in rows), "; ")
            yield problem("same-row", rows, n=len(rows), places=places)


def _cited(totals: Iterable[Total]) -> Field:
    """``05/KH-BCĐ: HM089, HM091``: the rows of each document; rows without one bare."""
    by_document = defaultdict(list)
    for total in totals:
        by_document[total.document].append(total.row.observation if total.row is not None else "commune.yml")
    return joined(
        (say("lines-of", what=d, by=listed(ids)) if d else listed(ids) for d, ids in by_document.items()),
        "; ",
    )


def totals_of(context: Context) -> list[Total]:
    """Totals that are stated, and denominators of measured shares."""
    totals = []
    for row in context.rows:
        parsed, value = context.parsed(row), amount(row)
        if (
            row.table != "results"
            or row.village
            or of_another_base(row)
            or read_unit(parsed.count_unit).kind != "count"
        ):
            continue
        if sex_in_words(Observation.of(row._asdict())):
            continue  # half of the people are no second total of them
        if row.kind == "measured" and row.denominator and row.unit == "%":
            totals.append(
                Total(
                    _concept(parsed.count_unit, row.indicator), row.year, Fraction(row.denominator), row.document, row
                )
            )
        elif (
            not row.criterion
            and not row.indicator
            and value is not None
            and row.unit != "%"
            and not row.denominator
            and _TOTAL_OF.fullmatch(row.item.strip())
        ):
            totals.append(Total(_concept(parsed.count_unit, row.item), row.year, value, row.document, row))
    for name, concept in _PROFILE.items():
        for entry in facts(dict(context.commune), name):
            if entry.get("value") is not None and entry.get("year"):
                totals.append(  # noqa: PERF401
                    Total(
                        concept,
                        int(entry["year"]),
                        Fraction(str(entry["value"])),
                        str(entry.get("document") or ""),
                        None,
                    )
                )
    return totals


def _concept(words: str, of: str) -> str:
    """What is counted; «người» alone may be residents, workers or the insured, so it is told apart by what it is ``of``."""
    words = words.lower()
    return f"{words} ({of})" if words == "người" else _SAME_CONCEPT.get(words, words)


def check_sentences(context: Context) -> Iterable[Finding]:
    """A figure taken from a plan's text is the one that its sentence prints, before the corrections and after them."""
    sentences = context.cleaned.sentences
    known = {s.document for s in sentences}
    for row in context.rows:
        if row.table not in ("results", "plan", "works", "production", "funding") or row.document not in known:
            continue
        said, figures = plain(row.quote), _figures(row.text)
        own = [s for s in sentences if said and s.document == row.document]
        found = [s for s in own if said in s.source]
        alike = found or [s for s in own if _bare(said) in _bare(s.source)]
        if alike and not any(figures <= _figures(s.text) for s in found):
            text = min(alike, key=lambda s: len(s.text)).text
            yield problem("sentence-value", [row], text=tidy(row.text), document=row.document, sentence=text[:200])
        elif said and not alike:
            yield problem("sentence-value/missing", [row], text=tidy(row.text), document=row.document, quote=said[:200])


def _bare(text: str) -> str:
    """Words with every number alike."""
    return re.sub(r"\d[\d.,]*", "0", text)


def _figures(text: str) -> set[str]:
    """Numbers of a text as Vietnamese papers write them, without the dots between thousands and a nought in front."""
    found = re.findall(r"\d[\d.]*(?:,\d+)?", tidy(text))
    return {number.rstrip(".").replace(".", "").lstrip("0") for number in found}


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
