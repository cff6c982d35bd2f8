"""A commune of today is asked for by name or code and works from the folders of those it was formed from; traits by public lists."""

import csv
import shutil

import pytest

from ntm_lib import intake, parameters, paths, rules, tables
from ntm_lib.existing import years_with_rows
from ntm_lib.places import named, registry
from ntm_lib.rules.communes import COLUMNS, trait, trait_faults, with_known_traits
from ntm_lib.stages.clean_stage import check_run, save
from ntm_lib.stages.judge_stage import judge_run
from ntm_lib.text.names import slug
from ntm_lib.wording.problem_words import worded
from tests.intake.raw_rows import as_csv, result
from tests.intake.test_predecessors import BEFORE, LATRINES

RAW = paths.raw()


@pytest.fixture
def before(tmp_path, monkeypatch):
    """A checkout with the registry, Hùng Mỹ and the Tân Mỹ of before, and no folder of today's Tân Mỹ."""
    communes = tmp_path / "data" / "raw" / "communes"
    communes.mkdir(parents=True)
    for name in ("rules", "layouts"):
        (communes.parent / name).symlink_to(RAW / name)
    for name in ("registry.csv", "traits.csv"):
        shutil.copy(RAW / "communes" / name, communes)
    shutil.copytree(RAW / "communes" / "hung-my", communes / "hung-my")
    old = communes / "tan-my-cu"
    old.mkdir()
    (old / "commune.yml").write_text(BEFORE, "utf-8")
    rows = [
        result("B1", "1.000/1.200 hộ", **LATRINES),
        result("B2", "15/19 tiêu chí", kind="declared", indicator="", criterion="all", item="Số tiêu chí"),
        result("B3", "88%", indicator="15.1", criterion="15"),
    ]
    (old / "results.csv").write_text(as_csv(rows), "utf-8")
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return communes


@pytest.mark.parametrize("asked", ["tan-my", "02308", "xã Tân Mỹ", "tan my, tuyen quang"])
def test_it_is_made_from_its_predecessors_when_first_asked_for(before, tmp_path, capsys, asked):
    if asked != "tan-my":
        shutil.move(before / "tan-my-cu", before / "moved-away")  # which has that name too
        (before / "moved-away" / "commune.yml").rename(before / "moved-away" / "commune.txt")
    run = parameters.check({"COMMUNE": asked, "YEAR": "2023"})
    assert run.commune == "tan-my"
    assert (
        "Đã tạo data/raw/communes/tan-my: xã Tân Mỹ, tỉnh Tuyên Quang, cộng từ số liệu của xã cũ"
        in capsys.readouterr().err
    )
    assert years_with_rows("tan-my")[-1] <= 2024
    commune = rules.load_commune("tan-my")
    assert trait(commune, "region", "2023-12-31") == "tdmnpb"
    assert trait(commune, "coastal", "2023-12-31") == "no"  # both by the public list
    assert trait(commune, "atk", "2023-12-31") is None  # of one of them nobody knows it
    assert parameters.check({"COMMUNE": "tan-my"}).year == 2024
    assert capsys.readouterr().err == ""  # made once


def test_years_before_and_after_the_merger_titles_and_what_cannot_be_added(before, tmp_path):
    run = parameters.check({"COMMUNE": "tan-my", "YEAR": "2023"})
    (before / "tan-my" / "results.csv").write_text(
        as_csv([result("T1", "2.400/2.600 hộ", year="2025", **LATRINES)]), "utf-8"
    )
    assert parameters.check({"COMMUNE": "tan-my"}).year == 2025
    cleaned = intake.clean(intake.read_commune("tan-my"))
    folder = tmp_path / "out"
    folder.mkdir()
    save(cleaned, check_run(cleaned, run), folder, run)
    judge_run(run, folder)
    known = tables.read_table("observations", folder)
    added = known[known["observation"].str.startswith("merged:") & (known["part"] == "a") & (known["year"] == 2023)]
    assert list(added["numerator"]) == ["2276"]  # 1.000 + 1.276
    findings = worded(tables.read_table("findings", folder), "vi")
    told = set(findings["message"])
    assert "Xã cũ Tân Mỹ: năm 2023 công bố «15/19 tiêu chí»." in told
    assert "Xã cũ Hùng Mỹ: năm 2023 công bố «19/19 tiêu chí»." in told
    assert "merge-share" in set(findings["code"]) or "merge-missing" in set(findings["code"])
    assert {"traits-differ"} <= set(findings["code"])


def test_villages_of_a_former_commune_are_added_up_before_the_communes_are(before):
    parameters.check({"COMMUNE": "tan-my", "YEAR": "2023"})
    old = before / "tan-my-cu"
    (old / "villages.csv").write_text(
        "id,village,variants,households,document,section,quote,note\n1,An,,,,,,\n2,Ba,,,,,,\n", "utf-8"
    )
    rows = [result(f"C{i}", f"{i}00/600 hộ", village=name, **LATRINES) for i, name in ((4, "An"), (5, "Ba"))]
    (old / "results.csv").write_text(as_csv(rows), "utf-8")
    history = intake.clean(intake.read_commune("tan-my")).history
    mine = history[(history["part"] == "a") & (history["year"] == 2023)]
    assert list(mine["numerator"]) == ["2176"]  # 400 + 500 + 1.276


def test_a_predecessor_with_the_successors_code_is_told_apart_by_its_district(before):
    parameters.check({"COMMUNE": "tan-my", "YEAR": "2023"})
    assert named.predecessors_of("tan-my") == ["hung-my", "tan-my-cu"]
    path = before / "tan-my-cu" / "commune.yml"
    path.write_text(path.read_text("utf-8").split("merged_into")[0] + "merged_into: null\n", "utf-8")
    assert named.predecessors_of("tan-my") == ["hung-my", "tan-my-cu"]


def test_a_name_that_no_folder_went_into_stays_refused(before):
    from ntm_lib.errors import NtmError

    with pytest.raises(NtmError, match="không có xã này"):
        parameters.check({"COMMUNE": "an-tuong", "YEAR": "2023"})
    assert not (before / "an-tuong").exists()


# --- public lists of traits ----------------------------------------------------------------------


def test_every_row_of_the_public_list_is_sound_and_its_place_exists():
    assert trait_faults() == []
    units = registry.units()
    known = {
        "commune": {u.code for u in units}, "district": {u.district_code for u in units},
        "province": {s.rpartition(" ")[2] for s in ()} or None,
    }  # fmt: skip
    with (RAW / "communes" / "traits.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    for row in rows:
        for column in ("commune", "district"):
            assert not row[column] or row[column] in known[column], row
    assert len({tuple(row[c] for c in ("province", "district", "commune", "trait", "from")) for row in rows}) == len(
        rows
    )


def test_the_region_of_every_province_is_that_by_which_it_is_checked():
    with (RAW / "communes" / "traits.csv").open(encoding="utf-8") as file:
        listed = {row["province"]: row["value"] for row in csv.DictReader(file) if row["trait"] == "region"}
    old = {u.province_code: u for u in registry.units() if u.valid_to}
    found = {
        slug(u.province.removeprefix("Tỉnh ").removeprefix("Thành phố ")): registry.regions_of([u])
        for u in old.values()
    }
    assert {name: {value} for name, value in listed.items()} == found and len(found) == 63


@pytest.mark.parametrize(
    ("commune", "name", "day", "value"),
    [
        ({"code": "99999", "district_code": "999", "province_slug": "ca-mau"}, "region", "2025-12-31", "dbscl"),
        (
            {"code": "02239", "district_code": "072", "province_slug": "tuyen-quang"},
            "poor_district",
            "2024-12-31",
            "yes",
        ),
        (
            {"code": "02239", "district_code": "072", "province_slug": "tuyen-quang"},
            "poor_district",
            "2021-12-31",
            None,
        ),
        (
            {"code": "02314", "district_code": "073", "province_slug": "tuyen-quang"},
            "poor_district",
            "2024-12-31",
            None,
        ),
        ({"code": "02308", "district_code": None, "province_slug": "tuyen-quang"}, "coastal", "2025-12-31", None),
        ({"code": "99999", "district_code": "999", "province_slug": "ca-mau"}, "coastal", "2024-12-31", None),
    ],
)
def test_a_public_list_fills_what_is_open_in_its_time_and_place(commune, name, day, value):
    assert trait(with_known_traits({**commune, "traits": []}), name, day) == value


def test_what_the_commune_says_itself_goes_before():
    own = {"trait": "coastal", "value": "yes", "from": None, "to": None}
    commune = {"code": "02314", "district_code": "073", "province_slug": "tuyen-quang", "traits": [own]}
    assert trait(with_known_traits(commune), "coastal", "2024-12-31") == "yes"
