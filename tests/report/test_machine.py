"""What other programs read of a run: JSON by its schema, tables by their package, rows of many communes, ids that stay."""

import csv
import hashlib
import io
import json
import zipfile

import jsonschema
import pytest

from ntm_lib import intake, tables
from ntm_lib.dictionary import TABLES
from ntm_lib.doc.write.text import csv_text
from ntm_lib.parameters import Parameters
from ntm_lib.report import machine
from ntm_lib.report.overview.overview_read import read_overview
from ntm_lib.stages.clean_stage import check_run, save
from ntm_lib.stages.judge_stage import judge_run
from ntm_lib.tables import records

RUN = Parameters("my-bang", 2024, "ntm-2021-2025")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The processed tables of a commune, where the library looks for them."""
    place = tmp_path_factory.mktemp("tables")
    cleaned = intake.clean(intake.read_commune(RUN.commune))
    save(cleaned, check_run(cleaned, RUN), place, RUN)
    judge_run(RUN, place)
    return place


@pytest.fixture(autouse=True)
def _there(folder, monkeypatch):
    monkeypatch.setenv("NTM_PROCESSED", str(folder))


def test_what_is_told_follows_its_schema_and_every_verdict_has_an_id_of_its_own(folder):
    schema = json.loads(machine.schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    told = json.loads(machine.run_json(RUN))
    jsonschema.validate(told, schema)
    ids = [verdict["id"] for verdict in told["verdicts"]]
    assert len(ids) == len(set(ids)) and f"{told['commune']['code']}-2024-ntm-2021-2025-10.1" in ids
    assert told == json.loads(machine.run_json(RUN))
    of_year = [r for r in records(tables.read_table("indicators", folder)) if r["year"] == 2024]
    assert [v["verdict"] for v in told["verdicts"] if v["level"] == "indicator"] == [r["verdict"] for r in of_year]
    assert len(told["findings"]) == len(tables.read_table("findings", folder))


def test_a_check_tells_findings_and_rejects_by_the_same_schema(folder):
    findings, rejects = (tables.read_table(name, folder) for name in ("findings", "rejects"))
    told = json.loads(machine.check_json(findings, rejects, "vi"))
    jsonschema.validate(told, machine.schema())
    assert [f["finding"] for f in told["findings"]] == findings["finding"].tolist()


def test_the_package_describes_every_table_beside_it(folder):
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["name"] == "my-bang-2024"
    assert {r["path"] for r in package["resources"]} == {file.name for file in folder.glob("*.csv")}
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        heading = next(csv.reader(io.StringIO(content.decode())))
        assert [field["name"] for field in resource["schema"]["fields"]] == heading
        assert resource["schema"]["primaryKey"] == list(TABLES[resource["name"]][0])
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_verdicts_of_communes_are_one_table_and_one_workbook(tmp_path):
    entries = read_overview([RUN.commune]).latest
    rows = list(machine.verdict_rows(entries))
    assert {row["commune"] for row in rows} == {"my-bang"} and {row["year"] for row in rows} == {2024}
    told = json.loads(machine.run_json(RUN))["verdicts"]
    assert [row["id"] for row in rows] == [verdict["id"] for verdict in told]
    read = list(csv.DictReader(io.StringIO(csv_text(machine.COLUMNS, rows))))
    assert [row["verdict"] for row in read] == [verdict["verdict"] for verdict in told]
    for name in ("a.xlsx", "b.xlsx"):
        machine.write_verdicts_workbook(tmp_path / name, rows, "2024-12-31")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(rows) + 1 and "<f>" not in sheet
