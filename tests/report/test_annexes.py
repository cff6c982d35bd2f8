"""Annexes: the seven Biểu as data, as pages of a paper, and as a workbook that prints, adds up and holds text as text."""

import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from ntm_lib.doc.cells import MISSING, TO_FILL, Empty, Formula, Number
from ntm_lib.doc.markup import clean
from ntm_lib.doc.tree import Annex, Row, column
from ntm_lib.doc.write.text import shown
from ntm_lib.report.papers.annexes import ABOUT, annexes, attached, village_extracts, write_annexes
from tests.report.reports import LONG, converted, folder, hostile, made, pdf_words

FUNCTIONS = {"SUM", "COUNT", "IF", "SUMIF", "COUNTIFS"}


def forms_of(report) -> dict[str, Annex]:
    return {annex.number: annex for annex in annexes(report)}


@pytest.fixture(scope="module")
def forms() -> dict[str, Annex]:
    return forms_of(made())


@pytest.fixture(scope="module")
def path() -> Path:
    return folder() / "annexes.xlsx"


@pytest.fixture(scope="module")
def hostile_path() -> Path:
    return folder(hostile) / "annexes.xlsx"


def row(annex: Annex, name: str = "", **cells) -> dict:
    """Cells of the first row of this name with these cells."""
    fits = (r for r in annex.rows if all(r.cells.get(key) == value for key, value in cells.items()))
    return dict(next(r for r in fits if not name or r.name == name).cells)


def heads(annex: Annex) -> dict[str, dict]:
    return {str(r.cells["name"]): r.cells for r in annex.rows if r.kind == "head"}


def lines_of(page) -> list:
    """Cells of a sheet."""
    return [cell for line in page for cell in line]


# ---------------------------------------------------------------- what they say


def test_there_are_seven_in_order(forms):
    assert list(forms) == [f"{i:02}" for i in range(1, 8)]


def test_form_01_has_every_criterion_and_indicator_with_room_for_the_appraisal(forms):
    assert [cells["number"] for cells in heads(forms["01"]).values()] == [Number(Fraction(i)) for i in range(1, 20)]
    assert all(r.cells["checked"] is TO_FILL for r in forms["01"].rows if r.kind != "total")
    codes = {r.cells["code"] for r in forms["01"].rows if "code" in r.cells}
    assert len({code.rstrip("abcde") for code in codes}) == 57
    total = row(forms["01"], "met-count")["self"]
    assert total.value == 19 and total.text.startswith("COUNTIFS(")  # the workbook counts by itself
    assert (heads(forms["01"])["Quy hoạch"]["self"], heads(forms["01"])["Quy hoạch"]["note"]) == ("Đạt", "theo công bố")


def test_a_share_is_a_formula_over_its_own_numbers_and_what_the_data_lacks_a_marked_cell(forms):
    found, lacking = row(forms["01"], code="17.8a"), row(forms["01"], code="17.1a")
    assert (found["met"], found["all"]) == (Number(Fraction(1276)), Number(Fraction(1413)))
    assert found["result"] == Formula("{met}/{all}", Fraction(1276, 1413), "share")
    assert found["self"] == "Đạt" and found["asked"] == "≥\N{NO-BREAK SPACE}70%"
    assert [lacking[key] for key in ("met", "all", "result", "self")] == [MISSING] * 4


def test_the_goal_of_form_02_follows_from_base_and_change(forms):
    goal = row(forms["02"], code="17.8a")["goal"]
    assert (goal.text, goal.value) == ("({met}+{change})/{all}", Fraction(1276 + 56, 1413))
    poverty = row(forms["02"], code="11.1")
    assert poverty["change"].value == -30 and poverty["goal"].value == Fraction(142, 1413)


def test_form_02_carries_the_actions_of_the_plan_with_person_money_and_term(forms):
    """In the plan's own sentences, each under the indicator that it serves; a criterion that the plan forgot has none."""
    form = forms["02"]
    assert row(form, code="17.8a")["action"].startswith("Nhà tiêu hợp vệ sinh: Đã đạt chuẩn 1.276/1.413 hộ")
    assert row(form, code="2.2")["action"].startswith("Đường trục thôn: Bê tông hóa 0,51 km")
    assert row(form, code="17.5")["action"].startswith("Thực hiện đầu tư")  # the row names the indicator
    assert row(form, code="4.1")["who"] == "Điện lực"
    assert heads(form)["Giao thông"]["when"] == "năm 2024" and heads(form)["Y tế"]["when"] is MISSING
    assert heads(form)["Môi trường và an toàn thực phẩm"]["who"] == "Mặt trận Tổ quốc các Tổ chức chính trị - Xã hội"
    said = " ".join(str(r.cells.get("action", "")) for r in form.rows)
    body = [s["text"] for s in made().rows("sentences") if s["criterion"] and s["form"] in ("dash", "plus")]
    body = [re.sub(r"^\d+\.\d+\. [^:]*: ", "", text) for text in body if not text.endswith(":")]
    assert not [text for text in body if text not in said]


def test_money_of_works_is_told_for_the_criterion_and_for_each_action():
    works = made().works
    paid = works.assign(cost=works["cost"].where(works["observation"] != "HM045", "320"))
    form = forms_of(replace(made(), works=paid))["02"]
    for found in (row(form, code="2.2"), row(form, number=Number(Fraction(2)))):
        assert found["cost"] == Number(Fraction(320), "money")


def test_form_03_adds_up_and_holds_no_check_of_ours(forms):
    named = {r.name: r.cells for r in forms["03"].rows if r.name}
    assert list(named) == ["sum"] and named["sum"]["planned"].value == Fraction("8321.7")
    assert sum(r.cells["share"].value for r in forms["03"].rows if not r.kind) == 1
    sources = [row for row in made().rows("funding", year=2024) if row["source"] != "total" and row["planned"]]
    assert sum(Fraction(row["planned"]) for row in sources) == Fraction("8321.7")


def test_no_form_holds_choices_checks_or_codes_of_the_programme(forms):
    ours = r"lựa chọn của chương trình|\(\*\)|Chênh lệch|chỉ áp dụng khi|chưa biết chỉ tiêu|cộng từ các phần"
    for form in forms.values():
        words = " ".join([*form.notes, *(str(cell) for r in form.rows for cell in r.cells.values())])
        assert not re.search(ours, words)


def test_works_and_their_parts_are_told_by_place_and_counted_once(forms):
    items = [str(r.cells.get("item", "")) for r in forms["04"].rows]
    assert "– thôn Dõm" in items and sum(item.startswith("trong đó: Lắp đặt thêm loa") for item in items) == 1
    found = row(forms["04"], item="Bê tông hóa đường nội đồng")
    assert found["quantity"].value == Fraction("1.08") and found["quantity"].text.startswith("SUM(")
    parts = [r.cells for r in forms["04"].rows if str(r.cells.get("item", "")).startswith("trong đó: ")]
    assert parts and not any("number" in cells for cells in parts)
    assert row(forms["04"], "sum")["cost"].value is None  # no work has a cost


def test_form_05_and_06_hold_the_commune_and_every_village_in_the_order_of_its_list(forms):
    listed = [r["village"] for r in made().rows("villages")]
    assert [r.cells["village"] for r in forms["05"].rows if not r.kind][: len(listed)] == listed != sorted(listed)
    assert all(sum(not r.kind for r in forms[number].rows) == 12 for number in ("05", "06"))
    commune, livestock = row(forms["05"], "commune"), row(forms["06"], "commune")
    assert (commune["s1"], commune["s1_plan"], commune["s3"]) == (Number(Fraction(1276)), Number(Fraction(56)), MISSING)
    assert (livestock["f0"], livestock["f1"]) == (Number(Fraction(878)), Number(Fraction(767)))


def test_every_share_is_that_of_the_table_it_comes_from(forms):
    """Biểu 01 cell by cell against the table of indicators; Biểu 05 and 06 against the same."""
    known = made().rows("indicators", year=2023)
    judged = {r["indicator"] + r["part"]: r for r in known if r["numerator"] and r["bound"] != "upper"}
    rows = {r.cells["code"]: r.cells for r in forms["01"].rows if r.cells.get("code") in judged}
    assert set(rows) == set(judged) and len(judged) >= 5
    for code, cells in rows.items():
        share = Fraction(judged[code]["numerator"]) / Fraction(judged[code]["denominator"])
        assert cells["result"].value == share
        assert abs(share * 100 - Fraction(judged[code]["value"])) < Fraction(1, 10**6)
    below = [row(forms[number], "share").values() for number in ("05", "06")]
    by_village = {cell.value for cells in below for cell in cells if isinstance(cell, Formula)}
    assert {cells["result"].value for code, cells in rows.items() if code.startswith(("17.8", "17.9"))} <= by_village


def test_form_07_says_of_each_village_of_all_and_of_what_is_not_divided_what_whose_and_when(forms):
    groups = [str(r.cells["number"]) for r in forms["07"].rows if r.kind == "group"]
    assert "Thôn Nặm Kép" in groups and groups[-1] == "Chưa phân về từng thôn"
    assert row(forms["07"], code="17.8a")["quantity"] == Number(Fraction(56), "change")
    resolution = row(forms["07"], item="Xây dựng nghị quyết chuyên đề về xây dựng nông thôn mới")
    assert (resolution["who"], resolution["when"]) == ("Các chi bộ", "theo từng quý")
    items = [str(r.cells.get("item", "")) for r in forms["07"].rows]
    assert not any("kế hoạch công tác chi tiết" in item for item in items)  # a duty of the members, not of the villages


def test_no_heading_of_an_english_annex_is_vietnamese():
    columns = [column for annex in annexes(made(language="en")) for column in annex.columns]
    vietnamese = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
    assert not [c for c in columns if vietnamese.search(f"{c.heading}{c.above}")]


def test_a_set_whose_items_are_not_laid_out_gets_open_columns_and_nothing_planned_empty_rows():
    open_ = forms_of(made(year=2026, rule_set="ntm-2026-2030"))["05"]
    assert [c.key for c in open_.columns if c.key.startswith("open")] == [f"open{i}" for i in range(1, 6)]
    empty = forms_of(made("ngoc-hoi", 2022))
    assert all(r.cells["name"] is MISSING for r in empty["03"].rows if not r.kind)
    assert all(r.cells["item"] is MISSING for r in empty["04"].rows if not r.kind)


# ---------------------------------------------------------------- as pages of a paper


@pytest.mark.parametrize(("symbol", "numbers"), [("KH", ()), ("BC", ("01", "05", "06"))])
def test_pages_of_a_paper_have_nothing_without_content_and_nothing_to_be_filled_in(symbol, numbers):
    pages = attached(made(), symbol, numbers)
    assert [page.number for page in pages] == list(numbers or [f"{i:02}" for i in range(1, 8)])
    for page in pages:
        assert page.signers and not [c for r in page.rows for c in r.cells.values() if isinstance(c, Empty)]
        assert "share" not in [c.key for c in page.columns]  # rounded, they would not add up
        told = [r for r in page.rows if not r.kind]
        assert all(any(cell != "" for key, cell in r.cells.items() if key not in ABOUT) for r in told)
    assert len(pages[0].rows) < 30  # of 76 rows of the form
    if symbol == "KH":  # no money is known, and one term for all: the note says it
        assert not {"cost", "when"} & {c.key for c in pages[1].columns}
        assert pages[1].notes[0].startswith("Thời hạn chung: trong năm 2024. Kinh phí: Biểu 03;")


def test_each_village_receives_its_own_extract_with_its_own_recipient_line_and_what_next_year_asks():
    pages = {page.title: page for page in village_extracts(made())}
    page = pages["TRÍCH KẾ HOẠCH NĂM 2024: VIỆC CỦA THÔN NẶM KÉP"]
    assert len(pages) == 9 and page.signers[0] == "ĐẠI DIỆN THÔN"
    assert page.notes == ("Nơi nhận: Thôn Nặm Kép; lưu: BCĐ.",)
    *groups, coming = [r.cells["number"] for r in page.rows if r.kind == "group"]
    assert groups == ["Thôn Nặm Kép", "Việc chung của các thôn"]
    assert coming.startswith("Sang năm 2025, yêu cầu thay đổi: 10.1")


@pytest.mark.parametrize(
    ("symbol", "language", "reference"),
    [
        ("KH", "vi", "(Kèm theo Kế hoạch số 05/KH-BCĐ ngày 22 tháng 02 năm 2024 của Ban Chỉ đạo Chương trình MTQG xây dựng nông thôn mới xã Hùng Mỹ)"),
        ("BC", "vi", "(Kèm theo Báo cáo số ……/BC-BCĐ ngày …… tháng …… năm …… của Ban Chỉ đạo Chương trình MTQG xây dựng nông thôn mới xã Hùng Mỹ)"),
        ("KH", "en", "(Attached to Plan No. 05/KH-BCĐ of 22 February 2024 of the Steering Committee for new rural development of Hùng Mỹ commune)"),
    ],
)  # fmt: skip
def test_an_annex_names_the_paper_that_it_belongs_to(symbol, language, reference):
    assert {page.reference for page in attached(made(language=language), symbol)} == {reference}


# ---------------------------------------------------------------- cells and formulas


def test_a_formula_names_cells_by_column_and_row(forms):
    formula = Formula("IF({a}>0,SUM({a@first}:{b@last}))", None)
    assert formula.references() == [("a", ""), ("a", "first"), ("b", "last")]
    assert formula.placed(lambda key, name: f"{key}{name or '9'}".upper()) == "=IF(A9>0,SUM(AFIRST:BLAST))"
    for annex in forms.values():  # every reference leads to a column and a row
        keys, named = {c.key for c in annex.columns}, annex.row_numbers()
        cells = [cell for r in annex.rows for cell in r.cells.values() if isinstance(cell, Formula)]
        assert all(key in keys and (not name or name in named) for cell in cells for key, name in cell.references())
    with pytest.raises(ValueError, match="no column"):
        Annex("09", "x", (column("a", "A", 5),), (Row({"b": "x"}),))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (MISSING, None), (TO_FILL, ""), ("x", "x"), (Number(Fraction(1413)), "1.413"), (Number(Fraction("8321.7"), "money"), "8.321,7"),
        (Formula("", Fraction(1276, 1413), "share"), "90,30%"), (Formula("", None), ""), (Number(Fraction(-30), "change"), "−30"),
        (Number(Fraction(56), "change"), "+56"),
    ],
)  # fmt: skip
def test_cells_on_paper(cell, text):
    assert shown(cell, "vi") == text


# ---------------------------------------------------------------- the workbook


def test_sheets_print_on_a4_with_repeated_headings_and_open_from_memory(path):
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book.sheetnames == [f"Biểu {i:02}" for i in range(1, 8)]
    assert book.properties.title.startswith("Biểu 01–07")
    for page in book:
        setup = page.page_setup
        assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (9, "landscape", 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage and page.print_title_rows and page.print_area


def test_names_lead_to_the_cells_that_people_quote_and_numbers_have_no_language(path):
    book, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    assert {"tong_kinh_phi", "bieu_01_tu_danh_gia", "so_tieu_chi_dat", "bieu_04_kinh_phi"} <= set(book.defined_names)
    sheet, cell = next(iter(book.defined_names["tong_kinh_phi"].destinations))
    assert values[sheet][cell.replace("$", "")].value == pytest.approx(8321.7)
    amount = next(cell for cell in lines_of(values["Biểu 03"]) if cell.value == 3494.3)
    assert amount.number_format == "#,##0.0"


def test_formulas_carry_their_values(path):
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    cells = [cell for page in formulas for cell in lines_of(page) if cell.data_type == "f"]
    assert len(cells) > 30
    assert all(values[cell.parent.title][cell.coordinate].value is not None or "COUNT(" in cell.value for cell in cells)


def test_a_cell_to_fill_in_is_empty_and_marked_in_the_file_and_no_other(path, forms):
    for sheet, annex in zip(openpyxl.load_workbook(path), forms.values(), strict=True):
        marked = [c for c in lines_of(sheet) if c.fill.fill_type and c.fill.fgColor.rgb.endswith("FDF0C4")]
        wanted = sum(cell is MISSING for r in annex.rows for cell in r.cells.values())
        assert len(marked) == wanted > 0 and not [c.coordinate for c in marked if c.value not in (None, "")]


def test_text_is_never_a_formula(hostile_path):
    cells = [cell for page in openpyxl.load_workbook(hostile_path) for cell in lines_of(page)]
    for cell in cells:
        if cell.data_type == "f":
            strings, code = set(re.findall(r'"([^"]*)"', cell.value)), re.sub(r'"[^"]*"', "", cell.value)
            assert set(re.findall(r"([A-Z]+)\(", code)) <= FUNCTIONS and re.fullmatch(r"[=A-Z0-9():,/+-]*", code)
            assert strings <= {"", "<>", ">0", "Đạt", "Chưa đạt"}
        elif isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
            assert cell.data_type == "s" and cell.quotePrefix
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert clean('=HYPERLINK("http://x")') in texts and LONG in texts and "+1+cmd|'/c calc'!A0" in texts


def test_the_workbook_of_hostile_texts_reaches_for_nothing(hostile_path):
    with zipfile.ZipFile(hostile_path) as archive:
        assert not [name for name in archive.namelist() if "external" in name.lower() or "vba" in name.lower()]
        rels = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
    assert b'TargetMode="External"' not in rels


def test_a_scenario_stands_on_every_sheet(tmp_path):
    write_annexes(made(), tmp_path / "s.xlsx", scenario="KỊCH BẢN & giả định")
    heads = [page.oddHeader.center.text for page in openpyxl.load_workbook(tmp_path / "s.xlsx")]
    assert all("KỊCH BẢN & giả định" in head.replace("&&", "&") for head in heads)


# ---------------------------------------------------------------- LibreOffice


def test_libreoffice_computes_what_we_stored_and_loses_nothing(path, tmp_path):
    """Every formula anew, every text letter by letter, as LibreOffice reads and saves the workbook: no font decides."""
    anew = openpyxl.load_workbook(converted(path, "xlsx", tmp_path), data_only=True)
    stored, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    for cell in (cell for page in formulas for cell in lines_of(page) if cell.value is not None):
        was, now = (book[cell.parent.title][cell.coordinate].value for book in (stored, anew))
        where = (cell.parent.title, cell.coordinate, cell.value)
        assert (now or "") == (was or "") if cell.data_type == "s" else (now or 0) == pytest.approx(was or 0), where


def test_nothing_is_lost_on_the_way_to_paper(path, tmp_path):
    printed = "".join(pdf_words(converted(path, "pdf", tmp_path), "-layout").split())
    cells = [cell.value for page in openpyxl.load_workbook(path, data_only=True) for cell in lines_of(page)]
    words = {word for value in cells if isinstance(value, str) for word in value.split()}
    pieces = {piece for word in words for piece in re.split("(?<=-)", word)}  # a line may end behind a hyphen
    # longer ones are parted at the end of a line
    assert not [piece for piece in pieces if piece not in printed and len(piece) < 12]
