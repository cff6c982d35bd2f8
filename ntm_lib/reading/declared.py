"""What a statement says without a figure: criteria met or not, none of something, a rating; who does what, and when."""

import re

from ntm_lib.reading.found import Reader, doubt
from ntm_lib.reading.meaning import Context, Target, Words, numbered
from ntm_lib.reading.outline import Statement
from ntm_lib.reading.stated import UNMET
from ntm_lib.text import lexicon
from ntm_lib.text.tokens import tidy

_DONE = re.compile(r"đã hoàn thành|đã đạt(?: chuẩn)?|hoàn thành|đạt chuẩn", re.IGNORECASE)
_FREE = re.compile(r"(?:không (?:có|để xảy ra|xảy ra|còn|phát sinh))\b", re.IGNORECASE)
_HELD = re.compile(r"được (?:kiềm chế|kiểm chế|đảm bảo|giữ vững)[^,;]*$")
_STATUS = re.compile(
    r"(?:đã |được công nhận )?(?:đạt chuẩn(?: và duy trì)?|đạt yêu cầu|đảm bảo quy định)(?! (?:còn|mới))", re.IGNORECASE
)
_RATING = re.compile(rf"(?:{'|'.join(lexicon.RATINGS[:4])})(?: trở lên)?", re.IGNORECASE)
_OWN_VERDICT = re.compile(
    r"tự (?:đánh giá|chấm|nhận)|mức độ đạt|đánh giá(?: tiêu chí| mức độ|$)|kết luận|so(?: sánh)? với (?:yêu cầu )?tiêu chí",
    re.IGNORECASE,
)
_REQUIRED = re.compile(r"(?:yêu cầu|tiêu chuẩn|mức (?:đạt|quy định)|quy định|chỉ tiêu quy định)\b", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:tiêu chí |số )*\d", re.IGNORECASE)
_LIST = re.compile(
    r"tiêu chí[^:]*(?:đã |chưa )?(?:hoàn thành|đạt)|(?:đã |chưa |xã )(?:hoàn thành|đạt)[^:]*tiêu chí", re.IGNORECASE
)


def names_criteria(statement: Statement, context: Context, reader: Reader) -> bool:
    """Rows of the criteria that a list names as met or not: «Tiêu chí số 1 (Quy hoạch)», «tiêu chí số 2, 9 và 17»."""
    text, words = tidy(statement.text), reader.words
    heads = " ".join((*statement.heads, statement.label))
    lead = statement.label or (statement.heads[-1] if statement.heads and _NUMBERS.match(text) else "")
    numbers = numbered(f"{lead} {text}", words.names.criteria)
    if UNMET.search(f"{statement.label} {text}") and len(named := words.criteria_in(f"{statement.label}: {text}")) > 1:
        numbers = numbers or named
    if len(numbers) > 1 and (_LIST.search(heads) or _DONE.search(text) or UNMET.search(text)):
        return _declare(numbers, statement, context, reader, f"{heads} {text}")
    if statement.item and len(text) <= 110 and _LIST.search(heads) and (number := words.criterion_of(text)):
        return _declare([number], statement, context, reader, heads)
    return False


def states_requirement(statement: Statement, context: Context, reader: Reader) -> bool:
    """«a) Yêu cầu của tiêu chí: … đạt từ 70% trở lên»: what a report says is asked for is no result; a provision."""
    asked = any(_REQUIRED.match(head) for head in (*statement.heads[-2:], statement.label))
    if not asked or not context.criterion or reader.document.kind != "result":
        return False
    item = reader.words.criterion_names.get(context.criterion, "")
    reader.gathered.add(
        "provisions", statement, kind="requirement", item=item, value=statement.text, section=statement.section
    )
    return True


def read_words(statement: Statement, context: Context, reader: Reader) -> bool:
    """Makes the row of a statement without figures; False where these tables do not know what it says."""
    text, words = tidy(statement.text), reader.words
    heads = " ".join((*statement.heads, statement.label))
    if re.fullmatch(r"không(?: có)?", text, re.IGNORECASE) and UNMET.search(heads):
        reader.gathered.add(
            "results", statement, year=str(context.year), criterion="all", item="Số tiêu chí chưa hoàn thành", value=text,
            kind="other", section=statement.section,
        )  # fmt: skip
        return True
    lead = statement.label or " ".join(statement.heads[-1:])
    verdict = text.partition("(")[0].casefold().strip(" .;")
    is_verdict = verdict in lexicon.MET | lexicon.UNMET and verdict not in lexicon.TICKED
    if is_verdict and context.criterion and (_OWN_VERDICT.search(lead) or words.criterion_of(lead)):
        return _declare([context.criterion], statement, context, reader, text, words.criterion_names[context.criterion])
    target = words.target([text, statement.label], context.criterion, context.code, task=True)
    known = context.criterion or (context.period == "result" and target.how == "phrase")
    if not target.indicator or target.how == "name" or not known:
        return False
    none = _FREE.match(text) if context.period == "result" and target.how == "phrase" else None
    if none and words.kinds.get((target.indicator, target.part)) == "none":  # «Không còn nhà tạm»
        said: tuple[str, str, str] | None = (none[0], text[none.end() :], "measured")
    else:
        said = _said(text, target, context, statement.label, words.names.names(target.indicator, text))
    if said is None:
        return False
    value, item, kind = said
    item = item.strip(' ,.:;“”"')
    reader.gathered.add(
        "plan" if context.period == "plan" else "results", statement, year=str(context.year), criterion=target.criterion,
        indicator=target.indicator, part=target.part, item=item[:1].upper() + item[1:], value=value, kind=kind,
        section=statement.section,
    )  # fmt: skip
    return True


def _said(text: str, target: Target, context: Context, label: str, said_by_name: bool) -> tuple[str, str, str] | None:
    """Value, item and kind of row; None where nothing certain is said."""
    plan, sure = context.period == "plan", target.how == "phrase"
    kind = "target" if plan else "measured"
    rating, free, status, held = (p.search(text) for p in (_RATING, _FREE, _STATUS, _HELD))
    if sure and rating and re.search(r"xếp loại|đánh giá", text, re.IGNORECASE):
        return rating[0], text[: rating.start()], kind
    quoted = re.search(r"[“\"«](.+?)[”\"»]", text)
    if plan and quoted and said_by_name:
        return quoted[0], text[: quoted.start()] + text[quoted.end() :], "other"
    if plan and free and not free.start():
        return free[0], text[free.end() :], "other"
    if plan and held:
        return held[0], text[: held.start()], "other"
    if sure and status:
        said = status[0] if status[0].casefold().strip() in lexicon.MET else "đạt"
        return "Đạt chuẩn" if plan else said, text[status.end() :] or text, kind
    plain = text.casefold().strip(" .;")
    if not plan and plain in lexicon.MET | lexicon.UNMET and plain not in lexicon.TICKED:
        return text.strip(" .;"), label or text, kind
    return None


def _declare(
    numbers: list[str], statement: Statement, context: Context, reader: Reader, said: str, name: str = ""
) -> bool:
    """Rows «tiêu chí … đã hoàn thành» for each of the criteria; ``name``: what stands as their item."""
    unmet, done = UNMET.search(said), _DONE.search(said)
    value = (
        (unmet[0] if unmet[0].casefold() in lexicon.UNMET else "chưa đạt")
        if unmet
        else done[0]
        if done
        else "đạt"
        if re.search(r"\bđạt\b", said, re.IGNORECASE)
        else ""
    )
    if not value or context.period == "plan":
        return False
    for number in numbers:
        item = name or (statement.text if len(numbers) == 1 else "")
        item = re.sub(r"^tiêu chí(?: số)? \d{1,2}\W*|\)$", "", item, flags=re.IGNORECASE).strip(" .:()")
        item = item or reader.words.criterion_names.get(number, number)
        reader.gathered.add(
            "results", statement, year=str(context.year), criterion=number, item=item[:1].upper() + item[1:], value=value.casefold(),
            kind="declared", rule_set=reader.words.rule_set, section=statement.section,
        )  # fmt: skip
    return True


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
