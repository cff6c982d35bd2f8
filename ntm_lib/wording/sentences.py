"""One sentence for a verdict: the same facts as the tables, in Vietnamese and English.

Every figure and every word of a verdict comes from the row; nothing is judged here. What changed
and what may come is in ``outlook``; both are imported from here.
"""

from ntm_lib.language import term, translator
from ntm_lib.wording.outlook import change_sentence, condition_note, risk_sentence, withdrawal_sentence
from ntm_lib.wording.quantities import bounded, margin_phrase, requirement, value_phrase
from ntm_lib.wording.words import OPERATORS, document_name, reason_word

__all__ = ["change_sentence", "condition_note", "explain", "risk_sentence", "rule_source", "withdrawal_sentence"]

STATUSES = ("met", "unmet", "not-applicable")


def explain(
    row: dict, threshold_row: dict, language: str, name: str = "", column: str = "", sourced: bool = True
) -> str:
    """One sentence for ``row`` of the table ``indicators``, judged by ``threshold_row`` of ``thresholds``.

    Value as fraction and share, requirement, who set it, column and year, margin in points and in the
    units people act on, what is missing. ``name`` of the indicator stands in front, if given;
    ``column`` is the name of the column, else the one that ``column_reason`` begins with. Not
    ``sourced``: without the document, where a line beside it names it for several sentences at once.
    """
    source = _source(row, threshold_row, language, column) if sourced else ""
    if row["verdict"] == "not-applicable":
        return _sentence(_not_applicable(row, threshold_row, language), name)
    if row["verdict"] == "no-data":
        text = _no_data(row, threshold_row, source, language)
    elif row["basis"] == "declared":
        text = _declared(row, threshold_row, source, language)
    else:
        text = _compared(row, threshold_row, source, language)
    return " ".join(filter(None, [_sentence(text, name), _own_target(row, threshold_row, language), row["note"]]))


def _sentence(text: str, name: str) -> str:
    return f"{name}: {text}." if name else f"{text[:1].upper()}{text[1:]}."


def _compared(row: dict, rule: dict, source: str, language: str) -> str:
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


def _declared(row: dict, rule: dict, source: str, language: str) -> str:
    """A bare status; a value that could not be judged stands beside it."""
    t = translator(language)
    verb = t("xã công bố đạt yêu cầu") if row["verdict"] == "met" else t("xã công bố chưa đạt yêu cầu")
    value = value_phrase(row, rule, language)
    rest = (
        t("số liệu {value} chưa so được với ngưỡng").format(value=value) if value else t("chưa có số liệu kiểm chứng")
    )
    return f"{_asked(verb, row, rule, language)}{source}; {rest}"


def _asked(verb: str, row: dict, rule: dict, language: str) -> str:
    asked = requirement(row, rule, language)
    return translator(language)("{verb} {asked}").format(verb=verb, asked=asked) if asked else verb


def _no_data(row: dict, rule: dict, source: str, language: str) -> str:
    t = translator(language)
    value, why = value_phrase(row, rule, language), reason_word(row["reason"], language)
    if row["bound"] == "upper":
        value = t("nội dung thấp nhất {value}").format(value=value)
    if value and _from_plan(row):
        value = t("theo kế hoạch {text}").format(text=value)
    if not row["threshold"] and rule["join"] in ("", "every-item"):
        if row["reason"] not in ("no-threshold", "unverified"):
            why = t("{why} và chưa biết ngưỡng").format(why=why)
        asked = ""
        why += source
    else:
        asked = _asked(t("yêu cầu"), row, rule, language) + source if source or requirement(row, rule, language) else ""
    return "; ".join(filter(None, [value, t("chưa kết luận được vì {why}").format(why=why), asked]))


def _from_plan(row: dict) -> bool:
    """Whether the value of a row without verdict, which has no basis to say so, comes from a plan (see ``counting.with_origin``)."""
    return bool(row["value"]) and row["from_plan"] == "yes"


def _not_applicable(row: dict, rule: dict, language: str) -> str:
    t = translator(language)
    why = row["note"] or rule["applies_reason"] or reason_word(row["reason"], language)
    return t("không áp dụng với xã: {why}").format(why=why.removesuffix("."))


def _source(row: dict, rule: dict, language: str, column: str) -> str:
    """`` của Quyết định 318/QĐ-TTg (Phụ lục I, cột …, năm 2023; ngưỡng chưa đối chiếu với văn bản gốc)``."""
    t = translator(language)
    document = t(" của {document}").format(document=document_name(row["document"], language)) if row["document"] else ""
    return f"{document} ({'; '.join(filter(None, [_place(row, rule, language, column), _doubt(row, language)]))})"


def rule_source(row: dict, rule: dict, language: str) -> str:
    """Where the threshold of ``row`` stands: ``Quyết định 318/QĐ-TTg, Phụ lục I, cột …, năm 2023``."""
    return ", ".join(filter(None, [document_name(row["document"], language), _place(row, rule, language, "")]))


def _place(row: dict, rule: dict, language: str, column: str) -> str:
    where = [
        term(row["article"], language),
        _layer(row, language),
        _column(rule, language, column),
        _year(row, language),
    ]
    return ", ".join(filter(None, where))


def _year(row: dict, language: str) -> str:
    """The year judged; of figures older than the rule, that the rule is younger."""
    t = translator(language)
    first = row["valid_from"][:4]
    if first and int(first) > row["year"]:
        return t("mức năm {first} xét cho số liệu năm {year}").format(first=first, year=row["year"])
    return t("năm {year}").format(year=row["year"])


def _layer(row: dict, language: str) -> str:
    """Who set it, where that is not the nation."""
    t = translator(language)
    return {"ministry": t("do bộ quản lý ngành quy định"), "province": t("do tỉnh quy định")}.get(row["set_by"], "")


def _column(rule: dict, language: str, column: str) -> str:
    """``cột Trung du miền núi phía Bắc``."""
    if column:
        return translator(language)("cột {name}").format(name=column)
    head = rule["column_reason"].partition(":")[0] if ":" in rule["column_reason"] else ""
    return head[:1].lower() + head[1:]


def _doubt(row: dict, language: str) -> str:
    """What the reader must know of a threshold that nobody has compared with the published text."""
    t = translator(language)
    doubts = {
        "unverified": t("ngưỡng chưa đối chiếu với văn bản gốc"),
        "one-source": t("ngưỡng theo một nguồn, chưa đối chiếu với văn bản gốc"),
    }
    return doubts.get(row["confidence"], "") if row["threshold"] else ""


def _own_target(row: dict, rule: dict, language: str) -> str:
    """The level that the commune set itself, where a result was judged: beside the threshold, never for it."""
    if not row["local_target"] or row["basis"] in ("planned", "aimed") or _from_plan(row):
        return ""
    targets = "; ".join(_target(text, rule, language) for text in row["local_target"].split("; "))
    return translator(language)("Mục tiêu riêng của xã là {target}, không phải ngưỡng.").format(target=targets)


def _target(text: str, rule: dict, language: str) -> str:
    """``>= 83`` in words."""
    operator, _, value = text.partition(" ")
    return (
        bounded(value, rule["unit"], operator, language)
        if operator in OPERATORS
        else bounded(text, rule["unit"], "", language)
    )
