"""The monthly report: planned against done to date, the forecast, what the meeting decides, the dates. Two pages.

The sheets of the villages stand in ``village``. Nobody's silence is read as nothing done: what has not
been reported says so.
"""

import datetime
from dataclasses import dataclass

import pandas as pd

from ntm_lib.doc.blocks import Block, Column, bullets, callout, code, heading, inline, paragraph, stack, strong, table
from ntm_lib.doc.notebook import CALENDAR
from ntm_lib.language import date, number, percent, translator
from ntm_lib.parameters import Parameters
from ntm_lib.plan.calendar import DayRule, day_rule, events, ics, meeting_date, meeting_day, summary
from ntm_lib.plan.progress import decisions, items
from ntm_lib.plan.reporting import missing, reports
from ntm_lib.plan.villages import not_divided
from ntm_lib.report.context import Report, load_report
from ntm_lib.report.sections.first_page import place_name
from ntm_lib.wording.quantities import bounded, count_phrase, exact_phrase


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
        return items(
            report.observations,
            report.works,
            self.progress,
            report.of_year("thresholds", report.year),
            report.year,
            self.month,
        )

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
    """Heading, the day of the meeting and why it is that day."""
    report, t = month.report, month.report.t
    text = t("Tiến độ nông thôn mới tháng {month} năm {year}, {place}").format(
        month=month.month, year=report.year, place=place_name(report)
    )
    return stack(heading(text, 1), paragraph(_meeting(month)))


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
    table_of_reports = reports(month.progress, month.villages, month.report.year, month.month, month.meeting)
    lines = decisions(month.items, month.month, missing(table_of_reports), month.report.language)
    if undivided := not_divided(month.report.observations, month.report.year):
        lines.append(t("Kế hoạch chưa chia cho từng thôn: {items}.").format(items="; ".join(undivided)))
    return stack(
        bullets(lines or [t("Mọi việc theo kịp kế hoạch.")], ordered=True),
        paragraph(_reported(month, table_of_reports)),
    )


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
    text = t("Báo cáo tháng {month} của các thôn: {states}.").format(
        month=month.month,
        states="; ".join(words[s].format(names=", ".join(names)) for s, names in by_state.items() if names),
    )
    whole = ((month.report.commune.get("profile") or {}).get("villages") or {}).get("value") or 0
    unnamed = int(whole) - len(month.villages)
    return text + (" " + t("Còn {count} thôn chưa có tên trong số liệu.").format(count=unnamed) if unnamed > 0 else "")


def progress_table(month: Month) -> Block:
    """Additions of the plan, and levels that somebody has reported; of the other levels a sentence.

    Without any report there is nothing to forecast: that column is left out.
    """
    t = month.report.t
    rows = [row for row in month.items.to_dict("records") if not row["work"]]
    shown = [row for row in rows if row["expected"] or row["done"]]
    levels = [_level(month, row) for row in rows if row not in shown]
    blocks = [_progress(month, shown)] if shown else []
    if levels:
        blocks.append(
            paragraph(t("Mức phải đạt đến cuối năm, chưa có báo cáo: {levels}.").format(levels="; ".join(levels)))
        )
    return (
        stack(*blocks)
        if blocks
        else paragraph(t("Kế hoạch năm {year} không có chỉ tiêu nào ghi số lượng.").format(year=month.report.year))
    )


def _level(month: Month, row: dict) -> str:
    return f"{row['target']} {row['item']} ({_planned(month, row)})"


def _progress(month: Month, rows: list[dict]) -> Block:
    t = month.report.t
    ahead = [Column(t("Dự báo cuối năm"), align="right", width="25%")] if any(row["forecast"] for row in rows) else []
    columns = [
        Column(t("Chỉ tiêu"), row_header=True, width="34%" if ahead else "54%"),
        Column(t("Kế hoạch năm"), align="right"),
        Column(t("Đã làm"), align="right"),
        Column(t("Nhịp đều đến nay"), align="right"),
        *ahead,
        Column(t("Tình trạng")),
    ]
    cells = [
        [
            f"{row['target']} {row['item']}",
            _planned(month, row),
            _done(month, row),
            _pace(month, row),
            *[_forecast(month, row)][: len(ahead)],
            state_word(row["state"], month.report.language),
        ]
        for row in rows
    ]
    caption = t("Kế hoạch và kết quả đến hết tháng {month} năm {year}").format(
        month=month.month, year=month.report.year
    )
    note = t("Dự báo: nếu giữ nhịp từ đầu năm; không phải kết luận. Không có báo cáo thì không dự báo.")
    kinds = ["alert" if row["state"] == "behind" or row["forecast_meets"] == "no" else "" for row in rows]
    return table(columns, cells, caption=caption, anchor="progress", row_classes=kinds, note=note)


def works_table(month: Month) -> Block:
    """Works that have a quantity, without an even pace: a station or a group does not grow by the month. The others are
    only counted, by criterion: the yearly report lists them.
    """
    t = month.report.t
    rows = [row for row in month.items.to_dict("records") if row["work"]]
    blocks = [_works(month, shown)] if (shown := [row for row in rows if row["planned"]]) else []
    others = [row for row in rows if not row["planned"]]
    texts = {
        "done": t("{count} việc đã xong, thuộc tiêu chí {criteria}"),
        "open": t("{count} việc chưa xong, thuộc tiêu chí {criteria}"),
        "no-data": t("{count} việc chưa có báo cáo, thuộc tiêu chí {criteria}"),
    }
    mine = {state: [row["criterion"] for row in others if row["state"] == state] for state in texts}
    counts = [
        texts[s].format(count=len(found), criteria=", ".join(dict.fromkeys(found)))
        for s, found in mine.items()
        if found
    ]
    if counts:
        blocks.append(
            paragraph(
                t("Việc không ghi khối lượng: {counts}; danh sách ở báo cáo năm.").format(counts="; ".join(counts))
            )
        )
    return (
        stack(*blocks)
        if blocks
        else paragraph(t("Kế hoạch năm {year} không có công trình nào.").format(year=month.report.year))
    )


def _works(month: Month, rows: list[dict]) -> Block:
    t = month.report.t
    columns = [
        Column(t("Công trình, công việc"), row_header=True, width="60%"),
        Column(t("Kế hoạch năm"), align="right"),
        Column(t("Đã làm"), align="right"),
        Column(t("Tình trạng")),
    ]
    cells = [
        [row["item"], _planned(month, row), _done(month, row), state_word(row["state"], month.report.language)]
        for row in rows
    ]
    caption = t("Công trình, công việc đến hết tháng {month} năm {year}").format(
        month=month.month, year=month.report.year
    )
    return table(
        columns,
        cells,
        caption=caption,
        anchor="works",
        row_classes=["alert" if r["state"] == "behind" else "" for r in rows],
    )


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
    aims = (
        []
        if row["work"]
        else report.rows("observations", year=report.year, kind="target", indicator=row["indicator"], part=row["part"])
    )
    operator = aims[0]["operator"] if aims and not row["expected"] else ""  # a level may be a bound: > 90 %
    return bounded(row["planned"], row["unit"], operator, report.language)


def _done(month: Month, row: dict) -> str:
    if not row["done"]:
        return "–"
    shown = exact_phrase(row["done"], row["unit"], month.report.language)
    return f"{shown} ({percent(row['share'], month.report.language, 0)})" if row["share"] and row["expected"] else shown


def _pace(month: Month, row: dict) -> str:
    return number(row["expected"], month.report.language) if row["expected"] else "–"


def _forecast(month: Month, row: dict) -> str:
    """``56 hộ: 1.332/1.413, đủ theo ngưỡng``."""
    t, language = month.report.t, month.report.language
    if not row["forecast"]:
        return "–"
    text = count_phrase(row["forecast"], row["unit"], language)
    if row["year_end"] and row["whole"]:
        text += f": {number(row['year_end'], language)}/{number(row['whole'], language)}"
    words = {"yes": t("đủ theo ngưỡng"), "no": t("chưa đủ theo ngưỡng"), "": ""}
    return ", ".join(filter(None, [text, words[row["forecast_meets"]]]))


def dates(month: Month) -> Block:
    """What the plan sets a day for in the month, what it wants without a day, and the calendar of the year to take along."""
    report, t = month.report, month.report.t
    if month.schedule.empty:
        return paragraph(t("Chưa có lịch công tác trong số liệu của xã."))
    stated = (month.schedule["day"] != "") | (month.schedule["deadline"] != "")
    year = events(month.schedule[stated], report.year, month.rule, report.language)
    year = year[year["date"] >= _issued(report)].reset_index(drop=True)
    mine = [
        e
        for e in year.to_dict("records")
        if e["date"].startswith(f"{report.year}-{month.month:02}") and e["frequency"] != "weekly"
    ]
    columns = [
        Column(t("Ngày"), align="right"),
        Column(t("Việc"), row_header=True, width="45%"),
        Column(t("Người thực hiện"), width="40%"),
    ]
    cells = [
        [
            date(e["date"], report.language) + ("\N{NO-BREAK SPACE}*" if e["moved"] else ""),
            summary(e, report.language),
            e["who"],
        ]
        for e in mine
    ]
    caption = t("Việc đến hạn trong tháng {month} năm {year}").format(month=month.month, year=report.year)
    note = t("* chuyển ngày vì ngày hạn không làm việc.") if any(e["moved"] for e in mine) else ""
    blocks = [table(columns, cells, caption=caption, anchor="dates", note=note)] if cells else []
    undated = [
        f"{row['what']} ({', '.join(filter(None, [row['who'], row['frequency']]))})"
        for row in month.schedule[~stated].to_dict("records")
    ]
    if undated:
        blocks += [paragraph(t("Kế hoạch không ghi ngày:"), lead=True), bullets(undated)]
    file = inline(
        t("Lịch cả năm ({count} việc): ").format(count=len(year)),
        code(f"lich-{report.year}.ics"),
        t(", mở bằng điện thoại hoặc chương trình thư."),
    )
    return _with_calendar(month, year, stack(*blocks, paragraph(file)))


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


def without_data(month: Month) -> Block:
    """A box that says so where nobody has reported yet; nothing where somebody has."""
    t = month.report.t
    if month.progress.empty:
        text = t("Xã chưa nhập báo cáo tiến độ nào. Các cột “đã làm”, “dự báo” để trống cho đến khi có số liệu.")
        return callout("warning", strong(t("Chưa có số liệu tiến độ. ")), text)
    reported = {int(row["month"]) for row in month.progress.to_dict("records") if int(row["year"]) == month.report.year}
    silent = [m for m in range(1, month.month + 1) if m not in reported]
    if not silent:
        return stack()
    text = t("Không có báo cáo của tháng {months} năm {year}; số lũy kế có thể thiếu.")
    return callout("warning", text.format(months=", ".join(map(str, silent)), year=month.report.year))
