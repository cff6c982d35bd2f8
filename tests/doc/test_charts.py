"""Charts: one visual language, the same in grey, with a text alternative that gives every number; villages side by side."""

import io
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
from ntm_lib.doc import charts as figures
from ntm_lib.doc.charts import Reading, bar_chart, funding_bar, side_by_side, threshold_chart
from ntm_lib.doc.style import COLOURS
from ntm_lib.report.context import Report
from ntm_lib.report.sections.criterion import criterion_section
from ntm_lib.report.sections.figures import criteria_picture, village_charts
from tests.report.test_official import made

READINGS = [
    Reading("Thôn Đình", "%", Fraction(85), Fraction(70), ">=", Fraction(80), Fraction(90), "met"),
    Reading("Thôn Bàu", "%", Fraction(60), Fraction(70), ">=", None, None, "unmet"),
    Reading("Thôn Rõm", "%", None, Fraction(70), ">="),
]
HEADING = "id,village,variants,households,document,section,quote,note"
PLACES = ("Nặm Kép", "Hùng Cường", "Đình", "Bàu", "Rõm", "Dõm", "Hùng Dũng", "Cao Bình", "Ngâu 2")


def patches(figure) -> list:
    return figure.axes[0].patches


# ---------------------------------------------------------------- one visual language


def test_last_year_is_hollow_this_year_solid_and_the_target_dashed():
    before, now, target = patches(threshold_chart(READINGS[:1], "2024", "2023")[0])
    assert before.get_facecolor()[:3] == target.get_facecolor()[:3] == (1, 1, 1) != now.get_facecolor()[:3]
    assert before.get_linestyle() == "solid" and target.get_linestyle() not in ("solid", "-")
    assert [bar.get_width() for bar in (before, now, target)] == sorted(
        bar.get_width() for bar in (before, now, target)
    )


def test_the_threshold_is_a_line_across_the_bars_with_its_words():
    figure = threshold_chart(READINGS[:1], "2024", "2023")[0]
    (line,) = figure.axes[0].lines
    assert line.get_xdata()[0] == pytest.approx(0.70 * figures.WIDTH)
    assert line.get_ydata()[0] < min(bar.get_y() for bar in patches(figure)) and line.get_ydata()[1] > max(
        bar.get_y() for bar in patches(figure)
    )
    assert "ngưỡng ≥ 70%" in [text.get_text() for text in figure.axes[0].texts]


def test_every_number_that_is_drawn_stands_in_the_text_alternative():
    for figure, alt in (threshold_chart(READINGS, "2024", "2023"), side_by_side(READINGS, "2024", "2023")[0]):
        drawn = [text.get_text().split(": ")[-1] for text in figure.axes[0].texts if "%" in text.get_text()]
        assert drawn and all(words.removeprefix("ngưỡng ") in alt for words in drawn)
    for figure, alt in (
        bar_chart([("a", Fraction(3)), ("b", Fraction(1, 2))], "km"),
        funding_bar([("tỉnh", Fraction(135)), ("dân", Fraction(45))]),
    ):
        assert all(text.get_text() in alt for text in figure.axes[0].texts)


@pytest.mark.parametrize("chart", [threshold_chart, lambda *a: side_by_side(*a)[0]])
def test_nothing_to_draw_is_said_and_no_chart_without_readings(chart):
    assert "chưa có số liệu" in chart(READINGS[2:], "2024", "2023")[1]
    with pytest.raises(ValueError, match="reading"):
        chart([], "2024", "2023")


@pytest.mark.parametrize("name", [name for name in COLOURS if name not in ("line", "tint")])
def test_in_grey_every_solid_bar_is_far_from_paper_and_its_words_can_be_read(name):
    """White words stand on a solid bar, dark ones on white: 4.5 to 1 in grey too."""
    assert _contrast(_grey(COLOURS[name]), 255) >= 4.5


def test_in_grey_hollow_solid_and_dashed_can_be_told_apart():
    """What fills each bar, read from the picture without colour: paper, dark, paper with gaps in its frame."""
    figure = threshold_chart(READINGS[:1], "2024", "2023")[0]
    picture = _picture(figure)
    before, now, target = (_inside(picture, figure, bar) for bar in patches(figure))
    assert before > 240 and target > 240 and now < 120
    assert (
        _dark_share(picture, figure, patches(figure)[0]) > 0.9 > 0.8 > _dark_share(picture, figure, patches(figure)[2])
    )


def _grey(colour: str) -> int:
    return Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))


def _contrast(a: int, b: int) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(grey: int) -> float:
    share = grey / 255
    return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4


def _picture(figure) -> Image.Image:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=288)
    return Image.open(buffer).convert("L")


def _pixel(figure, x: float, y: float) -> tuple[int, int]:
    """Where a point of the drawing lies in the picture of four times the size."""
    across, up = figure.axes[0].transData.transform((x, y)) / figure.dpi
    return round(across * 288), round((figure.get_size_inches()[1] - up) * 288)


def _inside(picture: Image.Image, figure, bar) -> int:
    """Grey near the end of a bar, where no words stand."""
    return picture.getpixel(_pixel(figure, bar.get_width() - 6, bar.get_y() + 2))


def _dark_share(picture: Image.Image, figure, bar) -> float:
    """Part of a bar's upper edge that is drawn."""
    left, y = _pixel(figure, 4, bar.get_y())
    right, _ = _pixel(figure, bar.get_width() - 4, bar.get_y())
    dark = [min(picture.getpixel((x, y + d)) for d in (-1, 0, 1)) < 200 for x in range(left, right)]
    return sum(dark) / len(dark)


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
        return made.__wrapped__()


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
    text = criterion_section(villages, "17").text
    assert "17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh, theo thôn\n" in text
    assert all(f"{name} (" in text for name in PLACES)
    assert "theo thôn" not in criterion_section(villages, "11").text


def test_a_village_is_compared_and_not_judged(villages):
    assert all(
        alt.startswith("Ngưỡng ≥ 70%. ") and "đạt" not in alt
        for caption, alt in _drawn(villages).items()
        if "17.8" in caption
    )


def _drawn(report: Report) -> dict[str, str]:
    """Caption → text alternative of every chart of criterion 17."""
    lines = [line for line in village_charts(report, "17").text.splitlines() if line]
    return dict(zip(lines[::2], lines[1::2], strict=True))


def test_a_count_becomes_a_share_only_among_all_households(villages):
    """The commune counts bathrooms among all households, pens among those that keep animals."""
    bathrooms, pens = (
        [alt for caption, alt in _drawn(villages).items() if word in caption] for word in ("nhà tắm", "chăn nuôi")
    )
    assert bathrooms and all("%" in alt for alt in bathrooms)
    assert pens and all("%" not in alt and " hộ." in alt for alt in pens)


def test_a_value_that_is_no_share_is_drawn_as_it_is(villages):
    alt = village_charts(villages, "10").text.splitlines()[1]
    assert (
        alt.startswith("Ngưỡng ≥ 45 triệu đồng/người/năm. ")
        and "2023: 30 triệu đồng/người/năm." in alt
        and "%" not in alt
    )


def test_a_share_of_each_year_is_out_of_the_whole_of_that_year(villages):
    """In 2021 a third out of half of the households of 2023 had a latrine: two in three, not one in three."""
    then = replace(villages, parameters=replace(villages.parameters, year=2023))
    alt = village_charts(then, "17").text.splitlines()[1]
    shares = [Fraction(text.replace(",", ".")) for text in re.findall(r"2021: ([\d,]+)%", alt)]
    assert len(shares) > 3 and all(60 < share < 68 for share in shares)


def test_many_villages_take_several_charts_on_one_scale():
    rows = [Reading(f"Thôn {n}", "hộ", Fraction(n), None, verdict="") for n in range(1, 31)]
    charts = side_by_side(rows, "2024", "2023")
    assert [alt.count("Thôn") for _, alt in charts] == [10, 10, 10]
    assert max(figure.get_size_inches()[1] for figure, _ in charts) * 72 < 700
    widths = [bar.get_width() for figure, _ in charts for bar in patches(figure)]
    assert widths == pytest.approx([figures.WIDTH * n / 30 * 0.8 for n in range(1, 31)])


def test_what_the_plan_gives_a_village_is_its_target(villages):
    places = [place for alt in _drawn(villages).values() for place in alt.split(". ") if "mục tiêu" in place]
    assert len(places) == 1
    whole, before, target = (
        Fraction(n.replace(",", "."))
        for n in re.findall(r"Đình \((\d+) hộ\): 2023: ([\d,]+)%; mục tiêu: ([\d,]+)%", places[0])[0]
    )
    assert (target - before) * whole / 100 == pytest.approx(12, abs=0.02)


def test_charts_of_villages_are_the_same_every_time_and_leave_the_tables_alone(villages):
    before = villages.observations.copy()
    assert village_charts(villages, "17").html == village_charts(villages, "17").html
    assert villages.observations.equals(before)


def test_a_commune_without_figures_of_villages_has_no_such_chart():
    assert village_charts(made(), "17").text == ""


# ---------------------------------------------------------------- dots


WORDS = {state: f"word-{state}" for state in figures.STATES}


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["", *figures.STATES]), min_size=5, max_size=5), min_size=1, max_size=4))
def test_the_text_of_a_dot_matrix_names_every_dot_once(rows):
    columns = ["1", "2", "10", "11", "19"]
    _, text = figures.dot_matrix(columns, [(f"n{n}", states) for n, states in enumerate(rows)], WORDS)
    for n, states in enumerate(rows):
        (said,) = re.findall(rf"n{n}: ([^.]*)\.", text)
        told = {part.split(": ")[0]: part.split(": ")[1].split(", ") for part in said.split("; ") if part}
        assert told == {
            WORDS[state]: [c for c, s in zip(columns, states, strict=True) if s == state]
            for state in figures.STATES
            if state in states
        }


def test_each_state_has_a_shape_of_its_own_without_its_colour():
    def shape(state: str) -> tuple:
        figure, _ = figures.dot_matrix(["1"], [("n", [state])], WORDS)
        (axes,) = figure.axes
        drawn = [
            (type(p).__name__, round(getattr(p, "radius", getattr(p, "r", 0)), 1), p.get_facecolor() == (1, 1, 1, 1))
            for p in axes.patches
        ]
        return len(axes.lines), tuple(drawn)

    assert len({shape(state) for state in figures.STATES}) == len(figures.STATES)


def test_what_is_met_is_drawn_by_what_it_rests_on():
    report = made()
    text = criteria_picture(report).text
    assert "2023: đạt theo số liệu: 11; đạt, chỉ theo công bố: 1, 2," in text
    assert "KH 2024: đạt nếu làm được mục tiêu có con số của kế hoạch: 10, 11; kế hoạch nêu sẽ đạt" in text
    assert criteria_picture(made(year=2021)).text == ""  # nothing is concluded: no picture
