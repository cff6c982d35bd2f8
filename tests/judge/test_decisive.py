"""Which unchecked thresholds decide a verdict: tried by the judge at both ends of the range in which the true value may lie."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.dictionary import TABLES
from ntm_lib.judge.amounts import satisfies
from ntm_lib.judge.criteria import criteria_rows
from ntm_lib.judge.observations import index_rows
from ntm_lib.judge.risk import decisive_rows, ends
from tests.judge.status_rows import SCALE, YEAR, judged, observation, share, threshold

RANGES = {"share": {"points": 10}, "number": {"percent": 10}, "level": {"steps": 1}, "rating": {"steps": 1}}


def decisive(rows, *rules):
    rows = [dict.fromkeys(TABLES["observations"][1], "") | row for row in rows]
    rules = [dict.fromkeys(TABLES["thresholds"][1], "") | rule for rule in rules]
    found = judged(rows, rules)
    criteria = criteria_rows(found, [], YEAR, "x", ["1"])
    return decisive_rows(rules, found, criteria, index_rows(rows), [], "x")[0]


@pytest.mark.parametrize(("rule", "value", "expected"), [
    (threshold(">=", "70"), "75", ("80", "unmet", "unmet")),
    (threshold(">=", "70"), "81", None),
    (threshold(">=", "70"), "62", ("60", "met", "met")),
    (threshold("<=", "13"), "12.17", ("3", "unmet", "unmet")),
    (threshold(">=", "70", confidence="official"), "75", None),
    (threshold(">=", "95"), "99", ("100", "unmet", "unmet")),
    (threshold(">=", "50", kind="number", unit="triệu đồng"), "54", ("55", "unmet", "unmet")),
    (threshold(">=", "50", kind="number", unit="triệu đồng"), "56", None),
    (threshold("=", "met", kind="status", unit=""), "met", None),
    (threshold("<=", "0", kind="none", unit=""), "3", None),
    (threshold(">=", "khá", kind="rating", unit="rating", scale=SCALE), "khá", ("tốt", "unmet", "unmet")),
    (threshold("", "", confidence="unknown"), "75", ("", "", "")),
])  # fmt: skip
def test_a_threshold_is_named_where_its_range_turns_the_verdict(rule, value, expected):
    found = decisive([observation(value=value, unit=rule["unit"])], rule)
    assert [(row["tried"], row["after"], row["criterion_after"]) for row in found] == ([expected] if expected else [])


def test_nothing_hangs_on_a_threshold_without_a_figure():
    assert decisive([], threshold()) == []
    assert decisive([observation(value="met")], threshold("", "", confidence="unknown")) == []


def test_the_one_threshold_of_all_items_is_tried_once():
    whole = threshold(">=", "70", join="every-item")
    parts = [threshold(">=", "70", part=part) for part in "ab"]
    rows = [share(95, 100, "A1", part="a"), share(79, 100, "A2", part="b")]
    [row] = decisive(rows, whole, *parts)
    assert (row["part"], row["verdict"], row["tried"], row["after"]) == ("", "met", "80", "unmet")


def test_another_criterion_that_fails_anyway_is_not_said_to_turn():
    other = threshold(">=", "70", indicator="1.2", confidence="official")
    rows = [observation(value="75", unit="%"), observation("A2", indicator="1.2", value="10", unit="%")]
    [row] = decisive(rows, threshold(), other)
    assert (row["indicator"], row["after"], row["criterion_after"]) == ("1.1", "unmet", "")


@settings(max_examples=60, deadline=None)
@given(value=st.integers(0, 1000), asked=st.integers(0, 100), operator=st.sampled_from([">=", ">", "<=", "<"]))
def test_what_is_not_named_holds_over_the_whole_range(value, asked, operator):
    """Against plain comparison: a row stands there exactly where one end of the range gives the other verdict."""
    amount, rule = Fraction(value, 10), threshold(operator, str(asked))
    found = decisive([observation(value=str(float(amount)), unit="%")], rule)
    verdicts = {satisfies(amount, operator, Fraction(end)) for end in (*ends(rule, RANGES), str(asked))}
    assert bool(found) == (amount <= 100 and len(verdicts) > 1)
