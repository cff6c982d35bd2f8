"""No page concludes: every count and verdict that a run prints is that of its one judgement, or a count that a source gives, with its set."""

import ast
import atexit
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from ntm_lib import intake, parameters, tables
from ntm_lib.parameters import Parameters, default_rule_set
from ntm_lib.plan.side_by_side import Setting, compare
from ntm_lib.report.context import Report, load_report
from ntm_lib.report.overview.overview_read import read_overview
from ntm_lib.report.papers import assessment, leaf, public
from ntm_lib.report.sections import criterion, first_page, judging, standing
from ntm_lib.stages.clean_stage import save
from ntm_lib.stages.judge_stage import judge_run

ROOT = Path(__file__).resolve().parents[2]
RUNS = [
    ("hung-my", 2024), ("hung-my", 2023), ("my-bang", 2024), ("ngoc-hoi", 2022), ("hong-thai-na-hang", 2023),
    ("khau-tinh", 2023), ("an-thoi-dong", 2015), ("xuan-phuong-phu-binh", 2022), ("long-dien-b", 2022),
]  # fmt: skip
CONCLUDES = {"withdrawal", "recognition", "commune_verdict", "at_risk", "published_counts", "agreed"}
COUNT = re.compile(r"(\d+)(?:/| trong )(\d+) tiêu chí")
NONE_UNMET = re.compile(r"(?i)(không|chưa) (có )?tiêu chí nào[^.;]* chưa đạt")


@cache
def judged(commune: str, year: int) -> tuple[Report, Path]:
    """The report of a commune of the project, and the folder that holds data/processed of it; its checks are left out."""
    root = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    run = Parameters(commune, year, default_rule_set(year) or "ntm-2021-2025")
    folder = root / run.run_name
    folder.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_PROCESSED", str(folder))
        cleaned = intake.clean(intake.read_commune(commune, "vi"), "vi")
        save(cleaned, tables.empty("findings"), folder, run)
        judge_run(run, folder)
        return load_report(run), root


def in_set() -> list[tuple[str, int]]:
    """Every commune at hand with its newest year that a rule set covers."""
    found = []
    for commune in parameters.communes():
        years = [year for year in parameters.years_with_rows(commune) if default_rule_set(year)]
        found += [(commune, years[-1])] if years else []
    return found


def words(report: Report) -> dict[str, str]:
    """Page or paper → what it says of the criteria."""
    said = {
        "page one": first_page.conclusion(report).text,
        "recognition": judging.recognition(report).text,
        "report on results": assessment.summary(report),
        "leaf": leaf._proof(report),
        "public page": public.page(report).text,
    }
    return {name: text.replace("\N{NO-BREAK SPACE}", " ") for name, text in said.items()}


def test_no_page_calls_what_concludes():
    for path in (ROOT / "ntm_lib/report").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ntm_lib.judge"):
                assert not names & CONCLUDES, path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "judge":
                assert node.attr not in CONCLUDES, path


@pytest.mark.parametrize(("commune", "year"), RUNS)
def test_every_count_of_every_page_is_the_one_concluded_or_a_published_one(commune, year):
    report, _ = judged(commune, year)
    concluded = set()
    for row in report.rows("summary"):
        total = standing.standing(report, row["year"])
        numbers = (total.met, total.measured + total.planned, total.unmet_in_all)
        concluded |= {(number, total.total) for number in numbers} | {(total.measured, total.met)}
    published = {(int(row["met"]), int(row["total"] or 0)) for row in report.rows("counts")}
    for name, text in words(report).items():
        told = {(int(met), int(total)) for met, total in COUNT.findall(text)}
        assert told <= concluded | published, name


@pytest.mark.parametrize(("commune", "year"), RUNS)
def test_the_grid_shows_the_verdicts_of_the_table(commune, year):
    report, _ = judged(commune, year)
    lines = {line.split(" | ")[0]: line for line in criterion.criteria_grid(report).text.splitlines() if " | " in line}
    marks = {"met": "✓", "unmet": "✗", "no-data": "–", "not-applicable": "○"}
    for row in report.rows("criteria", year=report.year):
        assert marks[row["verdict"]] in lines[row["criterion"]].split(" | ")[1 + len(report.years)]


@pytest.mark.parametrize(("commune", "year"), [run for run in RUNS if run[1] > 2020])
def test_the_overview_says_what_page_one_says(commune, year, monkeypatch):
    report, root = judged(commune, year)
    monkeypatch.setenv("NTM_PROCESSED", "")
    monkeypatch.setattr("ntm_lib.paths.processed", lambda run="": root / run)
    (entry,) = read_overview([commune], [year]).entries
    total = standing.standing(report, year)
    assert (entry.met, entry.announced, entry.exposure) == (total.met, total.published, total.until_withdrawal)
    assert (entry.with_value, entry.indicators) == (total.with_value, total.indicators)
    assert entry.plan == report.is_plan(year)


@pytest.mark.parametrize(("commune", "year"), [("hung-my", 2023), ("my-bang", 2024)])
def test_scenarios_start_from_what_the_report_concludes(commune, year):
    report, _ = judged(commune, year)
    setting = Setting(report.commune, report.rule_set.id, "", year, "vi", False)
    (present,) = compare(report.observations, report.works, (), setting).summary.to_dict("records")
    total = standing.standing(report, year)
    assert (present["met"], present["unmet"], present["no_data"]) == (
        str(total.met),
        str(total.unmet),
        str(total.no_data),
    )


@pytest.mark.parametrize(("commune", "year"), in_set())
def test_no_page_says_that_nothing_is_unmet_beside_a_count_that_says_otherwise(commune, year):
    """Over every commune at hand; and each count of the year stands on page one, with its set."""
    report, _ = judged(commune, year)
    total, said = standing.standing(report, year), words(report)
    counts = standing.counts_of(report, year)
    short = total.unmet_in_all or any(row["total"] and row["met"] != row["total"] for row in counts)
    assert not (short and any(NONE_UNMET.search(text) for text in said.values()))
    for row in counts:
        own = row["own"] and row["met"] == str(total.met)
        assert own or standing.count_text(report, row) in said["page one"]
