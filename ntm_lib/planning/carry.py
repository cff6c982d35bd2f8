"""Figures of one rule set under the numbers of another.

Sets use the same numbers for different things: 17.8 is households with a latrine in the basic set,
livestock farms in the advanced one. So only what a scenario names is carried over, and everything
else that was said under the old numbers is left behind.
"""

from collections.abc import Mapping

import pandas as pd

from ntm_lib import tables
from ntm_lib.planning.frames import records
from ntm_lib.status.observed import JUDGED_TABLES

Carry = Mapping[tuple[str, str], tuple[str, str]]  # (indicator, part) of the old set → of the new one


def carried(observations: pd.DataFrame, carry: Carry, thresholds: pd.DataFrame) -> pd.DataFrame:
    """``observations`` renumbered by ``carry``; results and plans that it does not name are left out.

    Declarations about whole criteria are left out too: they were made under the old set.
    """
    criteria = {(r["indicator"], r["part"]): r["criterion"] for r in records(thresholds)}
    rows = []
    for row in records(observations):
        if row["table"] not in JUDGED_TABLES:
            rows.append(row)
        elif (new := carry.get((row["indicator"], row["part"]))) and row["indicator"]:
            rows.append({**row, "criterion": criteria[new], "indicator": new[0], "part": new[1]})
    return tables.as_table("observations", rows)
