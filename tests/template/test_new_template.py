"""The workbook to fill in: the folder it comes with, what it holds, how it is protected."""

import re
import zipfile

import openpyxl
import pytest
import yaml

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune
from ntm_lib.intake.files.xlsx import read_xlsx
from ntm_lib.intake.filled.template_layout import FREE, LISTED, layout
from ntm_lib.intake.filled.template_read import is_template, read_book
from ntm_lib.places import registry
from ntm_lib.rules import load_commune, load_set
from ntm_lib.template.new_template import to_state, write_template
from tests.template.template_books import (  # noqa: F401  (fixtures)
    SET,
    columns_of,
    empty_book,
    find_row,
    grids,
    hung_my,
    known_book,
    pages,
    read_template,
    root,
)


def test_folder_of_a_new_commune_is_filled_from_the_registry(root, empty_book):
    folder = empty_book.parent
    assert sorted(p.name for p in folder.iterdir() if p.suffix != ".xlsx") == [
        "commune.yml",
        "corrections.csv",
        "documents.csv",
        "notes.csv",
        "results.csv",
    ]
    commune = load_commune("hung-my")
    assert (commune["code"], commune["name"], commune["province_slug"]) == ("02314", "Hùng Mỹ", "tuyen-quang")
    assert commune["merged_into"]["code"] == "02308" and commune["merged_into"]["date"] == "2025-07-01"
    assert {entry["trait"]: entry["value"] for entry in commune["traits"] if entry["value"]} == {"region": "tdmnpb"}
    assert yaml.safe_load((folder / "commune.yml").read_text(encoding="utf-8"))["code"] == "02314"


def test_the_folder_is_read_as_it_is(root, empty_book):
    assert not any(read_commune("hung-my").tables[name] for name in ("results", "documents", "notes", "corrections"))


def test_commune_of_today_names_what_it_was_made_of(root):
    written = write_template("tan-my-tuyen-quang", 2025, SET)
    text = written[0].read_text(encoding="utf-8")
    assert "Hợp nhất từ: 02314 xã Hùng Mỹ" in text and "district: null" in text
    assert load_commune("tan-my-tuyen-quang")["code"] == "02308"


@pytest.mark.parametrize(
    ("slug", "year", "message"),
    [
        ("tan-my", 2024, "tan-my-ten-huyen-ten-tinh"),
        ("khong-co-xa-nay", 2024, "Không có"),
        ("../x", 2024, "không hợp lệ"),
        ("hung-my", 20222, "Năm 20222"),
        ("hung-my", 2023, "không ghi đè"),
    ],
)
def test_refused_with_what_to_do(root, empty_book, slug, year, message):
    with pytest.raises(NtmError, match=message):
        write_template(slug, year, SET)
    assert slug == "hung-my" or not (paths.communes_folder() / slug).exists()


def test_refusals_are_worded_in_english_too(root, empty_book):
    with pytest.raises(NtmError, match="does not overwrite"):
        write_template("hung-my", 2023, SET, language="en")


# --- the workbook --------------------------------------------------------------------------------


def test_workbook_has_the_annexes_and_is_a_template(pages):
    assert pages.sheetnames == ["Hướng dẫn", "Thôn", *(f"Biểu 0{n}" for n in range(1, 8)), "Văn bản", "Danh mục"]


def test_template_nobody_filled_gives_no_rows(grids):
    assert is_template(grids) and read_book(grids)[0] == {}


def test_same_template_has_the_same_bytes(known_book, hung_my):
    first = known_book.read_bytes()
    known_book.unlink()
    assert write_template("hung-my", 2024, SET, cleaned=clean(hung_my), region="tdmnpb")[-1].read_bytes() == first


def test_every_indicator_and_part_of_the_set_stands_in_results_and_plan(pages):
    wanted = set(zip(*(load_set(SET).indicators[c] for c in ("criterion", "indicator", "part")), strict=True))
    for sheet in ("Biểu 01", "Biểu 02"):
        page = pages[sheet]
        columns = columns_of(page)
        rows = [r for r in range(5, page.max_row + 1) if page.cell(r, 1).value == LISTED]
        found = {tuple(page.cell(r, columns[k]).value or "" for k in ("criterion", "indicator", "part")) for r in rows}
        assert wanted <= found and {(str(n), "", "") for n in range(1, 20)} <= found


def test_headings_are_locked_and_inputs_are_open(pages):
    for sheet in layout().sheets:
        page, columns = pages[sheet.name], columns_of(pages[sheet.name])
        assert page.protection.sheet
        row = find_row(page, FREE if sheet.free else LISTED)
        for column in sheet.columns:
            assert page.cell(row, columns[column.key]).protection.locked == (column.fill == "locked"), (
                sheet.name,
                column.key,
            )
        assert all(cell.protection.locked for cell in page[5])


def test_indicators_carry_their_definition_and_who_set_the_threshold(pages):
    page = pages["Biểu 01"]
    note = page.cell(find_row(page, LISTED, indicator="11.1"), columns_of(page)["name"]).comment.text
    assert "hộ nghèo và hộ cận nghèo" in note and "Trung ương quy định: 318/QĐ-TTg" in note and "CHƯA ĐỐI CHIẾU" in note


def test_choices_are_offered(pages):
    lists = {v.formula1 for page in pages for v in page.data_validations.dataValidation if v.type == "list"}
    assert lists == {"statuses", "result_kinds", "plan_kinds", "sources", "states", "villages", "documents"}
    assert lists <= set(pages.defined_names)
    cells = pages["Danh mục"]
    assert {"Đạt", "Chưa đạt", "Không áp dụng"} <= {c.value for row in cells.iter_rows() for c in row}


def test_pages_are_a4_landscape_one_page_wide_with_headings_repeated(pages):
    for sheet in layout().sheets:
        page = pages[sheet.name]
        setup = page.page_setup
        assert (int(setup.paperSize), setup.orientation, int(setup.fitToHeight)) == (9, "landscape", 0)
        assert page.print_title_rows and page.print_area


def test_no_heading_speaks_of_the_plan_of_one_commune(pages):
    assert "là do mẫu này đặt" in pages["Biểu 04"]["B2"].value
    assert not [
        c.coordinate for page in pages for row in page.iter_rows() for c in row if "05/KH-BCĐ của xã" in str(c.value)
    ]


def test_what_is_known_stands_in_it_already(known_book):
    workbook = openpyxl.load_workbook(known_book)
    page, columns = workbook["Biểu 01"], columns_of(workbook["Biểu 01"])
    latrines = find_row(page, LISTED, indicator="17.8", part="a")
    assert page.cell(latrines, columns["last"]).value == "1.276/1.413 hộ đạt 90,3%"
    assert page.cell(latrines, columns["planned"]).value == "vận động thêm 56 hộ"
    assert page.cell(latrines, columns["required"]).value == "≥ 70 % (*)"
    assert "CHƯA ĐỐI CHIẾU" in page.cell(latrines, columns["name"]).comment.text
    assert page.cell(find_row(page, LISTED, indicator="10.1"), columns["planned"]).value == "49 triệu đồng/người/năm"
    money = workbook["Biểu 03"]
    assert (
        money.cell(
            find_row(money, LISTED, source="Vốn CTMTQG phát triển KT-XH vùng DTTS và miền núi"),
            columns_of(money)["last"],
        ).value
        == 3494.3
    )
    assert {"Bàu", "Rõm"} <= {c.value for c in workbook["Thôn"]["B"]}
    assert read_template(known_book) == {}


def test_without_a_region_the_guide_says_why_requirements_are_blank(root, pages):
    assert not any("region" in str(c.value) for c in pages["Hướng dẫn"]["C"])
    described = paths.communes_folder() / "hung-my" / "commune.yml"
    text = described.read_text("utf-8")
    described.write_text(text.replace("value: tdmnpb", "value: null"), "utf-8")
    path = write_template("hung-my", 2021, SET)[-1]
    described.write_text(text, "utf-8")
    assert any("region" in str(c.value) for c in openpyxl.load_workbook(path)["Hướng dẫn"]["C"])
    path.unlink()


def region_of(unit) -> str:
    """Its region, where it lies in one only."""
    found = registry.regions_of([unit])
    return found.pop() if len(found) == 1 else ""


def test_every_province_before_the_merger_lies_in_one_region(root):
    old = {u.province_code: u for u in registry.units() if u.valid_to}
    assert len(old) == 63 and all(region_of(u) for u in old.values())
    names = {"08": "tdmnpb", "01": "dbsh", "38": "btb", "48": "dhntb", "67": "tn", "77": "dnb", "96": "dbscl"}
    assert {code: region_of(old[code]) for code in names} == names


def test_region_of_a_commune_of_today_is_that_of_those_it_was_made_of(root):
    today = [u for u in registry.units() if not u.valid_to]
    of = {region_of(u) for u in today if u.province.endswith("Lâm Đồng")}
    assert {"tn", "dhntb"} <= of
    assert sum(not region_of(u) for u in today) < 10


def test_what_is_still_to_be_stated_is_asked_on_one_line(root, empty_book):
    line = to_state("hung-my", SET)
    assert "\n" not in line and "communes/hung-my/commune.yml" in line
    assert "xã an toàn khu" in line and "số trường học" in line and "số thôn" in line and ": vùng;" not in line
    assert "điểm du lịch" not in line and "nhóm xã" not in line and "nhóm xã" in to_state("hung-my", "ntm-2026-2030")


def test_there_is_a_row_for_each_village_and_room_for_more(root, empty_book, known_book):
    described = paths.communes_folder() / "hung-my" / "commune.yml"
    text = described.read_text("utf-8")
    described.write_text(text.replace("  villages:\n    value: null", "  villages:\n    value: 73"), "utf-8")
    path = write_template("hung-my", 2021, SET)[-1]
    described.write_text(text, "utf-8")
    for book, wanted in ((path, 73), (known_book, 12), (empty_book, 40)):
        pages = openpyxl.load_workbook(book)
        places = [sum(c.value in (LISTED, FREE) for c in pages[sheet]["A"]) for sheet in ("Thôn", "Biểu 05", "Biểu 06")]
        assert len(set(places)) == 1 and places[0] >= wanted + 8
    path.unlink()


def test_other_rule_sets_have_a_workbook_too(root, empty_book):
    for rule_set in ("ntm-nang-cao-2021-2025", "ntm-2026-2030"):
        path = write_template("hung-my", 2022, rule_set)[-1]
        assert "Biểu 01" in {g.sheet for g in read_xlsx(path)} and read_template(path) == {}
        path.unlink()


def test_nothing_of_the_machine_is_in_the_workbook(empty_book):
    with zipfile.ZipFile(empty_book) as archive:
        core = archive.read("docProps/core.xml").decode()
        assert re.findall(r">(\d{4}-[^<]*)<", core) == ["2023-01-01T00:00:00Z"] * 2
        assert {i.date_time[0] for i in archive.infolist()} == {1980}
