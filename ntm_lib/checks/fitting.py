"""Is a figure of the kind that its indicator asks for, and what the words say that its row quotes?

Status decides what cannot be compared; here it is said in the words of the cell. 17.10 stored as 17.1, 2,5% as 25%.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from ntm_lib.checks.common import Context, is_judged, problem
from ntm_lib.intake.row_reading import OF_THE_ITEM
from ntm_lib.judge.amounts import is_percent, read
from ntm_lib.judge.observations import STATUSES, rank
from ntm_lib.judge.one_rule import judge_one
from ntm_lib.model import Observation
from ntm_lib.problems import Finding, joined, listed, number, say
from ntm_lib.rules.communes import facts
from ntm_lib.tables import fraction
from ntm_lib.text.dates import find_dates
from ntm_lib.text.lexicon import WORDS
from ntm_lib.text.names import clean_text
from ntm_lib.text.numbers import AMBIGUOUS
from ntm_lib.text.tokens import NUMBER, Number, read_number, tidy
from ntm_lib.text.units import read_unit

_WANTED = ("share", "status", "rating", "none")  # kinds of indicators that are told in words, others by their unit
_AMOUNTS = ("km", "ha", "m²", "m³", "tấn")
_DATES = ("date", "iso", "month", "quarter", "year", "period", "monthly")


def check_fit(context: Context) -> Iterable[Finding]:
    """Every figure that is judged can be compared with what its indicator asks for."""
    for row in context.rows:
        asked = context.asked(row) if is_judged(row) and rank(Observation.of(row._asdict())) is not None else None
        if asked is None:
            yield from _date_for_number(row)
            continue
        why = _misread(Observation.of(row._asdict()), asked)
        if why == "unit":
            yield _misfit(row, asked)
        elif why == "conflict":
            yield problem("misfit/not-applicable", [row], indicator=_code(row))
        elif (
            row.value in ("met", "unmet")
            and row.kind == "measured"
            and asked["kind"] in ("share", "number", "growth", "rating")
        ):
            yield problem("misfit/status-for-figure", [row], text=tidy(row.text), indicator=_code(row))


def _date_for_number(row: Any) -> Iterable[Finding]:
    """A date where no indicator is judged but a number is meant: of a village, a work, a fund."""
    meant = row.table in ("works", "villages", "production", "funding") or row.kind in ("measured", "target", "change")
    if meant and row.unit in _DATES and row.value and fraction(row.value) is None:
        yield problem("misfit/date-for-number", [row], text=tidy(row.text))


def _misread(row: Observation, asked: dict[str, Any]) -> str:
    """Why status will not compare the row; empty where it will. Growth by amounts needs the year before, and is left to it."""
    known = "applies" in asked  # a row of thresholds
    if row.value in STATUSES:
        return judge_one(row, asked, [])[0].reason if known else ""
    if asked["kind"] == "growth" and not is_percent(row.unit):
        return "unit" if row.amount is None else ""
    return read(row, asked).problem


def _misfit(row: Any, asked: dict[str, Any]) -> Finding:
    """A figure that is of another kind."""
    wanted = say(f"wanted-{asked['kind']}") if asked["kind"] in _WANTED else asked["unit"]
    is_number = fraction(row.value) is not None
    fields: dict[str, Any] = {"text": tidy(row.text), "indicator": _code(row), "wanted": wanted}
    if row.unit in _DATES and not is_number:
        return problem("misfit/date", [row], **fields)
    if asked["kind"] == "status":
        return problem("misfit/number", [row], **fields)
    if asked["kind"] == "share" and is_number and (row.unit in _AMOUNTS or read_unit(row.unit).kind == "count"):
        return problem("misfit/count", [row], **fields)
    if row.value in STATUSES:
        return problem("misfit/status", [row], **fields)
    return problem("misfit/unit", [row], unit=row.unit if is_number and row.unit else say("no-unit"), **fields)


def _code(row: Any) -> str:
    return f"{row.indicator}{row.part}"


# Things of which one is counted in place of another of its row («hộ chăn nuôi» for «cơ sở»), but never in place of one of another row.
_ALIKE = (
    ("người", "nhân khẩu", "khẩu", "lao động", "học sinh", "trẻ", "cháu", "cán bộ", "công chức", "đoàn viên"),
    ("thôn", "bản", "xóm", "ấp", "tổ"),
    ("hộ", "cơ sở", "nhà", "HTX"),
    ("km", "m"),
    ("ha", "m²"),
    ("tấn", "kg"),
    ("trường", "lớp"),
)


def check_counted(context: Context) -> Iterable[Finding]:
    """A share counts what its indicator counts: 12/12 villages are not all households."""
    for row in context.rows:
        asked = context.asked(row) if is_judged(row) and row.denominator else None
        counted = _sort_of(read_unit(context.parsed(row).count_unit or context.parsed(row).written_unit).name)
        wanted = _sort_of(str(asked.get("count_unit", ""))) if asked and asked["kind"] == "share" else None
        if asked and counted and wanted and counted != wanted:
            yield problem(
                "counted",
                [row],
                text=tidy(row.text),
                counted=context.parsed(row).count_unit or context.parsed(row).written_unit,
                indicator=_code(row),
                wanted=asked["count_unit"],
            )


def check_count_as_share(context: Context) -> Iterable[Finding]:
    """A percentage of villages that is their number is hardly one: 12 of 12 is 100 %, and 12 % of 12 is no whole village."""
    known = {str(fact["value"]) for fact in facts(dict(context.commune), "villages") if fact.get("value")}
    for row in context.rows:
        is_share = row.unit == "%" and row.value in known and not row.denominator and is_judged(row)
        asked = context.asked(row) if is_share and ("%" not in row.text or int(row.value) ** 2 % 100) else None
        if asked and asked["kind"] == "share" and _sort_of(str(asked.get("count_unit", ""))) == _ALIKE[1]:
            yield problem("count-as-share", [row], text=tidy(row.text), indicator=_code(row), n=row.value)


def _sort_of(unit: str) -> tuple[str, ...] | None:
    return next((alike for alike in _ALIKE if unit in alike), None)


_CODE = re.compile(
    r"\b(?:chỉ tiêu|tiêu chí|nội dung|mã)\s+(?:số\s+)?(?P<code>[1-9]\d?\.[1-9]\d?)(?![\d.,%]|\s*%)", re.IGNORECASE
)
_NUMBER = re.compile(rf"(?<![\w.,/-])(?P<n>{NUMBER})(?P<of>\s*/\s*(?:{NUMBER}))?(?P<after>[^\d;]*)")
_NO_RESULT = re.compile(
    r"\b(?:ước|dự kiến|phấn đấu|kế hoạch|nghị quyết|cùng kỳ|mục tiêu|cam kết|đăng ký)\b(?! (?:tính|lượng)\b)",
    re.IGNORECASE,
)
# What a note beside a figure says of it: that it is no count of this year.
_NOTED = re.compile(
    r"\bsố (?:liệu )?(?:ước|dự kiến|tạm tính|sơ bộ|cũ)\b|\bước (?:thực hiện|đạt|tính)\b|^ước\b|\btạm tính\b|\bchưa (?:cập nhật|chính thức|điều tra|rà soát|thống kê)\b|\bsố đúng\b",
    re.IGNORECASE,
)
_OF_YEAR = re.compile(r"\b(?:số liệu|số|kết quả)(?: của)? (?:cuối )?năm (?P<year>20\d\d)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!đầu )\bnăm (?P<year>20\d\d)\b", re.IGNORECASE)
_OTHER_PLACE = re.compile(rf"\b(?:{'|'.join(WORDS['place'])})\b", re.IGNORECASE)
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
    """A figure taken for a result of the commune is not, by its quote or the note beside it, an estimate, a plan, or that of a village, a district or another year."""
    for row in context.rows:
        if not is_judged(row) or row.kind != "measured":
            continue
        quote, text = clean_text(row.quote), clean_text(row.text)
        if (found := _NO_RESULT.search(_clause(quote, text))) and not _NO_RESULT.search(text):
            yield problem("quote-scope/plan", [row], text=tidy(text), word=found[0], quote=quote[:120])
        elif _of_one_village(quote):
            yield problem("quote-scope/village", [row], text=tidy(text), quote=quote[:120])
        elif found := _OTHER_PLACE.search(_clause(quote, text)):
            yield problem("quote-scope/place", [row], text=tidy(text), word=found[0], quote=quote[:120])
        elif year := _other_year(_YEAR, quote, row.year):
            yield problem("quote-scope/year", [row], text=tidy(text), of=row.year, year=year, quote=quote[:120])
        elif found := _NOTED.search(note := clean_text(row.note)):
            yield problem("note-scope", [row], text=tidy(text), word=found[0], note=note[:120])
        elif year := _other_year(_OF_YEAR, note, row.year):
            yield problem("note-scope/year", [row], text=tidy(text), of=row.year, year=year, note=note[:120])


def _other_year(pattern: re.Pattern[str], words: str, year: int) -> str:
    """The one year that the words name as that of the figure, where it is not the row's."""
    named = {found["year"] for found in pattern.finditer(words)}
    return next(iter(named)) if len(named) == 1 and str(year) not in words else ""


def _of_one_village(quote: str) -> bool:
    named = (m["of"] or (m["name"] or "")[:1].isupper() for m in _VILLAGE.finditer(quote))
    return "xã" not in quote.lower() and any(named)


def _clause(quote: str, text: str) -> str:
    """What the quote says before the value as it is written, after it and up to the next comma."""
    at = quote.casefold().find(text.casefold())
    return quote if at < 0 else quote[: at + len(text)] + re.split(r"[,;.]", quote[at + len(text) :], maxsplit=1)[0]


def _printed_in(row: Any) -> bool:
    """Whether the quote holds the cell word for word, however it was read."""
    return bool(row.text) and clean_text(row.text).casefold() in clean_text(row.quote).casefold()


def _numbers(quote: str) -> Iterator[tuple[Fraction, str]]:
    """Numbers of the quote with their units, in the units of the tables; a fraction's numerator has none."""
    for found in _NUMBER.finditer(tidy(quote)):
        number: Number | None = read_number(found["n"])
        unit = read_unit(found["after"])
        if number is not None and not found["of"]:
            yield number.value * unit.factor, unit.name


_LATEX = re.compile(r"\$|\\(?:geq?|leq?|%)")
_GROUPED = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+(?![\d.])")
_UNGROUPED = re.compile(r"(?<![\w.,-])\d{4,}(?![\w.,-])")
_LONG_DATE = re.compile(r"tháng\s+\d{1,2}\s+năm\s+\d{4}")
_SHORT_DATE = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/\d{4}")


def check_ambiguous(context: Context) -> Iterable[Finding]:
    """Every value can be read in one way."""
    for row in context.rows:
        doubt = context.parsed(row).doubt
        if row.table == "works" and doubt == "share-or-percent":
            continue  # a quantity without its unit, which works tells
        if row.table in ("schedule", "assignments", "provisions") or (
            row.kind == "other" and row.table in ("results", "plan")
        ):
            continue
        if doubt in (*AMBIGUOUS, "direction"):
            shown = f"{row.item}: {row.text}" if row.item and doubt in OF_THE_ITEM else row.text
            yield problem("ambiguous/value", [row], text=shown, reason=say(f"unreadable/{doubt}"))


def check_words_only(context: Context) -> Iterable[Finding]:
    """A target in words cannot be compared."""
    for row in context.rows:
        if row.table == "plan" and row.kind == "target" and context.parsed(row).doubt == "no-number":
            yield problem("words-only", [row], text=row.text)


def check_yes_no(context: Context) -> Iterable[Finding]:
    """«Không» under a yes/no indicator may mean «none, so met» or «not met»."""
    for row in context.rows:
        entry = context.names.get((row.indicator, row.part))
        if (
            entry is not None
            and entry.kind == "status"
            and row.value == "0"
            and not row.unit
            and row.kind in ("measured", "declared", "target")
        ):
            yield problem("ambiguous/yes-no", [row], text=row.text)


def check_latex(context: Context) -> Iterable[Finding]:
    """No remains of another program stand in a value."""
    for row in context.rows:
        if _LATEX.search(row.text):
            yield problem("latex", [row], text=row.text, read=tidy(row.text))


def check_grouping(context: Context) -> Iterable[Finding]:
    """One document writes thousands in one way: 1.413 or 1413."""
    for document, rows in _by_document(context).items():
        counted = [r for r in rows if r.value and context.parsed(r).count_unit]
        grouped = [r for r in counted if _GROUPED.search(r.text)]
        plain = [r for r in counted if _UNGROUPED.search(r.text)]
        if grouped and plain:
            both = plain[0] if plain[0] in grouped else grouped[0]
            yield problem(
                "mixed-grouping",
                plain,
                at={"key": document},
                plain=_UNGROUPED.findall(plain[0].text)[0],
                grouped=_GROUPED.findall(both.text)[0],
            )


def check_precision(context: Context) -> Iterable[Finding]:
    """Figures of one unit in one section have the same number of digits after the comma."""
    groups = defaultdict(list)
    for row in context.rows:
        if row.unit and row.value and row.unit != "%" and not row.numerator:
            groups[row.document, row.section, row.unit].append(row)
    for (document, section, unit), rows in groups.items():
        padded = [r for r in rows if re.search(r",\d*0(?!\d)", r.text)]
        digits = {context.parsed(r).decimals for r in rows}
        if padded and len(digits) > 1:
            yield problem(
                "mixed-precision",
                rows,
                at={"key": f"{document}-{section}-{unit}"},
                section=section,
                unit=unit,
                texts=listed((f"«{r.text}»" for r in rows), 10),
            )


def check_units_written(context: Context) -> Iterable[Finding]:
    """One unit is written in one way in a document, with or without a space before it."""
    for document, rows in _by_document(context).items():
        written: dict[tuple[str, Any], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            unit = context.parsed(row).written_unit
            if unit and row.unit in ("km", "ha", "triệu đồng", "m²"):
                glued = re.search(rf"\d{re.escape(unit)}", row.text) is not None
                # Tỷ and triệu are two units, each right; tr.đồng and triệu đồng are one, written in two ways.
                written[row.unit, read_unit(unit).factor][("" if glued else " ") + unit].append(row)
        for (unit, _), forms in written.items():
            if len(forms) > 1:
                shown = listed(f"«{hits[0].text}»" for hits in forms.values())
                rarest = min(forms.values(), key=len)
                yield problem("mixed-unit", rarest, at={"key": f"{document}-{unit}"}, unit=unit, forms=shown)


def check_foreign_decimals(context: Context) -> Iterable[Finding]:
    """A decimal point (114.17) is understood, and said to be so."""
    for row in context.rows:
        point = re.search(r"(?<![\w.,])\d+\.(?:\d{1,2}|\d{4,})(?![\w.,])", row.text)
        if (
            point
            and row.value
            and row.table in ("results", "plan", "works", "funding", "production")
            and re.fullmatch(r"[\d.]+", row.value)
        ):
            given = [number(v) for v in (row.numerator, row.denominator) if v]
            read = joined(given or [number(row.value)], "/")
            yield problem("decimal-point", [row], text=row.text, value=read)


def check_date_forms(context: Context) -> Iterable[Finding]:
    """One document writes dates in one form."""
    for document, rows in _by_document(context).items():
        dated = [r for r in rows if find_dates(r.text)]
        long, short = [r for r in dated if _LONG_DATE.search(r.text)], [r for r in dated if _SHORT_DATE.search(r.text)]
        if long and short:
            yield problem(
                "mixed-date",
                long,
                at={"key": document},
                long=_LONG_DATE.findall(long[0].text)[0],
                short=_SHORT_DATE.findall(short[0].text)[0],
            )


def _by_document(context: Context) -> dict[str, list[Any]]:
    documents = defaultdict(list)
    for row in context.rows:
        if row.text:
            documents[row.document].append(row)
    return documents
