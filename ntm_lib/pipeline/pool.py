"""Runs jobs in processes of their own, some at a time. Imports nothing heavy: the fork server does."""

import contextlib
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from multiprocessing import resource_tracker
from multiprocessing.connection import wait

from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.pipeline.inputs import LIBRARY
from ntm_lib.pipeline.job import FAILED, Job, Outcome
from ntm_lib.pipeline.publish import temporary_folder, tidy
from ntm_lib.pipeline.worker import WAITING, work

# Read when a process starts or a library is loaded, so they are set before the fork server is.
SETTINGS = {
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",  # a process with threads cannot be forked safely
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}


class Running:
    """A worker at work."""

    def __init__(self, job: Job, many: bool = False):
        self.job = job
        self.answers, theirs = _context().Pipe(duplex=False)
        self.process = _context().Process(target=work, args=(job, theirs))
        with _settings(job if many else None):
            self.process.start()
        theirs.close()
        self.outcome: Outcome | None = None

    def read(self, waiting: Callable[[Job], None]) -> bool:
        """Takes one message; whether the worker is done, by its word or by its death."""
        try:
            message = self.answers.recv()
        except EOFError:
            message = self._died()
        if message == WAITING:
            waiting(self.job)
            return False
        self.outcome = message
        self.process.join()
        self.answers.close()
        self.process.close()
        return True

    def _died(self) -> Outcome:
        self.process.join()
        parameters = self.job.parameters
        t = translator(parameters.language)
        text = t(
            "Tiến trình lập báo cáo bị dừng đột ngột (mã {code}); báo cáo cũ vẫn còn nguyên.\n    Cần làm: chạy lại; nếu lặp lại, kiểm tra bộ nhớ của máy."
        )
        return Outcome(parameters.run_name, FAILED, message=text.format(code=self.process.exitcode))

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        tidy(self.job.parameters)


def run_all(
    jobs: Iterable[Job], at_a_time: int, waiting: Callable[[Job], None] = lambda job: None, many: bool = False
) -> Iterator[Outcome]:
    """Runs the jobs, at most ``at_a_time`` together, and yields how each ended, in the order in which they end.

    ``many``: it pays to run the notebooks of the first once before any worker starts (see ``preload``).

    Whatever ends the iteration early (Ctrl-C, an error) ends the workers; what they had not
    published stays as it was.
    """
    queue, running = iter(jobs), {}
    multiprocessing.current_process()._config["tempdir"] = str(temporary_folder())  # where multiprocessing puts its own
    with remembered() as raise_if_struck:
        try:
            while True:
                raise_if_struck()
                while len(running) < at_a_time and (job := next(queue, None)):
                    with uninterrupted(), of_the_server(raise_if_struck):
                        worker = Running(job, many)
                        running[worker.answers] = worker
                if not running:
                    return
                for answers in wait(list(running)):
                    if running[answers].read(waiting):
                        yield running.pop(answers).outcome
        finally:
            for worker in running.values():
                worker.kill()


@contextlib.contextmanager
def remembered() -> Iterator[Callable[[], None]]:
    """Gives a function that raises a Ctrl-C once more: one that strikes inside a destructor is swallowed by Python."""
    if threading.current_thread() is not threading.main_thread():  # as on a Dask worker; signals are not its business
        yield lambda: None
        return
    before, struck = signal.getsignal(signal.SIGINT), []

    def strike(number, frame) -> None:
        struck.append(number)
        if callable(before):
            before(number, frame)

    def raise_if_struck() -> None:
        if struck:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, strike)
    try:
        yield raise_if_struck
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C waits: a worker that has started but is not yet known of could not be ended.

    The fork server inherits that it waits, so that one never strikes it while it loads.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # started within, it would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def of_the_server(raise_if_struck: Callable[[], None]) -> Iterator[None]:
    """Tells a fork server that has ended: by a Ctrl-C, or because it cannot be reached where TMPDIR says."""
    try:
        yield
    except (EOFError, OSError) as error:
        raise_if_struck()
        if not isinstance(error, OSError) or "AF_UNIX" not in str(error):
            raise
        t = translator("vi")
        raise NtmError(
            t(
                "Đường dẫn của thư mục tạm (TMPDIR) quá dài.\n    Cần làm: đặt TMPDIR là một thư mục có đường dẫn ngắn, ví dụ /tmp"
            )
        ) from error


def _context():
    """Forks from a server that has everything loaded; Windows, which cannot fork, starts afresh each time."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ntm_lib.pipeline.preload"])
    return context


_starting = threading.Lock()  # a worker of a cluster may have several threads; the environment is one


@contextlib.contextmanager
def _settings(first: Job | None) -> Iterator[None]:
    """The environment that the fork server, and through it each worker, inherits when it is started."""
    with _starting, _environment(first):
        yield


@contextlib.contextmanager
def _environment(first: Job | None) -> Iterator[None]:
    before = dict(os.environ)
    library = os.pathsep.join(filter(None, (str(LIBRARY.parent), before.get("PYTHONPATH"))))
    os.environ.update(SETTINGS, PYTHONPATH=library, TMPDIR=str(temporary_folder()))
    if first:
        os.environ.update(NTM_FIRST=json.dumps(asdict(first.parameters)), NTM_ROOT=str(first.root))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
