"""Findings and rejects as text for the terminal (``make check``)."""

import pandas as pd

from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.intake.messages import place
from ntm_lib.language import date, translator

_ORDER = ("error", "warning", "info")


def list_findings(findings: pd.DataFrame, language: str = "vi") -> str:
    """Every finding as severity, id, place, what was read, what is wrong and what to do; the gravest first, the answered last."""
    t = translator(language)
    names = {"error": t("SAI"), "warning": t("CẦN XEM"), "info": t("LƯU Ý")}
    rows = sorted(findings.itertuples(index=False), key=lambda r: (bool(r.answer), _ORDER.index(r.severity)))
    counts = "; ".join(f"{names[s]}: {sum(r.severity == s and not r.answer for r in rows)}" for s in _ORDER)
    answered = sum(bool(r.answer) for r in rows)
    heading = t("{n} điều cần xem ({counts}; đã trả lời: {answered}).").format(n=len(rows), counts=counts, answered=answered)
    return "\n\n".join([heading, *(_entry(row, names, language) for row in rows)]) + "\n"


def _entry(row, names: dict[str, str], language: str) -> str:
    t = translator(language)
    lines = [f"{names[row.severity]}  {row.finding}"]
    if row.file:
        where = place(row.file, row.sheet, row.row, row.column, language) if row.row else row.file
        lines.append("  " + where + (f": «{row.text}»" if row.text else ""))
    lines += [f"  {row.message}", f"  → {row.action}"]
    if row.answer:
        words = {"accepted": t("chấp nhận"), "corrected": t("đã sửa"), "explained": t("đã giải trình")}
        lines.append("  " + t("Đã trả lời ({answer}, {who}, {when}): {text}").format(answer=words[row.answer], who=row.answered_by, when=date(row.answered_on, language), text=row.answer_text))
    return "\n".join(lines)


def list_rejects(cleaned: Cleaned, language: str = "vi") -> str:
    """Every row that cannot be read as place, what was read, why and what to do; rows dropped by a correction are not among them."""
    t = translator(language)
    faults = [r for r in cleaned.rejects.itertuples(index=False) if (r.file, r.sheet, r.row) not in cleaned.dropped]
    if not faults:
        return ""
    lines = [f"{t('KHÔNG ĐỌC ĐƯỢC')}  {place(r.file, r.sheet, r.row, r.column, language)}: «{r.text}»\n  → {r.reason}." for r in faults]
    return "\n\n".join([t("{n} dòng không đọc được, phải sửa trước khi lập báo cáo.").format(n=len(faults)), *lines]) + "\n"
