"""What a reader of a sheet does not see in its cells, or sees only under the mouse, is no figure and is told by its cell."""

import pytest

from ntm_lib.intake import clean, read_commune
from ntm_lib.intake.files.looks import Look
from tests.intake.books import (
    SPREADSHEET,
    heading,
    number,
    ods,
    ods_cell,
    ods_heading,
    ods_result,
    ods_row,
    result,
    row,
    text,
    xlsx,
)

THEME = """<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme name="x">
    <a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1><a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>
    <a:dk2><a:srgbClr val="1F497D"/></a:dk2><a:lt2><a:srgbClr val="EEECE1"/></a:lt2></a:clrScheme></a:themeElements></a:theme>"""
DARK = '<patternFill patternType="solid"><fgColor rgb="FF1F5B4A"/></patternFill>'


def read(folder, data, name="so-lieu.xlsx"):
    folder({name: data})
    outcome = clean(read_commune("thu"))
    return [text for text in outcome.observations["text"] if text], [(r.code, r.text) for r in outcome.remarks], outcome


def book(cell, font="", fill="", more=None, **parts):
    """A workbook whose style 1 has this font and fill."""
    styles = f"""<styleSheet xmlns="{SPREADSHEET}"><fonts><font/><font>{font}</font></fonts><fills><fill/><fill>{fill}</fill></fills>
        <cellXfs><xf/><xf fontId="1" fillId="1"/></cellXfs></styleSheet>"""
    links = "".join(
        f'<Relationship Id="r{i}" Type="x/{kind}" Target="{kind}.xml"/>'
        for i, kind in enumerate(("styles", "theme"), 1)
    )
    sheet = '<Relationship Id="r0" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{sheet}{links}</Relationships>'
    members = {"xl/styles.xml": styles, "xl/theme.xml": THEME, "xl/_rels/workbook.xml.rels": relations, **(more or {})}
    return xlsx(heading(), result(cell, "X1"), result(text("85%"), "X2"), more=members, **parts)


@pytest.mark.parametrize(("font", "fill", "seen"), [
    ('<color rgb="FFFFFFFF"/>', "", False),
    ('<color rgb="FFFEFDFD"/>', "", False),
    ('<color indexed="9"/>', "", False),
    ('<color theme="0"/>', "", False),
    ('<color theme="0" tint="-0.04"/>', "", False),
    ('<color theme="1"/>', '<patternFill patternType="solid"><fgColor indexed="8"/></patternFill>', False),
    ('<color rgb="FF1F5B4A"/>', DARK, False),
    ('<color rgb="FFFFFFFF"/>', DARK, True),
    ('<color rgb="FFFFFFFF"/>', '<patternFill patternType="solid"><fgColor rgb="FFFFFBE6"/></patternFill>', False),
    ('<color rgb="FFFFFFFF"/>', '<patternFill patternType="solid"><fgColor rgb="FFFFD9D9"/></patternFill>', True),
    ('<color rgb="FF"/>', "", True),
    ('<color theme="0" tint="-0.5"/>', "", True),
    ('<color theme="3"/>', "", True),
    ('<color theme="2"/>', "", True),
    ("", "", True),
    ('<color auto="1"/>', "", True),
    ('<color rgb="FFFFFFFF"/>', '<patternFill patternType="gray125"/>', True),
    ('<color rgb="FFFFFFFF"/>', "<gradientFill/>", True),
])  # fmt: skip
@pytest.mark.parametrize("cell", [number("90.3", 1), text("90,3").replace("<c", '<c s="1"')])
def test_text_in_the_colour_of_its_background_is_hidden_and_named(folder, font, fill, seen, cell):
    texts, told, _ = read(folder, book(cell, font, fill))
    assert texts == (["90,3", "85%"] if seen else ["85%"])
    assert told == ([] if seen else [("unseen-cell", "E2 «90,3»")])


@pytest.mark.parametrize(("after", "table", "seen"), [
    ('<conditionalFormatting sqref="A1 E2:E9"/>', "", True), ('<conditionalFormatting sqref="A1"/>', "", False),
    ("", '<table ref="A1:F3"><tableStyleInfo name="TableStyleDark1"/></table>', True), ("", '<table ref="A2:F3"/>', True),
    ("", '<table ref="A1:F3"><tableStyleInfo name="TableStyleMedium2"/></table>', False),
])  # fmt: skip
def test_where_a_condition_or_a_table_paints_the_background_white_text_is_read(folder, after, table, seen):
    link = '<Relationship Id="r1" Type="x/table" Target="../tables/t1.xml"/>'
    relations = f'<Relationships xmlns="x">{link}</Relationships>'
    more = {"xl/worksheets/_rels/sheet1.xml.rels": relations, "xl/tables/t1.xml": table} if table else {}
    texts, told, _ = read(folder, book(number("90.3", 1), '<color rgb="FFFFFFFF"/>', more=more, after=after))
    assert (texts, [code for code, _ in told]) == (
        (["90,3"] if seen else []) + ["85%"],
        [] if seen else ["unseen-cell"],
    )


def test_of_a_text_in_two_colours_what_is_seen_is_read(folder):
    runs = '<r><rPr><color rgb="FFFFFFFF"/></rPr><t>8</t></r><r><t>9,5%</t></r>'
    texts, told, _ = read(folder, book(f'<c t="inlineStr"><is>{runs}</is></c>'))
    assert (texts, told) == (["9,5%", "85%"], [("unseen-cell", "E2 «8»")])


def ods_styles(cell="", span=""):
    parts = {"table-cell": cell, "text": span}
    return "".join(
        f'<style:style style:name="s" style:family="{family}">{look}</style:style>' for family, look in parts.items()
    )


@pytest.mark.parametrize(("cell", "span", "shown", "texts", "unseen"), [
    ('<style:text-properties fo:color="#ffffff"/>', "", "90,3%", [], "90,3%"),
    ('<style:text-properties fo:color="#ffffff"/><style:table-cell-properties fo:background-color="#1f5b4a"/>', "", "90,3%", ["90,3%"], ""),
    ('<style:text-properties fo:color="#ffffff"/><style:table-cell-properties fo:background-color="transparent"/>', "", "90,3%", [], "90,3%"),
    ('<style:text-properties fo:color="#ffffff" style:use-window-font-color="true"/>', "", "90,3%", ["90,3%"], ""),
    ('<style:text-properties fo:color="#ffffff"/><style:map/>', "", "90,3%", ["90,3%"], ""),
    ("", '<style:text-properties fo:color="#fefefe"/>', '<text:span text:style-name="s">8</text:span>9,5%', ["9,5%"], "8"),
])  # fmt: skip
def test_an_ods_says_as_much_of_colours(folder, cell, span, shown, texts, unseen):
    data = ods(ods_heading(), ods_result(ods_cell(shown, more='table:style-name="s"')), styles=ods_styles(cell, span))
    read_texts, told, _ = read(folder, data, "so-lieu.ods")
    assert (read_texts, told) == (texts, [("unseen-cell", f"E2 «{unseen}»")] if unseen else [])


@pytest.mark.parametrize(
    ("position", "value"), [("super 58%", "5.2"), ("33% 58%", "5.2"), ("0% 100%", "5.21"), ("-33% 58%", "5.21")]
)
def test_a_raised_digit_of_an_ods_is_a_note_and_joins_no_number(folder, position, value):
    span = f'<style:text-properties style:text-position="{position}"/>'
    cell = ods_cell('5,2<text:span text:style-name="s">1</text:span>%')
    _, _, outcome = read(folder, ods(ods_heading(), ods_result(cell), styles=ods_styles("", span)), "so-lieu.ods")
    found = [*outcome.observations["value"], *outcome.rejects["text"]]
    assert found == ([value] if value == "5.21" else ["5,2¹%"])


def comments(member: str, kind: str, body: str) -> dict:
    link = f'<Relationship Id="r1" Type="x/{kind}" Target="../{member}"/>'
    return {"xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="x">{link}</Relationships>', f"xl/{member}": body}  # fmt: skip


BOLD = "<r><rPr><b/></rPr><t>Lò Thị Hoa:</t></r>"


@pytest.mark.parametrize(("code", "note", "shown"), [
    ("cell-note/number", "Số chốt là 9,7%", "E2 «Số chốt là 9,7%»"),
    ("cell-note", "theo Quyết định 318/QĐ-TTg ngày 08/3/2022, năm 2024", "E2 «theo Quyết định 318/QĐ-TTg ngày 08/3/2022, năm 2024»"),
    ("cell-note", "xem lại", "E2 «xem lại»"),
])  # fmt: skip
@pytest.mark.parametrize("form", ["note", "named note", "thread", "ods"])
def test_a_comment_is_told_by_its_cell_without_who_wrote_it(folder, code, note, shown, form):
    if form == "ods":
        annotation = f"<office:annotation><text:p>Lò Thị Hoa:</text:p><text:p>{note}</text:p></office:annotation>"
        cell = ods_cell("90%").replace("<text:p>", f"{annotation}<text:p>", 1)
        data, name = ods(ods_heading(), ods_result(cell)), "so-lieu.ods"
    else:
        run = f"{BOLD if form == 'named note' else ''}<r><t>\n{note}</t></r>"
        kind, body = (
            "comments",
            f'<comments><commentList><comment ref="E2"><text>{run}</text></comment></commentList></comments>',
        )
        if form == "thread":
            kind = "threadedComment"
            body = (
                f'<ThreadedComments><threadedComment ref="E2"><text>{note}</text></threadedComment></ThreadedComments>'
            )
        data, name = xlsx(heading(), result(text("90%")), more=comments("c.xml", kind, body)), "so-lieu.xlsx"
    texts, told, _ = read(folder, data, name)
    assert (texts, told) == (["90%"], [(code, shown)])


def test_a_comment_on_an_empty_cell_is_told_too(folder):
    empty = "<table:table-cell/><table:table-cell><office:annotation><text:p>5 hộ</text:p></office:annotation></table:table-cell>"
    _, told, _ = read(folder, ods(ods_heading(), ods_row(empty)), "so-lieu.ods")
    assert told == [("cell-note/number", "B2 «5 hộ»")]


def test_colours_that_are_not_known_hide_nothing():
    assert not Look(ink="?", paper="?").hides()
    assert not Look(ink="indexed 22", paper="FFFFFF").hides()
    assert Look(ink="indexed 22", paper="indexed 22").hides()


DRAWN = {
    "box": "<xdr:wsDr xmlns:xdr='x' xmlns:a='a'><xdr:sp><a:p><a:t>Đơn vị: tỷ đồng; tổng 12</a:t></a:p></xdr:sp></xdr:wsDr>",
    "title": "<xdr:wsDr xmlns:xdr='x' xmlns:a='a'><xdr:sp><a:t>MẬT</a:t></xdr:sp><xdr:pic/></xdr:wsDr>",
    "picture": "<xdr:wsDr xmlns:xdr='x'><xdr:pic/></xdr:wsDr>",
}
SHAPES = {
    "box": "<draw:frame><draw:text-box><text:p>Đơn vị: tỷ đồng; tổng 12</text:p></draw:text-box></draw:frame>",
    "title": "<draw:frame><draw:text-box><text:p>MẬT</text:p></draw:text-box><draw:image/></draw:frame>",
    "picture": "<draw:frame><draw:image/></draw:frame>",
}


@pytest.mark.parametrize("as_ods", [False, True])
@pytest.mark.parametrize(("drawn", "rows", "told"), [
    ("box", True, [("text-box/number", "«Đơn vị: tỷ đồng; tổng 12»")]), ("title", True, [("text-box", "«MẬT»")]), ("picture", True, []),
    ("picture", False, [("picture-sheet", "results")]),
])  # fmt: skip
def test_what_is_drawn_over_a_sheet_is_told(folder, as_ods, drawn, rows, told):
    if as_ods:
        lines = [ods_heading(), ods_result(ods_cell("90%"))] if rows else []
        data = ods(f"<table:shapes>{SHAPES[drawn]}</table:shapes>", *lines)
    else:
        lines = [heading(), result(text("90%"))] if rows else []
        data = xlsx(*lines, more=comments("d.xml", "drawing", DRAWN[drawn]))
    found = read(folder, data, f"so-lieu.{'ods' if as_ods else 'xlsx'}")
    assert found[:2] == (["90%"] if rows else [], told)


def test_a_comment_in_a_list_of_persons_is_told_by_its_place_alone(folder):
    note = '<comments><commentList><comment ref="B2"><text><t>Lò Thị Hoa, 0912 345 678</t></text></comment></commentList></comments>'
    rows = row(text("STT"), text("Họ và tên")), row(number(1), text("Lò Thị Hoa"))
    _, told, _ = read(folder, xlsx(*rows, sheet="Hộ", more=comments("c.xml", "comments", note)))
    assert sorted(told) == [("cell-note/number", "B2"), ("household-list", "1")]
