"""The unit of work: one commune, one year, one set of parameters; what goes to a worker, what comes back, what need not go.

Loads nothing heavy.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ntm_lib.errors import NtmError, disk_message
from ntm_lib.language import translator
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline import manifest
from ntm_lib.pipeline.inputs import notebooks_of
from ntm_lib.pipeline.publish import sweep, tidy

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


# Makes jobs and yields how each ended: ``pool.run_all`` on this machine, ``cluster.run_all`` on many.
Runner = Callable[[Iterator[Job]], Iterator[Outcome]]


def run(jobs: Iterable[Job], runner: Runner) -> Iterator[Outcome]:
    """How each job ended, in the order in which they end. What has not changed is not run again.

    A job is looked at only when a worker is free for it, so that the first begins at once.
    """
    settled: list[Outcome] = []

    def stale() -> Iterator[Job]:
        checker = manifest.Checker()
        for job in jobs:
            outcome = settle(job, checker)
            if outcome:
                settled.append(outcome)
            else:
                yield job

    for outcome in runner(stale()):
        yield from _taken(settled)
        yield outcome
    yield from _taken(settled)


def settle(job: Job, checker: manifest.Checker) -> Outcome | None:
    """The outcome of a job that needs no worker: nothing has changed, or an input is missing."""
    try:
        if job.force or not checker.is_current(job.parameters):
            checker.remember_shared(job.parameters)
            return None
        tidy(job.parameters)
        sweep()
        return Outcome(job.parameters.run_name, UNCHANGED)
    except Exception as error:  # of this job only: no commune's files stop the next  # noqa: BLE001
        message, details = failure(error, job.parameters.language)
        return Outcome(job.parameters.run_name, FAILED, message=message, details=details)


def _taken(outcomes: list[Outcome]) -> list[Outcome]:
    taken, outcomes[:] = list(outcomes), []
    return taken


def failure(error: Exception, language: str) -> tuple[str, str]:
    """What is said of an error, and its details: a fault of the input, of the disk, or of ours."""
    t = translator(language)
    if isinstance(error, NtmError):
        return error.message, getattr(error, "details", "") or traceback.format_exc()
    if isinstance(error, OSError):
        return disk_message(error.filename, error.strerror or str(error), t), traceback.format_exc()
    text = t("Lỗi của chương trình, không phải của số liệu: {kind}: {error}")
    return text.format(kind=type(error).__name__, error=error), traceback.format_exc()
