"""The same jobs on many machines, by Dask. Each worker has a checkout and sees the shared folder; reports
and tables are published there, under the same locks as on one machine.
"""

import contextlib
import logging
import multiprocessing
import os
import re
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_lib.errors import NtmError, readable
from ntm_lib.language import Translate
from ntm_lib.pipeline.job import FAILED, Job, Outcome

if TYPE_CHECKING:
    from distributed import Future

PATIENCE_SECONDS = 120
TIMEOUT_SECONDS = 20
ANSWER_SECONDS = 5
ADDRESS = re.compile(
    r"(?:(?:tcp|tls)://)?(?P<host>[A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:.]+\]):(?P<port>[0-9]{1,4}|[1-5][0-9]{4}|6[0-5][0-9]{3})"
)


def run_all(jobs: Iterable[Job], address: str, t: Translate) -> Iterator[Outcome]:
    """Runs the jobs on the cluster whose scheduler is at ``address`` and yields how each ended.

    What has not ended when the scheduler is lost is sent again once it is back, within ``PATIENCE_SECONDS``: a report
    that was published meanwhile is found current.
    """
    client = connected(address, t)
    while client:
        lost = []
        with client:
            for job, future in _ended(client, jobs):
                if future.status in ("cancelled", "lost"):
                    lost.append(job)
                else:
                    yield _outcome(job, future, t)
        client, jobs = _reconnected(address, t) if lost else None, lost
    text = t(
        "Mất liên lạc với bộ điều phối {address}.\n    Cần làm: khởi động lại dask scheduler và các dask worker, rồi chạy lại; báo cáo đã xong không phải làm lại."
    )
    for job in jobs:
        yield Outcome(job.parameters.run_name, FAILED, message=text.format(address=readable(address)))


def _ended(client, jobs: Iterable[Job]) -> Iterator[tuple[Job, "Future"]]:
    """Each job with its future once that has ended, while the rest is still being sent."""
    from distributed import as_completed

    sent: dict[str, Job] = {}
    futures = as_completed(loop=client.loop, raise_errors=False)
    for job in jobs:
        future = client.submit(run_here, job, pure=False)
        sent[future.key] = job
        futures.add(future)
        if futures.has_ready():
            yield from ((sent.pop(done.key), done) for done in futures.next_batch(block=False))
    yield from ((sent.pop(done.key), done) for done in futures)


def _outcome(job: Job, future, t: Translate) -> Outcome:
    """The scheduler sends a job again when its worker is lost; what ends up here was lost several times."""
    if future.status == "finished":
        return future.result()
    text = t("Các máy lập báo cáo này đều bị mất: {error}.\n    Cần làm: kiểm tra các máy của cụm, rồi chạy lại.")
    return Outcome(job.parameters.run_name, FAILED, message=text.format(error=future.exception()))


def _reconnected(address: str, t: Translate):
    """A client of the scheduler that was lost, or None where it does not come back in time."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(NtmError):
            return connected(address, t)
        time.sleep(1)
    return None


def connected(address: str, t: Translate):
    """A client of the scheduler. Raises NtmError where there is no Dask, or nobody answers."""
    try:
        from distributed import Client
    except ImportError as error:
        raise NtmError(t("SCHEDULER: chưa cài Dask.\n    Cần làm: pip install 'ntm-lib[cluster]'")) from error
    refuse_unanswered(
        address, t
    )  # first: a Client that never connected can lock up, with all others, when it is thrown away
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost is told by us
    try:
        return Client(address, timeout=TIMEOUT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise refusal_of(address, t) from error


def refusal_of(address: str, t: Translate) -> NtmError:
    text = t(
        "SCHEDULER: không kết nối được với {address}.\n    Cần làm: khởi động bộ điều phối (dask scheduler), hoặc sửa địa chỉ, ví dụ tcp://may-chu:8786"
    )
    return NtmError(text.format(address=readable(address)))


def refuse_unanswered(address: str, t: Translate) -> None:
    """Raises NtmError where the address is none, or nobody listens there: Dask would try for long, and in threads that outlive the message."""
    if not (match := ADDRESS.fullmatch(address)):
        raise refusal_of(address, t)
    try:
        socket.create_connection((match["host"].strip("[]"), int(match["port"])), ANSWER_SECONDS).close()
    except (OSError, UnicodeError) as error:
        raise refusal_of(address, t) from error


def run_here(job: Job) -> Outcome:
    """On a worker: makes the report in a process of its own, as on one machine.

    NTM_ROOT on the worker says where the shared folder is, if it is not where the sender sees it.
    """
    from ntm_lib.pipeline import pool

    # Dask marks its workers as daemons, which may not have children; ours ends with the job, so none is orphaned.
    multiprocessing.current_process()._config["daemon"] = False
    root = Path(os.environ.get("NTM_ROOT") or job.root)
    (outcome,) = pool.run_all([replace(job, root=root)], 1, many=True)
    return outcome
