"""``commune.yml`` of a commune as registry and public lists know it, and the folder of one that was formed from others.

A merged commune inherits the traits that all communes it was formed from share; what differs among them is said.
"""

import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from ntm_lib import paths
from ntm_lib.language import translator
from ntm_lib.places import named, registry
from ntm_lib.rules.communes import load_commune, trait, trait_names, with_known_traits
from ntm_lib.text.names import slug as slug_of

LAST_DAY = registry.LAST_DAY_BEFORE
NOT_INHERITED = ("region", "schools", "group")  # from the province; a number; a classification of today's units


def commune_text(unit: registry.Unit, slug: str) -> str:
    """``commune.yml`` of a commune as the registry knows it; traits are null until somebody fills them in."""
    district, province = (_without_kind(p) for p in (unit.district, unit.province))
    facts = {
        "slug": slug, "name": unit.name, "kind": unit.kind, "district": district or None,
        "province": province, "province_slug": slug_of(province), "display": {"vi": unit.full_name, "en": _in_english(unit)},
        "profile": {key: {"value": None, "year": None, "document": None} for key in ("households", "population", "villages")},
    }  # fmt: skip
    lines = [
        f"# {unit.full_name[:1].upper()}{unit.full_name[1:]}. Hãy điền các giá trị null khi biết chắc, kèm nguồn; null nghĩa là chưa biết.",
        *(
            f"# Hợp nhất từ: {link.unit.code} {link.unit.full_name}{_HOW[link.how]}"
            for link in registry.predecessors(unit.code)
            if not unit.valid_to
        ),
        f'code: "{unit.code}"',  # quoted, or other programs read a number
        f'district_code: "{unit.district_code}"' if unit.district_code else "district_code: null",
        _yaml(facts),
        "traits:",
    ]
    regions = registry.regions_of([unit])
    shared, differing = inherited(unit)
    known = shared | {"region": regions.pop() if len(regions) == 1 else ""}
    for name, about in trait_names(paths.rules_folder()).items():
        lines += _trait(name, about, known.get(name, ""), province, name in shared)
        lines += [f"    # Các xã cũ khác nhau hoặc chưa đủ: {differing[name]}"] if name in differing else []
    return "\n".join([*lines, *_merged_into(unit)]) + "\n"


_HOW = {"whole": "", "part": " (một phần)", "doubtful": " (một phần, nghi vấn)"}


def _trait(name: str, about: Mapping[str, Any], value: str, province: str, is_shared: bool) -> Iterator[str]:
    allowed = "; ".join(f"{value}: {names['vi']}" for value, names in (about.get("values") or {}).items()) or "một số"
    yield f"  # {about['name']['vi']} ({allowed})"
    facts = "value: null, from: null, to: null, reason: null, source: null"
    if is_shared:
        reason = "Các xã hợp nhất thành xã này đều như vậy trước ngày 01/7/2025."
        facts = f'value: "{value}", from: null, to: null, reason: "{reason}", source: data/raw/communes/registry.csv'
    elif value:
        reason = f"Tỉnh {province} thuộc vùng {about['values'][value]['vi']}."
        facts = f'value: {value}, from: null, to: null, reason: "{reason}", source: data/raw/rules/regions.yml'
    yield f"  - {{trait: {name}, {facts}}}"


def _merged_into(unit: registry.Unit) -> list[str]:
    links = registry.successors(unit.code) if unit.valid_to else []
    if len(links) != 1:
        note = "# Xã bị chia cho: " + ", ".join(link.unit.full_name for link in links) if links else ""
        return [*filter(None, [note]), "merged_into: null"]
    became = links[0].unit
    source = "data/raw/communes/registry.csv"
    entry = {"name": became.name, "date": registry.REORGANISED, "source": source}
    return ["merged_into:", f'  code: "{became.code}"', textwrap.indent(_yaml(entry), "  ")]


def _yaml(facts: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=200)).rstrip()


def _without_kind(place: str) -> str:
    return re.sub(r"^(Tỉnh|Thành phố|Thị xã|Huyện|Quận) (?!\d)", "", place)


def _in_english(unit: registry.Unit) -> str:
    kinds = {"xã": "commune", "phường": "ward", "thị trấn": "township", "đặc khu": "special zone", "huyện": "district"}
    upper = [
        f"{_without_kind(place)} {kind}"
        for place, kind in ((unit.district, "district"), (unit.province, "province"))
        if place
    ]
    return ", ".join([f"{unit.name} {kinds[unit.kind]}", *upper])


# --- communes that were formed from others -------------------------------------------------------


def form_merged(text: str, alike: Iterable[str] = (), language: str = "vi") -> str:
    """Slug of the commune of today that ``text`` means and that was formed from communes with a folder; its own folder is made
    when it is first asked for, and told. Empty where there is none, or several, or a folder ``alike`` is of another commune."""
    units = named.formed_units(text)
    if len(units) != 1 or not {*alike} <= {*named.folders_before(units[0].code)}:
        return ""
    slug, told = form_folder(units[0], language)
    print(told, file=sys.stderr)
    return slug


def form_folder(unit: registry.Unit, language: str = "vi") -> tuple[str, str]:
    """Makes the folder of a merged commune; gives its slug and the line that tells of it."""
    slug, t = slug_of(unit.name), translator(language)
    if (paths.communes_folder() / slug).exists():  # of a commune of the same name
        slug = f"{slug}-{slug_of(_without_kind(unit.province))}"
    folder = paths.communes_folder() / slug
    folder.mkdir(exist_ok=True)
    if not (folder / "commune.yml").exists():
        (folder / "commune.yml").write_text(commune_text(unit, slug), encoding="utf-8", newline="")
    known = set(named.names_before(unit).values())
    names = [link.unit.name for link in registry.predecessors(unit.code)]
    missing = ", ".join(name for name in names if name not in known)
    text = t("Đã tạo data/raw/communes/{slug}: {name}, cộng từ số liệu của xã cũ {known}{missing}.")
    lacking = t("; chưa có số liệu của {names}").format(names=missing) if missing else ""
    told = ", ".join(name for name in names if name in known)
    return slug, text.format(slug=slug, name=unit.full_name, known=told, missing=lacking)


def inherited(unit: registry.Unit) -> tuple[dict[str, str], dict[str, str]]:
    """(trait → value that all predecessors share on the last day before the merger, trait → who has which value where they differ)."""
    links = registry.predecessors(unit.code) if not unit.valid_to else []
    described = [(link.unit.name, _described(link.unit, named.names_before(unit))) for link in links]
    shared, differing = {}, {}
    for name in trait_names(paths.rules_folder()):
        values = [(who, trait(commune, name, LAST_DAY)) for who, commune in described]
        known = {value for _, value in values}
        if not values or name in NOT_INHERITED:
            continue
        if len(known) == 1 and None not in known and all(link.how == "whole" for link in links):
            shared[name] = str(values[0][1])
        elif known - {None}:
            differing[name] = "; ".join(f"{who}: {value or 'chưa biết'}" for who, value in values)
    return shared, differing


def _described(unit: registry.Unit, folders: Mapping[str, str]) -> dict[str, Any]:
    """What is known of a predecessor: by its folder, or by the public lists alone."""
    own = next((slug for slug, name in folders.items() if name == unit.name), "")
    if own:
        return load_commune(own)
    facts = {
        "code": unit.code, "district_code": unit.district_code, "province_slug": slug_of(_without_kind(unit.province)),
        "traits": [],
    }  # fmt: skip
    return with_known_traits(facts)
