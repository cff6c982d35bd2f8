"""nbconvert exporters: ``jupyter nbconvert --to ntm-html|ntm-pdf|ntm-notebook`` knows them by entry point.

What they make is settled in ``render`` and depends on the notebook alone: no clock, no path, no
network, no configuration of the user.
"""

from typing import Any

from nbconvert.exporters import Exporter

from ntm_lib.doc import render
from ntm_lib.doc.notebook import CALENDAR
from ntm_lib.doc.pdf import Attachment as Attachment


class _BlockExporter(Exporter):
    """No preprocessor touches the notebook."""

    def _init_preprocessors(self) -> None:
        self._preprocessors = []

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """The published form of the notebook, and nbconvert's resources. The notebook is not changed."""
        given: dict[str, Any] = self._init_resources(resources)  # type: ignore[no-untyped-call]
        return self.publish(nb, given), given

    def publish(self, nb: Any, resources: dict[str, Any]) -> str | bytes:
        """What the file holds."""
        raise NotImplementedError


class HtmlReportExporter(_BlockExporter):
    """One self-contained HTML file that needs neither script nor network."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "NTM: HTML"

    def publish(self, nb: Any, resources: dict[str, Any]) -> str:
        """HTML of the report."""
        return render.report_html(nb)


class NotebookExporter(_BlockExporter):
    """The executed notebook for reviewers: prose, folded code, every output, table of contents."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "NTM: notebook"

    def publish(self, nb: Any, resources: dict[str, Any]) -> str:
        """HTML of the notebook."""
        return render.notebook_html(nb)


class PdfReportExporter(_BlockExporter):
    """PDF/UA-1 and PDF/A-3a by Typst. ``resources["attachments"]``: Attachments to embed, or mappings of their fields."""

    file_extension = ".pdf"
    output_mimetype = "application/pdf"
    export_from_notebook = "NTM: PDF"

    def publish(self, nb: Any, resources: dict[str, Any]) -> bytes:
        """Bytes of the PDF."""
        return render.report_pdf(nb, resources.get("attachments", ()))


class CalendarExporter(_BlockExporter):
    """What the first output of the type ``text/calendar`` says, in the bytes of RFC 5545 (UTF-8, CRLF)."""

    file_extension = ".ics"
    output_mimetype = CALENDAR
    export_from_notebook = "NTM: calendar"

    def publish(self, nb: Any, resources: dict[str, Any]) -> bytes:
        """Bytes of the calendar. Raises ValueError where the notebook shows none."""
        outputs = (output for cell in nb.cells if cell.cell_type == "code" for output in cell.outputs)
        found = next((output.data[CALENDAR] for output in outputs if CALENDAR in output.get("data", {})), None)
        if found is None:
            raise ValueError("no cell of the notebook shows a calendar")
        lines = (found if isinstance(found, str) else "".join(found)).splitlines()
        return "".join(line + "\r\n" for line in lines).encode("utf-8")
