"""Every file in a commune's folder is read, or named with why it is not; nothing in it hangs, crashes or shows a foreign file."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_lib import parameters
from ntm_lib.cli.batch import choose
from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune
from ntm_lib.intake.files.readers import contents_of, left_aside
from ntm_lib.intake.raw import summary, table_rows
from ntm_lib.intake.schema import LEFT
from ntm_lib.language import translator
from ntm_lib.problems import catalogue
from ntm_lib.wording.problem_words import worded
from tests.intake.raw_rows import as_csv, planned, result

ROWS = as_csv([result()])


def told(raw) -> list[tuple[str, str]]:
    return sorted((r.file.partition("thu/")[2], r.code) for r in raw.remarks)


# --- tables in CSV -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plan.CSV", "Plan.csv", "PLAN.TSV", "plan.txt", "plan .csv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_table_is_read_whatever_the_case_of_its_name_its_separator_and_its_encoding(folder, name, encoding):
    folder({name: as_csv([planned()]).replace(",", "\t").encode(encoding)})
    raw = read_commune("thu")
    assert [row.cells["value"] for row in raw.tables["plan"]] == ["vận động thêm 56 hộ"]
    assert not raw.remarks


@settings(max_examples=60, deadline=None)
@given(
    separator=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]), told=st.booleans(), title=st.integers(0, 2),
    names=st.sampled_from([str, str.upper, str.title, lambda name: f"  {name} "]), newline=st.sampled_from(["\n", "\r\n"]),
    values=st.lists(st.sampled_from(["1.276/1.413 hộ, đạt 90,3%", "90;3", "Đạt", '"nguyên văn"']), min_size=1, max_size=5),
)  # fmt: skip
def test_every_layout_of_a_table_gives_the_same_rows(
    tmp_path_factory, separator, encoding, told, title, names, newline, values
):
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=newline)
    writer.writerows([["KẾT QUẢ, NĂM 2023; XÃ THỬ"]] * title)
    writer.writerow(map(names, ["year", "criterion", "indicator", "value", "kind"]))
    writer.writerows(["2023", "17", "17.8", value, "measured"] for value in values)
    root = tmp_path_factory.mktemp("root")
    place = root / "data/raw/communes/thu"
    place.mkdir(parents=True)
    start = f"sep={separator}{newline}" if told else ""
    (place / "results.csv").write_bytes((start + out.getvalue()).encode(encoding))
    before = os.environ.get("NTM_ROOT")
    os.environ["NTM_ROOT"] = str(root)
    rows = table_rows("thu", "results")
    os.environ.pop("NTM_ROOT") if before is None else os.environ.update(NTM_ROOT=before)
    assert [(row.cells["year"], row.cells["value"], row.row) for row in rows] == [
        ("2023", value, title + 2 + i) for i, value in enumerate(values)
    ]


@pytest.mark.parametrize("line", ['"R1,2024,11,11.1,""9,5%"",measured"', 'R1,2024,11,"=""11.1""","=""9,5%""",measured'])
def test_lines_in_quotes_and_cells_kept_as_text_are_read_as_what_they_hold(folder, line):
    names = "id,year,criterion,indicator,value,kind"
    folder({"results.csv": f'"{names}"\n{line}\n' if line.startswith('"') else f"{names}\n{line}\n"})
    assert clean(read_commune("thu")).observations[["indicator", "value"]].values.tolist() == [["11.1", "9.5"]]


def test_titles_above_the_heading_are_named_and_rows_there_are_refused(folder):
    folder({"results.csv": "BIỂU KẾT QUẢ NĂM 2023\n\n" + ROWS})
    raw = read_commune("thu")
    assert [(r.code, r.row, r.text) for r in raw.remarks] == [("note-row", 1, "BIỂU KẾT QUẢ NĂM 2023")]
    assert clean(raw).observations["row"].tolist() == ["4"]
    heading, line, *_ = ROWS.splitlines()
    folder({"results.csv": f"{line}\n{heading}\n"})
    with pytest.raises(NtmError, match="dòng 1: dòng này nằm trên dòng tiêu đề"):
        read_commune("thu")


def test_headings_in_vietnamese_are_read_and_a_strange_one_is_told_at_its_place(folder):
    folder({"results.csv": "TIÊU ĐỀ\nNăm;Tiêu chí;Mã chỉ tiêu;Giá trị;Loại dòng\n2023;17;17.8;90,3%;measured\n"})
    assert clean(read_commune("thu")).observations[["year", "indicator", "value"]].values.tolist() == [
        [2023, "17.8", "90.3"]
    ]
    folder({"results.csv": "TIÊU ĐỀ\nNăm;Tiêu chí;Chỉ tiêu;Giá trị;Kiểu gì\n2023;17;17.8;90,3%;measured\n"})
    with pytest.raises(NtmError, match=r"dòng 2 \(tiêu đề\).*«kiểu gì».*thiếu cột «kind»"):
        read_commune("thu")


@pytest.mark.parametrize(
    ("data", "word"),
    [(b"\0" * 500, "rỗng"), (ROWS.encode() + b'a,"' + b"x" * 140_000 + b'"\n', "131072 chữ"), (b"sep=;\n", "rỗng"), (" \u00a0\n".encode(), "rỗng"), (b"\xff\xfe", "bảng mã"),
     (ROWS.encode() + b'"open', "nháy kép")],
    ids=["only NUL", "long cell", "only sep", "blanks", "only a mark", "open quote"],
)  # fmt: skip
def test_a_damaged_table_ends_in_a_message_that_names_it(folder, data, word):
    folder({"results.csv": data})
    with pytest.raises(NtmError, match=word) as error:
        read_commune("thu")
    assert "communes/thu/results.csv" in error.value.message


def test_a_cell_with_a_nul_is_a_reject(folder):
    folder({"results.csv": ROWS.replace("90,3%", "90\0,3%")})
    assert clean(read_commune("thu")).rejects["row"].tolist() == ["2"]


def test_the_rows_of_one_table_need_no_other_library():
    import subprocess
    import sys

    code = "import sys; from ntm_lib.intake.raw import table_rows; print(len(table_rows('hung-my', 'plan')), [m for m in ('pandas', 'numpy', 'yaml') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "25 []\n"


# --- what is not read ----------------------------------------------------------------------------

UNREAD = {
    "bieu.xlsb": "unread-spreadsheet", "bieu.et": "unread-spreadsheet", "bieu.fods": "unread-spreadsheet", "bieu.XLTX": "unread-spreadsheet", "bieu.numbers": "unread-spreadsheet",
    "bao cao.docx": "unread-document", "bao-cao.PDF": "unread-document", "anh.jpg": "unread-document", "so-lieu.zip": "unread-archive", "so-lieu": "unread-nameless",
    "results": "unread-nameless", "results.csv.bak": "unread-other", "results - Copy.csv": "unread-file", "results (2).csv": "unread-file", "results.tsv": "unread-copy",
    "ket-qua.txt": "unread-file", "commune.yml.txt": "unread-file/ending", "commune.yaml": "unread-file/ending", "plan.csv.txt": "unread-file/ending",
    "plan.xlsx.csv": "unread-file/ending", "2024/results.csv": "unread-folder", "a/b/c.xlsx": "unread-folder", "sources/bang.xlsx": "unread-source",
}  # fmt: skip
SILENT = (
    "~$bieu.xlsx",
    ".~lock.bieu.ods#",
    "Thumbs.db",
    "desktop.ini",
    ".DS_Store",
    "results.csv~",
    "x.tmp",
    "sources/QD-318.pdf",
    "sources/QD-318.txt",
    "scenarios/a.yml",
)


@pytest.mark.parametrize("name", UNREAD)
def test_a_file_that_is_not_read_is_named(folder, name):
    folder({"results.csv": ROWS, name: b"x"})
    raw = read_commune("thu")
    assert told(raw) == [(name.partition("/")[0], UNREAD[name])]
    assert clean(raw).observations["value"].tolist() == ["90.3"]


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (b"PK\x03\x04", "unread-file/workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unread-file/old"),
        (b"a,b", "unread-file"),
    ],
)
def test_a_workbook_under_the_name_of_a_text_is_told_as_what_it_is(folder, start, code):
    folder({"results.csv": ROWS, "bieu.csv": start})
    assert told(read_commune("thu")) == [("bieu.csv", code)]
    if code != "unread-file":
        folder({"results.csv": start})
        with pytest.raises(NtmError, match=r"results\.csv là (?:sổ tính Excel mang đuôi \.csv|dạng Excel cũ)"):
            read_commune("thu")


@pytest.mark.parametrize(
    ("gone", "there"),
    [
        ("commune.yml", "commune.yml.txt"),
        ("commune.yml", "commune.yaml"),
        ("results.csv", "results.csv.csv"),
        ("results.csv", "Results.csv.txt"),
    ],
)
def test_a_file_that_is_missing_because_of_the_end_of_its_name_is_asked_for_by_both(folder, gone, there):
    place = folder({"results.csv": ROWS, there: "x"})
    (place / gone).unlink()
    with pytest.raises(NtmError) as error:
        read_commune("thu")
    assert f"{there} phải mang tên {gone}" in error.value.message


def test_files_of_programs_and_those_read_elsewhere_are_not_told(folder):
    folder({"results.csv": ROWS, **dict.fromkeys(SILENT, b"x")})
    assert told(read_commune("thu")) == []


def test_files_that_a_table_names_are_known(folder):
    evidence = "indicator,file\n17.8,minh-chung/a.pdf\n"
    documents = "document,title,address\nD1,Quyết định,qd.pdf\n"
    folder(
        {
            "results.csv": ROWS,
            "evidence.csv": evidence,
            "documents.csv": documents,
            "minh-chung/a.pdf": b"x",
            "qd.pdf": b"x",
            "minh-chung/b.xlsx": b"x",
        }
    )
    assert [(r.code, r.text) for r in read_commune("thu").remarks] == [("unread-folder", "minh-chung: b.xlsx")]


@settings(max_examples=50, deadline=None)
@given(
    st.sets(
        st.tuples(
            st.sampled_from(["results", "plan", "bieu 1", "Số liệu", "works"]),
            st.sampled_from(["", ".csv", ".CSV", ".txt", ".xlsx", ".docx", ".et", ".abc"]),
        ),
        max_size=8,
    )
)
def test_each_file_is_read_or_named_once(tmp_path_factory, names):
    place = tmp_path_factory.mktemp("folder")
    for stem, suffix in names:
        (place / f"{stem}{suffix}").write_bytes(b"x")
    contents = contents_of(place)
    read = [*contents.tables.values(), *contents.workbooks]
    named = [left.name for left in left_aside(place, read)]
    assert sorted([*(path.name for path in read), *named]) == sorted(path.name for path in place.iterdir())


def test_each_remark_has_an_action_and_what_is_left_aside_a_count():
    assert LEFT.keys() - {"other"} <= catalogue().keys()


def test_the_terminal_is_told_what_was_read_and_what_was_left(folder):
    folder({"results.csv": as_csv([result(), result("R2")]), "a.docx": b"x", "b.pdf": b"x", "c.et": b"x"})
    account = read_commune("thu").account
    assert (account.files, account.sheets, account.rows, account.left) == (
        1,
        0,
        2,
        {"unread-document": 2, "unread-spreadsheet": 1},
    )
    assert (
        summary(account)
        == "Đã đọc 1 tệp, 0 trang bảng tính, 2 dòng.\nĐể lại, không tính: 2 tệp văn bản, hình ảnh, 1 tệp bảng tính dạng khác."
    )
    assert summary(account, "en").startswith("Read 1 files")


# --- what is no file -----------------------------------------------------------------------------


def made(place, name: str, what: str, target=None):
    path = place / name
    path.unlink(missing_ok=True)
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "loop":
        path.symlink_to(name)
    elif what == "chain":
        path.symlink_to(f"{name}.2")
        (place / f"{name}.2").symlink_to(name)
    else:
        path.symlink_to(target)


@pytest.mark.parametrize("name", ["results.csv", "plan.CSV", "documents.csv", "so-lieu.xlsx", "so-lieu.ods"])
@pytest.mark.parametrize("what", ["folder", "pipe", "loop", "chain", "outside", "device", "broken"])
def test_what_is_no_file_of_this_folder_is_refused_by_name(folder, tmp_path, name, what):
    secret = tmp_path / "secret.txt"
    secret.write_text("BÍ MẬT,của,máy\n", encoding="utf-8")
    place = folder({"results.csv": ROWS})
    made(place, name, what, {"outside": secret, "device": "/dev/zero", "broken": "khong-co"}.get(what))
    with pytest.raises(NtmError) as error:
        read_commune("thu")
    assert f"communes/thu/{name}" in error.value.message
    assert "BÍ MẬT" not in error.value.message
    assert "secret" not in error.value.message


@pytest.mark.parametrize("what", ["pipe", "loop", "outside", "device"])
def test_what_is_no_file_and_would_not_be_read_is_named(folder, tmp_path, what):
    place = folder({"results.csv": ROWS})
    made(place, "x.docx", what, {"outside": tmp_path, "device": "/dev/zero"}.get(what))
    assert told(read_commune("thu")) == [("x.docx", "unread-special" if what == "pipe" else "unread-link")]


def test_a_document_that_leaves_the_folder_or_is_endless_is_not_read(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("BÍ MẬT", encoding="utf-8")
    place = folder(
        {
            "documents.csv": "document,title,address\nD1,A,sources/a.txt\nD2,B,sources/b.txt\nD3,C,sources/c.txt\n",
            "sources/b.txt": "dòng\n" * 300_000,
            "sources/c.txt": "Năm 2023",
        }
    )
    (place / "sources/a.txt").symlink_to(tmp_path / "secret.txt")
    raw = read_commune("thu")
    assert raw.texts == {"D3": ("Năm 2023",)}
    assert [(r.code, r.file) for r in raw.remarks] == [("unread-text", "communes/thu/sources/b.txt")]


@pytest.mark.parametrize("name", ["notes.txt", "plan.txt", "works.TXT"])
def test_somebodys_notes_in_a_text_file_are_told_and_stop_nothing(folder, name):
    folder({"results.csv": ROWS, name: "Nhớ hỏi lại chị Hoa, số hộ nghèo.\nGọi ngày mai.\n"})
    raw = read_commune("thu")
    assert told(raw) == [(name, "unread-document")]
    assert len(raw.tables["results"]) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=st.integers(1, 999), tenth=st.integers(1, 9), at=st.sampled_from(["amount", "allocated", "spent"]))
def test_a_decimal_comma_that_nobody_quoted_moves_no_figure_unseen(folder, whole, tenth, at):
    """«12,5» between commas is two cells: the row is refused, though its last cells are empty."""
    amounts = dict.fromkeys(("amount", "allocated", "spent"), "20") | {at: f"{whole},{tenth}"}
    row = ["2024", "budget-province", "Vốn tỉnh", *amounts.values(), ""]
    folder({"results.csv": ROWS, "funding.csv": f"year,source,name,amount,allocated,spent,note\n{','.join(row)}\n"})
    cleaned = clean(read_commune("thu"))
    assert cleaned.funding.empty
    assert worded(cleaned.rejects, "vi")["message"].str.contains("nhiều ô hơn tiêu đề").all()


def test_a_commune_whose_description_ends_wrongly_is_not_called_unknown(folder):
    """By the front door and by ``make communes``: «make template» would be no remedy."""
    place = folder({"results.csv": ROWS})
    (place / "commune.yml").rename(place / "commune.yml.txt")
    with pytest.raises(NtmError, match=r"commune\.yml\.txt phải mang tên commune\.yml"):
        parameters.check({"COMMUNE": "thu", "YEAR": "2024"})
    assert "commune.yml.txt" in choose("", translator("vi"), "vi").unread["thu"]
