"""Annexes: the seven Biểu as data and as a workbook that prints, adds up and holds text as text."""

import io
import re
import shutil
import subprocess
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
from tests.report.test_official import LONG, hostile, made, pdf_words

FUNCTIONS = {"SUM", "COUNT", "IF", "SUMIF", "COUNTIFS"}
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


@pytest.fixture(scope="module")
def forms() -> dict[str, Annex]:
    return {annex.number: annex for annex in annexes(made())}


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("annexes") / "annexes.xlsx"
    write_annexes(made(), file)
    return file


@pytest.fixture(scope="module")
def hostile_path(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "annexes.xlsx"
    write_annexes(hostile(), file)
    return file


def row(annex: Annex, **cells) -> Row:
    """The first row with these cells."""
    return next(row for row in annex.rows if all(row.cells.get(key) == value for key, value in cells.items()))


# ---------------------------------------------------------------- what they say


def test_there_are_seven_in_order(forms):
    assert list(forms) == [f"{i:02}" for i in range(1, 8)]


def test_form_01_has_every_criterion_and_indicator_with_room_for_the_appraisal(forms):
    heads = [r for r in forms["01"].rows if r.kind == "head"]
    assert [r.cells["number"] for r in heads] == [Number(Fraction(i)) for i in range(1, 20)]
    assert all(r.cells["checked"] is TO_FILL for r in forms["01"].rows if r.kind != "total")
    codes = {r.cells["code"] for r in forms["01"].rows if "code" in r.cells}
    assert len({code.rstrip("abcde") for code in codes}) == 57


def test_a_share_is_a_formula_over_its_own_numbers(forms):
    found = row(forms["01"], code="17.8a").cells
    assert (found["met"], found["all"]) == (Number(Fraction(1276)), Number(Fraction(1413)))
    assert found["result"] == Formula("{met}/{all}", Fraction(1276, 1413), "share")
    assert found["self"] == "Đạt" and found["asked"] == "≥\N{NO-BREAK SPACE}70%"


def test_what_the_data_lacks_is_an_empty_marked_cell(forms):
    found = row(forms["01"], code="17.1a").cells
    assert [found[key] for key in ("met", "all", "result", "self")] == [MISSING] * 4


def test_a_declared_criterion_says_so(forms):
    found = next(r for r in forms["01"].rows if r.kind == "head" and r.cells["name"] == "Quy hoạch").cells
    assert found["self"] == "Đạt" and found["note"] == "theo công bố"


def test_the_workbook_counts_the_criteria_itself(forms):
    total = next(r for r in forms["01"].rows if r.name == "met-count").cells["self"]
    assert total.value == 19 and total.text.startswith("COUNTIFS(")


def test_form_02_adds_what_is_planned_to_what_there_is(forms):
    found = row(forms["02"], code="17.8a").cells
    assert found["change"] == Number(Fraction(56), "change")
    assert found["goal"] == Formula("({met}+{change})/{all}", Fraction(1332, 1413), "share")
    assert row(forms["02"], code="11.1").cells["change"] == Number(Fraction(-30), "change")


def test_form_02_carries_the_actions_of_the_plan_with_person_money_and_term(forms):
    """In the plan's own sentences, each under the indicator that it serves; a criterion that the plan forgot has none."""
    assert (
        row(forms["02"], code="17.8a").cells["action"].startswith("Nhà tiêu hợp vệ sinh: Đã đạt chuẩn 1.276/1.413 hộ")
    )
    assert row(forms["02"], code="2.2").cells["action"].startswith("Đường trục thôn: Bê tông hóa 0,51 km")
    assert row(forms["02"], code="4.1").cells["who"] == "Điện lực"
    heads = {str(r.cells["name"]): r.cells for r in forms["02"].rows if r.kind == "head"}
    assert heads["Giao thông"]["when"] == "năm 2024" and heads["Y tế"]["when"] is MISSING
    assert heads["Môi trường và an toàn thực phẩm"]["who"] == "Mặt trận Tổ quốc các Tổ chức chính trị - Xã hội"
    said = " ".join(str(r.cells.get("action", "")) for r in forms["02"].rows)
    body = [s["text"] for s in made().rows("sentences") if s["criterion"] and s["form"] in ("dash", "plus")]
    led = [re.sub(r"^\d+\.\d+\. [^:]*: ", "", text) for text in body]  # the row names the indicator
    assert not [text for text in led if text not in said and not text.endswith(":")]


def test_money_of_works_is_told_for_the_criterion_and_for_each_action():
    works = made().works
    paid = works.assign(cost=works["cost"].where(works["observation"] != "HM045", "320"))
    form = {a.number: a for a in annexes(replace(made(), works=paid))}["02"]
    assert row(form, code="2.2").cells["cost"] == Number(Fraction(320), "money")
    assert row(form, number=Number(Fraction(2))).cells["cost"] == Number(Fraction(320), "money")


def test_form_03_adds_up_and_holds_no_check_of_ours(forms):
    named = {r.name: r.cells for r in forms["03"].rows if r.name}
    assert list(named) == ["sum"] and named["sum"]["planned"].value == Fraction("8321.7")
    shares = [r.cells["share"].value for r in forms["03"].rows if not r.kind]
    assert sum(shares) == 1


def test_no_form_holds_choices_checks_or_codes_of_the_programme(forms):
    for form in forms.values():
        words = " ".join([*form.notes, *(str(cell) for r in form.rows for cell in r.cells.values())])
        assert not re.search(r"lựa chọn của chương trình|\(\*\)|Chênh lệch|chỉ áp dụng khi|chưa biết chỉ tiêu", words)


def test_villages_stand_in_the_order_of_the_communes_list(forms):
    listed = [r["village"] for r in made().rows("villages")]
    assert [r.cells["village"] for r in forms["05"].rows if not r.kind][: len(listed)] == listed != sorted(listed)


def test_parts_of_one_kind_are_told_by_their_place(forms):
    items = [str(r.cells.get("item", "")) for r in forms["04"].rows]
    assert "– thôn Dõm" in items and sum(item.startswith("trong đó: Lắp đặt thêm loa") for item in items) == 1


# ---------------------------------------------------------------- as pages of a paper


@pytest.mark.parametrize(("symbol", "numbers"), [("KH", ()), ("BC", ("01", "05", "06"))])
def test_pages_of_a_paper_have_no_row_without_content_and_nothing_to_be_filled_in(symbol, numbers):
    pages = attached(made(), symbol, numbers)
    assert [page.number for page in pages] == list(numbers or [f"{i:02}" for i in range(1, 8)])
    for page in pages:
        assert page.signers and not [c for r in page.rows for c in r.cells.values() if isinstance(c, Empty)]
        told = [r for r in page.rows if not r.kind]
        assert all(any(cell != "" for key, cell in r.cells.items() if key not in ABOUT) for r in told)
    assert len(pages[0].rows) < 30  # of 76 rows of the form


def test_each_village_receives_its_own_extract_with_its_own_recipient_line():
    pages = {page.title: page for page in village_extracts(made())}
    assert len(pages) == 9
    page = pages["TRÍCH KẾ HOẠCH NĂM 2024: VIỆC CỦA THÔN NẶM KÉP"]
    assert (
        page.notes[0].startswith("Sang năm 2025, yêu cầu thay đổi: 10.1 thu nhập bình quân")
        and "≥\u00a048" in page.notes[0]
    )
    assert page.notes[1:] == ("Nơi nhận: Thôn Nặm Kép; lưu: BCĐ.",) and page.signers[0] == "ĐẠI DIỆN THÔN"
    groups = [r.cells["number"] for r in page.rows if r.kind == "group"]
    assert groups == ["Thôn Nặm Kép", "Việc chung của các thôn"]
    assert page.reference.startswith("(Kèm theo Kế hoạch số 05/KH-BCĐ")


def test_an_annex_names_the_paper_that_it_belongs_to():
    plan, results = attached(made(), "KH")[0].reference, attached(made(), "BC")[0].reference
    assert plan.startswith(
        "(Kèm theo Kế hoạch số 05/KH-BCĐ ngày 22 tháng 02 năm 2024 của Ban Chỉ đạo Chương trình MTQG"
    )
    assert results.startswith("(Kèm theo Báo cáo số ……/BC-BCĐ ngày …… tháng …… năm …… của Ban Chỉ đạo")


def test_a_work_with_parts_is_their_sum_and_counted_once(forms):
    found = row(forms["04"], item="Bê tông hóa đường nội đồng").cells
    assert found["quantity"].value == Fraction("1.08") and found["quantity"].text.startswith("SUM(")
    parts = [r.cells for r in forms["04"].rows if str(r.cells.get("item", "")).startswith("trong đó: ")]
    assert parts and not any("number" in cells for cells in parts)


def test_works_without_a_cost_leave_the_sum_open(forms):
    total = next(r for r in forms["04"].rows if r.name == "sum").cells["cost"]
    assert total.value is None


def test_form_05_and_06_hold_the_commune_and_every_village(forms):
    for number in ("05", "06"):
        assert len([r for r in forms[number].rows if not r.kind]) == 12
    commune = next(r for r in forms["05"].rows if r.name == "commune").cells
    assert (commune["s1"], commune["s1_plan"], commune["s3"]) == (Number(Fraction(1276)), Number(Fraction(56)), MISSING)
    livestock = next(r for r in forms["06"].rows if r.name == "commune").cells
    assert (livestock["f0"], livestock["f1"]) == (Number(Fraction(878)), Number(Fraction(767)))


def test_no_heading_of_an_english_annex_is_vietnamese():
    headings = [
        text
        for annex in annexes(made(language="en"))
        for column in annex.columns
        for text in (column.heading, column.above)
    ]
    vietnamese = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
    assert not [text for text in headings if vietnamese.search(text)]


def test_form_07_has_a_part_for_each_village_and_one_for_what_is_not_divided(forms):
    groups = [str(r.cells["number"]) for r in forms["07"].rows if r.kind == "group"]
    assert "Thôn Nặm Kép" in groups and groups[-1] == "Chưa phân về từng thôn"
    assert row(forms["07"], code="17.8a").cells["quantity"] == Number(Fraction(56), "change")


def test_a_set_whose_items_are_not_laid_out_gets_open_columns():
    open_ = {annex.number: annex for annex in annexes(made(year=2026, rule_set="ntm-2026-2030"))}["05"]
    assert [c.key for c in open_.columns if c.key.startswith("open")] == [f"open{i}" for i in range(1, 6)]


def test_a_commune_of_which_nothing_is_planned_gets_empty_forms():
    empty = {annex.number: annex for annex in annexes(made("ngoc-hoi", 2022))}
    assert all(r.cells["name"] is MISSING for r in empty["03"].rows if not r.kind)
    assert all(r.cells["item"] is MISSING for r in empty["04"].rows if not r.kind)


# ---------------------------------------------------------------- cells and formulas


def test_a_formula_names_cells_by_column_and_row():
    formula = Formula("IF({a}>0,SUM({a@first}:{b@last}))", None)
    assert formula.references() == [("a", ""), ("a", "first"), ("b", "last")]
    assert formula.placed(lambda key, name: f"{key}{name or '9'}".upper()) == "=IF(A9>0,SUM(AFIRST:BLAST))"


def test_a_row_with_a_cell_of_no_column_is_refused():
    with pytest.raises(ValueError, match="no column"):
        Annex("09", "x", (column("a", "A", 5),), (Row({"b": "x"}),))


def test_every_reference_leads_to_a_column_and_a_row(forms):
    for annex in forms.values():
        keys, named = {c.key for c in annex.columns}, annex.row_numbers()
        cells = [cell for r in annex.rows for cell in r.cells.values() if isinstance(cell, Formula)]
        assert all(key in keys and (not name or name in named) for cell in cells for key, name in cell.references())


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


def test_the_same_tables_give_the_same_bytes(path, tmp_path):
    write_annexes(made(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_sheets_print_on_a4_with_repeated_headings(path):
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [f"Biểu {i:02}" for i in range(1, 8)]
    for page in book:
        assert (page.page_setup.paperSize, page.page_setup.orientation, page.page_setup.fitToHeight) == (
            9,
            "landscape",
            0,
        )
        assert page.sheet_properties.pageSetUpPr.fitToPage and page.print_title_rows and page.print_area


def test_names_lead_to_the_cells_that_people_quote(path):
    book = openpyxl.load_workbook(path)
    assert {"tong_kinh_phi", "bieu_01_tu_danh_gia", "so_tieu_chi_dat", "bieu_04_kinh_phi"} <= set(book.defined_names)
    sheet, cell = next(iter(book.defined_names["tong_kinh_phi"].destinations))
    assert openpyxl.load_workbook(path, data_only=True)[sheet][cell.replace("$", "")].value == pytest.approx(8321.7)


def test_formulas_carry_their_values(path):
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    cells = [cell for page in formulas for line in page for cell in line if cell.data_type == "f"]
    assert len(cells) > 30
    assert all(values[cell.parent.title][cell.coordinate].value is not None or "COUNT(" in cell.value for cell in cells)


def test_every_share_is_that_of_the_table_it_comes_from(forms):
    """Biểu 01 cell by cell against the table of indicators; Biểu 05 and 06 against the same."""
    judged = {
        r["indicator"] + r["part"]: r
        for r in made().rows("indicators", year=2023)
        if r["numerator"] and r["bound"] != "upper"
    }
    rows = {r.cells["code"]: r.cells for r in forms["01"].rows if r.cells.get("code") in judged}
    assert set(rows) == set(judged) and len(judged) >= 5
    for code, cells in rows.items():
        share = Fraction(judged[code]["numerator"]) / Fraction(judged[code]["denominator"])
        assert cells["result"].value == share and abs(share * 100 - Fraction(judged[code]["value"])) < Fraction(
            1, 10**6
        )
    by_village = [
        cell.value
        for number in ("05", "06")
        for r in forms[number].rows
        if r.name == "share"
        for cell in r.cells.values()
        if isinstance(cell, Formula)
    ]
    assert {cells["result"].value for code, cells in rows.items() if code.startswith(("17.8", "17.9"))} <= set(
        by_village
    )


def test_sums_of_money_are_those_of_the_tables(forms):
    funding = [
        Fraction(r["planned"]) for r in made().rows("funding", year=2024) if r["source"] != "total" and r["planned"]
    ]
    sums = [
        r.cells["planned"].value
        for r in forms["03"].rows
        if r.kind == "total" and isinstance(r.cells.get("planned"), Formula)
    ]
    assert sum(funding) == Fraction("8321.7") and sum(funding) in sums


def test_a_cell_to_fill_in_is_empty_and_marked_in_the_file_and_no_other(path, forms):
    book = openpyxl.load_workbook(path)
    for sheet, annex in zip(book, forms.values(), strict=True):
        marked = [
            cell for row_ in sheet for cell in row_ if cell.fill.fill_type and cell.fill.fgColor.rgb.endswith("FDF0C4")
        ]
        wanted = sum(cell is MISSING for r in annex.rows for cell in r.cells.values())
        assert len(marked) == wanted > 0 and not [cell.coordinate for cell in marked if cell.value not in (None, "")], (
            sheet.title
        )


def test_numbers_are_numbers_without_a_language_of_their_own(path):
    page = openpyxl.load_workbook(path, data_only=True)["Biểu 03"]
    amount = next(cell for line in page for cell in line if cell.value == 3494.3)
    assert amount.number_format == "#,##0.0"


def test_text_is_never_a_formula(hostile_path):
    book = openpyxl.load_workbook(hostile_path)
    for page in book:
        for cell in (cell for line in page for cell in line):
            if cell.data_type == "f":
                strings, code = set(re.findall(r'"([^"]*)"', cell.value)), re.sub(r'"[^"]*"', "", cell.value)
                assert set(re.findall(r"([A-Z]+)\(", code)) <= FUNCTIONS and re.fullmatch(r"[=A-Z0-9():,/+-]*", code), (
                    cell.value
                )
                assert strings <= {"", "<>", ">0", "Đạt", "Chưa đạt"}
            elif isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                assert cell.data_type == "s" and cell.quotePrefix
    texts = {cell.value for page in book for line in page for cell in line if isinstance(cell.value, str)}
    assert clean('=HYPERLINK("http://x")') in texts and LONG in texts and "+1+cmd|'/c calc'!A0" in texts


def test_the_workbook_of_hostile_texts_reaches_for_nothing(hostile_path):
    with zipfile.ZipFile(hostile_path) as archive:
        assert not [name for name in archive.namelist() if "external" in name.lower() or "vba" in name.lower()]
        rels = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
    assert b'TargetMode="External"' not in rels


def test_a_scenario_stands_on_every_sheet(tmp_path):
    write_annexes(made(), tmp_path / "s.xlsx", scenario="KỊCH BẢN & giả định")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    assert all(
        "KỊCH BẢN && giả định" in page.oddHeader.center.text or "KỊCH BẢN & giả định" in page.oddHeader.center.text
        for page in book
    )


# ---------------------------------------------------------------- LibreOffice


def _convert(file: Path, to: str, folder: Path) -> Path:
    """The file through LibreOffice with a profile of its own that computes every formula anew."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE)
    command = [
        "soffice",
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        to,
        "--outdir",
        str(folder),
        str(file),
    ]
    done = subprocess.run(command, capture_output=True, timeout=180, check=False)
    out = folder / f"{file.stem}.{to.partition(':')[0]}"
    assert out.exists(), f"LibreOffice cannot convert to {to}: {done.stderr[-200:]!r}"
    return out


def test_libreoffice_computes_what_we_stored_and_loses_nothing(path, tmp_path):
    """Every formula anew, every text letter by letter, as LibreOffice reads and saves the workbook: no font decides."""
    anew = openpyxl.load_workbook(_convert(path, "xlsx", tmp_path), data_only=True)
    stored, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    for cell in (cell for page in formulas for line in page for cell in line if cell.value is not None):
        was, now = (book[cell.parent.title][cell.coordinate].value for book in (stored, anew))
        where = (cell.parent.title, cell.coordinate, cell.value)
        assert (now or "") == (was or "") if cell.data_type == "s" else (now or 0) == pytest.approx(was or 0), where


def test_nothing_is_lost_on_the_way_to_paper(path, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    printed = pdf_words(_convert(path, "pdf", tmp_path)).replace(" ", "")
    book = openpyxl.load_workbook(path, data_only=True)
    words = {
        word
        for page in book
        for line in page
        for cell in line
        if isinstance(cell.value, str)
        for word in cell.value.split()
    }
    pieces = {piece for word in words for piece in re.split("(?<=-)", word)}  # a line may end behind a hyphen
    lost = [
        piece for piece in pieces if piece not in printed and len(piece) < 12
    ]  # longer ones are parted at the end of a line
    assert not lost


def test_a_workbook_in_memory_opens_in_openpyxl(path):
    assert openpyxl.load_workbook(io.BytesIO(path.read_bytes())).properties.title.startswith("Biểu 01–07")
