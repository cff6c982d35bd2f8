"""make read: a proposal for a person, and what that person accepted in the commune's tables; a new commune starts with it."""

import csv
import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from ntm_lib import intake, paths
from ntm_lib.cli import main
from ntm_lib.doc.write.text import csv_text
from ntm_lib.errors import NtmError
from ntm_lib.reading.proposing import HEADINGS, WORDS, coded
from ntm_lib.reading.taking import refused_before, take
from ntm_lib.wording.problem_words import list_rejects
from tests.reading.documents import CASES, write_docx


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A checkout with the rules and the registry, and no commune."""
    communes = tmp_path / "data" / "raw" / "communes"
    communes.mkdir(parents=True)
    for name in ("registry.csv", "registry.yml"):
        shutil.copy(paths.communes_folder() / name, communes)
    shutil.copytree(paths.rules_folder(), tmp_path / "data" / "raw" / "rules")
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return tmp_path


PLAN = """Số: 07/KH-UBND

Hùng Mỹ, ngày 10 tháng 01 năm 2024

KẾ HOẠCH

Xây dựng nông thôn mới năm 2024 xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang

I. KẾT QUẢ NĂM 2023

1. Tiêu chí số 17: Hộ có nhà tiêu hợp vệ sinh đạt 1.276/1.413 hộ (90,3%).

II. KẾ HOẠCH NĂM 2024

1. Tiêu chí số 2 (Giao thông): Bê tông hóa 1,5 km đường trục thôn Nà Mỏ, trong đó vốn ngân sách tỉnh 0,5 km.

2. Tiêu chí số 11: hộ nghèo đa chiều còn 172/1.413 hộ, kế hoạch năm 2024 giảm 30 hộ nghèo đa chiều.
"""


def proposal(checkout: Path) -> Path:
    file = write_docx(checkout / "ke-hoach.docx", PLAN)
    main(["read", f"FILE={file}"])
    return checkout / "outputs" / "read" / "hung-my" / "ke-hoach" / "proposal.csv"


def marked(path: Path, **marks: str) -> Path:
    """The proposal with a mark for each row of a table, and further cells for them."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    for row in rows:
        row[HEADINGS["accept"]] = marks.get(
            coded(dict.fromkeys(WORDS, "") | {"table": row[HEADINGS["table"]]})["table"], ""
        )
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(table: str) -> list[dict[str, str]]:
    with (paths.communes_folder() / "hung-my" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_new_commune_starts_with_its_plan_and_gets_a_report(checkout, capsys):
    """Folder from the registry, rows with who and when, a part under its work, no second time."""
    path = marked(proposal(checkout), results="x", works="x", plan="x")
    assert "02314" in (checkout / "data/raw/communes/hung-my/commune.yml").read_text("utf-8")
    done = take(path, "Nguyễn Văn A", "2026-11-28")
    assert (done.written, done.standing) == (6, 0)  # two results, two works, one change, the document
    result, _ = rows_of("results")
    assert (result["value"], result["indicator"], result["part"], result["year"]) == (
        "1.276/1.413 hộ (90,3%)",
        "17.8",
        "a",
        "2023",
    )
    assert "ke-hoach.docx" in result["note"] and "Nguyễn Văn A, 2026-11-28" in result["note"]
    main_work, part = rows_of("works")
    assert (part["part_of"], part["quantity"], part["source"]) == (main_work["id"], "0,5 km", "province")
    (change,) = rows_of("plan")
    assert (change["value"], change["kind"], change["base_year"]) == ("giảm 30 hộ", "change", "2023")
    (document,) = rows_of("documents")
    assert document["document"] == "07/KH-UBND" and "SHA-256" in document["note"]
    again = take(path, "Nguyễn Văn A", "2026-11-29")
    assert (again.written, again.standing) == (0, 5)
    capsys.readouterr()
    assert main(["check", "COMMUNE=hung-my", "YEAR=2023"]) == 0
    assert "SAI: 0" in capsys.readouterr().out


def test_the_page_and_the_workbook_show_text_and_rows_and_are_not_lost(checkout, capsys):
    path = proposal(checkout)
    page = (path.parent / "proposal.html").read_text("utf-8")
    assert "1.276/1.413 hộ (90,3%)" in page and "Bê tông hóa 1,5 km" in page
    sheet = openpyxl.load_workbook(path.parent / "proposal.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(HEADINGS.values())
    marked(path, works="x")
    capsys.readouterr()
    assert main(["read", f"FILE={checkout / 'ke-hoach.docx'}"]) == 1
    assert "đã có dấu của người đối chiếu" in capsys.readouterr().err


def test_what_cannot_be_followed_is_told_and_nothing_written(checkout):
    path = marked(proposal(checkout), works="x")
    with pytest.raises(NtmError, match="chưa có tên người đối chiếu"):
        take(path, "", "2026-11-28")
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace(",chưa làm,", ",xong rồi,"), "utf-8-sig")
    with pytest.raises(NtmError, match='cột «loại» ghi "xong rồi": cho phép chưa làm, đang làm'):
        take(path, "A", "2026-11-28")
    path.write_text(text.replace(',"1,5 km",chưa làm', ',"2,5 km",chưa làm'), "utf-8-sig")
    with pytest.raises(NtmError, match="không đúng như văn bản ghi"):
        take(path, "A", "2026-11-28")
    assert not (paths.communes_folder() / "hung-my" / "works.csv").exists()


def test_a_refused_row_does_not_come_back_unasked(checkout):
    path = marked(proposal(checkout), plan="k")
    take(path, "A", "2026-11-28")
    assert [row["value"] for row in refused_before("hung-my")] == ["giảm 30 hộ"]
    path.unlink()
    (path.parent / "proposal.xlsx").unlink()
    rows = list(csv.DictReader(io.StringIO(proposal(checkout).read_text("utf-8-sig"))))
    assert [r[HEADINGS["state"]] for r in rows if r[HEADINGS["table"]] == "kế hoạch"] == ["đã từ chối trước đây"]


def test_a_sentence_that_was_not_read_is_filled_in_by_hand(checkout):
    file = write_docx(checkout / "ke-hoach.docx", PLAN.replace("II. KẾ", "2. Toàn xã có 03 hợp tác xã.\n\nII. KẾ"))
    main(["read", f"FILE={file}"])
    path = checkout / "outputs" / "read" / "hung-my" / "ke-hoach" / "proposal.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    (unread,) = [row for row in rows if row[HEADINGS["state"]] == "chưa đọc"]
    assert unread[HEADINGS["quote"]] == "Toàn xã có 03 hợp tác xã" and "03" in unread[HEADINGS["why"]]
    cells = {
        "accept": "x",
        "table": "results",
        "year": "2023",
        "criterion": "13",
        "value": "03 hợp tác xã",
        "kind": "other",
    }
    unread |= {HEADINGS[name]: text for name, text in cells.items()}
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert take(path, "A", "2026-11-28").written == 2  # the row, and the document it is from
    (row,) = rows_of("results")
    assert (row["value"], row["document"], row["quote"]) == ("03 hợp tác xã", "07/KH-UBND", "Toàn xã có 03 hợp tác xã")


@pytest.mark.parametrize("case", sorted(path.stem for path in CASES.glob("*.md")))
def test_whatever_is_proposed_can_be_read_once_it_is_taken(checkout, case):
    """No row that a person accepts stops the report afterwards, whatever the style of the document."""
    proposal(checkout)  # which makes the folder
    file = write_docx(checkout / "khac.docx", (CASES / f"{case}.md").read_text("utf-8"))
    assert main(["read", f"FILE={file}", "COMMUNE=hung-my"] + ["YEAR=2022"] * (case == "tin-bai")) == 0
    path = checkout / "outputs" / "read" / "hung-my" / "khac" / "proposal.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    for row in rows:
        row |= {HEADINGS["accept"]: "x", HEADINGS["reason"]: "đã so"} if row[HEADINGS["state"]] != "chưa đọc" else {}
    path.write_text("\ufeff" + csv_text(list(rows[0]), rows), "utf-8")
    take(path, "A", "2026-11-28")
    cleaned = intake.clean(intake.read_commune("hung-my"))
    assert list_rejects(cleaned, "vi") == "" or not len(cleaned.rejects), list_rejects(cleaned, "vi")


def test_a_commune_that_the_file_does_not_name_is_asked_for(checkout, capsys):
    file = write_docx(checkout / "bao-cao.docx", (CASES / "bao-cao.md").read_text("utf-8"))
    assert main(["read", f"FILE={file}"]) == 1
    assert "Suối Vàng" in capsys.readouterr().err


def test_a_document_of_another_commune_is_told(checkout, capsys):
    proposal(checkout)
    other = write_docx(checkout / "khac.docx", PLAN.replace("xã Hùng Mỹ", "xã Tân An"))
    capsys.readouterr()
    assert main(["read", f"FILE={other}", "COMMUNE=hung-my"]) == 0
    assert "văn bản ghi là của xã Tân An, huyện Chiêm Hóa" in capsys.readouterr().err
