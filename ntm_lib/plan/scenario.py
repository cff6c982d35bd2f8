"""A scenario: what a planner assumes, and the observations as they would be if it came true.

``scenario_file`` reads it, ``apply_scenario`` turns it into observations that are judged like any
others (basis planned, marked as scenario). Nothing is judged here.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd

from ntm_lib import rules, tables
from ntm_lib.errors import NtmError
from ntm_lib.judge import project
from ntm_lib.judge.criteria import declaring_rows
from ntm_lib.judge.history import RESULTS
from ntm_lib.judge.observations import JUDGED_TABLES, MEASURED, SCENARIO, TARGET, in_numbers_of, index_rows, rank, sex
from ntm_lib.judge.override import Assumption, override
from ntm_lib.language import number, term, translator
from ntm_lib.model import Observation, Row, sure
from ntm_lib.plan.money import added_by_works, check_works
from ntm_lib.plan.needs import is_counted
from ntm_lib.plan.scenario_model import Change, Key, Scenario
from ntm_lib.tables import decimal_text, records

SOURCES = (
    "ntm",
    "dtts",
    "poverty",
    "central",
    "province",
    "district",
    "credit",
    "enterprises",
    "people",
    "other",
)  # codes in funding.csv


def judged_by(scenario: Scenario | None, rule_set: str, region: str, year: int) -> tuple[str, str, int]:
    """(rule set, region, year) that the run is judged by: the scenario's where it states them."""
    if scenario is None:
        return rule_set, region, year
    return scenario.rule_set or rule_set, scenario.region or region, scenario.year or year


def apply_scenario(
    observations: pd.DataFrame,
    works: pd.DataFrame,
    scenario: Scenario | None,
    year: int,
    rule_set: str,
    thresholds: pd.DataFrame,
    language: str = "vi",
) -> pd.DataFrame:
    """``observations`` in which ``year`` is as the scenario assumes; unchanged without a scenario.

    ``rule_set`` and ``thresholds`` are those that judge (``judged_by``); the result is in the numbers
    of that set, and says so. Changes are added to the result of ``base_year``, or, where there is
    none, to its plan. A year of which nothing is known starts as the base year ended (``is_carried``).
    What a scenario says of villages stands in rows of the villages, which do not judge the commune.
    Raises NtmError, naming file and line, for a work, village or base that does not exist and for a
    share over 100%.
    """
    if scenario is None:
        return observations
    if scenario.base_year > year:
        message = translator(language)("base_year {base} sau năm đánh giá {year}.").format(
            base=scenario.base_year, year=year
        )
        raise scenario.refuse(1, message, language)
    check_works(scenario, works, language)
    _check_villages(scenario, observations, works, language)
    _check_sources(scenario, works, language)
    known = _numbered(observations, rule_set, language)
    if is_carried(known, scenario, year):
        known = _carried(known, scenario.base_year, year, language)
    assumed = assumptions(known, works, scenario, year, thresholds, language)
    changed = _override(known, assumed, scenario, year, thresholds, language)
    changed = changed.assign(rule_set=changed["rule_set"].where(changed["table"] != SCENARIO, rule_set))
    villages = _village_rows(scenario, year, rule_set, thresholds)
    return tables.as_table("observations", records(changed) + villages) if villages else changed


def is_carried(observations: pd.DataFrame, scenario: Scenario, year: int) -> bool:
    """Whether nothing at all is known or planned of ``year``: what the scenario leaves alone then stays as in its base year."""
    rows = observations[
        observations["table"].isin(JUDGED_TABLES) & (observations["village"] == "") & (observations["year"] == year)
    ]
    return scenario.base_year not in (0, year) and not rows["kind"].isin(RESULTS).any()


def carried_text(observations: pd.DataFrame, scenario: Scenario, year: int, language: str = "vi") -> str:
    """The sentence that says so; empty where the year has data of its own."""
    if not is_carried(observations, scenario, year):
        return ""
    text = translator(language)("Năm {year} chưa có số liệu: điều gì kịch bản không nhắc đến thì giữ như năm {base}.")
    return text.format(year=year, base=scenario.base_year)


def assumptions(
    observations: pd.DataFrame,
    works: pd.DataFrame,
    scenario: Scenario,
    year: int,
    thresholds: pd.DataFrame,
    language: str = "vi",
) -> dict[Key, tuple[Assumption, int]]:
    """What the scenario sets each indicator to, by (indicator, part), with the line that says so."""
    added = added_by_works(scenario, works, thresholds)
    for change in scenario.changes:
        if change.op == "add":
            total, line = added.get(change.key, (Fraction(0), change.line))
            added[change.key] = total + change.amount, line
    base = _Base(observations, scenario, year, language)
    found: dict[Key, tuple[Assumption, int]] = {}
    for change in scenario.changes:
        if change.op in ("set", "grow"):
            if change.key in found or change.key in added:
                raise scenario.refuse(
                    change.line,
                    translator(language)("chỉ tiêu {target} được đặt hai lần.").format(target=change.target),
                    language,
                )
            found[change.key] = (change.assumption or base.grown(change)), change.line
    for key, (total, line) in added.items():
        from_works = all(c.key != key for c in scenario.changes if c.op == "add")
        if not (from_works and base.find(key) is None):  # a work of which no base figure is known turns no verdict
            found[key] = base.with_added(key, total, line), line
    _check_whole_units(scenario, found, thresholds, language)
    typed = {_typed_key(a, thresholds): (a, 0) for a in scenario.typed}
    return found | typed


def _carried(observations: pd.DataFrame, base_year: int, year: int, language: str) -> pd.DataFrame:
    """The observations with those of ``base_year`` once more, as plans of ``year``; what is declared stays declared.

    Of each indicator what speaks strongest of its base year, results before plans. The rows keep their
    ids: it is their figure.
    """
    known = project(observations, base_year)
    by_name = {r["observation"]: r for r in records(known)}
    kept = [
        by_name[r.name] | ({"kind": "target"} if rank(r) == MEASURED else {})
        for (of_year, *_), rows in index_rows(by_name.values()).items()
        if of_year == base_year
        for r in _strongest(rows)
    ]
    declared = [r for r in declaring_rows(records(known)) if r["year"] == base_year]
    kept += [r for r in declared if r["kind"] in ("measured", "declared")] or [
        r for r in declared if r["kind"] == "target"
    ]
    facts = {
        "year": year,
        "base_year": str(base_year),
        "note": translator(language)("Giả định giữ như năm {year}.").format(year=base_year),
    }
    return tables.as_table("observations", records(observations) + [r | facts for r in kept])


def _strongest(rows: list[Observation]) -> list[Observation]:
    """What speaks strongest of one indicator and year."""
    best = min((level for r in rows if (level := rank(r)) is not None), default=None)
    return [r for r in rows if best is not None and rank(r) == best]


def village_changes(scenario: Scenario | None) -> list[tuple[str, str, str, Fraction]]:
    """(village, indicator, part, units more or fewer) for everything that the scenario says of villages."""
    changes = scenario.changes if scenario else ()
    return [(village, c.indicator, c.part, amount) for c in changes for village, amount in c.villages]


class _Base:
    """Results of the base year, to which changes are added."""

    def __init__(self, observations: pd.DataFrame, scenario: Scenario, year: int, language: str):
        self.scenario, self.language = scenario, language
        self.years = year - scenario.base_year
        self.rows: dict[Key, list[Observation]] = {}
        index = index_rows(records(project(observations, scenario.base_year)))
        for (row_year, indicator, part), rows in index.items():
            if row_year == scenario.base_year:
                self.rows[indicator, part] = [r for r in rows if not sex(r) and r.counted is not None]

    def find(self, key: Key) -> list[Observation] | None:
        """Rows of the base year: results before plans, exact shares before rounded ones; None: no figure."""
        for level in (MEASURED, TARGET):
            rows = [r for r in self.rows.get(key, []) if rank(r) == level and not r.bound]
            if rows:
                return [r for r in rows if r.denominator is not None] or rows
        return None

    def one(self, key: Key, line: int) -> Observation:
        """The row to add to. Raises NtmError where there is none, or several that differ."""
        t, target, year = translator(self.language), "".join(key), self.scenario.base_year
        rows = self.find(key)
        if rows is None:
            message = t("năm gốc {year} không có số liệu của chỉ tiêu {target} để cộng thêm.").format(
                year=year, target=target
            )
            raise self.scenario.refuse(line, message, self.language)
        if len({_exact(r) for r in rows}) > 1:
            values = "; ".join(dict.fromkeys(r.text for r in rows))
            message = t("năm gốc {year} có nhiều số liệu khác nhau của chỉ tiêu {target}: {values}.").format(
                year=year, target=target, values=values
            )
            raise self.scenario.refuse(line, message, self.language)
        return rows[0]

    def with_added(self, key: Key, amount: Fraction, line: int) -> Assumption:
        row, text = self.one(key, line), f"{''.join(key)}+={decimal_text(amount)}"
        if row.denominator is not None:
            return Assumption(*key, False, text, numerator=sure(row.numerator) + amount, denominator=row.denominator)
        return Assumption(*key, False, text, value=sure(row.amount) + amount)

    def grown(self, change: Change) -> Assumption:
        """The level after growing by so many percent in each year since the base year."""
        row = self.one(change.key, change.line)
        if row.unit == "%":
            message = translator(self.language)(
                "chỉ tiêu {target} là tỷ lệ: dùng add hoặc set, không dùng grow."
            ).format(target=change.target)
            raise self.scenario.refuse(change.line, message, self.language)
        if not self.years:
            message = translator(self.language)(
                "grow tính mức tăng từ base_year {year} đến năm đánh giá; hai năm này đang là một."
            ).format(year=self.scenario.base_year)
            raise self.scenario.refuse(change.line, message, self.language)
        value = sure(row.amount) * (1 + change.amount / 100) ** self.years
        return Assumption(*change.key, False, f"{change.target}*={decimal_text(change.amount)}%", value=value)


def _exact(row: Observation) -> tuple[Any, Any]:
    return (row.value, row.unit) if row.denominator is None else (row.numerator, row.denominator)


def _numbered(observations: pd.DataFrame, rule_set: str, language: str) -> pd.DataFrame:
    """The observations in the numbers of ``rule_set``, marked so that nobody renumbers them again."""
    numbered = in_numbers_of(observations, rule_set, language)
    if numbered is observations:
        return observations
    unmarked = numbered["rule_set"].isin(["", *rules.rule_sets()])
    return numbered.assign(rule_set=numbered["rule_set"].mask(unmarked, rule_set))


def _override(
    observations: pd.DataFrame,
    assumed: dict[Key, tuple[Assumption, int]],
    scenario: Scenario,
    year: int,
    thresholds: pd.DataFrame,
    language: str,
) -> pd.DataFrame:
    """``override``; where it refuses, the changes are tried one by one to name the line at fault."""
    try:
        return override(observations, [a for a, _ in assumed.values()], year, thresholds, language)
    except NtmError:
        for assumption, line in assumed.values():
            try:
                override(observations, [assumption], year, thresholds, language)
            except NtmError as error:
                raise scenario.refuse(line, error.message, language) from error
        raise


def _typed_key(assumption: Assumption, thresholds: pd.DataFrame) -> Key:
    """The indicator that a change typed as ``10=47`` is about, where that is certain; else as typed."""
    if "." in assumption.indicator:
        return assumption.indicator, assumption.part
    own = thresholds[(thresholds["criterion"] == assumption.indicator) & (thresholds["part"] == "")]["indicator"]
    return (own.iloc[0] if len(own) == 1 else assumption.indicator), assumption.part


def _check_villages(scenario: Scenario, observations: pd.DataFrame, works: pd.DataFrame, language: str) -> None:
    """Raises NtmError for a village that neither changes nor limits can mean."""
    known = {name.strip() for cell in (*observations["village"], *works["village"]) for name in cell.split(";")} - {""}
    named = [(village, change.line) for change in scenario.changes for village, _ in change.villages]
    named += [(village, scenario.limits_line) for village in (scenario.limits.households if scenario.limits else ())]
    for village, line in named:
        if village not in known:
            message = translator(language)("không có thôn “{village}”. Các thôn đã biết: {known}.")
            names = ", ".join(sorted(known, key=tables.natural_key))
            raise scenario.refuse(line, message.format(village=village, known=names), language)


def _check_sources(scenario: Scenario, works: pd.DataFrame, language: str) -> None:
    """Raises NtmError for a budget of a source that nobody pays from: it would limit nothing."""
    known = dict.fromkeys((*SOURCES, *works["source"]))
    for source in scenario.limits.budgets if scenario.limits else ():
        if source not in known or not source:
            message = translator(language)("không có nguồn vốn “{source}”. Cho phép: {known}.")
            names = ", ".join(filter(None, known))
            raise scenario.refuse(scenario.limits_line, message.format(source=source, known=names), language)


def _check_whole_units(
    scenario: Scenario, assumed: dict[Key, tuple[Assumption, int]], thresholds: pd.DataFrame, language: str
) -> None:
    """Raises NtmError for half a household, and for an indicator set both as a whole and by its parts."""
    t, units = translator(language), {(r["indicator"], r["part"]): r["count_unit"] for r in records(thresholds)}
    for (indicator, part), (assumption, line) in assumed.items():
        numerator, unit = assumption.numerator, units.get((indicator, part), "")
        if numerator is not None and numerator.denominator != 1 and is_counted(unit):
            message = t("chỉ tiêu {target}: {number} {unit} không phải số nguyên.")
            raise scenario.refuse(
                line,
                message.format(target=indicator + part, number=number(numerator, language), unit=term(unit, language)),
                language,
            )
        if part and (indicator, "") in assumed:
            message = t("chỉ tiêu {target} được đặt cả toàn bộ và từng nội dung.")
            raise scenario.refuse(max(line, assumed[indicator, ""][1]), message.format(target=indicator), language)


def _village_rows(scenario: Scenario, year: int, rule_set: str, thresholds: pd.DataFrame) -> list[Row]:
    about = {(r["indicator"], r["part"]): r for r in records(thresholds)}
    return [
        {
            "observation": f"SET:{indicator}{part}:{number}",
            "table": SCENARIO,
            "year": year,
            "rule_set": rule_set,
            "kind": "split",
            "part_of": f"SET:{indicator}{part}",
            "criterion": about[indicator, part]["criterion"],
            "indicator": indicator,
            "part": part,
            "village": village,
            "value": decimal_text(amount),
            "unit": about[indicator, part]["count_unit"],
        }
        for number, (village, indicator, part, amount) in enumerate(village_changes(scenario), start=1)
    ]


def with_typed(scenario: Scenario | None, typed: Iterable[Assumption], name: str) -> Scenario | None:
    """The scenario with changes from the command line; a new one where there is no file."""
    typed = tuple(typed)
    if not typed:
        return scenario
    return replace(scenario, typed=typed) if scenario else Scenario(name=name, title=name, typed=typed)
