"""``make bench``: what a report costs by the stock commands, by ours, and by plain Python, on one machine in one go.

Each line says what must be reached, and whether it is. ``--sizes``: how many communes are made at a time; those beyond
200 are of mixed richness, as a country's are.
"""

import argparse
import ctypes
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from ntm_lib.cli.shared import number_of_jobs
from ntm_lib.parameters import check
from ntm_lib.pipeline.inputs import NOTEBOOKS
from ntm_lib.pipeline.job import EXPORTS
from tests.bench.generate import SOURCE, THIN, change_province, write_communes

CHECKOUT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
SUBREAPER = 36  # prctl: what our commands leave behind becomes our child, and its time counts
COUNTRY, CORES = 10_040, 2  # units of before 1/7/2025; the cores of an office machine
LOOP, CLUSTER = 40, 60  # communes of the plain loop, and of the comparison with Dask


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time (per commune and core where many are made), seconds of computing, bytes of the largest process."""

    seconds: float
    processor: float = 0.0
    memory: int = 0


def measured(*commands: list[str]) -> Cost:
    """Runs the commands one after another. Memory is sampled: kernels and fork servers are nobody's waited-for children."""
    wait_for_orphans()  # of what ran before
    start, before, peak = time.monotonic(), of_children(), 0
    for command in commands:
        with tempfile.TemporaryFile() as complaints:
            process = psutil.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=complaints)
            while process.poll() is None:
                peak = max(peak, largest(process))
                time.sleep(0.02)
            if process.returncode:
                complaints.seek(0)
                sys.exit(f"{' '.join(command)}\n{complaints.read().decode()}")
    seconds = time.monotonic() - start
    wait_for_orphans()
    return Cost(seconds, of_children() - before, peak)


def of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def wait_for_orphans() -> None:
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return


def largest(process: psutil.Process) -> int:
    try:
        return max(one.memory_info().rss for one in (process, *process.children(recursive=True)))
    except psutil.Error:  # it ended meanwhile
        return 0


def best(times: int, run: Callable[[], Cost]) -> Cost:
    costs = [run() for _ in range(times)]
    return min(costs, key=lambda cost: cost.seconds)


def stock(folder: Path) -> Cost:
    """(a) papermill for each notebook and nbconvert for each file, as anybody would type them."""
    folder.mkdir()
    os.environ["NTM_PROCESSED"] = str(folder)
    values = {name: value for name, value in check({"COMMUNE": SOURCE}).for_notebooks().items() if name != "strict"}
    given = [word for name, value in values.items() for word in ("-y", f"{name}: {json.dumps(value)}")]
    python = [sys.executable, "-m"]
    run = [
        [*python, "papermill", f"notebooks/{name}.ipynb", str(folder / f"{name}.ipynb"), "--cwd", "notebooks", *given]
        for name in NOTEBOOKS
    ]
    convert = [
        [*python, "jupyter", "nbconvert", "--to", made.exporter, "--output", made.file, str(folder / f"{made.notebook}.ipynb")]
        for made in EXPORTS
    ]  # fmt: skip
    try:
        return measured(*run, *convert)
    finally:
        del os.environ["NTM_PROCESSED"]


def make(*words: str) -> Cost:
    return measured(["make", "--no-print-directory", *words])


def told(module: str, *words: str) -> dict:
    """What a measuring program of ours prints last, as JSON."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def batch(communes: list[str], jobs: int, scheduler: str = "") -> tuple[Cost, list[int]]:
    """(c) Cost per commune and core, and the peak of each worker in the order in which they ended."""
    done = told("tests.bench.batch", str(jobs), scheduler, *communes)
    count = len(communes)
    return Cost(done["seconds"] * jobs / count, done["processor"] / count, max(done["memory"])), done["memory"]


def plain(communes: list[str]) -> Cost:
    """(d)"""
    return Cost(**told("tests.bench.plain", *communes))


def say(name: str, cost: Cost, ratio: str = "", goal: str = "", reached: bool | None = None) -> None:
    mark = {None: "", True: "yes", False: "NO"}[reached]
    computing = f"{cost.processor:.2f} s" if cost.processor else ""
    memory = f"{cost.memory / MEGABYTE:,.0f} MB" if cost.memory else ""
    print(
        f"| {name:<62} | {cost.seconds:>8.2f} s | {computing:>9} | {memory:>8} | {ratio:<22} | {goal:<14} | {mark:<3} |",
        flush=True,
    )


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sizes", type=int, nargs="+", default=[20, 200])
    sizes = arguments.parse_args().sizes
    jobs = number_of_jobs({}, str)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    memory = psutil.virtual_memory().total // MEGABYTE
    print(f"{platform.system()} {platform.machine()}, {jobs} cores, Python {platform.python_version()}, {memory:,} MB")
    print(f"| {'':<62} | {'time':>10} | {'computing':>9} | {'memory':>8} | {'ratio':<22} | {'must be':<14} |     |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="ntm-bench-") as folder:
        os.environ["NTM_ROOT"] = str(Path(folder) / "checkout")
        of_one(Path(folder), write_communes(CHECKOUT, Path(folder) / "checkout", max(*sizes, CLUSTER)), sizes, jobs)
    return 0


def of_one(folder: Path, communes: list[str], sizes: list[int], jobs: int) -> None:
    stocks = best(2, lambda: stock(Path(tempfile.mkdtemp(dir=folder)) / "stock"))
    say("(a) papermill and nbconvert, one commune", stocks)
    cold = best(3, lambda: make("report", f"COMMUNE={SOURCE}", "FORCE=1"))
    say("(b) make report, cold, one commune", cold, share(cold, stocks), "<= 1/12", 12 * cold.seconds <= stocks.seconds)
    before = plain(communes[:LOOP])
    costs = {size: batch(communes[:size], jobs) for size in sizes}
    after = plain(communes[:LOOP])  # before and after: the speed of a shared machine drifts
    loop = Cost(*(statistics.mean(pair) for pair in zip(vars(before).values(), vars(after).values(), strict=True)))
    many, peaks = costs[200 if 200 in costs else sizes[-1]]
    name = f"(c) make report-all, per commune and core, {len(peaks)} communes"
    say(name, many, share(many, stocks), "<= 1/40", 40 * many.seconds <= stocks.seconds)
    say("    against (d)", many, f"{many.seconds / loop.seconds:.2f} x", "<= 1.2 x", many.seconds <= 1.2 * loop.seconds)
    say("(d) the same functions in a plain loop, per commune", loop, "", "computing 0.6", loop.processor <= 0.6)
    thin = plain([f"{THIN}{slug}" for slug in communes[:LOOP]])
    say("    a commune with under five figures", thin, "", "computing 0.3", thin.processor <= 0.3)
    of_many(communes, costs, jobs)


def of_many(communes: list[str], costs: dict[int, tuple[Cost, list[int]]], jobs: int) -> None:
    idle = best(5, lambda: make("report", f"COMMUNE={SOURCE}"))
    say("(e) nothing changed, one commune", idle, "", "<= 0.15 s", idle.seconds <= 0.15)
    make("report-all")
    idle = best(3, lambda: make("report-all"))
    made = len(list((Path(os.environ["NTM_ROOT"]) / "outputs").glob("*/*/manifest.json")))
    say(f"    nothing changed, {made} communes", idle, "", "<= 2 s / 1001", idle.seconds <= 2 * max(1, made / 1001))
    others = change_province(Path(os.environ["NTM_ROOT"]))
    again = told("tests.bench.batch", str(jobs), "stale", *communes[:20])
    rest = [slug for slug in communes[:20] if slug in others]
    name = "    a threshold of one province changed, 20 communes of two"
    say(
        name,
        Cost(again["seconds"]),
        f"{len(again['memory'])} made again",
        f"{len(rest)} of them",
        len(again["memory"]) == len(rest),
    )
    for size, (cost, memory) in costs.items():
        base = costs[min(costs)][0].seconds
        grown = memory[-1] / memory[min(19, len(memory) - 1)]
        name = f"    {size} communes{', of mixed richness' if size > 200 else ''}, per commune and core"
        say(name, cost, f"{cost.seconds / base:.2f} x that of {min(costs)}", "<= 1.1 x", cost.seconds <= 1.1 * base)
        say(
            "    memory of a worker, last against 20th",
            Cost(0, 0, max(memory)),
            f"{grown:.3f} x",
            "<= 1.05 x",
            grown <= 1.05,
        )
    mixed = costs[max(costs)][0] if max(costs) > 200 else batch(mixture(communes[:CLUSTER]), jobs)[0]
    hours = mixed.seconds * COUNTRY / CORES / 3600
    say(
        f"    {COUNTRY:,} communes of mixed richness, {CORES} cores: extrapolated",
        mixed,
        f"{hours:.2f} h",
        "<= 1 h",
        hours <= 1,
    )
    local = batch(communes[:CLUSTER], 2)[0]
    dask = batch(communes[:CLUSTER], 2, "local")[0]
    say(
        f"    Dask, 2 workers, {CLUSTER} communes",
        dask,
        f"{dask.seconds / local.seconds:.2f} x JOBS=2",
        "<= 1.15 x",
        dask.seconds <= 1.15 * local.seconds,
    )


def mixture(communes: list[str]) -> list[str]:
    """Two of three are thin: most communes of a country have told little."""
    return [slug if number % 3 == 0 else f"{THIN}{slug}" for number, slug in enumerate(communes)]


def share(part: Cost, whole: Cost) -> str:
    return f"1/{whole.seconds / part.seconds:.1f} of (a)"


if __name__ == "__main__":
    sys.exit(main())
