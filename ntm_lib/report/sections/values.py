"""How a figure, its threshold and its margin are written: the words that all pages share."""

from ntm_lib import tables
from ntm_lib.language import number
from ntm_lib.report.context import Report, Row
from ntm_lib.report.sections.evidence import required_text
from ntm_lib.wording.quantities import amount_phrase, count_phrase, exact_phrase, value_phrase
from ntm_lib.wording.words import OPERATORS, is_unchecked, set_by_word


def row_of(report: Report, year: int | None, indicator: str, part: str) -> Row | None:
    """The indicator's row of that year, or None."""
    return report.row("indicators", year=year, indicator=indicator, part=part)


def label(report: Report, row: Row) -> str:
    """``Tiêu chí 10`` or ``Chỉ tiêu 17.8a``: what a row of changes or turned verdicts is about."""
    t = report.t
    if row["indicator"]:
        return t("Chỉ tiêu {n}").format(n=row["indicator"] + row["part"])
    return t("Tiêu chí {n}").format(n=row["criterion"])


def value_text(report: Report, row: Row | None) -> str:
    """``1.276/1.413 = 90,30%``; bounds keep their sign; nothing known is an en dash."""
    if row is None or row["value"] == "":
        return "–"
    if row["value"] in ("met", "unmet", "not-applicable"):
        return report.t({"met": "đạt", "unmet": "chưa đạt", "not-applicable": "không áp dụng"}[row["value"]])
    if not tables.NUMBER.fullmatch(row["value"]):
        return value_phrase(row, rule_of(report, row), report.language)
    shown = quantity(report, row["value"], row["unit"])
    if row["bound"] == "upper":
        return report.t("nhiều nhất {value}").format(value=shown)
    if row["bound"]:
        return f"{OPERATORS[row['bound']]} {quantity(report, row['value'], row['unit'], exact=True)}"
    if row["numerator"] and row["denominator"]:
        return f"{number(row['numerator'], report.language)}/{number(row['denominator'], report.language)} = {shown}"
    return shown


def quantity(report: Report, value: str, unit: str, exact: bool = False) -> str:
    """A value with its unit as the language writes it; shares with two digits unless ``exact``."""
    return (exact_phrase if exact else amount_phrase)(value, unit, report.language)


def threshold_text(report: Report, row: Row) -> str:
    """``≥ 70% (tỉnh) *``: who set it, where that is not the nation; ``*``: nobody has compared it with the published text."""
    t = report.t
    if not row["threshold"] and rule_of(report, row)["join"]:
        return t("theo từng nội dung")
    if not row["threshold"]:
        return t("chưa biết ({layer})").format(layer=set_by_word(row["set_by"], report.language))
    what = required_text(report, rule_of(report, row))
    layer = f" ({set_by_word(row['set_by'], report.language)})" if row["set_by"] != "nation" else ""
    return f"{what}{layer}" + (" *" if is_unchecked(row["confidence"]) else "")


def margin_text(report: Report, row: Row) -> str:
    """``+20,30 điểm (286 hộ)``; negative: what is missing."""
    t = report.t
    if not row["margin"]:
        return "–"
    margin = tables.fraction(row["margin"])
    if not margin:
        return t("vừa đủ") if row["verdict"] == "met" else t("bằng mức giới hạn")
    sign = "−" if margin < 0 else "+"
    if row["unit"] != "%":
        steps = {"rating": "bậc", "level": "mức"}
        return sign + count_phrase(
            row["margin"], steps.get(str(rule_of(report, row)["kind"]), str(row["unit"])), report.language
        )
    text = f"{sign}{number(abs(margin), report.language, 2)} {t('điểm')}"
    if row["margin_count"] and row["count_unit"]:
        text += f" ({sign}{count_phrase(row['margin_count'], row['count_unit'], report.language)})"
    return text


def rule_of(report: Report, row: Row) -> Row:
    """The row of ``thresholds`` by which a row of ``indicators`` was judged. Raises KeyError where there is none."""
    rule = report.row("thresholds", year=row["year"], indicator=row["indicator"], part=row["part"])
    if rule is None:
        raise KeyError(row["indicator"], row["part"])
    return rule


def spare_text(report: Report, row: Row) -> str:
    """``dư 4 triệu đồng/người/năm``, ``thiếu 2,50 điểm (35 hộ)``, ``vừa đủ``: how far a figure is from its threshold."""
    margin, shown = tables.fraction(row["margin"]), margin_text(report, row)
    if not margin:
        return shown
    word = report.t("dư {amount}") if margin > 0 else report.t("thiếu {amount}")
    if margin > 0 and row["bound"] in (">", ">=", "<", "<="):
        word = report.t("dư ít nhất {amount}")
    return word.format(amount=shown.replace("+", "").replace("−", ""))
