"""Checks that need several rows of a table: duplicates, parts, periods, totals, the crosswalk.

Each yields ``(row, column, read, code, fields)``; ``row`` is the line in the file, 0 the file; codes as in ``check_rows``.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd

from ntm_lib.model import Row
from ntm_lib.rules.check_rows import Context, Fields, one_of
from ntm_lib.rules.crosswalk import RELATIONS
from ntm_lib.rules.sets import RuleSet
from ntm_lib.tables import records

Fault = tuple[int, str, str, str, Fields]


def duplicates(rows: pd.DataFrame, key: tuple[str, ...]) -> Iterator[Fault]:
    """No two rows of one key."""
    for row in records(rows[rows.duplicated(list(key))]):
        yield row["row"], key[-1], " ".join(row[k] for k in key), "rules-twice", {}


def parts(rows: pd.DataFrame) -> Iterator[Fault]:
    """A part has the indicator it is a part of, with a join; an indicator with a join has parts."""
    keys = set(zip(rows["indicator"], rows["part"], strict=True))
    wholes = {(i, p.rpartition(".")[0]) for i, p in keys if p}
    for row in records(rows):
        key = row["indicator"], row["part"]
        if row["part"] and (row["indicator"], row["part"].rpartition(".")[0]) not in keys:
            yield row["row"], "part", row["part"], "rules-whole", {}
        if (key in wholes) != bool(row["join"]):
            yield row["row"], "join", row["join"], "rules-join/none" if key in wholes else "rules-join/parts", {}


def overlaps(rows: pd.DataFrame, key: tuple[str, ...] = ("indicator", "part", "column")) -> Iterator[Fault]:
    """On any day at most one row of a file holds for an indicator, part and column."""
    ordered = sorted(records(rows), key=lambda r: (*(r[k] for k in key), r["valid_from"], r["row"]))
    for before, after in pairwise(ordered):
        if all(before[k] == after[k] for k in key) and after["valid_from"] <= (before["valid_to"] or "9999"):
            yield after["row"], "valid_from", after["valid_from"], "rules-overlap", {"row": str(before["row"])}


def gaps(rule_set: RuleSet) -> Iterator[Fault]:
    """Every year of the set, every column: a row holds on 31 December, be it a blank one."""
    first, last = rule_set.meta["years"]
    held: dict[tuple[str, str, str], list[Row]] = {}
    for row in records(rule_set.thresholds):
        held.setdefault((row["indicator"], row["part"], row["column"]), []).append(row)
    for about in asking_for_threshold(rule_set.indicators):
        for column in (c["code"] for c in rule_set.meta["columns"]):
            rows = held.get((about["indicator"], about["part"], column), [])
            missing = [
                y
                for y in range(first, last + 1)
                if not any(r["valid_from"] <= f"{y}-12-31" <= (r["valid_to"] or "9999") for r in rows)
            ]
            if missing:
                name = f"{about['indicator']} {about['part']}".strip()
                fields: Fields = {"indicator": name, "column": column, "years": ", ".join(map(str, missing))}
                yield max((r["row"] for r in rows), default=0), "valid_to", "", "rules-gap", fields


def asking_for_threshold(indicators: pd.DataFrame) -> list[Row]:
    """Indicators and parts that need rows in thresholds.csv: not those joined from parts (all, any),
    nor the parts of an every-item indicator, which share its one threshold."""
    rows = records(indicators)
    shared = {r["indicator"] for r in rows if r["join"] == "every-item"}
    return [r for r in rows if r["join"] in ("", "every-item") and not (r["part"] and r["indicator"] in shared)]


def totals(rule_set: RuleSet) -> Iterator[Fault]:
    """As many criteria and indicators as set.yml says, and no criterion without an indicator."""
    rows, meta = rule_set.all_indicators, rule_set.meta
    counted = {"criteria_total": len(meta["criteria"]), "indicators_total": int(rows["indicator"].nunique())}
    for entry, number in counted.items():
        if meta[entry] != number:
            yield 0, entry, str(meta[entry]), "rules-total", {"number": str(number)}
    for criterion in meta["criteria"]:
        if criterion["id"] not in set(rows["criterion"]):
            yield 0, "criterion", criterion["id"], "rules-criterion", {}


def law_indicators(law: pd.DataFrame, context: Context) -> Iterator[Fault]:
    """Supporting law is about an indicator, or about residents' satisfaction."""
    for row in records(law):
        if (row["indicator"], "") not in context.indicators and row["indicator"] != "satisfaction":
            yield row["row"], "indicator", row["indicator"], "rules-indicator", {}


def crosswalk_rows(rows: pd.DataFrame, sets: Mapping[str, RuleSet]) -> Iterator[Fault]:
    """Every row joins an indicator (or criterion) of one set with one of another, with a reason."""
    known = {name: _known(rule_set) for name, rule_set in sets.items()}
    yield from duplicates(rows, ("from_set", "to_set", "from_indicator", "from_part"))
    for row in records(rows):
        for side in ("from", "to"):
            name, key = row[f"{side}_set"], (row[f"{side}_indicator"], row[f"{side}_part"])
            if name not in known:
                yield row["row"], f"{side}_set", name, "rules-set", one_of(tuple(known))
            elif key not in known[name] and (side == "from" or key != ("", "")):
                yield row["row"], f"{side}_indicator", " ".join(key), "rules-crosswalk/indicator", {}
        if row["relation"] not in RELATIONS or (row["relation"] == "none") != (row["to_indicator"] == ""):
            yield row["row"], "relation", row["relation"], "rules-crosswalk/relation", {}
        if not row["reason"]:
            yield row["row"], "reason", "", "rules-crosswalk/reason", {}


def crosswalk_whole(rows: pd.DataFrame, sets: Mapping[str, RuleSet]) -> Iterator[Fault]:
    """Where two sets are compared at all, every indicator of the first has a row."""
    pairs = Counter(zip(rows["from_set"], rows["to_set"], strict=True))
    for origin, target in pairs:
        # Rows of a set that extends another only add to its base's.
        if origin not in sets or sets[origin].base is not None:
            continue
        there = rows[(rows["from_set"] == origin) & (rows["to_set"] == target)]
        own = zip(sets[origin].indicators["indicator"], sets[origin].indicators["part"], strict=True)
        for indicator, part in sorted(set(own) - set(zip(there["from_indicator"], there["from_part"], strict=True))):
            read = f"{indicator} {part}".strip()
            yield 0, "from_indicator", read, "rules-crosswalk/missing", {"origin": origin, "target": target}


def _known(rule_set: RuleSet) -> set[tuple[str, str]]:
    rows = rule_set.all_indicators
    return {*zip(rows["indicator"], rows["part"], strict=True), *((c["id"], "") for c in rule_set.meta["criteria"])}
