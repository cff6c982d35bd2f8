"""What a plan amounts to: the result of the base year plus what the plan adds.

``vận động thêm 56 hộ`` beside 1.276/1.413 of 2023 becomes the target 1.332/1.413 of 2024. Judges nothing.
"""

import re
from fractions import Fraction

import pandas as pd

from ntm_lib import tables
from ntm_lib.judge.amounts import MIRRORED, is_percent, unit_key
from ntm_lib.judge.observations import JUDGED_TABLES, STATUSES, sex
from ntm_lib.model import Row, sure
from ntm_lib.tables import EXACT, decimal_text, fraction, records
from ntm_lib.text.names import clean_text

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
    return row["indicator"], row["part"], sex(row)


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
