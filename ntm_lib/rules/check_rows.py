"""Checks of single rows: an indicator, a threshold, a row of supporting law. One function a check.

Each takes the row (a dict with ``row``), what it must fit (``Context``) and the translation, and
yields ``(column, what, action)``. What concerns several rows is in ``check_tables``.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ntm_lib.language import Translate
from ntm_lib.rules.conditions import parse
from ntm_lib.rules.resolving import SHARE_OF
from ntm_lib.tables import CONFIDENCES, NUMBER, OPERATORS, fraction

FROM_MEMORY, NOT_FOUND = "trí nhớ, chưa đối chiếu", "chưa tìm thấy"  # what `source` says where nothing was read
# A source by which somebody else finds the same page: its address, a file with its digest, the number of a document, a repository's file.
ADDRESS = re.compile(
    r"https?://[\w.-]+\.\w{2,}|SHA-256 [0-9a-f]{8,}|\b\d+(?:/\d{4})?/[\w-]*[A-ZĐ]{2,}|[\w.-]+/[\w.-]+:[\w./-]+\.\w+"
)
SURE = ("official", "two-sources", "one-source")
KINDS = ("share", "number", "status", "none", "level", "rating", "growth")
JOINS = ("all", "any", "every-item", "")
ORDERED = (">=", ">", "<=", "<")
FITTING = {"status": ("=",), "none": ("<=",)} | dict.fromkeys(("share", "number", "level", "rating", "growth"), ORDERED)
Fault = tuple[str, str, str]


@dataclass(frozen=True)
class Context:
    """What rows must fit: columns, criteria and layers of the set, its indicators by (indicator, part) with what they
    were ``earlier``, and all traits.
    """

    columns: tuple[str, ...]
    criteria: tuple[str, ...]
    layers: tuple[str, ...]
    indicators: dict[tuple[str, str], dict]
    base_indicators: frozenset[str]
    traits: dict[str, dict]
    earlier: tuple[dict, ...] = ()

    def about(self, row: dict) -> dict | None:
        """What the indicator of a threshold is on the day from which that holds."""
        key, day = (row["indicator"], row["part"]), row["valid_from"]
        then = (
            r for r in self.earlier if (r["indicator"], r["part"]) == key and r["valid_from"] <= day <= r["valid_to"]
        )
        return next(then, self.indicators.get(key))


Check = Callable[[dict, Context, Translate], Iterator[Fault]]


def threshold_place(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """The row is about an indicator, a part and a column that there are."""
    if (row["indicator"], "") not in context.indicators:
        yield (
            "indicator",
            t("chỉ tiêu này không có trong indicators.csv"),
            t("Hãy sửa số chỉ tiêu, hoặc thêm dòng vào indicators.csv."),
        )
    elif (row["indicator"], row["part"]) not in context.indicators:
        yield "part", t("chỉ tiêu không có nội dung này"), t("Hãy sửa mã nội dung, hoặc thêm dòng vào indicators.csv.")
    if row["column"] not in context.columns:
        yield (
            "column",
            t("bộ tiêu chí không có cột này"),
            t("Hãy chọn một trong: {allowed}.").format(allowed=", ".join(context.columns)),
        )


def threshold_value(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """Operator, threshold and unit fit the kind of the indicator."""
    about = context.about(row)
    if about is None or about["kind"] not in FITTING:
        return
    kind, operator, threshold = about["kind"], row["operator"], row["threshold"]
    fitting = FITTING[kind]
    if operator not in OPERATORS or ((operator or threshold) and operator not in fitting):
        yield (
            "operator",
            t("phép so sánh không hợp với loại {kind}").format(kind=kind),
            t("Hãy chọn một trong: {allowed}.").format(allowed=" ".join(fitting)),
        )
    if threshold and not _fits(threshold, about, context):
        yield "threshold", t("mức chuẩn không hợp với loại {kind}").format(kind=kind), _allowed(about, t)
    if row["unit"] != about["unit"]:
        yield (
            "unit",
            t('đơn vị khác với indicators.csv ("{unit}")').format(unit=about["unit"]),
            t("Hãy ghi cùng một đơn vị ở hai tệp."),
        )


def dates(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """``valid_from`` and ``valid_to`` are ISO dates, the one not after the other."""
    for column in ("valid_from", "valid_to"):
        if row[column] and not is_date(row[column]):
            yield column, t("không phải một ngày"), t("Hãy ghi dạng năm-tháng-ngày, ví dụ 2024-03-01.")
    if "" < row["valid_to"] < row["valid_from"]:
        yield "valid_to", t("ngày hết hiệu lực trước ngày có hiệu lực"), t("Hãy sửa một trong hai ngày.")


def start(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """A threshold says from when it holds."""
    if not row["valid_from"]:
        yield "valid_from", t("thiếu ngày có hiệu lực"), t("Hãy ghi dạng năm-tháng-ngày, ví dụ 2024-03-01.")


def source(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """The row says where it was read, and how sure that is; memory is never called a source."""
    if not row["source"]:
        yield (
            "source",
            t("thiếu nguồn"),
            t('Hãy ghi địa chỉ hoặc tên văn bản; nếu không có thì ghi "{memory}" hoặc "{none}".').format(
                memory=FROM_MEMORY, none=NOT_FOUND
            ),
        )
    if row["confidence"] not in CONFIDENCES:
        yield (
            "confidence",
            t("không phải một mức tin cậy"),
            t("Hãy chọn một trong: {allowed}.").format(allowed=", ".join(CONFIDENCES)),
        )
    elif (
        row["confidence"] in SURE
        and row["source"]
        and row["source"] not in (FROM_MEMORY, NOT_FOUND)
        and not ADDRESS.search(row["source"])
    ):
        yield (
            "source",
            t("nguồn không có địa chỉ: không ai tìm lại được"),
            t("Hãy ghi địa chỉ trang (https://…), tên tệp kèm SHA-256, số văn bản (05/KH-BCĐ), hoặc kho:tệp."),
        )
    elif row["confidence"] in SURE and row["source"] in (FROM_MEMORY, NOT_FOUND):
        yield (
            "confidence",
            t('nguồn là "{source}" thì không thể chắc như vậy').format(source=row["source"]),
            t("Hãy ghi unverified hoặc unknown, hoặc ghi nguồn đã đọc."),
        )


def known_or_not(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """A blank threshold is unknown, and an unknown one is blank."""
    if not row["threshold"] and row["confidence"] != "unknown":
        yield (
            "confidence",
            t("mức chuẩn để trống mà mức tin cậy không phải unknown"),
            t("Hãy nhập mức chuẩn, hoặc ghi unknown."),
        )
    if row["threshold"] and row["confidence"] == "unknown":
        yield (
            "confidence",
            t("có mức chuẩn mà mức tin cậy là unknown"),
            t("Hãy ghi mức tin cậy của nguồn, hoặc để trống mức chuẩn."),
        )


def setter(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """Who set it is a layer of the set, or not known; the decision is named."""
    if row["set_by"] and row["set_by"] not in context.layers:
        yield (
            "set_by",
            t("không phải một cấp quy định"),
            t("Hãy chọn một trong: {allowed}; để trống nếu không biết.").format(allowed=", ".join(context.layers)),
        )
    if not row["document"]:
        yield "document", t("thiếu văn bản"), t("Hãy ghi số văn bản.")


def province_setter(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """A province's file holds only what the province set."""
    if row["set_by"] != "province":
        yield (
            "set_by",
            t("tệp của tỉnh chỉ chứa mức do tỉnh quy định"),
            t("Hãy ghi province, hoặc chuyển dòng sang tệp của trung ương."),
        )


def two_languages(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """What is said in Vietnamese is said in English, and the other way round."""
    for vi, en in (
        ("note", "note_en"),
        ("definition", "definition_en"),
        ("name_vi", "name_en"),
        ("rule_vi", "rule_en"),
        ("reason", "reason_en"),
    ):
        if vi in row and bool(row[vi]) != bool(row[en]):
            missing = en if row[vi] else vi
            yield missing, t("thiếu bản dịch"), t("Hãy ghi cả tiếng Việt và tiếng Anh.")


def indicator_shape(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """Criterion, kind, scale, join and the small flags of an indicator are of those there are."""
    allowed = {"criterion": ("", *context.criteria), "kind": KINDS, "join": JOINS, "both_sexes": ("", "yes")}
    for column, values in allowed.items():
        if row[column] not in values:
            yield (
                column,
                t("giá trị không được phép"),
                t("Hãy chọn một trong: {allowed}.").format(allowed=", ".join(v for v in values if v)),
            )
    if row["years_running"] and not (row["years_running"].isdigit() and int(row["years_running"]) > 1):
        yield "years_running", t("giá trị không được phép"), t("Hãy ghi số năm liên tiếp, từ 2 trở lên, hoặc để trống.")
    if (row["kind"] == "rating") != bool(row["scale"]):
        yield (
            "scale",
            t("thang xếp loại chỉ dành cho loại rating, và loại rating phải có"),
            t("Hãy ghi các mức từ thấp đến cao, cách nhau bằng |."),
        )


def indicator_name(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """An indicator has a name, or its name is not known; and the name has a source."""
    named = {"source": row["name_source"], "confidence": row["name_confidence"]}
    for column, what, action in source(named, context, t):
        yield f"name_{column}", what, action
    if not row["name_vi"] and row["name_confidence"] != "unknown":
        yield "name_vi", t("thiếu tên chỉ tiêu"), t("Hãy ghi tên, hoặc ghi unknown ở name_confidence.")


def condition(row: dict, context: Context, t: Translate) -> Iterator[Fault]:
    """``applies_if`` can be read and asks for traits and values that there are."""
    if row["applies_if"]:
        for what in condition_faults(row["applies_if"], context, t):
            yield (
                "applies_if",
                what,
                t("Ví dụ đúng: schools>3 and column=tdmnpb|dbsh. Các đặc điểm có trong traits.yml."),
            )


def condition_faults(text: str, context: Context, t: Translate) -> Iterator[str]:
    """What is wrong with a condition."""
    try:
        tests = [test for option in parse(text) for test in option]
    except ValueError:
        yield t("không đọc được điều kiện")
        return
    for test in tests:
        about = context.traits.get(test.trait)
        values = context.columns if test.trait == "column" else about and about.get("values")
        if about is None and test.trait != "column":
            yield t("không có đặc điểm {trait}").format(trait=test.trait)
        elif values and not set(test.values) <= set(values):
            yield t("{trait} không có giá trị {values}").format(
                trait=test.trait, values=", ".join(v for v in test.values if v not in values)
            )


def is_date(text: str) -> bool:
    """Whether the text is an ISO date, such as 2024-03-01."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


THRESHOLD: tuple[Check, ...] = (
    threshold_place,
    threshold_value,
    dates,
    start,
    source,
    known_or_not,
    setter,
    two_languages,
)
PROVINCE: tuple[Check, ...] = (*THRESHOLD, province_setter)
INDICATOR: tuple[Check, ...] = (indicator_shape, dates, indicator_name, condition, two_languages)
LAW: tuple[Check, ...] = (dates, source, two_languages)


def _fits(threshold: str, about: dict, context: Context) -> bool:
    kind, number = about["kind"], fraction(threshold)
    share_of = SHARE_OF.fullmatch(threshold)
    if share_of:
        return kind != "status" and share_of[2] in context.base_indicators
    if kind == "status":
        return threshold == "met"
    if kind == "rating":
        return threshold in about["scale"].split("|")
    if kind == "none":
        return number == 0
    return number is not None and NUMBER.fullmatch(threshold) is not None and (kind != "share" or 0 <= number <= 100)


def _allowed(about: dict, t: Translate) -> str:
    if about["kind"] == "status":
        return t("Hãy ghi met.")
    if about["kind"] == "rating":
        return t("Hãy chọn một trong: {allowed}.").format(allowed=about["scale"].replace("|", ", "))
    if about["kind"] == "share":
        return t("Hãy ghi một số từ 0 đến 100, dấu thập phân là dấu chấm.")
    return (
        t("Hãy ghi 0: không được có.") if about["kind"] == "none" else t("Hãy ghi một số, dấu thập phân là dấu chấm.")
    )
