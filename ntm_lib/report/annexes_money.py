"""Biểu 03 (funds by source) and Biểu 04 (works with quantity and money). Million đồng throughout."""

from collections.abc import Iterator
from fractions import Fraction

from ntm_lib import rules, tables
from ntm_lib.language import number, term
from ntm_lib.report.annexes_model import MISSING, Annex, Cell, Column, Formula, Number, Row
from ntm_lib.report.context import Report
from ntm_lib.report.official_facts import fund_name, funds, money_sum, place_of, plan_year, state_word, works

EMPTY_ROWS = 8  # places of a Biểu about which nothing is known
KINDS = ("planned", "allocated", "spent")


def funds_annex(report: Report) -> Annex:
    """Biểu 03: planned, allocated and spent money by source; sums, shares and the check of the printed total as formulas."""
    t, year = report.t, plan_year(report)
    columns = (
        Column("number", t("TT"), 6, "center"),
        Column("name", t("Nguồn vốn"), 52),
        Column("planned", t("Kế hoạch"), 15, "right"),
        Column("share", t("Tỷ trọng"), 12, "right"),
        Column("allocated", t("Đã phân bổ"), 15, "right"),
        Column("spent", t("Đã giải ngân"), 15, "right"),
        Column("used", t("Tỷ lệ giải ngân"), 12, "right"),
        Column("note", t("Ghi chú"), 24),
    )
    sources, printed = funds(report, year)
    rows = [_source_row(i, row, money_sum(sources)) for i, row in enumerate(sources, 1)] or [_empty_source(i) for i in range(1, EMPTY_ROWS + 1)]
    return Annex(
        "03",
        t("KINH PHÍ THỰC HIỆN NĂM {year} THEO NGUỒN VỐN").format(year=year),
        columns,
        (*rows, *_fund_totals(report, sources, printed)),
        unit=t("Đơn vị tính: triệu đồng"),
        names={"bieu_03_ke_hoach": "planned", "tong_kinh_phi": "planned@sum", "bieu_03_ty_trong": "share"},
    )


def _source_row(place: int, row: dict, total: Fraction | None) -> Row:
    amounts = {kind: tables.fraction(row[kind]) for kind in KINDS}
    planned, spent = amounts["planned"], amounts["spent"]
    cells: dict[str, Cell] = {kind: MISSING if amount is None else Number(amount, "money") for kind, amount in amounts.items()}
    cells["share"] = Formula("{planned}/{planned@sum}", planned / total, "share") if planned is not None and total else ""
    cells["used"] = Formula("{spent}/{planned}", spent / planned, "share") if planned and spent is not None else ""
    return Row({"number": Number(Fraction(place)), "name": row["name"], **cells})


def _empty_source(place: int) -> Row:
    return Row({"number": Number(Fraction(place)), "name": MISSING, **dict.fromkeys(KINDS, MISSING)})


def _fund_totals(report: Report, sources: list[dict], printed: Fraction | None) -> Iterator[Row]:
    """The sum of the sources, the total that the document prints, and whether the two agree."""
    t = report.t
    sums = {kind: money_sum(sources, kind) for kind in KINDS}
    cells: dict[str, Cell] = {kind: column_sum(kind, amount) for kind, amount in sums.items()}
    cells["share"] = Formula("SUM({share@first}:{share@last})", Fraction(1), "share") if sums["planned"] else ""
    yield Row({"name": t("Cộng các nguồn"), **cells}, "total", "sum")
    stated: Cell = MISSING if printed is None else Number(printed, "money")
    yield Row({"name": t("Tổng kinh phí ghi trong văn bản"), "planned": stated}, "total", "printed")
    if printed is not None and sums["planned"] is not None:
        difference = Formula("{planned@printed}-{planned@sum}", printed - sums["planned"], "money")
        note = "" if printed == sums["planned"] else t("hai số khác nhau, cần kiểm tra")
        yield Row({"name": t("Chênh lệch"), "planned": difference, "note": note}, "total", "difference")


def column_sum(key: str, value: Fraction | None, form: str = "money") -> Formula:
    """Sum of a column; an empty cell as long as no row has a number."""
    area = f"{{{key}@first}}:{{{key}@last}}"
    return Formula(f'IF(COUNT({area})=0,"",SUM({area}))', value, form)


# ---------------------------------------------------------------- Biểu 04


def works_annex(report: Report) -> Annex:
    """Biểu 04: every work under its criterion, with quantity, money, who, when, state; parts below their whole."""
    t, year = report.t, plan_year(report)
    columns = (
        Column("number", t("TT"), 4.5, "center"),
        Column("code", t("Chỉ tiêu"), 7, "center"),
        Column("item", t("Công trình, công việc"), 32),
        Column("place", t("Địa điểm"), 18),
        Column("quantity", t("Khối lượng"), 8, "right"),
        Column("unit", t("Đơn vị"), 7, "center"),
        Column("cost", t("Kinh phí (triệu đồng)"), 9, "right"),
        Column("source", t("Nguồn vốn"), 15),
        Column("builder", t("Đơn vị thực hiện"), 13),
        Column("deadline", t("Thời hạn"), 9, "center"),
        Column("state", t("Trạng thái"), 9, "center"),
        Column("debt", t("Còn nợ (triệu đồng)"), 8, "right"),
        Column("note", t("Ghi chú"), 13),
    )
    found = works(report, year)
    rows = list(_work_rows(report, found)) or [_empty_work(i) for i in range(1, EMPTY_ROWS + 1)]
    notes = (
        t(
            "Kế hoạch 05/KH-BCĐ của xã Hùng Mỹ, theo đó các Biểu được đánh số, không nhắc Biểu 04; "
            "dùng số này cho danh mục công trình là lựa chọn của chương trình."
        ),
        t("Dòng “trong đó” là phần của dòng trên, không cộng thêm vào tổng."),
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
            yield Row({"number": _criterion_label(report, criterion)}, "group")
        yield _work_row(report, work, parts, place)
        yield from (_part_row(report, part, work, f"w{place}-{i}") for i, part in enumerate(parts, 1))


def _criterion_label(report: Report, criterion: str) -> str:
    if not criterion.isdigit():
        return report.t("Ngoài các tiêu chí")
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    return report.t("Tiêu chí {number}. {name}").format(number=criterion, name=name)


def _work_row(report: Report, work: dict, parts: list[dict], place: int) -> Row:
    """The quantity of a work whose parts add up to it is their sum; what differs stays as the plan writes it."""
    cells = _facts(report, work)
    for key in ("source", "builder", "deadline"):
        cells[key] = cells[key] or MISSING
    quantity, unit, note = _whole_quantity(report, work, parts, place)
    cells |= {"quantity": quantity, "unit": unit, "note": note}
    cells["cost"] = Number(tables.fraction(work["cost"]), "money") if work["cost"] else MISSING
    return Row({"number": Number(Fraction(place)), **cells})


def _facts(report: Report, work: dict) -> dict[str, Cell]:
    return {
        "code": work["indicator"],
        "item": work["item"],
        "place": place_of(report, work),
        "source": fund_name(report, work["source"]),
        "builder": work["builder"],
        "deadline": work["deadline"],
        "state": state_word(report, work["state"]),
        "debt": Number(tables.fraction(work["debt"]), "money") if work["debt"] else "",
    }


def _whole_quantity(report: Report, work: dict, parts: list[dict], place: int) -> tuple[Cell, str, str]:
    own = tables.fraction(work["quantity"])
    amounts = [tables.fraction(part["quantity"]) for part in parts]
    units = {part["unit"] for part in parts}
    adds_up = bool(parts) and None not in amounts and len(units) == 1
    total = sum(amounts, Fraction(0)) if adds_up else None
    unit = term(work["unit"] or (units.pop() if adds_up else ""), report.language)
    if total is not None and own in (None, total):
        note = report.t("khối lượng cộng từ các phần") if own is None else ""
        return Formula(f"SUM({{quantity@w{place}-1}}:{{quantity@w{place}-{len(parts)}}})", total, "quantity"), unit, note
    if own is None:
        return MISSING, unit, ""
    note = report.t("các phần cộng lại {sum}").format(sum=number(total, report.language)) if total is not None else ""
    return Number(own, "quantity"), unit, note


def _part_row(report: Report, part: dict, whole: dict, name: str) -> Row:
    """A part without what its whole has said already, and without a number, so that no sum counts it again."""
    cells = _facts(report, part)
    cells |= {key: "" for key in ("source", "builder", "deadline", "state") if part[key] == whole[key]}
    cells["item"] = report.t("trong đó: {item}").format(item=part["item"])
    if quantity := tables.fraction(part["quantity"]):
        cells |= {"quantity": Number(quantity, "quantity"), "unit": term(part["unit"], report.language)}
    if cost := tables.fraction(part["cost"]):
        cells["cost"] = Number(cost, "money")
    return Row(cells, name=name)


def _empty_work(place: int) -> Row:
    return Row({"number": Number(Fraction(place)), **dict.fromkeys(("item", "place", "quantity", "unit", "cost", "source", "builder", "deadline"), MISSING)})


def _work_total(report: Report, found: list[tuple[dict, list[dict]]]) -> Row:
    """Cost of the works that have a number, which parts have not."""
    area = "{cost@first}:{cost@last}"
    formula = f'IF(COUNT({area})=0,"",SUMIF({{number@first}}:{{number@last}},">0",{area}))'
    return Row({"item": report.t("Cộng"), "cost": Formula(formula, money_sum([work for work, _ in found], "cost"), "money")}, "total", "sum")
