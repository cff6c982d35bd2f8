"""Reads a whole document: its front, every statement of the body, its end. Each gives rows or is told as unread: no sentence with a number is lost."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from ntm_lib.office.pieces import Piece
from ntm_lib.reading.assessed import read_table
from ntm_lib.reading.declared import names_criteria, read_duty, read_schedule, read_words, states_requirement
from ntm_lib.reading.found import Found, Gathered, Reader, doubt
from ntm_lib.reading.meaning import Context, Document, Words, years_in
from ntm_lib.reading.measures import Figure, amounts_of, figures_of, unread_numbers
from ntm_lib.reading.outline import Statement, statements_of
from ntm_lib.reading.stated import read_figure
from ntm_lib.reading.tasks import is_work, read_work
from ntm_lib.text.dates import find_dates
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


_NAMES = re.compile(
    r"(?:tiêu chí|chỉ tiêu|nghị quyết|quyết định|kế hoạch|chương trình|biểu)(?: số)? \d[\d.]*|[\d,]+ ?kV\b",
    re.IGNORECASE,
)  # «Nghị quyết 55», «tuyến dây 0,4kV»: numbers that name


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
    made = reader.gathered.rows[before:]
    if not made and not figures and words_only(text, reader):
        return []
    others = unread_numbers(
        _NAMES.sub(lambda m: "x" * len(m[0]), text) if made else text, [figure.amount for figure in figures]
    )
    told = " ".join(cell for row in made for column, cell in row.cells.items() if column not in ("id", "section"))
    return [
        *(figure.amount.text for figure in left),
        *(n for n in others if not re.search(rf"\b{re.escape(n)}\b", told)),
    ]


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


# --- front and end -------------------------------------------------------------------------------

_NUMBER = re.compile(r"^Số\s*:?\s*(?P<n>[\dA-Z]*(?:-[A-ZĐ]+)?\s*/\s*[\wĐ-]+)", re.IGNORECASE)
_DATED = re.compile(r"ngày\s+(?:\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+20\d\d|\d{1,2}/\d{1,2}/20\d\d)", re.IGNORECASE)
_NAMED = re.compile(r"\b[Xx]ã ((?:[A-ZĐÀ-Ỹ]\w*)(?: [A-ZĐÀ-Ỹ]\w*)*)")
SCOPE = "Phạm vi"
_SORTS = ("KẾ HOẠCH", "BÁO CÁO", "ĐỀ ÁN", "PHƯƠNG ÁN", "TỜ TRÌNH", "NGHỊ QUYẾT", "QUYẾT ĐỊNH", "CHƯƠNG TRÌNH")
_BASIS = re.compile(r"^(?:căn cứ|thực hiện|theo)\b", re.IGNORECASE)
_CITED = re.compile(
    r"(?P<sort>Quyết định|Nghị quyết|Nghị định|Thông tư|Kế hoạch|Công văn|Chỉ thị|Hướng dẫn|Thông báo|Luật)\s+(?:số\s+)?(?P<n>[\d]+[\w/.-]*[/-][\wĐ/-]+)"
    r"(?P<date>,?\s+ngày\s+\d{1,2}(?:/\d{1,2}/\d{4}|\s+tháng\s+\d{1,2}\s+năm\s+\d{4}))?",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:về việc|ban hành|phê duyệt|quy định|v/v|về)\s+(?P<what>.+)", re.IGNORECASE)
_AIM = re.compile(r"đạt chuẩn nông thôn mới(?: nâng cao| kiểu mẫu)? (?:vào )?năm 20\d\d", re.IGNORECASE)
_ANNEX = re.compile(r"(?:phụ )?biểu(?: mẫu)?(?: số)? \d+|phụ lục(?: số)? (?:\d+|[IVX]+)\b", re.IGNORECASE)
_SCOPE = re.compile(
    r"(?:xã|phường|thị trấn) (?P<name>(?!nông thôn|đạt chuẩn)[^,.;]+?)(?:, (?:huyện|thị xã|thành phố|quận) [^,.;]+?)?(?:, (?:tỉnh|thành phố) [^,.;]+?)?"
    r"(?=\s+năm 20\d\d|\s*[,.;]|\s*$)"
)


def document_of(statements: Sequence[Statement]) -> Document:
    """What the front says: number, date (ISO), title, sort, issuer, whether it plans or reports, and for which year (0: unsaid)."""
    front = [s for s in statements if s.part == "front"]
    lines = list(dict.fromkeys(s.whole for s in front))
    number = next((m["n"].replace(" ", "") for line in lines if (m := _NUMBER.match(line))), "")
    dated = next((line for line in lines if _DATED.search(line) and len(line) < 80), "")
    dates = find_dates(dated)
    at = next((n for n, line in enumerate(lines) if line.upper().startswith(_SORTS) and line[:6].isupper()), -1)
    sort = next((s for s in _SORTS if at >= 0 and lines[at].upper().startswith(s)), "")
    title = _title(lines, at, sort)
    issuer = next(
        (line for line in lines[: max(at, 0)] if line.isupper() and not re.search(r"CỘNG H|ĐỘC LẬP", line)), ""
    )
    years = years_in(title) or (
        [int(dates[0].value[:4]) - (sort == "BÁO CÁO" and dates[0].value[5:7] < "07")] if dates else []
    )
    return Document(
        number, dates[0].value if dates else "", title, sort, issuer, "result" if sort in ("BÁO CÁO", "") else "plan",
        years[0] if years else 0,
    )  # fmt: skip


def _title(lines: list[str], at: int, sort: str) -> str:
    if at < 0:
        return ""
    words = [lines[at][len(sort) :].strip()]
    for line in lines[at + 1 : at + 4]:
        if _BASIS.match(line) and _CITED.search(line):
            break
        words.append(line)
        if len(" ".join(words)) > 40 and years_in(" ".join(words)):
            break
    return " ".join(filter(None, words))


def letterhead_place(statements: Sequence[Statement]) -> str:
    """The commune of the letterhead («UBND XÃ LONG HƯNG»), with its district where that stands there; else the one most named."""
    front = dict.fromkeys(s.whole for s in statements if s.part == "front")
    capitals = [line for line in front if line.isupper()]
    names = [
        found for line in capitals for kind in ("XÃ", "HUYỆN") if (found := re.search(rf"\b{kind} (\w[\w' ]+)$", line))
    ]
    if any(found[0].startswith("XÃ") for found in names):
        places = {found[0].split()[0].casefold(): found[1].title() for found in reversed(names)}
        return ", ".join(f"{kind} {places[kind]}" for kind in ("xã", "huyện") if kind in places)
    named = Counter(name for s in statements for name in _NAMED.findall(s.whole) if s.whole)
    return f"xã {named.most_common(1)[0][0]}" if named and named.most_common(1)[0][1] > 1 else ""


def read_front(statements: Sequence[Statement], document: Document, gathered: Gathered) -> None:
    """Rows of provisions (header, basis, aim) and documents from the front."""
    front = [s for s in statements if s.part == "front"]
    for s in front:
        if found := _NUMBER.match(s.whole):
            _provision(gathered, s, "header", "Số văn bản", found["n"].replace(" ", ""), s.whole)
        elif len(s.whole) < 80 and (found := _DATED.search(s.whole)):
            _provision(gathered, s, "header", "Nơi và ngày ban hành", found[0], s.whole)
        elif document.sort and s.whole == document.sort:
            _provision(gathered, s, "header", "Loại văn bản", s.whole, s.whole)
        elif document.title and s.whole in document.title and (scope := _SCOPE.search(s.whole)):
            _provision(gathered, s, "header", SCOPE, scope[0], s.whole)
        elif _BASIS.match(s.whole):
            _bases(s, gathered)
    if document.number and front:
        gathered.add(
            "documents", front[0], (), document.title, document=document.number, title=f"{document.sort.capitalize()} {document.title}".strip(),
            kind=document.sort.casefold(), issuer=document.issuer, date=document.date,
        )  # fmt: skip


def _bases(statement: Statement, gathered: Gathered) -> None:
    text = statement.text
    for found in _CITED.finditer(text):
        value = f"{found['n']}{(found['date'] or '').lstrip(',')}"
        subject = _SUBJECT.search(text[found.end() :])
        item = subject["what"].strip(' .;"') if subject else f"{found['sort']} {found['n']}"
        doubts = () if found["date"] or found["sort"].casefold() == "luật" else (doubt("dated"),)
        _provision(gathered, statement, "basis", item[:1].upper() + item[1:], value.strip(), text, doubts)
    for found in _AIM.finditer(text):
        _provision(gathered, statement, "aim", "Năm đạt chuẩn nông thôn mới", found[0], text)


def read_back(statements: Sequence[Statement], gathered: Gathered) -> None:
    """Rows of provisions for the recipients and the signature."""
    signed: list[Statement] = []
    for s in (s for s in statements if s.part == "back"):
        plain = s.whole.strip(" ;.:-")
        if re.match(r"nơi nhận$", plain, re.IGNORECASE):
            continue
        if signed or (plain.isupper() and re.match(r"(?:TM|KT|TL|TUQ|Q)\.|CHỦ TỊCH|PHÓ CHỦ TỊCH|TRƯỞNG BAN", plain)):
            signed.append(s)
        else:
            _provision(gathered, s, "recipient", plain.removeprefix("Như"), plain, plain)
    upper = list(dict.fromkeys(s.whole for s in signed if s.whole.upper() == s.whole))
    names = list(dict.fromkeys(s.whole for s in signed if s.whole.upper() != s.whole))
    for item, lines in (("Thẩm quyền ký", upper), ("Người ký", names)):
        if lines:
            _provision(gathered, signed[0], "signature", item, " ".join(lines), " ".join(lines))


def annexes_in(statement: Statement, gathered: Gathered) -> bool:
    """«Chi tiết có Biểu 01 kèm theo»: a row of provisions, and nothing else stands in it."""
    found = _ANNEX.findall(statement.text)
    if (
        not found
        or not re.search(r"kèm theo|chi tiết|đính kèm", statement.text, re.IGNORECASE)
        or len(statement.text) > 110
    ):
        return False
    _provision(gathered, statement, "annex", re.sub(r"^\(|\)$", "", statement.text), ", ".join(found), statement.text)
    return True


def _provision(
    gathered: Gathered, statement: Statement, kind: str, item: str, value: str, quote: str, doubts: tuple[str, ...] = ()
) -> None:
    section = {"front": "Phần đầu", "back": "Chữ ký" if kind == "signature" else "Nơi nhận"}.get(
        statement.part, statement.section
    )
    if kind in ("basis", "aim") and statement.part == "front":
        section = "Căn cứ"
    gathered.add("provisions", statement, doubts, quote, kind=kind, item=item, value=value, section=section)
