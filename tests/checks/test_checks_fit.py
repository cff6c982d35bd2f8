"""A figure that does not fit its indicator is a finding: exactly those that status will not compare."""

import pytest

from ntm_lib import rules
from ntm_lib.checks import check
from ntm_lib.judge.observations import index_rows
from ntm_lib.judge.one_rule import judge_rule
from ntm_lib.tables import records
from ntm_lib.wording.problem_words import worded
from tests.checks.checked import checked, cleaned_of, of, thresholds_of

TEXTS = (
    "12/05/2024", "31/12/2023", "1.198 hộ", "74 hộ", "6 thôn", "5,6 km", "90,3%", "100%", "1.276/1.413 hộ", "đạt", "chưa đạt", "không áp dụng", "không", "có",
    "4,1 triệu đồng/người/tháng", "47,5 triệu đồng/người/năm", "47,5", "45 triệu đồng/năm", "mức độ 3", "khá", "hoàn thành tốt nhiệm vụ", "2,5 m2/người", "0",
)  # fmt: skip


def test_a_finding_is_made_exactly_where_status_compares_nothing(folder):
    """Every kind of text under every indicator: what the report would call «not of the same kind» is told by the check."""
    cleaned_of(folder, {})  # the rules are in place
    asked = {
        (r["indicator"], r["part"]): r for r in records(thresholds_of()) if r["applies"] == "yes" and r["threshold"]
    }
    rows = [of(i + p, text, id=f"{i}{p}-{n}") for i, p in asked for n, text in enumerate(TEXTS)]
    cleaned = cleaned_of(folder, {"results.csv": rows})
    indicators = rules.load_set("ntm-2021-2025").all_indicators
    findings = worded(check(cleaned, {}, indicators, "vi", thresholds_of()), "vi")
    found = {
        row.observation
        for row in findings[findings["code"] == "misfit"].itertuples()
        if "lời công bố" not in row.message
    }
    silent = set()
    for row in records(cleaned.observations):
        verdict = judge_rule(asked[row["indicator"], row["part"]] | {"years_running": ""}, index_rows([row]), 2024)
        silent |= {row["observation"]} if verdict.reason in ("unit", "conflict") else set()
    assert found == silent and len(found) > 300


CASES = [
    ("11.1", "12/05/2024", "error", "là ngày tháng"),
    ("17.8a", "1.198 hộ", "warning", "số đếm không có tổng"),
    ("2.1", "15,9 km", "warning", "số đếm không có tổng"),
    ("19.2", "100%", "warning", "cần Đạt hoặc Chưa đạt"),
    ("11.1", "đạt", "warning", "lời công bố"),
]


@pytest.mark.parametrize(("indicator", "text", "severity", "words"), CASES)
def test_the_finding_says_what_was_read_and_what_is_asked(folder, indicator, text, severity, words):
    finding = checked(folder, {"results.csv": [of(indicator, text)]}, "misfit").iloc[0]
    assert (finding.severity, finding.file, finding.row, finding.year) == (
        severity,
        "communes/thu/results.csv",
        "2",
        2024,
    )
    assert text in finding.message and words in finding.message and indicator in finding.message and finding.action


def test_a_target_is_asked_the_same_and_a_village_or_a_part_is_not(folder):
    plan = of("11.1", "giảm còn 172 hộ", kind="target", base_year="", part_of="")
    assert len(checked(folder, {"plan.csv": [plan]}, "misfit")) == 1
    villages = [of("17.8a", "90 hộ", village="Đình"), of("17.8a", "90 hộ", id="R2", kind="other")]
    assert checked(folder, {"results.csv": villages}, "misfit").empty


UNITS = {"17.8a": "hộ", "16.1": "thôn", "15.1": "người", "2.1": "km"}


@pytest.mark.parametrize("indicator", UNITS)
@pytest.mark.parametrize("unit", ["hộ", "thôn", "người", "km", "nhân khẩu", "bản"])
def test_a_share_counts_what_its_indicator_counts(folder, indicator, unit):
    alike = {"nhân khẩu": "người", "bản": "thôn"}
    told = checked(folder, {"results.csv": [of(indicator, f"11/12 {unit}")]}, "counted")
    assert len(told) == (alike.get(unit, unit) != UNITS[indicator])


def test_pens_of_households_are_those_of_producers(folder):
    assert checked(folder, {"results.csv": [of("17.9", "767/878 hộ chăn nuôi")]}, "counted").empty


DATED = {
    "a village": {"results.csv": [of("17.8a", "12/05/2024", village="Đình")]},
    "a criterion": {"results.csv": [of("17.8a", "12/05/2024") | {"indicator": "", "part": ""}]},
    "a work": {"works.csv": [{"id": "W", "year": "2024", "criterion": "2", "item": "đường", "quantity": "12/05/2024"}]},
    "households": {"villages.csv": [{"id": "V", "village": "Đình", "households": "12/05/2024"}]},
}


@pytest.mark.parametrize("place", DATED)
def test_a_date_is_found_wherever_a_number_is_meant(folder, place):
    found = checked(folder, DATED[place], "misfit")
    assert found.severity.tolist() == ["error"] and "12/05/2024" in found.iloc[0].message
    other = {
        "results.csv": [
            of("17.8a", "12/05/2024", kind="other") | {"indicator": "", "part": "", "item": "Ngày công nhận"}
        ]
    }
    assert checked(folder, other, "misfit").empty
