"""Scenarios applied: the figures of the year as they would be, and what is refused against real data."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from ntm_lib import judge, rules
from ntm_lib.errors import NtmError
from ntm_lib.intake.schema import FUNDING_SOURCES
from ntm_lib.judge.observations import in_numbers_of
from ntm_lib.judge.override import parse_changes, read_changes
from ntm_lib.plan.money import funded
from ntm_lib.plan.optimise import Limits
from ntm_lib.plan.scenario import SOURCES, apply_scenario, is_carried, judged_by, village_changes, with_typed
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.plan.scenario_model import Change, Scenario
from tests.judge.status_rows import judge_criteria, judge_indicators

RULE_SET = "ntm-2021-2025"
F = Fraction
VERDICT = ["indicator", "part", "verdict", "value", "numerator", "denominator", "margin", "margin_count"]


def scenario(*changes, **overrides):
    return Scenario(**{"name": "thu", "base_year": 2023, "changes": changes, "file": "thu.yml"} | overrides)


def add(indicator, part, amount, **overrides):
    return Change(**{"op": "add", "line": 8, "indicator": indicator, "part": part, "amount": F(amount)} | overrides)


def put(indicator, part, value):
    (assumption,) = read_changes([{"indicator": indicator, "part": part, "set": value}])
    return Change(op="set", line=9, indicator=indicator, part=part, assumption=assumption)


def judged(hung_my, plan, year=2024):
    rule_set, region, year = judged_by(plan, RULE_SET, "", year)
    thresholds = rules.resolve(rules.load_set(rule_set), hung_my.commune, year, region or None)
    changed = apply_scenario(hung_my.observations, hung_my.works, plan, year, rule_set, thresholds)
    return judge_indicators(judge.project(changed, year), thresholds, year).set_index(["indicator", "part"], drop=False)


@pytest.mark.parametrize(
    ("key", "count", "share"),
    [(("17.8", "a"), "1332", "94.2675"), (("17.8", "b"), "1265", "89.5258"), (("17.8", "d"), "1210", "85.6334"),
     (("17.9", ""), "827", "94.1913"), (("11.1", ""), "142", "10.0495")],
)  # fmt: skip
def test_the_plan_of_hung_my_comes_out(hung_my, key, count, share):
    row = judged(hung_my, load_scenario("hung-my", "ke-hoach-2024", RULE_SET)).loc[key]
    assert row["numerator"] == count
    assert row["value"].startswith(share)
    assert row["scenario"] == "yes"


def test_half_of_the_plan_adds_half_the_households(hung_my):
    result = judged(hung_my, load_scenario("hung-my", "nua-ke-hoach", RULE_SET))
    keys = [("17.8", "a"), ("17.8", "b"), ("17.8", "d"), ("17.9", ""), ("11.1", "")]
    assert [result.loc[k, "numerator"] for k in keys] == ["1304", "1231", "1173", "797", "157"]


def test_the_advanced_set_judges_by_its_own_numbers(hung_my):
    result = judged(hung_my, load_scenario("hung-my", "nang-cao", RULE_SET))
    assert (result.loc[("10.1", ""), "verdict"], result.loc[("10.1", ""), "margin"]) == ("unmet", "-5")
    assert result.loc[("17.8", ""), "numerator"] == "827"  # livestock, not latrines
    assert result.loc[("14.1", ""), "verdict"] == "no-data"  # insurance: the level of schooling is not taken for it
    assert result.loc[("18.7", "a"), "numerator"] == "1332"


def test_figures_are_renumbered_once_and_not_again(hung_my):
    advanced = "ntm-nang-cao-2021-2025"
    plan = load_scenario("hung-my", "nang-cao", RULE_SET)
    thresholds = rules.resolve(rules.load_set(advanced), hung_my.commune, 2024)
    changed = apply_scenario(hung_my.observations, hung_my.works, plan, 2024, advanced, thresholds)
    pd.testing.assert_frame_equal(in_numbers_of(changed, advanced), changed)


def test_the_written_plan_and_the_plan_as_a_scenario_give_the_same_verdicts(hung_my):
    real = judge_indicators(judge.project(hung_my.observations, 2024), hung_my.thresholds(2024), 2024)
    assumed = judged(hung_my, load_scenario("hung-my", "ke-hoach-2024", RULE_SET)).reset_index(drop=True)
    pd.testing.assert_frame_equal(real[VERDICT], assumed[VERDICT])


def test_additions_to_the_same_thing_add_up(hung_my):
    result = judged(hung_my, scenario(add("17.8", "a", 10), add("17.8", "a", 5)))
    assert result.loc[("17.8", "a"), "numerator"] == "1291"


def test_additions_by_village_add_up_to_the_commune_and_stay_known_by_village(hung_my):
    change = add("17.8", "a", 15, villages=(("Bàu", F(10)), ("Đình", F(5))))
    assert judged(hung_my, scenario(change)).loc[("17.8", "a"), "numerator"] == "1291"
    rows = apply_scenario(
        hung_my.observations, hung_my.works, scenario(change), 2024, RULE_SET, hung_my.thresholds(2024)
    ).query("table == 'scenario'")
    assert sorted(zip(rows["village"], rows["value"], rows["unit"], strict=True))[1:] == [
        ("Bàu", "10", "hộ"),
        ("Đình", "5", "hộ"),
    ]


def test_moving_between_villages_leaves_the_commune_as_it_is(hung_my):
    move = Change(op="move", line=8, indicator="17.8", part="a", villages=(("Bàu", F(-5)), ("Đình", F(5))))
    moved = judged(hung_my, scenario(move)).reset_index(drop=True)
    real = judge_indicators(judge.project(hung_my.observations, 2024), hung_my.thresholds(2024), 2024)
    pd.testing.assert_frame_equal(moved, real)
    assert village_changes(scenario(move)) == [("Bàu", "17.8", "a", -5), ("Đình", "17.8", "a", 5)]


def test_a_year_of_which_nothing_is_known_starts_as_the_base_year_ended(hung_my):
    plan = scenario(add("17.8", "a", -300), year=2025)
    thresholds = hung_my.thresholds(2025)
    changed = apply_scenario(hung_my.observations, hung_my.works, plan, 2025, RULE_SET, thresholds)
    result = judge_indicators(changed, thresholds, 2025).set_index(["indicator", "part"])
    assert list(result.loc[("17.8", "a"), ["numerator", "verdict", "basis", "scenario"]]) == [
        "976",
        "unmet",
        "planned",
        "yes",
    ]
    assert list(result.loc[("11.1", ""), ["numerator", "verdict", "basis", "scenario"]]) == [
        "172",
        "met",
        "planned",
        "",
    ]
    order = [c["id"] for c in hung_my.rule_set.meta["criteria"]]
    criteria = judge_criteria(result.reset_index(), changed, 2025, RULE_SET, order).set_index("criterion")
    assert criteria.loc["17", "verdict"] == "unmet"
    assert set(criteria.drop(index=["11", "17"])["basis"]) == {"declared"}  # as the commune declares of 2023


def test_a_year_after_the_plan_starts_as_the_plan_ends(hung_my):
    result = judged(hung_my, scenario(base_year=2024, year=2025))
    assert list(result.loc[("10.1", ""), ["value", "threshold"]]) == ["49", "48"]
    assert result.loc[("17.8", "a"), "numerator"] == "1332"


def test_a_year_with_a_plan_of_its_own_is_not_filled_up(hung_my):
    assert not is_carried(hung_my.observations, scenario(), 2024)
    assert not is_carried(hung_my.observations, scenario(base_year=2025), 2025)
    assert judged(hung_my, scenario()).loc[("17.8", "a"), "numerator"] == "1332"


def test_growth_compounds_from_the_base_year(hung_my):
    grow = Change(op="grow", line=8, indicator="10.1", amount=F(10))
    row = judged(hung_my, scenario(grow, base_year=2024, year=2026)).loc[("10.1", "")]
    assert row["value"] == "59.29"  # 49 × 1.1²


def test_funding_a_work_adds_its_quantity_where_a_base_is_known(hung_my):
    base = hung_my.observations.query("observation == 'HM112'").assign(
        observation="X1", indicator="2.4", part="", criterion="2", numerator="3", denominator="5", value="60"
    )
    known = pd.concat([hung_my.observations, base])
    fund = Change(op="fund", line=8, works=("HM048", "HM071"))
    thresholds = hung_my.thresholds(2024)
    changed = apply_scenario(known, hung_my.works, scenario(fund), 2024, RULE_SET, thresholds)
    row = changed.query("table == 'scenario'")
    assert list(row[["indicator", "numerator", "denominator"]].iloc[0]) == ["2.4", "3.77", "5"]
    assert len(row) == 1  # 9.2 has no base figure: its 14 houses turn no verdict


def test_funding_a_work_with_a_part_adds_to_that_part_alone(hung_my):
    part = hung_my.works["part"].mask(hung_my.works["observation"] == "HM072", "b")
    works = hung_my.works.assign(indicator=hung_my.works["indicator"].mask(part == "b", "17.8"), part=part)
    plan, thresholds = scenario(Change(op="fund", line=8, works=("HM072",))), hung_my.thresholds(2024)
    assert funded(plan, works, thresholds)[["indicator", "part", "added"]].iloc[0].tolist() == ["17.8", "b", "6"]
    changed = apply_scenario(hung_my.observations, works, plan, 2024, RULE_SET, thresholds).query("table == 'scenario'")
    assert changed[["indicator", "part", "numerator", "denominator"]].values.tolist() == [["17.8", "b", "1204", "1413"]]


def test_funding_a_line_brings_the_households_it_serves(hung_my):
    plan, thresholds = scenario(Change(op="fund", line=8, works=("HM055",))), hung_my.thresholds(2024)
    result = funded(plan, hung_my.works, thresholds)
    assert result[["work", "indicator", "cost", "added"]].values.tolist() == [
        ["HM055", "4.1", "", ""],
        ["HM056", "4.2", "0", "31"],
    ]
    built = hung_my.works.assign(state=hung_my.works["state"].mask(hung_my.works["observation"] == "HM055", "accepted"))
    assert list(funded(plan, built, thresholds)["added"]) == ["", ""]


def test_funding_a_whole_costs_what_its_parts_cost(hung_my):
    parts = (
        hung_my.works["cost"]
        .mask(hung_my.works["part_of"] == "HM055", "100")
        .mask(hung_my.works["observation"] == "HM056", "")
    )
    result = funded(
        scenario(Change(op="fund", line=8, works=("HM055",))),
        hung_my.works.assign(cost=parts),
        hung_my.thresholds(2024),
    )
    assert list(result["cost"]) == ["300", "0"]


def test_says_what_each_funded_work_costs_and_adds(hung_my):
    plan = scenario(Change(op="fund", line=8, works=("HM045", "HM060", "HM062")))
    result = funded(plan, hung_my.works, hung_my.thresholds(2024))
    assert list(result["added"]) == ["0.51", "", ""]
    assert list(result["cost"]) == ["", "", ""]
    assert list(result["remark"]) == [
        "",
        "không ghi khối lượng",
        "đơn vị của công trình không phải đơn vị của chỉ tiêu",
    ]


def test_a_work_against_poverty_takes_households_away(hung_my):
    works = hung_my.works.assign(
        indicator=hung_my.works["indicator"].mask(hung_my.works["observation"] == "HM072", "11.1")
    )
    plan = scenario(Change(op="fund", line=8, works=("HM072",)))
    assert list(funded(plan, works, hung_my.thresholds(2024))["added"]) == ["-6"]
    changed = apply_scenario(hung_my.observations, works, plan, 2024, RULE_SET, hung_my.thresholds(2024))
    assert list(changed.query("table == 'scenario'")["numerator"]) == ["166"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (add("17.8", "a", 200), "dòng 8: .*nằm ngoài khoảng 0–100%"),
        (add("11.1", "", -173), "dòng 8: .*nằm ngoài khoảng 0–100%"),
        (add("17.8", "c", 5), "dòng 8: năm gốc 2023 không có số liệu của chỉ tiêu 17.8c"),
        (add("10.1", "", 5), "dòng 8: năm gốc 2023 không có số liệu của chỉ tiêu 10.1"),
        (Change(op="grow", line=7, indicator="11.1", amount=F(5)), "dòng 7: chỉ tiêu 11.1 là tỷ lệ"),
        (Change(op="fund", line=7, works=("HM999",)), "dòng 7: không có công trình “HM999”"),
        (Change(op="fund", line=7, works=("HM045", "HM045")), "dòng 7: công trình HM045 được ghi hai lần"),
        (Change(op="fund", line=7, works=("HM046", "HM048")), "dòng 7: công trình HM048 là một phần của HM046"),
        (add("17.8", "a", 5, villages=(("Xóm Mới", F(5)),)), "dòng 8: không có thôn “Xóm Mới”.*Nặm Kép"),
        (put("1.1", "", "5"), "dòng 9: .*không đo bằng số"),
        (add("17.8", "a", "5.5"), "dòng 8: chỉ tiêu 17.8a: 1.281,5 hộ không phải số nguyên"),
    ],
)
def test_refuses_against_the_figures_of_the_commune(hung_my, change, words):
    with pytest.raises(NtmError, match="thu.yml, " + words):
        judged(hung_my, scenario(change))


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(budgets={"dttss": F(5)}), "dòng 12: không có nguồn vốn “dttss”. Cho phép: ntm, dtts, "),
        (Limits(households={"Xóm Mới": 3}), "dòng 12: không có thôn “Xóm Mới”. Các thôn đã biết: "),
    ],
)
def test_refuses_a_limit_that_would_limit_nothing(hung_my, limits, words):
    with pytest.raises(NtmError, match="thu.yml, " + words):
        judged(hung_my, scenario(limits=limits, limits_line=12))


def test_knows_the_sources_that_funding_may_name():
    assert {"total", *SOURCES} == set(FUNDING_SOURCES)


def test_refuses_an_indicator_set_as_a_whole_and_by_its_parts(hung_my):
    with pytest.raises(NtmError, match="dòng 9: chỉ tiêu 17.8 được đặt cả toàn bộ và từng nội dung"):
        judged(hung_my, scenario(put("17.8", "", "đạt"), add("17.8", "a", 5)))


def test_refuses_growth_over_no_time(hung_my):
    with pytest.raises(NtmError, match="thu.yml, dòng 7: grow tính mức tăng từ base_year 2024"):
        judged(hung_my, scenario(Change(op="grow", line=7, indicator="10.1", amount=F(5)), base_year=2024))


def test_refuses_two_changes_that_cannot_both_be(hung_my):
    with pytest.raises(NtmError, match="dòng 9: chỉ tiêu 17.8a được đặt hai lần"):
        judged(hung_my, scenario(add("17.8", "a", 5), put("17.8", "a", "1300/1413")))


def test_refuses_a_base_year_after_the_year_judged(hung_my):
    with pytest.raises(NtmError, match="base_year 2025 sau năm đánh giá 2024"):
        judged(hung_my, scenario(add("17.8", "a", 5), base_year=2025))


def test_refuses_to_add_to_figures_that_disagree(hung_my):
    other = hung_my.observations.query("observation == 'HM112'").assign(
        observation="X1", numerator="1200", text="1.200/1.413 hộ"
    )
    with pytest.raises(
        NtmError, match="nhiều số liệu khác nhau của chỉ tiêu 17.8a: 1.276/1.413 hộ đạt 90,3%; 1.200/1.413 hộ"
    ):
        apply_scenario(
            pd.concat([hung_my.observations, other]),
            hung_my.works,
            scenario(add("17.8", "a", 5)),
            2024,
            RULE_SET,
            hung_my.thresholds(2024),
        )


def test_what_is_typed_wins_over_the_file(hung_my):
    plan = with_typed(load_scenario("hung-my", "ke-hoach-2024", RULE_SET), parse_changes("10=44 17.8a=900/1413"), "x")
    result = judged(hung_my, plan)
    assert (result.loc[("10.1", ""), "value"], result.loc[("10.1", ""), "verdict"]) == ("44", "unmet")
    assert result.loc[("17.8", "a"), "verdict"] == "unmet"
    assert result.loc[("17.8", "b"), "numerator"] == "1265"


def test_changes_typed_alone_make_a_scenario():
    plan = with_typed(None, parse_changes("10=47"), "10=47")
    assert (plan.name, plan.typed[0].value) == ("10=47", 47)
    assert with_typed(None, [], "") is None


def test_without_a_scenario_nothing_changes(hung_my):
    assert (
        apply_scenario(hung_my.observations, hung_my.works, None, 2024, RULE_SET, hung_my.thresholds(2024))
        is hung_my.observations
    )
    assert judged_by(None, RULE_SET, "", 2024) == (RULE_SET, "", 2024)


def test_the_scenario_chooses_what_it_is_judged_by():
    assert judged_by(scenario(rule_set="ntm-nang-cao-2021-2025", year=2025), RULE_SET, "dbsh", 2024) == (
        "ntm-nang-cao-2021-2025",
        "dbsh",
        2025,
    )


def test_does_not_mutate_its_tables(hung_my):
    before = hung_my.observations.copy(), hung_my.works.copy()
    judged(hung_my, load_scenario("hung-my", "nang-cao", RULE_SET))
    judged(
        hung_my,
        replace(scenario(add("17.8", "a", 5)), changes=(add("17.8", "a", 5), Change(op="fund", works=("HM048",)))),
    )
    pd.testing.assert_frame_equal(hung_my.observations, before[0])
    pd.testing.assert_frame_equal(hung_my.works, before[1])
