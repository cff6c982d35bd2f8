"""Opens an office document of any kind as paragraphs and tables, or says why it cannot be read."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence, Set
from pathlib import Path
from typing import Any, Protocol

from ntm_lib.errors import NtmError
from ntm_lib.language import Translate, translator
from ntm_lib.office.marked_up import read_docx, read_html, read_odt
from ntm_lib.office.pdf_pages import read_pdf
from ntm_lib.office.pieces import Paragraph, Piece, Table, clean_lines, grid_of, tables_of
from ntm_lib.text import encodings

KINDS = (".docx", ".doc", ".odt", ".html", ".htm", ".pdf", ".xlsx", ".txt")


class SheetRow(Protocol):
    """A row of a workbook as the intake reads it."""

    @property
    def number(self) -> int: ...
    @property
    def cells(self) -> tuple[str, ...]: ...
    @property
    def hidden(self) -> bool: ...


class Sheet(Protocol):
    """A sheet of a workbook as the intake reads it: ``merged`` first row, first column, last row, last column; ``unseen``: row
    and address with text, of what has the colour of its background.
    """

    @property
    def sheet(self) -> str: ...
    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def merged(self) -> Sequence[tuple[int, int, int, int]]: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def hidden_columns(self) -> Set[int]: ...
    @property
    def unseen(self) -> Sequence[tuple[int, str]]: ...


def read_tables(path: Path, sheets: Iterable[Sheet] = (), language: str = "vi") -> list[Table]:
    """Every table of a file, in order, with the text before it; else as ``read_pieces``."""
    return tables_of(read_pieces(path, sheets, language))


def read_pieces(path: Path, sheets: Iterable[Sheet] = (), language: str = "vi") -> list[Piece]:
    """Paragraphs and tables of a file, in order; of a workbook the tables of its ``sheets``, which the caller has read.

    Raises NtmError where the file is missing, of another kind, damaged, a scan without text, or hides a part of a workbook.
    """
    t = translator(language)
    kind = path.suffix.lower()
    if not path.is_file():
        raise NtmError(t("Không có tệp {file}. Hãy ghi đúng đường dẫn.").format(file=path.name))
    if kind not in KINDS:
        words = t("Tệp {file} không phải loại đọc được. Hãy dùng: {kinds}.")
        raise NtmError(words.format(file=path.name, kinds=" ".join(KINDS)))
    try:
        return _read(path, kind, sheets, t)
    except NtmError:
        raise
    except Exception as error:  # each library has its own errors for a damaged file
        words = t("Không đọc được tệp {file}: tệp hỏng hoặc không đúng loại. Hãy mở tệp, lưu lại rồi thử lần nữa.")
        raise NtmError(words.format(file=path.name)) from error


def _read(path: Path, kind: str, sheets: Iterable[Sheet], t: Translate) -> list[Piece]:
    if kind == ".pdf":
        return read_pdf(path, t)
    if kind == ".xlsx":
        sheets = list(sheets)
        _refuse_hidden(path, sheets, t)
        return [_sheet_table(number, sheet) for number, sheet in enumerate(sheets, start=1)]
    if kind == ".doc":
        return _read_doc(path, t)
    if kind == ".txt":
        lines = clean_lines(encodings.decode(path.read_bytes(), path.name, "vi")).splitlines()
        return [Paragraph(line, number) for number, line in enumerate(lines, start=1)]
    if kind == ".odt":
        return read_odt(path)
    return read_docx(path) if kind == ".docx" else read_html(path.read_bytes())


def office_program() -> str:
    """The program of LibreOffice, "" where there is none: Windows and macOS install it without telling the search path."""
    homes = (os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)"))
    places = [Path(home, "LibreOffice/program/soffice.exe") for home in homes if home]
    places.append(Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"))
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((str(place) for place in places if place.is_file()), "")


def _read_doc(path: Path, t: Translate) -> list[Piece]:
    """An old Word file, through LibreOffice where it is installed."""
    program = office_program()
    if not program:
        raise NtmError(t("Tệp {file} là Word cũ. Hãy mở bằng Word, lưu lại thành .docx.").format(file=path.name))
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--headless", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"]
        command += ["--convert-to", "docx", "--outdir", folder, str(path)]
        subprocess.run(command, capture_output=True, check=True, timeout=180)
        return read_docx(Path(folder) / f"{path.stem}.docx")


def _refuse_hidden(path: Path, sheets: Sequence[Sheet], t: Translate) -> None:
    """What nobody sees on the sheet is neither read nor passed over: the person who looks through the proposal would miss it."""
    found = [part for sheet in sheets if (part := _hidden_parts(sheet, t))]
    if found:
        words = t(
            "Tệp {file} có phần bị ẩn: {parts}. Hãy mở tệp, bỏ ẩn (hoặc xóa phần không dùng), lưu lại rồi thử lần nữa."
        )
        raise NtmError(words.format(file=path.name, parts="; ".join(found)))


def _hidden_parts(sheet: Sheet, t: Translate) -> str:
    """``trang “Biểu 01”: dòng 4, 5, cột C``: what of a sheet is hidden and holds something; empty where nothing is."""
    name = t("trang “{sheet}”").format(sheet=sheet.sheet)
    if sheet.hidden:
        return name if sheet.rows else ""
    from xlsxwriter.utility import xl_col_to_name

    rows = [str(row.number) for row in sheet.rows if row.hidden and any(cell.strip() for cell in row.cells)]
    columns = {
        i for row in sheet.rows for i, cell in enumerate(row.cells) if i in sheet.hidden_columns and cell.strip()
    }
    parts = [t("dòng {rows}").format(rows=", ".join(rows))] if rows else []
    parts += [t("cột {columns}").format(columns=", ".join(map(xl_col_to_name, sorted(columns))))] if columns else []
    parts += [t("chữ trùng màu nền ở ô {cell}").format(cell=text) for _, text in sheet.unseen]
    return f"{name}: {', '.join(parts)}" if parts else ""


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
    return Table(0, number, grid_of(0, number, placed), sheet.sheet)
