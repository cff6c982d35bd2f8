"""What must hold for the raw folder of every commune: columns, keys, references, the dialect of the files.

How a cell is read is tested with intake; here only that every row we committed can be read.
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
import yaml

from ntm_lib import intake, paths, rules, tables
from ntm_lib.intake import schema
from ntm_lib.intake.corrections import apply_corrections
from ntm_lib.intake.row_reading import Asked, Rejected, read_row
from ntm_lib.places import registry

COLUMNS = {
    "results": "id,year,criterion,indicator,part,item,village,value,kind,rule_set,document,section,quote,note",
    "plan": "id,year,criterion,indicator,part,item,village,value,kind,base_year,part_of,document,section,quote,note",
    "works": "id,year,criterion,indicator,item,village,place,quantity,cost,source,builder,deadline,state,debt,"
    "part_of,document,section,quote,note",
    "funding": "id,year,source,name,amount,allocated,spent,document,section,quote,note",
    "villages": "id,village,variants,households,document,section,quote,note",
    "schedule": "id,what,who,frequency,day,deadline,addressee,document,section,quote,note",
    "assignments": "id,who,duty,criterion,village,document,section,quote,note",
    "production": "id,year,criterion,indicator,item,quantity,document,section,quote,note",
    "recognition": "id,level,rule_set,date,number,issuer,withdrawn_on,document,section,quote,note",
    "provisions": "id,kind,item,value,document,section,quote,note",
    "documents": "document,title,kind,issuer,date,address,note",
    "corrections": "id,file,row_id,column,expect,action,value,reason,decided_by,decided_on",
    "notes": "target,author,date,text,state,answer",
}
FACTS = ("results", "plan", "works", "funding", "villages", "schedule", "assignments", "production", "provisions")
TRAITS = {"region", "area", "atk", "coastal", "ethnic", "schools", "group"}
PROFILE = ("households", "population", "villages")

FOLDERS = sorted(path.parent for path in paths.communes_folder().glob("*/commune.yml"))
each_commune = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@cache
def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """Rows of one table; none where the commune has no such file."""
    path = folder / f"{table}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(folder: Path) -> list[dict[str, str]]:
    return [{"table": table, **row} for table in FACTS for row in rows(folder, table)]


def commune(folder: Path) -> dict:
    return yaml.safe_load((folder / "commune.yml").read_text(encoding="utf-8"))


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_there_are_communes_besides_hung_my():
    assert len(FOLDERS) > 1


def test_no_two_communes_share_a_code():
    codes = [code for folder in FOLDERS if (code := commune(folder)["code"])]
    assert sorted(codes) == sorted(set(codes))


@each_commune
def test_a_commune_is_named_as_its_folder_and_keeps_the_zeros_of_its_code(folder):
    data = commune(folder)
    assert data["slug"] == folder.name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", data["slug"])
    assert re.fullmatch(r"\d{5}", data["code"])
    assert re.fullmatch(r"(\d{3})?", data["district_code"])
    assert set(data["display"]) == {"vi", "en"}


@each_commune
def test_the_code_is_that_of_the_registry_or_a_note_says_why_not(folder):
    data = commune(folder)
    registered = {unit.name for unit in registry.units() if unit.code == data["code"] and not unit.valid_from}
    assert (data["name"] in registered) != ("code_note" in data)


@each_commune
def test_every_trait_is_known_or_says_that_it_is_not(folder):
    traits = rules.load_commune(folder.name)["traits"]
    assert {entry["trait"] for entry in traits} >= TRAITS
    for entry in traits:
        assert set(entry) == {"trait", "value", "from", "to", "reason", "source"}
        assert entry["reason"]
    assert rules.trait(commune(folder), "region", "2024-12-31")


@each_commune
def test_a_successor_has_code_name_date_and_source(folder):
    merged = commune(folder)["merged_into"]
    if merged is not None:
        assert re.fullmatch(r"\d{5}", merged["code"])
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", merged["date"])
        assert merged["name"] and merged["source"]


@each_commune
def test_figures_of_the_profile_have_year_and_document(folder):
    profile = commune(folder)["profile"]
    known = {row["document"] for row in rows(folder, "documents")}
    assert set(profile) <= set(PROFILE)
    assert all(entry["document"] in known and isinstance(entry["year"], int) for entry in profile.values())


@each_commune
def test_files_are_plain_csv_with_the_columns_agreed(folder):
    for path in folder.glob("*.csv"):
        text = path.read_bytes().decode("utf-8")
        assert text.splitlines()[0] == COLUMNS[path.stem]
        assert "\r" not in text and text.endswith("\n") and not text.startswith("\ufeff")
        assert text == unicodedata.normalize("NFC", text)
        assert all(None not in row and None not in row.values() for row in rows(folder, path.stem)), path.name


@each_commune
def test_ids_occur_once_in_the_whole_folder(folder):
    ids = [row["id"] for row in [*facts(folder), *rows(folder, "corrections")]]
    assert all(ids) and sorted(ids) == sorted(set(ids))


@each_commune
def test_every_fact_has_a_known_document_and_a_quote(folder):
    documents = [row["document"] for row in rows(folder, "documents")]
    assert sorted(documents) == sorted(set(documents))
    assert {row["document"] for row in facts(folder)} == set(documents)
    assert [row["id"] for row in facts(folder) if not row["quote"]] == []
    assert [row["document"] for row in rows(folder, "documents") if not row["address"]] == []


@each_commune
def test_years_are_four_digits(folder):
    wrong = [row["id"] for row in facts(folder) if "year" in row and not re.fullmatch(r"(19|20)\d\d", row["year"])]
    assert wrong == []


@each_commune
def test_codes_come_from_the_agreed_lists(folder):
    for row in facts(folder):
        if row["table"] in ("results", "plan"):
            assert row["kind"] in tables.KINDS, row["id"]
            assert re.fullmatch(r"|all|other|1?\d", row["criterion"]), row["id"]
            assert bool(row["value"]), row["id"]
        if row["table"] == "plan":
            assert (row["base_year"] != "") >= (row["kind"] == "change"), row["id"]
        if row["table"] == "works":
            assert row["state"] in schema.STATES and row["source"] in ("", *schema.FUNDING_SOURCES), row["id"]
        if row["table"] == "funding":
            assert row["source"] in schema.FUNDING_SOURCES, row["id"]


@each_commune
def test_an_indicator_belongs_to_its_criterion(folder):
    apart = [
        row["id"]
        for row in facts(folder)
        if row.get("indicator") and row["indicator"].split(".")[0] != row["criterion"]
    ]
    assert apart == []


@each_commune
def test_a_measured_value_or_target_stands_in_its_quote(folder):
    judged = [row for row in facts(folder) if row.get("kind") in ("measured", "target", "change")]
    assert [row["id"] for row in judged if folded(row["value"]) not in folded(row["quote"])] == []


@each_commune
def test_a_declared_status_names_its_rule_set(folder):
    assert [row["id"] for row in facts(folder) if row.get("kind") == "declared" and not row["rule_set"]] == []


@each_commune
def test_parts_and_corrections_point_at_rows_that_exist(folder):
    ids = {row["id"]: row for row in facts(folder)}
    assert [row["id"] for row in facts(folder) if row.get("part_of") and row["part_of"] not in ids] == []
    for correction in rows(folder, "corrections"):
        if correction["file"].startswith(
            "sources/"
        ):  # a line of a text: its guard stops the run where it does not hold
            continue
        target = ids[correction["row_id"]]
        assert correction["file"] == f"{target['table']}.csv"
        assert target[correction["column"]] == correction["expect"]
        assert correction["action"] in ("set", "drop", "flag")
        assert correction["reason"] and correction["decided_by"] and correction["decided_on"]


@each_commune
def test_every_row_can_be_read(folder):
    corrected, _ = apply_corrections(intake.read_commune(folder.name).tables)
    read = [read_row(table, row, lambda cells: Asked()) for table in FACTS for row in corrected[table]]
    assert len(read) == len(facts(folder))
    assert [(row.source.cells["id"], row.column, row.code) for row in read if isinstance(row, Rejected)] == []
