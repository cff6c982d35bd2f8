"""Which files a run is made from, and their digests: contents decide, never times. Size, times and inode only tell whether a
known digest still holds, so that a file that was only touched, copied or checked out again is the same file.
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
from collections.abc import Iterable, Iterator
from pathlib import Path

from ntm_lib import paths
from ntm_lib.parameters import SLUG, Parameters, national_sets, rule_set_meta, rule_sets
from ntm_lib.places import named

NOTEBOOKS = ("1_clean", "2_status", "3_report")
COMPARISON, MONTHLY = "scenario", "month"
LIBRARY = Path(__file__).resolve().parents[1]


def notebooks_of(parameters: Parameters) -> tuple[str, ...]:
    """Notebooks of a run in their order; a comparison and a monthly report end in another than the yearly one."""
    *first, report = NOTEBOOKS
    return (*first, COMPARISON if parameters.compared else MONTHLY if parameters.month else report)


def input_files(parameters: Parameters) -> dict[str, Path]:
    """Name → file of everything that the reports of ``parameters`` depend on. Names are the same on every machine.

    The commune's raw files (of the scenarios only the one applied), the rules that apply to it, the
    notebooks, the library with its templates, fonts and texts, and the locked versions.
    """
    return dict(sorted((run_files(parameters) | library_files()).items()))


def run_files(parameters: Parameters) -> dict[str, Path]:
    """Those of them that are not the same for every run."""
    root = paths.root()
    return _named(root, [*_raw_files(parameters), *_notebooks(root, parameters)])


def library_files() -> dict[str, Path]:
    """Those that are: code, texts, templates, fonts, and the locked versions."""
    checkout = LIBRARY.parent
    return _named(checkout, [*_files_below(LIBRARY), checkout / "requirements.lock"])


def _named(folder: Path, files: list[Path]) -> dict[str, Path]:
    """Name below ``folder``, with ``/``, → file. (``relative_to`` would take most of a check that nothing has changed.)"""
    start = len(str(folder)) + 1
    return {str(path)[start:].replace(os.sep, "/"): path for path in files}


def _raw_files(parameters: Parameters) -> Iterator[Path]:
    commune = paths.communes_folder() / parameters.commune
    scenarios = commune / "scenarios"
    yield commune / "commune.yml"  # without it the run cannot be: it is missed by name
    yield from _files_below(commune, leave_out="scenarios")
    yield from (scenarios / f"{name}.yml" for name in parameters.scenario_names)
    for name in ("registry.csv", "traits.csv"):  # by which code and region are checked; traits by public lists
        if (path := paths.communes_folder() / name).is_file():
            yield path
    yield from _of_predecessors(parameters.commune)
    if (layouts := paths.raw() / "layouts").is_dir():
        yield from _files_below(layouts)
    rules = paths.rules_folder()
    yield from (path for path in _files_in(rules))  # what holds for all sets: traits, crosswalks
    province = province_of(parameters.commune)
    for rule_set in _rule_sets_read(parameters):
        yield from _files_below(rules / rule_set)
        override = rules / "provinces" / province / f"{rule_set}.csv"
        if province and override.exists():
            yield override


def _of_predecessors(commune: str) -> Iterator[Path]:
    """What the history of a commune formed from others is made of."""
    if not named.was_formed(commune):
        return
    folder = paths.communes_folder()
    # Its description alone can make a commune a predecessor.
    yield from sorted(folder.glob("*/commune.yml"))
    for slug in named.predecessors_of(commune):
        yield from (path for path in _files_below(folder / slug) if folder / slug / "scenarios" not in path.parents)


def _rule_sets_read(parameters: Parameters) -> list[str]:
    """The set judged by, the basic sets (each year is judged by that of its time), and those that these refer to.

    A scenario may judge by any set.
    """
    if parameters.scenario_names:
        return rule_sets()
    wanted, read = [parameters.rule_set, *national_sets()], []
    while wanted:
        if (rule_set := wanted.pop()) not in read:
            read.append(rule_set)
            meta = rule_set_meta(rule_set)
            referred = (meta.get("extends"), meta.get("next"), (meta.get("same_as") or {}).get("set"))
            wanted += [name for name in referred if name in rule_sets()]
    return sorted(read)


def province_of(commune: str) -> str:
    """Slug of the commune's province by its ``commune.yml``; empty where there is none, or no slug."""
    province = named.line_of(commune, "province_slug")
    return province if SLUG.fullmatch(province) else ""


def _notebooks(root: Path, parameters: Parameters) -> Iterator[Path]:
    yield from (root / "notebooks" / f"{name}.ipynb" for name in notebooks_of(parameters))


def _files_below(folder: Path, leave_out: str = "") -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != leave_out and paths.counts(name))
        yield from (Path(place, name) for name in sorted(names) if paths.counts(name))


def _files_in(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.iterdir()) if path.is_file() and paths.counts(path.name))


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
