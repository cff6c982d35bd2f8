"""Does what is printed add up? Shares against their counts, parts against totals, villages against the commune, money against its sum."""

import re
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ntm_lib.checks.common import Context, amount, problem, rounded, share, truncated
from ntm_lib.checks.plausibility import off_by_thousands
from ntm_lib.checks.sources import Total, totals_of
from ntm_lib.places.village_sums import VillageSum, said_villages, village_sums
from ntm_lib.problems import Finding, joined, listed, number, quantity
from ntm_lib.tables import counts_users, decimal_text, fraction, records, tuples
from ntm_lib.text.names import bare_key
from ntm_lib.text.tokens import NUMBER, read_number, tidy
from ntm_lib.text.units import read_unit


def check_share(context: Context) -> Iterable[Finding]:
    """A printed share is its numerator over its denominator, rounded half up at the printed digits."""
    for row in context.rows:
        exact, printed = share(row), amount(row)
        if exact is None or printed is None or row.unit != "%" or row.operator:
            continue
        digits = context.parsed(row).decimals
        # A share that the cell does not print was computed here and cannot differ.
        if printed == fraction(decimal_text(exact)) or rounded(exact, digits) == printed:
            continue
        yield problem(
            "share/cut" if truncated(exact, digits) == printed else "share", [row],
            printed=number(printed, digits), numerator=number(row.numerator), denominator=number(row.denominator),
            exact=number(exact, max(2, digits)),
        )  # fmt: skip


def check_parts(context: Context) -> Iterable[Finding]:
    """Rows that are part of another add up to it; those that count whom a work serves are no part of its quantity."""
    parts = defaultdict(list)
    for row in context.rows:
        whole = context.by_id.get(row.part_of)
        if row.part_of and not (whole is not None and row.table == "works" and counts_users(row.unit, whole.unit)):
            parts[row.part_of].append(row)
    for total_id, rows in parts.items():
        yield from _parts_of(context, total_id, rows)


def _parts_of(context: Context, total_id: str, rows: list[Any]) -> Iterable[Finding]:
    total = context.by_id.get(total_id)
    if total is None:
        yield problem("parts/no-row", rows, id=total_id)
        return
    values, whole = [amount(row) for row in rows], amount(total)
    known = [abs(v) for v in values if v is not None]
    unit = rows[0].unit
    shown = joined(known, " + ")
    if whole is None and known and len(known) == len(rows):
        yield problem("parts-no-total/none", [total, *rows], parts=shown, sum=number(sum(known)), unit=unit)
    elif whole is None or len(known) < len(rows):
        missing = [row for row, value in zip(rows, values, strict=True) if value is None] or [total]
        yield problem("parts-no-total/gaps", [total, *rows], ids=listed(r.observation for r in missing))
    elif len({row.unit for row in [total, *rows]}) > 1:
        yield problem("parts/units", [total, *rows], units=listed(r.unit or "–" for r in [total, *rows]))
    elif sum(known) != abs(whole) and (
        len(rows) > 1 or known[0] > abs(whole)
    ):  # one part alone is named out of several
        yield problem(
            "parts/sum", [total, *rows], total=number(abs(whole)), unit=unit, parts=shown, sum=number(sum(known))
        )


def check_works_money(context: Context) -> Iterable[Finding]:
    """What lies inside a work costs and owes no more than the work itself, and works cost no more than their source of funds has."""
    works = records(context.cleaned.works)
    for column in ("cost", "debt"):
        for whole in works:
            parts = [w for w in works if w["part_of"] == whole["observation"] and w[column]]
            added = sum((Fraction(w[column]) for w in parts), Fraction(0))
            if whole[column] and added > Fraction(whole[column]):
                rows = [context.by_id[w["observation"]] for w in (whole, *parts)]
                at = {"column": column}
                yield problem(f"works-{column}", rows, at=at, total=Fraction(whole[column]), sum=added)
    yield from _over_their_source(context, works)


def _over_their_source(context: Context, works: list[dict[str, Any]]) -> Iterable[Finding]:
    with_cost = {w["observation"] for w in works if w["cost"]}
    spent = defaultdict(list)
    for work in works:
        if work["cost"] and work["source"] and work["part_of"] not in with_cost:
            spent[work["year"], work["source"]].append(work)
    for fund in records(context.cleaned.funding):
        mine = spent[fund["year"], fund["source"]]
        added = sum((Fraction(w["cost"]) for w in mine), Fraction(0))
        if fund["planned"] and added > Fraction(fund["planned"]):
            case = "works-source/hundreds" if added >= 100 * Fraction(fund["planned"]) else "works-source"
            rows = [context.by_id[row["observation"]] for row in (fund, *mine)]
            yield problem(case, rows, sum=added, total=Fraction(fund["planned"]))


def check_funding(context: Context) -> Iterable[Finding]:
    """The sources of funds add up to the printed total, in each year and document."""
    groups = defaultdict(list)
    for row in tuples(context.cleaned.funding):
        observation = context.by_id[row.observation]
        groups[row.year, observation.document].append((row, observation))
    for rows in groups.values():
        totals = [(r, o) for r, o in rows if r.source == "total"]
        parts = [(r, o) for r, o in rows if r.source != "total"]
        if len(parts) < 2:
            continue  # one figure out of many is no list to add up
        if len(totals) != 1:
            yield problem("funding-sum/totals", [o for _, o in totals or parts], n=len(totals))
            continue
        (total, observation), values = totals[0], [fraction(r.planned) for r, _ in parts]
        blank = [o for (_, o), value in zip(parts, values, strict=True) if value is None]
        if blank or not total.planned:
            yield problem(
                "funding-sum/gaps", [observation, *blank], ids=listed(o.observation for o in blank or [observation])
            )
        elif (added := sum(filter(None, values), Fraction(0))) != Fraction(total.planned):
            yield _wrong_sum(observation, Fraction(total.planned), added, [o for _, o in parts])


def _wrong_sum(total: Any, printed: Fraction, added: Fraction, parts: list[Any]) -> Finding:
    code = "funding-sum/thousands" if off_by_thousands(printed, added) else "funding-sum"
    return problem(code, [total, *parts], printed=printed, n=len(parts), sum=added, difference=added - printed)


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
                yield _count_off(stated[0], villages, added, total)
                break


def _counted(row: Any) -> Fraction | None:
    """How many the row counts: its numerator, or its value where that is a count."""
    if row.numerator:
        return fraction(row.numerator)
    return amount(row) if read_unit(row.unit).kind == "count" and not row.operator else None


def _count_off(whole: Any, villages: list[Any], added: Fraction, total: Fraction) -> Finding:
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


def check_village_sums(context: Context) -> Iterable[Finding]:
    """The commune's own figure beside the sum of its villages, and what keeps the villages from making one."""
    register = list(context.cleaned.villages["village"])
    sums = village_sums(records(context.cleaned.observations), register, said_villages(context.commune))
    lacking: dict[tuple[int, tuple[str, ...], int], list[VillageSum]] = defaultdict(list)
    for found in sums:
        if found.twice:
            yield _at(found, "village-sum/twice", names=", ".join(found.twice))
        elif found.missing or found.unnamed:
            lacking[found.key.year, found.missing, found.unnamed].append(found)
        yield from _against_own(context, found)
    for (_, missing, unnamed), several in lacking.items():
        first = several[0]
        codes = ", ".join(found.code for found in several)
        case = "missing" if missing else "unnamed"
        yield _at(first, f"village-sum/{case}", names=", ".join(missing), n=unnamed, codes=codes,
                  have=len(first.villages), all=len(first.villages) + len(missing) + unnamed)  # fmt: skip


def _against_own(context: Context, found: VillageSum) -> Iterable[Finding]:
    """A figure of the commune that the villages do not add up to, or that those that are there already exceed."""
    by_id = context.by_id
    for own in found.own:
        n, d = fraction(own["numerator"]), fraction(own["denominator"])
        row = by_id[own["observation"]]
        words: dict[str, Any] = {"sum": number(found.numerator), "whole": number(found.denominator), "code": found.code}
        words["villages"] = len(found.villages)
        if n is not None and d is not None:
            if found.is_whole and (n, d) != (found.numerator, found.denominator):
                yield problem("village-sum/differs", [row], n=number(n), d=number(d), **words)
            elif not found.is_whole and not found.twice and (found.numerator > n or found.denominator > d):
                yield problem("village-sum/more", [row], n=number(n), d=number(d), **words)
        elif found.is_whole and not _is_share(context, row, found):
            yield problem(
                "village-sum/share", [row], **words, exact=number(100 * found.numerator / found.denominator, 2)
            )


def _is_share(context: Context, row: object, found: VillageSum) -> bool:
    parsed = context.parsed(row)
    share = fraction(parsed.value)
    exact = Fraction(100 * found.numerator, found.denominator)
    return share is None or parsed.unit != "%" or bool(parsed.operator) or rounded(exact, parsed.decimals) == share


def check_village_months(context: Context) -> Iterable[Finding]:
    """Villages that have not reported for the last month that others have."""
    rows = [r for r in records(context.cleaned.progress) if r["village"] or r["reported_by"]]
    register = list(context.cleaned.villages["village"])
    if not rows or not register:
        return
    year, month = max((int(r["year"]), int(r["month"])) for r in rows)
    sent = {r["reported_by"] or r["village"] for r in rows if (int(r["year"]), int(r["month"])) == (year, month)}
    missing = [name for name in register if name not in sent]
    if missing:
        earlier = [
            f"{name} ({last[1]}/{last[0]})"
            for name in missing
            if (last := max(((int(r["year"]), int(r["month"])) for r in rows if r["village"] == name), default=None))
        ]
        at = {"key": f"{year}-{month:02}", "year": year, "text": ", ".join(missing)}
        case = "village-month/other" if earlier else "village-month"
        yield problem(case, at=at, month=month, of=year, names=", ".join(missing), earlier=", ".join(earlier))


def _at(found: VillageSum, code: str, /, **fields: str | int) -> Finding:
    at = {
        "key": f"{code}-{found.key.year}-{found.code}", "file": found.rows[0]["file"], "year": found.key.year,
        "criterion": found.key.criterion, "indicator": found.key.indicator, "part": found.key.part,
        "text": f"{decimal(found.numerator)}/{decimal(found.denominator)}",
    }  # fmt: skip
    return problem(
        code, at=at, of=found.key.year, sum=number(found.numerator), whole=number(found.denominator), **fields
    )


def decimal(value: Fraction) -> str:
    """The exact number with a decimal point."""
    return str(int(value)) if value.denominator == 1 else str(float(value))
