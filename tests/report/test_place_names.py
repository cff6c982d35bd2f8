"""Every unit of the register is called what it is: xã, thị trấn, phường; huyện, quận, thị xã; tỉnh, thành phố."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.language import translator
from ntm_lib.places import registry
from ntm_lib.report.papers.form import LAST_DAY_OF_DISTRICTS, commune_kind, named, upper_kinds

DISTRICTS = [unit for unit in registry.units() if unit.district and unit.kind in ("xã", "thị trấn", "phường")]


def bare(full: str) -> tuple[str, str]:
    """(kind, name) of ``Thành phố Hồ Chí Minh``."""
    kind = next(
        kind
        for kind in ("Thành phố", "Thị xã", "Huyện", "Quận", "Tỉnh")
        if full.casefold().startswith(f"{kind} ".casefold())
    )
    return kind.lower(), full[len(kind) + 1 :]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DISTRICTS))
def test_kinds_are_those_of_the_register(unit):
    (district_kind, district), (province_kind, province) = bare(unit.district), bare(unit.province)
    commune = {"code": unit.code, "name": unit.name, "district": district, "province": province}
    assert commune_kind(commune, LAST_DAY_OF_DISTRICTS) == unit.kind
    assert upper_kinds(commune) == (district_kind, province_kind)
    names = [
        named(translator("vi"), kind, name)
        for kind, name in ((unit.kind, unit.name), (district_kind, district), (province_kind, province))
    ]
    assert ", ".join(names).casefold() == unit.full_name.casefold()  # the register writes Thành Phố too


def test_a_unit_that_the_register_does_not_know_has_the_usual_kinds():
    assert (commune_kind({"code": "99999"}, "2024-12-31"), upper_kinds({"code": "99999"})) == ("xã", ("huyện", "tỉnh"))
