"""The thresholds that hold for one commune in one year: the table ``thresholds``.

Judged at 31 December of the year. Comparing a value with a threshold does not belong here.
"""

import re
from fractions import Fraction
from functools import cache, lru_cache

import pandas as pd

from ntm_lib.dictionary import TABLES
from ntm_lib.language import number, translator
from ntm_lib.model import Row
from ntm_lib.rules.columns import Column, choose_column
from ntm_lib.rules.communes import trait, trait_names
from ntm_lib.rules.conditions import holds, in_words, parse, traits
from ntm_lib.rules.layering import choose, weaker
from ntm_lib.rules.sets import RuleSet, province_thresholds
from ntm_lib.tables import decimal_text, fraction, natural_key, records

SHARE_OF = re.compile(r"(\d+(?:\.\d+)?)% of (\S+)")  # "110% of 10.1": of the base set's threshold
COLUMNS = tuple(TABLES["thresholds"][1])
ORIGIN = (
    "operator",
    "threshold",
    "unit",
    "set_by",
    "document",
    "article",
    "source",
    "confidence",
    "valid_from",
    "valid_to",
)
Key = tuple[str, str]  # indicator, part
Known = tuple[tuple[str, str | None], ...]  # traits of a commune and their values


def resolve(
    rule_set: RuleSet, commune: Row, year: int, region: str | None = None, language: str = "vi", strict: bool = False
) -> pd.DataFrame:
    """Table ``thresholds`` of the commune for the year, layered nation ← ministry ← province.

    ``region`` overrides the column. ``strict`` blanks every threshold whose confidence is
    ``unverified`` and keeps that confidence. A year before the first of the set is judged by the
    first (old data under new rules); after its last year no threshold holds any more. Where the
    column is not known, every threshold is blank. An indicator of which not even the criterion is
    known stands there with criterion "". Raises NtmError for an unknown ``region``.
    """
    first, last = rule_set.meta["years"]
    day = f"{max(year, first)}-12-31"
    column = choose_column(rule_set, commune, day, region, language)
    known = tuple((name, trait(commune, name, day)) for name in _asked(rule_set))
    in_force = day if year <= last else ""
    return _table(rule_set, commune.get("province_slug") or "", year, in_force, column, known, language, strict).copy()


def unknown_traits(rule_set: RuleSet, commune: Row, year: int) -> tuple[str, ...]:
    """Codes of the traits that the column or an indicator of the year hangs on and that nobody has stated of the commune."""
    day = f"{max(year, rule_set.meta['years'][0])}-12-31"
    column = choose_column(rule_set, commune, day)
    known = {name: trait(commune, name, day) for name in _asked(rule_set)} | {"column": column.code or None}
    conditions = [parse(text) for text in rule_set.all_indicators["applies_if"] if text]
    open_ = [name for c in conditions if holds(c, known) is None for name in traits(c) if known.get(name) is None]
    return tuple(dict.fromkeys([*column.asked, *(name for name in open_ if name != "column")]))


def _rows(rule_set: RuleSet, province: str, day: str, column: Column, known: Known, language: str) -> tuple[Row, ...]:
    """One dict per indicator and part, in order; ``day`` "" where the set no longer holds."""
    base = {_key(r): r for r in _rows(rule_set.base, province, day, column, known, language)} if rule_set.base else {}
    resolved = dict(base)
    for about in _indicators(rule_set, day):
        key = _key(about)
        resolved[key] = _row(
            rule_set, about, _candidates(rule_set, province, column.code, key, day, language), base, language
        )
    for row in resolved.values():
        row = resolved[_key(row)] = row | {"column": column.code, "column_reason": column.reason}
        row |= _applies(rule_set, row, column.code, dict(known), language)
    _hand_down(resolved)
    return tuple(sorted(resolved.values(), key=lambda r: [natural_key(v) for v in _key(r)]))


def _row(rule_set: RuleSet, about: Row, candidates: list[Row], base: dict[Key, Row], language: str) -> Row:
    """The row of one indicator or part: what it is, and the threshold that won."""
    notes = [_note(about, language)]
    row = {c: about.get(c, "") for c in COLUMNS} | {"applies_if": about["applies_if"], "layers": ""}
    candidates = [_computed(c | {"scale": about["scale"]}, base, language) for c in candidates]
    if candidates:
        wins = {layer["layer"]: layer["wins"] for layer in rule_set.meta["layers"]}
        winner, lost = choose(candidates, wins)
        lost += [base[_key(about)]] if _key(about) in base and base[_key(about)]["threshold"] else []
        row |= {c: winner[c] for c in ORIGIN}
        row["layers"] = ";".join(f"{r['set_by']}:{r['operator']} {r['threshold']}" for r in lost)
        notes.insert(0, _note(winner, language))
    row["confidence"] = row["confidence"] or "unknown"
    return row | {"note": "; ".join(filter(None, notes))}


def _candidates(rule_set: RuleSet, province: str, column: str, key: Key, day: str, language: str) -> list[Row]:
    """Rows of the set and of the province for the column, valid on the day; those of the nation first."""
    nation = _index(rule_set, "", language).get((*key, column), [])
    local = _index(rule_set, province, language).get((*key, column), []) if province else []
    return [r for r in [*nation, *local] if r["valid_from"] <= day <= (r["valid_to"] or "9999")]


@cache
def _index(rule_set: RuleSet, province: str, language: str) -> dict[tuple[str, str, str], list[Row]]:
    table = (
        province_thresholds(rule_set.folder.parent, province, rule_set.id, language)
        if province
        else rule_set.thresholds
    )
    index: dict[tuple[str, str, str], list[Row]] = {}
    for row in records(table):
        index.setdefault((row["indicator"], row["part"], row["column"]), []).append(row)
    return index


def _computed(row: Row, base: dict[Key, Row], language: str) -> Row:
    """A threshold written as a share of the base set's (``110% of 10.1``) becomes a number, as sure as the less sure of both."""
    match = SHARE_OF.fullmatch(row["threshold"])
    if not match:
        return row
    origin = base.get((match[2], ""), {})
    value = fraction(origin.get("threshold", ""))
    if value is None:
        return row | {"threshold": "", "confidence": "unknown"}
    remark = {
        f"note{suffix}": "; ".join(
            filter(
                None,
                [
                    row[f"note{suffix}"],
                    translator(lang)("{share}% của mức {value}").format(
                        share=number(match[1], lang), value=number(value, lang)
                    ),
                ],
            )
        )
        for suffix, lang in (("", "vi"), ("_en", "en"))
        if lang == language
    }
    exact = Fraction(match[1]) * value / 100
    return (
        row | remark | {"threshold": decimal_text(exact), "confidence": weaker(row["confidence"], origin["confidence"])}
    )


def _applies(rule_set: RuleSet, row: Row, column: str, known: Row, language: str) -> Row:
    """Whether the indicator applies, by ``applies_if``; the column counts as a trait of its own."""
    if not row["applies_if"]:
        return {"applies": "yes", "applies_reason": ""}
    t = translator(language)
    condition, facts = parse(row["applies_if"]), known | {"column": column or None}
    result = holds(condition, facts)
    if result:
        return {"applies": "yes", "applies_reason": ""}
    names = _names_with_columns(rule_set)
    words = in_words(condition, names, language)
    if result is None:
        missing = ", ".join(
            names.get(n, {}).get("name", {}).get(language, n) for n in traits(condition) if facts.get(n) is None
        )
        return {
            "applies": "unknown",
            "applies_reason": t("chưa biết {traits}; chỉ áp dụng khi {condition}").format(
                traits=missing, condition=words
            ),
        }
    return {
        "applies": "no",
        "applies_reason": t("chỉ áp dụng khi {condition}; xã này: {facts}").format(
            condition=words,
            facts=", ".join(_fact(n, facts[n], names, language) for n in traits(condition) if facts.get(n) is not None),
        ),
    }


def _hand_down(rows: dict[Key, Row]) -> None:
    """Parts of an ``every-item`` indicator take its one threshold; an indicator with parts and no
    threshold of its own says where those of its parts come from, as far as they agree."""
    for key, row in list(rows.items()):
        parts = [k for k in rows if k[0] == key[0] and _is_part_of(k[1], key[1])]
        if row["join"] == "every-item":
            for k in parts:
                rows[k] = rows[k] | {c: row[c] for c in (*ORIGIN, "layers")}
        elif row["join"] and not row["threshold"]:
            asked = [rows[k] for k in parts if rows[k]["applies"] != "no"] or [rows[k] for k in parts]
            same = {
                c: asked[0][c] if len({r[c] for r in asked}) == 1 else ""
                for c in ("set_by", "document", "article", "source", "valid_from", "valid_to")
            }
            rows[key] = row | same | {"confidence": weaker(*(r["confidence"] for r in asked))}


def _is_part_of(part: str, whole: str) -> bool:
    """``d.a`` is a part of ``d``, ``d`` of the indicator (""); ``d.a`` is not a part of the indicator."""
    return bool(part) and part.rpartition(".")[0] == whole


@lru_cache(maxsize=1024)
def _table(
    rule_set: RuleSet, province: str, year: int, day: str, column: Column, known: Known, language: str, strict: bool
) -> pd.DataFrame:
    """The rows as the table ``thresholds``, without the slow validation: tests validate every set.

    Communes of one column and the same traits share it: thousands are resolved in one process.
    """
    rows, remark = _rows(rule_set, province, day, column, known, language), _out_of_years(rule_set, year, language)
    table = pd.DataFrame([{c: r.get(c, "") for c in COLUMNS} for r in rows], columns=list(COLUMNS)).astype("str")
    table["year"] = pd.Series([year] * len(rows), dtype="int64")
    if remark:
        table["note"] = [remark + (f"; {n}" if n else "") for n in table["note"]]
    if strict:
        table.loc[table["confidence"] == "unverified", ["operator", "threshold"]] = ""
    return table


def _out_of_years(rule_set: RuleSet, year: int, language: str) -> str:
    t = translator(language)
    first, last = rule_set.meta["years"]
    if year < first:
        return t("năm {year} trước thời gian của bộ tiêu chí: xét theo mức của năm {first}").format(
            year=year, first=first
        )
    return t("bộ tiêu chí hết hiệu lực sau năm {last}: không còn mức nào").format(last=last) if year > last else ""


@cache
def _indicators(rule_set: RuleSet, day: str) -> list[Row]:
    """What each indicator and part of the set's own file is on the day ("": at the end of the set)."""
    then = {_key(r): r for r in records(rule_set.earlier) if day and r["valid_from"] <= day <= r["valid_to"]}
    return [then.get(_key(r), r) for r in records(rule_set.indicators)]


@cache
def _asked(rule_set: RuleSet) -> tuple[str, ...]:
    """Traits that some ``applies_if`` of the set asks for."""
    conditions = [parse(text) for text in rule_set.all_indicators["applies_if"] if text]
    return tuple(sorted({name for c in conditions for name in traits(c)} - {"column"}))


@cache
def _names_with_columns(rule_set: RuleSet) -> dict[str, Row]:
    column = {"name": {"vi": "cột", "en": "column"}, "values": {c["code"]: c["name"] for c in rule_set.meta["columns"]}}
    return trait_names(rule_set.folder.parent) | {"column": column}


def _fact(name: str, value: str, names: Row, language: str) -> str:
    about = names.get(name, {})
    return f"{about.get('name', {}).get(language, name)}: {about.get('values', {}).get(value, {}).get(language, value)}"


def _key(row: Row) -> Key:
    return row["indicator"], row["part"]


def _note(row: Row, language: str) -> str:
    return str(row["note" if language == "vi" else "note_en"])
