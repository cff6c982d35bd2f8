"""Checks of single rows: an indicator, a threshold, a row of supporting law. One function a check.

Each takes the row (a dict with ``row``) and what it must fit (``Context``), and yields what is wrong: the column, a code
of ``ntm_lib/problems.yml`` (below ``rules-``) and its fields. A check of several rows (``TableFault``) also yields the line in the file (0: the file) and what was read.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from ntm_lib.model import Row
from ntm_lib.problems import Field
from ntm_lib.rules.columns import parse
from ntm_lib.rules.crosswalk import RELATIONS
from ntm_lib.rules.resolving import SHARE_OF
from ntm_lib.rules.sets import RuleSet
from ntm_lib.tables import CONFIDENCES, NUMBER, OPERATORS, fraction, records

FROM_MEMORY, NOT_FOUND = "trí nhớ, chưa đối chiếu", "chưa tìm thấy"  # what `source` says where nothing was read
SURE = ("official", "two-sources", "one-source")
# A source by which somebody else finds the same: a page, a file with its digest, the number of a document, a repository's file.
ADDRESS = re.compile(
    r"https?://[\w.-]+\.\w{2,}|SHA-256 [0-9a-f]{8,}|\b\d+(?:/\d{4})?/[\w-]*[A-ZĐ]{2,}|[\w.-]+/[\w.-]+:[\w./-]+\.\w+"
)
KINDS = ("share", "number", "status", "none", "level", "rating", "growth")
JOINS = ("all", "any", "every-item", "")
ORDERED = (">=", ">", "<=", "<")
FITTING = {"status": ("=",), "none": ("<=",)} | dict.fromkeys(("share", "number", "level", "rating", "growth"), ORDERED)
LANGUAGE_PAIRS = (
    ("note", "note_en"),
    ("definition", "definition_en"),
    ("name_vi", "name_en"),
    ("rule_vi", "rule_en"),
    ("reason", "reason_en"),
)
Fields = Mapping[str, Field]
Fault = tuple[str, str, Fields]
TableFault = tuple[int, str, str, str, Fields]


@dataclass(frozen=True)
class Context:
    """What rows must fit: columns, criteria and layers of the set, its indicators by (indicator, part) with what they
    were ``earlier``, and all traits.
    """

    columns: tuple[str, ...]
    criteria: tuple[str, ...]
    layers: tuple[str, ...]
    indicators: Mapping[tuple[str, str], Row]
    base_indicators: frozenset[str]
    traits: Mapping[str, Mapping[str, Any]]
    earlier: tuple[Row, ...] = ()

    def about(self, row: Row) -> Row | None:
        """What the indicator of a threshold is on the day from which that holds."""
        key, day = (row["indicator"], row["part"]), row["valid_from"]
        then = (
            r for r in self.earlier if (r["indicator"], r["part"]) == key and r["valid_from"] <= day <= r["valid_to"]
        )
        return next(then, self.indicators.get(key))


Check = Callable[[Row, Context], Iterator[Fault]]


def one_of(allowed: tuple[str, ...], joint: str = ", ") -> Fields:
    """The field that names what may stand there."""
    return {"allowed": joint.join(filter(None, allowed))}


def threshold_place(row: Row, context: Context) -> Iterator[Fault]:
    """The row is about an indicator, a part and a column that there are."""
    if (row["indicator"], "") not in context.indicators:
        yield "indicator", "rules-indicator", {}
    elif (row["indicator"], row["part"]) not in context.indicators:
        yield "part", "rules-part", {}
    if row["column"] not in context.columns:
        yield "column", "rules-column", one_of(context.columns)


def threshold_value(row: Row, context: Context) -> Iterator[Fault]:
    """Operator, threshold and unit fit the kind of the indicator."""
    about = context.about(row)
    if about is None or about["kind"] not in FITTING:
        return
    kind, operator, threshold = about["kind"], row["operator"], row["threshold"]
    fitting = FITTING[kind]
    if operator not in OPERATORS or ((operator or threshold) and operator not in fitting):
        yield "operator", "rules-operator", {"kind": kind, **one_of(fitting, " ")}
    if threshold and not _fits(threshold, about, context):
        case = kind if kind in ("status", "rating", "share", "none") else "number"
        scale = {"allowed": about["scale"].replace("|", ", ")} if kind == "rating" else {}
        yield "threshold", f"rules-threshold/{case}", {"kind": kind, **scale}
    if row["unit"] != about["unit"]:
        yield "unit", "rules-unit", {"unit": about["unit"]}


def dates(row: Row, context: Context) -> Iterator[Fault]:
    """``valid_from`` and ``valid_to`` are ISO dates, the one not after the other."""
    for column in ("valid_from", "valid_to"):
        if row[column] and not is_date(row[column]):
            yield column, "rules-date/form", {}
    if "" < row["valid_to"] < row["valid_from"]:
        yield "valid_to", "rules-date/order", {}


def start(row: Row, context: Context) -> Iterator[Fault]:
    """A threshold says from when it holds."""
    if not row["valid_from"]:
        yield "valid_from", "rules-date/start", {}


def source(row: Row, context: Context) -> Iterator[Fault]:
    """The row says where it was read, and how sure that is; memory is never called a source, and a source has an address."""
    said, confidence = row["source"], row["confidence"]
    if not said:
        yield "source", "rules-source/missing", {"memory": FROM_MEMORY, "none": NOT_FOUND}
    if confidence not in CONFIDENCES:
        yield "confidence", "rules-confidence/word", one_of(CONFIDENCES)
    elif confidence in SURE and said in (FROM_MEMORY, NOT_FOUND):
        yield "confidence", "rules-confidence/sure", {"source": said}
    elif confidence in SURE and said and not ADDRESS.search(said):
        yield "source", "rules-source/address", {}


def known_or_not(row: Row, context: Context) -> Iterator[Fault]:
    """A blank threshold is unknown, and an unknown one is blank."""
    if not row["threshold"] and row["confidence"] != "unknown":
        yield "confidence", "rules-confidence/blank", {}
    if row["threshold"] and row["confidence"] == "unknown":
        yield "confidence", "rules-confidence/known", {}


def setter(row: Row, context: Context) -> Iterator[Fault]:
    """Who set it is a layer of the set, or not known; the decision is named."""
    if row["set_by"] and row["set_by"] not in context.layers:
        yield "set_by", "rules-layer/word", one_of(context.layers)
    if not row["document"]:
        yield "document", "rules-document", {}


def province_setter(row: Row, context: Context) -> Iterator[Fault]:
    """A province's file holds only what the province set."""
    if row["set_by"] != "province":
        yield "set_by", "rules-layer/province", {}


def two_languages(row: Row, context: Context) -> Iterator[Fault]:
    """What is said in Vietnamese is said in English, and the other way round."""
    for vi, en in LANGUAGE_PAIRS:
        if vi in row and bool(row[vi]) != bool(row[en]):
            yield en if row[vi] else vi, "rules-language", {}


def indicator_shape(row: Row, context: Context) -> Iterator[Fault]:
    """Criterion, kind, scale, join and the small flags of an indicator are of those there are."""
    allowed = {"criterion": ("", *context.criteria), "kind": KINDS, "join": JOINS, "both_sexes": ("", "yes")}
    for column, values in allowed.items():
        if row[column] not in values:
            yield column, "rules-value/word", one_of(values)
    if row["years_running"] and not (row["years_running"].isdigit() and int(row["years_running"]) > 1):
        yield "years_running", "rules-value/years", {}
    if (row["kind"] == "rating") != bool(row["scale"]):
        yield "scale", "rules-scale", {}


def indicator_name(row: Row, context: Context) -> Iterator[Fault]:
    """An indicator has a name, or its name is not known; and the name has a source."""
    named = {"source": row["name_source"], "confidence": row["name_confidence"]}
    for column, code, fields in source(named, context):
        yield f"name_{column}", code, fields
    if not row["name_vi"] and row["name_confidence"] != "unknown":
        yield "name_vi", "rules-name", {}


def condition(row: Row, context: Context) -> Iterator[Fault]:
    """``applies_if`` can be read and asks for traits and values that there are."""
    if row["applies_if"]:
        for code, fields in condition_faults(row["applies_if"], context):
            yield "applies_if", code, fields


def condition_faults(text: str, context: Context) -> Iterator[tuple[str, Fields]]:
    """What is wrong with a condition."""
    try:
        tests = [test for option in parse(text) for test in option]
    except ValueError:
        yield "rules-condition/form", {}
        return
    for test in tests:
        about = context.traits.get(test.trait)
        values = context.columns if test.trait == "column" else about and about.get("values")
        if about is None and test.trait != "column":
            yield "rules-condition/trait", {"trait": test.trait}
        elif values and not set(test.values) <= set(values):
            unknown = ", ".join(v for v in test.values if v not in values)
            yield "rules-condition/value", {"trait": test.trait, "values": unknown}


def is_date(text: str) -> bool:
    """Whether the text is an ISO date, such as 2024-03-01."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


THRESHOLD: tuple[Check, ...] = (
    threshold_place, threshold_value, dates, start, source, known_or_not, setter, two_languages,
)  # fmt: skip
PROVINCE: tuple[Check, ...] = (*THRESHOLD, province_setter)
INDICATOR: tuple[Check, ...] = (indicator_shape, dates, indicator_name, condition, two_languages)
LAW: tuple[Check, ...] = (dates, source, two_languages)


def _fits(threshold: str, about: Row, context: Context) -> bool:
    kind, number = about["kind"], fraction(threshold)
    if share_of := SHARE_OF.fullmatch(threshold):
        return kind != "status" and share_of[2] in context.base_indicators
    if kind == "status":
        return threshold == "met"
    if kind == "rating":
        return threshold in about["scale"].split("|")
    if kind == "none":
        return number == 0
    return number is not None and NUMBER.fullmatch(threshold) is not None and (kind != "share" or 0 <= number <= 100)


# ---------------------------------------------------------------- checks of several rows


def duplicates(rows: pd.DataFrame, key: tuple[str, ...]) -> Iterator[TableFault]:
    """No two rows of one key."""
    for row in records(rows[rows.duplicated(list(key))]):
        yield row["row"], key[-1], " ".join(row[k] for k in key), "rules-twice", {}


def parts(rows: pd.DataFrame) -> Iterator[TableFault]:
    """A part has the indicator it is a part of, with a join; an indicator with a join has parts."""
    keys = set(zip(rows["indicator"], rows["part"], strict=True))
    wholes = {(i, p.rpartition(".")[0]) for i, p in keys if p}
    for row in records(rows):
        key = row["indicator"], row["part"]
        if row["part"] and (row["indicator"], row["part"].rpartition(".")[0]) not in keys:
            yield row["row"], "part", row["part"], "rules-whole", {}
        if (key in wholes) != bool(row["join"]):
            yield row["row"], "join", row["join"], "rules-join/none" if key in wholes else "rules-join/parts", {}


def overlaps(rows: pd.DataFrame, key: tuple[str, ...] = ("indicator", "part", "column")) -> Iterator[TableFault]:
    """On any day at most one row of a file holds for an indicator, part and column."""
    ordered = sorted(records(rows), key=lambda r: (*(r[k] for k in key), r["valid_from"], r["row"]))
    for before, after in pairwise(ordered):
        if all(before[k] == after[k] for k in key) and after["valid_from"] <= (before["valid_to"] or "9999"):
            yield after["row"], "valid_from", after["valid_from"], "rules-overlap", {"row": str(before["row"])}


def gaps(rule_set: RuleSet) -> Iterator[TableFault]:
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


def totals(rule_set: RuleSet) -> Iterator[TableFault]:
    """As many criteria and indicators as set.yml says, and no criterion without an indicator."""
    rows, meta = rule_set.all_indicators, rule_set.meta
    counted = {"criteria_total": len(meta["criteria"]), "indicators_total": int(rows["indicator"].nunique())}
    for entry, number in counted.items():
        if meta[entry] != number:
            yield 0, entry, str(meta[entry]), "rules-total", {"number": str(number)}
    for criterion in meta["criteria"]:
        if criterion["id"] not in set(rows["criterion"]):
            yield 0, "criterion", criterion["id"], "rules-criterion", {}


def law_indicators(law: pd.DataFrame, context: Context) -> Iterator[TableFault]:
    """Supporting law is about an indicator, or about residents' satisfaction."""
    for row in records(law):
        if (row["indicator"], "") not in context.indicators and row["indicator"] != "satisfaction":
            yield row["row"], "indicator", row["indicator"], "rules-indicator", {}


def crosswalk_rows(rows: pd.DataFrame, sets: Mapping[str, RuleSet]) -> Iterator[TableFault]:
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


def crosswalk_whole(rows: pd.DataFrame, sets: Mapping[str, RuleSet]) -> Iterator[TableFault]:
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
