"""The annexes of one run, Biểu 01–07, from the same tables as the report: sheets of a workbook, and pages of the PDF."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from ntm_lib import tables
from ntm_lib.doc.cells import MISSING, Empty, Formula, Number
from ntm_lib.doc.tree import Annex, Cell, Row, column
from ntm_lib.doc.write.excel import Properties, write_workbook
from ntm_lib.language import term
from ntm_lib.plan.works import by_state, state_name
from ntm_lib.report import facts
from ntm_lib.report.context import Report
from ntm_lib.report.papers.annexes_criteria import column_sum, plan_annex, results_annex
from ntm_lib.report.papers.annexes_villages import environment_annexes, village_rows, village_work_annex
from ntm_lib.report.papers.form import issuer, next_year, numbered_and_dated, place_name, place_to_date, signing_date
from ntm_lib.tables import as_table, counts_users
from ntm_lib.wording.words import day

# What a row is about: no content by itself.
ABOUT = ("number", "code", "name", "asked", "village", "households", "unit")
# Columns that stay though they are empty: the order, what the appraisal fills in, and what the plan of the criteria must say.
BY_VILLAGE = ("05", "06", "07")
OURS = {"03": {"share"}}  # what the workbook reckons; rounded shares would not add up in print
Fact = dict[str, Any]  # a row of a table
EMPTY_ROWS = 8  # places of a Biểu about which nothing is known
KINDS = ("planned", "allocated", "spent")
ALWAYS = {"01": ("number", "checked"), "02": ("number", "who")}
ONCE = {"02": "when"}  # a column that says one thing all the way down: the note of the annex says it


def annexes(report: Report) -> list[Annex]:
    """Biểu 01 to 07 in order, every place to be filled in marked: what the workbook holds."""
    made = [
        results_annex(report),
        plan_annex(report),
        funds_annex(report, facts.plan_year(report)),
        works_annex(report),
    ]
    made += [*environment_annexes(report), village_work_annex(report)]
    legend, of = report.t("Ô tô nền: chưa có số liệu, để bổ sung."), reference(report, "KH")
    return [replace(annex, notes=(*annex.notes, legend), reference=of, language=report.language) for annex in made]


def attached(report: Report, symbol: str, numbers: tuple[str, ...] = ()) -> list[Annex]:
    """The annexes as pages of a paper (``symbol``: KH, BC), those ``numbers`` alone if given: nothing to be filled in, no row
    and no column without content, the places to sign below. One of which nothing is left says so in a sentence.
    """
    t, of = report.t, reference(report, symbol)
    signers = (t("NGƯỜI LẬP BIỂU"), t("TM. BAN CHỈ ĐẠO"))
    nothing = dict.fromkeys(BY_VILLAGE, t("Chưa có số liệu của từng thôn."))
    made = [annex for annex in annexes(report) if not numbers or annex.number in numbers]
    pages = [printed(annex, nothing.get(annex.number, t("Chưa có số liệu."))) for annex in made]
    return [replace(page, reference=of, signers=signers) for page in pages]


def village_extracts(report: Report) -> list[Annex]:
    """What the plan's recipient «Các thôn» receives: a page a village of what Biểu 07 gives it and all, with its own recipient line."""
    t, year = report.t, facts.plan_year(report)
    form = replace(village_work_annex(report), language=report.language, reference=reference(report, "KH"))
    coming = next_year(report, year)
    below = [Row({"number": coming}, "group")] if coming else []
    pages = []
    for name in facts.villages(report):
        label = facts.village_label(report, name)
        to = t("Nơi nhận: {village}; lưu: BCĐ.").format(village=label[:1].upper() + label[1:])
        page = printed(replace(form, rows=tuple(village_rows(report, name)), notes=(to, "")), to)
        title = t("TRÍCH KẾ HOẠCH NĂM {year}: VIỆC CỦA {village}").format(year=year, village=label.upper())
        signers = (t("ĐẠI DIỆN THÔN"), t("TM. BAN CHỈ ĐẠO"))
        pages.append(replace(page, rows=(*page.rows, *below), title=title, signers=signers))
    return pages


def printed(annex: Annex, nothing: str) -> Annex:
    """The annex without rows and columns that say nothing; ``nothing``: its note where no row is left."""
    rows = list(_without_groups([_plain(row) for row in annex.rows if row.kind in ("group", "head") or _says(row)]))
    told = [_cells(row) for row in rows if row.kind != "group" and row.name != "asked"]
    kept = {key for cells in told for key, cell in cells.items() if cell != ""}
    once = ONCE.get(annex.number, "")
    if len({str(cells[once]) for cells in told if cells.get(once)}) == 1:
        kept.discard(once)
    kept = kept - OURS.get(annex.number, set()) | {*ALWAYS.get(annex.number, ())}
    columns = tuple(column for column in annex.columns if column.key in kept) or annex.columns[:2]
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
            year=facts.plan_year(report), place=place_name(report)
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
    numbered, dated = numbered_and_dated(report, symbol)
    return forms[symbol].format(number=numbered, day=dated, commune=issuer(report))


# ---------------------------------------------------------------- Biểu 03, million đồng


def funds_annex(report: Report, year: int) -> Annex:
    """Biểu 03: planned, allocated and spent money by source; sums and shares as formulas."""
    t = report.t
    columns = (
        column("number", t("TT"), 6, "center"),
        column("name", t("Nguồn vốn"), 52),
        column("planned", t("Kế hoạch"), 15, "right"),
        column("share", t("Tỷ trọng"), 12, "right"),
        column("allocated", t("Đã phân bổ"), 15, "right"),
        column("spent", t("Đã giải ngân"), 15, "right"),
        column("used", t("Tỷ lệ giải ngân"), 12, "right"),
        column("note", t("Ghi chú"), 24),
    )
    sources, _ = facts.funds(report, year)
    rows = [_source_row(i, row, facts.money_sum(sources)) for i, row in enumerate(sources, 1)] or [
        _empty_source(i) for i in range(1, EMPTY_ROWS + 1)
    ]
    return Annex(
        "03",
        t("KINH PHÍ THỰC HIỆN NĂM {year} THEO NGUỒN VỐN").format(year=year),
        columns,
        (*rows, _fund_total(report, sources)),
        unit=t("Đơn vị tính: triệu đồng"),
        names={"bieu_03_ke_hoach": "planned", "tong_kinh_phi": "planned@sum", "bieu_03_ty_trong": "share"},
    )


def _source_row(place: int, row: Fact, total: Fraction | None) -> Row:
    amounts = {kind: tables.fraction(row[kind]) for kind in KINDS}
    planned, spent = amounts["planned"], amounts["spent"]
    cells: dict[str, Cell] = {
        kind: MISSING if amount is None else Number(amount, "money") for kind, amount in amounts.items()
    }
    cells["share"] = (
        Formula("{planned}/{planned@sum}", planned / total, "share") if planned is not None and total else ""
    )
    cells["used"] = Formula("{spent}/{planned}", spent / planned, "share") if planned and spent is not None else ""
    return Row({"number": Number(Fraction(place)), "name": row["name"], **cells})


def _empty_source(place: int) -> Row:
    return Row({"number": Number(Fraction(place)), "name": MISSING, **dict.fromkeys(KINDS, MISSING)})


def _fund_total(report: Report, sources: list[Fact]) -> Row:
    sums = {kind: facts.money_sum(sources, kind) for kind in KINDS}
    cells: dict[str, Cell] = {kind: column_sum(kind, amount) for kind, amount in sums.items()}
    cells["share"] = Formula("SUM({share@first}:{share@last})", Fraction(1), "share") if sums["planned"] else ""
    return Row({"name": report.t("Cộng các nguồn"), **cells}, "total", "sum")


# ---------------------------------------------------------------- Biểu 04


def works_annex(report: Report) -> Annex:
    """Biểu 04: every work under its criterion, with quantity, money, who, when, state; parts below their whole."""
    t, year = report.t, facts.plan_year(report)
    columns = (
        column("number", t("TT"), 4.5, "center"),
        column("code", t("Chỉ tiêu"), 7, "center"),
        column("item", t("Công trình, công việc"), 32),
        column("place", t("Địa điểm"), 18),
        column("quantity", t("Khối lượng"), 8, "right"),
        column("unit", t("Đơn vị"), 8.5, "center"),
        column("cost", t("Kinh phí (triệu đồng)"), 9, "right"),
        column("source", t("Nguồn vốn"), 15),
        column("builder", t("Đơn vị thực hiện"), 13),
        column("deadline", t("Thời hạn"), 9, "center"),
        column("state", t("Trạng thái"), 9, "center"),
        column("debt", t("Còn nợ (triệu đồng)"), 8, "right"),
        column("note", t("Ghi chú"), 13),
    )
    found = facts.works(report, year)
    rows = list(_work_rows(report, found)) or [_empty_work(i) for i in range(1, EMPTY_ROWS + 1)]
    notes = (
        t(
            "Dòng không đánh số nằm trong dòng trên (một phần, hoặc số hộ, số người được hưởng), không cộng thêm vào tổng."
        ),
    )
    return Annex(
        "04",
        t("DANH MỤC CÔNG TRÌNH, CÔNG VIỆC NĂM {year}").format(year=year),
        columns,
        (*rows, _work_total(report, found)),
        notes=notes,
        names={"bieu_04_kinh_phi": "cost", "tong_kinh_phi_cong_trinh": "cost@sum"},
    )


def _work_rows(report: Report, found: list[tuple[Fact, list[Fact]]]) -> Iterator[Row]:
    criterion = None
    for place, (work, parts) in enumerate(found, 1):
        if work["criterion"] != criterion:
            criterion = work["criterion"]
            yield Row({"number": facts.criterion_label(report, criterion)}, "group")
        yield _work_row(report, work, parts, place)
        for i, (above, part) in enumerate(pairwise([work, *parts]), 1):
            yield _part_row(report, part, work, above["item"], f"w{place}-{i}")


def _work_row(report: Report, work: Fact, parts: list[Fact], place: int) -> Row:
    """Quantity and money of a work whose parts add up to them are sums; what differs stays as the plan writes it."""
    cells = _facts(report, work)
    for key in ("source", "builder", "deadline"):
        cells[key] = cells[key] or MISSING
    names = {part["observation"]: f"w{place}-{i}" for i, part in enumerate(parts, 1)}
    quantity, unit = _whole_quantity(work, parts, names)
    cells |= {"quantity": quantity, "unit": term(unit, report.language)}
    cells |= {
        "cost": _whole_money(work, parts, names, "cost") or MISSING,
        "debt": _whole_money(work, parts, names, "debt") or "",
    }
    return Row({"number": Number(Fraction(place)), **cells})


def _whole_money(work: Fact, parts: list[Fact], names: dict[str, str], column: str) -> Cell | None:
    """What a work costs or owes: as it says, or the sum of what its parts say; None: nothing is known."""
    rows = facts.money_in_all(work, parts, column)
    amount = facts.money_sum(rows, column)
    if amount is None or rows == [work]:
        return None if amount is None else Number(amount, "money")
    return Formula(_sum_of(column, (names[row["observation"]] for row in rows)), amount, "money")


def _sum_of(column: str, names: Iterable[str]) -> str:
    return f"SUM({','.join(f'{{{column}@{name}}}' for name in names)})"


def _facts(report: Report, work: Fact) -> dict[str, Cell]:
    return {
        "code": work["indicator"] + work["part"],
        "item": work["item"],
        "place": facts.place_of(report, work),
        "source": facts.fund_name(report, work["source"]),
        "builder": work["builder"],
        "deadline": day(work["deadline"], report.language),
        "state": "" if work["state"] == "planned" else state_name(work["state"], report.language),
        "debt": "" if (debt := tables.fraction(work["debt"])) is None else Number(debt, "money"),
    }


def _whole_quantity(work: Fact, parts: list[Fact], names: dict[str, str]) -> tuple[Cell, str]:
    """Quantity and unit: as the plan says, or the sum of the parts that come to it."""
    own, added = tables.fraction(work["quantity"]), facts.summands(work, parts)
    quantity, unit = facts.quantity_in_all(work, parts)
    if not quantity:
        return MISSING, unit
    total = facts.money_sum(added, "quantity")
    if added and own in (None, total):
        return Formula(_sum_of("quantity", (names[part["observation"]] for part in added)), total, "quantity"), unit
    return (MISSING if own is None else Number(own, "quantity")), unit


def _part_row(report: Report, part: Fact, whole: Fact, above: str, name: str) -> Row:
    """A part without what its whole and the row above have said already, and without a number, so that no sum counts it again."""
    cells = _facts(report, part)
    cells |= {key: "" for key in ("source", "builder", "deadline", "state") if part[key] == whole[key]}
    served = counts_users(part["unit"], whole["unit"])
    if not served and part["item"] == above and cells["place"]:
        cells |= {"item": f"– {cells['place']}", "place": ""}
    else:
        cells["item"] = f"– {part['item']}" if served else report.t("trong đó: {item}").format(item=part["item"])
    if quantity := tables.fraction(part["quantity"]):
        cells |= {"quantity": Number(quantity, "quantity"), "unit": term(part["unit"], report.language)}
    if cost := tables.fraction(part["cost"]):
        cells["cost"] = Number(cost, "money")
    return Row(cells, name=name)


def _empty_work(place: int) -> Row:
    told = ("item", "place", "quantity", "unit", "cost", "source", "builder", "deadline")
    return Row({"number": Number(Fraction(place)), **dict.fromkeys(told, MISSING)})


def _work_total(report: Report, found: list[tuple[Fact, list[Fact]]]) -> Row:
    """Cost and debt of the works that have a number, which what lies inside another has not."""
    sums = by_state(as_table("works", [row for work, parts in found for row in (work, *parts)]), report.language)
    cells = {
        column: _numbered_sum(column, facts.money_sum(sums.to_dict("records"), column)) for column in ("cost", "debt")
    }
    return Row({"item": report.t("Cộng"), **cells}, "total", "sum")


def _numbered_sum(column: str, amount: Fraction | None) -> Formula:
    area = f"{{{column}@first}}:{{{column}@last}}"
    return Formula(f'IF(COUNT({area})=0,"",SUMIF({{number@first}}:{{number@last}},">0",{area}))', amount, "money")
