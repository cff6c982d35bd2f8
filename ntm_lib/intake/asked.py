"""What a row asks for, and whether the reading of its cell answers that.

A number may be read without fault and still be the answer to something else: a promise among results, the
part that fails, the poor instead of all. Such a reading gets a doubt in place of its value.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ntm_lib.text import lexicon
from ntm_lib.text.names import clean_text
from ntm_lib.text.numbers import Parsed, tidy
from ntm_lib.text.tokens import tokenise

LEVELS = ("measured", "declared", "target")  # kinds of row that state a level of the commune
RESULTS = ("measured", "declared")
# Doubts that item and cell may make together.
OF_THE_ITEM = (
    "aim",
    "other-base",
    "other-year",
    "other-place",
    "per-other",
    "total",
    "part",
    "group",
    "complement",
    "incident",
    "none-of-what",
)


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
    "estimate": "approximate",
    "plan": "aim",
    "aim": "aim",
    "base": "other-base",
    "except": "excluded",
    "place": "other-place",
}


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


def _none(parsed: Parsed, text: str) -> re.Match | None:
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
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


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
