"""Moved quantities are judged as the same scenario would be, and quickly."""

import time
from fractions import Fraction

import pytest

from ntm_lib import judge, paths
from ntm_lib.plan.live import Live
from ntm_lib.plan.scenario import apply_scenario
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.plan.scenario_model import scenario_text
from ntm_lib.tables import records
from tests.judge.status_rows import judge_criteria, judge_indicators

RULE_SET = "ntm-2021-2025"
F = Fraction
FACTS = {
    "name": "man-hinh",
    "title": "Từ màn hình: thử",
    "author": "Người lập kế hoạch",
    "date": "2024-03-01",
    "reason": 'Thử "một" khả năng',
}


@pytest.fixture(scope="module")
def live(hung_my):
    criteria = [c["id"] for c in hung_my.rule_set.meta["criteria"]]
    return Live(hung_my.observations, [records(hung_my.thresholds(2024))], 2024, 2023, RULE_SET, criteria)


def test_offers_what_the_commune_has_figures_for(live):
    levers = {lever.key: lever for lever in live.levers()}
    assert list(levers) == [("10.1", ""), ("11.1", ""), ("17.8", "a"), ("17.8", "b"), ("17.8", "d"), ("17.9", "")]
    latrines = levers["17.8", "a"]
    assert (latrines.now, latrines.whole, latrines.start, latrines.highest, latrines.step) == (1276, 1413, 56, 137, 1)
    assert (levers["11.1", ""].start, levers["10.1", ""].start) == (-30, 49)


MOVES = [
    {},
    {("17.8", "a"): F(56)},
    {("17.8", "a"): F(-400), ("10.1", ""): F(44)},
    {("11.1", ""): F(20), ("17.8", "d"): F(73), ("17.9", ""): F(60)},
]


@pytest.mark.parametrize("moved", MOVES)
def test_judges_as_the_saved_scenario_would(hung_my, live, tmp_path, monkeypatch, moved):
    folder = tmp_path / "hung-my" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "man-hinh.yml").write_text(scenario_text(live.as_scenario(moved, **FACTS)), encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(paths, "communes_folder", lambda: tmp_path)
        saved = load_scenario("hung-my", "man-hinh", RULE_SET)
    assert [getattr(saved, fact) for fact in FACTS] == list(FACTS.values())
    thresholds = hung_my.thresholds(2024)
    known = judge.project(apply_scenario(hung_my.observations, hung_my.works, saved, 2024, RULE_SET, thresholds), 2024)
    expected = judge_indicators(known, thresholds, 2024)
    answer = live.ask(moved)
    for column in ("verdict", "basis", "value", "numerator", "margin", "margin_count", "scenario"):
        assert [r[column] for r in answer.indicators] == list(expected[column]), column
    criteria = judge_criteria(expected, known, 2024, RULE_SET, live.criteria)
    assert {r["criterion"]: r["verdict"] for r in answer.criteria} == dict(
        zip(criteria["criterion"], criteria["verdict"], strict=True)
    )


def test_counts_the_cost_of_what_is_asked_for(live):
    costs = {("17.8", "a"): F(10), ("11.1", ""): F(20), ("10.1", ""): F(1)}
    assert live.ask({("17.8", "a"): F(56), ("11.1", ""): F(-30)}, costs).cost == 1160
    assert live.ask({("17.8", "a"): F(-5), ("11.1", ""): F(5), ("17.9", ""): F(60)}, costs).cost == 0


def test_answers_within_a_third_of_a_second(live):
    moved = {lever.key: lever.start for lever in live.levers()}
    live.ask(moved)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        live.ask(moved)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3
