"""One run at a time on one report. The system drops the lock with the process that holds it, however that dies."""

import contextlib
from collections.abc import Callable, Iterator

from filelock import FileLock, Timeout

from ntm_lib import paths


def _lock(run_name: str) -> FileLock:
    path = paths.outputs() / ".ntm" / "locks" / f"{run_name.replace('/', '--')}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path)


@contextlib.contextmanager
def alone(run_name: str, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Holds the lock of a report; ``waiting`` is called once if another run holds it."""
    lock = _lock(run_name)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def alone_at_once(run_name: str) -> Iterator[bool]:
    """Whether the lock could be had without waiting."""
    lock = _lock(run_name)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
