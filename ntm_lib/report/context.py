"""What a page of the report is made from: the processed tables of one run, the rules and the commune."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from ntm_lib import paths, rules, tables
from ntm_lib.judge.observations import broken_on
from ntm_lib.language import Translate, translator
from ntm_lib.model import UNFIT
from ntm_lib.parameters import Parameters
from ntm_lib.plan.scenario import judged_by
from ntm_lib.plan.scenario_file import read_scenario
from ntm_lib.tables import records
from ntm_lib.wording.problem_words import remarked, worded
from ntm_lib.wording.words import counted_alike, in_units_of_the_source, with_origin

Values = tuple[Any, ...]
Row = dict[str, Any]  # a row of a table, by column: text, or a number where ``dictionary`` says so

# The processed tables that a report is made from.
TABLES = (
    "observations", "findings", "works", "funding", "documents", "sentences", "provisions", "notes", "evidence", "schedule", "villages", "progress",
    "thresholds", "indicators", "criteria", "changes", "turned", "counts", "summary", "conditions", "risks", "needs", "village_needs", "debts", "decisive",
    "recognitions",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """One run, by the rule set, region and year that its scenario judges by, if it states any. Frames are tables of ``ntm_lib.tables``; nothing in here is computed from another field."""

    parameters: Parameters
    commune: Row
    rule_set: rules.RuleSet
    documents: dict[str, Row]
    notes: tuple[Row, ...]
    observations: pd.DataFrame
    findings: pd.DataFrame
    works: pd.DataFrame
    funding: pd.DataFrame
    thresholds: pd.DataFrame
    indicators: pd.DataFrame
    criteria: pd.DataFrame
    changes: pd.DataFrame
    turned: pd.DataFrame
    counts: pd.DataFrame
    summary: pd.DataFrame
    conditions: pd.DataFrame
    risks: pd.DataFrame
    needs: pd.DataFrame
    village_needs: pd.DataFrame
    debts: pd.DataFrame
    decisive: pd.DataFrame
    schedule: pd.DataFrame
    villages: pd.DataFrame
    progress: pd.DataFrame
    sentences: pd.DataFrame
    provisions: pd.DataFrame
    recognitions: pd.DataFrame
    evidence: tuple[Row, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return self.parameters.year

    @property
    def language(self) -> str:
        return self.parameters.language

    @property
    def t(self) -> Translate:
        return translator(self.language)

    @property
    def in_years(self) -> bool:
        """Whether the rule set is of the year judged; figures older than every set are judged by the nearest."""
        return self.in_set(self.year)

    def in_set(self, year: int) -> bool:
        """Whether the rule set is of ``year``."""
        first, last = self.rule_set.meta["years"]
        return bool(first <= year <= last)

    @cached_property
    def years(self) -> list[int]:
        """Years judged, oldest first; the last is the year of the report."""
        return sorted(self.criteria["year"].unique().tolist())

    @property
    def last_year(self) -> int | None:
        """The last year known before the year of the report."""
        before = [y for y in self.years if y < self.year]
        return before[-1] if before else None

    def is_plan(self, year: int) -> bool:
        """Whether all that is known of ``year`` are targets: its verdicts are plans, not results."""
        kinds = {row["kind"] for row in self.rows("observations", year=year)}
        return bool(kinds & {"target", "change"}) and not kinds & {"measured", "declared"}

    def year_label(self, year: int) -> str:
        """``2023``, or ``KH 2024`` for a year that is only planned."""
        return self.t("KH {year}").format(year=year) if self.is_plan(year) else str(year)

    def of_year(self, name: str, year: int) -> pd.DataFrame:
        """Rows of table ``name`` for one year."""
        frame = getattr(self, name)
        return frame[frame["year"] == year].reset_index(drop=True)

    def rows(self, name: str, **equal: object) -> list[Row]:
        """Rows of table ``name`` in which the columns have these values, as dictionaries."""
        return [*self._index(name, tuple(equal)).get(tuple(equal.values()), ())]

    def row(self, name: str, **equal: object) -> Row | None:
        """The first such row, or None."""
        return next(iter(self.rows(name, **equal)), None)

    def one(self, name: str, **equal: object) -> Row:
        """The row that must be there. Raises KeyError where it is not."""
        found = self.row(name, **equal)
        if found is None:
            raise KeyError(name, *equal.values())
        return found

    def _index(self, name: str, columns: tuple[str, ...]) -> dict[Values, list[Row]]:
        """Values of the columns → rows, made once: the pages look up rows by the thousand."""
        if (name, columns) not in self._made:
            index: dict[Values, list[Row]] = {}
            for row in records(getattr(self, name)):
                index.setdefault(tuple(row[c] for c in columns), []).append(row)
            self._made[name, columns] = index
        return self._made[name, columns]

    @cached_property
    def _made(self) -> dict[tuple[str, tuple[str, ...]], dict[Values, list[Row]]]:
        return {}


def criteria_order(report: Report) -> list[str]:
    """Numbers of the criteria of the year of the report, in their order."""
    return sorted((row["criterion"] for row in report.rows("criteria", year=report.year)), key=tables.natural_key)


# What the last report of this process was made from, and the report: the third notebook asks for that of the second again.
_last: tuple[tuple[Any, ...], Report] | None = None


def load_report(parameters: Parameters) -> Report:
    """The run's processed tables with its rules and commune. Raises NtmError where a table is missing."""
    global _last
    folder = paths.processed(parameters.run_name)
    scenario = read_scenario(parameters.commune, parameters.scenario, parameters.rule_set, parameters.language)
    rule_set, region, year = judged_by(scenario, parameters.rule_set, parameters.region, parameters.year)
    parameters = replace(parameters, rule_set=rule_set, region=region, year=year)
    read = {name: tables.read_table(name, folder) for name in TABLES}
    commune, judged_by_set = rules.load_commune(parameters.commune), rules.load_set(rule_set)
    made_from = (parameters, commune, judged_by_set, *read.values())
    if _last and _same(_last[0], made_from):
        return _last[1]
    documents, notes, evidence = (records(read.pop(name)) for name in ("documents", "notes", "evidence"))
    read["indicators"] = with_origin(
        in_units_of_the_source(read["indicators"], read["observations"]), read["observations"]
    )
    read["indicators"] = remarked(read["indicators"], parameters.language)
    read["findings"] = worded(read["findings"], parameters.language)
    read["needs"] = counted_alike(read["needs"], "unit", "whole", read["indicators"])
    report = Report(
        parameters=parameters,
        commune=commune,
        rule_set=judged_by_set,
        documents={row["document"]: row for row in documents},
        notes=tuple(notes),
        evidence=tuple(evidence),
        pictures={
            row["picture"]: (folder / "pictures" / row["picture"]).read_bytes() for row in evidence if row["picture"]
        },
        **read,
    )
    _last = made_from, report
    return report


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether the parameters are equal, and commune, rules and tables the very same: nothing of them was read anew."""
    return one[0] == other[0] and all(a is b for a, b in zip(one[1:], other[1:], strict=True))


def broken_since(report: Report, before: Row) -> bool:
    """Whether the indicator of a row of an earlier year has since become another concept: its value is compared with none of now."""
    return bool(broken_on(report.rule_set.meta, before["indicator"], before["year"], report.year))


def comparable_before(report: Report, row: Row) -> Row | None:
    """The row of the last year whose value may be set beside that of ``row``."""
    before = report.row("indicators", year=report.last_year, indicator=row["indicator"], part=row["part"])
    if before is None or broken_since(report, before) or before["unit"] != row["unit"] or before["reason"] in UNFIT:
        return None
    return before
