"""One sentence for a verdict: the same facts as the tables, in Vietnamese and English.

Every figure and every word of a verdict comes from the row; nothing is judged here. What changed
and what may come is in ``outlook``.
"""

import json
from typing import Any

import pandas as pd

from ntm_lib.language import Translate, amount, number, percent, term, translator
from ntm_lib.tables import fraction
from ntm_lib.wording.quantities import bounded, margin_phrase, requirement, value_phrase
from ntm_lib.wording.words import OPERATORS, document_name, reason_word

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


# ---------------------------------------------------------------- The words of the remarks on a verdict (column ``note`` of ``indicators``), each a code with what fills it

# Fields that hold figures, each a value with its unit; the others are text, or a number of a kind that is named here.
_SHARES, _NUMBERS = ("share",), ("printed", "numerator", "denominator")


def remarked(indicators: pd.DataFrame, language: str) -> pd.DataFrame:
    """Table ``indicators`` with its remarks as words of ``language``."""
    return indicators.assign(note=pd.array([remarks(cell, language) for cell in indicators["note"]], dtype="str"))


def remarks(cell: str, language: str) -> str:
    """The sentences of a cell of the column; empty for none. Raises KeyError for a code that is not known."""
    if not cell:
        return ""
    forms = _forms(translator(language))
    return " ".join(
        dict.fromkeys(
            forms[code].format(**{name: _shown(name, value, language) for name, value in fields.items()})
            for code, fields in json.loads(cell)
        )
    )


def _shown(name: str, value: Any, language: str) -> str:
    if name == "asked":
        return "; ".join(f"{OPERATORS[operator]} {_figure(text, '', language)}" for text, operator in value)
    if isinstance(value, list):
        return "; ".join(_figure(text, unit, language) for text, unit in value) or translator(language)(
            "chưa có số liệu"
        )
    if name in _SHARES:
        return percent(value, language)
    return number(value, language) if name in _NUMBERS else str(value)


def _figure(text: str, unit: str, language: str) -> str:
    """``90,30%``, ``49 triệu đồng/người/năm``, ``khá``."""
    if fraction(text) is None:
        return text
    return percent(text, language) if unit == "%" else amount(text, unit, language)


def _forms(t: Translate) -> dict[str, str]:
    return {
        "said": "{text}",
        "unit-not-written": t("Nguồn không ghi đơn vị; hiểu là {unit}."),
        "unit-shortened": t("Nguồn ghi đơn vị “{written}”; hiểu là {unit}."),
        "applies-though-denied": t("Nguồn ghi “không áp dụng”, nhưng theo bộ tiêu chí chỉ tiêu này áp dụng với xã."),
        "no-reason-given": t("Nguồn không nêu lý do không áp dụng."),
        "grown": t("Từ {then} (năm {year}) lên {now}."),
        "rounded": t(
            "Tỷ lệ làm tròn {printed}% sẽ cho kết luận khác; xét theo đúng phân số {numerator}/{denominator}."
        ),
        "years-failed": t("Phải giữ {count} năm liên tục; chưa đạt năm {years}."),
        "years-unknown": t("Phải giữ {count} năm liên tục; chưa có kết luận năm {years}."),
        "years-kept": t("Đã giữ {count} năm liên tục."),
        "declared-otherwise": t("Công bố của xã khác với kết luận theo số liệu."),
        "sources-conflict": t("Các nguồn ghi khác nhau ({values}) và cho kết luận khác nhau."),
        "sources-differ": t("Các nguồn ghi khác nhau ({values}); kết luận như nhau."),
        "not-comparable": t("Không so sánh được với ngưỡng: {values}."),
        "sexes": t("Nam: {men}; nữ: {women}."),
        "sexes-against-total": t(
            "Tổng số và số liệu riêng của nam, nữ cho kết luận trái nhau: cần kiểm tra lại nguồn."
        ),
        "needs-both-sexes": t("Cần số liệu riêng của nam và của nữ."),
        "needs-women": t("Cần số liệu riêng của nữ."),
        "needs-men": t("Cần số liệu riêng của nam."),
        "whole-declared-otherwise": t("Kết luận chung của cả chỉ tiêu trái với số liệu từng nội dung."),
        "whole-against-parts": t("Số liệu chung của cả chỉ tiêu trái với số liệu từng nội dung."),
        "parts-unmet": t("Chưa đạt nội dung: {parts}."),
        "parts-unknown": t("Chưa có kết luận về nội dung: {parts}."),
        "one-part-met": t("Chỉ cần một nội dung; đạt nội dung: {parts}."),
        "no-part-met": t("Mọi nội dung đều chưa đạt."),
        "lowest-part": t("Nội dung thấp nhất ({part}) chỉ là cận trên của tỷ lệ có đủ mọi nội dung."),
        "surely-all": t("Ít nhất {share} chắc chắn có đủ mọi nội dung."),
        "count-all": t("Chỉ {share} chắc chắn có đủ mọi nội dung: cần đếm số có đủ tất cả các nội dung."),
        "other-columns": t(
            "Kết luận sẽ khác nếu xã thuộc cột khác (mức {asked}): chưa biết đặc điểm của xã để loại trừ."
        ),
        "every-column": t("Theo mọi cột mà xã có thể thuộc, kết luận như nhau."),
    }
