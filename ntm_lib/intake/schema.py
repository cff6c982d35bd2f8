"""The raw tables of a commune's folder: their columns, and what each column may hold.

What a value means is in ``numbers``; what a row becomes is in ``rows``.
"""

from dataclasses import dataclass, field

SOURCE = ("document", "section", "quote", "note")
KINDS = {"results": ("measured", "declared", "split", "other"), "plan": ("target", "change", "split", "other")}
FUNDING_SOURCES = (
    "total",
    "central",
    "ntm",
    "dtts",
    "poverty",
    "province",
    "district",
    "credit",
    "enterprises",
    "people",
    "other",
)
STATES = ("planned", "under-way", "accepted", "settled", "paid", "requested", "")
LEVELS = ("ntm", "nang-cao", "kieu-mau")  # what a decision of recognition gives, the lowest first
MONEY = "triệu đồng"


@dataclass(frozen=True)
class RawTable:
    """``value``: columns of which the first that is filled gives the observation its text.

    ``reading``: strict (must be read), counted (must be read where it has a digit), words (read where
    it can be). ``item``: column that says what the value is of. ``numbers``: further columns that
    must be read, with the unit that a bare number has there.
    """

    columns: tuple[str, ...]
    required: tuple[str, ...]
    value: tuple[str, ...]
    reading: str
    item: str = "item"
    unit: str = ""
    numbers: dict[str, str] = field(default_factory=dict)


OBSERVED: dict[str, RawTable] = {
    "results": RawTable(
        ("id", "year", "criterion", "indicator", "part", "item", "village", "value", "kind", "rule_set", "date", *SOURCE),
        ("year", "criterion", "indicator", "value", "kind"), ("value",), "strict",
    ),
    "plan": RawTable(
        ("id", "year", "criterion", "indicator", "part", "item", "village", "value", "kind", "base_year", "part_of", *SOURCE),
        ("year", "criterion", "indicator", "value", "kind"), ("value",), "strict",
    ),
    "works": RawTable(
        ("id", "year", "criterion", "indicator", "part", "item", "village", "place", "quantity", "cost", "source", "builder", "deadline", "state",
         "debt", "part_of", *SOURCE),
        ("year", "criterion", "item", "quantity"), ("quantity",), "counted", numbers={"cost": MONEY, "debt": MONEY},
    ),
    "funding": RawTable(
        ("id", "year", "source", "name", "amount", "allocated", "spent", *SOURCE),
        ("year", "source", "amount"), ("amount",), "strict", item="name", unit=MONEY, numbers={"allocated": MONEY, "spent": MONEY},
    ),
    "villages": RawTable(("id", "village", "variants", "households", *SOURCE), ("village",), ("households",), "strict", item="village", unit="hộ"),
    "schedule": RawTable(
        ("id", "what", "who", "frequency", "day", "deadline", "addressee", *SOURCE), ("what",), ("deadline", "day", "frequency"), "words", item="what"
    ),
    "assignments": RawTable(("id", "who", "duty", "criterion", "village", *SOURCE), ("who", "duty"), ("duty",), "words", item="who"),
    "production": RawTable(
        ("id", "year", "criterion", "indicator", "item", "quantity", *SOURCE), ("year", "item", "quantity"), ("quantity",), "strict"
    ),
    "recognition": RawTable(("id", "level", "rule_set", "date", "number", "issuer", "withdrawn_on", *SOURCE), ("level", "date"), ("level",), "words", item="number"),
    "provisions": RawTable(("id", "kind", "item", "value", *SOURCE), ("kind", "value"), ("value",), "words"),
}  # fmt: skip

# Tables that say something about the others; their rows are not observations.
REFERENCE: dict[str, RawTable] = {
    "documents": RawTable(("document", "title", "kind", "issuer", "date", "address", "note"), ("document", "title"), (), "words"),
    "corrections": RawTable(
        ("id", "file", "row_id", "column", "expect", "action", "value", "reason", "decided_by", "decided_on"),
        ("id", "file", "row_id", "action", "reason", "decided_by", "decided_on"), (), "words",
    ),
    "evidence": RawTable(("id", "indicator", "part", "year", "kind", "file", "date", "faces", "note"), ("indicator", "file"), (), "words"),
    "progress": RawTable(
        ("id", "year", "month", "village", "indicator", "part", "work", "done", "measure", "reported_by", "reported_on", *SOURCE),
        ("year", "month"), (), "words",
    ),
    "notes": RawTable(("target", "author", "date", "text", "state", "answer"), ("target", "author", "date", "text", "state"), (), "words"),
}  # fmt: skip

TABLES = OBSERVED | REFERENCE
REQUIRED_FILES = ("commune.yml", "results.csv")
