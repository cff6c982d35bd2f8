"""Whether a value that was read fits the kind, unit and direction of an indicator, and what threshold it then is."""

import datetime
from fractions import Fraction

from ntm_lib.language import Translate
from ntm_lib.rules.decisions.annex_values import Value
from ntm_lib.tables import fraction
from ntm_lib.text.names import spelling_key

Row = dict[str, str]
# What stands in place of a threshold that is not written, by who sets it.
SET_BY_WORDS = {"province": "tỉnh quy định", "ministry": "bộ, ngành quy định", "nation": "chưa biết", "": "chưa biết"}
_UNITS = {"tr.đ": "triệu đồng", "trđ": "triệu đồng", "triệu": "triệu đồng", "m²": "m2"}


def fitted(value: Value, about: Row, usual: str, t: Translate) -> tuple[Row, list[str]]:
    """Operator, threshold and unit that the value gives an indicator of this kind, and why it may not fit.

    ``usual``: the operator that our files have for it, "" where they have none."""
    kind = about["kind"]
    if value.form in ("province", "ministry"):
        return {"operator": usual, "threshold": "", "set_by": value.form}, []
    misfit = [t("không hợp với loại của chỉ tiêu trong indicators.csv ({kind})").format(kind=kind)]
    if value.form == "met" or kind == "status":
        return ({"operator": "=", "threshold": "met"}, [] if value.form == "met" and kind == "status" else misfit)
    if kind == "none":
        fits = value.form == "none" or (value.number == "0" and value.operator in ("", "<="))
        return {"operator": "<=", "threshold": "0"}, [] if fits else misfit
    if kind == "rating":
        known = {spelling_key(word): word for word in about["scale"].split("|")}
        word = known.get(value.words, "")
        faults = [] if word and value.form == "words" else misfit
        faults += [] if value.operator else [t("không ghi «trở lên»: chưa rõ có phải mức tối thiểu")]
        return {"operator": value.operator or ">=", "threshold": word}, faults
    if value.form not in ("number", "level") or (value.form == "level") != (kind == "level"):
        return {"threshold": value.number}, misfit
    return _amount(value, about, usual, t)


def _amount(value: Value, about: Row, usual: str, t: Translate) -> tuple[Row, list[str]]:
    faults = []
    operator = value.operator
    if not operator and value.number == "100" and value.unit == "%":
        operator = ">="
    if not operator:
        faults.append(t("không ghi dấu ≥ hay ≤"))
    elif usual and operator[0] != usual[0]:
        words = t("ghi {read}, trong khi chỉ tiêu này xét theo chiều {ours}: có thể in nhầm dấu")
        faults.append(words.format(read=operator, ours=usual))
    elif not usual and operator[0] == "<":
        faults.append(t("dấu ≤ ở chỉ tiêu mà tệp của ta chưa biết chiều"))
    if not _unit_fits(value, about):
        words = t('đơn vị là "{read}", indicators.csv ghi "{ours}"')
        faults.append(words.format(read=value.unit or "–", ours=about["unit"]))
    exact = Fraction(value.number)
    if about["kind"] == "share" and not 0 <= exact <= 100:
        faults.append(t("tỷ lệ ngoài khoảng 0–100"))
    return {"operator": operator or usual, "threshold": value.number, "unit": about["unit"]}, faults


def _unit_fits(value: Value, about: Row) -> bool:
    """A share says %; another unit may stand in the wording of the indicator instead, or be cut short."""
    ours, read = about["unit"].replace(" ", ""), value.unit.replace(" ", "")
    for short, long in _UNITS.items():
        if read == short or read.startswith(f"{short}/"):
            read = read.replace(short, long.replace(" ", ""), 1)
    return read == ours if ours == "%" else not read or ours.startswith(read)


def looser(row: Row, nation: Row) -> bool:
    """Whether a province's threshold asks less than that of the nation, which may only be exceeded."""
    ours, theirs = fraction(row["threshold"]), fraction(nation["threshold"])
    if ours is None or theirs is None:
        return bool(nation["threshold"]) and not row["threshold"]
    return ours < theirs if nation["operator"].startswith(">") else ours > theirs


def standing_words(row: Row | None) -> str:
    """``≥ 80 %`` as our file has it; – where there is none."""
    if row is None:
        return "–"
    sign = {">=": "≥", "<=": "≤", "=": ""}.get(row["operator"], row["operator"])
    value = {"met": "đạt", "": SET_BY_WORDS[row["set_by"]]}.get(row["threshold"], row["threshold"])
    return " ".join(filter(None, (sign if row["threshold"] else "", value, row["unit"] if row["threshold"] else "")))


def day_before(day: str) -> str:
    """The day before an ISO date."""
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()
