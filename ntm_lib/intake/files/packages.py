"""Workbooks are zip archives of XML; this opens them and refuses what could hurt or cannot be trusted.

Encrypted, macros, other formats under the name of a workbook, archives that unpack to far more than a commune's table:
each ends in a message that says what to do. What stands in the sheets is read by ``xlsx`` and ``ods``.
"""

import io
import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from ntm_lib.errors import NtmError
from ntm_lib.intake.files.readers import (
    MAX_COLUMNS,
    MAX_ROWS,
    Grid,
    Row,
    letters,
    merged_areas,
    read_bytes,
    shown,
    sort_of,
    too_many_rows,
    wrong_sort,
)
from ntm_lib.problems import Field, refusal

MAX_UNPACKED = 200_000_000
MAX_MEMBERS = 2_000
MAX_PART = 100_000_000  # bytes of one part
MAX_CELLS = 2_000_000  # cells and rows of a workbook
MAX_SHEETS = 200
_PARSER = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_comments": True,
    "remove_pis": True,
}  # fmt: skip
NOUGHT = "nought"  # fault of a cell until all sheets are read: the stored result of a formula is 0
VOLATILE = re.compile(
    r"\b(?:TODAY|NOW|RAND|RANDBETWEEN)\(", re.IGNORECASE
)  # calculated on every opening, so no sign that the others were


class Cell(NamedTuple):
    """A cell as a reader of workbooks gives it. ``unseen``: what of its text has the colour of the background, and is not in ``text``."""

    column: int
    text: str
    kind: str = ""
    fault: str = ""
    unseen: str = ""


class Relation(NamedTuple):
    kind: str  # worksheet, sharedStrings, styles …
    part: str


class Package:
    """A workbook's archive. ``xml`` and ``events`` raise NtmError where a member is damaged."""

    def __init__(self, path: Path, language: str):
        self.file, self.language, self._cells = shown(path), language, 0
        self.has_result = False  # of a formula, other than nought
        data = read_bytes(path, language)
        if (sort := sort_of(data)) != "workbook":
            raise wrong_sort(sort or "unknown", path, language)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise wrong_sort("unknown", path, language) from None
        self._members = {_normal(name): name for name in self._zip.namelist()}
        self.names = frozenset(self._members)
        self._refuse_harm()

    def _refuse_harm(self) -> None:
        entries, names = self._zip.infolist(), self.names
        foreign = any(name.startswith(("word/", "ppt/")) for name in names)
        faults = {
            # zipfile reads no more of a member than its entry declares, so the sum is a limit and not a promise.
            "unpacked": len(entries) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > MAX_UNPACKED,
            "two-parts": len(self._members) < len(entries),
            "locked": any(entry.flag_bits & 1 for entry in entries) or self._is_encrypted_ods(),
            "macro": any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in names),
            "binary": "xl/workbook.bin" in names,
            "letter": foreign and not any(name.startswith("xl/") for name in names),
        }
        if fault := next((code for code, is_so in faults.items() if is_so), ""):
            raise self.error(fault, limit=MAX_UNPACKED // 1_000_000)

    def _is_encrypted_ods(self) -> bool:
        return "meta-inf/manifest.xml" in self.names and b"encryption-data" in self.read("META-INF/manifest.xml")

    @property
    def is_ods(self) -> bool:
        """Whether this is a workbook of LibreOffice, whatever the file's name says."""
        return "content.xml" in self.names and "[content_types].xml" not in self.names

    def related(self, part: str, *kinds: str) -> dict[str, Relation]:
        """The parts to which a part of the package refers: id → kind and name; of all kinds, or of some (``sharedStrings``)."""
        folder, _, name = part.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        found = self.xml(relations).iterfind("{*}Relationship") if _normal(relations) in self.names else ()
        parts = {
            r.get("Id", ""): Relation(r.get("Type", "").rpartition("/")[2], _resolved(folder, r.get("Target", "")))
            for r in found
        }
        return {key: relation for key, relation in parts.items() if not kinds or relation.kind in kinds}

    def read(self, name: str) -> bytes:
        """The bytes of a member."""
        try:
            member = self._members[_normal(name)]
            if self._zip.getinfo(member).file_size > MAX_PART:
                raise self.error("unpacked", limit=MAX_PART // 1_000_000)
            return self._zip.read(member)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
            ValueError,
        ):
            raise self.damaged(name) from None

    def xml(self, name: str) -> etree._Element:
        """The root of an XML member."""
        data = self.read(name)
        self._refuse_document_type(name, data)
        try:
            return etree.fromstring(data, etree.XMLParser(**_PARSER))
        except (etree.XMLSyntaxError, ValueError):
            raise self.damaged(name) from None

    def elements(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements with these tags of a large member, one after the other; each is gone when the next comes."""
        data = self.read(name)
        self._refuse_document_type(name, data)
        try:
            for _, element in etree.iterparse(io.BytesIO(data), events=("end",), tag=tags, **_PARSER):
                yield element
                element.clear()
                while element.getprevious() is not None:  # a sheet formatted to its last row has a million empty ones
                    del element.getparent()[0]
        except (etree.XMLSyntaxError, ValueError):
            raise self.damaged(name) from None

    def spend(self, cells: int) -> None:
        """Counts cells that are looked at. Raises NtmError where they are more than a commune's tables can be."""
        self._cells += cells
        if self._cells > MAX_CELLS:
            raise self.error("cells", limit=MAX_CELLS)

    def damaged(self, name: str) -> NtmError:
        return self.error("damaged", name=name[:60])

    def _refuse_document_type(self, name: str, data: bytes) -> None:
        if re.search(rb"<!(?:DOCTYPE|ENTITY)", data[:4096]):
            raise self.damaged(name)

    def error(self, code: str, **fields: Field) -> NtmError:
        """What is wrong with the workbook: ``code`` of the catalogue below ``file/``."""
        return refusal(f"file/{code}", self.language, file=self.file, **fields)

    def refuse_sheets(self, count: int, hidden: int) -> None:
        """Raises NtmError where a workbook has too many sheets, or shows none."""
        if count > MAX_SHEETS:
            raise self.error("sheets", limit=MAX_SHEETS)
        if hidden == count:
            raise self.error("no-sheet-shown")


class SheetRows:
    """The rows of a sheet as they come, and what of it is told and not read. Raises NtmError where they are too many."""

    def __init__(self, package: Package, name: str):
        self.package, self.name = package, name
        self.rows: list[Row] = []
        self.far: list[tuple[int, str]] = []
        self.unseen: list[tuple[int, str]] = []
        self.notes: list[tuple[int, str, str]] = []
        self.boxes: list[str] = []
        self.has_picture = False

    def add(self, number: int, cells: Sequence[Cell], hidden: bool, repeated: int = 1) -> None:
        """The row ``number``, and the same as often as ``repeated`` says."""
        self.far += [
            (number, f"{_address(c, number)} «{c.text[:20]}»")
            for c in cells
            if c.column >= MAX_COLUMNS and (c.text.strip() or c.fault)
        ][:1]
        near = [c for c in cells if c.column < MAX_COLUMNS]
        self.unseen += [(number, f"{_address(c, number)} «{c.unseen[:60]}»") for c in near if c.unseen.strip()]
        if not any(c.text.strip() or c.fault for c in near):
            return
        if len(self.rows) + repeated > MAX_ROWS:
            raise too_many_rows(self.package.file, self.name, self.package.language)
        self.package.spend((repeated - 1) * len(near))
        self.rows += [_row(number + i, near, hidden) for i in range(repeated)]

    def grid(self, merged: Iterable[tuple[int, int, int, int]], hidden_columns: Iterable[int]) -> Grid:
        areas = merged_areas(merged, self.rows[-1].number if self.rows else 0)
        return Grid(
            self.package.file, self.name, tuple(self.rows), areas, hidden_columns=frozenset(hidden_columns),
            far=tuple(self.far), unseen=tuple(self.unseen), notes=tuple(self.notes), boxes=tuple(self.boxes),
            kind="picture" if self.has_picture and not self.rows else "",
        )  # fmt: skip


def without_writer(note: str) -> str:
    """A comment without the line that names who wrote it, with which Excel begins one."""
    return re.sub(r"^[^\n:]{1,60}:[ \t]*\r?\n", "", note)


def _address(cell: Cell, number: int) -> str:
    return f"{letters(cell.column)}{number}"


def _row(number: int, cells: Sequence[Cell], hidden: bool) -> Row:
    texts = [""] * (max(c.column for c in cells) + 1)
    faults = {c.column: c.fault for c in cells if c.fault}
    for cell in cells:
        if texts[cell.column] and cell.text:  # two cells claim the same place
            faults[cell.column] = "bad-cell"
        texts[cell.column] = cell.text or texts[cell.column]
    kinds = {c.column: c.kind for c in cells if c.kind}
    numbers = frozenset(i for i, kind in kinds.items() if kind != "boolean")
    return Row(number, tuple(texts), faults, numbers, hidden, kinds)


def settled(package: Package, grids: list[Grid]) -> list[Grid]:
    """The sheets with the noughts of formulas as results, where the workbook has other results too; else nobody may have calculated it."""
    fault = {} if package.has_result else {NOUGHT: "not-calculated"}
    return [
        grid._replace(rows=tuple(_settled(row, fault) if NOUGHT in row.faults.values() else row for row in grid.rows))
        for grid in grids
    ]


def _settled(row: Row, fault: dict[str, str]) -> Row:
    return row._replace(faults={i: fault.get(code, code) for i, code in row.faults.items() if code != NOUGHT or fault})


def _normal(name: str) -> str:
    """One name for a member, however a program wrote it: ``xl\\SharedStrings.xml`` is ``xl/sharedstrings.xml``."""
    return posixpath.normpath(unquote(name).replace("\\", "/").lstrip("/")).lower()


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
