"""Charts of the report, drawn with matplotlib: threshold as a line, last year hollow, this year solid, target dashed.

Each function returns the figure and its text alternative, which gives the numbers. Charts are
narrow and their words stand in the picture, so that a phone and a column of paper can show them;
verdicts have a sign beside the colour.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ntm_lib.doc.markup import clean
from ntm_lib.doc.style import COLOURS, FAMILY, MARKS, SYMBOLS, chart_settings, verdict_word
from ntm_lib.language import number, percent, translator

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.patches import Circle, Patch

WIDTH = 302.0  # points; on a phone of 360 px the text of 9.5 points is still more than 10 px high
TEXT, SMALL = 9.5, 8.5  # points
LINE, BAR, GAP, SPACE = 13.0, 11.0, 3.5, 11.0  # points: a line of text, a bar, what lies between bars, and between rows
ROOM = 118.0  # points: a longer bar takes its label inside
TALLEST = 560.0  # points: a chart that is to stand on a page with its caption
LETTERS, MOST_LINES = 46, 4  # of a bold label: letters that fit on a line, lines

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "="}


@dataclass(frozen=True)
class Reading:
    """One indicator of a threshold chart. ``value`` is this year's, ``before`` last year's, ``target``
    what the plan aims at; None where there is none. ``verdict`` as in ``tables.VERDICTS``; empty: nobody
    judges this figure, it is only shown beside the threshold.
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


def threshold_chart(
    readings: Iterable[Reading], year: str, last_year: str, language: str = "vi"
) -> tuple["Figure", str]:
    """Small multiples, one indicator a row, each with its own scale from 0 (shares: to 100).

    ``year`` and ``last_year`` are the words that stand beside the bars. Raises ValueError without readings.
    """
    rows = list(readings)
    if not rows:
        raise ValueError("a threshold chart needs at least one reading")
    bars = [_bars(row, year, last_year, language) for row in rows]
    sheet = _Sheet([_reading_height(row, drawn) for row, drawn in zip(rows, bars, strict=True)])
    for top, row, drawn in zip(sheet.tops, rows, bars, strict=True):
        _draw_reading(sheet, top, row, drawn, language)
    return sheet.figure, " ".join(_reading_text(row, year, last_year, language) for row in rows)


def side_by_side(
    readings: Iterable[Reading], year: str, last_year: str, language: str = "vi"
) -> list[tuple["Figure", str]]:
    """The same figure of several places, one a row, all on one scale and against the threshold of the first reading.

    As many charts as it takes for each to stand on a page. Raises ValueError without readings.
    """
    rows = list(readings)
    if not rows:
        raise ValueError("a chart side by side needs at least one reading")
    bars = [_bars(row, year, last_year, language) for row in rows]
    heights = [_reading_height(row, drawn) - LINE for row, drawn in zip(rows, bars, strict=True)]
    each, scale = ceil(len(rows) / ceil(sum(heights) / TALLEST)), WIDTH / float(max(map(_scale_end, rows)))
    parts = [slice(i, i + each) for i in range(0, len(rows), each)]
    alts = [_texts_side_by_side(rows[part], year, last_year, language) for part in parts]
    return [
        (_side_by_side(rows[part], bars[part], heights[part], scale, language), alt)
        for part, alt in zip(parts, alts, strict=True)
    ]


def _side_by_side(
    rows: list[Reading], bars: list[list["_Bar"]], heights: list[float], scale: float, language: str
) -> "Figure":
    threshold = rows[0].threshold
    sheet = _Sheet(heights if threshold is None else [*heights, LINE + SPACE])
    for top, row, drawn in zip(sheet.tops, rows, bars, strict=False):
        _draw_bars(sheet, sheet.title(top, row.label) + 4, drawn, scale, language)
    if threshold is not None:
        sheet.threshold(
            float(threshold) * scale, sheet.tops[0], sheet.tops[-1] - 2, _threshold_words(rows[0], language)
        )
    return sheet.figure


def _texts_side_by_side(rows: list[Reading], year: str, last_year: str, language: str) -> str:
    """The threshold once, then what each place has."""
    words = "" if rows[0].threshold is None else _threshold_words(rows[0], language) + ". "
    texts = [_reading_text(replace(row, threshold=None), year, last_year, language) for row in rows]
    return words[:1].upper() + words[1:] + " ".join(texts)


@dataclass(frozen=True)
class _Bar:
    value: Fraction
    label: str
    look: dict[str, Any]


def _bars(row: Reading, year: str, last_year: str, language: str) -> list[_Bar]:
    t = translator(language)
    colour = COLOURS.get(row.verdict or "info", COLOURS["muted"])
    wanted = [
        (row.before, last_year, {"facecolor": "white", "edgecolor": COLOURS["muted"], "linewidth": 1.0}),
        (
            row.value,
            f"{MARKS.get(row.verdict, '')} {year}".strip(),
            {"facecolor": colour, "edgecolor": colour, "linewidth": 1.0},
        ),
        (
            row.target,
            t("mục tiêu"),
            {"facecolor": "white", "edgecolor": COLOURS["planned"], "linewidth": 1.0, "linestyle": (0, (3, 2))},
        ),
    ]
    bounds = ("", row.bound, row.bound)
    return [
        _Bar(v, f"{word}: {_bounded(v, bound, row.unit, language)}", look)
        for (v, word, look), bound in zip(wanted, bounds, strict=True)
        if v is not None
    ]


def _bounded(value: Fraction, bound: str, unit: str, language: str) -> str:
    """``56,20 triệu đồng``, ``> 90%``: a bound keeps its sign."""
    sign = SIGNS.get(bound, "")
    return f"{sign} {_quantity(value, unit, language)}".strip()


def _reading_height(row: Reading, bars: list[_Bar]) -> float:
    return len(_lines(row.label)) * LINE + 4 + max(len(bars), 1) * (BAR + GAP) + LINE + SPACE


def _draw_reading(sheet: "_Sheet", top: float, row: Reading, bars: list[_Bar], language: str) -> None:
    first = sheet.title(top, row.label) + 4
    scale = WIDTH / float(_scale_end(row))
    bottom = _draw_bars(sheet, first, bars, scale, language)
    if row.threshold is not None:
        sheet.threshold(float(row.threshold) * scale, first - 3, bottom, _threshold_words(row, language))


def _draw_bars(sheet: "_Sheet", y: float, bars: list[_Bar], scale: float, language: str) -> float:
    """The bars below one another, or the words that there is nothing to draw; returns where they end."""
    for bar in bars:
        sheet.bar(y, float(bar.value) * scale, bar.label, bar.look)
        y += BAR + GAP
    if not bars:
        sheet.text(0, y + BAR / 2, translator(language)("chưa có số liệu"), color=COLOURS["muted"])
        y += BAR + GAP
    return y


def _scale_end(row: Reading) -> Fraction:
    known = [v for v in (row.value, row.before, row.target, row.threshold) if v is not None]
    highest = max(known, default=Fraction(1))
    if row.unit == "%" and highest <= 100 and highest > 25:
        return Fraction(100)
    return highest * Fraction(5, 4) or Fraction(1)


def _threshold_words(row: Reading, language: str) -> str:
    t = translator(language)
    return t("ngưỡng {threshold}").format(
        threshold=f"{SIGNS.get(row.operator, '')} {_quantity(row.threshold, row.unit, language)}".strip()
    )


def _quantity(value: Fraction | None, unit: str, language: str) -> str:
    if value is None:
        return ""
    if unit == "%":
        return percent(value, language, 0 if value.denominator == 1 else 2)
    return f"{number(value, language, 0 if value.denominator == 1 else 2)} {unit}".strip()


def _reading_text(row: Reading, year: str, last_year: str, language: str) -> str:
    t = translator(language)
    parts = [
        f"{word}: {_bounded(v, bound, row.unit, language)}"
        for v, word, bound in (
            (row.before, last_year, ""),
            (row.value, year, row.bound),
            (row.target, t("mục tiêu"), row.bound),
        )
        if v is not None
    ]
    parts += [_threshold_words(row, language)] if row.threshold is not None else []
    parts += [verdict_word(row.verdict, language).lower()] if row.verdict else []
    return f"{row.label}: {'; '.join(parts) or t('chưa có số liệu')}."


STATES = (
    "measured",
    "declared",
    "planned",
    "aimed",
    "unmet",
    "no-data",
    "not-applicable",
)  # of a dot, each with its own shape
NAMES, DOT = 46.0, 4.6  # points: room for the names of the rows, radius of a dot


def dot_matrix(
    columns: list[str], rows: Iterable[tuple[str, list[str]]], words: dict[str, str], language: str = "vi"
) -> tuple["Figure", str]:
    """One dot a cell: its shape says what a verdict rests on, so that it is told apart in grey; empty: no cell.

    ``rows``: name → a state of STATES for each column; ``words``: what a state means, for the legend and the
    text, which names for each row the columns of each state. Raises KeyError for another state.
    """
    rows = list(rows)
    shown = [state for state in STATES if any(state in states for _, states in rows)]
    step = (WIDTH - NAMES) / len(columns)
    sheet = _Sheet([LINE, *[LINE] * len(rows), SPACE * 0.6, *[LINE] * len(shown), SPACE])
    for n, name in enumerate(columns):
        sheet.text(NAMES + (n + 0.5) * step, sheet.tops[0] + LINE / 2, name, fontsize=7.5, ha="center")
    for top, (name, states) in zip(sheet.tops[1:], rows, strict=False):
        sheet.text(0, top + LINE / 2, name)
        for n, state in enumerate(states):
            if state:
                sheet.dot(NAMES + (n + 0.5) * step, top + LINE / 2, state)
    for top, state in zip(sheet.tops[len(rows) + 2 :], shown, strict=False):
        sheet.dot(DOT + 1, top + LINE / 2, state)
        sheet.text(DOT * 2 + 8, top + LINE / 2, words[state])
    return sheet.figure, " ".join(_row_text(name, states, columns, words, language) for name, states in rows)


def _row_text(name: str, states: list[str], columns: list[str], words: dict[str, str], language: str) -> str:
    """``2023: đạt theo số liệu: 11; đạt theo công bố: 1, 2.``"""
    found = {state: [column for column, s in zip(columns, states, strict=True) if s == state] for state in STATES}
    parts = [f"{words[state]}: {', '.join(names)}" for state, names in found.items() if names]
    return f"{name}: {'; '.join(parts)}."


def bar_chart(
    rows: Iterable[tuple[str, Fraction]], unit: str, language: str = "vi", share: bool = False
) -> tuple["Figure", str]:
    """Horizontal bars on one scale, in the order given: (label, value). ``share`` adds each one's part of the sum."""
    rows = [(label, Fraction(value)) for label, value in rows]
    if not rows:
        raise ValueError("a bar chart needs at least one row")
    total = sum((value for _, value in rows), Fraction(0))
    words = [_amount(value, total if share else None, unit, language) for _, value in rows]
    sheet = _Sheet([len(_lines(label)) * LINE + BAR + SPACE for label, _ in rows])
    scale = WIDTH / (float(max(value for _, value in rows)) or 1.0)
    for top, (label, value), shown in zip(sheet.tops, rows, words, strict=True):
        y = sheet.title(top, label, bold=False) + 2
        sheet.bar(
            y,
            float(value) * scale,
            shown,
            {"facecolor": COLOURS["info"], "edgecolor": COLOURS["info"], "linewidth": 1.0},
        )
    return sheet.figure, "; ".join(f"{label}: {shown}" for (label, _), shown in zip(rows, words, strict=True)) + "."


def funding_bar(rows: Iterable[tuple[str, Fraction]], language: str = "vi") -> tuple["Figure", str]:
    """Funds by source, largest first: (source, million đồng), each with its share of the sum."""
    t = translator(language)
    ordered = sorted(((name, Fraction(value or 0)) for name, value in rows), key=lambda row: -row[1])
    figure, text = bar_chart(ordered, t("triệu đồng"), language, share=True)
    total = _amount(sum((value for _, value in ordered), Fraction(0)), None, t("triệu đồng"), language)
    return figure, t("Tổng số: {total}.").format(total=total) + " " + text


def _amount(value: Fraction, total: Fraction | None, unit: str, language: str) -> str:
    amount = f"{number(value, language, 0 if value.denominator == 1 else 1)} {unit}".strip()
    return f"{amount} ({percent(value * 100 / total, language)})" if total else amount


def _lines(label: str) -> list[str]:
    lines = wrap(clean(label), LETTERS) or [""]
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]


class _Sheet:
    """A drawing ruled in points from the top left; rows of the given heights below one another."""

    def __init__(self, heights: list[float]):
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        self.tops = [sum(heights[:i]) + 2 for i in range(len(heights))]
        height = sum(heights) - SPACE + 4
        with rc_context(chart_settings()):
            self.figure = Figure(figsize=(WIDTH / 72, height / 72))
            self.axes = self.figure.add_axes((0, 0, 1, 1), frameon=False)
            self.axes.set(xlim=(-1, WIDTH + 1), ylim=(height, 0), xticks=[], yticks=[])

    def text(self, x: float, y: float, text: str, **look: Any) -> None:
        """Words whose small letters are centred on height ``y``. Dollar signs are money, not formulas."""
        look = {"fontsize": SMALL, "family": [FAMILY, SYMBOLS], **look}
        self.axes.text(x, y + look["fontsize"] * 0.35, clean(text), va="baseline", parse_math=False, **look)

    def title(self, top: float, label: str, bold: bool = True) -> float:
        """The label in as many lines as it needs; returns where they end."""
        for number_, line in enumerate(_lines(label)):
            look = {"family": FAMILY, "weight": 600} if bold else {}  # the symbols have no bold
            self.text(0, top + (number_ + 0.5) * LINE, line, fontsize=TEXT, **look)
        return top + len(_lines(label)) * LINE

    def bar(self, y: float, length: float, label: str, look: dict[str, Any]) -> None:
        """A bar from the left edge; its label at its beginning, or behind its end where it is too short."""
        from matplotlib.patches import Rectangle

        length = max(0.0, min(length, WIDTH))
        self.axes.add_artist(Rectangle((0, y), length, BAR, **look))
        if length > ROOM:
            dark = look["facecolor"] != "white"
            self.text(4, y + BAR / 2, label, color="white" if dark else COLOURS["ink"])
        else:  # on white, so that a threshold behind it does not cross the words
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            self.text(length + 4, y + BAR / 2, label, color=COLOURS["ink"], bbox=paper, zorder=3)

    def threshold(self, x: float, top: float, bottom: float, words: str) -> None:
        """The threshold: a line through the bars and its words below."""
        self.axes.plot([x, x], [top, bottom + 2], color=COLOURS["ink"], linewidth=1.6, solid_capstyle="butt")
        side = "right" if x > WIDTH * 0.6 else "left" if x < WIDTH * 0.25 else "center"
        self.text(x, bottom + LINE / 2 + 2, words, ha=side)

    def dot(self, x: float, y: float, state: str) -> None:
        """The shape of a state: full, half full, a ring around a point, a ring, a cross, a point, a dash."""
        from matplotlib.patches import Circle, Wedge

        colour = COLOURS["unmet"] if state == "unmet" else COLOURS["muted"] if state in STATES[-2:] else COLOURS["met"]
        line: dict[str, Any] = {"color": colour, "linewidth": 1.8, "solid_capstyle": "round"}
        arm = DOT * 0.75
        shapes: dict[str, list[Patch]] = {
            "measured": [Circle((x, y), DOT, facecolor=colour, edgecolor=colour)],
            "declared": [_ring(x, y, colour), Wedge((x, y), DOT, 90, 270, facecolor=colour, edgecolor="none")],
            "planned": [_ring(x, y, colour), Circle((x, y), DOT * 0.4, facecolor=colour, edgecolor="none")],
            "aimed": [_ring(x, y, colour)],
            "unmet": [],
            "no-data": [Circle((x, y), 1.1, facecolor=colour, edgecolor="none")],
            "not-applicable": [],
        }
        for patch in shapes[state]:
            self.axes.add_artist(
                patch
            )  # add_patch would widen the axes, whose limits are given, and takes ten times as long
        if state == "unmet":
            self.axes.plot([x - arm, x + arm], [y - arm, y + arm], **line)
            self.axes.plot([x - arm, x + arm], [y + arm, y - arm], **line)
        if state == "not-applicable":
            self.axes.plot([x - arm, x + arm], [y, y], **line | {"linewidth": 1.0})


def _ring(x: float, y: float, colour: str) -> "Circle":
    from matplotlib.patches import Circle

    return Circle((x, y), DOT - 0.5, facecolor="white", edgecolor=colour, linewidth=1.1)
