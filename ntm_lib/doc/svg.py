"""A matplotlib figure as SVG: the same bytes every time, text kept as text, safe to stand in a page."""

import re
import warnings
from dataclasses import dataclass
from io import StringIO
from typing import Any
from xml.etree import ElementTree

from ntm_lib.doc.markup import printable

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"

_REFERENCE = re.compile(r"url\(#([^)]+)\)")


@dataclass(frozen=True)
class Drawing:
    """``width`` in points."""

    svg: str
    width: float


def drawing(fig: Any, name: str, title: str, description: str) -> Drawing:
    """The figure with title and description for those who hear it; ids begin with ``name``, so that
    two figures of a page never share one.
    """
    from matplotlib import rc_context

    buffer = StringIO()
    # The same figure gives the same SVG, with its text as text.
    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": name, "path.simplify": True}
    with rc_context(settings), warnings.catch_warnings():
        # Text stays text: whoever shows the picture finds a font for the letters that ours lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        fig.savefig(
            buffer,
            format="svg",
            facecolor="none",
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    root = ElementTree.fromstring(buffer.getvalue())
    width = float(root.attrib["width"].removesuffix("pt"))
    _strip(root)
    _name_ids(root, name)
    _describe(root, name, title, description, width)
    return Drawing(_serialise(root), width)


def _strip(root: ElementTree.Element) -> None:
    """Removes metadata, turns by nothing, letters without glyph, and the style element, whose rules
    would reach the whole HTML page.
    """
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        if element.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
        if element.text and element.text.strip():
            element.text = printable(element.text)
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")


def _name_ids(root: ElementTree.Element, name: str) -> None:
    """Keeps the ids that something refers to, as ``name-1``, ``name-2`` …; drops the others."""
    elements = list(root.iter())
    for element in elements:
        if XLINK in element.attrib:
            element.set("href", element.attrib.pop(XLINK))
    referred = [found for e in elements for value in e.attrib.values() for found in _REFERENCE.findall(value)]
    referred += [e.attrib["href"].removeprefix("#") for e in elements if "href" in e.attrib]
    new = {old: f"{name}-{number}" for number, old in enumerate(dict.fromkeys(referred), 1)}
    for element in elements:
        old = element.attrib.pop("id", None)
        if old in new:
            element.set("id", new[old])
        for key, value in element.attrib.items():
            if key == "href":
                element.set(key, "#" + new[value.removeprefix("#")])
            elif "url(#" in value:
                element.set(key, _REFERENCE.sub(lambda found: f"url(#{new[found[1]]})", value))


def _describe(root: ElementTree.Element, name: str, title: str, description: str, width: float) -> None:
    for tag, text in (("desc", description), ("title", title)):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = text
        root.insert(0, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    root.set("style", f"max-width:{width * 2:.0f}px")
    root.set("width", "100%")
    del root.attrib["height"]


def _serialise(root: ElementTree.Element) -> str:
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode").replace("\n", " ")
