"""What is new since an earlier state, as a page that a reviewer signs off, as a PDF that carries the list as data."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

from ntm_lib import rules
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    bullets,
    callout,
    cards,
    code,
    facts,
    heading,
    inline,
    paragraph,
    stack,
    strong,
    table,
)
from ntm_lib.doc.notebook import Document, first_heading
from ntm_lib.doc.pdf import Attachment, render_pdf
from ntm_lib.doc.render import render_page
from ntm_lib.doc.style import badge
from ntm_lib.doc.write.text import csv_text
from ntm_lib.language import date, term, translator
from ntm_lib.parameters import Parameters
from ntm_lib.report.states import VERDICT_COLUMNS, CellChange, Cells, Difference, VerdictChange
from ntm_lib.wording.words import OPERATORS, amount_phrase

MOST_LINES = 150  # of the program's files that the page shows; the list holds all


def difference_page(
    found: Difference, place: str, year: int, since: Mapping[str, str], rule_set: rules.RuleSet, language: str
) -> Block:
    """``place``: the commune with its district; ``since``: name, date and subject of the earlier state."""
    t = translator(language)
    title = t("Điều gì khác so với bản trước: năm {year}, {place}").format(year=year, place=place)
    head = [heading(title, 1, anchor="top"), _compared(since, language)]
    if found.is_empty:
        return stack(
            *head,
            callout("info", t("Không có gì khác: số liệu thô, quy định, kết luận và câu chữ đều như bản trước.")),
            sign_off([], language),
        )
    parts = [
        (t("Kết luận"), verdicts(found, rule_set, language), len(found.criteria) + len(found.indicators)),
        (t("Số liệu thô"), raw_cells(found.raw, language), len(found.raw)),
        (t("Quy định"), thresholds(found.rules, language), len(found.rules)),
        (t("Câu chữ trong báo cáo"), sentences(found.sentences, language), len(found.sentences)),
        (t("Kiến nghị về số liệu"), findings(found, language), len(found.new_findings) + len(found.gone_findings)),
        (t("Tệp thô"), files(found.files, language), len(found.files)),
        (t("Chương trình, câu chữ, khuôn trình bày"), program(found.program, language), len(found.program)),
    ]
    counted = cards([(str(count), name, "") for name, _, count in parts])
    sections = [stack(heading(f"{number}. {name}"), body) for number, (name, body, _) in enumerate(parts, 1)]
    return stack(
        *head,
        counted,
        *sections,
        heading(t("{n}. Người thẩm tra").format(n=len(parts) + 1)),
        sign_off([p[0] for p in parts if p[2]], language),
    )


def _compared(since: Mapping[str, str], language: str) -> Block:
    t = translator(language)
    before = ", ".join(filter(None, [since["name"], since["date"] and date(since["date"], language), since["subject"]]))
    pairs = [(t("Bản trước"), before), (t("Bản này"), t("số liệu và quy định hiện có trong máy"))]
    text = t(
        "Cả hai bản được đánh giá bằng cùng một chương trình, nên khác biệt về kết luận và câu chữ báo cáo đều do số liệu thô hoặc quy định; "
        "chương trình, câu chữ và khuôn trình bày đã sửa thì liệt kê riêng."
    )
    return stack(facts(pairs), paragraph(text))


def _apart(
    name: str,
    words: tuple[str, str],
    heads: Iterable[Column],
    share: int,
    rows: list[list[Inline | str]],
    language: str,
    note: str = "",
    last: Iterable[Column] = (),
) -> Block:
    """What differs, before and now side by side behind the columns ``heads``, each ``share`` percent wide.
    ``words``: the caption, and what is said where nothing differs.
    """
    t, (caption, nothing) = translator(language), words
    beside = (Column(head, width=f"{share}%") for head in (t("Bản trước"), t("Bản này")))
    return table([*heads, *beside, *last], rows, caption, anchor=name, note=note) if rows else paragraph(nothing)


def verdicts(found: Difference, rule_set: rules.RuleSet, language: str) -> Block:
    """Criteria, then indicators whose verdict, value or threshold differs, and which of the two moved."""
    t = translator(language)
    rows = [_judged_row(change, rule_set, language) for change in [*found.criteria, *found.indicators]]
    heads = [Column(t("Năm"), align="right", width="7%"), Column(t("Tiêu chí, chỉ tiêu"), row_header=True, width="35%")]
    words = t("Kết luận khác so với bản trước"), t("Không kết luận nào khác.")
    return _apart("verdicts", words, heads, 22, rows, language, last=[Column(t("Do"), width="14%")])


def _judged_row(change: VerdictChange, rule_set: rules.RuleSet, language: str) -> list[Inline | str]:
    """Year, criterion or indicator, its verdict before and now, and what moved."""
    year, *named = change.key
    if len(named) == 1:
        form = translator(language)("Tiêu chí {number}. {name}")
        name = form.format(number=named[0], name=rules.criterion_name(rule_set, named[0], language))
    else:
        name = f"{''.join(named)} {rules.indicator_name(rule_set, named[0], named[1], language)}"
    return [
        year,
        name,
        *(_verdict(row, language) for row in (change.before, change.after)),
        _cause(change.cause, language),
    ]


def _verdict(row: Cells | None, language: str) -> Inline | str:
    """Verdict, value and threshold: ``✓ Đạt, 90,30 %, ngưỡng ≥ 70 %``."""
    t = translator(language)
    if row is None:
        return t("không có")
    shown = badge(row["verdict"], row["basis"], language)
    value = row.get("value", "")
    if value and value not in ("met", "unmet", "not-applicable"):
        shown = shown + ", " + amount_phrase(value, row.get("unit", ""), language)
    if row.get("threshold") and row["threshold"] != "met":
        shown = shown + t("; ngưỡng {operator} {threshold}").format(
            operator=OPERATORS.get(row["operator"], row["operator"]), threshold=term(row["threshold"], language)
        )
    return shown


def _cause(cause: str, language: str) -> str:
    t = translator(language)
    words = {
        "rule": t("ngưỡng"),
        "result": t("số liệu"),
        "both": t("cả số liệu và ngưỡng"),
        "other": t("công bố hoặc chỉ tiêu khác"),
    }
    return words[cause]


def raw_cells(changes: list[CellChange], language: str) -> Block:
    """Cells of the raw tables, and rows that are new or gone."""
    t = translator(language)
    heads = [Column(t("Bảng, dòng"), row_header=True, width="18%"), Column(t("Cột"), width="12%")]
    rows = [[" ".join(change.key), *_pair(change, language)] for change in changes]
    words = t("Ô số liệu thô khác so với bản trước"), t("Không ô nào khác.")
    return _apart("raw", words, heads, 35, rows, language)


def _pair(change: CellChange, language: str) -> list[Inline | str]:
    """The column, what stood there and what stands there."""
    t = translator(language)
    absent = t("để trống") if change.column else t("không có dòng này")
    where = code(change.column) if change.column else t("cả dòng")
    return [where, change.before or absent, change.after or absent]


def thresholds(changes: list[CellChange], language: str) -> Block:
    """What the rules say now and said before, for every year judged."""
    t = translator(language)
    named = Column(t("Chỉ tiêu"), row_header=True, width="14%")
    heads = [Column(t("Năm"), align="right", width="8%"), named, Column(t("Cột"), width="16%")]
    rows = [[change.key[0], change.key[1] + change.key[2], *_pair(change, language)] for change in changes]
    words = t("Ngưỡng và căn cứ khác so với bản trước"), t("Không ngưỡng nào khác.")
    return _apart("rules", words, heads, 31, rows, language)


def sentences(changes: list[tuple[str, str, str]], language: str) -> Block:
    """Lines of the report and of the papers, as published, with the words that differ in bold."""
    t = translator(language)
    rows = [[place, *map(_marked, words_apart(before, after))] for place, before, after in changes]
    words = t("Câu khác so với bản trước"), t("Không câu nào khác.")
    return _apart("sentences", words, [Column(t("Nơi"), row_header=True, width="14%")], 43, rows, language)


def _marked(pieces: list[tuple[bool, str]]) -> Inline | str:
    """The text with what differs in bold; a blank that differs is shown as ␣."""
    return (
        inline(*(strong(text if text.strip() else "␣") if differs else text for differs, text in pieces))
        if pieces
        else "–"
    )


def words_apart(before: str, after: str) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """Both texts in pieces, each with whether it differs: words and what lies between them, to the blank before a ``%``."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    sides: tuple[list[tuple[bool, str]], list[tuple[bool, str]]] = ([], [])
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, piece in zip(sides, ("".join(old[a:b]), "".join(new[c:d])), strict=True):
            side += [(tag != "equal", piece)] if piece else []
    return sides


def findings(found: Difference, language: str) -> Block:
    """What the checks find now and did not find before, and the other way round."""
    t = translator(language)
    if not found.new_findings and not found.gone_findings:
        return paragraph(t("Không kiến nghị nào khác."))
    parts = []
    for title, messages in ((t("Mới có:"), found.new_findings), (t("Không còn:"), found.gone_findings)):
        parts += [paragraph(title, lead=True), bullets(messages)] if messages else []
    return stack(*parts)


def files(changed: list[tuple[str, str]], language: str) -> Block:
    """Raw files and rule files whose content differs, also where no table shows it."""
    t = translator(language)
    words = {"changed": t("đã sửa"), "added": t("mới có"), "removed": t("không còn")}
    if not changed:
        return paragraph(t("Không tệp nào khác."))
    return bullets([code(name) + f": {words[what]}" for name, what in changed])


def program(changes: list[tuple[str, str, str]], language: str) -> Block:
    """Lines of the files that word and lay out the pages, with what differs in bold; the first ones of very many."""
    t, left = translator(language), max(0, len(changes) - MOST_LINES)
    shown = changes[:MOST_LINES]
    rows = [[code(file), *map(_marked, words_apart(then.strip(), now.strip()))] for file, then, now in shown]
    note = t("Còn {count} dòng khác nữa: xem tệp đính kèm.").format(count=left) if left else ""
    words = (
        t("Dòng khác trong tệp của chương trình"),
        t("Không dòng nào khác, hoặc bản trước không giữ các tệp này."),
    )
    return _apart("program", words, [Column(t("Tệp"), row_header=True, width="24%")], 38, rows, language, note)


def sign_off(parts: list[str], language: str) -> Block:
    """Lines to be filled in by hand: agreed or to be mended, part by part; who, when, signature."""
    t = translator(language)
    columns = [
        Column(t("Phần"), row_header=True, width="28%"),
        Column(t("Đồng ý"), align="center", width="14%"),
        Column(t("Cần sửa"), align="center", width="14%"),
        Column(t("Ý kiến")),
    ]
    rows = [[name, "☐", "☐", "…………………………………"] for name in parts or [t("Toàn bộ")]]
    signed = facts([(t("Họ tên"), "……………………………………"), (t("Ngày"), "……………………………………"), (t("Chữ ký"), "……………………………………")])
    return stack(table(columns, rows, caption=t("Ý kiến của người thẩm tra"), anchor="sign-off", phone="table"), signed)


# ---------------------------------------------------------------- files

COLUMNS = ("list", "key", "column", "before", "after")


def difference_files(
    found: Difference, run: Parameters, since: Mapping[str, str], rule_set: rules.RuleSet
) -> dict[str, bytes]:
    """``diff.html`` and ``diff.pdf``. ``since``: name, date and subject of the earlier state."""
    t, commune = translator(run.language), rules.load_commune(run.commune)
    place = t("xã {name}").format(name=commune["name"])
    body = difference_page(found, place, run.year, since, rule_set, run.language)
    document = Document(first_heading(body.html), run.language, "", f"{run.year}-12-31", "", "")
    data = Attachment(
        "differences.csv", differences_csv(found).encode(), "text/csv", t("Mọi điểm khác, mỗi điểm một dòng")
    )
    return {
        "diff.html": render_page(body.html, document, "diff").encode(),
        "diff.pdf": render_pdf(body.typst, document, attachments=(data,)),
    }


def differences_csv(found: Difference) -> str:
    """Everything that differs, one row each, lists in the order of the page."""
    return csv_text(COLUMNS, (dict(zip(COLUMNS, row, strict=True)) for row in _rows(found)))


def _rows(found: Difference) -> Iterator[tuple[str, str, str, str, str]]:
    for name in ("criteria", "indicators"):
        for change in getattr(found, name):
            yield name, " ".join(change.key), "verdict", _held(change.before), _held(change.after)
    for name in ("raw", "rules"):
        for change in getattr(found, name):
            yield name, " ".join(change.key), change.column, change.before, change.after
    for key, before, after in found.sentences:
        yield "sentences", key, "", before, after
    for message in found.new_findings:
        yield "findings", "", "", "", message
    for message in found.gone_findings:
        yield "findings", "", "", message, ""
    for file, what in found.files:
        yield "files", file, what, "", ""
    for file, before, after in found.program:
        yield "program", file, "", before, after


def _held(row: Cells | None) -> str:
    """``met; planned; 49``: what the columns of a verdict hold."""
    return "; ".join(row[c] for c in VERDICT_COLUMNS if row.get(c)) if row else ""
