"""Checks of set.yml. Each yields ``(entry, what, action)``; ``entry`` says where in the file."""

from collections.abc import Iterator

from ntm_lib.language import LANGUAGES, Translate
from ntm_lib.rules.check_rows import Context, condition_faults, is_date, source

REQUIRED = (
    "id",
    "name",
    "short",
    "document",
    "document_title",
    "source",
    "confidence",
    "valid_from",
    "valid_to",
    "years",
    "criteria_total",
    "indicators_total",
    "next",
    "columns",
    "column_rules",
    "layers",
    "criteria",
    "recognition",
    "withdrawal",
    "amendments",
)
LISTS = ("columns", "column_rules", "layers", "criteria", "recognition", "breaks", "dossier", "amendments")
WINS = ("later", "stricter")
Fault = tuple[str, str, str]


def shape_faults(meta: dict, t: Translate) -> Iterator[Fault]:
    """Entries that are missing or not of their shape; without them the other checks cannot run."""
    shared = meta.get("same_as", {}).get("entries", ())
    for entry in REQUIRED:
        if entry not in meta and entry not in shared:
            yield entry, t("thiếu mục này"), t("Hãy thêm mục, theo mẫu của bộ khác.")
    for entry in LISTS:
        if not all(isinstance(e, dict) for e in _list(meta.get(entry, []))):
            yield entry, t("phải là danh sách các mục"), t("Hãy viết theo mẫu của bộ khác.")
    if not isinstance(meta.get("withdrawal", {}), dict) or not all(
        isinstance(e, dict) for e in _list(meta.get("withdrawal", {}).get("rules", []))
    ):
        yield "withdrawal", t("phải là danh sách các mục"), t("Hãy viết theo mẫu của bộ khác.")
    years = meta.get("years", [0, 0])
    if not (
        isinstance(years, list) and len(years) == 2 and all(isinstance(y, int) for y in years) and years[0] <= years[1]
    ):
        yield "years", t("phải là [năm đầu, năm cuối]"), t("Ví dụ: [2021, 2025].")


def meta_faults(meta: dict, folder: str, sets: list[str], context: Context, t: Translate) -> Iterator[Fault]:
    """All other faults of set.yml, given that its shape is right."""
    if meta["id"] != folder:
        yield "id", t('khác với tên thư mục "{folder}"').format(folder=folder), t("Hãy ghi giống nhau.")
    for entry in ("valid_from", "valid_to"):
        yield from _date(meta[entry], entry, t)
    if meta["next"] and meta["next"] not in sets:
        yield "next", t("không có bộ tiêu chí này"), t("Hãy chọn một trong: {allowed}.").format(allowed=", ".join(sets))
    for name in ("name", "short", "document_title"):
        yield from _languages(meta[name], name, t)
    for name in ("columns", "criteria", "dossier", "breaks"):
        for entry in meta.get(name, []):
            yield from _languages(
                entry.get("name"), f"{name}: {entry.get('id') or entry.get('code') or entry.get('indicator')}", t
            )
    yield from _layers(meta, t)
    yield from _column_rules(meta, context, t)
    for name in ("recognition", "breaks", "dossier", "amendments"):
        for entry in meta.get(name, []):
            yield from _dated(entry, f"{name}: {entry.get('id') or entry.get('document')}", context, t)
    yield from _withdrawal(meta["withdrawal"], context, t)


def _layers(meta: dict, t: Translate) -> Iterator[Fault]:
    for layer in meta["layers"]:
        if layer.get("wins") not in WINS:
            yield (
                f"layers: {layer.get('layer')}",
                t("không nói cấp này thắng khi nào"),
                t("Hãy chọn một trong: {allowed}.").format(allowed=", ".join(WINS)),
            )


def _column_rules(meta: dict, context: Context, t: Translate) -> Iterator[Fault]:
    for number, rule in enumerate(meta["column_rules"], start=1):
        place = f"column_rules: {number}"
        yield from _dated(rule, place, context, t)
        yield from _languages(rule.get("reason"), place, t)
        if "column_from" in rule:
            faults = (
                []
                if rule["column_from"] in context.traits
                else [t("không có đặc điểm {trait}").format(trait=rule["column_from"])]
            )
        else:
            faults = list(condition_faults(rule.get("when", ""), context, t))
            faults += [] if rule.get("column") in context.columns else [t("bộ tiêu chí không có cột này")]
        for what in faults:
            yield place, what, t("Hãy sửa quy tắc; các đặc điểm có trong traits.yml.")


def _withdrawal(rule: dict, context: Context, t: Translate) -> Iterator[Fault]:
    yield from _dated(rule, "withdrawal", context, t)
    for entry in rule["rules"]:
        low, high = entry.get("from_share"), entry.get("below_share")
        if not isinstance(low, int) or not (high is None or (isinstance(high, int) and low < high)):
            yield (
                f"withdrawal: {entry.get('id')}",
                t("tỷ lệ không đọc được"),
                t("Hãy ghi from_share và below_share là số phần trăm."),
            )


def _dated(entry: dict, place: str, context: Context, t: Translate) -> Iterator[Fault]:
    """An entry with its dates, its source and how sure that is."""
    for column in ("from", "to", "date"):
        yield from _date(entry.get(column) or "", place, t)
    if "" < (entry.get("to") or "") < (entry.get("from") or ""):
        yield place, t("ngày hết hiệu lực trước ngày có hiệu lực"), t("Hãy sửa một trong hai ngày.")
    for _, what, action in source({"source": entry.get("source"), "confidence": entry.get("confidence")}, context, t):
        yield place, what, action


def _date(value, place: str, t: Translate) -> Iterator[Fault]:
    if value and not is_date(str(value)):
        yield place, t("không phải một ngày"), t("Hãy ghi dạng năm-tháng-ngày, ví dụ 2024-03-01.")


def _languages(names, place: str, t: Translate) -> Iterator[Fault]:
    if not isinstance(names, dict) or any(not names.get(language) for language in LANGUAGES):
        yield place, t("thiếu bản dịch"), t("Hãy ghi cả tiếng Việt và tiếng Anh.")


def _list(value) -> list:
    """The value, if it is a list; else a list that is not one of entries."""
    return value if isinstance(value, list) else [value]
