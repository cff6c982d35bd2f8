"""Which commune with a folder somebody means by a name or a code, of which years its workbooks are, and which communes went into it.

Light on purpose: asked before a run is started. The registry is opened only for a name that is no folder.
What cannot be read is no commune of that name; its own run says why.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_lib import paths, yaml_text
from ntm_lib.errors import NtmError

if TYPE_CHECKING:
    from ntm_lib.places import registry

CODE = re.compile(r"[0-9]{5}")
REORGANISED = "2025-07-01"  # districts ended; a commune of today has none
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_KIND = re.compile(r"^(xa|phuong|thi tran|huien|quan|thi xa|thanh pho|tinh) (?=.)")  # as _heard leaves them
_YEAR_IN_NAME = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def communes_named(text: str, slugs: Iterable[str]) -> list[str]:
    """Those of ``slugs`` that ``text`` may mean: ``02314``, ``Hùng Mỹ``, ``xã Hùng Mỹ, huyện Chiêm Hóa``.

    A code names one place before 1/7/2025 and often another after it, so that one text can mean several.
    """
    known = {slug: (line_of(slug, "code"), line_of(slug, "name")) for slug in slugs}
    if CODE.fullmatch(text.strip()):
        return [slug for slug, (code, _) in known.items() if code == text.strip()]
    # Not every folder has the code or the name that the registry gives it.
    described = [slug for slug, (_, name) in known.items() if name and _spoken(text) in _titles(slug, name)]
    return sorted({*described, *_in_registry(text, known)})


def description(slug: str) -> dict[str, Any]:
    """What the commune's ``commune.yml`` says of it; empty where it cannot be read."""
    try:
        found = yaml_text.read(paths.communes_folder() / slug / "commune.yml").value
    except NtmError:
        return {}
    return found if isinstance(found, dict) else {}


def line_of(slug: str, key: str) -> str:
    """The text that the commune's description gives to ``key``; empty where there is none."""
    value = description(slug).get(key)
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def was_formed(slug: str) -> bool:
    """Whether the commune is one of today that was made of others: it has no district, became no other, and the registry names some."""
    if (
        not (paths.communes_folder() / slug / "commune.yml").is_file()
        or not (paths.communes_folder() / "registry.csv").is_file()
    ):
        return False
    if line_of(slug, "district_code") or successor_of(slug):
        return False
    from ntm_lib.places import registry

    code = line_of(slug, "code")
    unit = registry.at(code, REORGANISED)
    return unit is not None and unit.name == line_of(slug, "name") and bool(registry.predecessors(code))


def predecessors_of(slug: str) -> list[str]:
    """Communes with a folder that went into the commune ``slug``; none of a commune that was not formed from others."""
    return [other for other in folders_before(line_of(slug, "code")) if other != slug] if was_formed(slug) else []


def folders_before(code: str) -> list[str]:
    """Folders of the communes that went into the unit ``code`` of today, by their own word (``merged_into``) or by the registry.

    A predecessor may have the successor's code: it is told apart by ``merged_into``, or by its district.
    """
    from ntm_lib.places import registry

    before = {link.unit.code for link in registry.predecessors(code)}

    def went_into(slug: str) -> bool:
        own, into = line_of(slug, "code"), successor_of(slug)
        return into == code or (not into and own in before and (own != code or line_of(slug, "district_code") != ""))

    return [
        s for s in sorted(path.parent.name for path in paths.communes_folder().glob("*/commune.yml")) if went_into(s)
    ]


def formed_units(text: str) -> "list[registry.Unit]":
    """Units of today that ``text`` means (``tan-my``, ``02308``, ``xã Tân Mỹ``) and of which a predecessor has a folder."""
    from ntm_lib.places import registry

    if not registry.is_there():
        return []
    words = text.replace("-", " ") if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) else text
    found = [unit for unit in registry.called(words) if not unit.valid_to]
    return [unit for unit in found if len(registry.predecessors(unit.code)) > 1 and names_before(unit)]


def names_before(unit: "registry.Unit") -> dict[str, str]:
    """Folder → name of each predecessor of a unit that has one."""
    from ntm_lib.places import registry

    names = {link.unit.code: link.unit.name for link in registry.predecessors(unit.code)}
    return {slug: names.get(line_of(slug, "code"), "") for slug in folders_before(unit.code)}


def successor_of(slug: str) -> str:
    """Code that ``merged_into`` of the commune names; empty where it became no other."""
    into = description(slug).get("merged_into")
    code = str(into.get("code")) if isinstance(into, dict) else ""
    return code if CODE.fullmatch(code) else ""


def workbook_years(slug: str) -> list[int]:
    """Years in the names of the commune's workbooks, such as ``bieu-2025.xlsx``."""
    return sorted({int(year) for path in workbooks(slug) for year in _YEAR_IN_NAME.findall(path.stem)})


def has_undated_workbook(slug: str) -> bool:
    """Whether a workbook of the commune does not say in its name of which year it is."""
    return any(not _YEAR_IN_NAME.search(path.stem) for path in workbooks(slug))


def workbooks(slug: str) -> list[Path]:
    """Workbooks in the commune's folder, without those that an office program leaves beside one that is open."""
    return [path for path in _files(slug) if path.suffix.lower() in WORKBOOKS]


def tables_of(slug: str) -> list[str]:
    """Names of the tables with figures in the commune's folder."""
    return [path.name for path in _files(slug) if path.stem in ("results", "plan")]


def _files(slug: str) -> list[Path]:
    folder = paths.communes_folder() / slug
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if not path.name.startswith(("~$", ".")))


def _in_registry(text: str, known: dict[str, tuple[str, str]]) -> list[str]:
    """Folders of the units that the registry finds for the whole of ``text``; part of a name is not enough."""
    if not (paths.communes_folder() / "registry.csv").is_file():
        return []
    from ntm_lib.places import registry

    units = {
        (unit.code, _heard(unit.name))
        for unit in registry.find(text)
        if f" {_heard(unit.name)} " in f" {_heard(text)} "
    }
    return [slug for slug, (code, name) in known.items() if (code, _heard(name)) in units]


def _titles(slug: str, name: str) -> set[str]:
    """The commune's name alone, and with its district, its province or both."""
    district, province = _heard(line_of(slug, "district")), _heard(line_of(slug, "province"))
    return {
        " ".join([_heard(name), *(above for above in places if above)])
        for places in ((), (district,), (province,), (district, province))
    }


def _spoken(text: str) -> str:
    """``xã Hùng Mỹ, huyện Chiêm Hóa`` without the words for what each place is."""
    return " ".join(_KIND.sub("", _heard(piece)) for piece in text.split(","))


def _heard(name: str) -> str:
    """Letters without marks, y as i (Mỹ, Mĩ), for comparing only."""
    from ntm_lib.text.names import bare_key

    return " ".join(re.findall(r"\w+", bare_key(name).replace("y", "i")))
