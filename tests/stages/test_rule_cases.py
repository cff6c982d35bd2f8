"""Cases that people who know the law wrote down come out as they say; a case that does not is told."""

import pytest

from ntm_lib.rules.sets import load_set
from ntm_lib.stages.rule_cases import case_faults, cases_of, judged

SET = "ntm-2021-2025"


@pytest.mark.parametrize("case", cases_of(SET), ids=lambda case: case["case"])
def test_a_case_is_judged_as_the_law_says(case):
    verdicts = judged(case, SET)
    assert {str(key): verdicts[str(key)] for key in case["expect"]} == case["expect"], case["because"]


def test_there_are_cases_of_every_kind_and_verdict():
    cases, about = cases_of(SET), load_set(SET).all_indicators.set_index(["indicator", "part"])
    asked = {str(key).partition(" ")[0] for case in cases for key in case["expect"]}
    assert len(cases) >= 60
    assert {verdict for case in cases for verdict in case["expect"].values()} == {
        "met",
        "unmet",
        "no-data",
        "not-applicable",
    }
    rows = about.reset_index()
    assert set(rows[rows["indicator"].isin(asked)]["kind"]) == set(rows["kind"])
    assert set(rows[rows["indicator"].isin(asked)]["join"]) == set(rows["join"])
    assert all(case["because"] and case["case"] for case in cases)


def test_a_case_that_comes_out_otherwise_is_a_fault(monkeypatch):
    case = {
        "case": "thử",
        "year": "2023",
        "traits": {"region": "tdmnpb"},
        "values": {"15.1": "95%"},
        "expect": {"15.1": "unmet"},
        "because": "x",
    }
    monkeypatch.setattr("ntm_lib.stages.rule_cases.cases_of", lambda rule_set: [case])
    (fault,) = case_faults(SET)
    assert "15.1" in fault.what and "unmet" in fault.what and fault.file.endswith("cases.yml")
