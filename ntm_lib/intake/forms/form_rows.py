"""What each row of a form's table is, which criterion, indicator and part it speaks of, and what its columns of one role say together.

Its place by its number (``17.8``, also inside the content: ``17.8. Tỷ lệ hộ …``), by the rows above it, and by its wording against the names of
the rule set. Units come from the cell, the unit column, the heading or «Đơn vị tính»; Số lượng, Tổng số and Tỷ lệ are one figure; a cross under
«Chưa đạt» is an answer. What cannot be told is a fault, never a guess.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ntm_lib.intake.files.readers import Row
from ntm_lib.intake.forms.form_heading import Column, Table, same_unit
from ntm_lib.intake.forms.form_layout import Names, is_day, text_at, words_of
from ntm_lib.intake.forms.form_title import plain_unit
from ntm_lib.text.lexicon import MISSING
from ntm_lib.text.names import clean_text
from ntm_lib.text.numbers import parse
from ntm_lib.text.units import read_unit

_END = re.compile(r"^(?:người lập|tm\.|t/m|kt\.|ghi chú|nơi nhận|\*|\(\*\)|chú thích)", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?:người lập|thủ trưởng|.*ngày\s+[\d.…]*\s*tháng\b|tm\.|t/m|kt\.|nơi nhận|xác nhận của|(?:phó )?chủ tịch$|\(?ký(?:,| tên| và)|trưởng thôn$|kế toán$)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"^(?:tổng cộng|tổng số|cộng)\b|^số (?:lượng )?(?:các )?(?:tiêu chí|chỉ tiêu) (?:đã |chưa |không )?(?:đạt|hoàn thành)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:(?:tiêu chí|chỉ tiêu|tc|ct)\s*(?:số\s*)?)?0?(?P<criterion>[1-9]\d?)(?:\.(?P<second>[1-9]\d?)(?:\.?(?P<part>[a-e]))?)?\s*[.):]?",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"(?:(?:tiêu chí|chỉ tiêu)\s*(?:số\s*)?)?(?P<criterion>[1-9]\d?)\.(?P<second>[1-9]\d?)(?:\.?(?P<part>[a-e])(?=[.):\s]))?(?![\d,%]|\s*%)[.):–-]*\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?P<part>[a-eđ])\s*[).:]\s*(?P<rest>.*)", re.IGNORECASE)
_GROUP = re.compile(r"(?:[IVX]{1,5}|[A-Z])[.)]?")
_DASHES = "-–+•* "
_DASH = re.compile(r"[-–+•*]")
_OF_WHICH = re.compile(r"^(?:trong đó|bao gồm|gồm|riêng)\b[\s:,]*", re.IGNORECASE)
_SEXES = frozenset(("nam", "nữ"))


class Place(NamedTuple):
    """``is_split``: a part of a figure above it («- trong đó: …»), no value of the indicator itself. ``item``: the row's own words.

    ``by_words``: the criterion was told by the row's wording. ``fault``: code of why the row's figures cannot be placed.
    """

    criterion: str = ""
    indicator: str = ""
    part: str = ""
    item: str = ""
    is_split: bool = False
    by_words: bool = False
    fault: str = ""


def is_signature(row: Row) -> bool:
    """Whether the row begins what is signed under a table."""
    return any(_SIGNED.match(clean_text(cell)) for cell in row.cells)


def kind_of(row: Row, table: Table) -> str:
    """value, or why the row is none: group-row, total-row, note-row."""
    name, first = name_of(row, table), next((clean_text(c) for c in row.cells if c.strip()), "")
    if _TOTAL.search(name or first) and not _CODE.fullmatch(text_at(row, table.column("code"))):
        return "total-row"
    if _END.search(first) or _END.search(name):
        return "note-row"
    valued = {emit.value for emit in table.form.emits}
    if any(text_at(row, c.index) or c.index in row.faults for c in table.columns if c.role in valued):
        return "value"
    return "group-row" if name else "note-row"


def sums_what_follows(rows: Sequence[Row], index: int, table: Table) -> bool:
    """Whether a row of works is the sum of those below it: «I» above 1, 2; «2» above 2.1."""
    codes = [text_at(row, table.column("code")).rstrip(".) ") for row in rows[index : index + 5]]
    below = next((code for code in codes[1:] if code), "")
    return (_GROUP.fullmatch(codes[0]) is not None and below.isdigit()) or (
        codes[0].isdigit() and below.startswith(f"{codes[0]}.")
    )


def name_of(row: Row, table: Table) -> str:
    """The words of the row: its content, or, where there is none, the name of its criterion."""
    return text_at(row, table.column("name")) or text_at(row, table.column("criterion"))


def place_of(row: Row, table: Table, before: Place, names: Names) -> Place:
    """Where the row stands, ``before`` being where the row above it does."""
    name = name_of(row, table)
    if not table.form.is_of_criteria:
        is_part = _DASH.match(name) is not None or _DASH.match(text_at(row, table.column("code"))) is not None
        return Place(item=name.lstrip(_DASHES), is_split=is_part or _OF_WHICH.match(name) is not None)
    code = text_at(row, table.column("code"))
    if (prefixed := _PREFIX.match(name)) and not _is_quantity(name, prefixed["rest"]):
        return _coded(prefixed, prefixed["rest"], code)
    if table.column("code") in row.numbers and (
        is_day(row, table.column("code")) or _may_be_ten(code, before, name, names)
    ):
        return Place(item=name, fault="number-as-code")
    found = _CODE.fullmatch(_as_code(code, before, table.column("code") in row.numbers))
    if found and found["second"]:
        return _coded(found, name, "")
    if found:
        return _of_criterion(found["criterion"], row, table, names)
    return _below(code, name, before, names)


def _coded(found: re.Match[str], rest: str, code: str) -> Place:
    """The place that a written indicator names; ``code``: the number beside it, which may count rows but name no other indicator."""
    indicator = f"{found['criterion']}.{found['second']}"
    other = _CODE.fullmatch(code.replace(",", "."))
    contradicts = other and other["second"] and f"{other['criterion']}.{other['second']}" != indicator
    return Place(
        found["criterion"], indicator, (found["part"] or "").lower(), rest, fault="two-codes" if contradicts else ""
    )


def _is_quantity(name: str, rest: str) -> bool:
    """Whether a content begins with an amount, not with a number of an indicator: «5.1 km đường»."""
    return re.match(r"\d+\.\d+\s", name) is not None and read_unit(rest).name in ("km", "ha", "m²", "km²", "m³", "tấn")


def _of_criterion(criterion: str, row: Row, table: Table, names: Names) -> Place:
    """A row with the number of a criterion: the criterion itself, or, with content beside its name, one of its indicators."""
    name, own = text_at(row, table.column("name")), text_at(row, table.column("criterion"))
    here = Place(criterion, item=name or own)
    if own and name and words_of(name) != words_of(own):
        return _worded(name, here, names)
    if not names.entries or not (name or own) or names.is_criterion(criterion, name or own):
        return here
    other = names.find(name or own)
    # A list that is numbered 1, 2, 3 and not by criteria.
    return (
        Place(item=here.item, fault="code-against-name")
        if other and other.criterion != criterion
        else _worded(name or own, here, names)
    )


def _worded(text: str, here: Place, names: Names) -> Place:
    """The indicator of the criterion ``here`` that the text names."""
    entry = names.find(text, here.criterion)
    indicator = entry.indicator if entry else names.only_indicator(here.criterion)
    return here._replace(
        indicator=indicator, part=entry.part if entry else "", item=text, fault="" if indicator else "no-indicator"
    )


def _below(code: str, name: str, before: Place, names: Names) -> Place:
    """A row without a number of its own: a part of the row above, an indicator of its criterion, or a group."""
    lettered = (
        _LETTER.fullmatch(f"{code.rstrip('.) ')}) {name}")
        if re.fullmatch(r"[a-zđ]\s*[.)]?", code)
        else _LETTER.match(name)
    )
    if lettered and before.indicator:
        return before._replace(part=lettered["part"].lower(), item=lettered["rest"], is_split=False, fault="")
    dash = _DASH.match(code) or _DASH.match(name)
    bare = name.lstrip(_DASHES)
    words = _OF_WHICH.sub("", bare)
    if dash or words != bare:
        return _part(words, before, names, told=words != bare)
    if _GROUP.fullmatch(code):
        return Place(item=name, fault="no-indicator")
    if not bare:
        return before._replace(fault="no-indicator")
    if criterion := names.criterion_called(bare):
        return Place(criterion, item=bare, by_words=True)
    entry = names.find(bare, before.criterion) if before.criterion else None
    if not entry and (before.by_words or not before.criterion):
        entry = names.find(bare)
    if not entry:
        return Place(before.criterion, item=bare, by_words=before.by_words, fault="no-indicator")
    return Place(entry.criterion, entry.indicator, entry.part, bare, by_words=before.by_words or not before.criterion)


def _part(words: str, before: Place, names: Names, told: bool) -> Place:
    """A row «- …» or «trong đó …» (``told``): a sex, a named part of the indicator above, else a split of it."""
    if before.fault or not before.criterion:
        return before._replace(item=words, fault=before.fault or "no-indicator")
    if not before.indicator:
        entry = names.find(words, before.criterion)
        return (
            before._replace(indicator=entry.indicator, part=entry.part, item=words)
            if entry
            else before._replace(item=words, fault="no-indicator")
        )
    if words.casefold() in _SEXES:
        return before._replace(item=words.lower(), is_split=False)
    entry = None if told else names.find(words, indicator=before.indicator)
    if entry:
        return before._replace(part=entry.part, item=words, is_split=False)
    return before._replace(item=words, is_split=True)


def _as_code(code: str, before: Place, is_number: bool) -> str:
    """``17.10`` stored as the number 17,1 comes after 17.9."""
    code = code.replace(",", ".")
    if is_number and code.endswith(".1") and before.indicator == code[:-1] + "9":
        return code + "0"
    return code


def _may_be_ten(code: str, before: Place, name: str, names: Names) -> bool:
    """Whether a number 17,1 may be 17.10 as well as 17.1: neither its words nor the row before it tell."""
    if not code.endswith(",1"):
        return False
    criterion, first = code.partition(",")[0], code.replace(",", ".")
    if (names.entries and not names.has(first + "0")) or before.indicator == first[:-1] + "9":
        return False
    entry = names.find(name, criterion)
    begins = before.criterion == criterion and not before.indicator and not before.fault
    return entry.indicator != first if entry else not begins


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
    groups: dict[tuple[str, str, bool], list[Column]] = {}
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
    first = count or total or next(iter(texts))
    unit = _unit_of_count(row, first, texts, count_unit)
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
        return Value(first, numbers.get(first, texts[first]), fault="count-without-share")
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
