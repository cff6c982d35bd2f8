"""Criteria out of indicators and declarations, and the commune out of criteria."""

import pytest

from ntm_lib import judge
from tests.judge.status_rows import (
    YEAR,
    facts,
    judge_criteria,
    judge_indicators,
    observation,
    observations,
    rows_of,
    share,
    threshold,
    thresholds,
)

RULES = thresholds(
    threshold(),
    threshold("=", "met", indicator="1.2", kind="status", unit=""),
    threshold(criterion="2", indicator="2.1", confidence="one-source"),
    threshold(criterion="3", indicator="3.1", join="all", threshold="", operator=""),
    threshold(criterion="3", indicator="3.1", part="a"),
)


def said(criterion, value="met", name="D1", **cells):
    return observation(name, kind="declared", criterion=criterion, indicator="", value=value, unit="status", **cells)


def criteria(*rows, year=YEAR, rules=RULES, **more):
    known = observations(*rows)
    indicators = judge_indicators(known, rules, year)
    return {r["criterion"]: r for r in rows_of(judge_criteria(indicators, known, year, **more))}


def test_met_by_values_only_when_each_indicator_is():
    met = criteria(share(80, 100), observation("A2", indicator="1.2", value="met", unit="status", kind="declared"))["1"]
    assert facts(met, "verdict", "basis", "indicators", "with_value", "unverified") == (
        "met",
        "declared",
        "2",
        "1",
        "1",
    )
    half = criteria(share(80, 100))["1"]
    assert facts(half, "verdict", "basis", "no_data") == ("no-data", "", "1")


def test_one_unmet_indicator_is_enough_and_contradicts_the_declaration():
    row = criteria(share(60, 100), said("1"))["1"]
    assert facts(row, "verdict", "basis", "declared", "contradicted", "unmet", "observation") == (
        "unmet",
        "measured",
        "met",
        "yes",
        "1",
        "D1",
    )


def test_without_all_values_the_declaration_counts():
    row = criteria(share(80, 100), said("1"))["1"]
    assert facts(row, "verdict", "basis", "contradicted") == ("met", "declared", "")
    assert criteria(said("1", "unmet"))["1"]["verdict"] == "unmet"


def test_a_declared_failure_that_all_values_contradict_is_named():
    row = criteria(share(80, 100, indicator="2.1", criterion="2"), said("2", "unmet"))["2"]
    assert facts(row, "verdict", "basis", "contradicted") == ("met", "measured", "yes")


def test_a_declaration_under_another_set_is_not_contradicted_by_a_value():
    row = criteria(share(60, 100), said("1", rule_set="ntm-2016-2020"), rule_set="ntm-2021-2025")["1"]
    assert facts(row, "verdict", "declared_rule_set", "contradicted") == ("unmet", "ntm-2016-2020", "")


def test_opposite_declarations_declare_nothing_but_are_both_named():
    row = criteria(said("2"), said("2", "unmet", "D2"))["2"]
    assert facts(row, "verdict", "declared", "observation") == ("no-data", "", "D1;D2")


@pytest.mark.parametrize(("cells", "declared"), [
    ({"value": "3", "unit": "tiêu chí", "numerator": "3", "denominator": "3"}, "met"),
    ({"value": "3", "unit": "tiêu chí"}, "met"),
    ({"value": "met", "unit": "status"}, "met"),
    ({"value": "2", "unit": "tiêu chí", "numerator": "2", "denominator": "3"}, ""),
    ({"value": "0", "unit": "tiêu chí"}, ""),
    ({"value": "3", "unit": "công trình"}, ""),
])  # fmt: skip
def test_all_criteria_are_declared_at_once_only_by_a_full_count(cells, declared):
    row = criteria(observation("D1", kind="declared", criterion="all", indicator="", **cells))["2"]
    assert row["declared"] == declared


def test_the_aim_of_a_plan_is_an_aim_and_counts_only_where_no_result_is_known():
    aim = observation("P1", kind="target", criterion="all", indicator="", value="3", unit="tiêu chí")
    assert facts(criteria(aim)["2"], "verdict", "basis", "observation") == ("met", "aimed", "P1")
    rows = criteria(aim, said("1"))
    assert [rows[c]["verdict"] for c in "123"] == ["met", "no-data", "no-data"]


def test_indicators_that_do_not_apply_do_not_count():
    rules = thresholds(threshold(), threshold(indicator="1.2", applies="no"))
    row = criteria(share(80, 100), rules=rules)["1"]
    assert facts(row, "verdict", "basis", "indicators") == ("met", "measured", "1")
    assert criteria(rules=thresholds(threshold(applies="no")))["1"]["verdict"] == "not-applicable"


def test_the_parts_of_an_indicator_count_as_one():
    row = criteria(share(80, 100, part="a", indicator="3.1", criterion="3"))["3"]
    assert facts(row, "verdict", "basis", "indicators", "with_value", "unverified") == (
        "met",
        "measured",
        "1",
        "1",
        "1",
    )


def test_a_criterion_of_which_no_indicator_is_known_has_its_row():
    rows = criteria(said("4"), criteria=["1", "2", "3", "4", "5"])
    assert [rows[c]["verdict"] for c in "45"] == ["met", "no-data"]
    assert facts(rows["4"], "basis", "indicators") == ("declared", "0")


def test_while_an_indicator_s_criterion_is_not_known_none_is_met_by_its_indicators_alone():
    rules = thresholds(threshold(), threshold(criterion="", indicator="x1"))
    rows = criteria(share(80, 100), rules=rules)
    assert list(rows) == ["1"]
    assert rows["1"]["verdict"] == "no-data"


def test_status_targets_are_aims_and_no_value():
    rules = thresholds(threshold("=", "met", kind="status", unit=""))
    row = criteria(observation(value="met", unit="status", kind="target"), rules=rules)["1"]
    assert facts(row, "verdict", "basis", "with_value", "unverified") == ("met", "aimed", "0", "0")


def test_the_commune_counts_each_basis_apart():
    known = observations(
        share(80, 100, indicator="2.1", criterion="2"),
        said("1"),
        share(80, 100, "A3", indicator="3.1", part="a", criterion="3"),
    )
    indicators = judge_indicators(known, RULES, YEAR)
    total = judge.commune_verdict(judge_criteria(indicators, known, YEAR))
    assert (total.verdict, total.basis, total.met, total.total) == ("met", "declared", 3, 3)
    assert (total.measured, total.declared, total.planned) == (2, 1, 0)
    assert (total.indicators, total.with_value, total.unverified) == (4, 2, 1)


def test_one_unmet_criterion_makes_the_commune_unmet_and_one_unknown_no_data():
    known = observations(share(60, 100, indicator="2.1", criterion="2"), said("1"))
    indicators = judge_indicators(known, RULES, YEAR)
    table = judge_criteria(indicators, known, YEAR)
    assert judge.commune_verdict(table).verdict == "unmet"
    assert judge.commune_verdict(table[table["verdict"] != "unmet"]).verdict == "no-data"


def test_nothing_given_is_changed():
    known = observations(share(80, 100), said("1"))
    indicators = judge_indicators(known, RULES, YEAR)
    before = known.copy(), indicators.copy()
    judge.commune_verdict(judge_criteria(indicators, known, YEAR))
    assert known.equals(before[0]) and indicators.equals(before[1])
