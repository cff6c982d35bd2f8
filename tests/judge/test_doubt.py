"""Verdicts that hang on what is not known of the commune, or of its women and men."""

import pytest

from ntm_lib import judge as status
from ntm_lib import rules
from ntm_lib.judge.indicators import weighed
from tests.judge.status_rows import judge, observation, observations, rows_of, share, threshold

BOTH = threshold(both_sexes="yes")


def sexes(**values):
    items = {"total": "", "men": "nam", "women": "nữ"}
    return [observation(name, value=str(value), unit="%", item=items[name]) for name, value in values.items()]


@pytest.mark.parametrize(("values", "verdict", "reason", "asked"), [
    ({"total": 60, "men": 80, "women": 75}, "no-data", "conflict", ""), ({"men": 80, "women": 75}, "met", "", ""),
    ({"total": 78, "men": 80, "women": 60}, "unmet", "", ""), ({"women": 60}, "unmet", "", ""), ({"women": 60, "total": 80}, "unmet", "", ""),
    ({"total": 59}, "unmet", "", ""), ({"total": 59, "women": 75}, "unmet", "", ""),
    ({"total": 80}, "no-data", "sexes", "Cần số liệu riêng của nam và của nữ."), ({"total": 80, "women": 75}, "no-data", "sexes", "Cần số liệu riêng của nam."),
    ({"total": 80, "men": 75}, "no-data", "sexes", "Cần số liệu riêng của nữ."), ({"women": 75}, "no-data", "sexes", "Cần số liệu riêng của nam."),
    ({"total": 100}, "met", "", ""), ({"total": 100, "women": 69}, "unmet", "", ""),
])  # fmt: skip
def test_women_and_men_must_each_meet_it(values, verdict, reason, asked):
    """A total that reaches the threshold proves nothing of either; one below it proves that one of them is below."""
    row = judge(sexes(**values), BOTH)
    assert (row["verdict"], row["reason"]) == (verdict, reason)
    assert asked in row["note"]


def commune(**traits):
    known = [{"trait": name, "value": value, "from": None, "to": None} for name, value in traits.items()]
    return {"slug": "x", "name": "X", "code": "00001", "province_slug": "", "traits": known}


@pytest.mark.parametrize(("poverty", "traits", "verdict", "doubt"), [
    (10, {"region": "btb"}, "unmet", "trait"), (10, {"region": "btb", "area": "I", "coastal": "no", "atk": "no"}, "unmet", ""),
    (10, {"region": "btb", "area": "II"}, "met", ""), (14, {"region": "btb"}, "unmet", ""), (4, {"region": "btb"}, "met", ""),
])  # fmt: skip
def test_a_verdict_that_an_unknown_trait_would_turn_says_so(poverty, traits, verdict, doubt):
    rows = observations(observation(criterion="11", indicator="11.1", value=str(poverty), unit="%", year=2024))
    found = status.judge_history(rows, rules.load_set("ntm-2021-2025"), commune(**traits), 2024)
    [row] = [r for r in rows_of(found.indicators) if r["indicator"] == "11.1"]
    assert (row["verdict"], "trait" in row["doubt"]) == (verdict, bool(doubt))
    assert ("Kết luận sẽ khác" in row["note"]) == bool(doubt)


def test_where_every_possible_column_gives_the_same_verdict_it_is_given():
    """The group is not known, and 3.1 asks for the same 9.5 in all three."""
    rows = observations(
        *(observation(f"A{v}", criterion="3", indicator="3.1", value=v, unit="%", year=2026) for v in ("12",))
    )
    found = status.judge_history(rows, rules.load_set("ntm-2026-2030"), commune(), 2026)
    [row] = [r for r in rows_of(found.indicators) if r["indicator"] == "3.1" and not r["part"]]
    assert (row["verdict"], row["threshold"]) == ("met", "9.5")
    assert "Theo mọi cột" in row["note"]


def test_columns_that_differ_leave_an_unknown_column_undecided():
    blank = judge([share(60, 100)], threshold("", "", column="", confidence="unknown"))
    others = [[judge([share(60, 100)], threshold(">=", asked))] for asked in ("50", "70")]
    assert weighed([blank], others)[0]["verdict"] == "no-data"
    others = [[judge([share(60, 100)], threshold(">=", asked))] for asked in ("50", "55")]
    [row] = weighed([blank], others)
    assert (row["verdict"], row["threshold"]) == ("met", "55")


@pytest.mark.parametrize(("before", "verdict"), [("met", "met"), ("unmet", "unmet"), (None, "met")])
def test_a_status_needed_two_years_running_looks_at_both(before, verdict):
    rule = threshold("=", "met", kind="status", unit="", years_running="2")
    rows = [observation("A1", value="met", unit="status", kind="declared")]
    rows += [observation("A0", value=before, unit="status", kind="declared", year=2022)] if before else []
    assert judge(rows, rule)["verdict"] == verdict


@pytest.mark.parametrize(("poverty", "doubt"), [(12.17, True), (14, True), (1, False), (24, False)])
def test_a_verdict_that_an_unread_threshold_would_turn_within_its_range_says_so(poverty, doubt):
    """11.1 asks for at most 13 %, which nobody has compared with the decision: it may be ten points off."""
    rows = observations(observation(criterion="11", indicator="11.1", value=str(poverty), unit="%", year=2024))
    found = status.judge_history(rows, rules.load_set("ntm-2021-2025"), commune(region="tdmnpb"), 2024)
    [row] = [r for r in rows_of(found.indicators) if r["indicator"] == "11.1"]
    listed = [r["after"] for r in rows_of(found.decisive) if r["indicator"] == "11.1"]
    assert ("threshold" in row["doubt"], listed != []) == (doubt, doubt)


@pytest.mark.parametrize(("total", "told"), [("91", True), ("94", True), ("92.5", False), ("91.95", False)])
def test_a_total_that_lies_outside_both_sexes_is_questioned_beside_the_verdict(total, told):
    row = judge(sexes(total=total, men=92, women=93), threshold(value="90", both_sexes="yes"))
    assert row["verdict"] == "met" and ("phải nằm giữa số của nam và số của nữ" in row["note"]) is told
