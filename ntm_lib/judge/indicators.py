"""Every indicator and part of a rule set, judged for one commune and one year: by itself, out of its parts (all, any, or
one household that must hold every item at once), and in doubt of traits that nobody has stated.
"""

from dataclasses import replace
from fractions import Fraction

from ntm_lib import tables
from ntm_lib.judge.amounts import AT_LEAST
from ntm_lib.judge.observations import Index, local_targets
from ntm_lib.judge.one_rule import judge_rule
from ntm_lib.model import (
    COMPARED,
    CONCLUSIVE,
    Row,
    Verdict,
    as_row,
    is_part_of,
    joined,
    key_of,
    note,
    strongest,
    sure,
    weakest,
    with_note,
)
from ntm_lib.tables import decimal_text, fraction


def judge_rows(index: Index, rules: list[Row], year: int) -> list[Row]:
    """Rows of the table ``indicators`` of ``year``, one for each row of ``rules`` (table ``thresholds``).

    The rules are taken as given, whatever their own year: last year's result can so be judged by this year's rule.
    """
    judged = {(r["indicator"], r["part"]): judge_rule(r, index, year) for r in rules}
    keys = sorted(judged, key=lambda k: tables.natural_key(k[1]))
    # Deepest parts first, so that each whole finds its parts joined: d.a and d.b, then d, then the indicator.
    for rule in sorted(rules, key=lambda r: -_depth(r["part"])):
        indicator, whole = rule["indicator"], rule["part"]
        if parts := [(p, judged[i, p]) for i, p in keys if i == indicator and is_part_of(p, whole)]:
            judged[indicator, whole] = join_parts(rule, judged[indicator, whole], parts)
    return [as_row(judged[r["indicator"], r["part"]], r, year, _targets(index, year, r)) for r in rules]


def _depth(part: str) -> int:
    return part.count(".") + 1 if part else 0


def _targets(index: Index, year: int, rule: Row) -> str:
    return local_targets(index.get((year, rule["indicator"], rule["part"]), []))


Parts = list[tuple[str, Verdict]]

_VALUE_FIELDS = ("value", "unit", "numerator", "denominator", "amount", "margin", "margin_count")


def join_parts(rule: Row, own: Verdict, parts: Parts) -> Verdict:
    """Verdict of the indicator ``rule`` from its ``parts`` (code and verdict) and from ``own``: what
    is said of the indicator as a whole, which may be nothing.
    """
    if own.verdict == "not-applicable":
        return own
    applicable = [(code, v) for code, v in parts if v.verdict != "not-applicable"]
    if not applicable:
        return replace(parts[0][1], observations=joined(v for _, v in parts))
    every_item = rule["join"] == "every-item" and rule["operator"] in (*AT_LEAST, "")
    if rule["join"] == "any":
        verdict = _any(applicable)
    elif every_item:
        verdict = _every_item(applicable)
    else:
        verdict = _all(applicable)
    return _with_own(verdict, own, every_item)


def _with_own(verdict: Verdict, own: Verdict, every_item: bool) -> Verdict:
    """The parts' verdict beside what is said of the whole indicator.

    A value of the whole decides where the parts do not; so does a status of the whole. A value of the
    whole that the parts rule out is a conflict, never a choice of ours.
    """
    if not own.conclusive:
        if not verdict.observations and own.observations:
            # No part has a value, and the whole no threshold of its own: it is not the rule that is missing.
            return (
                own.undecided("part", *verdict.notes)
                if own.reason in ("no-threshold", "unverified") and not every_item
                else own
            )
        return own if verdict.reason == "joint" and own.reason == "conflict" else verdict
    by_value = own.basis in COMPARED and own.margin is not None
    both = joined([own, verdict])
    if verdict.conclusive and verdict.verdict != own.verdict:
        if not by_value:
            return replace(verdict, observations=both).noted(note("whole-declared-otherwise"))
        return replace(own, observations=both).undecided("conflict", note("whole-against-parts"))
    if not verdict.conclusive or (every_item and by_value):
        return replace(own, observations=both).noted(*verdict.notes if not verdict.bound else ())
    return verdict


def _all(parts: Parts) -> Verdict:
    unmet = [(c, v) for c, v in parts if v.verdict == "unmet"]
    if unmet:
        return _made("unmet", strongest(v.basis for _, v in unmet), parts).noted(
            note("parts-unmet", parts=_codes(unmet))
        )
    if unknown := [(c, v) for c, v in parts if not v.conclusive]:
        return _unknown(parts, unknown)
    return _made("met", weakest(v.basis for _, v in parts), parts)


def _any(parts: Parts) -> Verdict:
    met = [(c, v) for c, v in parts if v.verdict == "met"]
    if met:
        return _made("met", strongest(v.basis for _, v in met), parts).noted(note("one-part-met", parts=_codes(met)))
    if unknown := [(c, v) for c, v in parts if not v.conclusive]:
        return _unknown(parts, unknown)
    return _made("unmet", weakest(v.basis for _, v in parts), parts).noted(note("no-part-met"))


def _every_item(parts: Parts) -> Verdict:
    """One unit must hold all items at once, which no table of separate shares tells. What is sure is only that
    it lies between 100 − Σ(100 − pᵢ) and the lowest part: met where the first reaches the threshold, unmet where
    the last misses it, else not decided. Parts that are declared, not measured, stay a declaration.
    """
    joint = _all(parts)
    concerned = [(c, v) for c, v in parts if joint.verdict != "unmet" or v.verdict == "unmet"]
    valued = [(v.amount, c, v) for c, v in concerned if v.amount is not None]
    if not valued:
        return joint
    _, code, lowest = min(valued, key=lambda p: p[:2])
    if not any(v.bound for _, _, v in valued):
        joint = replace(joint, bound="upper", **{field: getattr(lowest, field) for field in _VALUE_FIELDS}).noted(
            note("lowest-part", part=code)
        )
    if not joint.conclusive:
        return replace(joint, margin=None, margin_count=None)
    return joint if joint.verdict == "unmet" else _if_sure(joint, parts, sure(lowest.amount) - sure(lowest.margin))


def _if_sure(joint: Verdict, parts: Parts, threshold: Fraction) -> Verdict:
    """``joint``, met by each part alone, if even the least that can have all of them reaches the threshold."""
    known = all(v.amount is not None and v.bound in ("", "=", *AT_LEAST) for _, v in parts)
    least = max(Fraction(0), 100 - sum((100 - sure(v.amount) for _, v in parts), Fraction(0))) if known else Fraction(0)
    if least >= threshold:
        return joint.noted(note("surely-all", share=decimal_text(least)))
    return joint.undecided("joint", note("count-all", share=decimal_text(least)))


def _unknown(parts: Parts, unknown: Parts) -> Verdict:
    """No verdict for want of some parts; the reason is theirs where all of them lack the same."""
    reasons = {v.reason for _, v in unknown}
    if not any(v.observations for _, v in parts):
        reason = "no-value"
    else:
        reason = reasons.pop() if len(reasons) == 1 and len(unknown) == len(parts) else "part"
    return _made("no-data", "", parts, reason).noted(note("parts-unknown", parts=_codes(unknown)))


def _made(verdict: str, basis: str, parts: Parts, reason: str = "") -> Verdict:
    verdicts = [v for _, v in parts]
    return Verdict(
        verdict, basis, reason, observations=joined(verdicts), scenario=any(v.scenario for v in verdicts),
        doubts=tuple(dict.fromkeys(d for v in verdicts if v.verdict == verdict for d in v.doubts)),
    )  # fmt: skip


def _codes(parts: Parts) -> str:
    return ", ".join(code for code, _ in parts)


def judge_columns(index: Index, columns: list[list[Row]], year: int) -> list[Row]:
    """Rows of ``indicators`` by the first of ``columns`` (thresholds of one year), weighed against each other that may be the right one."""
    taken, *others = (judge_rows(index, rules, year) for rules in columns)
    return weighed(taken, others)


def in_doubt(row: Row, doubt: str) -> Row:
    """The row of ``indicators`` with one thing more that its verdict hangs on."""
    return row | {"doubt": ";".join(filter(None, [row["doubt"], doubt]))}


def weighed(rows: list[Row], others: list[list[Row]]) -> list[Row]:
    """Rows of ``indicators`` beside what each of the ``others``, columns that may be the right one, gives instead.

    A verdict that another column would turn carries the doubt ``trait``. Where no column is known and every
    possible one gives the same verdict, it is given, with the least favourable of their thresholds.
    """
    if not others:
        return rows
    instead = [{key_of(row): row for row in found} for found in others]
    return [_weighed(row, [found[key_of(row)] for found in instead if key_of(row) in found]) for row in rows]


def _weighed(row: Row, others: list[Row]) -> Row:
    if row["verdict"] in CONCLUSIVE:
        turned = [o for o in others if o["verdict"] in CONCLUSIVE and o["verdict"] != row["verdict"]]
        if not turned:
            return row
        asked = tuple(dict.fromkeys((o["threshold"], o["operator"]) for o in turned))
        return with_note(in_doubt(row, "trait"), note("other-columns", asked=asked))
    if row["column"] or row["verdict"] != "no-data" or {o["verdict"] for o in others} not in ({"met"}, {"unmet"}):
        return row
    worst = min(others, key=lambda o: (fraction(o["margin"]) is None, fraction(o["margin"]) or 0))
    return with_note(worst, note("every-column"))
