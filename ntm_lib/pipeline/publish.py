"""Publishes a folder whole or not at all, one run at a time, and cleans up after those that were killed.

It is built beside its place, under a hidden name, forced to the disk, and exchanged with the old one
in one step. Killed at any moment, the place holds the old folder or the new one.
"""

import atexit
import contextlib
import ctypes
import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline.manifest import outputs_folder, tables_folder

if TYPE_CHECKING:
    from filelock import FileLock

AT_FDCWD = -100
RENAME_EXCHANGE = 2  # Linux, renameat2
RENAME_SWAP = 2  # macOS, renamex_np


def building(place: Path) -> Path:
    """Where the folder that shall stand at ``place`` is built."""
    return place.with_name(f".{place.name}.building")


def _displaced(place: Path) -> Path:
    """Where the old folder stands for an instant, on systems that cannot exchange two folders."""
    return place.with_name(f".{place.name}.old")


def needs_healing(place: Path) -> bool:
    """Whether an earlier run was killed half-way."""
    return os.path.lexists(building(place)) or os.path.lexists(_displaced(place))


def heal(place: Path) -> None:
    """Removes what a killed run left, and puts the old folder back if that run had got so far. Call under the lock."""
    _remove(building(place))
    old = _displaced(place)
    if old.exists() and not place.exists():
        os.rename(old, place)
    _remove(old)


def _remove(path: Path) -> None:
    """A folder with all it holds; of a link, or a file in its place, only that itself."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def refuse_blocked(place: Path, t: Translate) -> None:
    """Raises NtmError for a link or a file where the folder shall stand: exchanging it would take somebody's files away."""
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        text = t(
            "{file} là một liên kết hoặc một tệp, không phải thư mục, nên không ghi báo cáo vào đó.\n    Cần làm: đổi tên hoặc chuyển nó đi nơi khác rồi chạy lại; báo cáo cần đặt ở nơi khác thì chép sang sau khi lập"
        )
        raise NtmError(text.format(file=f"{paths.shown(place.parent)}/{place.name}"))


@contextlib.contextmanager
def staged(*places: Path, t: Translate = str) -> Iterator[list[Path]]:
    """Empty folders in which to build what shall stand at ``places``; none is left over, whatever happens."""
    folders = [building(place) for place in places]
    try:
        for place, folder in zip(places, folders, strict=True):
            refuse_blocked(place, t)
            heal(place)
            folder.mkdir(parents=True)
        yield folders
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def publish(place: Path) -> None:
    """Puts the folder built for ``place`` there; the old one is removed. Raises OSError, the old one intact."""
    folder = building(place)
    _to_disk(folder)
    if place.exists():
        _exchange(folder, place)
    else:
        os.rename(folder, place)
    _sync(place.parent)
    shutil.rmtree(folder, ignore_errors=True)


def _to_disk(folder: Path) -> None:
    """All at once: the disk takes many together in hardly more time than one."""
    found = [(Path(parent), names) for parent, _, names in os.walk(folder)]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_sync, [parent / name for parent, names in found for name in names]))
        list(pool.map(_sync, [parent for parent, _ in found]))


def _sync(path: Path) -> None:
    """Forces a file, or a folder's list of names, to the disk; Windows does so for folders itself."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(folder: Path, place: Path) -> None:
    """In one step where the system and its file system can; else in two renames, which ``heal`` knows of."""
    if _exchange_at_once(os.fsencode(folder), os.fsencode(place)):
        return
    old = _displaced(place)
    os.rename(place, old)
    try:
        os.rename(folder, place)
    except OSError:
        os.rename(old, place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _exchange_at_once(one: bytes, other: bytes) -> bool:
    """Whether the two could be exchanged. Raises OSError for faults that two renames would meet as well."""
    if sys.platform not in ("linux", "darwin"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        failed = library.renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(one, other, RENAME_SWAP)
    else:
        return False
    if failed and (code := ctypes.get_errno()) not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(code, os.strerror(code), os.fsdecode(other))
    return not failed


def _lock(run_name: str) -> "FileLock":
    from filelock import FileLock

    path = paths.outputs() / ".ntm" / "locks" / f"{run_name.replace('/', '--')}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path)


@contextlib.contextmanager
def alone(run_name: str, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Holds the lock of a report; ``waiting`` is called once if another run holds it."""
    from filelock import Timeout

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
    from filelock import Timeout

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
def sweep() -> None:
    """Removes, once a process, what commands that were killed have left in their temporary folders."""
    for left in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        _remove_if_nobodys(left)


@cache
def temporary_folder() -> Path:
    """A folder for what this process and all that it starts need for a while; it ends with the process."""
    from filelock import FileLock

    sweep()
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    lock = FileLock(folder / "lock")
    lock.acquire(blocking=False)
    atexit.register(_end, folder, lock)
    return folder


def _end(folder: Path, lock: "FileLock") -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)


def _remove_if_nobodys(folder: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - folder.stat().st_mtime < YOUNG_SECONDS or folder.is_symlink():
            return
        from filelock import FileLock, Timeout

        with contextlib.suppress(Timeout), FileLock(folder / "lock", timeout=0):
            shutil.rmtree(folder, ignore_errors=True)


def tidy(parameters: Parameters) -> None:
    """Removes it unless another run is at work on the same report; then it is that run's."""
    places = [tables_folder(parameters), outputs_folder(parameters)]
    if not any(needs_healing(place) for place in places):
        return
    with alone_at_once(parameters.run_name) as mine:
        for place in places if mine else []:
            heal(place)
