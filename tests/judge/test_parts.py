"""Indicators of several parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judge.status_rows import facts, judge, observation, share, threshold


def rules(join, *parts, **whole):
    """The indicator and its parts; ``parts`` are thresholds of a, b, c …"""
    own = whole.pop("threshold", "70" if join == "every-item" else "")
    head = threshold(">=", own, join=join, **whole)
    return [
        head,
        *(
            threshold(">=", t, part=code) if isinstance(t, str) else threshold(part=code) | t
            for code, t in zip("abcd", parts, strict=False)
        ),
    ]


def part(code, numerator, **cells):
    return share(numerator, 100, f"A{code}", part=code, **cells)


@pytest.mark.parametrize(("values", "verdict", "reason", "note"), [
    ({"a": 80, "b": 60}, "met", "", ""),
    ({"a": 80, "b": 40}, "unmet", "", "Chưa đạt nội dung: b."),
    ({"a": 80}, "no-data", "part", "Chưa có kết luận về nội dung: b."),
    ({"a": 60}, "unmet", "", "Chưa đạt nội dung: a."),
    ({}, "no-data", "no-value", "Chưa có kết luận về nội dung: a, b."),
])  # fmt: skip
def test_all_parts_must_be_met(values, verdict, reason, note):
    row = judge([part(c, n) for c, n in values.items()], rules("all", "70", "50"))
    assert facts(row, "verdict", "reason", "note") == (verdict, reason, note)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [({"a": 80, "b": 10}, "met"), ({"a": 80}, "met"), ({"a": 10}, "no-data"), ({"a": 10, "b": 10}, "unmet")],
)
def test_one_part_is_enough(values, verdict):
    assert judge([part(c, n) for c, n in values.items()], rules("any", "70", "50"))["verdict"] == verdict


def test_members_plus_5_percent_or_plus_10():
    growth = {"kind": "growth", "unit": "%/năm", "operator": ">=", "threshold": "5", "count_unit": ""}
    number = {"kind": "number", "unit": "thành viên/năm", "operator": ">=", "threshold": "10", "count_unit": ""}
    rows = [
        observation("A1", part="a", value="3", unit="%/năm"),
        observation("A2", part="b", value="12", unit="thành viên/năm"),
    ]
    assert facts(judge(rows, rules("any", growth, number)), "verdict", "note") == (
        "met",
        "Chỉ cần một nội dung; đạt nội dung: b.",
    )


def test_the_part_that_the_trait_does_not_select_does_not_count():
    selected = rules("all", "70", {"applies": "no", "threshold": "50"})
    assert judge([part("a", 80), part("b", 10)], selected)["verdict"] == "met"
    none = rules("all", {"applies": "no"}, {"applies": "no"})
    assert judge([], none)["verdict"] == "not-applicable"


def test_every_item_is_met_only_by_what_is_sure():
    """With 98, 97, 99 and 95 % at least 89 % hold every item; with 90, 84 and 80 % only 54 % surely do."""
    sure = judge([part("a", 98), part("b", 97), part("c", 99), part("d", 95)], rules("every-item", *["70"] * 4))
    assert facts(sure, "verdict", "bound", "value", "margin", "margin_count", "observation") == (
        "met",
        "upper",
        "95",
        "25",
        "25",
        "Aa;Ab;Ac;Ad",
    )
    assert "Ít nhất 89,00% chắc chắn" in sure["note"]
    row = judge([part("a", 90), part("b", 84), part("c", 80)], rules("every-item", "70", "70", "70"))
    assert facts(row, "verdict", "reason", "bound", "value", "margin") == ("no-data", "joint", "upper", "80", "")
    assert "Chỉ 54,00% chắc chắn" in row["note"] and "chỉ là cận trên" in row["note"]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=4), st.integers(1, 20), st.data())
def test_every_item_never_says_what_some_distribution_of_households_contradicts(counts, asked, data):
    """Households are drawn for each item; whoever is in all the draws has every item."""
    held = [data.draw(st.permutations(range(20)))[:count] for count in counts]
    joint = set.intersection(*map(set, held))
    codes = "abcd"[: len(counts)]
    rows = [share(len(who), 20, f"A{c}", part=c) for c, who in zip(codes, held, strict=True)]
    row = judge(rows, rules("every-item", *[str(asked * 5)] * len(counts), threshold=str(asked * 5)))
    if row["verdict"] != "no-data":
        assert (row["verdict"] == "met") == (len(joint) >= asked)


def test_every_item_a_part_below_settles_it_and_a_missing_part_does_not():
    settled = judge([part("a", 90), part("b", 60)], rules("every-item", "70", "70", "70"))
    assert facts(settled, "verdict", "value", "margin") == ("unmet", "60", "-10")
    open_row = judge([part("a", 90), part("b", 80)], rules("every-item", "70", "70", "70"))
    assert facts(open_row, "verdict", "reason", "bound", "value", "margin") == ("no-data", "part", "upper", "80", "")


def test_every_item_a_value_of_the_whole_decides():
    rows = [part("a", 90), part("b", 84), share(75, 100)]
    assert facts(judge(rows, rules("every-item", "70", "70")), "verdict", "value", "bound") == ("met", "75", "")
    rows = [part("a", 90), part("b", 75), share(65, 100)]
    assert facts(judge(rows, rules("every-item", "70", "70")), "verdict", "value") == ("unmet", "65")
    rows = [part("a", 90), part("b", 84), share(65, 100)]  # at least 74 % have both
    assert facts(judge(rows, rules("every-item", "70", "70")), "verdict", "reason") == ("no-data", "conflict")


def test_a_value_of_the_whole_that_its_parts_rule_out_is_a_conflict():
    rows = [part("a", 90), part("b", 60), share(75, 100)]
    assert facts(judge(rows, rules("every-item", "70", "70")), "verdict", "reason") == ("no-data", "conflict")


def test_a_status_of_the_whole_counts_only_where_the_parts_do_not_decide():
    declared = observation("D1", value="met", unit="status", kind="declared")
    assert facts(judge([declared], rules("all", "70", "50")), "verdict", "basis") == ("met", "declared")
    row = judge([declared, part("a", 80), part("b", 40)], rules("all", "70", "50"))
    assert facts(row, "verdict", "basis") == ("unmet", "measured")
    assert "trái với" in row["note"]


def test_the_basis_is_the_weakest_of_what_all_need():
    rows = [part("a", 80), part("b", 60, kind="target")]
    assert judge(rows, rules("all", "70", "50"))["basis"] == "planned"
    rows = [part("a", 80), observation("B1", part="b", value="met", unit="status", kind="declared")]
    assert judge(rows, rules("all", "70", "50"))["basis"] == "declared"


def test_parts_of_parts_are_joined_from_below():
    whole, first = threshold("", "", join="all"), threshold(">=", "70", part="a")
    middle = threshold("", "", part="d", join="any")
    leaves = [threshold(">=", "5", part="d.a"), threshold(">=", "10", part="d.b")]
    rows = [part("a", 80), part("d.a", 3), part("d.b", 12)]
    assert judge(rows, [whole, first, middle, *leaves])["verdict"] == "met"
    assert judge([part("a", 80), part("d.a", 3), part("d.b", 2)], [whole, first, middle, *leaves])["verdict"] == "unmet"


@pytest.mark.parametrize(("operator", "verdict"), [(">", "met"), (">=", "met"), ("<", "no-data")])
def test_a_bound_among_the_items_leaves_the_lowest_unsaid(operator, verdict):
    rows = [part("a", 90), observation("Ab", part="b", value="80", unit="%", operator=operator)]
    assert facts(judge(rows, rules("every-item", "70", "70")), "verdict", "value", "bound") == (verdict, "", "")


def test_items_that_are_declared_stay_declared_and_beside_a_figure_prove_nothing():
    said = [observation(f"B{c}", part=c, value="met", unit="status", kind="declared") for c in "ab"]
    assert facts(judge(said, rules("every-item", "70", "70")), "verdict", "basis") == ("met", "declared")
    assert facts(judge([part("a", 90), said[1]], rules("every-item", "70", "70")), "verdict", "reason") == (
        "no-data",
        "joint",
    )


@pytest.mark.parametrize("whole", [
    [observation("W1", value="unmet", unit="status", kind="declared")],
    [observation("W1", value="60", unit="%"), observation("W2", value="75", unit="%")],
])  # fmt: skip
def test_an_upper_bound_never_outweighs_what_is_said_of_the_whole(whole):
    """Each item holds for more than enough households; whether one household has them all, only the whole says."""
    row = judge([part("a", 90), part("b", 79), *whole], rules("every-item", "70", "70"))
    assert row["verdict"] != "met"


def test_a_value_of_the_whole_that_only_parts_are_judged_by_is_not_for_want_of_a_threshold():
    row = judge([observation("W", value="100", unit="%")], rules("all", "70", "50"))
    assert facts(row, "verdict", "reason", "value") == ("no-data", "part", "100")
