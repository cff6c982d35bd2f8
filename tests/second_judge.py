"""A second judge: its own reading of the rule files, of fractions and of joins. Nothing is imported from the library.

It decides as a careful official would with the decision in one hand and the figures in the other: a figure is a
range of what it may be, and a verdict is given only where everything in the range, and every column that the
commune may belong to, gives the same.
"""

import csv
import io
import re
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import yaml

HOLDS = {
    ">=": lambda x, y: x >= y,
    ">": lambda x, y: x > y,
    "<=": lambda x, y: x <= y,
    "<": lambda x, y: x < y,
    "=": lambda x, y: x == y,
}
TINY = Fraction(1, 10**12)
FAR = Fraction(10**12)


class Rules:
    """One rule set as its files say, with the set that it extends."""

    def __init__(self, folder: Path, name: str):
        self.meta = dict(_yaml(folder / name / "set.yml"))
        if shared := self.meta.get("same_as"):
            self.meta |= {k: _yaml(folder / shared["set"] / "set.yml")[k] for k in shared["entries"]}
        self.folder, self.name = folder, name
        self.base = Rules(folder, self.meta["extends"]) if self.meta.get("extends") else None
        self.indicators = _csv(folder / name / "indicators.csv")
        self.thresholds = _by_place(folder / name / "thresholds.csv")
        self.kinds = _yaml(folder / "traits.yml")

    @cache  # noqa: B019
    def about(self, day: str) -> dict:
        """(indicator, part) → its row in force on the day."""
        found = dict(self.base.about(day)) if self.base else {}
        own: dict = {}
        for row in self.indicators:
            key = row["indicator"], row["part"]
            if (row["valid_from"] or "0") <= day <= (row["valid_to"] or "9") and row["valid_from"] >= own.get(key, row)[
                "valid_from"
            ]:
                own[key] = row
        return found | own

    def place(self, home: str, key: tuple[str, str]) -> tuple[str, str]:
        """Indicator and part of this set that a figure numbered by another (``home``) is one of; empty where it is none."""
        if self.base and self.base.name == home:
            return key
        table = _csv(self.folder / "crosswalk.csv")
        ends = (
            ("from", "to") if any(r["from_set"] == home and r["to_set"] == self.name for r in table) else ("to", "from")
        )
        rows = [r for r in table if (r[f"{ends[0]}_set"], r[f"{ends[1]}_set"]) == (home, self.name)]
        mine = [r for r in rows if (r[f"{ends[0]}_indicator"], r[f"{ends[0]}_part"]) == key and r["relation"] != "none"]
        return (mine[0][f"{ends[1]}_indicator"], mine[0][f"{ends[1]}_part"]) if mine else ("", "")

    def columns(self, traits: dict, day: str) -> list[str]:
        """Every column that the commune may belong to, the one that a trait names outright first."""
        rules = [r for r in self.meta["column_rules"] if str(r["from"]) <= day <= str(r["to"] or "9")]
        named = [r["column_from"] for r in rules if "column_from" in r]
        unknown = {
            n: None for r in rules if "when" in r for n in re.findall(r"(\w+)!?=", r["when"]) if traits.get(n) is None
        }
        found = {}
        for values in product(*(self.kinds[name]["values"] for name in unknown)):
            known = traits | dict(zip(unknown, values, strict=True))
            code = next((c for r in rules if (c := _column(r, known))), "")
            found |= {code: None} if code else dict.fromkeys(self.kinds[named[0]]["values"])
        first = [traits[n] for n in named if traits.get(n) in found]
        return [*first, *(c for c in found if c not in first)]

    def asked(self, key: tuple, column: str, day: str, province: str) -> tuple[str, str]:
        """Operator and threshold (as text, empty where it is not known) in force for the column."""

        def rows(table):
            return [r for r in table.get((*key, column), []) if r["valid_from"] <= day <= (r["valid_to"] or "9")]

        own = [r for r in rows(self.thresholds) if r["threshold"]]
        own = [r for r in own if r["set_by"] == "ministry"] or own
        local = [
            r for r in rows(_by_place(self.folder / "provinces" / province / f"{self.name}.csv")) if r["threshold"]
        ]
        best = max(own, key=lambda r: r["valid_from"], default=None)
        if best is None and not local:
            return self.base.asked(key, column, day, province) if self.base and not rows(self.thresholds) else ("", "")
        pair = self._amount(best, column, day, province) if best else ("", "")
        for row in local:
            mine = self._amount(row, column, day, province)
            harder = not pair[1] or (
                (Fraction(mine[1]) > Fraction(pair[1])) == (mine[0] in (">=", ">"))
                and Fraction(mine[1]) != Fraction(pair[1])
            )
            pair = mine if harder else pair
        return pair

    def _amount(self, row: dict, column: str, day: str, province: str) -> tuple[str, str]:
        share = re.fullmatch(r"(\d+)% of (\S+)", row["threshold"])
        if not share:
            return row["operator"], row["threshold"]
        of = self.base.asked((share[2], ""), column, day, province)[1]
        return (row["operator"], str(Fraction(of) * int(share[1]) / 100)) if of else ("", "")


@cache
def _csv(path: Path) -> list[dict]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))) if path.is_file() else []


@cache
def _by_place(path: Path) -> dict[tuple, list[dict]]:
    found: dict[tuple, list[dict]] = {}
    for row in _csv(path):
        found.setdefault((row["indicator"], row["part"], row["column"]), []).append(row)
    return found


@cache
def _yaml(path: Path) -> dict:
    return yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _column(rule: dict, traits: dict) -> str:
    if "column_from" in rule:
        return traits.get(rule["column_from"]) or ""
    return rule["column"] if true(rule["when"], traits) else ""


def true(condition: str, traits: dict) -> bool | None:
    """A condition of the rule files for known traits; None where a trait decides that is not known."""

    def one(test):
        name, sign, values = re.fullmatch(r"(\w+)(=|!=|>=|<=|>|<)(.+)", test.strip()).groups()
        have = traits.get(name)
        if have is None:
            return None
        return (
            (have in values.split("|")) == (sign == "=")
            if "=" in (sign, sign[1:]) and sign in ("=", "!=")
            else HOLDS[sign](Fraction(have), Fraction(values))
        )

    answers = [[one(test) for test in option.split(" and ")] for option in condition.split(" or ")]
    options = [False if False in a else None if None in a else True for a in answers]
    return True if True in options else None if None in options else False


def span(value: Fraction, bound: str) -> tuple[Fraction, Fraction]:
    """The least and the most that a figure may be; «more than 90» begins just above it."""
    return {
        "": (value, value),
        ">=": (value, FAR),
        ">": (value + TINY, FAR),
        "<=": (-FAR, value),
        "<": (-FAR, value - TINY),
    }[bound]


def compared(reach: tuple[Fraction, Fraction], operator: str, threshold: Fraction) -> str:
    ends = {HOLDS[operator](end, threshold) for end in reach}
    if operator == "=" and len({*reach}) > 1:
        return "unmet" if not reach[0] <= threshold <= reach[1] else ""
    return ("met" if ends.pop() else "unmet") if len(ends) == 1 else ""


class Case:
    """The figures of one commune: facts by (year, indicator, part), each a dict with kind, value, bound, sex, counts."""

    def __init__(self, rules: Rules, traits: dict, province: str, facts: dict):
        self.rules, self.traits, self.province, self.facts = rules, traits, province, facts

    def verdict(self, year: int, indicator: str) -> str:
        """met, unmet, not-applicable, or empty: cannot be concluded. The column of the region or group decides where
        that is known (others make a doubt, not a verdict); else all that are possible must agree.
        """
        columns = self.rules.columns(self.traits, f"{year}-12-31")
        columns = columns[:1] if columns[0] in (self.traits.get("region"), self.traits.get("group")) else columns
        found = {self._joined(year, indicator, "", column) for column in columns}
        return found.pop() if len(found) == 1 else ""

    def _joined(self, year: int, indicator: str, part: str, column: str) -> str:
        day = f"{year}-12-31"
        about = self.rules.about(day)
        row = about[indicator, part]
        applies = true(row["applies_if"], self.traits | {"column": column}) if row["applies_if"] else True
        if applies is False:
            return "not-applicable"
        below = [p for i, p in about if i == indicator and p and p.rpartition(".")[0] == part]
        if not below:
            found = self._running(year, indicator, part, column, row)
            return "" if applies is None and part else found
        parts = [v for p in below if (v := self._joined(year, indicator, p, column)) != "not-applicable"]
        if not parts:
            return "not-applicable"
        if row["join"] == "every-item":
            return self._together(year, indicator, below, column, day, row, parts)
        first, second = ("met", "unmet") if row["join"] == "any" else ("unmet", "met")
        return first if first in parts else second if set(parts) == {second} else ""

    def _together(self, year, indicator, below, column, day, row, parts) -> str:
        if "unmet" in parts:
            return "unmet"
        _operator, threshold = self.rules.asked((indicator, ""), column, day, self.province)
        found = [self.facts.get((year, indicator, p), []) for p in below]
        if not threshold or any(not f for f in found):
            return ""
        if all(f[0]["kind"] == "status" for f in found):
            return "met"
        least = [span(f[0]["value"], f[0]["bound"])[0] if f[0]["kind"] != "status" else -FAR for f in found]
        return "met" if max(Fraction(0), 100 - sum(100 - low for low in least)) >= Fraction(threshold) else ""

    def _running(self, year, indicator, part, column, row) -> str:
        years = range(year - int(row["years_running"] or 1) + 1, year + 1)
        found = {y: self._one(y, indicator, part, column, year) for y in years}
        if found[year] != "met" or len(years) == 1:
            return found[year]
        declared = self.facts[year, indicator, part][0]["kind"] == "status"
        if "unmet" in found.values():
            return "unmet"
        return "met" if declared or set(found.values()) == {"met"} else ""

    def _one(self, year, indicator, part, column, rule_year) -> str:
        facts = self.facts.get((year, indicator, part), [])
        day = f"{rule_year}-12-31"
        row = self.rules.about(day)[indicator, part]
        operator, threshold = self.rules.asked(
            (indicator, "" if self._shares(indicator, part, day) else part), column, day, self.province
        )
        if not facts:
            return ""
        if facts[0]["kind"] == "status":
            return facts[0]["value"]
        if not threshold or row["kind"] == "status":
            return ""
        found = {f["sex"]: self._compared(f, row, operator, threshold, year) for f in facts}
        if row["both_sexes"] != "yes":
            return found.get("", "")
        sexes = [found[sex] for sex in ("nam", "nữ") if sex in found]
        if "unmet" in sexes or "" in sexes:
            return "unmet" if "unmet" in sexes else ""
        if len(sexes) == 2:
            return (
                "" if found.get("") == "unmet" else "met"
            )  # both reach it and the whole does not: a fault of the source
        whole = found.get("", "")
        if whole == "met" and not (facts[0]["kind"] != "status" and self._all_of_them(facts)):
            return ""  # of either sex a whole that reaches it says nothing
        return whole

    @staticmethod
    def _all_of_them(facts: list[dict]) -> bool:
        """Whether the whole is 100 %: then so is each of the two."""
        return any(not f["sex"] and f["value"] == 100 for f in facts)

    def _shares(self, indicator: str, part: str, day: str) -> bool:
        return bool(part) and self.rules.about(day)[indicator, ""]["join"] == "every-item"

    def _compared(self, fact, row, operator, threshold, year) -> str:
        if row["kind"] == "rating":
            scale = row["scale"].split("|")
            return compared(
                span(Fraction(scale.index(fact["value"])), fact["bound"]), operator, Fraction(scale.index(threshold))
            )
        value = fact["value"]
        if row["kind"] == "growth" and fact["kind"] == "amount":
            before = [
                f
                for f in self.facts.get((year - 1, row["indicator"], row["part"]), [])
                if f["kind"] == "amount" and not f["bound"]
            ]
            if not before or before[0]["value"] <= 0:
                return ""
            value = 100 * value / before[0]["value"] - 100
        if row["kind"] == "none":
            return compared(span(value, fact["bound"]), "=", Fraction(0))
        return compared(span(value, fact["bound"]), operator, Fraction(threshold))
