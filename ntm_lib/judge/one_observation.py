"""One observation against one threshold."""

from dataclasses import replace
from fractions import Fraction

from ntm_lib.judge.amounts import (
    Reading,
    bound_satisfies,
    count_margin,
    distance,
    is_percent,
    place,
    read,
    satisfies,
)
from ntm_lib.judge.observations import MEASURED, SCENARIO, SET, STATUSES, TARGET, rank
from ntm_lib.model import Note, Row, Verdict, note, sure, weakest
from ntm_lib.tables import decimal_text, fraction


def judge_one(row: Row, rule: Row, before: list[Row]) -> list[Verdict]:
    """Verdicts of observation ``row`` by ``rule``; more than one only for growth over a year of which
    sources disagree. ``before`` are the rows of the same indicator, the year before.
    """
    if row["value"] in STATUSES:
        return [_status(row, rule)]
    if rule["kind"] == "growth" and not is_percent(row["unit"]):
        return [_compare(row, rule, reading, base) for reading, base in _growth(row, rule, before)]
    verdict = _compare(row, rule, read(row, rule), None)
    return [verdict.noted(*_rounding(row, verdict, rule))]


def threshold_amount(rule: Row) -> Fraction | None:
    """The threshold as an amount; None where it is not known. A ``none`` is a count that must be 0."""
    if rule["kind"] == "none":
        return Fraction(0) if rule["threshold"] else None
    if rule["kind"] == "rating":
        return place(rule["threshold"], rule["scale"])
    return fraction(rule["threshold"]) if rule["operator"] else None


def basis_of(row: Row) -> str:
    """``planned`` for the values of targets and scenarios, ``aimed`` for a bare status of theirs; of results ``measured``
    and ``declared``.
    """
    wanted, bare = row["table"] == SCENARIO or row["kind"] == "target", row["value"] in STATUSES
    if wanted:
        return "aimed" if bare else "planned"
    return "declared" if bare else "measured"


def _status(row: Row, rule: Row) -> Verdict:
    if rule["kind"] == "none" and row["text"].strip().casefold() == "có":
        return Verdict(
            "no-data",
            reason="unit",
            value=row["text"],
            observations=(row["observation"],),
            scenario=row["table"] == SCENARIO,
        )
    facts = {"value": row["value"], "observations": (row["observation"],), "scenario": row["table"] == SCENARIO}
    if row["value"] != "not-applicable":
        basis = basis_of(row)
        if basis == "aimed" and not rule["threshold"] and not rule["join"]:
            return Verdict("no-data", reason=_unknown(rule), **facts)
        return Verdict(row["value"], basis, **facts)
    if rule["applies"] == "yes":
        # Taken at its word, this would turn any unmet indicator into one that does not count.
        return Verdict("no-data", reason="conflict", notes=(note("applies-though-denied"),), **facts)
    why = note("said", text=row["note"]) if row["note"] else note("no-reason-given")
    return Verdict("not-applicable", reason="if-any", notes=(why,), **facts)


def _unknown(rule: Row) -> str:
    """Why there is no threshold to compare with: not known, or, in a strict run, held back as unverified."""
    return "unverified" if rule["confidence"] == "unverified" else "no-threshold"


def _growth(row: Row, rule: Row, before: list[Row]) -> list[tuple[Reading, Row | None]]:
    """Growth in percent over each value of the year before, in the same unit; over its result where
    there is one, and only else over what was planned for it.
    """
    now = fraction(row["value"])
    if now is None:
        return [(Reading(None, row["value"], row["unit"], problem="unit"), None)]
    usable = [b for b in before if fraction(b["value"]) is not None and b["unit"] == row["unit"] and not b["operator"]]
    best = min((r for b in usable if (r := rank(b)) in (SET, MEASURED, TARGET)), default=None)
    bases = [b for b in usable if rank(b) == best]
    if best is None:
        return [(Reading(None, row["value"], row["unit"], problem="no-last-year"), None)]
    return [(_growth_over(now, row, b, rule["unit"]), b) for b in bases]


def _growth_over(now: Fraction, row: Row, base: Row, unit: str) -> Reading:
    then = sure(fraction(base["value"]))
    if then <= 0:
        return Reading(None, row["value"], row["unit"], problem="out-of-range")
    amount = 100 * now / then - 100
    grown = note(
        "grown", then=((base["value"], base["unit"]),), year=str(base["year"]), now=((row["value"], row["unit"]),)
    )
    return Reading(amount, decimal_text(amount), unit or "%", note=grown)


def _compare(row: Row, rule: Row, reading: Reading, base: Row | None) -> Verdict:
    """A reading against the threshold; ``base`` is the row of the year before on which growth rests."""
    rows = [row] if base is None else [row, base]
    facts = Verdict(
        "no-data",
        value=reading.shown,
        unit=reading.unit,
        numerator=reading.numerator,
        denominator=reading.denominator,
        amount=reading.amount,
        bound=row["operator"],
        observations=tuple(r["observation"] for r in rows),
        scenario=any(r["table"] == SCENARIO for r in rows),
        notes=(reading.note,) if reading.note else (),
    )
    threshold = threshold_amount(rule)
    if threshold is None and rule["kind"] != "status":
        return facts.undecided(_unknown(rule))
    if reading.amount is None:
        return facts.undecided(reading.problem)
    return _decide(facts, reading.amount, rule, sure(threshold), weakest(map(basis_of, rows)))


def _rounding(row: Row, verdict: Verdict, rule: Row) -> list[Note]:
    """Remark where the share as the source prints it would be judged otherwise than the fraction it was made of."""
    printed, exact = fraction(row["value"]), verdict.numerator
    if not verdict.conclusive or rule["kind"] != "share" or exact is None or printed is None or verdict.bound:
        return []
    if satisfies(printed, rule["operator"], sure(threshold_amount(rule))) == (verdict.verdict == "met"):
        return []
    shown = {"printed": printed, "numerator": exact, "denominator": verdict.denominator}
    return [note("rounded", **{name: decimal_text(value) for name, value in shown.items()})]


def _decide(facts: Verdict, amount: Fraction, rule: Row, threshold: Fraction, basis: str) -> Verdict:
    operator = "=" if rule["kind"] == "none" else rule["operator"]
    holds = bound_satisfies(amount, facts.bound, operator, threshold)
    if holds is None:
        return facts.undecided("bound")
    count = None
    if rule["kind"] == "share" and facts.numerator is not None and not facts.bound:
        count = count_margin(facts.numerator, sure(facts.denominator), operator, threshold, rule["count_unit"])
    margin = distance(amount, operator, threshold)
    return replace(facts, verdict="met" if holds else "unmet", basis=basis, margin=margin, margin_count=count)
