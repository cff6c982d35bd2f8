"""Cuts a document into statements: single sentences or items of a list, each with its section and the headings above."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ntm_lib.office.pieces import Paragraph, Piece, Table
from ntm_lib.reading.measures import amounts_of
from ntm_lib.text.tokens import tidy

Part = Literal["front", "body", "back", "note"]

_MARKERS = (  # depth of a number before a paragraph; the first that fits
    (0, re.compile(r"(?P<n>(?:phần|chương|mục)\s+(?:[IVX]+|\d+|thứ [^\W\d]+))\b[.:]?\s*", re.IGNORECASE)),
    (0, re.compile(r"(?P<n>[A-HĐK-UW])\s*[.)]\s+(?=[A-ZĐÀ-Ỹ]{2})")),
    (0, re.compile(r"(?P<n>[A-HĐ])\s*[.)]\s+(?=[A-ZĐÀ-Ỹ][^.;:]{3,110}$)")),
    (1, re.compile(r"(?P<n>[IVX]{1,5})\s*[.)/-]\s*(?=\S)")),
    (4, re.compile(r"(?P<n>\d{1,2}\.\d{1,2}\.\d{1,2})[.)]?\s+")),
    (3, re.compile(r"(?P<n>\d{1,2}\.\d{1,2})[.)]?\s+")),
    (2, re.compile(r"(?P<n>\d{1,2})\s*[.)/]\s*(?=[^\W\d])")),
    (5, re.compile(r"\(?(?P<n>[a-zđ])[.)]\s+")),
    (6, re.compile(r"(?P<n>[-–•*·])\s*(?=[^\W\d]|\d)")),
    (7, re.compile(r"(?P<n>\+)\s*")),
)
_ITEM, _TEXT = 6, 9  # depth of a list's item, and of running text
_ANNEX = re.compile(r"(?:phụ )?biểu\b|phụ lục\b", re.IGNORECASE)
_BACK = re.compile(r"nơi nhận\b", re.IGNORECASE)
_ENDS = re.compile(r"[.;:!?…/]\W*$")
_FULL_LINE = 0.75  # of a usual line: a shorter one of a PDF ends its paragraph
_BASIS = re.compile(r"(?:căn cứ|thực hiện|theo)\b[^.;]*\b(?:số|luật)\b", re.IGNORECASE)
_TITLE = 60  # letters; a sentence that tells something is longer
_HEADING = 170  # letters; a longer numbered line is text
_ABBREVIATION = re.compile(r"(?:^\s*\d+|\b(?:TT|TM|KT|TP|TX|PGS|TS|tr|Tr|BS|Th|ThS|CT|CN|P|Q|Đ|TL|STT|NQ|số|Số))$")
_LEAD = re.compile(
    r"\d.*\b(?:trong đó|gồm|cụ thể|như sau|chưa đạt|chưa hoàn thành|\d\s*(?:tỷ|triệu)(?: đồng)?)(?: có)?\s*$",
    re.IGNORECASE,
)
_NO_FIGURE = re.compile(r"tiêu chí (?:số )?\d{1,2}(?![\d/])|(?:19|20)\d\d|^\d{1,2}\.\d{1,2}", re.IGNORECASE)
_CODE = re.compile(r"\d{1,2}\.\d{1,2}")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or item. ``label``: the words before its colon; ``heads``: headings and leads above, the outermost first.

    ``section``: ``II.2.10``; ``place``: where in the file; ``part``: front matter, body or what follows the last section;
    ``item``: it stands in a list; ``whole``: the paragraph that it is from; ``code``: number and words of a heading that is numbered like 17.8;
    ``table``: the table that stands here, in place of words.
    """

    text: str
    section: str
    heads: tuple[str, ...]
    label: str
    place: str
    part: Part
    item: bool = False
    whole: str = ""
    code: str = ""
    table: Table | None = None

    @property
    def quote(self) -> str:
        return f"{self.label}: {self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with its number cut off; § for that of a heading that has none."""

    depth: int
    number: str
    text: str
    place: str
    part: Part
    table: Table | None = None


def statements_of(pieces: Iterable[Piece]) -> list[Statement]:
    """Every statement of the running text, and every table, in order."""
    lines = list(_lines(pieces))
    found: list[Statement] = []
    heads: list[tuple[int, str, str]] = []  # depth, number, words
    for line, after in pairwise([*lines, Line(0, "", "", "", "back")]):
        if line.part == "note":
            found.append(Statement(line.text, _section(heads), (), "", line.place, "note", whole=line.text))
            continue
        if line.table:
            kept = tuple(text for _, _, text in heads if text)
            found.append(Statement("", _section(heads), kept, "", line.place, "body", table=line.table))
            continue
        # Running text ends the items and leads before it, not the headings.
        heads = [head for head in heads if head[0] < min(line.depth, 5 if line.depth == _TEXT else _TEXT)]
        words, content = _head_and_content(line, after.depth > line.depth and bool(line.number))
        above = tuple(text for _, _, text in heads if text)
        section = _section([*heads, (line.depth, line.number, "")])
        code = _code([*heads, (line.depth, line.number, words or content)])
        base = Statement("", section, above, "", line.place, line.part, line.depth >= 5, line.text, code)
        found += _statements(
            base, f"{words}: {content}" if words and content != words and content and line.depth >= 5 else content
        )
        if words:
            heads.append((min(line.depth, 5) if line.depth == _TEXT else line.depth, line.number, words))
            if content and line.depth < 5 and re.search(r"\d", _NO_FIGURE.sub(" ", words)):
                found.append(replace(base, text=words, whole=words))  # «6. Xã đạt 9/19 tiêu chí gồm: 1, 3, 4 …»
            if content and line.depth < 5:
                found = [replace(s, heads=(*above, words)) if s.whole is line.text else s for s in found]
            elif not content:
                found.append(replace(base, text=words))
    return found


def _head_and_content(line: Line, has_more: bool) -> tuple[str, str]:
    """A heading and the text behind it; text alone has no heading."""
    before, colon, behind = line.text.partition(":")
    balanced = before.count("(") == before.count(")")
    if colon and balanced and len(before) <= _HEADING and (line.number or not behind.strip()):
        if behind.strip() or line.depth < 5:
            return before.strip(), behind.strip()
        return line.text.rstrip(": "), ""
    if line.text.rstrip().endswith(":"):  # a lead over a list
        return line.text.rstrip(": "), line.text.rstrip(": ")
    if line.number and line.depth < 5 and (len(line.text) <= _HEADING and (has_more or not _ENDS.search(line.text))):
        return line.text.rstrip(". "), ""
    return "", line.text


def _statements(base: Statement, content: str) -> Iterator[Statement]:
    """The sentences of a paragraph; the words before a colon are the label of what follows, up to the next colon."""
    label = ""
    for sentence in sentences(content):
        before, colon, behind = sentence.partition(":")
        if colon and behind.strip() and _LEAD.search(before):  # «huy động được 12,45 tỷ đồng, trong đó: …»
            yield replace(base, text=before.strip(), label="")
            label, sentence = (before.strip() if "tiêu chí" in before.casefold() else ""), behind.strip()
        elif colon and behind.strip() and before.count("(") == before.count(")") and len(before) <= _HEADING:
            label, sentence = before.strip(), behind.strip()
        yield replace(base, text=sentence, label=label)


def sentences(text: str) -> list[str]:
    """Sentences of a text, parts after a semicolon as such; what stands in brackets is not cut."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth = max(0, depth + (letter == "(") - (letter == ")"))
        if letter not in ".;" or (depth and text.count("(", 0, at) <= text.count(")")):
            continue
        behind = text[at + 1 : at + 3]
        ends = letter == ";" or (
            behind[:1] == " " and behind[1:].isupper() and not _ABBREVIATION.search(text[start:at])
        )
        if ends:
            found.append(text[start:at])
            start = at + 1
    return [piece for piece in (part.strip(" .;,") for part in [*found, text[start:]]) if piece]


def _code(heads: list[tuple[int, str, str]]) -> str:
    """The innermost heading with a number like 17.8 that may be an indicator's: not «2.2. Tiêu chí số 2»."""
    found = (
        f"{n} {words}" for _, n, words in reversed(heads) if _CODE.fullmatch(n) and "tiêu chí" not in words.casefold()
    )
    return next(found, "")


def _section(heads: list[tuple[int, str, str]]) -> str:
    numbers = [number for depth, number, _ in heads if number.strip("§") and depth < _ITEM]
    kept = [n for n, after in pairwise([*numbers, ""]) if not (after.startswith(f"{n}.") and n[0].isdigit())]
    return ".".join(kept)


def _lines(pieces: Iterable[Piece]) -> Iterator[Line]:
    part: Part = "front"
    for paragraph in _whole(_paragraphs(pieces)):
        if isinstance(paragraph, Table):
            yield Line(_TEXT, "", "", f"bảng {paragraph.number}", part, paragraph)
            continue
        text = paragraph.text.replace("**", "").strip()
        if paragraph.note:
            yield Line(_TEXT, "", text, f"chú thích của đoạn {paragraph.number}", "note")
            continue
        depth, number, rest = _marked(text)
        if paragraph.level and depth == _TEXT:
            depth, number = min(paragraph.level + 1, 4), "§"
        if part == "front" and ((number and depth < _ITEM) or _tells(rest)):
            part = "body"
        if _BACK.match(rest):
            part = "back"
        elif part == "back" and (_ANNEX.match(rest) or _tells(rest)):
            part, depth, number = "body", 0, "§"
        place = f"trang {paragraph.page}" if paragraph.page else f"đoạn {paragraph.number}"
        yield Line(depth, number, rest, place, part)


def _tells(text: str) -> bool:
    """Whether a text without number or heading already tells quantities, as in a newspaper: a sentence, no title or legal basis."""
    sentence = len(text) > _TITLE and _ENDS.search(text) and not _BASIS.match(text) and not text.isupper()
    return bool(sentence and amounts_of(tidy(text)))


def _paragraphs(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The running text; the two tables that hold the letterhead and the signature are text as well."""
    for piece in pieces:
        if isinstance(piece, Paragraph):
            yield piece
        elif is_frame(piece):
            cells = dict.fromkeys(cell for row in piece.rows for cell in row if cell)
            for line in (line for cell in cells for line in cell.text.splitlines()):
                yield Paragraph(line, 0, 0, piece.page)
        else:
            yield piece


def is_frame(table: Table) -> bool:
    """Whether a table only lays out the letterhead, or the recipients and the signature."""
    text = " ".join(cell.text for row in table.rows for cell in row if cell).casefold()
    return len(table.rows) <= 4 and bool(re.search(r"độc lập|nơi nhận|\btm\.|số:\s", text))


def _marked(text: str) -> tuple[int, str, str]:
    for depth, pattern in _MARKERS:
        if found := pattern.match(text):
            rest = text[found.end() :]
            if depth == _ITEM and (inner := re.match(r"\d{1,2}\.\d{1,2}\.?\s+(?=[^\W\d])", rest)):
                return 5, inner[0].strip(" ."), rest[inner.end() :]  # «- 17.5. Mai táng …»
            return depth, found["n"], rest
    return _TEXT, "", text


def _whole(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Paragraphs that a page's end or a PDF's lines had broken, put together again."""
    listed = list(pieces)
    lines = sorted(len(piece.text) for piece in listed if isinstance(piece, Paragraph) and piece.page)
    full = _FULL_LINE * lines[len(lines) * 9 // 10] if lines else 0
    held: Paragraph | None = None
    last = 0  # letters of the last line of what is held
    for piece in [*listed, None]:
        if isinstance(piece, Paragraph) and held and _goes_on(held, piece, piece.page > 0 and last >= full):
            held, last = replace(held, text=f"{held.text} {piece.text}"), len(piece.text)
            continue
        if held is not None:
            yield held
        held, last = (piece, len(piece.text)) if isinstance(piece, Paragraph) else (None, 0)
        if isinstance(piece, Table):
            yield piece


def _goes_on(held: Paragraph, paragraph: Paragraph, wrapped: bool) -> bool:
    """Whether a paragraph is the rest of the one before: it begins small, or in a PDF follows a full line."""
    text = paragraph.text
    if (
        held.note
        or paragraph.note
        or _ENDS.search(held.text)
        or _marked(text)[0] != _TEXT
        or paragraph.level
        or _BACK.match(text)
    ):
        return False
    return text[:1].islower() or (wrapped and not re.match(r"Căn cứ\b", text))
