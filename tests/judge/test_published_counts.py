"""Published counts: read, compared with what is named, and only under their own set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib.judge.criteria import agreed, declarations, published_counts
from ntm_lib.tables import TABLES
from tests.judge.status_rows import YEAR, observation

SET = "ntm-2021-2025"
NAMES = [str(n) for n in range(1, 20)]


def full(*rows):
    return [dict.fromkeys(TABLES["observations"][1], "") | row for row in rows]


def count(met, total="19", name="C1", **cells):
    cells = {"kind": "declared", "criterion": "all", "indicator": "", "unit": "tiêu chí", "rule_set": SET} | cells
    return observation(name, value=str(met), numerator=str(met) if total else "", denominator=total, **cells)


def said(criterion, value, **cells):
    return observation(
        f"D{criterion}",
        kind="declared",
        criterion=criterion,
        indicator="",
        value=value,
        unit="status",
        rule_set=SET,
        **cells,
    )


@pytest.mark.parametrize(("row", "found"), [
    (count(9), (9, 19, True)), (count(14, ""), (14, 19, True)), (count(14, "", rule_set="ntm-2016-2020"), (14, None, False)),
    (count(9, rule_set="ntm-nang-cao-2021-2025"), (9, 19, False)), (count(9, rule_set=""), (9, 19, False)),
    (count(5, "", kind="other", item="Số tiêu chí chưa đạt", text="05 tiêu chí"), (14, 19, True)),
    (count(8, "", text="còn 8 tiêu chí chưa đạt"), (11, 19, True)), (count(8, "", item="Số tiêu chí đã đạt chuẩn", text="còn 8 tiêu chí"), (8, 19, True)),
    (count(8, "", text="còn 8 tiêu chí"), None), (count(65, "75", unit="chỉ tiêu", kind="other"), None), (count(20), None),
    (count(15, "15", kind="other"), None), (count(9, operator=">="), None), (count(9, village="Rôm"), None), (count("met", ""), None),
])  # fmt: skip
def test_what_a_row_counts(row, found):
    counts = published_counts(full(row), SET, 19)
    assert [(c.met, c.total, c.own) for c in counts] == ([found] if found else [])


def test_sources_that_differ_agree_on_nothing_and_the_same_count_twice_does():
    assert agreed(published_counts(full(count(9), count(13, name="C2")), SET, 19), YEAR) is None
    assert agreed(published_counts(full(count(9), count(9, name="C2")), SET, 19), YEAR).unmet == 10
    assert agreed(published_counts(full(count(9), count(13, name="C2", rule_set="")), SET, 19), YEAR).met == 9


@given(st.integers(0, 19), st.sets(st.sampled_from(NAMES)), st.sampled_from(["met", "unmet"]))
def test_the_others_are_declared_exactly_where_the_named_ones_are_all_of_their_kind(met, named, value):
    rows = full(count(met), *(said(c, value) for c in named))
    found = declarations(rows, YEAR, NAMES, SET)
    complete = len(named) == (met if value == "met" else 19 - met) and 0 < len(named) < 19
    other = {"met": "unmet", "unmet": "met"}[value]
    for criterion in set(NAMES) - named if met < 19 else ():
        assert found[criterion].status == (other if complete else "")


@pytest.mark.parametrize(
    ("rule_set", "status"), [(SET, "met"), ("", ""), ("ntm-2016-2020", ""), ("ntm-nang-cao-2021-2025", "")]
)
def test_19_of_19_counts_only_by_its_own_set(rule_set, status):
    assert declarations(full(count(19, rule_set=rule_set)), YEAR, NAMES, SET)["7"].status == status
