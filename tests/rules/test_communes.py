"""commune.yml: the code is a text, traits are of those known, and faults are told together."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.rules import load_commune, trait
from ntm_lib.rules.communes import facts

GOOD = "code: 02314\nslug: thu\nname: Thử\nprovince: Tuyên Quang\nprovince_slug: tuyen-quang\ntraits:\n"


def _write(broken, text):
    folder = broken.parent / "communes" / "thu"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "commune.yml").write_text(text, encoding="utf-8")


def test_a_code_keeps_its_zero_even_without_quotes(broken):
    _write(broken, GOOD + "  - {trait: area, value: null}\n")
    assert load_commune("thu")["code"] == "02314"


def test_all_faults_are_told_together(broken):
    _write(
        broken,
        "code: 2314\nslug: khac\nname: Thử\nprovince: A\nprovince_slug: a\ntraits:\n"
        "  - {trait: area, value: IV}\n  - {trait: climate, value: dry}\n  - {trait: atk, value: no, from: 1/3/2024}\n",
    )
    with pytest.raises(NtmError) as error:
        load_commune("thu")
    for words in ("5 chữ số", 'thư mục là "thu"', '"IV"', '"climate"', "2024-03-01"):
        assert words in error.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  - {trait: region, value: btb}\n  - {trait: region, value: tn}\n", '"btb" và "tn"'),
        ("  - {trait: area, value: 1}\n", '"1"'),
        ("  - {trait: area, value: I}\nprovince_slgu: tn\n", '"province_slgu"'),
        ("  - {trait: area, value: I}\nprofile: {household: {value: 5}}\n", '"household"'),
        ("  - {trait: area, value: I}\nprofile: {households: {value: 0}}\n", "null"),
    ],
)
def test_what_would_be_lost_or_chosen_by_chance_is_refused(broken, text, words):
    _write(broken, GOOD + text)
    with pytest.raises(NtmError, match=re.escape(words)):
        load_commune("thu")


def test_a_value_from_a_later_day_takes_the_place_of_the_first(broken):
    _write(broken, GOOD + "  - {trait: area, value: I}\n  - {trait: area, value: II, from: 2024-01-01}\n")
    assert [trait(load_commune("thu"), "area", day) for day in ("2023-12-31", "2024-12-31")] == ["I", "II"]


@pytest.mark.parametrize("slug", ["../../etc", "x; touch y", "", "hung_my", "khong-co"])
def test_a_commune_that_is_none_is_refused_with_those_that_exist(slug):
    with pytest.raises(NtmError, match="hung-my"):
        load_commune(slug)


def test_a_trait_is_what_its_last_entry_on_the_day_says():
    entries = {
        "traits": [
            {"trait": "area", "value": "II"},
            {"trait": "area", "value": "I", "from": "2024-01-01"},
            {"trait": "atk", "value": True},
            {"trait": "group", "value": None},
        ]
    }
    assert trait(entries, "area", "2023-12-31") == "II"
    assert trait(entries, "area", "2024-01-01") == "I"
    assert trait(entries, "atk", "2024-01-01") == "yes"
    assert trait(entries, "group", "2024-01-01") is None
    assert trait({}, "area", "2024-01-01") is None


def test_hung_my_is_of_the_northern_mountains():
    commune = load_commune("hung-my")
    assert commune["code"] == "02314"
    assert trait(commune, "region", "2024-12-31") == "tdmnpb"


WHOLE = (
    GOOD
    + "  - {trait: region, value: tdmnpb, from: 2021-01-01, to: null}\nprofile:\n  households: {value: 1413, year: 2023, document: d}\nmerged_into: null\n"
)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("value: 1413", "value: 1.466 hộ", 9, "value: 1466"),
        ("value: 1413", "value: 1.466", 9, "value: 1466"),
        ("value: 1413", "value: 1,466", 9, "chỉ ghi chữ số"),
        ("value: 1413", "value: khoảng một nghìn", 9, "chỉ ghi chữ số"),
        ("value: 1413", "value: -5", 9, "chỉ ghi chữ số"),
        ("value: 1413", "value: [1]", 9, "chỉ ghi chữ số"),
        ("{value: 1413, year: 2023, document: d}", "1413", 9, "{value: 1466, year: 2024"),
        ("year: 2023", "year: x", 9, "bốn chữ số"),
        ("households: {value: 1413, year: 2023, document: d}", "- 1", 9, "các mục con"),
        ("  - {trait: region, value: tdmnpb, from: 2021-01-01, to: null}", "  true", 7, "danh sách"),
        ("  - {trait: region, value: tdmnpb, from: 2021-01-01, to: null}", "  - region", 7, "mỗi đặc điểm"),
        ("trait: region", "trait: [a]", 7, "mỗi đặc điểm"),
        ("trait: region, value: tdmnpb", "trait: schools, value: ²", 7, "một số nguyên"),
        ("value: tdmnpb", "value: {a: b}", 7, "region"),
        ("from: 2021-01-01", "from: 2021-02-30", 7, "ngày có trong lịch"),
        ("from: 2021-01-01", "from: 1/3/2024", 7, "ngày có trong lịch"),
        ("from: 2021-01-01", "from: !!timestamp 2024-99-99", 7, "ngày có trong lịch"),
        ("from: 2021-01-01", "from: [2021]", 7, "ngày có trong lịch"),
        ("name: Thử", "name: [Thử]", 3, "một dòng chữ"),
        ("tuyen-quang", "../../x", 5, "tên tỉnh không dấu"),
        ("merged_into: null", "merged_into: Tân Mỹ", 10, "các mục con"),
        ("merged_into: null", "merged_into: {code: 2308, name: a, date: 2025-07-01}", 10, "5 chữ số"),
        ("merged_into: null", "merged_into: {code: '02308', name: a, date: hôm qua}", 10, "ngày có trong lịch"),
        ("merged_into: null", "calendar: {holidays: 30/4}", 10, "danh sách ngày"),
        ("name: Thử", "name: Thử\nname: Khác", 4, "hai lần"),
        ("name: Thử", "name: 'Thử", 3, ""),
    ],
)
def test_a_fault_of_the_description_is_refused_with_its_line_and_a_remedy(broken, old, new, line, words):
    assert old in WHOLE
    _write(broken, WHOLE.replace(old, new, 1))
    with pytest.raises(NtmError) as error:
        load_commune("thu")
    assert "commune.yml" in error.value.message and words in error.value.message
    assert f"dòng {line}: " in error.value.message or not words


def test_what_is_right_is_read_with_its_types(broken):
    _write(
        broken,
        WHOLE.replace("value: 1413", 'value: "1413"')
        .replace("Thử", "1")
        .replace("  households", "  population: [{value: 5, year: 2024}]\n  households"),
    )
    commune = load_commune("thu")
    assert (commune["name"], commune["profile"]["households"]["value"]) == ("1", 1413)
    assert [fact["value"] for name in ("population", "households", "villages") for fact in facts(commune, name)] == [
        5,
        1413,
    ]


_words = st.sampled_from(
    [
        "null",
        "true",
        "1",
        "x",
        "'1.466 hộ'",
        "[]",
        "{}",
        "[a, {b: c}]",
        "{value: x}",
        "2024-13-01",
        '"²"',
        "!!timestamp 1",
        "&a b",
        "9" * 30,
        "é" * 3000,
    ]
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "code",
                "slug",
                "name",
                "kind",
                "district",
                "province",
                "province_slug",
                "traits",
                "profile",
                "display",
                "calendar",
                "merged_into",
            ]
        ),
        _words,
        max_size=4,
    ),
    st.dictionaries(st.sampled_from(["households", "population", "villages", "x"]), _words, max_size=2),
    st.dictionaries(st.sampled_from(["trait", "value", "from", "to"]), _words, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_description_is_read_or_refused(tmp_path_factory, top, profile, entry):
    root = tmp_path_factory.mktemp("root")
    (root / "data" / "raw").mkdir(parents=True)
    (root / "data" / "raw" / "rules").symlink_to(paths.rules_folder())
    whole = {"code": "'02314'", "slug": "thu", "name": "Thử", "province": "A", "province_slug": "a"}
    whole |= {
        "profile": "{" + ", ".join(f"{k}: {v}" for k, v in profile.items()) + "}",
        "traits": "[{" + ", ".join(f"{k}: {v}" for k, v in entry.items()) + "}]",
    } | top
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_ROOT", str(root))
        _write(root / "data" / "raw" / "rules", "".join(f"{key}: {value}\n" for key, value in whole.items()))
        try:
            commune = load_commune("thu")
        except NtmError as error:
            assert "commune.yml" in error.message and len(error.message) < 5000
            return
    assert all(isinstance(commune[key], str) for key in ("code", "slug", "name", "province", "province_slug"))
    assert all(
        isinstance(fact.get("value", 0), int | None)
        for name in ("households", "population", "villages")
        for fact in facts(commune, name)
    )
    assert trait(commune, "region", "2024-12-31") is None or isinstance(trait(commune, "region", "2024-12-31"), str)
