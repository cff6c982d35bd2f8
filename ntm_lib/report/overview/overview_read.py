"""Reads what the runs of many communes have left in data/processed, as entries of an overview.

Plain csv, not pandas: a country has some thousand communes, and of each only a few columns of a few
small tables are wanted. Nothing is counted here.
"""

import csv
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from ntm_lib import parameters, paths, rules, tables
from ntm_lib.errors import NtmError
from ntm_lib.language import collation_key, translator
from ntm_lib.places import registry
from ntm_lib.report.overview.totals import Entry, Overview, Place

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
    commune = rules.load_commune(slug, language)
    name, code = commune["name"], commune["code"]
    return Place(slug, name, code, commune.get("district") or "", commune["province"], _point(code, name))


def _point(code: str, name: str) -> tuple[float, float] | None:
    """Where the registry puts the commune; None where it does not know for sure, or not under this name."""
    return next((found for unit in registry.of_code(code) if unit.name == name and (found := _where(unit))), None)


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
    runs = {}
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
        int(line["year"]): replace(
            _entry(place, run, line, [row for row in criteria if row["year"] == line["year"]]),
            **_moved([row for row in changes if row["to_year"] == line["year"]]),
            **_open_findings(findings, line["year"], int(line["year"]) == run_year),
        )
        for line in summary
    }


def _rows(path: Path) -> list[Cells]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entry(place: Place, run: str, line: Cells, criteria: list[Cells]) -> Entry:
    """What the row of ``summary`` says, with the verdicts of the year."""
    met = {basis: int(line[basis]) for basis in ("measured", "declared", "planned", "aimed")}
    return Entry(
        place,
        int(line["year"]),
        run,
        {row["criterion"]: (row["verdict"], row["basis"]) for row in criteria},
        plan=met["planned"] + met["aimed"] > 0 == met["measured"] + met["declared"],
        announced=_number(line["published_met"]),
        exposure=_number(line["until_withdrawal"]),
        **{name: int(line[name]) for name in ("unmet_in_all", "indicators", "with_value", "unverified")},
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


def _moved(changes: list[Cells]) -> dict[str, tuple[str, ...]]:
    """Criteria gained and lost since the last year known; of those lost, which by the rule alone."""
    rows = sorted(
        (row for row in changes if not row["indicator"]), key=lambda row: tables.natural_key(row["criterion"])
    )
    return {
        "gained": tuple(row["criterion"] for row in rows if row["change"] == "gained"),
        "lost": tuple(row["criterion"] for row in rows if row["change"] == "lost"),
        "by_rule": tuple(row["criterion"] for row in rows if row["change"] == "lost" and row["cause"] == "rule"),
    }


def _open_findings(findings: list[Cells], year: str, own: bool) -> dict[str, int]:
    """Findings without an answer. Those of no year count for the run's own year."""
    found = [row["severity"] for row in findings if row["year"] in (year, "0" if own else year) and not row["answer"]]
    return {"errors": found.count("error"), "warnings": found.count("warning")}


@cache
def _rule_set(year: int) -> rules.RuleSet | None:
    """The set that the year is judged by; ``read_overview`` forgets it, since files may have changed."""
    name = parameters.default_rule_set(year)
    return rules.load_set(name) if name else None
