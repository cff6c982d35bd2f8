"""The explorer as ``make explore`` serves it, in a real headless Chromium: offline, quick, and saving what it shows.

Needs what ``tests/browser.lock`` holds and a Chromium, as ``test_browser`` does; without them it is
skipped, or fails with ``NTM_REQUIRE_BROWSER=1``.
"""

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from ntm_lib import intake, paths
from ntm_lib.cli.explore_command import command_of, environment, write_notebook
from ntm_lib.language import translator
from ntm_lib.parameters import check
from ntm_lib.stages.clean_stage import check_run, save
from ntm_lib.stages.judge_stage import judge_run
from tests.pipeline.helpers import ntm
from tests.report.test_browser import browser  # noqa: F401

LATRINES = ".lever-17-8a"
LIMIT = 0.3  # seconds
TRIES = 30  # a machine that tests many things at once is not the planner's: some of its moments are
PATIENCE = 90  # seconds for a server and a kernel to start


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout with Hùng Mỹ alone, its tables made, and the one that this process works on."""
    source, root = paths.root(), tmp_path_factory.mktemp("explorer")
    shutil.copytree(source / "data/raw/rules", root / "data/raw/rules")
    shutil.copytree(source / "data/raw/communes/hung-my", root / "data/raw/communes/hung-my")
    for path in (source / "data/raw/communes").glob("*.csv"):
        shutil.copy(path, root / "data/raw/communes")
    shutil.copytree(source / "notebooks", root / "notebooks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_ROOT", str(root))
        run = check({"COMMUNE": "hung-my", "YEAR": "2024"})
        folder = paths.processed(run.run_name)
        folder.mkdir(parents=True)
        cleaned = intake.clean(intake.read_commune("hung-my"), "vi")
        save(cleaned, check_run(cleaned, run), folder, run)
        judge_run(run, folder)
        yield root


@pytest.fixture(scope="module")
def address(browser, checkout, tmp_path_factory):
    """Where Voilà serves the notebook; it is ended with the tests."""
    folder = tmp_path_factory.mktemp("served")
    notebook = write_notebook(check({"COMMUNE": "hung-my", "YEAR": "2024"}), folder, translator("vi"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "voila.log").open("wb")
    command = command_of(notebook, "--no-browser", f"--port={port}", "--port_retries=0")
    server = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/voila/static/require.min.js", server, Path(log.name))
        yield re.search(rf"http://127\.0\.0\.1:{port}/\?token=\w+", Path(log.name).read_text("utf-8"))[0]
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1)
        except urllib.error.HTTPError:  # it answers
            return
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail(log.read_text("utf-8"))


@pytest.fixture(scope="module")
def page(browser, address):
    """The page, opened once; what it asks of another machine is kept in ``page.abroad``."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.abroad = []
    page.on(
        "request",
        lambda request: (
            request.url.startswith((address.partition("?")[0], "data:", "blob:", "ws:"))
            or page.abroad.append(request.url)
        ),
    )
    page.goto(address, timeout=PATIENCE * 1000)
    page.wait_for_selector(".ntm-explorer .headline", timeout=PATIENCE * 1000)
    yield page
    page.close()


def headline(page) -> str:
    return page.locator(".headline").inner_text()


def press(page, key: str, times: int = 1) -> None:
    """Moves the slider as a planner without a mouse does."""
    handle = page.locator(f"{LATRINES} .noUi-handle")
    handle.focus()
    for _ in range(times):
        page.keyboard.press(key)


def test_it_asks_nothing_of_the_network(page):
    assert page.abroad == []


def test_it_shows_the_plan_and_no_code(page):
    assert "Đạt 19/19 tiêu chí" in headline(page)
    assert page.locator(".tiles li").count() == 19
    assert "load_report" not in page.inner_text("body")


def test_a_moved_slider_is_answered_in_time(page):
    press(page, "ArrowLeft")  # the first answer also wakes the kernel
    page.wait_for_function("() => document.body.innerText.includes('1.331/1.413')")
    in_time = 0
    for value in range(1330, 1330 - TRIES, -1):
        shown = f"{value // 1000}.{value % 1000:03}/1.413"
        start = time.perf_counter()
        press(page, "ArrowLeft")
        page.wait_for_function("shown => document.body.innerText.includes(shown)", arg=shown, polling=5)
        in_time += time.perf_counter() - start < LIMIT
        if in_time == 3:
            return
    pytest.fail(f"{in_time} of {TRIES} moves were answered within {LIMIT} s")


def test_a_verdict_turns_under_the_slider(page):
    press(page, "Home")  # every latrine gone
    page.wait_for_selector(".tiles li.changed[data-criterion='17']")
    assert "tiêu chí 17" in headline(page)
    assert "Chưa đạt" in page.locator(".tiles li[data-criterion='17']").inner_text().replace("\N{NO-BREAK SPACE}", " ")


def save_screen(page, name: str) -> None:
    for fact, text in {"name": name, "title": "Từ màn hình", "author": "Người lập kế hoạch", "reason": "Thử."}.items():
        page.locator(f".fact-{fact} input").fill(text)
        page.locator(f".fact-{fact} input").blur()
    page.get_by_role("button", name="Lưu thành kịch bản").click()
    page.wait_for_function("name => document.querySelector('.message.saved')?.innerText.includes(name)", arg=name)


def verdict_in(text: str) -> str:
    """The first verdict that a text names."""
    return re.search("Chưa đạt|Chưa có số liệu|Không áp dụng|Đạt", text.replace("\N{NO-BREAK SPACE}", " "))[0]


def test_make_scenario_says_of_the_saved_file_what_the_screen_said(page, checkout):
    save_screen(page, "khong-nha-tieu")
    on_screen = {
        tile.get_attribute("data-criterion"): verdict_in(tile.inner_text()) for tile in page.locator(".tiles li").all()
    }
    assert on_screen["17"] == "Chưa đạt"
    run = ntm("scenario", "COMMUNE=hung-my", "SCENARIO=khong-nha-tieu", root=checkout)
    assert run.returncode == 0, run.stdout + run.stderr
    notebook = json.loads((checkout / "outputs/hung-my/kich-ban-khong-nha-tieu.2024/scenario.ipynb").read_text("utf-8"))
    shown = "\n".join(
        "".join(output["data"]["text/plain"]) for cell in notebook["cells"] for output in cell.get("outputs", [])
    )
    rows = re.findall(r"^(\d+) \| [^|\n]+ \| [^|\n]+ \| ([^|\n]+)$", shown, re.MULTILINE)
    assert {criterion: verdict_in(cell) for criterion, cell in rows} == on_screen


def test_what_is_on_the_screen_becomes_a_scenario_file(page, checkout):
    page.get_by_role("button", name="Về như kế hoạch").click()
    page.wait_for_function("() => document.querySelector('.headline').innerText.includes('19/19')")
    save_screen(page, "tu-man-hinh")
    text = (checkout / "data/raw/communes/hung-my/scenarios/tu-man-hinh.yml").read_text("utf-8")
    assert 'indicator: "17.8", part: a, add: "56"' in text


def test_it_fits_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
