"""What a planner assumes, read from text (``10=47``, ``11=150/1413``, ``17.8a=+56``, ``18.2=khá``), and observations in
which the values of one year give way to it. Judges nothing.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from ntm_lib import tables
from ntm_lib.errors import NtmError
from ntm_lib.judge.amounts import place
from ntm_lib.judge.observations import MEASURED, SCENARIO, Index, index_rows, rank, sex
from ntm_lib.language import number, percent, translator
from ntm_lib.model import Observation, Row, sure
from ntm_lib.tables import EXACT, decimal_text, records

STATUS_WORDS = {
    "met": "met", "đạt": "met", "dat": "met",
    "unmet": "unmet", "chưa đạt": "unmet", "chua dat": "unmet",
}  # fmt: skip

_WORD = re.compile(r"(?P<target>[^=+]+)(?P<plus>\+)?=(?P<value>.+)")
_TARGET = re.compile(r"(?P<indicator>(?:KM)?\d{1,2}(?:\.\d{1,2})?)(?P<part>[a-z][a-z0-9]*(?:\.[a-z0-9]+)*)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # 1.413: a thousand or one and a bit?


class Assumption(NamedTuple):
    """One change. ``indicator`` may still be the number of a criterion (``10``). Either ``numerator``
    and ``denominator``, or ``value``, or ``word`` (met, unmet, a rating) is given; ``add`` means that
    the number is added to the last result. ``text`` is what was read, for messages.
    """

    indicator: str
    part: str
    add: bool
    text: str
    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    word: str = ""

    @property
    def target(self) -> str:
        return self.indicator + self.part


def parse_changes(text: str, language: str = "vi") -> list[Assumption]:
    """Changes written as words, such as ``10=47 11=150/1413 17.8a=+56``; ``17.8a+=56`` says the same.

    Decimal comma or point; ``chưa-đạt`` for words of several parts. Raises NtmError for a word that
    cannot be read, or can be read in two ways.
    """
    t = translator(language)
    changes = []
    for word in text.split():
        match = _WORD.fullmatch(word)
        if not match:
            raise NtmError(
                t("Không hiểu thay đổi “{text}”. Viết chỉ tiêu=giá trị, ví dụ 10=47 hoặc 17.8a=1300/1413.").format(
                    text=word
                )
            )
        value = match["value"]
        adds = bool(match["plus"]) or value[0] in "+-"
        changes.append(_assumption(match["target"], value, adds, word, language))
    return changes


def read_changes(entries: Iterable[Row], language: str = "vi") -> list[Assumption]:
    """Changes of a scenario file: ``{indicator: "17.8", part: a, add: 56}`` or ``{indicator: "10.1", set: "49"}``.

    Raises NtmError for an entry without exactly one of ``set`` and ``add``, or with another key.
    """
    t = translator(language)
    changes = []
    for entry in entries:
        form = t("Mỗi thay đổi gồm indicator, part (nếu có) và một trong hai: set hoặc add.")
        if not isinstance(entry, dict) or not {"indicator"} < set(entry) <= {"indicator", "part", "set", "add"}:
            raise NtmError(t("Không hiểu thay đổi “{text}”.").format(text=entry) + " " + form)
        if ("set" in entry) == ("add" in entry):
            raise NtmError(
                t("Thay đổi của chỉ tiêu {target} phải có set hoặc add, không cả hai.").format(
                    target=entry["indicator"]
                )
            )
        value = str(entry.get("set", entry.get("add"))).strip()
        target = f"{entry['indicator']}{entry.get('part') or ''}"
        changes.append(_assumption(target, value, "add" in entry, f"{target}={value}", language))
    return changes


def _assumption(target: str, value: str, adds: bool, text: str, language: str) -> Assumption:
    t = translator(language)
    match = _TARGET.fullmatch(target)
    if not match:
        raise NtmError(
            t("“{text}”: “{target}” không phải số hiệu chỉ tiêu, như 10.1 hoặc 17.8a.").format(text=text, target=target)
        )
    assumed = Assumption(match["indicator"], match["part"] or "", adds, text)
    numbers = [_number(piece, text, language) for piece in value.removesuffix("%").split("/")]
    if len(numbers) == 2 and None not in numbers and not adds:
        if sure(numbers[1]) <= 0:
            raise NtmError(t("“{text}”: mẫu số phải lớn hơn 0.").format(text=text))
        return assumed._replace(numerator=numbers[0], denominator=numbers[1])
    if len(numbers) == 1 and numbers[0] is not None:
        return assumed._replace(value=numbers[0])
    if adds or any(n is not None for n in numbers):
        raise NtmError(t("“{text}”: “{value}” không phải một số.").format(text=text, value=value))
    word = re.sub(r"[-_]", " ", value).casefold()
    return assumed._replace(word=STATUS_WORDS.get(word, word))


def _number(piece: str, text: str, language: str) -> Fraction | None:
    """Exact number; None for a word. Raises NtmError where a lone separator could mean thousands."""
    if _GROUPED.fullmatch(piece):
        message = translator(language)(
            "“{text}”: “{number}” có thể hiểu theo hai cách; viết 1413 cho số nguyên, 1,5 cho số thập phân."
        )
        raise NtmError(message.format(text=text, number=piece))
    return Fraction(piece.replace(",", ".")) if _NUMBER.fullmatch(piece) else None


Rules = dict[tuple[str, str], Row]


def override(
    observations: pd.DataFrame, changes: list[Assumption], year: int, thresholds: pd.DataFrame, language: str = "vi"
) -> pd.DataFrame:
    """``observations`` in which what is known and planned of ``year`` gives way to ``changes``; that of the
    parts too, where a change is about the whole indicator.

    A change that adds is added to the last result at or before ``year``, not to the plan. The new
    rows have table ``scenario``; judged, they are planned and marked. Raises NtmError, in
    ``language``, for an indicator that the rule set (``thresholds``) does not have, a share over
    100 %, a value that does not fit the indicator, an indicator changed twice.
    """
    rules = {(r["indicator"], r["part"]): r for r in records(thresholds)}
    index = index_rows(records(observations))
    added: dict[tuple[str, str], Row] = {}
    for change in changes:
        rule = _rule(change, rules, language)
        key = rule["indicator"], rule["part"]
        if key in added:
            raise NtmError(translator(language)("Chỉ tiêu {target} được đặt hai lần.").format(target="".join(key)))
        base = _base(change, index, key, year, language) if change.add else None
        added[key] = _row(change, rule, base, year, language)
    kept = [r for r in records(observations) if not _gives_way(r, year, added)]
    return tables.as_table("observations", kept + list(added.values()))


def _gives_way(row: Row, year: int, added: Rules) -> bool:
    told = Observation.of(row)
    if told.year != year or row["village"] or not (rank(told) is not None or told.kind == "change"):
        return False
    part = "" if told.part == sex(told) else told.part
    return (row["indicator"], part) in added or (row["indicator"], "") in added


def _rule(change: Assumption, rules: Rules, language: str) -> Row:
    """The rule a change is about; ``10`` means ``10.1`` where the criterion has one indicator."""
    t = translator(language)
    indicator = change.indicator
    if "." not in indicator:
        of_criterion = [i for i, part in rules if not part and i.partition(".")[0] == indicator]
        if len(of_criterion) > 1:
            names = ", ".join(sorted(of_criterion, key=tables.natural_key))
            raise NtmError(
                t("“{text}”: tiêu chí {criterion} có nhiều chỉ tiêu; hãy nêu một trong {names}.").format(
                    text=change.text, criterion=indicator, names=names
                )
            )
        indicator = of_criterion[0] if of_criterion else indicator
    rule = rules.get((indicator, change.part))
    if rule is None:
        raise NtmError(_unknown(change, indicator, rules, language))
    if rule["join"] and not rule["threshold"] and not _is_status(change):
        parts = ", ".join(indicator + p for i, p in rules if i == indicator and p)
        raise NtmError(
            t("“{text}”: chỉ tiêu {indicator} gồm nhiều nội dung; hãy nêu một trong {parts}.").format(
                text=change.text, indicator=indicator, parts=parts
            )
        )
    return rule


def _unknown(change: Assumption, indicator: str, rules: Rules, language: str) -> str:
    t = translator(language)
    parts = [i + p for i, p in rules if i == indicator]
    siblings = [i + p for i, p in rules if i.partition(".")[0] == indicator.partition(".")[0]]
    known = sorted(parts or siblings or {i.partition(".")[0] for i, _ in rules}, key=tables.natural_key)
    message = t("“{text}”: bộ tiêu chí không có chỉ tiêu {target}. Có: {known}.")
    return message.format(text=change.text, target=indicator + change.part, known=", ".join(known))


def _is_status(change: Assumption) -> bool:
    return change.word in ("met", "unmet")


def _base(change: Assumption, index: Index, key: tuple[str, str], year: int, language: str) -> Observation:
    """The last result at or before ``year`` to which a change can be added."""
    t = translator(language)
    years = sorted({y for y, indicator, part in index if (indicator, part) == key and y <= year}, reverse=True)
    for known in years:
        rows = [r for r in index[(known, *key)] if rank(r) == MEASURED and not sex(r) and _amount(r) is not None]
        rows = [r for r in rows if r.denominator is not None] or rows
        if len({_amount(r) for r in rows}) > 1:
            raise NtmError(
                t("“{text}”: năm {year} có nhiều số liệu khác nhau, không rõ cộng vào số nào.").format(
                    text=change.text, year=known
                )
            )
        if rows:
            return rows[0]
    raise NtmError(t("“{text}”: không có kết quả nào đến năm {year} để cộng vào.").format(text=change.text, year=year))


def _amount(row: Observation) -> Fraction | None:
    return 100 * row.numerator / row.denominator if row.numerator is not None and row.denominator else row.amount


def _row(change: Assumption, rule: Row, base: Observation | None, year: int, language: str) -> Row:
    """The observation that a change makes, checked against what its indicator can be."""
    value, numerator, denominator = change.value, change.numerator, change.denominator
    unit = rule["unit"]
    if base is not None:
        unit = base.unit
        if base.denominator is not None and not change.text.endswith("%"):
            numerator, denominator, value = sure(base.numerator) + sure(change.value), base.denominator, None
        else:
            value = sure(_amount(base)) + sure(change.value)
    if denominator:
        value = 100 * sure(numerator) / denominator
    _check(change, rule, value, denominator, language)
    is_share = rule["kind"] == "share" or denominator is not None
    return {
        "observation": f"SET:{rule['indicator']}{rule['part']}",
        "table": SCENARIO,
        "year": year,
        "kind": "target",
        "base_year": str(base.year) if base else "",
        **{c: rule[c] for c in ("criterion", "indicator", "part")},
        "text": change.text,
        "value": change.word or decimal_text(value, EXACT if denominator is None else 6),
        "unit": "status" if _is_status(change) else "%" if is_share else unit,
        "numerator": decimal_text(numerator),
        "denominator": decimal_text(denominator),
    }


def _check(change: Assumption, rule: Row, value: Fraction | None, denominator: Fraction | None, language: str) -> None:
    """Raises NtmError where a value does not fit the indicator."""
    t = translator(language)
    target, kind = rule["indicator"] + rule["part"], rule["kind"]
    if change.word:
        if not _is_status(change) and not (kind == "rating" and place(change.word, rule["scale"]) is not None):
            allowed = ", ".join([*filter(None, rule["scale"].split("|")), "met", "unmet"])
            raise NtmError(
                t(
                    "“{text}”: “{word}” không phải một số, cũng không phải giá trị của chỉ tiêu {target} ({allowed})."
                ).format(text=change.text, word=change.word, target=target, allowed=allowed)
            )
        return
    if kind in ("status", "rating"):
        raise NtmError(t("“{text}”: chỉ tiêu {target} không đo bằng số.").format(text=change.text, target=target))
    if denominator is not None and kind != "share":
        raise NtmError(
            t("“{text}”: chỉ tiêu {target} không phải là tỷ lệ; hãy viết một số.").format(
                text=change.text, target=target
            )
        )
    if kind == "share" and not 0 <= sure(value) <= 100:
        raise NtmError(
            t("“{text}”: tỷ lệ {value} nằm ngoài khoảng 0–100%.").format(
                text=change.text, value=percent(value, language)
            )
        )
    if kind != "growth" and sure(value) < 0:
        raise NtmError(
            t("“{text}”: giá trị {value} nhỏ hơn 0.").format(text=change.text, value=number(value, language))
        )
