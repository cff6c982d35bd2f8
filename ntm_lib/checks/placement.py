"""Does a figure stand where it belongs? Indicator numbers, operators, local targets, corrections."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from ntm_lib import language
from ntm_lib.checks.common import Context, Finding, amount, finding, listed, not_checked, sign
from ntm_lib.tables import fraction
from ntm_lib.text.numbers import tidy
from ntm_lib.text.units import COUNTS

# What a number counts, without the noun that counts: «878 hộ chăn nuôi» → chăn nuôi.
_COUNTED = re.compile(rf"\d\s*(?:{'|'.join(COUNTS)})\s+([^\d,;.:()=]+)", re.IGNORECASE)


def check_indicator_known(context: Context) -> Iterable[Finding]:
    """Every indicator and part is one of the rule set."""
    t = context.t
    known, parts = {i for i, _ in context.names}, set(context.names)
    for row in context.rows:
        if row.rule_set and row.year and row.table == "results" and row.kind == "declared" and not row.indicator:
            continue  # declared under an older set
        if row.indicator and row.indicator not in known:
            message = t("Bộ tiêu chí không có chỉ tiêu {indicator}.").format(indicator=row.indicator)
            yield finding("unknown-indicator", "error", message, t("Kiểm tra mã chỉ tiêu và bộ tiêu chí."), [row])
        elif row.indicator and (row.indicator, row.part) not in parts:
            message = t("Chỉ tiêu {indicator} không có phần {part}.").format(indicator=row.indicator, part=row.part)
            yield finding("unknown-indicator", "error", message, t("Kiểm tra cột part."), [row])
        elif row.indicator and row.criterion and context.names[row.indicator, row.part].criterion != row.criterion:
            message = t("Chỉ tiêu {indicator} thuộc tiêu chí {right}, dòng này ghi tiêu chí {criterion}.").format(
                indicator=row.indicator, right=context.names[row.indicator, row.part].criterion, criterion=row.criterion
            )
            yield finding("unknown-indicator", "error", message, t("Sửa cột criterion hoặc indicator."), [row])


def check_criterion_values(context: Context) -> Iterable[Finding]:
    """A figure of a criterion whose indicator is not named is judged by none."""
    t = context.t
    for row in context.rows:
        of_criterion = (
            row.table in ("results", "plan")
            and row.kind in ("measured", "target")
            and row.criterion.isdigit()
            and not row.indicator
        )
        if of_criterion and not row.village and amount(row) is not None:
            message = t(
                "«{text}» ghi ở tiêu chí {criterion} mà không ghi chỉ tiêu, nên không được so với ngưỡng nào."
            ).format(text=tidy(row.text), criterion=row.criterion)
            yield finding(
                "criterion-value",
                "info",
                message,
                t("Nếu đúng là số liệu của một chỉ tiêu, ghi mã vào cột indicator."),
                [row],
            )


def check_criterion_given(context: Context) -> Iterable[Finding]:
    """A row that names an indicator names its criterion."""
    t = context.t
    files = defaultdict(list)
    for row in context.written_rows:
        if row.indicator and not row.criterion and row.table in ("results", "plan", "works"):
            files[row.file, row.sheet].append(row)
    for (file, sheet), rows in files.items():
        message = t(
            "{n} dòng ghi chỉ tiêu mà để trống tiêu chí (dòng {rows}); tiêu chí được hiểu theo mã chỉ tiêu."
        ).format(n=len(rows), rows=listed(r.row for r in rows))
        yield finding(
            "criterion-empty",
            "info",
            message,
            t("Điền số tiêu chí, như 17 cho chỉ tiêu 17.8."),
            rows,
            key=f"{file}-{sheet}",
            column="criterion",
            text="",
        )


def check_wrong_indicator(context: Context) -> Iterable[Finding]:
    """What is counted is named by the indicator it stands under, not by another of the criterion.

    Judges the indicator as the source prints it; a correction of it answers the finding.
    """
    t = context.t
    for row, printed, other, correction in _misplaced(context):
        name = context.name(other)
        message = t("Đặt dưới {printed}, nhưng nội dung «{item}» ({text}) là của {other} {name}.").format(
            printed=printed, item=row.item, text=tidy(row.text), other=other, name=name
        )
        answer = _answer(correction) if correction else {}
        action = t("Nếu đúng là nhầm, ghi vào corrections.csv; không sửa bản gốc.")
        yield finding("wrong-indicator", "error", message, action, [row], indicator=printed) | answer


def check_corrections(context: Context) -> Iterable[Finding]:
    """Each correction is shown beside the figure it changed, where it does not already answer a finding there."""
    t = context.t
    told = {id(correction) for _, _, _, correction in _misplaced(context) if correction}
    for entry in (c for c in context.cleaned.corrections if id(c) not in told):
        row = context.by_id.get(entry.row.cells.get("id", ""))
        place = {
            "file": entry.row.file,
            "sheet": entry.row.sheet,
            "row": str(entry.row.row),
            "column": entry.column,
            "text": entry.before,
        }
        if entry.action == "set":
            message = t("Nguồn ghi «{before}», dùng «{after}»: {reason}").format(
                before=entry.before, after=entry.after, reason=entry.reason
            )
        else:
            message = t("Bỏ dòng này: {reason}").format(reason=entry.reason) if entry.action == "drop" else entry.reason
        answer = _answer(entry) if entry.action != "flag" else {}
        severity = "warning" if entry.action == "flag" else "info"
        action = t("Xem {id} trong corrections.csv.").format(id=entry.id)
        yield (
            finding("correction", severity, message, action, [row] if row is not None else [], key=entry.id, **place)
            | answer
        )


def check_operators(context: Context) -> Iterable[Finding]:
    """A bound in the text is as strict as the rule."""
    t = context.t
    if context.thresholds is None:
        yield not_checked(
            context,
            "operator",
            t("chưa có ngưỡng của bộ tiêu chí"),
            t(
                "Các năm có số liệu không thuộc bộ tiêu chí đang xét; xét bằng bộ của những năm đó, nếu có (make rules liệt kê mức của từng bộ)."
            ),
        )
        return
    for row in context.rows:
        rule = context.rule(row)
        if not row.operator or not row.indicator or row.kind != "target":
            continue
        if rule is None:
            yield from [_unknown_operator(context, row)] if row.year in context.rule_years else []
        elif rule.operator in (">=", ">", "<=", "<") and row.operator != rule.operator:
            opposite = row.operator[0] != rule.operator[0]
            message = t("Viết «{text}» ({written}), quy định dùng {rule}.").format(
                text=tidy(row.text), written=sign(row.operator), rule=sign(rule.operator)
            )
            action = (
                t("Kiểm tra lại dấu: ngược hướng với quy định.")
                if opposite
                else t("Nêu rõ mục tiêu có tính đúng bằng mốc hay không (≥ hay >).")
            )
            yield finding("operator", "error" if opposite else "info", message, action, [row])


def _unknown_operator(context: Context, row) -> Finding:
    t = context.t
    message = t("Viết «{text}»; ngưỡng của {indicator} chưa biết, không so được dấu {written}.").format(
        text=tidy(row.text), indicator=row.indicator, written=sign(row.operator)
    )
    return finding("operator", "info", message, t("Nhập ngưỡng chính thức vào thresholds.csv."), [row])


def check_local_targets(context: Context) -> Iterable[Finding]:
    """A target that the commune sets itself is not the threshold."""
    t = context.t
    for row in context.rows:
        rule, value = context.rule(row), amount(row)
        threshold = fraction(rule.threshold) if rule else None
        if (
            row.kind == "target"
            and value is not None
            and threshold is not None
            and value != threshold
            and row.unit in (rule.unit, "%")
        ):
            shown = (
                t("mức độ {level}").format(level=context.show(threshold))
                if rule.unit == "mức độ"
                else language.amount(threshold, rule.unit, context.language)
            )
            message = t("«{text}» là mục tiêu của xã; ngưỡng của {indicator} là {threshold}.").format(
                text=tidy(row.text), indicator=row.indicator + row.part, threshold=f"{sign(rule.operator)} {shown}"
            )
            yield finding(
                "local-target", "info", message, t("Không phải sửa: báo cáo nêu cả hai, xét đạt theo ngưỡng."), [row]
            )


def _misplaced(context: Context) -> list[tuple]:
    """(row, indicator printed, indicator it is of, the correction that moved it or None)."""
    moved = {
        c.row.cells.get("id"): c for c in context.cleaned.corrections if c.action == "set" and c.column == "indicator"
    }
    telling = _telling_words(context)
    found = []
    for row in context.rows:
        correction = moved.get(row.observation)
        printed = correction.before if correction else row.indicator
        # The indicator of a work is whoever entered it saying what it is for, not a figure that is judged.
        if not printed or row.table not in ("results", "plan") or row.criterion not in telling:
            continue
        words = f"{row.item} {row.text} {row.quote}"
        counted = _named(" ".join(_COUNTED.findall(words)), telling[row.criterion])
        if counted and printed not in counted and printed not in _named(words, telling[row.criterion]):
            found.append((row, printed, max(counted, key=lambda indicator: counted[indicator]), correction))
    return found


def _answer(correction) -> dict:
    return {
        "answer": "corrected",
        "answered_by": correction.decided_by,
        "answered_on": correction.decided_on,
        "answer_text": correction.reason,
    }


def _telling_words(context: Context) -> dict[str, dict[str, set[str]]]:
    """Criterion → indicator → pairs of syllables that only it names; most Vietnamese words are such pairs.

    Counted over parts too: «hợp vệ» of «hợp vệ sinh» stands in three parts of 17.8 and tells nothing.
    """
    names: dict[str, list[tuple[str, set[str]]]] = {}
    for row in context.indicators.itertuples(index=False):
        if row.part or not any(p for i, p in context.names if i == row.indicator and p):
            names.setdefault(row.criterion, []).append((row.indicator, _pairs(row.name_vi)))
    telling: dict[str, dict[str, set[str]]] = {}
    for criterion, entries in names.items():
        counts = Counter(pair for _, pairs in entries for pair in pairs)
        telling[criterion] = {}
        for indicator, pairs in entries:
            telling[criterion].setdefault(indicator, set()).update(p for p in pairs if counts[p] == 1)
    return telling


def _named(text: str, telling: Mapping[str, set[str]]) -> dict[str, int]:
    """Indicators that the text names → by how many words."""
    pairs = _pairs(text)
    return {indicator: len(words & pairs) for indicator, words in telling.items() if words & pairs}


def _pairs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {f"{a} {b}" for a, b in pairwise(words)}
