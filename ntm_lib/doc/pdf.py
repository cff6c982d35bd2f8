"""From Typst blocks to the bytes of a PDF: tagged (PDF/UA-1), archivable (PDF/A-3a), the same every time.

The compiler and its fonts are made once a process. Typst starts threads when it first compiles, and
threads do not survive a fork: a process that has compiled must not fork workers that compile too.

An official paper is set in Liberation Serif or in a font of the machine: Decree 30 asks for Times New Roman, which
no licence lets us package; Liberation Serif (2.1.5, SIL Open Font Licence, unchanged) has its widths.
"""

import datetime
import os
from dataclasses import dataclass
from functools import cache
from typing import Any

from ntm_lib.doc.markup import typst_literal, typst_markup, typst_text
from ntm_lib.doc.notebook import Document
from ntm_lib.doc.style import FONTS, TEMPLATES
from ntm_lib.errors import NtmError
from ntm_lib.language import translator

STANDARDS = ["ua-1", "a-3a"]

_compiled_in: set[int] = set()


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF: the data that the report rests on."""

    name: str
    content: bytes
    mime: str
    description: str


@cache
def packaged_compiler() -> Any:
    """The compiler with the packaged fonts loaded; safe before a fork."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return typst.Compiler(b"", root=str(TEMPLATES), font_paths=fonts)


def render_pdf(
    body: str,
    document: Document,
    has_title: bool = True,
    attachments: tuple[Attachment, ...] = (),
    compiler: Any = None,
) -> bytes:
    """The PDF of ``body`` (Typst of blocks), by another ``compiler`` for other fonts. Raises typst.TypstError for
    Typst that does not compile, RuntimeError for a warning of Typst (a layout that does not settle numbers every
    table alike and loses page numbers and links, and is a PDF all the same) and in a process forked from one that
    has compiled already (it would hang).
    """
    if _compiled_in and os.getpid() not in _compiled_in:
        raise RuntimeError("this process was forked from one that has already made a PDF")
    _compiled_in.add(os.getpid())
    source = _source(body, document, has_title, attachments)
    noon = datetime.datetime.fromisoformat(document.date).replace(hour=12, tzinfo=datetime.UTC)
    compiler = compiler or packaged_compiler()
    pdf, warnings = compiler.compile_with_warnings(
        input=source.encode(), format="pdf", pdf_standards=STANDARDS, timestamp=noon
    )
    if warnings:
        raise RuntimeError("Typst warns: " + "; ".join(_told(warning) for warning in warnings))
    return bytes(pdf)


def _told(warning: Any) -> str:
    """Words of a warning of Typst, and its hints."""
    return " – ".join([warning.message, *warning.hints])


def _source(body: str, document: Document, has_title: bool, attachments: tuple[Attachment, ...]) -> str:
    day = datetime.date.fromisoformat(document.date)
    title = "" if has_title else f'#ntm-heading(1, "top")[{typst_markup(document.title)}]\n\n'
    return (
        '#import "report.typ": *\n'
        f"#show: report.with(title: {typst_text(document.title)}, language: {typst_text(document.language)}, "
        f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}), author: {typst_text(document.author)}, "
        f"description: {typst_text(document.description)}, scenario: {typst_text(document.scenario)})\n"
        + "".join(map(_attach, attachments))
        + title
        + body
    )


def _attach(file: Attachment) -> str:
    return (
        f"#pdf.attach({typst_text(file.name)}, bytes({_content(file.content)}), mime-type: {typst_text(file.mime)}, "
        f'relationship: "data", description: {typst_text(file.description)})\n'
    )


def _content(content: bytes) -> str:
    """What makes the bytes in Typst: a text, which it reads a hundred times faster than a list of numbers, if they are one."""
    try:
        return typst_literal(content.decode())
    except UnicodeDecodeError:
        return f"({','.join(map(str, content))},)"


def document_pdf(
    typst: str, document: Document, template: str = "official", font: str = "", attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """PDF/UA-1 and PDF/A-3a of the Typst of blocks, laid out by the function ``template`` of the file of that name.

    ``font``: name of a family that the machine has. Raises NtmError for one that it has not.
    """
    layout = f'#import "{template}.typ": *\n#show: {template}.with(font: {typst_text(font)}, scenario: {typst_text(document.scenario)})\n'
    compiler = _compiler_with(font, document.language) if font else None
    return render_pdf(layout + typst, document, attachments=attachments, compiler=compiler)


def _compiler_with(font: str, language: str) -> Any:
    """A compiler that knows the fonts of the machine beside the packaged ones."""
    import typst

    fonts = _fonts()
    if font not in fonts.families():
        t = translator(language)
        text = t(
            "Máy này không có phông chữ “{font}”. Hãy bỏ FONT để dùng phông chữ kèm theo chương trình, hoặc cài phông chữ đó. Đang có: {known}."
        )
        raise NtmError(text.format(font=font, known=", ".join(sorted(fonts.families()))))
    return typst.Compiler(b"", root=str(TEMPLATES), font_paths=fonts)


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(FONTS)])
