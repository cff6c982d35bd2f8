"""Where every figure and every threshold comes from: raw rows with file, row and quote; documents; the rule book; what nobody has checked though a verdict hangs on it."""

import re

from ntm_lib import tables
from ntm_lib.doc.blocks import Block, Column, Inline, inline, link, paper, paragraph, screen, stack, table_of
from ntm_lib.doc.style import basis_remark
from ntm_lib.language import term, translator
from ntm_lib.report.context import Report, Row
from ntm_lib.report.facts import indicator_label
from ntm_lib.report.rule_book import book_folder
from ntm_lib.report.rule_entries import told_at
from ntm_lib.tables import CONFIDENCES, fraction
from ntm_lib.text.dates import find_dates
from ntm_lib.wording.words import (
    OPERATORS,
    confidence_word,
    day,
    document_name,
    exact_phrase,
    requirement,
    set_by_word,
    value_phrase,
    verdict_word,
)


def observation_anchor(observation: str) -> str:
    return f"row-{observation}"


def observation_names(row: Row) -> list[str]:
    """Ids of the raw rows behind a verdict; a plan rests on the result and on what is added to it (``HM112+HM116``)."""
    return [name for name in re.split("[;+]", row["observation"]) if name]


def sourced(text: str, row: Row | None) -> Inline | str:
    """A figure with a link to the raw row that it comes from; a dash and a figure of a scenario have none."""
    names = observation_names(row) if row and text not in ("", "–") else []
    return link(text, observation_anchor(names[0])) if names else text


def sources(row: Row) -> Inline:
    """`` [HM112] [HM116]``: a link to every raw row behind a row of the tables; nothing where there is none, and
    nothing in the PDF, which holds no raw rows.
    """
    links = inline(
        *(
            part
            for name in observation_names(row)
            for part in (" ", link(f"[{row_code(name)}]", observation_anchor(name)))
        )
    )
    return screen(links)


def row_code(observation: str) -> str:
    """What a raw row is called: its own id; a sum over communes that were merged, whose id is long, by its year and indicator."""
    parts = observation.split(":")
    return f"Σ {parts[2]} {parts[5]}" if parts[0] == "merged" and len(parts) > 5 else observation


def evidence_rows(report: Report) -> Block:
    """The raw rows that the figures of the report come from, with file, row, words as written and quote: on the page alone."""
    t = report.t
    rows = _behind_the_figures(report)
    told = t(
        "Dòng số liệu gốc của mọi con số ở bản trên màn hình của báo cáo này; kết luận từng chỉ tiêu ở bảng đính kèm tệp này."
    )
    listed = table_of(
        rows,
        t("Dòng số liệu thô làm căn cứ cho các kết luận"),
        "evidence",
        (Column(t("Mã"), row_header=True, width="12%"), lambda row: row_code(row["observation"])),
        (Column(t("Tệp, dòng"), width="16%"), lambda row: place_text(row, report.language, report.parameters.commune)),
        (Column(t("Nội dung"), width="20%"), lambda row: row["item"]),
        (Column(t("Ghi trong tài liệu"), width="16%"), lambda row: row["text"]),
        (Column(t("Trích dẫn"), width="26%"), _quoted),
        (Column(t("Ngày đo; ngày tài liệu"), width="12%"), lambda row: _days(report, row)),
        row_anchors=[observation_anchor(row["observation"]) for row in rows],
    )
    return stack(paper(paragraph(told)), screen(listed))


def _behind_the_figures(report: Report) -> list[Row]:
    """The raw rows that verdicts, money, works, duties and counts rest on."""
    resting = [
        *report.rows("indicators"),
        *report.rows("criteria"),
        *report.rows("funding", year=report.year),
        *report.rows("works", year=report.year),
        *report.rows("observations", table="assignments"),
        *report.rows("observations", criterion="all", kind="declared"),
    ]
    used = {name for row in resting for name in observation_names(row)}
    return [row for row in report.rows("observations") if row["observation"] in used]


def _quoted(row: Row) -> str:
    """The words of the document and where they stand; what was remarked of a row that no document holds."""
    where = ", ".join(filter(None, [row["document"], row["section"]]))
    return f"“{row['quote']}” ({where})" if row["quote"] else where or row["note"]


def _days(report: Report, row: Row) -> str:
    """When a figure was measured (its own date, or one in its cell; of a result, that none is given) and when its source was written."""
    t = report.t
    found = row["date"] or next((date[0] for date in find_dates(row["text"])), "")
    said = t("đo {day}").format(day=day(found, report.language)) if found else t("chưa ghi ngày đo")
    measured = said if found or row["kind"] == "measured" else ""
    source = report.documents.get(row["document"], {}).get("date", "")
    dated = t("tài liệu {day}").format(day=day(source, report.language)) if source else ""
    return "; ".join(filter(None, [measured, dated]))


def place_text(row: Row, language: str, own: str = "") -> str:
    """``results.csv, dòng 30, cột value``; a workbook's cell by its address: ``bieu-2024.xlsx, Biểu 01, ô J86``; a line of a text.

    A file outside the folder ``own`` of the report's commune is named with its folder, and so are the
    files of a sum over communes that were merged.
    """
    t = translator(language)
    if "; " in row["file"]:
        pairs = zip(row["file"].split("; "), row["row"].split("; "), strict=False)
        return "; ".join(
            f"{file.removeprefix('communes/')}, {t('dòng {row}').format(row=number)}" for file, number in pairs
        )
    away = own and row["file"].startswith("communes/") and not row["file"].startswith(f"communes/{own}/")
    parts = [row["file"].removeprefix("communes/") if away else row["file"].rsplit("/", 1)[-1], row["sheet"]]
    if row["file"].endswith(".txt"):
        parts.append(row["row"] and t("dòng {line}").format(line=row["row"]))
    elif row["row"][:1].isdigit():
        parts += [
            t("dòng {row}").format(row=row["row"]),
            row["column"] and t("cột {column}").format(column=row["column"]),
        ]
    elif row["row"]:
        parts.append(t("ô {cell}").format(cell=row["row"]))
    return ", ".join(filter(None, parts))


def places_text(rows: list[Row], language: str, own: str = "") -> str:
    """The places of several rows, those of one file in one: ``results.csv, dòng 2–21, 30, cột value``."""
    found: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        number = int(row["row"]) if row["row"].isdigit() else 0
        found.setdefault((row["file"], row["sheet"], row["column"], "" if number else row["row"]), []).append(number)
    return "; ".join(
        filter(
            None,
            (
                place_text(
                    {"file": file, "sheet": sheet, "column": column, "row": cell or spans(numbers)}, language, own
                )
                for (file, sheet, column, cell), numbers in found.items()
            ),
        )
    )


def spans(numbers: list[int]) -> str:
    """``[2, 3, 4, 7]`` → ``2–4, 7``; nothing for rows without a number (0)."""
    runs: list[list[int]] = []
    for number in sorted({*numbers} - {0}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def documents_list(report: Report) -> Block:
    """Documents cited by the raw data."""
    t = report.t
    if not report.documents:
        return paragraph(t("Chưa nhập tài liệu nào."))
    listed = table_of(
        report.documents.values(),
        t("Tài liệu đã dùng"),
        "documents",
        (Column(t("Ký hiệu"), row_header=True, width="20%"), lambda d: d["document"]),
        (Column(t("Tài liệu"), width="45%"), lambda d: " – ".join(filter(None, [d["title"], d.get("address")]))),
        (Column(t("Cơ quan ban hành"), width="20%"), lambda d: d["issuer"]),
        (Column(t("Ngày"), width="15%"), lambda d: day(d["date"], report.language)),
    )
    said = t("Tài liệu đã dùng: {list}.").format(
        list="; ".join(_cited(d, report.language) for d in report.documents.values())
    )
    return stack(screen(listed), paper(paragraph(said)))


def _cited(document: Row, language: str) -> str:
    """Number, title, issuer and date of a document; the word that the data know it by, where it has no number, is for the screen."""
    number = document["document"] if "/" in document["document"] else ""
    title = ", ".join(filter(None, [number, document["title"]]))
    return f"{title} ({', '.join(filter(None, [document['issuer'], day(document['date'], language)]))})"


def thresholds_note(report: Report) -> Block:
    """How many thresholds of the year have been compared with the published text, and how the others are known."""
    t = report.t
    counts = {
        name: sum(row["confidence"] == name for row in own_thresholds(report, report.year)) for name in CONFIDENCES
    }
    forms = {
        "official": t("{n} đã đối chiếu với văn bản gốc"),
        "two-sources": t("{n} có hai nguồn"),
        "one-source": t("{n} có một nguồn"),
        "unverified": t("{n} chưa đối chiếu"),
        "unknown": t("{n} chưa biết"),
    }
    parts = ", ".join(forms[name].format(n=n) for name, n in counts.items() if n)
    text = t(
        "{n}/{all} mức quy định của năm {year} đã đối chiếu với văn bản gốc ({parts}). Trước khi ký hồ sơ cần đối chiếu những mức còn lại với chính văn bản."
    )
    told = paragraph(
        text.format(n=counts["official"], all=sum(counts.values()), year=report.year, parts=parts), anchor="unchecked"
    )
    changed = [
        entry for entry in report.rule_set.meta.get("amendments") or [] if str(entry["date"]) <= f"{report.year}-12-31"
    ]
    form = t("Bộ tiêu chí đã được sửa đổi bởi {document} ({date}): {effect}.")
    said = [
        form.format(
            document=document_name(e["document"], report.language),
            date=day(str(e["date"]), report.language),
            effect=e["effect"][report.language],
        )
        for e in changed
    ]
    return stack(told, check_first(report), *map(paragraph, said), book_note(report))


def own_thresholds(report: Report, year: int) -> list[Row]:
    """Thresholds of the year; indicators that are made of their parts have none of their own."""
    return [row for row in report.rows("thresholds", year=year) if row["threshold"] or not row["join"]]


def thresholds_list(report: Report) -> Block:
    """Every threshold of the year judged, with who set it, source and confidence."""
    t, language = report.t, report.language

    def law(row: Row) -> str:
        who = set_by_word(row["set_by"], language), row["document"], term(row["article"], language)
        return ", ".join(filter(None, who))

    return table_of(
        report.rows("thresholds", year=report.year),
        t("Ngưỡng áp dụng năm {year}").format(year=report.year),
        "thresholds",
        (Column(t("Chỉ tiêu"), row_header=True, width="36%"), lambda row: indicator_label(report, row)),
        (Column(t("Ngưỡng"), width="14%"), lambda row: in_book(report, required_text(report, row), row)),
        (Column(t("Cấp quy định, văn bản"), width="20%"), law),
        (Column(t("Nguồn đã đọc"), width="18%"), lambda row: term(row["source"], language)),
        (Column(t("Độ tin cậy"), width="12%"), lambda row: confidence_word(row["confidence"], language)),
    )


def required_text(report: Report, row: Row) -> str:
    """What a row of ``thresholds`` asks for: ``≥ 70%``; words where a sign reads badly, as in ``không có``,
    ``100%`` (a share cannot be more), ``xếp loại khá trở lên``.
    """
    if not row["threshold"]:
        return report.t("chưa biết")
    if row["threshold"] == "met":
        return report.t("đạt")
    if tables.fraction(row["threshold"]) in (None, 0, 100):
        return requirement(row, row, report.language)
    return f"{OPERATORS[row['operator']]} {exact_phrase(row['threshold'], row['unit'], report.language)}"


# ---------------------------------------------------------------- thresholds and the rule book


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
    listed = table_of(
        rows,
        t("Mức quy định cần đối chiếu trước với văn bản gốc"),
        "check-first",
        (Column(t("Chỉ tiêu"), row_header=True, width="30%"), lambda row: indicator_label(report, row)),
        (Column(t("Mức đang dùng"), width="22%"), lambda row: _used(report, row)),
        (Column(t("Kết quả"), width="16%"), lambda row: _value(report, row)),
        (
            Column(t("Kết luận phụ thuộc thế nào"), width="32%"),
            lambda row: _hangs(report, row, _behind(report, "indicators", row)),
        ),
    )
    note = t("Khoảng thử của mỗi loại chỉ tiêu: data/raw/rules/ranges.yml.")
    return stack(listed, screen(paragraph(note)))  # a paper names no file


def _behind(report: Report, table: str, row: Row) -> Row:
    """The threshold or the verdict that a row of ``decisive`` is about."""
    return report.row(table, year=row["year"], indicator=row["indicator"], part=row["part"]) or row


def _used(report: Report, row: Row) -> Inline:
    rule = _behind(report, "thresholds", row)
    sure = confidence_word(rule["confidence"], report.language)
    if not row["threshold"]:
        return inline(in_book(report, report.t("chưa biết"), row))
    asked = requirement(rule, rule, report.language)
    return inline(in_book(report, asked, row), f" ({sure})")


def _value(report: Report, row: Row) -> str:
    return value_phrase(_behind(report, "indicators", row), _behind(report, "thresholds", row), report.language)


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
    t, rule = report.t, _behind(report, "thresholds", row)
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
