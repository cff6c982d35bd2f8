"""nbconvert exporters: an executed notebook as one HTML file, as a PDF, or as HTML for review.

``jupyter nbconvert --to ntm-html|ntm-pdf|ntm-notebook`` knows them by entry point. They take the
blocks that cells show; how a block looks is settled in ``templates``. Both reports depend on the
notebook alone: no clock, no path, no network.
"""

import re
from typing import Any

from nbconvert.exporters import Exporter

from ntm_lib.report.document import Document, blocks_of, describe
from ntm_lib.report.markup import Block
from ntm_lib.report.page import render_page
from ntm_lib.report.pdf import Attachment, render_pdf

__all__ = ["Attachment", "HtmlReportExporter", "NotebookExporter", "PdfReportExporter"]


class _BlockExporter(Exporter):
    """What the exporters share: no preprocessor touches the notebook, whatever the user's configuration."""

    preprocessors: list = []
    default_preprocessors: list = []

    def from_notebook_node(self, nb, resources: dict | None = None, **kw: Any):
        """The published form of the notebook, and nbconvert's resources. The notebook is not changed."""
        resources = self._init_resources(resources)
        return self.render(nb, resources), resources


class HtmlReportExporter(_BlockExporter):
    """One self-contained HTML file that needs neither script nor network."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "NTM: HTML"

    def render(self, nb, resources: dict) -> str:
        """HTML of the report."""
        body = _body(nb)
        return render_page(body.html, describe(nb, body.html))


class NotebookExporter(_BlockExporter):
    """The executed notebook for reviewers: prose, folded code, every output, table of contents."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "NTM: notebook"

    def render(self, nb, resources: dict) -> str:
        """HTML of the notebook."""
        from ntm_lib.report.review import review_html

        language = describe(nb, "").language
        body = review_html(nb, language)
        return render_page(body, describe(nb, body), kind="notebook")


class PdfReportExporter(_BlockExporter):
    """PDF/UA-1 and PDF/A-3a by Typst. ``resources["attachments"]``: Attachments to embed."""

    file_extension = ".pdf"
    output_mimetype = "application/pdf"
    export_from_notebook = "NTM: PDF"

    def render(self, nb, resources: dict) -> bytes:
        """Bytes of the PDF."""
        body = _body(nb)
        return render_pdf(body.typst, describe(nb, body.html), has_title=bool(re.search("<h1[ >]", body.html)), attachments=resources.get("attachments", ()))


def _body(nb) -> Block:
    blocks = [block for cell in nb.cells for block in blocks_of(cell)]
    return Block("".join(b.html for b in blocks), "".join(b.typst for b in blocks), "")


def export_html(nb) -> str:
    """HTML of a report's notebook, without nbconvert's bookkeeping: for the batch runner."""
    body = _body(nb)
    return render_page(body.html, describe(nb, body.html))


def export_pdf(nb, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """PDF of a report's notebook, without nbconvert's bookkeeping."""
    return PdfReportExporter().render(nb, {"attachments": attachments})
