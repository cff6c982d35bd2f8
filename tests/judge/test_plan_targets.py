"""Planned changes added to the results of their base year."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib import judge
from ntm_lib.judge.observations import projected_rows
from tests.judge.status_rows import judge_indicators, observation, observations, rows_of, share, threshold, thresholds


def change(name="P1", value="56", **cells):
    cells = {"kind": "change", "unit": "hộ", "year": 2024, "base_year": "2023", "document": "05/KH-BCĐ"} | cells
    return observation(name, value=value, **cells)


def projected(*rows, year=2024):
    table = judge.project(observations(*rows), year)
    return [r for r in rows_of(table) if r["kind"] == "target"], [r for r in rows_of(table) if r["kind"] == "change"]


def facts(row):
    return row["observation"], row["numerator"], row["denominator"], row["value"], row["unit"]


def test_56_more_households_on_top_of_last_year():
    [target], left = projected(share(1276, 1413, "HM112"), change("HM116"))
    assert facts(target) == ("HM112+HM116", "1332", "1413", "94.267516", "%")
    assert (target["year"], target["base_year"], target["table"], target["document"]) == (
        2024,
        "2023",
        "plan",
        "05/KH-BCĐ",
    )
    assert left == []


def test_fewer_households():
    [target], _ = projected(share(172, 1413, "HM089"), change("HM092", "-30"))
    assert facts(target) == ("HM089+HM092", "142", "1413", "10.04954", "%")


def test_changes_of_one_document_are_added_up_those_of_two_stay_two_plans():
    [target], _ = projected(share(100, 200), change("P1", "10"), change("P2", "5"))
    assert facts(target)[:2] == ("A1+P1+P2", "115")
    targets, _ = projected(share(100, 200), change("P1", "10"), change("P2", "5", document="khác"))
    assert [facts(t)[:2] for t in targets] == [("A1+P1", "110"), ("A1+P2", "105")]


def test_parts_of_a_change_are_not_added_twice():
    [target], _ = projected(share(172, 1413), change("P1", "-30"), change("P2", "-23", kind="split", part_of="P1"))
    assert target["numerator"] == "142"


def test_points_and_values_are_added_to_the_value():
    [target], _ = projected(share(50, 200), change(value="5", unit="%"))
    assert facts(target)[1:] == ("", "", "30", "%")
    [target], _ = projected(observation(value="43", unit="triệu đồng"), change(value="6", unit="triệu đồng"))
    assert facts(target)[1:] == ("", "", "49", "triệu đồng")


def test_a_change_without_a_base_or_in_another_unit_stays_what_it_is():
    for rows in (
        [change()],
        [observation(value="80", unit="%"), change()],
        [observation(value="met", unit="status"), change()],
    ):
        targets, left = projected(*rows)
        assert targets == [] and [r["observation"] for r in left] == ["P1"]


def test_a_bound_of_the_base_or_of_the_change_is_a_bound_of_the_target():
    base = share(172, 1413)
    for cells, operator in (
        ({"operator": ">="}, ">="),
        ({"operator": ">=", "value": "-30"}, "<="),
        ({"operator": "<", "value": "-30"}, ">"),
    ):
        [target], _ = projected(base, change(**cells))
        assert target["operator"] == operator
    [target], _ = projected(base | {"operator": ">"}, change())
    assert target["operator"] == ">"
    assert projected(base | {"operator": ">"}, change(operator="<="))[0] == []


def test_only_the_same_part_sex_and_place_is_a_base():
    rows = [
        share(1, 200, "A1", part="b"),
        share(2, 200, "A2", item="nam"),
        share(3, 200, "A3", village="Đình"),
        share(4, 200, "A4", year=2022),
    ]
    targets, _ = projected(*rows, change())
    assert targets == []


def test_two_different_bases_give_two_targets_and_a_numerator_on_its_own_is_none():
    targets, _ = projected(
        share(100, 200, "A1"), share(110, 200, "A2"), observation("A3", value="100", unit="hộ"), change(value="10")
    )
    assert [facts(t)[:2] for t in targets] == [("A1+P1", "110"), ("A2+P1", "120")]


def test_another_year_is_left_alone_and_projecting_twice_changes_nothing():
    rows = [share(1276, 1413), change()]
    assert projected(*rows, year=2025)[0] == []
    once = judge.project(observations(*rows), 2024)
    assert judge.project(once, 2024).equals(once)


def test_the_observations_are_not_changed():
    table = observations(share(1276, 1413), change())
    before = table.copy()
    judge.project(table, 2024)
    assert table.equals(before)


def test_a_projected_share_over_100_percent_gives_no_verdict():
    table = judge.project(observations(share(1400, 1413), change()), 2024)
    row = rows_of(judge_indicators(table, thresholds(threshold()), 2024))[0]
    assert (row["verdict"], row["reason"]) == ("no-data", "out-of-range")


@given(st.integers(0, 500), st.lists(st.integers(-50, 50), min_size=1, max_size=4), st.randoms())
def test_the_order_of_rows_never_matters(start, changes, random):
    blank = dict.fromkeys(observations().columns, "")
    rows = [blank | share(start, 1413)] + [blank | change(f"P{i}", str(c)) for i, c in enumerate(changes)]
    shuffled = rows[:]
    random.shuffle(shuffled)
    targets = [[r for r in projected_rows(order, 2024) if r["kind"] == "target"] for order in (rows, shuffled)]
    assert targets[0] == targets[1]
    assert int(targets[0][0]["numerator"]) == start + sum(changes)


@given(st.permutations([change("P1", "56"), change("P2", "5", unit="%")]))
def test_households_and_points_are_never_added_together(changes):
    targets, left = projected(share(100, 200), *changes)
    assert targets == [] and len(left) == 2


@given(st.integers(1, 10**9))
def test_a_change_is_added_exactly(n):
    """A result 10⁻⁹ short of the threshold stays short."""
    [target], _ = projected(
        observation(value="43", unit="triệu đồng"), change("P1", f"1.{'9' * 8}{n % 9}", unit="triệu đồng")
    )
    assert Fraction(target["value"]) == 43 + Fraction(f"1.{'9' * 8}{n % 9}")


@pytest.mark.parametrize(("text", "unit", "added"), [
    ("1.276/1.413 hộ đạt 90,3%", "hộ", True), ("767/878 hộ chăn nuôi, đạt 87,4%", "hộ", True), ("1276/1413", "hộ", True),
    ("1.276/1.413 đạt 90,3%", "hộ", True), ("510/1200 m", "km", True), ("1.276/1.413 hộ", "thôn", False),
    ("1.276/1.413 hộ", "triệu đồng", False), ("3,5/4 km", "hộ", False),
])  # fmt: skip
def test_only_more_of_the_same_is_added_to_a_count(text, unit, added):
    targets, left = projected(share(1276, 1413) | {"text": text}, change(unit=unit))
    assert (len(targets), len(left)) == ((1, 0) if added else (0, 1))
