"""Conditions on the traits of a commune, such as ``schools>3 or column=dbsh|dnb``.

A condition is alternatives joined by ``or``, each of tests joined by ``and``; a test compares one
trait with a number (``>``, ``>=``, ``<``, ``<=``) or with values (``=``, ``!=``; any of ``a|b``).
A trait that is not known makes a test unknown, and logic is three-valued: unknown ``or`` true is
true, unknown ``and`` false is false.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ntm_lib.language import translator
from ntm_lib.model import Row

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
