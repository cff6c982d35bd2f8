"""The annex of a decision is read as it stands, or doubted, or refused: never taken for something else."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake.files.xlsx import read_xlsx
from ntm_lib.office.opening import read_tables
from ntm_lib.rules.decisions.annex_import import Proposal, read_annex
from ntm_lib.rules.decisions.annex_values import is_scanned, read_value
from ntm_lib.rules.sets import load_set
from tests.rules import annexes
from tests.rules.annexes import Box, Grid, raised

SET = "ntm-2021-2025"


def imported(path: Path, **more: str) -> Proposal:
    return read_annex(path, read_xlsx, more.pop("rule_set", SET), **more)


@pytest.mark.parametrize(
    ("text", "operator", "number", "form"),
    [
        ("≥ 80%", ">=", "80", "number"), ("≥80 %", ">=", "80", "number"), (">= 80%", ">=", "80", "number"),
        ("100%", "", "100", "number"), ("≤ 12,5%", "<=", "12.5", "number"), ("Từ 95% trở lên", ">=", "95", "number"),
        ("> 90%", ">", "90", "number"), ("≥ 2m2/người", ">=", "2", "number"), ("≥ 60 lít", ">=", "60", "number"),
        ("≥ 48 triệu đồng", ">=", "48", "number"), ("≥ 1.500", ">=", "1500", "number"), ("Đạt", "", "", "met"),
        ("Không", "", "", "none"), ("Từ mức độ 2 trở lên", ">=", "2", "level"), ("mức độ 3", ">=", "3", "level"),
        ("Khá trở lên", ">=", "", "words"), ("UBND cấp tỉnh quy định cụ thể", "", "", "province"),
        ("Theo quy định của UBND cấp tỉnh", "", "", "province"), ("Bộ Giáo dục và Đào tạo quy định", "", "", "ministry"),
    ],
)  # fmt: skip
def test_a_cell_is_read_by_the_grammar(text, operator, number, form):
    value = read_value(text)
    assert value is not None
    assert (value.operator, value.number, value.form) == (operator, number, form)


@pytest.mark.parametrize(
    "text", ["≥8 0%", "≥ 8O%", "l00%", "≥", "80%\n≥90%", "≥80% ≥90%", "≥ 80% hoặc 90%", "8,0,0%", "≥≥80%", "?"]
)
def test_what_the_grammar_does_not_know_is_not_read(text):
    assert read_value(text) is None


def test_a_value_in_brackets_is_a_part():
    value = read_value("≥ 30% (≥ 10% từ hệ thống cấp nước tập trung)")
    assert value is not None
    assert (value.number, [(label, part.number) for label, part in value.parts]) == (
        "30", [("từ hệ thống cấp nước tập trung", "10")],
    )  # fmt: skip


def test_years_in_one_cell():
    value = read_value("Năm 2021: ≥ 36; năm 2022: ≥ 39 triệu đồng")
    assert value is not None
    assert [(year, one.number) for year, one in value.years] == [(2021, "36"), (2022, "39")]


def test_units_are_no_marks_of_a_scan():
    assert not any(map(is_scanned, ("60lít", "≥ 60 lít", "100%", "Loại II")))


@pytest.mark.parametrize("rule_set", [SET, "ntm-nang-cao-2021-2025"])
@pytest.mark.parametrize("kind", ["docx", "html", "xlsx"])
def test_our_own_set_as_an_annex_reads_back(tmp_path, rule_set, kind):
    rules = load_set(rule_set)
    path = annexes.WRITERS[kind](tmp_path / f"phu-luc.{kind}", annexes.title_of(rules), annexes.annex_of(rules))
    proposal = imported(path, rule_set=rule_set)
    assert {line.state for line in proposal.lines} == {"same", "missing"}
    assert all(not line.read for line in proposal.lines if line.state == "missing")
    assert (
        len({line.level.indicator for line in proposal.lines if not line.level.column})
        == rules.meta["indicators_total"]
    )
    assert (proposal.source.document, proposal.left) == (rules.meta["document"], ())


def test_a_pdf_over_several_pages_reads_back(tmp_path):
    """Head repeated, criteria and rows broken over pages under a running head."""
    rules = load_set(SET)
    path = annexes.write_pdf(tmp_path / "phu-luc.pdf", annexes.title_of(rules), annexes.annex_of(rules))
    assert len({table.page for table in read_tables(path)}) > 2
    proposal = imported(path)
    assert {line.state for line in proposal.lines} == {"same", "missing"}
    assert all(not line.read for line in proposal.lines if line.state == "missing")
    assert any(line.page > 2 for line in proposal.lines)


def changed_value(text: str, chance: random.Random) -> str:
    """Another value of the same form."""
    value = read_value(text)
    if value is None or value.form != "number" or value.parts:
        return text
    sign = {">=": "≥", "<=": "≤"}.get(value.operator, "≥")
    return f"{sign} {chance.randint(11, 99)}{',5' if chance.random() < 0.2 else ''}{'%' if value.unit == '%' else ''}"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(["docx", "html", "xlsx"]))
def test_another_decision_in_the_same_layout_is_read_as_it_stands(tmp_path_factory, seed, kind):
    """Every number of the annex is drawn anew: what is understood is what was drawn."""
    chance, rules = random.Random(seed), load_set(SET)
    grid = annexes.annex_of(rules)
    drawn = [
        [box and (replace(box, text=changed_value(box.text, chance)) if c > 2 else box) for c, box in enumerate(line)]
        for line in grid
    ]
    path = annexes.WRITERS[kind](tmp_path_factory.mktemp("annex") / f"a.{kind}", annexes.title_of(rules), drawn)
    texts = {box.text for line in drawn for box in line if box}
    for line in imported(path).lines:
        if line.level.column and line.state != "missing":
            value = read_value(line.read)
            assert line.read in texts or not line.read
            if value is not None and value.form == "number" and line.state != "doubtful":
                assert (line.level.threshold, line.level.operator) == (value.number, value.operator or ">=")


def write(tmp_path: Path, grid: Grid, *more: Grid, title: str = "") -> Path:
    return annexes.write_html(tmp_path / "a.html", title or annexes.title_of(load_set(SET)), grid, *more)


def row_of(grid: Grid, number: str) -> int:
    return next(r for r, line in enumerate(grid) if (box := line[2]) and box.text.startswith(f"{number}."))


def doubts(proposal: Proposal) -> str:
    return "\n".join(why for line in proposal.lines if line.state == "doubtful" for why in line.why)


def test_the_misprinted_sign_of_underweight_children_surfaces(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    at = row_of(grid, "15.3")
    grid[at] = [box and replace(box, text=box.text.replace("≤", "≥")) for box in grid[at]]
    proposal = imported(write(tmp_path, grid))
    assert {
        line.state for line in proposal.lines if line.level.indicator == "15.3" and line.read and line.level.column
    } == {"doubtful"}
    assert "in nhầm dấu" in doubts(proposal)


def test_a_number_that_moved_is_told(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    one, other = row_of(grid, "12.1"), row_of(grid, "12.2")
    a, b = grid[one][2], grid[other][2]
    assert a and b
    grid[one][2], grid[other][2] = Box("12.1. " + b.text[6:]), Box("12.2. " + a.text[6:])
    proposal = imported(write(tmp_path, grid))
    states = {line.state for line in proposal.lines if line.level.indicator in ("12.1", "12.2") and line.read}
    assert states == {"doubtful"}


@pytest.mark.parametrize(
    ("spoil_head", "told"),
    [
        (lambda g: [[b and replace(b, text="Miền đất lạ") if b and b.text == "TN" else b for b in line] for line in g], "Miền đất lạ"),
        (lambda g: [[b for c, b in enumerate(line) if c != 6] if r else [*line[:4], Box("Chỉ tiêu theo vùng", 1, 6), *[None] * 5] for r, line in enumerate(g)], "btb"),
    ],
)  # fmt: skip
def test_a_column_that_is_unknown_or_missing_refuses_the_file(tmp_path, spoil_head, told):
    with pytest.raises(NtmError, match=told):
        imported(write(tmp_path, spoil_head(annexes.annex_of(load_set(SET)))))


def test_two_tables_of_one_set_are_refused_and_those_of_two_sets_told_apart(tmp_path):
    basic, advanced = (annexes.annex_of(load_set(name)) for name in (SET, "ntm-nang-cao-2021-2025"))
    with pytest.raises(NtmError, match="hai"):
        imported(write(tmp_path, basic, basic))
    title = annexes.title_of(load_set(SET))
    both = annexes.write_docx(tmp_path / "a.docx", title, basic)
    from docx import Document

    document = Document(str(both))
    document.add_paragraph("Phụ lục II\nBỘ TIÊU CHÍ NÂNG CAO")
    table = Document(str(annexes.write_docx(tmp_path / "b.docx", "Phụ lục II", advanced))).tables[0]
    document.element.body.insert(-1, table._tbl)
    document.save(str(both))
    proposal = imported(both)
    assert {line.state for line in proposal.lines} == {"same", "missing"}
    assert len(proposal.left) == 1
    assert imported(both, rule_set="ntm-nang-cao-2021-2025").source.article == "Phụ lục II"


def test_the_other_set_is_refused(tmp_path):
    path = annexes.write_html(tmp_path / "a.html", "Phụ lục II", annexes.annex_of(load_set("ntm-nang-cao-2021-2025")))
    with pytest.raises(NtmError):
        imported(path)


def test_a_scan_is_refused_with_advice(tmp_path):
    from PIL import Image

    Image.new("RGB", (600, 800), "white").save(tmp_path / "scan.pdf")
    with pytest.raises(NtmError, match="scan"):
        imported(tmp_path / "scan.pdf")


@pytest.mark.parametrize("name", ["a.zip", "a.docx", "a.pdf", "gone.docx"])
def test_a_file_that_cannot_be_read_is_told(tmp_path, name):
    if name != "gone.docx":
        (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(NtmError, match=name):
        imported(tmp_path / name)


def test_an_amendment_names_what_it_replaces_and_leaves_the_rest(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    at = row_of(grid, "15.1")
    few = [
        *grid[:2],
        [
            Box("15"),
            Box("Y tế"),
            *[box and replace(box, text=box.text.replace("≥ 90", "≥ 95")) for box in grid[at][2:]],
        ],
    ]
    title = "Phụ lục I\nSỬA ĐỔI, BỔ SUNG MỘT SỐ CHỈ TIÊU (Ban hành kèm theo Quyết định số 211/QĐ-TTg)"
    path = write(tmp_path, few, title=title)
    with pytest.raises(NtmError, match="FROM"):
        imported(path)
    lines = imported(path, day="2024-03-01").lines
    assert {
        (line.level.indicator, line.state, line.level.threshold, line.level.valid_from)
        for line in lines
        if line.level.column
    } == {("15.1", "different", "95", "2024-03-01")}


def test_a_provinces_table_of_one_column_asks_for_its_region_and_may_not_be_looser(tmp_path):
    grid: Grid = [
        [Box("TT"), Box("Tên tiêu chí"), Box("Nội dung tiêu chí"), Box("Chỉ tiêu")],
        [Box("2"), Box("Giao thông"), Box("2.1. Tỷ lệ đường xã được nhựa hóa hoặc bê tông hóa, đảm bảo ô tô đi lại thuận tiện quanh năm"), Box("≥ 80%")],
        [Box("15"), Box("Y tế"), Box("15.1. Tỷ lệ người dân tham gia bảo hiểm y tế (áp dụng đạt cho cả nam và nữ)"), Box("≥ 85%")],
    ]  # fmt: skip
    path = write(tmp_path, grid, title="Quy định kèm theo Quyết định số 12/2022/QĐ-UBND")
    with pytest.raises(NtmError, match="REGION"):
        imported(path, province="yen-bai", day="2022-08-01")
    lines = {
        line.level.indicator: line
        for line in imported(path, province="yen-bai", region="tdmnpb", day="2022-08-01").lines
        if line.level.column
    }
    assert (lines["2.1"].state, lines["2.1"].level.threshold, lines["2.1"].level.set_by) == ("new", "80", "province")
    assert lines["15.1"].state == "doubtful"


def test_heads_name_every_column_of_every_set():
    from ntm_lib.rules.files import read_yaml

    known = read_yaml(paths.rules_folder() / "heads.yml")["columns"]
    for name in (SET, "ntm-nang-cao-2021-2025", "ntm-2026-2030"):
        assert {column["code"] for column in load_set(name).meta["columns"]} <= known.keys()


def moved(grid: Grid, number: str, by: int) -> None:
    line = grid[row_of(grid, number)]
    line[3:] = [*line[3 + by :], *line[3 : 3 + by]]


def swapped(grid: Grid, one: str, other: str) -> None:
    a, b = grid[row_of(grid, one)], grid[row_of(grid, other)]
    a[3:], b[3:] = b[3:], a[3:]


def columns_swapped(grid: Grid) -> None:
    for line in grid[2:]:
        line[4], line[5] = line[5], line[4]


def cut(grid: Grid, number: str) -> None:
    line = grid[row_of(grid, number)]
    line[3:] = [box and replace(box, text=re.sub(r"(\d)\d%", r"\1%", box.text)) for box in line[3:]]


@pytest.mark.parametrize(
    ("spoiling", "asked", "told"),
    [
        (lambda grid: None, set(), ""),
        (lambda grid: moved(grid, "9.2", 1), {"9.2"}, "lệch cột"),
        (lambda grid: moved(grid, "9.2", 7), {"9.2"}, "lệch cột"),
        (lambda grid: swapped(grid, "12.1", "12.2"), {"12.1", "12.2"}, "lẫn hàng"),
        (lambda grid: swapped(grid, "17.11", "17.12"), {"17.11", "17.12"}, "lẫn hàng"),
        (columns_swapped, {"4.2", "9.2", "10.1", "15.3"}, "đổi chỗ cột"),
        (lambda grid: cut(grid, "15.1"), {"15.1"}, "mất hoặc thừa chữ số"),
    ],
)  # fmt: skip
def test_figures_in_the_wrong_place_are_questioned_where_none_of_them_is_ours(tmp_path, spoiling, asked, told):
    grid = raised(annexes.annex_of(load_set(SET)))
    spoiling(grid)
    lines = imported(write(tmp_path, grid)).lines
    doubtful = {line.level.indicator for line in lines if line.level.column and told and told in " ".join(line.why)}
    assert doubtful >= asked
    if not asked:
        assert not [line for line in lines if line.level.column and line.state == "doubtful"]


def test_a_figure_far_from_the_others_of_a_row_that_is_hardly_known_is_questioned(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    line = grid[row_of(grid, "17.9")]
    line[3:] = [Box("≥ 8%" if c == 9 else "≥ 75%") for c in range(3, len(line))]
    lines = [
        line for line in imported(write(tmp_path, grid)).lines if line.level.indicator == "17.9" and line.level.column
    ]
    assert [line.level.threshold for line in lines if line.state == "doubtful"] == ["8"]


def test_a_year_that_the_annex_lost_is_told(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    at = next(r for r, line in enumerate(grid) if (box := line[2]) and box.text == "Năm 2024")
    grid[at][2] = Box("Năm 2023")  # printed twice
    del grid[at]
    grid = [[box and replace(box, rows=min(box.rows, 5)) if c < 2 and box and box.text == "10" else box for c, box in enumerate(line)] for line in grid]  # fmt: skip
    lacking = [
        line
        for line in imported(write(tmp_path, grid)).lines
        if line.state == "missing" and line.level.indicator == "10.1"
    ]
    assert {line.level.valid_from for line in lacking} == {"2024-01-01"}
    assert len(lacking) == 8
    assert "2024" in lacking[0].why[0]


def test_a_year_that_is_printed_twice_is_questioned(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    at = next(r for r, line in enumerate(grid) if (box := line[2]) and box.text == "Năm 2024")
    grid[at][2] = Box("Năm 2023")
    lines = [line for line in imported(write(tmp_path, grid)).lines if line.level.valid_from == "2023-01-01"]
    assert {line.state for line in lines if line.level.column} == {"doubtful"}


def test_one_word_for_an_indicator_with_parts_that_the_province_decides_is_a_difference(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    at = row_of(grid, "17.1")
    grid[at][4] = Box("UBND cấp tỉnh quy định cụ thể")
    for line in grid[at + 1 : at + 3]:
        line[2:] = [Box("") for _ in line[2:]]
    lines = [
        line
        for line in imported(write(tmp_path, grid)).lines
        if line.level.indicator == "17.1" and line.level.column == "tdmnpb"
    ]
    assert {(line.level.part, line.state, line.level.set_by) for line in lines} == {
        ("a", "different", "province"),
        ("b", "different", "province"),
    }


def test_a_rating_named_in_the_wording_is_met_by_that_rating(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    line = grid[row_of(grid, "18.2")]
    line[3:] = [Box("Đạt") for _ in line[3:]]
    read = [
        line for line in imported(write(tmp_path, grid)).lines if line.level.indicator == "18.2" and line.level.column
    ]
    assert {(line.state, line.level.operator, line.level.threshold) for line in read} == {
        ("same", ">=", "hoàn thành tốt nhiệm vụ")
    }


def row_alone(text: str, *values: str) -> Grid:
    """A table of one indicator for all columns of the set."""
    grid = annexes.annex_of(load_set(SET))[:2]
    number = text.partition(".")[0]
    return [*grid, [Box(number), Box(""), Box(text), *[Box(value) for value in values * 8][:8]]]


BASIC, INSURED = (
    "Sửa đổi một số chỉ tiêu về xã nông thôn mới",
    "15.1. Tỷ lệ người dân tham gia bảo hiểm y tế (áp dụng đạt cho cả nam và nữ)",
)


@pytest.mark.parametrize(
    ("title", "more", "told"),
    [
        ("Phụ lục II: sửa đổi một số chỉ tiêu về xã nông thôn mới nâng cao", {"day": "2024-03-01"}, "bộ tiêu chí khác"),
        ("Sửa đổi một số chỉ tiêu về huyện nông thôn mới", {"day": "2024-03-01"}, "bộ tiêu chí khác"),
        (f"{BASIC} giai đoạn 2016-2020", {"day": "2024-03-01"}, "bộ tiêu chí khác"),
        (BASIC, {"day": "2042-03-01"}, "ngoài thời gian"),
        (BASIC, {"day": "2012-03-01"}, "ngoài thời gian"),
        (BASIC, {"day": "01/03/2024"}, "FROM"),
        ("ỦY BAN NHÂN DÂN TỈNH YÊN BÁI", {"day": "2022-08-04", "province": "tuyen-quang"}, "YÊN BÁI"),
    ],
)  # fmt: skip
def test_a_table_of_another_set_period_or_province_is_refused(tmp_path, title, more, told):
    with pytest.raises(NtmError, match=told):
        imported(write(tmp_path, row_alone(INSURED, "≥ 92%"), title=title), **more)


def test_an_amount_against_the_wording_beside_it_is_questioned(tmp_path):
    grid = annexes.annex_of(load_set(SET))
    at = row_of(grid, "3.1")  # «… chủ động đạt từ 80% trở lên»
    grid[at] = [box and replace(box, text=box.text.replace("≥ 80", "≥ 85")) for box in grid[at]]
    assert "nội dung ghi 80%, ô ghi 85%" in doubts(imported(write(tmp_path, grid)))


def test_notes_in_below_and_at_the_foot_of_a_table_are_told(tmp_path):
    note = "Ghi chú: mức của Đồng bằng sông Hồng áp dụng từ năm 2023"
    grid = annexes.annex_of(load_set(SET))
    path = write(tmp_path, [*grid, [Box(note, 1, 11), *[None] * 10]])
    assert note in imported(path).left[0]
    path.write_text(path.read_text("utf-8").replace("</table>", "</table><p>(1) Chỉ áp dụng từ năm 2023</p>"), "utf-8")
    assert "(1) Chỉ áp dụng" in imported(path).left[1]


def test_a_decision_names_its_own_number_not_the_one_it_amends(tmp_path):
    letter: Grid = [[Box("THỦ TƯỚNG CHÍNH PHỦ\nSố: 211/QĐ-TTg"), Box("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")]]
    title = f"{BASIC} ban hành kèm theo Quyết định số 318/QĐ-TTg"
    assert (
        imported(write(tmp_path, letter, row_alone(INSURED, "≥ 92%"), title=title), day="2024-03-01").source.document
        == "211/QĐ-TTg"
    )
    assert imported(write(tmp_path, row_alone(INSURED, "≥ 92%"), title=title), day="2024-03-01").source.document == ""
