"""The files of a commune's folder: which are read, why the others are not, and CSV into grids of text cells with their addresses.

Here is also what every format shares; workbooks are in ``xlsx`` and ``ods``. A file that could hurt (too many rows, a pipe, a link that leaves
the folder) or mislead (a quote that is never closed swallows rows) is refused with a message; a row that is damaged is marked.
"""

import csv
import io
import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import schema
from ntm_lib.problems import Field, refusal
from ntm_lib.text.encodings import decode

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 10_000
MAX_BYTES = 30_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_WORD_SIGNS = {
    0x0B: " ",
    0x0C: " ",
    0x85: " ",
    0x2028: " ",
    0x2029: " ",
    0x1E: "-",
    0x1F: None,
}  # breaks and hyphens as Word keeps them
_MARKS: dict[str, tuple[bytes, ...]] = {
    "workbook": (b"PK\x03\x04",), "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",), "pdf": (b"%PDF-",),
    "picture": (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM"),
}  # fmt: skip
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_AS_TEXT = re.compile(r'^="([^"]*)"$')  # how exports keep Excel from making a number or a day of 17.10
_SEPARATORS = ",;\t|"
_SEARCHED = 20  # lines in which the heading may be
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t]*\r?\n', re.IGNORECASE)  # by which Excel is told the separator


class Row(NamedTuple):
    """``number``: as a spreadsheet counts, the first is 1. ``faults``: column index → code of why the cell cannot be used.

    ``numbers``: columns that the workbook stores as number or date, not as text. ``hidden``: not shown in the workbook.
    ``kinds``: column → what the workbook stores there where it is no text: number, percent, date, time or boolean.
    """

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str] = {}
    numbers: frozenset[int] = frozenset()
    hidden: bool = False
    kinds: Mapping[int, str] = {}


class Grid(NamedTuple):
    """One sheet; ``file`` relative to data/raw, ``sheet`` empty for CSV. Rows without any text are left out.

    ``merged``: areas as first row, first column, last row, last column (rows from 1, columns from 0), no two with the same first cell.
    ``hidden``: the sheet is not shown; ``hidden_columns``: these are not. ``far``: row and address of cells beyond the last column that is
    read, one a row. ``unseen``: row, and address with text, of what has the colour of its background; ``notes``: row, address and text of
    comments on cells; ``boxes``: texts of boxes drawn over the sheet. ``kind``: empty, or what is there in place of cells: chart, picture.
    """

    file: str
    sheet: str
    rows: tuple[Row, ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    far: tuple[tuple[int, str], ...] = ()
    unseen: tuple[tuple[int, str], ...] = ()
    notes: tuple[tuple[int, str, str], ...] = ()
    boxes: tuple[str, ...] = ()
    kind: str = ""


def shown(path: Path) -> str:
    """The raw file as tables and messages name it: relative to data/raw, with ``/``. A link keeps its own name."""
    for own, raw in (
        (Path(os.path.abspath(path)), Path(os.path.abspath(paths.raw()))),
        (Path(os.path.realpath(path.parent)) / path.name, Path(os.path.realpath(paths.raw()))),
    ):
        if own.is_relative_to(raw):
            return own.relative_to(raw).as_posix()
    return path.name


def sort_of(data: bytes) -> str:
    """What a file is by its bytes, whatever its name says: workbook, old (Office before 2007), locked (with a password), web, xml, pdf,
    picture, text; empty where that cannot be told."""
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    for sort, marks in _MARKS.items():
        if start.startswith(marks):
            return "locked" if sort == "old" and "EncryptedPackage".encode("utf-16-le") in data else sort
    if re.match(rb"(?i)<(?:!doctype html|html|head|body|table|meta|style)\b", start):
        return "web"
    if start.startswith(b"<?xml"):
        return "xml" if b"spreadsheet" in start else "web" if b"<html" in start else ""
    return "" if not start or _NO_TEXT.search(data[:2000]) else "text"


def read_csv(path: Path, language: str = "vi", known: Callable[[Iterable[str]], int] = lambda cells: 0) -> Grid:
    """A CSV file with comma, semicolon, tab or bar, in any encoding that ``encodings`` knows.

    ``known``: how many of some cells are headings; the separator is that by which most are.
    """
    file, data = shown(path), read_bytes(path, language)
    if (sort := sort_of(data)) not in ("text", ""):
        raise wrong_sort(sort, path, language)
    text = decode(data, file, language).translate(_WORD_SIGNS)
    if not text.replace("\0", "").strip():
        raise refusal("file/empty", language, file=file)
    sign = _SEP_LINE.match(text)
    text = text[sign.end() :] if sign else text
    rows: list[Row] = []
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=sign[1] if sign else _separator(text, known), strict=True
    )
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MAX_ROWS:
                raise too_many_rows(file, "", language)
            if len(cells) == 1 and cells[0].count(reader.dialect.delimiter) > 1:  # the whole line in quotes
                cells = next(csv.reader(cells, delimiter=reader.dialect.delimiter))
            if any(map(str.strip, cells)):
                cells = [_AS_TEXT.sub(r"\1", cell) for cell in cells]
                rows.append(Row(number, tuple(cells), {i: "bad-cell" for i, c in enumerate(cells) if not is_sound(c)}))
    except csv.Error as error:
        code = "file/long-cell" if "field larger" in str(error) else "file/quote"
        told: dict[str, Field] = {"row": reader.line_num, "error": str(error), "limit": csv.field_size_limit()}
        raise refusal(code, language, file=file, **told) from None
    if not rows:
        raise refusal("file/empty", language, file=file)
    return Grid(file, "", tuple(rows))


def wrong_sort(sort: str, path: Path, language: str) -> NtmError:
    """Says what a file is, which its name does not, and what to do."""
    return refusal(f"file/{sort}", language, file=shown(path), suffix=path.suffix, stem=path.stem)


def obstacle(path: Path) -> str:
    """Why something in a commune's folder is no file to read: folder, special (pipe, device), link (broken, in a circle, out of the folder); else empty."""
    try:
        mode, real = path.stat().st_mode, path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "link" if path.is_symlink() else ""
    if not real.is_relative_to(_home(path)):
        return "link"
    return "" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "special"


def _home(path: Path) -> Path:
    """The folder that a file must not leave: its commune's, or its own elsewhere."""
    own, communes = Path(os.path.abspath(path)), Path(os.path.abspath(paths.communes_folder()))
    below = own.relative_to(communes).parts if own.is_relative_to(communes) else ()
    return (communes / below[0] if len(below) > 1 else own.parent).resolve()


def read_bytes(path: Path, language: str) -> bytes:
    """The file's bytes. Raises NtmError where it is no ordinary file of this folder, cannot be opened, is empty or far too large."""
    file = shown(path)
    if code := obstacle(path):
        raise refusal(f"file/{code}", language, file=file)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        code = "file/denied" if isinstance(error, PermissionError) else "file/unopened"
        raise refusal(code, language, file=file, error=error.strerror or "") from None
    if size > MAX_BYTES:
        raise refusal("file/large", language, file=file, size=size // 1_000_000, limit=MAX_BYTES // 1_000_000)
    if not size:
        raise refusal("file/empty", language, file=file)
    return data


def too_many_rows(file: str, sheet: str, language: str) -> NtmError:
    return refusal("file/rows", language, place=f"{file} [{sheet}]" if sheet else file, limit=MAX_ROWS)


def is_sound(cell: str) -> bool:
    """Whether the cell is text that somebody can have meant: not endless, no control characters."""
    return len(cell) <= MAX_CELL and _CONTROL.search(cell) is None


def plain(text: str) -> str:
    """The text with the breaks and hyphens that Word puts into it as ordinary ones."""
    return text if text.isprintable() else text.translate(_WORD_SIGNS)


def letters(index: int) -> str:
    """0 → ``A``, 26 → ``AA``."""
    text = ""
    while index >= 0:
        text, index = chr(ord("A") + index % 26) + text, index // 26 - 1
    return text


def whole(text: str | None, otherwise: int) -> int:
    """A whole number as an attribute of XML has it; ``otherwise`` where it is none, or far beyond any sheet."""
    return int(text) if text and len(text) <= 9 and text.isascii() and text.isdigit() else otherwise


def merged_areas(areas: Iterable[tuple[int, int, int, int]], last_row: int) -> tuple[tuple[int, int, int, int], ...]:
    """The areas as far as the sheet is read, one for each first cell: a file may claim thousands that cover everything."""
    kept: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for top, left, bottom, right in areas:
        area = (top, left, min(bottom, last_row), min(right, MAX_COLUMNS - 1))
        if top <= area[2] and left <= area[3]:
            kept.setdefault((top, left), area)
    return tuple(kept.values())


def _separator(text: str, known: Callable[[Iterable[str]], int]) -> str:
    """The separator by which a line has most headings; else the one that is most frequent in the first line."""
    lines = [line for line in io.StringIO(text[:200_000], newline="") if line.strip()][:_SEARCHED]

    def headings(separator: str) -> int:
        return max(known(line.strip().replace('"', "").split(separator)) for line in lines)

    return max(_SEPARATORS, key=lambda separator: (headings(separator), lines[0].count(separator)))


TABLE_SUFFIXES = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
READ_ELSEWHERE = ("commune.yml",)  # by the rules
SOURCES, SCENARIOS = "sources", "scenarios"
_LITTER = re.compile(
    r"(?:\.|~\$).*|.*(?:~|\.tmp)|thumbs\.db|desktop\.ini", re.IGNORECASE
)  # lock files and what programs leave behind
_FORMATS = {
    "unread-spreadsheet": "xlsb xltx xltm xlt xlw et ett fods ots numbers gsheet html htm mht dbf mdb accdb wk1 sxc",
    "unread-document": "doc docx docm dot dotx rtf odt wps pdf md jpg jpeg png gif bmp tif tiff webp heic ppt pptx odp eml msg",
    "unread-archive": "zip rar 7z gz tar tgz",
}
_CODES = {f".{suffix}": code for code, suffixes in _FORMATS.items() for suffix in suffixes.split()}
_MAX_FILES = 2_000  # of a sub-folder are counted


class Contents(NamedTuple):
    """The file of each raw table, by table, and the workbooks; in any case of the letters."""

    tables: dict[str, Path]
    workbooks: tuple[Path, ...]


class Left(NamedTuple):
    """A file or folder that is not read: its path below the commune's folder, code of ``problems.yml``, text of the remark."""

    name: str
    code: str
    text: str


def contents_of(folder: Path) -> Contents:
    """What is read in the folder. Of several files for one table ``<table>.csv`` is taken, else the first by name."""
    entries = _entries(folder)
    named = sorted(
        ((path.name != f"{table}.csv", path.name, table, path) for path in entries if (table := _table_of(path))),
        reverse=True,
    )
    return Contents(
        {table: path for *_, table, path in named}, tuple(path for path in entries if path.suffix.lower() in WORKBOOKS)
    )


def left_aside(folder: Path, read: Collection[Path]) -> Iterator[Left]:
    """What lies in the folder and is neither among the files ``read`` nor read elsewhere."""
    known = {os.path.abspath(path) for path in read}
    tables = {table: path.name for path in read if path.parent == folder and (table := _table_of(path))}
    for path in _entries(folder):
        if os.path.abspath(path) in known or path.name in READ_ELSEWHERE:
            continue
        code = obstacle(path)
        if code == "folder":
            yield from _in_folder(path, known)
        elif code:
            yield Left(path.name, "unread-special" if code == "special" else "unread-link", path.name)
        elif (table := _table_of(path)) in tables:
            yield Left(path.name, "unread-copy", tables[table])
        else:
            yield _left(path)


def _entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not _LITTER.fullmatch(path.name))


def _table_of(path: Path) -> str:
    """The raw table that a file is by its name; empty for other files."""
    stem = path.stem.strip().lower()
    return stem if stem in schema.TABLES and path.suffix.lower() in TABLE_SUFFIXES else ""


def _left(path: Path) -> Left:
    suffix = path.suffix.lower()
    if meant := meant_name(path.name):
        return Left(path.name, "unread-file/ending", meant)
    if suffix in TABLE_SUFFIXES:
        with path.open("rb") as file:
            sort = sort_of(file.read(2000))
        return Left(path.name, f"unread-file/{sort}" if sort in ("workbook", "old") else "unread-file", path.name)
    return Left(path.name, _CODES.get(suffix, "unread-other" if suffix else "unread-nameless"), path.name)


def meant_name(name: str) -> str:
    """The name of a file that is read, which somebody meant: ``commune.yml.txt``, ``commune.yaml``, ``results.csv.csv``; else empty."""
    stem, _, rest = name.lower().partition(".")
    if stem == "commune" and re.fullmatch(r"ya?ml(?:\.\w+)?|txt", rest) and rest != "yml":
        return "commune.yml"
    return (
        f"{stem}.csv"
        if stem.strip() in schema.TABLES and re.fullmatch(r"csv\.(?:txt|csv|xlsx?)|xlsx?\.csv", rest)
        else ""
    )


def _in_folder(place: Path, known: Collection[str]) -> Iterator[Left]:
    """One remark for a sub-folder. In ``sources`` only tables are told, in ``scenarios`` what is no scenario."""
    names = [path.relative_to(place).as_posix() for path in _files_below(place) if os.path.abspath(path) not in known]
    if place.name == SOURCES:
        names = [
            name
            for name in names
            if Path(name).suffix.lower() in (*WORKBOOKS, ".csv", ".tsv")
            or _CODES.get(Path(name).suffix.lower()) == "unread-spreadsheet"
        ]
    if place.name == SCENARIOS:
        names = [name for name in names if Path(name).suffix not in (".yml", ".md")]
    if names:
        more = f" … ({len(names)})" if len(names) > 3 else ""
        yield Left(
            place.name,
            "unread-source" if place.name == SOURCES else "unread-folder",
            f"{place.name}: {', '.join(sorted(names)[:3])}{more}",
        )


def _files_below(place: Path) -> list[Path]:
    found = (Path(root, name) for root, _, names in os.walk(place) for name in names if not _LITTER.fullmatch(name))
    return list(islice(found, _MAX_FILES))
