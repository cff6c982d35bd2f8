"""Which years the raw files of a commune speak of, as the cleaning reads them; and why, where there are none.

Asked before a run is started, so nothing here loads pandas. What is wrong with a file is for the cleaning to say,
unless it is the reason why no year is known.
"""

import os
import re
from collections.abc import Iterable
from functools import cache

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake.files.readers import contents_of, read_csv
from ntm_lib.intake.raw import Raw, read_commune, table_rows
from ntm_lib.language import translator
from ntm_lib.places import named
from ntm_lib.problems import where as place
from ntm_lib.problems import words
from ntm_lib.text.names import clean_text

TABLES = ("results", "plan")  # by these a commune is judged; the years of the others only allow a run to be asked for
_YEAR = re.compile(r"19[89]\d|20\d\d|2100")  # as rows._FORMS
Stamp = tuple[tuple[str, int, int, int], ...]


def in_tables(slug: str) -> list[int]:
    """Years of the rows of ``results.csv`` and ``plan.csv``; none of a file that cannot be read."""
    return list(_in_tables(slug, _stamp(slug)))


def in_files(slug: str) -> list[int]:
    """Years of the rows of all tables and workbooks; none where a file cannot be read."""
    try:
        return _years(
            row.cells.get("year", "") for rows in _raw(slug, _stamp(slug), "vi").tables.values() for row in rows
        )
    except NtmError:
        return []


def trouble(slug: str, language: str = "vi") -> tuple[str, str] | None:
    """What keeps years of the commune from being known, and what to do: the first file or cell to blame; None where nothing is there."""
    t, folder = translator(language), paths.communes_folder() / slug
    mend = t("sửa tệp này trong data/raw/communes/{name} rồi chạy lại").format(name=slug)
    there = sorted(
        path.name for path in folder.iterdir() if path.name != "commune.yml" and not path.name.startswith(("~$", "."))
    )
    if not there:
        return None
    try:
        raw = _raw(slug, _stamp(slug), language)
    except NtmError as error:
        known = any((folder / f"{name}.csv").is_file() for name in TABLES) or named.workbooks(slug)
        return error.message + (
            "" if known else " " + t("Trong thư mục có: {names}.").format(names=", ".join(there[:6]))
        ), mend
    for row in (row for rows in raw.tables.values() for row in rows if "year" in row.cells):
        if not _YEAR.fullmatch(row.cells["year"].strip()):
            text = t("{place} đang ghi «{text}»: năm phải có bốn chữ số, từ 1990 đến 2100.")
            return text.format(
                place=place(row.file, row.sheet, row.row, "year", language), text=row.cells["year"][:40]
            ), t("sửa ô này, ví dụ 2024")
    for remark in raw.remarks:
        if remark.code.startswith(("unread", "hidden", "household")):
            sheet = f" [{remark.sheet}]" if remark.sheet else ""
            message, action = words(remark.code, {"rows": str(remark.row), "text": remark.text}, language)
            return f"{remark.file}{sheet}: {message}", action
    if books := named.workbooks(slug):
        names = ", ".join(path.name for path in books[:3])
        return t("{files}: chưa có ô nào được điền, hoặc không ghi là số liệu của năm nào.").format(files=names), t(
            "điền số liệu rồi lưu lại, hoặc nêu năm, ví dụ YEAR=2024"
        )
    return None


@cache
def _in_tables(slug: str, stamp: Stamp) -> tuple[int, ...]:
    return tuple(_years(cell for name in TABLES for cell in _written(slug, name)))


def unread_table(slug: str, language: str = "vi") -> str:
    """Why ``results.csv`` or ``plan.csv`` gives no year at all though it is there; empty where both can be read."""
    for name in TABLES:
        if not _written(slug, name):
            try:
                table_rows(slug, name, language)
            except NtmError as error:
                return error.message
    return ""


@cache
def _raw(slug: str, stamp: Stamp, language: str) -> Raw:
    try:
        return read_commune(slug, language)
    except NtmError:
        raise
    except (
        Exception
    ) as error:  # a fault of ours with this commune's files: it must not stop what is done with the others
        text = translator(language)("Lỗi của chương trình, không phải của số liệu: {kind}: {error}")
        raise NtmError(text.format(kind=type(error).__name__, error=error)) from error


def _written(slug: str, table: str) -> list[str]:
    """The cells of column ``year``, also under a heading that the cleaning will refuse for another column."""
    try:
        return [row.cells.get("year", "") for row in table_rows(slug, table)]
    except NtmError:
        pass
    try:
        grid = read_csv(contents_of(paths.communes_folder() / slug).tables[table])
    except (NtmError, KeyError):
        return []
    names = [clean_text(cell).lower() for cell in grid.rows[0].cells] if grid.rows else []
    return [cell for row in grid.rows[1:] for name, cell in zip(names, row.cells, strict=False) if name == "year"]


def _years(written: Iterable[str]) -> list[int]:
    return sorted({int(text) for cell in written if _YEAR.fullmatch(text := cell.strip())})


def _stamp(slug: str) -> Stamp:
    """Changes when a file of the folder does."""
    try:
        found = [
            (entry.name, entry.stat(follow_symlinks=False)) for entry in os.scandir(paths.communes_folder() / slug)
        ]
    except OSError:
        return ()
    return tuple(sorted((name, status.st_mtime_ns, status.st_ctime_ns, status.st_size) for name, status in found))
