"""Filled templates back into raw rows: as the CSV files would give them, and nothing left out."""

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune, schema
from ntm_lib.intake.files.xlsx import read_xlsx
from ntm_lib.intake.filled.template_layout import FREE, LISTED, layout
from ntm_lib.intake.filled.template_read import is_template, read_book
from ntm_lib.intake.raw import Raw
from ntm_lib.rules import load_set
from ntm_lib.template.new_template import write_template
from tests.template.template_books import SET, columns_of, empty_book, find_row, grids, hung_my, read_template, root  # noqa: F401  (fixtures)


def _fill_hung_my(path: Path, tables) -> None:
    """What an official would do with the text of the plan: each fact in the row made for it, the rest below."""
    workbook = openpyxl.load_workbook(path)
    form, used = layout(), set()

    def write(sheet, table_row, **cells):
        page, spec = workbook[sheet], next(s for s in form.sheets if s.name == sheet)
        columns, words = columns_of(page), {c.key: form.words.get(c.list, {}) for c in spec.columns}
        number = table_row(page)
        while (sheet, number) in used:
            number += 1
        used.add((sheet, number))
        for key, value in cells.items():
            if value and not page.cell(number, columns[key]).protection.locked:
                page.cell(number, columns[key]).value = words[key].get(value, value)

    def place(c, year):
        listed = {"criterion": c["criterion"], "indicator": c["indicator"], "part": c["part"]}

        def row(page):
            columns = columns_of(page)
            if c["year"] == year:
                for number in range(6, page.max_row + 1):
                    cells = {k: page.cell(number, columns[k]).value or "" for k in listed}
                    if page.cell(number, 1).value == LISTED and cells == listed and (page.title, number) not in used:
                        return number
            return find_row(page, FREE)

        return row

    source = ("document", "section", "quote", "note", "id")
    for row in tables["results"]:
        c = row.cells
        write(
            "Biểu 01",
            place(c, "2023"),
            text=c["value"],
            village_of_row=c["village"],
            **{k: c[k] for k in ("criterion", "indicator", "part", "item", "kind", "rule_set", "year", *source)},
        )
    for row in tables["plan"]:
        c = row.cells
        key = "change" if c["base_year"] else "target"
        write(
            "Biểu 02",
            place(c, "2024"),
            village_of_row=c["village"],
            **{key: c["value"]},
            **{
                k: c[k]
                for k in ("criterion", "indicator", "part", "item", "kind", "base_year", "part_of", "year", *source)
            },
        )
    for row in tables["works"]:
        write("Biểu 04", lambda page: find_row(page, FREE), **row.cells)
    for row in tables["funding"]:
        label = form.words["sources"][row.cells["source"]]
        write("Biểu 03", lambda page, label=label: find_row(page, LISTED, source=label), **row.cells)
    for row in tables["villages"]:
        write("Thôn", lambda page: find_row(page, FREE), **row.cells)
    for row in tables["documents"]:
        write(
            "Văn bản",
            lambda page: find_row(page, FREE),
            key=row.cells["document"],
            **{k: v for k, v in row.cells.items() if k != "document"},
        )
    workbook.save(path)


def test_filled_with_hung_my_it_gives_the_observations_of_the_csv_files(root, hung_my, empty_book, tmp_path):
    path = tmp_path / "bieu-2023.xlsx"
    shutil.copy(empty_book, path)
    _fill_hung_my(path, hung_my.tables)
    tables = read_template(path, slug="hung-my")
    assert {name: len(rows) for name, rows in tables.items()} == {name: len(hung_my.tables[name]) for name in tables}
    assert set(tables) == {"results", "plan", "works", "funding", "villages", "documents"}
    indicators = load_set(SET).indicators
    rest = dict.fromkeys(schema.TABLES, ())
    read = clean(Raw("hung-my", {**rest, **tables}, {}, {}), indicators=indicators)
    wanted = clean(Raw("hung-my", {**rest, **{n: hung_my.tables[n] for n in tables}}, {}, {}), indicators=indicators)
    address = ["file", "sheet", "row"]
    assert read.observations.drop(columns=address).equals(wanted.observations.drop(columns=address))
    for name in ("works", "funding", "villages", "documents"):
        assert (
            getattr(read, name).sort_values(by=list(getattr(read, name))).values.tolist()
            == getattr(wanted, name).sort_values(by=list(getattr(read, name))).values.tolist()
        )
    assert read.rejects.empty == wanted.rejects.empty
    assert set(read.observations["sheet"]) == {"Biểu 01", "Biểu 02", "Biểu 03", "Biểu 04", "Thôn"}


@pytest.fixture(scope="module")
def typed(empty_book, tmp_path_factory):
    """``typed(sheet, row)``: what the rows give after an official typed the cells of ``TYPED`` into one workbook.

    A place is a row as ``_find`` finds it. Gives (table, raw row) in order, and the number of the row.
    """
    workbook, numbers = openpyxl.load_workbook(empty_book), {}
    for place, cells in TYPED:
        sheet, kind, *wanted = place
        page = workbook[sheet]
        number = numbers.setdefault(place, find_row(page, kind, **dict(zip(wanted[::2], wanted[1::2], strict=True))))
        for key, value in cells.items():
            page.cell(number, columns_of(page)[key]).value = value
    path = tmp_path_factory.mktemp("typed") / "bieu.xlsx"
    workbook.save(path)
    tables = read_template(path)

    def rows(*place):
        number = numbers[place]
        found = [(table, raw) for table, raws in tables.items() for raw in raws]
        return [(t, r) for t, r in found if r.sheet == place[0] and re.sub("[A-Z]+", "", r.row) == str(number)]

    rows.number = numbers.__getitem__
    rows.tables = tables
    return rows


def _line(indicator, part="", sheet="Biểu 01", **more):
    return (sheet, LISTED, "indicator", indicator, "part", part, *(x for item in more.items() for x in item))


CRITERION_7 = ("Biểu 01", LISTED, "criterion", "7", "indicator", "")
FREE_RESULT, FREE_WORK, PART_WORK, INSERTED, VILLAGE = (
    ("Biểu 01", FREE),
    ("Biểu 04", FREE),
    ("Biểu 04", FREE, "item", ""),
    ("Biểu 07", FREE),
    ("Thôn", FREE),
)
VILLAGE_05, NOWHERE, VILLAGE_06 = ("Biểu 05", LISTED), ("Biểu 05", LISTED, "s1", ""), ("Biểu 06", LISTED)
CHANGES = {"56": "thêm 56 hộ", "-30": "giảm 30 hộ", "vận động thêm 56 hộ": "vận động thêm 56 hộ"}
TYPED = [
    (_line("17.8", "a"), {"numerator": 1276, "denominator": 1413}),
    (_line("17.8", "b"), {"numerator": 1198, "denominator": 1413, "text": "84,8%"}),
    (_line("17.8", "c"), {"note": "chưa thống kê"}),
    (_line("17.8", "d"), {"denominator": 1413}),
    (CRITERION_7, {"self": "Đạt"}),
    (_line("10.1"), {"text": "43", "self": "Chưa đạt", "id": "TN"}),
    (_line("12.1", item="nữ"), {"numerator": 60, "denominator": 100}),
    (_line("14.1", "b"), {"text": "3"}),
    (_line("2.1"), {"text": "=1+1"}),
    (_line("2.2"), {"text": "x" * 10_001}),
    (FREE_RESULT, {"indicator": 17.1, "text": "5 hộ"}),
    *((_line("17.8", part, "Biểu 02"), {"change": text}) for part, text in zip("abd", CHANGES, strict=True)),
    (
        FREE_WORK,
        {
            "item": "Đường", "quantity": "0,51 km", "cost": 1650.4, "source": "Ngân sách tỉnh", "state": "Đang làm",
            "criterion": "2", "indicator": "2.2",
        },
    ),
    (PART_WORK, {"item": "Nhà tắm", "quantity": "67 hộ", "criterion": "17", "indicator": "17.8", "part": "b"}),
    (INSERTED, {"row": None, "item": "Dọn vệ sinh"}),
    (VILLAGE, {"village": "Bàu", "households": 150}),
    (VILLAGE_05, {"s1": 120, "s1_plan": 6}),
    (NOWHERE, {"s1": 5}),
    (VILLAGE_06, {"f0": 40, "f1": 31, "b1": "x", "a1": "90%"}),
]  # fmt: skip


def test_numbers_become_the_words_of_a_report(typed):
    ((_, raw),) = typed(*_line("17.8", "a"))
    assert (raw.cells["value"], raw.cells["kind"], raw.cells["year"]) == ("1276/1413 hộ", "measured", "2023")
    assert typed(*_line("17.8", "b"))[0][1].cells["value"] == "1198/1413 hộ đạt 84,8%"
    assert typed(*_line("14.1", "b"))[0][1].cells["value"] == "mức độ 3"


def test_raw_row_is_named_by_its_cell(typed):
    ((_, raw),) = typed(*_line("17.8", "a"))
    number = typed.number(_line("17.8", "a"))
    assert (raw.sheet, raw.row, raw.cells["id"]) == ("Biểu 01", f"J{number}", f"2023-B01-J{number}")


def test_no_two_raw_rows_have_one_address(typed):
    addresses = [(r.file, r.sheet, r.row) for rows in typed.tables.values() for r in rows]
    assert len(set(addresses)) == len(addresses)


def test_total_without_a_count_is_a_fault_and_no_value(typed):
    assert typed(*_line("17.8", "d"))[0][1].fault == ("value", "required")


def test_own_assessment_is_declared_by_the_set_of_the_workbook(typed):
    ((_, raw),) = typed(*CRITERION_7)
    assert (raw.cells["value"], raw.cells["kind"], raw.cells["rule_set"], raw.cells["criterion"]) == (
        "Đạt",
        "declared",
        SET,
        "7",
    )


def test_value_and_own_assessment_of_one_line_are_two_rows(typed):
    rows = [raw for _, raw in typed(*_line("10.1"))]
    assert [(r.cells["id"], r.cells["kind"], r.cells["value"]) for r in rows] == [
        ("TN", "measured", "43"),
        ("TN-self", "declared", "Chưa đạt"),
    ]


def test_women_and_men_have_their_own_lines(typed):
    ((_, raw),) = typed(*_line("12.1", item="nữ"))
    assert (raw.cells["item"], raw.cells["value"]) == ("nữ", "60/100 người")


def test_remark_without_a_value_is_kept(typed):
    ((_, raw),) = typed(*_line("17.8", "c"))
    assert (raw.cells["note"], raw.cells["value"]) == ("chưa thống kê", "")


def test_planned_change_says_its_direction_and_base_year(typed):
    for part, wanted in zip("abd", CHANGES.values(), strict=True):
        ((_, raw),) = typed(*_line("17.8", part, "Biểu 02"))
        assert (raw.cells["value"], raw.cells["kind"], raw.cells["year"], raw.cells["base_year"]) == (
            wanted,
            "change",
            "2024",
            "2023",
        )


def test_money_and_choices_become_units_and_codes(typed):
    ((table, raw),) = typed(*FREE_WORK)
    assert (table, raw.cells["cost"], raw.cells["source"], raw.cells["state"]) == (
        "works",
        "1650,4 triệu đồng",
        "province",
        "under-way",
    )


def test_a_work_counts_for_the_part_that_was_typed(typed):
    ((_, raw),) = typed(*PART_WORK)
    assert (raw.cells["indicator"], raw.cells["part"]) == ("17.8", "b")


def test_a_workbook_from_before_a_column_was_added_is_read(grids):
    """Biểu 04 and 07 without the column of parts, a work typed into each."""

    def older(grid):
        keys = next(row for row in grid.rows if "builder" in row.cells)
        at, item = keys.cells.index("part"), keys.cells.index("item")
        first = next(row for row in grid.rows if row.cells[:1] == (FREE,))
        typed = first._replace(
            cells=(*first.cells[:item], *[""] * (item - len(first.cells)), "Đường", *first.cells[item + 1 :])
        )
        rows = (typed if row is first else row for row in grid.rows)
        return grid._replace(rows=tuple(row._replace(cells=row.cells[:at] + row.cells[at + 1 :]) for row in rows))

    tables = read_book([older(g) if g.sheet in ("Biểu 04", "Biểu 07") else g for g in grids])[0]
    assert [(r.sheet, r.cells["item"], r.cells["part"]) for r in tables["works"]] == [
        ("Biểu 04", "Đường", ""),
        ("Biểu 07", "Đường", ""),
    ]


def test_counts_by_village_have_the_households_as_their_total(typed):
    (_, latrines), (table, more) = typed(*VILLAGE_05)
    assert [latrines.cells[c] for c in ("indicator", "part", "village", "value", "kind")] == [
        "17.8",
        "a",
        "Bàu",
        "120/150 hộ",
        "measured",
    ]
    assert (table, more.cells["value"], more.cells["year"]) == ("plan", "thêm 6 hộ", "2024")
    (_, total), (_, pens), *_ = typed(*VILLAGE_06)
    assert (total.cells["kind"], total.cells["value"], pens.cells["indicator"], pens.cells["value"]) == (
        "other",
        "40 cơ sở",
        "17.9",
        "31/40 cơ sở",
    )
    assert typed(*VILLAGE)[0][1].cells["households"] == "150 hộ"


def test_count_of_no_village_is_a_fault_and_not_the_communes(typed):
    assert [raw.fault for _, raw in typed(*NOWHERE)] == [("village", "required")]


def test_a_share_or_a_cross_is_no_count_of_a_village(typed):
    faults = [raw.fault for _, raw in typed(*VILLAGE_06)]
    assert faults == [None, None, ("value", "one-count"), ("value", "one-count")]


def test_cell_that_cannot_be_used_is_a_fault(typed):
    assert typed(*_line("2.1"))[0][1].fault == ("value", "formula")
    assert typed(*_line("2.2"))[0][1].fault == ("value", "bad-cell")


def test_indicator_typed_as_a_number_is_a_fault(typed):
    assert typed(*FREE_RESULT)[0][1].fault == ("indicator", "number-as-code")


def test_row_that_somebody_inserted_is_read(typed):
    assert typed(*INSERTED)[0][1].cells["item"] == "Dọn vệ sinh"


def test_what_was_typed_is_an_observation_or_a_reject(typed):
    cleaned = clean(
        Raw("x", {**dict.fromkeys(schema.TABLES, ()), **typed.tables}, {}, {}), indicators=load_set(SET).indicators
    )
    assert len(cleaned.observations) + len(cleaned.rejects) == sum(
        len(rows) for name, rows in typed.tables.items() if name in schema.OBSERVED
    )
    assert set(cleaned.rejects["column"]) == {"value", "indicator", "village"} and len(cleaned.rejects) == 7
    units = dict(zip(cleaned.observations["observation"], cleaned.observations["unit"], strict=True))
    assert units["TN"] == "triệu đồng/người/năm"


# --- damage --------------------------------------------------------------------------------------


def _without_column(grids):
    return [
        g._replace(rows=tuple(r._replace(cells=r.cells[:5]) for r in g.rows)) if g.sheet == "Biểu 01" else g
        for g in grids
    ]


def _with_fact(key, value):
    def change(grids):
        rows = tuple(r._replace(cells=(key, "", value)) if r.cells[0] == key else r for r in grids[0].rows)
        return [grids[0]._replace(rows=rows), *grids[1:]]

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_without_column, "không tìm thấy đủ các cột"),
        (_with_fact("version", "9"), "phiên bản mẫu 9"),
        (_with_fact("year", "20222"), "«20222» không hợp lệ"),
    ],
)
def test_damaged_template_is_refused_with_what_to_do(grids, change, message):
    with pytest.raises(NtmError, match=message):
        read_book(change(grids))


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_whatever_is_typed_cut_or_moved_gives_rows_or_a_plain_message(grids, data):
    """Nothing but NtmError; what is read can be cleaned, which checks that every row is an observation or a reject."""
    which = data.draw(st.integers(1, len(grids) - 1))
    grid = grids[which]
    rows = list(grid.rows)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(rows) - 1))
        cells = list(rows[at].cells)
        place = data.draw(st.integers(0, max(len(cells), 1) - 1))
        change = data.draw(st.sampled_from(["type", "cut", "drop", "swap"]))
        if change == "type":
            cells[place : place + 1] = [data.draw(st.text(max_size=30))]
        elif change == "cut":
            cells = cells[:place]
        elif change == "swap":
            cells.reverse()
        rows[at] = rows[at]._replace(cells=tuple(cells))
        if change == "drop" and len(rows) > 1:
            del rows[at]
    changed = [*grids[:which], grid._replace(rows=tuple(rows)), *grids[which + 1 :]]
    try:
        tables = read_book(changed)[0]
    except NtmError:
        return
    clean(Raw("x", {**dict.fromkeys(schema.TABLES, ()), **tables}, {}, {}))


def test_template_of_another_commune_is_refused(grids):
    with pytest.raises(NtmError, match="thư mục của xã «tan-my»"):
        read_book(grids, slug="tan-my")


def test_other_workbook_is_no_template(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["id", "year"])
    workbook.save(tmp_path / "x.xlsx")
    assert not is_template(read_xlsx(tmp_path / "x.xlsx"))


def test_rows_of_the_model_commune_are_read(root, empty_book):
    """KM1.1 and KM2.1 stand in the workbook, so they must be accepted when they are filled."""
    kept, other = empty_book.read_bytes(), "ntm-kieu-mau-2021-2025"
    empty_book.unlink()
    try:
        path = write_template("hung-my", 2023, other)[-1]
        workbook = openpyxl.load_workbook(path)
        page = workbook["Biểu 01"]
        for indicator in ("KM1.1", "KM2.1"):
            row = find_row(page, LISTED, indicator=indicator)
            page.cell(row, columns_of(page)["text"]).value = "1 mô hình"
            page.cell(row, columns_of(page)["self"]).value = "Đạt"
        workbook.save(path)
        read = clean(read_commune("hung-my"))
    finally:
        empty_book.write_bytes(kept)
    assert read.rejects.empty
    assert set(zip(read.observations["criterion"], read.observations["indicator"], strict=True)) == {
        ("KM1", "KM1.1"),
        ("KM2", "KM2.1"),
    }
