"""Whether the files of the rules are sound: every fault at once, with its place and what to do.

Whether a threshold is true to the decision cannot be checked here; that every row says where it
was read, and how sure that is, can. The single checks are in ``check_rows``, ``check_tables`` and
``check_meta``; here they meet the files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.problems import WordedProblem
from ntm_lib.rules import check_meta, check_rows, check_tables
from ntm_lib.rules.crosswalk import load_crosswalk
from ntm_lib.rules.files import read_csv, read_yaml
from ntm_lib.rules.sets import THRESHOLD_COLUMNS, RuleSet, read_set, refuse_other_kinds


@dataclass
class _Checking:
    """One run of the checks: the folder, the language, and the problems found so far."""

    folder: Path
    language: str
    problems: list[WordedProblem]

    def __post_init__(self) -> None:
        self.t = translator(self.language)

    def add(self, path: Path, row: int, column: str, read: str, what: str, action: str) -> None:
        name = f"{paths.shown(self.folder)}/{path.relative_to(self.folder).as_posix()}"
        self.problems.append(WordedProblem(name, row, column, str(read), what, action))

    def rows(
        self, path: Path, rows: pd.DataFrame, checks: tuple[check_rows.Check, ...], context: check_rows.Context
    ) -> None:
        """Runs ``checks`` over every row of a table."""
        for row in rows.to_dict("records"):
            for check in checks:
                for column, what, action in check(row, context, self.t):
                    self.add(path, row["row"], column, row.get(column, ""), what, action)

    def tables(self, path: Path, faults: Iterator[check_tables.Fault]) -> None:
        for fault in faults:
            self.add(path, *fault)

    def attempt(self, path: Path, read):
        """What ``read()`` returns; a file that cannot be read is a problem, and None."""
        try:
            return read()
        except NtmError as error:
            self.add(path, 0, "", "", error.message, "")
            return None


def check_rules(rules_folder: Path, language: str = "vi") -> list[WordedProblem]:
    """Every fault of the rule files under a folder such as ``data/raw/rules``; empty where all is sound."""
    run = _Checking(Path(rules_folder), language, [])
    names = sorted(p.parent.name for p in run.folder.glob("*/set.yml"))
    if not names:
        run.add(run.folder, 0, "", "", run.t("không có bộ tiêu chí nào"), run.t("Hãy kiểm tra đường dẫn."))
    traits = run.attempt(run.folder / "traits.yml", lambda: read_yaml(run.folder / "traits.yml", language)) or {}
    sets = {name: checked for name in names if (checked := _check_set(run, name, names, traits))}
    _check_provinces(run, names, sets, traits)
    path = run.folder / "crosswalk.csv"
    crosswalk = run.attempt(path, lambda: load_crosswalk(run.folder, language))
    if crosswalk is not None:
        readable = crosswalk[
            ~crosswalk["from_set"].isin(set(names) - set(sets)) & ~crosswalk["to_set"].isin(set(names) - set(sets))
        ]
        run.tables(path, check_tables.crosswalk_rows(readable, sets, run.t))
        run.tables(path, check_tables.crosswalk_whole(crosswalk, sets, run.t))
    return run.problems


def _check_set(run: _Checking, name: str, names: list[str], traits: dict) -> RuleSet | None:
    """The rule set, its faults noted; None where it could not be read at all."""
    folder = run.folder / name
    path = folder / "set.yml"
    meta = run.attempt(path, lambda: refuse_other_kinds(read_yaml(path, run.language), path, run.language))
    faults = (
        list(check_meta.shape_faults(meta, run.t))
        if isinstance(meta, dict)
        else [("", run.t("phải là các mục dạng tên: giá trị"), "")]
    )
    for entry, what, action in faults if meta is not None else ():
        run.add(folder / "set.yml", 0, entry, "", what, action)
    rule_set = None if faults else run.attempt(folder, lambda: read_set(folder, run.language))
    if rule_set is None:
        return None
    context = _context(rule_set, traits)
    for entry, what, action in check_meta.meta_faults(rule_set.meta, name, names, context, run.t):
        run.add(folder / "set.yml", 0, entry, "", what, action)
    every = pd.concat([rule_set.earlier, rule_set.indicators], ignore_index=True)
    run.rows(folder / "indicators.csv", every, check_rows.INDICATOR, context)
    run.rows(folder / "thresholds.csv", rule_set.thresholds, check_rows.THRESHOLD, context)
    run.rows(folder / "supporting_law.csv", rule_set.law, check_rows.LAW, context)
    run.tables(folder / "indicators.csv", check_tables.overlaps(every, run.t, ("indicator", "part")))
    run.tables(folder / "indicators.csv", check_tables.parts(rule_set.indicators, run.t))
    run.tables(folder / "thresholds.csv", check_tables.overlaps(rule_set.thresholds, run.t))
    run.tables(folder / "thresholds.csv", check_tables.gaps(rule_set, run.t))
    run.tables(folder / "set.yml", check_tables.totals(rule_set, run.t))
    run.tables(folder / "supporting_law.csv", check_tables.law_indicators(rule_set.law, context, run.t))
    return rule_set


def _check_provinces(run: _Checking, names: list[str], sets: dict[str, RuleSet], traits: dict) -> None:
    """Files of the provinces; those of a set that could not be read wait until it can."""
    for path in sorted(run.folder.glob("provinces/*/*.csv")):
        if path.stem not in names:
            run.add(
                path,
                0,
                "",
                "",
                run.t("tên tệp không phải một bộ tiêu chí"),
                run.t("Hãy chọn một trong: {allowed}.").format(allowed=", ".join(names)),
            )
        if path.stem not in sets:
            continue
        rows = run.attempt(path, lambda path=path: read_csv(path, THRESHOLD_COLUMNS, run.language))
        if rows is not None:
            run.rows(path, rows, check_rows.PROVINCE, _context(sets[path.stem], traits))
            run.tables(path, check_tables.overlaps(rows, run.t))


def _context(rule_set: RuleSet, traits: dict) -> check_rows.Context:
    indicators = {(r["indicator"], r["part"]): r for r in rule_set.all_indicators.to_dict("records")}
    return check_rows.Context(
        columns=tuple(c["code"] for c in rule_set.meta["columns"]),
        criteria=tuple(c["id"] for c in rule_set.meta["criteria"]),
        layers=tuple(layer["layer"] for layer in rule_set.meta["layers"]),
        indicators=indicators,
        base_indicators=frozenset(rule_set.base.all_indicators["indicator"]) if rule_set.base else frozenset(),
        traits=traits,
        earlier=tuple(rule_set.earlier.to_dict("records")),
    )
