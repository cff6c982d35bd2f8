"""The criteria: all of them over the years, then a section each: its indicators, what each verdict rests on, findings, notes of reviewers."""

import re

from ntm_lib import rules
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Content,
    Inline,
    Line,
    bullets,
    callout,
    group,
    heading,
    inline,
    link,
    muted,
    paper,
    paragraph,
    screen,
    stack,
    strong,
    table,
)
from ntm_lib.doc.style import legend
from ntm_lib.report.context import Report, Row, broken_since, criteria_order
from ntm_lib.report.facts import indicator_label, plan_year, production
from ntm_lib.report.sections.evidence import in_book, observation_names, sourced, sources
from ntm_lib.report.sections.figures import village_charts
from ntm_lib.report.sections.findings import answer_text
from ntm_lib.report.sections.standing import (
    margin_text,
    row_of,
    rule_of,
    threshold_text,
    told_by,
    value_text,
    verdict_badge,
)
from ntm_lib.wording.sentences import change_sentence, explain, rule_source
from ntm_lib.wording.words import change_word, day

# ---------------------------------------------------------------- over the years


def criteria_grid(report: Report) -> Block:
    """One row a criterion, one column a year; the last column says what changed since the year before. The PDF names
    those of which nothing is known in one line.
    """
    t = report.t
    columns = [
        Column(t("TC"), align="right", width="5%"),
        Column(t("Tên tiêu chí"), row_header=True, width="29%"),
        *(
            Column(report.year_label(year), align="center", width=f"{39 // len(report.years)}%")
            for year in report.years
        ),
        Column(t("So với {year}").format(year=report.last_year) if report.last_year else t("Thay đổi")),
        Column(t("Chỉ tiêu có\N{NO-BREAK SPACE}số\N{NO-BREAK SPACE}liệu"), align="right"),
    ]
    order = criteria_order(report)
    caption, note = (
        t("{count} tiêu chí qua các năm").format(count=len(order)),
        inline(legend(report.language, _shown(report)), _remarks(report)),
    )
    page = table(
        columns,
        [_grid_row(report, criterion) for criterion in order],
        caption=caption,
        anchor="grid",
        note=note,
        phone="marks",
    )
    return stack(screen(page), paper(_grid_in_short(report, order)))


def _grid_in_short(report: Report, order: list[str]) -> Block:
    """The same for the PDF, whose first page has the picture: criteria of one way through the years in one line."""
    alike: dict[str, list[str]] = {}
    for criterion in order:
        rows = {row["year"]: row for row in report.rows("criteria", criterion=criterion)}
        told = [f"{report.year_label(y)}: {verdict_badge(report, rows[y]).text}" for y in report.years if y in rows]
        alike.setdefault("; ".join(told), []).append(criterion)
    t = report.t
    lines = [
        inline(strong(t("Tiêu chí {n}").format(n=", ".join(names))), f". {told}.") for told, names in alike.items()
    ]
    remarks = [paragraph(text) for text in filter(None, [_remarks(report)])]
    head = paragraph(t("Các tiêu chí cùng một diễn biến đứng chung một dòng:"), anchor="grid", lead=True)
    return stack(head, bullets(lines), *remarks)


def _shown(report: Report) -> set[str]:
    """What the legend has to explain: the basis of what is met, else the verdict."""
    return {row["basis"] if row["verdict"] == "met" else row["verdict"] for row in report.rows("criteria")}


def criterion_anchor(criterion: str) -> str:
    return f"criterion-{criterion}"


def _grid_row(report: Report, criterion: str) -> list[Content]:
    by_year = {row["year"]: row for row in report.rows("criteria", criterion=criterion)}
    verdicts = [verdict_badge(report, by_year[year]) if year in by_year else "" for year in report.years]
    change = report.row("changes", criterion=criterion, indicator="", to_year=report.year)
    word = change_word(change, report.language) if change else ""
    now = by_year[report.year]
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    return [
        criterion,
        link(name, criterion_anchor(criterion)),
        *verdicts,
        word,
        f"{now['with_value']}/{now['indicators']}",
    ]


def _remarks(report: Report) -> str:
    """What the cells cannot say: counts announced without names, and years without data."""
    t = report.t
    counted = report.rows("observations", criterion="all", kind="declared")
    who = {"press": t("báo chí"), "site": t("trang tin"), "commune": t("xã {name}").format(name=report.commune["name"])}
    notes = [
        t("Năm {year}: {who} nêu “{text}”, không nêu tên từng tiêu chí đạt.").format(
            year=row["year"], who=who[told_by(report, row)], text=row["text"]
        )
        for row in counted
        if row["denominator"] and row["numerator"] != row["denominator"] and row["year"] in report.years
    ]
    notes += [
        t("Kết quả năm {year} là theo bộ tiêu chí trước.").format(year=year)
        for year in report.years
        if (of := {row["declared_rule_set"] for row in report.rows("criteria", year=year)} - {""})
        and report.rule_set.id not in of
    ]
    if any(row["basis"] == "declared" and told_by(report, row) != "commune" for row in report.rows("criteria")):
        notes.append(t("“Theo báo chí”, “theo trang tin”: chỉ đọc được ở đó, chưa có văn bản của xã."))
    gap = [year for year in range(report.years[0], report.year) if year not in report.years]
    if gap:
        notes.append(t("Không có số liệu của năm {years}.").format(years=", ".join(map(str, gap))))
    return " ".join(notes)


# ---------------------------------------------------------------- one by one


def criteria_sections(report: Report) -> Block:
    """All criteria in the order of the decision, after a line on how to read the tables."""
    told = report.t("Cách đọc: {key} Mã trong ngoặc vuông dẫn tới dòng số liệu gốc ở Phụ lục 2.")
    rows = report.rows("indicators", year=report.year)
    sections = stack(
        paragraph(muted(told.format(key=_key(report, rows, whole=True)))),
        *(criterion_section(report, criterion) for criterion in criteria_order(report)),
    )
    return stack(screen(sections), paper(_in_short(report)))


def _key(report: Report, rows: list[Row], whole: bool = False) -> str:
    """How to read a table of ``rows``: only what occurs in it. ``whole``: with all that can be said of a margin."""
    t, years = report.t, {report.year, report.last_year or report.year}
    margin = t("Chênh lệch: dấu + là phía đạt.")
    if whole:
        margin = t(
            "Chênh lệch: dấu + là phía đạt (với chỉ tiêu càng thấp càng tốt cũng vậy); trong ngoặc là số hộ, số thôn … còn dư hoặc còn thiếu."
        )
    parts = {
        t("KH là kế hoạch."): any(map(report.is_plan, years)),
        margin: any(row["margin"] for row in rows),
        t("* mức quy định chưa đối chiếu với văn bản gốc."): any("*" in threshold_text(report, row) for row in rows),
    }
    return " ".join(text for text, occurs in parts.items() if occurs)


def _in_short(report: Report) -> Block:
    """The same for the PDF: one table of what has a figure, a sentence for each criterion that has none, notes of reviewers."""
    t, lines, shown = report.t, list[Line](), list[Row]()
    without: dict[str, list[str]] = {}
    for criterion in criteria_order(report):
        rows = [row for row in report.rows("indicators", criterion=criterion, year=report.year) if row["value"]]
        if rows:
            above = group(_summed_up(report, criterion), anchor=criterion_anchor(criterion))
            lines += [above, *(_indicator_cells(report, row) for row in rows)]
            shown += rows
        else:
            now = report.one("criteria", criterion=criterion, year=report.year)
            name = rules.criterion_name(report.rule_set, criterion, report.language)
            verdict = "" if now["verdict"] == "no-data" else f"{verdict_badge(report, now).text}: "
            without.setdefault(verdict, []).append(f"{criterion}. {name}")
    caption = t("Chỉ tiêu, nội dung có số liệu hoặc mục tiêu năm {year}").format(year=report.year)
    note = _key(report, shown)
    listed = (
        [table(_indicator_columns(report), lines, caption=caption, anchor="indicators", note=note)] if lines else []
    )
    head = t("Các tiêu chí khác chưa có chỉ tiêu nào có số liệu:") if lines else t("Chưa chỉ tiêu nào có số liệu:")
    told = [inline(verdict, "; ".join(names), ".") for verdict, names in without.items()]
    said = [paragraph(head, lead=True), bullets(told)] if told else []
    notes = (
        [_notes(report, report.rows("indicators", criterion=c, year=report.year)) for c in criteria_order(report)]
        if report.notes
        else []
    )
    return stack(*listed, *said, *(note for note in notes if note.html))


def _summed_up(report: Report, criterion: str) -> Inline:
    """``Tiêu chí 11. Nghèo đa chiều: ✓ Đạt (theo kế hoạch); chưa có số liệu của 11.2, 11.3``."""
    t, now = report.t, report.one("criteria", criterion=criterion, year=report.year)
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    title = t("Tiêu chí {number}. {name}").format(number=criterion, name=name)
    rows = report.rows("indicators", criterion=criterion, year=report.year)
    missing = [
        row["indicator"] + row["part"]
        for row in rows
        if not row["value"] and row["verdict"] == "no-data" and not rule_of(report, row)["join"]
    ]
    verdict = "" if now["verdict"] == "no-data" else inline(": ", verdict_badge(report, now).text)
    return inline(title, verdict, t("; chưa có số liệu của {list}").format(list=", ".join(missing)) if missing else "")


def criterion_section(report: Report, criterion: str) -> Block:
    """Heading with verdict, table of indicators, sentences, findings, notes."""
    t = report.t
    now = report.one("criteria", criterion=criterion, year=report.year)
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    title = t("Tiêu chí {number}. {name}").format(number=criterion, name=name)
    rows = report.rows("indicators", criterion=criterion, year=report.year)
    return stack(
        heading(title, 3, anchor=criterion_anchor(criterion)),
        paragraph(
            strong(report.year_label(report.year)),
            " ",
            verdict_badge(report, now),
            ". ",
            _coverage(report, now),
            sources(now),
            lead=True,
        ),
        _indicator_table(report, criterion, rows),
        village_charts(report, criterion),
        _produced(report, criterion),
        _causes(report, criterion),
        _sentences(report, rows),
        _findings(report, criterion),
        _notes(report, rows),
    )


def _produced(report: Report, criterion: str) -> Block:
    """What the plan wants grown and raised, beside the income that it is to bring."""
    rows = production(report, criterion)
    if not rows:
        return stack()
    listed = "; ".join(f"{row['item']}: {row['text']}" for row in rows)
    return paragraph(report.t("Kế hoạch sản xuất năm {year}: {list}.").format(year=plan_year(report), list=listed))


def _causes(report: Report, criterion: str) -> Block:
    """Why the commune says that it fell short: provisions of kind cause whose item names the criterion or an indicator of it."""
    said = [
        row["value"].rstrip(" .")
        for row in report.rows("provisions", kind="cause")
        if criterion in re.findall(r"(?<![\d/.,])(\d{1,2})(?:\.\d{1,2})?[a-z]?(?![\d/%])", row["item"])
    ]
    return paragraph(report.t("Nguyên nhân xã nêu: {list}.").format(list="; ".join(said))) if said else stack()


def _coverage(report: Report, now: Row) -> str:
    t = report.t
    if now["contradicted"] == "yes":
        return t("Số liệu trái với kết quả công bố: xem kiến nghị bên dưới.")
    known, total = int(now["with_value"]), int(now["indicators"])
    if known == total:
        return t("Mọi chỉ tiêu đều kết luận được bằng con số.")
    if not known:
        return t("Chưa chỉ tiêu nào kết luận được bằng con số.")
    return t("{known}/{total} chỉ tiêu kết luận được bằng con số.").format(known=known, total=total)


def _indicator_table(report: Report, criterion: str, rows: list[Row]) -> Block:
    t = report.t
    cells = [_indicator_cells(report, row) for row in rows]
    caption = t("Các chỉ tiêu của tiêu chí {number}").format(number=criterion)
    return table(
        _indicator_columns(report),
        cells,
        caption=caption,
        anchor=f"indicators-{criterion}",
        note=_rule_sources(report, rows),
    )


def _indicator_columns(report: Report) -> list[Column]:
    t = report.t
    return [
        Column(t("Chỉ tiêu"), row_header=True, width="34%"),
        Column(t("Mức quy định"), width="17%"),
        *([Column(report.year_label(report.last_year), align="right")] if report.last_year else []),
        Column(report.year_label(report.year), align="right"),
        Column(t("Kết luận"), align="center"),
        Column(t("Chênh lệch"), align="right"),
    ]


def _rule_sources(report: Report, rows: list[Row]) -> str:
    """``Căn cứ ngưỡng: Quyết định 318/QĐ-TTg, Phụ lục I, cột …, năm 2024.``; which indicators, where there are several."""
    t = report.t
    places: dict[str, list[str]] = {}
    for row in rows:
        rule = rule_of(report, row)
        if row["document"] and (row["threshold"] or not rule["join"]):
            places.setdefault(rule_source(row, rule, report.language), []).append(row["indicator"] + row["part"])
    named = [f"{place} ({', '.join(which)})" if len(places) > 1 else place for place, which in places.items()]
    return t("Căn cứ ngưỡng: {places}.").format(places="; ".join(named)) if named else ""


def _indicator_cells(report: Report, row: Row) -> list[Content]:
    before = row_of(report, report.last_year, row["indicator"], row["part"]) if report.last_year else None
    then = value_text(report, before)
    if before and before["value"] and broken_since(report, before):
        then = report.t("{value} (cách tính cũ)").format(value=then)
    return [
        indicator_label(report, row),
        in_book(report, threshold_text(report, row), row),
        *([sourced(then, before)] if report.last_year else []),
        sourced(value_text(report, row), row),
        verdict_badge(report, row),
        margin_text(report, row),
    ]


def _sentences(report: Report, rows: list[Row]) -> Block:
    """One sentence a verdict; of indicators without any value the line above the table has said it."""
    return bullets(
        [
            _sentence(report, row)
            for row in rows
            if row["verdict"] != "no-data" or row["value"] or row["reason"] == "trait"
        ]
    )


def _sentence(report: Report, row: Row) -> Inline:
    """The verdict in words, its raw rows and what was noted there; of a whole, its parts below say what was noted."""
    rule = rule_of(report, row)
    text = explain(row, rule, report.language, sourced=False)
    change = report.row("changes", indicator=row["indicator"], part=row["part"], to_year=report.year)
    if change and change["change"]:
        text += " " + change_sentence(change, report.language)
    told = inline(strong(row["indicator"] + row["part"]), " ", text, sources(row))
    if rule["join"]:
        return told
    rows = [report.row("observations", observation=name) for name in observation_names(row)]
    remarks = dict.fromkeys(
        row["note"] for row in rows if row and row["note"]
    )  # what a scenario assumes stands in no raw row
    return inline(told, muted(" " + " ".join(remarks)) if remarks else "")


def _findings(report: Report, criterion: str) -> Block:
    """Errors and warnings of the criterion in the year of the report, in one box; what to do about them stands in the list of findings."""
    found = [
        row
        for row in report.rows("findings", criterion=criterion)
        if row["severity"] != "info" and row["year"] in (0, report.year)
    ]
    boxes = []
    for kind in ("error", "warning"):
        lines = [row["message"] for row in found if row["severity"] == kind and not row["answer"]]
        boxes += [callout(kind, bullets(lines) if len(lines) > 1 else lines[0])] if lines else []
    answered = [f"{row['message']} {answer_text(report, row)}" for row in found if row["answer"]]
    boxes += [callout("info", bullets(answered) if len(answered) > 1 else answered[0])] if answered else []
    return stack(*boxes)


def _notes(report: Report, rows: list[Row]) -> Block:
    """Reviewers' notes on this criterion and its indicators; nothing where there are none."""
    t = report.t
    numbers = {
        number for row in rows for number in (row["criterion"], row["indicator"], f"{row['indicator']}{row['part']}")
    }
    notes = [note for note in report.notes if note["target"] in numbers]
    if not notes:
        return stack()
    states = {"open": t("chưa giải quyết"), "settled": t("đã giải quyết")}
    return bullets(
        [
            f"{note['target']}, {note['author']}, {day(note['date'], report.language)}: {note['text']} ({states[note['state']]})"
            for note in notes
        ]
    )
