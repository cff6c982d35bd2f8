"""Values, thresholds and margins as phrases of a sentence. Exact figures in, words out; nothing is judged here."""

import math
import re
from fractions import Fraction

import pandas as pd

from ntm_lib.language import amount, number, percent, term, translator
from ntm_lib.tables import decimal_text, fraction, with_columns
from ntm_lib.text.numbers import tidy
from ntm_lib.text.units import read_unit

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


def requirement(row: dict, rule: dict, language: str) -> str:
    """What the rule asks for: ``từ 70% trở lên``, ``không có``, ``xếp loại khá trở lên``, and for how many
    years running; empty where not known.
    """
    if not row["threshold"] or row["threshold"] == "met":
        return ""
    asked, years = _requirement(row, rule, language), rule["years_running"]
    if years in ("", "1"):
        return asked
    return translator(language)("{asked} trong {count} năm liên tục").format(asked=asked, count=years)


def _requirement(row: dict, rule: dict, language: str) -> str:
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


def value_phrase(row: dict, rule: dict, language: str) -> str:
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


def _fraction_phrase(row: dict, language: str) -> str:
    share = amount_phrase(row["value"], "%", language, row["threshold"])
    unit = term(row["count_unit"], language)
    return f"{number(row['numerator'], language)}/{number(row['denominator'], language)} {unit}".strip() + f" ({share})"


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
    return amount(abs(fraction(count)), unit, language)


def exact_margin(row: dict) -> Fraction | None:
    """Signed margin without the rounding of the table, where the row has both numbers of its share."""
    numerator, denominator, threshold = (fraction(row[c]) for c in ("numerator", "denominator", "threshold"))
    if not row["margin"] or not denominator or numerator is None or threshold is None:
        return fraction(row["margin"])
    above = 100 * numerator / denominator - threshold
    return above if row["operator"] in (">=", ">") else -above


def margin_phrase(row: dict, rule: dict, language: str) -> str:
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


def _margin_amount(margin: Fraction, row: dict, rule: dict, language: str) -> str:
    if rule["kind"] in ("rating", "level"):
        return count_phrase(decimal_text(abs(margin)), "bậc" if rule["kind"] == "rating" else "mức", language)
    if row["unit"].startswith("%"):
        return points(abs(margin), language)
    return amount(abs(margin), row["unit"], language)


def _spare(row: dict, met: bool, language: str) -> str:
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
    first = [re.split("[;+]", names)[0] for names in indicators["observation"]]
    units = [
        counted_unit(texts.get(name, "")) or unit if denominator else unit
        for name, denominator, unit in zip(first, indicators["denominator"], indicators["count_unit"], strict=True)
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
