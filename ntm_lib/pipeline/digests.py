"""SHA-256 of files. Contents decide, never times: a file that was only touched, copied or checked out
again is the same file. Size, times and inode only tell whether a known digest still holds.
"""

import base64
import contextlib
import errno
import hashlib
import json
import os
import re
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from ntm_lib import paths

# A file this young may change again within the same tick of a coarse clock, unseen.
YOUNG_NS = 2_000_000_000


class Digests:
    """Digests of the files of one topic (a commune, or what all communes share), remembered between runs."""

    def __init__(self, topic: str):
        self.index = paths.outputs() / ".ntm" / "digests" / f"{topic}.json"
        self.known: dict[str, list] = _read(self.index)
        self.changed = False

    def of(self, path: Path) -> str:
        """Digest of the file. Raises FileNotFoundError and its kin; ENXIO for a pipe or device, which might never end."""
        key, status = str(path), os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), key)
        mark = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        if (entry := self.known.get(key)) and entry[1:] == mark:
            return entry[0]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if time.time_ns() - max(mark[1:3]) > YOUNG_NS:
            self.known[key] = [digest, *mark]
            self.changed = True
        return digest

    def of_all(self, files: dict[str, Path]) -> dict[str, str]:
        return {name: self.of(path) for name, path in files.items()}

    def save(self) -> None:
        """Remembers the digests, if it can: they only save time."""
        if self.changed:
            with contextlib.suppress(OSError):
                self.index.parent.mkdir(parents=True, exist_ok=True)
                draft = self.index.with_name(f"{self.index.name}.{os.getpid()}.tmp")
                draft.write_text(json.dumps(self.known), "utf-8")
                os.replace(draft, self.index)
            self.changed = False


def marks(files: Iterable[Path]) -> dict[str, tuple[int, ...]]:
    """Path → size, times and inode of each file and of the folder that it lies in; a missing one has none.

    Contents that change and change back leave the same digest, but not the same ctime, which nobody can set.
    """
    places = {str(path): path for file in files for path in (file, file.parent)}
    return {name: _mark(path) for name, path in places.items()}


def _mark(path: Path) -> tuple[int, ...]:
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _read(index: Path) -> dict[str, list]:
    try:
        known = json.loads(index.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def digest_of_text(pieces: Iterable[str]) -> str:
    """Digest of several texts; where one ends and the next begins counts."""
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(f"{len(piece)}:{piece}".encode())
    return whole.hexdigest()


def altered(site: Path, files: Iterable[str]) -> list[str]:
    """Those of the files, of packages below ``site``, that were edited after they were installed."""
    installed = max((record.stat().st_mtime for record in site.glob("*.dist-info/RECORD")), default=0.0)
    ours = [file for file in files if file.startswith(f"{site}{os.sep}") and os.stat(file).st_mtime > installed]
    names = {os.path.relpath(file, site).replace(os.sep, "/"): file for file in ours}
    return [name for name, file in sorted(names.items()) if _recorded(site, name) not in ("", _digest_of(file))]


def _recorded(site: Path, file: str) -> str:
    """Digest that the package of a file recorded when it was installed; empty where no package knows the file."""
    for record in site.glob("*.dist-info/RECORD"):
        if match := re.search(rf"^{re.escape(file)},sha256=([^,]*),", record.read_text("utf-8"), re.MULTILINE):
            return match[1]
    return ""


def _digest_of(file: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(Path(file).read_bytes()).digest()).decode().rstrip("=")
