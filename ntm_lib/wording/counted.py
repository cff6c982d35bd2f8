"""What the raw rows behind a verdict say that its row does not: what a share counts, and whether it is only planned."""

import re

import pandas as pd

from ntm_lib.tables import with_columns
from ntm_lib.text.numbers import tidy
from ntm_lib.text.units import read_unit

PLANNED = ("target", "change", "split")  # kinds of raw rows that say what is to be, not what is
_FRACTION = re.compile(r"\d\s*/\s*\d[\d.,]*(?P<counted>.*)", re.DOTALL)


def in_units_of_the_source(indicators: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Table ``indicators`` with ``count_unit`` as the source names it beside its fraction (``767/878 hộ chăn
    nuôi``: hộ); the unit of the rule stays where the source names none.
    """
    texts = dict(zip(observations["observation"], observations["text"], strict=True))
    first = [re.split("[;+]", names)[0] for names in indicators["observation"]]
    units = [
        counted_unit(texts.get(name, "")) or unit if denominator else unit
        for name, denominator, unit in zip(first, indicators["denominator"], indicators["count_unit"], strict=True)
    ]
    return with_columns(indicators, count_unit=units)


def counted_alike(table: pd.DataFrame, unit: str, whole: str, indicators: pd.DataFrame) -> pd.DataFrame:
    """``table`` whose column ``unit`` calls what is counted by the name that ``indicators`` (in units of the source) gives
    it; only rows with a denominator (column ``whole``).
    """
    shares = indicators[(indicators["denominator"] != "") & (indicators["count_unit"] != "")]
    keys = zip(shares["indicator"], shares["part"], strict=True)
    named = dict(zip(keys, shares["count_unit"], strict=True))
    rows = zip(table["indicator"], table["part"], table[unit], table[whole], strict=True)
    return with_columns(table, **{unit: [named.get((i, p), u) if full else u for i, p, u, full in rows]})


def with_origin(indicators: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Table ``indicators`` with the column ``from_plan``: yes where a raw row of a plan stands behind the figure."""
    planned = set(observations.loc[observations["kind"].isin(PLANNED), "observation"])
    from_plan = ["yes" if planned & set(re.split("[;+]", names)) else "" for names in indicators["observation"]]
    return with_columns(indicators, from_plan=from_plan)


def counted_unit(text: str) -> str:
    """What ``1.276/1.413 hộ đạt 90,3%`` counts; empty where no fraction is followed by a thing that is counted."""
    found = _FRACTION.search(tidy(text))
    unit = read_unit(found["counted"]) if found else None
    return unit.name if unit and unit.kind == "count" else ""
