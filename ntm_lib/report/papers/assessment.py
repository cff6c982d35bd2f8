"""The yearly report on results (Báo cáo kết quả): what the tables say, in the order officials know; the rest stays open.

I features, II results by criterion, III means, IV what falls short and why, V tasks, VI proposals.
Reasons, strengths and proposals that no table holds are places to fill in, never sentences of ours.
"""

from collections.abc import Iterator
from dataclasses import replace

from ntm_lib import paths, rules
from ntm_lib.doc.paper import BLANK, Item, Part, table
from ntm_lib.doc.style import basis_remark
from ntm_lib.doc.tree import Column, Heading, Paragraph, Table
from ntm_lib.language import number
from ntm_lib.model import MEANT
from ntm_lib.report.context import Report
from ntm_lib.report.facts import (
    as_of,
    asked,
    criteria,
    criterion_title,
    funds,
    indicator_name,
    indicators,
    judged,
    lower_first,
    money_sum,
    over_years_text,
    plan_year,
    result_text,
    result_year,
    works,
)
from ntm_lib.report.papers.annexes import funds_annex, printed
from ntm_lib.report.papers.form import (
    bases,
    committee,
    day_in_words,
    letterhead,
    place_name,
    region_name,
    signature,
    signing_date,
)
from ntm_lib.report.papers.plan_words import is_proposal, sentences, split_title
from ntm_lib.report.sections.standing import counts_told, teller_word, withdrawal_text
from ntm_lib.report.sections.works_and_people import debt_owed
from ntm_lib.rules.communes import facts, trait_names
from ntm_lib.wording.sentences import change_sentence, risk_sentence
from ntm_lib.wording.words import margin_phrase, verdict_word

TRAITS = ("area", "atk", "coastal", "ethnic")


def assessment_parts(report: Report) -> Iterator[Part]:
    """Parts of the report on the results of ``result_year``; headings are not numbered yet."""
    t, year = report.t, result_year(report)
    subject = t("Kết quả thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới năm {year}, {place}")
    yield letterhead(report, "BC", t("BÁO CÁO"), subject.format(year=year, place=place_name(report)))
    yield from bases(report, year)
    opening = t("{committee} báo cáo kết quả thực hiện Chương trình năm {year}, tính đến {day}, như sau:")
    yield Paragraph(opening.format(committee=committee(report), year=year, day=day_in_words(report, as_of(report))))
    yield from _features(report)
    yield from _results(report)
    yield from _means(report)
    yield from _shortfalls(report)
    yield from _tasks(report)
    yield Heading(2, t("ĐỀ XUẤT, KIẾN NGHỊ"))
    yield from _lines(_said(report, "proposal"), BLANK)
    closing = t(
        "Trên đây là báo cáo kết quả thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới năm {year} của xã./."
    )
    yield Paragraph(closing.format(year=year), closing=True)
    yield signature(report)


# ---------------------------------------------------------------- I. features


def _features(report: Report) -> Iterator[Part]:
    t = report.t
    yield Heading(2, t("ĐẶC ĐIỂM TÌNH HÌNH"))
    yield Heading(3, t("Đặc điểm chung"))
    region = region_name(report)
    yield Item(t("Vùng áp dụng tiêu chí: {name}").format(name=f"{region}." if region else BLANK))
    yield from map(Item, filter(None, (_trait(report, name) for name in TRAITS)))
    counts = {
        "households": (t("Số hộ"), t("hộ")),
        "population": (t("Dân số"), t("người")),
        "villages": (t("Số thôn"), t("thôn")),
    }
    yield from (Item(_profile(report, key, *words)) for key, words in counts.items())
    yield from _told(report, t("Thuận lợi"), "advantage", BLANK)
    yield from _told(report, t("Khó khăn"), "difficulty", BLANK)


def _told(report: Report, title: str, kind: str, without: str = "") -> Iterator[Part]:
    """A heading with what the commune itself has written under this kind of provisions; without a word of it, the open place or nothing."""
    texts = _said(report, kind)
    if texts or without:
        yield Heading(3, title)
        yield from _lines(texts, without)


def _said(report: Report, kind: str) -> list[str]:
    """Lines of provisions of a kind, from the papers of the year reported, or from none."""
    years = ("", str(result_year(report)))
    rows = report.rows("provisions", kind=kind)
    rows = [row for row in rows if report.documents.get(row["document"], {}).get("date", "")[:4] in years]
    return [": ".join(filter(None, [row["item"], row["value"].rstrip(" .")])) + "." for row in rows]


def _lines(texts: list[str], without: str) -> Iterator[Part]:
    yield from map(Item, texts)
    if not texts:
        yield Paragraph(without)


def _trait(report: Report, name: str) -> str:
    """``Xã an toàn khu: có.``, in the words of traits.yml; an open place where the value is not known. What the commune is not
    need not be told: empty.
    """
    about = trait_names(paths.rules_folder())[name]
    value = rules.trait(report.commune, name, signing_date(report))
    if value == "no":
        return ""
    word = about["values"].get(value, {}).get(report.language)
    label = about["name"][report.language]
    return f"{label[:1].upper()}{label[1:]}: " + (f"{word}." if value and word else BLANK)


def _profile(report: Report, key: str, label: str, unit: str) -> str:
    t, fact = report.t, max(facts(report.commune, key), key=lambda fact: fact.get("year") or 0, default={})
    if fact.get("value") is None or from_press(report, fact):
        return t("{label}: {blank}").format(label=label, blank=BLANK)
    year = t("năm {year}").format(year=fact["year"]) if fact.get("year") else ""
    source = ", ".join(filter(None, [year, _source(report, str(fact.get("document") or ""))]))
    amount = f"{number(fact['value'], report.language)} {unit}"
    return t("{label}: {amount} ({source}).").format(label=label, amount=amount, source=source or BLANK)


def from_press(report: Report, fact: dict) -> bool:
    """Whether a fact of commune.yml stands only in a newspaper or on a web page: no source of a paper that is signed."""
    kind = report.documents.get(str(fact.get("document") or ""), {}).get("kind", "")
    return kind.startswith(("báo chí", "trang tin"))


def _source(report: Report, document: str) -> str:
    """``theo Kế hoạch số 05/KH-BCĐ``; a document without a number by who issued it."""
    about = report.documents.get(document, {})
    name = about.get("issuer", document)
    if "/" in document:
        name = report.t("Kế hoạch số {number}").format(number=document) if about.get("kind") == "kế hoạch" else document
    return report.t("theo {source}").format(source=name) if name else ""


# ---------------------------------------------------------------- II. results


def _results(report: Report) -> Iterator[Part]:
    t, year = report.t, result_year(report)
    yield Heading(2, t("KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ"))
    yield Heading(3, t("Kết quả chung"))
    yield Paragraph(summary(report))
    yield _table_of_criteria(report)
    forms = ", ".join(t("Biểu {number}").format(number=number) for number in cited(report))
    yield Paragraph(t("(Chi tiết có {forms} kèm theo)").format(forms=forms), italic=True)
    yield Heading(3, t("Kết quả từng tiêu chí"))
    yield from (part for criterion in criteria(report) for part in _criterion(report, criterion))
    yield Paragraph(t("Các tiêu chí khác chưa có số liệu của chỉ tiêu nào; kết quả ghi ở bảng trên và Biểu 01."))
    moved = [
        f"{criterion_title(report, row['criterion'])}: {lower_first(change_sentence(row, report.language))}"
        for row in report.rows("changes", to_year=year, indicator="")
        if row["change"] in ("gained", "lost", "still-unmet") or row["broken"]
    ]
    if moved:
        yield Heading(3, t("Thay đổi so với lần đánh giá trước"))
        yield from map(Item, moved)


def cited(report: Report) -> tuple[str, ...]:
    """Numbers of the annexes: Biểu 01, and those of the villages where a village has a figure; else they repeat Biểu 01."""
    by_village = report.rows("observations", table="results", year=result_year(report))
    return ("01", "05", "06") if any(row["village"] for row in by_village) else ("01",)


def summary(report: Report) -> str:
    """How many criteria are met at the end of the year, on what that rests, and which are not."""
    t, year = report.t, result_year(report)
    rows, total = report.rows("criteria", year=year), len(criteria(report))
    if all(row["verdict"] == "no-data" for row in rows):
        return t(
            "Đến hết năm {year} xã đạt {blank}/{total} tiêu chí; tài liệu đã nhập chưa có kết quả của năm này."
        ).format(year=year, blank=BLANK, total=total)
    known = [row for row in rows if row["basis"] not in MEANT]
    by_verdict = {v: [row["criterion"] for row in known if row["verdict"] == v] for v in ("met", "unmet", "no-data")}
    met = [row["basis"] for row in rows if row["verdict"] == "met"]
    form = t("Đến hết năm {year} xã đạt {met}/{total} tiêu chí")
    if by_verdict["no-data"] or any(basis in MEANT for basis in met):
        form = t("Đến hết năm {year}, trong {total} tiêu chí xã có số liệu hoặc công bố đạt {met} tiêu chí")
    parts = [form.format(year=year, met=len(by_verdict["met"]), total=total)]
    by_word = {
        "declared": t("trong đó {n} tiêu chí theo công bố của xã, chưa đủ số liệu của mọi chỉ tiêu"),
        "planned": t("{n} tiêu chí mới có mục tiêu của kế hoạch, chưa có kết quả"),
        "aimed": t("{n} tiêu chí mới chỉ là mục tiêu chung của kế hoạch"),
    }
    parts += [text.format(n=met.count(basis)) for basis, text in by_word.items() if basis in met]
    forms = {
        "unmet": t("{n} tiêu chí chưa đạt (tiêu chí số {list})"),
        "no-data": t("{n} tiêu chí chưa có số liệu (tiêu chí số {list})"),
    }
    for verdict, text in forms.items():
        if found := by_verdict[verdict]:
            parts.append(text.format(n=len(found), list=", ".join(found)))
    return " ".join(["; ".join(parts) + ".", *counts_told(report, year)])


def _table_of_criteria(report: Report) -> Table:
    t, year = report.t, result_year(report)
    columns = (
        Column(t("TT"), "center", 7), Column(t("Tiêu chí"), "left", 42), Column(t("Kết quả"), "center", 16),
        Column(t("Căn cứ"), "center", 20), Column(t("Chỉ tiêu so được"), "center", 15),
    )  # fmt: skip
    rows = []
    for criterion in criteria(report):
        row = report.row("criteria", year=year, criterion=criterion)
        known = row and row["verdict"] != "no-data"
        rows.append([
            criterion,
            rules.criterion_name(report.rule_set, criterion, report.language),
            verdict_word(row["verdict"], report.language) if known else None,
            _basis(report, row) if known else None,
            f"{row['with_value']}/{row['indicators']}" if row else None,
        ])  # fmt: skip
    return table(t("Kết quả thực hiện các tiêu chí đến hết năm {year}").format(year=year), columns, rows)


def _basis(report: Report, row: dict) -> str:
    if row["contradicted"] == "yes":
        return report.t("số liệu, trái với công bố")
    if row["basis"] == "declared":
        return teller_word(report, row)
    return basis_remark(row["basis"], report.language) or report.t("theo số liệu")


def _criterion(report: Report, criterion: str) -> Iterator[Part]:
    """Verdict in the heading; a line for each indicator with a figure, one for all that have none; nothing without any figure."""
    t, year = report.t, result_year(report)
    row = report.row("criteria", year=year, criterion=criterion)
    if row and row["verdict"] != "no-data":
        verdict = f"{lower_first(verdict_word(row['verdict'], report.language))} ({_basis(report, row)})"
    else:
        verdict = BLANK
    sentences = [(entry, _indicator(report, entry)) for entry in indicators(report, criterion)]
    if not any(sentence for _, sentence in sentences):
        return
    yield Heading(4, f"{criterion_title(report, criterion)}: {verdict}")
    without = []
    for entry, sentence in sentences:
        if sentence:
            yield Item(sentence)
        elif not entry["join"]:
            without.append(entry["indicator"] + entry["part"])
    if without:
        text = t("Chưa có số liệu của {n} chỉ tiêu, nội dung ({list}): {blank}")
        yield Item(text.format(n=len(without), list=", ".join(without), blank=BLANK))


def _indicator(report: Report, entry: dict) -> str:
    """``17.8a Hộ có nhà tiêu hợp vệ sinh: 1.276/1.413 hộ (90,30 %), yêu cầu ≥ 70 % (*): đạt.``; empty without a figure."""
    t = report.t
    row, rule = judged(report, result_year(report), entry["indicator"], entry["part"])
    value = result_text(report, row, rule)
    if row and row["verdict"] == "not-applicable":
        value = lower_first(verdict_word("not-applicable", report.language))
    if not value or row["bound"] == "upper":  # what its parts say
        return ""
    level, applies = asked(report, rule), row["verdict"] != "not-applicable"
    shown = f"{value}, {t('yêu cầu {asked}').format(asked=level)}" if level and applies else value
    verdict = (
        f": {lower_first(verdict_word(row['verdict'], report.language))}" if row["verdict"] in ("met", "unmet") else ""
    )
    return f"{entry['indicator']}{entry['part']} {indicator_name(report, entry)}: {shown}{verdict}."


# ---------------------------------------------------------------- III. means


def _means(report: Report) -> Iterator[Part]:
    t, year = report.t, result_year(report)
    yield Heading(2, t("KẾT QUẢ HUY ĐỘNG, SỬ DỤNG NGUỒN LỰC"))
    sources, printed = funds(report, year)
    total = money_sum(sources) if printed is None else printed
    text = t("Tổng kinh phí năm {year}: {total} triệu đồng, chia theo nguồn: {rest}")
    rest = t("xem bảng dưới đây.") if sources else BLANK
    yield Paragraph(text.format(year=year, total=_money(total, report), rest=rest))
    if sources:
        yield funding_table(report, year)
    for text in over_years_text(report, year):
        yield Paragraph(f"{text}.")
    debt = _money(debt_owed(report, year), report)
    yield Paragraph(t("Nợ xây dựng cơ bản thuộc Chương trình: {debt} triệu đồng.").format(debt=debt))


def funding_table(report: Report, year: int) -> Table:
    """Biểu 03 of the year reported: its sources and what is known of them."""
    caption = report.t("Nguồn vốn năm {year} (triệu đồng)").format(year=year)
    return replace(printed(funds_annex(report, year), "").table, caption=caption)


def _money(amount, report: Report) -> str:
    return BLANK if amount is None else number(amount, report.language)


# ---------------------------------------------------------------- IV. what falls short


def _shortfalls(report: Report) -> Iterator[Part]:
    t = report.t
    yield Heading(2, t("TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN"))
    yield Heading(3, t("Tồn tại, hạn chế"))
    found = [*_unmet(report), *_risks(report), *_said(report, "limit")]
    for text in found:
        yield Item(text)
    yield Item(t("Tồn tại khác: {blank}").format(blank=BLANK)) if found else Paragraph(BLANK)
    yield Heading(3, t("Nguyên nhân"))
    causes = [
        f"{criterion_title(report, row['criterion'])}: {lower_first(change_sentence(row, report.language))}"
        for row in report.rows("changes", to_year=result_year(report), indicator="")
        if row["cause"] and (row["change"] == "lost" or (row["change"] == "still-unmet" and not row["broken"]))
    ]
    yield from _lines([*causes, *_said(report, "cause")], BLANK)
    yield from _told(report, t("Bài học kinh nghiệm"), "lesson")
    yield from _told(report, t("Mô hình, cách làm hay"), "example")


def _unmet(report: Report) -> Iterator[str]:
    t, year = report.t, result_year(report)
    for row in report.rows("indicators", year=year, verdict="unmet"):
        rule = judged(report, year, row["indicator"], row["part"])[1]
        level = t("yêu cầu {asked}").format(asked=asked(report, rule))
        told = (result_text(report, row, rule), level, margin_phrase(row, rule, report.language))
        text = t("Chỉ tiêu {number} ({name}) chưa đạt: {facts}.")
        number = row["indicator"] + row["part"]
        yield text.format(number=number, name=indicator_name(report, row), facts="; ".join(filter(None, told)))


def _risks(report: Report) -> Iterator[str]:
    """Thin margins, what next year's known thresholds ask, and withdrawal where its conditions are met."""
    year = result_year(report)
    for row in report.rows("risks", year=year):
        yield risk_sentence(row, report.language)
    if report.row("summary", year=year)["withdrawal"] in ("key", "half"):
        yield from withdrawal_text(report, year)


# ---------------------------------------------------------------- V. tasks


def _tasks(report: Report) -> Iterator[Part]:
    t, year = report.t, plan_year(report)
    yield Heading(2, t("NHIỆM VỤ NĂM {year}").format(year=year))
    aims = _aims(report)
    yield from map(Item, aims)
    count, (sources, printed) = len(works(report, year)), funds(report, year)
    if count:
        yield Item(t("Thực hiện {n} công trình, công việc theo Kế hoạch năm {year}.").format(n=count, year=year))
    total = money_sum(sources) if printed is None else printed
    if total is not None:
        yield Item(t("Kinh phí dự kiến: {total} triệu đồng.").format(total=number(total, report.language)))
    if not aims:
        yield Paragraph(BLANK)


def _aims(report: Report) -> list[str]:
    """The sentences of the plan that set a level or an addition for an indicator; a plan still to be decided sets none."""
    if is_proposal(report):
        return []
    aims = []
    for sentence in sentences(report):
        rows = [report.row("observations", observation=name) for name in sentence["observations"].split(";")]
        if any(
            row and row["table"] == "plan" and row["kind"] in ("target", "change") and row["criterion"] != "all"
            for row in rows
        ):
            aims.append(split_title(sentence["text"])[1] if sentence["form"] == "item" else sentence["text"])
    return [f"{text[:1].upper()}{text[1:].rstrip(' ;.')}." for text in dict.fromkeys(aims) if text]
