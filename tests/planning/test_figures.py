"""Figures written by planners: read exactly, or refused."""

from fractions import Fraction

import pytest

from ntm_lib.planning.figures import Share, is_doubtful, read_count, read_figure, read_share


@pytest.mark.parametrize(
    ("text", "value"),
    [("47", 47), ("10,5", "10.5"), ("10.5", "10.5"), ("8.321,7", "8321.7"), ("1.234.567", 1234567), ("-30", -30), ("−30", -30), (" 07 ", 7)],
)
def test_reads_vietnamese_and_plain_numbers(text, value):
    assert read_figure(text) == Fraction(value)


@pytest.mark.parametrize("text", ["", "1.413", "12.345", "1,2,3", "1.23.4", "1e5", "5%", "năm", "1/2", "--1", "٣", "1 413"])
def test_refuses_what_is_no_number_or_two(text):
    assert read_figure(text) is None


def test_a_dot_before_three_digits_is_doubtful_unless_it_counts_something():
    assert is_doubtful("1.413") and not is_doubtful("1413") and not is_doubtful("10.5")
    assert read_count("1.413") == 1413


@pytest.mark.parametrize("text", ["150/1413", "150/1.413", " 150 / 1.413 "])
def test_reads_a_share_with_its_counts(text):
    assert read_share(text) == Share(Fraction(150), Fraction(1413))


@pytest.mark.parametrize("text", ["150", "150/0", "150/-3", "a/b", "1/2/3", "1/"])
def test_refuses_what_is_no_share(text):
    assert read_share(text) is None
