"""What commune.yml says of the commune against the registry: its code, name and province, and the region that chooses its thresholds."""

from collections.abc import Iterable

from ntm_lib import paths, yaml_text
from ntm_lib.checks.common import Context, Finding, finding, listed
from ntm_lib.places import registry
from ntm_lib.rules import trait
from ntm_lib.rules.communes import trait_names
from ntm_lib.rules.files import SLUG, read_yaml
from ntm_lib.text.names import bare_key


def check_commune_file(context: Context) -> Iterable[Finding]:
    """The code is one of the registry's and of this name and province; ``code_note`` says why where it is not."""
    t, commune = context.t, context.commune
    code, name, province = (str(commune.get(key) or "") for key in ("code", "name", "province"))
    units = registry.of_code(code) if code else []
    if not code or commune.get("code_note") or not (paths.communes_folder() / "registry.csv").is_file():
        return
    find = t(
        'Tra mã bằng make communes FIND="{name}" rồi sửa commune.yml; nếu mã đúng mà danh mục chưa có (xã đã sáp nhập trước 30/6/2025), ghi lý do vào mục code_note.'
    ).format(name=name)
    if not units:
        yield _finding(
            context,
            "commune-code",
            "warning",
            t("Mã xã {code} không có trong danh mục hành chính.").format(code=code),
            find,
            "code",
        )
    elif bare_key(name) not in {bare_key(unit.name) for unit in units}:
        text = t("Mã xã {code} trong danh mục là của {units}, không phải của {name}.")
        yield _finding(
            context,
            "commune-code",
            "warning",
            text.format(code=code, units=listed(unit.full_name for unit in units), name=name),
            find,
            "code",
        )
    elif not any(bare_key(province) in bare_key(unit.province) for unit in units):
        text = t("Mã xã {code} trong danh mục thuộc {units}, commune.yml ghi tỉnh {province}.")
        provinces = listed(unit.province for unit in units)
        yield _finding(
            context,
            "commune-province",
            "warning",
            text.format(code=code, units=provinces, province=province),
            t("Sửa mục province và province_slug, hoặc sửa mã."),
            "province",
        )


def check_region(context: Context) -> Iterable[Finding]:
    """The region in force is that of the commune's province (``rules/regions.yml``): by it the thresholds are chosen."""
    t, commune = context.t, context.commune
    stated = {
        value for day in ("2021-12-31", "2024-12-31", "2026-12-31") if (value := trait(dict(commune), "region", day))
    }
    regions = regions_of(str(commune.get("code") or ""))
    if stated and regions and not stated <= regions:
        names = trait_names(paths.rules_folder())["region"]["values"]
        text = t(
            "Vùng trong commune.yml là {stated}, nhưng tỉnh của xã thuộc {regions}; mức chuẩn của hai vùng khác nhau."
        )
        shown = [listed(names[code][context.language] for code in sorted(codes)) for codes in (stated, regions)]
        action = t("Sửa giá trị của đặc điểm region trong commune.yml (được phép: {allowed}), hoặc sửa mã xã.").format(
            allowed=", ".join(sorted(regions))
        )
        yield _finding(
            context, "commune-region", "error", text.format(stated=shown[0], regions=shown[1]), action, "traits"
        )


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


def _finding(context: Context, code: str, severity: str, message: str, action: str, key: str) -> Finding:
    slug = str(context.commune.get("slug") or "")
    path = paths.communes_folder() / slug / "commune.yml"
    entry = yaml_text.read(path, context.language).at(key) if SLUG.fullmatch(slug) and path.is_file() else None
    place = {
        "file": f"communes/{slug}/commune.yml",
        "row": str(entry.line if entry else ""),
        "column": key,
        "text": (entry.text if entry else "") or "",
    }
    return finding(code, severity, message, action, key=f"{slug}-{key}", **place)
