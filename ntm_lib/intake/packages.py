"""Workbooks are zip archives of XML; this opens them and refuses what could hurt or cannot be trusted.

Encrypted, macros, links to other files, archives that unpack to far more than a commune's table:
each ends in a message that says what to do. What stands in the sheets is read by ``xlsx`` and ``ods``.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ntm_lib.errors import NtmError
from ntm_lib.intake.readers import read_bytes, shown
from ntm_lib.language import translator

MAX_UNPACKED = 200_000_000
MAX_MEMBERS = 2_000
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every Office file with a password


class Package:
    """A workbook's archive. ``xml`` and ``events`` raise NtmError where a member is damaged."""

    def __init__(self, path: Path, language: str):
        self.file, self.language = shown(path), language
        data = read_bytes(path, language)
        t = translator(language)
        if data.startswith(_OLD_OFFICE):
            if "EncryptedPackage".encode("utf-16-le") in data:
                raise self._error(t("có mật khẩu. Hãy bỏ mật khẩu (Tệp › Thông tin › Bảo vệ sổ làm việc) rồi lưu lại"))
            raise self._error(t("là dạng Excel cũ (.xls). Hãy mở bằng Excel rồi lưu lại dạng .xlsx"))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise self._error(t("không phải sổ tính Excel hoặc LibreOffice, hoặc đã hỏng. Hãy mở bằng Excel rồi lưu lại dạng .xlsx")) from None
        self.names = self._zip.namelist()
        self._refuse_harm()

    def _refuse_harm(self) -> None:
        t, entries = translator(self.language), self._zip.infolist()
        # zipfile reads no more of a member than its entry declares, so the sum below is a limit and not a promise.
        if len(entries) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise self._error(t("giải nén ra quá lớn (tối đa {limit} MB). Hãy xóa dòng, trang và hình ảnh thừa").format(limit=MAX_UNPACKED // 1_000_000))
        if any(entry.flag_bits & 1 for entry in entries) or self._is_encrypted_ods():
            raise self._error(t("có mật khẩu. Hãy bỏ mật khẩu rồi lưu lại"))
        if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in self.names):
            raise self._error(t("có macro; chương trình không đọc tệp có macro. Hãy lưu lại dạng .xlsx (không macro)"))
        if any(name.startswith("xl/externalLinks/") for name in self.names):
            raise self._error(t("có công thức lấy số từ tệp khác. Hãy ngắt liên kết (Dữ liệu › Chỉnh sửa liên kết › Ngắt) để giữ lại giá trị, rồi lưu"))

    def _is_encrypted_ods(self) -> bool:
        return "META-INF/manifest.xml" in self.names and b"encryption-data" in self.read("META-INF/manifest.xml")

    def read(self, name: str) -> bytes:
        """The bytes of a member."""
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
            raise self.damaged(name) from None

    def xml(self, name: str) -> etree._Element:
        """The root of an XML member."""
        data = self.read(name)
        self._refuse_document_type(name, data)
        try:
            return etree.fromstring(data, etree.XMLParser(**_PARSER))
        except (etree.XMLSyntaxError, ValueError):
            raise self.damaged(name) from None

    def elements(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements with these tags of a large member, one after the other; each is gone when the next comes."""
        data = self.read(name)
        self._refuse_document_type(name, data)
        try:
            for _, element in etree.iterparse(io.BytesIO(data), events=("end",), tag=tags, **_PARSER):
                yield element
                element.clear()
                while element.getprevious() is not None:  # a sheet formatted to its last row has a million empty ones
                    del element.getparent()[0]
        except (etree.XMLSyntaxError, ValueError):
            raise self.damaged(name) from None

    def damaged(self, name: str) -> NtmError:
        return self._error(translator(self.language)("đã hỏng ở phần {name}. Hãy mở bằng Excel rồi lưu lại, hoặc lấy lại bản gốc").format(name=name[:60]))

    def _refuse_document_type(self, name: str, data: bytes) -> None:
        if re.search(rb"<!(?:DOCTYPE|ENTITY)", data[:4096]):
            raise self.damaged(name)

    def _error(self, what: str) -> NtmError:
        return NtmError(translator(self.language)("Tệp {file} {what}.").format(file=self.file, what=what))
