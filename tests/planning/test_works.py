"""Works: wholes and parts, states, and what a debt does to recognition."""

import pandas as pd
import pytest

from ntm_lib import tables
from ntm_lib.planning.works import by_criterion, by_state, debt_condition, debt_facts, state_name, wholes

META = {
    "recognition": [
        {"id": "no-debt", "name": {"vi": "Không nợ đọng", "en": "No debt"}, "from": "2022-08-02", "to": "", "document": "18/2022/QĐ-TTg", "confidence": "two-sources"},
        {"id": "security", "name": {"vi": "An ninh", "en": "Security"}, "from": "2022-08-02", "to": ""},
    ]
}


def works(*rows):
    return tables.as_table("works", [{"observation": f"W{i}", "year": 2024, "criterion": "2", "state": "planned"} | row for i, row in enumerate(rows, 1)])


def test_a_part_is_inside_its_whole():
    table = works({"cost": "100"}, {"cost": "60", "part_of": "W1"}, {"cost": "40", "part_of": "W1"})
    assert list(wholes(table)["observation"]) == ["W1"]
    assert by_criterion(table).iloc[0]["cost"] == "100"


def test_the_parts_stand_in_for_a_whole_without_a_cost_when_all_are_known():
    assert wholes(works({}, {"cost": "60", "part_of": "W1"}, {"cost": "40", "part_of": "W1"})).iloc[0]["cost"] == "100"
    assert wholes(works({}, {"cost": "60", "part_of": "W1"}, {"part_of": "W1"})).iloc[0]["cost"] == ""


def test_a_part_whose_whole_is_missing_is_not_lost():
    assert list(wholes(works({"part_of": "W9"}))["observation"]) == ["W1"]


def test_states_come_in_the_order_a_work_passes_through_them():
    table = works({"state": "paid"}, {"state": "requested"}, {"state": "accepted", "cost": "10.5", "debt": "2"}, {"state": ""})
    result = by_state(table)
    assert list(result["state"]) == ["requested", "accepted", "paid", ""]
    assert list(result["name"]) == ["đã đề nghị", "đã nghiệm thu", "đã thanh toán", "chưa ghi tình trạng"]
    assert list(result.iloc[1][["works", "cost", "cost_unknown", "debt"]]) == ["1", "10.5", "0", "2"]
    assert list(result["cost"]) == ["", "10.5", "", ""]


def test_an_unknown_state_is_refused():
    with pytest.raises(KeyError):
        state_name("finished")


def test_criteria_come_by_number_and_what_is_outside_them_last():
    table = works({"criterion": "17"}, {"criterion": "2"}, {"criterion": "other"}, {"criterion": "9", "state": "accepted"})
    result = by_criterion(table)
    assert list(result["criterion"]) == ["2", "9", "17", "other"]
    assert list(result["debt_unknown"]) == ["0", "1", "0", "0"]


def test_a_debt_bars_recognition_and_names_its_criteria_and_works():
    table = works({"state": "accepted", "debt": "120.5"}, {"state": "settled", "debt": "0"}, {"criterion": "6", "state": "accepted", "debt": "30"})
    row = debt_condition(table, META, 2024).iloc[0]
    assert (row["verdict"], row["debt"], row["criteria"], row["works"]) == ("unmet", "150.5", "2;6", "W1;W3")
    assert row["text"].startswith("Còn nợ đọng 150,5 triệu đồng ở 2 công trình")
    assert (row["document"], row["confidence"]) == ("18/2022/QĐ-TTg", "two-sources")


def test_silence_about_debt_is_not_freedom_from_debt():
    assert debt_condition(works({}), META, 2024).iloc[0]["verdict"] == "no-data"
    assert debt_condition(works({"state": "accepted"}), META, 2024).iloc[0]["verdict"] == "no-data"
    assert debt_condition(works({"state": "accepted", "debt": "0"}, {"state": "settled"}), META, 2024).iloc[0]["verdict"] == "no-data"
    assert debt_condition(works({"state": "accepted", "debt": "0"}, {"state": "paid"}), META, 2024).iloc[0]["verdict"] == "met"


def test_recognition_is_told_the_debt_where_it_is_known():
    assert debt_facts(works({})) == {}
    assert debt_facts(works({"state": "accepted", "debt": "0"})) == {"no-debt": {"value": "0"}}
    assert debt_facts(works({"state": "accepted", "debt": "120.5"}, {"state": "settled"})) == {"no-debt": {"value": "120.5"}}


def test_a_condition_not_yet_in_force_says_nothing():
    assert debt_condition(works({}), META, 2021).empty


def test_does_not_mutate_the_works():
    table = works({}, {"cost": "1", "part_of": "W1"})
    before = table.copy()
    wholes(table), by_state(table), by_criterion(table), debt_condition(table, META, 2024)
    pd.testing.assert_frame_equal(table, before)


def test_a_commune_without_works_has_no_debt_that_is_known():
    table = works()
    assert debt_condition(table, META, 2024).iloc[0]["verdict"] == "no-data"
    assert debt_facts(table) == {}
