"""The rule sets as they stand in data/raw/rules: counts, names, the income ladder, conditions, honesty."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

import ntm_lib
from ntm_lib.errors import NtmError
from ntm_lib.rules import (
    criterion_name,
    definitions,
    indicator_name,
    load_set,
    resolve,
    rule_sets,
    unplaced,
    valid_entries,
)
from ntm_lib.tables import fraction

SETS = ("ntm-2021-2025", "ntm-nang-cao-2021-2025", "ntm-kieu-mau-2021-2025", "ntm-2026-2030")
LADDER = {  # region → 2021 … 2025, as remembered; 2022 was seen
    "tdmnpb": (36, 39, 42, 45, 48),
    "dbsh": (50, 53, 56, 59, 62),
    "dhntb": (41, 44, 47, 50, 53),
    "dnb": (59, 62, 65, 68, 71),
}


@pytest.mark.parametrize(
    ("name", "criteria", "indicators"),
    [
        ("ntm-2021-2025", 19, 57),
        ("ntm-nang-cao-2021-2025", 19, 75),
        ("ntm-kieu-mau-2021-2025", 21, 77),
        ("ntm-2026-2030", 10, 47),
    ],
)
def test_each_set_has_the_criteria_and_indicators_of_its_decision(name, criteria, indicators):
    rules = load_set(name)
    assert len(rules.meta["criteria"]) == rules.meta["criteria_total"] == criteria
    assert rules.all_indicators["indicator"].nunique() == rules.meta["indicators_total"] == indicators


@pytest.mark.parametrize("region", LADDER)
def test_income_has_a_threshold_for_each_year(region):
    table = [
        resolve(load_set("ntm-2021-2025"), {}, year, region).query("indicator == '10.1'").iloc[0]
        for year in range(2021, 2026)
    ]
    assert tuple(int(r["threshold"]) for r in table) == LADDER[region]
    assert [r["confidence"] for r in table] == ["unverified", "one-source", "unverified", "unverified", "unverified"]


@pytest.mark.parametrize("name", ["ntm-2021-2025", "ntm-nang-cao-2021-2025"])
def test_the_income_ladder_only_rises(name):
    for column in (c["code"] for c in load_set(name).meta["columns"]):
        ladder = [
            fraction(resolve(load_set(name), {}, y, column).query("indicator == '10.1'").iloc[0]["threshold"])
            for y in range(2021, 2026)
        ]
        assert all(before < after for before, after in pairwise(ladder))


def test_of_the_set_of_2026_only_what_a_source_gives_is_known():
    rules = load_set("ntm-2026-2030")
    table = resolve(rules, {}, 2026, "nhom3")
    assert table["indicator"].nunique() == 47
    known = table[(table["threshold"] != "") | (table["join"] != "")]
    assert set(known["indicator"]) == {"3.1", "3.6", "3.9", "3.10"}
    assert table.loc[table["criterion"] == "", "indicator"].nunique() == unplaced(rules) == 28
    assert set(table.loc[~table["indicator"].isin(known["indicator"]), "confidence"]) == {"unknown"}


def test_no_criterion_can_be_met_while_an_indicator_of_it_is_not_known():
    table = resolve(load_set("ntm-2026-2030"), {}, 2026, "nhom1")
    blank = table[(table["threshold"] == "") & (table["join"] == "")]
    assert set(blank["criterion"]) == {"", *(str(n) for n in range(1, 11))}


@pytest.mark.parametrize("name", SETS)
def test_key_criteria_of_withdrawal_are_those_of_decision_18(name):
    keys = {c["name"]["vi"] for c in load_set(name).meta["criteria"] if c["key"]}
    advanced = {"Thu nhập", "Môi trường", "Chất lượng môi trường sống", "Quốc phòng và An ninh"}
    assert keys == {
        "ntm-2021-2025": {"Thu nhập", "Môi trường và an toàn thực phẩm", "Quốc phòng và An ninh"},
        "ntm-2026-2030": set(),
    }.get(name, advanced)


def test_withdrawal_has_the_two_rules_of_decision_18():
    rules = load_set("ntm-2021-2025").meta["withdrawal"]["rules"]
    assert [(r["from_share"], r["below_share"], r["needs_key"]) for r in rules] == [(30, 50, True), (50, None, False)]


@pytest.mark.parametrize("name", SETS[:3])
@pytest.mark.parametrize(("day", "document"), [("2024-03-06", "18/2022/QĐ-TTg"), ("2024-03-07", "03/2024/QĐ-TTg")])
def test_the_fourth_condition_of_recognition_changes_with_decision_03(name, day, document):
    conditions = valid_entries(load_set(name).meta["recognition"], day)
    base = [] if name == "ntm-2021-2025" else ["base"]  # what is built on another level asks for that first
    assert [c["id"] for c in conditions] == ["criteria", *base, "satisfaction", "no-debt", "security"]
    assert conditions[-1]["document"] == document


def test_names_are_given_in_both_languages_and_missing_ones_said_to_be_missing():
    rules = load_set("ntm-2026-2030")
    assert criterion_name(rules, "3", "vi") == "Phát triển kinh tế nông thôn"
    assert criterion_name(rules, "", "en") == "Criterion not known"
    assert indicator_name(rules, "3.1", "", "en") == "Growth of income per person"
    assert indicator_name(rules, "3.2", "", "vi") == "(chưa biết tên chỉ tiêu)"
    assert indicator_name(load_set("ntm-kieu-mau-2021-2025"), "18.7", "a", "vi") == "Tỷ lệ hộ có nhà tiêu an toàn"


def test_definitions_are_those_in_force():
    rules = load_set("ntm-2021-2025")
    assert len(definitions(rules, "11.1", "2023-12-31")) == 6
    assert definitions(rules, "11.1", "2021-12-31").empty
    assert (
        set(definitions(rules, "18.4", "2023-12-31")["document"]) == {"25/2021/QĐ-TTg"}
        or len(definitions(rules, "18.4", "2023-12-31")) == 4
    )


@pytest.mark.parametrize("name", ["", "ntm-1999", "../raw", "ntm-2021-2025/", "provinces"])
def test_a_rule_set_that_is_none_is_refused_with_those_there_are(name):
    with pytest.raises(NtmError, match="ntm-2026-2030"):
        load_set(name)


@pytest.mark.parametrize("name", SETS)
def test_memory_is_never_more_than_unverified_and_every_row_has_a_source(name):
    rows = load_set(name).thresholds
    assert (rows["source"] != "").all()
    remembered = rows["source"] == "trí nhớ, chưa đối chiếu"
    assert set(rows.loc[remembered, "confidence"]) <= {"unverified"}
    assert set(rows.loc[rows["confidence"] == "unverified", "source"]) <= {"trí nhớ, chưa đối chiếu"}


def test_local_targets_of_a_plan_are_no_thresholds_of_the_province():
    files = list(load_set("ntm-2021-2025").folder.parent.glob("provinces/tuyen-quang/*.csv"))
    assert files and not any(
        word in file.read_text(encoding="utf-8") for file in files for word in (",83,", ",49,", ",12.17,")
    )


def test_no_threshold_stands_in_code():
    """Numbers of the rules and verdicts packages that are also thresholds, apart from those any program needs."""
    thresholds = {fraction(t) for name in rule_sets() for t in load_set(name).thresholds["threshold"]} - {
        None,
        0,
        1,
        2,
        3,
        5,
        100,
    }
    found = [
        (file.name, node.lineno, node.value)
        for package in ("rules", "judge")
        for file in sorted((Path(ntm_lib.__file__).parent / package).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value in thresholds
    ]
    # Letters of a year, letters and lines of a page, widths of a workbook's columns, the format of a notebook, rows from which a column can be told.
    layout = {
        ("annex_match.py", 4),
        ("annex_fit.py", 4),
        ("proposal_page.py", 4),
        ("proposal_page.py", 24),
        ("proposal_page.py", 48),
    }
    assert [place for place in found if (place[0], place[2]) not in layout] == []
