"""One raw row into one observation, or into the reason why it is none.

A number may be read without fault and still be the answer to something else: a promise among results, the
part that fails, the poor instead of all. Such a reading gets a doubt in place of its value.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ntm_lib.intake import schema
from ntm_lib.intake.schema import RawRow
from ntm_lib.tables import criteria_of, fraction
from ntm_lib.text import lexicon
from ntm_lib.text.dates import read_date, whole_day
from ntm_lib.text.names import clean_text
from ntm_lib.text.numbers import AMBIGUOUS, Parsed, parse, tidy
from ntm_lib.text.tokens import tokenise

LEVELS = ("measured", "declared", "target")  # kinds of row that state a level of the commune
RESULTS = ("measured", "declared")
# Doubts that item and cell may make together.
OF_THE_ITEM = (
    "aim", "other-base", "other-year", "other-place", "per-other", "total", "part", "group", "complement", "incident",
    "none-of-what",
)  # fmt: skip


class Asked(NamedTuple):
    """Unit, name and kind of the indicator that a row speaks of; empty where it names none."""

    unit: str = ""
    name: str = ""
    kind: str = ""


AskedOf = Callable[[Mapping[str, str]], Asked]


def answer(parsed: Parsed, asked: Asked, cells: Mapping[str, str], kind: str, text: str) -> Parsed:
    """The reading, or the same without value and with the doubt why it is no answer to what row ``cells`` asks."""
    if kind not in (*LEVELS, "change") or not parsed.value:
        return parsed
    doubt = next(iter(_doubts(parsed, asked, cells, kind, tidy(text))), "")
    if doubt:
        return Parsed(unit=parsed.unit, doubt=doubt)
    return parsed._replace(unit="%") if asked.unit == "%" and _none(parsed, tidy(text).casefold()) else parsed


def _doubts(parsed: Parsed, asked: Asked, cells: Mapping[str, str], kind: str, written: str) -> Iterable[str]:
    text = written.casefold()
    item, name = (clean_text(words).casefold() for words in (cells.get("item", ""), asked.name))
    if kind == "change" and not parsed.direction:
        yield "direction"
    growth = asked.kind == "growth" or (
        asked.unit.endswith("/năm") and "đồng" not in asked.unit
    )  # more by so many is the figure itself
    if kind in LEVELS and (parsed.direction or "change" in parsed.said) and not growth:
        yield "level"
    if kind in RESULTS and "aim" in parsed.said:
        yield "aim"
    if kind in LEVELS and "done" in parsed.said:
        yield "progress"
    if kind in LEVELS and any(str(year) != cells.get("year") for year in parsed.years):
        yield "other-year"
    if kind in LEVELS:
        yield from _against_its_name(parsed, asked, item, name, text, kind)
    if kind in LEVELS and name and parsed.unit not in ("status", "rating"):
        yield from _said_by_the_item(asked, cells, item, name, kind)
        if _of_a_group(text, f"{item} {name}") or any(not _about(who, name) for who in _named(lexicon.GROUPS, item)):
            yield "group"
        if len(set(_SEX.findall(text))) == 1 and not _SEX.search(item):
            yield "group"
        if (
            ("%" in parsed.unit or "/" in asked.unit)
            and not cells.get("village")
            and _names_a_village(f"{tidy(cells.get('item', ''))}; {written}")
        ):
            yield "other-place"


def _names_a_village(text: str) -> bool:
    """«thôn Rôm», «xóm 5»; not «12/12 thôn NTM», «12/12 thôn Đạt»."""
    names = re.findall(r"\b(?:thôn|bản|xóm|ấp|buôn|làng) (\w+)", text, re.IGNORECASE)
    return any(name.isdigit() or (name.istitle() and name.casefold() not in lexicon.KIND) for name in names)


# In an item these are abbreviations of something else, or words of what is demanded («hộ đăng ký dùng điện»).
_NOT_IN_ITEMS = frozenset(("mt", "ct", "ck", "dk", "yêu cầu", "quy định", "cần", "phải", "đăng ký", "đăng kí"))
_ITEM_SAYS = {
    "estimate": "approximate", "plan": "aim", "aim": "aim", "base": "other-base", "except": "excluded",
    "place": "other-place",
}  # fmt: skip


def _said_by_the_item(asked: Asked, cells: Mapping[str, str], item: str, name: str, kind: str) -> Iterable[str]:
    """Words of the item that would make the number of its cell no result, as far as the indicator's name has them not."""
    for token in tokenise(item):
        if token.date and token.date.form != "period" and token.date.value[:4] != cells.get("year"):
            yield "other-year"
        if token.text in name or token.text in _NOT_IN_ITEMS or (kind == "target" and token.kind in ("plan", "aim")):
            continue
        if token.kind in _ITEM_SAYS:
            yield _ITEM_SAYS[token.kind]
        if token.kind in ("each", "total") and "/" in asked.unit:
            yield {"each": "per-other", "total": "total"}[token.kind]


def _against_its_name(parsed: Parsed, asked: Asked, item: str, name: str, text: str, kind: str) -> Iterable[str]:
    """The item speaks of the part that fails, of a change, or of what ought not to be, where the indicator does not."""
    if re.match(r"[-–+*• ]*trong đó\b", item) and not re.search(r"\b(?:nam|nữ)\b", item):
        yield "part"
    if parsed.unit == "status":
        if text.rstrip(".;") in lexicon.TICKED and (
            asked.kind == "none" or (not (item and name.startswith(item)) and _ought_not_to_be(item))
        ):
            yield "incident"
        return
    if nothing := _none(parsed, text):
        if asked.kind in ("share", "number", "level", "growth") and not _all_in(nothing["of"] or "", f"{item} {name}"):
            yield "none-of-what"
        return
    if not name:
        return
    counted = _COUNTED.match(text)  # «31 hộ vi phạm/1.413 hộ»: the words for what is counted are as good as an item
    said = f"{item}; {counted['what']}" if counted else item
    if any(word not in name for word in _named(lexicon.AGAINST, lexicon.NO_DENIAL.sub("", said))) or any(
        word not in f"{name} {item}" and word not in lexicon.KIND for word in _named(lexicon.AGAINST, text)
    ):
        yield "complement"
    if "còn lại" in text and "nghèo" not in name:  # the rest: those who have not
        yield "complement"
    if (
        kind in RESULTS
        and re.match(r"(?:số |tỷ lệ |tỉ lệ |mức |tốc độ )*(?:hộ |người )?(?:giảm|tăng)\b", item)
        and not re.search(r"\b(?:giảm|tăng)\b", name)
    ):
        yield "level"


def _ought_not_to_be(item: str) -> bool:
    """«Khiếu kiện», «không có điện», «chưa đạt»; not «không có khiếu kiện», «phòng, chống bạo lực»."""
    harmless = lexicon.HARMLESS.sub(
        lambda m: " " if m["what"] is None or _named(lexicon.INCIDENTS, m["what"]) else m[0],
        lexicon.NO_DENIAL.sub("", item),
    )
    return bool(_named(lexicon.INCIDENTS, harmless))


def _none(parsed: Parsed, text: str) -> re.Match[str] | None:
    """How the cell says in words that there is none of something."""
    return lexicon.NONE.fullmatch(text.rstrip(".;")) if parsed.value == "0" and not parsed.unit else None


def _all_in(words: str, known: str) -> bool:
    """Whether what there is none of is what the row asks for: each word stands in its item or name."""
    wanted = [
        w
        for w in re.findall(r"\w+", words)
        if w not in ("nào", "hộ", "nhà", "số", "còn", "có", "không", "người", "cận")
    ]
    return (
        bool(wanted)
        and all(re.search(rf"\b{re.escape(w)}\b", known) for w in wanted)
        and not re.search(r"\b(?:không|chưa|thiếu)\b", words)
    )


def _named(words: Iterable[str], text: str) -> list[str]:
    return [word for word in words if word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


_GROUPS = "|".join(sorted(lexicon.GROUPS, key=len, reverse=True))
_OF = r"\b(?:của|đối với|trong số|trên tổng số|trong tổng số)\s+(?:các\s+|số\s+)*|^(?=[^\d]{4,25}\d)"
_WHOLE = r"(?:%|phần trăm|(?P<fraction>/\s*[\d.,]+))\s*(?:(?:số|tổng số|của|trong|trên|là|các)\s+)*"
_GROUP = re.compile(rf"(?:{_WHOLE}|{_OF})(?P<who>{_GROUPS})(?!\w)(?P<rest>.*)")
_OF_PLACES = re.compile(r"(?:%|phần trăm)\s*(?:(?:tổng |các )?số )?(?P<who>thôn|bản|xóm|ấp)(?!\w)")
_SEX = re.compile(r"\b(?:nam|nữ)\b")
_COUNTED = re.compile(r"[^\d/]*[\d.,]*\d\s*(?P<what>[^\d/]+?)(?:/|\btrên\b|\btrong\b)")


def _of_a_group(text: str, about: str) -> bool:
    """Whether a share is of a group only (hộ nghèo, phụ nữ): one the row is not about, or the poor, of whom more is said."""
    counted = _COUNTED.match(text)
    if counted and any(not _about(who, about) for who in _named(lexicon.GROUPS, counted["what"])):
        return True
    places = _OF_PLACES.search(text)
    if places and not _about(places["who"], about):
        return True
    found = _GROUP.search(text)
    if not found:
        return False
    if not _about(found["who"], about):
        return True
    return "nghèo" in found["who"] and bool(
        found["fraction"] or not re.fullmatch(r" ?(?:đa chiều)?(?: ?\([\d.,/ ]+(?:hộ)?\))?[\s.,;)]*", found["rest"])
    )


def _about(who: str, words: str) -> bool:
    return all(re.search(rf"\b{word}\b", words) for word in who.removeprefix("hộ ").split())


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


_CRITERION = r"([1-9]|1[0-9]|KM[12]|all|other|satisfaction|no-debt|security)"
_CELLS = (
    # column, what it may hold, code of the reject, what is allowed
    ("id", r"[\w./:-]*", "bad-id"),
    ("year", r"(19[89]\d|20\d\d|2100)?", "bad-year"),
    ("base_year", r"(19[89]\d|20\d\d|2100)?", "bad-year"),
    ("criterion", rf"{_CRITERION}?", "bad-criterion"),
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
        text = row.cells.get(column, "")
        pieces = criteria_of(text) if (table, column) == ("assignments", "criterion") and text else [text]
        if not all(re.fullmatch(pattern if piece == text else _CRITERION, piece) for piece in pieces):
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
        if row.cells.get(column) and not whole_day(row.cells[column]):
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
        "base_year", "part_of", "criterion", "indicator", "part", "rule_set", "date", "document", "section", "quote",
        "note",
    )  # fmt: skip
    return {
        "observation": observation_id(row), "table": table, "year": int(cells.get("year") or whole_day(cells.get("date", ""))[:4] or 0), "kind": kind,
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
    deadline = read_date(
        re.sub(r"^(\d{1,2})([/.-]20\d\d)$", r"tháng \1\2", cells.get("deadline", "").strip().replace(".", "/"))
    )
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
        "date": whole_day(cells["date"]), "withdrawn_on": whole_day(cells.get("withdrawn_on", "")),
    }  # fmt: skip


def _amount(parsed: Parsed) -> dict:
    known = fraction(parsed.value) is not None and parsed.unit not in ("mức độ", "sao", "year", "monthly")
    return {"quantity": parsed.value if known else "", "unit": parsed.unit if known else ""}
