"""Is a figure of the kind that its indicator asks for? Status decides; here it is said in the words of the cell."""

from collections.abc import Iterable

from ntm_lib.checks.common import Context, Finding, finding, is_judged
from ntm_lib.intake.messages import N_
from ntm_lib.judge.amounts import is_percent, read
from ntm_lib.judge.observations import STATUSES, rank
from ntm_lib.judge.one_observation import judge_one
from ntm_lib.tables import fraction
from ntm_lib.text.numbers import tidy
from ntm_lib.text.units import read_unit

_RETYPE = N_("Bảng tính tự đổi số như 12.5 hay 1/2 thành ngày: đặt định dạng ô là Văn bản (Text) rồi gõ lại số.")
_AMOUNTS = ("km", "ha", "m²", "m³", "tấn")
_DATES = ("date", "iso", "month", "quarter", "year", "period", "monthly")


def check_fit(context: Context) -> Iterable[Finding]:
    """Every figure that is judged can be compared with what its indicator asks for."""
    t = context.t
    for row in context.rows:
        asked = context.asked(row) if is_judged(row) and rank(row._asdict()) is not None else None
        if asked is None:
            yield from _date_for_number(context, row)
            continue
        problem = _problem(row._asdict(), asked, context.language)
        if problem == "unit":
            message, action, severity = _misfit(context, row, asked)
            yield finding("misfit", severity, message, action, [row])
        elif problem == "conflict":
            message = t(
                "Ghi không áp dụng, nhưng theo bộ tiêu chí chỉ tiêu {indicator} áp dụng với xã, nên không có kết luận."
            ).format(indicator=_code(row))
            yield finding(
                "misfit",
                "warning",
                message,
                t("Ghi kết quả; nếu quả là không áp dụng, hỏi cấp xét và ghi lý do."),
                [row],
            )
        elif (
            row.value in ("met", "unmet")
            and row.kind == "measured"
            and asked["kind"] in ("share", "number", "growth", "rating")
        ):
            message = t(
                "Ghi «{text}» ở chỗ cần số liệu của chỉ tiêu {indicator}: chỉ được coi là lời công bố, không phải số đo."
            ).format(text=tidy(row.text), indicator=_code(row))
            yield finding(
                "misfit",
                "warning",
                message,
                t("Ghi số đo kèm đơn vị; nếu chỉ có kết luận, ghi vào phần tự đánh giá."),
                [row],
            )


def _date_for_number(context: Context, row) -> Iterable[Finding]:
    """A date where no indicator is judged but a number is meant: of a village, a work, a fund."""
    t = context.t
    meant = row.table in ("works", "villages", "production", "funding") or row.kind in ("measured", "target", "change")
    if meant and row.unit in _DATES and row.value and fraction(row.value) is None:
        message = t("«{text}» là ngày tháng ở chỗ cần một số; không dùng được.").format(text=tidy(row.text))
        yield finding("misfit", "error", message, t(_RETYPE), [row])


def _problem(row: dict, asked: dict, language: str) -> str:
    """Why status will not compare the row; empty where it will. Growth by amounts needs the year before, and is left to it."""
    known = "applies" in asked  # a row of thresholds
    if row["value"] in STATUSES:
        return judge_one(row, asked, [], language)[0].reason if known else ""
    if asked["kind"] == "growth" and not is_percent(row["unit"]):
        return "unit" if fraction(row["value"]) is None else ""
    return read(row, asked, language).problem


def _misfit(context: Context, row, asked: dict) -> tuple[str, str, str]:
    """Message, remedy and severity of a figure that is of another kind."""
    t, code, text = context.t, _code(row), tidy(row.text)
    wanted = {
        "share": t("một tỷ lệ (%)"), "status": t("Đạt hoặc Chưa đạt"), "rating": t("một mức xếp loại"), "none": t("số vụ, số cái (không có thì ghi 0)"),
    }.get(asked["kind"], asked["unit"])  # fmt: skip
    fields = {"text": text, "indicator": code, "wanted": wanted}
    if row.unit in _DATES and fraction(row.value) is None:
        message = t("«{text}» là ngày tháng, chỉ tiêu {indicator} cần {wanted}; không xét được.").format(**fields)
        return message, t(_RETYPE), "error"
    if asked["kind"] == "status":
        message = t("«{text}» là một số, chỉ tiêu {indicator} cần {wanted}; không xét được.").format(**fields)
        return message, t("Ghi Đạt hoặc Chưa đạt; số liệu ghi ở ghi chú."), "warning"
    if (
        asked["kind"] == "share"
        and fraction(row.value) is not None
        and (row.unit in _AMOUNTS or read_unit(row.unit).kind == "count")
    ):
        message = t("«{text}» là số đếm không có tổng, chỉ tiêu {indicator} cần {wanted}; không xét được.").format(
            **fields
        )
        return message, t("Ghi cả tổng, như 1.276/1.413 hộ, hoặc ghi tỷ lệ kèm dấu %."), "warning"
    if row.value in STATUSES:
        message = t("«{text}» không cho biết đạt hay chưa đạt chỉ tiêu {indicator}; cần {wanted}.").format(**fields)
        return message, t("Ghi Đạt hoặc Chưa đạt, hoặc ghi số."), "warning"
    unit = row.unit if fraction(row.value) is not None and row.unit else t("không có đơn vị")
    message = t(
        "«{text}» (đơn vị đọc được: {unit}) khác loại với chỉ tiêu {indicator}, cần {wanted}; không xét được."
    ).format(unit=unit, **fields)
    return (
        message,
        t(
            "Ghi lại theo đơn vị của chỉ tiêu. Số của một tháng hay của một hộ thì tính ra số một năm, một người trước khi ghi."
        ),
        "warning",
    )


def _code(row) -> str:
    return f"{row.indicator}{row.part}"


# Things of which one is counted in place of another of its row («hộ chăn nuôi» for «cơ sở»), but never in place of one of another row.
_ALIKE = (
    ("người", "nhân khẩu", "khẩu", "lao động", "học sinh", "trẻ", "cháu", "cán bộ", "công chức", "đoàn viên"),
    ("thôn", "bản", "xóm", "ấp", "tổ"),
    ("hộ", "cơ sở", "nhà", "HTX"),
    ("km", "m"),
    ("ha", "m²"),
    ("tấn", "kg"),
    ("trường", "lớp"),
)


def check_counted(context: Context) -> Iterable[Finding]:
    """A share counts what its indicator counts: 12/12 villages are not all households."""
    t = context.t
    for row in context.rows:
        asked = context.asked(row) if is_judged(row) and row.denominator else None
        counted = _sort_of(read_unit(context.parsed(row).count_unit or context.parsed(row).written_unit).name)
        wanted = _sort_of(str(asked.get("count_unit", ""))) if asked and asked["kind"] == "share" else None
        if counted and wanted and counted != wanted:
            message = t("«{text}» đếm {counted}, chỉ tiêu {indicator} tính theo {wanted}.").format(
                text=tidy(row.text),
                counted=context.parsed(row).count_unit or context.parsed(row).written_unit,
                indicator=_code(row),
                wanted=asked["count_unit"],
            )
            yield finding(
                "counted",
                "warning",
                message,
                t("Ghi tử số và tổng theo đúng đơn vị của chỉ tiêu, hoặc xem lại mã chỉ tiêu."),
                [row],
            )


def _sort_of(unit: str) -> tuple[str, ...] | None:
    return next((alike for alike in _ALIKE if unit in alike), None)
