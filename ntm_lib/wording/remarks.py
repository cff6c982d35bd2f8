"""The words of the remarks on a verdict (column ``note`` of ``indicators``), each a code with what fills it."""

import json
from typing import Any

import pandas as pd

from ntm_lib.language import Translate, amount, number, percent, translator
from ntm_lib.tables import fraction
from ntm_lib.wording.words import OPERATORS

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
