"""The one exception that officials read, and how much of what was read it shows. Programming errors stay ordinary exceptions."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from ntm_lib import paths

FORMULA = re.compile(r"'*[=+@\t\r-]")
EXACT = re.compile(r"-?[0-9]+(\.[0-9]+)?|=( .*)?")  # a decimal; an operator, alone or before a threshold
SHOWN = 12  # names or faults listed in a message; a province has hundreds of communes


class NtmError(Exception):
    """A fault of the input or of a parameter, worded for somebody who does not program.

    ``message`` says what is wrong, where (file, sheet, row, column), what was read, what is
    allowed and what to do; it is already in the language of the run.
    """

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


def readable(value: str) -> str:
    """What was read, fit for a message: nothing that moves a terminal's cursor, and not pages of it."""
    shown = "".join(character if character.isprintable() else "�" for character in value)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def nearest(value: str, names: Iterable[str]) -> list[str]:
    """Up to three of ``names`` that ``value`` may have meant, whatever its case and accents."""
    from difflib import get_close_matches

    known = {_plain(name): name for name in names}
    return [known[match] for match in get_close_matches(_plain(value), known, n=3)]


def _plain(text: str) -> str:
    """Letters without marks, for comparing only (``text.names.slug`` makes names, but loads pandas)."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "-".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def disk_message(file: str | None, reason: str, t: Callable[[str], str]) -> str:
    """What is said where a file cannot be read or written: a full disk, missing permission."""
    text = t(
        "Không ghi hoặc không đọc được {file}: {reason}.\n    Cần làm: đóng tệp ấy nếu đang mở (Excel, Word, trình xem PDF), kiểm tra chỗ trống trên đĩa và quyền ghi vào thư mục dự án; báo cáo cũ vẫn còn nguyên."
    )
    return text.format(file=paths.shown(Path(file or "outputs")), reason=reason)


def guarded(cell: str) -> str:
    """A cell as the CSV of a table holds it: what a spreadsheet would take for a formula has an apostrophe in front."""
    return f"'{cell}" if FORMULA.match(cell) and not EXACT.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that ``guarded`` was given."""
    return cell[1:] if cell[:1] == "'" and FORMULA.match(cell) else cell
