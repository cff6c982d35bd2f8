"""The history of a merged commune: what its predecessors reported, added up where it may be added.

Numerators and denominators are added, shares are never averaged. What cannot be added (a status, a
level, a share without its numbers, a predecessor without data, a unit that was divided) gets no
value; a finding says which figure and why. Judging the sums does not belong here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from ntm_lib import problems
from ntm_lib.language import number, translator
from ntm_lib.places import registry
from ntm_lib.problems import Finding, Problem
from ntm_lib.tables import EXACT, decimal_text, fraction
from ntm_lib.text.names import bare_key

ADDED_TABLES = ("results", "plan")
ADDED_KINDS = ("measured", "declared", "target", "change")
# Counts of things that lie in one commune or the other, so that two of them make a sum. Money is not among
# them: under an indicator it is an income a head, also where «/người» was left out.
ADDED_UNITS = (
    "hộ", "nhân khẩu", "khẩu", "người", "lao động", "học sinh", "trẻ", "thôn", "bản", "xóm", "ấp", "con", "km", "m²", "m³", "ha", "tấn",
    "trường", "công trình", "cơ sở", "HTX", "nhà", "vụ",
)  # fmt: skip
SEXES = ("nam", "nữ")  # items that name half of the same indicator
PER_HEAD = "/người"  # income, public green: weighted with the population of the same year
WORDS_OF_STATUS = ("met", "unmet", "not-applicable")


Row: TypeAlias = dict[str, Any]  # of observations


class Key(NamedTuple):
    """What makes two figures the same figure. ``measure``: % for a share, else the unit."""

    year: int
    kind: str
    base_year: str
    criterion: str
    indicator: str
    part: str
    measure: str
    item: str  # only where it tells figures apart: not for a share or an amount per head of an indicator


class Part(NamedTuple):
    """A predecessor: its description, and how the registry or its own commune.yml says it was merged."""

    code: str
    name: str
    how: str  # whole, part, doubtful
    until: str  # ISO date of the merger
    meta: Mapping[str, Any] | None  # None: no folder
    rows: Sequence[Row]


class Reason(NamedTuple):
    code: str
    names: str = ""


def merge_rows(
    predecessors: Sequence[tuple[Mapping[str, Any], Sequence[Row]]], successor: Mapping[str, Any], language: str
) -> tuple[list[Row], list[Finding]]:
    """History of ``successor`` before the merger, as rows of ``observations``, and findings.

    ``predecessors``: the description (commune.yml) and observations of each that has a folder. Which
    ones there must be comes from the registry, unless ``merged_into`` of a commune says otherwise.
    Only figures of the whole commune, of years that ended before the merger, are added.
    """
    parts = _parts(predecessors, successor["code"])
    merged, findings = [], [*_left_out(parts, successor), *_strangers(predecessors, parts, successor)]
    for key, rows in sorted(_groups(parts).items()):
        result = _merge(key, rows, parts)
        if isinstance(result, Reason):
            findings.append(_finding(key, rows, result, successor))
        else:
            merged.append(_observation(key, rows, result, parts, successor, language))
    return merged, findings


# --- who was merged ------------------------------------------------------------------------------


def _parts(predecessors: Sequence[tuple[Mapping[str, Any], Sequence[Row]]], successor: str) -> list[Part]:
    given = {meta["code"]: (meta, rows) for meta, rows in predecessors}
    links = {link.unit.code: (link.unit.name, link.how) for link in registry.predecessors(successor)}
    for code, (meta, _) in given.items():
        stated = meta.get("merged_into") or {}
        if stated.get("code") == successor:
            links[code] = (meta["name"], "whole")
        elif stated.get("code"):
            links.pop(code, None)
    return [
        Part(code, name, how, (meta.get("merged_into") or {}).get("date") or registry.REORGANISED, meta or None, rows)
        for code, (name, how) in sorted(links.items())
        for meta, rows in [given.get(code, ({}, []))]
    ]


def _groups(parts: Sequence[Part]) -> dict[Key, dict[str, list[Row]]]:
    """Rows that can be history by figure and predecessor."""
    groups: dict[Key, dict[str, list[Row]]] = defaultdict(dict)
    for part in parts:
        for row in part.rows:
            if _is_history(row, part):
                groups[_key(row)].setdefault(part.code, []).append(row)
    return groups


def _is_history(row: Mapping[str, Any], part: Part) -> bool:
    of_commune = row["table"] in ADDED_TABLES and row["kind"] in ADDED_KINDS and not row["village"]
    return of_commune and row["year"] > 0 and f"{row['year']}-12-31" < part.until


def _key(row: Mapping[str, Any]) -> Key:
    measure = "%" if row["numerator"] and row["denominator"] else row["unit"]
    told_by_indicator = row["indicator"] and (measure == "%" or measure in WORDS_OF_STATUS or PER_HEAD in measure)
    item = "" if told_by_indicator and row["item"].strip().lower() not in SEXES else bare_key(row["item"])
    return Key(
        row["year"], row["kind"], row["base_year"], row["criterion"], row["indicator"], row["part"], measure, item
    )


# --- adding --------------------------------------------------------------------------------------


class Sum(NamedTuple):
    value: Fraction
    numerator: Fraction | None = None
    denominator: Fraction | None = None


def _merge(key: Key, rows: Mapping[str, list[Row]], parts: Sequence[Part]) -> Sum | Reason:
    """The sum over all predecessors, or why there is none."""
    one_each = {code: _one(found) for code, found in rows.items()}
    for reason in (_not_addable(key, rows), _incomplete(rows, parts), _two_values(one_each, parts)):
        if reason:
            return reason
    figures = [(part, row) for part in parts if (row := one_each[part.code])]
    if key.measure == "%":
        return _share([row for _, row in figures])
    if PER_HEAD in key.measure:
        return _per_head(key.year, figures)
    return Sum(sum((_exact(row["value"]) for _, row in figures), Fraction(0)))


def _not_addable(key: Key, rows: Mapping[str, list[Row]]) -> Reason | None:
    """Why figures of this sort can never be added."""
    every = [row for found in rows.values() for row in found]
    if any(row["unit"] == "status" or row["value"] in WORDS_OF_STATUS for row in every) or not key.indicator:
        return Reason("status")
    if any(row["operator"] for row in every):
        return Reason("bound")
    if key.measure == "%":
        return None if all(row["numerator"] and row["denominator"] for row in every) else Reason("share")
    if any(fraction(row["value"]) is None for row in every):
        return Reason("level")
    return None if key.measure in ADDED_UNITS or PER_HEAD in key.measure else Reason("level")


def _incomplete(rows: Mapping[str, list[Row]], parts: Sequence[Part]) -> Reason | None:
    divided = [p.name for p in parts if p.how != "whole"]
    if divided:
        return Reason("divided", ", ".join(divided))
    missing = [p.name for p in parts if p.code not in rows]
    return Reason("missing", ", ".join(missing)) if missing else None


def _two_values(one_each: Mapping[str, Row | None], parts: Sequence[Part]) -> Reason | None:
    several = [p.name for p in parts if p.code in one_each and one_each[p.code] is None]
    return Reason("two-values", ", ".join(several)) if several else None


def _one(rows: Sequence[Row]) -> Row | None:
    """The row, if all say the same; two sources with two values are not chosen between."""
    same = {(row["value"], row["numerator"], row["denominator"]) for row in rows}
    return rows[0] if len(same) == 1 else None


def _exact(text: str) -> Fraction:
    return fraction(text) or Fraction(0)


def _share(rows: Sequence[Row]) -> Sum | Reason:
    numerator = sum((_exact(row["numerator"]) for row in rows), Fraction(0))
    denominator = sum((_exact(row["denominator"]) for row in rows), Fraction(0))
    return Sum(100 * numerator / denominator, numerator, denominator) if denominator else Reason("share")


def _per_head(year: int, figures: Sequence[tuple[Part, Row]]) -> Sum | Reason:
    people = {part.code: _population(part.meta, year) or 0 for part, _ in figures}
    unknown = [part.name for part, _ in figures if not people[part.code]]
    if unknown:
        return Reason("population", ", ".join(unknown))
    total = sum((_exact(row["value"]) * people[part.code] for part, row in figures), Fraction(0))
    return Sum(total / sum(people.values()))


def _population(meta: Mapping[str, Any] | None, year: int) -> int | None:
    """Population of the year in the commune's profile (one entry, or a list of them by year)."""
    entries = ((meta or {}).get("profile") or {}).get("population") or []
    entries = [entries] if isinstance(entries, Mapping) else entries
    return next((int(e["value"]) for e in entries if e.get("year") == year and e.get("value")), None)


# --- rows of the tables --------------------------------------------------------------------------


def _observation(
    key: Key,
    rows: Mapping[str, list[Row]],
    total: Sum,
    parts: Sequence[Part],
    successor: Mapping[str, Any],
    language: str,
) -> Row:
    t = translator(language)
    figures = [(part, rows[part.code][0]) for part in parts]
    sources = "; ".join(f"{part.name}: {row['observation']}" for part, row in figures)
    how = t("Bình quân theo số dân của {names}.") if PER_HEAD in key.measure else t("Cộng số liệu của {names}.")
    return {
        "observation": _id("merged", key, successor),
        "table": figures[0][1]["table"],
        **{c: getattr(key, c) for c in ("year", "kind", "base_year", "criterion", "indicator", "part")},
        "item": figures[0][1]["item"],
        "text": " + ".join(f"{_as_read(row, language)} ({part.name})" for part, row in figures),
        "value": decimal_text(total.value, EXACT if total.numerator is None else 6),
        "unit": key.measure,
        "numerator": decimal_text(total.numerator, EXACT),
        "denominator": decimal_text(total.denominator, EXACT),
        **{c: "; ".join(dict.fromkeys(row[c] for _, row in figures if row[c])) for c in ("file", "sheet")},
        "row": "; ".join(str(row["row"]) for _, row in figures),
        "column": figures[0][1]["column"],
        "note": how.format(names=sources),
    }


def _as_read(row: Mapping[str, Any], language: str) -> str:
    if row["numerator"] and row["denominator"]:
        return f"{number(row['numerator'], language)}/{number(row['denominator'], language)}"
    return number(row["value"], language)


def _finding(key: Key, rows: Mapping[str, list[Row]], reason: Reason, successor: Mapping[str, Any]) -> Finding:
    code = f"merge-{reason.code}"
    found = [row for code in sorted(rows) for row in rows[code]]
    place = {c: str(found[0][c]) for c in ("file", "sheet", "row", "column")}
    return Finding(
        _id(code, key, successor),
        Problem(code, {"names": reason.names}, **place, read="; ".join(row["text"] for row in found)),
        **{c: getattr(key, c) for c in ("year", "criterion", "indicator", "part")},
        observation=";".join(row["observation"] for row in found),
    )


def _left_out(parts: Sequence[Part], successor: Mapping[str, Any]) -> Iterator[Finding]:
    """One finding per predecessor that has rows which are no history of the whole commune."""
    for part in parts:
        count = sum(not _is_history(row, part) for row in part.rows)
        if count:
            fields = {"n": problems.number(count), "name": part.name}
            yield Finding(f"merge-left-out:{successor['code']}:{part.code}", Problem("merge-left-out", fields))


def _strangers(
    predecessors: Sequence[tuple[Mapping[str, Any], Sequence[Row]]], parts: Sequence[Part], successor: Mapping[str, Any]
) -> Iterator[Finding]:
    """Communes that were given but did not go into the successor, by the registry or by their own commune.yml."""
    known = {part.code for part in parts}
    for meta in (meta for meta, _ in predecessors if meta["code"] not in known):
        fields = {"name": meta["name"], "successor": successor["name"]}
        yield Finding(f"merge-stranger:{successor['code']}:{meta['code']}", Problem("merge-stranger", fields))


def _id(code: str, key: Key, successor: Mapping[str, Any]) -> str:
    place = f"{key.indicator or key.criterion}{key.part}"
    return ":".join([code, successor["code"], str(key.year), key.kind, key.base_year, place, key.measure, key.item])
