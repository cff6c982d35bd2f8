"""Observations under other rules: values go over where the sets ask the same, verdicts do not."""

import pandas as pd
import pytest

from ntm_lib import tables
from ntm_lib.rules.crosswalk import mapping, translate

BASIC, ADVANCED, MODEL, NEXT = "ntm-2021-2025", "ntm-nang-cao-2021-2025", "ntm-kieu-mau-2021-2025", "ntm-2026-2030"


def _observations(*rows):
    defaults = {"table": "results", "year": 2023, "kind": "measured"}
    return tables.as_table(
        "observations", [defaults | {"observation": f"R{n}"} | row for n, row in enumerate(rows, start=1)]
    )


def _moved(row, to_set, from_set=BASIC, language="vi"):
    return translate(_observations(row), from_set, to_set, language).iloc[0]


@pytest.mark.parametrize(
    ("indicator", "part", "value", "to_set", "moved"),
    [
        ("15.1", "", "90.5", ADVANCED, ("14", "14.1", "")),
        ("17.8", "a", "90.3", ADVANCED, ("18", "18.7", "a")),
        ("14.1", "c", "3", ADVANCED, ("5", "5.3", "b")),
        ("5.1", "b", "100", ADVANCED, ("5", "5.1", "a")),
        ("10.1", "", "49", ADVANCED, ("10", "10.1", "")),
        ("10.1", "", "49", MODEL, ("10", "10.1", "")),
        ("10.1", "", "49", NEXT, ("3", "3.1", "")),
        ("15.3", "", "20", ADVANCED, ("other", "", "")),
        ("11.1", "", "12.17", NEXT, ("other", "", "")),
    ],
)
def test_a_value_goes_to_the_indicator_that_asks_for_it(indicator, part, value, to_set, moved):
    row = {"criterion": indicator.split(".")[0], "indicator": indicator, "part": part, "value": value, "unit": "%"}
    found = _moved(row, to_set)
    assert (found["criterion"], found["indicator"], found["part"]) == moved
    assert found["value"] == value


def test_a_similar_value_says_what_differs_and_one_left_behind_says_why():
    similar = _moved({"criterion": "10", "indicator": "10.1", "value": "49", "note": "cũ"}, NEXT)
    assert (
        similar["note"].startswith("cũ; Nông thôn mới 2021–2025, chỉ tiêu 10.1; gần giống")
        and "tốc độ tăng" in similar["note"]
    )
    left = _moved({"criterion": "15", "indicator": "15.3", "value": "20"}, ADVANCED, language="en")
    assert "not judged by" in left["note"] and "stunting" in left["note"]


def test_a_verdict_counts_only_under_its_own_rules():
    """«Đạt» of 90 % insured is no «đạt» of the 95 % that the advanced set asks for, though both count the same thing."""
    met = {"value": "met", "unit": "status", "kind": "declared"}
    for criterion, indicator in (("1", "1.1"), ("15", "15.1")):
        left = _moved(met | {"criterion": criterion, "indicator": indicator}, ADVANCED)
        assert (left["indicator"], left["criterion"]) == ("", "other") and "theo bộ tiêu chí khác" in left["note"]
    none = {"criterion": "1", "indicator": "1.1", "value": "not-applicable", "unit": "status"}
    assert _moved(none, ADVANCED)["indicator"] == "1.1"  # what is not there is there under no set
    assert (
        _moved(met | {"criterion": "1", "indicator": "1.1"}, MODEL, ADVANCED)["indicator"] == "1.1"
    )  # taken over as it is
    assert _moved(met | {"criterion": "10", "indicator": "10.1"}, MODEL, ADVANCED)["indicator"] == ""  # asks for 110 %
    assert _moved(met | {"criterion": "3", "indicator": "3.2"}, ADVANCED)["indicator"] == ""
    for said_of in ({"criterion": "7"}, {"criterion": "all", "value": "19"}, {"criterion": "15", "indicator": "15.2"}):
        assert _moved(met | said_of, ADVANCED)["criterion"] == "other"


def test_works_follow_their_field():
    assert _moved({"table": "works", "criterion": "14", "value": "1"}, ADVANCED)["criterion"] == "5"
    assert _moved({"table": "works", "criterion": "4", "value": "3.5"}, NEXT)["criterion"] == "2"
    assert _moved({"table": "works", "criterion": "other", "value": "1"}, NEXT)["criterion"] == "other"


def test_back_from_the_advanced_set_and_down_from_the_model_one():
    assert _moved({"criterion": "14", "indicator": "14.1", "value": "95"}, BASIC, ADVANCED)["indicator"] == "15.1"
    assert (
        _moved({"criterion": "18", "indicator": "18.7", "part": "b", "value": "95"}, BASIC, MODEL)["indicator"]
        == "17.8"
    )
    assert _moved({"criterion": "10", "indicator": "10.1", "value": "60"}, ADVANCED, MODEL)["indicator"] == "10.1"
    assert _moved({"criterion": "KM1", "indicator": "KM1.1", "value": "1"}, ADVANCED, MODEL)["indicator"] == ""


def test_no_observation_is_lost_or_changed_but_in_place_and_note():
    rows = _observations(
        *({"criterion": str(n), "indicator": f"{n}.1", "value": "1", "unit": "%"} for n in range(1, 20))
    )
    before = rows.copy()
    after = translate(rows, BASIC, ADVANCED)
    pd.testing.assert_frame_equal(rows, before)
    assert len(after) == len(rows)
    fixed = [c for c in rows.columns if c not in ("criterion", "indicator", "part", "note")]
    pd.testing.assert_frame_equal(
        after.set_index("observation").loc[rows["observation"]].reset_index()[fixed], rows[fixed]
    )


def test_under_its_own_rules_nothing_changes():
    rows = _observations({"criterion": "17", "indicator": "17.8", "part": "a", "value": "90.3"})
    pd.testing.assert_frame_equal(translate(rows, BASIC, BASIC), rows)


def test_no_two_indicators_of_a_set_become_one_but_the_two_that_a_trait_chooses_between():
    for to_set in (ADVANCED, MODEL, NEXT):
        goals = [
            (e["indicator"], e["part"]) for (i, _), e in mapping(BASIC, to_set).items() if e["indicator"] and "." in i
        ]
        assert {g for g in goals if goals.count(g) > 1} <= {("5.1", "a")}
