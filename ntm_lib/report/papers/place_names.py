"""Names of the units that a paper speaks of, each with its kind (xã, thị trấn, phường; huyện, quận …) as the register has it.

The names are those of commune.yml; of a unit that the register does not know, the kind is the usual one.
"""

from ntm_lib import paths
from ntm_lib.language import Translate
from ntm_lib.places import registry
from ntm_lib.report.context import Report

LAST_DAY_OF_DISTRICTS = "2025-06-30"


def commune_kind(commune: dict, day: str) -> str:
    """``xã``, ``thị trấn``, ``phường``, ``đặc khu`` of the unit with the code of ``commune``, on an ISO date."""
    unit = _unit(commune, day) or _unit(commune, LAST_DAY_OF_DISTRICTS)
    return unit.kind if unit else commune.get("kind") or "xã"


def upper_kinds(commune: dict) -> tuple[str, str]:
    """Kinds of district and province: ``("huyện", "thành phố")``."""
    unit = _unit(commune, LAST_DAY_OF_DISTRICTS)
    district, province = (unit.district, unit.province) if unit else ("", "")
    return _kind(district, str(commune.get("district") or "")) or "huyện", _kind(
        province, str(commune.get("province") or "")
    ) or "tỉnh"


def _unit(commune: dict, day: str) -> registry.Unit | None:
    """The unit of the register, which an earlier state of the data may not have held yet."""
    known = (paths.communes_folder() / "registry.csv").is_file()
    return registry.at(str(commune.get("code") or ""), day) if known else None


def _kind(full: str, name: str) -> str:
    """``Thành phố Hồ Chí Minh`` less ``Hồ Chí Minh``; empty where it does not end so."""
    return full.removesuffix(name).strip().lower() if name and full.endswith(name) else ""


def named(t: Translate, kind: str, name: str) -> str:
    """``xã Hùng Mỹ``, ``thành phố Hồ Chí Minh``."""
    forms = {
        "xã": t("xã {name}"), "phường": t("phường {name}"), "thị trấn": t("thị trấn {name}"), "đặc khu": t("đặc khu {name}"), "huyện": t("huyện {name}"),
        "quận": t("quận {name}"), "thị xã": t("thị xã {name}"), "thành phố": t("thành phố {name}"), "tỉnh": t("tỉnh {name}"),
    }  # fmt: skip
    return forms[kind].format(name=name)


def commune_name(report: Report, day: str) -> str:
    """``xã Hùng Mỹ`` of the report's own commune."""
    return named(report.t, commune_kind(report.commune, day), report.commune["name"])


def district_name(report: Report) -> str:
    """``huyện Chiêm Hóa``; empty for a commune without one."""
    name = report.commune.get("district")
    return named(report.t, upper_kinds(report.commune)[0], name) if name else ""


def province_name(report: Report) -> str:
    """``tỉnh Tuyên Quang``, ``thành phố Hồ Chí Minh``."""
    return named(report.t, upper_kinds(report.commune)[1], report.commune["province"])
