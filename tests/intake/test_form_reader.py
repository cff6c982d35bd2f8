"""Forms that officials have: stacked and merged headings, units in headings, group rows, totals, lists of households."""

import io

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from ntm_lib import paths
from ntm_lib.checks import check
from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune, stop_on_rejects
from ntm_lib.intake.forms.form_reader import forms

LAYOUTS = (paths.raw() / "layouts" / "forms.yml").read_text(encoding="utf-8")  # read before a test moves the root


@pytest.fixture
def read(folder):
    """``read(rows, merges)``: what a workbook with one sheet of these rows gives; layouts are those of the project."""

    def run(rows, merges=(), sheet="Biểu", formats=None):
        book = openpyxl.Workbook()
        page = book.active
        page.title = sheet
        for row in rows:
            page.append(row)
        for area in merges:
            page.merge_cells(area)
        for place, code in (formats or {}).items():
            page[place].number_format = code
        out = io.BytesIO()
        book.save(out)
        place = folder({"bieu.xlsx": out.getvalue()})
        target = place.parent.parent / "layouts" / "forms.yml"
        target.parent.mkdir(exist_ok=True)
        target.write_text(LAYOUTS, encoding="utf-8")
        return clean(read_commune("thu"))

    return run


VINH_HA = [
    ["ỦY BAN NHÂN DÂN XÃ VINH HÀ"],
    ["KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU NĂM 2022"],
    [],
    ["TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch năm 2022", "Thực hiện", "Tỷ lệ %"],
    ["A", "Chỉ tiêu về kinh tế"],
    [1, "Giá trị sản xuất", "Tỷ.đ", 381.8, 403.98, 105.8],
    ["", "- Nông, lâm, ngư nghiệp", "Tỷ.đ", 240.12, 233.98, 97.4],
    ["", "- Thương mại, dịch vụ", "Tỷ.đ", 114.59, 120, 104],
    ["", "Tổng cộng", "Tỷ.đ", 354.71, 353.98, 99.8],
    ["Người lập biểu"],
]


def test_the_table_of_vinh_ha_is_read_with_its_units_and_nothing_is_lost(read):
    outcome = read(VINH_HA)
    rows = outcome.observations
    assert rows[["item", "value", "unit", "year"]].values.tolist() == [
        ["Giá trị sản xuất", "403980", "triệu đồng", 2022],
        ["Nông, lâm, ngư nghiệp", "233980", "triệu đồng", 2022],
        ["Thương mại, dịch vụ", "120000", "triệu đồng", 2022],
    ]
    noted = {r.code: [] for r in outcome.remarks}
    for remark in outcome.remarks:
        noted[remark.code].append(remark.row)
    assert noted == {"note-row": [1, 2, 4, 10], "group-row": [5], "total-row": [9], "derived-column": [4]}
    assert [r.text for r in outcome.remarks if r.code == "derived-column"] == ["«Kế hoạch năm 2022», «Tỷ lệ %»"]
    assert rows["row"].tolist() == ["6", "7", "8"]


CRITERIA = [
    ["BẢNG TỰ ĐÁNH GIÁ NĂM 2023"],
    ["TT", "Nội dung tiêu chí", "Kết quả thực hiện", "", "Tự đánh giá của xã"],
    ["", "", "Số liệu", "Ghi chú", ""],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    ["17", "Môi trường và an toàn thực phẩm", "", "", "Đạt"],
    ["17.8", "Tỷ lệ hộ có nhà tiêu, nhà tắm", "", "", ""],
    ["a", "Nhà tiêu hợp vệ sinh", "1.276/1.413 hộ đạt 90,3%", "", ""],
    ["b", "Nhà tắm hợp vệ sinh", 0.848, "", ""],
    [17.9, "Cơ sở chăn nuôi", "767/878 hộ", "", "Đạt"],
    [17.1, "An toàn thực phẩm", "100%", "", ""],
    ["Ghi chú: số liệu đến 31/12/2023"],
]


def test_a_table_of_criteria_with_a_stacked_and_merged_heading(read):
    outcome = read(CRITERIA, merges=["C2:D2", "A2:A3", "B2:B3", "E2:E3"], formats={"C8": "0.0%"})
    measured = outcome.observations[outcome.observations["kind"] == "measured"]
    assert measured[["criterion", "indicator", "part", "value"]].values.tolist() == [
        ["17", "17.8", "a", "90.3"],
        ["17", "17.8", "b", "84.8"],
        ["17", "17.9", "", "87.357631"],
        ["17", "17.10", "", "100"],
    ]
    declared = outcome.observations[outcome.observations["kind"] == "declared"]
    assert declared[["criterion", "indicator", "value"]].values.tolist() == [["17", "", "met"], ["17", "17.9", "met"]]
    assert set(outcome.observations["year"]) == {2023}


def test_works_take_the_unit_of_the_heading(read):
    rows = [
        ["DANH MỤC CÔNG TRÌNH NĂM 2024"],
        ["Đơn vị tính: triệu đồng"],
        ["TT", "Tên công trình", "Khối lượng (km)", "Kinh phí", "Địa điểm"],
    ]
    outcome = read([*rows, [1, "Đường Nà Khện", "0,51", 850.5, "Bường"], [2, "Cổng chào", "01 cổng", "1,5 tỷ", ""]])
    works = outcome.works[["item", "quantity", "unit", "cost", "place"]].values.tolist()
    assert works == [["Đường Nà Khện", "0.51", "km", "850.5", "Bường"], ["Cổng chào", "1", "cổng", "1500", ""]]


def test_a_sheet_no_layout_knows_is_said_to_be_unread(read):
    outcome = read([["Một", "Hai"], ["x", "y"]])
    assert [(r.code, r.text) for r in outcome.remarks] == [("unread-sheet", "Một | Hai")]
    findings = check(
        outcome, {}, pd.DataFrame(columns=["criterion", "indicator", "part", "kind", "name_vi", "unit", "applies_if"])
    )
    assert findings.set_index("code").loc["unread-sheet", ["severity", "sheet"]].tolist() == ["warning", "Biểu"]


def test_a_list_of_households_is_counted_and_no_name_leaves_intake(read):
    outcome = read(
        [
            ["STT", "Họ và tên chủ hộ", "Thôn", "Kết quả thực hiện"],
            [1, "Ma Văn Thử", "Đình", "x"],
            [2, "Hà Thị Nghiệm", "Bàu", "x"],
        ]
    )
    assert [(r.code, r.text) for r in outcome.remarks] == [("household-list", "2")]
    everything = " ".join(str(value) for value in vars(outcome).values())
    assert "Ma Văn" not in everything and "Nghiệm" not in everything


def test_every_layout_emits_raw_rows_with_known_columns():
    from ntm_lib.intake.schema import OBSERVED

    assert forms()
    for form in forms():
        for emit in form.emits:
            assert set(emit.cells) <= set(OBSERVED[emit.table].columns), form.name
            assert set(OBSERVED[emit.table].required) - {"year", "criterion", "indicator", "kind"} <= set(emit.cells), (
                form.name
            )


@pytest.mark.parametrize(("heading", "year"), [
    ("Kết quả thực hiện năm 2024", 2024), ("Kết quả thực hiện", 2024), ("Kết quả thực hiện đến 31/12 của năm trước", 2023),
    ("Thực hiện 6 tháng đầu năm 2024", None), ("Kết quả thực hiện quý III năm 2024", None), ("Kết quả đạt được cùng kỳ", None),
])  # fmt: skip
def test_a_part_of_a_year_or_the_year_before_is_not_taken_for_the_year(read, heading, year):
    """The report of 2024 shows last year's figures and those of six months beside its own."""
    outcome = read([["BÁO CÁO NĂM 2024"], ["TT", "Nội dung", heading], ["9.2", "Nhà ở kiên cố", "80%"]])
    assert outcome.observations["year"].tolist() == ([year] if year else [])
    told = [r.text for r in outcome.remarks if r.code == "part-year-column"]
    assert told == ([] if year else [f"«{heading}»"])


def test_a_hidden_sheet_is_not_read_and_somebody_is_told(folder):
    book = openpyxl.Workbook()
    book.active.title = "results"
    book.active.append(["id", "year", "criterion", "indicator", "value", "kind"])
    old = book.create_sheet("Số liệu cũ")
    old.append(["id", "year", "criterion", "indicator", "value", "kind"])
    old.append(["R1", "2023", "9", "9.2", "80%", "measured"])
    old.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    folder({"bieu.xlsx": out.getvalue()})
    cleaned = clean(read_commune("thu"))
    assert cleaned.observations.empty
    [finding] = (
        check(cleaned, {}, pd.DataFrame(columns=["criterion", "indicator", "part", "kind", "name_vi"]))
        .query("code == 'hidden-sheet'")
        .to_dict("records")
    )
    assert (finding["severity"], finding["file"], finding["sheet"]) == (
        "warning",
        "communes/thu/bieu.xlsx",
        "Số liệu cũ",
    )


@pytest.mark.parametrize(
    ("title", "refused"),
    [
        ("KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ NTM HUYỆN CHIÊM HÓA NĂM 2024", True),
        ("KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ NTM XÃ THỬ, HUYỆN CHIÊM HÓA NĂM 2024", False),
        ("KẾT QUẢ THỰC HIỆN BỘ TIÊU CHÍ NTM TỈNH TUYÊN QUANG NĂM 2024", False),
    ],
)
def test_a_table_of_the_district_is_none_of_the_commune(read, title, refused):
    rows = [[title], [], ["TT", "Nội dung tiêu chí", "ĐVT", "Kết quả"], ["11.1", "Tỷ lệ nghèo đa chiều", "%", "5,2"]]
    rejects = read(rows).rejects["code"].tolist()
    assert rejects == ["unreadable/other-commune"] * refused


def test_the_message_of_an_empty_cell_shows_no_other_cell(read):
    rows = [["KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ NTM NĂM 2024"], [], ["TT", "Nội dung tiêu chí", "ĐVT", "Kết quả"]]
    outcome = read([*rows, ["11.1", "Tỷ lệ nghèo đa chiều", "%", "=172/1413"]])
    assert outcome.rejects[["code", "text"]].values.tolist() == [["unreadable/formula", ""]]
    with pytest.raises(NtmError, match="ô trống"):
        stop_on_rejects(outcome)


def test_a_raised_digit_is_no_digit_of_the_number(read):
    raised = TextBlock(InlineFont(vertAlign="superscript"), "1")
    rows = [["KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ NTM NĂM 2024"], [], ["TT", "Nội dung tiêu chí", "ĐVT", "Kết quả"]]
    rows += [["11.1", "Tỷ lệ nghèo đa chiều", "%", CellRichText("5,2", raised)]]
    assert read(rows).rejects[["code", "text"]].values.tolist() == [["unreadable/torn-number", "5,2¹"]]
