"""The workbook that ``make template`` writes and intake reads back, as described in ``layouts/template.yml``.

One description for both ways, so that a column cannot be written as one thing and read as another.
Cells of a workbook do not belong here.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ntm_lib import paths
from ntm_lib.rules.files import read_yaml
from ntm_lib.text.names import clean_text

# Kinds of row, in the hidden first column of every sheet. Fixed: headings, sums, signatures; no data.
LISTED, FREE, FIXED = "listed", "free", "fixed"

# First text of the fixed rows that add up or repeat: sum of the villages, figure of the commune, sum of the sources.
TOTALS = OF_VILLAGES, OF_COMMUNE, OF_SOURCES = (
    "Cộng các thôn",
    "Toàn xã ghi ở Biểu 01",
    "Cộng các nguồn (tự tính; đỏ nếu khác Tổng cộng)",
)

SEXES = ("nam", "nữ")  # items of the rows below an indicator that both must meet
FOLLOWING = ("percent", "now", "village", "households")  # keys of locked columns that follow from other cells


@dataclass(frozen=True)
class Column:
    """A column of a sheet. ``fill``: input, locked, or listed (locked where the row is listed, input where it is free).

    ``main``: printed; the others hold the source of a value. ``words``: name of the list to choose
    from. ``only``: kind of indicator for which the cell is open. ``later``: not in workbooks that
    were made before the column was added, which are read all the same.
    """

    key: str
    heading: str
    width: float
    fill: str = "input"
    format: str = ""
    list: str = ""
    about: str = ""
    only: str = ""
    main: bool = True
    wrap: bool = False
    hidden: bool = False
    later: bool = False


@dataclass(frozen=True)
class Term:
    """One way to fill a raw cell: a literal, a constant of the workbook (year, next, rule_set), or a column.

    ``unit`` is added to a bare number; ``as_written`` keeps the words of a list instead of its code.
    """

    literal: str = ""
    constant: str = ""
    key: str = ""
    unit: str = ""
    as_written: bool = False


@dataclass(frozen=True)
class Emit:
    """A raw row that a row of the sheet gives, if one of the cells ``when`` is filled.

    ``cells``: raw column → ways to fill it, the first that is filled counts. ``second``: key that
    tells the id of this row from that of the first raw row of the same sheet row.
    """

    table: str
    when: tuple[str, ...]
    cells: Mapping[str, tuple[Term, ...]]
    second: str = ""


@dataclass(frozen=True)
class Group:
    """What is counted in each village: ``of`` is the total it is a share of, ``plan`` asks for the increase too."""

    key: str
    heading: str
    unit: str
    criterion: str = ""
    indicator: str = ""
    part: str = ""
    of: str = ""
    plan: bool = False


@dataclass(frozen=True)
class Sheet:
    name: str
    title: str
    subtitle: str
    rows: str  # indicators, sources, villages, by_village, free
    free: int
    free_title: str
    columns: tuple[Column, ...]
    emits: tuple[Emit, ...]
    groups: tuple[Group, ...]
    rule_sets: tuple[str, ...]

    @property
    def tag(self) -> str:
        """Short name for ids: ``Biểu 01`` → B01, ``Thôn`` → T."""
        return self.name[0].upper() + "".join(re.findall(r"\d+", self.name))

    def for_rule_set(self, rule_set: str) -> bool:
        return not self.rule_sets or rule_set in self.rule_sets


@dataclass(frozen=True)
class Layout:
    version: int
    words: Mapping[str, Mapping[str, str]]  # list → code → what is chosen
    sheets: tuple[Sheet, ...]
    texts: Mapping = field(repr=False)  # guide, comment, who, signatures

    def code(self, words: str, text: str) -> str:
        """Code of a choice, however its letters are written, or of another word for it; a text that is none is kept."""
        said, also = clean_text(text).casefold(), self.texts["also"].get(words, {})
        codes = self.words.get(words, {})
        return next(
            (
                c
                for c, shown in codes.items()
                if said in (c, shown.casefold(), *(w.casefold() for w in also.get(c, ())))
            ),
            text,
        )


def layout() -> Layout:
    """The layout in ``data/raw/layouts/template.yml``."""
    return _read(layout_file(), layout_file().stat().st_mtime_ns)


def layout_file() -> Path:
    return paths.raw() / "layouts" / "template.yml"


@cache
def _read(path: Path, _written: int) -> Layout:
    raw = read_yaml(path)
    shared = {key: _column({"key": key, **spec}) for key, spec in raw["shared_columns"].items()}
    sheets = tuple(_sheet(spec, shared) for spec in raw["sheets"])
    return Layout(raw["version"], raw["words"], sheets, raw)


def _sheet(spec: Mapping, shared: Mapping[str, Column]) -> Sheet:
    groups = tuple(Group(**g) for g in spec.get("groups", ()))
    columns = tuple(shared[c] if isinstance(c, str) else _column(c) for c in spec.get("columns", ()))
    return Sheet(
        name=spec["sheet"], title=spec["title"], subtitle=spec["subtitle"], rows=spec["rows"], free=spec.get("free", 0),
        free_title=spec.get("free_title", ""), groups=groups, rule_sets=tuple(spec.get("rule_sets", ())),
        columns=tuple(_village_columns(groups, shared)) if groups else columns,
        emits=tuple(_village_emits(groups)) if groups else tuple(_emits(spec["emits"])),
    )  # fmt: skip


def _column(spec: Mapping) -> Column:
    return Column(**{**spec, "width": float(spec["width"])})


def _emits(specs: list[Mapping]) -> Iterator[Emit]:
    first: dict[str, str] = {}
    for spec in specs:
        cells = {**first, **spec["cells"]} if spec.get("second") else spec["cells"]
        first = first or cells
        yield Emit(
            spec["table"], tuple(spec["if"]), {c: _terms(text) for c, text in cells.items()}, spec.get("second", "")
        )


def _terms(text: str) -> tuple[Term, ...]:
    return tuple(_term(part.strip()) for part in str(text).split("|"))


def _term(text: str) -> Term:
    if text.startswith("'"):
        return Term(literal=text.strip("'"))
    if text.startswith("$"):
        return Term(constant=text[1:])
    key, unit = re.fullmatch(r"(~?\w+)(?: \((.+)\))?", text).groups()
    return Term(key=key.lstrip("~"), unit=unit or "", as_written=key.startswith("~"))


def _village_columns(groups: tuple[Group, ...], shared: Mapping[str, Column]) -> Iterator[Column]:
    yield shared["row"]
    yield Column("village", "Thôn", 24, fill="locked")
    if any(g.of == "households" for g in groups):
        yield Column("households", "Tổng số hộ", 10, fill="locked", format="count")
    for group in groups:
        yield Column(group.key, group.heading, 10, format="count", wrap=True)
        if group.plan:
            yield Column(f"{group.key}_plan", "Thêm năm {next}", 9, format="count", wrap=True)
    yield shared["note"]


def sealed(sheet: Sheet, cells: Mapping[str, str]) -> str:
    """What the locked cells of a listed row say, key by key in four signs, so that one typed over is seen: ``name:1f0a last:77c2``."""
    return " ".join(f"{key}:{_sign(cells.get(key, ''))}" for key in sealed_keys(sheet))


def sealed_keys(sheet: Sheet) -> list[str]:
    """Columns that are written once and read no more."""
    return [c.key for c in sheet.columns if c.fill in ("locked", "listed") and not c.hidden and c.key not in FOLLOWING]


def _sign(text: str) -> str:
    plain = re.sub(r"\s", "", clean_text(text)).replace(",", ".")
    return hashlib.sha1(re.sub(r"\.0$", "", plain).encode(), usedforsecurity=False).hexdigest()[:4]


def _village_emits(groups: tuple[Group, ...]) -> Iterator[Emit]:
    place = {"village": "village", "note": "note"}
    for g in groups:
        about = (
            place | {c: f"'{getattr(g, c)}'" for c in ("criterion", "indicator", "part")} | {"item": f"'{g.heading}'"}
        )
        kind = "measured" if g.indicator else "other"
        measured = about | {"year": "$year", "value": f"share_{g.key} | {g.key} ({g.unit})", "kind": f"'{kind}'"}
        yield Emit("results", (g.key,), {c: _terms(text) for c, text in measured.items()}, g.key)
        if g.plan:
            key = f"{g.key}_plan"
            planned = about | {"year": "$next", "value": f"change_{key}", "kind": "'change'", "base_year": "$year"}
            yield Emit("plan", (key,), {c: _terms(text) for c, text in planned.items()}, key)
