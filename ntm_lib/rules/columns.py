"""Which column of a decision holds for a commune on a day, and which of its traits says so; conditions on traits.

A condition, such as ``schools>3 or column=dbsh|dnb``, is alternatives joined by ``or``, each of tests joined by ``and``; a
test compares one trait with a number (``>``, ``>=``, ``<``, ``<=``) or with values (``=``, ``!=``; any of ``a|b``).
A trait that is not known makes a test unknown, and logic is three-valued: unknown ``or`` true is true, unknown ``and``
false is false.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.model import Row
from ntm_lib.rules.communes import trait, trait_names
from ntm_lib.rules.sets import RuleSet, valid_entries


@dataclass(frozen=True)
class Column:
    """Code of the column ("" where it is not known), why it is this one, in the language asked for, and the
    ``others`` that it may be instead, because traits of the commune (``asked``) are not known.
    """

    code: str
    reason: str
    others: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


def choose_column(
    rule_set: RuleSet, commune: Row, on_date: str, region: str | None = None, language: str = "vi"
) -> Column:
    """The first rule of ``column_rules`` in force on the ISO date that holds for the commune.

    ``region`` overrides the rules. Raises NtmError where the set has no such column.
    """
    if region:
        return _override(rule_set, region, language)
    t = translator(language)
    undecided: list[tuple[str, str]] = []  # (column, trait that would be needed)
    for rule in valid_entries(rule_set.meta["column_rules"], on_date):
        if "column_from" in rule:
            code = trait(commune, rule["column_from"], on_date) or ""
            if code:
                left = [(c, name) for c, name in undecided if c and c != code]
                return Column(
                    code,
                    _reason(rule_set, code, rule, language) + _doubts(rule_set, code, undecided, language),
                    tuple(dict.fromkeys(c for c, _ in left)),
                    tuple(dict.fromkeys(name for _, name in left)),
                )
            undecided.append(("", rule["column_from"]))
            continue
        condition = parse(rule["when"])
        known = {name: trait(commune, name, on_date) for name in traits(condition)}
        result = holds(condition, known)
        if result:
            return Column(rule["column"], _reason(rule_set, rule["column"], rule, language))
        if result is None:
            undecided += [(rule["column"], name) for name, value in known.items() if value is None]
    missing = _names(rule_set, [name for _, name in undecided], language)
    return Column(
        "",
        t("Chưa biết cột nào: thiếu {traits} của xã").format(traits=missing),
        _possible(rule_set, undecided),
        tuple(dict.fromkeys(name for _, name in undecided)),
    )


def _possible(rule_set: RuleSet, undecided: list[tuple[str, str]]) -> tuple[str, ...]:
    """Columns that the rules left open may lead to; a trait that names the column leads to any of its values."""
    names = trait_names(rule_set.folder.parent)
    named = [
        code for column, name in undecided for code in ([column] if column else names.get(name, {}).get("values", {}))
    ]
    return tuple(c["code"] for c in rule_set.meta["columns"] if c["code"] in named)


def column_name(rule_set: RuleSet, code: str, language: str) -> str:
    """Name of a column; its code where the set has none of that code."""
    return next((c["name"][language] for c in rule_set.meta["columns"] if c["code"] == code), code)


def _override(rule_set: RuleSet, region: str, language: str) -> Column:
    t = translator(language)
    codes = [c["code"] for c in rule_set.meta["columns"]]
    if region not in codes:
        raise NtmError(
            t('Bộ tiêu chí {rule_set} không có cột "{region}". Các cột: {codes}').format(
                rule_set=rule_set.id, region=region, codes=", ".join(codes)
            )
        )
    return Column(region, t("Cột {column}: do người chạy chọn").format(column=column_name(rule_set, region, language)))


def _reason(rule_set: RuleSet, code: str, rule: Row, language: str) -> str:
    document = ", ".join(filter(None, [rule["article"], rule["document"]]))
    return translator(language)("Cột {column}: {reason} ({document})").format(
        column=column_name(rule_set, code, language), reason=rule["reason"][language], document=document
    )


def _doubts(rule_set: RuleSet, code: str, undecided: list[tuple[str, str]], language: str) -> str:
    """Says which unknown traits could still have led to another column."""
    other = [(c, name) for c, name in undecided if c and c != code]
    if not other:
        return ""
    return translator(language)("; chưa loại trừ cột {columns} vì chưa biết: {traits}").format(
        columns=", ".join(dict.fromkeys(column_name(rule_set, c, language) for c, _ in other)),
        traits=_names(rule_set, [name for _, name in other], language),
    )


def _names(rule_set: RuleSet, wanted: list[str], language: str) -> str:
    names = trait_names(rule_set.folder.parent)
    return ", ".join(dict.fromkeys(names.get(w, {}).get("name", {}).get(language, w) for w in wanted))


# ---------------------------------------------------------------- conditions


TEST = re.compile(r"\s*([a-z_]+)\s*(>=|<=|!=|=|>|<)\s*([\w|.-]+)\s*")


@dataclass(frozen=True)
class Test:
    """One comparison: ``trait`` ``operator`` ``values`` (one number, or words of which one must match)."""

    trait: str
    operator: str
    values: tuple[str, ...]


Condition = tuple[tuple[Test, ...], ...]  # alternatives of tests that must hold together


@cache
def parse(text: str) -> Condition:
    """The condition written as ``text``. Raises ValueError where it cannot be read."""
    return tuple(
        tuple(_test(part) for part in re.split(r"\s+and\s+", option)) for option in re.split(r"\s+or\s+", text)
    )


def traits(condition: Condition) -> tuple[str, ...]:
    """The traits it asks for, each once, in order."""
    return tuple(dict.fromkeys(test.trait for option in condition for test in option))


def holds(condition: Condition, known: dict[str, str | None]) -> bool | None:
    """True, False, or None where the traits ``known`` do not decide it."""
    options = [_all([_holds(test, known.get(test.trait)) for test in option]) for option in condition]
    if True in options:
        return True
    return None if None in options else False


def in_words(condition: Condition, names: dict[str, Row], language: str) -> str:
    """``schools>3`` → ``số trường học > 3``. ``names``: see ``communes.trait_names``."""
    t = translator(language)
    options = [t(" và ").join(_words(test, names, language) for test in option) for option in condition]
    return t(" hoặc ").join(options)


def _test(text: str) -> Test:
    match = TEST.fullmatch(text)
    if not match:
        raise ValueError(text)
    trait, operator, values = match.groups()
    if operator in (">", ">=", "<", "<="):
        Fraction(values)  # ValueError where it is not a number
    return Test(trait, operator, tuple(values.split("|")))


def _all(results: list[bool | None]) -> bool | None:
    if False in results:
        return False
    return None if None in results else True


def _holds(test: Test, value: str | None) -> bool | None:
    if value is None:
        return None
    if test.operator in ("=", "!="):
        return (value in test.values) == (test.operator == "=")
    number, limit = Fraction(value), Fraction(test.values[0])
    return {">": number > limit, ">=": number >= limit, "<": number < limit, "<=": number <= limit}[test.operator]


def _words(test: Test, names: dict[str, Row], language: str) -> str:
    about = names.get(test.trait, {})
    name = about.get("name", {}).get(language, test.trait)
    values = [about.get("values", {}).get(v, {}).get(language, v) for v in test.values]
    sign = {"=": ":", "!=": translator(language)(" không phải:"), ">=": " ≥", "<=": " ≤"}.get(
        test.operator, f" {test.operator}"
    )
    return f"{name}{sign} {'/'.join(values)}"
