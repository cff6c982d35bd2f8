"""The overview and the page of differences in a real Chromium; see ``test_browser`` for what is needed."""

import time
from pathlib import Path

import pytest

from ntm_lib import rules
from ntm_lib.parameters import Parameters
from ntm_lib.report.difference import difference_files
from ntm_lib.report.overview.overview_page import overview_html
from ntm_lib.report.overview.overview_read import Entry, Overview, read_overview
from ntm_lib.report.states import State, difference
from tests.report.test_browser import WIDTHS, browser, heard  # noqa: F401
from tests.report.test_overview import country  # noqa: F401
from tests.rules.books import page as rule_book

COMMUNES = 3321
PAGES = ("overview", "year", "english", "diff", "rule-book")


def repeated(overview: Overview, count: int) -> Overview:
    """The communes again and again, until there are ``count`` of them in each year."""
    entries: list[Entry] = []
    for year in overview.years:
        some = overview.of_year(year)
        entries += (some * (count // len(some) + 1))[:count]
    return Overview(overview.title, tuple(entries), (), overview.name_of)


def differing() -> bytes:
    key = ("2024", "10.1", "")
    states = [
        State(
            raw={("plan", "HM088"): {"value": value}},
            thresholds={key: {"operator": ">=", "threshold": "45", "document": value}},
            indicators={
                key: {
                    "verdict": verdict,
                    "basis": "planned",
                    "value": value,
                    "unit": "triệu đồng/người/năm",
                    "threshold": "45",
                    "operator": ">=",
                }
            },
            lines={"1": (f"Theo kế hoạch {value}",)},
            findings={value: f"Mục tiêu {value}"},
            files={"data/raw/plan.csv": value},
        )
        for value, verdict in (("49", "met"), ("44", "unmet"))
    ]
    since = {"name": "0123456789", "date": "2024-11-01", "subject": "Trước"}
    run = Parameters("hung-my", 2024, "ntm-2021-2025")
    return difference_files(difference(*states), run, since, rules.load_set("ntm-2021-2025"))["diff.html"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory, country) -> dict[str, Path]:
    overview = read_overview(country[1], title="Tiêu chí nông thôn mới của các xã, Thử")
    made = {
        "overview": overview_html(overview, "vi")["overview.html"],
        "year": overview_html(overview, "vi")["overview-2023.html"],
    }
    made["english"] = overview_html(read_overview(country[1], title="Communes", language="en"), "en")["overview.html"]
    made["country"] = overview_html(
        Overview(overview.title, repeated(overview, COMMUNES).entries, (), overview.name_of), "vi"
    )["overview-2024.html"]
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NTM_ROOT")
        made["diff"] = differing().decode()
        made["rule-book"] = rule_book("vi")
    folder = tmp_path_factory.mktemp("pages")
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture
def open_page(browser, pages):
    opened = []

    def open_one(name: str, width: int = 1440, script: bool = True):
        opened.append(heard(browser, pages[name], width, java_script_enabled=script))
        return opened[-1]

    yield open_one
    for page in opened:
        page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_silent_and_no_wider_than_the_screen(open_page, name, width):
    page = open_page(name, width)
    assert page.heard == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# Of the hundreds of entries of the rule book one of each structure stays: axe takes half a minute for all.
ONE_OF_EACH_STRUCTURE = """() => {
    const seen = new Set();
    for (const head of document.querySelectorAll("h4")) {
        const entry = [head];
        while (entry.at(-1).nextElementSibling && !/^H[1-4]$/.test(entry.at(-1).nextElementSibling.tagName))
            entry.push(entry.at(-1).nextElementSibling);
        const kinds = entry.flatMap(e => [e, ...e.querySelectorAll("*")]).map(e => `${e.tagName}.${e.getAttribute("class")}`);
        const structure = [...new Set(kinds)].sort().join(" ");
        if (seen.has(structure)) entry.forEach(e => e.remove());
        seen.add(structure);
    }
    return seen.size;
}"""


@pytest.mark.parametrize("width", (360, 1440))
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page, name, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(name, width)
    assert name != "rule-book" or page.evaluate(ONE_OF_EACH_STRUCTURE) > 5
    found = axe.run(page).response["violations"]
    assert [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found] == []


def names(page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('.communes tbody tr')].filter(r => !r.hidden).map(r => r.cells[0].textContent)"
    )


def column(page, index: int) -> list[str]:
    return page.evaluate(
        f"[...document.querySelectorAll('.communes tbody tr')].filter(r => !r.hidden).map(r => r.cells[{index}].textContent)"
    )


def test_without_script_it_is_a_plain_table_with_nothing_that_does_not_work(open_page):
    page = open_page("overview", script=False)
    assert page.locator(".communes tbody tr").count() == 40
    assert not page.locator("#find").is_visible()
    assert page.locator(".communes thead button").count() == 0
    assert page.locator(".communes thead th[scope=col]").count() == page.locator(".communes thead th").count()
    assert page.locator(".communes tbody th[scope=row] a").count() == 40


def test_columns_sort_by_click_and_keyboard_and_say_so(open_page):
    page = open_page("overview")
    alphabet = names(page)
    head = page.locator(".communes th[data-key=n]").first
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    met = [int(text.split("–")[0]) for text in column(page, head.evaluate("h => h.cellIndex"))]
    assert met == sorted(met)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    met = [int(text.split("–")[0]) for text in column(page, head.evaluate("h => h.cellIndex"))]
    assert met == sorted(met, reverse=True)
    page.locator(".communes th[data-key=t] button").click()
    assert names(page) == alphabet
    assert page.locator(".communes [aria-sort]").count() == 1


def test_communes_are_found_without_accents_and_by_what_they_miss(open_page):
    page = open_page("overview")
    wanted = names(page)[7]
    page.fill("#find-name", wanted.lower().replace("đ", "d"))
    assert wanted in names(page)
    page.fill("#find-name", "")
    page.select_option("#find-criterion", "17")
    index = page.locator(".communes thead th", has_text="17").first.evaluate("h => h.cellIndex")
    signs = column(page, index)
    assert signs
    assert all(sign.startswith("✗") for sign in signs)
    assert page.locator("#found").inner_text() == f"Đang xem {len(signs)}/{len(signs)} xã"
    page.select_option("#find-criterion", "")
    page.select_option("#find-band", "15-18")
    met = column(page, page.locator(".communes th[data-key=n]").first.evaluate("h => h.cellIndex"))
    assert met
    assert all(int(text.split("–")[0]) >= 15 and int(text.split("–")[-1]) <= 18 for text in met)


def test_a_script_of_others_does_not_run(open_page):
    page = open_page("overview")
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in page.heard)


def test_paper_shows_the_table_and_no_fields(open_page):
    page = open_page("overview")
    page.emulate_media(media="print")
    assert not page.locator("#find").is_visible()
    assert page.locator(".wide").evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def test_3321_communes_open_in_two_seconds_and_under_five_megabytes(open_page, pages):
    assert pages["country"].stat().st_size < 5_000_000
    seconds = []
    for _ in range(3):  # the quickest counts: other tests run meanwhile
        start = time.monotonic()
        page = open_page("country")
        seconds.append(time.monotonic() - start)
        assert page.locator(".communes tbody tr").count() == COMMUNES
    assert min(seconds) < 2


def test_of_very_many_communes_the_first_are_shown_and_the_rest_when_asked(open_page):
    page = open_page("country")
    shown = "[...document.querySelectorAll('.communes tbody tr')].filter(r => r.checkVisibility()).length"
    assert page.evaluate(shown) == 200
    page.locator(".communes th[data-key=n] button").first.click()
    assert page.evaluate(shown) == 200
    assert page.locator("#found").inner_text() == f"Đang xem 200/{COMMUNES} xã"
    page.emulate_media(media="print")
    assert page.evaluate(shown) == COMMUNES
    page.emulate_media(media="screen")
    page.locator("#find-all").click()
    assert page.evaluate(shown) == COMMUNES
    assert not page.locator("#find-all").is_visible()
