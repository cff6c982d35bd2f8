"""What a planner assumes, read from text: ``10=47``, ``11=150/1413``, ``17.8a=+56``, ``18.2=khá``.

Reads and checks the form only; whether the indicator exists, and what follows, is ``override``.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from ntm_lib.errors import NtmError
from ntm_lib.language import translator

STATUS_WORDS = {
    "met": "met", "đạt": "met", "dat": "met",
    "unmet": "unmet", "chưa đạt": "unmet", "chua dat": "unmet",
}  # fmt: skip

_WORD = re.compile(r"(?P<target>[^=+]+)(?P<plus>\+)?=(?P<value>.+)")
_TARGET = re.compile(r"(?P<indicator>(?:KM)?\d{1,2}(?:\.\d{1,2})?)(?P<part>[a-z][a-z0-9]*(?:\.[a-z0-9]+)*)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # 1.413: a thousand or one and a bit?


class Assumption(NamedTuple):
    """One change. ``indicator`` may still be the number of a criterion (``10``). Either ``numerator``
    and ``denominator``, or ``value``, or ``word`` (met, unmet, a rating) is given; ``add`` means that
    the number is added to the last result. ``text`` is what was read, for messages.
    """

    indicator: str
    part: str
    add: bool
    text: str
    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    word: str = ""

    @property
    def target(self) -> str:
        return self.indicator + self.part


def parse_changes(text: str, language: str = "vi") -> list[Assumption]:
    """Changes written as words, such as ``10=47 11=150/1413 17.8a=+56``; ``17.8a+=56`` says the same.

    Decimal comma or point; ``chưa-đạt`` for words of several parts. Raises NtmError for a word that
    cannot be read, or can be read in two ways.
    """
    t = translator(language)
    changes = []
    for word in text.split():
        match = _WORD.fullmatch(word)
        if not match:
            raise NtmError(
                t("Không hiểu thay đổi “{text}”. Viết chỉ tiêu=giá trị, ví dụ 10=47 hoặc 17.8a=1300/1413.").format(
                    text=word
                )
            )
        value = match["value"]
        adds = bool(match["plus"]) or value[0] in "+-"
        changes.append(_assumption(match["target"], value, adds, word, language))
    return changes


def read_changes(entries: Iterable[dict], language: str = "vi") -> list[Assumption]:
    """Changes of a scenario file: ``{indicator: "17.8", part: a, add: 56}`` or ``{indicator: "10.1", set: "49"}``.

    Raises NtmError for an entry without exactly one of ``set`` and ``add``, or with another key.
    """
    t = translator(language)
    changes = []
    for entry in entries:
        form = t("Mỗi thay đổi gồm indicator, part (nếu có) và một trong hai: set hoặc add.")
        if not isinstance(entry, dict) or not {"indicator"} < set(entry) <= {"indicator", "part", "set", "add"}:
            raise NtmError(t("Không hiểu thay đổi “{text}”.").format(text=entry) + " " + form)
        if ("set" in entry) == ("add" in entry):
            raise NtmError(
                t("Thay đổi của chỉ tiêu {target} phải có set hoặc add, không cả hai.").format(
                    target=entry["indicator"]
                )
            )
        value = str(entry.get("set", entry.get("add"))).strip()
        target = f"{entry['indicator']}{entry.get('part') or ''}"
        changes.append(_assumption(target, value, "add" in entry, f"{target}={value}", language))
    return changes


def _assumption(target: str, value: str, adds: bool, text: str, language: str) -> Assumption:
    t = translator(language)
    match = _TARGET.fullmatch(target)
    if not match:
        raise NtmError(
            t("“{text}”: “{target}” không phải số hiệu chỉ tiêu, như 10.1 hoặc 17.8a.").format(text=text, target=target)
        )
    key = {"indicator": match["indicator"], "part": match["part"] or "", "add": adds, "text": text}
    numbers = [_number(piece, text, language) for piece in value.removesuffix("%").split("/")]
    if len(numbers) == 2 and None not in numbers and not adds:
        if numbers[1] <= 0:
            raise NtmError(t("“{text}”: mẫu số phải lớn hơn 0.").format(text=text))
        return Assumption(**key, numerator=numbers[0], denominator=numbers[1])
    if len(numbers) == 1 and numbers[0] is not None:
        return Assumption(**key, value=numbers[0])
    if adds or any(n is not None for n in numbers):
        raise NtmError(t("“{text}”: “{value}” không phải một số.").format(text=text, value=value))
    word = re.sub(r"[-_]", " ", value).casefold()
    return Assumption(**key, word=STATUS_WORDS.get(word, word))


def _number(piece: str, text: str, language: str) -> Fraction | None:
    """Exact number; None for a word. Raises NtmError where a lone separator could mean thousands."""
    if _GROUPED.fullmatch(piece):
        message = translator(language)(
            "“{text}”: “{number}” có thể hiểu theo hai cách; viết 1413 cho số nguyên, 1,5 cho số thập phân."
        )
        raise NtmError(message.format(text=text, number=piece))
    return Fraction(piece.replace(",", ".")) if _NUMBER.fullmatch(piece) else None
