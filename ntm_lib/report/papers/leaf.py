"""Pages that nobody signs: the leaf in front of report and plan, torn off before they are issued, and the one page of a commune with too few figures."""

from collections.abc import Iterator

from ntm_lib import rules
from ntm_lib.doc.paper import BLANK, Item, Part, table
from ntm_lib.doc.tree import Column, Heading, Leaf, Paragraph, Table, Title
from ntm_lib.language import number
from ntm_lib.model import MEANT
from ntm_lib.report import facts
from ntm_lib.report.context import Report, Row
from ntm_lib.report.papers.assessment import from_press, summary
from ntm_lib.report.papers.form import place_name
from ntm_lib.report.papers.plan_words import is_proposal, issued
from ntm_lib.report.sections.evidence import own_thresholds
from ntm_lib.report.sections.first_page import merger_text
from ntm_lib.report.sections.standing import counts_told, recognition_told
from ntm_lib.report.sections.works_and_people import debt_owed
from ntm_lib.tables import criteria_of
from ntm_lib.wording.words import day

MOST = 5  # errors of the figures that are told one by one


Point = tuple[str, str]  # what, who


def leaf(report: Report) -> Leaf:
    """Whether the report can be signed, what it claims, what proves that, when it is due, and what must be settled first, by whom."""
    t = report.t
    open_points = list(_open(report))
    can = (
        t("Chưa nên ký: còn {n} việc phải làm rõ dưới đây.").format(n=len(open_points))
        if open_points
        else t("Không còn việc nào phải làm rõ trước khi ký.")
    )
    lines = [(t("Ký được chưa"), can), (t("Báo cáo khẳng định"), summary(report)), (t("Căn cứ"), _proof(report))]
    lines += [(t("Hạn"), due)] if (due := _due(report)) else []
    hint = t("Tờ rời dành cho người ký, không phải một phần của báo cáo; bỏ ra trước khi phát hành.")
    return _leaf(report, hint, lines, open_points)


def plan_leaf(report: Report) -> Leaf:
    """What whoever holds the plan must know of it: whether it is the one that was issued, a draft, or made of rows."""
    t, year = report.t, facts.plan_year(report)
    document, before = issued(report)
    slips = [row for row in report.rows("sentences", document=document) if row["correction"]]
    points: list[Point] = []
    if is_proposal(report):
        what = t(
            "Dự thảo năm {year}: lời văn của Kế hoạch {document} năm {before}; số trong ngoặc vuông là số năm nay hoặc đề xuất."
        )
        points = [
            (t("Quyết định từng số trong ngoặc vuông, rồi bỏ ngoặc."), ""),
            (t("Xem lại các căn cứ của năm {year}.").format(year=year), ""),
        ]
    elif document and slips:
        what = t(
            "In lại đúng lời văn của Kế hoạch {document}; chỉ sửa {n} dòng có lỗi gõ hoặc đánh số, lý do ghi trong bảng đính chính."
        )
    elif document:
        what = t("In lại đúng lời văn của Kế hoạch {document}.")
    else:
        what = t("Xã chưa có bản chữ của kế hoạch năm {year}: các câu lấy từ trích dẫn của từng dòng số liệu.")
        points = [(t("Đối chiếu từng câu với kế hoạch đã ban hành; điền các chỗ để trống."), "")]
    text = what.format(year=year, before=before, document=document, n=len(slips))
    hint = t("Tờ rời dành cho người ký, không phải một phần của kế hoạch; bỏ ra trước khi phát hành.")
    return _leaf(report, hint, [(t("Văn bản này"), text)], [*points, *_thresholds(report, year)])


def _leaf(report: Report, hint: str, lines: list[tuple[str, str]], points: list[Point]) -> Leaf:
    """The column of who has what is left out where nobody is named."""
    t = report.t
    columns = (t("Việc"), t("Ai")) if any(who for _, who in points) else (t("Việc"),)
    shown = tuple(point[: len(columns)] for point in points)
    return Leaf(t("TRƯỚC KHI KÝ"), hint, tuple(lines), t("Việc phải làm rõ"), shown, columns)


def _due(report: Report) -> str:
    """When the plan wants the report on the year to be ready, in its own words; empty where it does not say."""
    year = str(facts.result_year(report))
    rows = [row for row in report.rows("schedule") if year in row["deadline"] and "báo cáo" in row["what"].lower()]
    return "; ".join(f"{facts.lower_first(row['what'])}: {day(row['deadline'], report.language)}" for row in rows)


def _proof(report: Report) -> str:
    """How many criteria and indicators rest on figures."""
    rows = report.rows("criteria", year=facts.result_year(report))
    met = [row for row in rows if row["verdict"] == "met" and row["basis"] not in MEANT]
    text = report.t(
        "{measured}/{met} tiêu chí đạt có đủ số liệu của mọi chỉ tiêu; {known}/{all} chỉ tiêu có số liệu so được với mức quy định."
    )
    return text.format(
        measured=sum(row["basis"] == "measured" for row in met), met=len(met),
        known=sum(int(row["with_value"]) for row in rows), all=sum(int(row["indicators"]) for row in rows),
    )  # fmt: skip


def _open(report: Report) -> Iterator[Point]:
    """What has to be settled, the gravest first."""
    t, year = report.t, facts.result_year(report)
    found = report.rows("findings", answer="", severity="error")
    errors = list(dict.fromkeys(_of_year(report, row) for row in found))
    yield from ((text, "") for text in errors[:MOST])
    if len(errors) > MOST:
        yield t("Còn {n} lỗi số liệu khác: xem báo cáo trên màn hình.").format(n=len(errors) - MOST), ""
    forms = {
        "declared": t("{n} tiêu chí ({list}) mới theo công bố: bổ sung số liệu và tài liệu minh chứng."),
        **dict.fromkeys(
            MEANT, t("{n} tiêu chí ({list}) mới là mục tiêu của kế hoạch: nhập kết quả và tài liệu minh chứng.")
        ),
    }
    for basis, form in forms.items():
        yield from _criteria(report, form, report.rows("criteria", year=year, verdict="met", basis=basis))
    form = t("{n} tiêu chí ({list}) chưa có số liệu để kết luận.")
    yield from _criteria(report, form, report.rows("criteria", year=year, verdict="no-data"))
    yield from _thresholds(report, year)
    yield from ((text, "") for text in _facts(report))


def _of_year(report: Report, finding: Row) -> str:
    """``Năm 2021: …``; an error of the year reported needs no year."""
    if finding["year"] in (0, facts.result_year(report)):
        return str(finding["message"])
    return report.t("Năm {year}: {text}").format(year=finding["year"], text=facts.lower_first(finding["message"]))


def _criteria(report: Report, form: str, rows: list[Row]) -> Iterator[Point]:
    """One point for the criteria of ``rows``, with whoever the plan has given any of them to."""
    names = [row["criterion"] for row in rows]
    who = [
        report.t("{who} (tiêu chí {criterion})").format(who=row["item"], criterion=", ".join(mine))
        for row in report.rows("observations", table="assignments")
        if (mine := [criterion for criterion in criteria_of(row["criterion"]) if criterion in names])
    ]
    if names:
        yield form.format(n=len(names), list=", ".join(names)), "; ".join(dict.fromkeys(who))


def _thresholds(report: Report, year: int) -> Iterator[Point]:
    """How many thresholds of the year are still to be compared with the decision itself."""
    known = own_thresholds(report, year)
    compared = sum(row["confidence"] == "official" for row in known)
    if compared < len(known):
        text = report.t("{n}/{all} mức quy định đã đối chiếu với văn bản gốc: đối chiếu các mức còn lại.")
        yield text.format(n=compared, all=len(known)), ""


def _facts(report: Report) -> Iterator[str]:
    """What the paper leaves open because no source that may be cited gives it."""
    t = report.t
    if not debt_owed(report, facts.result_year(report)):
        yield t("Chưa có số liệu nợ đọng xây dựng cơ bản.")
    profile = report.commune.get("profile") or {}
    words = {"households": t("{n} hộ"), "population": t("dân số {n} người"), "villages": t("{n} thôn")}
    pressed = [
        word.format(n=number(profile[key]["value"], report.language))
        for key, word in words.items()
        if from_press(report, profile.get(key) or {})
    ]
    if pressed:
        yield t("Mới có theo báo chí, cần số chính thức: {list}.").format(list=", ".join(pressed))
    yield t("Các chỗ để trống ({blank}) trong báo cáo: điền hoặc bỏ.").format(blank=BLANK)


# ---------------------------------------------------------------- where there is nothing to sign

KNOWN = 8  # figures and counts that are told one by one: fewer than FEWEST a year, in two years, and what sources count


def thin_parts(report: Report) -> Iterator[Part]:
    """Title, every figure with its year, what sources count and declare, recognition, then the criteria with the indicators that want a figure."""
    t = report.t
    subject = t("Xã có gì, cần gì: {place}, năm {year}").format(place=place_name(report), year=report.year)
    yield Title(t("CHƯA ĐỦ SỐ LIỆU ĐỂ LẬP VĂN BẢN"), subject)
    text = t("Xã có {n} chỉ tiêu có số liệu; cần ít nhất {least} thì mới lập được báo cáo, kế hoạch để ký.")
    if not facts.figures(report):
        text = t("Xã chưa có chỉ tiêu nào có số liệu; cần ít nhất {least} thì mới lập được báo cáo, kế hoạch để ký.")
    yield Paragraph(text.format(n=facts.figures(report), least=facts.FEWEST))
    if not report.commune.get("merged_into") and (formed := merger_text(report)):
        yield Paragraph(formed)
    if known := [*_figures(report), *counts_told(report, report.year), *_declared(report), *recognition_told(report)]:
        yield Heading(2, t("Xã có"))
        yield from map(Item, known[:KNOWN])
    yield Heading(2, t("Xã cần"))
    yield Paragraph(
        t("Kết quả của các chỉ tiêu dưới đây, mỗi số kèm tài liệu và ngày đo. Nhập vào biểu mẫu của xã rồi lập lại.")
    )
    yield _wanted(report)


def _figures(report: Report) -> Iterator[str]:
    text = report.t("{number} {name}: {value} (năm {year}).")
    for year in (facts.result_year(report), facts.plan_year(report)):
        for entry in (entry for criterion in facts.criteria(report) for entry in facts.indicators(report, criterion)):
            row, rule = facts.judged(report, year, entry["indicator"], entry["part"])
            value = facts.result_text(report, row, rule)
            if value and row and row["bound"] != "upper":  # of that its parts tell
                code, name = entry["indicator"] + entry["part"], facts.indicator_name(report, entry)
                yield text.format(number=code, name=name, value=value, year=year)


def _declared(report: Report) -> Iterator[str]:
    """Criteria that a source declares without a figure."""
    t = report.t
    forms = {"met": t("Theo công bố, đạt tiêu chí {list}."), "unmet": t("Theo công bố, chưa đạt tiêu chí {list}.")}
    for verdict, form in forms.items():
        rows = report.rows("criteria", year=report.year, basis="declared", verdict=verdict)
        if rows:
            yield form.format(list=", ".join(row["criterion"] for row in rows))


def _wanted(report: Report) -> Table:
    t = report.t
    columns = (
        Column(t("TT"), "center", 7),
        Column(t("Tiêu chí"), "left", 45),
        Column(t("Chỉ tiêu cần có số liệu"), "left", 48),
    )

    def lacks(entry: Row) -> bool:
        known = facts.judged(report, report.year, entry["indicator"], entry["part"])
        return not entry["join"] and not facts.result_text(report, *known)

    rows = []
    for criterion in facts.criteria(report):
        codes = [entry["indicator"] + entry["part"] for entry in facts.indicators(report, criterion) if lacks(entry)]
        if codes:
            rows.append(
                [criterion, rules.criterion_name(report.rule_set, criterion, report.language), ", ".join(codes)]
            )
    return table("", columns, rows)
