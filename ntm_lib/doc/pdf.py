"""From Typst blocks to the bytes of a PDF: tagged (PDF/UA-1), archivable (PDF/A-3a), the same every time.

The compiler and its fonts are made once a process. Typst starts threads when it first compiles, and
threads do not survive a fork: a process that has compiled must not fork workers that compile too.
"""

import datetime
import os
from dataclasses import dataclass
from functools import cache

from ntm_lib.doc.markup import typst_markup, typst_text
from ntm_lib.doc.notebook import Document
from ntm_lib.doc.style import FONTS, TEMPLATES

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
def packaged_compiler():
    """The compiler with the packaged fonts loaded; safe before a fork."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return typst.Compiler(b"", root=str(TEMPLATES), font_paths=fonts)


def render_pdf(
    body: str, document: Document, has_title: bool = True, attachments: tuple[Attachment, ...] = (), compiler=None
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
    return pdf


def _told(warning) -> str:
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
    octets = ",".join(map(str, file.content))
    return (
        f"#pdf.attach({typst_text(file.name)}, bytes(({octets},)), mime-type: {typst_text(file.mime)}, "
        f'relationship: "data", description: {typst_text(file.description)})\n'
    )
