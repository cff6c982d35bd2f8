"""Money, works and people as the report says them: the plan of Hùng Mỹ, and a commune that states everything."""

import dataclasses
import shutil

import pytest

from ntm_lib import intake, paths, tables
from ntm_lib.doc.cells import Formula, Number
from ntm_lib.judge.history import History
from ntm_lib.judge.recognition import conclude
from ntm_lib.plan.works import debt_facts, debts
from ntm_lib.report.papers import annexes
from ntm_lib.report.sections import judging, money_and_needs, works_and_people
from tests.report.reports import plain, report_of

CIRCLED = [{"part_of": "W2"}, {"part_of": "W1"}]


def concluded(report):
    """The report with the conditions of recognition that follow from its works and observations."""
    judged = History(report.thresholds, report.indicators, report.criteria, report.changes)
    meta, owed = report.rule_set.meta, lambda year: debt_facts(report.works, year)
    found = conclude(judged, report.observations, meta, report.rule_set.id, owed, tables.empty("recognitions"))
    return dataclasses.replace(report, conditions=found["conditions"])


def stating(language: str = "vi", funds=(), rows=(), assigned=()):
    """Hùng Mỹ in 2024 with other works, funds and assignments."""
    report = report_of(2024, language=language)
    made = [
        {
            "observation": f"W{i}",
            "year": 2024,
            "criterion": "2",
            "indicator": "2.2",
            "item": f"Đường {i}",
            "state": "planned",
        }
        | row
        for i, row in enumerate(rows, 1)
    ]
    money_rows = [{"observation": f"F{i}", "year": 2024, "name": row["source"]} | row for i, row in enumerate(funds, 1)]
    others = report.observations[report.observations["table"] != "assignments"].to_dict("records")
    who = [
        {"observation": f"A{i}", "table": "assignments", "kind": "other", **row} for i, row in enumerate(assigned, 1)
    ]
    named = {
        "works": tables.as_table("works", made),
        "funding": tables.as_table("funding", money_rows),
        "observations": tables.as_table("observations", [*others, *who]),
    }
    return concluded(dataclasses.replace(report, **named, debts=debts(named["works"], report.years)))


# --- the plan of Hùng Mỹ ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Vốn CTMTQG phát triển KTXH vùng DTTS và miền núi | 3.494,3 | 41,99%",
        "Cộng 9 nguồn | 8.321,7 | 100,00%",
        "các nguồn cộng lại 8.321,7 triệu đồng, đúng bằng tổng ghi trong kế hoạch. [HM136]",
        "Tài liệu không ghi kinh phí của công trình, công việc nào: 8.321,7 triệu đồng (100%) chưa phân bổ theo công trình.",
    ],
)
def test_the_money_of_the_plan(line):
    assert line in plain(money_and_needs.funding_section(report_of(2024)))


@pytest.mark.parametrize(
    "lines",
    [
        "9.2 Vận động hộ làm nhà đạt chuẩn | 14 hộ |  | \n– Hỗ trợ hộ nghèo làm nhà | 6 hộ | Vốn CTMTQG",
        "4.1 Nâng cấp tuyến dây 0,4kV | 3,5 km",
        "– Số hộ được đảm bảo nhu cầu sử dụng điện nhờ nâng cấp tuyến dây 0,4kV | 31 hộ",
        "8.3 Lắp đặt thêm hệ thống thu phát thanh ở các thôn địa bàn rộng | 7 loa *",
        "– Lắp đặt thêm loa của hệ thống thu phát thanh\nthôn Bàu | 1 loa |  | \n– thôn Rõm | 1 loa",
        "thực hiện: Điện lực | đề nghị",
        "Ngoài các tiêu chí",
        "29 công trình, công việc, không kể phần nằm trong công trình khác; trạng thái: đề nghị 1, kế hoạch 28. Tài liệu không ghi thời hạn của việc nào.",
        "chưa kết luận được, vì chưa công trình nào được ghi là đang thực hiện hoặc đã xong.",
    ],
)
def test_the_works_of_the_plan(lines):
    assert lines in plain(works_and_people.works_section(report_of(2024)))


def test_columns_that_would_be_empty_stay_away_and_a_note_says_why():
    report = report_of(2024)
    shown = (
        works_and_people.works_section(report).html,
        money_and_needs.funding_section(report).html,
        works_and_people.people_section(report).html,
    )
    assert not any(
        word in html for html in shown for word in ("Kinh phí (triệu đồng)", "Còn nợ (", "Đã giải ngân", "Thôn</th>")
    )
    assert "không cộng thêm" in shown[0] and "* cộng từ các phần" in shown[0]
    assert "Chưa có số liệu đã phân bổ, đã giải ngân của nguồn nào." in shown[1]
    assert "Không việc nào được giao theo từng thôn." in shown[2]


@pytest.mark.parametrize(
    "line",
    [
        "18/19 tiêu chí chưa có người phụ trách.",
        "tiêu chí 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19.",
        "Tiêu chí 17. Môi trường và an toàn thực phẩm\nMặt trận Tổ quốc",
        "Việc chung, không nêu tiêu chí",
        "Chưa thôn nào có báo cáo tiến độ tháng được nhập",
    ],
)
def test_the_people_of_the_plan(line):
    assert line in plain(works_and_people.people_section(report_of(2024)))


def test_another_year_says_what_it_lacks():
    report = report_of(2023)
    assert "Chưa có số liệu về nguồn vốn của năm 2023." in plain(money_and_needs.funding_section(report))
    assert "Chưa có công trình, công việc nào được nhập cho năm 2023." in plain(works_and_people.works_section(report))


def test_in_english_too():
    report = report_of(2024, language="en")
    assert "not yet assigned to works" in plain(money_and_needs.funding_section(report))
    assert "state: requested 1, planned 28" in plain(works_and_people.works_section(report))
    assert "18/19 criteria have nobody" in plain(works_and_people.people_section(report))


# --- a commune that states everything --------------------------------------------------------------

FUNDS = (
    {"source": "total", "planned": "1000"},
    {"source": "dtts", "name": "Vốn DTTS", "planned": "900", "allocated": "800", "spent": "300.5"},
    {"source": "people", "name": "Nhân dân", "planned": "100", "allocated": "100", "spent": "100"},
)
ROWS = (
    {
        "quantity": "2",
        "unit": "km",
        "state": "accepted",
        "source": "dtts",
        "builder": "Công ty A",
        "deadline": "2024-Q4",
    },
    {"quantity": "1.5", "unit": "km", "cost": "400", "debt": "50.5", "state": "accepted", "part_of": "W1"},
    {"quantity": "0.5", "unit": "km", "cost": "100", "debt": "0", "state": "paid", "part_of": "W1"},
    {
        "criterion": "17",
        "indicator": "17.8",
        "part": "b",
        "item": "Nhà tắm",
        "quantity": "67",
        "unit": "hộ",
        "deadline": "2024-11-30",
    },
)


def test_planned_allocated_spent_and_left():
    text = plain(money_and_needs.funding_section(stating(funds=FUNDS, rows=ROWS)))
    assert "Vốn DTTS | 900,0 | 90,00% | 800,0 | 300,5 | 599,5" in text
    assert "Cộng 2 nguồn | 1.000,0 | 100,00% | 900,0 | 400,5 | 599,5" in text


def test_money_by_criterion_and_the_rest_not_assigned():
    text = plain(money_and_needs.funding_section(stating(funds=FUNDS, rows=ROWS)))
    assert "Tiêu chí 2. Giao thông | 1 | 0 | 500,0 | 50,00%" in text
    assert "Tiêu chí 17. Môi trường và an toàn thực phẩm | 1 | 1 | – | –" in text
    assert "Chưa phân bổ theo công trình |  |  | 500,0 | 50,00%" in text
    assert "Cộng | 2 | 1 | 1.000,0 | 100,00%" in text


def test_works_that_cost_more_than_there_is_are_told():
    text = plain(money_and_needs.funding_section(stating(funds=FUNDS, rows=[{"cost": "1200.5"}])))
    assert "vượt tổng các nguồn vốn 200,5 triệu đồng" in text
    assert "phân bổ theo công trình" not in text


def test_a_source_without_an_amount_is_a_dash_and_no_agreement():
    text = plain(money_and_needs.funding_section(stating(funds=[*FUNDS, {"source": "other", "name": "Khác"}])))
    assert "Khác | – | –" in text
    assert "1 nguồn chưa có số tiền" in text
    assert "đúng bằng" not in text


def test_each_work_says_who_pays_builds_until_when_and_what_is_owed():
    text = plain(works_and_people.works_section(stating(rows=ROWS)))
    assert (
        "2.2 Đường 1 | 2 km | dtts; thực hiện: Công ty A; hạn: quý IV/2024 | đã nghiệm thu | 500,0 * | 50,5 *" in text
    )
    assert "– Đường 2 | 1,5 km |  | đã nghiệm thu | 400,0 | 50,5" in text
    assert "17.8b Nhà tắm | 67 hộ | hạn: 30/11/2024 |  | – | –" in text
    assert "Cộng |  |  |  | 500,0 | 50,5" in text


def test_a_debt_stands_under_its_criterion_and_bars_recognition():
    text = plain(works_and_people.works_section(stating(rows=ROWS)))
    assert "Còn nợ đọng 50,5 triệu đồng ở 1 công trình: chưa đủ điều kiện công nhận" in text
    assert "Tiêu chí 2. Giao thông | ✓ Đạt (theo mục tiêu) | 1 | 0 | 50,5" in text
    assert "Cộng |  | 1 | 0 | 50,5" in text


def test_debt_of_earlier_years_is_named_and_counted_once():
    text = plain(
        works_and_people.works_section(
            stating(rows=[{"year": 2023, "state": "settled", "debt": "20"}, {"state": "accepted", "debt": "5"}])
        )
    )
    assert "Còn nợ đọng 25 triệu đồng ở 2 công trình" in text
    assert "Trong đó nợ của công trình các năm trước: Đường 1 (năm 2023): 20,0 triệu đồng." in text
    assert "Cộng |  |  |  | 5,0" in text


def told_of_debt(*rows, result=None):
    """Verdict and reason of the condition on debt, as the page of recognition gives it."""
    report = stating(rows=rows)
    if result is not None:
        said = {
            "observation": "R1",
            "table": "results",
            "year": 2024,
            "kind": "measured",
            "criterion": "no-debt",
            "value": result,
            "unit": "triệu đồng",
        }
        report = dataclasses.replace(
            report, observations=tables.as_table("observations", [*report.observations.to_dict("records"), said])
        )
    return plain(judging.recognition(concluded(report))).partition("Không có nợ đọng")[2].partition("\n")[0]


def test_the_debt_of_the_works_decides_the_condition_of_recognition():
    owing, clear = {"state": "accepted", "debt": "50.5"}, {"state": "accepted", "debt": "0"}
    assert "Chưa đạt" in told_of_debt(owing, clear)
    assert "✓ Đạt" in told_of_debt(clear)
    assert "Chưa có số liệu" in told_of_debt({"state": "accepted"})
    assert "trái nhau" in told_of_debt(owing, result="0")
    assert "✓ Đạt" in told_of_debt(clear, result="0")


def test_no_work_is_lost_to_a_circle():
    text = plain(works_and_people.works_section(stating(rows=CIRCLED)))
    assert "Đường 1" in text and "Đường 2" in text


def test_the_annex_says_the_same_money_as_the_page():
    rows = {row.cells.get("item"): row.cells for row in annexes.works_annex(stating(rows=ROWS)).rows}
    assert rows["Đường 1"]["cost"] == Formula("SUM({cost@w1-1},{cost@w1-2})", 500, "money")
    assert rows["Đường 1"]["debt"] == Formula("SUM({debt@w1-1},{debt@w1-2})", tables.fraction("50.5"), "money")
    assert rows["Đường 1"]["quantity"] == Formula("SUM({quantity@w1-1},{quantity@w1-2})", 2, "quantity")
    assert rows["Cộng"]["cost"].value == 500 and rows["Cộng"]["debt"].value == tables.fraction("50.5")
    assert rows["Nhà tắm"]["code"] == "17.8b" and rows["Nhà tắm"]["deadline"] == "30/11/2024"


def test_the_annex_keeps_whom_a_line_serves_out_of_its_length():
    rows = {row.cells.get("item"): row.cells for row in annexes.works_annex(report_of(2024)).rows}
    assert rows["Nâng cấp tuyến dây 0,4kV"]["quantity"].value == tables.fraction("3.5")
    served = rows["– Số hộ được đảm bảo nhu cầu sử dụng điện nhờ nâng cấp tuyến dây 0,4kV"]
    assert served["quantity"] == Number(tables.fraction("31"), "quantity") and "number" not in served


def test_who_answers_for_which_criterion_in_which_village():
    assigned = [
        {"criterion": str(n), "item": "Chủ tịch", "text": "Phụ trách", "village": "Bàu; Đình"} for n in range(1, 20)
    ]
    text = plain(works_and_people.people_section(stating(assigned=assigned)))
    assert "Mỗi tiêu chí đều có người hoặc tổ chức phụ trách." in text
    assert "Tiêu chí 19. Quốc phòng và An ninh\nChủ tịch | Phụ trách [A19] | Bàu, Đình" in text


def test_a_duty_for_several_criteria_stands_under_each():
    assigned = [{"criterion": "17; 18, 3", "item": "Chủ tịch", "text": "Phụ trách", "village": ""}]
    text = plain(works_and_people.people_section(stating(assigned=assigned)))
    assert "16/19 tiêu chí chưa có người phụ trách" in text and "Việc chung" not in text
    assert text.count("\nChủ tịch | Phụ trách") == 3


def test_a_duty_under_no_criterion_of_the_set_is_not_lost():
    text = plain(
        works_and_people.people_section(
            stating(assigned=[{"criterion": "all", "item": "UBND", "text": "Điều hành chung"}])
        )
    )
    assert "Việc chung, không nêu tiêu chí\nUBND | Điều hành chung [A1]" in text
    assert "19/19 tiêu chí chưa có người phụ trách" in text


def test_a_duty_says_whose_it_is_without_the_heading_and_of_which_document():
    section = works_and_people.people_section(report_of(2023))
    text = plain(section)
    assert "\nCác thôn bản | " in text
    assert "Đối với các thôn bản" not in text
    assert "Theo 05/KH-BCĐ (22/02/2024)." in section.html, (
        "the duties of a younger plan, in the report of the year before"
    )


def test_who_reported_in_which_month(monkeypatch, tmp_path):
    """A village in time, one late, one without a day; the others silent; nothing after the last month reported on."""
    shutil.copytree(paths.communes_folder() / "hung-my", tmp_path / "hung-my")
    columns = (
        "id,year,month,village,indicator,part,work,done,measure,reported_by,reported_on,document,section,quote,note"
    )
    rows = [
        "P1,2024,1,Bàu,17.8,a,,5,month,,2024-01-20,,,,",
        "P2,2024,2,Bàu,17.8,a,,5,month,,2024-02-25,,,,",
        "P3,2024,2,Đình,17.8,a,,5,month,,,,,,",
    ]
    (tmp_path / "hung-my" / "progress.csv").write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    report = report_of(2024)  # of the files as they are
    monkeypatch.setattr(paths, "communes_folder", lambda: tmp_path)
    report = dataclasses.replace(report, progress=intake.clean(intake.read_commune("hung-my")).progress)
    text = plain(works_and_people.people_section(report))
    assert "từ tháng 1 đến tháng 2 năm 2024" in text
    assert "Bàu | 1 | 2 | – | –" in text
    assert "Đình | – | – | 2 | 1" in text
    assert "Rõm | – | – | – | 1, 2" in text


def test_nobody_assigned_is_said():
    assert "Chưa nhập phân công nào" in plain(works_and_people.people_section(stating()))
