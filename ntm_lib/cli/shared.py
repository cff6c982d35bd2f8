"""What several commands share: running, counting, telling."""

import csv
import io
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ntm_lib import paths
from ntm_lib.errors import NtmError, unguarded
from ntm_lib.language import Translate
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline.manifest import tables_folder
from ntm_lib.places import named


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


LEFT = ("unread", "hidden", "household")  # what the codes of findings on things not read begin with
SHOWN = 4  # names in one line


@dataclass(frozen=True)
class Reading:
    """``rows`` of ``files`` were read (file → sheets). ``left``: the places that were not, as (file, sheet), of the findings on it.

    ``unused``: workbooks of which nothing was read, or all tables where no figure was read at all.
    """

    rows: int
    files: dict[str, set[str]]
    left: set[tuple[str, str]]
    unused: list[str]


def reading_of(run: Parameters) -> Reading | None:
    """What the published run has read; None where its tables do not say."""
    tables, folder = tables_folder(run), f"communes/{run.commune}/"
    try:
        read = {
            (row["file"], row["sheet"], row["row"])
            for row in _rows(tables / "observations.csv")
            if row["file"].startswith(folder)
        }
        left = {
            (row["file"], row["sheet"]) for row in _rows(tables / "findings.csv", LEFT) if row["code"].startswith(LEFT)
        }
    except (OSError, KeyError, csv.Error, UnicodeDecodeError):
        return None
    files: dict[str, set[str]] = {}
    for file, sheet, _ in read:
        files.setdefault(file.removeprefix(folder), set()).add(sheet)
    there = [path.name for path in named.workbooks(run.commune)]
    unused = [name for name in there if name not in files] or ([] if files else named.tables_of(run.commune))
    return Reading(len(read), files, {(file.removeprefix(folder), sheet) for file, sheet in left}, unused)


def lines(reading: Reading, commune: str, t: Translate) -> list[str]:
    """One line on what was read, and one on what was left."""
    files = [
        f"{name} ({t('{n} trang').format(n=len(sheets))})" if sheets != {""} else name
        for name, sheets in sorted(reading.files.items())
    ]
    said = (
        [
            t("Đã đọc {rows} dòng số liệu từ {count} tệp: {names}.").format(
                rows=reading.rows, count=len(files), names=_listed(files)
            )
        ]
        if files
        else []
    )
    if reading.left:
        places = sorted(f"{file} [{sheet}]" if sheet else file for file, sheet in reading.left)
        text = t("Chưa đọc, hoặc chỉ đọc một phần: {names}. Vì sao, cần làm gì: make check COMMUNE={commune}")
        said.append(text.format(names=_listed(places), commune=commune))
    return said


def nothing_read(reading: Reading, commune: str, t: Translate) -> str:
    """What is said of files that gave the report nothing."""
    text = t(
        "CHÚ Ý: báo cáo KHÔNG có số liệu nào của {names}: tệp chưa được điền, hoặc không đọc được.\n    Cần làm: điền tệp, hoặc gõ make check COMMUNE={commune} để biết vì sao; tệp không phải số liệu thì chuyển vào thư mục sources"
    )
    return text.format(names=_listed(reading.unused), commune=commune)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def _rows(path: Path, words: tuple[str, ...] = ("",)) -> Iterator[dict[str, str]]:
    """Rows of a table; none where no word of ``words`` is in it, which is quick to see."""
    text = path.read_text("utf-8")
    if any(word in text for word in words):
        for row in csv.DictReader(io.StringIO(text, newline="")):
            yield {column: unguarded(cell or "") for column, cell in row.items()}
