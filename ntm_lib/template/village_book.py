"""The form of a village as a small workbook to fill in, and as a page to fill in by hand.

The words are Vietnamese in every language of the run. The same form has the same bytes.
"""

import datetime
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from ntm_lib.doc import blocks
from ntm_lib.doc.blocks import Block, Column
from ntm_lib.doc.notebook import Document
from ntm_lib.doc.pdf import document_pdf
from ntm_lib.doc.tree import Signature
from ntm_lib.intake.filled.village_layout import TASK, FormRow, columns_of, heading_of, village_layout
from ntm_lib.template.village_rows import FormBook, form_rows, kinds_of
from ntm_lib.text.names import slug

FONT, OPEN, CLOSED, GROUP, HEADING = "Times New Roman", "#FFFBE6", "#F2F2F2", "#DCEBE3", "#1F5B4A"
LIST_ROWS = 60
LINE = 48  # letters of an item on a line
NO_NAME = "……………………"
SHORT = 150  # letters of an item on the page to fill in by hand


def write_forms(book: FormBook, folder: Path) -> list[Path]:
    """Writes a workbook and a PDF for each village into ``folder``; returns them."""
    written = []
    for index, village in enumerate(book.names, start=1):
        name = slug(village) or f"thon-chua-co-ten-{index:02}"
        rows = form_rows(book, village)
        written += [folder / f"{name}.xlsx", folder / f"{name}.pdf"]
        write_workbook(written[-2], book, village, rows)
        written[-1].write_bytes(page_to_fill(book, village, rows))
    return written


def title_of(book: FormBook, village: str) -> str:
    words = village_layout()["titles"]["month" if book.month else "year"]
    return str(words.format(village=(village or NO_NAME).upper(), year=book.year, month=book.month))


def write_workbook(path: Path, book: FormBook, village: str, rows: list[FormRow]) -> None:
    """Writes the workbook; an existing file is replaced."""
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as out:
        out.set_properties({"title": title_of(book, village), "created": datetime.datetime(book.year, 1, 1)})
        _form(out, book, village, rows)
        _list(out)


def _form(out: Any, book: FormBook, village: str, rows: list[FormRow]) -> None:
    layout, columns = village_layout(), columns_of(book.month)
    page, last = out.add_worksheet(layout["sheet"]), len(columns)
    plain = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
    page.write(0, 0, book.facts(village).mark)
    page.merge_range(0, 1, 0, last, title_of(book, village), out.add_format(plain | {"bold": True, "font_size": 14}))
    page.merge_range(1, 1, 1, last, _place(book), out.add_format(plain))
    _head(out, page, plain, book, village)
    page.set_row(6, None, None, {"hidden": True})
    page.set_row(7, 34)
    page.set_column(0, 0, None, None, {"hidden": True})
    below = _lines(out, page, plain, columns, rows)
    for text, place in zip(layout["signatures"], (2, max(last - 1, 3)), strict=True):
        page.write(below + 1, place, text, out.add_format(plain | {"bold": True}))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.freeze_panes(8, 3)
    page.protect("", {"format_columns": True, "format_rows": True})


def _head(out: Any, page: Any, plain: dict[str, Any], book: FormBook, village: str) -> None:
    """What the form is of, how to fill it in, and the headings: above row 9."""
    layout, columns = village_layout(), columns_of(book.month)
    bold, wrapped = out.add_format(plain | {"bold": True}), out.add_format(plain | {"text_wrap": True, "italic": True})
    open_fact = out.add_format(plain | {"bg_color": OPEN, "border": 1, "locked": False, "bold": True})
    facts = {"village": village, "households": book.households(village), "day": ""}
    for number, (key, value) in enumerate(facts.items(), start=2):
        page.merge_range(number, 1, number, 2, layout["facts"][key], bold)
        page.merge_range(number, 3, number, 5, "", open_fact)
        page.write_string(number, 3, value, open_fact)
    page.merge_range(5, 1, 5, len(columns), layout["guide"]["month" if book.month else "year"], wrapped)
    page.set_row(5, 48)
    look = {"bold": True, "text_wrap": True, "align": "center", "border": 1}
    heads = out.add_format(plain | look | {"bg_color": HEADING, "font_color": "#FFFFFF"})
    for place, column in enumerate(columns, start=1):
        page.set_column(place, place, column["width"])
        page.write(6, place, column["key"])
        page.write(7, place, heading_of(column, book.month), heads)


def _place(book: FormBook) -> str:
    commune = book.commune
    named = (f"{commune.get('kind') or 'xã'} {commune['name']}", commune.get("district"), commune.get("province"))
    return ", ".join(part for part in named if part)


def _lines(out: Any, page: Any, plain: dict[str, Any], columns: list[Any], rows: list[FormRow]) -> int:
    """Writes the lines below their groups; returns the next free row."""
    at = 8
    group = out.add_format(plain | {"bold": True, "bg_color": GROUP, "border": 1, "border_color": "#BFBFBF"})
    shut = out.add_format(plain | {"bg_color": CLOSED, "border": 1, "border_color": "#BFBFBF", "text_wrap": True})
    free = out.add_format(plain | {"bg_color": OPEN, "border": 1, "locked": False, "align": "right"})
    for kind in kinds_of(rows):
        page.merge_range(at, 1, at, len(columns), village_layout()["groups"][kind], group)
        at += 1
        for row in (row for row in rows if row.kind == kind):
            page.write(at, 0, row.key)
            if len(row.item) > LINE:  # LibreOffice would not fit these by itself
                page.set_row(at, 15 * math.ceil(len(row.item) / LINE) + 3)
            for number, column in enumerate(columns, start=1):
                is_open = bool(column.get("input")) and kind != TASK
                value = str(getattr(row, column["key"], ""))
                page.write(at, number, int(value) if value.isdigit() and is_open else value, free if is_open else shut)
            at += 1
    return at


def _list(out: Any) -> None:
    layout = village_layout()
    page = out.add_worksheet(layout["lists"])
    plain = {"font_name": FONT, "font_size": 11}
    page.merge_range(0, 0, 0, 3, layout["list_guide"], out.add_format(plain | {"text_wrap": True, "italic": True}))
    page.set_row(0, 34)
    head = out.add_format(plain | {"bold": True, "border": 1, "bg_color": GROUP})
    for number, (text, width) in enumerate(zip(layout["list_columns"], (6, 12, 34, 30), strict=True)):
        page.set_column(number, number, width)
        page.write(1, number, text, head)
    cell = out.add_format(plain | {"border": 1, "border_color": "#BFBFBF"})
    for row in range(2, 2 + LIST_ROWS):
        for number in range(4):
            page.write_blank(row, number, None, cell)


# --- to fill in by hand --------------------------------------------------------------------------


def page_to_fill(book: FormBook, village: str, rows: list[FormRow]) -> bytes:
    """The PDF of the form: what is known is printed, what is asked for is empty."""
    title = title_of(book, village)
    properties = Document(title, "vi", "", f"{book.year}-{book.month or 12:02}-01", "", title)
    return document_pdf(_page(book, village, rows).typst, properties)


def _page(book: FormBook, village: str, rows: list[FormRow]) -> Block:
    layout, facts = village_layout(), village_layout()["facts"]
    known = [row for row in rows if row.last or row.plan]
    columns = [c for c in columns_of(book.month) if c["key"] != "note" and (known or c["key"] not in ("last", "plan"))]
    widths = layout["page"]["month" if book.month else "year"]
    rest = 100 - sum(widths[c["key"]] for c in columns if c["key"] != "item")
    heads = [
        Column(heading_of(c, book.month), row_header=c["key"] == "item", width=f"{widths.get(c['key'], rest)}%")
        for c in columns
    ]
    lines: list[Any] = []
    for kind in kinds_of(rows):
        lines.append(blocks.group(layout["groups"][kind]))
        lines += [[_cell(row, c) for c in columns] for row in rows if row.kind == kind]
    values = {"village": village, "households": book.households(village), "day": ""}
    signed = Signature(layout["signatures"][0], (), (layout["signatures"][1],), "")
    return blocks.stack(
        blocks.heading(title_of(book, village), 1),
        blocks.paragraph(_place(book)),
        *(blocks.paragraph(f"{label} {values[key] or NO_NAME}") for key, label in facts.items()),
        blocks.table(heads, lines, caption=layout["page"]["caption"], note=layout["page"]["guide"]),
        Block(signed),
    )


def _cell(row: FormRow, column: Mapping[str, Any]) -> str:
    if column.get("input") and column["key"] != "whole":
        return ""
    text = str(getattr(row, column["key"]))
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def told(paths: list[Path]) -> Iterator[str]:
    """Names of the files, a workbook and its page on one line."""
    for book, page in zip(paths[::2], paths[1::2], strict=True):
        yield f"{book.name}, {page.name}"
