"""Money: shares of the sources, the printed total, and what no work is known to use."""

from fractions import Fraction as F

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import tables
from ntm_lib.plan.money import UNASSIGNED, by_source, check_of_sum, money_by_criterion
from ntm_lib.tables import fraction, total
from tests.plan.conftest import works


def funding(**planned):
    rows = [
        {"observation": f"F{i}", "year": 2024, "source": s, "name": s.title(), "planned": v}
        for i, (s, v) in enumerate(planned.items(), 1)
    ]
    return tables.as_table("funding", rows)


NINE = {
    "total": "8321.7", "ntm": "80", "dtts": "3494.3", "poverty": "717.6", "province": "135", "district": "1650.4",
    "credit": "240", "enterprises": "1714", "people": "245.4", "other": "45",
}  # fmt: skip


def test_nine_sources_make_the_printed_total():
    check = check_of_sum(funding(**NINE), 2024).iloc[0]
    assert list(check) == ["8321.7", "8321.7", "0", "9", "0", "yes"]


def test_a_total_that_is_wrong_is_told_apart_from_its_sum():
    check = check_of_sum(funding(**NINE | {"credit": "250"}), 2024).iloc[0]
    assert (check["difference"], check["agree"]) == ("-10", "no")


def test_a_source_without_an_amount_leaves_the_total_unchecked():
    check = check_of_sum(funding(total="100", ntm="60", people=""), 2024).iloc[0]
    assert (check["unknown"], check["agree"]) == ("1", "")


def test_shares_are_of_the_sum_and_end_in_the_total():
    result = by_source(funding(**NINE), 2024).set_index("source")
    assert result.loc["dtts", "share"].startswith("41.99")
    assert result.loc["total", "share"] == "100"
    assert result.index[-1] == "total" and len(result) == 10
    assert result.loc["total", "spent"] == ""


def test_a_total_is_made_where_the_document_prints_none():
    last = by_source(funding(ntm="1", people="3"), 2024).iloc[-1]
    assert (last["name"], last["planned"], last["observation"]) == ("Tổng cộng", "4", "")


def test_spending_leaves_the_rest():
    table = funding(ntm="80", people="20").assign(spent=["30", "20"], allocated=["80", ""])
    result = by_source(table, 2024).set_index("source")
    assert result.loc["ntm", "left"] == "50"
    assert (result.loc["total", "spent"], result.loc["total", "left"], result.loc["total", "allocated"]) == (
        "50",
        "50",
        "",
    )


def test_money_of_which_no_work_is_known_is_not_spread_over_the_criteria():
    result = money_by_criterion(works({"cost": "21.7"}, {"criterion": "6"}), funding(**NINE), 2024)
    assert list(result["criterion"]) == ["2", "6", "unassigned"]
    assert list(result["cost"]) == ["21.7", "", "8300"]
    assert result.iloc[-1]["name"] == "chưa phân bổ theo công trình"
    assert result.iloc[1]["cost_unknown"] == "1"


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(list(NINE)), st.sampled_from(["", "0", "0.1", "245.4", "3494.3"]), min_size=1),
    st.lists(st.fixed_dictionaries({
        "criterion": st.sampled_from(["2", "9", "17", "other"]), "cost": st.sampled_from(["", "0", "0.3", "120.5", "9000"]),
        "part_of": st.sampled_from(["", "W1", "W2"]), "year": st.sampled_from([2023, 2024]),
    }), max_size=6),
)  # fmt: skip
def test_the_sources_are_the_criteria_and_what_is_not_assigned(planned, rows):
    money, work = funding(**planned), works(*rows)
    sources, criteria = by_source(money, 2024), money_by_criterion(work, money, 2024)
    if sources.empty:
        assert UNASSIGNED not in list(criteria["criterion"])
        return
    whole = fraction(sources.iloc[-1]["planned"])
    assert (
        whole
        == total(sources.iloc[:-1]["planned"])
        == total(criteria["cost"])
        == fraction(check_of_sum(money, 2024).iloc[0]["sum"])
    )
    if whole:
        shares = (sum(fraction(text) for text in table["share"] if text) for table in (sources.iloc[:-1], criteria))
        assert all(abs(share - 100) < F(1, 10**4) for share in shares)


def test_another_year_has_no_money_here():
    assert by_source(funding(**NINE), 2023).empty
    assert check_of_sum(funding(**NINE), 2023).empty
    assert money_by_criterion(works(), funding(**NINE), 2023).empty


def test_does_not_mutate_its_tables():
    money, work = funding(**NINE), works({})
    before = money.copy(), work.copy()
    by_source(money, 2024), check_of_sum(money, 2024), money_by_criterion(work, money, 2024)
    pd.testing.assert_frame_equal(money, before[0])
    pd.testing.assert_frame_equal(work, before[1])
