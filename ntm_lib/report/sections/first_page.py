"""The first page: the verdict, what changed and why, what is at risk, and how much of it is measured."""

from ntm_lib import judge, rules, tables
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    bullets,
    callout,
    cards,
    figure,
    heading,
    inline,
    join,
    link,
    paper,
    paragraph,
    screen,
    stack,
    strong,
    table,
)
from ntm_lib.doc.charts import Reading, threshold_chart
from ntm_lib.language import date, term
from ntm_lib.parameters import default_rule_set
from ntm_lib.places.named import line_of, predecessors_of
from ntm_lib.plan.scenario import carried_text
from ntm_lib.plan.scenario_file import read_scenario
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.report.context import Report
from ntm_lib.report.facts import FEWEST
from ntm_lib.report.papers.place_names import commune_kind, named
from ntm_lib.report.sections.badges import teller_word, verdict_badge
from ntm_lib.report.sections.criterion import quantity, row_of, value_text
from ntm_lib.report.sections.evidence import announced_count, own_thresholds, sourced, sources, time_of, told_by
from ntm_lib.report.sections.grid import criterion_anchor
from ntm_lib.report.sections.judging import label, risks, withdrawal_text
from ntm_lib.report.sections.what_it_takes import nearest
from ntm_lib.wording.sentences import change_sentence
from ntm_lib.wording.words import day, document_name, verdict_word


def conclusion(report: Report) -> Block:
    """Section 1 of the report; fits the first page of the PDF."""
    t = report.t
    return stack(
        scenario_banner(report),
        _other_rules(report),
        _verdict(report),
        _cards(report),
        _checked(report),
        heading(t("Thay đổi so với lần đánh giá trước"), 3),
        _changes(report),
        heading(t("Nguy cơ"), 3),
        bullets([*(risks(report) or [_no_risk(report)]), *withdrawal_text(report)]),
    )


def _no_risk(report: Report) -> str:
    """That nothing falls below what is known of next year, and what comes nearest; only where something could be compared."""
    t = report.t
    if not _counts(report).with_value:
        return t("Chưa có chỉ tiêu nào có số liệu so được với ngưỡng.")
    text = t("Không chỉ tiêu nào có số liệu mà thấp hơn mức đã biết của năm sau.")
    near = nearest(report)
    return text + (" " + t("Sát nhất: {list}.").format(list="; ".join(near)) if near else "")


def scenario_banner(report: Report) -> Block:
    """What the scenario assumes and which verdicts turn by it; nothing for the real report."""
    t = report.t
    run = report.parameters
    scenario = read_scenario(run.commune, run.scenario, run.rule_set, run.language)
    if scenario is None:
        return stack()
    head = callout("scenario", strong(t("Giả định, không phải kết quả: ")), _assumption(report, scenario))
    rows = report.rows("turned")
    if not rows:
        return stack(head, paragraph(t("Không kết luận nào thay đổi so với báo cáo thật.")))
    columns = [
        Column(t("Chỉ tiêu, tiêu chí"), row_header=True, width="44%"),
        Column(t("Báo cáo thật"), width="28%"),
        Column(t("Theo giả định"), width="28%"),
    ]
    cells = [
        [_turned_name(report, row), *(_turned_cell(report, row, when) for when in ("before", "after"))] for row in rows
    ]
    return stack(head, table(columns, cells, caption=t("Kết luận thay đổi theo giả định"), anchor="turned"))


def _assumption(report: Report, scenario: Scenario) -> str:
    """Title, reason and author of the file, and the changes that were typed."""
    t = report.t
    typed = " ".join(word for word in report.parameters.scenario.split() if "=" in word)
    who = ", ".join(filter(None, [scenario.author, scenario.date and date(scenario.date, report.language)]))
    parts = [
        scenario.file and scenario.title,
        scenario.reason,
        who and t("Người lập: {who}").format(who=who),
        typed and t("Giá trị gõ vào: {changes}").format(changes=typed),
        carried_text(report.observations, scenario, report.year, report.language),
    ]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _turned_name(report: Report, row: dict) -> str:
    if row["indicator"]:
        return _short_name(report, row)
    return f"{label(report, row)}. {rules.criterion_name(report.rule_set, row['criterion'], report.language)}"


def _turned_cell(report: Report, row: dict, when: str) -> str:
    """``Chưa đạt (10,05 %)``."""
    word, value = verdict_word(row[when], report.language), row[f"value_{when}"]
    now = (
        report.row("indicators", year=row["year"], indicator=row["indicator"], part=row["part"])
        if row["indicator"]
        else None
    )
    shown = quantity(report, value, now["unit"]) if now and tables.fraction(value) is not None else ""
    return f"{word} ({shown})" if shown else word


def _verdict(report: Report) -> Block:
    t, total = report.t, _counts(report)
    place = {"name": report.commune["name"], "year": report.year, "met": total.met, "total": total.total}
    announced = announced_count(report, report.year)
    if report.is_plan(report.year):
        text = t("Theo kế hoạch, hết năm {year} xã {name} đạt {met}/{total} tiêu chí nông thôn mới.")
    elif announced and announced["numerator"] != str(total.met):
        text = {
            "press": t(
                "Báo chí nêu {time} xã {name} đạt {announced} tiêu chí; số liệu đã nhập cho phép kết luận {met}/{total} tiêu chí đạt."
            ),
            "site": t(
                "Trang tin nêu {time} xã {name} đạt {announced} tiêu chí; số liệu đã nhập cho phép kết luận {met}/{total} tiêu chí đạt."
            ),
            "commune": t(
                "Xã {name} công bố {time} đạt {announced} tiêu chí; số liệu đã nhập cho phép kết luận {met}/{total} tiêu chí đạt."
            ),
        }[told_by(report, announced)]
        place["time"] = time_of(report, announced, report.year)
        place["announced"] = f"{announced['numerator']}/{announced['denominator']}"
    elif not report.in_years:
        text = t(
            "Đem số liệu năm {year} của xã {name} so với mức của bộ tiêu chí này thì {met}/{total} tiêu chí được kết luận là đạt."
        )
    elif total.no_data:
        text = t("Theo số liệu đã nhập, hết năm {year} xã {name} có {met}/{total} tiêu chí được kết luận là đạt.")
    else:
        text = t("Hết năm {year} xã {name} đạt {met}/{total} tiêu chí nông thôn mới.")
    return paragraph(strong(text.format(**place)), " ", _rest_on(report, total), " ", _judged_by(report))


def _judged_by(report: Report) -> str:
    """``Xét theo Bộ tiêu chí … (Quyết định 318/QĐ-TTg).``"""
    meta = report.rule_set.meta
    by = report.t("Xét theo {name} ({document}).").format(
        name=meta["name"][report.language], document=document_name(meta["document"], report.language)
    )
    return " ".join(filter(None, [by, _merger(report)]))


def _merger(report: Report) -> str:
    """That the commune went into another, or that its earlier figures are sums over those that went into it."""
    t, into = report.t, report.commune.get("merged_into")
    if into:
        unit = named(t, commune_kind(into, str(into["date"])), into["name"])
        return t("Từ {date}, xã nhập vào {unit}.").format(date=day(str(into["date"]), report.language), unit=unit)
    if not any(row["observation"].startswith("merged:") for row in report.rows("observations")):
        return ""
    names = ", ".join(line_of(slug, "name") for slug in predecessors_of(report.commune["slug"]))
    return t("Số liệu trước khi sáp nhập là số của các xã cũ ({names}) cộng lại.").format(names=names)


def _other_rules(report: Report) -> Block:
    """That the rules are of other years than the figures, so that nobody takes this for a verdict; nothing for the usual report."""
    t = report.t
    if report.in_years:
        return stack()
    first, last = report.rule_set.meta["years"]
    text = t(
        "Bộ tiêu chí dùng ở đây áp dụng cho các năm {first}–{last}, còn số liệu là của năm {year}; mức đem so là mức năm {used}. "
        "Đây là phép đối chiếu để tham khảo, không phải kết luận xã đạt hay không đạt theo quy định của năm {year} hoặc theo quy định hiện nay."
    ).format(first=first, last=last, year=report.year, used=min(max(report.year, first), last))
    why = (
        ""
        if default_rule_set(report.year)
        else " "
        + t("Lý do: bộ tiêu chí của năm {year} chưa có trong dữ liệu, nên lấy bộ gần nhất.").format(year=report.year)
    )
    return callout("warning", text + why, title=t("Số liệu và quy định khác thời kỳ"))


def _rest_on(report: Report, total) -> str:
    """What the criteria that are met rest on, and how many are not; what is none is not mentioned."""
    t = report.t
    criteria = report.rows("criteria", year=report.year)
    by_value = [
        row["criterion"] for row in criteria if row["verdict"] == "met" and row["basis"] in ("measured", "planned")
    ]
    unmet = [row["criterion"] for row in criteria if row["verdict"] == "unmet"]
    plan = report.is_plan(report.year)
    measured = (
        t("{n} tiêu chí ({list}) do so mục tiêu kế hoạch với ngưỡng")
        if plan
        else t("{n} tiêu chí ({list}) kết luận bằng số liệu")
    )
    parts = [
        by_value and measured.format(n=len(by_value), list=", ".join(by_value)),
        *_declared(report, criteria),
        unmet and t("{n} tiêu chí chưa đạt ({list})").format(n=len(unmet), list=", ".join(unmet)),
        total.no_data and t("{n} tiêu chí chưa có số liệu").format(n=total.no_data),
    ]
    return t("Trong đó: {parts}.").format(parts="; ".join(part for part in parts if part))


def _declared(report: Report, criteria: list[dict]) -> list[str]:
    """How many are met by word alone, and whose; how many a plan only aims at."""
    t = report.t
    met = [row for row in criteria if row["verdict"] == "met" and row["basis"] == "declared"]
    aimed = sum((row["verdict"], row["basis"]) == ("met", "aimed") for row in criteria)
    forms = {
        "commune": t("{n} tiêu chí chỉ theo công bố của xã"),
        "press": t("{n} tiêu chí chỉ theo báo chí"),
        "site": t("{n} tiêu chí chỉ theo trang tin"),
    }
    tellers = [told_by(report, row) for row in met]
    told = [form.format(n=tellers.count(who)) for who, form in forms.items() if who in tellers]
    return told + [t("{n} tiêu chí mới chỉ là mục tiêu chung của kế hoạch").format(n=aimed)] * (aimed > 0)


def _counts(report: Report):
    return judge.commune_verdict(report.of_year("criteria", report.year))


def _cards(report: Report) -> Block:
    t, total = report.t, _counts(report)
    known = own_thresholds(report, report.year)
    plan = report.is_plan(report.year)
    compared = sum(row["confidence"] == "official" for row in known)
    return cards(
        [
            _met_card(report, total),
            (
                link(f"{total.measured + total.planned}/{total.total}", "grid"),
                t("tiêu chí đủ số liệu"),
                t("so mục tiêu với ngưỡng") if plan else t("kết luận bằng con số"),
            ),
            (
                link(f"{total.with_value}/{total.indicators}", "chart-thresholds"),
                t("chỉ tiêu có số liệu"),
                t("so được với ngưỡng"),
            ),
            (link(f"{compared}/{len(known)}", "unchecked"), t("mức quy định"), t("đã đối chiếu với văn bản gốc")),
        ]
    )


def _met_card(report: Report, total) -> tuple:
    """How many criteria are met: the count that was announced, with its raw row, where our own cannot be complete."""
    t, announced = report.t, announced_count(report, report.year)
    if not announced or not total.no_data:
        basis = (
            t("theo kế hoạch")
            if report.is_plan(report.year)
            else t("kể cả theo công bố")
            if total.declared
            else t("theo số liệu")
        )
        return link(f"{total.met}/{total.total}", "grid"), t("tiêu chí đạt"), basis
    basis = {"press": t("theo báo chí"), "site": t("theo trang tin"), "commune": t("theo công bố")}[
        told_by(report, announced)
    ]
    return sourced(f"{announced['numerator']}/{announced['denominator']}", announced), t("tiêu chí đạt"), basis


def _changes(report: Report) -> Block:
    """Verdicts that moved and why; then the values that moved, in a table."""
    t = report.t
    if not report.last_year:
        return paragraph(t("Chưa có năm nào trước đó để so sánh."))
    rows = report.rows("changes", to_year=report.year)
    moved = [r for r in rows if r["change"] in ("gained", "lost", "still-unmet")]
    kept = sum(r["change"] == "kept" and not r["indicator"] for r in rows)
    told = _told_once(report, moved)
    lines = [inline(names, f": {text}") for text, names in list(told.items())[:8]]
    if len(told) > 8:
        lines.append(t("Và {n} thay đổi khác: xem mục 2 và mục 4.").format(n=len(told) - 8))
    if kept:
        lines.append(t("{n} tiêu chí giữ nguyên kết luận của năm {year}.").format(n=kept, year=report.last_year))
    first = [r["indicator"] + r["part"] for r in rows if r["change"] == "first-measured" and r["indicator"]]
    if first:
        lines.append(t("Lần đầu có số liệu hoặc mục tiêu để so với ngưỡng: {list}.").format(list=", ".join(first)))
    return stack(
        bullets(lines or [t("Chưa có kết luận nào để so sánh với năm {year}.").format(year=report.last_year)]),
        _moved_values(report),
    )


def _told_once(report: Report, rows: list[dict]) -> dict[str, Inline]:
    """Sentence → the names of all that it holds of; of what is only declared, who said so each time."""
    found: dict[str, list] = {}
    for row in rows:
        found.setdefault(
            " ".join(filter(None, [change_sentence(row, report.language), _tellers(report, row)])), []
        ).append(_moved_name(report, row))
    return {text: join(names, ", ") for text, names in found.items()}


def _tellers(report: Report, row: dict) -> str:
    """``(2021: theo báo chí; 2023: theo công bố.)`` of a criterion that is declared in both years; else empty."""
    years = [report.row("criteria", year=row[c], criterion=row["criterion"]) for c in ("from_year", "to_year")]
    if row["indicator"] or any(found is None or found["basis"] != "declared" for found in years):
        return ""
    return "(" + "; ".join(f"{found['year']}: {teller_word(report, found)}" for found in years) + ")"


def _moved_name(report: Report, row: dict) -> Inline | str:
    """``Chỉ tiêu 17.8a`` with a link to the raw row of its figure, ``Tiêu chí 10`` with one to its section."""
    if not row["indicator"]:
        return link(label(report, row), criterion_anchor(row["criterion"]))
    return sourced(label(report, row), row_of(report, report.year, row["indicator"], row["part"]))


def _moved_values(report: Report) -> Block:
    """Indicators whose value differs from the year before; nothing where there is none."""
    t = report.t
    pairs = [
        (before, row)
        for row in report.rows("indicators", year=report.year)
        if (before := row_of(report, report.last_year, row["indicator"], row["part"])) and _moved(before, row)
    ]
    if not pairs:
        return stack()
    columns = [
        Column(t("Chỉ tiêu"), row_header=True, width="46%"),
        Column(report.year_label(report.last_year), align="right"),
        Column(report.year_label(report.year), align="right"),
        Column(t("Kết luận"), align="center"),
    ]
    cells = [
        [
            _short_name(report, row),
            *(sourced(value_text(report, r).split(" = ")[-1], r) for r in pair),
            verdict_badge(report, row),
        ]
        for pair in pairs
        for row in pair[1:]
    ]
    return table(
        columns, cells, caption=t("Giá trị thay đổi so với năm {year}").format(year=report.last_year), anchor="moved"
    )


def _moved(before: dict, now: dict) -> bool:
    """Whether both years have a number of their own and the numbers differ; a bound drawn from the parts is none."""
    numbers = [tables.fraction(row["value"]) for row in (before, now)]
    return None not in numbers and numbers[0] != numbers[1] and "upper" not in (before["bound"], now["bound"])


def _short_name(report: Report, row: dict) -> str:
    name = rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)
    return f"{row['indicator']}{row['part']} {name}"


def _checked(report: Report) -> Block:
    """How far a reader may trust the page: what the checks found, and whether it is known which thresholds apply."""
    t = report.t
    open_findings = report.rows("findings", answer="")
    own, others = (
        {
            s: sum(row["severity"] == s and (row["year"] in (0, report.year)) is mine for row in open_findings)
            for s in ("error", "warning")
        }
        for mine in (True, False)
    )
    lines = [
        t("Kiểm tra số liệu năm {year}: còn {error} lỗi, {warning} cảnh báo chưa trả lời.").format(
            year=report.year, **own
        )
    ]
    if any(others.values()):
        lines.append(t("Số liệu các năm khác: {error} lỗi, {warning} cảnh báo.").format(**others))
    thresholds = report.rows("thresholds", year=report.year)
    if thresholds and not any(row["column"] for row in thresholds):
        why = thresholds[0]["column_reason"].rstrip(".")
        lines.append(t("{why}. Vì vậy chưa chỉ tiêu nào kết luận được; cần bổ sung đặc điểm của xã.").format(why=why))
    return paragraph(" ".join(lines), " ", link(t("Xem kiến nghị về số liệu"), "findings"), ".")


def charts(report: Report) -> Block:
    """Small multiples: every indicator with a number and a threshold, last year, this year and target."""
    t = report.t
    rows = [_chart_row(report, row) for row in report.rows("indicators", year=report.year) if _charted(report, row)]
    if not rows:
        return paragraph(t("Chưa có chỉ tiêu nào có số liệu để vẽ."))
    last = report.year_label(report.last_year) if report.last_year else ""
    fig, alt = threshold_chart(rows, report.year_label(report.year), last, report.language)
    caption = t("Số liệu so với ngưỡng năm {year}").format(year=report.year)
    shown = [row for row in report.rows("indicators", year=report.year) if _charted(report, row)]
    drawn = figure(fig, caption=caption, alt=alt, anchor="chart-thresholds", note=_chart_sources(report, shown))
    if len(rows) >= FEWEST:
        return drawn
    return stack(
        screen(drawn),
        paper(paragraph(t("Mới có {n} chỉ tiêu có số liệu so được với ngưỡng: xem bảng ở mục 4.").format(n=len(rows)))),
    )


def _chart_sources(report: Report, rows: list[dict]) -> Inline:
    """``Dòng số liệu gốc: 3.1 [HM049]; 10.1 [HM088] …``"""
    return (
        report.t("Dòng số liệu gốc: ")
        + join([inline(row["indicator"] + row["part"], sources(row)) for row in rows if row["observation"]], "; ")
        + "."
    )


def _charted(report: Report, row: dict) -> bool:
    return (
        row["bound"] != "upper"
        and bool(tables.NUMBER.fullmatch(row["value"]) and tables.NUMBER.fullmatch(row["threshold"] or "-"))
        and row["unit"] != "mức độ"
    )


def _chart_row(report: Report, row: dict) -> Reading:
    before = row_of(report, report.last_year, row["indicator"], row["part"]) if report.last_year else None
    planned = row["basis"] == "planned"
    name = rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)
    return Reading(
        label=f"{row['indicator']}{row['part']} {name}",
        bound=row["bound"],
        unit=term(row["unit"], report.language),
        value=None if planned else tables.fraction(row["value"]),
        target=tables.fraction(row["value"]) if planned else None,
        before=tables.fraction(before["value"]) if before else None,
        threshold=tables.fraction(row["threshold"]),
        operator=row["operator"],
        verdict=row["verdict"],
    )
