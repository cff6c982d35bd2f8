"""A cell cut into tokens: numbers, units, dates, words whose meaning is known, and the rest.

No token ends inside a written number: digits that a letter, a sign or a second separator touches
make the token ``torn``, and what holds one has no number at all.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from ntm_lib.text.dates import Date, date_in
from ntm_lib.text.lexicon import BOUNDS, BOUNDS_BEHIND, KIND, PHRASES
from ntm_lib.text.names import clean_text
from ntm_lib.text.units import NO_UNIT, PER, Unit, read_unit

NUMBER = (
    r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)*(?![0-9])|[0-9]+(?:[.,][0-9]+)*"  # a number as written, without its sign
)
_NUMBER = re.compile(rf"[-−+]?(?:{NUMBER})")
_BEFORE = frozenset(
    " ($[/=<>≥≤:;“”\"'«»*~≈≃∼±+–-"
)  # what a number may touch on its left; a comma only with a space between
_AFTER = re.compile(r"$|[\s/()\[\]=<>≥≤:;“”\"»*+–?%‰-]|[.,](?:\s|$)|\.{2,}")
_WORD = re.compile(r"[^\W\d_][\w²³]*")
_CODE = re.compile(r"[A-ZĐ]{1,5}\d+[a-z]?")  # QL2, TCVN3
_MOST_DIGITS = 15  # a spreadsheet keeps no more
_MARKS = tuple(
    (re.compile(written), sign)
    for written, sign in (
        (r"\\geq?(?![a-z])", "≥"),
        (r"\\leq?(?![a-z])", "≤"),
        (r"\\%", "%"),
        (r"\\,", " "),
        (r"\$([^$]*)\$", r"\1"),
        (r">\s*=|=\s*>|≧|⩾", "≥"),
        (r"<\s*=|=\s*<|≦|⩽", "≤"),
        (r"％", "%"),
    )
)
_IN_WORDS = re.compile(
    r"(?<=[0-9]) ?\((?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|không)(?: [^()0-9]*)?\)", re.IGNORECASE
)  # 12 (mười hai) thôn


class Number(NamedTuple):
    """One number as written. ``other`` is the second way to read a lone separator before three digits."""

    value: Fraction
    decimals: int
    style: str  # plain, vi (dot groups or comma), en (comma groups or point)
    other: Fraction | None = None


class Token(NamedTuple):
    """``kind``: number, torn, unit, per (/tháng apart from its unit), date, bound, behind (a bound behind its number), a kind of ``lexicon.WORDS``, word or mark."""

    kind: str
    text: str
    start: int
    end: int
    unit: Unit = NO_UNIT
    date: Date | None = None


@lru_cache(maxsize=8192)
def tidy(text: str) -> str:
    """Clean text without the remains of LaTeX: ``$\\geq 83\\%$`` → ``≥ 83%``. A lone $ is a currency and stays."""
    text = clean_text(text)
    for written, sign in _MARKS:
        text = written.sub(sign, text)
    return clean_text(_IN_WORDS.sub("", text))


def tokenise(text: str) -> list[Token]:
    """Tokens of a tidied text, in their order; white space is left out."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at, tokens)
        tokens.append(token)
        at = token.end
    return tokens


def _token(text: str, at: int, before: list[Token]) -> Token:
    if found := date_in(text, at):
        return Token("date", text[at : found[1]], at, found[1], date=found[0])
    if (found := _NUMBER.match(text, at)) and (found[0][0].isdigit() or _signed(text, at)):
        return _number(text, found, before)
    starts = at == 0 or not text[at - 1].isalpha() or not text[at].isalnum()
    phrase = PHRASES.match(text, at) if starts else None
    unit = _unit(text, at, before)
    if unit and (not phrase or len(phrase[0]) <= len(unit.written)):  # «16/30 chỉ tiêu», not «95/100 chỉ tiêu giao»
        return Token("unit", unit.written, at, at + len(unit.written), unit)
    if found := PER.match(text, at):
        return Token("per", found[0], at, found.end())
    if phrase:
        return Token(_kind(phrase[0].casefold()), phrase[0].casefold(), at, phrase.end())
    if found := _WORD.match(text, at):
        torn = re.search(r"\d", found[0]) and not _CODE.fullmatch(found[0]) and read_unit(found[0]).kind != "measure"
        return Token("torn" if torn else "word", found[0], at, found.end())
    return Token("torn" if text[at].isnumeric() else "mark", text[at], at, at + 1)


def _kind(phrase: str) -> str:
    return "bound" if phrase in BOUNDS else "behind" if phrase in BOUNDS_BEHIND else KIND.get(phrase, "out-of")


def _signed(text: str, at: int) -> bool:
    """Whether the sign at ``at`` belongs to the number behind it: it stands first or after a space or bracket."""
    return at == 0 or text[at - 1] in " (:"


def _number(text: str, found: re.Match[str], before: list[Token]) -> Token:
    written = found[0]
    if " " in written and before and before[-1].kind in ("word", "unit"):  # thôn 3 120 hộ: two numbers
        written = written.split(" ")[0]
    end = found.start() + len(written)
    whole = (not found.start() or text[found.start() - 1] in _BEFORE) and (
        _AFTER.match(text[end:]) or read_unit(text[end:]).kind in ("measure", "count")
    )
    return Token("number" if whole else "torn", written, found.start(), end)


def _unit(text: str, at: int, before: list[Token]) -> Unit | None:
    """The unit at ``at``: directly behind a number, or in a bracket behind it."""
    last = [token.kind if token.kind != "mark" else token.text for token in before[-2:]]
    unit = read_unit(text[at:]) if last[-1:] == ["number"] or last == ["number", "("] else NO_UNIT
    if unit.kind not in ("measure", "count"):
        return None
    closed = text[at + len(unit.written) :].lstrip()[:1] == ")"
    return unit if last[-1] == "number" or closed else None


def read_number(token: str) -> Number | None:
    """``8.321,7``, ``1.413``, ``07``, ``1 413``, ``1,234.5`` → a number; None where the grouping is wrong."""
    negative = token[:1] in ("-", "−")
    digits = token.lstrip("-−+").replace(" ", "")
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


_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")  # 8.321,7
_DECIMAL = re.compile(r"-?[0-9]+([.,][0-9]+)?")  # 47  10,5  10.5
_DOUBTFUL = re.compile(
    r"-?[1-9][0-9]{0,2}\.[0-9]{3}"
)  # 1.413: one thousand four hundred and thirteen, or one and a bit?


def read_figure(text: str) -> Fraction | None:
    """``47``, ``10,5``, ``10.5``, ``8.321,7``, ``-30`` → exact value; None where it is no number, a doubtful one or too long."""
    text = text.strip().replace("−", "-")
    if _DOUBTFUL.fullmatch(text) or sum(c.isdigit() for c in text) > _MOST_DIGITS:
        return None
    if _GROUPED.fullmatch(text):
        return Fraction(text.replace(".", "").replace(",", "."))
    if _DECIMAL.fullmatch(text):
        return Fraction(text.replace(",", "."))
    return None
