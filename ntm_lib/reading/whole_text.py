"""Reads a whole document: every statement gives rows or is told as unread, so that no sentence with a number is lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from ntm_lib.office.pieces import Piece
from ntm_lib.reading.assessed import read_table
from ntm_lib.reading.declared import names_criteria, read_words, states_requirement
from ntm_lib.reading.duties import read_duty, read_schedule
from ntm_lib.reading.found import Found, Reader, doubt
from ntm_lib.reading.frontmatter import SCOPE, annexes_in, document_of, letterhead_place, read_back, read_front
from ntm_lib.reading.meaning import Context, Document, Words, years_in
from ntm_lib.reading.measures import Figure, amounts_of, figures_of, unread_numbers
from ntm_lib.reading.outline import Statement, statements_of
from ntm_lib.reading.stated import read_figure
from ntm_lib.reading.tasks import is_work, read_work
from ntm_lib.text.numbers import parse
from ntm_lib.text.tokens import tidy

_NO_LEVEL = (
    "kind",
    "year",
    "moved",
    "of-plan",
    "elsewhere",
)  # doubts for which a figure is likely none of the indicator
_ROUNDED = Decimal("0.1")  # by so much a share may differ from itself by rounding


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document gives: its rows in the order of the text, and the statements of which (some) numbers were not read."""

    document: Document
    rows: tuple[Found, ...]
    unread: tuple[tuple[Statement, tuple[str, ...]], ...]
    statements: tuple[Statement, ...]

    @property
    def place(self) -> str:
        """The commune that the front names: «xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang»; "" for none."""
        scopes = [f.cells["value"] for f in self.rows if f.cells.get("kind") == "header" and f.cells["item"] == SCOPE]
        return max(scopes, key=len, default="") or letterhead_place(self.statements)


def read_plan(pieces: Sequence[Piece], year: int = 0) -> Reading:
    """The rows of a plan or report. ``year``: that it is for, where it does not say so itself."""
    statements = statements_of(pieces)
    document = document_of(statements)
    document = document._replace(year=year or document.year or _year_of_tables(statements))
    reader = Reader(document, Words(document.year))
    read_front(statements, document, reader.gathered)
    body = [statement for statement in statements if statement.part == "body"]
    unread: list[tuple[Statement, tuple[str, ...]]] = []
    for statement in body:
        if statement.table is not None:
            unread += read_table(statement, statement.table, reader)
        elif left := _read_statement(statement, reader):
            unread.append((statement, tuple(left)))
    read_back(statements, reader.gathered)
    unread += _outside(statements, reader)
    return Reading(document, tuple(_compared(reader.gathered.rows)), tuple(unread), tuple(statements))


def _outside(statements: Sequence[Statement], reader: Reader) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    """Statements of the front, the end and the notes with quantities that went into no row."""
    known = {id(row.statement) for row in reader.gathered.rows}
    for statement in statements:
        read = statement.part == "body" or id(statement) in known or statement.text in reader.document.title
        if not read and (numbers := tuple(amount.text for amount in amounts_of(tidy(statement.text)))):
            yield statement, numbers


def _compared(rows: Sequence[Found]) -> Iterator[Found]:
    """The rows; those are doubted that give an indicator another level for the same year and place than an earlier or later one."""
    levels: dict[tuple[str, ...], list[Decimal]] = {}
    for row in rows:
        if level := _level(row):
            levels.setdefault(level[0], []).append(level[1])
    for row in rows:
        level = _level(row)
        differs = level and max(levels[level[0]]) - min(levels[level[0]]) > _ROUNDED
        yield replace(row, doubts=(*row.doubts, doubt("two"))) if differs else row


def _level(row: Found) -> tuple[tuple[str, ...], Decimal] | None:
    """What a share or an income is of, and how high; None of any other row."""
    cells = row.cells
    parsed = parse(cells.get("value", ""))
    if {*map(doubt, _NO_LEVEL)} & {*row.doubts}:
        return None
    if (
        not cells.get("indicator")
        or cells.get("kind") not in ("measured", "target")
        or not parsed.unit.startswith(("%", "triệu"))
    ):
        return None
    try:
        return (row.table, *(cells.get(c, "") for c in ("year", "indicator", "part", "village"))), Decimal(parsed.value)
    except InvalidOperation:
        return None


def _year_of_tables(statements: Sequence[Statement]) -> int:
    """The year that a title over a table or its first rows name, where the document has no other front."""
    titles = [s.whole for s in statements if s.part == "front"]
    titles += [cell.text for s in statements if s.table for row in s.table.rows[:5] for cell in row if cell]
    return next((year for title in titles for year in years_in(title)), 0)


def _read_statement(statement: Statement, reader: Reader) -> list[str]:
    """Makes the rows of a statement; returns the numbers in it that went into none."""
    if annexes_in(statement, reader.gathered):
        return []
    context, before = reader.context(statement), len(reader.gathered.rows)
    if reader.whole != statement.whole:
        reader.main = ("", "")
    text = tidy(statement.text)
    figures = figures_of(text)
    if states_requirement(statement, context, reader):
        return []
    if names_criteria(statement, context, reader):
        counted = [figure for figure in figures if figure.amount.parsed.unit == "tiêu chí"]
        return [f.amount.text for f in counted if not read_figure(f, statement, context, reader)]
    if all(f.amount.text in text.partition("(")[2] for f in figures) and read_words(statement, context, reader):
        return []
    left = [figure for figure in figures if not read_figure(figure, statement, context, reader)]
    took = len(left) < len(figures)
    if (left or not took) and read_work(statement, context, reader, left):
        left = []
        read_schedule(statement, context, reader)
    elif not took and read_duty(statement, context, reader):
        left = []
    elif took:
        if "duties" in context.topics:
            read_schedule(statement, context, reader)
        read_task_beside(statement, context, reader, figures)
    reader.whole = statement.whole
    if len(reader.gathered.rows) > before:
        return [figure.amount.text for figure in left]
    if not figures and words_only(text, reader):
        return []
    return [*(figure.amount.text for figure in left), *unread_numbers(text, [figure.amount for figure in figures])]


def words_only(text: str, reader: Reader) -> bool:
    """Whether the numbers of a heading are but that of a criterion, or in the name of an indicator («3 sạch»)."""
    return len(text) < 200 and bool(reader.words.criterion_of(text) or reader.words.names.find(text))


def read_task_beside(statement: Statement, context: Context, reader: Reader, figures: Sequence[Figure]) -> None:
    """«Kiểm tra, nạo vét kênh mương đảm bảo tưới đạt ≥ 83%»: what is to be done for a level is a work of its own."""
    words = figures[0].ahead.split()
    if (
        len(words) >= 8
        and is_work(statement, context, reader.words, False)
        and not figures[0].amount.parsed.denominator
    ):
        read_work(statement, context, reader, [])
