"""Verdicts: what a commune's figures amount to under the rules of a year, exactly, and why.

``project`` and ``override`` make observations out of plans and scenarios, ``judge_rows`` and ``criteria_rows`` judge them,
``change_rows`` says what moved and whether result or rule did; ``judge_history`` does all of it for every year known.
"""

from ntm_lib.judge.amounts import units_needed
from ntm_lib.judge.criteria import CommuneVerdict, commune_verdict
from ntm_lib.judge.history import History, judge_history, turned
from ntm_lib.judge.observations import in_numbers_of, project
from ntm_lib.judge.override import Assumption, override, parse_changes, read_changes
from ntm_lib.judge.recognition import Condition, Exposure, recognition, stated_facts, withdrawal
from ntm_lib.judge.risk import at_risk

__all__ = [
    "Assumption", "CommuneVerdict", "Condition", "Exposure", "History", "at_risk", "commune_verdict",
    "in_numbers_of", "judge_history", "override", "parse_changes", "project",
    "read_changes", "recognition", "stated_facts", "turned", "units_needed", "withdrawal",
]  # fmt: skip
