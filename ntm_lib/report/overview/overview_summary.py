"""What can be said of each commune as a whole: every one in one state, in a table and on a map."""

from ntm_lib.doc.blocks import Block, Column, callout, figure, paragraph, stack, table
from ntm_lib.doc.plots import dot_map
from ntm_lib.language import collation_key, translator
from ntm_lib.report.overview.totals import Entry, Overview, state_counts

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
    columns = [
        Column(t("Tình trạng"), row_header=True),
        Column(t("Số xã"), align="right"),
        Column(t("Các xã"), width="52%"),
    ]
    words, counts = state_words(language), state_counts(latest)
    rows = [
        [words[state], str(count), _names([entry for entry in latest if entry.state == state], language)]
        for state, count in counts.items()
        if count
    ]
    if overview.missing:
        rows.append(
            [t("chưa có báo cáo"), str(len(overview.missing)), _named([p.name for p, _ in overview.missing], language)]
        )
    table_ = table(columns, rows, caption=t("{count} xã theo tình trạng").format(count=everything), anchor="states")
    stale = []
    if overview.stale:
        old = t("{count} báo cáo cũ hơn số liệu hiện có, cần lập lại: {names}.")
        stale = [callout("warning", old.format(count=len(overview.stale), names=_named(_old(overview), language)))]
    return stack(paragraph(text), *stale, *([table_] if rows else []))


def _names(entries: list[Entry], language: str) -> str:
    return _named([entry.place.name for entry in by_name(entries)], language)


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
        note += " " + t("Không có điểm chắc chắn: {names}.").format(names=_names(without, language))
    caption = t("{count} xã trên bản đồ, theo tình trạng").format(count=len(placed))
    return figure(chart.figure, caption, chart.alt, anchor="map", note=note)


def by_name(entries: list[Entry]) -> list[Entry]:
    """Entries in the order of the Vietnamese alphabet."""
    return sorted(entries, key=lambda entry: (collation_key(entry.place.name), entry.place.slug))
