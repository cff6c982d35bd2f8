"""Do the sources agree? One total per concept and year, one value per indicator and year; both are kept where not."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ntm_lib.intake.checks.common import Context, Finding, amount, finding, listed, not_checked
from ntm_lib.intake.merge import SEXES
from ntm_lib.tables import fraction

CHANGE_LIMIT = Fraction(3, 100)  # households merged or split on paper show as a jump of the total
_PROFILE = {"households": "hộ", "population": "nhân khẩu", "villages": "thôn"}
_SAME_CONCEPT = {"khẩu": "nhân khẩu"}


class Total(NamedTuple):
    """How many of a concept (hộ, hộ chăn nuôi, nhân khẩu, thôn) there are in a year, by one source."""

    concept: str
    year: int
    value: Fraction
    document: str
    row: object  # observation; None for commune.yml


def check_totals(context: Context) -> Iterable[Finding]:
    """One denominator per concept and year."""
    t = context.t
    groups = defaultdict(list)
    for total in _totals(context):
        groups[total.concept, total.year].append(total)
    for (concept, year), totals in sorted(groups.items()):
        values = sorted({total.value for total in totals})
        if len(values) < 2:
            continue
        rows = [total.row for total in totals if total.row is not None]
        shown = "; ".join(f"{context.show(v)} ({_cited(x for x in totals if x.value == v)})" for v in values)
        message = t("Năm {year} có nhiều số khác nhau cho cùng một tổng ({concept}): {values}.").format(year=year, concept=concept, values=shown)
        action = t("Giữ cả hai số kèm nguồn; xác định số dùng làm mẫu số và ngày thống kê.")
        yield finding("denominator", "warning", message, action, rows, key=f"{concept}-{year}", year=year, criterion="", indicator="", part="")


def check_totals_over_years(context: Context) -> Iterable[Finding]:
    """The total of a concept does not jump from one year to the next without a word."""
    t = context.t
    years: dict[str, dict[int, Total]] = defaultdict(dict)
    for total in _totals(context):
        years[total.concept].setdefault(total.year, total)
    if not any(len(by_year) > 1 for by_year in years.values()):
        yield not_checked(context, "denominator-change", t("mới có tổng số của một năm"), t("Nhập tổng số hộ của năm trước."))
    for concept, by_year in sorted(years.items()):
        for before, after in pairwise(sorted(by_year)):
            old, new = by_year[before], by_year[after]
            if old.value and abs(new.value - old.value) > CHANGE_LIMIT * old.value:
                message = t("Tổng số {concept} đổi từ {old} ({before}) sang {new} ({after}), tức {percent}%.").format(
                    concept=concept, old=context.show(old.value), before=before, new=context.show(new.value), after=after,
                    percent=context.show((new.value - old.value) * 100 / old.value, 1),
                )  # fmt: skip
                action = t("Ghi lý do (tách, nhập hộ; sáp nhập thôn; đổi định nghĩa) vào notes.csv.")
                rows = [x.row for x in (new, old) if x.row is not None]
                yield finding("denominator-change", "warning", message, action, rows, key=f"{concept}-{after}", year=after)


def check_two_values(context: Context) -> Iterable[Finding]:
    """One measured value per indicator, part and year; a declared status does not contradict another."""
    t = context.t
    groups = defaultdict(list)
    for row in context.rows:
        if row.table == "results" and row.kind in ("measured", "declared") and row.value and row.criterion not in ("", "all") and not row.village:
            sex = row.item.strip().lower() if row.item.strip().lower() in SEXES else ""
            groups[row.year, row.criterion, row.indicator, row.part, sex, row.kind, row.rule_set].append(row)
    for rows in groups.values():
        held = {(row.value, row.unit, row.numerator, row.denominator) for row in rows}
        if len({(v, u) for v, u, _, _ in held}) > 1:
            values = "; ".join(f"«{row.text}» ({row.observation}, {row.document or row.file})" for row in rows)
            message = t("Cùng chỉ tiêu, cùng năm có {n} giá trị khác nhau: {values}.").format(n=len(held), values=values)
            yield finding("two-values", "error", message, t("Giữ cả hai kèm nguồn; ghi vào notes.csv giá trị nào được dùng và vì sao. Không lấy trung bình."), rows)


def _cited(totals: Iterable[Total]) -> str:
    """``05/KH-BCĐ: HM089, HM091``: the rows of each document."""
    by_document = defaultdict(list)
    for total in totals:
        by_document[total.document].append(total.row.observation if total.row is not None else "commune.yml")
    return "; ".join(f"{document}: {listed(ids)}" for document, ids in by_document.items())


def _totals(context: Context) -> list[Total]:
    """Totals that are stated, and denominators of measured shares."""
    totals = []
    for row in context.rows:
        parsed, value = context.parsed(row), amount(row)
        if row.table != "results" or row.village:
            continue
        if row.kind == "measured" and row.denominator and row.unit == "%":
            concept = _concept(parsed.count_unit, row.indicator)
            totals += [Total(concept, row.year, fraction(row.denominator), row.document, row)] if concept else []
        elif not row.criterion and not row.indicator and value is not None and parsed.count_unit:
            totals.append(Total(_concept(parsed.count_unit, row.item), row.year, value, row.document, row))
    for name, concept in _PROFILE.items():
        entry = (context.commune.get("profile") or {}).get(name) or {}
        if entry.get("value") is not None and entry.get("year"):
            totals.append(Total(concept, int(entry["year"]), Fraction(str(entry["value"])), str(entry.get("document") or ""), None))
    return totals


def _concept(words: str, of: str) -> str:
    """What is counted; «người» alone may be residents, workers or the insured, so it is told apart by what it is ``of``."""
    words = words.lower()
    return f"{words} ({of})" if words == "người" else _SAME_CONCEPT.get(words, words)
