"""The plan of a year (Kế hoạch) in the order of the plan that Hùng Mỹ commune issued, its numbering without gaps.

I aims and requirements, II contents (results so far, each criterion, other contents, money), III how,
IV who and when. The words are those of the commune's own plan for that year; of what no table
holds only the place remains.
"""

import re
from collections.abc import Iterable, Iterator

from ntm_lib import tables
from ntm_lib.doc.paper import BLANK, Item, Part, table
from ntm_lib.doc.style import basis_remark
from ntm_lib.doc.tree import Column, Heading, Paragraph, Table
from ntm_lib.language import number
from ntm_lib.plan.works import state_name
from ntm_lib.report.context import Report
from ntm_lib.report.facts import (
    criteria,
    criterion_title,
    fits_year,
    fund_name,
    funds,
    lower_first,
    money_sum,
    place_of,
    plan_items,
    plan_year,
    production,
    quantity_of,
    result_year,
    target_text,
    works,
)
from ntm_lib.report.papers.assessment import aim
from ntm_lib.report.papers.form import bases, committee, letterhead, place_name, signature
from ntm_lib.wording.words import day

AIMS, REQUIREMENTS, LEADERSHIP, INFORMATION, MONEY, ORDER = "I.1", "I.2", "III.1", "III.2", "III.3", "IV"
_TABLES = ("provisions", "assignments", "schedule")
_EXAMPLE = "Ví dụ"  # how the data names what is only an example in the document
_NO_CONTENT = re.compile(r"(?i)biểu\b.*|\d{4} ?[-–] ?\d{4}")  # points to an annex, or only names a period


def plan_parts(report: Report) -> Iterator[Part]:
    """Parts of the plan of ``plan_year``; headings are not numbered yet."""
    t, year = report.t, plan_year(report)
    subject = t("Thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới năm {year}, {place}").format(
        year=year, place=place_name(report)
    )
    yield letterhead(report, "KH", t("KẾ HOẠCH"), subject)
    yield from bases(report)
    yield Paragraph(
        t("{committee} xây dựng kế hoạch thực hiện năm {year}, cụ thể như sau:").format(
            committee=committee(report), year=year
        )
    )
    yield from _aims(report)
    yield from _contents(report)
    yield from _how(report)
    yield from _order(report)
    closing = t(
        "Trên đây là kế hoạch thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới năm {year} của xã./."
    )
    yield Paragraph(closing.format(year=year), closing=True)
    yield signature(report)


# ---------------------------------------------------------------- I. aims and requirements


def _aims(report: Report) -> Iterator[Part]:
    t, year = report.t, plan_year(report)
    yield Heading(2, t("MỤC ĐÍCH, YÊU CẦU"))
    yield Heading(3, t("Mục đích"))
    wholes = [row for row in plan_items(report, "all") if row["kind"] == "target"]
    texts = [_sentence(report, row) for row in _under(report, AIMS)]
    texts += [t("{what}: {aim}.").format(what=row["item"], aim=target_text(report, row)) for row in wholes]
    yield from _lines(texts, t("Kế hoạch năm {year}: {blank}").format(year=year, blank=BLANK))
    yield Heading(3, t("Yêu cầu"))
    yield from _lines([_sentence(report, row) for row in _under(report, REQUIREMENTS)])


def _under(report: Report, section: str) -> list[dict]:
    """Provisions, assignments and dates of the commune's own plan under a section (``III.1`` holds ``III.1.6``),
    in its order; what names another year than the plan's is left out.
    """
    inside = re.compile(rf"{re.escape(section)}(\.|$)")
    rows = [
        row for row in report.rows("observations") if row["table"] in _TABLES and inside.match(row["section"].strip())
    ]
    rows = [row for row in rows if not _NO_CONTENT.fullmatch(row["text"].strip())]
    kept = [row for row in rows if fits_year(f"{row['item']} {row['text']} {row['quote']}", plan_year(report))]
    return sorted(kept, key=lambda row: (tables.natural_key(row["section"]), tables.natural_key(row["observation"])))


def _sentence(report: Report, row: dict) -> str:
    """A whole sentence of the document as it stands; a piece of one after what the row says it is about."""
    if row["table"] == "assignments":
        text = f"{row['item']}: {lower_first(row['text'])}"
    elif row["table"] == "schedule":
        text = f"{row['item']}: {_when(report, row)}"
    elif row["quote"][:1].isupper() and not row["item"].startswith(_EXAMPLE):
        text = row["quote"]
    else:
        text = _completed(row["item"], row["quote"] or row["text"])
    text = text.rstrip(" ;.")
    return f"{text[:1].upper()}{text[1:]}."


def _completed(about: str, piece: str) -> str:
    """A piece of a sentence made whole: where its first words stand in ``about``, it goes on from there."""
    begin = about.casefold().find(" ".join(piece.casefold().split()[:2]))
    return f"{about[:begin]}{piece}" if begin >= 0 else f"{about}: {piece}"


def _when(report: Report, row: dict) -> str:
    """``ngày 22 hằng tháng`` of the bare day; frequency and deadline in the words of the plan."""
    if row["column"] == "day" and row["text"].isdigit():
        return report.t("ngày {day} hằng tháng").format(day=row["text"])
    return lower_first(row["text"])


def _lines(texts: Iterable[str], without: str = BLANK) -> Iterator[Part]:
    """Each text as a line, once; the open place where there is none."""
    texts = list(dict.fromkeys(texts))
    yield from map(Item, texts)
    if not texts:
        yield Paragraph(without)


# ---------------------------------------------------------------- II. contents


def _contents(report: Report) -> Iterator[Part]:
    t, year = report.t, plan_year(report)
    yield Heading(2, t("NỘI DUNG VÀ KẾ HOẠCH THỰC HIỆN"))
    yield from _so_far(report)
    yield Heading(3, t("Kế hoạch củng cố, nâng cao chất lượng các tiêu chí nông thôn mới năm {year}").format(year=year))
    for criterion in criteria(report):
        yield Heading(4, criterion_title(report, criterion))
        yield from _lines_of(report, criterion)
    yield Paragraph(
        t(
            "(Chi tiết các tiêu chí có Biểu 02, công trình có Biểu 04, tiêu chí môi trường có Biểu 05, Biểu 06 kèm theo)"
        ),
        italic=True,
    )
    yield Heading(3, t("Các nội dung khác"))
    others = [part for name in _other_criteria(report) for part in _content(report, name)]
    yield from others or [Paragraph(BLANK)]
    yield Heading(3, t("Huy động vốn và nguồn lực xã hội"))
    yield from _funding(report)


def _so_far(report: Report) -> Iterator[Part]:
    """Criteria met and not met at the end of the year before, from the same verdicts as Biểu 01."""
    t, year = report.t, result_year(report)
    rows = {row["criterion"]: row for row in report.rows("criteria", year=year)}
    by_verdict = {
        verdict: [c for c in criteria(report) if c in rows and rows[c]["verdict"] == verdict]
        for verdict in ("met", "unmet")
    }
    unknown = [c for c in criteria(report) if c not in rows or rows[c]["verdict"] == "no-data"]
    yield Heading(3, t("Kết quả thực hiện Chương trình hết năm {year}").format(year=year))
    yield Heading(4, t("Các tiêu chí đã hoàn thành"))
    if by_verdict["met"]:
        text = t("Đến hết năm {year} xã đã hoàn thành {met}/{total} tiêu chí, cụ thể:")
        yield Paragraph(text.format(year=year, met=len(by_verdict["met"]), total=len(criteria(report))))
    yield from _lines(criterion_title(report, c) + _declared(report, rows[c]) for c in by_verdict["met"])
    yield Heading(4, t("Các tiêu chí chưa hoàn thành"))
    yield from _lines((criterion_title(report, c) for c in by_verdict["unmet"]), BLANK if unknown else t("Không."))
    if unknown:
        yield Heading(4, t("Các tiêu chí chưa có số liệu để kết luận"))
        yield from _lines(criterion_title(report, c) for c in unknown)
    yield Paragraph(t("(Chi tiết có Biểu 01 kèm theo)"), italic=True)


def _declared(report: Report, row: dict) -> str:
    remark = basis_remark(row["basis"], report.language)
    return f" – {remark}" if remark else ""


def _lines_of(report: Report, criterion: str) -> Iterator[Part]:
    """What the plan wants for a criterion; for one it says nothing about, the place to say it."""
    parts = list(_content(report, criterion))
    yield from parts or [Item(report.t("Nội dung duy trì, nâng cao: {blank}").format(blank=BLANK))]


def _content(report: Report, criterion: str) -> Iterator[Part]:
    for row in plan_items(report, criterion):
        if row["kind"] != "split" and not row["village"]:
            yield Item(aim(report, row))
            yield from (Item(f"{part['item']}: {part['text']}.", 2) for part in _splits(report, row))
    rows = production(report, criterion)
    if rows:
        yield Item(
            "; ".join(f"{lower_first(row['item']) if i else row['item']}: {row['text']}" for i, row in enumerate(rows))
            + "."
        )
    for work, parts in works(report, plan_year(report), criterion):
        yield Item(_work(report, work))
        yield from (Item(_work(report, part, work), 2) for part in parts)


def _splits(report: Report, row: dict) -> list[dict]:
    return [
        part
        for part in plan_items(report, row["criterion"])
        if part["kind"] == "split" and part["part_of"] == row["observation"]
    ]


def _work(report: Report, row: dict, whole: dict | None = None) -> str:
    """``Bê tông hóa đường trục thôn (đường Nà Khện đi bản Bường): 0,51 km; từ vốn …; do … thực hiện.`` A part does
    not say again what its whole has said.
    """
    t = report.t
    own = {
        c: "" if whole and whole[c] == row[c] else row[c] for c in ("item", "source", "builder", "deadline", "state")
    }
    place = place_of(report, row)
    head = f"{own['item']} ({place})" if own["item"] and place else own["item"] or place or row["item"]
    facts = [
        quantity_of(report, row),
        t("kinh phí {cost} triệu đồng").format(cost=number(row["cost"], report.language)) if row["cost"] else "",
        t("từ {fund}").format(fund=lower_first(fund_name(report, row["source"]))) if own["source"] else "",
        t("do {who} thực hiện").format(who=row["builder"]) if own["builder"] else "",
        t("thời hạn: {when}").format(when=day(row["deadline"], report.language)) if own["deadline"] else "",
        state_name(row["state"], report.language) if own["state"] not in ("", "planned") else "",
    ]
    known = "; ".join(filter(None, facts))
    return f"{head[:1].upper()}{head[1:]}{': ' + known if known else ''}."


def _other_criteria(report: Report) -> list[str]:
    """What works, targets and production of the year stand under besides the criteria of the set."""
    known = {*criteria(report), "all"}
    year = plan_year(report)
    rows = [
        *report.rows("works", year=year),
        *(row for row in report.rows("observations", year=year) if row["table"] in ("plan", "production")),
    ]
    return sorted({row["criterion"] for row in rows} - known)


def _funding(report: Report) -> Iterator[Part]:
    t, year = report.t, plan_year(report)
    sources, printed = funds(report, year)
    total = money_sum(sources) if printed is None else printed
    amount = number(total, report.language) if total is not None else BLANK
    yield Paragraph(
        t("Tổng kinh phí thực hiện năm {year}: {total} triệu đồng, trong đó:").format(year=year, total=amount)
    )
    if sources:
        yield _sources(report, sources)
    else:
        yield from _lines([])
    yield Paragraph(t("(Chi tiết có Biểu 03 kèm theo)"), italic=True)


def _sources(report: Report, sources: list[dict]) -> Table:
    t = report.t
    columns = (
        Column(t("TT"), "center", 8),
        Column(t("Nguồn vốn"), "left", 64),
        Column(t("Kế hoạch (triệu đồng)"), "right", 28),
    )
    amounts = [number(row["planned"], report.language, 1) if row["planned"] else None for row in sources]
    rows = [[str(i), row["name"], amount] for i, (row, amount) in enumerate(zip(sources, amounts, strict=True), 1)]
    total = money_sum(sources)
    rows.append(["", t("Cộng các nguồn"), number(total, report.language, 1) if total is not None else None])
    caption = t("Nguồn vốn kế hoạch năm {year}").format(year=plan_year(report))
    return table(caption, columns, rows, [*[""] * len(sources), "total"])


# ---------------------------------------------------------------- III. how, IV. who and when


def _how(report: Report) -> Iterator[Part]:
    t = report.t
    yield Heading(2, t("GIẢI PHÁP THỰC HIỆN"))
    for section, title in (
        (LEADERSHIP, t("Công tác lãnh đạo, chỉ đạo")),
        (INFORMATION, t("Công tác thông tin, tuyên truyền")),
        (MONEY, t("Quản lý nguồn lực, vốn")),
    ):
        yield Heading(3, title)
        yield from _lines(_sentence(report, row) for row in _under(report, section))
        if section == LEADERSHIP:
            yield Paragraph(t("(Chi tiết nội dung thực hiện của từng thôn có Biểu 07 kèm theo)"), italic=True)


def _order(report: Report) -> Iterator[Part]:
    """Who has which duty, and what is due when, of the last section of the commune's plan."""
    rows = _under(report, ORDER)
    yield Heading(2, report.t("TỔ CHỨC THỰC HIỆN"))
    for row in rows:
        if row["table"] == "assignments":
            yield Heading(3, f"{row['item'][:1].upper()}{row['item'][1:]}")
            yield Paragraph(f"{row['text'].rstrip('.')}.")
    others = [row for row in rows if row["table"] != "assignments"]
    if others:
        yield Heading(3, report.t("Thời hạn và chế độ báo cáo"))
        yield from _lines(_sentence(report, row) for row in others)
    if not rows:
        yield Paragraph(BLANK)
