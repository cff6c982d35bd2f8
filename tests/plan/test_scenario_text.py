"""What is written is what is read: every kind of change, to the file and back."""

from dataclasses import replace
from fractions import Fraction

import pytest

from ntm_lib import paths
from ntm_lib.judge.override import read_changes
from ntm_lib.plan.optimise import Limits
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.plan.scenario_model import Change, Scenario, Uncertainty, scenario_text

F = Fraction
RULE_SET = "ntm-2021-2025"
PLAIN = Scenario(
    name="thu", title="a: b # c", author="“Nhì”", date="2024-03-01", reason="dòng 1\ndòng 2", base_year=2023
)


def put(indicator, part, value):
    (assumption,) = read_changes([{"indicator": indicator, "part": part, "set": value}])
    return Change(op="set", indicator=indicator, part=part, assumption=assumption)


@pytest.mark.parametrize(
    "scenario",
    [
        PLAIN,
        replace(PLAIN, rule_set=RULE_SET, region="tdmnpb", year=2025),
        replace(
            PLAIN,
            changes=(
                put("10.1", "", "49.5"),
                put("11.1", "", "150/1413"),
                put("7.1", "", "met"),
                put("18.2", "", "hoàn thành tốt nhiệm vụ"),
            ),
        ),
        replace(
            PLAIN,
            changes=(
                Change("add", indicator="17.8", part="a", amount=F(56), cost=F("560.5"), reason="vận động, thôn: Bàu"),
            ),
        ),
        replace(
            PLAIN,
            changes=(
                Change("add", indicator="17.8", part="a", amount=F(15), villages=(("Bàu", F(10)), ("Ngâu 2", F(5)))),
            ),
        ),
        replace(
            PLAIN,
            changes=(Change("grow", indicator="10.1", amount=F("7.25")), Change("fund", works=("HM045", "HM048"))),
        ),
        replace(
            PLAIN, changes=(Change("move", indicator="17.8", part="d", villages=(("Bàu", F(-5)), ("Đình", F(5)))),)
        ),
        replace(
            PLAIN, limits=Limits({"dtts": F("3494.3"), "people": F(0)}, F(500), {"Bàu": 20}, 15), wanted=("9", "17")
        ),
        replace(PLAIN, limits=Limits()),
        replace(PLAIN, uncertainty=Uncertainty("kinh nghiệm", (F(60), F("85.5"), F(100)), (F(-2), F(3), F(8)), 7, 500)),
    ],
)
def test_comes_back_the_same(tmp_path, monkeypatch, scenario):
    folder = tmp_path / "hung-my" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "thu.yml").write_text(scenario_text(scenario), encoding="utf-8")
    monkeypatch.setattr(paths, "communes_folder", lambda: tmp_path)
    read = load_scenario("hung-my", "thu", RULE_SET)
    changes = tuple(replace(change, line=0, assumption=forget(change.assumption)) for change in read.changes)
    expected = tuple(replace(change, assumption=forget(change.assumption)) for change in scenario.changes)
    assert replace(read, changes=changes, file="", limits_line=0) == replace(scenario, changes=expected)


def forget(assumption):
    """The assumption without the words it was read from."""
    return assumption and assumption._replace(text="")


@pytest.mark.parametrize("name", ["ke-hoach-2024", "nua-ke-hoach", "nang-cao"])
def test_the_scenarios_of_hung_my_come_back(name, tmp_path, monkeypatch):
    scenario = load_scenario("hung-my", name, RULE_SET)
    folder = tmp_path / "hung-my" / "scenarios"
    folder.mkdir(parents=True)
    (folder / f"{name}.yml").write_text(scenario_text(scenario), encoding="utf-8")
    monkeypatch.setattr(paths, "communes_folder", lambda: tmp_path)
    assert scenario_text(load_scenario("hung-my", name, RULE_SET)) == scenario_text(scenario)
