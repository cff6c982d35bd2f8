"""Biểu 03 (funds by source) and Biểu 04 (works with quantity and money). Million đồng throughout."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from ntm_lib import tables
from ntm_lib.doc.cells import MISSING, Formula, Number
from ntm_lib.doc.tree import Annex, Cell, Row, column
from ntm_lib.language import number, term
from ntm_lib.plan.works import by_state, state_name
from ntm_lib.report.context import Report
from ntm_lib.report.facts import (
    criterion_label,
    fund_name,
    funds,
    money_in_all,
    money_sum,
    place_of,
    plan_year,
    quantity_in_all,
    summands,
    works,
)
from ntm_lib.tables import as_table, counts_users
from ntm_lib.wording.words import day

EMPTY_ROWS = 8  # places of a Biểu about which nothing is known
KINDS = ("planned", "allocated", "spent")


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
    sources, _ = funds(report, year)
    rows = [_source_row(i, row, money_sum(sources)) for i, row in enumerate(sources, 1)] or [
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


def _source_row(place: int, row: dict, total: Fraction | None) -> Row:
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


def _fund_total(report: Report, sources: list[dict]) -> Row:
    sums = {kind: money_sum(sources, kind) for kind in KINDS}
    cells: dict[str, Cell] = {kind: column_sum(kind, amount) for kind, amount in sums.items()}
    cells["share"] = Formula("SUM({share@first}:{share@last})", Fraction(1), "share") if sums["planned"] else ""
    return Row({"name": report.t("Cộng các nguồn"), **cells}, "total", "sum")


def column_sum(key: str, value: Fraction | None, form: str = "money") -> Formula:
    """Sum of a column; an empty cell as long as no row has a number."""
    area = f"{{{key}@first}}:{{{key}@last}}"
    return Formula(f'IF(COUNT({area})=0,"",SUM({area}))', value, form)


# ---------------------------------------------------------------- Biểu 04


def works_annex(report: Report) -> Annex:
    """Biểu 04: every work under its criterion, with quantity, money, who, when, state; parts below their whole."""
    t, year = report.t, plan_year(report)
    columns = (
        column("number", t("TT"), 4.5, "center"),
        column("code", t("Chỉ tiêu"), 7, "center"),
        column("item", t("Công trình, công việc"), 32),
        column("place", t("Địa điểm"), 18),
        column("quantity", t("Khối lượng"), 8, "right"),
        column("unit", t("Đơn vị"), 7, "center"),
        column("cost", t("Kinh phí (triệu đồng)"), 9, "right"),
        column("source", t("Nguồn vốn"), 15),
        column("builder", t("Đơn vị thực hiện"), 13),
        column("deadline", t("Thời hạn"), 9, "center"),
        column("state", t("Trạng thái"), 9, "center"),
        column("debt", t("Còn nợ (triệu đồng)"), 8, "right"),
        column("note", t("Ghi chú"), 13),
    )
    found = works(report, year)
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


def _work_rows(report: Report, found: list[tuple[dict, list[dict]]]) -> Iterator[Row]:
    criterion = None
    for place, (work, parts) in enumerate(found, 1):
        if work["criterion"] != criterion:
            criterion = work["criterion"]
            yield Row({"number": criterion_label(report, criterion)}, "group")
        yield _work_row(report, work, parts, place)
        for i, (above, part) in enumerate(pairwise([work, *parts]), 1):
            yield _part_row(report, part, work, above["item"], f"w{place}-{i}")


def _work_row(report: Report, work: dict, parts: list[dict], place: int) -> Row:
    """Quantity and money of a work whose parts add up to them are sums; what differs stays as the plan writes it."""
    cells = _facts(report, work)
    for key in ("source", "builder", "deadline"):
        cells[key] = cells[key] or MISSING
    names = {part["observation"]: f"w{place}-{i}" for i, part in enumerate(parts, 1)}
    quantity, unit, note = _whole_quantity(report, work, parts, names)
    cells |= {"quantity": quantity, "unit": unit, "note": note}
    cells |= {
        column: _whole_money(work, parts, names, column) or empty for column, empty in (("cost", MISSING), ("debt", ""))
    }
    return Row({"number": Number(Fraction(place)), **cells})


def _whole_money(work: dict, parts: list[dict], names: dict[str, str], column: str) -> Cell | None:
    """What a work costs or owes: as it says, or the sum of what its parts say; None: nothing is known."""
    rows = money_in_all(work, parts, column)
    amount = money_sum(rows, column)
    if amount is None or rows == [work]:
        return None if amount is None else Number(amount, "money")
    return Formula(_sum_of(column, (names[row["observation"]] for row in rows)), amount, "money")


def _sum_of(column: str, names: Iterable[str]) -> str:
    return f"SUM({','.join(f'{{{column}@{name}}}' for name in names)})"


def _facts(report: Report, work: dict) -> dict[str, Cell]:
    return {
        "code": work["indicator"] + work["part"],
        "item": work["item"],
        "place": place_of(report, work),
        "source": fund_name(report, work["source"]),
        "builder": work["builder"],
        "deadline": day(work["deadline"], report.language),
        "state": "" if work["state"] == "planned" else state_name(work["state"], report.language),
        "debt": Number(tables.fraction(work["debt"]), "money") if work["debt"] else "",
    }


def _whole_quantity(report: Report, work: dict, parts: list[dict], names: dict[str, str]) -> tuple[Cell, str, str]:
    own, added = tables.fraction(work["quantity"]), summands(work, parts)
    quantity, unit = quantity_in_all(work, parts)
    if not quantity:
        return MISSING, term(unit, report.language), ""
    total = money_sum(added, "quantity")
    if added and own in (None, total):
        summed = Formula(_sum_of("quantity", (names[part["observation"]] for part in added)), total, "quantity")
        return summed, term(unit, report.language), ""
    note = report.t("các phần cộng lại {sum}").format(sum=number(total, report.language)) if len(added) > 1 else ""
    return Number(own, "quantity"), term(unit, report.language), note


def _part_row(report: Report, part: dict, whole: dict, above: str, name: str) -> Row:
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
    return Row(
        {
            "number": Number(Fraction(place)),
            **dict.fromkeys(("item", "place", "quantity", "unit", "cost", "source", "builder", "deadline"), MISSING),
        }
    )


def _work_total(report: Report, found: list[tuple[dict, list[dict]]]) -> Row:
    """Cost and debt of the works that have a number, which what lies inside another has not."""
    sums = by_state(as_table("works", [row for work, parts in found for row in (work, *parts)]), report.language)
    cells = {column: _numbered_sum(column, money_sum(sums.to_dict("records"), column)) for column in ("cost", "debt")}
    return Row({"item": report.t("Cộng"), **cells}, "total", "sum")


def _numbered_sum(column: str, amount: Fraction | None) -> Formula:
    area = f"{{{column}@first}}:{{{column}@last}}"
    return Formula(f'IF(COUNT({area})=0,"",SUMIF({{number@first}}:{{number@last}},">0",{area}))', amount, "money")
