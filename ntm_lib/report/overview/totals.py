"""Many communes at once: what each has met in each year, and what that adds up to.

Takes rows that ``overview_read`` has read; the page is ``overview_page``. No file is read here and
no verdict is made here: only those of the processed tables are counted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from ntm_lib import tables

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
        """Criteria met, on whatever basis."""
        return self.count("met")

    @cached_property
    def at_most(self) -> int:
        """Criteria met if all without a verdict were met too."""
        return self.met + self.count("no-data")

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
        aims = any(basis in ("planned", "aimed") for _, basis in self.verdicts.values())
        return "planned" if aims else "met"

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


def state_counts(entries: list[Entry]) -> dict[str, int]:
    """Communes in each of STATES."""
    states = [entry.state for entry in entries]
    return {state: states.count(state) for state in STATES}


def exposed(entries: list[Entry], within: int) -> list[Entry]:
    """Communes whose recognition may be withdrawn, now or if up to ``within`` more criteria fall; the nearest first."""
    found = [entry for entry in entries if entry.exposure is not None and entry.exposure <= within]
    return sorted(found, key=lambda entry: (entry.exposure, -entry.unmet_in_all))
