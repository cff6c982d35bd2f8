"""Where things lie. Imports nothing of the project, so that anything may import it."""

import os
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent  # looked up once: links are slow to follow thousands of times


def root() -> Path:
    """The checkout, or the folder that ``NTM_ROOT`` names (tests and benchmarks work on copies)."""
    return Path(os.environ.get("NTM_ROOT") or _CHECKOUT)


def raw() -> Path:
    return root() / "data" / "raw"


def rules_folder() -> Path:
    return raw() / "rules"


def communes_folder() -> Path:
    return raw() / "communes"


def processed(run_name: str) -> Path:
    """Folder of the processed tables of one run, such as ``hung-my/2024``.

    The pipeline points ``NTM_PROCESSED`` at a staging folder, so that a failed run leaves the
    last good tables untouched.
    """
    staged = os.environ.get("NTM_PROCESSED")
    return Path(staged) if staged else root() / "data" / "processed" / run_name


def outputs() -> Path:
    return root() / "outputs"


def counts(name: str) -> bool:
    """Whether a file or folder of this name is one of a commune's, not what editors and office programs leave beside an open file."""
    return not name.startswith((".", "~$")) and not name.endswith(("~", ".pyc", ".tmp")) and name != "__pycache__"


def shown(path: Path) -> str:
    """The path as it may stand in a published file or a message: relative to the checkout, with ``/``."""
    whole, start = os.path.realpath(path), os.path.realpath(root())  # which no loop of links can break
    inside = whole == start or whole.startswith(start.rstrip(os.sep) + os.sep)
    return Path(os.path.relpath(whole, start)).as_posix() if inside else os.path.basename(path)
