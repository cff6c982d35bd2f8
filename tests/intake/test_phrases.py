"""Cells as officials write them: each gives the reading that stands beside it, or none with the reason that does."""

import csv
from functools import cache
from pathlib import Path

import pytest

from ntm_lib import rules
from ntm_lib.intake.row_reading import Asked, Rejected, read_row
from ntm_lib.intake.schema import RawRow
from ntm_lib.judge.indicators import judge_rows
from ntm_lib.judge.observations import index_rows
from ntm_lib.problems import catalogue
from ntm_lib.tables import records
from ntm_lib.text.numbers import AMBIGUOUS, UNREADABLE

# indicator, part, item, kind and text of a row of 2024; ``reading``: value, unit and fraction, or the doubt;
# ``verdict`` of a commune of the northern mountains, refused where the row is none.
PHRASES = list(csv.DictReader((Path(__file__).parent / "phrases.csv").read_text("utf-8").splitlines()))
YEAR = 2024


@cache
def rule_set():
    return rules.load_set("ntm-2021-2025")


@cache
def thresholds() -> dict:
    rows = records(rules.resolve(rule_set(), rules.load_commune("hung-my"), YEAR, "tdmnpb", "vi"))
    return {(row["indicator"], row["part"]): row for row in rows}


def asked_of(cells) -> Asked:
    found = rule_set().indicators.query("indicator == @cells['indicator'] and part == @cells['part']").iloc[0]
    return Asked(found["unit"], found["name_vi"], found["kind"])


def observed(row: dict):
    cells = {"id": "R1", "year": str(YEAR), "criterion": row["indicator"].split(".")[0], "value": row["text"]}
    cells |= {column: row[column] for column in ("indicator", "part", "item", "kind")} | (
        {"base_year": "2023"} if row["kind"] == "change" else {}
    )
    return read_row("results" if row["kind"] == "measured" else "plan", RawRow("results.csv", "", 2, cells), asked_of)


def reading(found) -> str:
    if isinstance(found, Rejected):
        return found.code
    cell = found.row
    share = f"{cell['numerator']}/{cell['denominator']}" if cell["numerator"] else ""
    return found.parsed.doubt or " ".join(filter(None, (cell["operator"] + cell["value"], cell["unit"], share)))


@pytest.mark.parametrize("row", PHRASES, ids=[f"{row['indicator']} {row['item']}: {row['text']}" for row in PHRASES])
def test_a_phrase_is_read_as_a_careful_official_reads_it(row):
    found = observed(row)
    assert reading(found) == row["reading"]
    if row["reading"] in AMBIGUOUS + UNREADABLE:
        assert isinstance(found, Rejected) or (
            found.row["value"],
            found.row["numerator"],
            found.row["denominator"],
        ) == ("", "", "")
    if row["verdict"] == "refused":
        assert isinstance(found, Rejected)
    elif row["verdict"]:
        rule = thresholds()[row["indicator"], row["part"]]
        assert judge_rows(index_rows([found.row]), [rule], YEAR)[0]["verdict"] == row["verdict"]


def test_every_doubt_has_its_words_and_most_have_a_phrase():
    assert {f"unreadable/{doubt}" for doubt in AMBIGUOUS + UNREADABLE} <= set(catalogue())
    shown = {row["reading"] for row in PHRASES}
    assert set(AMBIGUOUS) - shown <= {"thousands-or-decimal", "share-or-percent", "not-whole"}  # in test_numbers
