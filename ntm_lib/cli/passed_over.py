"""Which communes a command leaves out, and why: a commune that is not judged is told by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from ntm_lib import parameters, paths, yaml_text
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.pipeline.inputs import province_of
from ntm_lib.places import named


@dataclass(frozen=True)
class Chosen:
    """``communes`` of which there is something to do; ``unread``: folder → why it cannot be told what it is."""

    communes: list[str]
    unread: dict[str, str]


def choose(province: str, t: Translate, language: str) -> Chosen:
    """The communes of a province (empty: all). Raises NtmError for a province without any.

    A commune whose description cannot be read, or that names no province, may be one of any province.
    """
    provinces = {commune: province_of(commune) for commune in parameters.communes()}
    unread = {commune: fault for commune in provinces if (fault := fault_of(commune, bool(province), t, language))}
    folder = t("tên thư mục phải gồm chữ thường không dấu, chữ số và dấu gạch nối, và thư mục phải có tệp commune.yml")
    unread |= dict.fromkeys(parameters.other_folders(), folder)
    communes = [commune for commune, own in provinces.items() if commune not in unread and province in ("", own)]
    if province and not communes and province not in provinces.values():
        text = t(
            "PROVINCE: không có xã nào của tỉnh này.\n    Đọc được: {value}\n    Cho phép: {names}\n    Cần làm: chọn một tỉnh trong danh sách"
        )
        names = ", ".join(sorted(set(filter(None, provinces.values()))))
        lost = "\n    " + t("Chưa rõ thuộc tỉnh nào: {names}").format(names=", ".join(unread)) if unread else ""
        raise NtmError(text.format(value=parameters.readable(province), names=names) + lost)
    return Chosen(communes, unread)


def fault_of(commune: str, by_province: bool, t: Translate, language: str) -> str:
    """Why the commune's description cannot be used to choose it; empty where it can."""
    try:
        yaml_text.read(paths.communes_folder() / commune / "commune.yml", language)
    except NtmError as error:
        return error.message
    if by_province and not province_of(commune):
        return t(
            "commune.yml không có mục province_slug, nên không biết xã thuộc tỉnh nào. Cần làm: thêm, ví dụ province_slug: tuyen-quang"
        )
    return ""


def why_no_year(commune: str, wanted: Iterable[int], t: Translate, language: str) -> tuple[str, bool]:
    """Why no year of the commune is judged, and whether that is because its files cannot be read."""
    from ntm_lib.intake.years import trouble, unread_table

    if fault := unread_table(commune, language):
        return fault, True
    if years := parameters.years_with_rows(commune):
        shown = " ".join(map(str, years))
        if wanted:
            return t("không có số liệu của các năm này; có: {years}").format(years=shown), False
        text = t(
            "chỉ có số liệu của năm chưa có bộ tiêu chí: {years}; make report COMMUNE={name} YEAR={year} lập theo bộ gần nhất"
        )
        return text.format(years=shown, name=commune, year=years[-1]), False
    found = trouble(commune, language)
    return (found[0], True) if found else (t("xã chưa có số liệu."), False)


def twins(communes: Iterable[str], t: Translate) -> dict[str, str]:
    """Commune → which other one has its code, though neither went into the other (after 1/7/2025 one may keep the code)."""
    by_code: dict[str, list[str]] = {}
    for commune in communes:
        if code := named.line_of(commune, "code"):
            by_code.setdefault(code, []).append(commune)
    found = {}
    for code, sharing in by_code.items():
        for commune in sharing:
            others = [
                other
                for other in sharing
                if other != commune and bool(named.successor_of(other)) == bool(named.successor_of(commune))
            ]
            if others:
                text = t(
                    'mã {code} trong commune.yml cũng là mã của {others}. Cần làm: sửa mã của xã ghi sai (make communes FIND="tên xã" cho biết mã), hoặc ghi merged_into cho xã đã nhập vào xã kia'
                )
                found[commune] = text.format(code=code, others=", ".join(others[:3]))
    return found
