"""The overview of many communes: what a province must know at a glance, then every commune and year.

Counts come from ``overview_read``; the wide table is ``overview_table``.
"""

import contextlib
from collections.abc import Callable

from ntm_lib import rules
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    Rendered,
    bullets,
    details,
    heading,
    inline,
    paragraph,
    stack,
    table_of,
)
from ntm_lib.doc.notebook import Document, first_heading
from ntm_lib.doc.render import render_page
from ntm_lib.doc.style import TEMPLATES
from ntm_lib.errors import NtmError
from ntm_lib.language import number, translator
from ntm_lib.report.overview.overview_read import (
    BANDS,
    CriterionCount,
    Entry,
    Overview,
    band_counts,
    by_criteria,
    criterion_counts,
    exposed,
    most_missed,
)
from ntm_lib.report.overview.overview_table import (
    band_name,
    by_name,
    communes_table,
    legend,
    lost_text,
    place_map,
    search_box,
    summary,
)

SHOWN = 40  # rows of a list that the big table repeats anyway
NEAR = 2  # criteria: from this distance to withdrawal on a commune is named


def overview_page(overview: Overview, language: str) -> Block:
    """The page of the newest year of every commune."""
    t = translator(language)
    return stack(
        heading(overview.title, 1, anchor="top"),
        summary(overview, language),
        place_map(overview, language),
        heading(t("1. Qua các năm")),
        years_table(overview, language),
        heading(t("2. Tiêu chí nhiều xã chưa đạt")),
        missed(overview, language),
        heading(t("3. Mới đạt và không còn đạt")),
        moved(overview, language),
        heading(t("4. Nguy cơ thu hồi công nhận")),
        withdrawal_list(overview, language),
        heading(t("5. Từng xã, từng tiêu chí")),
        communes(overview, language),
        heading(t("6. Xã chưa có trong bảng")),
        missing(overview, language),
    )


def year_page(overview: Overview, year: int, language: str) -> Block:
    """The page of one year: the same tables, without what only the newest figures can say."""
    t, only = translator(language), overview.only(year)
    return stack(
        heading(t("{title}, năm {year}").format(title=overview.title, year=year), 1, anchor="top"),
        paragraph(inline(_outside(t("Về trang tổng hợp"), "overview.html"))),
        years_table(only, language),
        heading(t("Tiêu chí nhiều xã chưa đạt")),
        missed(only, language),
        heading(t("Từng xã, từng tiêu chí")),
        communes(only, language),
    )


def year_file(year: int) -> str:
    """Name of the page of one year, beside ``overview.html``."""
    return f"overview-{year}.html"


def _outside(text: str, file: str) -> Inline:
    """A link to a file whose name is ours."""
    shown = inline(text)
    return Inline(Rendered(f'<a href="{file}">{shown.html}</a>', shown.typst, shown.text))


def years_table(overview: Overview, language: str) -> Block:
    """One row a year: communes, bands, and how far the figures can be trusted."""
    t, several = translator(language), len(overview.years) > 1

    def column(heading: str, shown: Callable[[list[Entry]], str]) -> tuple[Column, Callable[[int], str]]:
        return Column(heading, align="right"), lambda year: shown(overview.of_year(year))

    def total(entries: list[Entry], name: str) -> int:
        return sum(getattr(entry, name) for entry in entries)

    def compared(entries: list[Entry]) -> str:
        return f"{number(total(entries, 'with_value'), language)}/{number(total(entries, 'indicators'), language)}"

    def banded(band: tuple[int, int] | None) -> Callable[[list[Entry]], str]:
        return lambda entries: _count(band_counts(entries)[band])

    return table_of(
        overview.years,
        t("Số xã theo số tiêu chí đạt"),
        "years",
        (
            Column(t("Năm"), row_header=True),
            lambda year: _outside(str(year), year_file(year)) if several else str(year),
        ),
        column(t("Số xã"), lambda entries: str(len(entries))),
        column(t("Mới có kế hoạch"), lambda entries: _count(total(entries, "plan"))),
        *(column(band_name(band, language), banded(band)) for band in (*BANDS, None)),
        column(t("Chỉ tiêu so được"), compared),
        column(t("So với ngưỡng chưa kiểm"), lambda entries: _count(total(entries, "unverified"))),
        column(t("Lỗi"), lambda entries: _count(total(entries, "errors"))),
        column(t("Cảnh báo"), lambda entries: _count(total(entries, "warnings"))),
        note=(t("Mỗi năm có một trang riêng. ") if several else "")
        + t("Chưa rõ: còn tiêu chí chưa có kết luận, nên chưa biết xã ở nhóm nào."),
        phone="cards",
    )


def _count(count: int) -> str:
    """Nothing instead of a nought, so that the eye finds the numbers."""
    return str(count) if count else ""


def missed(overview: Overview, language: str) -> Block:
    """The criteria of the communes' newest years, the most missed first; one table a rule set."""
    groups = by_criteria(overview.latest)
    return stack(*(_missed_in(overview, entries, f"criteria-{n}", language) for n, entries in enumerate(groups, 1)))


def _missed_in(overview: Overview, entries: list[Entry], anchor: str, language: str) -> Block:
    t, years = translator(language), sorted({entry.year for entry in entries})
    counts = sorted(criterion_counts(entries), key=lambda count: -count.unmet)
    form = t("Các tiêu chí của {count} xã, năm {years}: nhiều xã chưa đạt nhất ở trên")
    if not any(count.unmet for count in counts):
        form = t("Các tiêu chí của {count} xã, năm {years}; chưa tiêu chí nào được nêu tên là chưa đạt")

    def column(heading: str, *names: str) -> tuple[Column, Callable[[CriterionCount], str]] | None:
        def shown(count: CriterionCount) -> str:
            return _count(sum(getattr(count, name) for name in names))

        if names != ("unmet",) and not any(map(shown, counts)):
            return None  # nothing stands in it
        return Column(heading, align="right"), shown

    return table_of(
        counts,
        form.format(count=number(len(entries), language), years=span(years)),
        anchor,
        (Column(t("TC"), align="right"), lambda count: count.criterion),
        (
            Column(t("Tên tiêu chí"), row_header=True, width="30%"),
            lambda count: overview.name_of(count.criterion, years[-1]),
        ),
        column(t("Chưa đạt"), "unmet"),
        column(t("Đạt theo số liệu"), "measured"),
        column(t("Đạt theo công bố"), "declared"),
        column(t("Đạt theo kế hoạch, mục tiêu"), "planned", "aimed"),
        column(t("Chưa có số liệu"), "no_data"),
        column(t("Mới đạt"), "gained"),
        column(t("Không còn đạt"), "lost"),
        phone="cards",
    )


def span(years: list[int]) -> str:
    """``2024`` or ``2021–2024``."""
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def moved(overview: Overview, language: str) -> Block:
    """Communes that lost a criterion in their newest year, and how many gained one."""
    t = translator(language)
    lost = [entry for entry in overview.latest if entry.lost]
    gained = [entry for entry in overview.latest if entry.gained]
    forms = {
        t("{n} xã mới đạt thêm tiêu chí"): gained,
        t("{n} xã không còn đạt tiêu chí đã đạt năm trước"): lost,
    }
    text = "; ".join(form.format(n=len(entries)) for form, entries in forms.items() if entries)
    text = f"{text[:1].upper()}{text[1:]}."
    if not (gained or lost):
        text = t("Không xã nào mới đạt thêm hoặc không còn đạt tiêu chí nào so với năm trước.")
    if not lost:
        return paragraph(text)
    note = t("(qđ): kết quả của xã không giảm, chỉ quy định thay đổi.") + _more(len(lost), language)
    listed = table_of(
        by_name(lost)[:SHOWN],
        t("Xã không còn đạt tiêu chí đã đạt"),
        "lost",
        *_who(language),
        (Column(t("Không còn đạt")), lambda entry: lost_text(entry, language)),
        (Column(t("Mới đạt")), lambda entry: ", ".join(entry.gained) or "–"),
        note=note,
    )
    return stack(paragraph(text), listed)


def _who(language: str) -> tuple[tuple[Column, Callable[[Entry], Inline | str]], ...]:
    """The columns that name a commune and its year."""
    t = translator(language)
    return (
        (Column(t("Xã"), row_header=True), _report_link),
        (Column(t("Năm"), align="right"), lambda entry: str(entry.year)),
    )


def _more(count: int, language: str) -> str:
    text = translator(language)("Còn {count} xã nữa: xem bảng ở mục 5.")
    return " " + text.format(count=count - SHOWN) if count > SHOWN else ""


def _report_link(entry: Entry) -> Inline:
    """Name with a link to the commune's report, as seen from the folder of the overview."""
    name = inline(entry.place.name)
    return Inline(Rendered(f'<a href="../{entry.run}/report.html">{name.html}</a>', name.typst, name.text))


def withdrawal_list(overview: Overview, language: str) -> Block:
    """Communes at or near withdrawal of recognition (Decision 18/2022/QĐ-TTg), the nearest first."""
    t = translator(language)
    found = exposed(overview.latest, NEAR)
    text = t(
        "Tính theo số tiêu chí đã kết luận là chưa đạt; không áp dụng cho xã chưa từng được công nhận. Tiêu chí chưa có số liệu không tính."
    )
    if not found:
        return paragraph(
            t("Không xã nào ở mức bị thu hồi hoặc cách mức đó không quá {count} tiêu chí.").format(count=NEAR),
            " ",
            text,
        )
    return table_of(
        found[:SHOWN],
        t("Xã ở mức bị thu hồi hoặc cách không quá {count} tiêu chí").format(count=NEAR),
        "withdrawal",
        *_who(language),
        (Column(t("Chưa đạt")), lambda entry: _unmet(entry, language)),
        (Column(t("Còn cách mức thu hồi")), lambda entry: _distance(entry, language)),
        note=text + _more(len(found), language),
    )


def _unmet(entry: Entry, language: str) -> str:
    """Numbers of the criteria unmet; how many, where a published count says of more than are named."""
    named = [c for c, (verdict, _) in entry.verdicts.items() if verdict == "unmet"]
    if entry.unmet_in_all > len(named):
        return translator(language)("{count} tiêu chí, theo công bố").format(count=entry.unmet_in_all)
    return ", ".join(named)


def _distance(entry: Entry, language: str) -> str:
    t = translator(language)
    return t("{count} tiêu chí").format(count=entry.exposure) if entry.exposure else t("đã đến mức thu hồi")


def communes(overview: Overview, language: str) -> Block:
    """The wide table, one a rule set; the fields for searching are shown by the script."""
    return stack(
        legend(language),
        search_box(overview, language),
        *(
            _communes_in(overview, entries, f"communes-{n}", language)
            for n, entries in enumerate(by_criteria(overview.latest), 1)
        ),
    )


def _communes_in(overview: Overview, entries: list[Entry], anchor: str, language: str) -> Block:
    caption = translator(language)("{count} xã, năm {years}").format(
        count=number(len(entries), language), years=span(sorted({entry.year for entry in entries}))
    )
    return communes_table(entries, caption, anchor, overview, language)


def missing(overview: Overview, language: str) -> Block:
    """Communes without tables, and those of which nobody can say how many criteria they meet."""
    t = translator(language)
    unclear = t(
        "{count} xã chưa rõ đạt bao nhiêu tiêu chí: không nguồn nào nêu con số theo bộ tiêu chí này, hoặc các nguồn nêu khác nhau."
    )
    unknown = by_name([entry for entry in overview.latest if entry.known is None])
    lists = [
        (
            t("{count} xã chưa lập báo cáo cho các năm này."),
            [place.name + (f": {why}" if why else "") for place, why in overview.missing],
        ),
        (unclear, [f"{entry.place.name} ({entry.year})" for entry in unknown]),
    ]
    shown = [
        stack(paragraph(text.format(count=len(names))), details(t("Danh sách"), bullets(names)))
        for text, names in lists
        if names
    ]
    return stack(*([] if overview.missing else [paragraph(t("Mọi xã đều có trong bảng."))]), *shown)


def most_missed_text(overview: Overview, language: str) -> str:
    """``Tiêu chí 17 (44 xã), 10 (36 xã), 3 (20 xã)``: for the terminal."""
    t, form = translator(language), translator(language)("{criterion} ({count} xã)")
    worst = [form.format(criterion=c.criterion, count=c.unmet) for c in most_missed(overview.latest)[:3]]
    return t("Nhiều xã chưa đạt nhất: tiêu chí {list}.").format(list=", ".join(worst)) if worst else ""


def overview_title(communes: list[str], language: str) -> str:
    """``Tổng hợp các xã, Tuyên Quang`` after the province of the communes; of all, if there are none."""
    t = translator(language)
    for slug in communes:
        with contextlib.suppress(NtmError):
            return t("Tiêu chí nông thôn mới của các xã, {province}").format(
                province=rules.load_commune(slug, language)["province"]
            )
    return t("Tiêu chí nông thôn mới của các xã")


# ---------------------------------------------------------------- files


def overview_html(overview: Overview, language: str) -> dict[str, str]:
    """File → page: the newest year of every commune, and, where there are several years, one page for each.

    A page of its own for each year keeps every one of them quick to open with thousands of communes. None
    asks anything of the network, and all read as plain tables where scripts are off.
    """
    pages = {"overview.html": _page(overview_page(overview, language), overview, language)}
    if len(overview.years) > 1:
        pages |= {
            year_file(year): _page(year_page(overview, year, language), overview.only(year), language)
            for year in overview.years
        }
    return pages


def _page(body: Block, overview: Overview, language: str) -> str:
    newest = overview.years[0] if overview.years else 2000
    document = Document(first_heading(body.html) or overview.title, language, "", f"{newest}-12-31", "", "")
    css, script = ((TEMPLATES / f"overview.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return render_page(body.html, document, "overview", css, script)
