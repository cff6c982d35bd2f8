"""Who may use the column of the northern mountains, before and after 1 March 2024, and the commune groups of 2026."""

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.rules import choose_column, load_set
from tests.rules.rule_rows import commune

BEFORE, AFTER = "2024-02-29", "2024-03-01"
ELSEWHERE = {"area": "I", "coastal": "no", "atk": "no", "poor_district": "no"}


def _column(day, rule_set="ntm-2021-2025", **traits):
    return choose_column(load_set(rule_set), commune(**traits), day)


@pytest.mark.parametrize(
    ("traits", "before", "after"),
    [
        ({"area": "III"}, "tdmnpb", "tdmnpb"),
        ({"area": "II"}, "tn", "tdmnpb"),
        ({"area": "I"}, "tn", "tn"),
        ({"coastal": "yes"}, "tdmnpb", "tdmnpb"),
        ({"atk": "yes", "poor_district": "yes"}, "tdmnpb", "tdmnpb"),
        ({"atk": "yes", "poor_district": "left-2018-2020"}, "tdmnpb", "tn"),
        ({"atk": "yes", "poor_district": "no"}, "tn", "tn"),
        ({}, "tn", "tn"),
    ],
)
@pytest.mark.parametrize("rule_set", ["ntm-2021-2025", "ntm-nang-cao-2021-2025", "ntm-kieu-mau-2021-2025"])
def test_decision_211_changes_who_may_use_the_column(rule_set, traits, before, after):
    of_highlands = {"region": "tn"} | ELSEWHERE | traits
    assert _column(BEFORE, rule_set, **of_highlands).code == before
    assert _column(AFTER, rule_set, **of_highlands).code == after


def test_the_reason_names_the_trait_and_the_decision_of_the_day():
    poor = {"region": "btb", "area": "II", "coastal": "no", "atk": "no"}
    assert "xã khu vực II hoặc III" in _column(AFTER, **poor).reason
    assert "211/QĐ-TTg" in _column(AFTER, **poor).reason
    assert "318/QĐ-TTg" in _column(BEFORE, **poor).reason
    assert choose_column(load_set("ntm-2021-2025"), commune(**poor), AFTER, language="en").reason.startswith(
        "Column Northern midlands"
    )


def test_in_the_northern_mountains_nothing_else_needs_to_be_known():
    column = _column(BEFORE, region="tdmnpb")
    assert column.code == "tdmnpb" and "chưa" not in column.reason


def test_elsewhere_the_reason_says_which_unknown_trait_could_still_change_the_column():
    column = _column(AFTER, region="dbsh", coastal="no", atk="no")
    assert column.code == "dbsh"
    assert "chưa loại trừ cột Trung du miền núi phía Bắc" in column.reason and "khu vực" in column.reason


def test_without_a_region_the_column_is_not_guessed():
    column = _column(AFTER, **ELSEWHERE)
    assert column.code == "" and "vùng" in column.reason


def test_a_trait_holds_only_in_its_period():
    moved = {
        "traits": [
            {"trait": "region", "value": "tn", "from": None, "to": None},
            {"trait": "area", "value": "III", "from": None, "to": "2022-12-31"},
            {"trait": "area", "value": "I", "from": "2023-01-01", "to": None},
            *({"trait": t, "value": "no"} for t in ("coastal", "atk")),
        ]
    }
    assert choose_column(load_set("ntm-2021-2025"), moved, "2022-12-31").code == "tdmnpb"
    assert choose_column(load_set("ntm-2021-2025"), moved, "2023-12-31").code == "tn"


@pytest.mark.parametrize(
    ("traits", "group"),
    [
        ({"group": "nhom1", "area": "III"}, "nhom1"),
        ({"area": "III", "urbanising": "no"}, "nhom3"),
        ({"area": "I", "urbanising": "yes"}, "nhom1"),
        ({"area": "none", "urbanising": "no"}, "nhom2"),
        ({"area": "II", "urbanising": "yes"}, ""),
        ({"area": "II"}, ""),
        ({"urbanising": "no"}, ""),
    ],
)
def test_communes_are_grouped_by_decision_51_only_as_far_as_it_decides(traits, group):
    assert _column("2026-12-31", "ntm-2026-2030", **traits).code == group


def test_a_region_given_for_the_run_overrides_the_traits_and_must_exist():
    rules = load_set("ntm-2021-2025")
    assert choose_column(rules, commune(region="tn"), AFTER, region="dbsh").code == "dbsh"
    with pytest.raises(NtmError, match="nhom1"):
        choose_column(rules, commune(region="tn"), AFTER, region="nhom1")
