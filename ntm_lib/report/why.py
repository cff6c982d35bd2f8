"""The way of one verdict, from the cell of a raw file to the sentence of the report.

Judges nothing: each step words what the processed tables hold. ``make why`` prints it, a notebook shows it as a block.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ntm_lib import rules
from ntm_lib.doc.blocks import Block, bullets, paragraph, stack, strong
from ntm_lib.errors import NtmError, readable
from ntm_lib.language import amount, number, term
from ntm_lib.report.context import Report
from ntm_lib.report.sections.evidence import observation_names, place_text, required_text
from ntm_lib.tables import fraction
from ntm_lib.wording.sentences import change_sentence, explain
from ntm_lib.wording.words import (
    OPERATORS,
    basis_word,
    cause_word,
    change_word,
    confidence_word,
    day,
    document_name,
    margin_phrase,
    reason_word,
    set_by_word,
    value_phrase,
    verdict_word,
)

INDICATOR = re.compile(r"(?P<indicator>[0-9]{1,2}(\.[0-9]{1,2})?)(?P<part>[a-z0-9.]*)")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way: its title, and what is known there, one line a fact."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """``title`` names the indicator and the year; ``steps`` stand in the order in which the figure passes them."""

    title: str
    steps: tuple[Step, ...]

    def text(self) -> str:
        """For a terminal: a heading, then each step with its lines below it."""
        lines = [self.title]
        for count, step in enumerate(self.steps, 1):
            lines += ["", f"{count}. {step.title}", *(f"   {line}" for line in step.lines)]
        return "\n".join(lines)

    def block(self) -> Block:
        """For a notebook or a page."""
        shown = [stack(paragraph(strong(step.title)), bullets(step.lines)) for step in self.steps]
        return stack(paragraph(strong(self.title), lead=True), *shown)


def why(report: Report, asked: str) -> Way:
    """How the verdict on an indicator or a part of one, such as ``17.8a``, came about in the year of the report.

    Raises NtmError for a number that the rule set does not hold, with those that begin like it.
    """
    row = _row(report, asked.strip())
    (rule,) = report.rows("thresholds", year=row["year"], indicator=row["indicator"], part=row["part"])
    name = rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)
    title = f"{row['indicator']}{row['part']} {name}, {report.year_label(report.year)}"
    t = report.t
    parts = _parts(report, row) if rule["join"] else ()
    steps = [
        *([Step(t("Các nội dung của chỉ tiêu"), parts)] if parts else []),
        Step(t("Ô trong tệp số liệu"), (*_cells(report, row), *_unused(report, row))),
        Step(t("Mức quy định"), tuple(_rule(report, rule))),
        Step(t("So sánh và kết luận"), tuple(_verdict(report, row, rule))),
        Step(t("So với lần trước"), tuple(_change(report, row))),
        Step(t("Câu trong báo cáo"), (explain(row, rule, report.language),)),
    ]
    return Way(title, tuple(steps))


def _row(report: Report, asked: str) -> Row:
    """The row of ``indicators`` that is meant."""
    match = INDICATOR.fullmatch(asked.casefold())
    row = match and report.row(
        "indicators", year=report.year, indicator=match["indicator"], part=match["part"].strip(".")
    )
    if row:
        return row
    known = [r["indicator"] + r["part"] for r in report.rows("indicators", year=report.year)]
    near = [name for name in known if asked and name.split(".")[0] == asked.split(".")[0]] or known
    t = report.t
    text = t("INDICATOR: bộ tiêu chí {rule_set} không có chỉ tiêu này.\n    Đọc được: {value}\n    Cho phép: {names}")
    action = t("Cần làm: {action}").format(action=t("viết lại, ví dụ INDICATOR=17.8a"))
    said = text.format(rule_set=report.parameters.rule_set, value=readable(asked) or "–", names=", ".join(near))
    raise NtmError(f"{said}\n    {action}")


def _parts(report: Report, row: Row) -> tuple[str, ...]:
    """``17.8a Nhà tiêu hợp vệ sinh: Đạt``: the verdicts that make the one asked for."""
    of = report.rows("indicators", year=row["year"], indicator=row["indicator"])
    return tuple(
        f"{part['indicator']}{part['part']}"
        f" {rules.indicator_name(report.rule_set, part['indicator'], part['part'], report.language)}:"
        f" {_judged(report, part)}"
        for part in of
        if part["part"].startswith(row["part"]) and part["part"] != row["part"]
    )


def _judged(report: Report, row: Row) -> str:
    """``Đạt (số liệu)``; without a verdict, why."""
    basis = basis_word(row["basis"], report.language)
    if row["reason"] and row["verdict"] in ("no-data", "not-applicable"):
        basis = reason_word(row["reason"], report.language)
    return verdict_word(row["verdict"], report.language) + (f" ({basis})" if basis else "")


def _cells(report: Report, row: Row) -> Iterator[str]:
    """Of each raw row behind the verdict: where it stands, what it says there, what it says of whom, and how it was read."""
    t = report.t
    names = observation_names(row)
    if not names:
        yield t("không có dòng nào được dùng cho kết luận này")
    for name in names:
        raw = report.row("observations", observation=name)
        if raw is None:
            yield t("{name}: do kịch bản giả định, không có trong tệp nào").format(name=name)
            continue
        place = place_text(raw, report.language, report.parameters.commune)
        yield f"[{name}] {place}: “{raw['text']}”"
        if raw["quote"]:
            source = ", ".join(filter(None, [raw["document"], raw["section"]]))
            yield t("nguyên văn: “{quote}” ({source})").format(quote=raw["quote"], source=source)
        yield t("đọc là: {read}").format(read=_reading(report, raw))
        if raw["correction"]:
            yield t("đã đính chính theo corrections.csv, mục {name}").format(name=raw["correction"])


def _unused(report: Report, row: Row) -> Iterator[str]:
    """Rows on the same indicator and year that the verdict does not rest on."""
    key = {"indicator": row["indicator"], "part": row["part"], "year": report.year}
    used = observation_names(row)
    for raw in report.rows("observations", **key):
        if raw["observation"] not in used:
            place = place_text(raw, report.language, report.parameters.commune)
            text = report.t("không dùng để kết luận: [{name}] {place}: “{text}”")
            yield text.format(name=raw["observation"], place=place, text=raw["text"])


def _reading(report: Report, raw: Row) -> str:
    """``1.276/1.413 (90,3%); số đo của năm 2023``."""
    t, language = report.t, report.language
    value = fraction(raw["value"])
    shown = term(raw["value"], language) if value is None else amount(value, raw["unit"], language)
    if raw["numerator"] and raw["denominator"]:
        share = f"{number(raw['numerator'], language)}/{number(raw['denominator'], language)}"
        shown = f"{share} ({shown})" if shown else share
    bound = OPERATORS[raw["operator"]]
    kinds = {
        "measured": t("kết quả của năm {year}"),
        "declared": t("xã công bố cho năm {year}"),
        "target": t("mục tiêu của năm {year}"),
        "change": t("kế hoạch năm {year}, cộng vào kết quả năm {base}"),
        "split": t("phần của một dòng khác, năm {year}"),
    }
    kind = kinds.get(raw["kind"], t("năm {year}")).format(year=raw["year"], base=raw["base_year"])
    return f"{bound} {shown}; {kind}".strip()


def _rule(report: Report, rule: Row) -> Iterator[str]:
    """What is asked for, who says so and where, how sure that is, why this column, and what gave way to it."""
    t, language = report.t, report.language
    yield required_text(report, rule) if rule["threshold"] or not rule["join"] else t("theo từng nội dung")
    document = document_name(rule["document"], language)
    place = ", ".join(filter(None, [document, term(rule["article"], language)]))
    yield t("cấp quy định: {layer}; bộ tiêu chí {rule_set}; văn bản: {place}").format(
        layer=set_by_word(rule["set_by"], language), rule_set=report.parameters.rule_set, place=place or "–"
    )
    yield t("độ tin cậy: {confidence}; đọc từ: {source}").format(
        confidence=confidence_word(rule["confidence"], language) or "–", source=term(rule["source"], language) or "–"
    )
    if rule["valid_from"]:
        until = t(" đến {day}").format(day=day(rule["valid_to"], language)) if rule["valid_to"] else ""
        yield t("áp dụng từ {day}").format(day=day(rule["valid_from"], language)) + until
    yield from filter(None, [rule["column_reason"], rule["applies_reason"], rule["note"]])
    for layer in filter(None, rule["layers"].split(";")):
        set_by, _, lost = layer.partition(":")
        operator, _, threshold = lost.partition(" ")
        yield t("không dùng mức của {layer}: {asked}").format(
            layer=set_by_word(set_by, language),
            asked=required_text(report, {**rule, "operator": operator, "threshold": threshold}),
        )


def _verdict(report: Report, row: Row, rule: Row) -> Iterator[str]:
    """Value, sign and threshold; the verdict with its basis; the margin; what it hangs on."""
    t, language = report.t, report.language
    value = value_phrase(row, rule, language)
    if value and row["threshold"]:
        value = t("nhiều nhất {value}").format(value=value) if row["bound"] == "upper" else value
        yield t("{value} so với {asked}").format(value=value, asked=required_text(report, rule))
    yield _judged(report, row)
    if margin := margin_phrase(row, rule, language):
        yield margin
    doubts = {
        "trait": t("còn tùy một đặc điểm của xã chưa được ghi trong commune.yml"),
        "threshold": t("mức yêu cầu chưa đối chiếu với văn bản gốc"),
    }
    for doubt in filter(None, row["doubt"].split(";")):
        yield t("kết luận có thể đổi: {why}").format(why=doubts.get(doubt, doubt))
    if row["scenario"] == "yes":
        yield t("theo kịch bản, không phải số liệu thật")


def _change(report: Report, row: Row) -> Iterator[str]:
    """What changed, the cause, and the sentence."""
    change = report.row("changes", indicator=row["indicator"], part=row["part"], to_year=report.year)
    if change is None or not change["change"]:
        yield report.t("chưa có kết luận của lần trước hoặc của năm này để so")
        return
    cause = cause_word(change["cause"], report.language)
    yield change_word(change, report.language) + (f" ({cause})" if cause and not change["broken"] else "")
    yield change_sentence(change, report.language)
