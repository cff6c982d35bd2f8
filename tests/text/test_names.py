"""Names written in many ways, and the ones that may be two places."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib.text.dates import find_dates, read_date
from ntm_lib.text.names import bare_key, clean_text, match_village, slug, spelling_key

VILLAGES = {"Rõm": (), "Dõm": (), "Bàu": ("Bầu",), "Nặm Kép": (), "Hùng Cường": (), "Hoá Sơn": ()}


@pytest.mark.parametrize(
    ("written", "name", "how"),
    [
        ("Nặm Kép", "Nặm Kép", "exact"),
        ("thôn Nặm Kép", "Nặm Kép", "exact"),
        ("THÔN NẶM KÉP", "Nặm Kép", "exact"),
        (unicodedata.normalize("NFD", "Nặm\u00a0Kép"), "Nặm Kép", "exact"),
        ("Bầu", "Bàu", "variant"),
        ("Hóa Sơn", "Hoá Sơn", "tone"),
        ("Rôm", "Rõm", "near"),
        ("Hùng Cưòng", "Hùng Cường", "near"),
        ("Nậm Két", "Nặm Kép", "near"),
        ("Cao Bình", "Cao Bình", "none"),
        ("Dóm", "Dõm", "near"),
    ],
)
def test_a_written_village_is_matched_and_says_how(written, name, how):
    match = match_village(written, VILLAGES)
    assert (match.name, match.how) == (name, how)
    assert match.doubtful == (how in ("near", "none"))


def test_two_candidates_are_no_match():
    match = match_village("Rom", {"Rõm": (), "Rôm": ()})
    assert (match.how, match.candidates) == ("none", ("Rõm", "Rôm"))


def test_a_number_in_a_name_tells_two_villages_apart():
    assert match_village("Ngâu 1", {"Ngâu 2": ()}).how == "none"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Hùng Mỹ", "hung-my"), ("Đắk Ơ", "dak-o"), ("Ðồng Lạc", "dong-lac"), ("Bản Tết 1", "ban-tet-1")],
)
def test_a_slug_keeps_d_and_drops_marks(name, expected):
    assert slug(name) == slug(unicodedata.normalize("NFD", name)) == expected


@pytest.mark.parametrize(("one", "other"), [("Hoá", "Hóa"), ("thuỷ lợi", "Thủy Lợi"), ("Uỷ ban", "Ủy ban")])
def test_old_and_new_tone_marks_are_one_spelling(one, other):
    assert spelling_key(one) == spelling_key(other)


def test_different_words_stay_different():
    assert spelling_key("Rõm") != spelling_key("Rôm")
    assert bare_key("Rõm") == bare_key("Rôm")


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)


def test_dates_inside_a_text_are_found():
    assert [d.value for d in find_dates("318/QĐ-TTg ngày 08/3/2022; 263/QĐ-TTg ngày 22 tháng 02 năm 2022")] == [
        "2022-03-08",
        "2022-02-22",
    ]
    assert read_date("Quý 4/2024").value == "2024-Q4"
    assert read_date("tháng 7/2023").value == "2023-07"
    assert read_date("30/02/2024") is None
