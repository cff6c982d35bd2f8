"""A PDF with text: its paragraphs, and its tables by their ruling lines or, without lines, by columns that stand in line.

A scan has no text and is refused.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any, TypeAlias

from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.office.pieces import Paragraph, Piece, Placed, Table, clean_lines, grid_of

THICK = 3  # points
SAME_LINE = 3  # points
WIDE, APART = 0.75, 2.9  # of the size of the letters: a gap between columns; between lines that are no table's any more
RIVER = 4  # points of white space that run down between two columns
COLUMNS, LINES = 3, 3  # a table without ruling lines has at least so many
# of the size of the letters: a gap between columns, and between lines that are no table's any more
SMALL = 0.8  # of the size of the line: a raised figure
_PDF = {"snap_x_tolerance": 5, "join_x_tolerance": 5, "intersection_x_tolerance": 6}
_RUNNING = re.compile(r"^(\d+\s+)?CÔNG BÁO\s*/.*$|^\d{1,4}$", re.IGNORECASE)  # head of each page of the gazette


def read_pdf(path: Path, t: Translate) -> list[Piece]:
    """Lines (each a paragraph) and tables in their order. Raises NtmError for a scan: pages that are pictures without text."""
    import pdfplumber

    pieces: list[Piece] = []
    with pdfplumber.open(path) as pdf:
        scanned = [page.page_number for page in pdf.pages if len(page.chars) < 20 and page.images]
        if scanned or not any(page.chars for page in pdf.pages):
            words = t(
                "{file} là bản chụp (scan), trang {pages} không có chữ để đọc. Hãy lấy bản có chữ: tệp Word, hoặc PDF của công báo, của trang văn bản pháp luật; hoặc gõ lại vào Word theo đúng mẫu"
            )
            pages = ", ".join(map(str, scanned or range(1, len(pdf.pages) + 1)))
            raise NtmError(words.format(file=path.name, pages=pages))
        for page in pdf.pages:
            for found in _page(page, sum(isinstance(piece, Table) for piece in pieces)):
                number = len(pieces) + 1
                pieces.append(found if isinstance(found, Table) else Paragraph(found, number, 0, page.page_number))
    return pieces


def _page(page: Any, tables: int) -> Iterator[Table | str]:
    """The tables of a page and the lines between them, from the top down; ``tables``: how many came before."""
    whole = page.filter(_not_raised(page))
    top = 0.0
    for table in sorted(_outer(whole.find_tables(_PDF)), key=lambda table: table.bbox[1]):
        for found in _between(whole, top, table.bbox[1]):
            tables += not isinstance(found, str)
            yield found if isinstance(found, str) else _table(page, tables, found)
        tables, top = tables + 1, table.bbox[3]
        yield _table(page, tables, _pdf_cells(table))
    for found in _between(whole, top, float(page.height)):
        tables += not isinstance(found, str)
        yield found if isinstance(found, str) else _table(page, tables, found)


def _table(page: Any, number: int, placed: list[Placed]) -> Table:
    return Table(page.page_number, number, grid_of(page.page_number, number, placed))


def _not_raised(page: Any) -> Any:
    """A filter of small raised figures (the one of m² stays) and of coloured grounds."""
    sizes = sorted(char["size"] for char in page.chars)
    usual = sizes[len(sizes) // 2] if sizes else 0
    chars = page.chars
    notes = {
        (char["x0"], char["top"])
        for before, char in pairwise(chars)
        if char["size"] < SMALL * usual and char["text"].isdigit() and before["text"] != "m"
    }

    def kept(thing: dict[str, Any]) -> bool:
        if thing["object_type"] == "rect":  # a thick one is the ground behind words, no ruling line
            return min(thing["width"], thing["height"]) < THICK or bool(thing["stroke"])
        return thing["object_type"] != "char" or (thing["x0"], thing["top"]) not in notes

    return kept


def _outer(tables: list[Any]) -> list[Any]:
    """Tables that lie in no other, with more than one column: a box around a paragraph is none."""

    def inside(one: Any, other: Any) -> bool:
        a, b = one.bbox, other.bbox
        return one is not other and a[0] >= b[0] - 1 and a[1] >= b[1] - 1 and a[2] <= b[2] + 1 and a[3] <= b[3] + 1

    return [t for t in tables if not any(inside(t, other) for other in tables) and len(_edges(t.cells, 0)) > 2]


def _edges(boxes: list[Any], side: int) -> list[float]:
    """Places of the lines across (0) or down (1), those within four points as one."""
    edges: list[float] = []
    for place in sorted({box[i] for box in boxes for i in (side, side + 2)}):
        if not edges or place - edges[-1] > 4:
            edges.append(place)
    return edges


def _pdf_cells(table: Any) -> list[Placed]:
    """Cells of a PDF's table with what they cover, from the boxes that the lines make."""
    across, down = _edges(table.cells, 0), _edges(table.cells, 1)

    def index(edges: list[float], place: float) -> int:
        return min(range(len(edges)), key=lambda i: abs(edges[i] - place))

    placed = []
    for row, texts in zip(table.rows, table.extract(), strict=True):
        for box, text in zip(row.cells, texts, strict=True):
            if box is None:
                continue
            left, right = index(across, box[0]), index(across, box[2])
            top, bottom = index(down, box[1]), index(down, box[3])
            if right > left and bottom > top:
                placed.append((top, left, text or "", bottom - top, right - left))
    return placed


# --- tables without ruling lines -----------------------------------------------------------------

Word: TypeAlias = dict[str, Any]  # of pdfplumber: text, x0, x1, top, bottom, size
Ends: TypeAlias = list[tuple[float, float]]


def _between(page: Any, top: float, bottom: float) -> Iterator[str | list[Placed]]:
    """The lines between two heights; those that make a table as its cells. The running head of the gazette is left out."""
    if bottom - top < 1:
        return
    words = page.crop((0, top, page.width, bottom), strict=False).extract_words(extra_attrs=["size"])
    lines = [line for line in _lines(words) if not _RUNNING.match(_said(line))]
    at = 0
    while at < len(lines):
        if (last := _end_of_table(lines, at)) > at:
            yield _cells_of(lines[at:last])
            at = last
            continue
        if text := clean_lines(_said(lines[at])):
            yield text
        at += 1


def _lines(words: list[Word]) -> list[list[Word]]:
    """The words by the lines in which they stand, from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w["top"], w["x0"])):
        if rows and abs(rows[-1][0]["top"] - word["top"]) <= SAME_LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: float(w["x0"])) for row in rows]


def _said(words: Iterable[Word]) -> str:
    return " ".join(word["text"] for word in words).strip()


def _joined(ends: Iterable[tuple[float, float]], least: float) -> Ends:
    """Intervals put together where less than ``least`` lies between them."""
    joined: Ends = []
    for low, high in sorted(ends):
        if joined and low - joined[-1][1] < least:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined


def _across(lines: Iterable[list[Word]], least: float = RIVER) -> Ends:
    """Left and right ends of what white space keeps apart in all the lines."""
    return _joined(((word["x0"], word["x1"]) for line in lines for word in line), least)


def _is_spread(line: list[Word], least: int = COLUMNS) -> bool:
    """Whether wide gaps part a line into as many pieces as a table has columns."""
    return len(_across([line], WIDE * float(line[0]["size"]))) >= least


def _end_of_table(lines: list[list[Word]], first: int) -> int:
    """Behind the last line of the table that begins here, ``first`` where none does: the same white space runs down its lines."""
    last = first + 1
    above = _is_spread(lines[first], 2) and any(
        map(_is_spread, lines[first + 1 : first + 2])
    )  # of a head set in the middle
    if not above and not _is_spread(lines[first]):
        return first
    while last < len(lines) and len(_across(lines[first : last + 1])) >= COLUMNS:
        if last > first and lines[last][0]["top"] - lines[last - 1][0]["top"] > APART * lines[last][0]["size"]:
            break
        last += 1
    while last > first and len(_across(lines[first : last - 1])) > len(_across(lines[first:last])):
        last -= 1  # a short line of the text below
    spread = sum(map(_is_spread, lines[first:last]))
    return last if last - first >= LINES and spread > 1 else first


def _cells_of(lines: list[list[Word]]) -> list[Placed]:
    """Cells of a table without lines: columns by the white space that runs down, rows by what is filled or by wider gaps."""
    columns = _across(lines)
    bands = _joined(((word["top"], word["bottom"]) for line in lines for word in line), 0)
    words: list[list[Word]] = [[] for _ in bands]
    for word in (word for line in lines for word in line):
        words[next(n for n, (low, high) in enumerate(bands) if low <= word["top"] <= high)].append(word)
    rows = _rows(columns, bands, words)
    cells: dict[tuple[int, int], list[Word]] = {}
    for row, band in zip(rows, words, strict=True):
        for word in band:
            cells.setdefault((row, _place(columns, word)), []).append(word)
    count = [sum((row, c) in cells for row in range(rows[-1] + 1)) for c in range(len(columns))]
    torn = [
        c for c in range(1, len(columns)) if (0, c) not in cells and 2 * count[c] <= rows[-1]
    ]  # no head: the rest of a cell
    placed = []
    for row in range(rows[-1] + 1):
        for first, behind in pairwise([*(c for c in range(len(columns)) if c not in torn), len(columns)]):
            own = [word for c in range(first, behind) for word in cells.get((row, c), [])]
            placed.append((row, first - sum(c < first for c in torn), "\n".join(map(_said, _lines(own))), 1, 1))
    return placed


def _rows(columns: Ends, bands: Ends, words: list[list[Word]]) -> list[int]:
    """The row of each band: rows part where the gap is wider, if each row then has a band with most columns filled; where all
    gaps are alike, a row begins with each such band."""
    full = [
        2 * len(spans) > len(columns) and not all(span[0]["text"][0].islower() for span in spans)  # «chuẩn»: of a head
        for spans in (_spans(columns, band) for band in words)
    ]
    gaps = [below[0] - above[1] for above, below in pairwise(bands)]
    wide = min(gaps, default=0.0) + SAME_LINE
    by_gap = [0, *accumulate(int(gap > wide) for gap in gaps)]
    if by_gap[-1] and all(
        any(f for row, f in zip(by_gap, full, strict=True) if row == n) for n in range(by_gap[-1] + 1)
    ):
        return by_gap
    return [0, *accumulate(map(int, full[1:]))]


def _spans(columns: Ends, band: list[Word]) -> list[list[Word]]:
    """The words of a band by the columns in which they stand."""
    ordered = sorted(band, key=lambda word: (_place(columns, word), word["top"], word["x0"]))
    return [list(words) for _, words in groupby(ordered, key=lambda word: _place(columns, word))]


def _place(columns: Ends, word: Word) -> int:
    return next(n for n, (low, high) in enumerate(columns) if low <= word["x0"] <= high)
