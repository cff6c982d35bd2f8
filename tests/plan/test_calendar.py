"""Due dates: which, when, and where they go when they fall on a day off."""

import datetime

import pandas as pd
import pytest

from ntm_lib.errors import NtmError
from ntm_lib.plan.calendar import DayRule, day_rule, events, frequencies, meeting_date, meeting_day

BEFORE = DayRule("previous-working-day")


def schedule(**overrides):
    row = {
        "id": "S1",
        "what": "Kiểm điểm tiến độ",
        "who": "BCĐ",
        "frequency": "hàng tháng",
        "day": "22",
        "deadline": "",
        "addressee": "",
    }
    return pd.DataFrame([row | overrides], dtype="str")


def test_the_meeting_of_the_22nd_moves_to_the_friday_before_a_weekend():
    dates = list(events(schedule(), 2024, BEFORE)["date"])
    assert len(dates) == 12
    assert dates[5] == "2024-06-21"  # Saturday 22 June
    assert dates[8] == "2024-09-20"  # Sunday 22 September
    assert dates[11] == "2024-12-20"  # Sunday 22 December
    assert dates[0] == "2024-01-22"


def test_says_why_a_date_was_moved():
    june = events(schedule(), 2024, BEFORE).iloc[5]
    assert june["moved"] == "Ngày 22/06/2024 là thứ bảy, chuyển lên ngày làm việc trước đó."
    assert june["due"] == "2024-06-22"


def test_without_a_rule_the_date_stays_and_says_so():
    september = events(schedule(), 2024, DayRule()).iloc[8]
    assert september["date"] == "2024-09-22"
    assert september["moved"] == "Ngày 22/09/2024 là chủ nhật; kế hoạch không nói chuyển sang ngày nào."


def test_a_holiday_is_a_day_off_too():
    rule = DayRule("next-working-day", frozenset({"2024-04-22", "2024-04-23"}))
    assert events(schedule(), 2024, rule).iloc[3]["date"] == "2024-04-24"


def test_a_day_that_the_month_does_not_have_is_its_last():
    assert events(schedule(day="31"), 2023, DayRule()).iloc[1]["date"] == "2023-02-28"


def test_a_monthly_report_without_a_day_is_due_by_the_meeting():
    both = pd.concat([schedule(), schedule(id="S2", what="Báo cáo tiến độ", day="")])
    report = events(both, 2024, BEFORE).query("observation == 'S2' and period == '2024-06'").iloc[0]
    assert (report["date"], report["basis"]) == ("2024-06-21", "before-meeting")


def test_work_without_a_day_is_due_at_the_end_of_the_month():
    both = pd.concat([schedule(), schedule(id="S2", what="Dọn dẹp vệ sinh", day="")])
    work = events(both, 2024, BEFORE).query("observation == 'S2' and period == '2024-06'").iloc[0]
    assert (work["due"], work["basis"]) == ("2024-06-30", "period-end")


def test_quarters_and_the_year_end_on_their_last_working_day():
    found = events(schedule(frequency="quý, năm", day=""), 2024, BEFORE)
    assert list(found["date"]) == ["2024-03-29", "2024-06-28", "2024-09-30", "2024-12-31", "2024-12-31"]


def test_a_deadline_in_words_belongs_to_its_year_only():
    once = schedule(frequency="", day="", deadline="quý IV năm 2024")
    assert list(events(once, 2024, BEFORE)["date"]) == ["2024-12-31"]
    assert events(once, 2025, BEFORE).empty


@pytest.mark.parametrize("year", [2020, 2023, 2024, 2026])
def test_every_week_of_the_year_ends_on_a_sunday(year):
    found = events(schedule(frequency="hàng tuần", day=""), year, DayRule())
    assert len(found) in (52, 53)
    assert all(datetime.date.fromisoformat(d).weekday() == 6 for d in found["due"])
    assert found["period"].is_unique


def test_reads_several_frequencies_in_one_cell():
    assert frequencies("hàng tuần, tháng, quý") == ["weekly", "monthly", "quarterly"]
    assert frequencies("01 lần/tháng") == ["monthly"]
    assert frequencies("theo quy định") == []


def test_a_schedule_without_a_stated_day_has_no_meeting():
    assert meeting_day(schedule(day="")) is None
    assert meeting_date(schedule(day=""), 2024, 6, BEFORE) is None
    assert meeting_date(schedule(), 2024, 6, BEFORE) == datetime.date(2024, 6, 21)


def test_the_rule_is_read_from_the_commune():
    assert day_rule({}) == DayRule()
    assert day_rule({"calendar": {"weekend": "previous-working-day"}}) == BEFORE
    with pytest.raises(NtmError, match="Cho phép: previous-working-day"):
        day_rule({"calendar": {"weekend": "friday"}})
    with pytest.raises(NtmError, match="30/4"):
        day_rule({"calendar": {"holidays": ["30/4"]}})


def test_does_not_mutate_the_schedule():
    given = schedule()
    before = given.copy()
    events(given, 2024, BEFORE)
    pd.testing.assert_frame_equal(given, before)
