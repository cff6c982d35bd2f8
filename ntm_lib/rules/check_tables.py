"""Checks that need several rows of a table: duplicates, parts, periods, totals, the crosswalk.

Each yields ``(row, column, read, what, action)``; ``row`` is the line in the file, 0 the file.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from ntm_lib.language import Translate
from ntm_lib.rules.check_rows import Context
from ntm_lib.rules.crosswalk import RELATIONS
from ntm_lib.rules.sets import RuleSet

Fault = tuple[int, str, str, str, str]


def duplicates(rows: pd.DataFrame, key: tuple[str, ...], t: Translate) -> Iterator[Fault]:
    """No two rows of one key."""
    for row in rows[rows.duplicated(list(key))].to_dict("records"):
        yield (
            row["row"],
            key[-1],
            " ".join(row[k] for k in key),
            t("dòng trùng với một dòng trước"),
            t("Hãy bỏ một trong hai dòng."),
        )


def parts(rows: pd.DataFrame, t: Translate) -> Iterator[Fault]:
    """A part has the indicator it is a part of, with a join; an indicator with a join has parts."""
    keys = set(zip(rows["indicator"], rows["part"], strict=True))
    wholes = {(i, p.rpartition(".")[0]) for i, p in keys if p}
    for row in rows.to_dict("records"):
        key = row["indicator"], row["part"]
        if row["part"] and (row["indicator"], row["part"].rpartition(".")[0]) not in keys:
            yield (
                row["row"],
                "part",
                row["part"],
                t("nội dung không có chỉ tiêu của nó"),
                t("Hãy thêm dòng của chỉ tiêu, ô part để trống."),
            )
        if (key in wholes) != bool(row["join"]):
            what = (
                t("chỉ tiêu có các nội dung mà không nói cách gộp")
                if key in wholes
                else t("chỉ tiêu nói cách gộp mà không có nội dung nào")
            )
            yield (
                row["row"],
                "join",
                row["join"],
                what,
                t("Hãy ghi all, any hoặc every-item khi có nội dung; để trống khi không có."),
            )


def overlaps(
    rows: pd.DataFrame, t: Translate, key: tuple[str, ...] = ("indicator", "part", "column")
) -> Iterator[Fault]:
    """On any day at most one row of a file holds for an indicator, part and column."""
    ordered = sorted(rows.to_dict("records"), key=lambda r: (*(r[k] for k in key), r["valid_from"], r["row"]))
    for before, after in pairwise(ordered):
        if all(before[k] == after[k] for k in key) and after["valid_from"] <= (before["valid_to"] or "9999"):
            what = t("thời gian hiệu lực chồng lên dòng {row}").format(row=before["row"])
            yield (
                after["row"],
                "valid_from",
                after["valid_from"],
                what,
                t("Hãy ghi ngày hết hiệu lực của dòng trước, hoặc bỏ một dòng."),
            )


def gaps(rule_set: RuleSet, t: Translate) -> Iterator[Fault]:
    """Every year of the set, every column: a row holds on 31 December, be it a blank one."""
    first, last = rule_set.meta["years"]
    held: dict[tuple[str, str, str], list[dict]] = {}
    for row in rule_set.thresholds.to_dict("records"):
        held.setdefault((row["indicator"], row["part"], row["column"]), []).append(row)
    for about in asking_for_threshold(rule_set.indicators):
        for column in (c["code"] for c in rule_set.meta["columns"]):
            rows = held.get((about["indicator"], about["part"], column), [])
            missing = [
                y
                for y in range(first, last + 1)
                if not any(r["valid_from"] <= f"{y}-12-31" <= (r["valid_to"] or "9999") for r in rows)
            ]
            if missing:
                what = t("chỉ tiêu {indicator}, cột {column}: thiếu mức của các năm {years}").format(
                    indicator=f"{about['indicator']} {about['part']}".strip(),
                    column=column,
                    years=", ".join(map(str, missing)),
                )
                yield (
                    max((r["row"] for r in rows), default=0),
                    "valid_to",
                    "",
                    what,
                    t("Hãy thêm dòng; chưa biết mức thì để trống, confidence là unknown."),
                )


def asking_for_threshold(indicators: pd.DataFrame) -> list[dict]:
    """Indicators and parts that need rows in thresholds.csv: not those joined from parts (all, any),
    nor the parts of an every-item indicator, which share its one threshold."""
    rows = indicators.to_dict("records")
    shared = {r["indicator"] for r in rows if r["join"] == "every-item"}
    return [r for r in rows if r["join"] in ("", "every-item") and not (r["part"] and r["indicator"] in shared)]


def totals(rule_set: RuleSet, t: Translate) -> Iterator[Fault]:
    """As many criteria and indicators as set.yml says, and no criterion without an indicator."""
    rows, meta = rule_set.all_indicators, rule_set.meta
    counted = {"criteria_total": len(meta["criteria"]), "indicators_total": rows["indicator"].nunique()}
    for entry, number in counted.items():
        if meta[entry] != number:
            action = t("Hãy thêm dòng còn thiếu (để trống nếu chưa biết), hoặc sửa set.yml.")
            yield 0, entry, str(meta[entry]), t("đếm được {number}").format(number=number), action
    for criterion in meta["criteria"]:
        if criterion["id"] not in set(rows["criterion"]):
            action = t("Hãy thêm ít nhất một dòng vào indicators.csv, để trống nếu chưa biết.")
            yield 0, "criterion", criterion["id"], t("tiêu chí không có chỉ tiêu nào"), action


def law_indicators(law: pd.DataFrame, context: Context, t: Translate) -> Iterator[Fault]:
    """Supporting law is about an indicator, or about residents' satisfaction."""
    for row in law.to_dict("records"):
        if (row["indicator"], "") not in context.indicators and row["indicator"] != "satisfaction":
            yield (
                row["row"],
                "indicator",
                row["indicator"],
                t("chỉ tiêu này không có trong indicators.csv"),
                t("Hãy sửa số chỉ tiêu."),
            )


def crosswalk_rows(rows: pd.DataFrame, sets: dict[str, RuleSet], t: Translate) -> Iterator[Fault]:
    """Every row joins an indicator (or criterion) of one set with one of another, with a reason."""
    known = {name: _known(rule_set) for name, rule_set in sets.items()}
    yield from duplicates(rows, ("from_set", "to_set", "from_indicator", "from_part"), t)
    for row in rows.to_dict("records"):
        for side in ("from", "to"):
            name, key = row[f"{side}_set"], (row[f"{side}_indicator"], row[f"{side}_part"])
            if name not in known:
                yield (
                    row["row"],
                    f"{side}_set",
                    name,
                    t("không có bộ tiêu chí này"),
                    t("Hãy chọn một trong: {allowed}.").format(allowed=", ".join(known)),
                )
            elif key not in known[name] and (side == "from" or key != ("", "")):
                yield (
                    row["row"],
                    f"{side}_indicator",
                    " ".join(key),
                    t("bộ tiêu chí không có chỉ tiêu này"),
                    t("Hãy sửa số chỉ tiêu hoặc mã nội dung."),
                )
        if row["relation"] not in RELATIONS or (row["relation"] == "none") != (row["to_indicator"] == ""):
            action = t("same hoặc similar khi có chỉ tiêu đích, none khi không có.")
            yield row["row"], "relation", row["relation"], t("quan hệ không hợp với chỉ tiêu đích"), action
        if not row["reason"]:
            yield row["row"], "reason", "", t("thiếu lý do"), t("Hãy ghi vì sao giống, gần giống, hoặc không có.")


def crosswalk_whole(rows: pd.DataFrame, sets: dict[str, RuleSet], t: Translate) -> Iterator[Fault]:
    """Where two sets are compared at all, every indicator of the first has a row."""
    pairs = Counter(zip(rows["from_set"], rows["to_set"], strict=True))
    for origin, target in pairs:
        if (
            origin not in sets or sets[origin].base is not None
        ):  # rows of a set that extends another only add to its base's
            continue
        there = rows[(rows["from_set"] == origin) & (rows["to_set"] == target)]
        own = zip(sets[origin].indicators["indicator"], sets[origin].indicators["part"], strict=True)
        for indicator, part in sorted(set(own) - set(zip(there["from_indicator"], there["from_part"], strict=True))):
            what = t("thiếu dòng từ {origin} sang {target}").format(origin=origin, target=target)
            yield (
                0,
                "from_indicator",
                f"{indicator} {part}".strip(),
                what,
                t("Hãy thêm dòng; không có chỉ tiêu tương ứng thì ghi none và lý do."),
            )


def _known(rule_set: RuleSet) -> set[tuple[str, str]]:
    rows = rule_set.all_indicators
    return {*zip(rows["indicator"], rows["part"], strict=True), *((c["id"], "") for c in rule_set.meta["criteria"])}
