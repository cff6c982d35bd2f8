"""The communes one by one: every one in one state, on a map, and in the table communes × criteria, also as CSV.

The wide table is in as few bytes as HTML allows.

A plain table without script; ``templates/overview.js`` makes it sortable and filters it. A cell holds a sign and a letter
for what a verdict rests on, to be heard and searched; ``templates/overview.css`` shows the mark of the pictures instead.
"""

from functools import cache

from ntm_lib.doc.blocks import Block, Column, Rendered, callout, figure, html_text, paragraph, stack, table_of
from ntm_lib.doc.plots import dot_map
from ntm_lib.doc.write.text import csv_text
from ntm_lib.language import collation_key, number, translator
from ntm_lib.report.overview.overview_read import BANDS, STATES, Entry, Overview, criteria_of, criterion_counts

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
        ("x", t("Không còn đạt"), t("tiêu chí không còn đạt so với năm trước; qđ: chỉ do quy định thay đổi")),
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
    """Behind the criteria. Where nothing is concluded of any of them, the distance to withdrawal is but what the rule says."""
    concluded = entry.count("no-data") < entry.total or entry.unmet_in_all > 0
    share = number(100 * entry.with_value / entry.indicators, language, 0) + "%" if entry.indicators else "–"
    return [
        met_text(entry, language),
        ", ".join(entry.gained),
        lost_text(entry, language),
        str(entry.exposure) if entry.exposure is not None and concluded else "–",
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


# ---------------------------------------------------------------- every commune in one state, in a table and on a map

NAMED = 14  # names of a cell


def state_words(language: str) -> dict[str, str]:
    """What each of ``totals.STATES`` means."""
    t = translator(language)
    return {
        "met": t("đạt đủ tiêu chí, theo số liệu hoặc công bố"),
        "planned": t("đủ tiêu chí nhưng chỉ theo kế hoạch"),
        "unmet": t("có tiêu chí chưa đạt"),
        "unclear": t("chưa rõ: còn tiêu chí chưa có kết luận"),
    }


def summary(overview: Overview, language: str) -> Block:
    """Every commune in exactly one line: what can be said of it as a whole; which reports are older than their figures."""
    t, latest = translator(language), overview.latest
    everything = len(latest) + len(overview.missing)
    text = t("Lấy từ báo cáo đã lập của {count}/{all} xã; mỗi xã tính năm mới nhất.").format(
        count=len(latest), all=everything
    )
    words, latest_of = state_words(language), {}
    for state in STATES:
        if found := [entry.place.name for entry in by_name(latest) if entry.state == state]:
            latest_of[words[state]] = found
    if overview.missing:
        latest_of[t("chưa có báo cáo")] = [place.name for place, _ in overview.missing]
    states = table_of(
        latest_of.items(),
        t("{count} xã theo tình trạng").format(count=everything),
        "states",
        (Column(t("Tình trạng"), row_header=True), lambda line: line[0]),
        (Column(t("Số xã"), align="right"), lambda line: str(len(line[1]))),
        (Column(t("Các xã"), width="52%"), lambda line: _named(line[1], language)),
    )
    stale = []
    if overview.stale:
        old = t("{count} báo cáo cũ hơn số liệu hiện có, cần lập lại: {names}.")
        stale = [callout("warning", old.format(count=len(overview.stale), names=_named(_old(overview), language)))]
    return stack(paragraph(text), *stale, *([states] if latest_of else []))


def _old(overview: Overview) -> list[str]:
    """``Bằng Cốc (2023)``: communes of the runs of which the figures are others now; a run that is not shown by its name."""
    names = {entry.run: f"{entry.place.name} ({entry.year})" for entry in overview.latest}
    return [names.get(run, run) for run in overview.stale]


def _named(names: list[str], language: str) -> str:
    """The names, or the first of many."""
    if len(names) <= NAMED:
        return ", ".join(names)
    return translator(language)("{names} và {count} nơi khác").format(
        names=", ".join(names[: NAMED - 2]), count=len(names) - NAMED + 2
    )


def place_map(overview: Overview, language: str) -> Block:
    """A dot for each commune where the registry puts it; says of which it has no sure point. Nothing for several provinces."""
    t = translator(language)
    placed = [entry for entry in by_name(overview.latest) if entry.place.point]
    if not overview.around or not placed:
        return paragraph(
            t(
                "Không vẽ bản đồ: danh mục đơn vị hành chính không có tọa độ chắc chắn của các xã này, hoặc các xã ở nhiều tỉnh."
            )
        )
    words = state_words(language)
    shapes = {"met": "measured", "planned": "aimed", "unmet": "unmet", "unclear": "no-data"}
    places = [(entry.place.name, entry.place.point, shapes[entry.state]) for entry in placed if entry.place.point]
    chart = dot_map(places, overview.around, {shapes[state]: text for state, text in words.items()})
    note = t(
        "Vị trí lấy từ danh mục đơn vị hành chính trước 01/7/2025, mỗi xã một điểm; chấm nhạt là các xã khác trong tỉnh. Không vẽ ranh giới."
    )
    if without := [entry for entry in by_name(overview.latest) if not entry.place.point]:
        note += " " + t("Không có điểm chắc chắn: {names}.").format(
            names=_named([entry.place.name for entry in without], language)
        )
    caption = t("{count} xã trên bản đồ, theo tình trạng").format(count=len(placed))
    return figure(chart.figure, caption, chart.alt, anchor="map", note=note)


def by_name(entries: list[Entry]) -> list[Entry]:
    """Entries in the order of the Vietnamese alphabet."""
    return sorted(entries, key=lambda entry: (collation_key(entry.place.name), entry.place.slug))


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
