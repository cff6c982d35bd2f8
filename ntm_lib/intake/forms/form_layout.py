"""The layouts of forms that officials have (``data/raw/layouts/forms.yml``), as records.

What the words of a heading mean stands in that file; how a sheet is read by it is in ``form_heading`` and ``forms``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import yaml

from ntm_lib import paths


class Emit(NamedTuple):
    """A raw row that a row of the form gives where the role ``value`` is filled. ``cells``: raw column → role, $name or 'literal'."""

    table: str
    value: str
    cells: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Form:
    """One layout. ``headings``: role → patterns of its heading, first role and first pattern first.

    ``needs``: roles without which it is another form, each as the roles of which one is enough; ``words``: a heading to
    name such a role by. ``many``: roles that several columns may have; ``unread``: roles that are known but give no value.
    ``columns``, ``periods``, ``rule_sets``: what further words of headings and titles mean, for every form.
    """

    name: str
    headings: Mapping[str, tuple[re.Pattern, ...]]
    needs: tuple[tuple[str, ...], ...]
    words: Mapping[str, str]
    many: frozenset[str]
    unread: frozenset[str]
    money: frozenset[str]
    units_of: frozenset[str]
    emits: tuple[Emit, ...]
    columns: Mapping[str, re.Pattern]
    periods: Mapping[str, re.Pattern]
    rule_sets: Mapping[str, str]

    @cached_property
    def needed(self) -> tuple[re.Pattern, ...]:
        """For each role it needs, what a heading of it says."""
        return tuple(
            re.compile("|".join(pattern.pattern for role in need for pattern in self.headings[role]))
            for need in self.needs
        )

    @property
    def is_of_criteria(self) -> bool:
        """Whether its rows are criteria and indicators, so that one without them is of no use."""
        return any("$indicator" in emit.cells.values() for emit in self.emits)


def forms() -> tuple[Form, ...]:
    """The layouts, in the order in which they are tried."""
    path = paths.raw() / "layouts" / "forms.yml"
    return _forms(path, path.stat().st_mtime_ns) if path.is_file() else ()


@cache
def _forms(path: Path, _written: int) -> tuple[Form, ...]:
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    shared = (_patterns(file["columns"]), _patterns(file["periods"]), file["rule_sets"])
    return tuple(
        Form(
            entry["name"], {role: tuple(map(re.compile, patterns)) for role, patterns in entry["headings"].items()},
            tuple(tuple(roles.split("|")) for roles in entry["needs"]), entry["words"],
            *(frozenset(entry.get(name, ())) for name in ("many", "unread", "money", "units_of")),
            tuple(Emit(e["table"], e["value"], e["cells"]) for e in entry["emits"]), *shared,
        )
        for entry in file["forms"]
    )  # fmt: skip


def _patterns(texts: Mapping[str, str]) -> dict[str, re.Pattern]:
    return {name: re.compile(text) for name, text in texts.items()}
