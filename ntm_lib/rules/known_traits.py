"""Traits of communes by public lists: ``communes/traits.csv``, joined to what commune.yml says itself.

One row is of one commune, one district or one province (exactly one of the three columns is filled), as they were before
1/7/2025; a row that begins on that day or later is of the units of today. commune.yml goes before: the table only fills
what it leaves open. A trait that no public text gives is in neither, and is asked for (``resolving.unknown_traits``).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.problems import Problem
from ntm_lib.rules.files import read_csv, read_yaml, stamp
from ntm_lib.tables import records

COLUMNS = ("province", "district", "commune", "name", "trait", "value", "from", "to", "document", "source", "note")
REORGANISED = "2025-07-01"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def traits_file() -> Path:
    return paths.communes_folder() / "traits.csv"


def with_known_traits(commune: dict[str, Any], language: str = "vi") -> dict[str, Any]:
    """The description with the entries of the table for traits of which it states no value. Raises NtmError for a table with faults."""
    stated = commune.get("traits") or ()
    given = {entry["trait"] for entry in stated if entry.get("value") not in (None, "")}
    found = [entry for entry in _entries_of(commune, language) if entry["trait"] not in given]
    if not found:
        return commune
    told = {entry["trait"] for entry in found}
    return commune | {"traits": [*(entry for entry in stated if entry["trait"] not in told), *found]}


def trait_faults(language: str = "vi") -> list[Problem]:
    """What is wrong in the table: a row of no or several places, an unknown trait or value, a date that is none."""
    if not traits_file().is_file():
        return []
    known, file = read_yaml(paths.rules_folder() / "traits.yml"), paths.shown(traits_file())
    return [
        Problem(f"rules-trait/{case}", {}, file, "", str(row["row"]), column, str(row[column]))
        for row in records(read_csv(traits_file(), COLUMNS, language))
        for column, case in _faults(row, known)
    ]


def _faults(row: Mapping[str, Any], known: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Column and case of each fault of a row."""
    places = [c for c in ("province", "district", "commune") if row[c]]
    if len(places) != 1:
        yield "commune", "place"
    if row["commune"] and not re.fullmatch(r"[0-9]{5}", row["commune"]):
        yield "commune", "commune"
    if row["district"] and not re.fullmatch(r"[0-9]{3}", row["district"]):
        yield "district", "district"
    values = (known.get(row["trait"]) or {}).get("values")
    if row["trait"] not in known:
        yield "trait", "unknown"
    elif values and row["value"] not in {str(value) for value in values}:
        yield "value", "value"
    for column in ("from", "to"):
        if row[column] and not re.fullmatch(_DATE, row[column]):
            yield column, "date"
    if not row["source"] and not row["document"]:
        yield "source", "source"


def _entries_of(commune: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Entries as commune.yml would have them, of the commune, its district and its province."""
    if not traits_file().is_file():
        return []
    is_old, code = bool(commune.get("district_code")), commune.get("code")
    places = {("commune", code), ("district", commune.get("district_code")), ("province", commune.get("province_slug"))}
    return [
        entry
        for place, entry in _table(traits_file(), language, stamp(traits_file()))
        if place in places and is_old == ((entry["from"] or "") < REORGANISED)
    ]


@cache
def _table(path: Path, language: str, version: tuple[Any, ...]) -> tuple[tuple[tuple[str, str], dict[str, Any]], ...]:
    if faults := trait_faults(language):
        raise NtmError("\n".join(fault.in_words(language) for fault in faults[:12]))
    rows = records(read_csv(path, COLUMNS, language))
    return tuple((_place(row), _entry(row)) for row in rows)


def _place(row: Mapping[str, Any]) -> tuple[str, str]:
    return next((column, str(row[column])) for column in ("commune", "district", "province") if row[column])


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    source = ", ".join(filter(None, (row["document"], row["source"])))
    return {
        "trait": row["trait"], "value": row["value"], "from": row["from"] or None, "to": row["to"] or None,
        "reason": row["note"], "source": source,
    }  # fmt: skip
