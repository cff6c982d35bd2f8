"""What changed, and whether the result moved or the rule did."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import tables
from ntm_lib.judge.changes import Again, change_rows, split_cause
from ntm_lib.judge.criteria import declaring_rows
from ntm_lib.judge.observations import index_rows
from tests.judge.status_rows import (
    PERCENTS,
    judge_criteria,
    judge_indicators,
    observation,
    observations,
    rows_of,
    share,
    threshold,
    thresholds,
)

THEN, NOW = 2023, 2024
SET = "ntm-2021-2025"


def changes(rows, rules, years=(THEN, NOW), **more):
    """Rows of ``changes`` into the last of ``years``; ``rules`` maps a year to its thresholds."""
    known = observations(*rows)
    table = thresholds(*(r | {"year": y} for y in years for r in rules[y]))
    judged = pd.concat([judge_indicators(known, table[table["year"] == y], y) for y in years])
    by_criterion = pd.concat([judge_criteria(judged, known, y, SET) for y in years])
    return changed(judged, by_criterion, known, table, years[-1], SET, **more)


def changed(judged, by_criterion, known, table, year, rule_set="", **more):
    again = Again(index_rows(rows_of(known)), rows_of(table), declaring_rows(rows_of(known)), rule_set)
    return rows_of(tables.as_table("changes", change_rows(rows_of(judged), rows_of(by_criterion), again, year, **more)))


def indicator_change(before, after, asked_before="70", asked_after="70", **more):
    rows = [share(n, 100, f"A{y}", year=y) for n, y in ((before, THEN), (after, NOW)) if n is not None]
    rules = {THEN: [threshold(">=", asked_before)], NOW: [threshold(">=", asked_after)]}
    [row] = [r for r in changes(rows, rules, **more) if r["indicator"]]
    return row


@pytest.mark.parametrize(("values", "asked", "change", "cause"), [
    ((80, 85), ("70", "70"), "kept", ""), ((60, 80), ("70", "70"), "gained", "result"), ((80, 60), ("70", "70"), "lost", "result"),
    ((60, 65), ("70", "70"), "still-unmet", ""), ((80, 80), ("70", "90"), "lost", "rule"), ((80, 80), ("90", "70"), "gained", "rule"),
    ((80, 95), ("70", "90"), "kept", "both"), ((80, 60), ("90", "70"), "still-unmet", "both"), ((80, 60), ("70", "90"), "lost", "both"),
    ((85, 80), ("70", "82"), "lost", "both"), ((60, 80), ("70", "65"), "gained", "result"),
    ((None, 80), ("70", "70"), "first-measured", "data"), ((80, None), ("70", "70"), "no-longer-measured", "data"),
    ((80, 80), ("", "70"), "first-measured", "rule"), ((80, 80), ("70", ""), "no-longer-measured", "rule"),
])  # fmt: skip
def test_the_rule_and_the_result_are_told_apart(values, asked, change, cause):
    row = indicator_change(*values, *asked)
    assert (row["change"], row["cause"]) == (change, cause)


def test_the_row_says_what_stood_on_both_sides():
    row = indicator_change(80, 80, "70", "90")
    assert (row["from_year"], row["to_year"]) == (THEN, NOW)
    assert (row["before"], row["before_by_new_rule"], row["after"]) == ("met", "unmet", "unmet")
    assert (row["value_before"], row["value_after"], row["threshold_before"], row["threshold_after"]) == (
        "80",
        "80",
        ">= 70",
        ">= 90",
    )


def test_an_income_of_43_is_lost_by_the_ladder():
    rule = threshold(kind="number", unit="triệu đồng", count_unit="")
    rows = [observation(f"A{y}", year=y, value="43", unit="triệu đồng") for y in (THEN, NOW)]
    found = changes(rows, {THEN: [rule | {"threshold": "42"}], NOW: [rule | {"threshold": "45"}]})
    assert [(r["indicator"], r["change"], r["cause"]) for r in found] == [("", "lost", "rule"), ("1.1", "lost", "rule")]


def test_the_last_year_known_before_is_the_one_compared():
    rows = [share(80, 100, "A1", year=2021), share(60, 100, "A2", year=NOW)]
    rules = {y: [threshold()] for y in (2021, 2022, NOW)}
    [row] = [r for r in changes(rows, rules, years=(2021, 2022, NOW)) if r["indicator"]]
    assert (row["from_year"], row["change"]) == (2021, "lost")


def test_no_verdict_in_either_year_is_no_change():
    row = indicator_change(None, None)
    assert (row["change"], row["cause"], row["from_year"]) == ("", "", 0)


def test_what_only_resembles_the_old_indicator_changes_by_definition():
    similar = {THEN: {("1.1", "")}}
    assert indicator_change(80, 60, similar=similar)["cause"] == "definition"
    assert indicator_change(80, 85, similar=similar)["cause"] == ""
    assert indicator_change(80, 60, similar={THEN: {("1.1", "")}, NOW: {("1.1", "")}})["cause"] == "result"


def test_a_bare_status_and_a_value_cannot_be_split():
    rows = [observation("A1", value="met", unit="status", kind="declared"), share(60, 100, "A2", year=NOW)]
    [row] = [r for r in changes(rows, {y: [threshold()] for y in (THEN, NOW)}) if r["indicator"]]
    assert (row["change"], row["cause"], row["before_by_new_rule"]) == ("lost", "data", "")


def test_two_statuses_under_one_rule_differ_by_result():
    rule = threshold("=", "met", kind="status", unit="")
    rows = [
        observation(f"A{y}", year=y, value=v, unit="status", kind="declared")
        for y, v in ((THEN, "met"), (NOW, "unmet"))
    ]
    [row] = [r for r in changes(rows, {y: [rule] for y in (THEN, NOW)}) if r["indicator"]]
    assert (row["change"], row["cause"]) == ("lost", "result")


@pytest.mark.parametrize(("then", "now", "change", "cause"), [
    ("ntm-2016-2020", SET, "first-measured", "definition"), (SET, SET, "gained", "result"), ("", "", "gained", "result"),
])  # fmt: skip
def test_a_criterion_declared_under_another_set_is_known_here_for_the_first_time(then, now, change, cause):
    rows = [
        observation(f"D{y}", year=y, kind="declared", indicator="", value=v, unit="status", rule_set=s)
        for y, v, s in ((THEN, "unmet", then), (NOW, "met", now))
    ]
    [row] = [r for r in changes(rows, {y: [threshold()] for y in (THEN, NOW)}) if not r["indicator"]]
    assert (row["change"], row["cause"], row["before_by_new_rule"]) == (change, cause, "")


def test_declared_twice_while_the_threshold_moved_cannot_be_split():
    rows = [
        observation(f"D{y}", year=y, kind="declared", indicator="", value=v, unit="status")
        for y, v in ((THEN, "met"), (NOW, "unmet"))
    ]
    found = changes(rows, {THEN: [threshold(">=", "70")], NOW: [threshold(">=", "80")]})
    assert [(r["change"], r["cause"]) for r in found if not r["indicator"]] == [("lost", "data")]


def test_what_no_longer_applies_is_no_longer_judged_by_definition():
    rules = {THEN: [threshold()], NOW: [threshold(applies="no")]}
    [row] = [r for r in changes([share(80, 100)], rules) if r["indicator"]]
    assert (row["change"], row["cause"]) == ("no-longer-measured", "definition")
    rules = {THEN: [threshold(applies="no")], NOW: [threshold()]}
    [row] = [r for r in changes([share(80, 100, year=NOW)], rules) if r["indicator"]]
    assert (row["change"], row["cause"]) == ("first-measured", "definition")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100), st.integers(0, 100), PERCENTS)
def test_the_same_rule_in_both_years_is_never_the_cause(before, after, asked):
    row = indicator_change(before, after, asked, asked)
    assert row["cause"] == ("result" if row["change"] in ("gained", "lost") else "")


@given(*[st.sampled_from(["met", "unmet"])] * 4)
def test_rule_and_result_mean_that_each_alone_moved_the_verdict(old_old, old_new, new_old, new_new):
    cause = split_cause(old_old, old_new, new_old, new_new)
    if cause == "rule":
        assert old_new == new_new != old_old == new_old
    if cause == "result":
        assert new_old == new_new != old_old == old_new
    assert cause or old_old == new_new


def test_nothing_given_is_changed():
    known = observations(share(80, 100), share(60, 100, "A2", year=NOW))
    table = thresholds(*(threshold(year=y) for y in (THEN, NOW)))
    judged = pd.concat([judge_indicators(known, table[table["year"] == y], y) for y in (THEN, NOW)])
    by_criterion = pd.concat([judge_criteria(judged, known, y) for y in (THEN, NOW)])
    given_frames = known, table, judged, by_criterion
    before = [f.copy() for f in given_frames]
    changed(judged, by_criterion, known, table, NOW)
    assert all(f.equals(b) for f, b in zip(given_frames, before, strict=True))


@pytest.mark.parametrize(
    ("asked", "change", "cause"), [(("70", ""), "no-longer-measured", "rule"), (("", "70"), "first-measured", "rule")]
)
def test_a_criterion_known_no_more_or_for_the_first_time_by_the_rule_alone_says_so(asked, change, cause):
    rows = [share(80, 100, f"A{y}", year=y) for y in (THEN, NOW)]
    rules = {THEN: [threshold(">=", asked[0])], NOW: [threshold(">=", asked[1])]}
    [row] = [r for r in changes(rows, rules) if not r["indicator"]]
    assert (row["change"], row["cause"]) == (change, cause)


def test_a_plan_is_no_result_that_can_be_lost():
    """Met in 2022, planned for 2023, measured unmet in 2024: what is lost was met in 2022."""
    rows = [
        share(80, 100, "A2022", year=2022),
        share(90, 100, "K2023", year=2023, kind="target"),
        share(60, 100, "A2024", year=2024),
    ]
    found = changes(rows, dict.fromkeys((2022, 2023, 2024), [threshold()]), years=(2022, 2023, 2024))
    assert {(r["from_year"], r["before"], r["change"]) for r in found} == {(2022, "met", "lost")}


def test_an_aim_for_all_criteria_is_no_declaration_that_can_be_lost():
    aim = observation("K2023", year=2023, kind="target", criterion="1", indicator="", value="met", unit="status")
    rows = [aim, share(60, 100, "A2024", year=2024)]
    [row] = [
        r for r in changes(rows, dict.fromkeys((2023, 2024), [threshold()]), years=(2023, 2024)) if not r["indicator"]
    ]
    assert (row["from_year"], row["change"]) == (0, "first-measured")
