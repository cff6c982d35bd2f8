"""Reads a cell of an annex by a closed grammar: what the grammar does not know is not read at all.

``≥ 80%``, ``100%``, ``Đạt``, ``Không``, ``Khá trở lên``, ``mức độ 2``, ``UBND cấp tỉnh quy định cụ thể``,
``≥ 30% (≥ 10% từ hệ thống cấp nước tập trung)``, ``Năm 2021: ≥ 36; năm 2022: ≥ 39``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from ntm_lib.tables import decimal_text
from ntm_lib.text.names import clean_text, spelling_key

Form = Literal["number", "met", "none", "level", "words", "province", "ministry"]

_SIGNS = {"≥": ">=", "≤": "<=", ">": ">", "<": "<", "": ""}
_ALIKE = {"≧": "≥", "⩾": "≥", ">=": "≥", "=>": "≥", "≦": "≤", "⩽": "≤", "<=": "≤", "=<": "≤", "％": "%"}
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_UNIT = r"%|triệu(?: đồng)?(?: ?/ ?người)?(?: ?/ ?năm)?|tr\.? ?đ(?:ồng)?(?: ?/ ?người)?(?: ?/ ?năm)?|% ?/ ?năm|m[2²](?: ?/ ?người)?|lít(?: ?/ ?người)?(?: ?/ ?ngày(?: đêm)?)?|trường|sự cố|nhà|mô hình|lĩnh vực|loại|thành viên(?: ?/ ?năm)?"
_AMOUNT = re.compile(rf"(?P<sign>[≥≤<>]?) ?(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})?(?P<up> trở lên)?", re.IGNORECASE)
_WORDS_FOR = ((re.compile(r"^(từ|tối thiểu|ít nhất|không dưới|đạt từ) (?=\d)", re.I), "≥"),
              (re.compile(r"^(tối đa|không quá) (?=\d)", re.I), "≤"),
              (re.compile(r"^dưới (?=\d)", re.I), "<"), (re.compile(r"^trên (?=\d)", re.I), ">"))  # fmt: skip
_PROVINCE = re.compile(
    r"^(theo (quy định|hướng dẫn|quyết định) của )?(ubnd|uỷ ban nhân dân|ủy ban nhân dân) (cấp )?tỉnh"
    r"( (quy định|ban hành|hướng dẫn|phê duyệt)( cụ thể)?( [^\d≥≤<>%]*)?)?$",
    re.I,
)
_MINISTRY = re.compile(
    r"^(theo (quy định|hướng dẫn|công bố) của )?(các )?bộ,? [^\d≥≤<>%]+$|^bộ,? [^\d≥≤<>%]+ (công bố|quy định|hướng dẫn)[^\d≥≤<>%]*$",
    re.I,
)
_LEVEL = re.compile(r"^(?:đạt )?(?:chuẩn )?(?:từ )?(?:≥ ?)?(?:mức|mức độ|cấp độ) (\d)(?: trở lên)?$", re.I)
_MET, _NONE = re.compile(r"^đạt(?: chuẩn)?$", re.I), re.compile(r"^không(?: có)?$", re.I)
_YEAR = re.compile(r"năm (20\d\d) ?[:–-]? ?", re.I)
_REMARK = re.compile(r"\((?:nếu có|áp dụng đạt cho cả nam và nữ|cả nam và nữ)\)", re.I)
_SCANNED = re.compile(r"\d[OolIS](?![^\W\d_])|(?<![^\W\d_])[OolIS]\d|[≥≤<>] ?[OlIS]+%")


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says. ``number`` with ``operator`` ("" where the cell has no sign) and ``unit`` as written;
    ``words`` of a rating. ``parts``: further values with the words beside them. ``years``: values of single years."""

    form: Form
    operator: str = ""
    number: str = ""
    unit: str = ""
    words: str = ""
    parts: tuple[tuple[str, "Value"], ...] = ()
    years: tuple[tuple[int, "Value"], ...] = ()
    label: str = ""


def is_scanned(text: str) -> bool:
    """Whether letters stand among figures, as where a picture was turned into text: ``8O%``, ``l00%``."""
    return bool(_SCANNED.search(text))


@lru_cache(maxsize=4096)
def read_value(text: str) -> Value | None:
    """The value that the text of a cell states; None for what the grammar does not know."""
    plain = plain_text(text)
    if not plain or is_scanned(plain):
        return None
    if _YEAR.search(plain):
        return _of_years(plain)
    whole = re.fullmatch(r"([^()]+?) ?\(([^()]+)\)", plain)
    if whole and (first := _single(whole[1])):
        inside = [_labelled(piece) for piece in re.split(r"; ?", whole[2])]
        return _with_parts(first, inside)
    if (single := _single(plain)) is not None:
        return single
    pieces = [piece for piece in re.split(r" ?; ?|\n", _lines(text)) if piece]
    labelled = [_labelled(piece) for piece in pieces] if len(pieces) > 1 else []
    first_label = next((found for found in labelled), None)
    if first_label is None or any(found is None for found in labelled):
        return None
    return _with_parts(first_label[1], labelled[1:], first_label[0])


def plain_text(text: str) -> str:
    """One line, the signs in one form, remarks that belong to the content left out."""
    return clean_text(_lines(text).replace("\n", " "))


def _lines(text: str) -> str:
    for other, sign in _ALIKE.items():
        text = text.replace(other, sign)
    lines = [clean_text(_REMARK.sub("", line)).strip(" -–+•;.") for line in text.splitlines()]
    return "\n".join(line for line in lines if line)


def _with_parts(first: Value, others: list[tuple[str, Value] | None], label: str = "") -> Value | None:
    parts = [part for part in others if part is not None]
    if len(parts) < len(others):
        return None
    return Value(first.form, first.operator, first.number, first.unit, first.words, tuple(parts), label=label)


def _labelled(piece: str) -> tuple[str, Value] | None:
    """``≥ 10% từ hệ thống …`` or ``Xóa mù chữ: mức độ 2`` as words and value."""
    piece = piece.strip(" -–+•")
    before = re.fullmatch(rf"(trong đó:? )?([≥≤<>]? ?(?:{_NUMBER}) ?(?:{_UNIT})?),? (.+)", piece, re.I)
    if before and (value := _single(before[2])):
        return before[3], value
    for cut in re.finditer(r":? ", piece):
        if (value := _single(piece[cut.end() :])) is not None and re.search(r"[^\W\d]", piece[: cut.start()]):
            return piece[: cut.start()], value
    return None


def _of_years(text: str) -> Value | None:
    pieces = list(_YEAR.finditer(text))
    if pieces[0].start() != 0:
        return None
    years: list[tuple[int, Value]] = []
    ends = [piece.start() for piece in pieces[1:]] + [len(text)]
    for piece, end in zip(pieces, ends, strict=True):
        value = _single(text[piece.end() : end].strip(" ;,."))
        if value is None:
            return None
        years.append((int(piece[1]), value))
    return Value("number", years=tuple(years)) if len({year for year, _ in years}) == len(years) else None


def _single(text: str) -> Value | None:
    """A value without parts and years."""
    text = text.strip()
    if _MET.match(text):
        return Value("met")
    if _NONE.match(text):
        return Value("none")
    if _PROVINCE.match(text):
        return Value("province")
    if _MINISTRY.match(text):
        return Value("ministry")
    if level := _LEVEL.match(text):
        return Value("level", ">=", level[1])
    for pattern, sign in _WORDS_FOR:
        text = pattern.sub(f"{sign} ", text)
    amount = _AMOUNT.fullmatch(text)
    if amount and not (amount["up"] and amount["sign"] not in ("", "≥")):
        sign = "≥" if amount["up"] else amount["sign"]
        return Value("number", _SIGNS[sign], exact_number(amount["number"]), (amount["unit"] or "").lower())
    words = re.fullmatch(r"(?:đạt )?(?:loại |xếp loại )?([^\W\d][^\d≥≤<>%()]*?)( trở lên)?", text, re.I)
    if words and len(words[1].split()) <= 6:
        return Value("words", ">=" if words[2] else "", words=spelling_key(words[1]))
    return None


def exact_number(written: str) -> str:
    """``1.500,5`` → ``1500.5``: a comma is decimal, a point before three figures parts thousands."""
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", written):
        written = written.replace(".", "")
    return decimal_text(Fraction(written.replace(",", ".")))


def numbers_in(value: Value) -> Iterator[tuple[str, str]]:
    """Each figure that the value states, with its operator ("" where it has no sign)."""
    if value.number:
        yield value.number, value.operator
    for _, other in (*value.parts, *value.years):
        yield from numbers_in(other)
