"""The table communes × criteria: a row of marks for each commune, in as few bytes as HTML allows; and as CSV.

A plain table without script; ``templates/overview.js`` makes it sortable and filters it. A cell holds a sign and a letter
for what a verdict rests on, to be heard and searched; ``templates/overview.css`` shows the mark of the pictures instead.
"""

from functools import cache

from ntm_lib.doc.blocks import Block, Rendered, html_text
from ntm_lib.doc.write.text import csv_text
from ntm_lib.language import collation_key, number, translator
from ntm_lib.report.overview.totals import BANDS, Entry, Overview, criteria_of, criterion_counts

SIGNS = {"met": "✓", "unmet": "✗", "no-data": "–", "not-applicable": "/"}
CLASSES = {("met", "measured"): "m", ("met", "declared"): "d", ("met", "planned"): "p", ("met", "aimed"): "a"}


def communes_table(entries: list[Entry], caption: str, anchor: str, overview: Overview, language: str) -> Block:
    """One row a commune, in the order of the Vietnamese alphabet, with a link to its report.

    The entries have the same criteria. The year stands in a column of its own where there are several.
    """
    t = translator(language)
    entries = sorted(entries, key=lambda entry: (collation_key(entry.place.name), entry.place.slug, entry.year))
    criteria, newest = criteria_of(entries), max(entry.year for entry in entries)
    mixed = len({entry.year for entry in entries}) > 1
    # The script reads what stands in data-key: t text, d district, y year, v verdict, n number, x list.
    heads = [("t", t("Xã"), ""), ("d", t("Huyện, tỉnh"), ""), *([("y", t("Năm"), "")] if mixed else [])]
    heads += [*(("v", c, overview.name_of(c, newest)) for c in criteria), *_columns(language)]
    head = "".join(
        f'<th scope="col" data-key="{key}"{_title(title)}>{html_text(text)}</th>' for key, text, title in heads
    )
    body = "\n".join(_row(entry, criteria, mixed, language) for entry in entries)
    html = (
        f'<div class="wide table-box" role="region" tabindex="0" aria-labelledby="{anchor}-caption">\n<table class="communes" id="{anchor}">'
        f'<caption id="{anchor}-caption">{html_text(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>\n'
    )
    lines = [f"{entry.place.name} {entry.year}: {entry.met}/{entry.total}\n" for entry in entries]
    return Block(Rendered(html, "", "".join(lines)))


def _title(text: str) -> str:
    return f' title="{html_text(text)}"' if text else ""


@cache
def _columns(language: str) -> tuple[tuple[str, str, str], ...]:
    """Key, heading and longer explanation of the columns behind the criteria."""
    t = translator(language)
    return (
        ("n", t("Đạt"), t("số tiêu chí đạt; 7–15: từ 7, nhiều nhất 15 nếu mọi tiêu chí chưa có kết luận đều đạt")),
        ("x", t("Mới đạt"), t("tiêu chí mới đạt so với năm trước")),
        ("x", t("Mất"), t("tiêu chí không còn đạt so với năm trước; qđ: chỉ do quy định thay đổi")),
        ("n", t("Cách thu hồi"), t("còn bao nhiêu tiêu chí không đạt nữa thì đến mức thu hồi công nhận; 0: đã đến")),
        ("n", t("Có số liệu"), t("phần chỉ tiêu kết luận được bằng con số")),
        ("n", t("Ngưỡng chưa kiểm"), t("số chỉ tiêu so với ngưỡng chưa đối chiếu với văn bản")),
        ("n", t("Lỗi"), t("kiến nghị mức lỗi chưa được trả lời")),
        ("n", t("Cảnh báo"), t("kiến nghị mức cảnh báo chưa được trả lời")),
    )


def _row(entry: Entry, criteria: list[str], mixed: bool, language: str) -> str:
    """``</td>`` and quotation marks are left out where HTML lets them: of five megabytes they would take one."""
    place = entry.place
    where = ", ".join(filter(None, [place.district, place.province]))
    cells = "".join(_cell(*entry.verdicts.get(criterion, ("", "")), language) for criterion in criteria)
    # The slug and the run's name are letters, digits, hyphens and one slash.
    first = (
        f"<tr><th scope=row><a href=../{entry.run}/report.html>{html_text(place.name)}</a><td>{html_text(where)}"
        + (f"<td>{entry.year}" if mixed else "")
    )
    return first + cells + "".join(f"<td>{cell}" for cell in _last_cells(entry, language))


@cache
def _cell(verdict: str, basis: str, language: str) -> str:
    if not verdict:
        return "<td>"
    kind = _class(verdict, basis)
    return f"<td class={kind}>{mark(verdict, basis, language)}" if kind else f"<td>{mark(verdict, basis, language)}"


def _class(verdict: str, basis: str) -> str:
    return CLASSES.get((verdict, basis), "u" if verdict == "unmet" else "")


def legend(language: str) -> Block:
    """What the marks of the table mean; the letters beside them are what those hear who cannot see them."""
    t = translator(language)
    meanings = {
        ("met", "measured"): t("đạt theo số liệu"),
        ("met", "declared"): t("đạt theo công bố"),
        ("met", "planned"): t("đạt theo mục tiêu có con số"),
        ("met", "aimed"): t("đạt theo mục tiêu chung"),
        ("unmet", ""): t("chưa đạt"),
        ("no-data", ""): t("chưa có số liệu"),
        ("not-applicable", ""): t("không áp dụng"),
    }
    parts = [
        f'<span class="{_class(*code)}">{mark(*code, language)}</span> {html_text(words)}'
        for code, words in meanings.items()
    ]
    told = html_text(t("Tên xã dẫn đến báo cáo của xã."))
    text = "; ".join(f"{mark(*code, language)} {words}" for code, words in meanings.items())
    return Block(Rendered(f'<p class="marks">{" · ".join(parts)}. {told}</p>\n', "", f"{text}. {told}\n"))


def mark(verdict: str, basis: str, language: str) -> str:
    """``✓`` by a value, ``✓c`` as declared (công bố), ``✓k`` as planned (kế hoạch), ``✓m`` as aimed at (mục tiêu)."""
    t = translator(language)
    return {"declared": t("{sign}c"), "planned": t("{sign}k"), "aimed": t("{sign}m")}.get(basis, "{sign}").format(
        sign=SIGNS[verdict]
    )


def _last_cells(entry: Entry, language: str) -> list[str]:
    share = number(100 * entry.with_value / entry.indicators, language, 0) + "%" if entry.indicators else "–"
    return [
        met_text(entry, language),
        ", ".join(entry.gained),
        lost_text(entry, language),
        "–" if entry.exposure is None else str(entry.exposure),
        share,
        str(entry.unverified),
        str(entry.errors),
        str(entry.warnings),
    ]


def met_text(entry: Entry, language: str) -> str:
    """``19``; ``11c`` where only the number was announced; ``7–15`` where so many may be met."""
    if entry.met == entry.at_most:
        return str(entry.met)
    if entry.announced is not None:
        return translator(language)("{sign}c").format(sign=entry.announced)
    return f"{entry.met}–{entry.at_most}"


def lost_text(entry: Entry, language: str) -> str:
    """``3, 10 (qđ)``: the rule alone moved."""
    rule = translator(language)("(qđ)")
    return ", ".join(f"{criterion} {rule}" if criterion in entry.by_rule else criterion for criterion in entry.lost)


def band_name(band: tuple[int, int] | None, language: str) -> str:
    """``19 TC``, ``15–18 TC``, ``dưới 5 TC``, ``chưa rõ``."""
    t = translator(language)
    if band is None:
        return t("Chưa rõ")
    low, high = band
    if not low:
        return t("Dưới {count} TC").format(count=high + 1)
    return t("{count} TC").format(count=str(low) if low == high else f"{low}–{high}")


def search_box(overview: Overview, language: str) -> Block:
    """Fields that only the script can serve; hidden without it."""
    t = translator(language)
    where = sorted(
        {", ".join(filter(None, [e.place.district, e.place.province])) for e in overview.latest}, key=collation_key
    )
    numbers = [count.criterion for count in criterion_counts(overview.latest)]
    fields = [
        f'<label>{html_text(t("Tìm xã"))} <input type="search" id="find-name" autocomplete="off"></label>',
        _choice("find-place", t("Huyện, tỉnh"), [(name, name) for name in where], language),
        _choice(
            "find-band",
            t("Số tiêu chí đạt"),
            [(f"{low}-{high}", band_name((low, high), language)) for low, high in BANDS],
            language,
        ),
        _choice("find-criterion", t("Chưa đạt tiêu chí"), [(number_, number_) for number_ in numbers], language),
    ]
    found, rest = html_text(t("Đang xem {shown}/{n} xã")), html_text(t("Xem cả {n} xã"))
    last = f'<output id="found" data-words="{found}"></output><button type="button" id="find-all" data-words="{rest}" hidden></button>'
    html = f'<form class="find" id="find" hidden>{"".join(fields)}{last}</form>\n'
    return Block(Rendered(html, "", ""))


def _choice(name: str, label: str, options: list[tuple[str, str]], language: str) -> str:
    every = html_text(translator(language)("tất cả"))
    rest = "".join(f'<option value="{html_text(value)}">{html_text(text)}</option>' for value, text in options)
    return f'<label>{html_text(label)} <select id="{name}"><option value="">{every}</option>{rest}</select></label>'


# ---------------------------------------------------------------- a spreadsheet


def overview_csv(overview: Overview) -> str:
    """One row a commune and year: who, counts, and the verdict of each criterion as ``met measured``."""
    criteria = criteria_of(overview.entries)
    return csv_text(
        [*_first_columns(), *map(_csv_column, criteria)], (_csv_row(entry, criteria) for entry in overview.entries)
    )


def _csv_column(criterion: str) -> str:
    return f"criterion_{criterion}"


def _first_columns() -> list[str]:
    names = (
        "commune",
        "code",
        "name",
        "district",
        "province",
        "year",
        "run",
        "plan",
        "met",
        "total",
        "no_data",
        "announced",
    )
    return [
        *names,
        "gained",
        "lost",
        "lost_by_rule",
        "until_withdrawal",
        "indicators",
        "with_value",
        "unverified",
        "errors",
        "warnings",
    ]


def _csv_row(entry: Entry, criteria: list[str]) -> dict[str, object]:
    place = entry.place
    return {
        "commune": place.slug,
        **{name: getattr(place, name) for name in ("code", "name", "district", "province")},
        **{
            name: getattr(entry, name)
            for name in ("year", "run", "met", "total", "indicators", "with_value", "unverified", "errors", "warnings")
        },
        "plan": "yes" if entry.plan else "",
        "no_data": entry.count("no-data"),
        "announced": "" if entry.announced is None else entry.announced,
        "gained": ";".join(entry.gained),
        "lost": ";".join(entry.lost),
        "lost_by_rule": ";".join(entry.by_rule),
        "until_withdrawal": "" if entry.exposure is None else entry.exposure,
        **{_csv_column(c): " ".join(filter(None, entry.verdicts.get(c, ("", "")))) for c in criteria},
    }
