"""Recognition and withdrawal as the rule set gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib import judge, rules, tables
from ntm_lib.judge.recognition import conclude, held, recognitions, resting_on
from tests.judge.status_rows import observation, observations

META = rules.load_set("ntm-2021-2025").meta
KEY = ("10", "17", "19")


def criteria(unmet=(), declared=(), unknown=(), year=2024, total=19):
    rows = []
    for number in map(str, range(1, total + 1)):
        verdict = "unmet" if number in unmet else "no-data" if number in unknown else "met"
        basis = "" if verdict == "no-data" else "declared" if number in declared else "measured"
        rows.append(
            {
                "year": year,
                "criterion": number,
                "verdict": verdict,
                "basis": basis,
                "indicators": "1",
                "with_value": "1",
                "unverified": "0",
            }
        )
    return tables.as_table("criteria", rows)


def names(count, *, with_key):
    """``count`` criteria, the first of them a key one if asked for."""
    ordinary = [str(n) for n in range(1, 20) if str(n) not in KEY]
    return (KEY[0], *ordinary[: count - 1]) if with_key and count else tuple(ordinary[:count])


def test_for_19_criteria_it_is_6_to_9_with_a_key_one_or_10_and_more():
    hits = [judge.withdrawal(criteria(unmet=names(n, with_key=True)), META).hit for n in range(18)]
    assert hits == [""] * 6 + ["key"] * 4 + ["half"] * 8
    assert META["withdrawal"]["document"] == "18/2022/QĐ-TTg"
    assert judge.withdrawal(criteria(unmet=("19", "10", "17", "2")), META).key_unmet == KEY


@pytest.mark.parametrize(("count", "with_key", "hit", "until"), [
    (0, False, "", {"key": 6, "half": 10}), (5, True, "", {"key": 1, "half": 5}), (5, False, "", {"key": 1, "half": 5}),
    (6, True, "key", {"key": 0, "half": 4}), (6, False, "", {"key": 1, "half": 4}), (9, True, "key", {"key": 0, "half": 1}),
    (9, False, "", {"half": 1}), (10, False, "half", {"half": 0}), (15, True, "half", {"half": 0}),
])  # fmt: skip
def test_how_many_more_may_fall(count, with_key, hit, until):
    now = judge.withdrawal(criteria(unmet=names(count, with_key=with_key)), META)
    assert (now.hit, now.until) == (hit, until)


def test_before_the_decision_and_where_the_set_gives_no_rule_nothing_is_said():
    assert not judge.withdrawal(criteria(year=2021), META).known
    assert not judge.withdrawal(criteria(), META | {"withdrawal": {"rules": []}}).known


@given(st.integers(1, 60), st.data())
def test_the_border_is_the_exact_share(total, data):
    unmet = data.draw(st.integers(0, total))
    found = judge.withdrawal(
        criteria(unmet=tuple(map(str, range(1, unmet + 1))), total=total),
        META | {"criteria": [{"id": "1", "key": True}]},
    )
    # Criterion 1 is the key one: among the unmet as soon as there are any, and the first to fall if there are none.
    withdrawn = [n for n in range(unmet, total + 1) if n * 2 >= total or (n * 10 >= 3 * total and n >= 1)]
    assert bool(found.hit) == (withdrawn[0] == unmet)
    assert found.nearest == withdrawn[0] - unmet


def conditions(table, **facts):
    return {c.id: c for c in judge.recognition(table, META, {k.replace("_", "-"): v for k, v in facts.items()})}


def test_four_conditions_of_which_unknown_facts_are_no_data():
    found = conditions(criteria())
    assert {k: (c.verdict, c.reason) for k, c in found.items()} == {
        "criteria": ("met", ""),
        "satisfaction": ("no-data", "no-value"),
        "no-debt": ("no-data", "no-value"),
        "security": ("no-data", "no-value"),
    }


@pytest.mark.parametrize(("facts", "name", "verdict", "basis"), [
    ({"satisfaction": {"value": "90"}}, "satisfaction", "met", "measured"), ({"satisfaction": {"value": "89.99"}}, "satisfaction", "unmet", "measured"),
    ({"no_debt": {"value": "0"}}, "no-debt", "met", "measured"), ({"no_debt": {"value": "12.5"}}, "no-debt", "unmet", "measured"),
    ({"security": {"value": "met"}}, "security", "met", "declared"), ({"security": {"value": "unmet", "basis": "measured"}}, "security", "unmet", "measured"),
])  # fmt: skip
def test_each_condition_is_judged_by_its_fact(facts, name, verdict, basis):
    found = conditions(criteria(), **facts)[name]
    assert (found.verdict, found.basis) == (verdict, basis)


def test_the_security_condition_changed_with_decision_03_of_2024():
    assert conditions(criteria(year=2023))["security"].document == "18/2022/QĐ-TTg"
    assert conditions(criteria(year=2024))["security"].document == "03/2024/QĐ-TTg"


def test_the_criteria_condition_follows_the_commune():
    assert conditions(criteria(unmet=("3",)))["criteria"].verdict == "unmet"
    assert conditions(criteria(unknown=("3",)))["criteria"].reason == "no-value"
    assert conditions(criteria(declared=("3",)))["criteria"].basis == "declared"


def test_a_condition_without_a_known_level_is_no_data_and_before_the_decision_there_is_none():
    meta = META | {"recognition": [e | {"threshold": ""} for e in META["recognition"]]}
    [found] = [
        c for c in judge.recognition(criteria(), meta, {"satisfaction": {"value": "92"}}) if c.id == "satisfaction"
    ]
    assert (found.verdict, found.reason) == ("no-data", "no-threshold")
    assert judge.recognition(criteria(year=2021), META) == []


def test_the_criteria_are_not_changed():
    table = criteria(unmet=("3",))
    before = table.copy()
    judge.withdrawal(table, META)
    judge.recognition(table, META)
    assert table.equals(before)


@pytest.mark.parametrize(("fact", "verdict"), [
    ({"value": "95", "operator": "<"}, "no-data"), ({"value": "90", "operator": ">"}, "met"), ({"value": "90", "operator": "<"}, "unmet"),
    ({"value": "90", "unit": "%", "numerator": "1271", "denominator": "1413"}, "unmet"), ({"value": "95", "unit": "hộ"}, "no-data"),
    ({"value": "120", "unit": "%"}, "no-data"),
])  # fmt: skip
def test_satisfaction_is_compared_as_any_other_share(fact, verdict):
    """1.271/1.413 is 89.95 %, printed as 90 %."""
    [found] = [c for c in judge.recognition(criteria(), META, {"satisfaction": fact}) if c.id == "satisfaction"]
    assert found.verdict == verdict


def test_no_and_none_are_told_apart():
    """«Không» under debt is none; under the standard of security it says nothing that can be judged."""
    found = {
        c.id: c.verdict
        for c in judge.recognition(criteria(), META, {"no-debt": {"value": "0"}, "security": {"value": "0"}})
    }
    assert (found["no-debt"], found["security"]) == ("met", "no-data")


def test_a_strict_run_holds_back_conditions_that_nobody_has_checked():
    facts = {"satisfaction": {"value": "95", "unit": "%"}}
    [found] = [c for c in judge.recognition(criteria(), META, facts, strict=True) if c.id == "satisfaction"]
    assert (found.verdict, found.reason) == ("no-data", "unverified")


def test_sources_that_differ_state_nothing_and_a_bare_status_is_only_declared():
    def row(**cells):
        return (
            dict.fromkeys(("value", "unit", "numerator", "denominator", "operator"), "")
            | {"criterion": "satisfaction", "table": "results"}
            | cells
        )

    said = judge.stated_facts([row(value="95", unit="%", kind="measured"), row(value="85", unit="%", kind="measured")])
    assert said["satisfaction"] == {"value": "", "reason": "conflict"}
    assert judge.stated_facts([row(value="met", unit="status", kind="measured")])["satisfaction"]["basis"] == "declared"


def decided(level="ntm", on="2019-12-25", withdrawn="", name="R1"):
    return {"observation": name, "level": level, "date": on, "withdrawn_on": withdrawn, "number": "1/QĐ-UBND"}


def test_who_is_recognised_is_told_by_decisions_and_by_rows_that_say_so():
    said = observation(
        "D1", year=2019, kind="declared", criterion="all", indicator="", value="met", rule_set="ntm-nang-cao-2016-2020"
    )
    counted = observation("D2", year=2020, kind="declared", criterion="all", indicator="", value="100", unit="%")
    known = recognitions(observations(said, counted), [decided(on="2018-01-02")]).to_dict("records")
    assert [(r["observation"], r["level"], r["date"]) for r in known] == [
        ("D1", "nang-cao", "2019"),
        ("R1", "ntm", "2018-01-02"),
    ]
    assert {y: sorted(held(known, y)) for y in (2017, 2018, 2019)} == {
        2017: [],
        2018: ["ntm"],
        2019: ["nang-cao", "ntm"],
    }


def test_a_withdrawal_ends_its_level_and_all_above_until_a_later_decision():
    known = [
        decided(withdrawn="2022-06-01"),
        decided("nang-cao", "2020-05-05", name="R2"),
        decided(on="2024-01-01", name="R3"),
    ]
    assert {y: sorted(held(known, y)) for y in (2019, 2021, 2022, 2024)} == {
        2019: ["ntm"], 2021: ["nang-cao", "ntm"], 2022: [], 2024: ["ntm"],
    }  # fmt: skip
    entry = {"id": "base", "requires": "ntm"}
    assert [resting_on(entry, known, y).get("value", "") for y in (2018, 2021, 2023, 2024)] == [
        "",
        "met",
        "unmet",
        "met",
    ]


def concluded(name, known=(), *rows, year=2024):
    """Tables of what is concluded of a commune by the set ``name``, of the raw rows alone."""
    found = observations(*rows)
    rule_set = rules.load_set(name)
    history = judge.judge_history(found, rule_set, {"province_slug": "tuyen-quang", "traits": {}}, year, "tdmnpb")
    table = tables.as_table("recognitions", known)
    return conclude(history, found, rule_set.meta, name, lambda _: {}, table)


def test_only_what_is_recognised_can_be_withdrawn_and_a_failed_condition_is_flagged():
    poor = observation("A1", year=2024, criterion="satisfaction", indicator="", value="88.46", unit="%")
    alone, known = (concluded("ntm-2021-2025", rows, poor)["summary"].iloc[-1] for rows in ((), (decided(),)))
    assert (alone["recognised"], alone["withdrawal"], alone["until_withdrawal"], alone["failed"]) == (
        "",
        "",
        "",
        "satisfaction",
    )
    assert (known["recognised"], known["recognition"], known["withdrawal"], known["until_withdrawal"]) == (
        "ntm",
        "R1",
        "none",
        "6",
    )
    above = concluded("ntm-nang-cao-2021-2025", [decided()], poor)["summary"].iloc[-1]
    assert (above["recognised"], above["withdrawal"]) == ("ntm", "")


@pytest.mark.parametrize(
    ("known", "verdict"), [((), "no-data"), ((decided(),), "met"), ((decided(withdrawn="2023-01-01"),), "unmet")]
)
def test_the_advanced_level_rests_on_the_basic_one(known, verdict):
    rows = concluded("ntm-nang-cao-2021-2025", known)["conditions"]
    assert rows.loc[rows["condition"] == "base", "verdict"].tolist() == [verdict]


def test_the_model_level_can_be_met():
    """Its two own criteria by name; the level itself rests on the advanced one."""
    said = [
        observation(f"K{c}", year=2024, kind="declared", criterion=f"KM{c}", indicator=i, value="met", unit="status", rule_set="ntm-kieu-mau-2021-2025")
        for c, i in ((1, "KM1.1"), (2, "KM2.1"))
    ]  # fmt: skip
    advanced = observation(
        "D1", year=2024, kind="declared", criterion="all", indicator="", value="met", rule_set="ntm-nang-cao-2021-2025"
    )
    found = concluded("ntm-kieu-mau-2021-2025", [decided("nang-cao")], *said, advanced)
    model = rules.load_set("ntm-kieu-mau-2021-2025")
    judged = judge.judge_history(
        observations(*said), model, {"province_slug": "", "traits": {}}, 2024, "tdmnpb"
    ).criteria
    assert judged.loc[judged["criterion"].isin(["KM1", "KM2"]), "verdict"].tolist() == ["met", "met"]
    conditions = dict(zip(found["conditions"]["condition"], found["conditions"]["verdict"], strict=True))
    assert conditions["base"] == "met"
    assert [c.target for c in judge.parse_changes("KM1.1=đạt KM2.1=đạt")] == ["KM1.1", "KM2.1"]


@pytest.mark.parametrize("statuses", [("met", "met"), ("met", "unmet"), ("unmet", "met"), ("unmet", "unmet")])
def test_a_criterion_across_the_break_of_its_indicator_says_so_whether_measured_or_declared(statuses):
    def declared(name, year, value):
        return observation(name, year=year, criterion="11", indicator="", kind="declared", value=value, unit="")

    rule_set, place = rules.load_set("ntm-2021-2025"), {"province_slug": "", "traits": {}}
    for year, broken in ((2022, "2022-01-01"), (2023, "")):
        rows = observations(*(declared(f"D{n}", year - 1 + n, value) for n, value in enumerate(statuses)))
        changes = judge.judge_history(rows, rule_set, place, year, "tdmnpb").changes
        whole = changes[changes["indicator"] == ""].set_index("criterion")
        assert whole.loc["11", "broken"] == broken and (whole.loc["11", "cause"] == "definition" or not broken)
        assert not whole.drop("11")["broken"].any()


def test_a_series_is_not_compared_across_its_break():
    def share(name, year, poor):
        return observation(
            name,
            year=year,
            criterion="11",
            indicator="11.1",
            value=str(poor),
            numerator=str(poor),
            denominator="100",
            unit="%",
        )

    rule_set = rules.load_set("ntm-2021-2025")
    for year, poor, cause in ((2022, 12, "definition"), (2022, 20, "definition"), (2023, 12, "")):
        rows = observations(share("A1", year - 1, 4), share("A2", year, poor))
        moved = judge.judge_history(rows, rule_set, {"province_slug": "", "traits": {}}, year, "tdmnpb").changes
        assert moved.loc[moved["indicator"] == "11.1", "cause"].tolist() == [cause]
    assert moved.loc[moved["criterion"] == "11", "change"].tolist()[0] == "kept"
