"""commune.yml against the registry: code, name, province, region."""

import pytest

from ntm_lib import parameters, paths, rules
from ntm_lib.checks.common import Context
from ntm_lib.checks.commune import check_commune_file, check_profile, check_region
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
