"""The checks on the plan of Hùng Mỹ: every fault that lies in its data is found, and no claim that holds is doubted."""

import pandas as pd
import pytest

from ntm_lib import parameters, rules
from ntm_lib.checks import check
from ntm_lib.intake import clean, read_commune, stop_on_rejects
from ntm_lib.stages.clean_stage import check_run
from ntm_lib.wording.problem_words import list_findings, worded


@pytest.fixture(scope="module")
def cleaned():
    return clean(read_commune("hung-my"), indicators=rules.load_set("ntm-2021-2025").indicators)


@pytest.fixture(scope="module")
def findings(cleaned):
    rule_set, commune = rules.load_set("ntm-2021-2025"), rules.load_commune("hung-my")
    thresholds = pd.concat([rules.resolve(rule_set, commune, year) for year in (2023, 2024)])
    return worded(check(cleaned, commune, rule_set.indicators, thresholds=thresholds), "vi")


def messages(findings, code):
    return findings.loc[findings["code"] == code, "message"].tolist()


def test_every_row_is_read(cleaned):
    assert cleaned.rejects.empty
    stop_on_rejects(cleaned)
    facts = {f"HM{n:03d}" for n in range(1, 187)}
    assert facts <= set(cleaned.observations["observation"])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("numbering", ["2.14 dùng hai lần"]),
        ("numbering", ["II.4", "II.5"]),
        ("numbering", ["4.1 nằm trong mục 5", "Không có mục 4.2"]),
        ("numbering", ["III.1.5"]),
        ("numbering", ["IV.3"]),
        ("numbering", ["IV.5"]),
        ("numbering", ["17.3 đứng sau mục 17.5"]),
        ("criteria-covered", ["tiêu chí 7."]),
        ("criteria-covered", ["tiêu chí 12."]),
        ("criteria-covered", ["tiêu chí 15."]),
        ("annex-gap", ["Biểu 04"]),
        ("annex-spelling", ["Biểu số 02", "biểu 03", "biểu số 07"]),
        ("wrong-indicator", ["17.8", "767/878 hộ chăn nuôi", "17.9"]),
        ("wrong-indicator", ["17.8", "60 hộ", "17.9"]),
        ("part-missing", ["17.8", "thiết bị chứa nước"]),
        ("denominator", ["1.411", "1.413", "vietnamnet"]),
        ("list-count", ["Ghi 8 tiêu chí", "nêu tên 7"]),
        ("village-count", ["12 thôn", "có 9"]),
        ("mixed-grouping", ["1413", "1.137"]),
        ("mixed-precision", ["15,30 ha", "9,0 ha", "12 ha"]),
        ("mixed-unit", ["tr.đồng", "triệu đồng"]),
        ("mixed-unit", ["3,5km", "0,51 km"]),
        ("latex", ["geq 83", "≥ 83%"]),
        ("operator", [">90%", "≥"]),
        ("village", ["Rôm", "Rõm"]),
        ("village-alike", ["Rõm", "Dõm"]),
        ("village-as-place", ["Bàu", "Rõm"]),
        ("tone-mark", ["hoá", "hóa"]),
        ("mixed-term", ["Thủ tướng Chính Phủ", "Thủ Tướng Chính phủ"]),
        ("mixed-term", ["PTDTBT THCS", "Bán trú THCS"]),
        ("mixed-term", ["CTMTQG", "CT MTQG"]),
        ("mixed-term", ["vùng DTTS", "vùng đồng bào DTTS"]),
        ("term", ["Giao thôn"]),
        ("term", ["Phân đầu", "134, 152"]),
        ("term", ["đại bàn"]),
        ("term", ["phòng trào"]),
        ("term", ["kiểm chế"]),
        ("term", ["bản, áp"]),
        ("term", ["BCD", "198, 264, 266, 268, 281"]),
        ("base-missing", ["49 triệu đồng/người/năm"]),
        ("figures-missing", ["12.1", "12.2"]),
        ("figures-missing", ["15.1"]),
        ("figures-missing", ["17.1, "]),
        ("value-missing", ["Tỷ lệ hộ nghèo đa chiều cuối năm 2024"]),
        ("parts-no-total", ["= 7 loa"]),
        ("works-no-cost", ["44/44"]),
        ("no-person", ["1, 2, 3"]),
        ("no-date", ["HM089", "HM112"]),
        ("mixed-date", ["08/3/2022"]),
    ],
)
def test_a_known_fault_is_found(findings, code, words):
    assert any(all(word in message for word in words) for message in messages(findings, code)), messages(findings, code)


@pytest.mark.parametrize(
    "code",
    [
        "share",
        "parts",
        "funding-sum",
        "over-100",
        "negative",
        "target-worse",
        "two-values",
        "unknown-indicator",
        "ambiguous",
        "jump",
    ],
)
def test_no_claim_that_holds_is_doubted(findings, code):
    assert messages(findings, code) == []


def test_nineteen_of_nineteen_and_none_unmet_hold(findings):
    doubted = findings[(findings["code"] == "list-count") & (findings["year"] == 2023)]
    assert doubted.empty


def test_only_what_is_wrong_is_called_an_error(findings):
    errors = findings[(findings["severity"] == "error") & (findings["answer"] == "")]
    assert errors["code"].tolist() == ["list-count"]


def test_the_pens_are_answered_by_their_correction(findings):
    pens = findings[findings["code"] == "wrong-indicator"]
    assert pens["answer"].tolist() == ["corrected", "corrected"]


def test_every_finding_has_a_place_a_message_and_an_action(findings):
    placed = findings[findings["code"] != "not-checked"]
    assert (placed["file"] != "").all()
    assert (findings["message"] != "").all() and (findings["action"] != "").all()
    assert findings["finding"].map(str.isascii).all()


def test_the_listing_is_text_a_person_can_follow(findings):
    text = list_findings(findings)
    assert "communes/hung-my/results.csv, dòng" in text
    assert text.index("SAI") < text.index("CẦN XEM  ") < text.index("LƯU Ý  ")
    assert len(text.splitlines()) < 70


def test_all_of_one_kind_is_listed_in_full_when_asked_for(findings):
    """What the listing folds, FIND shows: every finding of the kind, with its place, id and remedy."""
    short, full = list_findings(findings), list_findings(findings, find="base-missing")
    assert "[plan.csv, base-missing]" in short and "… và" in short
    held = findings[findings["code"] == "base-missing"]
    assert len(held) > 3 and all(row.finding in full and row.message in full for row in held.itertuples())


def test_every_open_kind_is_named_in_the_listing(findings):
    text = list_findings(findings)
    kinds = {row.code for row in findings.itertuples() if not row.answer and row.code != "not-checked"}
    assert all(f"{kind}]" in text or f"{kind}:" in text for kind in kinds)


@pytest.mark.parametrize("name", ["ntm-nang-cao-2021-2025", "ntm-kieu-mau-2021-2025", "ntm-2026-2030"])
def test_rows_of_another_rule_set_are_no_unknown_indicators(name):
    """The figures of 2023 and 2024 are numbered by the basic set; the run judges them by another, through the crosswalk."""
    cleaned = clean(read_commune("hung-my"))
    findings = check_run(cleaned, parameters.check({"COMMUNE": "hung-my", "RULES": name}))
    assert "unknown-indicator" not in set(findings["code"])
    assert findings[findings["severity"] == "error"]["code"].tolist() == [
        "list-count"
    ]  # counted by its own criteria, under any set
    known = set(rules.load_set(name).all_indicators["indicator"])
    assert set(findings["indicator"]) - {""} <= known
