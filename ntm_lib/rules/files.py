"""Reads the two kinds of file in which rules and communes are written: CSV and YAML, as text.

What the cells mean does not belong here.
"""

import csv
import os
import re
from pathlib import Path

import pandas as pd
import yaml

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import translator

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class _TextLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # the C parser where there is one: ten times faster
    """YAML without guesses: ``02314``, ``no``, ``9.5`` and ``2024-03-01`` stay text.

    YAML 1.1 would read them as octal 1228, False, a float and a date. Only ``true``, ``false``,
    ``null`` and plain whole numbers are not text.
    """

    yaml_implicit_resolvers: dict = {}


_TextLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
_TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(null|~|)$"), ["n", "~", ""])
_TextLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(0|-?[1-9][0-9]*)$"), list("-0123456789"))


def stamp(*paths_: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when a file does: name, time and size of each. What is cached by it is never stale,
    so that an analyst who edits a row and runs a notebook cell again sees the new row."""
    found = [(str(p), os.stat(p)) for p in paths_ if p.is_file()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def read_yaml(path: Path, language: str = "vi"):
    """Content of a YAML file. Raises NtmError naming the file where it is missing or cannot be read."""
    t = translator(language)
    if not path.is_file():
        raise NtmError(t("Thiếu tệp {file}.").format(file=paths.shown(path)))
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = str(mark.line + 1) if mark else "?"
        raise NtmError(t("Tệp {file}, dòng {line}: không đọc được YAML. Hãy kiểm tra thụt dòng, dấu hai chấm và bảng mã UTF-8.").format(
            file=paths.shown(path), line=line)) from error


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
        raise NtmError(t("Tệp {file}: không đọc được. Hãy lưu lại thành CSV, bảng mã UTF-8.").format(file=paths.shown(path))) from error
    if sorted(heading) != sorted(columns):
        raise NtmError(t("Tệp {file}: thiếu cột [{missing}], thừa cột [{surplus}]. Dòng đầu phải là: {columns}").format(
            file=paths.shown(path), missing=", ".join(c for c in columns if c not in heading),
            surplus=", ".join(c for c in heading if c not in columns), columns=",".join(columns)))
    for line, cells in rows:
        if len(cells) != len(heading):
            raise NtmError(t("Tệp {file}, dòng {line}: có {n} ô, cần {wanted}. Hãy đặt ô có dấu phẩy trong ngoặc kép.").format(
                file=paths.shown(path), line=line, n=len(cells), wanted=len(heading)))
    records = [dict(zip(heading, map(str.strip, cells), strict=True)) | {"row": line} for line, cells in rows]
    return pd.DataFrame(records, columns=[*columns, "row"])
