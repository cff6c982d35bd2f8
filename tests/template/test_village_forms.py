"""Forms of villages: written, filled in by different habits, read back, added up; what is wrong with one is told by name."""

import datetime
import random
import shutil
from fractions import Fraction

import openpyxl
import pytest
from openpyxl.styles import Font

from ntm_lib import intake, parameters
from ntm_lib.plan.progress import done_to_date
from ntm_lib.stages.clean_stage import check_run, known_observations, known_progress
from ntm_lib.stages.judge_stage import needs_by_village
from ntm_lib.wording.problem_words import list_findings, list_rejects
from tests.template.village_books import (
    HOUSEHOLDS,
    NAMES,
    as_text,
    fill,
    made,
    resaved,
    sorted_without_mark,
)

TWO = ("An", "Đình")
HABITS = (fill, as_text, sorted_without_mark)
COUNTED = ("result|17.8|a", "result|17.8|b", "result|9.2|", "result|11.1|", "result|17.11|")


def counts(seed: int = 1) -> dict[str, dict[str, tuple[int, int]]]:
    """Made-up figures: by village, by line, how many of how many households."""
    draw = random.Random(seed)
    return {name: {key: (draw.randint(2, HOUSEHOLDS[name]), HOUSEHOLDS[name]) for key in COUNTED} for name in NAMES}


def cleaned_of(place):
    return intake.clean(intake.read_commune(place.name))


def told(place) -> str:
    """All that ``make check`` says of the commune."""
    cleaned = cleaned_of(place)
    run = parameters.Parameters(place.name, 2024, "ntm-2021-2025")
    return list_rejects(cleaned, "vi") + list_findings(check_run(cleaned, run), "vi", " ")


def of_commune(cleaned, indicator: str, part: str = ""):
    rows = known_observations(cleaned)
    mine = rows[(rows["indicator"] == indicator) & (rows["part"] == part) & (rows["village"] == "")]
    mine = mine[mine["kind"] == "measured"]
    return [(int(row["numerator"]), int(row["denominator"])) for row in mine.to_dict("records")]


def test_twelve_villages_by_three_habits_and_libreoffice_add_up_exactly(commune, tmp_path):
    forms, figures = made(commune, tmp_path), counts()
    written = [
        HABITS[i % 3](forms[name], commune / "villages" / f"Phiếu số {i} ({'abc'[i % 3]}).xlsx", figures[name])
        for i, name in enumerate(NAMES)
    ]
    resaved(written[:2], tmp_path, "ods")
    resaved(written[3:5], tmp_path, "xlsx")
    shutil.copy(written[6], commune / "villages" / "gửi lại.xlsx")
    cleaned = cleaned_of(commune)
    assert not len(cleaned.rejects), list_rejects(cleaned, "vi")
    for key in COUNTED:
        _, indicator, part = key.split("|")
        exact = [sum(figures[name][key][n] for name in NAMES) for n in (0, 1)]
        assert of_commune(cleaned, indicator, part) == [tuple(exact)], key
    assert "giống hệt phiếu đã đọc" in told(commune)


def test_a_sum_is_made_of_all_villages_only_and_the_missing_are_named(commune, tmp_path):
    forms, figures = made(commune, tmp_path), counts()
    for name in NAMES[:-2]:
        fill(forms[name], commune / "villages" / f"{name}.xlsx", figures[name])
    assert of_commune(cleaned_of(commune), "17.8", "a") == []
    assert "mới có 10/12 thôn, thiếu Nà, Thượng; chưa cộng thành số của xã" in told(commune)


def test_what_the_commune_states_itself_goes_before_and_is_compared(commune, tmp_path):
    forms, figures = made(commune, tmp_path), counts()
    for name in NAMES:
        fill(forms[name], commune / "villages" / f"{name}.xlsx", figures[name])
    total = [sum(figures[name]["result|17.8|a"][n] for name in NAMES) for n in (0, 1)]
    with (commune / "results.csv").open("a", encoding="utf-8") as file:
        file.write(f"X1,2024,17,17.8,a,Nhà tiêu,,{total[0] + 9}/{total[1]} hộ,measured,,,,,\n")
    assert of_commune(cleaned_of(commune), "17.8", "a") == [(total[0] + 9, total[1])]
    said = told(commune).replace(".", "")
    assert f"12 thôn cộng lại là {total[0]}/{total[1]}, xã ghi {total[0] + 9}/{total[1]}" in said


def test_months_are_read_to_date_and_a_later_week_replaces_an_earlier(commune, tmp_path):
    forms = made(commune, tmp_path, 9, TWO)
    line = {"addition|17.8|a": (4, None)}
    fill(forms["An"], commune / "villages" / "an tuần 1.xlsx", line, "6/9/2024")
    fill(forms["An"], commune / "villages" / "an tuần 2.xlsx", {"addition|17.8|a": (7, None)}, "13/9/2024")
    fill(forms["Đình"], commune / "villages" / "dinh.xlsx", line | {"work|W1": ("xong", None)}, "20/9/2024")
    cleaned = cleaned_of(commune)
    assert not len(cleaned.rejects), list_rejects(cleaned, "vi")
    done = done_to_date(known_progress(cleaned), 2024, 9)
    assert done["17.8a"] == {"An": 7, "Đình": 4}
    assert done["W1"] == {"Đình": Fraction("0.51")}
    assert "Tháng 9 năm 2024 chưa có báo cáo của thôn Bằng, Cả" in told(commune)


def test_what_is_missing_is_split_among_the_villages_by_need_and_stands_in_their_forms(commune, tmp_path):
    forms = made(commune, tmp_path)
    for name in NAMES:
        whole = HOUSEHOLDS[name]
        fill(forms[name], commune / "villages" / f"{name}.xlsx", {"result|17.8|a": (whole // 2, whole)}, "20/12/2024")
    cleaned = cleaned_of(commune)
    assert set(known_observations(cleaned).query("kind == 'measured'")["date"]) == {
        "2024-12-20"
    }  # the villages' and the sum's
    run = parameters.Parameters("thu", 2024, "ntm-2021-2025")
    needs = needs_by_village(known_observations(cleaned), list(NAMES), run)
    mine = needs[needs["part"] == "a"]
    assert sum(map(int, mine["share"])) == int(mine.iloc[0]["missing"]) > 0
    assert all(int(share) <= int(lacking) for share, lacking in zip(mine["share"], mine["lacking"], strict=True))
    again = openpyxl.load_workbook(made(commune, tmp_path)["Thượng"]).worksheets[0]
    share = mine.set_index("village").loc["Thượng", "share"]
    assert any(str(cell.value) == f"cần thêm {share} hộ để xã đạt" for row in again.iter_rows() for cell in row)
    assert any(cell.value == "2024: 625/1.251" for row in again.iter_rows() for cell in row)


# --- what people do wrong ------------------------------------------------------------------------


def cell(key: str, value, offset: int = 0):
    """Somebody types ``value`` into the line ``key``."""

    def change(book, sheet, rows, done):
        sheet.cell(rows[key], done + offset).value = value

    return change


def typed(place: str, value):
    def change(book, sheet, rows, done):
        sheet[place] = value

    return change


def mark(old: str, new: str):
    def change(book, sheet, rows, done):
        sheet["A1"] = sheet["A1"].value.replace(old, new)

    return change


def without_code_column(book, sheet, rows, done):
    sheet.delete_cols(done)


def hide(book, sheet, rows, done):
    sheet.row_dimensions[rows["result|17.8|b"]].hidden = True


def own_line(book, sheet, rows, done):
    last = max(rows.values()) + 1
    sheet.cell(last, 3).value, sheet.cell(last, done).value = "Hộ có máy giặt", 33


def again(book, sheet, rows, done):
    last = max(rows.values()) + 1
    for place in range(1, done + 2):
        sheet.cell(last, place).value = sheet.cell(rows["result|17.8|a"], place).value


def listed(book, sheet, rows, done):
    page = book["Danh sách hộ"]
    for row, name in enumerate(("Hoàng Văn Thử", "Lý Thị Mẫu"), start=3):
        page.cell(row, 2).value, page.cell(row, 3).value = "17.8a", name


A, B = "result|17.8|a", "result|17.8|b"
MISTAKES = {
    "words for a number": (cell(A, "gần hết"), "17.8a", "không phải một số rõ ràng"),
    "a percentage": (cell(A, "80%"), "17.8a", "ghi tỷ lệ phần trăm"),
    "more than all": (cell(A, 9999), "17.8a", "số đạt lớn hơn tổng số"),
    "below zero": (cell(A, -4), "", "không thể nhỏ hơn 0"),
    "half a household": (cell(A, 12.5), "17.8a", "số đếm không thể lẻ"),
    "another unit": (cell(A, "12 km"), "17.8a", "đơn vị khác với đơn vị của dòng"),
    "no total": (cell(A, None, 1), "17.8a", "chưa ghi «Trên tổng số»"),
    "an error of a formula": (cell(A, "#REF!"), "", ""),
    "a line left blank": (cell(B, None), "17.8b", "mục còn để trống"),
    "a total that is not the households": (cell(A, 90, 1), "17.8a: 90 (95)", "khác số hộ của thôn"),
    "a line of one's own": (own_line, "Hộ có máy giặt: 33", "dòng tự thêm"),
    "a line twice": (again, "17.8a", "có hai dòng"),
    "a hidden line": (hide, "17.8b", "dòng bị ẩn"),
    "a list with another number": (listed, "17.8a: 50 (2)", "khác số dòng trong danh sách hộ"),
    "another name": (typed("D3", "Gò"), "thôn Gò", "được làm cho thôn Đình"),
    "an unknown village": (typed("D3", "Xóm Mới"), "Xóm Mới", ""),
    "no day": (typed("D5", "hôm qua"), "hôm qua", "ngày lập phiếu không đọc được"),
    "another commune": (mark("|thu|", "|xa-khac|"), "xa-khac", "của xã khác"),
    "an old form": (mark("ntm-thon|1|", "ntm-thon|0|"), "", "phiên bản 0"),
    "a column gone": (without_code_column, "", "Không tìm thấy đủ các cột"),
}


def struck(book, sheet, rows, done):
    sheet.cell(rows[A], done).font = Font(strike=True)


def swapped(book, sheet, rows, done):
    sheet.cell(rows[A], done).value, sheet.cell(rows[A], done + 1).value = 95, 50


def in_the_note(book, sheet, rows, done):
    sheet.cell(rows[A], done).value, sheet.cell(rows[A], done + 2).value = None, "50 hộ"


def over_two_cells(book, sheet, rows, done):
    sheet.merge_cells(start_row=rows[A], end_row=rows[A], start_column=done, end_column=done + 1)


def sorted_without_the_hidden_column(book, sheet, rows, done):
    first, second = rows[A], rows[B]
    for place in range(2, done + 3):
        one, other = sheet.cell(first, place), sheet.cell(second, place)
        one.value, other.value = other.value, one.value


def a_second_sheet(book, sheet, rows, done):
    copy = book.copy_worksheet(sheet)
    copy.title, copy.cell(rows[A], done).value = "Bản 2", 55


UNCLEAR, UNIT = "không phải một số rõ ràng", "đơn vị khác với đơn vị của dòng"
MISTAKES |= {
    "a letter for a digit": (cell(A, "5O"), "17.8a", UNIT),
    "about": (cell(A, "khoảng 50"), "17.8a", UNCLEAR),
    "a bound": (cell(A, ">50"), "17.8a", UNCLEAR),
    "from to": (cell(A, "45-50"), "17.8a", UNCLEAR),
    "a sum not made": (cell(A, "45+5"), "17.8a", UNCLEAR),
    "two numbers": (cell(A, "50, 45"), "17.8a", UNCLEAR),
    "a day for a number": (cell(A, datetime.date(2024, 5, 9)), "17.8a", UNCLEAR),
    "a number in words": (cell(A, "năm mươi"), "17.8a", UNCLEAR),
    "a tick": (cell(A, "x"), "17.8a", UNCLEAR),
    "a remark behind": (cell(A, "50 (chưa tính hộ mới)"), "17.8a", UNIT),
    "people for households": (cell(A, "50 người"), "17.8a", UNIT),
    "two totals": (cell(A, "50/90"), "17.8a", "hai tổng số khác nhau"),
    "the two cells the wrong way round": (swapped, "17.8a", "số đạt lớn hơn tổng số"),
    "a formula that was not calculated": (cell(A, "=C3+1"), "G18", "công thức chưa được tính"),
    "crossed out": (struck, "G18", "gạch"),
    "one cell over two": (over_two_cells, "17.8a", "chưa ghi «Trên tổng số»"),
    "in the column of notes": (in_the_note, "17.8a", "mục còn để trống"),
    "sorted without the hidden column": (sorted_without_the_hidden_column, "17.8b", "mã in ở dòng không khớp"),
    "a day ten years off": (typed("D5", "20/12/2034"), "20/12/2034", "ngày lập không thuộc năm của phiếu"),
    "a second sheet": (a_second_sheet, "Bản 2", "17.8a"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_form_is_told_with_its_file_village_and_line(commune, tmp_path, mistake):
    change, where, words = MISTAKES[mistake]
    forms = made(commune, tmp_path, 0, ("Đình",))
    fill(forms["Đình"], commune / "villages" / "tệp thôn Đình.xlsx", {A: (50, 95), B: (60, 95)}, change=change)
    said = told(commune)
    assert "tệp thôn Đình.xlsx" in said
    assert where in said
    assert words in said
    assert "Hoàng Văn Thử" not in said
    if mistake not in ("another commune", "an old form", "a column gone"):
        assert (
            "thôn Đình" in said.replace("tệp thôn Đình.xlsx", "") or where.startswith(("Xóm", "hôm")) or "Đình:" in said
        )


@pytest.mark.parametrize("name", ["hỏng.xlsx", "khác.xlsx", "trống.xlsx"])
def test_a_file_that_is_no_form_is_told(commune, tmp_path, name):
    forms = made(commune, tmp_path, 0, TWO)
    target = commune / "villages" / name
    if name == "hỏng.xlsx":
        target.write_bytes(b"not a workbook")
    elif name == "khác.xlsx":
        openpyxl.Workbook().save(target)
    else:
        shutil.copy(forms["An"], target)
    said = told(commune)
    assert name in said
    assert any(words in said for words in ("Không mở được phiếu này", "không phải là phiếu", "chưa điền số nào"))


@pytest.mark.parametrize(
    ("place", "counted"), [("villages/2024", True), ("villages/2024/lần 1", True), ("", False), ("2024", False)]
)
def test_a_form_in_another_folder_is_read_or_sent_to_the_right_one(commune, tmp_path, place, counted):
    target = commune / place / "đình.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    fill(made(commune, tmp_path, 0, TWO)["Đình"], target, {A: (50, 95)})
    assert ("50/95 hộ" in intake.clean(intake.read_commune("thu")).observations["text"].tolist()) == counted
    assert counted or "thư mục villages" in told(commune)


def test_two_forms_of_one_village_that_differ_are_refused_by_both_names(commune, tmp_path):
    forms = made(commune, tmp_path, 0, TWO)
    fill(forms["An"], commune / "villages" / "an-1.xlsx", {A: (50, 84)})
    fill(forms["An"], commune / "villages" / "an-2.xlsx", {A: (55, 84)})
    said = told(commune)
    assert "an-2.xlsx" in said
    assert "phiếu an-1.xlsx của cùng thôn ghi khác (50 / 84)" in said


def test_a_form_of_another_month_and_a_number_that_fell_are_told(commune, tmp_path):
    august, september = made(commune, tmp_path, 8, TWO), made(commune, tmp_path, 9, TWO)
    key = "addition|17.8|a"
    fill(august["An"], commune / "villages" / "an-8.xlsx", {key: (9, None)}, "20/8/2024")
    fill(september["An"], commune / "villages" / "an-9.xlsx", {key: (3, None)}, "20/9/2024")
    fill(august["Đình"], commune / "villages" / "dinh.xlsx", {key: (3, None)}, "20/9/2024")
    said = told(commune)
    assert "An: 17.8a: 3 < 9 (an-8.xlsx)" in said
    assert "Đình: 20/9/2024 (8/2024)" in said
    assert "phiếu gần nhất: Đình (8/2024)" in said
