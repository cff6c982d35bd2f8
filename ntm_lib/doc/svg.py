"""A drawing of a few shapes as SVG: the same bytes every time, text kept as text, safe to stand in a page.

Points, from the top left, y downwards. No plotting library: a report's pictures are ruled to the point, and one takes
longer to load than a report to be made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from ntm_lib.doc.markup import clean, printable


@dataclass(frozen=True)
class Line:
    """A line through points; ``dashes``: lengths of dash and gap, empty: full."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    round_ends: bool = False
    zorder: float = 2

    def svg(self) -> str:
        way = "L".join(f"{_n(x)} {_n(y)}" for x, y in self.points)
        dashes = f' stroke-dasharray="{" ".join(map(_n, self.dashes))}"' if self.dashes else ""
        ends = ' stroke-linecap="round"' if self.round_ends else ""
        return f'<path d="M{way}" fill="none" stroke="{self.colour}" stroke-width="{_n(self.width)}"{dashes}{ends}/>'


@dataclass(frozen=True)
class Circle:
    """A disc, or the left half of one; ``edge``: the colour of its line, empty: none."""

    x: float
    y: float
    radius: float
    fill: str
    edge: str = ""
    width: float = 1.0
    half: bool = False
    zorder: float = 3

    def svg(self) -> str:
        edge = f' stroke="{self.edge}" stroke-width="{_n(self.width)}"' if self.edge else ""
        x, y, r = _n(self.x), self.y, self.radius
        if self.half:
            return f'<path d="M{x} {_n(y - r)}A{_n(r)} {_n(r)} 0 0 0 {x} {_n(y + r)}Z" fill="{self.fill}"{edge}/>'
        return f'<circle cx="{x}" cy="{_n(y)}" r="{_n(r)}" fill="{self.fill}"{edge}/>'


@dataclass(frozen=True)
class Box:
    """A rectangle without frame."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    zorder: float = 1

    def svg(self) -> str:
        place = f'x="{_n(self.x)}" y="{_n(self.y)}" width="{_n(self.width)}" height="{_n(self.height)}"'
        return f'<rect {place} fill="{self.fill}"/>'


ANCHORS = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}


@dataclass(frozen=True)
class Words:
    """Text on the base line ``y``; ``halo``: on a white ground that keeps lines off the letters."""

    x: float
    y: float
    text: str
    size: float
    family: str
    colour: str
    ha: str = "left"
    bold: bool = False
    halo: bool = False
    zorder: float = 3

    def svg(self) -> str:
        weight = ' font-weight="600"' if self.bold else ""
        halo = ' stroke="#fff" stroke-width="4" paint-order="stroke"' if self.halo else ""
        look = f'font-family="{self.family}" font-size="{_n(self.size)}"{weight}{ANCHORS[self.ha]} fill="{self.colour}"'
        return (
            f'<text x="{_n(self.x)}" y="{_n(self.y)}" {look}{halo}>{escape(printable(self.text), quote=False)}</text>'
        )


Shape = Line | Circle | Box | Words


def drawing(shapes: Iterable[Shape], size: tuple[float, float], name: str, title: str, description: str) -> str:
    """The shapes on a ground of ``size``, the lower ``zorder`` first, with title and description for those who hear it.

    The ids begin with ``name``, so that two drawings of a page never share one.
    """
    width, height = size
    told = "".join(
        f'<{tag} id="{name}-{tag}">{escape(clean(text), quote=False)}</{tag}>'
        for tag, text in (("title", title), ("desc", description))
    )
    body = "\n".join(shape.svg() for shape in sorted(shapes, key=lambda shape: shape.zorder))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 {_n(width)} {_n(height)}" stroke-linejoin="round" '
        f'role="img" aria-labelledby="{name}-title {name}-desc" style="max-width:{width * 2:.0f}px">{told}\n{body}\n</svg>'
    )


def _n(number: float) -> str:
    """Hundredths of a point, which nobody sees."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
