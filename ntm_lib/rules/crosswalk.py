"""Which indicator of one rule set is which of another, and observations under other rules.

``crosswalk.csv``: relation ``same`` (counted the same way), ``similar`` (close, with the difference
as reason) or ``none``. A row whose indicator is the number of a criterion places works and the
like. What the values then amount to does not belong here.
"""

import re
from collections import abc
from functools import cache
from pathlib import Path

import pandas as pd

from ntm_lib import paths, tables
from ntm_lib.language import translator
from ntm_lib.model import Row
from ntm_lib.rules.files import read_csv
from ntm_lib.rules.sets import RuleSet, load_set, rule_sets
from ntm_lib.tables import records

COLUMNS = (
    "from_set", "from_indicator", "from_part", "to_set", "to_indicator", "to_part", "relation", "reason",
    "reason_en", "confidence",
)  # fmt: skip
RELATIONS = ("same", "similar", "none")
STATUSES = ("met", "unmet", "not-applicable")
OTHER = "other"  # criterion of what has no place in the other set
Mapping = dict[tuple[str, str], Row]
BASIC = re.compile(r"ntm-[0-9]{4}-[0-9]{4}")  # not the advanced or the model set


def load_crosswalk(rules_folder: Path, language: str = "vi") -> pd.DataFrame:
    """``crosswalk.csv`` with ``row``. Raises NtmError where it is missing or cannot be read."""
    return read_csv(rules_folder / "crosswalk.csv", COLUMNS, language)


def mapping(from_set: str, to_set: str) -> Mapping:
    """(indicator or criterion, part) of ``from_set`` → ``indicator``, ``part``, ``relation``, ``reason``, ``reason_en``.

    Read from the file, backwards too where only the other direction stands there. A set that
    extends another keeps its numbers, and has the relations of its base where it has none of its own.
    """
    return _mapping(paths.rules_folder(), load_set(from_set), load_set(to_set))


def translate(observations: pd.DataFrame, from_set: str, to_set: str, language: str = "vi") -> pd.DataFrame:
    """Observations numbered by ``from_set``, renumbered for ``to_set``; every row stays.

    A value goes over where the relation is ``same`` or ``similar``; its note names where it comes
    from, and for ``similar`` what differs. A status ("met") is a verdict under the other rule: it goes over only where
    ``to_set`` has that very rule from the set that it extends, never for a criterion or the whole commune; that a thing
    is not there (not-applicable) goes over to the ``same`` indicator. What has no place in ``to_set`` gets criterion
    ``other`` and no indicator, and its note says why.
    """
    if from_set == to_set:
        return observations.copy()
    known, target = mapping(from_set, to_set), load_set(to_set)
    criteria = dict(zip(target.all_indicators["indicator"], target.all_indicators["criterion"], strict=True))
    names = {"from_set": load_set(from_set).meta["short"][language], "to_set": target.meta["short"][language]}
    own = set(zip(target.indicators["indicator"], target.indicators["part"], strict=True))
    inherited = from_set in [base.id for base in _with_bases(target)]

    def keeps_status(row: Row) -> bool:
        return row["value"] == "not-applicable" or (inherited and (row["indicator"], row["part"]) not in own)

    rows = [
        row | _translated(row, known, criteria, names, language, keeps_status(row)) for row in records(observations)
    ]
    return tables.as_table("observations", pd.DataFrame(rows, columns=list(observations.columns)))


def _translated(
    row: Row, known: Mapping, criteria: dict[str, str], names: Row, language: str, keeps_status: bool
) -> Row:
    """The cells that change."""
    indicator = row["indicator"]
    if not indicator:
        return {"criterion": _place(row, known)}
    entry = known.get((indicator, row["part"])) or known.get((indicator, ""))
    status = row["value"] in STATUSES
    t = translator(language)
    if entry is None or entry["relation"] == "none" or (status and not (keeps_status and entry["relation"] == "same")):
        reason = _reason(entry, language) if entry else t("không có trong bảng đối chiếu")
        if status and entry and entry["relation"] == "same":
            reason = t("kết luận theo bộ tiêu chí khác")
        text = t("{from_set}, chỉ tiêu {indicator}: không xét theo {to_set}, vì: {reason}")
        return {"criterion": _place(row, known), "indicator": "", "part": ""} | _noted(
            row, text.format(indicator=indicator, reason=reason, **names)
        )
    text = t("{from_set}, chỉ tiêu {indicator}") + (
        t("; gần giống, khác ở chỗ: {reason}") if entry["relation"] == "similar" else ""
    )
    moved = {
        "criterion": criteria.get(entry["indicator"], OTHER),
        "indicator": entry["indicator"],
        "part": entry["part"],
    }
    if moved["indicator"] == indicator and moved["part"] == row["part"] and entry["relation"] == "same":
        return moved
    return moved | _noted(
        row, text.format(indicator=f"{indicator}{row['part']}", reason=_reason(entry, language), **names)
    )


def _place(row: Row, known: Mapping) -> str:
    """Criterion of a row that has no indicator in the other set: works and the like follow their
    field, but results and declarations stay behind, or one would be read as said of the new criterion.
    """
    if row["criterion"] in ("", OTHER):
        return str(row["criterion"])
    if row["criterion"] == "all" or row["value"] in STATUSES or row["table"] in ("results", "plan"):
        return OTHER
    entry = known.get((row["criterion"], ""))
    return entry["indicator"] if entry and entry["indicator"] else OTHER


def _noted(row: Row, text: str) -> Row:
    return {"note": "; ".join(filter(None, [row["note"], text]))}


def _reason(entry: Row, language: str) -> str:
    return str(entry["reason" if language == "vi" else "reason_en"])


@cache
def _mapping(rules_folder: Path, origin: RuleSet, target: RuleSet) -> Mapping:
    """Cached by the two sets, which are new ones when any file of the rules changes."""
    table = load_crosswalk(rules_folder)
    known: Mapping = {}
    for source in _with_bases(origin):
        for goal in _with_bases(target):
            known = _identity(source) | known if source.id == goal.id else _between(table, source.id, goal.id) | known
    return known


def _with_bases(rule_set: RuleSet) -> list[RuleSet]:
    """The set, the set it extends, and so on: relations of the first count before those of the next."""
    return [rule_set, *(_with_bases(rule_set.base) if rule_set.base else [])]


def _between(table: pd.DataFrame, from_set: str, to_set: str) -> Mapping:
    forth = records(table[(table["from_set"] == from_set) & (table["to_set"] == to_set)])
    if forth:
        return {
            (r["from_indicator"], r["from_part"]): r | {"indicator": r["to_indicator"], "part": r["to_part"]}
            for r in forth
        }
    back = records(table[(table["from_set"] == to_set) & (table["to_set"] == from_set) & (table["relation"] != "none")])
    return {
        (r["to_indicator"], r["to_part"]): r | {"indicator": r["from_indicator"], "part": r["from_part"]}
        for r in reversed(back)
    }


def _identity(rule_set: RuleSet) -> Mapping:
    keys = [
        *zip(rule_set.indicators["indicator"], rule_set.indicators["part"], strict=True),
        *((c["id"], "") for c in rule_set.meta["criteria"]),
    ]
    return {(i, p): {"indicator": i, "part": p, "relation": "same", "reason": "", "reason_en": ""} for i, p in keys}


# ---------------------------------------------------------------- by which set a figure is numbered: 17.8 is another thing in another


def home_sets(years: abc.Iterable[int]) -> dict[int, str]:
    """Year → the basic national set by which its figures are numbered: that of the year, else the nearest."""
    spans = {name: load_set(name).meta["years"] for name in rule_sets() if BASIC.fullmatch(name)}
    return {y: _nearest(spans, y) for y in years} if spans else {}


def numbered_by(given: str, year: int, known: abc.Iterable[str], homes: abc.Mapping[int, str]) -> str:
    """The set of a row that was ``given`` by a set (or by none, ""): that set, or, where it is not among ours, the
    nearest of its sort (an older advanced set is no basic set); else the one of its year in ``homes``.
    """
    if given in known:
        return given
    alike = {name: load_set(name).meta["years"] for name in known if given and _sort(name) == _sort(given)}
    return _nearest(alike, year) if alike else homes[year]


def _sort(rule_set: str) -> str:
    """``ntm-nang-cao`` of ``ntm-nang-cao-2016-2020``."""
    return re.sub(r"-[0-9]{4}-[0-9]{4}$", "", rule_set)


def _nearest(spans: abc.Mapping[str, list[int]], year: int) -> str:
    return min(spans, key=lambda name: (max(spans[name][0] - year, year - spans[name][1], 0), name))
