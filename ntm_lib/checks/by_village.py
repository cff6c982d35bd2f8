"""Do the villages fit the commune: is one missing, do they add up to the commune's own figure, has each sent its month?"""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ntm_lib.checks.common import Context, problem, rounded
from ntm_lib.places.village_sums import VillageSum, said_villages, village_sums
from ntm_lib.problems import Finding, number
from ntm_lib.tables import fraction, records


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
