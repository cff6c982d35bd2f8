"""The same jobs on many machines, by Dask. Each worker has a checkout and sees the shared folder; reports
and tables are published there, under the same locks as on one machine.
"""

import multiprocessing
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ntm_lib.errors import NtmError, readable
from ntm_lib.language import Translate
from ntm_lib.pipeline.job import FAILED, Job, Outcome

TIMEOUT_SECONDS = 20
ANSWER_SECONDS = 5
ADDRESS = re.compile(
    r"(?:(?:tcp|tls)://)?(?P<host>[A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:.]+\]):(?P<port>[0-9]{1,4}|[1-5][0-9]{4}|6[0-5][0-9]{3})"
)


def run_all(jobs: Iterator[Job], address: str, t: Translate) -> Iterator[Outcome]:
    """Runs the jobs on the cluster whose scheduler is at ``address`` and yields how each ended."""
    from distributed import as_completed

    with connected(address, t) as client:
        sent: dict[str, Job] = {}
        futures = as_completed(loop=client.loop, raise_errors=False)
        for job in jobs:
            future = client.submit(run_here, job, pure=False)
            sent[future.key] = job
            futures.add(future)
            if futures.has_ready():
                yield from (_outcome(done, sent, t) for done in futures.next_batch(block=False))
        yield from (_outcome(done, sent, t) for done in futures)


def _outcome(future, sent: dict[str, Job], t: Translate) -> Outcome:
    """The scheduler sends a job again when its worker is lost; what ends up here was lost several times."""
    job = sent.pop(future.key)
    if future.status == "finished":
        return future.result()
    text = t("Các máy lập báo cáo này đều bị mất: {error}.\n    Cần làm: kiểm tra các máy của cụm, rồi chạy lại.")
    return Outcome(job.parameters.run_name, FAILED, message=text.format(error=future.exception()))


def connected(address: str, t: Translate):
    """A client of the scheduler. Raises NtmError where there is no Dask, or nobody answers."""
    try:
        from distributed import Client
    except ImportError as error:
        raise NtmError(t("SCHEDULER: chưa cài Dask.\n    Cần làm: pip install 'ntm-lib[cluster]'")) from error
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
