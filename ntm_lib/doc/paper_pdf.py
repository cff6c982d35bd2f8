"""The PDF of an official document: Decree 30's layout, in Liberation Serif or in a font of the machine.

The decree asks for Times New Roman, which no licence lets us package; Liberation Serif (2.1.5, SIL Open
Font Licence, unchanged) has its widths. ``font`` uses another family that the machine has; without it
the bytes are the same on every machine.
"""

from functools import cache

from ntm_lib.doc.markup import typst_text
from ntm_lib.doc.notebook import Document
from ntm_lib.doc.pdf import Attachment, render_pdf
from ntm_lib.doc.style import FONTS, TEMPLATES
from ntm_lib.errors import NtmError
from ntm_lib.language import translator


def document_pdf(
    typst: str, document: Document, template: str = "official", font: str = "", attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """PDF/UA-1 and PDF/A-3a of the Typst of blocks, laid out by the function ``template`` of the file of that name.

    ``font``: name of a family that the machine has. Raises NtmError for one that it has not.
    """
    body = f'#import "{template}.typ": *\n#show: {template}.with(font: {typst_text(font)}, scenario: {typst_text(document.scenario)})\n{typst}'
    return render_pdf(
        body, document, attachments=attachments, compiler=_compiler_with(font, document.language) if font else None
    )


def _compiler_with(font: str, language: str):
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
def _fonts():
    import typst

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(FONTS)])
