"""The filled forms of the villages (``villages/`` of a commune's folder) as raw rows: results of a year, progress of a month.

A cell that cannot be used makes its row unreadable, a form that cannot be used is a remark: each names file, village and
line. Adding villages up does not belong here (``places.village_sums``).
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from ntm_lib.intake.filled.village_find import FOLDER, RESULT, TASK, WORK, Line, VillageForm, forms_of, village_layout
from ntm_lib.intake.progress_rows import DONE, amount
from ntm_lib.intake.schema import RawRow, Remark
from ntm_lib.text.names import bare_key, clean_text, slug

WORKBOOKS = (".xlsx", ".xlsm", ".ods")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")
_FRACTION = re.compile(r"(?P<n>[^/]+)/(?P<whole>[^/]+)")
_YES, _NO = ("đạt", "x", "có", "rồi"), ("chưa đạt", "chưa", "không", "không đạt")

Tables = dict[str, list[RawRow]]


def read_village_forms(folder: Path, language: str = "vi") -> tuple[Tables, list[Remark], list[Path]]:
    """Raw rows by table (``results``, ``progress``), remarks, and the files that were looked at, of ``villages/`` in ``folder`` and below."""
    place = folder / FOLDER
    paths = sorted(
        Path(root, name) for root, _, names in os.walk(place) for name in names if _is_form(Path(root, name))
    )
    forms, remarks, read = [], [], []
    for path in paths:
        found, noted = forms_of(path, language, folder.name)
        forms += found
        remarks += noted
        if found or noted:
            read.append(path)
    kept, noted = _chosen(forms)
    tables: Tables = {}
    for form in kept:
        for table, row in _rows(form, kept):
            tables.setdefault(table, []).append(row)
    told = [remark for form in kept for remark in _remarks(form)]
    return tables, [*remarks, *noted, *told, *_fewer(kept)], read


def _is_form(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in WORKBOOKS and not path.name.startswith((".", "~$"))


# --- which forms count ---------------------------------------------------------------------------


def _chosen(forms: Sequence[VillageForm]) -> tuple[list[VillageForm], list[Remark]]:
    """The forms that count, without empty ones, copies, and what a later day replaces; what is left aside is told."""
    kept: list[VillageForm] = []
    remarks: list[Remark] = []
    for form in forms:
        if not form.filled:
            remarks.append(Remark(form.file, form.sheet, 0, "village-empty", form.village))
            continue
        alike = [other for other in kept if other.period == form.period]
        if any(_same(other, form) for other in alike):
            other = next(o for o in alike if _same(o, form))
            remarks.append(
                Remark(form.file, form.sheet, 0, "village-copy", f"{form.village}: {other.file.rpartition('/')[2]}")
            )
        else:
            kept.append(form)
    for form in list(kept):
        later = [o for o in kept if o.period == form.period and o.date > form.date > ""]
        if later and not form.facts.month:
            kept.remove(form)
            newer = max(later, key=lambda f: f.date)
            remarks.append(
                Remark(form.file, form.sheet, 0, "village-older", f"{form.village}: {newer.file.rpartition('/')[2]}")
            )
    return kept, remarks


def _same(one: VillageForm, other: VillageForm) -> bool:
    return one.date == other.date and _figures(one) == _figures(other)


def _figures(form: VillageForm) -> dict[str, tuple[str, str]]:
    return {line.code: (line.cells.get("done", ""), line.cells.get("whole", "")) for line in form.filled}


def _conflict(form: VillageForm, line: Line, kept: Iterable[VillageForm]) -> tuple[VillageForm, Line] | None:
    """Another form of the same village, period and day with another figure in the same line; told at the later file."""
    for other in kept:
        if (
            (other.file, other.sheet) < (form.file, form.sheet)
            and other.period == form.period
            and other.date == form.date
        ):
            for its in other.filled:
                if (its.kind, its.code) == (line.kind, line.code) and _values(its) != _values(line):
                    return other, its
    return None


def _values(line: Line) -> tuple[str, str]:
    return line.cells.get("done", ""), line.cells.get("whole", "")


# --- rows ----------------------------------------------------------------------------------------


def _rows(form: VillageForm, kept: Sequence[VillageForm]) -> Iterator[tuple[str, RawRow]]:
    """(table, raw row) of each line that is filled, and of a form of a month one that says it was sent."""
    for line in form.filled:
        if line.kind == TASK:
            continue
        about = {"village": form.village, "line": f"{line.code} {line.cells.get('item', '')}".strip()[:70]}
        fault, value = _value(line)
        if not fault and (clash := _conflict(form, line, kept)):
            fault = ("done", "village-conflict")
            about |= {"file": clash[0].file.rpartition("/")[2], "other": " / ".join(filter(None, _values(clash[1])))}
        if not fault and not form.named and form.facts.village:
            fault = ("village", "village-two-names")
            about |= {"other": form.facts.village}
        cells = _cells(form, line, value)
        column = "value" if line.kind == RESULT else "done"
        if fault:
            cells[column] = " / ".join(filter(None, _values(line)))
        key = fault[0] if fault and fault[0] in line.places else "done"
        yield (
            "results" if line.kind == RESULT else "progress",
            RawRow(
                form.file, clean_text(form.sheet), line.address(key), cells,  # type: ignore[arg-type]
                (column, fault[1]) if fault else None, about=about,
            ),
        )  # fmt: skip


def _cells(form: VillageForm, line: Line, value: str) -> dict[str, str]:
    facts, month = form.facts, f"-{form.facts.month:02}" if form.facts.month else ""
    name = f"{facts.year}{month}-{slug(form.village)}-{line.kind[0]}{slug(line.code)}"
    shared = {
        "year": str(facts.year), "indicator": line.indicator, "part": line.part, "village": form.village,
        "note": line.cells.get("note", ""), "document": "", "section": "", "quote": "",
    }  # fmt: skip
    if line.kind == RESULT:
        return shared | {
            "id": f"P{name}", "criterion": line.indicator.partition(".")[0], "item": line.cells.get("item", ""),
            "value": value, "kind": "measured", "rule_set": facts.rule_set, "date": form.date,
        }  # fmt: skip
    return shared | {
        "id": f"P{name}-{form.date}".rstrip("-"), "month": str(facts.month), "work": line.code if line.kind == WORK else "",
        "done": value, "measure": "to-date", "reported_by": "", "reported_on": form.date,
    }  # fmt: skip


def _value(line: Line) -> tuple[tuple[str, str] | None, str]:
    """((key of the cell, code), "") of what cannot be used, else (None, the value as raw tables write it)."""
    if line.fault:
        return ("done", line.fault), ""
    text, whole, unit = line.cells["done"], line.cells.get("whole", ""), line.cells.get("unit", "")
    if line.kind != RESULT:
        if line.kind == WORK and text.casefold() in DONE:
            return None, text.casefold()
        code, number = _count(text, unit)
        return (("done", code), "") if code else (None, number)
    if unit == "thôn" and text.casefold() in (*_YES, *_NO):
        return None, f"{int(text.casefold() in _YES)}/1 thôn"
    if found := _FRACTION.fullmatch(text):
        if whole and _count(found["whole"], unit) != _count(whole, unit):
            return ("done", "village-two-totals"), ""
        text, whole = found["n"], found["whole"]
    code, number = _count(text, unit)
    if code:
        return ("done", code), ""
    if not whole:
        return ("whole", "village-no-total"), ""
    code, total = _count(whole, unit)
    if code:
        return ("whole", code), ""
    if _exact(number) > _exact(total):
        return ("done", "village-more-than-all"), ""
    return None, "Không áp dụng" if _exact(total) == 0 else f"{number}/{total} {unit}"


def _count(text: str, unit: str) -> tuple[str, str]:
    """(code of what is wrong, "") or ("", the number with a decimal comma)."""
    text = text.strip()
    if "%" in text:
        return "village-percent", ""
    head = re.match(r"[\d.]+", text)
    is_whole = unit in village_layout()["whole_units"]
    if is_whole and head and _GROUPED.fullmatch(head[0]):  # 1.276 households are never one and a bit
        text = head[0].replace(".", "") + text[head.end() :]
    found = amount(text)
    if found is None:
        return "village-number", ""
    number, said = found
    if said and unit and bare_key(said) != bare_key(unit):
        return "village-unit", ""
    if number.startswith("-"):
        return "negative-count", ""
    if is_whole and "." in number:
        return "village-not-whole", ""
    return "", number.replace(".", ",")


def _exact(number: str) -> Fraction:
    return Fraction(number.replace(",", "."))


# --- what to tell --------------------------------------------------------------------------------


def _remarks(form: VillageForm) -> Iterator[Remark]:
    sheet = clean_text(form.sheet)

    def told(code: str, at: int | str, text: str) -> Remark:
        return Remark(form.file, sheet, at, code, f"{form.village}: {text}")

    if form.day and not form.date:
        yield told("village-day", form.day_at, form.day)
    elif form.facts.month and form.date and not form.date.startswith(f"{form.facts.year}-{form.facts.month:02}"):
        yield told("village-other-month", form.day_at, f"{form.day} ({form.facts.month}/{form.facts.year})")
    elif form.date and int(form.date[:4]) not in (form.facts.year, form.facts.year + 1):
        yield told("village-other-year", form.day_at, f"{form.day} ({form.facts.year})")
    blank = [
        line.code for line in form.lines if line.kind not in (TASK,) and not line.cells.get("done") and not line.fault
    ]
    if blank:
        yield told("village-blank", 0, ", ".join(blank))
    for code in form.hidden:
        yield told("village-hidden", 0, code)
    for code, address in form.twice:
        yield told("village-line-twice", address, code)
    for address, text in form.strange:
        yield told("village-own-line", address, text)
    yield from _about_households(form, told)


def _about_households(form: VillageForm, told) -> Iterator[Remark]:  # type: ignore[no-untyped-def]
    """Totals that are not the households of the village, and lists that have another number of rows than the form says."""
    own = _count(form.households, "hộ")[1] if form.households else ""
    for line in form.filled:
        whole = _count(line.cells.get("whole", ""), "hộ")[1]
        if own and line.kind == RESULT and line.cells.get("unit") == "hộ" and whole and whole != own:
            yield told("village-households", line.address("whole"), f"{line.code}: {whole} ({own})")
        done = _count(line.cells.get("done", ""), "")[1]
        if line.code in form.lists and done and done != str(form.lists[line.code]):
            yield told("village-list", line.address("done"), f"{line.code}: {done} ({form.lists[line.code]})")


def _fewer(forms: Sequence[VillageForm]) -> Iterator[Remark]:
    """What was done since 1 January, and is less than an earlier form of the village says."""
    for form in forms:
        before = [o for o in forms if o.facts.month and o.period[:2] == form.period[:2] and _order(o) < _order(form)]
        for line in form.filled:
            now = _count(line.cells.get("done", ""), "")[1]
            said = [
                (number, other)
                for other in before
                for its in other.filled
                if (its.kind, its.code) == (line.kind, line.code) and line.kind != RESULT
                if (number := _count(its.cells["done"], "")[1])
            ]
            if now and said and _exact(now) < max(_exact(n) for n, _ in said):
                number, other = max(said, key=lambda pair: _exact(pair[0]))
                text = f"{form.village}: {line.code}: {now} < {number} ({other.file.rpartition('/')[2]})"
                yield Remark(form.file, clean_text(form.sheet), line.address("done"), "village-fewer", text)


def _order(form: VillageForm) -> tuple[int, str]:
    return form.facts.month, form.date
