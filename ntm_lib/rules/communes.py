"""The description of a commune, ``commune.yml``: who it is and which traits it has, from when to when.

What the commune has achieved does not belong here.
"""

import re
from functools import cache
from pathlib import Path

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.rules.files import SLUG, read_yaml, stamp

CODE = re.compile(r"\d{5}")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
REQUIRED = ("code", "slug", "name", "province", "province_slug", "traits")


def load_commune(slug: str, language: str = "vi") -> dict:
    """Content of ``data/raw/communes/<slug>/commune.yml``, checked; treat it as read-only.

    ``code`` is a text of five digits. Raises NtmError for a slug that is none, an unknown commune
    (naming those that exist), a missing entry, an unknown trait or value, or a date that is none.
    """
    folder = paths.communes_folder()
    if not SLUG.fullmatch(slug) or not (folder / slug / "commune.yml").is_file():
        known = ", ".join(sorted(p.parent.name for p in folder.glob("*/commune.yml")))
        raise NtmError(translator(language)('Không có xã "{slug}". Các xã đang có: {known}').format(slug=slug, known=known))
    path, traits = folder / slug / "commune.yml", paths.rules_folder() / "traits.yml"
    return _load(path, language, stamp(path, traits))


def trait_names(rules_folder: Path) -> dict[str, dict]:
    """``traits.yml``: trait → name, type, values, each with ``vi`` and ``en``."""
    return _trait_names(rules_folder / "traits.yml", stamp(rules_folder / "traits.yml"))


def trait(commune: dict, name: str, on_date: str) -> str | None:
    """Value of a trait on an ISO date; None where it is not known.

    ``traits`` may overlap: the entry that begins last counts.
    """
    valid = [e for e in commune.get("traits") or () if e["trait"] == name and (e.get("from") or "") <= on_date <= (e.get("to") or "9999")]
    latest = max(valid, key=lambda e: e.get("from") or "", default=None)
    return None if latest is None else _text(latest.get("value"))


@cache
def _trait_names(path: Path, version: tuple) -> dict[str, dict]:
    return read_yaml(path)


@cache
def _load(path: Path, language: str, version: tuple) -> dict:
    commune = read_yaml(path, language)
    faults = list(_faults(commune, path.parent.name, trait_names(paths.rules_folder()), language))
    if faults:
        raise NtmError(translator(language)("Tệp {file}:").format(file=paths.shown(path)) + "".join(f"\n- {f}" for f in faults))
    return commune


def _faults(commune, folder: str, names: dict, language: str):
    t = translator(language)
    if not isinstance(commune, dict):
        yield t("phải là các mục dạng tên: giá trị")
        return
    for key in REQUIRED:
        if commune.get(key) in (None, ""):
            yield t('thiếu mục "{key}"').format(key=key)
    if not CODE.fullmatch(str(commune.get("code", ""))):
        yield t('mã xã "{code}" phải gồm 5 chữ số, viết trong ngoặc kép để giữ số 0 ở đầu').format(code=commune.get("code"))
    if commune.get("slug") != folder:
        yield t('mục slug là "{slug}" nhưng thư mục là "{folder}"').format(slug=commune.get("slug"), folder=folder)
    for entry in commune.get("traits") or ():
        yield from _trait_faults(entry, names, language)


def _trait_faults(entry: dict, names: dict, language: str):
    t = translator(language)
    name, value = entry.get("trait"), _text(entry.get("value"))
    if name not in names:
        yield t('đặc điểm "{name}" không có trong traits.yml; các đặc điểm: {known}').format(name=name, known=", ".join(names))
        return
    allowed = names[name].get("values")
    if value is not None and (value not in allowed if allowed else not value.isdigit()):
        wanted = ", ".join(allowed) if allowed else t("một số nguyên")
        yield t('đặc điểm "{name}" có giá trị "{value}"; được phép: {wanted}, hoặc null nếu chưa biết').format(name=name, value=value, wanted=wanted)
    for key in ("from", "to"):
        if entry.get(key) and not DATE.fullmatch(str(entry[key])):
            yield t('đặc điểm "{name}": "{key}" phải là ngày dạng 2024-03-01, đang là "{value}"').format(name=name, key=key, value=entry[key])


def _text(value) -> str | None:
    """A value of a trait as text; ``true`` and ``false`` of YAML are yes and no."""
    if value in (None, ""):
        return None
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
