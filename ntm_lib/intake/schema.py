"""The raw tables of a commune's folder: their columns, what each may hold, a row of one with its addresses, and what is told of a file.

What a value means is in ``numbers``; what a row becomes is in ``row_reading``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ntm_lib.problems import words


def N_(text: str) -> str:
    """Marks a text for translation where it is defined; ``t`` translates it where it is shown."""
    return text


# What was left aside, as the command line counts it by the part of a code before «/»; codes that are not here are counted together, those of READ were read.
READ = ("old-font",)
LEFT = {
    "hidden-row": N_("{n} dòng ẩn"),
    "hidden-column": N_("{n} cột ẩn"),
    "unread-cell": N_("{n} dòng có ô ngoài bảng"),
    "unseen-cell": N_("{n} ô chữ cùng màu nền"),
    "cell-note": N_("{n} ghi chú gắn vào ô"),
    "group-row": N_("{n} dòng nhóm"),
    "total-row": N_("{n} dòng tổng"),
    "note-row": N_("{n} dòng tiêu đề, ghi chú"),
    "unread-sheet": N_("{n} trang không khớp mẫu nào"),
    "empty-sheet": N_("{n} trang trống"),
    "chart-sheet": N_("{n} trang biểu đồ"),
    "picture-sheet": N_("{n} trang hình ảnh"),
    "text-box": N_("{n} khung chữ"),
    "hidden-sheet": N_("{n} trang ẩn"),
    "household-list": N_("{n} danh sách hộ"),
    "unread-file": N_("{n} tệp không đúng tên bảng"),
    "unread-copy": N_("{n} tệp trùng bảng"),
    "unread-spreadsheet": N_("{n} tệp bảng tính dạng khác"),
    "unread-document": N_("{n} tệp văn bản, hình ảnh"),
    "unread-archive": N_("{n} tệp nén"),
    "unread-nameless": N_("{n} tệp không có đuôi"),
    "unread-other": N_("{n} tệp dạng khác"),
    "unread-folder": N_("{n} thư mục con"),
    "unread-source": N_("{n} bảng trong sources"),
    "unread-link": N_("{n} liên kết"),
    "unread-special": N_("{n} thứ không phải tệp"),
    "unread-text": N_("{n} văn bản quá dài"),
    "other": N_("{n} điều khác"),
}


def reason(code: str, language: str, **fields: str) -> str:
    """The reason ``code`` in the language of the run."""
    return words(f"unreadable/{code}", fields, language)[0]


class RawRow(NamedTuple):
    """One row: cells by column name; ``fault``: (column, code) where the row cannot be used.

    After a correction, ``written`` holds the cells as the source has them and ``correction`` its id.
    ``places``: addresses of the cells of a workbook that the columns come from, where they differ. ``about``: what fills
    the words of its fault.
    """

    file: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    fault: tuple[str, str] | None = None
    written: Mapping[str, str] | None = None
    correction: str = ""
    places: Mapping[str, str] = {}
    about: Mapping[str, str] = {}


class Remark(NamedTuple):
    """What a reader should know of how a file was read: hidden rows, group rows, files left aside. ``code`` of ``problems.yml``."""

    file: str
    sheet: str
    row: int | str
    code: str
    text: str


SOURCE = ("document", "section", "quote", "note")
KINDS = {"results": ("measured", "declared", "split", "other"), "plan": ("target", "change", "split", "other")}
FUNDING_SOURCES = (
    "total", "central", "ntm", "dtts", "poverty", "province", "district", "credit", "enterprises", "people", "other",
)  # fmt: skip
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
