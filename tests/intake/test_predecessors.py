"""A commune formed from others: the three notebooks' steps give it the history of its predecessors."""

import shutil

import pytest

from ntm_lib import intake, parameters, paths, tables
from ntm_lib.intake.cleaning import history_of_merged
from ntm_lib.pipeline.inputs import input_files
from ntm_lib.places import named
from ntm_lib.stages.clean_stage import check_run, save
from ntm_lib.stages.judge_stage import judge_run
from ntm_lib.wording.problem_words import worded
from tests.intake.raw_rows import as_csv, result

RAW = paths.raw()
TODAY = """code: "02308"
slug: tan-my
name: Tân Mỹ
kind: xã
district: null
district_code: null
province: Tuyên Quang
province_slug: tuyen-quang
display: {vi: "xã Tân Mỹ, tỉnh Tuyên Quang", en: "Tân Mỹ commune, Tuyên Quang province"}
traits:
  - {trait: region, value: tdmnpb, from: null, to: null, reason: thử, source: null}
merged_into: null
"""
BEFORE = (
    TODAY.replace("slug: tan-my", "slug: tan-my-cu")
    .replace("district_code: null", 'district_code: "073"')
    .replace("merged_into: null", 'merged_into:\n  code: "02308"\n  name: Tân Mỹ\n  date: "2025-07-01"\n  source: thử')
)
LATRINES = {"indicator": "17.8", "part": "a", "criterion": "17"}


def write(place, name: str, description: str, rows: list[dict]):
    folder = place / name
    folder.mkdir()
    (folder / "commune.yml").write_text(description, "utf-8")
    (folder / "results.csv").write_text(as_csv(rows), "utf-8")


@pytest.fixture
def communes(tmp_path, monkeypatch):
    """Hùng Mỹ as it is, and the Tân Mỹ of today with one figure of its own."""
    raw = tmp_path / "data" / "raw"
    (raw / "communes").mkdir(parents=True)
    for name in ("rules", "layouts"):
        (raw / name).symlink_to(RAW / name)
    shutil.copy(RAW / "communes" / "registry.csv", raw / "communes")
    shutil.copytree(RAW / "communes" / "hung-my", raw / "communes" / "hung-my")
    (tmp_path / "notebooks").mkdir()
    write(raw / "communes", "tan-my", TODAY, [result("T1", "2.400/2.600 hộ", year="2025", **LATRINES)])
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return raw / "communes"


def with_old_tan_my(communes) -> None:
    rows = [
        result("B1", "1.000/1.200 hộ", **LATRINES),
        result("B2", "đạt", kind="declared", indicator="", criterion="7"),
        result("B3", "88%", indicator="15.1", criterion="15"),
    ]
    write(communes, "tan-my-cu", BEFORE, rows)


def processed(run, folder):
    """The first two notebooks' work."""
    cleaned = intake.clean(intake.read_commune(run.commune, run.language), run.language)
    intake.stop_on_rejects(cleaned, run.language)
    save(cleaned, check_run(cleaned, run), folder, run)
    judge_run(run, folder)
    return {name: tables.read_table(name, folder) for name in ("observations", "findings", "indicators", "changes")}


def test_numerators_and_denominators_of_the_predecessors_are_its_history(communes, tmp_path):
    with_old_tan_my(communes)
    found = processed(parameters.check({"COMMUNE": "tan-my"}), tmp_path / "out")
    latrines = found["observations"].query("indicator == '17.8' and part == 'a' and kind == 'measured'")
    assert sorted(zip(latrines["year"], latrines["numerator"], latrines["denominator"], strict=True)) == [
        (2023, "2276", "2613"),
        (2025, "2400", "2600"),
    ]
    assert set(found["indicators"].query("indicator == '17.8' and part == 'a' and numerator != ''")["year"]) == {
        2023,
        2025,
    }
    change = found["changes"].query("indicator == '17.8' and part == 'a' and to_year == 2025").iloc[0]
    assert (change["from_year"], change["before"], change["after"]) != (0, "", "")
    codes = set(found["findings"]["code"])
    assert {"merge-status", "merge-missing", "merge-left-out"} <= codes and "merge-no-folder" not in codes


def test_a_year_before_the_merger_may_be_asked_for(communes, tmp_path):
    with_old_tan_my(communes)
    found = processed(parameters.check({"COMMUNE": "tan-my", "YEAR": "2023", "LANGUAGE": "en"}), tmp_path / "out")
    assert "2276" in set(found["indicators"].query("year == 2023")["numerator"])
    assert "merge-status" in set(found["findings"]["code"])


def test_a_predecessor_without_a_folder_is_a_finding_and_nothing_is_added(communes, tmp_path):
    found = processed(parameters.check({"COMMUNE": "tan-my"}), tmp_path / "out")
    assert set(found["observations"]["year"]) == {2025}
    missing = worded(found["findings"], "vi").query("code == 'merge-no-folder'").to_dict("records")
    assert [row["text"][:12] for row in missing] == ["02308 xã Tân"]
    assert "make template" in missing[0]["action"]


def test_rows_set_aside_in_a_predecessor_are_told(communes):
    with_old_tan_my(communes)
    path = communes / "tan-my-cu" / "results.csv"
    path.write_text(path.read_text("utf-8").replace("88%", "8..8%"), "utf-8")
    assert "merge-unread" in set(history_of_merged("tan-my").findings["code"])
    assert "COMMUNE=tan-my-cu" in str(list(worded(history_of_merged("tan-my", "en").findings, "en")["action"]))


def test_predecessors_have_no_history_of_others(communes):
    with_old_tan_my(communes)
    assert named.predecessors_of("tan-my") == ["hung-my", "tan-my-cu"]
    for slug in ("hung-my", "tan-my-cu"):
        assert not named.was_formed(slug) and history_of_merged(slug).observations.empty


def test_the_word_of_a_commune_counts_before_the_registry(communes):
    path = communes / "hung-my" / "commune.yml"
    path.write_text(path.read_text("utf-8").replace('code: "02308"', 'code: "99999"'), "utf-8")
    assert named.predecessors_of("tan-my") == []


def test_no_committed_commune_is_taken_for_one_that_was_formed():
    assert [slug for slug in parameters.communes() if named.was_formed(slug)] == []


def test_the_files_of_the_predecessors_are_inputs_of_the_report(communes):
    with_old_tan_my(communes)
    names = set(input_files(parameters.check({"COMMUNE": "tan-my"})))
    assert {
        "data/raw/communes/hung-my/results.csv",
        "data/raw/communes/tan-my-cu/results.csv",
        "data/raw/communes/registry.csv",
    } <= names
    assert not any("tan-my" in name for name in input_files(parameters.check({"COMMUNE": "hung-my"})))


def test_cleaning_the_commune_keeps_the_count_of_its_own_rows(communes):
    with_old_tan_my(communes)
    cleaned = intake.clean(intake.read_commune("tan-my"))
    assert len(cleaned.observations) == 1 and len(cleaned.history) > 0
