"""Every check on a commune's data, and the findings they give. What a verdict contradicts belongs to ``judge``."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from ntm_lib.checks import (
    arithmetic,
    commune,
    coverage,
    fitting,
    placement,
    plausibility,
    sources,
    spelling,
)  # fmt: skip
from ntm_lib.checks.common import Context, problem
from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.problems import Finding
from ntm_lib.tables import as_table, tuples

MODULES = (
    commune, fitting, arithmetic, sources, plausibility, placement, coverage, spelling,
)  # fmt: skip
# Every function ``check_…`` of a module is a check, in the order in which they stand there.
CHECKS: tuple[Callable[[Context], Iterable[Finding]], ...] = tuple(
    function
    for module in MODULES
    for name, function in vars(module).items()
    if name.startswith("check_") and function.__module__ == module.__name__
)


def check(
    cleaned: Cleaned, commune: Mapping[str, Any], indicators: pd.DataFrame, language: str = "vi", thresholds: pd.DataFrame | None = None,
    year: int = 0, written: pd.DataFrame | None = None, meta: Mapping[str, Any] = MappingProxyType({}),
) -> pd.DataFrame:  # fmt: skip
    """Table ``findings``: what every check finds, with the answers of notes.csv.

    ``commune``: of ``rules.load_commune``. ``indicators``: of the rule set. ``thresholds``: table
    ``thresholds`` of the years judged; without it the checks on operators and targets say that they were not made.
    ``year``, ``written``, ``meta``: as in ``Context``.
    """
    context = Context(cleaned, commune, indicators, thresholds, language, year, written, meta)
    checked = [*cleaned.personal, *(finding for make in CHECKS for finding in make(context))]
    found = [*cleaned.history_findings, *(finding.as_row() for finding in checked)]
    settled = [n for n in tuples(cleaned.notes) if n.state == "settled" and n.answer]
    found = [_answered(f, settled) for f in _distinct(found)]
    without = _without_target(context, {f["finding"] for f in found})
    return as_table("findings", [*found, *(finding.as_row() for finding in without)])


def _without_target(context: Context, findings: set[str]) -> Iterable[Finding]:
    """Notes on what is not there: an answer holds until the cell changes, and then must not vanish unseen."""
    known = findings.union(
        *((row.criterion, row.indicator, f"{row.indicator}{row.part}") for row in tuples(context.indicators))
    )
    for note in tuples(context.cleaned.notes):
        if note.target not in known:
            at = {"key": note.author, "file": "notes.csv", "column": "target", "text": note.target}
            yield problem("note-target", at=at, author=note.author, target=note.target)


def _distinct(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings with ids of their own: a second one at the same place gets a number."""
    seen: Counter[str] = Counter()
    distinct = []
    for entry in found:
        seen[entry["finding"]] += 1
        n = seen[entry["finding"]]
        distinct.append(entry | {"finding": f"{entry['finding']}-{n}"} if n > 1 else entry)
    return distinct


def _answered(entry: dict[str, Any], settled: list[Any]) -> dict[str, Any]:
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
