"""What a cell shows of what is stored in it: its number format (percent, date, thousands, a unit), and whether a reader sees it at all: struck
through, raised, or written in the colour of its background.

Source of the formats: ECMA-376 part 1, 18.8.30 and 18.8.31. A format that shows another number, or none, gives None.
"""

import colorsys
import datetime
import operator
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from lxml import etree

GENERAL = "General"
# Formats that a workbook names by number only; the others in use show the number itself.
BUILT_IN = {
    9: "0%", 10: "0.00%", **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)), "d/m/yyyy"),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), "h:mm"), 46: "[h]:mm",
}  # fmt: skip
EPOCH, EPOCH_1904 = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)
_LAST_DAY = 2_958_466  # 1/1/10000
_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<plain>.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_TESTS = {"<=": operator.le, ">=": operator.ge, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "=": operator.eq}
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")


class Section(NamedTuple):
    """One of the parts between ``;``. ``kind``: number, percent, date, time, or empty where no number is shown.

    ``scale``: commas that each divide by 1,000. ``before``, ``after``: words around the number; ``signs``: whether it has signs of its own.
    """

    condition: tuple[str, float] | None
    kind: str
    scale: int
    before: str
    after: str
    signs: bool


class Shown(NamedTuple):
    text: str
    kind: str


def show(amount: float, code: str, epoch: datetime.datetime = EPOCH) -> Shown | None:
    """The number as a Vietnamese official would write what the cell shows: 0.903 under ``0.0%`` is ``90,3%``, 45345 under ``d/m/yyyy`` ``22/02/2024``.

    Decimals are not rounded. Raises ValueError for infinity and for days that no calendar has.
    """
    section = _chosen(_sections(code), amount)
    if section is None or not section.kind:
        # A nought shown as «-» is one still; any other number must be seen.
        return Shown("0", "number") if section and amount == 0 and section.signs else None
    if section.kind == "time" or (section.kind == "date" and 0 <= amount < 1):
        return Shown(f"{EPOCH + datetime.timedelta(days=amount % 1):%H:%M}", "time") if 0 <= amount < 1 else None
    if section.kind == "date":
        return Shown(f"{_day(amount, epoch):%d/%m/%Y}", "date")
    if section.signs and amount > 0:
        return None
    percent = section.kind == "percent"
    text = number_text(amount * (100 if percent else 1) / 1000**section.scale, "%" if percent else "")
    if not section.before and not section.after:
        return Shown(text, section.kind)
    kind = (
        ""
        if re.search(r"\d", section.before + section.after)
        else "percent"
        if section.after.strip() == "%"
        else "number"
    )
    return Shown(section.before + text + section.after, kind)


def number_text(amount: float, unit: str = "") -> str:
    """A stored number as written in Vietnamese, without grouping: 90.3 → ``90,3``. Raises ValueError for infinity."""
    digits = f"{amount:.15g}"
    if "e" in digits:
        digits = f"{amount:.12f}".rstrip("0").rstrip(".")
    if not _DECIMAL.fullmatch(digits):
        raise ValueError(digits)
    return digits.replace(".", ",") + unit


def _day(amount: float, epoch: datetime.datetime) -> datetime.datetime:
    if not 0 <= amount < _LAST_DAY:
        raise ValueError(amount)
    # Excel counts a 29 February 1900 that never was: before it, days are one further.
    return epoch + datetime.timedelta(days=amount + (epoch == EPOCH and amount < 60))


def _chosen(sections: tuple[Section, ...], amount: float) -> Section | None:
    """The section that shows the amount; None where programs do not agree which."""
    numeric = sections[:3]
    if any(s.condition for s in numeric):
        met = [s for s in numeric if s.condition and _TESTS[s.condition[0]](amount, s.condition[1])]
        others = [s for s in numeric if not s.condition]
        return met[0] if met else others[0] if len({*others}) == 1 else None
    if amount < 0 and len(numeric) > 1:
        return numeric[1]
    return numeric[2] if amount == 0 and len(numeric) > 2 else numeric[0]


@cache
def _sections(code: str) -> tuple[Section, ...]:
    part: list[re.Match[str]] = []
    parts: list[list[re.Match[str]]] = []
    for token in _TOKEN.finditer(code or GENERAL):
        if token["plain"] == ";":
            parts.append(part)
            part = []
        else:
            part.append(token)
    return tuple(map(_section, [*parts, part]))


def _section(tokens: list[re.Match[str]]) -> Section:
    brackets = [t["bracket"] for t in tokens if t["bracket"] is not None]
    condition = next((found for b in brackets if (found := _CONDITION.fullmatch(b))), None)
    core = "".join(t["plain"] or "" for t in tokens)
    general = re.search(r"general|standard|@", core, re.IGNORECASE)
    letters = re.sub(r"general|standard|E[+-]", "", core, flags=re.IGNORECASE)
    has_digits = bool(general or re.search(r"[0#?]", core))
    if any(re.fullmatch(r"h+|m+|s+", b, re.IGNORECASE) for b in brackets):
        kind = ""  # hours and minutes that go on beyond a day
    elif re.search(r"[dy]", letters, re.IGNORECASE) or (
        re.search(r"m", letters, re.IGNORECASE) and not re.search(r"[hs]", letters, re.IGNORECASE)
    ):
        kind = "date"
    elif re.search(r"[hs]", letters, re.IGNORECASE):
        kind = "time"
    else:
        kind = ("percent" if "%" in core else "number") if has_digits else ""
    before, after = _words(tokens)
    whole, _, decimals = core.partition(".")
    commas = re.search(r"(?<=[0#?])(,*)[^0#?,]*$", whole)
    scale = len(commas[1]) if commas else 0
    signs = "-" in core.upper().replace("E-", "") or any("-" in (t["quoted"] or t["escaped"] or "") for t in tokens)
    return Section(
        (condition[1], _number(condition[2])) if condition else None,
        kind,
        scale + decimals.count(","),
        before,
        after,
        signs,
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _words(tokens: list[re.Match[str]]) -> tuple[str, str]:
    """The words that the format writes before and behind the number: quoted, escaped, or the sign of a currency. Blanks alone are none."""
    before, after, seen = "", "", False
    for token in tokens:
        seen = seen or bool(re.fullmatch(r"[0#?@G]", token["plain"] or ""))
        text = (
            token["quoted"]
            or token["escaped"]
            or _currency(token["bracket"] or "")
            or (token["plain"] if (token["plain"] or "") in tuple(" đĐ₫€$‰") else "")
        )
        before, after = (before, after + text) if seen else (before + text, after)
    return _or_none(before), _or_none(after.rstrip())


def _or_none(text: str) -> str:
    return re.sub(r"\s+", " ", text) if re.search(r"[^\W_]|[%‰₫$€]", text) else ""


def _currency(bracket: str) -> str:
    sign = bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
    return " đồng" if sign in ("₫", "đ", "VND", "VNĐ") else sign


BLACK, WHITE, UNKNOWN = "000000", "FFFFFF", "?"
_NEAR, _RATHER = (
    16,
    32,
)  # of 255 in each of red, green and blue: what no eye tells apart, and where it depends on the light
_CONTRAST = 1.1  # of text that can be read at all; WCAG 2.2 asks for 4.5
# ECMA-376 part 1, 18.8.27; 64 and 65 are the window's.
_INDEXED = {0: BLACK, 1: WHITE, 8: BLACK, 9: WHITE, 64: BLACK, 65: WHITE}
_SWAPPED = {0: 1, 1: 0, 2: 3, 3: 2}  # a theme lists dark before light, styles count light before dark
_FALSE = ("0", "false", "off")
_THROUGH = ("text-line-through-style", "text-line-through-type")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Look(NamedTuple):
    """``format``: of numbers. ``ink``, ``paper``: colours of text and background, RRGGBB or a word; an ink is empty where none is said."""

    format: str = GENERAL
    struck: bool = False
    ink: str = ""
    paper: str = WHITE
    raised: bool = False

    def hides(self, ink: str = "") -> bool:
        """Whether text of this colour (default: of the cell's own) cannot be told from the background."""
        return self.paper != UNKNOWN and _alike(ink or self.ink or BLACK, self.paper)


@cache
def _alike(one: str, other: str) -> bool:
    try:
        far = max(abs(a - b) for a, b in zip(bytes.fromhex(one), bytes.fromhex(other), strict=True))
        light, dark = sorted((_light(one), _light(other)), reverse=True)
    except ValueError:  # a colour that is not known by its parts
        return one == other
    return far <= _NEAR or (far <= _RATHER and (light + 0.05) / (dark + 0.05) < _CONTRAST)


def _light(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [part / 255 for part in bytes.fromhex(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def raised(text: str) -> str:
    """Digits of a note as what they are: 90,3¹ is not 90,31."""
    return text.translate(_RAISED)


# --- XLSX ----------------------------------------------------------------------------------------


def looks_of(styles: etree._Element, theme: Sequence[str]) -> Iterator[Look]:
    """The look of each style of cell of an XLSX workbook. ``theme``: its colours as ``theme_colours`` gives them."""
    codes = {f.get("numFmtId"): f.get("formatCode", "") for f in styles.iter("{*}numFmt")}
    fonts = [(strikes(font), ink_of(font, theme)) for font in styles.iterfind("{*}fonts/{*}font")]
    papers = [_paper(fill, theme) for fill in styles.iterfind("{*}fills/{*}fill")]
    for style in styles.iterfind("{*}cellXfs/{*}xf"):
        number, font, fill = (style.get(name, "0") for name in ("numFmtId", "fontId", "fillId"))
        code = codes.get(number) or BUILT_IN.get(_place(number), GENERAL)
        struck, ink = fonts[_place(font)] if _place(font) < len(fonts) else (False, "")
        yield Look(code, struck, ink, papers[_place(fill)] if _place(fill) < len(papers) else WHITE)


def theme_colours(theme: etree._Element) -> list[str]:
    """The colours of a theme in its order: dark 1, light 1, dark 2, light 2, accents."""
    shades = (next(iter(colour), None) for colour in theme.iterfind("{*}themeElements/{*}clrScheme/*"))
    return [(s.get("lastClr") or s.get("val", "")).upper() if s is not None else "" for s in shades]


def strikes(font: etree._Element) -> bool:
    strike = font.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in _FALSE


def ink_of(font: etree._Element, theme: Sequence[str]) -> str:
    """The colour of a font, or of a part of a rich text; empty where it names none."""
    colour = font.find("{*}color")
    return _colour(colour, theme) if colour is not None else ""


def _paper(fill: etree._Element, theme: Sequence[str]) -> str:
    pattern = fill.find("{*}patternFill")
    sort = pattern.get("patternType", "none") if pattern is not None else "none" if len(fill) == 0 else ""
    colour = pattern.find("{*}fgColor") if pattern is not None else None
    if sort == "none":
        return WHITE
    return (_colour(colour, theme) or UNKNOWN) if sort == "solid" and colour is not None else UNKNOWN


def _colour(element: etree._Element, theme: Sequence[str]) -> str:
    if rgb := element.get("rgb"):
        return str(rgb[-6:].upper())
    if index := element.get("indexed"):
        return _INDEXED.get(_place(index), f"indexed {index}")
    if not (index := element.get("theme")):
        return ""
    place = _SWAPPED.get(_place(index), _place(index))
    known = theme[place] if place < len(theme) else {0: BLACK, 1: WHITE}.get(place, "")
    return _tinted(known, element.get("tint", "0")) if known else f"theme {index} {element.get('tint', '')}"


def _tinted(colour: str, tint: str) -> str:
    """A colour made lighter (to 1) or darker (to -1): ECMA-376 part 1, 18.8.19."""
    try:
        amount, (red, green, blue) = float(tint), (part / 255 for part in bytes.fromhex(colour))
    except ValueError:
        return colour
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + amount) if amount < 0 else light * (1 - amount) + amount
    if not 0 <= light <= 1:  # also where it is no number
        return colour
    return "".join(f"{round(255 * min(max(part, 0), 1)):02X}" for part in colorsys.hls_to_rgb(hue, light, full))


def _place(number: str) -> int:
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else 1 << 30


# --- ODS -----------------------------------------------------------------------------------------

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


class OdsLooks:
    """The looks of an ODS workbook by the names of its styles: each has what it says itself, else what the style says that it follows."""

    def __init__(self, roots: Sequence[etree._Element]):
        """``roots``: of content and styles; of two styles with one name that of the first counts."""
        self._own: dict[tuple[str, str], dict[str, str]] = {}
        self._parents: dict[tuple[str, str], str] = {}
        self._known: dict[tuple[str, str], Look] = {}
        for style in (s for root in reversed(roots) for s in root.iter(f"{_STYLE}style", f"{_STYLE}default-style")):
            key = style.get(f"{_STYLE}family", "table-cell"), style.get(f"{_STYLE}name", "")
            parts = style.iterfind(f"{_STYLE}text-properties"), style.iterfind(f"{_STYLE}table-cell-properties")
            self._own[key] = {
                name.rpartition("}")[2]: said for part in parts for element in part for name, said in element.items()
            }
            if style.find(f"{_STYLE}map") is not None:  # which of two colours a condition shows is not known
                self._own[key]["background-color"] = UNKNOWN
            self._parents[key] = style.get(f"{_STYLE}parent-style-name", "")

    def get(self, name: str, family: str = "table-cell") -> Look:
        """The look of a style of cells, or (``family`` text) of a part of a text."""
        if (family, name) not in self._known:
            self._known[family, name] = self._read(name, family)
        return self._known[family, name]

    def _read(self, name: str, family: str) -> Look:
        said: dict[str, str] = {}
        for _ in range(20):  # styles that follow each other in a circle end here
            said = self._own.get((family, name), {}) | said
            if not name:
                break
            name = self._parents.get((family, name), "")
        through = [said[key] for key in _THROUGH if key in said]
        ink = "" if said.get("use-window-font-color") == "true" else said.get("color", "").lstrip("#").upper()
        paper = said.get("background-color", "transparent").lstrip("#").upper()
        is_raised = re.match(r"super|[1-9]", said.get("text-position", "")) is not None
        return Look(
            GENERAL, bool(through) and "none" not in through, ink, WHITE if paper == "TRANSPARENT" else paper, is_raised
        )
