"""A commune's folder as it lies on disk: every row of every raw table, with the address of its cells."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import schema
from ntm_lib.intake.encodings import decode
from ntm_lib.intake.messages import place, reason
from ntm_lib.intake.names import clean_text
from ntm_lib.intake.readers import Grid, Row, read_bytes, read_csv
from ntm_lib.language import translator


WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


class RawRow(NamedTuple):
    """One row: cells by column name; ``fault``: (column, code) where the row cannot be used.

    After a correction, ``written`` holds the cells as the source has them and ``correction`` its id.
    """

    file: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    fault: tuple[str, str] | None = None
    written: Mapping[str, str] | None = None
    correction: str = ""


class Remark(NamedTuple):
    """What a reader should know of how a file was read: hidden rows, group rows, files left aside. ``code`` of ``messages.REMARKS``."""

    file: str
    sheet: str
    row: int
    code: str
    text: str


@dataclass(frozen=True)
class Raw:
    """``tables``: rows by table. ``texts``: lines of the documents whose text lies in the folder, by document; ``text_files``: their files."""

    slug: str
    tables: Mapping[str, tuple[RawRow, ...]]
    texts: Mapping[str, tuple[str, ...]]
    text_files: Mapping[str, str]
    remarks: tuple[Remark, ...] = ()


def read_commune(slug: str, language: str = "vi") -> Raw:
    """Every raw table of the commune ``slug``. Raises NtmError for a missing file or column, or one nobody knows."""
    from ntm_lib.intake.notes import read_notes  # these two import this module for its rows
    from ntm_lib.intake.workbooks import read_workbooks

    folder = _folder(slug, language)
    tables: dict[str, tuple[RawRow, ...]] = {}
    for name in schema.TABLES:
        path = folder / f"{name}.csv"
        tables[name] = tuple(rows_of(read_csv(path, language), name, language)) if path.is_file() else ()
    more, remarks = read_workbooks(folder, language)
    tables = {name: (*rows, *more.get(name, ())) for name, rows in tables.items()}
    _refuse_damaged(tables, language)
    tables["notes"] = read_notes(tables["notes"], language)
    texts, files = _texts(folder, tables["documents"], language)
    return Raw(slug, tables, texts, files, (*remarks, *_unread(folder)))


def rows_of(grid: Grid, table: str, language: str = "vi") -> Iterable[RawRow]:
    """The rows of a grid whose first row is the heading, as rows of ``table``."""
    columns = _heading(grid, table, language)
    for row in grid.rows[1:]:
        cells = {name: _cell(row, i, name) for name, i in columns.items()}
        width = len(grid.rows[0].cells) if not grid.sheet else 0  # a workbook leaves out empty cells at the end
        yield RawRow(grid.file, grid.sheet, row.number, cells, _fault(row, columns, width))


def _refuse_damaged(tables: Mapping[str, tuple[RawRow, ...]], language: str) -> None:
    """Rows of documents, corrections and notes are no observations, so a damaged one cannot be set aside."""
    for name in schema.REFERENCE:
        for row in tables[name]:
            if row.fault:
                column, code = row.fault
                raise NtmError(f"{place(row.file, row.sheet, row.row, column, language)}: {reason(code, language)}.")


def _folder(slug: str, language: str) -> Path:
    t = translator(language)
    folder = paths.communes_folder() / slug
    if not re.fullmatch(r"[a-z0-9-]+", slug) or not folder.is_dir():
        raise NtmError(t("Không có xã «{slug}» trong data/raw/communes. Tên xã viết không dấu, ví dụ hung-my.").format(slug=clean_text(slug)[:60]))
    has_workbook = any(p.suffix.lower() in WORKBOOKS for p in folder.iterdir())
    for name in schema.REQUIRED_FILES:
        if not (folder / name).is_file() and not (name == "results.csv" and has_workbook):
            raise NtmError(
                t("Thiếu tệp communes/{slug}/{name} trong data/raw. Hãy chép tệp này vào thư mục của xã, hoặc tạo bằng make template.").format(slug=slug, name=name)
            )
    return folder


def _heading(grid: Grid, table: str, language: str) -> dict[str, int]:
    """Column name → its place. Raises NtmError that lists what is unknown, missing or there twice."""
    from ntm_lib.intake.privacy import without_personal  # imports this module for its rows

    t, spec = translator(language), schema.TABLES[table]
    # Where the heading is missing the first row of a list of persons stands in its place.
    names = [without_personal(clean_text(c)).lower() for c in grid.rows[0].cells]
    while names and not names[-1]:
        names.pop()
    unknown = [n or "?" for n in names if n not in spec.columns]
    missing = [c for c in spec.required if c not in names]
    twice = sorted({n for n in names if names.count(n) > 1} - set(unknown))
    faults = [
        *(t("cột lạ «{name}»{hint}").format(name=n[:40], hint=_hint(n, spec.columns, language)) for n in unknown),
        *(t("thiếu cột «{name}»").format(name=c) for c in missing),
        *(t("cột «{name}» có hai lần").format(name=n) for n in twice),
    ]
    if faults:
        raise NtmError(
            t("{file}, dòng {row} (tiêu đề): {faults}. Các cột được phép: {columns}. Hãy sửa dòng tiêu đề.").format(
                file=grid.file, row=grid.rows[0].number, faults="; ".join(faults), columns=", ".join(spec.columns)
            )
        )
    return {n: i for i, n in enumerate(names)}


def _hint(name: str, columns: tuple[str, ...], language: str) -> str:
    near = difflib.get_close_matches(name, columns, 1)
    return translator(language)(" (có phải «{near}»?)").format(near=near[0]) if near else ""


def _cell(row: Row, index: int, name: str) -> str:
    text = row.cells[index].strip() if index < len(row.cells) else ""
    # A workbook stores 17.8 as the number 17,8.
    return text.replace(",", ".") if name == "indicator" and index in row.numbers else text


def _fault(row: Row, columns: Mapping[str, int], width: int) -> tuple[str, str] | None:
    places = {i: name for name, i in columns.items()}
    for index, code in row.faults.items():
        return places.get(index, ""), code
    if _is_ambiguous_code(row, columns.get("indicator")):
        return "indicator", "number-as-code"
    if any(c.strip() for c in row.cells[len(columns) :]):
        return "", "too-many-cells"
    if len(row.cells) < min(len(columns), width):
        return "", "too-few-cells"
    return None


def _is_ambiguous_code(row: Row, index: int | None) -> bool:
    """A workbook that stores indicators as numbers writes 17.1 and 17.10 alike, and may turn 17.8 into a day."""
    return index in row.numbers and re.search(r",1$|/", row.cells[index]) is not None


def _unread(folder: Path) -> Iterable[Remark]:
    """Tables in the folder that nobody asked for."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".csv", ".tsv", ".txt") and path.stem not in schema.TABLES:
            yield Remark(f"communes/{folder.name}/{path.name}", "", 0, "unread-file", path.name)


def _text_file(folder: Path, address: str) -> Path | None:
    """The text that an address of documents.csv names, if it is one inside the folder."""
    if not address.endswith(".txt") or "://" in address:
        return None
    try:
        path = (folder / address).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):  # too long, or characters that no file name has
        return None


def _texts(folder: Path, documents: tuple[RawRow, ...], language: str) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Text of each document whose address is a .txt file inside the folder."""
    texts, files = {}, {}
    for row in documents:
        address = row.cells.get("address", "")
        path = _text_file(folder, address)
        if path is None:
            continue
        file = f"communes/{folder.name}/{address}"
        texts[row.cells["document"]] = tuple(decode(read_bytes(path, language), file, language).splitlines())
        files[row.cells["document"]] = file
    return texts, files
