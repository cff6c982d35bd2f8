"""The pictures of the reports: marks in a matrix, figures on tracks beside their thresholds.

Each function returns a ``Chart``: the drawing, one sentence on what it shows, and its figures as a table for those
who cannot see it. Words stand in the picture as words; a mark has its own shape, so that grey print keeps it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ntm_lib.doc.markup import clean
from ntm_lib.doc.style import COLOURS, FAMILY, SYMBOLS, chart_settings, verdict_word
from ntm_lib.language import number, percent, translator

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

TEXT, SMALL = 8.5, 7.5  # points; at the width of a phone of 360 px still 9 px high
LINE = 11.5  # points: a line of text
DOT = 4.2  # points: radius of a mark

# What a mark can say, in the order of a legend.
STATES = ("measured", "declared", "planned", "aimed", "unmet", "no-data", "not-applicable")


class Sheet:
    """The paper of a drawing: ``width`` × ``height`` points, y downwards."""

    def __init__(self, width: float, height: float):
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        self.width = width
        with rc_context(chart_settings()):
            self.figure = Figure(figsize=(width / 72, height / 72))
            self.axes = self.figure.add_axes((0, 0, 1, 1), frameon=False)
            self.axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])

    def text(self, x: float, y: float, text: str, bold: bool = False, **look: Any) -> None:
        """Words whose small letters are centred on height ``y``. Dollar signs are money, not formulas; the symbols have no bold."""
        weight = {"family": FAMILY, "weight": 600} if bold else {"family": [FAMILY, SYMBOLS]}
        look = {"fontsize": TEXT, **weight, **look}
        self.axes.text(x, y + look["fontsize"] * 0.35, clean(text), va="baseline", parse_math=False, **look)

    def lines(self, x: float, y: float, lines: list[str], **look: Any) -> None:
        """Lines of text below one another, the first centred on ``y``."""
        for n, line in enumerate(lines):
            self.text(x, y + n * LINE, line, **look)

    def stroke(self, xs: list[float], ys: list[float], colour: str, width: float = 1.0, **look: Any) -> None:
        """A line through the points."""
        self.axes.plot(xs, ys, **{"color": colour, "linewidth": width, "solid_capstyle": "butt", **look})

    def band(self, left: float, right: float, y: float, height: float, colour: str) -> None:
        """A rectangle without frame, centred on height ``y``."""
        from matplotlib.patches import Rectangle

        corner, width = (left, y - height / 2), max(0.0, right - left)
        self.axes.add_artist(Rectangle(corner, width, height, color=colour, linewidth=0))

    def mark(self, x: float, y: float, state: str, radius: float = DOT) -> None:
        """The shape of a state: full, half full, a ring around a point, a ring, a cross, a point, a dash."""
        from matplotlib.patches import Circle, Wedge

        quiet = state in ("no-data", "not-applicable")
        colour = COLOURS["unmet" if state == "unmet" else "muted" if quiet else "met"]
        arm = radius * 0.75
        filled: dict[str, Any] = {"facecolor": colour, "edgecolor": "none"}
        ring = Circle((x, y), radius - 0.5, facecolor="white", edgecolor=colour, linewidth=1.1)
        shapes: dict[str, list[Patch]] = {
            "measured": [Circle((x, y), radius, facecolor=colour, edgecolor=colour)],
            "declared": [ring, Wedge((x, y), radius, 90, 270, **filled, zorder=4)],
            "planned": [ring, Circle((x, y), radius * 0.42, **filled, zorder=4)],
            "aimed": [ring],
            "no-data": [Circle((x, y), 1.1, **filled)],
        }
        for patch in shapes.get(state, []):
            patch.set_zorder(max(3, patch.get_zorder()))
            self.axes.add_artist(patch)  # add_patch takes ten times as long: it widens the axes, whose limits are given
        line: dict[str, Any] = {"linewidth": 1.8, "solid_capstyle": "round", "zorder": 4}
        for down in (arm, -arm) if state == "unmet" else ():
            self.stroke([x - arm, x + arm], [y - down, y + down], colour, **line)
        if state == "not-applicable":
            self.stroke([x - arm, x + arm], [y, y], colour, zorder=4)

    def hollow(self, x: float, y: float) -> None:
        """What was before: a small grey ring."""
        from matplotlib.patches import Circle

        ring = Circle((x, y), 2.6, facecolor="white", edgecolor=COLOURS["muted"], linewidth=1.0, zorder=3)
        self.axes.add_artist(ring)


def wrapped(text: str, letters: int, most: int = 2) -> list[str]:
    """The text in at most so many lines of so many letters; what does not fit ends in an ellipsis."""
    lines = wrap(clean(text), letters) or [""]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], lines[most - 1][: letters - 1].rstrip(" ,;(") + "…"]


WIDTH = 258.0  # points: on a phone of 360 px a quarter larger
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "="}
Data = tuple[tuple[str, ...], ...]  # rows of text, the headings first


@dataclass(frozen=True)
class Chart:
    """``alt``: what is to be seen, in words; ``data``: every figure that is drawn, the headings first."""

    figure: "Figure"
    alt: str
    data: Data = ()


# ---------------------------------------------------------------- marks in a matrix

NAMES, STEP, ROW = 172.0, 36.0, 13.6  # points: room for names, a column, a row
LETTERS = 37  # of a name on a line


def dot_matrix(columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], words: dict[str, str]) -> Chart:
    """One mark a cell, whose shape says what a verdict rests on; empty: no cell. Rows in bands of five, for the eye.

    ``rows``: name → a state of STATES for each column; ``words``: what a state means, for legend and text, which
    names for each column the rows of each state. Raises KeyError for another state.
    """
    rows = list(rows)
    shown = [state for state in STATES if any(state in states for _, states in rows)]
    names = [wrapped(name, LETTERS) for name, _ in rows]
    heights = [ROW + (len(lines) - 1) * (LINE - 2) for lines in names]
    top, legend = 18.0, len(shown) * LINE + 8
    sheet = Sheet(NAMES + STEP * len(columns), top + sum(heights) + legend)
    centres = [NAMES + (n + 0.5) * STEP for n in range(len(columns))]
    for n, (x, name) in enumerate(zip(centres, columns, strict=True)):
        sheet.text(x, 8, name, bold=n == len(columns) - 1, fontsize=SMALL + 0.5, ha="center")
    sheet.stroke([0, sheet.width], [top - 2, top - 2], COLOURS["ink"], 0.8)
    y = top
    for lines, height, (_, states) in zip(names, heights, rows, strict=True):
        first, _, rest = lines[0].partition(" ")
        numbered = _short(lines[0]) != lines[0]
        sheet.text(13, y + ROW / 2, first if numbered else "", fontsize=SMALL + 0.5, ha="right", color=COLOURS["muted"])
        sheet.lines(18 if numbered else 2, y + ROW / 2, [rest, *lines[1:]] if numbered else lines, fontsize=SMALL + 0.5)
        for x, state in zip(centres, states, strict=True):
            if state:
                sheet.mark(x, y + height / 2, state)
        y += height
        sheet.stroke([0, sheet.width], [y, y], COLOURS["line"], 0.4)
    for n, state in enumerate(shown):
        middle = y + 8 + (n + 0.5) * LINE
        sheet.mark(DOT + 1, middle, state, 3.6)
        sheet.text(DOT * 2 + 6, middle, words[state], fontsize=SMALL)
    return Chart(sheet.figure, _matrix_text(columns, rows, words))


def _matrix_text(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], words: dict[str, str]) -> str:
    """``2023: đạt theo số liệu: 11; đạt theo công bố: 1, 2.`` for each column; a row is named by its number, if it begins with one."""
    told = []
    for n, column in enumerate(columns):
        found = {state: [_short(name) for name, states in rows if states[n] == state] for state in STATES}
        parts = [f"{words[state]}: {', '.join(names)}" for state, names in found.items() if names]
        told += [f"{column}: {'; '.join(parts)}."] if parts else []
    return " ".join(told)


def _short(name: str) -> str:
    first = name.split(" ", 1)[0]
    return first.rstrip(".") if first[:1].isdigit() else name


# ---------------------------------------------------------------- figures on tracks

TRACK, AREA = 148.0, "#cfe3d6"  # points; the part of a track that meets the threshold
LABEL = 57  # letters of a label on a line


@dataclass(frozen=True)
class Reading:
    """One figure on its track. ``value`` is this year's, ``before`` last year's, ``target`` what the plan aims at; None
    where there is none. ``verdict`` as in ``tables.VERDICTS``; empty: nobody judges it, it only stands beside the
    threshold. ``next_threshold``: that of ``next_year`` (None: not known).
    """

    label: str
    unit: str
    value: Fraction | None
    threshold: Fraction | None
    operator: str = ">="
    before: Fraction | None = None
    target: Fraction | None = None
    verdict: str = "no-data"
    bound: str = ""  # of this year's value or target where the source gives only a bound: > is "trên"
    next_threshold: Fraction | None = None
    next_year: str = ""
    before_bound: str = ""  # of the year before

    @property
    def way(self) -> list[tuple[Fraction, str]]:
        """Figures that are known, in their order in time, each with its bound."""
        figures = (self.before, self.before_bound), (self.value, self.bound), (self.target, self.bound)
        return [(figure, bound) for figure, bound in figures if figure is not None]

    @property
    def falls(self) -> bool:
        """Whether less is better."""
        return self.operator.startswith("<")

    @property
    def known(self) -> list[Fraction]:
        figures = (self.value, self.before, self.target, self.threshold, self.next_threshold)
        return [figure for figure in figures if figure is not None]


def bullets(readings: Iterable[Reading], year: str, last_year: str, language: str = "vi", of: str = "") -> Chart:
    """A row each: last year's figure hollow, this year's solid (a target: a ring around a point, missed: a cross), the
    threshold a tick, next year's a dotted one, the part that meets it tinted: on the left where less is better.

    ``of``: what the rows are of one indicator, villages for instance: they stand on one scale. Raises ValueError without readings.
    """
    rows = list(readings)
    if not rows:
        raise ValueError("a chart needs at least one reading")
    labels = [wrapped(_label(row, language), LABEL) for row in rows]
    heights = [len(lines) * LINE + 22 for lines in labels]
    legend = _legend(rows, year, last_year, language)
    sheet = Sheet(WIDTH, sum(heights) + 2 + LINE * len(legend))
    end = max(map(_scale_end, rows)) if of else None
    y = 0.0
    for row, lines, height in zip(rows, labels, heights, strict=True):
        sheet.lines(0, y + LINE / 2, lines)
        _track(sheet, row, y + height - 12, float(end or _scale_end(row)), language)
        y += height
    for n, (draw, words) in enumerate(legend):
        draw(sheet, 8.0, y + (n + 0.5) * LINE)
        sheet.text(20, y + (n + 0.5) * LINE, words, fontsize=SMALL)
    data = _bullets_data(rows, (of or translator(language)("Chỉ tiêu"), last_year, year), language)
    return Chart(sheet.figure, _bullets_alt(rows, year, language), data)


def _label(row: Reading, language: str) -> str:
    """The name, the unit of what is no share, and that less is better where it is."""
    t = translator(language)
    told = row.unit == "%" or row.unit.split("/")[0] in row.label
    added = ", ".join(filter(None, ["" if told else row.unit, t("càng thấp càng tốt") if row.falls else ""]))
    if not added:
        return row.label
    room = LABEL * 2 - len(added) - 4
    name = row.label if len(row.label) <= room else row.label[:room].rstrip(" ,;(") + "…"
    return f"{name} ({added})"


def _track(sheet: Sheet, row: Reading, y: float, end: float, language: str) -> None:
    def at(figure: Fraction) -> float:
        return TRACK * min(1.0, max(0.0, float(figure) / end))

    sheet.stroke([0, TRACK], [y, y], COLOURS["line"], 1.2, zorder=1)
    if row.threshold is not None:
        limit = at(row.threshold)
        sheet.band(*((0.0, limit) if row.falls else (limit, TRACK)), y, 7, AREA)
        sheet.stroke([limit, limit], [y - 7, y + 7], COLOURS["ink"], 1.5, zorder=2)
    if row.next_threshold is not None and row.next_threshold != row.threshold:
        coming = at(row.next_threshold)
        sheet.stroke([coming, coming], [y - 7, y + 7], COLOURS["ink"], 1.3, linestyle=(0, (1, 1)), zorder=2)
    way = [at(figure) for figure, _ in row.way]
    if len(way) > 1:
        sheet.stroke(way, [y] * len(way), COLOURS["muted"], 1.0, zorder=2)
    if row.before is not None:
        sheet.hollow(at(row.before), y)
    if row.target is not None:
        sheet.mark(at(row.target), y, "unmet" if row.value is None and row.verdict == "unmet" else "planned")
    if row.value is not None:
        sheet.mark(at(row.value), y, "unmet" if row.verdict == "unmet" else "measured")
    sheet.text(WIDTH - 1, y - 4.5, _figures(row, language), bold=True, ha="right")
    sheet.text(WIDTH - 1, y + 5.5, _asked(row, language), fontsize=SMALL, color=COLOURS["muted"], ha="right")


def _figures(row: Reading, language: str) -> str:
    """``12,17 › 10,05%``: last year's, this year's, the target, as far as they are known."""
    way = [bounded(figure, bound, row.unit, language, bare=True) for figure, bound in row.way]
    if not way:
        return translator(language)("chưa có số liệu")
    return " › ".join([*(figure.removesuffix("%") for figure in way[:-1]), way[-1]])


def _asked(row: Reading, language: str) -> str:
    """``cần ≤ 13%; 2025: ≤ 12%``; a threshold that stays is said to."""
    t = translator(language)
    if row.threshold is None:
        return ""
    asked = t("cần {threshold}").format(threshold=_limit(row, row.threshold, language))
    if row.next_threshold is None:
        return asked
    same = row.next_threshold == row.threshold
    then = t("như vậy") if same else _limit(row, row.next_threshold, language)
    return f"{asked}; {row.next_year}: {then}"


def _limit(row: Reading, figure: Fraction | None, language: str, bare: bool = True) -> str:
    if figure is None:
        return ""
    return f"{SIGNS.get(row.operator, '')} {quantity(figure, row.unit, language, bare)}".strip()


def _scale_end(row: Reading) -> Fraction:
    """Shares of which more is better run to 100; what must stay low to twice its threshold, or what it takes."""
    highest = max(row.known, default=Fraction(1)) or Fraction(1)
    if row.unit == "%" and not row.falls and highest <= 100:
        return Fraction(100)
    return max(highest * Fraction(9, 8), 2 * (row.threshold or Fraction(0)) if row.falls else Fraction(0))


def _legend(rows: list[Reading], year: str, last_year: str, language: str) -> list[tuple[Any, str]]:
    """What is drawn, each with how: only what occurs."""
    t = translator(language)
    found: list[tuple[Any, str]] = []
    if any(row.before is not None for row in rows):
        found.append((lambda sheet, x, y: sheet.hollow(x, y), t("{year}: năm trước").format(year=last_year)))
    marks = (
        ("measured", t("{year}: kết quả"), any(row.value is not None and row.verdict != "unmet" for row in rows)),
        (
            "planned",
            t("{year}: mục tiêu"),
            any(row.target is not None and (row.value is not None or row.verdict != "unmet") for row in rows),
        ),
        ("unmet", t("{year}: chưa đạt mức"), any(row.verdict == "unmet" for row in rows)),
    )
    for state, words, used in marks:
        if used:
            found.append((lambda sheet, x, y, state=state: sheet.mark(x, y, state, 3.6), words.format(year=year)))
    if any(row.threshold is not None for row in rows):
        found.append((_draw_limit, t("mức phải đạt; vùng xanh là đạt")))
    coming = [row for row in rows if row.next_threshold not in (None, row.threshold)]
    if coming:
        found.append((_draw_next, t("mức của năm {year}").format(year=coming[0].next_year)))
    return found


def _draw_limit(sheet: Sheet, x: float, y: float) -> None:
    sheet.band(x, x + 8, y, 7, AREA)
    sheet.stroke([x, x], [y - 4.5, y + 4.5], COLOURS["ink"], 1.5)


def _draw_next(sheet: Sheet, x: float, y: float) -> None:
    sheet.stroke([x, x], [y - 4.5, y + 4.5], COLOURS["ink"], 1.3, linestyle=(0, (1, 1)))


def _bullets_alt(rows: list[Reading], year: str, language: str) -> str:
    text = translator(language)("Mỗi dòng một con số năm {year} trên một vạch, cạnh mức phải đạt: {names}.")
    return text.format(year=year, names=", ".join(_short(row.label) for row in rows))


def _bullets_data(rows: list[Reading], first: tuple[str, str, str], language: str) -> Data:
    t = translator(language)
    coming = next((row.next_year for row in rows if row.next_threshold is not None), "")
    heads = [*first, t("Mức phải đạt"), coming and t("Mức năm {year}").format(year=coming), t("Kết luận")]
    cells = [
        [
            row.label,
            "" if row.before is None else bounded(row.before, row.before_bound, row.unit, language),
            _now(row, language),
            *(_limit(row, level, language, bare=False) for level in (row.threshold, row.next_threshold)),
            verdict_word(row.verdict, language) if row.verdict else "",
        ]
        for row in rows
    ]
    return without_empty([heads, *cells])


def _now(row: Reading, language: str) -> str:
    """This year's figure, the target, or both; that there is none."""
    t = translator(language)
    parts = [] if row.value is None else [bounded(row.value, row.bound, row.unit, language)]
    if row.target is not None:
        parts.append(t("{figure} (mục tiêu)").format(figure=bounded(row.target, row.bound, row.unit, language)))
    return "; ".join(parts) or t("chưa có số liệu")


def without_empty(rows: list[list[str]]) -> Data:
    """The rows without the columns that hold nothing below their heading."""
    kept = [n for n in range(len(rows[0])) if any(row[n] for row in rows[1:])]
    return tuple(tuple(row[n] for n in kept) for row in rows)


def bounded(value: Fraction, bound: str, unit: str, language: str, bare: bool = False) -> str:
    """``trên 56,2 triệu đồng``, ``49``: a bound keeps its word."""
    t = translator(language)
    words = {">": t("trên"), "<": t("dưới"), ">=": t("từ"), "<=": t("đến")}
    return f"{words.get(bound, '')} {quantity(value, unit, language, bare)}".strip()


def quantity(value: Fraction, unit: str, language: str, bare: bool = False) -> str:
    """A figure with its unit; ``bare``: without, where the unit stands beside; shares keep their sign."""
    if unit == "%":
        return percent(value, language, 0 if value.denominator == 1 else 2)
    places = next((places for places in (0, 1) if (value * 10**places).denominator == 1), 2)
    return f"{number(value, language, places)} {'' if bare else unit}".strip()
