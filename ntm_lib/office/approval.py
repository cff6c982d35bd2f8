"""What was read of a file waits for a person: written as page, workbook and CSV, read back with that person's marks.

Three columns are for marks: taken (x) or not (k), who compared, why. Nothing that was marked is overwritten.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from ntm_lib import paths
from ntm_lib.doc.write.text import csv_text
from ntm_lib.errors import SHOWN, NtmError
from ntm_lib.language import Translate, translator

Row = dict[str, str]
MARKS = {"accept": "nhận (x) hay không (k)", "person": "người đối chiếu", "reason": "lý do"}
YES, NO = ("x", "có", "nhận", "1"), ("k", "không", "0")


def write_proposal(
    folder: Path, page: str, headings: Mapping[str, str], rows: Sequence[Row], widths: Mapping[str, int], language: str
) -> list[Path]:
    """proposal.html, .xlsx and .csv. ``headings``: field → heading, those of MARKS first; ``widths`` in letters, 0 hidden, else 11.

    Raises NtmError where the folder holds a proposal that a person has marked.
    """
    t = translator(language)
    for path in (folder / "proposal.xlsx", folder / "proposal.csv"):
        if path.is_file() and any(row.get(headings[c]) for row in _rows(path) for c in ("accept", "person")):
            words = t(
                "{file} đã có dấu của người đối chiếu. Hãy ghi nhận bằng ACCEPT={file}, hoặc đổi tên tệp ấy rồi chạy lại"
            )
            raise NtmError(words.format(file=paths.shown(path)))
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"proposal.{kind}" for kind in ("html", "xlsx", "csv")]
    written[0].write_text(page, "utf-8", newline="")
    written[1].write_bytes(_workbook(headings, rows, widths))
    text = csv_text(list(headings.values()), ({headings[c]: v for c, v in row.items()} for row in rows))
    written[2].write_text("\ufeff" + text, "utf-8", newline="")
    return written


def _workbook(headings: Mapping[str, str], rows: Sequence[Row], widths: Mapping[str, int]) -> bytes:
    """The rows as a workbook, everything as text; the columns for marks are coloured."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("đề nghị")
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#dde7f0", "valign": "top"})
    mark = book.add_format({"bg_color": "#fff6cc", "num_format": "@", "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for column, (name, heading) in enumerate(headings.items()):
        sheet.set_column(column, column, widths.get(name, 11), None, {"hidden": widths.get(name) == 0})
        sheet.write_string(0, column, heading, head)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, column, row[name], mark if name in MARKS else text)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    book.close()
    return file.getvalue()


def read_marks(path: Path, headings: Mapping[str, str], language: str = "vi") -> list[Row]:
    """The rows of a proposal with a person's marks, by field. Raises NtmError where the file is none, or lost a column."""
    t = translator(language)
    if not path.is_file() or path.suffix.lower() not in (".csv", ".xlsx"):
        words = t("ACCEPT: không có tệp đề nghị {file}. Hãy nêu tệp proposal.xlsx hoặc proposal.csv đã được tạo")
        raise NtmError(words.format(file=path.name))
    rows = _rows(path)
    missing = [heading for heading in headings.values() if not rows or heading not in rows[0]]
    if missing:
        words = t("ACCEPT: tệp {file} thiếu cột: {columns}. Hãy lập lại đề nghị và đánh dấu vào tệp mới, không xóa cột")
        raise NtmError(words.format(file=path.name, columns=", ".join(missing)))
    return [{name: row[heading] for name, heading in headings.items()} for row in rows]


def _rows(path: Path) -> list[Row]:
    return list(_csv_rows(path) if path.suffix.lower() == ".csv" else _xlsx_rows(path))


def _csv_rows(path: Path) -> Iterator[Row]:
    text = path.read_text("utf-8-sig")
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    for row in csv.DictReader(io.StringIO(text), delimiter=separator):
        yield {name: (value or "").strip().removeprefix("'") for name, value in row.items() if name}


def _xlsx_rows(path: Path) -> Iterator[Row]:
    import openpyxl

    with path.open("rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()), data_only=True)
    lines = book.worksheets[0].iter_rows(values_only=True)
    head = [_text(cell) for cell in next(lines, ())]
    for line in lines:
        yield dict(zip(head, map(_text, line), strict=False))


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def mark_of(row: Row) -> Literal["yes", "no", "", "?"]:
    """What a person decided of a row: taken, refused, nothing yet, or a word that is none of these."""
    word = row["accept"].casefold()
    return "yes" if word in YES else "no" if word in NO else "" if not word else "?"


def faults_of_mark(row: Row, asks_reason: bool, t: Translate) -> Iterator[str]:
    """Why a mark cannot be followed. ``asks_reason``: the row is doubtful or was refused before."""
    mark = mark_of(row)
    if mark == "?":
        yield t('không hiểu dấu "{mark}": ghi x (nhận) hoặc k (không nhận)').format(mark=row["accept"])
    if mark in ("yes", "no") and not row["person"]:
        yield t('chưa có tên người đối chiếu: điền cột ấy, hoặc thêm BY="Họ và tên"')
    if mark == "yes" and asks_reason and not row["reason"]:
        yield t("dòng nghi ngờ hoặc đã từ chối chỉ được nhận khi có lý do")


def refuse(faults: Sequence[str], t: Translate) -> None:
    """Raises NtmError with the first of the faults, each a line of its own; nothing where there are none."""
    if faults:
        more = [t("… và {n} dòng nữa").format(n=len(faults) - SHOWN)] if len(faults) > SHOWN else []
        raise NtmError("\n".join([t("ACCEPT: chưa ghi gì, vì:"), *(f"    {fault}" for fault in faults[:SHOWN]), *more]))


def read_table(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of a CSV file of ours, with these columns; none where there is no file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{c: row.get(c) or "" for c in columns} for row in csv.DictReader(file)]


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A CSV file of ours."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def put(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8", newline="")
    try:
        os.replace(part, path)
    except OSError as error:  # Windows refuses while a spreadsheet has it open
        part.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error
