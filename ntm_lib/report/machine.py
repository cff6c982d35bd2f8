"""What other programs read: verdicts and findings as JSON, and the verdicts of many communes as rows.

Numbers are text, exact as in the processed tables; a missing value is the empty text. Every entry has an ``id`` that stays
the same as long as it speaks of the same thing: ``02314-2024-ntm-2021-2025-17.8a`` is the verdict on indicator 17.8, part a,
of commune 02314 for 2024. ``schema`` describes the JSON (``make check CODES=1 JSON=1`` prints it).
"""

import csv
import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ntm_lib import paths, rules
from ntm_lib.dictionary import TABLES
from ntm_lib.parameters import Parameters
from ntm_lib.report.overview.overview_read import Entry
from ntm_lib.rules.crosswalk import home_sets
from ntm_lib.tables import read_table, records
from ntm_lib.wording.problem_words import worded

FORMAT = "ntm-run-1"
WHOSE = ("commune", "code", "name", "district", "province")
ABOUT = {
    "id": "stays the same for the same commune, year, rule set and indicator or criterion",
    "level": "criterion or indicator",
    "commune": "folder of the commune",
    "code": "administrative code, five characters",
    "name": "name of the commune",
    "district": "district; empty where there is none",
    "province": "province",
    "rule_set": "rule set judged by",
}
KEPT = {
    "criteria": [name for name in TABLES["criteria"][1] if name != "year"],
    "indicators": [name for name in TABLES["indicators"][1] if name not in ("year", "note")],
}
# Columns of verdicts.csv: what both levels have first.
COLUMNS = ("id", "level", *WHOSE, "year", "rule_set", *dict.fromkeys([*KEPT["indicators"], *KEPT["criteria"]]))
MOST_ROWS = 1_000_000  # of a sheet of Excel, less its heading


def run_json(run: Parameters) -> str:
    """Verdicts and findings of a run as JSON, in an order that never changes."""
    folder = paths.processed(run.run_name)
    commune = {
        **dict.fromkeys(WHOSE, ""),
        "commune": run.commune,
        **_who(rules.load_commune(run.commune, run.language)),
    }
    tables = {name: records(read_table(name, folder)) for name in ("criteria", "indicators")}
    found = {
        "format": FORMAT,
        "run": run.run_name,
        "year": run.year,
        "rule_set": run.rule_set,
        "commune": commune,
        "verdicts": [dict(row) for row in _verdicts(commune["code"], run.year, run.rule_set, tables)],
        "findings": records(worded(read_table("findings", folder), run.language)),
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def check_json(findings: pd.DataFrame, rejects: pd.DataFrame, language: str) -> str:
    """Findings and rejects with their words as JSON: what ``make check`` tells."""
    told = {"findings": records(worded(findings, language)), "rejects": records(worded(rejects, language))}
    return json.dumps({"format": FORMAT, **told}, ensure_ascii=False, indent=1) + "\n"


def _who(commune: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(commune.get(name) or "") for name in WHOSE if name in commune}


def _verdicts(
    code: str, year: int, rule_set: str, tables: Mapping[str, Iterable[Mapping[str, Any]]]
) -> Iterator[dict[str, Any]]:
    for table, level in (("criteria", "criterion"), ("indicators", "indicator")):
        for row in tables[table]:
            if int(row["year"]) == year:
                what = f"{row['indicator']}{row['part']}" if level == "indicator" else f"tc-{row['criterion']}"
                given = {"id": f"{code}-{year}-{rule_set}-{what}", "level": level, "year": year, "rule_set": rule_set}
                yield given | {name: row[name] for name in KEPT[table]}


def verdict_rows(entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """One row a commune, year and criterion or indicator, under ``COLUMNS``, as the reports of the entries conclude."""
    for entry in entries:
        place, folder = entry.place, paths.processed(entry.run)
        tables = {name: _rows(folder / f"{name}.csv") for name in ("criteria", "indicators")}
        who = dict(zip(WHOSE, (place.slug, place.code, place.name, place.district, place.province), strict=True))
        own = home_sets([entry.year]).get(entry.year, "")  # plain runs are judged by no other
        for row in _verdicts(place.code, entry.year, own, tables):
            yield {**row, **who}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_verdicts_workbook(path: Path, rows: Iterable[Mapping[str, Any]], date: str) -> None:
    """The rows as a workbook: headings that stay in sight, a filter, text as text; a new sheet after a million rows."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": datetime.datetime.fromisoformat(date)})
        bold, at = book.add_format({"bold": True}), MOST_ROWS
        sheet: Any = None
        for row in rows:
            if at == MOST_ROWS:
                sheet, at = book.add_worksheet(), 0
                sheet.freeze_panes(1, 0)
                sheet.autofilter(0, 0, MOST_ROWS, len(COLUMNS) - 1)
                sheet.write_row(0, 0, COLUMNS, bold)
            at += 1
            for number, name in enumerate(COLUMNS):
                if (value := row.get(name, "")) != "":
                    sheet.write(at, number, value)


def schema_text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> dict[str, Any]:
    """JSON Schema of what ``run_json`` gives; made from the data dictionary."""
    said = {name: meaning for table in ("criteria", "indicators") for name, meaning in TABLES[table][1].items()} | ABOUT
    verdict = ("id", "level", "year", "rule_set", *dict.fromkeys([*KEPT["indicators"], *KEPT["criteria"]]))
    finding = {**TABLES["findings"][1], "message": "what is found, in words", "action": "what to do, in words"}
    reject = {**TABLES["rejects"][1], "message": finding["message"], "action": finding["action"]}

    def entries(names: Mapping[str, str], required: Iterable[str]) -> dict[str, Any]:
        properties = {
            n: {"type": "integer" if n == "year" else "string", "description": meaning} for n, meaning in names.items()
        }
        item = {"type": "object", "required": list(required), "additionalProperties": False, "properties": properties}
        return {"type": "array", "items": item}

    text = {"type": "string"}
    who = {name: {"type": "string", "description": ABOUT[name]} for name in WHOSE}
    parts = {
        "format": {"const": FORMAT},
        "run": {**text, "description": "folder of the run below outputs and data/processed"},
        "year": {"type": "integer"},
        "rule_set": text,
        "commune": {"type": "object", "properties": who, "required": list(WHOSE), "additionalProperties": False},
        "verdicts": entries(
            {name: said[name] for name in verdict}, ("id", "level", "year", "criterion", "verdict", "basis")
        ),
        "findings": entries(finding, finding),
        "rejects": entries(reject, reject),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What ntm tells other programs with JSON=1",
        "type": "object",
        "required": ["format", "findings"],
        "additionalProperties": False,
        "properties": parts,
    }
