"""The unit of work: one commune, one year, one set of parameters. What goes to a worker and what comes back."""

from dataclasses import dataclass
from pathlib import Path

from ntm_lib.parameters import Parameters

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
    """How a job ended. ``message`` and ``details`` are empty unless it failed; ``memory`` is the worker's peak in bytes."""

    run_name: str
    state: str
    seconds: float = 0.0
    message: str = ""
    details: str = ""
    memory: int = 0
