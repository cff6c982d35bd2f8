"""Wherever a number stands in an office file (text box, nested table, note, content control, tracked insertion), it is read or told."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.office.opening import read_pieces
from ntm_lib.office.pieces import Paragraph
from ntm_lib.reading.whole_text import Reading, read_plan

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# What stands in a file → what is printed of it when all changes are taken over; {n} a number of its own.
DOCX = {
    "plain": "<w:p><w:r><w:t>Toàn xã có {n} hộ chăn nuôi.</w:t></w:r></w:p>",
    "runs": "<w:p><w:r><w:t xml:space='preserve'>Vận động </w:t></w:r><w:r><w:tab/><w:t>{n} hộ</w:t></w:r></w:p>",
    "inserted": "<w:p><w:ins><w:r><w:t>Xây {n} nhà tiêu</w:t></w:r></w:ins></w:p>",
    "link": "<w:p><w:hyperlink><w:r><w:t>Có {n} lượt người dự</w:t></w:r></w:hyperlink></w:p>",
    "control": "<w:sdt><w:sdtContent><w:p><w:r><w:t>Trồng {n} cây xanh</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    "box": "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Nạo vét {n} m kênh</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
    "cell": "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Nội dung</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{n}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "nested": "<w:tbl><w:tr><w:tc><w:p/><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Thôn</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{n} hộ</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
    "row control": "<w:tbl><w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent><w:tc><w:p><w:r><w:t>Số hộ {n}</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt><w:tc><w:p/></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
}  # fmt: skip
DOCX_GONE = {
    "deleted": "<w:p><w:r><w:t>Rà soát</w:t></w:r><w:del><w:r><w:delText> {n} hộ</w:delText></w:r></w:del></w:p>",
    "moved": "<w:p><w:moveFrom><w:r><w:t>Rà soát {n} hộ</w:t></w:r></w:moveFrom></w:p>",
    "struck": "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>Rà soát {n} hộ</w:t></w:r></w:p>",
    "row": "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>{n} hộ</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>",
}  # fmt: skip
HTML = {
    "plain": "<p>Toàn xã có {n} hộ chăn nuôi.</p>",
    "bare": "Vận động {n} hộ<br>phối hợp<p>làm tốt</p>",
    "div": "<div>Xây {n} nhà tiêu<p>Phối hợp.</p></div>",
    "span": "<div><span>Trồng <b>{n}</b> cây xanh</span></div>",
    "layout": "<table><tr><td><p>Nạo vét {n} m kênh</p><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>",
    "cell": "<table><tr><td>Số hộ</td><td>{n}</td></tr></table>",
    "item": "<ol><li>Có {n} lượt người dự</li></ol>",
    "tail": "<div><p>Phối hợp.</p>Hỗ trợ {n} hộ</div>",
}
HTML_GONE = {
    "deleted": "<p>Rà soát <del>{n} hộ</del></p>",
    "script": "<script>{n}</script>",
    "hidden": "<p style='display: none'>{n} hộ</p>",
}
NAMES = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'  # fmt: skip
ODT = {
    "plain": "<text:p>Toàn xã có {n} hộ chăn nuôi.</text:p>",
    "span": "<text:p>Vận động<text:s/><text:span>{n} hộ</text:span></text:p>",
    "list": "<text:list><text:list-item><text:p>Xây {n} nhà tiêu</text:p></text:list-item></text:list>",
    "section": "<text:section><text:h text:outline-level='2'>Trồng {n} cây xanh</text:h></text:section>",
    "box": "<text:p><draw:frame><draw:text-box><text:p>Nạo vét {n} m kênh</text:p></draw:text-box></draw:frame></text:p>",
    "note": "<text:p>Phối hợp.<text:note><text:note-body><text:p>Trong đó có {n} hộ nghèo.</text:p></text:note-body></text:note></text:p>",
    "cell": "<table:table><table:table-row><table:table-cell><text:p>Số hộ</text:p></table:table-cell><table:table-cell><text:p>{n}</text:p></table:table-cell></table:table-row></table:table>",
    "nested": "<table:table><table:table-header-rows><table:table-row><table:table-cell><table:table><table:table-row><table:table-cell><text:p>{n} hộ</text:p></table:table-cell><table:table-cell/></table:table-row></table:table></table:table-cell></table:table-row></table:table-header-rows></table:table>",
}  # fmt: skip
ODT_GONE = {
    "deleted": "<text:tracked-changes><text:changed-region><text:deletion><text:p>{n} hộ</text:p></text:deletion></text:changed-region></text:tracked-changes>",
    "struck": "<text:p>Rà soát <text:span text:style-name='T1'>{n} hộ</text:span></text:p>",
}  # fmt: skip


def write_docx(path: Path, body: str, notes: str = "") -> Path:
    from docx import Document

    Document().save(str(path))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/document.xml"] = f"<w:document xmlns:w='{W}'><w:body>{body}</w:body></w:document>".encode()
    if notes:
        parts["word/footnotes.xml"] = f"<w:footnotes xmlns:w='{W}'>{notes}</w:footnotes>".encode()
        kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"</Types>", b'<Override PartName="/word/footnotes.xml" ContentType="' + kind + b'"/></Types>'
        )
        relation = b'<Relationship Id="rIdN" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>'
        rels = "word/_rels/document.xml.rels"
        parts[rels] = parts[rels].replace(b"</Relationships>", relation)
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def write_html(path: Path, body: str) -> Path:
    path.write_text(f"<html><head><meta charset=utf-8><title>1</title></head><body>{body}</body></html>", "utf-8")
    return path


def write_odt(path: Path, body: str) -> Path:
    struck = '<office:automatic-styles><style:style style:name="T1"><style:text-properties style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    with zipfile.ZipFile(path, "w") as package:
        text = f"<office:document-content {NAMES}>{struck}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
        package.writestr("content.xml", text)
    return path


def words_of(reading: Reading) -> str:
    """All that the proposal says: cells of rows, their quotes, and what is told as unread."""
    cells = " ".join(f"{' '.join(row.cells.values())} {row.quote}" for row in reading.rows)
    return f"{cells} {' '.join(number for _, numbers in reading.unread for number in numbers)}"


@pytest.mark.parametrize(
    ("kind", "write", "shapes", "gone"),
    [("docx", write_docx, DOCX, DOCX_GONE), ("html", write_html, HTML, HTML_GONE), ("odt", write_odt, ODT, ODT_GONE)],
)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_no_number_is_lost_wherever_it_stands(tmp_path_factory, kind, write, shapes, gone, data):
    """Numbers of their own in shapes drawn at random, under a front that has none; what was deleted is not read."""
    chosen = data.draw(st.lists(st.sampled_from([*shapes, *gone]), min_size=1, max_size=8))
    numbers = [str(1_203 + 7 * n) for n in range(len(chosen))]
    body = "".join(({**shapes, **gone}[name]).replace("{n}", n) for name, n in zip(chosen, numbers, strict=True))
    said = words_of(read_plan(read_pieces(write(tmp_path_factory.mktemp("shapes") / f"a.{kind}", body)), 2024))
    assert [n for name, n in zip(chosen, numbers, strict=True) if (n in said) != (name in shapes)] == []


def test_an_item_of_a_page_is_one_paragraph(tmp_path):
    pieces = read_pieces(write_html(tmp_path / "a.html", "<ul><li><p>Xây 12 nhà tiêu</p></li><li>Trồng cây</li></ul>"))
    assert [piece.text for piece in pieces if isinstance(piece, Paragraph)] == ["- Xây 12 nhà tiêu", "- Trồng cây"]


def test_footnotes_of_word_are_told(tmp_path):
    body = "<w:p><w:r><w:t>Còn hộ nghèo.</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
    note = "<w:footnote w:id='2'><w:p><w:r><w:t>Trừ 12 hộ bảo trợ xã hội.</w:t></w:r></w:p></w:footnote>"
    pieces = read_pieces(write_docx(tmp_path / "a.docx", body, note))
    assert pieces == [Paragraph("Còn hộ nghèo.", 1), Paragraph("Trừ 12 hộ bảo trợ xã hội.", 1, note=True)]
    assert [numbers for _, numbers in read_plan(pieces, 2024).unread] == [("12 hộ",)]
