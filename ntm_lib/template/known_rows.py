"""What the rows of a template say before anybody fills it: criteria, requirements, last year's figures, villages.

How a row looks in the workbook is ``workbook``; what the columns are is ``template_layout``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from ntm_lib.intake.filled.template_layout import FIXED, FOLLOWING, FREE, LISTED, SEXES, Column, Layout, Sheet
from ntm_lib.language import collation_key, number
from ntm_lib.places.village_sums import said_villages
from ntm_lib.rules import RuleSet, criterion_name, indicator_name, resolve
from ntm_lib.tables import fraction
from ntm_lib.text.numbers import tidy

MANY_VILLAGES = 50  # rows where nothing says how many villages there are; communes merged in 2025 have up to that many
OPERATORS = {">=": "≥", "<=": "≤", "=": ""}
UNITS_OF_KIND = {"status": "Đạt / Chưa đạt", "rating": "xếp loại"}


@dataclass(frozen=True)
class TemplateRow:
    """``values`` and ``comments`` by key of the column; ``closed``: keys that are locked although they are for input."""

    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    level: str = ""  # criterion: bold; title: a heading over free rows


@dataclass(frozen=True)
class Contents:
    """All that fills a template: the commune, its rule set, and what is known of it so far.

    The tables are those of ``cleaning.Cleaned``, empty for a new commune.
    """

    commune: Mapping
    year: int
    rule_set: RuleSet
    layout: Layout
    observations: pd.DataFrame
    funding: pd.DataFrame
    villages: pd.DataFrame
    documents: pd.DataFrame
    region: str = ""  # column of the decision, where the traits of the commune do not say it yet


def sheet_rows(sheet: Sheet, contents: Contents) -> list[TemplateRow]:
    """Rows of a sheet in order, listed ones first, then the free ones."""
    listed = list(_LISTED_ROWS[sheet.rows](sheet, contents))
    title = [TemplateRow(FIXED, {"name": sheet.free_title}, level="title")] if sheet.free_title else []
    free = village_places(contents) - len(listed) if sheet.rows == "villages" else sheet.free
    return [*listed, *title, *(TemplateRow(FREE) for _ in range(free))]


def villages(contents: Contents) -> dict[str, str]:
    """Villages known so far, with their number of households where that is known."""
    rows = contents.villages.sort_values("village", key=lambda names: names.map(collation_key))
    return dict(zip(rows["village"], rows["households"], strict=True))


def village_places(contents: Contents) -> int:
    """Rows of the sheet of villages, which the sheets by village repeat: one for each village and room for more."""
    sheet = next(s for s in contents.layout.sheets if s.rows == "villages")
    known = max(len(villages(contents)), said_villages(contents.commune))
    return known + sheet.free if known else MANY_VILLAGES


# --- criteria and indicators ---------------------------------------------------------------------


def _indicators(sheet: Sheet, contents: Contents) -> Iterator[TemplateRow]:
    is_plan = any(c.key == "target" for c in sheet.columns)
    year = contents.year + 1 if is_plan else contents.year
    thresholds = resolve(contents.rule_set, contents.commune, year, contents.region or None).to_dict("records")
    definitions, known = _by_key(contents.rule_set.all_indicators), _known(contents)
    for criterion in contents.rule_set.meta["criteria"]:
        number = criterion["id"]
        values = {"criterion": number, "name": criterion_name(contents.rule_set, number, "vi")} | known.get(
            (number, "", "", ""), {}
        )
        yield TemplateRow(LISTED, values, closed=frozenset(("numerator", "denominator")), level="criterion")
        for row in thresholds:
            if row["criterion"] == number:
                yield from _indicator(row, definitions[row["indicator"], row["part"]], contents, known)


def _indicator(row: Mapping, about: Mapping, contents: Contents, known: Mapping) -> Iterator[TemplateRow]:
    name = indicator_name(contents.rule_set, row["indicator"], row["part"], "vi")
    comment = {"name": _comment(row, about, contents)}
    values = {c: row[c] for c in ("criterion", "indicator", "part")} | {
        "required": requirement(row),
        "unit": _unit(row),
    }
    closed = frozenset() if row["kind"] == "share" else frozenset(("numerator", "denominator"))
    key = (row["criterion"], row["indicator"], row["part"])
    named = {"name": f"{row['part']}) {name}" if row["part"] else name}
    yield TemplateRow(LISTED, values | named | known.get((*key, ""), {}), comment, closed)
    for sex in SEXES if about["both_sexes"] == "yes" else ():
        one = values | {"name": f"– riêng {sex}", "item": sex} | known.get((*key, sex), {})
        yield TemplateRow(LISTED, one, closed=closed | {"item"})


def _by_key(indicators: pd.DataFrame) -> dict[tuple[str, str], dict]:
    return {(r["indicator"], r["part"]): r for r in indicators.to_dict("records")}


def requirement(row: Mapping) -> str:
    """The threshold as an official reads it: ``≥ 70 %``, ``Đạt``, ``mức độ 2 trở lên``; with (*) where it is not yet checked."""
    threshold, unit = row["threshold"], row["unit"]
    if not threshold:
        return "" if row["join"] in ("all", "any") else "chưa biết"
    exact = fraction(threshold)
    if threshold == "met":
        text = "Đạt"
    elif row["kind"] == "none" and exact == 0:
        text = "Không có"
    elif unit == "mức độ":
        text = f"mức độ {threshold} trở lên"
    elif exact is None:
        text = f"{threshold} trở lên"
    else:
        text = f"{OPERATORS.get(row['operator'], row['operator'])} {number(threshold, 'vi')} {unit}".strip()
    return f"{text} (*)" if row["confidence"] == "unverified" else text


def _unit(row: Mapping) -> str:
    if row["kind"] == "share":
        return row["count_unit"] or "%"
    return UNITS_OF_KIND.get(row["kind"], row["unit"])


def _comment(row: Mapping, about: Mapping, contents: Contents) -> str:
    words = contents.layout.texts["comment"]
    lines = [
        words["counted"].format(text=about["definition"]) if about["definition"] else words["no_definition"],
        words["both_sexes"] if about["both_sexes"] == "yes" else "",
        words["not_applicable"].format(text=row["applies_reason"])
        if row["applies"] != "yes" and row["applies_reason"]
        else "",
        _set_by(row, contents),
        words["blank"]
        if not row["threshold"] and not row["join"]
        else words["unverified"]
        if row["confidence"] == "unverified"
        else "",
    ]
    return "\n".join(filter(None, lines))


def _set_by(row: Mapping, contents: Contents) -> str:
    """Who sets the threshold, and where; of a threshold that is not known, who sets it in any column of the decision."""
    words, who = contents.layout.texts["comment"], contents.layout.texts["who"]
    if row["set_by"]:
        law = ", ".join(filter(None, (row["document"], row["article"])))
        return words["set_by"].format(who=who[row["set_by"]], document=law)
    rows = contents.rule_set.thresholds
    rows = rows[(rows["indicator"] == row["indicator"]) & ((rows["part"] == row["part"]) | (row["part"] == ""))]
    layers = [
        f"{who[code]} ({document})"
        for code, document in sorted(set(zip(rows["set_by"], rows["document"], strict=True)))
        if code in who
    ]
    return (
        words["set_by"].format(who=" và ".join(layers), document="").rstrip(": ") + "."
        if layers
        else words["set_by_unknown"]
    )


# --- what is known already -----------------------------------------------------------------------


def _known(contents: Contents) -> dict[tuple[str, str, str, str], dict[str, str]]:
    """By criterion, indicator, part and sex: last year's result and this year's plan, in the words they were written in but without LaTeX."""
    known: dict[tuple[str, str, str, str], dict[str, str]] = {}
    for row in _of_commune(
        contents, "results", contents.year - 1, ("declared", "measured")
    ):  # measured last, so that it stays
        known.setdefault(_key(row), {})["last"] = tidy(row["text"])
    for row in _of_commune(contents, "plan", contents.year, ("target", "change")):
        entry = known.setdefault(_key(row), {})
        entry["planned"] = "; ".join(filter(None, (entry.get("planned"), tidy(row["text"]))))
    return known


def _of_commune(contents: Contents, table: str, year: int, kinds: Sequence[str]) -> list[dict]:
    """Observations of the whole commune, in the order of ``kinds``."""
    rows = contents.observations
    rows = rows[(rows["table"] == table) & (rows["year"] == year) & (rows["village"] == "") & rows["kind"].isin(kinds)]
    return sorted(rows.to_dict("records"), key=lambda row: kinds.index(row["kind"]))


def _key(row: Mapping) -> tuple[str, str, str, str]:
    item = row["item"].strip().lower()
    return row["criterion"], row["indicator"], row["part"], item if item in SEXES else ""


def _sources(sheet: Sheet, contents: Contents) -> Iterator[TemplateRow]:
    rows = contents.funding[contents.funding["year"] == contents.year]
    once = rows[~rows.duplicated("source", keep=False)]  # of two amounts for one source neither is shown
    last = dict(zip(once["source"], once["planned"], strict=True))
    for code, label in contents.layout.words["sources"].items():
        yield TemplateRow(
            LISTED, {"source": label, "last": last.get(code, "")}, level="criterion" if code == "total" else ""
        )


def _villages(sheet: Sheet, contents: Contents) -> Iterator[TemplateRow]:
    for village, households in villages(contents).items():
        yield TemplateRow(LISTED, {"village": village, "last": households})


def _by_village(sheet: Sheet, contents: Contents) -> Iterator[TemplateRow]:
    """One row for each row of the sheet of villages; what a village reported last year is a note on the cell."""
    known = {(r["village"], r["indicator"], r["part"]): r["text"] for r in _village_results(contents)}
    words, names = contents.layout.texts["comment"], list(villages(contents))
    for place in range(village_places(contents)):
        village = names[place] if place < len(names) else ""
        comments = {
            group.key: words["last"].format(year=contents.year - 1, text=text)
            for group in sheet.groups
            if group.indicator and (text := known.get((village, group.indicator, group.part)))
        }
        yield TemplateRow(LISTED, comments=comments)


def _village_results(contents: Contents) -> Sequence[dict]:
    rows = contents.observations
    return rows[(rows["table"] == "results") & (rows["year"] == contents.year - 1) & (rows["village"] != "")].to_dict(
        "records"
    )


def _free(sheet: Sheet, contents: Contents) -> Iterator[TemplateRow]:
    """Nothing; but documents known so far are listed, so that they can be chosen."""
    if any(c.key == "key" for c in sheet.columns):
        closed = frozenset(c.key for c in sheet.columns)
        for document, title in zip(contents.documents["document"], contents.documents["title"], strict=True):
            yield TemplateRow(LISTED, {"key": document, "title": title}, closed=closed)


_LISTED_ROWS = {
    "indicators": _indicators,
    "sources": _sources,
    "villages": _villages,
    "by_village": _by_village,
    "free": _free,
}


@dataclass(frozen=True)
class Places:
    """Where the columns of the sheets lie, and the first row for data (counted from 0)."""

    sheets: tuple[Sheet, ...]
    first_row: int

    def column(self, sheet: str, key: str) -> int:
        return [c.key for c in self._sheet(sheet).columns].index(key)

    def cell(self, sheet: str, key: str, row: int, absolute: bool = False) -> str:
        return xl_rowcol_to_cell(row, self.column(sheet, key), absolute, absolute)

    def area(self, sheet: str, key: str, first: int, last: int, absolute: bool = False) -> str:
        return f"{self.cell(sheet, key, first, absolute)}:{self.cell(sheet, key, last, absolute)}"

    def named(self, rows: str) -> str:
        """Name of the first sheet whose rows are of this sort: results stand before the plan."""
        return next(s.name for s in self.sheets if s.rows == rows)

    def _sheet(self, name: str) -> Sheet:
        return next(s for s in self.sheets if s.name == name)


def formula(sheet: Sheet, column: Column, row: int, kind: str, places: Places) -> str:
    """Formula of the cell, if what stands in it follows from other cells; else the empty string."""
    if column.key not in FOLLOWING or column.fill != "locked" or kind not in (LISTED, FREE):
        return ""
    if column.key == "percent":
        return _percent(sheet, row, places)
    if column.key == "now":
        return f"={_result(row, places)}" if kind == LISTED else ""
    # Absolute, so that a row that is sorted keeps its village.
    cell = f"'{places.named('villages')}'!{places.cell(places.named('villages'), column.key, row, absolute=True)}"
    return f'=IF({cell}="","",{cell})'


def total(area: str) -> str:
    """Sum of an area that stays blank while nothing is typed."""
    return f'=IF(SUM({area})=0,"",SUM({area}))'


def repeated(cell: str) -> str:
    return f'=IF({cell}="","",{cell})'


def _percent(sheet: Sheet, row: int, places: Places) -> str:
    keys = [c.key for c in sheet.columns]
    if "numerator" in keys:
        part, whole = (places.cell(sheet.name, key, row) for key in ("numerator", "denominator"))
    else:  # share of a source in all funds, which stand in the first row
        part, whole = (
            places.cell(sheet.name, "amount", row),
            places.cell(sheet.name, "amount", places.first_row, absolute=True),
        )
    return f'=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}>0,100*{part}/{whole},""),"")'


def _result(row: int, places: Places) -> str:
    """This year's result in the same row of the sheet of results: its words, else the share, else the assessment."""
    results = places.named("indicators")
    text, numerator, denominator, assessed = _cells(results, ("text", "numerator", "denominator", "self"), row, places)
    share = f'{numerator}&"/"&{denominator}&" ("&TEXT(100*{numerator}/{denominator},"0.0")&"%)"'
    counted = f'IF({denominator}>0,{share},"")'
    return f'IF({text}<>"",{text},IF(AND(ISNUMBER({numerator}),ISNUMBER({denominator})),{counted},IF({assessed}="","",{assessed})))'


def _cells(sheet: str, keys: Sequence[str], row: int, places: Places) -> list[str]:
    return [f"'{sheet}'!{places.cell(sheet, key, row)}" for key in keys]
