"""What a worker process does with a job. It is forked from a process that has everything imported,
works on one report, and ends: reports cannot see one another, and memory cannot grow.
"""

import contextlib
import gc
import os
import signal
import sys
import time
from multiprocessing.connection import Connection

from ntm_lib.pipeline.job import FAILED, Job, Outcome, failure

WAITING = "waiting"


def work(job: Job, answers: Connection) -> None:
    """Sends WAITING if another run holds the report, and at last the Outcome. Never raises."""
    # Ctrl-C reaches every process of the terminal; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # the fork server's mask is none for a kernel that is started here
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.environ["NTM_ROOT"] = str(job.root)
    gc.set_threshold(100_000, 20, 20)  # a process that ends in a second need not look for garbage a hundred times
    outcome = run_job(job, lambda: answers.send(WAITING))
    with contextlib.suppress(BrokenPipeError):  # whoever asked is gone
        answers.send(outcome)
    answers.close()


def run_job(job: Job, waiting) -> Outcome:
    """Makes the report and says how it ended."""
    from ntm_lib.pipeline.make import make

    start, processor = time.monotonic(), time.process_time()
    try:
        state, message, details = make(job, waiting), "", ""
    except Exception as error:  # told like any other, so that no commune stops the next  # noqa: BLE001
        state, (message, details) = FAILED, failure(error, job.parameters.language)
    return Outcome(
        job.parameters.run_name,
        state,
        time.monotonic() - start,
        message,
        details,
        peak_memory(),
        time.process_time() - processor,
    )


def peak_memory() -> int:
    """Bytes that this process has occupied at most; 0 where the system does not say."""
    if sys.platform == "linux":
        # ru_maxrss of a forked process begins with that of its parent.
        with open("/proc/self/status", encoding="ascii") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")), 0)
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0
