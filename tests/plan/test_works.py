"""Works: wholes and parts, states, and what a debt does to recognition."""

from fractions import Fraction as F

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.plan.works import STATES, by_criterion, by_state, debt_facts, debts, state_name, wholes
from ntm_lib.tables import total
from tests.plan.conftest import works

DEBT = {"unit": "triệu đồng", "basis": "measured"}


@st.composite
def tables_of_works(draw):
    """Up to eight works, each with or without cost, debt and a whole it belongs to (perhaps itself, perhaps nobody)."""
    amounts = st.sampled_from(["", "0", "0.1", "7", "120.5"])
    names = [f"W{i}" for i in range(1, draw(st.integers(1, 8)) + 1)]
    row = st.fixed_dictionaries({
        "criterion": st.sampled_from(["2", "9", "17", "other"]), "state": st.sampled_from(STATES), "cost": amounts, "debt": amounts,
        "part_of": st.sampled_from(["", "W9", *names]), "quantity": st.sampled_from(["", "6", "14"]), "unit": st.sampled_from(["hộ", "km", ""]),
    })  # fmt: skip
    return works(*(draw(row) for _ in names))


def money(*rows):
    """(cost, all of it known, debt, all of it known) of the only whole among the works."""
    (whole,) = wholes(works(*rows))
    return whole[1:5]


def test_a_part_is_inside_its_whole():
    rows = {"cost": "100"}, {"cost": "60", "part_of": "W1"}, {"cost": "40", "part_of": "W1"}
    assert money(*rows)[:2] == (100, True)
    assert by_criterion(works(*rows)).iloc[0]["cost"] == "100"


def test_what_the_parts_cost_stands_in_for_a_whole_without_a_cost():
    assert money({}, {"cost": "60", "part_of": "W1"}, {"cost": "40", "part_of": "W1"})[:2] == (100, True)
    assert money({}, {"cost": "60", "part_of": "W1"}, {"part_of": "W1"})[:2] == (60, False)
    assert money({"cost": "50"}, {"cost": "60", "part_of": "W1"})[:2] == (60, True)
    assert money({}, {"part_of": "W1"}, {"cost": "7", "part_of": "W2"})[:2] == (7, True)  # a part of a part


def test_a_part_named_out_of_several_is_not_the_whole():
    rows = {"quantity": "14", "unit": "hộ"}, {"quantity": "6", "unit": "hộ", "cost": "300", "part_of": "W1"}
    assert money(*rows)[:2] == (300, False)
    assert money(*rows, {"quantity": "8", "unit": "hộ", "cost": "400", "part_of": "W1"})[:2] == (700, True)


def test_whom_a_work_serves_has_no_cost_of_its_own():
    line, users = {"quantity": "3.5", "unit": "km"}, {"quantity": "31", "unit": "hộ", "part_of": "W1"}
    assert money(line, users)[:2] == (None, False)
    assert money(line, users, {"quantity": "3.5", "unit": "km", "cost": "9", "part_of": "W1"})[:2] == (9, True)


def test_a_debt_of_a_part_is_a_debt_of_the_whole_whatever_the_whole_says():
    part = {"state": "accepted", "debt": "5", "part_of": "W1"}
    assert money({}, part)[2:4] == (5, True)
    assert money({"debt": "0"}, part)[2:4] == (5, True)
    assert list(debts(works({}, part, {"state": "paid"}), [2024])["recognition"]) == ["unmet"]


def test_a_built_part_that_is_silent_about_its_debt_leaves_it_open():
    table = works({}, {"state": "accepted", "part_of": "W1"}, {"state": "paid"})
    assert list(debts(table, [2024])["recognition"]) == ["no-data"]
    assert list(by_criterion(table)[["built", "debt_unknown"]].iloc[0]) == ["1", "1"]


def test_no_work_is_lost_to_a_missing_whole_or_a_circle():
    assert [whole.work.name for whole in wholes(works({"part_of": "W9"}))] == ["W1"]
    circle = works({"part_of": "W2", "debt": "3"}, {"part_of": "W1"}, {"part_of": "W2", "cost": "1"})
    assert [whole.work.name for whole in wholes(circle)] == ["W1", "W2"]
    assert by_criterion(circle).iloc[0][["cost", "debt"]].tolist() == ["1", "3"]


@settings(deadline=None)
@given(tables_of_works())
def test_every_sum_counts_each_work_once(table):
    """Over works in any order, with parts of parts and circles: by criterion, by state and by whole the same."""
    found = wholes(table)
    for column in ("cost", "debt"):
        known = sum((getattr(whole, column) or F(0) for whole in found), F(0))
        assert known == total(by_criterion(table)[column]) == total(by_state(table)[column])
        assert total(table.loc[table["part_of"] == "", column]) <= known <= total(table[column])
    assert len(found) == sum(by_criterion(table)["works"].astype(int)) == sum(by_state(table)["works"].astype(int))
    owed, facts = debts(table, [2024]), debt_facts(table, 2024)
    verdicts = set(owed["recognition"]) - {""}
    assert ("unmet" in verdicts) == (total(table["debt"]) > 0)
    assert bool(facts) == ("unmet" in verdicts or verdicts == {"met"})
    assert not facts or F(facts["no-debt"]["value"]) == total(owed["debt"])


def test_states_come_in_the_order_a_work_passes_through_them():
    table = works(
        {"state": "paid"}, {"state": "requested"}, {"state": "accepted", "cost": "10.5", "debt": "2"}, {"state": ""}
    )
    result = by_state(table)
    assert list(result["state"]) == ["requested", "accepted", "paid", ""]
    assert list(result["name"]) == ["đề nghị", "đã nghiệm thu", "đã thanh toán", "chưa ghi tình trạng"]
    assert list(result.iloc[1][["works", "cost", "cost_unknown", "debt"]]) == ["1", "10.5", "0", "2"]
    assert list(result["cost"]) == ["", "10.5", "", ""]


def test_an_unknown_state_is_named_as_it_is_written_and_not_lost():
    assert state_name("finished") == "finished"
    assert list(by_state(works({"state": "finished", "cost": "3"}))[["name", "cost"]].iloc[0]) == ["finished", "3"]


def test_criteria_come_by_number_and_what_is_outside_them_last():
    table = works(
        {"criterion": "17"}, {"criterion": "2"}, {"criterion": "other"}, {"criterion": "9", "state": "accepted"}
    )
    result = by_criterion(table)
    assert list(result["criterion"]) == ["2", "9", "17", "other"]
    assert list(result["debt_unknown"]) == ["0", "1", "0", "0"]


def test_a_debt_bars_recognition_and_names_its_criteria_and_works():
    table = works(
        {"state": "accepted", "debt": "120.5"},
        {"state": "settled", "debt": "0"},
        {"criterion": "6", "state": "accepted", "debt": "30"},
    )
    owed = debts(table, [2024])
    assert list(owed["criterion"]) == ["2", "6"] and set(owed["recognition"]) == {"unmet"}
    assert list(owed["debt"]) == ["120.5", "30"] and list(owed["observation"]) == ["W1", "W3"]


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        (({},), ""),
        (({"state": "accepted"},), "no-data"),
        (({"state": "accepted", "debt": "0"}, {"state": "settled"}), "no-data"),
        (({"state": "accepted", "debt": "0"}, {"state": "paid"}), "met"),
    ],
)
def test_silence_about_debt_is_not_freedom_from_debt(rows, verdict):
    assert list(debts(works(*rows), [2024])["recognition"]) == [verdict]


def test_recognition_is_told_the_debt_where_it_is_known():
    assert debt_facts(works({}), 2024) == {}
    assert debt_facts(works({"state": "accepted", "debt": "0"}), 2024) == {"no-debt": DEBT | {"value": "0"}}
    assert debt_facts(works({"state": "accepted", "debt": "120.5"}, {"state": "settled"}), 2024) == {
        "no-debt": DEBT | {"value": "120.5"}
    }


def test_what_a_later_work_owes_is_no_debt_of_this_year():
    table = works({"state": "accepted", "debt": "3", "year": 2025}, {"state": "accepted", "debt": "0"})
    assert debts(table, (2023, 2024, 2025))[["year", "recognition"]].to_numpy().tolist() == [
        [2024, "met"],
        [2025, "unmet"],
    ]
    assert debt_facts(table, 2024) == {"no-debt": DEBT | {"value": "0"}}


def test_does_not_mutate_the_works():
    table = works({}, {"cost": "1", "part_of": "W1"})
    before = table.copy()
    wholes(table), by_state(table), by_criterion(table), debts(table, [2024])
    pd.testing.assert_frame_equal(table, before)


def test_a_commune_without_works_has_no_debt_that_is_known():
    table = works()
    assert debts(table, [2024]).empty
    assert debt_facts(table, 2024) == {}
