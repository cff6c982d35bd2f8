"""Rows of assignments, schedule and provisions from the sections on aims, measures and organisation."""

import re

from ntm_lib.reading.found import Reader, doubt
from ntm_lib.reading.meaning import Context, Words, numbered
from ntm_lib.reading.outline import Statement

_OFTEN = re.compile(
    r"(?:định kỳ )?(?:hàng|hằng) (?:tuần|tháng|quý|năm)(?:,? (?:hàng |hằng )?(?:tuần|tháng|quý|năm)\b)*|theo từng quý|từng (?:tháng|tuần|quý)(?:, từng (?:tháng|tuần|quý))*"
    r"|định kỳ(?: \d+ tháng| quý| 6 tháng)?|\d{1,2} lần ?/ ?(?:tuần|tháng|quý|năm)|mỗi (?:tuần|tháng|quý)(?: một lần)?",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:vào |trước )?ngày (?P<d>\d{1,2}) (?:hàng|hằng|mỗi) tháng", re.IGNORECASE)
_DEADLINE = re.compile(
    r"(?:trước|chậm nhất|xong trước|trong|đến hết|hoàn thành trước)(?: là)?(?: hết)? (?P<d>(?:ngày )?\d{1,2}/\d{1,2}/\d{4}|(?:ngày )?\d{1,2} tháng \d{1,2}(?: năm \d{4})?|quý (?:IV|I{1,3}|[1-4])(?:[ /]?(?:năm )?\d{4})?|tháng \d{1,2}[/ ](?:năm )?\d{4})",
    re.IGNORECASE,
)
_TO = re.compile(r"(?:báo cáo|gửi)[^.;]*?\b(?:về|cho|gửi) (?P<who>[A-ZĐÂỦ][^,.;]*?)(?= theo| để|[,.;]|$| trước)")
_FOR = re.compile(r"^(?:đối với|giao(?: nhiệm vụ(?: cụ thể)?)? cho|đề nghị|giao)\s+", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:xây dựng|tăng cường|tập trung|phối hợp|tổ chức thực hiện|tổ chức (?!chính trị|đoàn thể|hội)|phụ trách|chủ trì|tham mưu|tổng hợp|đẩy mạnh|chịu trách nhiệm|thực hiện|căn cứ|phải|có trách nhiệm|kiểm điểm|hướng dẫn|chỉ đạo (?!xã|nông)|triển khai|tuyên truyền|theo dõi|vận động|báo cáo|lập|phát huy|xác định)\b",
    re.IGNORECASE,
)
_OBLIGED = re.compile(r"(?:phải|có trách nhiệm|chịu trách nhiệm)\b", re.IGNORECASE)
_NO_BODY = re.compile(r"\b(?:để|biết|người dân)\b", re.IGNORECASE)
_CLOSING = re.compile(r"^trên đây là", re.IGNORECASE)
_LONGEST_BODY = 160  # letters of the words that name who does something


def read_duty(statement: Statement, context: Context, reader: Reader) -> bool:
    """Assignments, periodic tasks, an aim or a requirement; False for a statement that is none of them."""
    if _CLOSING.match(statement.text) or statement.text in statement.heads:
        return True
    made = [_one(clause, statement, context, reader) for clause in _clauses(statement.text, reader.words)]
    if any(made):
        return True
    kind = "aim" if "aim" in context.topics else "requirement" if context.topics & {"requirement", "duties"} else ""
    if not kind or len(statement.text) < 12:
        return False
    if obliged := _named_inside(statement.text, reader.words):
        who, duty = obliged
        reader.gathered.add("assignments", statement, (doubt("who"),), who=who, duty=duty, section=statement.section)
    item, value = " ".join(statement.text.split()[:10]), statement.quote
    reader.gathered.add(
        "provisions", statement, (doubt("words"),), kind=kind, item=item, value=value, section=statement.section
    )
    return True


def read_schedule(statement: Statement, context: Context, reader: Reader) -> None:
    """What a work or a plan's sentence says to be done so often: a row of the schedule beside the one it has."""
    often, day = _OFTEN.search(statement.text), _DAY.search(statement.text)
    if context.period == "plan" and (often or day):
        _task(statement.text, statement, reader, _named_above(statement, reader.words), often, day, None)


def _one(text: str, statement: Statement, context: Context, reader: Reader) -> bool:
    """The assignment or task that one clause is."""
    who, duty, by_label = who_does(text, statement, reader.words)
    often, day, deadline = _OFTEN.search(text), _DAY.search(text), _DEADLINE.search(text)
    duties = "duties" in context.topics or bool(who)
    timed = bool(often or day or deadline) and (duties or statement.item)
    if timed:
        _task(duty, statement, reader, who or _named_above(statement, reader.words), often, day, deadline)
    planned = context.period == "plan" or "duties" in context.topics
    once = deadline is not None and not often and not day and len(duty.split()) > 10
    if who and duties and planned and not (timed and not once and (not by_label or len(text.split()) < 14)):
        doubts = () if by_label or _VERB.match(duty) else (doubt("who"),)
        for criterion in numbered(duty, reader.words.names.criteria) or [
            context.criterion
        ]:  # «tham mưu tiêu chí 2, 3, 13»
            reader.gathered.add(
                "assignments", statement, doubts, who=who, duty=duty, criterion=criterion, section=statement.section
            )
        return True
    return timed


def _clauses(text: str, words: Words) -> list[str]:
    """«Các chi bộ xây dựng …, các thôn xây dựng …»: two that do something; else the text whole."""
    cuts = [0]
    for comma in re.finditer(r", ", text):
        rest = text[comma.end() :]
        start = words.bodies.match(rest)
        verb = _VERB.search(rest, start.end("word")) if start else None
        before = _VERB.search(text, cuts[-1], comma.start())
        if verb and before and verb.start() < 40 and not _NO_BODY.search(rest[: verb.start()]):
            cuts.append(comma.end())
    return [text[a:b].strip(" ,") for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _named_above(statement: Statement, words: Words) -> str:
    """The body that a heading names: «1.6. Đối với các thôn bản»."""
    heads = (_FOR.sub("", head) for head in reversed((*statement.heads, statement.label)))
    return next((head for head in heads if words.bodies.match(head) and len(head) < _LONGEST_BODY), "")


def _named_inside(text: str, words: Words) -> tuple[str, str] | None:
    """«…, các thành viên … được phân công phụ trách … phải xây dựng …»: who and what, inside a longer sentence."""
    for comma in re.finditer(r", ", text):
        rest = text[comma.end() :]
        must = _OBLIGED.search(rest)
        if words.bodies.match(rest) and must and must.start() < _LONGEST_BODY:
            who = re.split(r"\s+(?:được|phải|có trách nhiệm|chịu)\b", rest)[0]
            return who, rest[len(who) :].strip()
    return None


def who_does(text: str, statement: Statement, words: Words) -> tuple[str, str, bool]:
    """Who is named at the start (of the label, the text or the heading just above), what they do, and whether a label says it."""
    if statement.label and words.bodies.match(_FOR.sub("", statement.label)):
        return _FOR.sub("", statement.label), text, True
    bare = _FOR.sub("", text)
    if start := words.bodies.match(bare):
        verb = _VERB.search(bare, start.end("word"))
        who = bare[: verb.start()].partition(" được ")[0].strip(" ,:") if verb else ""
        if verb and len(who) < _LONGEST_BODY and not _NO_BODY.search(who):
            return (
                who,
                bare[len(who) :].strip(" ,:") if " được " in bare[: verb.start()] else bare[verb.start() :],
                False,
            )
        return "", text, False
    above = _FOR.sub("", statement.heads[-1]) if statement.heads else ""
    if words.bodies.match(above) and len(above) < _LONGEST_BODY and not re.search(r"\bphải\b", above):
        return above, text, statement.whole.startswith(f"{statement.heads[-1]}: {text}")
    return "", text, False


def _task(
    text: str, statement: Statement, reader: Reader, who: str, often: re.Match[str] | None, day: re.Match[str] | None,
    deadline: re.Match[str] | None,
) -> None:  # fmt: skip
    """A row of the schedule: ``text`` without the words that say when."""
    addressee = _TO.search(text)
    what = text
    for found in (day, often, deadline):
        what = what.replace(found[0], " ") if found else what
    what = re.sub(r"\btheo quy định\b|\bđịnh kỳ\b|\bhoàn thành\s*$", " ", what, flags=re.IGNORECASE)
    what = re.sub(r"\s+", " ", what).strip(" ,.;:") or statement.quote
    reader.gathered.add(
        "schedule", statement, () if who and ";" not in what else (doubt("who"),), what=what[:1].upper() + what[1:], who=who,
        frequency=(often[0] if often else "hàng tháng" if day else "").strip(" ,"), day=day["d"] if day else "",
        deadline=deadline["d"] if deadline else "", addressee=addressee["who"].strip() if addressee else "", section=statement.section,
    )  # fmt: skip
