"""Who receives which paper: the clerk's list, the slips for offices above, and the two archives of files."""

import hashlib
import io
import zipfile
from dataclasses import replace

import docx
import pandas as pd
import pytest

from ntm_lib.report.papers import official
from ntm_lib.report.papers.form import signature
from ntm_lib.report.papers.sending import (
    ABOVE,
    ARCHIVE,
    DIGESTS,
    archive,
    kind_of,
    receivers,
    sending_list,
)
from tests.report.reports import folder, made, pdf_words, words_of


def listed(report):
    return sending_list(report, official.whole_papers(report))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("UBND huyện", "above"), ("UBND tỉnh Tuyên Quang", "above"), ("Phòng Nông nghiệp và PTNT", "above"), ("UBND thị xã", "above"),
        ("VP Điều phối NTM thành phố Hồ Chí Minh", "above"), ("TT. Đảng ủy - TT. HĐND xã", "commune"), ("Các ban của xã", "commune"),
        ("Thành viên Ban Chỉ đạo, Ban quản lý XD NTM xã", "commune"), ("Bộ phận một cửa xã", "commune"), ("Ban văn bản xã", "commune"),
        ("Các thôn trên địa bàn xã", "villages"), ("12 thôn, bản", "villages"), ("Trưởng các ấp", "villages"), ("Các bản", "villages"),
        ("Lưu: VT", "archive"), ("Lưu: BCĐ", "archive"),
    ],
)  # fmt: skip
def test_where_a_recipient_sits_follows_from_its_name(name, kind):
    assert kind_of(name) == kind


def test_recipients_are_those_that_the_papers_print():
    report = made()
    assert [f"- {to.name}" for to in receivers(report)] == [line.rstrip(";.") for line in signature(report).recipients]


def test_a_commune_whose_plan_names_nobody_gets_no_list(tmp_path):
    report = made()
    without = replace(
        report,
        sentences=report.sentences.head(0),
        observations=report.observations[report.observations["section"] != "Nơi nhận"],
    )
    assert receivers(without) == ()
    names = {path.name for path in official.write_documents(without, tmp_path)}
    assert {"bao-cao.pdf", "ke-hoach.pdf"} <= names and not names & {"noi-nhan.pdf", ABOVE, ARCHIVE}


def test_only_the_office_knows_how_many_copies_and_each_named_village_has_one_page():
    text = words_of(listed(made()))
    assert "Phần việc của thôn" in text and "Còn 3 thôn của xã chưa có tên" in text
    (table,) = [
        found for found in docx.Document(folder() / "noi-nhan.docx").tables if found.cell(0, 1).text == "Nơi nhận"
    ]
    rows = {row.cells[1].text: [cell.text for cell in row.cells[2:]] for row in table.rows[1:]}
    assert rows["UBND huyện"] == ["", "", "–", ABOVE, ""]
    assert rows["Các thôn trên địa bàn xã"] == ["", "", "9", "–", ""]
    assert rows["Lưu: BCĐ"] == ["1", "1", "9", ARCHIVE, "–"]


def test_each_office_above_has_a_slip_that_says_what_is_enclosed():
    first, *slips = pdf_words(folder() / "noi-nhan.pdf", "-layout").rstrip("\f").split("\f")
    assert "DANH SÁCH GỬI VĂN BẢN" in first and "PHIẾU GỬI" not in first
    assert len(slips) == 3
    for slip, name in zip(slips, ["UBND huyện", "Ban chỉ đạo NTM huyện", "Phòng Nông nghiệp và PTNT"], strict=True):
        assert f"Kính gửi: {name}" in slip and "Kế hoạch số 05/KH-BCĐ" in slip and "annexes.xlsx" in slip


def test_evidence_that_the_commune_names_stands_on_the_list_as_present_or_missing():
    evidence = ({"indicator": "17.8", "part": "a", "file": "bien-ban.pdf", "kind": "", "note": ""},)
    assert "17.8a: bien-ban.pdf (thiếu)" in words_of(listed(replace(made(), evidence=evidence)))


def test_a_draft_of_the_next_plan_is_sent_to_nobody(tmp_path):
    report = made()
    result = report.observations[report.observations["kind"] == "measured"].head(1)
    of_2025 = replace(report, observations=pd.concat([report.observations, result.assign(observation="R1", year=2024)]))
    text = words_of(listed(of_2025))
    assert "Kế hoạch còn là dự thảo nên chưa gửi nơi nào." in text
    assert "ke-hoach" not in text and "annexes.xlsx" not in text and "kế hoạch năm 2025" not in text
    official.write_documents(of_2025, tmp_path)
    assert (tmp_path / "ke-hoach.docx").is_file()
    for name in (ABOVE, ARCHIVE):
        held = zipfile.ZipFile(tmp_path / name).namelist()
        assert "bao-cao.pdf" in held and not [file for file in held if file.startswith(("ke-hoach", "annexes"))]


def test_where_no_plan_is_made_nothing_is_said_of_one():
    papers = official.whole_papers(made())
    text = words_of(sending_list(made(), {"bao-cao": papers["bao-cao"]}))
    assert "Báo cáo năm 2023, xã Hùng Mỹ" in text and "Kính gửi: UBND huyện" in text
    assert not any(word in text for word in ("dự thảo", "annexes.xlsx", "kế hoạch năm", "ke-hoach"))


def test_what_is_supposed_is_sent_to_nobody(tmp_path):
    names = {path.name for path in official.write_documents(made(scenario="ke-hoach-2024"), tmp_path)}
    assert "bao-cao.pdf" in names and not names & {"noi-nhan.pdf", ABOVE, ARCHIVE}


def test_the_archives_hold_papers_without_the_leaf_and_digests_that_fit():
    with zipfile.ZipFile(folder() / ABOVE) as above, zipfile.ZipFile(folder() / ARCHIVE) as kept:
        assert above.namelist() == ["annexes.xlsx", "bao-cao.pdf", "ke-hoach.pdf"]
        lines = dict(reversed(line.split("  ")) for line in kept.read(DIGESTS).decode().splitlines())
        assert lines.keys() == {*kept.namelist()} - {DIGESTS} and {"noi-nhan.pdf", "ke-hoach-thon.pdf"} <= lines.keys()
        assert all(hashlib.sha256(kept.read(name)).hexdigest() == digest for name, digest in lines.items())
        for name in ("bao-cao.pdf", "ke-hoach.pdf"):
            assert "TRƯỚC KHI KÝ" in pdf_words(folder() / name)
            assert "TRƯỚC KHI KÝ" not in pdf_words(above.read(name)) and above.read(name) == kept.read(name)


def test_an_archive_has_no_clock():
    files = {"b": b"1", "a": b"2"}
    assert archive(files) == archive(dict(reversed(files.items())))
    assert {entry.date_time[0] for entry in zipfile.ZipFile(io.BytesIO(archive(files))).infolist()} == {1980}
