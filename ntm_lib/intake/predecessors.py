"""The history of a commune that was formed from others, read from the folders of those that have one.

What may be added, and why the rest may not, is for ``merge``; here the predecessors are found, cleaned
as they are for their own reports, and what is missing of them becomes a finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from ntm_lib.intake import cleaning
from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.intake.raw import Raw, read_commune
from ntm_lib.places import named, registry
from ntm_lib.places.merge import merge_rows
from ntm_lib.places.village_sums import said_villages, sum_rows, village_sums
from ntm_lib.problems import Finding, Problem, number
from ntm_lib.rules import load_commune
from ntm_lib.tables import as_table, empty, records


class Merged(NamedTuple):
    """Tables ``observations`` (sums over the predecessors, of the years before the merger) and ``findings``."""

    observations: pd.DataFrame
    findings: pd.DataFrame


def clean(raw: Raw, language: str = "vi", indicators: pd.DataFrame | None = None) -> Cleaned:
    """``cleaning.clean`` of a commune, with what its villages add up to and the history of those that it was formed from.
    Raises NtmError as these do."""
    history = history_of_merged(raw.slug, language)
    found = tuple(records(history.findings))
    cleaned = cleaning.clean(raw, language, indicators)
    added = [*records(history.observations), *_of_villages(cleaned, named.description(raw.slug))]
    return replace(cleaned, history=as_table("observations", added), history_findings=found)


def _of_villages(cleaned: Cleaned, commune: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Figures of the commune that it does not state and all of its villages add up to."""
    register = list(cleaned.villages["village"])
    return sum_rows(village_sums(records(cleaned.observations), register, said_villages(commune)))


def history_of_merged(slug: str, language: str = "vi") -> Merged:
    """What the predecessors of the commune ``slug`` reported, added up; empty for a commune that was not formed from others.

    Raises NtmError where a predecessor's folder cannot be read.
    """
    if not named.was_formed(slug):
        return Merged(empty("observations"), empty("findings"))
    successor = load_commune(slug, language)
    cleaned = {other: cleaning.clean(read_commune(other, language), language) for other in named.predecessors_of(slug)}
    described = {other: load_commune(other, language) for other in cleaned}
    pairs = [
        (described[other], [*records(found.observations), *_of_villages(found, described[other])])
        for other, found in cleaned.items()
    ]
    observations, findings = merge_rows(pairs, successor, language)
    more = [
        *(_origin(successor, described[other], cleaned[other]) for other in cleaned),
        *_without_folder(successor, {meta["code"] for meta in described.values()}),
        *(_unread(successor, described[other], cleaned[other]) for other in cleaned if len(cleaned[other].rejects)),
    ]
    return Merged(
        as_table("observations", observations), as_table("findings", [f.as_row() for f in (*findings, *more)])
    )


def _without_folder(successor: dict, known: set[str]) -> Iterator[Finding]:
    """A finding for each predecessor that has no folder: until it has one, nothing can be added."""
    for unit in (link.unit for link in registry.predecessors(successor["code"]) if link.unit.code not in known):
        fields = {"name": unit.name, "successor": successor["name"], "code": unit.code}
        problem = Problem("merge-no-folder", fields, read=f"{unit.code} {unit.full_name}")
        yield Finding(f"merge-no-folder:{successor['code']}:{unit.code}", problem)


def _origin(successor: dict[str, Any], predecessor: dict[str, Any], cleaned: Cleaned) -> Finding:
    """Who it was formed from, and the last title or count of each: none of these goes over to the commune of today."""
    rows = [
        r for r in records(cleaned.observations) if r["criterion"] == "all" and r["kind"] == "declared" and r["text"]
    ]
    last = max(rows, key=lambda row: row["year"], default=None)
    decided = max(cleaned.decisions, key=lambda row: str(row["date"]), default=None)
    fields: dict[str, Any] = {"name": predecessor["name"]}
    case = ""
    if decided:
        case = "/decided"
        fields |= {
            "level": {"say": f"level-{decided['level']}"},
            "date": str(decided["date"]),
            "number": str(decided["number"]),
        }
    elif last:
        case, fields = "/counted", fields | {"title": last["text"], "of": str(last["year"])}
    code = f"merge-origin{case or '/none'}"
    return Finding(f"merge-origin:{successor['code']}:{predecessor['code']}", Problem(code, fields))


def _unread(successor: dict, predecessor: dict, cleaned: Cleaned) -> Finding:
    fields = {"n": number(len(cleaned.rejects)), "name": predecessor["name"], "slug": predecessor["slug"]}
    return Finding(f"merge-unread:{successor['code']}:{predecessor['code']}", Problem("merge-unread", fields))
