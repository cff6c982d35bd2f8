"""A country's worth of communes out of Hùng Mỹ's tables, with a seed: for tests of size and speed.

Names come from the registry of communes. Verdicts are drawn at random: nothing here is a real result.
"""

import csv
import json
import random
from pathlib import Path

from ntm_lib.tables import natural_key

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "tests/golden/hung-my-2024"
CHOICES = (
    ("met", "measured"),
    ("met", "declared"),
    ("met", "planned"),
    ("unmet", "measured"),
    ("unmet", "declared"),
    ("no-data", ""),
)
WEIGHTS = (30, 35, 5, 15, 5, 10)


def write_many(root: Path, count: int, seed: int = 7) -> list[str]:
    """Writes ``count`` communes with raw stubs and tables of 2024 (years 2021, 2023, 2024) below ``root``; returns their slugs."""
    draw = random.Random(seed)
    tables = {name: _rows(TABLES / f"{name}.csv") for name in ("criteria", "changes", "findings", "summary")}
    tables["findings"] = tables["findings"][:20]
    slugs = []
    for number, place in enumerate(_places(count), 1):
        slug = f"xa-{number:04}"
        _write_raw(root / "data/raw/communes" / slug, slug, place)
        _write_tables(root / "data/processed" / slug / "2024", tables, draw)
        slugs.append(slug)
    return slugs


def _places(count: int) -> list[dict]:
    rows = _rows(ROOT / "data/raw/communes/registry.csv")
    return [row for row in rows if row["kind"] == "xã" and row["district"]][:count]


def _rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_raw(folder: Path, slug: str, place: dict) -> None:
    folder.mkdir(parents=True)
    fields = {
        "code": place["code"],
        "slug": slug,
        "name": place["name"],
        "district": place["district"],
        "province": place["province"],
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    (folder / "commune.yml").write_text(
        "\n".join([*lines, "province_slug: ca-nuoc", "traits: [{trait: region, value: tdmnpb}]\n"]), encoding="utf-8"
    )
    (folder / "results.csv").write_text("id,year\nA,2021\nB,2023\nC,2024\n", encoding="utf-8")


def _write_tables(folder: Path, tables: dict[str, list[dict]], draw: random.Random) -> None:
    folder.mkdir(parents=True)
    criteria = []
    for row in tables["criteria"]:
        verdict, basis = draw.choices(CHOICES, WEIGHTS)[0]
        criteria.append(
            row | {"verdict": verdict, "basis": basis, "with_value": str(draw.randint(0, int(row["indicators"])))}
        )
    changes = [
        row | {"change": draw.choice(("kept", "gained", "lost")), "cause": draw.choice(("rule", "result"))}
        for row in tables["changes"]
    ]
    summary = [row | _summed([c for c in criteria if c["year"] == row["year"]]) for row in tables["summary"]]
    for name, rows in {**tables, "criteria": criteria, "changes": changes, "summary": summary}.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(sorted(rows, key=lambda row: [natural_key(value) for value in list(row.values())[:2]]))


def _summed(criteria: list[dict]) -> dict[str, str]:
    """The fields of ``summary`` that the overview shows, of the criteria of one year."""
    given = [(row["verdict"], row["basis"]) for row in criteria]
    unmet = sum(verdict == "unmet" for verdict, _ in given)
    return {
        **{basis: str(given.count(("met", basis))) for basis in ("measured", "declared", "planned", "aimed")},
        "with_value": str(sum(int(row["with_value"]) for row in criteria)),
        "unmet_in_all": str(unmet),
        "until_withdrawal": str(max(6 - unmet, 0)),
    }
