"""The raw data of Hùng Mỹ against the plan it was taken from: every fact is there, every word is the plan's.

What holds for the folder of any commune (columns, keys, references) is tested in test_raw_communes.
"""

import csv
import hashlib
import re
from fractions import Fraction

import pytest

from ntm_lib import paths

FOLDER = paths.communes_folder() / "hung-my"
PLAN = "05/KH-BCĐ"
DERIVED = "(không ghi)"  # stands where the plan gives no figure and the fact only follows from others
TABLES = ("results", "plan", "works", "funding", "villages", "schedule", "assignments", "production", "provisions")
VALUE_COLUMNS = ("value", "quantity", "amount", "frequency", "day", "deadline")
NAME_COLUMNS = ("who", "addressee", "builder", "place", "village")


def read(table: str) -> list[dict[str, str]]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folded(text: str) -> str:
    """The text with every run of white space as one space: the plan breaks lines inside a phrase."""
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="module")
def plan_text() -> str:
    return folded((FOLDER / "sources" / "05-KH-BCD-2024.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def facts() -> list[dict[str, str]]:
    """Every row of every table, with the name of its table."""
    return [{"table": table, **row} for table in TABLES for row in read(table)]


@pytest.fixture(scope="module")
def by_id(facts) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in facts}


def from_plan(facts) -> list[dict[str, str]]:
    return [row for row in facts if row["document"] == PLAN]


def number(text: str) -> Fraction:
    """First number of a Vietnamese text: dots group thousands, the comma is the decimal sign."""
    return Fraction(re.search(r"\d[\d.]*(,\d+)?", text)[0].replace(".", "").replace(",", "."))


def test_each_of_the_186_facts_stands_in_exactly_one_row(facts):
    found = sorted(row["id"] for row in facts if row["id"].startswith("HM"))
    assert found == [
        f"HM{n:03d}" for n in range(1, 188)
    ]  # the last is the second of two works that one sentence (HM108) names


def test_the_stored_plan_is_the_one_described(facts):
    (document,) = (row for row in read("documents") if row["document"] == PLAN)
    stored = FOLDER / document["address"]
    assert hashlib.sha256(stored.read_bytes()).hexdigest() in document["note"]


def test_every_quote_occurs_in_the_plan(facts, plan_text):
    assert [row["id"] for row in from_plan(facts) if folded(row["quote"]) not in plan_text] == []


def test_every_value_is_written_as_the_plan_writes_it(facts, plan_text):
    altered = [
        (row["id"], row[column])
        for row in from_plan(facts)
        for column in VALUE_COLUMNS
        if row.get(column) not in (None, "", DERIVED) and folded(row[column]) not in plan_text
    ]
    # the plan prints the unit once, behind the whole fraction "172/1.413 hộ"
    assert altered == [("HM090", "172 hộ")]


def test_a_measured_or_planned_value_stands_in_its_own_quote(facts):
    judged = [row for row in from_plan(facts) if row.get("kind") in ("measured", "target", "change", "split")]
    counted = [row for row in from_plan(facts) if row["table"] in ("works", "funding", "production")]
    apart = [
        row["id"]
        for row in judged + counted
        for value in [row.get("value") or row.get("quantity") or row.get("amount") or ""]
        if value != DERIVED and folded(value) not in folded(row["quote"])
    ]
    assert apart == []


def test_people_and_places_are_named_as_the_plan_names_them(facts, plan_text):
    renamed = [
        (row["id"], name)
        for row in from_plan(facts)
        for column in NAME_COLUMNS
        for name in row.get(column, "").split("; ")
        if folded(name) not in plan_text
    ]
    assert renamed == []


def test_what_the_plan_does_not_say_is_marked_as_derived(facts):
    derived = {row["id"]: row for row in facts if DERIVED in (row.get("value"), row.get("quantity"))}
    assert sorted(derived) == ["HM042", "HM070", "HM095"]
    assert all("Suy ra, văn bản không ghi" in row["note"] for row in derived.values())


def test_inferred_indicator_numbers_say_so(facts, plan_text):
    silent = [
        row["id"]
        for row in from_plan(facts)
        if row.get("indicator") and f"- {row['indicator']}. " not in plan_text and "suy luận" not in row["note"]
    ]
    assert silent == []


def test_pens_keep_the_printed_indicator_and_a_correction_moves_them(by_id):
    corrected = {
        row["row_id"]: (row["column"], row["expect"], row["value"])
        for row in read("corrections")
        if row["column"] == "indicator"
    }
    assert corrected == dict.fromkeys(("HM115", "HM119"), ("indicator", "17.8", "17.9"))
    assert {by_id[name]["indicator"] for name in corrected} == {"17.8"}


def test_a_typing_error_among_the_recipients_is_mended_as_data(by_id):
    """The report repeats the list of recipients; the raw row and its quote keep what the plan prints."""
    corrected = {
        row["row_id"]: (row["expect"], row["value"]) for row in read("corrections") if row["column"] == "value"
    }
    assert corrected == {"HM178": ("Lưu: BCD", "Lưu: BCĐ")}
    assert (by_id["HM178"]["value"], by_id["HM178"]["quote"]) == ("Lưu: BCD", "Lưu: BCD")


def test_nineteen_criteria_are_declared_met_for_2023(facts):
    declared = [row["criterion"] for row in facts if row.get("kind") == "declared" and row["year"] == "2023"]
    assert declared == ["all", *(str(n) for n in range(1, 20))]


def test_the_press_names_seven_criteria_where_it_counts_eight(by_id, facts):
    named = [row["criterion"] for row in facts if row.get("value") == "chưa đạt" and row["year"] == "2021"]
    assert named == ["2", "5", "6", "9", "10", "15", "17"]
    assert by_id["P002"]["value"] == "8 tiêu chí"


def test_the_nine_sources_add_up_to_the_printed_total():
    amounts = {row["source"]: number(row["amount"]) for row in read("funding")}
    total = amounts.pop("total")
    assert len(amounts) == 9
    assert sum(amounts.values()) == total == Fraction("8321.7")


@pytest.mark.parametrize("total", ["HM046", "HM052", "HM055", "HM092"])
def test_parts_add_up_to_their_total(by_id, facts, total):
    text = {row["id"]: row.get("value") or row.get("quantity") for row in facts if row["table"] in ("plan", "works")}
    parts = [
        number(text[row["id"]]) for row in facts if row.get("part_of") == total and row["id"] != "HM056"
    ]  # HM056: whom HM055 serves
    assert sum(parts) == number(text[total])


def test_every_village_named_in_a_row_is_in_the_list_of_villages(facts):
    known = {name for row in read("villages") for name in (row["village"], *row["variants"].split(";"))}
    named = {name for row in facts if row["table"] != "villages" for name in row.get("village", "").split("; ")}
    assert named <= known
