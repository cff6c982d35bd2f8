"""What several commands share: running, counting, telling."""

import os
import sys
import time
from collections.abc import Mapping

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.parameters import Parameters


def make_and_tell(parameters: Parameters, values: Mapping[str, str], t: Translate) -> int:
    """Makes the reports of a run unless they are current; says what was made, where, and in what time."""
    start = time.monotonic()
    folder = paths.shown(paths.outputs() / parameters.run_name)
    if not make_current(parameters, values, t):
        print(
            t("Không có gì thay đổi: {folder} vẫn đúng với số liệu hiện có (FORCE=1 để làm lại).").format(folder=folder)
        )
        return tell_reading(parameters, t)
    seconds = seconds_text(time.monotonic() - start, parameters.language)
    print(t("Đã lập báo cáo {run} trong {seconds} giây:").format(run=parameters.run_name, seconds=seconds))
    for name in sorted(os.listdir(paths.outputs() / parameters.run_name)):
        print(f"    {folder}/{name}")
    return tell_reading(parameters, t)


def make_current(parameters: Parameters, values: Mapping[str, str], t: Translate) -> bool:
    """Makes the reports of a run unless they are current; whether they had to be made. Raises NtmError where they cannot be."""
    from ntm_lib.pipeline.job import FAILED, MADE, Job, exports_of, settle
    from ntm_lib.pipeline.manifest import Checker

    engine = engine_of(values, t)
    job = Job(parameters, paths.root(), engine, force=values.get("FORCE") == "1", exports=exports_of(parameters))
    outcome = settle(job, Checker()) or made_by_worker(job, t)
    if outcome.state == FAILED:
        error = NtmError(outcome.message)
        error.details = outcome.details
        raise error
    return outcome.state == MADE


def tell_reading(parameters: Parameters, t: Translate) -> int:
    """Says what was read of the commune's folder and what was left; status 1 where a file that is there gave nothing."""
    from ntm_lib.cli.what_was_read import lines, nothing_read, reading_of

    reading = reading_of(parameters)
    for line in lines(reading, parameters.commune, t) if reading else []:
        print(line)
    if reading and reading.unused:
        sys.stdout.flush()  # the warning stands last, whatever the two are written to
        print(nothing_read(reading, parameters.commune, t), file=sys.stderr)
        return 1
    return 0


def made_by_worker(job, t: Translate):
    """The outcome of a job in a process of its own; says so if it has to wait for another run."""
    from ntm_lib.pipeline.pool import run_all

    def waiting(_) -> None:
        print(t("Một lần chạy khác đang lập báo cáo này; đang chờ…"), file=sys.stderr)

    (outcome,) = run_all([job], 1, waiting)
    return outcome


def run_script(module: str, *words: str) -> int:
    import subprocess

    return subprocess.run([sys.executable, "-m", module, *words], cwd=paths.root(), check=False).returncode


def count_of(values: Mapping[str, str], t: Translate, usual: str) -> str:
    count = values.get("COUNT") or usual
    if not is_count(count):
        raise NtmError(t("COUNT: phải là số nguyên từ 1 trở lên.\n    Cần làm: viết lại, ví dụ COUNT=500"))
    return count


def is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= 10_000_000


def engine_of(values: Mapping[str, str], t: Translate) -> str:
    from ntm_lib.pipeline.notebooks import ENGINES

    engine = values.get("ENGINE") or ENGINES[0]
    if engine not in ENGINES:
        text = t(
            "ENGINE: không có cách chạy này.\n    Cho phép: {names}\n    Cần làm: chọn một giá trị trong danh sách"
        )
        raise NtmError(text.format(names=", ".join(ENGINES)))
    return engine


def number_of_jobs(values: Mapping[str, str], t: Translate) -> int:
    """JOBS, or the cores that this process may use."""
    text = values.get("JOBS", "")
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1024):
        raise NtmError(t("JOBS: phải là số nguyên từ 1 trở lên.\n    Cần làm: viết lại, ví dụ JOBS=2"))
    if text:
        return int(text)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def seconds_text(seconds: float, language: str) -> str:
    from ntm_lib.language import number

    return number(round(seconds, 1), language, 1)
