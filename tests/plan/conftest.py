"""The real commune that these tests plan for, read once."""

from types import SimpleNamespace

import pytest

from ntm_lib import intake, rules, tables

RULE_SET = "ntm-2021-2025"


@pytest.fixture(scope="session")
def hung_my():
    """Cleaned tables, commune.yml and rule set of Hùng Mỹ, and the thresholds of a year. Read-only."""
    rule_set, commune = rules.load_set(RULE_SET), rules.load_commune("hung-my")
    cleaned = intake.clean(intake.read_commune("hung-my"), "vi", rule_set.all_indicators)
    return SimpleNamespace(
        cleaned=cleaned,
        observations=cleaned.observations,
        works=cleaned.works,
        funding=cleaned.funding,
        commune=commune,
        rule_set=rule_set,
        thresholds=lambda year: rules.resolve(rule_set, commune, year),
    )


def works(*rows):
    """Table ``works`` of planned works of criterion 2, W1, W2 …"""
    return tables.as_table(
        "works",
        [
            {"observation": f"W{i}", "year": 2024, "criterion": "2", "state": "planned"} | row
            for i, row in enumerate(rows, 1)
        ],
    )
