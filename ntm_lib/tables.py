"""The tables that cross a notebook border: made, checked, written and read. What their columns mean: ``dictionary``.

Every cell is text, as in the CSV: exact decimals stay exact, codes keep their zeros, and a missing
value is the empty string. Only ``year`` columns are integers. Functions that compute turn numbers
into ``Fraction`` (``fraction``) and back (``decimal_text``).
"""

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ntm_lib.dictionary import TABLES
from ntm_lib.errors import NtmError, guarded, unguarded

VERDICTS = ("met", "unmet", "no-data", "not-applicable")
BASES = ("measured", "declared", "planned", "aimed", "")
CHANGES = ("kept", "gained", "lost", "still-unmet", "first-measured", "no-longer-measured", "")
CAUSES = ("result", "rule", "both", "definition", "data", "")
CONFIDENCES = ("official", "two-sources", "one-source", "unverified", "unknown")
OPERATORS = (">=", ">", "<=", "<", "=", "")
KINDS = ("measured", "declared", "target", "change", "split", "other")
SEVERITIES = ("error", "warning", "info")

PEOPLE = ("hộ", "người", "khẩu", "cháu")  # first word of the units that count people

EXACT = 15  # digits after the point of a value that is compared: as many as a spreadsheet keeps
NUMBER = re.compile(r"-?\d+(\.\d+)?")  # canonical decimal: point, no grouping

_ALLOWED = {
    "verdict": VERDICTS,
    "before": (*VERDICTS, ""),
    "after": (*VERDICTS, ""),
    "before_by_new_rule": (*VERDICTS, ""),
    "basis": BASES,
    "change": CHANGES,
    "cause": CAUSES,
    "confidence": (*CONFIDENCES, ""),
    "operator": OPERATORS,
    "severity": SEVERITIES,
    "applies": ("yes", "no", "unknown"),
}
_NUMERIC = (
    "numerator",
    "denominator",
    "margin",
    "margin_count",
    "next_margin",
    "next_margin_count",
    "quantity",
    "cost",
    "debt",
    "planned",
    "allocated",
    "spent",
    "missing",
    "spare",
    "next_missing",
    "growth",
)
_YEARS = ("year", "from_year", "to_year", "value_year")


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
    text = unicodedata.normalize("NFC", _each_cell(table, guarded).to_csv(index=False, lineterminator="\n"))
    (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return table


def read_table(name: str, folder: Path) -> pd.DataFrame:
    """The table that ``write_table`` wrote. Raises NtmError where it does not exist yet, or has columns of another version."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise NtmError(f"Chưa có bảng {path.name}: hãy chạy sổ tay làm sạch và sổ tay đánh giá trước (make report).")
    table = _each_cell(pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8"), unguarded)
    try:
        return as_table(name, table)
    except ValueError as error:
        text = f"Bảng {path.name} do một bản khác của chương trình lập, có cột khác: hãy lập lại báo cáo đó bằng bản này (make report FORCE=1)."
        raise NtmError(text) from error


def _each_cell(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """The table with ``change`` made to each cell of text that begins like a formula."""
    starts = ("'", "=", "+", "-", "@", "\t", "\r")
    texts = {column: _values(table[column]) for column in table.columns if column not in _YEARS}
    changed = {
        column: pd.array([change(cell) for cell in cells], dtype="str")
        for column, cells in texts.items()
        if any(cell.startswith(starts) for cell in cells)
    }
    return table.assign(**changed) if changed else table


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
