"""One raw row into one observation, or into the reason why it is none."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from ntm_lib.intake import schema
from ntm_lib.intake.asked import AskedOf, answer
from ntm_lib.intake.raw_rows import RawRow
from ntm_lib.tables import fraction
from ntm_lib.text.dates import read_date
from ntm_lib.text.names import clean_text
from ntm_lib.text.numbers import AMBIGUOUS, Parsed, parse


class Observed(NamedTuple):
    """An observation as the table has it, what was parsed, and the further numbers of its row by column."""

    row: dict
    parsed: Parsed
    numbers: Mapping[str, Parsed]
    source: RawRow


class Rejected(NamedTuple):
    """Why a row is no observation: the column, its text and a code of ``problems.yml`` (below ``unreadable/``) with its fields."""

    source: RawRow
    column: str
    code: str
    fields: Mapping[str, str] = {}


_CELLS = (
    # column, what it may hold, code of the reject, what is allowed
    ("id", r"[\w./:-]*", "bad-id"),
    ("year", r"(19[89]\d|20\d\d|2100)?", "bad-year"),
    ("base_year", r"(19[89]\d|20\d\d|2100)?", "bad-year"),
    ("criterion", r"([1-9]|1[0-9]|KM[12]|all|other|satisfaction|no-debt|security)?", "bad-criterion"),
    ("indicator", r"((KM)?[1-9]\d?(\.[1-9]\d?)?)?", "bad-indicator"),
    ("part", r"([a-z]\d?(\.[a-z]\d?)*)?", "bad-part"),  # a; d2.a
)


def read_row(table: str, row: RawRow, asked_of: AskedOf) -> Observed | Rejected:
    """The row as an observation of ``table``. ``asked_of``: what the indicator that a row names asks for."""
    if row.fault:
        return Rejected(row, *row.fault, row.about)
    return _bad_cell(table, row) or _read(table, row, asked_of)


def observation_id(row: RawRow) -> str:
    """The row's own id, or its address where it has none."""
    sheet = f"[{row.sheet}]" if row.sheet else ""
    return row.cells.get("id") or f"{row.file.rpartition('/')[2]}{sheet}:{row.row}"


def _bad_cell(table: str, row: RawRow) -> Rejected | None:
    for column, pattern, code in _CELLS:
        if not re.fullmatch(pattern, row.cells.get(column, "")):
            return Rejected(row, column, code)
    allowed = {
        "kind": schema.KINDS.get(table),
        "state": schema.STATES,
        "source": schema.FUNDING_SOURCES,
        "level": schema.LEVELS,
    }
    for column, values in allowed.items():
        held = row.cells.get(column)
        if held is not None and values and held not in values and (held or column != "source" or table == "funding"):
            return Rejected(row, column, f"bad-{column}", {"allowed": ", ".join(v for v in values if v)})
    if row.cells.get("kind") == "change" and not row.cells.get("base_year"):
        return Rejected(row, "base_year", "no-base-year")
    if row.cells.get("kind") in ("measured", "declared", "target", "change") and not row.cells.get("year"):
        return Rejected(row, "year", "required")  # a result of no year would be judged in none, and nobody told
    for column in ("date", "withdrawn_on"):
        if row.cells.get(column) and not _day(row.cells[column]):
            return Rejected(row, column, "bad-day")
    for column in ("village", "item", "what", "who", "date"):
        if column in schema.OBSERVED[table].required and not row.cells.get(column):
            return Rejected(row, column, "required")
    return None


def _read(table: str, row: RawRow, asked_of: AskedOf) -> Observed | Rejected:
    spec, cells = schema.OBSERVED[table], row.cells
    column = next((c for c in spec.value if cells.get(c)), spec.value[0])
    text, asked = cells.get(column, ""), asked_of(cells)
    # What a bare number means is asked by the indicator only where its level is given: 2 km of a road are no 2 %.
    parsed = parse(text, spec.unit or (asked.unit if table in schema.KINDS else ""))
    kind = cells.get("kind") if table in schema.KINDS else ("split" if cells.get("part_of") else "other")
    parsed = answer(parsed, asked, cells, kind, text)
    if parsed.doubt and not _may_be_words(spec.reading, kind, text, parsed.doubt):
        return Rejected(row, column, parsed.doubt)
    numbers = {c: parse(cells.get(c, ""), u) for c, u in spec.numbers.items()}
    for name, number in numbers.items():
        if number.doubt or (number.value and (fraction(number.value) is None or number.unit != spec.numbers[name])):
            return Rejected(row, name, number.doubt or "no-number")
    return Observed(_observation(table, row, column, kind, parsed), parsed, numbers, row)


def _may_be_words(reading: str, kind: str, text: str, doubt: str) -> bool:
    """Whether a text that gave no value may stand: as words where words are meant, as a question where it is ambiguous."""
    if reading == "words" or (kind == "other" and reading == "strict" and doubt == "no-number"):
        return True
    if doubt in (*AMBIGUOUS, "direction"):
        return True
    no_digit = not re.search(r"\d", text)
    return no_digit and (reading == "counted" or kind == "target")


def _observation(table: str, row: RawRow, column: str, kind: str, parsed: Parsed) -> dict:
    cells, spec = row.cells, schema.OBSERVED[table]
    written = (row.written or cells).get(column, "")
    copied = (
        "base_year",
        "part_of",
        "criterion",
        "indicator",
        "part",
        "rule_set",
        "date",
        "document",
        "section",
        "quote",
        "note",
    )
    return {
        "observation": observation_id(row), "table": table, "year": int(cells.get("year") or _day(cells.get("date", ""))[:4] or 0), "kind": kind,
        **{c: cells.get(c, "") for c in copied}, "item": cells.get(spec.item, ""), "village": clean_text(cells.get("village", "")),
        "text": written, "value": parsed.value or _mended(row, column), "unit": parsed.unit, "numerator": parsed.numerator, "denominator": parsed.denominator,
        "operator": parsed.operator, "file": row.file, "sheet": row.sheet, "row": str(row.row), "column": column, "correction": row.correction,
    }  # fmt: skip


def _mended(row: RawRow, column: str) -> str:
    """Words that a correction put in place of those of the source, which stay as its text; else empty."""
    return row.cells[column] if row.written and row.cells[column] != row.written.get(column) else ""


def work(observed: Observed) -> dict:
    """The row of table ``works`` that belongs to an observation."""
    cells, row = observed.source.cells, observed.row
    copied = ("year", "criterion", "indicator", "part", "item", "village", "part_of", "observation")
    deadline = read_date(cells.get("deadline", ""))
    return {
        **{c: row[c] for c in copied},
        **{c: cells.get(c, "") for c in ("place", "source", "builder")},
        **_amount(observed.parsed), "cost": observed.numbers["cost"].value, "debt": observed.numbers["debt"].value,
        "deadline": deadline.value if deadline else cells.get("deadline", ""), "state": cells.get("state", "") or "planned",
    }  # fmt: skip


def fund(observed: Observed) -> dict:
    """The row of table ``funding`` that belongs to an observation; million đồng."""
    row, numbers = observed.row, observed.numbers
    return {
        "observation": row["observation"], "year": row["year"], "source": observed.source.cells["source"], "name": row["item"],
        "planned": observed.parsed.value, "allocated": numbers["allocated"].value, "spent": numbers["spent"].value,
    }  # fmt: skip


def decision(observed: Observed) -> dict:
    """The row of table ``recognitions`` that belongs to a row of recognition.csv."""
    cells, row = observed.source.cells, observed.row
    return {
        **{c: row[c] for c in ("observation", "rule_set")}, **{c: cells.get(c, "") for c in ("level", "number", "issuer")},
        "date": _day(cells["date"]), "withdrawn_on": _day(cells.get("withdrawn_on", "")),
    }  # fmt: skip


def _day(text: str) -> str:
    """ISO date of a text that is one whole day; else empty."""
    found = read_date(text)
    return found.value if found and len(found.value) == 10 else ""


def _amount(parsed: Parsed) -> dict:
    known = fraction(parsed.value) is not None and parsed.unit not in ("mức độ", "sao", "year", "monthly")
    return {"quantity": parsed.value if known else "", "unit": parsed.unit if known else ""}
