"""A scenario as a planner means it. Nothing is read or judged here."""

from dataclasses import dataclass
from fractions import Fraction

from ntm_lib.errors import NtmError
from ntm_lib.judge.override import Assumption
from ntm_lib.language import translator
from ntm_lib.plan.optimise import Limits

Key = tuple[str, str]  # indicator, part


@dataclass(frozen=True)
class Uncertainty:
    """Lowest, likeliest and highest percent: of the plan that gets done, and of a year's growth of levels."""

    reason: str
    delivery: tuple[Fraction, Fraction, Fraction] | None = None
    growth: tuple[Fraction, Fraction, Fraction] | None = None
    seed: int = 0
    draws: int = 10_000


@dataclass(frozen=True)
class Change:
    """One entry of ``changes``. ``op``: set, add, grow, move, fund; ``line``: where it stands in the file.

    ``amount``: what is added (units of the numerator, or of the value), or percent a year (grow).
    ``villages``: how much of it in which village; for move they add up to nothing. ``cost``: million
    đồng, as the planner estimates it; of funded works the table of works knows the cost.
    """

    op: str
    line: int = 0
    indicator: str = ""
    part: str = ""
    assumption: Assumption | None = None
    amount: Fraction = Fraction(0)
    villages: tuple[tuple[str, Fraction], ...] = ()
    works: tuple[str, ...] = ()
    cost: Fraction | None = None
    reason: str = ""

    @property
    def key(self) -> Key:
        return self.indicator, self.part

    @property
    def target(self) -> str:
        return self.indicator + self.part


@dataclass(frozen=True)
class Scenario:
    """A scenario as its file states it. Empty ``rule_set``, ``region``, ``year``: those of the run.

    ``limits`` and ``wanted`` (criteria) are the question to the optimiser. ``typed``: changes given
    on the command line, which win over those of the file.
    """

    name: str
    title: str = ""
    author: str = ""
    date: str = ""
    reason: str = ""
    base_year: int = 0
    changes: tuple[Change, ...] = ()
    rule_set: str = ""
    region: str = ""
    year: int = 0
    uncertainty: Uncertainty | None = None
    limits: Limits | None = None
    limits_line: int = 0
    wanted: tuple[str, ...] = ()
    typed: tuple[Assumption, ...] = ()
    file: str = ""

    def refuse(self, line: int, message: str, language: str) -> NtmError:
        """The error for something wrong at ``line`` of the file."""
        t = translator(language)
        place = t("{file}, dòng {line}: ").format(file=self.file, line=line) if self.file and line else ""
        return NtmError(place + message)
