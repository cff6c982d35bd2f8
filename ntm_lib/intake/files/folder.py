"""What lies in a commune's folder: the tables and workbooks to read, and everything else by name, with why it is not read."""

import os
import re
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ntm_lib.intake import schema
from ntm_lib.intake.files.readers import obstacle

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
            yield from _in_folder(folder, path, known)
        elif code:
            yield Left(path.name, "unread-special" if code == "special" else "unread-link", path.name)
        elif (table := _table_of(path)) in tables:
            yield Left(path.name, "unread-copy", tables[table])
        else:
            yield Left(path.name, _code_of(path), path.name)


def _entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not _LITTER.fullmatch(path.name))


def _table_of(path: Path) -> str:
    """The raw table that a file is by its name; empty for other files."""
    stem = path.stem.strip().lower()
    return stem if stem in schema.TABLES and path.suffix.lower() in TABLE_SUFFIXES else ""


def _code_of(path: Path) -> str:
    suffix = path.suffix.lower()
    return (
        "unread-file"
        if suffix in TABLE_SUFFIXES
        else _CODES.get(suffix, "unread-other" if suffix else "unread-nameless")
    )


def _in_folder(folder: Path, place: Path, known: Collection[str]) -> Iterator[Left]:
    """One remark for a sub-folder. In ``sources`` only tables are told, in ``scenarios`` what is no scenario."""
    names = [str(path.relative_to(place)) for path in _files_below(place) if os.path.abspath(path) not in known]
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
