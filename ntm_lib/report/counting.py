"""What the source of a share counts: a rule may speak of facilities where the commune counts households."""

import re

import pandas as pd

from ntm_lib.intake.numbers import tidy
from ntm_lib.intake.units import read_unit

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
    return indicators.assign(count_unit=pd.array(units, dtype="str"))


def counted_unit(text: str) -> str:
    """What ``1.276/1.413 hộ đạt 90,3%`` counts; empty where no fraction is followed by a thing that is counted."""
    found = _FRACTION.search(tidy(text))
    unit = read_unit(found["counted"]) if found else None
    return unit.name if unit and unit.kind == "count" else ""
