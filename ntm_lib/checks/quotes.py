"""Do the words that a row quotes from its source say the same as its cells? 17.10 stored as 17.1, 2,5% as 25%."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from ntm_lib.checks.common import Context, is_judged, problem
from ntm_lib.problems import Finding, listed
from ntm_lib.tables import fraction
from ntm_lib.text.names import clean_text
from ntm_lib.text.numbers import tidy
from ntm_lib.text.tokens import NUMBER, Number, read_number
from ntm_lib.text.units import read_unit

_CODE = re.compile(
    r"\b(?:chỉ tiêu|tiêu chí|nội dung|mã)\s+(?:số\s+)?(?P<code>[1-9]\d?\.[1-9]\d?)(?![\d.,%]|\s*%)", re.IGNORECASE
)
_NUMBER = re.compile(rf"(?<![\w.,/-])(?P<n>{NUMBER})(?P<of>\s*/\s*(?:{NUMBER}))?(?P<after>[^\d;]*)")
_NO_RESULT = re.compile(
    r"\b(?:ước|dự kiến|phấn đấu|kế hoạch|nghị quyết|cùng kỳ|mục tiêu|cam kết|đăng ký)\b(?! (?:tính|lượng)\b)",
    re.IGNORECASE,
)
# «Thôn Bản Phố thu nhập …», «thu nhập của bản …»: a figure of one village; «100% thôn có …» is one of the commune.
_VILLAGE = re.compile(r"\b(?P<of>của )?(?:thôn|bản|xóm|ấp|buôn)\b(?: (?P<name>\w+))?", re.IGNORECASE)


def check_quoted_code(context: Context) -> Iterable[Finding]:
    """The indicator that the quote names is the one of the row."""
    corrected = {c.row.cells.get("id") for c in context.cleaned.corrections if c.column == "indicator"}
    for row in context.written_rows:
        named = list(dict.fromkeys(m["code"] for m in _CODE.finditer(clean_text(f"{row.section} ; {row.quote}"))))
        if (
            row.indicator
            and named
            and row.indicator not in named
            and row.observation not in corrected
            and row.table in ("results", "plan")
        ):
            yield problem(
                "quote-code", [row], at={"column": "indicator"}, indicator=row.indicator, named=", ".join(named)
            )


def check_quoted_value(context: Context) -> Iterable[Finding]:
    """The value stands in the quote, where the quote holds a number of its unit."""
    for row in context.rows:
        value = fraction(row.value)
        if (
            row.table not in ("results", "plan")
            or value is None
            or row.operator not in ("", ">", ">=")
            or not row.quote
            or row.correction
        ):
            continue
        quoted = [n for n, unit in _numbers(row.quote) if unit == row.unit]
        read = {abs(value), *filter(None, map(fraction, (row.numerator, row.denominator)))}
        if not quoted or not row.unit or read & {abs(n) for n in quoted} or _printed_in(row):
            continue
        shifted = [
            n
            for n in quoted
            if n and value / n in (10, 100, 1000, Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000))
        ]
        case = "quote-value/shifted" if shifted else "quote-value"
        shown = listed(shifted or quoted, len(quoted))
        yield problem(case, [row], text=tidy(row.text), quoted=shown, unit=row.unit)


def check_quoted_scope(context: Context) -> Iterable[Finding]:
    """A figure taken for a result of the commune is not, by its quote, an estimate, a plan or that of one village."""
    for row in context.rows:
        if not is_judged(row) or row.kind != "measured":
            continue
        quote, text = clean_text(row.quote), clean_text(row.text)
        if (found := _NO_RESULT.search(_clause(quote, text))) and not _NO_RESULT.search(text):
            yield problem("quote-scope/plan", [row], text=tidy(text), word=found[0], quote=quote[:120])
        elif _of_one_village(quote):
            yield problem("quote-scope/village", [row], text=tidy(text), quote=quote[:120])


def _of_one_village(quote: str) -> bool:
    named = (m["of"] or (m["name"] or "")[:1].isupper() for m in _VILLAGE.finditer(quote))
    return "xã" not in quote.lower() and any(named)


def _clause(quote: str, text: str) -> str:
    """What the quote says before the value as it is written, after it and up to the next comma."""
    at = quote.casefold().find(text.casefold())
    return quote if at < 0 else quote[: at + len(text)] + re.split(r"[,;.]", quote[at + len(text) :], maxsplit=1)[0]


def _printed_in(row) -> bool:
    """Whether the quote holds the cell word for word, however it was read."""
    return bool(row.text) and clean_text(row.text).casefold() in clean_text(row.quote).casefold()


def _numbers(quote: str) -> Iterator[tuple[Fraction, str]]:
    """Numbers of the quote with their units, in the units of the tables; a fraction's numerator has none."""
    for found in _NUMBER.finditer(tidy(quote)):
        number: Number | None = read_number(found["n"])
        unit = read_unit(found["after"])
        if number is not None and not found["of"]:
            yield number.value * unit.factor, unit.name
