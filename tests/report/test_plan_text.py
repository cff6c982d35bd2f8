"""The plan is written back from the commune's own sentences: nothing lost, nothing added, nothing changed but corrected slips."""

import csv
import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import paths, tables
from ntm_lib.doc.paper import BLANK
from ntm_lib.doc.tree import Leaf
from ntm_lib.intake.plan_text import lines_of, sentences
from ntm_lib.intake.raw import read_commune
from ntm_lib.report.papers import official
from ntm_lib.report.papers.plan_words import curly, own_plan
from ntm_lib.text.tokens import tidy
from tests.report.reports import made, words_of

FOLDER = paths.communes_folder() / "hung-my"
SOURCE = "sources/05-KH-BCD-2024.txt"


def corrected_lines() -> list[str]:
    """Lines of the plan as it was received, each slip put right as corrections.csv says, without the marks of its transcript."""
    lines = (FOLDER / SOURCE).read_text("utf-8").splitlines()
    with (FOLDER / "corrections.csv").open(encoding="utf-8", newline="") as file:
        for entry in csv.DictReader(file):
            if entry["file"] == SOURCE:
                assert lines[int(entry["row_id"]) - 1].strip() == entry["expect"]
                lines[int(entry["row_id"]) - 1] = entry["value"]
    return [line.strip() for line in lines if line.strip()]


def bare(text: str) -> str:
    """Words without what only marks a list, bold letters or a formula, on one line."""
    text = re.sub("[“”]", '"', text.replace(r"$\geq 83\%$", "≥ 83%").replace("*", ""))
    return " ".join(re.sub(r"(?m)^\s*[-+] ?", "", text).split())


@pytest.fixture(scope="module")
def plan() -> official.OfficialDocument:
    """Without the leaf that is torn off before it is issued."""
    paper = official.plan_document(made())
    return replace(paper, parts=tuple(part for part in paper.parts if not isinstance(part, Leaf)))


def test_the_paper_has_the_words_of_the_plan_and_no_others(plan):
    """From number and day to signature, in its order; the paper adds the agencies and the national title, which the text that was received lacks."""
    wanted = bare("\n".join(corrected_lines()))
    head = plan.parts[0]
    added = [*head.agencies, head.nation, head.motto]
    lines = [line for line in words_of(plan).splitlines() if line not in added]
    assert bare("\n".join(lines)) == wanted


def test_every_slip_that_is_put_right_has_its_reason():
    with (FOLDER / "corrections.csv").open(encoding="utf-8", newline="") as file:
        mine = [entry for entry in csv.DictReader(file) if entry["file"] == SOURCE]
    assert len(mine) == 18 and all(entry["reason"] and entry["decided_by"] for entry in mine)
    assert not [
        entry["id"] for entry in mine if abs(len(entry["value"]) - len(entry["expect"])) > 4
    ]  # letters, no words


@pytest.mark.parametrize(
    "word", ["Giao thôn)", "Phân đầu", "đại bàn", "phòng trào", "kiểm chế", "BCD", "Chính Phủ", "$"]
)
def test_no_slip_of_the_source_is_printed(plan, word):
    assert word not in words_of(plan)


def test_figures_check_their_sentence_and_do_not_make_it():
    """Every figure of the raw rows stands in the sentence that it was taken from."""
    report = made()
    assert report.rows("findings", code="sentence-value") == []
    linked = {name for row in report.rows("sentences") for name in row["observations"].split(";")}
    figures = [
        row
        for row in report.rows("observations", document="05/KH-BCĐ")
        if row["table"] in ("plan", "works", "funding", "production")
    ]
    assert [row["observation"] for row in figures if row["observation"] not in linked] == []


def spoiled(tmp_path, monkeypatch, old: str, new: str):
    """The checks of Hùng Mỹ whose text of the plan says something else than its rows."""
    for name in ("rules", "communes/hung-my"):
        shutil.copytree(paths.raw() / name, tmp_path / "data/raw" / name)
    file = tmp_path / "data/raw/communes/hung-my" / SOURCE
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return made().rows("findings", code="sentence-value")


@pytest.mark.parametrize(
    ("old", "new", "row", "case"),
    [
        ("vận động thêm 56 hộ", "vận động thêm 65 hộ", "HM116", ""), ("Ngân sách tỉnh: 135 triệu", "Ngân sách tỉnh: 153 triệu", "HM140", ""),
        ("0,51 km đường", "5,1 km đường", "HM045", ""), ("Ngân sách tỉnh: 135 triệu đồng", "Tỉnh cấp một phần", "HM140", "missing"),
    ],
)  # fmt: skip
def test_a_sentence_with_another_number_than_its_row_is_a_finding(tmp_path, monkeypatch, old, new, row, case):
    (found,) = spoiled(tmp_path, monkeypatch, old, new)
    assert (found["observation"], found["case"]) == (row, case) and "05/KH-BCĐ" in found["message"]


# ---------------------------------------------------------------- any text


TEXT = """UBND XÃ A
Số: 12/KH-UBND
A, ngày 05 tháng 3 năm 2023
KẾ HOẠCH
Xây dựng nông thôn mới năm 2023
Căn cứ Quyết định số 318/QĐ-TTg ngày 08/3/2022;
Ủy ban nhân dân xã xây dựng kế hoạch như sau:
I. MỤC TIÊU
1. Tiêu chí số 2 (Giao thông): bê tông hóa 2 km đường thôn, hoàn thành trước ngày 30 tháng 9 năm 2023 và bàn giao cho
thôn quản lý.
2. Tiêu chí số 4
- Thay 12 cột điện;
+ cột tại thôn Đông
a) do Điện lực làm.
Trên đây là kế hoạch năm 2023./.
Nơi nhận:
- UBND huyện;
- Lưu: VT.
CHỦ TỊCH
Nguyễn Văn A"""


def test_a_plan_in_other_words_is_read_by_its_form():
    texts = {"12": TEXT.splitlines()}
    found = sentences(lines_of(texts, {"12": "communes/a/sources/p.txt"}), {"12"})
    assert [(s.form, s.number, s.criterion) for s in found][1:] == [
        ("number", "", ""), ("place", "", ""), ("kind", "", ""), ("subject", "", ""), ("base", "", ""), ("opening", "", ""), ("part", "I.", ""),
        ("section", "1.", "2"), ("section", "2.", "4"), ("dash", "", "4"), ("plus", "", "4"), ("letter", "a)", "4"), ("closing", "", "4"),
        ("recipient", "", "4"), ("recipient", "", "4"), ("signer", "", "4"), ("signer", "", "4"),
    ]  # fmt: skip
    assert found[8].text.endswith("bàn giao cho thôn quản lý.")  # torn apart by the width of the line
    assert [s.section for s in found if s.form in ("section", "signer")] == ["I.1", "I.2", "", ""]


@pytest.mark.parametrize(
    ("old", "new", "forms"),
    [
        ("Số: 12/KH-UBND\nA, ngày 05 tháng 3 năm 2023", "Số: 12/KH-UBND    A, ngày 05 tháng 3 năm 2023", ["agency", "number", "place", "kind", "subject", "base"]),
        ("Căn cứ Quyết định số 318/QĐ-TTg ngày 08/3/2022;\n", "", ["agency", "number", "place", "kind", "subject", "opening", "part"]),
        ("UBND XÃ A\n", "UBND HUYỆN B\nUBND XÃ A\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n", ["agency", "agency", "agency", "agency", "number"]),
        ("I. MỤC TIÊU", "A. MỤC TIÊU", ["agency", "number", "place", "kind", "subject", "base", "opening", "part", "section"]),
        ("I. MỤC TIÊU\n", "", ["agency", "number", "place", "kind", "subject", "base", "opening", "section"]),
    ],
)  # fmt: skip
def test_heads_of_plans_differ_and_none_swallows_the_body(old, new, forms):
    assert old in TEXT
    found = sentences(lines_of({"12": TEXT.replace(old, new).splitlines()}, {"12": "communes/a/sources/p.txt"}), {"12"})
    assert [s.form for s in found][: len(forms)] == forms
    assert [s.form for s in found][-2:] == ["signer", "signer"]


@given(st.lists(st.text("Đường thôn bê tông 12,5 km; -+.():aI1", min_size=1, max_size=40), max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_word_of_a_plan_is_lost(lines):
    """Whatever stands between head and end: its words come out in their order, with the number or mark in front."""
    text = ["KẾ HOẠCH", "Năm 2023", "I. MỤC TIÊU.", *lines]
    found = sentences(lines_of({"1": text}, {"1": "communes/a/sources/p.txt"}), {"1"})
    marks = {"dash": "", "plus": ""}
    out = "".join(f"{marks.get(s.form, s.number)}{s.text}" for s in found if s.form not in ("recipient", "signer"))
    assert re.sub(r"[\s+–•*-]", "", out) == re.sub(r"[\s+–•*-]", "", "".join(tidy(line) for line in text))


@given(st.lists(st.text("chung sức “” xây dựng", min_size=1, max_size=12), max_size=6))
@settings(max_examples=40, deadline=None)
def test_straight_quotation_marks_become_those_of_a_paper_and_no_word_changes(pieces):
    text = " ".join(f'"{piece}"' if place % 2 else piece for place, piece in enumerate(pieces))
    assert re.sub("[“”]", '"', curly(text)) == re.sub("[“”]", '"', text)
    assert re.search('"[^"]+"', curly(text)) is None


def test_only_a_plan_is_written_back():
    raw = read_commune("hung-my")
    assert sentences(lines_of(raw.texts, raw.text_files), set()) == []


def test_a_plan_of_the_district_is_not_the_communes():
    report = made()
    of_the_district = {"05/KH-BCĐ": report.documents["05/KH-BCĐ"] | {"issuer": "UBND huyện Chiêm Hóa"}}
    assert own_plan(report) == ("05/KH-BCĐ", 2024)
    assert own_plan(replace(report, documents=of_the_district)) == ("", 0)


def test_without_a_text_the_rows_are_quoted(plan):
    """The same criterion and the same words, under the usual headings; an open place where no row says anything."""
    report = replace(made(), sentences=tables.empty("sentences"))
    words = words_of(official.plan_document(report))
    assert own_plan(report) == ("", 0)
    for quote in (
        "Thôn Nặm Kép: Tuyến Nà Phéc",
        "kế hoạch 2024 vận động thêm 56 hộ thực hiện nhà tiêu tự hoại",
        "Ngân sách tỉnh: 135 triệu đồng.",
    ):
        assert quote.casefold() in words.casefold()
    lines = [line for line in words.splitlines() if line]
    assert lines[lines.index("2.7. Tiêu chí số 7 (Cơ sở hạ tầng thương mại nông thôn):") + 1] == BLANK


# ---------------------------------------------------------------- the next year


@pytest.fixture(scope="module")
def proposed() -> str:
    """The plan of 2025, where what was planned for 2024 has become its results."""
    report = made()
    result = report.observations[report.observations["kind"] == "measured"].head(1)
    told = pd.concat([report.observations, result.assign(observation="R1", year=2024)])
    known = (report.indicators["year"] == 2024) & (report.indicators["numerator"] != "")
    indicators = report.indicators.assign(basis=report.indicators["basis"].where(~known, "measured"))
    return words_of(official.plan_document(replace(report, observations=told, indicators=indicators)))


@pytest.mark.parametrize(
    "words",
    [
        "KẾ HOẠCH (DỰ THẢO)", f"Số: {BLANK}/KH-BCĐ", "năm 2025, xã Hùng Mỹ",
        "bộ tiêu chí quốc gia về xã nông thôn mới nâng cao giai đoạn 2021 - 2025;",
        f"[Căn cứ Quyết định số {BLANK} ngày {BLANK} của UBND huyện Chiêm Hóa, về việc phê duyệt phân bổ vốn sự nghiệp Chương trình mục tiêu Quốc gia giảm nghèo bền vững huyện Chiêm Hóa năm 2025;]",
        "Nhà tiêu hợp vệ sinh: Đã đạt chuẩn [1.332/1.413 hộ (94,27%)], kế hoạch 2025 [",
        f"Bê tông hóa [{BLANK}; năm 2024: 0,51 km] đường Nà Khện", "hết năm 2024 xã đã hoàn thành", "Quy định quản lý quy hoạch chung xã Hùng Mỹ đến năm 2030",
        "đạt chuẩn nông thôn mới năm 2022, và kế hoạch đến năm 2025.", "đạt chuẩn [19/19 tiêu chí] xã nông thôn mới", "chưa hoàn thành: [Không]",
        f"([{BLANK}; năm 2024: 01 trạm] tại thôn Nặm Kép; [{BLANK}; năm 2024: 01 trạm] tại khu dân cư",
    ],
)  # fmt: skip
def test_next_years_plan_keeps_the_sentences_and_proposes_figures_in_brackets(proposed, words):
    assert words in proposed


def test_no_figure_of_last_year_stands_in_next_years_plan_unmarked(proposed):
    unmarked = re.sub(r"\[[^\]]*\]", "", proposed)
    assert not re.search(r"1\.276|8\.321,7|485,3|0,51|56 hộ|49 triệu", unmarked)


def test_under_a_scenario_nothing_wears_the_number_and_day_of_the_plan_that_was_issued():
    words = words_of(official.plan_document(made(scenario="nua-ke-hoach")))
    assert f"Số: {BLANK}/KH-BCĐ" in words and "Số: 05/KH-BCĐ" not in words


def test_a_plan_for_a_year_beyond_the_rules_is_not_made_and_the_reason_is_told():
    """Results of 2025 may be reported by the set of 2021–2025; the plan of 2026 may not."""
    report = made()
    later = report.observations[report.observations["kind"] == "measured"].head(1).assign(observation="R1", year=2025)
    known = report.indicators[report.indicators["year"] == 2024].assign(year=2025)
    of_2025 = replace(
        report,
        parameters=replace(report.parameters, year=2025),
        observations=pd.concat([report.observations, later]),
        indicators=known,
    )
    assert (
        official.left_out(of_2025)
        == "Không lập kế hoạch năm 2026: bộ tiêu chí Nông thôn mới 2021–2025 không áp dụng cho năm đó."
    )
    assert official.left_out(report) == ""
