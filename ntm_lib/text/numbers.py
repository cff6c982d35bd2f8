"""What a Vietnamese official writes in a cell, into a value that can be compared.

``1.276/1.413 hộ đạt 90,3%``, ``8.321,7 tr.đồng``, ``>90%``, ``mức độ 3``, ``Đạt``. A cell is cut
into ``tokens``; the numbers among them must have one of few shapes (one number; one fraction; a count
or fraction beside its share), and every word beside them that ``lexicon`` knows is heeded. What can be
read in two ways is not read: it comes back without value and with a ``doubt``. Which indicator a
number belongs to, and whether it is plausible, is not decided here.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise, takewhile
from typing import NamedTuple

from ntm_lib.tables import EXACT, decimal_text
from ntm_lib.text import lexicon
from ntm_lib.text.dates import looks_like_date, read_date
from ntm_lib.text.tokens import Number, Token, read_number, tidy, tokenise
from ntm_lib.text.units import NO_UNIT, Unit, read_unit, reckoned

# Doubts. AMBIGUOUS: could be read in more than one way, or says something else than a result. The others cannot be read at all.
AMBIGUOUS = (
    "thousands-or-decimal", "share-or-percent", "too-large", "too-small", "level", "range", "approximate", "not-whole", "month-or-fraction", "units-differ",
    "other-base", "aim", "progress", "excluded", "other-year", "part", "total", "per-other", "currency", "over-possible",
    "none-of-what", "complement", "incident", "group", "other-place",
)  # fmt: skip
UNREADABLE = (
    "malformed-number", "torn-number", "several-numbers", "no-number", "zero-denominator", "negated", "no-such-date",
)  # fmt: skip

_LEVEL = re.compile(
    r"(?:đạt (?:chuẩn )?)?(?P<op>tối thiểu |ít nhất )?mức(?: độ)? (?P<v>\d)(?P<up> trở lên)?", re.IGNORECASE
)
_STARS = re.compile(
    r"(?:đạt )?(?P<op>tối thiểu |ít nhất )?(?:chuẩn )?(?:ocop )?(?:hạng )?(?P<v>[1-5]) sao(?P<up> trở lên)?",
    re.IGNORECASE,
)
_RATING = re.compile(
    rf"(?:(?:đạt|xếp loại|được xếp loại|loại)(?: chất lượng)? )*(?P<v>{'|'.join(lexicon.RATINGS)})(?P<up> trở lên)?",
    re.IGNORECASE,
)
_DOWN = re.compile(r"\b(?:giảm|hạ)\b(?! tầng| nghèo bền vững)", re.IGNORECASE)
_UP = re.compile(r"\b(?:thêm|tăng|bổ sung)\b(?! cường| gia\b)", re.IGNORECASE)
_TO_LEVEL = re.compile(
    r"\b(?:giảm|hạ|tăng|nâng|thêm|bổ sung)\b.*\b(?:còn|xuống|lên|đến|tới|thành)\b", re.IGNORECASE
)  # giảm xuống còn 142 hộ
_INCOME_LIMIT = 1000  # million đồng a head: beyond it the figure is in another unit
_PERCENT = Unit("%", Fraction(1), "measure", "%")
_ARROWS = frozenset("↑↓↗↘▲▼△▽→←⇒")
_NAMING = frozenset(("word", "filler", "plain"))  # kinds of token that may say more of what is counted
_LINKS = frozenset("(,;=:–-")  # what may stand between a share and the count it was made of, beside words


class Amount(NamedTuple):
    """A number with its unit; ``first`` and ``last`` token, ``after``: text behind it."""

    number: Number
    unit: Unit
    first: int
    last: int
    after: str


class Part(NamedTuple):
    """One number, or a fraction: ``top`` of ``bottom``."""

    top: Amount
    bottom: Amount | None = None

    @property
    def last(self) -> Amount:
        return self.bottom or self.top

    @property
    def unit(self) -> Unit:
        return self.last.unit if self.last.unit.kind != "none" else self.top.unit


class _Doubtful(Exception):
    """The cell gives no value: the doubt, and the unit it would have had."""

    def __init__(self, doubt: str, unit: str = "") -> None:
        super().__init__(doubt, unit)


class Parsed(NamedTuple):
    """A cell that was read. Decimals are canonical (point, no grouping), in the unit of the tables.

    ``value``: decimal, ISO date, word of a scale, or met, unmet, not-applicable. ``count_unit``:
    what numerator and denominator count, in the words of the cell. ``decimals``: digits printed
    after the decimal sign of ``value``. ``direction``: + or - where the words say more or fewer.
    ``said``: what the words say that only the row can judge: aim (a promise), done (of what was to be
    done), change (points of a share). ``years``: years the cell names. ``doubt``: why there is no value; empty where there is one,
    or where the cell says it has none.
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
    said: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


_BILLIONS = re.compile(
    r"(\d{1,3}(?:\.\d{3})*) ?t[ỷỉ](?: đồng)? (\d{1,3})(,\d+)? ?tr(?:iệu)?(?: đồng)?(?!\w)", re.IGNORECASE
)


def _in_millions(found: re.Match[str]) -> str:
    """«14 tỷ 350 triệu đồng» is one amount."""
    return f"{1000 * int(found[1].replace('.', '')) + int(found[2])}{found[3] or ''} triệu đồng"


def parse(text: str, unit: str = "") -> Parsed:
    """Reads one cell. ``unit`` is what a bare number means there (from a heading or the rule set)."""
    text = _BILLIONS.sub(_in_millions, tidy(text))
    lower = text.casefold().rstrip(".;")
    for read in (_words, _scale, _date):
        if (parsed := read(lower)) is not None:
            return parsed
    tokens = tokenise(text)
    try:
        return _figures(text, lower, tokens, unit)
    except _Doubtful as stop:
        doubt, name = stop.args
        return Parsed(unit=name, doubt=doubt)


def _words(text: str) -> Parsed | None:
    if text in lexicon.MISSING:
        return Parsed()
    for words, value in ((lexicon.MET, "met"), (lexicon.UNMET, "unmet"), (lexicon.NOT_APPLICABLE, "not-applicable")):
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


def _figures(text: str, lower: str, tokens: list[Token], expected: str) -> Parsed:
    if not any(token.kind == "number" for token in tokens):
        if any(token.kind == "torn" and not token.text[0].isalpha() for token in tokens):
            raise _Doubtful("torn-number")
        if lexicon.NONE.fullmatch(lower):
            return Parsed(value="0")
        return _status_to_come(lower, tokens) or Parsed(doubt="no-number")
    parts = _parts(text, tokens)
    if len(parts) == 1:
        main, share = parts[0], None
    else:
        main, share = _beside(tokens, parts)
    asked = read_unit(expected) if expected else NO_UNIT
    _heed(tokens, parts, asked)
    said = tuple(_said(text, tokens, main))
    years = tuple(
        dict.fromkeys(int(t.date.value[:4]) for t in tokens if t.kind == "date" and t.date and t.date.form != "monthly")
    )
    if main.bottom:
        parsed = _fraction(tokens, main, share)
    elif share:
        parsed = _count_and_share(tokens, main.top, share.top)
    else:
        parsed = _quantity(text, tokens, main.top, expected)
    if asked.name == "%" and parsed.unit == "điểm phần trăm":  # points of a share are a change of it
        parsed, said = parsed._replace(unit="%"), (*said, "change")
    return parsed._replace(said=said, years=years)


def _status_to_come(lower: str, tokens: list[Token]) -> Parsed | None:
    """«Phấn đấu đạt»: a status that is aimed at; «ước Đạt» is none yet."""
    first = tokens[0] if tokens else None
    rest = lower.removeprefix(first.text.removesuffix("đạt")).strip() if first else ""  # ước đạt
    found = _words(rest) if first and first.kind in ("aim", "estimate") else None
    if first is None or found is None or not found.value:
        return None
    return found._replace(said=("aim",)) if first.kind == "aim" else Parsed(doubt="approximate")


def _parts(text: str, tokens: list[Token]) -> list[Part]:
    """The numbers of a cell, fractions put together. Doubtful where one is written wrong, or a sign is left over."""
    if any(token.kind == "torn" for token in tokens):
        raise _Doubtful("torn-number")
    if any(token.kind == "date" and token.date is None for token in tokens):
        raise _Doubtful("no-such-date")
    if any(token.text in _ARROWS or (token.text == "+" and i == len(tokens) - 1) for i, token in enumerate(tokens)):
        raise _Doubtful("torn-number")  # 90%+, 90% ↑: more than that, or risen to it?
    amounts = [_amount(text, tokens, i) for i, token in enumerate(tokens) if token.kind == "number"]
    parts, rest = [], amounts
    while rest:
        top, bottom = rest[0], rest[1] if len(rest) > 1 and _out_of(tokens, rest[0], rest[1]) else None
        parts.append(Part(top, bottom))
        rest = rest[2 if bottom else 1 :]
        if bottom and rest and _out_of(tokens, bottom, rest[0]):  # 5/7/9
            raise _Doubtful("several-numbers")
    bars = sum(token.text == "/" for token in tokens)
    if bars > sum(
        part.bottom is not None and any(token.text == "/" for token in tokens[part.top.last : part.bottom.first])
        for part in parts
    ):
        raise _Doubtful("several-numbers" if len(amounts) > 1 else "no-number")
    if len(parts) > 1 and any(_from_to(tokens, a, b) for a, b in pairwise(parts)):
        raise _Doubtful("range")
    return parts


def _amount(text: str, tokens: list[Token], at: int) -> Amount:
    token, last, unit = tokens[at], at, NO_UNIT
    following = tokens[at + 1 : at + 4]
    if following and following[0].kind == "unit":
        last, unit = at + 1, following[0].unit
    elif [t.text for t in following[::2]] == ["(", ")"] and following[1].kind == "unit":
        last, unit = at + 3, following[1].unit
    elif following and following[0].kind == "word":
        unit = read_unit(text[token.end :])
        if unit.written.casefold() in lexicon.SCALES:
            raise _Doubtful("malformed-number")
    if unit.kind in ("measure", "count"):
        behind = takewhile(lambda token: token.kind != "number", tokens[last + 1 :])
        unit = reckoned(unit, "".join(token.text for token in behind if token.kind == "per"))
    number = read_number(token.text)
    if number is None:
        raise _Doubtful("malformed-number")
    if at and tokens[at - 1].text == "âm":
        number = number._replace(value=-number.value)
    return Amount(number, unit, at, last, text[token.end :])


def _out_of(tokens: list[Token], top: Amount, bottom: Amount) -> bool:
    """Whether only «/», «trên tổng số» … stands between the two, behind the words for what is counted; «95% trên 12 thôn» is no fraction."""
    between = tokens[top.last + 1 : bottom.first]
    if top.unit.kind in ("count", "measure"):  # 172 hộ nghèo/1.413 hộ
        named = list(takewhile(lambda token: token.kind in _NAMING, between))
        between = (
            between[len(named) :] if between[len(named) :][:1] and _joins(between[len(named)], top, bottom) else between
        )
    link = " ".join(token.text for token in between)
    return link in lexicon.OUT_OF and (link[0] == "/" or top.unit.base != "%")


def _joins(link: Token, top: Amount, bottom: Amount) -> bool:
    """Whether a link may follow further words; «5 thôn đạt trên 90%» is no fraction."""
    return link.text == "/" or top.unit.name == bottom.unit.name


def _from_to(tokens: list[Token], one: Part, other: Part) -> bool:
    if one.bottom or other.bottom or one.unit.base not in ("", other.unit.base):
        return False
    between = [token.text.casefold() for token in tokens[one.top.last + 1 : other.top.first]]
    return between in (["-"], ["–"], ["đến"], ["tới"], ["–", "đến"])


def _beside(tokens: list[Token], parts: list[Part]) -> tuple[Part, Part]:
    """(count or fraction, share) of a cell that gives both: ``131 hộ, chiếm 11,7%``, ``12,17% (172/1413)``."""
    shares = [part for part in parts if not part.bottom and part.top.unit.name == "%"]
    if len(parts) != 2 or len(shares) != 1:
        raise _Doubtful("several-numbers")
    share = shares[0]
    main = parts[0] if parts[1] is share else parts[1]
    between = tokens[parts[0].last.last + 1 : parts[1].top.first]
    linked = not any(token.text == "+" for token in between)
    if main is parts[1]:
        named = between[-1:] and between[-1].text == "("  # 12,17% hộ nghèo (172/1.413 hộ)
        linked = bool(between) and all(
            token.text in _LINKS
            or token.text in ("tương đương", "tương ứng", "bằng", "là")
            or (named and token.kind in _NAMING)
            for token in between
        )
    counted = main.bottom or main.top.unit.kind == "count" or main.top.unit.name in ("km", "ha", "m²", "tấn")
    if not linked or not counted or any(tokens[part.top.first].text[0] == "+" for part in parts):
        raise _Doubtful("several-numbers")
    return main, share


def _heed(tokens: list[Token], parts: list[Part], asked: Unit) -> None:
    """Stops at a word that says the number is something else than a result: an estimate, a part, a share of the plan …"""
    first = parts[0].top.first
    kinds = {token.kind for token in tokens}
    for kind, doubt in (
        ("estimate", "approximate"),
        ("base", "other-base"),
        ("except", "excluded"),
        ("part", "part"),
        ("place", "other-place"),
    ):
        if kind in kinds:
            raise _Doubtful(doubt)
    if any(token.kind == "plan" and i > first and tokens[i - 1].text != "(" for i, token in enumerate(tokens)):
        raise _Doubtful("other-base")
    if any(part.unit.base == "USD" for part in parts) or any(
        token.text.casefold() in ("$", "usd", "đô") for token in tokens
    ):
        raise _Doubtful("currency")
    for unit in (part.unit for part in parts):
        if asked.kind != "none" and unit.base == asked.base and not set(unit.per) <= set(asked.per):
            raise _Doubtful("per-other")
    if (asked.per or asked.name == "%") and "each" in kinds:
        raise _Doubtful("per-other")
    if asked.per and "total" in kinds:
        raise _Doubtful("total")


def _said(text: str, tokens: list[Token], main: Part) -> Iterable[str]:
    """What the words say that may be right in a plan and is wrong in a result."""
    if any(token.kind in ("aim", "plan") for token in tokens):
        yield "aim"
    first = main.top.first
    doing = any(
        (t.kind == "doing" and (i < first or t.text in lexicon.MOVES))
        or (t.text == "hoàn thành" and main.unit.base not in ("tiêu chí", "chỉ tiêu"))
        for i, t in enumerate(tokens)
    )
    if (main.bottom and doing and not _TO_LEVEL.search(text[: tokens[first].start])) or any(
        token.kind == "done" for token in tokens
    ):
        yield "done"


def _fraction(tokens: list[Token], part: Part, share: Part | None) -> Parsed:
    """``1.276/1.413 hộ đạt 90,3%``: exact counts, and the share as printed where it is."""
    top, bottom, unit = part.top, part.bottom, part.unit
    if (
        {top.unit.kind, bottom.unit.kind} <= {"measure", "count"} and top.unit.name != bottom.unit.name
    ) or unit.base == "%":
        raise _Doubtful("units-differ")
    # Counts are what stands in a fraction without unit; their dots are thousands dots.
    doubt = (
        _doubt(top.number, top.unit if top.unit.kind != "none" else unit, counted=True)
        or _doubt(bottom.number, unit, counted=True)
        or (_doubt(share.top.number, _PERCENT) if share else "")
    )
    if doubt or bottom.number.value == 0:
        raise _Doubtful(doubt or "zero-denominator")
    if unit is NO_UNIT and _like_a_date(top.number, bottom.number, share.top.number if share else None):
        raise _Doubtful("month-or-fraction")
    operator = _bound(tokens, top, bottom, bool(top.number.value)) or (
        _bound(tokens, share.top, share.top, bool(top.number.value)) if share else ""
    )
    factor = top.unit.factor if top.unit.kind != "none" else unit.factor
    numerator, denominator = top.number.value * factor, bottom.number.value * unit.factor
    if share:
        value, name, decimals = exact(share.top.number.value), "%", share.top.number.decimals
    elif unit.name in ("tiêu chí", "chỉ tiêu", "điểm") or "đồng" in unit.name:
        value, name, decimals = exact(numerator), unit.name, top.number.decimals
    else:
        value, name, decimals = decimal_text(numerator * 100 / denominator), "%", 0
    counted = _phrase(bottom.after) or _phrase(top.after)
    return Parsed(
        value, name, exact(numerator), exact(denominator), operator, counted, decimals, written_unit=unit.written
    )


def _like_a_date(numerator: Number, denominator: Number, share: Number | None) -> bool:
    """``12/2024``; beside a share that it does not give, ``92% (9/12)`` and ``90% (12/2024)`` too."""
    n, d, plain = numerator.value, denominator.value, numerator.style == denominator.style == "plain"
    is_month = plain and 1 <= n <= 12 and 1990 <= d <= 2100
    if share is None:
        return is_month
    is_day = plain and 1 <= n <= 31 and 1 <= d <= 12
    return (is_month or is_day) and abs(100 * n / d - share.value) >= 1


def _count_and_share(tokens: list[Token], count: Amount, share: Amount) -> Parsed:
    """``131 hộ, chiếm 11,7%``."""
    if doubt := _doubt(count.number, count.unit) or _doubt(share.number, share.unit):
        raise _Doubtful(doubt)
    first, last = (count, share) if count.first < share.first else (share, count)
    operator = _bound(tokens, share, last, bool(share.number.value), since=first.last + 1 if first is count else 0)
    _bound(tokens, first, first, bool(count.number.value))
    _possible(share.number.value, operator, share.unit)
    numerator = exact(count.number.value * count.unit.factor)
    return Parsed(
        exact(share.number.value),
        "%",
        numerator,
        "",
        operator,
        _phrase(count.after),
        share.number.decimals,
        written_unit="%",
    )


def _quantity(text: str, tokens: list[Token], amount: Amount, expected: str) -> Parsed:
    before, number, unit = text[: tokens[amount.first].start], amount.number, amount.unit
    behind = tokens[amount.last + 1 :]
    if unit.kind in ("noun", "none"):
        # A noun after the number («56 gia đình») beats what the heading says; a bare number takes it.
        odd = [
            token
            for token in (*tokens[: amount.first], *(behind if unit.kind == "none" else ()))
            if token.kind == "word" or _is_odd(token)
        ]
        number_of = (
            amount.first
            and tokens[amount.first - 1].text in ("nghị quyết", "nq", "đề án", "phương án", "hợp đồng")
            and unit.kind == "none"
        )
        if odd or number_of:
            raise _Doubtful("no-number")
        unit = read_unit(expected) if expected and unit.kind == "none" else unit
    operator = _bound(tokens, amount, amount, bool(number.value))
    bare = bool(expected) and not re.search(r"[^\W\d_]|%", amount.after)
    plus, after = tokens[amount.first].text[0] == "+", text[tokens[amount.last].end :]
    direction = (
        ""
        if _TO_LEVEL.search(before)
        else "-"
        if _DOWN.search(f"{before};{after}")
        else "+"
        if plus or _UP.search(f"{before};{after}")
        else ""
    )
    if doubt := _doubt(number, unit) or _unlikely(
        number.value * unit.factor, unit, read_unit(expected), bare, bool(direction)
    ):
        raise _Doubtful(doubt, unit.name)
    _possible(number.value, operator, unit)
    value = number.value * unit.factor * (-1 if direction == "-" else 1)
    tail = _phrase(amount.after)
    return Parsed(exact(value), unit.name, operator=operator, count_unit=tail if unit.kind == "count" else "",
                  decimals=number.decimals, direction=direction, written_unit=unit.written)  # fmt: skip


def _is_odd(token: Token) -> bool:
    return token.kind in ("unit", "per") or (token.kind == "mark" and token.text not in ".,;:()*'\"“”«»/–-+")


def _bound(tokens: list[Token], amount: Amount, last: Amount, denies: bool, since: int = 0) -> str:
    """Operator that the words round a number state. Doubtful where they deny; «Không còn hộ nghèo (0%)» denies nothing (``denies`` False)."""
    at = amount.first - 1
    while at >= since and tokens[at].text in ("đạt", "là", "được", "âm"):
        at -= 1
    found = at if at >= since and tokens[at].kind == "bound" else None
    after = range(last.last + 1, len(tokens))
    behind = [
        i
        for i in after
        if tokens[i].kind == "behind"
        or (tokens[i].kind == "bound" and [t.text for t in tokens[i - 1 : i + 2 : 2]] == ["(", ")"])
    ]
    for i, token in enumerate(tokens):
        negative = token.kind == "denial" or (
            token.kind == "bound" and token.text.startswith(("không", "chưa")) and i not in (found, *behind)
        )
        if negative and denies:
            raise _Doubtful("negated")
    if behind:
        return (lexicon.BOUNDS | lexicon.BOUNDS_BEHIND)[tokens[behind[0]].text]
    return lexicon.BOUNDS[tokens[found].text] if found is not None else ""


def _possible(value: Fraction, operator: str, unit: Unit) -> None:
    """No share is over 100 % or under none."""
    if unit.name == "%" and (
        (operator == ">" and value >= 100) or (operator == ">=" and value > 100) or (operator == "<" and value <= 0)
    ):
        raise _Doubtful("over-possible")


def _unlikely(amount: Fraction, unit: Unit, asked: Unit, bare: bool, moved: bool) -> str:
    """Why a number that can be read can hardly mean what stands there. ``bare``: the cell itself names no unit; ``moved``: it is a change."""
    if bare and unit.name == "%" and 0 < amount <= 1:
        return "share-or-percent"
    if unit.base != "triệu đồng" or "người" not in (unit.per + asked.per)[:1]:
        return ""
    return "too-large" if amount >= _INCOME_LIMIT else "too-small" if 0 < amount < 1 and not moved else ""


def _doubt(number: Number | None, unit: Unit, counted: bool = False) -> str:
    """Why the number cannot be taken as it stands with this unit; ``counted``: a bare one is a count."""
    if number is None:
        return "malformed-number"
    is_count = unit.kind in ("count", "noun") or (counted and unit is NO_UNIT)
    if number.other is not None:
        thousands_dot = number.style == "vi" and number.decimals == 0
        certain = (
            (is_count or (unit.kind == "measure" and not unit.is_small)) if thousands_dot else unit.kind == "measure"
        )
        # «1,500 triệu»: nobody writes the noughts of one and a half.
        in_noughts = not thousands_dot and unit.base == "triệu đồng" and number.value * 100 % 1 == 0
        if not certain or in_noughts:
            return "thousands-or-decimal"
    if unit.kind == "count" and number.value.denominator != 1:
        return "not-whole"
    return ""


def _phrase(after: str) -> str:
    """The words of what is counted: ``hộ chăn nuôi, đạt 87,4%`` → ``hộ chăn nuôi``."""
    words = re.split(
        r"[,;:=()<>≥≤/\d]|\b(?:đạt|chiếm|bằng|tương đương|tỷ lệ|tỉ lệ|thực hiện|trở lên|trở xuống|trong đó)\b",
        after,
        maxsplit=1,
    )
    return words[0].strip()


def exact(value: Fraction) -> str:
    """Canonical decimal with every digit that a written number can have."""
    return decimal_text(value, EXACT)
