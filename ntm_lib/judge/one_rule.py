"""One row of the table ``thresholds`` against what is known of a year."""

from dataclasses import replace

from ntm_lib.judge.agreement import agree, both_sexes
from ntm_lib.judge.observations import AIM, DECLARED, MEASURED, SET, TARGET, Index, rank, sex, sex_in_words
from ntm_lib.judge.one_observation import judge_one
from ntm_lib.judge.verdict import Verdict, joined, weakest
from ntm_lib.language import translator


def judge_rule(rule: dict, index: Index, year: int, language: str) -> Verdict:
    """Verdict of ``year`` by ``rule``, a row of the table ``thresholds``."""
    if rule["applies"] == "no":
        return Verdict("not-applicable", reason="trait", notes=_texts(rule["applies_reason"]))
    verdict = _over_years(rule, index, year, language)
    return _if_it_applies(verdict, rule) if rule["applies"] == "unknown" else verdict


def _if_it_applies(verdict: Verdict, rule: dict) -> Verdict:
    """For a row of which nobody knows whether it applies to the commune.

    A value of an indicator ("nếu có") shows that the thing exists; a value of a part does not: which
    of the parts of 5.1 applies depends on the number of schools.
    """
    reasons = _texts(rule["applies_reason"])
    if verdict.conclusive and rule["part"]:
        return verdict.undecided("trait", *reasons)
    if verdict.reason == "no-value":
        return verdict.undecided("trait", *reasons)
    return verdict


def _over_years(rule: dict, index: Index, year: int, language: str) -> Verdict:
    """Verdict of an indicator that must hold several years running, the year judged being the last.

    A declaration is about all of these years unless another year is known to be unmet; a value only of its own.
    """
    now = _of_year(rule, index, year, language)
    running = int(rule["years_running"] or 1)
    if running == 1 or now.verdict != "met":
        return now
    t = translator(language)
    earlier = {y: _of_year(rule, index, y, language) for y in range(year - running + 1, year)}
    failed = [y for y, v in earlier.items() if v.verdict == "unmet"]
    unknown = [y for y, v in earlier.items() if not v.conclusive and now.margin is not None]
    known = [now, *(v for v in earlier.values() if v.conclusive or now.margin is not None)]
    now = replace(now, observations=joined(known), basis=weakest(v.basis for v in known))
    if failed:
        note = t("Phải giữ {count} năm liên tục; chưa đạt năm {years}.").format(count=running, years=_years(failed))
        # The margin is of the year judged, which is met: beside this verdict it would say the opposite.
        return replace(now, verdict="unmet", margin=None, margin_count=None).noted(note)
    if unknown:
        note = t("Phải giữ {count} năm liên tục; chưa có kết luận năm {years}.").format(
            count=running, years=_years(unknown)
        )
        return now.undecided("years-running", note)
    return now.noted(t("Đã giữ {count} năm liên tục.").format(count=running)) if len(known) == running else now


def _of_year(rule: dict, index: Index, year: int, language: str) -> Verdict:
    """Verdict by what weighs most: a scenario, then results (a value, else a status), then targets."""
    rows = index.get((year, rule["indicator"], rule["part"]), [])
    ranked = {level: [r for r in rows if rank(r) == level] for level in (SET, MEASURED, DECLARED, TARGET, AIM)}
    before = index.get((year - 1, rule["indicator"], rule["part"]), [])
    for value_level, status_level in ((SET, None), (MEASURED, DECLARED), (TARGET, AIM)):
        by_value = _by_sex(rule, ranked[value_level], before, language)
        by_status = _by_sex(rule, ranked.get(status_level, []), before, language)
        if by_value and (by_value.verdict != "no-data" or by_value.reason == "conflict" or not by_status):
            return _beside(by_value, by_status, language)
        if by_value and by_status:
            return _declared_over(by_value, by_status)
        if by_status:
            return by_status
    return Verdict("no-data", reason="no-base" if any(r["kind"] == "change" for r in rows) else "no-value")


def _beside(by_value: Verdict, by_status: Verdict | None, language: str) -> Verdict:
    """The verdict by value; a status that says otherwise is named."""
    if by_status and by_value.conclusive and by_status.conclusive and by_value.verdict != by_status.verdict:
        t = translator(language)
        return by_value.noted(t("Công bố của xã khác với kết luận theo số liệu."))
    return by_value


def _declared_over(by_value: Verdict, by_status: Verdict) -> Verdict:
    """The declared status, where the value beside it could not be judged; the value stays to be seen."""
    return replace(
        by_value,
        verdict=by_status.verdict,
        basis=by_status.basis,
        reason=by_status.reason,
        observations=joined([by_value, by_status]),
    ).noted(*by_status.notes)


def _by_sex(rule: dict, rows: list[dict], before: list[dict], language: str) -> Verdict | None:
    """Verdict of rows of one rank; None without rows. Rows of one sex count only where the rule asks for both."""
    of = sex_in_words if rule["both_sexes"] == "yes" else sex
    groups = {who: [r for r in rows if of(r) == who] for who in ("", "nam", "nữ")}
    found = {
        who: agree(
            [v for r in group for v in judge_one(r, rule, [b for b in before if of(b) == who], language)], language
        )
        for who, group in groups.items()
        if group
    }
    if rule["both_sexes"] != "yes":
        return found.get("")
    return both_sexes(found.get(""), found.get("nam"), found.get("nữ"), language) if found else None


def _texts(text: str) -> tuple[str, ...]:
    """A reason that the rules give, as a sentence of its own."""
    return (f"{text[:1].upper()}{text[1:].removesuffix('.')}.",) if text else ()


def _years(years: list[int]) -> str:
    return ", ".join(map(str, years))
