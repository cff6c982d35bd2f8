"""One section a criterion: its indicators, what each verdict rests on, findings, and room for reviewers' notes."""

from ntm_lib import rules, tables
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    bullets,
    callout,
    group,
    heading,
    inline,
    muted,
    paper,
    paragraph,
    screen,
    stack,
    strong,
    table,
)
from ntm_lib.language import number
from ntm_lib.report.context import Report, broken_since, criteria_order
from ntm_lib.report.sections.evidence import observation_names, required_text, sourced, sources
from ntm_lib.report.sections.figures import village_charts
from ntm_lib.report.sections.findings import answer_text
from ntm_lib.report.sections.grid import criterion_anchor
from ntm_lib.report.sections.standing import verdict_badge
from ntm_lib.wording.quantities import amount_phrase, count_phrase, exact_phrase, value_phrase
from ntm_lib.wording.sentences import change_sentence, explain, rule_source
from ntm_lib.wording.words import day, is_unchecked, operator_word, set_by_word


def criteria_sections(report: Report) -> Block:
    """All criteria in the order of the decision, after a line on how to read the tables."""
    key = report.t(
        "Cách đọc: KH là kế hoạch. * mức quy định chưa đối chiếu với văn bản gốc. Chênh lệch: dấu + là phía đạt (với chỉ tiêu "
        "càng thấp càng tốt cũng vậy); trong ngoặc là số hộ, số thôn … còn dư hoặc còn thiếu. Mã trong ngoặc vuông dẫn tới dòng số liệu gốc ở Phụ lục 2."
    )
    sections = stack(
        paragraph(muted(key)), *(criterion_section(report, criterion) for criterion in criteria_order(report))
    )
    return stack(screen(sections), paper(_in_short(report)))


def _in_short(report: Report) -> Block:
    """The same for the PDF: one table of what has a figure, a sentence for each criterion that has none, notes of reviewers."""
    t, lines, without = report.t, [], []
    for criterion in criteria_order(report):
        rows = [row for row in report.rows("indicators", criterion=criterion, year=report.year) if row["value"]]
        if rows:
            lines += [
                group(_summed_up(report, criterion), anchor=criterion_anchor(criterion)),
                *(_indicator_cells(report, row) for row in rows),
            ]
        else:
            without.append(inline(_summed_up(report, criterion), "."))
    caption = t("Chỉ tiêu, nội dung có số liệu hoặc mục tiêu năm {year}").format(year=report.year)
    note = t("KH là kế hoạch. Chênh lệch: dấu + là phía đạt. * mức quy định chưa đối chiếu với văn bản gốc.")
    shown = [table(_indicator_columns(report), lines, caption=caption, anchor="indicators", note=note)] if lines else []
    said = (
        [paragraph(t("Các tiêu chí khác chưa có chỉ tiêu nào có số liệu:"), lead=True), bullets(without)]
        if without
        else []
    )
    notes = (
        [_notes(report, report.rows("indicators", criterion=c, year=report.year)) for c in criteria_order(report)]
        if report.notes
        else []
    )
    return stack(*shown, *said, *(note for note in notes if note.html))


def _summed_up(report: Report, criterion: str) -> Inline:
    """``Tiêu chí 11. Nghèo đa chiều: ✓ Đạt (theo kế hoạch); chưa có số liệu của 11.2, 11.3``."""
    t, now = report.t, report.row("criteria", criterion=criterion, year=report.year)
    name = rules.criterion_name(report.rule_set, criterion, report.language)
    title = t("Tiêu chí {number}. {name}").format(number=criterion, name=name)
    rows = report.rows("indicators", criterion=criterion, year=report.year)
    missing = [
        row["indicator"] + row["part"]
        for row in rows
        if not row["value"] and row["verdict"] == "no-data" and not _rule(report, row)["join"]
    ]
    verdict = "" if now["verdict"] == "no-data" else inline(": ", verdict_badge(report, now).text)
    return inline(title, verdict, t("; chưa có số liệu của {list}").format(list=", ".join(missing)) if missing else "")


def criterion_section(report: Report, criterion: str) -> Block:
    """Heading with verdict, table of indicators, sentences, findings, notes."""
    t = report.t
    now = report.row("criteria", criterion=criterion, year=report.year)
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
        _sentences(report, rows),
        _findings(report, criterion),
        _notes(report, rows),
    )


def _coverage(report: Report, now) -> str:
    t = report.t
    if now["contradicted"] == "yes":
        return t("Số liệu trái với kết quả công bố: xem kiến nghị bên dưới.")
    known, total = int(now["with_value"]), int(now["indicators"])
    if known == total:
        return t("Mọi chỉ tiêu đều kết luận được bằng con số.")
    if not known:
        return t("Chưa chỉ tiêu nào kết luận được bằng con số.")
    return t("{known}/{total} chỉ tiêu kết luận được bằng con số.").format(known=known, total=total)


def _indicator_table(report: Report, criterion: str, rows: list[dict]) -> Block:
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


def _rule_sources(report: Report, rows: list[dict]) -> str:
    """``Căn cứ ngưỡng: Quyết định 318/QĐ-TTg, Phụ lục I, cột …, năm 2024.``; which indicators, where there are several."""
    t = report.t
    places: dict[str, list[str]] = {}
    for row in rows:
        rule = _rule(report, row)
        if row["document"] and (row["threshold"] or not rule["join"]):
            places.setdefault(rule_source(row, rule, report.language), []).append(row["indicator"] + row["part"])
    named = [f"{place} ({', '.join(which)})" if len(places) > 1 else place for place, which in places.items()]
    return t("Căn cứ ngưỡng: {places}.").format(places="; ".join(named)) if named else ""


def _indicator_cells(report: Report, row: dict) -> list:
    key = {"indicator": row["indicator"], "part": row["part"]}
    label = f"{row['indicator']}{row['part']} {rules.indicator_name(report.rule_set, language=report.language, **key)}"
    before = row_of(report, report.last_year, **key) if report.last_year else None
    then = value_text(report, before)
    if before and before["value"] and broken_since(report, before):
        then = report.t("{value} (cách tính cũ)").format(value=then)
    return [
        label,
        threshold_text(report, row),
        *([sourced(then, before)] if report.last_year else []),
        sourced(value_text(report, row), row),
        verdict_badge(report, row),
        margin_text(report, row),
    ]


def row_of(report: Report, year: int, indicator: str, part: str) -> dict | None:
    """The indicator's row of that year, or None."""
    return report.row("indicators", year=year, indicator=indicator, part=part)


def threshold_text(report: Report, row: dict) -> str:
    """``≥ 70% (tỉnh) *``: who set it, where that is not the nation; ``*``: nobody has compared it with the published text."""
    t = report.t
    if not row["threshold"] and _rule(report, row)["join"]:
        return t("theo từng nội dung")
    if not row["threshold"]:
        return t("chưa biết ({layer})").format(layer=set_by_word(row["set_by"], report.language))
    what = required_text(report, _rule(report, row))
    layer = f" ({set_by_word(row['set_by'], report.language)})" if row["set_by"] != "nation" else ""
    return f"{what}{layer}" + (" *" if is_unchecked(row["confidence"]) else "")


def _rule(report: Report, row: dict) -> dict:
    """The row of ``thresholds`` by which a row of ``indicators`` was judged."""
    return report.row("thresholds", year=row["year"], indicator=row["indicator"], part=row["part"])


def value_text(report: Report, row: dict | None) -> str:
    """``1.276/1.413 = 90,30%``; bounds keep their sign; nothing known is an en dash."""
    if row is None or row["value"] == "":
        return "–"
    if row["value"] in ("met", "unmet", "not-applicable"):
        return report.t({"met": "đạt", "unmet": "chưa đạt", "not-applicable": "không áp dụng"}[row["value"]])
    if not tables.NUMBER.fullmatch(row["value"]):
        return value_phrase(row, _rule(report, row), report.language)
    shown = quantity(report, row["value"], row["unit"])
    if row["bound"] == "upper":
        return report.t("nhiều nhất {value}").format(value=shown)
    if row["bound"]:
        return (
            f"{operator_word(row['bound'], report.language)} {quantity(report, row['value'], row['unit'], exact=True)}"
        )
    if row["numerator"] and row["denominator"]:
        return f"{number(row['numerator'], report.language)}/{number(row['denominator'], report.language)} = {shown}"
    return shown


def quantity(report: Report, value: str, unit: str, exact: bool = False) -> str:
    """A value with its unit as the language writes it; shares with two digits unless ``exact``."""
    return (exact_phrase if exact else amount_phrase)(value, unit, report.language)


def margin_text(report: Report, row: dict) -> str:
    """``+20,30 điểm (286 hộ)``; negative: what is missing."""
    t = report.t
    if not row["margin"]:
        return "–"
    margin = tables.fraction(row["margin"])
    if not margin:
        return t("vừa đủ") if row["verdict"] == "met" else t("bằng mức giới hạn")
    sign = "−" if margin < 0 else "+"
    if row["unit"] != "%":
        steps = {"rating": "bậc", "level": "mức"}
        return sign + count_phrase(row["margin"], steps.get(_rule(report, row)["kind"], row["unit"]), report.language)
    text = f"{sign}{number(abs(margin), report.language, 2)} {t('điểm')}"
    if row["margin_count"] and row["count_unit"]:
        text += f" ({sign}{count_phrase(row['margin_count'], row['count_unit'], report.language)})"
    return text


def _sentences(report: Report, rows: list[dict]) -> Block:
    """One sentence a verdict; of indicators without any value the line above the table has said it."""
    return bullets(
        [
            _sentence(report, row)
            for row in rows
            if row["verdict"] != "no-data" or row["value"] or row["reason"] == "trait"
        ]
    )


def _sentence(report: Report, row: dict) -> Inline:
    """The verdict in words, its raw rows and what was noted there; of a whole, its parts below say what was noted."""
    rule = _rule(report, row)
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


def _notes(report: Report, rows: list[dict]) -> Block:
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
