"""One sentence for a verdict, a change, a risk, a condition: the same facts as the tables, in Vietnamese and English.

Every figure and every word of a verdict comes from the row; nothing is judged here.
"""

from ntm_lib.language import date, number, term, translator
from ntm_lib.model import MEANT
from ntm_lib.tables import fraction
from ntm_lib.wording.words import (
    OPERATORS,
    Row,
    bounded,
    count_phrase,
    document_name,
    exact_phrase,
    is_unchecked,
    margin_phrase,
    points,
    reason_word,
    requirement,
    value_phrase,
)


def explain(row: Row, rule: Row, language: str, sourced: bool = True) -> str:
    """One sentence for ``row`` of the table ``indicators``, judged by ``rule`` of ``thresholds``.

    Value as fraction and share, requirement, who set it, column and year, margin in points and in the
    units people act on, what is missing. Not ``sourced``: without the document, where a line beside it names it for
    several sentences at once.
    """
    source = _source(row, rule, language) if sourced else ""
    if row["verdict"] == "not-applicable":
        return _sentence(_not_applicable(row, rule, language))
    form = _no_data if row["verdict"] == "no-data" else _declared if row["basis"] == "declared" else _compared
    told = _sentence(form(row, rule, source, language))
    return " ".join(filter(None, [told, _own_target(row, rule, language), row["note"]]))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _compared(row: Row, rule: Row, source: str, language: str) -> str:
    """A value, or a target that is a status, against the rule."""
    t = translator(language)
    value = value_phrase(row, rule, language)
    if row["bound"] == "upper":
        value = t("nội dung thấp nhất {value}").format(value=value)
    phrase = (
        _asked(t("đạt yêu cầu") if row["verdict"] == "met" else t("chưa đạt yêu cầu"), row, rule, language) + source
    )
    text = t("{value}, {phrase}").format(value=value, phrase=phrase) if value else phrase
    if row["scenario"] == "yes":
        text = t("theo giả định {text}").format(text=text)
    elif row["basis"] == "planned":
        text = t("theo kế hoạch {text}").format(text=text)
    elif row["basis"] == "aimed":
        text = t("theo mục tiêu {text}").format(text=text)
    return "; ".join(filter(None, [text, margin_phrase(row, rule, language)]))


def _declared(row: Row, rule: Row, source: str, language: str) -> str:
    """A bare status; a value that could not be judged stands beside it."""
    t = translator(language)
    verb = t("xã công bố đạt yêu cầu") if row["verdict"] == "met" else t("xã công bố chưa đạt yêu cầu")
    value = value_phrase(row, rule, language)
    rest = (
        t("số liệu {value} chưa so được với ngưỡng").format(value=value) if value else t("chưa có số liệu kiểm chứng")
    )
    return f"{_asked(verb, row, rule, language)}{source}; {rest}"


def _asked(verb: str, row: Row, rule: Row, language: str) -> str:
    asked = requirement(row, rule, language)
    return translator(language)("{verb} {asked}").format(verb=verb, asked=asked) if asked else verb


def _no_data(row: Row, rule: Row, source: str, language: str) -> str:
    t = translator(language)
    value, why = value_phrase(row, rule, language), reason_word(row["reason"], language)
    if row["bound"] == "upper":
        value = t("nội dung thấp nhất {value}").format(value=value)
    if value and row["from_plan"] == "yes":
        value = t("theo kế hoạch {text}").format(text=value)
    asked = ""
    if not row["threshold"] and rule["join"] in ("", "every-item"):
        if row["reason"] not in ("no-threshold", "unverified"):
            why = t("{why} và chưa biết ngưỡng").format(why=why)
        why += source
    elif source or requirement(row, rule, language):
        asked = _asked(t("yêu cầu"), row, rule, language) + source
    return "; ".join(filter(None, [value, t("chưa kết luận được vì {why}").format(why=why), asked]))


def _not_applicable(row: Row, rule: Row, language: str) -> str:
    t = translator(language)
    why = row["note"] or rule["applies_reason"] or reason_word(row["reason"], language)
    return t("không áp dụng với xã: {why}").format(why=why.removesuffix("."))


def _source(row: Row, rule: Row, language: str) -> str:
    """`` của Quyết định 318/QĐ-TTg (Phụ lục I, cột …, năm 2023; ngưỡng chưa đối chiếu với văn bản gốc)``."""
    t = translator(language)
    document = t(" của {document}").format(document=document_name(row["document"], language)) if row["document"] else ""
    return f"{document} ({'; '.join(filter(None, [_place(row, rule, language), _doubt(row, language)]))})"


def rule_source(row: Row, rule: Row, language: str) -> str:
    """Where the threshold of ``row`` stands: ``Quyết định 318/QĐ-TTg, Phụ lục I, cột …, năm 2023``."""
    return ", ".join(filter(None, [document_name(row["document"], language), _place(row, rule, language)]))


def _place(row: Row, rule: Row, language: str) -> str:
    """Article, who set it where that is not the nation, the column, and the year; that the rule is younger than the figures."""
    t = translator(language)
    layer = {"ministry": t("do bộ quản lý ngành quy định"), "province": t("do tỉnh quy định")}.get(row["set_by"], "")
    column = rule["column_reason"].partition(":")[0] if ":" in rule["column_reason"] else ""
    first, year = row["valid_from"][:4], t("năm {year}").format(year=row["year"])
    if first and int(first) > row["year"]:
        year = t("mức năm {first} xét cho số liệu năm {year}").format(first=first, year=row["year"])
    return ", ".join(filter(None, [term(row["article"], language), layer, _lower(column), year]))


def _doubt(row: Row, language: str) -> str:
    """What the reader must know of a threshold that nobody has compared with the published text."""
    t = translator(language)
    doubts = {
        "unverified": t("ngưỡng chưa đối chiếu với văn bản gốc"),
        "one-source": t("ngưỡng theo một nguồn, chưa đối chiếu với văn bản gốc"),
    }
    return doubts.get(row["confidence"], "") if row["threshold"] else ""


def _own_target(row: Row, rule: Row, language: str) -> str:
    """The level that the commune set itself, where a result was judged: beside the threshold, never for it."""
    if not row["local_target"] or row["basis"] in ("planned", "aimed") or (row["value"] and row["from_plan"] == "yes"):
        return ""
    targets = []
    for text in row["local_target"].split("; "):  # ``>= 83``
        operator, _, value = text.partition(" ")
        known = operator in OPERATORS
        targets.append(bounded(value if known else text, rule["unit"], operator if known else "", language))
    text = translator(language)("Mục tiêu riêng của xã là {target}, không phải ngưỡng.")
    return text.format(target="; ".join(targets))


# ---------------------------------------------------------------- what changed, what is at risk, recognition and its withdrawal


def change_sentence(row: Row, language: str) -> str:
    """One sentence for ``row`` of the table ``changes``: what changed, and whether result or rule moved."""
    t = translator(language)
    year = row["from_year"]
    if row["change"] in ("", "first-measured", "no-longer-measured"):
        return _unknown_once(row, language)
    now, meant = t("nay"), t("theo kế hoạch")
    moved = {
        "kept": t("năm {year} đạt, {now} vẫn đạt"),
        "still-unmet": t("năm {year} chưa đạt, {now} vẫn chưa đạt"),
        "gained": t("năm {year} chưa đạt, {now} đạt"),
        "lost": t("năm {year} đạt, {now} không còn đạt"),
    }[row["change"]].format(year=year, now=meant if row["basis"] in MEANT else now)
    if row["broken"]:
        told = t("từ {day} chỉ tiêu được tính theo cách khác, nên số liệu hai năm không so với nhau được")
        return _sentence("; ".join([moved, told.format(day=date(row["broken"], language))]))
    facts = "; ".join(filter(None, [_values(row, language), _thresholds(row, language)]))
    text = moved + (f" ({facts})" if facts else "")
    return _sentence("; ".join(filter(None, [text, _cause(row, language)])))


def _unknown_once(row: Row, language: str) -> str:
    t = translator(language)
    if row["change"] == "":
        return _sentence(t("chưa có kết luận của năm nào"))
    if row["change"] == "no-longer-measured":
        was = (
            t("năm {year} đạt, nay không còn kết luận")
            if row["before"] == "met"
            else t("năm {year} chưa đạt, nay không còn kết luận")
        )
        why = {
            "rule": t("vì chưa biết ngưỡng của năm nay"),
            "definition": t("vì chỉ tiêu không còn áp dụng với xã hoặc không còn trong bộ tiêu chí"),
        }.get(row["cause"], t("vì thiếu số liệu"))
        return _sentence(was.format(year=row["from_year"]) + " " + why)
    why = {
        "rule": t("trước đây chưa biết ngưỡng"),
        "definition": t("trước đây không áp dụng với xã"),
    }.get(row["cause"], t("trước đây chưa có số liệu"))
    return _sentence(t("lần đầu có kết luận: {why}").format(why=why))


def _cause(row: Row, language: str) -> str:
    """Why the verdict moved; where it did not, whether the result had to make up for the rule."""
    t = translator(language)
    if row["change"] in ("kept", "still-unmet"):
        if row["cause"] != "both":
            return ""
        if row["change"] == "kept":
            return t("quy định chặt hơn, theo đó kết quả năm {year} đã chưa đủ, nhưng kết quả mới bù được").format(
                year=row["from_year"]
            )
        return t("quy định nới hơn, theo đó kết quả năm {year} đã đủ, nhưng kết quả mới giảm đi").format(
            year=row["from_year"]
        )
    return {
        "result": t("do mức kế hoạch, không do quy định")
        if row["basis"] in MEANT
        else t("do kết quả thay đổi, không do quy định"),
        "rule": t("do quy định thay đổi, không do kết quả"),
        "both": t("do cả kết quả và quy định thay đổi"),
        "definition": t("hai lần xét không cùng một căn cứ, chưa có số liệu để biết vì sao"),
        "data": t("hai lần không cùng căn cứ (công bố và số liệu), nên chưa tách được kết quả và quy định"),
        "": "",
    }[row["cause"]]


def _values(row: Row, language: str) -> str:
    """``giá trị 43 → 49``; nothing for statuses and where a value is missing."""
    values = [row["value_before"], row["value_after"]]
    if any(v in ("", "met", "unmet", "not-applicable") for v in values):
        return ""
    shown = [_figure(v, language) for v in values]
    t = translator(language)
    form = t("giá trị {before} → {after}") if shown[0] != shown[1] else t("giá trị {before}")
    return form.format(before=shown[0], after=shown[1])


def _thresholds(row: Row, language: str) -> str:
    """``ngưỡng ≥ 42 → ≥ 45``, or that it is the same; nothing for statuses."""
    t, pairs = translator(language), [row[c].partition(" ") for c in ("threshold_before", "threshold_after")]
    if any(not operator or (operator, level) == ("=", "met") for operator, _, level in pairs):
        return ""
    before, after = (f"{OPERATORS[operator]} {_figure(level, language)}" for operator, _, level in pairs)
    if before == after:
        return t("ngưỡng {before} không đổi").format(before=before)
    return t("ngưỡng {before} → {after}").format(before=before, after=after)


def _figure(text: str, language: str) -> str:
    """A number with at most two digits behind the comma, or a word of a scale."""
    value = fraction(text)
    if value is None:
        return term(text, language)
    return number(value, language, None if 100 % value.denominator == 0 else 2)


def risk_sentence(row: Row, language: str) -> str:
    """One sentence for a row of the table ``risks``: why what is met now may not be met for long."""
    t = translator(language)
    key = {"indicator": row["indicator"] + row["part"], "year": row["year"], "next": row["year"] + 1}
    if row["reason"] == "margin":
        text = t("Chỉ tiêu {indicator} vừa đúng mức yêu cầu").format(**key)
        if fraction(row["margin"]):
            text = t("Chỉ tiêu {indicator} chỉ cách mức yêu cầu {margin}").format(
                margin=_distance(row, "margin", language), **key
            )
        elif row["margin_count"]:
            text += t(", không còn {unit} nào dự phòng").format(unit=term(row["count_unit"], language))
        return _of_last_value(text, row, language)
    if row["reason"] == "unmet":
        text = t("Chỉ tiêu {indicator} còn thiếu {margin} so với mức yêu cầu năm {year}").format(
            margin=_distance(row, "margin", language), **key
        )
        return _of_last_value(text, row, language)
    asked = bounded(row["next_threshold"], row["unit"], row["next_operator"], language)
    if row["reason"] == "next-bound":
        value = bounded(row["value"], row["unit"], row["bound"], language)
        text = t("Chỉ tiêu {indicator} ghi {value}, chưa biết có đủ cho năm {next}, khi yêu cầu là {asked}").format(
            value=value, asked=asked, **key
        )
    elif row["reason"] == "next-margin":
        text = t("Chỉ tiêu {indicator} chỉ hơn mức yêu cầu năm {next} ({asked}) {margin}").format(
            asked=asked, margin=_distance(row, "next_margin", language), **key
        )
    else:
        text = t("Chỉ tiêu {indicator} đủ cho năm {year} nhưng chưa đủ cho năm {next}, khi yêu cầu là {asked}").format(
            asked=asked, **key
        )
        text += (
            t("; còn thiếu {margin}").format(margin=_distance(row, "next_margin", language))
            if row["next_margin"]
            else ""
        )
    text += t(" (mức chưa đối chiếu với văn bản gốc)") if is_unchecked(row["next_confidence"]) else ""
    return _of_last_value(text, row, language)


def _of_last_value(text: str, row: Row, language: str) -> str:
    """The sentence with what its value is, where it is not a result of the year itself."""
    t = translator(language)
    if row["basis"] in ("planned", "aimed"):
        return text + t("; kết quả năm {year} mới là kế hoạch").format(year=row["year"]) + "."
    if row["value_year"] != row["year"]:
        return t("Nếu kết quả không khá hơn năm {year}: {text}.").format(year=row["value_year"], text=_lower(text))
    return text + "."


def _distance(row: Row, column: str, language: str) -> str:
    """``0,83 điểm phần trăm, tương đương 11 hộ``."""
    margin = fraction(row[column].lstrip("-"))
    text = exact_phrase(row[column].lstrip("-"), row["unit"], language)
    if margin is not None and row["unit"].startswith("%"):
        text = points(margin, language)
    count = row[f"{column}_count"].lstrip("-")
    if not count or count == "0":
        return text
    return text + translator(language)(", tương đương {amount}").format(
        amount=count_phrase(count, row["count_unit"], language)
    )


def withdrawal_sentence(row: Row, meta: Row, language: str) -> str:
    """How far the commune is from losing its recognition, for a row of the table ``summary``, with the rule of ``meta`` (set.yml)."""
    t = translator(language)
    if not row["withdrawal"]:
        return t("Chưa có quy định thu hồi công nhận áp dụng cho bộ tiêu chí và năm này.")
    facts = {"unmet": row["unmet_in_all"], "total": row["total"], "n": row["until_withdrawal"]}
    if row["withdrawal"] != "none":
        text = t("Có {unmet}/{total} tiêu chí chưa đạt, thuộc trường hợp thu hồi công nhận")
    elif row["unmet_in_all"] == "0":
        text = t("Không có tiêu chí nào được kết luận là chưa đạt; đến mức thu hồi công nhận còn ít nhất {n} tiêu chí")
    else:
        text = t("Có {unmet}/{total} tiêu chí chưa đạt; đến mức thu hồi công nhận còn ít nhất {n} tiêu chí")
    key = tuple(entry["id"] for entry in meta["criteria"] if entry["key"])
    rules = t("; hoặc ").join(_withdrawal_rule(rule, key, language) for rule in meta["withdrawal"]["rules"])
    document = document_name(meta["withdrawal"]["document"], language)
    return f"{text.format(**facts)} ({document}: {rules})."


def _withdrawal_rule(rule: Row, key: tuple[str, ...], language: str) -> str:
    """``từ 30% đến dưới 50% số tiêu chí chưa đạt, trong đó có tiêu chí số 10, 17 hoặc 19``."""
    t = translator(language)
    form = (
        t("từ {first}% số tiêu chí chưa đạt")
        if rule["below_share"] is None
        else t("từ {first}% đến dưới {below}% số tiêu chí chưa đạt")
    )
    text = form.format(first=rule["from_share"], below=rule["below_share"])
    return text + (t(", trong đó có tiêu chí số {key}").format(key=_any_of(key, language)) if rule["needs_key"] else "")


def _any_of(names: tuple[str, ...], language: str) -> str:
    """``10, 17 hoặc 19``."""
    *first, last = names
    return translator(language)(" hoặc ").join(filter(None, [", ".join(first), last]))


def condition_note(condition: Row, language: str) -> str:
    """What its verdict rests on: ``Kết quả 19/19 tiêu chí; Quyết định 18/2022/QĐ-TTg, Điều 4.``; the verdict stands beside it."""
    t = translator(language)
    asked = (
        bounded(condition["threshold"], condition["unit"], condition["operator"], language)
        if condition["threshold"]
        else ""
    )
    facts = [
        reason_word(condition["reason"], language) if condition["reason"] not in ("", "no-value") else "",
        t("kết quả {value}").format(value=_result(condition, language))
        if condition["value"] not in ("", "met", "unmet")
        else "",
        t("yêu cầu {asked}").format(asked=asked) if asked else "",
        ", ".join(filter(None, [document_name(condition["document"], language), term(condition["article"], language)])),
        t("mức chưa đối chiếu với văn bản gốc") if is_unchecked(condition["confidence"]) and asked else "",
    ]
    return _sentence("; ".join(filter(None, facts)))


def _result(condition: Row, language: str) -> str:
    if "/" in condition["value"]:
        return translator(language)("{count} tiêu chí").format(count=condition["value"])
    return exact_phrase(
        condition["value"], condition["unit"] or ("triệu đồng" if condition["condition"] == "no-debt" else ""), language
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
