"""The plan under a planner's hands: verdicts, margins and cost while quantities are moved.

Everything that does not change is prepared once, so that a move is answered in a few hundredths
of a second. The verdicts are those of ``judge``, on plain records; a test compares them with a
scenario's.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from ntm_lib.judge.amounts import AT_MOST
from ntm_lib.judge.criteria import criteria_rows, declaring_rows
from ntm_lib.judge.history import Columns
from ntm_lib.judge.indicators import judge_columns
from ntm_lib.judge.observations import MEASURED, SCENARIO, TARGET, index_rows, project, rank, sex
from ntm_lib.judge.override import Assumption
from ntm_lib.model import Observation, Row, sure
from ntm_lib.plan.needs import HUNDREDTH, is_counted
from ntm_lib.plan.scenario_model import Change, Key, Scenario
from ntm_lib.plan.simulate import planned_by_plan
from ntm_lib.tables import decimal_text, records


class Lever(NamedTuple):
    """A quantity that can be moved: units added to ``now`` out of ``whole``, or, without a whole, a level.

    ``start``: where the plan puts it; ``lowest`` and ``highest``: as far as it can go; ``step``.
    """

    key: Key
    unit: str
    now: Fraction
    whole: Fraction | None
    start: Fraction
    lowest: Fraction
    highest: Fraction
    step: Fraction


class Answer(NamedTuple):
    """Rows of the tables ``indicators`` and ``criteria`` of the year, and the cost in million đồng."""

    indicators: list[Row]
    criteria: list[Row]
    cost: Fraction


class Live:
    """A commune, a year and its rules, ready to be asked what would be.

    ``observations`` are in the numbers of ``rule_set``; ``columns`` are the thresholds of ``year``;
    ``criteria`` names the criteria of the set in their order.
    """

    def __init__(
        self,
        observations: pd.DataFrame,
        columns: Columns,
        year: int,
        base_year: int,
        rule_set: str,
        criteria: list[str],
        language: str = "vi",
    ):
        planned = project(observations, year)
        self.year, self.base_year, self.rule_set, self.criteria, self.language = (
            year,
            base_year,
            rule_set,
            criteria,
            language,
        )
        self.columns, self.rules = columns, columns[0]
        self.index = dict(index_rows(records(planned)))
        self.declaring = declaring_rows(records(planned))
        self._by_key = {(r["indicator"], r["part"]): r for r in self.rules}
        self._additions = planned_by_plan(observations, year)
        found = (self._lever(key) for key in self._by_key)
        self._levers = {lever.key: lever for lever in found if lever}

    def levers(self) -> list[Lever]:
        """The quantities of which the commune has a figure, in the order of the rules."""
        return list(self._levers.values())

    def ask(self, moved: Mapping[Key, Fraction], unit_costs: Mapping[Key, Fraction] = {}) -> Answer:
        """The year with ``moved`` levers: units added to the base (shares), or the level itself.

        ``unit_costs``: million đồng for one more unit, in the direction that the threshold asks for.
        """
        index = {
            **self.index,
            **{(self.year, *key): [self._row(self._levers[key], amount)] for key, amount in moved.items()},
        }
        indicators = judge_columns(index, self.columns, self.year)
        criteria = criteria_rows(indicators, self.declaring, self.year, self.rule_set, self.criteria)
        costs = (self._cost(key, amount, unit_costs.get(key)) for key, amount in moved.items())
        return Answer(indicators, criteria, sum((cost for cost in costs if cost), Fraction(0)))

    def as_scenario(
        self, moved: Mapping[Key, Fraction], unit_costs: Mapping[Key, Fraction] = {}, **facts: Any
    ) -> Scenario:
        """What is on the screen as a scenario; ``facts``: name, title, author, date, reason."""
        changes = [
            _change(self._levers[key], amount, self._cost(key, amount, unit_costs.get(key)))
            for key, amount in moved.items()
        ]
        return Scenario(**facts, base_year=self.base_year, changes=tuple(changes))

    def _cost(self, key: Key, amount: Fraction, unit_cost: Fraction | None) -> Fraction | None:
        """Million đồng for a move in the direction that the threshold asks for; the other way costs nothing."""
        if unit_cost is None:
            return None
        lever = self._levers[key]
        units = amount if lever.whole is not None else amount - lever.now
        sign = -1 if self._by_key[key]["operator"] in AT_MOST else 1
        return max(sign * units, Fraction(0)) * unit_cost

    def _lever(self, key: Key) -> Lever | None:
        rule = self._by_key[key]
        if rule["kind"] == "share":
            row = self._known(self.base_year, key)
            if row is None or not row.denominator:
                return None
            now, whole = sure(row.numerator), row.denominator
            step = Fraction(1) if is_counted(rule["count_unit"]) else HUNDREDTH
            planned = self._additions.get(key)
            return Lever(
                key, rule["count_unit"], now, whole, planned.amount if planned else Fraction(0), -now, whole - now, step
            )
        row = self._known(self.year, key) or self._known(self.base_year, key)
        if rule["kind"] != "number" or row is None:
            return None
        now = sure(row.amount)
        return Lever(key, rule["unit"], now, None, now, Fraction(0), 2 * now, Fraction(1, 10))

    def _known(self, year: int, key: Key) -> Observation | None:
        """The one figure of a year; None where there is none, or several that differ."""
        rows = [
            r for r in self.index.get((year, *key), []) if rank(r) in (MEASURED, TARGET) and not sex(r) and not r.bound
        ]
        rows = [r for r in rows if r.amount is not None]
        return rows[0] if len({(r.amount, r.numerator, r.denominator) for r in rows}) == 1 else None

    def _row(self, lever: Lever, amount: Fraction) -> Observation:
        """The observation that a moved lever makes."""
        told = Observation(f"SET:{''.join(lever.key)}", SCENARIO, "target", self.year, part=lever.key[1])
        if lever.whole is None:
            return replace(told, value=decimal_text(amount), amount=amount, unit=self._by_key[lever.key]["unit"])
        level = 100 * (lever.now + amount) / lever.whole
        told = replace(told, numerator=lever.now + amount, denominator=lever.whole)
        return replace(told, value=decimal_text(level), amount=level, unit="%")


def _change(lever: Lever, amount: Fraction, cost: Fraction | None) -> Change:
    if lever.whole is not None:
        return Change("add", indicator=lever.key[0], part=lever.key[1], amount=amount, cost=cost)
    assumption = Assumption(*lever.key, False, decimal_text(amount), value=amount)
    return Change("set", indicator=lever.key[0], part=lever.key[1], assumption=assumption, cost=cost)
