"""Do counts fit what else is known? Shares against totals given elsewhere, villages against the commune, one year against the next."""

import re
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ntm_lib.checks.common import Context, amount, problem, rounded
from ntm_lib.checks.sources import Total, totals_of
from ntm_lib.problems import Finding, number, quantity
from ntm_lib.tables import fraction
from ntm_lib.text.names import bare_key
from ntm_lib.text.tokens import NUMBER, read_number, tidy
from ntm_lib.text.units import read_unit

OTHER_YEAR = Fraction(1, 100)  # by how much the households of another year may differ from those of this one
_COUNT_WITH_SHARE = re.compile(
    rf"(?<![\w.,/])(?P<n>{NUMBER})\s*(?P<unit>hộ|nhân khẩu|khẩu|thôn)\b(?P<between>[^\d;]{{0,40}}?)(?P<p>{NUMBER})\s*%",
    re.IGNORECASE,
)
_OF_FEWER = re.compile(r"\b(?:trong|trên|so với|trong đó) (?:tổng )?số\b|chăn nuôi|kế hoạch|chỉ tiêu", re.IGNORECASE)
_ALL_VILLAGES = re.compile(
    r"(?:tong|tong so|tong cong|cong|chung|toan xa|ca xa|toan bo)(?: (?:cac|ca)? ?(?:thon|ban|xom|ap|xa))*"
)


def check_known_total(context: Context) -> Iterable[Finding]:
    """A share beside its count is that count over the total that another row or commune.yml gives."""
    known = defaultdict(list)
    for total in totals_of(context):
        known[total.concept].append(total)
    for row in context.rows:
        words = f"{tidy(row.text)} ; {tidy(row.quote)}"
        if row.table != "results" or row.village or row.denominator or not (found := _COUNT_WITH_SHARE.search(words)):
            continue
        count, share, concept = read_number(found["n"]), read_number(found["p"]), found["unit"].lower()
        totals = _nearest(known["nhân khẩu" if concept == "khẩu" else concept], row.year)
        if count is None or share is None or not totals or _OF_FEWER.search(f"{row.item} {words}"):
            continue
        if not any(_fits(count.value, share.value, share.decimals, total, row.year) for total in totals):
            total = totals[0]
            yield problem(
                "share-total",
                [row, *([total.row] if total.row is not None else [])],
                written=found[0],
                total=number(total.value),
                unit=concept,
                year=total.year,
                count=number(count.value),
                exact=number(count.value * 100 / total.value, max(2, share.decimals)),
                share=number(share.value, share.decimals),
            )


def _nearest(totals: list[Total], year: int) -> list[Total]:
    least = min((abs(total.year - year) for total in totals), default=0)
    return [total for total in totals if total.value and abs(total.year - year) == least]


def _fits(count: Fraction, share: Fraction, decimals: int, total: Total, year: int) -> bool:
    if total.year == year:
        return rounded(count * 100 / total.value, decimals) == share
    low, high = (rounded(count * 100 / (total.value * (1 + change)), decimals) for change in (OTHER_YEAR, -OTHER_YEAR))
    return low <= share <= high


def is_all_villages(name: str) -> bool:
    """Whether a name is that of no village but of the row that adds them up."""
    return _ALL_VILLAGES.fullmatch(re.sub(r"\W+", " ", bare_key(name)).strip()) is not None


def check_village_totals(context: Context) -> Iterable[Finding]:
    """«Cộng» is no village."""
    for row in context.rows:
        if row.village and is_all_villages(row.village):
            yield problem("village-total", [row], name=row.village)


def check_villages_sum(context: Context) -> Iterable[Finding]:
    """The villages' counts add up to the commune's; some of them are no more than all."""
    register = {*context.cleaned.villages["village"]}
    groups = defaultdict(list)
    for row in context.rows:
        if row.table == "results" and row.kind == "measured" and row.indicator and not is_all_villages(row.village):
            groups[row.year, row.indicator, row.part].append(row)
    for rows in groups.values():
        villages, whole = [r for r in rows if r.village], [r for r in rows if not r.village]
        whole_of_register = bool(register) and register <= {
            name.strip() for r in villages for name in r.village.split(";")
        }
        for of in (_counted, lambda r: fraction(r.denominator)):
            given = [value for r in villages if (value := of(r)) is not None]
            stated = [r for r in whole if of(r) is not None]
            if len(given) < 2 or len(given) < len(villages) or len(stated) != 1:
                continue
            added, total = sum(given, Fraction(0)), of(stated[0])
            if total is not None and (added > total or (added != total and whole_of_register)):
                yield _wrong_sum(context, stated[0], villages, added, total)
                break


def _counted(row: Any) -> Fraction | None:
    """How many the row counts: its numerator, or its value where that is a count."""
    if row.numerator:
        return fraction(row.numerator)
    return amount(row) if read_unit(row.unit).kind == "count" and not row.operator else None


def _wrong_sum(context: Context, whole: Any, villages: list[Any], added: Fraction, total: Fraction) -> Finding:
    return problem("villages-sum", [whole, *villages], n=len(villages), sum=number(added), total=number(total))


def check_village_households(context: Context) -> Iterable[Finding]:
    """The households of all villages add up to a total that is given for the commune."""
    rows = [r for r in context.rows if r.table == "villages" and not is_all_villages(r.village)]
    counts = [value for r in rows if (value := amount(r)) is not None]
    totals = {total.value: total for total in totals_of(context) if total.concept == "hộ"}
    added = sum(counts, Fraction(0))
    if len(rows) == len(counts) > 1 and totals and added not in totals:
        nearest = min(totals.values(), key=lambda total: abs(total.value - added))
        yield problem(
            "villages-sum/households",
            rows,
            at={"key": "households", "year": nearest.year},
            n=len(rows),
            sum=added,
            total=number(nearest.value),
            year=nearest.year,
        )


def check_vanished(context: Context) -> Iterable[Finding]:
    """What leaves the numerator from one year to the next does not leave the denominator with it: 199/1.413, then 172/1.386."""
    series = defaultdict(list)
    for row in sorted(context.rows, key=lambda r: r.year):
        if row.table == "results" and row.kind == "measured" and row.numerator and row.denominator and row.indicator:
            series[row.indicator, row.part, row.village, row.item].append(row)
    for rows in series.values():
        for before, after in pairwise(rows):
            gone = Fraction(before.denominator) - Fraction(after.denominator)
            if before.year < after.year and gone > 0 and Fraction(before.numerator) - Fraction(after.numerator) == gone:
                yield problem(
                    "vanished",
                    [after, before],
                    from_year=before.year,
                    before=tidy(before.text),
                    to_year=after.year,
                    after=tidy(after.text),
                    n=quantity(gone, context.parsed(after).count_unit),
                )
