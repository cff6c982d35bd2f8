"""What a report says of the thresholds themselves: where the rule book tells of each, and which nobody has checked though a verdict hangs on them."""

from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    inline,
    link,
    paper,
    paragraph,
    screen,
    stack,
    table,
)
from ntm_lib.doc.style import basis_remark
from ntm_lib.language import translator
from ntm_lib.report.context import Report, Row
from ntm_lib.report.facts import indicator_label
from ntm_lib.report.rule_book import book_folder
from ntm_lib.report.rule_entries import told_at
from ntm_lib.tables import fraction
from ntm_lib.wording.quantities import exact_phrase, requirement, value_phrase
from ntm_lib.wording.words import confidence_word, verdict_word


def in_book(report: Report, text: str, row: Row) -> Inline | str:
    """A threshold with a link to the rule book, which lies beside the folders of the communes; the PDF, which is filed
    alone, has the words without it.
    """
    if not text:
        return text
    target = f"../../{book_folder(report.language)}/rule-book.html#{told_at(report.rule_set, row['indicator'], row['part']).lower()}"
    return inline(screen(link(text, target)), paper(inline(text)))


def book_note(report: Report) -> Block:
    """Where the links lead, and when they lead nowhere."""
    told = report.t(
        "Bấm vào một mức để mở sổ quy định (nguồn, người đối chiếu, các năm và vùng khác). Sổ do make rules BOOK=1 lập, nằm ở thư mục "
        "{folder} cạnh thư mục của xã; khi chuyển riêng báo cáo này đi nơi khác thì các liên kết ấy không mở được."
    )
    return screen(paragraph(told.format(folder=book_folder(report.language))))


def to_check_first(report: Report) -> list[Inline]:
    """The line of the first page: how many thresholds decide a verdict though nobody has checked them, and which."""
    rows = _ranked(report)
    names = ", ".join(row["indicator"] + row["part"] for row in rows)
    text = report.t("{n} mức cần đối chiếu trước, vì kết luận phụ thuộc vào chúng: {list}").format(
        n=len(rows), list=names
    )
    return [inline(link(text, "check-first"), ".")] if rows else []


def _ranked(report: Report) -> list[Row]:
    """Those that turn a criterion first, those that are not known last."""
    rows = report.rows("decisive", year=report.year)
    return sorted(rows, key=lambda row: (not row["threshold"], not row["criterion_after"]))


def check_first(report: Report) -> Block:
    """The thresholds that an official must look up first, each with what hangs on it; nothing where there is none."""
    rows, t = _ranked(report), report.t
    if not rows:
        return stack()
    columns = [
        Column(t("Chỉ tiêu"), row_header=True, width="30%"),
        Column(t("Mức đang dùng"), width="22%"),
        Column(t("Kết quả"), width="16%"),
        Column(t("Kết luận phụ thuộc thế nào"), width="32%"),
    ]
    cells: list[list[Inline | str]] = [
        [
            indicator_label(report, row),
            _used(report, row),
            _value(report, row),
            _hangs(report, row, _judged(report, row)),
        ]
        for row in rows
    ]
    caption = t("Mức quy định cần đối chiếu trước với văn bản gốc")
    note = t("Khoảng thử của mỗi loại chỉ tiêu: data/raw/rules/ranges.yml.")
    listed = table(columns, cells, caption=caption, anchor="check-first")
    return stack(listed, screen(paragraph(note)))  # a paper names no file


def _rule(report: Report, row: Row) -> Row:
    found = report.row("thresholds", year=row["year"], indicator=row["indicator"], part=row["part"])
    return found or row


def _judged(report: Report, row: Row) -> Row:
    found = report.row("indicators", year=row["year"], indicator=row["indicator"], part=row["part"])
    return found or row


def _used(report: Report, row: Row) -> Inline:
    rule = _rule(report, row)
    sure = confidence_word(rule["confidence"], report.language)
    if not row["threshold"]:
        return inline(in_book(report, report.t("chưa biết"), row))
    asked = requirement(rule, rule, report.language)
    return inline(in_book(report, asked, row), f" ({sure})")


def _value(report: Report, row: Row) -> str:
    return value_phrase(_judged(report, row), _rule(report, row), report.language)


def _hangs(report: Report, row: Row, judged: Row) -> str:
    """``Đạt; nếu mức trên 49 triệu đồng/người/năm thì chưa đạt, cả tiêu chí 10.``"""
    t, language = report.t, report.language
    if not row["threshold"]:
        return t("Chưa so được số liệu với mức cho đến khi nhập mức này.")
    told = t("{verdict}; {condition} thì {after}").format(
        verdict=" ".join(
            filter(
                None,
                [
                    verdict_word(row["verdict"], language) if row["verdict"] != "no-data" else t("Chưa kết luận"),
                    basis_remark(judged["basis"], language),
                ],
            )
        ),
        condition=_turning(report, row, judged),
        after=_after(row["after"], language),
    )
    if row["criterion_after"]:
        told += t("; tiêu chí {n} cũng đổi thành {after}").format(
            n=row["criterion"], after=_after(row["criterion_after"], language)
        )
    return f"{told}."


def _after(verdict: str, language: str) -> str:
    return (
        translator(language)("chưa kết luận được") if verdict == "no-data" else verdict_word(verdict, language).lower()
    )


def _turning(report: Report, row: Row, judged: Row) -> str:
    """From which threshold on the verdict is another: at the value itself where that is exact and its own, else as tried."""
    t, rule = report.t, _rule(report, row)
    exact = (
        not judged["bound"] and rule["kind"] in ("share", "number", "growth") and fraction(judged["value"]) is not None
    )
    if not exact or rule["both_sexes"] or rule["join"] or row["verdict"] not in ("met", "unmet"):
        return t("nếu mức là {tried}").format(tried=exact_phrase(row["tried"], rule["unit"], report.language))
    above, below = t("nếu mức cao hơn kết quả này"), t("nếu mức thấp hơn kết quả này")
    from_it, to_it = t("nếu mức bằng hoặc cao hơn kết quả này"), t("nếu mức bằng hoặc thấp hơn kết quả này")
    met, operator = row["verdict"] == "met", rule["operator"]
    if operator in (">=", "<"):  # a value equal to the threshold is on the upper side
        return above if met == (operator == ">=") else to_it
    return from_it if met == (operator == ">") else below
