"""The second notebook's work, with and without a scenario."""

import pytest

from ntm_lib import tables
from ntm_lib.errors import NtmError
from ntm_lib.parameters import check
from ntm_lib.planning.run import judge_run


@pytest.fixture
def run(hung_my, tmp_path):
    """Judges Hùng Mỹ with the given parameters and returns the folder of tables."""
    for name in ("observations", "works"):
        tables.write_table(name, getattr(hung_my, name), tmp_path)

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


def test_a_scenario_that_cannot_be_meant_is_refused(run):
    with pytest.raises(NtmError, match="nằm ngoài khoảng 0–100%"):
        run(SET="17.8a=+500")
