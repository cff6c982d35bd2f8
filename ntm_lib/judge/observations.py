"""Observations found by year, indicator and part, brought to the numbers of the set that judges them, and made out of
plans: the result of the base year and what the plan adds. Judges nothing.

Plain dictionaries, because one commune has a few hundred rows and is judged thousands of times: a loop over them costs
a fraction of what the same steps cost in pandas. A commune enters its figures by the set of their year; judged by
another set, 17.8 is another thing.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from ntm_lib import tables
from ntm_lib.judge.amounts import MIRRORED, is_percent, unit_key
from ntm_lib.language import translator
from ntm_lib.model import Observation, Row, sure
from ntm_lib.rules import crosswalk, load_set, rule_sets
from ntm_lib.rules.crosswalk import OTHER, home_sets, mapping, numbered_by, translate
from ntm_lib.tables import EXACT, decimal_text, fraction, natural_key, records
from ntm_lib.text.names import clean_text

SCENARIO = "scenario"
JUDGED_TABLES = frozenset({"results", "plan", SCENARIO})
STATUSES = ("met", "unmet", "not-applicable")
SEXES = {"nam": "nam", "nữ": "nữ"}

# Ranks: what is known of a year outweighs what was planned for it, a value outweighs a bare status.
SET, MEASURED, DECLARED, TARGET, AIM = range(5)

Index = dict[tuple[int, str, str], list[Observation]]


def index_rows(rows: Iterable[Row]) -> Index:
    """Rows that speak of the whole commune and of one indicator, by (year, indicator, part).

    Rows of one village, of works, money or other tables, and parts of another row (``split``) are
    left out: they are no result of the commune. A part named ``nam`` or ``nữ`` is a sex, not a part.
    """
    found: Index = defaultdict(list)
    for row in rows:
        if row["table"] in JUDGED_TABLES and row["indicator"] and not row["village"]:
            part = "" if row["part"] in SEXES else row["part"]
            found[row["year"], row["indicator"], part].append(Observation.of(row))
    for told in found.values():
        told.sort(key=lambda row: natural_key(row.name))
    return found


def rank(row: Observation) -> int | None:
    """How strongly a row speaks of its year, 0 the strongest; None for a row that is no result at all."""
    if not row.value and row.numerator is None:
        return None
    if row.table == SCENARIO:
        return SET
    is_status = row.value in STATUSES
    if row.kind in ("measured", "declared"):
        return DECLARED if is_status else MEASURED
    if row.kind == "target":
        return AIM if is_status else TARGET
    return None


def sex(row: Observation) -> str:
    """``nam``, ``nữ`` or, for both together, the empty string."""
    return _sex(row.part, row.item)


def _sex(part: str, item: str) -> str:
    for text in (part, item):
        word = unicodedata.normalize("NFC", text).strip().casefold()
        if word in SEXES:
            return SEXES[word]
    return ""


def sex_in_words(row: Observation) -> str:
    """The same where the item only speaks of one sex («lao động nữ»): for indicators that ask for both."""
    words = set(re.findall(r"\w+", re.sub(r"việt nam|miền nam", "", unicodedata.normalize("NFC", row.item).casefold())))
    named = words & {*SEXES}
    return sex(row) or (named.pop() if len(named) == 1 else "")


def local_targets(rows: list[Observation]) -> str:
    """Levels the commune set itself, with operator (``>= 83``), joined by ``;``. Not those that
    ``project`` worked out of a change: they carry their base year.
    """
    targets = (r for r in rows if r.kind == "target" and r.table != SCENARIO and not r.base_year)
    texts = [f"{r.bound} {r.value}".strip() for r in targets if r.value not in (*STATUSES, "")]
    return "; ".join(dict.fromkeys(texts))


def in_numbers_of(observations: pd.DataFrame, rule_set: str, language: str = "vi") -> pd.DataFrame:
    """``observations`` with the indicators of ``rule_set``; every row stays.

    By which set a row is numbered says ``rules.home_sets``; a number that this set does not have, but ``rule_set`` does
    (KM1.1), can only be of the latter, unless the row states its set. What has no place in ``rule_set``, such as a
    declaration under another set, gets criterion ``other``: it is no declaration under this one. A status that
    an older set of the same numbers gave to an indicator has no place either; a criterion keeps it, to be told.
    """
    observations = _without_foreign_statuses(observations, language)
    known = rule_sets()
    homes = home_sets(observations["year"].unique())
    pairs = list(zip(observations["rule_set"], observations["year"], strict=True))
    sets = {pair: numbered_by(*pair, known, homes) for pair in set(pairs)}
    if not {*sets.values()} - {rule_set}:
        return observations
    numbers = {name: _numbers(name) for name in {rule_set, *sets.values()}}
    names = observations["indicator"].where(observations["indicator"] != "", observations["criterion"])
    found = [
        rule_set if not pair[0] and name in numbers[rule_set] and name not in numbers[sets[pair]] else sets[pair]
        for pair, name in zip(pairs, names, strict=True)
    ]
    numbered = pd.Series(found, index=observations.index)
    foreign = sorted(set(numbered) - {rule_set})
    moved = [translate(observations[numbered == name], name, rule_set, language) for name in foreign]
    return tables.as_table("observations", pd.concat([observations[numbered == rule_set], *moved], ignore_index=True))


def _numbers(rule_set: str) -> set[str]:
    """Numbers of the indicators and criteria of a set."""
    table = load_set(rule_set).all_indicators
    return {*table["indicator"], *table["criterion"]}


def _without_foreign_statuses(observations: pd.DataFrame, language: str) -> pd.DataFrame:
    foreign = (
        ~observations["rule_set"].isin(["", *rule_sets()])
        & observations["value"].isin(crosswalk.STATUSES)
        & (observations["indicator"] != "")
    )
    if not foreign.any():
        return observations
    note = translator(language)("Kết luận theo bộ tiêu chí khác ({name}): không xét ở đây.")
    moved = observations.copy()
    moved.loc[foreign, "note"] = [
        "; ".join(filter(None, [old, note.format(name=name)]))
        for old, name in zip(moved.loc[foreign, "note"], moved.loc[foreign, "rule_set"], strict=True)
    ]
    moved.loc[foreign, "criterion"] = OTHER
    moved.loc[foreign, ["indicator", "part"]] = ""
    return moved


def broken_on(meta: Mapping[str, Any], indicator: str, first: int, last: int) -> str:
    """The day (ISO) between the ends of two years from which ``indicator`` is another concept (``breaks`` of set.yml):
    no figure is compared across it. Empty where there is none.
    """
    days = (str(e["from"]) for e in meta.get("breaks") or [] if e["indicator"] == indicator)
    return next((day for day in days if f"{first}-12-31" < day <= f"{last}-12-31"), "")


def similar_only(years: Iterable[int], rule_set: str) -> dict[int, frozenset[tuple[str, str]]]:
    """Year → indicators and parts of ``rule_set`` whose figures were counted by something that only resembles them."""
    return {
        year: frozenset(
            (e["indicator"], e["part"]) for e in mapping(home, rule_set).values() if e["relation"] == "similar"
        )
        if home != rule_set
        else frozenset()
        for year, home in home_sets(years).items()
    }


# ---------------------------------------------------------------- What a plan amounts to: the result of the base year plus what the plan adds

_COUNTED = re.compile(r"/\s*[\d.,]+\s*(?P<word>[^\W\d_]+)")  # 767/878 hộ chăn nuôi: hộ
_NO_UNIT = frozenset({"đạt", "chiếm", "bằng", "tương"})
_LENGTHS = {"m", "mét", "km"}


def project(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """``observations`` with the ``change`` rows of ``year`` turned into planned targets.

    Changes that one document gives for the same thing are added up; changes of different documents
    stay different plans. A change without a result in its base year, or in another unit, is kept as
    it is: nothing can be said of it. The ids are joined (``HM112+HM116``).
    """
    rows = records(observations)
    projected = projected_rows(rows, year)
    return observations.copy() if projected == rows else tables.as_table("observations", projected)


def projected_rows(rows: list[Row], year: int) -> list[Row]:
    """The same on plain records."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row["kind"] == "change" and row["year"] == year and _of_commune(row):
            groups.setdefault((*_thing(row), row["base_year"], row["document"]), []).append(row)
    targets, used = [], set()
    for changes in groups.values():
        changes = sorted(changes, key=lambda r: tables.natural_key(r["observation"]))
        made = [_projected(base, changes) for base in _bases(rows, changes[0])]
        if made := [row for row in made if row is not None]:
            targets += made
            used |= {r["observation"] for r in changes}
    return [r for r in rows if r["observation"] not in used] + targets


def _of_commune(row: Row) -> bool:
    return bool(row["table"] in JUDGED_TABLES and row["indicator"] and not row["village"])


def _thing(row: Row) -> tuple[str, str, str]:
    return row["indicator"], row["part"], _sex(row["part"], row["item"])


def base_year(change: Row) -> int:
    """Year to whose result a change is added: as the row says, else the year before."""
    return int(change["base_year"] or change["year"] - 1)


def _bases(rows: list[Row], change: Row) -> list[Row]:
    """Results of the base year to which ``change`` can be added; shares with both their numbers before bare values."""
    found = [
        r
        for r in rows
        if r["year"] == base_year(change)
        and r["kind"] in ("measured", "declared")
        and _of_commune(r)
        and _thing(r) == _thing(change)
        and r["value"] not in STATUSES
    ]
    shares = [r for r in found if r["numerator"] and r["denominator"]]
    different = {
        (r["numerator"], r["denominator"]) if shares else (r["value"], r["unit"]): r for r in reversed(shares or found)
    }
    return sorted(different.values(), key=lambda r: tables.natural_key(r["observation"]))


def _projected(base: Row, changes: list[Row]) -> Row | None:
    """The target that ``changes`` make of ``base``; None where they cannot be added to it."""
    read = [fraction(c["numerator"] or c["value"]) for c in changes]
    amounts = [a for a in read if a is not None]
    if len(amounts) < len(read):
        return None
    operators = {base["operator"], *map(_bound, changes, amounts)} - {""}
    if len(operators) > 1:
        return None  # at least so many of at most so many: no bound is left
    added = sum(amounts, Fraction(0))
    row = {
        **base,
        "observation": "+".join([base["observation"], *(c["observation"] for c in changes)]),
        "table": changes[0]["table"],
        "year": changes[0]["year"],
        "kind": "target",
        "base_year": str(base_year(changes[0])),
        "operator": "".join(operators),
        **{c: changes[0][c] for c in ("text", "document", "section", "quote", "file", "sheet", "row", "column")},
        "correction": "",
    }
    points = all(is_percent(c["unit"]) for c in changes)
    if not points and any(is_percent(c["unit"]) for c in changes):
        return None  # households and points have no sum
    if base["numerator"] and base["denominator"] and not points:
        if any(not _counts_the_same(base, c) for c in changes):
            return None
        return _added_to_numerator(row, base, added)
    if all(unit_key(c["unit"]) == unit_key(base["unit"]) for c in changes) and fraction(base["value"]) is not None:
        # In points the result is no longer a number of households: the fraction of the base year goes.
        return {
            **row,
            "value": decimal_text(sure(fraction(base["value"])) + added, EXACT),
            "numerator": "",
            "denominator": "",
        }
    return None


def _counts_the_same(base: Row, change: Row) -> bool:
    """Whether a change is in what the result counts: 56 households more of so many households, not 56 villages.

    A share no longer says what was counted; the words of the source do, if any.
    """
    found = _COUNTED.search(clean_text(base["text"]).casefold())
    word = found["word"] if found else ""
    unit = change["unit"].casefold().split(" ")[0]
    return not unit or not word or word in _NO_UNIT or word == unit or {word, unit} <= _LENGTHS


def _bound(change: Row, amount: Fraction) -> str:
    """The bound that a change states: at least 30 fewer is at most −30 more."""
    return MIRRORED[change["operator"]] if amount < 0 and change["operator"] else change["operator"]


def _added_to_numerator(row: Row, base: Row, added: Fraction) -> Row:
    numerator, denominator = sure(fraction(base["numerator"])) + added, sure(fraction(base["denominator"]))
    value = decimal_text(100 * numerator / denominator) if denominator else ""
    return {
        **row,
        "value": value,
        "unit": "%",
        "numerator": decimal_text(numerator, EXACT),
    }
