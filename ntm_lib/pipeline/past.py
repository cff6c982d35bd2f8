"""The data and the words of an earlier revision of this checkout, laid out in a folder of its own. Knows git, nothing of the data."""

import contextlib
import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ntm_lib import paths
from ntm_lib.errors import NtmError, readable
from ntm_lib.language import Translate

SHORT = 10  # letters of a revision in the name of a folder


@dataclass(frozen=True)
class Revision:
    """A commit: its whole id, ISO date and first line."""

    id: str
    date: str
    subject: str

    @property
    def short(self) -> str:
        return self.id[:SHORT]


def revision(name: str, t: Translate) -> Revision:
    """The commit that ``name`` means. Raises NtmError without git, outside a checkout, or for an unknown name."""
    _git(t, "rev-parse", "--git-dir")
    try:
        found = _git(t, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    except NtmError:
        text = t(
            "SINCE: không có phiên bản git này.\n    Đọc được: {value}\n    Cần làm: xem các phiên bản bằng git log, ví dụ SINCE=HEAD~5"
        )
        raise NtmError(text.format(value=readable(name))) from None
    date, _, subject = (
        _git(t, "show", "--no-patch", "--format=%cs %s", found).decode("utf-8", "replace").strip().partition(" ")
    )
    return Revision(found, date, subject)


def _git(t: Translate, *words: str) -> bytes:
    # Variables that git sets for its hooks would point it at another checkout.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(["git", *words], cwd=paths.root(), env=environment, capture_output=True, check=False)
    except FileNotFoundError:
        done = None
    if done is None or done.returncode:
        raise NtmError(
            t(
                "SINCE: máy không có git, hoặc thư mục dự án không phải là bản sao git.\n    Cần làm: nêu đường dẫn đến manifest.json đã lưu"
            )
        )
    return done.stdout


@contextlib.contextmanager
def data_at(found: Revision, t: Translate, also: tuple[str, ...] = ()) -> Iterator[Path]:
    """A folder with ``data/raw`` and what there was of ``also``; gone when done with. Raises NtmError where there were no data."""
    try:
        there = _git(t, "ls-tree", "--name-only", found.id, "--", *also).decode().split() if also else []
        packed = _git(t, "archive", "--format=tar", found.id, "data/raw", *there)
    except NtmError:
        text = t("SINCE: phiên bản {revision} chưa có thư mục data/raw.\n    Cần làm: chọn một phiên bản mới hơn")
        raise NtmError(text.format(revision=found.short)) from None
    with tempfile.TemporaryDirectory(prefix="ntm-since-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)
