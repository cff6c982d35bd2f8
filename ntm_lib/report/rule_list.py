"""Thresholds as plain text for a terminal: those of a set, and those that are still to be looked up in the decisions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ntm_lib import paths, rules
from ntm_lib.existing import default_rule_set, years_judged, years_with_rows
from ntm_lib.language import Translate, percent, term, translator
from ntm_lib.places.named import line_of
from ntm_lib.rules.check_rows import asking_for_threshold
from ntm_lib.rules.columns import column_name
from ntm_lib.rules.communes import trait_names
from ntm_lib.rules.resolving import resolve, unknown_traits
from ntm_lib.rules.sets import RuleSet, criterion_name, indicator_name, load_set, names_on, unplaced
from ntm_lib.tables import CONFIDENCES, NUMBER, natural_key, read_table, records
from ntm_lib.wording.words import OPERATORS, confidence_word, exact_phrase, set_by_word

NAME_WIDTH = 46
NAMED = 4  # communes named in a line
Row = dict[str, Any]


def list_rules(rule_set: str, region: str | None, year: int, province: str | None, language: str) -> str:
    """Every threshold of a column in a year, by criterion, and what share of them is official.

    ``region``: code of a column, empty for the first one; ``province``: slug, empty for none.
    Raises NtmError for an unknown rule set or column.
    """
    t = translator(language)
    rules = load_set(rule_set, language)
    columns = [c["code"] for c in rules.meta["columns"]]
    region = region or columns[0]
    rows = [
        r
        for r in resolve(rules, {"province_slug": province or ""}, year, region, language).to_dict("records")
        if r["criterion"]
    ]
    asking = {(r["indicator"], r["part"]) for r in asking_for_threshold(rules.all_indicators)}
    lines = [
        rules.meta["name"][language],
        t("{title}; năm {year}; cột {code}: {column}; tỉnh: {province}").format(
            title=rules.meta["document_title"][language],
            year=year,
            code=region,
            column=column_name(rules, region, language),
            province=province or "–",
        ),
        t("Các cột khác: {columns}").format(columns=", ".join(c for c in columns if c != region)),
        "",
        *_table(rules, rows, t, language),
        "",
        *_summary(rules, [r for r in rows if (r["indicator"], r["part"]) in asking], t, language),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _table(rules: RuleSet, rows: list[Row], t: Translate, language: str) -> list[str]:
    heading = [
        t("Chỉ tiêu"),
        t("Nội dung"),
        t("Mức chuẩn"),
        t("Cấp"),
        t("Hiệu lực"),
        t("Độ tin cậy"),
        t("Văn bản"),
        t("Nguồn"),
    ]
    cells = [_cells(rules, row, t, language) for row in rows]
    widths = [max(len(line[i]) for line in [heading, *cells]) for i in range(len(heading))]
    lines = [_line(heading, widths), _line(["-" * w for w in widths], widths)]
    criterion = None
    for row, line in zip(rows, cells, strict=True):
        if row["criterion"] != criterion:
            criterion = row["criterion"]
            lines.append(f"{criterion}. {criterion_name(rules, criterion, language)}")
        lines.append(_line(line, widths))
    return lines


def _cells(rules: RuleSet, row: Row, t: Translate, language: str) -> list[str]:
    name = indicator_name(rules, row["indicator"], row["part"], language)
    if row["applies"] != "yes":
        name = f"[{t('có điều kiện')}] {name}"
    period = f"{row['valid_from']}…{row['valid_to']}" if row["threshold"] else ""
    document = ", ".join(filter(None, [row["document"], row["article"]]))
    shown = name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + "…"
    return [
        f"{row['indicator']} {row['part']}".strip(),
        shown,
        threshold_words(row, language),
        set_by_word(row["set_by"], language),
        period,
        confidence_word(row["confidence"], language),
        document,
        term(row["source"], language),
    ]


def threshold_words(row: Row, language: str) -> str:
    """``≥ 70%``, ``đạt``, ``không có``; for an indicator joined from parts, how; where nothing is known, that."""
    t = translator(language)
    if not row["threshold"]:
        joins = {"all": t("mọi nội dung dưới đây"), "any": t("một trong các nội dung dưới đây")}
        return joins.get(row["join"], t("chưa biết"))
    if row["kind"] == "status":
        return t("đạt")
    if row["kind"] == "none":
        return t("không có")
    exact = NUMBER.fullmatch(row["threshold"])
    value = exact_phrase(row["threshold"], row["unit"], language) if exact else term(row["threshold"], language)
    return f"{OPERATORS[row['operator']]} {value}"


def _summary(rules: RuleSet, rows: list[Row], t: Translate, language: str) -> list[str]:
    counts = {c: sum(r["confidence"] == c for r in rows) for c in CONFIDENCES}
    total = len(rows)
    lines = [
        t("Mức chính thức: {official}/{total} = {share}").format(
            official=counts["official"],
            total=total,
            share=percent(Fraction(100 * counts["official"], max(total, 1)), language),
        )
    ]
    lines.append("; ".join(f"{confidence_word(c, language)}: {n}" for c, n in counts.items()))
    if missing := unplaced(rules):
        lines.append(
            t("Còn {n} chỉ tiêu chưa biết gì, cả thuộc tiêu chí nào cũng chưa rõ, nên không có trong bảng.").format(
                n=missing
            )
        )
    return lines


def _line(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


# ---------------------------------------------------------------- what is still to be looked up


@dataclass
class Open:
    """A threshold that nobody has compared with the decision, and the communes by what it means to them; one that is not
    known counts once, whichever decision of nation or province leaves it open."""

    rule_set: str
    rule: Row
    documents: dict[str, None] = field(default_factory=dict)  # in which it is to be looked up, in order
    decides: list[str] = field(default_factory=list)  # another value would turn a verdict
    waits: list[str] = field(default_factory=list)  # it is not known, and the commune has a value
    applies: list[str] = field(default_factory=list)


@dataclass
class Missing:
    """The open thresholds, first those on which most verdicts hang; traits that nobody has stated, by commune; runs read."""

    thresholds: list[Open]
    traits: dict[str, tuple[str, ...]]
    runs: list[str]
    without_report: list[str]


def open_thresholds(communes: Iterable[str], rule_set: str = "") -> Missing:
    """Of the latest year of each commune. What verdicts hang on is read from the tables of its report (``decisive``)."""
    found: dict[tuple[str, ...], Open] = {}
    asked: dict[str, tuple[str, ...]] = {}
    runs: list[str] = []
    without: list[str] = []
    for commune in communes:
        years = years_with_rows(commune) if rule_set else years_judged(commune)
        if not years:
            continue
        about, name = rules.load_commune(commune), rule_set or default_rule_set(years[-1])
        of_set = load_set(name)
        if traits := unknown_traits(of_set, about, years[-1]):
            asked[commune] = traits
        run = f"{commune}/{years[-1]}"
        hanging = _hanging(run) if not rule_set or rule_set == default_rule_set(years[-1]) else None
        (without if hanging is None else runs).append(commune if hanging is None else run)
        for rule in records(resolve(of_set, about, years[-1])):
            if rule["confidence"] == "official" or rule["applies"] == "no" or (rule["join"] and not rule["threshold"]):
                continue
            mark = (name, *(str(rule[c]) for c in ("indicator", "part", "column", "threshold")))
            if rule["threshold"]:
                mark = (*mark, str(rule["valid_from"]), str(rule["document"]))
            one = found.setdefault(mark, Open(name, rule))
            one.documents |= {str(rule["document"]): None}
            one.applies.append(commune)
            row = (hanging or {}).get((rule["indicator"], rule["part"]))
            if row is not None:
                (one.decides if row["threshold"] else one.waits).append(commune)
    ordered = sorted(found.values(), key=lambda one: (-len(one.decides), -len(one.waits), -len(one.applies)))
    return Missing(ordered, asked, runs, without)


def _hanging(run: str) -> dict[tuple[str, str], Row] | None:
    """Rows of ``decisive`` of a report by indicator and part; None where there is no report."""
    folder = paths.processed(run)
    if not (folder / "decisive.csv").is_file():
        return None
    return {(row["indicator"], row["part"]): row for row in records(read_table("decisive", folder))}


def list_missing(found: Missing, language: str) -> str:
    """One line a threshold, then in a line each set those on which no verdict hangs, then the traits asked for."""
    t = translator(language)
    told = [one for one in found.thresholds if one.decides or one.waits]
    counted = t("{n} mức chưa đối chiếu hoặc chưa biết; {told} mức trong đó quyết định kết luận.")
    lines = [counted.format(n=len(found.thresholds), told=len(told))]
    lines += [t("Hãy tra các mức này trước:")] if told else []
    lines += [f"{number_}. {_open_line(one, t, language)}" for number_, one in enumerate(told, 1)]
    rest: dict[tuple[str, str], list[str]] = {}
    for one in found.thresholds:
        if not (one.decides or one.waits):
            place = (one.rule_set, one.rule["column"])
            rest.setdefault(place, []).append(f"{one.rule['indicator']}{one.rule['part']}")
    for (name, column), keys in rest.items():
        words = t("Chưa kết luận nào phụ thuộc ({set}, {column}, {n} mức): {keys}")
        of_set = load_set(name)
        shown = ", ".join(dict.fromkeys(sorted(keys, key=natural_key)))
        told_of = {"set": of_set.meta["short"][language], "column": column_name(of_set, column, language)}
        lines += ["", words.format(**told_of, n=len(keys), keys=shown)]
    if found.traits:
        names = trait_names(paths.rules_folder())
        alike: dict[tuple[str, ...], list[str]] = {}
        for commune, traits in found.traits.items():
            alike.setdefault(traits, []).append(line_of(commune, "name") or commune)
        lines += ["", t("Đặc điểm của xã còn thiếu (ghi vào commune.yml):")]
        lines += [
            f"    {', '.join(names[n]['name'][language] for n in traits)}: {', '.join(who)}"
            for traits, who in alike.items()
        ]
    if found.without_report:
        text = t("Chưa có báo cáo, nên chưa biết kết luận nào phụ thuộc (make report-all): {names}")
        lines += ["", text.format(names=" ".join(found.without_report))]
    return "\n".join(lines) + "\n"


def _open_line(one: Open, t: Translate, language: str) -> str:
    """``17.9 ≥ 75% (chưa đối chiếu; Miền núi phía Bắc; 318/QĐ-TTg): đổi kết luận của 2 xã: Hùng Mỹ, Mỹ Bằng — Tỷ lệ …``."""
    rule, rule_set = one.rule, load_set(one.rule_set)
    days = (rule["valid_from"] or f"{rule_set.meta['years'][0]}-01-01")[:4], (rule["valid_to"] or "9999")[:4]
    spans = days if rule["threshold"] and days != tuple(map(str, rule_set.meta["years"])) else ()
    place = [
        confidence_word(rule["confidence"], language),
        rule_set.meta["short"][language],
        column_name(rule_set, rule["column"], language),
        "–".join(dict.fromkeys(spans)),
        ", ".join(filter(None, one.documents)),
    ]
    forms = (
        (one.decides, t("mức khác thì đổi kết luận của {n} xã ({names})")),
        (one.waits, t("{n} xã có số liệu, chờ mức ({names})")),
    )
    hangs = "; ".join(form.format(n=len(who), names=_some(who)) for who, form in forms if who)
    about = names_on(rule_set, rule["valid_from"] or f"{rule_set.meta['years'][1]}-12-31").get(
        (rule["indicator"], rule["part"]), {}
    )
    name = about.get(f"name_{language}") or indicator_name(rule_set, rule["indicator"], rule["part"], language)
    name = name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + "…"
    key = f"{rule['indicator']}{rule['part']}"
    return f"{key} {name}: {threshold_words(rule, language)} [{'; '.join(filter(None, place))}]: {hangs}"


def _some(communes: list[str]) -> str:
    names = [line_of(commune, "name") or commune for commune in communes[:NAMED]]
    return ", ".join(names) + (" …" if len(communes) > NAMED else "")
