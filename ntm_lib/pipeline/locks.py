"""One run at a time on one report, and a temporary folder for each command. The system drops a lock with the process that
holds it, however that dies: what is not locked belongs to nobody any more.
"""

import atexit
import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

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


TEMPORARY = "ntm-tmp-"
YOUNG_SECONDS = 60  # a folder is locked a moment after it was made


@cache
def temporary_folder() -> Path:
    """A folder for what this process and all that it starts need for a while; it ends with the process.

    What commands that were killed have left in theirs is removed.
    """
    base = Path(tempfile.gettempdir())
    for left in base.glob(f"{TEMPORARY}*"):
        _remove_if_nobodys(left)
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=base))
    lock = FileLock(folder / "lock")
    lock.acquire(blocking=False)
    atexit.register(_end, folder, lock)
    return folder


def _end(folder: Path, lock: FileLock) -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)


def _remove_if_nobodys(folder: Path) -> None:
    with contextlib.suppress(OSError, Timeout):
        if time.time() - folder.stat().st_mtime > YOUNG_SECONDS and not folder.is_symlink():
            with FileLock(folder / "lock", timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
