"""What the columns of one role say together in a row of a form: one text that the reader of numbers can read.

Units come from the cell, the unit column, the heading or «Đơn vị tính»; Số lượng, Tổng số and Tỷ lệ are one figure;
a cross under «Chưa đạt» is an answer. What contradicts itself is a fault.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ntm_lib.intake.files.readers import Row
from ntm_lib.intake.forms.form_heading import Column, Table, same_unit
from ntm_lib.intake.forms.form_layout import is_day, text_at
from ntm_lib.intake.forms.form_title import plain_unit
from ntm_lib.text.lexicon import MISSING
from ntm_lib.text.numbers import parse
from ntm_lib.text.units import read_unit

MARKS = {"met": "Đạt", "unmet": "Chưa đạt", "not-applicable": "Không áp dụng"}
_CROSS = re.compile(r"(?:x|v|✓|✔|√|☑|1|có|true|đạt)", re.IGNORECASE)
_BARE = re.compile(r"[<>≤≥=\s]*[-−]?\d[\d.,]*(?: \d{3})*(?:\s*/\s*\d[\d.,]*)?")
_NUMBER = re.compile(r"\d[\d.,]*(?: \d{3})*")
_OF_WHAT = re.compile(r"^(?:tổng )?(?:số|sl)?\s*(?:lượng)?\s*[(]?", re.IGNORECASE)


class Value(NamedTuple):
    """What a row says in columns of one role, year and period. ``note``: what is said beside it; ``fault``: code of why it cannot be used."""

    column: Column
    text: str = ""
    note: str = ""
    fault: str = ""


def values_of(row: Row, table: Table, role: str, count_unit: str) -> list[Value]:
    """One value for each year and sort of answer that the columns of a role give; empty ones are left out."""
    groups: dict[tuple, list[Column]] = {}
    for column in table.of(role):
        if column.period != "part":
            groups.setdefault((column.year, column.period, column.sort in MARKS), []).append(column)
    found = [_value(row, table, group, count_unit) for group in groups.values()]
    return [value for value in found if value.text or value.fault]


def with_unit(row: Row, table: Table, column: Column) -> tuple[str, str]:
    """The text of a cell with the unit that governs it, and a fault where two units do."""
    text = text_at(row, column.index)
    if is_day(row, column.index):
        return text, "day-as-value"
    if text.casefold() in MISSING or not _BARE.fullmatch(text):
        return text, ""
    own = text_at(row, table.column("unit")) if column.role in table.form.units_of else ""
    own = plain_unit(own) if own.casefold() not in MISSING else ""
    if own and column.sort in ("count", "total", "share") and (read_unit(own).name == "%") != (column.sort == "share"):
        own = ""  # of the columns beside it
    if own and column.unit and not same_unit(own, column.unit) and _NUMBER.search(text):
        return text, "two-units"
    unit = max(own, column.unit, key=len) if own and column.unit else own or column.unit
    unit = unit or ("%" if column.sort == "share" else "")
    if ("/" in text and unit == "%") or _may_be_share(row, column.index, unit):
        return text, ""
    return f"{text} {unit}".strip(), ""


def _value(row: Row, table: Table, columns: Sequence[Column], count_unit: str) -> Value:
    filled = [c for c in columns if text_at(row, c.index).casefold() not in MISSING or c.index in row.faults]
    if not filled:
        return Value(columns[0])
    if fault := next(
        (Value(c, text_at(row, c.index), fault=row.faults[c.index]) for c in filled if c.index in row.faults), None
    ):
        return fault
    if columns[0].sort in MARKS:
        return _mark(row, filled)
    texts = {c: with_unit(row, table, c) for c in filled}
    if fault := next((Value(c, text, fault=code) for c, (text, code) in texts.items() if code), None):
        return fault
    value = _together(row, {c: text for c, (text, _) in texts.items()}, count_unit)
    estimated = value.text and not value.fault and (
        value.column.period == "estimate" or (table.title.is_estimate and value.column.year in table.title.results)
    )  # fmt: skip
    return value._replace(text=f"ước {value.text}") if estimated else value


def _mark(row: Row, filled: Sequence[Column]) -> Value:
    """The one mark of a row under «Đạt», «Chưa đạt», «Không áp dụng»; a heading's own words count as a mark."""
    texts = [text_at(row, c.index) for c in filled]
    if len(filled) > 1:
        return Value(filled[0], " | ".join(texts), fault="two-marks")
    is_mark = _CROSS.fullmatch(texts[0]) or texts[0].casefold() == MARKS[filled[0].sort].casefold()
    return Value(filled[0], MARKS[filled[0].sort]) if is_mark else Value(filled[0], texts[0], fault="no-mark")


def _together(row: Row, texts: dict[Column, str], count_unit: str) -> Value:
    """A count, its whole and its share as one figure; several plain figures must be the same."""
    sorts = {sort: [c for c in texts if _sort(c, texts) == sort] for sort in ("plain", "count", "total", "share")}
    if any(len(found) > 1 and len({texts[c] for c in found}) > 1 for found in sorts.values()):
        column = next(found for found in sorts.values() if len({texts[c] for c in found}) > 1)[0]
        return Value(column, " | ".join(texts.values()), fault="two-columns")
    plain, count, total, share = (found[0] if found else None for found in sorts.values())
    if plain:
        others = [c for c in texts if c not in sorts["plain"]]
        return Value(plain, texts[plain], note=_note(texts, others))
    if share and not (count or total):
        return Value(share, texts[share])
    unit = _unit_of_count(row, count or total, texts, count_unit)
    numbers = {c: text_at(row, c.index) for c in (count, total, share) if c}
    whole = (
        f"{numbers[count]}/{numbers[total]} {unit}" if count and total else f"{numbers[count]} {unit}" if count else ""
    )
    bare = all(_NUMBER.fullmatch(number.rstrip("% ")) for number in numbers.values())
    if share:
        text = f"{whole}{' đạt' if total else ', chiếm'} {numbers[share].rstrip('% ')}%" if whole and bare else ""
        good = text and parse(text).value and not parse(text).doubt
        return (
            Value(share, text)
            if good
            else Value(share, texts[share], note=_note(texts, [c for c in (count, total) if c]))
        )
    if count and not bare:
        return Value(count, texts[count])  # says itself what it is
    if not count or not unit:
        return Value(count or total, numbers[count or total], fault="count-without-share")
    return Value(count, whole)


def _sort(column: Column, texts: dict[Column, str]) -> str:
    """Beside a share a bare figure, or one in hộ, người …, is the count of it, and another percentage a second share."""
    if column.sort != "plain" or not any(c.sort == "share" for c in texts) or not _NUMBER.match(texts[column]):
        return column.sort
    unit = read_unit(_NUMBER.sub("", texts[column], count=1))
    return {"count": "count", "none": "count"}.get(unit.kind, "share" if unit.name == "%" else "plain")


def _unit_of_count(row: Row, column: Column, texts: dict[Column, str], count_unit: str) -> str:
    if texts[column] != text_at(row, column.index):
        return texts[column].removeprefix(text_at(row, column.index)).strip()
    heading = _OF_WHAT.sub("", column.path[-1])
    return read_unit(heading).written if read_unit(heading).kind == "count" else count_unit


def _may_be_share(row: Row, index: int, unit: str) -> bool:
    """0.903 stored as a number under «%» may be 90,3 %: left bare, so that it is asked about."""
    text = row.cells[index].strip()
    return unit == "%" and index in row.numbers and re.fullmatch(r"0,\d+|1", text) is not None


def _note(texts: dict[Column, str], columns: Sequence[Column]) -> str:
    return "; ".join(f"{c.path[-1]}: {texts[c]}" for c in columns)
