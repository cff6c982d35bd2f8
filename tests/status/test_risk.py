"""Met now, but not for long."""

import pytest
from status_rows import SCALE, YEAR, observation, observations, rows_of, share, threshold, thresholds

from ntm_lib import status


def risks(row, rule, margin=1, **next_year):
    indicators = status.judge_indicators(observations(row), thresholds(rule), YEAR)
    return rows_of(status.at_risk(indicators, thresholds(rule | {"year": YEAR + 1} | next_year), margin))


def test_next_year_s_threshold_is_told_with_what_is_missing():
    [risk] = risks(observation(value="43", unit="triệu đồng"), threshold(">=", "42", kind="number", unit="triệu đồng"), threshold="45")
    assert (risk["reason"], risk["next_year"], risk["next_threshold"], risk["next_margin"]) == ("next-year", YEAR + 1, "45", "-2")
    [risk] = risks(share(1276, 1413), threshold(), threshold="91")
    assert (risk["next_margin"], risk["next_margin_count"]) == ("-0.695683", "-10")


@pytest.mark.parametrize(("numerator", "margin", "found"), [(71, 1, 1), (71, "0.5", 0), (70, 0, 1), (80, 1, 0), (60, 20, 0)])
def test_a_margin_within_the_limit(numerator, margin, found):
    reasons = [r["reason"] for r in risks(share(numerator, 100), threshold(), margin)]
    assert reasons == ["margin"] * found


def test_for_money_the_limit_is_percent_of_the_threshold():
    rule = threshold(">=", "40", kind="number", unit="triệu đồng")
    assert len(risks(observation(value="42", unit="triệu đồng"), rule, 5)) == 1
    assert risks(observation(value="42.1", unit="triệu đồng"), rule, 5) == []


@pytest.mark.parametrize(("row", "rule"), [
    (observation(value="2", unit="mức độ"), threshold(">=", "2", kind="level", unit="mức độ")),
    (observation(value="khá", unit="rating"), threshold(">=", "khá", kind="rating", unit="", scale=SCALE)),
    (observation(value="0", unit="nhà"), threshold("<=", "0", kind="none", unit="nhà")),
    (observation(value="met", unit="status", kind="declared"), threshold()),
])  # fmt: skip
def test_levels_ratings_counts_of_none_and_statuses_have_no_margin_to_lose(row, rule):
    assert risks(row, rule, 5) == []


def test_a_level_that_next_year_asks_more_of_is_at_risk():
    [risk] = risks(observation(value="2", unit="mức độ"), threshold(">=", "2", kind="level", unit="mức độ"), threshold="3")
    assert risk["reason"] == "next-year"


def test_an_unknown_threshold_of_next_year_is_no_risk_and_next_year_comes_first():
    assert risks(share(80, 100), threshold(), threshold="") == []
    rows = observations(share(71, 100), share(80, 100, "A2", indicator="1.2"))
    rules = [threshold(), threshold(indicator="1.2")]
    indicators = status.judge_indicators(rows, thresholds(*rules), YEAR)
    found = rows_of(status.at_risk(indicators, thresholds(rules[0], rules[1] | {"threshold": "85"}), 1))
    assert [(r["indicator"], r["reason"]) for r in found] == [("1.2", "next-year"), ("1.1", "margin")]


def test_the_tables_are_not_changed():
    indicators, rules = status.judge_indicators(observations(share(71, 100)), thresholds(threshold()), YEAR), thresholds(threshold())
    before = indicators.copy(), rules.copy()
    status.at_risk(indicators, rules, 1)
    assert indicators.equals(before[0]) and rules.equals(before[1])


def test_a_rule_that_will_not_apply_is_no_risk():
    assert risks(share(80, 100), threshold(), threshold="90", applies="no") == []
