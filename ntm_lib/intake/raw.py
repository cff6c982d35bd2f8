"""A commune's folder as it lies on disk: every row of every raw table, with the address of its cells."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import schema
from ntm_lib.intake.files.readers import Contents, contents_of, left_aside, meant_name, read_bytes, read_csv
from ntm_lib.intake.schema import LEFT, READ, RawRow, Remark, reason
from ntm_lib.language import translator
from ntm_lib.problems import refusal
from ntm_lib.problems import where as place
from ntm_lib.text.encodings import decode
from ntm_lib.text.names import clean_text

MAX_LINES, MAX_LETTERS = 20_000, 2_000_000  # of a document that figures are compared with


class Account(NamedTuple):
    """Raw files, sheets of workbooks and rows that were read; ``left``: code of ``messages.LEFT`` → how often something was left aside."""

    files: int = 0
    sheets: int = 0
    rows: int = 0
    left: Mapping[str, int] = {}  # never changed


@dataclass(frozen=True)
class Raw:
    """``tables``: rows by table, among them the lines of ``texts``. ``texts``: lines of the documents whose text lies in the folder, by document; ``text_files``: their files."""

    slug: str
    tables: Mapping[str, tuple[RawRow, ...]]
    texts: Mapping[str, tuple[str, ...]]
    text_files: Mapping[str, str]
    remarks: tuple[Remark, ...] = ()
    account: Account = Account()  # noqa: RUF009


def summary(account: Account, language: str = "vi") -> str:
    """What was read and what was left aside, with how much of each kind, in one or two lines for the terminal."""
    t = translator(language)
    read = t("Đã đọc {files} tệp, {sheets} trang bảng tính, {rows} dòng.").format(
        files=account.files, sheets=account.sheets, rows=account.rows
    )
    left = ", ".join(t(LEFT[code]).format(n=n) for code, n in account.left.items())
    return read + ("\n" + t("Để lại, không tính: {left}.").format(left=left) if left else "")


def read_commune(slug: str, language: str = "vi") -> Raw:
    """Every raw table of the commune ``slug``. Raises NtmError for a missing file or column, or one nobody knows."""
    from ntm_lib.intake.corrections import read_notes  # these import this module for its rows
    from ntm_lib.intake.filled.village_forms import read_village_forms
    from ntm_lib.intake.plan_text import TEXTS, lines_of  # slow to load; `table_rows` is asked before every run
    from ntm_lib.intake.workbooks import read_workbooks

    folder = _folder(slug, language)
    contents = _contents(folder, language)
    tables: dict[str, tuple[RawRow, ...]] = {}
    found: list[Remark] = []
    for name in schema.TABLES:
        tables[name], noted = _table_file(contents, name, language)
        found += noted
    more, noted = read_workbooks(folder, language)
    forms, told, looked_at = read_village_forms(folder, language)
    tables = {name: (*rows, *more.get(name, ()), *forms.get(name, ())) for name, rows in tables.items()}
    _refuse_damaged(tables, language)
    tables["notes"] = read_notes(tables["notes"], language)
    texts, files, long = _texts(folder, tables["documents"], language)
    named = [
        path
        for row in (*tables["evidence"], *tables["documents"])
        if (path := _inside(folder, row.cells.get("file") or row.cells.get("address", "")))
    ]
    read = [*contents.tables.values(), *contents.workbooks, *looked_at, *named]
    left = [Remark(f"communes/{slug}/{name}", "", 0, code, text) for name, code, text in left_aside(folder, read)]
    remarks = (*found, *noted, *told, *long, *left)
    return Raw(slug, {**tables, TEXTS: lines_of(texts, files)}, texts, files, remarks, _account(tables, remarks))


def table_rows(slug: str, table: str, language: str = "vi") -> tuple[RawRow, ...]:
    """Rows of the raw table ``table`` in the files of the commune, as ``read_commune`` reads them; none where there is no file.

    For the front door (``named``), which looks up years before a run: loads no pandas and opens no workbook
    (``workbooks.read_workbooks`` gives the rows of those). Raises NtmError where the file cannot be read.
    """
    return _table_file(contents_of(paths.communes_folder() / slug), table, language)[0]


def _table_file(contents: Contents, table: str, language: str) -> tuple[tuple[RawRow, ...], list[Remark]]:
    from ntm_lib.intake.raw_grid import known_columns, remarks_of, rows_of  # imports this module for its rows

    if table not in contents.tables:
        return (), []
    path = contents.tables[table]
    grid = read_csv(path, language, lambda cells: known_columns(cells, table))
    if path.suffix.lower() == ".txt" and not any(known_columns(row.cells, table) > 1 for row in grid.rows[:20]):
        return (), [Remark(grid.file, "", 0, "unread-document", path.name)]  # somebody's notes, no table
    return tuple(rows_of(grid, table, language)), remarks_of(grid, table)


def _account(tables: Mapping[str, tuple[RawRow, ...]], remarks: Iterable[Remark]) -> Account:
    rows = [row for each in tables.values() for row in each]
    codes = (remark.code.partition("/")[0] for remark in remarks if remark.code not in READ)
    left = Counter(code if code in LEFT else "other" for code in codes)
    return Account(
        len({r.file for r in rows}),
        len({(r.file, r.sheet) for r in rows if r.sheet}),
        len({(r.file, r.sheet, r.row) for r in rows}),
        left,
    )


def _refuse_damaged(tables: Mapping[str, tuple[RawRow, ...]], language: str) -> None:
    """Rows of documents, corrections and notes are no observations, so a damaged one cannot be set aside."""
    for name in set(schema.REFERENCE) - {"progress"}:
        for row in tables[name]:
            if row.fault:
                column, code = row.fault
                raise NtmError(f"{place(row.file, row.sheet, row.row, column, language)}: {reason(code, language)}.")


def _folder(slug: str, language: str) -> Path:
    t = translator(language)
    folder = paths.communes_folder() / slug
    if not re.fullmatch(r"[a-z0-9-]+", slug) or not folder.is_dir():
        raise NtmError(
            t("Không có xã «{slug}» trong data/raw/communes. Tên xã viết không dấu, ví dụ hung-my.").format(
                slug=clean_text(slug)[:60]
            )
        )
    return folder


def _contents(folder: Path, language: str) -> Contents:
    """What is read in the folder. Raises NtmError where the description or every result is missing."""
    t = translator(language)
    try:
        contents = contents_of(folder)
    except OSError:
        raise NtmError(
            t("Không mở được thư mục communes/{slug}. Kiểm tra quyền đọc của thư mục.").format(slug=folder.name)
        ) from None
    from ntm_lib.places import named  # opens commune.yml, which the rows of one table do not need

    for name in schema.REQUIRED_FILES:
        found = (
            "results" in contents.tables or contents.workbooks or named.was_formed(folder.name)
            if name == "results.csv"
            else (folder / name).is_file()
        )
        if not found:
            there = sorted(path.name for path in folder.iterdir() if path.name not in ("commune.yml", "documents.csv"))
            raise under_another_name(folder, name, language) or NtmError(
                t(
                    "Thiếu tệp communes/{slug}/{name} trong data/raw. Hãy chép tệp này vào thư mục của xã, hoặc tạo bằng make template."
                ).format(slug=folder.name, name=name)
                + (" " + t("Trong thư mục có: {names}.").format(names=", ".join(there[:6])) if there else "")
            )
    return contents


def under_another_name(folder: Path, name: str, language: str) -> NtmError | None:
    """Says that a file which must be there is, but under a name that ends wrongly (``commune.yml.txt``); None where it is not."""
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    wrong = next((other for other in there if meant_name(other) == name), "")
    return refusal("file/ending", language, file=f"communes/{folder.name}/{wrong}", name=name) if wrong else None


def _inside(folder: Path, address: str) -> Path | None:
    """The file inside the commune's folder that an address names, if it is one, and one that a report is made from."""
    if not address or "://" in address:
        return None
    try:
        path, start = folder / address, folder.resolve()
        inside = path.resolve().parts[len(start.parts) :] if path.resolve().is_relative_to(start) else ()
        # What no digest covers could change unseen (see pipeline.inputs).
        counted = inside and inside[0] != "scenarios" and all(map(paths.counts, inside))
        return path if counted and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, characters that no file name has, a link to itself
        return None


def _texts(
    folder: Path, documents: tuple[RawRow, ...], language: str
) -> tuple[dict[str, tuple[str, ...]], dict[str, str], list[Remark]]:
    """Text of each document whose address is a .txt file inside the folder; a remark on one too long to be compared."""
    texts, files, long = {}, {}, []
    for row in documents:
        address = row.cells.get("address", "")
        path = _inside(folder, address) if address.endswith(".txt") else None
        if path is None:
            continue
        file = f"communes/{folder.name}/{address}"
        lines = tuple(decode(read_bytes(path, language), file, language).splitlines())
        if len(lines) > MAX_LINES or sum(map(len, lines)) > MAX_LETTERS:
            long.append(Remark(file, "", 0, "unread-text", str(MAX_LINES)))
            continue
        texts[row.cells["document"]], files[row.cells["document"]] = lines, file
    return texts, files, long
