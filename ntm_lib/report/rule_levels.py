"""The thresholds of all rule sets as the rule book shows them: equal cells of a decision in one line, who was judged by it, a chart.

Facts of the rule files alone, with the communes of the data that each line holds for; nothing is concluded.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ntm_lib import paths, rules
from ntm_lib.doc.blocks import Inline, join, link
from ntm_lib.doc.charts import SMALL
from ntm_lib.doc.style import COLOURS, FAMILY, SYMBOLS, chart_settings
from ntm_lib.existing import communes, default_rule_set, years_judged
from ntm_lib.language import Translate, term, translator
from ntm_lib.places import registry
from ntm_lib.places.named import line_of
from ntm_lib.rules.sets import RuleSet, province_thresholds
from ntm_lib.tables import fraction, records
from ntm_lib.text.names import slug as slug_of
from ntm_lib.wording.words import OPERATORS, day, exact_phrase

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Row = dict[str, Any]
_REPOSITORY = re.compile(r"([\w.-]+)/([\w.-]+):(\S+\.\w+)(?: \((.+)\))?")  # owner/repository:path (title)
SAME = (
    "indicator", "part", "operator", "threshold", "unit", "valid_from", "valid_to", "set_by", "document", "article", "source",
    "confidence", "note", "note_en", "province",
)  # fmt: skip
WIDTH, LINE, LETTERS = (
    302.0,
    12.0,
    30,
)  # points: a chart, what the label of a line takes; letters that fit beside the drawing


@dataclass(frozen=True)
class Level:
    """One threshold: the cells (SAME) that several columns of the decision share, and the communes judged by it."""

    cells: Mapping[str, str]
    columns: tuple[str, ...]
    communes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def holds_in(self, year: int) -> bool:
        """Whether it is in force on 31 December of the year."""
        return self["valid_from"] <= f"{year}-12-31" <= (self["valid_to"] or "9999")


def levels_of(rule_set: RuleSet, resting: Mapping[tuple[str, ...], set[str]]) -> dict[tuple[str, str], list[Level]]:
    """(indicator, part) → its thresholds, those of the nation's file first, then by province; oldest first.

    ``resting``: see below.
    """
    rows = [row | {"province": ""} for row in records(rule_set.thresholds)]
    for folder in sorted(path for path in (paths.rules_folder() / "provinces").glob("*") if path.is_dir()):
        own = province_thresholds(paths.rules_folder(), folder.name, rule_set.id, "vi")
        rows += [row | {"province": folder.name} for row in records(own)]
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(row[c] for c in SAME), []).append(row)
    found: dict[tuple[str, str], list[Level]] = {}
    for same in grouped.values():
        names = {name for row in same for name in resting.get(_mark(rule_set.id, row), ())}
        cells = {c: str(same[0][c]) for c in SAME}
        level = Level(cells, tuple(row["column"] for row in same), tuple(sorted(names)))
        found.setdefault((cells["indicator"], cells["part"]), []).append(level)
    for levels in found.values():
        levels.sort(key=lambda level: (level["province"], level["valid_from"]))
    return found


@cache
def province_name(slug: str) -> str:
    """Name of a province by its slug, as a commune of the data or the registry writes it; the slug where neither knows it."""
    own = (line_of(commune, "province") for commune in communes() if line_of(commune, "province_slug") == slug)
    return next(own, "") or next((unit.province for unit in registry.units() if slug_of(unit.province) == slug), slug)


def _mark(rule_set: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    cells = ("indicator", "part", "column", "set_by", "document", "valid_from")
    return (rule_set, *(str(row[c]) for c in cells))


def resting_on() -> dict[tuple[str, ...], set[str]]:
    """Mark of a threshold → the communes of the data judged by it in a year of theirs, by the set of that year."""
    found: dict[tuple[str, ...], set[str]] = {}
    for commune in communes():
        about = rules.load_commune(commune)
        for year in years_judged(commune):
            rule_set = rules.load_set(default_rule_set(year))
            for row in records(rules.resolve(rule_set, about, year)):
                if row["applies"] != "no":
                    found.setdefault(_mark(rule_set.id, row), set()).add(commune)
    return found


def source_words(text: str, language: str) -> Inline | str:
    """An address as a link with the name of its site, a file of a repository as a link with its title, a digest cut short;
    other words as they are."""
    if repository := _REPOSITORY.fullmatch(text):
        owner, name, path, title = repository.groups()
        words = title or translator(language)("bản chép trên GitHub của {owner}").format(owner=owner)
        return link(words, f"https://github.com/{owner}/{name}/blob/HEAD/{path}")
    if not text.startswith("http"):
        return re.sub(r"(SHA-256 [0-9a-f]{12})[0-9a-f]+", r"\1…", term(text, language))
    pieces = [piece.strip() for piece in text.replace(";", " ").split()]
    links = [link(piece.split("/")[2].removeprefix("www."), piece) for piece in pieces if piece.startswith("http")]
    return join(links, ", ")


def period_words(start: str, end: str, t: Translate, language: str) -> str:
    """``2021–2025`` for whole years, else both days."""
    if start.endswith("-01-01") and end.endswith("-12-31"):
        return start[:4] if start[:4] == end[:4] else f"{start[:4]}–{end[:4]}"
    if not start and not end:
        return t("mọi thời gian")
    if not end:
        return t("từ {day}").format(day=day(start, language))
    return f"{day(start, language)}–{day(end, language)}" if start else t("đến {day}").format(day=day(end, language))


# ---------------------------------------------------------------- chart


@dataclass(frozen=True)
class Series:
    """One line of a chart: a label, and for each year the value in force at its end, or None."""

    label: str
    values: tuple[Any, ...]
    checked: bool


def series_of(levels: Iterable[Level], years: range, column_words: Mapping[str, str]) -> list[Series]:
    """Columns with the same values over the years as one series. Thresholds that are no numbers make none."""
    by_place: dict[tuple[str, str], dict[int, Level]] = {}
    for level in levels:
        for column in level.columns:
            held = by_place.setdefault((level["province"], column), {})
            held.update(
                {year: level for year in years if level.holds_in(year) and fraction(level["threshold"]) is not None}
            )
    alike: dict[tuple[Any, ...], list[tuple[str, str]]] = {}
    for place, held in by_place.items():
        if held:
            values = tuple(fraction(held[year]["threshold"]) if year in held else None for year in years)
            checked = all(level["confidence"] == "official" for level in held.values())
            alike.setdefault((place[0], values, checked), []).append(place)
    return [
        Series(_label([column for _, column in places], province, column_words), values, checked)
        for (province, values, checked), places in alike.items()
    ]


def _label(columns: list[str], province: str, column_words: Mapping[str, str]) -> str:
    names = [column_words.get(c, c) for c in columns]
    return f"{province_name(province)}: {', '.join(names)}" if province else ", ".join(names)


def is_worth_drawing(series: list[Series]) -> bool:
    """Whether there is anything to compare: several lines, or one that moves."""
    values = {value for one in series for value in one.values if value is not None}
    return len(values) > 1


def chart(series: list[Series], years: range, unit: str, operator: str, language: str) -> tuple["Figure", str]:
    """Steps over the years, one line a series: full where it was compared with the decision, else dashed. And the same as text."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    ordered = sorted(series, key=_last, reverse=True)
    height = max(84.0, LINE * len(ordered) + 34)
    with rc_context(chart_settings()):
        figure = Figure(figsize=(WIDTH / 72, height / 72))
        axes = figure.add_axes((0.11, 22 / height, 0.42, 1 - 30 / height))
        axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
        low, high = _span(ordered)
        axes.set_ylim(low, high)
        axes.set_xticks(list(years), [f"{year % 100:02d}" for year in years], fontsize=SMALL)
        axes.tick_params(axis="y", labelsize=SMALL, length=0)
        axes.yaxis.set_major_locator(_locator())
        axes.grid(axis="y")
        for number, one in enumerate(ordered):
            _draw(
                axes,
                one,
                years,
                1 - (number + 0.5) / len(ordered),
                exact(_last(one), unit, operator, language),
                low,
                high,
            )
    return figure, " ".join(_told(one, years, unit, operator, language) for one in ordered)


def exact(value: Any, unit: str, operator: str, language: str) -> str:
    return f"{OPERATORS[operator]} {exact_phrase(str(value), unit if unit == '%' else '', language)}".strip()


def _locator() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=3, integer=True)


def _last(one: Series) -> Any:
    return next(value for value in reversed(one.values) if value is not None)


def _span(series: list[Series]) -> tuple[float, float]:
    values = [float(v) for one in series for v in one.values if v is not None]
    room = (max(values) - min(values)) * 0.12 or 1.0
    return min(values) - room, max(values) + room


def _draw(axes: Any, one: Series, years: range, at: float, words: str, low: float, high: float) -> None:
    look: dict[str, Any] = {"color": COLOURS["info"], "linewidth": 1.6, "solid_capstyle": "butt"}
    look |= {} if one.checked else {"linestyle": (0, (4, 2))}
    xs = [x for year, v in zip(years, one.values, strict=True) if v is not None for x in (year - 0.5, year + 0.5)]
    ys = [float(v) for v in one.values if v is not None for _ in (0, 1)]
    axes.plot(xs, ys, **look)
    end = (ys[-1] - low) / (high - low)
    axes.plot([1.0, 1.05], [end, at], transform=axes.transAxes, color=COLOURS["line"], linewidth=0.8, clip_on=False)
    label = one.label if len(one.label) <= LETTERS else one.label[: LETTERS - 1] + "…"
    style: dict[str, Any] = {"fontsize": SMALL - 1, "family": [FAMILY, SYMBOLS], "va": "center", "parse_math": False}
    axes.text(1.06, at, f"{words}  {label}", transform=axes.transAxes, color=COLOURS["ink"], **style)


def _told(one: Series, years: range, unit: str, operator: str, language: str) -> str:
    runs: list[tuple[int, int, Any]] = []
    for year, value in zip(years, one.values, strict=True):
        if runs and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], year, value)
        elif value is not None:
            runs.append((year, year, value))
    spans = (
        f"{first if first == last else f'{first}–{last}'}: {exact(value, unit, operator, language)}"
        for first, last, value in runs
    )
    return f"{one.label}: {'; '.join(spans)}."
