"""Pictures of figures beside thresholds: of the commune, and of its villages for every indicator that they report."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ntm_lib import rules, tables
from ntm_lib.doc.blocks import Block, Inline, figure, inline, join, link, paper, paragraph, screen, stack
from ntm_lib.doc.charts import Reading, dot_matrix, side_by_side, threshold_chart
from ntm_lib.language import number, term
from ntm_lib.report.context import Report, Row, comparable_before, criteria_order
from ntm_lib.report.facts import FEWEST, plan_items_by_village, villages
from ntm_lib.report.sections.evidence import sources

FEWEST_VILLAGES = 2  # villages with a figure: one alone is no comparison


@dataclass(frozen=True)
class _Figure:
    """A count, out of ``whole`` where that is known; or a value of its own, such as an income."""

    value: Fraction
    whole: Fraction | None


@dataclass(frozen=True)
class _Place:
    """The figures of one village; None where nobody gives them."""

    name: str
    unit: str
    now: _Figure | None
    before: _Figure | None
    target: _Figure | None

    @property
    def figures(self) -> tuple[_Figure | None, ...]:
        return self.now, self.before, self.target


def village_charts(report: Report, criterion: str) -> Block:
    """Charts for each indicator, villages in the order of the alphabet; nothing where villages report nothing.

    The line is the commune's threshold. No village is judged by it: it shows where help is needed.
    """
    charts = []
    for rule in report.rows("thresholds", criterion=criterion, year=report.year):
        places = [place for name in villages(report) if (place := _place(report, rule, name))]
        charts += _charts(report, rule, places) if len(places) >= FEWEST_VILLAGES else []
    return stack(*charts)


def _charts(report: Report, rule: dict, places: list[_Place]) -> Iterator[Block]:
    t, own = report.t, _as_is if rule["kind"] != "share" else _share if _all_wholes(places) else _count
    note = (
        t("Có thôn chưa có tổng số, nên vẽ số đếm, không vẽ tỷ lệ.")
        if own is _count
        else t("Ngưỡng là của toàn xã; thôn không bị xét đạt hay chưa đạt.")
    )
    last = report.year_label(report.last_year) if report.last_year else ""
    code, name = (
        rule["indicator"] + rule["part"],
        rules.indicator_name(report.rule_set, rule["indicator"], rule["part"], report.language),
    )
    drawn = side_by_side(
        [own(place, rule, report.language) for place in places], report.year_label(report.year), last, report.language
    )
    for count, (chart, alt) in enumerate(drawn, 1):
        caption = t("{code} {name}, theo thôn").format(code=code, name=name) + (
            f" ({count}/{len(drawn)})" if len(drawn) > 1 else ""
        )
        yield figure(chart, caption, alt, anchor=f"villages-{code}-{count}", note=note)


def _all_wholes(places: list[_Place]) -> bool:
    return all(found.whole for place in places for found in place.figures if found)


def _as_is(place: _Place, rule: dict, language: str) -> Reading:
    now, before, target = (found and found.value for found in place.figures)
    return Reading(
        place.name, place.unit, now, tables.fraction(rule["threshold"]), rule["operator"], before, target, ""
    )


def _count(place: _Place, rule: dict, language: str) -> Reading:
    return replace(_as_is(place, rule, language), threshold=None)


def _share(place: _Place, rule: dict, language: str) -> Reading:
    """Each share out of the whole of its own year; the newest whole stands beside the name."""
    now, before, target = (found and 100 * found.value / found.whole for found in place.figures)
    whole = (place.now or place.before).whole
    label = f"{place.name} ({number(whole, language)} {place.unit})"
    return Reading(label, "%", now, tables.fraction(rule["threshold"]), rule["operator"], before, target, "")


def _place(report: Report, rule: dict, name: str) -> _Place | None:
    """What the village reports of the indicator; None where it reports nothing."""
    rows = [_result(report, rule, name, year) for year in (report.year, report.last_year)]
    now, before = (_figure(report, rule, name, row) for row in rows)
    if not (now or before):
        return None
    unit = (rows[0] or rows[1])["unit"]
    unit = rule["count_unit"] if unit in ("", "%") else unit
    return _Place(name, term(unit, report.language), now, before, _target(report, rule, name, now or before))


def _figure(report: Report, rule: dict, name: str, row: dict | None) -> _Figure | None:
    value = tables.fraction(row["numerator"] or row["value"]) if row else None
    return None if value is None else _Figure(value, _whole(report, rule, name, row))


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


def _target(report: Report, rule: dict, name: str, base: _Figure) -> _Figure | None:
    """What the village has with what the plan of the year gives it to do."""
    planned = [
        row
        for row in plan_items_by_village(report, name, rule["indicator"], rule["part"])
        if row["year"] == report.year and row["kind"] != "target"
    ]
    amounts = [amount for row in planned if (amount := tables.fraction(row["numerator"] or row["value"])) is not None]
    return replace(base, value=base.value + sum(amounts)) if amounts else None


def threshold_charts(report: Report) -> Block:
    """Small multiples: every indicator with a number and a threshold, last year, this year and target."""
    t = report.t
    rows = [_chart_row(report, row) for row in report.rows("indicators", year=report.year) if _charted(report, row)]
    if not rows:
        return paragraph(t("Chưa có chỉ tiêu nào có số liệu để vẽ."))
    last = report.year_label(report.last_year) if report.last_year else ""
    fig, alt = threshold_chart(rows, report.year_label(report.year), last, report.language)
    caption = t("Số liệu so với ngưỡng năm {year}").format(year=report.year)
    shown = [row for row in report.rows("indicators", year=report.year) if _charted(report, row)]
    drawn = figure(fig, caption=caption, alt=alt, anchor="chart-thresholds", note=_chart_sources(report, shown))
    if len(rows) >= FEWEST:
        return drawn
    return stack(
        screen(drawn),
        paper(paragraph(t("Mới có {n} chỉ tiêu có số liệu so được với ngưỡng: xem bảng ở mục 4.").format(n=len(rows)))),
    )


def _chart_sources(report: Report, rows: list[dict]) -> Inline:
    """``Dòng số liệu gốc: 3.1 [HM049]; 10.1 [HM088] …``"""
    return (
        report.t("Dòng số liệu gốc: ")
        + join([inline(row["indicator"] + row["part"], sources(row)) for row in rows if row["observation"]], "; ")
        + "."
    )


def _charted(report: Report, row: dict) -> bool:
    return (
        row["bound"] != "upper"
        and bool(tables.NUMBER.fullmatch(row["value"]) and tables.NUMBER.fullmatch(row["threshold"] or "-"))
        and row["unit"] != "mức độ"
    )


def _chart_row(report: Report, row: dict) -> Reading:
    before = comparable_before(report, row)
    planned = row["basis"] == "planned"
    name = rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)
    return Reading(
        label=f"{row['indicator']}{row['part']} {name}",
        bound=row["bound"],
        unit=term(row["unit"], report.language),
        value=None if planned else tables.fraction(row["value"]),
        target=tables.fraction(row["value"]) if planned else None,
        before=tables.fraction(before["value"]) if before else None,
        threshold=tables.fraction(row["threshold"]),
        operator=row["operator"],
        verdict=row["verdict"],
    )


def criteria_picture(report: Report) -> Block:
    """Criteria × years, a dot each, whose shape says what the verdict rests on; the table behind it is the grid."""
    t, order = report.t, criteria_order(report)
    words = {
        "measured": t("đạt theo số liệu"),
        "declared": t("đạt, chỉ theo công bố"),
        "planned": t("đạt nếu làm được mục tiêu có con số của kế hoạch"),
        "aimed": t("kế hoạch nêu sẽ đạt, không có con số"),
        "unmet": t("chưa đạt"),
        "no-data": t("chưa kết luận được"),
        "not-applicable": t("không áp dụng"),
    }
    by_year = {year: {row["criterion"]: row for row in report.rows("criteria", year=year)} for year in report.years}
    rows = [(report.year_label(year), [_state(found.get(c)) for c in order]) for year, found in by_year.items()]
    if all(state in ("", "no-data") for _, states in rows for state in states):
        return stack()
    fig, alt = dot_matrix(order, rows, words, report.language)
    caption = t("{count} tiêu chí qua các năm: đạt hay chưa, dựa vào đâu").format(count=len(order))
    note = inline(t("Từng tiêu chí có tên ở "), link(t("bảng mục 2"), "grid"), ".")
    return figure(fig, caption=caption, alt=alt, anchor="picture", note=note)


def _state(row: Row | None) -> str:
    """What a dot shows of a row of ``criteria``: the basis of what is met, else the verdict; empty where there is no row."""
    if row is None:
        return ""
    return row["basis"] if row["verdict"] == "met" else row["verdict"]
