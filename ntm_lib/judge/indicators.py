"""Every indicator and part of a rule set, judged for one commune and one year."""

import pandas as pd

from ntm_lib import tables
from ntm_lib.judge.observations import Index, by_indicator, local_targets
from ntm_lib.judge.one_rule import judge_rule
from ntm_lib.judge.parts import join_parts
from ntm_lib.judge.verdict import as_row
from ntm_lib.tables import records


def judge_indicators(
    observations: pd.DataFrame, thresholds: pd.DataFrame, year: int, language: str = "vi"
) -> pd.DataFrame:
    """Table ``indicators`` of ``year``: one row for each row of the table ``thresholds``.

    The rules are taken as given, whatever their own year: last year's result can so be judged by
    this year's rule. Run ``project`` on the observations first where a plan should count.
    """
    rows = judge_rows(by_indicator(observations), records(thresholds), year, language)
    return tables.as_table("indicators", rows)


def judge_rows(index: Index, rules: list[dict], year: int, language: str = "vi") -> list[dict]:
    """The same on plain records, for callers that judge thousands of times."""
    judged = {(r["indicator"], r["part"]): judge_rule(r, index, year, language) for r in rules}
    keys = sorted(judged, key=lambda k: tables.natural_key(k[1]))
    # Deepest parts first, so that each whole finds its parts joined: d.a and d.b, then d, then the indicator.
    for rule in sorted(rules, key=lambda r: -_depth(r["part"])):
        indicator, whole = rule["indicator"], rule["part"]
        if parts := [(p, judged[i, p]) for i, p in keys if i == indicator and _is_part_of(p, whole)]:
            judged[indicator, whole] = join_parts(rule, judged[indicator, whole], parts, language)
    return [as_row(judged[r["indicator"], r["part"]], r, year, _targets(index, year, r)) for r in rules]


def _depth(part: str) -> int:
    return part.count(".") + 1 if part else 0


def _is_part_of(part: str, whole: str) -> bool:
    """``d`` is a part of the indicator (""), ``d.a`` of ``d`` and not of the indicator."""
    return bool(part) and part.rpartition(".")[0] == whole


def _targets(index: Index, year: int, rule: dict) -> str:
    return local_targets(index.get((year, rule["indicator"], rule["part"]), []))
