"""Every indicator and part of a rule set, judged for one commune and one year."""

import pandas as pd

from ntm_lib import tables
from ntm_lib.status.join import join_parts
from ntm_lib.status.observed import Index, by_indicator, local_targets, records
from ntm_lib.status.rows import judge_rule
from ntm_lib.status.verdict import Verdict, as_row


def judge_indicators(
    observations: pd.DataFrame, thresholds: pd.DataFrame, year: int, language: str = "vi", strict: bool = False
) -> pd.DataFrame:
    """Table ``indicators`` of ``year``: one row for each row of the table ``thresholds``.

    The rules are taken as given, whatever their own year: last year's result can so be judged by
    this year's rule. Run ``project`` on the observations first where a plan should count.
    """
    rows = judge_rows(by_indicator(observations), records(thresholds), year, language, strict)
    return tables.as_table("indicators", rows)


def judge_rows(index: Index, rules: list[dict], year: int, language: str = "vi", strict: bool = False) -> list[dict]:
    """The same on plain records, for callers that judge thousands of times."""
    judged = {(r["indicator"], r["part"]): judge_rule(r, index, year, language, strict) for r in rules}
    parts: dict[str, list[tuple[str, Verdict]]] = {}
    for indicator, part in sorted(judged, key=lambda k: tables.natural_key(k[1])):
        if part:
            parts.setdefault(indicator, []).append((part, judged[indicator, part]))
    rows = []
    for rule in rules:
        key = rule["indicator"], rule["part"]
        verdict = judged[key]
        if not rule["part"] and rule["indicator"] in parts:
            verdict = join_parts(rule, verdict, parts[rule["indicator"]], language)
        rows.append(as_row(verdict, rule, year, local_targets(index.get((year, *key), []))))
    return rows
