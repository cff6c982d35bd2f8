"""The first page: the verdict, what changed and why, what is at risk, and how much of it is measured."""

from ntm_lib import tables
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    bullets,
    callout,
    heading,
    inline,
    join,
    link,
    paragraph,
    stack,
    strong,
    table,
)
from ntm_lib.parameters import default_rule_set
from ntm_lib.places.named import line_of, predecessors_of
from ntm_lib.report.context import Report, comparable_before
from ntm_lib.report.papers.place_names import commune_kind, named
from ntm_lib.report.sections.criterion import row_of, value_text
from ntm_lib.report.sections.evidence import own_thresholds, sourced, sources
from ntm_lib.report.sections.figures import criteria_picture
from ntm_lib.report.sections.grid import criterion_anchor
from ntm_lib.report.sections.judging import failed_conditions, label, risks, scenario_banner, short_name
from ntm_lib.report.sections.standing import (
    Standing,
    count_text,
    counts_of,
    counts_told,
    headline_count,
    history,
    standing,
    teller_word,
    time_of,
    told_by,
    verdict_badge,
    withdrawal_text,
)
from ntm_lib.report.sections.what_it_takes import nearest
from ntm_lib.wording.sentences import change_sentence
from ntm_lib.wording.words import day, document_name, doubt_word


def conclusion(report: Report) -> Block:
    """Section 1 of the report; fits the first page of the PDF."""
    t = report.t
    return stack(
        scenario_banner(report),
        _other_rules(report),
        _verdict(report),
        _failed(report),
        criteria_picture(report),
        _proof(report),
        _checked(report),
        heading(t("Thay đổi so với lần đánh giá trước"), 3),
        _changes(report),
        heading(t("Nguy cơ"), 3),
        bullets([*(risks(report) or [_no_risk(report)]), *withdrawal_text(report)]),
    )


def _no_risk(report: Report) -> str:
    """That nothing falls below what is known of next year, and what comes nearest; only where something could be compared."""
    t = report.t
    if not standing(report, report.year).with_value:
        return t("Chưa có chỉ tiêu nào có số liệu so được với ngưỡng.")
    text = t("Không chỉ tiêu nào có số liệu mà thấp hơn mức đã biết của năm sau.")
    near = nearest(report)
    return text + (" " + t("Sát nhất: {list}.").format(list="; ".join(near)) if near else "")


def _verdict(report: Report) -> Block:
    """The headline, what it rests on, what sources count otherwise and by which set, and the way since the first year known."""
    year, total = report.year, standing(report, report.year)
    count = headline_count(report, year)
    if count and (count["met"] == str(total.met) or report.is_plan(year)):
        count = None
    told = counts_told(report, year, count["observation"] if count else "")
    rests = _rest_on(report, total)
    return stack(
        paragraph(strong(_headline(report, total, count)), " ", rests and f"{rests} ", _judged_by(report)),
        paragraph(" ".join(told), *map(sources, counts_of(report, year))) if told else stack(),
        paragraph(line) if (line := history(report)) else stack(),
    )


def _headline(report: Report, total: Standing, count: dict | None) -> Inline | str:
    """How many criteria are met, as concluded; in front of it the one count of this set that sources give, where it is another number."""
    t = report.t
    place = {"name": report.commune["name"], "year": report.year, "met": total.met, "total": total.total}
    if count:
        raw = report.row("observations", observation=count["observation"])
        form = {
            "press": t("Báo chí nêu {time} xã {name} đạt "),
            "site": t("Trang tin nêu {time} xã {name} đạt "),
            "commune": t("Xã {name} công bố {time} đạt "),
        }[told_by(report, count)]
        concluded = t("; số liệu đã nhập cho phép kết luận {met}/{total} tiêu chí đạt.")
        if not total.met:
            concluded = t("; số liệu đã nhập chưa cho phép kết luận tiêu chí nào đạt.")
        return inline(
            form.format(time=time_of(report, raw, report.year), **place),
            sourced(count_text(report, count), count),
            concluded.format(**place),
        )
    if report.is_plan(report.year):
        text = t("Theo kế hoạch, hết năm {year} xã {name} đạt {met}/{total} tiêu chí nông thôn mới.")
    elif total.no_data == total.total:
        text = t("Số liệu đã nhập của năm {year} chưa cho phép kết luận tiêu chí nào của xã {name}.")
    elif not report.in_years:
        text = t(
            "Đem số liệu năm {year} của xã {name} so với mức của bộ tiêu chí này thì {met}/{total} tiêu chí được kết luận là đạt."
        )
    elif total.no_data:
        text = t("Theo số liệu đã nhập, hết năm {year} xã {name} có {met}/{total} tiêu chí được kết luận là đạt.")
    else:
        text = t("Hết năm {year} xã {name} đạt {met}/{total} tiêu chí nông thôn mới.")
    return text.format(**place)


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


def _rest_on(report: Report, total: Standing) -> str:
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
        total.no_data < total.total and total.no_data and t("{n} tiêu chí chưa có số liệu").format(n=total.no_data),
        total.unmet_in_all > total.unmet
        and t("theo số công bố còn {n} tiêu chí chưa đạt, nguồn không nêu đủ tên").format(n=total.unmet_in_all),
    ]
    if not any(parts):
        return ""
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


def _proof(report: Report) -> Block:
    """How much of it is measured: criteria and indicators with figures, verdicts that hang on what is not known, levels compared with the decision."""
    t, total = report.t, standing(report, report.year)
    known = own_thresholds(report, report.year)
    compared = sum(row["confidence"] == "official" for row in known)
    full = t("{n}/{all} tiêu chí có đủ số liệu")
    parts = [
        link(full.format(n=total.measured + total.planned, all=total.total), "grid"),
        link(
            t("{n}/{all} chỉ tiêu có số liệu so được với ngưỡng").format(n=total.with_value, all=total.indicators),
            "chart-thresholds",
        ),
        link(t("{n}/{all} mức quy định đã đối chiếu với văn bản gốc").format(n=compared, all=len(known)), "unchecked"),
    ]
    return paragraph(t("Căn cứ: "), join(parts, "; "), ".", *_in_doubt(report, total))


def _in_doubt(report: Report, total: Standing) -> list[str]:
    """That verdicts hang on what nobody has entered, and which."""
    if not total.in_doubt:
        return []
    rows = [row for row in report.rows("indicators", year=report.year) if row["doubt"] and not row["part"]]
    text = report.t(" Kết luận của {n} chỉ tiêu còn tùy điều chưa biết: {list}.")
    words = (f"{row['indicator']} ({doubt_word(row['doubt'], report.language)})" for row in rows)
    return [text.format(n=total.in_doubt, list=", ".join(words))]


def _failed(report: Report) -> Block:
    """The conditions of recognition that are not met, whatever the count of criteria; nothing where there is none."""
    failed = failed_conditions(report)
    return callout("error", bullets(failed), title=report.t("Điều kiện công nhận chưa đạt")) if failed else stack()


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
        if (before := comparable_before(report, row)) and _moved(before, row)
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
            short_name(report, row),
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
