"""Are the sections of a document numbered without gap, repetition or disorder? Needs the text of the document."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ntm_lib.checks.common import Context, not_checked, problem
from ntm_lib.problems import Finding, Given

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
            if after.number == last:
                fields = {"label": after.label, "line": after.line, "before": before.line}
                yield _fault(context, document, after, "numbering/twice", **fields)
            elif after.number < last:
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
