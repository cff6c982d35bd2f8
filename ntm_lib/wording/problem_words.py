"""The words of what is held as codes: findings and rejects, beside each row and for the terminal (``make check``), and remarks on verdicts."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.language import Translate, amount, date, number, percent, translator
from ntm_lib.problems import catalogue, from_text, held, words
from ntm_lib.problems import where as place
from ntm_lib.tables import fraction, tuples, with_columns
from ntm_lib.wording.words import OPERATORS

_ORDER = ("error", "warning", "info")
_MOST = {"error": 10, "warning": 2, "info": 1}  # findings of one kind that are shown before the rest is folded
_MOST_REJECTS = 20
_LONGEST = 260  # letters of a message beside others


def worded(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """Table ``findings`` or ``rejects`` with two columns more, ``message`` and ``action``, in ``language``."""
    cases = rows["case"] if "case" in rows else [""] * len(rows)
    codes = ["/".join(filter(None, pair)) for pair in zip(rows["code"], cases, strict=True)]
    told = [words(code, from_text(fields), language) for code, fields in zip(codes, rows["fields"], strict=True)]
    return with_columns(rows, message=[message for message, _ in told], action=[action for _, action in told])


def list_findings(findings: pd.DataFrame, language: str = "vi", find: str = "") -> str:
    """The findings as a person can read them: the gravest first, those of one kind together, long lists folded.

    What is wrong stands in full, with place, id, message and remedy; the rest on two lines a kind. ``find``: words
    of a finding (its code, a file, an indicator …): all that hold them, in full.
    """
    t, names = translator(language), _names(language)
    rows = sorted(tuples(worded(findings, language)), key=lambda r: (bool(r.answer), _ORDER.index(r.severity)))
    if find:
        found = [row for row in rows if find.casefold() in _searched(row)]
        return (
            "\n\n".join(
                [
                    t("{n} điều có «{find}».").format(n=len(found), find=find),
                    *(_entry(row, names, language) for row in found),
                ]
            )
            + "\n"
        )
    counts = "; ".join(f"{names[s]}: {sum(r.severity == s and not r.answer for r in rows)}" for s in _ORDER)
    answered = [row for row in rows if row.answer]
    parts = [
        t("{n} điều cần xem ({counts}; đã trả lời: {answered}).").format(
            n=len(rows), counts=counts, answered=len(answered)
        )
    ]
    is_open = [row for row in rows if not row.answer]
    for severity in _ORDER:
        kinds = _kinds(row for row in is_open if row.severity == severity and row.code != "not-checked")
        written = [_kind(same, names, language) for same in kinds]
        parts += written if severity == "error" else ["\n".join(written)] if written else []
    parts += filter(None, ["\n".join(_unchecked(is_open, t)), _told(answered, t)])
    return (
        "\n\n".join([*parts, t("Xem đủ một loại: thêm FIND=<tên loại trong ngoặc vuông>.")] if len(rows) else parts)
        + "\n"
    )


def _names(language: str) -> dict[str, str]:
    t = translator(language)
    return {"error": t("SAI"), "warning": t("CẦN XEM"), "info": t("LƯU Ý")}


def _searched(row: Any) -> str:
    return " ".join(
        (row.finding, row.code, row.indicator + row.part, row.file, row.sheet, row.text, row.message, str(row.year))
    ).casefold()


def _kinds(rows: Iterable[Any]) -> list[list[Any]]:
    """Findings of one code and remedy together, in the order of the first."""
    kinds: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        kinds.setdefault((row.code, row.action), []).append(row)
    return list(kinds.values())


def _kind(rows: list[Any], names: dict[str, str], language: str) -> str:
    """Findings of one kind: errors in full, warnings on a few lines, notes on one."""
    t, first = translator(language), rows[0]
    most = _MOST[first.severity]
    more = t("… và {n} dòng nữa").format(n=len(rows) - most) if len(rows) > most else ""
    if first.severity == "error":
        return "\n\n".join(
            [
                *(_entry(row, names, language) for row in rows[:most]),
                *([f"{names['error']}  [{first.code}] {more}"] if more else []),
            ]
        )
    lines = [f"{names[first.severity]}  {_cut(_dated(row, t) + row.message)}" for row in rows[:most]]
    if first.severity == "info":
        return f"{lines[0]} {more} [{first.code}]".replace("  [", " [")
    file = first.file.rpartition("/")[2] or first.file
    where = place(file, first.sheet, first.row, "", language) if file and first.row and len(rows) == 1 else file
    return "\n".join(
        [
            *lines,
            *([f"  {more}"] if more else []),
            f"  → {first.action} [{', '.join(filter(None, [where, first.code]))}]",
        ]
    )


def _cut(text: str) -> str:
    """The text without the end of a long list."""
    return text if len(text) <= _LONGEST else (text[:_LONGEST].rpartition(" ")[0] or text[:_LONGEST]) + " …"


def _dated(row: Any, t: Translate) -> str:
    """The year before a message that does not name it."""
    year = str(row.year)
    return t("Năm {year}: ").format(year=year) if row.year and year not in row.message else ""


def _unchecked(rows: list[Any], t: Translate) -> Iterator[str]:
    """What was not checked, one line for each check."""
    checks: dict[str, list[Any]] = {}
    for row in rows:
        if row.code == "not-checked":
            checks.setdefault(row.message.partition(":")[0], []).append(row)
    for same in checks.values():
        yield same[0].message + (" " + t("… và {n} dòng nữa").format(n=len(same) - 1) if len(same) > 1 else "")


def _told(rows: list[Any], t: Translate) -> str:
    return t("Đã trả lời: {ids}.").format(ids=", ".join(row.finding for row in rows)) if rows else ""


def _entry(row: Any, names: dict[str, str], language: str) -> str:
    t = translator(language)
    year = f"  ({t('năm {year}').format(year=row.year)})" if row.year else ""
    lines = [f"{names[row.severity]}  {row.finding}{year}"]
    if row.file:
        where = place(row.file, row.sheet, row.row, row.column, language) if row.row else row.file
        lines.append("  " + where + (f": «{row.text}»" if row.text else ""))
    lines += [f"  {row.message}", f"  → {row.action}"]
    if row.answer:
        words = {"accepted": t("chấp nhận"), "corrected": t("đã sửa"), "explained": t("đã giải trình")}
        lines.append(
            "  "
            + t("Đã trả lời ({answer}, {who}, {when}): {text}").format(
                answer=words[row.answer],
                who=row.answered_by,
                when=date(row.answered_on, language),
                text=row.answer_text,
            )
        )
    return "\n".join(lines)


def list_codes(language: str = "vi") -> str:
    """The catalogue: every code with how grave it is, what is wrong and what to do; fields stand as ``{field}``."""
    t, names = translator(language), _names(language)
    lines = [
        "\n".join(
            [
                f"{code}  {names[entry.severity]}",
                f"  {t(entry.text)}",
                *([f"  → {t(entry.action)}"] if entry.action else []),
            ]
        )
        for code, entry in catalogue().items()
    ]
    return "\n\n".join([t("{n} điều có thể sai.").format(n=len(lines)), *lines]) + "\n"


def list_rejects(cleaned: Cleaned, language: str = "vi") -> str:
    """Every row that cannot be read as place, what was read, why and what to do; rows dropped by a correction are not among them."""
    t = translator(language)
    rejects = worded(cleaned.rejects, language)
    faults = [r for r in tuples(rejects) if (r.file, r.sheet, r.row) not in cleaned.dropped]
    if not faults:
        return ""
    lines = [
        f"{t('KHÔNG ĐỌC ĐƯỢC')}  {place(r.file, r.sheet, r.row, r.column, language)}: {held(r.text, language)}\n  → {r.message}."
        for r in faults
    ]
    more = len(lines) - _MOST_REJECTS
    folded = [*lines[:_MOST_REJECTS], t("… và {n} dòng nữa").format(n=more)] if more > 0 else lines
    return (
        "\n\n".join([t("{n} dòng không đọc được, phải sửa trước khi lập báo cáo.").format(n=len(faults)), *folded])
        + "\n"
    )


# ---------------------------------------------------------------- remarks on a verdict (column ``note`` of ``indicators``)


# Fields that hold figures, each a value with its unit; the others are text, or a number of a kind that is named here.
_SHARES, _NUMBERS = ("share",), ("printed", "numerator", "denominator")


def remarked(indicators: pd.DataFrame, language: str) -> pd.DataFrame:
    """Table ``indicators`` with its remarks as words of ``language``."""
    return indicators.assign(note=pd.array([remarks(cell, language) for cell in indicators["note"]], dtype="str"))


def remarks(cell: str, language: str) -> str:
    """The sentences of a cell of the column; empty for none. Raises KeyError for a code that is not known."""
    if not cell:
        return ""
    forms = _forms(translator(language))
    return " ".join(
        dict.fromkeys(
            forms[code].format(**{name: _shown(name, value, language) for name, value in fields.items()})
            for code, fields in json.loads(cell)
        )
    )


def _shown(name: str, value: Any, language: str) -> str:
    if name == "asked":
        return "; ".join(f"{OPERATORS[operator]} {_figure(text, '', language)}" for text, operator in value)
    if isinstance(value, list):
        return "; ".join(_figure(text, unit, language) for text, unit in value) or translator(language)(
            "chưa có số liệu"
        )
    if name in _SHARES:
        return percent(value, language)
    return number(value, language) if name in _NUMBERS else str(value)


def _figure(text: str, unit: str, language: str) -> str:
    """``90,30%``, ``49 triệu đồng/người/năm``, ``khá``."""
    if fraction(text) is None:
        return text
    return percent(text, language) if unit == "%" else amount(text, unit, language)


def _forms(t: Translate) -> dict[str, str]:
    return {
        "said": "{text}",
        "unit-not-written": t("Nguồn không ghi đơn vị; hiểu là {unit}."),
        "unit-shortened": t("Nguồn ghi đơn vị “{written}”; hiểu là {unit}."),
        "applies-though-denied": t("Nguồn ghi “không áp dụng”, nhưng theo bộ tiêu chí chỉ tiêu này áp dụng với xã."),
        "no-reason-given": t("Nguồn không nêu lý do không áp dụng."),
        "grown": t("Từ {then} (năm {year}) lên {now}."),
        "rounded": t(
            "Tỷ lệ làm tròn {printed}% sẽ cho kết luận khác; xét theo đúng phân số {numerator}/{denominator}."
        ),
        "years-failed": t("Phải giữ {count} năm liên tục; chưa đạt năm {years}."),
        "years-unknown": t("Phải giữ {count} năm liên tục; chưa có kết luận năm {years}."),
        "years-kept": t("Đã giữ {count} năm liên tục."),
        "declared-otherwise": t("Công bố của xã khác với kết luận theo số liệu."),
        "sources-conflict": t("Các nguồn ghi khác nhau ({values}) và cho kết luận khác nhau."),
        "sources-differ": t("Các nguồn ghi khác nhau ({values}); kết luận như nhau."),
        "not-comparable": t("Không so sánh được với ngưỡng: {values}."),
        "sexes": t("Nam: {men}; nữ: {women}."),
        "total-outside-sexes": t("Số chung {total} phải nằm giữa số của nam và số của nữ; kiểm tra lại ba số này."),
        "sexes-against-total": t(
            "Tổng số và số liệu riêng của nam, nữ cho kết luận trái nhau: cần kiểm tra lại nguồn."
        ),
        "needs-both-sexes": t("Cần số liệu riêng của nam và của nữ."),
        "needs-women": t("Cần số liệu riêng của nữ."),
        "needs-men": t("Cần số liệu riêng của nam."),
        "whole-declared-otherwise": t("Kết luận chung của cả chỉ tiêu trái với số liệu từng nội dung."),
        "whole-against-parts": t("Số liệu chung của cả chỉ tiêu trái với số liệu từng nội dung."),
        "parts-unmet": t("Chưa đạt nội dung: {parts}."),
        "parts-unknown": t("Chưa có kết luận về nội dung: {parts}."),
        "one-part-met": t("Chỉ cần một nội dung; đạt nội dung: {parts}."),
        "no-part-met": t("Mọi nội dung đều chưa đạt."),
        "lowest-part": t("Nội dung thấp nhất ({part}) chỉ là cận trên của tỷ lệ có đủ mọi nội dung."),
        "surely-all": t("Ít nhất {share} chắc chắn có đủ mọi nội dung."),
        "count-all": t("Chỉ {share} chắc chắn có đủ mọi nội dung: cần đếm số có đủ tất cả các nội dung."),
        "other-columns": t(
            "Kết luận sẽ khác nếu xã thuộc cột khác (mức {asked}): chưa biết đặc điểm của xã để loại trừ."
        ),
        "every-column": t("Theo mọi cột mà xã có thể thuộc, kết luận như nhau."),
    }
