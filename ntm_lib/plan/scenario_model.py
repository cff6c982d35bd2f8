"""A scenario as a planner means it. Nothing is read or judged here."""

import json
from dataclasses import dataclass
from fractions import Fraction

from ntm_lib.errors import NtmError
from ntm_lib.judge.override import Assumption
from ntm_lib.language import translator
from ntm_lib.plan.optimise import Limits
from ntm_lib.tables import decimal_text

Key = tuple[str, str]  # indicator, part


@dataclass(frozen=True)
class Uncertainty:
    """Lowest, likeliest and highest percent: of the plan that gets done, and of a year's growth of levels."""

    reason: str
    delivery: tuple[Fraction, Fraction, Fraction] | None = None
    growth: tuple[Fraction, Fraction, Fraction] | None = None
    seed: int = 0
    draws: int = 10_000


@dataclass(frozen=True)
class Change:
    """One entry of ``changes``. ``op``: set, add, grow, move, fund; ``line``: where it stands in the file.

    ``amount``: what is added (units of the numerator, or of the value), or percent a year (grow).
    ``villages``: how much of it in which village; for move they add up to nothing. ``cost``: million
    đồng, as the planner estimates it; of funded works the table of works knows the cost.
    """

    op: str
    line: int = 0
    indicator: str = ""
    part: str = ""
    assumption: Assumption | None = None
    amount: Fraction = Fraction(0)
    villages: tuple[tuple[str, Fraction], ...] = ()
    works: tuple[str, ...] = ()
    cost: Fraction | None = None
    reason: str = ""

    @property
    def key(self) -> Key:
        return self.indicator, self.part

    @property
    def target(self) -> str:
        return self.indicator + self.part


@dataclass(frozen=True)
class Scenario:
    """A scenario as its file states it. Empty ``rule_set``, ``region``, ``year``: those of the run.

    ``limits`` and ``wanted`` (criteria) are the question to the optimiser. ``typed``: changes given
    on the command line, which win over those of the file.
    """

    name: str
    title: str = ""
    author: str = ""
    date: str = ""
    reason: str = ""
    base_year: int = 0
    changes: tuple[Change, ...] = ()
    rule_set: str = ""
    region: str = ""
    year: int = 0
    uncertainty: Uncertainty | None = None
    limits: Limits | None = None
    limits_line: int = 0
    wanted: tuple[str, ...] = ()
    typed: tuple[Assumption, ...] = ()
    file: str = ""

    def refuse(self, line: int, message: str, language: str) -> NtmError:
        """The error for something wrong at ``line`` of the file."""
        t = translator(language)
        place = t("{file}, dòng {line}: ").format(file=self.file, line=line) if self.file and line else ""
        return NtmError(place + message)


# ---------------------------------------------------------------- Writes a scenario as the YAML that ``scenario_file`` reads

_FACTS = ("name", "title", "author", "date", "reason")


def scenario_text(scenario: Scenario) -> str:
    """The file of a scenario: same scenario, same text. What was typed on the command line is left out."""
    lines = [f"{fact}: {_quoted(getattr(scenario, fact))}" for fact in _FACTS]
    lines.append(f"base_year: {scenario.base_year}")
    judge = {k: v for k in ("rule_set", "region", "year") if (v := getattr(scenario, k))}
    if judge:
        lines.append("judge: {" + ", ".join(f"{k}: {_quoted(str(v))}" for k, v in judge.items()) + "}")
    lines.append("changes:" if scenario.changes else "changes: []")
    lines += ["  - {" + ", ".join(_cells(change)) + "}" for change in scenario.changes]
    lines += _uncertainty(scenario) + _limits(scenario)
    return "\n".join(lines) + "\n"


def _cells(change: Change) -> list[str]:
    cells = []
    if change.op != "fund":
        cells.append(f"indicator: {_quoted(change.indicator)}")
        cells += [f"part: {change.part}"] if change.part else []
    cells += _operation(change)
    cells += [f"cost: {_number(change.cost)}"] if change.cost is not None else []
    return cells + ([f"reason: {_quoted(change.reason)}"] if change.reason else [])


def _operation(change: Change) -> list[str]:
    if change.op == "set" and change.assumption:
        return [f"set: {_quoted(_value(change.assumption))}"]
    if change.op == "move":
        (here, _), (there, amount) = change.villages
        return [f"move: {_number(amount)}", f"from: {_quoted(here)}", f"to: {_quoted(there)}"]
    if change.op == "fund":
        return [f"fund: [{', '.join(map(_quoted, change.works))}]"]
    if change.villages:
        return [f"{change.op}: {{{', '.join(f'{_quoted(v)}: {_number(n)}' for v, n in change.villages)}}}"]
    return [f"{change.op}: {_number(change.amount)}"]


def _value(assumption: Assumption) -> str:
    if assumption.word:
        return assumption.word
    if assumption.denominator:
        return f"{decimal_text(assumption.numerator)}/{decimal_text(assumption.denominator)}"
    return decimal_text(assumption.value)


def _uncertainty(scenario: Scenario) -> list[str]:
    stated = scenario.uncertainty
    if stated is None:
        return []
    lines = ["uncertainty:", f"  reason: {_quoted(stated.reason)}"]
    for name in ("delivery", "growth"):
        if spread := getattr(stated, name):
            low, likely, high = map(_number, spread)
            lines.append(f"  {name}: {{low: {low}, likely: {likely}, high: {high}}}")
    return [*lines, f"  seed: {stated.seed}", f"  draws: {stated.draws}"]


def _limits(scenario: Scenario) -> list[str]:
    stated = scenario.limits
    if stated is None:
        return []
    lines = ["limits:"]
    lines += [f"  total: {_number(stated.total)}"] if stated.total is not None else []
    for name in ("budgets", "households"):
        if pairs := getattr(stated, name):
            lines.append(
                f"  {name}: {{" + ", ".join(f"{_quoted(k)}: {_number(Fraction(v))}" for k, v in pairs.items()) + "}"
            )
    lines += [f"  households_each: {stated.households_each}"] if stated.households_each is not None else []
    lines += [f"  wanted: [{', '.join(map(_quoted, scenario.wanted))}]"] if scenario.wanted else []
    return lines if len(lines) > 1 else ["limits: {}"]


def _number(value: Fraction) -> str:
    """A number as text in quotes: with a comma, so that nobody takes its point for a thousands dot."""
    return _quoted(decimal_text(value).replace(".", ","))


def _quoted(text: str) -> str:
    """YAML's double-quoted form is that of JSON; Vietnamese letters stay readable."""
    return json.dumps(text, ensure_ascii=False)
