"""Decides what has to be made and has it made, one report or many. Loads nothing heavy if nothing has changed."""

from collections.abc import Callable, Iterable, Iterator

from ntm_lib.pipeline import manifest
from ntm_lib.pipeline.job import FAILED, UNCHANGED, Job, Outcome
from ntm_lib.pipeline.tidy import tidy
from ntm_lib.pipeline.worker import failure

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
        return Outcome(job.parameters.run_name, UNCHANGED)
    except Exception as error:  # of this job only: no commune's files stop the next  # noqa: BLE001
        message, details = failure(error, job.parameters.language)
        return Outcome(job.parameters.run_name, FAILED, message=message, details=details)


def _taken(outcomes: list[Outcome]) -> list[Outcome]:
    taken, outcomes[:] = list(outcomes), []
    return taken
