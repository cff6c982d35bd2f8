"""A rule set as it stands in ``data/raw/rules/<rule-set>``, and the names it gives.

Files of a set: ``set.yml`` (names, columns, who may use them, layers, criteria, recognition and
withdrawal, amendments: each dated, with document and source), ``indicators.csv`` (one row per
indicator and per part), ``thresholds.csv`` (one row per indicator, part, column and period) and,
where there is one, ``supporting_law.csv`` (the law that says what is counted). What applies to one
commune in one year is ``resolving``; whether the files are sound is ``check``.
"""

from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ntm_lib import paths
from ntm_lib.errors import NtmError, readable
from ntm_lib.language import translator
from ntm_lib.model import Row
from ntm_lib.rules.files import SLUG, Stamp, read_csv, read_yaml, stamp
from ntm_lib.tables import CONFIDENCES, OPERATORS, fraction, records

WORDS = ("when", "from", "to")  # entries of set.yml that are conditions and days
INDICATOR_COLUMNS = (
    "criterion", "indicator", "part", "join", "kind", "unit", "scale", "count_unit", "both_sexes", "years_running",
    "applies_if", "valid_from", "valid_to", "name_vi", "name_en", "definition", "definition_en", "name_source",
    "name_confidence", "note", "note_en",
)  # fmt: skip
THRESHOLD_COLUMNS = (
    "indicator", "part", "column", "operator", "threshold", "unit", "valid_from", "valid_to", "set_by", "document",
    "article", "source", "confidence", "note", "note_en",
)  # fmt: skip
LAW_COLUMNS = (
    "indicator", "rule_vi", "rule_en", "operator", "value", "unit", "document", "article", "valid_from", "valid_to",
    "note", "note_en", "source", "confidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Threshold:
    """One row of thresholds.csv. ``threshold``: a canonical decimal, ``met``, a word of ``scale`` (that of its indicator, from
    lowest to highest), a share of the base set's (``110% of 10.1``); empty: not known.
    """

    indicator: str
    part: str
    column: str
    operator: str
    threshold: str
    unit: str
    valid_from: str
    valid_to: str
    set_by: str
    document: str
    article: str
    source: str
    confidence: str
    note: str = ""
    note_en: str = ""
    scale: str = ""

    @property
    def value(self) -> Fraction | int | None:
        """The exact number, or the place on the scale; None where it is neither."""
        number = fraction(self.threshold)
        words = self.scale.split("|")
        return number if number is not None else words.index(self.threshold) if self.threshold in words else None

    def holds_on(self, day: str) -> bool:
        """Whether it is in force on an ISO date."""
        return self.valid_from <= day <= (self.valid_to or "9999")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator or a part is: the cells of indicators.csv that judging needs."""

    criterion: str
    indicator: str
    part: str
    join: str
    kind: str
    unit: str
    scale: str
    count_unit: str
    both_sexes: str
    years_running: str
    applies_if: str
    note: str
    note_en: str

    @property
    def key(self) -> tuple[str, str]:
        return self.indicator, self.part


@dataclass(frozen=True, eq=False)
class RuleSet:
    """One set of criteria; treat its tables and ``meta`` as read-only, they are shared.

    ``meta`` is set.yml. ``indicators`` and ``thresholds`` are the rows of the set's own files; a set
    that ``extends`` another adds to, or replaces, rows of ``base`` (``all_indicators``). Of an indicator whose
    kind, wording or parts changed, ``indicators`` holds what it is last and ``earlier`` what it was. ``law`` is
    supporting_law.csv.
    """

    id: str
    meta: Row
    indicators: pd.DataFrame
    thresholds: pd.DataFrame
    law: pd.DataFrame
    folder: Path
    base: "RuleSet | None" = None
    earlier: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*INDICATOR_COLUMNS, "row"]))

    @property
    def all_indicators(self) -> pd.DataFrame:
        """Rows of the base set and its own, own rows in place of those they replace."""
        return _all_indicators(self)


def rule_sets() -> list[str]:
    """Ids of the rule sets there are, sorted."""
    return sorted(p.parent.name for p in paths.rules_folder().glob("*/set.yml"))


def load_set(rule_set: str, language: str = "vi") -> RuleSet:
    """The rule set with this id. Raises NtmError for an unknown one or a file that cannot be read."""
    if not SLUG.fullmatch(rule_set) or rule_set not in rule_sets():
        raise NtmError(
            translator(language)('Không có bộ tiêu chí "{rule_set}". Các bộ đang có: {known}').format(
                rule_set=rule_set, known=", ".join(rule_sets())
            )
        )
    return _load(paths.rules_folder() / rule_set, language, stamp(*sorted(paths.rules_folder().rglob("*.*"))))


def criterion_name(rule_set: RuleSet, criterion: str, language: str) -> str:
    """Name of a criterion; of one whose number is not known ("") that it is not known."""
    for entry in rule_set.meta["criteria"]:
        if entry["id"] == criterion:
            return str(entry["name"][language])
    return translator(language)("Tiêu chí chưa rõ")


def indicator_name(rule_set: RuleSet, indicator: str, part: str, language: str) -> str:
    """Name of an indicator or of its part; where the source gives none, that it is not known."""
    row = _by_key(rule_set).get((indicator, part), {})
    return row.get(f"name_{language}") or translator(language)("(chưa biết tên chỉ tiêu)")


def definitions(rule_set: RuleSet, indicator: str, on_date: str) -> pd.DataFrame:
    """Rows of supporting law for an indicator (or ``satisfaction``) in force on an ISO date."""
    law = rule_set.law if rule_set.base is None else pd.concat([rule_set.base.law, rule_set.law], ignore_index=True)
    return law[(law["indicator"] == indicator) & in_force(law, on_date)].reset_index(drop=True)


@cache
def indicators_of(rule_set: RuleSet, year: int) -> pd.DataFrame:
    """``all_indicators`` as they are at the end of a year: of those that change their kind, what they are then."""
    rows = rule_set.all_indicators
    earlier = pd.concat([rule_set.earlier, *([rule_set.base.earlier] if rule_set.base else [])], ignore_index=True)
    then = earlier[in_force(earlier, f"{year}-12-31")]
    replaced = set(zip(then["indicator"], then["part"], strict=True))
    kept = [key not in replaced for key in zip(rows["indicator"], rows["part"], strict=True)]
    return pd.concat([rows[kept], then], ignore_index=True) if replaced else rows


def unplaced(rule_set: RuleSet) -> int:
    """Number of indicators of which not even the criterion is known: any criterion may hold one of them."""
    rows = rule_set.all_indicators
    return int(rows.loc[rows["criterion"] == "", "indicator"].nunique())


@cache
def thresholds_by_cell(
    rule_set: RuleSet, province: str, language: str
) -> dict[tuple[str, str, str], tuple[Threshold, ...]]:
    """(indicator, part, column) → the rows of the set's own file, or, with a ``province``, of the province's."""
    folder = rule_set.folder.parent
    table = province_thresholds(folder, province, rule_set.id, language) if province else rule_set.thresholds
    index: dict[tuple[str, str, str], tuple[Threshold, ...]] = {}
    for row in records(table):
        level = Threshold(**{c: row[c] for c in THRESHOLD_COLUMNS})
        key = (level.indicator, level.part, level.column)
        index[key] = (*index.get(key, ()), level)
    return index


@cache
def indicators_on(rule_set: RuleSet, day: str) -> tuple[Indicator, ...]:
    """What each indicator and part of the set's own file is on the ISO date ("": at the end of the set)."""
    then = {
        (r["indicator"], r["part"]): r
        for r in records(rule_set.earlier)
        if day and r["valid_from"] <= day <= r["valid_to"]
    }
    rows = (then.get((r["indicator"], r["part"]), r) for r in records(rule_set.indicators))
    return tuple(Indicator(**{f.name: row[f.name] for f in fields(Indicator)}) for row in rows)


def names_on(rule_set: RuleSet, day: str) -> dict[tuple[str, str], Row]:
    """What each indicator and part is on an ISO date, by (indicator, part)."""
    rows = {(r["indicator"], r["part"]): r for r in records(rule_set.all_indicators)}
    earlier = records(rule_set.earlier)
    then = {(r["indicator"], r["part"]): r for r in earlier if r["valid_from"] <= day <= r["valid_to"]}
    return rows | then


def in_force(rows: pd.DataFrame, on_date: str) -> pd.Series:
    """Which rows are valid on an ISO date; an empty ``valid_from`` or ``valid_to`` is open."""
    return (rows["valid_from"] <= on_date) & ((rows["valid_to"] == "") | (rows["valid_to"] >= on_date))


def valid_entries(entries: list[Row], on_date: str) -> list[Row]:
    """Entries of set.yml (recognition, column_rules …) whose ``from`` and ``to`` include an ISO date."""
    return [e for e in entries if (e.get("from") or "") <= on_date <= (e.get("to") or "9999")]


def province_thresholds(rules_folder: Path, province_slug: str, rule_set: str, language: str) -> pd.DataFrame:
    """The province's rows for a rule set; empty where there is no file."""
    path = rules_folder / "provinces" / province_slug / f"{rule_set}.csv"
    if not SLUG.fullmatch(province_slug) or not path.is_file():
        return pd.DataFrame(columns=[*THRESHOLD_COLUMNS, "row"])
    return _thresholds(path, language)


def _thresholds(path: Path, language: str) -> pd.DataFrame:
    """Rows of a file of thresholds. Raises NtmError for a word that is none of its column's: nothing could be judged by it."""
    rows = read_csv(path, THRESHOLD_COLUMNS, language)
    refuse_other_words(rows, path, language)
    return rows


def refuse_other_words(rows: pd.DataFrame, path: Path, language: str) -> None:
    """Raises NtmError for an operator or a confidence that there is none of, with its cell."""
    for column, allowed in (("operator", OPERATORS), ("confidence", CONFIDENCES)):
        for number, word in zip(rows["row"], rows[column], strict=True):
            if word not in allowed:
                text = translator(language)(
                    "Tệp {file}, dòng {row}, cột {column}: không có giá trị này.\n    Đọc được: {value}\n    Cho phép: {names}\n    Cần làm: sửa ô này, rồi chạy make rules CHECK=1"
                )
                names = " ".join(filter(None, allowed))
                where = paths.shown(path)
                raise NtmError(text.format(file=where, row=number, column=column, value=readable(word), names=names))


def refuse_other_kinds(entry: Any, path: Path, language: str) -> Any:
    """The entry as it is. Raises NtmError where a condition or a day, at any depth, is no text."""
    if isinstance(entry, list):
        for part in entry:
            refuse_other_kinds(part, path, language)
    if isinstance(entry, dict):
        for key, value in entry.items():
            if key in WORDS and value is not None and not isinstance(value, str):
                text = translator(language)(
                    "Tệp {file}, mục {key}: phải là chữ.\n    Đọc được: {value}\n    Cần làm: sửa mục này, rồi chạy make rules CHECK=1"
                )
                raise NtmError(text.format(file=paths.shown(path), key=key, value=readable(str(value))))
            refuse_other_kinds(value, path, language)
    return entry


def read_set(folder: Path, language: str = "vi") -> RuleSet:
    """The rule set in ``folder``, read anew. Raises NtmError for a file that cannot be read."""
    meta = read_yaml(folder / "set.yml", language)
    refuse_other_kinds(meta, folder / "set.yml", language)
    base = read_set(folder.parent / meta["extends"], language) if meta.get("extends") else None
    law = folder / "supporting_law.csv"
    rows = read_csv(folder / "indicators.csv", INDICATOR_COLUMNS, language)
    last = ~rows.sort_values("valid_from", kind="stable").duplicated(["indicator", "part"], keep="last").sort_index()
    return RuleSet(
        id=folder.name,
        meta=_whole(meta, folder.parent, base, language),
        indicators=rows[last].reset_index(drop=True),
        earlier=rows[~last].reset_index(drop=True),
        thresholds=read_csv(folder / "thresholds.csv", THRESHOLD_COLUMNS, language),
        law=read_csv(law, LAW_COLUMNS, language) if law.is_file() else pd.DataFrame(columns=[*LAW_COLUMNS, "row"]),
        folder=folder,
        base=base,
    )


@cache
def _load(folder: Path, language: str, version: Stamp) -> RuleSet:
    """One RuleSet a version of the files: what others cache, they cache by its identity."""
    rule_set = read_set(folder, language)
    refuse_other_words(rule_set.thresholds, folder / "thresholds.csv", language)
    return rule_set


def _whole(meta: Row, rules_folder: Path, base: RuleSet | None, language: str) -> Row:
    """set.yml with what it shares: ``same_as`` names entries that are those of another set, and a
    set that ``extends`` another begins with its criteria."""
    whole = dict(meta)
    if same := meta.get("same_as"):
        path = rules_folder / same["set"] / "set.yml"
        other = refuse_other_kinds(read_yaml(path, language), path, language)
        whole |= {entry: other[entry] for entry in same["entries"] if entry in other}
    if base is not None:
        whole["criteria"] = [*base.meta["criteria"], *meta["criteria"]]
    return whole


@cache
def _all_indicators(rule_set: RuleSet) -> pd.DataFrame:
    if rule_set.base is None:
        return rule_set.indicators
    own = set(zip(rule_set.indicators["indicator"], rule_set.indicators["part"], strict=True))
    base = rule_set.base.all_indicators
    kept = [key not in own for key in zip(base["indicator"], base["part"], strict=True)]
    return pd.concat([base[kept], rule_set.indicators], ignore_index=True)


@cache
def _by_key(rule_set: RuleSet) -> dict[tuple[str, str], Row]:
    return {(r["indicator"], r["part"]): r for r in records(rule_set.all_indicators)}
