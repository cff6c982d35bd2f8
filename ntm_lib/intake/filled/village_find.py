"""The form of a village: as ``layouts/villages.yml`` describes it, and how a filled workbook is found to be one, line by line.

A form is known by its mark, its lines by their keys: names of files and sheets, the order of lines, added sheets and a
saving by another program change nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake.files import all_sheets
from ntm_lib.intake.files.readers import Grid, Row, letters, shown
from ntm_lib.intake.privacy import list_of_persons
from ntm_lib.intake.progress_rows import amount
from ntm_lib.intake.raw_grid import unseen_of
from ntm_lib.intake.schema import Remark
from ntm_lib.rules.files import read_yaml
from ntm_lib.text.dates import read_date
from ntm_lib.text.names import clean_text, slug

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


_TITLE = re.compile(r"phiếu của thôn (?P<village>.+?): .*?(?:tháng (?P<month>\d+) )?năm (?P<year>\d{4})", re.IGNORECASE)
_CODE = re.compile(r"([1-9]\d?\.[1-9]\d?)([a-z]?)")


@dataclass(frozen=True)
class Line:
    """A line that somebody could fill: what it is of, its row in the sheet, its cells by key, and their columns."""

    kind: str
    code: str
    indicator: str
    part: str
    number: int
    cells: Mapping[str, str]
    places: Mapping[str, int]
    fault: str = ""

    def address(self, key: str) -> str:
        return f"{letters(self.places.get(key, 1))}{self.number}"


@dataclass(frozen=True)
class VillageForm:
    """A form as it was filled. ``said``: what its title says, where that differs from its mark. ``lists``: rows of its lists of
    households by code of the work."""

    file: str
    sheet: str
    facts: FormFacts
    village: str
    households: str
    day: str
    day_at: str
    lines: tuple[Line, ...]
    strange: tuple[tuple[str, str], ...] = ()
    hidden: tuple[str, ...] = ()
    twice: tuple[tuple[str, str], ...] = ()
    lists: Mapping[str, int] = field(default_factory=dict)
    named: bool = True

    @property
    def filled(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.cells.get("done") or line.fault)

    @property
    def date(self) -> str:
        """ISO date of the day on which it was filled; empty where it says none that is whole."""
        found = read_date(self.day)
        return found.value if found and len(found.value) == 10 else ""

    @property
    def period(self) -> tuple[str, int, int]:
        return slug(self.village), self.facts.year, self.facts.month


def forms_of(path: Path, language: str, commune: str) -> tuple[list[VillageForm], list[Remark]]:
    """The forms in a workbook; a remark where it cannot be opened, is none, or belongs to another commune or version."""
    file = shown(path)
    try:
        grids = all_sheets(path, language)
    except NtmError as error:
        return [], [Remark(file, "", 0, "village-unopened", str(error).split("\n")[0][:200])]
    lists = [grid for grid in grids if list_of_persons(grid) >= 0]
    marked = [(grid, facts) for grid in grids if grid not in lists and (facts := form_facts(grid, commune))]
    if not marked:
        return [], [Remark(file, "", 0, "village-no-form", path.name)]
    forms, remarks = [], [remark for grid, _ in marked for remark in unseen_of(grid)]
    for grid, facts in marked:
        if facts.slug != commune:
            remarks.append(Remark(file, grid.sheet, 0, "village-other-commune", facts.slug))
        elif facts.version != str(village_layout()["version"]):
            remarks.append(Remark(file, grid.sheet, 0, "village-version", facts.version))
        elif (form := _form(grid, facts, lists)) is None:
            remarks.append(Remark(file, grid.sheet, 0, "village-no-columns", ", ".join(_headings(facts.month))))
        else:
            forms.append(form)
    return forms, remarks


def form_facts(grid: Grid, commune: str) -> FormFacts | None:
    """By the mark, wherever a sorting put it; without one by the title."""
    cells = [clean_text(cell) for row in grid.rows for cell in row.cells if cell.strip()]
    marked = next((facts for cell in cells if (facts := facts_of(cell))), None)
    if marked:
        return marked
    found = next((found for cell in cells if (found := _TITLE.fullmatch(cell))), None)
    if found is None:
        return None
    version = str(village_layout()["version"])
    return FormFacts(version, commune, int(found["year"]), int(found["month"] or 0), "", clean_text(found["village"]))


def _form(grid: Grid, facts: FormFacts, lists: Sequence[Grid]) -> VillageForm | None:
    if (places := _head(grid, facts.month)) is None:
        return None
    words = village_layout()["facts"]
    village, _ = _beside(grid, words["village"])
    households, _ = _beside(grid, words["households"])
    day, day_at = _beside(grid, words["day"])
    lines: list[Line] = []
    strange: list[tuple[str, str]] = []
    hidden: list[str] = []
    twice: list[tuple[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for row in grid.rows:
        line = _line(row, places)
        if line is None:
            strange += _strange(row, places)
        elif row.hidden:
            hidden += [line.code] if line.cells.get("done") else []
        elif (line.kind, line.code) in seen:
            twice.append((line.code, line.address("done")))
        else:
            seen.add((line.kind, line.code))
            lines.append(line)
    counted: dict[str, int] = {}
    for one in lists:
        for code in _listed(one, {line.code for line in lines}):
            counted[code] = counted.get(code, 0) + 1
    name = clean_text(village) or facts.village
    return VillageForm(
        grid.file, grid.sheet, facts, name, households, day, day_at, tuple(lines), tuple(strange), tuple(hidden), tuple(twice),
        counted, bool(facts.village) and slug(name) == slug(facts.village),
    )  # fmt: skip


def _headings(month: int) -> list[str]:
    return [heading_of(c, month) for c in columns_of(month)]


def _head(grid: Grid, month: int) -> dict[str, int] | None:
    """Column of each key, by the row of keys or by the visible headings; None where code or figures have none."""
    names = {slug(heading_of(c, month)): c["key"] for c in columns_of(month)} | {
        c["key"]: c["key"] for c in columns_of(month)
    }
    found = [
        {names[said]: i for i, cell in reversed([*enumerate(row.cells)]) if (said := slug(cell)) in names}
        for row in grid.rows
    ]
    best = max(found, key=len, default={})
    return best if {"code", "done"} <= best.keys() and len(best) > 3 else None


def _beside(grid: Grid, label: str) -> tuple[str, str]:
    """The text beside a label, and its address."""
    wanted = slug(label)
    for row in grid.rows:
        for i, cell in enumerate(row.cells):
            said = clean_text(cell)
            if slug(said) == wanted:
                after = [(j, c) for j, c in enumerate(row.cells) if j > i and c.strip()]
                return (
                    (clean_text(after[0][1]), f"{letters(after[0][0])}{row.number}")
                    if after
                    else ("", f"{letters(i)}{row.number}")
                )
            if slug(said).startswith(f"{wanted}-") and ":" in said:  # written into the cell of the label
                return clean_text(said.partition(":")[2]), f"{letters(i)}{row.number}"
    return "", ""


def _line(row: Row, places: Mapping[str, int]) -> Line | None:
    cells = {key: clean_text(row.cells[i]) if i < len(row.cells) else "" for key, i in places.items()}
    key = next((c.strip() for c in row.cells if c.split("|")[0].strip() in KINDS and "|" in c), "")
    kind, _, rest = key.partition("|")
    code = cells["code"]
    if not key:
        said = _CODE.fullmatch(code)
        if said is None or places["code"] in row.numbers:
            return None
        kind, rest = (RESULT if "whole" in places else ADDITION), f"{said[1]}|{said[2]}"
    indicator, _, part = rest.partition("|") if kind in (RESULT, ADDITION) else ("", "", "")
    fault = next((row.faults[places[k]] for k in ("done", "whole") if places.get(k) in row.faults), "")
    printed = _CODE.fullmatch(code)
    if indicator and printed and (printed[1], printed[2]) != (indicator, part):  # sorted without the hidden column
        fault = "village-line-code"
    return Line(kind, indicator + part if indicator else rest, indicator, part, row.number, cells, places, fault)


def _strange(row: Row, places: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """A number typed into the columns to fill, of a row that is no line of the form: somebody's own line."""
    for key in ("done", "whole"):
        index = places.get(key, -1)
        text = clean_text(row.cells[index]) if 0 <= index < len(row.cells) else ""
        if re.search(r"\d", text) and amount(text) and not row.hidden:
            said = clean_text(row.cells[places["item"]]) if places.get("item", 99) < len(row.cells) else ""
            yield f"{letters(index)}{row.number}", f"{said[:40]}: {text}" if said else text


def _listed(grid: Grid, codes: set[str]) -> Iterator[str]:
    """Code of the work of each row of a list of households; the other cells are not looked at."""
    known = {code.casefold(): code for code in codes}
    for row in grid.rows:
        yield from [known[c.strip().casefold()] for c in row.cells if c.strip().casefold() in known][:1]
