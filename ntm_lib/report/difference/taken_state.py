"""The state of one commune's report, from a checkout's raw files or from tables that were kept.

Both sides of a comparison are made by this library, so that only data and rules can differ, not the program.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ntm_lib import intake, paths, tables
from ntm_lib.doc.blocks import Block
from ntm_lib.errors import NtmError
from ntm_lib.intake.raw import Raw
from ntm_lib.language import translator
from ntm_lib.parameters import Parameters
from ntm_lib.report.context import TABLES, Report, load_report
from ntm_lib.report.difference.states import Cells, Key, State
from ntm_lib.report.papers import official, public
from ntm_lib.report.sections import (
    criterion,
    dossier,
    evidence,
    figures,
    findings,
    first_page,
    funds,
    judging,
    people,
    what_it_takes,
    works_list,
)
from ntm_lib.rules.files import read_yaml
from ntm_lib.stages.clean_stage import check_run, save
from ntm_lib.stages.judge_stage import judge_run

# What shapes a published page besides data and rules: the notebooks, how pages are laid out, and their words.
PROGRAM = ("notebooks", "ntm_lib/doc", "ntm_lib/report", "ntm_lib/wording", "ntm_lib/locale", "ntm_lib/problems.yml")
READ = {".ipynb", ".py", ".typ", ".css", ".js", ".j2", ".po", ".txt", ".yml"}  # files with words or layout

# Columns of an observation that hold what the raw row says, for when the raw files themselves were not kept.
OBSERVED = (
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
)


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
    return replace(found, program=_program(root))


def _program(root: Path) -> dict[str, tuple[str, ...]]:
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
        return _state(report, _observed(report), files)


@contextlib.contextmanager
def _standing_at(root: Path, processed: Path) -> Iterator[None]:
    """Everything below reads the checkout ``root`` and the tables in ``processed``."""
    given = {name: os.environ.get(name) for name in ("NTM_ROOT", "NTM_PROCESSED")}
    os.environ.update(NTM_ROOT=str(root), NTM_PROCESSED=str(processed))
    try:
        yield
    finally:
        for name, value in given.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


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
        (t("Số liệu so với ngưỡng"), figures.figures_section), (t("Từng tiêu chí"), criterion.criteria_sections), (t("Cần làm thêm"), what_it_takes.needs_section),
        (t("Công nhận và thu hồi"), judging.recognition), (t("Nguồn vốn"), funds.funding_section), (t("Công trình, công việc"), works_list.works_section),
        (t("Phân công và báo cáo"), people.people_section), (t("Kiến nghị về số liệu"), findings.findings_section),
        (t("Ngưỡng"), evidence.thresholds_note), (t("Dòng số liệu gốc"), evidence.evidence_rows), (t("Tài liệu"), evidence.documents_list),
        (t("Hồ sơ"), dossier.dossier), (t("Báo cáo để ký"), official.assessment), (t("Kế hoạch"), official.plan), (t("Trang công khai"), public.page),
    ):  # fmt: skip
        yield name, part(report)


def _keyed(report: Report, name: str) -> dict[Key, Cells]:
    columns = tables.TABLES[name][0]
    return {tuple(str(row[c]) for c in columns): {c: str(v) for c, v in row.items()} for row in report.rows(name)}


def _raw_rows(raw: Raw) -> dict[Key, Cells]:
    """(table, id) → cells; rows that share an id, or have none, are counted."""
    found: dict[Key, Cells] = {}
    for table, rows in raw.tables.items():
        for row in rows:
            name = next((row.cells[c] for c in ("id", "document", "target") if row.cells.get(c)), "")
            key, count = (table, name or "1"), 1
            while key in found:
                count += 1
                key = (table, f"{name}#{count}" if name else str(count))
            found[key] = dict(row.cells)
    return found


def _observed(report: Report) -> dict[Key, Cells]:
    return {
        (row["table"], row["observation"]): {c: str(row[c]) for c in OBSERVED if str(row[c]) not in ("", "0")}
        for row in report.rows("observations")
    }


def as_observed(state: State, parameters: Parameters, root: Path) -> State:
    """The state with its raw rows as observations, to be compared with one of which only tables were kept."""
    with _standing_at(root, root):
        cleaned = intake.clean(intake.read_commune(parameters.commune, parameters.language), parameters.language)
    rows = cleaned.observations.to_dict("records")
    raw = {
        (row["table"], row["observation"]): {c: str(row[c]) for c in OBSERVED if str(row[c]) not in ("", "0")}
        for row in rows
    }
    return replace(state, raw=raw, program={})


def _description(slug: str) -> dict[Key, Cells]:
    """``commune.yml``, each entry by its path."""
    content = read_yaml(paths.communes_folder() / slug / "commune.yml")
    return {("commune", "commune.yml"): dict(_flat(content, ""))}


def _flat(value, path: str) -> Iterator[tuple[str, str]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else None
    if pairs is None:
        yield path, "" if value is None else str(value)
        return
    for name, inner in pairs:
        yield from _flat(inner, f"{path}.{name}".lstrip("."))


def _digests(slug: str) -> dict[str, str]:
    """Raw files of the commune and of all rules: name → digest."""
    folders = (paths.communes_folder() / slug, paths.rules_folder())
    files = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$"))
    )
    return {path.relative_to(paths.root()).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
