"""What there is: communes with their years, rule sets with theirs. Looks only; loads nothing heavy."""

import os
import re
from functools import cache
from pathlib import Path

from ntm_lib import paths, yaml_text
from ntm_lib.intake import years
from ntm_lib.places import named

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NATIONAL = re.compile(r"ntm-[0-9]{4}-[0-9]{4}")  # the basic set, not the advanced or the model one


def communes() -> list[str]:
    """Slugs of the communes that have a folder with raw data, whatever is wrong with it."""
    return [name for name in _folders() if SLUG.fullmatch(name) and _is_described(name)]


def other_folders() -> list[str]:
    """Folders beside them that are no commune: with a name that is no slug, or files but no ``commune.yml``."""
    return [
        name for name in _folders() if not (SLUG.fullmatch(name) and _is_described(name)) and _holds_something(name)
    ]


def _folders() -> list[str]:
    folder = paths.communes_folder()
    names = os.listdir(folder) if folder.is_dir() else []
    return sorted(name for name in names if not name.startswith(".") and os.path.isdir(folder / name))


def _holds_something(name: str) -> bool:
    try:
        return bool(os.listdir(paths.communes_folder() / name))
    except OSError:  # what may not be looked into may hold anything
        return True


def _is_described(slug: str) -> bool:
    try:
        os.lstat(paths.communes_folder() / slug / "commune.yml")
    except PermissionError:  # a folder that may not be entered holds a commune that nobody can see
        return True
    except OSError:
        return False
    return True


def years_with_rows(commune: str) -> list[int]:
    """Years for which ``results.csv`` or ``plan.csv`` of the commune has rows; where neither has, those of its workbooks or other tables,
    at last those of the communes that it was formed from."""
    own = years.in_tables(commune) or named.workbook_years(commune) or years.in_files(commune)
    return own or [year for year in sorted(years_before(commune)) if f"{year}-12-31" < named.REORGANISED]


def years_judged(commune: str) -> list[int]:
    """Of these the years that a basic rule set covers. Press reports reach further back than our rules."""
    return [year for year in years_with_rows(commune) if default_rule_set(year)]


def rule_sets() -> list[str]:
    """Ids of the rule sets that have a folder."""
    folder = str(paths.rules_folder())
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(name for name in names if os.path.isfile(os.path.join(folder, name, "set.yml")))


def national_sets() -> list[str]:
    """The basic sets, by which a commune is judged unless another is asked for."""
    return [rule_set for rule_set in rule_sets() if NATIONAL.fullmatch(rule_set)]


def rule_set_meta(rule_set: str) -> dict:
    """What ``set.yml`` of the rule set says of it; treat it as read-only."""
    path = paths.rules_folder() / rule_set / "set.yml"
    return _meta(path, path.stat().st_mtime_ns)


@cache
def _meta(path: Path, _modified: int) -> dict:
    return yaml_text.read(path).value or {}


def default_rule_set(year: int) -> str:
    """The basic national set whose years hold ``year``; empty where there is none."""
    for rule_set in national_sets():
        first, last = rule_set_meta(rule_set).get("years") or (0, 0)
        if first <= year <= last:
            return rule_set
    return ""


def nearest_set(year: int) -> str:
    spans = {rule_set: rule_set_meta(rule_set)["years"] for rule_set in national_sets()}
    return min(spans, key=lambda name: (max(spans[name][0] - year, year - spans[name][1]), name))


def regions(rule_set: str) -> list[str]:
    """Codes of the columns among which the rule set's thresholds differ."""
    return [
        column["code"] if isinstance(column, dict) else str(column)
        for column in rule_set_meta(rule_set).get("columns", [])
    ]


def scenarios(commune: str) -> list[str]:
    return sorted(path.stem for path in (paths.communes_folder() / commune / "scenarios").glob("*.yml"))


def further_years(slug: str) -> set[int]:
    """Years that may be asked for besides: of every table and workbook, and of the communes that went into this one."""
    return {*named.workbook_years(slug), *years.in_files(slug), *years_before(slug)}


def years_before(slug: str) -> set[int]:
    """Years of the communes that the commune was formed from."""
    return {y for other in named.predecessors_of(slug) for y in (*years.in_tables(other), *named.workbook_years(other))}
