"""nbconvert exporters: ``jupyter nbconvert --to ntm-html|ntm-pdf|ntm-notebook`` knows them by entry point.

What they make is settled in ``render`` and depends on the notebook alone: no clock, no path, no
network, no configuration of the user.
"""

from typing import Any

from nbconvert.exporters import Exporter

from ntm_lib.doc import render
from ntm_lib.doc.pdf import Attachment, packaged_compiler

__all__ = ["Attachment", "HtmlReportExporter", "NotebookExporter", "PdfReportExporter"]


class _BlockExporter(Exporter):
    """No preprocessor touches the notebook."""

    def _init_preprocessors(self) -> None:
        self._preprocessors = []

    def from_notebook_node(self, nb, resources: dict | None = None, **kw: Any):
        """The published form of the notebook, and nbconvert's resources. The notebook is not changed."""
        resources = self._init_resources(resources)
        return self.publish(nb, resources), resources


class HtmlReportExporter(_BlockExporter):
    """One self-contained HTML file that needs neither script nor network."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "NTM: HTML"

    def publish(self, nb, resources: dict) -> str:
        """HTML of the report."""
        return render.report_html(nb)


class NotebookExporter(_BlockExporter):
    """The executed notebook for reviewers: prose, folded code, every output, table of contents."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "NTM: notebook"

    def publish(self, nb, resources: dict) -> str:
        """HTML of the notebook."""
        return render.notebook_html(nb)


class PdfReportExporter(_BlockExporter):
    """PDF/UA-1 and PDF/A-3a by Typst. ``resources["attachments"]``: Attachments to embed, or mappings of their fields."""

    file_extension = ".pdf"
    output_mimetype = "application/pdf"
    export_from_notebook = "NTM: PDF"

    def __init__(self, config=None, **kw: Any):
        super().__init__(config=config, **kw)
        packaged_compiler()  # loads the fonts, once a process and before it forks

    def publish(self, nb, resources: dict) -> bytes:
        """Bytes of the PDF."""
        given = resources.get("attachments", ())
        return render.report_pdf(
            nb, tuple(file if isinstance(file, Attachment) else Attachment(**file) for file in given)
        )
