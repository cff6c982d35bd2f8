"""The first notebook's work as it is called there: check by the rules of the run, save for the second notebook."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd

from ntm_lib import paths, rules
from ntm_lib.checks import check
from ntm_lib.dictionary import TABLES
from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.intake.plan_text import plain
from ntm_lib.intake.privacy import pictures
from ntm_lib.intake.progress_rows import FINISHED
from ntm_lib.judge import in_numbers_of
from ntm_lib.judge.recognition import recognitions
from ntm_lib.parameters import Parameters
from ntm_lib.plan.progress import quantities
from ntm_lib.tables import as_table, decimal_text, records, write_table

PICTURES = "pictures"  # folder of the small pictures beside the tables


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
    more = run.year, cleaned.observations, rule_set.meta
    return check(renumbered, commune, rule_set.all_indicators, run.language, by_year, *more)


def save(cleaned: Cleaned, findings: pd.DataFrame, folder: Path, run: Parameters) -> None:
    """Writes into ``folder`` all that later notebooks know of the raw files: observations, rejects, works, funding, findings,
    recognitions, documents, sentences, notes, evidence, provisions, schedule, villages and progress.

    The observations begin with what predecessors and villages add up to.
    """
    written = {name: getattr(cleaned, name) for name in ("rejects", "works", "funding")}
    written |= {"findings": findings, "observations": known_observations(cleaned), "progress": known_progress(cleaned)}
    written["recognitions"] = recognitions(cleaned.observations, cleaned.decisions)
    written["sentences"] = as_table("sentences", _sentences(cleaned))
    cleaned = replace(cleaned, evidence=_pictured(cleaned.evidence, paths.communes_folder() / run.commune, folder))
    for name in ("documents", "notes", "evidence", "provisions", "schedule", "villages"):
        written[name] = _numbered(name, getattr(cleaned, name).rename(columns={"year": "of_year"}))
    for name, table in written.items():
        write_table(name, table, folder)


def _sentences(cleaned: Cleaned) -> list[dict[str, str]]:
    """The paragraphs of the plans, each with the rows that quote it: in the section that a row names, if any stands there."""
    quoted: dict[tuple[str, int], list[str]] = {}
    for row in records(cleaned.observations):
        said = plain(row["quote"])
        found = [s for s in cleaned.sentences if said and s.document == row["document"] and said in s.source]
        here = [s for s in found if s.section == row["section"]]
        for sentence in (here or found)[:1]:
            quoted.setdefault((sentence.document, sentence.line), []).append(row["observation"])
    return [
        {
            **{c: getattr(s, c) for c in ("document", "form", "number", "text", "criterion", "correction")},
            "line": str(s.line), "observations": ";".join(quoted.get((s.document, s.line), ())),
        }
        for s in cleaned.sentences
    ]  # fmt: skip


def _pictured(evidence: pd.DataFrame, commune: Path, folder: Path) -> pd.DataFrame:
    """The list of evidence with the small picture of each photo and scan, which is written beside the tables."""
    made = {}
    for file, data, name in pictures(commune, records(evidence)):
        (folder / PICTURES).mkdir(parents=True, exist_ok=True)
        (folder / PICTURES / name).write_bytes(data)
        made[file] = name
    return evidence.assign(picture=[made.get(file, "") for file in evidence["file"]])


def _numbered(name: str, raw: pd.DataFrame) -> pd.DataFrame:
    """Rows of a raw table as the table ``name`` holds them, in the order of the file."""
    rows = [{c: row[c] for c in raw.columns if c in TABLES[name][1]} for row in records(raw)]
    return as_table(name, [{"entry": str(number), **row} for number, row in enumerate(rows, 1)])


def known_observations(cleaned: Cleaned) -> pd.DataFrame:
    """Table ``observations``: what was added up, of predecessors and villages, and what the rows say themselves."""
    added = [] if cleaned.history is None else records(cleaned.history)
    return as_table("observations", [*added, *records(cleaned.observations)]) if added else cleaned.observations


def known_progress(cleaned: Cleaned) -> pd.DataFrame:
    """Table ``progress``; a work that is said to be done is the whole of it, whatever was reported before."""
    planned = quantities(cleaned.works)
    rows = [
        row | {"done": decimal_text(planned[row["work"]] or Fraction(1)), "measure": "to-date"}
        if row["measure"] == FINISHED
        else row
        for row in records(cleaned.progress)
    ]
    return as_table("progress", rows)
