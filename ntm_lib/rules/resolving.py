"""The thresholds that hold for one commune in one year: the table ``thresholds``.

Judged at 31 December of the year. Comparing a value with a threshold does not belong here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache

import pandas as pd

from ntm_lib.dictionary import TABLES
from ntm_lib.language import number, translator
from ntm_lib.model import Key, Row, is_part_of, key_of
from ntm_lib.rules.columns import Column, choose_column, holds, in_words, parse, traits
from ntm_lib.rules.communes import trait, trait_names
from ntm_lib.rules.sets import Indicator, RuleSet, Threshold, indicators_on, thresholds_by_cell
from ntm_lib.tables import CONFIDENCES, decimal_text, fraction, natural_key

SHARE_OF = re.compile(r"(\d+(?:\.\d+)?)% of (\S+)")  # "110% of 10.1": of the base set's threshold
COLUMNS = tuple(TABLES["thresholds"][1])
ORIGIN = (
    "operator", "threshold", "unit", "set_by", "document", "article", "source", "confidence", "valid_from",
    "valid_to",
)  # fmt: skip
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
    """One row of the table per indicator and part, in order; ``day`` "" where the set no longer holds."""
    base = {key_of(r): r for r in _rows(rule_set.base, province, day, column, known, language)} if rule_set.base else {}
    resolved = dict(base)
    for about in indicators_on(rule_set, day):
        held = [
            replace(level, scale=about.scale)
            for of in dict.fromkeys(("", province))
            for level in thresholds_by_cell(rule_set, of, language).get((*about.key, column.code), ())
            if level.holds_on(day)
        ]
        resolved[about.key] = _row(rule_set, about, held, base, language)
    for row in resolved.values():
        row = resolved[key_of(row)] = row | {"column": column.code, "column_reason": column.reason}
        row |= _applies(rule_set, row, column.code, dict(known), language)
    _hand_down(resolved)
    return tuple(sorted(resolved.values(), key=lambda r: [natural_key(v) for v in key_of(r)]))


def _row(rule_set: RuleSet, about: Indicator, held: list[Threshold], base: Mapping[Key, Row], language: str) -> Row:
    """The row of one indicator or part: what it is, and which of the thresholds ``held`` in force (nation first) won."""
    notes = [_note(about, language)]
    row: Row = {c: getattr(about, c, "") for c in COLUMNS} | {"applies_if": about.applies_if, "layers": ""}
    if held:
        wins = {layer["layer"]: layer["wins"] for layer in rule_set.meta["layers"]}
        winner, beaten = choose([_computed(level, base, language) for level in held], wins)
        lost = [f"{level.set_by}:{level.operator} {level.threshold}" for level in beaten]
        if (below := base.get(about.key)) and below["threshold"]:
            lost.append(f"{below['set_by']}:{below['operator']} {below['threshold']}")
        row |= {c: getattr(winner, c) for c in ORIGIN} | {"layers": ";".join(lost)}
        notes.insert(0, _note(winner, language))
    row["confidence"] = row["confidence"] or "unknown"
    return row | {"note": "; ".join(filter(None, notes))}


def _computed(level: Threshold, base: Mapping[Key, Row], language: str) -> Threshold:
    """A threshold written as a share of the base set's (``110% of 10.1``) becomes a number, as sure as the less sure of both."""
    match = SHARE_OF.fullmatch(level.threshold)
    if not match:
        return level
    origin = base.get((match[2], ""), {})
    value = fraction(origin.get("threshold", ""))
    if value is None:
        return replace(level, threshold="", confidence="unknown")
    form = translator(language)("{share}% của mức {value}")
    remark = form.format(share=number(match[1], language), value=number(value, language))
    note = "; ".join(filter(None, [_note(level, language), remark]))
    return replace(
        level,
        threshold=decimal_text(Fraction(match[1]) * value / 100),
        confidence=weaker(level.confidence, origin["confidence"]),
        **{"note" if language == "vi" else "note_en": note},
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
        parts = [k for k in rows if k[0] == key[0] and is_part_of(k[1], key[1])]
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


def _note(of: Indicator | Threshold, language: str) -> str:
    return of.note if language == "vi" else of.note_en


# ---------------------------------------------------------------- which of several layers holds


UPWARDS, DOWNWARDS = (">=", ">"), ("<=", "<")


def stricter(row: Threshold, other: Threshold) -> bool:
    """True where whoever meets ``row`` always meets ``other`` too, but not the other way round.

    Rows that do not point the same way, or are not comparable, are not stricter than each other.
    """
    up = row.operator in UPWARDS and other.operator in UPWARDS
    down = row.operator in DOWNWARDS and other.operator in DOWNWARDS
    mine, theirs = row.value, other.value
    if not (up or down) or mine is None or theirs is None:
        return False
    if mine == theirs:
        return row.operator in (">", "<") and other.operator in (">=", "<=")
    return (mine > theirs) == up


def choose(rows: Sequence[Threshold], wins: Mapping[str, str]) -> tuple[Threshold, list[Threshold]]:
    """The row that is the threshold, and those with a value that lost, in the order of the layers.

    ``rows``: at least one, valid on the day, those of the nation's file before those of the
    province's. ``wins``: layer → ``later`` (its value replaces that of earlier layers) or
    ``stricter`` (only where it is stricter), in the order of the layers. Within a layer the row
    that begins last replaces the others. A row without a value never beats one with a value.
    """
    valued = [r for r in rows if r.threshold]
    if not valued:
        return _open_slot(rows), []
    latest: dict[str, Threshold] = {}
    lost: list[Threshold] = []
    for row in sorted(valued, key=lambda r: r.valid_from):
        layer = row.set_by if row.set_by in wins else next(iter(wins))
        lost += [latest[layer]] if layer in latest else []
        latest[layer] = row
    layers = [layer for layer in wins if layer in latest]
    winner = latest[layers[0]]
    for layer in layers[1:]:
        replaces = wins[layer] == "later" or stricter(latest[layer], winner)
        winner, loser = (latest[layer], winner) if replaces else (winner, latest[layer])
        lost.append(loser)
    return winner, lost


def weaker(*confidences: str) -> str:
    """The least sure of several confidences; ``""`` counts as ``unknown``."""
    return max((c or "unknown" for c in confidences), key=CONFIDENCES.index)


def _open_slot(rows: Sequence[Threshold]) -> Threshold:
    """Without any value: the province's empty slot where the nation leaves it to the province, else the nation's row."""
    return rows[-1] if rows[0].set_by == "province" else rows[0]
