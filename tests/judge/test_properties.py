"""What holds of every verdict, over generated cases of every shape."""

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ntm_lib import tables
from ntm_lib.judge.amounts import satisfies
from ntm_lib.judge.changes import split_cause
from ntm_lib.judge.criteria import criteria_rows
from tests.judge.status_rows import PERCENTS, YEAR, cases, judged, observation, share, threshold

MANY = settings(max_examples=200, deadline=None)
ORDER = {"unmet": 0, "met": 1}
ROW_COLUMNS = set(tables.TABLES["indicators"][1])


def verdict(rows, rule):
    return judged(rows, [rule])[0]["verdict"]


@MANY
@given(PERCENTS, PERCENTS, st.sampled_from([">=", ">"]), PERCENTS)
def test_raising_a_value_never_turns_an_at_least_verdict_from_met_to_unmet(one, other, operator, asked):
    low, high = sorted([one, other], key=Fraction)
    rule = threshold(operator, asked)
    before, after = (verdict([observation(value=v, unit="%")], rule) for v in (low, high))
    assert not (before == "met" and after == "unmet")


@MANY
@given(st.integers(0, 1413), st.integers(0, 1413), st.sampled_from(["<=", "<"]), PERCENTS)
def test_raising_a_value_never_turns_an_at_most_verdict_from_unmet_to_met(one, other, operator, asked):
    low, high = sorted([one, other])
    before, after = (verdict([share(n, 1413)], threshold(operator, asked)) for n in (low, high))
    assert not (before == "unmet" and after == "met")


@MANY
@given(cases(), PERCENTS)
def test_a_stricter_threshold_never_helps(case, asked):
    rows, rules = case
    rule = rules[0]
    assume(len(rules) == 1 and rule["kind"] in ("share", "number", "growth") and rule["threshold"])
    at_least = rule["operator"] in (">=", ">")
    easy, strict = sorted([rule["threshold"], asked], key=Fraction, reverse=not at_least)
    was, now = (judged(rows, [rule | {"threshold": t}])[0]["verdict"] for t in (easy, strict))
    assert not (was == "unmet" and now == "met")
    assert not (was == "no-data" and now == "met")


@MANY
@given(cases())
def test_the_strict_operator_is_never_easier(case):
    rows, rules = case
    rule = rules[0]
    assume(len(rules) == 1 and rule["operator"] in (">=", "<=") and rule["kind"] in ("share", "number", "growth"))
    loose, strict = (
        judged(rows, [rule | {"operator": o}])[0]["verdict"] for o in (rule["operator"], rule["operator"][0])
    )
    assert not (loose == "unmet" and strict == "met")


@MANY
@given(st.integers(0, 3000), st.integers(1, 3000), st.sampled_from([">=", ">", "<=", "<"]), PERCENTS)
def test_a_share_is_decided_by_whole_numbers_alone(numerator, denominator, operator, asked):
    assume(numerator <= denominator)
    scale = 10 ** len(asked.partition(".")[2])
    left, right = numerator * 100 * scale, int(Fraction(asked) * scale) * denominator
    expected = satisfies(Fraction(left), operator, Fraction(right))
    row = judged([share(numerator, denominator)], [threshold(operator, asked)])[0]
    assert row["verdict"] == ("met" if expected else "unmet")


@MANY
@given(st.data(), cases())
def test_the_order_of_rows_never_matters(data, case):
    rows, rules = case
    one = judged(rows, rules)
    other = judged(data.draw(st.permutations(rows)), data.draw(st.permutations(rules)))
    key = lambda r: (r["indicator"], r["part"])  # noqa: E731
    assert sorted(one, key=key) == sorted(other, key=key)


@MANY
@given(cases())
def test_every_case_gives_a_complete_and_consistent_row(case):
    for row in judged(*case):
        assert set(row) == ROW_COLUMNS
        assert row["verdict"] in tables.VERDICTS and row["basis"] in tables.BASES
        assert (row["basis"] == "") == (row["verdict"] in ("no-data", "not-applicable"))
        assert bool(row["reason"]) == (row["verdict"] in ("no-data", "not-applicable"))
        assert row["verdict"] in ("met", "unmet") or not row["margin"]
        if row["margin"]:
            assert (Fraction(row["margin"]) >= 0) if row["verdict"] == "met" else (Fraction(row["margin"]) <= 0)
        if row["margin_count"]:
            assert (Fraction(row["margin_count"]) >= 0) == (row["verdict"] == "met")


@MANY
@given(cases())
def test_what_cannot_be_compared_never_counts_as_met_by_a_value(case):
    rows, rules = case
    if not rules[0]["threshold"] and not rules[0].get("join"):
        row = judged(rows, rules)[0]
        assert row["verdict"] in ("no-data", "not-applicable") or row["basis"] == "declared"


@MANY
@given(cases())
def test_judging_changes_neither_rows_nor_rules(case):
    rows, rules = case
    before = [dict(r) for r in rows], [dict(r) for r in rules]
    judged(rows, rules)
    assert (rows, rules) == before


@MANY
@given(st.lists(st.sampled_from(["met", "unmet", "no-data", "not-applicable"]), min_size=1, max_size=5),
       st.sampled_from(["", "met", "unmet"]))  # fmt: skip
def test_a_criterion_is_met_by_its_indicators_only_if_each_applicable_one_is(verdicts, declared):
    blank = dict.fromkeys(ROW_COLUMNS, "")
    rows = [
        blank
        | {
            "year": YEAR,
            "criterion": "1",
            "indicator": f"1.{i}",
            "verdict": v,
            "basis": "measured" if v in ORDER else "",
        }
        for i, v in enumerate(verdicts)
    ]
    said = (
        [
            dict.fromkeys(tables.TABLES["observations"][1], "")
            | observation("D", kind="declared", indicator="", value=declared)
        ]
        if declared
        else []
    )
    [row] = criteria_rows(rows, said, YEAR)
    applicable = [v for v in verdicts if v != "not-applicable"]
    if "unmet" in applicable:
        assert row["verdict"] == "unmet"
        assert row["contradicted"] == ("yes" if declared == "met" else "")
    elif row["verdict"] == "met" and row["basis"] != "declared":
        assert applicable and set(applicable) == {"met"}
    elif row["verdict"] == "met":
        assert declared == "met"
    if applicable and set(applicable) == {"met"}:
        assert (row["verdict"], row["basis"]) == ("met", "measured")
    if not applicable:
        assert row["verdict"] == "not-applicable"


@given(*[st.sampled_from(["met", "unmet"])] * 2)
def test_the_same_rule_twice_gives_result_or_no_cause_never_rule(before, after):
    cause = split_cause(before, before, after, after)
    assert cause == ("" if before == after else "result")


@given(*[st.sampled_from(["met", "unmet"])] * 2)
def test_the_same_value_twice_gives_rule_or_no_cause_never_result(before, after):
    cause = split_cause(before, after, before, after)
    assert cause == ("" if before == after else "rule")
