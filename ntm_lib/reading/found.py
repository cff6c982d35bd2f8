"""A row that was read (for which table, from which statement, what a person has to look at), and who reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ntm_lib.intake.schema import N_
from ntm_lib.language import Translate
from ntm_lib.reading.meaning import Context, Document, Words, context_of
from ntm_lib.reading.outline import Statement

# Why a row has to be looked at, by what is odd. A row holds the words, and behind a bar what they are about.
DOUBTS = {
    "year": N_("chưa rõ là của năm nào"),
    "indicator": N_("chưa rõ chỉ tiêu"),
    "criterion": N_("chưa rõ tiêu chí"),
    "kind": N_("chưa rõ là kết quả hay kế hoạch"),
    "unread": N_("số không đọc chắc được"),
    "printed": N_("văn bản đặt dưới một chỉ tiêu, chữ lại nói về chỉ tiêu khác"),
    "poor": N_("văn bản chỉ ghi hộ nghèo: đã tính cả hộ cận nghèo chưa?"),
    "per-head": N_("văn bản không ghi đủ «triệu đồng/người/năm»"),
    "estimate": N_("chỉ là số ước"),
    "base": N_("chỉ có số đếm, chưa biết trên tổng số bao nhiêu"),
    "start": N_("số đầu năm: là của cuối năm trước"),
    "unit": N_("bảng không ghi đơn vị: hiểu là triệu đồng"),
    "fund": N_("chưa rõ nguồn vốn"),
    "cost": N_("không đứng trong mục kinh phí: có thể là của một công trình"),
    "part": N_("có thể chỉ là một phần, không phải cả xã"),
    "earlier": N_("số của năm trước hoặc cùng kỳ, không phải của năm đang xét"),
    "months": N_("số của một phần năm, chưa phải của cả năm"),
    "of-plan": N_("phần trăm của kế hoạch, không phải mức của chỉ tiêu"),
    "elsewhere": N_("có thể là số của huyện, tỉnh, không phải của xã"),
    "points": N_("tăng, giảm bao nhiêu % của mức cũ, hay bao nhiêu điểm phần trăm?"),
    "two": N_("văn bản ghi hai số khác nhau cho cùng một chỉ tiêu, cùng năm"),
    "no-unit": N_("bảng không ghi đơn vị"),
    "counted": N_("chỉ tiêu tính theo thứ khác, không phải thứ được đếm ở đây"),
    "moved": N_("là phần tăng, giảm trong năm, không phải mức của xã"),
    "words": N_("chỉ có lời, không có số"),
    "task": N_("việc không có khối lượng: có cần theo dõi như một công việc không?"),
    "aim": N_("có thể là mục tiêu, không phải công việc"),
    "served": N_("số hưởng lợi, không phải khối lượng"),
    "who": N_("chưa chắc ai làm, làm gì"),
    "dated": N_("văn bản không ghi ngày"),
}


def doubt(name: str, about: str = "") -> str:
    return f"{DOUBTS[name]}|{about}" if about else DOUBTS[name]


def in_words(doubt: str, t: Translate) -> str:
    """What a row's doubt says to the reader."""
    words, _, about = doubt.partition("|")
    return f"{t(words)} ({about})" if about else t(words)


@dataclass(frozen=True, slots=True)
class Found:
    """``cells``: columns of the raw table (schema.TABLES); ``part_of`` names another row by its ``id``. ``doubts``: in words."""

    table: str
    cells: Mapping[str, str]
    statement: Statement
    doubts: tuple[str, ...] = ()
    quote: str = ""


@dataclass(slots=True)
class Gathered:
    """Rows in the order of the text, each with an ``id`` of its own."""

    rows: list[Found] = field(default_factory=list)

    def add(self, table: str, statement: Statement, doubts: tuple[str, ...] = (), quote: str = "", **cells: str) -> str:
        """Adds a row; returns its id."""
        name = f"d{len(self.rows) + 1}"
        kept = {column: value for column, value in cells.items() if value}
        self.rows.append(
            Found(table, {"id": name, **kept}, statement, tuple(filter(None, doubts)), quote or statement.quote)
        )
        return name


@dataclass(slots=True)
class Reader:
    """Reads the statements of one document in order; what one says may be about the one before it."""

    document: Document
    words: Words
    gathered: Gathered = field(default_factory=Gathered)
    whole: str = ""  # paragraph of the last statement
    main: tuple[str, str] = ("", "")  # table and id of the row of which the next figures may be parts
    leads: dict[str, tuple[str, dict[str, str]]] = field(
        default_factory=dict
    )  # words of a lead → its work's id and cells

    def context(self, statement: Statement) -> Context:
        return context_of(statement, self.document, self.words)
