"""One row of the table ``thresholds`` against one observation, and against all that is known of a year: several sources,
several years, women and men.

Never picks silently: sources that agree or differ are named.
"""

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
from ntm_lib.judge.observations import (
    AIM,
    DECLARED,
    MEASURED,
    SCENARIO,
    SET,
    STATUSES,
    TARGET,
    Index,
    rank,
    sex,
    sex_in_words,
)
from ntm_lib.model import Note, Observation, Row, Verdict, joined, note, sure, weakest
from ntm_lib.tables import decimal_text, fraction


def judge_rule(rule: Row, index: Index, year: int) -> Verdict:
    """Verdict of ``year`` by ``rule``, a row of the table ``thresholds``."""
    if rule["applies"] == "no":
        return Verdict("not-applicable", reason="trait", notes=_texts(rule["applies_reason"]))
    verdict = _over_years(rule, index, year)
    return _if_it_applies(verdict, rule) if rule["applies"] == "unknown" else verdict


def _if_it_applies(verdict: Verdict, rule: Row) -> Verdict:
    """For a row of which nobody knows whether it applies to the commune.

    A value of an indicator ("nếu có") shows that the thing exists; a value of a part does not: which
    of the parts of 5.1 applies depends on the number of schools.
    """
    reasons = _texts(rule["applies_reason"])
    if verdict.conclusive and rule["part"]:
        return verdict.undecided("trait", *reasons)
    if verdict.reason == "no-value":
        return verdict.undecided("trait", *reasons)
    return verdict


def _over_years(rule: Row, index: Index, year: int) -> Verdict:
    """Verdict of an indicator that must hold several years running, the year judged being the last.

    A declaration is about all of these years unless another year is known to be unmet; a value only of its own.
    """
    now = _of_year(rule, index, year)
    running = int(rule["years_running"] or 1)
    if running == 1 or now.verdict != "met":
        return now
    earlier = {y: _of_year(rule, index, y) for y in range(year - running + 1, year)}
    failed = [y for y, v in earlier.items() if v.verdict == "unmet"]
    unknown = [y for y, v in earlier.items() if not v.conclusive and now.margin is not None]
    known = [now, *(v for v in earlier.values() if v.conclusive or now.margin is not None)]
    now = replace(now, observations=joined(known), basis=weakest(v.basis for v in known))
    if failed:
        told = note("years-failed", count=str(running), years=_years(failed))
        # The margin is of the year judged, which is met: beside this verdict it would say the opposite.
        return replace(now, verdict="unmet", margin=None, margin_count=None).noted(told)
    if unknown:
        return now.undecided("years-running", note("years-unknown", count=str(running), years=_years(unknown)))
    return now.noted(note("years-kept", count=str(running))) if len(known) == running else now


def _of_year(rule: Row, index: Index, year: int) -> Verdict:
    """Verdict by what weighs most: a scenario, then results (a value, else a status), then targets."""
    rows = index.get((year, rule["indicator"], rule["part"]), [])
    ranked = {level: [r for r in rows if rank(r) == level] for level in (SET, MEASURED, DECLARED, TARGET, AIM)}
    before = index.get((year - 1, rule["indicator"], rule["part"]), [])
    for value_level, status_level in ((SET, None), (MEASURED, DECLARED), (TARGET, AIM)):
        by_value = _by_sex(rule, ranked[value_level], before)
        by_status = _by_sex(rule, [] if status_level is None else ranked[status_level], before)
        if by_value and (by_value.verdict != "no-data" or by_value.reason == "conflict" or not by_status):
            return _beside(by_value, by_status)
        if by_value and by_status:
            return _declared_over(by_value, by_status)
        if by_status:
            return by_status
    return Verdict("no-data", reason="no-base" if any(r.kind == "change" for r in rows) else "no-value")


def _beside(by_value: Verdict, by_status: Verdict | None) -> Verdict:
    """The verdict by value; a status that says otherwise is named."""
    if by_status and by_value.conclusive and by_status.conclusive and by_value.verdict != by_status.verdict:
        return by_value.noted(note("declared-otherwise"))
    return by_value


def _declared_over(by_value: Verdict, by_status: Verdict) -> Verdict:
    """The declared status, where the value beside it could not be judged; the value stays to be seen."""
    return replace(
        by_value,
        verdict=by_status.verdict,
        basis=by_status.basis,
        reason=by_status.reason,
        observations=joined([by_value, by_status]),
    ).noted(*by_status.notes)


def _by_sex(rule: Row, rows: list[Observation], before: list[Observation]) -> Verdict | None:
    """Verdict of rows of one rank; None without rows. Rows of one sex count only where the rule asks for both."""
    if not rows:
        return None
    of = sex_in_words if rule["both_sexes"] == "yes" else sex
    groups = {who: [r for r in rows if of(r) == who] for who in ("", "nam", "nữ")}
    found = {
        who: agree([v for r in group for v in judge_one(r, rule, [b for b in before if of(b) == who])])
        for who, group in groups.items()
        if group
    }
    if rule["both_sexes"] != "yes":
        return found.get("")
    return both_sexes(found.get(""), found.get("nam"), found.get("nữ")) if found else None


def _texts(text: str) -> tuple[Note, ...]:
    """A reason that the rules give, as a sentence of its own."""
    return (note("said", text=f"{text[:1].upper()}{text[1:].removesuffix('.')}."),) if text else ()


def _years(years: list[int]) -> str:
    return ", ".join(map(str, years))


# Which of several failures is told: the one that says most about what to do.
_TELLING = ("conflict", "no-threshold", "unverified", "bound", "no-last-year", "out-of-range", "unit")


def agree(verdicts: list[Verdict]) -> Verdict:
    """One verdict of several sources on the same year. They may differ in the value as long as the
    verdict is the same (the least favourable value is shown, the note names all); where verdicts
    differ there is none, and the reason is ``conflict``.
    """
    decided = [v for v in verdicts if v.verdict != "no-data"]
    if not decided:
        told = min(verdicts, key=lambda v: (_TELLING.index(v.reason), v.observations))
        return _with_all(told, verdicts)
    values = tuple(dict.fromkeys((v.value, v.unit) for v in decided if v.value))
    if len({v.verdict for v in decided}) > 1:
        return _with_all(decided[0], decided).undecided("conflict", note("sources-conflict", values=values))
    chosen = _with_all(least_favourable(decided), decided)
    if len(values) > 1:
        chosen = chosen.noted(note("sources-differ", values=values))
    return chosen.noted(*_set_aside(verdicts, decided))


def least_favourable(verdicts: list[Verdict]) -> Verdict:
    """The one with the smallest margin; verdicts without a margin, such as statuses, come last."""
    return min(verdicts, key=lambda v: (v.margin is None, v.margin or 0, v.observations))


def both_sexes(total: Verdict | None, men: Verdict | None, women: Verdict | None) -> Verdict:
    """Verdict of an indicator that women and men must each meet. At least one of the three is known.

    One sex below the threshold settles it. So does a total below it: one of the two must be. A total that
    reaches the threshold proves nothing, since one sex may still be below; only where it is all of them, all of each are.
    """
    known = [v for v in (men, women) if v is not None]
    unmet = [v for v in known if v.verdict == "unmet"]
    if unmet:
        return least_favourable(unmet).noted(_split_text(men, women))
    doubtful = [v for v in known if not v.conclusive]
    if doubtful:
        return agree(doubtful)
    if len(known) == 2 and total is not None and total.verdict == "unmet":
        return _with_all(total, [total, *known]).undecided("conflict", note("sexes-against-total"))
    if len(known) == 2:
        chosen = _with_all(least_favourable(known), known).noted(_split_text(men, women))
        if total is not None and _is_outside(total, known):
            return _with_all(chosen, [total, *known]).noted(
                note("total-outside-sexes", total=((total.value, total.unit),))
            )
        return chosen
    if total is None or not total.conclusive:
        return known[0].undecided("sexes", _missing(men, women)) if known else sure(total)
    whole = _with_all(total, [total, *known])
    if total.verdict == "unmet" or total.margin is None or (total.amount == 100 and total.unit == "%"):
        return whole.noted(_missing(men, women))
    return whole.undecided("sexes", _missing(men, women))


def _is_outside(total: Verdict, sexes: list[Verdict]) -> bool:
    """Whether a total lies above or below both sexes, of which it must be made, by more than rounding to a tenth may do."""
    amounts = [v.amount for v in (total, *sexes) if v.amount is not None and v.unit == "%" and not v.bound]
    if len(amounts) < 1 + len(sexes):
        return False
    rounding = Fraction("0.1")
    return not min(amounts[1:]) - rounding <= amounts[0] <= max(amounts[1:]) + rounding


def _missing(men: Verdict | None, women: Verdict | None) -> Note:
    if men is None and women is None:
        return note("needs-both-sexes")
    return note("needs-women") if women is None else note("needs-men")


def _with_all(chosen: Verdict, verdicts: list[Verdict]) -> Verdict:
    """``chosen`` resting on the observations of all ``verdicts``; its basis is the weakest among them."""
    basis = weakest(v.basis for v in verdicts) if chosen.basis else ""
    return replace(chosen, observations=joined(verdicts), basis=basis, scenario=any(v.scenario for v in verdicts))


def _set_aside(verdicts: list[Verdict], decided: list[Verdict]) -> list[Note]:
    """Remark on values that could not be compared; the numerator written once more on its own is no such value."""
    numerators = {v.numerator for v in decided}
    others = [v for v in verdicts if v.verdict == "no-data" and v.reason != "bound" and not _repeats(v, numerators)]
    values = tuple((v.value, v.unit) for v in others if v.value)
    return [note("not-comparable", values=values)] if values else []


def _repeats(verdict: Verdict, numerators: set[Fraction | None]) -> bool:
    return fraction(verdict.value) is not None and fraction(verdict.value) in numerators


def _split_text(men: Verdict | None, women: Verdict | None) -> Note:
    """The figure of each; empty where it is not known."""
    values = [((v.value, v.unit),) if v and v.value not in ("met", "unmet") else () for v in (men, women)]
    return note("sexes", men=values[0], women=values[1])


# ---------------------------------------------------------------- One observation against one threshold


def judge_one(row: Observation, rule: Row, before: list[Observation]) -> list[Verdict]:
    """Verdicts of observation ``row`` by ``rule``; more than one only for growth over a year of which
    sources disagree. ``before`` are the rows of the same indicator, the year before.
    """
    if row.value in STATUSES:
        return [_status(row, rule)]
    if rule["kind"] == "growth" and not is_percent(row.unit):
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


def basis_of(row: Observation) -> str:
    """``planned`` for the values of targets and scenarios, ``aimed`` for a bare status of theirs; of results ``measured``
    and ``declared``.
    """
    wanted, bare = row.table == SCENARIO or row.kind == "target", row.value in STATUSES
    if wanted:
        return "aimed" if bare else "planned"
    return "declared" if bare else "measured"


def _status(row: Observation, rule: Row) -> Verdict:
    told = Verdict("no-data", value=row.value, observations=(row.name,), scenario=row.table == SCENARIO)
    if rule["kind"] == "none" and row.text.strip().casefold() == "có":
        return replace(told, reason="unit", value=row.text)
    if row.value != "not-applicable":
        basis = basis_of(row)
        if basis == "aimed" and not rule["threshold"] and not rule["join"]:
            return replace(told, reason=_unknown(rule))
        return replace(told, verdict=row.value, basis=basis)
    if rule["applies"] == "yes":
        # Taken at its word, this would turn any unmet indicator into one that does not count.
        return replace(told, reason="conflict", notes=(note("applies-though-denied"),))
    why = note("said", text=row.note) if row.note else note("no-reason-given")
    return replace(told, verdict="not-applicable", reason="if-any", notes=(why,))


def _unknown(rule: Row) -> str:
    """Why there is no threshold to compare with: not known, or, in a strict run, held back as unverified."""
    return "unverified" if rule["confidence"] == "unverified" else "no-threshold"


def _growth(row: Observation, rule: Row, before: list[Observation]) -> list[tuple[Reading, Observation | None]]:
    """Growth in percent over each value of the year before, in the same unit; over its result where
    there is one, and only else over what was planned for it.
    """
    if row.amount is None:
        return [(Reading(None, row.value, row.unit, problem="unit"), None)]
    usable = [b for b in before if b.amount is not None and b.unit == row.unit and not b.bound]
    best = min((r for b in usable if (r := rank(b)) in (SET, MEASURED, TARGET)), default=None)
    bases = [b for b in usable if rank(b) == best]
    if best is None:
        return [(Reading(None, row.value, row.unit, problem="no-last-year"), None)]
    return [(_growth_over(row, b, rule["unit"]), b) for b in bases]


def _growth_over(row: Observation, base: Observation, unit: str) -> Reading:
    now, then = sure(row.amount), sure(base.amount)
    if then <= 0:
        return Reading(None, row.value, row.unit, problem="out-of-range")
    amount = 100 * now / then - 100
    grown = note("grown", then=((base.value, base.unit),), year=str(base.year), now=((row.value, row.unit),))
    return Reading(amount, decimal_text(amount), unit or "%", note=grown)


def _compare(row: Observation, rule: Row, reading: Reading, base: Observation | None) -> Verdict:
    """A reading against the threshold; ``base`` is the row of the year before on which growth rests."""
    rows = [row] if base is None else [row, base]
    facts = Verdict(
        "no-data",
        value=reading.shown,
        unit=reading.unit,
        numerator=reading.numerator,
        denominator=reading.denominator,
        amount=reading.amount,
        bound=row.bound,
        observations=tuple(r.name for r in rows),
        scenario=any(r.table == SCENARIO for r in rows),
        notes=(reading.note,) if reading.note else (),
    )
    threshold = threshold_amount(rule)
    if threshold is None and rule["kind"] != "status":
        return facts.undecided(_unknown(rule))
    if reading.amount is None:
        return facts.undecided(reading.problem)
    return _decide(facts, reading.amount, rule, sure(threshold), weakest(map(basis_of, rows)))


def _rounding(row: Observation, verdict: Verdict, rule: Row) -> list[Note]:
    """Remark where the share as the source prints it would be judged otherwise than the fraction it was made of."""
    printed, exact = row.amount, verdict.numerator
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
