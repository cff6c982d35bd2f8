"""What the rule book says of one indicator: its shape, wording, relatives in other sets, guides, and each of its thresholds."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ntm_lib import paths, rules
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    facts,
    figure,
    group,
    heading,
    inline,
    join,
    line_break,
    link,
    muted,
    stack,
    strong,
    table,
)
from ntm_lib.doc.tree import Row
from ntm_lib.language import Translate, collation_key, percent, term, translator
from ntm_lib.places.named import line_of
from ntm_lib.report.rule_levels import (
    Level,
    chart,
    is_worth_drawing,
    period_words,
    province_name,
    series_of,
    source_words,
)
from ntm_lib.rules.columns import in_words, parse
from ntm_lib.rules.communes import trait_names
from ntm_lib.rules.crosswalk import mapping
from ntm_lib.rules.files import read_yaml
from ntm_lib.rules.resolving import SHARE_OF
from ntm_lib.rules.sets import RuleSet
from ntm_lib.tables import natural_key, records
from ntm_lib.wording.words import OPERATORS, confidence_word, document_name, exact_phrase, requirement, set_by_word

Line = list[Inline | str]
About = dict[str, str]  # a row of indicators.csv
GENERAL = "chung"  # the column of a decision that is of no region
CHECKED_BY = ("đối chiếu:", "compared by:")  # how a note begins that says who compared the row with the decision


@dataclass(frozen=True, eq=False)
class Chapter:
    """A rule set with all that its entries tell: the other sets, its thresholds by (indicator, part), and the numbers of
    the groups of communes that are too many to be named.
    """

    rule_set: RuleSet
    others: tuple[RuleSet, ...]
    levels: Mapping[tuple[str, str], list[Level]]
    groups: Mapping[tuple[str, ...], int]
    language: str
    rows: Mapping[str, list[About]]  # of indicators.csv by indicator, the indicator before its parts
    earlier: Mapping[str, list[About]]
    law: Mapping[str, list[About]]
    relations: Mapping[str, Mapping[tuple[str, str], About]]  # what each of the others makes of it, by its id

    @property
    def t(self) -> Translate:
        return translator(self.language)

    def cell(self, row: Mapping[str, str], vi: str, en: str) -> str:
        """The cell of the language."""
        return row[vi if self.language == "vi" else en]


def chapter_of(
    rule_set: RuleSet,
    others: tuple[RuleSet, ...],
    levels: Mapping[tuple[str, str], list[Level]],
    groups: Mapping[tuple[str, ...], int],
    language: str,
) -> Chapter:
    """The chapter of a set; its tables are gone through once."""
    rows = _by_indicator(records(rule_set.indicators))
    for of_one in rows.values():
        of_one.sort(key=lambda row: [natural_key(piece) for piece in row["part"].split(".")])
    earlier, law = _by_indicator(records(rule_set.earlier)), _by_indicator(records(rule_set.law))
    relations = {other.id: mapping(rule_set.id, other.id) for other in others}
    return Chapter(rule_set, others, levels, groups, language, rows, earlier, law, relations)


def _by_indicator(rows: Iterable[About]) -> dict[str, list[About]]:
    found: dict[str, list[About]] = {}
    for row in rows:
        found.setdefault(row["indicator"], []).append(row)
    return found


def anchor_of(rule_set: str, indicator: str, part: str = "") -> str:
    """``ntm-2021-2025-17.8a``: where the book tells of an indicator or a part. Reports of many years link to it: it never changes."""
    return f"{rule_set}-{indicator}{part}"


def told_at(rule_set: RuleSet, indicator: str, part: str = "") -> str:
    """The anchor of an indicator of a set, which the book tells in the set that it was taken over from, if it was."""
    if rule_set.base is not None and (indicator, part) not in _own(rule_set):
        return told_at(rule_set.base, indicator, part)
    return anchor_of(rule_set.id, indicator, part)


@cache
def _own(rule_set: RuleSet) -> frozenset[tuple[str, str]]:
    """(indicator, part) of each row of the set's own file."""
    return frozenset(zip(rule_set.indicators["indicator"], rule_set.indicators["part"], strict=True))


def group_anchor(rule_set: RuleSet, number_: int) -> str:
    return f"{rule_set.id}-group-{number_}"


def names_of(communes: Iterable[str]) -> list[str]:
    return sorted((line_of(slug, "name") or slug for slug in communes), key=collation_key)


def entry(of: Chapter, about: About) -> Block:
    """One indicator of a set."""
    t, rule_set, language = of.t, of.rule_set, of.language
    indicator = about["indicator"]
    named = f"{indicator} {rules.indicator_name(rule_set, indicator, '', language)}"
    every = of.rows[indicator]
    lines: list[Row | Line] = []
    pictures: list[Block] = []
    notes: list[str] = []
    for row in every:
        own = of.levels.get((indicator, row["part"]), [])
        if row["part"]:
            lines.append(group(_part_title(of, row), anchor=anchor_of(rule_set.id, indicator, row["part"])))
        lines += [_cells(of, row, level) for level in own]
        pictures += _pictures(of, row, own)
        notes += [_note(of, row, level) for level in own if not _checked_by(of, level)]
    one = lines[0] if len(lines) == 1 and not isinstance(lines[0], Row) else None
    return stack(
        heading(named, 4, anchor=anchor_of(rule_set.id, indicator)),
        facts(
            [
                *([(t("Mức quy định"), _in_a_line(one, notes, t))] if one else []),
                *_shape(of, about),
                *_relations(of, about),
                *_law(of, indicator),
                *_replaced(of, indicator),
            ]
        ),
        stack() if one or not lines else _levels(of, indicator, lines, notes),
        *pictures,
    )


def _heads(t: Translate) -> list[str]:
    return [
        t("Mức quy định"), t("Cột"), t("Thời gian"), t("Cấp, văn bản"), t("Nguồn đã đọc"), t("Độ tin cậy"), t("Xã được xét"),
    ]  # fmt: skip


def _in_a_line(line: Line, notes: Iterable[str], t: Translate) -> Inline:
    """The only threshold of an indicator: a table of one row would only be long."""
    told = (
        inline(f"{head.lower()}: ", cell) for head, cell in zip(_heads(t)[1:], line[1:], strict=True) if cell != "–"
    )
    return inline(strong(line[0]), "; ", join(told, "; "), ". ", " ".join(dict.fromkeys(notes)))


def _levels(of: Chapter, indicator: str, lines: list[Row | Line], notes: Iterable[str]) -> Block:
    t, rule_set = of.t, of.rule_set
    widths = ("20%", "17%", "10%", "18%", "14%", "12%", "9%")
    columns = [Column(head, row_header=not n, width=widths[n]) for n, head in enumerate(_heads(t))]
    caption = t("Mức của chỉ tiêu {indicator}").format(indicator=indicator)
    anchor = f"{anchor_of(rule_set.id, indicator)}-levels"
    return table(columns, lines, caption=caption, anchor=anchor, note=" ".join(dict.fromkeys(notes)))


def _part_title(of: Chapter, row: About) -> Inline:
    t, rule_set, language = of.t, of.rule_set, of.language
    name = rules.indicator_name(rule_set, row["indicator"], row["part"], language)
    joined = _joined(row, t)
    condition = _condition(of, row)
    told = "; ".join(filter(None, [joined, condition and t("áp dụng khi {condition}").format(condition=condition)]))
    return inline(f"{row['indicator']}{row['part']} {name}", f" ({told})" if told else "")


def _shape(of: Chapter, about: About) -> Iterator[tuple[str, Inline | str]]:
    """How the indicator is judged, when it applies, how it is counted, and where its wording was read."""
    t, language = of.t, of.language
    kinds = {
        "share": t("tỷ lệ phần trăm, so đúng phân số"),
        "number": t("con số"),
        "status": t("đạt hoặc chưa đạt"),
        "none": t("không được có"),
        "level": t("mức độ"),
        "rating": t("xếp loại"),
        "growth": t("tăng so với năm trước"),
    }
    parts = [
        kinds[about["kind"]],
        _joined(about, t),
        about["scale"].replace("|", " < "),
        t("nam và nữ đều phải đạt") if about["both_sexes"] else "",
        t("phải giữ {n} năm liên tục").format(n=about["years_running"]) if about["years_running"] else "",
        t("đếm theo {unit}").format(unit=term(about["count_unit"], language)) if about["count_unit"] else "",
    ]
    yield t("Cách xét"), "; ".join(filter(None, parts))
    if condition := _condition(of, about):
        yield t("Áp dụng khi"), condition
    if definition := about["definition" if language == "vi" else "definition_en"]:
        yield t("Cách tính"), definition
    sure = confidence_word(about["name_confidence"], language)
    yield t("Tên gọi"), inline(source_words(about["name_source"], language), f" ({sure})")
    if note := of.cell(about, "note", "note_en"):
        yield t("Ghi chú"), note
    for row in of.earlier.get(about["indicator"], ()):
        name = row["name_vi" if language == "vi" else "name_en"]
        period = period_words(row["valid_from"], row["valid_to"], t, language)
        yield t("Trước đó"), f"{row['part']} {name} ({kinds[row['kind']]}; {period})".strip()


def _joined(row: About, t: Translate) -> str:
    return {
        "all": t("mọi nội dung đều phải đạt"),
        "any": t("chỉ cần một nội dung đạt"),
        "every-item": t("cùng một hộ phải có đủ mọi nội dung"),
    }.get(row["join"], "")


def _condition(of: Chapter, row: About) -> str:
    if not row["applies_if"]:
        return ""
    column = {
        "name": {"vi": "cột", "en": "column"},
        "values": {c["code"]: c["name"] for c in of.rule_set.meta["columns"]},
    }
    return in_words(parse(row["applies_if"]), trait_names(paths.rules_folder()) | {"column": column}, of.language)


def _relations(of: Chapter, about: About) -> Iterator[tuple[str, Inline | str]]:
    """What the indicator was in earlier sets, becomes in later ones, and is in those of its own years."""
    t, rule_set, language = of.t, of.rule_set, of.language
    for other in of.others:
        entry = of.relations[other.id].get((about["indicator"], ""))
        # What a set has from the one it extends is told there.
        if entry is None or entry == _entry_in(of, other.base, about):
            continue
        (first, last), (from_year, to_year) = other.meta["years"], rule_set.meta["years"]
        when = t("Sau này") if first > to_year else t("Trước đây") if last < from_year else t("Cùng thời kỳ")
        reason = entry["reason" if language == "vi" else "reason_en"]
        words = {"same": t("giống nhau"), "similar": t("gần giống"), "none": t("không có chỉ tiêu tương ứng")}
        told = ": ".join(filter(None, [words[entry["relation"]], reason]))
        short = other.meta["short"][language]
        if entry["relation"] == "none":
            yield when, f"{short}: {told}"
        else:
            name = t("chỉ tiêu {number}").format(number=entry["indicator"] + entry["part"])
            target = anchor_of(other.id, entry["indicator"], entry["part"])
            yield when, inline(f"{short}: ", link(name, target), f" ({told})")


def _entry_in(of: Chapter, other: RuleSet | None, about: About) -> Mapping[str, str] | None:
    """What the book already tells of a set that another extends."""
    return of.relations.get(other.id, {}).get((about["indicator"], "")) if other is not None else None


def _law(of: Chapter, indicator: str) -> Iterator[tuple[str, Inline | str]]:
    t, language = of.t, of.language
    for row in of.law.get(indicator, ()):
        document = ", ".join(filter(None, [document_name(row["document"], language), row["article"]]))
        period = period_words(row["valid_from"], row["valid_to"], t, language)
        rule = row["rule_vi" if language == "vi" else "rule_en"]
        yield t("Hướng dẫn"), inline(f"{rule} ({document}; {period}); ", source_words(row["source"], language))


def _replaced(of: Chapter, indicator: str) -> Iterator[tuple[str, Inline | str]]:
    """What stood in the files before somebody took over a decision (``data/raw/rules/history``)."""
    t, rule_set = of.t, of.rule_set
    path = paths.rules_folder() / "history" / f"{rule_set.id}.csv"
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["indicator"] == indicator:
                text = t(
                    "{part} cột {column}: {operator} {threshold} ({confidence}), thay ngày {date}, người thay: {person}, theo {document}"
                )
                words = {
                    "operator": OPERATORS[row["operator"]],
                    "confidence": confidence_word(row["confidence"], "vi"),
                }
                place = {c: row[c] for c in ("part", "column", "threshold")}
                told = {"date": row["replaced_on"], "person": row["replaced_by"], "document": row["replaced_with"]}
                yield t("Mức đã thay"), text.format(**place, **words, **told).strip()


# ---------------------------------------------------------------- one threshold


def _cells(of: Chapter, about: About, level: Level) -> Line:
    t, language = of.t, of.language
    document = ", ".join(filter(None, [document_name(level["document"], language), term(level["article"], language)]))
    province = f" {province_name(level['province'])}" if level["province"] else ""
    person = _checked_by(of, level)
    sure = confidence_word(level["confidence"], language)
    confidence = inline(sure, line_break(), muted(person)) if person else sure
    return [
        level_words(level, about, language),
        _columns(of, level),
        period_words(level["valid_from"], level["valid_to"], t, language),
        f"{set_by_word(level['set_by'], language)}{province}; {document}",
        source_words(level["source"], language),
        confidence,
        _rest(of, level),
    ]


def _checked_by(of: Chapter, level: Level) -> str:
    """Who compared the threshold with the decision, and when; empty where nobody did."""
    note = of.cell(level.cells, "note", "note_en")
    return note if note.startswith(CHECKED_BY) else ""


def _note(of: Chapter, about: About, level: Level) -> str:
    """The remark of a row with the time and the part that it is about."""
    note = of.cell(level.cells, "note", "note_en").rstrip(".")
    if not note:
        return ""
    where = f"{about['indicator']}{about['part']}, " if about["part"] else ""
    return f"{where}{period_words(level['valid_from'], level['valid_to'], of.t, of.language)}: {note}."


def level_words(level: Level, about: About, language: str) -> str:
    """``từ 70% trở lên``, ``đạt``, ``không có``, ``từ 110% mức của 10.1 trở lên``; that it is not known."""
    t = translator(language)
    if not level["threshold"]:
        return t("chưa biết")
    if level["threshold"] == "met":
        return t("đạt")
    if share := SHARE_OF.fullmatch(level["threshold"]):
        words = t("{operator} {share} mức của chỉ tiêu {indicator}, cùng cột, cùng năm, trong bộ mà bộ này mở rộng")
        shown = percent(Fraction(share[1]), language, 0)
        return words.format(operator=OPERATORS[level["operator"]], share=shown, indicator=share[2])
    row = dict(level.cells)
    return requirement(row, about, language) or exact_phrase(row["threshold"], row["unit"], language)


def _columns(of: Chapter, level: Level) -> str:
    """Names of the columns; where nearly all share it, those that do not."""
    t, every = of.t, [column["code"] for column in of.rule_set.meta["columns"]]
    regions = [code for code in every if code != GENERAL]
    names = {code: rules.column_name(of.rule_set, code, of.language) for code in every}
    others = [names[code] for code in regions if code not in level.columns]
    if not others and (GENERAL in level.columns or GENERAL not in every):
        return t("mọi cột")
    if len(others) > 2 or len(regions) < 5:
        return ", ".join(names[code] for code in every if code in level.columns)
    told = t("mọi vùng trừ {names}").format(names=", ".join(others)) if others else t("mọi vùng")
    return ", ".join([*([names[GENERAL]] if GENERAL in level.columns else []), told])


def _rest(of: Chapter, level: Level) -> Inline | str:
    if not level.communes:
        return "–"
    if level.communes in of.groups:
        words = of.t("{n} xã").format(n=len(level.communes))
        return link(words, group_anchor(of.rule_set, of.groups[level.communes]))
    return ", ".join(names_of(level.communes))


def _pictures(of: Chapter, about: About, levels: list[Level]) -> list[Block]:
    t, rule_set, language = of.t, of.rule_set, of.language
    first, last = rule_set.meta["years"]
    years = range(first, last + 1)
    series = series_of(levels, years, _short_names(rule_set))
    if not is_worth_drawing(series):
        return []
    operator = next(level["operator"] for level in levels if level["threshold"])
    fig, alt = chart(series, years, about["unit"], operator, language)
    key = f"{about['indicator']}{about['part']}"
    caption = t("Mức của {key} qua các năm").format(key=key)
    if about["unit"] and about["unit"] != "%":
        caption += f" ({term(about['unit'], language)})"
    return [figure(fig, caption, alt, anchor=f"{anchor_of(rule_set.id, about['indicator'], about['part'])}-chart")]


def _short_names(rule_set: RuleSet) -> dict[str, str]:
    """Code of a column → what decisions call it in short, as ``heads.yml`` has it first: ``ĐBSH``, ``nhóm 1``."""
    written = read_yaml(paths.rules_folder() / "heads.yml")["columns"]
    names = {c["code"]: str(written.get(c["code"], [c["code"]])[0]) for c in rule_set.meta["columns"]}
    return {code: name if " " in name else name.upper() for code, name in names.items()}
