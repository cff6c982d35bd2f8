"""rules, check, communes FIND=, template, notebook: as an analyst meets them."""

import json
import shutil
from pathlib import Path

import pytest

from ntm_lib import parameters, paths
from ntm_lib.cli.workshop import written_parameters
from ntm_lib.places import named
from tests.pipeline.helpers import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """The rules, the registry and Hùng Mỹ in a folder of their own."""
    raw = tmp_path / "data" / "raw"
    shutil.copytree(paths.rules_folder(), raw / "rules")
    (raw / "communes").mkdir()
    for name in ("registry.csv", "registry.yml"):
        shutil.copy(paths.communes_folder() / name, raw / "communes")
    shutil.copytree(paths.communes_folder() / "hung-my", raw / "communes" / "hung-my")
    (tmp_path / "notebooks").mkdir()
    if (paths.raw() / "layouts").is_dir():
        shutil.copytree(paths.raw() / "layouts", raw / "layouts")
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return tmp_path


def test_rules_are_listed_with_source_and_confidence(capsys):
    status, said, _ = run(capsys, "rules", "RULES=ntm-2021-2025", "REGION=tdmnpb", "YEAR=2024", "PROVINCE=tuyen-quang")
    assert status == 0
    assert "năm 2024; cột tdmnpb" in said and "tỉnh: tuyen-quang" in said and "Mức chính thức:" in said
    status, said, _ = run(capsys, "rules", "RULES=ntm-2021-2025", "LANGUAGE=en")
    assert (status, "2025" in said) == (0, True)


def test_the_set_of_the_year_is_the_default(capsys):
    assert "2026–2030" in run(capsys, "rules", "YEAR=2027")[1]


@pytest.mark.parametrize(
    "words", [("RULES=x",), ("REGION=x",), ("YEAR=24",), ("YEAR=1990",), ("PROVINCE=x",), ("LANGUAGE=fr",)]
)
def test_wrong_words_about_rules_are_refused(capsys, words):
    status, said, complaint = run(capsys, "rules", *words)
    assert (status, said) == (1, "")
    assert "Cần làm:" in complaint and "Traceback" not in complaint


def test_the_files_of_the_rules_are_checked(capsys, checkout):
    assert run(capsys, "rules", "CHECK=1")[:2] == (0, "Các tệp quy định không có lỗi.\n")
    path = checkout / "data/raw/rules/ntm-2021-2025/thresholds.csv"
    path.write_text(path.read_text("utf-8").replace("tdmnpb", "tdmnpx", 1), "utf-8")
    status, said, _ = run(capsys, "rules", "CHECK=1", "LANGUAGE=en")
    assert status == 1
    assert "thresholds.csv, row" in said and "tdmnpx" in said


def test_findings_name_file_cell_what_and_what_to_do(capsys, checkout):
    status, said, _ = run(capsys, "check", "COMMUNE=hung-my")
    assert status == 0
    assert "communes/hung-my/results.csv, dòng" in said and "cột «value»" in said and "  → " in said and "SAI" in said
    assert "[plan.csv, base-missing]" in said and "communes/hung-my/plan.csv, dòng" not in said
    assert "communes/hung-my/plan.csv, dòng" in run(capsys, "check", "COMMUNE=hung-my", "FIND=base-missing")[1]
    assert "KHÔNG ĐỌC ĐƯỢC" not in said


def test_a_row_that_cannot_be_read_is_listed_with_the_findings(capsys, checkout):
    path = checkout / "data/raw/communes/hung-my/results.csv"
    path.write_text(path.read_text("utf-8").replace("1.276/1.413 hộ đạt 90,3%", "1.27.6/1.413", 1), "utf-8")
    status, said, _ = run(capsys, "check", "COMMUNE=hung-my")
    assert status == 1
    assert (
        "KHÔNG ĐỌC ĐƯỢC  communes/hung-my/results.csv, dòng" in said
        and "1.27.6/1.413" in said
        and "điều cần xem" in said
    )
    assert "CANNOT BE READ" in run(capsys, "check", "COMMUNE=hung-my", "LANGUAGE=en")[1]


def test_a_commune_without_figures_is_told_so_and_nothing_else(capsys, checkout):
    assert run(capsys, "template", "COMMUNE=xa-moi", "NAME=Hùng Lợi", "YEAR=2025")[0] == 0
    status, said, complaint = run(capsys, "check", "COMMUNE=xa-moi", "YEAR=2025")
    assert status == 0, complaint
    assert said.startswith("Chưa nhập số nào") and "Chưa kiểm tra được" not in said


def test_check_writes_nothing(capsys, checkout):
    before = sorted(checkout.rglob("*"))
    run(capsys, "check", "COMMUNE=hung-my")
    assert sorted(checkout.rglob("*")) == before


@pytest.mark.parametrize(
    "typed", ["Hùng Mỹ", "hùng mỹ", "xã Hùng Mỹ, huyện Chiêm Hóa", "Hùng Mĩ", "02314", "Hung-My", "hung my"]
)
def test_a_commune_may_be_named_as_people_name_it(capsys, checkout, typed):
    assert run(capsys, "check", f"COMMUNE={typed}")[:2] == run(capsys, "check", "COMMUNE=hung-my")[:2]


@pytest.mark.parametrize("typed", ["Hùng", "Mỹ", "Tân", "02309", "xã Hùng Mỹ, huyện Yên Sơn"])
def test_a_part_of_a_name_or_another_commune_is_refused(capsys, checkout, typed):
    status, said, complaint = run(capsys, "check", f"COMMUNE={typed}")
    assert (status, said) == (1, "")
    assert "COMMUNE" in complaint


def test_two_communes_of_one_name_are_told_apart_by_their_district(capsys, checkout):
    twin = checkout / "data/raw/communes/hung-my-2"
    shutil.copytree(checkout / "data/raw/communes/hung-my", twin)
    (twin / "commune.yml").write_text(
        (twin / "commune.yml").read_text("utf-8").replace("slug: hung-my", "slug: hung-my-2"), "utf-8"
    )
    status, _, complaint = run(capsys, "check", "COMMUNE=Hùng Mỹ")
    assert status == 1
    assert "nhiều xã có tên này" in complaint and "hung-my, hung-my-2" in complaint


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("Trung Hòa", ["trung-hoa-chiem-hoa", "trung-hoa-tan-lac"]),  # one of them has another name in the registry
        ("Trung Hòa, Tân Lạc", ["trung-hoa-tan-lac"]),
        ("xã Trung Hòa, huyện Chiêm Hóa, tỉnh Tuyên Quang", ["trung-hoa-chiem-hoa"]),
        ("trung hoa chiêm hóa", ["trung-hoa-chiem-hoa"]),
        ("Trung", []),
    ],
)
def test_every_folder_of_a_name_is_a_candidate(typed, slugs):
    assert named.communes_named(typed, parameters.communes()) == slugs


def test_the_registry_is_looked_up(capsys):
    status, said, _ = run(capsys, "communes", "FIND=hùng mỹ")
    assert status == 0
    assert "02314  xã Hùng Mỹ" in said and "02308 xã Tân Mỹ" in said
    assert run(capsys, "communes", "FIND=không có xã này")[0] == 1


def test_a_new_commune_gets_its_folder_and_its_workbook(capsys, checkout):
    status, said, _ = run(capsys, "template", "COMMUNE=tan-my", "YEAR=2025", "NAME=02308")
    assert status == 0
    assert "data/raw/communes/tan-my/bieu-2025.xlsx" in said
    assert 'code: "02308"' in (checkout / "data/raw/communes/tan-my/commune.yml").read_text("utf-8")
    status, _, complaint = run(capsys, "template", "COMMUNE=tan-my", "YEAR=2025")
    assert (status, "không ghi đè" in complaint) == (1, True)


def test_the_workbook_alone_is_enough_to_go_on(capsys, checkout):
    run(capsys, "template", "COMMUNE=tan-my", "YEAR=2025", "NAME=02308")
    status, said, complaint = run(capsys, "check", "COMMUNE=tan-my")
    assert (status, complaint) == (0, "")
    assert "điều cần xem" in said


def test_last_years_figures_stand_in_the_workbook(capsys, checkout):
    import openpyxl

    assert run(capsys, "template", "COMMUNE=Hùng Mỹ", "YEAR=2024")[0] == 0
    book = openpyxl.load_workbook(checkout / "data/raw/communes/hung-my/bieu-2024.xlsx")
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert any("1276" in text or "1.276" in text for text in cells)


def test_a_new_commune_may_be_named_with_its_marks(capsys, checkout):
    assert run(capsys, "template", "COMMUNE=xã Hùng Lợi, huyện Yên Sơn", "YEAR=2024")[0] == 0
    assert (checkout / "data/raw/communes/hung-loi/bieu-2024.xlsx").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("COMMUNE=tan-my",),
        ("YEAR=2025",),
        ("COMMUNE=tan-my", "YEAR=20222"),
        ("COMMUNE=../x", "YEAR=2025"),
        ("COMMUNE=tan-my", "YEAR=2025", "REGION=x"),
    ],
)
def test_a_template_without_commune_or_year_is_refused(capsys, checkout, words):
    before = sorted(checkout.rglob("*"))
    status, said, complaint = run(capsys, "template", *words)
    assert (status, said) == (1, "")
    assert complaint and "Traceback" not in complaint
    assert sorted(checkout.rglob("*")) == before


def test_notebooks_are_run_as_their_own_parameters_say(capsys, checkout, monkeypatch):
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, checkout / "notebooks")
    assert written_parameters(checkout / "notebooks/1_clean.ipynb") == {
        "COMMUNE": "hung-my", "YEAR": "2024", "RULES": "ntm-2021-2025", "REGION": "", "LANGUAGE": "vi",
    }  # fmt: skip
    given = []
    monkeypatch.setattr("ntm_lib.cli.shared.make_and_tell", lambda run, values, t: given.append((run.run_name, values)))
    compared = "kich-ban-ke-hoach-2024+nua-ke-hoach+nang-cao.2024"
    notebooks = {
        "1_clean": "2024",
        "2_status": "2024",
        "3_report": "2024",
        "scenario": compared,
        "month": "2024-thang-09",
    }
    for name, folder in notebooks.items():
        notebook = json.loads((checkout / f"notebooks/{name}.ipynb").read_text("utf-8"))
        notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "mới\n"}]
        published = checkout / "outputs/hung-my" / folder
        published.mkdir(parents=True, exist_ok=True)
        (published / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")
    status, said, _ = run(capsys, "notebook", "FORCE=1")
    assert status == 0
    assert given == [(f"hung-my/{folder}", {"FORCE": "1"}) for folder in dict.fromkeys(notebooks.values())]
    assert all(f"notebooks/{name}.ipynb" in said for name in notebooks)
    assert run(capsys, "notebook")[1] == "Các sổ tay trong notebooks đã đúng với báo cáo này.\n"


@pytest.mark.parametrize("value", ["0", "x", "-1", "1.5"])
def test_a_wrong_count_of_damaged_files_is_refused(capsys, value):
    assert "COUNT" in run(capsys, "fuzz", f"COUNT={value}")[2]
