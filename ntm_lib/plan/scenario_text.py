"""Writes a scenario as the YAML that ``scenario_file`` reads."""

import json
from fractions import Fraction

from ntm_lib.judge.override import Assumption
from ntm_lib.plan.scenario_model import Change, Scenario
from ntm_lib.tables import decimal_text

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
