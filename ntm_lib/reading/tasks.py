"""Rows of works: what is to be built, bought or done, with quantity, place, fund and who builds."""

import re
from collections.abc import Mapping

from ntm_lib.reading.found import Reader, doubt
from ntm_lib.reading.meaning import Context, Target, Words
from ntm_lib.reading.measures import CLAUSE, Figure, village_in
from ntm_lib.reading.outline import Statement
from ntm_lib.text.numbers import parse
from ntm_lib.text.tokens import tidy

_REST = re.compile(
    r"\s*(?:,? ?(?:với |tổng )*(?:kinh phí|mức đầu tư|vốn đầu tư|dự toán|trị giá)\b|,? ?(?:từ|bằng) (?:nguồn )?(?:vốn|ngân sách|nguồn)|,? ?trong đó|\(|, ?(?:để|nhằm|đảm bảo|bảo đảm|phục vụ)\b| (?:để|nhằm) |, tại\b| tại (?:các )?(?:thôn|bản|khu)\b).*$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\btại (?P<at>[^,;()]+)|(?P<road>(?:tuyến |đường )[A-ZĐ][^,;()]*?(?:-|–|đi|đến)\s*[^,;()]*?)(?= từ nguồn| bằng|[,;()]|\s*\d|$)"
)
_REQUESTED = re.compile(r"^(?:đề nghị|kiến nghị)\s+(?P<who>[^,;\d]+?)\s+(?=xây|đầu tư|hỗ trợ|lắp|nâng|sửa|quan tâm|sớm|bố trí|cấp|mở)", re.IGNORECASE)  # fmt: skip
_BY_PEOPLE = re.compile(r"cho (?:nhân dân|người dân) thực hiện|nhân dân (?:tự )?(?:làm|đóng góp ngày công)", re.IGNORECASE)  # fmt: skip
_SERVED = re.compile(r"(?:cho|phục vụ)(?: khoảng)?\s*$", re.IGNORECASE)
_MONEY = "triệu đồng"
_OF_ABOVE = re.compile(  # «…; thôn Nà Mỏ 0,5 km»: a part of the work before
    r"[\W\d]*(?:trong đó|vốn|nguồn|gồm|và |thôn|bản|xóm|ấp|buôn|làng|khu|xã|tuyến|đoạn|đường|tại|ở )", re.IGNORECASE
)
_PART = re.compile(r"\(|trong đó|gồm\b|cụ thể|:", re.IGNORECASE)


def is_work(statement: Statement, context: Context, words: Words, counted: bool) -> str:
    """build, request or urge by the verb with which a statement begins; other: a quantity without one; "": no work."""
    if context.period != "plan":
        return ""
    placed = bool(context.criterion) or "other" in context.topics
    for text in (statement.text, statement.label):
        for kind, pattern in (("request", words.request), ("build", words.build), ("urge", words.urge)):
            if pattern.match(text):
                duty = kind == "urge" and "duties" in context.topics
                return kind if placed or (counted and not duty) else ""
    return "other" if counted and placed and not context.topics & {"duties", "funding"} else ""


def read_work(statement: Statement, context: Context, reader: Reader, left: list[Figure]) -> bool:
    """A row for each work that a statement names, and for each part of it; ``left``: quantities that no other table took."""
    kind = is_work(statement, context, reader.words, bool(left))
    money, left = (
        [f for f in left if f.amount.parsed.unit == _MONEY],
        [f for f in left if f.amount.parsed.unit != _MONEY],
    )
    parent = _above(statement, kind, left, reader)
    if parent is not None and left and not money:
        for figure in left:
            _part(figure, statement, reader, *parent)
        return True
    if not kind:
        return False
    by_label = bool(statement.label) and not any(p.match(tidy(statement.text)) for p in (reader.words.build, reader.words.request, reader.words.urge))  # fmt: skip
    named = by_label and is_work(statement, context, reader.words, True) != ""
    main: tuple[str, dict[str, str]] | None = None
    costs = {figure.number - 1: figure for figure in money}  # by the quantity that stands before
    if (named and len(left) > 1) or not left:
        main = _work(None, kind, statement, context, reader, named, costs.pop(-1, None))
    for figure in left:
        between = tidy(statement.text)[left[0].amount.end : figure.amount.start] if main else ""
        between = re.sub(r"\([^()]*\)", " ", between)  # a bracket that is closed holds none of what follows
        if main and (named or _PART.search(between) or _SERVED.search(figure.before)):
            _part(figure, statement, reader, *main)
        else:
            main = _work(figure, kind, statement, context, reader, named, costs.pop(figure.number, None))
    for figure in costs.values():
        source = reader.words.source_of(f"{figure.before} {figure.after}")
        doubts = (doubt("cost"), *(() if source else (doubt("fund"),)))
        reader.gathered.add(
            "funding", statement, doubts, year=str(context.year), source=source or "other", name=figure.before.strip(" ,:("),
            amount=figure.amount.text, section=statement.section,
        )  # fmt: skip
    if main and statement.whole.rstrip().endswith(":"):
        reader.leads[statement.whole.rstrip(": ")] = main
    return True


def _above(statement: Statement, kind: str, left: list[Figure], reader: Reader) -> tuple[str, dict[str, str]] | None:
    """Id and cells of the work of which the quantities are parts: that of a lead over the list, or the one just before."""
    for head in reversed(statement.heads):
        if head in reader.leads:
            return reader.leads[head]
    if kind or reader.main[0] != "works":
        return None
    cells = dict(reader.gathered.rows[int(reader.main[1][1:]) - 1].cells)
    bare = left and not left[0].before.strip()[:1].islower()
    same = bare and parse(cells.get("quantity", "")).unit == left[0].amount.parsed.unit != ""
    return (reader.main[1], cells) if same or _OF_ABOVE.match(statement.text) else None


def _work(
    figure: Figure | None, kind: str, statement: Statement, context: Context, reader: Reader, named: bool, cost: Figure | None
) -> tuple[str, dict[str, str]]:  # fmt: skip
    """Adds one work; returns its id and cells."""
    text = tidy(statement.text)
    first = figure is None or figure.number == 0
    clause = text
    if figure:
        clause = f"{CLAUSE.split(figure.before)[-1]} {figure.amount.text} {figure.after.split(',')[0]}"
    target = reader.words.target(
        [clause, f"{statement.label} {text}", *reversed(statement.heads)], context.criterion, context.code, task=True
    )
    cells = {
        "year": str(context.year), "criterion": target.criterion or context.criterion or "other", "indicator": target.indicator,
        "part": target.part, "item": statement.label if named else work_item(statement, figure, first),
        "state": "requested" if kind == "request" else "planned", "section": statement.section,
    }  # fmt: skip
    near = text if figure is None else f"{figure.before} {figure.after}" if first else clause
    near = statement.label if named and figure is None and _PART.split(text) and re.search(r"\d", text) else near
    head = _PART.split(near)[0] if figure else near
    funded = near if not re.search(r"\d", near[len(head) :]) else head
    cells |= _about(head, text if cost else funded, text, reader.words)
    cells |= {"cost": cost.amount.text} if cost else {}
    doubts = _doubts(figure, kind, context, target, named)
    quantity = _with_noun(figure) if figure else ""
    name = reader.gathered.add("works", statement, doubts, **cells, quantity=quantity)
    reader.main, reader.whole = ("works", name), statement.whole
    return name, cells


def _with_noun(figure: Figure) -> str:
    """«45 bóng đèn»: the thing counted, where it is no known unit."""
    noun = re.match(r" [^\W\d_]+(?: (?!đất|tại|ở|từ|cho|để|và|do|qua|dụng)[a-zà-ỹ]+)?", figure.after)
    return f"{figure.amount.text}{noun[0]}" if noun and not figure.amount.parsed.unit else figure.amount.text


def _doubts(figure: Figure | None, kind: str, context: Context, target: Target, named: bool) -> tuple[str, ...]:
    doubts = [] if kind == "build" or (figure and kind != "other") else [doubt("aim" if figure else "task")]
    if context.criterion and (not target.indicator or target.how in ("only", "name")):
        doubts.append(doubt("indicator"))
    if not context.criterion and not target.indicator and (figure is None or kind == "urge"):
        doubts.append(doubt("criterion"))
    if target.against:
        doubts.append(doubt("printed", f"{target.against} / {target.indicator}"))
    if kind == "urge" and figure and figure.amount.parsed.unit not in ("hộ", "km", "ha") and not named:
        doubts.append(doubt("aim"))
    if figure and figure.amount.parsed.doubt:
        doubts.append(doubt("unread", figure.amount.text))
    return tuple(doubts)


def _part(figure: Figure, statement: Statement, reader: Reader, parent: str, cells: Mapping[str, str]) -> None:
    """A quantity inside brackets, behind «trong đó» or in a list below: a part of the work."""
    after = re.split(r"[,;)]", figure.after)[0]
    around = f"{figure.before} {after}"
    served = _SERVED.search(figure.before)
    kept = {c: cells[c] for c in ("year", "criterion", "indicator", "part", "item", "state", "builder", "village", "source") if c in cells}  # fmt: skip
    own = kept | {"part_of": parent, "section": statement.section}
    if served:
        target = reader.words.target([f"{figure.before} {figure.amount.text} {after}"], cells["criterion"], "")
        own |= {"indicator": target.indicator, "part": target.part} if target.how == "phrase" else {}
        own["item"] = "Số hộ được hưởng" if figure.amount.parsed.unit == "hộ" else "Phục vụ"
    about = _about(around, around, around, reader.words)
    village = about.get("village") or village_in(f"{statement.label} .")
    where = re.sub(r"[\s:,(–-]+$|^[\s:,;()–-]+", "", re.sub(r"^.*?(?:trong đó|:)", "", figure.before))
    is_place = (
        where[:1].isupper() and len(where.split()) <= 8 and not village_in(f"{where} .") and not about.get("source")
    )
    if not served and "place" not in about and is_place:
        about["place"] = where
    doubts = [doubt("unread", figure.amount.text)] if figure.amount.parsed.doubt else []
    doubts += [doubt("served")] if served else []
    own |= about | ({"village": village} if village else {})
    reader.gathered.add("works", statement, tuple(doubts), **own, quantity=figure.amount.text)


def _about(near: str, funded: str, text: str, words: Words) -> dict[str, str]:
    """Village, place, fund and builder that the words name."""
    found = {}
    bare = near
    if place := _PLACE.search(near):
        at = (place["at"] or place["road"] or "").strip()
        bare = near.replace(place["road"], " ") if place["road"] else near
        if not re.fullmatch(r"(?:các )?(?:thôn|bản|xóm|ấp) [^,]+", at):
            found["place"] = re.sub(r"\s+thuộc (?:thôn|bản|xóm|ấp) .*$", "", at)
    found["village"] = village_in(f"{bare} .")
    if re.search(r"vốn|ngân sách|nguồn|đóng góp", funded, re.IGNORECASE):
        found["source"] = words.source_of(funded)
    if builder := _REQUESTED.search(text):
        found["builder"] = builder["who"].strip()
    elif _BY_PEOPLE.search(near):
        found["builder"] = "nhân dân"
    return {column: value for column, value in found.items() if value}


def work_item(statement: Statement, figure: Figure | None, first: bool) -> str:
    """The name of a work: its sentence without quantity, fund and purpose, behind the label that says of what."""
    text = tidy(statement.text)
    if figure and first:
        unit = re.sub(r"^[\d.,\s]+", "", figure.amount.text)
        served = figure.ahead.rstrip().endswith("cho")  # «hỗ trợ sinh kế cho 12 hộ nghèo»
        noun = "" if figure.amount.parsed.unit in ("km", "ha", "m²", "m³", "hộ") and not served else unit
        text = f"{figure.ahead.rstrip()} {noun} {figure.after.strip()}"
    elif figure:
        text = f"{CLAUSE.split(figure.before)[-1]} {figure.after.split(',')[0]}"
    text = _REQUESTED.sub("", text)
    text = re.sub(r"\s+(?:cho|với|để)$", "", re.sub(r"\s+", " ", _REST.sub("", text)).strip(" ,.;:"))
    text = text[:1].upper() + text[1:]
    return f"{statement.label}: {text}" if statement.label and not text.casefold().startswith(statement.label.casefold()) else text  # fmt: skip
