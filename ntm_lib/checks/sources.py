"""Do the sources agree? One total per concept and year, one value per indicator and year; both are kept where not."""

import re
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from ntm_lib.checks.common import Context, amount, not_checked, of_another_base, problem
from ntm_lib.intake.plan_text import plain
from ntm_lib.judge.observations import sex, sex_in_words
from ntm_lib.problems import Field, Finding, joined, listed, number, place, say
from ntm_lib.rules.communes import facts
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
            who = (sex_in_words if both else sex)(row._asdict())
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
    """``05/KH-BCĐ: HM089, HM091``: the rows of each document."""
    by_document = defaultdict(list)
    for total in totals:
        by_document[total.document].append(total.row.observation if total.row is not None else "commune.yml")
    return joined((say("lines-of", what=document, by=listed(ids)) for document, ids in by_document.items()), "; ")


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
        if sex_in_words(row._asdict()):
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
