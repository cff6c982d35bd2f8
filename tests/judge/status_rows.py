"""Small tables of observations and thresholds, so that a test shows all it rests on; and generated ones."""

from fractions import Fraction

import pandas as pd
from hypothesis import strategies as st

from ntm_lib import tables
from ntm_lib.judge.criteria import criteria_rows, declaring_rows
from ntm_lib.judge.indicators import judge_rows
from ntm_lib.judge.observations import index_rows
from ntm_lib.tables import records
from ntm_lib.wording.problem_words import remarked, remarks

YEAR = 2023
SCALE = "yếu|trung bình|khá|tốt"


def facts(row, *columns):
    return tuple(row[c] for c in columns)


def observation(observation="A1", **cells) -> dict:
    """A measured result of 2023 for indicator 1.1."""
    row = {
        "observation": observation,
        "table": "results",
        "kind": "measured",
        "year": YEAR,
        "criterion": "1",
        "indicator": "1.1",
    }
    row |= cells
    if row["kind"] in ("target", "change") and "table" not in cells:
        row["table"] = "plan"
    return row


def share(numerator, denominator, name="A1", **cells) -> dict:
    """A share with both its numbers, as cleaning leaves it."""
    value = tables.decimal_text(Fraction(100 * numerator, denominator)) if denominator else ""
    return observation(name, numerator=str(numerator), denominator=str(denominator), value=value, unit="%", **cells)


def threshold(operator=">=", value="70", **cells) -> dict:
    """Requirement of 1.1: a share of households, at least 70 %."""
    row = {
        "year": YEAR, "criterion": "1", "indicator": "1.1", "kind": "share", "unit": "%", "count_unit": "hộ", "operator": operator,
        "threshold": value, "applies": "yes", "set_by": "nation", "document": "318/QĐ-TTg", "article": "Phụ lục I", "column": "tdmnpb",
        "column_reason": "Cột Trung du miền núi phía Bắc: xã thuộc vùng này", "confidence": "unverified",
        "valid_from": "2021-01-01", "valid_to": "2025-12-31",
    }  # fmt: skip
    return row | cells


def observations(*rows) -> pd.DataFrame:
    return tables.as_table("observations", rows)


def thresholds(*rows) -> pd.DataFrame:
    return tables.as_table("thresholds", rows)


def judge_indicators(observations: pd.DataFrame, thresholds: pd.DataFrame, year: int) -> pd.DataFrame:
    """Table ``indicators`` of one year, from tables."""
    return tables.as_table("indicators", judge_rows(index_rows(records(observations)), records(thresholds), year))


def judge_criteria(
    indicators: pd.DataFrame, observations: pd.DataFrame, year: int, rule_set="", criteria=()
) -> pd.DataFrame:
    """Table ``criteria`` of one year, from tables."""
    judged = [row for row in records(indicators) if row["year"] == year]
    declaring = declaring_rows(records(observations))
    return tables.as_table("criteria", criteria_rows(judged, declaring, year, rule_set, criteria))


def judge(rows, rules, year=YEAR, language="vi") -> dict:
    """Row of ``indicators`` of the first rule."""
    return judged(rows, [rules] if isinstance(rules, dict) else rules, year, language)[0]


def judged(rows, rules, year=YEAR, language="vi") -> list[dict]:
    """Rows of ``indicators`` with their remarks in words, without the validation of tables: properties judge thousands of cases."""
    blank = dict.fromkeys(tables.TABLES["observations"][1], ""), dict.fromkeys(tables.TABLES["thresholds"][1], "")
    full = [blank[0] | r for r in rows], [blank[1] | r for r in rules]
    return [row | {"note": remarks(row["note"], language)} for row in judge_rows(index_rows(full[0]), full[1], year)]


def rows_of(frame: pd.DataFrame) -> list[dict]:
    """The rows; those of ``indicators`` with their remarks in words."""
    return records(remarked(frame, "vi")) if "verdict" in frame and "note" in frame else records(frame)


# Generated cases


def decimals(low, high, places=2) -> st.SearchStrategy[str]:
    """Canonical decimals from ``low`` to ``high``."""
    return st.integers(low * 10**places, high * 10**places).map(lambda n: tables.decimal_text(Fraction(n, 10**places)))


OPERATORS = st.sampled_from([">=", ">", "<=", "<"])
PERCENTS = st.one_of(st.sampled_from(["0", "13", "50", "70", "90", "90.02", "100"]), decimals(0, 100))


@st.composite
def shares(draw, **cells) -> dict:
    """A share: with both its numbers, as a bare percentage, or as a bound."""
    form = draw(st.sampled_from(["fraction", "percent", "bound"]))
    if form == "fraction":
        denominator = draw(st.sampled_from([1, 3, 7, 12, 19, 878, 1413]))
        return share(draw(st.integers(0, denominator)), denominator, **cells)
    operator = draw(OPERATORS) if form == "bound" else ""
    return observation(value=draw(PERCENTS), unit="%", operator=operator, **cells)


@st.composite
def cases(draw) -> tuple[list[dict], list[dict]]:
    """Observations and thresholds of one indicator in any shape the rule sets know."""
    shape = draw(
        st.sampled_from(["share", "number", "growth", "level", "rating", "none", "status", "parts", "sexes", "years"])
    )
    kind = draw(st.sampled_from(["measured", "measured", "target"]))
    rule = threshold(
        draw(OPERATORS),
        draw(st.one_of(PERCENTS, st.just(""))),
        confidence=draw(st.sampled_from(tables.CONFIDENCES)),
        applies=draw(st.sampled_from(["yes", "yes", "yes", "no", "unknown"])),
    )
    rows = [draw(shares(kind=kind))]
    if shape == "number":
        rule |= {"kind": "number", "unit": "triệu đồng/người/năm", "count_unit": "triệu đồng"}
        unit = draw(st.sampled_from(["triệu đồng/người/năm", "triệu đồng", "", "hộ"]))
        rows = [
            observation(
                value=draw(decimals(0, 100)), unit=unit, operator=draw(st.sampled_from(["", "", ">"])), kind=kind
            )
        ]
    elif shape == "growth":
        rule |= {"kind": "growth", "unit": "%/năm", "count_unit": ""}
        rows = [observation(value=draw(decimals(0, 100)), unit="triệu đồng", kind=kind)]
        last = draw(st.lists(decimals(0, 100), max_size=2, unique=True))
        rows += [observation(f"B{i}", value=v, unit="triệu đồng", year=YEAR - 1) for i, v in enumerate(last)]
    elif shape == "level":
        rule |= {"kind": "level", "unit": "mức độ", "count_unit": "", "operator": ">=", "threshold": "2"}
        rows = [observation(value=str(draw(st.integers(1, 3))), unit="mức độ", kind=kind)]
    elif shape == "rating":
        rule |= {"kind": "rating", "unit": "", "scale": SCALE, "count_unit": "", "operator": ">=", "threshold": "khá"}
        word = draw(st.sampled_from([*SCALE.split("|"), "chưa xếp loại"]))
        rows = [observation(value=word, unit="rating", operator=draw(st.sampled_from(["", ">="])), kind=kind)]
    elif shape == "none":
        rule |= {"kind": "none", "unit": "nhà", "count_unit": "nhà", "operator": "<=", "threshold": "0"}
        rows = [observation(value=str(draw(st.integers(0, 3))), unit="nhà", kind=kind)]
    elif shape == "status":
        rule |= {"kind": "status", "unit": "", "count_unit": "", "operator": "=", "threshold": "met"}
        rows = [
            observation(
                value=draw(st.sampled_from(["met", "unmet", "not-applicable"])),
                unit="status",
                kind=draw(st.sampled_from(["declared", "target"])),
            )
        ]
    elif shape == "parts":
        return draw(_parts(rule, kind))
    elif shape == "sexes":
        rule |= {"both_sexes": "yes"}
        who = draw(st.lists(st.sampled_from(["", "nam", "nữ"]), min_size=1, unique=True))
        rows = [draw(shares(kind=kind, item=item)) | {"observation": f"A{i}"} for i, item in enumerate(who)]
    elif shape == "years":
        rule |= {"years_running": "2"}
        rows += [draw(shares(year=YEAR - 1)) | {"observation": "A0"}]
    if draw(st.booleans()) and draw(st.booleans()):
        rows.append(observation("A7", value=draw(st.sampled_from(["met", "unmet"])), unit="status", kind="declared"))
    if draw(st.integers(0, 3)) == 0:
        rows.append(draw(shares(kind=kind)) | {"observation": "A8"})
    return [r for i, r in enumerate(rows) if i or draw(st.integers(0, 9))], [rule]


@st.composite
def _parts(draw, rule, kind) -> tuple[list[dict], list[dict]]:
    join = draw(st.sampled_from(["all", "any", "every-item"]))
    whole = rule | {"join": join, "threshold": rule["threshold"] if join == "every-item" else "", "applies": "yes"}
    if join == "every-item":
        whole |= {"operator": draw(st.sampled_from([">=", ">"]))}
    rules, rows = [whole], []
    for part in "abc":
        own = (
            whole
            if join == "every-item"
            else threshold(draw(OPERATORS), draw(PERCENTS), applies=draw(st.sampled_from(["yes", "no"])))
        )
        rules.append(own | {"part": part, "join": ""})
        if draw(st.integers(0, 4)):
            rows.append(draw(shares(kind=kind)) | {"observation": f"A{part}", "part": part})
    if draw(st.booleans()):
        rows.append(draw(shares(kind=kind)))
    return rows, rules
