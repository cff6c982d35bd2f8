"""The form of a village: what it holds before anybody fills it, the small workbook to fill in, and the page to fill in by hand.

The words are Vietnamese in every language of the run. The same form has the same bytes.
"""

import datetime
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from ntm_lib.doc import blocks
from ntm_lib.doc.blocks import Block, Column
from ntm_lib.doc.notebook import Document
from ntm_lib.doc.pdf import document_pdf
from ntm_lib.doc.tree import Signature
from ntm_lib.intake.filled.village_find import (
    ADDITION,
    RESULT,
    TASK,
    WORK,
    FormFacts,
    FormRow,
    columns_of,
    heading_of,
    village_layout,
)
from ntm_lib.language import number
from ntm_lib.places.registry import REORGANISED
from ntm_lib.places.village_sums import said_villages
from ntm_lib.plan.progress import done_to_date
from ntm_lib.plan.simulate import plan_rows
from ntm_lib.plan.villages import village_sheet
from ntm_lib.report.papers.form import commune_kind, upper_kinds
from ntm_lib.rules import RuleSet, indicator_name, resolve
from ntm_lib.tables import fraction, records
from ntm_lib.text.names import file_slug

Cells = Mapping[str, Any]


@dataclass(frozen=True)
class FormBook:
    """What the forms of a commune's villages are made from: tables as the notebooks have them. ``month`` 0: of the whole year."""

    commune: dict[str, Any]
    year: int
    month: int
    rule_set: RuleSet
    observations: pd.DataFrame
    works: pd.DataFrame
    schedule: pd.DataFrame
    progress: pd.DataFrame
    villages: pd.DataFrame
    needs: pd.DataFrame

    @cached_property
    def thresholds(self) -> list[dict[str, Any]]:
        return records(resolve(self.rule_set, self.commune, self.year))

    @property
    def names(self) -> list[str]:
        """The villages of the register, and an empty name for each that the commune has beyond them."""
        known = list(self.villages["village"])
        return [*known, *[""] * max(said_villages(self.commune) - len(known), 0)]

    def facts(self, village: str) -> FormFacts:
        version = str(village_layout()["version"])
        return FormFacts(version, str(self.commune["slug"]), self.year, self.month, self.rule_set.id, village)

    def households(self, village: str) -> str:
        """Digits, where the register says them."""
        told = [row["households"] for row in records(self.villages) if row["village"] == village]
        return "".join(c for c in told[0] if c.isdigit()) if told else ""


def form_rows(book: FormBook, village: str) -> list[FormRow]:
    """The lines of the form of ``village``: of a month what is done, of a year what is reached."""
    return _month(book, village) if book.month else _year(book, village)


def _year(book: FormBook, village: str) -> list[FormRow]:
    units = village_layout()["units"]
    rows = []
    for rule in book.thresholds:
        if rule["kind"] != "share" or rule["join"] or rule["applies"] == "no" or rule["count_unit"] not in units:
            continue
        unit, key = rule["count_unit"], (rule["indicator"], rule["part"])
        year, last = _last(book.observations, village, *key, book.year)
        whole = "1" if unit == "thôn" else book.households(village) if unit == "hộ" else ""
        rows.append(
            FormRow(
                RESULT, "".join(key), _counted(indicator_name(book.rule_set, *key, "vi")), unit, *key,
                last=f"{year}: {_written(last)}" if last else "", plan=_need(book, village, *key),
                whole=whole or (_digits(last["denominator"]) if last and unit != "hộ" else ""),
            )
        )  # fmt: skip
    return rows


def _counted(name: str) -> str:
    """``Tỷ lệ hộ có nhà tiêu`` → ``Hộ có nhà tiêu``: the village counts, it reckons no share."""
    counted = re.sub(r"^tỷ lệ\s+", "", name, flags=re.IGNORECASE)
    return counted[:1].upper() + counted[1:]


def _month(book: FormBook, village: str) -> list[FormRow]:
    sheet = records(
        village_sheet(
            village,
            book.observations,
            book.works,
            book.schedule,
            book.progress,
            book.year,
            book.month,
            None,
            book.needs,
        )
    )
    done = done_to_date(book.progress, book.year, book.month)
    divided = {row["target"]: row for row in sheet if row["kind"] == "addition"}
    rows = [_addition(book, village, row, divided, done) for row in plan_rows(book.observations, book.year)]
    planned = {row.code for row in rows}
    rows += [
        FormRow(ADDITION, target, row["item"], row["unit"], *_parts(target), plan=_amount(row["planned"], row["unit"]))
        for target, row in divided.items()
        if target not in planned
    ]
    for row in sheet:
        if row["kind"] == "work":
            last = done.get(row["target"], {}).get(village)
            item = ", ".join(filter(None, (row["item"], row["place"])))
            plan = _amount(row["planned"], row["unit"])
            rows.append(FormRow(WORK, row["target"], item, row["unit"], last=_done(last), plan=plan))
    return rows + [
        FormRow(TASK, row["target"], row["item"], "", plan=row["when"]) for row in sheet if row["kind"] == "task"
    ]


def _addition(
    book: FormBook, village: str, row: Cells, divided: Mapping[str, Cells], done: Mapping[str, Mapping[str, Fraction]]
) -> FormRow:
    target = row["indicator"] + row["part"]
    mine = divided.get(target)
    amount = fraction(row["numerator"] or row["value"]) or Fraction(0)
    plan = _amount(mine["planned"], row["unit"]) if mine else f"{number(abs(amount), 'vi')} {row['unit']} (cả xã)"
    need = _need(book, village, row["indicator"], row["part"])
    last = _done(done.get(target, {}).get(village))
    return FormRow(
        ADDITION, target, row["item"], row["unit"], row["indicator"], row["part"], last, "; ".join(filter(None, (plan, need)))
    )  # fmt: skip


def _parts(target: str) -> tuple[str, str]:
    """``17.8a`` → number of the indicator, part."""
    indicator = target.rstrip("abcdefghijklmnopqrstuvwxyz")
    return indicator, target[len(indicator) :]


def _last(observations: pd.DataFrame, village: str, indicator: str, part: str, year: int) -> tuple[int, Cells | None]:
    """The last figure that the village is known to have said, and its year."""
    mine = (
        observations[(observations["village"] == village) & (observations["kind"] == "measured")] if village else None
    )
    rows = [] if mine is None else records(mine[(mine["indicator"] == indicator) & (mine["part"] == part)])
    told = [row for row in rows if row["numerator"] and int(row["year"]) <= year]
    last = max(told, key=lambda row: int(row["year"]), default=None)
    return (int(last["year"]), last) if last else (0, None)


def _need(book: FormBook, village: str, indicator: str, part: str) -> str:
    """``còn cần 5 hộ để xã đạt``: what falls to the village of what the commune misses."""
    for row in records(book.needs):
        if (row["village"], row["indicator"], row["part"]) == (village, indicator, part) and row["share"] != "0":
            word = "cần thêm" if row["direction"] == "more" else "cần giảm"
            return f"{word} {number(row['share'], 'vi')} {row['unit']} để xã đạt"
    return ""


def _written(row: Cells) -> str:
    return f"{number(row['numerator'], 'vi')}/{number(row['denominator'], 'vi')}"


def _amount(value: str, unit: str) -> str:
    return f"{number(value, 'vi')} {unit}".strip() if value else ""


def _done(value: Fraction | None) -> str:
    return "" if value is None else number(value, "vi")


def _digits(text: str) -> str:
    return text if text.isdigit() else ""


def kinds_of(rows: Sequence[FormRow]) -> list[str]:
    """The kinds of line that there are, in their order."""
    return list(dict.fromkeys(row.kind for row in rows))


FONT, OPEN, CLOSED, GROUP, HEADING = "Times New Roman", "#FFFBE6", "#F2F2F2", "#DCEBE3", "#1F5B4A"
LIST_ROWS = 60
LINE = 48  # letters of an item on a line
NO_NAME = "……………………"
SHORT = 150  # letters of an item on the page to fill in by hand


def write_forms(book: FormBook, folder: Path) -> list[Path]:
    """Writes a workbook and a PDF for each village into ``folder``; returns them."""
    written: list[Path] = []
    taken: list[str] = []  # «An» and «Ấn» are two villages
    for index, village in enumerate(book.names, start=1):
        name = file_slug(village, taken) or f"thon-chua-co-ten-{index:02}"
        taken.append(name)
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
    for place, (key, value) in enumerate(facts.items(), start=2):
        page.merge_range(place, 1, place, 2, layout["facts"][key], bold)
        page.merge_range(place, 3, place, 5, "", open_fact)
        page.write_string(place, 3, value, open_fact)
    page.merge_range(5, 1, 5, len(columns), layout["guide"]["month" if book.month else "year"], wrapped)
    page.set_row(5, 48)
    look = {"bold": True, "text_wrap": True, "align": "center", "border": 1}
    heads = out.add_format(plain | look | {"bg_color": HEADING, "font_color": "#FFFFFF"})
    for place, column in enumerate(columns, start=1):
        page.set_column(place, place, column["width"])
        page.write(6, place, column["key"])
        page.write(7, place, heading_of(column, book.month), heads)


def _place(book: FormBook) -> str:
    """``xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang``; no district after they ended."""
    commune, day = book.commune, f"{book.year}-{book.month or 12:02}-28"
    district, province = upper_kinds(commune)
    names = [(commune_kind(commune, day), commune["name"]), (province, commune.get("province"))]
    if day < REORGANISED:
        names.insert(1, (district, commune.get("district")))
    return ", ".join(f"{kind} {name}" for kind, name in names if name)


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
            for place, column in enumerate(columns, start=1):
                is_open = bool(column.get("input")) and kind != TASK
                value = str(getattr(row, column["key"], ""))
                page.write(at, place, int(value) if value.isdigit() and is_open else value, free if is_open else shut)
            at += 1
    return at


def _list(out: Any) -> None:
    layout = village_layout()
    page = out.add_worksheet(layout["lists"])
    plain = {"font_name": FONT, "font_size": 11}
    page.merge_range(0, 0, 0, 3, layout["list_guide"], out.add_format(plain | {"text_wrap": True, "italic": True}))
    page.set_row(0, 34)
    head = out.add_format(plain | {"bold": True, "border": 1, "bg_color": GROUP})
    for place, (text, width) in enumerate(zip(layout["list_columns"], (6, 12, 34, 30), strict=True)):
        page.set_column(place, place, width)
        page.write(1, place, text, head)
    cell = out.add_format(plain | {"border": 1, "border_color": "#BFBFBF"})
    for row in range(2, 2 + LIST_ROWS):
        for place in range(4):
            page.write_blank(row, place, None, cell)


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
    if (column.get("input") and column["key"] != "whole") or (column["key"] == "code" and row.kind in (WORK, TASK)):
        return ""  # to be filled in; the name of a row of ours says nothing to the village
    text = str(getattr(row, column["key"]))
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def told(paths: list[Path]) -> Iterator[str]:
    """Names of the files, a workbook and its page on one line."""
    for book, page in zip(paths[::2], paths[1::2], strict=True):
        yield f"{book.name}, {page.name}"
