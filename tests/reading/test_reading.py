"""A plan and a report are read as they are written: how much of them, and how much of it is right."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake.files.xlsx import read_xlsx
from ntm_lib.office.opening import read_pieces
from ntm_lib.office.pieces import Paragraph, Piece
from ntm_lib.reading.whole_text import Reading, read_plan
from ntm_lib.text.tokens import tidy, tokenise
from tests.reading.documents import CASES, WRITERS, quoted
from tests.reading.measure import facts_of_case, facts_of_commune, measure
from tests.rules import annexes
from tests.rules.annexes import Box

PLAN = "hung-my/sources/05-KH-BCD-2024.txt"


def read(folder: Path, text: str, kind: str) -> Reading:
    return read_plan(read_pieces(WRITERS[kind](folder / f"van-ban.{kind}", text)))


@pytest.mark.parametrize("kind", ["docx", "html", "txt"])
def test_the_plan_of_hung_my_gives_what_people_took_out_of_it(tmp_path, kind):
    """187 facts and the document itself, entered by hand; floors just below what was measured (91,0 % and 98,6 %)."""
    facts = facts_of_commune(paths.communes_folder() / "hung-my", "05/KH-BCĐ")
    text = (paths.communes_folder() / PLAN).read_text("utf-8")
    measured = measure(read(tmp_path, text, kind).rows, facts)
    assert (len(facts), measured.recall > 0.9, measured.precision > 0.98) == (188, True, True)


@pytest.mark.parametrize("case", sorted(path.stem for path in CASES.glob("*.md")))
def test_documents_in_other_words_give_their_facts(tmp_path, case):
    """Plans, reports and a newspaper in other orders, units and words, lists, tables, semicolons. Floors below what was measured."""
    text = (CASES / f"{case}.md").read_text("utf-8")
    kind = "html" if len(case) % 2 else "docx"
    measured = measure(read(tmp_path, text, kind).rows, facts_of_case(CASES / f"{case}.csv"))
    assert (measured.recall > (0.8 if case == "tin-bai" else 0.9), measured.precision > 0.95) == (True, True)


def test_a_pdf_gives_what_its_word_file_gives(tmp_path):
    """Lines broken by the page are put together again; tables are read by their ruling lines."""
    text = (CASES / "ke-hoach-2.md").read_text("utf-8")
    measured = measure(read(tmp_path, text, "pdf").rows, facts_of_case(CASES / "ke-hoach-2.csv"))
    assert measured.recall > 0.9 and measured.precision > 0.95


SUMMARY = [
    ["TT", "Tên tiêu chí", "Nội dung tiêu chí", "Tiêu chuẩn đạt chuẩn", "Kết quả thực hiện", "Kết quả tự đánh giá"],
    ["3", "Thủy lợi", "3.1. Tỷ lệ diện tích đất sản xuất nông nghiệp được tưới", "≥ 80%", "301/350 ha (86%)", "Đạt"],
    ["12", "Lao động", "12.1. Tỷ lệ lao động qua đào tạo", "≥ 70%", "65%", "Chưa đạt"],
    ["", "", "12.2. Tỷ lệ lao động có bằng cấp, chứng chỉ", "≥ 20%", "có 25 %", "Đạt"],
    ["18", "Hệ thống chính trị", "18.1. Cán bộ, công chức xã đạt chuẩn", "Đạt", "Đạt", "Đạt"],
]


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx", "pdf"])
def test_an_appraisal_table_is_read_from_every_kind_of_file(tmp_path, kind):
    """Numbers inside the content, TT and name merged over rows, result beside the commune's own verdict."""
    reading = read_plan(pieces_of(summary_file(tmp_path, kind)))
    rows = [(r.cells["indicator"], r.cells["value"], r.cells["kind"], r.cells["year"]) for r in reading.rows]
    measured = [("3.1", "301/350 ha (86%)"), ("12.1", "65%"), ("12.2", "có 25 %")]
    declared = [("3.1", "Đạt"), ("12.1", "Chưa đạt"), ("12.2", "Đạt"), ("18.1", "Đạt")]
    expected = [(*m, "measured", "2024") for m in measured] + [(*d, "declared", "2024") for d in declared]
    assert sorted(rows) == sorted(expected)
    assert not [r for r in reading.rows if r.doubts] and not reading.unread


PLAIN_PDF = """#set page(margin: 2.5cm)
#set text(font: "Liberation Serif", size: 12pt, hyphenate: false)
#par("Biểu tổng hợp kết quả thực hiện các tiêu chí nông thôn mới năm 2024")
#table(stroke: none, align: {align}, columns: ({widths}), {cells})
#par("Trên đây là kết quả rà soát của xã, đề nghị các thành viên xem xét và cho ý kiến.")"""


@pytest.mark.parametrize("align", ["top", "horizon"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (0, 2, 4, 3, 5, 1), (2, 5, 4, 0, 1, 3)])
def test_an_appraisal_table_without_ruling_lines_or_in_another_order_is_read(tmp_path, align, order):
    import typst

    cells = ", ".join(quoted(row[c]) for row in SUMMARY for c in order)
    widths = ", ".join(("0.9cm", "2.4cm", "5.5cm", "2cm", "2.9cm", "2.2cm")[c] for c in order)
    (tmp_path / "a.typ").write_text(PLAIN_PDF.format(align=align, cells=cells, widths=widths), "utf-8")
    typst.compile(str(tmp_path / "a.typ"), output=str(tmp_path / "a.pdf"))
    reading = read_plan(read_pieces(tmp_path / "a.pdf"))
    rows = {(r.cells["indicator"], r.cells["value"]) for r in reading.rows if r.table == "results"}
    declared = {("3.1", "Đạt"), ("12.1", "Chưa đạt"), ("12.2", "Đạt"), ("18.1", "Đạt")}
    assert rows == declared | {("3.1", "301/350 ha (86%)"), ("12.1", "65%"), ("12.2", "có 25 %")}
    assert not [r for r in reading.rows if r.doubts] and not reading.unread


def test_a_number_that_does_not_fit_the_wording_is_doubted(tmp_path):
    rows = [SUMMARY[0], ["17", "Môi trường", "17.1. Tỷ lệ hộ có nhà tiêu hợp vệ sinh", "≥ 70%", "81%", "Đạt"]]
    reading = read_plan(pieces_of(summary_file(tmp_path, "docx", rows)))
    assert {(r.cells["indicator"], bool(r.doubts)) for r in reading.rows} == {("17.1", True)}


@pytest.mark.parametrize(
    ("hide", "told"),
    [
        (lambda sheet, book: sheet.set_row(2, None, None, {"hidden": True}), "trang “Biểu”: dòng 3"),
        (lambda sheet, book: sheet.set_column(3, 4, None, None, {"hidden": True}), "trang “Biểu”: cột D, E"),
        (lambda sheet, book: sheet.hide(), "trang “Biểu”"),
        (lambda sheet, book: sheet.write(2, 4, "65%", book.add_format({"font_color": "white"})), "ô E3 «65%»"),
    ],
)
def test_a_workbook_that_hides_a_part_is_refused(tmp_path, hide, told):
    """Whoever looks through the proposal beside the sheet would not see what was read."""
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Biểu")
        for n, row in enumerate(SUMMARY):
            sheet.write_row(n, 0, row)
        book.add_worksheet("Khác").activate()
        hide(sheet, book)
    with pytest.raises(NtmError, match=f"có phần bị ẩn: .*{told}"):
        pieces_of(tmp_path / "a.xlsx")


def pieces_of(path: Path) -> list[Piece]:
    return read_pieces(path, read_xlsx(path) if path.suffix == ".xlsx" else ())


def summary_file(folder: Path, kind: str, rows: list[list[str]] = SUMMARY) -> Path:
    """A file with the title and the table, number and name of a criterion merged over its rows."""
    title = "Biểu tổng hợp kết quả thực hiện các tiêu chí nông thôn mới năm 2024"
    grid: list[list[Box | None]] = []
    for row in rows:
        grid.append([Box(text) for text in row])
        if not row[0]:
            above = next(n for n in range(len(grid) - 2, -1, -1) if grid[n][0])
            for c in (0, 1):
                first = grid[above][c]
                assert first is not None
                grid[above][c], grid[-1][c] = replace(first, rows=first.rows + 1), None
    return annexes.WRITERS[kind](folder / f"bieu.{kind}", title, grid)


def numbers_untold(reading: Reading) -> Iterator[str]:
    """Numbers of statements that give no row and are not told as unread; those of headings (criteria, years, names) aside."""
    told = {id(s) for s, _ in reading.unread} | {id(row.statement) for row in reading.rows}
    for s in reading.statements:
        if s.part == "body" and id(s) not in told and s.text not in s.heads:
            text = tidy(s.text)
            yield from (
                f"{t.text}: {text}"
                for t in tokenise(text)
                if t.kind == "number" and not re.search("iêu chí|TC số", text)
            )


@pytest.mark.parametrize("text", [PLAN, *sorted(path.name for path in CASES.glob("*.md"))])
def test_no_sentence_with_a_number_is_left_unmentioned(tmp_path, text):
    path = CASES / text if text.endswith("md") else paths.communes_folder() / text
    reading = read(tmp_path, path.read_text("utf-8"), "docx")
    assert [
        line for line in numbers_untold(reading) if not re.search("20|3 sạch|tuổi|tháng (?:đầu|cuối) năm", line, re.I)
    ] == []


VERBS = ["Xây dựng", "Vận động", "Phấn đấu đạt", "Hiện có", "Giảm", "Tuyên truyền cho", "Còn", "Bố trí", "Trồng", "Đã"]
THINGS = [
    "hộ nghèo",
    "km đường thôn",
    "% hộ dân dùng nước sạch",
    "ha lúa",
    "triệu đồng",
    "nhà văn hóa thôn",
    "buổi",
    "cây xanh",
    "con lợn",
    "lượt người",
]
LAYOUTS = [
    "- {}.",
    "1. {}.",
    "{}.",
    "2.1. {}: phối hợp chung.",
    "+ {}:",
    "Nội dung: {}.",
    "a) {}",
    "3. {}, gồm: tuyên truyền, vận động.",
]
HEADS = [
    "Tiêu chí số 17 (Môi trường)",
    "Thu nhập",
    "Kết quả năm 2023",
    "Kế hoạch năm 2024",
    "Kinh phí thực hiện",
    "Tổ chức thực hiện",
    "Giải pháp",
]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_each_number_of_any_sentence_stands_in_a_row_or_is_told_as_unread(data):
    """Whatever a sentence says and under whatever heading: its numbers are in a cell, or in the list of what was not read."""
    numbers = data.draw(st.lists(st.integers(31, 998).filter(lambda n: n % 10), min_size=1, max_size=3, unique=True))
    parts = [f"{data.draw(st.sampled_from(VERBS))} {n} {data.draw(st.sampled_from(THINGS))}" for n in numbers]
    text = data.draw(st.sampled_from([", ", "; ", ", trong đó ", " và "])).join(parts)
    pieces = ["KẾ HOẠCH", "Xây dựng nông thôn mới năm 2024", f"I. {data.draw(st.sampled_from(HEADS))}"]
    pieces += [data.draw(st.sampled_from(LAYOUTS)).format(text), "- Phối hợp thực hiện."]
    reading = read_plan([Paragraph(piece, n) for n, piece in enumerate(pieces, start=1)])
    cells = " ".join(
        text for row in reading.rows for column, text in row.cells.items() if column not in ("id", "section")
    )
    told = " ".join(number for _, unread in reading.unread for number in unread)
    assert [n for n in numbers if str(n) not in f"{cells} {told}"] == []


def test_a_number_behind_a_capital_is_told_beside_the_row_of_the_others():
    """«Trồng 32» looks like the name of a place: what went into no cell is told all the same."""
    pieces = ["KẾ HOẠCH", "Xây dựng nông thôn mới năm 2024", "I. Tiêu chí số 17 (Môi trường)"]
    pieces += [
        "- Giảm 31 km đường thôn và Trồng 32 buổi.",
        "- Tăng 3 km tuyến dây 0,4kV theo Nghị quyết 55 và tiêu chí 4.",
    ]
    reading = read_plan([Paragraph(piece, n) for n, piece in enumerate(pieces, start=1)])
    assert [numbers for _, numbers in reading.unread] == [("32",)]


def test_the_hien_of_thuc_hien_makes_no_result_of_a_plan():
    pieces = [
        "KẾ HOẠCH",
        "Xây dựng nông thôn mới năm 2024",
        "1. Tiêu chí số 2: Bê tông hóa 2 km đường thôn, trong đó nhân dân thực hiện 0,5 km.",
    ]
    rows = read_plan([Paragraph(piece, n) for n, piece in enumerate(pieces, start=1)]).rows
    works = [(row.cells["quantity"], row.cells.get("part_of", "")) for row in rows if row.table == "works"]
    assert works == [("2 km", ""), ("0,5 km", next(row.cells["id"] for row in rows if row.table == "works"))]


HALF_YEAR = """Số: 87/BC-UBND

Kim Bình, ngày 18 tháng 6 năm 2024

BÁO CÁO

Kết quả 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2024 xây dựng nông thôn mới xã Kim Bình, huyện Chiêm Hóa, tỉnh Tuyên Quang

I. KẾT QUẢ 6 THÁNG ĐẦU NĂM 2024

{said}
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Về thu nhập: bình quân 6 tháng ước 23,5 triệu đồng/người.", [("2024", "10.1", "23,5 triệu đồng/người", True)]),
        ("Về thu nhập: thu nhập bình quân 24 triệu đồng/người/năm.", [("2024", "10.1", "24 triệu đồng/người/năm", True)]),
        ("Về nhà ở: nhà kiên cố 90,5% (cùng kỳ năm trước 88,7%).", [("2024", "9.2", "90,5%", False), ("2023", "9.2", "88,7%", True)]),
        ("Về nhà ở: xóa được 11 nhà tạm, còn 9 nhà tạm.", [("2024", "9.1", "11 nhà", True), ("2024", "9.1", "9 nhà", False)]),
        ("Về môi trường: hộ có nhà tiêu, nhà tắm hợp vệ sinh đạt 84%.", [("2024", "17.8", "84%", True)]),
        ("Về môi trường: chất thải rắn được thu gom 12/15 thôn.", [("2024", "17.6", "12/15 thôn", True)]),
        ("Về văn hóa: 13/15 thôn đạt danh hiệu văn hóa.", [("2024", "16.1", "13/15 thôn", False)]),
        ("Về y tế: kế hoạch cả năm bảo hiểm y tế 96%.", [("2024", "15.1", "96%", False)]),
        ("Về điện: toàn huyện có 98% hộ sử dụng điện.", [("2024", "4.2", "98%", True)]),
        ("Về nghèo đa chiều: phấn đấu năm 2025 tỷ lệ hộ nghèo còn 8%.", [("2025", "11.1", "8%", True)]),
        ("Về nước: 45% hộ dùng nước sạch và 80% hộ có nhà tiêu.", [("2024", "17.1", "45%", False), ("2024", "17.8", "80%", False)]),
    ],
)  # fmt: skip
def test_what_is_no_figure_of_the_year_and_the_indicator_is_doubted(tmp_path, said, expected):
    """Months are no figures; last year's, what was done in the year, and one figure of two parts have to be looked at."""
    rows = [r for r in read(tmp_path, HALF_YEAR.format(said=said), "docx").rows if r.cells.get("indicator")]
    assert [(r.cells["year"], r.cells["indicator"], r.cells["value"], bool(r.doubts)) for r in rows] == expected


def test_every_column_of_figures_is_read_or_told(tmp_path):
    head = ["TT", "Chỉ tiêu", "ĐVT", "Năm 2023", "6 tháng đầu năm 2024", "KH năm 2024", "So sánh"]
    table = [head, ["1", "Tỷ lệ hộ tham gia BHYT", "%", "94,1", "95,2", "96", "101"]]
    reading = read_plan(pieces_of(summary_file(tmp_path, "docx", table)))
    rows = [(r.table, r.cells["year"], r.cells["value"], bool(r.doubts)) for r in reading.rows]
    assert rows == [
        ("results", "2023", "94,1%", False),
        ("results", "2024", "95,2%", True),
        ("plan", "2024", "96%", False),
    ]
    assert [numbers for _, numbers in reading.unread] == [("101",)]
    funds = [["Nguồn vốn", "Kế hoạch (tỷ đồng)", "Đã giải ngân (tỷ đồng)"], ["Ngân sách tỉnh", "0,85", "0,3"]]
    (fund,) = read_plan(pieces_of(summary_file(tmp_path, "docx", funds))).rows
    assert (fund.cells["amount"], fund.cells["spent"], fund.doubts) == ("0,85 tỷ đồng", "0,3 tỷ đồng", ())


ORDERS = """Số 15-KH/BCĐ

Tân An, ngày 05/01/2024

KẾ HOẠCH

Xây dựng xã nông thôn mới xã Tân An, huyện Chiêm Hóa, tỉnh Tuyên Quang năm 2024

A. Tình hình

{result}

B. Nhiệm vụ cụ thể

{plan}
"""


def test_letters_before_headings_part_results_from_aims(tmp_path):
    """«B. Nhiệm vụ» ends the results; number, date and commune of the letterhead are read in this form too."""
    text = ORDERS.format(result="BHYT đạt 91%.", plan="BHYT đạt 95%.")
    reading = read(tmp_path, text, "docx")
    assert [(r.table, r.cells["year"], r.cells["value"]) for r in reading.rows if r.cells.get("indicator")] == [
        ("results", "2023", "91%"),
        ("plan", "2024", "95%"),
    ]
    assert (reading.document.number, reading.document.date) == ("15-KH/BCĐ", "2024-01-05")
    assert reading.place == "xã Tân An, huyện Chiêm Hóa, tỉnh Tuyên Quang"


@pytest.mark.parametrize(
    ("result", "plan", "expected"),
    [
        ("Cuối năm 2023 xã đạt 15 tiêu chí, chưa đạt 4 tiêu chí.", "", [("15 tiêu chí", False), ("4 tiêu chí", False)]),
        ("So với năm 2022 tăng 2 tiêu chí.", "", [("tăng 2 tiêu chí", True)]),
        ("Điện: 99,1% hộ có điện (chỉ tiêu ≥ 98%).", "", [("99,1%", False), ("≥ 98%", True)]),
        ("Lao động: 68,2% lao động qua đào tạo năm 2023, 70% năm 2024.", "", [("68,2%", False), ("70%", True)]),
        ("Y tế: 1.190/1.245 hộ tham gia BHYT.", "", [("1.190/1.245 hộ", True)]),
        ("Điện: có điện 92%, toàn huyện 90,1%.", "", [("92%", False), ("90,1%", True)]),
        ("Giao thông: đường trục thôn cứng hóa 18 km, bằng 80% kế hoạch năm.", "", [("18 km, bằng 80%", True)]),
        ("Y tế: người dân tham gia BHYT 6.820/7.150 người (95,4%).", "", [("6.820/7.150 người (95,4%)", False)]),
        ("Môi trường: 6/10 thôn có đường hoa.", "", [("6/10 thôn", True)]),
        ("Y tế: BHYT đạt 91%; toàn xã BHYT 93%.", "", [("91%", True), ("93%", True)]),
        ("", "Thu nhập: thu nhập bình quân tăng 8,9%.", [("tăng 8,9%", True)]),
        ("", "Giao thông: làm mới 1,9 km đường thôn (rộng 3m, dày 16cm), mở mới 0,8 km đường xã.", [("1,9 km", False), ("0,8 km", False)]),
    ],
)  # fmt: skip
def test_what_may_be_something_else_is_doubted(tmp_path, result, plan, expected):
    """Thresholds, other years, moves, other things counted and contradictions are no undoubted level; sizes are no works."""
    rows = read(tmp_path, ORDERS.format(result=result, plan=plan), "docx").rows
    found = [r for r in rows if r.table in ("results", "plan", "works")]
    assert [(r.cells.get("value") or r.cells["quantity"], bool(r.doubts)) for r in found] == expected
    assert not [r for r in found if r.table == "works" and r.cells.get("part_of")]


@pytest.mark.parametrize(
    ("content", "value", "read_as", "doubted"),
    [
        ("Tỷ lệ nghèo đa chiều (%)", "25,4", "25,4%", False),
        ("Số hộ nghèo đa chiều", "316", "316", True),
        ("Số hộ nghèo đa chiều (hộ)", "316", "316 hộ", True),
        ("Thu nhập bình quân (triệu đồng)", "39,5", "39,5 triệu đồng", True),
    ],
)
def test_a_cell_without_unit_or_base_is_doubted(tmp_path, content, value, read_as, doubted):
    table = [["TT", "Chỉ tiêu", "Thực hiện 2023"], ["1", content, value]]
    (row,) = read_plan(pieces_of(summary_file(tmp_path, "docx", table))).rows
    assert (row.cells["value"], bool(row.doubts)) == (read_as, doubted)
