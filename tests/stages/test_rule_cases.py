"""Cases that people who know the law wrote down come out as they say; a case that does not is told."""

import pytest

from ntm_lib.rules.columns import parse
from ntm_lib.rules.sets import load_set, rule_sets
from ntm_lib.stages.rule_cases import case_faults, cases_of, judged

SET = "ntm-2021-2025"
EVERY = [(name, case) for name in rule_sets() for case in cases_of(name)]


@pytest.mark.parametrize(("name", "case"), EVERY, ids=lambda given: given if isinstance(given, str) else given["case"])
def test_a_case_is_judged_as_the_law_says(name, case):
    verdicts = judged(case, name)
    assert {str(key): verdicts[str(key)] for key in case["expect"]} == case["expect"], case["because"]


def test_there_are_cases_of_every_shape_trait_layer_amendment_and_verdict():
    """Over all sets: each kind, join and flag of an indicator, each trait that a column or a condition asks for, each layer."""
    assert len(cases_of(SET)) >= 60
    assert {verdict for _, case in EVERY for verdict in case["expect"].values()} == {
        "met",
        "unmet",
        "no-data",
        "not-applicable",
    }
    assert all(case["because"] and case["case"] for _, case in EVERY)
    every, asked, known = [], [], set()
    for name in rule_sets():
        rule_set = load_set(name)
        rows = [*rule_set.all_indicators.to_dict("records"), *rule_set.earlier.to_dict("records")]
        keys = {str(key) for case in cases_of(name) for key in case["expect"]}
        every += rows
        asked += [row for row in rows if f"{row['indicator']} {row['part']}".strip() in keys]
        known |= {
            test.trait
            for rule in rule_set.meta["column_rules"]
            if "when" in rule
            for option in parse(rule["when"])
            for test in option
        }
        known |= {
            test.trait for row in rows if row["applies_if"] for option in parse(row["applies_if"]) for test in option
        }
    for column in ("kind", "join", "both_sexes"):
        assert {row[column] for row in asked} == {row[column] for row in every}
    assert any(row["years_running"] for row in asked)
    used = {trait for _, case in EVERY for trait in case["traits"]}
    assert known - used <= {"column"}
    assert {case.get("province") for _, case in EVERY} >= {"dong-nai", "tuyen-quang", "nam-dinh"}
    changed = {row["indicator"] for name in rule_sets() for row in load_set(name).earlier.to_dict("records")}
    assert changed <= {str(key).partition(" ")[0] for _, case in EVERY for key in case["expect"]}
    assert any(key.startswith("tiêu chí") for _, case in EVERY for key in case["expect"])


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
    told = fault.in_words("vi")
    assert "15.1" in told and "unmet" in told and fault.file.endswith("cases.yml")
