"""Every check on a commune's data, and the findings they give. What a verdict contradicts belongs to ``judge``."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ntm_lib.checks import (  # fmt: skip
    arithmetic,
    commune,
    counts,
    coverage,
    fitting,
    formats,
    lists,
    placement,
    plausibility,
    quotes,
    reading,
    scale,
    section_numbers,
    sources,
    spelling,
    wording,
    works_rows,
)
from ntm_lib.checks.common import Context, problem
from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.problems import Finding
from ntm_lib.tables import as_table

CHECKS = (
    reading.check_reading, commune.check_commune_file, commune.check_region,
    fitting.check_fit, fitting.check_counted,
    arithmetic.check_share, arithmetic.check_parts, arithmetic.check_works_money, arithmetic.check_funding,
    lists.check_criteria_listed, lists.check_villages_listed, lists.check_annexes,
    sources.check_totals, sources.check_totals_over_years, sources.check_two_values, sources.check_two_counts, sources.check_same_row,
    counts.check_known_total, counts.check_village_totals, counts.check_villages_sum, counts.check_village_households, counts.check_vanished,
    scale.check_money_scale, scale.check_neighbours, scale.check_village_size, scale.check_income_scale,
    quotes.check_quoted_code, quotes.check_quoted_value, quotes.check_quoted_scope,
    plausibility.check_over_100, plausibility.check_negative, plausibility.check_targets, plausibility.check_changes_fit, plausibility.check_jumps,
    placement.check_indicator_known, placement.check_criterion_values, placement.check_criterion_given, placement.check_wrong_indicator, wording.check_item_name, placement.check_corrections, placement.check_operators,
    placement.check_local_targets,
    coverage.check_criteria_covered, coverage.check_parts_given, coverage.check_base_given, coverage.check_target_rate_given,
    coverage.check_declared_has_figures, coverage.check_works, coverage.check_funding_sources, coverage.check_funding_year, works_rows.check_deadlines, works_rows.check_document_dates, works_rows.check_quantity_units,
    coverage.check_assignments, coverage.check_schedule,
    coverage.check_measurement_dates, coverage.check_sources_given,
    section_numbers.check_numbering,
    spelling.check_terms, spelling.check_forms, spelling.check_tone_marks, spelling.check_villages, spelling.check_villages_alike,
    spelling.check_village_as_place,
    formats.check_ambiguous, formats.check_words_only, formats.check_yes_no, formats.check_latex, formats.check_grouping,
    formats.check_precision, formats.check_units_written, formats.check_foreign_decimals, formats.check_date_forms,
)  # fmt: skip


def check(
    cleaned: Cleaned, commune: Mapping[str, Any], indicators: pd.DataFrame, language: str = "vi", thresholds: pd.DataFrame | None = None,
    year: int = 0, written: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Table ``findings``: what every check finds, with the answers of notes.csv.

    ``commune``: of ``rules.load_commune``. ``indicators``: of the rule set. ``thresholds``: table
    ``thresholds`` of the years judged; without it the checks on operators and targets say that they were not made.
    ``year``, ``written``: as in ``Context``.
    """
    context = Context(cleaned, commune, indicators, thresholds, language, year, written)
    worded = [*cleaned.personal, *cleaned.history_findings]
    found = [*worded, *(finding.as_row(language) for make in CHECKS for finding in make(context))]
    settled = [n for n in cleaned.notes.itertuples(index=False) if n.state == "settled" and n.answer]
    found = [_answered(f, settled) for f in _distinct(found)]
    without = _without_target(context, {f["finding"] for f in found})
    return as_table("findings", [*found, *(finding.as_row(language) for finding in without)])


def _without_target(context: Context, findings: set[str]) -> Iterable[Finding]:
    """Notes on what is not there: an answer holds until the cell changes, and then must not vanish unseen."""
    known = findings.union(
        *(
            (row.criterion, row.indicator, f"{row.indicator}{row.part}")
            for row in context.indicators.itertuples(index=False)
        )
    )
    for note in context.cleaned.notes.itertuples(index=False):
        if note.target not in known:
            at = {"key": note.author, "file": "notes.csv", "column": "target", "text": note.target}
            yield problem("note-target", at=at, author=note.author, target=note.target)


def _distinct(found: list[dict]) -> list[dict]:
    """Findings with ids of their own: a second one at the same place gets a number."""
    seen: Counter = Counter()
    distinct = []
    for entry in found:
        seen[entry["finding"]] += 1
        n = seen[entry["finding"]]
        distinct.append(entry | {"finding": f"{entry['finding']}-{n}"} if n > 1 else entry)
    return distinct


def _answered(entry: dict, settled: list) -> dict:
    """The finding with the last settled answer that notes.csv gives to its id."""
    answers = [n for n in settled if n.target == entry["finding"]]
    if not answers:
        return entry
    last = max(answers, key=lambda n: n.date)
    return entry | {
        "answer": last.answer,
        "answered_by": last.author,
        "answered_on": last.date,
        "answer_text": last.text,
    }
