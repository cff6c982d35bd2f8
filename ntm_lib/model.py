"""What judging one thing gives, before it becomes a row of the table ``indicators``."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from ntm_lib.tables import decimal_text, fraction, natural_key

Row = dict[str, Any]  # one row of a table: texts, years as int
CONCLUSIVE = ("met", "unmet")
_STRENGTH = {"measured": 0, "declared": 1, "planned": 2, "aimed": 3, "": 4}
COMPARED = ("measured", "planned")  # bases of which a value was compared with a threshold
UNFIT = ("unit", "out-of-range", "conflict", "no-last-year")  # reasons for which a value can stand beside no other
MEANT = ("planned", "aimed")  # bases of what a plan means to reach: no result

COPIED = (
    "operator", "threshold", "count_unit", "set_by", "document", "article", "source", "confidence", "column", "valid_from", "valid_to",
)  # fmt: skip


_T = TypeVar("_T")


def sure(value: _T | None) -> _T:
    """``value``, of which the caller has made sure that it is known. Raises ValueError where it is not."""
    if value is None:
        raise ValueError("a value that was checked before is not known")
    return value


Figures = tuple[tuple[str, str], ...]  # values (canonical decimal or word), each with its unit or operator


Key = tuple[str, str]  # indicator and part


def key_of(row: Mapping[str, Any]) -> Key:
    """By what the rows of an indicator or part are found in every table."""
    return row["indicator"], row["part"]


def is_part_of(part: str, whole: str) -> bool:
    """``d`` is a part of the indicator (""), ``d.a`` of ``d`` and not of the indicator."""
    return bool(part) and part.rpartition(".")[0] == whole


@dataclass(frozen=True, slots=True)
class Observation:
    """What a row of the table ``observations`` says of its year, its numbers exact; made once, by ``of``.

    ``value``: canonical decimal or word as in the table, ``amount``: the same as a number, None for a word; ``bound``: operator
    that the text states; ``base_year``: 0 where none is stated.
    """

    name: str
    table: str = "results"
    kind: str = "measured"
    year: int = 0
    base_year: int = 0
    part: str = ""
    item: str = ""
    text: str = ""
    value: str = ""
    amount: Fraction | None = None
    unit: str = ""
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    bound: str = ""
    note: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Observation":
        """The record of a row of the table, or of some of its cells."""
        texts = {c: row.get(c, "") for c in ("table", "kind", "part", "item", "text", "value", "unit", "note")}
        return cls(
            row.get("observation", ""), year=row.get("year", 0), base_year=int(row.get("base_year") or 0), bound=row.get("operator", ""),
            amount=fraction(texts["value"]), numerator=fraction(row.get("numerator", "")), denominator=fraction(row.get("denominator", "")),
            **texts,
        )  # fmt: skip

    @property
    def counted(self) -> Fraction | None:
        """The number of units: the numerator of a share, else the value."""
        return self.amount if self.numerator is None else self.numerator


class Note(NamedTuple):
    """A remark on a verdict: a code, whose words are in ``wording.sentences``, and what fills them."""

    code: str
    fields: tuple[tuple[str, str | Figures], ...] = ()


def note(code: str, **fields: str | Figures) -> Note:
    return Note(code, tuple(fields.items()))


def notes_cell(notes: Iterable[Note]) -> str:
    """``notes`` as the column ``note`` of ``indicators`` holds them (JSON); empty for none."""
    found = [[code, dict(fields)] for code, fields in notes]
    return json.dumps(found, ensure_ascii=False) if found else ""


def with_note(row: Row, added: Note) -> Row:
    """The row of ``indicators`` with one remark more."""
    before = json.loads(row["note"]) if row["note"] else []
    return row | {"note": json.dumps([*before, [added.code, dict(added.fields)]], ensure_ascii=False)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict with its facts. ``value`` is text as in ``indicators.value``, ``amount`` the
    same exactly (share: percent); ``margin`` is in the threshold's unit (points for shares), ``margin_count`` in the count unit, both positive when good.
    """

    verdict: str
    basis: str = ""
    reason: str = ""
    value: str = ""
    unit: str = ""
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    amount: Fraction | None = None
    bound: str = ""
    margin: Fraction | None = None
    margin_count: Fraction | None = None
    observations: tuple[str, ...] = ()
    scenario: bool = False
    notes: tuple[Note, ...] = ()
    doubts: tuple[str, ...] = ()  # what the verdict hangs on: trait (of the commune), threshold (nobody has compared)

    @property
    def conclusive(self) -> bool:
        return self.verdict in CONCLUSIVE

    def noted(self, *notes: Note) -> "Verdict":
        """The same with remarks added, each once."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *notes))))

    def undecided(self, reason: str, *notes: Note) -> "Verdict":
        """The same facts without a verdict, and why."""
        return replace(self, verdict="no-data", basis="", reason=reason, margin=None, margin_count=None).noted(*notes)


def weakest(bases: Iterable[str]) -> str:
    """The basis on which a verdict that needs all of ``bases`` rests."""
    return max(bases, key=_STRENGTH.__getitem__, default="")


def strongest(bases: Iterable[str]) -> str:
    """The basis of a verdict for which one of ``bases`` is enough."""
    return min(bases, key=_STRENGTH.__getitem__, default="")


def joined(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Ids of all observations behind ``verdicts``, each once, in their own order."""
    return tuple(sorted({i for v in verdicts for i in v.observations}, key=natural_key))


def as_row(verdict: Verdict, rule: Row, year: int, local_target: str) -> Row:
    """Row of the table ``indicators`` for one row ``rule`` of the table ``thresholds``."""
    return {
        "year": year,
        "criterion": rule["criterion"],
        "indicator": rule["indicator"],
        "part": rule["part"],
        "verdict": verdict.verdict,
        "basis": verdict.basis,
        "reason": verdict.reason,
        "value": verdict.value,
        "unit": verdict.unit,
        "numerator": decimal_text(verdict.numerator),
        "denominator": decimal_text(verdict.denominator),
        "bound": verdict.bound,
        "margin": decimal_text(verdict.margin),
        "margin_count": decimal_text(verdict.margin_count),
        "local_target": local_target,
        "observation": ";".join(verdict.observations),
        "scenario": "yes" if verdict.scenario else "",
        "doubt": ";".join(verdict.doubts) if verdict.conclusive else "",
        "note": notes_cell(verdict.notes),
        **{column: rule[column] for column in COPIED},
    }
