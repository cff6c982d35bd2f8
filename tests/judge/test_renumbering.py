"""Figures of one rule set under the numbers of another."""

import pytest

from ntm_lib.intake import clean, schema
from ntm_lib.intake.raw import Raw
from ntm_lib.intake.schema import RawRow
from ntm_lib.judge.observations import home_sets, in_numbers_of, similar_only
from tests.judge.status_rows import observation, observations, rows_of, share

BASIC, ADVANCED = "ntm-2021-2025", "ntm-nang-cao-2021-2025"


@pytest.mark.parametrize(
    ("year", "name"), [(2017, BASIC), (2021, BASIC), (2025, BASIC), (2026, "ntm-2026-2030"), (2040, "ntm-2026-2030")]
)
def test_figures_are_numbered_by_the_basic_set_of_their_year(year, name):
    assert home_sets([year]) == {year: name}


def test_at_home_nothing_moves():
    rows = observations(
        share(1, 2, indicator="17.8", criterion="17"),
        observation("D1", kind="declared", indicator="", criterion="2", value="unmet", rule_set="ntm-2016-2020"),
    )
    assert in_numbers_of(rows, BASIC).equals(rows)


def test_a_declaration_under_one_set_declares_nothing_under_another():
    rows = observations(
        observation("D1", kind="declared", indicator="", criterion="14", value="met", rule_set=BASIC),
        observation("D2", kind="declared", indicator="", criterion="14", value="met"),
        observation("D3", kind="declared", indicator="", criterion="14", value="met", rule_set=ADVANCED),
    )
    moved = {r["observation"]: r["criterion"] for r in rows_of(in_numbers_of(rows, ADVANCED))}
    assert moved == {"D1": "other", "D2": "other", "D3": "14"}
    moved = {r["observation"]: r["criterion"] for r in rows_of(in_numbers_of(rows, BASIC))}
    assert moved == {"D1": "14", "D2": "14", "D3": "other"}


def test_a_value_takes_the_number_of_the_same_indicator_and_every_row_stays():
    rows = observations(
        share(90, 100, "A1", indicator="4.2", criterion="4"),
        share(1276, 1413, "A2", indicator="17.8", part="a", criterion="17"),
    )
    moved = {r["observation"]: (r["criterion"], r["indicator"]) for r in rows_of(in_numbers_of(rows, ADVANCED))}
    assert moved["A1"] == ("4", "4.1")
    assert set(moved) == {"A1", "A2"} and moved["A2"] != ("17", "17.8")


def test_what_only_resembles_is_named_and_at_home_nothing_is():
    assert similar_only([2023], BASIC) == {2023: frozenset()}
    found = similar_only([2022, 2023], ADVANCED)
    assert list(found) == [2022, 2023] and ("2.1", "") in found[2023] and ("10.1", "") not in found[2023]


def test_a_declaration_under_an_older_advanced_set_declares_nothing_of_the_basic_criteria():
    rows = observations(
        observation(
            "D1",
            year=2021,
            kind="declared",
            indicator="",
            criterion="all",
            value="met",
            rule_set="ntm-nang-cao-2016-2020",
        ),
        observation(
            "D2", year=2021, kind="declared", indicator="", criterion="2", value="unmet", rule_set="ntm-2016-2020"
        ),
        observation("D3", year=2021, kind="declared", indicator="", criterion="3", value="met", rule_set="ho-so-rieng"),
    )
    moved = {r["observation"]: r["criterion"] for r in rows_of(in_numbers_of(rows, BASIC))}
    assert moved == {"D1": "other", "D2": "2", "D3": "3"}
    moved = {r["observation"]: r["criterion"] for r in rows_of(in_numbers_of(rows, ADVANCED))}
    assert moved == {"D1": "all", "D2": "other", "D3": "other"}


def test_a_bare_number_has_the_unit_of_the_set_in_whose_numbers_it_is_written():
    """Also where another set judges it: 15.1 is a share here, and no share in the advanced set."""
    written = [("R1", "15.1", "95", ""), ("R2", "17.4", "2,5", ""), ("R3", "18.2", "60", ADVANCED)]
    cells = [
        {
            "id": i,
            "year": "2023",
            "criterion": n.partition(".")[0],
            "indicator": n,
            "value": v,
            "kind": "measured",
            "rule_set": s,
        }
        for i, n, v, s in written
    ]
    rows = tuple(RawRow("communes/x/results.csv", "", at, row) for at, row in enumerate(cells, start=2))
    read = clean(Raw("x", {**dict.fromkeys(schema.TABLES, ()), "results": rows}, {}, {})).observations
    assert read["unit"].tolist() == ["%", "m²/người", "lít/người/ngày đêm"]
    judged = {r["observation"]: r["unit"] for r in rows_of(in_numbers_of(read, ADVANCED))}
    assert judged["R1"] == "%"
