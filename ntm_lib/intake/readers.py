"""Files into grids of text cells, each with its address. Knows nothing of what the cells mean.

Here: what every format shares, and CSV; workbooks are in ``xlsx`` and ``ods``. A file that could hurt (too many rows) or mislead (a quote that is
never closed swallows rows) is refused with a message; a row that is damaged is marked.
"""

import csv
import io
import re
from pathlib import Path
from typing import NamedTuple

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake.encodings import decode
from ntm_lib.language import translator

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 10_000
MAX_BYTES = 30_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Row(NamedTuple):
    """``number``: as a spreadsheet counts, the first is 1. ``faults``: column index → code of why the cell cannot be used.

    ``numbers``: columns that the workbook stores as number or date, not as text. ``hidden``: not shown in the workbook.
    """

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str] = {}  # noqa: RUF012  (never changed)
    numbers: frozenset[int] = frozenset()
    hidden: bool = False


class Grid(NamedTuple):
    """One sheet; ``file`` relative to data/raw, ``sheet`` empty for CSV. Rows without any text are left out.

    ``merged``: areas as first row, first column, last row, last column (rows from 1, columns from 0).
    """

    file: str
    sheet: str
    rows: tuple[Row, ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()


def shown(path: Path) -> str:
    """The raw file as tables and messages name it: relative to data/raw, with ``/``."""
    try:
        return path.resolve().relative_to(paths.raw().resolve()).as_posix()
    except ValueError:
        return path.name


def read_csv(path: Path, language: str = "vi") -> Grid:
    """A CSV file with comma, semicolon or tab, in any encoding that ``encodings`` knows."""
    t, file = translator(language), shown(path)
    data = read_bytes(path, language)
    text = decode(data, file, language)
    if not text.strip():
        raise NtmError(t("Tệp {file} rỗng: cần ít nhất dòng tiêu đề. Hãy chép lại tệp từ bản gốc.").format(file=file))
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MAX_ROWS:
                raise NtmError(too_many_rows(file, "", language))
            if any(map(str.strip, cells)):
                rows.append(Row(number, tuple(cells), {i: "bad-cell" for i, c in enumerate(cells) if not is_sound(c)}))
    except csv.Error as error:
        raise NtmError(
            t("Tệp {file} bị hỏng ở gần dòng {row}: dấu nháy kép mở mà không đóng hoặc có ký tự lạ ({error}). Hãy mở bằng Excel, sửa ô đó rồi lưu lại.").format(
                file=file, row=reader.line_num, error=error
            )
        ) from None
    return Grid(file, "", tuple(rows))


def read_bytes(path: Path, language: str) -> bytes:
    """The file's bytes. Raises NtmError where it cannot be opened, is empty or far too large."""
    t, file = translator(language), shown(path)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise NtmError(t("Không mở được tệp {file}: {error}.").format(file=file, error=error.strerror)) from None
    if size > MAX_BYTES:
        raise NtmError(t("Tệp {file} quá lớn ({size} MB; tối đa {limit} MB).").format(file=file, size=size // 1_000_000, limit=MAX_BYTES // 1_000_000))
    if not size:
        raise NtmError(t("Tệp {file} rỗng: cần ít nhất dòng tiêu đề. Hãy chép lại tệp từ bản gốc.").format(file=file))
    return data


def too_many_rows(file: str, sheet: str, language: str) -> str:
    t = translator(language)
    place = f"{file} [{sheet}]" if sheet else file
    return t("{place} có hơn {limit} dòng. Bảng của một xã không dài như vậy: hãy xóa các dòng thừa rồi lưu lại.").format(place=place, limit=MAX_ROWS)


def is_sound(cell: str) -> bool:
    """Whether the cell is text that somebody can have meant: not endless, no control characters."""
    return len(cell) <= MAX_CELL and _CONTROL.search(cell) is None


def _delimiter(text: str) -> str:
    heading = text.lstrip("\r\n").splitlines()[0]
    return max(",;\t", key=heading.count)
