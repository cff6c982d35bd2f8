"""Many communes at once: what their runs have left in data/processed, what each has met in each year, and what that adds up to.

Plain csv, not pandas: a country has some thousand communes, and of each only a few columns of a few small tables are
wanted. No verdict is made here.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ntm_lib import parameters, paths, rules, tables
from ntm_lib.errors import NtmError
from ntm_lib.language import collation_key, translator
from ntm_lib.model import MEANT
from ntm_lib.places import registry

# The bands in which provinces publish their communes: from … to criteria of nineteen.
BANDS = ((19, 19), (15, 18), (10, 14), (5, 9), (0, 4))
BANDED = 19  # criteria of the set that these bands are meant for
# What can be said of a commune as a whole; every commune with a report is in one of these.
STATES = ("met", "planned", "unmet", "unclear")


@dataclass(frozen=True)
class Place:
    """A commune as its ``commune.yml`` names it. ``point``: latitude and longitude as the registry gives them; None where it
    gives none or a doubtful one.
    """

    slug: str
    name: str
    code: str = ""
    district: str = ""
    province: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Entry:
    """One commune in one year.

    ``verdicts``: criterion → (verdict, basis), as in the table ``criteria``. ``announced``: the number of
    criteria that sources say it meets under this set; None where they say nothing or differ. ``unmet_in_all``: criteria
    unmet, named or counted. ``gained``,
    ``lost``: criteria; ``by_rule``: those lost because the rule moved and not the result. ``exposure``:
    how many more criteria must fall until recognition can be withdrawn (0: they may be now), None where
    no rule for it is known. ``indicators``: those that apply; ``with_value``, ``unverified``: of these
    judged by a value, and by a value against a threshold that nobody has checked. ``errors``,
    ``warnings``: findings of this year without an answer. ``run``: whose report shows it. ``plan``: all
    that is known of the year are targets.
    """

    place: Place
    year: int
    run: str
    verdicts: dict[str, tuple[str, str]]
    plan: bool = False
    announced: int | None = None
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    by_rule: tuple[str, ...] = ()
    exposure: int | None = None
    unmet_in_all: int = 0
    indicators: int = 0
    with_value: int = 0
    unverified: int = 0
    errors: int = 0
    warnings: int = 0

    @property
    def total(self) -> int:
        """Criteria that apply."""
        return len(self.verdicts) - self.count("not-applicable")

    def count(self, verdict: str) -> int:
        """Criteria with this verdict."""
        return sum(given == verdict for given, _ in self.verdicts.values())

    @cached_property
    def met(self) -> int:
        """Criteria met by results; of a year that is only planned, by the plan."""
        return sum(given == "met" and (self.plan or basis not in MEANT) for given, basis in self.verdicts.values())

    @cached_property
    def at_most(self) -> int:
        """Criteria met if all of which no result is known were met too."""
        return self.count("met") + self.count("no-data")

    @property
    def known(self) -> int | None:
        """Number of criteria met: judged one by one or, failing that, as announced; None where it may be several."""
        if self.met == self.at_most:
            return self.met
        return self.announced

    @property
    def state(self) -> str:
        """One of STATES: something unmet; all met, by results or only by a plan; else unclear."""
        if self.count("unmet") or self.unmet_in_all:
            return "unmet"
        if self.known != self.total:
            return "unclear"
        return "planned" if self.plan else "met"

    @property
    def band(self) -> tuple[int, int] | None:
        """The band it lies in, whatever is still unknown; None where that cannot be said.

        A criterion that does not apply does not count against the commune.
        """
        if len(self.verdicts) != BANDED:
            return None
        low, high = (self.known, self.known) if self.known is not None else (self.met, self.at_most)
        spared = self.count("not-applicable")
        return next((band for band in BANDS if band[0] <= low + spared and high + spared <= band[1]), None)


@dataclass(frozen=True)
class CriterionCount:
    """How many communes met one criterion in one year, by basis, and how many did not or are not known."""

    criterion: str
    measured: int = 0
    declared: int = 0
    planned: int = 0
    aimed: int = 0
    unmet: int = 0
    no_data: int = 0
    not_applicable: int = 0
    gained: int = 0
    lost: int = 0

    @property
    def met(self) -> int:
        return self.measured + self.declared + self.planned + self.aimed

    @property
    def judged(self) -> int:
        """Communes with a verdict."""
        return self.met + self.unmet


@dataclass(frozen=True)
class Overview:
    """``entries``: communes and years that have tables; ``missing``: communes without, with the reason
    where there is one; ``name_of``: (criterion, year) → name; ``stale``: runs of which the figures are others now;
    ``around``: points of all units of the provinces of the communes, which give a map its shape.
    """

    title: str
    entries: tuple[Entry, ...]
    missing: tuple[tuple[Place, str], ...] = ()
    name_of: Callable[[str, int], str] = field(default=lambda criterion, year: "", compare=False)
    stale: tuple[str, ...] = ()
    around: tuple[tuple[float, float], ...] = ()

    @cached_property
    def years(self) -> list[int]:
        """Newest first."""
        return sorted({entry.year for entry in self.entries}, reverse=True)

    def of_year(self, year: int) -> list[Entry]:
        return [entry for entry in self.entries if entry.year == year]

    @cached_property
    def latest(self) -> list[Entry]:
        """The newest year of each commune."""
        newest = {entry.place.slug: entry for entry in sorted(self.entries, key=lambda entry: entry.year)}
        return [entry for entry in self.entries if newest[entry.place.slug] is entry]

    def only(self, year: int) -> "Overview":
        """The same of one year."""
        return replace(self, entries=tuple(self.of_year(year)))


def by_criteria(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries with the same criteria together, the newest first: numbers of two rule sets mean different things."""
    groups: dict[frozenset[str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(frozenset(entry.verdicts), []).append(entry)
    return sorted(groups.values(), key=lambda group: -max(entry.year for entry in group))


def criteria_of(entries: Iterable[Entry]) -> list[str]:
    """Every criterion that one of the entries has, in the order of the rule set."""
    return sorted({criterion for entry in entries for criterion in entry.verdicts}, key=tables.natural_key)


def criterion_counts(entries: list[Entry]) -> list[CriterionCount]:
    """One count for each criterion, in the order of the rule set."""
    return [_counted(criterion, entries) for criterion in criteria_of(entries)]


def _counted(criterion: str, entries: list[Entry]) -> CriterionCount:
    given = [entry.verdicts[criterion] for entry in entries if criterion in entry.verdicts]
    return CriterionCount(
        criterion,
        **{basis: given.count(("met", basis)) for basis in ("measured", "declared", "planned", "aimed")},
        **{
            name.replace("-", "_"): sum(verdict == name for verdict, _ in given)
            for name in ("unmet", "no-data", "not-applicable")
        },
        gained=sum(criterion in entry.gained for entry in entries),
        lost=sum(criterion in entry.lost for entry in entries),
    )


def most_missed(entries: list[Entry]) -> list[CriterionCount]:
    """Criteria that at least one commune misses, the most missed first."""
    found = [count for count in criterion_counts(entries) if count.unmet]
    return sorted(found, key=lambda count: -count.unmet)


def band_counts(entries: list[Entry]) -> dict[tuple[int, int] | None, int]:
    """Communes in each band of BANDS; None: those of which the band cannot be said."""
    bands = [entry.band for entry in entries]
    return {band: bands.count(band) for band in (*BANDS, None)}


def exposed(entries: list[Entry], within: int) -> list[Entry]:
    """Communes whose recognition may be withdrawn, now or if up to ``within`` more criteria fall; the nearest first."""
    found = [entry for entry in entries if entry.exposure is not None and entry.exposure <= within]
    return sorted(found, key=lambda entry: (entry.exposure, -entry.unmet_in_all))


# ---------------------------------------------------------------- reading


Cells = dict[str, str]


def read_overview(
    communes: Iterable[str], years: Iterable[int] = (), title: str = "", language: str = "vi"
) -> Overview:
    """What the published runs say of ``communes`` in ``years`` (empty: every year known).

    Only plain runs count: none under a scenario, another rule set, region or STRICT. A commune whose
    files cannot be read is listed with the reason and stops nothing.
    """
    _rule_set.cache_clear()
    wanted, entries, missing = set(years), [], []
    for slug in communes:
        place, why = Place(slug, slug), ""
        try:
            place = _place(slug, language)
            found = _entries(place, wanted, language)
        except (NtmError, OSError, ValueError, KeyError, TypeError, csv.Error) as error:
            found, why = [], _reason(error, language)
        entries += found
        missing += [] if found else [(place, why)]
    entries.sort(key=lambda entry: (-entry.year, collation_key(entry.place.name), entry.place.slug))
    missing.sort(key=lambda item: (collation_key(item[0].name), item[0].slug))
    known = [place for place in (*(entry.place for entry in entries), *(place for place, _ in missing)) if place.code]
    return Overview(
        title,
        tuple(entries),
        tuple(missing),
        lambda criterion, year: _criterion_name(criterion, year, language),
        around=_around({place.code for place in known}),
    )


def read_named(communes: str, years: str, language: str = "vi") -> Overview:
    """The same for communes and years written out with blanks between; empty: all that there are."""
    return read_overview(communes.split() or parameters.communes(), map(int, years.split()), language=language)


def _reason(error: Exception, language: str) -> str:
    if isinstance(error, NtmError):
        return error.message.splitlines()[0]
    return translator(language)("không đọc được bảng đã xử lý; hãy lập lại báo cáo của xã này")


def _place(slug: str, language: str) -> Place:
    """The commune as its commune.yml names it, where the registry puts it for sure and under this name."""
    commune = rules.load_commune(slug, language)
    name, code = commune["name"], commune["code"]
    points = (_where(unit) for unit in registry.of_code(code) if unit.name == name)
    place = Place(slug, name, code, commune.get("district") or "", commune["province"])
    return replace(place, point=next(filter(None, points), None))


def _where(unit: registry.Unit) -> tuple[float, float] | None:
    if unit.point_doubtful or not (unit.latitude and unit.longitude):
        return None
    return float(unit.latitude), float(unit.longitude)


def _around(codes: set[str]) -> tuple[tuple[float, float], ...]:
    """Points of all units, before 1/7/2025, of the province in which the codes lie; none where they lie in several."""
    if not codes or not registry.is_there():
        return ()
    units = [unit for unit in registry.units() if registry.valid(unit, registry.LAST_DAY_BEFORE)]
    provinces = {unit.province_code for unit in units if unit.code in codes}
    found = [point for unit in units if unit.province_code in provinces and (point := _where(unit))]
    return tuple(sorted(found)) if len(provinces) == 1 else ()


def _criterion_name(criterion: str, year: int, language: str) -> str:
    rule_set = _rule_set(year)
    return rules.criterion_name(rule_set, criterion, language) if rule_set else ""


def _entries(place: Place, wanted: set[int], language: str) -> list[Entry]:
    """One entry a year, each from the run of that year or, where there is none, from the newest that knows the year."""
    found: dict[int, Entry] = {}
    for run_year, run in sorted(_runs(place.slug, language).items()):
        for year, entry in _of_run(place, run, run_year).items():
            if (not wanted or year in wanted) and (
                year == run_year or year not in found or _year_of(found[year]) != year
            ):
                found[year] = entry
    return list(found.values())


def _year_of(entry: Entry) -> int:
    """Year of the run that an entry comes from."""
    return int(entry.run.rpartition("/")[2][:4])


def _runs(slug: str, language: str) -> dict[int, str]:
    """Year → name of the plain run that has tables: that in the language asked for rather than the other."""
    runs: dict[int, str] = {}
    for year in parameters.years_with_rows(slug):
        endings = ("-en", "") if language == "en" else ("", "-en")
        names = [f"{slug}/{year}{ending}" for ending in endings]
        runs |= {year: name for name in names[::-1] if (paths.processed(name) / "criteria.csv").is_file()}  # noqa: B035
    return runs


def _of_run(place: Place, run: str, run_year: int) -> dict[int, Entry]:
    """Year → what one run concludes of it; what changed since the year before is told of the run's own year alone."""
    folder = paths.processed(run)
    names = ("summary", "criteria", "changes", "findings")
    summary, criteria, changes, findings = (_rows(folder / f"{name}.csv") for name in names)
    return {
        int(line["year"]): _entry(
            place,
            run,
            line,
            [row for row in criteria if row["year"] == line["year"]],
            _moved([row for row in changes if row["to_year"] == line["year"]])
            | _open_findings(findings, line["year"], int(line["year"]) == run_year),
        )
        for line in summary
    }


def _rows(path: Path) -> list[Cells]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entry(place: Place, run: str, line: Cells, criteria: list[Cells], more: dict[str, Any]) -> Entry:
    """What the row of ``summary`` says, with the verdicts of the year; ``more``: its further fields."""
    counts = {name: int(line[name]) for name in ("unmet_in_all", "indicators", "with_value", "unverified")}
    bases = {row["basis"] for row in criteria} - {""}
    return Entry(
        place,
        int(line["year"]),
        run,
        {row["criterion"]: (row["verdict"], row["basis"]) for row in criteria},
        plan=bool(bases) and bases <= {*MEANT},
        announced=_number(line["published_met"]),
        exposure=_number(line["until_withdrawal"]),
        **counts | more,
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


def _moved(changes: list[Cells]) -> dict[str, Any]:
    """Criteria gained and lost since the last year known; of those lost, which by the rule alone."""
    rows = sorted(
        (row for row in changes if not row["indicator"]), key=lambda row: tables.natural_key(row["criterion"])
    )
    return {
        "gained": tuple(row["criterion"] for row in rows if row["change"] == "gained"),
        "lost": tuple(row["criterion"] for row in rows if row["change"] == "lost"),
        "by_rule": tuple(row["criterion"] for row in rows if row["change"] == "lost" and row["cause"] == "rule"),
    }


def _open_findings(findings: list[Cells], year: str, own: bool) -> dict[str, Any]:
    """Findings without an answer. Those of no year count for the run's own year."""
    found = [row["severity"] for row in findings if row["year"] in (year, "0" if own else year) and not row["answer"]]
    return {"errors": found.count("error"), "warnings": found.count("warning")}


@cache
def _rule_set(year: int) -> rules.RuleSet | None:
    """The set that the year is judged by; ``read_overview`` forgets it, since files may have changed."""
    name = parameters.default_rule_set(year)
    return rules.load_set(name) if name else None
