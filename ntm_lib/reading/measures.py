"""The figures of a sentence that are a quantity of something (not its dates, numbers of documents and names), and what they are of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ntm_lib.text.numbers import Parsed, parse
from ntm_lib.text.tokens import Token, tidy, tokenise
from ntm_lib.text.units import read_unit

_LEVEL = re.compile(r"(?:từ )?(?:mức(?: độ)? \d|\d sao)(?: trở lên)?(?!\w)", re.IGNORECASE)
_NOT_COUNTED = re.compile(
    r"\s*(?:tuổi|tháng\b|k[vw]\b|kva\b|giờ\b|vụ\b|(?:sạch|tại chỗ)\b)", re.IGNORECASE
)  # an age, months of a year, what a line is rated for, «3 sạch», «4 tại chỗ»
_PLACE_BEFORE = re.compile(  # «thôn Cao Bình và Bàu 1-Bàu »
    r"\b(?:thôn|bản|xóm|ấp|khu|làng|đội|tuyến|đường|cầu|hồ|đập|trường)(?:[ -]+(?:[A-ZĐÀ-Ỹ][^\W\d_]*|\d+|và))*[ -]*$"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BILLION = re.compile(r"^\d[\d.]* ?t[ỷỉ](?: đồng)?$", re.IGNORECASE)
_FRACTION_BEHIND = re.compile(r"\s*\(\s*\d[\d.,]*\s*(?:/|trên)\s*\d[\d.,]*[^()%\d]*\)")
_NAMED = re.compile(  # «tiêu chí 2, 3 và 13» names three
    r"(?:số|điều|khoản|khóa|biểu|phụ lục|nghị quyết|quyết định|tt|thứ|khối|điểm|mẫu|tiêu chí|lớp|cấp|loại|hạng|thôn|bản|xóm|ấp|buôn|làng|khu phố|đội)\s*"
    r"(?:\d{1,2}(?:\s*[,;]\s*|\s+và\s+)(?:số )?)*$",
    re.IGNORECASE,
)


CLAUSE = re.compile(r"[,;]|\bvà\s*$")  # «45% hộ dùng nước sạch và 80% …»: what follows is of the second alone
MOVE = re.compile(
    r"(?:vận động |xây dựng |thực hiện |làm )?(?:thêm|tăng thêm|giảm thêm|tăng|giảm|bổ sung)(?: được)?\s*$",
    re.IGNORECASE,
)
VILLAGE_KINDS = ("thôn", "bản", "xóm", "ấp", "buôn", "làng")


class Amount(NamedTuple):
    """A quantity as written, where it stands in the tidied sentence, and its reading."""

    text: str
    start: int
    end: int
    parsed: Parsed


def amounts_of(sentence: str) -> list[Amount]:
    """The quantities of a tidied sentence, in their order."""
    levels = [Amount(m[0], m.start(), m.end(), parse(m[0])) for m in _LEVEL.finditer(sentence)]
    tokens = [t for t in tokenise(sentence) if not any(a.start <= t.start < a.end for a in levels)]
    found, at = list(levels), 0
    while at < len(tokens):
        if tokens[at].kind in ("number", "torn") and not _is_name(sentence, tokens, at):
            last = _end(sentence, tokens, at)
            first = _start(tokens, at)
            span = sentence[tokens[first].start : last]
            found.append(Amount(span.strip(), tokens[first].start, last, parse(span.strip(" ,"))))
            at = next((n for n, token in enumerate(tokens) if token.start >= last), len(tokens))
        else:
            at += 1
    return _joined(sentence, sorted(found, key=lambda amount: amount.start))


def _joined(sentence: str, amounts: list[Amount]) -> list[Amount]:
    """«14 tỷ» and «350 triệu đồng» behind it as one amount."""
    joined: list[Amount] = []
    for amount in amounts:
        millions = amount.parsed.unit == "triệu đồng" and "tr" in amount.text
        last = joined[-1] if joined and millions and _BILLION.search(joined[-1].text) else None
        if last and not sentence[last.end : amount.start].strip():
            text = sentence[last.start : amount.end]
            joined[-1] = Amount(text, last.start, amount.end, parse(text))
        else:
            joined.append(amount)
    return joined


def _is_name(sentence: str, tokens: list[Token], at: int) -> bool:
    """Whether a number is that of a document, a place, an age or the like, not a quantity."""
    token, before = tokens[at], tokens[at - 1] if at else None
    behind = sentence[token.end :]
    if (
        re.match(r"[/-]\s*[A-ZĐ]{2}", behind)
        or _NOT_COUNTED.match(behind)
        or re.match(r"\s*[-–]\s*\d+\s*(?:tuổi)?", behind)
    ):
        return True
    if re.search(
        r"(?:(?<!mở )\brộng|\bdày|\bsâu|(?<!nâng )\bcao|đường kính)\s*$", sentence[: token.start], re.IGNORECASE
    ):
        return True  # «(rộng 3m, dày 16cm)»
    if token.kind == "torn":
        return bool(re.match(r"[A-ZĐ]", token.text) or re.match(r"[\w.,]*[/-]\s*[A-ZĐ]", sentence[token.start :]))
    if before is None:
        return False
    touching = sentence[before.end : token.start]
    if before.text in ("-", "–") and at > 1 and tokens[at - 2].kind == "number":
        return True  # the second of «18-35»
    if _YEAR.fullmatch(token.text) and read_unit(behind).kind not in ("measure", "count"):
        return True
    fraction = re.match(r"\s*/\s*\d", behind) or "," in token.text  # «đường ngõ xóm 17,4/18,9 km»
    if _NAMED.search(sentence[: token.start]) and not fraction and read_unit(behind).kind not in ("measure", "count"):
        return True
    words = re.findall(r"[^\W\d_]+", sentence[: token.start])
    named = len(words) > 1 and words[-1][:1].isupper() and before.kind == "word" and not touching.strip()
    named = named and not re.match(r"\s*/\s*\d", behind)  # «tham gia BHYT 6.820/7.150 người»
    at_place = _PLACE_BEFORE.search(sentence[: token.start]) is not None
    after = read_unit(behind).kind
    return named and (
        after == "none" or (at_place and (after == "noun" or re.match(r" (?:thôn|bản|xóm|ấp) ", behind) is not None))
    )


def _start(tokens: list[Token], at: int) -> int:
    return at - 1 if at and tokens[at - 1].kind == "bound" else at


def _end(sentence: str, tokens: list[Token], at: int) -> int:
    """Where the quantity that begins with the number at ``at`` ends: unit, what it is out of, its share in per cent."""
    end, last = tokens[at].end, at
    if bracket := re.match(r"\s*\([a-zà-ỹ²%]+\)", sentence[end:]):
        end += bracket.end()
    for following in range(at + 1, len(tokens)):
        token = tokens[following]
        between = tokens[last + 1 : following]
        if (token.kind == "unit" and not between) or (
            token.kind == "per" and (not between or all(t.kind == "word" for t in between))
        ):
            end, last = token.end, following
        elif token.kind in ("out-of",) or token.text == "/":
            continue
        elif token.kind == "number" and _is_base(between):
            end, last = token.end, following
        elif (
            token.kind == "number"
            and _is_share(sentence, token)
            and _linked(sentence, end, token, tokens[at:following])
        ):
            end, last = token.end, following
            end += len(sentence[end:]) - len(sentence[end:].lstrip().removeprefix("%"))
            end += 1 if "(" in sentence[tokens[at].start : end] and sentence[end : end + 1] == ")" else 0
            break
        elif _is_share(sentence, tokens[at]) and (behind := _FRACTION_BEHIND.match(sentence, end)):
            return behind.end()  # «95,2% (1.340/1.408 hộ)»
        elif token.kind == "behind" and not between:
            end = token.end
        elif token.kind == "number" or token.text in (";", "."):
            break
    return end


def _is_base(between: list[Token]) -> bool:
    """Whether what follows is what a count is out of: «/», «trên tổng số», with a few words of the thing counted before."""
    words = [token for token in between[:-1] if token.kind != "out-of"]
    plain = all(token.text not in (",", ";", "(", ")") and token.kind != "number" for token in words)
    return bool(between) and (between[-1].kind == "out-of" or between[-1].text == "/") and plain and len(words) <= 8


def _is_share(sentence: str, token: Token) -> bool:
    return sentence[token.end :].lstrip()[:1] == "%"


def _linked(sentence: str, end: int, share: Token, tokens: list[Token]) -> bool:
    """Whether only a few words lie between a count and the share that it makes: ``1.276/1.413 hộ đạt 90,3%``."""
    between = sentence[end : share.start].casefold()
    words = re.findall(r"[^\W\d_]+", between)
    if between.endswith("(") and not re.search(
        r"[,;%]|trong đó|kế hoạch", between
    ):  # «8/9 thôn có nhà văn hóa (88,9%)»
        return len(words) <= 10
    if "%" in between or re.search(r"trong đó|kế hoạch|phấn đấu|tăng|giảm|năm|và\b|còn\b|có\b", between):
        return False
    is_fraction = any(t.text == "/" or t.kind == "out-of" for t in tokens)
    sign = re.search(r"[=(]|đạt|chiếm|tương ứng|tương đương|bằng|tỷ lệ|tỉ lệ|^\s*,?\s*$", between)
    if is_fraction and re.search(r"chiếm|bằng|tương ứng|tương đương", between):
        return len(words) <= 14
    if re.search(r",\s*(?:đạt|chiếm|bằng)(?: tỷ lệ)?\s*$", between):  # «8.954 người tham gia BHYT, đạt 91%»
        return between.count(",") == 1 and len(words) <= 8
    return bool(sign) and len(words) <= (6 if is_fraction else 3)


def unread_numbers(sentence: str, amounts: list[Amount]) -> Iterator[str]:
    """Numbers of a sentence that are in none of its quantities and no date, name or code."""
    text = tidy(sentence)
    for token in tokenise(text):
        if (
            token.kind == "number"
            and not _YEAR.fullmatch(token.text)
            and not any(a.start <= token.start < a.end for a in amounts)
            and not re.match(r"\s*tháng (?:đầu|cuối) năm", text[token.end :], re.IGNORECASE)
        ):
            yield token.text


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity of a statement with the words around it. ``before``: since the quantity ahead of it; ``ahead``: all before."""

    amount: Amount
    ahead: str
    before: str
    after: str
    number: int


def figures_of(text: str) -> list[Figure]:
    amounts = amounts_of(text)
    ends = [0, *(a.end for a in amounts)]
    starts = [*(a.start for a in amounts[1:]), len(text)]
    return [
        Figure(a, text[: a.start], text[ends[n] : a.start], text[a.end : starts[n]], n) for n, a in enumerate(amounts)
    ]


def item_of(figure: Figure, label: str) -> str:
    """What a figure is of: the label, or the words before it."""
    words = CLAUSE.split(figure.before)[-1] if figure.number else figure.before
    if move := MOVE.search(words):  # «giảm 30 hộ nghèo đa chiều», «trong đó giảm 23 hộ nghèo»
        thing = re.split(r"[,;(:]|trong đó|\bvà\b", figure.after)[0].strip(" .")
        unit = "" if figure.amount.parsed.unit in ("%", "điểm phần trăm") else figure.amount.parsed.unit
        moved = f"{move[0].strip()} {unit} {thing}".strip()
        moved = f"{label}: {moved}" if label and len(thing.split()) < 2 else moved
        return re.sub(r"\s+", " ", moved[:1].upper() + moved[1:])
    if figure.number and not words.strip(" ,;:-–("):
        words = f"{figure.amount.parsed.unit} {re.split(r'[,;(:]', figure.after)[0]}"
    words = re.sub(
        r"\b(?:phấn đấu|phân đầu|kế hoạch(?: năm)?(?: 20\d\d)?|hết năm 20\d\d|đến|năm 20\d\d|trên địa bàn xã|của xã|hiện nay|hiện)\b",
        " ",
        words,
        flags=re.IGNORECASE,
    )
    words = re.sub(
        r"[\s:,(–=-]*(?:\b(?:đã|đạt|(?<!quy )chuẩn|là|còn|(?<!chứng )chỉ|có|chiếm|được|trên)\b\s*)*$", "", words
    ).strip(" ,;:-–(")
    words = re.sub(
        r"^(?:[\s,;:%]|trong(?= *,)|đến(?= *,)|cuối(?= *,)|nay\b|toàn xã\b)+", "", words, flags=re.IGNORECASE
    )
    behind = re.split(r"[,;(:]| đạt ", figure.after)[0].strip(" .")
    if not words.strip() and len(behind.split()) > 2:  # «97% số hộ sử dụng nước sạch»
        words = behind
    item = words if len(words.split()) > 1 else (label or words or behind)
    return re.sub(r"\s+", " ", item[:1].upper() + item[1:])


def village_in(text: str) -> str:
    """The village that a text names: «tại thôn Nặm Kép» → Nặm Kép; the last where there are several."""
    names: list[str] = []
    words = re.findall(r"[\w/]+|[^\w\s]", text)
    at = 0
    while at < len(words) - 1:
        at += 1
        numbered = words[at].isdigit() and read_unit(" ".join(words[at + 1 : at + 2])).kind in ("none", "noun")
        named = words[at][:1].isupper() and not words[at].isupper()
        if words[at - 1].casefold() not in VILLAGE_KINDS or not (named or numbered):
            continue
        end = at + 1
        while end < len(words) and (words[end][:1].isupper() or words[end].isdigit()):
            end += 1
        names.append(" ".join(words[at:end]))
        at = end
    return names[-1] if names else ""
