"""What makes a report stale, and what does not."""

import importlib.metadata
import os
import platform
import shutil
import time

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.parameters import check
from ntm_lib.pipeline import inputs, manifest
from ntm_lib.pipeline.inputs import input_files, province_of
from tests.pipeline.helpers import write_commune, write_rule_set, write_text


@pytest.fixture
def parameters(checkout):
    return check({"COMMUNE": "hung-my"})


@pytest.fixture
def report(parameters):
    """A published report, without the notebooks having run."""
    outputs, tables = manifest.outputs_folder(parameters), manifest.tables_folder(parameters)
    write_text(outputs / "report.html", "<html>")
    write_text(tables / "criteria.csv", "criterion\n")
    manifest.write(parameters, inputs_now(parameters), outputs, tables)
    return parameters


def inputs_now(parameters) -> dict[str, str]:
    return manifest.Checker().input_digests(parameters, inputs.Digests(parameters.commune))


def is_current(parameters) -> bool:
    return manifest.Checker().is_current(parameters)


def test_a_report_is_current_until_something_changes(report):
    assert is_current(report)
    assert is_current(report)


@pytest.mark.parametrize(
    "name",
    [
        "data/raw/communes/hung-my/results.csv",
        "data/raw/communes/hung-my/notes.csv",
        "data/raw/communes/hung-my/sources/kế-hoạch.txt",
        "data/raw/rules/ntm-2021-2025/thresholds.csv",
        "data/raw/rules/ntm-2026-2030/thresholds.csv",
        "data/raw/rules/traits.yml",
        "data/raw/rules/crosswalk.csv",
        "data/raw/rules/provinces/tuyen-quang/ntm-2021-2025.csv",
        "data/raw/rules/provinces/tuyen-quang/ntm-2026-2030.csv",
        "notebooks/2_status.ipynb",
        "outputs/hung-my/2024/report.html",
        "outputs/hung-my/2024/unknown.txt",
        "data/processed/hung-my/2024/criteria.csv",
    ],
)
def test_what_it_is_made_from_and_what_it_consists_of_make_it_stale(checkout, report, name):
    write_text(checkout / name, "khác")
    assert not is_current(report)


@pytest.mark.parametrize(
    "name",
    [
        "data/raw/communes/bang-coc/results.csv",
        "data/raw/communes/hung-my/scenarios/them-ho.yml",
        "data/raw/communes/hung-my/~$results.xlsx",
        "data/raw/communes/hung-my/.~lock.results.csv#",
        "data/raw/rules/ntm-nang-cao-2021-2025/thresholds.csv",
        "data/raw/rules/provinces/ha-giang/ntm-2021-2025.csv",
        "data/raw/rules/provinces/tuyen-quang/ntm-nang-cao-2021-2025.csv",
        "notebooks/overview.ipynb",
        "outputs/hung-my/2023/report.html",
        "README.md",
    ],
)
def test_nothing_else_does(checkout, report, name):
    write_text(checkout / name, "khác")
    assert is_current(report)


def test_a_raw_file_that_is_gone_makes_it_stale(checkout, report):
    (checkout / "data/raw/communes/hung-my/plan.csv").unlink()
    assert not is_current(report)


def test_the_library_and_the_lock_make_it_stale(report, tmp_path, monkeypatch):
    copy = tmp_path / "library"
    shutil.copytree(inputs.LIBRARY, copy / "ntm_lib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(inputs.LIBRARY.parent / "requirements.lock", copy)
    monkeypatch.setattr(inputs, "LIBRARY", copy / "ntm_lib")
    assert is_current(report)
    for name in ("ntm_lib/doc/templates/x.css", "requirements.lock", "ntm_lib/cli/help.py"):
        write_text(copy / name, "khác")
        assert not is_current(report)
        manifest.write(report, inputs_now(report), manifest.outputs_folder(report), manifest.tables_folder(report))
        assert is_current(report)


def test_times_alone_make_nothing_stale(checkout, report):
    for path in checkout.rglob("*.csv"):
        os.utime(path, (0, 0))
    write_text(
        checkout / "data/raw/communes/hung-my/results.csv",
        (checkout / "data/raw/communes/hung-my/results.csv").read_text(),
    )
    assert is_current(report)


def test_contents_count_though_size_and_time_are_the_same(checkout, report, monkeypatch):
    monkeypatch.setattr(inputs, "YOUNG_NS", 0)
    path = checkout / "data/raw/communes/hung-my/results.csv"
    status = path.stat()
    assert is_current(report)
    time.sleep(0.01)
    path.write_text(path.read_text().replace("23", "32"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert not is_current(report)


def test_a_young_file_is_read_again(checkout, report):
    path = checkout / "data/raw/communes/hung-my/results.csv"
    path.write_text(path.read_text())
    own = inputs.Digests("hung-my")
    own.of(path)
    assert str(path) not in own.known


def test_parameters_count(report):
    assert not is_current(check({"COMMUNE": "hung-my", "YEAR": "2023"}))
    assert not is_current(check({"COMMUNE": "hung-my", "STRICT": "1"}))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"fingerprint": "x"}'])
def test_a_manifest_that_cannot_be_read_is_none(checkout, report, text):
    write_text(checkout / "outputs/hung-my/2024/manifest.json", text)
    assert not is_current(report)


def test_a_broken_index_only_costs_time(checkout, report):
    write_text(checkout / "outputs/.ntm/digests/hung-my.json", "[1")
    assert is_current(report)


def test_a_missing_notebook_is_told(checkout, report):
    (checkout / "notebooks/2_status.ipynb").unlink()
    with pytest.raises(NtmError, match="notebooks/2_status.ipynb"):
        is_current(report)


def test_the_manifest_names_no_path_and_no_time_of_this_machine(checkout, report):
    text = (checkout / "outputs/hung-my/2024/manifest.json").read_text("utf-8")
    assert str(checkout) not in text
    assert str(inputs.LIBRARY.parent) not in text
    assert manifest.read(checkout / "outputs/hung-my/2024")["parameters"]["year"] == 2024


def test_a_scenario_of_its_own_counts_and_may_judge_by_any_rules(checkout):
    files = input_files(check({"COMMUNE": "hung-my", "SCENARIO": "them-ho"}))
    assert "data/raw/communes/hung-my/scenarios/them-ho.yml" in files
    assert "data/raw/rules/ntm-nang-cao-2021-2025/thresholds.csv" in files


def test_a_set_counts_with_those_it_refers_to(checkout):
    write_rule_set(
        checkout, "ntm-kieu-mau-2021-2025", [2021, 2025], extends="ntm-nang-cao-2021-2025", same_as={"set": "khac"}
    )
    write_rule_set(checkout, "khac", [2000, 2001])
    files = input_files(check({"COMMUNE": "hung-my", "RULES": "ntm-kieu-mau-2021-2025"}))
    assert "data/raw/rules/ntm-nang-cao-2021-2025/set.yml" in files
    assert "data/raw/rules/khac/set.yml" in files


@pytest.mark.parametrize(
    "line",
    [
        "province_slug: ha-giang", 'province_slug: "ha-giang"', "province_slug: 'ha-giang' # cũ", '"province_slug": ha-giang',
        "province_slug : ha-giang", "province_slug: !!str ha-giang", "province_slug: >-\n  ha-giang", "province_slug: &p ha-giang",
        "? province_slug\n: ha-giang",
    ],
)  # fmt: skip
def test_the_province_is_read_however_it_is_written(checkout, line):
    write_commune(checkout, "xa")
    write_text(checkout / "data/raw/communes/xa/commune.yml", f"name: x\n{line}\n")
    assert province_of("xa") == "ha-giang"
    assert "data/raw/rules/provinces/ha-giang/ntm-2021-2025.csv" in input_files(check({"COMMUNE": "xa"}))


def test_versions_read_from_the_names_of_folders_are_those_that_python_tells():
    told = dict(manifest.versions())
    assert told.pop("python") == platform.python_version()
    assert told == {name: importlib.metadata.version(name) for name in manifest.PACKAGES}


def test_a_folder_below_the_tables_counts_file_by_file(tmp_path):
    """The small pictures of evidence lie in a folder of their own beside the tables."""
    (tmp_path / "pictures").mkdir()
    for name in ("a.csv", "pictures/b.jpg", manifest.NAME, ".hidden"):
        (tmp_path / name).touch()
    assert list(manifest._files(tmp_path)) == ["a.csv", "pictures/b.jpg"]
