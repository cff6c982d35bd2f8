"""Exact comparison: equality, bounds, and how many whole units a share needs."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib.judge.amounts import bound_satisfies, count_margin, distance, satisfies, units_needed

OPERATORS = st.sampled_from([">=", ">", "<=", "<"])
HALVES = st.integers(-6, 6).map(lambda n: Fraction(n, 2))
PERCENTS = st.fractions(0, 100, max_denominator=50)


def test_equal_to_the_threshold_is_met_for_at_least_and_at_most_only():
    assert [satisfies(Fraction(70), op, Fraction(70)) for op in (">=", ">", "<=", "<", "=")] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_an_unknown_operator_is_an_error():
    with pytest.raises(ValueError, match="operator"):
        satisfies(Fraction(1), "≥", Fraction(1))


def test_the_exact_fraction_decides():
    value = Fraction(100 * 1272, 1413)  # 90.02123…
    assert satisfies(value, ">=", Fraction(90))
    assert satisfies(value, ">=", Fraction("90.02"))
    assert not satisfies(value, ">=", Fraction("90.03"))
    assert not satisfies(Fraction(100 * 1271, 1413), ">=", Fraction(90))  # 89.9504…, which rounds to 90


@given(HALVES, OPERATORS, st.sampled_from([">=", ">", "<=", "<", "="]), HALVES)
def test_a_bound_decides_exactly_when_every_value_it_allows_agrees(amount, bound, operator, threshold):
    allowed = [amount + Fraction(n, 4) for n in range(-60, 61) if satisfies(amount + Fraction(n, 4), bound, amount)]
    verdicts = {satisfies(x, operator, threshold) for x in allowed}
    assert bound_satisfies(amount, bound, operator, threshold) == (verdicts.pop() if len(verdicts) == 1 else None)


@given(HALVES, OPERATORS, HALVES)
def test_distance_is_never_negative_where_the_threshold_is_met_and_never_positive_where_not(
    amount, operator, threshold
):
    margin = distance(amount, operator, threshold)
    assert margin >= 0 if satisfies(amount, operator, threshold) else margin <= 0


@pytest.mark.parametrize(
    ("threshold", "operator", "denominator", "needed"),
    [
        (90, ">", 12, 11), (90, ">=", 12, 11), (75, ">=", 12, 9), (75, ">", 12, 10), (13, "<=", 1413, 183), (13, "<", 100, 12),
        (100, ">=", 12, 12), (100, ">", 12, None), (0, "<", 12, None), (0, "<=", 12, 0), (50, ">=", 0, None), ("90.02", ">=", 1413, 1272),
    ],
)  # fmt: skip
def test_units_needed(threshold, operator, denominator, needed):
    assert units_needed(threshold, operator, denominator) == needed


@given(PERCENTS, OPERATORS, st.integers(1, 3000))
def test_units_needed_meets_and_the_next_unit_does_not(threshold, operator, denominator):
    needed = units_needed(threshold, operator, denominator)
    meeting = [n for n in (0, denominator) if satisfies(Fraction(100 * n, denominator), operator, threshold)]
    if needed is None:
        assert not meeting  # shares run from one end to the other: if neither end meets, nothing between does
        return
    step = -1 if operator in (">=", ">") else 1
    assert satisfies(Fraction(100 * needed, denominator), operator, threshold)
    assert not 0 <= needed + step <= denominator or not satisfies(
        Fraction(100 * (needed + step), denominator), operator, threshold
    )


def test_a_count_margin_is_whole_for_households_and_a_decimal_for_kilometres():
    assert count_margin(Fraction(1276), Fraction(1413), ">=", Fraction(70), "hộ") == 286
    assert count_margin(Fraction(988), Fraction(1413), ">=", Fraction(70), "hộ") == -2
    assert count_margin(Fraction("114.17"), Fraction("141.37"), ">=", Fraction(80), "km") == Fraction("1.074")
    assert count_margin(Fraction("12.5"), Fraction(20), ">=", Fraction(50), "hộ") is None


@given(st.integers(0, 400), st.integers(1, 400), OPERATORS, PERCENTS)
def test_a_count_margin_of_whole_units_says_exactly_how_many(numerator, denominator, operator, threshold):
    numerator = min(numerator, denominator)
    margin = count_margin(Fraction(numerator), Fraction(denominator), operator, threshold, "hộ")
    met = satisfies(Fraction(100 * numerator, denominator), operator, threshold)
    if margin is None:
        assert units_needed(threshold, operator, denominator) is None
        return
    assert (margin >= 0) == met
    border = numerator - margin if operator in (">=", ">") else numerator + margin
    assert satisfies(Fraction(100 * border, denominator), operator, threshold)
