"""The overview as files: HTML pages that run their own script and no other, and a table for a spreadsheet."""

from ntm_lib.doc.blocks import Block
from ntm_lib.doc.notebook import Document, first_heading
from ntm_lib.doc.page import render_page
from ntm_lib.doc.style import TEMPLATES
from ntm_lib.doc.write.text import csv_text
from ntm_lib.report.overview.overview_page import overview_page, year_file, year_page
from ntm_lib.report.overview.totals import Entry, Overview, criteria_of


def overview_html(overview: Overview, language: str) -> dict[str, str]:
    """File → page: the newest year of every commune, and, where there are several years, one page for each.

    A page of its own for each year keeps every one of them quick to open with thousands of communes. None
    asks anything of the network, and all read as plain tables where scripts are off.
    """
    pages = {"overview.html": _page(overview_page(overview, language), overview, language)}
    if len(overview.years) > 1:
        pages |= {
            year_file(year): _page(year_page(overview, year, language), overview.only(year), language)
            for year in overview.years
        }
    return pages


def _page(body: Block, overview: Overview, language: str) -> str:
    newest = overview.years[0] if overview.years else 2000
    document = Document(first_heading(body.html) or overview.title, language, "", f"{newest}-12-31", "", "")
    css, script = ((TEMPLATES / f"overview.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return render_page(body.html, document, "overview", css, script)


def overview_csv(overview: Overview) -> str:
    """One row a commune and year: who, counts, and the verdict of each criterion as ``met measured``."""
    criteria = criteria_of(overview.entries)
    return csv_text([*_first_columns(), *map(_column, criteria)], (_row(entry, criteria) for entry in overview.entries))


def _column(criterion: str) -> str:
    return f"criterion_{criterion}"


def _first_columns() -> list[str]:
    names = (
        "commune",
        "code",
        "name",
        "district",
        "province",
        "year",
        "run",
        "plan",
        "met",
        "total",
        "no_data",
        "announced",
    )
    return [
        *names,
        "gained",
        "lost",
        "lost_by_rule",
        "until_withdrawal",
        "indicators",
        "with_value",
        "unverified",
        "errors",
        "warnings",
    ]


def _row(entry: Entry, criteria: list[str]) -> dict[str, object]:
    place = entry.place
    return {
        "commune": place.slug,
        **{name: getattr(place, name) for name in ("code", "name", "district", "province")},
        **{
            name: getattr(entry, name)
            for name in ("year", "run", "met", "total", "indicators", "with_value", "unverified", "errors", "warnings")
        },
        "plan": "yes" if entry.plan else "",
        "no_data": entry.count("no-data"),
        "announced": "" if entry.announced is None else entry.announced,
        "gained": ";".join(entry.gained),
        "lost": ";".join(entry.lost),
        "lost_by_rule": ";".join(entry.by_rule),
        "until_withdrawal": "" if entry.exposure is None else entry.exposure,
        **{_column(c): " ".join(filter(None, entry.verdicts.get(c, ("", "")))) for c in criteria},
    }
