"""Finds the head of an annex by its words and turns the rows below into lines, one an indicator, part or year; and finds
the sentences of an amending decision that say what is changed.

A head that is repeated on each page is dropped, tables that go on are joined, and a row that a page broke is put
together again. What is in a cell (``annex_values``) or a sentence (``amendments``) does not belong here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path

from ntm_lib.office.pieces import Cell, Paragraph, Piece, Table
from ntm_lib.rules.files import read_yaml, stamp
from ntm_lib.text.names import clean_text, spelling_key

NUMBER = re.compile(r"^\s*(\d{1,2}\.\d{1,2})(?![\d.,]*\d)[.:)]?\s*")
_SUB = re.compile(r"^\s*(?:[-–+•*]|[a-zđ]\)|\([a-zđ]\))\s*", re.IGNORECASE)
_YEAR = re.compile(r"^\s*(?:[-–+•]\s*)?(?:đến )?năm (20\d\d)\s*:?\s*$", re.IGNORECASE)
_GROUP = re.compile(r"^\s*(?:[IVX]+|[A-ZĐ])\s*[.)-]?\s+\S")
_ANOTHER = re.compile(r"phụ lục|bộ tiêu chí", re.IGNORECASE)
_HEAD_ROWS = 15


@dataclass(frozen=True, slots=True)
class Head:
    """Where the columns are: ``content`` (may be several), ``number`` (TT) and ``name``, code of communes → column."""

    content: tuple[int, ...]
    number: int | None
    name: int | None
    values: Mapping[str, int]
    rows: int
    above: str = ""  # what stands in the table over the head
    unknown: tuple[str, ...] = ()  # words over columns that are none of the known ones


@dataclass(slots=True)
class Line:
    """One row of the annex as read. ``number``: 3.1, or "" where the row has none; ``criterion``: what stands under TT.

    ``kind``: indicator, sub (a line of it that begins with a dash or letter) or year. ``values``: code of the column of
    communes → text; ``cells``: where that stands.
    """

    kind: str
    number: str
    criterion: str
    text: str
    place: Cell
    values: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    year: int = 0


@dataclass(slots=True)
class Annex:
    """A whole table of criteria, over all its pages. ``left``: cells of rows that are no line of an indicator."""

    title: str
    heads: list[Head] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    left: list[Cell] = field(default_factory=list)

    @property
    def columns(self) -> set[str]:
        return {code for head in self.heads for code in head.values}


@dataclass(slots=True)
class Item:
    """An indicator as the annex has it; ``subs`` lines with values of their own, ``years`` those of single years.

    Of a sentence: the only ``columns`` it speaks of (None: all), what was not understood (``doubts``), whether it is ``reworded``.
    """

    number: str
    line: Line
    subs: list[Line] = field(default_factory=list)
    years: list[Line] = field(default_factory=list)
    columns: tuple[str, ...] | None = None
    doubts: list[str] = field(default_factory=list)
    reworded: bool = True


@lru_cache(maxsize=1 << 16)
def likeness(one: str, other: str) -> float:
    """From 0 to 1, how far two wordings have the same words in the same order."""
    a, b = _split(one), _split(other)
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0


@lru_cache(maxsize=4096)
def _split(text: str) -> list[str]:
    return spelling_key("".join(c if c.isalnum() or c.isspace() else " " for c in text)).split()


def read_annexes(tables: Iterable[Table], folder: Path) -> tuple[list[Annex], list[Table]]:
    """The annexes that have a head (a table without one goes on with the last), and tables with numbers of indicators that
    are none. ``folder``: of the rules (heads.yml)."""
    annexes: list[Annex] = []
    passed: list[Table] = []
    title = ""
    for table in tables:
        head = find_head(table, folder)
        before = "\n".join(filter(None, (table.before, head.above if head else "")))
        title = before or title
        if head is not None and (not annexes or _ANOTHER.search(before)):
            annexes.append(Annex(title))
        last = annexes[-1].heads[-1] if annexes and annexes[-1].heads else None
        goes_on = head is None and last is not None and not _ANOTHER.search(table.before)
        if goes_on and last is not None and len(table.rows[0]) == _width(last, table):
            head = Head(last.content, last.number, last.name, last.values, 0, "", last.unknown)
        if head is not None:
            annexes[-1].heads.append(head)
            _read_lines(annexes[-1], head, table)
        elif any(cell and NUMBER.match(cell.text) for row in table.rows for cell in row):
            passed.append(table)
    return annexes, passed


def _width(head: Head, table: Table) -> int:
    """Columns that a table must have to go on under the head: at least up to the last one used."""
    used = 1 + max([*head.values.values(), *head.content], default=0)
    return len(table.rows[0]) if len(table.rows[0]) >= used else used


def find_head(table: Table, folder: Path) -> Head | None:
    """The head of a table, by its words; None where no row names the content of criteria and a column of values."""
    words = _words(folder, stamp(folder / "heads.yml"))
    for first in range(min(len(table.rows), _HEAD_ROWS)):
        texts = {_key(cell.text) for cell in table.rows[first] if cell}
        if not texts & words["content"].keys():
            continue
        depth = first + 1
        while depth < len(table.rows) and _is_head_row(table.rows[depth], first, words):
            depth += 1
        head = _head(table, first, depth, words)
        if head.values or head.unknown:
            return head
    return None


Words = dict[str, dict[str, str]]  # role → key of the words → code


@cache
def _words(folder: Path, version: tuple[tuple[str, int, int], ...]) -> Words:
    read = read_yaml(folder / "heads.yml")
    roles: Words = {role: {_key(text): role for text in texts} for role, texts in read["roles"].items()}
    roles["columns"] = {_key(text): code for code, texts in read["columns"].items() for text in texts}
    return roles


def _key(text: str) -> str:
    """Words of a head without marks of punctuation, signs of footnotes and what stands in brackets."""
    bare = re.sub(r"\(.*?\)|\[.*?\]", " ", text.replace("\n", " "))
    return spelling_key(re.sub(r"[^\w\s]|_", " ", bare))


def _is_head_row(row: tuple[Cell | None, ...], first: int, words: Words) -> bool:
    """Whether every cell of a row began in the head above, or holds words of a head or the number of a column."""
    cells = [cell for cell in row if cell and cell.text and cell.row > first + 1]
    known = words["columns"].keys() | words["single"].keys() | words["above"].keys()
    if not cells:
        return any(cell and cell.row == first + 1 for cell in row)
    named = sum(_key(cell.text) in known for cell in cells)
    counted = all(re.fullmatch(r"\(?\d{1,2}\)?", cell.text) for cell in cells) and len(cells) > 2
    return counted or (named * 2 > len(cells) and not any(NUMBER.match(cell.text) for cell in cells))


def _head(table: Table, first: int, depth: int, words: Words) -> Head:
    content: list[int] = []
    number = name = None
    values: dict[str, int] = {}
    unknown: list[str] = []
    for column in range(len(table.rows[first])):
        stack = [cell for cell in (table.rows[row][column] for row in range(first, depth)) if cell and cell.text]
        keys = [_key(cell.text) for cell in stack if not re.fullmatch(r"\(?\d{1,2}\)?", cell.text)]
        if not keys:
            continue
        deepest = keys[-1]
        code = words["columns"].get(deepest) or ("single" if deepest in words["single"] else "")
        if deepest in words["number"]:
            number = column
        elif deepest in words["content"]:
            content.append(column)
        elif deepest in words["name"]:
            name = column
        elif code and code not in values:
            values[code] = column
        elif code != "single":  # a single column may be as wide as several places
            unknown.append(stack[-1].text)
    over = dict.fromkeys(cell.text for row in table.rows[:first] for cell in row if cell and cell.text)
    return Head(tuple(content), number, name, values, depth, "\n".join(over), tuple(dict.fromkeys(unknown)))


def _read_lines(annex: Annex, head: Head, table: Table) -> None:
    previous: tuple[Cell | None, ...] = ()
    fresh = bool(annex.lines)  # the first row below a page's end may belong to the row above
    for row in table.rows[head.rows :]:
        if _skipped(row, head):
            annex.left += dict.fromkeys(cell for cell in row if cell and cell not in previous and _tells(cell.text))
            previous = row
            continue
        line = _line(row, previous, head, annex)
        if fresh and line.kind == "indicator" and not line.number and _goes_on(line, annex.lines[-1]):
            _join(annex.lines[-1], line)
        elif line.text or any(line.values.values()):
            annex.lines.append(line)
        fresh, previous = False, row


def _skipped(row: tuple[Cell | None, ...], head: Head) -> bool:
    """A row of a group (one cell over the whole table, or no value and no content) or without any text."""
    cells = {id(cell): cell for cell in row if cell and cell.text}
    if not cells:
        return True
    values = [row[c] for c in head.values.values() if c < len(row)]
    contents = [row[c] for c in head.content]
    if len(cells) == 1:
        only = next(iter(cells.values()))
        return only.columns > 2 or (only in contents and bool(_GROUP.match(only.text)))
    beside = [cell for cell in cells.values() if cell not in values]
    return not any(cell and cell.text for cell in (*values, *contents)) and bool(beside)


def _tells(text: str) -> bool:
    """Whether a row over the whole table is more than the name of a group of criteria: a note, or an indicator."""
    return bool(NUMBER.match(text) or re.match(r"[(\[*]*\s*(?:ghi chú|chú thích|lưu ý|\d\)|\*)", text, re.IGNORECASE))


def _line(row: tuple[Cell | None, ...], previous: tuple[Cell | None, ...], head: Head, annex: Annex) -> Line:
    contents = list(dict.fromkeys(cell for c in head.content if (cell := row[c]) and cell.text))
    own = [cell for cell in contents if cell not in previous]
    place = next((cell for cell in [*own, *row] if cell), Cell(table_page(annex), 0, 0, 0, ""))
    tt = row[head.number] if head.number is not None else None
    text = clean_text(" ".join(cell.text for cell in (own or contents)))
    year = _YEAR.match(own[-1].text if own else text)
    number = NUMBER.match(text) if own else None
    under_tt = NUMBER.fullmatch(tt.text) if tt and tt not in previous else None
    kind = "year" if year else "sub" if _SUB.match(text) or (not own and contents) else "indicator"
    line = Line(kind, "", (tt.text if tt else "").strip(" ."), text, place)
    if number or under_tt:
        found = number or under_tt
        line.kind = "year" if year and len(own) > 1 else "indicator"
        line.number = found[1] if found else ""
        line.text = NUMBER.sub("", clean_text(" ".join(c.text for c in own[:-1])) if line.kind == "year" else text)
    if year:
        line.year = int(year[1])
    for code, column in head.values.items():
        cell = row[column] if column < len(row) else None
        if cell is None:
            continue
        line.values[code], line.cells[code] = cell.text, cell
    return line


def table_page(annex: Annex) -> int:
    return annex.lines[-1].place.page if annex.lines else 0


def _goes_on(line: Line, last: Line) -> bool:
    """Whether a row without number at the top of a page is the rest of the one above: no new criterion begins in it."""
    return line.criterion in ("", last.criterion) or not line.criterion.isdigit()


def _join(last: Line, rest: Line) -> None:
    last.text = clean_text(f"{last.text} {rest.text}")
    for code, text in rest.values.items():
        last.values[code] = "\n".join(filter(None, (last.values.get(code, ""), text)))


# ---------------------------------------------------------------- sentences that amend


# fmt: off
OUT = r"(?:bãi bỏ|h[uủ][yỷ] bỏ|loại bỏ|bỏ)"
VERB = rf"(?:sửa đổi|bổ sung|thay thế|thay|{OUT}|đính chính|(?:điều chỉnh|nâng|hạ|giảm|tăng) (?:mức|chỉ tiêu))"
MARK = r"(?:(?:điều|khoản|điểm) \w{1,3}[.:]?|\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]{1,2}\)|[-–+•])"
_START = re.compile(rf"^(?:{MARK}\s+)*{VERB}(?!\w)|(?:được|bị) {VERB}(?!\w)", re.I)
_ITEM = re.compile(r"^(?:\d{1,2}[.)](?!\d)|[a-zđ]\))\s.*(?:chỉ tiêu|tiêu chí|cụm từ)", re.I)  # a numbered line about them
_THING = re.compile(r"chỉ tiêu|cụm từ|tiêu chí|nội dung|phụ lục|mức", re.I)
_ARTICLE, _SIGNED = re.compile(r"^điều \d+", re.I), re.compile(r"^nơi nhận", re.I)
_APART = re.compile(r"^(căn cứ|theo đề nghị|xét đề nghị|xét tờ trình)|^điều \d.*(?:hiệu lực thi hành|chịu trách nhiệm)", re.I)
_BEGINS = re.compile(rf"^[“«]|^{MARK}|^(?:điều|nơi nhận|phụ lục|tm\.|kt\.)", re.I)  # else a line goes on with the one before
N = r"\d{1,2}\.\d{1,2}"
NUMBERED = re.compile(rf"(?<![\d./])({N})(?![\d/]|\.\d)")
_NAMED = re.compile(rf"chỉ tiêu(?: số)? {N}", re.I)
_LEAD = re.compile(r"^[“«\s]*(?:chỉ tiêu(?: số)? )?", re.I)
QUOTE, SLOT = re.compile(r"[“«]([^“”«»]*)[”»]"), r"⟦(\d+)⟧"
_HEADING = re.compile(r"một số|các (?:tiêu chí|chỉ tiêu|nội dung)|:\s*$", re.I)
_SETS = re.compile(r"(xã|huyện|tỉnh|thôn)(?: đạt chuẩn)? nông thôn mới(?: (nâng cao|kiểu mẫu|hiện đại|đặc thù))?|phụ lục(?: số)? ([ivx]+|\d+)(?!\w)", re.I)
# fmt: on


@dataclass(slots=True)
class Sentence:
    """One instruction: what it says to do (``head``), the new text below it, and the sets of criteria that it is about."""

    head: str
    place: Cell
    body: list[str] = field(default_factory=list)
    before_table: bool = False
    scope: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return clean_text(" ".join([self.head, *self.body]))

    @property
    def numbers(self) -> frozenset[str]:
        """Indicators that it names, and those with which lines of its text begin."""
        return frozenset(NUMBERED.findall(self.head)) | {m[1] for line in self.body if (m := NUMBER.match(bare(line)))}


def sentences(pieces: Iterable[Piece]) -> Iterator[Sentence]:
    """The instructions in order, each with the sets of criteria that it, the heading above it or the title names."""
    found: list[Sentence] = []
    title: list[str] = []
    is_title, is_open, listens = True, False, False
    for piece in _joined(pieces):
        if isinstance(piece, Table):
            if listens:
                found[-1].before_table = True
            listens = False
            continue
        text = piece.text
        is_title = is_title and not _ARTICLE.match(text)
        starts = (_START.search(text) and (_THING.search(text) or not is_open)) or (_ITEM.search(text) and not is_open)
        if not _APART.match(text) and (
            starts or (_NAMED.search(text) and not (listens and (is_open or found[-1].numbers)))
        ):
            found.append(Sentence(text, Cell(piece.page, 0, piece.number, 0, text)))
            listens, is_open = True, False
        elif _ARTICLE.match(text) or _SIGNED.match(text) or _APART.match(text):
            listens = False
        elif listens:
            found[-1].body.append(text)
        elif is_title:
            title.append(text)
        is_open = listens and len(re.findall("[“«]", text)) + is_open > len(re.findall("[”»]", text))
    yield from _with_scope(found, scope(" ".join(title)))


def _with_scope(found: Sequence[Sentence], general: frozenset[str]) -> Iterator[Sentence]:
    heading = frozenset[str]()
    for sentence, following in zip(found, [*found[1:], None], strict=True):
        own = scope(sentence.head)
        heading = frozenset() if _ARTICLE.match(sentence.head) else heading
        tells = sentence.body or sentence.before_table or sentence.numbers or QUOTE.search(sentence.head)
        if not tells and _HEADING.search(sentence.head) and (following or sentence is found[0]):
            heading = own or heading
        else:
            sentence.scope = own or heading or general
            yield sentence


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Lines that a PDF broke put together again; straight quotes as opening and closing ones."""
    held: Paragraph | None = None
    straight = 0
    for piece in [*pieces, None]:
        if not isinstance(piece, Paragraph):
            yield from filter(None, (held, piece))
            held = None
            continue
        text = ""
        for mark in re.split('(")', clean_text(piece.text)):
            text += "“”"[straight % 2] if mark == '"' else mark
            straight += mark == '"'
        ends = held is None or held.text.endswith((":", ".", ";", "”", "»")) or held.text.isupper()
        if held and not ends and not (_BEGINS.match(text) or _START.search(text) or _APART.match(text)):
            held = replace(held, text=clean_text(f"{held.text} {text}"))
            continue
        yield from filter(None, (held,))
        held = replace(piece, text=text)


def scope(text: str) -> frozenset[str]:
    """Kinds of the sets that a text names (``nâng cao``, "" of the basic one, ``huyện``), and annexes (``phụ lục ii``)."""
    found = set()
    for match in _SETS.finditer(text):
        unit, kind, annex = (clean_text(piece or "").casefold() for piece in match.groups())
        found.add(f"phụ lục {annex}" if annex else f"{unit} {kind}" if unit != "xã" else kind)
    return frozenset(found)


def bare(line: str) -> str:
    """A line of new text from its number on: ``“Chỉ tiêu 15.4. Xã …``."""
    return _LEAD.sub("", line)
