"""Writes a proposal for a person to look through (a page, a workbook, a CSV file) and reads back what that person marked."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate, translator
from ntm_lib.rules.decisions.annex_fit import Row
from ntm_lib.rules.decisions.annex_import import Proposal
from ntm_lib.rules.decisions.annex_match import Proposed, State

ORDER: tuple[State, ...] = ("doubtful", "different", "new", "missing", "refused-before", "same")
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "", "": ""}
# Field → heading that the reviewer reads; the first four are for marks, the rest says what is marked.
HEADINGS = {
    "accept": "nhận (x) hay không (k)",
    "person": "người đối chiếu",
    "reason": "lý do",
    "state": "so với tệp của ta",
    "indicator": "chỉ tiêu",
    "part": "phần",
    "column": "cột",
    "read": "văn bản ghi",
    "sign": "dấu",
    "amount": "mức",
    "unit": "đơn vị",
    "standing": "tệp của ta ghi",
    "why": "cần xem",
    "place": "chỗ trong tệp",
    "valid_from": "từ ngày",
    "valid_to": "đến ngày",
    "set_by": "cấp quy định",
    "name": "nội dung",
    "kind": "loại",
    "document": "văn bản",
    "article": "phụ lục",
    "rule_set": "bộ tiêu chí",
    "province": "tỉnh",
    "file": "tệp",
    "sha256": "SHA-256 của tệp",
}
YES, NO = ("x", "có", "nhận", "1"), ("k", "không", "0")


def state_words(state: str, t: Translate) -> str:
    """How a line stands to our files."""
    return {
        "same": t("như nhau"),
        "different": t("khác"),
        "new": t("mới"),
        "missing": t("thiếu trong văn bản"),
        "doubtful": t("nghi ngờ"),
        "refused-before": t("đã từ chối trước đây"),
    }[state]


def folder_of(proposal: Proposal) -> Path:
    """Where a proposal is written: by rule set, province and name of the file."""
    name = "-".join(filter(None, (proposal.rule_set, proposal.province)))
    return paths.outputs() / "rules" / name / Path(proposal.source.file).stem


def ordered(lines: Iterable[Proposed]) -> list[Proposed]:
    """What needs a person first; within that as in the annex."""
    return sorted(lines, key=lambda line: ORDER.index(line.state))


def understood(line: Proposed) -> str:
    """``≥ 80 %``; for an indicator its kind; – where nothing was understood."""
    if not line.column:
        return line.kind or "–"
    value = {"met": "đạt", "": f"({line.set_by})" if line.state in ("same", "different") else "–"}
    return " ".join(
        filter(None, (SIGNS[line.operator] if line.threshold else "", value.get(line.threshold, line.threshold), line.unit if line.threshold else ""))
    )  # fmt: skip


def row_of(line: Proposed, proposal: Proposal, t: Translate) -> Row:
    source = proposal.source
    amount = "đạt" if line.threshold == "met" else line.threshold
    fields = {
        "accept": "",
        "person": "",
        "reason": "",
        "state": state_words(line.state, translator("vi")),
        "sign": SIGNS[line.operator],
    }
    fields |= {"amount": amount, "why": "; ".join(line.why), "document": source.document, "article": source.article}
    fields |= {
        "rule_set": proposal.rule_set,
        "province": proposal.province,
        "file": source.file,
        "sha256": source.sha256,
    }
    return {name: fields[name] if name in fields else getattr(line, name) for name in HEADINGS}


def workbook(rows: list[Row]) -> bytes:
    """The rows as a workbook, everything as text; the columns for marks are coloured."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("đề nghị")
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#dde7f0", "valign": "top"})
    mark = book.add_format({"bg_color": "#fff6cc", "num_format": "@"})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    wide = {"read": 28, "name": 48, "why": 40, "standing": 18, "person": 18, "reason": 18, "place": 24}
    for column, (name, heading) in enumerate(HEADINGS.items()):
        sheet.set_column(column, column, wide.get(name, 11))
        sheet.write_string(0, column, heading, head)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, column, row[name], mark if column < 3 else text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(HEADINGS) - 1)
    book.close()
    return file.getvalue()


def read_marks(path: Path, language: str = "vi") -> list[Row]:
    """The rows of a proposal with a person's marks, by field. Raises NtmError where the file is none, or lost a column."""
    t = translator(language)
    if not path.is_file() or path.suffix.lower() not in (".csv", ".xlsx"):
        words = t("ACCEPT: không có tệp đề nghị {file}. Hãy nêu tệp proposal.xlsx hoặc proposal.csv mà IMPORT đã tạo")
        raise NtmError(words.format(file=path.name))
    rows = list(_csv_rows(path) if path.suffix.lower() == ".csv" else _xlsx_rows(path))
    missing = [heading for heading in HEADINGS.values() if not rows or heading not in rows[0]]
    if missing:
        words = t("ACCEPT: tệp {file} thiếu cột: {columns}. Hãy chạy lại IMPORT và đánh dấu vào tệp mới, không xóa cột")
        raise NtmError(words.format(file=path.name, columns=", ".join(missing)))
    return [{name: row[heading] for name, heading in HEADINGS.items()} for row in rows]


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
