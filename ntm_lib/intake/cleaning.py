"""Raw rows into observations and rejects. Nothing is repaired silently, nothing is dropped.

``clean`` checks itself on each run: every row that came in is an observation or a reject. The history of a commune
that was formed from others is read from the folders of those that have one; what may be added, and why the rest may not, is for ``merge``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from ntm_lib import rules
from ntm_lib.errors import NtmError
from ntm_lib.intake import schema
from ntm_lib.intake.corrections import Correction, apply_corrections
from ntm_lib.intake.plan_text import PLAN, TEXTS, Sentence, sentences
from ntm_lib.intake.privacy import strip_personal, strip_row, without_personal
from ntm_lib.intake.progress_rows import Known, read_progress
from ntm_lib.intake.raw import Raw, read_commune
from ntm_lib.intake.row_reading import (
    Asked,
    AskedOf,
    Observed,
    Rejected,
    decision,
    fund,
    observation_id,
    read_row,
    work,
)
from ntm_lib.intake.schema import RawRow, Remark
from ntm_lib.language import translator
from ntm_lib.places import named, registry
from ntm_lib.places.merge import merge_rows
from ntm_lib.places.village_sums import said_villages, sum_rows, village_sums
from ntm_lib.problems import Finding, Problem, as_text, catalogue, from_text, held, number, words
from ntm_lib.problems import where as place
from ntm_lib.rules import load_commune
from ntm_lib.rules.crosswalk import home_sets, numbered_by
from ntm_lib.tables import as_table, empty, fraction, records, tuples
from ntm_lib.text.names import Match, match_village
from ntm_lib.text.numbers import Parsed

MAX_VILLAGES = 500


@dataclass(frozen=True)
class Cleaned:
    """What intake gives.

    ``observations``, ``rejects``, ``works``, ``funding``, ``decisions`` (``recognitions`` of recognition.csv): as in ``ntm_lib.tables``. ``parsed``: what
    was read, by observation. ``villages`` … ``evidence``: raw tables, all text, with the columns of
    ``schema``; ``progress`` as in ``ntm_lib.tables``, but for works that are said to be done. ``matches``: each written village name, the registry's name and how they match.
    ``corrections``: the entries of corrections.csv that applied; ``dropped``: rows set aside by
    one of them, as (file, sheet, row). ``texts``: lines of the documents whose text is at hand.
    ``remarks``: what to know of how the files were read. ``personal``: findings on what was hidden
    because it names a person (rows of table ``findings``). ``history``: of a commune formed from
    others, the observations added up from theirs (``predecessors``); ``history_findings``: what could not be added.
    ``sentences``: paragraphs of the plans whose text is at hand, corrected.
    """

    observations: pd.DataFrame
    rejects: pd.DataFrame
    works: pd.DataFrame
    funding: pd.DataFrame
    villages: pd.DataFrame
    schedule: pd.DataFrame
    assignments: pd.DataFrame
    production: pd.DataFrame
    provisions: pd.DataFrame
    documents: pd.DataFrame
    notes: pd.DataFrame
    evidence: pd.DataFrame
    progress: pd.DataFrame
    matches: pd.DataFrame
    corrections: tuple[Correction, ...]
    dropped: frozenset[tuple[str, str, str]]
    parsed: Mapping[str, Parsed]
    texts: Mapping[str, tuple[str, ...]]
    text_files: Mapping[str, str]
    remarks: tuple[Remark, ...]
    personal: tuple[Finding, ...] = ()
    history: pd.DataFrame | None = None
    history_findings: tuple[dict, ...] = ()
    decisions: tuple[dict, ...] = ()
    sentences: tuple[Sentence, ...] = ()


def clean_alone(raw: Raw, language: str = "vi", indicators: pd.DataFrame | None = None) -> Cleaned:
    """Observations and rejects of a commune. Raises NtmError for a correction that does not apply.

    A bare number has the unit of its indicator, in the rule set by which the row is numbered; ``indicators``:
    in that table instead.
    """
    tables, applied = apply_corrections(raw.tables, language)
    tables, personal = strip_personal(tables)  # after the corrections, whose guards look at the source as it is
    applied = [_stripped(c) for c in applied]
    asked_of = _asked_of(indicators) if indicators is not None else _asked_at_home(tables)
    read = {name: _read_table(name, tables[name], applied, asked_of) for name in schema.OBSERVED}
    read = _set_duplicates_aside(read)
    _check_conservation(raw, read)
    match = _matcher(read["villages"], language)
    kept = {
        name: [_place_village(r, match) for r in results if isinstance(r, Observed)] for name, results in read.items()
    }
    progress, unread = read_progress(tables["progress"], _known(kept, match, asked_of))
    rejects = [*(r for results in read.values() for r in results if isinstance(r, Rejected)), *unread]
    observed = [o for results in kept.values() for o in results]
    return Cleaned(
        observations=as_table("observations", [o.row for o in observed]),
        rejects=as_table("rejects", [_reject(r) for r in rejects]),
        works=as_table("works", [work(o) for o in kept["works"]]),
        funding=as_table("funding", [_decimal(fund(o)) for o in kept["funding"]]),
        **{name: _frame(name, [o.source for o in kept[name]]) for name in ("villages", "schedule", "assignments", "production", "provisions")},
        **{name: _frame(name, raw.tables[name]) for name in ("documents", "notes", "evidence")},
        progress=as_table("progress", progress),
        matches=_matches(observed, match),
        corrections=tuple(applied),
        dropped=frozenset(_address(r.source) for results in read.values() for r in results if isinstance(r, Rejected) and r.code == "dropped"),
        parsed={o.row["observation"]: o.parsed for o in observed},
        texts={document: tuple(map(without_personal, lines)) for document, lines in raw.texts.items()},
        text_files=raw.text_files,
        sentences=tuple(_public(s) for s in sentences(tables.get(TEXTS, ()), _plans(raw))),
        remarks=tuple(r._replace(text=without_personal(r.text)) for r in raw.remarks),
        personal=tuple(personal),
        decisions=tuple(decision(o) for o in kept["recognition"]),
    )  # fmt: skip


def _stripped(entry: Correction) -> Correction:
    before, after = without_personal(entry.before), without_personal(entry.after)
    return entry._replace(row=strip_row(entry.row), before=before, after=after)


def _known(kept: Mapping[str, list[Observed]], match: Callable[[str], Match], asked_of: AskedOf) -> Known:
    """What a row of progress may name."""
    villages = {o.source.cells["village"] for o in kept["villages"]}
    works = {o.row["observation"] for o in kept["works"]}
    return Known(works, match, villages, lambda cells: bool(asked_of(cells).kind) or not _rules_of(cells))


def _rules_of(cells: Mapping[str, str]) -> bool:
    """Whether a rule set covers the row's year; where none does, nothing can be said of its indicator."""
    year = cells.get("year", "")
    return bool(re.fullmatch(r"20[0-9]{2}", year)) and bool(home_sets({int(year)}))


def _public(sentence: Sentence) -> Sentence:
    """The paragraph without what concerns a person; whoever signed a paper of the state is named."""
    return sentence if sentence.form == "signer" else replace(sentence, text=without_personal(sentence.text))


def _plans(raw: Raw) -> set[str]:
    """The documents that documents.csv calls a plan and whose text is at hand."""
    kinds = {row.cells["document"]: row.cells.get("kind", "") for row in raw.tables["documents"]}
    return {document for document in raw.texts if kinds[document].casefold().startswith(PLAN)}


def stop_on_rejects(cleaned: Cleaned, language: str = "vi") -> None:
    """Raises one NtmError that lists every row that cannot be read; rows dropped by a correction are not among them."""
    t = translator(language)
    faults = [r for r in tuples(cleaned.rejects) if (r.file, r.sheet, r.row) not in cleaned.dropped]
    if not faults:
        return
    lines = [
        f"  {place(r.file, r.sheet, r.row, r.column, language)}: {held(r.text, language)} – {words(r.code, from_text(r.fields), language)[0]}."
        for r in faults
    ]
    raise NtmError(t("Có {n} dòng không đọc được, chưa lập báo cáo:").format(n=len(faults)) + "\n" + "\n".join(lines))


def _asked_of(indicators: pd.DataFrame) -> AskedOf:
    asked = {(row.indicator, row.part): Asked(row.unit, row.name_vi, row.kind) for row in tuples(indicators)}
    return lambda cells: asked.get((cells.get("indicator", ""), cells.get("part", "")), Asked())


def _asked_at_home(tables: Mapping[str, tuple[RawRow, ...]]) -> AskedOf:
    """What is asked by the rule set in whose numbers each row is written: that of its year, whatever set will judge it."""
    given = {_set_and_year(row.cells) for rows in tables.values() for row in rows if row.cells.get("indicator")}
    known, homes = rules.rule_sets(), home_sets({year for _, year in given})
    if not homes:
        return lambda cells: Asked()
    sets = {key: numbered_by(*key, known, homes) for key in given}
    asked = {key: _asked_of(rules.indicators_of(rules.load_set(name), key[1])) for key, name in sets.items()}
    return lambda cells: asked[key](cells) if (key := _set_and_year(cells)) in asked else Asked()


def _set_and_year(cells: Mapping[str, str]) -> tuple[str, int]:
    year = cells.get("year", "")
    return cells.get("rule_set", ""), int(year) if re.fullmatch(r"[0-9]{4}", year) else 0


def _read_table(
    name: str, rows: tuple[RawRow, ...], applied: list[Correction], asked_of: AskedOf
) -> list[Observed | Rejected]:
    dropped = {_address(c.row): c for c in applied if c.action == "drop"}
    results = []
    for row in rows:
        if entry := dropped.get(_address(row)):
            results.append(Rejected(row, entry.column, "dropped", {"correction": entry.id, "reason": entry.reason}))
        else:
            results.append(read_row(name, row, asked_of))
    return results


def _set_duplicates_aside(read: dict[str, list[Observed | Rejected]]) -> dict[str, list[Observed | Rejected]]:
    """The first row with an id stays; a later one is a reject that names the first."""
    first: dict[str, RawRow] = {}

    def judge(result: Observed | Rejected) -> Observed | Rejected:
        if isinstance(result, Rejected):
            return result
        earlier = first.setdefault(observation_id(result.source), result.source)
        if earlier is result.source:
            return result
        return Rejected(result.source, "id", "duplicate", {"place": f"{earlier.file}:{earlier.row}"})

    return {name: [judge(r) for r in results] for name, results in read.items()}


def _check_conservation(raw: Raw, read: Mapping[str, list]) -> None:
    """Rows in = observations + rejects, row by row. A failure is a fault of this library, never of the data."""
    for name, results in read.items():
        rows_in = Counter(_address(r) for r in raw.tables[name])
        rows_out = Counter(_address(r.source) for r in results)
        if rows_in != rows_out:
            raise RuntimeError(
                f"{name}: {rows_in.total()} rows in, {rows_out.total()} out; lost or invented: {(rows_in - rows_out) | (rows_out - rows_in)}"
            )


def _matcher(villages: list[Observed | Rejected], language: str) -> Callable[[str], Match]:
    """Finds a written village in the register; remembers what it found."""
    rows = [v.source.cells for v in villages if isinstance(v, Observed)]
    if len(rows) > MAX_VILLAGES:
        raise NtmError(
            translator(language)("Danh sách thôn có {n} dòng; một xã không có quá {limit} thôn.").format(
                n=len(rows), limit=MAX_VILLAGES
            )
        )
    register = {c["village"]: tuple(s.strip() for s in c.get("variants", "").split(";") if s.strip()) for c in rows}
    return cache(lambda written: match_village(written, register))


def _place_village(observed: Observed, match: Callable[[str], Match]) -> Observed:
    """The observation with its villages named as the registry names them; a doubtful name stays as written."""
    if observed.row["table"] == "villages" or not observed.row["village"]:
        return observed
    named = "; ".join(match(v).name for v in _split(observed.row["village"]))
    return observed._replace(row=observed.row | {"village": named})


def _matches(observed: list[Observed], match: Callable[[str], Match]) -> pd.DataFrame:
    rows = []
    for o in observed:
        for written in _split(o.source.cells.get("village", "")) if o.row["table"] != "villages" else ():
            found = match(written)
            rows.append((o.row["observation"], written, found.name, found.how, "; ".join(found.candidates)))
    return pd.DataFrame(rows, columns=["observation", "written", "village", "how", "candidates"], dtype="str")


def _split(villages: str) -> list[str]:
    return [v.strip() for v in villages.split(";") if v.strip()]


def _reject(rejected: Rejected) -> dict:
    row = rejected.source
    cells = row.written or row.cells
    # A blamed cell that is empty is shown as empty; where the whole row is to blame, its first cell tells which it is.
    text = cells.get(rejected.column, "") if rejected.column else next((c for c in cells.values() if c), "")
    shown = text if len(text) <= 80 else text[:80] + " …"
    cell = (
        row.row
        if rejected.code == "dropped"
        else row.places.get(rejected.column, row.row)
        if not row.fault
        else row.row
    )
    code = f"unreadable/{rejected.code}"
    return {
        "file": row.file, "sheet": row.sheet, "row": str(cell), "column": rejected.column, "text": shown,
        "code": f"{code}-cell" if row.places and f"{code}-cell" in catalogue() else code, "fields": as_text(rejected.fields),
    }  # fmt: skip


def _decimal(row: dict) -> dict:
    return row if fraction(row["planned"]) is not None else row | {"planned": ""}


def _frame(name: str, rows) -> pd.DataFrame:
    columns = schema.TABLES[name].columns
    return pd.DataFrame(
        [{c: row.cells.get(c, "") for c in columns} for row in rows], columns=list(columns), dtype="str"
    )


def _address(row: RawRow) -> tuple[str, str, str]:
    return row.file, row.sheet, str(row.row)


class Merged(NamedTuple):
    """Tables ``observations`` (sums over the predecessors, of the years before the merger) and ``findings``."""

    observations: pd.DataFrame
    findings: pd.DataFrame


def clean(raw: Raw, language: str = "vi", indicators: pd.DataFrame | None = None) -> Cleaned:
    """``clean_alone`` of a commune, with what its villages add up to and the history of those that it was formed from.
    Raises NtmError as these do."""
    history = history_of_merged(raw.slug, language)
    found = tuple(records(history.findings))
    cleaned = clean_alone(raw, language, indicators)
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
    cleaned = {other: clean_alone(read_commune(other, language), language) for other in named.predecessors_of(slug)}
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
