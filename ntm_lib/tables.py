"""The tables that cross a notebook border: made, checked, written and read. What their columns mean: ``dictionary``.

Every cell is text, as in the CSV: exact decimals stay exact, codes keep their zeros, and a missing
value is the empty string. Only ``year`` columns are integers. Functions that compute turn numbers
into ``Fraction`` (``fraction``) and back (``decimal_text``).
"""

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections import Counter, namedtuple
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

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
_TEXT = pd.StringDtype(na_value=np.nan)  # the type that dtype="str" names
_ARRAY = _TEXT.construct_array_type()
_FORMULAS = frozenset(("'", "=", "+", "-", "@", "\t", "\r"))  # what a spreadsheet takes for one begins like these


def empty(name: str) -> pd.DataFrame:
    """An empty table ``name`` with its columns."""
    return as_table(name, [])


def as_table(name: str, rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows (dicts or a frame; absent columns are empty) as the table ``name``, sorted by its key.

    Made of plain rows, which the frame keeps for ``records``: a run makes some sixty small tables, and pandas takes
    longer to take one apart than it takes to be judged. So nobody writes into a table. Raises ValueError for a column
    unknown here.
    """
    if isinstance(rows, pd.DataFrame):
        if rows.__dict__.get("_table") == name:
            return rows
        given, rows = list(rows.columns), records(rows)
    else:
        rows = list(rows)
        given = list(dict.fromkeys(c for row in rows for c in row))
    key, columns = TABLES[name]
    if unknown := [c for c in given if c not in columns]:
        raise ValueError(f"table {name} has no column {unknown}")
    filled = [{c: _cell(c, row.get(c)) for c in columns} for row in rows]
    filled.sort(key=lambda row: [natural_key(row[c]) for c in key])
    return _frame(name, filled)


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The frame of finished rows; it remembers which table it is, and its rows."""
    cells = {
        c: np.array([row[c] for row in rows], dtype="int64") if c in _YEARS else _texts([row[c] for row in rows])
        for c in TABLES[name][1]
    }
    frame = pd.DataFrame(cells, copy=False)
    frame.__dict__.update(_table=name, _rows=rows)
    return frame


def _texts(cells: list[str]) -> Any:
    return _ARRAY._from_sequence(cells, dtype=_TEXT)  # pd.array(…, dtype="str") looks the type up anew for each column


def criteria_of(cell: str) -> list[str]:
    """The criteria in a cell of assignments.csv: ``17; 18`` → 17 and 18; of an empty cell the empty one."""
    return re.split(r"\s*[;,]\s*", cell)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as dictionaries: what ``to_dict("records")`` gives, in a tenth of its time."""
    if (rows := frame.__dict__.get("_rows")) is not None:
        return [row.copy() for row in rows]
    columns = list(frame.columns)
    return [dict(zip(columns, row, strict=True)) for row in zip(*(_values(frame[c]) for c in columns), strict=True)]


def tuples(frame: pd.DataFrame) -> list[Any]:
    """Rows of a frame as named tuples: what ``itertuples(index=False)`` gives, without a new class for each call."""
    make = _row_class(tuple(frame.columns))._make
    return [make(row.values()) for row in frame.__dict__.get("_rows") or records(frame)]


@cache
def _row_class(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)


def with_columns(frame: pd.DataFrame, **cells: list[Any]) -> pd.DataFrame:
    """The frame with columns of texts more, or in place of its own; it keeps its rows for ``records``, too."""
    names = list(cells)
    rows = [
        row | dict(zip(names, own, strict=True))
        for row, own in zip(records(frame), zip(*cells.values(), strict=True), strict=True)
    ]
    made = frame.assign(**{name: _texts(column) for name, column in cells.items()})
    made.__dict__["_rows"] = rows
    return made


def _values(column: pd.Series) -> list[Any]:
    return list(np.asarray(column, dtype=object))  # a text column's own tolist takes its cells one by one


def _cell(column: str, value: Any) -> str | int:
    missing = value is None or value == "" or value != value
    if column in _YEARS:
        return 0 if missing else int(value)
    return "" if missing else str(value)


def faults(name: str, rows: list[dict[str, Any]]) -> list[str]:
    """What makes finished rows no valid table ``name``: keys that repeat, years, words and numbers that cannot be."""
    key, columns = TABLES[name]
    keys = Counter(tuple(row[c] for c in key) for row in rows)
    found = [f"key {values} stands {count} times" for values, count in keys.items() if count > 1]
    for column in columns:
        if allowed := _checked(column):
            found += [f"{column}: {row[column]!r}" for row in rows if not allowed(row[column])]
    return found


@cache
def _checked(column: str) -> Callable[[Any], object] | None:
    """Whether a cell of the column may stand there; None where any text may."""
    if column in _YEARS:
        return range(2101).__contains__
    if column in _ALLOWED:
        return frozenset(_ALLOWED[column]).__contains__
    return re.compile(rf"({NUMBER.pattern})?").fullmatch if column in _NUMERIC else None


@lru_cache(maxsize=100_000)
def natural_key(value: Any) -> tuple[tuple[int, int | str, str], ...]:
    """Sort key that reads digits in a text as numbers."""
    # By length, then digit by digit: int() refuses the thousands of digits that a cell may hold.
    parts = ((p, p.lstrip("0")) for p in re.split(r"([0-9]+)", str(value)) if p)
    return tuple((0, len(digits), digits) if p[0] in "0123456789" else (1, 0, p) for p, digits in parts)


def write_table(name: str, frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Checks and writes ``folder/name.csv``: UTF-8, NFC, LF, fixed columns, sorted by key. Returns the table written.

    Raises ValueError with every fault of a table that no notebook may pass on.
    """
    table = as_table(name, frame)
    rows = table.__dict__["_rows"]
    if found := faults(name, rows):
        raise ValueError(f"table {name}: {'; '.join(found)}")
    text = _as_csv(name, rows)
    composed = unicodedata.normalize("NFC", text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_bytes(composed.encode())
    if composed == text:
        _written[name] = composed.encode(), table
    return table


# What this process wrote last, by table: the next notebook's need not be read if its file holds the same bytes.
_written: dict[str, tuple[bytes, pd.DataFrame]] = {}


def _as_csv(name: str, rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLES[name][1])
    writer.writerows(
        [guarded(c) if c.__class__ is str and c[:1] in _FORMULAS else c for c in row.values()] for row in rows
    )
    return text.getvalue()


def read_table(name: str, folder: Path) -> pd.DataFrame:
    """The table that ``write_table`` wrote. Raises NtmError where it does not exist yet, or has columns of another version."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise NtmError(f"Chưa có bảng {path.name}: hãy chạy sổ tay làm sạch và sổ tay đánh giá trước (make report).")
    content = path.read_bytes()
    known, table = _written.get(name, (b"", None))
    if table is not None and known == content:
        return table
    try:
        columns, *rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
        return as_table(name, [dict(zip(columns, map(_as_it_was, row), strict=True)) for row in rows if row])
    except (ValueError, csv.Error) as error:
        text = f"Bảng {path.name} do một bản khác của chương trình lập, có cột khác: hãy lập lại báo cáo đó bằng bản này (make report FORCE=1)."
        raise NtmError(text) from error


def _as_it_was(cell: str) -> str:
    return unguarded(cell) if cell[:1] == "'" else cell


def write_package(name: str, folder: Path) -> None:
    """Writes ``folder/datapackage.json``: the tables of the folder with keys, types and meanings, as Frictionless programs read them."""
    present = [(table, folder / f"{table}.csv") for table in sorted(TABLES) if (folder / f"{table}.csv").is_file()]
    package = {
        "profile": "data-package",
        "name": name.replace("/", "-"),
        "resources": [_resource(table, file.read_bytes()) for table, file in present],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="")


def _resource(table: str, content: bytes) -> dict[str, Any]:
    key, columns = TABLES[table]
    return {
        "name": table,
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [{"name": c, "description": meaning, **_field(c)} for c, meaning in columns.items()],
            "primaryKey": list(key),
            "missingValues": [""],
        },
    }


def _field(column: str) -> dict[str, Any]:
    if column in _YEARS:
        return {"type": "integer"}
    if column in _NUMERIC:
        return {"type": "number"}
    words = [word for word in _ALLOWED.get(column, ()) if word]
    return {"type": "string", **({"constraints": {"enum": words}} if words else {})}


def counts_users(unit: str, whole_unit: str) -> bool:
    """Whether a row below a work counts whom the work serves (31 hộ below 3,5 km of line): no share of its quantity."""
    return whole_unit != "" and _is_of_people(unit) and not _is_of_people(whole_unit)


def _is_of_people(unit: str) -> bool:
    return unit.split(" ")[0] in PEOPLE


@lru_cache(maxsize=16_384)
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


# ---------------------------------------------------------------- frames of given columns, as the package ``plan`` gives them

Columns = Mapping[str, str]  # name → meaning


def frame(columns: Columns, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a text frame with exactly these columns, in the order of the rows.

    Fractions become canonical decimals, None and absent cells the empty string. Raises ValueError
    for a column that is not declared.
    """
    rows = [dict(row) for row in rows]
    unknown = sorted({name for row in rows for name in row} - set(columns))
    if unknown:
        raise ValueError(f"columns not declared: {unknown}")
    data = {name: [_text(row.get(name)) for row in rows] for name in columns}
    return pd.DataFrame(data, columns=list(columns), dtype="str")


def amount(text: str) -> Fraction:
    """Exact value of a canonical decimal; a missing one counts as nothing."""
    return fraction(text) or Fraction(0)


def total(texts: Iterable[str]) -> Fraction:
    """Sum of the values that are known."""
    return sum((amount(text) for text in texts), Fraction(0))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return value if isinstance(value, str) else decimal_text(Fraction(value))
