"""The works of the plan with their state and debt; who answers for what, where nobody does, and which villages have reported."""

from itertools import pairwise

import pandas as pd

from ntm_lib import rules
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Content,
    Inline,
    Line,
    callout,
    group,
    heading,
    inline,
    line_break,
    muted,
    paragraph,
    stack,
    strong,
    table,
)
from ntm_lib.language import number, term
from ntm_lib.plan.calendar import meeting_date
from ntm_lib.plan.villages import coverage, reports
from ntm_lib.plan.works import by_criterion, by_state, state_name, until, wholes
from ntm_lib.report.context import Report, Row
from ntm_lib.report.facts import (
    body_name,
    criteria,
    criterion_label,
    fund_name,
    money_in_all,
    money_sum,
    place_of,
    quantity_in_all,
    works,
)
from ntm_lib.report.month.monthly import Month, month_of
from ntm_lib.report.sections.evidence import sourced, sources
from ntm_lib.report.sections.money_and_needs import money_cell
from ntm_lib.report.sections.standing import verdict_badge
from ntm_lib.tables import criteria_of, decimal_text, fraction, records, total
from ntm_lib.wording.words import count_phrase, day, document_name

MONEY = ("cost", "debt")  # columns that stay away as long as nothing is known


def works_section(report: Report) -> Block:
    """How many works are in which state, the works under their criterion, and the debt."""
    found = works(report, report.year)
    if not found:
        none = report.t("Chưa có công trình, công việc nào được nhập cho năm {year}.").format(year=report.year)
        return stack(paragraph(none), _debt(report))
    return stack(paragraph(_in_short(report), lead=True), _table(report, found), _debt(report))


def debt_owed(report: Report, year: int) -> str | None:
    """Million đồng owed at the end of ``year`` as concluded for recognition, or, where the rules have no such condition,
    as the works add up; None where it is not known.
    """
    condition = report.row("conditions", year=year, condition="no-debt")
    if condition is not None:
        amount = {"met": "0", "unmet": ""}.get(condition["value"], condition["value"])
        return amount if condition["verdict"] != "no-data" and amount else None
    rows = report.rows("debts", year=year)
    said = {row["recognition"] for row in rows} - {""}
    return decimal_text(money_sum(rows, "debt")) or None if "unmet" in said or said == {"met"} else None


def _in_short(report: Report) -> str:
    """How many works there are in each state, and what the documents say of none of them."""
    t = report.t
    states = records(by_state(report.of_year("works", report.year), report.language))
    text = t("{n} công trình, công việc, không kể phần nằm trong công trình khác; trạng thái: {states}.").format(
        n=sum(int(row["works"]) for row in states), states=", ".join(f"{row['name']} {row['works']}" for row in states)
    )
    rows = report.rows("works", year=report.year)
    words = {"source": t("nguồn vốn"), "builder": t("đơn vị thực hiện"), "deadline": t("thời hạn")}
    silent = [word for column, word in words.items() if not any(row[column] for row in rows)]
    return text + (" " + t("Tài liệu không ghi {what} của việc nào.").format(what=", ".join(silent)) if silent else "")


def _table(report: Report, found: list[tuple[Row, list[Row]]]) -> Block:
    t = report.t
    rows = [row for work, parts in found for row in (work, *parts)]
    shown = [column for column in MONEY if any(row[column] for row in rows)]
    headings = {"cost": t("Kinh phí (triệu đồng)"), "debt": t("Còn nợ (triệu đồng)")}
    columns = [
        Column(t("Công trình, công việc, nơi làm"), row_header=True, width="38%"),
        Column(t("Khối lượng"), align="right"),
        Column(t("Nguồn vốn, đơn vị thực hiện, thời hạn"), width="26%"),
        Column(t("Trạng thái"), width="14%"),
        *(Column(headings[column], align="right") for column in shown),
    ]
    lines, classes = list[Line](), list[str]()
    for place, (work, parts) in enumerate(found):
        if place == 0 or work["criterion"] != found[place - 1][0]["criterion"]:
            lines.append(group(criterion_label(report, work["criterion"])))
            classes.append("")
        lines.append(_line(report, work, parts, "", shown))
        lines += [_line(report, part, [], before["item"], shown) for before, part in pairwise([work, *parts])]
        classes += ["", *["muted"] * len(parts)]
    if shown:
        lines.append([t("Cộng"), "", "", "", *_sums(report, shown)])
        classes.append("total")
    added = any(_is_added(work, parts, column) for work, parts in found for column in ("quantity", *shown))
    notes = {
        t("Dòng có dấu – nằm trong dòng trên (một phần, hoặc số hộ, số người được hưởng), không cộng thêm."): len(rows)
        > len(found),
        t("Ô để trống: tài liệu không ghi."): any(not (row["quantity"] and _who(report, row)) for row in rows),
        t("Trạng thái để trống: mới là kế hoạch."): any(row["state"] == "planned" for row in rows),
        t("* cộng từ các phần."): added,
    }
    note = " ".join(text for text, occurs in notes.items() if occurs)
    caption = t("Công trình, công việc kế hoạch năm {year}").format(year=report.year)
    return table(columns, lines, caption=caption, anchor="works", row_classes=classes, note=note)


def _line(report: Report, row: Row, parts: list[Row], above: str, shown: list[str]) -> list[Content]:
    """Cells of a work; ``above``: what the row above calls it, for a row that lies inside another."""
    quantity, unit = quantity_in_all(row, parts)
    amounts = {"quantity": count_phrase(quantity, unit, report.language) if quantity else ""}
    amounts |= {
        column: money_cell(report, decimal_text(money_sum(money_in_all(row, parts, column), column)))
        for column in shown
    }
    cells = {
        c: (amount + (" *" if _is_added(row, parts, c) else "")).replace(" ", "\N{NO-BREAK SPACE}")
        for c, amount in amounts.items()
    }
    state = "" if row["state"] == "planned" else state_name(row["state"], report.language)
    return [_named(report, row, above), sourced(cells.pop("quantity"), row), _who(report, row), state, *cells.values()]


def _is_added(work: Row, parts: list[Row], column: str) -> bool:
    """Whether what is shown of a work is the sum of what lies inside it, for want of a figure of its own."""
    if column == "quantity":
        return not work["quantity"] and quantity_in_all(work, parts)[0] != ""
    return money_in_all(work, parts, column) not in ([], [work])


def _sums(report: Report, shown: list[str]) -> list[str]:
    rows = records(by_criterion(report.of_year("works", report.year)))
    return [number(total(row[column] for row in rows), report.language, 1) for column in shown]


def _named(report: Report, row: Row, above: str) -> Inline:
    """Number of the indicator and words of the plan, the place below; what the row above calls the same is named by its place."""
    place = place_of(report, row)
    if row["item"] == above and place:
        return inline(f"– {place}")
    name = f"– {row['item']}" if above else f"{row['indicator']}{row['part']} {row['item']}".strip()
    return inline(name, *((line_break(), muted(place)) if place else ()))


def _who(report: Report, row: Row) -> str:
    t = report.t
    pieces = [
        fund_name(report, row["source"]),
        t("thực hiện: {who}").format(who=row["builder"]) if row["builder"] else "",
        t("hạn: {when}").format(when=day(row["deadline"], report.language)) if row["deadline"] else "",
    ]
    return "; ".join(filter(None, pieces))


def _debt(report: Report) -> Block:
    """What is owed, by criterion, and what that does to recognition; works of earlier years count too."""
    t = report.t
    known = report.rows("debts", year=report.year)
    rows = [row for row in known if row["debt"] not in ("", "0") or row["debt_unknown"] != "0"]
    condition = report.row("conditions", year=report.year, condition="no-debt")
    wanted = t("Chưa công trình nào được ghi là đang thực hiện hoặc đã xong, nên chưa có số liệu nợ đọng.")
    told = [] if any(row["recognition"] for row in known) else [paragraph(wanted)]
    if condition:
        weight = "info" if condition["verdict"] == "met" else "warning"
        told = [callout(weight, _condition(report, condition, known))]
    body = [*told, *([_debt_table(report, rows)] if rows else []), *_owed_from_before(report)]
    return stack(heading(t("Nợ đọng xây dựng cơ bản"), 3), *body) if body else stack()


def _owed_from_before(report: Report) -> list[Block]:
    """Works of earlier years that still owe something: the table of this year's works does not hold them."""
    t = report.t
    owing = [whole for whole in wholes(until(report.works, report.year - 1)) if whole.debt]
    text = t("{item} (năm {year}): {debt} triệu đồng")
    named = [text.format(item=w.work.item, year=w.work.year, debt=number(w.debt, report.language, 1)) for w in owing]
    return (
        [paragraph(t("Trong đó nợ của công trình các năm trước: {list}.").format(list="; ".join(named)))]
        if named
        else []
    )


def _condition(report: Report, row: Row, known: list[Row]) -> str:
    """The condition of recognition, what it rests on, and what was concluded of it; ``known``: rows of ``debts``."""
    source = ", ".join(
        filter(None, [document_name(row["document"], report.language), term(row["article"], report.language)])
    )
    entries = rules.valid_entries(report.rule_set.meta["recognition"], f"{report.year}-12-31")
    name = next(e["name"][report.language] for e in entries if e["id"] == row["condition"])
    text = report.t("Điều kiện công nhận “{name}” ({source}): {text}")
    return text.format(name=name, source=source, text=_concluded(report, row, known))


def _concluded(report: Report, row: Row, known: list[Row]) -> str:
    t = report.t
    if row["verdict"] == "met":
        if any(of_works["recognition"] == "met" for of_works in known):
            return t("Không còn nợ đọng xây dựng cơ bản ở các công trình đã có số liệu.")
        return t("Không còn nợ đọng xây dựng cơ bản, theo kết quả xã nhập.")
    if row["verdict"] == "no-data":
        if row["reason"] == "conflict":
            return t("Các nguồn trái nhau về nợ đọng xây dựng cơ bản: chưa kết luận được điều kiện này.")
        if not any(of_works["recognition"] for of_works in known):
            return t("chưa kết luận được, vì chưa công trình nào được ghi là đang thực hiện hoặc đã xong.")
        return t("chưa kết luận được, vì chưa có số liệu nợ đọng xây dựng cơ bản.")
    count = sum(len(of_works["observation"].split(";")) for of_works in known if of_works["observation"])
    debt = number(row["value"], report.language) if fraction(row["value"]) is not None else ""
    if count and debt:
        text = t("Còn nợ đọng {debt} triệu đồng ở {count} công trình: chưa đủ điều kiện công nhận cho đến khi trả hết.")
    elif debt:
        text = t("Còn nợ đọng {debt} triệu đồng: chưa đủ điều kiện công nhận cho đến khi trả hết.")
    else:
        text = t("Còn nợ đọng xây dựng cơ bản: chưa đủ điều kiện công nhận cho đến khi trả hết.")
    return text.format(debt=debt, count=count)


def _debt_table(report: Report, rows: list[Row]) -> Block:
    t = report.t
    columns = [
        Column(t("Tiêu chí"), row_header=True, width="40%"),
        Column(t("Kết luận"), width="16%"),  # what is built on debt beside what it reached
        Column(t("Công trình đã hoặc đang làm"), align="right"),
        Column(t("Chưa ghi số nợ"), align="right"),
        Column(t("Còn nợ (triệu đồng)"), align="right"),
    ]
    reached = {row["criterion"]: verdict_badge(report, row).text for row in report.rows("criteria", year=report.year)}
    cells: list[list[Content]] = [
        [criterion_label(report, c := row["criterion"]), reached.get(c, "–"), row["built"], row["debt_unknown"], money_cell(report, row["debt"])]
        for row in rows
    ]  # fmt: skip
    sums = [str(sum(int(row[c]) for row in rows)) for c in ("built", "debt_unknown")]
    cells.append([t("Cộng"), "", *sums, number(total(row["debt"] for row in rows), report.language, 1)])
    caption = t("Nợ đọng theo tiêu chí, tính đến hết năm {year}").format(year=report.year)
    return table(columns, cells, caption=caption, anchor="debt", row_classes=[*[""] * len(rows), "total"])


# ---------------------------------------------------------------- people


STATES = ("on-time", "late", "undated", "missing")


def people_section(report: Report) -> Block:
    """The criteria that nobody answers for, every duty with whoever has it, and the monthly reports of the villages."""
    t = report.t
    assigned = _assignments(report)
    if assigned.empty:
        none = t("Chưa nhập phân công nào: chưa xác định được ai chịu trách nhiệm từng tiêu chí.")
        return stack(callout("warning", none), _reported(report))
    return stack(_uncovered(report, assigned), _duties(report, assigned), _reported(report))


def _assignments(report: Report) -> pd.DataFrame:
    """Rows of assignments.csv as ``plan.reporting`` takes them."""
    found = report.observations[report.observations["table"] == "assignments"]
    return found.rename(columns={"observation": "id", "item": "who", "text": "duty"})


def _uncovered(report: Report, assigned: pd.DataFrame) -> Block:
    """The criteria for which the documents name nobody: a gap that the committee has to close."""
    t = report.t
    known = criteria(report)
    found = coverage(assigned, known)
    missing = list(found.loc[found["assigned"] == "", "criterion"])
    if not missing:
        return paragraph(t("Mỗi tiêu chí đều có người hoặc tổ chức phụ trách."))
    text = t("Tài liệu không nêu ai chịu trách nhiệm tiêu chí {list}. Ban Chỉ đạo cần phân công.")
    head = t("{n}/{total} tiêu chí chưa có người phụ trách. ").format(n=len(missing), total=len(known))
    return callout("warning", strong(head), text.format(list=", ".join(missing)))


def _duties(report: Report, assigned: pd.DataFrame) -> Block:
    """Every duty under its criterion, then those that name none; a column of villages where any is named."""
    t = report.t
    rows = records(assigned)
    villages = any(row["village"] for row in rows)
    columns = [
        Column(t("Người, tổ chức"), row_header=True, width="34%"),
        Column(t("Việc được giao"), width="48%" if villages else "66%"),
        *([Column(t("Thôn"), width="18%")] if villages else []),
    ]
    known, lines = criteria(report), list[Line]()
    for criterion in [*known, ""]:
        mine = [row for row in rows if criterion in ({*criteria_of(row["criterion"])} & {*known} or {""})]
        if mine:
            lines.append(
                group(criterion_label(report, criterion) if criterion else t("Việc chung, không nêu tiêu chí"))
            )
            lines += [_duty(row, villages) for row in mine]
    note = _duties_by(report, rows)
    if not villages:
        note = f"{note} {t('Không việc nào được giao theo từng thôn.')}".strip()
    return table(columns, lines, caption=t("Ai chịu trách nhiệm việc gì"), anchor="duties", note=note)


def _duties_by(report: Report, rows: list[Row]) -> str:
    """Which documents give the duties, and of when: a duty has no year, its document may be younger than the report."""
    named = {
        name: f"{document_name(name, report.language)} ({day(written, report.language)})" if written else name
        for name in (row["document"] for row in rows)
        for written in [report.documents.get(name, {}).get("date", "")]
        if name
    }
    return report.t("Theo {list}.").format(list="; ".join(named.values())) if named else ""


def _duty(row: Row, villages: bool) -> list[Content]:
    place = [row["village"].replace("; ", ", ") or "–"] if villages else []
    return [body_name(row["who"]), inline(row["duty"], sources({"observation": row["id"]})), *place]


def _reported(report: Report) -> Block:
    """Which villages reported in which month, by the day of the meeting, up to the last month that anybody reported on."""
    t = report.t
    if report.progress.empty:
        return paragraph(t("Chưa thôn nào có báo cáo tiến độ tháng được nhập."))
    month = month_of(report, 12)
    told = [int(row["month"]) for row in records(month.progress) if int(row["year"]) == report.year]
    if not told or not month.villages:
        return paragraph(t("Chưa có báo cáo tiến độ tháng nào của các thôn trong năm {year}.").format(year=report.year))
    found = {m: _states(month, m) for m in range(1, max(told) + 1)}
    words = {"on-time": t("Đúng hạn"), "late": t("Muộn"), "undated": t("Không ghi ngày"), "missing": t("Chưa báo cáo")}
    shown = [state for state in STATES if any(state in states.values() for states in found.values())]
    columns = [Column(t("Thôn"), row_header=True), *(Column(words[state]) for state in shown)]
    cells = [
        [who, *(", ".join(str(m) for m, states in found.items() if states[who] == state) or "–" for state in shown)]
        for who in month.villages
    ]
    caption = t("Thôn nào đã báo cáo tháng nào, từ tháng 1 đến tháng {month} năm {year}").format(
        month=max(told), year=report.year
    )
    note = t("Số là tháng. Đúng hạn: không sau ngày Ban Chỉ đạo họp hằng tháng.")
    return table(columns, cells, caption=caption, anchor="reports", note=note)


def _states(month: Month, number: int) -> dict[str, str]:
    """State of each village's report for one month."""
    due = meeting_date(month.schedule, month.report.year, number, month.rule)
    found = reports(month.progress, month.villages, month.report.year, number, due)
    return dict(zip(found["who"], found["state"], strict=True))
