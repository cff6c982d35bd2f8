"""What a cell of a workbook says is what is read, or the cell is refused by name; what is not read is named."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune
from ntm_lib.intake.files import all_sheets
from ntm_lib.intake.files.looks import number_text, show
from ntm_lib.wording.problem_words import worded
from tests.intake import books
from tests.intake.books import heading, number, ods_cell, ods_heading, ods_result, result, row, text, xlsx

REGISTRY = (Path(__file__).resolve().parents[2] / "data/raw/communes/registry.csv").read_text("utf-8")


def read(folder, data: bytes, name="so-lieu.xlsx"):
    folder({name: data})
    return clean(read_commune("thu"))


def remarks(outcome) -> list[tuple]:
    return [(r.code, r.row, r.text) for r in outcome.remarks]


# --- formulas ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "settings_of_workbook", "program", "trusted"),
    [
        ("90.3", '<calcPr calcId="191029"/>', "Microsoft Excel", True),
        ("0", '<calcPr calcId="191029"/>', "Microsoft Excel", True),
        ("90.3", '<calcPr fullCalcOnLoad="1"/>', "Microsoft Excel", False),
        ("0", '<calcPr fullCalcOnLoad="true"/>', "Microsoft Excel", False),
        ("90.3", '<calcPr calcCompleted="0"/>', "Microsoft Excel", False),
        ("0", "", "", False),
        ("0", "", "EPPlus", False),
        ("90.3", "", "EPPlus", True),
        ("0", "", "LibreOffice/24.2", False),  # LibreOffice keeps the noughts that it finds
    ],
)
def test_the_result_of_a_formula_is_trusted_only_where_somebody_calculated_it(
    folder, value, settings_of_workbook, program, trusted
):
    outcome = read(
        folder,
        xlsx(heading(), result(number(value, formula="172/1413")), workbook=settings_of_workbook, program=program),
    )
    assert len(outcome.observations) == trusted
    assert [(r.column, r.row) for r in outcome.rejects.itertuples()] == ([] if trusted else [("value", "2")])
    assert all("Ctrl+Shift+F9" in reason for reason in worded(outcome.rejects, "vi")["message"])


def test_noughts_saved_by_libreoffice_are_results_where_the_workbook_has_others(folder):
    rows = result(number("0", formula="A1-A1"), "X1"), result(number("12", formula="6+6"), "X2")
    assert len(read(folder, xlsx(heading(), *rows, program="LibreOffice")).observations) == 2
    rows = result(number("0", formula="A1-A1"), "X1"), result(number("45000", formula="TODAY()"), "X2")
    assert read(folder, xlsx(heading(), *rows, program="LibreOffice")).rejects["column"].tolist() == ["value"]


def test_a_cell_in_the_area_of_an_array_formula_is_a_result_too(folder):
    array = row(
        text("X1"),
        number(2023),
        number(17),
        text("17.8"),
        '<c r="E2"><f t="array" ref="E2:E3">1</f><v>0</v></c>',
        text("measured"),
    )
    below = row(text("X2"), number(2023), number(17), text("17.9"), number("0", place="E3"), text("measured"))
    outcome = read(
        folder, xlsx(heading(), array, below, workbook='<calcPr fullCalcOnLoad="1"/>', program="Microsoft Excel")
    )
    assert outcome.rejects["row"].tolist() == ["2", "3"]


@pytest.mark.parametrize(
    ("formula", "linked"),
    [
        ("[1]Sheet1!A1", True),
        ("SUM('[2]Biểu (1)'!A1:B2)", True),
        ("Ngoai*2", True),
        ("Table1[2024]", False),
        ("A1+B1", False),
        ("SUM(Table1[[2024]:[2025]])", False),
    ],
)
def test_only_cells_that_take_their_number_from_another_file_are_refused(folder, formula, linked):
    names = '<definedNames><definedName name="Ngoai">[1]Sheet1!$A$1</definedName></definedNames>'
    data = xlsx(
        heading(),
        result(number("90.3", formula=formula)),
        workbook=names,
        program="Microsoft Excel",
        more={"xl/externalLinks/externalLink1.xml": "<x/>"},
    )
    outcome = read(folder, data)
    assert (
        ["tệp khác" in reason for reason in worded(outcome.rejects, "vi")["message"]],
        len(outcome.observations),
    ) == (([True], 0) if linked else ([], 1))


# --- number formats ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.025, "[<=1]0.0%;0.0", "2,5%"), (90.3, "[<=1]0.0%;0.0", "90,3"), (0.903, "0.0%", "90,3%"), (36400000, "#,##0,", "36400"), (36400000, "0.0,,", "36,4"),
        (1234567, "#,##0,.0", "1234,567"), (90.3, '0.0"%"', "90,3%"), (90.3, "0.0\\%", "90,3%"), (1413, '#,##0" hộ"', "1413 hộ"), (36400, "#,##0\\ [$₫-42A]", "36400 đồng"),
        (45344, "dd/mm/yyyy", "22/02/2024"), (45344, "[$-42A]d mmmm yyyy;@", "22/02/2024"), (0.5, "h:mm", "12:00"), (59, "d/m/yyyy", "28/02/1900"),
        (-5, "#,##0_);[Red](#,##0)", "-5"), (0, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "0"), (0, '0;-0;"-"', "0"), (0.5, "# ?/?", "0,5"), (5, "@", "5"),
        (5, ";;;", None), (0, "0;-0;;@", None), (5, '"Đạt"', None), (25, "[h]:mm", None), (5, "-0", None), (5, "[>9]0%;0;0.0,", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_its_format_shows_it_or_not_at_all(value, code, shown):
    found = show(value, code)
    assert (found and found.text) == shown


@settings(max_examples=60, deadline=None)
@given(
    amount=st.decimals(-10**9, 10**9, places=3).map(float), decimals=st.integers(0, 4), percent=st.booleans(), thousands=st.integers(0, 2),
    grouped=st.booleans(), unit=st.sampled_from(["", " hộ", " km", " ha"]),
)  # fmt: skip
def test_formats_change_the_number_by_percent_and_thousands_only(amount, decimals, percent, thousands, grouped, unit):
    code = (
        ("#,##0" if grouped else "0")
        + (f".{'0' * decimals}" if decimals else "")
        + "," * thousands
        + ("%" if percent else "")
        + (f'"{unit}"' if unit else "")
    )
    wanted = number_text(amount * (100 if percent else 1) / 1000**thousands, "%" if percent else "")
    assert show(amount, code).text == wanted + unit or (percent and unit)


def test_a_format_that_hides_the_number_is_a_reject_and_kinds_of_cells_are_told(folder, tmp_path):
    data = xlsx(
        heading(),
        result(number(0.903, 1), "X1"),
        result(number(5, 2), "X2"),
        result(number(45344, 3), "X3"),
        result('<c t="b"><v>1</v></c>', "X4"),
        formats=("0.0%", ";;;", "d/m/yyyy"),
    )
    outcome = read(folder, data)
    assert outcome.observations["text"].tolist() == ["90,3%", "22/02/2024"]
    assert {r.row: "định dạng" in r.message for r in worded(outcome.rejects, "vi").itertuples()} == {
        "3": True,
        "5": False,
    }
    (tmp_path / "a.xlsx").write_bytes(data)
    (grid,) = all_sheets(tmp_path / "a.xlsx")
    assert [row.kinds.get(4, "text") for row in grid.rows] == ["text", "percent", "number", "date", "boolean"]


@pytest.mark.parametrize("code", ["17.1", "45308"])
def test_codes_that_excel_made_numbers_or_days_are_refused(folder, code):
    outcome = read(
        folder,
        xlsx(heading(), result(text("90%"), indicator=number(code, 1 if "." not in code else 0)), formats=("d-mmm",)),
    )
    assert outcome.rejects["column"].tolist() == ["indicator"]


# --- other programs ------------------------------------------------------------------------------

ROW = result(text("1.276/1.413 hộ đạt 90,3%"))


STRICT_SHEET = (
    f'<x:worksheet xmlns:x="{books.STRICT}"><x:sheetData>'
    + "".join((heading(), ROW)).replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
    + "</x:sheetData></x:worksheet>"
)


@pytest.mark.parametrize(
    "change",
    [
        {"strict": True},
        {"names": str.upper},
        {"names": lambda name: name.replace("/", "\\")},
        {"names": lambda name: name.replace("_rels", "_RELS").replace("sheet1", "Sheet1")},
        {"more": {"xl/calcChain.xml": "<x/>", "customXml/item1.xml": "<x/>"}},
        {"after": "<!-- x --><?x y?>"},
        {"more": {"xl/worksheets/sheet1.xml": STRICT_SHEET}},
    ],
    ids=["strict", "capitals", "backslashes", "mixed case", "more parts", "comments", "one strict sheet"],
)
def test_workbooks_of_other_programs_are_read(folder, change):
    outcome = read(folder, xlsx(heading(), ROW, **change))
    assert outcome.observations["value"].tolist() == ["90.3"]


def test_another_name_of_the_workbook_part_and_strings_in_capitals(folder):
    shared = (
        f'<sst xmlns="{books.SPREADSHEET}">'
        + "".join(f"<si><t>{word}</t></si>" for word in (*books.HEADING, "90,3%", "17.8"))
        + "</sst>"
    )
    strings = {word: f'<c t="s"><v>{i}</v></c>' for i, word in enumerate((*books.HEADING, "90,3%", "17.8"))}
    rows = (
        row(*(strings[word] for word in books.HEADING)),
        row(text("X1"), number(2023), number(17), strings["17.8"], strings["90,3%"], text("measured")),
    )
    relations = f'<Relationships><Relationship Id="r0" Type="{books.DOCUMENT}/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="r9" Type="{books.DOCUMENT}/sharedStrings" Target="SharedStrings.xml"/></Relationships>'
    data = xlsx(
        *rows, more={"xl/_rels/workbook.xml.rels": relations, "xl/sharedStrings.xml": shared}, names=lambda name: name
    )
    assert read(folder, data).observations["value"].tolist() == ["90.3"]
    main = f'<Relationships><Relationship Id="r0" Type="{books.DOCUMENT}/officeDocument" Target="xl/workbook22.xml"/></Relationships>'
    assert read(
        folder,
        xlsx(
            heading(),
            ROW,
            more={"_rels/.rels": main},
            names=lambda name: name.replace("workbook.xml", "workbook22.xml"),
        ),
    ).observations["value"].tolist() == ["90.3"]


def test_comments_and_instructions_between_cells_are_nothing(folder):
    inside = ROW.replace("<c", "<!-- x --><?x y?><c", 2)
    assert len(read(folder, xlsx(heading(), "<!-- x -->" + inside)).observations) == 1


def test_soft_breaks_are_blanks_and_iso_days_are_days(folder):
    outcome = read(
        folder,
        xlsx(
            heading(),
            result(text("1.276/1.413 hộ_x000B_đạt 90,3%")),
            result('<c t="d"><v>2024-02-22T00:00:00Z</v></c>', "X2"),
        ),
    )
    assert outcome.rejects.empty
    assert outcome.observations["value"].tolist() == ["90.3", "2024-02-22"]


def test_an_ods_under_the_name_of_an_xlsx_is_read(folder):
    assert len(read(folder, books.ods(ods_heading(), ods_result(ods_cell("90,3%")))).observations) == 1


# --- what is hidden ------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [' hidden="1"', ' ht="0" customHeight="1"'])
def test_hidden_rows_columns_and_far_cells_of_xlsx_are_no_data_and_named(folder, more):
    far = row(text("X3", "A4"), text("x", "GZ4"))
    data = xlsx(
        row(*map(text, (*books.HEADING, "note"))),
        result(text("90%")),
        result(text("50%"), "X2", more=more),
        far,
        columns='<col min="7" max="7" hidden="1"/>',
    )
    outcome = read(folder, data)
    assert outcome.observations["value"].tolist() == ["90"]
    assert {(r.code, r.row) for r in outcome.remarks} == {("hidden-row", 3), ("hidden-column", 0), ("unread-cell", 4)}


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_hidden_rows_columns_and_sheets_of_ods_are_no_data_and_named(folder, how):
    hidden_sheet = f'<table:table table:name="results cũ" table:style-name="ta9">{ods_heading()}{ods_result(ods_cell("40%"))}</table:table>'
    style = '<style:style style:name="ta9" style:family="table"><style:table-properties table:display="false"/></style:style>'
    columns = '<table:table-column table:number-columns-repeated="6"/><table:table-column table:visibility="collapse"/>'
    rows = (
        ods_heading().replace("</table:table-row>", ods_cell("note") + "</table:table-row>"),
        ods_result(ods_cell("90%")),
        ods_result(ods_cell("50%"), "X2", f'table:visibility="{how}"'),
    )
    outcome = read(folder, books.ods(*rows, columns=columns, styles=style, more=hidden_sheet), "so-lieu.ods")
    assert outcome.observations["value"].tolist() == ["90"]
    assert {(r.code, r.row, r.sheet) for r in outcome.remarks} == {
        ("hidden-row", 3, "results"),
        ("hidden-column", 0, "results"),
        ("hidden-sheet", 0, "results cũ"),
    }


@pytest.mark.parametrize("as_ods", [False, True])
def test_what_is_struck_through_is_no_value_and_named(folder, as_ods):
    """The whole cell, by its own style or the style it follows, and a part of its text."""
    if as_ods:
        line = '<style:text-properties style:text-line-through-style="solid"/>'
        plain = '<style:text-properties style:text-line-through-type="none"/>'
        styles = f"""<style:style style:name="old" style:family="table-cell">{line}</style:style><style:style style:name="T1" style:family="text">{line}</style:style>
            <style:style style:name="new" style:parent-style-name="old">{plain}</style:style><style:style style:name="later" style:parent-style-name="old"/>"""
        part = '<text:span text:style-name="T1">80% </text:span>85%'
        values = [ods_cell("90%", more=f'table:style-name="{name}"') for name in ("old", "later", "new")] + [
            ods_cell(part)
        ]
        data = books.ods(ods_heading(), *(ods_result(value, f"X{i}") for i, value in enumerate(values)), styles=styles)
        outcome = read(folder, data, "so-lieu.ods")
    else:
        fonts = '<fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>'
        styles = f'<styleSheet xmlns="{books.SPREADSHEET}">{fonts}<cellXfs><xf/><xf fontId="1"/><xf fontId="2"/></cellXfs></styleSheet>'
        part = '<c t="inlineStr"><is><r><rPr><strike/></rPr><t>80% </t></r><r><t>85%</t></r></is></c>'
        values = [number(90, 1), text("90%").replace("<c", '<c s="1"'), text("90%").replace("<c", '<c s="2"'), part]
        data = xlsx(heading(), *(result(v, f"X{i}") for i, v in enumerate(values)), more={"xl/styles.xml": styles})
        outcome = read(folder, data)
    assert outcome.observations["observation"].tolist() == ["X2"]
    assert [(r.row, r.column, r.code) for r in outcome.rejects.itertuples()] == [
        (row, "value", "unreadable/struck-cell") for row in ("2", "3", "5")
    ]


@pytest.mark.parametrize(
    ("title", "sheet", "village", "read_as_ours"),
    [("KẾT QUẢ CỦA THÔN RÔM", "results", "RÔM", True), ("", "Thôn Rôm", "Rôm", True), ("UBND XÃ VINH QUANG", "results", "", False), ("UBND XÃ THỬ", "results", "", True)],
)  # fmt: skip
def test_a_raw_table_under_a_title_is_of_whom_the_title_names(folder, title, sheet, village, read_as_ours):
    (folder({}).parent / "registry.csv").write_text(REGISTRY, "utf-8")
    outcome = read(folder, xlsx(*([row(text(title))] if title else []), heading(), result(text("90%")), sheet=sheet))
    assert [r.village for r in outcome.observations.itertuples()] == ([village] if read_as_ours else [])
    assert [r.code for r in outcome.rejects.itertuples()] == ([] if read_as_ours else ["unreadable/other-commune"])


def test_a_hidden_column_that_a_table_needs_is_asked_for(folder):
    with pytest.raises(NtmError, match="«year» bị ẩn"):
        read(folder, xlsx(heading(), ROW, columns='<col min="2" max="2" hidden="1"/>'))


@settings(max_examples=25, deadline=None)
@given(hidden=st.lists(st.booleans(), min_size=1, max_size=12), as_ods=st.booleans())
def test_rows_in_are_rows_read_and_hidden_rows_told(tmp_path_factory, hidden, as_ods):
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    if as_ods:
        path.write_bytes(
            books.ods(
                ods_heading(),
                *(
                    ods_result(ods_cell("9%"), f"X{i}", 'table:visibility="filter"' if h else "")
                    for i, h in enumerate(hidden)
                ),
            )
        )
    else:
        path.write_bytes(
            xlsx(
                heading(),
                *(result(text("9%"), f"X{i}", more=' hidden="true"' if h else "") for i, h in enumerate(hidden)),
            )
        )
    (grid,) = all_sheets(path)
    assert [row.hidden for row in grid.rows[1:]] == hidden


# --- ODS -----------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["1.276", "hộ", "/1.413", " ", "  ", "\t", "\n", "90,3%"]), min_size=1, max_size=8))
def test_white_space_of_ods_is_kept(tmp_path_factory, pieces):
    marks = {" ": "<text:s/>", "  ": '<text:s text:c="2"/>', "\t": "<text:tab/>", "\n": "<text:line-break/>"}
    path = tmp_path_factory.mktemp("book") / "a.ods"
    path.write_bytes(
        books.ods(
            books.ods_row(ods_cell("x"), ods_cell("".join(f"<text:span>{marks.get(p, p)}</text:span>" for p in pieces)))
        )
    )
    (grid,) = all_sheets(path)
    assert grid.rows[0].cells[1:] in ((), ("".join(pieces).replace("\t", " "),)) or grid.rows[0].cells[1] == "".join(
        pieces
    ).replace("\t", " ")


@pytest.mark.parametrize(
    ("shown", "value", "kind", "read_as"),
    [("36.400", "36400000", "float", None), ("1.276", "1276", "float", "1276"), ("90,3 %", "0.903", "percentage", "90,3%"), ("", "5", "float", "5"), ("-", "0", "float", "0"),
     ("", "5", "float", "5"), ("***", "5", "float", None), ("1.413 hộ", "1413", "float", "1413 hộ"), ("36.400 ₫", "36400", "currency", "36400 đồng"), ("-5", "-5", "float", "-5")],
)  # fmt: skip
def test_a_number_of_ods_is_what_its_cell_shows_or_a_reject(folder, shown, value, kind, read_as):
    (row,) = all_sheets(
        folder({"a.ods": books.ods(books.ods_row(ods_cell(shown, kind, f'office:value="{value}"')))}) / "a.ods"
    )[0].rows
    assert (row.faults == {}, row.cells[0]) == ((True, read_as) if read_as else (False, row.cells[0]))


def test_a_number_that_ods_shows_as_nothing_and_an_hour_are_refused(folder):
    shown_empty, hour = (
        ods_cell(" ", "float", 'office:value="90.3"'), ods_cell("12:30", "time", 'office:time-value="PT12H30M00S"'),
    )  # fmt: skip
    outcome = read(folder, books.ods(ods_heading(), ods_result(shown_empty), ods_result(hour, "X2")), "so-lieu.ods")
    assert [r.code for r in outcome.rejects.itertuples()] == ["unreadable/number-format", "unreadable/day-as-value"]


def test_formulas_of_ods_are_trusted_as_those_of_xlsx(folder):
    def formula(value: str, text="of:=[.A1]*2") -> str:
        return ods_cell(value, "float", f'office:value="{value}" table:formula="{text}"')

    assert read(folder, books.ods(ods_heading(), ods_result(formula("0"))), "a.ods").rejects["column"].tolist() == [
        "value"
    ]
    assert (
        len(
            read(
                folder, books.ods(ods_heading(), ods_result(formula("0")), ods_result(formula("9"), "X2")), "a.ods"
            ).observations
        )
        == 2
    )
    elsewhere = books.ods(ods_heading(), ods_result(formula("9", "of:='file:///b.ods'#$A.A1")))
    assert "tệp khác" in worded(read(folder, elsewhere, "a.ods").rejects, "vi")["message"][0]


# --- merged cells --------------------------------------------------------------------------------


def merged(*areas: str) -> str:
    return f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{a}{chr(34)}/>' for a in areas)}</mergeCells>"


def test_what_is_merged_downwards_governs_its_rows(folder):
    below = row(text("X2", "A3"), text("17.9", "D3"), text("80%", "E3"))
    outcome = read(folder, xlsx(heading(), result(text("90%")), below, after=merged("B2:B3", "C2:C3", "F2:F3")))
    assert outcome.observations[["indicator", "year", "value"]].values.tolist() == [
        ["17.8", 2023, "90"],
        ["17.9", 2023, "80"],
    ]


@pytest.mark.parametrize("area", ["E2:E3", "D3:E3"])
def test_a_merged_value_is_refused_by_name(folder, area):
    cells = [
        text("X2", "A3"),
        number(2023, place="B3"),
        number(17, place="C3"),
        text("17.9", "D3"),
        text("measured", "F3"),
    ]
    outcome = read(folder, xlsx(heading(), result(text("90%")), row(*cells), after=merged(area)))
    assert [(r.row, r.column, "gộp" in r.message) for r in worded(outcome.rejects, "vi").itertuples()] == [
        ("3", "value", True)
    ]


# --- limits --------------------------------------------------------------------------------------


def refused_or_read_soon(folder, data: bytes, seconds: float = 6.0, name="so-lieu.xlsx"):
    started = time.process_time()
    try:
        read(folder, data, name)
    except NtmError as error:
        assert len(error.message) < 2_000
    assert time.process_time() - started < seconds


@pytest.mark.parametrize("area", ["A1:ZZZ9999999", "A{n}:XFD1048576", "A1:A9"])
def test_thousands_of_merged_areas_take_no_time(folder, area):
    areas = merged(*(area.format(n=n + 1) for n in range(3_000)))
    refused_or_read_soon(folder, xlsx(heading(), *(result(text("9%"), f"X{i}") for i in range(300)), after=areas))
    refused_or_read_soon(
        folder,
        xlsx(
            row(text("TT"), text("Nội dung")),
            *(row(text("1"), text("a")) for _ in range(300)),
            sheet="Biểu",
            after=areas,
        ),
    )


DIGITS = "9" * 5_000


@pytest.mark.parametrize(
    "data",
    [
        xlsx(heading(), f'<row r="{DIGITS}">{text("x")}</row>'),
        xlsx(heading(), row(f'<c r="A{DIGITS}" s="{DIGITS}" t="s"><v>{DIGITS}</v></c>')),
        xlsx(heading(), row(f'<c r="ZZZZZZ1">{text("x")[2:]}')),
        xlsx(
            heading(),
            result(number("1", 1)),
            more={"xl/styles.xml": '<s><cellXfs><xf numFmtId="²"/><!-- x --><xf numFmtId="x"/></cellXfs></s>'},
        ),
        xlsx(*["<row/>"] * 400_000),
        xlsx(heading(), workbook="<!-- x -->", sheet="x" * 5_000),
    ],
    ids=["row number", "cell numbers", "column", "format number", "empty rows", "name"],
)
def test_huge_counts_of_xlsx_end_in_a_message(folder, data):
    refused_or_read_soon(folder, data)


@pytest.mark.parametrize(
    "count", ["number-columns-repeated", "number-rows-repeated", "number-columns-spanned", "number-rows-spanned"]
)
@pytest.mark.parametrize("times", [DIGITS, "999999999", "16384", "²"])
def test_huge_counts_of_ods_end_in_a_message(folder, count, times):
    cell = ods_cell("x", more=f'table:{count}="{times}"' if "columns" in count or "spanned" in count else "")
    refused_or_read_soon(
        folder,
        books.ods(
            ods_heading(),
            books.ods_row(cell, more=f'table:{count}="{times}"' if count == "number-rows-repeated" else ""),
        ),
        name="so-lieu.ods",
    )


def test_a_cell_claimed_twice_and_rows_out_of_order_are_refused(folder):
    twice = row(
        text("X1"), number(2023), number(17), text("17.8"), text("90%", "E2"), text("80%", "E2"), text("measured", "F2")
    )
    assert read(folder, xlsx(heading(), twice)).rejects["column"].tolist() == ["value"]
    with pytest.raises(NtmError, match="hỏng"):
        read(folder, xlsx(heading(), result(text("9%"), more=' r="5"'), result(text("9%"), "X2", more=' r="3"')))


def test_days_before_the_calendar_and_infinity_are_rejects(folder):
    values = [number(-5, 1), number("1E400"), number("99999999", 1), number("x")]
    outcome = read(folder, xlsx(heading(), *(result(v, f"X{i}") for i, v in enumerate(values)), formats=("d/m/yyyy",)))
    assert outcome.rejects["row"].tolist() == ["2", "3", "4", "5"]
