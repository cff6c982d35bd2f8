"""The monthly report: without any data, with some, and the calendar that goes with it."""

import datetime
import io
import re
from dataclasses import replace

import nbformat
import pikepdf
import pytest

from ntm_lib.doc.exporters import CalendarExporter
from ntm_lib.doc.paper import BLANK
from ntm_lib.doc.render import report_pdf
from ntm_lib.plan.calendar import DayRule
from ntm_lib.report.month import monthly as pages
from ntm_lib.report.month import sheets
from ntm_lib.tables import as_table
from ntm_lib.template.village_book import FormBook, form_rows, page_to_fill
from tests.report.reports import made, pdf_words, plain, report_of


def month_of(number: int, language: str = "vi") -> pages.Month:
    return pages.month_of(report_of(2024, language=language, month=number), number)


def with_progress(month: pages.Month, *rows: dict) -> pages.Month:
    base = {"year": "2024", "month": "9", "measure": "to-date"}
    found = [{"row": str(i), "id": f"P{i}", **base, **row} for i, row in enumerate(rows, 1)]
    return replace(month, progress=as_table("progress", found))


@pytest.fixture
def september():
    return month_of(9)


@pytest.fixture
def reported(september):
    """Bàu and Đình have reported, latrines lag behind, a speaker stands."""
    return with_progress(
        september,
        {"indicator": "17.8", "part": "a", "village": "Bàu", "done": "6", "reported_on": "2024-09-19"},
        {"indicator": "17.8", "part": "a", "village": "Đình", "done": "4", "reported_on": "2024-09-23"},
        {"indicator": "11.1", "done": "29", "village": ""},
        {"work": "HM064", "village": "Bàu", "done": "1"},
    )


def test_a_meeting_on_a_sunday_is_moved_by_the_stated_rule(september):
    moved = replace(september, rule=DayRule("previous-working-day"))
    assert moved.meeting == datetime.date(2024, 9, 20)
    assert "kiểm điểm tiến độ: 20/09/2024. Kế hoạch ghi ngày 22 hằng tháng" in plain(pages.title(moved))


def test_without_a_rule_the_day_stays_and_no_day_is_invented(september):
    assert september.meeting == datetime.date(2024, 9, 22)
    text = plain(pages.dates(september))
    assert set(re.findall(r"\d\d/\d\d/2024", text)) == {"22/09/2024"}
    assert (
        "Ngày 22/09/2024 là chủ nhật; kế hoạch không nói chuyển sang ngày nào." in text and "chuyển ngày vì" not in text
    )
    assert "báo cáo tiến độ thực hiện (các thôn bản, Hàng tháng)" in text


def test_what_does_not_grow_by_the_month_has_no_even_pace(september, reported):
    assert "Nhịp đều" not in plain(pages.progress_table(september))  # nobody has reported: nothing has a pace
    shown = plain(pages.progress_table(reported)).partition("Từng tuần")[0]
    works = shown.partition("Công trình, công việc\n")[2].splitlines()
    works = [line.split(" | ") for line in works if " | " in line]
    assert len(works) > 5 and {cells[3] for cells in works} == {"–"}


def test_a_meeting_on_a_working_day_needs_no_reason():
    lines = plain(pages.title(month_of(10))).splitlines()
    assert lines[2:4] == ["Ngày Ban Chỉ đạo kiểm điểm tiến độ: 22/10/2024.", ""]


def test_a_month_without_data_says_so_and_forecasts_nothing(september):
    assert "Chưa có báo cáo tiến độ nào của năm 2024" in plain(pages.title(september))
    text = plain(pages.progress_table(september))
    assert f"17.8a Vận động thêm hộ làm nhà tiêu tự hoại | 56 hộ | {BLANK} | {BLANK}" in text
    assert "chưa có báo cáo: 10.1 Thu nhập bình quân đầu người" in text
    assert "Dự báo cuối năm |" not in text
    decided = plain(pages.to_decide(september))
    assert "Đề nghị gửi báo cáo tháng 9: Nặm Kép, Hùng Cường, Đình, Bàu" in decided
    assert "Còn 3 thôn chưa có tên trong số liệu." in decided and decided.count("Nặm Kép") == 1  # said once


def test_a_commune_without_a_plan_has_a_month_that_says_so_and_no_event():
    month = pages.month_of(made("my-bang", month=6), 6)
    text = "\n".join(plain(page(month)) for page in (pages.title, pages.to_decide, pages.progress_table, pages.dates))
    assert "Số liệu của xã chưa có việc nào của kế hoạch năm 2024." in text and "Còn 25 thôn chưa có tên" in text
    assert "Chưa có lịch công tác trong số liệu của xã." in text and ".ics" not in text and "kiểm điểm" not in text
    assert "VEVENT" not in pages.dates(month).calendar and not sheets.village_sheets(month).text.strip()


def test_what_lags_is_decided_on_first(reported):
    text = plain(pages.to_decide(reported))
    assert "mới làm 10/56 hộ, chậm; cần 16 mỗi tháng" in text
    assert "đúng hạn: Bàu; muộn: Đình; chưa có báo cáo: Nặm Kép" in text


def test_the_table_has_pace_and_forecast(reported):
    text = plain(pages.progress_table(reported))
    assert "| 56 hộ | 10 hộ (18%) | 42 | 13 hộ: 1.289/1.413, đủ theo ngưỡng | chậm" in text
    assert "| 30 hộ | 29 hộ (97%) | – | – | chưa" in text
    assert "11.1: mỗi năm rà soát một lần" in pages.progress_table(reported).html


def test_months_without_a_report_are_named_unless_a_later_one_counts_them_in(september, reported):
    alone = with_progress(september, {"indicator": "17.8", "part": "a", "done": "6", "measure": "month"})
    assert "Không có báo cáo của tháng 1, 2, 3, 4, 5, 6, 7, 8 năm 2024" in plain(pages.title(alone))
    assert "Không có báo cáo của tháng" not in plain(pages.title(reported))  # all of it since 1 January


def test_a_village_sees_only_its_own_work(reported):
    text = plain(sheets.sheet(reported, "Bàu"))
    assert "Lắp đặt thêm loa của hệ thống thu phát thanh | 1 loa | 1 loa |" in text
    assert "Nặm Kép" not in text
    assert "trạm" not in text


def test_a_form_of_a_village_without_a_name_holds_no_work_of_the_commune_and_no_row_of_ours_is_named_on_paper(
    september,
):
    report, known = september.report, september.report.villages.assign(households="")
    tables = (report.observations, report.works, september.schedule, september.progress, known, report.village_needs)
    book = FormBook(report.commune, 2024, 9, report.rule_set, *tables)
    rows = form_rows(book, "")
    assert {row.kind for row in rows} == {"addition", "task"}
    words = pdf_words(page_to_fill(book, "Đình", form_rows(book, "Đình")))
    assert "Nâng cấp tuyến dây" in words and not re.search(r"HM\d{3}", words)
    assert "xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang" in words


def test_every_named_village_has_a_sheet_on_a_page_of_its_own(september):
    found = sheets.village_sheets(september)
    assert found.typst.count("#pagebreak") == len(september.villages) == 9


def test_the_calendar_of_the_year_comes_out_of_the_notebook(september):
    block = pages.dates(september)
    data = block._repr_mimebundle_()
    assert set(data) == {"text/html", "text/vnd.typst", "text/plain", "text/calendar"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", data)])]
    )
    content, _ = CalendarExporter().from_notebook_node(notebook)
    lines = content.decode("utf-8").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    days = sorted(line.rpartition(":")[2] for line in lines if line.startswith("DTSTART"))
    assert days[0] == "20240222" and "20240922" in days and len(days) == 12
    assert "DTSTAMP:20240222T000000Z" in lines
    assert "\n" not in "".join(lines)


def test_a_notebook_without_a_calendar_is_a_fault():
    with pytest.raises(ValueError, match="calendar"):
        CalendarExporter().from_notebook_node(nbformat.v4.new_notebook())


def test_in_english_too_on_one_page():
    month = month_of(9, "en")
    shown = [page(month) for page in (pages.title, pages.to_decide, pages.progress_table, pages.dates)]
    text = "\n".join(map(plain, shown))
    assert "The steering committee reviews progress on 22 September 2024." in text
    assert "Nobody has reported progress of 2024 yet" in text and "Conclusions" in text
    assert pages_of(*shown) == 1


def pages_of(*blocks) -> int:
    """Pages of the PDF of a notebook that shows the blocks."""
    outputs = [nbformat.v4.new_output("display_data", block._repr_mimebundle_()) for block in blocks]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output]) for output in outputs])
    with pikepdf.open(io.BytesIO(report_pdf(notebook))) as document:
        return len(document.pages)


def test_the_meeting_takes_one_page_and_each_village_one(september):
    shown = [pages.title, pages.to_decide, pages.progress_table, pages.dates]
    assert pages_of(*(page(september) for page in shown)) == 1
    assert pages_of(*(page(september) for page in (*shown, sheets.village_sheets))) == 1 + 9


def test_a_sheet_leaves_room_to_write_and_to_sign(september):
    text = plain(sheets.sheet(september, "Bàu"))
    assert f"| 1 loa |  | {BLANK} | {BLANK}" in text.replace("\n…", "…")
    assert "Trưởng thôn (ký, ghi rõ họ tên)" in text and "Số điện thoại" in text
    assert "Sang năm 2025, yêu cầu thay đổi: 10.1 thu nhập bình quân đầu người: ≥ 48 triệu đồng/người/năm" in text


def test_two_pages_hold_it_when_everything_is_reported(september):
    found = september.items.to_dict("records")
    rows = [
        {"work": r["work"], "done": "1"} if r["work"] else {"indicator": r["indicator"], "part": r["part"], "done": "2"}
        for r in found
    ]
    month = with_progress(september, *rows)
    assert set(month.items["state"]) <= {"done", "behind", "on-pace", "open"}
    shown = [pages.title, pages.to_decide, pages.progress_table, pages.dates]
    assert pages_of(*(page(month) for page in shown)) <= 2
