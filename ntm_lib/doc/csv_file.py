"""A table as CSV for a spreadsheet: UTF-8, NFC, LF, and no cell that a spreadsheet would read as a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """The rows under ``columns``; a text that begins like a formula gets an apostrophe in front."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _cell(value) for column, value in row.items()} for row in rows)
    return unicodedata.normalize("NFC", file.getvalue())


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
