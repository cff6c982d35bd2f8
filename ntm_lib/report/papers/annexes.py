"""The annexes of one run, Biểu 01–07, from the same tables as the report: sheets of a workbook, and pages of the PDF."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ntm_lib.doc.cells import Empty, Formula
from ntm_lib.doc.tree import Annex, Cell, Row
from ntm_lib.doc.write.excel import Properties, write_workbook
from ntm_lib.report.context import Report
from ntm_lib.report.facts import plan_year, village_label, villages
from ntm_lib.report.papers.annexes_criteria import plan_annex, results_annex
from ntm_lib.report.papers.annexes_money import funds_annex, works_annex
from ntm_lib.report.papers.annexes_villages import environment_annexes, village_rows, village_work_annex
from ntm_lib.report.papers.form import issuer, next_year, numbered_and_dated, place_name, place_to_date, signing_date

# What a row is about: no content by itself.
ABOUT = ("number", "code", "name", "asked", "village", "households", "unit")
# Columns that stay though they are empty: the order, what the appraisal fills in, and what the plan of the criteria must say.
BY_VILLAGE = ("05", "06", "07")
ALWAYS = {"01": ("number", "checked"), "02": ("number", "who")}
ONCE = {"02": "when"}  # a column that says one thing all the way down: the note of the annex says it


def annexes(report: Report) -> list[Annex]:
    """Biểu 01 to 07 in order, every place to be filled in marked: what the workbook holds."""
    made = [results_annex(report), plan_annex(report), funds_annex(report, plan_year(report)), works_annex(report)]
    made += [*environment_annexes(report), village_work_annex(report)]
    legend, of = report.t("Ô tô nền: chưa có số liệu, để bổ sung."), reference(report, "KH")
    return [replace(annex, notes=(*annex.notes, legend), reference=of, language=report.language) for annex in made]


def attached(report: Report, symbol: str, numbers: tuple[str, ...] = ()) -> list[Annex]:
    """The annexes as pages of a paper (``symbol``: KH, BC), those ``numbers`` alone if given: nothing to be filled in, no row
    and no column without content, the places to sign below. One of which nothing is left says so in a sentence.
    """
    t = report.t
    signers = (t("NGƯỜI LẬP BIỂU"), t("TM. BAN CHỈ ĐẠO"))
    made = [annex for annex in annexes(report) if not numbers or annex.number in numbers]
    return [
        replace(
            printed(
                annex, t("Chưa có số liệu của từng thôn.") if annex.number in BY_VILLAGE else t("Chưa có số liệu.")
            ),
            reference=reference(report, symbol),
            signers=signers,
        )
        for annex in made
    ]


def village_extracts(report: Report) -> list[Annex]:
    """What the plan's recipient «Các thôn» receives: a page a village of what Biểu 07 gives it and all, with its own recipient line."""
    t = report.t
    form = village_work_annex(report)
    signers = (t("ĐẠI DIỆN THÔN"), t("TM. BAN CHỈ ĐẠO"))
    pages = []
    for name in villages(report):
        label = village_label(report, name)
        to = t("Nơi nhận: {village}; lưu: BCĐ.").format(village=label[:1].upper() + label[1:])
        page = printed(
            replace(form, rows=tuple(village_rows(report, name)), notes=(to, ""), language=report.language), to
        )
        coming = next_year(report, plan_year(report))
        rows = (*page.rows, *([Row({"number": coming}, "group")] if coming else []))
        title = t("TRÍCH KẾ HOẠCH NĂM {year}: VIỆC CỦA {village}").format(year=plan_year(report), village=label.upper())
        pages.append(replace(page, rows=rows, title=title, reference=reference(report, "KH"), signers=signers))
    return pages


def printed(annex: Annex, nothing: str) -> Annex:
    """The annex without rows and columns that say nothing; ``nothing``: its note where no row is left."""
    rows = [_plain(row) for row in annex.rows if row.kind in ("group", "head") or _says(row)]
    rows = list(_without_groups(rows))
    always = ALWAYS.get(annex.number, ())
    filled = {
        key
        for row in rows
        if row.kind != "group" and row.name != "asked"
        for key, cell in _cells(row).items()
        if cell != ""
    }
    once = ONCE.get(annex.number, "")
    if len({str(cell) for row in rows if (cell := _cells(row).get(once, ""))}) == 1:
        filled.discard(once)
    columns = tuple(c for c in annex.columns if c.key in filled or c.key in always) or annex.columns[:2]
    kept = {column.key for column in columns}
    rows = [
        row if row.kind == "group" else _with(row, {k: c for k, c in _cells(row).items() if k in kept}) for row in rows
    ]
    rows = [row for row in rows if row.kind != "total" or _says(_with(row, {**_cells(row), "item": ""}))]
    notes = annex.notes[:-1] if any(not row.kind for row in rows) else (nothing,)
    return replace(annex, columns=columns, rows=tuple(rows), notes=notes, names={})


def _cells(row: Row) -> dict[str, Cell]:
    """Cells of a row by the keys of their columns, as every annex gives them."""
    return dict(row.cells) if isinstance(row.cells, Mapping) else {}


def _with(row: Row, cells: dict[str, Cell]) -> Row:
    return Row(cells, row.kind, row.name)


def _says(row: Row) -> bool:
    """Whether a row says more than what it is about."""
    return any(
        key not in ABOUT and not isinstance(cell, Empty) and cell != "" and _known(cell)
        for key, cell in _cells(row).items()
    )


def _known(cell: Cell) -> bool:
    return not isinstance(cell, Formula) or cell.value is not None


def _plain(row: Row) -> Row:
    """The row with blanks in place of cells to be filled in, and of sums of nothing."""
    return _with(row, {k: "" if isinstance(c, Empty) or not _known(c) else c for k, c in _cells(row).items()})


def _without_groups(rows: list[Row]) -> Iterator[Row]:
    """The rows less a group of which nothing is left."""
    for row, following in zip(rows, [*rows[1:], None], strict=False):
        if row.kind != "group" or (following is not None and following.kind not in ("group", "total")):
            yield row


def write_annexes(report: Report, path: Path, scenario: str = "") -> None:
    """The workbook with a sheet for each Biểu, the same bytes for the same tables. ``scenario``: line on every page."""
    t = report.t
    properties = Properties(
        title=t("Biểu 01–07, chương trình nông thôn mới năm {year}, {place}").format(
            year=plan_year(report), place=place_name(report)
        ),
        date=signing_date(report),
        scenario=scenario,
        signatures=(t("NGƯỜI LẬP BIỂU"), t("TM. BAN CHỈ ĐẠO")),
        place=place_to_date(report, report.commune["name"]),
        page=t("Trang {page}/{pages}").format(page="&P", pages="&N"),
    )
    write_workbook(path, annexes(report), properties)


def reference(report: Report, symbol: str) -> str:
    """Which paper the annex belongs to: ``(Kèm theo Kế hoạch số 05/KH-BCĐ, ngày 22 tháng 02 năm 2024 của …)``; open places
    where number and day are filled in by hand.
    """
    t = report.t
    forms = {
        "KH": t(
            "(Kèm theo Kế hoạch số {number} {day} của Ban Chỉ đạo Chương trình MTQG xây dựng nông thôn mới {commune})"
        ),
        "BC": t(
            "(Kèm theo Báo cáo số {number} {day} của Ban Chỉ đạo Chương trình MTQG xây dựng nông thôn mới {commune})"
        ),
    }
    number, day = numbered_and_dated(report, symbol)
    return forms[symbol].format(number=number, day=day, commune=issuer(report))
