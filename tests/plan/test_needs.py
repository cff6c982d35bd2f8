"""What it takes: the smallest number that is enough, and one less is not."""

from fractions import Fraction

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import judge, rules, tables
from ntm_lib.judge.amounts import satisfies
from ntm_lib.judge.indicators import judge_rows
from ntm_lib.model import Observation
from ntm_lib.plan.needs import Growth, Need, Step, first_enough, growth_needed, need, needs, wholes_of, yearly_growth
from tests.judge import status_rows
from tests.judge.status_rows import judge_indicators

F = Fraction


def rule(**overrides):
    base = {
        "year": 2024,
        "criterion": "17",
        "indicator": "17.1",
        "kind": "share",
        "operator": ">=",
        "threshold": "70",
        "unit": "%",
        "count_unit": "hộ",
        "applies": "yes",
    }
    return tables.as_table("thresholds", [base | overrides])


def judged(thresholds, value="", unit="%", kind="measured", **overrides):
    row = thresholds.iloc[0]
    observation = {
        "observation": "X",
        "table": "results",
        "year": row["year"],
        "kind": kind,
        "criterion": row["criterion"],
        "indicator": row["indicator"],
    }
    observations = tables.as_table("observations", [observation | {"value": value, "unit": unit} | overrides])
    return judge_indicators(observations, thresholds, row["year"])


def one(thresholds, later=None, wholes=None, **value):
    later = tables.empty("thresholds") if later is None else later
    result = needs(judged(thresholds, **value), thresholds, later, wholes)
    assert len(result) == 1
    return result.iloc[0]


def households(numerator, denominator):
    return {
        "numerator": str(numerator),
        "denominator": str(denominator),
        "unit": "%",
        "value": tables.decimal_text(F(100 * numerator, denominator)),
    }


def test_the_households_that_are_missing_this_year_and_next():
    row = one(rule(), rule(year=2025, threshold="75"), **households(900, 1413))
    assert (row["needed"], row["missing"], row["unit"], row["now"]) == ("990", "90", "hộ", "900")
    following = row[["next_year", "next_operator", "next_threshold", "next_needed", "next_missing"]]
    assert list(following) == ["2025", ">=", "75", "1060", "160"]


def test_a_share_that_must_fall():
    row = one(rule(operator="<=", threshold="13"), **households(200, 1413))
    assert (row["direction"], row["needed"], row["missing"]) == ("fewer", "183", "17")


def test_more_than_ninety_percent_of_twelve_villages_are_eleven():
    row = one(rule(operator=">", threshold="90", count_unit="thôn"), **households(9, 12))
    assert (row["needed"], row["missing"], row["unit"]) == ("11", "2", "thôn")


def test_kilometres_are_measured_to_ten_metres():
    row = one(rule(threshold="66", count_unit="km"), numerator="3.21", denominator="7.13", value="45")
    assert (row["needed"], row["missing"]) == ("4.71", "1.5")  # 66% of 7.13 km is 4.7058 km


def test_income_is_missing_in_million_dong():
    unit = "triệu đồng/người/năm"
    row = one(
        rule(kind="number", threshold="45", unit=unit, count_unit="triệu đồng"),
        rule(year=2025, kind="number", threshold="48", unit=unit),
        value="43",
        unit=unit,
    )
    assert (row["needed"], row["missing"], row["unit"]) == ("45", "2", unit)
    assert (row["next_needed"], row["next_missing"]) == ("48", "5")


def test_a_rating_is_missing_steps():
    scale = "không hoàn thành|hoàn thành|hoàn thành tốt|hoàn thành xuất sắc"
    row = one(
        rule(kind="rating", threshold="hoàn thành tốt", scale=scale, unit=""), value="không hoàn thành", unit="rating"
    )
    assert (row["needed"], row["missing"], row["unit"]) == ("hoàn thành tốt", "2", "bậc")


def test_what_must_not_be_there_at_all():
    row = one(rule(kind="none", operator="<=", threshold="0", unit="nhà", count_unit="nhà"), value="7", unit="nhà")
    assert (row["needed"], row["missing"]) == ("0", "7")


def test_a_status_needs_to_be_met():
    row = one(rule(kind="status", operator="=", threshold="met", unit=""), value="unmet", unit="status")
    assert (row["needed"], row["missing"], row["verdict"]) == ("met", "", "unmet")


def test_a_share_without_numbers_is_missing_points():
    row = one(rule(), value="65.4")
    assert (row["missing"], row["unit"], row["whole"]) == ("4.6", "điểm phần trăm", "")


def test_the_whole_may_be_known_where_the_share_is_not():
    row = one(rule(threshold="85", count_unit="thôn"), wholes={"thôn": 12}, value="90", operator=">")
    assert (row["needed"], row["missing"], row["whole"], row["now"]) == ("11", "0", "12", "")
    row = one(rule(threshold="95", count_unit="thôn"), wholes={"thôn": 12}, value="90")
    assert (row["needed"], row["missing"], row["whole"], row["reason"]) == ("12", "", "12", "no-numbers")


def test_a_planned_indicator_is_listed_with_what_may_still_be_lost():
    row = one(rule(), kind="target", **households(1332, 1413))
    assert (row["missing"], row["spare"], row["basis"]) == ("0", "342", "planned")


def test_every_indicator_with_a_figure_is_listed_with_what_it_has_to_spare():
    thresholds, nothing = rule(), tables.empty("thresholds")
    met = judged(thresholds, **households(1332, 1413))
    assert list(needs(met, thresholds, nothing)[["missing", "next_missing"]].iloc[0]) == ["0", ""]
    assert list(needs(met, thresholds, rule(year=2025, threshold="90"))["next_missing"]) == ["0"]
    assert list(needs(met, thresholds, rule(year=2025, threshold="95"))["next_missing"]) == ["11"]


def test_the_next_threshold_is_the_first_that_differs():
    later = pd.concat([rule(year=2025), rule(year=2026, threshold=""), rule(year=2027, threshold="80")])
    row = one(rule(), later, **households(900, 1413))
    assert (row["next_year"], row["next_operator"], row["next_threshold"]) == ("2027", ">=", "80")
    same = one(rule(), rule(year=2025), **households(900, 1413))
    assert same["next_year"] == "2025"


def test_where_no_number_is_enough_it_says_so():
    row = one(rule(operator=">", threshold="100"), **households(12, 12))
    assert (row["needed"], row["reason"]) == ("", "impossible")


OPERATORS = st.sampled_from([">=", ">", "<=", "<"])
OBSERVATION = tables.as_table(
    "observations",
    [
        {
            "observation": "X",
            "table": "results",
            "year": 2024,
            "kind": "measured",
            "criterion": "17",
            "indicator": "17.1",
        }
    ],
).to_dict("records")[0]


def verdict_of(asked, **value):
    """The verdict of one value by one row of thresholds, from the judge itself."""
    return judge_rows({(2024, "17.1", ""): [Observation.of(OBSERVATION | value)]}, [asked], 2024)[0]


def one_rule(**overrides):
    return rule(**overrides).to_dict("records")[0]


def is_met(asked, **value):
    return verdict_of(asked, **value)["verdict"] == "met"


def nearest(enough, fewer):
    """Of everything that is enough, what asks for least: the smallest, or the largest where fewer are wanted."""
    return (max if fewer else min)(enough, default=None)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.data(), OPERATORS, st.integers(0, 1001), st.integers(0, 1001))
def test_trying_every_number_of_households_finds_the_same(whole, data, operator, threshold, next_threshold):
    now = data.draw(st.integers(0, whole))
    this_year, next_year = (
        one_rule(year=y, operator=operator, threshold=tables.decimal_text(F(t, 10)))
        for y, t in ((2024, threshold), (2025, next_threshold))
    )
    judged_now = verdict_of(this_year, **households(now, whole))
    for asked in (this_year, next_year):
        enough = nearest(
            [n for n in range(whole + 1) if is_met(asked, **households(n, whole))], operator in ("<=", "<")
        )
        found = need(judged_now, asked, {})
        if enough is None:
            assert found == Need()
        else:
            met = is_met(asked, **households(now, whole))
            assert (found.needed, found.missing) == (str(enough), 0 if met else abs(enough - now))
            assert found.spare == (abs(now - enough) if met else None)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 90), OPERATORS, st.integers(1, 90))
def test_trying_every_hundredth_of_a_level_finds_the_same(now, operator, border):
    unit = "triệu đồng/người/năm"
    asked = one_rule(kind="number", operator=operator, threshold=tables.decimal_text(F(border, 100)), unit=unit)
    enough = nearest(
        [n for n in range(92) if is_met(asked, value=tables.decimal_text(F(n, 100)), unit=unit)],
        operator in ("<=", "<"),
    )
    judged_now = verdict_of(asked, value=tables.decimal_text(F(now, 100)), unit=unit)
    found = need(judged_now, asked, {})
    assert (found.needed, found.missing) == (
        tables.decimal_text(F(enough, 100)),
        0 if judged_now["verdict"] == "met" else F(abs(enough - now), 100),
    )


@given(
    st.fractions(0, 1000, max_denominator=997),
    st.sampled_from([">=", ">", "<=", "<"]),
    st.sampled_from([F(1), F(1, 100)]),
)
def test_the_nearest_multiple_that_is_enough(border, operator, step):
    enough = first_enough(operator, border, step)
    assert satisfies(enough, operator, border)
    assert not satisfies(enough - step if operator in (">=", ">") else enough + step, operator, border)


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 9), st.sampled_from([">=", ">"]))
def test_growth_is_the_smallest_hundredth_that_is_enough(value, threshold, years, operator):
    rate = yearly_growth(F(value), Step(years, operator, F(threshold)))
    assert satisfies(value * (1 + rate / 100) ** years, operator, F(threshold))
    assert not satisfies(value * (1 + (rate - F(1, 100)) / 100) ** years, operator, F(threshold))


def test_income_must_keep_up_with_its_ladder(hung_my):
    unit = "triệu đồng/người/năm"
    ladder = pd.concat([hung_my.thresholds(2024), hung_my.thresholds(2025)])
    indicators = judged(
        rule(year=2023, indicator="10.1", kind="number", threshold="42", unit=unit), value="43", unit=unit
    )
    (row,) = indicators.to_dict("records")
    coming = ladder.query("indicator == '10.1'").to_dict("records")
    # 43 × 1.0466 = 45.003…; 43 × 1.0566² = 48.005…
    assert growth_needed(row, coming) == Growth(F("5.66"), 2025, F(48), F(5))
    assert growth_needed(row, coming[:1]) == Growth(F("4.66"), 2024, F(45), F(2))
    assert growth_needed(row | {"bound": ">"}, coming) is None


@settings(max_examples=30, deadline=None)
@given(st.integers(20, 60), st.lists(st.integers(20, 70), min_size=1, max_size=3))
def test_the_steady_growth_keeps_every_year_met_and_a_hundredth_less_does_not(value, ladder):
    unit = "triệu đồng/người/năm"
    level = {"kind": "number", "unit": unit}
    later = [rule(year=2025 + i, threshold=str(border), **level) for i, border in enumerate(ladder)]
    (row,) = judged(rule(threshold="1", **level), value=str(value), unit=unit).to_dict("records")
    found = growth_needed(row, pd.concat(later).to_dict("records"))

    def every_year_met(rate):
        grown = [tables.decimal_text(value * (1 + rate / 100) ** years, 20) for years in range(1, len(later) + 1)]
        return all(
            is_met(asked, value=reached, unit=unit)
            for asked, reached in zip(pd.concat(later).to_dict("records"), grown, strict=True)
        )

    assert every_year_met(found.rate)
    assert not every_year_met(found.rate - F(1, 100))


def test_the_plan_of_hung_my_needs_nothing_more_but_the_villages_of_its_own_target(hung_my):
    known = judge.project(hung_my.observations, 2024)
    indicators = judge_indicators(known, hung_my.thresholds(2024), 2024)
    result = needs(
        indicators, hung_my.thresholds(2024), hung_my.thresholds(2025), wholes_of(hung_my.commune)
    ).set_index(["indicator", "part"])
    assert set(result["missing"]) <= {"0", ""}
    assert list(result.loc[("16.1", ""), ["local_target", "local_needed", "whole"]]) == ["> 90", "11", "12"]
    assert list(result.loc[("17.8", "a"), ["now", "needed", "spare"]]) == ["1332", "990", "342"]
    assert result.loc[("11.1", ""), "spare"] == "41"


def test_the_advanced_set_asks_for_five_million_more(hung_my):
    advanced = rules.load_set("ntm-nang-cao-2021-2025")
    thresholds = [rules.resolve(advanced, hung_my.commune, year) for year in (2024, 2025)]
    indicators = judge_indicators(hung_my.observations.query("indicator == '10.1'"), thresholds[0], 2024)
    row = needs(indicators, *thresholds).iloc[0]
    assert (row["missing"], row["next_missing"], row["next_year"]) == ("5", "9", "2025")


def test_does_not_mutate_its_tables(hung_my):
    thresholds = hung_my.thresholds(2024)
    indicators = judge_indicators(hung_my.observations, thresholds, 2024)
    before = indicators.copy(), thresholds.copy()
    needs(indicators, thresholds, thresholds)
    pd.testing.assert_frame_equal(indicators, before[0])
    pd.testing.assert_frame_equal(thresholds, before[1])


@st.composite
def communes(draw):
    """Rows and rules of some indicators in any shape, and the rules with the thresholds of the year after."""
    rows, rules, later = [], [], []
    for i in range(draw(st.integers(1, 3))):
        own_rows, own_rules = draw(status_rows.cases())
        number = {"indicator": f"1.{i}"}
        rows += [row | number | {"observation": f"{i}{row['observation']}"} for row in own_rows]
        rules += [asked | number for asked in own_rules]
        moved = draw(st.integers(-20, 20))
        by = 0 if own_rules[0]["kind"] in ("none", "level") else moved  # what must not be there has no other threshold
        later += [asked | number | {"threshold": _moved(asked["threshold"], by)} for asked in own_rules]
    return rows, rules, later


def _moved(threshold, by):
    value = tables.fraction(threshold)
    return threshold if value is None else tables.decimal_text(min(max(value + by, F(0)), F(100)))


@settings(max_examples=60, deadline=None)
@given(communes())
def test_enough_and_missing_agree_with_the_verdicts(commune):
    rows, rules, later = commune
    verdicts = {(r["indicator"], r["part"]): r for r in status_rows.judged(rows, rules)}
    then = {(r["indicator"], r["part"]): r["verdict"] for r in status_rows.judged(rows, later)}
    coming = tables.as_table("thresholds", [asked | {"year": status_rows.YEAR + 1} for asked in later])
    asked = tables.as_table("thresholds", rules)
    found = needs(tables.as_table("indicators", verdicts.values()), asked, coming).to_dict("records")

    joined = {(r["indicator"], r.get("part", "")) for r in rules if r.get("join")}
    by_value = {k for k, r in verdicts.items() if r["value"] and r["basis"] in ("measured", "planned")}
    said = {(r["indicator"], r["part"]) for r in found}
    assert by_value - joined <= said
    assert not [key for key in said if verdicts[key]["verdict"] not in ("met", "unmet")]
    for row in found:
        key, missing = (row["indicator"], row["part"]), tables.fraction(row["missing"])
        assert missing is None or (missing == 0) == (verdicts[key]["verdict"] == "met")
        next_missing = tables.fraction(row["next_missing"])
        several = (
            ";" in verdicts[key]["observation"]
        )  # the least favourable of several sources: another may still be enough
        unmet = {"unmet", "no-data"} if several else {"unmet"}
        assert next_missing is None or then[key] in (unmet if next_missing else {"met"})
        assert not row["growth"] or then[key] in (unmet if F(row["growth"]) > 0 else {"met"})


def test_what_could_not_be_compared_is_not_computed_with():
    unit = "triệu đồng/người/năm"
    income = rule(kind="number", threshold="42", unit=unit, count_unit="triệu đồng")
    for value in (
        {"value": "36400000", "unit": "đồng/người"},
        {"value": "4.1", "unit": "triệu đồng/người/tháng"},
        {"value": "36", "unit": unit, "operator": ">"},
    ):
        assert needs(judged(income, **value), income, rule(year=2025, kind="number", threshold="48", unit=unit)).empty
    assert needs(judged(rule(), value="1198", unit="hộ"), rule(), tables.empty("thresholds")).empty
    assert needs(judged(rule(), **households(1276, 1)), rule(), tables.empty("thresholds")).empty


def test_a_number_that_is_enough_alone_does_not_speak_against_the_verdict():
    twice = rule(years_running="2")
    row = judged(twice, **households(1332, 1413)).assign(verdict="unmet")
    found = needs(row, twice, rule(year=2025, threshold="75", years_running="2")).iloc[0]
    assert (found["needed"], found["missing"], found["reason"]) == ("990", "", "years-running")
    assert (found["next_needed"], found["next_missing"]) == ("1060", "")
