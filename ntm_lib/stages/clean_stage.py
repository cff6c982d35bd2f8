"""The first notebook's work as it is called there: check by the rules of the run, save for the second notebook."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from ntm_lib import rules
from ntm_lib.checks import check
from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.judge import in_numbers_of
from ntm_lib.judge.recognition import recognitions
from ntm_lib.parameters import Parameters
from ntm_lib.tables import as_table, write_table


def check_run(cleaned: Cleaned, run: Parameters) -> pd.DataFrame:
    """Table ``findings`` of the commune, with the thresholds of every year that its rows speak of.

    Rows numbered by another rule set than the run's are checked as what they are in this one.
    """
    rule_set, commune = rules.load_set(run.rule_set), rules.load_commune(run.commune)
    first, last = rule_set.meta["years"]
    years = sorted(y for y in cleaned.observations["year"].unique().tolist() if first <= y <= last)
    thresholds = [rules.resolve(rule_set, commune, y, run.region or None, run.language) for y in years]
    by_year = pd.concat(thresholds, ignore_index=True) if thresholds else None
    renumbered = replace(cleaned, observations=in_numbers_of(cleaned.observations, run.rule_set, run.language))
    return check(renumbered, commune, rule_set.all_indicators, run.language, by_year, run.year, cleaned.observations)


def save(cleaned: Cleaned, findings: pd.DataFrame, folder: Path) -> None:
    """Writes observations, rejects, works, funding, findings and recognitions into ``folder``.

    The observations of a commune formed from others begin with what its predecessors' add up to.
    """
    for name in ("rejects", "works", "funding"):
        write_table(name, getattr(cleaned, name), folder)
    history = [] if cleaned.history is None else cleaned.history.to_dict("records")
    write_table(
        "observations",
        as_table("observations", [*history, *cleaned.observations.to_dict("records")])
        if history
        else cleaned.observations,
        folder,
    )
    write_table("findings", findings, folder)
    write_table("recognitions", recognitions(cleaned.observations, cleaned.decisions), folder)
