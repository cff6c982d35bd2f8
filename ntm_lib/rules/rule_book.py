"""The thresholds of a rule set as plain text for a terminal: what holds, who set it, where it was read, how sure it is."""

from fractions import Fraction

from ntm_lib.language import Translate, number, percent, term, translator
from ntm_lib.rules.check_tables import asking_for_threshold
from ntm_lib.rules.columns import column_name
from ntm_lib.rules.resolving import resolve
from ntm_lib.rules.sets import RuleSet, criterion_name, indicator_name, load_set, unplaced
from ntm_lib.tables import CONFIDENCES, NUMBER

NAME_WIDTH = 46
SIGNS = {">=": "≥", "<=": "≤"}


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


def _table(rules: RuleSet, rows: list[dict], t: Translate, language: str) -> list[str]:
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


def _cells(rules: RuleSet, row: dict, t: Translate, language: str) -> list[str]:
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
        layer_words(row["set_by"], language),
        period,
        confidence_words(row["confidence"], language),
        document,
        term(row["source"], language),
    ]


def threshold_words(row: dict, language: str) -> str:
    """``≥ 70 %``, ``đạt``, ``không có``; for an indicator joined from parts, how; where nothing is known, that."""
    t = translator(language)
    if not row["threshold"]:
        joins = {"all": t("mọi nội dung dưới đây"), "any": t("một trong các nội dung dưới đây")}
        return joins.get(row["join"], t("chưa biết"))
    if row["kind"] == "status":
        return t("đạt")
    if row["kind"] == "none":
        return t("không có")
    if row["kind"] == "level":
        return f"{SIGNS.get(row['operator'], row['operator'])} {term(row['unit'], language)} {row['threshold']}"
    exact = NUMBER.fullmatch(row["threshold"])
    value = number(row["threshold"], language) if exact else term(row["threshold"], language)
    return f"{SIGNS.get(row['operator'], row['operator'])} {value} {term(row['unit'], language) if row['unit'] else ''}".rstrip()


def layer_words(set_by: str, language: str) -> str:
    """Who set a threshold; that it is not known for ""."""
    t = translator(language)
    return {"nation": t("trung ương"), "ministry": t("bộ"), "province": t("tỉnh")}.get(set_by, t("chưa rõ"))


def confidence_words(confidence: str, language: str) -> str:
    """How sure a threshold is."""
    t = translator(language)
    return {
        "official": t("chính thức"),
        "two-sources": t("hai nguồn"),
        "one-source": t("một nguồn"),
        "unverified": t("chưa đối chiếu"),
        "unknown": t("chưa biết"),
    }[confidence]


def _summary(rules: RuleSet, rows: list[dict], t: Translate, language: str) -> list[str]:
    counts = {c: sum(r["confidence"] == c for r in rows) for c in CONFIDENCES}
    total = len(rows)
    lines = [
        t("Mức chính thức: {official}/{total} = {share}").format(
            official=counts["official"],
            total=total,
            share=percent(Fraction(100 * counts["official"], max(total, 1)), language),
        )
    ]
    lines.append("; ".join(f"{confidence_words(c, language)}: {n}" for c, n in counts.items()))
    if missing := unplaced(rules):
        lines.append(
            t("Còn {n} chỉ tiêu chưa biết gì, cả thuộc tiêu chí nào cũng chưa rõ, nên không có trong bảng.").format(
                n=missing
            )
        )
    return lines


def _line(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
