"""What the file of a decision says of itself: its number, what it is about, from when it is in force, and notes beside its tables."""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.office.pieces import Paragraph, Piece, Table
from ntm_lib.rules.check_rows import is_date
from ntm_lib.rules.decisions.annex_rows import Annex, scope
from ntm_lib.rules.sets import RuleSet
from ntm_lib.text.names import clean_text, slug

_DOCUMENT = re.compile(r"(\d+(?:/20\d\d)?/(?:QĐ|NQ|TT)-[A-ZĐ]+)", re.IGNORECASE)
_NUMBER_OF = re.compile(r"^\s*số\s*:\s*(\d+(?:/20\d\d)?/(?:QĐ|NQ|TT)-[A-ZĐ]+)", re.IGNORECASE | re.MULTILINE)
_ARTICLE = re.compile(r"^\s*(phụ lục(?: số)?\s*(?:[IVX]+|\d+)?)", re.IGNORECASE | re.MULTILINE)
_AMENDS = re.compile(
    r"sửa đổi|bổ sung một số|bãi bỏ một số|đính chính|thay thế một số|thay (?:thế )?cụm từ", re.IGNORECASE
)
_CITES = re.compile(r"^\s*(?:căn cứ|theo đề nghị|xét đề nghị|xét tờ trình)", re.IGNORECASE)
_IN_FORCE = re.compile(
    r"có hiệu lực(?: thi hành)?(?: kể)? từ ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})", re.IGNORECASE
)
FIRST_TEXTS = 40  # paragraphs and cells among which the number of the document stands
TITLE_LINES = 5  # above a table, in which it is named
_PERIOD = re.compile(r"giai đoạn (\d{4}) ?[-–] ?(\d{4})", re.IGNORECASE)
_PROVINCE = re.compile(r"\b(?:[Tt]ỉnh|TỈNH) ((?:[A-ZĐÀ-Ỹ][\wÀ-ỹ]*[ -]{0,3}){1,4})")
_REMARK = re.compile(r"^[(\[*]*\s*(?:ghi chú|chú thích|lưu ý|\(?\d{1,2}\)|\*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """The file that was read: its name, SHA-256, and the document and annex that its own words name ("" if none)."""

    file: str
    sha256: str
    document: str
    article: str
    title: str


def is_amending(file: Path, pieces: Iterable[Piece]) -> bool:
    """Whether the title of the decision, else the file's name or the text before the tables, says that it amends another.

    What it only cites (``Căn cứ Luật sửa đổi, bổ sung …``) does not count.
    """
    lines = [piece.text for piece in pieces if isinstance(piece, Paragraph)]
    start = next((n + 1 for n, line in enumerate(lines) if line.strip().isupper() and "QUYẾT ĐỊNH" in line), None)
    cited = next((n for n, line in enumerate(lines) if _CITES.match(line) and n >= (start or 0)), None)
    if start is not None and cited is not None and start < cited:
        return bool(_AMENDS.search(" ".join(lines[start:cited])))
    plain = re.sub(r"\s+", " ", " ".join(lines))
    plain = re.sub(rf"{_CITES.pattern[1:]}.*?(;|\.(?= [A-ZĐ])|$)", " ", plain, flags=re.I)
    return bool(_AMENDS.search(f"{file.stem.replace('-', ' ')} {plain}"))


def kind_of(rules: RuleSet) -> str:
    """Which sort of set it is, as decisions name it: ``nâng cao``; "" the basic one."""
    name = str(rules.meta["name"]["vi"])
    return next((word for word in ("nâng cao", "kiểu mẫu", "hiện đại") if word in name), "")


def refuse_other_title(annex: Annex | None, rules: RuleSet, t: Translate) -> None:
    """Raises NtmError where the lines above the table name another period or another sort of set."""
    title = " ".join(annex.title.splitlines()[-TITLE_LINES:]) if annex else ""
    named = {kind for kind in scope(title) if not kind.startswith("phụ lục")}
    periods = [tuple(map(int, years)) for years in _PERIOD.findall(title)]
    if (named and kind_of(rules) not in named) or (periods and tuple(rules.meta["years"]) not in periods):
        words = t(
            'IMPORT: tiêu đề của bảng ("{title}") là của bộ tiêu chí khác, RULES={rule_set} là "{name}". Hãy kiểm tra RULES và tệp'
        )
        raise NtmError(words.format(title=title, rule_set=rules.id, name=rules.meta["name"]["vi"]))


def refuse_other_province(pieces: Iterable[Piece], province: str, t: Translate) -> None:
    """Raises NtmError where the file names provinces, and the one asked for is none of them."""
    texts = "\n".join(text for piece in pieces for text in _texts_of(piece))
    named = sorted({clean_text(name) for name in _PROVINCE.findall(texts)})
    if province and named and province not in slug(texts):
        words = t(
            "PROVINCE={province}: tệp không nhắc đến tỉnh này mà nhắc đến tỉnh {names}. Hãy kiểm tra PROVINCE và tệp"
        )
        raise NtmError(words.format(province=province, names=", ".join(named[:3])))


def checked_day(day: str, rules: RuleSet, asked: bool, t: Translate) -> str:
    if day and not is_date(day):
        raise NtmError(t("FROM: không phải một ngày. Hãy ghi dạng năm-tháng-ngày, ví dụ FROM=2024-03-01."))
    if not day and asked:
        words = t("FROM: văn bản sửa đổi hoặc của tỉnh phải có ngày hiệu lực. Hãy thêm, ví dụ FROM=2024-03-01.")
        raise NtmError(words)
    start, end = min(rules.thresholds["valid_from"]), str(rules.meta["valid_to"])
    if day and not start <= day <= end:
        words = t("FROM={day}: ngoài thời gian của bộ tiêu chí ({start} đến {end}). Hãy ghi ngày văn bản có hiệu lực")
        raise NtmError(words.format(day=day, start=start, end=end))
    return day or start


def named_day(pieces: Iterable[Piece]) -> str:
    """The ISO date from which the text says that it is in force; "" where it names none."""
    found = _IN_FORCE.search(" ".join(piece.text for piece in pieces if isinstance(piece, Paragraph)))
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else ""


def notes_of(file: Path, pieces: Iterable[Piece]) -> Iterator[str]:
    """Notes below the tables, and at the foot of the pages of a Word file: they may say when or for whom a figure holds."""
    below = False
    for piece in pieces:
        below = below or isinstance(piece, Table)
        if below and isinstance(piece, Paragraph) and _REMARK.match(piece.text):
            yield piece.text
    if file.suffix.lower() == ".docx":
        from lxml import etree

        with zipfile.ZipFile(file) as package:
            if "word/footnotes.xml" in package.namelist():
                root = etree.fromstring(
                    package.read("word/footnotes.xml"), etree.XMLParser(resolve_entities=False, no_network=True)
                )
                texts = (clean_text("".join(note.itertext("{*}t"))) for note in root.iterchildren("{*}footnote"))
                yield from filter(None, texts)


def source_of(file: Path, annex: Annex | None, pieces: Iterable[Piece], amended: str) -> Source:
    """``amended``: the document that the file amends ("" if none): that is not the one it is."""
    texts = [text for piece in pieces for text in _texts_of(piece)]
    title = annex.title.splitlines() if annex else []
    own = next((found[1] for text in texts if (found := _NUMBER_OF.search(text))), "")
    numbers = _DOCUMENT.findall("\n".join([*title, *texts[:FIRST_TEXTS]]))
    articles = _ARTICLE.findall(annex.title) if annex else []
    return Source(
        file.name,
        hashlib.sha256(file.read_bytes()).hexdigest(),
        own or next((number for number in numbers if number.casefold() != amended.casefold()), ""),
        articles[-1].strip() if articles else "",
        title[-1] if title else "",
    )


def _texts_of(piece: Piece) -> Iterator[str]:
    if isinstance(piece, Paragraph):
        yield piece.text
    else:
        yield from (
            text for text in (piece.before, *(cell.text for row in piece.rows[:3] for cell in row if cell)) if text
        )
