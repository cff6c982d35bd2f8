"""Biểu 05 and 06 (environment and food safety by village, with the whole commune) and Biểu 07 (work of each village).

What is counted in Biểu 05 and 06 stands in ``data/raw/layouts/template.yml``, where the workbook to
fill in takes it from too, so that the form and the annex cannot differ.
"""

from collections.abc import Iterator
from fractions import Fraction

from ntm_lib import tables
from ntm_lib.doc.cells import MISSING, Formula, Number
from ntm_lib.doc.tree import Annex, Cell, Column, Row, column
from ntm_lib.intake.filled.template_layout import Group, Sheet, layout
from ntm_lib.language import term
from ntm_lib.plan.works import state_name
from ntm_lib.report import facts
from ntm_lib.report.context import Report
from ntm_lib.report.papers.annexes_criteria import column_sum
from ntm_lib.wording.words import day

EMPTY_ROWS = 8  # villages of a commune that names none
HOUSEHOLDS = "households"


def environment_annexes(report: Report) -> list[Annex]:
    """Biểu 05 and 06; for a rule set whose items are not laid out yet, each with open columns."""
    titles = {
        "05": report.t("CHI TIẾT TIÊU CHÍ MÔI TRƯỜNG: NƯỚC SẠCH, VỆ SINH HỘ GIA ĐÌNH VÀ RÁC THẢI THEO THÔN"),
        "06": report.t("CHI TIẾT TIÊU CHÍ MÔI TRƯỜNG: CƠ SỞ CHĂN NUÔI, SẢN XUẤT, THỰC PHẨM THEO THÔN"),
    }
    sheets = {sheet.tag[1:]: sheet for sheet in layout().sheets if sheet.groups}
    return [_village_annex(report, number, title, sheets.get(number)) for number, title in titles.items()]


def _village_annex(report: Report, number: str, title: str, sheet: Sheet | None) -> Annex:
    t = report.t
    groups = sheet.groups if sheet and sheet.for_rule_set(report.rule_set.id) else ()
    columns = [
        column("number", t("TT"), 4.5, "center"),
        column("village", t("Thôn"), 19),
        column(HOUSEHOLDS, t("Tổng số hộ"), 8, "right"),
    ]
    columns += [column for group in groups for column in _group_columns(report, group)]
    if not groups:
        above = t("Nội dung (theo bộ tiêu chí đang áp dụng)")
        columns += [column(f"open{i}", "", 14, "right", above) for i in range(1, 6)]
    columns.append(column("note", t("Ghi chú"), 12))
    rows = [_village_row(report, place, name, groups) for place, name in enumerate(_places(report), 1)]
    counted = t("Số đạt tính đến hết năm {year}; cột Thêm là kế hoạch năm {next}.")
    counted = counted.format(year=facts.result_year(report), next=facts.plan_year(report))
    notes = (counted, t("Chỉ ghi số đếm của thôn; danh sách hộ giữ tại thôn."))
    return Annex(number, title, tuple(columns), (*rows, *_commune_rows(report, groups, rows)), notes=notes)


def _group_columns(report: Report, group: Group) -> Iterator[Column]:
    """A count; where it belongs to an indicator, under its number, with the increase that is planned."""
    t = report.t
    label = f"{group.indicator}{group.part} {term(group.heading, report.language)}".strip()
    if not group.plan:
        yield column(group.key, label, 9, "right")
        return
    yield column(group.key, t("Số đạt"), 7.5, "right", label)
    yield column(f"{group.key}_plan", t("Thêm"), 7.5, "right", label)


def _places(report: Report) -> list[str]:
    """Villages by name, and an empty place for each that the commune has but no source names."""
    names = facts.villages(report)
    missing = max((facts.village_count(report) or 0) - len(names), 0)
    return [*names, *[""] * (missing or (0 if names else EMPTY_ROWS))]


def _village_row(report: Report, place: int, name: str, groups: tuple[Group, ...]) -> Row:
    cells: dict[str, Cell] = {
        "number": Number(Fraction(place)),
        "village": name or MISSING,
        HOUSEHOLDS: _households(report, name),
    }
    for group in groups:
        cells[group.key] = _counted(report, name, group)
        if group.plan:
            cells[f"{group.key}_plan"] = _planned(report, name, group)
    if not groups:
        cells |= {f"open{i}": MISSING for i in range(1, 6)}
    return Row(cells)


def _households(report: Report, name: str) -> Cell:
    row = report.row("observations", table="villages", village=name) if name else None
    value = tables.fraction(row["value"]) if row else None
    return MISSING if value is None else Number(value)


def _counted(report: Report, name: str, group: Group) -> Cell:
    """What a village reports for the year of the results; of a total without an indicator, by its heading."""
    key = {"table": "results", "year": facts.result_year(report), "village": name}
    about = {"indicator": group.indicator, "part": group.part} if group.indicator else {"item": group.heading}
    row = report.row("observations", **key, **about) if name else None
    value = tables.fraction(row["numerator"] or row["value"]) if row and row["unit"] != "%" else None
    return MISSING if value is None else Number(value)


def _planned(report: Report, name: str, group: Group) -> Cell:
    rows = facts.plan_items_by_village(report, name, group.indicator, group.part) if name else []
    amounts = [amount for row in rows if (amount := tables.fraction(row["numerator"] or row["value"])) is not None]
    return Number(sum(amounts, Fraction(0))) if amounts else MISSING


def _commune_rows(report: Report, groups: tuple[Group, ...], rows: list[Row]) -> Iterator[Row]:
    """Below the villages: their sum, the commune's own figures, its share now and after the plan, what is asked."""
    t = report.t
    keys = [key for group in groups for key in ([group.key, f"{group.key}_plan"] if group.plan else [group.key])]
    sums = {key: column_sum(key, _sum(rows, key), "count") for key in (HOUSEHOLDS, *keys)}
    yield Row({"village": t("Cộng các thôn"), **sums}, "total", "sum")
    yield Row({"village": t("Toàn xã"), **_whole_commune(report, groups)}, "total", "commune")
    if not groups:
        return
    cells = {name: dict[str, Cell]() for name in ("all", "share", "asked")}
    for group in groups:
        for name, found in _shares(report, group).items():
            cells[name] |= found
    labels = {
        "all": t("Tổng số để tính tỷ lệ"),
        "share": t("Tỷ lệ toàn xã; sau kế hoạch"),
        "asked": t("Yêu cầu; năm sau"),
    }
    for name, label in labels.items():
        yield Row({"village": label, **cells[name]}, "total", name)


def _sum(rows: list[Row], key: str) -> Fraction | None:
    """What the cells of a column come to, for the value stored beside the formula."""
    known = [cell.value for row in rows if isinstance(cell := row.cells.get(key), Number)]
    return sum(known, Fraction(0)) if known else None


def _whole_commune(report: Report, groups: tuple[Group, ...]) -> dict[str, Cell]:
    fact = ((report.commune.get("profile") or {}).get(HOUSEHOLDS) or {}).get("value")
    cells: dict[str, Cell] = {HOUSEHOLDS: Number(Fraction(fact)) if isinstance(fact, int) else MISSING}
    for group in groups:
        share = _share(report, group)
        if group.indicator:
            cells[group.key] = Number(share[0]) if share else MISSING
            change = facts.added(report, group.indicator, group.part)
            cells |= {f"{group.key}_plan": MISSING if change is None else Number(change)} if group.plan else {}
        else:
            counted = next((g for g in groups if g.of == group.key), None)
            total = _share(report, counted) if counted else None
            cells[group.key] = Number(total[1]) if total else MISSING
    return cells


def _share(report: Report, group: Group) -> tuple[Fraction, Fraction] | None:
    return (
        facts.share_of(facts.judged(report, facts.result_year(report), group.indicator, group.part)[0])
        if group.indicator
        else None
    )


def _shares(report: Report, group: Group) -> dict[str, dict[str, Cell]]:
    """Denominator, share now and after the plan, and what this year and the next ask, each under the group's columns."""
    if not group.indicator:
        return {}
    key, plan = group.key, f"{group.key}_plan"
    rules = [
        facts.judged(report, year, group.indicator, group.part)[1]
        for year in (facts.result_year(report), facts.plan_year(report))
    ]
    limits = [MISSING if text is None else text for text in (facts.asked(report, rule) for rule in rules)]
    found: dict[str, dict[str, Cell]] = {"asked": {key: limits[0]} | ({plan: limits[1]} if group.plan else {})}
    share, change = _share(report, group), facts.added(report, group.indicator, group.part)
    if share:
        found |= {
            "all": {key: Number(share[1])},
            "share": {key: Formula(f"{{{key}@commune}}/{{{key}@all}}", share[0] / share[1], "share")},
        }
        if change is not None and group.plan:
            formula = f"({{{key}@commune}}+{{{plan}@commune}})/{{{key}@all}}"
            found["share"][plan] = Formula(formula, (share[0] + change) / share[1], "share")
    return found


# ---------------------------------------------------------------- Biểu 07


def village_work_annex(report: Report) -> Annex:
    """Biểu 07: what each village has to do; what concerns all of them; what the plan has not divided among them."""
    t, year = report.t, facts.plan_year(report)
    columns = (
        column("number", t("TT"), 4.5, "center"),
        column("code", t("Chỉ tiêu"), 7, "center"),
        column("item", t("Nội dung việc"), 44),
        column("place", t("Địa điểm"), 20),
        column("quantity", t("Khối lượng"), 8, "right"),
        column("unit", t("Đơn vị"), 8, "center"),
        column("who", t("Phụ trách"), 16),
        column("when", t("Thời hạn"), 11, "center"),
        column("state", t("Trạng thái"), 10, "center"),
        column("note", t("Ghi chú"), 14),
    )
    rows = [row for name in facts.villages(report) for row in _of_village(report, name)]
    for title, found in (
        (t("Việc chung của các thôn"), _common(report)),
        (t("Chưa phân về từng thôn"), _undivided(report)),
    ):
        if found:
            rows += [Row({"number": title}, "group"), *_counted_rows(found)]
    known, count = len(facts.villages(report)), facts.village_count(report) or 0
    notes = (
        (t("Xã có {n} thôn; kế hoạch nêu tên {named} thôn.").format(n=count, named=known),) if 0 < known < count else ()
    )
    title = t("NỘI DUNG THỰC HIỆN CỦA TỪNG THÔN NĂM {year}").format(year=year)
    return Annex("07", title, columns, tuple(rows or [_nothing()]), notes=notes)


def _of_village(report: Report, name: str) -> Iterator[Row]:
    year = facts.plan_year(report)
    found = [_work(report, row) for row in report.rows("works", year=year) if name in facts.villages_of(row)]
    found += [_addition(report, row) for row in facts.plan_items_by_village(report, name)]
    found += [_duty(row) for row in report.rows("observations", table="assignments") if name in facts.villages_of(row)]
    label = facts.village_label(report, name)
    yield Row({"number": label[:1].upper() + label[1:]}, "group")
    yield from _counted_rows(found) if found else [_nothing()]


def village_rows(report: Report, name: str) -> Iterator[Row]:
    """What one village has to do, then what concerns all of them."""
    yield from _of_village(report, name)
    if found := _common(report):
        yield Row({"number": report.t("Việc chung của các thôn")}, "group")
        yield from _counted_rows(found)


def _counted_rows(found: list[dict[str, Cell]]) -> Iterator[Row]:
    for place, cells in enumerate(found, 1):
        yield Row({"number": Number(Fraction(place)), **cells})


def _nothing() -> Row:
    return Row(dict.fromkeys(("item", "place", "quantity", "unit", "who", "when"), MISSING))


def _work(report: Report, row: dict) -> dict[str, Cell]:
    quantity = tables.fraction(row["quantity"])
    return {
        "code": row["indicator"],
        "item": row["item"],
        "place": row["place"],
        "quantity": MISSING if quantity is None else Number(quantity, "quantity"),
        "unit": term(row["unit"], report.language),
        "who": facts.body_name(row["builder"]) or MISSING,
        "when": day(row["deadline"], report.language) or MISSING,
        "state": "" if row["state"] == "planned" else state_name(row["state"], report.language),
    }


def _addition(report: Report, row: dict) -> dict[str, Cell]:
    amount = tables.fraction(row["numerator"] or row["value"])
    cells: dict[str, Cell] = {
        "code": row["indicator"] + row["part"],
        "item": row["item"],
        "who": MISSING,
        "when": MISSING,
    }
    if amount is None:
        return cells | {"quantity": row["text"]}
    return cells | {"quantity": Number(amount, "change"), "unit": term(row["unit"], report.language)}


def _duty(row: dict) -> dict[str, Cell]:
    return {"item": row["text"], "who": facts.body_name(row["item"]), "when": MISSING}


def _common(report: Report) -> list[dict[str, Cell]]:
    rows = in_common(report)
    who = _who(report)
    dates = [
        {"item": row["item"], "when": row["text"], "who": facts.body_name(who[row["observation"]]) or MISSING}
        for row in rows
        if row["table"] == "schedule"
    ]
    duties = [_duty(row) for row in rows if row["table"] == "assignments"]
    return [*duties, *dates, *(_work(report, work) for work in _open_works(report) if _is_for_all(report, work))]


def _who(report: Report) -> dict[str, str]:
    """Id of a row of the schedule → whose it is; empty where it does not say."""
    return {row["id"]: row["who"] for row in report.rows("schedule")}


def in_common(report: Report) -> list[dict]:
    """Rows of assignments and schedule that the plan gives to villages without naming one.

    A date of the schedule is theirs where it is said to be, or stands in the section that gives villages their duties.
    """
    rows, who = report.rows("observations"), _who(report)
    duties = [
        row
        for row in rows
        if row["table"] == "assignments" and not row["village"] and facts.VILLAGE_WORD.search(row["item"])
    ]
    sections = {row["section"] for row in duties}
    dates = [
        row
        for row in rows
        if row["table"] == "schedule"
        and (row["section"] in sections or facts.VILLAGE_WORD.search(who[row["observation"]] or row["quote"]))
    ]
    return duties + dates


def _undivided(report: Report) -> list[dict[str, Cell]]:
    """Numbers of households that the plan gives for the whole commune, and works that speak of villages and name none."""
    whole = [row for row in facts.plan_items_by_village(report, "") if row["kind"] == "change"]
    open_works = [work for work in _open_works(report) if not _is_for_all(report, work)]
    return [_addition(report, row) for row in whole] + [_work(report, work) for work in open_works]


def _open_works(report: Report) -> list[dict]:
    """Works for villages of which none is named."""
    found = facts.works(report, facts.plan_year(report))
    unnamed = [work for work, parts in found if not work["village"] and not any(part["village"] for part in parts)]
    return [work for work in unnamed if _is_for_villages(work)]


def _is_for_all(report: Report, work: dict) -> bool:
    """Whether a work counts every village of the commune (12 thôn of 12)."""
    return work["unit"] == "thôn" and tables.fraction(work["quantity"]) == facts.village_count(report)


def _is_for_villages(work: dict) -> bool:
    words = f"{work['item']} {work['place']} {work['builder']}"
    return bool(facts.VILLAGE_WORD.search(words)) or work["unit"].split(" ")[0] in ("hộ", "thôn")
