"""A comparison of scenarios and a monthly report are runs like any other: named, made once, remade when an input changes."""

from dataclasses import replace

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.parameters import Parameters, check, default_rule_set
from ntm_lib.pipeline.inputs import input_files, notebooks_of
from ntm_lib.pipeline.job import MADE, UNCHANGED, Export, Job, exports_of, run
from ntm_lib.pipeline.pool import run_all
from tests.pipeline.helpers import PARAMETERS, published, write_notebook, write_text

BOTH = {"COMMUNE": "hung-my", "SCENARIO": "them-ho,bot-ho"}


@pytest.fixture
def two(checkout):
    """The small checkout with a second scenario and the two notebooks."""
    write_text(checkout / "data/raw/communes/hung-my/scenarios/bot-ho.yml", "name: bot-ho\n")
    write_notebook(checkout / "notebooks/scenario.ipynb", ["print(compared)"], PARAMETERS + '\ncompared = ""')
    write_notebook(checkout / "notebooks/month.ipynb", ["print(month)"], PARAMETERS + "\nmonth = 1")
    return checkout


def made(checkout, parameters: Parameters) -> str:
    last = notebooks_of(parameters)[-1]
    job = Job(parameters, checkout, exports=(Export(last, "markdown", "report.md"),))
    (outcome,) = run([job], lambda jobs: run_all(jobs, 1))
    assert not outcome.message
    return outcome.state


def test_a_comparison_is_made_once_beside_the_report(two):
    parameters = check(BOTH, comparing=True)
    assert parameters.run_name == "hung-my/kich-ban-them-ho+bot-ho.2024"
    assert made(two, parameters) == MADE
    assert made(two, parameters) == UNCHANGED
    folder = "outputs/hung-my/kich-ban-them-ho+bot-ho.2024"
    assert b"them-ho,bot-ho" in published(two)[f"{folder}/report.md"]
    assert f"{folder}/3_report.ipynb" not in published(two)


def test_a_changed_scenario_makes_the_comparison_anew(two):
    parameters = check(BOTH, comparing=True)
    made(two, parameters)
    write_text(two / "data/raw/communes/hung-my/scenarios/bot-ho.yml", "name: bot-ho\ntitle: x\n")
    assert made(two, parameters) == MADE


def test_the_same_inputs_give_the_same_bytes(two):
    parameters = check(BOTH, comparing=True)
    made(two, parameters)
    before = published(two)
    (outcome,) = run_all([Job(parameters, two, force=True, exports=(Export("scenario", "markdown", "report.md"),))], 1)
    assert outcome.state == MADE
    assert published(two) == before


def test_a_month_has_a_folder_and_a_notebook_of_its_own(two):
    parameters = check({"COMMUNE": "hung-my", "MONTH": "9"})
    assert parameters.run_name == "hung-my/2024-thang-09"
    assert made(two, parameters) == MADE
    assert b"9" in published(two)["outputs/hung-my/2024-thang-09/report.md"]


def test_every_kind_ends_in_its_own_notebook():
    year = Parameters("hung-my", 2024, default_rule_set(2024))
    kinds = (year, replace(year, month=9), replace(year, compared="a,b"))
    assert [notebooks_of(p)[-1] for p in kinds] == ["3_report", "month", "scenario"]
    assert [notebooks_of(p)[:2] for p in kinds] == [("1_clean", "2_status")] * 3
    assert "lich-2024.ics" in [export.file for export in exports_of(kinds[1])]
    for parameters in kinds:
        assert {export.notebook for export in exports_of(parameters)} <= set(notebooks_of(parameters))


def test_a_comparison_depends_on_just_the_scenarios_it_names(two):
    names = input_files(check(BOTH | {"SCENARIO": "them-ho"}, comparing=True))
    assert "data/raw/communes/hung-my/scenarios/them-ho.yml" in names
    assert "data/raw/communes/hung-my/scenarios/bot-ho.yml" not in names


def test_the_yearly_report_knows_nothing_of_months_and_comparisons():
    assert {"month", "compared"}.isdisjoint(Parameters("hung-my", 2024, "ntm-2021-2025").for_notebooks())


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ("", "chưa nêu kịch bản nào"),
        ("them-ho,khong-co", "xã không có kịch bản: khong-co."),
        ("them-ho,../x", "xã không có kịch bản: ../x."),
        ("them-ho,them-ho", "được nêu hai lần"),
        ("them-ho,", "xã không có kịch bản"),
    ],
)
def test_a_comparison_names_scenarios_that_exist(two, scenario, message):
    with pytest.raises(NtmError, match=message):
        check(BOTH | {"SCENARIO": scenario}, comparing=True)


@pytest.mark.parametrize("month", ["0", "13", "chín", "9.5", "-1"])
def test_a_month_is_one_of_twelve(two, month):
    with pytest.raises(NtmError, match="tháng viết bằng số từ 1 đến 12"):
        check({"COMMUNE": "hung-my", "MONTH": month})
