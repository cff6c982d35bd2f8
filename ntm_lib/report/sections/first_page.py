"""The first page: the title, the verdict, what it rests on, what changed and why, what is at risk, what must be settled."""

import json

from ntm_lib.doc.blocks import (
    Block,
    Inline,
    bullets,
    callout,
    facts,
    heading,
    inline,
    join,
    link,
    muted,
    paragraph,
    screen,
    stack,
    strong,
    title,
)
from ntm_lib.judge.recognition import level_of
from ntm_lib.model import COMPARED, MEANT
from ntm_lib.parameters import default_rule_set
from ntm_lib.places.named import REORGANISED
from ntm_lib.report.context import Report, Row
from ntm_lib.report.papers import form
from ntm_lib.report.papers.form import commune_kind, named
from ntm_lib.report.sections.criterion import criterion_anchor
from ntm_lib.report.sections.evidence import own_thresholds, sourced, sources, to_check_first
from ntm_lib.report.sections.figures import nearest_figure, page_picture
from ntm_lib.report.sections.findings import open_points
from ntm_lib.report.sections.judging import failed_conditions, no_risk, risks, scenario_banner
from ntm_lib.report.sections.money_and_needs import just_enough
from ntm_lib.report.sections.standing import (
    Standing,
    count_text,
    counts_of,
    counts_told,
    headline_count,
    history,
    label,
    recognition_told,
    row_of,
    standing,
    teller_word,
    time_of,
    told_by,
    withdrawal_text,
)
from ntm_lib.tables import natural_key
from ntm_lib.wording.sentences import change_sentence
from ntm_lib.wording.words import day, document_name, doubt_word

MOST_APART = 8  # indicators named of those that could not be added up


def letterhead(report: Report) -> Block:
    """That this is a working paper, and its title; on the page, where its version for paper lies."""
    head = title(report.t("TÀI LIỆU PHỤC VỤ THẨM TRA"), report_subject(report))
    return stack(head, printed_version(report))


def printed_version(report: Report) -> Block:
    """A link to the PDF beside the page."""
    return screen(paragraph(muted(report.t("Để in và lưu: "), link("report.pdf", "./report.pdf"))))


def report_subject(report: Report) -> str:
    """``Đánh giá tiêu chí nông thôn mới năm 2024, xã Hùng Mỹ, huyện …, tỉnh …``; a plan is called a plan."""
    t = report.t
    if not report.in_years:
        what = t("Đối chiếu số liệu năm {year} với bộ tiêu chí {name}")
    elif report.is_plan(report.year):
        what = t("Đánh giá kế hoạch thực hiện tiêu chí nông thôn mới năm {year}")
    else:
        what = t("Kết quả thực hiện tiêu chí nông thôn mới năm {year}")
    name = report.rule_set.meta["short"][report.language]
    return f"{what.format(year=report.year, name=name)}, {place_name(report)}"


def place_name(report: Report) -> str:
    """The place as in the official papers, no name of it broken over two lines."""
    return ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in form.place_name(report).split(", "))


def conclusion(report: Report) -> Block:
    """Section 1 of the report; fits the first page of the PDF. The four lines answer a reader in a hurry: met or not,
    resting on what, what must be settled, what is at risk.
    """
    t, total = report.t, standing(report, report.year)
    count = headline_count(report, report.year)
    if count and (count["met"] == str(total.met) or report.is_plan(report.year)):
        count = None
    lines = [
        (t("Kết luận"), paragraph(strong(_headline(report, total, count)))),
        (t("Dựa vào"), paragraph(_rest_on(report, total))),
        (t("Cần làm rõ"), bullets(_to_settle(report, total))),
        (t("Nguy cơ"), bullets([*(risks(report) or [_no_risk(report)]), *withdrawal_text(report)])),
    ]
    return stack(
        scenario_banner(report),
        _other_rules(report),
        facts(lines),
        _failed(report),
        page_picture(report),
        _story(report, count),
        heading(t("Thay đổi so với lần đánh giá trước"), 3),
        _changes(report),
    )


def _no_risk(report: Report) -> str:
    """How the figures stand where none is at risk, and what comes nearest."""
    t, text = report.t, no_risk(report)
    if not text:
        return t("Chưa có chỉ tiêu nào có số liệu so được với ngưỡng.")
    near = [*just_enough(report), *filter(None, [nearest_figure(report)])]
    return text + (" " + t("Sát nhất: {list}.").format(list="; ".join(near)) if near else "")


def _story(report: Report, count: Row | None) -> Block:
    """By which rules, what sources count otherwise and by which set, and the way since the first year known."""
    told = counts_told(report, report.year, count["observation"] if count else "")
    return stack(
        paragraph(_judged_by(report)),
        paragraph(" ".join(told), *map(sources, counts_of(report, report.year))) if told else stack(),
        paragraph(line) if (line := history(report)) else stack(),
        paragraph(" ".join(told)) if (told := recognition_told(report)) else stack(),
    )


def _headline(report: Report, total: Standing, count: Row | None) -> Inline | str:
    """How many criteria are met, as concluded; in front of it the one count of this set that sources give, where it is another number."""
    t = report.t
    place = {"name": report.commune["name"], "year": report.year, "met": total.met, "total": total.total}
    if count:
        raw = report.one("observations", observation=count["observation"])
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
    place["of"] = _level(report)
    if total.no_data == total.total:
        text = t("Số liệu đã nhập của năm {year} chưa cho phép kết luận tiêu chí nào của xã {name}.")
        if report.is_plan(report.year):
            text = t("Kế hoạch đã nhập của năm {year} chưa cho phép kết luận tiêu chí nào của xã {name}.")
    elif not report.in_years:
        text = t(
            "Đem số liệu năm {year} của xã {name} so với mức của bộ tiêu chí này thì {met}/{total} tiêu chí được kết luận là đạt."
        )
    elif report.is_plan(report.year):
        text = t("Theo kế hoạch, hết năm {year} xã {name} đạt {met}/{total} tiêu chí {of}.")
        if not total.met:
            text = t("Kế hoạch đã nhập của năm {year} chưa cho phép kết luận tiêu chí {of} nào của xã {name} sẽ đạt.")
    elif total.open:
        text = t("Theo số liệu đã nhập, hết năm {year} xã {name} có {met}/{total} tiêu chí được kết luận là đạt.")
    else:
        text = t("Hết năm {year} xã {name} đạt {met}/{total} tiêu chí {of}.")
    return text.format(**place)


def _level(report: Report) -> str:
    """``nông thôn mới nâng cao``: at which level the rule set of the run judges."""
    t = report.t
    return {
        "ntm": t("nông thôn mới"),
        "nang-cao": t("nông thôn mới nâng cao"),
        "kieu-mau": t("nông thôn mới kiểu mẫu"),
    }[level_of(report.rule_set.id)]


def _judged_by(report: Report) -> str:
    """``Xét theo Bộ tiêu chí … (Quyết định 318/QĐ-TTg).``"""
    meta = report.rule_set.meta
    by = report.t("Xét theo {name} ({document}).").format(
        name=meta["name"][report.language], document=document_name(meta["document"], report.language)
    )
    return " ".join(filter(None, [by, merger_text(report)]))


def merger_text(report: Report) -> str:
    """That the commune went into another, or that its earlier figures are sums over those that went into it."""
    t, into = report.t, report.commune.get("merged_into")
    if into:
        unit = named(t, commune_kind(into, str(into["date"])), into["name"])
        return t("Từ {date}, xã nhập vào {unit}.").format(date=day(str(into["date"]), report.language), unit=unit)
    found = [row for row in report.rows("findings") if row["code"].startswith("merge-")]
    told = [row for code in ("merge-origin", "merge-no-folder") for row in found if row["code"] == code]
    texts = [row["message"] for row in told]
    if told:
        unit = named(t, commune_kind(report.commune, REORGANISED), report.commune["name"])
        names = ", ".join(dict.fromkeys(json.loads(row["fields"])["name"] for row in told))
        text = t("{unit} được lập ngày {date} từ các xã cũ: {names}.")
        text = text.format(unit=unit, date=day(REORGANISED, report.language), names=names)
        texts.insert(0, text[0].upper() + text[1:])
        texts.append(t("Danh hiệu của xã cũ không tự chuyển sang xã mới."))
    if any(row["observation"].startswith("merged:") for row in report.rows("observations")):
        texts.append(t("Số liệu trước khi sáp nhập là số của các xã cũ cộng lại."))
    now = [row for row in found if row["indicator"] and int(row["year"]) == report.year]
    apart = sorted({row["indicator"] + row["part"] for row in now}, key=natural_key)
    if apart:
        more = "" if len(apart) <= MOST_APART else " …"
        text = t("Năm {year} có {n} chỉ tiêu không cộng được ({codes}); lý do ở bản báo cáo trên màn hình.")
        texts.append(text.format(year=report.year, n=len(apart), codes=", ".join(apart[:MOST_APART]) + more))
    return " ".join(texts)


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


def _rest_on(report: Report, total: Standing) -> Inline:
    """What the criteria that are met rest on, and how many are not; what is none is not mentioned."""
    t = report.t
    criteria = report.rows("criteria", year=report.year)
    by_value = {
        basis: [row["criterion"] for row in criteria if (row["verdict"], row["basis"]) == ("met", basis)]
        for basis in COMPARED
    }
    forms = {
        "measured": t("{n} tiêu chí ({list}) kết luận bằng số liệu"),
        "planned": t("{n} tiêu chí ({list}) do so mục tiêu kế hoạch với ngưỡng"),
    }
    unmet = [row["criterion"] for row in criteria if row["verdict"] == "unmet"]
    parts = [
        *(forms[basis].format(n=len(found), list=", ".join(found)) for basis, found in by_value.items() if found),
        *_declared(report, criteria),
        unmet and t("{n} tiêu chí chưa đạt ({list})").format(n=len(unmet), list=", ".join(unmet)),
        unmet
        and total.published is not None
        and len(unmet) > total.total - total.published
        and t("theo số công bố chỉ còn {n}, hai nguồn trái nhau").format(n=total.total - total.published),
        total.no_data < total.total and total.no_data and t("{n} tiêu chí chưa có số liệu").format(n=total.no_data),
        total.unmet_in_all > total.unmet
        and t("theo số công bố còn {n} tiêu chí chưa đạt, nguồn không nêu đủ tên").format(n=total.unmet_in_all),
    ]
    said = "; ".join(part for part in parts if part) or t("chưa có gì để kết luận")
    figures = link(
        t("{n}/{all} chỉ tiêu có số liệu so được với ngưỡng").format(n=total.with_value, all=total.indicators),
        "chart-thresholds",
    )
    return inline(f"{said[:1].upper()}{said[1:]}. ", figures, ".")


def _declared(report: Report, criteria: list[Row]) -> list[str]:
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


def _to_settle(report: Report, total: Standing) -> list[Inline | str]:
    """What a reader must settle before relying on the page: criteria without figures, levels nobody compared with the
    decision, verdicts that hang on what is not known, faults of the data, the column of the commune.
    """
    t, known = report.t, own_thresholds(report, report.year)
    full, compared = total.with_figures, sum(row["confidence"] == "official" for row in known)
    points: list[Inline | str] = []
    if full < total.total:
        words = t("Mới {n}/{all} tiêu chí có đủ số liệu").format(n=full, all=total.total)
        points.append(inline(link(words, "grid"), "."))
    if compared < len(known):
        words = t("{n}/{all} mức quy định đã đối chiếu với văn bản gốc").format(n=compared, all=len(known))
        points.append(inline(link(words, "unchecked"), "."))
    points += to_check_first(report)
    return [*points, *_in_doubt(report, total), *_ended(report), *_faults(report), *_column(report)]


def _ended(report: Report) -> list[Inline]:
    """That the column may be too easy, because the trait that chose it ended with recognition; until somebody answers the finding."""
    asked = report.rows("findings", code="trait-ended", answer="")
    words = report.t(
        "Khu vực II, III của xã có thể đã hết từ khi xã được công nhận, nên mức chuẩn có thể dễ hơn mức phải đạt"
    )
    return [inline(link(words, "findings"), ".")] if asked else []


def _in_doubt(report: Report, total: Standing) -> list[str]:
    """That verdicts hang on what nobody has entered, and which; those that hang on a threshold are named with it."""
    if not total.in_doubt:
        return []
    rows = [row for row in report.rows("indicators", year=report.year) if row["doubt"] and not row["part"]]
    doubts = {row["indicator"]: ";".join(d for d in row["doubt"].split(";") if d != "threshold") for row in rows}
    words = [f"{name} ({doubt_word(doubt, report.language)})" for name, doubt in doubts.items() if doubt]
    text = report.t("Kết luận của {n} chỉ tiêu còn tùy điều chưa biết: {list}.")
    return [text.format(n=len(words), list=", ".join(words))] if words else []


def _failed(report: Report) -> Block:
    """The conditions of recognition that are not met, whatever the count of criteria; nothing where there is none."""
    failed = failed_conditions(report)
    return callout("error", bullets(failed), title=report.t("Điều kiện công nhận chưa đạt")) if failed else stack()


def _changes(report: Report) -> Block:
    """Verdicts that moved and why, and what has figures for the first time; the picture shows how far figures moved."""
    t = report.t
    if not report.last_year:
        return paragraph(t("Chưa có năm nào trước đó để so sánh."))
    rows = report.rows("changes", to_year=report.year)
    counted_anew = [r for r in rows if r["change"] == "kept" and r["broken"] and not r["indicator"]]
    moved = [r for r in rows if r["change"] in ("gained", "lost", "still-unmet")] + counted_anew
    kept = [r["basis"] in MEANT for r in rows if r["change"] == "kept" and not r["indicator"] and not r["broken"]]
    told = _told_once(report, moved)
    lines: list[Inline | str] = [inline(names, f": {text}") for text, names in list(told.items())[:8]]
    if len(told) > 8:
        lines.append(t("Và {n} thay đổi khác: xem mục 2 và mục 4.").format(n=len(told) - 8))
    if n := kept.count(False):
        lines.append(t("{n} tiêu chí giữ nguyên kết luận của năm {year}.").format(n=n, year=report.last_year))
    if n := kept.count(True):
        lines.append(t("{n} tiêu chí theo kế hoạch giữ như năm {year}.").format(n=n, year=report.last_year))
    first = [r["indicator"] + r["part"] for r in rows if r["change"] == "first-measured" and r["indicator"]]
    if first:
        lines.append(t("Lần đầu có số liệu hoặc mục tiêu để so với ngưỡng: {list}.").format(list=", ".join(first)))
    return bullets(lines or [t("Chưa có kết luận nào để so sánh với năm {year}.").format(year=report.last_year)])


def _told_once(report: Report, rows: list[Row]) -> dict[str, Inline]:
    """Sentence → the names of all that it holds of; of what is only declared, who said so each time."""
    found: dict[str, list[Inline | str]] = {}
    for row in rows:
        sentence = " ".join(filter(None, [change_sentence(row, report.language), _tellers(report, row)]))
        found.setdefault(sentence, []).append(_moved_name(report, row))
    return {text: join(names, ", ") for text, names in found.items()}


def _tellers(report: Report, row: Row) -> str:
    """``(2021: theo báo chí; 2023: theo công bố.)`` of a criterion that is declared in both years; else empty."""
    years = [report.row("criteria", year=row[c], criterion=row["criterion"]) for c in ("from_year", "to_year")]
    found = [year for year in years if year and year["basis"] == "declared"]
    if row["indicator"] or len(found) < len(years):
        return ""
    return "(" + "; ".join(f"{year['year']}: {teller_word(report, year)}" for year in found) + ")"


def _moved_name(report: Report, row: Row) -> Inline | str:
    """``Chỉ tiêu 17.8a`` with a link to the raw row of its figure, ``Tiêu chí 10`` with one to its section."""
    if not row["indicator"]:
        return link(label(report, row), criterion_anchor(row["criterion"]))
    return sourced(label(report, row), row_of(report, report.year, row["indicator"], row["part"]))


def _faults(report: Report) -> list[Inline]:
    """What the checks found and nobody answered: of the year of the report first, then of the others."""
    t, found, lines = report.t, report.rows("findings", answer=""), []
    forms = {
        True: t("số liệu năm {year} còn {points} chưa trả lời"),
        False: t("số liệu các năm khác còn {points} chưa trả lời"),
    }
    for own, words in forms.items():
        kinds = [row["severity"] for row in found if (row["year"] in (0, report.year)) is own]
        if points := open_points(report, {kind: kinds.count(kind) for kind in ("error", "warning")}):
            lines.append(words.format(year=report.year, points=points))
    text = "; ".join(lines)
    return [inline(link(text[:1].upper() + text[1:], "findings"), ".")] if lines else []


def _column(report: Report) -> list[str]:
    """That it is not known which thresholds apply, where it is not."""
    thresholds = report.rows("thresholds", year=report.year)
    if not thresholds or any(row["column"] for row in thresholds):
        return []
    why = thresholds[0]["column_reason"].rstrip(".")
    text = report.t("{why}. Vì vậy chưa chỉ tiêu nào kết luận được; cần bổ sung đặc điểm của xã.")
    return [text.format(why=why)]
