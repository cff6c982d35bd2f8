"""Reads the tables of a decision, whatever its kind of file, as cells with page, table, row, column and text.

A merged cell stands at each place that it covers, as one and the same Cell. Small raised figures (marks of
footnotes) are left out, but for the 2 of m². A scanned PDF has no text and is refused.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from ntm_lib.errors import NtmError
from ntm_lib.language import Translate, translator
from ntm_lib.text.names import clean_text

KINDS = (".docx", ".doc", ".html", ".htm", ".pdf", ".xlsx")
THICK = 3  # points
SMALL = 0.8  # of the size of the line: a raised figure
_PDF = {"snap_x_tolerance": 5, "join_x_tolerance": 5, "intersection_x_tolerance": 6}
_RUNNING = re.compile(r"^(\d+\s+)?CÔNG BÁO\s*/.*$|^\d{1,4}$", re.IGNORECASE)  # head of each page of the gazette


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """Text of a cell, where it begins (counted from 1, ``page`` 0 where the file has no pages) and what it covers."""

    page: int
    table: int
    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """``rows``: each place of the table, None where the file has no cell. ``before``: the text ahead of it."""

    page: int
    number: int
    rows: tuple[tuple[Cell | None, ...], ...]
    before: str = ""


class SheetRow(Protocol):
    """A row of a workbook as the intake reads it."""

    @property
    def number(self) -> int: ...
    @property
    def cells(self) -> tuple[str, ...]: ...


class Sheet(Protocol):
    """A sheet of a workbook as the intake reads it: ``merged`` first row, first column, last row, last column."""

    @property
    def sheet(self) -> str: ...
    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def merged(self) -> Sequence[tuple[int, int, int, int]]: ...


def read_tables(path: Path, sheets: Iterable[Sheet] = (), language: str = "vi") -> list[Table]:
    """Every table of a file, in order; of a workbook those of its ``sheets``, which the caller has read.

    Raises NtmError where the file is missing, of another kind, damaged, or a scan without text.
    """
    t = translator(language)
    kind = path.suffix.lower()
    if not path.is_file():
        raise NtmError(t("IMPORT: không có tệp {file}. Hãy ghi đúng đường dẫn.").format(file=path.name))
    if kind not in KINDS:
        words = t("IMPORT: tệp {file} không phải loại đọc được. Hãy dùng: {kinds}.")
        raise NtmError(words.format(file=path.name, kinds=" ".join(KINDS)))
    try:
        return _read(path, kind, sheets, t)
    except NtmError:
        raise
    except Exception as error:  # each library has its own errors for a damaged file
        words = t(
            "IMPORT: không đọc được tệp {file}: tệp hỏng hoặc không đúng loại. Hãy mở tệp, lưu lại rồi thử lần nữa."
        )
        raise NtmError(words.format(file=path.name)) from error


def _read(path: Path, kind: str, sheets: Iterable[Sheet], t: Translate) -> list[Table]:
    if kind == ".pdf":
        return read_pdf(path, t)
    if kind == ".xlsx":
        return [_sheet_table(number, sheet) for number, sheet in enumerate(sheets, start=1)]
    if kind == ".doc":
        return _read_doc(path, t)
    return read_docx(path) if kind == ".docx" else read_html(path.read_bytes())


def _read_doc(path: Path, t: Translate) -> list[Table]:
    """An old Word file, through LibreOffice where it is installed."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NtmError(
            t("IMPORT: tệp {file} là Word cũ. Hãy mở bằng Word, lưu lại thành .docx.").format(file=path.name)
        )
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", "docx", "--outdir", folder, str(path)]
        subprocess.run(command, capture_output=True, check=True, timeout=180)
        return read_docx(Path(folder) / f"{path.stem}.docx")


def read_docx(path: Path) -> list[Table]:
    """Tables of a Word file; gridSpan and vMerge become cells that cover several places."""
    from docx import Document
    from docx.oxml.ns import qn

    tables: list[Table] = []
    before: list[str] = []
    for element in Document(str(path)).element.body.iterchildren():
        if element.tag == qn("w:p"):
            before.append(_docx_text(element))
        elif element.tag == qn("w:tbl"):
            number = len(tables) + 1
            placed = [(r, c, text, 1, span, go) for r, c, text, span, go in _docx_cells(element)]
            tables.append(Table(0, number, _grid(0, number, _merged_down(placed)), _joined(before)))
            before = []
    return tables


def _docx_cells(table: Any) -> Iterator[tuple[int, int, str, int, bool]]:
    """Row, column, text, columns covered, and whether the cell goes on with the one above."""
    from docx.oxml.ns import qn

    for number, row in enumerate(table.iterchildren(qn("w:tr"))):
        skipped = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
        column = int(skipped.get(qn("w:val"))) if skipped is not None else 0
        for cell in row.iterchildren(qn("w:tc")):
            about = cell.find(qn("w:tcPr"))
            span = about.find(qn("w:gridSpan")) if about is not None else None
            merge = about.find(qn("w:vMerge")) if about is not None else None
            width = int(span.get(qn("w:val"))) if span is not None else 1
            text = "\n".join(_docx_text(p) for p in cell.iterchildren(qn("w:p")))
            yield number, column, text, width, merge is not None and merge.get(qn("w:val")) != "restart"
            column += width


def _docx_text(paragraph: Any) -> str:
    from docx.oxml.ns import qn

    text = ""
    for run in paragraph.iter(qn("w:r")):
        if run.getparent().tag == qn("w:del"):
            continue
        raised = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
        words = "".join(
            node.text or "" if node.tag == qn("w:t") else "\n" if node.tag == qn("w:br") else ""
            for node in run.iterchildren()
        )
        text += raised_text(text, words) if raised is not None and raised.get(qn("w:val")) == "superscript" else words
    return text


def raised_text(before: str, text: str) -> str:
    """What of raised ``text`` belongs to the words: the 2 of m², not the mark of a footnote."""
    return text if re.search(r"\bk?m$", before) and text.strip() in ("2", "3") else ""


Placed = tuple[int, int, str, int, int]  # row, column, text, rows, columns


def _merged_down(placed: list[tuple[int, int, str, int, int, bool]]) -> list[Placed]:
    """Cells marked as going on joined to the cell above them."""
    kept: dict[tuple[int, int], list[Any]] = {}
    above: dict[int, list[Any]] = {}
    for row, column, text, rows, columns, goes_on in placed:
        top = above.get(column)
        if goes_on and top is not None and top[0] + top[3] == row and top[4] == columns:
            top[3] += 1
            top[2] = "\n".join(filter(str.strip, (top[2], text)))
        else:
            kept[row, column] = above[column] = [row, column, text, rows, columns]
    return [(r, c, text, rows, columns) for r, c, text, rows, columns in kept.values()]


def read_html(content: bytes) -> list[Table]:
    """Tables of a saved page that hold no other table; rowspan and colspan become cells that cover several places."""
    from lxml import html

    declared = re.search(rb"charset=[\"']?([\w-]+)", content[:4096])
    parser = html.HTMLParser(encoding=declared[1].decode() if declared else "utf-8")
    root = html.document_fromstring(content, parser=parser)
    tables: list[Table] = []
    before: list[str] = []
    for element in root.iter():
        if element.tag == "table" and not element.xpath(".//table"):
            number = len(tables) + 1
            tables.append(Table(0, number, _grid(0, number, _html_cells(element)), _joined(before)))
            before = []
        elif element.tag in ("p", "h1", "h2", "h3", "h4", "div", "center") and not element.xpath(
            "ancestor::table | .//table | .//p | .//div"
        ):
            before.append(_html_text(element))
    return tables


def _html_cells(table: Any) -> list[Placed]:
    taken: set[tuple[int, int]] = set()
    placed: list[Placed] = []
    for number, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in taken:
                column += 1
            rows, columns = (max(1, int(cell.get(name, "1") or "1")) for name in ("rowspan", "colspan"))
            taken |= {(number + r, column + c) for r in range(rows) for c in range(columns)}
            placed.append((number, column, _html_text(cell), rows, columns))
    return placed


def _html_text(element: Any) -> str:
    text = element.text or ""
    for child in element.iterchildren():
        inner = _html_text(child) if isinstance(child.tag, str) else ""
        inner = raised_text(text, inner) if child.tag == "sup" else inner
        text += ("\n" if child.tag in ("br", "p", "div", "li") else "") + inner + (child.tail or "")
    return text


def _sheet_table(number: int, sheet: Sheet) -> Table:
    merged = {(r, c): (last_r - r + 1, last_c - c + 1) for r, c, last_r, last_c in sheet.merged}
    covered = {
        (r + i, c + j) for (r, c), (rows, columns) in merged.items() for i in range(rows) for j in range(columns)
    } - set(merged)
    width = max((len(row.cells) for row in sheet.rows), default=0)
    placed = [
        (row.number - 1, column, text, *merged.get((row.number, column), (1, 1)))
        for row in sheet.rows
        for column, text in enumerate([*row.cells, *[""] * (width - len(row.cells))])
        if (row.number, column) not in covered
    ]
    return Table(0, number, _grid(0, number, placed), sheet.sheet)


def _grid(page: int, table: int, placed: Iterable[Placed]) -> tuple[tuple[Cell | None, ...], ...]:
    """Each place of the table with the cell that covers it."""
    places: dict[tuple[int, int], Cell] = {}
    for row, column, text, rows, columns in placed:
        cell = Cell(page, table, row + 1, column + 1, clean_lines(text), rows, columns)
        for r in range(row, row + rows):
            for c in range(column, column + columns):
                places.setdefault((r, c), cell)
    height, width = (1 + max((place[i] for place in places), default=-1) for i in (0, 1))
    return tuple(tuple(places.get((r, c)) for c in range(width)) for r in range(height))


def clean_lines(text: str) -> str:
    """The lines of a cell, each NFC and with single spaces, empty ones left out."""
    lines = (clean_text(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def read_pdf(path: Path, t: Translate) -> list[Table]:
    """Tables of a PDF by its ruling lines. Raises NtmError for a scan: pages that are pictures without text."""
    import pdfplumber

    tables: list[Table] = []
    with pdfplumber.open(path) as pdf:
        scanned = [page.page_number for page in pdf.pages if len(page.chars) < 20 and page.images]
        if scanned or not any(page.chars for page in pdf.pages):
            words = t(
                "IMPORT: {file} là bản chụp (scan), trang {pages} không có chữ để đọc. Hãy lấy bản có chữ: tệp Word hoặc PDF của công báo, của trang văn bản pháp luật; hoặc gõ lại phụ lục vào Word theo đúng mẫu"
            )
            pages = ", ".join(map(str, scanned or range(1, len(pdf.pages) + 1)))
            raise NtmError(words.format(file=path.name, pages=pages))
        before: list[str] = []
        for page in pdf.pages:
            whole = page.filter(_not_raised(page))
            found = sorted(_outer(whole.find_tables(_PDF)), key=lambda table: table.bbox[1])
            top = 0.0
            for table in found:
                before.append(_pdf_words(whole, top, table.bbox[1]))
                number = len(tables) + 1
                placed = _pdf_cells(table)
                tables.append(Table(page.page_number, number, _grid(page.page_number, number, placed), _joined(before)))
                before, top = [], table.bbox[3]
            before.append(_pdf_words(whole, top, float(page.height)))
    return tables


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


def _joined(parts: list[str]) -> str:
    return clean_lines("\n".join(parts))
