"""Reads the two kinds of file in which rules and communes are written: CSV and YAML, as text.

What the cells mean does not belong here.
"""

import contextlib
import csv
import os
import re
import stat
from pathlib import Path
from typing import Any

import pandas as pd

from ntm_lib import paths, yaml_text
from ntm_lib.errors import NtmError
from ntm_lib.language import translator

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


Stamp = tuple[tuple[str, int, int], ...]


def stamp(*paths_: Path) -> Stamp:
    """Changes when a file does: name, time and size of each. What is cached by it is never stale,
    so that an analyst who edits a row and runs a notebook cell again sees the new row."""
    found = []
    for path in paths_:
        with contextlib.suppress(OSError):
            status = os.stat(path)
            if stat.S_ISREG(status.st_mode):
                found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def read_yaml(path: Path, language: str = "vi") -> Any:
    """Content of a YAML file, nothing guessed. Raises NtmError naming file and line where it is missing or cannot be read."""
    return yaml_text.read(path, language).value


def read_csv(path: Path, columns: tuple[str, ...], language: str = "vi") -> pd.DataFrame:
    """Rows of a CSV file as text, in order, with ``row`` (line in the file, the heading is 1).

    Raises NtmError where the file is missing, is not UTF-8, or lacks or has columns other than
    ``columns``, or where a row has more cells than the heading.
    """
    t = translator(language)
    if not path.is_file():
        raise NtmError(t("Thiếu tệp {file}.").format(file=paths.shown(path)))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            heading = next(reader, [])
            rows = [(reader.line_num, cells) for cells in reader if any(cells)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise NtmError(
            t("Tệp {file}: không đọc được. Hãy lưu lại thành CSV, bảng mã UTF-8.").format(file=paths.shown(path))
        ) from error
    if sorted(heading) != sorted(columns):
        raise NtmError(
            t("Tệp {file}: thiếu cột [{missing}], thừa cột [{surplus}]. Dòng đầu phải là: {columns}").format(
                file=paths.shown(path),
                missing=", ".join(c for c in columns if c not in heading),
                surplus=", ".join(c for c in heading if c not in columns),
                columns=",".join(columns),
            )
        )
    for line, cells in rows:
        if len(cells) != len(heading):
            raise NtmError(
                t("Tệp {file}, dòng {line}: có {n} ô, cần {wanted}. Hãy đặt ô có dấu phẩy trong ngoặc kép.").format(
                    file=paths.shown(path), line=line, n=len(cells), wanted=len(heading)
                )
            )
    records = [dict(zip(heading, map(str.strip, cells), strict=True)) | {"row": line} for line, cells in rows]
    return pd.DataFrame(records, columns=[*columns, "row"])
