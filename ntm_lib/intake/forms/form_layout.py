"""The layouts of forms that officials have (``data/raw/layouts/forms.yml``), as records; a sheet as the readers of forms look at it; and
criteria and indicators by their names in the rule set: what a row speaks of where it has no number.

What the words of a heading mean stands in that file; how a sheet is read by it is in ``form_heading`` and ``form_reader``.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ntm_lib import paths, rules
from ntm_lib.intake.files.readers import MAX_COLUMNS, Grid, Row
from ntm_lib.rules.crosswalk import home_sets, numbered_by
from ntm_lib.tables import records
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
    shared = {name: _patterns(file[name]) for name in ("columns", "periods")} | {"rule_sets": file["rule_sets"]}
    return tuple(_form(entry, shared) for entry in file["forms"])


def _form(entry: Mapping[str, Any], shared: Mapping[str, Any]) -> Form:
    def roles(name: str) -> frozenset[str]:
        return frozenset(entry.get(name, ()))

    return Form(
        name=entry["name"], words=entry["words"], needs=tuple(tuple(roles.split("|")) for roles in entry["needs"]),
        headings={role: tuple(map(re.compile, patterns)) for role, patterns in entry["headings"].items()},
        emits=tuple(Emit(e["table"], e["value"], e["cells"]) for e in entry["emits"]),
        many=roles("many"), unread=roles("unread"), money=roles("money"), units_of=roles("units_of"), **shared,
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


# Words that many names share and that tell none from another.
_COMMON = frozenset(
    [
        "tỷ", "tỉ", "lệ", "số", "các", "và", "có", "được", "theo", "trên", "của", "đạt", "từ", "trở", "lên", "quy",
        "định", "hoặc", "ít", "nhất", "đảm", "bảo", "xã", "thôn", "bản", "ấp", "xóm", "tiêu", "chí",
        "chỉ", "xây", "dựng", "nông", "mới", "địa", "bàn", "cho", "với", "về", "trong", "là",
    ]
)  # fmt: skip
_ENOUGH = 0.75  # of a row's words that a name must hold
_FEW = 5  # words, with the pairs they make, of a name that one telling word of it tells
_AHEAD = 0.1  # by which the best name must be ahead of the next


class Entry(NamedTuple):
    """An indicator (``part`` empty) or a part of one. ``count_unit``: what its numerator counts."""

    criterion: str
    indicator: str
    part: str
    words: frozenset[str]
    count_unit: str


class Names(NamedTuple):
    """The names of one rule set; empty where no set is known."""

    criteria: dict[str, frozenset[str]]
    entries: tuple[Entry, ...]

    def only_indicator(self, criterion: str) -> str:
        """The indicator of a criterion that has but one, else empty."""
        found = {e.indicator for e in self.entries if e.criterion == criterion}
        return found.pop() if len(found) == 1 else ""

    def has(self, indicator: str) -> bool:
        return any(e.indicator == indicator for e in self.entries)

    def names(self, indicator: str, text: str) -> bool:
        """Whether a text speaks of an indicator: most of its words stand in the name."""
        words = words_of(text)
        return any(_score(words, e.words) > 0.5 for e in self.entries if e.indicator == indicator)

    def count_unit(self, indicator: str, part: str) -> str:
        return next((e.count_unit for e in self.entries if (e.indicator, e.part) == (indicator, part)), "")

    def is_criterion(self, criterion: str, text: str) -> bool:
        """Whether a text is the name of the criterion, or a shorter form of it."""
        words, own = (
            {w for w in found if " " not in w} for found in (words_of(text), self.criteria.get(criterion, frozenset()))
        )
        return bool(own & words) and len(own & words) * 2 >= min(len(own), len(words))

    def criterion_called(self, text: str) -> str:
        """The criterion whose name the text is; empty where it is none."""
        words = words_of(text)
        return next((criterion for criterion, own in self.criteria.items() if words and words == own), "")

    def find(self, text: str, criterion: str = "", indicator: str = "") -> Entry | None:
        """The one entry whose name holds the words of the text: among all, those of a criterion, or the parts of an indicator."""
        words = words_of(text)
        among = [
            e for e in self.entries
            if (not criterion or e.criterion == criterion) and (not indicator or (e.indicator == indicator and e.part)) and (indicator or criterion or not e.part)
        ]  # fmt: skip
        scores = sorted(((_score(words, e.words), e) for e in among if e.words), key=lambda pair: -pair[0])
        if not words or not scores or scores[0][0] < _ENOUGH:
            return None
        if (
            len(words) == 1 and not indicator and len(scores[0][1].words) > _FEW
        ):  # «Quy hoạch» names no one of forty indicators
            return None
        rivals = [s for s, e in scores[1:] if e.indicator != scores[0][1].indicator or (e.part and scores[0][1].part)]
        return scores[0][1] if not rivals or scores[0][0] - rivals[0] >= _AHEAD else None


def words_of(text: str) -> frozenset[str]:
    """The telling words of a text and the pairs in which they stand."""
    words = [
        w for w in re.findall(r"[^\W\d_]+", clean_text(re.sub(r"\([^()]*\)", " ", text)).casefold()) if w not in _COMMON
    ]
    return frozenset([*words, *(" ".join(pair) for pair in zip(words, words[1:], strict=False))])  # noqa: RUF007


def names_of(sort: str, year: str) -> tuple[str, Names]:
    """The rule set by which a form of this year is numbered (empty where the basic one needs no naming), and its names."""
    known, number = rules.rule_sets(), int(year or 0)
    homes = home_sets({number})
    if not homes or not number:
        return "", Names({}, ())
    rule_set = numbered_by(sort, number, known, homes)
    return (rule_set if sort else ""), _names(rules.load_set(rule_set))


@cache
def _names(rule_set: rules.RuleSet) -> Names:
    rows = records(rule_set.all_indicators)
    return Names(
        {entry["id"]: words_of(entry["name"]["vi"]) for entry in rule_set.meta["criteria"]},
        tuple(
            Entry(r["criterion"], r["indicator"], r["part"], words_of(r["name_vi"]), r["count_unit"] or "")
            for r in rows
        ),
    )


def _score(words: frozenset[str], name: frozenset[str]) -> float:
    """How much of the text stands in the name; of two names that hold all of it, the shorter one is ahead."""
    common = len(words & name)
    return common / len(words) * 0.85 + common / len(name) * 0.15 if words else 0.0
