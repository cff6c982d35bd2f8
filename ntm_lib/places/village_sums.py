"""What the villages of a commune add up to: numerators and denominators are added, shares are never averaged.

Only the figures of all villages make one of the commune; of fewer it is told how far they go. What two figures for one
village mean does not belong here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ntm_lib.dictionary import TABLES
from ntm_lib.places.merge import SEXES
from ntm_lib.tables import EXACT, decimal_text, fraction, natural_key

MAX_VILLAGES = 500  # a larger number is a mistake
NOT_APPLICABLE = "not-applicable"
Row = Mapping[str, Any]  # of table ``observations``


class Key(NamedTuple):
    """What makes figures of two villages the same figure. ``item``: nam, nữ or empty."""

    year: int
    criterion: str
    indicator: str
    part: str
    item: str


class VillageSum(NamedTuple):
    """The figures of villages for one indicator of one year.

    ``rows``: one a village; ``missing``: names of the register that have none, ``unnamed``: how many more villages the
    commune has than the register; ``twice``: villages with two figures; ``own``: the commune's own figures, which go before.
    """

    key: Key
    numerator: Fraction
    denominator: Fraction
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    unnamed: int
    twice: tuple[str, ...]
    own: tuple[Row, ...]

    @property
    def code(self) -> str:
        return self.key.indicator + self.key.part

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.unnamed or self.twice) and self.denominator > 0

    @property
    def villages(self) -> list[str]:
        return [name for row in self.rows for name in _names(row)]


def said_villages(commune: Mapping[str, Any]) -> int:
    """Number of villages that commune.yml says; 0 where it says none."""
    profile = commune.get("profile")
    entry = profile.get("villages") if isinstance(profile, Mapping) else None
    said = str(entry.get("value")) if isinstance(entry, Mapping) else str(entry)
    return min(int(said), MAX_VILLAGES) if said.isascii() and said.isdigit() and len(said) < 5 else 0


def village_sums(rows: Sequence[Row], register: Sequence[str], said: int) -> list[VillageSum]:
    """The sums of what villages counted, by year and indicator. ``register``: names of the villages; ``said``: how many there are, 0: not known."""
    groups: dict[Key, list[Row]] = defaultdict(list)
    own: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        if row["table"] == "results" and row["kind"] == "measured" and row["indicator"]:
            (groups if row["village"] else own)[_key(row)].append(row)
    ordered = sorted(groups, key=lambda key: [natural_key(str(part)) for part in key])
    return [_sum(key, groups[key], own[key], register, said) for key in ordered if _is_counted(groups[key])]


def sum_rows(sums: Iterable[VillageSum]) -> list[dict[str, Any]]:
    """Observations of the commune, of each sum of all villages for which it states no figure of its own."""
    return [_observation(found) for found in sums if found.is_whole and not found.own]


def _key(row: Row) -> Key:
    item = row["item"].strip().lower()
    return Key(row["year"], row["criterion"], row["indicator"], row["part"], item if item in SEXES else "")


def _is_counted(rows: Sequence[Row]) -> bool:
    """Whether several villages say so many out of so many; a village told alone is an example, no part of a sum."""
    counted = [row for row in rows if row["numerator"] and row["denominator"]]
    other = [row for row in rows if row not in counted and row["value"] != NOT_APPLICABLE]
    return len(counted) > 1 and not other


def _sum(key: Key, rows: Sequence[Row], own: Sequence[Row], register: Sequence[str], said: int) -> VillageSum:
    seen: dict[str, tuple[str, str, str]] = {}
    twice, kept = [], []
    for row in rows:
        figures = row["value"], row["numerator"], row["denominator"]
        names = _names(row)
        if all(seen.get(name) == figures for name in names):
            continue  # said again by another source
        twice += [name for name in names if name in seen]
        seen |= dict.fromkeys(names, figures)
        kept.append(row)
    known = {*register, *seen}
    unnamed = max(said - len(known), 0) if said or register else 1
    missing = tuple(name for name in register if name not in seen)
    numerator, denominator = (
        sum((fraction(row[c]) or Fraction(0) for row in kept), Fraction(0)) for c in ("numerator", "denominator")
    )
    return VillageSum(
        key, numerator, denominator, tuple(kept), missing, unnamed, tuple(dict.fromkeys(twice)), tuple(own)
    )


def _names(row: Row) -> list[str]:
    return [name.strip() for name in row["village"].split(";") if name.strip()]


def _observation(found: VillageSum) -> dict[str, Any]:
    first = found.rows[0]
    places = {c: "; ".join(dict.fromkeys(str(row[c]) for row in found.rows if row[c])) for c in ("file", "sheet")}
    code = "-".join(filter(None, (found.code, found.key.item)))
    return dict.fromkeys(TABLES["observations"][1], "") | {
        "observation": f"villages:{found.key.year}:{code}", "table": "results", "kind": "measured",
        **found.key._asdict(), "item": found.key.item or first["item"],
        "text": " + ".join(row["text"] for row in found.rows),
        "value": decimal_text(100 * found.numerator / found.denominator, 6), "unit": "%",
        "numerator": decimal_text(found.numerator, EXACT), "denominator": decimal_text(found.denominator, EXACT),
        "rule_set": first["rule_set"], "date": max(row["date"] for row in found.rows), **places, "row": "; ".join(str(row["row"]) for row in found.rows),
        "column": first["column"], "note": ", ".join(found.villages),
    }  # fmt: skip
