"""Nothing personal leaves intake, and small counts cannot be worked out from what is published."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.intake import read_commune
from ntm_lib.intake.privacy import HIDDEN, REMOVED, personal, protect_small_counts, strip_personal
from ntm_lib.intake.schema import RawRow
from ntm_lib.problems import words


def _table(total=False, **columns):
    """A table of counts; with ``total`` a last row holds the sums."""
    names = [f"Thôn {i}" for i in range(1, len(next(iter(columns.values()))) + 1)]
    rows = {"village": names + (["Toàn xã"] if total else [])}
    return pd.DataFrame(
        rows | {c: [str(n) for n in counts] + ([str(sum(counts))] if total else []) for c, counts in columns.items()}
    )


def _shown(table, column="hộ"):
    return list(table[column])


def test_count_under_the_limit_is_hidden_with_one_that_would_give_it_away():
    assert _shown(protect_small_counts(_table(hộ=[120, 2, 40, 55]))) == ["120", HIDDEN, HIDDEN, "55"]


def test_two_small_counts_whose_sum_gives_them_away_take_a_third_with_them():
    assert _shown(protect_small_counts(_table(hộ=[0, 0, 9, 50]))) == [HIDDEN, HIDDEN, HIDDEN, "50"]


def test_small_counts_that_hide_each_other_need_no_more():
    assert _shown(protect_small_counts(_table(hộ=[2, 2, 2, 50]))) == [HIDDEN, HIDDEN, HIDDEN, "50"]


def test_nothing_small_nothing_hidden():
    table = _table(hộ=[3, 4, 5])
    assert protect_small_counts(table).equals(table)


def test_limit_is_a_parameter():
    assert _shown(protect_small_counts(_table(hộ=[4, 9, 30]), limit=5)) == [HIDDEN, HIDDEN, "30"]
    assert _shown(protect_small_counts(_table(hộ=[0, 1, 2]), limit=0)) == ["0", "1", "2"]


def test_total_is_hidden_only_where_no_village_is_left_to_hide():
    assert _shown(protect_small_counts(_table(True, hộ=[1, 0]), total="Toàn xã")) == [HIDDEN, HIDDEN, HIDDEN]
    assert _shown(protect_small_counts(_table(True, hộ=[1, 9, 20]), total="Toàn xã"))[-1] == "30"


def test_few_that_do_not_meet_it_are_hidden_too():
    table = protect_small_counts(_table(hộ=[150, 80, 60], đạt=[149, 60, 30]), of={"đạt": "hộ"})
    assert table["đạt"][0] == HIDDEN and list(table["hộ"]) == ["150", "80", "60"] and HIDDEN in list(table["đạt"][1:])


def test_all_that_meet_it_reveals_nobody():
    table = _table(hộ=[150, 80], đạt=[150, 60])
    assert protect_small_counts(table, of={"đạt": "hộ"}).equals(table)


def test_share_of_a_hidden_count_is_hidden():
    table = _table(hộ=[2, 40, 50]).assign(share=["1,3", "26,7", "33,3"])
    assert _shown(protect_small_counts(table, derived={"share": "hộ"}), "share") == [HIDDEN, HIDDEN, "33,3"]


def test_sum_within_a_row_does_not_give_a_count_away():
    table = protect_small_counts(
        _table(hộ=[100, 100, 100], đạt=[98, 50, 60], chưa=[2, 50, 40]), sums={"hộ": ["đạt", "chưa"]}
    )
    first = table.iloc[0]
    assert first["chưa"] == HIDDEN and HIDDEN in (first["đạt"], first["hộ"])


def test_missing_counts_stay_missing():
    table = _table(hộ=[2, 30, 40])
    table.loc[2, "hộ"] = ""
    assert _shown(protect_small_counts(table)) == [HIDDEN, HIDDEN, ""]


def test_protecting_does_not_mutate_input():
    table = _table(hộ=[2, 30, 40])
    before = table.copy()
    protect_small_counts(table)
    assert table.equals(before)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6), st.integers(1, 5))
def test_every_small_count_could_be_any_value_under_the_limit(counts, limit):
    """Checked by trying all values a reader could fill in; where the sum itself is too small, all is hidden."""
    shown = _shown(protect_small_counts(_table(hộ=counts), limit))
    assert all(text in (HIDDEN, str(n)) for text, n in zip(shown, counts, strict=True))
    hidden = [i for i, text in enumerate(shown) if text == HIDDEN]
    small = [i for i, n in enumerate(counts) if n < limit]
    assert set(small) <= set(hidden)
    amount = sum(counts[i] for i in hidden)
    possible = (
        [c for c in itertools.product(range(amount + 1), repeat=len(hidden)) if sum(c) == amount]
        if len(hidden) < 5
        else []
    )
    for i in small if possible else []:
        values = {c[hidden.index(i)] for c in possible}
        assert set(range(limit)) <= values or len(hidden) == len(counts)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 30), min_size=3, max_size=8))
def test_no_more_is_hidden_than_the_small_counts_and_few_others(counts):
    shown = _shown(protect_small_counts(_table(hộ=counts)))
    extra = sum(text == HIDDEN and n >= 3 for text, n in zip(shown, counts, strict=True))
    assert extra <= 1 or not any(n < 3 for n in counts)


# --- persons -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("hộ ông Nguyễn Văn A", ["name"]), ("Bà Lò Thị B và anh Ma Văn Chính", ["name", "name"]), ("CCCD 001234567890", ["identity"]),
        ("số định danh: 080123456", ["identity"]), ("liên hệ 0912 345 678", ["phone"]), ("0912.345.678", ["phone"]),
        ("tỉnh Bà Rịa - Vũng Tàu", []), ("kinh phí 500000000 đồng", []), ("Trường tiểu học Lê Lợi", []), ("Cao Bình", []), ("56 hộ", []),
        ("Quyết định 598/QĐ-UBND ngày 31/12/2023", []), ("1.276/1.413 hộ đạt 90,3%", []),
    ],
)  # fmt: skip
def test_persons_are_told_from_places_and_money(text, kinds):
    assert [p.kind for p in personal(text)] == kinds


def test_cell_that_is_nothing_but_a_name_is_a_person():
    assert personal("Nguyễn Thị Hoa", whole_names=True) and not personal("Hùng Mỹ", whole_names=True)


def _row(**cells):
    return RawRow(
        "communes/x/works.csv", "", 2, {"id": "W1", "item": "", "village": "", "builder": "", "note": "", **cells}
    )


def test_personal_words_are_removed_and_found_without_being_repeated():
    tables, findings = strip_personal({"works": (_row(builder="Nguyễn Văn An", note="hộ bà Lò Thị Bình, 0912345678"),)})
    cells = tables["works"][0].cells
    assert (cells["builder"], cells["note"]) == (REMOVED, f"hộ bà {REMOVED}, {REMOVED}")
    assert [(f.problem.column, f.problem.entry.severity) for f in findings] == [("builder", "error"), ("note", "error")]
    assert not any(word in str(findings) for word in ("Nguyễn", "Lò", "0912"))
    assert "tên người, số điện thoại" in words("personal-data", findings[1].problem.fields, "vi")[0]


def test_findings_are_worded_in_english_too():
    _, findings = strip_personal({"works": (_row(builder="Nguyễn Văn An"),)})
    assert "a person's name" in words("personal-data", findings[0].problem.fields, "en")[0]


def test_no_row_is_lost_and_input_is_not_mutated():
    row = _row(builder="Nguyễn Văn An")
    tables = {"works": (row, _row()), "results": (_row(),)}
    stripped, _ = strip_personal(tables)
    assert {k: len(v) for k, v in stripped.items()} == {k: len(v) for k, v in tables.items()}
    assert row.cells["builder"] == "Nguyễn Văn An" and stripped["results"] == tables["results"]


def test_nothing_of_hung_my_is_taken_for_a_person():
    raw = read_commune("hung-my")
    stripped, findings = strip_personal(raw.tables)
    assert findings == [] and stripped == dict(raw.tables)
