"""What the documents say, looked up in the processed tables: years, requirements, results, plans, works, villages.

Shared by the annexes, the two official documents and the page for the public, so that none can say
another figure than the others. Nothing is judged here and nothing is made up: what is not known is
an empty text or None.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

from ntm_lib import rules, tables
from ntm_lib.judge.observations import in_numbers_of
from ntm_lib.language import collation_key, number
from ntm_lib.plan.needs import is_counted
from ntm_lib.plan.works import Work, counted, tree
from ntm_lib.report.context import Report, Row
from ntm_lib.tables import counts_users, records
from ntm_lib.wording.words import (
    OPERATORS,
    amount_phrase,
    bounded,
    exact_phrase,
    is_unchecked,
    requirement,
    value_phrase,
    verdict_word,
)

_Made = TypeVar("_Made")
PLANNED = ("target", "change", "split", "other")
FEWEST = 5  # indicators with a figure: with fewer there is nothing to draw and nothing to sign
NO_VALUE = "(không ghi)"  # what raw tables hold where a document gives a sum without its figure
VILLAGE_WORD = re.compile(r"(?<!nông )\bthôn\b", re.IGNORECASE)  # "nông thôn mới" is no village
_YEAR = re.compile(r"năm (20\d\d)")
_OVER_YEARS = re.compile(
    r"(?i)(?:lũy|luỹ)\s*kế|cộng dồn|nhiều năm|không phải vốn của một năm|giai đoạn \d{4}|từ năm \d{4}"
)  # lũy kế, luỹ kế
_PERIOD = re.compile(r"(20\d\d) ?[-–] ?(20\d\d)")


# ---------------------------------------------------------------- years


def kept(report: Report, name: str, make: Callable[[], _Made]) -> _Made:
    """What ``make`` gives, made once: it stays with the report, as its own cached properties do."""
    made = vars(report)
    if name not in made:
        made[name] = make()
    found: _Made = made[name]
    return found


def result_year(report: Report) -> int:
    """The year whose results are reported: that of the report, or the one before where it holds a plan only."""
    return kept(report, "result_year", lambda: report.year - 1 if report.is_plan(report.year) else report.year)


def plan_year(report: Report) -> int:
    """The year that is planned: the one after the results."""
    return result_year(report) + 1


def fits_year(text: str, year: int) -> bool:
    """Whether a text names neither another year nor a period without this one: the funds of 2024 are no basis of a plan of 2025."""
    periods = [(int(first), int(last)) for first, last in _PERIOD.findall(text)]
    return {int(found) for found in _YEAR.findall(text)} <= {year} and all(
        first <= year <= last for first, last in periods
    )


def lower_first(text: str) -> str:
    """The text as it goes on inside a sentence; an abbreviation (HTX …) keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def body_name(who: str) -> str:
    """Whose a duty is, as a cell names it: without the «Đối với» of the heading it comes from, with a capital."""
    name = who.removeprefix("Đối với ")
    return name[:1].upper() + name[1:]


def as_of(report: Report) -> str:
    """ISO date (or month) up to which the results are known: the end of the year, or the newest source where that was written before it."""
    year = result_year(report)
    rows = [row for row in report.rows("observations", year=year) if row["kind"] in ("measured", "declared")]
    newest = max((report.documents.get(row["document"], {}).get("date", "") for row in rows), default="")
    return newest if newest[:4] == str(year) else f"{year}-12-31"


def figures(report: Report) -> int:
    """How many indicators have a figure of their own, in the results and in the plan together; a bound that follows from parts is none."""
    years = result_year(report), plan_year(report)
    rows = [
        row
        for year in years
        for row in report.rows("indicators", year=year)
        if tables.fraction(row["value"]) is not None and row["bound"] != "upper"
    ]
    return len({(row["year"], row["indicator"], row["part"]) for row in rows})


# ---------------------------------------------------------------- criteria and indicators


def criteria(report: Report) -> list[str]:
    """Numbers of the criteria in the order of the decision."""
    return [entry["id"] for entry in report.rule_set.meta["criteria"]]


def criterion_title(report: Report, criterion: str) -> str:
    """``Tiêu chí số 17 (Môi trường và an toàn thực phẩm)``."""
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    return report.t("Tiêu chí số {number} ({name})").format(number=criterion, name=name)


def criterion_label(report: Report, criterion: str) -> str:
    """``Tiêu chí 17. Môi trường và an toàn thực phẩm``, or that the work stands outside the criteria."""
    if not criterion.isdigit():
        return report.t("Ngoài các tiêu chí")
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    return report.t("Tiêu chí {number}. {name}").format(number=criterion, name=name)


def indicator_label(report: Report, row: Row) -> str:
    """``11.1 Tỷ lệ nghèo đa chiều``."""
    name = rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)
    return f"{row['indicator']}{row['part']} {name}"


def indicators(report: Report, criterion: str) -> list[Row]:
    """Rows of the rule set (indicator, part, kind, join, unit, count_unit …) of one criterion, in their order."""
    rows = kept(report, "indicator_records", lambda: records(report.rule_set.all_indicators))
    found = [row for row in rows if row["criterion"] == criterion]
    return sorted(found, key=lambda row: (tables.natural_key(row["indicator"]), row["part"]))


def indicator_name(report: Report, row: Row) -> str:
    return rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)


def judged(report: Report, year: int, indicator: str, part: str) -> tuple[Row | None, Row | None]:
    """Rows of ``indicators`` and ``thresholds`` of that year; None where the year was not judged."""

    key: dict[str, object] = {"year": year, "indicator": indicator, "part": part}
    return report.row("indicators", **key), report.row("thresholds", **key)


def marked(report: Report, rule: Row | None) -> str | None:
    """The same as ``asked``, with ``(*)`` behind what nobody has compared with the published text."""
    text = asked(report, rule)
    return f"{text} (*)" if text and rule and is_unchecked(rule["confidence"]) else text


def asked(report: Report, rule: Row | None) -> str | None:
    """What a row of ``thresholds`` asks for: ``≥ 70 %``; None where that is not known, empty where its parts say it."""
    if rule is None or not rule["threshold"]:
        return "" if rule and rule["join"] else None
    if rule["threshold"] == "met":
        return verdict_word("met", report.language)
    whole = rule["unit"] == "%" and tables.fraction(rule["threshold"]) == 100  # a share cannot be more
    if rule["kind"] not in ("share", "number") or tables.fraction(rule["threshold"]) == 0 or whole:
        return requirement(rule, rule, report.language)
    sign = "" if rule["operator"] == "=" else OPERATORS[rule["operator"]]
    return f"{sign}\N{NO-BREAK SPACE}{exact_phrase(rule['threshold'], rule['unit'], report.language)}".strip()


def result_text(report: Report, row: Row | None, rule: Row | None) -> str | None:
    """The value as a phrase, ``1.276/1.413 hộ (90,30 %)``; None where there is none."""
    if row is None or rule is None:
        return None
    phrase = value_phrase(row, rule, report.language)
    if not phrase and row["value"] in ("met", "unmet", "not-applicable"):
        return verdict_word(row["value"], report.language)
    if row["bound"] == "upper" and phrase:
        return report.t("nhiều nhất {value}").format(value=phrase)
    return phrase or None


def share_of(row: Row | None) -> tuple[Fraction, Fraction] | None:
    """Numerator and denominator of a share of the whole commune; None for an upper bound drawn from parts."""
    if row is None or row["bound"] == "upper":
        return None
    numerator, denominator = tables.fraction(row["numerator"]), tables.fraction(row["denominator"])
    return (numerator, denominator) if numerator is not None and denominator else None


# ---------------------------------------------------------------- plan


def plan_items(report: Report, criterion: str) -> list[Row]:
    """Rows of the plan that speak of one criterion, in the order of the document; parts follow their whole."""
    rows = [
        row
        for row in _plan_rows(report)
        if row["criterion"] == criterion and row["kind"] in PLANNED and row["text"] != NO_VALUE
    ]
    return sorted(
        rows,
        key=lambda row: (tables.natural_key(row["indicator"]), row["part"], tables.natural_key(row["observation"])),
    )


def plan_items_by_village(report: Report, village: str, indicator: str = "", part: str = "") -> list[Row]:
    """Additions of the plan for one village (empty: for the commune as a whole), of one indicator where it is given."""
    rows = [
        row for row in _plan_rows(report) if row["kind"] in ("change", "split", "target") and row["text"] != NO_VALUE
    ]
    mine = [row for row in rows if (village in villages_of(row) if village else not row["village"])]
    return [
        row
        for row in mine
        if row["indicator"] and (not indicator or (row["indicator"], row["part"]) == (indicator, part))
    ]


def _plan_rows(report: Report) -> list[Row]:
    """Rows of the plan with the numbers of the rule set that judges them."""

    def numbered() -> list[Row]:
        rows = report.of_year("observations", plan_year(report))
        return records(in_numbers_of(rows[rows["table"] == "plan"], report.rule_set.id, report.language))

    return kept(report, "plan_records", numbered)


def added(report: Report, indicator: str, part: str) -> Fraction | None:
    """By how many units the plan changes the numerator of an indicator (negative: fewer); None where it does not say."""
    before, now = (judged(report, year, indicator, part)[0] for year in (result_year(report), plan_year(report)))
    then, planned = share_of(before), share_of(now)
    if then and planned and then[1] == planned[1]:
        return planned[0] - then[0]
    rows = [row for row in _plan_rows(report) if row["kind"] == "change" and not row["village"]]
    mine = [row for row in rows if (row["indicator"], row["part"]) == (indicator, part)]
    amounts = [found for row in mine if (found := tables.fraction(row["numerator"] or row["value"])) is not None]
    return sum(amounts, Fraction(0)) if mine and len(amounts) == len(mine) else None


def target_text(report: Report, row: Row) -> str:
    """The level that a row of the plan sets: ``trên 90 %``, ``49 triệu đồng/người/năm``, ``Đạt``; else the words of the document."""
    if row["value"] == "met":
        return verdict_word("met", report.language)
    if row["kind"] != "target" or not row["value"] or row["unit"] in ("", "date"):
        return str(row["text"])
    if row["operator"] or tables.fraction(row["value"]) is None:
        return bounded(row["value"], row["unit"], row["operator"], report.language)
    return amount_phrase(row["value"], row["unit"], report.language)


def production(report: Report, criterion: str) -> list[Row]:
    """Rows of production (areas, herds) of the plan's year under one criterion."""
    rows = report.rows("observations", table="production", year=plan_year(report), criterion=criterion)
    return sorted(rows, key=lambda row: tables.natural_key(row["observation"]))


# ---------------------------------------------------------------- works


def works(report: Report, year: int, criterion: str | None = None) -> list[tuple[Row, list[Row]]]:
    """Works of a year with all that lies inside them, in the order of criteria and document; those they serve come last. ``criterion``: only its works."""
    rows = {row["observation"]: row for row in report.rows("works", year=year) if criterion in (None, row["criterion"])}
    top, below = tree(map(Work.of, rows.values()))

    def inside(work: Row) -> list[Row]:
        parts = sorted(
            (rows[part.name] for part in below.get(work["observation"], [])),
            key=lambda part: (counts_users(part["unit"], work["unit"]), _work_order(part)),
        )
        return [row for part in parts for row in (part, *inside(part))]

    return [(work, inside(work)) for work in sorted((rows[work.name] for work in top), key=_work_order)]


def _work_order(row: Row) -> tuple[Any, ...]:
    return (
        not row["criterion"].isdigit(),
        tables.natural_key(row["criterion"]),
        tables.natural_key(row["observation"]),
    )


def place_of(report: Report, row: Row) -> str:
    """``thôn Hùng Cường, khu dân cư Khun Thắng``; a village that the place names already is not named twice."""
    labels = (village_label(report, name) for name in villages_of(row))
    return ", ".join(
        filter(None, [*(label for label in labels if label.casefold() not in row["place"].casefold()), row["place"]])
    )


def village_label(report: Report, name: str) -> str:
    """``thôn Đình``; a name that begins with its kind stays."""
    kinds = ("thôn", "bản", "ấp", "xóm", "buôn", "làng", "khu", "tổ")
    return name if name.casefold().split(" ")[0] in kinds else report.t("thôn {name}").format(name=name)


def summands(work: Row, parts: list[Row]) -> list[Row]:
    """The parts directly below a work whose quantities make its own, or would: all in one unit, none of them whom it serves; empty where there are none."""
    mine = [
        part
        for part in parts
        if part["part_of"] == work["observation"] and not counts_users(part["unit"], work["unit"])
    ]
    return mine if all(part["quantity"] for part in mine) and len({part["unit"] for part in mine}) == 1 else []


def quantity_in_all(work: Row, parts: list[Row]) -> tuple[str, str]:
    """(quantity, unit) of a work: its own, else the sum of its parts; empty where neither is known."""
    added = summands(work, parts)
    if work["quantity"] or not added:
        return work["quantity"], work["unit"]
    return tables.decimal_text(money_sum(added, "quantity")), added[0]["unit"]


def money_in_all(work: Row, parts: list[Row], column: str) -> list[Row]:
    """The rows whose ``column`` (cost, debt) adds up to what is known of a work: itself, or else what lies inside it."""
    rows = {row["observation"]: row for row in (work, *parts)}
    below: dict[str, list[Work]] = {}
    for part in map(Work.of, parts):
        below.setdefault(part.part_of, []).append(part)
    return [rows[found.name] for found in counted(Work.of(work), below, column)]


def count_text(report: Report, amount: str, unit: str) -> str:
    """An amount as an official paper writes it: a count below ten with a nought in front (``02`` trạm), in Vietnamese."""
    text = number(amount, report.language)
    return (
        f"0{text}"
        if report.language == "vi" and is_counted(unit) and text.isdigit() and len(text) == 1 and text != "0"
        else text
    )


def fund_name(report: Report, source: str) -> str:
    """Name of a source as the plan's list of funds writes it, else its code."""
    year = plan_year(report)
    found = report.row("funding", source=source, year=year) or report.row("funding", source=source)
    return found["name"] if found and source else source


# ---------------------------------------------------------------- money


def funds(report: Report, year: int) -> tuple[list[Row], Fraction | None]:
    """Sources of a year as the document lists them, and the total that it prints (None: it prints none). Sums of
    several years are not among them, see ``over_years``.
    """
    several = {row["observation"] for row in over_years(report, year)}
    rows = [row for row in report.rows("funding", year=year) if row["observation"] not in several]
    printed = next((tables.fraction(row["planned"]) for row in rows if row["source"] == "total"), None)
    sources = [row for row in rows if row["source"] != "total"]
    return sorted(sources, key=lambda row: tables.natural_key(row["observation"])), printed


def over_years(report: Report, year: int) -> list[Row]:
    """Raw rows of money that a source gives for several years together: never the money of one year."""
    rows = report.rows("observations", table="funding", year=year)
    return [row for row in rows if _OVER_YEARS.search(" ".join(row[c] for c in ("item", "text", "quote", "note")))]


def over_years_text(report: Report, year: int) -> list[str]:
    """``Tổng huy động … (lũy kế nhiều năm): trên 228,7 tỷ đồng``, in the words of the source."""
    form = report.t("{name}: {amount} (lũy kế nhiều năm, không phải vốn của năm {year})")
    return [form.format(name=row["item"], amount=row["text"], year=year) for row in over_years(report, year)]


def money_sum(rows: list[Row], column: str = "planned") -> Fraction | None:
    """Sum of the amounts that are known; None where none is."""
    known = [amount for row in rows if (amount := tables.fraction(row[column])) is not None]
    return sum(known, Fraction(0)) if known else None


# ---------------------------------------------------------------- villages


def villages(report: Report) -> list[str]:
    """Villages in the order of the commune's own list, then those that only another row names, in the order of the alphabet."""
    return [*kept(report, "village_names", lambda: _villages(report))]


def _villages(report: Report) -> list[str]:
    listed = [row["village"] for row in report.rows("villages")]
    rows = [
        *report.rows("works"),
        *(row for row in report.rows("observations") if row["table"] in ("results", "plan", "assignments", "villages")),
    ]
    named = {name for row in rows for name in villages_of(row)} - {""}
    return [*(name for name in listed if name), *sorted(named - {*listed}, key=collation_key)]


def villages_of(row: Row) -> list[str]:
    return [name for text in row["village"].split(";") if (name := text.strip())]


def village_count(report: Report) -> int | None:
    """How many villages the commune says it has; None where it does not."""
    value = ((report.commune.get("profile") or {}).get("villages") or {}).get("value")
    return value if isinstance(value, int) else None
