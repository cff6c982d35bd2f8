"""Files as officials save them: encodings, separators, workbooks, and the ones that must be refused."""

import datetime
import io
import unicodedata
import zipfile

import openpyxl
import pytest

from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune
from ntm_lib.intake.files.looks import number_text
from ntm_lib.intake.files.readers import MAX_ROWS
from ntm_lib.text.encodings import _TCVN3, _VNI_LETTERS, _VNI_MARKS, decode, from_old_font, syllable_share
from ntm_lib.text.names import TONES
from ntm_lib.wording.problem_words import worded
from tests.intake.books import archive
from tests.intake.raw_rows import as_csv, result

TEXT = "Xã Hùng Mỹ, huyện Chiêm Hóa: hộ nghèo đa chiều giảm, đường trục thôn được bê tông hóa, nước sạch đạt chuẩn"


def tcvn3(text: str) -> str:
    codes = {char: code for code, char in _TCVN3.items()}
    return "".join(codes.get(c, c) for c in text)


def vni(text: str) -> str:
    signs = {mark: sign for sign, mark in reversed(_VNI_MARKS.items()) if sign.islower()}
    letters = {letter: sign for sign, letter in _VNI_LETTERS.items()}
    out = []
    for char in text:
        decomposed = unicodedata.normalize("NFD", char)
        horn = "\u031b" if "\u031b" in decomposed else ""
        base = unicodedata.normalize("NFC", decomposed[0] + horn)
        marks = "".join(sorted((c for c in decomposed[1:] if c != horn), key=lambda c: c in TONES))
        out.append(letters.get(char) or letters.get(base, base) + (signs[marks] if marks else ""))
    return "".join(out)


def windows1258(text: str) -> bytes:
    def code(char: str) -> bytes:
        decomposed = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))
        return (base + "".join(c for c in decomposed if c in TONES)).encode("cp1258")

    return b"".join(map(code, text))


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.encode("utf-16"), windows1258(TEXT), tcvn3(TEXT).encode("latin-1"), vni(TEXT).encode("cp1252"),
        tcvn3(TEXT).encode(), vni(TEXT).encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "windows-1258", "tcvn3", "vni", "tcvn3 shown as unicode", "vni shown as unicode"],
)  # fmt: skip
def test_every_encoding_gives_the_same_text(data):
    assert decode(data, "f.csv", "vi") == TEXT


def test_bytes_that_are_no_vietnamese_in_any_encoding_are_refused():
    with pytest.raises(NtmError, match="bảng mã"):
        decode(bytes(range(128, 255)) * 3, "f.csv", "vi")


@pytest.mark.parametrize("text", ["plain text", TEXT, "Đắk Ơ", "≥ 90%", "Krông Pắk", "90,3¹", "½", "15 m²"])
def test_text_that_is_no_old_font_stays(text):
    assert from_old_font(text) == text


def test_the_text_of_the_plan_is_made_of_syllables():
    from ntm_lib import paths

    text = (paths.communes_folder() / "hung-my/sources/05-KH-BCD-2024.txt").read_text(encoding="utf-8")
    assert syllable_share(text) > 0.98


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encode", [str.encode, windows1258, lambda s: s.encode("utf-16")], ids=["utf-8", "windows-1258", "utf-16"]
)
def test_a_csv_file_is_read_whatever_its_separator_and_encoding(folder, separator, encode):
    rows = [result(value="1.276/1.413 hộ", item="Nhà tiêu hợp vệ sinh"), result("R2", value="90 %", item="Nhà tắm")]
    folder({"results.csv": encode(as_csv(rows).replace(",", separator).replace("\n", "\r\n"))})
    observations = clean(read_commune("thu")).observations
    assert observations["item"].tolist() == ["Nhà tiêu hợp vệ sinh", "Nhà tắm"]
    assert observations["numerator"].tolist() == ["1276", ""]


def test_quoted_line_breaks_and_blank_lines_keep_the_numbers_of_rows(folder):
    folder({"results.csv": as_csv([result(note="dòng một\ndòng hai"), result("R2")]).replace("R2", "\nR2", 1)})
    assert clean(read_commune("thu")).observations["row"].tolist() == ["2", "4"]


def test_too_many_rows_are_refused(folder):
    folder({"results.csv": as_csv([result()]) + "x,2023,17,17.8,,1,measured\n" * MAX_ROWS})
    with pytest.raises(NtmError, match=f"{MAX_ROWS} dòng"):
        read_commune("thu")


def test_a_file_nobody_asked_for_is_noted(folder):
    folder({"ket-qua.csv": "a,b\n1,2\n"})
    assert [(r.code, r.text) for r in read_commune("thu").remarks] == [("unread-file", "ket-qua.csv")]


def workbook(*rows, sheet="results", **change) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    return book


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEADING = ["id", "year", "criterion", "indicator", "value", "kind"]


def read_book(folder, book, name="so-lieu.xlsx"):
    folder({name: book if isinstance(book, bytes) else saved(book)})
    return clean(read_commune("thu"))


def test_a_raw_table_in_a_workbook_gives_the_rows_that_csv_gives(folder):
    outcome = read_book(
        folder,
        workbook(
            HEADING,
            ["X1", 2023, 17, "17.8", "1.276/1.413 hộ đạt 90,3%", "measured"],
            ["X2", 2023, 17, 17.8, 0.903, "measured"],
        ),
    )
    row = outcome.observations.iloc[0]
    assert (row.file, row.sheet, row.row, row.value) == ("communes/thu/so-lieu.xlsx", "results", "2", "90.3")
    assert outcome.observations["indicator"].tolist() == ["17.8", "17.8"]


def test_percentages_dates_and_hidden_rows_of_a_workbook(folder):
    book = workbook(HEADING, ["X1", 2023, 17, "17.8", 0.903, "measured"], ["X2", 2023, 17, "17.9", 1413, "measured"])
    book.active["E2"].number_format = "0.0%"
    book.active.row_dimensions[3].hidden = True
    outcome = read_book(folder, book)
    assert outcome.observations["text"].tolist() == ["90,3%"]
    assert outcome.observations["value"].tolist() == ["90.3"]
    assert [(r.code, r.row) for r in outcome.remarks] == [("hidden-row", 3)]


def test_a_formula_without_result_an_error_and_a_long_cell_are_rejects(folder):
    rows = [
        ["X1", 2023, 17, "17.8", "=A1+1", "measured"],
        ["X2", 2023, 17, "17.8", "#REF!", "measured"],
        ["X3", 2023, 17, "17.8", "x" * 30_000, "measured"],
    ]
    book = workbook(HEADING, *rows)
    book.active["E3"].data_type = "e"
    outcome = read_book(folder, book)
    assert outcome.observations.empty
    told = worded(outcome.rejects, "vi")["message"]
    assert ["công thức" in told[0], "lỗi" in told[1], "10.000" in told[2]] == [True] * 3


def test_a_text_that_only_begins_like_a_formula_is_text(folder):
    book = workbook([*HEADING, "note"], ["X1", 2023, 17, "17.8", "90%", "measured", "x"])
    book.active["G2"].value = "=HYPERLINK()"
    book.active["G2"].data_type = "s"
    assert read_book(folder, book).observations["note"].tolist() == ["=HYPERLINK()"]


@pytest.mark.parametrize("code", [17.1, datetime.datetime(2024, 8, 17)])
def test_an_indicator_that_excel_changed_is_a_reject(folder, code):
    outcome = read_book(folder, workbook(HEADING, ["X1", 2023, 17, code, "90%", "measured"]))
    assert outcome.rejects["column"].tolist() == ["indicator"]


def test_a_hidden_sheet_is_not_read(folder):
    book = workbook(HEADING, ["X1", 2023, 17, "17.8", "90%", "measured"])
    book.create_sheet("plan").sheet_state = "hidden"
    assert len(read_book(folder, book).observations) == 1


def test_a_sheet_typed_in_an_old_font_is_read(folder):
    rows = [["X1", 2023, 17, "17.8", "90%", "measured", tcvn3("Nhà tiêu hợp vệ sinh của hộ nghèo")]]
    outcome = read_book(folder, workbook([*HEADING, "item"], *rows))
    assert outcome.observations["item"].tolist() == ["Nhà tiêu hợp vệ sinh của hộ nghèo"]
    assert [r.code for r in outcome.remarks] == ["old-font"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (90.3, "90,3"),
        (1413.0, "1413"),
        (0.1 + 0.2, "0,3"),
        (1e-7, "0,0000001"),
        (-5.5, "-5,5"),
        (1e20, "100000000000000000000"),
    ],
)
def test_a_stored_number_is_written_as_vietnamese_without_grouping(value, text):
    assert number_text(value) == text


def with_member(name: str, content: bytes = b"x") -> bytes:
    """A good workbook with one more, or another, member."""
    good = saved(workbook(HEADING))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for entry in source.namelist():
            if entry != name:
                file.writestr(entry, source.read(entry))
        file.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "rỗng"),
        (b"not a workbook", "tệp chữ .* đuôi .xlsx"),
        (b"\xef\xbb\xbf\n<!DOCTYPE HTML><table>", "trang web"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "trang web"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "XML",
        ),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "hình ảnh"),
        (b"\x01\x02\x03", "không phải sổ tính"),
        (b"PK\x03\x04 cut off", "không phải sổ tính"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (OLE + b"Workbook", ".xls"),
        (with_member("xl/vbaProject.bin"), "macro"),
        (with_member("xl/workbook.bin"), "xlsb"),
        (archive({"word/document.xml": "x"}), "Word"),
        (with_member("xl/media/bomb.bin", b"\0" * 210_000_000), "quá lớn"),
        (with_member(SHEET, b"<worksheet><sheetData><row>"), "hỏng"),
        (with_member(SHEET, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'), "hỏng"),
        (with_member("xl/workbook.xml", b"<workbook/>"), "trang"),
        (archive({"a.txt": "x"}), "hỏng"),
    ],
    ids=[
        "empty",
        "text",
        "web",
        "excel's web",
        "xml",
        "pdf",
        "picture",
        "bytes",
        "cut",
        "encrypted",
        "old xls",
        "macros",
        "xlsb",
        "docx",
        "bomb",
        "cut xml",
        "entities",
        "no sheet",
        "no workbook",
    ],
)
def test_a_workbook_that_must_not_be_read_ends_in_a_plain_message(folder, data, word):
    with pytest.raises(NtmError, match=word) as error:
        read_book(folder, data)
    assert "communes/thu/so-lieu.xlsx" in error.value.message


def test_a_million_rows_are_refused_and_a_sheet_formatted_to_its_end_is_not(folder):
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, MAX_ROWS + 3))
    space = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with pytest.raises(NtmError, match=f"{MAX_ROWS} dòng"):
        read_book(folder, with_member(SHEET, space + rows + b"</sheetData></worksheet>"))
    empty = b"".join(b'<row r="%d"/>' % n for n in range(1, 300_000))
    assert read_book(folder, with_member(SHEET, space + empty + b"</sheetData></worksheet>")).observations.empty


def ods(*rows: str, name="results") -> bytes:
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="{name}">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    return archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def cell(text: str, kind="string", value="") -> str:
    amount = f' office:value="{value}"' if value else ""
    return f'<table:table-cell office:value-type="{kind}"{amount}><text:p>{text}</text:p></table:table-cell>'


def test_an_ods_workbook_is_read_like_xlsx(folder):
    heading = "".join(map(cell, HEADING))
    row = (
        cell("X1")
        + cell("2023", "float", "2023")
        + cell("17", "float", "17")
        + cell("17.8")
        + cell("90,3 %", "percentage", "0.903")
        + cell("measured")
    )
    gap = '<table:table-cell table:number-columns-repeated="6"/>'
    outcome = read_book(folder, ods(heading, gap, row), "so-lieu.ods")
    found = outcome.observations.iloc[0]
    assert (found.value, found.unit, found.row, found.sheet) == ("90.3", "%", "3", "results")


def test_an_ods_with_a_password_or_damage_is_refused(folder):
    locked = archive({"META-INF/manifest.xml": "<manifest:encryption-data/>", "content.xml": "x"})
    with pytest.raises(NtmError, match="mật khẩu"):
        read_book(folder, locked, "so-lieu.ods")
    with pytest.raises(NtmError, match="hỏng"):
        read_book(folder, archive({"content.xml": "<a>"}), "so-lieu.ods")
