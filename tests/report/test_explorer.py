"""The explorer without a browser: what a moved slider shows, how soon, and what is saved."""

import re
import shutil
import time
from fractions import Fraction

import pytest

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.report.explorer_model import Model
from ntm_lib.report.sliders import Explorer, _shown
from tests.report.reports import RULE_SET, report_of

FACTS = {
    "name": "nha-tieu-30",
    "title": "Thêm 30 nhà tiêu",
    "author": "Nguyễn Thị Nhì",
    "date": "2024-03-01",
    "reason": "Thử.",
}
LATRINES = ("17.8", "a")
LIMIT = 0.3  # seconds that a planner waits for an answer


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(Model(report_of(2024)))


@pytest.fixture
def scenarios(tmp_path, monkeypatch):
    """The folder of scenarios of a copy of the commune."""
    shutil.copytree(paths.communes_folder() / "hung-my", tmp_path / "hung-my")
    monkeypatch.setattr(paths, "communes_folder", lambda: tmp_path)
    return tmp_path / "hung-my" / "scenarios"


def test_it_begins_with_the_plan(explorer):
    assert explorer.sliders[LATRINES].value == 56
    assert "Đạt 19/19 tiêu chí. Không kết luận nào khác với kế hoạch." in explorer.headline.value
    assert "17 tiêu chí đạt chỉ theo công bố hoặc mục tiêu chung." in explorer.headline.value
    assert "1.332/1.413" in explorer.margins.value
    assert "Chưa biết ngưỡng" in explorer.margins.value, "17.9 has a figure and no level to compare it with"
    assert "Chưa có số liệu" not in explorer.margins.value


def test_a_level_is_written_in_the_language_of_the_page(explorer):
    """Its slider has no readout, which knows only the English point, and keeps its width beside the value."""
    slider = explorer.sliders["10.1", ""]
    beside, value = _shown(slider, explorer.model)[0].children
    slider.value = 46.5
    assert (value.value, beside.readout, beside.layout.flex) == ("46,5", False, "1 1 auto")
    assert _shown(explorer.sliders[LATRINES], explorer.model) == [explorer.sliders[LATRINES]]


def test_a_moved_slider_turns_a_verdict(explorer):
    explorer.sliders[LATRINES].value = -400
    assert "Đạt 18/19 tiêu chí. Khác với kế hoạch: tiêu chí 17." in explorer.headline.value
    assert 'data-criterion="17" class="changed"' in explorer.grid.value
    explorer.reset_button.click()
    assert "Đạt 19/19" in explorer.headline.value


def test_cost_follows_the_sliders(explorer):
    assert "Chi phí: chưa ghi đơn giá." in explorer.headline.value
    explorer.costs[LATRINES].value = 10.5
    assert "Chi phí: 588 triệu đồng." in explorer.headline.value
    explorer.sliders[LATRINES].value = 1
    assert "Chi phí: 10,5 triệu đồng." in explorer.headline.value


def test_next_years_threshold_stands_beside_this_years(explorer):
    """49 million is enough for 2024 (45) and for 2025 (48); 46 is not enough for 2025."""
    assert "Theo ngưỡng năm 2025" in explorer.margins.value and "≥ 48" in explorer.margins.value
    explorer.sliders["10.1", ""].value = 46
    row = explorer.margins.value.partition(">10.1<")[2].partition("</tr>")[0]
    assert "thiếu 2 triệu đồng/người/năm" in row and row.index("Đạt") < row.index("Chưa\N{NO-BREAK SPACE}đạt")
    assert Explorer(Model(report_of(2025))).model.later is None  # the set ends with 2025


def test_a_chance_is_told_only_where_it_is_said_how_much_gets_done(explorer):
    assert "Khả năng đạt" not in explorer.margins.value
    for field, value in zip(explorer.delivered, (60, 85, 100), strict=True):
        field.value = value
    explorer.sliders[LATRINES].value = -300
    first = explorer.margins.value
    assert "Khả năng đạt" in first and re.search(r"\d+%</td></tr>|trên 99%|dưới 1%", first)
    explorer.sliders[LATRINES].value = -299
    explorer.sliders[LATRINES].value = -300
    assert explorer.margins.value == first  # draws are seeded


def test_an_answer_comes_soon(explorer):
    times = []
    for value in range(-100, 100, 20):
        start = time.perf_counter()
        explorer.sliders[LATRINES].value = value
        times.append(time.perf_counter() - start)
    assert sorted(times)[len(times) // 2] < LIMIT


def test_what_is_on_the_screen_is_saved_as_a_scenario(explorer, scenarios):
    explorer.sliders[LATRINES].value = 30
    explorer.costs[LATRINES].value = 10
    for fact, text in FACTS.items():
        explorer.fields[fact].value = text
    explorer.save_button.click()
    assert "Đã lưu" in explorer.message.value
    saved = load_scenario("hung-my", "nha-tieu-30", RULE_SET)
    (change,) = [c for c in saved.changes if c.key == LATRINES]
    assert (change.op, change.amount, change.cost) == ("add", 30, 300)
    assert (saved.author, saved.base_year) == ("Nguyễn Thị Nhì", 2023)


def test_a_file_is_never_written_over(explorer, scenarios):
    before = (scenarios / "nang-cao.yml").read_bytes()
    with pytest.raises(NtmError, match="Đã có kịch bản tên này"):
        explorer.model.save(explorer.moved, {}, FACTS | {"name": "nang-cao"})
    assert (scenarios / "nang-cao.yml").read_bytes() == before


@pytest.mark.parametrize(
    ("fact", "text", "message"),
    [
        ("name", "../../x", "không dùng được"),
        ("name", "Nhà tiêu", "không dùng được"),
        ("name", "", "Chưa ghi: tên tệp"),
        ("reason", " ", "Chưa ghi: lý do"),
        ("date", "hôm nay", "không đúng"),
    ],
)
def test_what_a_file_must_say_is_asked_for(explorer, scenarios, fact, text, message):
    before = sorted(scenarios.iterdir())
    with pytest.raises(NtmError, match=message):
        explorer.model.save(explorer.moved, {}, FACTS | {fact: text})
    assert sorted(scenarios.iterdir()) == before


def test_what_is_typed_stays_text(explorer):
    explorer.fields["name"].value = "<img src=x onerror=alert(1)>"
    for fact in ("title", "author", "reason"):
        explorer.fields[fact].value = "x"
    explorer.save_button.click()
    assert "&lt;img" in explorer.message.value
    assert "<img" not in explorer.message.value


def test_levels_are_moved_exactly(explorer):
    explorer.sliders["10.1", ""].value = 44.9
    assert explorer.moved["10.1", ""] == Fraction("44.9")
    assert "Khác với kế hoạch: tiêu chí 10." in explorer.headline.value


def test_a_commune_without_figures_is_told_so():
    assert "chưa có số liệu nào có thể thử" in Explorer(Model(report_of(2021))).page.value


def test_in_english_too():
    explorer = Explorer(Model(report_of(2024, language="en")))
    assert "19/19 criteria met." in explorer.headline.value
