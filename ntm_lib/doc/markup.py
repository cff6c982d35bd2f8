"""Characters of a text on their way into HTML and Typst: cleaned, escaped, with places to break long words, as an anchor.

Text of any origin is text here: HTML is escaped, Typst gets string literals, never markup.
"""

import html
import re
import unicodedata
from functools import lru_cache

TYPST_BREAK = (
    "#h(0.01pt);"  # a place where a line may break that leaves no character behind, so that words stay searchable
)

_LONG_WORD = re.compile(r"(\S{25,})")  # found before escaping: an entity is one letter and must not be cut
_TYPST_LONG_WORD = re.compile(r"\S{17,}")
_PIECE = re.compile(r"[^/_\-.,;:=&?+]{0,15}[/_\-.,;:=&?+]+|.{1,16}", re.DOTALL)
_SPACES = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(r"[\u00ad\u180e\u200b-\u200d\u2060-\u2065\ufe00-\ufe0f\ufeff]|[\U000e0000-\U000e0fff]")
# Every character for which the fonts of the PDF have a glyph (a test sets them all under PDF/UA, which forbids empty boxes).
_NO_GLYPH = re.compile(
    "[^\x20-\x7e\xa0-\xac\xae-\u0377\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff\u05d0-\u05ea\u0621-\u063a\u0640-\u0652"
    "\u0660-\u0669\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u2044-\u2052\u2070\u2071\u2074-\u208e\u20a0-\u20c0\u2100-\u211e"
    "\u2190-\u23ff\u2460-\u269c\u26a0-\u26b8\u2701-\u2704\u2706-\u2709\u270c-\u2727\u2729-\u274b\u2761-\u2794\u2798-\u27af\ufffd]"
)

_QUOTES = str.maketrans("«»", "“”")


def clean(text: object) -> str:
    """Text as it may stand in a document: NFC, one space for any run of white space, quotation marks of one kind, nothing unseen.

    Vietnamese papers quote with “ ”; messages and remarks of raw rows come with « ». Marks that turn the direction of
    the text around are shown by their number, since they could make a figure read backwards; characters without a place in a document become ``\ufffd``.
    """
    return _clean(str(text))


@lru_cache(maxsize=10_000)  # a report says the same few thousand texts several times, in three forms
def _clean(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).translate(_QUOTES)
    plain = _SPACES.sub(" ", _CONTROL.sub("\ufffd", plain))
    return _BIDI.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", plain)


def html_text(text: object) -> str:
    """Text for HTML, also inside a quoted attribute-free place; very long words may break anywhere."""
    pieces = [html.escape(piece) for piece in _LONG_WORD.split(clean(text))]
    return "".join(f'<span class="long">{piece}</span>' if at % 2 else piece for at, piece in enumerate(pieces))


def html_attribute(text: object) -> str:
    """Text for a quoted HTML attribute."""
    return html.escape(clean(text))


def typst_text(text: object) -> str:
    """Text as a Typst string literal with its quotes: no character of it is read as code or markup."""
    return typst_literal(printable(clean(text)))


def typst_markup(text: object) -> str:
    """Text as Typst markup made of string literals; long words get places where a line may break."""
    runs = re.split(r"(\S{17,})", printable(clean(text)))
    return "".join(
        _breakable(run) if _TYPST_LONG_WORD.fullmatch(run) else f"#{typst_literal(run)};" for run in runs if run
    )


def _breakable(word: str) -> str:
    return TYPST_BREAK.join(f"#{typst_literal(piece)};" for piece in _PIECE.findall(word))


def typst_literal(text: str) -> str:
    """Text as a string literal of Typst, every character as it is."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def printable(text: str) -> str:
    """The text with the number of a character in place of one that no font of the PDF can show."""
    return _NO_GLYPH.sub(lambda unknown: f"[U+{ord(unknown[0]):04X}]", _INVISIBLE.sub("", text))


def anchor_name(text: str) -> str:
    """The text as an anchor: letters without marks, digits, ``-``, ``_`` and ``.`` ("Tiêu chí 17.8" → ``tieu-chi-17.8``)."""
    plain = unicodedata.normalize("NFD", clean(text).lower().replace("đ", "d"))
    slug = re.sub(r"[^a-z0-9._-]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-.")
    return slug if slug[:1].isalpha() else f"a-{slug}".rstrip("-")
