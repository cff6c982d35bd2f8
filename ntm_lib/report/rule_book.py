"""The rule book: every rule set on one page, each indicator with its wording, shape, thresholds, sources and history.

``make rules BOOK=1`` writes it beside the reports, which link to its anchors (``anchor_of``, never another for the same thing).
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from ntm_lib import rules
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    Rendered,
    bullets,
    facts,
    heading,
    link,
    paragraph,
    stack,
    strong,
    table,
)
from ntm_lib.doc.markup import html_text
from ntm_lib.doc.notebook import Document
from ntm_lib.language import Translate, number, translator
from ntm_lib.report.rule_entries import Line, chapter_of, entry, group_anchor, names_of
from ntm_lib.report.rule_levels import Level, levels_of, period_words, resting_on, source_words
from ntm_lib.rules.sets import RuleSet
from ntm_lib.tables import CONFIDENCES, natural_key, records
from ntm_lib.wording.words import confidence_word, day, document_name

FOLDER = "rule-book"  # below outputs
FEW = 3  # communes that a line names; more are counted


def book_folder(language: str) -> str:
    """Its folder below ``outputs``, beside those of the communes."""
    return FOLDER if language == "vi" else f"{FOLDER}-{language}"


def book_html(body: Block, language: str) -> bytes:
    """The page, which needs neither network nor script. The same rules and communes give the same bytes."""
    from ntm_lib.doc.render import render_page
    from ntm_lib.doc.style import TEMPLATES

    css, script = ((TEMPLATES / f"rule_book.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return render_page(body.html, _document(language), FOLDER, css, script).encode()


def book_pdf(body: Block, language: str) -> bytes:
    """The same for paper."""
    from ntm_lib.doc.pdf import render_pdf

    return render_pdf(body.typst, _document(language))


def _document(language: str) -> Document:
    t = translator(language)
    newest = max(str(rules.load_set(name).meta["valid_from"]) for name in rules.rule_sets())
    description = t("Mọi mức quy định, kèm nguồn và độ tin cậy.")
    return Document(t("Sổ quy định nông thôn mới"), language, "", newest, "", description)


def book(language: str) -> Block:
    """The whole book; its first block is the title."""
    t = translator(language)
    sets = [rules.load_set(name) for name in sorted(rules.rule_sets(), key=_order)]
    resting = resting_on()
    return stack(
        heading(t("Sổ quy định nông thôn mới"), 1, anchor="top"),
        _introduction(sets, t, language),
        _search_box(t),
        *(_of_set(rule_set, sets, resting, t, language) for rule_set in sets),
    )


def _order(name: str) -> tuple[int, int, str]:
    """The set judged by today first, then the older ones, the basic set of a period before those above it."""
    return -rules.load_set(name).meta["years"][0], len(name), name


def _introduction(sets: list[RuleSet], t: Translate, language: str) -> Block:
    columns = [
        Column(t("Bộ tiêu chí"), row_header=True, width="40%"),
        Column(t("Các năm")),
        *(Column(confidence_word(c, language), align="right") for c in CONFIDENCES),
    ]
    rows: list[Line] = []
    for rule_set in sets:
        counts = Counter(row["confidence"] for row in records(rule_set.thresholds))
        years = "–".join(map(str, rule_set.meta["years"]))
        name = link(rule_set.meta["name"][language], rule_set.id)
        rows.append([name, years, *(number(counts[c], language) for c in CONFIDENCES)])
    told = t(
        "Mọi mức quy định mà chương trình dùng để kết luận, kèm văn bản, nguồn đã đọc và độ tin cậy. Chỉ mức «đã đối chiếu văn bản gốc» "
        "đã được một người có tên so với chính quyết định; các mức khác phải được đối chiếu trước khi ký. Đường nét đứt trong hình: mức chưa đối chiếu."
    )
    return stack(
        paragraph(told), table(columns, rows, caption=t("Số mức của mỗi bộ, theo độ tin cậy"), anchor="confidences")
    )


def _search_box(t: Translate) -> Block:
    """A field that only the script can serve; hidden without it and on paper."""
    found = html_text(t("{n} chỉ tiêu"))
    html = (
        f'<form class="find" id="find" role="search" hidden><label>{html_text(t("Tìm chỉ tiêu: số, chữ trong tên, văn bản, tỉnh"))} '
        f'<input type="search" id="find-text" autocomplete="off"></label><output id="found" data-words="{found}"></output></form>\n'
    )
    return Block(Rendered(html, "", ""))


# ---------------------------------------------------------------- one set


def _of_set(
    rule_set: RuleSet, sets: list[RuleSet], resting: Mapping[tuple[str, ...], set[str]], t: Translate, language: str
) -> Block:
    levels = levels_of(rule_set, resting)
    groups = {names: number for number, names in enumerate(_groups(levels.values()), 1)}
    chapter = chapter_of(rule_set, tuple(other for other in sets if other is not rule_set), levels, groups, language)
    blocks = [heading(rule_set.meta["name"][language], 2, anchor=rule_set.id), _about_set(rule_set, t, language)]
    own = [row for rows in chapter.rows.values() for row in rows]
    for criterion in [*(c["id"] for c in rule_set.meta["criteria"]), ""]:
        rows = [row for row in own if row["criterion"] == criterion]
        if rows:
            name = rules.criterion_name(rule_set, criterion, language)
            title = t("Tiêu chí {number}. {name}").format(number=criterion, name=name) if criterion else name
            blocks.append(heading(title, 3, anchor=f"{rule_set.id}-criterion-{criterion or 'x'}"))
        wholes = sorted((row for row in rows if not row["part"]), key=lambda row: natural_key(row["indicator"]))
        blocks += [entry(chapter, row) for row in wholes]
    return stack(*blocks, _commune_groups(rule_set, groups, t))


def _about_set(rule_set: RuleSet, t: Translate, language: str) -> Block:
    meta = rule_set.meta
    told: list[tuple[str, Inline | str]] = [
        (t("Văn bản"), meta["document_title"][language]),
        (t("Hiệu lực"), period_words(str(meta["valid_from"]), str(meta["valid_to"] or ""), t, language)),
        (t("Nguồn đã đọc"), source_words(meta["source"], language)),
    ]
    changed = [
        t("{document} ({date}): {effect}").format(
            document=document_name(entry["document"], language),
            date=day(str(entry["date"]), language),
            effect=entry["effect"][language],
        )
        for entry in meta.get("amendments") or []
    ]
    rules_of_columns = [
        t("cột {column}: {reason} ({document}; {period})").format(
            column=rules.column_name(rule_set, rule.get("column", ""), language) or t("theo vùng, nhóm của xã"),
            reason=rule["reason"][language],
            document=", ".join(filter(None, [document_name(rule["document"], language), rule.get("article", "")])),
            period=period_words(str(rule.get("from") or ""), str(rule.get("to") or ""), t, language),
        )
        for rule in meta["column_rules"]
    ]
    return stack(
        facts(told),
        *([paragraph(strong(t("Đã được sửa đổi:")), lead=True), bullets(changed)] if changed else []),
        paragraph(strong(t("Xã dùng cột nào: quy tắc đúng đầu tiên, xét đến ngày 31/12 của năm")), lead=True),
        bullets(rules_of_columns),
    )


def _groups(levels: Iterable[list[Level]]) -> list[tuple[str, ...]]:
    """Sets of communes that some threshold holds for and that are too many to be named at each."""
    found = {level.communes for of_one in levels for level in of_one if len(level.communes) > FEW}
    return sorted(found, key=lambda names: (-len(names), names))


def _commune_groups(rule_set: RuleSet, groups: dict[tuple[str, ...], int], t: Translate) -> Block:
    """The communes behind the counts of the tables, once each group."""
    if not groups:
        return stack()
    title = t("Các xã trong dữ liệu được xét theo bộ này")
    anchors = [group_anchor(rule_set, number_) for number_ in groups.values()]
    columns = [Column(t("Nhóm"), row_header=True, width="10%"), Column(t("Xã"))]
    shown: list[Line] = [
        [f"{number_} ({t('{n} xã').format(n=len(names))})", "; ".join(names_of(names))]
        for names, number_ in groups.items()
    ]
    return stack(
        heading(title, 3, anchor=f"{rule_set.id}-communes"),
        table(columns, shown, caption=title, anchor=f"{rule_set.id}-groups", row_anchors=anchors),
    )
