"""Whatever becomes of a filled workbook on its way: every figure that was typed is read at its place, or told."""

import copy
import shutil
import subprocess
import unicodedata

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune, workbooks
from ntm_lib.intake.files.xlsx import read_xlsx
from ntm_lib.intake.filled.template_layout import FREE, LISTED, layout
from ntm_lib.intake.filled.template_read import read_book
from ntm_lib.wording.problem_words import worded
from tests.template.template_books import columns_of, empty_book, find_row, root  # noqa: F401  (fixtures)

FIRST_ROW = 6
VILLAGES = ("Bàu", "Rõm", "Đóng", "Thắm", "Nghe")


def fill(workbook) -> None:
    """Figures in every sheet, each different from the others; what calculates formulas has not seen them."""
    number = iter(range(101, 1000))

    def put(sheet, row, **cells):
        for key, value in cells.items():
            workbook[sheet].cell(row, columns_of(workbook[sheet])[key]).value = value

    for village in VILLAGES:
        put("Thôn", find_row(workbook["Thôn"], FREE, village=""), village=village, households=next(number) + 800)
    for indicator, part in (("17.8", "a"), ("17.8", "b"), ("17.1", "a"), ("2.1", "")):
        put(
            "Biểu 01",
            find_row(workbook["Biểu 01"], LISTED, indicator=indicator, part=part),
            numerator=next(number),
            denominator=next(number) + 900,
        )
    put(
        "Biểu 01", find_row(workbook["Biểu 01"], LISTED, indicator="10.1"), text="43,5 triệu đồng/người/năm", self="Đạt"
    )
    put(
        "Biểu 01",
        find_row(workbook["Biểu 01"], LISTED, indicator="12.1", item="nữ"),
        numerator=next(number),
        denominator=next(number) + 900,
    )
    put(
        "Biểu 01",
        find_row(workbook["Biểu 01"], FREE, item=""),
        criterion="17",
        indicator="17.10",
        item="mới",
        text=f"{next(number)} hộ",
    )
    put("Biểu 02", find_row(workbook["Biểu 02"], LISTED, indicator="17.8", part="a"), change=f"thêm {next(number)} hộ")
    for source in ("Tổng cộng", "Ngân sách trung ương", "Ngân sách tỉnh"):
        put(
            "Biểu 03",
            find_row(workbook["Biểu 03"], LISTED, source=source),
            amount=next(number) + 0.5,
            spent=next(number),
        )
    put(
        "Biểu 04",
        find_row(workbook["Biểu 04"], FREE, item=""),
        item="Đường trục thôn",
        quantity="0,51 km",
        cost=next(number),
        state="Đang làm",
        village="Rõm",
    )
    for row, _ in enumerate(VILLAGES, start=FIRST_ROW):
        put("Biểu 05", row, w1=next(number), s1=next(number), s1_plan=next(number) - 90)
        put("Biểu 06", row, f0=next(number) + 900, f1=next(number))
    put("Biểu 07", find_row(workbook["Biểu 07"], FREE, item=""), item="Dọn vệ sinh", quantity="12 lần", village="Bàu")
    put("Văn bản", find_row(workbook["Văn bản"], FREE, key=""), key="01/BC", title="Báo cáo năm")


@pytest.fixture(scope="module")
def filled(empty_book, tmp_path_factory):
    workbook = openpyxl.load_workbook(empty_book)
    fill(workbook)
    path = tmp_path_factory.mktemp("filled") / "bieu-2023.xlsx"
    workbook.save(path)
    return path


@pytest.fixture(scope="module")
def wanted(filled):
    return figures(*read(filled))


def read(path, name="hung-my"):
    """Raw rows by table and remarks of a workbook that lies in a folder of its own."""
    folder = path.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(path, folder / path.name)
    return workbooks.read_workbooks(folder)


def figures(tables, remarks) -> list[tuple]:
    """What the rows say, without the addresses that moving a row changes."""
    return sorted(
        (table, *sorted((c, t) for c, t in row.cells.items() if c != "id" and t), row.fault or ())
        for table, rows in tables.items()
        for row in rows
    )


def codes(remarks) -> set[str]:
    return {r.code for r in remarks}


def told(remarks) -> dict[str, str]:
    """Cell → what it holds, of every cell that was not read."""
    return {f"{r.sheet}!{r.row}": r.text for r in remarks}


# --- edits that change nothing of what was typed --------------------------------------------------


def hide_guide(workbook):
    if "Hướng dẫn" in workbook.sheetnames:
        workbook["Hướng dẫn"].sheet_state = "hidden"


def delete_guide(workbook):
    if "Hướng dẫn" in workbook.sheetnames:
        del workbook["Hướng dẫn"]


def rename_guide(workbook):
    if "Hướng dẫn" in workbook.sheetnames:
        workbook["Hướng dẫn"].title = "Đọc trước"


def decompose_names(workbook):
    rename(workbook, lambda name: unicodedata.normalize("NFD", name))


def add_blanks(workbook):
    rename(workbook, lambda name: name.rstrip() + " ")


def change_case(workbook):
    rename(workbook, str.upper)


def rename_all(workbook):
    rename(workbook, lambda name: f"Trang {sum(map(ord, name)) % 997}")


def rename(workbook, how):
    """Excel changes the names in formulas too; openpyxl does not."""
    names = {page.title: how(page.title) for page in workbook}
    for page in workbook:
        page.title = names[page.title]
    for page in workbook:
        for row in page.iter_rows(min_col=2, max_col=3):
            for cell in row:
                if str(cell.value).startswith("=IF("):
                    for old, new in names.items():
                        cell.value = cell.value.replace(f"'{old}'!", f"'{new}'!")


def reverse_sheets(workbook):
    workbook._sheets.reverse()
    workbook.active = next(i for i, page in enumerate(workbook) if page.sheet_state == "visible")


def sort_results(workbook):
    sort_rows(form(workbook, "numerator"), lambda cells: str(cells["name"]))


def sort_plan(workbook):
    sort_rows(form(workbook, "target"), lambda cells: -len(str(cells["name"])))


def sort_villages(workbook):
    for key in ("w1", "f1"):
        sort_rows(form(workbook, key), lambda cells: str(cells["village"])[::-1])


def sort_funds(workbook):
    sort_rows(form(workbook, "spent"), lambda cells: str(cells["source"]))


def insert_rows(workbook):
    for key in ("numerator", "target", "builder"):
        form(workbook, key).insert_rows(FIRST_ROW + 4, 2)


def drop_marks(workbook):
    for page in workbook:
        if str(page["A1"].value).startswith("ntm-template|"):
            page["A1"].value = None


def drop_keys(workbook):
    """What is left where a program drops hidden rows and columns: the visible headings."""
    for page in workbook:
        if page["A4"].value == "row":
            for cell in page[4]:
                cell.value = None


def unprotect(workbook):
    for page in workbook:
        page.protection.sheet = False
        page.data_validations.dataValidation.clear()


HARMLESS = [hide_guide, delete_guide, rename_guide, decompose_names, add_blanks, change_case, rename_all, reverse_sheets, sort_results, sort_plan,
            sort_villages, sort_funds, insert_rows, drop_marks, drop_keys, unprotect]  # fmt: skip


def form(workbook, key):
    """The sheet that has a column with this key, or with its heading."""
    headings = {c.key: c.heading for s in layout().sheets for c in s.columns}
    prefix = headings[key].partition("{")[0]
    return next(
        p
        for p in workbook
        if any(
            c.value == key or (c.value and str(c.value).split(" ", 1)[-1] == prefix) or str(c.value).startswith(prefix)
            for row in p.iter_rows(min_row=4, max_row=5)
            for c in row
        )
    )


def sort_rows(page, by):
    """Sorts the rows that the template listed, with all their cells, as the user does after lifting the protection."""
    heading = [c.value for c in page[4]]
    if "row" not in heading:
        return
    rows = [r for r in range(FIRST_ROW, page.max_row + 1) if page.cell(r, 1).value == LISTED]
    lines = [[page.cell(r, c).value for c in range(1, len(heading) + 1)] for r in rows]
    lines.sort(key=lambda line: by(dict(zip(heading, line, strict=True))))
    for r, line in zip(rows, lines, strict=True):
        for c, value in enumerate(line, start=1):
            page.cell(r, c).value = value


@pytest.mark.parametrize(
    "edits",
    [
        HARMLESS[0:9:4],
        HARMLESS[1:2] + HARMLESS[6:16:5],
        HARMLESS[2:16:6],
        HARMLESS[3:16:7],
        HARMLESS[5:16:9],
        [drop_marks, delete_guide, sort_funds],
        [drop_keys],
    ],
)
def test_edits_that_change_no_figure_change_no_reading(filled, wanted, tmp_path, edits):
    workbook = openpyxl.load_workbook(filled)
    for edit in edits:
        edit(workbook)
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == wanted
    assert not codes(remarks) & {
        "template-locked",
        "template-extra-cell",
        "template-below",
        "unread-sheet",
        "template-empty",
    }


@settings(
    deadline=None,
    max_examples=2,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(edits=[insert_rows, sort_villages])
@given(edits=st.lists(st.sampled_from(HARMLESS), min_size=2, max_size=6))
def test_edits_one_after_the_other_change_no_reading(filled, wanted, tmp_path, edits):
    workbook = openpyxl.load_workbook(filled)
    for edit in edits:
        edit(workbook)
    workbook.save(tmp_path / "x.xlsx")
    assert figures(*read(tmp_path / "x.xlsx")) == wanted


def test_unused_sheets_deleted_are_named_and_the_others_read(filled, wanted, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    for name in ("Biểu 04", "Biểu 07", "Văn bản", "Danh mục"):
        del workbook[name]
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == [f for f in wanted if f[0] not in ("works", "documents")]
    assert {r.code: r.text for r in remarks}["template-sheets"] == "Biểu 04, Biểu 07, Văn bản"


def test_a_hidden_sheet_is_not_read_and_is_named(filled, wanted, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    workbook["Biểu 03"].sheet_state = "hidden"
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == [f for f in wanted if f[0] != "funding"]
    assert ("hidden-sheet", "Biểu 03") in {(r.code, r.text) for r in remarks}


def google(path, target) -> None:
    """As Google Sheets gives a workbook back: cells and what is hidden; no properties, names, protection, choices, notes."""
    source, made = openpyxl.load_workbook(path), openpyxl.Workbook()
    made.remove(made.active)
    for page in source:
        sheet = made.create_sheet(page.title)
        sheet.sheet_state = page.sheet_state
        for row in page.iter_rows():
            for cell in row:
                if cell.value is not None:
                    copied = sheet.cell(cell.row, cell.column, cell.value)
                    copied.number_format = cell.number_format
        for number, dimension in page.row_dimensions.items():
            sheet.row_dimensions[number].hidden = dimension.hidden
        for letter, dimension in page.column_dimensions.items():
            sheet.column_dimensions[letter].hidden = dimension.hidden
    made.save(target)


def test_google_sheets_gives_the_same(filled, wanted, tmp_path):
    google(filled, tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == wanted and not remarks


def office(path, kind: str, folder):
    """The workbook as LibreOffice saves it: calculated."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if not soffice:
        pytest.skip("LibreOffice is not installed")
    (folder / "out").mkdir(exist_ok=True)
    command = [
        soffice,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(folder / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / "out" / f"{path.stem}.{kind}"


@pytest.fixture(scope="module")
def calculated(filled, tmp_path_factory):
    """By kind: the workbook as LibreOffice saves it."""
    folder = tmp_path_factory.mktemp("office")
    return {kind: office(filled, kind, folder) for kind in ("xlsx", "ods")}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_libreoffice_gives_the_same_and_its_results_are_no_figures_typed_over(calculated, wanted, kind):
    saved = calculated[kind]
    tables, remarks = read(saved)
    assert figures(tables, remarks) == wanted
    assert not codes(remarks) & {"template-locked", "template-extra-cell", "template-below"}


def test_a_calculated_workbook_survives_the_edits_too(calculated, wanted, tmp_path):
    for edits in ((delete_guide, sort_results, rename_all), (drop_marks, reverse_sheets, hide_guide, sort_villages)):
        workbook = openpyxl.load_workbook(calculated["xlsx"], data_only=True)
        for edit in edits:
            edit(workbook)
        workbook.save(tmp_path / "x.xlsx")
        tables, remarks = read(tmp_path / "x.xlsx")
        assert figures(tables, remarks) == wanted
        assert not codes(remarks) & {"template-locked", "template-extra-cell", "template-below"}


# --- figures where the form has no place for them ------------------------------------------------


def test_figures_outside_the_yellow_cells_are_told_with_their_cells(filled, wanted, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    locked = [("Biểu 01", "L12"), ("Biểu 01", "H13"), ("Biểu 01", "F14"), ("Biểu 02", "H12"), ("Biểu 03", "D9")]
    beyond = [("Biểu 01", "AC15"), ("Biểu 05", "Z8"), ("Thôn", "M9"), ("Văn bản", "J9")]
    for sheet, cell in locked + beyond:
        workbook[sheet][cell].value = 77.25
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == wanted
    assert {(r.sheet, r.row) for r in remarks if r.code == "template-locked"} == set(locked)
    assert {(r.sheet, r.row) for r in remarks if r.code == "template-extra-cell"} == set(beyond)
    assert {r.text for r in remarks} == {"77,25"}


def test_a_figure_over_the_words_to_sign_or_the_title_is_told(filled, wanted, tmp_path):
    """The lines that the form has below its rows and above its heading hold no figures: one there is no row, and is named."""
    workbook = openpyxl.load_workbook(filled)
    typed = set()
    for sheet in ("Biểu 01", "Biểu 04", "Biểu 05"):
        page = workbook[sheet]
        signed = next(r for r in range(page.max_row, 0, -1) if page.cell(r, 2).value == "NGƯỜI LẬP BIỂU")
        for row, column in ((signed - 1, 4), (signed, 2)):
            page.cell(row, column).value = 77.25
            typed.add((sheet, page.cell(row, column).coordinate))
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == wanted
    assert {(r.sheet, r.row) for r in remarks if r.text == "77,25"} == typed


_GRIDS = {}  # read once: a workbook takes as long to open as to read


@settings(
    deadline=None, max_examples=25, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_figure_typed_anywhere_is_read_or_told(filled, data):
    grids = _GRIDS.setdefault(filled, read_xlsx(filled)) if filled not in _GRIDS else _GRIDS[filled]
    which = data.draw(st.sampled_from([i for i, g in enumerate(grids) if g.sheet in {s.name for s in layout().sheets}]))
    rows = list(grids[which].rows)
    at, column = data.draw(st.integers(5, len(rows) - 1)), data.draw(st.integers(1, 40))
    cells = [*rows[at].cells, *[""] * (column + 1 - len(rows[at].cells))]
    cells[column] = "9876543"
    rows[at] = rows[at]._replace(
        cells=tuple(cells),
        faults={k: v for k, v in rows[at].faults.items() if k != column},
        numbers=rows[at].numbers | {column},
    )
    tables, remarks, _ = read_book([*grids[:which], grids[which]._replace(rows=tuple(rows)), *grids[which + 1 :]])
    in_rows = any("9876543" in text for found in tables.values() for r in found for text in r.cells.values())
    assert in_rows or any("9876543" in r.text for r in remarks), (grids[which].sheet, rows[at].number, column)


def total_row(page, label) -> int:
    return next(r for r in range(1, page.max_row + 1) if page.cell(r, 2).value == label)


def test_a_village_more_typed_over_the_sum_is_read(filled, wanted, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    page = workbook["Biểu 05"]
    row = total_row(page, "Cộng các thôn")
    page.cell(row, 2).value, page.cell(row, columns_of(page)["s1"]).value = "Mới", 33
    workbook.save(tmp_path / "x.xlsx")
    tables, _ = read(tmp_path / "x.xlsx")
    (new,) = [r for r in tables["results"] if r.cells["village"] == "Mới"]
    assert (new.cells["indicator"], new.cells["value"], new.fault) == ("17.8", "33 hộ", None)
    assert figures(tables, ()) == sorted([*wanted, *figures({"results": [new]}, ())])


def test_a_count_typed_over_a_sum_is_told(filled, wanted, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    page = workbook["Biểu 05"]
    cell = page.cell(total_row(page, "Cộng các thôn"), columns_of(page)["s1"])
    cell.value = 33
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == wanted
    assert [(r.row, r.code) for r in remarks] == [(cell.coordinate, "template-locked")]


def test_a_village_more_typed_below_the_sums_is_read(filled, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    page = workbook["Biểu 05"]
    row = total_row(page, "Toàn xã ghi ở Biểu 01") + 1
    page.insert_rows(row)
    page.cell(row, 2).value, page.cell(row, columns_of(page)["s1"]).value = "Mới", 33
    workbook.save(tmp_path / "x.xlsx")
    assert [r.cells["value"] for r in read(tmp_path / "x.xlsx")[0]["results"] if r.cells["village"] == "Mới"] == [
        "33 hộ"
    ]


def test_hidden_rows_are_not_read_and_are_named(filled, wanted, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    page = workbook["Biểu 01"]
    row = find_row(page, LISTED, indicator="2.1")
    page.row_dimensions[row].hidden = True
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert len(figures(tables, remarks)) == len(wanted) - 1
    assert [(r.row, r.code) for r in remarks] == [(f"J{row}", "template-hidden")]


def test_hidden_sheets_and_columns_of_the_grid_are_not_read_and_are_named(filled, wanted):
    """As the readers mark them: a form, the guide and the lists not shown, the column of counts not shown."""

    def shut(grid):
        if grid.sheet in ("Hướng dẫn", "Danh mục", "Biểu 03"):
            return grid._replace(hidden=True)
        return grid._replace(hidden_columns=frozenset({0, 9, 24})) if grid.sheet == "Biểu 01" else grid

    tables, remarks, others = read_book([shut(g) for g in read_xlsx(filled)], path=filled)
    assert "funding" not in tables and others == []
    alone = [r for r in tables["results"] if r.sheet == "Biểu 01" and r.cells["value"].startswith("/")]
    assert len(alone) == 5 and all(
        r.fault == ("value", "required") for r in alone
    )  # a total whose count (column J) is not shown
    assert {(r.sheet, r.code) for r in remarks} == {
        ("Biểu 03", "hidden-sheet"),
        ("", "template-sheets"),
        ("Biểu 01", "template-hidden"),
    }
    assert {str(r.row)[0] for r in remarks if r.code == "template-hidden"} == {"J"}


def test_a_sheet_of_ones_own_is_named(filled, wanted, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    own = workbook.create_sheet("Bổ sung")
    own.append(["Nội dung", "Số"])
    own.append(["Hộ có bể lắng", 71])
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == wanted
    assert "Bổ sung" in {r.sheet for r in remarks}


def test_a_copied_sheet_is_named(filled, wanted, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    workbook.copy_worksheet(workbook["Biểu 04"])
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert figures(tables, remarks) == wanted
    assert "Biểu 04 Copy" in {r.sheet for r in remarks}


def test_a_sheet_of_another_years_workbook_is_refused_by_name(filled, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    workbook["Biểu 03"]["A1"].value = workbook["Biểu 03"]["A1"].value.replace("2023", "2024")
    workbook.save(tmp_path / "x.xlsx")
    with pytest.raises(NtmError, match="trang «Biểu 03» là biểu của năm 2024, không phải năm 2023"):
        read(tmp_path / "x.xlsx")


def test_a_workbook_of_another_commune_is_refused_without_its_guide_too(filled, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    delete_guide(workbook)
    workbook.save(tmp_path / "x.xlsx")
    with pytest.raises(NtmError, match="mẫu của xã «hung-my» nhưng nằm trong thư mục của xã «tan-my»"):
        read(tmp_path / "x.xlsx", "tan-my")


# --- messages -------------------------------------------------------------------------------------


def test_an_untouched_workbook_says_that_nothing_was_typed(empty_book, tmp_path):
    shutil.copy(empty_book, tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    assert tables == {} and [r.code for r in remarks] == ["template-empty"]


def test_two_copies_are_told_once_and_read_once(filled, wanted, tmp_path):
    folder = tmp_path / "hung-my"
    folder.mkdir()
    for name in ("bieu-2023.xlsx", "bieu-2023 (2).xlsx"):
        shutil.copy(filled, folder / name)
    tables, remarks = workbooks.read_workbooks(folder)
    assert figures(tables, remarks) == wanted
    assert [r.code for r in remarks] == ["template-copy"]


def test_two_copies_that_differ_are_refused_with_the_first_cell(filled, tmp_path):
    folder = tmp_path / "hung-my"
    folder.mkdir()
    shutil.copy(filled, folder / "a.xlsx")
    workbook = openpyxl.load_workbook(filled)
    row = find_row(workbook["Biểu 01"], LISTED, indicator="17.8", part="a")
    workbook["Biểu 01"].cell(row, columns_of(workbook["Biểu 01"])["numerator"]).value = 1
    workbook.save(folder / "b.xlsx")
    with pytest.raises(NtmError, match=f"khác nhau ở 1 ô; ô đầu là J{row} trang «Biểu 01»"):
        workbooks.read_workbooks(folder)


def test_a_second_workbook_may_hold_what_the_first_one_lacks(filled, wanted, tmp_path):
    """The remedy for a deleted sheet: a new workbook beside the old one."""
    folder = tmp_path / "hung-my"
    folder.mkdir()
    for name, gone in (
        ("cu.xlsx", ["Biểu 03"]),
        ("moi.xlsx", ["Biểu 01", "Biểu 02", "Biểu 04", "Biểu 05", "Biểu 06", "Biểu 07", "Văn bản", "Thôn"]),
    ):
        workbook = openpyxl.load_workbook(filled)
        for sheet in gone:
            del workbook[sheet]
        workbook.save(folder / name)
    assert figures(*workbooks.read_workbooks(folder)) == wanted


# sheet, indicator of the row (empty: a free row), cells, column of the cell at fault, words of the refusal
REFUSED = [
    ("Biểu 01", "2.1", {"denominator": "/1198 hộ"}, "J", "không được để trống"),
    ("Biểu 01", "2.2", {"numerator": "95%", "denominator": "92 hộ"}, "J", "mỗi ô chỉ ghi một số đếm"),
    ("Biểu 01", "2.3", {"numerator": 0, "denominator": 0}, "K", "Không áp dụng"),
    ("Biểu 04", "", {"item": "Đường 1", "quantity": 2}, "H", "đơn vị"),
    ("Biểu 04", "", {"item": "Đường 2", "quantity": "2 km", "state": "Xong rồi"}, "M", "Đã nghiệm thu"),
    ("Biểu 04", "", {"item": "Đường 3", "quantity": "2 km", "source": "Vốn trời cho"}, "J", "danh sách nguồn vốn"),
    ("Biểu 04", "", {"item": "Đường 4", "quantity": "2 km", "cost": "hai tỷ"}, "I", "số"),
]


def test_a_refusal_names_the_cell_at_fault_in_words_of_the_form(root, empty_book):
    before, places = empty_book.read_bytes(), []
    workbook = openpyxl.load_workbook(empty_book)
    for sheet, indicator, cells, column, _ in REFUSED:
        page = workbook[sheet]
        row = find_row(page, LISTED, indicator=indicator) if indicator else find_row(page, FREE, item="")
        places.append((sheet, f"{column}{row}"))
        for key, value in cells.items():
            page.cell(row, columns_of(page)[key]).value = value
    workbook.save(empty_book)
    try:
        unread = worded(clean(read_commune("hung-my")).rejects, "vi")
        rejects = {(r.sheet, r.row): r.message for r in unread.itertuples()}
    finally:
        empty_book.write_bytes(before)
    assert set(rejects) == set(places)
    for place, (*_, words) in zip(places, REFUSED, strict=True):
        assert words in rejects[place]
        assert not any(word in rejects[place] for word in (".csv", "kind", "value", "planned", "under-way"))


@pytest.mark.parametrize(("text", "code"), [("ĐANG LÀM", "under-way"), ("đang thi công", "under-way"), (" Đã  nghiệm thu ", "accepted"),
                                            (unicodedata.normalize("NFD", "Chưa khởi công"), "planned"), ("Đã thanh toán đủ", "paid")])  # fmt: skip
def test_a_state_in_other_letters_or_words_is_read(text, code):
    assert layout().code("states", text) == code


def test_no_word_means_two_codes():
    form_ = layout()
    for name, codes_ in form_.words.items():
        words = [
            w.casefold() for c, shown in codes_.items() for w in (shown, *form_.texts["also"].get(name, {}).get(c, ()))
        ]
        assert len(words) == len(set(words)), name


def test_a_row_without_a_criterion_is_information_and_named(filled, tmp_path):
    workbook = openpyxl.load_workbook(filled)
    page = workbook["Biểu 01"]
    row = find_row(page, FREE, item="", criterion="")
    page.cell(row, columns_of(page)["item"]).value = "trong đó hộ nghèo"
    page.cell(row, columns_of(page)["text"]).value = "40/81 hộ"
    workbook.save(tmp_path / "x.xlsx")
    tables, remarks = read(tmp_path / "x.xlsx")
    (raw,) = [r for r in tables["results"] if r.cells["item"] == "trong đó hộ nghèo"]
    assert raw.cells["kind"] == "other" and raw.fault is None
    assert [(r.row, r.code) for r in remarks] == [(f"M{row}", "no-criterion")]


def test_what_was_typed_is_not_changed_by_reading(filled):
    before = copy.copy(filled.read_bytes())
    read(filled)
    assert filled.read_bytes() == before
