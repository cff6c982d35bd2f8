"""The calendar that an executed notebook holds, as an ``.ics`` file: nbconvert takes it by its dotted name."""

from nbconvert.exporters import Exporter

CALENDAR = "text/calendar"


class CalendarExporter(Exporter):
    """What the first output of the type ``text/calendar`` says, in the bytes of RFC 5545 (UTF-8, CRLF)."""

    file_extension = ".ics"
    output_mimetype = CALENDAR
    export_from_notebook = "NTM: calendar"

    def _init_preprocessors(self) -> None:
        self._preprocessors = []

    def from_notebook_node(self, nb, resources: dict | None = None, **kw):
        """Bytes of the calendar, and nbconvert's resources. Raises ValueError where the notebook shows none."""
        outputs = (output for cell in nb.cells if cell.cell_type == "code" for output in cell.outputs)
        found = next((output.data[CALENDAR] for output in outputs if CALENDAR in output.get("data", {})), None)
        if found is None:
            raise ValueError("no cell of the notebook shows a calendar")
        lines = (found if isinstance(found, str) else "".join(found)).splitlines()
        return "".join(line + "\r\n" for line in lines).encode("utf-8"), self._init_resources(resources)
