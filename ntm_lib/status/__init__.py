"""Verdicts: what a commune's figures amount to under the rules of a year, exactly, and why.

``project`` and ``override`` make observations out of plans and scenarios, ``judge_indicators`` and
``judge_criteria`` judge them, ``changes`` says what moved and whether result or rule did.
"""

from ntm_lib.status.compare import units_needed
from ntm_lib.status.criteria import CommuneVerdict, commune_verdict, judge_criteria
from ntm_lib.status.indicators import judge_indicators
from ntm_lib.status.project import project

__all__ = ["CommuneVerdict", "commune_verdict", "judge_criteria", "judge_indicators", "project", "units_needed"]
