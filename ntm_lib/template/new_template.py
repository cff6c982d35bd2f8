"""``make template``: the folder of a new commune, and one workbook to fill in for a year.

Nothing that exists is overwritten. The workbook itself is ``template_workbook``, reading it back
``template_read``.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import yaml

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import schema
from ntm_lib.intake.filled.template_layout import layout
from ntm_lib.intake.messages import N_
from ntm_lib.language import translator
from ntm_lib.places import registry
from ntm_lib.rules import load_commune, load_set
from ntm_lib.rules.communes import trait_names
from ntm_lib.rules.conditions import parse, traits
from ntm_lib.tables import empty
from ntm_lib.template.known_rows import Contents
from ntm_lib.template.workbook import write_workbook
from ntm_lib.text.names import slug as slug_of

YEARS = range(2011, 2100)
HEADED_FILES = ("results", "documents", "notes", "corrections")  # CSV files a folder needs, with their heading only


def write_template(
    slug: str, year: int, rule_set: str, name: str = "", cleaned=None, region: str = "", language: str = "vi"
) -> list[Path]:
    """Writes what is missing in ``data/raw/communes/<slug>`` and the workbook ``bieu-<year>.xlsx``; returns what was written.

    ``name``: name or code of the commune for the registry, where the slug does not say it. ``cleaned``
    (``cleaning.Cleaned``): what is known of the commune, so that nothing is typed twice; None for a new
    one. ``region``: column of the decision, where commune.yml does not say it yet. Raises NtmError for a year or slug that is none, an ambiguous or unknown commune, or a
    workbook that exists already.
    """
    t = translator(language)
    if year not in YEARS:
        raise NtmError(
            t("Năm {year} không hợp lệ. Hãy ghi năm kết quả có bốn chữ số, ví dụ YEAR=2025.").format(year=year)
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise NtmError(
            t(
                "Tên thư mục «{slug}» không hợp lệ: chỉ dùng chữ thường không dấu, số và gạch nối, ví dụ hung-my."
            ).format(slug=slug[:60])
        )
    folder = paths.communes_folder() / slug
    workbook = folder / f"bieu-{year}.xlsx"
    if workbook.exists():
        raise NtmError(
            t(
                "Đã có {file}; mẫu không ghi đè lên số liệu. Nếu cần một tệp mới (ví dụ để lấy lại trang đã xóa): đổi tên tệp đang có, tên nào cũng được đọc, rồi gõ lại lệnh này."
            ).format(file=paths.shown(workbook))
        )
    described = (folder / "commune.yml").is_file()
    written = start_folder(slug, None if described else _unit(slug, year, name, language))
    _fill(
        workbook,
        Contents(
            load_commune(slug, language), year, load_set(rule_set, language), layout(), **_known(cleaned), region=region
        ),
    )
    return [*written, workbook]


def start_folder(slug: str, unit: registry.Unit | None) -> list[Path]:
    """What a commune's folder needs and lacks: commune.yml of what the registry knows of ``unit`` (None: it is there), tables with their heads."""
    folder = paths.communes_folder() / slug
    text = commune_text(unit, slug) if unit else ""
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write(folder / "commune.yml", text)] if text else []
    files = (folder / f"{table}.csv" for table in HEADED_FILES)
    return [*written, *(_write(file, _heading(file.stem)) for file in files if not file.exists())]


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
    known = {"region": regions.pop() if len(regions) == 1 else ""}
    for trait, about in trait_names(paths.rules_folder()).items():
        lines += _trait(trait, about, known.get(trait, ""), province)
    return "\n".join([*lines, *_merged_into(unit)]) + "\n"


_HOW = {"whole": "", "part": " (một phần)", "doubtful": " (một phần, nghi vấn)"}


def to_state(slug: str, rule_set: str, language: str = "vi") -> str:
    """One line for the terminal that asks for what commune.yml leaves open and the rule set depends on; empty where nothing is open."""
    commune, names = load_commune(slug, language), trait_names(paths.rules_folder())
    known = {e["trait"] for e in commune.get("traits") or () if e.get("value") is not None}
    profile = commune.get("profile") if isinstance(commune.get("profile"), Mapping) else {}
    facts = {"villages": N_("số thôn"), "households": N_("số hộ")}
    t = translator(language)
    open_facts = [
        t(label)
        for key, label in facts.items()
        if not isinstance(profile.get(key), Mapping) or profile[key].get("value") is None
    ]
    asked = [*(names[trait]["name"][language] for trait in names if trait in _asked_by(rule_set) - known), *open_facts]
    text = t("Còn phải ghi vào {file} (điều nào biết chắc, kèm nguồn; mức yêu cầu tùy theo đó): {facts}.")
    return (
        text.format(file=paths.shown(paths.communes_folder() / slug / "commune.yml"), facts="; ".join(asked))
        if asked
        else ""
    )


def _asked_by(rule_set: str) -> set[str]:
    """Traits by which the set chooses its column or says whether an indicator applies."""
    rules = load_set(rule_set)
    conditions = [*rules.all_indicators["applies_if"], *(rule.get("when", "") for rule in rules.meta["column_rules"])]
    return {name for text in conditions if text for name in traits(parse(text))} | {
        rule.get("column_from", "") for rule in rules.meta["column_rules"]
    }


def _trait(trait: str, about: Mapping, value: str, province: str) -> Iterator[str]:
    allowed = "; ".join(f"{value}: {names['vi']}" for value, names in (about.get("values") or {}).items()) or "một số"
    yield f"  # {about['name']['vi']} ({allowed})"
    reason = f'"Tỉnh {province} thuộc vùng {about["values"][value]["vi"]}."' if value else "null"
    yield f"  - {{trait: {trait}, value: {value or 'null'}, from: null, to: null, reason: {reason}, source: {'data/raw/rules/regions.yml' if value else 'null'}}}"


def _merged_into(unit: registry.Unit) -> list[str]:
    links = registry.successors(unit.code) if unit.valid_to else []
    if len(links) != 1:
        note = "# Xã bị chia cho: " + ", ".join(link.unit.full_name for link in links) if links else ""
        return [*filter(None, [note]), "merged_into: null"]
    became = links[0].unit
    source = "data/raw/communes/registry.csv"
    entry = {"name": became.name, "date": registry.REORGANISED, "source": source}
    return ["merged_into:", f'  code: "{became.code}"', textwrap.indent(_yaml(entry), "  ")]


def _yaml(facts: Mapping) -> str:
    return yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=200).rstrip()


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


def _unit(slug: str, year: int, name: str, language: str) -> registry.Unit:
    """The commune that the slug (or ``name``) means at the end of the year."""
    try:
        return registry.resolve(name or slug.replace("-", " "), f"{year}-12-31", language)
    except NtmError as refusal:
        hint = translator(language)(
            "Tên thư mục có thể kèm huyện, tỉnh để chỉ rõ xã, ví dụ COMMUNE={slug}-ten-huyen-ten-tinh."
        ).format(slug=slug)
        raise NtmError(f"{refusal.message}\n{hint}") from None


def _heading(table: str) -> str:
    return ",".join(schema.TABLES[table].columns) + "\n"


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def _known(cleaned) -> dict[str, pd.DataFrame]:
    known = {name: getattr(cleaned, name) if cleaned else empty(name) for name in ("observations", "funding")}
    for name in ("villages", "documents"):
        known[name] = getattr(cleaned, name) if cleaned else pd.DataFrame(columns=schema.TABLES[name].columns)
    return known


def _fill(workbook: Path, contents: Contents) -> None:
    """Written beside and moved, so that a failure leaves no half workbook that intake would read."""
    unfinished = workbook.with_suffix(".part")
    write_workbook(unfinished, contents)
    unfinished.replace(workbook)
