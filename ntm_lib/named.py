"""Which commune with a folder somebody means by a name or a code, and of which years its workbooks are.

Light on purpose: asked before a run is started. Only the lines needed of a ``commune.yml`` are read;
the registry is opened only for a name that is no folder.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from ntm_lib import paths

CODE = re.compile(r"[0-9]{5}")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_YEAR_IN_NAME = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def communes_named(text: str, slugs: Iterable[str]) -> list[str]:
    """Those of ``slugs`` that ``text`` may mean: ``02314``, ``Hùng Mỹ``, ``xã Hùng Mỹ, huyện Chiêm Hóa``.

    A code names one place before 1/7/2025 and often another after it, so that one text can mean several.
    """
    known = {slug: (line_of(slug, "code"), line_of(slug, "name")) for slug in slugs}
    if CODE.fullmatch(text.strip()):
        return [slug for slug, (code, _) in known.items() if code == text.strip()]
    return _in_registry(text, known) or [slug for slug, (_, name) in known.items() if name and _heard(name) == _heard(text)]


def line_of(slug: str, key: str) -> str:
    """Text of one line ``key: text`` of the commune's description; empty where there is none."""
    path = paths.communes_folder() / slug / "commune.yml"
    for line in path.read_text("utf-8", errors="replace").splitlines():
        if line.startswith(f"{key}:"):
            return line.partition(":")[2].partition("#")[0].strip().strip("\"'")
    return ""


def workbook_years(slug: str) -> list[int]:
    """Years in the names of the commune's workbooks, such as ``bieu-2025.xlsx``."""
    return sorted({int(year) for path in _workbooks(slug) for year in _YEAR_IN_NAME.findall(path.stem)})


def has_undated_workbook(slug: str) -> bool:
    """Whether a workbook of the commune does not say in its name of which year it is."""
    return any(not _YEAR_IN_NAME.search(path.stem) for path in _workbooks(slug))


def _workbooks(slug: str) -> list[Path]:
    folder = paths.communes_folder() / slug
    files = folder.iterdir() if folder.is_dir() else ()
    return [path for path in files if path.suffix.lower() in WORKBOOKS and not path.name.startswith(("~$", "."))]


def _in_registry(text: str, known: dict[str, tuple[str, str]]) -> list[str]:
    """Folders of the units that the registry finds for the whole of ``text``; part of a name is not enough."""
    if not (paths.communes_folder() / "registry.csv").is_file():
        return []
    from ntm_lib.intake import registry

    units = {(unit.code, _heard(unit.name)) for unit in registry.find(text) if f" {_heard(unit.name)} " in f" {_heard(text)} "}
    return [slug for slug, (code, name) in known.items() if (code, _heard(name)) in units]


def _heard(name: str) -> str:
    """Letters without marks, y as i (Mỹ, Mĩ), for comparing only."""
    from ntm_lib.intake.names import bare_key

    return " ".join(re.findall(r"\w+", bare_key(name).replace("y", "i")))
