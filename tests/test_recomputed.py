"""Every verdict of every commune, made once more by a few lines that know nothing of the library's way to it.

Read from the processed tables as a reviewer would: the value compared, the row of the rules' own CSV
file that holds for the column and the year, and exact fractions.
"""

import csv
import operator
from fractions import Fraction
from functools import cache

import pytest

from ntm_lib import intake, parameters, paths, rules
from ntm_lib.status.history import judge_history
from ntm_lib.tables import records

SET = "ntm-2021-2025"
COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
UPWARDS = (">=", ">")


@cache
def tables(commune: str):
    year = max((y for y in parameters.years_judged(commune) if 2021 <= y <= 2025), default=2024)
    rule_set = rules.load_set(SET)
    observations = intake.clean(intake.read_commune(commune), "vi", rule_set.indicators).observations
    history = judge_history(observations, rule_set, rules.load_commune(commune), year)
    return records(history.indicators), records(history.criteria), rules.load_commune(commune)


@cache
def rule_rows(province: str) -> tuple[dict, ...]:
    files = [paths.rules_folder() / SET / "thresholds.csv", paths.rules_folder() / "provinces" / province / f"{SET}.csv"]
    return tuple(row for path in files if path.is_file() for row in csv.DictReader(path.open(encoding="utf-8")))


def asked(row: dict, province: str) -> tuple[str, str]:
    """Operator and threshold: the nation's (or ministry's), or the province's where it asks for more."""
    whole = (row["indicator"], row["part"]) if row["indicator"] != "17.8" else ("17.8", "")  # its parts share one
    day = f"{row['year']}-12-31"
    found = [
        r for r in rule_rows(province)
        if (r["indicator"], r["part"], r["column"]) == (*whole, row["column"]) and r["valid_from"] <= day <= r["valid_to"] and r["threshold"]
    ]  # fmt: skip
    found.sort(key=lambda r: Fraction(r["threshold"]) if r["threshold"].replace(".", "").isdigit() else 0, reverse=found[0]["operator"] in UPWARDS)
    return found[0]["operator"], found[0]["threshold"]


def numeric(rows: list[dict]) -> list[dict]:
    """Rows judged by a number."""
    return [r for r in rows if r["basis"] in ("measured", "planned") and r["verdict"] in ("met", "unmet") and r["value"][:1].isdigit()]


@pytest.mark.parametrize("commune", parameters.communes())
def test_each_verdict_by_a_number_is_what_the_number_and_the_rule_s_own_row_say(commune):
    indicators, _, about = tables(commune)
    for row in numeric(indicators):
        sign, threshold = asked(row, about["province_slug"])
        assert (row["operator"], row["threshold"]) == (sign, threshold)
        has_counts = row["numerator"] and row["denominator"]
        value = Fraction(row["numerator"]) * 100 / Fraction(row["denominator"]) if has_counts else Fraction(row["value"])
        met = COMPARE[sign](value, Fraction(threshold))
        if row["bound"] in UPWARDS and sign in UPWARDS or row["bound"] in ("<", "<=") and sign not in UPWARDS:
            met = met or value == Fraction(threshold)  # more than 90 is at least and more than 90
        assert row["verdict"] == ("met" if met else "unmet"), row
        for margin in filter(None, (row["margin"], row["margin_count"])):
            assert (Fraction(margin) >= 0) == met or Fraction(margin) == 0, row


@pytest.mark.parametrize("commune", parameters.communes())
def test_the_column_is_that_of_the_region_unless_a_trait_names_another(commune):
    indicators, _, about = tables(commune)
    known = {entry["trait"]: entry["value"] for entry in about["traits"]}
    special = known.get("area") in ("II", "III") or "yes" in (known.get("coastal"), known.get("atk"))
    assert {r["column"] for r in indicators} <= {known["region"], *(["tdmnpb"] if special else [])}


@pytest.mark.parametrize("commune", parameters.communes())
def test_each_criterion_is_what_its_indicators_and_the_declaration_say(commune):
    indicators, criteria, _ = tables(commune)
    for criterion in criteria:
        own = [r for r in indicators if (r["year"], r["criterion"], r["part"]) == (criterion["year"], criterion["criterion"], "")]
        verdicts = [r["verdict"] for r in own if r["verdict"] != "not-applicable"]
        if "unmet" in verdicts:
            expected = "unmet"
        elif verdicts and set(verdicts) == {"met"}:
            expected = "met"
        else:
            expected = criterion["declared"] or "no-data"
        assert criterion["verdict"] == expected
        assert criterion["basis"] == "declared" or expected == "no-data" or verdicts
        if criterion["basis"] == "measured":
            assert {r["basis"] for r in own if r["verdict"] == expected} == {"measured"}


def test_there_is_something_to_recompute():
    assert sum(len(numeric(tables(commune)[0])) for commune in parameters.communes()) >= 25
