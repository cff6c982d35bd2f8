"""A row of a raw table with the address of its cells, and what a reader should know of a file."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import schema
from ntm_lib.text.encodings import decode
from ntm_lib.intake.files.folder import Contents, contents_of, left_aside
from ntm_lib.intake.messages import LEFT, READ, place, reason
from ntm_lib.text.names import clean_text
from ntm_lib.intake.files.readers import read_bytes, read_csv
from ntm_lib.language import translator


class RawRow(NamedTuple):
    """One row: cells by column name; ``fault``: (column, code) where the row cannot be used.

    After a correction, ``written`` holds the cells as the source has them and ``correction`` its id.
    ``places``: addresses of the cells of a workbook that the columns come from, where they differ.
    """

    file: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    fault: tuple[str, str] | None = None
    written: Mapping[str, str] | None = None
    correction: str = ""
    places: Mapping[str, str] = {}  # noqa: RUF012  (never changed)


class Remark(NamedTuple):
    """What a reader should know of how a file was read: hidden rows, group rows, files left aside. ``code`` of ``messages.REMARKS``."""

    file: str
    sheet: str
    row: int | str
    code: str
    text: str
