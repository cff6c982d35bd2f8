"""Every text exists in both languages, and the translations keep the places for figures."""

from pathlib import Path

import pytest

from ntm_lib import language

ROOT = Path(__file__).resolve().parent.parent


def test_numbers_and_dates_follow_the_language():
    assert language.number("8321.7", "vi") == "8.321,7"
    assert language.number("8321.7", "en") == "8,321.7"
    assert language.percent("12.1727", "vi") == "12,17%"
    assert language.percent("12.1727", "en") == "12.17%"
    assert language.date("2024-02-05", "vi") == "05/02/2024"
    assert language.number("-0.5", "vi", 1) == "−0,5"


def test_vietnamese_sorts_as_in_a_dictionary():
    words = ["đá", "da", "dê", "đa", "ơn", "ôn", "on", "Dõm", "Đình", "Rõm", "Rôm"]
    assert sorted(words, key=language.collation_key) == [
        "da",
        "dê",
        "Dõm",
        "đa",
        "đá",
        "Đình",
        "on",
        "ôn",
        "ơn",
        "Rõm",
        "Rôm",
    ]


def test_a_date_of_which_the_day_is_not_known():
    assert (language.date("2023-07", "vi"), language.date("2023-07", "en")) == ("tháng 7/2023", "July 2023")
    assert (language.date("2019", "vi"), language.date("2019", "en")) == ("2019", "2019")
    with pytest.raises(ValueError):
        language.date("hôm qua", "vi")


def test_a_unit_stands_behind_its_number_a_percent_sign_at_it():
    assert [language.amount(value, unit, "vi") for value, unit in ((1413, "hộ"), ("9.5", "%/năm"), (3, ""))] == [
        "1.413 hộ",
        "9,5%/năm",
        "3",
    ]
    assert language.amount("9.5", "%/năm", "en").startswith("9.5%")
