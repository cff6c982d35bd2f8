"""Official documents: what they say of Hùng Mỹ, the form of Decree 30, names of units, and that no text of the data runs."""

import io
import re
from dataclasses import replace

import pandas as pd
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.doc.notebook import Document
from ntm_lib.doc.paper import BLANK, Item, OfficialDocument, numbered, roman, table
from ntm_lib.doc.pdf import _fonts, document_pdf
from ntm_lib.doc.tree import Column, Heading, Leaf, Paragraph
from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.places import registry
from ntm_lib.report.facts import plan_items, plan_year, result_year
from ntm_lib.report.papers import leaf, official
from ntm_lib.report.papers.form import (
    LAST_DAY_OF_DISTRICTS,
    bases,
    commune_kind,
    day_in_words,
    letterhead,
    named,
    next_year,
    place_name,
    signature,
    upper_kinds,
)
from ntm_lib.report.sections import first_page
from tests.doc.test_blocks import _Reader
from tests.report.reports import FREE_TEXT, LONG, folder, hostile, made, pdf_words, words_of

OF_2026 = {"year": 2026, "rule_set": "ntm-2026-2030"}
PACKAGED = (
    "Be Vietnam Pro", "Liberation Serif", "NTM Symbols", "Libertinus Serif", "New Computer Modern", "New Computer Modern Math", "DejaVu Sans Mono",
)  # fmt: skip


def titles(document: OfficialDocument, level: int = 0) -> list[str]:
    return [part.text for part in document.parts if isinstance(part, Heading) and level in (0, part.level)]


def paper(*parts) -> OfficialDocument:
    return OfficialDocument("t", "vi", "2023-12-31", "", parts)


def pdf_of(document: OfficialDocument, font: str = "") -> bytes:
    properties = Document(document.title, document.language, document.scenario, document.date, "", "")
    return document_pdf(document.block.typst, properties, font=font)


@pytest.fixture(scope="module")
def plan() -> OfficialDocument:
    return official.plan_document(made())


@pytest.fixture(scope="module")
def assessment() -> OfficialDocument:
    return official.assessment_document(made())


# ---------------------------------------------------------------- the form


def test_numbers_of_headings_follow_one_another():
    parts = [Heading(level, "x") for level in (2, 3, 4, 4, 3, 2, 3, 4)]
    assert [part.number for part in numbered(parts)] == ["I.", "1.", "1.1.", "1.2.", "2.", "II.", "1.", "1.1."]
    assert [roman(n) for n in (1, 4, 6, 9, 14)] == ["I", "IV", "VI", "IX", "XIV"]
    with pytest.raises(ValueError, match="none above"):
        numbered([Heading(2, "x"), Heading(4, "y")])


def test_bases_are_cited_each_with_its_end():
    lines = [part.text for part in bases(made(), 2024)]
    assert len(lines) == 9 and lines[0].startswith("Căn cứ Quyết định số 318/QĐ-TTg ngày 08/3/2022")
    assert lines[-1].startswith("Thực hiện Nghị quyết số 08-NQ/ĐU")
    assert all(line.endswith(";") for line in lines[:-1]) and lines[-1].endswith(".") and ".." not in "".join(lines)
    assert not re.search('["«»]', "".join(lines))  # one kind of quotation marks, whatever was typed


def test_bases_of_another_year_are_left_out():
    lines = [part.text for part in bases(made(**OF_2026), 2027)]
    assert "51/2025/QĐ-TTg" in lines[0]
    assert not any(old in line for line in lines for old in ("318/QĐ-TTg", "01/QĐ-UBND", "năm 2024"))


def test_a_commune_without_bases_gets_the_rule_set_and_an_open_place():
    lines = [part.text for part in bases(made("my-bang"), 2024)]
    assert len(lines) == 4 and "318/QĐ-TTg" in lines[0] and BLANK in lines[-1]
    assert lines[1] == (
        "Căn cứ Quyết định số 211/QĐ-TTg ngày 01 tháng 3 năm 2024 của Thủ tướng Chính phủ sửa đổi, bổ sung một số tiêu chí, "
        "chỉ tiêu của các bộ tiêu chí quốc gia 2021–2025;"
    )


def test_recipients_end_with_the_archive_and_whoever_signed_the_plan_is_named():
    signed = signature(made())
    assert signed.recipients[0] == "- UBND huyện;" and signed.recipients[-1] == "- Lưu: BCĐ."
    assert all(line.endswith(";") for line in signed.recipients[:-1])
    assert signed.signer == ("TM. BAN CHỈ ĐẠO XÃ", "KT. TRƯỞNG BAN", "PHÓ BAN")
    assert (signed.below, signed.hint) == (("Chủ tịch UBND xã", "Ma Đình Sắc"), "")
    assert signature(made(**OF_2026)).below == ()  # nobody knows who signs two years later


@pytest.mark.parametrize(
    ("iso", "words"),
    [("2023-12-31", "ngày 31 tháng 12 năm 2023"), ("2024-02-05", "ngày 05 tháng 02 năm 2024"), ("2024-04-04", "ngày 04 tháng 4 năm 2024"), ("2023-07", "tháng 7/2023"), ("2019", "2019")],
)  # fmt: skip
def test_a_day_is_written_as_the_decree_asks(iso, words):
    assert day_in_words(made(), iso) == words


def test_a_formed_commune_with_too_few_figures_is_told_what_it_was_formed_from(monkeypatch):
    formed = "Xã này được lập từ hai xã cũ."
    monkeypatch.setattr(leaf, "merger_text", lambda report: formed)
    assert Paragraph(formed) in list(leaf.thin_parts(made(**OF_2026 | {"commune": "an-thoi-dong"})))
    assert Paragraph(formed) not in list(
        leaf.thin_parts(made("my-bang"))
    )  # it went into another: no part of what it has


def test_what_next_year_asks_otherwise_is_told_and_nothing_where_nothing_changes():
    told = [next_year(made(), year).replace("\N{NO-BREAK SPACE}", " ") for year in (2023, 2024, 2025)]
    assert told[0].endswith("15.4 xã triển khai thực hiện sổ khám chữa bệnh điện tử: đạt (năm 2023: ≥ 50%).")
    level = "≥ 48 triệu đồng/người/năm (năm 2024: ≥ 45 triệu đồng/người/năm)."
    assert told[1:] == [f"Sang năm 2025, yêu cầu thay đổi: 10.1 thu nhập bình quân đầu người: {level}", ""]


# ---------------------------------------------------------------- before signing


def test_the_leaf_says_what_is_open_and_who_has_it():
    """An error of another year names it; whoever the plan has given a criterion stands beside what it lacks."""
    page = official.assessment_document(made(year=2023)).parts[0]
    points = dict(page.points)
    assert page.columns == ("Việc", "Ai") and page.points[0][0].startswith("Năm 2021: ghi 8 tiêu chí")
    declared = next(what for what in points if "mới theo công bố" in what)
    assert points[declared] == "Mặt trận Tổ quốc các Tổ chức chính trị - Xã hội (tiêu chí 17)"
    assert any(what.startswith("0/68 mức quy định đã đối chiếu") for what in points)
    assert any("dân số 6.121 người" in what for what in points)
    assert "Hạn" not in dict(page.lines)  # the plan sets a day for the report on 2024, none for that on 2023


def test_the_leaf_says_when_the_report_is_due_where_the_plan_does():
    report = made(year=2023)
    schedule = report.schedule.assign(deadline=report.schedule["deadline"].str.replace("2024", "2023"))
    lines = dict(official.assessment_document(replace(report, schedule=schedule)).parts[0].lines)
    assert lines["Hạn"] == "hoàn thành báo cáo đánh giá: quý IV năm 2023"


def test_the_leaf_of_the_plan_says_what_it_is_and_has_no_empty_column(plan):
    page = plan.parts[0]
    text = "In lại đúng lời văn của Kế hoạch 05/KH-BCĐ; chỉ sửa 18 dòng có lỗi gõ hoặc đánh số, lý do ghi trong bảng đính chính."
    assert page.lines == (("Văn bản này", text),) and page.columns == ("Việc",)


@pytest.mark.parametrize(
    ("kind", "title"),
    [("advantage", "Thuận lợi"), ("difficulty", "Khó khăn"), ("cause", "Nguyên nhân"), ("lesson", "Bài học kinh nghiệm"), ("example", "Mô hình, cách làm hay"), ("proposal", "ĐỀ XUẤT, KIẾN NGHỊ")],
)  # fmt: skip
def test_what_the_commune_tells_stands_under_its_heading(kind, title):
    told = made().provisions.head(1).assign(kind=kind, item="", value="Thôn Cao Bình tự quản rác tốt", document="")
    parts = official.assessment_document(replace(made(year=2023), provisions=told)).parts
    at = next(i for i, part in enumerate(parts) if isinstance(part, Heading) and part.text == title)
    assert Item("Thôn Cao Bình tự quản rác tốt.") in parts[at + 1 : at + 3]
    assert "Bài học kinh nghiệm" not in titles(official.assessment_document(made(year=2023)))  # nothing invented


# ---------------------------------------------------------------- agencies and names by date


def test_the_committee_stands_under_its_commune():
    head = letterhead(made(), "KH", "KẾ HOẠCH", "x")
    assert head.agencies == ("ỦY BAN NHÂN DÂN XÃ HÙNG MỸ", "BAN CHỈ ĐẠO CHƯƠNG TRÌNH MTQG XÂY DỰNG NÔNG THÔN MỚI")
    assert place_name(made()) == "xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang"


@pytest.mark.parametrize(
    ("commune", "place"),
    [
        ("my-bang", "xã Mỹ Bằng (nay thuộc phường Mỹ Lâm), tỉnh Tuyên Quang"), ("an-thoi-dong", "xã An Thới Đông, thành phố Hồ Chí Minh"),
        ("trang-da", "xã Tràng Đà (nay thuộc phường Nông Tiến), tỉnh Tuyên Quang"),
    ],
)  # fmt: skip
def test_every_unit_has_the_kind_of_the_register(commune, place):
    report = made(commune, **OF_2026)
    assert place_name(report) == place == first_page.place_name(report).replace("\N{NO-BREAK SPACE}", " ")


def test_after_july_2025_no_line_names_a_district_and_the_new_commune_issues():
    report = made(**OF_2026)
    head, names = letterhead(report, "KH", "KẾ HOẠCH", "x"), signature(report)
    assert head.agencies[0] == "ỦY BAN NHÂN DÂN XÃ TÂN MỸ" and head.place.startswith("Tân Mỹ, ngày")
    assert place_name(report) == "xã Hùng Mỹ (nay thuộc xã Tân Mỹ), tỉnh Tuyên Quang"
    assert names.recipients[0] == "- UBND tỉnh Tuyên Quang;"
    said = [*head.agencies, official.plan_document(report).title, *names.recipients]
    assert "huyện" not in " ".join(said).casefold()


UNITS = [unit for unit in registry.units() if unit.district and unit.kind in ("xã", "thị trấn", "phường")]
KINDS = re.compile(r"(Thành phố|Thị xã|Huyện|Quận|Tỉnh) (.*)", re.IGNORECASE)  # the register writes Thành Phố too


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(UNITS))
def test_kinds_are_those_of_the_register(unit):
    district, province = (KINDS.fullmatch(full).groups() for full in (unit.district, unit.province))
    commune = {"code": unit.code, "name": unit.name, "district": district[1], "province": province[1]}
    assert commune_kind(commune, LAST_DAY_OF_DISTRICTS) == unit.kind
    assert upper_kinds(commune) == (district[0].lower(), province[0].lower())
    parts = ((unit.kind, unit.name), *((kind.lower(), name) for kind, name in (district, province)))
    names = ", ".join(named(translator("vi"), *part) for part in parts)
    assert names.casefold() == unit.full_name.casefold()


def test_a_unit_that_the_register_does_not_know_has_the_usual_kinds():
    assert (commune_kind({"code": "99999"}, "2024-12-31"), upper_kinds({"code": "99999"})) == ("xã", ("huyện", "tỉnh"))


# ---------------------------------------------------------------- the report on results


@pytest.mark.parametrize("year", [2023, 2024])
def test_the_report_speaks_of_the_year_with_results_the_plan_of_the_next(year):
    assert (result_year(made(year=year)), plan_year(made(year=year))) == (2023, 2024)


def test_the_report_has_the_sections_of_the_form(assessment):
    assert titles(assessment, 2) == [
        "ĐẶC ĐIỂM TÌNH HÌNH", "KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ", "KẾT QUẢ HUY ĐỘNG, SỬ DỤNG NGUỒN LỰC",
        "TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", "NHIỆM VỤ NĂM 2024", "ĐỀ XUẤT, KIẾN NGHỊ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "Đến hết năm 2023 xã đạt 19/19 tiêu chí; trong đó 18 tiêu chí theo công bố của xã, chưa đủ số liệu của mọi chỉ tiêu.",
        "thực hiện Chương trình năm 2023, tính đến ngày 31 tháng 12 năm 2023, như sau:",
        "17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh: 1.276/1.413 hộ (90,30%), yêu cầu ≥ 70%: đạt.",
        "Số hộ: 1.413 hộ (năm 2023, theo Kế hoạch số 05/KH-BCĐ).",
        "(Chi tiết có Biểu 01 kèm theo)",
        f"Khu vực vùng đồng bào dân tộc thiểu số và miền núi: {BLANK}",
        f"Tổng kinh phí năm 2023: {BLANK} triệu đồng, chia theo nguồn: {BLANK}",
    ],
)
def test_the_report_says_what_is_known_and_leaves_the_rest_open(assessment, sentence):
    assert sentence in words_of(assessment)


def test_what_the_commune_is_not_need_not_be_told(assessment):
    assert "bãi ngang" not in words_of(assessment) and "Xã an toàn khu" not in words_of(assessment)


def test_an_unmet_indicator_is_a_shortcoming_with_its_distance():
    report = made("ngoc-hoi", 2022)
    text, unmet = words_of(official.assessment_document(report)), report.rows("indicators", year=2022, verdict="unmet")
    assert unmet or "chưa đạt:" not in text
    assert all(f"Chỉ tiêu {row['indicator']}{row['part']}" in text for row in unmet)


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


# ---------------------------------------------------------------- parts and the PDF


def test_a_table_refuses_rows_of_another_length():
    with pytest.raises(ValueError, match="columns"):
        table("x", [Column("a")], [["1", "2"]])


@pytest.mark.parametrize(
    "part",
    [Paragraph("a < b"), Heading(2, "a < b", number="I."), Item("a < b"), table("a < b", [Column("c", width=1)], [["a < b"]]), Leaf("a < b", "", (), "", (), ("x",))],
)  # fmt: skip
def test_every_part_carries_its_words_in_every_form(part):
    block = paper(part).block
    assert "a < b" in block.text and re.search(r'"[^"]*a < b"', block.typst)
    assert ("a &lt; b" in block.html) is not isinstance(part, Leaf)  # that is of paper only


def test_the_pdf_is_tagged_archivable_a4_and_the_same_every_time(plan):
    data = pdf_of(plan)
    pdf = pikepdf.open(io.BytesIO(data))
    assert data == pdf_of(plan)
    assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang).startswith("vi")
    assert b"pdfuaid" in pdf.Root.Metadata.read_bytes() and b"pdfaid" in pdf.Root.Metadata.read_bytes()
    assert [round(float(edge)) for edge in pdf.pages[0].MediaBox] == [0, 0, 595, 842]


@pytest.mark.parametrize("lines", range(28, 40))
def test_the_signature_never_stands_alone_on_a_page(lines):
    """However long the text is: the last words stand on the page of the signature."""
    parts = (*(Paragraph(f"Dòng {n}") for n in range(lines)), Paragraph("Lời cuối./.", closing=True), signature(made()))
    pages = pdf_words(pdf_of(paper(*parts))).split("\f")
    assert ["Lời cuối" in page for page in pages] == ["Nơi nhận" in page for page in pages]


def test_a_font_that_the_machine_has_not_is_refused_by_name(plan):
    with pytest.raises(NtmError, match="Phông Không Có"):
        pdf_of(plan, "Phông Không Có")


def test_a_font_of_the_machine_is_used(plan):
    known = [n for n in ("Times New Roman", "Liberation Serif", "DejaVu Serif") if n in _fonts().families()]
    family = next((name for name in known if name not in PACKAGED), "")
    if not family:
        pytest.skip("no further serif on this machine")
    pages = pikepdf.open(io.BytesIO(pdf_of(plan, family))).pages
    names = {str(font.BaseFont).split("+")[-1] for page in pages for font in page.Resources.Font.values()}
    assert any(name.startswith(family.replace(" ", "")) for name in names)


# ---------------------------------------------------------------- all files


def test_all_files_are_written_named_and_the_same_every_time(tmp_path):
    assert sorted(path.name for path in folder().iterdir()) == sorted(official.FILES)
    for path in official.write_documents(made(), tmp_path):
        assert path.read_bytes() == (folder() / path.name).read_bytes(), path.name


def test_the_plan_brings_its_annexes_and_the_report_those_it_cites():
    plan_text, report_text = (pdf_words(folder() / name) for name in ("ke-hoach.pdf", "bao-cao.pdf"))
    assert all(f"Biểu {i:02}" in plan_text for i in range(1, 8))
    assert "Biểu 01" in report_text and not re.search("Biểu 0[2-7]", report_text)  # no village has a figure


def test_documents_speak_english_but_the_communes_own_words_are_not_translated():
    own = made(language="en")
    without = replace(own, sentences=own.sentences.head(0))
    assert "AIMS AND REQUIREMENTS" in words_of(official.plan_document(without))
    assert "MỤC ĐÍCH, YÊU CẦU." in words_of(official.plan_document(own))


def test_under_a_scenario_every_document_says_so(tmp_path):
    report = made(scenario="ke-hoach-2024")
    assert "Thực hiện đủ kế hoạch năm 2024" in official.plan_document(report).scenario
    official._write_public(report, tmp_path, "")
    assert "KỊCH BẢN" in (tmp_path / "thong-tin-cong-khai.html").read_text("utf-8")


# ---------------------------------------------------------------- hostile texts


def test_hostile_texts_are_shown_and_make_nothing_in_the_html():
    for document in (official.plan_document(hostile()), official.assessment_document(hostile())):
        page = _Reader(document.block.html)
        assert not {"script", "img", "style", "b", "title"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in _Reader(official.plan_document(hostile()).block.html).text


def test_hostile_texts_are_literals_in_the_typst():
    outside = re.sub(r'"(?:[^"\\]|\\["\\])*"', "", official.plan_document(hostile()).block.typst)
    assert not any(word in outside for word in ("panic", "read(", "eval", "alert", "script"))


@pytest.mark.parametrize("name", ["bao-cao.pdf", "ke-hoach.pdf", "thong-tin-cong-khai.pdf"])
def test_no_pdf_of_hostile_texts_has_an_action(name):
    pdf = pikepdf.open(folder(hostile) / name)
    assert "/Names" not in pdf.Root or "/JavaScript" not in pdf.Root.Names
    assert "/OpenAction" not in pdf.Root and "/AA" not in pdf.Root
    actions = [note.A.S for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note]
    assert not {"/JavaScript", "/Launch", "/URI", "/SubmitForm"} & set(map(str, actions))


@pytest.mark.parametrize("shown", ["<script>alert(1)</script>", "[U+202E]", "{{ 7*7 }}", "=SUM(A1:A9)"])
def test_the_pdf_shows_what_was_written(shown):
    text = "".join(pdf_words(folder(hostile) / "ke-hoach.pdf", "-layout").split())
    assert shown.replace(" ", "") in text


def test_a_word_of_ten_thousand_letters_runs_over_lines_and_pages_not_off_the_paper():
    assert len(pikepdf.open(io.BytesIO(pdf_of(paper(Paragraph(LONG), Item(LONG))))).pages) > 4
