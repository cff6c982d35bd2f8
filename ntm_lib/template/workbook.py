"""The XLSX workbook of a template: locked headings, open cells, choices, notes, print set-up.

What stands in the rows comes from ``known_rows``; xlsxwriter writes it, with no date or path of
the machine, so that the same template has the same bytes. The words of a sheet are Vietnamese in
every language of the run: it is a form for Vietnamese offices.
"""

import datetime
import math
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell as cell_name

from ntm_lib.intake.filled.template_find import GUIDE, LISTS, MARK, Facts, mark
from ntm_lib.intake.filled.template_layout import (
    FIXED,
    FREE,
    LISTED,
    OF_COMMUNE,
    OF_SOURCES,
    OF_VILLAGES,
    Column,
    Sheet,
    sealed,
)
from ntm_lib.rules import trait
from ntm_lib.template.known_rows import Contents, Places, TemplateRow, formula, repeated, sheet_rows, total

KEY_ROW, HEADING_ROW = 3, 4  # counted from 0
FIRST_ROW = HEADING_ROW + 1
FONT = "Times New Roman"
OPEN, CLOSED, HEADING, CRITERION, SOURCE, FAINT = "#FFFBE6", "#F2F2F2", "#1F5B4A", "#DCEBE3", "#6B7280", "#9CA3AF"
TOTAL = {"bg_color": CLOSED, "border": 1, "border_color": "#BFBFBF"}
NUMBER_FORMATS = {"text": "@", "count": "#,##0", "money": "#,##0.0", "percent": "0.00"}
PAGE_MARGINS = {
    "left": 1.0,
    "right": 0.6,
    "top": 0.8,
    "bottom": 0.8,
}  # inches; as Decree 30/2020 asks of a landscape annex
MONEY_ROUNDING = 0.05  # million đồng; sums are printed with one decimal
COMMENT_LINE = 17  # pixels
LINE_HEIGHT = 15  # points
CHARACTERS, NARROW, NARROW_CHARACTERS = (
    1.35,
    20,
    1.1,
)  # of the font that fit in one unit of width; in a narrow column long words leave gaps


def write_workbook(path: Path, contents: Contents) -> None:
    """Writes the workbook. An existing file is replaced; whether it may be is for the caller to decide."""
    _Workbook(path, contents).write()


class _Workbook:
    """State of one workbook while it is written: xlsxwriter's own, its formats, where the rows lie."""

    def __init__(self, path: Path, contents: Contents):
        self.contents, self.layout = contents, contents.layout
        self.book = xlsxwriter.Workbook(
            path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        self.book.set_properties(
            {"title": f"Số liệu nông thôn mới {contents.year}", "created": datetime.datetime(contents.year, 1, 1)}
        )
        self.formats: dict[tuple, xlsxwriter.format.Format] = {}
        self.sheets = [s for s in self.layout.sheets if s.for_rule_set(contents.rule_set.id)]
        self.rows = {s.name: sheet_rows(s, contents) for s in self.sheets}
        self.places = Places(tuple(self.sheets), FIRST_ROW)

    def write(self) -> None:
        pages = {name: self.book.add_worksheet(name) for name in [GUIDE, *(s.name for s in self.sheets), LISTS]}
        self._guide(pages[GUIDE])
        self._lists(pages[LISTS])
        for sheet in self.sheets:
            self._sheet(pages[sheet.name], sheet)
        self.book.close()

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Values that headings and titles name."""
        year = self.contents.year
        return {"year": year, "last": year - 1, "next": year + 1, "slug": self.contents.commune["slug"]}

    def _facts(self) -> Facts:
        return Facts(
            str(self.layout.version), self.contents.commune["slug"], str(self.contents.year), self.contents.rule_set.id
        )

    def style(self, **properties) -> xlsxwriter.format.Format:
        """A format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(
                {"font_name": FONT, "font_size": 11, "valign": "vcenter", **properties}
            )
        return self.formats[key]

    # --- guide and lists -------------------------------------------------------------------------

    def _guide(self, page) -> None:
        guide, commune = self.layout.texts["guide"], self.contents.commune
        facts = {
            "version": str(self.layout.version), "code": commune["code"], "name": commune["name"], "slug": commune["slug"],
            "year": str(self.contents.year), "rule_set": self.contents.rule_set.id,
        }  # fmt: skip
        page.set_column(0, 0, None, None, {"hidden": True})
        page.set_column(1, 1, 16)
        page.set_column(2, 2, 96)
        page.write(0, 0, MARK)
        page.write(
            0, 1, f"{guide['title']} {commune['name'].upper()}", self.style(bold=True, font_size=15, font_color=HEADING)
        )
        for row, (key, label) in enumerate(guide["facts"].items(), start=2):
            page.write(row, 0, key)
            page.write(row, 1, label, self.style(font_color=SOURCE))
            page.write(row, 2, facts[key], self.style(bold=True))
        steps = [*guide["steps"], *self._warnings()]
        for number, step in enumerate(steps, start=1):
            page.write(9 + number, 1, f"{number}.", self.style(align="right", valign="top"))
            page.write(9 + number, 2, step.format(**self.words), self.style(text_wrap=True, valign="top"))
            page.set_row(9 + number, 34 if len(step) > 110 else 19)
        example = 11 + len(steps)
        for row, (text, color) in enumerate((("ô để nhập", OPEN), ("ô đã khóa", CLOSED)), start=example):
            page.write(row, 1, text, self.style(bg_color=color, border=1, align="center"))
        page.write(example + 2, 1, "(*)", self.style(align="center"))
        page.write(example + 2, 2, self.layout.texts["comment"]["unverified"], self.style())
        page.hide_gridlines(2)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_landscape()
        page.protect()

    def _warnings(self) -> list[str]:
        """What this workbook lacks, and why."""
        guide, day = self.layout.texts["guide"], f"{self.contents.year}-12-31"
        lacks_region = not self.contents.region and trait(self.contents.commune, "region", day) is None
        no_groups = len(self.sheets) < len(self.layout.sheets)
        return [*([guide["no_region"]] if lacks_region else []), *([guide["no_village_groups"]] if no_groups else [])]

    def _lists(self, page) -> None:
        """Choices, a list a column; named, because a list in the cell itself may have 255 characters only."""
        for column, (name, words) in enumerate(self.layout.words.items()):
            page.write(0, column, name)
            page.write_column(1, column, list(words.values()))
            last = cell_name(len(words), column, True, True)
            self.book.define_name(name, f"='{LISTS}'!{cell_name(1, column, True, True)}:{last}")
        for name, (sheet, key) in {"villages": ("Thôn", "village"), "documents": ("Văn bản", "key")}.items():
            area = self.places.area(sheet, key, FIRST_ROW, FIRST_ROW + len(self.rows[sheet]) - 1, absolute=True)
            self.book.define_name(name, f"='{sheet}'!{area}")
        page.protect()
        page.hide()

    # --- a sheet ---------------------------------------------------------------------------------

    def _sheet(self, page, sheet: Sheet) -> None:
        rows = self.rows[sheet.name]
        self._heading(page, sheet)
        for index, row in enumerate(rows):
            self._row(page, sheet, FIRST_ROW + index, row)
        for number, column in enumerate(sheet.columns):
            page.set_column(number, number, column.width, None, {"hidden": column.hidden})
            self._validation(page, number, column, len(rows))
        below = self._totals(page, sheet, FIRST_ROW + len(rows))
        self._page_setup(page, sheet, self._signatures(page, sheet, below + 1))

    def _heading(self, page, sheet: Sheet) -> None:
        last = _last_main(sheet)
        page.write(0, 0, mark(self._facts(), sheet.name))
        page.merge_range(
            0, 1, 0, last, sheet.title.format(**self.words), self.style(bold=True, font_size=14, align="center")
        )
        page.merge_range(
            1,
            1,
            1,
            last,
            sheet.subtitle.format(**self.words),
            self.style(italic=True, text_wrap=True, align="center", valign="top"),
        )
        page.merge_range(2, 1, 2, last, self._place(), self.style(align="center", font_color=SOURCE))
        page.set_row(1, 32)
        page.set_row(KEY_ROW, None, None, {"hidden": True})
        page.set_row(HEADING_ROW, 62)
        for number, column in enumerate(sheet.columns):
            page.write(KEY_ROW, number, column.key)
            color = HEADING if column.main else SOURCE
            page.write(HEADING_ROW, number, FIXED if column.key == "row" else self._heading_text(sheet, column),
                       self.style(bold=True, text_wrap=True, align="center", border=1, bg_color=color, font_color="#FFFFFF"))  # fmt: skip
            if column.about:
                self._comment(page, HEADING_ROW, number, column.about)
        if last + 1 < len(sheet.columns):
            page.write(2, last + 1, "Nguồn của số liệu (không in)", self.style(italic=True, font_color=SOURCE))

    def _place(self) -> str:
        commune = self.contents.commune
        return ", ".join(
            p
            for p in (
                f"{commune.get('kind') or 'xã'} {commune['name']}",
                commune.get("district"),
                commune.get("province"),
            )
            if p
        )

    def _heading_text(self, sheet: Sheet, column: Column) -> str:
        group = next((g for g in sheet.groups if g.key == column.key and g.indicator), None)
        prefix = f"{group.indicator}{group.part} " if group else ""
        return prefix + column.heading.format(**self.words)

    def _comment(self, page, row: int, column: int, text: str) -> None:
        lines = sum(len(line) // 44 + 1 for line in text.splitlines())
        page.write_comment(
            row, column, text, {"author": "", "width": 300, "height": COMMENT_LINE * (lines + 1), "font_size": 9}
        )

    def _row(self, page, sheet: Sheet, number: int, row: TemplateRow) -> None:
        if row.level == "title":
            page.write(number, 0, row.kind)
            page.merge_range(
                number,
                1,
                number,
                _last_main(sheet),
                row.values["name"],
                self.style(bold=True, bg_color=CRITERION, border=1, border_color="#BFBFBF"),
            )
            return
        lines = _lines(sheet, row)
        if lines > 1:  # LibreOffice would not fit these by itself; a row without a height grows with what is typed
            page.set_row(number, LINE_HEIGHT * lines + 4)
        seal = {"row": row.kind, "seal": sealed(sheet, row.values) if row.kind == LISTED else ""}
        for index, column in enumerate(sheet.columns):
            style = self._cell_style(column, row)
            follows = formula(sheet, column, number, row.kind, self.places)
            value = seal[column.key] if column.key in seal else row.values.get(column.key, "")
            if follows:
                page.write_formula(number, index, follows, style, "")
            elif value and column.format in ("count", "money") and value.replace(".", "", 1).isdigit():
                page.write_number(number, index, float(value), style)
            else:
                page.write(number, index, value or None, style)
            if comment := row.comments.get(column.key):
                self._comment(page, number, index, comment)

    def _cell_style(self, column: Column, row: TemplateRow):
        is_open = (
            column.fill == "input" or (column.fill == "listed" and row.kind == FREE)
        ) and column.key not in row.closed
        color = OPEN if is_open else CRITERION if row.level == "criterion" else CLOSED
        properties = {"locked": not is_open, "bg_color": color, "border": 1, "border_color": "#BFBFBF"}
        if column.wrap:
            properties["text_wrap"] = True
        if column.format:
            properties["num_format"] = NUMBER_FORMATS[column.format]
        if row.level == "criterion":
            properties["bold"] = True
        if column.key in ("criterion", "indicator", "part", "self"):
            properties["align"] = "center"
        if column.key == "criterion" and row.kind == LISTED and row.level != "criterion":
            properties["font_color"] = FAINT
        return self.style(**properties)

    def _validation(self, page, number: int, column: Column, count: int) -> None:
        area = (FIRST_ROW, number, FIRST_ROW + count - 1, number)
        if column.list:
            strict = column.list in self.layout.words
            page.data_validation(*area, {
                "validate": "list", "source": f"={column.list}", "error_type": "stop" if strict else "warning",
                "error_title": column.heading[:32].format(**self.words), "error_message": "Hãy chọn trong danh sách." if strict else "Chữ này chưa có trong danh sách. Vẫn ghi?",
            })  # fmt: skip
        elif column.format in ("count", "money") and column.fill == "input":
            unit = "Đơn vị: triệu đồng." if column.format == "money" else "Chỉ ghi số đếm, không ghi chữ."
            if column.format == "count":
                page.data_validation(*area, {"validate": "decimal", "criteria": "between", "minimum": -1e9, "maximum": 1e9,
                                             "error_title": "Cần một số", "error_message": unit})  # fmt: skip
            cell = cell_name(FIRST_ROW, number)
            page.conditional_format(*area, {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}<>INT({cell}))",
                                            "format": self.book.add_format({"num_format": "#,##0.0##"})})  # fmt: skip

    # --- below the rows --------------------------------------------------------------------------

    def _totals(self, page, sheet: Sheet, row: int) -> int:
        """Sums that check what was typed; returns the next free row."""
        count = len(self.rows[sheet.name])
        if sheet.rows == "sources":
            return self._source_totals(page, sheet, row, count)
        if not sheet.groups:
            return row
        label = self.style(**TOTAL, bold=True)
        page.write(row, 0, FIXED)
        page.write(row, 1, OF_VILLAGES, label)
        page.write(row + 1, 0, FIXED)
        page.write(row + 1, 1, OF_COMMUNE, label)
        sums, links = self.style(**TOTAL, bold=True, num_format="#,##0"), self.style(**TOTAL, num_format="#,##0")
        for index, column in enumerate(sheet.columns):
            if column.format != "count":
                continue
            area = self.places.area(sheet.name, column.key, FIRST_ROW, FIRST_ROW + count - 1)
            page.write_formula(row, index, total(area), sums, "")
            if link := self._of_commune(sheet, column.key):
                page.write_formula(row + 1, index, repeated(link), links, "")
                above, cell = cell_name(row, index), cell_name(row + 1, index)
                self._alarm(page, row + 1, index, f'=AND({above}<>"",{cell}<>"",{above}<>{cell})')
        return row + 2

    def _of_commune(self, sheet: Sheet, key: str) -> str:
        """Cell of Biểu 01 that holds the figure of the whole commune for a count by village."""
        group = next((g for g in sheet.groups if g.key == key and g.indicator), None)
        results = next(s for s in self.sheets if s.rows == "indicators")
        for index, row in enumerate(self.rows[results.name]):
            if group and (row.values.get("indicator"), row.values.get("part"), row.values.get("item")) == (
                group.indicator,
                group.part,
                None,
            ):
                return f"'{results.name}'!{self.places.cell(results.name, 'numerator', FIRST_ROW + index)}"
        return ""

    def _source_totals(self, page, sheet: Sheet, row: int, count: int) -> int:
        page.write(row, 0, FIXED)
        page.merge_range(row, 1, row, 2, OF_SOURCES, self.style(**TOTAL, bold=True))
        for key in ("last", "amount", "allocated", "spent"):
            index = self.places.column(sheet.name, key)
            area = self.places.area(sheet.name, key, FIRST_ROW + 1, FIRST_ROW + count - 1)
            page.write_formula(row, index, total(area), self.style(**TOTAL, bold=True, num_format="#,##0.0"), "")
            printed, cell = cell_name(FIRST_ROW, index), cell_name(row, index)
            self._alarm(
                page, row, index, f"=AND(ISNUMBER({printed}),ISNUMBER({cell}),ABS({printed}-{cell})>{MONEY_ROUNDING})"
            )
        return row + 1

    def _alarm(self, page, row: int, column: int, when: str) -> None:
        page.conditional_format(
            row,
            column,
            row,
            column,
            {
                "type": "formula",
                "criteria": when,
                "format": self.book.add_format({"bg_color": "#F8C9C4", "bold": True}),
            },
        )

    def _signatures(self, page, sheet: Sheet, row: int) -> int:
        """Place and names to sign, under the annexes; returns the last row of the printed page."""
        if not sheet.name.startswith("Biểu"):
            return row - 1
        last = _last_main(sheet)
        middle = (last + 1) // 2
        left, right = self.layout.texts["signatures"]
        centre = self.style(bold=True, align="center")
        date = f"{self.contents.commune['name']}, ngày      tháng      năm"
        page.merge_range(row, middle + 1, row, last, date, self.style(italic=True, align="center"))
        page.merge_range(row + 1, 1, row + 1, middle, left, centre)
        page.merge_range(row + 1, middle + 1, row + 1, last, right, centre)
        for line in (row, row + 1):
            page.write(line, 0, FIXED)
        return row + 5

    def _page_setup(self, page, sheet: Sheet, last_row: int) -> None:
        page.freeze_panes(FIRST_ROW, _frozen(sheet))
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(**PAGE_MARGINS)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADING_ROW)
        page.print_area(0, 1, last_row, _last_main(sheet))
        page.set_footer(f'&L&"{FONT}"&9{sheet.name}&R&"{FONT}"&9Trang &P/&N')
        page.set_zoom(90)
        page.hide_gridlines(2)
        page.ignore_errors({"number_stored_as_text": f"A1:{cell_name(last_row, len(sheet.columns))}"})
        page.protect("", {"format_columns": True, "format_rows": True})


def _lines(sheet: Sheet, row: TemplateRow) -> int:
    """Lines that the texts of the row take in their columns."""
    wrapped = [
        (c.width * (CHARACTERS if c.width > NARROW else NARROW_CHARACTERS), row.values.get(c.key, ""))
        for c in sheet.columns
        if c.wrap
    ]
    return max((math.ceil(len(text) / width) for width, text in wrapped), default=1)


def _last_main(sheet: Sheet) -> int:
    return max(i for i, c in enumerate(sheet.columns) if c.main)


def _frozen(sheet: Sheet) -> int:
    """Columns that stay in view: up to the name of the row."""
    keys = [c.key for c in sheet.columns]
    return 1 + next(
        keys.index(k) for k in ("name", "source" if sheet.rows == "sources" else "item", "village", "key") if k in keys
    )
