"""The numbers of the plan of Hùng Mỹ, as an official would check them with a pocket calculator."""

import pytest

from ntm_lib import judge
from ntm_lib.language import number, percent
from ntm_lib.plan.money import by_source, check_of_sum, money_by_criterion
from ntm_lib.plan.needs import needs
from ntm_lib.plan.works import by_criterion, by_state, debts
from ntm_lib.tables import fraction
from tests.judge.status_rows import judge_indicators


@pytest.fixture(scope="module")
def planned(hung_my):
    return judge_indicators(judge.project(hung_my.observations, 2024), hung_my.thresholds(2024), 2024)


@pytest.mark.parametrize(
    ("key", "share"),
    [
        (("17.8", "a"), "94,27"),
        (("17.8", "b"), "89,53"),
        (("17.8", "d"), "85,63"),
        (("17.9", ""), "94,19"),
        (("11.1", ""), "10,05"),
    ],
)
def test_shares_at_the_end_of_2024(planned, key, share):
    row = planned.set_index(["indicator", "part"]).loc[key]
    assert percent(100 * fraction(row["numerator"]) / fraction(row["denominator"]), "vi") == f"{share}%"


def test_eleven_of_twelve_villages_are_more_than_ninety_percent(hung_my, planned):
    result = needs(planned, hung_my.thresholds(2024), hung_my.thresholds(2025), {"thôn": 12}).set_index("indicator")
    assert result.loc["16.1", "local_needed"] == "11"


def test_the_money_comes_from_nine_sources(hung_my):
    check = check_of_sum(hung_my.funding, 2024).iloc[0]
    assert (number(check["sum"], "vi"), check["sources"], check["agree"]) == ("8.321,7", "9", "yes")
    shares = {r["source"]: number(r["share"], "vi", 2) for r in by_source(hung_my.funding, 2024).to_dict("records")}
    assert (shares["dtts"], shares["ntm"], shares["enterprises"], shares["total"]) == (
        "41,99",
        "0,96",
        "20,60",
        "100,00",
    )


def test_the_plan_gives_no_money_to_any_work(hung_my):
    result = money_by_criterion(hung_my.works, hung_my.funding, 2024)
    assert set(result["cost"]) == {"", "8321.7"}
    assert list(result.iloc[-1][["criterion", "cost", "share"]]) == ["unassigned", "8321.7", "100"]


def test_works_are_counted_once_and_two_are_only_asked_for(hung_my):
    states = by_state(hung_my.works).set_index("state")
    assert list(states.index) == ["requested", "planned"]
    assert states.loc["requested", "works"] == "1"  # two transformer stations are one request
    counts = by_criterion(hung_my.works).set_index("criterion")["works"]
    assert (counts["2"], counts["8"], counts["other"]) == ("3", "2", "1")


def test_nothing_is_known_of_debt(hung_my):
    assert set(debts(hung_my.works, [2024])[["recognition", "debt"]].itertuples(index=False, name=None)) == {("", "")}
