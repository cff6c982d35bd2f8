"""What a run has read of a commune's folder and what it has left, from its published tables: silence would be a fault."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ntm_lib.errors import unguarded
from ntm_lib.language import Translate
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline.manifest import tables_folder
from ntm_lib.places import named

LEFT = ("unread", "hidden", "household")  # what the codes of findings on things not read begin with
SHOWN = 4  # names in one line


@dataclass(frozen=True)
class Reading:
    """``rows`` of ``files`` were read (file → sheets). ``left``: the places that were not, as (file, sheet), of the findings on it.

    ``unused``: workbooks of which nothing was read, or all tables where no figure was read at all.
    """

    rows: int
    files: dict[str, set[str]]
    left: set[tuple[str, str]]
    unused: list[str]


def reading_of(run: Parameters) -> Reading | None:
    """What the published run has read; None where its tables do not say."""
    tables, folder = tables_folder(run), f"communes/{run.commune}/"
    try:
        read = {
            (row["file"], row["sheet"], row["row"])
            for row in _rows(tables / "observations.csv")
            if row["file"].startswith(folder)
        }
        left = {
            (row["file"], row["sheet"]) for row in _rows(tables / "findings.csv", LEFT) if row["code"].startswith(LEFT)
        }
    except (OSError, KeyError, csv.Error, UnicodeDecodeError):
        return None
    files: dict[str, set[str]] = {}
    for file, sheet, _ in read:
        files.setdefault(file.removeprefix(folder), set()).add(sheet)
    there = [path.name for path in named.workbooks(run.commune)]
    unused = [name for name in there if name not in files] or ([] if files else named.tables_of(run.commune))
    return Reading(len(read), files, {(file.removeprefix(folder), sheet) for file, sheet in left}, unused)


def lines(reading: Reading, commune: str, t: Translate) -> list[str]:
    """One line on what was read, and one on what was left."""
    files = [
        f"{name} ({t('{n} trang').format(n=len(sheets))})" if sheets != {""} else name
        for name, sheets in sorted(reading.files.items())
    ]
    said = (
        [
            t("Đã đọc {rows} dòng số liệu từ {count} tệp: {names}.").format(
                rows=reading.rows, count=len(files), names=_listed(files)
            )
        ]
        if files
        else []
    )
    if reading.left:
        places = sorted(f"{file} [{sheet}]" if sheet else file for file, sheet in reading.left)
        text = t("Chưa đọc, hoặc chỉ đọc một phần: {names}. Vì sao, cần làm gì: make check COMMUNE={commune}")
        said.append(text.format(names=_listed(places), commune=commune))
    return said


def nothing_read(reading: Reading, commune: str, t: Translate) -> str:
    """What is said of files that gave the report nothing."""
    text = t(
        "CHÚ Ý: báo cáo KHÔNG có số liệu nào của {names}: tệp chưa được điền, hoặc không đọc được.\n    Cần làm: điền tệp, hoặc gõ make check COMMUNE={commune} để biết vì sao; tệp không phải số liệu thì chuyển vào thư mục sources"
    )
    return text.format(names=_listed(reading.unused), commune=commune)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def _rows(path: Path, words: tuple[str, ...] = ("",)) -> Iterator[dict[str, str]]:
    """Rows of a table; none where no word of ``words`` is in it, which is quick to see."""
    text = path.read_text("utf-8")
    if any(word in text for word in words):
        for row in csv.DictReader(io.StringIO(text, newline="")):
            yield {column: unguarded(cell or "") for column, cell in row.items()}
