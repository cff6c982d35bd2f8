"""Texts in Vietnamese and English, and numbers and dates as each language writes them.

Vietnamese is the source language: the text in the code is Vietnamese, ``locale/en.po`` holds
the English, one and more of a thing where English tells them apart. ``t = translator(language)``; ``t("Thiếu {n} hộ").format(n=…)``.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")
QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}
CATALOGUE = Path(__file__).parent / "locale" / "en.po"

Translate = Callable[[str], str]


@cache
def translator(language: str) -> Translate:
    """Function from a Vietnamese text to the text in ``language`` (``vi`` or ``en``).

    Raises KeyError for a text that the catalogue does not hold: a missing translation is a fault
    of ours, never half a page in the wrong language.
    """
    if language == "vi":
        return lambda text: text
    texts = catalogue()
    return lambda text: texts[text]


def term(text: str, language: str, one: bool = False) -> str:
    """A word that comes from data (a unit, a rating): translated where the catalogue knows it, else as it is."""
    return text if language == "vi" else (singulars() if one else catalogue()).get(text, text)


@cache
def catalogue() -> dict[str, str]:
    """Vietnamese text → English text; of what is counted, the form for more than one."""
    return {text: forms[-1] for text, forms in _forms().items()}


@cache
def singulars() -> dict[str, str]:
    return {text: forms[0] for text, forms in _forms().items()}


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            (message.string,) if isinstance(message.string, str) else tuple(message.string)
        )
        for message in messages
    }


def number(value, language: str, decimals: int | None = None) -> str:
    """``1413`` → ``1.413`` (vi) or ``1,413`` (en). ``decimals`` fixes the digits after the comma;
    without it up to 4 are shown, as many as the value has. Takes int, float, Decimal, Fraction or
    a canonical decimal string. Rounds half up, for display only: verdicts compare exact fractions.
    """
    from decimal import ROUND_HALF_UP, Decimal
    from fractions import Fraction

    exact = Fraction(str(value)) if not isinstance(value, Fraction) else value
    places = 4 if decimals is None else decimals
    scaled = Decimal(exact.numerator * 10**places) / Decimal(exact.denominator)
    whole = int(scaled.to_integral_value(rounding=ROUND_HALF_UP))
    sign, digits = ("−" if whole < 0 else ""), str(abs(whole)).rjust(places + 1, "0")
    integer, fraction = (digits[:-places], digits[-places:]) if places else (digits, "")
    if decimals is None:
        fraction = fraction.rstrip("0")
    thousands, point = (".", ",") if language == "vi" else (",", ".")
    grouped = f"{int(integer):,}".replace(",", thousands)
    return sign + grouped + (point + fraction if fraction else "")


def percent(value, language: str, decimals: int | None = 2) -> str:
    """``12.1727`` → ``12,17%`` (vi) or ``12.17%`` (en): no space, as the decisions themselves write it."""
    return number(value, language, decimals) + "%"


def amount(value, unit: str, language: str) -> str:
    """A number with its unit, which may be empty: ``1.413 hộ``, ``9,5%/năm``; up to 4 digits behind the comma."""
    words = term(unit, language, one=str(value) == "1")
    return number(value, language) + ("" if words.startswith("%") else " ") * bool(words) + words


def date(value: str, language: str) -> str:
    """ISO date ``2024-02-22`` → ``22/02/2024`` (vi) or ``22 February 2024`` (en); where the day is not known,
    ``2023-07`` → ``tháng 7/2023`` or ``July 2023``, ``2024-Q4`` → ``quý IV/2024`` or ``Q4 2024``, and ``2019`` stays.
    Raises ValueError for anything else.
    """
    import datetime

    year, _, quarter = value.partition("-Q")
    if quarter in QUARTERS:
        return f"quý {QUARTERS[quarter]}/{year}" if language == "vi" else f"Q{quarter} {year}"
    known = value.count("-")
    day = datetime.date.fromisoformat(value + "-01" * (2 - known))
    if not known:
        return value
    if language == "vi":
        return day.strftime("%d/%m/%Y") if known == 2 else f"tháng {day.month}/{day.year}"
    from babel.dates import format_date

    return format_date(day, "d MMMM y" if known == 2 else "MMMM y", locale="en")


_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries


def collation_key(text: str) -> tuple:
    """Sort key for Vietnamese text: letters first (đ after d, ơ after ô), tones break ties."""
    import unicodedata

    decomposed = unicodedata.normalize("NFD", text.casefold())
    toneless = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    letters = [(1, _ALPHABET.index(c)) if c in _ALPHABET else (0, ord(c)) for c in toneless]
    return letters, [_TONES.index(c) for c in decomposed if c in _TONES], text
