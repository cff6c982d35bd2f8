"""Several verdicts on one thing: sources that agree or differ, women and men. Never picks silently."""

from dataclasses import replace

from ntm_lib.judge.amounts import value_text
from ntm_lib.judge.verdict import Verdict, joined, weakest
from ntm_lib.language import translator
from ntm_lib.tables import fraction

# Which of several failures is told: the one that says most about what to do.
_TELLING = ("conflict", "no-threshold", "unverified", "bound", "no-last-year", "out-of-range", "unit")


def agree(verdicts: list[Verdict], language: str) -> Verdict:
    """One verdict of several sources on the same year. They may differ in the value as long as the
    verdict is the same (the least favourable value is shown, the note names all); where verdicts
    differ there is none, and the reason is ``conflict``.
    """
    t = translator(language)
    decided = [v for v in verdicts if v.verdict != "no-data"]
    if not decided:
        told = min(verdicts, key=lambda v: (_TELLING.index(v.reason), v.observations))
        return _with_all(told, verdicts)
    values = list(dict.fromkeys(value_text(v.value, v.unit, language) for v in decided if v.value))
    if len({v.verdict for v in decided}) > 1:
        note = t("Các nguồn ghi khác nhau ({values}) và cho kết luận khác nhau.").format(values="; ".join(values))
        return _with_all(decided[0], decided).undecided("conflict", note)
    chosen = _with_all(least_favourable(decided), decided)
    if len(values) > 1:
        chosen = chosen.noted(
            t("Các nguồn ghi khác nhau ({values}); kết luận như nhau.").format(values="; ".join(values))
        )
    return chosen.noted(*_set_aside(verdicts, decided, language))


def least_favourable(verdicts: list[Verdict]) -> Verdict:
    """The one with the smallest margin; verdicts without a margin, such as statuses, come last."""
    return min(verdicts, key=lambda v: (v.margin is None, v.margin or 0, v.observations))


def both_sexes(total: Verdict | None, men: Verdict | None, women: Verdict | None, language: str) -> Verdict:
    """Verdict of an indicator that women and men must each meet. At least one of the three is known.

    One sex below the threshold settles it. So does a total below it: one of the two must be. A total that
    reaches the threshold stands with a doubt, since one sex may still be below.
    """
    t = translator(language)
    known = [v for v in (men, women) if v is not None]
    unmet = [v for v in known if v.verdict == "unmet"]
    if unmet:
        return least_favourable(unmet).noted(_split_text(men, women, language))
    doubtful = [v for v in known if not v.conclusive]
    if doubtful:
        return agree(doubtful, language)
    if len(known) == 2 and total is not None and total.verdict == "unmet":
        note = t("Tổng số và số liệu riêng của nam, nữ cho kết luận trái nhau: cần kiểm tra lại nguồn.")
        return _with_all(total, [total, *known]).undecided("conflict", note)
    if len(known) == 2:
        chosen = _with_all(least_favourable(known), known)
        return chosen.noted(_split_text(men, women, language))
    if total is None or not total.conclusive:
        return known[0].undecided("sexes", _missing(men, women, language)) if known else total
    whole = _with_all(total, [total, *known]).noted(_missing(men, women, language))
    return whole if total.verdict == "unmet" or total.margin is None else replace(whole, doubts=("sexes",))


def _missing(men: Verdict | None, women: Verdict | None, language: str) -> str:
    t = translator(language)
    if men is None and women is None:
        return t("Chưa tách nam, nữ.")
    return t("Chưa có số liệu riêng của nữ.") if women is None else t("Chưa có số liệu riêng của nam.")


def _with_all(chosen: Verdict, verdicts: list[Verdict]) -> Verdict:
    """``chosen`` resting on the observations of all ``verdicts``; its basis is the weakest among them."""
    basis = weakest(v.basis for v in verdicts) if chosen.basis else ""
    return replace(chosen, observations=joined(verdicts), basis=basis, scenario=any(v.scenario for v in verdicts))


def _set_aside(verdicts: list[Verdict], decided: list[Verdict], language: str) -> list[str]:
    """Remark on values that could not be compared; the numerator written once more on its own is no such value."""
    numerators = {v.numerator for v in decided}
    others = [v for v in verdicts if v.verdict == "no-data" and v.reason != "bound" and not _repeats(v, numerators)]
    values = "; ".join(value_text(v.value, v.unit, language) for v in others if v.value)
    return [translator(language)("Không so sánh được với ngưỡng: {values}.").format(values=values)] if values else []


def _repeats(verdict: Verdict, numerators: set) -> bool:
    return fraction(verdict.value) is not None and fraction(verdict.value) in numerators


def _split_text(men: Verdict | None, women: Verdict | None, language: str) -> str:
    t = translator(language)
    unknown = t("chưa có số liệu")
    texts = [
        value_text(v.value, v.unit, language) if v and v.value not in ("met", "unmet") else unknown
        for v in (men, women)
    ]
    return t("Nam: {men}; nữ: {women}.").format(men=texts[0], women=texts[1])
