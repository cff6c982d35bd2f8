"""A drawing ruled in points from the top left, and the marks that every picture shares: one shape for each basis of a verdict.

``charts`` draws on it. Shapes, not colours, tell the marks apart, so that grey print keeps them.
"""

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ntm_lib.doc.markup import clean
from ntm_lib.doc.style import COLOURS, FAMILY, SYMBOLS, chart_settings

if TYPE_CHECKING:
    from matplotlib.patches import Circle, Patch

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
        for number, line in enumerate(lines):
            self.text(x, y + number * LINE, line, **look)

    def stroke(self, xs: list[float], ys: list[float], colour: str, width: float = 1.0, **look: Any) -> None:
        """A line through the points."""
        self.axes.plot(xs, ys, **{"color": colour, "linewidth": width, "solid_capstyle": "butt", **look})

    def band(self, left: float, right: float, y: float, height: float, colour: str) -> None:
        """A rectangle without frame, centred on height ``y``."""
        from matplotlib.patches import Rectangle

        self.axes.add_artist(
            Rectangle((left, y - height / 2), max(0.0, right - left), height, color=colour, linewidth=0)
        )

    def mark(self, x: float, y: float, state: str, radius: float = DOT) -> None:
        """The shape of a state: full, half full, a ring around a point, a ring, a cross, a point, a dash."""
        from matplotlib.patches import Circle, Wedge

        quiet = state in ("no-data", "not-applicable")
        colour = COLOURS["unmet" if state == "unmet" else "muted" if quiet else "met"]
        arm = radius * 0.75
        shapes: dict[str, list[Patch]] = {
            "measured": [Circle((x, y), radius, facecolor=colour, edgecolor=colour)],
            "declared": [
                _ring(x, y, radius, colour),
                Wedge((x, y), radius, 90, 270, facecolor=colour, edgecolor="none", zorder=4),
            ],
            "planned": [
                _ring(x, y, radius, colour),
                Circle((x, y), radius * 0.42, facecolor=colour, edgecolor="none", zorder=4),
            ],
            "aimed": [_ring(x, y, radius, colour)],
            "no-data": [Circle((x, y), 1.1, facecolor=colour, edgecolor="none")],
        }
        for patch in shapes.get(state, []):
            patch.set_zorder(max(3, patch.get_zorder()))
            self.axes.add_artist(
                patch
            )  # add_patch would widen the axes, whose limits are given, and takes ten times as long
        line: dict[str, Any] = {"linewidth": 1.8, "solid_capstyle": "round", "zorder": 4}
        if state == "unmet":
            self.stroke([x - arm, x + arm], [y - arm, y + arm], colour, **{**line, "width": 1.8})
            self.stroke([x - arm, x + arm], [y + arm, y - arm], colour, **{**line, "width": 1.8})
        if state == "not-applicable":
            self.stroke([x - arm, x + arm], [y, y], colour, zorder=4)

    def hollow(self, x: float, y: float) -> None:
        """What was before: a small grey ring."""
        from matplotlib.patches import Circle

        ring = Circle((x, y), 2.6, facecolor="white", edgecolor=COLOURS["muted"], linewidth=1.0, zorder=3)
        self.axes.add_artist(ring)


def _ring(x: float, y: float, radius: float, colour: str) -> "Circle":
    from matplotlib.patches import Circle

    return Circle((x, y), radius - 0.5, facecolor="white", edgecolor=colour, linewidth=1.1)


def wrapped(text: str, letters: int, most: int = 2) -> list[str]:
    """The text in at most so many lines of so many letters; what does not fit ends in an ellipsis."""
    lines = wrap(clean(text), letters) or [""]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], lines[most - 1][: letters - 1].rstrip(" ,;(") + "…"]
