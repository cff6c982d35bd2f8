"""The parameters of a run: read as text, typed and checked before anything is started.

Knows names, forms and what exists; what a scenario does, or what a rule means, is for other
modules. Imports only the standard library and yaml, so that a wrong parameter is told at once.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ntm_lib import existing, paths, yaml_text
from ntm_lib.errors import SHOWN, NtmError, nearest, readable
from ntm_lib.existing import (  # fmt: skip
    SLUG,
    communes,
    default_rule_set,
    national_sets,
    nearest_set,
    other_folders,
    regions,
    rule_set_meta,
    rule_sets,
    scenarios,
    years_judged,
    years_with_rows,
)
from ntm_lib.intake import years
from ntm_lib.intake.raw import under_another_name
from ntm_lib.language import LANGUAGES, translator
from ntm_lib.places import named

YEAR = re.compile(r"[0-9]{4}")
MONTH = re.compile(r"0?[1-9]|1[0-2]")
# 10=47 · 17.8a=1276/1413 · 10.1=44,5 · 11+=3 · 7=met. What the values mean is for judge.override.
_NUMBER = r"[+-]?[0-9]+([.,][0-9]+)?"
CHANGE = re.compile(
    rf"[0-9]{{1,2}}(\.[0-9]{{1,2}})?([a-z][a-z0-9]*(\.[a-z0-9]+)*)?\+?=({_NUMBER}(/{_NUMBER})?%?|[^\W\d_][\w-]*)"
)
__all__ = [
    "SLUG", "Parameters", "check", "check_rules", "communes", "default_rule_set", "national_sets", "nearest", "other_folders", "regions",
    "rule_set_meta", "rule_sets", "scenarios", "years_judged", "years_with_rows",
]  # fmt: skip
LONGEST = 100  # letters of a folder's name

OF_LAST_NOTEBOOK = ("month", "compared")  # parameters that the notebooks before the last do not have


@dataclass(frozen=True)
class Parameters:
    """What one run is made from. Empty ``region``: by the traits of the commune.

    ``scenario`` is empty, the name of a scenario file, changes such as ``10=47 11=150/1413``, or
    a name followed by changes. ``strict`` refuses to judge by rules that nobody has verified.

    A run with a ``month`` makes the report of that month; one with ``compared`` (names of scenario
    files, joined by commas) sets these scenarios beside the present.
    """

    commune: str
    year: int
    rule_set: str
    region: str = ""
    scenario: str = ""
    language: str = "vi"
    strict: bool = False
    month: int = 0
    compared: str = ""

    @property
    def scenario_name(self) -> str:
        """Name of the scenario file, or empty."""
        first = self.scenario.partition(" ")[0]
        return "" if "=" in first else first

    @property
    def scenario_names(self) -> list[str]:
        """Names of all scenario files that the run reads."""
        return list(filter(None, [self.scenario_name, *self.compared.split(",")]))

    @property
    def changes(self) -> dict[str, str]:
        """Target → value of the changes written out in ``scenario``."""
        return dict(word.split("=", 1) for word in self.scenario.split() if "=" in word)

    @property
    def run_name(self) -> str:
        """``hung-my/2024``, with what differs from the default behind the year: ``hung-my/2024-en``.

        The scenario stands last, since its name is free: no other part can be taken for it.
        """
        parts = [str(self.year)]
        if self.month:
            parts.append(f"thang-{self.month:02}")
        if self.rule_set != default_rule_set(self.year):
            parts.append(self.rule_set)
        if self.region:
            parts.append("vung-" + self.region)
        if self.strict:
            parts.append("chat-che")
        if self.language != "vi":
            parts.append(self.language)
        if self.scenario:
            parts.append("kich-ban-" + _scenario_slug(self))
        variant = "-".join(parts)
        if self.compared:  # + and . stand in no name: no other run has the same folder
            return f"{self.commune}/kich-ban-{self.compared.replace(',', '+')}.{variant}"
        return f"{self.commune}/{variant}"

    def for_notebooks(self) -> dict[str, str | int | bool]:
        """Name → value for the cell that papermill injects: plain text, whole number, yes or no.

        ``month`` and ``compared`` only where they are given: most notebooks know nothing of them.
        """
        return {name: value for name, value in asdict(self).items() if value or name not in OF_LAST_NOTEBOOK}


def _scenario_slug(parameters: Parameters) -> str:
    if not parameters.changes:
        return parameters.scenario_name
    readable = re.sub(r"[^a-z0-9]+", "-", parameters.scenario)
    # 10=4.7 and 10=4/7 read alike once they are a folder's name.
    return f"{readable}-{hashlib.sha256(parameters.scenario.encode()).hexdigest()[:6]}"


def check(values: Mapping[str, str], comparing: bool = False) -> Parameters:
    """The parameters that ``values`` (COMMUNE, YEAR, MONTH, RULES, REGION, SCENARIO, SET, LANGUAGE, STRICT) mean.

    ``comparing``: SCENARIO names scenarios to be set side by side, joined by commas.
    Raises NtmError with every problem at once, in the language asked for.
    """
    given = {name: value.strip() for name, value in values.items()}
    checking = _Checking(given)
    commune = checking.commune()
    year = checking.year(commune)
    rule_set = checking.rule_set(year, nearest=True)
    parameters = Parameters(
        commune=commune,
        year=year or 0,
        rule_set=rule_set,
        region=checking.region(rule_set),
        scenario="" if comparing else checking.scenario(commune),
        language=checking.word("LANGUAGE", LANGUAGES) or "vi",
        strict=checking.word("STRICT", ("0", "1")) == "1",
        month=checking.month(),
        compared=checking.compared(commune) if comparing else "",
    )
    if checking.problems:
        raise NtmError("\n\n".join(checking.problems))
    return parameters


def check_forms(values: Mapping[str, str]) -> Parameters:
    """The parameters of forms to fill in: as ``check``, but of a year of which nothing needs to be known yet."""
    given = {name: value.strip() for name, value in values.items()}
    checking = _Checking(given)
    commune, month = checking.commune(), checking.month()
    year = checking.year("") or max(years_judged(commune) if commune else (), default=0)
    if commune and not year and not checking.problems:
        fault, action = checking.t("chưa biết phiếu của năm nào."), checking.t("nêu năm, ví dụ YEAR=2025")
        checking.problem("YEAR", fault, [], action)
    rule_set = checking.rule_set(year, nearest=True)
    language = checking.word("LANGUAGE", LANGUAGES) or "vi"
    if checking.problems:
        raise NtmError("\n\n".join(checking.problems))
    return Parameters(commune, year, rule_set, language=language, month=month)


def check_rules(values: Mapping[str, str]) -> tuple[str, int, str, str]:
    """Rule set, year, column and language that ``values`` mean where no commune is asked for.

    Without YEAR the last year of the set; without RULES the basic set of the year, or the first there is.
    Raises NtmError with every problem at once.
    """
    given = {name: value.strip() for name, value in values.items()}
    checking = _Checking(given)
    year = checking.year("")
    rule_set = checking.rule_set(year) or ("" if checking.problems else national_sets()[0])
    region, language = checking.region(rule_set), checking.word("LANGUAGE", LANGUAGES) or "vi"
    if checking.problems:
        raise NtmError("\n\n".join(checking.problems))
    return rule_set, year or rule_set_meta(rule_set)["years"][1], region, language


class _Checking:
    """Checks parameter after parameter and gathers the problems, so that all are told at once."""

    def __init__(self, given: Mapping[str, str]):
        language = given.get("LANGUAGE") or "vi"
        language = language if language in LANGUAGES else "vi"
        self.given = given
        self.t = translator(language)
        self.language = language
        self.problems: list[str] = []

    def problem(self, name: str, fault: str, allowed: list[str], action: str) -> None:
        t, value = self.t, self.given.get(name, "")
        lines = [f"{name}: {fault}"]
        if value:
            lines.append(t("Đọc được: {value}").format(value=readable(value)))
        if not value.isdigit() and (near := nearest(value, allowed)):
            lines.append(t("Gần giống: {names}").format(names=", ".join(near)))
        if allowed:
            names = ", ".join(allowed[:SHOWN])
            if len(allowed) > SHOWN:
                names = t("{names} và {count} tên khác").format(names=names, count=len(allowed) - SHOWN)
            lines.append(t("Cho phép: {names}").format(names=names))
        lines.append(t("Cần làm: {action}").format(action=action))
        self.problems.append("\n    ".join(lines))

    def commune(self) -> str:
        t, value = self.t, self.given.get("COMMUNE", "")
        is_slug = bool(SLUG.fullmatch(value)) and len(value) <= LONGEST
        if is_slug and (paths.communes_folder() / value / "commune.yml").is_file():
            return self._described(value)  # without listing the thousands that there may be
        known = communes()
        alike = [name for name in known if SLUG.fullmatch(value) and name.startswith(value + "-")]
        meant = named.communes_named(value, known) if value and not alike else []
        if len(meant) == 1:
            return self._described(meant[0])
        alike = alike or meant
        if 0 < len(value) <= LONGEST and named.formed_units(value):
            from ntm_lib.places.described import form_merged  # slow to load

            if formed := form_merged(value, alike, self.language):
                return formed
        if not value:
            self.problem("COMMUNE", t("chưa nêu xã."), known, t("thêm tên xã, ví dụ make report COMMUNE=hung-my"))
        elif len(alike) > 1:
            self.problem("COMMUNE", t("nhiều xã có tên này."), alike, self._ways_to_name(alike))
        elif not SLUG.fullmatch(value):
            fault = t("tên xã chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối.")
            self.problem("COMMUNE", fault, known, t("viết lại, ví dụ COMMUNE=hung-my"))
        elif wrong := under_another_name(paths.communes_folder() / value, "commune.yml", self.language):
            self.problems.append(f"COMMUNE: {wrong.message}")
        else:
            action = t("sửa tên xã, hoặc tạo thư mục cho xã (cả xã mới sau 1/7/2025) bằng lệnh make template {words}")
            fault = t("không có xã này trong data/raw/communes.")
            self.problem("COMMUNE", fault, known, action.format(words=_template_words(value)))
        return ""

    def _described(self, slug: str) -> str:
        """The commune, or nothing where its description cannot be read, which no run can do without."""
        try:
            yaml_text.read(paths.communes_folder() / slug / "commune.yml", self.language)
        except NtmError as error:
            self.problems.append(f"COMMUNE: {error.message}")
            return ""
        return slug

    def _ways_to_name(self, slugs: list[str]) -> str:
        """How to say which of several communes of one name is meant."""
        codes = {slug: named.line_of(slug, "code") for slug in slugs[:SHOWN]}
        own = [
            f"COMMUNE={code} ({slug})" for slug, code in codes.items() if code and list(codes.values()).count(code) == 1
        ]
        way = self.t("nêu tên thư mục của đúng một xã, ví dụ COMMUNE={name}").format(name=slugs[0])
        return way + (self.t(", hoặc mã của xã: {codes}").format(codes=", ".join(own)) if own else "")

    def year(self, commune: str) -> int | None:
        """The year asked for, or the latest that there are rules for. Without a commune only its form can be checked."""
        t, value = self.t, self.given.get("YEAR", "")
        known = [str(year) for year in years_with_rows(commune)] if commune else []
        undated = bool(commune) and named.has_undated_workbook(commune)
        if value and not YEAR.fullmatch(value):
            self.problem("YEAR", t("năm viết bằng bốn chữ số."), known, t("viết lại, ví dụ YEAR=2024"))
        elif commune and not known and not (undated and value):
            fault, action = self._without_year(commune)
            self.problem("YEAR", fault, [], action)
        elif (
            value
            and commune
            and not undated
            and value not in known
            and int(value) not in existing.further_years(commune)
        ):
            self.problem(
                "YEAR",
                self._why_not_this_year(commune),
                known,
                t("chọn một năm có số liệu, hoặc nhập số liệu năm này vào results.csv hoặc plan.csv của xã"),
            )
        elif value:
            return int(value)
        elif known:
            return max(years_judged(commune), default=int(known[-1]))
        return None

    def _without_year(self, commune: str) -> tuple[str, str]:
        """Why no year of the commune is known, and what to do."""
        t = self.t
        if not (found := years.trouble(commune, self.language)):
            return t("xã chưa có số liệu."), t("nhập kết quả hoặc kế hoạch vào data/raw/communes/{name}").format(
                name=commune
            )
        return t("chưa biết xã có số liệu của năm nào. {fault}").format(fault=found[0]), found[1]

    def _why_not_this_year(self, commune: str) -> str:
        if years.in_files(commune):
            return self.t("xã không có số liệu của năm này.")
        return self.t("xã không có số liệu của năm này, hoặc số liệu nằm trong tệp chưa đọc được: {fault}").format(
            fault=self._without_year(commune)[0]
        )

    def rule_set(self, year: int | None, nearest: bool = False) -> str:
        """The set asked for, or that of the year; ``nearest``: where there is none, the nearest, which the report says."""
        t, value, known = self.t, self.given.get("RULES", ""), rule_sets()
        if value in known:
            return value
        if value:
            fault = t("không có bộ tiêu chí này trong data/raw/rules.")
            self.problem("RULES", fault, known, t("chọn một bộ tiêu chí trong danh sách"))
        elif year and not (default := default_rule_set(year)):
            if nearest and national_sets():
                return nearest_set(year)
            fault = t("không có bộ tiêu chí nào áp dụng cho năm {year}.").format(year=year)
            self.problem("RULES", fault, known, t("nêu bộ tiêu chí, ví dụ RULES=ntm-2021-2025"))
        elif year:
            return default
        return ""

    def region(self, rule_set: str) -> str:
        t, value = self.t, self.given.get("REGION", "")
        known = regions(rule_set) if rule_set else []
        if value and rule_set and value not in known:
            fault = t("bộ tiêu chí {rule_set} không có cột này.").format(rule_set=rule_set)
            action = t("chọn một cột trong danh sách, hoặc bỏ REGION để lấy theo đặc điểm của xã")
            self.problem("REGION", fault, known, action)
        return value

    def scenario(self, commune: str) -> str:
        t, name = self.t, self.given.get("SCENARIO", "")
        known = scenarios(commune) if commune else []
        if name and (not SLUG.fullmatch(name) or (commune and name not in known)):
            action = t("chọn một kịch bản trong danh sách, hoặc thêm tệp vào thư mục scenarios của xã")
            self.problem("SCENARIO", t("xã không có kịch bản này."), known, action)
        return " ".join([name, *self._changes()]).strip()

    def compared(self, commune: str) -> str:
        t, text = self.t, self.given.get("SCENARIO", "")
        names = [name.strip() for name in text.split(",")] if text else []
        known = scenarios(commune) if commune else []
        wrong = [name for name in names if not SLUG.fullmatch(name) or (commune and name not in known)]
        action = t("nêu các kịch bản cách nhau bằng dấu phẩy, ví dụ SCENARIO={example}").format(
            example=",".join(known[:2]) or "cao,thap"
        )
        if not names:
            self.problem("SCENARIO", t("chưa nêu kịch bản nào để so sánh."), known, action)
        elif wrong:
            self.problem(
                "SCENARIO", t("xã không có kịch bản: {names}.").format(names=readable(", ".join(wrong))), known, action
            )
        elif len(set(names)) < len(names):
            self.problem("SCENARIO", t("một kịch bản được nêu hai lần."), known, action)
        return ",".join(names)

    def month(self) -> int:
        value = self.given.get("MONTH", "")
        if value and not MONTH.fullmatch(value):
            self.problem("MONTH", self.t("tháng viết bằng số từ 1 đến 12."), [], self.t("viết lại, ví dụ MONTH=9"))
            return 0
        return int(value or 0)

    def _changes(self) -> list[str]:
        """The changes of SET, in the order of the indicators: the order typed makes no difference to the run."""
        t, words = self.t, self.given.get("SET", "").split()
        wrong = [word for word in words if not CHANGE.fullmatch(word)]
        targets = [word.partition("=")[0].removesuffix("+") for word in words]
        action = t('viết chỉ tiêu=giá trị, cách nhau bằng dấu cách, ví dụ SET="10=47 11=150/1413"')
        if wrong:
            fault = t("không hiểu: {words}.").format(words=readable(" ".join(wrong)))
            self.problem("SET", fault, [], action)
        elif len(set(targets)) < len(targets):
            self.problem("SET", t("một chỉ tiêu được đặt hai lần."), [], action)
        return sorted(words, key=_change_order)

    def word(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.given.get(name, "")
        if value and value not in allowed:
            self.problem(name, self.t("giá trị không đúng."), list(allowed), self.t("chọn một giá trị trong danh sách"))
        return value


def _template_words(value: str) -> str:
    """What makes the folder of a commune that has none: by its name, or by the name that the registry gives a code."""
    if not named.CODE.fullmatch(value):
        return f"COMMUNE={readable(value)}"
    from ntm_lib.places import registry
    from ntm_lib.text.names import slug

    units = registry.of_code(value)
    return f"COMMUNE={slug(units[-1].name)} NAME={value}" if units else f"COMMUNE=ten-xa NAME={value}"


def _change_order(word: str) -> list[tuple[int, int | str]]:
    """Numbers by value, so that 9 comes before 10 and 17.8a before 17.8b."""
    return [(0, int(piece)) if piece.isdigit() else (1, piece) for piece in re.findall(r"[0-9]+|[a-z]+", word)]
