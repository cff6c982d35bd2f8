"""Met now, but not for long."""

import pytest

from ntm_lib.judge.risk import at_risk
from ntm_lib.tables import TABLES
from tests.judge.status_rows import SCALE, YEAR, judged, observation, share, threshold

MONEY = threshold(">=", "40", kind="number", unit="triệu đồng")


def risks(rows, rule, **next_year):
    """Risks of 2023, the rows of all years judged by the same rule, next year's changed by ``next_year``."""
    rows = rows if isinstance(rows, list) else [rows]
    years = sorted({r["year"] for r in rows} | {YEAR})
    indicators = [row for y in years for row in judged(rows, [rule | {"year": y}], y)]
    blank = dict.fromkeys(TABLES["thresholds"][1], "")
    rules = [blank | rule | {"year": y} for y in years] + [blank | rule | {"year": YEAR + 1} | next_year]
    return at_risk(indicators, rules, YEAR)


def test_next_year_s_threshold_is_told_with_what_is_missing():
    [risk] = risks(observation(value="43", unit="triệu đồng"), MONEY | {"threshold": "42"}, threshold="45")
    assert (risk["reason"], risk["next_threshold"], risk["next_margin"]) == ("next-year", "45", "-2")
    [risk] = risks(share(1276, 1413), threshold(), threshold="91")
    assert (risk["next_margin"], risk["next_margin_count"]) == ("-0.695683", "-10")


@pytest.mark.parametrize(("row", "rule", "found"), [
    (share(73, 100), threshold(), ["margin"]), (share(7301, 10000), threshold(), []), (share(70, 100), threshold(), ["margin"]),
    (observation(value="43", unit="triệu đồng"), MONEY, ["margin"]), (observation(value="43.1", unit="triệu đồng"), MONEY, []),
    (observation(value="2.1", unit="m²/người"), threshold(">=", "2", kind="number", unit="m²/người"), ["margin"]),
    (observation(value="2.2", unit="m²/người"), threshold(">=", "2", kind="number", unit="m²/người"), []),
    (share(100, 100), threshold(">=", "100"), []), (share(100, 100), threshold(">=", "98"), []), (share(0, 100), threshold("<=", "1"), []),
    (share(60, 100), threshold(), []),
])  # fmt: skip
def test_near_depends_on_the_unit_and_what_cannot_be_better_is_no_risk(row, rule, found):
    assert [r["reason"] for r in risks(row, rule)] == found


@pytest.mark.parametrize(("row", "rule"), [
    (observation(value="2", unit="mức độ"), threshold(">=", "2", kind="level", unit="mức độ")),
    (observation(value="khá", unit="rating"), threshold(">=", "khá", kind="rating", unit="", scale=SCALE)),
    (observation(value="0", unit="nhà"), threshold("<=", "0", kind="none", unit="nhà")),
    (observation(value="met", unit="status", kind="declared"), threshold()),
])  # fmt: skip
def test_levels_ratings_counts_of_none_and_statuses_have_no_margin_to_lose(row, rule):
    assert risks(row, rule) == []


def test_a_level_that_next_year_asks_more_of_is_at_risk():
    [risk] = risks(
        observation(value="2", unit="mức độ"), threshold(">=", "2", kind="level", unit="mức độ"), threshold="3"
    )
    assert risk["reason"] == "next-year"


def test_a_bound_that_does_not_decide_next_year_is_told():
    """Mỹ Bằng: «trên 56,2 triệu» is enough for 55, and nobody knows whether it is for 58."""
    [risk] = risks(
        observation(value="56.2", unit="triệu đồng", operator=">"), MONEY | {"threshold": "50"}, threshold="58"
    )
    assert (risk["reason"], risk["bound"], risk["next_threshold"]) == ("next-bound", ">", "58")


def test_a_plan_may_fail_and_then_the_last_measured_value_counts():
    rows = [share(172, 1413, "A0", year=2022), share(100, 1413, kind="target")]
    [risk] = risks(rows, threshold("<=", "13"))
    assert (risk["reason"], risk["value_year"], risk["basis"], risk["margin_count"]) == (
        "margin",
        2022,
        "measured",
        "11",
    )


def test_a_year_without_figures_forgets_nothing():
    assert [(r["reason"], r["value_year"]) for r in risks([share(60, 100, "A0", year=2021)], threshold())] == [
        ("unmet", 2021)
    ]
    assert risks([share(60, 100, "A0", year=2021), share(90, 100)], threshold()) == []


def test_what_is_just_enough_for_next_year_is_told_after_the_rest():
    assert [
        r["reason"]
        for r in risks(observation(value="49", unit="triệu đồng"), MONEY | {"threshold": "45"}, threshold="48")
    ] == ["next-margin"]


def test_the_nearest_comes_first():
    rules = [threshold(indicator=f"1.{n}") for n in (1, 2, 3)]
    rows = [share(72, 100), share(71, 100, "A2", indicator="1.2"), share(80, 100, "A3", indicator="1.3")]
    blank = dict.fromkeys(TABLES["thresholds"][1], "")
    following = [
        blank | r | {"year": YEAR + 1, "threshold": "85" if r["indicator"] == "1.3" else r["threshold"]} for r in rules
    ]
    found = at_risk(judged(rows, rules), [*(blank | r for r in rules), *following], YEAR)
    assert [(r["indicator"], r["reason"]) for r in found] == [
        ("1.3", "next-year"),
        ("1.2", "margin"),
        ("1.1", "margin"),
    ]


def test_a_rule_that_is_not_known_or_will_not_apply_is_no_risk():
    assert risks(share(80, 100), threshold(), threshold="") == []
    assert risks(share(80, 100), threshold(), threshold="90", applies="no") == []
