"""Official documents: what they say of Hùng Mỹ, the form of Decree 30, and that no text of the data runs."""

import io
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pikepdf
import pytest

from ntm_lib.doc.notebook import Document
from ntm_lib.doc.paper import BLANK, Item, numbered, roman, table
from ntm_lib.doc.pdf import document_pdf
from ntm_lib.doc.tree import Column, Heading, Paragraph
from ntm_lib.errors import NtmError
from ntm_lib.parameters import Parameters
from ntm_lib.report.context import Report, load_report
from ntm_lib.report.facts import plan_items, plan_year, result_year
from ntm_lib.report.papers import official
from ntm_lib.report.papers.form import bases, letterhead, place_name, signature
from ntm_lib.report.sections import first_page as letterhead_of_the_report
from tests.doc.test_blocks import HOSTILE, _Reader

LONG = "Rất" * 3_334  # ten thousand letters without a place to break
FREE_TEXT = {
    "observations": ("item", "village", "quote", "note", "document"),
    "sentences": ("text",),
    "works": ("item", "village", "place", "source", "builder", "deadline", "state", "unit"),
    "funding": ("name",),
    "findings": ("message", "action", "text"),
    "indicators": ("note",),
}


@cache
def made(
    commune: str = "hung-my",
    year: int = 2024,
    rule_set: str = "ntm-2021-2025",
    language: str = "vi",
    scenario: str = "",
) -> Report:
    """The report of a commune of the project, processed anew into a folder of its own."""
    from ntm_lib import intake
    from ntm_lib.stages.clean_stage import check_run, save
    from ntm_lib.stages.judge_stage import judge_run

    run = Parameters(commune=commune, year=year, rule_set=rule_set, language=language, scenario=scenario)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NTM_PROCESSED"] = folder
        try:
            cleaned = intake.clean(intake.read_commune(commune, language), language)
            save(cleaned, check_run(cleaned, run), Path(folder), run)
            judge_run(run, Path(folder))
            return load_report(run)
        finally:
            del os.environ["NTM_PROCESSED"]


@cache
def hostile() -> Report:
    """Hùng Mỹ with something hostile in every cell that holds free text, and in the names of the commune."""
    report, words = made(), [*HOSTILE, '=HYPERLINK("http://x")', "+1+cmd|'/c calc'!A0", "@SUM(A1)", "-2+3", LONG]
    tables = {
        name: getattr(report, name).assign(
            **{column: _poisoned(getattr(report, name)[column], words, i) for i, column in enumerate(columns)}
        )
        for name, columns in FREE_TEXT.items()
    }
    names = {"name": HOSTILE[0] + HOSTILE[3], "district": HOSTILE[5], "province": "=1+1" + HOSTILE[7]}
    documents = {key: row | {"title": HOSTILE[1], "issuer": HOSTILE[3]} for key, row in report.documents.items()}
    return replace(report, **tables, commune={**report.commune, **names}, documents=documents)


def _poisoned(column: pd.Series, words: list[str], start: int) -> list[str]:
    return [words[(start + i) % len(words)] if text else "" for i, text in enumerate(column)]


def words_of(document: official.OfficialDocument) -> str:
    """Plain text; a space that must not break is a space."""
    return document.block.text.replace("\N{NO-BREAK SPACE}", " ")


def headings(document: official.OfficialDocument) -> list[str]:
    return [f"{part.number} {part.text}" for part in document.parts if isinstance(part, Heading)]


@pytest.fixture(scope="module")
def plan() -> official.OfficialDocument:
    return official.plan_document(made())


@pytest.fixture(scope="module")
def assessment() -> official.OfficialDocument:
    return official.assessment_document(made())


# ---------------------------------------------------------------- the plan


def test_numbers_of_headings_follow_one_another():
    parts = [Heading(level, "x") for level in (2, 3, 4, 4, 3, 2, 3, 4)]
    assert [part.number for part in numbered(parts)] == ["I.", "1.", "1.1.", "1.2.", "2.", "II.", "1.", "1.1."]


def test_a_heading_without_one_above_it_is_refused():
    with pytest.raises(ValueError, match="none above"):
        numbered([Heading(2, "x"), Heading(4, "y")])


def test_roman_numbers():
    assert [roman(n) for n in (1, 4, 6, 9, 14)] == ["I", "IV", "VI", "IX", "XIV"]


def test_bases_are_cited_each_with_its_end():
    lines = [part.text for part in bases(made(), 2024)]
    assert len(lines) == 9
    assert lines[0].startswith("Căn cứ Quyết định số 318/QĐ-TTg ngày 08/3/2022") and lines[-1].startswith(
        "Thực hiện Nghị quyết số 08-NQ/ĐU"
    )
    assert all(line.endswith(";") for line in lines[:-1]) and lines[-1].endswith(".") and ".." not in "".join(lines)


def test_bases_of_another_year_are_left_out():
    lines = [part.text for part in bases(made(year=2026, rule_set="ntm-2026-2030"), 2027)]
    assert "51/2025/QĐ-TTg" in lines[0]
    assert not any(old in line for line in lines for old in ("318/QĐ-TTg", "01/QĐ-UBND", "năm 2024"))


def test_a_commune_without_bases_gets_the_rule_set_and_an_open_place():
    lines = [part.text for part in bases(made("my-bang"), 2024)]
    assert len(lines) == 4 and "318/QĐ-TTg" in lines[0] and BLANK in lines[-1]
    assert (
        lines[1]
        == "Căn cứ Quyết định số 211/QĐ-TTg ngày 01 tháng 3 năm 2024 của Thủ tướng Chính phủ sửa đổi, bổ sung một số tiêu chí, chỉ tiêu của các bộ tiêu chí quốc gia 2021–2025;"
    )


def test_recipients_end_with_the_archive_and_spell_the_committee_right():
    recipients = signature(made()).recipients
    assert recipients[0] == "- UBND huyện;" and recipients[-1] == "- Lưu: BCĐ."
    assert all(line.endswith(";") for line in recipients[:-1])


def test_who_signs_stands_line_by_line():
    assert signature(made()).signer == ("TM. BAN CHỈ ĐẠO XÃ", "KT. TRƯỞNG BAN", "PHÓ BAN")


# ---------------------------------------------------------------- before signing


def test_the_leaf_says_what_is_open_and_who_has_it():
    """An error of another year names it; whoever the plan has given a criterion stands beside what it lacks."""
    points = official.assessment_document(made(year=2023)).parts[0].points
    assert points[0][0].startswith("Năm 2021: ghi 8 tiêu chí")
    declared = next(point for point in points if "mới theo công bố" in point[0])
    assert declared[1] == "Mặt trận Tổ quốc các Tổ chức chính trị - Xã hội (tiêu chí 17)"
    assert any(point[0].startswith("0/68 mức quy định đã đối chiếu") for point in points)
    assert any("dân số 6.121" in point[0] for point in points)


def test_the_leaf_of_the_plan_says_what_it_is():
    said = official.plan_document(made()).parts[0].lines
    assert said == (
        (
            "Văn bản này",
            "In lại đúng lời văn của Kế hoạch 05/KH-BCĐ; chỉ sửa 18 dòng có lỗi gõ hoặc đánh số, lý do ghi trong bảng đính chính.",
        ),
    )


@pytest.mark.parametrize(
    ("kind", "title"),
    [("advantage", "Thuận lợi"), ("difficulty", "Khó khăn"), ("cause", "Nguyên nhân"), ("lesson", "Bài học kinh nghiệm"), ("example", "Mô hình, cách làm hay"), ("proposal", "ĐỀ XUẤT, KIẾN NGHỊ")],
)  # fmt: skip
def test_what_the_commune_tells_stands_under_its_heading(kind, title):
    told = made().provisions.head(1).assign(kind=kind, item="", value="Thôn Cao Bình tự quản rác tốt", document="")
    parts = official.assessment_document(replace(made(year=2023), provisions=told)).parts
    at = next(i for i, part in enumerate(parts) if isinstance(part, Heading) and part.text == title)
    assert Item("Thôn Cao Bình tự quản rác tốt.") in parts[at + 1 : at + 3]
    titles = [part.text for part in official.assessment_document(made(year=2023)).parts if isinstance(part, Heading)]
    assert "Bài học kinh nghiệm" not in titles  # nothing told, nothing invented


# ---------------------------------------------------------------- agencies by date


def test_the_committee_stands_under_its_commune_and_the_place_names_the_district_before_july_2025():
    head = letterhead(made(), "KH", "KẾ HOẠCH", "x")
    assert head.agencies == ("ỦY BAN NHÂN DÂN XÃ HÙNG MỸ", "BAN CHỈ ĐẠO CHƯƠNG TRÌNH MTQG XÂY DỰNG NÔNG THÔN MỚI")
    assert place_name(made()) == "xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang"


def test_whoever_signed_the_plan_is_named_below_the_signature():
    assert (signature(made()).below, signature(made()).hint) == (("Chủ tịch UBND xã", "Ma Đình Sắc"), "")
    assert signature(made(year=2026, rule_set="ntm-2026-2030")).below == ()  # nobody knows who signs two years later


@pytest.mark.parametrize(
    ("commune", "place"),
    [
        ("my-bang", "xã Mỹ Bằng (nay thuộc phường Mỹ Lâm), tỉnh Tuyên Quang"), ("an-thoi-dong", "xã An Thới Đông, thành phố Hồ Chí Minh"),
        ("trang-da", "xã Tràng Đà (nay thuộc phường Nông Tiến), tỉnh Tuyên Quang"),
    ],
)  # fmt: skip
def test_every_unit_has_the_kind_of_the_register(commune, place):
    report = made(commune, 2026, "ntm-2026-2030")
    assert place_name(report) == place == letterhead_of_the_report.place_name(report).replace("\N{NO-BREAK SPACE}", " ")


def test_after_july_2025_no_line_names_a_district_and_the_new_commune_issues():
    report = made(year=2026, rule_set="ntm-2026-2030")
    document = official.plan_document(report)
    head, names = letterhead(report, "KH", "KẾ HOẠCH", "x"), signature(report)
    assert head.agencies[0] == "ỦY BAN NHÂN DÂN XÃ TÂN MỸ" and head.place.startswith("Tân Mỹ, ngày")
    assert place_name(report) == "xã Hùng Mỹ (nay thuộc xã Tân Mỹ), tỉnh Tuyên Quang"
    assert names.recipients[0] == "- UBND tỉnh Tuyên Quang;"
    assert "huyện" not in " ".join([*head.agencies, document.title, *names.recipients]).casefold()


# ---------------------------------------------------------------- the report on results


def test_the_report_speaks_of_the_year_with_results_the_plan_of_the_next():
    assert (result_year(made()), plan_year(made())) == (2023, 2024)
    assert (result_year(made(year=2023)), plan_year(made(year=2023))) == (2023, 2024)


def test_the_report_has_the_sections_of_the_form(assessment):
    first = [part.text for part in assessment.parts if isinstance(part, Heading) and part.level == 2]
    assert first == [
        "ĐẶC ĐIỂM TÌNH HÌNH", "KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ", "KẾT QUẢ HUY ĐỘNG, SỬ DỤNG NGUỒN LỰC",
        "TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", "NHIỆM VỤ NĂM 2024", "ĐỀ XUẤT, KIẾN NGHỊ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "Đến hết năm 2023 xã đạt 19/19 tiêu chí; trong đó 18 tiêu chí theo công bố của xã, chưa đủ số liệu của mọi chỉ tiêu.",
        "17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh: 1.276/1.413 hộ (90,30%), yêu cầu ≥ 70%: đạt.",
        "Số hộ: 1.413 hộ (năm 2023, theo Kế hoạch số 05/KH-BCĐ).",
        f"Khu vực vùng đồng bào dân tộc thiểu số và miền núi: {BLANK}",
        f"Tổng kinh phí năm 2023: {BLANK} triệu đồng, chia theo nguồn: {BLANK}",
    ],
)
def test_the_report_says_what_is_known_and_leaves_the_rest_open(assessment, sentence):
    assert sentence in words_of(assessment)


def test_an_unmet_indicator_is_a_shortcoming_with_its_distance():
    text = words_of(official.assessment_document(made("ngoc-hoi", 2022)))
    report = made("ngoc-hoi", 2022)
    unmet = report.rows("indicators", year=2022, verdict="unmet")
    assert unmet or "chưa đạt:" not in text
    for row in unmet:
        assert f"Chỉ tiêu {row['indicator']}{row['part']}" in text


def test_a_commune_of_which_little_is_known_is_not_said_to_have_failed():
    text = words_of(official.assessment_document(made("my-bang")))
    assert "trong 19 tiêu chí xã có số liệu hoặc công bố đạt 2 tiêu chí; 17 tiêu chí chưa có số liệu" in text


def test_making_documents_changes_no_table():
    report = made()
    before = {name: getattr(report, name).copy() for name in FREE_TEXT}
    official.plan_document(report), official.assessment_document(report)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, getattr(report, name))


def test_targets_of_the_plan_are_found_under_their_criterion():
    assert [row["observation"] for row in plan_items(made(), "11")] == ["HM092", "HM093", "HM094"]


# ---------------------------------------------------------------- forms


def test_a_table_refuses_rows_of_another_length():
    with pytest.raises(ValueError, match="columns"):
        table("x", [Column("a")], [["1", "2"]])


@pytest.mark.parametrize(
    "part",
    [
        Paragraph("a < b"),
        Heading(2, "a < b", number="I."),
        Item("a < b"),
        table("a < b", [Column("c", width=1)], [["a < b"]]),
    ],
)
def test_every_part_carries_its_words_in_every_form(part):
    block = official.OfficialDocument("t", "vi", "2023-12-31", "", (part,)).block
    assert "a < b" in block.text and "a &lt; b" in block.html and re.search(r'"[^"]*a < b"', block.typst)


def _pdf(document: official.OfficialDocument, font: str = "") -> bytes:
    properties = Document(document.title, document.language, document.scenario, document.date, "", "")
    return document_pdf(document.block.typst, properties, font=font)


def test_the_pdf_is_tagged_archivable_a4_and_the_same_every_time(plan):
    data = _pdf(plan)
    pdf = pikepdf.open(io.BytesIO(data))
    assert data == _pdf(plan)
    assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang).startswith("vi")
    assert b"pdfuaid" in pdf.Root.Metadata.read_bytes() and b"pdfaid" in pdf.Root.Metadata.read_bytes()
    assert [round(float(edge)) for edge in pdf.pages[0].MediaBox] == [0, 0, 595, 842]


@pytest.mark.parametrize("lines", range(28, 40))
def test_the_signature_never_stands_alone_on_a_page(lines):
    """However long the text is: the last words stand on the page of the signature."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    parts = (*(Paragraph(f"Dòng {n}") for n in range(lines)), Paragraph("Lời cuối./.", closing=True), signature(made()))
    done = subprocess.run(
        ["pdftotext", "-", "-"],
        input=_pdf(official.OfficialDocument("t", "vi", "2023-12-31", "", parts)),
        capture_output=True,
        check=True,
    )
    pages = done.stdout.decode().split("\f")
    assert ["Lời cuối" in page for page in pages] == ["Nơi nhận" in page for page in pages]


def test_a_font_that_the_machine_has_not_is_refused_by_name(plan):
    with pytest.raises(NtmError, match="Phông Không Có"):
        _pdf(plan, "Phông Không Có")


def test_a_font_of_the_machine_is_used(plan):
    from ntm_lib.doc.pdf import _fonts

    packaged = (
        "Be Vietnam Pro",
        "Liberation Serif",
        "NTM Symbols",
        "Libertinus Serif",
        "New Computer Modern",
        "New Computer Modern Math",
        "DejaVu Sans Mono",
    )
    family = next(
        (
            name
            for name in ("Times New Roman", "Liberation Serif", "DejaVu Serif")
            if name in _fonts().families() and name not in packaged
        ),
        "",
    )
    if not family:
        pytest.skip("no further serif on this machine")
    names = {
        str(font.BaseFont).split("+")[-1]
        for page in pikepdf.open(io.BytesIO(_pdf(plan, family))).pages
        for font in page.Resources.Font.values()
    }
    assert any(name.startswith(family.replace(" ", "")) for name in names)


# ---------------------------------------------------------------- all files


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("documents")
    official.write_documents(made(), place)
    return place


def test_all_files_are_written_and_named(folder):
    assert sorted(path.name for path in folder.iterdir()) == sorted(official.FILES)


def test_the_same_tables_give_the_same_bytes(folder, tmp_path):
    for path in official.write_documents(made(), tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_documents_speak_english(tmp_path):
    written = official.write_documents(made(language="en"), tmp_path)
    assert len(written) == len(official.FILES)
    own, without = made(language="en"), replace(made(language="en"), sentences=made().sentences.head(0))
    assert "AIMS AND REQUIREMENTS" in words_of(official.plan_document(without))
    assert "MỤC ĐÍCH, YÊU CẦU." in words_of(official.plan_document(own))  # the commune's own words are not translated


def test_under_a_scenario_every_document_says_so(tmp_path):
    report = made(scenario="ke-hoach-2024")
    assert "Thực hiện đủ kế hoạch năm 2024" in official.plan_document(report).scenario
    official.write_documents(report, tmp_path)
    assert "KỊCH BẢN" in (tmp_path / "thong-tin-cong-khai.html").read_text("utf-8")


def test_the_plan_brings_its_annexes_and_the_report_those_it_cites(folder):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    plan_text, report_text = (pdf_words(folder / name) for name in ("ke-hoach.pdf", "bao-cao.pdf"))
    assert all(f"Biểu {i:02}" in plan_text for i in range(1, 8))
    assert "Biểu 01" in report_text and not re.search(
        "Biểu 0[2-7]", report_text
    )  # no village has a figure: they would repeat it


def pdf_words(path: Path) -> str:
    """Text of a PDF with single spaces."""
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode("utf-8", "replace").split())


# ---------------------------------------------------------------- hostile texts


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("hostile")
    official.write_documents(hostile(), place)
    return place


def test_hostile_texts_are_shown_and_make_nothing_in_the_html():
    for document in (official.plan_document(hostile()), official.assessment_document(hostile())):
        page = _Reader(document.block.html)
        assert not {"script", "img", "style", "b", "title"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in _Reader(official.plan(hostile()).html).text


def test_hostile_texts_are_literals_in_the_typst():
    source = official.plan_document(hostile()).block.typst
    outside = re.sub(r'"(?:[^"\\]|\\["\\])*"', "", source)
    assert not any(word in outside for word in ("panic", "read(", "eval", "alert", "script"))


@pytest.mark.parametrize("name", ["bao-cao.pdf", "ke-hoach.pdf", "thong-tin-cong-khai.pdf"])
def test_no_pdf_of_hostile_texts_has_an_action(hostile_folder, name):
    pdf = pikepdf.open(hostile_folder / name)
    assert "/Names" not in pdf.Root or "/JavaScript" not in pdf.Root.Names
    assert "/OpenAction" not in pdf.Root and "/AA" not in pdf.Root
    actions = [note.A.S for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note]
    assert not {"/JavaScript", "/Launch", "/URI", "/SubmitForm"} & set(map(str, actions))


def test_the_pdf_shows_what_was_written(hostile_folder):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    text = pdf_words(hostile_folder / "ke-hoach.pdf")
    for shown in ("<script>alert(1)</script>", "[U+202E]", "{{ 7*7 }}", "=SUM(A1:A9)"):
        assert shown.replace(" ", "") in text.replace(" ", ""), shown


def test_a_word_of_ten_thousand_letters_runs_over_lines_and_pages_not_off_the_paper():
    document = official.OfficialDocument("t", "vi", "2023-12-31", "", (Paragraph(LONG), Item(LONG)))
    assert len(pikepdf.open(io.BytesIO(_pdf(document))).pages) > 4
