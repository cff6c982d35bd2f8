"""Judges the cases that people who know the law wrote down (``cases.yml`` of a rule set) and tells where a verdict is another.

A case: ``case`` (the situation), ``year``, ``traits`` of the commune, its ``province`` (slug) where the province's own
levels count, ``values`` (indicator or ``17.1 a`` → what a report writes, ``1276/1413 hộ``, ``đạt``), ``before`` (the same of the
year before), ``plan`` (what a plan aims at), ``expect`` (indicator, or ``tiêu chí 17`` → met, unmet, no-data, not-applicable)
and ``because``.
"""

from pathlib import Path
from typing import Any

from ntm_lib import paths
from ntm_lib.dictionary import TABLES
from ntm_lib.judge.criteria import criteria_rows
from ntm_lib.judge.indicators import judge_rows
from ntm_lib.judge.observations import index_rows
from ntm_lib.problems import Problem
from ntm_lib.rules.files import read_yaml
from ntm_lib.rules.resolving import resolve
from ntm_lib.rules.sets import load_set
from ntm_lib.tables import records
from ntm_lib.text.numbers import parse

BLANK = dict.fromkeys(TABLES["observations"][1], "")


def cases_of(rule_set: str) -> list[dict[str, Any]]:
    """The cases of a rule set; none where it has no such file."""
    path = paths.rules_folder() / rule_set / "cases.yml"
    return list(read_yaml(path)) if path.is_file() else []


def case_faults(rule_set: str) -> list[Problem]:
    """Cases whose verdict is not the one that is expected, as faults of cases.yml."""
    name = paths.shown(Path(paths.rules_folder()) / rule_set / "cases.yml")
    faults = []
    for number, case in enumerate(cases_of(rule_set), start=1):
        verdicts = judged(case, rule_set)
        for indicator, expected in case["expect"].items():
            found = verdicts.get(str(indicator), "")
            if found != expected:
                told = {"n": number, "case": case["case"], "indicator": str(indicator), "why": case["because"]}
                fields = told | {"expected": expected, "found": found}
                faults.append(Problem("rules-case", fields, name, column="expect"))
    return faults


def judged(case: dict[str, Any], rule_set: str) -> dict[str, str]:
    """Verdict of each indicator (``17.1 a``: of a part) and criterion (``tiêu chí 17``) in the situation of a case."""
    year, of_set = int(case["year"]), load_set(rule_set)
    traits = [{"trait": name, "value": value} for name, value in case.get("traits", {}).items()]
    rules = records(resolve(of_set, {"traits": traits, "province_slug": case.get("province", "")}, year))
    about = {" ".join(filter(None, (r["indicator"], r["part"]))): r for r in rules}
    told = [
        (key, str(text), year - (group == "before"), group == "plan")
        for group in ("values", "before", "plan")
        for key, text in case.get(group, {}).items()
    ]
    rows = [
        _observation(f"A{n}", key, text, of_year, about, aim) for n, (key, text, of_year, aim) in enumerate(told, 1)
    ]
    found = judge_rows(index_rows(rows), rules, year)
    criteria = criteria_rows(found, [], year, rule_set, [c["id"] for c in of_set.meta["criteria"]])
    verdicts = {" ".join(filter(None, (r["indicator"], r["part"]))): r["verdict"] for r in found}
    return verdicts | {f"tiêu chí {r['criterion']}": r["verdict"] for r in criteria}


def _observation(
    name: str, key: str, text: str, year: int, about: dict[str, Any], is_aim: bool = False
) -> dict[str, Any]:
    indicator, _, part = str(key).partition(" ")
    rule = about.get(str(key)) or about[indicator]
    read = parse(text, rule["unit"])
    cells = {"value": read.value, "unit": read.unit, "numerator": read.numerator, "denominator": read.denominator}
    kind = {"table": "plan", "kind": "target"} if is_aim else {"table": "results", "kind": "measured"}
    place = {"observation": name, "year": year, "criterion": rule["criterion"], **kind}
    return BLANK | place | cells | {"indicator": indicator, "part": part, "operator": read.operator, "quote": text}
