"""The .ics file: what RFC 5545 asks of every line, and the same bytes for the same schedule."""

import re

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.plan.calendar import DayRule, events, ics


def one_year(what="Kiểm điểm, đánh giá tiến độ thực hiện công việc của các thành viên Ban Chỉ đạo; họp tại xã"):
    row = {
        "id": "HM169",
        "what": what,
        "who": "BCĐ xã",
        "frequency": "hàng tháng",
        "day": "22",
        "deadline": "",
        "addressee": "UBND huyện",
    }
    return events(pd.DataFrame([row], dtype="str"), 2024, DayRule("previous-working-day"))


def unfolded(data):
    return data.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]


def test_has_one_whole_day_event_for_each_date():
    lines = unfolded(ics(one_year(), "hung-my", "2024-02-22"))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 12
    assert "DTSTART;VALUE=DATE:20240621" in lines and "DTEND;VALUE=DATE:20240622" in lines
    assert lines.count("DTSTAMP:20240222T000000Z") == 12


def test_escapes_commas_and_semicolons():
    lines = unfolded(ics(one_year(), "hung-my", "2024-02-22"))
    assert (
        "SUMMARY:Kiểm điểm\\, đánh giá tiến độ thực hiện công việc của các thành viên Ban Chỉ đạo\\; họp tại xã (tháng 9)"
        in lines
    )
    assert any("Nơi nhận: UBND huyện" in line for line in lines)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_lines_of_at_most_75_octets_and_comes_back(what):
    data = ics(one_year(what).head(1), "hung-my", "2024-02-22")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    summary = next(line for line in unfolded(data) if line.startswith("SUMMARY:"))[8:]
    plain = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], summary)
    wanted = "".join(
        c for c in what.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or (c >= " " and c != "\x7f")
    )
    assert plain == wanted + " (tháng 1)"


def test_identifiers_are_unique_and_survive_a_change_of_wording():
    def identifiers(calendar):
        return [line for line in unfolded(ics(calendar, "hung-my", "2024-02-22")) if line.startswith("UID:")]

    assert len(set(identifiers(one_year()))) == 12
    assert identifiers(one_year("Họp")) == identifiers(one_year())


def test_the_same_schedule_gives_the_same_bytes():
    assert ics(one_year(), "hung-my", "2024-02-22") == ics(one_year(), "hung-my", "2024-02-22")


def test_an_empty_year_is_still_a_calendar():
    assert unfolded(ics(one_year().head(0), "hung-my", "2024-02-22"))[-1] == "END:VCALENDAR"
