"""Vietnamese text and names: one form for many spellings, slugs, villages of the registry.

Nothing here decides that two names are one place: a match that rests on more than spelling rules
is called doubtful and becomes a finding.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

TONES = "\u0300\u0301\u0303\u0309\u0323"
# Characters that look like another: eth for đ, spaces that do not break, marks without width.
_LOOKALIKES = str.maketrans(
    {
        "Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ", "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ",
        "\u3000": " ", "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None, "\u00ad": None,
    }
)  # fmt: skip
_KINDS_OF_PLACE = re.compile(r"^(thôn|bản|xóm|ấp|buôn|làng|tổ dân phố|khu dân cư)\s+(?=\S)", re.IGNORECASE)


class Match(NamedTuple):
    """How a written name was matched: ``name`` is the registry's, or the text itself where ``how`` is none."""

    name: str
    how: str  # exact, variant (listed in the registry), tone (only the place of the tone mark differs), near, none
    candidates: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        return self.how in ("near", "none")


@lru_cache(maxsize=8192)
def clean_text(text: str) -> str:
    """NFC, đ and Đ as Vietnamese letters, plain single spaces, nothing invisible."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_LOOKALIKES).split())


@lru_cache(maxsize=8192)
def spelling_key(text: str) -> str:
    """Equal for spellings that are the same word: NFC/NFD, case, and Hoá or Hóa, thuỷ or thủy."""
    return " ".join(_syllable_key(word) for word in clean_text(text).casefold().split())


def without_marks(text: str) -> str:
    """``Đắk Lắk`` → ``Dak Lak``."""
    decomposed = unicodedata.normalize("NFD", clean_text(text).replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=8192)
def bare_key(text: str) -> str:
    """Small letters without any mark: equal for Rõm and Rôm, which may still be two places."""
    return without_marks(text).casefold()


@lru_cache(maxsize=8192)
def slug(text: str) -> str:
    """``Hùng Mỹ`` → ``hung-my``, ``Đắk Ơ`` → ``dak-o``. (NFKD to ASCII alone would delete đ.)"""
    return re.sub(r"[^a-z0-9]+", "-", bare_key(text)).strip("-")


_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")  # names of devices: Windows makes no file of them


def file_slug(text: str, taken: Iterable[str] = ()) -> str:
    """A slug that any system takes as the name of a file: short, none of a device, none that is ``taken``."""
    name = slug(text)[:60].strip("-")
    name = f"{name}-" if _RESERVED.fullmatch(name) else name
    return next(made for n in itertools.count(1) if (made := f"{name}-{n}" if n > 1 else name) not in taken)


def match_village(written: str, variants: Mapping[str, Sequence[str]]) -> Match:
    """The village of the registry that ``written`` names.

    ``variants`` maps the registry's name to the other spellings it lists. A name equal to one of
    them, or differing only in where the tone mark stands, is a match; one that differs in its
    marks or in one letter is a doubtful match; with several candidates, or none, there is no match.
    """
    wanted = clean_text(written)
    without_kind = _KINDS_OF_PLACE.sub("", wanted)
    for how, key in (("exact", str.casefold), ("variant", str.casefold), ("tone", spelling_key)):
        keys = {key(wanted), key(without_kind)}
        found = [n for n in variants if keys & {key(s) for s in _spellings(n, variants, how)}]
        if len(found) == 1:
            return Match(found[0], how)
    near = tuple(n for n in variants if any(_near(without_kind, s) for s in _spellings(n, variants, "variant")))
    return Match(near[0], "near", near) if len(near) == 1 else Match(wanted, "none", near)


def _spellings(name: str, variants: Mapping[str, Sequence[str]], how: str) -> list[str]:
    spellings = [name] if how == "exact" else [name, *variants[name]]
    return [s for spelling in spellings for s in (clean_text(spelling), _KINDS_OF_PLACE.sub("", clean_text(spelling)))]


def _near(a: str, b: str) -> bool:
    a, b = bare_key(a), bare_key(b)
    # A number inside a name tells two places apart: Bàu 1 is never nearly Bàu 2.
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False
    return a == b or (min(len(a), len(b)) >= 4 and _one_edit(a, b))


def _one_edit(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rests = {(1, 1), (1, 0), (0, 1)}
    return any(a[start + i :] == b[start + j :] for i, j in rests)


def _syllable_key(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in decomposed if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES)) + tones
