"""What is missing or was left aside? Criteria without plan, parts without figure, works without cost or date, duties without name."""

import re
from collections import defaultdict
from collections.abc import Iterable

from ntm_lib.checks.common import Context, amount, not_checked, problem
from ntm_lib.problems import Finding, joined, listed
from ntm_lib.tables import NUMBER, criteria_of, fraction, tuples
from ntm_lib.text.dates import dates_in, find_dates, looks_like_date, read_date
from ntm_lib.text.names import clean_text
from ntm_lib.text.tokens import tidy

_PLAN_TABLES = ("plan", "works", "production")


def check_criteria_covered(context: Context) -> Iterable[Finding]:
    """A plan that keeps all criteria says something about each."""
    is_plan = {d.document for d in tuples(context.cleaned.documents) if "kế hoạch" in d.kind.lower()}
    plans = defaultdict(list)
    for row in context.rows:
        if row.table in _PLAN_TABLES and row.document in is_plan:  # a newspaper may name one target of many
            plans[row.document, row.year].append(row)
    if not plans:
        yield not_checked("criteria-covered")
    for (document, year), rows in plans.items():
        missing = [c for c in context.criteria if c not in {r.criterion for r in rows}]
        for criterion in missing if len(missing) < len(context.criteria) else ():
            yield problem(
                "criteria-covered",
                at={
                    "key": f"{document}-{year}-{criterion}",
                    "year": year,
                    "criterion": criterion,
                    "file": rows[0].file,
                },
                document=document,
                year=year,
                criterion=criterion,
            )


def check_parts_given(context: Context) -> Iterable[Finding]:
    """An indicator with parts has a figure for each, where it has one for any."""
    given = defaultdict(list)
    for row in context.rows:
        if (
            row.indicator
            and (row.kind in ("measured", "declared") or row.kind == "target")
            and row.value
            and row.table in ("results", "plan")
        ):
            given[row.indicator, row.kind == "target", row.year].append(row)
    measured = {indicator for indicator, target, _ in given if not target}
    for (indicator, target, year), rows in given.items():
        parts = [p for i, p in context.names if i == indicator and p and not context.names[i, p].applies_if]
        missing = [p for p in parts if p not in {r.part for r in rows}]
        if not missing or len(missing) == len(parts) or (target and indicator in measured):
            continue
        for part in missing:
            name = context.named(indicator, part)
            yield problem(
                "part-missing",
                rows,
                at={"key": f"{indicator}{part}-{year}", "part": part},
                indicator=indicator,
                year=year,
                part=part,
                name=name,
            )


def check_base_given(context: Context) -> Iterable[Finding]:
    """A target or a change has a measured result to start from."""
    measured = defaultdict(set)
    for row in context.rows:
        if row.table == "results" and row.kind == "measured" and row.value:
            measured[row.indicator, row.part].add(row.year)
    for row in context.rows:
        kind = context.names[row.indicator, row.part].kind if (row.indicator, row.part) in context.names else ""
        if row.table != "plan" or not row.indicator or amount(row) is None or kind in ("status", "rating", ""):
            continue
        years = measured[row.indicator, row.part]
        if row.kind == "change" and int(row.base_year or 0) not in years:
            yield problem(
                "base-missing/change",
                [row],
                text=tidy(row.text),
                year=row.base_year,
                indicator=row.indicator,
                part=row.part,
            )
        elif row.kind == "target" and not any(year < row.year for year in years):
            yield problem("base-missing/target", [row], text=tidy(row.text), indicator=row.indicator + row.part)


def check_target_rate_given(context: Context) -> Iterable[Finding]:
    """A change of a count states the share it leads to, or says nothing of it."""
    for row in context.rows:
        if (
            row.table == "plan"
            and row.kind == "other"
            and not row.value
            and context.parsed(row).doubt == ""
            and row.indicator
        ):
            yield problem("value-missing", [row], item=row.item)


def check_declared_has_figures(context: Context) -> Iterable[Finding]:
    """A criterion declared met has measured values for its indicators that are numbers."""
    declared = [
        r
        for r in context.rows
        if r.table == "results"
        and r.kind == "declared"
        and r.value == "met"
        and r.criterion in context.criteria
        and not r.indicator
    ]
    for row in declared:
        numeric = [
            i
            for i, p in context.names
            if not p
            and context.names[i, p].criterion == row.criterion
            and context.names[i, p].kind not in ("status", "rating")
        ]
        known = {
            r.indicator
            for r in context.rows
            if r.table == "results" and r.year == row.year and r.kind == "measured" and r.value
        }
        missing = [i for i in numeric if i not in known]
        if missing:
            yield problem("figures-missing", [row], criterion=row.criterion, year=row.year, numbers=", ".join(missing))


def check_works(context: Context) -> Iterable[Finding]:
    """Works have a quantity, a cost and a date of completion."""
    works = tuples(context.cleaned.works)
    if not works:
        yield not_checked("works")
        return
    whole = {w.part_of for w in works}
    for column in ("cost", "deadline", "quantity"):
        blank = [
            context.by_id[w.observation]
            for w in works
            if not getattr(w, column) and (column != "quantity" or w.observation not in whole)
        ]
        for document in dict.fromkeys(row.document for row in blank):
            rows = [row for row in blank if row.document == document]
            total = sum(context.by_id[w.observation].document == document for w in works)
            ids = listed((r.observation for r in rows), 50)
            at = {"key": document, "column": column, "text": "", "criterion": "", "indicator": ""}
            yield problem(f"works-no-{column}", rows, at=at, n=len(rows), total=total, ids=ids)


def check_funding_sources(context: Context) -> Iterable[Finding]:
    """A total of the funds stands with the sources that make it."""
    by_year = defaultdict(list)
    for row in tuples(context.cleaned.funding):
        by_year[row.year].append(row)
    for year, rows in sorted(by_year.items()):
        if {row.source for row in rows} == {"total"}:
            observations = [context.by_id[row.observation] for row in rows]
            yield problem("funding-total-alone", observations, year=year)


def check_funding_year(context: Context) -> Iterable[Finding]:
    """There are funds of the year of the run, where there are of any."""
    years = sorted({*context.cleaned.funding["year"]})
    if context.year and years and context.year not in years:
        rows = [context.by_id[row.observation] for row in tuples(context.cleaned.funding)]
        yield problem(
            "funding-year",
            rows,
            at={"key": f"{context.year}", "year": context.year, "text": ""},
            years=listed(map(str, years)),
            year=context.year,
        )


def check_assignments(context: Context) -> Iterable[Finding]:
    """Each criterion has somebody who answers for it."""
    rows = [row for row in context.rows if row.table == "assignments"]
    if not rows:
        yield not_checked("assignments")
        return
    named = {criterion for row in rows for criterion in criteria_of(row.criterion)}
    missing = [c for c in context.criteria if c not in named]
    if missing:
        yield problem(
            "no-person",
            at={"key": "criteria", "file": rows[0].file, "column": "criterion"},
            n=len(missing),
            criteria=listed(missing, 19),
        )


def check_schedule(context: Context) -> Iterable[Finding]:
    """A report that is due has a date and somebody to go to."""
    frame = context.cleaned.schedule
    reports = [r for r in tuples(frame) if "báo cáo" in clean_text(r.what).lower()]
    for column in ("addressee", "due"):
        blank = [r for r in reports if not (r.addressee if column == "addressee" else r.day or r.deadline)]
        rows = [context.by_id[r.id] for r in blank if r.id in context.by_id]
        if rows:
            at = {"key": "reports", "column": "addressee" if column == "addressee" else "day", "text": ""}
            items = "; ".join(f"{r.item} ({r.section})" for r in rows)
            yield problem(f"schedule-no-{column}", rows, at=at, items=items)


def check_measurement_dates(context: Context) -> Iterable[Finding]:
    """A measured value says when it was measured."""
    measured = [r for r in context.rows if r.table == "results" and r.kind == "measured"]
    undated = [r for r in measured if not r.date and not find_dates(f"{r.text} {r.quote}")]
    for document in dict.fromkeys(r.document for r in undated):
        rows = [r for r in undated if r.document == document]
        yield problem(
            "no-date",
            rows,
            at={"key": document, "criterion": "", "indicator": "", "part": ""},
            n=len(rows),
            ids=listed((f"{r.sheet}: {r.row}" if r.sheet else r.observation for r in rows), 30),
        )


def check_result_years(context: Context) -> Iterable[Finding]:
    """No result is of a year that began after it was measured, or after its document was signed."""
    signed = {entry.document: read_date(entry.date) for entry in tuples(context.cleaned.documents)}
    for row in context.rows:
        if row.table != "results" or row.kind not in ("measured", "declared") or not row.year:
            continue
        date = signed.get(row.document)
        for case, known in (("measured", row.date), ("signed", date.value if date else "")):
            if known and known[:4].isdigit() and int(known[:4]) < row.year:
                at = {"column": "year", "text": str(row.year)}
                yield problem(f"result-year/{case}", [row], at=at, of=row.year, date=known, document=row.document)
                break


def check_sources_given(context: Context) -> Iterable[Finding]:
    """Every figure names a document of documents.csv."""
    known = set(context.cleaned.documents["document"])
    unknown = [r for r in context.rows if r.table not in ("villages",) and r.document not in known]
    unknown = [
        r for r in unknown if r.document or not (r.sheet and r.village)
    ]  # a form of villages has no column for it
    for document in dict.fromkeys(r.document for r in unknown):
        rows = [r for r in unknown if r.document == document]
        at = {"key": document or "trong", "criterion": "", "indicator": "", "part": ""}
        if document:
            yield problem("no-source/unknown", rows, at=at, n=len(rows), document=document)
        else:
            lines = listed((str(r.row) for r in rows), 30)
            yield problem("no-source", rows, at=at, n=len({(r.file, r.sheet, r.row) for r in rows}), rows=lines)


def check_whole_years(context: Context) -> Iterable[Finding]:
    """A result whose own words count it up to some day or month is of the end of the year."""
    for row in context.rows:
        if row.table != "results" or row.kind != "measured" or not row.year or fraction(row.value) is None:
            continue
        days = [date.value for date in dates_in(f"{row.text}; {row.item}")]
        months = (re.sub(r"^Q(\d)", lambda q: str(3 * int(q[1])), day[5:7]) for day in days if day[:4] == str(row.year))
        if any(month.isdigit() and int(month) < _LATE for month in months):
            yield problem("result-year/part", [row], text=tidy(row.text), of=row.year)


_LATE = 11  # month from which on a count is taken for that of the year
_DATED = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])|-Q[1-4]|/\d{4})?|\d{1,2}")  # as tables hold what is no single day


def check_deadlines(context: Context) -> Iterable[Finding]:
    """The deadline of a work is a day, a month, a quarter or a year."""
    for work in tuples(context.cleaned.works):
        if work.deadline and not _is_dated(work.deadline):
            case = "works-deadline/no-day" if looks_like_date(work.deadline) else "works-deadline"
            at = {"column": "deadline", "text": work.deadline}
            yield problem(case, [context.by_id[work.observation]], at=at, text=work.deadline)


def check_document_dates(context: Context) -> Iterable[Finding]:
    """The date of a document is a day of the calendar."""
    for entry in tuples(context.cleaned.documents):
        if entry.date and not _is_dated(entry.date):
            case = "document-date/no-day" if looks_like_date(entry.date) else "document-date"
            at = {"key": entry.document, "column": "date", "text": entry.date}
            yield problem(case, at=at, document=entry.document, text=entry.date)


def _is_dated(text: str) -> bool:
    return read_date(text) is not None or _DATED.fullmatch(text) is not None


def check_quantity_units(context: Context) -> Iterable[Finding]:
    """A quantity of a work says what it counts; the unit of the indicator, a share, is none."""
    for row in context.rows:
        parsed = context.parsed(row)
        unitless = (
            row.unit in ("", "%") and not row.denominator and NUMBER.fullmatch(row.value)
        ) or parsed.doubt == "share-or-percent"
        if row.table == "works" and unitless:
            yield problem("works-unit", [row], text=tidy(row.text))


def check_reading(context: Context) -> Iterable[Finding]:
    """One finding for each kind of remark on a sheet."""
    groups = defaultdict(list)
    for remark in context.cleaned.remarks:
        told_apart = (
            remark.text if remark.code.startswith("village-") else ""
        )  # each line of a village's form is asked for
        groups[remark.file, remark.sheet, remark.code, told_apart].append(remark)
    for (file, sheet, code, told_apart), remarks in groups.items():
        first = remarks[0]
        place = {"file": file, "sheet": sheet, "row": first.row or "", "text": first.text}
        rows = listed(dict.fromkeys(str(remark.row) for remark in remarks))
        texts = joined(dict.fromkeys(remark.text for remark in remarks), "; ")
        yield problem(
            code, at={"key": "-".join(filter(None, (file, sheet, told_apart))), **place}, rows=rows, text=texts
        )
