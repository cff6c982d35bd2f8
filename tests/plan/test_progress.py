"""Monthly progress: what was done, the pace, the forecast, what the meeting decides."""

from fractions import Fraction

import pandas as pd

from ntm_lib.plan.progress import decisions, done_to_date, history, items, quantities, silent_months, total, weekly
from ntm_lib.plan.scenario_model import Change, Scenario
from ntm_lib.plan.villages import coverage, duties, missing, not_divided, reports, sheet_title, to_call, village_sheet
from ntm_lib.tables import as_table

F = Fraction


def progress(*rows):
    base = {"year": "2024", "month": "9", "measure": "month"}
    return as_table("progress", [{"row": str(i), "id": f"P{i}", **base, **row} for i, row in enumerate(rows, 1)])


def latrines(**overrides):
    return {"indicator": "17.8", "part": "a", "done": "10"} | overrides


def standing(hung_my, *rows, month=9):
    return items(hung_my.observations, hung_my.works, progress(*rows), hung_my.thresholds(2024), 2024, month).set_index(
        "target", drop=False
    )


def test_what_is_reviewed_once_a_year_has_no_pace_and_no_forecast(hung_my):
    def poor(done, yearly):
        rows = progress({"indicator": "11.1", "done": done, "measure": "to-date"})
        table = items(hung_my.observations, hung_my.works, rows, hung_my.thresholds(2024), 2024, 9, yearly)
        return table.set_index("target").loc["11.1"]

    asked, even = poor("12", ("11.1",)), poor("12", ())
    assert (asked["review"], asked["state"], asked["expected"], asked["forecast"]) == ("yearly", "open", "", "")
    assert (asked["planned"], asked["remaining"], asked["per_month"], asked["forecast_meets"]) == ("30", "18", "", "")
    assert poor("30", ("11.1",))["state"] == "done"
    assert even["state"] == "behind" and even["expected"] == "22"  # without the rule it would be called late


# To date


def test_months_add_up_and_a_count_to_date_replaces_what_came_before():
    rows = [
        latrines(month="3"),
        latrines(month="4", done="7"),
        latrines(month="6", done="20", measure="to-date"),
        latrines(month="7", done="5"),
    ]
    table = progress(*rows)
    assert [total(done_to_date(table, 2024, m).get("17.8a")) for m in (2, 3, 5, 6, 7, 12)] == [None, 10, 17, 20, 25, 25]
    assert done_to_date(table, 2023, 12) == {}


def test_villages_add_up_unless_the_commune_reports_itself():
    by_village = progress(latrines(village="Bàu"), latrines(village="Đình", done="4"))
    assert total(done_to_date(by_village, 2024, 9)["17.8a"]) == 14
    both = progress(latrines(village="Bàu"), latrines(done="25", measure="to-date"))
    assert total(done_to_date(both, 2024, 9)["17.8a"]) == 25


def test_the_months_of_a_year_make_a_line():
    table = history(
        progress(latrines(month="3"), latrines(month="5", done="7"), {"work": "HM060", "month": "4", "done": "1"}),
        2024,
        5,
    )
    assert list(zip(table["target"], table["month"], table["done"], strict=True)) == [
        ("17.8a", "3", "10"), ("17.8a", "4", "10"), ("17.8a", "5", "17"), ("HM060", "4", "1"), ("HM060", "5", "1"),
    ]  # fmt: skip


def test_weeks_of_a_month_stand_side_by_side():
    to_date = {"measure": "to-date", "month": "9"}
    table = progress(
        latrines(village="Bàu", done="4", reported_on="2024-09-06", **to_date),
        latrines(village="Đình", done="2", reported_on="2024-09-06", **to_date),
        latrines(village="Bàu", done="7", reported_on="2024-09-13", **to_date),
        latrines(village="Rõm", done="3", month="8", measure="to-date"),
        latrines(village="Đình", done="9", reported_on="2024-10-04", month="10", measure="to-date"),
    )
    found = weekly(table, 2024, 9)
    assert list(zip(found["week"], found["until"], found["done"], found["heard"], strict=True)) == [
        ("2024-W36", "2024-09-06", "9", "2"), ("2024-W37", "2024-09-13", "12", "2"),
    ]  # fmt: skip
    assert weekly(table, 2024, 7).empty


def test_a_report_to_date_covers_the_months_before_it():
    assert silent_months(progress(latrines(month="3"), latrines(month="5")), 2024, 6) == [1, 2, 4, 6]
    assert silent_months(progress(latrines(month="6", measure="to-date")), 2024, 7) == [7]


# Items


def test_nobody_has_reported_so_nothing_is_forecast(hung_my):
    table = standing(hung_my)
    assert set(table["state"]) == {"no-data"}
    assert set(table["forecast"]) == {""}
    assert table.loc["17.8a", "planned"] == "56"
    assert list(decisions(table, 9)) == [
        "Chưa có số liệu tiến độ: đề nghị các thôn, các thành viên gửi báo cáo tháng 9."
    ]


def test_a_pace_is_carried_on_to_the_end_of_the_year(hung_my):
    row = standing(hung_my, latrines(done="30", measure="to-date")).loc["17.8a"]
    assert (row["done"], row["expected"], row["remaining"], row["per_month"], row["forecast"]) == (
        "30",
        "42",
        "26",
        "9",
        "40",
    )
    assert (row["state"], row["year_end"], row["whole"], row["forecast_meets"]) == ("behind", "1316", "1413", "yes")


def test_what_is_done_is_done(hung_my):
    row = standing(hung_my, latrines(done="60")).loc["17.8a"]
    assert (row["state"], row["remaining"], row["per_month"], row["forecast"]) == ("done", "0", "", "80")


def test_in_december_nothing_is_left_to_spread(hung_my):
    row = standing(hung_my, latrines(done="50", month="12"), month=12).loc["17.8a"]
    assert (row["per_month"], row["forecast"], row["remaining"]) == ("", "50", "6")


def test_a_reduction_counts_downwards(hung_my):
    row = standing(hung_my, {"indicator": "11.1", "done": "9"}).loc["11.1"]
    assert (row["planned"], row["forecast"], row["year_end"], row["forecast_meets"]) == ("30", "12", "160", "yes")


def test_a_level_stands_where_it_was_last_reported(hung_my):
    unit = {"indicator": "10.1", "measure": "to-date"}
    assert standing(hung_my, {**unit, "done": "46.5"}).loc["10.1", "state"] == "open"
    assert standing(hung_my, {**unit, "done": "49"}).loc["10.1", "state"] == "done"


def test_a_work_is_done_with_its_parts(hung_my):
    rows = [{"work": "HM047", "done": "0.31"}, {"work": "HM048", "done": "0.5"}]
    row = standing(hung_my, *rows).loc["HM046"]
    assert (row["planned"], row["done"], row["remaining"], row["per_month"], row["state"]) == (
        "1.08",
        "0.81",
        "0.27",
        "0.09",
        "on-pace",
    )


def test_households_that_a_line_serves_are_no_kilometres_of_it(hung_my):
    table = standing(hung_my, {"work": "HM056", "done": "31"}, {"work": "HM057", "done": "1"})
    assert table.loc["HM055", ["planned", "done", "unit"]].tolist() == ["3.5", "1", "km"]
    assert not {"HM056", "HM072"} & set(table.index)  # inside HM055 and HM071: nobody adds them up


def test_what_is_reported_of_the_whole_is_not_added_to_its_parts(hung_my):
    rows = [{"work": "HM046", "done": "0.9"}, {"work": "HM047", "done": "0.31"}]
    assert standing(hung_my, *rows).loc["HM046", "done"] == "0.9"


def test_a_gate_that_is_begun_is_not_behind(hung_my):
    rows = [{"work": "HM133", "done": "0"}, {"work": "HM062", "done": "5"}]
    table = standing(hung_my, *rows)
    assert list(table.loc["HM133", ["expected", "state"]]) == ["0", "on-pace"]
    assert list(table.loc["HM062", ["expected", "state"]]) == ["5", "on-pace"]  # of 7 grounds, 5.25
    assert standing(hung_my, *rows, month=12).loc["HM133", "state"] == "behind"


def test_loudspeakers_without_a_total_are_planned_by_village(hung_my):
    row = standing(hung_my, {"work": "HM066", "done": "2"}).loc["HM070"]
    assert (row["planned"], row["unit"], row["done"]) == ("7", "loa", "2")


def test_parts_in_different_units_have_no_sum():
    def parts(*units):
        mine = [{"observation": f"P{i}", "quantity": "2", "unit": u, "part_of": "W"} for i, u in enumerate(units)]
        return as_table("works", [{"observation": "W"}, *mine])

    assert quantities(parts("km", "km"))["W"] == 4
    assert quantities(parts("km", "hộ"))["W"] is None
    assert quantities(parts())["W"] is None


def test_a_work_without_a_quantity_is_finished_or_not(hung_my):
    assert standing(hung_my, {"work": "HM060", "done": "1"}).loc["HM060", "state"] == "done"
    assert standing(hung_my, {"work": "HM060", "done": "0"}).loc["HM060", "state"] == "open"


def test_an_accepted_work_needs_no_report(hung_my):
    works = hung_my.works.assign(state=hung_my.works["state"].mask(hung_my.works["observation"] == "HM045", "accepted"))
    row = (
        items(hung_my.observations, works, progress(), hung_my.thresholds(2024), 2024, 9)
        .set_index("target")
        .loc["HM045"]
    )
    assert (row["done"], row["state"]) == ("0.51", "done")


# Decisions


def test_what_endangers_a_threshold_comes_before_what_is_only_slow(hung_my):
    thresholds = hung_my.thresholds(2024)
    strict = thresholds.assign(
        threshold=thresholds["threshold"].mask((thresholds["indicator"] == "17.8") & (thresholds["part"] == "b"), "89")
    )
    rows = [latrines(done="30"), latrines(part="b", done="20"), latrines(part="d", done="73")]
    table = items(hung_my.observations, hung_my.works, progress(*rows), strict, 2024, 9)
    said = decisions(table, 9, ["Bàu", "Đình"])
    assert said[0] == "Chưa báo cáo: Bàu, Đình."
    assert said[1].startswith(
        "Vận động thêm hộ làm nhà tắm: mới làm 20/67 hộ; giữ nhịp này thì cuối năm không đạt ngưỡng; cần 16 mỗi tháng."
    )
    assert said[2].startswith("Vận động thêm hộ làm nhà tiêu tự hoại: mới làm 30/56 hộ, chậm; cần 9 mỗi tháng.")
    assert said[-1].startswith("Chưa có số liệu: chỉ tiêu 10.1, 11.1, ")
    assert said[-1].endswith("; 29 công trình, công việc.")
    assert not any("3 sạch: mới" in sentence for sentence in said)


def test_in_december_it_says_what_is_missing(hung_my):
    table = standing(hung_my, latrines(done="50", month="12"), month=12)
    assert decisions(table, 12)[0] == "Vận động thêm hộ làm nhà tiêu tự hoại: mới làm 50/56 hộ, chậm; còn thiếu 6."


# People


def test_who_has_reported_before_the_meeting():
    import datetime

    table = progress(
        {"village": "Bàu", "reported_on": "2024-09-20"},
        {"village": "Đình", "reported_on": "2024-09-21"},
        {"village": "Đình", "reported_on": "2024-09-23"},
        {"village": "Rõm"},
        {"reported_by": "Công chức Địa chính", "reported_on": "2024-09-01"},
        {"village": "Dõm", "month": "8"},
    )
    who = ["Bàu", "Đình", "Rõm", "Dõm", "Công chức Địa chính"]
    result = reports(table, who, 2024, 9, datetime.date(2024, 9, 20))
    assert list(result["state"]) == ["on-time", "late", "undated", "missing", "on-time"]
    assert missing(result) == ["Dõm"]
    duties_of = [{"village": "Dõm; Bàu", "item": "Hội Phụ nữ"}, {"village": "", "item": "UBND"}]
    assert to_call(result, table, duties_of, "vi") == ["Dõm (phụ trách: Hội Phụ nữ; báo cáo gần nhất: tháng 8/2024)"]
    assert to_call(result, table, [], "vi") == ["Dõm (báo cáo gần nhất: tháng 8/2024)"]
    assert list(reports(table, ["Đình"], 2024, 9, None)["state"]) == ["on-time"]


def test_the_plan_names_somebody_for_one_criterion_only(hung_my):
    result = coverage(hung_my.cleaned.assignments, [str(n) for n in range(1, 20)]).set_index("criterion")
    assert list(result.query("assigned == 'yes'").index) == ["17"]
    assert result.loc["17", "who"].startswith("Mặt trận Tổ quốc")


def test_a_member_has_criteria_and_villages():
    assignments = pd.DataFrame(
        [{"id": "A", "who": "Bà Nhì", "duty": "phụ trách", "criterion": "17; 9", "village": "Bàu; Đình"}]
    )
    result = duties(assignments)
    assert list(zip(result["criterion"], result["village"], strict=True)) == [
        ("17", "Bàu"),
        ("17", "Đình"),
        ("9", "Bàu"),
        ("9", "Đình"),
    ]
    assert coverage(assignments, ["9"]).iloc[0]["villages"] == "Bàu;Đình"


# Villages


def test_a_village_sees_its_own_works_and_nobody_elses(hung_my):
    sheet = village_sheet(
        "Nặm Kép",
        hung_my.observations,
        hung_my.works,
        hung_my.cleaned.schedule,
        progress({"work": "HM068", "village": "Nặm Kép", "done": "1"}),
        2024,
        9,
    )
    assert list(sheet.query("kind == 'work'")["target"]) == ["HM053", "HM058", "HM059", "HM068"]
    assert list(sheet.query("kind == 'task'")["target"]) == ["HM111", "HM157"]
    loudspeaker = sheet.set_index("target").loc["HM068"]
    assert (loudspeaker["planned"], loudspeaker["done"], loudspeaker["remaining"]) == ("1", "1", "0")


def test_two_works_of_one_sentence_stand_each_on_the_sheet_of_its_village(hung_my):
    for village, work in (("Cao Bình", "HM108"), ("Rõm", "HM187")):
        sheet = village_sheet(
            village, hung_my.observations, hung_my.works, hung_my.cleaned.schedule, progress(), 2024, 9
        )
        assert {"HM108", "HM187"} & set(sheet["target"]) == {work}


def test_a_scenario_divides_households_among_villages(hung_my):
    assert "Vận động thêm hộ làm nhà tiêu tự hoại" in not_divided(hung_my.observations, 2024)
    plan = Scenario("x", changes=(Change("add", indicator="17.8", part="a", amount=F(12), villages=(("Bàu", F(12)),)),))
    assert "Vận động thêm hộ làm nhà tiêu tự hoại" not in not_divided(hung_my.observations, 2024, plan)
    done = progress(latrines(village="Bàu", done="5"))
    sheet = village_sheet("Bàu", hung_my.observations, hung_my.works, hung_my.cleaned.schedule, done, 2024, 9, plan)
    row = sheet.set_index("target").loc["17.8a"]
    assert (row["item"], row["planned"], row["done"], row["remaining"], row["unit"]) == (
        "Vận động thêm hộ làm nhà tiêu tự hoại",
        "12",
        "5",
        "7",
        "hộ",
    )


def test_the_sheet_names_village_year_and_month():
    assert sheet_title("Bàu", 2024, 9) == "Thôn Bàu: việc phải làm năm 2024, đến hết tháng 9"


def test_does_not_mutate_its_tables(hung_my):
    before = hung_my.observations.copy(), hung_my.works.copy()
    standing(hung_my, latrines())
    village_sheet("Bàu", hung_my.observations, hung_my.works, hung_my.cleaned.schedule, progress(), 2024, 9)
    pd.testing.assert_frame_equal(hung_my.observations, before[0])
    pd.testing.assert_frame_equal(hung_my.works, before[1])
