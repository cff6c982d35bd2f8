"""``report-all``: every commune, in parallel; what failed is told at the end, and stops nothing else."""

import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ntm_lib import parameters, paths, yaml_text
from ntm_lib.cli.shared import engine_of, nothing_read, number_of_jobs, reading_of, seconds_text
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.pipeline import pool
from ntm_lib.pipeline.inputs import province_of
from ntm_lib.pipeline.job import FAILED, MADE, UNCHANGED, Job, Outcome, Runner, run
from ntm_lib.places import named

YEARS = re.compile(r"[0-9]{4}(-[0-9]{4})?(,[0-9]{4}(-[0-9]{4})?)*")


@dataclass
class Plan:
    """What is to be made; what cannot be, as outcomes; and the communes passed over, each with the reason."""

    jobs: list[Job] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    passed: dict[str, str] = field(default_factory=dict)


def report_all(values: Mapping[str, str], t: Translate) -> int:
    """Exit status 1 if a report failed, or says nothing of a file that is there; the others are published all the same."""
    start = time.monotonic()
    language = values.get("LANGUAGE") or "vi"
    runner = runner_of(values, t)
    plan = planned(values, t)
    if not plan.jobs and not plan.failed:
        tell_passed(plan.passed, t)
        raise NtmError(
            t(
                "Không có xã nào có số liệu của một năm có bộ tiêu chí.\n    Cần làm: chạy make communes để xem các năm của mỗi xã"
            )
        )
    outcomes = run(plan.jobs, runner)
    ended = list(shown_progress(outcomes, len(plan.jobs), t))
    failed = plan.failed + [outcome for outcome in ended if outcome.state == FAILED]
    counts = {state: sum(outcome.state == state for outcome in ended) for state in (MADE, UNCHANGED)}
    seconds = seconds_text(time.monotonic() - start, language)
    text = t("Đã lập {made} báo cáo, {unchanged} không đổi, {failed} hỏng, trong {seconds} giây.")
    print(text.format(made=counts[MADE], unchanged=counts[UNCHANGED], failed=len(failed), seconds=seconds))
    tell_passed(plan.passed, t)
    is_complete = tell_left({outcome.run_name for outcome in ended if outcome.state != FAILED}, plan.jobs, t)
    tell_failures(sorted(failed, key=lambda outcome: outcome.run_name), values, t)
    return 1 if failed or not is_complete else 0


def runner_of(values: Mapping[str, str], t: Translate) -> Runner:
    """This machine with JOBS workers, or the cluster of SCHEDULER."""
    at_a_time, address = number_of_jobs(values, t), values.get("SCHEDULER", "")
    if not address:
        return lambda jobs: pool.run_all(jobs, at_a_time, many=True)
    from ntm_lib.pipeline import cluster

    cluster.refuse_unanswered(address, t)
    return lambda jobs: cluster.run_all(jobs, address, t)


def planned(values: Mapping[str, str], t: Translate) -> Plan:
    """The jobs, and for each commune without one the reason. Wrong parameters as such are refused."""
    engine, force, language = engine_of(values, t), values.get("FORCE") == "1", values.get("LANGUAGE") or "vi"
    years = chosen_years(values.get("YEARS", ""), t)
    shared = {name: values.get(name, "") for name in ("RULES", "REGION", "LANGUAGE", "STRICT")}
    chosen = choose(values.get("PROVINCE", ""), t, language)
    plan = Plan(failed=[Outcome(name, FAILED, message=fault) for name, fault in chosen.unread.items()])
    refused = []
    for commune in chosen.communes:
        if not (wanted := years_of(commune, years, shared["RULES"])):
            reason, is_fault = why_no_year(commune, years, t, language)
            if is_fault:
                plan.failed.append(Outcome(commune, FAILED, message=reason))
            else:
                plan.passed[commune] = reason
        for year in wanted:
            try:
                checked = parameters.check({"COMMUNE": commune, "YEAR": str(year), **shared})
                plan.jobs.append(Job(checked, paths.root(), engine, force))
            except NtmError as error:
                refused.append(Outcome(f"{commune}/{year}", FAILED, message=str(error)))
    if refused and not plan.jobs:
        raise NtmError(refused[0].message)
    plan.failed += refused
    return plan


def chosen_years(text: str, t: Translate) -> set[int]:
    """``2021-2024`` or ``2021,2023`` as years; empty: the latest of each commune that there are rules for."""
    if not text:
        return set()
    if not YEARS.fullmatch(text):
        message = t(
            "YEARS: không hiểu các năm.\n    Đọc được: {value}\n    Cần làm: viết lại, ví dụ YEARS=2021-2024 hoặc YEARS=2021,2023"
        )
        raise NtmError(message.format(value=parameters.readable(text)))
    ranges = [piece.split("-") for piece in text.split(",")]
    return {year for piece in ranges for year in range(int(piece[0]), int(piece[-1]) + 1)}


def years_of(commune: str, wanted: set[int], rule_set: str) -> list[int]:
    """The commune's years to be judged: of those wanted, or the latest, if there are rules for them."""
    years = parameters.years_with_rows(commune) if rule_set else parameters.years_judged(commune)
    return [year for year in years if year in wanted] if wanted else years[-1:]


def shown_progress(outcomes: Iterable[Outcome], total: int, t: Translate) -> Iterator[Outcome]:
    """Passes the outcomes on and draws a bar: how many are done, failed, unchanged, and when it will end."""
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread has nothing to watch here
    counts = {MADE: 0, UNCHANGED: 0, FAILED: 0}
    # To a file or a pipe a bar is only noise.
    with tqdm(
        total=total,
        unit="",
        disable=not sys.stderr.isatty(),
        bar_format="{percentage:3.0f}% |{bar}| {n}/{total} {desc} [{elapsed}<{remaining}]",
    ) as bar:
        for outcome in outcomes:
            counts[outcome.state] += 1
            words = t("xong {made}, không đổi {unchanged}, hỏng {failed}")
            bar.set_description_str(words.format(**counts), refresh=False)
            bar.update()
            yield outcome


def tell_passed(passed: Mapping[str, str], t: Translate) -> None:
    """The communes of which nothing was made, each by name: who reads the list must not think that it is complete."""
    if passed:
        print(t("Không lập {count} xã:").format(count=len(passed)))
        for commune, reason in passed.items():
            print(f"    {commune}: {reason}")


def tell_left(run_names: set[str], jobs: Iterable[Job], t: Translate) -> bool:
    """Which reports say nothing of some sheet or file; whether none of them lacks a whole workbook."""
    readings = {
        job.parameters.commune: reading_of(job.parameters) for job in jobs if job.parameters.run_name in run_names
    }
    known = {commune: reading for commune, reading in readings.items() if reading}
    if some := [commune for commune, reading in known.items() if reading.left and not reading.unused]:
        print(
            t("Có tệp hoặc trang chưa đọc ở {count} xã (make check COMMUNE=<xã> nêu từng chỗ): {names}").format(
                count=len(some), names=" ".join(some)
            )
        )
    empty = {commune: reading for commune, reading in known.items() if reading.unused}
    for commune, reading in empty.items():
        print(f"{commune}: {nothing_read(reading, commune, t)}", file=sys.stderr)
    return not empty


def tell_failures(failed: list[Outcome], values: Mapping[str, str], t: Translate) -> None:
    """A table of what failed and why, last, since the end is what gets read."""
    if not failed:
        return
    print(t("Hỏng:"), file=sys.stderr)
    for outcome in failed:
        print(f"  {outcome.run_name}", file=sys.stderr)
        for line in outcome.message.splitlines():
            print(f"      {line}", file=sys.stderr)
        if values.get("DEBUG") == "1" and outcome.details:
            print(outcome.details, file=sys.stderr)


@dataclass(frozen=True)
class Chosen:
    """``communes`` of which there is something to do; ``unread``: folder → why it cannot be told what it is."""

    communes: list[str]
    unread: dict[str, str]


def choose(province: str, t: Translate, language: str) -> Chosen:
    """The communes of a province (empty: all). Raises NtmError for a province without any.

    A commune whose description cannot be read, or that names no province, may be one of any province.
    """
    provinces = {commune: province_of(commune) for commune in parameters.communes()}
    unread = {commune: fault for commune in provinces if (fault := fault_of(commune, bool(province), t, language))}
    from ntm_lib.intake.raw import under_another_name

    folder = t("tên thư mục phải gồm chữ thường không dấu, chữ số và dấu gạch nối, và thư mục phải có tệp commune.yml")
    for other in parameters.other_folders():
        wrong = under_another_name(paths.communes_folder() / other, "commune.yml", language)
        unread[other] = wrong.message if wrong else folder
    communes = [commune for commune, own in provinces.items() if commune not in unread and province in ("", own)]
    if province and not communes and province not in provinces.values():
        text = t(
            "PROVINCE: không có xã nào của tỉnh này.\n    Đọc được: {value}\n    Cho phép: {names}\n    Cần làm: chọn một tỉnh trong danh sách"
        )
        names = ", ".join(sorted(set(filter(None, provinces.values()))))
        lost = "\n    " + t("Chưa rõ thuộc tỉnh nào: {names}").format(names=", ".join(unread)) if unread else ""
        raise NtmError(text.format(value=parameters.readable(province), names=names) + lost)
    return Chosen(communes, unread)


def fault_of(commune: str, by_province: bool, t: Translate, language: str) -> str:
    """Why the commune's description cannot be used to choose it; empty where it can."""
    try:
        yaml_text.read(paths.communes_folder() / commune / "commune.yml", language)
    except NtmError as error:
        return error.message
    if by_province and not province_of(commune):
        return t(
            "commune.yml không có mục province_slug, nên không biết xã thuộc tỉnh nào. Cần làm: thêm, ví dụ province_slug: tuyen-quang"
        )
    return ""


def why_no_year(commune: str, wanted: Iterable[int], t: Translate, language: str) -> tuple[str, bool]:
    """Why no year of the commune is judged, and whether that is because its files cannot be read."""
    from ntm_lib.intake.years import trouble, unread_table

    if fault := unread_table(commune, language):
        return fault, True
    if years := parameters.years_with_rows(commune):
        shown = " ".join(map(str, years))
        if wanted:
            return t("không có số liệu của các năm này; có: {years}").format(years=shown), False
        text = t(
            "chỉ có số liệu của năm chưa có bộ tiêu chí: {years}; make report COMMUNE={name} YEAR={year} lập theo bộ gần nhất"
        )
        return text.format(years=shown, name=commune, year=years[-1]), False
    found = trouble(commune, language)
    return (found[0], True) if found else (t("xã chưa có số liệu."), False)


def twins(communes: Iterable[str], t: Translate) -> dict[str, str]:
    """Commune → which other one has its code, though neither went into the other (after 1/7/2025 one may keep the code)."""
    by_code: dict[str, list[str]] = {}
    for commune in communes:
        if code := named.line_of(commune, "code"):
            by_code.setdefault(code, []).append(commune)
    found = {}
    for code, sharing in by_code.items():
        for commune in sharing:
            others = [
                other
                for other in sharing
                if other != commune and bool(named.successor_of(other)) == bool(named.successor_of(commune))
            ]
            if others:
                text = t(
                    'mã {code} trong commune.yml cũng là mã của {others}. Cần làm: sửa mã của xã ghi sai (make communes FIND="tên xã" cho biết mã), hoặc ghi merged_into cho xã đã nhập vào xã kia'
                )
                found[commune] = text.format(code=code, others=", ".join(others[:3]))
    return found
