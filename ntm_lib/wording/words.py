"""The words for what the tables code (verdicts, bases, changes, who set a threshold), and values, thresholds and margins as phrases.

One place, so that a page, a figure and a sentence call the same thing by the same name. Exact figures in, words out; nothing is judged.
"""

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from ntm_lib.doc.style import verdict_word as verdict_word
from ntm_lib.language import amount, date, number, percent, term, translator
from ntm_lib.tables import decimal_text, fraction, with_columns
from ntm_lib.text.tokens import tidy
from ntm_lib.text.units import read_unit

Row = Mapping[str, Any]  # a row of a processed table, by column

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
    """``vẫn đạt``, ``không còn đạt`` … for a row of ``changes``; across a break that the way of counting is another. A
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
        "kept": t("vẫn đạt"),
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
    words = {"trait": t("đặc điểm chưa biết của xã"), "threshold": t("mức yêu cầu chưa đối chiếu")}
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


# ---------------------------------------------------------------- values, thresholds, margins


_PLACES = 6  # digits the tables carry


def amount_phrase(text: str, unit: str, language: str, against: str = "") -> str:
    """``90,30%``, ``49 triệu đồng/người/năm``, ``mức độ 3``, ``4 sao``, ``khá``.

    A share gets two digits, and more where two would make it look equal to the threshold ``against``
    when it is not: 89,996% is not 90,00%.
    """
    value = fraction(text)
    if value is None:
        return term(text, language)
    if unit == "%":
        return percent(value, language, _digits(value, fraction(against)))
    if unit == "mức độ":
        return translator(language)("mức độ {level}").format(level=number(value, language))
    return amount(value, unit if unit not in ("status", "rating") else "", language)


def exact_phrase(text: str, unit: str, language: str) -> str:
    """A threshold or bound, with no more digits than it has: ``70%``, ``từ 95,5%``."""
    value = fraction(text)
    return percent(value, language, None) if value is not None and unit == "%" else amount_phrase(text, unit, language)


def _digits(value: Fraction, against: Fraction | None) -> int:
    """Digits with which a share neither equals nor crosses its threshold unless it really does."""
    for digits in range(2, _PLACES):
        shown = Fraction(math.floor(value * 10**digits + Fraction(1, 2)), 10**digits)
        if against is None or value == against or ((shown > against) == (value > against) and shown != against):
            return digits
    return _PLACES


def bounded(text: str, unit: str, operator: str, language: str) -> str:
    """What an operator says of an amount: ``từ 70% trở lên``, ``trên 90%``, ``không quá 13%``, ``dưới 5%``."""
    t = translator(language)
    forms = {
        ">=": t("từ {amount} trở lên"),
        ">": t("trên {amount}"),
        "<=": t("không quá {amount}"),
        "<": t("dưới {amount}"),
        "=": t("đúng {amount}"),
        "": "{amount}",
    }
    return forms[operator].format(amount=exact_phrase(text, unit, language))


def requirement(row: Row, rule: Row, language: str) -> str:
    """What the rule asks for: ``từ 70% trở lên``, ``không có``, ``xếp loại khá trở lên``, and for how many
    years running; empty where not known.
    """
    if not row["threshold"] or row["threshold"] == "met":
        return ""
    asked, years = _requirement(row, rule, language), rule["years_running"]
    if years in ("", "1"):
        return asked
    return translator(language)("{asked} trong {count} năm liên tục").format(asked=asked, count=years)


def _requirement(row: Row, rule: Row, language: str) -> str:
    t = translator(language)
    if rule["kind"] == "none" or (row["operator"] == "<=" and fraction(row["threshold"]) == 0):
        return t("không có")
    if rule["kind"] == "rating":
        return _rated(row["threshold"], row["operator"], language)
    if rule["unit"] == "%" and row["operator"] == ">=" and fraction(row["threshold"]) == 100:
        return exact_phrase(row["threshold"], "%", language)
    if rule["kind"] == "growth":
        return t("tăng {amount}").format(amount=bounded(row["threshold"], rule["unit"], row["operator"], language))
    return bounded(row["threshold"], rule["unit"], row["operator"], language)


def value_phrase(row: Row, rule: Row, language: str) -> str:
    """The value compared: ``1.276/1.413 hộ (90,30%)``, ``trên 90%``, ``xếp loại tốt``, ``tăng 13,95%/năm``;
    empty where there is none or it is a bare status.
    """
    t = translator(language)
    if row["value"] in ("", "met", "unmet", "not-applicable"):
        return ""
    if rule["kind"] == "rating" and fraction(row["value"]) is None:
        return _rated(row["value"], row["bound"], language)
    if row["bound"] and row["bound"] != "upper":
        shown = bounded(row["value"], row["unit"], row["bound"], language)
    elif row["numerator"] and row["denominator"] and row["unit"] == "%":
        shown = _fraction_phrase(row, language)
    else:
        shown = amount_phrase(row["value"], row["unit"], language, row["threshold"])
    return (
        t("tăng {amount}").format(amount=shown) if rule["kind"] == "growth" and row["unit"].startswith("%") else shown
    )


def _rated(word: str, operator: str, language: str) -> str:
    t = translator(language)
    form = {">=": t("xếp loại {word} trở lên"), "<=": t("xếp loại {word} trở xuống")}.get(
        operator, t("xếp loại {word}")
    )
    return form.format(word=term(word, language))


def _fraction_phrase(row: Row, language: str) -> str:
    share = amount_phrase(row["value"], "%", language, row["threshold"])
    pair = f"{number(row['numerator'], language)}/{number(row['denominator'], language)}"
    return f"{pair} {term(row['count_unit'], language)}".strip() + f" ({share})"


def points(margin: Fraction, language: str) -> str:
    """``20,30 điểm phần trăm``; more digits where two would read 0,00."""
    t = translator(language)
    smallest = Fraction(1, 10**_PLACES)
    if 0 < margin < smallest:
        return t("chưa đến {number} điểm phần trăm").format(number=number(smallest, language, _PLACES))
    digits = 2 if margin == 0 or margin >= Fraction(1, 200) else _PLACES
    return t("{number} điểm phần trăm").format(number=number(margin, language, digits))


def count_phrase(count: str, unit: str, language: str) -> str:
    """``286 hộ``, without a sign; one of a thing in the singular, where the language has one."""
    return amount(abs(fraction(count) or 0), unit, language)


def exact_margin(row: Row) -> Fraction | None:
    """Signed margin without the rounding of the table, where the row has both numbers of its share."""
    numerator, denominator, threshold = (fraction(row[c]) for c in ("numerator", "denominator", "threshold"))
    if not row["margin"] or not denominator or numerator is None or threshold is None:
        return fraction(row["margin"])
    above = 100 * numerator / denominator - threshold
    return above if row["operator"] in (">=", ">") else -above


def margin_phrase(row: Row, rule: Row, language: str) -> str:
    """How far from the threshold: ``vượt 20,30 điểm phần trăm, tương đương 286 hộ``; empty where it has no sense."""
    t = translator(language)
    margin = exact_margin(row)
    if margin is None or rule["kind"] in ("none", "status"):
        return ""
    met = row["verdict"] == "met"
    if margin == 0 and row["bound"] not in ("", "upper"):
        return ""
    if margin == 0:
        phrase = t("vừa đúng ngưỡng") if met else t("mới bằng ngưỡng")
        return ", ".join(filter(None, [phrase, _spare(row, met, language)]))
    shown = _margin_amount(margin, row, rule, language)
    forms = {
        (True, "up"): t("vượt {amount}"),
        (True, "down"): t("thấp hơn mức tối đa {amount}"),
        (False, "up"): t("còn thiếu {amount}"),
        (False, "down"): t("cao hơn mức tối đa {amount}"),
    }
    if row["bound"]:
        shown = (t("nhiều nhất {amount}") if row["bound"] == "upper" and met else t("ít nhất {amount}")).format(
            amount=shown
        )
    phrase = forms[met, "up" if row["operator"] in (">=", ">", "=") else "down"].format(amount=shown)
    return ", ".join(filter(None, [phrase, _spare(row, met, language)]))


def _margin_amount(margin: Fraction, row: Row, rule: Row, language: str) -> str:
    if rule["kind"] in ("rating", "level"):
        return count_phrase(decimal_text(abs(margin)), "bậc" if rule["kind"] == "rating" else "mức", language)
    if row["unit"].startswith("%"):
        return points(abs(margin), language)
    return amount(abs(margin), row["unit"], language)


def _spare(row: Row, met: bool, language: str) -> str:
    """The margin in the units people act on: ``tương đương 286 hộ``, or that not one may be lost."""
    t = translator(language)
    if not row["margin_count"]:
        return ""
    if fraction(row["margin_count"]) == 0:
        form = t("không thể bớt thêm {unit} nào") if row["operator"] in (">=", ">") else t("không thể thêm {unit} nào")
        return form.format(unit=term(row["count_unit"], language)) if met else ""
    count = count_phrase(row["margin_count"], row["count_unit"], language)
    form = t("tương đương {amount}")
    if exact_margin(row) == 0:
        form = t("còn thiếu {amount}") if row["operator"] in (">=", ">") else t("phải bớt {amount}")
    return form.format(amount=count)


# ---------------------------------------------------------------- What the raw rows behind a verdict say that its row does not: what a share counts, and whether it is only planned

PLANNED = ("target", "change", "split")  # kinds of raw rows that say what is to be, not what is
_FRACTION = re.compile(r"\d\s*/\s*\d[\d.,]*(?P<counted>.*)", re.DOTALL)


def in_units_of_the_source(indicators: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Table ``indicators`` with ``count_unit`` as the source names it beside its fraction (``767/878 hộ chăn
    nuôi``: hộ); the unit of the rule stays where the source names none.
    """
    texts = dict(zip(observations["observation"], observations["text"], strict=True))
    rows = zip(indicators["observation"], indicators["denominator"], indicators["count_unit"], strict=True)
    units = [
        counted_unit(texts.get(re.split("[;+]", names)[0], "")) or unit if whole else unit
        for names, whole, unit in rows
    ]
    return with_columns(indicators, count_unit=units)


def counted_alike(table: pd.DataFrame, unit: str, whole: str, indicators: pd.DataFrame) -> pd.DataFrame:
    """``table`` whose column ``unit`` calls what is counted by the name that ``indicators`` (in units of the source) gives
    it; only rows with a denominator (column ``whole``).
    """
    shares = indicators[(indicators["denominator"] != "") & (indicators["count_unit"] != "")]
    keys = zip(shares["indicator"], shares["part"], strict=True)
    named = dict(zip(keys, shares["count_unit"], strict=True))
    rows = zip(table["indicator"], table["part"], table[unit], table[whole], strict=True)
    return with_columns(table, **{unit: [named.get((i, p), u) if full else u for i, p, u, full in rows]})


def with_origin(indicators: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Table ``indicators`` with the column ``from_plan``: yes where a raw row of a plan stands behind the figure."""
    planned = set(observations.loc[observations["kind"].isin(PLANNED), "observation"])
    from_plan = ["yes" if planned & set(re.split("[;+]", names)) else "" for names in indicators["observation"]]
    return with_columns(indicators, from_plan=from_plan)


def counted_unit(text: str) -> str:
    """What ``1.276/1.413 hộ đạt 90,3%`` counts; empty where no fraction is followed by a thing that is counted."""
    found = _FRACTION.search(tidy(text))
    unit = read_unit(found["counted"]) if found else None
    return unit.name if unit and unit.kind == "count" else ""
