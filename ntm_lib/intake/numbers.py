"""What a Vietnamese official writes in a cell, into a value that can be compared.

``1.276/1.413 hộ đạt 90,3%``, ``8.321,7 tr.đồng``, ``>90%``, ``mức độ 3``, ``Đạt``. What can be
read in two ways is not read: it comes back without value and with a ``doubt``. Which indicator a
number belongs to, and whether it is plausible, is not decided here.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from ntm_lib.intake.dates import looks_like_date, read_date
from ntm_lib.intake.names import clean_text
from ntm_lib.intake.units import COUNTS, NO_UNIT, Unit, read_unit
from ntm_lib.tables import EXACT, decimal_text

# Doubts. AMBIGUOUS: could be read in more than one way. The others cannot be read at all.
AMBIGUOUS = ("thousands-or-decimal", "share-or-percent", "too-large", "level", "range", "approximate", "not-whole")
UNREADABLE = ("malformed-number", "several-numbers", "no-number", "zero-denominator", "negated", "no-such-date")

NUMBER = r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)*(?![0-9])|[0-9]+(?:[.,][0-9]+)*"
_TOKEN = re.compile(rf"(?<![\w.,])[-−]?(?:{NUMBER})")
_FRACTION = re.compile(rf"(?<![\w.,/])(?P<n>{NUMBER})\s*/\s*(?P<d>{NUMBER})(?!\s*/|[\w-])")
_RANGE = re.compile(rf"(?:{NUMBER})\s*[-–]\s*(?:{NUMBER})")

MISSING = frozenset(("", "-", "–", "…", "...", "(không ghi)", "không ghi", "chưa có", "chưa có số liệu", "không có số liệu", "không rõ", "n/a"))
_MET = frozenset(("đạt", "đã đạt", "đạt chuẩn", "đã đạt chuẩn", "đã hoàn thành", "hoàn thành", "x", "✓", "✔", "có", "đạt yêu cầu"))
_UNMET = frozenset(("chưa đạt", "không đạt", "chưa hoàn thành", "chưa đạt chuẩn", "không đạt chuẩn", "chưa"))
_NOT_APPLICABLE = frozenset(("không áp dụng", "không thuộc diện", "không thuộc phạm vi áp dụng", "kad"))
# None of a thing; «không xác định», «không có số liệu», «không còn đạt» say that nothing is known, or worse.
_NO_COUNT = r"số liệu|dữ liệu|thông tin|báo cáo|thống kê|kết quả|đánh giá|kiểm tra|căn cứ|hồ sơ|điều kiện|xác định|rõ|đạt|đủ|đảm bảo|bảo đảm|áp dụng|phù hợp"
_NONE = re.compile(rf"không(?: (?:có|còn|để xảy ra|xảy ra|phát sinh|{'|'.join(COUNTS)})(?!.*\b(?:{_NO_COUNT})\b)(?: [^\d,;]+)?)?", re.IGNORECASE)
_LEVEL = re.compile(r"(?:đạt (?:chuẩn )?)?(?P<op>tối thiểu |ít nhất )?mức(?: độ)? (?P<v>\d)(?P<up> trở lên)?", re.IGNORECASE)
_STARS = re.compile(r"(?:đạt )?(?P<op>tối thiểu |ít nhất )?(?:chuẩn )?(?:ocop )?(?:hạng )?(?P<v>[1-5]) sao(?P<up> trở lên)?", re.IGNORECASE)
RATINGS = (
    "hoàn thành xuất sắc nhiệm vụ", "hoàn thành tốt nhiệm vụ", "không hoàn thành nhiệm vụ", "hoàn thành nhiệm vụ",
    "xuất sắc", "tốt", "khá", "trung bình", "yếu", "kém",
)  # fmt: skip
_RATING = re.compile(rf"(?:(?:đạt|xếp loại|được xếp loại|loại)(?: chất lượng)? )*(?P<v>{'|'.join(RATINGS)})(?P<up> trở lên)?", re.IGNORECASE)

_BOUNDS = {
    "≥": ">=", ">=": ">=", ">": ">", "≤": "<=", "<=": "<=", "<": "<", "=": "",
    **dict.fromkeys(("không dưới", "không thấp hơn", "không nhỏ hơn", "không ít hơn", "không kém", "tối thiểu", "ít nhất", "từ"), ">="),
    **dict.fromkeys(("trên", "hơn", "cao hơn", "lớn hơn", "nhiều hơn", "vượt", "vượt quá", "vượt trên", "quá"), ">"),
    **dict.fromkeys(
        ("không quá", "không vượt", "không vượt quá", "không trên", "không hơn", "không cao hơn", "không lớn hơn", "không nhiều hơn",
         "chưa quá", "chưa vượt", "chưa vượt quá", "tối đa", "nhiều nhất"), "<=",
    ),
    **dict.fromkeys(
        ("dưới", "thấp hơn", "nhỏ hơn", "ít hơn", "kém hơn", "bé hơn", "chưa đến", "chưa tới", "chưa được", "chưa đầy", "không đến",
         "không tới", "không đầy", "gần"), "<",
    ),
}  # fmt: skip
_BOUND = re.compile(rf"(?:^|(?<=\s)|(?<=[^\w\s]))(?P<b>{'|'.join(sorted(map(re.escape, _BOUNDS), key=len, reverse=True))})(?: đạt| là| được)?$", re.IGNORECASE)
_SIGNS = ((r">\s*=|=\s*>|≧|⩾", "≥"), (r"<\s*=|=\s*<|≦|⩽", "≤"), ("％", "%"))
_ESTIMATED = re.compile(r"(?<!hương )(?<!quy )\b(?:khoảng|ước|xấp xỉ|chừng|cỡ|trên dưới|dao động)\b|[~≈≃∼±?]", re.IGNORECASE)
_IN_WORDS = re.compile(r"(?<=[0-9]) ?\((?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|không)(?: [^()0-9]*)?\)", re.IGNORECASE)  # 12 (mười hai) thôn
_DOWN = re.compile(r"\b(?:giảm|hạ)\b", re.IGNORECASE)
_UP = re.compile(r"\b(?:thêm|tăng|bổ sung)\b", re.IGNORECASE)
_TO_LEVEL = re.compile(r"\b(?:giảm|hạ|tăng|nâng|thêm|bổ sung)\b.*\b(?:còn|xuống|lên|đến|tới|thành)\b", re.IGNORECASE)  # giảm xuống còn 142 hộ
_NEGATED = re.compile(r"\b(?:không|chưa|thiếu|hụt)\b", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\s.,;:()*'\"“”«»/–-]*")
_MOST_DIGITS = 15  # a spreadsheet keeps no more
_INCOME_LIMIT = 1000  # million đồng a head: beyond it the figure is in another unit
# Words that may stand before a number without saying what it is.
_FILLERS = re.compile(
    r"(?:đã|đạt|chuẩn|được|còn|là|có|chiếm|tỷ lệ|tỉ lệ|bằng|khoảng|vận động|thêm|tăng|giảm|hạ|bổ sung|duy trì|hỗ trợ|kế hoạch"
    r"|hoàn thành|xây dựng|mới|lắp đặt|nâng cấp|tổng|số|cộng|phấn đấu|mục tiêu|thực hiện|hộ|[\s:;,.+*(–-])*",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """One number as written. ``other`` is the second way to read a lone separator before three digits."""

    value: Fraction
    decimals: int
    style: str  # plain, vi (dot groups or comma), en (comma groups or point)
    other: Fraction | None = None


class Parsed(NamedTuple):
    """A cell that was read. Decimals are canonical (point, no grouping), in the unit of the tables.

    ``value``: decimal, ISO date, word of a scale, or met, unmet, not-applicable. ``count_unit``:
    what numerator and denominator count, in the words of the cell. ``decimals``: digits printed
    after the decimal sign of ``value``. ``direction``: + or - where the words say more or fewer.
    ``doubt``: why there is no value; empty where there is one, or where the cell says it has none.
    """

    value: str = ""
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    operator: str = ""
    count_unit: str = ""
    decimals: int = 0
    direction: str = ""
    written_unit: str = ""
    doubt: str = ""


def tidy(text: str) -> str:
    """Clean text without the remains of LaTeX: ``$\\geq 83\\%$`` → ``≥ 83%``."""
    text = clean_text(text)
    for command, sign in ((r"\\geq?(?![a-z])", "≥"), (r"\\leq?(?![a-z])", "≤"), (r"\\%", "%"), (r"\\,", " "), (r"\$", ""), *_SIGNS):
        text = re.sub(command, sign, text)
    return clean_text(_IN_WORDS.sub("", text))


def read_number(token: str) -> Number | None:
    """``8.321,7``, ``1.413``, ``07``, ``1 413``, ``1,234.5`` → a number; None where the grouping is wrong."""
    negative = token[:1] in ("-", "−")
    digits = token.lstrip("-−").replace(" ", "")
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", digits) or sum(c.isdigit() for c in digits) > _MOST_DIGITS:
        return None
    number = _unsigned(digits)
    if number and negative:
        return number._replace(value=-number.value, other=None if number.other is None else -number.other)
    return number


def _unsigned(digits: str) -> Number | None:
    signs = [c for c in digits if c in ".,"]
    if not signs:
        return Number(Fraction(digits), 0, "plain")
    kinds, last = set(signs), signs[-1]
    if len(kinds) == 2:  # the last sign is the decimal one and must stand alone
        group = "." if last == "," else ","
        whole, decimals = digits.rsplit(last, 1)
        if last in whole or not _grouped(whole, group):
            return None
        return _decimal(whole.replace(group, ""), decimals, "vi" if last == "," else "en")
    style = {".": "vi", ",": "en"}[last]
    if len(signs) > 1:
        return Number(Fraction(digits.replace(last, "")), 0, style) if _grouped(digits, last) else None
    whole, rest = digits.split(last)
    as_decimal = _decimal(whole, rest, "vi" if last == "," else "en")
    if not _grouped(digits, last):
        return as_decimal
    grouped = Fraction(whole + rest)
    if last == ".":
        return Number(grouped, 0, "vi", as_decimal.value)
    return as_decimal._replace(other=grouped)


def _decimal(whole: str, decimals: str, style: str) -> Number:
    return Number(Fraction(f"{whole}.{decimals}"), len(decimals), style)


def _grouped(digits: str, sign: str) -> bool:
    return re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+", digits) is not None


def parse(text: str, unit: str = "") -> Parsed:
    """Reads one cell. ``unit`` is what a bare number means there (from a heading or the rule set)."""
    text = tidy(text)
    lower = text.casefold().rstrip(".;")
    for read in (_words, _scale, _date):
        if (parsed := read(lower)) is not None:
            return parsed
    tokens = list(_TOKEN.finditer(text))
    if not tokens:
        return Parsed(value="0") if _NONE.fullmatch(lower) else Parsed(doubt="no-number")
    if fraction := _FRACTION.search(text):
        return _share(text, fraction, unit)
    if len(tokens) == 1:
        return _quantity(text, tokens[0], unit)
    if len(tokens) == 2:
        return _count_and_share(text, tokens)
    return Parsed(doubt="several-numbers")


def _words(text: str) -> Parsed | None:
    if text in MISSING:
        return Parsed()
    for words, value in ((_MET, "met"), (_UNMET, "unmet"), (_NOT_APPLICABLE, "not-applicable")):
        if text in words:
            return Parsed(value=value, unit="status")
    return None


def _scale(text: str) -> Parsed | None:
    for pattern, unit in ((_LEVEL, "mức độ"), (_STARS, "sao"), (_RATING, "rating")):
        if found := pattern.fullmatch(text):
            bound = found.groupdict().get("op") or found["up"]
            return Parsed(value=found["v"], unit=unit, operator=">=" if bound else "")
    return None


def _date(text: str) -> Parsed | None:
    if not looks_like_date(text):
        return None
    date = read_date(text)
    return Parsed(value=date.value, unit=date.form) if date else Parsed(doubt="no-such-date")


def _quantity(text: str, token: re.Match, expected: str) -> Parsed:
    before, after = text[: token.start()], text[token.end() :]
    unit = read_unit(after)
    if unit.kind in ("noun", "none"):
        if not _FILLERS.fullmatch(_BOUND.sub("", before.strip())) or (unit.kind == "none" and not _PUNCTUATION.fullmatch(after)):
            return Parsed(doubt="approximate" if "?" in after else "no-number")
        unit = _or_expected(unit, expected)
    if unit.kind == "noun" and after[:1].isalpha():  # 1e5
        return Parsed(doubt="malformed-number")
    number = read_number(token[0])
    operator, doubt = _bound(before, after, number)
    doubt = doubt or _doubt(number, unit) or _unlikely(number.value * unit.factor, unit, bare=bool(expected) and not re.search(r"[^\W\d_]|%", after))
    if doubt:
        return Parsed(unit=unit.name, doubt=doubt)
    direction = "" if _TO_LEVEL.search(before) else "-" if _DOWN.search(before) else "+" if _UP.search(before) else ""
    value = number.value * unit.factor * (-1 if direction == "-" else 1)
    tail = _phrase(after)
    return Parsed(exact(value), unit.name, operator=operator, count_unit=tail if unit.kind == "count" else "",
                  decimals=number.decimals, direction=direction, written_unit=unit.written)  # fmt: skip


def _or_expected(unit: Unit, expected: str) -> Unit:
    # A noun after the number («56 gia đình») beats what the heading says; a bare number takes it.
    if unit.kind == "noun" or not expected:
        return unit
    return read_unit(expected)


def _share(text: str, found: re.Match, expected: str) -> Parsed:
    """``1.276/1.413 hộ đạt 90,3%``: exact counts, and the share as printed where it is."""
    numerator, denominator = read_number(found["n"]), read_number(found["d"])
    unit = read_unit(text[found.end() :])
    # Counts are what stands in a fraction without unit; their dots are thousands dots.
    doubt = _doubt(numerator, unit, counted=True) or _doubt(denominator, unit, counted=True)
    rest = _TOKEN.findall(text[: found.start()] + " " + text[found.end() :])
    printed = re.search(rf"(?P<p>{NUMBER})\s*%", text[found.end() :])
    if len(rest) > (1 if printed else 0):
        doubt = "several-numbers"
    share = read_number(printed["p"]) if printed else None
    if printed and not doubt:
        doubt = _doubt(share, Unit("%", Fraction(1), "measure", "%"))
    operator, worded = _bound(text[: found.start()], text[found.end() :], numerator)
    if not doubt and denominator.value == 0:
        doubt = "zero-denominator"
    if doubt := doubt or worded:
        return Parsed(doubt=doubt)
    counts = {"numerator": exact(numerator.value * unit.factor), "denominator": exact(denominator.value * unit.factor)}
    if share:
        value, name, decimals = exact(share.value), "%", share.decimals
    elif unit.name in ("tiêu chí", "chỉ tiêu", "điểm") or "đồng" in unit.name:
        value, name, decimals = counts["numerator"], unit.name, numerator.decimals
    else:
        value, name, decimals = decimal_text(numerator.value * 100 / denominator.value), "%", 0
    return Parsed(value, name, operator=operator, count_unit=_phrase(text[found.end() :]), decimals=decimals, written_unit=unit.written, **counts)


def _count_and_share(text: str, tokens: list[re.Match]) -> Parsed:
    """``131 hộ, chiếm 11,7%``; two other numbers, or a range such as ``7-9 tiêu chí``, are not one value."""
    if _RANGE.search(text):
        return Parsed(doubt="range")
    between, after = text[tokens[0].end() : tokens[1].start()], text[tokens[1].end() :]
    count, share = read_number(tokens[0][0]), read_number(tokens[1][0])
    unit = read_unit(between)
    if unit.kind != "count" or read_unit(after).name != "%" or re.search(r"\d|\+", after + between):
        return Parsed(doubt="several-numbers")
    operator, doubt = _bound(between, after, share)
    doubt = _doubt(count, unit) or _doubt(share, read_unit(after)) or doubt or _bound(text[: tokens[0].start()], "", count)[1]
    if doubt:
        return Parsed(doubt=doubt)
    return Parsed(exact(share.value), "%", numerator=exact(count.value), operator=operator, count_unit=_phrase(between), decimals=share.decimals, written_unit="%")


def _bound(before: str, after: str, number: Number | None) -> tuple[str, str]:
    """(operator, doubt) that the words round a number state. «Không còn hộ nghèo (0%)» denies nothing."""
    before = before.strip()
    if _ESTIMATED.search(before) or "?" in after:
        return "", "approximate"
    found = _BOUND.search(before)
    rest = before[: found.start()] if found else before
    if _NEGATED.search(f"{rest} ; {after}") and not (number and number.value == 0):
        return "", "negated"
    if re.search(r"\btrở lên\b", after):
        return ">=", ""
    if re.search(r"\btrở xuống\b", after):
        return "<=", ""
    return _BOUNDS[found["b"].lower()] if found else "", ""


def _unlikely(amount: Fraction, unit: Unit, bare: bool) -> str:
    """Why a number that can be read can hardly mean what stands there. ``bare``: the cell itself names no unit."""
    if bare and unit.name == "%" and 0 < amount <= 1:
        return "share-or-percent"
    return "too-large" if unit.name.startswith("triệu đồng/người") and amount >= _INCOME_LIMIT else ""


def _doubt(number: Number | None, unit: Unit, counted: bool = False) -> str:
    """Why the number cannot be taken as it stands with this unit; ``counted``: a bare one is a count."""
    if number is None:
        return "malformed-number"
    is_count = unit.kind in ("count", "noun") or (counted and unit is NO_UNIT)
    if number.other is not None:
        thousands_dot = number.style == "vi" and number.decimals == 0
        certain = (is_count or (unit.kind == "measure" and not unit.is_small)) if thousands_dot else unit.kind == "measure"
        if not certain:
            return "thousands-or-decimal"
    if unit.kind == "count" and number.value.denominator != 1:
        return "not-whole"
    return ""


def _phrase(after: str) -> str:
    """The words of what is counted: ``hộ chăn nuôi, đạt 87,4%`` → ``hộ chăn nuôi``."""
    words = re.split(r"[,;:=()<>≥≤\d]|\b(?:đạt|chiếm|bằng|tương đương|tỷ lệ|tỉ lệ|thực hiện|trở lên|trở xuống|trong đó)\b", after, maxsplit=1)
    return words[0].strip()


def exact(value: Fraction) -> str:
    """Canonical decimal with every digit that a written number can have."""
    return decimal_text(value, EXACT)
