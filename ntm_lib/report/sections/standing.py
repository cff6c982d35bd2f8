"""How verdicts, figures and counts of criteria are told: the words and marks that all pages share.

Nothing is judged here: the figures are those of the processed tables, the counts those of ``summary`` and ``counts``.
"""

import re
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from ntm_lib import tables
from ntm_lib.doc.blocks import Inline
from ntm_lib.doc.style import badge, basis_remark
from ntm_lib.judge.recognition import level_of
from ntm_lib.language import number
from ntm_lib.report.context import Report, Row
from ntm_lib.report.sections.evidence import observation_names, required_text
from ntm_lib.wording.sentences import withdrawal_sentence
from ntm_lib.wording.words import (
    OPERATORS,
    amount_phrase,
    count_by_set,
    count_phrase,
    day,
    doubt_word,
    exact_phrase,
    is_unchecked,
    set_by_word,
    value_phrase,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The row of ``summary`` of one year: numbers of criteria by verdict and basis, of indicators, and of criteria
    that must fall until withdrawal (None: no rule is known). ``published``: criteria met by the one count that
    sources give under this set; None where there is none or where they differ.
    """

    total: int
    measured: int
    declared: int
    planned: int
    aimed: int
    unmet: int
    no_data: int
    indicators: int
    with_value: int
    in_doubt: int
    unmet_in_all: int
    published: int | None
    until_withdrawal: int | None
    plan: bool = False  # whether nothing but a plan is known of the year

    @property
    def met(self) -> int:
        """Criteria concluded to be met by results; of a year that is only planned, by the plan."""
        return self.measured + self.declared + (self.planned + self.aimed if self.plan else 0)

    @property
    def open(self) -> int:
        """Criteria of which no result says whether they are met."""
        return self.no_data + self.meant

    @property
    def with_figures(self) -> int:
        """Criteria met by a figure of every indicator; of a year that is only planned, by planned ones."""
        return self.measured + (self.planned if self.plan else 0)

    @property
    def meant(self) -> int:
        """Criteria that only the plan of a year with results means to meet: no result, and never counted as one."""
        return 0 if self.plan else self.planned + self.aimed


def standing(report: Report, year: int) -> Standing:
    """What is concluded of ``year``. Raises KeyError for a year that was not judged."""
    row = report.one("summary", year=year)
    row = {**row, "published": row["published_met"], "plan": ""}
    numbers: dict[str, Any] = {c.name: int(row[c.name]) if row[c.name] else None for c in fields(Standing)}
    return Standing(**numbers | {"plan": report.is_plan(year)})


# ---------------------------------------------------------------- who says so


def told_by(report: Report, row: Row) -> str:
    """Who says what stands in the raw rows behind ``row``: ``press``, ``site`` (of an authority) or ``commune``."""
    told = (report.row("observations", observation=name) for name in observation_names(row))
    kinds = {report.documents.get(raw["document"], {}).get("kind", "") for raw in told if raw}
    if kinds and all(kind.startswith("báo chí") for kind in kinds):
        return "press"
    return "site" if kinds and all(kind.startswith(("báo chí", "trang tin")) for kind in kinds) else "commune"


def teller_word(report: Report, row: Row) -> str:
    """``theo báo chí``, ``theo trang tin``, ``theo công bố``: who says what is declared."""
    t = report.t
    return {"press": t("theo báo chí"), "site": t("theo trang tin"), "commune": t("theo công bố")}[told_by(report, row)]


def time_of(report: Report, row: Row, year: int) -> str:
    """``hết năm 2023``; of a source older than the end of the year the time it speaks of: ``đến 08/2015``."""
    written = report.documents.get(row["document"], {}).get("date", "")
    if written == str(year):
        return report.t("trong năm {year}").format(year=year)
    if written[:4] == str(year) and written[:10] != f"{year}-12-31":
        return report.t("đến {date}").format(date=day(written, report.language))
    return report.t("hết năm {year}").format(year=year)


# ---------------------------------------------------------------- what sources count


def counts_of(report: Report, year: int) -> list[Row]:
    """Rows of ``counts`` of a year, those under the set judged by first; one that another repeats is left out."""
    rows = sorted(report.rows("counts", year=year), key=lambda row: row["own"] != "yes")
    return list({(row["met"], row["total"], row["rule_set"]): row for row in reversed(rows)}.values())[::-1]


def headline_count(report: Report, year: int) -> Row | None:
    """The row of ``counts`` that stands for the year beside what is concluded: under this set, and no source says otherwise."""
    row = report.row("summary", year=year)
    return report.row("counts", observation=row["published"]) if row and row["published"] else None


def count_text(report: Report, count: Row) -> str:
    """``9/19 tiêu chí nâng cao (bộ 2021–2025)``."""
    number = count["met"] + (f"/{count['total']}" if count["total"] else "")
    return count_by_set(number, count["rule_set"], report.language)


def counts_told(report: Report, year: int, told_already: str = "") -> list[str]:
    """A sentence for each count that a source gives otherwise than the tables conclude, with its set; and that they
    differ, where they do. ``told_already``: observation of a count that stands elsewhere on the page.
    """
    t, found = report.t, counts_of(report, year)
    concluded = standing(report, year) if report.row("summary", year=year) else None
    forms = {
        "press": t("Báo chí nêu {time} xã đạt {count}."),
        "site": t("Trang tin nêu {time} xã đạt {count}."),
        "commune": t("Xã công bố {time} đạt {count}."),
    }
    told = []
    for count in found:
        confirmed = count["own"] and concluded and not concluded.open and count["met"] == str(concluded.met)
        if confirmed or count["observation"] == told_already:
            continue
        raw = report.row("observations", observation=count["observation"]) or {}
        told.append(
            forms[told_by(report, count)].format(
                time=time_of(report, {"document": "", **raw}, year), count=count_text(report, count)
            )
        )
    sets = [count["rule_set"] for count in found]
    if any(sets.count(name) > 1 for name in sets):
        told.append(t("Các nguồn nêu khác nhau, cần đối chiếu trước khi dùng."))
    if any(count["rule_set"] and not count["own"] for count in found):
        told.append(t("Số đếm theo bộ tiêu chí khác không tính vào kết luận của bộ tiêu chí này."))
    if any(not count["rule_set"] for count in found):
        told.append(t("Số đếm không rõ theo bộ nào thì chỉ nêu lại, không dùng để kết luận."))
    return told


def recognition_told(report: Report) -> list[str]:
    """A sentence for each level that the commune is, or was, recognised at by the end of the year: by which decision, or who says so."""
    rows = (row for row in report.rows("recognitions") if row["date"][:4] <= str(report.year))
    last = {row["level"]: row for row in sorted(rows, key=lambda row: row["date"])}
    return [_recognition(report, row) for row in last.values()]


def _recognition(report: Report, row: Row) -> str:
    t, language = report.t, report.language
    level = {
        "ntm": t("đạt chuẩn nông thôn mới"),
        "nang-cao": t("đạt chuẩn nông thôn mới nâng cao"),
        "kieu-mau": t("đạt chuẩn nông thôn mới kiểu mẫu"),
    }[row["level"]]
    if not row["number"]:
        who = {"press": t("Báo chí nêu"), "site": t("Trang tin nêu"), "commune": t("Xã nêu")}[told_by(report, row)]
        told = t("{who} đến năm {year} xã đã được công nhận {level}{by}; chưa có số quyết định.")
        return told.format(who=who, level=level, year=row["date"][:4], by=_by_set(report, row))
    told = t("Xã được công nhận {level} theo Quyết định {number} ngày {date}{issuer}.").format(
        level=level,
        number=row["number"],
        date=day(row["date"], language),
        issuer=t(" của {name}").format(name=row["issuer"]) if row["issuer"] else "",
    )
    if not row["withdrawn_on"] or row["withdrawn_on"][:4] > str(report.year):
        return told
    return told + " " + t("Công nhận này đã bị thu hồi ngày {date}.").format(date=day(row["withdrawn_on"], language))


def _by_set(report: Report, row: Row) -> str:
    years = re.search(r"\d{4}-\d{4}", row["rule_set"])
    return report.t(" (bộ {years})").format(years=years[0].replace("-", "–")) if years else ""


# ---------------------------------------------------------------- over the years


def history(report: Report) -> str:
    """All counts up to the year of the report in one line, since the first year known, and why the last one fell:
    ``2011: 3/19 (bộ 2009–2015) → 2019: 19/19 (bộ 2016–2020) → 2022: 8/19 (bộ 2021–2025). …``; empty where no earlier year is known.
    """
    points = _points(report)
    if not any(year < report.year for year, _ in points):
        return ""
    line, before = "", None
    for year, count in points:
        sign = "" if before is None else "; " if before["rule_set"] == count["rule_set"] else " → "
        line += f"{sign}{year}: {count_text(report, count)}"
        before = count
    return " ".join([report.t("Qua các năm: {line}.").format(line=line), *_falls(report, points)])


def _points(report: Report) -> list[tuple[int, Row]]:
    """(year, count): what sources count; of a year of which every criterion is concluded, that."""
    years = sorted({*report.years, *(row["year"] for row in report.rows("counts"))})
    points: list[tuple[int, Row]] = []
    for year in (y for y in years if y <= report.year and not report.is_plan(y)):
        counts = counts_of(report, year)
        row = report.row("summary", year=year)
        concluded = standing(report, year) if row and report.in_set(year) else None
        if concluded and not concluded.open:
            mine = {
                "met": str(concluded.met),
                "total": str(concluded.total),
                "rule_set": report.rule_set.id,
                "own": "yes",
            }
            counts = [mine, *(count for count in counts if not count["own"])]
        points += [(year, count) for count in counts]
    return points


def _falls(report: Report, points: list[tuple[int, Row]]) -> list[str]:
    """Why a count of the same level is lower than the one before: another set, or less under the same one."""
    t, found = report.t, []
    levels = [count["rule_set"] and level_of(count["rule_set"]) for _, count in points]
    for level in dict.fromkeys(levels):
        mine = [point for point, own in zip(points, levels, strict=True) if own == level]
        for (first, before), (last, now) in pairwise(mine):
            if first == last or int(now["met"]) >= int(before["met"]):
                continue
            form = t(
                "Năm {last} ít hơn năm {first} vì xét theo bộ tiêu chí mới; hai con số không so trực tiếp với nhau được."
            )
            if now["rule_set"] == before["rule_set"]:
                form = t("Năm {last} ít hơn năm {first} theo cùng một bộ tiêu chí.")
            found.append(form.format(first=first, last=last))
    return found


def withdrawal_text(report: Report, year: int | None = None) -> list[str]:
    """How far the commune is from losing its recognition: only where it has one at the level of the set, and something is unmet."""
    row = report.row("summary", year=year or report.year)
    if row is None or row["unmet_in_all"] == "0" or not row["withdrawal"]:
        return []
    return [withdrawal_sentence(row, report.rule_set.meta, report.language)]


# ---------------------------------------------------------------- the mark of a verdict


def verdict_badge(report: Report, row: Row) -> Inline:
    """Mark for a row of ``indicators`` or ``criteria`` with the words that it needs: an aim is no announcement, an
    unknown threshold no missing figure, a verdict that hangs on what is not known says so.
    """
    return badge(
        row["verdict"], row["basis"], report.language, word=figure_word(report, row), remark=_remark(report, row)
    )


def figure_word(report: Report, row: Row) -> str:
    """What stands instead of "chưa có số liệu" where there is a figure that could not be judged; else empty."""
    if row["verdict"] != "no-data" or not row.get("value"):
        return ""
    return report.t("Chưa biết ngưỡng") if row["reason"] == "no-threshold" else report.t("Chưa kết luận")


def _remark(report: Report, row: Row) -> str:
    on = doubt_word(row.get("doubt") or "", report.language)
    doubt = report.t("còn tùy {what}").format(what=on) if on else ""
    return "; ".join(
        filter(None, [_basis(report, row) or (doubt and basis_remark(row["basis"], report.language)), doubt])
    )


def _basis(report: Report, row: Row) -> str:
    """What a newspaper says is not the commune's word."""
    if row["basis"] != "declared" or told_by(report, row) == "commune":
        return ""
    return teller_word(report, row)


# ---------------------------------------------------------------- a figure, its threshold, its margin


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
    return report.one("thresholds", year=row["year"], indicator=row["indicator"], part=row["part"])


def spare_text(report: Report, row: Row) -> str:
    """``dư 4 triệu đồng/người/năm``, ``thiếu 2,50 điểm (35 hộ)``, ``vừa đủ``: how far a figure is from its threshold."""
    margin, shown = tables.fraction(row["margin"]), margin_text(report, row)
    if not margin:
        return shown
    word = report.t("dư {amount}") if margin > 0 else report.t("thiếu {amount}")
    if margin > 0 and row["bound"] in (">", ">=", "<", "<="):
        word = report.t("dư ít nhất {amount}")
    return word.format(amount=shown.replace("+", "").replace("−", ""))
