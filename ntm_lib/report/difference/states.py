"""What differs between two states of one commune's report: raw cells, rules, verdicts, findings, sentences.

A state is plain dictionaries; ``taken_state`` makes it. Nothing is judged or worded here.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

Cells = Mapping[str, str]
Key = tuple[str, ...]

MOST_PAIRS = 400
ALIKE = 0.5  # from this likeness on (0 to 1) one line of the first page stands for another
VERDICT_COLUMNS = (
    "verdict",
    "basis",
    "value",
    "numerator",
    "denominator",
    "margin",
)  # the rules have a list of their own
RULE_COLUMNS = (
    "operator", "threshold", "unit", "applies", "column", "set_by", "document", "article", "source", "confidence", "valid_from", "valid_to",
)  # fmt: skip


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
            (name, _what(name, before.files, after.files))
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


def _keys(before: Mapping, after: Mapping) -> list:
    """Keys of both, in the order of ``after``; what is gone comes last."""
    return [*after, *(key for key in before if key not in after)]


def _what(name: str, before: Mapping, after: Mapping) -> str:
    return "changed" if name in before and name in after else "added" if name in after else "removed"


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
    rule = any(
        _differ(k, before.thresholds, after.thresholds, ("operator", "threshold", "applies"))
        for k in _about(key, before, after)
    )
    result = any(
        _differ(k, before.indicators, after.indicators, ("value", "numerator", "denominator", "observation"))
        for k in _about(key, before, after)
    )
    return {(True, True): "both", (True, False): "rule", (False, True): "result", (False, False): "other"}[rule, result]


def _about(key: Key, before: State, after: State) -> list[Key]:
    """The indicator itself; for a criterion its indicators, which carry its number in front."""
    if len(key) == 3:
        return [key]
    return [
        k for k in _keys(before.indicators, after.indicators) if k[0] == key[0] and k[1].partition(".")[0] == key[1]
    ]


def _differ(key: Key, before: Mapping[Key, Cells], after: Mapping[Key, Cells], columns: Iterable[str]) -> bool:
    old, new = before.get(key) or {}, after.get(key) or {}
    return any(old.get(c, "") != new.get(c, "") for c in columns)


def _lines(before: tuple[str, ...], after: tuple[str, ...]) -> list[tuple[str, str]]:
    """Lines of one place that differ, those that stand for each other side by side."""
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            together = (b - a) * (d - c) > MOST_PAIRS  # too many to ask which is most alike
            found += (
                zip_longest(before[a:b], after[c:d], fillvalue="") if together else _paired(before[a:b], after[c:d])
            )
    return found


def words_apart(before: str, after: str) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """Both texts in pieces, each with whether it differs: words and what lies between them, to the blank before a ``%``."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    sides: tuple[list, list] = ([], [])
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, piece in zip(sides, ("".join(old[a:b]), "".join(new[c:d])), strict=True):
            side += [(tag != "equal", piece)] if piece else []
    return sides


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
