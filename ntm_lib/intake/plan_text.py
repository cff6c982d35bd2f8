"""A plan's own words: the paragraphs of a document of kind «kế hoạch» whose text lies in the folder, in their order.

What an official paper prints again word for word. A slip of the source is corrected line by line in corrections.csv
(``file``: the text, ``row_id``: the line, ``column``: text), so that a paragraph holds the words as they should be.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ntm_lib.intake.schema import RawRow
from ntm_lib.text.tokens import tidy

PLAN = "kế hoạch"  # how documents.csv calls a plan
TEXTS = "texts"  # the lines among the raw tables
TEXT = "text"  # the one column of a line, as corrections.csv names it
SOURCE = "source"  # the same before any correction

_MARK = {"dash": re.compile(r"[-–•]\s+"), "plus": re.compile(r"\+\s*"), "letter": re.compile(r"([a-zđ]\))\s*")}
_NUMBER = {
    "part": re.compile(r"([IVX]+\.|[A-E]\.)\s+"), "item": re.compile(r"(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\.?)\s+"),
    "section": re.compile(r"(\d{1,2}\.)\s+"),
}  # fmt: skip
_PLACE = re.compile(r".{1,60}, ngày\b.*\bnăm\b.*")
_BASE = re.compile(r"(Căn cứ|Thực hiện|Xét|Theo)\b.*(\d|…)")
_KIND = re.compile(r"(KẾ HOẠCH|ĐỀ ÁN|CHƯƠNG TRÌNH|PHƯƠNG ÁN)\b")
_NUMBER_AND_PLACE = re.compile(r"(Số\s*:?\s*\S+)\s+(.+, ngày\b.+)")
_CRITERION = re.compile(r"Tiêu chí (?:số )?(\d{1,2})\b")
_ENDED = (".", ";", ":", "!", "?", ",")
LONG = 60  # letters from which a line that ends without a stop was broken for want of room


@dataclass(frozen=True)
class Sentence:
    """``form``: agency, number, place, kind, subject, base, opening, part (I.), section (1.), item (1.1.), paragraph, dash, plus,
    letter, note (in brackets), closing, recipient, signer. ``number``: as printed. ``criterion``: of the item it stands under.
    ``source``: the words before any correction; ``section``: the number of the item by them, ``II.2.14``.
    """

    document: str
    line: int
    form: str
    number: str
    text: str
    criterion: str = ""
    section: str = ""
    source: str = ""
    correction: str = ""


def lines_of(texts: Mapping[str, Iterable[str]], files: Mapping[str, str]) -> tuple[RawRow, ...]:
    """Every line that is not empty as a raw row, so that corrections find it by its number."""
    return tuple(
        RawRow(files[document], "", number, {"id": str(number), "document": document, TEXT: line.strip()})
        for document, lines in texts.items()
        for number, line in enumerate(lines, 1)
        if line.strip()
    )


def sentences(lines: Iterable[RawRow], plans: set[str]) -> list[Sentence]:
    """The paragraphs of the ``plans`` among the lines. What a page or a narrow line has torn apart is one again."""
    found: list[Sentence] = []
    for document in sorted(plans):
        found += _of_document(_joined([row for row in lines if row.cells["document"] == document]))
    return found


def _joined(rows: list[RawRow]) -> list[RawRow]:
    """Lines with what goes on in the next line; ``row`` stays that of the first."""
    done: list[RawRow] = []
    last = 0
    for row in rows:
        text, source = plain(row.cells[TEXT]), plain((row.written or row.cells)[TEXT])
        if text and done and _goes_on(done[-1].cells[TEXT], text, row.row == last + 1):
            before = done[-1]
            cells = {TEXT: f"{before.cells[TEXT]} {text}", SOURCE: f"{before.cells[SOURCE]} {source}"}
            correction = before.correction or row.correction
            done[-1] = before._replace(cells={**before.cells, **cells}, correction=correction)
        elif text:
            done.append(row._replace(cells={**row.cells, TEXT: text, SOURCE: source}))
        last = row.row
    return done


def plain(line: str) -> str:
    """A line without the asterisks by which a transcript marks bold and slanted letters."""
    return tidy(re.sub(r"\*+([^*]+)\*+", r"\1", line)).strip("* ")


def _goes_on(before: str, text: str, follows: bool) -> bool:
    """Whether ``text`` is the rest of the paragraph ``before``; ``follows``: no empty line stands between them."""
    marked = any(pattern.match(text) for pattern in (*_MARK.values(), *_NUMBER.values())) or text.startswith("(")
    if marked or before.endswith(_ENDED):
        return False
    return text[:1].islower() or (follows and len(before) > LONG)


def _of_document(rows: list[RawRow]) -> list[Sentence]:
    """Head (until the kind of paper), title, bases, body (from the first numbered line), recipients and signer (after «Nơi nhận»)."""
    done: list[Sentence] = []
    state, criterion, places = "head", "", dict.fromkeys(_NUMBER, "")
    for row in rows:
        state = _state(state, row.cells[TEXT], done)
        for form, number, words in _formed(state, row.cells[TEXT]):
            if form in _NUMBER:
                named = _CRITERION.match(words)
                criterion = named[1] if named else ""
                places = _places(places, form, row.cells[SOURCE])
            section = (
                "" if state == "end" else ".".join(filter(None, (places["part"], places["item"] or places["section"])))
            )
            about = (criterion, section, row.cells[SOURCE], row.correction)
            done.append(Sentence(row.cells["document"], row.row, form, number, words, *about))
    return done


def _state(state: str, text: str, done: list[Sentence]) -> str:
    """In which stretch of the paper a paragraph stands, after those before it. The title is one paragraph."""
    if text.startswith("Nơi nhận"):
        return "end"
    if state == "head":
        return "title" if done and done[-1].form == "kind" else "head"
    if state in ("title", "bases"):
        return "body" if any(pattern.match(text) for pattern in _NUMBER.values()) else "bases"
    return state


def _places(before: Mapping[str, str], form: str, source: str) -> dict[str, str]:
    """Numbers of part, section and item at a heading, in the numbering of the source."""
    found = _NUMBER[form].match(source)
    kept = {"part": (), "section": ("part",), "item": ("part", "section")}[form]
    return {name: before[name] if name in kept else "" for name in before} | {
        form: found[1].rstrip(".") if found else ""
    }


def _formed(state: str, text: str) -> Iterator[tuple[str, str, str]]:
    """(form, number, words) of a paragraph in one of the stretches of a paper; number and day may stand on one line."""
    if state == "head":
        both = _NUMBER_AND_PLACE.fullmatch(text)
        for part in both.groups() if both else (text,):
            known = {"number": part.startswith("Số"), "place": _PLACE.fullmatch(part), "kind": _KIND.match(part)}
            yield next((form for form, found in known.items() if found), "agency"), "", part
    elif state == "title":
        yield "subject", "", text
    elif state == "bases":
        yield ("base" if _BASE.match(text) and not text.endswith(":") else "opening"), "", text
    elif state == "end":
        mark = _MARK["dash"].match(text)
        if not text.startswith("Nơi nhận"):
            yield ("recipient", "", text[mark.end() :]) if mark else ("signer", "", text)
    else:
        yield _of_body(text)


def _of_body(text: str) -> tuple[str, str, str]:
    for form, pattern in (*_NUMBER.items(), *_MARK.items()):
        if found := pattern.match(text):
            return form, found[1] if found.groups() else "", text[found.end() :].strip()
    if text.startswith("(") and text.endswith(")"):
        return "note", "", text
    return ("closing" if text.endswith("./.") else "paragraph"), "", text
