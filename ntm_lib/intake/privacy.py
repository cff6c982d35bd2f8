"""What must not leave a commune: names and numbers of persons, and counts so small that they name a household.

``strip_personal`` works on raw rows before they are read, so that nothing personal reaches a processed
table, a report or a log. ``protect_small_counts`` works on tables by village that are published. Lists of households are
refused where sheets are read (``workbooks``).
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ntm_lib.intake.files.readers import Grid
from ntm_lib.intake.schema import RawRow
from ntm_lib.problems import Finding, Problem, listed, say
from ntm_lib.text.names import clean_text

if TYPE_CHECKING:  # the front door reads rows through this module and must start light
    import pandas as pd

HIDDEN = "…"  # stands in a published table where a count is hidden
REMOVED = "[đã ẩn]"  # stands in a raw cell where something personal was

# Not the tables of duties, dates and signatures, where officials are named by their office, nor the register of documents.
SEARCHED_TABLES = ("results", "plan", "works", "funding", "villages", "production", "progress")
VALUE_COLUMNS = ("value", "quantity", "amount")  # twelve digits may be money here
SEARCHED_COLUMNS = ("village", "variants", "item", "name", "place", "builder", "quote", "note", *VALUE_COLUMNS)
NAME_COLUMNS = (
    "builder",
    "item",
    "note",
    *VALUE_COLUMNS,
)  # a whole cell that is a name is a person here, but a place in the other columns
SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Đoàn", "Mai", "Trịnh",
    "Trương", "Lâm", "Hà", "Phùng", "Đào", "Cao", "Lương", "Tô", "Tạ", "Thái", "Quách", "La", "Triệu", "Chu", "Ma", "Nông", "Hứa", "Quan", "Bế", "Lò",
    "Vàng", "Giàng", "Sùng", "Thào", "Mùa", "Hầu", "Lù", "Tẩn", "Phàn", "Đàm", "Vi", "Cầm", "Quàng", "Tòng", "Bàn", "Lục", "Lã", "Thạch", "Danh", "Châu",
    "Tăng", "Hạng", "Chảo", "Đồng", "Khổng", "Kiều", "Mạc", "Nghiêm", "Ninh", "Ông", "Phó", "Thân", "Từ", "Tống", "Viên", "Vương", "Ksor", "Siu",
)  # fmt: skip
_UPPER = r"[A-ZÀ-ỸĐ]"
_GIVEN = rf"(?:\s+{_UPPER}[^\W\d_]*)"
_SURNAME = f"(?:{'|'.join(SURNAMES)})"
# «ông Nguyễn Văn A», «hộ bà Lò Thị B»; without such a word only a whole cell of three or four words is taken for a name.
_TITLED = re.compile(
    rf"(?:(?<!\w)(?:[ôÔ]ng|[bB]à|[aA]nh|[cC]hị|[cC]háu|[hH]ộ|[đĐ]ồng chí|[đĐ]/c)\s+)+(?P<name>{_SURNAME}{_GIVEN}{{1,4}})"
)
_WHOLE = re.compile(rf"(?P<name>{_SURNAME}{_GIVEN}{{2,3}})")
_IDENTITY = re.compile(
    r"(?<!\d)\d{12}(?!\d|\s*(?:đồng|đ\b|vnđ))|(?:cccd|cmnd|căn cước|định danh)\D{0,12}\d{9,12}", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\d.,])(?:\+84|0)(?:[ .]?\d){9}(?![\d,]|\s*(?:đồng|đ\b|vnđ))")


_PERSONS_HEADING = re.compile(
    r"họ (?:và )?tên|chủ hộ|cccd|cmnd|căn cước|số điện thoại|ngày sinh|năm sinh", re.IGNORECASE
)
_TO_SIGN = re.compile(r"ghi rõ|\bký\b|đóng dấu", re.IGNORECASE)  # «(Ký, ghi rõ họ tên)» under any form
_FIGURE = re.compile(r"[-+−]?\d[\d.,]*\s*%?(?:/\d[\d.,]*)?|x", re.IGNORECASE)


class Personal(NamedTuple):
    """What a text holds of a person: ``kind`` is name, identity or phone; ``found`` the words, which no message may repeat."""

    kind: str
    found: str


def personal(text: str, whole_names: bool = False) -> list[Personal]:
    """Names with a title, identity and phone numbers in a text; ``whole_names``: also a text that is nothing but a name."""
    text = clean_text(text)
    found = [Personal("name", m["name"]) for m in _TITLED.finditer(text)]
    if whole_names and (whole := _WHOLE.fullmatch(text)):
        found.append(Personal("name", whole["name"]))
    found += [Personal("identity", m[0]) for m in _IDENTITY.finditer(text)]
    known = " ".join(p.found for p in found)
    return found + [Personal("phone", m[0]) for m in _PHONE.finditer(text) if m[0] not in known]


def list_of_persons(grid: Grid) -> int:
    """Where a sheet begins to list people, by a heading such as «Họ và tên», as a place among its rows: they are counted, never read.
    -1 where it lists none.

    A row with figures is no heading: «Hộ nghèo có chủ hộ là nữ» beside its number is an item of a table.
    """
    for place, row in enumerate(grid.rows[:15]):
        cells = [clean_text(cell) for cell in row.cells if cell.strip()]
        told = (cell for cell in cells if len(cell) < 40 and ":" not in cell and not _TO_SIGN.search(cell))
        if not any(_FIGURE.fullmatch(cell) for cell in cells) and any(_PERSONS_HEADING.search(cell) for cell in told):
            return place
    return -1


def strip_personal(tables: Mapping[str, Sequence[RawRow]]) -> tuple[dict[str, tuple[RawRow, ...]], list[Finding]]:
    """The raw tables without what ``personal`` finds in the figures of a commune, and a finding for each cell it was in.

    No row is lost: words are replaced by ``REMOVED``, also in what a corrected row held before. The findings
    do not repeat what was removed.
    """
    stripped: dict[str, tuple[RawRow, ...]] = {name: tuple(rows) for name, rows in tables.items()}
    findings: list[Finding] = []
    for table in SEARCHED_TABLES:
        rows = []
        for row in stripped.get(table, ()):
            clear = strip_row(row)
            before, after = row.written or row.cells, clear.written or clear.cells
            findings += [_finding(row, before[c], c) for c in before if after[c] != before[c]]
            rows.append(row if (clear.cells, clear.written) == (row.cells, row.written) else clear)
        if rows:
            stripped[table] = tuple(rows)
    return stripped, findings


def strip_row(row: RawRow) -> RawRow:
    """The row without what its cells, and those that it had before a correction, hold of persons."""
    return row._replace(cells=_without(row.cells), written=_without(row.written) if row.written else None)


def without_personal(text: str) -> str:
    """A text fit for a message, a log or a remark: what ``personal`` finds in it, or in one of its cells, is ``REMOVED``."""
    return " | ".join(_clear(piece, _found(piece, "note")) for piece in text.split(" | "))


def _without(cells: Mapping[str, str]) -> dict[str, str]:
    return {column: _clear(text, _found(text, column)) for column, text in cells.items()}


def _found(text: str, column: str) -> list[Personal]:
    if not text or column not in SEARCHED_COLUMNS:
        return []
    found = personal(text, column in NAME_COLUMNS)
    return [p for p in found if not (column in VALUE_COLUMNS and p.kind == "identity" and p.found.isdigit())]


def _clear(text: str, found: Sequence[Personal]) -> str:
    cleaned = clean_text(text) if found else text
    for each in sorted(found, key=lambda p: -len(p.found)):
        cleaned = cleaned.replace(each.found, REMOVED)
    return cleaned


def _finding(row: RawRow, text: str, column: str) -> Finding:
    kinds = listed(say(f"personal-{kind}") for kind in dict.fromkeys(p.kind for p in _found(text, column)))
    place = {"file": row.file, "sheet": row.sheet, "row": str(row.row), "column": column}
    return Finding(f"personal-data:{':'.join(place.values())}", Problem("personal-data", {"kinds": kinds}, **place))


# --- small counts --------------------------------------------------------------------------------

Cell = tuple[str, str]  # village, column


class Relation(NamedTuple):
    """Cells that add up to an amount everybody knows, or can read in the cell ``total``."""

    parts: tuple[Cell, ...]
    total: Cell | None
    amount: int


def protect_small_counts(
    table: pd.DataFrame, limit: int = 3, *, key: str = "village", total: str = "", sums: Mapping[str, Sequence[str]] | None = None,
    of: Mapping[str, str] | None = None, derived: Mapping[str, str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The table with ``HIDDEN`` for every count under ``limit`` and for whatever would give one away.

    ``table``: text cells, a village a row (column ``key``), the other columns counts (``""``: missing). Sums
    over the villages count as known, whether a row ``total`` shows them or not. ``sums``: column of a
    total → columns it is the sum of. ``of``: count → column of its total, where the rest (households that
    do not meet it) may be small too. ``derived``: column (a share) → count it would reveal. Further
    counts are hidden, small ones first, until every small count could be any value under the limit for
    a reader who knows all that is shown and all sums.
    """
    derived = derived or {}
    columns = [c for c in table.columns if c != key and c not in derived]
    counts = {(row[key], c): int(row[c]) for row in table.to_dict("records") for c in columns if row[c].isdecimal()}
    small = {
        cell
        for cell, n in counts.items()
        if cell[0] != total and (n < limit or _rest_is_small(cell, counts, of or {}, limit))
    }
    hidden, relations = set(small), _relations(counts, columns, total, sums or {})
    while (cell := _exposed(small, hidden, relations, counts, limit)) is not None:
        hidden.add(_candidates(cell, hidden, relations, counts)[0])
    return _masked(table, key, hidden, derived)


def _rest_is_small(cell: Cell, counts: Mapping[Cell, int], of: Mapping[str, str], limit: int) -> bool:
    whole = counts.get((cell[0], of.get(cell[1], "")))
    return whole is not None and 0 < whole - counts[cell] < limit


def _relations(
    counts: Mapping[Cell, int], columns: Sequence[str], total: str, sums: Mapping[str, Sequence[str]]
) -> list[Relation]:
    villages = list(dict.fromkeys(village for village, _ in counts))
    found = []
    for column in columns:
        parts = tuple((v, column) for v in villages if v != total and (v, column) in counts)
        if len(parts) > 1:
            shown = (total, column) if (total, column) in counts else None
            found.append(Relation(parts, shown, sum(counts[p] for p in parts)))
    for whole, pieces in sums.items():
        for village in villages:
            parts = tuple((village, piece) for piece in pieces if (village, piece) in counts)
            if (village, whole) in counts and len(parts) == len(pieces):
                found.append(Relation(parts, (village, whole), counts[village, whole]))
    return found


def _exposed(
    small: set[Cell], hidden: set[Cell], relations: Sequence[Relation], counts: Mapping[Cell, int], limit: int
) -> Cell | None:
    """The first small count of which a reader can exclude a value under the limit (or narrow a small rest), if more can be hidden."""
    for cell in sorted(small):
        if not any(cell in (*r.parts, r.total) for r in relations):
            continue
        low, high = _bounds(cell, hidden, relations, counts)
        open_ = low <= 0 and high >= limit - 1 if counts[cell] < limit else high - low >= limit - 1
        if not open_ and _candidates(cell, hidden, relations, counts):
            return cell
    return None


def _bounds(
    cell: Cell, hidden: set[Cell], relations: Sequence[Relation], counts: Mapping[Cell, int]
) -> tuple[float, float]:
    """Least and greatest value of a hidden count that agrees with all that is shown; counts are not negative."""
    import numpy as np
    from scipy.optimize import linprog

    order = {c: i for i, c in enumerate(sorted(hidden))}
    rows, amounts = [], []
    for relation in relations:
        line, amount = np.zeros(len(order)), 0.0
        for sign, c in [*((1, p) for p in relation.parts), *([(-1, relation.total)] if relation.total else [])]:
            if c in order:
                line[order[c]] = sign
            else:
                amount -= sign * counts[c]
        rows.append(line)
        amounts.append(amount + (0 if relation.total else relation.amount))
    goal = np.zeros(len(order))
    goal[order[cell]] = 1
    known = {"A_eq": np.array(rows), "b_eq": np.array(amounts), "bounds": (0, None), "method": "highs"}
    low, high = linprog(goal, **known), linprog(-goal, **known)
    return round(low.fun, 6), float("inf") if high.status == 3 else round(-high.fun, 6)


def _candidates(cell: Cell, hidden: set[Cell], relations: Sequence[Relation], counts: Mapping[Cell, int]) -> list[Cell]:
    """Cells still shown from which the hidden one follows, those of villages before totals, small ones first."""
    near = [r for r in relations if {*r.parts, r.total} & _linked(cell, hidden, relations)]
    parts = sorted({p for r in near for p in r.parts} - hidden, key=lambda c: (counts[c] == 0, counts[c], c))
    return parts or sorted({r.total for r in near if r.total} - hidden)


def _linked(cell: Cell, hidden: set[Cell], relations: Sequence[Relation]) -> set[Cell]:
    """Hidden cells whose values hang together with this one."""
    linked: set[Cell] = {cell}
    before: set[Cell] = set()
    while linked != before:
        before = set(linked)
        for relation in relations:
            cells = {c for c in (*relation.parts, relation.total) if c in hidden}
            if cells & linked:
                linked |= cells
    return linked


def _masked(table: pd.DataFrame, key: str, hidden: set[Cell], derived: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    def cells(row: dict[str, str]) -> Iterator[tuple[str, str]]:
        for column, text in row.items():
            is_hidden = (row[key], derived.get(column, column)) in hidden
            yield column, HIDDEN if is_hidden and text != "" else text

    return pd.DataFrame([dict(cells(row)) for row in table.to_dict("records")], columns=table.columns)


PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
SIDE, QUALITY = 900, 70  # pixels of the longer side, quality of the JPEG
MOST = 40_000_000  # pixels that are opened: a larger picture is no photo of a telephone
BYTES = 60_000_000  # of a file that is opened
ALL = 100  # pictures of one report, some 10 MB
UNREADABLE = (
    OSError, ValueError, RuntimeError, SyntaxError, TypeError, LookupError, ArithmeticError, MemoryError, struct.error,
)  # fmt: skip
NO = ("", "không", "khong", "no", "0")  # what a cell says where nobody can be recognised


def pictures(folder: Path, evidence: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, bytes, str]]:
    """(file, JPEG, name) of each file of ``evidence`` in the commune's ``folder`` that is a photo or a scan and may be shown.

    One marked as showing faces is not; one that is not there, outside the folder or cannot be opened is not either.
    ``name``: by the content, so that the same picture has the same name.
    """
    made = 0
    for file in dict.fromkeys(row["file"] for row in evidence if row.get("faces", "").strip().casefold() in NO):
        path = _inside(folder, file)
        if path and made < ALL and (data := reduced(path)):
            made += 1
            yield file, data, f"{hashlib.sha256(data).hexdigest()[:16]}.jpg"


def _inside(folder: Path, file: str) -> Path | None:
    try:
        path = (folder / file).resolve()
        return (
            path if path.is_relative_to(folder.resolve()) and path.is_file() and path.stat().st_size <= BYTES else None
        )
    except (OSError, ValueError):
        return None


def reduced(path: Path) -> bytes | None:
    """A photo, or the first page of a scan (PDF), as a small JPEG: upright, in RGB, without place, time, camera or preview.
    None for what is neither, or cannot be opened.
    """
    suffix = path.suffix.casefold()
    if suffix not in (*PHOTOS, ".pdf"):
        return None
    try:
        image = _page(path) if suffix == ".pdf" else _photo(path)
        image.thumbnail((SIDE, SIDE))
        clean = image.convert("RGB")
        clean.info = {}
        target = io.BytesIO()
        clean.save(target, "JPEG", quality=QUALITY, optimize=True)
        return target.getvalue()
    except UNREADABLE:  # whatever somebody has named .jpg: it is told as not shown, and the report is made
        return None


def _photo(path: Path) -> Any:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the size is looked at below, before anything is unpacked
    image = Image.open(path)
    if image.width * image.height > MOST:
        raise ValueError("too large")
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    return ImageOps.exif_transpose(image)


def _page(path: Path) -> Any:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        page = document[0]
        return page.render(scale=min(3.0, 2 * SIDE / max(page.get_width(), page.get_height(), 1))).to_pil()
    finally:
        document.close()
