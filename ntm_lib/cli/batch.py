"""``report-all``: every commune, in parallel; what failed is told at the end, and stops nothing else."""

import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping

from ntm_lib import parameters, paths
from ntm_lib.cli.commands import engine_of, number_of_jobs, seconds_text
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.pipeline import pool, run
from ntm_lib.pipeline.inputs import province_of
from ntm_lib.pipeline.job import FAILED, MADE, UNCHANGED, Job, Outcome

YEARS = re.compile(r"[0-9]{4}(-[0-9]{4})?(,[0-9]{4}(-[0-9]{4})?)*")


def report_all(values: Mapping[str, str], t: Translate) -> int:
    """Exit status 1 if a report failed; the others are published all the same."""
    start = time.monotonic()
    language = values.get("LANGUAGE") or "vi"
    runner = runner_of(values, t)
    jobs, failed = planned(values, t)
    if not jobs and not failed:
        raise NtmError(t("Không có xã nào có số liệu của một năm có bộ tiêu chí.\n    Cần làm: chạy make communes để xem các năm của mỗi xã"))
    outcomes = run.run(jobs, runner)
    ended = list(shown_progress(outcomes, len(jobs), t))
    failed += [outcome for outcome in ended if outcome.state == FAILED]
    counts = {state: sum(outcome.state == state for outcome in ended) for state in (MADE, UNCHANGED)}
    seconds = seconds_text(time.monotonic() - start, language)
    text = t("Đã lập {made} báo cáo, {unchanged} không đổi, {failed} hỏng, trong {seconds} giây.")
    print(text.format(made=counts[MADE], unchanged=counts[UNCHANGED], failed=len(failed), seconds=seconds))
    tell_failures(sorted(failed, key=lambda outcome: outcome.run_name), values, t)
    return 1 if failed else 0


def runner_of(values: Mapping[str, str], t: Translate) -> run.Runner:
    """This machine with JOBS workers, or the cluster of SCHEDULER."""
    at_a_time, address = number_of_jobs(values, t), values.get("SCHEDULER", "")
    if not address:
        return lambda jobs: pool.run_all(jobs, at_a_time)
    from ntm_lib.pipeline import cluster

    return lambda jobs: cluster.run_all(jobs, address, t)


def planned(values: Mapping[str, str], t: Translate) -> tuple[list[Job], list[Outcome]]:
    """Jobs, and the communes for which the parameters cannot be had. Wrong parameters as such are refused."""
    engine, force = engine_of(values, t), values.get("FORCE") == "1"
    years = chosen_years(values.get("YEARS", ""), t)
    shared = {name: values.get(name, "") for name in ("RULES", "REGION", "LANGUAGE", "STRICT")}
    jobs, failed = [], []
    for commune in chosen_communes(values, t):
        for year in years_of(commune, years, shared["RULES"]):
            try:
                checked = parameters.check({"COMMUNE": commune, "YEAR": str(year), **shared})
                jobs.append(Job(checked, paths.root(), engine, force))
            except NtmError as error:
                failed.append(Outcome(f"{commune}/{year}", FAILED, message=str(error)))
    if failed and not jobs:
        raise NtmError(failed[0].message)
    return jobs, failed


def chosen_communes(values: Mapping[str, str], t: Translate) -> list[str]:
    """Every commune with data, or those of PROVINCE. Raises NtmError for a province without any."""
    communes, province = parameters.communes(), values.get("PROVINCE", "")
    if not province:
        return communes
    provinces = {commune: province_of(commune) for commune in communes}
    chosen = [commune for commune in communes if provinces[commune] == province]
    if not chosen:
        text = t("PROVINCE: không có xã nào của tỉnh này.\n    Đọc được: {value}\n    Cho phép: {names}\n    Cần làm: chọn một tỉnh trong danh sách")
        names = ", ".join(sorted(set(filter(None, provinces.values()))))
        raise NtmError(text.format(value=parameters.readable(province), names=names))
    return chosen


def chosen_years(text: str, t: Translate) -> set[int]:
    """``2021-2024`` or ``2021,2023`` as years; empty: the latest of each commune that there are rules for."""
    if not text:
        return set()
    if not YEARS.fullmatch(text):
        message = t("YEARS: không hiểu các năm.\n    Đọc được: {value}\n    Cần làm: viết lại, ví dụ YEARS=2021-2024 hoặc YEARS=2021,2023")
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
    with tqdm(total=total, unit="", disable=not sys.stderr.isatty(), bar_format="{percentage:3.0f}% |{bar}| {n}/{total} {desc} [{elapsed}<{remaining}]") as bar:
        for outcome in outcomes:
            counts[outcome.state] += 1
            words = t("xong {made}, không đổi {unchanged}, hỏng {failed}")
            bar.set_description_str(words.format(**counts), refresh=False)
            bar.update()
            yield outcome


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
