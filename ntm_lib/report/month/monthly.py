"""The month: one page on which the committee goes through progress.

Nobody's silence is read as nothing done: what has not been reported leaves room to write. No day, no meeting and no
even pace is made up that the plan does not give.
"""

import datetime
from dataclasses import dataclass

import pandas as pd

from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    bullets,
    code,
    facts,
    group,
    heading,
    inline,
    paragraph,
    screen,
    stack,
    strong,
    table,
)
from ntm_lib.doc.notebook import CALENDAR
from ntm_lib.doc.paper import BLANK
from ntm_lib.language import date, number, percent, translator
from ntm_lib.parameters import Parameters
from ntm_lib.places.village_sums import said_villages
from ntm_lib.plan.calendar import DayRule, day_rule, events, ics, meeting_date, meeting_day, summary
from ntm_lib.plan.progress import decisions, items, silent_months, weekly
from ntm_lib.plan.villages import not_divided, reports, to_call
from ntm_lib.report.context import Report, load_report
from ntm_lib.report.facts import lower_first
from ntm_lib.report.sections.first_page import place_name
from ntm_lib.tables import records
from ntm_lib.wording.words import bounded, count_phrase, exact_phrase


@dataclass(frozen=True)
class Month:
    """One month of a commune's year. ``schedule`` and ``progress`` are tables of the run."""

    report: Report
    month: int
    schedule: pd.DataFrame
    progress: pd.DataFrame
    villages: tuple[str, ...]
    rule: DayRule

    @property
    def items(self) -> pd.DataFrame:
        """What the plan wants done, as it stands at the end of the month."""
        report = self.report
        year = report.year
        thresholds, yearly = report.of_year("thresholds", year), report.rule_set.meta.get("yearly") or []
        return items(report.observations, report.works, self.progress, thresholds, year, self.month, yearly)

    @property
    def meeting(self) -> datetime.date | None:
        """When the committee meets in this month; None: the plan states no day."""
        return meeting_date(self.schedule, self.report.year, self.month, self.rule)


@dataclass(frozen=True)
class CalendarBlock(Block):
    """A block that also holds the calendar of the year, for ``CalendarExporter``."""

    calendar: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {**super()._repr_mimebundle_(include, exclude), CALENDAR: self.calendar}


def load_month(run: Parameters) -> Month:
    """The run's tables as ``month_of`` takes them."""
    return month_of(load_report(run), run.month)


def month_of(report: Report, month: int) -> Month:
    """A report with the schedule, progress and villages of the commune."""
    villages = tuple(dict.fromkeys(report.villages["village"]))
    rule = day_rule(report.commune, report.language)
    return Month(report, month, report.schedule, report.progress, villages, rule)


def title(month: Month) -> Block:
    """Heading, the day on which the plan has progress reviewed and, where nobody has reported, that nobody has."""
    report, t = month.report, month.report.t
    text = t("Tiến độ nông thôn mới tháng {month} năm {year}, {place}").format(
        month=month.month, year=report.year, place=place_name(report)
    )
    meeting = [] if month.schedule.empty else [paragraph(_meeting(month))]
    return stack(heading(text, 1), *meeting, *_silence(month))


def _silence(month: Month) -> list[Block]:
    """That nobody has reported, or not of which months."""
    t = month.report.t
    if month.progress.empty:
        text = t("Chưa có báo cáo tiến độ nào của năm {year}: các ô để chấm là chỗ ghi bằng tay.")
        return [paragraph(strong(text.format(year=month.report.year)))]
    silent = silent_months(month.progress, month.report.year, month.month)
    text = t("Không có báo cáo của tháng {months} năm {year}; số lũy kế có thể thiếu.")
    months = ", ".join(map(str, silent))
    return [paragraph(strong(text.format(months=months, year=month.report.year)))] if silent else []


def _meeting(month: Month) -> str:
    t, language = month.report.t, month.report.language
    if month.meeting is None:
        return t("Kế hoạch không ghi ngày Ban Chỉ đạo kiểm điểm tiến độ hằng tháng.")
    text = t("Ngày Ban Chỉ đạo kiểm điểm tiến độ: {date}.").format(date=date(month.meeting.isoformat(), language))
    stated = meeting_day(month.schedule)
    if month.meeting.day == stated:
        return text
    moved = t(
        "Kế hoạch ghi ngày {day} hằng tháng; ngày đó không làm việc nên chuyển sang ngày này. Quy tắc chuyển ngày: {source}."
    )
    source = (month.report.commune.get("calendar") or {}).get("source") or t("chưa ghi nguồn")
    return text + " " + moved.format(day=stated, source=source.rstrip("."))


def to_decide(month: Month) -> Block:
    """What the meeting decides on, who has reported, and what the plan has not yet divided among villages."""
    t = month.report.t
    found = reports(month.progress, month.villages, month.report.year, month.month, month.meeting)
    duties, language = month.report.rows("observations", table="assignments"), month.report.language
    names = to_call(found, month.progress, duties, language)
    lines = decisions(month.items, month.month, names, language)
    if month.progress.empty:
        lines = [_all_asked(month, names)]
    if undivided := not_divided(month.report.observations, month.report.year):
        lines.append(t("Kế hoạch chưa chia cho từng thôn: {items}.").format(items="; ".join(undivided)))
    told = [] if month.progress.empty else [paragraph(_reported(month, found))]
    return stack(bullets(lines or [t("Mọi việc theo kịp kế hoạch.")], ordered=True), *told)


def _all_asked(month: Month, names: list[str]) -> str:
    """Whose reports are awaited, where none has come."""
    t = month.report.t
    text = (
        t("Đề nghị gửi báo cáo tháng {month}: {names}.")
        if names
        else t("Đề nghị các thôn, các thành viên gửi báo cáo tháng {month}.")
    )
    return text.format(month=month.month, names=", ".join(names)) + _unnamed(month)


def _unnamed(month: Month) -> str:
    """A sentence, with a space in front, on villages that the data do not name."""
    count = said_villages(month.report.commune) - len(month.villages)
    return " " + month.report.t("Còn {count} thôn chưa có tên trong số liệu.").format(count=count) if count > 0 else ""


def _reported(month: Month, found: pd.DataFrame) -> str:
    """Who has reported, in a sentence; villages that the data do not name are counted."""
    t = month.report.t
    words = {
        "on-time": t("đúng hạn: {names}"),
        "late": t("muộn: {names}"),
        "undated": t("có báo cáo, không ghi ngày: {names}"),
        "missing": t("chưa có báo cáo: {names}"),
    }
    by_state = {state: list(found.loc[found["state"] == state, "who"]) for state in words}
    states = "; ".join(words[s].format(names=", ".join(names)) for s, names in by_state.items() if names)
    text = t("Báo cáo tháng {month} của các thôn: {states}.").format(month=month.month, states=states)
    return text + _unnamed(month)


def progress_table(month: Month) -> Block:
    """What the plan gives a number: additions with an even pace and a forecast where somebody has reported, works without;
    then in a sentence the levels to reach by the end of the year and the works without quantity.
    """
    t, rows = month.report.t, records(month.items)
    additions = [row for row in rows if not row["work"] and (row["expected"] or row["review"] or row["done"])]
    works = [row for row in rows if row["work"] and row["planned"]]
    levels = [_level(month, row) for row in rows if not row["work"] and row not in additions]
    blocks = [_progress(month, additions, works)] if additions or works else []
    blocks += weeks_table(month.progress, month.items, month.report.year, month.month, month.report.language)
    if levels:
        text = t("Mức phải đạt đến cuối năm, chưa có báo cáo: {levels}.")
        blocks.append(paragraph(text.format(levels="; ".join(levels))))
    blocks += _without_quantity(month, [row for row in rows if row["work"] and not row["planned"]])
    nothing = t("Số liệu của xã chưa có việc nào của kế hoạch năm {year}.").format(year=month.report.year)
    return stack(*blocks) if blocks else paragraph(nothing)


def _without_quantity(month: Month, rows: list[dict]) -> list[Block]:
    """Works without a quantity are only counted, by criterion: the yearly report lists them."""
    t = month.report.t
    texts = {
        "done": t("{count} việc đã xong, thuộc tiêu chí {criteria}"),
        "open": t("{count} việc chưa xong, thuộc tiêu chí {criteria}"),
        "no-data": t("{count} việc chưa có báo cáo, thuộc tiêu chí {criteria}"),
    }
    mine = {state: [row["criterion"] for row in rows if row["state"] == state] for state in texts}
    told = {s: ", ".join(dict.fromkeys(found)) for s, found in mine.items() if found}
    counts = [texts[s].format(count=len(mine[s]), criteria=criteria) for s, criteria in told.items()]
    text = t("Việc không ghi khối lượng: {counts}; danh sách ở báo cáo năm.")
    return [paragraph(text.format(counts="; ".join(counts)))] if counts else []


def _level(month: Month, row: dict) -> str:
    return f"{row['target']} {row['item']} ({_planned(month, row)})"


def _progress(month: Month, additions: list[dict], works: list[dict]) -> Block:
    t = month.report.t
    told = any(row["done"] for row in (*additions, *works))
    ahead = [Column(t("Dự báo cuối năm"), align="right", width="25%")] if any(r["forecast"] for r in additions) else []
    columns = [
        Column(t("Việc của kế hoạch"), row_header=True, width="34%" if ahead else "50%"),
        Column(t("Kế hoạch năm"), align="right"),
        Column(t("Đã làm đến hết tháng {month}").format(month=month.month), align="right"),
        *([Column(t("Nhịp đều đến nay"), align="right")] if told else []),
        *ahead,
        Column(t("Tình trạng") if told else t("Ghi chú")),
    ]

    def cells(row: dict) -> list[str]:
        name = row["item"] if row["work"] else f"{row['target']} {row['item']}"
        state = state_word(row["state"], month.report.language) if told else BLANK
        more = [*([_pace(month, row)] if told else []), *([_forecast(month, row)] if ahead else [])]
        return [name, _planned(month, row), _done(month, row), *more, state]

    lines, kinds = [], []
    for name, rows in ((t("Chỉ tiêu"), additions), (t("Công trình, công việc"), works)):
        lines += [group(name), *map(cells, rows)] if rows else []
        late = [row["state"] == "behind" or row["forecast_meets"] == "no" for row in rows]
        kinds += ["", *("alert" if is_late else "" for is_late in late)] if rows else []
    caption = t("Kế hoạch và kết quả đến hết tháng {month} năm {year}").format(
        month=month.month, year=month.report.year
    )
    once = t("{list}: mỗi năm rà soát một lần nên không tính nhịp, không dự báo.")
    yearly = ", ".join(row["target"] for row in additions if row["review"])
    notes = [t("Dự báo: nếu giữ nhịp từ đầu năm; không phải kết luận.")] * bool(ahead)
    notes += [once.format(list=yearly)] * bool(told and yearly)
    return table(columns, lines, caption=caption, anchor="progress", row_classes=kinds, note=" ".join(notes))


def weeks_table(progress: pd.DataFrame, items: pd.DataFrame, year: int, month: int, language: str) -> list[Block]:
    """What was done by the end of each week, in the order of the plan; nothing where all reported in one week."""
    t, found = translator(language), records(weekly(progress, year, month))
    weeks = list(dict.fromkeys((row["week"], row["until"], row["heard"]) for row in found))
    if len(weeks) < 2:
        return []
    done = {(row["target"], row["week"]): row["done"] for row in found}
    head = t("Đến {day} ({n} nơi báo)")
    columns = [Column(t("Việc của kế hoạch"), row_header=True, width="46%")]
    columns += [Column(head.format(day=date(until, language), n=heard), align="right") for _, until, heard in weeks]

    def cells(row: dict) -> list[str]:
        counts = [done.get((row["target"], week)) for week, *_ in weeks]
        return [
            row["item"],
            *("–" if count is None else exact_phrase(count, row["unit"], language) for count in counts),
        ]

    reported = {target for target, _ in done}
    lines = [cells(row) for row in records(items) if row["target"] in reported]
    caption = t("Từng tuần trong tháng {month} năm {year}, cộng từ đầu năm").format(month=month, year=year)
    return [table(columns, lines, caption=caption, anchor="weeks")] if lines else []


def state_word(state: str, language: str) -> str:
    """Name of a state of ``plan.progress``, kept on one line: ``chậm``, ``chưa có số liệu``. Raises KeyError for another."""
    t = translator(language)
    return {
        "done": t("xong"),
        "on-pace": t("kịp"),
        "behind": t("chậm"),
        "open": t("chưa xong"),
        "no-data": t("chưa có số liệu"),
    }[state].replace(" ", "\N{NO-BREAK SPACE}")


def _planned(month: Month, row: dict) -> str:
    if not row["planned"]:
        return "–"
    report = month.report
    aims: list[dict] = []
    if not (row["work"] or row["expected"] or row["review"]):
        key = {"indicator": row["indicator"], "part": row["part"]}
        aims = report.rows("observations", year=report.year, kind="target", **key)
    operator = aims[0]["operator"] if aims else ""  # a level may be a bound: > 90 %
    return bounded(row["planned"], row["unit"], operator, report.language)


def _done(month: Month, row: dict) -> str:
    if not row["done"]:
        return BLANK
    shown = exact_phrase(row["done"], row["unit"], month.report.language)
    share = row["share"] if row["expected"] or row["review"] else ""
    return f"{shown} ({percent(share, month.report.language, 0)})" if share else shown


def _pace(month: Month, row: dict) -> str:
    """What an even pace would have done: of people and households, for a station does not grow by the month."""
    return number(row["expected"], month.report.language) if row["expected"] and not row["work"] else "–"


def _forecast(month: Month, row: dict) -> str:
    """``56 hộ: 1.332/1.413, đủ theo ngưỡng``."""
    t, language = month.report.t, month.report.language
    if not row["forecast"] or row["work"]:
        return "–"
    text = count_phrase(row["forecast"], row["unit"], language)
    if row["year_end"] and row["whole"]:
        text += f": {number(row['year_end'], language)}/{number(row['whole'], language)}"
    words = {"yes": t("đủ theo ngưỡng"), "no": t("chưa đủ theo ngưỡng"), "": ""}
    return ", ".join(filter(None, [text, words[row["forecast_meets"]]]))


def dates(month: Month) -> Block:
    """What the plan sets a day for in the month, what it wants without a day, and the calendar of the year to take along."""
    report, t = month.report, month.report.t
    stated = (month.schedule["day"] != "") | (month.schedule["deadline"] != "")
    year = events(month.schedule[stated], report.year, month.rule, report.language)
    year = year[year["date"] >= _issued(report)].reset_index(drop=True)
    mine = [
        e
        for e in year.to_dict("records")
        if e["date"].startswith(f"{report.year}-{month.month:02}") and e["frequency"] != "weekly"
    ]
    due = [_due(month, event) for event in mine]
    more: list[Inline | str] = []  # for the screen: a meeting has no need of it
    undated = [
        f"{lower_first(row['what'])} ({', '.join(filter(None, [row['who'], row['frequency']]))})"
        for row in month.schedule[~stated].to_dict("records")
    ]
    if undated:
        more.append(t("Kế hoạch không ghi ngày: {list}.").format(list="; ".join(undated)))
    file = inline(
        t("Lịch cả năm ({count} việc): ").format(count=len(year)),
        code(f"lich-{report.year}.ics"),
        t(", mở bằng điện thoại hoặc chương trình thư."),
    )
    none = t("Kế hoạch không ghi ngày nào trong tháng này.")
    if month.schedule.empty:
        none = t("Chưa có lịch công tác trong số liệu của xã.")
    shown = stack(bullets(due or [none]), screen(bullets([*more, *([file] if len(year) else [])])), _signed(month))
    return _with_calendar(month, year, shown)


def _due(month: Month, event: dict) -> str:
    """``22/09/2024 (chủ nhật): Kiểm điểm … (BCD xã).``; why the day is another than the plan's, or falls on a day off."""
    text = f"{date(event['date'], month.report.language)}: {summary(event, month.report.language)} ({event['who']})."
    return " ".join(filter(None, [text, event["moved"]]))


def _signed(month: Month) -> Block:
    """Lines to be filled in by hand: what was decided, by whom."""
    t = month.report.t
    lines = [t("Ý kiến kết luận"), t("Người tổng hợp (ký, ghi rõ họ tên)"), t("Người chủ trì (ký, ghi rõ họ tên)")]
    return facts([(line, BLANK * 14) for line in lines])


def _with_calendar(month: Month, year: pd.DataFrame, shown: Block) -> CalendarBlock:
    """The stamp of the calendar is the day from which the plan holds."""
    report = month.report
    name = report.t("Nông thôn mới {year}, xã {name}").format(year=report.year, name=report.commune["name"])
    text = ics(year, name, _issued(report), report.language).decode("utf-8").replace("\r\n", "\n")
    return CalendarBlock(shown.content, text)


def _issued(report: Report) -> str:
    """Date of the document that the schedule is taken from: before it nothing of it is due; else the first day of the year."""
    documents = {row["document"] for row in report.rows("observations", table="schedule")}
    stamps = sorted(d["date"] for key, d in report.documents.items() if key in documents and d.get("date"))
    return stamps[0] if stamps else f"{report.year}-01-01"
