"""Bytes into text: UTF-8, UTF-16, Windows-1258, and the fonts of before Unicode, TCVN3 (ABC) and VNI.

The old encodings cannot be told by their bytes, only by what comes out: the reading in which the
words are Vietnamese syllables wins, and where none is clearly the best, nobody guesses.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.text.names import TONES

_TCVN3 = dict(
    zip(
        "\xb5\xb6\xb7\xb8\xb9\xa8\xbb\xbc\xbd\xbe\xc6\xa9\xc7\xc8\xc9\xca\xcb\xae\xcc\xce\xcf\xd0\xd1\xaa\xd2\xd3\xd4\xd5\xd6"
        "\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xab\xe5\xe6\xe7\xe8\xe9\xac\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4\xad\xf5\xf6"
        "\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xa1\xa2\xa3\xa4\xa5\xa6\xa7",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
# VNI writes a letter and then a sign for its marks; ơ, ư, đ and the i-letters are signs of their own.
_VNI_MARKS = {
    "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ù": "\u0301", "ï": "\u0323",
    "â": "\u0302", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "á": "\u0302\u0301", "ä": "\u0302\u0323",
    "ê": "\u0306", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "é": "\u0306\u0301", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "í": "í", "ò": "ị", "î": "ỵ"}
_VNI_MARKS |= {sign.upper(): mark for sign, mark in _VNI_MARKS.items()}
_VNI_LETTERS |= {sign.upper(): letter.upper() for sign, letter in _VNI_LETTERS.items()}
_VNI = re.compile(rf"(?P<letter>[aeouyAEOUY]|[{''.join(_VNI_LETTERS)}])(?P<mark>[{''.join(_VNI_MARKS)}])?")

_ONSETS = "|".join(
    sorted(
        [
            "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph",
            "qu", "r", "s", "t", "th", "tr", "v", "x",
        ],
        key=len,
        reverse=True,
    )
)  # fmt: skip
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên ênh "
    "êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng "
    "oăt oc oe oen oeo oet oi om on ong oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung "
    "uôc uôi uôm uôn uông uôp uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu uych ư ưa ưc ưi ươc ươi ươm ươn ương ươp ươt ươu ưm ưng ưt ưu y yên yêm yêng yêt yêu"
)
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:{'|'.join(sorted(set(_RIMES.split()), key=len, reverse=True))})")
_GOOD, _CLEARLY = 0.75, 0.15  # share of Vietnamese syllables that a reading needs, and its lead on the next


def decode(data: bytes, file: str, language: str) -> str:
    """The text of a file. Raises NtmError where no encoding gives Vietnamese."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(data, name) or _refuse(file, language)
    if name := _utf16_without_mark(data):
        return _strict(data, name) or _refuse(file, language)
    text = _strict(data, "utf-8")
    if text is not None:
        return from_old_font(text)
    latin = data.decode("latin-1")
    return best_reading(
        [r for r in (_strict(data, "cp1258"), from_tcvn3(latin), from_vni(data.decode("cp1252", "replace"))) if r]
    ) or _refuse(file, language)


def _utf16_without_mark(data: bytes) -> str:
    """Half of the bytes of UTF-16 are zero where the text is mostly ASCII, as the separators, digits and headings of a table are."""
    sample = data[:20_000]
    zeros = {"utf-16-be": sample[::2].count(0), "utf-16-le": sample[1::2].count(0)}
    name = max(zeros, key=lambda n: zeros[n])
    return name if zeros[name] > len(sample) / 5 > 10 * min(zeros.values()) else ""


def old_font(text: str) -> Callable[[str], str] | None:
    """How to read text that was typed in a TCVN3 or VNI font; None for other text.

    Such text is Unicode on paper: «Hïng Mü» for Hùng Mỹ. It is one only where the change turns
    words that are not Vietnamese into words that are.
    """
    share = syllable_share(text)
    if text.isascii() or share >= _GOOD:
        return None
    best = best_reading([from_tcvn3(text), from_vni(text)], at_least=share + _CLEARLY)
    return next(
        (
            read
            for read in (from_tcvn3, from_vni)
            if best is not None and unicodedata.normalize("NFC", read(text)) == best
        ),
        None,
    )


def from_old_font(text: str) -> str:
    """The text as Unicode where it was typed in an old font, else as it is."""
    read = old_font(text)
    return unicodedata.normalize("NFC", read(text)) if read else text


def from_tcvn3(text: str) -> str:
    # Capitals with a tone were lower-case codes shown in a font of capitals: «KÕ HO¹CH».
    return re.sub(r"[^\s!-@\[-`{-~]+", lambda found: _tcvn3_word(found[0]), text)


def _tcvn3_word(word: str) -> str:
    read = "".join(_TCVN3.get(c, c) for c in word)
    plain = [c for c in word if c.isascii() and c.isalpha()]
    return read.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else read


def from_vni(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        base = _VNI_LETTERS.get(found["letter"], found["letter"])
        return base + _VNI_MARKS.get(found["mark"] or "", "")

    return unicodedata.normalize("NFC", _VNI.sub(letter, text))


def best_reading(readings: list[str], at_least: float = 0.0) -> str | None:
    """The reading with the most Vietnamese syllables; None where it is not good, or not clearly the best."""
    ranked = sorted(((syllable_share(r), r) for r in readings), key=lambda pair: -pair[0])
    best, second = ranked[0], (ranked[1:] or [(0.0, "")])[0]
    if best[0] < max(_GOOD, at_least) or (best[1] != second[1] and best[0] - second[0] < _CLEARLY):
        return None
    return unicodedata.normalize("NFC", best[1])


def syllable_share(text: str) -> float:
    """Share, among the words with a letter outside ASCII, that are Vietnamese syllables; 1 where there are none."""
    words = [w.strip("«»“”…–’") for w in re.split(r"[\s!-@\[-`{-~]+", unicodedata.normalize("NFC", text[:40000]))]
    words = [w for w in words if not w.isascii() and any(c.isalpha() for c in w)]  # 98¹ has none
    return sum(map(is_syllable, words)) / len(words) if words else 1.0


@lru_cache(maxsize=100_000)
def is_syllable(word: str) -> bool:
    """Whether the word can be a Vietnamese syllable: ``Mỹ`` can, ``Mü`` cannot."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in decomposed if c in TONES]
    toneless = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))
    return len(tones) <= 1 and _SYLLABLE.fullmatch(toneless) is not None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _refuse(file: str, language: str) -> str:
    t = translator(language)
    raise NtmError(
        t(
            "Không nhận ra bảng mã của tệp {file}: đã thử UTF-8, Windows-1258, TCVN3 và VNI, không bảng mã nào cho ra chữ Việt. "
            "Hãy mở tệp bằng Excel rồi lưu lại dạng «CSV UTF-8» hoặc .xlsx."
        ).format(file=file)
    )
