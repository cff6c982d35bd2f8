"""The second notebook's work, with and without a scenario."""

import shutil

import pytest

from ntm_lib import paths, tables
from ntm_lib.errors import NtmError
from ntm_lib.parameters import check
from ntm_lib.stages.judge_stage import judge_run

NEXT_YEAR = """\
name: nam-sau
title: Năm sau
author: Nguyễn Thị Nhì
date: "2024-03-01"
reason: Ngưỡng tăng.
base_year: 2023
judge: {year: 2025}
changes:
  - {indicator: "10.1", set: "47"}
"""


@pytest.fixture
def run(hung_my, tmp_path):
    """Judges Hùng Mỹ with the given parameters and returns the folder of tables."""
    for name in ("observations", "works"):
        tables.write_table(name, getattr(hung_my, name), tmp_path)
    for name in ("recognitions", "villages"):
        tables.write_table(name, tables.empty(name), tmp_path)

    def judge(**values):
        judge_run(check({"COMMUNE": "hung-my", "YEAR": "2024", **values}), tmp_path)
        return tmp_path

    return judge


def test_without_a_scenario_nothing_turns(run):
    folder = run()
    assert tables.read_table("turned", folder).empty
    assert set(tables.read_table("indicators", folder)["scenario"]) == {""}


def test_a_scenario_says_which_verdicts_turn(run):
    turned = tables.read_table("turned", run(SET="10=44"))
    assert list(turned["indicator"]) == ["", "10.1"]
    assert set(zip(turned["before"], turned["after"], strict=True)) == {("met", "unmet")}


def test_the_plan_as_a_scenario_turns_nothing(run):
    folder = run(SCENARIO="ke-hoach-2024")
    assert tables.read_table("turned", folder).empty
    marked = tables.read_table("indicators", folder).query("scenario == 'yes'")
    assert {"10.1", "11.1", "17.8", "17.9"} == set(marked["indicator"])


def test_a_scenario_of_another_year_turns_against_the_year_of_the_run(run, tmp_path, monkeypatch):
    raw, root = paths.raw(), tmp_path / "checkout"
    shutil.copytree(raw / "rules", root / "data/raw/rules")
    shutil.copytree(raw / "communes/hung-my", root / "data/raw/communes/hung-my")
    monkeypatch.setenv("NTM_ROOT", str(root))
    (paths.communes_folder() / "hung-my/scenarios/nam-sau.yml").write_text(NEXT_YEAR, encoding="utf-8")
    turned = tables.read_table("turned", run(SCENARIO="nam-sau"))
    assert list(turned.loc[turned["criterion"] == "10", ["year", "before", "after"]].iloc[0]) == [2025, "met", "unmet"]


def test_a_scenario_that_cannot_be_meant_is_refused(run):
    with pytest.raises(NtmError, match="nằm ngoài khoảng 0–100%"):
        run(SET="17.8a=+500")
