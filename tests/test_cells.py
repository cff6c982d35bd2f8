"""A text of a raw file is never a formula in a processed table, and comes back as it was."""

import csv

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import tables
from ntm_lib.errors import guarded, unguarded

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-1+cmd", "@SUM(A1)", "- Tổng số hộ", "\tx", "'=x", "''=x", "=1+1", "-x"]
EXACT = ["-20.304317", "-1", "=", ">=", "= met", "= 100", "'tốt'", "5", "", "trên 90%"]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.sampled_from(HOSTILE + EXACT), st.text("'=+-@\t x1.", max_size=6)))
def test_what_is_guarded_comes_back(cell):
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_of_a_table_begins_like_a_formula(cell, tmp_path):
    row = {
        "observation": "R1",
        "table": "results",
        "year": 2024,
        "kind": "other",
        "text": cell,
        "quote": cell,
        "note": "x",
    }
    table = tables.write_table("observations", pd.DataFrame([row]), tmp_path)
    (raw,) = csv.DictReader((tmp_path / "observations.csv").read_text("utf-8").splitlines())
    assert raw["text"].startswith("'") and raw["quote"].startswith("'") and raw["note"] == "x"
    assert tables.read_table("observations", tmp_path).equals(table)
    assert table["text"][0] == cell


@pytest.mark.parametrize("cell", EXACT)
def test_figures_and_operators_stay_as_they_are(cell):
    assert guarded(cell) == cell
