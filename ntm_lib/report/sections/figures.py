"""The pictures of the report: criteria over the years beside the figures that come nearest their thresholds, levels over
the years, and the villages of every indicator that they report. Nothing is judged here; order and place are all that a picture adds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ntm_lib import rules, tables
from ntm_lib.doc.blocks import Block, Inline, beside, figure, inline, join, link, paper, paragraph, screen, stack
from ntm_lib.doc.charts import Chart, Reading, bullets, dot_matrix
from ntm_lib.doc.plots import Mark, Over, over_years
from ntm_lib.judge.amounts import nearness
from ntm_lib.language import number, term
from ntm_lib.model import UNFIT
from ntm_lib.report.context import Report, Row, comparable_before, criteria_order
from ntm_lib.report.facts import FEWEST, indicator_label, kept, plan_items_by_village, villages
from ntm_lib.report.sections.evidence import sources
from ntm_lib.report.sections.standing import spare_text, standing

NEAREST = 9  # figures beside the criteria; all of them stand in section 3
EACH = 16  # rows of a chart that stands on a page with its caption
FEWEST_VILLAGES = 2  # villages with a figure: one alone is no comparison


def mark_words(report: Report) -> dict[str, str]:
    """What each mark of a picture means."""
    t = report.t
    return {
        "measured": t("đạt theo số liệu"),
        "declared": t("đạt, chỉ theo công bố"),
        "planned": t("đạt nếu làm được mục tiêu có con số"),
        "aimed": t("kế hoạch nêu sẽ đạt, không có con số"),
        "unmet": t("chưa đạt"),
        "no-data": t("chưa kết luận được"),
        "not-applicable": t("không áp dụng"),
    }


def state(row: Row | None) -> str:
    """What a mark shows of a row of ``criteria`` or ``indicators``: the basis of what is met, else the verdict; empty where there is no row."""
    if row is None:
        return ""
    return str(row["basis"] if row["verdict"] == "met" else row["verdict"])


# ---------------------------------------------------------------- page one


def page_picture(report: Report) -> Block:
    """Criteria × years, beside the figures nearest their thresholds; nothing where nothing is known."""
    return beside(criteria_picture(report), _nearest(report))


def criteria_picture(report: Report) -> Block:
    """Criteria × years, a mark each; the table behind it is that of section 2. Nothing where nothing was concluded."""
    t, order = report.t, criteria_order(report)
    by_year = {year: {row["criterion"]: row for row in report.rows("criteria", year=year)} for year in report.years}
    rows = [(_criterion(report, c), [state(by_year[year].get(c)) for year in report.years]) for c in order]
    if all(mark in ("", "no-data") for _, marks in rows for mark in marks):
        return stack()
    chart = dot_matrix([report.year_label(year) for year in report.years], rows, mark_words(report))
    found = standing(report, report.year)
    caption = t("{year}: {met}/{all} tiêu chí đạt, {n} tiêu chí có đủ con số").format(
        year=report.year_label(report.year), met=found.met, all=found.total, n=found.with_figures
    )
    note = inline(t("Từng tiêu chí bằng chữ ở "), link(t("bảng mục 2"), "grid"), ".")
    return figure(chart.figure, caption, chart.alt, anchor="picture", note=note)


def _criterion(report: Report, criterion: str) -> str:
    return f"{criterion} {rules.criterion_name(report.rule_set, criterion, report.language)}"


def _nearest(report: Report) -> Block:
    found = _charted(report)
    if not found:
        return stack()
    t, (first, *_) = report.t, found
    caption = t("Con số sát mức phải đạt nhất: {code}, {margin}").format(
        code=first["indicator"] + first["part"], margin=spare_text(report, first)
    )
    if not first["margin"]:  # a bound, for instance: it is beside its threshold, and by how much nobody knows
        caption = t("Con số đã có, so với mức phải đạt")
    more = t("Đủ {n} con số ở ").format(n=len(found)), link(t("mục 3"), "chart-all"), ". "
    note = inline(*(more if len(found) > NEAREST else ()), _chart_sources(report, found[:NEAREST]))
    return _pictured(_tracks(report, found[:NEAREST]), caption, "chart-thresholds", note)


def nearest_figure(report: Report) -> str:
    """``10.1 (dư trên 11,2 triệu đồng/người/năm)``: what the picture of page one puts first; empty without a margin."""
    first = next(iter(_charted(report)), None)
    if first is None or not first["margin"]:
        return ""
    return f"{first['indicator']}{first['part']} ({spare_text(report, first)})"


def _pictured(chart: Chart, caption: str, anchor: str, note: Inline | str = "") -> Block:
    return figure(chart.figure, caption, chart.alt, anchor=anchor, note=note, data=chart.data)


def _tracks(report: Report, rows: list[Row]) -> Chart:
    last = report.year_label(report.last_year) if report.last_year else ""
    readings = [_reading(report, row) for row in rows]
    return bullets(readings, report.year_label(report.year), last, report.language)


def _charted(report: Report) -> list[Row]:
    """Indicators of the year that were concluded by a number, those nearest their threshold first: what lacks most, then
    what has least to spare. What
    could not be concluded stands in section 4: a mark would say more than is known.
    """
    rows = [r for r in report.rows("indicators", year=report.year) if _has_figures(r) and r["verdict"] != "no-data"]
    return sorted(rows, key=lambda row: (not row["margin"], _nearness(row)))


def _has_figures(row: Row) -> bool:
    """Whether value and threshold are numbers of one kind; an upper bound from parts is no figure, a level no quantity."""
    numbers = tables.fraction(row["value"]), tables.fraction(row["threshold"])
    return None not in numbers and row["bound"] != "upper" and row["unit"] != "mức độ" and row["reason"] not in UNFIT


def _nearness(row: Row) -> Fraction:
    margin, threshold = (tables.fraction(row[c]) or Fraction(0) for c in ("margin", "threshold"))
    return nearness(margin, threshold, row["unit"]) * (1 if margin >= 0 else -1)  # the measure of the risks


def _reading(report: Report, row: Row) -> Reading:
    key = {"indicator": row["indicator"], "part": row["part"]}
    before = comparable_before(report, row)
    coming = report.row("needs", year=report.year, **key)
    planned, value = row["basis"] == "planned", tables.fraction(row["value"])
    return Reading(
        label=indicator_label(report, row),
        bound=row["bound"],
        unit=term(row["unit"], report.language),
        value=None if planned else value,
        target=value if planned else None,
        before=tables.fraction(before["value"]) if before and before["bound"] != "upper" else None,
        before_bound=before["bound"] if before else "",
        threshold=tables.fraction(row["threshold"]),
        operator=row["operator"],
        verdict=row["verdict"],
        next_threshold=tables.fraction(coming["next_threshold"]) if coming else None,
        next_year=coming["next_year"] if coming else "",
    )


def _chart_sources(report: Report, rows: list[Row]) -> Inline:
    """``Dòng số liệu gốc: 3.1 [HM049]; 10.1 [HM088] …``; nothing on paper, which holds no raw rows."""
    named = [inline(row["indicator"] + row["part"], sources(row)) for row in rows if row["observation"]]
    return screen(report.t("Dòng số liệu gốc: ") + join(named, "; ") + ".")


# ---------------------------------------------------------------- section 3


def figures_section(report: Report) -> Block:
    """Levels over the years, and every figure beside its threshold where page one shows but the nearest."""
    t, found = report.t, _charted(report)
    over = [_over(report, indicator) for indicator in _over_years(report)]
    if not over and not found:
        return paragraph(t("Chưa có chỉ tiêu nào có số liệu để vẽ."))
    whole = [found[n : n + EACH] for n in range(0, len(found), EACH)] if len(found) > NEAREST else []
    thin = len(found) < FEWEST  # its PDF is short: page one says all of it
    told = paragraph(t("Các con số đã vẽ ở trang đầu."))
    return stack(
        *([told] if not over and not whole else [paper(told)] if thin else []),
        screen(beside(*over)) if thin else beside(*over),
        *(_all_tracks(report, rows, n, len(whole)) for n, rows in enumerate(whole, 1)),
    )


def _all_tracks(report: Report, rows: list[Row], part: int, parts: int) -> Block:
    t = report.t
    caption = t("Mọi con số của năm {year}, sát mức phải đạt nhất ở trên").format(year=report.year)
    caption += f" ({part}/{parts})" if parts > 1 else ""
    anchor = "chart-all" if part == 1 else f"chart-all-{part}"
    return _pictured(_tracks(report, rows), caption, anchor, _chart_sources(report, rows))


def _over_years(report: Report) -> list[str]:
    """Indicators of which the rules ask more each year, or another way of counting from some day, and that have a figure."""
    if not report.in_years:
        return []
    levels = _levels(report)
    cut = {str(entry["indicator"]) for entry in report.rule_set.meta.get("breaks") or []}
    rising = {name for name, found in levels.items() if len(set(found.values())) > 1}
    known = {row["indicator"] for row in report.rows("indicators", part="") if _has_figures(row)}
    return sorted((rising | cut) & known, key=tables.natural_key)


def _levels(report: Report) -> dict[str, dict[int, Fraction]]:
    """Indicator → year of the rule set → threshold, as the rules hold it for the commune."""
    made: dict[str, dict[int, Fraction]] = kept(report, "levels", lambda: _levels_of(report))
    return made


def _levels_of(report: Report) -> dict[str, dict[int, Fraction]]:
    run, (first, last) = report.parameters, report.rule_set.meta["years"]
    found: dict[str, dict[int, Fraction]] = {}
    for year in range(int(first), int(last) + 1):
        resolved = rules.resolve(report.rule_set, report.commune, year, run.region or None, report.language, run.strict)
        for row in tables.records(resolved):
            level = None if row["part"] else tables.fraction(row["threshold"])
            if level is not None and row["kind"] in ("number", "share"):
                found.setdefault(row["indicator"], {})[year] = level
    return found


def _over(report: Report, indicator: str) -> Block:
    """One indicator over the years of the rule set, on the stairs of its threshold."""
    t, levels = report.t, _levels(report).get(indicator, {})
    rows = [row for row in report.rows("indicators", indicator=indicator, part="") if _has_figures(row)]
    points = tuple((row["year"], Fraction(row["value"]), state(row), row["bound"]) for row in rows)
    unit = term(rows[-1]["unit"], report.language)
    series = Over(unit, rows[-1]["operator"], levels, points, _cut(report, indicator, points, levels))
    chart = over_years(series, mark_words(report), report.language)
    newest = max(rows, key=lambda row: row["year"])
    label, year = indicator_label(report, newest), report.year_label(newest["year"])
    caption = t("{label}: {year} {margin} so với mức phải đạt").format(
        label=label, year=year, margin=spare_text(report, newest)
    )
    if not newest["margin"]:
        caption = t("{label}, đến {year}, trên mức phải đạt từng năm").format(label=label, year=year)
    return _pictured(chart, caption, f"chart-years-{indicator}", _chart_sources(report, rows))


def _cut(
    report: Report, indicator: str, points: tuple[Mark, ...], levels: dict[int, Fraction]
) -> tuple[int, str] | None:
    """The year from whose first day the figure is counted otherwise, where the picture reaches behind it."""
    first = min([point[0] for point in points] + list(levels))
    for entry in report.rule_set.meta.get("breaks") or []:
        year = int(str(entry["from"])[:4])
        if str(entry["indicator"]) == indicator and first < year:
            return year, report.t("từ {year} đếm theo chuẩn khác, không so với trước").format(year=year)
    return None


# ---------------------------------------------------------------- villages


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

    The tick is the commune's threshold. No village is judged by it: it shows where help is needed.
    """
    charts: list[Block] = []
    for rule in report.rows("thresholds", criterion=criterion, year=report.year):
        places = [place for name in villages(report) if (place := _place(report, rule, name))]
        charts += _charts(report, rule, places) if len(places) >= FEWEST_VILLAGES else []
    return stack(*charts)


def _charts(report: Report, rule: Row, places: list[_Place]) -> Iterator[Block]:
    t, own = report.t, _as_is if rule["kind"] != "share" else _share if _all_wholes(places) else _count
    note = (
        t("Có thôn chưa có tổng số, nên vẽ số đếm, không vẽ tỷ lệ.")
        if own is _count
        else t("Ngưỡng là của toàn xã; thôn không bị xét đạt hay chưa đạt.")
    )
    last = report.year_label(report.last_year) if report.last_year else ""
    parts = [places[n : n + EACH] for n in range(0, len(places), EACH)]
    for count, part in enumerate(parts, 1):
        readings = [own(place, rule, report.language) for place in part]
        chart = bullets(readings, report.year_label(report.year), last, report.language, of=t("Thôn"))
        caption = t("{code}, theo thôn").format(code=indicator_label(report, rule))
        caption += f" ({count}/{len(parts)})" if len(parts) > 1 else ""
        yield _pictured(chart, caption, f"villages-{rule['indicator']}{rule['part']}-{count}", note)


def _all_wholes(places: list[_Place]) -> bool:
    return all(found.whole for place in places for found in place.figures if found)


def _as_is(place: _Place, rule: Row, language: str) -> Reading:
    now, before, target = (found.value if found else None for found in place.figures)
    threshold = tables.fraction(rule["threshold"])
    return Reading(place.name, place.unit, now, threshold, rule["operator"], before, target, "")


def _count(place: _Place, rule: Row, language: str) -> Reading:
    return replace(_as_is(place, rule, language), threshold=None)


def _share(place: _Place, rule: Row, language: str) -> Reading:
    """Each share out of the whole of its own year; the newest whole stands beside the name."""
    now, before, target = (
        100 * found.value / found.whole if found and found.whole else None for found in place.figures
    )
    newest = place.now or place.before
    label = f"{place.name} ({number(newest.whole, language)} {place.unit})" if newest and newest.whole else place.name
    return Reading(label, "%", now, tables.fraction(rule["threshold"]), rule["operator"], before, target, "")


def _place(report: Report, rule: Row, name: str) -> _Place | None:
    """What the village reports of the indicator; None where it reports nothing."""
    rows = [_result(report, rule, name, year) for year in (report.year, report.last_year)]
    now, before = (_figure(report, rule, name, row) for row in rows)
    found = rows[0] or rows[1]
    if found is None or not (now or before):
        return None
    unit = rule["count_unit"] if found["unit"] in ("", "%") else found["unit"]
    return _Place(name, term(unit, report.language), now, before, _target(report, rule, name, now or before))


def _figure(report: Report, rule: Row, name: str, row: Row | None) -> _Figure | None:
    value = tables.fraction(row["numerator"] or row["value"]) if row else None
    return None if row is None or value is None else _Figure(value, _whole(report, rule, name, row))


def _result(report: Report, rule: Row, name: str, year: int | None) -> Row | None:
    """The village's count; a share without its count is none, for nobody can add it up."""
    key = {"table": "results", "year": year, "village": name, "indicator": rule["indicator"], "part": rule["part"]}
    rows = [row for row in report.rows("observations", **key) if row["numerator"] or row["unit"] != "%"]
    return rows[0] if len(rows) == 1 else None


def _whole(report: Report, rule: Row, name: str, row: Row) -> Fraction | None:
    """Out of how many: as the row says, else all households of the village where the commune counts among all of its own."""
    if row["denominator"]:
        return tables.fraction(row["denominator"]) or None
    commune = report.row("indicators", year=row["year"], indicator=rule["indicator"], part=rule["part"])
    households = ((report.commune.get("profile") or {}).get("households") or {}).get("value")
    register = report.row("observations", table="villages", village=name)
    if not (commune and register and households and commune["denominator"] == str(households)):
        return None
    return tables.fraction(register["value"]) or None


def _target(report: Report, rule: Row, name: str, base: _Figure | None) -> _Figure | None:
    """What the village has with what the plan of the year gives it to do."""
    planned = [
        row
        for row in plan_items_by_village(report, name, rule["indicator"], rule["part"])
        if row["year"] == report.year and row["kind"] != "target"
    ]
    amounts = [amount for row in planned if (amount := tables.fraction(row["numerator"] or row["value"])) is not None]
    return replace(base, value=base.value + sum(amounts)) if base and amounts else None
