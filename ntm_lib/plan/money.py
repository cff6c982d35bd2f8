"""Money: sources and their shares, planned against allocated and spent, money by criterion.

Million đồng everywhere. Money that no work is known to use is shown as not yet assigned; it is
never spread over the criteria.
"""

from fractions import Fraction

import pandas as pd

from ntm_lib.language import translator
from ntm_lib.plan.frames import amount, frame, records, total
from ntm_lib.plan.works import by_criterion
from ntm_lib.tables import fraction

TOTAL = "total"
UNASSIGNED = "unassigned"

SOURCES = {
    "source": "code of the source; total: all of them",
    "name": "name as the document writes it",
    "planned": "million đồng",
    "share": "percent of the sum of the sources planned",
    "allocated": "million đồng; empty: not known",
    "spent": "million đồng; empty: not known",
    "left": "planned less spent; empty: spending not known",
    "observation": "row in observations; empty for a total that the document does not print",
}

CHECK = {
    "printed": "total the document prints; empty: it prints none",
    "sum": "sum of the sources",
    "difference": "printed less sum",
    "sources": "number of sources",
    "unknown": "number of sources without an amount",
    "agree": "yes, no, or empty where no total is printed or an amount is missing",
}

BY_CRITERION = {
    "criterion": "criterion; unassigned: no work is known to use this money",
    "name": "words for unassigned, in the language of the run",
    "cost": "million đồng of the works of which the cost is known; empty: of none",
    "share": "percent of all the money planned",
    "works": "number of works",
    "cost_unknown": "number of works of which not all of the cost is known",
}


def by_source(funding: pd.DataFrame, year: int, language: str = "vi") -> pd.DataFrame:
    """Each source of ``year`` with its share, then the total; columns ``SOURCES``.

    The share is that of the sum of the sources, not of a printed total that may be wrong.
    """
    sources, printed = _split(funding, year)
    whole = total(sources["planned"])
    rows = [{**_facts(row), "share": _share(row["planned"], whole)} for row in records(sources)]
    if rows:
        rows.append(_total_row(sources, printed, language))
    return frame(SOURCES, rows)


def check_of_sum(funding: pd.DataFrame, year: int) -> pd.DataFrame:
    """The printed total against the sum of its sources: one row, columns ``CHECK``; none without sources."""
    sources, printed = _split(funding, year)
    if sources.empty:
        return frame(CHECK, [])
    added = total(sources["planned"])
    unknown = int((sources["planned"] == "").sum())
    row = {"sum": added, "sources": len(sources), "unknown": unknown}
    if len(printed):
        stated = amount(printed.iloc[0]["planned"])
        row |= {"printed": stated, "difference": stated - added}
        row |= {} if unknown else {"agree": "yes" if stated == added else "no"}
    return frame(CHECK, [row])


def money_by_criterion(works: pd.DataFrame, funding: pd.DataFrame, year: int, language: str = "vi") -> pd.DataFrame:
    """Known cost of the works of each criterion, then what is left unassigned; columns ``BY_CRITERION``."""
    sources, _ = _split(funding, year)
    whole = total(sources["planned"])
    groups = records(by_criterion(works[works["year"] == year]))
    rows = [
        {**{c: g[c] for c in ("criterion", "cost", "works", "cost_unknown")}, "share": _share(g["cost"], whole)}
        for g in groups
    ]
    if len(sources):
        rest = whole - total(g["cost"] for g in groups)
        name = translator(language)("chưa phân bổ theo công trình")
        rows.append(
            {"criterion": UNASSIGNED, "name": name, "cost": rest, "share": rest * 100 / whole if whole else None}
        )
    return frame(BY_CRITERION, rows)


def _split(funding: pd.DataFrame, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    mine = funding[funding["year"] == year]
    return mine[mine["source"] != TOTAL], mine[mine["source"] == TOTAL]


def _facts(row: dict) -> dict:
    known = fraction(row["planned"]), fraction(row["spent"])
    left = known[0] - known[1] if None not in known else None
    return {**{c: row[c] for c in ("source", "name", "planned", "allocated", "spent", "observation")}, "left": left}


def _total_row(sources: pd.DataFrame, printed: pd.DataFrame, language: str) -> dict:
    """The sum of the sources; allocated and spent only where every source states them."""
    sums = {c: total(sources[c]) if (sources[c] != "").all() else None for c in ("allocated", "spent")}
    planned = total(sources["planned"])
    named = printed.iloc[0] if len(printed) else {"name": translator(language)("Tổng cộng"), "observation": ""}
    left = None if sums["spent"] is None else planned - sums["spent"]
    share = Fraction(100) if planned else None
    return {
        "source": TOTAL,
        "name": named["name"],
        "planned": planned,
        "share": share,
        **sums,
        "left": left,
        "observation": named["observation"],
    }


def _share(text: str, whole: Fraction) -> Fraction | None:
    part = fraction(text)
    return None if part is None or not whole else part * 100 / whole
