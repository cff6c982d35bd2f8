"""The parameters of a run: read as text, typed and checked before anything is started.

Knows names, forms and what exists; what a scenario does, or what a rule means, is for other
modules. Imports only the standard library and yaml, so that a wrong parameter is told at once.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import yaml

from ntm_lib import named, paths
from ntm_lib.errors import NtmError
from ntm_lib.language import LANGUAGES, Translate, translator

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
YEAR = re.compile(r"[0-9]{4}")
MONTH = re.compile(r"0?[1-9]|1[0-2]")
# 10=47 · 17.8a=1276/1413 · 10.1=44,5 · 11+=3 · 7=met. What the values mean is for status.assumption.
_NUMBER = r"[+-]?[0-9]+([.,][0-9]+)?"
CHANGE = re.compile(rf"[0-9]{{1,2}}(\.[0-9]{{1,2}})?([a-z][a-z0-9]*(\.[a-z0-9]+)*)?\+?=({_NUMBER}(/{_NUMBER})?%?|[^\W\d_][\w-]*)")
NATIONAL = re.compile(r"ntm-[0-9]{4}-[0-9]{4}")  # the basic set, not the advanced or the model one
SHOWN = 12  # names listed in a message; a province has hundreds of communes

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
    language = given.get("LANGUAGE") or "vi"
    checking = _Checking(given, translator(language if language in LANGUAGES else "vi"))
    commune = checking.commune()
    year = checking.year(commune)
    rule_set = checking.rule_set(year)
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


def check_rules(values: Mapping[str, str]) -> tuple[str, int, str, str]:
    """Rule set, year, column and language that ``values`` mean where no commune is asked for.

    Without YEAR the last year of the set; without RULES the basic set of the year, or the first there is.
    Raises NtmError with every problem at once.
    """
    given = {name: value.strip() for name, value in values.items()}
    language = given.get("LANGUAGE") or "vi"
    checking = _Checking(given, translator(language if language in LANGUAGES else "vi"))
    year = checking.year("")
    rule_set = checking.rule_set(year) or ("" if checking.problems else national_sets()[0])
    region, language = checking.region(rule_set), checking.word("LANGUAGE", LANGUAGES) or "vi"
    if checking.problems:
        raise NtmError("\n\n".join(checking.problems))
    return rule_set, year or rule_set_meta(rule_set)["years"][1], region, language


# What exists


def communes() -> list[str]:
    """Slugs of the communes that have a folder with raw data."""
    folder = paths.communes_folder()
    return sorted(path.parent.name for path in folder.glob("*/commune.yml") if SLUG.fullmatch(path.parent.name))


def years_with_rows(commune: str) -> list[int]:
    """Years for which ``results.csv`` or ``plan.csv`` of the commune has rows; where neither has, those of its workbooks."""
    return named.years_in_tables(commune) or named.workbook_years(commune)


def years_judged(commune: str) -> list[int]:
    """Of these the years that a basic rule set covers. Press reports reach further back than our rules."""
    return [year for year in years_with_rows(commune) if default_rule_set(year)]


def rule_sets() -> list[str]:
    """Ids of the rule sets that have a folder."""
    folder = str(paths.rules_folder())
    if not os.path.isdir(folder):
        return []
    return sorted(name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name, "set.yml")))


def national_sets() -> list[str]:
    """The basic sets, by which a commune is judged unless another is asked for."""
    return [rule_set for rule_set in rule_sets() if NATIONAL.fullmatch(rule_set)]


def rule_set_meta(rule_set: str) -> dict:
    path = paths.rules_folder() / rule_set / "set.yml"
    return _read_yaml(path, path.stat().st_mtime_ns)


@cache
def _read_yaml(path: Path, _modified: int) -> dict:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text("utf-8"), loader) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        # Both languages: the file is read before the language of the run is known to be valid.
        raise NtmError(
            f"{paths.shown(path)}: không đọc được / cannot be read: {error}\n"
            "Cần làm: sửa tệp này rồi chạy lại. / What to do: mend this file, then try again."
        ) from error


def default_rule_set(year: int) -> str:
    """The basic national set whose years hold ``year``; empty where there is none."""
    for rule_set in national_sets():
        first, last = rule_set_meta(rule_set).get("years") or (0, 0)
        if first <= year <= last:
            return rule_set
    return ""


def _nearest_set(year: int) -> str:
    spans = {rule_set: rule_set_meta(rule_set)["years"] for rule_set in national_sets()}
    return min(spans, key=lambda name: (max(spans[name][0] - year, year - spans[name][1]), name))


def regions(rule_set: str) -> list[str]:
    """Codes of the columns among which the rule set's thresholds differ."""
    return [column["code"] if isinstance(column, dict) else str(column) for column in rule_set_meta(rule_set).get("columns", [])]


def scenarios(commune: str) -> list[str]:
    return sorted(path.stem for path in (paths.communes_folder() / commune / "scenarios").glob("*.yml"))


# Checks


def readable(value: str) -> str:
    """What was read, fit for a message: nothing that moves a terminal's cursor, and not pages of it."""
    shown = "".join(character if character.isprintable() else "�" for character in value)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def nearest(value: str, names: Iterable[str]) -> list[str]:
    """Up to three of ``names`` that ``value`` may have meant, whatever its case and accents."""
    from difflib import get_close_matches

    known = {_plain(name): name for name in names}
    return [known[match] for match in get_close_matches(_plain(value), known, n=3)]


def _plain(text: str) -> str:
    """Letters without marks, for comparing only (``intake.names.slug`` makes names, but loads pandas)."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "-".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


class _Checking:
    """Checks parameter after parameter and gathers the problems, so that all are told at once."""

    def __init__(self, given: Mapping[str, str], t: Translate):
        self.given = given
        self.t = t
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
        if SLUG.fullmatch(value) and (paths.communes_folder() / value / "commune.yml").is_file():
            return value  # without listing the thousands that there may be
        known = communes()
        alike = [name for name in known if SLUG.fullmatch(value) and name.startswith(value + "-")]
        meant = named.communes_named(value, known) if value and not alike else []
        if len(meant) == 1:
            return meant[0]
        alike = alike or meant
        if not value:
            self.problem("COMMUNE", t("chưa nêu xã."), known, t("thêm tên xã, ví dụ make report COMMUNE=hung-my"))
        elif len(alike) > 1:
            self.problem("COMMUNE", t("nhiều xã có tên này."), alike, t("nêu đúng một xã trong danh sách"))
        elif not SLUG.fullmatch(value):
            fault = t("tên xã chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối.")
            self.problem("COMMUNE", fault, known, t("viết lại, ví dụ COMMUNE=hung-my"))
        else:
            action = t("sửa tên xã, hoặc thêm thư mục data/raw/communes/{name} có tệp commune.yml")
            self.problem("COMMUNE", t("không có xã này trong data/raw/communes."), known, action.format(name=value))
        return ""

    def year(self, commune: str) -> int | None:
        """The year asked for, or the latest that there are rules for. Without a commune only its form can be checked."""
        t, value = self.t, self.given.get("YEAR", "")
        known = [str(year) for year in years_with_rows(commune)] if commune else []
        told = {*known, *map(str, named.further_years(commune))} if commune else set()
        undated = bool(commune) and named.has_undated_workbook(commune)
        if value and not YEAR.fullmatch(value):
            self.problem("YEAR", t("năm viết bằng bốn chữ số."), known, t("viết lại, ví dụ YEAR=2024"))
        elif commune and not known and not (undated and value):
            fault = t("results.csv và plan.csv của xã không có dòng nào ghi năm.")
            self.problem("YEAR", fault, [], t("nhập kết quả hoặc kế hoạch vào data/raw/communes/{name}").format(name=commune))
        elif value and commune and value not in told and not undated:
            action = t("chọn một năm có số liệu, hoặc nhập số liệu năm này vào results.csv hoặc plan.csv của xã")
            self.problem("YEAR", t("xã không có số liệu của năm này."), known, action)
        elif value:
            return int(value)
        elif known:
            return max(years_judged(commune), default=int(known[-1]))
        return None

    def rule_set(self, year: int | None) -> str:
        t, value, known = self.t, self.given.get("RULES", ""), rule_sets()
        if value in known:
            return value
        if value:
            fault = t("không có bộ tiêu chí này trong data/raw/rules.")
            self.problem("RULES", fault, known, t("chọn một bộ tiêu chí trong danh sách"))
        elif year and not self.given.get("YEAR") and not default_rule_set(year):
            return _nearest_set(year)  # old figures under newer rules, which the report says
        elif year and not (default := default_rule_set(year)):
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
        action = t("nêu các kịch bản cách nhau bằng dấu phẩy, ví dụ SCENARIO={example}").format(example=",".join(known[:2]) or "cao,thap")
        if not names:
            self.problem("SCENARIO", t("chưa nêu kịch bản nào để so sánh."), known, action)
        elif wrong:
            self.problem("SCENARIO", t("xã không có kịch bản: {names}.").format(names=readable(", ".join(wrong))), known, action)
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


def _change_order(word: str) -> list[tuple[int, int | str]]:
    """Numbers by value, so that 9 comes before 10 and 17.8a before 17.8b."""
    return [(0, int(piece)) if piece.isdigit() else (1, piece) for piece in re.findall(r"[0-9]+|[a-z]+", word)]
