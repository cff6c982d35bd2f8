"""Figures written by planners: read exactly, or refused."""

from fractions import Fraction

import pytest

from ntm_lib.text.tokens import read_figure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("47", 47),
        ("10,5", "10.5"),
        ("10.5", "10.5"),
        ("8.321,7", "8321.7"),
        ("1.234.567", 1234567),
        ("-30", -30),
        ("−30", -30),
        (" 07 ", 7),
        ("0.375", "0.375"),
        ("0,375", "0.375"),
    ],
)
def test_reads_vietnamese_and_plain_numbers(text, value):
    assert read_figure(text) == Fraction(value)


@pytest.mark.parametrize(
    "text", ["", "1.413", "12.345", "1,2,3", "1.23.4", "1e5", "5%", "năm", "1/2", "--1", "٣", "1 413"]
)
def test_refuses_what_is_no_number_or_two(text):
    assert read_figure(text) is None
