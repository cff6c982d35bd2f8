"""The description of a commune, ``commune.yml``: who it is and which traits it has, from when to when.

What the commune has achieved does not belong here.
"""

from functools import cache
from pathlib import Path

from ntm_lib import paths, yaml_text
from ntm_lib.errors import SHOWN, NtmError
from ntm_lib.language import translator
from ntm_lib.rules.commune_faults import FACTS, TEXTS, faults_of
from ntm_lib.rules.files import SLUG, read_yaml, stamp
from ntm_lib.rules.known_traits import traits_file, with_known_traits


def load_commune(slug: str, language: str = "vi") -> dict:
    """Content of ``data/raw/communes/<slug>/commune.yml``, checked, with what public lists say of its traits; treat it as read-only.

    ``code`` is a text of five digits. Raises NtmError for a slug that is none, an unknown commune
    (naming those that exist), a missing entry, an unknown trait or value, or a date that is none.
    """
    folder = paths.communes_folder()
    if not SLUG.fullmatch(slug) or not (folder / slug / "commune.yml").is_file():
        known = ", ".join(sorted(p.parent.name for p in folder.glob("*/commune.yml")))
        raise NtmError(
            translator(language)('Không có xã "{slug}". Các xã đang có: {known}').format(slug=slug, known=known)
        )
    path, traits = folder / slug / "commune.yml", paths.rules_folder() / "traits.yml"
    return _load(path, language, stamp(path, traits, traits_file()))


def trait_names(rules_folder: Path) -> dict[str, dict]:
    """``traits.yml``: trait → name, type, values, each with ``vi`` and ``en``."""
    return _trait_names(rules_folder / "traits.yml", stamp(rules_folder / "traits.yml"))


def trait(commune: dict, name: str, on_date: str) -> str | None:
    """Value of a trait on an ISO date; None where it is not known.

    ``traits`` may overlap: the entry that begins last counts.
    """
    valid = [
        e
        for e in commune.get("traits") or ()
        if e["trait"] == name and (e.get("from") or "") <= on_date <= (e.get("to") or "9999")
    ]
    latest = max(valid, key=lambda e: e.get("from") or "", default=None)
    return None if latest is None else _text(latest.get("value"))


def facts(commune: dict, name: str) -> list[dict]:
    """What ``profile`` says of households, population or villages: one entry, or for population several by year."""
    stated = (commune.get("profile") or {}).get(name) or []
    return stated if isinstance(stated, list) else [stated]


@cache
def _trait_names(path: Path, version: tuple) -> dict[str, dict]:
    return read_yaml(path)


@cache
def _load(path: Path, language: str, version: tuple) -> dict:
    entry = yaml_text.read(path, language)
    if faults := faults_of(entry, path.parent.name, trait_names(paths.rules_folder()), language):
        raise NtmError(
            translator(language)("Tệp {file}:").format(file=paths.shown(path))
            + "".join(f"\n- {f}" for f in faults[:SHOWN])
        )
    commune = entry.value
    for key in FACTS:
        for fact in facts(commune, key):
            fact |= {
                name: int(fact[name]) for name in ("value", "year") if fact.get(name) is not None
            }  # written in quotes or not
    # A ward may be called 1.
    return with_known_traits(
        commune | {key: str(commune[key]) for key in TEXTS if commune.get(key) is not None}, language
    )


def _text(value) -> str | None:
    """A value of a trait as text; ``true`` and ``false`` of YAML are yes and no."""
    if value in (None, ""):
        return None
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
