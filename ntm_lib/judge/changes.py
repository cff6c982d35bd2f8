"""What changed since the last year known, and whether the result moved or the rule did.

Four verdicts tell them apart: the old value by the old rule and by the new, the new value by the
old rule and by the new.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from ntm_lib import tables
from ntm_lib.judge.criteria import criteria_rows
from ntm_lib.judge.indicators import judge_rows
from ntm_lib.judge.observations import Index, broken_on
from ntm_lib.model import COMPARED, CONCLUSIVE, Key, Row, sure

_K = TypeVar("_K")
By = dict[Key, Row]


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the table ``changes``; ``indicator`` is empty where it is about the criterion."""

    criterion: str
    indicator: str
    part: str
    from_year: int
    to_year: int
    before: str
    before_by_new_rule: str
    after: str
    basis: str
    change: str
    cause: str
    broken: str = ""
    value_before: str = ""
    value_after: str = ""
    threshold_before: str = ""
    threshold_after: str = ""

    @property
    def place(self) -> Key:
        """Indicator and part, or the criterion."""
        return (self.indicator, self.part) if self.indicator else (self.criterion, "")


_NO_THRESHOLD = ("no-threshold", "unverified")


def change_rows(
    indicators: list[Row],
    criteria: list[Row],
    again: "Again",
    year: int,
    similar: Mapping[int, Collection[Key]] = MappingProxyType({}),
    meta: Mapping[str, Any] = MappingProxyType({}),
) -> list[Row]:
    """Rows of ``changes`` between ``year`` and, for each indicator and criterion, the last year known before.

    ``indicators`` and ``criteria`` hold all years; ``again`` judges the same observations by the rule of another year.
    ``similar`` names, by year, the indicators whose figures were counted by something that only resembles them: where
    that holds of one of the two years, a verdict that moved is put down to the definition. ``meta`` (set.yml) names the
    days on which a concept changed: across such a day no verdict was kept or moved by its result or rule, whatever it is.
    """
    by_year: dict[int, By] = {}
    for row in indicators:
        by_year.setdefault(row["year"], {})[row["indicator"], row["part"]] = row
    of_criteria: dict[int, dict[str, Row]] = {}
    for row in criteria:
        of_criteria.setdefault(row["year"], {})[row["criterion"]] = row
    keys = sorted({k for found in by_year.values() for k in found}, key=tables.natural_key)
    rows = [_indicator_change(key, by_year, again, year, similar) for key in keys]
    rows += [_criterion_change(criterion, of_criteria, again, year) for criterion in of_criteria.get(year, {})]
    known = [row for row in rows if row is not None]
    cut = _cut(known, meta)
    return [asdict(replace(c, cause="definition", broken=cut[c.place]) if c.place in cut else c) for c in known]


def _cut(rows: list[Change], meta: Mapping[str, Any]) -> dict[Key, str]:
    """Place of each change that compares across a break → day of the break: the indicator, and its criterion, unless that
    moved with other indicators alone.
    """
    compared = [c for c in rows if c.change in ("kept", "gained", "lost", "still-unmet")]
    broken = {e["indicator"] for e in meta.get("breaks") or []}
    cut = {}
    for moved in compared:
        concerned = broken & ({moved.indicator} if moved.indicator else _moved(moved, compared, broken))
        days = (broken_on(meta, name, moved.from_year, moved.to_year) for name in sorted(concerned))
        if day := next(filter(None, days), ""):
            cut[moved.place] = day
    return cut


def _moved(criterion: Change, compared: list[Change], broken: set[str]) -> set[str]:
    """The indicators that a criterion moved with; all that have a break in it where its verdict is the same or none of them is known to have moved."""
    own = {name for name in broken if name.partition(".")[0] == criterion.criterion}
    alike = {
        c.indicator
        for c in compared
        if c.indicator and (c.criterion, c.change) == (criterion.criterion, criterion.change)
    }
    return alike if alike and criterion.change in ("gained", "lost") else own


class Again:
    """Judges once more, by the rule of another year; each pair of years once."""

    def __init__(self, index: Index, thresholds: list[Row], declaring: list[Row], rule_set: str):
        self.index, self.declaring, self.rule_set = index, declaring, rule_set
        self.rules: dict[int, list[Row]] = {}
        for rule in thresholds:
            self.rules.setdefault(rule["year"], []).append(rule)
        self.judged: dict[tuple[int, int], By] = {}
        self.joined: dict[tuple[int, int], dict[str, str]] = {}

    def verdicts(self, data_year: int, rule_year: int) -> By:
        """Indicators of ``data_year`` by the rules of ``rule_year``."""
        pair = data_year, rule_year
        if pair not in self.judged:
            rows = judge_rows(self.index, self.rules.get(rule_year, []), data_year)
            self.judged[pair] = {(r["indicator"], r["part"]): r for r in rows}
        return self.judged[pair]

    def criterion(self, criterion: str, data_year: int, rule_year: int) -> str:
        """Verdict of a criterion, empty where the rules of ``rule_year`` do not have it."""
        pair = data_year, rule_year
        if pair not in self.joined:
            rows = criteria_rows(list(self.verdicts(*pair).values()), self.declaring, data_year, self.rule_set)
            self.joined[pair] = {r["criterion"]: r["verdict"] for r in rows}
        return self.joined[pair].get(criterion, "")


def _last_known(key: _K, by_year: Mapping[int, Mapping[_K, Row]], year: int) -> int:
    """The last year before ``year`` with a verdict, 0 if there is none. What was only planned for a year, or
    aimed at, is no result that could be kept or lost.
    """
    return max((y for y, found in by_year.items() if y < year and key in found and _is_result(found[key])), default=0)


def _is_result(row: Row) -> bool:
    return row["verdict"] in CONCLUSIVE and row["basis"] not in ("planned", "aimed")


def _indicator_change(
    key: Key, by_year: dict[int, By], again: Again, year: int, similar: Mapping[int, Collection[Key]]
) -> Change | None:
    from_year = _last_known(key, by_year, year)
    before, after = by_year.get(from_year, {}).get(key), by_year.get(year, {}).get(key)
    if before is None and after is None:
        return None
    change = _change(before, after)
    new_rule = again.verdicts(from_year, year).get(key) if before and after else None
    old_rule = again.verdicts(year, from_year).get(key) if before and after else None
    if change in ("first-measured", "no-longer-measured"):
        cause = _why_known(key, by_year, year) if after and before is None else _why_unknown(after)
    elif change and (key in similar.get(from_year, ())) != (key in similar.get(year, ())):
        cause = "definition" if change in ("gained", "lost") else ""
    elif change and _valued(before) and _valued(after):
        cause = split_cause(_verdict(before), _verdict(new_rule), _verdict(old_rule), _verdict(after))
    else:
        same_rule = (
            bool(change) and _threshold(before) == _threshold(after) and not _valued(before) and not _valued(after)
        )
        cause = "" if change in ("", "kept", "still-unmet") else "result" if same_rule else "data"
    return Change(
        sure(after or before)["criterion"], *key, from_year, year, _verdict(before),
        _verdict(new_rule) if before and _valued(before) else "", _verdict(after), after["basis"] if after else "", change, cause,
        value_before=before["value"] if before else "", value_after=after["value"] if after else "",
        threshold_before=_threshold(before), threshold_after=_threshold(after),
    )  # fmt: skip


def split_cause(old_old: str, old_new: str, new_old: str, new_new: str) -> str:
    """Cause of a change out of four verdicts, each named by value and rule: ``old_new`` is the old value
    by the new rule.

    Where the verdict moved, it was the rule if the rule alone would have moved it, the result if the
    result alone would have, ``both`` if either would have or only the two together. Where it did
    not move, ``both`` if the rule alone would have: the result has made up for it.
    """
    if old_old == new_new:
        return "both" if old_new in CONCLUSIVE and old_new != old_old else ""
    by_rule, by_result = old_new == new_new, new_old == new_new
    if by_rule != by_result:
        return "rule" if by_rule else "result"
    return "both"


def _change(before: Row | None, after: Row | None) -> str:
    known_after = after is not None and after["verdict"] in CONCLUSIVE
    if before is None:
        return "first-measured" if known_after else ""
    if not known_after:
        return "no-longer-measured"
    return {
        ("met", "met"): "kept",
        ("unmet", "met"): "gained",
        ("met", "unmet"): "lost",
        ("unmet", "unmet"): "still-unmet",
    }[_verdict(before), _verdict(after)]


def _why_known(key: Key, by_year: dict[int, By], year: int) -> str:
    """Why there is a verdict for the first time: a threshold, a thing that now applies, else data."""
    earlier = [found[key] for y, found in sorted(by_year.items()) if y < year and key in found]
    last = earlier[-1] if earlier else None
    if last and last["reason"] in _NO_THRESHOLD and last["value"]:
        return "rule"
    return "definition" if last and last["verdict"] == "not-applicable" else "data"


def _why_unknown(after: Row | None) -> str:
    if after is None or after["verdict"] == "not-applicable":
        return "definition"
    return "rule" if after["reason"] in _NO_THRESHOLD else "data"


def _valued(row: Row | None) -> bool:
    """Whether a value was compared with a threshold, so that another threshold could change the verdict."""
    return row is not None and row["basis"] in COMPARED and row.get("value") not in CONCLUSIVE


def _verdict(row: Row | None) -> str:
    return row["verdict"] if row else ""


def _threshold(row: Row | None) -> str:
    return f"{row['operator']} {row['threshold']}".strip() if row and row["threshold"] else ""


def _criterion_change(criterion: str, by_year: dict[int, dict[str, Row]], again: Again, year: int) -> Change:
    from_year = _last_known(criterion, by_year, year)
    before, after = by_year.get(from_year, {}).get(criterion), by_year[year][criterion]
    change = _change(before, after)
    new_rule = again.criterion(criterion, from_year, year) if before else ""
    cause = ""
    if change in ("first-measured", "no-longer-measured"):
        cause = _why_criterion(criterion, before, after, by_year, again)
    elif change and _valued(before) and _valued(after):
        old_rule = again.criterion(criterion, year, from_year)
        cause = split_cause(_verdict(before), new_rule, old_rule, after["verdict"])
    elif change in ("gained", "lost"):
        cause = _declared_cause(criterion, sure(before), after, again)
    told = new_rule if before and _valued(before) else ""
    return Change(
        criterion, "", "", from_year, year, _verdict(before), told, after["verdict"], after["basis"], change, cause
    )


def _why_criterion(criterion: str, before: Row | None, after: Row, by_year: dict[int, Row], again: Again) -> str:
    """Why a criterion has a verdict for the first time, or has none any more: ``rule`` where with the rule of
    the other year it would have been otherwise.
    """
    if after["verdict"] == "not-applicable":
        return "definition"
    if before is not None:
        kept = _valued(before) and again.criterion(criterion, after["year"], before["year"]) in CONCLUSIVE
        return (
            "rule" if kept and again.criterion(criterion, before["year"], after["year"]) not in CONCLUSIVE else "data"
        )
    earlier = [
        y for y, found in by_year.items() if y < after["year"] and found.get(criterion, {}).get("verdict") == "no-data"
    ]
    if any(by_year[y][criterion]["declared"] for y in earlier):
        return "definition"  # said under another set, where it counts for nothing here
    return "rule" if earlier and again.criterion(criterion, max(earlier), after["year"]) in CONCLUSIVE else "data"


def _declared_cause(criterion: str, before: Row, after: Row, again: Again) -> str:
    """Cause of a change in which one verdict or both are only declared: what cannot be split is ``data``.

    Declared under another set, it was another criterion: ``definition``.
    """
    declared = [r for r in (before, after) if r["basis"] in ("declared", "aimed")]
    sets = {r["declared_rule_set"] or again.rule_set for r in declared} | (
        {again.rule_set} if len(declared) == 1 else set()
    )
    if len(sets - {""}) > 1:
        return "definition"
    then, now = (_thresholds_of(criterion, again, r["year"]) for r in (before, after))
    return "result" if len(declared) == 2 and then == now else "data"


def _thresholds_of(criterion: str, again: Again, year: int) -> dict[Key, str]:
    return {
        (r["indicator"], r["part"]): _threshold(r) for r in again.rules.get(year, []) if r["criterion"] == criterion
    }
