"""The form of a village, as ``layouts/villages.yml`` describes it: written by ``make forms``, read back by ``village_forms``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ntm_lib import paths
from ntm_lib.rules.files import read_yaml

MARK = "ntm-thon"  # first cell of a form, followed by the facts of the form
FOLDER = "villages"  # of the commune's folder: where filled forms are put
RESULT, ADDITION, WORK, TASK = KINDS = ("result", "addition", "work", "task")


@dataclass(frozen=True, slots=True)
class FormFacts:
    """Of which commune (its folder), year, month (0: the whole year), rule set and village a form is."""

    version: str
    slug: str
    year: int
    month: int
    rule_set: str
    village: str

    @property
    def mark(self) -> str:
        """``ntm-thon|1|hung-my|2024|9|ntm-2021-2025|Đình``."""
        return "|".join((MARK, self.version, self.slug, str(self.year), str(self.month), self.rule_set, self.village))


@dataclass(frozen=True, slots=True)
class FormRow:
    """A line of a form. ``last``, ``plan``: what is known, in words; ``whole``: the total known so far, as digits."""

    kind: str
    code: str
    item: str
    unit: str
    indicator: str = ""
    part: str = ""
    last: str = ""
    plan: str = ""
    whole: str = ""

    @property
    def key(self) -> str:
        """What the hidden first cell of the line says: ``result|17.8|a``, ``work|HM053``."""
        return "|".join((self.kind, self.indicator, self.part) if self.indicator else (self.kind, self.code))


def facts_of(mark: str) -> FormFacts | None:
    """The facts that a mark says; None where it is none."""
    parts = mark.strip().split("|")
    if len(parts) != 7 or parts[0] != MARK or not (parts[3].isdigit() and parts[4].isdigit()):
        return None
    return FormFacts(parts[1], parts[2], int(parts[3]), int(parts[4]), parts[5], parts[6])


def village_layout() -> Mapping[str, Any]:
    """What ``layouts/villages.yml`` says."""
    return _read(paths.raw() / "layouts" / "villages.yml")


@cache
def _read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml(path)
    return found


def columns_of(month: int) -> list[Mapping[str, Any]]:
    """The columns of a form of a month, or (0) of a year."""
    return [c for c in village_layout()["columns"] if not month or c.get("only") != "year"]


def heading_of(column: Mapping[str, Any], month: int) -> str:
    return str(column.get("month_heading", column["heading"]) if month else column["heading"])
