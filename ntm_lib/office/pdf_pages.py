"""A PDF with text: its paragraphs, and its tables by their ruling lines. A scan has no text and is refused."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.office.pieces import Paragraph, Piece, Placed, Table, clean_lines, grid_of

THICK = 3  # points
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
        yield from clean_lines(_pdf_words(whole, top, table.bbox[1])).splitlines()
        tables, top = tables + 1, table.bbox[3]
        yield Table(page.page_number, tables, grid_of(page.page_number, tables, _pdf_cells(table)))
    yield from clean_lines(_pdf_words(whole, top, float(page.height))).splitlines()


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


def _pdf_words(page: Any, top: float, bottom: float) -> str:
    """Text between two heights, without the running head of the gazette."""
    if bottom - top < 1:
        return ""
    text = page.crop((0, top, page.width, bottom), strict=False).extract_text() or ""
    return "\n".join(line for line in text.splitlines() if not _RUNNING.match(line.strip()))
