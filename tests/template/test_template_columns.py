"""``data/raw/README.md`` says of every file a person may write what the code reads: its columns and allowed words."""

import re

import pytest

from ntm_lib import paths
from ntm_lib.intake import corrections, progress_rows, schema
from ntm_lib.plan import scenario_file
from ntm_lib.rules import communes

PAGE = (paths.raw() / "README.md").read_text("utf-8")
TABLES = {name: (table.columns, table.required) for name, table in schema.TABLES.items()}


def section(file: str) -> str:
    return re.search(rf"^## {re.escape(file)} –.*?(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[0]


def words(file: str, row: str) -> list[str]:
    """The words that a row of a table offers, in their order."""
    return re.findall(r"`([^`]+)`", re.search(rf"^\| \**{row}\** \|(.*)$", section(file), re.MULTILINE)[1])


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_that_are_read(table):
    columns, required = TABLES[table]
    named = re.findall(r"^\| (\**)(\w+)\** \| (.*) \|$", section(f"{table}.csv"), re.MULTILINE)
    assert [name for _, name, _ in named if name != "cột"] == list(columns)
    assert {name for bold, name, _ in named if bold} == set(required)
    assert all(meaning.strip() for *_, meaning in named)


@pytest.mark.parametrize(
    ("table", "column", "allowed"),
    [
        ("results", "kind", schema.KINDS["results"]), ("plan", "kind", schema.KINDS["plan"]), ("works", "state", schema.STATES),
        ("funding", "source", schema.FUNDING_SOURCES), ("notes", "state", corrections.ALLOWED["state"]), ("progress", "measure", progress_rows.MEASURES),
        ("corrections", "action", corrections.ACTIONS), ("recognition", "level", schema.LEVELS),
    ],
)  # fmt: skip
def test_allowed_words_are_those_that_are_accepted(table, column, allowed):
    assert words(f"{table}.csv", column) == [w for w in allowed if w]


def test_answers_are_those_that_are_accepted():
    assert words("notes.csv", "answer")[1:] == [w for w in corrections.ALLOWED["answer"] if w]


def test_traits_and_their_values_are_those_of_the_rules():
    known = communes.trait_names(paths.rules_folder())
    assert {name: words("commune.yml", name) for name in known} == {
        name: [*map(str, about.get("values") or ())] for name, about in known.items()
    }
    assert all(f"**{key}**" in section("commune.yml") for key in communes.REQUIRED)


def test_entries_of_a_scenario_are_those_that_are_read():
    text = section("scenarios/\\*.yml")
    assert all(
        f"**{key}**" in text if key in scenario_file._REQUIRED else f"| {key} |" in text for key in scenario_file._TOP
    )
    inner = (
        *scenario_file._JUDGE,
        *scenario_file._CHANGE,
        *scenario_file._UNCERTAINTY,
        *scenario_file._LIMITS,
        *scenario_file._RANGE,
    )
    assert not [key for key in inner if f"`{key}`" not in text]


def test_the_page_is_pointed_to_where_people_look():
    assert "data/raw/README.md" in (paths.raw() / "layouts" / "template.yml").read_text("utf-8")
