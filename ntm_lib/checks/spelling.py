"""Is one thing written in one way? Fixed terms, tone marks, names of villages, numbers of sections.

Looks at the text of the documents where it is at hand, else at the words quoted in the tables.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ntm_lib.checks.arithmetic import is_all_villages
from ntm_lib.checks.common import Context, not_checked, problem
from ntm_lib.problems import Field, Finding, Given, joined, listed, say
from ntm_lib.tables import tuples
from ntm_lib.text.names import bare_key, clean_text, match_village, spelling_key

_TERMS = Path(__file__).parent / "terms.yml"


class Line(NamedTuple):
    """A line of a document, or the words a row quotes."""

    document: str
    file: str
    row: str
    text: str


def check_terms(context: Context) -> Iterable[Finding]:
    """Fixed terms are spelled right."""
    for right, spellings in terms()["wrong"].items():
        for wrong in spellings:
            for document, hits in _hits(context, rf"(?<!\w){re.escape(wrong)}(?!\w)").items():
                fields = {"wrong": wrong, "right": right, "lines": listed(h.row for h in hits)}
                yield _on_line("term", hits[0], f"{document}-{wrong}", **fields)


def check_forms(context: Context) -> Iterable[Finding]:
    """One term has one form throughout a document."""
    for term, forms in terms()["forms"].items():
        found: dict[str, dict[str, list[Line]]] = defaultdict(dict)
        for form in forms:
            for document, hits in _hits(context, rf"(?<!\w){re.escape(form)}(?!\w)").items():
                found[document][form] = hits
        for document, by_form in found.items():
            if len(by_form) > 1:
                shown = joined((_written(form, (h.row for h in hits), 4) for form, hits in by_form.items()), "; ")
                rarest = min(by_form.values(), key=len)[0]
                fields = {"term": term, "n": len(by_form), "forms": shown}
                yield _on_line("mixed-term", rarest, f"{document}-{term}", **fields)


def check_tone_marks(context: Context) -> Iterable[Finding]:
    """The tone mark of a syllable stands in one place: Hoá or Hóa, not both."""
    by_document: dict[str, list[Line]] = defaultdict(list)
    for line in _lines(context):
        by_document[line.document].append(line)
    for document, lines in by_document.items():
        spellings: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
        for line in lines:
            for word in re.findall(r"[^\W\d_]+", line.text):
                if not word.isascii():
                    spellings[spelling_key(word)][word.lower()].append(line)
        for forms in spellings.values():
            if len(forms) > 1:
                shown = joined((_written(form, (x.row for x in forms[form]), 6) for form in sorted(forms)), "; ")
                rarest = min(forms.values(), key=len)[0]
                yield _on_line("tone-mark", rarest, f"{document}-{min(forms)}", forms=shown)


def _written(form: str, rows: Iterable[str], most: int) -> Field:
    return say("cited", what=f"«{form}»", by=listed(rows, most))


def check_villages(context: Context) -> Iterable[Finding]:
    """Every village that a row names is one of the register, spelled as there."""
    register = context.cleaned.villages["village"].tolist()
    if not register:
        yield not_checked("village")
        return
    for match in tuples(context.cleaned.matches):
        if is_all_villages(match.written):
            continue  # told by counts
        row = context.by_id[match.observation]
        place = {"key": f"{match.observation}-{match.written}", "column": "village", "text": match.written}
        if match.how == "near":
            yield problem("village/near", [row], at=place, written=match.written, village=match.village)
        elif match.how == "none":
            near = {"names": match.candidates} if match.candidates else {}
            case = "village/none-near" if near else "village/none"
            yield problem(case, [row], at=place, written=match.written, **near)
        elif match.how in ("variant", "tone") and clean_text(match.written) != match.village:
            yield problem("village/same", [row], at=place, written=match.written, village=match.village)


def check_villages_alike(context: Context) -> Iterable[Finding]:
    """Two villages of the register whose names differ by one letter may be one, misspelled."""
    rows = [r for r in context.rows if r.table == "villages"]
    for i, one in enumerate(rows):
        for other in rows[i + 1 :]:
            if _alike(one.village, other.village):
                yield problem(
                    "village-alike",
                    [one, other],
                    at={"column": "village", "text": one.village},
                    one=one.village,
                    other=other.village,
                )


def check_village_as_place(context: Context) -> Iterable[Finding]:
    """The name of one village is not used for a place inside another."""
    register = dict.fromkeys(context.cleaned.villages["village"], ())
    for work in tuples(context.cleaned.works):
        own = [v.strip() for v in work.village.split(";") if v.strip()]
        for name in register:
            if (
                own
                and name not in own
                and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", work.place)
                and match_village(name, register).how == "exact"
            ):
                yield problem(
                    "village-as-place",
                    [context.by_id[work.observation]],
                    at={"column": "place", "text": work.place},
                    name=name,
                    villages=", ".join(own),
                    place=work.place,
                )


def _alike(one: str, other: str) -> bool:
    a, b = bare_key(one), bare_key(other)
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False
    return a == b or (len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1)


@cache
def terms() -> dict[str, Any]:
    return dict(yaml.safe_load(_TERMS.read_text(encoding="utf-8")))


def _lines(context: Context) -> list[Line]:
    """Every line there is; made once, since each of some thirty searches goes through all."""
    kept: list[Line] | None = context.__dict__.get("_lines")
    if kept is None:
        kept = context.__dict__["_lines"] = _made_lines(context)
        context.__dict__["_text"] = "\n".join(line.text for line in kept)
    return kept


def _made_lines(context: Context) -> list[Line]:
    cleaned = context.cleaned
    lines = [
        Line(d, cleaned.text_files.get(d, ""), str(n), text)
        for d, texts in cleaned.texts.items()
        for n, text in enumerate(texts, start=1)
    ]
    quoted = [r for r in context.rows if r.document not in cleaned.texts]
    return lines + [Line(r.document, r.file, r.row, f"{r.quote} {r.text}") for r in quoted]


def _hits(context: Context, pattern: str) -> dict[str, list[Line]]:
    """Lines in which the pattern is found, by document."""
    hits: dict[str, list[Line]] = defaultdict(list)
    lines = _lines(context)
    if not re.search(pattern, context.__dict__["_text"]):
        return hits
    for line in lines:
        if re.search(pattern, line.text):
            hits[line.document].append(line)
    return hits


def _on_line(code: str, line: Line, key: str, /, **fields: Given) -> Finding:
    return problem(code, at={"key": key, "file": line.file, "row": line.row, "text": line.text.strip()[:80]}, **fields)


_ROMAN = re.compile(r"(?P<n>[IVX]+)\.\s+\S")
_SECTION = re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,2})?)\.\s*(?=\D)")
_BULLET = re.compile(r"[-+•*]\s*(?P<n>\d{1,2}\.\d{1,2})\.?\s")
_VALUES = {"I": 1, "V": 5, "X": 10}


class Heading(NamedTuple):
    """A numbered line: ``parent`` is what its siblings share, ``number`` its own place among them."""

    line: int
    text: str
    label: str
    parent: str
    number: int
    is_bullet: bool


def check_numbering(context: Context) -> Iterable[Finding]:
    """Headings count 1, 2, 3 … under each parent, and stand under the parent they name."""
    if not context.cleaned.texts:
        yield not_checked("numbering")
    for document, lines in context.cleaned.texts.items():
        headings = list(_headings(lines))
        yield from _faults_of_sequence(context, document, headings)
        yield from _faults_of_parents(context, document, headings)


def _headings(lines: Iterable[str]) -> Iterable[Heading]:
    roman, section = "", ""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if found := _ROMAN.match(text):
            roman, section = found["n"], ""
            yield Heading(number, text, roman, "", _roman(roman), False)
        elif roman and (found := _SECTION.match(text)):
            first, _, second = found["n"].partition(".")
            if not second:
                section = f"{roman}.{first}"
            yield Heading(
                number, text, found["n"], f"{roman}.{first}" if second else roman, int(second or first), False
            )
        elif roman and (found := _BULLET.match(text)):
            first, _, second = found["n"].partition(".")
            yield Heading(number, text, found["n"], f"{section} {first}", int(second), True)


def _faults_of_sequence(context: Context, document: str, headings: list[Heading]) -> Iterable[Finding]:
    for parent in dict.fromkeys(h.parent for h in headings):
        siblings = [h for h in headings if h.parent == parent]
        for before, after in zip([None, *siblings], siblings, strict=False):
            last = before.number if before else 0
            if after.is_bullet and (before is None or after.number > last):
                continue  # bullets name indicators: they may leave some out, but keep their order
            if before and after.number == last:
                fields: dict[str, Any] = {"label": after.label, "line": after.line, "before": before.line}
                yield _fault(context, document, after, "numbering/twice", **fields)
            elif before and after.number < last:
                yield _fault(context, document, after, "numbering/order", label=after.label, before=before.label)
            elif after.number > last + 1:
                names = ", ".join(_sibling(parent, n) for n in range(last + 1, after.number))
                label = _sibling(parent, after.number)
                yield _fault(context, document, after, "numbering/gap", missing=names, label=label)


def _faults_of_parents(context: Context, document: str, headings: list[Heading]) -> Iterable[Finding]:
    parents = {f"{h.parent}.{h.number}" for h in headings if h.parent and "." not in h.parent and not h.is_bullet}
    current = ""
    for heading in headings:
        if heading.is_bullet or not heading.parent:
            continue
        if "." not in heading.parent:
            current = f"{heading.parent}.{heading.number}"
        elif heading.parent != current and (heading.parent not in parents or current):
            fields = {"label": heading.label, "current": current.partition(".")[2] or "–"}
            if sum(h.parent == heading.parent and not h.is_bullet for h in headings) == 1:
                following = f"{heading.label.partition('.')[0]}.{heading.number + 1}"
                yield _fault(context, document, heading, "numbering/parent-alone", next=following, **fields)
            else:
                yield _fault(context, document, heading, "numbering/parent", **fields)


def _fault(context: Context, document: str, heading: Heading, case: str, /, **fields: Given) -> Finding:
    place = {"file": context.cleaned.text_files.get(document, ""), "row": heading.line, "text": heading.text[:80]}
    return problem(case, at={"key": f"{document}-{heading.line}", **place}, **fields)


def _sibling(parent: str, number: int) -> str:
    """``IV`` and 3 → IV.3; ``III.1`` and 5 → III.1.5; no parent: Roman."""
    if parent:
        return f"{parent}.{number}"
    return next(
        (r for r in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X") if _roman(r) == number), str(number)
    )


def _roman(text: str) -> int:
    values = [_VALUES[c] for c in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
