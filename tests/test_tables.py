"""What holds of the tables whatever stands in them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib.errors import NtmError
from ntm_lib.tables import EXACT, decimal_text, fraction, natural_key, read_table


@given(st.lists(st.text(st.sampled_from("0123456789²½٣abđ.-"), max_size=30), max_size=5))
def test_any_ids_can_be_sorted(ids):
    assert sorted(ids, key=natural_key) == sorted(ids, key=natural_key)


def test_numbers_inside_ids_sort_as_numbers_however_long():
    assert sorted(["17.10", "17.9", "17.8"], key=natural_key) == ["17.8", "17.9", "17.10"]
    assert natural_key("9" * 5000) < natural_key("1" + "0" * 5000)


@given(st.integers(-(10**18), 10**18), st.integers(0, EXACT))
def test_a_decimal_comes_back_exactly(digits, places):
    value = Fraction(digits, 10**places)
    assert fraction(decimal_text(value, EXACT)) == value


def test_a_table_of_another_version_is_told_and_not_read(tmp_path):
    (tmp_path / "findings.csv").write_text("finding,code,message\na,b,c\n", "utf-8")
    with pytest.raises(NtmError, match="bản khác của chương trình"):
        read_table("findings", tmp_path)
