"""A list of households that somebody left in the folder reaches no table, no finding, no message, no terminal."""

import shutil

import openpyxl
import pandas as pd
import pytest

from ntm_lib import paths
from ntm_lib.checks import check
from ntm_lib.cli import main
from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune
from ntm_lib.parameters import Parameters
from ntm_lib.stages.clean_stage import save
from ntm_lib.wording.problem_words import list_findings, list_rejects
from tests.intake.raw_rows import as_csv, result

RULES = paths.rules_folder()
NAMES = ("Nguyễn Văn Cường", "Lò Thị Bình", "Ma Văn Chính")
NUMBERS = ("001234567890", "0912345678", "0987 654 321")
SECRETS = (*NAMES, *NUMBERS, *(name.lower() for name in NAMES), "0987654321")


@pytest.fixture
def indicators():
    return pd.read_csv(RULES / "ntm-2021-2025" / "indicators.csv", dtype=str, keep_default_na=False)


def workbook(path, *sheets):
    book = openpyxl.Workbook()
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book[book.sheetnames[0]]
    book.save(path)


def everything(place, tmp_path, indicators) -> str:
    """All that leaves intake: tables on disk, findings and rejects as text."""
    cleaned = clean(read_commune(place.name))
    findings = check(cleaned, {}, indicators)
    save(cleaned, findings, tmp_path / "out", Parameters(place.name, 2024, "ntm-2021-2025"))
    written = "".join(path.read_text("utf-8") for path in sorted((tmp_path / "out").iterdir()))
    return written + list_findings(findings) + list_rejects(cleaned) + repr(cleaned)


def test_names_in_figures_are_hidden_and_found(folder, tmp_path, indicators):
    place = folder({
        "results.csv": [
            result("R1", "1.276/1.413 hộ đạt 90,3%", note=f"hộ ông {NAMES[0]}, ĐT {NUMBERS[1]}"),
            result("R2", NAMES[2], kind="other"),
            result("R3", "hộ bà " + NAMES[1], item=NAMES[1]),
            result("R4", "90%", quote=f"hộ ông {NAMES[0]}, CCCD {NUMBERS[0]}"),
        ],
        "villages.csv": [{"id": "V1", "village": "Bàu", "variants": "", "households": "12", "note": f"trưởng thôn {NUMBERS[2]}"}],
        "works.csv": [{"id": "W1", "year": "2024", "criterion": "9", "item": "Nhà ở", "quantity": "1 nhà", "cost": "", "debt": "", "state": "planned",
                       "source": "", "builder": NAMES[0]}],
    })  # fmt: skip
    said = everything(place, tmp_path, indicators)
    assert [secret for secret in SECRETS if secret in said] == []
    assert said.count("personal-data:communes/thu/") >= 6
    cleaned = clean(read_commune("thu"))
    assert len(cleaned.observations) + len(cleaned.rejects) == 6


def test_a_sheet_of_households_is_counted_and_not_read(folder, tmp_path, indicators):
    place = folder({"results.csv": [result()]})
    heading = ["STT", "Họ và tên chủ hộ", "Số CCCD", "Điện thoại", "Thôn"]
    rows = [[i, name, NUMBERS[0], NUMBERS[1], "Bàu"] for i, name in enumerate(NAMES, start=1)]
    workbook(place / "ho-ngheo.xlsx", ("Danh sách", [heading, *rows]), ("Không tiêu đề", rows))
    said = everything(place, tmp_path, indicators)
    assert [secret for secret in SECRETS if secret in said] == []
    assert "household-list" in said


def test_a_list_in_a_file_of_its_own_is_named_and_not_read(folder, tmp_path, indicators):
    place = folder(
        {"results.csv": [result()], "danh-sach-ho.csv": [{"ho_ten": name, "cccd": NUMBERS[0]} for name in NAMES]}
    )
    said = everything(place, tmp_path, indicators)
    assert [secret for secret in SECRETS if secret in said] == []
    assert "unread-file" in said


def test_a_list_in_place_of_a_table_is_refused_without_being_repeated(folder):
    folder({"results.csv": ",".join([NAMES[0], NUMBERS[0], NUMBERS[1]]) + "\n"})
    with pytest.raises(NtmError) as error:
        read_commune("thu")
    assert [secret for secret in SECRETS if secret in str(error.value)] == []


def test_a_correction_may_name_a_person_and_nobody_else_hears_it(folder, tmp_path, indicators):
    correction = {"id": "C1", "file": "results.csv", "row_id": "R1", "column": "item", "expect": NAMES[0], "action": "set", "value": "hộ",
                  "reason": "tên người", "decided_by": "Nhóm dữ liệu", "decided_on": "2026-01-01"}  # fmt: skip
    place = folder({"results.csv": [result(item=NAMES[0])], "corrections.csv": [correction]})
    said = everything(place, tmp_path, indicators)
    assert [secret for secret in SECRETS if secret in said] == []
    (place / "corrections.csv").write_text(as_csv([correction | {"expect": NAMES[1]}]), "utf-8")
    with pytest.raises(NtmError) as error:
        clean(read_commune("thu"))
    assert [secret for secret in SECRETS if secret in str(error.value)] == []


def test_the_text_of_a_document_is_looked_through_too(folder, tmp_path, indicators):
    document = {"document": "D1", "title": "Báo cáo", "address": "bao-cao.txt"}
    place = folder({
        "results.csv": [result(document="D1")], "documents.csv": [document],
        "bao-cao.txt": f"1. Hộ ông {NAMES[0]} ({NUMBERS[1]})\n2. Giao thôn hộ bà {NAMES[1]} vận động\n",
    })  # fmt: skip
    said = everything(place, tmp_path, indicators)
    assert [secret for secret in SECRETS if secret in said] == []


def test_the_terminal_shows_no_person(capsys, folder):
    place = folder(
        {"results.csv": [result(note=f"hộ ông {NAMES[0]}, {NUMBERS[1]}"), result("R2", f"hộ ông {NAMES[2]}")]}
    )
    shutil.copytree(RULES, place.parents[1] / "rules")
    described = (
        'code: "02314"\nslug: thu\nname: Thử\n'
        + "province: Tuyên Quang\nprovince_slug: tuyen-quang\ntraits:\n  - {trait: region, value: tdmnpb}\n"
    )
    (place / "commune.yml").write_text(described, "utf-8")
    status = main(["check", "COMMUNE=thu"])
    said = "".join(capsys.readouterr())
    assert status == 1
    assert [secret for secret in SECRETS if secret in said] == []
    assert "tên người" in said
