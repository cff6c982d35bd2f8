"""Reads a scenario file and refuses, with file and line, what cannot be meant.

The form is described in data/raw/communes/hung-my/scenarios/README.md. What depends on the commune's
figures (a base to add to, a work, a share over 100 %) is checked by ``apply_scenario``.
"""

import datetime
import re
from collections.abc import Iterable
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

from ntm_lib import paths, rules, yaml_text
from ntm_lib.errors import NtmError
from ntm_lib.judge.override import parse_changes, read_changes
from ntm_lib.language import translator
from ntm_lib.model import Row, sure
from ntm_lib.plan.optimise import Limits
from ntm_lib.plan.scenario import with_typed
from ntm_lib.plan.scenario_model import Change, Key, Scenario, Uncertainty
from ntm_lib.problems import shortened
from ntm_lib.tables import natural_key
from ntm_lib.text.tokens import read_figure
from ntm_lib.yaml_text import Entry

_TOP = ("name", "title", "author", "date", "reason", "base_year", "judge", "changes", "uncertainty", "limits")
_REQUIRED = ("name", "title", "author", "date", "reason", "base_year")
_JUDGE = ("rule_set", "region", "year")
_OPERATIONS = ("set", "add", "grow", "move", "fund")
_CHANGE = ("indicator", "part", *_OPERATIONS, "from", "to", "cost", "reason")
_UNCERTAINTY = ("reason", "delivery", "growth", "seed", "draws")
_LIMITS = ("total", "budgets", "households", "households_each", "wanted")
_RANGE = ("low", "likely", "high")
_MOST_DRAWS = 1_000_000


def read_scenario(commune: str, text: str, rule_set: str, language: str = "vi") -> Scenario | None:
    """The scenario of a run's parameter: empty (None), a file's name, changes (``10=47``), or both.

    ``rule_set`` is that of the run; the file may choose another.
    """
    words = text.split()
    name = words.pop(0) if words and "=" not in words[0] else ""
    scenario = load_scenario(commune, name, rule_set, language) if name else None
    return with_typed(scenario, parse_changes(" ".join(words), language), text)


def load_scenario(commune: str, name: str, rule_set: str, language: str = "vi") -> Scenario:
    """The scenario ``scenarios/<name>.yml`` of a commune, checked against the rule set it is judged by.

    Raises NtmError with every problem of the file at once.
    """
    path = paths.communes_folder() / commune / "scenarios" / f"{name}.yml"
    return _Reader(path, rule_set, language).scenario()


def scenario_titles(commune: str, scenario: str, compared: str = "") -> str:
    """What the run's scenarios are called on every page: the title of each file, ``10=47`` as it was typed; empty without any.

    A file that cannot be read is called by its name: whoever judges by it says what is wrong.
    """
    words = scenario.split()
    titles = [word if "=" in word else _title(commune, word) for word in words]
    return "; ".join(
        [", ".join(titles)] * bool(titles) + [_title(commune, name) for name in compared.split(",") if name]
    )


def _title(commune: str, name: str) -> str:
    try:
        root = yaml_text.read(paths.communes_folder() / commune / "scenarios" / f"{name}.yml", references=False)
    except NtmError:
        return name
    return next((entry.text for key, _, entry in root.items or () if key == "title" and entry.text), name)


class _Reader:
    """Reads one file and gathers its problems, so that all are told at once."""

    def __init__(self, path: Path, rule_set: str, language: str):
        self.path, self.default_set, self.language = path, rule_set, language
        self.t = translator(language)
        self.problems: list[tuple[int, str]] = []
        self.known: list[Key] = []  # indicators and parts of the rule set judged by

    def scenario(self) -> Scenario:
        root = yaml_text.read(self.path, self.language, references=False)
        top = self.mapping(root, _TOP)
        facts: Row = {key: self.text(top, key) for key in ("name", "title", "author", "date", "reason")}
        self.missing(top, _REQUIRED, root.line)
        if facts["name"] and facts["name"] != self.path.stem:
            message = self.t("name là “{name}” nhưng tệp tên là “{file}”.").format(
                name=facts["name"], file=self.path.stem
            )
            self.problem(top["name"].line, message)
        if facts["date"] and not _is_date(facts["date"]):
            self.problem(
                top["date"].line, self.t("date là “{text}”, phải là ngày dạng 2024-02-22.").format(text=facts["date"])
            )
        base_year = self.year(top, "base_year")
        judge = self.judge(top)
        changes = self.changes(top)
        uncertainty, question = self.uncertainty(top), self.limits(top)
        self.raise_problems()
        return Scenario(
            **facts,
            **judge,
            **question,
            base_year=base_year,
            changes=changes,
            uncertainty=uncertainty,
            file=paths.shown(self.path),
        )

    # Pieces of the file

    def judge(self, top: dict[str, Entry]) -> Row:
        entries = self.mapping(top["judge"], _JUDGE) if "judge" in top else {}
        rule_set = self.text(entries, "rule_set")
        if rule_set and rule_set not in rules.rule_sets():
            self.not_one_of(entries["rule_set"], "rule_set", rule_set, rules.rule_sets())
            rule_set = ""
        used = rules.load_set(rule_set or self.default_set, self.language)
        self.known = _indicators(used)
        region, columns = self.text(entries, "region"), [c["code"] for c in used.meta["columns"]]
        if region and region not in columns:
            self.not_one_of(entries["region"], "region", region, columns)
        year = self.year(entries, "year") if "year" in entries else 0
        first, last = used.meta["years"]
        if year and not first <= year <= last:
            message = self.t("year là {year}, nhưng bộ tiêu chí {rules} dùng cho các năm {first}–{last}.")
            self.problem(entries["year"].line, message.format(year=year, rules=used.id, first=first, last=last))
        return {"rule_set": rule_set, "region": region, "year": year}

    def changes(self, top: dict[str, Entry]) -> tuple[Change, ...]:
        entry = top.get("changes")
        if entry is None or entry.is_empty:
            return ()
        if entry.members is None:
            self.problem(entry.line, self.t("changes phải là danh sách, mỗi thay đổi bắt đầu bằng dấu gạch ngang."))
            return ()
        found = [self.change(member) for member in entry.members]
        return tuple(change for change in found if change)

    def change(self, entry: Entry) -> Change | None:
        before, cells = len(self.problems), self.mapping(entry, _CHANGE)
        operations = [op for op in _OPERATIONS if op in cells]
        if len(operations) != 1:
            message = self.t("mỗi thay đổi phải có đúng một trong: {allowed}.").format(allowed=", ".join(_OPERATIONS))
            self.problem(entry.line, message)
            return None
        op = operations[0]
        facts: Row = {"op": op, "line": entry.line, "reason": self.text(cells, "reason")}
        if "cost" in cells:
            facts["cost"] = self.figure(cells["cost"], "cost", least=Fraction(0))
        if op == "fund":
            facts["works"] = self.names(cells["fund"], "fund")
        else:
            self.missing(cells, ("indicator",), entry.line)
            facts["indicator"], facts["part"] = self.key(
                self.text(cells, "indicator"), self.text(cells, "part"), entry.line, self.known
            )
            facts |= {"set": self._set, "add": self._add, "grow": self._grow, "move": self._move}[op](cells, facts)
        self.misplaced(cells, op)
        return Change(**facts) if len(self.problems) == before else None

    def _set(self, cells: dict[str, Entry], facts: Row) -> Row:
        entry = cells["set"]
        if not entry.text or entry.is_empty:
            self.problem(entry.line, self.t("set phải là một giá trị, như 47, 150/1413 hoặc đạt."))
            return {}
        change = {"indicator": facts["indicator"], "part": facts["part"], "set": entry.text}
        try:
            (assumption,) = read_changes([change], self.language)
        except NtmError as error:
            self.problem(entry.line, error.message)
            return {}
        if assumption.denominator and not 0 <= sure(assumption.numerator) <= assumption.denominator:
            self.problem(entry.line, self.t("tỷ lệ {text} nằm ngoài khoảng 0–100%.").format(text=entry.text))
        return {"assumption": assumption}

    def _add(self, cells: dict[str, Entry], facts: Row) -> Row:
        if cells["add"].items is None:
            return {"amount": self.figure(cells["add"], "add")}
        villages = tuple((name, self.figure(entry, name)) for name, _, entry in cells["add"].items)
        return {"amount": sum((n for _, n in villages), Fraction(0)), "villages": villages}

    def _grow(self, cells: dict[str, Entry], facts: Row) -> Row:
        return {"amount": self.figure(cells["grow"], "grow", least=Fraction(-100))}

    def _move(self, cells: dict[str, Entry], facts: Row) -> Row:
        self.missing(cells, ("from", "to"), cells["move"].line)
        amount = self.figure(cells["move"], "move")
        here, there = self.text(cells, "from"), self.text(cells, "to")
        if amount <= 0:
            self.problem(cells["move"].line, self.t("move phải lớn hơn 0."))
        if here and here == there:
            self.problem(cells["to"].line, self.t("from và to phải là hai thôn khác nhau."))
        return {"villages": ((here, -amount), (there, amount))}

    def uncertainty(self, top: dict[str, Entry]) -> Uncertainty | None:
        if "uncertainty" not in top:
            return None
        cells = self.mapping(top["uncertainty"], _UNCERTAINTY)
        self.missing(cells, ("reason",), top["uncertainty"].line)
        whole: dict[str, Any] = {k: self.whole(cells[k], k) for k in ("seed", "draws") if k in cells}
        if not 1 <= whole.get("draws", 1) <= _MOST_DRAWS:
            self.problem(cells["draws"].line, self.t("draws phải từ 1 đến {most}.").format(most=_MOST_DRAWS))
        ranges: dict[str, Any] = {k: self.range(cells[k], k) for k in ("delivery", "growth") if k in cells}
        return Uncertainty(self.text(cells, "reason"), **ranges, **whole)

    def limits(self, top: dict[str, Entry]) -> Row:
        """What the optimiser is asked: ``limits``, and the criteria that are ``wanted``."""
        if "limits" not in top:
            return {}
        cells = self.mapping(top["limits"], _LIMITS)
        nothing = Fraction(0)
        pairs = {k: self.pairs(cells[k]) if k in cells else () for k in ("budgets", "households")}
        limits = Limits(
            budgets={source: self.figure(entry, source, nothing) for source, _, entry in pairs["budgets"]},
            total=self.figure(cells["total"], "total", nothing) if "total" in cells else None,
            households={village: self.whole(entry, village) for village, _, entry in pairs["households"]},
            households_each=self.whole(cells["households_each"], "households_each")
            if "households_each" in cells
            else None,
        )
        wanted = self.names(cells["wanted"], "wanted") if "wanted" in cells else ()
        known = sorted({indicator.partition(".")[0] for indicator, _ in self.known}, key=natural_key)
        for criterion in wanted:
            if criterion not in known:
                self.not_one_of(cells["wanted"], "wanted", criterion, known)
        return {"limits": limits, "limits_line": top["limits"].line, "wanted": wanted}

    def range(self, entry: Entry, name: str) -> tuple[Fraction, Fraction, Fraction]:
        cells = self.mapping(entry, _RANGE)
        self.missing(cells, _RANGE, entry.line)
        low, likely, high = (self.figure(cells[k], k) if k in cells else Fraction(0) for k in _RANGE)
        if not low <= likely <= high or (name == "delivery" and low < 0):
            self.problem(
                entry.line, self.t("{name}: phải có low ≤ likely ≤ high, tính bằng phần trăm.").format(name=name)
            )
        return low, likely, high

    # Cells

    def mapping(self, entry: Entry, allowed: tuple[str, ...]) -> dict[str, Entry]:
        cells = {}
        for key, line, value in self.pairs(entry):
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                hint = [self.t("Có phải là “{near}”?").format(near=near[0])] if near else []
                self.problem(
                    line, " ".join([self.t("không có mục “{key}”.").format(key=key), *hint, self.allowed(allowed)])
                )
            elif not (value.is_empty and key not in _OPERATIONS):
                cells[key] = value
        return cells

    def pairs(self, entry: Entry) -> tuple[tuple[str, int, Entry], ...]:
        if entry.items is None:
            self.problem(entry.line, self.t("phải là các mục dạng tên: giá trị."))
            return ()
        return entry.items

    def missing(self, cells: dict[str, Entry], needed: Iterable[str], line: int) -> None:
        for key in needed:
            if key not in cells:
                self.problem(line, self.t("thiếu mục “{key}”.").format(key=key))

    def misplaced(self, cells: dict[str, Entry], op: str) -> None:
        """Entries that belong to another kind of change."""
        belong = {
            "from": ("move",),
            "to": ("move",),
            "indicator": _OPERATIONS[:4],
            "part": _OPERATIONS[:4],
            "cost": _OPERATIONS[:4],
        }
        for key, entry in cells.items():
            if op not in belong.get(key, _OPERATIONS):
                self.problem(entry.line, self.t("mục “{key}” không dùng với “{op}”.").format(key=key, op=op))

    def text(self, cells: dict[str, Entry], key: str) -> str:
        entry = cells.get(key)
        if entry is None:
            return ""
        if entry.text is None:
            self.problem(entry.line, self.t("“{key}” phải là một đoạn chữ.").format(key=key))
        return entry.text or ""

    def names(self, entry: Entry, key: str) -> tuple[str, ...]:
        if not entry.members or any(not m.text for m in entry.members):
            self.problem(entry.line, self.t("{key} phải là danh sách mã, như [HM045, HM048].").format(key=key))
            return ()
        return tuple(m.text or "" for m in entry.members)

    def figure(self, entry: Entry, key: str, least: Fraction | None = None) -> Fraction:
        value = read_figure(entry.text or "")
        if value is None:
            message = self.t("{key} là “{text}”, không phải một số rõ ràng. Viết 56, -30, 10,5 hoặc 1413.")
            self.problem(
                entry.line, message.format(key=key, text=shortened(entry.text if entry.text is not None else "…"))
            )
            return Fraction(0)
        if least is not None and value < least:
            self.problem(
                entry.line,
                self.t("{key} là {text}, phải từ {least} trở lên.").format(key=key, text=entry.text, least=least),
            )
        return value

    def whole(self, entry: Entry, key: str) -> int:
        value = self.figure(entry, key, least=Fraction(0))
        if value.denominator != 1:
            self.problem(entry.line, self.t("{key} là {text}, phải là số nguyên.").format(key=key, text=entry.text))
        return int(value)

    def year(self, cells: dict[str, Entry], key: str) -> int:
        text = self.text(cells, key)
        if text and not (re.fullmatch(r"[0-9]{4}", text) and 2000 <= int(text) <= 2100):
            self.problem(
                cells[key].line,
                self.t("{key} là “{text}”, phải là một năm như 2023.").format(key=key, text=shortened(text)),
            )
            return 0
        return int(text or 0)

    def key(self, indicator: str, part: str, line: int, known: list[Key]) -> Key:
        """(indicator, part) as the rule set knows it; ``10`` is ``10.1`` where criterion 10 has one indicator."""
        target = (indicator + part).replace(" ", "")
        if not target:
            return "", ""
        found = [k for k in known if "".join(k) == target]
        alone = [k for k in known if k[0].partition(".")[0] == target and not k[1]]
        if not found and len(alone) == 1:
            found = alone
        if not found:
            same = [k for k in known if k[0] == indicator] or [
                k for k in known if k[0].partition(".")[0] == indicator.partition(".")[0]
            ]
            names = ["".join(k) for k in same] or sorted({k[0].partition(".")[0] for k in known}, key=natural_key)
            message = self.t("bộ tiêu chí không có chỉ tiêu “{target}”.").format(target=target)
            self.problem(line, f"{message} {self.allowed(names)}")
            return indicator, part
        return found[0]

    # Problems

    def problem(self, line: int, message: str) -> None:
        self.problems.append((line, message))

    def allowed(self, names: Iterable[str]) -> str:
        return self.t("Cho phép: {names}.").format(names=", ".join(names))

    def not_one_of(self, entry: Entry, key: str, value: str, names: Iterable[str]) -> None:
        self.problem(
            entry.line, self.t("{key} là “{value}”, không có.").format(key=key, value=value) + " " + self.allowed(names)
        )

    def raise_problems(self) -> None:
        if self.problems:
            place = self.t("{file}, dòng {line}: ")
            lines = [
                place.format(file=paths.shown(self.path), line=line) + text for line, text in sorted(set(self.problems))
            ]
            raise NtmError("\n".join(lines))


def _indicators(rule_set: rules.RuleSet) -> list[Key]:
    table = rule_set.all_indicators
    return list(zip(table["indicator"], table["part"], strict=True))


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False
