"""What a statement says without a figure: criteria met or not, none of something, a rating, «Đạt chuẩn …»."""

import re

from ntm_lib.reading.found import Reader
from ntm_lib.reading.meaning import Context, Target, numbered
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
