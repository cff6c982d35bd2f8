"""Pictures over time and place: a figure over the years beside the stairs of its threshold, communes on a map."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import cos, radians

from ntm_lib.doc.charts import DOT, LINE, SIGNS, SMALL, STATES, Chart, Data, Sheet, bounded, quantity, without_empty
from ntm_lib.doc.style import COLOURS
from ntm_lib.language import translator

# ---------------------------------------------------------------- figures over years

YEARS_WIDTH, YEARS_HEIGHT = 236.0, 132.0  # points
Place = Callable[[Fraction | float], float]
Mark = tuple[int, Fraction, str, str]  # year, figure, state of its mark, the sign of a bound


@dataclass(frozen=True)
class Over:
    """One indicator over the years. ``levels``: year → threshold; ``points``: (year, figure, state of its mark, ``>`` … where
    the source gives only a bound);
    ``cut``: year from whose first day figures are counted another way, with the reason (None: none).
    """

    unit: str
    operator: str
    levels: dict[int, Fraction]
    points: tuple[Mark, ...]
    cut: tuple[int, str] | None = None


def over_years(series: Over, words: dict[str, str], language: str = "vi") -> Chart:
    """Figures as marks, joined within one way of counting, over the steps of the threshold. Raises ValueError without a figure.

    ``words``: what a state of a mark means.
    """
    if not series.points:
        raise ValueError("a chart over years needs at least one figure")
    years = sorted({*series.levels, *(point[0] for point in series.points)})
    span = range(years[0], years[-1] + 1)
    states = [state for state in STATES if any(state == point[2] for point in series.points)]
    sheet = Sheet(YEARS_WIDTH, YEARS_HEIGHT + LINE * (len(states) + 1) + (LINE if series.cut else 0))
    step = YEARS_WIDTH / len(span)
    figures = [*series.levels.values(), *(point[1] for point in series.points)]
    low, high = float(min(figures)), float(max(figures))
    room = (high - low) or high or 1.0

    def height(figure: Fraction | float) -> float:
        return 22 + (YEARS_HEIGHT - 58) * (high - float(figure)) / room

    def at(year: Fraction | float) -> float:
        return float(year - span[0] + 0.5) * step

    _levels(sheet, series, at, height, step, language)
    _points(sheet, series, at, height, language)
    base = YEARS_HEIGHT - 12
    sheet.stroke([0, YEARS_WIDTH], [base - 6, base - 6], COLOURS["line"], 0.8)
    for year in span:
        sheet.text(at(year), base + 2, str(year), fontsize=SMALL, ha="center")
    _years_legend(sheet, series, states, words, language)
    return Chart(sheet.figure, _years_alt(series, language), _years_data(series, words, language))


def _levels(sheet: Sheet, series: Over, at: Place, height: Place, step: float, language: str) -> None:
    """The threshold as stairs; its figure stands at each new step."""
    before: tuple[int, Fraction] | None = None
    for year, level in sorted(series.levels.items()):
        left, right, y = at(year) - step / 2, at(year) + step / 2, height(level)
        sheet.stroke([left, right], [y, y], COLOURS["ink"], 1.5, zorder=2)
        if before and before[0] == year - 1 and before[1] != level:
            sheet.stroke([left, left], [height(before[1]), y], COLOURS["ink"], 0.8, zorder=2)
        if not before or before[1] != level:
            shown = quantity(level, series.unit, language, bare=True)
            sheet.text(left + 1, y + 7, shown, fontsize=SMALL, color=COLOURS["muted"])
        before = year, level


def _points(sheet: Sheet, series: Over, at: Place, height: Place, language: str) -> None:
    points = sorted(series.points)
    cut = series.cut[0] if series.cut else None
    for (year, figure, *_), (then, other, *_) in pairwise(points):
        if cut is None or not year < cut <= then:
            sheet.stroke([at(year), at(then)], [height(figure), height(other)], COLOURS["met"], 1.1, zorder=2)
    for year, figure, state, bound in points:
        sheet.mark(at(year), height(figure), state)
        level = series.levels.get(year)
        gap = 99.0 if level is None else height(figure) - height(level)  # below the line by so much
        side = 10 if 0 <= gap < 20 else -10  # the figure stands where the line of the threshold does not cross it
        words = bounded(figure, bound, series.unit, language, bare=True)
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
        sheet.text(at(year), height(figure) + side, words, bold=True, ha="center", bbox=paper, zorder=3)
    if cut is not None:
        x = at(cut) - YEARS_WIDTH / (2 * len(range(min(series.levels), max(series.levels) + 1)))
        sheet.stroke([x, x], [6, YEARS_HEIGHT - 18], COLOURS["muted"], 0.9, linestyle=(0, (3, 2)))


def _years_legend(sheet: Sheet, series: Over, states: list[str], words: dict[str, str], language: str) -> None:
    t = translator(language)
    y = YEARS_HEIGHT + 4.0
    for state in states:
        sheet.mark(DOT + 3, y, state, 3.6)
        sheet.text(20, y, words[state], fontsize=SMALL)
        y += LINE
    sheet.stroke([2, 14], [y, y], COLOURS["ink"], 1.5)
    most = t("mức cao nhất cho phép") if series.operator.startswith("<") else t("mức thấp nhất phải đạt")
    sheet.text(20, y, most, fontsize=SMALL)
    if series.cut:
        sheet.stroke([8, 8], [y + LINE - 5, y + LINE + 5], COLOURS["muted"], 0.9, linestyle=(0, (3, 2)))
        sheet.text(20, y + LINE, series.cut[1], fontsize=SMALL)


def _years_alt(series: Over, language: str) -> str:
    t = translator(language)
    first, last = min(series.points), max(series.points)
    text = t("Số của xã từ năm {first} đến năm {last}, trên bậc thang của mức phải đạt.").format(
        first=first[0], last=last[0]
    )
    return f"{text} {series.cut[1]}." if series.cut else text


def _years_data(series: Over, words: dict[str, str], language: str) -> Data:
    t = translator(language)
    own = {year: (bounded(figure, bound, series.unit, language), state) for year, figure, state, bound in series.points}
    rows = [[t("Năm"), t("Số của xã"), t("Dựa vào"), t("Mức phải đạt")]]
    for year in sorted({*series.levels, *own}):
        figure, state = own.get(year, ("", ""))
        level = series.levels.get(year)
        rows.append(
            [
                str(year),
                figure,
                words.get(state, ""),
                "" if level is None else f"{SIGNS.get(series.operator, '')} {quantity(level, series.unit, language)}",
            ]
        )
    return without_empty(rows)


# ---------------------------------------------------------------- places

MAP_WIDTH, MAP_TALLEST = 258.0, 330.0  # points
Point = tuple[float, float]  # latitude, longitude in degrees


def dot_map(places: Sequence[tuple[str, Point, str]], around: Sequence[Point], words: dict[str, str]) -> Chart:
    """A mark where each place lies, over the pale points of all its neighbours, which give the province its shape.

    ``places``: name, point, state of its mark; ``words``: what a state means. Names stand where there is room for them.
    There are no borders. Raises ValueError without a place.
    """
    if not places:
        raise ValueError("a map needs at least one place")
    points = [*around, *(point for _, point, _ in places)]
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    narrow = cos(radians((south + north) / 2))  # a degree of longitude beside one of latitude
    scale = min((MAP_WIDTH - 24) / ((east - west) * narrow or 1.0), MAP_TALLEST / ((north - south) or 1.0), 900.0)
    states = [state for state in STATES if any(state == s for _, _, s in places)]
    tall = (north - south) * scale + 24
    sheet = Sheet(MAP_WIDTH, tall + LINE * len(states) + 6)
    spots = [(12 + (p[1] - west) * narrow * scale, 12 + (north - p[0]) * scale) for p in points]
    pale = spots[: len(around)]
    if pale:
        xs, ys = zip(*pale, strict=True)
        sheet.axes.scatter(xs, ys, s=5, color=COLOURS["line"], linewidths=0, zorder=1)
    named: list[tuple[float, float, float]] = []  # left, right and height of what is written
    for (x, y), (name, _, state) in zip(spots[len(around) :], places, strict=True):
        _place(sheet, x, y, state)
        width = len(name) * SMALL * 0.53
        for left in (x + 6, x - 6 - width):
            clear = all(left > right or left + width < start or abs(y - at) > LINE for start, right, at in named)
            if clear and left >= 0 and left + width <= MAP_WIDTH:
                sheet.text(left, y, name, fontsize=SMALL)
                named.append((left, left + width, y))
                break
    for n, state in enumerate(states):
        _place(sheet, DOT + 3, tall + 4 + n * LINE, state)
        sheet.text(20, tall + 4 + n * LINE, words[state], fontsize=SMALL)
    told = [(words[state], [name for name, _, s in places if s == state]) for state in states]
    return Chart(sheet.figure, " ".join(f"{what}: {', '.join(names)}." for what, names in told))


def _place(sheet: Sheet, x: float, y: float, state: str) -> None:
    """The mark of a place; what is not known is a small ring, to be told apart from a neighbour's point."""
    if state == "no-data":
        sheet.hollow(x, y)
    else:
        sheet.mark(x, y, state, 3.6)
