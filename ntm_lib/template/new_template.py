"""``make template``: the folder of a new commune, and one workbook to fill in for a year.

Nothing that exists is overwritten. The workbook itself is ``workbook``, reading it back
``template_read``.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import schema
from ntm_lib.intake.filled.template_layout import layout
from ntm_lib.intake.schema import N_
from ntm_lib.language import translator
from ntm_lib.places import registry
from ntm_lib.places.described import commune_text
from ntm_lib.rules import load_commune, load_set
from ntm_lib.rules.columns import parse, traits
from ntm_lib.rules.communes import trait_names
from ntm_lib.tables import empty
from ntm_lib.template.known_rows import Contents
from ntm_lib.template.workbook import write_workbook

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
