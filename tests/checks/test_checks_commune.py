"""commune.yml against the registry: code, name, province, region."""

from types import SimpleNamespace

import pytest

from ntm_lib import parameters, paths, rules, tables
from ntm_lib.checks.common import Context
from ntm_lib.checks.commune import check_commune_file, check_profile, check_region, check_trait_ended_by_recognition
from ntm_lib.places import registry
from ntm_lib.tables import as_table
from ntm_lib.wording.problem_words import worded


def found(commune: dict) -> list[dict]:
    context = Context(None, commune, None, None, "vi")
    rows = [
        finding.as_row() for finding in (*check_commune_file(context), *check_region(context), *check_profile(context))
    ]
    return worded(as_table("findings", rows), "vi").to_dict("records")


@pytest.fixture
def hung_my() -> dict:
    return dict(rules.load_commune("hung-my"))


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({}, None, ""),
        ({"code": "99999"}, "commune-code", "không có trong danh mục"),
        ({"code": "02320"}, "commune-code", "không phải của Hùng Mỹ"),
        ({"code": "99999", "code_note": "sáp nhập năm 2019"}, None, ""),
        ({"province": "Cà Mau"}, "commune-province", "ghi tỉnh Cà Mau"),
        ({"traits": [{"trait": "region", "value": "dbscl"}]}, "commune-region", "Đồng bằng sông Cửu Long"),
        ({"traits": [{"trait": "region", "value": None}]}, None, ""),
        (
            {"profile": {n: {"value": v, "year": 2024} for n, v in (("population", 612), ("households", 1413))}},
            "commune-profile",
            "612 người nhưng 1.413 hộ",
        ),
    ],
)
def test_what_the_registry_says_otherwise_is_a_finding(hung_my, changes, code, words):
    findings = found(hung_my | changes)
    assert [f["code"] for f in findings] == ([code] if code else [])
    assert all(
        words in f["message"] and f["action"] and f["file"] == "communes/hung-my/commune.yml" and f["row"]
        for f in findings
    )


@pytest.mark.parametrize(
    ("area", "end", "recognised", "asked"),
    [
        ("III", None, {"date": "2022-11-15"}, True),
        ("II", None, {"date": "2020-11-15", "level": "nang-cao"}, True),
        ("III", "2022-11-14", {"date": "2022-11-15"}, False),
        ("I", None, {"date": "2022-11-15"}, False),
        ("III", None, {"date": "2025-02-01"}, False),
        ("III", None, {"date": "2022-11-15", "withdrawn_on": "2024-05-01"}, False),
        ("III", None, {}, False),
    ],
)
def test_a_recognised_commune_of_area_two_or_three_is_asked_when_that_ended(hung_my, area, end, recognised, asked):
    decision = {"observation": "C1", "level": "ntm", "number": "12/QĐ-UBND", "withdrawn_on": ""} | recognised
    cleaned = SimpleNamespace(observations=tables.empty("observations"), decisions=(decision,) if recognised else ())
    traits = [{"trait": "area", "value": area, "from": "2021-06-04", "to": end}]
    context = Context(cleaned, hung_my | {"traits": traits}, None, None, "vi", 2024)
    rows = [finding.as_row() for finding in check_trait_ended_by_recognition(context)]
    told = worded(as_table("findings", rows), "vi").to_dict("records")
    assert [row["code"] for row in told] == ["trait-ended"] * asked
    assert all(f"khu vực {area}" in row["message"] and "861/QĐ-TTg" in row["message"] for row in told)


def test_a_commune_of_today_has_the_region_of_those_it_was_made_of():
    assert (
        registry.regions_of(registry.of_code("02308")) == registry.regions_of(registry.of_code("02314")) == {"tdmnpb"}
    )


def test_the_communes_at_hand_agree_with_the_registry():
    assert [(slug, f["message"]) for slug in parameters.communes() for f in found(rules.load_commune(slug))] == []


def test_every_province_before_the_reorganisation_has_one_region():
    from ntm_lib.places import registry
    from ntm_lib.rules.files import read_yaml

    listed = [code for codes in read_yaml(paths.rules_folder() / "regions.yml").values() for code in codes]
    assert sorted(listed) == sorted({unit.province_code for unit in registry.units() if unit.valid_to})
