"""What commune.yml says of the commune against the registry: its code, name and province, and the region that chooses its thresholds."""

from collections.abc import Iterable

from ntm_lib import paths, yaml_text
from ntm_lib.checks.common import Context, problem
from ntm_lib.judge.recognition import held, recognitions
from ntm_lib.language import date
from ntm_lib.places import registry
from ntm_lib.places.described import inherited
from ntm_lib.problems import Field, Finding, Given, both, listed, number
from ntm_lib.rules import trait
from ntm_lib.rules.communes import facts, trait_names
from ntm_lib.rules.files import SLUG
from ntm_lib.tables import records
from ntm_lib.text.names import bare_key, slug


def check_commune_file(context: Context) -> Iterable[Finding]:
    """The code is one of the registry's and of this name and province, and the province's rules are those of its name."""
    found = list(_against_registry(context))
    yield from found
    chosen, province = (str(context.commune.get(key) or "") for key in ("province_slug", "province"))
    if not found and chosen and province and slug(province) != chosen:
        right = slug(province)
        yield _finding(context, "commune-province/slug", "province_slug", chosen=chosen, province=province, right=right)


def _against_registry(context: Context) -> Iterable[Finding]:
    """What the registry says otherwise; ``code_note`` says why where a code is not in it."""
    commune = context.commune
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
    regions = registry.regions_of(registry.of_code(str(commune.get("code") or "")))
    if stated and regions and not stated <= regions:
        names = trait_names(paths.rules_folder())["region"]["values"]
        shown = [
            listed(both(names[code]["vi"], names[code]["en"]) for code in sorted(codes)) for codes in (stated, regions)
        ]
        allowed = ", ".join(sorted(regions))
        yield _finding(context, "commune-region", "traits", stated=shown[0], regions=shown[1], allowed=allowed)


def check_profile(context: Context) -> Iterable[Finding]:
    """A commune has no fewer people than households, and no fewer households than villages."""
    for fewer, more in (("population", "households"), ("households", "villages")):
        counts = [
            {
                int(f["year"]): int(f["value"])
                for f in facts(dict(context.commune), name)
                if f.get("value") and f.get("year")
            }
            for name in (fewer, more)
        ]
        for year in sorted(counts[0].keys() & counts[1].keys()):
            if counts[0][year] < counts[1][year]:
                fields = {"year": str(year), "fewer": number(counts[0][year]), "more": number(counts[1][year])}
                yield _finding(context, f"commune-profile/{fewer}", "profile", **fields)


def check_inherited_traits(context: Context) -> Iterable[Finding]:
    """Traits that a merged commune does not inherit, because those it was formed from differ or are not known."""
    code, is_old = str(context.commune.get("code") or ""), bool(context.commune.get("district_code"))
    if is_old or context.commune.get("merged_into") or not (paths.communes_folder() / "registry.csv").is_file():
        return
    unit = registry.at(code, registry.REORGANISED)
    if unit is None or unit.name != context.commune.get("name"):
        return
    names = trait_names(paths.rules_folder())
    for name, values in inherited(unit)[1].items():
        if trait(dict(context.commune), name, registry.REORGANISED) is None:
            label = both(names[name]["name"]["vi"], names[name]["name"]["en"])
            yield _finding(context, "traits-differ", f"traits/{name}", trait=label, values=values)


def check_trait_ended_by_recognition(context: Context) -> Iterable[Finding]:
    """A trait that ends with recognition (``ends_with_recognition`` of ``rules/traits.yml``: areas II and III) is not still stated of a
    commune that is recognised: by it an easier column may be used.
    """
    cleaned = context.cleaned
    year = context.year or max(cleaned.observations["year"], default=0)
    day = f"{year}-12-31"
    known = held(records(recognitions(cleaned.observations, cleaned.decisions)), year)
    first = min((row["date"] for row in known.values()), default="")
    if not first:
        return
    names = trait_names(paths.rules_folder())
    ending = {name: entry["ends_with_recognition"] for name, entry in names.items() if "ends_with_recognition" in entry}
    for name, rule in ending.items():
        value = trait(dict(context.commune), name, day)
        if value in rule["values"] and str(rule["from"]) <= day:
            label = both(names[name]["values"][value]["vi"], names[name]["values"][value]["en"])
            fields = {"area": label, "since": _date(first), "day": _date(day), "document": rule["document"]}
            yield _finding(context, "trait-ended", "traits", **fields)


def _date(iso: str) -> Field:
    return both(date(iso, "vi"), date(iso, "en"))


def _finding(context: Context, case: str, key: str, /, **fields: Given) -> Finding:
    folder = str(context.commune.get("slug") or "")
    path = paths.communes_folder() / folder / "commune.yml"
    entry = yaml_text.read(path, context.language).at(key) if SLUG.fullmatch(folder) and path.is_file() else None
    place = {
        "file": f"communes/{folder}/commune.yml",
        "row": str(entry.line if entry else ""),
        "column": key,
        "text": (entry.text if entry else "") or "",
    }
    return problem(case, at={"key": f"{folder}-{key}", **place}, **fields)
