"""The front door knows the years of a commune by the reader of the cleaning; where it knows none, it says why."""

import csv
import io
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import years
from ntm_lib.intake.raw import read_commune
from ntm_lib.parameters import check

COLUMNS = ("id", "year", "criterion", "indicator", "value", "kind", "quote")
DESCRIPTION = 'code: "02314"\nslug: thu\nname: Thử\nprovince: A\nprovince_slug: a\ntraits: []\n'


def folder_in(root, patch) -> None:
    patch.setenv("NTM_ROOT", str(root))
    (paths.communes_folder() / "thu").mkdir(parents=True)
    (paths.communes_folder() / "thu" / "commune.yml").write_text(DESCRIPTION, "utf-8")
    rules = root / "data" / "raw" / "rules" / "ntm-2021-2025"
    rules.mkdir(parents=True)
    (rules / "set.yml").write_text("years: [2021, 2025]\n", "utf-8")


@pytest.fixture
def thu(tmp_path, monkeypatch):
    folder_in(tmp_path, monkeypatch)
    return paths.communes_folder() / "thu"


def table(rows, delimiter=",", end="\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


def row(year: str, number: int = 1) -> tuple[str, ...]:
    return (f"R{number}", year, "17", "17.8a", "90,3%", "measured", "Tỷ lệ hộ đạt 90,3%; còn 9,7%")


@given(
    st.lists(st.integers(1990, 2100), min_size=1, max_size=5), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]), st.permutations(COLUMNS), st.sampled_from([str, str.upper, str.title, " {} ".format]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_every_way_of_saving_a_table_gives_its_years(
    tmp_path_factory, wanted, delimiter, encoding, end, order, heading
):
    with pytest.MonkeyPatch.context() as patch:
        folder_in(tmp_path_factory.mktemp("root"), patch)
        rows = [dict(zip(COLUMNS, row(str(year), number), strict=True)) for number, year in enumerate(wanted)]
        text = table(
            [[heading(name) for name in order], *([cells[name] for name in order] for cells in rows)], delimiter, end
        )
        (paths.communes_folder() / "thu" / "results.csv").write_bytes(text.encode(encoding))
        assert years.in_tables("thu") == sorted(set(wanted))
        assert {int(r.cells["year"]) for r in read_commune("thu").tables["results"]} == set(wanted)


def refusal(**values: str) -> str:
    with pytest.raises(NtmError) as error:
        check({"COMMUNE": "thu", **values})
    return error.value.message


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("results.csv", "KẾT QUẢ NĂM 2023\n" + table([COLUMNS, row("2023")]), "results.csv, dòng 1 (tiêu đề)"),
        ("results.csv", table([("Mã", "Năm", "Tiêu chí"), ("1", "2023", "17")]), "results.csv, dòng 1 (tiêu đề)"),
        (
            "results.csv",
            table([COLUMNS, row("hai nghìn")]),
            "dòng 2, cột «year» đang ghi «hai nghìn»: năm phải có bốn chữ số",
        ),
        ("results.csv", table([COLUMNS]), "chưa có số liệu"),
        ("ket-qua.csv", table([COLUMNS, row("2023")]), "Trong thư mục có: ket-qua.csv"),
    ],
)
def test_a_file_is_read_or_refused_for_the_true_reason(thu, file, text, words):
    (thu / file).write_text(text, "utf-8")
    if years.in_files("thu"):  # what the cleaning reads is no fault of the front door either
        assert check({"COMMUNE": "thu"}).year == 2023
        return
    message = refusal()
    assert words in message and "không có dòng nào ghi năm" not in message and "Cần làm: " in message


def test_an_empty_folder_has_no_figures_yet(thu):
    assert "xã chưa có số liệu." in refusal() and years.trouble("thu") is None


def workbook(path, rows) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "results"
    for cells in rows:
        book.active.append(cells)
    book.save(path)


def test_a_commune_that_has_only_a_workbook_has_the_years_of_its_rows(thu):
    workbook(thu / "so-lieu.xlsx", [COLUMNS, row("2023"), row("2024", 2)])
    assert (years.in_tables("thu"), years.in_files("thu")) == ([], [2023, 2024])
    assert check({"COMMUNE": "thu"}).year == 2024


def test_a_workbook_without_a_year_asks_for_one(thu):
    workbook(thu / "so-lieu.xlsx", [("a", "b")])
    assert "so-lieu.xlsx" in refusal()
    assert check({"COMMUNE": "thu", "YEAR": "2024"}).year == 2024


def test_figures_in_another_table_alone_are_enough(thu):
    (thu / "results.csv").write_text(table([COLUMNS]), "utf-8")
    (thu / "production.csv").write_text("id,year,item,quantity\nP1,2023,lúa,5 tấn\n", "utf-8")
    assert check({"COMMUNE": "thu"}).year == 2023


def test_a_file_that_was_mended_is_read_anew(thu):
    (thu / "results.csv").write_text(table([COLUMNS, row("2022")]), "utf-8")
    assert years.in_tables("thu") == [2022]
    (thu / "results.csv").write_text(table([COLUMNS, row("2022"), row("2024", 2)]), "utf-8")
    assert years.in_tables("thu") == [2022, 2024]


def test_years_are_known_without_pandas():
    code = "import sys; from ntm_lib import parameters; parameters.check({'COMMUNE': 'hung-my'}); print([m for m in ('pandas', 'nbformat', 'numpy') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
