"""The tables that cross a notebook border: their columns, meaning, key and check, in one place.

Every cell is text, as in the CSV: exact decimals stay exact, codes keep their zeros, and a missing
value is the empty string. Only ``year`` columns are integers. Functions that compute turn numbers
into ``Fraction`` (``fraction``) and back (``decimal_text``).
"""

import re
import unicodedata
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ntm_lib.errors import NtmError

VERDICTS = ("met", "unmet", "no-data", "not-applicable")
BASES = ("measured", "declared", "planned", "")
CHANGES = ("kept", "gained", "lost", "still-unmet", "first-measured", "no-longer-measured", "")
CAUSES = ("result", "rule", "both", "definition", "data", "")
CONFIDENCES = ("official", "two-sources", "one-source", "unverified", "unknown")
OPERATORS = (">=", ">", "<=", "<", "=", "")
KINDS = ("measured", "declared", "target", "change", "split", "other")
SEVERITIES = ("error", "warning", "info")

PEOPLE = ("hộ", "người", "khẩu", "cháu")  # first word of the units that count people

EXACT = 15  # digits after the point of a value that is compared: as many as a spreadsheet keeps
NUMBER = re.compile(r"-?\d+(\.\d+)?")  # canonical decimal: point, no grouping

# name → (key, {column: meaning}). A meaning in brackets gives the allowed values.
TABLES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "observations": (
        ("observation",),
        {
            "observation": "id of the raw row: its own id, or file:row where it has none",
            "table": "raw table: results, plan, works, funding, villages, schedule, assignments, production, provisions",
            "year": "year the row speaks of; 0 where the source gives none",
            "kind": "measured, declared, target (level to reach), change (added to the base year's numerator or value), split (part of another row), other",
            "base_year": "for a change: the year whose result it is added to",
            "part_of": "for a split: observation of which this is a part",
            "criterion": "1…19, all (the whole commune), other, or empty",
            "indicator": "number in the rule set, such as 17.8",
            "part": "part of the indicator, such as a",
            "item": "what was counted, in the source's words",
            "village": "village, as the registry of the commune names it",
            "text": "value as the source writes it",
            "value": "canonical decimal, or a word of a scale, or met, unmet, not-applicable for a status",
            "unit": "unit of value: %, hộ, km, triệu đồng, mức độ, sao, status, rating …",
            "numerator": "canonical decimal",
            "denominator": "canonical decimal",
            "operator": "bound that the text states (>90% gives >)",
            "rule_set": "set by which a declared status was given; empty: not stated",
            "document": "key in documents.csv",
            "section": "section of the document",
            "quote": "words of the document",
            "file": "raw file, relative to data/raw",
            "sheet": "sheet; empty for CSV",
            "row": "row in the file, the heading is 1",
            "column": "heading of the column that holds the value",
            "correction": "id in corrections.csv, where one applied",
            "note": "remark of whoever entered the row",
        },
    ),
    "rejects": (
        ("file", "sheet", "row"),
        {
            "file": "raw file, relative to data/raw",
            "sheet": "sheet; empty for CSV",
            "row": "row in the file",
            "column": "column that cannot be read",
            "text": "what was read",
            "reason": "why it was set aside, and what to do, in the language of the run",
        },
    ),
    "findings": (
        ("finding",),
        {
            "finding": "stable id: code and place",
            "code": "name of the check",
            "severity": "error, warning, info",
            "year": "year concerned; 0: none",
            "criterion": "criterion concerned",
            "indicator": "indicator concerned",
            "part": "part concerned",
            "observation": "observations concerned, joined by ;",
            "file": "raw file",
            "sheet": "sheet",
            "row": "row",
            "column": "column",
            "text": "what was read",
            "message": "what is wrong and why, in the language of the run",
            "action": "what to do, in the language of the run",
            "answer": "accepted, corrected, explained, or empty",
            "answered_by": "who answered",
            "answered_on": "ISO date",
            "answer_text": "the answer",
        },
    ),
    "thresholds": (
        ("year", "indicator", "part"),
        {
            "year": "year judged",
            "criterion": "criterion",
            "indicator": "indicator",
            "part": "part; empty: the indicator itself",
            "join": "how the parts of the indicator make it: all, any, every-item (one unit must hold all items at once); empty: no parts",
            "kind": "share, number, status, none, level, rating, growth",
            "operator": ">=, >, <=, <, = (status), empty: not known",
            "threshold": "canonical decimal, met for a status, a word of the scale; empty: not known",
            "unit": "unit of the threshold",
            "scale": "words of a rating from lowest to highest, joined by |",
            "count_unit": "unit that people act on: hộ, thôn, người, km, trường …",
            "both_sexes": "yes: women and men must each meet it",
            "years_running": "number of years running it must hold; empty: one",
            "column": "column of the decision used: tdmnpb, nhom3, chung …",
            "column_reason": "trait that chose the column, in the language of the run",
            "applies": "yes, no, unknown",
            "applies_reason": "why it does not apply, or is not known to",
            "set_by": "layer that set it: nation, ministry, province",
            "document": "decision",
            "article": "article, annex or page",
            "source": "where it was read",
            "confidence": "official, two-sources, one-source, unverified, unknown",
            "valid_from": "ISO date",
            "valid_to": "ISO date or empty",
            "layers": "other layers that lost, as set_by:operator threshold, joined by ;",
            "note": "remark",
        },
    ),
    "indicators": (
        ("year", "indicator", "part"),
        {
            "year": "year judged",
            "criterion": "criterion",
            "indicator": "indicator",
            "part": "part; empty: the indicator itself",
            "verdict": "met, unmet, no-data, not-applicable",
            "basis": "measured, declared, planned, empty for no-data",
            "reason": "code for no-data and not-applicable: no-value, no-threshold, unverified (STRICT), unit, trait, if-any, sexes, part, years-running …",
            "value": "value compared: canonical decimal (a share in %, rounded to 6 digits, display only), word, or met/unmet",
            "unit": "its unit",
            "numerator": "exact numerator of a share",
            "denominator": "exact denominator of a share",
            "bound": "upper: the value is only an upper bound; operator of the text where only a bound is stated (>)",
            "operator": "of the threshold",
            "threshold": "threshold",
            "margin": "signed distance to the threshold in the threshold's unit (points for shares), positive is good, 6 digits",
            "margin_count": "signed distance in count_unit: how many may be lost, or (negative) are missing",
            "count_unit": "unit that people act on",
            "local_target": "target the commune set itself, with operator; never the threshold",
            "observation": "observations compared, joined by ;",
            "scenario": "yes: the value comes from the scenario",
            **{c: "as in thresholds" for c in ("set_by", "document", "article", "source", "confidence", "column", "valid_from", "valid_to")},
            "note": "remark, in the language of the run",
        },
    ),
    "criteria": (
        ("year", "criterion"),
        {
            "year": "year judged",
            "criterion": "criterion",
            "verdict": "met, unmet, no-data, not-applicable",
            "basis": "measured, declared, planned, empty",
            "declared": "status the commune gives: met, unmet, empty",
            "declared_rule_set": "set by which it was given; empty: not stated",
            "contradicted": "yes: a value contradicts what was declared",
            "indicators": "number of applicable indicators",
            "with_value": "number judged by a measured or planned value",
            "unmet": "number unmet",
            "no_data": "number without data or threshold",
            "unverified": "number judged by a threshold that is unverified",
            "observation": "observations of the declaration, joined by ;",
        },
    ),
    "changes": (
        ("criterion", "indicator", "part", "to_year"),
        {
            "criterion": "criterion",
            "indicator": "indicator; empty: the criterion",
            "part": "part",
            "from_year": "last year known before",
            "to_year": "year judged",
            "before": "verdict then, by the rule then",
            "before_by_new_rule": "verdict of the value then by the rule now; empty: no value",
            "after": "verdict now",
            "change": "kept, gained, lost, still-unmet, first-measured, no-longer-measured, empty: no data in either",
            "cause": "result, rule, both, definition, data, empty",
            "value_before": "as indicators.value",
            "value_after": "as indicators.value",
            "threshold_before": "operator and threshold then",
            "threshold_after": "operator and threshold now",
        },
    ),
    "turned": (
        ("criterion", "indicator", "part"),
        {
            "criterion": "criterion",
            "indicator": "indicator; empty: the criterion",
            "part": "part",
            "year": "year judged",
            "before": "verdict without the scenario",
            "after": "verdict under the scenario",
            "value_before": "value without the scenario, as indicators.value",
            "value_after": "value under the scenario",
        },
    ),
    "works": (
        ("observation",),
        {
            "observation": "row in observations",
            "year": "year planned",
            "criterion": "criterion",
            "indicator": "indicator",
            "part": "part of the indicator that it counts for; empty: the indicator itself, or not stated",
            "item": "work",
            "village": "village",
            "place": "place inside the village",
            "quantity": "canonical decimal",
            "unit": "unit",
            "cost": "million đồng; empty: the plan does not say",
            "source": "source of funds, code as in funding",
            "builder": "who builds",
            "deadline": "ISO date or quarter",
            "state": "planned, under-way, accepted, settled, paid, requested",
            "debt": "million đồng owed",
            "part_of": "work of which this is a part, or whose users it counts; never added to it",
        },
    ),
    "funding": (
        ("observation",),
        {
            "observation": "row in observations",
            "year": "year",
            "source": "code of the source; total for the printed total",
            "name": "name as the document writes it",
            "planned": "million đồng",
            "allocated": "million đồng; empty: not known",
            "spent": "million đồng; empty: not known",
        },
    ),
}

_ALLOWED = {
    "verdict": VERDICTS, "before": (*VERDICTS, ""), "after": (*VERDICTS, ""), "before_by_new_rule": (*VERDICTS, ""),
    "basis": BASES, "change": CHANGES, "cause": CAUSES, "confidence": (*CONFIDENCES, ""), "operator": OPERATORS,
    "severity": SEVERITIES, "applies": ("yes", "no", "unknown"),
}
_NUMERIC = ("numerator", "denominator", "margin", "margin_count", "quantity", "cost", "debt", "planned", "allocated", "spent")
_YEARS = ("year", "from_year", "to_year")


def empty(name: str) -> pd.DataFrame:
    """An empty table ``name`` with its columns."""
    return as_table(name, [])


def as_table(name: str, rows) -> pd.DataFrame:
    """Rows (dicts or a frame; absent columns are empty) as the table ``name``, sorted by its key.

    Made of plain lists, because a run makes some thirty small tables and pandas takes longer to
    convert a column than the table takes to be judged. Raises ValueError for a column unknown here.
    """
    columns = list(TABLES[name][1])
    given, count = _columns_of(rows)
    unknown = [c for c in given if c not in columns]
    if unknown:
        raise ValueError(f"table {name} has no column {unknown}")
    filled = {c: [_cell(c, v) for v in given[c]] if c in given else [0 if c in _YEARS else ""] * count for c in columns}
    keys = [[natural_key(v) for v in filled[c]] for c in TABLES[name][0]]
    order = sorted(range(count), key=lambda i: [key[i] for key in keys])
    frame = {c: pd.array([filled[c][i] for i in order], dtype="int64" if c in _YEARS else "str") for c in columns}
    return pd.DataFrame(frame, columns=columns)


def _columns_of(rows) -> tuple[dict[str, list], int]:
    if isinstance(rows, pd.DataFrame):
        return {c: _values(rows[c]) for c in rows.columns}, len(rows)
    rows = list(rows)
    names = dict.fromkeys(c for row in rows for c in row)
    return {c: [row.get(c) for row in rows] for c in names}, len(rows)


def records(frame: pd.DataFrame) -> list[dict]:
    """Rows of a table as dictionaries: what ``to_dict("records")`` gives, in a tenth of its time."""
    columns = list(frame.columns)
    return [dict(zip(columns, row, strict=True)) for row in zip(*(_values(frame[c]) for c in columns), strict=True)]


def _values(column: pd.Series) -> list:
    return np.asarray(column, dtype=object).tolist()  # a text column's own tolist takes its cells one by one


def _cell(column: str, value) -> str | int:
    missing = value is None or value == "" or value != value
    if column in _YEARS:
        return 0 if missing else int(value)
    return "" if missing else str(value)


def validate(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, if it is a valid table ``name``; else pandera's SchemaErrors with every fault at once."""
    if list(frame.columns) != list(TABLES[name][1]):
        raise ValueError(f"table {name} has other columns than it should: {list(frame.columns)}")
    return _schema(name).validate(frame, lazy=True)


@lru_cache(maxsize=100_000)
def natural_key(value) -> tuple:
    """Sort key that reads digits in a text as numbers."""
    # By length, then digit by digit: int() refuses the thousands of digits that a cell may hold.
    parts = ((p, p.lstrip("0")) for p in re.split(r"([0-9]+)", str(value)) if p)
    return tuple((0, len(digits), digits) if p[0] in "0123456789" else (1, 0, p) for p, digits in parts)


def write_table(name: str, frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Validates and writes ``folder/name.csv``: UTF-8, NFC, LF, fixed columns, sorted by key. Returns the table written."""
    table = validate(name, as_table(name, frame))
    folder.mkdir(parents=True, exist_ok=True)
    text = unicodedata.normalize("NFC", table.to_csv(index=False, lineterminator="\n"))
    (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return table


def read_table(name: str, folder: Path) -> pd.DataFrame:
    """The table that ``write_table`` wrote. Raises NtmError where it does not exist yet."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise NtmError(f"Chưa có bảng {path.name}: hãy chạy sổ tay làm sạch và sổ tay đánh giá trước (make report).")
    return as_table(name, pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8"))


def counts_users(unit: str, whole_unit: str) -> bool:
    """Whether a row below a work counts whom the work serves (31 hộ below 3,5 km of line): no share of its quantity."""
    return whole_unit != "" and _is_of_people(unit) and not _is_of_people(whole_unit)


def _is_of_people(unit: str) -> bool:
    return unit.split(" ")[0] in PEOPLE


def fraction(text: str) -> Fraction | None:
    """Exact value of a canonical decimal; None for the empty string or a word."""
    return Fraction(text) if NUMBER.fullmatch(text) else None


def decimal_text(value: Fraction | int | None, digits: int = 6) -> str:
    """Canonical decimal of an exact value, rounded half even to ``digits`` where it does not end."""
    if value is None:
        return ""
    rounded = round(Fraction(value) * 10**digits)
    whole, rest = divmod(abs(rounded), 10**digits)
    tail = str(rest).rjust(digits, "0").rstrip("0")
    return ("-" if rounded < 0 else "") + str(whole) + (f".{tail}" if tail else "")


@cache
def _schema(name: str):
    """Checks of the columns that have any; all others are text, as ``as_table`` makes them."""
    import pandera.pandas as pa

    key, columns = TABLES[name]
    checks = {
        **{c: pa.Check.in_range(0, 2100) for c in _YEARS},
        **{c: pa.Check.isin(allowed) for c, allowed in _ALLOWED.items()},
        **{c: pa.Check.str_matches(rf"^({NUMBER.pattern})?$") for c in _NUMERIC},
    }
    return pa.DataFrameSchema({c: pa.Column(checks=checks[c]) for c in columns if c in checks}, unique=list(key))
