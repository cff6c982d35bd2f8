"""commune.yml: the code is a text, traits are of those known, and faults are told together."""

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.rules import load_commune, trait

GOOD = 'code: 02314\nslug: thu\nname: Thử\nprovince: Tuyên Quang\nprovince_slug: tuyen-quang\ntraits:\n'


def _write(broken, text):
    folder = broken.parent / "communes" / "thu"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "commune.yml").write_text(text, encoding="utf-8")


def test_a_code_keeps_its_zero_even_without_quotes(broken):
    _write(broken, GOOD + "  - {trait: area, value: null}\n")
    assert load_commune("thu")["code"] == "02314"


def test_all_faults_are_told_together(broken):
    _write(broken, 'code: 2314\nslug: khac\nname: Thử\nprovince: A\nprovince_slug: a\ntraits:\n'
           "  - {trait: area, value: IV}\n  - {trait: climate, value: dry}\n  - {trait: atk, value: no, from: 1/3/2024}\n")
    with pytest.raises(NtmError) as error:
        load_commune("thu")
    for words in ("5 chữ số", 'thư mục là "thu"', '"IV"', '"climate"', "2024-03-01"):
        assert words in error.value.message


@pytest.mark.parametrize("slug", ["../../etc", "x; touch y", "", "hung_my", "khong-co"])
def test_a_commune_that_is_none_is_refused_with_those_that_exist(slug):
    with pytest.raises(NtmError, match="hung-my"):
        load_commune(slug)


def test_a_trait_is_what_its_last_entry_on_the_day_says():
    entries = {"traits": [{"trait": "area", "value": "II"}, {"trait": "area", "value": "I", "from": "2024-01-01"},
                          {"trait": "atk", "value": True}, {"trait": "group", "value": None}]}
    assert trait(entries, "area", "2023-12-31") == "II"
    assert trait(entries, "area", "2024-01-01") == "I"
    assert trait(entries, "atk", "2024-01-01") == "yes"
    assert trait(entries, "group", "2024-01-01") is None
    assert trait({}, "area", "2024-01-01") is None


def test_hung_my_is_of_the_northern_mountains():
    commune = load_commune("hung-my")
    assert commune["code"] == "02314"
    assert trait(commune, "region", "2024-12-31") == "tdmnpb"
