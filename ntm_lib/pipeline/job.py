"""The unit of work: one commune, one year, one set of parameters. What goes to a worker and what comes back."""

from dataclasses import dataclass
from pathlib import Path

from ntm_lib.parameters import Parameters
from ntm_lib.pipeline.inputs import notebooks_of

MADE, UNCHANGED, FAILED = "made", "unchanged", "failed"


@dataclass(frozen=True)
class Export:
    """A file made from an executed notebook by an nbconvert exporter, known by its name."""

    notebook: str
    exporter: str
    file: str


EXPORTS = (
    Export("1_clean", "ntm-notebook", "1_clean.html"),
    Export("2_status", "ntm-notebook", "2_status.html"),
    Export("3_report", "ntm-notebook", "3_report.html"),
    Export("3_report", "ntm-html", "report.html"),
    Export("3_report", "ntm-pdf", "report.pdf"),
)


def exports_of(parameters: Parameters) -> tuple[Export, ...]:
    """What a run publishes beside its notebooks: a comparison and a monthly report have a last notebook of their own."""
    if not (parameters.compared or parameters.month):
        return EXPORTS
    last = notebooks_of(parameters)[-1]
    common = tuple(export for export in EXPORTS if export.notebook in notebooks_of(parameters))
    own = (
        Export(last, "ntm-notebook", f"{last}.html"),
        Export(last, "ntm-html", "report.html"),
        Export(last, "ntm-pdf", "report.pdf"),
    )
    dates = (
        (Export(last, "ntm_lib.doc.exporters.CalendarExporter", f"lich-{parameters.year}.ics"),)
        if parameters.month
        else ()
    )
    return (*common, *own, *dates)


@dataclass(frozen=True)
class Job:
    """``root`` is the folder with data, notebooks and outputs; ``force`` runs though nothing has changed."""

    parameters: Parameters
    root: Path
    engine: str = "warm"
    force: bool = False
    exports: tuple[Export, ...] = EXPORTS


@dataclass(frozen=True)
class Outcome:
    """How a job ended. ``message`` and ``details`` are empty unless it failed.

    ``seconds`` is the worker's time, ``processor`` how many of these it was computing, ``memory`` its peak in bytes.
    """

    run_name: str
    state: str
    seconds: float = 0.0
    message: str = ""
    details: str = ""
    memory: int = 0
    processor: float = 0.0
