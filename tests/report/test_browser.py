"""The pages in a real Chromium: no request, no console error, no axe violation, sound at every width, on paper, by keyboard.

    pip install --require-hashes -r tests/browser.lock

``CHROMIUM`` names the browser, else the one of the system is taken. Without browser the tests are
skipped; ``NTM_REQUIRE_BROWSER=1`` makes that a failure. The lock is made by
``echo "playwright axe-playwright-python" | tr ' ' '\\n' | uv pip compile - --universal
--python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o tests/browser.lock``.
"""

import io
import os
import shutil
from pathlib import Path

import pikepdf
import pytest

from ntm_lib.doc.render import report_html
from tests.doc.test_blocks import HOSTILE, _every_block
from tests.report.sample_report import sample_notebook

WIDTHS = (360, 768, 1440)


def _missing(what: str) -> None:
    message = f"{what}: pages are not looked at in a browser"
    if os.environ.get("NTM_REQUIRE_BROWSER") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed (tests/browser.lock)")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        _missing("no Chromium was found")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    pages = {
        "report": report_html(sample_notebook()),
        "scenario": report_html(
            sample_notebook(scenario="thu-nhap-47: nếu thu nhập bình quân đạt 47 triệu đồng/người")
        ),
        "hostile": report_html(sample_notebook(_every_block("".join(HOSTILE) + "Hùng" * 2_500))),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


def heard(browser, place: Path, width: int, **more):
    """A page that is opened; what it asks for or complains of is kept in ``page.heard``."""
    page = browser.new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce", **more)
    page.heard = []
    page.on("request", lambda request: request.url.startswith(("file:", "data:")) or page.heard.append(request.url))
    page.on("console", lambda message: page.heard.append(message.text))
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.goto(place.as_uri())
    return page


@pytest.fixture
def open_page(browser, files):
    pages = []

    def opened(name: str, width: int = 1440):
        pages.append(heard(browser, files[name], width))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


def test_every_block_with_hostile_texts_is_silent_no_wider_than_any_screen_and_axe_finds_nothing(open_page):
    """What a user gets is looked at in ``test_published``; here stand the blocks that no page has."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("hostile")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        violations = axe.run(page).response["violations"] if width != 768 else []
        assert [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in violations] == []
    assert page.heard == [] and page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"')")


def test_tables_of_a_phone_are_cards_with_the_heading_beside_each_value(open_page):
    cell = open_page("report", 360).locator("#indicators-17 td").first
    assert cell.evaluate("e => getComputedStyle(e).display") == "flow-root"
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Ngưỡng và cấp quy định"'


def test_verdicts_of_a_phone_keep_their_words_for_those_who_hear_them(open_page):
    badge = open_page("report", 360).locator("#grid td .verdict b").first
    assert badge.evaluate("e => e.innerText.replace(/\\s+/g, ' ').trim()").endswith("Chưa đạt")


def test_text_of_charts_is_large_enough_on_a_phone(open_page):
    heights = open_page("report", 360).evaluate(
        "[...document.querySelectorAll('#chart text')].map(t => t.getBoundingClientRect().height)"
    )
    assert min(heights) >= 9


def test_the_keyboard_reaches_everything(open_page):
    page = open_page("report")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility()).length"
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    reached = 1
    for _ in range(wanted * 2):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body || document.activeElement.className === 'skip'"):
            break
        reached += 1
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert reached == wanted


def test_the_keyboard_unfolds_details_and_menu(open_page):
    page = open_page("report", 360)
    for selector in (".menu summary", "main details summary"):
        page.locator(selector).first.focus()
        page.keyboard.press("Enter")
        assert page.locator(selector).first.evaluate("e => e.parentElement.open")


def test_the_banner_of_a_scenario_stays_in_sight(open_page):
    for width in WIDTHS:
        page = open_page("scenario", width)
        page.evaluate("window.scrollTo(0, 5000)")
        box = page.locator(".banner").bounding_box()
        assert 0 <= box["y"] < 100
        assert box["width"] == width


def test_a_link_shows_its_target_below_the_banner(open_page):
    page = open_page("scenario", 360)
    page.locator('a[href="#row-hm065"]').click()
    bar = page.locator(".bar").bounding_box()
    assert page.locator("#row-hm065").bounding_box()["y"] >= bar["height"] - 1


def test_paper_shows_what_is_folded_and_no_navigation(open_page):
    page = open_page("scenario")
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert page.locator("details p").first.evaluate("e => e.getBoundingClientRect().height") > 5
    document = pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert [float(x) for x in document.pages[0].MediaBox][2:] == pytest.approx([595, 842], abs=2)
    assert 5 < len(document.pages) < 20
