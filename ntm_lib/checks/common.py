"""What every check shares: the data it looks at, and how a finding is written.

A check is a function from ``Context`` to findings, which ``problem`` makes. It says with ``not_checked`` where the data does not allow it, so that silence means «looked, and found nothing».
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.places.merge import SEXES
from ntm_lib.problems import Field, Finding, Given, Problem, both, given
from ntm_lib.tables import fraction, natural_key, tuples
from ntm_lib.text.names import without_marks
from ntm_lib.text.numbers import Parsed

NOTHING = Parsed()


@dataclass(frozen=True)
class Context:
    """``indicators``: the rule set's. ``thresholds``: those that apply (table ``thresholds``), or None where not at hand.

    ``year``: the year of the run, 0 where none is given. ``written``: the observations in the numbers of
    the set by which each was written, where the run judges by another. ``meta``: the rule set's set.yml.
    """

    cleaned: Cleaned
    commune: Mapping[str, Any]
    indicators: pd.DataFrame
    thresholds: pd.DataFrame | None
    language: str
    year: int = 0
    written: pd.DataFrame | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[Any]:
        """Observations as named tuples."""
        return tuples(self.cleaned.observations)

    @cached_property
    def written_rows(self) -> list[Any]:
        """The same in the numbers in which they were written: what a document counts, it counts by its own criteria."""
        return self.rows if self.written is None else tuples(self.written)

    @cached_property
    def by_id(self) -> dict[str, Any]:
        return {row.observation: row for row in self.rows}

    @cached_property
    def names(self) -> dict[tuple[str, str], Any]:
        """Row of the rule set by (indicator, part)."""
        return {(row.indicator, row.part): row for row in tuples(self.indicators)}

    def named(self, indicator: str, part: str = "") -> Field:
        """Name of an indicator or part; empty where the rule set has none."""
        row = self.names.get((indicator, part))
        return "" if row is None else both(row.name_vi, getattr(row, "name_en", ""))

    @cached_property
    def criteria(self) -> list[str]:
        """The criteria of the rule set, in order."""
        return sorted(set(self.indicators["criterion"]), key=natural_key)

    def parsed(self, row: Any) -> Parsed:
        return self.cleaned.parsed.get(row.observation, NOTHING)

    def rule(self, row: Any) -> Any | None:
        """The threshold of the row's year, indicator and part; None where it is not known or not at hand."""
        found = self._rules.get((row.year, row.indicator, row.part))
        return found if found is not None and found.operator else None

    def kind(self, row: Any) -> str:
        """Of what kind the row's indicator is: share, number, status …; empty where the rule set has none."""
        entry = self.names.get((row.indicator, row.part))
        return entry.kind if entry is not None else ""

    def asked(self, row: Any) -> dict[str, Any] | None:
        """What the rules ask of the row: its threshold, known or not, else its entry in the rule set."""
        part = "" if row.part in SEXES else row.part
        found = self._rules.get((row.year, row.indicator, part)) or self.names.get((row.indicator, part))
        return found._asdict() if found is not None else None

    @cached_property
    def _rules(self) -> dict[tuple[int, str, str], Any]:
        if self.thresholds is None:
            return {}
        return {(row.year, row.indicator, row.part): row for row in tuples(self.thresholds)}

    @cached_property
    def measured(self) -> dict[tuple[str, str], list[Any]]:
        """Measured results of the whole commune by indicator and part."""
        found: dict[tuple[str, str], list[Any]] = {}
        for row in self.rows:
            if row.table == "results" and row.kind == "measured" and not row.village:
                found.setdefault((row.indicator, row.part), []).append(row)
        return found

    @cached_property
    def rule_years(self) -> set[int]:
        """Years whose thresholds are at hand."""
        return {year for year, _, _ in self._rules}


def problem(code: str, rows: Iterable[Any] = (), /, at: Mapping[str, Any] | None = None, **fields: Given) -> Finding:
    """A finding on observations. ``code``: of ``problems.yml``, whose texts the ``fields`` fill.

    Place, year, criterion and indicator are those of the first row, or as ``at`` says. Its ``key`` (default: ids of the
    rows) makes the id, with a digest of the text read: an answer to the finding holds until the cell changes.
    """
    rows, at = list(rows), dict(at or {})
    first = rows[0]._asdict() if rows else {}
    observations = [row.observation for row in rows]
    key = str(at.pop("key", "+".join(observations)))
    place = {name: str(at.pop(name, first.get(name, ""))) for name in ("file", "sheet", "row", "column")}
    text = str(at.pop("text", first.get("text", "")))
    concerned = {name: at.pop(name, first.get(name, "")) for name in ("criterion", "indicator", "part")}
    year = int(at.pop("year", first.get("year", 0)) or 0)
    return Finding(
        identity(code.partition("/")[0], key, "\n".join(str(row.text) for row in rows) or text),
        Problem(code, given(fields), **place, read=text),
        year, **concerned, observation=";".join(observations), **at,
    )  # fmt: skip


def identity(code: str, key: str, read: str) -> str:
    """``share:HM112:1f3a``: the check, the place, and a digest of what was read."""
    place = re.sub(r"[^\w.+/-]+", "-", without_marks(key))
    return f"{code}:{place}" + (f":{hashlib.sha256(read.encode()).hexdigest()[:4]}" if read else "")


def not_checked(check: str, rows: Iterable[Any] = (), **fields: Given) -> Finding:
    """Says that ``check`` could not be made, on these rows or at all."""
    rows = list(rows)
    key = "-".join([check, *(row.observation for row in rows)])
    return problem(f"not-checked/{check}", rows, at={"key": key}, **fields)


def sign(operator: str) -> str:
    """``>=`` as people write it: ≥."""
    return {">=": "≥", "<=": "≤"}.get(operator, operator)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Half up at ``decimals`` digits, the stated rounding rule for printed shares."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole, 10**decimals) * (-1 if value < 0 else 1)


def truncated(value: Fraction, decimals: int) -> Fraction:
    return Fraction(int(value * 10**decimals), 10**decimals)


def is_judged(row: Any) -> bool:
    """Whether the row is a figure of the whole commune that is judged: a result, or a target."""
    judged = (row.table == "results" and row.kind in ("measured", "declared")) or (
        row.table == "plan" and row.kind == "target"
    )
    return judged and bool(row.indicator) and not row.village


_OTHER_BASE = re.compile(
    r"\b(?:kế hoạch|KH|nghị quyết|NQ|dự toán|chỉ tiêu (?:được )?giao|cùng kỳ|so với)\b", re.IGNORECASE
)


def of_another_base(row: Any) -> bool:
    """Whether the row's words say that the figure is a part of a plan or of another year: such a share may be over 100."""
    return _OTHER_BASE.search(f"{row.item} {row.text} {row.quote}") is not None


def amount(row: Any) -> Fraction | None:
    """The row's value, where it is a number."""
    return fraction(row.value)


def share(row: Any) -> Fraction | None:
    """The exact share in %, where the row has numerator and denominator."""
    numerator, denominator = fraction(row.numerator), fraction(row.denominator)
    return numerator * 100 / denominator if numerator is not None and denominator else None
