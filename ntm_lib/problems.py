"""A fault as data, and the catalogue of what can be wrong: ``problems.yml`` holds the words, nobody else does.

A fault is a code of the catalogue, the place, what was read there, and fields. A field is a text, a whole number, or
what each language writes in its own way, made by ``number``, ``quantity``, ``listed``, ``joined``,
``both``, ``place``, ``say``.
All are plain values of JSON, so that the same record gives the words of either language, today or when read back.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ntm_lib import language as languages
from ntm_lib.errors import NtmError
from ntm_lib.language import translator

CATALOGUE = Path(__file__).with_name("problems.yml")
Field = str | int | Mapping[str, Any]
Given = Field | Fraction
LONGEST = 600  # letters of a field that a message shows


class Entry(NamedTuple):
    """What the catalogue says of a code: how grave it is, and in Vietnamese what is wrong and what to do."""

    severity: str
    text: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. ``code``: of the catalogue, ``share`` or, where a check tells several things, ``share/cut``.

    ``row``: the line in the file, the heading is 1, or the cell; empty is the file as a whole. ``column``: heading of a
    table or entry of a YAML file. ``read``: what stands there.
    """

    code: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    file: str = ""
    sheet: str = ""
    row: str = ""
    column: str = ""
    read: str = ""

    @property
    def entry(self) -> Entry:
        return catalogue()[self.code]

    def in_words(self, language: str) -> str:
        """One line for a terminal: place, what stands there, what is wrong, what to do."""
        entry = [translator(language)("mục «{entry}»").format(entry=self.column)] if self.column else []
        place = (
            where(self.file, self.sheet, self.row, self.column, language)
            if self.row
            else ", ".join([self.file, *entry])
        )
        told = (f"«{self.read}»" if self.read else "", *words(self.code, self.fields, language))
        return f"{place}: {' '.join(filter(None, told))}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that a check found: its id, on which answers hang, what it concerns, and the answer."""

    finding: str
    problem: Problem
    year: int = 0
    criterion: str = ""
    indicator: str = ""
    part: str = ""
    observation: str = ""
    answer: str = ""
    answered_by: str = ""
    answered_on: str = ""
    answer_text: str = ""

    def as_row(self) -> dict[str, Any]:
        """The row of table ``findings``."""
        problem = self.problem
        rest = {c.name: getattr(self, c.name) for c in fields(self) if c.name != "problem"}
        code, _, case = self.problem.code.partition("/")
        told = {"code": code, "case": case, "severity": self.problem.entry.severity}
        place = {name: getattr(problem, name) for name in ("file", "sheet", "row", "column")}
        return rest | told | place | {"text": self.problem.read, "fields": as_text(self.problem.fields)}


@cache
def catalogue() -> dict[str, Entry]:
    """Every code of a fault → its entry."""
    return {code: Entry(**entry) for code, entry in _file()["problems"].items()}


@cache
def _file() -> dict[str, Any]:
    import yaml

    parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(CATALOGUE.read_text(encoding="utf-8"), parser))


def words(code: str, fields: Mapping[str, Field], language: str) -> tuple[str, str]:
    """What is wrong and what to do, in ``language``."""
    entry, t = catalogue()[code], translator(language)
    shown = {name: show(value, language) for name, value in fields.items()}
    return t(entry.text).format(**shown), t(entry.action).format(**shown) if entry.action else ""


def refusal(code: str, language: str, **fields: Field) -> NtmError:
    """What stops a run, in the words of the catalogue: what is wrong, then what to do."""
    return NtmError(" ".join(filter(None, words(code, fields, language))))


def show(value: Field, language: str) -> str:
    """A field as ``language`` writes it."""
    if not isinstance(value, Mapping):
        return shortened(str(value))
    if "say" in value:
        parts = {name: show(part, language) for name, part in value.items() if name != "say"}
        code = value["say"]
        text = _file()["words"].get(code) or catalogue()[code].text
        return translator(language)(text).format(**parts)
    if "list" in value:
        items = [show(item, language) for item in value["list"]]
        if "most" not in value:
            return str(value["joint"]).join(items)
        items = list(dict.fromkeys(items))
        return ", ".join(items[: value["most"]]) + (" …" if len(items) > value["most"] else "")
    if "unit" in value:
        return languages.amount(Fraction(value["number"]), value["unit"], language)
    if "number" in value:
        return languages.number(Fraction(value["number"]), language, value.get("digits"))
    if "file" in value:
        return where(value["file"], value["sheet"], value["row"], value["column"], language)
    return str(value[language])


def shortened(text: str) -> str:
    """What was read, as long as anybody reads on: a cell or a name may hold pages."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def given(fields: Mapping[str, Given]) -> dict[str, Field]:
    """The fields with exact numbers as ``number`` makes them."""
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Given) -> Field:
    return number(value) if isinstance(value, Fraction) else value


def as_text(fields: Mapping[str, Field]) -> str:
    """Fields in one cell of a table, always in the same way; none: empty."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True) if fields else ""


def from_text(text: str) -> dict[str, Field]:
    return json.loads(text) if text else {}


def number(value: Fraction | int | str, digits: int | None = None) -> Field:
    """An exact number; ``digits`` fixes how many are shown after the comma."""
    return {"number": str(value)} | ({} if digits is None else {"digits": digits})


def quantity(value: Fraction | int | str, unit: str) -> Field:
    """A number with its unit."""
    return {"number": str(value), "unit": unit}


def listed(items: Iterable[Given], most: int = 12) -> Field:
    """``a, b, c …``: each item once, and a list that stays readable in a message."""
    return {"list": [_plain(item) for item in items], "most": most}


def joined(items: Iterable[Given], joint: str) -> Field:
    """All items, also those that say the same."""
    return {"list": [_plain(item) for item in items], "joint": joint}


def both(vi: str, en: str) -> Field:
    """A name that data give in both languages."""
    return {"vi": vi, "en": en}


def place(file: str, sheet: str = "", row: int | str = "", column: str = "") -> Field:
    """Another cell or line that the words name."""
    return {"file": file, "sheet": sheet, "row": str(row), "column": column}


def say(code: str, **fields: Given) -> Field:
    """Words of the catalogue inside a text: of its part ``words``, or the text of another fault."""
    return {"say": code} | given(fields)


def where(file: str, sheet: str, row: int | str, column: str, language: str) -> str:
    """``communes/hung-my/results.csv, dòng 12, cột «value»`` as a message names a cell, or the line of a text."""
    t = translator(language)
    if re.fullmatch(r"[A-Z]{1,3}\d+", str(row)):  # a cell of a workbook, whose user knows no names of columns
        return ", ".join(
            [file, *([t("trang «{sheet}»").format(sheet=sheet)] if sheet else []), t("ô {cell}").format(cell=row)]
        )
    line = t("dòng {line}").format(line=row) if file.endswith(".txt") else t("dòng {row}").format(row=row)
    parts = [file, *([t("trang «{sheet}»").format(sheet=sheet)] if sheet else []), line]
    return ", ".join(parts + ([t("cột «{column}»").format(column=column)] if column else []))


def held(text: str, language: str) -> str:
    """What a cell holds, as a message quotes it."""
    return f"«{text}»" if text else translator(language)("ô trống")
