"""The layouts of forms that officials have (``data/raw/layouts/forms.yml``), as records, and a sheet as the readers of forms look at it.

What the words of a heading mean stands in that file; how a sheet is read by it is in ``form_heading`` and ``form_reader``.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import yaml

from ntm_lib import paths
from ntm_lib.intake.files.readers import MAX_COLUMNS, Grid, Row
from ntm_lib.text.names import clean_text


class Emit(NamedTuple):
    """A raw row that a row of the form gives where the role ``value`` is filled. ``cells``: raw column → role, $name or 'literal'."""

    table: str
    value: str
    cells: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Form:
    """One layout. ``headings``: role → patterns of its heading, first role and first pattern first.

    ``needs``: roles without which it is another form, each as the roles of which one is enough; ``words``: a heading to
    name such a role by. ``many``: roles that several columns may have; ``unread``: roles that are known but give no value.
    ``columns``, ``periods``, ``rule_sets``: what further words of headings and titles mean, for every form.
    """

    name: str
    headings: Mapping[str, tuple[re.Pattern[str], ...]]
    needs: tuple[tuple[str, ...], ...]
    words: Mapping[str, str]
    many: frozenset[str]
    unread: frozenset[str]
    money: frozenset[str]
    units_of: frozenset[str]
    emits: tuple[Emit, ...]
    columns: Mapping[str, re.Pattern[str]]
    periods: Mapping[str, re.Pattern[str]]
    rule_sets: Mapping[str, str]

    @cached_property
    def needed(self) -> tuple[re.Pattern[str], ...]:
        """For each role it needs, what a heading of it says."""
        return tuple(
            re.compile("|".join(pattern.pattern for role in need for pattern in self.headings[role]))
            for need in self.needs
        )

    @property
    def is_of_criteria(self) -> bool:
        """Whether its rows are criteria and indicators, so that one without them is of no use."""
        return any("$indicator" in emit.cells.values() for emit in self.emits)


def forms() -> tuple[Form, ...]:
    """The layouts, in the order in which they are tried."""
    path = paths.raw() / "layouts" / "forms.yml"
    return _forms(path, path.stat().st_mtime_ns) if path.is_file() else ()


@cache
def _forms(path: Path, _written: int) -> tuple[Form, ...]:
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    shared = (_patterns(file["columns"]), _patterns(file["periods"]), file["rule_sets"])
    return tuple(
        Form(
            entry["name"], {role: tuple(map(re.compile, patterns)) for role, patterns in entry["headings"].items()},
            tuple(tuple(roles.split("|")) for roles in entry["needs"]), entry["words"],
            *(frozenset(entry.get(name, ())) for name in ("many", "unread", "money", "units_of")),
            tuple(Emit(e["table"], e["value"], e["cells"]) for e in entry["emits"]), *shared,
        )
        for entry in file["forms"]
    )  # fmt: skip


def _patterns(texts: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(text) for name, text in texts.items()}


@dataclass(frozen=True)
class Sheet:
    """``wide``: first row → (first column, last column, last row) of merged areas. ``tall``: column → (first row, last row) of those
    that go down, from above. Rows count from 1, columns from 0.
    """

    file: str
    name: str
    rows: tuple[Row, ...]
    wide: Mapping[int, list[tuple[int, int, int]]]
    tall: Mapping[int, list[tuple[int, int]]]

    def merged_down(self, number: int, index: int) -> tuple[int, int] | None:
        """First and last row of the merged cell, over several rows, that a cell belongs to."""
        areas = self.tall.get(index, [])
        place = bisect_right(areas, number, key=lambda area: area[0])
        return areas[place - 1] if place and number <= areas[place - 1][1] else None

    def covered(self, number: int, index: int) -> bool:
        """Whether a cell is the lower part of a merged one."""
        area = self.merged_down(number, index)
        return area is not None and area[0] < number


def sheet_of(grid: Grid) -> Sheet:
    """The grid with its merged areas in order."""
    wide: dict[int, list[tuple[int, int, int]]] = {}
    tall: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, right in sorted(grid.merged):
        right = min(right, MAX_COLUMNS - 1)
        wide.setdefault(top, []).append((left, right, bottom))
        for index in range(left, right + 1) if bottom > top else ():
            tall.setdefault(index, []).append((top, bottom))
    return Sheet(grid.file, grid.sheet, grid.rows, wide, tall)


def text_at(row: Row, index: int) -> str:
    """The clean text of a cell; empty where the row has none."""
    return clean_text(row.cells[index]) if 0 <= index < len(row.cells) else ""


def is_day(row: Row, index: int) -> bool:
    """Whether a cell is stored as a day or an hour, which Excel makes of 17.8, of 12.5 and of 12:30."""
    return index in row.numbers and re.search("[/:]", text_at(row, index)) is not None
