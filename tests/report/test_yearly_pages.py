"""The yearly report's pages as their reader meets them: who says so, by which rules, what the source counted, where it stands."""

import dataclasses
import re

import pytest

from ntm_lib import intake
from ntm_lib.doc import blocks as b
from ntm_lib.doc.markup import clean
from ntm_lib.doc.style import TEMPLATES, legend
from ntm_lib.report.context import Report
from ntm_lib.report.papers import form
from ntm_lib.report.sections import criterion, evidence, figures, first_page, standing
from ntm_lib.report.sections import findings as checks
from ntm_lib.wording.words import counted_unit, day
from tests.report.papers import RUNS
from tests.report.reports import made, report_of


@pytest.fixture(scope="module")
def report() -> Report:
    return report_of(2024)


def other_years(report: Report) -> Report:
    """The same figures under a rule set of later years."""
    meta = {**report.rule_set.meta, "years": [2026, 2030]}
    return dataclasses.replace(report, rule_set=dataclasses.replace(report.rule_set, meta=meta))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


# Who says so


def test_what_only_a_newspaper_says_is_not_the_word_of_the_commune(report):
    roads = {row["year"]: row for row in report.rows("criteria", criterion="2")}
    assert [standing.told_by(report, roads[year]) for year in (2021, 2023)] == ["press", "commune"]
    block = criterion.criteria_grid(report)
    assert "– Chưa có số liệu | ✓ Đạt (theo công bố) | ✓ Đạt (theo mục tiêu)" in plain(block.text)
    text = block.html  # the note below a table
    assert "Năm 2021: báo chí nêu “11/19 tiêu chí”, không nêu tên từng tiêu chí đạt." in text


@pytest.mark.parametrize(
    ("kind", "who"), [("báo chí", "press"), ("trang tin chính quyền", "site"), ("báo cáo", "commune"), ("", "commune")]
)
def test_the_kind_of_the_document_says_who_speaks(report, kind, who):
    told = dataclasses.replace(
        report, documents={name: {**document, "kind": kind} for name, document in report.documents.items()}
    )
    assert standing.told_by(told, told.row("criteria", criterion="2", year=2021)) == who


def test_a_count_of_the_press_is_called_so_on_the_first_page():
    text = plain(first_page.conclusion(report_of(2021)).text)
    assert "Báo chí nêu hết năm 2021 xã đạt 11/19 tiêu chí (bộ 2016–2020)." in text


# By which rules


def test_the_rules_are_named_on_the_first_page(report):
    text = plain(first_page.conclusion(report).text)
    assert "Xét theo Bộ tiêu chí quốc gia về xã nông thôn mới giai đoạn 2021–2025 (Quyết định 318/QĐ-TTg)." in text
    assert "khác thời kỳ" not in text


def test_figures_of_other_years_than_the_rules_are_only_compared(report):
    compared = other_years(report)
    text = plain(first_page.conclusion(compared).text)
    assert "Số liệu và quy định khác thời kỳ" in text
    assert "áp dụng cho các năm 2026–2030, còn số liệu là của năm 2024; mức đem so là mức năm 2026." in text
    assert "không phải kết luận xã đạt hay không đạt" in text
    assert first_page.report_subject(compared).startswith("Đối chiếu số liệu năm 2024 với bộ tiêu chí ")
    assert first_page.report_subject(report).startswith("Đánh giá kế hoạch ")


def test_the_document_of_the_thresholds_stands_once_below_each_table(report):
    section = criterion.criterion_section(report, "17").html
    assert section.count("Quyết định 318/QĐ-TTg, Phụ lục I, cột Trung du miền núi phía Bắc, năm 2024") == 1
    two = criterion.criterion_section(report, "14").html
    assert "Quyết định 1491/QĐ-BGDĐT" in two and "(14.1a, 14.1b, 14.1c, 14.1d, 14.1e); Quyết định 318/QĐ-TTg" in two


def test_a_commune_without_region_is_told_why_nothing_is_concluded(report):
    blank = report.thresholds.assign(column="", column_reason="Chưa biết cột nào: thiếu vùng của xã")
    text = plain(first_page.conclusion(dataclasses.replace(report, thresholds=blank)).text)
    assert "Chưa biết cột nào: thiếu vùng của xã. Vì vậy chưa chỉ tiêu nào kết luận được" in text


def test_a_commune_that_was_merged_says_into_which(report):
    assert "Từ 01/07/2025, xã nhập vào xã Tân Mỹ." in plain(first_page.conclusion(report).text)
    alone = dataclasses.replace(report, commune={**report.commune, "merged_into": None})
    assert "nhập vào" not in first_page.conclusion(alone).text


# What the source counted and wrote


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("767/878 hộ chăn nuôi, đạt 87,4%", "hộ"),
        ("10/10 thôn", "thôn"),
        ("87,4%", ""),
        ("767/878", ""),
        ("22/23 triệu đồng", ""),
        ("3.516/4.048 người", "người"),
    ],
)
def test_the_unit_beside_a_fraction(text, unit):
    assert counted_unit(text) == unit


def test_pens_are_counted_in_households_though_the_rule_speaks_of_facilities(report):
    assert report.row("thresholds", indicator="17.9", year=2024)["count_unit"] == "cơ sở"
    text = plain(criterion.criterion_section(report, "17").text)
    assert "827/878 hộ (94,19%)" in text
    assert "cơ sở (94,19%)" not in text


def test_what_was_written_in_latex_is_read_in_the_findings_and_kept_in_the_evidence(report):
    findings = checks.findings_section(report).text
    assert "≥ 83%" in findings
    assert report.row("observations", observation="HM049")["text"] == r"$\geq 83\%$"


def test_the_recipients_are_spelt_right_and_the_quote_keeps_what_the_plan_prints(report):
    assert "- Lưu: BCĐ." in form.signature(report).recipients
    assert report.row("observations", observation="HM178")["quote"] == "Lưu: BCD"


# Where it stands


def test_what_is_proved_and_the_charts_lead_to_rows_and_tables(report):
    page = first_page.conclusion(report).html
    assert all(f'<a href="#{anchor}">' in page for anchor in ("grid", "chart-thresholds", "unchecked"))
    chart = figures.page_picture(report)
    assert "10.1 [HM088]" in chart.html.replace('<a href="#row-hm088">', "").replace("</a>", "")


def test_a_count_that_was_announced_leads_to_its_raw_row():
    old = report_of(2021)
    page = first_page.conclusion(old).html
    (anchor,) = re.findall(r'<a href="#(row-[^"]+)"', page)
    assert f'id="{anchor}"' in evidence.evidence_rows(old).html


def place(file="communes/hung-my/results.csv", row="30", column="value", sheet=""):
    return {"file": file, "sheet": sheet, "row": row, "column": column}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (place(), "results.csv, dòng 30, cột value"),
        (place("communes/hung-my/bieu.xlsx", "J86", "", "Biểu 01"), "bieu.xlsx, Biểu 01, ô J86"),
        (place("communes/tan-my-cu/results.csv"), "tan-my-cu/results.csv, dòng 30, cột value"),
        (
            place("communes/tan-my-cu/results.csv; communes/hung-my/results.csv", "2; 23"),
            "tan-my-cu/results.csv, dòng 2; hung-my/results.csv, dòng 23",
        ),
        (place("", "", ""), ""),
    ],
)
def test_a_place_is_a_file_and_a_row(row, text):
    assert evidence.place_text(row, "vi", "hung-my") == text


def test_a_text_has_lines_and_a_table_rows():
    assert (
        evidence.place_text(place("communes/hung-my/sources/ke-hoach.txt", "208", ""), "en") == "ke-hoach.txt, line 208"
    )
    assert evidence.place_text(place(), "en") == "results.csv, row 30, column value"


def test_rows_of_one_file_are_told_together():
    rows = [place(row=str(number)) for number in (3, 2, 4, 30)] + [
        place("communes/hung-my/plan.csv", "9"),
        place("", "", ""),
    ]
    assert (
        evidence.places_text(rows, "vi", "hung-my")
        == "results.csv, dòng 2–4, 30, cột value; plan.csv, dòng 9, cột value"
    )


def test_a_finding_of_another_year_stands_beside_no_criterion_and_says_its_year(report):
    base = {
        **report.row("findings", code="base-missing"),
        "criterion": "11",
        "message": "Số này lạ.",
        "severity": "error",
    }
    rows = [{**base, "finding": f"x-{year}", "year": year} for year in (2022, 2024)]
    two = dataclasses.replace(report, findings=report.findings.iloc[:0].pipe(lambda none: none.__class__(rows)))
    assert criterion._findings(two, "11").text.count("Số này lạ.") == 1
    assert "năm 2024 còn 1 lỗi chưa trả lời; số liệu các năm khác còn 1 lỗi chưa trả lời." in plain(
        first_page.conclusion(two).text
    )
    assert (
        "Năm 2022: Số này lạ." in checks.findings_section(two).text
        and "Năm 2024" not in checks.findings_section(two).text
    )


def test_one_finding_at_many_places_is_told_once(report):
    one = report.row("findings", code="latex")
    twice = [{**one, "finding": f"{one['finding']}-{row}", "row": row} for row in ("3", "4")]
    text = checks.findings_section(
        dataclasses.replace(report, findings=report.findings.iloc[:0].pipe(lambda none: none.__class__(twice)))
    ).text
    assert text.count(clean(one["message"])) == 1
    assert "plan.csv, dòng 3–4, cột value" in text


@pytest.mark.parametrize(
    ("observation", "code"), [("HM112", "HM112"), ("merged:02308:2023:measured::17.8a:%:", "Σ 2023 17.8a")]
)
def test_a_sum_of_merged_communes_has_a_short_name(observation, code):
    assert evidence.row_code(observation) == code


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2023-07", "tháng 7/2023"),
        ("2024-02-22", "22/02/2024"),
        ("quý I", "quý I"),
        ("", ""),
        ("2024-13-40", "2024-13-40"),
    ],
)
def test_dates_of_raw_files_are_shown_as_the_language_writes_them(text, shown):
    assert day(text, "vi") == shown


# On paper


def test_a_row_that_fits_on_a_page_is_not_broken_over_two():
    typst = b.table(["A", "B"], [["ngắn", "ngắn"], ["x", "chữ " * 2000]], "Bảng").typst
    rows = [line for line in typst.splitlines() if line.startswith("..ntm-row(")]
    assert ["whole: false" in row for row in rows] == [False, True]


def test_the_first_notebook_shows_a_fraction_with_what_it_counts():
    raw = intake.read_commune("hung-my", "vi")
    text = plain(checks.measured_values(intake.clean(raw, "vi"), "vi").text)
    assert "HM115 | 17.9 | 2023 | 767/878 hộ chăn nuôi, đạt 87,4% | 767/878 | hộ" in text
    assert "HM088 | 10.1 | 2024 | 49 triệu đồng/người/năm | 49 | triệu đồng/người/năm" in text


# Only what occurs is explained, and nothing is told twice in two ways


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(map(str, run)))
def test_notes_explain_what_stands_above_them_and_nothing_else(run):
    report = made(*run[:2], language=run[2])
    short, whole = (getattr(criterion, name)(report) for name in ("_in_short", "criteria_sections"))
    rows = report.rows("indicators", year=report.year)
    for block in (short, whole):
        text = plain(block.html)
        shown = rows if block is whole else [row for row in rows if row["value"]]
        starred = any("*" in standing.threshold_text(report, row) for row in shown)
        assert (report.t("* mức quy định chưa đối chiếu với văn bản gốc.") in text) is starred
        planned = any(map(report.is_plan, filter(None, (report.year, report.last_year))))
        assert (report.t("KH là kế hoạch.") in text) is (planned and bool(shown))


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(map(str, run)))
def test_a_page_counts_no_nought_and_has_one_kind_of_quotation_marks(run):
    report = made(*run[:2], language=run[2])
    blocks = first_page.conclusion(report), checks.findings_section(report), criterion.criteria_sections(report)
    for text in (plain(words) for block in blocks for words in (block.text, block.html, block.typst)):
        assert not re.search(r"(?<![\d.,])0 (lỗi|cảnh báo|lưu ý|error|warning|note)", text)
        assert not re.search(r"(?<![\d.,])1 (errors|warnings|notes)\b", text)
        assert not set("«»") & set(text)


@pytest.mark.parametrize(
    ("language", "counts", "told"),
    [
        ("vi", {"error": 1, "warning": 0, "info": 2}, "1 lỗi, 2 lưu ý"),
        ("en", {"error": 1, "warning": 1200, "info": 0}, "1 error, 1,200 warnings"),
        ("en", {"error": 0, "warning": 0}, ""),
    ],
)
def test_points_that_are_open_are_counted_by_severity(language, counts, told):
    assert checks.open_points(made("my-bang", 2024, language=language), counts) == told


def test_the_year_before_keeps_its_bound_beside_this_one():
    """Mỹ Bằng's sources say “trên 46” for 2021 and “trên 56,2” for 2024."""
    html = plain(figures.page_picture(made("my-bang", 2024)).html)
    assert "trên 46 › trên 56,2" in html and "trên 46 triệu đồng" in html


def test_each_basis_has_a_mark_and_a_legend_of_its_own(report):
    css = (TEMPLATES / "report.css").read_text("utf-8")
    marks = re.findall(r'on-phone-marks \.verdict\.(\w+) i::before \{[^}]*content: "(.)"', css)
    assert len({mark for _, mark in marks}) == len(marks) == 4
    frames = re.findall(r"\.verdict\.(planned|aimed) b \{ border-style: (\w+)", css)
    assert dict(frames) == {"planned": "dashed", "aimed": "dotted"}
    shown = plain(legend("vi", {"measured", "planned", "aimed", "unmet"}).text)
    assert all(word in shown for word in ("Chưa đạt", "theo kế hoạch", "theo mục tiêu")) and "công bố" not in shown


def test_the_page_leads_to_its_version_for_paper(report):
    head = first_page.letterhead(report)
    assert 'href="./report.pdf"' in head.html and "report.pdf" not in head.typst


def test_criteria_without_a_figure_stand_together_under_their_verdict():
    text = plain(criterion._in_short(made("hung-my", 2023)).text)
    assert "✓ Đạt (theo công bố): 1. Quy hoạch; 2. Giao thông; 3. Thủy lợi và phòng, chống thiên tai;" in text
    thin = plain(criterion._in_short(made("an-thoi-dong", 2015)).text)
    assert thin.startswith("Chưa chỉ tiêu nào có số liệu:\n\n- 1. Quy hoạch; 2. Giao thông;")
