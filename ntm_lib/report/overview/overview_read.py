"""Reads what the runs of many communes have left in data/processed, as entries of an overview.

Plain csv, not pandas: a country has some thousand communes, and of each only a few columns of a few
small tables are wanted. Nothing is counted here.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from ntm_lib import judge, parameters, paths, rules, tables
from ntm_lib.errors import NtmError
from ntm_lib.language import collation_key, translator
from ntm_lib.report.overview.totals import Entry, Overview, Place

Verdicts = Mapping[str, tuple[str, str]]


def read_overview(
    communes: Iterable[str], years: Iterable[int] = (), title: str = "", language: str = "vi"
) -> Overview:
    """What the published runs say of ``communes`` in ``years`` (empty: every year known).

    Only plain runs count: none under a scenario, another rule set, region or STRICT. A commune whose
    files cannot be read is listed with the reason and stops nothing.
    """
    _rule_set.cache_clear()
    _nearest.cache_clear()
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
    return Overview(
        title, tuple(entries), tuple(missing), lambda criterion, year: _criterion_name(criterion, year, language)
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
    return Place(slug, commune["name"], commune["code"], commune.get("district") or "", commune["province"])


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
    """Year → what one run says of it."""
    folder = paths.processed(run)
    criteria, changes, findings = (_rows(folder / f"{name}.csv") for name in ("criteria", "changes", "findings"))
    observations = _rows(folder / "observations.csv")
    entries = {}
    for year in sorted({int(row["year"]) for row in criteria}):
        entry = _entry(place, run, year, [row for row in criteria if int(row["year"]) == year])
        entries[year] = replace(
            entry,
            exposure=_exposure(year, entry.verdicts),
            **_stated([row for row in observations if row["year"] == str(year)], len(entry.verdicts)),
            **(_moved(changes, year) if year == run_year else _differing(entries.get(max(entries, default=0)), entry)),
            **_open_findings(findings, year, year == run_year),
        )
    return entries


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entry(place: Place, run: str, year: int, rows: list[dict[str, str]]) -> Entry:
    sums = {name: sum(int(row[name] or 0) for row in rows) for name in ("indicators", "with_value", "unverified")}
    return Entry(place, year, run, {row["criterion"]: (row["verdict"], row["basis"]) for row in rows}, **sums)


def _stated(observations: list[dict[str, str]], criteria: int) -> dict:
    """Whether a year's observations are only a plan, and the number of criteria that the commune announces."""
    kinds = {row["kind"] for row in observations}
    counts = [
        int(row["numerator"])
        for row in observations
        if row["criterion"] == "all"
        and row["kind"] == "declared"
        and row["denominator"] == str(criteria)
        and row["numerator"].isdigit()
    ]
    return {
        "plan": bool(kinds & {"target", "change"}) and not kinds & {"measured", "declared"},
        "announced": counts[0] if counts else None,
    }


def _moved(changes: list[dict[str, str]], year: int) -> dict[str, tuple[str, ...]]:
    """Criteria gained and lost since the last year known; of those lost, which by the rule alone."""
    rows = [row for row in changes if not row["indicator"] and int(row["to_year"]) == year]
    rows.sort(key=lambda row: tables.natural_key(row["criterion"]))
    return {
        "gained": tuple(row["criterion"] for row in rows if row["change"] == "gained"),
        "lost": tuple(row["criterion"] for row in rows if row["change"] == "lost"),
        "by_rule": tuple(row["criterion"] for row in rows if row["change"] == "lost" and row["cause"] == "rule"),
    }


def _differing(before: Entry | None, now: Entry) -> dict[str, tuple[str, ...]]:
    """The same for a year that is not the run's own, of which the run tells the verdicts but no causes."""
    pairs = (
        [(c, before.verdicts.get(c, ("", ""))[0], verdict) for c, (verdict, _) in now.verdicts.items()]
        if before
        else []
    )
    return {
        "gained": tuple(c for c, then, verdict in pairs if (then, verdict) == ("unmet", "met")),
        "lost": tuple(c for c, then, verdict in pairs if (then, verdict) == ("met", "unmet")),
    }


def _open_findings(findings: list[dict[str, str]], year: int, own: bool) -> dict[str, int]:
    """Findings without an answer. Those of no year count for the run's own year."""
    years = {str(year), "0"} if own else {str(year)}
    found = [row["severity"] for row in findings if row["year"] in years and not row["answer"]]
    return {"errors": found.count("error"), "warnings": found.count("warning")}


def _exposure(year: int, verdicts: Verdicts) -> int | None:
    """How many more criteria must fall until withdrawal; None where no rule is known."""
    rule_set = _rule_set(year)
    if rule_set is None:
        return None
    key = {entry["id"] for entry in rule_set.meta["criteria"] if entry["key"]}
    groups = [[c for c in verdicts if (c in key) is of_key] for of_key in (True, False)]
    # Only how many of each kind are unmet matters: thousands of communes share a few dozen cases.
    unmet = [c for group in groups for c in group[: sum(verdicts[c][0] == "unmet" for c in group)]]
    return _nearest(year, tuple(sorted(verdicts)), frozenset(unmet))


@cache
def _rule_set(year: int) -> rules.RuleSet | None:
    """The set that the year is judged by; ``read_overview`` forgets it, since files may have changed."""
    name = parameters.default_rule_set(year)
    return rules.load_set(name) if name else None


@cache
def _nearest(year: int, criteria: tuple[str, ...], unmet: frozenset[str]) -> int | None:
    """By what is unmet alone; what only rests on a declaration or is not known does not count."""
    verdict = {True: "unmet", False: "met"}
    rows = [{"year": year, "criterion": c, "verdict": verdict[c in unmet], "basis": "measured"} for c in criteria]
    known = judge.withdrawal(tables.as_table("criteria", rows), _rule_set(year).meta)
    return known.now.nearest if known.known else None
