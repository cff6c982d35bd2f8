"""Does what is printed add up? Shares against their counts, parts against totals, money against its sum."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ntm_lib.checks.common import Context, amount, problem, rounded, share, truncated
from ntm_lib.checks.scale import off_by_thousands
from ntm_lib.problems import Finding, joined, listed, number
from ntm_lib.tables import counts_users, decimal_text, fraction, records, tuples


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
