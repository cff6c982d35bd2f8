"""Layouts of forms as offices use them: each figure is read as what it is, or somebody is told."""

import datetime

import pytest

from ntm_lib import paths, rules
from tests.intake.form_books import RAW, TITLE, make_root, read_book, refused, results, told


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """``read(rows, …)``: what intake makes of a workbook with these rows; one checkout for the whole module."""
    root = tmp_path_factory.mktemp("forms")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_ROOT", str(root))
        folder = make_root(root)
        yield lambda rows, **book: read_book(folder, rows, **book)


HEADING = ["TT", "Nội dung", "Đơn vị", "Yêu cầu", "Kết quả thực hiện", "Tự đánh giá", "Ghi chú"]
POVERTY = ["11.1", "Tỷ lệ nghèo đa chiều", "%", "≤ 13", 9.5, "Đạt", ""]
WORKS = [["DANH MỤC CÔNG TRÌNH NĂM 2024"], ["TT", "Tên công trình", "Khối lượng", "Tổng mức đầu tư", "Nợ đọng"]]


def works(outcome):
    return [[r.item, r.quantity, r.unit, r.cost, r.debt] for r in outcome.works.itertuples()]


# --- units ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "heading", "cost", "debt"), [
    ("Đơn vị tính: tỷ đồng", "Tổng mức đầu tư", "1500", "200"),
    ("(ĐVT: Tỷ đồng)", "Kinh phí", "1500", "200"),
    ("Đơn vị tính: 1.000 đồng", "Dự toán", "0.0015", "0.0002"),
    ("Đơn vị tính: km; tỷ đồng", "Kinh phí", "1500", "200"),
    ("Đơn vị: UBND xã Hùng Mỹ", "Kinh phí", "1.5", "0.2"),
])  # fmt: skip
def test_the_unit_of_money_governs_every_column_of_money(read, line, heading, cost, debt):
    outcome = read(
        [
            WORKS[0],
            ["", "", "", line],
            ["TT", "Tên công trình", "Khối lượng", heading, "Nợ đọng"],
            [1, "Đường Nà Mý", "0,51 km", 1.5, 0.2],
        ]
    )
    assert works(outcome) == [["Đường Nà Mý", "0.51", "km", cost, debt]]
    assert told(outcome, "two-units") == []


@pytest.mark.parametrize("heading", ["(tỷ đồng)", ", tỷ đồng", "(ĐVT: tỷ đồng)", "(nghìn đồng)", "(triệu đồng)", ""])
def test_an_amount_without_unit_beside_another_unit_is_refused_and_one_without_any_is_told(read, heading):
    rows = [WORKS[0], ["TT", "Tên công trình", "Khối lượng", f"Tổng mức đầu tư {heading}", "Nợ đọng"]]
    outcome = read([*rows, [1, "Đường Nà Mý", "0,51 km", 1.5, 0.2], [2, "Cầu", "1 cầu", 2, "300 triệu đồng"]])
    if heading in ("", "(triệu đồng)"):
        assert [work[3:] for work in works(outcome)] == [["1.5", "0.2"], ["2", "300"]]
        columns = (["«Tổng mức đầu tư», «Nợ đọng»"], ["«Nợ đọng»"])
        assert told(outcome, "money-assumed") == columns[bool(heading)]
    else:
        assert refused(outcome) == [("3", "Nợ đọng", "0,2")]
        assert [work[4] for work in works(outcome)] == ["300"]


@pytest.mark.parametrize(
    ("title", "read_as_ours"),
    [
        ("UBND XÃ VINH QUANG", False), ("KẾT QUẢ CỦA XÃ VINH QUANG NĂM 2024", False), ("UBND PHƯỜNG MINH XUÂN", False), ("KẾT QUẢ CỦA HUYỆN CHIÊM HÓA", False),
        ("KẾT QUẢ XÃ THỬ, XÃ VINH QUANG NĂM 2024", False), ("SO SÁNH XÃ VINH QUANG VÀ XÃ THỬ", False), ("BIỂU TỔNG HỢP HUYỆN CHIÊM HÓA", False),
        ("UBND XÃ THỬ", True), ("KẾT QUẢ XÃ THỬ, TỪ XÃ VINH QUANG", True), ("BỘ TIÊU CHÍ XÃ NTM TRÊN ĐỊA BÀN TỈNH", True), ("UBND HUYỆN CHIÊM HÓA", True),
        ("KINH TẾ - XÃ HỘI", True), ("Xã An toàn khu", True), ("XÃ ĐẠT CHUẨN NĂM 2024", True),
    ],
)  # fmt: skip
def test_the_figures_of_another_commune_are_refused_by_name(read, title, read_as_ours):
    registry = paths.communes_folder() / "registry.csv"
    registry.symlink_to(RAW / "communes" / "registry.csv")
    outcome = read([[title], [TITLE], HEADING, POVERTY])
    registry.unlink()
    assert bool(len(outcome.observations)) == read_as_ours
    assert {r.code for r in outcome.rejects.itertuples()} == (set() if read_as_ours else {"unreadable/other-commune"})


@pytest.mark.parametrize(
    "below",
    [
        [["", "", "", "", "Hùng Mỹ, ngày 5 tháng 1 năm 2025"], ["NGƯỜI LẬP BIỂU", "", "", "", "CHỦ TỊCH"], ["(Ký, ghi rõ họ tên)", "", "", "", "(Ký, đóng dấu)"], ["Nguyễn Văn A", "", "", "", "Trần Văn B"]],
        [["", "", "", "", "TM. ỦY BAN NHÂN DÂN"], ["", "", "", "", "CHỦ TỊCH"], ["", "", "", "", "Trần Văn B"]],
        [[], ["Người lập biểu", "", "", "", "Thủ trưởng đơn vị"], ["", "", "", "", "Ký tên"]],
    ],
)  # fmt: skip
def test_those_who_sign_are_no_rows_of_the_table_and_no_list_of_persons(read, below):
    outcome = read([[TITLE], HEADING, POVERTY, *below])
    assert (results(outcome), refused(outcome)) == ([(2024, "11.1", "9.5")], [])
    assert told(outcome, "household-list") == []


@pytest.mark.parametrize(
    ("title", "heading", "read_as"),
    [
        (TITLE, ("2023", "2024"), [("results", 2023), ("results", 2024)]),
        ("KẾT QUẢ NĂM 2023, 2024", ("Năm 2023", "Năm 2024"), [("results", 2023), ("results", 2024)]),
        ("KẾ HOẠCH THỰC HIỆN NĂM 2025, 2026", ("2025", "2026"), [("plan", 2025), ("plan", 2026)]),
        (TITLE, ("Năm 2024", "Năm 2025"), [("results", 2024)]),
        ("BIỂU TỔNG HỢP", ("2023", "2024"), []),
    ],
)  # fmt: skip
def test_columns_under_nothing_but_a_year_are_what_the_title_says(read, title, heading, read_as):
    outcome = read([[title], ["TT", "Nội dung", "Đơn vị", *heading], ["11.1", "Tỷ lệ nghèo đa chiều", "%", 12, 9.5]])
    assert [(r.table, r.year) for r in outcome.observations.itertuples()] == read_as
    assert bool(told(outcome, "unread-column")) == (len(read_as) < 2)


@pytest.mark.parametrize("line", ["(%)", "%", "(hộ)"])
def test_a_unit_on_a_line_of_its_own_under_the_heading_is_heading(read, line):
    outcome = read(
        [[TITLE], ["TT", "Nội dung", "Kết quả thực hiện"], ["", "", line], ["11.1", "Tỷ lệ nghèo đa chiều", 9.5]]
    )
    assert refused(outcome) == []


def test_units_that_contradict_one_another_are_told(read):
    rows = [
        WORKS[0],
        ["Đơn vị tính: tỷ đồng"],
        ["TT", "Tên công trình", "Khối lượng", "Kinh phí (triệu đồng)"],
        [1, "Đường", "1 km", 850],
    ]
    outcome = read(rows)
    assert works(outcome)[0][3] == "850"
    assert told(outcome, "two-units") == ["Kinh phí (triệu đồng): triệu đồng / tỷ đồng"]
    heading = ["TT", "Nội dung", "Đơn vị", "Kết quả thực hiện (%)"]
    outcome = read([[TITLE], heading, ["10.1", "Thu nhập", "triệu đồng/người", 47.5], ["11.1", "Nghèo", "%", 9.5]])
    assert refused(outcome) == [("3", "Kết quả thực hiện (%)", "47,5")]
    assert results(outcome) == [(2024, "11.1", "9.5")]


def test_a_unit_merged_over_several_rows_is_each_rows(read):
    rows = [
        ["CHỈ TIÊU NĂM 2024"],
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", "Thực hiện"],
        [1, "Giá trị sản xuất", "Tỷ.đ", 381.8, 403.98],
        ["", "- Nông nghiệp", "", 240, 233.98],
    ]
    outcome = read(rows, merges=["C3:C4"])
    assert outcome.observations[["value", "unit"]].values.tolist() == [
        ["403980", "triệu đồng"],
        ["233980", "triệu đồng"],
    ]


def test_of_several_sums_of_money_the_total_is_read_and_the_rest_named(read):
    rows = [
        WORKS[0],
        ["TT", "Tên công trình", "Khối lượng", "Kinh phí (tỷ đồng)", "", ""],
        ["", "", "", "NTM", "Dân góp", "Tổng số"],
        [1, "Đường", "1 km", 1, 0.5, 1.5],
    ]
    outcome = read(rows, merges=["D2:F2"])
    assert works(outcome)[0][3] == "1500"
    assert told(outcome, "doubled-column") == ["«Kinh phí (tỷ đồng) – NTM», «Kinh phí (tỷ đồng) – Dân góp»"]
    rows[2][5] = "Tỉnh"
    outcome = read(rows, merges=["D2:F2"])
    assert works(outcome)[0][3] == ""
    assert "Tỉnh" in told(outcome, "doubled-column")[0]


def test_a_part_of_one_stored_as_a_number_under_percent_is_asked_about(read):
    rows = [
        [TITLE],
        HEADING,
        [*POVERTY[:4], 0.095, ""],
        ["4.2", "Điện", "%", "", 0.96, ""],
        ["9.2", "Nhà ở", "%", "", "0,9", ""],
    ]
    assert results(read(rows, formats={"E4": "0.0%"})) == [
        (2024, "11.1", ""),
        (2024, "4.2", "96"),
        (2024, "9.2", "0.9"),
    ]


# --- years ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("above", "year"), [
    ([["XÃ HÙNG MỸ", "", "", "Hùng Mỹ, ngày 15 tháng 01 năm 2025"], [TITLE]], 2024),
    ([["Số: 12/BC-UBND", "Hùng Mỹ, ngày 03/01/2025"], ["Biểu số 01. KẾT QUẢ NĂM 2024"]], 2024),
    ([[TITLE], ["(Kèm theo Quyết định số 318/QĐ-TTg năm 2022 của Thủ tướng Chính phủ)"]], 2024),
    ([["BỘ TIÊU CHÍ GIAI ĐOẠN 2021-2025"], ["Kết quả thực hiện Quyết định 318/QĐ-TTg ngày 08/3/2022 đến năm 2024"]], 2024),
    ([["KẾT QUẢ NĂM 2024 VÀ KẾ HOẠCH NĂM 2025"]], 2024),
    ([["BÁO CÁO"], ["(Số liệu đến ngày 31/12/2024)"]], 2024),
    ([["Quyết định của Thủ tướng năm 2022"]], None),
    ([["KẾT QUẢ"], ["Ngày 15 tháng 01 năm 2025"]], None),
    ([["KẾT QUẢ NĂM 2023"], ["BÁO CÁO NĂM 2024"]], None),
])  # fmt: skip
def test_the_year_is_the_titles_not_the_letters_nor_a_decrees(read, above, year):
    outcome = read([*above, HEADING, POVERTY])
    if year:
        assert results(outcome) == [(year, "11.1", "9.5")]
    else:
        assert results(outcome) == [] and [place[1] for place in refused(outcome)] == [
            "Kết quả thực hiện",
            "Tự đánh giá",
        ]
    assert told(outcome, "two-years") == (["2023, 2024"] if "KẾT QUẢ NĂM 2023" in above[0] else [])


@pytest.mark.parametrize(("heading", "merges"), [
    ([["TT", "Nội dung", "Đơn vị", "Kết quả thực hiện năm 2023", "Kết quả thực hiện năm 2024"]], ()),
    ([["TT", "Nội dung", "Đơn vị", "Kết quả thực hiện", ""], ["", "", "", "Năm 2023", "Năm 2024"]], ["D2:E2", "A2:A3", "B2:B3", "C2:C3"]),
    ([["TT", "Nội dung", "Đơn vị", "Kết quả thực hiện", ""], ["", "", "", 2023, 2024]], ()),
    ([["", "", "", "Năm 2023", "Năm 2024"], ["TT", "Nội dung", "Đơn vị", "Thực hiện", "Thực hiện"]], ()),
])  # fmt: skip
def test_two_years_side_by_side_are_each_read_as_their_own(read, heading, merges):
    outcome = read(
        [["KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ"], *heading, ["11.1", "Tỷ lệ nghèo đa chiều", "%", 12.17, 9.5]], merges=merges
    )
    assert results(outcome) == [(2023, "11.1", "12.17"), (2024, "11.1", "9.5")]


def test_last_year_plan_estimate_and_months_beside_the_result(read):
    heading = [
        "TT", "Nội dung", "Đơn vị", "Năm trước: thực hiện", "Kế hoạch năm 2025", "Thực hiện 9 tháng",
        "Ước thực hiện cả năm", "So sánh với năm 2023",
    ]  # fmt: skip
    outcome = read([[TITLE], heading, ["11.1", "Tỷ lệ nghèo đa chiều", "%", 12, 8, 10, 9.5, 79]])
    assert told(outcome, "part-year-column") == ["«Thực hiện 9 tháng»"]
    assert told(outcome, "derived-column") == ["«So sánh với năm 2023»"]
    plan = outcome.observations.query("table == 'plan'")
    assert plan[["year", "kind", "indicator", "value"]].values.tolist() == [[2025, "target", "11.1", "8"]]
    estimate = outcome.observations.query("text == 'ước 9,5 %'")
    assert estimate[["year", "value"]].values.tolist() == [[2024, ""]]


# --- several columns of one role -----------------------------------------------------------------


def test_count_and_share_are_one_figure(read):
    heading = [
        ["TT", "Nội dung", "Đơn vị", "Kết quả thực hiện", "", "Tự đánh giá"],
        ["", "", "", "Số lượng", "Tỷ lệ (%)", ""],
    ]
    rows = [
        ["6.3", "Tỷ lệ thôn có nhà văn hóa", "%", 12, 100, "Đạt"],
        ["9.2", "Nhà ở kiên cố", "%", 80, 98.5, "Đạt"],
        ["2.1", "Đường xã", "%", "", "95", ""],
    ]
    outcome = read([[TITLE], *heading, *rows], merges=["D2:E2"])
    measured = outcome.observations.query("kind == 'measured'")
    assert measured[["indicator", "value", "unit", "numerator"]].values.tolist() == [
        ["6.3", "100", "%", "12"],
        ["9.2", "98.5", "%", "80"],
        ["2.1", "95", "%", ""],
    ]


def test_whole_count_and_share_are_one_fraction(read):
    heading = [["TT", "Nội dung", "Kết quả thực hiện", "", ""], ["", "", "Tổng số hộ", "Số hộ đạt", "Tỷ lệ (%)"]]
    outcome = read(
        [[TITLE], *heading, ["9.2", "Nhà ở", 1413, 1276, 90.3], ["11.1", "Nghèo", 1413, 172, ""]], merges=["C2:E2"]
    )
    assert outcome.observations[["indicator", "value", "numerator", "denominator"]].values.tolist() == [
        ["9.2", "90.3", "1276", "1413"], ["11.1", "12.172682", "172", "1413"],
    ]  # fmt: skip


def test_a_result_beside_a_share_of_its_own_column_is_its_count_or_the_same_share(read):
    rows = [
        ["9.2", "Nhà ở", "hộ", 1276, 90.3],
        ["6.3", "Nhà văn hóa", "", 12, 100],
        ["11.1", "Nghèo", "%", 9.5, 9.5],
        ["4.2", "Điện", "%", 80, 98.5],
        ["10.1", "Thu nhập", "triệu đồng/người", 47.5, 105],
    ]
    outcome = read([[TITLE], ["TT", "Nội dung", "ĐVT", "Kết quả thực hiện", "Tỷ lệ (%)"], *rows])
    assert results(outcome) == [
        (2024, "9.2", "90.3"),
        (2024, "6.3", "100"),
        (2024, "11.1", "9.5"),
        (2024, "10.1", "47.5"),
    ]
    assert refused(outcome) == [("6", "Kết quả thực hiện", "80")]
    assert outcome.observations["note"].tolist()[-1] == "Tỷ lệ (%): 105 %"


@pytest.mark.parametrize(("heading", "merges"), [
    ([["TT", "Nội dung", "Kết quả thực hiện", "Tự đánh giá", ""], ["", "", "", "Đạt", "Chưa đạt"]], ["D2:E2"]),
    ([["TT", "Nội dung", "Kết quả thực hiện", "Đạt", "Chưa đạt"]], ()),
    ([["TT", "Nội dung", "Kết quả thực hiện", "Đánh giá", ""], ["", "", "", "Đạt (x)", "Không đạt (x)"]], ()),
])  # fmt: skip
def test_a_cross_under_chua_dat_is_an_answer_and_two_are_told(read, heading, merges):
    rows = [
        ["17.9", "Chăn nuôi", "", "", "x"],
        ["4.2", "Điện", "96%", "X", ""],
        ["11.1", "Nghèo", "9,5%", "x", "x"],
        ["9.2", "Nhà ở", "80%", "nhiều", ""],
    ]
    outcome = read([[TITLE], *heading, *rows], merges=merges)
    assert results(outcome, "declared") == [(2024, "17.9", "unmet"), (2024, "4.2", "met")]
    assert [row for row, *_ in refused(outcome)] == [str(len(heading) + 4), str(len(heading) + 5)]


def test_the_appraisal_of_the_district_is_no_result_and_its_differences_are_told(read):
    heading = [
        "TT", "Nội dung tiêu chí", "Đơn vị tính", "Tiêu chuẩn đạt chuẩn", "Kết quả tự đánh giá của xã",
        "Kết quả thẩm định của huyện", "Ghi chú",
    ]  # fmt: skip
    outcome = read(
        [
            [TITLE],
            heading,
            ["11.1", "Tỷ lệ nghèo đa chiều", "%", "≤ 13", 12.17, 13.9, ""],
            ["4.2", "Điện", "%", "", 96, 96, ""],
        ]
    )
    assert results(outcome) == [(2024, "11.1", "12.17"), (2024, "4.2", "96")]
    assert told(outcome, "appraisal-column") == ["«Kết quả thẩm định của huyện»"]
    assert [r.row for r in outcome.remarks if r.code == "appraisal-differs"] == [3]


def test_two_columns_of_one_year_that_differ_are_refused(read):
    outcome = read(
        [
            [TITLE],
            ["TT", "Nội dung", "Kết quả thực hiện", "Kết quả đạt được"],
            ["11.1", "Nghèo", "9,5%", "9,8%"],
            ["4.2", "Điện", "96%", "96%"],
        ]
    )
    assert results(outcome) == [(2024, "4.2", "96")]
    assert refused(outcome) == [("3", "Kết quả thực hiện", "9,5%")]


# --- the layout of the decisions' annexes --------------------------------------------------------

ANNEX = [
    [TITLE],
    [
        "TT", "Tên tiêu chí", "Nội dung tiêu chí", "Tiêu chuẩn đạt chuẩn", "Kết quả thực hiện",
        "Kết quả tự đánh giá của xã",
    ],
    ["2", "Giao thông", "2.1. Tỷ lệ đường xã được nhựa hóa", "100%", "6/6 km (100%)", "Đạt"],
    ["", "", "2.2. Tỷ lệ đường thôn", "≥80%", "5/10 km (50%)", "Chưa đạt"],
    ["17", "Môi trường", "17.1. Tỷ lệ hộ được sử dụng nước sạch", "≥30%", "35%", "Đạt"],
    ["", "", "17.7. Tỷ lệ bao gói thuốc BVTV", "100%", "60%", "Chưa đạt"],
    ["", "", "Tỷ lệ cơ sở chăn nuôi bảo đảm vệ sinh thú y", "≥75%", "80%", "Đạt"],
    ["11", "Nghèo đa chiều", "Tỷ lệ nghèo đa chiều giai đoạn 2021-2025", "≤13%", "9,5%", "Đạt"],
    ["", "", "Một điều không ai biết", "", "70%", "Đạt"],
]  # fmt: skip


@pytest.mark.parametrize("merges", [(), ["A3:A4", "B3:B4", "A5:A7", "B5:B7", "A8:A9", "B8:B9"]])
def test_the_annex_gives_each_row_its_indicator_and_its_own_answer(read, merges):
    outcome = read(ANNEX, merges=merges)
    assert results(outcome) == [
        (2024, "2.1", "100"), (2024, "2.2", "50"), (2024, "17.1", "35"), (2024, "17.7", "60"), (2024, "17.9", "80"), (2024, "11.1", "9.5"),
    ]  # fmt: skip
    assert results(outcome, "declared") == [
        (2024, "2.1", "met"), (2024, "2.2", "unmet"), (2024, "17.1", "met"), (2024, "17.7", "unmet"), (2024, "17.9", "met"), (2024, "11.1", "met"),
    ]  # fmt: skip
    assert refused(outcome) == [("9", "Nội dung tiêu chí", "Một điều không ai biết")]


def test_an_answer_merged_over_a_criterion_is_the_criterions_and_over_other_rows_nobodys(read):
    rows = [*ANNEX[:2], *([*row[:5], row[5] if row[0] else ""] for row in ANNEX[2:6])]
    outcome = read(rows, merges=["A3:A4", "F3:F4", "A5:A6"])
    assert results(outcome, "declared") == [(2024, "2", "met"), (2024, "17.1", "met")]
    outcome = read(rows, merges=["A3:A4", "A5:A6", "E4:E5"])
    assert ("4", "Kết quả thực hiện", "5/10 km (50%)") in refused(outcome)


def test_parts_splits_sexes_and_groups(read):
    rows = [
        ["I", "HẠ TẦNG"], ["1", "Quy hoạch", "", "", "Đạt", "Đạt"], ["II", "KINH TẾ"], ["10", "Thu nhập"], ["10.1", "Thu nhập bình quân", "Triệu đồng/người", "≥ 45", "47,5", "Đạt"],
        ["", "- trong đó: nông nghiệp", "Triệu đồng/người", "", 20], ["17.8", "Nhà tiêu, nhà tắm"], ["a", "Nhà tiêu hợp vệ sinh", "%", "", 90],
        ["", "b) Nhà tắm hợp vệ sinh", "%", "", 80], ["", "- Tỷ lệ hộ đảm bảo 3 sạch", "%", "", 70], ["12.1", "Lao động qua đào tạo", "%", "", 60], ["", "- Nữ", "%", "", 59],
    ]  # fmt: skip
    outcome = read([[TITLE], HEADING, *rows])
    assert results(outcome) == [
        (2024, "1", "met"), (2024, "10.1", "47.5"), (2024, "17.8a", "90"), (2024, "17.8b", "80"), (2024, "17.8d", "70"), (2024, "12.1", "60"), (2024, "12.1", "59"),
    ]  # fmt: skip
    assert outcome.observations.query("kind == 'split'")[["indicator", "item", "value"]].values.tolist() == [
        ["10.1", "nông nghiệp", "20"]
    ]
    assert outcome.observations.query("value == '59'")["item"].tolist() == ["nữ"]


def test_codes_and_results_that_a_spreadsheet_made_days_of_are_refused_by_name(read):
    rows = [
        ["17", "Môi trường"], [datetime.date(2024, 1, 17), "Nước sạch", "%", "", 45, "Đạt"], ["", "- trong đó: tập trung", "%", "", 20],
        ["11", "Nghèo đa chiều"], ["11.1", "Tỷ lệ nghèo đa chiều", "%", "", datetime.date(2024, 5, 12), "Đạt"],
        [17.1, "điều gì", "%", "", 80, ""], [2.1, "Đường xã", "%", "", 100, ""],
    ]  # fmt: skip
    outcome = read([[TITLE], HEADING, *rows])
    assert results(outcome) == [(2024, "2.1", "100")]
    assert refused(outcome) == [
        ("4", "TT", "17/01/2024"), ("5", "Nội dung", "- trong đó: tập trung"), ("7", "Kết quả thực hiện", "12/05/2024"), ("8", "TT", "17,1"),
    ]  # fmt: skip


def test_a_number_in_the_content_names_the_indicator_unless_the_column_tt_names_another(read):
    rows = [
        [1, "17.1. Nước sạch", "%", "", 45],
        ["17.9", "17.7. Bao gói thuốc", "%", "", 60],
        [2, "5.1 km đường bê tông", "%", "", 70],
    ]
    outcome = read([[TITLE], HEADING, *rows])
    assert results(outcome) == [(2024, "17.1", "45")]
    assert [place[:2] for place in refused(outcome)] == [("4", "TT"), ("5", "Nội dung")]


def test_a_list_numbered_by_row_is_not_taken_for_criteria(read):
    outcome = read(
        [
            [TITLE],
            HEADING,
            [1, "Tỷ lệ nghèo đa chiều giai đoạn 2021-2025", "%", "", 9.5, ""],
            ["", "Tỷ lệ nghèo đa chiều giai đoạn 2021-2025", "%", "", 9.5, ""],
        ]
    )
    assert refused(outcome) == [("3", "TT", "1")]
    assert results(outcome) == [(2024, "11.1", "9.5")]


def test_a_text_without_a_value_is_refused_by_the_heading_of_the_form(read):
    outcome = read([[TITLE], HEADING, ["11.1", "Nghèo", "%", "", "đang rà soát", "Đạt"]])
    assert refused(outcome) == [("3", "Kết quả thực hiện", "đang rà soát")]
    assert results(outcome, "declared") == [(2024, "11.1", "met")]


# --- sheets and tables ---------------------------------------------------------------------------


@pytest.mark.parametrize(("sheet", "title", "village"), [
    ("Thôn Nà Mý", TITLE, "Nà Mý"), ("Biểu", "KẾT QUẢ CÁC TIÊU CHÍ CỦA THÔN NÀ MÝ NĂM 2024", "NÀ MÝ"), ("Thôn Nà Mý", "KẾT QUẢ CÁC TIÊU CHÍ THÔN NÀ MÝ NĂM 2024", "Nà Mý"),
    ("Biểu", "KẾT QUẢ CÁC TIÊU CHÍ CỦA CÁC THÔN, BẢN NĂM 2024", ""), ("Biểu", "TIÊU CHÍ NÔNG THÔN MỚI, THÔN ĐẠT CHUẨN NĂM 2024", ""),
])  # fmt: skip
def test_the_sheet_of_a_village_is_no_result_of_the_commune(read, sheet, title, village):
    outcome = read([[title], HEADING, POVERTY], sheet=sheet)
    assert outcome.observations["village"].tolist() == [village] * 2
    assert told(outcome, "village-sheet") == ([village] if village else [])


def test_a_sheet_and_a_title_of_two_villages_are_told(read):
    outcome = read([["KẾT QUẢ CÁC TIÊU CHÍ CỦA THÔN BƯỜNG NĂM 2024"], HEADING, POVERTY], sheet="Thôn Nà Mý")
    assert results(outcome) == [] and len(refused(outcome)) == 2


def test_an_advanced_form_is_numbered_by_the_advanced_set(read):
    outcome = read(
        [["KẾT QUẢ TIÊU CHÍ XÃ NÔNG THÔN MỚI NÂNG CAO NĂM 2024"], HEADING, ["17.1", "Nước sạch", "%", "", 50, ""]]
    )
    assert outcome.observations["rule_set"].tolist() == ["ntm-nang-cao-2021-2025"]


def test_every_table_of_a_sheet_is_read_or_named(read):
    lower = [
        [],
        ["Người lập"],
        [],
        ["DANH MỤC CÔNG TRÌNH NĂM 2025"],
        ["TT", "Tên công trình", "Khối lượng", "Kinh phí (tỷ đồng)"],
        [1, "Đường", "2 km", 1.5],
    ]
    unknown = [[], ["TÌNH HÌNH CÁC THÔN"], ["Thôn", "Số hộ", "Số khẩu"], ["Nà Mý", 25, 100]]
    outcome = read([[TITLE], HEADING, POVERTY, *unknown, *lower, *unknown])
    assert results(outcome) == [(2024, "11.1", "9.5")]
    assert [(r.year, r.cost) for r in outcome.works.itertuples()] == [(2025, "1500")]
    assert told(outcome, "unread-table") == ["Thôn | Số hộ | Số khẩu"]
    assert outcome.observations["table"].tolist() == ["results", "results", "works"]


def test_columns_of_no_layout_are_named(read):
    outcome = read([[TITLE], [*HEADING, "Nguồn số liệu"], [*POVERTY, "Trạm y tế", 77]])
    assert told(outcome, "unread-column") == ["«Nguồn số liệu», I"]


def test_a_sheet_of_no_layout_says_which_column_is_missing(read):
    [text] = told(
        read([[TITLE], ["TT", "Nội dung", "Số đo", "Ghi chú"], ["11.1", "Nghèo", "9,5%", ""]]), "unread-sheet"
    )
    assert (
        text
        == "TT | Nội dung | Số đo | Ghi chú (gần với mẫu «kết quả thực hiện các tiêu chí» nhưng không thấy cột «Kết quả thực hiện»)"
    )


def test_a_row_about_women_who_head_households_makes_no_list_of_persons(read):
    outcome = read(
        [
            [TITLE],
            HEADING,
            POVERTY,
            ["", "- Chủ hộ là nữ", "hộ", "", "12", ""],
            ["", "Hộ nghèo có chủ hộ là nữ", "hộ", "", 12, ""],
        ]
    )
    assert told(outcome, "household-list") == []
    assert results(outcome) == [(2024, "11.1", "9.5")]


@pytest.mark.parametrize(
    "title", ["ƯỚC KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ NĂM 2024", "KẾT QUẢ SƠ BỘ THỰC HIỆN TIÊU CHÍ NĂM 2024"]
)
def test_figures_under_a_title_that_calls_them_estimates_are_estimates(read, title):
    outcome = read([[title], HEADING[:5], POVERTY[:5]])
    assert [(r.text, r.value) for r in outcome.observations.itertuples()] == [("ước 9,5 %", "")]


@pytest.mark.parametrize("unit", ["1000 đồng", "1.000 đồng/người/năm", "1.000đ", "nghìn đồng"])
def test_a_unit_column_in_thousands_of_dong_is_read(read, unit):
    outcome = read([[TITLE], HEADING[:5], ["10.1", "Thu nhập bình quân", unit, "", 46000]])
    assert results(outcome) == [(2024, "10.1", "46")]


# --- years of a period, lists of persons beside a form -------------------------------------------

YEARS = ["11.1", "Tỷ lệ nghèo đa chiều", "%", 15, 13, 11, 9.5]
OVER = ["TT", "Nội dung tiêu chí", "ĐVT"]


@pytest.mark.parametrize(("title", "plans"), [
    ("KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ GIAI ĐOẠN 2021-2025", False), ("HIỆN TRẠNG CÁC TIÊU CHÍ GIAI ĐOẠN 2021 - 2024", False),
    ("MỤC TIÊU CÁC TIÊU CHÍ GIAI ĐOẠN 2021–2025", True), ("CÁC TIÊU CHÍ GIAI ĐOẠN 2021-2025", None),
])  # fmt: skip
@pytest.mark.parametrize("two_rows", [False, True])
def test_bare_years_under_a_period_are_of_results_or_plans_as_the_title_says(read, title, plans, two_rows):
    years = [2021, "2022", "Năm 2023", 2024]
    head = [[*OVER, "GIAI ĐOẠN 2021-2024", "", "", ""], ["", "", "", *years]] if two_rows else [[*OVER, *years]]
    outcome = read([[title], *head, YEARS], merges=["D2:G2"] if two_rows else ())
    found = outcome.observations[["table", "year", "value"]].values.tolist()
    wanted = [
        ["plan" if plans else "results", year, value]
        for year, value in zip(range(2021, 2025), ("15", "13", "11", "9.5"), strict=True)
    ]
    assert found == ([] if plans is None else wanted)
    assert bool(told(outcome, "unread-column")) == (plans is None)


@pytest.mark.parametrize(
    ("over", "table"),
    [("Kế hoạch giai đoạn 2021-2024", "plan"), ("Kết quả thực hiện", "results"), ("Kế hoạch thực hiện", "plan")],
)
def test_years_under_a_heading_are_what_it_says_whatever_the_title(read, over, table):
    rows = [["KẾT QUẢ THỰC HIỆN VÀ KẾ HOẠCH"], [*OVER, over], ["", "", "", 2021, 2022, 2023, 2024], YEARS]
    outcome = read(rows, merges=["D2:G2"])
    assert outcome.observations[["table", "year"]].values.tolist() == [[table, year] for year in range(2021, 2025)]


PERSONS = [
    ["DANH SÁCH CÁN BỘ ĐẦU MỐI"],
    ["STT", "Họ và tên", "Chức vụ", "Số điện thoại"],
    [1, "Nguyễn Văn A", "Chủ tịch", "0912 345 678"],
]
TABLE = [[TITLE], HEADING, POVERTY]


@pytest.mark.parametrize(("rows", "count"), [
    ([*TABLE, [], *PERSONS], "1"), ([*PERSONS, [], *TABLE], "1"), ([*TABLE, [], *PERSONS, [], TITLE.split("\n"), HEADING, ["17.8a", "Tỷ lệ hộ có nhà tiêu", "%", "", 90, "", ""]], "1"),
    ([["Người lập biểu:", "Nguyễn Văn A", "Số điện thoại:", "0912 345 678"], *TABLE], ""),
    ([*PERSONS, [2, "Trần Thị B", "Kế toán", "0912 345 679"]], "3"),
])  # fmt: skip
def test_a_list_of_persons_beside_a_form_is_counted_and_the_form_read(read, rows, count):
    outcome = read(rows)
    assert ((2024, "11.1", "9.5") in results(outcome)) == (rows[-1] != [2, "Trần Thị B", "Kế toán", "0912 345 679"])
    assert told(outcome, "household-list") == ([count] if count else [])
    assert not any("Văn A" in r.text for r in outcome.remarks if r.code != "note-row")


# --- what a row is ------------------------------------------------------------------------------


def test_the_name_of_a_criterion_is_no_indicator_that_shares_a_word(read):
    """«Quy hoạch», «Giao thông» stand in the names of indicators of other criteria too."""
    meta = rules.load_set("ntm-2021-2025").meta["criteria"]
    rows = [["", entry["name"]["vi"], "", "", "Đạt", "", ""] for entry in meta]
    outcome = read([[TITLE], HEADING, *rows])
    assert [(r.criterion, r.indicator) for r in outcome.observations.itertuples()] == [(e["id"], "") for e in meta]


@pytest.mark.parametrize(("row", "read_as"), [
    (["01", "Quy hoạch", "", "", "Đạt", "", ""], ("1", "met")), (["TC 11.1", "Tỷ lệ nghèo đa chiều", "%", "", 9.5, "", ""], ("11.1", "9.5")),
    (["", "Số tiêu chí đạt chuẩn", "tiêu chí", "", "17/19", "", ""], None), (["", "Số lượng tiêu chí chưa đạt", "", "", 2, "", ""], None),
])  # fmt: skip
def test_codes_with_a_nought_and_rows_that_count_the_criteria(read, row, read_as):
    outcome = read([[TITLE], HEADING, POVERTY, row])
    own = [((r.indicator or r.criterion), r.value) for r in outcome.observations.itertuples() if r.row == "4"]
    assert own == ([read_as] if read_as else [])
    assert bool(told(outcome, "total-row")) == (read_as is None)


@pytest.mark.parametrize(("note", "is_told"), [
    ("Ghi chú: số liệu tính đến 30/9/2024", True), ("Số liệu trên là ước thực hiện năm 2024", True), ("Các số trong bảng là tạm tính", True),
    ("Ghi chú: số liệu đến 31/12/2024", False), ("Nguồn: báo cáo của xã", False),
])  # fmt: skip
def test_a_note_below_that_says_the_figures_are_not_of_the_whole_year_is_told(read, note, is_told):
    assert bool(told(read([[TITLE], HEADING, POVERTY, [note]]), "note-period")) == is_told


@pytest.mark.parametrize(
    "heading",
    ["KQ thực hiện", "KQTH", "Thực trạng", "Thực tế", "Số liệu năm 2024", "Mức đạt được", "Năm 2024 (thực hiện)"],
)
def test_headings_of_results_as_offices_shorten_them(read, heading):
    outcome = read([[TITLE], ["TT", "Nội dung tiêu chí", "ĐVT", heading], ["11.1", "Tỷ lệ nghèo đa chiều", "%", 9.5]])
    assert results(outcome) == [(2024, "11.1", "9.5")]


# --- works --------------------------------------------------------------------------------------

WORK_HEADS = ["TT", "Tên công trình", "Khối lượng", "TMĐT (trđ)", "Hoàn thành"]


def costs(outcome):
    """(item, cost) of each work that counts by itself, and (item, id of its whole) of the parts."""
    whole = {row.observation: row.item for row in outcome.works.itertuples()}
    return [(r.item, whole.get(r.part_of) or r.cost) for r in outcome.works.itertuples()]


@pytest.mark.parametrize(("rows", "wanted"), [
    ([["A", "Chuyển tiếp", "1 km", 3000], [1, "Đường A", "0,5 km", 1400], [2, "Đường B", "0,5 km", 1600]], [("Đường A", "1400"), ("Đường B", "1600")]),
    ([["I", "Giao thông", "1 km", 3000], ["1", "Đường A", "1 km", 3000]], [("Đường A", "3000")]),
    ([[1, "Giao thông", "1 km", 3000], ["1.1", "Đường A", "1 km", 3000]], [("Đường A", "3000")]),
    ([["I", "Đường A", "1 km", 3000], ["II", "Đường B", "1 km", 100]], [("Đường A", "3000"), ("Đường B", "100")]),
    ([[1, "Đường A", "1 km", 1500], ["", "- Nền đường", "1 cái", 700], ["", "- Mặt đường", "1 cái", 800]], [("Đường A", "1500"), ("Nền đường", "Đường A"), ("Mặt đường", "Đường A")]),
    ([["I", "Giao thông", "", ""], ["-", "Đường A", "1 km", 1500], ["-", "Đường B", "1 km", 100]], [("Đường A", "1500"), ("Đường B", "100")]),
])  # fmt: skip
def test_no_work_is_counted_twice_by_the_sums_and_parts_of_its_table(read, rows, wanted):
    assert costs(read([WORKS[0], WORK_HEADS, *rows])) == wanted


@pytest.mark.parametrize(
    ("day", "read_as"),
    [("12/2024", "2024-12"), ("9.2024", "2024-09"), ("tháng 10/2024", "2024-10"), ("cuối năm", "cuối năm")],
)
def test_a_deadline_may_be_a_month_of_a_year(read, day, read_as):
    assert read([WORKS[0], WORK_HEADS, [1, "Đường", "1 km", 15, day]]).works["deadline"].tolist() == [read_as]
