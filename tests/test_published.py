"""What was published of communes in 2021–2025, beside what we conclude from the same figures.

``tests/golden/published.csv`` keeps one row per published statement. Here our conclusion is made anew
and compared with the one kept; the word ``agreement`` must follow from the two, and whatever is not
plain agreement must say why. A disagreement is explained there, or listed as open.
"""

import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from ntm_lib import intake, parameters, rules
from ntm_lib.judge.history import judge_history

PATH = Path(__file__).parent / "golden" / "published.csv"
COLUMNS = [
    "commune",
    "year",
    "observation",
    "rule_set",
    "subject",
    "published",
    "status",
    "conclusion",
    "agreement",
    "why",
]
AGREEMENTS = ("agrees", "cannot-be-told", "disagrees-explained", "disagrees-open", "no-status")
YEARS = range(2021, 2026)

with PATH.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


@cache
def observed(commune: str) -> pd.DataFrame:
    return intake.clean(intake.read_commune(commune)).observations


@cache
def judged(commune: str, rule_set: str):
    return judge_history(
        observed(commune),
        rules.load_set(rule_set),
        rules.load_commune(commune),
        max(y for y in parameters.years_judged(commune) if y in YEARS),
    )


def conclusion(row: dict) -> str:
    """``met (measured)``, ``no-data (no-value)``; of the whole commune how many criteria have which verdict."""
    history, year = judged(row["commune"], row["rule_set"]), int(row["year"])
    if row["subject"] == "all":
        found = history.criteria[history.criteria["year"] == year]
        return ", ".join(f"{verdict} {count}" for verdict, count in sorted(found["verdict"].value_counts().items()))
    if "." not in row["subject"]:
        found = history.criteria[
            (history.criteria["year"] == year) & (history.criteria["criterion"] == row["subject"])
        ].iloc[0]
        return f"{found['verdict']} ({found['basis'] or 'no value'})"
    number, part = re.fullmatch(r"([\d.]+)([a-z]?)", row["subject"]).groups()
    table = history.indicators
    found = table[(table["year"] == year) & (table["indicator"] == number) & (table["part"] == part)].iloc[0]
    return f"{found['verdict']} ({found['basis'] or found['reason']})"


def follows(status: str, concluded: str) -> set[str]:
    """Words that may stand as agreement. ``status``: met, unmet, a count such as 14/19, a range 7-9/19, or empty."""
    counts = {verdict: int(count) for verdict, count in re.findall(r"([a-z-]+) (\d+)", concluded)}
    if not status or status == "target":
        return {"no-status"}
    if status in ("met", "unmet"):
        verdict = concluded.split(" ")[0]
        if counts:
            verdict = "unmet" if counts.get("unmet") else "no-data" if counts.get("no-data") else "met"
        return (
            {"cannot-be-told"}
            if verdict not in ("met", "unmet")
            else {"agrees"}
            if verdict == status
            else {"disagrees-explained", "disagrees-open"}
        )
    least, most, total = re.fullmatch(r"(\d+)(?:-(\d+))?/(\d+)", status).groups()
    met, unmet = counts.get("met", 0), counts.get("unmet", 0)
    if met > int(most or least) or unmet > int(total) - int(least):
        return {"disagrees-explained", "disagrees-open"}
    return {"agrees"} if met + unmet == int(total) else {"cannot-be-told"}


def place(row: dict) -> str:
    return f"{row['commune']}-{row['year']}-{row['observation']}"


@pytest.mark.parametrize("row", ROWS, ids=place)
def test_what_was_published_and_what_we_conclude(row):
    assert conclusion(row) == row["conclusion"]
    assert row["agreement"] in follows(row["status"], row["conclusion"])
    assert row["agreement"] == "agrees" or row["why"]


@pytest.mark.parametrize("row", ROWS, ids=place)
def test_what_was_published_stands_in_the_commune_s_folder(row):
    found = observed(row["commune"]).set_index("observation").loc[row["observation"]]
    assert str(found["year"]) == row["year"]
    assert found["text"] == row["published"]


def test_the_table_is_whole():
    assert list(ROWS[0]) == COLUMNS
    assert len({place(row) for row in ROWS}) == len(ROWS)
    assert {row["agreement"] for row in ROWS} <= set(AGREEMENTS)
    kept = {(row["commune"], row["observation"]) for row in ROWS}
    for commune in parameters.communes():
        if commune == "hung-my":
            continue  # its plan is judged in the golden tests; here stand the figures that were published of it
        table = observed(commune)
        stated = table[
            table["year"].isin(YEARS)
            & table["table"].isin(["results", "plan"])
            & ~table["criterion"].isin(["", "other"])
        ]
        assert {(commune, name) for name in stated["observation"]} <= kept, commune


def test_every_disagreement_is_explained_or_open():
    """How many there are is told by name: a new one must be looked at by somebody."""
    assert [place(row) for row in ROWS if row["agreement"].startswith("disagrees")] == []
