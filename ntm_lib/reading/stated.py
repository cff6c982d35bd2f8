"""Rows of results, plan, production and funding from the figures of a statement, and from what it says in words."""

import re

from ntm_lib.existing import default_rule_set
from ntm_lib.reading.found import Reader, doubt
from ntm_lib.reading.meaning import Context, Document, Target, Words, years_in
from ntm_lib.reading.measures import CLAUSE, MOVE, VILLAGE_KINDS, Figure, item_of, village_in
from ntm_lib.reading.outline import Statement

_PLAN = re.compile(r"kế hoạch|phấn đấu|phân đầu|mục tiêu|dự kiến|chỉ tiêu giao|đăng ký|\bkh\b|sẽ\b", re.IGNORECASE)
_RESULT = re.compile(
    r"\bđã\b|(?<!thực )(?<!thể )\bhiện\b|hiện nay|\bđến nay|\bcòn\b|kết quả|thực hiện được|tính đến", re.IGNORECASE
)
_TO_LEVEL = re.compile(r"\b(?:giảm|tăng|nâng)\b[^,;]*\b(?:còn|xuống|lên|đạt)\s*$", re.IGNORECASE)
_EARLIER = re.compile(r"(?<!so với )(?:cùng kỳ|năm (?:trước|ngoái))[^,;]*$", re.IGNORECASE)
_ODD_BEFORE = {
    "estimate": re.compile(r"\bước\b|khoảng|xấp xỉ", re.IGNORECASE),
    "start": re.compile(r"\bđầu (?:năm|kỳ)", re.IGNORECASE),
    "earlier": _EARLIER,
    "moved": re.compile(r"(?:tăng|giảm)\b[^,;]*so với[^,;]*$", re.IGNORECASE),
    "elsewhere": re.compile(r"(?:toàn |cả |của |chung |quân )(?:huyện|tỉnh|nước|thị xã|vùng)\b[^,;]*$", re.IGNORECASE),
}
_OF_PLAN = re.compile(r"\s*(?:so với )?(?:kế hoạch|kh\b|chỉ tiêu (?:giao|kế hoạch|được giao)|dự toán)", re.IGNORECASE)
_DONE_WITH = re.compile(r"\b(?:xóa|hỗ trợ|sửa chữa|giải quyết|khắc phục|xử lý|làm mới|xây mới)\b[^,;]*$", re.IGNORECASE)
_WITHIN_YEAR = re.compile(r"\d+ tháng|\bquý\b", re.IGNORECASE)
_RAISED = re.compile(r"(?:^|\b)(?:lên|xuống)(?: đến| tới)?\s*$", re.IGNORECASE)
_KEEP = re.compile(r"duy trì\s*$", re.IGNORECASE)
_AMONG = re.compile(r"trong đó|gồm\b|bao gồm|cụ thể", re.IGNORECASE)
_REACHED = re.compile(r"\bđạt|hoàn thành|duy trì|giữ vững|giữ chuẩn", re.IGNORECASE)
UNMET = re.compile(r"chưa (?:đạt|hoàn thành)|không đạt|(?:dưới|rớt|tụt|mất|hụt) chuẩn", re.IGNORECASE)
_INCOME = re.compile(r"thu nhập (?:bình quân|đầu người|tiêu chí)|theo tiêu chí nông thôn mới", re.IGNORECASE)
_POOR = re.compile(r"hộ nghèo|nghèo\b", re.IGNORECASE)
_NEAR_POOR = re.compile(r"cận nghèo|đa chiều", re.IGNORECASE)  # since 2022 the indicator counts both
_PER_HEAD = "triệu đồng/người/năm"
_PRODUCED = ("ha", "con", "lồng", "tấn", "m³", "m²", "cây", "đàn", "tổ", "quả", "sản phẩm")
_PEOPLE = {
    "hộ": "Tổng số hộ của xã",
    "nhân khẩu": "Tổng số nhân khẩu của xã",
    "khẩu": "Tổng số nhân khẩu của xã",
    "người": "Tổng số nhân khẩu của xã",
    **dict.fromkeys(("thôn", "bản", "ấp"), "Số thôn của xã"),
}


def read_figure(figure: Figure, statement: Statement, context: Context, reader: Reader) -> bool:
    """Makes the row that a quantity is; False where it is none that these tables know."""
    unit = figure.amount.parsed.unit
    of_all = (
        not unit and figure.amount.text.endswith("/19") and "tiêu chí" in figure.before
    )  # «nâng số tiêu chí lên 17/19»
    if unit in ("tiêu chí", "chỉ tiêu") or of_all:
        return _count_of_criteria(figure, statement, context, reader)
    grown = MOVE.search(figure.before) and _INCOME.search(figure.ahead)  # «thu nhập bình quân …, tăng 5,2 triệu đồng»
    if unit == "triệu đồng" and not _INCOME.search(figure.before) and not grown:
        return _fund(figure, statement, context, reader)
    if _is_production(figure, context, reader.words):
        return _production(figure, statement, context, reader)
    return _level_or_change(figure, statement, context, reader)


def period_of(figure: Figure, context: Context, document: Document) -> tuple[str, int, bool]:
    """Plan or result, the year, and whether that is sure: the last word before the quantity that says so, else the heading."""
    plan, result = (max((m.start() for m in p.finditer(figure.ahead)), default=-1) for p in (_PLAN, _RESULT))
    if (
        context.period == "plan"
        and not figure.amount.parsed.denominator
        and _TO_LEVEL.search(re.sub(r"(?<=\d),(?=\d)", ".", figure.ahead))
    ):
        result = -1  # «giảm tỷ lệ hộ nghèo xuống còn 20%»
    base = document.year - 1 if document.kind == "plan" else document.year
    years = years_in(re.sub(r"so với (?:cuối |đầu )?năm 20\d\d", " ", figure.ahead, flags=re.IGNORECASE))
    if plan > result:
        if not years and context.period == "result" and document.kind == "result":
            whole_year = re.search(r"cả năm", figure.ahead[plan:], re.IGNORECASE) or _WITHIN_YEAR.search(document.title)
            return "plan", base if whole_year else base + 1, True
        return "plan", years[-1] if years else context.year if context.period == "plan" else base + 1, True
    if result >= 0 or (context.period == "plan" and figure.amount.parsed.denominator):
        year = years[-1] if years else context.year if context.period == "result" else base
        return "result", year, result >= 0 or bool(re.search(r"\b(?:kế hoạch|phấn đấu)\b", figure.after, re.IGNORECASE))
    year = years[-1] if years else context.year
    if years and context.period == "result" and year > context.year:
        return "plan", year, True
    return context.period, year, True


def target_of(figure: Figure, statement: Statement, context: Context, words: Words) -> Target:
    clause = CLAUSE.split(figure.before)[-1]
    around = f"{clause} {figure.amount.text} {figure.after.split(',')[0]}"
    near = [around, f"{figure.before} {figure.amount.text}", figure.ahead, statement.label, *reversed(statement.heads)]
    target = words.target(near, context.criterion, context.code)
    return words.of_several(target, figure.before if figure.before.strip(" +-–") else figure.after)


def doubts_about(target: Target, figure: Figure, statement: Statement, year: int, sure: bool) -> tuple[str, ...]:
    doubts = []
    said = f"{' '.join(statement.heads)} {statement.quote}"
    if not target.indicator:
        doubts.append(doubt("indicator") if target.criterion else doubt("criterion"))
    elif target.how == "name" or (target.how == "only" and figure.amount.parsed.unit in ("%", "mức độ")):
        doubts.append(doubt("indicator"))
    if target.against:
        doubts.append(doubt("printed", f"{target.against} / {target.indicator}"))
    if figure.amount.parsed.doubt:
        doubts.append(doubt("unread", figure.amount.text))
    if target.indicator == "11.1" and year > 2021 and _POOR.search(said) and not _NEAR_POOR.search(said):
        doubts.append(doubt("poor"))
    doubts += [doubt(name) for name, pattern in _ODD_BEFORE.items() if pattern.search(figure.before)]
    if figure.amount.parsed.unit == "%" and _OF_PLAN.match(figure.after):
        doubts.append(doubt("of-plan"))
    behind = re.sub(r"\(.*|so với.*", " ", re.split("[,;]", figure.after)[0])
    if not year or (years_in(behind) and year not in years_in(behind)):  # «70% năm 2024»
        doubts.append(doubt("year"))
    if not sure:
        doubts.append(doubt("kind"))
    return tuple(doubts)


def _level_or_change(figure: Figure, statement: Statement, context: Context, reader: Reader) -> bool:
    """A level (measured, or aimed at), a change, a part of one, or a figure that only tells (``other``)."""
    period, year, sure = period_of(figure, context, reader.document)
    target = target_of(figure, statement, context, reader.words)
    table = "plan" if period == "plan" else "results"
    to_come = figure.amount.parsed.operator or _RAISED.search(figure.before) or year > reader.document.year
    if table == "results" and to_come:
        sure = False  # «≥ 98%», «từ 39,5 lên 43 triệu đồng» say what is wanted at least as often as what is; nor is next year's
    if table == "results" and year and _EARLIER.search(figure.before) and not years_in(figure.before):
        year -= 1
    parsed, text = figure.amount.parsed, figure.amount.text
    cells = {
        "year": str(year or ""), "criterion": target.criterion or context.criterion, "indicator": target.indicator, "part": target.part,
        "item": item_of(figure, statement.label), "village": village_in(figure.before), "section": statement.section, "value": text,
    }  # fmt: skip
    doubts = doubts_about(target, figure, statement, year, sure)
    move = MOVE.search(figure.before)
    if parsed.unit != "sao" and move and not _TO_LEVEL.search(figure.before):
        return _change(move, figure, statement, reader, table, cells, doubts)
    money = parsed.unit.startswith("triệu đồng")  # earned in a time; other figures are what there is at its end
    within = " ".join((figure.before, *((reader.document.title, *statement.heads) if money else ())))
    if table == "results" and _WITHIN_YEAR.search(within) and not years_in(figure.before):
        doubts = (*doubts, doubt("months"))
    income = money and _INCOME.search(figure.before) is not None
    if parsed.denominator or parsed.unit in ("%", "mức độ", _PER_HEAD) or income:
        doubts = doubts if not income or parsed.unit == _PER_HEAD else (*doubts, doubt("per-head"))
        kind = "target" if period == "plan" else "measured"
        doubts = (*doubts, *_misfit(target, figure, reader.words))
        quote = _up_to_plan(figure, statement) if table == "results" else ""
        reader.gathered.add(table, statement, doubts, quote, **cells | {"kind": kind})
        return True
    told = _told(figure, statement, reader, table, target)
    if told is None:
        return False
    more = (doubt(told.pop("doubt")),) if "doubt" in told else ()
    reader.gathered.add(
        told.pop("table", table), statement, () if told.pop("sure", "") else (*doubts, *more), **cells | told
    )
    return True


def _up_to_plan(figure: Figure, statement: Statement) -> str:
    """What the statement says of a result, without the aim behind it: «đạt 90,3%, kế hoạch 2024 vận động thêm 56 hộ»; "" where none is."""
    aim = _PLAN.search(figure.after)
    if aim is None or _PLAN.search(figure.ahead):
        return ""
    said = f"{figure.ahead}{figure.amount.text}{figure.after[: aim.start()]}".strip(" ,;")
    return f"{statement.label}: {said}" if statement.label else said


def _told(figure: Figure, statement: Statement, reader: Reader, table: str, target: Target) -> dict[str, str] | None:
    """What a count without a base is: a rank, the rest of a split, what is kept up, how many people; None for a quantity of work."""
    parsed, text = figure.amount.parsed, figure.amount.text
    if parsed.unit == "sao":
        value = f"OCOP {text}" if "ocop" in figure.ahead.casefold() else text
        return {"kind": "other", "indicator": "", "part": "", "value": value, "sure": "yes"}
    goes_on = (
        reader.main[0] == "plan" and reader.whole == statement.whole and re.search(r"(?:\bvà|,)\s*$", figure.before)
    )
    if goes_on:
        return {"table": "plan", "kind": "split", "part_of": reader.main[1], "base_year": str(reader.document.year - 1)}
    often = "/" in parsed.unit and not parsed.unit.startswith("lần")
    if table == "plan" and (often or _KEEP.search(figure.before)):
        return {"kind": "other"}
    counts = re.search(r"tổng số|dân số|\bcó\b|\bở\s*$|\bvới\s*$|^\s*$|,\s*$|gồm", figure.before)
    if table == "results" and parsed.unit in _PEOPLE and counts and not target.indicator:
        return {"criterion": "", "item": _PEOPLE[parsed.unit], "kind": "other", "sure": "yes"}
    if table == "results" and reader.words.kinds.get((target.indicator, target.part)) in ("none", "number"):
        done = _DONE_WITH.search(CLAUSE.split(figure.before)[-1])
        return {"kind": "other", "doubt": "moved"} if done else {"kind": "measured"}
    if table == "results" and not target.indicator and reader.words.build.search(CLAUSE.split(figure.before)[-1]):
        return {"kind": "other", "doubt": "moved"}
    if table == "results" and target.how == "phrase" and parsed.unit in ("hộ", "người", "thôn", "cơ sở", "km"):
        return {"kind": "other", "doubt": "base"}
    return None


def _misfit(target: Target, figure: Figure, words: Words) -> tuple[str, ...]:
    """Why a share may be no answer to its indicator: it is of a part, or of villages where those are not what is counted."""
    if words.kinds.get((target.indicator, target.part)) == "status":
        return (doubt("indicator"),)
    villages = rf"(?:{'|'.join(VILLAGE_KINDS)})\b"
    counted = words.counted.get((target.indicator, target.part), "")
    if counted not in ("", "thôn") and re.search(
        rf"\d\s*%?\s*{villages}", f"{figure.amount.text} {figure.after.strip()}"
    ):
        return (doubt("counted"),)
    if figure.amount.parsed.denominator and {counted, *figure.amount.parsed.count_unit.split()[:1]} == {"hộ", "người"}:
        return (doubt("counted"),)
    part = re.search(r"trong đó|riêng", figure.before, re.IGNORECASE)
    return (
        (doubt("part"),) if target.indicator and not target.part and part and figure.amount.parsed.unit == "%" else ()
    )


def _change(
    move: re.Match[str], figure: Figure, statement: Statement, reader: Reader, table: str, cells: dict[str, str],
    doubts: tuple[str, ...],
) -> bool:  # fmt: skip
    verb = move[0].strip()
    value = f"{verb} {figure.amount.text}"
    if not re.search(r"thêm|tăng|giảm|bổ sung", verb, re.IGNORECASE):
        return False
    if figure.amount.parsed.unit == "%":
        doubts = (*doubts, doubt("points"))
    if table == "results":  # what was done in the year is no level of it
        reader.gathered.add(
            "results",
            statement,
            (*doubts, doubt("moved")),
            **cells | {"kind": "other", "value": value},
        )
        return True
    extra = {"kind": "change", "base_year": str(int(cells["year"] or 1) - 1)}
    if _AMONG.search(figure.before) and reader.main[0] == "plan":
        extra |= {"kind": "split", "part_of": reader.main[1]}
    name = reader.gathered.add("plan", statement, doubts, **cells | extra | {"value": value})
    if extra["kind"] == "change":
        reader.main, reader.whole = ("plan", name), statement.whole
    return True


def _count_of_criteria(figure: Figure, statement: Statement, context: Context, reader: Reader) -> bool:
    """«đạt 19/19 tiêu chí», «còn 8 tiêu chí chưa đạt», «duy trì 19 tiêu chí»."""
    what = figure.amount.parsed.unit or "tiêu chí"
    if what == "chỉ tiêu" and not figure.amount.parsed.denominator:
        return False
    period, year, sure = period_of(figure, context, reader.document)
    doubts = () if sure else (doubt("kind"),)
    move, unmet = (
        MOVE.search(figure.before),
        UNMET.search(re.split("[,;]", figure.ahead)[-1][-40:] + re.split("[,;]", figure.after)[0][:25]),
    )
    value = figure.amount.text
    if period == "plan":
        item, kind = f"Số {what} phấn đấu đạt, duy trì", "change" if move else "target"
        value = f"{move[0].strip()} {value}" if move else value
    elif move:
        item, kind, value = f"Số {what} {move[0].strip()}", "other", f"{move[0].strip()} {value}"
        doubts = (*doubts, doubt("moved"))
    elif unmet or what == "chỉ tiêu":
        item, kind = f"Số {what} {'chưa đạt' if unmet else 'đã đạt chuẩn'}", "other"
    elif figure.amount.parsed.denominator or _REACHED.search(f"{figure.before} {figure.after[:30]}"):
        item, kind = f"Số {what} đã đạt chuẩn", "declared"
    else:  # «19 thành viên phụ trách 19 tiêu chí»
        return False
    higher = re.search(r"nâng cao|kiểu mẫu", statement.text, re.IGNORECASE)
    rule_set = "" if higher or period == "plan" else default_rule_set(year)
    base = {"base_year": str(year - 1)} if kind == "change" else {}
    reader.gathered.add(
        "plan" if period == "plan" else "results", statement, doubts, year=str(year), criterion="all",
        item=item, value=value, kind=kind, section=statement.section, rule_set=rule_set, **base,
    )  # fmt: skip
    return True


def _fund(figure: Figure, statement: Statement, context: Context, reader: Reader) -> bool:
    """A row of funding: the amount with the fund that its words name."""
    if "funding" not in context.topics and reader.words.build.match(statement.text):
        return False  # what a work costs
    words = f"{statement.label} {figure.before}".strip()
    whole = figure.before if figure.number or reader.words.source_of(figure.before) else words
    total = re.search(r"tổng|nhu cầu (?:vốn|kinh phí)", whole, re.IGNORECASE)
    near = figure.before if reader.words.source_of(figure.before) else statement.label
    code = reader.words.source_of(near) or reader.words.source_of(figure.after.split(",")[0].split(";")[0])
    if total and not (code and "trong đó" in figure.before.casefold()):
        code = "total"
    if (
        not code
        and "funding" in context.topics
        and re.match(r"\s*[,:(]?\s*(?:trong đó|gồm|bao gồm)", figure.after, re.IGNORECASE)
    ):
        code = "total"
    if not code and "funding" not in context.topics:
        return False
    year = period_of(figure, context, reader.document)[1]
    doubts = [] if code else [doubt("fund")]
    if "funding" not in context.topics:
        doubts.append(doubt("cost"))
    if figure.amount.parsed.doubt:
        doubts.append(doubt("unread", figure.amount.text))
    name = re.sub(
        r"^[\s,;(+–-]*(?:trong đó|và|gồm)?:?\s*|[\s:(]*(?:là|:|=)?\s*$", "", near or words, flags=re.IGNORECASE
    )
    column = "spent" if re.search(r"giải ngân", words, re.IGNORECASE) else "amount"
    reader.gathered.add(
        "funding", statement, tuple(doubts), year=str(year), source=code or "other", name=name, section=statement.section,
        **{column: figure.amount.text},
    )  # fmt: skip
    return True


def _is_production(figure: Figure, context: Context, words: Words) -> bool:
    unit = figure.amount.parsed.unit
    if unit.split("/")[0] not in _PRODUCED or figure.amount.parsed.denominator or MOVE.search(figure.before):
        return False
    if context.criterion not in ("", "10", "13") or re.search(
        r"bê tông|kênh|mương|đường|quy hoạch", figure.ahead, re.IGNORECASE
    ):
        return False
    return bool(words.products.search(f"{figure.before} {figure.after.split(',')[0]}"))


def _production(figure: Figure, statement: Statement, context: Context, reader: Reader) -> bool:
    before = re.split(r"[,;:]", figure.before)[-1].strip(" -()")
    after = re.split(r"[,;:()]| để | nhằm ", figure.after)[0].strip(" .)")
    named = before if reader.words.products.search(before) else after
    linked = re.search(r"liên kết|bao tiêu|tiêu thụ", statement.text, re.IGNORECASE)
    target = (
        reader.words.target([statement.text if linked else ""], context.criterion, "")
        if context.criterion == "13"
        else Target()
    )
    year = period_of(figure, context, reader.document)[1]
    item = re.sub(r"^(?:trong đó|gồm|và|diện tích trồng|trồng|chăn nuôi|tổng)\s+", "", named, flags=re.IGNORECASE)
    doubts = () if year else (doubt("year"),)
    reader.gathered.add(
        "production", statement, doubts, year=str(year or ""), criterion=context.criterion, indicator=target.indicator if linked else "",
        item=item[:1].upper() + item[1:], quantity=figure.amount.text, section=statement.section,
    )  # fmt: skip
    return True
