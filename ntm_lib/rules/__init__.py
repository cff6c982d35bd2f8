"""Rule sets as data: load them, layer nation, ministry and province, resolve the threshold that applies."""

from ntm_lib.rules.columns import Column, choose_column, column_name
from ntm_lib.rules.communes import load_commune, trait
from ntm_lib.rules.resolving import resolve
from ntm_lib.rules.sets import (
    RuleSet,
    criterion_name,
    definitions,
    indicator_name,
    indicators_of,
    load_set,
    rule_sets,
    unplaced,
    valid_entries,
)

__all__ = [
    "Column",
    "RuleSet",
    "choose_column",
    "column_name",
    "criterion_name",
    "definitions",
    "indicator_name",
    "indicators_of",
    "load_commune",
    "load_set",
    "resolve",
    "rule_sets",
    "trait",
    "unplaced",
    "valid_entries",
]
