"""Works: how far each has come, what it costs, what is owed, and what a debt does to recognition.

The plan may name a work and, below it, its parts; parts are inside the whole and never counted
beside it. What the plan does not say stays unknown and is counted as unknown.
"""

from fractions import Fraction

import pandas as pd

from ntm_lib.language import number, translator
from ntm_lib.planning.frames import amount, frame, records, total
from ntm_lib.tables import decimal_text, natural_key

# In the order in which a work passes through them.
STATES = ("requested", "planned", "under-way", "accepted", "settled", "paid")
_BUILT = ("under-way", "accepted", "settled")  # may owe something; a planned work does not yet, a paid one no more

BY_STATE = {
    "state": "state of the work; empty: not stated",
    "name": "name of the state, in the language of the run",
    "works": "number of works (wholes)",
    "cost": "million đồng, where known",
    "cost_unknown": "number of these works without a cost",
    "debt": "million đồng owed, where known",
}

BY_CRITERION = {
    "criterion": "criterion; other: outside the criteria",
    "works": "number of works (wholes)",
    "built": "number of these under way, accepted or settled: those that may owe something",
    "cost": "million đồng, where known",
    "cost_unknown": "number of works without a cost",
    "debt": "million đồng owed, where known",
    "debt_unknown": "number of built works whose debt is not known",
}

DEBT = {
    "condition": "id of the condition of recognition in the rule set",
    "name": "its name, in the language of the run",
    "verdict": "met: no debt; unmet: there is a debt; no-data: not known",
    "debt": "million đồng owed, where known",
    "criteria": "criteria whose works owe something, joined by ;",
    "works": "works that owe something, joined by ;",
    "document": "decision that sets the condition",
    "article": "article",
    "confidence": "as in thresholds",
    "text": "what it means for recognition, in the language of the run",
}


def state_name(state: str, language: str = "vi") -> str:
    """Name of a state: ``accepted`` → ``đã nghiệm thu``. Raises KeyError for one that does not exist."""
    t = translator(language)
    return {
        "": t("chưa ghi tình trạng"),
        "requested": t("đã đề nghị"),
        "planned": t("theo kế hoạch"),
        "under-way": t("đang thực hiện"),
        "accepted": t("đã nghiệm thu"),
        "settled": t("đã quyết toán"),
        "paid": t("đã thanh toán"),
    }[state]


def wholes(works: pd.DataFrame) -> pd.DataFrame:
    """Works that are no part of another, in the same columns.

    Where the whole states no cost or debt but every part does, the sum of the parts stands in.
    A part whose whole is not in the table is kept: it would be lost otherwise.
    """
    known = set(works["observation"])
    whole = works[~works["part_of"].isin(known)].copy()
    parts = works[works["part_of"].isin(known)]
    for column in ("cost", "debt"):
        whole[column] = [row[column] or _of_parts(parts[parts["part_of"] == row["observation"]], column) for row in records(whole)]
    return whole.reset_index(drop=True)


def by_state(works: pd.DataFrame, language: str = "vi") -> pd.DataFrame:
    """Number, cost and debt of the works in each state; columns ``BY_STATE``."""
    rows = []
    whole = wholes(works)
    for state in (*STATES, ""):
        group = whole[whole["state"] == state]
        if len(group):
            rows.append({"state": state, "name": state_name(state, language), "works": len(group), **_money(group)})
    return frame(BY_STATE, rows)


def by_criterion(works: pd.DataFrame) -> pd.DataFrame:
    """Number, cost and debt of the works of each criterion; columns ``BY_CRITERION``."""
    whole = wholes(works)
    rows = []
    for criterion in sorted(set(whole["criterion"]), key=natural_key):
        group = whole[whole["criterion"] == criterion]
        built = group[group["state"].isin(_BUILT)]
        rows.append(
            {"criterion": criterion, "works": len(group), "built": len(built), "debt_unknown": int((built["debt"] == "").sum()), **_money(group)}
        )
    return frame(BY_CRITERION, rows)


def debt_condition(works: pd.DataFrame, rule_set_meta: dict, year: int, language: str = "vi") -> pd.DataFrame:
    """What debt does to recognition, one row for each such condition in force at the end of ``year``.

    ``rule_set_meta`` is set.yml; the condition has the id ``no-debt``. A commune without any built
    work that states its debt is ``no-data``: silence is not "no debt". Columns ``DEBT``.
    """
    whole = wholes(works)
    owing = whole.loc[[amount(debt) > 0 for debt in whole["debt"]]]  # .loc: an empty list would choose columns
    verdict = _debt_verdict(whole, owing)
    facts = {
        "verdict": verdict,
        "debt": total(owing["debt"]) if verdict != "no-data" else None,
        "criteria": ";".join(sorted(set(owing["criterion"]), key=natural_key)),
        "works": ";".join(owing["observation"]),
        "text": _debt_text(verdict, total(owing["debt"]), len(owing), language),
    }
    return frame(DEBT, ({**_condition(c, language), **facts} for c in _in_force(rule_set_meta, year) if c["id"] == "no-debt"))


def debt_facts(works: pd.DataFrame) -> dict[str, dict[str, str]]:
    """What ``status.recognition`` asks for: the debt under ``no-debt``; nothing where it is not known."""
    whole = wholes(works)
    owing = whole.loc[[amount(debt) > 0 for debt in whole["debt"]]]  # .loc: an empty list would choose columns
    if _debt_verdict(whole, owing) == "no-data":
        return {}
    return {"no-debt": {"value": decimal_text(total(owing["debt"]))}}


def _of_parts(parts: pd.DataFrame, column: str) -> str:
    complete = len(parts) and (parts[column] != "").all()
    return decimal_text(total(parts[column])) if complete else ""


def _money(group: pd.DataFrame) -> dict:
    known = group["cost"] != ""
    return {
        "cost": total(group["cost"]) if known.any() else None,
        "cost_unknown": int((~known).sum()),
        "debt": total(group["debt"]) if (group["debt"] != "").any() else None,
    }


def _debt_verdict(whole: pd.DataFrame, owing: pd.DataFrame) -> str:
    if len(owing):
        return "unmet"
    built = whole[whole["state"].isin(_BUILT)]
    settled = len(built) or (whole["state"] == "paid").any()
    return "met" if settled and (built["debt"] != "").all() else "no-data"


def _debt_text(verdict: str, debt: Fraction, count: int, language: str) -> str:
    t = translator(language)
    if verdict == "unmet":
        text = t("Còn nợ đọng {debt} triệu đồng ở {count} công trình: chưa đủ điều kiện công nhận cho đến khi trả hết.")
        return text.format(debt=number(debt, language), count=count)
    if verdict == "met":
        return t("Không còn nợ đọng xây dựng cơ bản ở các công trình đã có số liệu.")
    return t("Chưa có số liệu nợ đọng xây dựng cơ bản: chưa kết luận được điều kiện này.")


def _in_force(rule_set_meta: dict, year: int) -> list[dict]:
    last_day = f"{year}-12-31"
    return [c for c in rule_set_meta.get("recognition", []) if str(c["from"]) <= last_day and (not c["to"] or last_day <= str(c["to"]))]


def _condition(condition: dict, language: str) -> dict:
    return {
        "condition": condition["id"],
        "name": condition["name"][language],
        **{column: str(condition.get(column) or "") for column in ("document", "article", "confidence")},
    }
