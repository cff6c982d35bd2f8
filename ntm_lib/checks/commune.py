"""What commune.yml says of the commune against the registry: its code, name and province, and the region that chooses its thresholds."""

from collections.abc import Iterable

from ntm_lib import paths, yaml_text
from ntm_lib.checks.common import Context, problem
from ntm_lib.places import registry
from ntm_lib.problems import Finding, Given, both, listed
from ntm_lib.rules import trait
from ntm_lib.rules.communes import trait_names
from ntm_lib.rules.files import SLUG, read_yaml
from ntm_lib.text.names import bare_key


def check_commune_file(context: Context) -> Iterable[Finding]:
    """The code is one of the registry's and of this name and province; ``code_note`` says why where it is not."""
    commune = context.commune
    code, name, province = (str(commune.get(key) or "") for key in ("code", "name", "province"))
    code, name, province = (str(commune.get(key) or "") for key in ("code", "name", "province"))
    units = registry.of_code(code) if code else []
    if not code or commune.get("code_note") or not (paths.communes_folder() / "registry.csv").is_file():
        return
    if not units:
        yield _finding(context, "commune-code/unknown", "code", code=code, name=name)
    elif bare_key(name) not in {bare_key(unit.name) for unit in units}:
        of = listed(unit.full_name for unit in units)
        yield _finding(context, "commune-code/other", "code", code=code, units=of, name=name)
    elif not any(bare_key(province) in bare_key(unit.province) for unit in units):
        of = listed(unit.province for unit in units)
        yield _finding(context, "commune-province", "province", code=code, units=of, province=province)


def check_region(context: Context) -> Iterable[Finding]:
    """The region in force is that of the commune's province (``rules/regions.yml``): by it the thresholds are chosen."""
    commune = context.commune
    stated = {
        value for day in ("2021-12-31", "2024-12-31", "2026-12-31") if (value := trait(dict(commune), "region", day))
    }
    regions = regions_of(str(commune.get("code") or ""))
    if stated and regions and not stated <= regions:
        names = trait_names(paths.rules_folder())["region"]["values"]
        shown = [
            listed(both(names[code]["vi"], names[code]["en"]) for code in sorted(codes)) for codes in (stated, regions)
        ]
        allowed = ", ".join(sorted(regions))
        yield _finding(context, "commune-region", "traits", stated=shown[0], regions=shown[1], allowed=allowed)


def regions_of(code: str) -> set[str]:
    """Regions of the provinces in which units of this code lie; a unit of today lies where those it was made of lay."""
    path = paths.rules_folder() / "regions.yml"
    if not code or not path.is_file():
        return set()
    units = registry.of_code(code)
    before = [unit for unit in units if unit.valid_to] or [
        link.unit for unit in units for link in registry.predecessors(unit.code)
    ]
    return {
        region for region, provinces in read_yaml(path).items() for unit in before if unit.province_code in provinces
    }


def _finding(context: Context, case: str, key: str, /, **fields: Given) -> Finding:
    slug = str(context.commune.get("slug") or "")
    path = paths.communes_folder() / slug / "commune.yml"
    entry = yaml_text.read(path, context.language).at(key) if SLUG.fullmatch(slug) and path.is_file() else None
    place = {
        "file": f"communes/{slug}/commune.yml",
        "row": str(entry.line if entry else ""),
        "column": key,
        "text": (entry.text if entry else "") or "",
    }
    return problem(case, at={"key": f"{slug}-{key}", **place}, **fields)
