"""Is a figure of the kind that its indicator asks for? Status decides; here it is said in the words of the cell."""

from collections.abc import Iterable

from ntm_lib.checks.common import Context, is_judged, problem
from ntm_lib.judge.amounts import is_percent, read
from ntm_lib.judge.observations import STATUSES, rank
from ntm_lib.judge.one_observation import judge_one
from ntm_lib.problems import Field, Finding, say
from ntm_lib.tables import fraction
from ntm_lib.text.numbers import tidy
from ntm_lib.text.units import read_unit

_WANTED = ("share", "status", "rating", "none")  # kinds of indicators that are told in words, others by their unit
_AMOUNTS = ("km", "ha", "m²", "m³", "tấn")
_DATES = ("date", "iso", "month", "quarter", "year", "period", "monthly")


def check_fit(context: Context) -> Iterable[Finding]:
    """Every figure that is judged can be compared with what its indicator asks for."""
    for row in context.rows:
        asked = context.asked(row) if is_judged(row) and rank(row._asdict()) is not None else None
        if asked is None:
            yield from _date_for_number(context, row)
            continue
        why = _misread(row._asdict(), asked, context.language)
        if why == "unit":
            yield _misfit(context, row, asked)
        elif why == "conflict":
            yield problem("misfit/not-applicable", [row], indicator=_code(row))
        elif (
            row.value in ("met", "unmet")
            and row.kind == "measured"
            and asked["kind"] in ("share", "number", "growth", "rating")
        ):
            yield problem("misfit/status-for-figure", [row], text=tidy(row.text), indicator=_code(row))


def _date_for_number(context: Context, row) -> Iterable[Finding]:
    """A date where no indicator is judged but a number is meant: of a village, a work, a fund."""
    meant = row.table in ("works", "villages", "production", "funding") or row.kind in ("measured", "target", "change")
    if meant and row.unit in _DATES and row.value and fraction(row.value) is None:
        yield problem("misfit/date-for-number", [row], text=tidy(row.text))


def _misread(row: dict, asked: dict, language: str) -> str:
    """Why status will not compare the row; empty where it will. Growth by amounts needs the year before, and is left to it."""
    known = "applies" in asked  # a row of thresholds
    if row["value"] in STATUSES:
        return judge_one(row, asked, [], language)[0].reason if known else ""
    if asked["kind"] == "growth" and not is_percent(row["unit"]):
        return "unit" if fraction(row["value"]) is None else ""
    return read(row, asked, language).problem


def _misfit(context: Context, row, asked: dict) -> Finding:
    """A figure that is of another kind."""
    wanted = say(f"wanted-{asked['kind']}") if asked["kind"] in _WANTED else asked["unit"]
    is_number = fraction(row.value) is not None
    fields: dict[str, Field] = {"text": tidy(row.text), "indicator": _code(row), "wanted": wanted}
    if row.unit in _DATES and not is_number:
        return problem("misfit/date", [row], **fields)
    if asked["kind"] == "status":
        return problem("misfit/number", [row], **fields)
    if asked["kind"] == "share" and is_number and (row.unit in _AMOUNTS or read_unit(row.unit).kind == "count"):
        return problem("misfit/count", [row], **fields)
    if row.value in STATUSES:
        return problem("misfit/status", [row], **fields)
    return problem("misfit/unit", [row], unit=row.unit if is_number and row.unit else say("no-unit"), **fields)


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
    for row in context.rows:
        asked = context.asked(row) if is_judged(row) and row.denominator else None
        counted = _sort_of(read_unit(context.parsed(row).count_unit or context.parsed(row).written_unit).name)
        wanted = _sort_of(str(asked.get("count_unit", ""))) if asked and asked["kind"] == "share" else None
        if counted and wanted and counted != wanted:
            yield problem(
                "counted",
                [row],
                text=tidy(row.text),
                counted=context.parsed(row).count_unit or context.parsed(row).written_unit,
                indicator=_code(row),
                wanted=asked["count_unit"],
            )


def _sort_of(unit: str) -> tuple[str, ...] | None:
    return next((alike for alike in _ALIKE if unit in alike), None)
