"""No page concludes: every count and verdict that a run prints is that of its one judgement, or a count that a source gives, with its set."""

import ast
import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import lxml.html
import pytest

from ntm_lib import intake, parameters, tables
from ntm_lib.parameters import Parameters, default_rule_set
from ntm_lib.plan.side_by_side import Setting, compare
from ntm_lib.report import chance_pages, scenario_pages
from ntm_lib.report.context import Report, load_report
from ntm_lib.report.month import monthly
from ntm_lib.report.overview.overview_page import overview_page
from ntm_lib.report.overview.overview_read import read_overview
from ntm_lib.report.papers import assessment, leaf, public
from ntm_lib.report.sections import criterion, first_page, judging, standing
from ntm_lib.stages.clean_stage import save
from ntm_lib.stages.judge_stage import judge_run
from tests.report.papers import RUNS as PAPERS
from tests.report.papers import made, papers
from tests.report.reports import report_of
from tests.second_judge import HOLDS

ROOT = Path(__file__).resolve().parents[2]
RUNS = [
    ("hung-my", 2024), ("hung-my", 2023), ("my-bang", 2024), ("ngoc-hoi", 2022), ("hong-thai-na-hang", 2023),
    ("khau-tinh", 2023), ("an-thoi-dong", 2015), ("xuan-phuong-phu-binh", 2022), ("long-dien-b", 2022),
]  # fmt: skip
CONCLUDES = {"withdrawal", "recognition", "commune_verdict", "at_risk", "published_counts", "agreed"}
COUNT = re.compile(r"(\d+)(?:/| trong )(\d+) tiêu chí")
INDICATOR = re.compile(r"(?:^|^– )((?:KM)?\d{1,2}\.\d{1,2})([a-z]?)\b")
BADGE = re.compile(r"[✓✗○–] \w")
FRACTION = re.compile(r"(?<![\d/])(\d+)/(\d+)(?![\d/])")
CODE = re.compile(r"(?<![\d.,/])((?:KM)?\d{1,2}\.\d{1,2})([a-h]?)(?![\d\w]|[.,]\d)")
AMOUNT = r"[\d.]*\d(?:,\d+)?"
PRINTED = re.compile(rf"(?<![\d/.,])({AMOUNT})(?:/({AMOUNT})(?![\d/]|[.,]\d)|\s?(%))")
SAID = {
    "unmet": re.compile(r"chưa đạt yêu cầu|: chưa đạt\b"),
    "met": re.compile(r"(?<!chưa )đạt yêu cầu|: đạt\b"),
    "no-data": re.compile("chưa kết luận được"),
    "not-applicable": re.compile("không áp dụng"),
}
MARKS = {"met": "✓", "unmet": "✗", "no-data": "–", "not-applicable": "○"}
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


def at_hand() -> list[tuple[str, int]]:
    """Every commune at hand with its newest year that a rule set covers, else its newest."""
    found = []
    for commune in parameters.communes():
        years = parameters.years_with_rows(commune)
        found.append((commune, max(years, key=lambda year: (bool(default_rule_set(year)), year))))
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
    for row in report.rows("criteria", year=report.year):
        assert MARKS[row["verdict"]] in lines[row["criterion"]].split(" | ")[1 + len(report.years)]


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
    page = overview_page(read_overview([commune], [year]), "vi")
    told = {tuple(map(int, pair)) for pair in COUNT.findall(page.text) + re.findall(r"20\d\d: (\d+)/(\d+)", page.text)}
    assert told <= {(number, total.total) for number in (total.met, total.published, total.unmet_in_all)}
    criteria = sorted(report.rows("criteria", year=year), key=lambda row: tables.natural_key(row["criterion"]))
    (cells,) = [
        cells for cells in rows_of(page.html) if cells[0] == report.commune["name"] and len(cells) > len(criteria)
    ]
    marks = [cell[0] for cell in cells[2 : 2 + len(criteria)]]
    assert marks == [MARKS[row["verdict"]].replace("○", "/") for row in criteria]


@pytest.mark.parametrize(("commune", "year"), [("hung-my", 2023), ("my-bang", 2024)])
def test_scenarios_start_from_what_the_report_concludes(commune, year):
    report, _ = judged(commune, year)
    setting = Setting(report.commune, report.rule_set.id, "", year, "vi", False)
    compared = compare(report.observations, report.works, (), setting)
    (present,) = compared.summary.to_dict("records")
    total = standing.standing(report, year)
    assert [present[c] for c in ("met", "unmet", "no_data")] == [
        str(n) for n in (total.met, total.unmet, total.no_data)
    ]
    for name in ("indicators", "criteria"):
        mine = {key_of(row): row["verdict"] for row in compared.__dict__[name].to_dict("records")}
        assert mine == {key_of(row): row["verdict"] for row in report.rows(name, year=year)}


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
@pytest.mark.parametrize("run", PAPERS, ids=lambda run: "-".join(map(str, run)))
def test_every_verdict_and_figure_of_an_indicator_in_every_paper_is_that_of_the_table(run):
    """Each row of each table of the report, the official papers with their annexes and the public page that begins with an indicator."""
    commune, year, language = run
    report, checked = made(commune, year, language=language), 0
    for name, paper in papers(commune, year, language).items():
        for cells in rows_of(paper.html):
            key = INDICATOR.match(cells[0])
            marks = {cell[0] for cell in cells if BADGE.match(cell)}
            rows = report.rows("indicators", indicator=key[1], part=key[2]) if key else []
            if not rows:
                continue
            shown = [MARKS[row["verdict"]] for row in rows if row["year"] == year]
            assert marks <= {*shown} or len(marks) > 1, (name, cells)
            known = {fraction for row in [*rows, *raw_rows(report, key)] for fraction in fractions_of(row)}
            told = {pair for cell in cells[1:] for pair in FRACTION.findall(re.sub("[.,]", "", cell))}
            assert told <= known, (name, cells)
            checked += bool(marks) + len(told)
    assert checked >= (1 if report.rows("indicators", year=year, reason="") else 0)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
@pytest.mark.parametrize("run", [run for run in PAPERS if run[2] == "vi"], ids=lambda run: "-".join(map(str, run)))
def test_what_running_text_says_of_an_indicator_is_that_of_the_table(run):
    """Each fraction, share and verdict that stands after the number of an indicator, in every paper; quotations are the source's own."""
    report, checked = made(run[0], run[1]), 0
    for name, paper in papers(*run).items():
        for element in lxml.html.fromstring(paper.html).iter("p", "li"):
            text = without_quotations(element)
            if any(len(quoted) > 40 and quoted in text for quoted in quotations(report)):
                continue
            checked += (wrong := untrue(report, text)) is not None
            assert not wrong, (name, text)
            changed = re.sub(r"\d(?=(,\d+)?[/%])", lambda digit: str((int(digit[0]) + 3) % 10), text)
            assert wrong is None or changed == text or untrue(report, changed), (name, text)
    assert checked > 0 or not any(row["value"] for row in report.rows("indicators", year=report.year))


def without_quotations(element) -> str:
    """The words of a paragraph without what it quotes: that is the source's own."""
    return re.sub(r"“[^”]*”( \([^()]*\))?", "", " ".join(element.text_content().split()))


def quotations(report: Report) -> list[str]:
    """What is printed as the plan says it, whatever numbers it gives to an indicator."""
    return [" ".join(row["text"].split())[:120] for row in report.rows("sentences")]


def untrue(report: Report, text: str, more: dict[str, set[Fraction]] | None = None) -> list[str] | None:
    """What ``text`` says of an indicator and no table does; None where it says nothing. ``more``: numbers known besides, by code."""
    known = {(row["indicator"], row["part"]) for row in report.rows("thresholds")}
    codes = [m for m in CODE.finditer(text) if (m[1], m[2]) in known]
    said = False
    wrong: list[str] = []
    for code, following in zip(codes, [*codes[1:], None], strict=False):
        clause = text[code.end() : following.start() if following else None]
        numbers = numbers_of(report, code) | (more or {}).get(code[0], set())
        for one, other, _ in PRINTED.findall(clause):
            said = True
            wrong += [f"{code[0]}: {number}" for number in filter(None, (one, other)) if not is_among(number, numbers)]
        verdicts = {row["verdict"] for row in report.rows("indicators", indicator=code[1], part=code[2])}
        for verdict, form in SAID.items():
            said = said or bool(form.search(clause))
            wrong += [f"{code[0]}: {verdict}"] if form.search(clause) and verdict not in verdicts else []
    return wrong if said else None


def is_among(printed: str, numbers: set[Fraction]) -> bool:
    """Whether one of the numbers is printed so, rounded to as many digits."""
    shown, digits = Fraction(printed.replace(".", "").replace(",", ".")), len(printed.partition(",")[2])
    return any(abs(number - shown) <= Fraction(1, 2 * 10**digits) if digits else number == shown for number in numbers)


def numbers_of(report: Report, code: re.Match) -> set[Fraction]:
    """Every number that the tables give to an indicator and its parts, in whatever column; shares of its counts."""
    found = set()
    for table in ("indicators", "observations", "thresholds", "works", "changes", "risks"):
        for row in report.rows(table, indicator=code[1]):
            words = " ".join(row[c] for c in ("text", "item", "note", "quote") if c in row)
            found |= {Fraction(n.replace(".", "").replace(",", ".")) for n in re.findall(AMOUNT, words)}
            cells = [v for c, v in row.items() if isinstance(v, str) and c not in ("text", "item", "note", "quote")]
            found |= {Fraction(n) for v in cells for n in re.findall(r"\d+(?:\.\d+)?(?:/[1-9]\d*)?", v)}
            if row.get("numerator") and row.get("denominator"):
                found.add(Fraction(row["numerator"]) * 100 / Fraction(row["denominator"]))
    return found


@pytest.mark.parametrize("done", [None, 5, 30])
def test_the_month_says_of_an_indicator_what_the_table_and_its_threshold_say(done):
    """With no report, a slow and a quick pace: each line begins with its indicator; the forecast is judged anew here."""
    report = report_of(2024, month=9)
    cells = {"id": "P1", "year": "2024", "month": "9", "measure": "to-date", "indicator": "17.8", "part": "a"}
    progress = [
        cells | {"row": "1", "done": str(done)},
        cells | {"row": "2", "id": "P2", "indicator": "11.1", "part": "", "done": "3"},
    ]
    month = monthly.month_of(report, 9)
    month = replace(month, progress=tables.as_table("progress", progress if done else []))
    page = "\n".join(
        block.text for block in (monthly.title(month), monthly.to_decide(month), monthly.progress_table(month))
    )
    items = [row for row in tables.records(month.items) if not row["work"]]
    names = ("planned", "done", "share", "expected", "remaining", "per_month", "forecast", "year_end", "whole")
    more = {row["target"]: {Fraction(row[name]) for name in names if row[name]} for row in items}
    rounded = {target: numbers | {Fraction(round(number)) for number in numbers} for target, numbers in more.items()}
    checked = 0
    for line in page.replace("\N{NO-BREAK SPACE}", " ").splitlines():
        wrong = untrue(report, line, rounded)
        assert not wrong, line
        checked += wrong is not None
    for row in items:
        rule = report.row("thresholds", year=2024, indicator=row["indicator"], part=row["part"])
        if row["forecast_meets"]:
            met = HOLDS[rule["operator"]](
                100 * Fraction(row["year_end"]) / Fraction(row["whole"]), Fraction(rule["threshold"])
            )
            (line,) = [line for line in page.splitlines() if line.startswith(f"{row['target']} ")]
            assert (", đủ theo ngưỡng" in line, ", chưa đủ theo ngưỡng" in line) == (met, not met)
            checked += 1
    assert checked >= (4 if done else 1)


@pytest.mark.parametrize("names", ["ke-hoach-2024,nua-ke-hoach", "ke-hoach-2024,nua-ke-hoach,nang-cao"])
def test_the_page_of_scenarios_shows_each_as_the_second_notebook_judges_it(names, tmp_path, monkeypatch):
    report = report_of(2024, compared=names)
    monkeypatch.setattr(scenario_pages, "load_report", lambda run: report)
    page = scenario_pages.load_compared(report.parameters)
    for name in names.split(","):
        run = replace(report.parameters, compared="", scenario=name)
        save(intake.clean(intake.read_commune("hung-my", "vi"), "vi"), tables.empty("findings"), tmp_path, run)
        judge_run(run, tmp_path)
        for table in ("indicators", "criteria"):
            under = tables.records(tables.read_table(table, tmp_path))
            mine = {
                key_of(r): r["verdict"]
                for r in getattr(page.comparison, table).to_dict("records")
                if r["scenario"] == name
            }
            assert mine == {key_of(row): row["verdict"] for row in under if row["year"] == 2024}
        counts_and_names_of_a_scenario(page, name, mine)  # of the criteria, the last table
    judged_rows = page.comparison.indicators.to_dict("records")
    more: dict[str, set[Fraction]] = {}
    for row in judged_rows:
        numbers = {
            Fraction(n)
            for c, v in row.items()
            if c != "note"
            for n in re.findall(r"\d+(?:\.\d+)?(?:/[1-9]\d*)?", str(v))
        }
        share = {Fraction(row["numerator"]) * 100 / Fraction(row["denominator"])} if row["denominator"] else set()
        more.setdefault(row["indicator"] + row["part"], set()).update(numbers | share)
    parts = [scenario_pages.title, scenario_pages.assumptions, scenario_pages.summary, scenario_pages.criteria_beside]
    parts += [scenario_pages.margins_beside, chance_pages.chances, chance_pages.cheapest]
    told = [" | ".join(cells) for cells in rows_of(scenario_pages.margins_beside(page).html)]
    for part in parts:  # and every sentence of the page
        html = f"<div>{part(page).html}</div>"
        told += [without_quotations(element) for element in lxml.html.fromstring(html).iter("p", "li", "figcaption")]
    checked = [untrue(report, line, more) for line in told]
    assert not any(checked) and checked.count([]) > 4, [wrong for wrong in checked if wrong]


def counts_and_names_of_a_scenario(page, name: str, verdicts: dict[tuple[str, str], str]) -> None:
    """The line of the summary, and where rules of its own judge it the sentences that name criteria."""
    of = {verdict: {criterion for (criterion, _), v in verdicts.items() if v == verdict} for verdict in MARKS}
    start = f"{scenario_pages._number(page, name)}."
    (line,) = [cells for cells in rows_of(scenario_pages.summary(page).html) if cells[0].startswith(start)]
    total = len(verdicts) - len(of["not-applicable"])
    assert [line[n] for n in (1, 3, 4)] == [f"{len(of['met'])}/{total}", str(len(of["unmet"])), str(len(of["no-data"]))]
    if name not in page.own:
        told = scenario_pages._criteria_by_own_rules(page, next(s for s in page.scenarios if s.name == name)).text
        for verdict, words in (("met", "Đạt"), ("unmet", "Chưa đạt"), ("no-data", "Chưa kết luận được")):
            named = re.search(rf"- {words}: (.*)\.", told)
            bare = re.sub(r"\([^()]*\)", "", named[1]) if named else ""
            assert set(re.findall(r"\d+", bare)) == of[verdict]


def key_of(row: dict) -> tuple[str, str]:
    return (row["indicator"], row["part"]) if "indicator" in row else (row["criterion"], "")


def rows_of(html: str) -> Iterator[list[str]]:
    """The cells of each row of each table of a page."""
    for row in lxml.html.fromstring(html).iter("tr"):
        cells = [" ".join(cell.text_content().split()) for cell in row if cell.tag in ("td", "th")]
        if cells:
            yield cells


def raw_rows(report: Report, key: re.Match) -> list[dict]:
    return report.rows("observations", indicator=key[1], part=key[2]) + report.rows(
        "works", indicator=key[1], part=key[2]
    )


def fractions_of(row: dict) -> list[tuple[str, str]]:
    return [
        *FRACTION.findall(f"{row.get('numerator')}/{row.get('denominator')}"),
        *FRACTION.findall(re.sub("[.,]", "", row.get("text", ""))),
    ]


@pytest.mark.parametrize(("commune", "year"), at_hand())
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
