"""Biểu 01 (criteria and indicators at the end of the year) and Biểu 02 (plan of every criterion)."""

import re
from collections.abc import Iterator
from fractions import Fraction

from ntm_lib import rules, tables
from ntm_lib.doc.cells import MISSING, TO_FILL, Formula, Number
from ntm_lib.doc.paper import BLANK
from ntm_lib.doc.style import basis_remark
from ntm_lib.doc.tree import Annex, Cell, Row, column
from ntm_lib.report import facts
from ntm_lib.report.context import Report
from ntm_lib.report.papers.plan_words import sentences, split_title
from ntm_lib.tables import criteria_of
from ntm_lib.wording.words import day, reason_word, verdict_word

PLANNED = ("plan", "works", "production")
_LED = re.compile(r"\d+\.\d+\. [^:]*: (?=\S)")  # "17.5. Mai táng …: " in front of what is done: the row names it
SAID = ("item", "dash", "plus", "letter", "paragraph")  # forms of sentences that say what is done


def results_annex(report: Report) -> Annex:
    """Biểu 01: what each criterion and indicator asks, what was reached, the commune's own verdict; room for the check."""
    t, year = report.t, facts.result_year(report)
    columns = (
        column("number", t("TT"), 4.5, "center"),
        column("code", t("Chỉ tiêu"), 7, "center"),
        column("name", t("Nội dung tiêu chí, chỉ tiêu"), 40),
        column("asked", t("Yêu cầu"), 13, "center"),
        column("met", t("Số đạt"), 7, "right", t("Kết quả")),
        column("all", t("Tổng số"), 7, "right", t("Kết quả")),
        column("result", t("Tỷ lệ hoặc mức"), 13, "center", t("Kết quả")),
        column("self", t("Xã tự đánh giá"), 9, "center"),
        column("checked", t("Thẩm tra"), 8, "center"),
        column("note", t("Ghi chú"), 22),
    )
    rows = [row for criterion in facts.criteria(report) for row in _criterion_rows(report, criterion)]
    return Annex(
        "01",
        t("KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ, CHỈ TIÊU ĐẾN HẾT NĂM {year}").format(year=year),
        columns,
        (*rows, *_counts(report, year)),
        notes=(t("Cột Thẩm tra do cơ quan thẩm tra ghi."),),
        names={"bieu_01_tu_danh_gia": "self", "bieu_01_ket_qua": "result", "so_tieu_chi_dat": "self@met-count"},
    )


def _criterion_rows(report: Report, criterion: str) -> Iterator[Row]:
    year = facts.result_year(report)
    row = report.row("criteria", year=year, criterion=criterion)
    cells: dict[str, Cell] = {
        "number": ordinal(criterion),
        "name": rules.criterion_name(report.rule_set, criterion, report.language),
        "self": _verdict(report, row),
        "checked": TO_FILL,
        "note": _criterion_note(report, row),
    }
    yield Row(cells, "head")
    for entry in facts.indicators(report, criterion):
        yield _indicator_row(report, entry, year)


def ordinal(criterion: str) -> Cell:
    """The number of a criterion as a number; a set may call its criteria otherwise (KM1)."""
    return Number(Fraction(criterion)) if criterion.isdigit() else criterion


def _verdict(report: Report, row: dict | None) -> Cell:
    return verdict_word(row["verdict"], report.language) if row and row["verdict"] != "no-data" else MISSING


def _criterion_note(report: Report, row: dict | None) -> str:
    if row is None or row["verdict"] == "no-data":
        return ""
    if row["contradicted"] == "yes":
        return report.t("xã công bố đạt, số liệu cho thấy chưa đạt")
    return basis_remark(row["basis"], report.language) or report.t("theo số liệu")


def _indicator_row(report: Report, entry: dict, year: int) -> Row:
    row, rule = facts.judged(report, year, entry["indicator"], entry["part"])
    if row and row["verdict"] == "not-applicable":
        result: dict[str, Cell] = {}
    else:
        result = _figures(report, entry, row, rule)
    requirement = facts.asked(report, rule)
    return Row({
        "code": entry["indicator"] + entry["part"],
        "name": facts.indicator_name(report, entry),
        "asked": MISSING if requirement is None else requirement,
        **result,
        "self": _verdict(report, row),
        "checked": TO_FILL,
        "note": _indicator_note(report, row),
    })  # fmt: skip


def _indicator_note(report: Report, row: dict | None) -> str:
    """Why an indicator does not apply; what the programme could not tell is for the report and the leaf in front."""
    if row is None or row["verdict"] != "not-applicable":
        return ""
    why = reason_word(row["reason"], report.language) if row["reason"] not in ("", "no-value") else ""
    return "; ".join(filter(None, [why, row["note"].rstrip(".")]))


def _figures(report: Report, entry: dict, row: dict | None, rule: dict | None) -> dict[str, Cell]:
    """Numerator, denominator and share, the share as a formula; of what is no share its value alone."""
    if share := facts.share_of(row):
        return {
            "met": _amount(share[0]),
            "all": _amount(share[1]),
            "result": Formula("{met}/{all}", share[0] / share[1], "share"),
        }
    text = "" if row and row["bound"] == "upper" else facts.result_text(report, row, rule)  # what its parts say
    result: Cell = text if text else "" if entry["join"] in ("all", "any") else MISSING
    value = tables.fraction(row["value"]) if row else None
    if row and row["unit"] == "%" and not row["bound"] and value is not None:
        result = Number(value / 100, "share")
    counted = entry["kind"] == "share" and not entry["join"] and not (row and row["bound"])
    return {"result": result} | ({"met": MISSING, "all": MISSING} if counted else {})


def _amount(value: Fraction) -> Number:
    return Number(value, "count" if value.denominator == 1 else "quantity")


def _counts(report: Report, year: int) -> Iterator[Row]:
    """How many criteria the commune calls met and not met, counted by the workbook itself."""
    t = report.t
    rows = report.rows("criteria", year=year)
    for verdict, name, label in (
        ("met", "met-count", t("Số tiêu chí đạt")),
        ("unmet", "unmet-count", t("Số tiêu chí chưa đạt")),
    ):
        word = verdict_word(verdict, report.language)
        count = Fraction(sum(row["verdict"] == verdict for row in rows))
        formula = f'COUNTIFS({{number@first}}:{{number@last}},"<>",{{self@first}}:{{self@last}},"{word}")'
        yield Row({"name": label, "self": Formula(formula, count)}, "total", name)


def column_sum(key: str, value: Fraction | None, form: str = "money") -> Formula:
    """Sum of a column; an empty cell as long as no row has a number."""
    area = f"{{{key}@first}}:{{{key}@last}}"
    return Formula(f'IF(COUNT({area})=0,"",SUM({area}))', value, form)


# ---------------------------------------------------------------- Biểu 02


def plan_annex(report: Report) -> Annex:
    """Biểu 02: where each indicator stands, what it shall come to, and by what: actions in the plan's words, money, person, term."""
    t, year = report.t, facts.plan_year(report)
    now, planned = t("Hiện trạng cuối năm {year}").format(year=year - 1), t("Kế hoạch năm {year}").format(year=year)
    columns = (
        column("number", t("TT"), 4.5, "center"),
        column("code", t("Chỉ tiêu"), 6.5, "center"),
        column("name", t("Nội dung tiêu chí, chỉ tiêu"), 38),
        column("asked", t("Yêu cầu năm {year}").format(year=year), 9, "center"),
        column("met", t("Số đạt"), 6.5, "right", now),
        column("all", t("Tổng số"), 6.5, "right", now),
        column("result", t("Tỷ lệ hoặc mức"), 8.5, "center", now),
        column("change", t("Tăng, giảm"), 7, "right", planned),
        column("goal", t("Mục tiêu cuối năm"), 9.5, "center", planned),
        column("action", t("Nội dung, giải pháp"), 56, "left", planned),
        column("cost", t("Kinh phí (triệu đồng)"), 9, "right", planned),
        column("who", t("Phụ trách"), 13),
        column("when", t("Thời hạn"), 9, "center"),
    )
    said = _actions(report)
    rows: list[Row] = [
        row for criterion in facts.criteria(report) for row in _plan_rows(report, criterion, said.get(criterion, {}))
    ]
    if others := said.get("other"):
        more = [Row(cells) for cells in others.get("", ())]
        rows += [Row({"number": t("Nội dung ngoài từng tiêu chí")}, "group"), *more]
    return Annex(
        "02",
        t("KẾ HOẠCH CỦNG CỐ, NÂNG CAO CHẤT LƯỢNG CÁC TIÊU CHÍ NĂM {year}").format(year=year),
        columns,
        tuple(rows),
        notes=(
            t(
                "Thời hạn chung: trong năm {year}. Kinh phí: Biểu 03; công trình: Biểu 04; việc của từng thôn: Biểu 07."
            ).format(year=year),
        ),
        names={"bieu_02_muc_tieu": "goal", "bieu_02_tang_giam": "change"},
    )


def _actions(report: Report) -> dict[str, dict[str, list[dict[str, Cell]]]]:
    """criterion → indicator (empty: the criterion itself) → cells of each action, in the sentences of the plan."""
    found: dict[str, dict[str, list[dict[str, Cell]]]] = {}
    led = ""  # the indicator of a sentence that leads to the lines below it
    for sentence in sentences(report):
        text = split_title(sentence["text"])[1] if sentence["form"] == "item" else sentence["text"]
        rows = [
            row for name in sentence["observations"].split(";") if (row := report.row("observations", observation=name))
        ]
        rows = [row for row in rows if row["table"] in PLANNED]
        codes = {row["indicator"] + row["part"] for row in rows}
        criterion = sentence["criterion"] or ("other" if any(row["criterion"] == "other" for row in rows) else "")
        leads = text.endswith(":")
        if sentence["form"] not in SAID or not criterion or text in ("", BLANK) or (leads and not rows):
            led = ""
            continue
        below = led if led and sentence["form"] in ("dash", "plus") else ""
        code = below or (codes.pop() if len(codes) == 1 and criterion != "other" else "-")
        found.setdefault(criterion, {}).setdefault(code.strip("-"), []).append(
            {"action": _LED.sub("", text, count=1) if code.strip("-") else text} | _of_works(report, rows)
        )
        led = code if leads or below else ""
    return found


def _of_works(report: Report, rows: list[dict]) -> dict[str, Cell]:
    """Money, builders and deadlines of the works among the rows."""
    found = [work for row in rows if (work := report.row("works", observation=row["observation"]))]
    found = [work for work in found if not work["part_of"]] or found
    cost = facts.money_sum(found, "cost")
    cells: dict[str, Cell] = {} if cost is None else {"cost": Number(cost, "money")}
    for key, values in (
        ("who", [w["builder"] for w in found]),
        ("when", [day(w["deadline"], report.language) for w in found]),
    ):
        if text := "; ".join(dict.fromkeys(filter(None, values))):
            cells[key] = text
    return cells


def _plan_rows(report: Report, criterion: str, said: dict[str, list[dict[str, Cell]]]) -> Iterator[Row]:
    """The criterion, its indicators, each with its first action beside it and the others below."""
    yield _plan_head(report, criterion, bool(said))
    yield from map(Row, said.get("", ()))
    for entry in facts.indicators(report, criterion):
        mine = said.get(entry["indicator"] + entry["part"], [])
        level = _level(report, criterion, entry)
        yield Row(_plan_cells(report, entry, level) | (mine[0] if mine else {}))
        yield from map(Row, mine[1:])


def _level(report: Report, criterion: str, entry: dict) -> dict | None:
    """The row of the plan that sets a level or a change for an indicator."""
    key = entry["indicator"], entry["part"]
    rows = [
        row
        for row in facts.plan_items(report, criterion)
        if (row["indicator"], row["part"]) == key and not row["village"]
    ]
    return next((row for row in rows if row["kind"] in ("target", "change")), None)


def _plan_head(report: Report, criterion: str, planned: bool) -> Row:
    """The criterion: verdict aimed at, money known, who answers for it, by when; ``planned``: something is done for it."""
    year = facts.plan_year(report)
    duties = report.rows("observations", table="assignments")
    assigned = dict.fromkeys(row["item"] for row in duties if criterion in criteria_of(row["criterion"]))
    cost = facts.money_sum(
        [
            row
            for work, parts in facts.works(report, year, criterion)
            for row in facts.money_in_all(work, parts, "cost")
        ],
        "cost",
    )
    return Row({
        "number": ordinal(criterion),
        "name": rules.criterion_name(report.rule_set, criterion, report.language),
        "goal": _verdict(report, report.row("criteria", year=year, criterion=criterion)),
        "cost": MISSING if cost is None else Number(cost, "money"),
        "who": "; ".join(assigned) or MISSING,
        "when": report.t("năm {year}").format(year=year) if planned else MISSING,
    }, "head")  # fmt: skip


def _plan_cells(report: Report, entry: dict, level: dict | None) -> dict[str, Cell]:
    """Where the indicator stands and what it shall come to: base and change give the goal by a formula."""
    before, rule_before = facts.judged(report, facts.result_year(report), entry["indicator"], entry["part"])
    now, rule = facts.judged(report, facts.plan_year(report), entry["indicator"], entry["part"])
    requirement = facts.asked(report, rule)
    cells: dict[str, Cell] = {
        "code": entry["indicator"] + entry["part"],
        "name": facts.indicator_name(report, entry),
        "asked": MISSING if requirement is None else requirement,
        **_figures(report, entry, before, rule_before),
        "goal": _goal(report, now, rule, level) or ("" if entry["join"] in ("all", "any") else MISSING),
    }
    change, base = facts.added(report, entry["indicator"], entry["part"]), facts.share_of(before)
    if change is not None:
        cells["change"] = Number(change, "change")
        if base:
            cells["goal"] = Formula("({met}+{change})/{all}", (base[0] + change) / base[1], "share")
    return cells


def _goal(report: Report, now: dict | None, rule: dict | None, level: dict | None) -> str:
    """The level aimed at, as the verdict of the plan's year saw it, else in the words of the plan."""
    if now and now["value"] and (now["basis"] == "planned" or level):
        return facts.result_text(report, now, rule) or ""
    return facts.target_text(report, level) if level and level["kind"] == "target" else ""
