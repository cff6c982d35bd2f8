"""The money: sources, the check of their sum, the works of each criterion; and what it takes: for every unmet or planned indicator the smallest number that is enough."""

import pandas as pd

from ntm_lib.doc.blocks import Block, Column, bullets, callout, paragraph, screen, stack, table, table_of
from ntm_lib.language import number, percent, term
from ntm_lib.plan.money import UNASSIGNED, by_source, check_of_sum, money_by_criterion
from ntm_lib.plan.needs import POINTS, STEPS
from ntm_lib.report.context import Report, Row
from ntm_lib.report.facts import FEWEST, criterion_label, figures, indicator_label, over_years, over_years_text
from ntm_lib.report.sections.evidence import sourced
from ntm_lib.report.sections.evidence import sources as raw_rows
from ntm_lib.tables import decimal_text, fraction, records, total
from ntm_lib.wording.words import OPERATORS, bounded, count_phrase, exact_phrase, is_unchecked, reason_word

USED = ("allocated", "spent", "left")  # columns of money.SOURCES that stay away as long as nothing is known


def funding_section(report: Report) -> Block:
    """Sources with shares and what is allocated and spent, the printed total against the sum, the money by criterion."""
    t = report.t
    rows = records(by_source(_of_one_year(report), report.year, report.language))
    several = [paragraph(f"{text}.") for text in over_years_text(report, report.year)]
    if not rows:
        missing = t("Chưa có số liệu về nguồn vốn của năm {year}.").format(year=report.year)
        return stack(paragraph(missing), *several, _by_criterion(report))
    return stack(
        _funds(report, rows),
        _sum_check(report, rows[-1]),
        *several,
        _by_criterion(report),
    )


def _of_one_year(report: Report) -> pd.DataFrame:
    """The table ``funding`` without what a source gives for several years together."""
    several = {row["observation"] for row in over_years(report, report.year)}
    return report.funding[~report.funding["observation"].isin(several)]


def money_cell(report: Report, text: str) -> str:
    """Million đồng with one digit; a dash where it is not known."""
    return number(text, report.language, 1) if text else "–"


def _funds(report: Report, rows: list[Row]) -> Block:
    """``rows``: the sources, then their sum."""
    t = report.t
    names = {"allocated": t("Đã phân bổ"), "spent": t("Đã giải ngân"), "left": t("Chưa giải ngân")}
    used = [column for column in USED if any(row[column] for row in rows)]
    columns = [
        Column(t("Nguồn vốn"), row_header=True),
        Column(t("Kế hoạch (triệu đồng)"), align="right"),
        Column(t("Tỷ trọng"), align="right"),
        *(Column(names[column], align="right") for column in used),
    ]
    cells = [
        [row["name"], sourced(money_cell(report, row["planned"]), row), *_money_figures(report, row, used)]
        for row in rows[:-1]
    ]
    total = rows[-1]
    cells.append(
        [
            t("Cộng {n} nguồn").format(n=len(cells)),
            money_cell(report, total["planned"]),
            *_money_figures(report, total, used),
        ]
    )
    note = "" if used else t("Chưa có số liệu đã phân bổ, đã giải ngân của nguồn nào.")
    caption = t("Nguồn vốn kế hoạch năm {year}").format(year=report.year)
    return table(
        columns, cells, caption=caption, anchor="funding", row_classes=[*[""] * (len(cells) - 1), "total"], note=note
    )


def _money_figures(report: Report, row: Row, used: list[str]) -> list[str]:
    return [
        percent(row["share"], report.language) if row["share"] else "–",
        *(money_cell(report, row[column]) for column in used),
    ]


def _sum_check(report: Report, total: Row) -> Block:
    """The sum against the total that the document prints; ``total``: the last row of ``by_source``."""
    t = report.t
    row = check_of_sum(_of_one_year(report), report.year).iloc[0]
    if not row["printed"]:
        return callout("warning", t("Tài liệu không ghi tổng kinh phí, nên không đối chiếu được."))
    if not row["agree"]:
        return callout(
            "warning", t("Chưa đối chiếu được tổng kinh phí: {n} nguồn chưa có số tiền.").format(n=row["unknown"])
        )
    shown = {c: number(row[c], report.language) for c in ("sum", "printed")}
    if row["agree"] == "yes":
        return paragraph(
            t("Đối chiếu: các nguồn cộng lại {sum} triệu đồng, đúng bằng tổng ghi trong kế hoạch.").format(**shown),
            raw_rows(total),
        )
    return callout(
        "error",
        t("Đối chiếu: các nguồn cộng lại {sum} triệu đồng, khác tổng ghi trong kế hoạch {printed} triệu đồng.").format(
            **shown
        ),
        raw_rows(total),
    )


def _by_criterion(report: Report) -> Block:
    """What the works of each criterion are known to cost, and the money that no work is known to use."""
    rows = money_by_criterion(report.works, _of_one_year(report), report.year, report.language).to_dict("records")
    criteria = [row for row in rows if row["criterion"] != UNASSIGNED]
    rest = [row for row in rows if row["criterion"] == UNASSIGNED]
    if not any(row["cost"] for row in criteria):
        return stack(*(paragraph(_undivided(report, row)) for row in rest if row["share"]))
    over = [row for row in rest if (left := fraction(row["cost"])) is not None and left < 0]
    text = report.t("Kinh phí đã biết của các công trình vượt tổng các nguồn vốn {amount} triệu đồng.")
    told = [callout("error", text.format(amount=number(row["cost"].lstrip("-"), report.language))) for row in over]
    return stack(_table_by_criterion(report, criteria, [row for row in rest if row not in over]), *told)


def _undivided(report: Report, row: Row) -> str:
    text = report.t(
        "Tài liệu không ghi kinh phí của công trình, công việc nào: {amount} triệu đồng ({share}) chưa phân bổ theo công trình."
    )
    amount, share = number(row["cost"], report.language), percent(row["share"], report.language, 0)
    return text.format(amount=amount, share=share)


def _table_by_criterion(report: Report, criteria: list[Row], rest: list[Row]) -> Block:
    t = report.t
    columns = [
        Column(t("Tiêu chí"), row_header=True, width="46%"),
        Column(t("Công trình, công việc"), align="right"),
        Column(t("Chưa ghi đủ kinh phí"), align="right"),
        Column(t("Kinh phí đã biết (triệu đồng)"), align="right"),
        Column(t("Tỷ trọng"), align="right"),
    ]
    cells = [
        [criterion_label(report, row["criterion"]), row["works"], row["cost_unknown"], *_cost(report, row)]
        for row in criteria
    ]
    cells += [[row["name"][:1].upper() + row["name"][1:], "", "", *_cost(report, row)] for row in rest]
    counts = [str(sum(int(row[c]) for row in criteria)) for c in ("works", "cost_unknown")]
    cells.append([t("Cộng"), *counts, *_sum(report, [*criteria, *rest])])
    classes = [*[""] * (len(cells) - 1), "total"]
    caption = t("Kinh phí theo tiêu chí năm {year}").format(year=report.year)
    return table(columns, cells, caption=caption, anchor="money-by-criterion", row_classes=classes)


def _sum(report: Report, rows: list[Row]) -> list[str]:
    """Cost and share of all the rows: where money is left to assign, that of all the sources."""
    return _cost(
        report,
        {
            c: decimal_text(total(row[c] for row in rows)) if any(row[c] for row in rows) else ""
            for c in ("cost", "share")
        },
    )


def _cost(report: Report, row: Row) -> list[str]:
    return [money_cell(report, row["cost"]), percent(row["share"], report.language) if row["share"] else "–"]


# ---------------------------------------------------------------- what it takes, now and by the next threshold


def needs_section(report: Report) -> Block:
    """One table of what each indicator takes, the growth of levels, and the figures that nothing could be concluded of."""
    t = report.t
    rows, others = _concluded(report), _not_concluded(report)
    if not rows:
        none = t("Không có chỉ tiêu nào có số liệu hoặc kế hoạch để tính.")
        return stack(paragraph(none), bullets(_remarks(report, rows, others)))
    short = paragraph(_in_short(report, rows, len(others)), lead=True)
    shown = _table(report, rows)
    if figures(report) < FEWEST:  # page one draws as much
        shown = screen(shown)
    return stack(short, shown, bullets(_remarks(report, rows, others)))


def _concluded(report: Report) -> list[Row]:
    return [row for row in report.rows("needs", year=report.year) if row["verdict"] != "no-data"]


def _not_concluded(report: Report) -> list[Row]:
    """Rows of the year with a figure that could not be compared: nothing is computed with them. A whole is told by its parts,
    unless one household must have them together: then each may be enough and the whole not concluded.
    """
    joined = {(row["indicator"], row["part"]) for row in report.rows("thresholds", year=report.year) if row["join"]}
    return [
        row
        for row in report.rows("indicators", year=report.year, verdict="no-data")
        if row["value"] and (row["reason"] == "joint" or (row["indicator"], row["part"]) not in joined)
    ]


def just_enough(report: Report) -> list[str]:
    """What is met with nothing to spare: ``18.2 (vừa đủ)``."""
    rows = [row for row in _concluded(report) if (row["missing"], row["spare"]) == ("0", "0")]
    return [f"{row['indicator']}{row['part']} ({_gap(report, row)})" for row in rows]


def _in_short(report: Report, rows: list[Row], not_concluded: int) -> str:
    """How many are enough by this year's rule, how many lack something, now or by the next threshold."""
    t = report.t
    enough = sum(row["missing"] == "0" for row in rows)
    short = sum(row["missing"] not in ("", "0") for row in rows)
    total = len(rows) + not_concluded
    words = (
        (enough, t("{n} đã đủ theo ngưỡng năm {year}")),
        (short, t("{n} còn thiếu")),
        (total - enough - short, t("{n} chưa tính được")),
    )
    parts = ", ".join(text.format(n=n, year=report.year) for n, text in words if n)
    told = [t("Trong {total} chỉ tiêu, nội dung có số liệu hoặc kế hoạch, {parts}.").format(total=total, parts=parts)]
    later = sum(row["next_missing"] not in ("", "0") for row in rows)
    if later:
        told.append(t("Theo ngưỡng đã biết của các năm sau, {count} chỉ tiêu còn phải làm thêm.").format(count=later))
    elif any(row["next_year"] for row in rows):
        told.append(t("Theo ngưỡng đã biết của các năm sau, chưa chỉ tiêu nào phải làm thêm."))
    return " ".join(told)


def _table(report: Report, rows: list[Row]) -> Block:
    t = report.t
    year = report.year_label(report.year)
    note = t("Số cần có là số nhỏ nhất đủ đạt (hoặc lớn nhất được phép), tính bằng phân số chính xác.")
    if any("*" in _needed(report, row) for row in rows):
        note = t("* mức quy định chưa đối chiếu với văn bản gốc.") + " " + note
    kinds = ["alert" if row["missing"] not in ("", "0") or row["next_missing"] not in ("", "0") else "" for row in rows]
    return table_of(
        rows,
        t("Cần bao nhiêu để đạt: năm {year} và ngưỡng đã biết kế tiếp").format(year=report.year),
        "needs",
        (Column(t("Chỉ tiêu"), row_header=True, width="36%"), lambda row: indicator_label(report, row)),
        (Column(year, align="right", width="16%"), lambda row: _now(report, row)),
        (
            Column(t("Cần có năm {year}").format(year=report.year), align="right", width="16%"),
            lambda row: _needed(report, row),
        ),
        (Column(t("Thiếu hoặc dư"), align="right", width="15%"), lambda row: _gap(report, row)),
        (Column(t("Ngưỡng kế tiếp"), align="right", width="17%"), lambda row: _next(report, row)),
        row_classes=kinds,
        note=note,
    )


def _now(report: Report, row: Row) -> str:
    if row["whole"] and row["now"]:
        return f"{number(row['now'], report.language)}/{number(row['whole'], report.language)} {term(row['unit'], report.language)}"
    value = row["value"]
    if value in ("met", "unmet"):
        return report.t({"met": "đạt", "unmet": "chưa đạt"}[value])
    if row["unit"] == STEPS:
        return term(value, report.language)
    unit = "%" if row["whole"] else _unit(row)  # a share of which the source gives no numbers
    return bounded(value, unit, row["bound"] if row["bound"] in OPERATORS else "", report.language)


def _needed(report: Report, row: Row) -> str:
    """``≥ 990 hộ *``; why a number cannot be said, where it cannot."""
    if not row["needed"]:
        return _reason(report, row["reason"]) or "–"
    return _enough(report, row, row["needed"]) + (" *" if is_unchecked(row["confidence"]) else "")


def _enough(report: Report, row: Row, needed: str) -> str:
    t = report.t
    if needed == "met":
        return t("đạt")
    if row["unit"] == STEPS:
        return term(needed, report.language)
    sign = {"more": "≥ ", "fewer": "≤ ", "": ""}[row["direction"]]
    return sign + exact_phrase(needed, _unit(row), report.language)


def _gap(report: Report, row: Row) -> str:
    t = report.t
    if row["missing"] == "":
        return "–"
    if row["missing"] != "0":
        word = t("thiếu {amount}") if row["direction"] != "fewer" else t("phải giảm {amount}")
        return word.format(amount=_amount(report, row, row["missing"]))
    if not row["spare"]:
        return t("đủ")
    if row["spare"] == "0":
        return t("vừa đủ")
    word = t("dư {amount}") if row["direction"] != "fewer" else t("còn được thêm {amount}")
    return word.format(amount=_amount(report, row, row["spare"]))


def _next(report: Report, row: Row) -> str:
    """``2025: ≥ 48 triệu đồng, thiếu 3 triệu đồng``; a threshold that stays is said to."""
    t = report.t
    if not row["next_needed"]:
        return "–"
    same = row["next_needed"] == row["needed"]
    asked = t("không đổi") if same else _enough(report, row, row["next_needed"])
    if row["next_missing"] in ("", "0"):
        gap = t("đủ") if row["next_missing"] and not same else ""
    else:
        gap = t("thiếu {amount}").format(amount=_amount(report, row, row["next_missing"]))
    return f"{row['next_year']}: " + ", ".join(filter(None, [asked, gap]))


def _amount(report: Report, row: Row, amount: str) -> str:
    return count_phrase(amount, "mức" if row["unit"] == "mức độ" else row["unit"], report.language)


def _unit(row: Row) -> str:
    return "%" if row["unit"] == POINTS else row["unit"]


def _reason(report: Report, reason: str) -> str:
    """Why what is missing cannot be said."""
    t = report.t
    return {
        "": "",
        "upper": t("chỉ biết mức cao nhất có thể có; xem từng nội dung"),
        "bound": t("nguồn chỉ ghi mức trên hoặc dưới, không có số cụ thể"),
        "impossible": t("không số nào đạt được ngưỡng này"),
        "no-numbers": t("không có tử số và mẫu số"),
        "sexes": t("phải xét riêng nam, nữ"),
        "years-running": t("phải đạt nhiều năm liên tục"),
    }[reason]


def _remarks(report: Report, rows: list[Row], not_concluded: list[Row]) -> list[str]:
    named = [
        f"{row['indicator']}{row['part']} ({reason_word(row['reason'], report.language)})" for row in not_concluded
    ]
    text = report.t("Có số liệu nhưng chưa so được với ngưỡng nên không tính số cần có: {list}.")
    return [
        *_own_targets(report),
        *_growth(report, rows),
        *([text.format(list="; ".join(named))] if named else []),
    ]


def _own_targets(report: Report) -> list[str]:
    """Targets of the commune itself, in the units people act on."""
    t = report.t
    text = t("Chỉ tiêu {target}: mục tiêu của xã là {asked}, tức ít nhất {count} trong {whole} {unit}.")
    return [
        text.format(
            target=row["indicator"] + row["part"],
            asked=bounded(aim, "%", operator, report.language),
            count=number(row["local_needed"], report.language),
            whole=number(row["whole"], report.language),
            unit=term(row["unit"], report.language),
        )
        for row in report.rows("needs", year=report.year)
        if row["local_needed"] and row["direction"] == "more"
        for operator, _, aim in [row["local_target"].partition(" ")]
    ]


def _growth(report: Report, rows: list[Row]) -> list[str]:
    """What a level such as income must grow by in each year to stay met to the end of the rule set."""
    t = report.t
    rising = t(
        "Chỉ tiêu {target}: từ mức {value} của năm {start} phải tăng ít nhất {rate}%/năm để mọi năm đến {year} đều đạt (năm {year} cần {needed}, còn thiếu {missing})."
    )
    enough = t(
        "Chỉ tiêu {target}: mức {value} của năm {start} đã đủ cho đến năm {year} (năm {year} cần {needed}); chỉ cần giữ được."
    )
    return [
        (rising if (fraction(row["growth"]) or 0) > 0 else enough).format(
            target=row["indicator"] + row["part"],
            start=row["year"],
            rate=number(row["growth"], report.language),
            year=row["growth_year"],
            **{
                name: exact_phrase(row[column], row["unit"], report.language)
                for name, column in (("value", "value"), ("needed", "growth_needed"), ("missing", "growth_missing"))
            },
        )
        for row in rows
        if row["growth"]
    ]
