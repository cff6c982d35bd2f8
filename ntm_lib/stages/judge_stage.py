"""The second notebook's work: judge the run's observations, and, under a scenario, what it would change."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ntm_lib import rules, tables
from ntm_lib.judge.history import History, judge_history, turned
from ntm_lib.judge.recognition import conclude
from ntm_lib.parameters import Parameters
from ntm_lib.plan.needs import needs, wholes_of
from ntm_lib.plan.scenario import apply_scenario, judged_by
from ntm_lib.plan.scenario_file import read_scenario
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.plan.villages import village_needs
from ntm_lib.plan.works import debt_facts, debts
from ntm_lib.rules.crosswalk import mapping


def judge_run(run: Parameters, folder: Path) -> None:
    """Reads ``observations`` of ``folder`` and writes all that is concluded of them: thresholds, indicators, criteria,
    changes, decisive, turned, counts, summary, conditions, risks, needs, village_needs and debts.

    Under a scenario the tables are those of the scenario; ``turned`` says which verdicts differ from
    the run without it. Raises NtmError for a scenario that does not fit the commune or the rules.
    """
    names = ("observations", "works", "recognitions", "villages")
    observations, works, known, villages = (tables.read_table(name, folder) for name in names)
    real = _judge(observations, run)
    judged, under, changed = real, run, tables.empty("turned")
    scenario = read_scenario(run.commune, run.scenario, run.rule_set, run.language)
    if scenario is not None:
        judged, under = _assume(observations, works, scenario, run)
        changed = turned(real, judged, under.year, _same_indicators(run.rule_set, under.rule_set))
    meta, province = rules.load_set(under.rule_set).meta, rules.load_commune(run.commune).get("province_slug") or ""
    concluded = conclude(
        judged, observations, meta, under.rule_set, lambda year: debt_facts(works, year), known, run.strict, province
    )
    judged_tables = {
        name: getattr(judged, name) for name in ("thresholds", "indicators", "criteria", "changes", "decisive")
    }
    planned = {"needs": _needs(judged, under)}
    planned["village_needs"] = village_needs(planned["needs"], observations, list(villages["village"]))
    planned["debts"] = debts(works, judged.criteria["year"].unique().tolist())
    for name, table in (judged_tables | concluded | planned | {"turned": changed}).items():
        tables.write_table(name, table, folder)
    tables.write_package(run.run_name, folder)


def needs_by_village(observations: pd.DataFrame, register: Sequence[str], run: Parameters) -> pd.DataFrame:
    """Table ``village_needs`` of observations, without a report: for the forms that the villages get."""
    return village_needs(_needs(_judge(observations, run), run), observations, register)


def _needs(judged: History, run: Parameters) -> pd.DataFrame:
    """What the year of the run takes, by its thresholds and those of every later year that the rule set covers."""
    rule_set, commune = rules.load_set(run.rule_set), rules.load_commune(run.commune)
    later = [
        rules.resolve(rule_set, commune, year, run.region or None, run.language, run.strict)
        for year in range(run.year + 1, int(rule_set.meta["years"][1]) + 1)
    ]
    indicators, thresholds = (table[table["year"] == run.year] for table in (judged.indicators, judged.thresholds))
    coming = pd.concat(later, ignore_index=True) if later else tables.empty("thresholds")
    return needs(indicators, thresholds, coming, wholes_of(commune))


def _judge(observations: pd.DataFrame, run: Parameters) -> History:
    commune = rules.load_commune(run.commune)
    return judge_history(
        observations, rules.load_set(run.rule_set), commune, run.year, run.region, run.language, run.strict
    )


def _assume(
    observations: pd.DataFrame, works: pd.DataFrame, scenario: Scenario, run: Parameters
) -> tuple[History, Parameters]:
    rule_set, region, year = judged_by(scenario, run.rule_set, run.region, run.year)
    under = replace(run, rule_set=rule_set, region=region, year=year)
    thresholds = rules.resolve(
        rules.load_set(rule_set), rules.load_commune(run.commune), year, region or None, run.language, run.strict
    )
    assumed = apply_scenario(observations, works, scenario, year, rule_set, thresholds, run.language)
    return _judge(assumed, under), under


def _same_indicators(real: str, assumed: str) -> dict[tuple[str, str], tuple[str, str]] | None:
    """Number in the scenario's rule set → number in the run's, for what the crosswalk calls the same; None for one set."""
    if real == assumed:
        return None
    return {(e["indicator"], e["part"]): key for key, e in mapping(real, assumed).items() if e["relation"] == "same"}
