"""Is every number written in one way, and can it be read in one way only?"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ntm_lib.checks.common import Context, problem
from ntm_lib.intake.row_reading import OF_THE_ITEM
from ntm_lib.problems import Finding, joined, listed, number, say
from ntm_lib.text.dates import find_dates
from ntm_lib.text.numbers import AMBIGUOUS
from ntm_lib.text.tokens import tidy
from ntm_lib.text.units import read_unit

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
