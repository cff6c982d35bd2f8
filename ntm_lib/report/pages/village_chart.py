"""How an indicator stands in each village: a chart for every indicator that villages report figures of."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ntm_lib import rules, tables
from ntm_lib.language import number, term
from ntm_lib.report.blocks import Block, figure, stack
from ntm_lib.report.context import Report
from ntm_lib.report.figures import Reading, side_by_side
from ntm_lib.report.official_facts import plan_items_by_village, villages

FEWEST = 2  # villages with a figure: one alone is no comparison


@dataclass(frozen=True)
class _Place:
    """Counts of one village; None where nobody gives them. ``whole``: out of how many."""

    name: str
    unit: str
    whole: Fraction | None
    now: Fraction | None
    before: Fraction | None
    target: Fraction | None


def village_charts(report: Report, criterion: str) -> Block:
    """Charts for each indicator, villages in the order of the alphabet; nothing where villages report nothing.

    The line is the commune's threshold. No village is judged by it: it shows where help is needed.
    """
    charts = []
    for rule in report.rows("thresholds", criterion=criterion, year=report.year):
        places = [place for name in villages(report) if (place := _place(report, rule, name))]
        charts += _charts(report, rule, places) if len(places) >= FEWEST else []
    return stack(*charts)


def _charts(report: Report, rule: dict, places: list[_Place]) -> Iterator[Block]:
    t, shares = report.t, all(place.whole for place in places)
    note = t("Ngưỡng là của toàn xã; thôn không bị xét đạt hay chưa đạt.") if shares else t("Có thôn chưa có tổng số, nên vẽ số đếm, không vẽ tỷ lệ.")
    last = report.year_label(report.last_year) if report.last_year else ""
    code, name = rule["indicator"] + rule["part"], rules.indicator_name(report.rule_set, rule["indicator"], rule["part"], report.language)
    drawn = side_by_side([_reading(report, rule, place, shares) for place in places], report.year_label(report.year), last, report.language)
    for count, (chart, alt) in enumerate(drawn, 1):
        caption = t("{code} {name}, theo thôn").format(code=code, name=name) + (f" ({count}/{len(drawn)})" if len(drawn) > 1 else "")
        yield figure(chart, caption, alt, anchor=f"villages-{code}-{count}", note=note)


def _reading(report: Report, rule: dict, place: _Place, shares: bool) -> Reading:
    counted = (place.now, place.before, place.target)
    if not shares:
        now, before, target = counted
        return Reading(place.name, place.unit, now, None, "", before, target, "")
    now, before, target = (None if count is None else 100 * count / place.whole for count in counted)
    label = f"{place.name} ({number(place.whole, report.language)} {place.unit})"
    return Reading(label, "%", now, tables.fraction(rule["threshold"]), rule["operator"], before, target, "")


def _place(report: Report, rule: dict, name: str) -> _Place | None:
    """What the village reports of the indicator; None where it reports nothing."""
    now, before = (_result(report, rule, name, year) for year in (report.year, report.last_year))
    counts = [None if row is None else tables.fraction(row["numerator"] or row["value"]) for row in (now, before)]
    if counts == [None, None]:
        return None
    base, row = counts[0] if counts[0] is not None else counts[1], now or before
    unit = rule["count_unit"] if row["unit"] in ("", "%") else row["unit"]
    return _Place(name, term(unit, report.language), _whole(report, rule, name, row), *counts, _target(report, rule, name, base))


def _result(report: Report, rule: dict, name: str, year: int | None) -> dict | None:
    """The village's count; a share without its count is none, for nobody can add it up."""
    key = {"table": "results", "year": year, "village": name, "indicator": rule["indicator"], "part": rule["part"]}
    rows = [row for row in report.rows("observations", **key) if row["numerator"] or row["unit"] != "%"]
    return rows[0] if len(rows) == 1 else None


def _whole(report: Report, rule: dict, name: str, row: dict) -> Fraction | None:
    """Out of how many: as the row says, else all households of the village where the commune counts among all of its own."""
    if row["denominator"]:
        return tables.fraction(row["denominator"]) or None
    commune = report.row("indicators", year=row["year"], indicator=rule["indicator"], part=rule["part"])
    households = ((report.commune.get("profile") or {}).get("households") or {}).get("value")
    register = report.row("observations", table="villages", village=name)
    if not (commune and register and households and commune["denominator"] == str(households)):
        return None
    return tables.fraction(register["value"]) or None


def _target(report: Report, rule: dict, name: str, base: Fraction) -> Fraction | None:
    """What the village has with what the plan of the year gives it to do."""
    planned = [row for row in plan_items_by_village(report, name, rule["indicator"], rule["part"]) if row["year"] == report.year and row["kind"] != "target"]
    amounts = [amount for row in planned if (amount := tables.fraction(row["numerator"] or row["value"])) is not None]
    return base + sum(amounts) if amounts else None
