"""The state of one commune's report, and what differs between two: raw cells, rules, verdicts, findings, published lines.

Both sides are made by this library from a checkout's raw files or from tables that were kept, so that only data and rules can differ.
"""

import contextlib
import difflib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count, islice, zip_longest
from pathlib import Path
from typing import Any, TypeVar

from ntm_lib import dictionary, intake, paths, tables
from ntm_lib.doc.blocks import Block
from ntm_lib.errors import NtmError
from ntm_lib.intake.raw import Raw
from ntm_lib.language import translator
from ntm_lib.parameters import Parameters
from ntm_lib.report.context import TABLES, Report, load_report
from ntm_lib.report.papers import official, public
from ntm_lib.report.sections import (
    criterion,
    evidence,
    figures,
    findings,
    first_page,
    judging,
    money_and_needs,
    works_and_people,
)
from ntm_lib.rules.files import read_yaml
from ntm_lib.stages.clean_stage import check_run, save
from ntm_lib.stages.judge_stage import judge_run

Cells = Mapping[str, str]
Key = tuple[str, ...]
_Of = TypeVar("_Of")

MOST_PAIRS = 400
ALIKE = 0.5  # from this likeness on (0 to 1) one line of the first page stands for another
# The rules have a list of their own.
VERDICT_COLUMNS = ("verdict", "basis", "value", "numerator", "denominator", "margin")
RULE_COLUMNS = (
    "operator", "threshold", "unit", "applies", "column", "set_by", "document", "article", "source", "confidence", "valid_from", "valid_to",
)  # fmt: skip
RULE_MOVED = ("operator", "threshold", "applies")
RESULT_MOVED = ("value", "numerator", "denominator", "observation")


@dataclass(frozen=True)
class State:
    """``raw``: (table, id) → cells. ``files``: raw file → digest. ``thresholds``, ``indicators``: (year, indicator,
    part) → cells; ``criteria``: (year, criterion) → cells. ``meta``: what else the rule set says, by its path.
    ``findings``: id → message. ``lines``: part of the report or paper → its words as published, line by line.
    ``program``: file that words or lays out pages → its lines, of notebooks the cells alone; empty where it is not known.
    """

    raw: dict[Key, Cells] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    thresholds: dict[Key, Cells] = field(default_factory=dict)
    indicators: dict[Key, Cells] = field(default_factory=dict)
    criteria: dict[Key, Cells] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)
    meta: Cells = field(default_factory=dict)
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    program: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class CellChange:
    """One cell, or a whole row (``column`` empty), ``before`` or ``after`` empty where there was or is none."""

    key: Key
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class VerdictChange:
    """A verdict that differs. ``cause``: rule, result, both, or other where neither threshold nor value moved."""

    key: Key
    before: Cells | None
    after: Cells | None
    cause: str


@dataclass(frozen=True)
class Difference:
    """Everything that differs; each list in the order of its keys."""

    raw: list[CellChange]
    rules: list[CellChange]
    criteria: list[VerdictChange]
    indicators: list[VerdictChange]
    new_findings: list[str]
    gone_findings: list[str]
    sentences: list[tuple[str, str, str]]
    files: list[tuple[str, str]]
    program: list[tuple[str, str, str]]

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def difference(before: State, after: State) -> Difference:
    """What has changed from ``before`` to ``after``."""
    return Difference(
        raw=_cells(before.raw, after.raw),
        rules=[
            *_cells(before.thresholds, after.thresholds, RULE_COLUMNS),
            *_cells({("", "", ""): before.meta}, {("", "", ""): after.meta}),
        ],
        criteria=_verdicts(before.criteria, after.criteria, ("verdict", "basis"), before, after),
        indicators=_verdicts(before.indicators, after.indicators, VERDICT_COLUMNS, before, after),
        new_findings=[after.findings[name] for name in after.findings if name not in before.findings],
        gone_findings=[before.findings[name] for name in before.findings if name not in after.findings],
        sentences=[
            (place, *pair)
            for place in _keys(before.lines, after.lines)
            for pair in _lines(before.lines.get(place, ()), after.lines.get(place, ()))
        ],
        files=[
            (name, "added" if name not in before.files else "changed" if name in after.files else "removed")
            for name in _keys(before.files, after.files)
            if before.files.get(name) != after.files.get(name)
        ],
        program=_program(before.program, after.program),
    )


def _program(before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """Lines that differ, file by file; nothing where one of the states does not know its files."""
    if not (before and after):
        return []
    found = []
    for name in _keys(before, after):
        old, new = before.get(name, ()), after.get(name, ())
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            pairs = zip_longest(old[a:b], new[c:d], fillvalue="") if tag != "equal" else ()
            found += [(name, then, now) for then, now in pairs if then.strip() != now.strip()]
    return found


def _keys(before: Mapping[_Of, object], after: Mapping[_Of, object]) -> list[_Of]:
    """Keys of both, in the order of ``after``; what is gone comes last."""
    return [*after, *(key for key in before if key not in after)]


def _cells(before: Mapping[Key, Cells], after: Mapping[Key, Cells], columns: Iterable[str] = ()) -> list[CellChange]:
    """Cell by cell; a row that is new or gone is one change that tells its content."""
    found = []
    for key in _keys(before, after):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            found.append(CellChange(key, "", _row_text(old, columns), _row_text(new, columns)))
            continue
        names = list(columns) or list(dict.fromkeys((*new, *old)))
        found += [CellChange(key, c, old.get(c, ""), new.get(c, "")) for c in names if old.get(c, "") != new.get(c, "")]
    return found


def _row_text(row: Cells | None, columns: Iterable[str]) -> str:
    if row is None:
        return ""
    return "; ".join(f"{c}: {row[c]}" for c in (columns or row) if row.get(c))


def _verdicts(
    old: Mapping[Key, Cells], new: Mapping[Key, Cells], columns: Iterable[str], before: State, after: State
) -> list[VerdictChange]:
    columns, found = tuple(columns), []
    for key in _keys(old, new):
        then, now = old.get(key), new.get(key)
        if then is None or now is None or any(then.get(c, "") != now.get(c, "") for c in columns):
            found.append(VerdictChange(key, then, now, _cause(key, before, after)))
    return found


def _cause(key: Key, before: State, after: State) -> str:
    """Whether thresholds or values moved for the indicators that the key is about."""
    keys = _about(key, before, after)
    rule = any(_differ(k, before.thresholds, after.thresholds, RULE_MOVED) for k in keys)
    result = any(_differ(k, before.indicators, after.indicators, RESULT_MOVED) for k in keys)
    return {(True, True): "both", (True, False): "rule", (False, True): "result", (False, False): "other"}[rule, result]


def _about(key: Key, before: State, after: State) -> list[Key]:
    """The indicator itself; for a criterion its indicators, which carry its number in front."""
    known = [key] if len(key) == 3 else _keys(before.indicators, after.indicators)
    return [k for k in known if len(key) == 3 or (k[0] == key[0] and k[1].partition(".")[0] == key[1])]


def _differ(key: Key, before: Mapping[Key, Cells], after: Mapping[Key, Cells], columns: Iterable[str]) -> bool:
    old, new = before.get(key) or {}, after.get(key) or {}
    return any(old.get(c, "") != new.get(c, "") for c in columns)


def _lines(before: tuple[str, ...], after: tuple[str, ...]) -> list[tuple[str, str]]:
    """Lines of one place that differ, those that stand for each other side by side."""
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            together = (b - a) * (d - c) > MOST_PAIRS  # too many to ask which is most alike
            found += (
                zip_longest(before[a:b], after[c:d], fillvalue="") if together else _paired(before[a:b], after[c:d])
            )
    return found


def _paired(old: tuple[str, ...], new: tuple[str, ...]) -> list[tuple[str, str]]:
    """Old and new lines in their order, the most alike beside each other, the others beside nothing."""
    alike = [(_likeness(x, y), -i, -j) for i, x in enumerate(old) for j, y in enumerate(new)]
    likeness, i, j = max(alike, default=(0.0, 0, 0))
    if likeness < ALIKE:
        return [*((line, "") for line in old), *(("", line) for line in new)]
    i, j = -i, -j
    return [*_paired(old[:i], new[:j]), (old[i], new[j]), *_paired(old[i + 1 :], new[j + 1 :])]


@lru_cache(maxsize=4096)
def _likeness(old: str, new: str) -> float:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()


# ---------------------------------------------------------------- taking a state


# What shapes a published page besides data and rules: the notebooks, how pages are laid out, and their words.
PROGRAM = ("notebooks", "ntm_lib/doc", "ntm_lib/report", "ntm_lib/wording", "ntm_lib/locale", "ntm_lib/problems.yml")
READ = {".ipynb", ".py", ".typ", ".css", ".js", ".j2", ".po", ".txt", ".yml"}  # files with words or layout

# Columns of an observation that hold what the raw row says, for when the raw files themselves were not kept.
OBSERVED = [
    "year",
    "criterion",
    "indicator",
    "part",
    "item",
    "village",
    "text",
    "kind",
    "document",
    "section",
    "quote",
    "note",
]


def state_of_files(parameters: Parameters, root: Path) -> State:
    """State by the raw files below ``root``. Raises NtmError where they cannot be read or judged."""
    with tempfile.TemporaryDirectory(prefix="ntm-state-") as folder, _standing_at(root, Path(folder)):
        raw = intake.read_commune(parameters.commune, parameters.language)
        cleaned = intake.clean(raw, parameters.language)
        intake.stop_on_rejects(cleaned, parameters.language)
        save(cleaned, check_run(cleaned, parameters), Path(folder), parameters)
        judge_run(parameters, Path(folder))
        report = load_report(parameters)
        found = _state(report, {**_raw_rows(raw), **_description(parameters.commune)}, _digests(parameters.commune))
    return replace(found, program=_program_files(root))


def _program_files(root: Path) -> dict[str, tuple[str, ...]]:
    """File below PROGRAM → its lines; of a notebook the lines of its cells, for outputs are made anew with every run."""
    found = {}
    for place in map(root.joinpath, PROGRAM):
        for path in sorted([place] if place.is_file() else place.rglob("*")):
            if path.suffix in READ and path.is_file():
                text = path.read_text("utf-8", "replace")
                if path.suffix == ".ipynb":
                    text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
                found[path.relative_to(root).as_posix()] = tuple(text.splitlines())
    return found


def state_of_tables(parameters: Parameters, folder: Path, digests: Mapping[str, str]) -> State:
    """State by processed tables kept in ``folder``; ``digests`` of the raw files as their manifest names them."""
    t = translator(parameters.language)
    missing = [f"{name}.csv" for name in TABLES if not (folder / f"{name}.csv").is_file()]
    if missing:
        text = t(
            "SINCE: cạnh manifest.json thiếu các bảng {names}.\n    Cần làm: lưu cả thư mục data/processed của lần lập đó cạnh manifest.json"
        )
        raise NtmError(text.format(names=", ".join(missing)))
    with _standing_at(paths.root(), folder):
        report = load_report(parameters)
        files = {name: digest for name, digest in digests.items() if name.startswith("data/raw/")}
        return _state(report, _observed(report.rows("observations")), files)


@contextlib.contextmanager
def _standing_at(root: Path, processed: Path) -> Iterator[None]:
    """Everything below reads the checkout ``root`` and the tables in ``processed``."""
    given = {name: os.environ.get(name) for name in ("NTM_ROOT", "NTM_PROCESSED")}
    os.environ.update(NTM_ROOT=str(root), NTM_PROCESSED=str(processed))
    try:
        yield
    finally:
        for name in given:
            os.environ.pop(name)
        os.environ.update({name: value for name, value in given.items() if value is not None})


def _state(report: Report, raw: dict[Key, Cells], files: dict[str, str]) -> State:
    return State(
        raw=raw,
        files=files,
        thresholds=_keyed(report, "thresholds"),
        indicators=_keyed(report, "indicators"),
        criteria=_keyed(report, "criteria"),
        findings={row["finding"]: row["message"] for row in report.rows("findings")},
        meta=dict(_flat(report.rule_set.meta, "")),
        lines={
            place: tuple(filter(None, map(_unbroken, block.text.splitlines()))) for place, block in published(report)
        },
    )


def _unbroken(line: str) -> str:
    return line.replace("\N{NO-BREAK SPACE}", " ").strip()


def published(report: Report) -> Iterator[tuple[str, Block]]:
    """Every part of the yearly report (as the third notebook shows them) and of the papers, with its name."""
    t = report.t
    for name, part in (
        (t("Tiêu đề"), first_page.letterhead), (t("Kết luận"), first_page.conclusion), (t("Các tiêu chí qua các năm"), criterion.criteria_grid),
        (t("Số liệu so với ngưỡng"), figures.figures_section), (t("Từng tiêu chí"), criterion.criteria_sections), (t("Cần làm thêm"), money_and_needs.needs_section),
        (t("Công nhận và thu hồi"), judging.recognition), (t("Nguồn vốn"), money_and_needs.funding_section), (t("Công trình, công việc"), works_and_people.works_section),
        (t("Phân công và báo cáo"), works_and_people.people_section), (t("Kiến nghị về số liệu"), findings.findings_section),
        (t("Ngưỡng"), evidence.thresholds_note), (t("Dòng số liệu gốc"), evidence.evidence_rows), (t("Tài liệu"), evidence.documents_list),
        (t("Hồ sơ"), judging.dossier), (t("Báo cáo để ký"), official.assessment), (t("Kế hoạch"), official.plan), (t("Trang công khai"), public.page),
    ):  # fmt: skip
        yield name, part(report)


def _keyed(report: Report, name: str) -> dict[Key, Cells]:
    columns = dictionary.TABLES[name][0]
    return {tuple(str(row[c]) for c in columns): {c: str(v) for c, v in row.items()} for row in report.rows(name)}


def _raw_rows(raw: Raw) -> dict[Key, Cells]:
    """(table, id) → cells; rows that share an id, or have none, are counted."""
    found: dict[Key, Cells] = {}
    for table, rows in raw.tables.items():
        for row in rows:
            name = next((row.cells[c] for c in ("id", "document", "target") if row.cells.get(c)), "")
            counted = (f"{name}#{n}" if name else str(n) for n in count(2))
            key = next(n for n in (name or "1", *islice(counted, len(rows))) if (table, n) not in found)
            found[table, key] = dict(row.cells)
    return found


def _observed(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Cells]:
    """Rows of the table ``observations`` by what the raw row said."""
    return {
        (row["table"], row["observation"]): {c: str(row[c]) for c in OBSERVED if str(row[c]) not in ("", "0")}
        for row in rows
    }


def as_observed(state: State, parameters: Parameters, root: Path) -> State:
    """The state with its raw rows as observations, to be compared with one of which only tables were kept."""
    with _standing_at(root, root):
        cleaned = intake.clean(intake.read_commune(parameters.commune, parameters.language), parameters.language)
    return replace(state, raw=_observed(tables.records(cleaned.observations)), program={})


def _description(slug: str) -> dict[Key, Cells]:
    """``commune.yml``, each entry by its path."""
    content = read_yaml(paths.communes_folder() / slug / "commune.yml")
    return {("commune", "commune.yml"): dict(_flat(content, ""))}


def _flat(value: object, path: str) -> Iterator[tuple[str, str]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else None
    if pairs is None:
        yield path, "" if value is None else str(value)
        return
    for name, inner in pairs:
        yield from _flat(inner, f"{path}.{name}".lstrip("."))


def _digests(slug: str) -> dict[str, str]:
    """Raw files of the commune and of all rules: name → digest."""
    folders = (paths.communes_folder() / slug, paths.rules_folder())
    found = (path for folder in folders for path in folder.rglob("*") if not path.name.startswith((".", "~$")))
    files = sorted(path for path in found if path.is_file())
    return {path.relative_to(paths.root()).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
