"""The words for what the tables code: verdicts, bases, changes, causes, who set a threshold, how sure it is.

One place, so that a page, a figure and a sentence call the same thing by the same name.
"""

import re
from collections.abc import Mapping

from ntm_lib.doc.style import verdict_word
from ntm_lib.language import date, translator

__all__ = [
    "OPERATORS", "basis_word", "cause_word", "change_word", "confidence_word", "day", "document_name", "reason_word", "set_by_word",
    "severity_word", "verdict_word",
]  # fmt: skip

# The sign of an operator, in every language.
OPERATORS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "=", "": ""}


def basis_word(basis: str, language: str) -> str:
    """``số liệu``, ``công bố``, ``kế hoạch``; empty where there is no verdict."""
    t = translator(language)
    return {
        "measured": t("số liệu"),
        "declared": t("công bố"),
        "planned": t("kế hoạch"),
        "aimed": t("mục tiêu"),
        "": "",
    }[basis]


def change_word(row: Mapping[str, str], language: str) -> str:
    """``giữ đạt``, ``không còn đạt`` … for a row of ``changes``; across a break that the way of counting is another. A
    dash where neither year has a verdict.
    """
    t = translator(language)
    if row["broken"]:
        return {
            "kept": t("đạt cả hai lần, cách tính khác nhau"),
            "gained": t("nay đạt, cách tính khác trước"),
            "lost": t("nay không đạt, cách tính khác trước"),
            "still-unmet": t("chưa đạt cả hai lần, cách tính khác nhau"),
        }[row["change"]]
    return {
        "kept": t("giữ đạt"),
        "gained": t("mới đạt"),
        "lost": t("không còn đạt"),
        "still-unmet": t("vẫn chưa đạt"),
        "first-measured": t("lần đầu có kết luận"),
        "no-longer-measured": t("không còn kết luận"),
        "": "–",
    }[row["change"]]


def cause_word(cause: str, language: str) -> str:
    """What moved: ``kết quả``, ``quy định`` …; empty where nothing did."""
    t = translator(language)
    return {
        "result": t("kết quả thay đổi"),
        "rule": t("quy định thay đổi"),
        "both": t("cả kết quả và quy định thay đổi"),
        "definition": t("cách xác định khác"),
        "data": t("số liệu khác căn cứ"),
        "": "",
    }[cause]


def confidence_word(confidence: str, language: str) -> str:
    """How well a threshold is known: ``chưa đối chiếu``, ``một nguồn`` …"""
    t = translator(language)
    return {
        "official": t("đã đối chiếu văn bản gốc"),
        "two-sources": t("hai nguồn"),
        "one-source": t("một nguồn"),
        "unverified": t("chưa đối chiếu"),
        "unknown": t("chưa biết"),
        "": "",
    }[confidence]


def is_unchecked(confidence: str) -> bool:
    """Whether a threshold that is known has not been compared with the published text: what every asterisk (*) says."""
    return confidence not in ("official", "unknown", "")


def set_by_word(set_by: str, language: str) -> str:
    """The layer that set a threshold: ``trung ương``, ``bộ quản lý ngành``, ``tỉnh``."""
    t = translator(language)
    known = {"nation": t("trung ương"), "ministry": t("bộ quản lý ngành"), "province": t("tỉnh")}
    return known.get(set_by) or t("chưa rõ cấp quy định")


def severity_word(severity: str, language: str) -> str:
    """``Lỗi``, ``Cảnh báo``, ``Lưu ý``."""
    t = translator(language)
    return {"error": t("Lỗi"), "warning": t("Cảnh báo"), "info": t("Lưu ý")}[severity]


def reason_word(reason: str, language: str) -> str:
    """Why there is no verdict, after ``chưa kết luận được vì``. Raises KeyError for an unknown code."""
    t = translator(language)
    return {
        "no-value": t("chưa có số liệu"),
        "no-threshold": t("chưa biết ngưỡng"),
        "unverified": t("ngưỡng chưa đối chiếu với văn bản gốc"),
        "unit": t("số liệu không cùng loại với ngưỡng"),
        "bound": t("nguồn chỉ nêu giới hạn"),
        "conflict": t("các nguồn trái nhau"),
        "part": t("chưa đủ số liệu của các nội dung"),
        "sexes": t("phải xét riêng nam, nữ mà chưa có đủ số liệu riêng của hai giới"),
        "joint": t("các nội dung phải cùng có ở một hộ mà số liệu từng nội dung chưa chứng minh được"),
        "years-running": t("chưa đủ số năm liên tục"),
        "trait": t("chưa biết chỉ tiêu có áp dụng với xã hay không"),
        "if-any": t("xã không có đối tượng này"),
        "no-base": t("kế hoạch chỉ ghi phần thay đổi, chưa có số liệu năm gốc"),
        "no-last-year": t("chưa có số liệu năm trước để tính mức tăng"),
        "out-of-range": t("số liệu nằm ngoài khoảng có thể"),
    }[reason]


def doubt_word(doubt: str, language: str) -> str:
    """What a verdict hangs on, of the codes in ``indicators.doubt``: ``số liệu riêng của nam, nữ``; empty where on nothing."""
    t = translator(language)
    words = {
        "trait": t("đặc điểm chưa biết của xã"),
        "threshold": t("mức yêu cầu chưa đối chiếu với văn bản gốc"),
    }
    return "; ".join(words[code] for code in doubt.split(";") if code)


_SET = re.compile(r"ntm(?P<level>-nang-cao|-kieu-mau)?-(?P<first>\d{4})-(?P<last>\d{4})(?P<place>-.+)?")


def count_by_set(number: str, rule_set: str, language: str) -> str:
    """A count of criteria with the set it was made by: ``9/19 tiêu chí nâng cao (bộ 2021–2025)``; no source says the set: that."""
    t = translator(language)
    found = _SET.fullmatch(rule_set)
    if not found:
        return t("{number} tiêu chí (nguồn không nói theo bộ nào)").format(number=number)
    form = {
        "": t("{number} tiêu chí (bộ {first}–{last})"),
        "-nang-cao": t("{number} tiêu chí nâng cao (bộ {first}–{last})"),
        "-kieu-mau": t("{number} tiêu chí kiểu mẫu (bộ {first}–{last})"),
    }[found["level"] or ""]
    if found["place"]:
        form = t("{number} tiêu chí (bộ {first}–{last} của tỉnh)")
    return form.format(number=number, first=found["first"], last=found["last"])


def document_name(document: str, language: str) -> str:
    """``318/QĐ-TTg`` → ``Quyết định 318/QĐ-TTg``; a name without a known kind stays as it is."""
    t = translator(language)
    kinds = {
        "/QĐ": t("Quyết định {number}"),
        "/TT-": t("Thông tư {number}"),
        "/NĐ-": t("Nghị định {number}"),
        "/NQ": t("Nghị quyết {number}"),
    }
    form = next((form for sign, form in kinds.items() if sign in document), "{number}")
    return form.format(number=document)


def day(text: str, language: str) -> str:
    """A date of a raw file as the language writes it (``2024-02-22``, ``2023-07``); other text stays as somebody typed it."""
    try:
        return date(text, language)
    except ValueError:
        return text
