"""Whether the files of the rules are sound: every fault at once, with its place and what to do.

Whether a threshold is true to the decision cannot be checked here; that every row says where it
was read, and how sure that is, can. Checks of rows are in ``check_rows``; here they meet the
files, and set.yml is checked. What is wrong is a code of ``ntm_lib/problems.yml``; its words are made elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import LANGUAGES
from ntm_lib.model import Row
from ntm_lib.problems import Problem
from ntm_lib.rules import check_rows
from ntm_lib.rules.check_rows import Context, Fields, condition_faults, is_date, one_of, source
from ntm_lib.rules.crosswalk import load_crosswalk
from ntm_lib.rules.files import read_csv, read_yaml
from ntm_lib.rules.sets import THRESHOLD_COLUMNS, RuleSet, read_set, refuse_other_kinds
from ntm_lib.tables import records

REQUIRED = (
    "id", "name", "short", "document", "document_title", "source", "confidence", "valid_from", "valid_to", "years",
    "criteria_total", "indicators_total", "next", "columns", "column_rules", "layers", "criteria", "recognition", "withdrawal",
    "amendments",
)  # fmt: skip
LISTS = ("columns", "column_rules", "layers", "criteria", "recognition", "breaks", "dossier", "amendments")
WINS = ("later", "stricter")
Fault = tuple[str, str, Fields]
_T = TypeVar("_T")


@dataclass
class _Checking:
    """One run of the checks: the folder, the language of a file that cannot be read, and the problems found so far."""

    folder: Path
    language: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, row: int, column: str, read: str, code: str, fields: Fields) -> None:
        name = f"{paths.shown(self.folder)}/{path.relative_to(self.folder).as_posix()}".removesuffix("/.")
        self.problems.append(Problem(code, fields, name, "", str(row or ""), column, str(read)))

    def rows(self, path: Path, rows: pd.DataFrame, checks: tuple[check_rows.Check, ...], context: Context) -> None:
        """Runs ``checks`` over every row of a table."""
        for row in records(rows):
            for check in checks:
                for column, code, fields in check(row, context):
                    self.add(path, row["row"], column, row.get(column, ""), code, fields)

    def tables(self, path: Path, faults: Iterator[check_rows.TableFault]) -> None:
        for fault in faults:
            self.add(path, *fault)

    def attempt(self, path: Path, read: Callable[[], _T]) -> _T | None:
        """What ``read()`` returns; a file that cannot be read is a problem, and None."""
        try:
            return read()
        except NtmError as error:
            self.add(path, 0, "", "", "rules-unreadable", {"text": error.message})
            return None


def check_rules(rules_folder: Path, language: str = "vi") -> list[Problem]:
    """Every fault of the rule files under a folder such as ``data/raw/rules``; empty where all is sound."""
    run = _Checking(Path(rules_folder), language)
    names = sorted(p.parent.name for p in run.folder.glob("*/set.yml"))
    if not names:
        run.add(run.folder, 0, "", "", "rules-none", {})
    traits = run.attempt(run.folder / "traits.yml", lambda: read_yaml(run.folder / "traits.yml", language)) or {}
    sets = {name: checked for name in names if (checked := _check_set(run, name, names, traits))}
    _check_provinces(run, names, sets, traits)
    path = run.folder / "crosswalk.csv"
    crosswalk = run.attempt(path, lambda: load_crosswalk(run.folder, language))
    if crosswalk is not None:
        unread = set(names) - set(sets)
        readable = crosswalk[~crosswalk["from_set"].isin(unread) & ~crosswalk["to_set"].isin(unread)]
        run.tables(path, check_rows.crosswalk_rows(readable, sets))
        run.tables(path, check_rows.crosswalk_whole(crosswalk, sets))
    return run.problems


def _check_set(run: _Checking, name: str, names: list[str], traits: Mapping[str, Row]) -> RuleSet | None:
    """The rule set, its faults noted; None where it could not be read at all."""
    folder = run.folder / name
    path = folder / "set.yml"
    meta = run.attempt(path, lambda: refuse_other_kinds(read_yaml(path, run.language), path, run.language))
    faults = list(shape_faults(meta)) if isinstance(meta, dict) else [("", "rules-entry/names", {})]
    for entry, code, fields in faults if meta is not None else ():
        run.add(path, 0, entry, "", code, fields)
    rule_set = None if faults else run.attempt(folder, lambda: read_set(folder, run.language))
    if rule_set is None:
        return None
    context = _context(rule_set, traits)
    for entry, code, fields in meta_faults(rule_set.meta, name, names, context):
        run.add(path, 0, entry, "", code, fields)
    every = pd.concat([rule_set.earlier, rule_set.indicators], ignore_index=True)
    run.rows(folder / "indicators.csv", every, check_rows.INDICATOR, context)
    run.rows(folder / "thresholds.csv", rule_set.thresholds, check_rows.THRESHOLD, context)
    run.rows(folder / "supporting_law.csv", rule_set.law, check_rows.LAW, context)
    run.tables(folder / "indicators.csv", check_rows.overlaps(every, ("indicator", "part")))
    run.tables(folder / "indicators.csv", check_rows.parts(rule_set.indicators))
    run.tables(folder / "thresholds.csv", check_rows.overlaps(rule_set.thresholds))
    run.tables(folder / "thresholds.csv", check_rows.gaps(rule_set))
    run.tables(path, check_rows.totals(rule_set))
    run.tables(folder / "supporting_law.csv", check_rows.law_indicators(rule_set.law, context))
    return rule_set


def _check_provinces(run: _Checking, names: list[str], sets: Mapping[str, RuleSet], traits: Mapping[str, Row]) -> None:
    """Files of the provinces; those of a set that could not be read wait until it can."""
    for path in sorted(run.folder.glob("provinces/*/*.csv")):
        if path.stem not in names:
            run.add(path, 0, "", "", "rules-file", one_of(tuple(names)))
        if path.stem not in sets:
            continue
        rows = run.attempt(path, lambda path=path: read_csv(path, THRESHOLD_COLUMNS, run.language))  # type: ignore[misc]
        if rows is not None:
            run.rows(path, rows, check_rows.PROVINCE, _context(sets[path.stem], traits))
            run.tables(path, check_rows.overlaps(rows))


def _context(rule_set: RuleSet, traits: Mapping[str, Row]) -> Context:
    return Context(
        columns=tuple(c["code"] for c in rule_set.meta["columns"]),
        criteria=tuple(c["id"] for c in rule_set.meta["criteria"]),
        layers=tuple(layer["layer"] for layer in rule_set.meta["layers"]),
        indicators={(r["indicator"], r["part"]): r for r in records(rule_set.all_indicators)},
        base_indicators=frozenset(rule_set.base.all_indicators["indicator"]) if rule_set.base else frozenset(),
        traits=traits,
        earlier=tuple(records(rule_set.earlier)),
    )


# ---------------------------------------------------------------- set.yml: each yields the entry, a code and its fields


def shape_faults(meta: Row) -> Iterator[Fault]:
    """Entries that are missing or not of their shape; without them the other checks cannot run."""
    shared = meta.get("same_as", {}).get("entries", ())
    for entry in REQUIRED:
        if entry not in meta and entry not in shared:
            yield entry, "rules-entry/missing", {}
    for entry in LISTS:
        if not all(isinstance(e, dict) for e in _list(meta.get(entry, []))):
            yield entry, "rules-entry/list", {}
    withdrawal = meta.get("withdrawal", {})
    if not isinstance(withdrawal, dict) or not all(isinstance(e, dict) for e in _list(withdrawal.get("rules", []))):
        yield "withdrawal", "rules-entry/list", {}
    years = meta.get("years", [0, 0])
    if not (
        isinstance(years, list) and len(years) == 2 and all(isinstance(y, int) for y in years) and years[0] <= years[1]
    ):
        yield "years", "rules-entry/years", {}


def meta_faults(meta: Row, folder: str, sets: list[str], context: Context) -> Iterator[Fault]:
    """All other faults of set.yml, given that its shape is right."""
    if meta["id"] != folder:
        yield "id", "rules-entry/id", {"folder": folder}
    for entry in ("valid_from", "valid_to"):
        yield from _date(meta[entry], entry)
    if meta["next"] and meta["next"] not in sets:
        yield "next", "rules-set", one_of(tuple(sets))
    for name in ("name", "short", "document_title"):
        yield from _languages(meta[name], name)
    for name in ("columns", "criteria", "dossier", "breaks"):
        for entry in meta.get(name, []):
            where = f"{name}: {entry.get('id') or entry.get('code') or entry.get('indicator')}"
            yield from _languages(entry.get("name"), where)
    for layer in meta["layers"]:
        if layer.get("wins") not in WINS:
            yield f"layers: {layer.get('layer')}", "rules-layer/wins", one_of(WINS)
    yield from _column_rules(meta, context)
    for name in ("recognition", "breaks", "dossier", "amendments"):
        for entry in meta.get(name, []):
            yield from _dated(entry, f"{name}: {entry.get('id') or entry.get('document')}", context)
    yield from _withdrawal(meta["withdrawal"], context)


def _column_rules(meta: Row, context: Context) -> Iterator[Fault]:
    for number, rule in enumerate(meta["column_rules"], start=1):
        place = f"column_rules: {number}"
        yield from _dated(rule, place, context)
        yield from _languages(rule.get("reason"), place)
        if "column_from" in rule:
            if rule["column_from"] not in context.traits:
                yield place, "rules-condition/trait", {"trait": rule["column_from"]}
            continue
        for code, fields in condition_faults(rule.get("when", ""), context):
            yield place, code, fields
        if rule.get("column") not in context.columns:
            yield place, "rules-column", one_of(context.columns)


def _withdrawal(rule: Row, context: Context) -> Iterator[Fault]:
    yield from _dated(rule, "withdrawal", context)
    for entry in rule["rules"]:
        low, high = entry.get("from_share"), entry.get("below_share")
        if not isinstance(low, int) or not (high is None or (isinstance(high, int) and low < high)):
            yield f"withdrawal: {entry.get('id')}", "rules-entry/share", {}


def _dated(entry: Row, place: str, context: Context) -> Iterator[Fault]:
    """An entry with its dates, its source and how sure that is."""
    for column in ("from", "to", "date"):
        yield from _date(entry.get(column) or "", place)
    if "" < (entry.get("to") or "") < (entry.get("from") or ""):
        yield place, "rules-date/order", {}
    for _, code, fields in source({"source": entry.get("source"), "confidence": entry.get("confidence")}, context):
        yield place, code, fields


def _date(value: Any, place: str) -> Iterator[Fault]:
    if value and not is_date(str(value)):
        yield place, "rules-date/form", {}


def _languages(names: Any, place: str) -> Iterator[Fault]:
    if not isinstance(names, dict) or any(not names.get(language) for language in LANGUAGES):
        yield place, "rules-language", {}


def _list(value: Any) -> list[Any]:
    """The value, if it is a list; else a list that is not one of entries."""
    return value if isinstance(value, list) else [value]
