"""What the number format of a cell shows of the number stored in it: percent, date, thousands, a unit written by the format.

Source of the rules: ECMA-376 part 1, 18.8.30 and 18.8.31. A format that shows another number, or none, gives None.
"""

import datetime
import operator
import re
from functools import cache
from typing import NamedTuple

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
    parts, part = [], []
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
    scale = len(re.search(r"(?<=[0#?])(,*)[^0#?,]*$", whole)[1]) if re.search(r"[0#?]", whole) else 0
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
    return tuple(
        re.sub(r"\s+", " ", text) if re.search(r"[^\W_]|[%‰₫$€]", text) else "" for text in (before, after.rstrip())
    )


def _currency(bracket: str) -> str:
    sign = bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
    return " đồng" if sign in ("₫", "đ", "VND", "VNĐ") else sign
