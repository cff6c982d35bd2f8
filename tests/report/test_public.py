"""The page for the public: one sheet, plain words, nothing that points to a household, nothing that runs."""

import re
from dataclasses import replace
from fractions import Fraction

import pikepdf
import pytest

from ntm_lib.report.context import Report
from ntm_lib.report.papers import official, public
from tests.doc.test_blocks import _Reader
from tests.report.reports import folder, hostile, made


def _with_plan(text: str, value: str, **cells) -> Report:
    """Hùng Mỹ whose plan for households with a latrine (HM116) says something else."""
    report = made()
    rows = report.observations.copy()
    here = rows["observation"] == "HM116"
    for column, cell in {"text": text, "value": value, **cells}.items():
        rows.loc[here, column] = cell
    return replace(report, observations=rows)


@pytest.fixture(scope="module")
def text() -> str:
    return public.page(made()).text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "sentence",
    [
        "19/19 tiêu chí nông thôn mới đạt đến hết năm 2023, trong đó 18 do xã công bố, chưa đủ số liệu để kiểm tra.",
        "Tỷ lệ hộ có nhà tiêu hợp vệ sinh: 90,30%.",
        "Tỷ lệ nghèo đa chiều giai đoạn 2021-2025: còn 12,17%.",  # the lower the better: no achievement by itself
        "Xây dựng mới trạm biến áp: 02 trạm (đề nghị Điện lực làm).",
        "Vận động thêm hộ làm nhà tiêu tự hoại: 56 hộ.",
        "Thu nhập bình quân đầu người: 49 triệu đồng/người/năm.",
        "Kinh phí: 8.321,7 triệu đồng (khoảng 8,3 tỷ đồng).",
        "Nhân dân đóng góp: 245,4 triệu đồng, bình quân khoảng 174 nghìn đồng một hộ.",
    ],
)
def test_the_page_says_in_plain_words_what_the_tables_say(text, sentence):
    assert sentence in text


def test_what_is_not_met_is_not_told_as_done():
    report = made()
    low = report.indicators.assign(
        verdict=report.indicators["verdict"].where(report.indicators["part"] != "a", "unmet")
    )
    shown = public.page(replace(report, indicators=low)).text
    assert "Kết quả đến hết năm 2023" in shown and "Đã làm được" not in shown
    assert "Tỷ lệ hộ có nhà tiêu hợp vệ sinh: 90,30% (chưa đạt)." in shown.replace("\N{NO-BREAK SPACE}", " ")


def test_lines_are_few_and_short(text):
    assert len([line for line in text.splitlines() if line.startswith("- ")]) <= 16
    assert max(len(line) for line in text.splitlines()) <= public.LONGEST + 2


@pytest.mark.parametrize(
    ("commune", "year", "number"),
    [
        ("my-bang", 2024, "trên 56,2 triệu đồng/người/năm: thu nhập bình quân đầu người"),
        ("ngoc-hoi", 2022, "9/19 tiêu chí nông thôn mới đạt hết năm 2022"),
        ("long-dien-b", 2022, None),
    ],
)
def test_no_count_of_criteria_says_more_than_is_known(commune, year, number):
    """Where most criteria are not known, the number is a source's own count or a figure, never how many could be concluded."""
    shown = public.page(made(commune, year)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert number is None or number in shown
    report = made(commune, year)
    met = sum(row["verdict"] == "met" for row in report.rows("criteria", year=year))
    told = {(row["met"], row["total"]) for row in report.rows("counts", year=year)}
    assert (str(met), "19") in told or f"{met}/19" not in shown


def test_no_village_is_named_with_a_number_of_households(text):
    assert not re.search(r"thôn [A-ZĐ]\w+[^.\n]*: \d+ hộ", text)


@pytest.mark.parametrize(
    ("count", "whole", "told"),
    [
        (56, None, True),
        (4, None, False),
        (-3, None, False),
        (1276, 1413, True),
        (1410, 1413, False),
        (1413, 1413, True),
    ],
)
def test_small_counts_and_small_rests_are_not_published(count, whole, told):
    assert public.published(Fraction(count), None if whole is None else Fraction(whole)) is told


def test_a_small_number_of_households_is_told_in_words():
    shown = public.page(_with_plan("vận động thêm 2 hộ", "2")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Vận động thêm hộ làm nhà tiêu tự hoại: một số hộ." in shown
    assert "2 hộ" not in shown.replace("12 hộ", "")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"value": "3", "unit": "hộ"}, False),
        ({"value": "30", "unit": "hộ"}, True),
        ({"value": "99.8", "unit": "%", "numerator": "1411", "denominator": "1413"}, False),
        ({"value": "94", "unit": "%", "numerator": "1332", "denominator": "1413"}, True),
        ({"value": "49", "unit": "triệu đồng/người/năm"}, True),
    ],
)
def test_an_aim_that_points_to_few_households_is_left_out(cells, told):
    told_of = {"kind": "target", "item": "Hộ có nhà tiêu", "numerator": "", "denominator": "", **cells}
    report = _with_plan("", told_of.pop("value"), **told_of)
    rows = report.observations
    only = replace(report, observations=rows[(rows["kind"] != "target") | (rows["observation"] == "HM116")])
    assert ("Hộ có nhà tiêu: " in public.page(only).text) is told


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [({"item": "Hỗ trợ hộ ông Nguyễn Văn An làm nhà"}, "Nguyễn Văn An"), ({"village": "Đình"}, "nhà tiêu tự hoại")],
)
def test_a_line_that_names_a_person_or_is_of_one_village_is_left_out(cells, hidden):
    assert hidden not in public.page(_with_plan("vận động thêm 56 hộ", "56", **cells)).text


def test_a_commune_without_results_says_so():
    assert "Chưa có kết quả của năm 2026 để công khai." in public.page(made(year=2026, rule_set="ntm-2026-2030")).text


@pytest.mark.parametrize(
    "report",
    [made, hostile, lambda: made("my-bang"), lambda: made(language="en"), lambda: made(scenario="ke-hoach-2024")],
)
def test_the_pdf_is_one_page(report, tmp_path):
    official._write_public(report(), tmp_path, "")
    assert len(pikepdf.open(tmp_path / "thong-tin-cong-khai.pdf").pages) == 1


def test_the_html_asks_for_nothing_runs_nothing_and_has_its_headings_in_order():
    page = _Reader((folder(hostile) / "thong-tin-cong-khai.html").read_text("utf-8"))
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    asked = [value for name, value in page.attributes if name in ("src", "href") and value]
    assert not [value for value in asked if not value.startswith("#")]
    assert "<script>alert(1)</script>" in page.text
    tags = [tag for tag in page.tags if tag in ("h1", "h2", "h3")]
    assert tags[0] == "h1" and set(tags[1:]) == {"h2"}
