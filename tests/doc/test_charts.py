"""Charts: one visual language, the same in grey, with a text alternative that gives every number; villages side by side."""

import random
import re
import shutil
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ntm_lib import paths
from ntm_lib.doc import blocks as b
from ntm_lib.doc import charts
from ntm_lib.doc.charts import Reading, bullets
from ntm_lib.doc.plots import Over, over_years
from ntm_lib.doc.style import COLOURS
from ntm_lib.doc.write.text import text
from ntm_lib.report.context import Report
from ntm_lib.report.sections.criterion import criterion_section
from ntm_lib.report.sections.figures import criteria_picture, figures_section, page_picture, village_charts
from tests.report.reports import made

READINGS = [
    Reading("Thôn Đình", "%", Fraction(85), Fraction(70), ">=", Fraction(80), Fraction(90), "met"),
    Reading("Thôn Bàu", "%", Fraction(60), Fraction(70), ">=", None, None, "unmet"),
    Reading("Thôn Rõm", "%", None, Fraction(70), ">="),
]
HEADING = "id,village,variants,households,document,section,quote,note"
PLACES = ("Nặm Kép", "Hùng Cường", "Đình", "Bàu", "Rõm", "Dõm", "Hùng Dũng", "Cao Bình", "Ngâu 2")


def patches(figure) -> list:
    return figure.axes[0].patches


# ---------------------------------------------------------------- figures on tracks


def drawn(chart) -> list[str]:
    """Words that stand in the picture."""
    return [text.get_text() for text in chart.figure.axes[0].texts]


def ticks(chart) -> list[float]:
    """Where upright lines stand that cross a track: the thresholds."""
    lines = [line for line in chart.figure.axes[0].lines if len(set(line.get_xdata())) == 1]
    return [line.get_xdata()[0] for line in lines if abs(line.get_ydata()[1] - line.get_ydata()[0]) > 12]


def areas(chart) -> list[tuple[float, float]]:
    """From where to where a track is tinted: the part that meets the threshold."""
    bands = [p for p in patches(chart.figure) if type(p).__name__ == "Rectangle" and p.get_width() > 9]
    return [(band.get_x(), band.get_x() + band.get_width()) for band in bands]


def test_last_year_is_hollow_a_result_solid_a_target_a_ring_around_a_point():
    result, target = (replace(READINGS[0], value=v, target=t) for v, t in ((Fraction(85), None), (None, Fraction(85))))
    shapes = [
        [(round(p.radius, 1), p.get_facecolor()[:3] == (1, 1, 1)) for p in patches(bullets([row], "2024", "2023").figure) if hasattr(p, "radius")]
        for row in (result, target)
    ]  # fmt: skip
    assert shapes[0][:2] == [(2.6, True), (charts.DOT, False)]
    assert shapes[1][:3] == [(2.6, True), (round(charts.DOT - 0.5, 1), True), (round(charts.DOT * 0.42, 1), False)]


def test_the_threshold_is_a_tick_and_the_side_that_meets_it_is_tinted():
    more, less = (
        READINGS[0],
        replace(READINGS[0], operator="<=", threshold=Fraction(13), value=Fraction(10), before=None, target=None),
    )
    (tick,), ((left, right),) = ticks(bullets([more], "2024", "2023")), areas(bullets([more], "2024", "2023"))
    assert tick == left == pytest.approx(0.70 * charts.TRACK) and right == charts.TRACK
    (tick,), ((left, right),) = ticks(bullets([less], "2024", "2023")), areas(bullets([less], "2024", "2023"))
    assert (left, right) == (0, tick) and tick == pytest.approx(charts.TRACK / 2)
    assert any("càng thấp càng tốt" in words for words in drawn(bullets([less], "2024", "2023")))


def test_the_threshold_of_next_year_is_a_second_tick_only_where_it_moves():
    same, other = (replace(READINGS[0], next_threshold=Fraction(n), next_year="2025") for n in (70, 80))
    assert len(ticks(bullets([same], "2024", "2023"))) == 1 and "cần ≥ 70%; 2025: như vậy" in drawn(
        bullets([same], "2024", "2023")
    )
    assert len(ticks(bullets([other], "2024", "2023"))) == 2 and "cần ≥ 70%; 2025: ≥ 80%" in drawn(
        bullets([other], "2024", "2023")
    )


def test_every_figure_that_is_drawn_stands_in_the_table_behind_it():
    rows = [replace(row, next_threshold=Fraction(75), next_year="2025") for row in READINGS]
    chart = bullets(rows, "2024", "2023")
    cells = " ".join(cell for row in chart.data for cell in row)
    numbers = {found for words in drawn(chart) for found in re.findall(r"[\d,]+%", words)}
    assert numbers >= {"90%", "70%", "75%"} and all(found in cells for found in numbers)
    html = b.figure(chart.figure, "Hình", chart.alt, data=chart.data).html
    assert '<th scope="col">2023</th>' in html and '<th scope="row">Thôn Bàu</th>' in html
    assert "Thôn Bàu, 60%" in b.figure(chart.figure, "Hình", chart.alt, data=chart.data).typst


def test_nothing_to_draw_is_said_and_no_chart_without_readings():
    assert "chưa có số liệu" in drawn(bullets(READINGS[2:], "2024", "2023"))
    with pytest.raises(ValueError, match="reading"):
        bullets([], "2024", "2023")


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(*[st.none() | st.fractions(0, 100)] * 5, st.sampled_from([">=", "<="])), min_size=1, max_size=5)
)
def test_whatever_is_known_every_mark_stays_on_its_track(rows):
    readings = [
        Reading(f"{n} x", "%", value, limit, sign, before, None, "met" if limit else "no-data", "", coming, "2025")
        for n, (value, limit, before, coming, _, sign) in enumerate(rows)
    ]
    chart = bullets(readings, "2024", "2023")
    centres = [p.center[0] for p in patches(chart.figure) if hasattr(p, "radius")]
    assert all(0 <= x <= charts.TRACK for x in centres) and all(0 <= x <= charts.TRACK for x in ticks(chart))
    assert len(chart.data) == len(rows) + 1 and len({len(row) for row in chart.data}) == 1


@pytest.mark.parametrize("name", [name for name in COLOURS if name not in ("line", "tint")])
def test_in_grey_every_mark_is_far_from_paper(name):
    assert _contrast(_grey(COLOURS[name]), 255) >= 4.5


def test_in_grey_a_mark_is_darker_than_the_part_of_the_track_that_it_stands_on():
    assert _contrast(_grey(charts.AREA), _grey(COLOURS["met"])) >= 4.5


# ---------------------------------------------------------------- over the years

STAIRS = {2021: Fraction(36), 2022: Fraction(39), 2023: Fraction(42), 2024: Fraction(45), 2025: Fraction(48)}
MEANING = {"measured": "đạt", "planned": "mục tiêu", "unmet": "chưa đạt"}


def joined(chart) -> int:
    """Lines between two figures."""
    return sum(
        line.get_color() == COLOURS["met"] and len(set(line.get_xdata())) == 2
        for line in chart.figure.axes[0].lines
        if line.get_linewidth() == 1.1
    )


def test_the_stairs_of_the_threshold_and_the_figures_stand_in_the_table():
    points = ((2022, Fraction(40), "measured", ">"), (2024, Fraction(49), "planned", ""))
    chart = over_years(Over("triệu đồng", ">=", STAIRS, points), MEANING)
    assert chart.data[0] == ("Năm", "Số của xã", "Dựa vào", "Mức phải đạt")
    assert chart.data[4] == ("2024", "49 triệu đồng", "mục tiêu", "≥ 45 triệu đồng")
    assert chart.data[2][1] == "trên 40 triệu đồng"  # a bound keeps its word
    assert {"36", "39", "42", "45", "48", "trên 40", "49"} <= set(drawn(chart)) and joined(chart) == 1


def test_no_line_joins_what_was_counted_in_two_ways():
    points = tuple(
        (year, Fraction(figure), state, "")
        for year, figure, state in ((2021, 15, "unmet"), (2023, 12, "measured"), (2024, 10, "measured"))
    )
    levels = dict.fromkeys(range(2021, 2026), Fraction(13))
    assert joined(over_years(Over("%", "<=", levels, points), MEANING)) == 2
    chart = over_years(Over("%", "<=", levels, points, (2022, "từ 2022 đếm khác")), MEANING)
    assert joined(chart) == 1 and "từ 2022 đếm khác" in drawn(chart) and "từ 2022 đếm khác" in chart.alt


def test_no_chart_over_years_without_a_figure():
    with pytest.raises(ValueError, match="figure"):
        over_years(Over("%", ">=", STAIRS, ()), MEANING)


def test_the_report_draws_what_rises_and_what_is_counted_otherwise_and_cuts_it():
    html = figures_section(made()).html
    assert 'id="chart-years-10.1"' in html and 'id="chart-years-11.1"' in html
    assert "từ 2022 đếm theo chuẩn khác, không so với trước" in html
    assert "KH 2024 dư 4 triệu đồng/người/năm so với mức phải đạt" in html
    assert "Chưa có chỉ tiêu nào có số liệu để vẽ." in figures_section(made(year=2021)).text


def _grey(colour: str) -> int:
    return Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))


def _contrast(a: int, b: int) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(grey: int) -> float:
    share = grey / 255
    return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4


# ---------------------------------------------------------------- villages


@pytest.fixture(scope="module")
def villages() -> Report:
    """Hùng Mỹ with figures of its villages, drawn with a seed: nothing here is a real result."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        raw = Path(folder) / "data/raw"
        shutil.copytree(paths.rules_folder(), raw / "rules")
        shutil.copytree(paths.communes_folder() / "hung-my", raw / "communes/hung-my")
        _write_villages(raw / "communes/hung-my", random.Random(3))
        patch.setenv("NTM_ROOT", folder)
        return made()


def _write_villages(folder: Path, draw: random.Random) -> None:
    wholes = {name: draw.randint(60, 180) for name in PLACES}
    register = [
        HEADING,
        *(f"V{i},{name},,{whole},05/KH-BCĐ,II,x," for i, (name, whole) in enumerate(wholes.items(), 1)),
    ]
    (folder / "villages.csv").write_text("\n".join(register) + "\n", "utf-8")
    with (folder / "results.csv").open("a", encoding="utf-8") as file:
        for i, (name, whole) in enumerate(wholes.items()):
            file.write(
                f"A{i},2023,17,17.8,a,Hộ có nhà tiêu hợp vệ sinh,{name},{draw.randint(whole // 2, whole)}/{whole} hộ,measured,,05/KH-BCĐ,II,x,\n"
            )
            file.write(
                f"B{i},2023,17,17.8,b,Hộ có nhà tắm hợp vệ sinh,{name},{draw.randint(whole // 2, whole - 20)} hộ,measured,,05/KH-BCĐ,II,x,\n"
            )
            file.write(
                f"E{i},2023,10,10.1,,Thu nhập bình quân,{name},{30 + i} triệu đồng/người/năm,measured,,05/KH-BCĐ,II,x,\n"
            )
            file.write(
                f"F{i},2021,17,17.8,a,Hộ có nhà tiêu hợp vệ sinh,{name},{whole // 3}/{whole // 2} hộ,measured,,05/KH-BCĐ,II,x,\n"
            )
            file.write(
                f"C{i},2023,17,17.9,,Chuồng trại hợp vệ sinh,{name},{draw.randint(9, 40)} hộ,measured,,05/KH-BCĐ,II,x,\n"
            )
    with (folder / "plan.csv").open("a", encoding="utf-8") as file:
        file.write("D1,2024,17,17.8,b,Vận động thêm hộ làm nhà tắm,Đình,thêm 12 hộ,change,2023,HM117,05/KH-BCĐ,II,x,\n")


def test_villages_stand_side_by_side_under_their_criterion(villages):
    shown = criterion_section(villages, "17").text
    assert "17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh, theo thôn\n" in shown
    assert all(f"{name} (" in shown for name in PLACES)
    assert "theo thôn" not in criterion_section(villages, "11").text


def _drawn(report: Report, criterion: str = "17") -> dict[str, tuple]:
    """Caption → figures of every chart of villages of a criterion."""
    found = village_charts(report, criterion).content.blocks
    return {text(block.caption): block.data for block in found}


def test_a_village_is_compared_and_not_judged(villages):
    heads = {head for data in _drawn(villages).values() for head in data[0]}
    assert heads >= {"Thôn", "2023", "Mức phải đạt"} and "Kết luận" not in heads


def test_a_count_becomes_a_share_only_among_all_households(villages):
    """The commune counts bathrooms among all households, pens among those that keep animals."""
    bathrooms, pens = (
        [" ".join(map(" ".join, data[1:])) for caption, data in _drawn(villages).items() if word in caption]
        for word in ("nhà tắm", "chăn nuôi")
    )
    assert bathrooms and all("%" in words for words in bathrooms)
    assert pens and all("%" not in words and " hộ" in words for words in pens)


def test_a_value_that_is_no_share_is_drawn_as_it_is(villages):
    (data,) = _drawn(villages, "10").values()
    words = " ".join(map(" ".join, data))
    assert "≥ 45 triệu đồng/người/năm" in words and "30 triệu đồng/người/năm" in words and "%" not in words


def test_a_share_of_each_year_is_out_of_the_whole_of_that_year(villages):
    """In 2021 a third out of half of the households of 2023 had a latrine: two in three, not one in three."""
    then = replace(villages, parameters=replace(villages.parameters, year=2023))
    heads, *rows = next(iter(_drawn(then).values()))
    shares = [Fraction(row[heads.index("2021")].rstrip("%").replace(",", ".")) for row in rows]
    assert len(shares) > 3 and all(60 < share < 68 for share in shares)


def test_villages_stand_on_one_scale():
    rows = [Reading(f"Thôn {n}", "hộ", Fraction(n), None, verdict="") for n in (10, 20)]
    chart = bullets(rows, "2024", "2023", of="Thôn")
    one, two = [p.center[0] for p in patches(chart.figure) if hasattr(p, "radius")][:2]
    assert two == pytest.approx(2 * one)


def test_what_the_plan_gives_a_village_is_its_target(villages):
    places = [row for data in _drawn(villages).values() for row in data if "(mục tiêu)" in " ".join(row)]
    assert len(places) == 1
    (whole,) = map(int, re.findall(r"Đình \((\d+) hộ\)", places[0][0]))
    before, target = (Fraction(n.replace(",", ".")) for n in re.findall(r"([\d,]+)%", " ".join(places[0][1:3])))
    assert (target - before) * whole / 100 == pytest.approx(12, abs=0.02)


def test_charts_of_villages_are_the_same_every_time_and_leave_the_tables_alone(villages):
    before = villages.observations.copy()
    assert village_charts(villages, "17").html == village_charts(villages, "17").html
    assert villages.observations.equals(before)


def test_a_commune_without_figures_of_villages_has_no_such_chart():
    assert village_charts(made(), "17").text == ""


# ---------------------------------------------------------------- dots


WORDS = {state: f"word-{state}" for state in charts.STATES}


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["", *charts.STATES]), min_size=3, max_size=3), min_size=1, max_size=5))
def test_the_text_of_a_dot_matrix_names_every_dot_once(rows):
    columns, names = (
        ["n2021", "n2023", "n2024"],
        ["1 Quy hoạch", "2 Giao thông", "10 Thu nhập", "11 Nghèo", "19 Quốc phòng"],
    )
    rows = list(zip(names, rows, strict=False))
    alt = charts.dot_matrix(columns, rows, WORDS).alt
    for n, column in enumerate(columns):
        told = {}
        for said in re.findall(rf"{column}: ([^.]*)\.", alt):
            told = {part.split(": ")[0]: part.split(": ")[1].split(", ") for part in said.split("; ")}
        found = {state: [name.split()[0] for name, states in rows if states[n] == state] for state in charts.STATES}
        assert told == {WORDS[state]: numbers for state, numbers in found.items() if numbers}


def test_each_state_has_a_shape_of_its_own_without_its_colour():
    def shape(state: str) -> tuple:
        paper = charts.Sheet(20, 20)
        paper.mark(10, 10, state)
        drawn = [
            (type(p).__name__, round(getattr(p, "radius", getattr(p, "r", 0)), 1), p.get_facecolor() == (1, 1, 1, 1))
            for p in paper.axes.patches
        ]
        return len(paper.axes.lines), tuple(drawn)

    assert len({shape(state) for state in charts.STATES}) == len(charts.STATES)


def test_what_is_met_is_drawn_by_what_it_rests_on():
    text = criteria_picture(made()).text
    assert "2023: đạt theo số liệu: 11; đạt, chỉ theo công bố: 1, 2," in text
    assert "KH 2024: đạt nếu làm được mục tiêu có con số: 10, 11; kế hoạch nêu sẽ đạt" in text
    assert criteria_picture(made(year=2021)).text == ""  # nothing is concluded: no picture


def test_the_figures_nearest_their_threshold_come_first_with_last_year_and_next_year():
    (_, nearest) = page_picture(made()).content.blocks
    assert nearest.data[0] == ("Chỉ tiêu", "2023", "KH 2024", "Mức phải đạt", "Mức năm 2025", "Kết luận")
    assert nearest.data[2] == (
        "10.1 Thu nhập bình quân đầu người (triệu đồng/người)", "", "49 triệu đồng/người/năm (mục tiêu)",
        "≥ 45 triệu đồng/người/năm", "≥ 48 triệu đồng/người/năm", "Đạt",
    )  # fmt: skip
    assert [row[0].split()[0] for row in nearest.data[1:4]] == ["11.1", "10.1", "17.8d"]
    assert nearest.data[1][1:3] == ("12,17%", "10,05% (mục tiêu)")
