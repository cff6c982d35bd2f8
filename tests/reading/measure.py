"""How much of what a person took out of a document is proposed (recall), and how much of what is proposed without a doubt is right (precision).

A proposed row is right when a fact of the person's stands for the same table, year, criterion, indicator and part, kind
and value (read to the same figure), village and fund, and both quote the same place of the text. One row answers one fact.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ntm_lib.intake.schema import TABLES
from ntm_lib.reading.found import Found
from ntm_lib.reading.meaning import key_of
from ntm_lib.text.numbers import parse

Fact = dict[str, str]
# Column that holds a row's value, by table; the others' value is ``value``.
VALUE = {
    "works": "quantity",
    "funding": "amount",
    "production": "quantity",
    "assignments": "who",
    "documents": "document",
}
SAME = ("year", "criterion", "indicator", "part", "kind", "village", "source")
LIKE = ("recipient", "basis", "header", "annex", "signature")


@dataclass(frozen=True)
class Measured:
    recall: float
    precision: float
    missed: list[Fact]
    wrong: list[Found]


def value_of(table: str, cells: Fact) -> str:
    if table == "schedule":
        return cells.get("day") or cells.get("deadline") or cells.get("frequency", "")
    return cells.get(VALUE.get(table, "value"), "")


def same_figure(one: str, other: str) -> bool:
    a, b = parse(one), parse(other)
    if a.value and b.value:
        if (a.numerator, a.denominator) != (b.numerator, b.denominator) and a.denominator and b.denominator:
            return False
        if a.denominator and a.denominator == b.denominator:
            return a.operator == b.operator
        count = {x for x in (a, b) if x.denominator}
        if count and len(count) < 2:  # a share beside a fraction
            return abs(float(a.value) - float(b.value)) < 0.06 or a.numerator == b.value or b.numerator == a.value
        return (a.value, a.operator, a.direction) == (b.value, b.operator, b.direction) and a.unit.split()[
            :1
        ] == b.unit.split()[:1]
    return key_of(one) == key_of(other)


def overlap(one: str, other: str) -> bool:
    """Whether most words of the shorter text stand in the longer."""
    a, b = sorted((key_of(one).split(), key_of(other).split()), key=len)
    return bool(a) and sum(word in b for word in a) >= 0.6 * len(a)


def agrees(fact: Fact, found: Found) -> bool:
    """Whether a proposed row says what the fact says. ``indicator`` of a fact may list several, joined by |."""
    table, cells = found.table, dict(found.cells)
    if fact["table"] == table == "documents":
        return fact["value"] == cells["document"]
    if fact["table"] != table or not overlap(fact["quote"], f"{found.quote} {cells.get('item', '')}"):
        return False
    columns = [c for c in SAME if c in TABLES[table].columns and not (c == "kind" and table == "documents")]
    if table == "assignments" or (table == "production" and not fact.get("criterion")):
        columns = [c for c in columns if c not in ("criterion", "village")]
    if any(cells.get(c, "") not in fact.get(c, "").split("|") for c in columns):
        return False
    if table == "works" and fact.get("state", "planned") != cells.get("state"):
        return False
    mine, theirs = value_of(table, cells), fact["value"]
    if table == "production" and fact.get("item") and not overlap(fact["item"], cells["item"]):
        return False
    if table in ("assignments", "schedule") or cells.get("kind") in ("aim", "requirement", "other", *LIKE):
        same = key_of(theirs) in key_of(f"{mine} {cells.get('frequency', '')}") or key_of(mine) in key_of(theirs)
        return (same and bool(mine or table == "schedule")) or same_figure(mine, theirs)
    return (not mine and theirs in ("", "(không ghi)")) or same_figure(mine, theirs)


def measure(rows: Iterable[Found], facts: list[Fact]) -> Measured:
    rows = list(rows)
    answered = pair([row for row in rows if not row.doubts] + [row for row in rows if row.doubts], facts, agrees)
    sure = [n for n, row in enumerate(r for r in [*[x for x in rows if not x.doubts]])]
    missed = [fact for n, fact in enumerate(facts) if n not in answered.values()]
    wrong = [row for n, row in enumerate(x for x in rows if not x.doubts) if n not in answered]
    return Measured(1 - len(missed) / len(facts), 1 - len(wrong) / max(1, len(sure)), missed, wrong)


def pair(rows: list[Found], facts: list[Fact], fits: Callable[[Fact, Found], bool]) -> dict[int, int]:
    """Row → fact, each once, as many as possible (augmenting paths)."""
    options = [[n for n, fact in enumerate(facts) if fits(fact, row)] for row in rows]
    held: dict[int, int] = {}

    def place(row: int, seen: set[int]) -> bool:
        for fact in options[row]:
            if fact not in seen:
                seen.add(fact)
                if fact not in held or place(held[fact], seen):
                    held[fact] = row
                    return True
        return False

    for row in range(len(rows)):
        place(row, set())
    return {row: fact for fact, row in held.items()}


def facts_of_commune(folder: Path, document: str) -> list[Fact]:
    """What a person took by hand out of a document: the rows of the commune's tables that name it."""
    facts: list[Fact] = [{"table": "documents", "value": document, "quote": "", "id": "", "year": ""}]
    for table in ("results", "plan", "works", "funding", "production", "assignments", "schedule", "provisions"):
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["document"] == document]
            facts += [{**row, "table": table, "value": value_of(table, row)} for row in rows]
    for fact in facts:
        if fact["id"] in ("HM115", "HM119"):  # corrections.csv: printed under 17.8, is 17.9
            fact["indicator"] = "17.8|17.9"
    return facts


def facts_of_case(path: Path) -> list[Fact]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
